//! `len` and `hash`.

use snakelet_macros::functions;

use crate::{PyResult, Value, Vm};

/// The functions of this file.
pub struct Size;

#[functions("builtins", FUNCTIONS)]
impl Size {
    /// The number of items in a container.
    #[function("len(obj, /)")]
    fn len(vm: &Vm, obj: &Value) -> PyResult {
        vm.len_of(obj)
    }

    /// The hash of an object.
    ///
    /// Objects that compare equal have the same hash.
    #[function("hash(obj, /)")]
    fn hash(vm: &Vm, obj: &Value) -> PyResult {
        match vm.hash_now(obj) {
            Some(hash) => Ok(Value::from_i64(hash? as i64)),
            None => {
                let (vm_ref, obj) = (vm.handle(), obj.clone());
                Err(vm.defer(async move { Ok(Value::from_i64(vm_ref.hash(&obj).await? as i64)) }))
            }
        }
    }
}
