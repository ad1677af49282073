//! Module `math`.
//!
//! The mathematics is in `snakelet_number::math`; here arguments are converted and errors worded. `unary` has the functions of
//! one float, `integers` those on ints, `sums` those on iterables.

mod integers;
mod sums;
mod unary;

use snakelet_macros::native_module;
use snakelet_number::math::{self as numeric, MathError, MathResult};
use snakelet_vm::native::ModuleDef;
use snakelet_vm::object::intern::intern;
use snakelet_vm::types::int_arithmetic::{Operand, exact_int};
use snakelet_vm::types::{float, float_methods};
use snakelet_vm::{PyResult, Raised, Value, Vm};

/// Declares module `math`.
pub struct Math;

/// This module provides access to the mathematical functions
/// defined by the C standard.
#[native_module("math", with = [
    unary::Functions::FUNCTIONS,
    integers::Integers::FUNCTIONS,
    sums::Sums::FUNCTIONS,
])]
impl Math {
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

    /// Return the arc tangent (measured in radians) of y/x.
    ///
    /// Unlike atan(y/x), the signs of both x and y are considered.
    #[function("atan2(y, x, /)")]
    fn atan2(y: f64, x: f64) -> f64 {
        numeric::atan2(y, x)
    }

    /// Return the ceiling of x as an Integral.
    #[function("ceil(x, /)")]
    fn ceil(vm: &Vm, x: &Value) -> PyResult {
        round_by(vm, x, "__ceil__", f64::ceil)
    }

    /// Return a float with the magnitude (absolute value) of x but the sign of y.
    #[function("copysign(x, y, /)")]
    fn copysign(x: f64, y: f64) -> f64 {
        numeric::copysign(x, y)
    }

    /// Return the floor of x as an Integral.
    #[function("floor(x, /)")]
    fn floor(vm: &Vm, x: &Value) -> PyResult {
        round_by(vm, x, "__floor__", f64::floor)
    }

    /// Truncates the Real x to the nearest Integral toward 0.
    #[function("trunc(x, /)")]
    fn trunc(vm: &Vm, x: &Value) -> PyResult {
        if let Some(x) = x.as_float() {
            return float_methods::to_int(vm, x);
        }
        if x.is_int() && !x.is_object() {
            return Ok(exact_int(x));
        }
        let name = intern("__trunc__");
        if vm.lookup_special(x, &name).is_none() {
            let class = vm.type_name(x);
            return Err(vm.type_error(format!("type {class} doesn't define __trunc__ method")));
        }
        round_by(vm, x, "__trunc__", f64::trunc)
    }

    /// Fused multiply-add operation: x*y + z, rounded once.
    #[function("fma(x, y, z, /)")]
    fn fma(vm: &Vm, x: f64, y: f64, z: f64) -> PyResult<f64> {
        numeric::fma(x, y, z).map_err(|error| match error {
            MathError::Domain => vm.value_error("invalid operation in fma"),
            MathError::Range => vm.overflow_error("overflow in fma"),
        })
    }

    /// Return fmod(x, y), according to platform C.
    ///
    /// x % y may differ.
    #[function("fmod(x, y, /)")]
    fn fmod(vm: &Vm, x: f64, y: f64) -> PyResult<f64> {
        result(vm, numeric::fmod(x, y))
    }

    /// Return the mantissa and exponent of x, as pair (m, e).
    ///
    /// If x is 0, m and e are both 0.  Else 0.5 <= abs(m) < 1.0 and x == m * 2.**e.
    #[function("frexp(x, /)")]
    fn frexp(x: f64) -> Value {
        let (mantissa, exponent) = numeric::frexp(x);
        Value::from_tuple(vec![Value::float(mantissa), Value::small_int(exponent.into())])
    }

    /// Determine whether two floating-point numbers are close in value.
    ///
    /// They are if their difference is at most rel_tol times the larger magnitude, or at most abs_tol.
    #[function("isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)")]
    fn isclose(vm: &Vm, a: f64, b: f64, rel_tol: Option<f64>, abs_tol: Option<f64>) -> PyResult<bool> {
        let (rel_tol, abs_tol) = (rel_tol.unwrap_or(1e-9), abs_tol.unwrap_or(0.0));
        if rel_tol < 0.0 || abs_tol < 0.0 {
            return Err(vm.value_error("tolerances must be non-negative"));
        }
        Ok(numeric::isclose(a, b, rel_tol, abs_tol))
    }

