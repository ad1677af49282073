//! `int` and `bool`: small ints are immediates; the payload serves large ones and instances of subclasses.
//!
//! The operators are in `int_arithmetic`, the methods in `int_methods`, construction and text in `int_text`, and what may take
//! long in `int_long`.

use snakelet_macros::{methods, native_type};

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use snakelet_number::hash;

use super::int_arithmetic::{self as arithmetic, Operand};
use super::slots::CompareOp;
use super::{float, int_text};
use crate::errors::Exc;
use crate::object::Native;
use crate::protocol::BinaryOp;
use crate::{PyResult, Value, Vm, VmRef};

/// The payload of ints beyond 48 bits (exact type `int`), and of instances of int's subclasses (any size).
#[native_type(
    name = "int",
    doc = "int([x]) -> integer\nint(x, base=10) -> integer\n\nAn integer of any size, made from a number (truncating towards zero) or from a text in\nthe given base: 2 to 36, or 0 to go by the prefix of a literal.",
    flags(subclassable, match_self)
)]
pub struct Int {
    pub value: BigInt,
}

/// Never a payload: `True` and `False` are immediates. Its type object is `bool`.
#[native_type(
    name = "bool",
    base = Int,
    doc = "The type of True and False, which are its only instances: whether an object is true.",
    flags(match_self)
)]
pub struct Bool {}

impl Value {
    /// An int.
    #[inline]
    pub fn from_i64(n: i64) -> Value {
        match Value::try_small_int(n) {
            Some(value) => value,
            None => Int { value: BigInt::from(n) }.into_value(),
        }
    }

    /// An int.
    #[inline]
    pub fn from_usize(n: usize) -> Value {
        match i64::try_from(n) {
            Ok(n) => Value::from_i64(n),
            Err(_) => Int { value: BigInt::from(n) }.into_value(),
        }
    }

    /// An int, inline if it fits.
    pub fn from_bigint(n: BigInt) -> Value {
        match n.to_i64().and_then(Value::try_small_int) {
            Some(value) => value,
            None => Int { value: n }.into_value(),
        }
    }

    /// The number, if the value is an int, a bool or of a subclass of int, and fits.
    #[inline]
    pub fn to_i64(&self) -> Option<i64> {
        if let Some(n) = self.as_small_int() {
            return Some(n);
        }
        match self.as_bool() {
            Some(b) => Some(b as i64),
            None => self.downcast::<Int>()?.value.to_i64(),
        }
    }

    /// Whether the value is an int, a bool or of a subclass of int.
    #[inline]
    pub fn is_int(&self) -> bool {
        self.is_small_int() || self.as_bool().is_some() || self.downcast::<Int>().is_some()
    }

    /// The number, if the value is an int, a bool or of a subclass of int.
    pub fn to_bigint(&self) -> Option<std::borrow::Cow<'_, BigInt>> {
        use std::borrow::Cow;
        if let Some(n) = self.as_small_int() {
            return Some(Cow::Owned(BigInt::from(n)));
        }
        match self.as_bool() {
            Some(b) => Some(Cow::Owned(BigInt::from(b as i64))),
            None => Some(Cow::Borrowed(&self.downcast::<Int>()?.value)),
        }
    }
}

/// `hash()` of an int of any kind.
pub fn hash_of(value: &Value) -> i64 {
    match Operand::any(value) {
        Some(Operand::Small(n)) => hash::small_int(n),
        Some(Operand::Big(n)) => hash::int(n),
        None => 0,
    }
}

#[methods(with = [Int::METHODS])]
impl Int {
    #[new("int(x=<unrepresentable>, /, base=10)", text = none, family = "mixed")]
    fn new_object(vm: &Vm, cls: &Value, x: Option<&Value>, base: Option<&Value>) -> PyResult {
        int_text::construct(vm, cls, x, base)
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Value) -> PyResult {
        int_text::repr(vm, this)
    }

    #[slot(hash)]
    fn hash(this: &Value) -> i64 {
        hash_of(this)
    }

    #[slot(compare)]
    fn compare(_vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        Ok(arithmetic::compare(left, right, op))
    }

    #[slot(bool)]
    fn bool(this: &Value) -> bool {
        arithmetic::is_nonzero(this)
    }

    #[slot(add)]
    fn add(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        arithmetic::slot(vm, BinaryOp::Add, left, right)
    }

    #[slot(sub)]
    fn sub(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        arithmetic::slot(vm, BinaryOp::Sub, left, right)
    }

