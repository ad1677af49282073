//! Text streams over binary ones: `TextIOWrapper`, also the standard streams.
//!
//! Reading decodes exactly what is handed out, so the position is always that of the stream below. Encodings with a state, or in
//! which a line may end with another byte than ASCII's (UTF-16 and its like, and most of the library's), are the business of a
//! [layer](super::layers).

use std::borrow::Cow;

use snakelet_macros::methods;
use snakelet_text::Text;
use snakelet_text::codec::{self, Codec};

use super::binary::{Binary, Source, Want, fill};
use super::layers::{pass, pass_attribute, pass_detach};
use super::stream::{Class, IoObject, State, unsupported};
use crate::errors::Exc;
use crate::host::Stream;
use crate::native::Size;
use crate::object::{Ref, Traverse, Visitor};
use crate::types::codec::{decode_object, encode_object};
use crate::types::typeobject::TypeFlags;
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

    /// The argument that says so.
    pub fn argument(self) -> Value {
        match self {
            Newline::Universal => Value::NONE,
            Newline::Keep => Value::from_str(""),
            Newline::Lf => Value::from_str("\n"),
            Newline::Cr => Value::from_str("\r"),
            Newline::CrLf => Value::from_str("\r\n"),
        }
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
    /// The binary stream that is read and written.
    pub inner: Ref<IoObject>,
    /// What the attribute `buffer` shows.
    pub buffer: Value,
    pub encoding: Value,
    pub errors: Value,
    pub newline: Newline,
    pub line_buffering: bool,
    pub write_through: bool,
    /// Leads straight to the embedder's output.
    pub standard: Option<Stream>,
    /// Whether iteration is under way, which disables `tell`.
    iterating: bool,
    /// What the attribute `_CHUNK_SIZE` shows.
    chunk: i64,
    /// Kinds of line ends seen: 1 `\r`, 2 `\n`, 4 `\r\n`.
    seen: u8,
}

impl TextLayer {
    pub fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.inner.traverse(visitor);
        self.buffer.traverse(visitor);
        self.encoding.traverse(visitor);
        self.errors.traverse(visitor);
    }

    pub fn new(inner: Ref<IoObject>, encoding: Value, errors: Value, newline: Newline) -> TextLayer {
        TextLayer {
            buffer: inner.value(),
            inner,
            encoding,
            errors,
            newline,
            line_buffering: false,
            write_through: false,
            standard: None,
            iterating: false,
            chunk: 8192,
            seen: 0,
        }
    }

    fn codec(&self) -> Option<Codec<'static>> {
        codec::lookup(&self.encoding.as_text()?.to_utf8_lossy())
    }

    fn is_utf8(&self) -> bool {
        matches!(self.codec(), Some(Codec::Utf8))
    }
}

