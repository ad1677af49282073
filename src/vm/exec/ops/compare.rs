//! Truth, comparison and membership, for jumps and conditions.

use crate::types::slots::CompareOp;
use crate::{PyResult, Value, Vm};

/// The result of a plain operation that answers a bool.
fn as_bool(result: PyResult) -> PyResult<bool> {
    result.map(|value| value.is_true())
}

/// The truth of a value; a deferral yields a bool.
#[inline]
pub fn truth(vm: &Vm, value: &Value) -> PyResult<bool> {
    if let Some(truth) = value.as_bool() {
        return Ok(truth);
    }
    if let Some(n) = value.as_small_int() {
        return Ok(n != 0);
    }
    if value.is_none() {
        return Ok(false);
    }
    as_bool(vm.truth_of(value))
}

/// The truth of `left op right`; a deferral yields a bool.
#[inline(never)]
pub fn compare_truth(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult<bool> {
    match vm.rich_compare(left, right, op) {
        Ok(value) => truth(vm, &value),
        deferred => as_bool(vm.and_then(deferred, |vm, value| vm.truth_of(&value))),
    }
}

/// `item in container`; a deferral yields a bool.
#[inline]
pub fn contains(vm: &Vm, item: &Value, container: &Value) -> PyResult<bool> {
    as_bool(vm.contains(item, container))
}
