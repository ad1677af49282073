//! Binary streams: `FileIO`, `BufferedReader` and its like, `BytesIO`.
//!
//! Files live in memory, so nothing is buffered for them: what is written is in the file at once. Only standard input and pipes
//! have to be asked for more; [`fill`] does that. Buffers over objects of Python classes are made of a [layer](super::layers).

use std::cell::Cell;
use std::rc::Rc;

use snakelet_macros::{methods, native_type};

use super::File;
use super::descriptors::{Handle, PipeEnd};
use super::errno::Errno;
use super::layers::{pass, pass_attribute, pass_detach};
use super::stream::{Class, IoObject, State, unsupported};
use crate::errors::Exc;
use crate::host::Stream;
use crate::native::{ArgBytes, Size};
use crate::object::{Native, Ref, Traverse, Visitor, VmCell};
use crate::types::buffer;
use crate::types::bytes::Bytes;
use crate::types::memoryview::MemoryView;
use crate::types::tuple::Tuple;
use crate::types::typeobject::TypeFlags;
use crate::{PyResult, Value, Vm, VmRef};

/// Where bytes come from and go to.
pub enum Source {
    File(Rc<File>),
    /// Output of the embedder.
    Standard(Stream),
    /// Lines of the embedder.
    Input,
    Pipe(Rc<PipeEnd>),
}

/// A place in a file, shared by a buffered stream and its raw one.
#[derive(Clone)]
pub struct Place {
    pub source: Rc<Source>,
    pub position: Rc<Cell<usize>>,
    /// The file descriptor, if the stream has one.
    pub handle: Option<Rc<Handle>>,
    /// What the stream is called: a path, a number or a label; unbound without a name. Shared, so the collector leaves it alone.
    pub name: Rc<VmCell<Value>>,
}

/// The state of a binary stream.
pub struct Binary {
    pub place: Place,
    pub readable: bool,
    pub writable: bool,
    pub appending: bool,
    pub mode: &'static str,
    /// What was read from the source and not handed out yet; for files always empty.
    pub pending: Vec<u8>,
    pub at_end: bool,
    /// Of a buffer: the stream that it was made from, or None until somebody asks for it.
    pub raw: Value,
}

impl Binary {
    pub fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.raw.traverse(visitor);
    }

    pub fn new(source: Source, readable: bool, writable: bool, name: Value, mode: &'static str) -> Binary {
        Binary {
            place: Place {
                source: Rc::new(source),
                position: Rc::default(),
                handle: None,
                name: Rc::new(VmCell::new(name)),
            },
            readable,
            writable,
            appending: false,
            mode,
            pending: Vec::new(),
            at_end: false,
            raw: Value::NONE,
        }
    }

    /// The file, unless the stream leads elsewhere.
    pub fn file(&self) -> Option<&Rc<File>> {
        match &*self.place.source {
            Source::File(file) => Some(file),
            _ => None,
        }
    }

    pub fn is_complete(&self) -> bool {
        self.at_end || self.file().is_some()
    }

    /// What can be read without asking.
    pub fn available(&self) -> &[u8] {
        match self.file() {
            Some(file) => file.bytes.borrow().get(self.place.position.get()..).unwrap_or(&[]),
            None => &self.pending,
        }
    }

    /// Takes the first `count` bytes of what is available as read.
    pub fn consume(&mut self, count: usize) {
        self.place.position.set(self.place.position.get() + count);
        if self.file().is_none() {
            self.pending.drain(..count);
        }
    }

    /// Writes to a file; the bytes between its end and the position become zero.
    pub fn write_file(&self, vm: &Vm, bytes: &[u8]) -> PyResult<()> {
        let Some(file) = self.file() else { return Ok(()) };
        let start = if self.appending { file.bytes.borrow().len() } else { self.place.position.get() };
        self.place.position.set(write_at(vm, file, start, bytes)?);
        Ok(())
    }
}

/// Writes into a file at a position and gives the one after it.
pub fn write_at(vm: &Vm, file: &File, start: usize, bytes: &[u8]) -> PyResult<usize> {
    let end = start.checked_add(bytes.len()).ok_or_else(|| vm.memory_error())?;
    if file.is_null {
        return Ok(end);
    }
    let contents = file.bytes.borrow_mut();
    if end > contents.len() && !bytes.is_empty() {
        buffer::check_resizable(vm, &file.exports)?;
        let more = end - contents.len();
        // Growing by doubling, like a vector, but fallibly.
        vm.reserve(contents, more)?;
        contents.resize(end, 0);
    }
    if !bytes.is_empty() {
        contents[start..end].copy_from_slice(bytes);
    }
    file.about.touch(vm.host().time());
    Ok(end)
}

/// A bytes object.
pub fn bytes(contents: Vec<u8>) -> Value {
    Bytes::new(contents).into_value()
}

