//! What all file objects have in common: `_io._IOBase` and the family of classes that share its payload.
//!
//! As exceptions do, all classes of `_io` share one payload, so that Python classes may derive from several of them, as those of
//! module `io` do. What a stream is at run time (bytes over a file, text over bytes, text in memory, or nothing that Rust knows)
//! is its [`State`].

use std::cell::{Cell, OnceCell};

use snakelet_macros::{methods, native_type};

use super::binary::Binary;
use super::layers::{pass, pass_attribute};
use super::memory::Memory;
use super::text::TextLayer;
use crate::errors::Exc;
use crate::native::{MethodBlock, MethodDescriptor};
use crate::object::{Native, Ref, Traverse, Visitor, VmCell};
use crate::types::typeobject::{Type, TypeFlags};
use crate::{PyResult, Raised, Value, Vm, VmRef};

/// What a stream is made of.
#[derive(Default)]
pub enum State {
    /// An instance of a Python class, or one whose `__init__` has not run.
    #[default]
    Plain,
    Binary(Binary),
    Text(TextLayer),
    Memory(Memory),
    /// An object of `_pyio`, which does all.
    Layer(Value),
    /// What was below it has been taken away.
    Detached,
}

impl Traverse for State {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        match self {
            State::Plain | State::Memory(_) | State::Detached => {}
            State::Layer(layer) => layer.traverse(visitor),
            State::Binary(binary) => binary.traverse(visitor),
            State::Text(text) => text.traverse(visitor),
        }
    }

    fn clear(&mut self) {
        *self = State::Plain;
    }
}

/// The payload of all file objects.
#[native_type(
    name = "_IOBase",
    module = "_io",
    doc = "The abstract base class for all I/O classes.",
    flags(subclassable, has_dict, weak_references)
)]
pub struct IoObject {
    pub state: VmCell<State>,
    pub closed: Cell<bool>,
}

/// The classes of the family.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    RawIOBase,
    BufferedIOBase,
    TextIOBase,
    FileIO,
    BufferedReader,
    BufferedWriter,
    BufferedRandom,
    BytesIO,
    TextIOWrapper,
    StringIO,
    BufferedRWPair,
}

const COUNT: usize = 11;

thread_local! {
    static TYPES: [OnceCell<Ref<Type>>; COUNT] = const { [const { OnceCell::new() }; COUNT] };
    static UNSUPPORTED: OnceCell<Ref<Type>> = const { OnceCell::new() };
}

impl Class {
    /// All of them.
    pub const ALL: [Class; COUNT] = [
        Class::RawIOBase,
        Class::BufferedIOBase,
        Class::TextIOBase,
        Class::FileIO,
        Class::BufferedReader,
        Class::BufferedWriter,
        Class::BufferedRandom,
        Class::BytesIO,
        Class::TextIOWrapper,
        Class::StringIO,
        Class::BufferedRWPair,
    ];

    /// Name, base, documentation and methods.
    fn spec(self) -> (&'static str, Option<Class>, &'static str, &'static [MethodBlock]) {
        use Class::*;
        const FILE: &[MethodBlock] = &[IoObject::BINARY, IoObject::FILE_IO];
        const BUFFERED: &[MethodBlock] = &[IoObject::BINARY, IoObject::BUFFERED];
        const BYTES: &[MethodBlock] = &[IoObject::BINARY, IoObject::BYTES_IO];
        match self {
            RawIOBase => ("_RawIOBase", None, "Base class for raw binary I/O.", &[IoObject::RAW]),
            BufferedIOBase => {
                ("_BufferedIOBase", None, "Base class for buffered I/O objects.", &[IoObject::BUFFERED_BASE])
            }
            TextIOBase => ("_TextIOBase", None, "Base class for text I/O.", &[IoObject::TEXT_BASE]),
            FileIO => ("FileIO", Some(RawIOBase), "Open a file.", FILE),
            BufferedReader => ("BufferedReader", Some(BufferedIOBase), "A buffer for a readable raw stream.", BUFFERED),
            BufferedWriter => ("BufferedWriter", Some(BufferedIOBase), "A buffer for a writable raw stream.", BUFFERED),
            BufferedRandom => {
                ("BufferedRandom", Some(BufferedIOBase), "A buffer for a random access stream.", BUFFERED)
            }
            BufferedRWPair => {
                const PAIR: &[MethodBlock] = &[IoObject::BINARY, IoObject::PAIR];
                ("BufferedRWPair", Some(BufferedIOBase), "A buffered reader and writer object together.", PAIR)
            }
            BytesIO => ("BytesIO", Some(BufferedIOBase), "Binary I/O on bytes in memory.", BYTES),
            TextIOWrapper => ("TextIOWrapper", Some(TextIOBase), "Text over a binary stream.", &[IoObject::TEXT]),
            StringIO => ("StringIO", Some(TextIOBase), "Text I/O on a str in memory.", &[IoObject::STRING_IO]),
        }
    }

