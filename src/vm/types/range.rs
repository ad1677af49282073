//! `range`: ints of any size; a range whose bounds are machine-sized has a fast iterator.

use std::cell::Cell;

use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive, Zero};
use snakelet_macros::{methods, native_type};
use snakelet_number::hash::TupleHasher;
use snakelet_number::int::{floor_div, floor_mod};

use crate::object::Native;
use crate::protocol::compare::is_exact_int;
use crate::types::slice::Slice;
use crate::types::slots::CompareOp;
use crate::types::typeobject::Type;
use crate::{PyResult, Ref, Value, Vm, VmRef};

/// The payload of ranges: ints of any size.
#[native_type(
    name = "range",
    doc = "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\nThe ints from start (0 by default) up to stop, which is left out, step by step.",
    flags(SEQUENCE)
)]
pub struct Range {
    pub start: Value,
    pub stop: Value,
    pub step: Value,
    /// Number of items, an int.
    pub length: Value,
}

/// Iterates a range whose bounds are small.
#[native_type(name = "range_iterator")]
pub struct RangeIterator {
    pub next: Cell<i64>,
    pub step: i64,
    /// Items left.
    pub left: Cell<u64>,
}

/// Iterates a range of any size.
#[native_type(name = "longrange_iterator")]
pub struct LongRangeIterator {
    start: BigInt,
    step: BigInt,
    length: BigInt,
    #[skip_traverse]
    index: crate::object::VmCell<BigInt>,
}

impl RangeIterator {
    /// The next item; `None` at the end.
    #[inline(always)]
    pub fn next_now(&self) -> Option<Value> {
        let left = self.left.get();
        if left == 0 {
            return None;
        }
        let item = self.next.get();
        self.left.set(left - 1);
        self.next.set(item.wrapping_add(self.step));
        Some(Value::from_i64(item))
    }
}

fn big(value: &Value) -> BigInt {
    value.to_bigint().unwrap_or_default().into_owned()
}

/// How many ints a range has.
fn count(start: &BigInt, stop: &BigInt, step: &BigInt) -> BigInt {
    let (low, high, step) = if step.is_negative() { (stop, start, -step) } else { (start, stop, step.clone()) };
    if low >= high { BigInt::zero() } else { (high - low - 1) / step + 1 }
}

impl Range {
    /// The range of these ints; the step is not 0.
    pub fn new(start: Value, stop: Value, step: Value) -> Range {
        let length = match (start.as_small_int(), stop.as_small_int(), step.as_small_int()) {
            (Some(start), Some(stop), Some(step)) if step > 0 => {
                Value::from_i64(if start < stop { (stop - start - 1) / step + 1 } else { 0 })
            }
            (Some(start), Some(stop), Some(step)) => {
                Value::from_i64(if start > stop { (start - stop - 1) / -step + 1 } else { 0 })
            }
            _ => Value::from_bigint(count(&big(&start), &big(&stop), &big(&step))),
        };
        Range { start, stop, step, length }
    }

    fn from_big(start: BigInt, stop: BigInt, step: BigInt) -> Value {
        Range::new(Value::from_bigint(start), Value::from_bigint(stop), Value::from_bigint(step)).into_value()
    }

    /// An iterator over the range.
    pub fn iterator(&self) -> Value {
        match (self.start.as_small_int(), self.step.as_small_int(), self.length.as_small_int()) {
            (Some(start), Some(step), Some(length)) if start.checked_add(step.saturating_mul(length)).is_some() => {
                RangeIterator { next: Cell::new(start), step, left: Cell::new(length as u64) }.into_value()
            }
            _ => LongRangeIterator {
                start: big(&self.start),
                step: big(&self.step),
                length: big(&self.length),
                index: Default::default(),
            }
            .into_value(),
        }
    }

    fn reverse_iterator(&self) -> Value {
        let (start, step, length) = (big(&self.start), big(&self.step), big(&self.length));
        let last = &start + (&length - 1) * &step;
        let stop = &start - &step;
        let reversed = Range::new(Value::from_bigint(last), Value::from_bigint(stop), Value::from_bigint(-step));
        // An empty range stays empty the other way round.
        let reversed = Range { length: self.length.clone(), ..reversed };
        reversed.iterator()
    }

