//! `enumerate`.

use snakelet_macros::{methods, native_type};

use num_bigint::BigInt;

use crate::native::KwArgs;
use crate::object::{VmCell, allocate};
use crate::types::generic_alias::alias;
use crate::types::typeobject::Type;
use crate::{PyResult, Ref, Value, Vm};

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
        Value::from_pair(count, item)
    }
}

/// The iterable and the start. CPython binds them by hand and has its own words for what is wrong.
fn arguments(vm: &Vm, args: &[Value], kwargs: KwArgs<'_>) -> PyResult<(Value, Option<Value>)> {
    let given = args.len() + kwargs.iter().count();
    if given > 2 {
        return Err(vm.type_error(format!("enumerate() takes at most 2 arguments ({given} given)")));
    }
    let (mut iterable, mut start) = (args.first().cloned(), args.get(1).cloned());
    for (name, value) in kwargs.iter() {
        let known = name.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
        match known.as_str() {
            "iterable" if iterable.is_none() => iterable = Some(value.clone()),
            "start" if start.is_none() => start = Some(value.clone()),
            _ => return Err(vm.type_error(format!("'{known}' is an invalid keyword argument for enumerate()"))),
        }
    }
    match iterable {
        Some(iterable) => Ok((iterable, start)),
        None => Err(vm.type_error("enumerate() missing required argument 'iterable'")),
    }
}

#[methods]
impl Enumerate {
    #[new("enumerate(*args, **kwargs)", text = "(iterable, start=0)")]
    fn new_enumerate(vm: &Vm, cls: Ref<Type>, args: &[Value], kwargs: KwArgs<'_>) -> PyResult {
        let (iterable, start) = arguments(vm, args, kwargs)?;
        let vm_ref = vm.handle();
        vm.start(async move {
            let count = match start {
                Some(start) => vm_ref.index(&start).await?,
                None => Value::small_int(0),
            };
            let iterator = vm_ref.iter(&iterable).await?;
            Ok(allocate(&cls, Enumerate { iterator, count: VmCell::new(count) }))
        })
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
