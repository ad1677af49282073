//! Division, power and rounding of floats by Python's rules.

use super::{Layout, Style, push};
use crate::math;

/// `divmod(a, b)`. None when `b` is zero.
pub fn divmod(a: f64, b: f64) -> Option<(f64, f64)> {
    if b == 0.0 {
        return None;
    }
    let mut rest = libm::fmod(a, b);
    // Nearly exact: a - rest is a multiple of b up to rounding.
    let mut quotient = (a - rest) / b;
    if rest != 0.0 {
        if (b < 0.0) != (rest < 0.0) {
            rest += b;
            quotient -= 1.0;
        }
    } else {
        rest = 0.0f64.copysign(b);
    }
    let floor = if quotient != 0.0 {
        let floor = quotient.floor();
        if quotient - floor > 0.5 { floor + 1.0 } else { floor }
    } else {
        0.0f64.copysign(a / b)
    };
    Some((floor, rest))
}

/// `a // b`. None when `b` is zero.
pub fn floor_div(a: f64, b: f64) -> Option<f64> {
    divmod(a, b).map(|(quotient, _)| quotient)
}

/// `a % b`. None when `b` is zero.
pub fn floor_mod(a: f64, b: f64) -> Option<f64> {
    divmod(a, b).map(|(_, rest)| rest)
}

/// What `a ** b` gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Power {
    /// A float.
    Real(f64),
    /// `a` is negative and `b` is no integer: the answer is `complex(a) ** complex(b)`.
    Complex,
    /// ZeroDivisionError "zero to a negative power"
    ZeroDivision,
    /// OverflowError(34, "Numerical result out of range" in the platform's words)
    Overflow,
}

/// `a ** b`
pub fn pow(a: f64, b: f64) -> Power {
    if b == 0.0 || a == 1.0 {
        return Power::Real(1.0);
    }
    if a.is_nan() || b.is_nan() {
        return Power::Real(a + b);
    }
    let odd = b.is_finite() && libm::fmod(b.abs(), 2.0) == 1.0;
    if b.is_infinite() {
        let size = a.abs();
        return Power::Real(if size == 1.0 {
            1.0
        } else if (b > 0.0) == (size > 1.0) {
            b.abs()
        } else {
            0.0
        });
    }
    if a.is_infinite() {
        return Power::Real(match (b > 0.0, odd) {
            (true, true) => a,
            (true, false) => a.abs(),
            (false, true) => 0.0f64.copysign(a),
            (false, false) => 0.0,
        });
    }
    if a == 0.0 {
        if b < 0.0 {
            return Power::ZeroDivision;
        }
        return Power::Real(if odd { a } else { 0.0 });
    }
    if a < 0.0 && b.floor() != b {
        return Power::Complex;
    }
    let negative = a < 0.0 && odd;
    let size = a.abs();
    let x = if size == 1.0 { 1.0 } else { math::raw_pow(size, b) };
    if x.is_infinite() {
        return Power::Overflow;
    }
    Power::Real(if negative { -x } else { x })
}

/// `round(x, digits)`: the float nearest to the exactly rounded decimal. None where the result overflows
/// ("rounded value too large to represent"). Infinities and NaN come back as they are.
pub fn round(x: f64, digits: i64) -> Option<f64> {
    // More digits than any float has, or so few that nothing is left.
    if !x.is_finite() || x == 0.0 || digits > 323 {
        return Some(x);
    }
    if digits < -308 {
        return Some(0.0 * x);
    }
    let text = if digits >= 0 {
        let mut text = String::new();
        push(&mut text, x, &Layout::new(Style::Fixed, digits as usize));
        text
    } else {
        round_left_of_point(x, (-digits) as usize)
    };
    let rounded: f64 = text.parse().unwrap_or(x);
    rounded.is_finite().then_some(rounded)
}

/// The decimal text of `x` rounded half to even to a multiple of `10**digits`.
fn round_left_of_point(x: f64, digits: usize) -> String {
    // Exact by integer arithmetic: what is behind the point only decides ties.
    let whole = crate::int::from_float(x.trunc()).unwrap_or_default();
    let fraction = x - x.trunc();
    let mut rounded = crate::int::round_to_power_of_ten(&whole, digits as u64);
    let twice: crate::BigInt = (&rounded - &whole) * 2;
    let unit = crate::BigInt::from(10).pow(digits as u32);
    // A tie was broken towards zero or away from it although the fraction settles it.
    if fraction > 0.0 && twice == -&unit {
        rounded += &unit;
    } else if fraction < 0.0 && twice == unit {
        rounded -= &unit;
    }
    let text = crate::int::to_decimal(&rounded);
    if x.is_sign_negative() && !text.starts_with('-') { format!("-{text}") } else { text }
}

/// `round(x)` to the nearest integer, half to even, as a float; the caller converts.
pub fn round_half_even(x: f64) -> f64 {
    x.round_ties_even()
}
