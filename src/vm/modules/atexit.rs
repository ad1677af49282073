//! `atexit`: functions to call when the program's process ends.

use snakelet_macros::native_module;

use crate::object::VmCell;
use crate::{PyResult, Value, Vm, VmRef};

pub const MODULE: crate::native::ModuleDef = AtExit::MODULE;

/// A function with its arguments, the last ones keyword values.
struct Registered {
    function: Value,
    args: Vec<Value>,
    kwnames: Vec<Value>,
}

/// In order of registration.
#[derive(Default)]
struct Callbacks(VmCell<Vec<Registered>>);

/// Declares module `atexit`.
struct AtExit;

/// allow programmer to define multiple exit functions to be executed upon normal program termination.
#[native_module("atexit")]
impl AtExit {
    /// Register a function to be executed upon normal program termination, with these arguments.
    #[function("register(func, /, *args, **kwargs)", text = none)]
    fn register(vm: &Vm, func: &Value, args: &[Value], kwargs: crate::native::KwArgs<'_>) -> PyResult {
        if vm.type_of(func).slots().call.is_none() {
            return Err(vm.type_error("the first argument must be callable"));
        }
        let (kwnames, values): (Vec<Value>, Vec<Value>) =
            kwargs.iter().map(|(name, value)| (name.clone(), value.clone())).unzip();
        let args = args.iter().cloned().chain(values).collect();
        let registered = Registered { function: func.clone(), args, kwnames };
        vm.extension::<Callbacks>().0.borrow_mut().push(registered);
        Ok(func.clone())
    }

    /// Unregister an exit function which was previously registered.
    #[function("unregister(func, /)")]
    async fn unregister(vm: VmRef, func: Value) -> PyResult<()> {
        let functions: Vec<Value> =
            vm.extension::<Callbacks>().0.borrow().iter().map(|registered| registered.function.clone()).collect();
        for function in functions {
            if vm.eq(&function, &func).await? {
                vm.extension::<Callbacks>().0.borrow_mut().retain(|registered| !registered.function.is(&function));
            }
        }
        Ok(())
    }

    /// Run all registered exit functions, the last registered first.
    #[function("_run_exitfuncs()")]
    async fn run(vm: VmRef) -> PyResult<()> {
        loop {
            let next = vm.extension::<Callbacks>().0.borrow_mut().pop();
            let Some(Registered { function, args, kwnames }) = next else { return Ok(()) };
            if vm.call_kw(&function, args, kwnames).await.is_err() {
                let exception = vm.take_raised();
                crate::errors::unraisable::report(vm, exception, function).await;
            }
        }
    }

    /// Clear the list of previously registered exit functions.
    #[function("_clear()")]
    fn clear(vm: &Vm) {
        vm.extension::<Callbacks>().0.take();
    }

    /// Return the number of exit functions currently registered.
    #[function("_ncallbacks()")]
    fn count(vm: &Vm) -> usize {
        vm.extension::<Callbacks>().0.borrow().len()
    }
}
