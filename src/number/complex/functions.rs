//! The functions of the module `cmath`.
//!
//! Finite arguments go by Kahan's formulas ("Branch cuts for complex elementary functions"), which are accurate near the branch
//! cuts and keep the sign of zero; infinities and NaNs by C99's annex G.

use std::f64::consts::{E, FRAC_PI_2, LN_2, LN_10};

use super::Complex;
use crate::math::{self, MathError};

/// A complex number, or why there is none.
pub type ComplexResult = Result<Complex, MathError>;

/// A function of one complex number.
pub type ComplexFunction = fn(Complex) -> ComplexResult;

/// Beyond this a sum of two squares, or four times the number, may overflow.
const LARGE: f64 = f64::MAX / 4.0;

/// Beyond this `cosh` and `sinh` overflow or nearly do.
const LOG_LARGE: f64 = 708.396_418_532_264_1;

fn complex(real: f64, imag: f64) -> Complex {
    Complex::new(real, imag)
}

fn hypot(x: f64, y: f64) -> f64 {
    libm::hypot(x, y)
}

fn raw(result: math::MathResult) -> f64 {
    result.unwrap_or(f64::INFINITY)
}

fn log(x: f64) -> f64 {
    if x == 0.0 { f64::NEG_INFINITY } else { math::log(x).unwrap_or(f64::NAN) }
}

fn asinh(x: f64) -> f64 {
    raw(math::asinh(x))
}

fn cosh(x: f64) -> f64 {
    raw(math::cosh(x))
}

fn sinh(x: f64) -> f64 {
    math::sinh(x).unwrap_or(f64::INFINITY.copysign(x))
}

fn exp(x: f64) -> f64 {
    raw(math::exp(x))
}

/// `i * z`, exactly.
fn times_i(z: Complex) -> Complex {
    complex(-z.imag, z.real)
}

/// `z / i`, exactly.
fn over_i(z: Complex) -> Complex {
    complex(z.imag, -z.real)
}

fn is_large(z: Complex) -> bool {
    z.real.abs() > LARGE || z.imag.abs() > LARGE
}

fn has_nan(z: Complex) -> bool {
    z.real.is_nan() || z.imag.is_nan()
}

/// `log|z / 2| + summand` for a large `z`.
fn log_of_large(z: Complex, summand: f64) -> f64 {
    log(hypot(z.real / 2.0, z.imag / 2.0)) + summand
}

/// `cmath.sqrt(z)`
pub fn sqrt(z: Complex) -> ComplexResult {
    let (x, y) = (z.real, z.imag);
    if y.is_infinite() {
        return Ok(complex(f64::INFINITY, y));
    }
    if x.is_infinite() {
        return Ok(match (x > 0.0, y.is_nan()) {
            (true, true) => complex(x, y),
            (true, false) => complex(x, 0.0f64.copysign(y)),
            (false, true) => complex(y, f64::INFINITY),
            (false, false) => complex(0.0, f64::INFINITY.copysign(y)),
        });
    }
    if has_nan(z) {
        return Ok(complex(f64::NAN, f64::NAN));
    }
    if x == 0.0 && y == 0.0 {
        return Ok(complex(0.0, y));
    }
    let (ax, ay) = (x.abs(), y.abs());
    let s = if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        let ax = libm::ldexp(ax, 53);
        libm::ldexp((ax + hypot(ax, libm::ldexp(ay, 53))).sqrt(), -27)
    } else {
        let ax = ax / 8.0;
        2.0 * (ax + hypot(ax, ay / 8.0)).sqrt()
    };
    let d = ay / (2.0 * s);
    Ok(if x >= 0.0 { complex(s, d.copysign(y)) } else { complex(d, s.copysign(y)) })
}