    /// The class object.
    pub fn class(self) -> Ref<Type> {
        TYPES.with(|types| {
            types[self as usize]
                .get_or_init(|| {
                    let (name, base, doc, blocks) = self.spec();
                    let base = base.map_or_else(IoObject::type_object, Class::class);
                    crate::types::builtin::make_derived_class(name, "_io", doc, base, blocks)
                })
                .clone()
        })
    }

    /// Whether `class` is this one or derived from it.
    pub fn is_base_of(self, class: &Type) -> bool {
        class.is_subtype(&self.class())
    }

    /// A new object of exactly this class.
    pub fn make(self, state: State) -> Ref<IoObject> {
        let payload = IoObject { state: VmCell::new(state), closed: Cell::new(false) };
        match crate::object::allocate(&self.class(), payload).into_ref() {
            Ok(object) => object,
            Err(_) => unreachable!("the class has this payload"),
        }
    }
}

/// `io.UnsupportedOperation`, an OSError and a ValueError.
pub fn unsupported_class() -> Ref<Type> {
    UNSUPPORTED.with(|class| {
        class
            .get_or_init(|| {
                let (os_error, value_error) = (Exc::OSError.class(), Exc::ValueError.class());
                let ty = crate::types::builtin::make_exception_class(
                    "UnsupportedOperation",
                    "The stream does not support the operation.",
                    os_error.clone(),
                );
                ty.dict.set_text("__module__", Value::from_str("io"));
                ty.bases.borrow_mut().push(value_error.clone());
                let mro = ty.mro.borrow_mut();
                let after = mro.iter().position(|class| class.is(&os_error)).map_or(mro.len(), |at| at + 1);
                mro.insert(after, value_error);
                ty.modified();
                ty
            })
            .clone()
    })
}

/// Raises `io.UnsupportedOperation`.
#[cold]
pub fn unsupported(vm: &Vm, message: &str) -> Raised {
    let exception = crate::types::exception::instantiate(vm, &unsupported_class(), vec![Value::from_str(message)]);
    vm.raise(exception)
}

/// Closes a stream that goes away.
pub async fn close_forgotten(vm: &Vm, this: &Ref<IoObject>) -> PyResult {
    if let State::Layer(layer) = this.state.borrow()
        && layer.header().is_some_and(|header| header.count() > 1)
    {
        // A call that the stream passed on goes on, as in `stream().read()`: the layer closes when that ends.
        return Ok(Value::NONE);
    }
    let is_closed = match IoObject::is_closed(vm, this).await {
        Ok(is_closed) => is_closed,
        Err(_) => {
            // Nothing is below it any more.
            drop(vm.take_raised());
            true
        }
    };
    if !is_closed {
        super::layers::call(vm, this.as_value(), "close", Vec::new()).await?;
    }
    Ok(Value::NONE)
}

