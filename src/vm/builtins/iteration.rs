//! `iter` and `next`.

use snakelet_macros::functions;

use crate::errors::Exc;
use crate::object::Native;
use crate::types::iterators::CallableIterator;
use crate::{PyResult, Value, Vm};

/// The functions of this file.
pub struct Iteration;

/// What `next` makes of an iterator's answer.
fn item_or_default(vm: &Vm, result: PyResult, default: Option<Value>) -> PyResult {
    match (result, default) {
        (Ok(item), None) if item.is_unbound() => Err(vm.stop_iteration(vm.take_returned())),
        (Ok(item), Some(default)) if item.is_unbound() => Ok(default),
        (Err(raised), Some(default)) => match vm.catch(Exc::StopIteration) {
            Some(_) => Ok(default),
            None => Err(raised),
        },
        (result, _) => result,
    }
}

#[functions("builtins", FUNCTIONS)]
impl Iteration {
    /// iter(iterable) -> iterator
    /// iter(callable, sentinel) -> iterator
    ///
    /// An iterator over the argument; with a sentinel the callable is called until it returns that.
    #[function("iter(object, sentinel=<unrepresentable>, /)", text = none)]
    fn iter(vm: &Vm, object: &Value, sentinel: Option<&Value>) -> PyResult {
        let Some(sentinel) = sentinel else { return vm.get_iter(object) };
        if vm.type_of(object).slots().call.is_none() {
            return Err(vm.type_error("iter(v, w): v must be callable"));
        }
        Ok(CallableIterator::new(object.clone(), sentinel.clone()).into_value())
    }

    /// next(iterator[, default])
    ///
    /// The iterator's next item; at its end the default if given, else StopIteration is raised.
    #[function("next(iterator, default=<unrepresentable>, /)", text = none)]
    fn next(vm: &Vm, iterator: &Value, default: Option<&Value>) -> PyResult {
        // Only a generator's end sets the returned value: none of an earlier one may show.
        vm.set_returned(Value::NONE);
        let result = vm.iter_next(iterator);
        let default = default.cloned();
        if result.is_err() && vm.is_deferred() {
            let (vm_ref, settle) = (vm.handle(), vm.settle(result));
            return Err(vm.defer(async move { item_or_default(&vm_ref, settle.await, default) }));
        }
        if result.is_err() && vm.type_of(iterator).slots().next.is_none() {
            return result;
        }
        item_or_default(vm, result, default)
    }
}