/// How much `fill` is to make available.
#[derive(Clone, Copy)]
pub enum Want {
    Bytes(usize),
    /// Up to the end of a line that ends with this byte.
    Line(u8),
    /// The same, or this many bytes without one.
    LineWithin(u8, usize),
    All,
    /// Whatever one question brings.
    Some,
}

impl Want {
    fn is_satisfied(self, available: &[u8]) -> bool {
        match self {
            Want::Bytes(count) => available.len() >= count,
            Want::Line(end) => available.contains(&end),
            Want::LineWithin(end, limit) => available.len() >= limit || available.contains(&end),
            Want::All => false,
            Want::Some => !available.is_empty(),
        }
    }
}

/// Asks the source until enough is there, or the source has ended.
pub async fn fill(vm: &Vm, stream: &Ref<IoObject>, want: Want) -> PyResult<()> {
    loop {
        let source = match stream.state.borrow() {
            State::Binary(binary) if binary.is_complete() || want.is_satisfied(binary.available()) => return Ok(()),
            State::Binary(binary) => binary.place.source.clone(),
            _ => return Ok(()),
        };
        let more = match &*source {
            Source::Input => {
                crate::builtins::input::read_line(vm, String::new()).await?.unwrap_or_default().into_bytes()
            }
            Source::Pipe(end) => end.read(vm, 65536, true).await?,
            Source::File(_) | Source::Standard(_) => return Ok(()),
        };
        let State::Binary(binary) = stream.state.borrow_mut() else { return Ok(()) };
        if more.is_empty() {
            binary.at_end = true;
        }
        vm.reserve(&mut binary.pending, more.len())?;
        binary.pending.extend_from_slice(&more);
    }
}

/// Writes bytes wherever the stream leads. May defer.
pub fn write(vm: &Vm, stream: &Ref<IoObject>, contents: &Value) -> PyResult {
    pass(vm, stream, "write", &[contents])?;
    let Some(data) = ArgBytes::of(contents) else {
        let got = vm.type_name(contents);
        return Err(vm.type_error(format!("a bytes-like object is required, not '{got}'")));
    };
    let count = Value::from_usize(data.len());
    let State::Binary(binary) = stream.state.borrow() else { return Err(stream.not_ready(vm)) };
    match &*binary.place.source {
        Source::File(_) => binary.write_file(vm, &data).map(|()| count),
        Source::Standard(target) => {
            vm.write(*target, &String::from_utf8_lossy(&data));
            Ok(count)
        }
        Source::Pipe(end) => end.write(vm, &data).map(|()| count),
        Source::Input => Err(unsupported(vm, "write")),
    }
}

/// Turns a position given by (offset, whence) into one counted from the start.
fn target(vm: &Vm, binary: &Binary, offset: i64, whence: i64, in_memory: bool) -> PyResult<usize> {
    let base = match whence {
        0 => 0,
        1 => binary.place.position.get() as i64,
        2 => binary.file().map_or(0, |file| file.bytes.borrow().len() as i64),
        _ if in_memory => return Err(vm.value_error(format!("invalid whence ({whence}, should be 0, 1 or 2)"))),
        _ => return Err(vm.value_error(format!("whence value {whence} unsupported"))),
    };
    match usize::try_from(base.saturating_add(offset)) {
        Ok(target) => Ok(target),
        Err(_) if in_memory => Ok(0),
        Err(_) => Err(vm.os_error(Errno::EINVAL, None)),
    }
}

impl IoObject {
    /// The binary state, of a stream that is open; `what` is the method. A stream with a layer passes the call on.
    fn binary(&self, vm: &Vm, this: &Value, what: &'static str, args: &[&Value]) -> PyResult<&mut Binary> {
        pass(vm, self, what, args)?;
        let is_shut = self.is_shut();
        let State::Binary(binary) = self.state.borrow_mut() else { return Err(self.not_ready(vm)) };
        if is_shut {
            let class = vm.type_of(this);
            let is_buffered = !Class::FileIO.is_base_of(class) && !Class::BytesIO.is_base_of(class);
            let message = match what {
                "write" if is_buffered => "write to closed file".to_string(),
                "read" | "read1" | "readinto" | "readinto1" if is_buffered => "read of closed file".to_string(),
                "readline" | "peek" | "seek" | "tell" | "truncate" | "flush" if is_buffered => {
                    format!("{what} of closed file")
                }
                _ => "I/O operation on closed file.".to_string(),
            };
            return Err(vm.value_error(message));
        }
        match &binary.place.handle {
            // Somebody closed the descriptor.
            Some(handle)
                if !handle.is_open() && !matches!(what, "fileno" | "readable" | "writable" | "seekable" | "flush") =>
            {
                Err(vm.os_error(Errno::EBADF, None))
            }
            _ => Ok(binary),
        }
    }

    fn readable_binary(&self, vm: &Vm, this: &Value, what: &'static str, args: &[&Value]) -> PyResult<&mut Binary> {
        let binary = self.binary(vm, this, what, args)?;
        if !binary.readable {
            let raw = Class::FileIO.is_base_of(vm.type_of(this));
            return Err(unsupported(vm, if raw { "File not open for reading" } else { "read" }));
        }
        Ok(binary)
    }

