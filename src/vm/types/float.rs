//! `float`: floats are immediates; the payload serves instances of subclasses. Methods are in `float_methods`.

use snakelet_macros::native_type;
use snakelet_number::complex as complex_math;
use snakelet_number::float::{self as arith, Power};

use super::complex::Complex;
use super::int_arithmetic::{Operand, division_by_zero};
use crate::errors::Exc;
use crate::object::Native;
use crate::protocol::BinaryOp;
use crate::{PyResult, Raised, Value, Vm};

/// The payload of instances of float's subclasses.
#[native_type(
    name = "float",
    doc = "A floating-point number, made from a string or another number.",
    flags(subclassable, match_self)
)]
pub struct Float {
    pub value: f64,
}

impl Value {
    /// The number, if the value is a float or of a subclass.
    #[inline]
    pub fn to_float(&self) -> Option<f64> {
        self.as_float().or_else(|| self.downcast::<Float>().map(|float| float.value))
    }
}

/// The number, if the value is an exact float or a small int.
#[inline]
pub fn exact_real(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_small_int().map(|n| n as f64))
}

/// The number, if the value is a float or an int, of a subclass or not; OverflowError for huge ints.
pub fn real(vm: &Vm, value: &Value) -> Option<PyResult<f64>> {
    match value.to_float() {
        Some(x) => Some(Ok(x)),
        None => Operand::any(value).map(|n| n.to_float().ok_or_else(|| too_large(vm))),
    }
}

/// The float nearest to an int, or OverflowError.
pub fn from_int(vm: &Vm, value: &Value) -> PyResult<f64> {
    Operand::any(value).and_then(Operand::to_float).ok_or_else(|| too_large(vm))
}

/// The error for ints beyond the range of floats.
#[cold]
pub fn too_large(vm: &Vm) -> Raised {
    vm.overflow_error("int too large to convert to float")
}

/// The operation; `None` if floats do not have it.
#[inline]
pub fn arithmetic(vm: &Vm, op: BinaryOp, x: f64, y: f64) -> Option<PyResult> {
    let result = match op {
        BinaryOp::Add => x + y,
        BinaryOp::Sub => x - y,
        BinaryOp::Mul => x * y,
        BinaryOp::TrueDiv if y != 0.0 => x / y,
        BinaryOp::Pow => return Some(power(vm, x, y)),
        _ => return divide(vm, op, x, y),
    };
    Some(Ok(Value::float(result)))
}

#[inline(never)]
fn divide(vm: &Vm, op: BinaryOp, x: f64, y: f64) -> Option<PyResult> {
    let result = match op {
        BinaryOp::TrueDiv if y != 0.0 => Some(Value::float(x / y)),
        BinaryOp::TrueDiv => None,
        BinaryOp::FloorDiv => arith::floor_div(x, y).map(Value::float),
        BinaryOp::Mod => arith::floor_mod(x, y).map(Value::float),
        BinaryOp::DivMod => arith::divmod(x, y)
            .map(|(quotient, rest)| Value::from_tuple(vec![Value::float(quotient), Value::float(rest)])),
        _ => return None,
    };
    Some(result.ok_or_else(|| division_by_zero(vm)))
}

/// `x ** y`: a float, or a complex number for a negative base and a fractional exponent.
pub fn power(vm: &Vm, x: f64, y: f64) -> PyResult {
    match arith::pow(x, y) {
        Power::Real(result) => Ok(Value::float(result)),
        Power::ZeroDivision => Err(vm.zero_division_error("zero to a negative power")),
        Power::Overflow => Err(range_error(vm)),
        Power::Complex => {
            let (base, exponent) = (complex_math::Complex::new(x, 0.0), complex_math::Complex::new(y, 0.0));
            match complex_math::pow(base, exponent) {
                Ok(z) => Ok(Complex::new(z.real, z.imag).into_value()),
                Err(_) => Err(vm.overflow_error("complex exponentiation")),
            }
        }
    }
}

/// OverflowError with C's error number and text.
#[cold]
fn range_error(vm: &Vm) -> Raised {
    let args = vec![Value::small_int(34), Value::from_str("Numerical result out of range")];
    vm.error_with_args(Exc::OverflowError, args)
}

/// A slot's function: floats and ints (one of them a float), else NotImplemented.
pub fn slot(vm: &Vm, op: BinaryOp, left: &Value, right: &Value) -> PyResult {
    let x = match real(vm, left) {
        Some(x) => x,
        None => return Ok(Value::NOT_IMPLEMENTED),
    };
    let y = match real(vm, right) {
        Some(y) => y,
        None => return Ok(Value::NOT_IMPLEMENTED),
    };
    arithmetic(vm, op, x?, y?).unwrap_or(Ok(Value::NOT_IMPLEMENTED))
}
