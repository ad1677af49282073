//! Arithmetic on inline integers.

use crate::{PyResult, Value, Vm};

/// Both as floats, if one is a float and the other an inline integer.
#[inline]
pub fn mixed_floats(left: &Value, right: &Value) -> Option<(f64, f64)> {
    if let (Some(x), Some(n)) = (left.as_float(), right.as_small_int()) {
        return Some((x, n as f64));
    }
    Some((left.as_small_int()? as f64, right.as_float()?))
}

/// `left + right` of two strs or two tuples, none of a subclass.
#[inline(never)]
pub fn add_now(vm: &Vm, left: &Value, right: &Value) -> Option<PyResult> {
    crate::types::string::add_now(vm, left, right).or_else(|| crate::types::tuple::concat_now(vm, left, right))
}

/// The product, if both are inline integers and it is one too.
#[inline(always)]
pub fn mul_small_ints(left: &Value, right: &Value) -> Option<Value> {
    if !Value::both_small_ints(left, right) {
        return None;
    }
    Value::try_small_int(left.small_int_unchecked().checked_mul(right.small_int_unchecked())?)
}

/// `left // right`, unless `right` is zero or one is no inline integer.
#[inline(always)]
pub fn floor_div_small_ints(left: &Value, right: &Value) -> Option<Value> {
    if !Value::both_small_ints(left, right) {
        return None;
    }
    let (x, y) = (left.small_int_unchecked(), right.small_int_unchecked());
    if y == 0 {
        return None;
    }
    let quotient = x / y;
    let floor = if x % y != 0 && (x < 0) != (y < 0) { quotient - 1 } else { quotient };
    Value::try_small_int(floor)
}

/// `left % right`, under the same conditions.
#[inline(always)]
pub fn mod_small_ints(left: &Value, right: &Value) -> Option<Value> {
    if !Value::both_small_ints(left, right) {
        return None;
    }
    let (x, y) = (left.small_int_unchecked(), right.small_int_unchecked());
    if y == 0 {
        return None;
    }
    let remainder = x % y;
    let floor = if remainder != 0 && (remainder < 0) != (y < 0) { remainder + y } else { remainder };
    Some(Value::small_int(floor))
}