    /// Return True if x is neither an infinity nor a NaN, and False otherwise.
    #[function("isfinite(x, /)")]
    fn isfinite(x: f64) -> bool {
        x.is_finite()
    }

    /// Return True if x is a positive or negative infinity, and False otherwise.
    #[function("isinf(x, /)")]
    fn isinf(x: f64) -> bool {
        x.is_infinite()
    }

    /// Return True if x is a NaN (not a number), and False otherwise.
    #[function("isnan(x, /)")]
    fn isnan(x: f64) -> bool {
        x.is_nan()
    }

    /// Return x * (2**i).
    ///
    /// This is essentially the inverse of frexp().
    #[function("ldexp(x, i, /)")]
    fn ldexp(vm: &Vm, x: f64, i: &Value) -> PyResult<f64> {
        let exponent = match Operand::any(i) {
            Some(Operand::Small(n)) => n,
            Some(big) if big.is_negative() => i64::MIN,
            Some(_) => i64::MAX,
            None => return Err(vm.type_error("Expected an int as second argument to ldexp.")),
        };
        result(vm, numeric::ldexp(x, exponent))
    }

    /// log(x, [base=math.e])
    /// Return the logarithm of x to the given base.
    ///
    /// If the base is not specified, returns the natural logarithm (base e) of x.
    #[function("log(x, base=<unrepresentable>, /)", text = none)]
    fn log(vm: &Vm, x: &Value, base: Option<&Value>) -> PyResult {
        if let (Some(x), None) = (x.as_float(), base) {
            return logarithm(vm, &Value::float(x), Logarithm::Natural).map(Value::float);
        }
        let base_now = base.is_none_or(is_plain_number);
        if is_plain_number(x) && base_now {
            return quotient(vm, x, base);
        }
        let (vm, x, base) = (vm.handle(), x.clone(), base.cloned());
        Err(vm.defer(async move {
            let x = number(&vm, x).await?;
            // The first argument's error comes first.
            logarithm(&vm, &x, Logarithm::Natural)?;
            let base = match base {
                Some(base) => Some(number(&vm, base).await?),
                None => None,
            };
            quotient(&vm, &x, base.as_ref())
        }))
    }

    /// Return the base 10 logarithm of x.
    #[function("log10(x, /)")]
    fn log10(vm: &Vm, x: &Value) -> PyResult {
        logarithm_of(vm, x, Logarithm::Decimal)
    }

    /// Return the base 2 logarithm of x.
    #[function("log2(x, /)")]
    fn log2(vm: &Vm, x: &Value) -> PyResult {
        logarithm_of(vm, x, Logarithm::Binary)
    }

    /// Return the fractional and integer parts of x.
    ///
    /// Both results carry the sign of x and are floats.
    #[function("modf(x, /)")]
    fn modf(x: f64) -> Value {
        let (fraction, whole) = numeric::modf(x);
        Value::from_tuple(vec![Value::float(fraction), Value::float(whole)])
    }

    /// Return the floating-point value the given number of steps after x towards y.
    ///
    /// One step if steps is None; at most as far as y.
    #[function("nextafter(x, y, /, *, steps=None)")]
    fn nextafter(vm: &Vm, x: f64, y: f64, steps: Option<Value>) -> PyResult {
        let Some(steps) = steps else { return Ok(Value::float(numeric::nextafter(x, y, 1))) };
        let go = move |vm: &Vm, steps: &Value| match Operand::any(steps) {
            Some(steps) if steps.is_negative() => Err(vm.value_error("steps must be a non-negative integer")),
            Some(Operand::Small(steps)) => Ok(Value::float(numeric::nextafter(x, y, steps as u64))),
            _ => Ok(Value::float(numeric::nextafter(x, y, u64::MAX))),
        };
        match vm.index_now(&steps) {
            Some(steps) => go(vm, &steps?),
            None => {
                let vm = vm.handle();
                Err(vm.defer(async move { go(&vm, &vm.index(&steps).await?) }))
            }
        }
    }

