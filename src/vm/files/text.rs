//! Text streams over binary ones: `TextIOWrapper`, also the standard streams.
//!
//! Reading decodes exactly what is handed out, so the position is always that of the stream below. Encodings in which a line ends
//! with another byte than ASCII's (UTF-16 and its like, and those of the library) are decoded as a whole at the first read.

use std::borrow::Cow;
use std::rc::Rc;

use snakelet_macros::methods;
use snakelet_text::Text;
use snakelet_text::codec::{self, Codec, Order};

use super::File;
use super::binary::{Binary, Source, Want, fill};
use super::stream::{Class, IoObject, State, unsupported};
use crate::errors::Exc;
use crate::host::Stream;
use crate::object::{Ref, Traverse, Visitor};
use crate::types::codec::{decode_object, encode_object};
use crate::{PyResult, Value, Vm, VmRef};

/// What the argument `newline` says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Newline {
    /// None: all kinds are read as `\n`.
    Universal,
    /// `''`: all kinds end a line and stay as they are.
    Keep,
    Lf,
    Cr,
    CrLf,
}

impl Newline {
    /// Reads the argument.
    pub fn parse(vm: &Vm, newline: &Value) -> PyResult<Newline> {
        if newline.is_none() {
            return Ok(Newline::Universal);
        }
        let Some(text) = newline.as_text() else {
            let got = vm.type_name(newline);
            return Err(vm.type_error(format!("open() argument 'newline' must be str or None, not {got}")));
        };
        let text = text.to_utf8_lossy();
        Ok(match &*text {
            "" => Newline::Keep,
            "\n" => Newline::Lf,
            "\r" => Newline::Cr,
            "\r\n" => Newline::CrLf,
            other => return Err(vm.value_error(format!("illegal newline value: {other}"))),
        })
    }

    /// What `\n` becomes when written, if it changes.
    pub fn written(self) -> Option<&'static str> {
        match self {
            Newline::Cr => Some("\r"),
            Newline::CrLf => Some("\r\n"),
            _ => None,
        }
    }
}

/// The state of a text stream.
pub struct TextLayer {
    /// The binary stream that is read and written; over objects of Python classes one of ours that asks them.
    pub inner: Ref<IoObject>,
    /// What the attribute `buffer` shows.
    pub buffer: Value,
    pub encoding: Value,
    pub errors: Value,
    pub newline: Newline,
    pub line_buffering: bool,
    /// Leads straight to the embedder's output.
    pub standard: Option<Stream>,
    /// The rest of the stream as UTF-8, for encodings that are decoded as a whole.
    decoded: Option<Ref<IoObject>>,
    /// Kinds of line ends seen: 1 `\r`, 2 `\n`, 4 `\r\n`.
    seen: u8,
    /// No byte order mark comes before what is written next: text was written, or the position is not the start.
    marked: bool,
}

impl TextLayer {
    pub fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.inner.traverse(visitor);
        self.buffer.traverse(visitor);
        self.encoding.traverse(visitor);
        self.errors.traverse(visitor);
        self.decoded.traverse(visitor);
    }

    pub fn new(inner: Ref<IoObject>, encoding: Value, errors: Value, newline: Newline) -> TextLayer {
        TextLayer {
            buffer: inner.value(),
            inner,
            encoding,
            errors,
            newline,
            line_buffering: false,
            standard: None,
            decoded: None,
            seen: 0,
            marked: false,
        }
    }

    /// At its start a file gets a byte order mark, elsewhere it has one.
    pub fn check_start(&mut self) {
        self.marked = below(self)
            .is_some_and(|binary| binary.writable && binary.file().is_some() && binary.place.position.get() != 0);
    }

    /// The encoding of the text that is written next.
    fn encoding_now(&mut self) -> Option<Value> {
        if self.is_direct() {
            return None;
        }
        let without_mark = match self.codec() {
            Some(Codec::Utf8Sig) => "utf-8",
            Some(Codec::Utf16(Order::Marked)) => "utf-16-le",
            Some(Codec::Utf32(Order::Marked)) => "utf-32-le",
            _ => return None,
        };
        std::mem::replace(&mut self.marked, true).then(|| Value::from_str(without_mark))
    }

    fn codec(&self) -> Option<Codec<'static>> {
        codec::lookup(&self.encoding.as_text()?.to_utf8_lossy())
    }

    /// Whether `\n` is one byte and no part of another character.
    fn is_direct(&self) -> bool {
        matches!(self.codec(), Some(Codec::Utf8 | Codec::Ascii | Codec::Latin1))
    }

    fn is_utf8(&self) -> bool {
        self.decoded.is_some() || matches!(self.codec(), Some(Codec::Utf8))
    }
}