    fn take(&self, count: usize) -> Vec<u8> {
        let State::Binary(binary) = self.state.borrow_mut() else { return Vec::new() };
        let piece = binary.available();
        let piece = piece[..count.min(piece.len())].to_vec();
        binary.consume(piece.len());
        piece
    }
}

/// Reads once enough is there.
fn read(vm: &Vm, this: &Ref<IoObject>, want: Want) -> PyResult<Vec<u8>> {
    let State::Binary(binary) = this.state.borrow() else { return Err(this.not_ready(vm)) };
    let available = binary.available();
    let count = match want {
        Want::Bytes(count) => count.min(available.len()),
        Want::Line(end) => available.iter().position(|&byte| byte == end).map_or(available.len(), |at| at + 1),
        Want::LineWithin(end, limit) => {
            let near = &available[..limit.min(available.len())];
            near.iter().position(|&byte| byte == end).map_or(near.len(), |at| at + 1)
        }
        Want::All | Want::Some => available.len(),
    };
    vm.check_memory(count)?;
    Ok(this.take(count))
}

/// `Ok` at once for files; else after asking the source.
fn read_or_wait(vm: &Vm, this: &Ref<IoObject>, want: Want) -> PyResult {
    let ready = match this.state.borrow() {
        State::Binary(binary) => binary.is_complete() || want.is_satisfied(binary.available()),
        _ => true,
    };
    if ready {
        return read(vm, this, want).map(bytes);
    }
    let (vm, this) = (vm.handle(), this.clone());
    Err(vm.defer(async move {
        fill(&vm, &this, want).await?;
        read(&vm, &this, want).map(bytes)
    }))
}

/// How much a read of `size` bytes wants: all of them, or with `once` what one question to the source brings.
fn want_of(binary: &Binary, size: Option<usize>, once: bool) -> Want {
    match size {
        Some(size) if !once || binary.file().is_some() => Want::Bytes(size),
        Some(size) => Want::Bytes(size.min(binary.available().len().max(1))),
        None if once && binary.file().is_some() => Want::Bytes(131_072),
        None if once => Want::Some,
        None => Want::All,
    }
}

/// A memoryview of an object whose class lends its memory by a `__buffer__` in Python; the method is called again with it.
fn lent(vm: &Vm, this: &Ref<IoObject>, method: &'static str, object: &Value) -> PyResult<()> {
    if ArgBytes::of(object).is_some() || vm.lookup_special(object, &crate::name!(__buffer__)).is_none() {
        return Ok(());
    }
    let (vm, this, object) = (vm.handle(), this.clone(), object.clone());
    Err(vm.defer(async move {
        let view = vm.call(MemoryView::type_object().as_value(), vec![object]).await?;
        super::layers::call(&vm, this.as_value(), method, vec![view]).await
    }))
}

/// `readinto` and `readinto1`
fn read_into(vm: &Vm, this: &Ref<IoObject>, buffer: &Value, method: &'static str) -> PyResult {
    let binary = this.readable_binary(vm, this.as_value(), method, &[buffer])?;
    lent(vm, this, method, buffer)?;
    let Some(length) = buffer::writable_length(buffer) else {
        let got = vm.type_name(buffer);
        return Err(vm.type_error(format!("{method}() argument must be read-write bytes-like object, not {got}")));
    };
    let once = method == "readinto1" || Class::FileIO.is_base_of(vm.type_of(this.as_value()));
    let want = want_of(binary, Some(length), once);
    let (vm, this, buffer) = (vm.handle(), this.clone(), buffer.clone());
    let copy = move |vm: &Vm, this: &Ref<IoObject>| {
        let piece = read(vm, this, want)?;
        if buffer::writable_length(&buffer).is_some_and(|length| length >= piece.len()) {
            buffer::write_at(&buffer, 0, &piece);
        }
        Ok(Value::from_usize(piece.len()))
    };
    if binary.is_complete() || want.is_satisfied(binary.available()) {
        return copy(&vm, &this);
    }
    Err(vm.defer(async move {
        fill(&vm, &this, want).await?;
        copy(&vm, &this)
    }))
}

/// Closes a binary stream that has been flushed.
fn finish_close(vm: &Vm, this: &IoObject) -> PyResult {
    let State::Binary(binary) = this.state.borrow_mut() else { return Ok(Value::NONE) };
    if this.closed.replace(true) {
        return Ok(Value::NONE);
    }
    if let Some(raw) = binary.raw.downcast::<IoObject>() {
        raw.closed.set(true);
    }
    if let Some(handle) = binary.place.handle.take() {
        handle.close().map_err(|error| vm.os_error(error, None))?;
    }
    if matches!(&*binary.place.source, Source::Pipe(_)) {
        // The pipe's other side is to see that this one has gone.
        binary.place.source = Rc::new(Source::File(Rc::default()));
    }
    Ok(Value::NONE)
}

