//! `tuple`: the payload and its methods.

use std::mem::ManuallyDrop;

use snakelet_macros::{methods, native_type};
use snakelet_number::hash::TupleHasher;

use crate::native::Clamped;
use crate::object::{Items, Native, allocate};
use crate::protocol::item::Subscript;
use crate::protocol::sequence_repr::repr_container;
use crate::types::generic_alias::alias;
use crate::types::iterators::TupleIterator;
use crate::types::list::select;
use crate::types::sequence::{clip, compare, contains, count, find_then, position};
use crate::types::slots::CompareOp;
use crate::types::typeobject::Type;
use crate::{PyResult, Ref, Value, Vm, VmRef};

/// The payload of tuples.
#[native_type(
    name = "tuple",
    doc = "An immutable sequence.\n\nWithout an argument the tuple is empty; otherwise it holds the argument's items.",
    flags(SUBCLASSABLE, SEQUENCE, MATCH_SELF)
)]
#[repr(transparent)]
pub struct Tuple {
    items: Items,
}

impl Tuple {
    /// The payload for an object of a subclass. Plain tuples come from [`Value::from_tuple`].
    pub fn new(items: Vec<Value>) -> Tuple {
        Tuple { items: Items::new(items) }
    }

    #[inline(always)]
    pub fn items(&self) -> &[Value] {
        self.items.as_slice()
    }

    /// The item at an index that may count from the end, if there is one.
    #[inline(always)]
    pub fn get_small(&self, index: i64) -> Option<Value> {
        let at = if index < 0 { index + self.items().len() as i64 } else { index };
        self.items().get(usize::try_from(at).ok()?).cloned()
    }
}

crate::local! {
    static EMPTY: std::cell::OnceCell<Value> = std::cell::OnceCell::new();
}

impl Value {
    /// A tuple; the empty one is always the same object.
    pub fn from_tuple(items: Vec<Value>) -> Value {
        if items.len() > Items::MOST_BEHIND {
            return Tuple::new(items).into_value();
        }
        let count = items.len();
        let mut items = items.into_iter();
        Value::short_tuple(count, |_| items.next().unwrap_or_default())
    }

    /// A tuple of at most [`Items::MOST_BEHIND`] items.
    #[inline]
    pub fn short_tuple(count: usize, item: impl FnMut(usize) -> Value) -> Value {
        if count == 0 {
            return EMPTY.with(|empty| empty.get_or_init(|| Tuple::new(Vec::new()).into_value()).clone());
        }
        Items::allocate_behind::<Tuple>(&ManuallyDrop::new(Tuple::type_object_borrowed()), count, item)
    }

    /// The tuple `(first, second)`.
    pub fn from_pair(first: Value, second: Value) -> Value {
        let mut pair = [first, second].into_iter();
        Value::short_tuple(2, |_| pair.next().unwrap_or_default())
    }

    /// A tuple of the same items.
    pub fn tuple_from_slice(vm: &Vm, items: &[Value]) -> PyResult {
        if items.len() <= Items::MOST_BEHIND {
            return Ok(Value::short_tuple(items.len(), |at| items[at].clone()));
        }
        let mut copy = vm.vec_with_capacity(items.len())?;
        copy.extend_from_slice(items);
        Ok(Value::from_tuple(copy))
    }
}

fn joined(vm: &Vm, left: &Tuple, right: &Tuple) -> PyResult {
    let (left, right) = (left.items(), right.items());
    let count = left.len() + right.len();
    if count <= Items::MOST_BEHIND {
        let mut items = left.iter().chain(right);
        return Ok(Value::short_tuple(count, |_| items.next().cloned().unwrap_or_default()));
    }
    let mut items = vm.vec_with_capacity(count)?;
    items.extend_from_slice(left);
    items.extend_from_slice(right);
    Ok(Value::from_tuple(items))
}

/// `left + right` of two exact tuples that are not empty.
pub(crate) fn concat_now(vm: &Vm, left: &Value, right: &Value) -> Option<PyResult> {
    let (left, right) = (left.downcast_exact::<Tuple>()?, right.downcast_exact::<Tuple>()?);
    if left.items().is_empty() || right.items().is_empty() { None } else { Some(joined(vm, left, right)) }
}

/// A tuple of class `cls`.
fn instance(cls: &Ref<Type>, items: Vec<Value>) -> Value {
    if cls.is(&Tuple::type_object()) { Value::from_tuple(items) } else { allocate(cls, Tuple::new(items)) }
}

fn repeat(vm: &Vm, this: &Value, times: &Value) -> PyResult {
    let Some(tuple) = this.downcast::<Tuple>() else { return Ok(Value::NOT_IMPLEMENTED) };
    match vm.repeat_count_now(times) {
        Some(Ok(1)) if this.downcast_exact::<Tuple>().is_some() => Ok(this.clone()),
        Some(times) => vm.repeat_items(tuple.items(), times?, this, |_vm, _this, items| Ok(Value::from_tuple(items))),
        None => Err(vm.repeat_later(this, times, repeat)),
    }
}

