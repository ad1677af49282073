//! `complex`: the payload, operators and methods.
//!
//! Arithmetic with a real operand follows C99's annex G, as CPython does from 3.14: the real operand has no imaginary part, rather
//! than one of zero.

use std::cmp::Ordering;

use snakelet_macros::{methods, native_type};
use snakelet_number::complex::{self as arith, ComplexError};
use snakelet_number::hash;
use snakelet_text::{Text, classify};

use super::float;
use super::int_arithmetic::{Operand, division_by_zero};
use super::int_text::is_exactly;
use super::number_format;
use super::python_slots::warn_of_subclass;
use super::slots::CompareOp;
use crate::errors::Exc;
use crate::errors::warn::warn;
use crate::native::{Cx, FromArg};
use crate::object::Native;
use crate::protocol::BinaryOp;
use crate::{PyResult, Raised, Value, Vm, VmRef};

/// The payload of complex numbers.
#[native_type(
    name = "complex",
    doc = "A complex number, made from a string or from numbers: a single one, or the real and imaginary parts.",
    flags(subclassable)
)]
pub struct Complex {
    pub real: f64,
    pub imag: f64,
}

impl Complex {
    pub fn new(real: f64, imag: f64) -> Complex {
        Complex { real, imag }
    }

    fn number(&self) -> arith::Complex {
        arith::Complex::new(self.real, self.imag)
    }
}

/// An operand of complex arithmetic.
#[derive(Clone, Copy)]
enum Number {
    Complex(arith::Complex),
    Real(f64),
}

impl Number {
    /// `None` if the value is no number; OverflowError for huge ints.
    fn of(vm: &Vm, value: &Value) -> Option<PyResult<Number>> {
        if let Some(z) = value.downcast::<Complex>() {
            return Some(Ok(Number::Complex(z.number())));
        }
        float::real(vm, value).map(|x| x.map(Number::Real))
    }

    fn complex(self) -> arith::Complex {
        match self {
            Number::Complex(z) => z,
            Number::Real(x) => arith::Complex::new(x, 0.0),
        }
    }
}

/// A complex object.
pub fn from_number(z: arith::Complex) -> Value {
    Complex::new(z.real, z.imag).into_value()
}

/// A slot's function: NotImplemented if an operand is no number.
fn slot(vm: &Vm, op: BinaryOp, left: &Value, right: &Value) -> PyResult {
    let Some(left) = Number::of(vm, left) else { return Ok(Value::NOT_IMPLEMENTED) };
    let Some(right) = Number::of(vm, right) else { return Ok(Value::NOT_IMPLEMENTED) };
    match operate(op, left?, right?) {
        Ok(z) => Ok(from_number(z)),
        Err(ComplexError::Overflow) => Err(vm.overflow_error("complex exponentiation")),
        Err(ComplexError::ZeroDivision) if op == BinaryOp::Pow => {
            Err(vm.zero_division_error("zero to a negative or complex power"))
        }
        Err(ComplexError::ZeroDivision) => Err(division_by_zero(vm)),
    }
}

fn operate(op: BinaryOp, left: Number, right: Number) -> Result<arith::Complex, ComplexError> {
    let complex = |real, imag| Ok(arith::Complex::new(real, imag));
    match (op, left, right) {
        (BinaryOp::Add, Number::Complex(z), Number::Complex(w)) => complex(z.real + w.real, z.imag + w.imag),
        (BinaryOp::Add, Number::Complex(z), Number::Real(x)) | (BinaryOp::Add, Number::Real(x), Number::Complex(z)) => {
            complex(z.real + x, z.imag)
        }
        (BinaryOp::Sub, Number::Complex(z), Number::Complex(w)) => complex(z.real - w.real, z.imag - w.imag),
        (BinaryOp::Sub, Number::Complex(z), Number::Real(x)) => complex(z.real - x, z.imag),
        (BinaryOp::Sub, Number::Real(x), Number::Complex(z)) => complex(x - z.real, -z.imag),
        (BinaryOp::Mul, Number::Complex(z), Number::Complex(w)) => Ok(arith::mul(z, w)),
        (BinaryOp::Mul, Number::Complex(z), Number::Real(x)) | (BinaryOp::Mul, Number::Real(x), Number::Complex(z)) => {
            complex(z.real * x, z.imag * x)
        }
        (BinaryOp::TrueDiv, Number::Complex(z), Number::Real(x)) => arith::div_by_real(z, x),
        (BinaryOp::TrueDiv, Number::Real(x), Number::Complex(z)) => arith::real_div(x, z),
        (BinaryOp::TrueDiv, z, w) => arith::div(z.complex(), w.complex()),
        (_, z, w) => arith::pow(z.complex(), w.complex()),
    }
}

