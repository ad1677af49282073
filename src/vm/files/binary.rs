//! Binary streams: `FileIO`, `BufferedReader` and its like, `BytesIO`.
//!
//! Files live in memory, so nothing is buffered for them: what is written is in the file at once. Only standard input and streams
//! over objects of Python classes have to be asked for more; [`fill`] does that.

use std::cell::Cell;
use std::rc::Rc;

use snakelet_macros::{methods, native_type};

use super::File;
use super::descriptors::{Handle, PipeEnd};
use super::errno::Errno;
use super::stream::{Class, IoObject, State, unsupported};
use crate::errors::Exc;
use crate::host::Stream;
use crate::native::ArgBytes;
use crate::object::{Native, Ref, Traverse, Visitor, VmCell};
use crate::types::buffer;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::memoryview::MemoryView;
use crate::{PyResult, Value, Vm, VmRef};

/// Where bytes come from and go to.
pub enum Source {
    File(Rc<File>),
    /// Output of the embedder.
    Standard(Stream),
    /// Lines of the embedder.
    Input,
    /// An object with methods `read` and `write`.
    Object(Value),
    /// One object to read from and one to write to.
    Pair(Value, Value),
    Pipe(Rc<PipeEnd>),
}

/// A place in a file, shared by a buffered stream and its raw one.
#[derive(Clone)]
pub struct Place {
    pub source: Rc<Source>,
    pub position: Rc<Cell<usize>>,
    /// The file descriptor, if the stream has one.
    pub handle: Option<Rc<Handle>>,
    /// What the stream is called: a path, a number or a label. Shared, so the collector leaves it alone.
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
}

