//! `enumerate`.

use snakelet_macros::{methods, native_type};

use num_bigint::BigInt;

use crate::object::{VmCell, allocate};
use crate::types::generic_alias::alias;
use crate::types::typeobject::Type;
use crate::{PyResult, Ref, Value, Vm, VmRef};

/// Pairs of a count and an item.
#[native_type(
    name = "enumerate",
    doc = "Pairs of a count (from start, 0 by default) and an item of the iterable.",
    flags(SUBCLASSABLE)
)]
pub struct Enumerate {
    iterator: Value,
    /// The next count, an int.
    count: VmCell<Value>,
}

impl Enumerate {
    /// The pair for the next item; unbound for the end.
    #[inline]
    fn pair(&self, item: Value) -> Value {
        if item.is_unbound() {
            return item;
        }
        let count = self.count.borrow();
        let next = match count.as_small_int() {
            Some(n) => Value::from_i64(n + 1),
            None => Value::from_bigint(count.to_bigint().unwrap_or_default().into_owned() + BigInt::from(1)),
        };
        let count = self.count.replace(next);
        Value::from_tuple(vec![count, item])
    }
}

#[methods]
impl Enumerate {
    #[new("enumerate(iterable, start=0)")]
    async fn new_enumerate(vm: VmRef, cls: Ref<Type>, iterable: Value, start: Option<Value>) -> PyResult {
        let count = match start {
            Some(start) => vm.index(&start).await?,
            None => Value::small_int(0),
        };
        let iterator = vm.iter(&iterable).await?;
        Ok(allocate(&cls, Enumerate { iterator, count: VmCell::new(count) }))
    }

    /// Pickling support.
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &Value) -> Value {
        let Some(enumerate) = this.downcast::<Enumerate>() else { return Value::NONE };
        let args = Value::from_tuple(vec![enumerate.iterator.clone(), enumerate.count.get()]);
        Value::from_tuple(vec![vm.class_of(this).into_value(), args])
    }

    /// See PEP 585.
    #[classmethod("__class_getitem__(cls, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        alias(cls, object)
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &Value) -> PyResult {
        let Some(enumerate) = this.downcast::<Enumerate>() else { return Ok(Value::UNBOUND) };
        match vm.iter_next(&enumerate.iterator) {
            Ok(item) => Ok(enumerate.pair(item)),
            Err(raised) if vm.is_deferred() => {
                let settle = vm.settle(Err(raised));
                let Some(enumerate) = this.to_ref::<Enumerate>() else { return Ok(Value::UNBOUND) };
                Err(vm.defer(async move { Ok(enumerate.pair(settle.await?)) }))
            }
            Err(raised) => Err(raised),
        }
    }
}
