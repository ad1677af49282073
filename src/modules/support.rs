//! What several modules of this crate need to declare themselves.

use snakelet_vm::errors::Exc;
use snakelet_vm::native::IntoResult;
use snakelet_vm::types::builtin::make_exception_class;
use snakelet_vm::types::typeobject::Type;
use snakelet_vm::{PyResult, Raised, Ref, Value, Vm};

/// A class as a constant of a module: made when the module is filled.
pub struct ClassConstant(pub fn() -> Ref<Type>);

impl IntoResult for ClassConstant {
    fn into_result(self, _vm: &Vm) -> PyResult {
        Ok((self.0)().into_value())
    }
}

/// A new exception class of a module.
pub fn exception_class(module: &str, name: &str, doc: &str, base: Exc) -> Ref<Type> {
    let class = make_exception_class(name, doc, base.class());
    class.dict.set_text("__module__", snakelet_vm::object::intern::intern(module));
    if doc.is_empty() {
        class.dict.set_text("__doc__", Value::NONE);
    }
    class.modified();
    class
}

/// Defines a function that answers an exception class, made at its first call.
macro_rules! exception {
    ($function:ident, $module:literal, $name:literal, $doc:literal, $base:ident) => {
        #[doc = concat!("The class `", $module, ".", $name, "`.")]
        pub fn $function() -> ::snakelet_vm::Ref<::snakelet_vm::types::typeobject::Type> {
            thread_local! {
                static CLASS: std::cell::OnceCell<::snakelet_vm::Ref<::snakelet_vm::types::typeobject::Type>> =
                    const { std::cell::OnceCell::new() };
            }
            CLASS.with(|class| {
                class
                    .get_or_init(|| {
                        $crate::support::exception_class($module, $name, $doc, ::snakelet_vm::errors::Exc::$base)
                    })
                    .clone()
            })
        }
    };
}

pub(crate) use exception;

/// Raises an instance of a module's exception class with these arguments.
#[cold]
pub fn raise(vm: &Vm, class: &Ref<Type>, args: Vec<Value>) -> Raised {
    let exception = snakelet_vm::types::exception::instantiate(vm, class, args);
    vm.raise(exception)
}

/// The same with a message.
#[cold]
pub fn raise_text(vm: &Vm, class: &Ref<Type>, message: impl AsRef<str>) -> Raised {
    raise(vm, class, vec![Value::from_str(message.as_ref())])
}