    /// The item at a position within the range.
    fn at(&self, index: &BigInt) -> Value {
        Value::from_bigint(big(&self.start) + index * big(&self.step))
    }

    fn get_index(&self, vm: &Vm, index: &Value) -> PyResult {
        if let (Some(start), Some(step), Some(length), Some(index)) =
            (self.start.as_small_int(), self.step.as_small_int(), self.length.as_small_int(), index.as_small_int())
        {
            let index = if index < 0 { index + length } else { index };
            if index >= 0 && index < length {
                // Within the range, so between start and stop.
                return Ok(Value::from_i64(start.wrapping_add(step.wrapping_mul(index))));
            }
            return Err(vm.index_error("range object index out of range"));
        }
        let length = big(&self.length);
        let mut index = big(index);
        if index.is_negative() {
            index += &length;
        }
        if index.is_negative() || index >= length {
            return Err(vm.index_error("range object index out of range"));
        }
        Ok(self.at(&index))
    }

    fn get_slice(&self, vm: &Vm, slice: &Slice) -> PyResult {
        let (start, stop, step) = slice.indices(vm, &big(&self.length))?;
        let (own_start, own_step) = (big(&self.start), big(&self.step));
        let (start, stop) = (&own_start + start * &own_step, &own_start + stop * &own_step);
        Ok(Range::from_big(start, stop, own_step * step))
    }

    /// The position of an int in the range.
    fn position(&self, item: &Value) -> Option<BigInt> {
        let (item, start, stop, step) = (big(item), big(&self.start), big(&self.stop), big(&self.step));
        let within = if step.is_negative() { item <= start && item > stop } else { item >= start && item < stop };
        let distance = item - start;
        let on_step = within && floor_mod(&distance, &step).is_some_and(|rest| rest.is_zero());
        if on_step { floor_div(&distance, &step) } else { None }
    }

    /// What two equal ranges have in common: length, start and step, the latter two only as far as they matter.
    fn essence(&self) -> [&Value; 3] {
        const NONE: &Value = &Value::NONE;
        match self.length.as_small_int() {
            Some(0) => [&self.length, NONE, NONE],
            Some(1) => [&self.length, &self.start, NONE],
            _ => [&self.length, &self.start, &self.step],
        }
    }

    fn is_small(&self) -> Option<(i64, i64, i64)> {
        Some((self.start.as_small_int()?, self.stop.as_small_int()?, self.step.as_small_int()?))
    }
}

/// The int that an argument stands for, or the slower way there.
async fn new_later(vm: VmRef, start: Value, stop: Option<Value>, step: Option<Value>) -> PyResult {
    let (start, stop) = match stop {
        Some(stop) => (vm.index(&start).await?, vm.index(&stop).await?),
        None => (Value::small_int(0), vm.index(&start).await?),
    };
    let step = match step {
        Some(step) => vm.index(&step).await?,
        None => Value::small_int(1),
    };
    make(&vm, start, stop, step)
}

fn make(vm: &Vm, start: Value, stop: Value, step: Value) -> PyResult {
    if step.as_small_int() == Some(0) {
        return Err(vm.value_error("range() arg 3 must not be zero"));
    }
    Ok(Range::new(start, stop, step).into_value())
}

/// How many items are equal to the value, by comparison, and the position of the first; with `first_only` none is looked for
/// after it (async).
async fn search_items(vm: VmRef, this: Ref<Range>, value: Value, first_only: bool) -> PyResult<(usize, Option<usize>)> {
    let (iterator, mut position, mut found, mut first) = (this.iterator(), 0usize, 0usize, None);
    while let Some(item) = vm.next(&iterator).await? {
        if vm.eq(&item, &value).await? {
            found += 1;
            first = first.or(Some(position));
            if first_only {
                break;
            }
        }
        position += 1;
        vm.breathe(2).await?;
    }
    Ok((found, first))
}

