//! Adapters, which make a value of any type one that SQLite has, and converters, which do the reverse.

use std::cell::Cell;

use snakelet_macros::native_type;
use snakelet_vm::errors::Exc;
use snakelet_vm::native::Native;
use snakelet_vm::types::bytearray::ByteArray;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::int::Int;
use snakelet_vm::types::string::Str;
use snakelet_vm::{PyResult, Ref, Value, Vm};

use super::errors;

/// The payload of `PrepareProtocol`, the protocol that values are adapted to when they are bound.
#[native_type(
    name = "PrepareProtocol",
    module = "sqlite3",
    doc = "The protocol of values that are bound to parameters."
)]
pub struct PrepareProtocol {}

#[snakelet_macros::methods]
impl PrepareProtocol {
    #[new("PrepareProtocol()", text = none)]
    fn new(vm: &Vm, cls: &Value) -> PyResult {
        vm.new_instance(cls, PrepareProtocol {})
    }
}

/// What is registered in a session.
pub struct Registry {
    pub adapters: Ref<Dict>,
    pub converters: Ref<Dict>,
    /// Whether an adapter of int, float, str or bytearray was registered: else such values need not be looked up.
    pub adapts_base_types: Cell<bool>,
    /// `enable_callback_tracebacks`
    pub tracebacks: Cell<bool>,
}

impl Default for Registry {
    fn default() -> Registry {
        Registry {
            adapters: Dict::new_object(),
            converters: Dict::new_object(),
            adapts_base_types: Cell::new(false),
            tracebacks: Cell::new(false),
        }
    }
}

/// Of a type that SQLite has, and exactly of that type.
pub fn is_base_type(value: &Value) -> bool {
    value.is_small_int()
        || value.is_float()
        || value.downcast_exact::<Int>().is_some()
        || value.downcast_exact::<Str>().is_some()
        || value.downcast_exact::<ByteArray>().is_some()
}

/// `adapt(obj, proto, alt)`; `alternative`: what is answered where nothing fits.
pub async fn adapt(vm: &Vm, value: &Value, protocol: &Value, alternative: Option<Value>) -> PyResult {
    let registry = vm.extension::<Registry>();
    let key = Value::from_pair(vm.class_of(value).into_value(), protocol.clone());
    if let Some(adapter) = Dict::get(vm, &registry.adapters, &key).await? {
        return vm.call(&adapter, vec![value.clone()]).await;
    }
    for (owner, name, other) in [(protocol, "__adapt__", value), (value, "__conform__", protocol)] {
        let Some(method) = vm.attr_opt(owner, &snakelet_vm::object::intern::intern(name)).await? else { continue };
        match vm.call(&method, vec![other.clone()]).await {
            Ok(adapted) if adapted.is_none() => {}
            Ok(adapted) => return Ok(adapted),
            Err(raised) => {
                if vm.catch(Exc::TypeError).is_none() {
                    return Err(raised);
                }
            }
        }
    }
    alternative.ok_or_else(|| errors::programming(vm, "can't adapt"))
}

/// The value to bind instead of a parameter.
pub async fn adapted_parameter(vm: &Vm, value: Value) -> PyResult {
    if value.is_none() || (!vm.extension::<Registry>().adapts_base_types.get() && is_base_type(&value)) {
        return Ok(value);
    }
    let protocol = PrepareProtocol::type_object().into_value();
    let alternative = Some(value.clone());
    adapt(vm, &value, &protocol, alternative).await
}

/// The converter of a type's name, which is looked up in capital letters.
pub fn converter(vm: &Vm, name: &str) -> Option<Value> {
    vm.extension::<Registry>().converters.get_text(&name.to_uppercase())
}