/// Whether a complex number equals a number of any kind, exactly; `None` if the other is no number.
fn equals(z: &Complex, other: &Value) -> Option<bool> {
    if let Some(w) = other.downcast::<Complex>() {
        return Some(z.real == w.real && z.imag == w.imag);
    }
    if let Some(x) = other.to_float() {
        return Some(z.real == x && z.imag == 0.0);
    }
    let n = Operand::any(other)?;
    Some(z.imag == 0.0 && n.compare_float(z.real) == Some(Ordering::Equal))
}

#[methods]
impl Complex {
    #[new("complex(real=0, imag=0)")]
    fn new_object(vm: &Vm, cls: &Value, real: Option<Given<'_>>, imag: Option<&Value>) -> PyResult {
        if let Some(Given { value, named: true }) = real
            && imag.is_none()
            && (value.as_text().is_some() || !is_real(vm, value) && !has_special(vm, value))
        {
            return Err(bad_part(vm, value, "real"));
        }
        construct(vm, cls, real.map(|real| real.value), imag)
    }

    #[slot(repr)]
    fn repr(this: &Complex) -> String {
        arith::repr(this.real, this.imag)
    }

    #[slot(hash)]
    fn hash(this: &Complex) -> i64 {
        hash::complex(float::hash_of(this.real), float::hash_of(this.imag))
    }

    #[slot(compare)]
    fn compare(_vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let (Some(z), CompareOp::Eq | CompareOp::Ne) = (left.downcast::<Complex>(), op) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        Ok(match equals(z, right) {
            Some(equal) => Value::bool(equal == (op == CompareOp::Eq)),
            None => Value::NOT_IMPLEMENTED,
        })
    }

    #[slot(bool)]
    fn bool(this: &Complex) -> bool {
        this.real != 0.0 || this.imag != 0.0
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

    #[slot(pow)]
    fn pow(vm: &Vm, base: &Value, exponent: &Value, modulus: &Value) -> PyResult {
        if !modulus.is_none() {
            return Err(vm.value_error("complex modulo"));
        }
        slot(vm, BinaryOp::Pow, base, exponent)
    }

    #[slot(neg)]
    fn neg(this: &Complex) -> Value {
        Complex::new(-this.real, -this.imag).into_value()
    }

    #[slot(pos)]
    fn pos(this: &Complex) -> Value {
        Complex::new(this.real, this.imag).into_value()
    }

    #[slot(abs)]
    fn abs(vm: &Vm, this: &Complex) -> PyResult<f64> {
        arith::abs(this.number()).map_err(|_| vm.overflow_error("absolute value too large"))
    }

    /// Convert number to a complex floating-point number.
    #[classmethod("from_number(cls, number, /)")]
    fn from_number(vm: &Vm, cls: &Value, number: &Value) -> PyResult {
        if is_exactly::<Complex>(cls) && number.downcast_exact::<Complex>().is_some() {
            return Ok(number.clone());
        }
        let (vm, cls, number) = (vm.handle(), cls.clone(), number.clone());
        Err(vm.defer(async move {
            let z = match special(vm, &number).await? {
                Some(z) => z,
                None => arith::Complex::new(vm.float(&number).await?, 0.0),
            };
            if is_exactly::<Complex>(&cls) {
                return Ok(from_number(z));
            }
            vm.call(&cls, vec![from_number(z)]).await
        }))
    }

    /// Return the complex conjugate of its argument. (3-4j).conjugate() == 3+4j.
    #[method("conjugate(self, /)")]
    fn conjugate(this: &Complex) -> Value {
        Complex::new(this.real, -this.imag).into_value()
    }

    /// Convert this value to exact type complex.
    #[method("__complex__(self, /)")]
    fn complex(this: &Value) -> Value {
        match this.downcast::<Complex>() {
            Some(z) if this.downcast_exact::<Complex>().is_none() => from_number(z.number()),
            _ => this.clone(),
        }
    }

    #[method("__getnewargs__(self, /)")]
    fn getnewargs(this: &Complex) -> Value {
        Value::from_tuple(vec![Value::float(this.real), Value::float(this.imag)])
    }

    /// Convert to a string according to format_spec.
    #[method("__format__(self, format_spec, /)")]
    fn format(vm: &Vm, this: &Value, format_spec: &Text) -> PyResult {
        number_format::format_complex(vm, this, format_spec)
    }

    /// the real part of a complex number
    #[getter("real")]
    fn real(this: &Complex) -> f64 {
        this.real
    }

    /// the imaginary part of a complex number
    #[getter("imag")]
    fn imag(this: &Complex) -> f64 {
        this.imag
    }
}

/// The argument `real`: only by position may it be a string.
#[derive(Clone, Copy)]
struct Given<'a> {
    value: &'a Value,
    named: bool,
}

impl<'a> FromArg<'a> for Given<'a> {
    fn from_arg(cx: &Cx<'a>, value: &'a Value, number: usize) -> PyResult<Self> {
        Ok(Given { value, named: number >= cx.given() })
    }
}