/// The object behind `sys.stdout` and its like.
pub fn standard(stream: Option<Stream>) -> Value {
    let (name, mode, errors, source) = match stream {
        Some(Stream::Stdout) => ("<stdout>", "w", "strict", Source::Standard(Stream::Stdout)),
        Some(Stream::Stderr) => ("<stderr>", "w", "backslashreplace", Source::Standard(Stream::Stderr)),
        None => ("<stdin>", "r", "strict", Source::Input),
    };
    let binary_mode = if mode == "r" { "rb" } else { "wb" };
    let binary = Binary::new(source, mode == "r", mode == "w", Value::from_str(name), binary_mode);
    let class = if mode == "r" { Class::BufferedReader } else { Class::BufferedWriter };
    let inner = class.make(State::Binary(binary));
    let mut layer = TextLayer::new(inner, Value::from_str("utf-8"), Value::from_str(errors), Newline::Universal);
    layer.standard = stream;
    layer.line_buffering = true;
    let stream = Class::TextIOWrapper.make(State::Text(layer));
    set_mode(&stream, mode);
    stream.into_value()
}

/// Sets the attribute `mode`, which `open` gives to the text streams it makes.
pub fn set_mode(stream: &Ref<IoObject>, mode: &str) {
    if let Some(header) = stream.as_value().header() {
        crate::object::instance::set(header, &crate::name!(mode), Value::from_str(mode));
    }
}

/// The embedder's stream that `file` writes to, if it is one of the untouched standard streams.
pub fn standard_output(file: &Value) -> Option<Stream> {
    let stream = file.downcast::<IoObject>()?;
    match stream.state.borrow() {
        State::Text(layer) if !stream.closed.get() && stream.is_exactly(file, Class::TextIOWrapper) => layer.standard,
        _ => None,
    }
}

/// Whether `file` is the untouched standard input.
pub fn is_standard_input(file: &Value) -> bool {
    let Some(stream) = file.downcast::<IoObject>() else { return false };
    match stream.state.borrow() {
        State::Text(layer) if !stream.closed.get() => match layer.inner.state.borrow() {
            State::Binary(binary) => matches!(&*binary.place.source, Source::Input) && binary.pending.is_empty(),
            _ => false,
        },
        _ => false,
    }
}

/// A str as UTF-8, or UnicodeEncodeError.
pub fn encodable<'a>(vm: &Vm, text: &'a Value) -> PyResult<Cow<'a, str>> {
    let Some(content) = text.as_text() else { return Ok(Cow::Borrowed("")) };
    content.to_utf8().map_err(|position| {
        let surrogates = content.iter().skip(position).take_while(|code| code & 0xFFFF_F800 == 0xD800).count();
        let args = vec![
            Value::from_str("utf-8"),
            text.clone(),
            Value::from_usize(position),
            Value::from_usize(position + surrogates),
            Value::from_str("surrogates not allowed"),
        ];
        vm.error_with_args(Exc::UnicodeEncodeError, args)
    })
}

/// Text for the error stream, which never fails.
fn escape_surrogates(text: &Text) -> Cow<'_, str> {
    match text.to_utf8() {
        Ok(text) => text,
        Err(_) => Cow::Owned(
            text.iter()
                .map(|code| char::from_u32(code).map_or_else(|| format!("\\u{code:04x}"), String::from))
                .collect(),
        ),
    }
}

