//! Python's `float` on `f64`: text in both directions, exact parts, rounding, arithmetic where Python's rules differ from
//! the machine's, compensated summation.

mod arith;
mod hex;
mod parse;
mod sum;
mod text;

pub use arith::*;
pub use hex::*;
pub use parse::*;
pub use sum::*;
pub use text::*;

use crate::BigInt;

/// `|x| == mantissa * 2**exponent` for finite `x`; the mantissa is odd or full 53 bits, or 0.
pub fn decode(x: f64) -> (u64, i32) {
    let bits = x.to_bits();
    let biased = (bits >> 52 & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    if biased == 0 { (fraction, -1074) } else { (fraction | 1 << 52, biased - 1075) }
}

/// `m * 2**exponent` rounded half to even, where `sticky` says that the true value is a little more than that.
/// Infinite where out of range. With `sticky`, `m` has at least 55 bits.
pub fn from_scaled(m: u64, sticky: bool, exponent: i32) -> f64 {
    if m == 0 {
        return 0.0;
    }
    let bits = 64 - m.leading_zeros() as i32;
    // Exponent of the lowest bit that the result can hold.
    let lowest = (exponent + bits - 53).max(-1074);
    let drop = lowest - exponent;
    if drop <= 0 {
        return scale(m as f64, exponent);
    }
    if drop > 64 {
        return 0.0;
    }
    let (kept, rest, half) =
        if drop == 64 { (0, m, 1u64 << 63) } else { (m >> drop, m & ((1u64 << drop) - 1), 1u64 << (drop - 1)) };
    let up = rest > half || rest == half && (sticky || kept & 1 == 1);
    scale((kept + u64::from(up)) as f64, lowest)
}

/// `x * 2**n`, exact wherever the result is representable.
fn scale(x: f64, n: i32) -> f64 {
    libm::scalbn(x, n)
}

/// `x.is_integer()`
pub fn is_integer(x: f64) -> bool {
    x.is_finite() && x.trunc() == x
}

/// `x.as_integer_ratio()`. None for infinities and NaN ("cannot convert Infinity/NaN to integer ratio").
pub fn as_integer_ratio(x: f64) -> Option<(BigInt, BigInt)> {
    if !x.is_finite() {
        return None;
    }
    let (mut mantissa, mut exponent) = decode(x);
    if mantissa == 0 {
        return Some((BigInt::ZERO, BigInt::from(1)));
    }
    let zeros = mantissa.trailing_zeros();
    mantissa >>= zeros;
    exponent += zeros as i32;
    let mut numerator = BigInt::from(mantissa);
    let mut denominator = BigInt::from(1);
    if exponent >= 0 {
        numerator <<= exponent;
    } else {
        denominator <<= -exponent;
    }
    Some((if x < 0.0 { -numerator } else { numerator }, denominator))
}
