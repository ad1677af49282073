//! `_weakref`.

use snakelet_macros::native_module;

use crate::object::{Native, Ref, weak};
use crate::types::dict::Dict;
use crate::types::module::Module;
use crate::types::weakref::{CallableProxy, WeakProxy, WeakRef, proxy};
use crate::{PyResult, Value, Vm, VmRef};

pub const MODULE: crate::native::ModuleDef = WeakrefModule::MODULE;

/// Declares module `_weakref`.
struct WeakrefModule;

/// Weak-reference support module.
#[native_module("_weakref", types = [WeakRef, WeakProxy, CallableProxy])]
impl WeakrefModule {
    /// Create a proxy object that weakly references 'object'.
    ///
    /// 'callback', if given, is called with a reference to the proxy when 'object' is about to be finalized.
    #[function("proxy(object, callback=None, /)")]
    fn make_proxy(vm: &Vm, object: &Value, callback: &Value) -> PyResult {
        proxy(vm, object, callback)
    }

    /// Return the number of weak references to 'object'.
    #[function("getweakrefcount(object, /)")]
    fn getweakrefcount(object: &Value) -> usize {
        object.header().map_or(0, |header| weak::references_to(header).len())
    }

    /// Return a list of all weak reference objects pointing to 'object'.
    #[function("getweakrefs(object, /)")]
    fn getweakrefs(object: &Value) -> Vec<Value> {
        object.header().map_or(Vec::new(), WeakRef::all_to)
    }

    /// Atomically remove key from dict if it points to a dead weakref.
    #[function("_remove_dead_weakref(dct, key, /)")]
    async fn remove_dead(vm: VmRef, dct: Ref<Dict>, key: Value) -> PyResult<()> {
        if let Some(value) = Dict::get(&vm, &dct, &key).await?
            && value.downcast::<WeakRef>().is_some_and(|reference| reference.upgrade().is_none())
        {
            Dict::remove(&vm, &dct, &key).await?;
        }
        Ok(())
    }

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let _ = vm;
        if let Some(module) = module.downcast::<Module>() {
            module.dict.set_text("ref", WeakRef::type_object().into_value());
        }
        Ok(())
    }
}
