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

/// `obj[start:stop]`.
pub fn load_slice(vm: &Vm, obj: &Value, start: Value, stop: Value) -> PyResult {
    if let Some(result) = crate::types::string::slice_now(vm, obj, &start, &stop) {
        return result;
    }
    vm.get_item(obj, &Slice::new(start, stop, Value::NONE).into_value())
}

/// `obj[start:stop] = value`.
pub fn store_slice(vm: &Vm, obj: &Value, start: Value, stop: Value, value: &Value) -> PyResult {
    vm.set_item(obj, &Slice::new(start, stop, Value::NONE).into_value(), Some(value))
}
