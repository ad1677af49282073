//! `errno`: the names of error numbers.

use snakelet_macros::native_module;

use crate::files::errno::TABLE;
use crate::types::dict::Dict;
use crate::types::module::Module;
use crate::{PyResult, Value, Vm};

pub const MODULE: crate::native::ModuleDef = ErrnoModule::MODULE;

/// Declares module `errno`.
struct ErrnoModule;

/// This module makes available standard errno system symbols.
#[native_module("errno")]
impl ErrnoModule {
    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let Some(module) = module.downcast::<Module>() else { return Ok(()) };
        let names = Dict::new_object();
        for &(number, name, _) in &TABLE {
            let number = Value::from_i64(number.into());
            module.dict.set_text(name, number.clone());
            if let Some(result) = names.set_now(vm, &number, &Value::from_str(name)) {
                result?;
            }
        }
        for (alias, name) in [("EWOULDBLOCK", "EAGAIN"), ("EDEADLOCK", "EDEADLK"), ("EOPNOTSUPP", "ENOTSUP")] {
            if let Some(number) = module.dict.get_text(name) {
                module.dict.set_text(alias, number);
            }
        }
        module.dict.set_text("errorcode", names.into_value());
        Ok(())
    }
}