/// What all binary streams can do.
#[methods(block = BINARY)]
impl IoObject {
    /// Read and return up to size bytes; everything if size is negative or None.
    #[method("read(self, size=-1, /)")]
    fn binary_read(vm: &Vm, this: Ref<IoObject>, size: Option<Size>) -> PyResult {
        let binary = this.readable_binary(vm, this.as_value(), "read", &[&Size::value(size)])?;
        let once = size.is_some() && Class::FileIO.is_base_of(vm.type_of(this.as_value()));
        let want = want_of(binary, Size::limit(size), once && Size::limit(size).is_some());
        read_or_wait(vm, &this, want)
    }

    /// Read and return up to size bytes, with at most one read of the source.
    #[method("read1(self, size=-1, /)")]
    fn read1(vm: &Vm, this: Ref<IoObject>, size: Option<Size>) -> PyResult {
        let binary = this.readable_binary(vm, this.as_value(), "read1", &[&Size::value(size)])?;
        read_or_wait(vm, &this, want_of(binary, Size::limit(size), true))
    }

    /// Read and return all bytes until the end.
    #[method("readall(self, /)")]
    fn readall(vm: &Vm, this: Ref<IoObject>) -> PyResult {
        this.readable_binary(vm, this.as_value(), "readall", &[])?;
        read_or_wait(vm, &this, Want::All)
    }

    /// Return bytes from the stream without advancing the position.
    #[method("peek(self, size=0, /)")]
    fn peek(vm: &Vm, this: &Value, size: isize) -> PyResult {
        let Some(stream) = this.to_ref::<IoObject>() else { return Ok(Value::NONE) };
        let binary = stream.readable_binary(vm, this, "peek", &[&Value::from_i64(size as i64)])?;
        let peek = move |binary: &Binary| {
            let available = binary.available();
            bytes(available[..available.len().min(8192)].to_vec())
        };
        if binary.is_complete() || !binary.available().is_empty() {
            return Ok(peek(binary));
        }
        let vm = vm.handle();
        Err(vm.defer(async move {
            fill(&vm, &stream, Want::Some).await?;
            match stream.state.borrow() {
                State::Binary(binary) => Ok(peek(binary)),
                _ => Err(stream.not_ready(&vm)),
            }
        }))
    }

    /// Read bytes into a buffer and return their number.
    #[method("readinto(self, buffer, /)")]
    fn readinto(vm: &Vm, this: Ref<IoObject>, buffer: &Value) -> PyResult {
        read_into(vm, &this, buffer, "readinto")
    }

    /// Read bytes into a buffer, with at most one read of the source, and return their number.
    #[method("readinto1(self, buffer, /)")]
    fn readinto1(vm: &Vm, this: Ref<IoObject>, buffer: &Value) -> PyResult {
        read_into(vm, &this, buffer, "readinto1")
    }

    /// Read and return one line, at most size bytes of it.
    #[method("readline(self, size=-1, /)")]
    fn binary_readline(vm: &Vm, this: Ref<IoObject>, size: Option<Size>) -> PyResult {
        let limit = Size::limit(size);
        let binary = this.readable_binary(vm, this.as_value(), "readline", &[&Size::value(size)])?;
        let available = binary.available();
        let line = available.iter().position(|&byte| byte == b'\n').map(|at| at + 1);
        match (line, limit) {
            (Some(line), Some(limit)) => Ok(bytes(this.take(line.min(limit)))),
            (None, Some(limit)) => read_or_wait(vm, &this, Want::LineWithin(b'\n', limit)),
            (_, None) => read_or_wait(vm, &this, Want::Line(b'\n')),
        }
    }

    #[slot(next)]
    fn binary_next(vm: &Vm, this: &Value) -> PyResult {
        let exact = [Class::BufferedReader, Class::BufferedRandom, Class::BytesIO, Class::FileIO];
        let Some(stream) = this.to_ref::<IoObject>() else { return Ok(Value::UNBOUND) };
        if exact.iter().any(|&class| stream.is_exactly(this, class)) {
            if let State::Layer(layer) = stream.state.borrow() {
                let (vm, layer) = (vm.handle(), layer.clone());
                return Err(vm.defer(async move { Ok(vm.next(&layer).await?.unwrap_or(Value::UNBOUND)) }));
            }
            let binary = stream.readable_binary(vm, this, "readline", &[])?;
            if binary.is_complete() {
                let line = read(vm, &stream, Want::Line(b'\n'))?;
                return Ok(if line.is_empty() { Value::UNBOUND } else { bytes(line) });
            }
        }
        let (vm, this) = (vm.handle(), this.clone());
        Err(vm.defer(async move {
            let readline = vm.attr(&this, "readline").await?;
            let line = vm.call(&readline, Vec::new()).await?;
            Ok(if vm.truth(&line).await? { line } else { Value::UNBOUND })
        }))
    }

