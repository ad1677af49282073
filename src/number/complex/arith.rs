//! Arithmetic of complex numbers, and of complex with real ones, which since Python 3.14 doesn't first turn the real
//! operand into a complex one (so that signed zeros, infinities and NaN survive as in annex G of C99).
//!
//! Of the mixed operations only those are here that need thought: the sums are `(z.real + x, z.imag)`,
//! `(x - z.real, -z.imag)` and so on, the products `(z.real * x, z.imag * x)`.

use super::Complex;
use crate::math;

/// Why an operation has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComplexError {
    /// ZeroDivisionError: "division by zero", or for powers "zero to a negative or complex power".
    ZeroDivision,
    /// OverflowError "complex exponentiation", or for `abs` "absolute value too large".
    Overflow,
}

/// 1 with the sign of `x` for infinities, 0 with its sign else.
fn boxed(x: f64) -> f64 {
    (if x.is_infinite() { 1.0f64 } else { 0.0 }).copysign(x)
}

/// NaN becomes zero with its sign.
fn nan_to_zero(x: f64) -> f64 {
    if x.is_nan() { 0.0f64.copysign(x) } else { x }
}

/// `z * w`
pub fn mul(z: Complex, w: Complex) -> Complex {
    let (mut a, mut b, mut c, mut d) = (z.real, z.imag, w.real, w.imag);
    let (ac, bd, ad, bc) = (a * c, b * d, a * d, b * c);
    let product = Complex::new(ac - bd, ad + bc);
    if !(product.real.is_nan() && product.imag.is_nan()) {
        return product;
    }
    // An infinity times anything but zero is infinite, whatever is NaN beside it.
    let mut again = false;
    if z.is_infinite() {
        (a, b, c, d) = (boxed(a), boxed(b), nan_to_zero(c), nan_to_zero(d));
        again = true;
    }
    if w.is_infinite() {
        (a, b, c, d) = (nan_to_zero(a), nan_to_zero(b), boxed(c), boxed(d));
        again = true;
    }
    if !again && [ac, bd, ad, bc].iter().any(|x| x.is_infinite()) {
        (a, b, c, d) = (nan_to_zero(a), nan_to_zero(b), nan_to_zero(c), nan_to_zero(d));
        again = true;
    }
    if !again {
        return product;
    }
    Complex::new(f64::INFINITY * (a * c - b * d), f64::INFINITY * (a * d + b * c))
}

/// `z / w`
pub fn div(z: Complex, w: Complex) -> Result<Complex, ComplexError> {
    let quotient = if w.real.abs() >= w.imag.abs() {
        if w.real == 0.0 {
            return Err(ComplexError::ZeroDivision);
        }
        let ratio = w.imag / w.real;
        let denominator = w.real + w.imag * ratio;
        Complex::new((z.real + z.imag * ratio) / denominator, (z.imag - z.real * ratio) / denominator)
    } else if w.imag.abs() >= w.real.abs() {
        let ratio = w.real / w.imag;
        let denominator = w.real * ratio + w.imag;
        Complex::new((z.real * ratio + z.imag) / denominator, (z.imag * ratio - z.real) / denominator)
    } else {
        Complex::new(f64::NAN, f64::NAN)
    };
    if !(quotient.real.is_nan() && quotient.imag.is_nan()) {
        return Ok(quotient);
    }
    Ok(if z.is_infinite() && w.is_finite() {
        let (x, y) = (boxed(z.real), boxed(z.imag));
        Complex::new(f64::INFINITY * (x * w.real + y * w.imag), f64::INFINITY * (y * w.real - x * w.imag))
    } else if w.is_infinite() && z.is_finite() {
        let (x, y) = (boxed(w.real), boxed(w.imag));
        Complex::new(0.0 * (z.real * x + z.imag * y), 0.0 * (z.imag * x - z.real * y))
    } else {
        quotient
    })
}

/// `z / x` for a real divisor.
pub fn div_by_real(z: Complex, x: f64) -> Result<Complex, ComplexError> {
    if x == 0.0 {
        return Err(ComplexError::ZeroDivision);
    }
    Ok(Complex::new(z.real / x, z.imag / x))
}

/// `x / w` for a real dividend.
pub fn real_div(x: f64, w: Complex) -> Result<Complex, ComplexError> {
    let quotient = if w.real.abs() >= w.imag.abs() {
        if w.real == 0.0 {
            return Err(ComplexError::ZeroDivision);
        }
        let ratio = w.imag / w.real;
        let denominator = w.real + w.imag * ratio;
        Complex::new(x / denominator, (-x * ratio) / denominator)
    } else if w.imag.abs() >= w.real.abs() {
        let ratio = w.real / w.imag;
        let denominator = w.real * ratio + w.imag;
        Complex::new((x * ratio) / denominator, -x / denominator)
    } else {
        Complex::new(f64::NAN, f64::NAN)
    };
    if quotient.real.is_nan() && quotient.imag.is_nan() && x.is_finite() && w.is_infinite() {
        return Ok(Complex::new(0.0 * (x * boxed(w.real)), 0.0 * (-x * boxed(w.imag))));
    }
    Ok(quotient)
}

/// `z ** w`, where a real operand has been converted.
pub fn pow(z: Complex, w: Complex) -> Result<Complex, ComplexError> {
    let power = if w.imag == 0.0 && w.real == w.real.floor() && w.real.abs() <= 100.0 {
        let positive = pow_unsigned(z, w.real.abs() as u32);
        if w.real > 0.0 { positive } else { div(Complex::new(1.0, 0.0), positive)? }
    } else if z.real == 0.0 && z.imag == 0.0 {
        if w.imag != 0.0 || w.real < 0.0 {
            return Err(ComplexError::ZeroDivision);
        }
        return Ok(Complex::default());
    } else {
        let size = libm::hypot(z.real, z.imag);
        let angle = libm::atan2(z.imag, z.real);
        let mut length = c_pow(size, w.real);
        let mut phase = angle * w.real;
        if w.imag != 0.0 {
            length *= unwrap(math::exp(-angle * w.imag));
            phase += w.imag * unwrap(math::log(size));
        }
        Complex::new(length * libm::cos(phase), length * libm::sin(phase))
    };
    if power.is_infinite() { Err(ComplexError::Overflow) } else { Ok(power) }
}

/// C's value where the module raises an exception for overflow.
fn unwrap(result: math::MathResult) -> f64 {
    result.unwrap_or(f64::INFINITY)
}

/// C's `pow` for `x >= 0`.
fn c_pow(x: f64, y: f64) -> f64 {
    match crate::float::pow(x, y) {
        crate::float::Power::Real(r) => r,
        _ => f64::INFINITY,
    }
}

fn pow_unsigned(z: Complex, n: u32) -> Complex {
    let mut result = Complex::new(1.0, 0.0);
    let mut square = z;
    let mut mask = 1;
    while n >= mask {
        if n & mask != 0 {
            result = mul(result, square);
        }
        mask <<= 1;
        square = mul(square, square);
    }
    result
}

/// `abs(z)`
pub fn abs(z: Complex) -> Result<f64, ComplexError> {
    if !z.is_finite() {
        return Ok(if z.is_infinite() { f64::INFINITY } else { f64::NAN });
    }
    let size = libm::hypot(z.real, z.imag);
    if size.is_infinite() { Err(ComplexError::Overflow) } else { Ok(size) }
}
