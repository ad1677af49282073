//! Streams that are made in Python: over objects of Python classes, which may do anything, and text in encodings whose lines and
//! characters cannot be told apart by their bytes. CPython's `_pyio` does these; the object of ours passes each call on to one of
//! its objects, the *layer*.

use super::stream::{IoObject, State};
use crate::{PyResult, Value, Vm};

/// Where the layers' functions are. No traceback and no `f_back` of a frame that has ended tells of them, as of CPython's, which are
/// in C: that would keep streams alive that close when they are finalised.
pub const FILE: &str = "/lib/python3.14/_pyio.py";

/// A layer: `_pyio.CLASS(*args)`.
pub async fn make(vm: &Vm, class: &str, args: Vec<Value>) -> PyResult<State> {
    let module = crate::import::import_module(vm, "_pyio").await?;
    call(vm, &module, class, args).await.map(State::Layer)
}

/// `object.method(*args)`
pub async fn call(vm: &Vm, object: &Value, method: &str, args: Vec<Value>) -> PyResult {
    let method = vm.attr(object, method).await?;
    vm.call(&method, args).await
}

/// Defers to the layer's method if the stream has a layer.
pub fn pass(vm: &Vm, this: &IoObject, method: &'static str, args: &[&Value]) -> PyResult<()> {
    let State::Layer(layer) = this.state.borrow() else { return Ok(()) };
    let (vm, layer) = (vm.handle(), layer.clone());
    let args = args.iter().map(|&value| value.clone()).collect();
    Err(vm.defer(async move {
        if matches!(method, "read" | "read1" | "peek" | "tell" | "readline") {
            let closed = vm.attr(&layer, "closed").await?;
            if vm.truth(&closed).await? {
                return Err(vm.value_error("I/O operation on closed file."));
            }
        }
        call(&vm, &layer, method, args).await
    }))
}

/// Defers to the layer's attribute if the stream has a layer.
pub fn pass_attribute(vm: &Vm, this: &IoObject, name: &'static str) -> PyResult<()> {
    let State::Layer(layer) = this.state.borrow() else { return Ok(()) };
    let (vm, layer) = (vm.handle(), layer.clone());
    Err(vm.defer(async move { vm.attr(&layer, name).await }))
}

/// Separates the layer from the stream below it.
pub fn pass_detach(vm: &Vm, this: crate::Ref<IoObject>) -> PyResult<()> {
    let State::Layer(layer) = this.state.borrow() else { return Ok(()) };
    let (vm, layer) = (vm.handle(), layer.clone());
    Err(vm.defer(async move {
        let below = call(&vm, &layer, "detach", Vec::new()).await?;
        this.state.set(State::Detached);
        Ok(below)
    }))
}

/// Lets go of a stream's layer without closing what is below: the stream gets another one.
pub async fn retire(vm: &Vm, this: &IoObject) {
    let State::Layer(layer) = this.state.borrow() else { return };
    let layer = layer.clone();
    this.state.set(State::Plain);
    if call(vm, &layer, "detach", Vec::new()).await.is_err() {
        drop(vm.take_raised());
    }
}

/// `close` of a stream whose `flush` is the program's: flushes, and closes even if that fails.
pub async fn close_flushed(vm: &Vm, this: &Value, close: impl AsyncFnOnce() -> PyResult) -> PyResult {
    let Err(raised) = call(vm, this, "flush", Vec::new()).await else { return close().await };
    let Some(first) = vm.catch(crate::errors::Exc::BaseException) else { return Err(raised) };
    if close().await.is_err()
        && let Some(second) = vm.catch(crate::errors::Exc::BaseException)
    {
        let context = vm.set_attr(&second, &crate::object::intern::intern("__context__"), Some(&first));
        vm.settle(context).await?;
        return Err(vm.raise(second));
    }
    Err(vm.raise(first))
}
