//! Logarithms of integers of any size. (`comb`, `factorial`, `gcd` and so on are in [`crate::int`].)

use super::log::{log as raw_log, log2 as raw_log2};
use super::{MathError, MathResult, Unary};
use crate::{BigInt, float, int};
use num_bigint::Sign;
use num_traits::{ToPrimitive, Zero};

/// `math.log(a)`
pub fn log_int(a: &BigInt) -> MathResult {
    log_of(a, super::log, raw_log(2.0))
}

/// `math.log2(a)`
pub fn log2_int(a: &BigInt) -> MathResult {
    log_of(a, super::log2, raw_log2(2.0))
}

/// `math.log10(a)`
pub fn log10_int(a: &BigInt) -> MathResult {
    log_of(a, super::log10, libm::log10(2.0))
}

fn log_of(a: &BigInt, log: Unary, log_of_two: f64) -> MathResult {
    if a.sign() != Sign::Plus {
        return Err(MathError::Domain);
    }
    if let Some(x) = int::to_float(a) {
        return log(x);
    }
    let (fraction, exponent) = frexp_int(a);
    Ok(log(fraction)? + log_of_two * exponent as f64)
}

/// The fraction in [0.5, 1), rounded half to even, and the exponent of a positive integer; (0, 0) for zero.
pub fn frexp_int(a: &BigInt) -> (f64, u64) {
    let bits = a.bits();
    if a.is_zero() {
        return (0.0, 0);
    }
    let shift = bits.saturating_sub(64);
    let top = (a.magnitude() >> shift).to_u64().unwrap_or(u64::MAX);
    let sticky = a.magnitude().trailing_zeros().is_some_and(|zeros| zeros < shift);
    let fraction = float::from_scaled(top, sticky, -(bits.min(64) as i32));
    if fraction == 1.0 { (0.5, bits + 1) } else { (fraction, bits) }
}