    /// Write bytes to the stream and return their number.
    #[method("write(self, b, /)")]
    fn binary_write(vm: &Vm, this: Ref<IoObject>, b: &Value) -> PyResult {
        if ArgBytes::of(b).is_none() && vm.lookup_special(b, &crate::name!(__buffer__)).is_none() {
            let got = vm.type_name(b);
            return Err(vm.type_error(format!("a bytes-like object is required, not '{got}'")));
        }
        let binary = this.binary(vm, this.as_value(), "write", &[b])?;
        lent(vm, &this, "write", b)?;
        if !binary.writable {
            let raw = Class::FileIO.is_base_of(vm.type_of(this.as_value()));
            return Err(unsupported(vm, if raw { "File not open for writing" } else { "write" }));
        }
        write(vm, &this, b)
    }

    /// Change the stream position and return the new one.
    ///
    /// whence is 0 for the start of the stream, 1 for the current position, 2 for the end.
    #[method("seek(self, offset, whence=0, /)")]
    fn binary_seek(vm: &Vm, this: Ref<IoObject>, offset: i64, whence: i64) -> PyResult {
        let args = [&Value::from_i64(offset), &Value::from_i64(whence)];
        let binary = this.binary(vm, this.as_value(), "seek", &args)?;
        let in_memory = Class::BytesIO.is_base_of(vm.type_of(this.as_value()));
        if binary.file().is_none() {
            return Err(unsupported(vm, "File or stream is not seekable."));
        }
        if in_memory && whence == 0 && offset < 0 {
            return Err(vm.value_error(format!("negative seek value {offset}")));
        }
        let target = target(vm, binary, offset, whence, in_memory)?;
        binary.place.position.set(target);
        Ok(Value::from_usize(target))
    }

    /// Return the stream position.
    #[method("tell(self, /)")]
    fn binary_tell(vm: &Vm, this: &Value) -> PyResult<usize> {
        let Some(stream) = this.downcast::<IoObject>() else { return Ok(0) };
        let binary = stream.binary(vm, this, "tell", &[])?;
        match (&*binary.place.source, binary.appending) {
            (Source::Standard(_) | Source::Input | Source::Pipe(_), _) => {
                Err(unsupported(vm, "File or stream is not seekable."))
            }
            _ => Ok(binary.place.position.get()),
        }
    }

    /// Resize the file to size bytes, the current position by default.
    #[method("truncate(self, size=None, /)")]
    fn binary_truncate(vm: &Vm, this: &Value, size: Option<i64>) -> PyResult<usize> {
        let Some(stream) = this.downcast::<IoObject>() else { return Ok(0) };
        let argument = size.map_or(Value::NONE, Value::from_i64);
        let binary = stream.binary(vm, this, "truncate", &[&argument])?;
        if !binary.writable {
            let raw = Class::FileIO.is_base_of(vm.type_of(this));
            return Err(unsupported(vm, if raw { "File not open for writing" } else { "truncate" }));
        }
        let size = match size {
            None => binary.place.position.get(),
            Some(size) => match usize::try_from(size) {
                Ok(size) => size,
                Err(_) if Class::BytesIO.is_base_of(vm.type_of(this)) => {
                    return Err(vm.value_error(format!("negative size value {size}")));
                }
                Err(_) => return Err(vm.os_error(Errno::EINVAL, None)),
            },
        };
        if binary.file().is_none() {
            return Err(unsupported(vm, "File or stream is not seekable."));
        }
        if let Some(file) = binary.file() {
            buffer::check_resizable(vm, &file.exports)?;
            file.about.touch(vm.host().time());
            let contents = file.bytes.borrow_mut();
            if size > contents.len() && !Class::BytesIO.is_base_of(vm.type_of(this)) {
                vm.reserve(contents, size - contents.len())?;
                contents.resize(size, 0);
            } else {
                contents.truncate(size);
            }
        }
        Ok(size)
    }

    /// Close the stream. Further operations raise ValueError.
    #[method("close(self, /)")]
    fn binary_close(vm: &Vm, this: Ref<IoObject>) -> PyResult {
        if let State::Layer(layer) = this.state.borrow()
            && IoObject::has_own_flush(vm, &this)
        {
            let (vm, layer) = (vm.handle(), layer.clone());
            return Err(vm.defer(async move {
                if IoObject::is_closed(&vm, &this).await? {
                    return Ok(Value::NONE);
                }
                let close = async || super::layers::call(&vm, &layer, "close", Vec::new()).await;
                super::layers::close_flushed(&vm, this.as_value(), close).await
            }));
        }
        pass(vm, &this, "close", &[])?;
        if let State::Detached = this.state.borrow() {
            return Err(this.not_ready(vm));
        }
        let State::Binary(binary) = this.state.borrow_mut() else { return Ok(Value::NONE) };
        if let Some(file) = binary.file().filter(|_| Class::BytesIO.is_base_of(vm.type_of(this.as_value()))) {
            buffer::check_resizable(vm, &file.exports)?;
        }
        if !this.closed.get() && IoObject::has_own_flush(vm, &this) {
            let vm = vm.handle();
            return Err(vm.defer(async move {
                let close = async || finish_close(&vm, &this);
                super::layers::close_flushed(&vm, this.as_value(), close).await
            }));
        }
        finish_close(vm, &this)
    }

