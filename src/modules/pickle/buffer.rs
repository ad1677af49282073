//! `PickleBuffer`: a buffer that pickling may leave to others.

use snakelet_macros::{methods, native_type};
use snakelet_vm::errors::Exc;
use snakelet_vm::native::Native;
use snakelet_vm::types::buffer;
use snakelet_vm::types::memoryview::MemoryView;
use snakelet_vm::{PyResult, Value, Vm, VmCell, VmRef};

/// The payload of PickleBuffers.
#[native_type(
    name = "PickleBuffer",
    module = "_pickle",
    doc = "Wrapper for potentially out-of-band buffers",
    flags(subclassable, weak_references)
)]
pub struct PickleBuffer {
    /// A view of the object; `None` once released.
    view: VmCell<Option<Value>>,
}

/// Lets memoryviews look through PickleBuffers.
pub fn register() {
    buffer::register_proxy(|value| Some(value.downcast::<PickleBuffer>()?.view.borrow().clone()));
}

impl PickleBuffer {
    fn view(&self, vm: &Vm) -> PyResult {
        let view = self.view.borrow().clone();
        view.ok_or_else(|| vm.value_error("operation forbidden on released PickleBuffer object"))
    }

    /// The contents if they are contiguous, and whether they are read-only.
    pub async fn parts(&self, vm: &Vm) -> PyResult<(Option<Vec<u8>>, bool)> {
        let view = self.view(vm)?;
        let contiguous = vm.attr(&view, "contiguous").await?.is_true();
        let read_only = vm.attr(&view, "readonly").await?.is_true();
        let contents = buffer::contents(&view).map(|contents| contents.into_owned()).filter(|_| contiguous);
        Ok((contents, read_only))
    }
}

#[methods]
impl PickleBuffer {
    #[new("PickleBuffer(object, /)", text = none)]
    fn new(vm: &Vm, cls: &Value, object: &Value) -> PyResult {
        let view = MemoryView::of(vm, object)?.into_value();
        vm.new_instance(cls, PickleBuffer { view: VmCell::new(Some(view)) })
    }

    /// Return a memoryview of the raw memory underlying this buffer.
    ///
    /// Will raise BufferError if the buffer isn't contiguous.
    #[method("raw(self, /)")]
    async fn raw(vm: VmRef, this: Value) -> PyResult {
        let Some(pickle_buffer) = this.downcast::<PickleBuffer>() else { return Ok(this) };
        let view = pickle_buffer.view(&vm)?;
        if !vm.attr(&view, "c_contiguous").await?.is_true() {
            return Err(vm.error(Exc::BufferError, "cannot extract raw buffer from non-contiguous buffer"));
        }
        let cast = vm.attr(&view, "cast").await?;
        vm.call(&cast, vec![Value::from_str("B")]).await
    }

    /// Release the underlying buffer exposed by the PickleBuffer object.
    #[method("release(self, /)")]
    fn release(this: &PickleBuffer) {
        this.view.set(None);
    }
}
