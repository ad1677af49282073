//! `with` and `async with`.

use crate::types::exception::BaseException;
use crate::types::function::Function;
use crate::types::method::BoundMethod;
use crate::{Native, PyResult, Value, Vm};

/// Looks up both special methods, calls the first: (bound exit, entered). A deferral yields the pair as a tuple.
pub fn enter(vm: &Vm, manager: &Value) -> PyResult<(Value, Value)> {
    start(vm, manager, "__enter__", "__exit__", "the context manager protocol", "asynchronous")
}

/// The same for `async with`; the second value is the awaitable.
pub fn async_enter(vm: &Vm, manager: &Value) -> PyResult<(Value, Value)> {
    start(vm, manager, "__aenter__", "__aexit__", "the asynchronous context manager protocol", "")
}

fn start(vm: &Vm, manager: &Value, enter: &str, exit: &str, protocol: &str, other: &str) -> PyResult<(Value, Value)> {
    let missing = |which: &str| {
        let name = crate::types::object::qualified_name(vm, vm.type_of(manager));
        let hint = if !other.is_empty()
            && vm.lookup_special(manager, &crate::name!(__aenter__)).is_some()
            && vm.lookup_special(manager, &crate::name!(__aexit__)).is_some()
        {
            " but it supports the asynchronous context manager protocol. Did you mean to use 'async with'?"
        } else if other.is_empty()
            && vm.lookup_special(manager, &crate::name!(__enter__)).is_some()
            && vm.lookup_special(manager, &crate::name!(__exit__)).is_some()
        {
            " but it supports the context manager protocol. Did you mean to use 'with'?"
        } else {
            ""
        };
        vm.type_error(format!("'{name}' object does not support {protocol} (missed {which} method){hint}"))
    };
    let exit_method = vm.lookup_special(manager, &crate::object::intern::intern(exit)).ok_or_else(|| missing(exit))?;
    let enter_method =
        vm.lookup_special(manager, &crate::object::intern::intern(enter)).ok_or_else(|| missing(enter))?;
    if let (true, true) = (is_function(&exit_method), is_function(&enter_method)) {
        let exit = BoundMethod { function: exit_method, instance: manager.clone() }.into_value();
        let call = vm.defer_call(enter_method, std::slice::from_ref(manager));
        return match vm.and_then(Err(call), move |_vm, entered| Ok(Value::from_pair(exit, entered))) {
            Err(raised) => Err(raised),
            Ok(_) => unreachable!("the call is still to come"),
        };
    }
    let (handle, manager) = (vm.handle(), manager.clone());
    Err(vm.defer(async move {
        let exit = handle.bind_special(&exit_method, &manager).await?;
        let enter = handle.bind_special(&enter_method, &manager).await?;
        let entered = handle.call(&enter, Vec::new()).await?;
        Ok(Value::from_pair(exit, entered))
    }))
}

fn is_function(method: &Value) -> bool {
    method.downcast_exact::<Function>().is_some()
}

impl Vm {
    /// Binds a special method found on the type to its instance (async).
    pub async fn bind_special(&self, method: &Value, instance: &Value) -> PyResult {
        if is_function(method) {
            return Ok(BoundMethod { function: method.clone(), instance: instance.clone() }.into_value());
        }
        let bound = self.bind(method, instance);
        self.settle(bound).await
    }
}

/// Calls the bound exit method with the exception, or three Nones.
pub fn exit(vm: &Vm, exit: Value, exception: Option<Value>) -> PyResult {
    let args = match exception {
        None => [Value::NONE, Value::NONE, Value::NONE],
        Some(exception) => {
            let class = vm.class_of(&exception).into_value();
            let traceback =
                exception.downcast::<BaseException>().map_or(Value::NONE, |payload| payload.traceback.get());
            [class, exception, traceback]
        }
    };
    Err(vm.defer_call(exit, &args))
}
