//! `_warnings`: functions without Python code of their own, which CPython's tests insist on. What they do, and everything else the
//! module has, is in the library's `_warnings_core`.

use snakelet_macros::native_module;

use crate::{PyResult, Value, VmRef};

pub const MODULE: crate::native::ModuleDef = Warnings::MODULE;

async fn from_core(vm: VmRef, name: &str, args: Vec<Value>, kwargs: Vec<(Value, Value)>) -> PyResult {
    let core = crate::import::import_module(&vm, "_warnings_core").await?;
    let function = vm.attr(&core, name).await?;
    let (names, values): (Vec<Value>, Vec<Value>) = kwargs.into_iter().unzip();
    vm.call_kw(&function, args.into_iter().chain(values).collect(), names).await
}

/// What module `warnings` takes from the core.
const REST: [&str; 7] = [
    "filters",
    "_acquire_lock",
    "_defaultaction",
    "_filters_mutated_lock_held",
    "_onceregistry",
    "_release_lock",
    "_warnings_context",
];

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
        from_core(vm, "warn", args, kwargs).await
    }

    /// The rest of the module.
    #[function("__getattr__(name, /)", text = none)]
    async fn getattr(vm: VmRef, name: Value) -> PyResult {
        let shown = name.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
        if !REST.contains(&shown.as_str()) {
            return Err(vm.attribute_error(format!("module '_warnings' has no attribute '{shown}'")));
        }
        let core = crate::import::import_module(&vm, "_warnings_core").await?;
        vm.attr(&core, &shown).await
    }

    /// Issue a warning, or maybe ignore it or raise an exception.
    #[function("warn_explicit(*args, **kwargs)", text = none)]
    async fn warn_explicit(vm: VmRef, args: Vec<Value>, kwargs: Vec<(Value, Value)>) -> PyResult {
        from_core(vm, "warn_explicit", args, kwargs).await
    }
}