/// `cmath.exp(z)`
pub fn exponential(z: Complex) -> ComplexResult {
    let (x, y) = (z.real, z.imag);
    if x.is_finite() && y.is_finite() {
        let (scale, exponent) = if x > LOG_LARGE { (E, x - 1.0) } else { (1.0, x) };
        let length = exp(exponent);
        return in_range(complex(length * libm::cos(y) * scale, length * libm::sin(y) * scale));
    }
    if y == 0.0 {
        return Ok(complex(if x == f64::NEG_INFINITY { 0.0 } else { x }, y));
    }
    if x == f64::NEG_INFINITY {
        return Ok(if y.is_finite() {
            complex(0.0f64.copysign(libm::cos(y)), 0.0f64.copysign(libm::sin(y)))
        } else {
            complex(0.0, 0.0)
        });
    }
    if x == f64::INFINITY && y.is_finite() {
        return Ok(complex(x.copysign(libm::cos(y)), x.copysign(libm::sin(y))));
    }
    if y.is_infinite() && !x.is_nan() {
        return Err(MathError::Domain);
    }
    Ok(complex(if x.is_infinite() { x } else { f64::NAN }, f64::NAN))
}

/// A result of finite operands: OverflowError if it is not finite.
fn in_range(z: Complex) -> ComplexResult {
    if z.is_infinite() { Err(MathError::Range) } else { Ok(z) }
}

/// `cmath.log(z)`
pub fn logarithm(z: Complex) -> ComplexResult {
    let (ax, ay) = (z.real.abs(), z.imag.abs());
    let angle = libm::atan2(z.imag, z.real);
    let real = if z.is_infinite() {
        f64::INFINITY
    } else if has_nan(z) {
        f64::NAN
    } else if ax > LARGE || ay > LARGE {
        log_of_large(z, LN_2)
    } else if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        if ax == 0.0 && ay == 0.0 {
            return Err(MathError::Domain);
        }
        log(hypot(libm::ldexp(ax, 53), libm::ldexp(ay, 53))) - 53.0 * LN_2
    } else {
        let length = hypot(ax, ay);
        if (0.71..=1.73).contains(&length) {
            let (more, less) = (ax.max(ay), ax.min(ay));
            libm::log1p((more - 1.0) * (more + 1.0) + less * less) / 2.0
        } else {
            log(length)
        }
    };
    Ok(complex(real, angle))
}

/// `cmath.log10(z)`
pub fn log10(z: Complex) -> ComplexResult {
    logarithm(z).map(|z| complex(z.real / LN_10, z.imag / LN_10))
}

/// `cmath.acos(z)`
pub fn acos(z: Complex) -> ComplexResult {
    let (x, y) = (z.real, z.imag);
    if has_nan(z) {
        return Ok(if x.is_infinite() {
            complex(f64::NAN, f64::INFINITY)
        } else if y.is_infinite() {
            complex(f64::NAN, -y)
        } else if x == 0.0 {
            complex(FRAC_PI_2, f64::NAN)
        } else {
            complex(f64::NAN, f64::NAN)
        });
    }
    if is_large(z) {
        return Ok(complex(libm::atan2(y.abs(), x), -log_of_large(z, 2.0 * LN_2).copysign(y)));
    }
    let s = sqrt(complex(1.0 - x, -y))?;
    let t = sqrt(complex(1.0 + x, y))?;
    Ok(complex(2.0 * libm::atan2(s.real, t.real), asinh(t.real * s.imag - t.imag * s.real)))
}

/// `cmath.acosh(z)`
pub fn acosh(z: Complex) -> ComplexResult {
    let (x, y) = (z.real, z.imag);
    if has_nan(z) {
        return Ok(if z.is_infinite() {
            complex(f64::INFINITY, f64::NAN)
        } else if x == 0.0 {
            complex(f64::NAN, FRAC_PI_2)
        } else {
            complex(f64::NAN, f64::NAN)
        });
    }
    if is_large(z) {
        return Ok(complex(log_of_large(z, 2.0 * LN_2), libm::atan2(y, x)));
    }
    let s = sqrt(complex(x - 1.0, y))?;
    let t = sqrt(complex(x + 1.0, y))?;
    Ok(complex(asinh(s.real * t.real + s.imag * t.imag), 2.0 * libm::atan2(s.imag, t.real)))
}

