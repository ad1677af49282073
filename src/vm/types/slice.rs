//! Slices: the object, and the arithmetic that turns one into positions of a sequence.

use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};
use snakelet_macros::{methods, native_type};
use snakelet_number::hash::TupleHasher;

use crate::types::slots::CompareOp;
use crate::types::typeobject::Type;
use crate::{Native, PyResult, Ref, Value, Vm, VmRef};

/// The payload of slice objects.
#[native_type(
    name = "slice",
    doc = "slice(stop)\nslice(start, stop[, step])\n\nA range of positions, as extended subscripts such as a[0:10:2] make it."
)]
pub struct Slice {
    pub start: Value,
    pub stop: Value,
    pub step: Value,
}

/// The positions that a slice selects from a sequence: `count` of them, `start`, `start + step`, ... all within the sequence.
/// With `count` 0, `start` is still where an insertion would go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    pub start: isize,
    pub stop: isize,
    pub step: isize,
    pub count: usize,
}

impl Bounds {
    /// The positions in the slice's order.
    pub fn positions(self) -> impl Iterator<Item = usize> {
        (0..self.count).map(move |index| (self.start + self.step * index as isize) as usize)
    }

    /// The same positions in ascending order.
    pub fn ascending(self) -> Bounds {
        if self.step > 0 || self.count == 0 {
            return self;
        }
        let start = self.start + self.step * (self.count as isize - 1);
        Bounds { start, stop: self.start + 1, step: -self.step, count: self.count }
    }
}

impl Slice {
    pub fn new(start: Value, stop: Value, step: Value) -> Slice {
        Slice { start, stop, step }
    }

    /// Whether no part needs its `__index__` called.
    pub fn is_plain(&self) -> bool {
        let is_plain = |part: &Value| match part.header() {
            Some(header) => part.is_int() || header.ty().slots().index.is_none(),
            None => true,
        };
        is_plain(&self.start) && is_plain(&self.stop) && is_plain(&self.step)
    }

    /// The positions in a sequence of `length` items. The slice must be plain (see [`Slice::is_plain`]).
    pub fn bounds(&self, vm: &Vm, length: usize) -> PyResult<Bounds> {
        let length = length as isize;
        let step = match part(vm, &self.step)? {
            Some(0) => return Err(vm.value_error("slice step cannot be zero")),
            Some(step) => step.max(-isize::MAX),
            None => 1,
        };
        let (lowest, highest) = if step > 0 { (0, length) } else { (-1, length - 1) };
        let place = |value: Option<isize>, default: isize| match value {
            None => default,
            Some(n) if n < 0 => n.saturating_add(length).max(lowest),
            Some(n) => n.min(highest),
        };
        let (first, last) = if step > 0 { (lowest, highest) } else { (highest, lowest) };
        let start = place(part(vm, &self.start)?, first);
        let stop = place(part(vm, &self.stop)?, last);
        let count = if step > 0 && start < stop {
            (stop - start - 1) / step + 1
        } else if step < 0 && stop < start {
            (start - stop - 1) / -step + 1
        } else {
            0
        };
        Ok(Bounds { start, stop, step, count: count as usize })
    }

    /// Start, stop and step for a sequence of any length, as `slice.indices` gives them. The slice must be plain.
    pub fn indices(&self, vm: &Vm, length: &BigInt) -> PyResult<(BigInt, BigInt, BigInt)> {
        let step = big_part(vm, &self.step)?.unwrap_or_else(BigInt::one);
        if step.is_zero() {
            return Err(vm.value_error("slice step cannot be zero"));
        }
        let backwards = step.is_negative();
        let (lowest, highest) =
            if backwards { (BigInt::from(-1), length - 1) } else { (BigInt::zero(), length.clone()) };
        let place = |value: Option<BigInt>, default: &BigInt| match value {
            None => default.clone(),
            Some(n) if n.is_negative() => (n + length).max(lowest.clone()),
            Some(n) => n.min(highest.clone()),
        };
        let (first, last) = if backwards { (&highest, &lowest) } else { (&lowest, &highest) };
        let start = place(big_part(vm, &self.start)?, first);
        let stop = place(big_part(vm, &self.stop)?, last);
        Ok((start, stop, step))
    }