#[methods]
impl Tuple {
    #[new("tuple(iterable=(), /)")]
    fn new_tuple(vm: &Vm, cls: Ref<Type>, iterable: Option<&Value>) -> PyResult {
        let Some(iterable) = iterable else { return Ok(instance(&cls, Vec::new())) };
        if iterable.downcast_exact::<Tuple>().is_some() && cls.is(&Tuple::type_object()) {
            return Ok(iterable.clone());
        }
        let mut items = Vec::new();
        if vm.copy_now(iterable, &mut items)? {
            return Ok(instance(&cls, items));
        }
        vm.collect_then(iterable, move |_vm, items| Ok(instance(&cls, items)))
    }

    /// The index of the first item equal to the value.
    ///
    /// Raises ValueError if there is none.
    #[method("index(self, value, start=0, stop=sys.maxsize, /)")]
    fn index(vm: &Vm, this: &Value, value: &Value, start: Option<Clamped>, stop: Option<Clamped>) -> PyResult {
        let length = this.downcast::<Tuple>().map_or(0, |tuple| tuple.items().len());
        let start = start.map_or(0, |start| clip(start.0, length));
        let stop = stop.map_or(usize::MAX, |stop| clip(stop.0, length));
        find_then(vm, this, value, (start, stop), |vm, _this, _value, found| match found {
            Some(at) => Ok(Value::from_usize(at)),
            None => Err(vm.value_error("tuple.index(x): x not in tuple")),
        })
    }

    /// How many items are equal to the value.
    #[method("count(self, value, /)")]
    fn count(vm: &Vm, this: &Value, value: &Value) -> PyResult {
        count(vm, this, value)
    }

    /// Pickling support.
    #[method("__getnewargs__(self, /)")]
    fn getnewargs(this: &Tuple) -> Value {
        Value::from_tuple(vec![Value::from_tuple(this.items().to_vec())])
    }

    /// See PEP 585.
    #[classmethod("__class_getitem__(cls, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        alias(cls, object)
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Value) -> PyResult {
        repr_container(vm, this)
    }

    #[slot(hash)]
    fn hash(vm: &Vm, this: &Value) -> PyResult {
        let Some(tuple) = this.to_ref::<Tuple>() else { return Ok(Value::NONE) };
        let mut hasher = TupleHasher::new();
        for (at, item) in tuple.items().iter().enumerate() {
            match vm.hash_now(item) {
                Some(hash) => hasher.add(hash? as i64),
                None => return Err(vm.defer(hash_later(vm.handle(), tuple.clone(), at, hasher))),
            }
        }
        Ok(Value::from_i64(hasher.finish()))
    }

    #[slot(compare)]
    fn compare(vm: &Vm, this: &Value, other: &Value, op: CompareOp) -> PyResult {
        if this.downcast::<Tuple>().is_none() || other.downcast::<Tuple>().is_none() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        compare(vm, this, other, op)
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.to_ref::<Tuple>().map_or(Value::NONE, |tuple| TupleIterator::new(tuple).into_value()))
    }

    #[slot(len)]
    fn length(_vm: &Vm, this: &Tuple) -> PyResult {
        Ok(Value::from_usize(this.items().len()))
    }

    #[slot(contains)]
    fn contains(vm: &Vm, this: &Value, item: &Value) -> PyResult {
        contains(vm, this, item)
    }

    #[slot(getitem)]
    fn getitem(vm: &Vm, this: &Value, key: &Value) -> PyResult {
        let Some(tuple) = this.downcast::<Tuple>() else { return Ok(Value::NONE) };
        match vm.subscript_now(key, "tuple") {
            Some(Ok(Subscript::Index(index))) => match position(index, tuple.items().len()) {
                Some(at) => Ok(tuple.items()[at].clone()),
                None => Err(vm.index_error("tuple index out of range")),
            },
            Some(Ok(Subscript::Slice(slice))) => {
                let bounds = slice.bounds(vm, tuple.items().len())?;
                if bounds.step == 1 && bounds.count == tuple.items().len() && this.downcast_exact::<Tuple>().is_some() {
                    return Ok(this.clone());
                }
                Ok(Value::from_tuple(select(vm, tuple.items(), bounds)?))
            }
            Some(Err(raised)) => Err(raised),
            None => Err(vm.get_item_later(this, key)),
        }
    }

    #[slot(concat)]
    fn concat(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        let (Some(left), Some(right)) = (this.downcast::<Tuple>(), other.downcast::<Tuple>()) else {
            let name = vm.type_name(other);
            return Err(vm.type_error(format!("can only concatenate tuple (not \"{name}\") to tuple")));
        };
        if left.items().is_empty() && other.downcast_exact::<Tuple>().is_some() {
            return Ok(other.clone());
        }
        if right.items().is_empty() && this.downcast_exact::<Tuple>().is_some() {
            return Ok(this.clone());
        }
        joined(vm, left, right)
    }

    #[slot(repeat)]
    fn repeat(vm: &Vm, this: &Value, times: &Value) -> PyResult {
        repeat(vm, this, times)
    }
}

async fn hash_later(vm: VmRef, tuple: Ref<Tuple>, from: usize, hasher: TupleHasher) -> PyResult {
    let mut hasher = hasher;
    for item in &tuple.items()[from..] {
        hasher.add(vm.hash(item).await? as i64);
    }
    Ok(Value::from_i64(hasher.finish()))
}