    /// Write what is buffered to the source.
    #[method("flush(self, /)")]
    fn binary_flush(vm: &Vm, this: &Value) -> PyResult<()> {
        let Some(stream) = this.downcast::<IoObject>() else { return Ok(()) };
        stream.binary(vm, this, "flush", &[]).map(drop)
    }

    /// Return whether the stream can be read.
    #[method("readable(self, /)")]
    fn binary_readable(vm: &Vm, this: &Value) -> PyResult<bool> {
        let Some(stream) = this.downcast::<IoObject>() else { return Ok(false) };
        stream.binary(vm, this, "readable", &[]).map(|binary| binary.readable)
    }

    /// Return whether the stream can be written.
    #[method("writable(self, /)")]
    fn binary_writable(vm: &Vm, this: &Value) -> PyResult<bool> {
        let Some(stream) = this.downcast::<IoObject>() else { return Ok(false) };
        stream.binary(vm, this, "writable", &[]).map(|binary| binary.writable)
    }

    /// Return whether the position can be changed.
    #[method("seekable(self, /)")]
    fn binary_seekable(vm: &Vm, this: &Value) -> PyResult<bool> {
        let Some(stream) = this.downcast::<IoObject>() else { return Ok(false) };
        stream.binary(vm, this, "seekable", &[]).map(|binary| binary.file().is_some())
    }
}

#[methods(block = FILE_IO)]
impl IoObject {
    #[init("FileIO(self, file, mode='r', closefd=True, opener=None)")]
    async fn init_file(
        vm: VmRef,
        this: Ref<IoObject>,
        file: Value,
        mode: String,
        closefd: bool,
        opener: Value,
    ) -> PyResult<()> {
        let mode = super::open::Mode::parse(&vm, &mode.replacen('b', "", 1))?;
        let binary = super::open::open_binary(&vm, &file, mode, closefd, &opener).await?;
        this.state.set(State::Binary(binary));
        this.closed.set(false);
        Ok(())
    }

    /// Return the underlying file descriptor.
    #[method("fileno(self, /)")]
    fn file_number(vm: &Vm, this: &Value) -> PyResult<i64> {
        number_of(vm, this)
    }

    #[getter("closefd")]
    fn closefd(this: &IoObject) -> bool {
        match this.state.borrow() {
            State::Binary(binary) => binary.place.handle.as_ref().is_none_or(|handle| handle.owned.get()),
            _ => true,
        }
    }

    #[getter("mode")]
    fn file_mode(this: &IoObject) -> &'static str {
        match this.state.borrow() {
            State::Binary(binary) => binary.mode,
            _ => "",
        }
    }

    #[getter("name")]
    fn file_name(vm: &Vm, this: &IoObject) -> PyResult {
        name_of(vm, this)
    }

    #[getter("_blksize")]
    fn block_size(this: &IoObject) -> i64 {
        let _ = this;
        4096
    }

    #[setter("name")]
    fn set_file_name(_vm: &Vm, this: &IoObject, value: Option<&Value>) -> PyResult<()> {
        if let State::Binary(binary) = this.state.borrow() {
            binary.place.name.set(value.cloned().unwrap_or(Value::UNBOUND));
        }
        Ok(())
    }

    #[slot(repr)]
    async fn file_repr(vm: VmRef, this: Ref<IoObject>) -> PyResult<String> {
        let class = shown_class(&vm, &this);
        let State::Binary(binary) = this.state.borrow() else { return Ok(format!("<{class} [uninitialized]>")) };
        if this.closed.get() {
            return Ok(format!("<{class} [closed]>"));
        }
        let (name, mode) = (binary.place.name.get(), binary.mode);
        let owned = if IoObject::closefd(&this) { "True" } else { "False" };
        if name.is_unbound() {
            let number = number_of(&vm, this.as_value())?;
            return Ok(format!("<{class} fd={number} mode='{mode}' closefd={owned}>"));
        }
        let name = shown_name(&vm, &this, &name).await?;
        Ok(format!("<{class} name={name} mode='{mode}' closefd={owned}>"))
    }
}

/// A class as `repr` shows it: those of `_io` with their module.
pub fn shown_class(vm: &Vm, this: &Ref<IoObject>) -> String {
    let name = vm.class_name(this.as_value());
    if vm.type_of(this.as_value()).has_flag(TypeFlags::HEAP) { name.to_string() } else { format!("_io.{name}") }
}

