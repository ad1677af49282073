//! `_warnings`: the functions that `importlib` calls. Module `warnings` finds that there is no more and uses its own.

use snakelet_macros::native_module;

use crate::{PyResult, Value, VmRef};

pub const MODULE: crate::native::ModuleDef = Warnings::MODULE;

async fn from_warnings(vm: VmRef, name: &str, args: Vec<Value>, kwargs: Vec<(Value, Value)>) -> PyResult {
    let warnings = crate::import::import_module(&vm, "warnings").await?;
    let function = vm.attr(&warnings, name).await?;
    let (names, values): (Vec<Value>, Vec<Value>) = kwargs.into_iter().unzip();
    vm.call_kw(&function, args.into_iter().chain(values).collect(), names).await
}

/// Declares module `_warnings`.
struct Warnings;

/// Low-level interface to the warnings functionality.
#[native_module("_warnings")]
impl Warnings {
    /// Issue a warning, or maybe ignore it or raise an exception.
    #[function(
        "warn(*args, **kwargs)",
        text = "(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=())"
    )]
    async fn warn(vm: VmRef, args: Vec<Value>, kwargs: Vec<(Value, Value)>) -> PyResult {
        from_warnings(vm, "warn", args, kwargs).await
    }

    /// Issue a warning, or maybe ignore it or raise an exception.
    #[function("warn_explicit(*args, **kwargs)", text = none)]
    async fn warn_explicit(vm: VmRef, args: Vec<Value>, kwargs: Vec<(Value, Value)>) -> PyResult {
        from_warnings(vm, "warn_explicit", args, kwargs).await
    }
}
