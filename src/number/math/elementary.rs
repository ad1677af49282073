//! Exponential, logarithmic, trigonometric and hyperbolic functions, roots, and simple arithmetic.

use super::exp::{exp as raw_exp, exp2 as raw_exp2};
use super::log::{log as raw_log, log2 as raw_log2};
use super::{MathError, MathResult};

/// A NaN that wasn't in the argument is a domain error; an infinity that wasn't there is a range error where the function
/// grows without bound, else a pole and so a domain error too.
fn check(result: f64, x: f64, grows: bool) -> MathResult {
    if result.is_nan() && !x.is_nan() {
        Err(MathError::Domain)
    } else if result.is_infinite() && x.is_finite() {
        Err(if grows { MathError::Range } else { MathError::Domain })
    } else {
        Ok(result)
    }
}

macro_rules! unary {
    ($($(#[$doc:meta])* $name:ident($x:ident, $grows:expr) = $body:expr;)*) => {
        $($(#[$doc])* pub fn $name($x: f64) -> MathResult { check($body, $x, $grows) })*
    };
}

unary! {
    /// `math.exp(x)`
    exp(x, true) = raw_exp(x);
    /// `math.exp2(x)`
    exp2(x, true) = raw_exp2(x);
    /// `math.expm1(x)`
    expm1(x, true) = libm::expm1(x);
    /// `math.log(x)` of a float. Domain error unless positive.
    log(x, false) = raw_log(x);
    /// `math.log2(x)` of a float. Domain error unless positive.
    log2(x, false) = raw_log2(x);
    /// `math.log10(x)` of a float. Domain error unless positive.
    log10(x, false) = libm::log10(x);
    /// `math.log1p(x)`
    log1p(x, false) = if x == 0.0 { x } else { libm::log1p(x) };
    /// `math.sqrt(x)`
    sqrt(x, false) = x.sqrt();
    /// `math.cbrt(x)`
    cbrt(x, false) = raw_cbrt(x);
    /// `math.sin(x)`
    sin(x, false) = libm::sin(x);
    /// `math.cos(x)`
    cos(x, false) = libm::cos(x);
    /// `math.tan(x)`
    tan(x, false) = libm::tan(x);
    /// `math.asin(x)`
    asin(x, false) = libm::asin(x);
    /// `math.acos(x)`
    acos(x, false) = libm::acos(x);
    /// `math.atan(x)`
    atan(x, false) = libm::atan(x);
    /// `math.sinh(x)`
    sinh(x, true) = raw_sinh(x);
    /// `math.cosh(x)`
    cosh(x, true) = raw_cosh(x);
    /// `math.tanh(x)`
    tanh(x, false) = libm::tanh(x);
    /// `math.asinh(x)`
    asinh(x, false) = raw_asinh(x);
    /// `math.acosh(x)`
    acosh(x, false) = raw_acosh(x);
    /// `math.atanh(x)`
    atanh(x, false) = libm::atanh(x);
    /// `math.fabs(x)`
    fabs(x, false) = x.abs();
}

/// `math.atan2(y, x)`
pub fn atan2(y: f64, x: f64) -> f64 {
    libm::atan2(y, x)
}

/// `math.degrees(x)`: never fails, overflows to infinity.
pub fn degrees(x: f64) -> MathResult {
    Ok(x * (180.0 / std::f64::consts::PI))
}

/// `math.radians(x)`
pub fn radians(x: f64) -> MathResult {
    Ok(x * (std::f64::consts::PI / 180.0))
}

/// `math.copysign(x, y)`
pub fn copysign(x: f64, y: f64) -> f64 {
    x.copysign(y)
}

const LN2: f64 = std::f64::consts::LN_2;

/// `2**-26 <= ...`: compares exponents, as the formulas' thresholds are powers of two.
fn exponent(x: f64) -> i32 {
    (x.to_bits() >> 52 & 0x7ff) as i32 - 1023
}

/// `e**x * sign / 2` for `x` so large that `e**x` overflows although the half of it doesn't.
fn half_exp(x: f64, sign: f64) -> f64 {
    const K_LN2: f64 = f64::from_bits(0x4096_2066_151a_dd8b);
    let scale = f64::from_bits((1023 + 1021) << 52);
    raw_exp(x - K_LN2) * (sign * scale) * scale
}

fn raw_cosh(x: f64) -> f64 {
    let size = x.abs();
    let high = (size.to_bits() >> 32) as u32;
    if high < 0x3fe6_2e42 {
        if exponent(size) < -26 {
            return 1.0;
        }
        let t = libm::expm1(size);
        return 1.0 + t * t / (2.0 * (1.0 + t));
    }
    if high < 0x4086_2e42 {
        let t = raw_exp(size);
        return 0.5 * (t + 1.0 / t);
    }
    half_exp(size, 1.0)
}

fn raw_sinh(x: f64) -> f64 {
    let size = x.abs();
    if (size.to_bits() >> 32) as u32 >= 0x4086_2e42 && x.is_finite() {
        half_exp(size, 2.0 * 0.5f64.copysign(x))
    } else {
        libm::sinh(x)
    }
}

fn raw_asinh(x: f64) -> f64 {
    let size = x.abs();
    let y = match exponent(size) {
        26.. => raw_log(size) + LN2,
        1.. => raw_log(2.0 * size + 1.0 / ((size * size + 1.0).sqrt() + size)),
        -26.. => libm::log1p(size + size * size / ((size * size + 1.0).sqrt() + 1.0)),
        _ => size,
    };
    y.copysign(x)
}

fn raw_acosh(x: f64) -> f64 {
    // (musl answers nonsense for x < -2; glibc's NaN is meant.)
    if x < 1.0 {
        return f64::NAN;
    }
    match exponent(x) {
        26.. => raw_log(x) + LN2,
        1.. => raw_log(2.0 * x - 1.0 / (x + (x * x - 1.0).sqrt())),
        _ => libm::log1p(x - 1.0 + ((x - 1.0) * (x - 1.0) + 2.0 * (x - 1.0)).sqrt()),
    }
}

/// A rough root from the bits, a polynomial, and one Newton step on a value of 23 bits.
fn raw_cbrt(x: f64) -> f64 {
    const P: [f64; 5] = [
        1.875_951_824_271_77,
        -1.884_979_795_433_771_7,
        1.621_429_720_105_354_5,
        -0.758_397_934_778_766,
        0.145_996_192_886_612_45,
    ];
    if !x.is_finite() || x == 0.0 {
        return x;
    }
    let mut high = (x.to_bits() >> 32) as u32 & 0x7fff_ffff;
    if high < 0x0010_0000 {
        high = ((x * (1u64 << 54) as f64).to_bits() >> 32) as u32 & 0x7fff_ffff;
        high = high / 3 + 696_219_795;
    } else {
        high = high / 3 + 715_094_163;
    }
    let mut t = f64::from_bits(u64::from(high) << 32 | x.to_bits() & 1 << 63);
    let r = t * t * (t / x);
    t *= (P[0] + r * (P[1] + r * P[2])) + r * r * r * (P[3] + r * P[4]);
    t = f64::from_bits((t.to_bits() + 0x8000_0000) & 0xffff_ffff_c000_0000);
    let s = t * t;
    let mut r = x / s;
    let w = t + t;
    r = (r - t) / (w + r);
    t + t * r
}