/// `cmath.asinh(z)`
pub fn asinh_complex(z: Complex) -> ComplexResult {
    let (x, y) = (z.real, z.imag);
    if has_nan(z) {
        return Ok(if x.is_infinite() {
            complex(x, f64::NAN)
        } else if y.is_infinite() {
            complex(f64::INFINITY, f64::NAN)
        } else if y == 0.0 {
            complex(f64::NAN, y)
        } else {
            complex(f64::NAN, f64::NAN)
        });
    }
    if is_large(z) {
        return Ok(complex(log_of_large(z, 2.0 * LN_2).copysign(x), libm::atan2(y, x.abs())));
    }
    let s = sqrt(complex(1.0 + y, -x))?;
    let t = sqrt(complex(1.0 - y, x))?;
    Ok(complex(asinh(s.real * t.imag - t.real * s.imag), libm::atan2(y, s.real * t.real - s.imag * t.imag)))
}

/// `cmath.atanh(z)`
pub fn atanh(z: Complex) -> ComplexResult {
    let (x, y) = (z.real, z.imag);
    if has_nan(z) || z.is_infinite() {
        let imag = if y.is_nan() || (x.is_nan() && y.is_finite()) { f64::NAN } else { FRAC_PI_2.copysign(y) };
        let real = if (x.is_nan() && y.is_finite()) || (y.is_nan() && x.is_finite() && x != 0.0) {
            f64::NAN
        } else if x.is_nan() {
            0.0
        } else {
            0.0f64.copysign(x)
        };
        if x.is_nan() && y.is_nan() {
            return Ok(complex(f64::NAN, f64::NAN));
        }
        return Ok(complex(real, imag));
    }
    if x.is_sign_negative() {
        return atanh(complex(-x, -y)).map(|w| complex(-w.real, -w.imag));
    }
    let ay = y.abs();
    let root = LARGE.sqrt();
    if x > root || ay > root {
        let length = hypot(x / 2.0, y / 2.0);
        return Ok(complex(x / 4.0 / length / length, FRAC_PI_2.copysign(y)));
    }
    if x == 1.0 && ay < f64::MIN_POSITIVE.sqrt() {
        if ay == 0.0 {
            return Err(MathError::Domain);
        }
        let real = -log(ay.sqrt() / hypot(ay, 2.0).sqrt());
        return Ok(complex(real, (libm::atan2(2.0, -ay) / 2.0).copysign(y)));
    }
    let real = libm::log1p(4.0 * x / ((1.0 - x) * (1.0 - x) + ay * ay)) / 4.0;
    Ok(complex(real, -libm::atan2(-2.0 * y, (1.0 - x) * (1.0 + x) - ay * ay) / 2.0))
}

/// `cmath.asin(z)`
pub fn asin(z: Complex) -> ComplexResult {
    asinh_complex(times_i(z)).map(over_i)
}

/// `cmath.atan(z)`
pub fn atan(z: Complex) -> ComplexResult {
    atanh(times_i(z)).map(over_i)
}

/// `cmath.cosh(z)`
pub fn cosh_complex(z: Complex) -> ComplexResult {
    let (x, y) = (z.real, z.imag);
    if x.is_finite() && y.is_finite() {
        let (scale, x) = if x.abs() > LOG_LARGE { (E, x - 1.0f64.copysign(x)) } else { (1.0, x) };
        return in_range(complex(libm::cos(y) * cosh(x) * scale, libm::sin(y) * sinh(x) * scale));
    }
    if y.is_infinite() && !x.is_nan() {
        return Err(MathError::Domain);
    }
    Ok(if x.is_infinite() && y.is_finite() {
        let imag = if y == 0.0 { y * 1.0f64.copysign(x) } else { x * libm::sin(y) };
        complex(f64::INFINITY * libm::cos(y), imag)
    } else if x.is_infinite() {
        complex(f64::INFINITY, f64::NAN)
    } else if x == 0.0 || y == 0.0 {
        complex(f64::NAN, 0.0)
    } else {
        complex(f64::NAN, f64::NAN)
    })
}

