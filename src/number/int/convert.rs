//! Between integers and floats, exactly or correctly rounded.

use crate::{BigInt, float};
use num_bigint::Sign;
use num_traits::{FromPrimitive, ToPrimitive, Zero};
use std::cmp::Ordering;

/// `float(a)`: rounded half to even. None where the result is out of range ("int too large to convert to float").
pub fn to_float(a: &BigInt) -> Option<f64> {
    a.to_f64().filter(|x| x.is_finite())
}

/// `int(x)`: truncated. None for infinities and NaN.
pub fn from_float(x: f64) -> Option<BigInt> {
    if x.abs() < 9.2e18 { Some(BigInt::from(x as i64)) } else { BigInt::from_f64(x) }
}

/// Compares exactly, without rounding either side. None when `x` is NaN.
pub fn cmp_float(a: &BigInt, x: f64) -> Option<Ordering> {
    if x.is_nan() {
        return None;
    }
    if x.is_infinite() {
        return Some(if x > 0.0 { Ordering::Less } else { Ordering::Greater });
    }
    let whole = from_float(x)?;
    Some(a.cmp(&whole).then_with(|| 0.0f64.total_cmp(&((x - x.trunc()) + 0.0))))
}

/// Compares a machine-sized integer with a float exactly. None when `x` is NaN.
pub fn cmp_small_float(a: i64, x: f64) -> Option<Ordering> {
    if a.unsigned_abs() <= 1 << 53 { (a as f64).partial_cmp(&x) } else { cmp_float(&BigInt::from(a), x) }
}

/// Why `a / b` has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrueDivError {
    /// "division by zero"
    ZeroDivision,
    /// "integer division result too large for a float"
    Overflow,
}

/// `a / b`, correctly rounded half to even.
pub fn true_div(a: &BigInt, b: &BigInt) -> Result<f64, TrueDivError> {
    if b.is_zero() {
        return Err(TrueDivError::ZeroDivision);
    }
    if a.is_zero() {
        // The sign of the divisor shows: 0 / -1 is -0.0.
        return Ok(if b.sign() == Sign::Minus { -0.0 } else { 0.0 });
    }
    let negative = (a.sign() == Sign::Minus) != (b.sign() == Sign::Minus);
    let (a, b) = (a.magnitude(), b.magnitude());
    let magnitude = if a.bits() <= 53 && b.bits() <= 53 {
        a.to_u64().unwrap_or(0) as f64 / b.to_u64().unwrap_or(1) as f64
    } else {
        let difference = a.bits() as i64 - b.bits() as i64;
        if difference > 1024 {
            return Err(TrueDivError::Overflow);
        }
        if difference < -1080 {
            0.0
        } else {
            // The quotient gets 62 or 63 bits; what the division leaves over only decides ties.
            let shift = 62 - difference;
            let (quotient, rest) = if shift >= 0 {
                num_integer::Integer::div_rem(&(a << shift as u64), b)
            } else {
                num_integer::Integer::div_rem(a, &(b << (-shift) as u64))
            };
            float::from_scaled(quotient.to_u64().unwrap_or(u64::MAX), !rest.is_zero(), -(shift as i32))
        }
    };
    if magnitude.is_infinite() {
        return Err(TrueDivError::Overflow);
    }
    Ok(if negative { -magnitude } else { magnitude })
}
