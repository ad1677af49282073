//! Module `cmath`. The mathematics is in `snakelet_number::complex`.

use snakelet_macros::native_module;
use snakelet_number::complex::{self as numeric, Complex, ComplexFunction};
use snakelet_number::math::MathError;
use snakelet_vm::native::ModuleDef;
use snakelet_vm::types::complex::{from_number, to_complex, to_complex_now};
use snakelet_vm::{PyResult, Raised, Value, Vm, VmRef};

/// Declares module `cmath`.
pub struct Cmath;

#[cold]
fn error(vm: &Vm, error: MathError) -> Raised {
    match error {
        MathError::Domain => vm.value_error("math domain error"),
        MathError::Range => vm.overflow_error("math range error"),
    }
}

/// Goes on with the argument as a complex number. May defer.
fn with_complex(vm: &Vm, z: &Value, then: impl FnOnce(&Vm, Complex) -> PyResult + 'static) -> PyResult {
    if let Some(z) = to_complex_now(z) {
        return then(vm, z);
    }
    let (vm, z) = (vm.handle(), z.clone());
    Err(vm.defer(async move {
        let z = to_complex(vm, &z).await?;
        then(&vm, z)
    }))
}

/// `function(z)`. May defer.
fn call(vm: &Vm, z: &Value, function: ComplexFunction) -> PyResult {
    with_complex(vm, z, move |vm, z| function(z).map(from_number).map_err(|why| error(vm, why)))
}

/// `test(z)`. May defer.
fn ask(vm: &Vm, z: &Value, test: fn(Complex) -> bool) -> PyResult {
    with_complex(vm, z, move |_vm, z| Ok(Value::bool(test(z))))
}

fn length(vm: &Vm, z: Complex) -> PyResult<f64> {
    numeric::abs(z).map_err(|_| error(vm, MathError::Range))
}

async fn logarithm(vm: VmRef, z: Value, base: Option<Value>) -> PyResult {
    let log = |vm: VmRef, z: Complex| numeric::logarithm(z).map_err(|why| error(&vm, why));
    let dividend = log(vm, to_complex(vm, &z).await?)?;
    let Some(base) = base else { return Ok(from_number(dividend)) };
    let divisor = log(vm, to_complex(vm, &base).await?)?;
    numeric::div(dividend, divisor).map(from_number).map_err(|_| error(&vm, MathError::Domain))
}

async fn isclose(vm: VmRef, a: Value, b: Value, rel_tol: f64, abs_tol: f64) -> PyResult {
    let (a, b) = (to_complex(vm, &a).await?, to_complex(vm, &b).await?);
    if rel_tol < 0.0 || abs_tol < 0.0 {
        return Err(vm.value_error("tolerances must be non-negative"));
    }
    if a == b {
        return Ok(Value::TRUE);
    }
    if a.is_infinite() || b.is_infinite() {
        return Ok(Value::FALSE);
    }
    let size = |z: Complex| numeric::abs(z).unwrap_or(f64::INFINITY);
    let difference = size(Complex::new(a.real - b.real, a.imag - b.imag));
    Ok(Value::bool(difference <= rel_tol * size(a).max(size(b)) || difference <= abs_tol))
}

/// This module provides access to mathematical functions for complex
/// numbers.
#[native_module("cmath")]
impl Cmath {
    #[constant("pi")]
    const PI: f64 = std::f64::consts::PI;

    #[constant("e")]
    const E: f64 = std::f64::consts::E;

    #[constant("tau")]
    const TAU: f64 = std::f64::consts::TAU;

    #[constant("inf")]
    const INF: f64 = f64::INFINITY;