impl Binary {
    pub fn traverse(&self, visitor: &mut Visitor<'_>) {
        match &*self.place.source {
            Source::Object(object) => object.traverse(visitor),
            Source::Pair(reader, writer) => {
                reader.traverse(visitor);
                writer.traverse(visitor);
            }
            _ => {}
        }
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
            Source::Object(object) | Source::Pair(object, _) => read_object(vm, object).await?,
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

async fn read_object(vm: &Vm, object: &Value) -> PyResult<Vec<u8>> {
    let size = Value::small_int(8192);
    let read = match vm.attr_opt(object, &crate::name!(read1)).await? {
        Some(read) => read,
        None => vm.attr(object, "read").await?,
    };
    let piece = vm.call(&read, vec![size]).await?;
    if piece.is_none() {
        return Ok(Vec::new());
    }
    match ArgBytes::of(&piece) {
        Some(piece) => Ok(piece.to_vec()),
        None => {
            let got = vm.type_name(&piece);
            Err(vm.type_error(format!("underlying read() should have returned a bytes-like object, not '{got}'")))
        }
    }
}

/// Writes bytes wherever the stream leads. May defer.
pub fn write(vm: &Vm, stream: &Ref<IoObject>, contents: &Value) -> PyResult {
    let Some(data) = ArgBytes::of(contents) else {
        let got = vm.type_name(contents);
        return Err(vm.type_error(format!("a bytes-like object is required, not '{got}'")));
    };
    let count = Value::from_usize(data.len());
    let State::Binary(binary) = stream.state.borrow() else { return Err(not_initialized(vm)) };
    match &*binary.place.source {
        Source::File(_) => {
            binary.write_file(vm, &data)?;
            Ok(count)
        }
        Source::Standard(target) => {
            vm.write(*target, &String::from_utf8_lossy(&data));
            Ok(count)
        }
        Source::Pipe(end) => end.write(vm, &data).map(|()| count),
        Source::Input => Err(unsupported(vm, "write")),
        Source::Object(object) | Source::Pair(_, object) => {
            let (vm, object, contents) = (vm.handle(), object.clone(), contents.clone());
            Err(vm.defer(async move {
                let write = vm.attr(&object, "write").await?;
                vm.call(&write, vec![contents]).await?;
                Ok(count)
            }))
        }
    }
}

fn not_initialized(vm: &Vm) -> crate::Raised {
    vm.value_error("I/O operation on uninitialized object")
}

/// Turns a position given by (offset, whence) into one counted from the start.
fn target(vm: &Vm, binary: &Binary, offset: i64, whence: i64) -> PyResult<usize> {
    let base = match whence {
        0 => 0,
        1 => binary.place.position.get() as i64,
        2 => binary.file().map_or(0, |file| file.bytes.borrow().len() as i64),
        _ => {
            return Err(vm.value_error(format!("invalid whence ({whence}, should be 0, 1 or 2)")));
        }
    };
    match usize::try_from(base.saturating_add(offset)) {
        Ok(target) => Ok(target),
        Err(_) => Err(vm.os_error(Errno::EINVAL, None)),
    }
}

impl IoObject {
    /// The binary state, of a stream that is open; `what` is the operation.
    fn binary(&self, vm: &Vm, this: &Value, what: &str) -> PyResult<&mut Binary> {
        let State::Binary(binary) = self.state.borrow_mut() else { return Err(not_initialized(vm)) };
        if self.closed.get() {
            let class = vm.type_of(this);
            let is_buffered = !Class::FileIO.is_base_of(class) && !Class::BytesIO.is_base_of(class);
            let message = match what {
                "write" if is_buffered => "write to closed file".to_string(),
                _ if is_buffered && !what.is_empty() => format!("{what} of closed file"),
                _ => "I/O operation on closed file.".to_string(),
            };
            return Err(vm.value_error(message));
        }
        Ok(binary)
    }

    fn readable_binary(&self, vm: &Vm, this: &Value, what: &str) -> PyResult<&mut Binary> {
        let binary = self.binary(vm, this, what)?;
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
    let State::Binary(binary) = this.state.borrow() else { return Err(not_initialized(vm)) };
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

/// The optional size argument of `read` and its like; negative and None mean everything.
fn size_of(vm: &Vm, size: Option<&Value>) -> PyResult<Option<usize>> {
    match size {
        None => Ok(None),
        Some(size) if size.is_none() => Ok(None),
        Some(size) => match size.to_i64() {
            Some(size) => Ok(usize::try_from(size).ok()),
            None if size.is_int() => Err(vm.overflow_error("cannot fit 'int' into an index-sized integer")),
            None => {
                let got = vm.type_name(size);
                Err(vm.type_error(format!("argument should be integer or None, not '{got}'")))
            }
        },
    }
}

/// What all binary streams can do.
#[methods(block = BINARY)]
impl IoObject {
    /// Read and return up to size bytes; everything if size is negative or None.
    #[method("read(self, size=-1, /)")]
    fn binary_read(vm: &Vm, this: Ref<IoObject>, size: Option<&Value>) -> PyResult {
        this.readable_binary(vm, this.as_value(), "read")?;
        let want = size_of(vm, size)?.map_or(Want::All, Want::Bytes);
        read_or_wait(vm, &this, want)
    }

    /// Read and return up to size bytes, with at most one read of the source.
    #[method("read1(self, size=-1, /)")]
    fn read1(vm: &Vm, this: Ref<IoObject>, size: Option<&Value>) -> PyResult {
        let binary = this.readable_binary(vm, this.as_value(), "read")?;
        let want = match size_of(vm, size)? {
            Some(size) if binary.file().is_some() => Want::Bytes(size),
            Some(size) => Want::Bytes(size.min(binary.available().len().max(1))),
            None => Want::Some,
        };
        read_or_wait(vm, &this, want)
    }

    /// Read and return all bytes until the end.
    #[method("readall(self, /)")]
    fn readall(vm: &Vm, this: Ref<IoObject>) -> PyResult {
        this.readable_binary(vm, this.as_value(), "read")?;
        read_or_wait(vm, &this, Want::All)
    }

    /// Return bytes from the stream without advancing the position.
    #[method("peek(self, size=0, /)")]
    fn peek(vm: &Vm, this: &Value, size: isize) -> PyResult {
        let _ = size;
        let Some(stream) = this.downcast::<IoObject>() else { return Ok(Value::NONE) };
        let binary = stream.readable_binary(vm, this, "peek")?;
        let available = binary.available();
        Ok(bytes(available[..available.len().min(8192)].to_vec()))
    }

    /// Read bytes into a buffer and return their number.
    #[method("readinto(self, buffer, /)")]
    fn readinto(vm: &Vm, this: Ref<IoObject>, buffer: Ref<ByteArray>) -> PyResult {
        this.readable_binary(vm, this.as_value(), "read")?;
        let (vm, want) = (vm.handle(), Want::Bytes(buffer.bytes.borrow().len()));
        Err(vm.defer(async move {
            fill(&vm, &this, want).await?;
            let piece = read(&vm, &this, want)?;
            buffer.bytes.borrow_mut()[..piece.len()].copy_from_slice(&piece);
            Ok(Value::from_usize(piece.len()))
        }))
    }

    /// Read and return one line, at most size bytes of it.
    #[method("readline(self, size=-1, /)")]
    fn binary_readline(vm: &Vm, this: Ref<IoObject>, size: Option<&Value>) -> PyResult {
        this.readable_binary(vm, this.as_value(), "readline")?;
        let limit = size_of(vm, size)?;
        let State::Binary(binary) = this.state.borrow() else { return Err(not_initialized(vm)) };
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
            let binary = stream.readable_binary(vm, this, "readline")?;
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
        let binary = this.binary(vm, this.as_value(), "write")?;
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
        let binary = this.binary(vm, this.as_value(), "seek")?;
        if let Source::Object(object) = &*binary.place.source {
            let object = object.clone();
            binary.pending.clear();
            binary.at_end = false;
            let vm = vm.handle();
            return Err(vm.defer(async move {
                let seek = vm.attr(&object, "seek").await?;
                vm.call(&seek, vec![Value::from_i64(offset), Value::from_i64(whence)]).await
            }));
        }
        if binary.file().is_none() {
            return Err(unsupported(vm, "File or stream is not seekable."));
        }
        if Class::BytesIO.is_base_of(vm.type_of(this.as_value())) && whence == 0 && offset < 0 {
            return Err(vm.value_error(format!("negative seek value {offset}")));
        }
        let target = target(vm, binary, offset, whence)?;
        binary.place.position.set(target);
        Ok(Value::from_usize(target))
    }

    /// Return the stream position.
    #[method("tell(self, /)")]
    fn binary_tell(vm: &Vm, this: &Value) -> PyResult<usize> {
        let Some(stream) = this.downcast::<IoObject>() else { return Ok(0) };
        let binary = stream.binary(vm, this, "tell")?;
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
        let binary = stream.binary(vm, this, "truncate")?;
        if !binary.writable {
            return Err(unsupported(vm, "truncate"));
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
        if this.closed.replace(true) {
            return Ok(Value::NONE);
        }
        let State::Binary(binary) = this.state.borrow_mut() else { return Ok(Value::NONE) };
        if let Some(handle) = binary.place.handle.take() {
            handle.close().map_err(|error| vm.os_error(error, None))?;
        }
        let Source::Object(object) = &*binary.place.source else {
            if matches!(&*binary.place.source, Source::Pipe(_)) {
                // The pipe's other side is to see that this one has gone.
                binary.place.source = Rc::new(Source::File(Rc::default()));
            }
            return Ok(Value::NONE);
        };
        let (vm, object) = (vm.handle(), object.clone());
        Err(vm.defer(async move {
            let close = vm.attr(&object, "close").await?;
            vm.call(&close, Vec::new()).await
        }))
    }

    /// Write what is buffered to the source.
    #[method("flush(self, /)")]
    fn binary_flush(vm: &Vm, this: &Value) -> PyResult<()> {
        let Some(stream) = this.downcast::<IoObject>() else { return Ok(()) };
        stream.binary(vm, this, "flush").map(drop)
    }

    /// Return whether the stream can be read.
    #[method("readable(self, /)")]
    fn binary_readable(vm: &Vm, this: &Value) -> PyResult<bool> {
        let Some(stream) = this.downcast::<IoObject>() else { return Ok(false) };
        stream.binary(vm, this, "").map(|binary| binary.readable)
    }

    /// Return whether the stream can be written.
    #[method("writable(self, /)")]
    fn binary_writable(vm: &Vm, this: &Value) -> PyResult<bool> {
        let Some(stream) = this.downcast::<IoObject>() else { return Ok(false) };
        stream.binary(vm, this, "").map(|binary| binary.writable)
    }

    /// Return whether the position can be changed.
    #[method("seekable(self, /)")]
    fn binary_seekable(vm: &Vm, this: &Value) -> PyResult<bool> {
        let Some(stream) = this.downcast::<IoObject>() else { return Ok(false) };
        stream.binary(vm, this, "").map(|binary| binary.file().is_some())
    }
}

#[methods(block = FILE_IO)]
impl IoObject {
    #[init("FileIO(self, file, mode='r', closefd=True, opener=None)")]
    async fn init_file(
        vm: VmRef,
        this: Ref<IoObject>,
        file: Value,
        mode: Option<Value>,
        closefd: bool,
        opener: Value,
    ) -> PyResult<()> {
        let text =
            mode.as_ref().and_then(Value::as_text).map_or("r".to_string(), |mode| mode.to_utf8_lossy().into_owned());
        let mode = super::open::Mode::parse(&vm, &text.replace('b', ""))?;
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
    fn file_name(this: &IoObject) -> Value {
        name_of(this)
    }

    #[setter("name")]
    fn set_file_name(_vm: &Vm, this: &IoObject, value: Option<&Value>) -> PyResult<()> {
        if let State::Binary(binary) = this.state.borrow() {
            binary.place.name.set(value.cloned().unwrap_or_default());
        }
        Ok(())
    }

    #[slot(repr)]
    async fn file_repr(vm: VmRef, this: Ref<IoObject>) -> PyResult<String> {
        let State::Binary(binary) = this.state.borrow() else { return Ok("<_io.FileIO [uninitialized]>".to_string()) };
        if this.closed.get() {
            return Ok("<_io.FileIO [closed]>".to_string());
        }
        let (name, mode) = (binary.place.name.get(), binary.mode);
        let owned = if IoObject::closefd(&this) { "True" } else { "False" };
        let name = vm.repr(&name).await?.to_string_lossy();
        Ok(format!("<_io.FileIO name={name} mode='{mode}' closefd={owned}>"))
    }
}

fn name_of(stream: &IoObject) -> Value {
    match stream.state.borrow() {
        State::Binary(binary) => binary.place.name.get(),
        _ => Value::NONE,
    }
}

/// The number of a stream's file descriptor.
pub fn number_of(vm: &Vm, this: &Value) -> PyResult<i64> {
    let Some(stream) = this.downcast::<IoObject>() else { return Ok(-1) };
    stream.binary(vm, this, "").map(|binary| match &*binary.place.source {
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
        if buffer_size <= 0 {
            return Err(vm.value_error("buffer size must be strictly positive"));
        }
        let class = vm.class_of(this.as_value());
        let reads = !Class::BufferedWriter.is_base_of(&class);
        let writes = !Class::BufferedReader.is_base_of(&class);
        let shared = raw.to_ref::<IoObject>().filter(|stream| !IoObject::is_customized(stream, &vm));
        let shared = shared.and_then(|stream| match stream.state.borrow() {
            State::Binary(binary) => Some((binary.place.clone(), binary.place.name.get(), binary.mode)),
            _ => None,
        });
        let binary = match shared {
            Some((place, name, mode)) => {
                let mut binary = Binary::new(Source::Input, reads, writes, name, mode);
                binary.place = place;
                binary
            }
            None => {
                for (wanted, method) in [(reads, "readable"), (writes, "writable")] {
                    if wanted {
                        let able = vm.attr(&raw, method).await?;
                        let able = vm.call(&able, Vec::new()).await?;
                        if !vm.truth(&able).await? {
                            return Err(vm.error(Exc::OSError, &format!("\"raw\" argument must be {method}.")));
                        }
                    }
                }
                let name = vm.attr_opt(&raw, &crate::name!(name)).await?.unwrap_or_default();
                Binary::new(Source::Object(raw), reads, writes, name, "rb")
            }
        };
        this.state.set(State::Binary(binary));
        this.closed.set(false);
        Ok(())
    }

    /// Return the underlying file descriptor.
    #[method("fileno(self, /)")]
    fn buffered_number(vm: &Vm, this: &Value) -> PyResult<i64> {
        number_of(vm, this)
    }

    /// The stream below.
    #[getter("raw")]
    fn raw(this: &IoObject) -> Value {
        let State::Binary(binary) = this.state.borrow() else { return Value::NONE };
        if let Source::Object(object) = &*binary.place.source {
            return object.clone();
        }
        let mut raw =
            Binary::new(Source::Input, binary.readable, binary.writable, binary.place.name.get(), binary.mode);
        raw.place = binary.place.clone();
        Class::FileIO.make(State::Binary(raw)).into_value()
    }

    /// Separate the stream from the one below and return that.
    #[method("detach(self, /)")]
    fn binary_detach(vm: &Vm, this: &IoObject) -> PyResult {
        this.check_open(vm)?;
        let raw = IoObject::raw(this);
        this.state.set(State::Plain);
        Ok(raw)
    }

    #[getter("name")]
    fn buffered_name(this: &IoObject) -> Value {
        name_of(this)
    }

    #[getter("mode")]
    fn buffered_mode(this: &IoObject) -> &'static str {
        match this.state.borrow() {
            State::Binary(binary) => binary.mode,
            _ => "",
        }
    }

    #[slot(repr)]
    async fn buffered_repr(vm: VmRef, this: Ref<IoObject>) -> PyResult<String> {
        let class = vm.type_name(this.as_value());
        let name = name_of(&this);
        if name.is_none() {
            return Ok(format!("<_io.{class}>"));
        }
        let name = vm.repr(&name).await?.to_string_lossy();
        Ok(format!("<_io.{class} name={name}>"))
    }
}

#[methods(block = PAIR)]
impl IoObject {
    #[init("BufferedRWPair(self, reader, writer, buffer_size=131072, /)", text = none)]
    fn init_pair(this: &IoObject, reader: &Value, writer: &Value, buffer_size: i64) {
        let _ = buffer_size;
        let source = Source::Pair(reader.clone(), writer.clone());
        this.state.set(State::Binary(Binary::new(source, true, true, Value::NONE, "rb+")));
        this.closed.set(false);
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
        let file = File::default();
        file.bytes.set(contents);
        this.state.set(State::Binary(Binary::new(Source::File(Rc::new(file)), true, true, Value::NONE, "rb+")));
        this.closed.set(false);
        Ok(())
    }

    /// Retrieve the entire contents of the BytesIO object.
    #[method("getvalue(self, /)")]
    fn getvalue(vm: &Vm, this: &Value) -> PyResult {
        let Some(stream) = this.downcast::<IoObject>() else { return Ok(Value::NONE) };
        let binary = stream.binary(vm, this, "")?;
        let contents = binary.file().map_or(Vec::new(), |file| file.bytes.get());
        Ok(bytes(contents))
    }

    /// Get a read-write view over the contents of the BytesIO object.
    #[method("getbuffer(self, /)")]
    fn getbuffer(vm: &Vm, this: Ref<IoObject>) -> PyResult {
        thread_local! { static KNOWN: Cell<bool> = const { Cell::new(false) }; }
        this.binary(vm, this.as_value(), "")?;
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