/// A stream's name for its `repr`, which may be that of the stream itself.
pub async fn shown_name(vm: &Vm, this: &Ref<IoObject>, name: &Value) -> PyResult<String> {
    let Some(_guard) = crate::protocol::sequence_repr::Entered::new(vm, this.as_value()) else {
        let class = shown_class(vm, this);
        return Err(vm.runtime_error(format!("reentrant call inside {class}.__repr__")));
    };
    Ok(vm.repr(name).await?.to_string_lossy().to_string())
}

fn name_of(vm: &Vm, stream: &IoObject) -> PyResult {
    pass_attribute(vm, stream, "name")?;
    match stream.state.borrow() {
        State::Binary(binary) if !binary.place.name.borrow().is_unbound() => Ok(binary.place.name.get()),
        _ => Err(vm.error(Exc::AttributeError, "name")),
    }
}

/// The number of a stream's file descriptor.
pub fn number_of(vm: &Vm, this: &Value) -> PyResult<i64> {
    let Some(stream) = this.downcast::<IoObject>() else { return Ok(-1) };
    stream.binary(vm, this, "fileno", &[]).map(|binary| match &*binary.place.source {
        Source::Input => 0,
        Source::Standard(Stream::Stdout) => 1,
        Source::Standard(Stream::Stderr) => 2,
        _ => binary.place.handle.as_ref().map_or(-1, |handle| handle.number.into()),
    })
}

#[methods(block = BUFFERED)]
impl IoObject {
    #[init("BufferedReader(self, raw, buffer_size=131072)")]
    async fn init_buffered(vm: VmRef, this: Ref<IoObject>, raw: Value, buffer_size: i64) -> PyResult<()> {
        // Closed and detached objects may be initialized again; until that succeeds they are not.
        super::layers::retire(&vm, &this).await;
        this.state.set(State::Plain);
        this.closed.set(false);
        let class = vm.class_of(this.as_value());
        let reads = !Class::BufferedWriter.is_base_of(&class);
        let writes = !Class::BufferedReader.is_base_of(&class);
        let shared = raw.to_ref::<IoObject>().filter(|stream| !IoObject::is_customized(stream, &vm));
        let shared = shared.and_then(|stream| match stream.state.borrow() {
            State::Binary(binary)
                if !stream.is_shut() && (binary.readable || !reads) && (binary.writable || !writes) =>
            {
                let mut over = Binary::new(Source::Input, reads, writes, Value::NONE, binary.mode);
                (over.place, over.appending) = (binary.place.clone(), binary.appending);
                Some(over)
            }
            _ => None,
        });
        let state = match shared {
            Some(_) if buffer_size <= 0 => return Err(vm.value_error("buffer size must be strictly positive")),
            Some(mut binary) => {
                binary.raw = raw;
                State::Binary(binary)
            }
            None => {
                let kind = match (reads, writes) {
                    (true, true) => "BufferedRandom",
                    (true, false) => "BufferedReader",
                    _ => "BufferedWriter",
                };
                super::layers::make(&vm, kind, vec![raw, Value::from_i64(buffer_size)]).await?
            }
        };
        this.state.set(state);
        Ok(())
    }

    /// Return the underlying file descriptor.
    #[method("fileno(self, /)")]
    fn buffered_number(vm: &Vm, this: &Value) -> PyResult<i64> {
        number_of(vm, this)
    }

    /// The stream below.
    #[getter("raw")]
    fn raw(vm: &Vm, this: &IoObject) -> PyResult {
        pass_attribute(vm, this, "raw")?;
        let State::Binary(binary) = this.state.borrow_mut() else { return Err(this.not_ready(vm)) };
        if !binary.raw.is_none() {
            return Ok(binary.raw.clone());
        }
        let mut raw =
            Binary::new(Source::Input, binary.readable, binary.writable, binary.place.name.get(), binary.mode);
        raw.place = binary.place.clone();
        binary.raw = Class::FileIO.make(State::Binary(raw)).into_value();
        Ok(binary.raw.clone())
    }

    /// Separate the stream from the one below and return that.
    #[method("detach(self, /)")]
    fn binary_detach(vm: &Vm, this: Ref<IoObject>) -> PyResult {
        pass_detach(vm, this.clone())?;
        this.check_open(vm)?;
        let raw = IoObject::raw(vm, &this)?;
        this.state.set(State::Detached);
        Ok(raw)
    }

    #[getter("name")]
    fn buffered_name(vm: &Vm, this: &IoObject) -> PyResult {
        name_of(vm, this)
    }

    #[getter("mode")]
    fn buffered_mode(vm: &Vm, this: &IoObject) -> PyResult<&'static str> {
        pass_attribute(vm, this, "mode")?;
        match this.state.borrow() {
            State::Binary(binary) => Ok(binary.mode),
            _ => Err(this.not_ready(vm)),
        }
    }

    #[slot(repr)]
    async fn buffered_repr(vm: VmRef, this: Ref<IoObject>) -> PyResult<String> {
        let class = shown_class(&vm, &this);
        match vm.attr(this.as_value(), "name").await {
            Ok(name) => {
                let name = shown_name(&vm, &this, &name).await?;
                Ok(format!("<{class} name={name}>"))
            }
            Err(raised) => match vm.catch(Exc::AttributeError).or_else(|| vm.catch(Exc::ValueError)) {
                Some(_) => Ok(format!("<{class}>")),
                None => Err(raised),
            },
        }
    }
}

