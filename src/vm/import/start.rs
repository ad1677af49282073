//! What a session's interpreter contains before any program runs.

use super::Imports;
use crate::errors::Exc;
use crate::native::{ModuleDef, registry};
use crate::object::{Native, Ref};
use crate::session::SessionConfig;
use crate::types::builtin::BUILTIN_TYPES;
use crate::types::dict::Dict;
use crate::types::module::Module;
use crate::{Value, Vm};

/// Fills `builtins`, `sys` and `sys.modules`.
pub fn start(vm: &Vm, config: &SessionConfig) {
    vm.extension::<Imports>().natives.set(config.modules);
    let builtins = module_around(vm, &crate::builtins::MODULE, &vm.builtins);
    fill_builtins(&vm.builtins);
    builtins.dict.set_text("__name__", Value::from_str("builtins"));
    let sys = module_around(vm, &crate::modules::sys::MODULE, &vm.sys);
    vm.modules.set_text("sys", sys.into_value());
    vm.modules.set_text("builtins", builtins.into_value());
    crate::modules::sys::configure(vm, config);
    vm.files().set_time(vm.host().time());
}

/// The module with an existing namespace.
fn module_around(vm: &Vm, def: &ModuleDef, dict: &Ref<Dict>) -> Ref<Module> {
    dict.set_text("__name__", Value::from_str(def.name));
    dict.set_text("__doc__", Value::NONE);
    dict.set_text("__package__", Value::from_str(""));
    let module = Module { dict: dict.clone() }.into_object();
    if registry::fill_module(vm, def, &module).is_err() {
        unreachable!("these modules run no Python code when they are made");
    }
    module
}

fn fill_builtins(dict: &Ref<Dict>) {
    let constants = [
        ("None", Value::NONE),
        ("True", Value::TRUE),
        ("False", Value::FALSE),
        ("Ellipsis", Value::ELLIPSIS),
        ("NotImplemented", Value::NOT_IMPLEMENTED),
        ("__debug__", Value::TRUE),
    ];
    for (name, value) in constants {
        dict.set_text(name, value);
    }
    for ty in BUILTIN_TYPES {
        let ty = ty();
        let name = crate::object::intern::intern_value(ty.name.borrow());
        dict.set_str(&name, ty.into_value());
    }
    for exc in Exc::ALL {
        dict.set_text(exc.name(), exc.class().into_value());
    }
    for alias in ["EnvironmentError", "IOError"] {
        dict.set_text(alias, Exc::OSError.class().into_value());
    }
}