#[methods]
impl Range {
    #[new("range(start, stop=<unrepresentable>, step=<unrepresentable>, /)", text = none)]
    fn new_range(vm: &Vm, _cls: Ref<Type>, start: Value, stop: Option<Value>, step: Option<Value>) -> PyResult {
        let plain = |value: &Value| value.is_small_int();
        if plain(&start) && stop.as_ref().is_none_or(plain) && step.as_ref().is_none_or(plain) {
            let step = step.unwrap_or(Value::small_int(1));
            return match stop {
                Some(stop) => make(vm, start, stop, step),
                None => make(vm, Value::small_int(0), start, step),
            };
        }
        let vm_ref = vm.handle();
        vm.start(new_later(vm_ref, start, stop, step))
    }

    /// Where the range begins.
    #[getter("start")]
    fn get_start(this: &Range) -> Value {
        this.start.clone()
    }

    /// Where the range ends.
    #[getter("stop")]
    fn get_stop(this: &Range) -> Value {
        this.stop.clone()
    }

    /// The distance of the items.
    #[getter("step")]
    fn get_step(this: &Range) -> Value {
        this.step.clone()
    }

    /// rangeobject.count(value) -> integer -- return number of occurrences of value
    #[method("count(self, object, /)")]
    fn count(vm: &Vm, this: Ref<Range>, object: Value) -> PyResult {
        if is_exact_int(&object) {
            return Ok(Value::small_int(this.position(&object).is_some() as i64));
        }
        let vm_ref = vm.handle();
        vm.start(async move { Ok(Value::from_usize(search_items(vm_ref, this, object, false).await?.0)) })
    }

    /// rangeobject.index(value) -> integer -- return index of value.
    ///
    /// Raises ValueError if the value is not present.
    #[method("index(self, object, /)")]
    fn index(vm: &Vm, this: Ref<Range>, object: Value) -> PyResult {
        if is_exact_int(&object) {
            return match this.position(&object) {
                Some(position) => Ok(Value::from_bigint(position)),
                None => Err(vm.value_error("range.index(x): x not in range")),
            };
        }
        let vm_ref = vm.handle();
        vm.start(async move {
            match search_items(vm_ref, this, object, true).await?.1 {
                Some(position) => Ok(Value::from_usize(position)),
                None => Err(vm_ref.value_error("sequence.index(x): x not in sequence")),
            }
        })
    }

    /// An iterator over the items, last first.
    #[method("__reversed__(self, /)")]
    fn reversed(this: &Range) -> Value {
        this.reverse_iterator()
    }

    /// Pickling support.
    #[method("__reduce__(self, /)")]
    fn reduce(this: &Range) -> Value {
        let args = Value::from_tuple(vec![this.start.clone(), this.stop.clone(), this.step.clone()]);
        Value::from_tuple(vec![Range::type_object().into_value(), args])
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Range) -> PyResult {
        let mut parts = vec![this.start.clone(), this.stop.clone()];
        if this.step.as_small_int() != Some(1) {
            parts.push(this.step.clone());
        }
        crate::protocol::sequence_repr::repr_values(vm, "range(", parts, ")")
    }

    #[slot(hash)]
    fn hash(vm: &Vm, this: &Range) -> PyResult {
        let mut hasher = TupleHasher::new();
        for part in this.essence() {
            if let Some(hash) = vm.hash_now(part) {
                hasher.add(hash? as i64);
            }
        }
        Ok(Value::from_i64(hasher.finish()))
    }