impl IoObject {
    /// Whether it is a stream of ours of exactly the class, so that calling its methods in Python would make no difference.
    pub fn is_exactly(&self, value: &Value, class: Class) -> bool {
        value.header().is_some_and(|header| std::ptr::eq(header.type_pointer(), Ref::as_pointer(&class.class())))
    }

    /// Whether a class of the program's has methods of its own for reading and writing, so that streams above must call them.
    pub fn is_customized(this: &Ref<IoObject>, vm: &Vm) -> bool {
        let class = vm.class_of(this.as_value());
        const METHODS: [&str; 12] = [
            "write", "read", "read1", "readinto", "readall", "flush", "close", "seek", "tell", "readable", "writable",
            "seekable",
        ];
        let is_own = |name: &str| {
            let method = class.lookup(&crate::object::intern::intern(name));
            method.is_some_and(|method| method.downcast::<MethodDescriptor>().is_none())
        };
        class.has_flag(TypeFlags::HEAP) && METHODS.into_iter().any(is_own)
    }

    /// Whether `close` must call `flush`, because a program has put a method of its own in its place.
    pub fn has_own_flush(vm: &Vm, this: &Ref<IoObject>) -> bool {
        let flush = crate::object::intern::intern("flush");
        let own = this.as_value().header().and_then(|header| crate::object::instance::get(header, &flush));
        let class = vm.class_of(this.as_value());
        own.is_some()
            || class.has_flag(TypeFlags::HEAP)
                && class.lookup(&flush).is_some_and(|method| method.downcast::<MethodDescriptor>().is_none())
    }

    /// ValueError for a closed stream.
    pub fn check_open(&self, vm: &Vm) -> PyResult<()> {
        if self.is_shut() { Err(vm.value_error("I/O operation on closed file.")) } else { Ok(()) }
    }

    /// Whether the stream or one below it is closed.
    pub fn is_shut(&self) -> bool {
        self.closed.get()
            || match self.state.borrow() {
                State::Binary(binary) => binary.raw.downcast::<IoObject>().is_some_and(|raw| raw.closed.get()),
                State::Text(layer) => layer.inner.is_shut(),
                _ => false,
            }
    }

    /// Why a stream does not know what to do.
    #[cold]
    pub fn not_ready(&self, vm: &Vm) -> Raised {
        match self.state.borrow() {
            State::Detached => vm.value_error("underlying stream has been detached"),
            _ => vm.value_error("I/O operation on uninitialized object"),
        }
    }

    /// Whether the stream, or for Python classes its attribute `closed`, says that it is closed.
    pub async fn is_closed(vm: &Vm, this: &Ref<IoObject>) -> PyResult<bool> {
        let closed = vm.attr(this.as_value(), "closed").await?;
        vm.truth(&closed).await
    }

    async fn check(vm: &Vm, this: &Ref<IoObject>) -> PyResult<()> {
        if IoObject::is_closed(vm, this).await? {
            return Err(vm.value_error("I/O operation on closed file."));
        }
        Ok(())
    }

    async fn ask(vm: &Vm, this: &Ref<IoObject>, method: &str, message: &str) -> PyResult {
        let method = vm.attr(this.as_value(), method).await?;
        let answer = vm.call(&method, Vec::new()).await?;
        if answer.is_true() { Ok(Value::TRUE) } else { Err(unsupported(vm, message)) }
    }
}