#[methods(block = PAIR)]
impl IoObject {
    #[init("BufferedRWPair(self, reader, writer, buffer_size=131072, /)", text = none)]
    async fn init_pair(vm: VmRef, this: Ref<IoObject>, reader: Value, writer: Value, buffer_size: i64) -> PyResult<()> {
        let args = vec![reader, writer, Value::from_i64(buffer_size)];
        this.state.set(super::layers::make(&vm, "BufferedRWPair", args).await?);
        this.closed.set(false);
        Ok(())
    }
}

#[methods(block = BYTES_IO)]
impl IoObject {
    #[init("BytesIO(self, initial_bytes=b'')", text = none)]
    fn init_bytes(vm: &Vm, this: &IoObject, initial_bytes: Option<&Value>) -> PyResult<()> {
        let contents = match initial_bytes {
            Some(initial) if !initial.is_none() => match ArgBytes::of(initial) {
                Some(contents) => contents.to_vec(),
                None => {
                    let got = vm.type_name(initial);
                    return Err(vm.type_error(format!("a bytes-like object is required, not '{got}'")));
                }
            },
            _ => Vec::new(),
        };
        if let State::Binary(old) = this.state.borrow()
            && let Some(file) = old.file()
        {
            buffer::check_resizable(vm, &file.exports)?;
        }
        let file = File::default();
        file.bytes.set(contents);
        this.state.set(State::Binary(Binary::new(Source::File(Rc::new(file)), true, true, Value::UNBOUND, "rb+")));
        this.closed.set(false);
        Ok(())
    }

    #[method("__getstate__(self, /)")]
    async fn bytes_state(vm: VmRef, this: Ref<IoObject>) -> PyResult {
        let binary = this.binary(&vm, this.as_value(), "__getstate__", &[])?;
        let contents = binary.file().map_or(Vec::new(), |file| file.bytes.get());
        let position = Value::from_usize(binary.place.position.get());
        let attributes = super::memory::attributes(&vm, &this).await?;
        Ok(Value::from_tuple(vec![bytes(contents), position, attributes]))
    }

    #[method("__setstate__(self, state, /)")]
    async fn set_bytes_state(vm: VmRef, this: Ref<IoObject>, state: Value) -> PyResult<()> {
        if !matches!(this.state.borrow(), State::Plain) {
            this.binary(&vm, this.as_value(), "__setstate__", &[])?;
        }
        let items = state.downcast::<Tuple>().map(|items| items.items().to_vec());
        let Some([contents, position, attributes]) = items.as_deref() else {
            return Err(super::memory::bad_state(&vm, &this, &state, 3));
        };
        IoObject::init_bytes(&vm, &this, Some(contents))?;
        let at = super::memory::position(&vm, position)?;
        if let State::Binary(binary) = this.state.borrow() {
            binary.place.position.set(at);
        }
        super::memory::set_attributes(&vm, &this, attributes).await
    }

    /// Retrieve the entire contents of the BytesIO object.
    #[method("getvalue(self, /)")]
    fn getvalue(vm: &Vm, this: &Value) -> PyResult {
        let Some(stream) = this.downcast::<IoObject>() else { return Ok(Value::NONE) };
        let binary = stream.binary(vm, this, "getvalue", &[])?;
        let contents = binary.file().map_or(Vec::new(), |file| file.bytes.get());
        Ok(bytes(contents))
    }

    /// Get a read-write view over the contents of the BytesIO object.
    #[method("getbuffer(self, /)")]
    fn getbuffer(vm: &Vm, this: Ref<IoObject>) -> PyResult {
        thread_local! { static KNOWN: Cell<bool> = const { Cell::new(false) }; }
        this.binary(vm, this.as_value(), "getbuffer", &[])?;
        if !KNOWN.replace(true) {
            buffer::register(exported_memory);
        }
        let view = MemoryView::of(vm, &BytesIOBuffer { stream: this }.into_value())?;
        Ok(view.into_value())
    }
}

/// What a view of a BytesIO object's contents looks at.
#[native_type(name = "_BytesIOBuffer", module = "_io")]
struct BytesIOBuffer {
    stream: Ref<IoObject>,
}

fn exported_memory(value: &Value) -> Option<buffer::Exported<'_>> {
    let State::Binary(binary) = value.downcast::<BytesIOBuffer>()?.stream.state.borrow() else { return None };
    let file = binary.file()?;
    Some(buffer::Exported { bytes: &file.bytes, exports: &file.exports, format: b'B' })
}