    #[constant("nan")]
    const NAN: f64 = f64::NAN;

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        for (name, imag) in [("infj", f64::INFINITY), ("nanj", f64::NAN)] {
            let name = snakelet_vm::object::intern::intern(name);
            vm.set_attr(module, &name, Some(&from_number(Complex::new(0.0, imag))))?;
        }
        Ok(())
    }

    /// Return the arc cosine of z.
    #[function("acos(z, /)")]
    fn acos(vm: &Vm, z: &Value) -> PyResult {
        call(vm, z, numeric::acos)
    }

    /// Return the inverse hyperbolic cosine of z.
    #[function("acosh(z, /)")]
    fn acosh(vm: &Vm, z: &Value) -> PyResult {
        call(vm, z, numeric::acosh)
    }

    /// Return the arc sine of z.
    #[function("asin(z, /)")]
    fn asin(vm: &Vm, z: &Value) -> PyResult {
        call(vm, z, numeric::asin)
    }

    /// Return the inverse hyperbolic sine of z.
    #[function("asinh(z, /)")]
    fn asinh(vm: &Vm, z: &Value) -> PyResult {
        call(vm, z, numeric::asinh_complex)
    }

    /// Return the arc tangent of z.
    #[function("atan(z, /)")]
    fn atan(vm: &Vm, z: &Value) -> PyResult {
        call(vm, z, numeric::atan)
    }

    /// Return the inverse hyperbolic tangent of z.
    #[function("atanh(z, /)")]
    fn atanh(vm: &Vm, z: &Value) -> PyResult {
        call(vm, z, numeric::atanh)
    }

    /// Return the cosine of z.
    #[function("cos(z, /)")]
    fn cos(vm: &Vm, z: &Value) -> PyResult {
        call(vm, z, numeric::cos)
    }

    /// Return the hyperbolic cosine of z.
    #[function("cosh(z, /)")]
    fn cosh(vm: &Vm, z: &Value) -> PyResult {
        call(vm, z, numeric::cosh_complex)
    }

    /// Return the exponential value e**z.
    #[function("exp(z, /)")]
    fn exp(vm: &Vm, z: &Value) -> PyResult {
        call(vm, z, numeric::exponential)
    }

    /// Return the base-10 logarithm of z.
    #[function("log10(z, /)")]
    fn log10(vm: &Vm, z: &Value) -> PyResult {
        call(vm, z, numeric::log10)
    }

    /// Return the sine of z.
    #[function("sin(z, /)")]
    fn sin(vm: &Vm, z: &Value) -> PyResult {
        call(vm, z, numeric::sin)
    }

    /// Return the hyperbolic sine of z.
    #[function("sinh(z, /)")]
    fn sinh(vm: &Vm, z: &Value) -> PyResult {
        call(vm, z, numeric::sinh_complex)
    }

    /// Return the square root of z.
    #[function("sqrt(z, /)")]
    fn sqrt(vm: &Vm, z: &Value) -> PyResult {
        call(vm, z, numeric::sqrt)
    }

    /// Return the tangent of z.
    #[function("tan(z, /)")]
    fn tan(vm: &Vm, z: &Value) -> PyResult {
        call(vm, z, numeric::tan)
    }

    /// Return the hyperbolic tangent of z.
    #[function("tanh(z, /)")]
    fn tanh(vm: &Vm, z: &Value) -> PyResult {
        call(vm, z, numeric::tanh)
    }

    /// Determine whether two complex numbers are close in value.
    ///
    /// They are if their distance is at most rel_tol times the larger magnitude, or at most abs_tol.
    #[function("isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)")]
    fn isclose(vm: &Vm, a: &Value, b: &Value, rel_tol: Option<f64>, abs_tol: Option<f64>) -> PyResult {
        let (rel_tol, abs_tol) = (rel_tol.unwrap_or(1e-9), abs_tol.unwrap_or(0.0));
        Err(vm.defer(isclose(vm.handle(), a.clone(), b.clone(), rel_tol, abs_tol)))
    }

    /// Return True if both the real and imaginary parts of z are finite, else False.
    #[function("isfinite(z, /)")]
    fn isfinite(vm: &Vm, z: &Value) -> PyResult {
        ask(vm, z, Complex::is_finite)
    }

    /// Checks if the real or imaginary part of z is infinite.
    #[function("isinf(z, /)")]
    fn isinf(vm: &Vm, z: &Value) -> PyResult {
        ask(vm, z, Complex::is_infinite)
    }

    /// Checks if the real or imaginary part of z not a number (NaN).
    #[function("isnan(z, /)")]
    fn isnan(vm: &Vm, z: &Value) -> PyResult {
        ask(vm, z, |z| z.real.is_nan() || z.imag.is_nan())
    }

    /// log(z[, base]) -> the logarithm of z to the given base.
    ///
    /// If the base is not specified, returns the natural logarithm (base e) of z.
    #[function("log(z, base=<unrepresentable>, /)")]
    fn log(vm: &Vm, z: &Value, base: Option<&Value>) -> PyResult {
        Err(vm.defer(logarithm(vm.handle(), z.clone(), base.cloned())))
    }

    /// Return argument, also known as the phase angle, of a complex.
    #[function("phase(z, /)")]
    fn phase(vm: &Vm, z: &Value) -> PyResult {
        with_complex(vm, z, |_vm, z| Ok(Value::float(snakelet_number::math::atan2(z.imag, z.real))))
    }

    /// Convert a complex from rectangular coordinates to polar coordinates.
    ///
    /// r is the distance from 0 and phi the phase angle.
    #[function("polar(z, /)")]
    fn polar(vm: &Vm, z: &Value) -> PyResult {
        with_complex(vm, z, |vm, z| {
            let angle = snakelet_number::math::atan2(z.imag, z.real);
            Ok(Value::from_tuple(vec![Value::float(length(vm, z)?), Value::float(angle)]))
        })
    }

    /// Convert from polar coordinates to rectangular coordinates.
    #[function("rect(r, phi, /)")]
    fn rect(vm: &Vm, r: f64, phi: f64) -> PyResult {
        numeric::rect(r, phi).map(from_number).map_err(|why| error(vm, why))
    }
}

pub const MODULE: ModuleDef = Cmath::MODULE;
