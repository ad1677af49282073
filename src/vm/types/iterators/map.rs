//! `map`.

use std::cell::Cell;

use snakelet_macros::{methods, native_type};

use super::gather::{Progress, Row, check_lengths, finish, gather};
use crate::object::allocate;
use crate::types::typeobject::Type;
use crate::{PyResult, Ref, Value, Vm, VmRef};

/// The results of a function for each row of items.
#[native_type(
    name = "map",
    doc = "The results of calling the function with one item from each iterable, until the shortest ends; with strict, a difference in length is an error.",
    flags(SUBCLASSABLE)
)]
pub struct Map {
    function: Value,
    iterators: Vec<Value>,
    strict: Cell<bool>,
}

async fn next_later(vm: VmRef, this: Ref<Map>, progress: Progress) -> PyResult {
    match finish(&vm, &this.iterators, progress).await? {
        Row::Items(items) => vm.call(&this.function, items).await,
        Row::Ended(number) => {
            if this.strict.get() {
                check_lengths(&vm, &this.iterators, number, "map()").await?;
            }
            Ok(Value::UNBOUND)
        }
    }
}

#[methods]
impl Map {
    #[new("map(*args, strict=False)", text = "(function, iterable, /, *iterables, strict=False)")]
    fn new_map(vm: &Vm, cls: Ref<Type>, args: &[Value], strict: bool) -> PyResult {
        let [function, iterables @ ..] = args else {
            return Err(vm.type_error("map() must have at least two arguments."));
        };
        if iterables.is_empty() {
            return Err(vm.type_error("map() must have at least two arguments."));
        }
        let (vm_ref, function, iterables) = (vm.handle(), function.clone(), iterables.to_vec());
        vm.start(async move {
            let mut iterators = Vec::with_capacity(iterables.len());
            for iterable in &iterables {
                iterators.push(vm_ref.iter(iterable).await?);
            }
            Ok(allocate(&cls, Map { function, iterators, strict: Cell::new(strict) }))
        })
    }

    /// Pickling support.
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &Value) -> Value {
        let Some(map) = this.downcast::<Map>() else { return Value::NONE };
        let args = [&map.function].into_iter().chain(&map.iterators).cloned().collect();
        let mut parts = vec![vm.class_of(this).into_value(), Value::from_tuple(args)];
        if map.strict.get() {
            parts.push(Value::TRUE);
        }
        Value::from_tuple(parts)
    }

    /// Pickling support.
    #[method("__setstate__(self, object, /)")]
    fn setstate(this: &Map, object: bool) {
        this.strict.set(object);
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &Value) -> PyResult {
        let Some(map) = this.to_ref::<Map>() else { return Ok(Value::UNBOUND) };
        if let [iterator] = &map.iterators[..] {
            // The usual case needs no vector of items.
            return match vm.iter_next(iterator) {
                Ok(item) if item.is_unbound() => Ok(item),
                Ok(item) => vm.call_plain(&map.function, &[item]),
                Err(raised) if vm.is_deferred() => {
                    let (vm_ref, settle) = (vm.handle(), vm.settle(Err(raised)));
                    Err(vm.defer(async move {
                        let item = settle.await?;
                        if item.is_unbound() { Ok(item) } else { vm_ref.call(&map.function, vec![item]).await }
                    }))
                }
                Err(raised) => Err(raised),
            };
        }
        match gather(vm, &map.iterators, Vec::with_capacity(map.iterators.len()))? {
            Progress::Row(Row::Items(items)) => vm.call_plain(&map.function, &items),
            Progress::Row(Row::Ended(_)) if !map.strict.get() => Ok(Value::UNBOUND),
            progress => vm.start(next_later(vm.handle(), map, progress)),
        }
    }
}
