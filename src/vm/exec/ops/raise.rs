//! `raise`, `except`, `except*`.

use crate::errors::Exc;
use crate::exec::Thread;
use crate::types::exception::BaseException;
use crate::types::tuple::Tuple;
use crate::types::typeobject::Type;
use crate::{PyResult, Value, Vm};

const BAD_CLASS: &str = "catching classes that do not inherit from BaseException is not allowed";

/// Whether the exception matches a class or tuple of classes.
pub fn matches(vm: &Vm, exception: &Value, types: &Value) -> PyResult<bool> {
    let classes = types.downcast::<Tuple>().map_or(std::slice::from_ref(types), Tuple::items);
    for class in classes {
        if !Exc::BaseException.is_base_of(class) {
            return Err(vm.type_error(BAD_CLASS));
        }
    }
    let ty = vm.type_of(exception);
    Ok(classes.iter().any(|class| class.downcast::<Type>().is_some_and(|class| ty.is_subtype(class))))
}

/// Executes a `raise` statement: afterwards an exception or a deferral waits.
pub fn raise(vm: &Vm, thread: &mut Thread, exc: Option<Value>, cause: Option<Value>) {
    let Some(exc) = exc else {
        match thread.handled() {
            Some(handled) => vm.reraise(handled),
            None => vm.runtime_error("No active exception to reraise"),
        };
        return;
    };
    let simple = |value: &Value| value.downcast::<BaseException>().is_some();
    let cause_is_simple = cause.as_ref().is_none_or(|cause| cause.is_none() || simple(cause));
    if simple(&exc) && cause_is_simple {
        if let Some(cause) = cause {
            set_cause(&exc, cause);
        }
        if let Some(handled) = thread.handled() {
            crate::exec::unwind::chain_context(&exc, handled);
        }
        vm.raise(exc);
        return;
    }
    let handle = vm.handle();
    vm.defer(async move {
        let exc = instance(&handle, exc, "exceptions must derive from BaseException").await?;
        if let Some(cause) = cause {
            let cause = if cause.is_none() {
                cause
            } else {
                instance(&handle, cause, "exception causes must derive from BaseException").await?
            };
            set_cause(&exc, cause);
        }
        Err(handle.raise(exc))
    });
}

fn set_cause(exception: &Value, cause: Value) {
    if let Some(payload) = exception.downcast::<BaseException>() {
        payload.suppress_context.set(true);
        payload.cause.set(cause);
    }
}

/// An exception as given, or made by calling the class.
async fn instance(vm: &Vm, value: Value, otherwise: &str) -> PyResult {
    if value.downcast::<BaseException>().is_some() {
        return Ok(value);
    }
    if !Exc::BaseException.is_base_of(&value) {
        return Err(vm.type_error(otherwise));
    }
    let made = vm.call(&value, Vec::new()).await?;
    if made.downcast::<BaseException>().is_some() {
        return Ok(made);
    }
    let class = value.downcast::<Type>().map_or(String::new(), Type::name);
    let got = vm.type_name(&made);
    Err(vm.type_error(format!(
        "calling <class '{class}'> should have returned an instance of BaseException, not <class '{got}'>"
    )))
}

/// `except*`: the part of `exc` that matches and the rest.
pub fn match_group(vm: &Vm, exc: &Value, types: &Value) -> PyResult<(Value, Value)> {
    let classes = types.downcast::<Tuple>().map_or(std::slice::from_ref(types), Tuple::items);
    for class in classes {
        if !Exc::BaseException.is_base_of(class) {
            return Err(vm.type_error(BAD_CLASS));
        }
        if Exc::BaseExceptionGroup.is_base_of(class) {
            return Err(vm.type_error("catching ExceptionGroup with except* is not allowed. Use except instead."));
        }
    }
    crate::errors::group::split_for_except_star(vm, exc, types)
}

/// The end of an `except*` statement; see the instruction.
pub fn prepare_reraise_star(vm: &Vm, exc: &Value, list: &Value) -> PyResult {
    crate::errors::group::prepare_reraise_star(vm, exc, list)
}
