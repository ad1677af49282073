//! `filter`.

use snakelet_macros::{methods, native_type};

use crate::object::{Native, allocate};
use crate::types::int::Bool;
use crate::types::typeobject::Type;
use crate::{PyResult, Ref, Value, Vm, VmRef};

/// The items for which a function is true.
#[native_type(
    name = "filter",
    doc = "The items for which the function (or with None, the item itself) is true.",
    flags(SUBCLASSABLE)
)]
pub struct Filter {
    /// Called with each item; None where the item's own truth counts.
    function: Value,
    iterator: Value,
}

/// How many items are passed over before the page may breathe.
const CHUNK: u32 = 1000;

/// The next item (async).
async fn next_item(vm: VmRef, this: Ref<Filter>) -> PyResult {
    let mut work = 0;
    loop {
        let Some(item) = vm.next(&this.iterator).await? else { return Ok(Value::UNBOUND) };
        let wanted = if this.function.is_none() {
            vm.truth(&item).await?
        } else {
            let result = vm.call_plain(&this.function, std::slice::from_ref(&item));
            let verdict = vm.settle(result).await?;
            vm.truth(&verdict).await?
        };
        if wanted {
            return Ok(item);
        }
        work += 1;
        if work == CHUNK {
            work = 0;
            vm.breathe(CHUNK).await?;
        }
    }
}

#[methods]
impl Filter {
    #[new("filter(function, iterable, /)")]
    fn new_filter(vm: &Vm, cls: Ref<Type>, function: Value, iterable: Value) -> PyResult {
        let is_bool = function.is(Bool::type_object().as_value());
        let function = if is_bool { Value::NONE } else { function };
        let vm_ref = vm.handle();
        vm.start(async move {
            let iterator = vm_ref.iter(&iterable).await?;
            Ok(allocate(&cls, Filter { function, iterator }))
        })
    }

    /// Pickling support.
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &Value) -> Value {
        let Some(filter) = this.downcast::<Filter>() else { return Value::NONE };
        let args = Value::from_tuple(vec![filter.function.clone(), filter.iterator.clone()]);
        Value::from_tuple(vec![vm.class_of(this).into_value(), args])
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &Value) -> PyResult {
        let Some(filter) = this.to_ref::<Filter>() else { return Ok(Value::UNBOUND) };
        vm.start(next_item(vm.handle(), filter))
    }
}
