//! Objects whose contents are bytes that others may look at: what CPython calls the buffer protocol.
//!
//! bytes never change, so a reference to their contents is enough. Everything else that exports its contents keeps them in a cell
//! with a count of the memoryviews that look at it, and refuses to change their length meanwhile. Types outside of this crate
//! (`array.array`, `io.BytesIO`) make themselves known by [`register`].

use std::borrow::Cow;
use std::cell::Cell;

use crate::errors::Exc;
use crate::object::VmCell;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::memoryview::MemoryView;
use crate::{Native, PyResult, Value, Vm};

/// The changeable contents of an object.
#[derive(Clone, Copy)]
pub struct Exported<'a> {
    pub bytes: &'a VmCell<Vec<u8>>,
    /// How many memoryviews look at them.
    pub exports: &'a Cell<usize>,
    /// The format of an item, as module `struct` writes it: `B` for plain bytes.
    pub format: u8,
}

/// The message of the BufferError where a length cannot change.
pub const NOT_RESIZABLE: &str = "Existing exports of data: object cannot be re-sized";

type Exporter = for<'a> fn(&'a Value) -> Option<Exported<'a>>;

/// What an object stands for: `None` if it is no such object, `Some(None)` if it was released.
type Proxy = fn(&Value) -> Option<Option<Value>>;

thread_local! {
    static PROXY: Cell<Option<Proxy>> = const { Cell::new(None) };
    static EXPORTERS: VmCell<Vec<Exporter>> = const { VmCell::new(Vec::new()) };
}

/// Makes a further type's contents known; the function answers `None` for objects of other types.
pub fn register(exporter: Exporter) {
    EXPORTERS.with(|exporters| exporters.borrow_mut().push(exporter));
}

/// Makes the type known whose objects (PickleBuffers) stand for memoryviews.
pub fn register_proxy(proxy: Proxy) {
    PROXY.set(Some(proxy));
}

/// The memoryview that an object stands for.
pub fn behind(value: &Value) -> Option<Option<Value>> {
    PROXY.get()?(value)
}

/// The changeable contents of a value, if it has such.
pub fn exported(value: &Value) -> Option<Exported<'_>> {
    if let Some(array) = value.downcast::<ByteArray>() {
        return Some(Exported { bytes: &array.bytes, exports: &array.exports, format: b'B' });
    }
    value.header()?;
    EXPORTERS.with(|exporters| exporters.borrow().iter().find_map(|exporter| exporter(value)))
}

/// The bytes of a bytes-like value. They must not be used any more when the value may have changed.
pub fn contents(value: &Value) -> Option<Cow<'_, [u8]>> {
    if let Some(bytes) = value.downcast::<Bytes>() {
        return Some(Cow::Borrowed(bytes.as_slice()));
    }
    if let Some(view) = value.downcast::<MemoryView>() {
        return view.contents();
    }
    match exported(value) {
        Some(exported) => Some(Cow::Borrowed(exported.bytes.borrow())),
        None => Some(Cow::Owned(contents(&behind(value)??)?.into_owned())),
    }
}

/// `__buffer__`: a view for a consumer with these demands.
pub(crate) fn view_for(vm: &Vm, object: &Value, flags: i32) -> PyResult {
    const READ: i32 = 0x100;
    const WRITE: i32 = 0x200;
    if flags == READ || flags == WRITE {
        return Err(vm.error(Exc::SystemError, "PyBUF_READ and PyBUF_WRITE are no requests for a buffer"));
    }
    let writable = flags & 1 != 0;
    if writable && writable_length(object).is_none() {
        return Err(vm.error(Exc::BufferError, "Object is not writable."));
    }
    MemoryView::of(vm, object).map(Native::into_value)
}

/// `__release_buffer__`
pub(crate) fn release(vm: &Vm, exporter: &Value, view: &Value) -> PyResult {
    let Some(inner) = view.downcast::<MemoryView>() else {
        return Err(vm.type_error("expected a memoryview object"));
    };
    if exporter.downcast::<MemoryView>().is_none() && !inner.is_of(exporter) {
        return Err(vm.value_error("memoryview's buffer is not this object"));
    }
    let (vm, view) = (vm.handle(), view.clone());
    Err(vm.defer(async move {
        let release = vm.attr(&view, "release").await?;
        vm.call(&release, Vec::new()).await
    }))
}

/// BufferError while memoryviews look at the contents.
pub fn check_resizable(vm: &Vm, exports: &Cell<usize>) -> PyResult<()> {
    match exports.get() {
        0 => Ok(()),
        _ => Err(vm.error(Exc::BufferError, NOT_RESIZABLE)),
    }
}

/// How many bytes of a value others may write; `None` if it does not let them.
pub fn writable_length(value: &Value) -> Option<usize> {
    match value.downcast::<MemoryView>() {
        Some(view) => view.writable_length(),
        None => Some(exported(value)?.bytes.borrow().len()),
    }
}

/// Writes bytes into a value with a [`writable_length`], which they must not exceed.
pub fn write_at(value: &Value, at: usize, bytes: &[u8]) {
    if let Some(view) = value.downcast::<MemoryView>() {
        view.write_at(at, bytes);
    } else if let Some(exported) = exported(value)
        && let Some(place) = exported.bytes.borrow_mut().get_mut(at..at + bytes.len())
    {
        place.copy_from_slice(bytes);
    }
}