    fn parts(&self) -> [&Value; 3] {
        [&self.start, &self.stop, &self.step]
    }

    fn as_tuple(&self) -> Value {
        Value::from_tuple(self.parts().map(Value::clone).to_vec())
    }
}

/// A part of a slice as a machine-sized number, huge ones brought into range.
fn part(vm: &Vm, value: &Value) -> PyResult<Option<isize>> {
    if value.is_none() {
        return Ok(None);
    }
    if let Some(n) = value.to_i64() {
        return Ok(Some(n.clamp(isize::MIN as i64, isize::MAX as i64) as isize));
    }
    match value.to_bigint() {
        Some(n) => Ok(Some(if n.is_negative() { isize::MIN } else { isize::MAX })),
        None => Err(bad_part(vm)),
    }
}

fn big_part(vm: &Vm, value: &Value) -> PyResult<Option<BigInt>> {
    if value.is_none() {
        return Ok(None);
    }
    value.to_bigint().map(|n| Some(n.into_owned())).ok_or_else(|| bad_part(vm))
}

#[cold]
fn bad_part(vm: &Vm) -> crate::Raised {
    vm.type_error("slice indices must be integers or None or have an __index__ method")
}

#[methods]
impl Slice {
    #[new("slice(start, stop=<unrepresentable>, step=None, /)", text = none)]
    fn new_slice(_cls: Ref<Type>, start: Value, stop: Option<Value>, step: Option<Value>) -> Value {
        match stop {
            Some(stop) => Slice::new(start, stop, step.unwrap_or_default()).into_value(),
            None => Slice::new(Value::NONE, start, Value::NONE).into_value(),
        }
    }

    /// The first position, or None.
    #[getter("start")]
    fn get_start(this: &Slice) -> Value {
        this.start.clone()
    }

    /// The position after the last, or None.
    #[getter("stop")]
    fn get_stop(this: &Slice) -> Value {
        this.stop.clone()
    }

    /// The distance between positions, or None.
    #[getter("step")]
    fn get_step(this: &Slice) -> Value {
        this.step.clone()
    }

    /// S.indices(len) -> (start, stop, stride)
    ///
    /// Start, stop and step of the slice for a sequence of that length, clipped to it.
    #[method("indices(self, object, /)")]
    async fn indices_of(vm: VmRef, this: Ref<Slice>, length: Value) -> PyResult {
        let length = vm.index(&length).await?;
        let length = length.to_bigint().unwrap_or_default().into_owned();
        if length.is_negative() {
            return Err(vm.value_error("length should not be negative"));
        }
        let plain = vm.plain_subscript(this.as_value()).await?;
        let Some(plain) = plain.downcast::<Slice>() else { return Ok(Value::NONE) };
        let (start, stop, step) = plain.indices(&vm, &length)?;
        Ok(Value::from_tuple([start, stop, step].map(Value::from_bigint).to_vec()))
    }

    /// Pickling support.
    #[method("__reduce__(self, /)")]
    fn reduce(this: &Slice) -> Value {
        Value::from_tuple(vec![Slice::type_object().into_value(), this.as_tuple()])
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Slice) -> PyResult {
        let parts = this.parts().map(Value::clone).to_vec();
        crate::protocol::sequence_repr::repr_values(vm, "slice(", parts, ")")
    }

    #[slot(compare)]
    fn compare(vm: &Vm, this: &Value, other: &Value, op: CompareOp) -> PyResult {
        let (Some(left), Some(right)) = (this.downcast::<Slice>(), other.downcast::<Slice>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if this.is(other) {
            return Ok(Value::bool(matches!(op, CompareOp::Eq | CompareOp::Le | CompareOp::Ge)));
        }
        vm.rich_compare(&left.as_tuple(), &right.as_tuple(), op)
    }

    #[slot(hash)]
    fn hash(vm: &Vm, this: &Slice) -> PyResult {
        let mut hasher = TupleHasher::new();
        for part in this.parts() {
            match vm.hash_now(part) {
                Some(hash) => hasher.add(hash? as i64),
                None => return vm.hash_of(&this.as_tuple()),
            }
        }
        Ok(Value::from_i64(hasher.finish()))
    }
}