    #[slot(mul)]
    fn mul(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        arithmetic::slot(vm, BinaryOp::Mul, left, right)
    }

    #[slot(truediv)]
    fn truediv(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        arithmetic::slot(vm, BinaryOp::TrueDiv, left, right)
    }

    #[slot(floordiv)]
    fn floordiv(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        arithmetic::slot(vm, BinaryOp::FloorDiv, left, right)
    }

    #[slot(mod_)]
    fn modulo(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        arithmetic::slot(vm, BinaryOp::Mod, left, right)
    }

    #[slot(divmod)]
    fn divmod(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        arithmetic::slot(vm, BinaryOp::DivMod, left, right)
    }

    #[slot(lshift)]
    fn lshift(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        arithmetic::slot(vm, BinaryOp::LShift, left, right)
    }

    #[slot(rshift)]
    fn rshift(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        arithmetic::slot(vm, BinaryOp::RShift, left, right)
    }

    #[slot(and)]
    fn and(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        arithmetic::slot(vm, BinaryOp::And, left, right)
    }

    #[slot(or)]
    fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        arithmetic::slot(vm, BinaryOp::Or, left, right)
    }

    #[slot(xor)]
    fn xor(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        arithmetic::slot(vm, BinaryOp::Xor, left, right)
    }

    #[slot(pow)]
    fn pow(vm: &Vm, base: &Value, exponent: &Value, modulus: &Value) -> PyResult {
        if modulus.is_none() {
            return arithmetic::slot(vm, BinaryOp::Pow, base, exponent);
        }
        match (Operand::any(base), Operand::any(exponent), Operand::any(modulus)) {
            (Some(base), Some(exponent), Some(modulus)) => arithmetic::power_modulo(vm, base, exponent, modulus),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(neg)]
    fn neg(vm: &Vm, this: &Value) -> PyResult {
        arithmetic::negative(vm, this)
    }

    #[slot(pos)]
    fn pos(_vm: &Vm, this: &Value) -> PyResult {
        Ok(arithmetic::exact_int(this))
    }

    #[slot(abs)]
    fn abs(vm: &Vm, this: &Value) -> PyResult {
        arithmetic::absolute(vm, this)
    }

    #[slot(invert)]
    fn invert(vm: &Vm, this: &Value) -> PyResult {
        arithmetic::invert(vm, this)
    }

    #[slot(int)]
    fn int(_vm: &Vm, this: &Value) -> PyResult {
        Ok(arithmetic::exact_int(this))
    }

    #[slot(float)]
    fn float(vm: &Vm, this: &Value) -> PyResult<f64> {
        float::from_int(vm, this)
    }

    #[slot(index)]
    fn index(_vm: &Vm, this: &Value) -> PyResult {
        Ok(arithmetic::exact_int(this))
    }
}

/// `&`, `|`, `^` of two bools are bools.
fn bool_operation(vm: &Vm, op: BinaryOp, left: &Value, right: &Value) -> PyResult {
    let (Some(x), Some(y)) = (left.as_bool(), right.as_bool()) else {
        return arithmetic::slot(vm, op, left, right);
    };
    Ok(Value::bool(match op {
        BinaryOp::And => x & y,
        BinaryOp::Or => x | y,
        _ => x ^ y,
    }))
}

#[methods]
impl Bool {
    #[new("bool(object=False, /)")]
    fn new_object(_vm: &Vm, _cls: &Value, object: bool) -> Value {
        Value::bool(object)
    }

    #[slot(repr)]
    fn repr(_vm: &Vm, this: &Value) -> PyResult {
        Ok(if this.is_true() { crate::name!(True) } else { crate::name!(False) })
    }

    #[slot(and)]
    fn and(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        bool_operation(vm, BinaryOp::And, left, right)
    }

    #[slot(or)]
    fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        bool_operation(vm, BinaryOp::Or, left, right)
    }

    #[slot(xor)]
    fn xor(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        bool_operation(vm, BinaryOp::Xor, left, right)
    }

    #[slot(invert)]
    async fn invert(vm: VmRef, this: Value) -> PyResult {
        const MESSAGE: &str = "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the \
                               bitwise inversion of the underlying int object and is usually not what you expect from negating \
                               a bool. Use the 'not' operator for boolean negation or ~int(x) if you really want the bitwise \
                               inversion of the underlying int.";
        crate::errors::warn::warn(vm, Exc::DeprecationWarning, MESSAGE, 1).await?;
        arithmetic::invert(&vm, &this)
    }
}