/// `stream.write(text)` for a text stream of ours. May defer.
pub fn write(vm: &Vm, stream: &Ref<IoObject>, text: &Value) -> PyResult {
    stream.check_open(vm)?;
    let State::Text(layer) = stream.state.borrow_mut() else {
        return Err(vm.value_error("I/O operation on uninitialized object"));
    };
    let Some(contents) = text.as_text() else {
        let got = vm.type_name(text);
        return Err(vm.type_error(format!("write() argument must be str, not {got}")));
    };
    let count = Value::from_usize(contents.len());
    if let Some(target) = layer.standard {
        let strict = layer.errors.as_text().is_none_or(|errors| errors.to_utf8_lossy() == "strict");
        match target {
            Stream::Stdout if strict || contents.to_utf8().is_ok() => vm.write(target, &encodable(vm, text)?),
            Stream::Stdout => {
                let encoded = encode_object(vm, text, None, layer.errors.as_text());
                return vm.and_then(encoded, move |vm, encoded| {
                    let bytes = crate::native::ArgBytes::of(&encoded);
                    vm.write(target, &String::from_utf8_lossy(bytes.as_deref().unwrap_or(&[])));
                    Ok(count)
                });
            }
            Stream::Stderr => vm.write(target, &escape_surrogates(contents)),
        }
        return Ok(count);
    }
    match layer.inner.state.borrow() {
        State::Binary(binary) if binary.writable => {}
        _ => return Err(unsupported(vm, "not writable")),
    }
    let translated = match layer.newline.written() {
        Some(end) if contents.iter().any(|code| code == '\n' as u32) => {
            Value::from_str(&contents.to_utf8_lossy().replace('\n', end))
        }
        _ => text.clone(),
    };
    let unmarked = if contents.is_empty() { None } else { layer.encoding_now() };
    let encoding = unmarked.as_ref().unwrap_or(&layer.encoding);
    let encoded = encode_object(vm, &translated, encoding.as_text(), layer.errors.as_text());
    let inner = layer.inner.clone();
    match encoded {
        Ok(encoded) => match super::binary::write(vm, &inner, &encoded) {
            Ok(_) => Ok(count),
            Err(raised) if vm.is_deferred() => {
                let (handle, rest) = (vm.handle(), vm.settle(Err(raised)));
                Err(handle.defer(async move { rest.await.map(|_| count) }))
            }
            Err(raised) => Err(raised),
        },
        Err(raised) if vm.is_deferred() => {
            let (vm, encoded) = (vm.handle(), vm.settle(Err(raised)));
            Err(vm.defer(async move {
                let encoded = encoded.await?;
                let written = super::binary::write(&vm, &inner, &encoded);
                vm.settle(written).await.map(|_| count)
            }))
        }
        Err(raised) => Err(raised),
    }
}

/// How far a read reaches.
#[derive(Clone, Copy)]
enum Reach {
    All,
    Characters(usize),
    Line(Option<usize>),
}

/// How many bytes of `available` the read takes; `None` if it takes more than there is (and there may be more).
fn measure(available: &[u8], is_end: bool, utf8: bool, newline: Newline, reach: Reach) -> Option<usize> {
    let (limit, by_line) = match reach {
        Reach::All => return is_end.then_some(available.len()),
        Reach::Characters(count) => (count, false),
        Reach::Line(limit) => (limit.unwrap_or(usize::MAX), true),
    };
    if limit == 0 {
        return Some(0);
    }
    if by_line && limit == usize::MAX && newline == Newline::Lf {
        let end = available.iter().position(|&byte| byte == b'\n').map(|at| at + 1);
        return end.or(is_end.then_some(available.len()));
    }
    let (mut count, mut at) = (0, 0);
    while at < available.len() {
        let byte = available[at];
        at += 1;
        if utf8 {
            while at < available.len() && available[at] & 0xc0 == 0x80 {
                at += 1;
            }
            // The character may go on in what is not there yet.
            if byte >= 0xc0 && at == available.len() && !is_end {
                return None;
            }
        }
        count += 1;
        let mut ends = byte == b'\n' && newline != Newline::Cr && newline != Newline::CrLf;
        if byte == b'\r' {
            match newline {
                Newline::Universal | Newline::Keep => {
                    if at == available.len() && !is_end {
                        return None;
                    }
                    if available.get(at) == Some(&b'\n') && (newline == Newline::Universal || by_line && count < limit)
                    {
                        at += 1;
                    }
                    ends = true;
                }
                Newline::Cr => ends = true,
                _ => {}
            }
        }
        if newline == Newline::CrLf && byte == b'\n' && at >= 2 && available[at - 2] == b'\r' {
            ends = true;
        }
        if by_line && ends || count == limit {
            return Some(at);
        }
    }
    is_end.then_some(available.len())
}

