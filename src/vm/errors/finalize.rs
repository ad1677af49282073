//! Running what waits in the collector's queue: `__del__`, closing of generators, weak reference callbacks.

use super::unraisable::unraisable;
use crate::object::collect::{self, Pending};
use crate::types::generator::State;
use crate::types::generator::{Coroutine, body};
use crate::vm::NativeFuture;
use crate::{PyResult, Value, VmRef};

/// A native that runs everything that waits, oldest first. Errors go to `sys.unraisablehook`.
pub fn run_pending(vm: VmRef) -> NativeFuture {
    Box::pin(async move {
        for pending in collect::take_pending() {
            match pending {
                Pending::Finalize(object) => {
                    let unawaited = object.downcast::<Coroutine>().is_some()
                        && body(&object).is_some_and(|body| body.state.get() == State::Created);
                    if finalize(vm, &object).await.is_err() {
                        let exception = vm.take_raised();
                        let (message, subject) = match unawaited {
                            true => ("Exception ignored while finalizing coroutine", object.clone()),
                            false => description(vm, &object),
                        };
                        unraisable(vm, exception, message, Some(&subject)).await;
                    }
                }
                Pending::WeakCallback { callback, reference } => {
                    if vm.call(&callback, vec![reference]).await.is_err() {
                        let exception = vm.take_raised();
                        unraisable(vm, exception, "Exception ignored while calling weakref callback", Some(&callback))
                            .await;
                    }
                }
            }
        }
        Ok(Value::NONE)
    })
}

/// What an object's finaliser is called in messages, and whose repr follows.
fn description(vm: VmRef, object: &Value) -> (&'static str, Value) {
    if body(object).is_some() {
        return ("Exception ignored while closing generator", object.clone());
    }
    match vm.lookup_special(object, &crate::name!(__del__)) {
        _ if object.to_ref::<crate::files::stream::IoObject>().is_some()
            && vm.type_of(object).slots().del.is_none() =>
        {
            ("Exception ignored while finalizing file", object.clone())
        }
        Some(function) => ("Exception ignored while calling deallocator", function),
        None => ("Exception ignored while finalizing", object.clone()),
    }
}

async fn finalize(vm: VmRef, object: &Value) -> PyResult {
    if let Some(inner) = body(object) {
        if object.downcast::<Coroutine>().is_some() && inner.state.get() == State::Created {
            return super::unraisable::warn_never_awaited(vm, object).await;
        }
        if object.downcast::<crate::types::generator::AsyncGenerator>().is_some() {
            let finalizer = inner.hook_or_origin.get();
            if !finalizer.is_none() {
                return vm.call(&finalizer, vec![object.clone()]).await;
            }
        }
        return crate::exec::close_generator(&vm, object).await;
    }
    if let Some(stream) =
        object.to_ref::<crate::files::stream::IoObject>().filter(|_| vm.type_of(object).slots().del.is_none())
    {
        return crate::files::stream::close_forgotten(&vm, &stream).await;
    }
    if crate::types::async_generator::is_forgotten(object).is_some() {
        return super::unraisable::warn_method_never_awaited(vm, object).await;
    }
    match vm.type_of(object).slots().del {
        Some(slot) => {
            let result = slot(&vm, object);
            vm.settle(result).await
        }
        None => Ok(Value::NONE),
    }
}
