//! `iter`, `next`, `aiter` and `anext`.

use snakelet_macros::functions;

use crate::errors::Exc;
use crate::object::Native;
use crate::types::async_generator::AnextAwaitable;
use crate::types::iterators::CallableIterator;
use crate::{PyResult, Value, Vm, VmRef};

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

/// The address of `next`'s function, by which calls recognise it.
#[inline(always)]
pub(crate) fn next_function() -> usize {
    debug_assert_eq!(Iteration::FUNCTIONS.defs[1].name, "next");
    Iteration::FUNCTIONS.defs[1].function as usize
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

    /// The asynchronous iterator of an asynchronous iterable.
    #[function("aiter(async_iterable, /)")]
    async fn aiter(vm: VmRef, async_iterable: Value) -> PyResult {
        let Some(slot) = vm.type_of(&async_iterable).slots().aiter else {
            let name = vm.type_name(&async_iterable);
            return Err(vm.type_error(format!("'{name}' object is not an async iterable")));
        };
        let result = slot(&vm, &async_iterable);
        let iterator = vm.settle(result).await?;
        if vm.type_of(&iterator).slots().anext.is_none() {
            let name = vm.type_name(&iterator);
            return Err(vm.type_error(format!("aiter() returned not an async iterator of type '{name}'")));
        }
        Ok(iterator)
    }

    /// The next item of an asynchronous iterator, to be awaited; at its end the default if given, else StopAsyncIteration is
    /// raised.
    #[function("anext(aiterator, default=<unrepresentable>, /)")]
    async fn anext(vm: VmRef, async_iterator: Value, default: Option<Value>) -> PyResult {
        let Some(slot) = vm.type_of(&async_iterator).slots().anext else {
            let name = vm.type_name(&async_iterator);
            return Err(vm.type_error(format!("'{name}' object is not an async iterator")));
        };
        let result = slot(&vm, &async_iterator);
        let awaitable = vm.settle(result).await?;
        Ok(match default {
            Some(default) => AnextAwaitable::new(awaitable, default).into_value(),
            None => awaitable,
        })
    }
}