/// Whether the bytes of an encoding tell lines and characters apart: UTF-8, and families with one byte for a character, ASCII's
/// among them.
pub fn is_direct(encoding: &Value) -> bool {
    const FAMILIES: [&str; 9] =
        ["cp125", "windows-125", "iso-8859-", "iso8859-", "koi8-", "cp437", "cp850", "cp852", "cp866"];
    let Some(name) = encoding.as_text().map(|name| name.to_utf8_lossy().to_ascii_lowercase().replace('_', "-")) else {
        return false;
    };
    match codec::lookup(&name) {
        Some(codec) => matches!(codec, Codec::Utf8 | Codec::Ascii | Codec::Latin1),
        None => FAMILIES.iter().any(|family| name.starts_with(family)),
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
        State::Text(layer) if !stream.closed.get() && stream.is_exactly(file, Class::TextIOWrapper) => {
            // Characters that don't fit are up to `write`.
            let strict = layer.errors.as_text().is_none_or(|errors| errors.as_str_if_ascii() == Some("strict"));
            layer.standard.filter(|&target| target == Stream::Stderr || strict)
        }
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
    let Some(contents) = text.as_text() else {
        let got = vm.type_name(text);
        return Err(vm.type_error(format!("write() argument must be str, not {got}")));
    };
    pass(vm, stream, "write", &[text])?;
    stream.check_open(vm)?;
    let State::Text(layer) = stream.state.borrow() else { return Err(stream.not_ready(vm)) };
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
    let encoded = encode_object(vm, &translated, layer.encoding.as_text(), layer.errors.as_text());
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
    decode_object(vm, &super::binary::bytes(bytes), layer.encoding.as_text(), layer.errors.as_text())
}

/// Reads at once if enough is there, else after asking for more.
fn read(vm: &Vm, this: &Ref<IoObject>, reach: Reach) -> PyResult {
    this.check_open(vm)?;
    let State::Text(layer) = this.state.borrow_mut() else { return Err(this.not_ready(vm)) };
    match layer.inner.state.borrow() {
        State::Binary(binary) if binary.readable => {}
        _ => return Err(unsupported(vm, "not readable")),
    }
    let (utf8, newline) = (layer.is_utf8(), layer.newline);
    let source = layer.inner.clone();
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
                    let source = layer.inner.clone();
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

impl IoObject {
    fn layer(&self, vm: &Vm) -> PyResult<&mut TextLayer> {
        match self.state.borrow_mut() {
            State::Text(layer) => Ok(layer),
            _ => Err(self.not_ready(vm)),
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
        // Closed and detached objects may be initialized again; until that succeeds they are not.
        super::layers::retire(&vm, &this).await;
        this.state.set(State::Plain);
        this.closed.set(false);
        let parsed = Newline::parse(&vm, &newline)?;
        let encoding = check_encoding(&vm, encoding, "UTF-8").await?;
        if !errors.is_none() && errors.as_text().is_none() {
            let got = vm.type_name(&errors);
            return Err(vm.type_error(format!("TextIOWrapper() argument 'errors' must be str or None, not {got}")));
        }
        let inner = match buffer.to_ref::<IoObject>() {
            Some(inner)
                if matches!(inner.state.borrow(), State::Binary(_))
                    && !inner.is_shut()
                    && is_direct(&encoding)
                    && !IoObject::is_customized(&inner, &vm) =>
            {
                inner
            }
            _ => {
                let flags = [Value::bool(line_buffering), Value::bool(write_through)];
                let args = [buffer, encoding, errors, newline].into_iter().chain(flags).collect();
                this.state.set(super::layers::make(&vm, "TextIOWrapper", args).await?);
                return Ok(());
            }
        };
        let errors = if errors.is_none() { Value::from_str("strict") } else { errors };
        let mut layer = TextLayer::new(inner, encoding, errors, parsed);
        layer.buffer = buffer;
        (layer.line_buffering, layer.write_through) = (line_buffering, write_through);
        this.state.set(State::Text(layer));
        Ok(())
    }

    /// Read at most size characters from stream; everything if size is negative or None.
    #[method("read(self, size=-1, /)")]
    fn text_read(vm: &Vm, this: Ref<IoObject>, size: Option<Size>) -> PyResult {
        pass(vm, &this, "read", &[&Size::value(size)])?;
        let reach = Size::limit(size).map_or(Reach::All, Reach::Characters);
        read(vm, &this, reach)
    }

    /// Read until newline or EOF, at most size characters; an empty string at the end.
    #[method("readline(self, size=-1, /)")]
    fn text_readline(vm: &Vm, this: Ref<IoObject>, size: Option<Size>) -> PyResult {
        pass(vm, &this, "readline", &[&Size::value(size)])?;
        read(vm, &this, Reach::Line(Size::limit(size)))
    }

    #[slot(next)]
    fn text_next(vm: &Vm, this: &Value) -> PyResult {
        let Some(stream) = this.to_ref::<IoObject>() else { return Ok(Value::UNBOUND) };
        if stream.is_exactly(this, Class::TextIOWrapper) {
            if let State::Layer(layer) = stream.state.borrow() {
                let (vm, layer) = (vm.handle(), layer.clone());
                return Err(vm.defer(async move { Ok(vm.next(&layer).await?.unwrap_or(Value::UNBOUND)) }));
            }
            if let State::Text(layer) = stream.state.borrow_mut() {
                layer.iterating = true;
            }
            let (reader, stream) = (stream.clone(), stream);
            let end = move |line: Value| {
                if !line.as_text().is_some_and(Text::is_empty) {
                    return line;
                }
                if let State::Text(layer) = stream.state.borrow_mut() {
                    layer.iterating = false;
                }
                Value::UNBOUND
            };
            let line = read(vm, &reader, Reach::Line(None));
            if line.is_err() && vm.is_deferred() {
                let (vm, line) = (vm.handle(), vm.settle(line));
                return Err(vm.defer(async move { line.await.map(end) }));
            }
            return line.map(end);
        }
        let end = |line: Value| if line.as_text().is_some_and(Text::is_empty) { Value::UNBOUND } else { line };
        let (vm, this) = (vm.handle(), this.clone());
        Err(vm.defer(async move {
            let line = super::layers::call(&vm, &this, "readline", Vec::new()).await?;
            if line.as_text().is_some() {
                return Ok(end(line));
            }
            let got = vm.type_name(&line);
            Err(vm.error(Exc::OSError, &format!("readline() should have returned a str object, not '{got}'")))
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
        pass(vm, this, "flush", &[])?;
        let layer = this.open_layer(vm)?;
        layer.iterating = false;
        if !vm.type_of(&layer.buffer).has_flag(TypeFlags::HEAP) {
            return Ok(Value::NONE);
        }
        let (vm, buffer) = (vm.handle(), layer.buffer.clone());
        Err(vm.defer(async move { super::layers::call(&vm, &buffer, "flush", Vec::new()).await }))
    }

    /// Close the stream and the one below. Further operations raise ValueError.
    #[method("close(self, /)")]
    fn text_close(vm: &Vm, this: Ref<IoObject>) -> PyResult {
        pass(vm, &this, "close", &[])?;
        if let State::Detached = this.state.borrow() {
            return Err(this.not_ready(vm));
        }
        if this.is_shut() {
            this.closed.set(true);
            return Ok(Value::NONE);
        }
        if IoObject::has_own_flush(vm, &this) {
            let vm = vm.handle();
            return Err(vm.defer(async move {
                let close = async || {
                    this.closed.set(true);
                    let buffer = this.layer(&vm)?.buffer.clone();
                    super::layers::call(&vm, &buffer, "close", Vec::new()).await
                };
                super::layers::close_flushed(&vm, this.as_value(), close).await
            }));
        }
        this.closed.set(true);
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
    fn text_seek(vm: &Vm, this: &IoObject, cookie: &Value, whence: i64) -> PyResult<usize> {
        pass(vm, this, "seek", &[cookie, &Value::from_i64(whence)])?;
        let Some(cookie) = cookie.to_i64().filter(|_| cookie.is_int()) else {
            let got = vm.type_name(cookie);
            return Err(vm.type_error(format!("'{got}' object cannot be interpreted as an integer")));
        };
        let layer = this.open_layer(vm)?;
        layer.iterating = false;
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
        }
        Ok(target)
    }

    /// Return the stream position as an opaque number, for seek().
    #[method("tell(self, /)")]
    fn text_tell(vm: &Vm, this: &IoObject) -> PyResult<usize> {
        pass(vm, this, "tell", &[])?;
        let layer = this.open_layer(vm)?;
        if layer.iterating {
            return Err(vm.error(Exc::OSError, "telling position disabled by next() call"));
        }
        match below(layer) {
            Some(binary) if binary.file().is_some() => Ok(binary.place.position.get()),
            _ => Err(unsupported(vm, "underlying stream is not seekable")),
        }
    }

    /// Truncate the file to pos bytes, the current position by default.
    #[method("truncate(self, pos=None, /)")]
    async fn text_truncate(vm: VmRef, this: Ref<IoObject>, pos: Value) -> PyResult {
        if let State::Layer(layer) = this.state.borrow() {
            return super::layers::call(&vm, &layer.clone(), "truncate", vec![pos]).await;
        }
        let buffer = this.open_layer(&vm)?.buffer.clone();
        super::layers::call(&vm, &buffer, "truncate", vec![pos]).await
    }

    /// Separate the underlying buffer from the stream and return it.
    #[method("detach(self, /)")]
    fn text_detach(vm: &Vm, this: Ref<IoObject>) -> PyResult {
        pass_detach(vm, this.clone())?;
        let layer = this.open_layer(vm)?;
        let buffer = layer.buffer.clone();
        this.state.set(State::Detached);
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
        if let State::Layer(layer) = this.state.borrow() {
            let (layer, mut args, mut names) = (layer.clone(), Vec::new(), Vec::new());
            let given = [
                ("encoding", Some(encoding).filter(|value| !value.is_none())),
                ("errors", Some(errors).filter(|value| !value.is_none())),
                ("newline", newline),
                ("line_buffering", Some(line_buffering)),
                ("write_through", Some(write_through)),
            ];
            for (name, value) in given {
                if let Some(value) = value {
                    args.push(value);
                    names.push(crate::object::intern::intern(name));
                }
            }
            let method = vm.attr(&layer, "reconfigure").await?;
            return vm.call_kw(&method, args, names).await.map(drop);
        }
        let text = |value: &Value| value.is_none() || value.as_text().is_some();
        if !text(&encoding) || !text(&errors) {
            let (name, value) = if text(&encoding) { ("errors", &errors) } else { ("encoding", &encoding) };
            let got = vm.type_name(value);
            return Err(vm.type_error(format!("reconfigure() argument '{name}' must be str or None, not {got}")));
        }
        let newline = match newline {
            Some(newline) => Some(Newline::parse(&vm, &newline)?),
            None => None,
        };
        let buffering = if line_buffering.is_none() { None } else { Some(vm.truth(&line_buffering).await?) };
        let through = if write_through.is_none() { None } else { Some(vm.truth(&write_through).await?) };
        if !encoding.is_none() {
            let encoding = check_encoding(&vm, encoding, "utf-8").await?;
            let layer = this.open_layer(&vm)?;
            layer.encoding = encoding;
            if errors.is_none() {
                layer.errors = Value::from_str("strict");
            }
        }
        let layer = this.open_layer(&vm)?;
        if !errors.is_none() {
            layer.errors = errors;
        }
        layer.newline = newline.unwrap_or(layer.newline);
        layer.line_buffering = buffering.unwrap_or(layer.line_buffering);
        layer.write_through = through.unwrap_or(layer.write_through);
        if is_direct(&layer.encoding) || layer.standard.is_some() {
            return Ok(());
        }
        // From now on somebody else does it.
        let end = layer.newline.argument();
        let (buffer, encoding, errors) = (layer.buffer.clone(), layer.encoding.clone(), layer.errors.clone());
        let flags = [Value::bool(layer.line_buffering), Value::bool(layer.write_through)];
        let args = [buffer, encoding, errors, end].into_iter().chain(flags).collect();
        this.state.set(super::layers::make(&vm, "TextIOWrapper", args).await?);
        Ok(())
    }

    /// Return the underlying file descriptor.
    #[method("fileno(self, /)")]
    fn text_number(vm: &Vm, this: &IoObject) -> PyResult<i64> {
        pass(vm, this, "fileno", &[])?;
        let layer = this.open_layer(vm)?;
        super::binary::number_of(vm, layer.inner.as_value())
    }

    /// Return whether the stream can be read.
    #[method("readable(self, /)")]
    fn text_readable(vm: &Vm, this: &IoObject) -> PyResult<bool> {
        pass(vm, this, "readable", &[])?;
        let layer = this.open_layer(vm)?;
        Ok(below(layer).is_some_and(|binary| binary.readable))
    }

    /// Return whether the stream can be written.
    #[method("writable(self, /)")]
    fn text_writable(vm: &Vm, this: &IoObject) -> PyResult<bool> {
        pass(vm, this, "writable", &[])?;
        let layer = this.open_layer(vm)?;
        Ok(below(layer).is_some_and(|binary| binary.writable))
    }

    /// Return whether the position can be changed.
    #[method("seekable(self, /)")]
    fn text_seekable(vm: &Vm, this: &IoObject) -> PyResult<bool> {
        pass(vm, this, "seekable", &[])?;
        let layer = this.open_layer(vm)?;
        Ok(below(layer).is_some_and(|binary| binary.file().is_some()))
    }

    /// The encoding.
    #[getter("encoding")]
    fn encoding(vm: &Vm, this: &IoObject) -> PyResult {
        pass_attribute(vm, this, "encoding")?;
        this.layer(vm).map(|layer| layer.encoding.clone())
    }

    /// How encoding errors are handled.
    #[getter("errors")]
    fn errors(vm: &Vm, this: &IoObject) -> PyResult {
        pass_attribute(vm, this, "errors")?;
        this.layer(vm).map(|layer| layer.errors.clone())
    }

    /// The binary stream below.
    #[getter("buffer")]
    fn buffer(vm: &Vm, this: &IoObject) -> PyResult {
        pass_attribute(vm, this, "buffer")?;
        this.layer(vm).map(|layer| layer.buffer.clone())
    }

    /// The name of the stream below.
    #[getter("name")]
    async fn text_name(vm: VmRef, this: Ref<IoObject>) -> PyResult {
        let below = match this.state.borrow() {
            State::Layer(layer) => layer.clone(),
            _ => this.layer(&vm)?.buffer.clone(),
        };
        vm.attr(&below, "name").await
    }

    #[getter("line_buffering")]
    fn line_buffering(vm: &Vm, this: &IoObject) -> PyResult<bool> {
        pass_attribute(vm, this, "line_buffering")?;
        this.layer(vm).map(|layer| layer.line_buffering)
    }

    #[getter("write_through")]
    fn write_through(vm: &Vm, this: &IoObject) -> PyResult<bool> {
        pass_attribute(vm, this, "write_through")?;
        this.layer(vm).map(|layer| layer.write_through)
    }

    #[getter("_CHUNK_SIZE")]
    fn chunk_size(vm: &Vm, this: &IoObject) -> PyResult<i64> {
        pass_attribute(vm, this, "_CHUNK_SIZE")?;
        this.layer(vm).map(|layer| layer.chunk)
    }

    #[setter("_CHUNK_SIZE")]
    fn set_chunk_size(vm: &Vm, this: &IoObject, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.error(Exc::AttributeError, "cannot delete attribute")) };
        let size = match value.to_i64() {
            Some(size) if size > 0 => size,
            _ => return Err(vm.value_error("a strictly positive integer is required")),
        };
        pass(vm, this, "__setattr__", &[&Value::from_str("_CHUNK_SIZE"), value])?;
        this.layer(vm)?.chunk = size;
        Ok(())
    }

    /// The kinds of line ends read so far.
    #[getter("newlines")]
    fn newlines(vm: &Vm, this: &IoObject) -> PyResult {
        pass_attribute(vm, this, "newlines")?;
        Ok(kinds_of_ends(this.layer(vm)?.seen))
    }

    #[slot(repr)]
    async fn text_repr(vm: VmRef, this: Ref<IoObject>) -> PyResult<String> {
        let mut text = format!("<{}", super::binary::shown_class(&vm, &this));
        for name in ["name", "mode", "encoding"] {
            match vm.attr(this.as_value(), name).await {
                Ok(value) => {
                    let shown = super::binary::shown_name(&vm, &this, &value).await?;
                    text.push_str(&format!(" {name}={shown}"));
                }
                Err(raised) => {
                    let hidden = name != "encoding" && vm.catch(Exc::AttributeError).is_some();
                    if !hidden && (name == "encoding" || vm.catch(Exc::ValueError).is_none()) {
                        return Err(raised);
                    }
                }
            }
        }
        text.push('>');
        Ok(text)
    }
}

/// The attribute `newlines` for a set of kinds.
pub fn kinds_of_ends(seen: u8) -> Value {
    let kinds = [(1, "\r"), (2, "\n"), (4, "\r\n")];
    let mut kinds: Vec<Value> =
        kinds.iter().filter(|(bit, _)| seen & bit != 0).map(|(_, text)| Value::from_str(text)).collect();
    match kinds.len() {
        0 => Value::NONE,
        1 => kinds.pop().unwrap_or_default(),
        _ => Value::from_tuple(kinds),
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