/// `cmath.sinh(z)`
pub fn sinh_complex(z: Complex) -> ComplexResult {
    let (x, y) = (z.real, z.imag);
    if x.is_finite() && y.is_finite() {
        let (scale, x) = if x.abs() > LOG_LARGE { (E, x - 1.0f64.copysign(x)) } else { (1.0, x) };
        return in_range(complex(libm::cos(y) * sinh(x) * scale, libm::sin(y) * cosh(x) * scale));
    }
    if y.is_infinite() && !x.is_nan() {
        return Err(MathError::Domain);
    }
    Ok(if x.is_infinite() && y.is_finite() {
        complex(x * libm::cos(y), if y == 0.0 { y } else { f64::INFINITY * libm::sin(y) })
    } else if x.is_infinite() || x == 0.0 {
        complex(x.abs(), f64::NAN)
    } else if y == 0.0 {
        complex(f64::NAN, y)
    } else {
        complex(f64::NAN, f64::NAN)
    })
}

/// `cmath.tanh(z)`
pub fn tanh(z: Complex) -> ComplexResult {
    let (x, y) = (z.real, z.imag);
    if y.is_infinite() && x.is_finite() {
        return Err(MathError::Domain);
    }
    if x.is_infinite() {
        let imag = if y.is_finite() { 0.0f64.copysign(libm::sin(2.0 * y)) } else { 0.0 };
        return Ok(complex(1.0f64.copysign(x), imag));
    }
    if has_nan(z) {
        return Ok(if x == 0.0 {
            complex(x, f64::NAN)
        } else if y == 0.0 {
            complex(f64::NAN, y)
        } else {
            complex(f64::NAN, f64::NAN)
        });
    }
    if x.abs() > LOG_LARGE {
        return Ok(complex(1.0f64.copysign(x), 4.0 * libm::sin(y) * libm::cos(y) * exp(-2.0 * x.abs())));
    }
    let (tx, ty, cx) = (libm::tanh(x), libm::tan(y), 1.0 / cosh(x));
    let product = tx * ty;
    let denominator = 1.0 + product * product;
    Ok(complex(tx * (1.0 + ty * ty) / denominator, ((ty / denominator) * cx) * cx))
}

/// `cmath.cos(z)`
pub fn cos(z: Complex) -> ComplexResult {
    cosh_complex(times_i(z))
}

/// `cmath.sin(z)`
pub fn sin(z: Complex) -> ComplexResult {
    sinh_complex(times_i(z)).map(over_i)
}

/// `cmath.tan(z)`
pub fn tan(z: Complex) -> ComplexResult {
    tanh(times_i(z)).map(over_i)
}

/// `cmath.rect(length, angle)`
pub fn rect(length: f64, angle: f64) -> ComplexResult {
    if angle.is_infinite() && length != 0.0 && !length.is_nan() {
        return Err(MathError::Domain);
    }
    if length.is_finite() && angle.is_finite() {
        if angle == 0.0 {
            return Ok(complex(length, length * angle));
        }
        return Ok(complex(length * libm::cos(angle), length * libm::sin(angle)));
    }
    Ok(if length == 0.0 {
        complex(0.0, 0.0)
    } else if angle == 0.0 {
        complex(length, if length.is_nan() { 0.0 } else { angle.copysign(angle * length.signum()) })
    } else if angle.is_finite() {
        complex(length * libm::cos(angle), length * libm::sin(angle))
    } else {
        complex(if length.is_infinite() { f64::INFINITY } else { f64::NAN }, f64::NAN)
    })
}