    /// Return x**y (x to the power of y).
    #[function("pow(x, y, /)")]
    fn pow(vm: &Vm, x: f64, y: f64) -> PyResult<f64> {
        result(vm, numeric::pow(x, y))
    }

    /// Difference between x and the closest integer multiple of y.
    ///
    /// Return x - n*y where n*y is the closest integer multiple of y; of two equally close ones the even n is used.
    #[function("remainder(x, y, /)")]
    fn remainder(vm: &Vm, x: f64, y: f64) -> PyResult<f64> {
        result(vm, numeric::remainder(x, y))
    }

    /// Return the value of the least significant bit of the float x.
    #[function("ulp(x, /)")]
    fn ulp(x: f64) -> f64 {
        numeric::ulp(x)
    }
}

pub const MODULE: ModuleDef = Math::MODULE;

/// A result, or the error of functions that don't describe their domain.
fn result(vm: &Vm, result: MathResult) -> PyResult<f64> {
    result.map_err(|error| plain_error(vm, error))
}

#[cold]
fn plain_error(vm: &Vm, error: MathError) -> Raised {
    match error {
        MathError::Domain => vm.value_error("math domain error"),
        MathError::Range => vm.overflow_error("math range error"),
    }
}

/// `ceil` and its kin: the value's own method, else the rounded float.
fn round_by(vm: &Vm, x: &Value, method: &str, round: fn(f64) -> f64) -> PyResult {
    if let Some(x) = x.as_float() {
        return float_methods::to_int(vm, round(x));
    }
    if x.is_int() && !x.is_object() {
        return Ok(exact_int(x));
    }
    let (vm, x, name) = (vm.handle(), x.clone(), intern(method));
    Err(vm.defer(async move {
        match vm.call_special(&x, &name, Vec::new()).await {
            Some(result) => result,
            None => {
                let x = vm.float(&x).await?;
                float_methods::to_int(&vm, round(x))
            }
        }
    }))
}

#[derive(Clone, Copy)]
enum Logarithm {
    Natural,
    Binary,
    Decimal,
}

/// Whether the value's number can be taken without Python code.
fn is_plain_number(value: &Value) -> bool {
    value.to_float().is_some() || value.is_int()
}

/// The value as a float, or itself if it is an int.
async fn number(vm: &Vm, value: Value) -> PyResult {
    if value.is_int() { Ok(value) } else { vm.float(&value).await.map(Value::float) }
}

/// The logarithm of a float or an int of any size.
fn logarithm(vm: &Vm, x: &Value, which: Logarithm) -> PyResult<f64> {
    if let Some(x) = x.to_float() {
        let logarithm = match which {
            Logarithm::Natural => numeric::log(x),
            Logarithm::Binary => numeric::log2(x),
            Logarithm::Decimal => numeric::log10(x),
        };
        return logarithm.map_err(|_| {
            vm.value_error(format!("expected a positive input, got {}", snakelet_number::float::repr(x)))
        });
    }
    let Some(n) = x.to_bigint() else { return float::from_int(vm, x) };
    let logarithm = match which {
        Logarithm::Natural => numeric::log_int(&n),
        Logarithm::Binary => numeric::log2_int(&n),
        Logarithm::Decimal => numeric::log10_int(&n),
    };
    logarithm.map_err(|_| vm.value_error("expected a positive input"))
}

fn logarithm_of(vm: &Vm, x: &Value, which: Logarithm) -> PyResult {
    if is_plain_number(x) {
        return logarithm(vm, x, which).map(Value::float);
    }
    let (vm, x) = (vm.handle(), x.clone());
    Err(vm.defer(async move {
        let x = number(&vm, x).await?;
        logarithm(&vm, &x, which).map(Value::float)
    }))
}

/// `log(x) / log(base)`
fn quotient(vm: &Vm, x: &Value, base: Option<&Value>) -> PyResult {
    let dividend = logarithm(vm, x, Logarithm::Natural)?;
    let Some(base) = base else { return Ok(Value::float(dividend)) };
    let divisor = logarithm(vm, base, Logarithm::Natural)?;
    if divisor == 0.0 {
        return Err(vm.zero_division_error("division by zero"));
    }
    Ok(Value::float(dividend / divisor))
}