/// The decoded bytes, line ends translated. `layer` tells how. May defer.
fn decode(vm: &Vm, layer: &mut TextLayer, bytes: Vec<u8>) -> PyResult {
    let bytes = if layer.newline == Newline::Universal && bytes.contains(&b'\r') {
        let mut translated = Vec::with_capacity(bytes.len());
        let mut at = 0;
        while at < bytes.len() {
            if bytes[at] == b'\r' {
                let pair = bytes.get(at + 1) == Some(&b'\n');
                layer.seen |= if pair { 4 } else { 1 };
                translated.push(b'\n');
                at += 1 + pair as usize;
            } else {
                layer.seen |= if bytes[at] == b'\n' { 2 } else { 0 };
                translated.push(bytes[at]);
                at += 1;
            }
        }
        translated
    } else {
        layer.seen |= if bytes.contains(&b'\n') { 2 } else { 0 };
        bytes
    };
    if layer.is_utf8()
        && let Ok(text) = std::str::from_utf8(&bytes)
    {
        return vm.new_text(Text::try_from_str(text));
    }
    if layer.decoded.is_some() {
        return Ok(Value::from_str(&String::from_utf8_lossy(&bytes)));
    }
    decode_object(vm, &super::binary::bytes(bytes), layer.encoding.as_text(), layer.errors.as_text())
}

/// The stream that reads come from, and its binary state.
fn source_of(layer: &TextLayer) -> Ref<IoObject> {
    layer.decoded.clone().unwrap_or_else(|| layer.inner.clone())
}

/// Reads at once if enough is there, else after asking for more.
fn read(vm: &Vm, this: &Ref<IoObject>, reach: Reach) -> PyResult {
    this.check_open(vm)?;
    let State::Text(layer) = this.state.borrow_mut() else {
        return Err(vm.value_error("I/O operation on uninitialized object"));
    };
    match layer.inner.state.borrow() {
        State::Binary(binary) if binary.readable => {}
        _ => return Err(unsupported(vm, "not readable")),
    }
    if layer.decoded.is_none() && !layer.is_direct() {
        let (vm, this) = (vm.handle(), this.clone());
        return Err(vm.defer(async move {
            decode_whole(&vm, &this).await?;
            read(&vm, &this, reach)
        }));
    }
    let (utf8, newline) = (layer.is_utf8(), layer.newline);
    let source = source_of(layer);
    let State::Binary(binary) = source.state.borrow_mut() else { return Ok(Value::NONE) };
    match measure(binary.available(), binary.is_complete(), utf8, newline, reach) {
        Some(count) => {
            vm.check_memory(count)?;
            let piece = binary.available()[..count].to_vec();
            let whole = piece.len() < binary.place.position.get() + piece.len() && !utf8_valid(&piece, utf8);
            binary.consume(count);
            if whole && let Some(file) = binary.file() {
                // The error shall tell the position in the file.
                let end = binary.place.position.get();
                let bytes = file.bytes.borrow()[..end].to_vec();
                decode(vm, layer, bytes)?;
            }
            decode(vm, layer, piece)
        }
        None => {
            let (vm, this) = (vm.handle(), this.clone());
            Err(vm.defer(async move {
                loop {
                    let State::Text(layer) = this.state.borrow() else { return Ok(Value::NONE) };
                    let source = source_of(layer);
                    let State::Binary(binary) = source.state.borrow() else { return Ok(Value::NONE) };
                    let available = binary.available();
                    if measure(available, binary.is_complete(), utf8, newline, reach).is_some() {
                        return read(&vm, &this, reach);
                    }
                    let want = Want::Bytes(available.len() + 1);
                    fill(&vm, &source, want).await?;
                }
            }))
        }
    }
}

