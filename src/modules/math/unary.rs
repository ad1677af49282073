//! The functions of one float.

use snakelet_macros::functions;
use snakelet_number::math::{self, MathError, Unary};
use snakelet_vm::{PyResult, Raised, Vm};

/// Declares the functions of one float.
pub struct Functions;

/// `function(x)`; `domain` describes the arguments it has values for.
fn call(vm: &Vm, function: Unary, x: f64, domain: &str) -> PyResult<f64> {
    match function(x) {
        Ok(result) => Ok(result),
        Err(error) => Err(math_error(vm, error, x, domain)),
    }
}

#[cold]
fn math_error(vm: &Vm, error: MathError, x: f64, domain: &str) -> Raised {
    match error {
        MathError::Domain if domain.is_empty() => vm.value_error("math domain error"),
        MathError::Domain => vm.value_error(format!("expected {domain}, got {}", snakelet_number::float::repr(x))),
        MathError::Range => vm.overflow_error("math range error"),
    }
}

#[functions("math", FUNCTIONS)]
impl Functions {
    /// Return the arc cosine (measured in radians) of x.
    ///
    /// The result is between 0 and pi.
    #[function("acos(x, /)")]
    fn acos(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::acos, x, "a number in range from -1 up to 1")
    }

    /// Return the inverse hyperbolic cosine of x.
    #[function("acosh(x, /)")]
    fn acosh(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::acosh, x, "argument value not less than 1")
    }

    /// Return the arc sine (measured in radians) of x.
    ///
    /// The result is between -pi/2 and pi/2.
    #[function("asin(x, /)")]
    fn asin(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::asin, x, "a number in range from -1 up to 1")
    }

    /// Return the inverse hyperbolic sine of x.
    #[function("asinh(x, /)")]
    fn asinh(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::asinh, x, "")
    }

    /// Return the arc tangent (measured in radians) of x.
    ///
    /// The result is between -pi/2 and pi/2.
    #[function("atan(x, /)")]
    fn atan(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::atan, x, "")
    }

    /// Return the inverse hyperbolic tangent of x.
    #[function("atanh(x, /)")]
    fn atanh(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::atanh, x, "a number between -1 and 1")
    }

    /// Return the cube root of x.
    #[function("cbrt(x, /)")]
    fn cbrt(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::cbrt, x, "")
    }

    /// Return the cosine of x (measured in radians).
    #[function("cos(x, /)")]
    fn cos(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::cos, x, "a finite input")
    }

    /// Return the hyperbolic cosine of x.
    #[function("cosh(x, /)")]
    fn cosh(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::cosh, x, "")
    }

    /// Convert angle x from radians to degrees.
    #[function("degrees(x, /)")]
    fn degrees(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::degrees, x, "")
    }

    /// Error function at x.
    #[function("erf(x, /)")]
    fn erf(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::erf, x, "")
    }

    /// Complementary error function at x.
    #[function("erfc(x, /)")]
    fn erfc(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::erfc, x, "")
    }

    /// Return e raised to the power of x.
    #[function("exp(x, /)")]
    fn exp(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::exp, x, "")
    }

    /// Return 2 raised to the power of x.
    #[function("exp2(x, /)")]
    fn exp2(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::exp2, x, "")
    }

    /// Return exp(x)-1 without the loss of precision of the direct way for small x.
    #[function("expm1(x, /)")]
    fn expm1(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::expm1, x, "")
    }

    /// Return the absolute value of the float x.
    #[function("fabs(x, /)")]
    fn fabs(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::fabs, x, "")
    }

    /// Gamma function at x.
    #[function("gamma(x, /)")]
    fn gamma(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::gamma, x, "a noninteger or positive integer")
    }

    /// Natural logarithm of the absolute value of the Gamma function at x.
    #[function("lgamma(x, /)")]
    fn lgamma(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::lgamma, x, "a noninteger or positive integer")
    }

    /// Return the natural logarithm of 1+x (base e), accurate for x near zero.
    #[function("log1p(x, /)")]
    fn log1p(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::log1p, x, "argument value > -1")
    }

    /// Convert angle x from degrees to radians.
    #[function("radians(x, /)")]
    fn radians(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::radians, x, "")
    }

    /// Return the sine of x (measured in radians).
    #[function("sin(x, /)")]
    fn sin(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::sin, x, "a finite input")
    }

    /// Return the hyperbolic sine of x.
    #[function("sinh(x, /)")]
    fn sinh(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::sinh, x, "")
    }

    /// Return the square root of x.
    #[function("sqrt(x, /)")]
    fn sqrt(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::sqrt, x, "a nonnegative input")
    }

    /// Return the tangent of x (measured in radians).
    #[function("tan(x, /)")]
    fn tan(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::tan, x, "a finite input")
    }

    /// Return the hyperbolic tangent of x.
    #[function("tanh(x, /)")]
    fn tanh(vm: &Vm, x: f64) -> PyResult<f64> {
        call(vm, math::tanh, x, "")
    }
}
