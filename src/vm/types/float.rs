//! `float`: floats are immediates; the payload serves instances of subclasses. Methods are in `float_methods`.

use snakelet_macros::{methods, native_type};
use snakelet_number::complex as complex_math;
use snakelet_number::float::{self as arith, Power};
use snakelet_number::hash;

use super::complex::Complex;
use super::float_methods;
use super::int_arithmetic::{Operand, division_by_zero};
use super::slots::CompareOp;
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

/// `hash()` of a float. (CPython goes by identity for NaN.)
pub fn hash_of(x: f64) -> i64 {
    // A NaN's payload is its identity.
    // A NaN hashes as `object` does: by its identity (see `Vm::id_of`).
    hash::float(x).unwrap_or_else(|| (Value::float(x).bits().rotate_left(20) >> 4).rotate_right(4) as i64)
}

/// The comparison of a float with a float or an int of any kind, exact; NotImplemented for others.
pub fn compare(left: &Value, right: &Value, op: CompareOp) -> Value {
    let ordering = match (left.to_float(), right.to_float()) {
        (Some(x), Some(y)) => x.partial_cmp(&y),
        (Some(x), None) => match Operand::any(right) {
            Some(y) => y.compare_float(x).map(std::cmp::Ordering::reverse),
            None => return Value::NOT_IMPLEMENTED,
        },
        (None, Some(y)) => match Operand::any(left) {
            Some(x) => x.compare_float(y),
            None => return Value::NOT_IMPLEMENTED,
        },
        (None, None) => return Value::NOT_IMPLEMENTED,
    };
    Value::bool(ordering.map_or(op == CompareOp::Ne, |ordering| op.matches(ordering)))
}

/// The float of a receiver, which is one.
fn own(this: &Value) -> f64 {
    this.to_float().unwrap_or(0.0)
}

#[methods(with = [Float::METHODS])]
impl Float {
    #[new("float(x=0, /)")]
    fn new_object(vm: &Vm, cls: &Value, x: Option<&Value>) -> PyResult {
        float_methods::construct(vm, cls, x)
    }

    #[slot(repr)]
    fn repr(this: &Value) -> String {
        arith::repr(own(this))
    }

    #[slot(hash)]
    fn hash(this: &Value) -> i64 {
        hash_of(own(this))
    }

    #[slot(compare)]
    fn compare(_vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        Ok(compare(left, right, op))
    }

    #[slot(bool)]
    fn bool(this: &Value) -> bool {
        own(this) != 0.0
    }

    #[slot(add)]
    fn add(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        slot(vm, BinaryOp::Add, left, right)
    }

    #[slot(sub)]
    fn sub(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        slot(vm, BinaryOp::Sub, left, right)
    }

    #[slot(mul)]
    fn mul(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        slot(vm, BinaryOp::Mul, left, right)
    }

    #[slot(truediv)]
    fn truediv(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        slot(vm, BinaryOp::TrueDiv, left, right)
    }

    #[slot(floordiv)]
    fn floordiv(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        slot(vm, BinaryOp::FloorDiv, left, right)
    }

    #[slot(mod_)]
    fn modulo(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        slot(vm, BinaryOp::Mod, left, right)
    }

    #[slot(divmod)]
    fn divmod(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        slot(vm, BinaryOp::DivMod, left, right)
    }

    #[slot(pow)]
    fn pow(vm: &Vm, base: &Value, exponent: &Value, modulus: &Value) -> PyResult {
        if modulus.is_none() {
            return slot(vm, BinaryOp::Pow, base, exponent);
        }
        Err(vm.type_error("pow() 3rd argument not allowed unless all arguments are integers"))
    }

    #[slot(neg)]
    fn neg(this: &Value) -> f64 {
        -own(this)
    }

    #[slot(pos)]
    fn pos(this: &Value) -> f64 {
        own(this)
    }

    #[slot(abs)]
    fn abs(this: &Value) -> f64 {
        own(this).abs()
    }

    #[slot(int)]
    fn int(vm: &Vm, this: &Value) -> PyResult {
        float_methods::to_int(vm, own(this))
    }

    #[slot(float)]
    fn float(this: &Value) -> f64 {
        own(this)
    }
}