/// Whether the value has `__complex__`.
fn has_special(vm: &Vm, value: &Value) -> bool {
    value.downcast::<Complex>().is_some() || vm.lookup_special(value, &crate::name!(__complex__)).is_some()
}

/// `complex.__new__`. May defer.
fn construct(vm: &Vm, cls: &Value, real: Option<&Value>, imag: Option<&Value>) -> PyResult {
    if let (Some(text), None) = (real.and_then(Value::as_text), imag) {
        let ascii = classify::to_ascii_number(text).map_err(|_| vm.memory_error())?;
        return match arith::parse(&ascii) {
            Some((real, imag)) => make(vm, cls, arith::Complex::new(real, imag)),
            None => Err(vm.value_error("complex() arg is a malformed string")),
        };
    }
    let plain = |value: Option<&Value>| match value {
        None => Some(0.0),
        Some(value) => float::exact_real(value),
    };
    if let (Some(real), Some(imag)) = (plain(real), plain(imag)) {
        return make(vm, cls, arith::Complex::new(real, imag));
    }
    if let (Some(z), None, true) = (real, imag, is_exactly::<Complex>(cls))
        && z.downcast_exact::<Complex>().is_some()
    {
        return Ok(z.clone());
    }
    Err(vm.defer(convert(vm.handle(), cls.clone(), real.cloned(), imag.cloned())))
}

fn make(vm: &Vm, cls: &Value, z: arith::Complex) -> PyResult {
    vm.new_instance(cls, Complex::new(z.real, z.imag))
}

async fn convert(vm: VmRef, cls: Value, real: Option<Value>, imag: Option<Value>) -> PyResult {
    let mut z = arith::Complex::new(0.0, 0.0);
    if let Some(real) = &real {
        if let Some(number) = special(vm, real).await? {
            if imag.is_some() && real.downcast::<Complex>().is_some() {
                warn_of_part(vm, real, "real").await?;
            }
            z = number;
        } else if is_real(&vm, real) {
            z.real = vm.float(real).await?;
        } else if imag.is_none() {
            let name = vm.type_name(real);
            return Err(vm.type_error(format!("complex() argument must be a string or a number, not {name}")));
        } else {
            return Err(bad_part(&vm, real, "real"));
        }
    }
    if let Some(imag) = &imag {
        if let Some(w) = imag.downcast::<Complex>() {
            let (real, imaginary) = (w.real, w.imag);
            warn_of_part(vm, imag, "imag").await?;
            z = arith::Complex::new(z.real - imaginary, z.imag + real);
        } else if is_real(&vm, imag) {
            z.imag += vm.float(imag).await?;
        } else {
            return Err(bad_part(&vm, imag, "imag"));
        }
    }
    make(&vm, &cls, z)
}

/// Whether the value can be converted by [`Vm::float`].
fn is_real(vm: &Vm, value: &Value) -> bool {
    let slots = vm.type_of(value).slots();
    slots.float.is_some() || slots.index.is_some()
}

#[cold]
fn bad_part(vm: &Vm, value: &Value, part: &str) -> Raised {
    let name = vm.type_name(value);
    vm.type_error(format!("complex() argument '{part}' must be a real number, not {name}"))
}

async fn warn_of_part(vm: VmRef, value: &Value, part: &str) -> PyResult<()> {
    let message = format!("complex() argument '{part}' must be a real number, not {}", vm.type_name(value));
    warn(vm, Exc::DeprecationWarning, &message, 1).await.map(drop)
}

/// The complex number that a value is or that its `__complex__` gives; `None` if it has none.
async fn special(vm: VmRef, value: &Value) -> PyResult<Option<arith::Complex>> {
    if let Some(z) = value.downcast_exact::<Complex>() {
        return Ok(Some(z.number()));
    }
    let Some(result) = vm.call_special(value, &crate::name!(__complex__), Vec::new()).await else { return Ok(None) };
    let result = result?;
    match result.downcast::<Complex>() {
        Some(z) => {
            if result.downcast_exact::<Complex>().is_none() {
                warn_of_subclass(vm, &result, "__complex__", "complex").await?;
            }
            Ok(Some(z.number()))
        }
        None => {
            let name = vm.type_name(&result);
            Err(vm.type_error(format!("__complex__ returned non-complex (type {name})")))
        }
    }
}

/// The value as a complex number, for module `cmath` (async): by `__complex__`, else `__float__` or `__index__`.
pub async fn to_complex(vm: VmRef, value: &Value) -> PyResult<arith::Complex> {
    match special(vm, value).await? {
        Some(z) => Ok(z),
        None => Ok(arith::Complex::new(vm.float(value).await?, 0.0)),
    }
}

/// The value as a complex number, if that needs no Python code.
pub fn to_complex_now(value: &Value) -> Option<arith::Complex> {
    match value.downcast_exact::<Complex>() {
        Some(z) => Some(z.number()),
        None => float::exact_real(value).map(|x| arith::Complex::new(x, 0.0)),
    }
}