fn utf8_valid(piece: &[u8], utf8: bool) -> bool {
    !utf8 || std::str::from_utf8(piece).is_ok()
}

/// Decodes the rest of the stream as a whole.
async fn decode_whole(vm: &Vm, this: &Ref<IoObject>) -> PyResult<()> {
    let State::Text(layer) = this.state.borrow() else { return Ok(()) };
    let (inner, encoding, errors) = (layer.inner.clone(), layer.encoding.clone(), layer.errors.clone());
    fill(vm, &inner, Want::All).await?;
    let bytes = {
        let State::Binary(binary) = inner.state.borrow_mut() else { return Ok(()) };
        let bytes = binary.available().to_vec();
        binary.consume(bytes.len());
        bytes
    };
    let decoded = decode_object(vm, &super::binary::bytes(bytes), encoding.as_text(), errors.as_text());
    let text = vm.settle(decoded).await?;
    let utf8 = text.as_text().map_or(Vec::new(), |text| text.to_utf8_lossy().into_owned().into_bytes());
    let file = File::default();
    file.bytes.set(utf8);
    let binary = Binary::new(Source::File(Rc::new(file)), true, false, Value::NONE, "rb");
    if let State::Text(layer) = this.state.borrow_mut() {
        layer.decoded = Some(Class::BytesIO.make(State::Binary(binary)));
    }
    Ok(())
}

/// The optional size argument of `read` and its like.
pub(super) fn size_of(vm: &Vm, size: Option<&Value>) -> PyResult<Option<usize>> {
    match size {
        None => Ok(None),
        Some(size) if size.is_none() => Ok(None),
        Some(size) => match size.to_i64() {
            Some(size) => Ok(usize::try_from(size).ok()),
            None => {
                let got = vm.type_name(size);
                Err(vm.type_error(format!("argument should be integer or None, not '{got}'")))
            }
        },
    }
}

impl IoObject {
    fn layer(&self, vm: &Vm) -> PyResult<&mut TextLayer> {
        match self.state.borrow_mut() {
            State::Text(layer) => Ok(layer),
            _ => Err(vm.value_error("I/O operation on uninitialized object")),
        }
    }

    fn open_layer(&self, vm: &Vm) -> PyResult<&mut TextLayer> {
        self.check_open(vm)?;
        self.layer(vm)
    }
}

/// The binary state below a text stream.
fn below(layer: &TextLayer) -> Option<&mut Binary> {
    match layer.inner.state.borrow_mut() {
        State::Binary(binary) => Some(binary),
        _ => None,
    }
}

