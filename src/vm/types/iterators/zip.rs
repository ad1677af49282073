//! `zip`.

use std::cell::Cell;

use snakelet_macros::{methods, native_type};

use super::gather::{Progress, Row, check_lengths, finish, gather};
use crate::object::allocate;
use crate::types::typeobject::Type;
use crate::{PyResult, Ref, Value, Vm, VmRef};

/// Tuples of one item from each iterable.
#[native_type(
    name = "zip",
    doc = "Tuples of one item from each iterable, until the shortest ends; with strict, a difference in length is an error.",
    flags(SUBCLASSABLE)
)]
pub struct Zip {
    iterators: Vec<Value>,
    strict: Cell<bool>,
}

async fn next_later(vm: VmRef, this: Ref<Zip>, progress: Progress) -> PyResult {
    match finish(&vm, &this.iterators, progress).await? {
        Row::Items(items) => Ok(Value::from_tuple(items)),
        Row::Ended(number) => {
            if this.strict.get() {
                check_lengths(&vm, &this.iterators, number, "zip()").await?;
            }
            Ok(Value::UNBOUND)
        }
    }
}

#[methods]
impl Zip {
    #[new("zip(*iterables, strict=False)")]
    fn new_zip(vm: &Vm, cls: Ref<Type>, iterables: &[Value], strict: bool) -> PyResult {
        let (vm_ref, iterables) = (vm.handle(), iterables.to_vec());
        vm.start(async move {
            let mut iterators = Vec::with_capacity(iterables.len());
            for iterable in &iterables {
                iterators.push(vm_ref.iter(iterable).await?);
            }
            Ok(allocate(&cls, Zip { iterators, strict: Cell::new(strict) }))
        })
    }

    /// Pickling support.
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &Value) -> Value {
        let Some(zip) = this.downcast::<Zip>() else { return Value::NONE };
        let mut parts = vec![vm.class_of(this).into_value(), Value::from_tuple(zip.iterators.clone())];
        if zip.strict.get() {
            parts.push(Value::TRUE);
        }
        Value::from_tuple(parts)
    }

    /// Pickling support.
    #[method("__setstate__(self, object, /)")]
    fn setstate(this: &Zip, object: bool) {
        this.strict.set(object);
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &Value) -> PyResult {
        let Some(zip) = this.downcast::<Zip>() else { return Ok(Value::UNBOUND) };
        if zip.iterators.is_empty() {
            return Ok(Value::UNBOUND);
        }
        let progress = gather(vm, &zip.iterators, Vec::with_capacity(zip.iterators.len()))?;
        match progress {
            Progress::Row(Row::Items(items)) => Ok(Value::from_tuple(items)),
            Progress::Row(Row::Ended(_)) if !zip.strict.get() => Ok(Value::UNBOUND),
            progress => {
                let Some(zip) = this.to_ref::<Zip>() else { return Ok(Value::UNBOUND) };
                vm.start(next_later(vm.handle(), zip, progress))
            }
        }
    }
}