#[methods]
impl IoObject {
    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, args: crate::native::Args<'_>) -> PyResult {
        let _ = args;
        vm.new_instance(cls, IoObject { state: VmCell::default(), closed: Cell::new(false) })
    }

    /// Change the stream position. Streams that can't raise UnsupportedOperation.
    #[method("seek(self, offset, whence=0, /)")]
    fn base_seek(vm: &Vm, this: &IoObject, offset: &Value, whence: &Value) -> PyResult<()> {
        let _ = (this, offset, whence);
        Err(unsupported(vm, "seek"))
    }

    /// Return current stream position.
    #[method("tell(self, /)")]
    async fn base_tell(vm: VmRef, this: Ref<IoObject>) -> PyResult {
        let seek = vm.attr(this.as_value(), "seek").await?;
        vm.call(&seek, vec![Value::small_int(0), Value::small_int(1)]).await
    }

    /// Truncate file to size bytes.
    #[method("truncate(self, size=None, /)")]
    fn base_truncate(vm: &Vm, this: &IoObject, size: &Value) -> PyResult<()> {
        let _ = (this, size);
        Err(unsupported(vm, "truncate"))
    }

    /// Flush write buffers, if applicable.
    #[method("flush(self, /)")]
    fn base_flush(vm: &Vm, this: &IoObject) -> PyResult<()> {
        this.check_open(vm)
    }

    /// Flush and close the stream. It does nothing if the stream is closed already.
    #[method("close(self, /)")]
    async fn base_close(vm: VmRef, this: Ref<IoObject>) -> PyResult<()> {
        if this.closed.get() {
            return Ok(());
        }
        let result = match vm.attr(this.as_value(), "flush").await {
            Ok(flush) => vm.call(&flush, Vec::new()).await,
            Err(raised) => Err(raised),
        };
        this.closed.set(true);
        result.map(drop)
    }

    /// Close the stream if it is open.
    #[method("__del__(self, /)", text = none)]
    async fn delete(vm: VmRef, this: Ref<IoObject>) -> PyResult {
        close_forgotten(&vm, &this).await
    }

    /// Return whether object supports random access.
    #[method("seekable(self, /)")]
    fn base_seekable(this: &IoObject) -> bool {
        let _ = this;
        false
    }

    /// Return whether object was opened for reading.
    #[method("readable(self, /)")]
    fn base_readable(this: &IoObject) -> bool {
        let _ = this;
        false
    }

    /// Return whether object was opened for writing.
    #[method("writable(self, /)")]
    fn base_writable(this: &IoObject) -> bool {
        let _ = this;
        false
    }

    #[method("_checkClosed(self, /, *args)", text = none)]
    async fn check_closed(vm: VmRef, this: Ref<IoObject>, args: Vec<Value>) -> PyResult<()> {
        drop(args);
        IoObject::check(&vm, &this).await
    }

    #[method("_checkSeekable(self, /, *args)", text = none)]
    async fn check_seekable(vm: VmRef, this: Ref<IoObject>, args: Vec<Value>) -> PyResult {
        drop(args);
        IoObject::ask(&vm, &this, "seekable", "File or stream is not seekable.").await
    }

    #[method("_checkReadable(self, /, *args)", text = none)]
    async fn check_readable(vm: VmRef, this: Ref<IoObject>, args: Vec<Value>) -> PyResult {
        drop(args);
        IoObject::ask(&vm, &this, "readable", "File or stream is not readable.").await
    }

    #[method("_checkWritable(self, /, *args)", text = none)]
    async fn check_writable(vm: VmRef, this: Ref<IoObject>, args: Vec<Value>) -> PyResult {
        drop(args);
        IoObject::ask(&vm, &this, "writable", "File or stream is not writable.").await
    }

    /// Return underlying file descriptor if one exists.
    #[method("fileno(self, /)")]
    fn base_fileno(vm: &Vm, this: &IoObject) -> PyResult<()> {
        let _ = this;
        Err(unsupported(vm, "fileno"))
    }

    /// Return whether this is an 'interactive' stream.
    #[method("isatty(self, /)")]
    fn base_isatty(vm: &Vm, this: &IoObject) -> PyResult<bool> {
        pass(vm, this, "isatty", &[])?;
        this.check_open(vm).map(|()| false)
    }

    #[method("__enter__(self, /)")]
    async fn enter(vm: VmRef, this: Ref<IoObject>) -> PyResult {
        IoObject::check(&vm, &this).await?;
        Ok(this.into_value())
    }

    #[method("__exit__(self, /, *args)", text = none)]
    async fn exit(vm: VmRef, this: Ref<IoObject>, args: Vec<Value>) -> PyResult {
        drop(args);
        let close = vm.attr(this.as_value(), "close").await?;
        vm.call(&close, Vec::new()).await
    }

    /// Read and return a line from the stream; at most size bytes of it.
    #[method("readline(self, size=-1, /)")]
    async fn base_readline(vm: VmRef, this: Ref<IoObject>, size: Option<Value>) -> PyResult {
        let size = match size {
            Some(size) if !size.is_none() => vm.to_index_isize(&size).await?,
            _ => -1,
        };
        let read = vm.attr(this.as_value(), "read").await?;
        let mut line = Vec::new();
        while size < 0 || line.len() < size as usize {
            let piece = vm.call(&read, vec![Value::small_int(1)]).await?;
            let Some(piece) = crate::native::ArgBytes::of(&piece) else {
                let got = vm.type_name(&piece);
                return Err(vm.error(Exc::OSError, &format!("read() should have returned a bytes object, not '{got}'")));
            };
            line.extend_from_slice(&piece);
            if piece.is_empty() || line.ends_with(b"\n") {
                break;
            }
        }
        Ok(super::binary::bytes(line))
    }

    /// Return a list of lines from the stream, about hint bytes of them.
    #[method("readlines(self, hint=-1, /)")]
    async fn readlines(vm: VmRef, this: Ref<IoObject>, hint: Option<Value>) -> PyResult<Vec<Value>> {
        let hint = match hint {
            Some(hint) if !hint.is_none() => vm.to_index_isize(&hint).await?,
            _ => -1,
        };
        let mut lines = Vec::new();
        let mut length = 0;
        let iterator = vm.iter(this.as_value()).await?;
        while let Some(line) = vm.next(&iterator).await? {
            if hint > 0 {
                length += match line.as_text() {
                    Some(text) => text.len(),
                    None => vm.len(&line).await?,
                };
            }
            vm.reserve(&mut lines, 1)?;
            lines.push(line);
            vm.breathe(1).await?;
            if hint > 0 && length >= hint as usize {
                break;
            }
        }
        Ok(lines)
    }

    /// Write a list of lines to stream. Line separators are not added.
    #[method("writelines(self, lines, /)")]
    async fn writelines(vm: VmRef, this: Ref<IoObject>, lines: Value) -> PyResult<()> {
        IoObject::check(&vm, &this).await?;
        let write = vm.attr(this.as_value(), "write").await?;
        let iterator = vm.iter(&lines).await?;
        while let Some(line) = vm.next(&iterator).await? {
            vm.call(&write, vec![line]).await?;
        }
        Ok(())
    }

    #[slot(iter)]
    fn iter(vm: &Vm, this: &Value) -> PyResult {
        match this.downcast::<IoObject>() {
            Some(stream) if !matches!(stream.state.borrow(), State::Plain | State::Layer(_) | State::Detached) => {
                stream.check_open(vm)?;
                Ok(this.clone())
            }
            _ => {
                let (vm, this) = (vm.handle(), this.clone());
                Err(vm.defer(async move {
                    if let Some(stream) = this.to_ref::<IoObject>() {
                        IoObject::check(&vm, &stream).await?;
                    }
                    Ok(this)
                }))
            }
        }
    }

    #[slot(next)]
    async fn next(vm: VmRef, this: Value) -> PyResult {
        let readline = vm.attr(&this, "readline").await?;
        let line = vm.call(&readline, Vec::new()).await?;
        let is_end = match line.as_text() {
            Some(text) => text.is_empty(),
            None => !vm.truth(&line).await?,
        };
        Ok(if is_end { Value::UNBOUND } else { line })
    }

    /// True if the file is closed
    #[getter("closed")]
    fn closed(vm: &Vm, this: &IoObject) -> PyResult<bool> {
        pass_attribute(vm, this, "closed")?;
        match this.state.borrow() {
            State::Detached => Err(this.not_ready(vm)),
            _ => Ok(this.is_shut()),
        }
    }
}