    #[slot(compare)]
    fn compare(vm: &Vm, this: &Value, other: &Value, op: CompareOp) -> PyResult {
        let (Some(left), Some(right)) = (this.downcast::<Range>(), other.downcast::<Range>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let equal = left.essence().into_iter().zip(right.essence()).all(|(a, b)| vm.eq_now(a, b) == Some(true));
        Ok(Value::bool(equal == (op == CompareOp::Eq)))
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Range) -> PyResult {
        Ok(this.iterator())
    }

    #[slot(bool)]
    fn bool(_vm: &Vm, this: &Range) -> PyResult {
        Ok(Value::bool(this.length.as_small_int() != Some(0)))
    }

    #[slot(len)]
    fn length(vm: &Vm, this: &Range) -> PyResult {
        match this.length.to_i64().filter(|&n| n <= isize::MAX as i64) {
            Some(_) => Ok(this.length.clone()),
            None => Err(vm.overflow_error("Python int too large to convert to C ssize_t")),
        }
    }

    #[slot(contains)]
    fn contains(vm: &Vm, this: &Value, item: &Value) -> PyResult {
        let Some(range) = this.to_ref::<Range>() else { return Ok(Value::NONE) };
        if let (Some((start, stop, step)), Some(item)) = (range.is_small(), item.as_small_int()) {
            let within = if step > 0 { item >= start && item < stop } else { item <= start && item > stop };
            return Ok(Value::bool(within && (item - start) % step == 0));
        }
        if is_exact_int(item) {
            return Ok(Value::bool(range.position(item).is_some()));
        }
        let (vm_ref, item) = (vm.handle(), item.clone());
        vm.start(async move { Ok(Value::bool(search_items(vm_ref, range, item, true).await?.0 > 0)) })
    }

    #[slot(getitem)]
    fn getitem(vm: &Vm, this: &Value, key: &Value) -> PyResult {
        let Some(range) = this.downcast::<Range>() else { return Ok(Value::NONE) };
        if let Some(slice) = key.downcast::<Slice>() {
            return if slice.is_plain() { range.get_slice(vm, slice) } else { Err(vm.get_item_later(this, key)) };
        }
        if key.is_int() {
            return range.get_index(vm, key);
        }
        if vm.type_of(key).slots().index.is_some() {
            return Err(vm.get_item_later(this, key));
        }
        let name = vm.type_name(key);
        Err(vm.type_error(format!("range indices must be integers or slices, not {name}")))
    }
}

/// What `__reduce__` of an iterator over a range gives.
fn reduced(vm: &Vm, start: BigInt, step: BigInt, left: BigInt) -> Value {
    let stop = &start + &step * left;
    let args = Value::from_tuple(vec![Range::from_big(start, stop, step)]);
    Value::from_tuple(vec![crate::types::iterators::builtin(vm, "iter"), args, Value::NONE])
}

#[methods]
impl RangeIterator {
    /// How many items are left.
    #[method("__length_hint__(self, /)")]
    fn length_hint(this: &RangeIterator) -> i64 {
        this.left.get() as i64
    }

    /// Pickling support.
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &RangeIterator) -> Value {
        reduced(vm, this.next.get().into(), this.step.into(), this.left.get().into())
    }

    /// Pickling support.
    #[method("__setstate__(self, object, /)")]
    fn setstate(this: &RangeIterator, object: i64) {
        let skip = object.clamp(0, this.left.get() as i64);
        this.left.set(this.left.get() - skip as u64);
        this.next.set(this.next.get().wrapping_add(this.step.wrapping_mul(skip)));
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(next)]
    fn next(_vm: &Vm, this: &RangeIterator) -> PyResult {
        Ok(this.next_now().unwrap_or(Value::UNBOUND))
    }
}

#[methods]
impl LongRangeIterator {
    /// How many items are left.
    #[method("__length_hint__(self, /)")]
    fn length_hint(this: &LongRangeIterator) -> BigInt {
        &this.length - this.index.borrow()
    }

    /// Pickling support.
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &LongRangeIterator) -> Value {
        let index = this.index.borrow();
        reduced(vm, &this.start + index * &this.step, this.step.clone(), &this.length - index)
    }

    /// Pickling support.
    #[method("__setstate__(self, object, /)")]
    fn setstate(vm: &Vm, this: &LongRangeIterator, object: &Value) -> PyResult<()> {
        let Some(index) = object.to_bigint() else { return Err(vm.type_error("state must be an int")) };
        this.index.set(index.into_owned().clamp(BigInt::zero(), this.length.clone()));
        Ok(())
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(next)]
    fn next(_vm: &Vm, this: &LongRangeIterator) -> PyResult {
        let index = this.index.borrow_mut();
        if *index >= this.length {
            return Ok(Value::UNBOUND);
        }
        let item = &this.start + &*index * &this.step;
        *index += BigInt::one();
        Ok(match item.to_i64() {
            Some(item) => Value::from_i64(item),
            None => Value::from_bigint(item),
        })
    }
}
