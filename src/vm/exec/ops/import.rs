//! `import` statements.

use crate::errors::Exc;
use crate::exec::frame::Frame;
use crate::types::dict::Dict;
use crate::{PyResult, Value, Vm};

/// Calls `__import__`, the builtin one directly.
pub fn import_name(vm: &Vm, frame: &Frame, name: u16, fromlist: Value, level: u8) -> PyResult {
    let function = frame.function();
    let name = frame.code().names[name as usize].clone();
    let import = super::names::builtin(vm, function, &crate::name!(__import__), |vm, _| {
        vm.error(Exc::ImportError, "__import__ not found")
    });
    let globals = function.globals.value();
    let locals = super::names::namespace(frame);
    let args = vec![name, globals, locals, fromlist, Value::small_int(level as i64)];
    vm.and_then(import, move |vm, import| Err(vm.defer(vm.call(&import, args))))
}

/// `from module import name`: the attribute, else the submodule in `sys.modules`.
pub fn import_from(vm: &Vm, module: &Value, name: &Value) -> PyResult {
    if let Some(plain) = module.downcast::<crate::types::module::Module>()
        && let Some(value) = plain.dict.get_str(name)
    {
        return Ok(value);
    }
    let (handle, module, name) = (vm.handle(), module.clone(), name.clone());
    Err(vm.defer(async move {
        if let Some(value) = handle.attr_opt(&module, &name).await? {
            return Ok(value);
        }
        crate::import::from_fallback(&handle, &module, &name).await
    }))
}

/// `from module import *`.
pub fn import_star(vm: &Vm, module: &Value, namespace: &Value) -> PyResult {
    let (handle, module, namespace) = (vm.handle(), module.clone(), namespace.clone());
    Err(vm.defer(async move {
        let all = handle.attr_opt(&module, &crate::name!(__all__)).await?;
        let explicit = all.is_some();
        let names = match all {
            Some(all) => handle.collect(&all).await?,
            None => match handle.attr_opt(&module, &crate::name!(__dict__)).await? {
                Some(dict) => {
                    let keys = handle.attr(&dict, "keys").await?;
                    let keys = handle.call(&keys, Vec::new()).await?;
                    handle.collect(&keys).await?
                }
                None => {
                    return Err(handle.error(Exc::ImportError, "from-import-* object has no __dict__ and no __all__"));
                }
            },
        };
        for name in names {
            let Some(text) = name.as_text() else {
                let (where_, what) = if explicit { ("Item in", "__all__") } else { ("Key in", "__dict__") };
                let module_name = crate::import::name_of(&module);
                let got = handle.type_name(&name);
                return Err(handle.type_error(format!("{where_} {module_name}.{what} must be str, not {got}")));
            };
            if !explicit && text.get(0) == Some('_' as u32) {
                continue;
            }
            let name = crate::object::intern::intern_value(&name);
            let result = handle.get_attr(&module, &name);
            let value = handle.settle(result).await?;
            match namespace.downcast_exact::<Dict>() {
                Some(dict) => dict.set_str(&name, value),
                None => {
                    let result = handle.set_item(&namespace, &name, Some(&value));
                    handle.settle(result).await?;
                }
            }
        }
        Ok(Value::NONE)
    }))
}