#[methods(block = TEXT)]
impl IoObject {
    #[init(
        "TextIOWrapper(self, buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)"
    )]
    async fn init_text(
        vm: VmRef,
        this: Ref<IoObject>,
        buffer: Value,
        encoding: Value,
        errors: Value,
        newline: Value,
        line_buffering: bool,
        write_through: bool,
    ) -> PyResult<()> {
        let _ = write_through;
        let newline = Newline::parse(&vm, &newline)?;
        let inner = match buffer.to_ref::<IoObject>() {
            Some(inner)
                if matches!(inner.state.borrow(), State::Binary(_)) && !IoObject::is_customized(&inner, &vm) =>
            {
                inner
            }
            _ => {
                let mut able = [false; 2];
                for (able, name) in able.iter_mut().zip(["readable", "writable"]) {
                    let method = vm.attr(&buffer, name).await?;
                    let answer = vm.call(&method, Vec::new()).await?;
                    *able = vm.truth(&answer).await?;
                }
                let name = vm.attr_opt(&buffer, &crate::name!(name)).await?.unwrap_or_default();
                let binary = Binary::new(Source::Object(buffer.clone()), able[0], able[1], name, "rb+");
                Class::BufferedRandom.make(State::Binary(binary))
            }
        };
        let encoding = check_encoding(&vm, encoding, "UTF-8").await?;
        let errors = if errors.is_none() { Value::from_str("strict") } else { errors };
        let mut layer = TextLayer::new(inner, encoding, errors, newline);
        layer.buffer = buffer;
        layer.line_buffering = line_buffering;
        layer.check_start();
        this.state.set(State::Text(layer));
        this.closed.set(false);
        Ok(())
    }

    /// Read at most size characters from stream; everything if size is negative or None.
    #[method("read(self, size=-1, /)")]
    fn text_read(vm: &Vm, this: Ref<IoObject>, size: Option<&Value>) -> PyResult {
        let reach = size_of(vm, size)?.map_or(Reach::All, Reach::Characters);
        read(vm, &this, reach)
    }

    /// Read until newline or EOF, at most size characters; an empty string at the end.
    #[method("readline(self, size=-1, /)")]
    fn text_readline(vm: &Vm, this: Ref<IoObject>, size: Option<&Value>) -> PyResult {
        let limit = size_of(vm, size)?;
        read(vm, &this, Reach::Line(limit))
    }

    #[slot(next)]
    fn text_next(vm: &Vm, this: &Value) -> PyResult {
        let Some(stream) = this.to_ref::<IoObject>() else { return Ok(Value::UNBOUND) };
        let end = |line: Value| if line.as_text().is_some_and(Text::is_empty) { Value::UNBOUND } else { line };
        if stream.is_exactly(this, Class::TextIOWrapper) {
            let line = read(vm, &stream, Reach::Line(None));
            if line.is_err() && vm.is_deferred() {
                let (vm, line) = (vm.handle(), vm.settle(line));
                return Err(vm.defer(async move { line.await.map(end) }));
            }
            return line.map(end);
        }
        let (vm, this) = (vm.handle(), this.clone());
        Err(vm.defer(async move {
            let readline = vm.attr(&this, "readline").await?;
            vm.call(&readline, Vec::new()).await.map(end)
        }))
    }

    /// Write string s to stream and return the number of characters written.
    #[method("write(self, text, /)")]
    fn text_write(vm: &Vm, this: Ref<IoObject>, text: &Value) -> PyResult {
        write(vm, &this, text)
    }

    /// Write what is buffered to the stream below.
    #[method("flush(self, /)")]
    fn text_flush(vm: &Vm, this: &IoObject) -> PyResult {
        let layer = this.open_layer(vm)?;
        match below(layer).map(|binary| binary.place.source.clone()).as_deref() {
            Some(Source::Object(object)) => {
                let (vm, object) = (vm.handle(), object.clone());
                Err(vm.defer(async move {
                    let flush = vm.attr(&object, "flush").await?;
                    vm.call(&flush, Vec::new()).await
                }))
            }
            _ => Ok(Value::NONE),
        }
    }

    /// Close the stream and the one below. Further operations raise ValueError.
    #[method("close(self, /)")]
    fn text_close(vm: &Vm, this: &IoObject) -> PyResult {
        if this.closed.replace(true) {
            return Ok(Value::NONE);
        }
        let State::Text(layer) = this.state.borrow() else { return Ok(Value::NONE) };
        if layer.buffer.is(layer.inner.as_value()) && layer.inner.is_exactly(&layer.buffer, Class::BytesIO) {
            layer.inner.closed.set(true);
            return Ok(Value::NONE);
        }
        let (vm, buffer) = (vm.handle(), layer.buffer.clone());
        Err(vm.defer(async move {
            let close = vm.attr(&buffer, "close").await?;
            vm.call(&close, Vec::new()).await
        }))
    }

    /// Set the stream position, and return the new one; offsets other than 0 must come from tell().
    #[method("seek(self, cookie, whence=0, /)")]
    fn text_seek(vm: &Vm, this: &IoObject, cookie: i64, whence: i64) -> PyResult<usize> {
        let layer = this.open_layer(vm)?;
        let Some(binary) = below(layer) else { return Ok(0) };
        let Some(file) = binary.file() else { return Err(unsupported(vm, "underlying stream is not seekable")) };
        let target = match whence {
            0 if cookie < 0 => return Err(vm.value_error(format!("negative seek position {cookie}"))),
            0 => cookie as usize,
            1 if cookie != 0 => return Err(unsupported(vm, "can't do nonzero cur-relative seeks")),
            1 => binary.place.position.get(),
            2 if cookie != 0 => return Err(unsupported(vm, "can't do nonzero end-relative seeks")),
            2 => file.bytes.borrow().len(),
            _ => return Err(vm.value_error(format!("invalid whence ({whence}, should be 0, 1 or 2)"))),
        };
        if whence != 1 {
            binary.place.position.set(target);
            layer.decoded = None;
            layer.marked = target != 0;
        }
        Ok(target)
    }

    /// Return the stream position as an opaque number, for seek().
    #[method("tell(self, /)")]
    fn text_tell(vm: &Vm, this: &IoObject) -> PyResult<usize> {
        let layer = this.open_layer(vm)?;
        match below(layer) {
            Some(binary) if binary.file().is_some() => Ok(binary.place.position.get()),
            _ => Err(unsupported(vm, "underlying stream is not seekable")),
        }
    }

    /// Truncate the file to pos bytes, the current position by default.
    #[method("truncate(self, pos=None, /)")]
    async fn text_truncate(vm: VmRef, this: Ref<IoObject>, pos: Value) -> PyResult {
        let layer = this.open_layer(&vm)?;
        let buffer = layer.buffer.clone();
        let truncate = vm.attr(&buffer, "truncate").await?;
        vm.call(&truncate, vec![pos]).await
    }

    /// Separate the underlying buffer from the stream and return it.
    #[method("detach(self, /)")]
    fn text_detach(vm: &Vm, this: &IoObject) -> PyResult {
        let layer = this.open_layer(vm)?;
        let buffer = layer.buffer.clone();
        this.state.set(State::Plain);
        Ok(buffer)
    }

    /// Reconfigure the text stream with new parameters.
    #[method(
        "reconfigure(self, /, *, encoding=None, errors=None, newline=None, line_buffering=None, write_through=None)"
    )]
    async fn reconfigure(
        vm: VmRef,
        this: Ref<IoObject>,
        encoding: Value,
        errors: Value,
        newline: Option<Value>,
        line_buffering: Value,
        write_through: Value,
    ) -> PyResult<()> {
        let _ = write_through;
        if !encoding.is_none() {
            let encoding = check_encoding(&vm, encoding, "utf-8").await?;
            let layer = this.open_layer(&vm)?;
            layer.encoding = encoding;
            layer.check_start();
        }
        let layer = this.open_layer(&vm)?;
        if !errors.is_none() {
            layer.errors = errors;
        }
        if let Some(newline) = newline {
            layer.newline = Newline::parse(&vm, &newline)?;
        }
        if !line_buffering.is_none() {
            let buffered = vm.truth(&line_buffering).await?;
            this.open_layer(&vm)?.line_buffering = buffered;
        }
        Ok(())
    }

    /// Return the underlying file descriptor.
    #[method("fileno(self, /)")]
    fn text_number(vm: &Vm, this: &IoObject) -> PyResult<i64> {
        let layer = this.open_layer(vm)?;
        super::binary::number_of(vm, layer.inner.as_value())
    }

    /// Return whether the stream can be read.
    #[method("readable(self, /)")]
    fn text_readable(vm: &Vm, this: &IoObject) -> PyResult<bool> {
        let layer = this.open_layer(vm)?;
        Ok(below(layer).is_some_and(|binary| binary.readable))
    }

    /// Return whether the stream can be written.
    #[method("writable(self, /)")]
    fn text_writable(vm: &Vm, this: &IoObject) -> PyResult<bool> {
        let layer = this.open_layer(vm)?;
        Ok(below(layer).is_some_and(|binary| binary.writable))
    }

    /// Return whether the position can be changed.
    #[method("seekable(self, /)")]
    fn text_seekable(vm: &Vm, this: &IoObject) -> PyResult<bool> {
        let layer = this.open_layer(vm)?;
        Ok(below(layer).is_some_and(|binary| binary.file().is_some()))
    }

    /// The encoding.
    #[getter("encoding")]
    fn encoding(vm: &Vm, this: &IoObject) -> PyResult {
        this.layer(vm).map(|layer| layer.encoding.clone())
    }

    /// How encoding errors are handled.
    #[getter("errors")]
    fn errors(vm: &Vm, this: &IoObject) -> PyResult {
        this.layer(vm).map(|layer| layer.errors.clone())
    }

    /// The binary stream below.
    #[getter("buffer")]
    fn buffer(vm: &Vm, this: &IoObject) -> PyResult {
        this.layer(vm).map(|layer| layer.buffer.clone())
    }

    /// The name of the stream below.
    #[getter("name")]
    async fn text_name(vm: VmRef, this: Ref<IoObject>) -> PyResult {
        let buffer = this.layer(&vm)?.buffer.clone();
        vm.attr(&buffer, "name").await
    }

    #[getter("line_buffering")]
    fn line_buffering(vm: &Vm, this: &IoObject) -> PyResult<bool> {
        this.layer(vm).map(|layer| layer.line_buffering)
    }

    #[getter("write_through")]
    fn write_through(this: &IoObject) -> bool {
        let _ = this;
        false
    }

    /// The kinds of line ends read so far.
    #[getter("newlines")]
    fn newlines(vm: &Vm, this: &IoObject) -> PyResult {
        let seen = this.layer(vm)?.seen;
        let kinds: Vec<Value> = [(1, "\r"), (2, "\n"), (4, "\r\n")]
            .iter()
            .filter(|(bit, _)| seen & bit != 0)
            .map(|(_, text)| Value::from_str(text))
            .collect();
        Ok(match kinds.len() {
            0 => Value::NONE,
            1 => kinds.into_iter().next().unwrap_or_default(),
            _ => Value::from_tuple(kinds),
        })
    }

    #[slot(repr)]
    async fn text_repr(vm: VmRef, this: Value) -> PyResult<String> {
        let mut text = "<_io.TextIOWrapper".to_string();
        for (name, label) in
            [(crate::name!(name), "name"), (crate::name!(mode), "mode"), (crate::name!(encoding), "encoding")]
        {
            if let Some(value) = vm.attr_opt(&this, &name).await? {
                let shown = vm.repr(&value).await?.to_string_lossy();
                text.push_str(&format!(" {label}={shown}"));
            }
        }
        text.push('>');
        Ok(text)
    }
}

/// The name of an encoding that exists.
pub(super) async fn check_encoding(vm: &Vm, encoding: Value, default: &str) -> PyResult {
    if encoding.is_none() {
        return Ok(Value::from_str(default));
    }
    let Some(name) = encoding.as_text().map(|name| name.to_utf8_lossy().into_owned()) else {
        let got = vm.type_name(&encoding);
        return Err(vm.type_error(format!("open() argument 'encoding' must be str or None, not {got}")));
    };
    if name == "locale" {
        return Ok(Value::from_str("UTF-8"));
    }
    if codec::lookup(&name).is_none() {
        // Encoding nothing asks the registry of codecs, which knows whether there is one.
        let probe = encode_object(vm, &Value::from_str(""), encoding.as_text(), None);
        vm.settle(probe).await?;
    }
    Ok(encoding)
}
