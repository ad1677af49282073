//! Running what waits in the collector's queue: `__del__`, closing of generators, weak reference callbacks.

use crate::object::collect::{self, Pending};
use crate::types::generator::{Coroutine, body};
use crate::types::generator::State;
use crate::vm::NativeFuture;
use crate::{PyResult, Value, VmRef};

/// A native that runs everything that waits, oldest first. Errors go to `sys.unraisablehook`.
pub fn run_pending(vm: VmRef) -> NativeFuture {
    Box::pin(async move {
        for pending in collect::take_pending() {
            let (object, result) = match pending {
                Pending::Finalize(object) => {
                    let result = finalize(vm, &object).await;
                    (object, result)
                }
                Pending::WeakCallback { callback, reference } => {
                    let result = vm.call(&callback, vec![reference]).await;
                    (callback, result)
                }
            };
            if result.is_err() {
                let exception = vm.take_raised();
                super::unraisable::report(vm, exception, object).await;
            }
        }
        Ok(Value::NONE)
    })
}

async fn finalize(vm: VmRef, object: &Value) -> PyResult {
    if let Some(inner) = body(object) {
        if object.downcast::<Coroutine>().is_some() && inner.state.get() == State::Created {
            return super::unraisable::warn_never_awaited(vm, object).await;
        }
        if object.downcast::<crate::types::generator::AsyncGenerator>().is_some() {
            let finalizer = inner.finalizer.get();
            if !finalizer.is_none() {
                return vm.call(&finalizer, vec![object.clone()]).await;
            }
        }
        return crate::exec::close_generator(&vm, object).await;
    }
    match vm.type_of(object).slots().del {
        Some(slot) => {
            let result = slot(&vm, object);
            vm.settle(result).await
        }
        None => Ok(Value::NONE),
    }
}
