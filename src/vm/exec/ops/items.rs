//! Items, slices, iteration steps.

use crate::exec::Thread;
use crate::types::generator::{Generator, Resume};
use crate::types::list::List;
use crate::types::slice::Slice;
use crate::types::tuple::Tuple;
use crate::{Native, PyResult, Value, Vm};

/// The items of an exact list or tuple.
#[inline(always)]
pub fn exact_sequence(value: &Value) -> Option<&[Value]> {
    if let Some(tuple) = value.downcast_exact::<Tuple>() {
        return Some(tuple.items());
    }
    value.downcast_exact::<List>().map(|list| list.items.borrow().as_slice())
}

/// One step of a `for` loop. `Ok(None)`: a generator's frame was pushed and will deliver; `UNBOUND`: the end.
#[inline]
pub fn for_iter(vm: &Vm, thread: &mut Thread, iter: &Value) -> PyResult<Option<Value>> {
    if iter.downcast_exact::<Generator>().is_some() {
        return crate::exec::resume::resume(vm, thread, &iter.clone(), Resume::Send(Value::NONE));
    }
    vm.iter_next(iter).map(Some)
}

/// The positions that `start` and `stop` (inline ints or None) select of `length` items.
fn plain_range(start: &Value, stop: &Value, length: usize) -> Option<std::ops::Range<usize>> {
    let length = length as i64;
    let place = |end: &Value, default: i64| match end.as_small_int() {
        Some(n) if n < 0 => Some((n + length).max(0)),
        Some(n) => Some(n.min(length)),
        None if end.is_none() => Some(default),
        None => None,
    };
    let (start, stop) = (place(start, 0)?, place(stop, length)?);
    Some(start as usize..stop.max(start) as usize)
}

/// `obj[start:stop]`.
pub fn load_slice(vm: &Vm, obj: &Value, start: Value, stop: Value) -> PyResult {
    if let Some(result) = crate::types::string::slice_now(vm, obj, &start, &stop) {
        return result;
    }
    if let Some(items) = exact_sequence(obj)
        && let Some(range) = plain_range(&start, &stop, items.len())
    {
        let is_tuple = obj.downcast_exact::<Tuple>().is_some();
        if is_tuple && range.len() == items.len() {
            return Ok(obj.clone());
        }
        if is_tuple {
            return Value::tuple_from_slice(vm, &items[range]);
        }
        let mut selected = vm.vec_with_capacity(range.len())?;
        selected.extend_from_slice(&items[range]);
        return Ok(Value::from_list(selected));
    }
    vm.get_item(obj, &Slice::new(start, stop, Value::NONE).into_value())
}

/// `obj[start:stop] = value`.
pub fn store_slice(vm: &Vm, obj: &Value, start: Value, stop: Value, value: &Value) -> PyResult {
    vm.set_item(obj, &Slice::new(start, stop, Value::NONE).into_value(), Some(value))
}
