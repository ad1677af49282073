//! `Decimal`: the payload, construction, operators, comparison, hash and conversions.

use std::cell::Cell;

use num_bigint::BigInt;
use num_traits::Zero;
use snakelet_macros::{methods, native_type};
use snakelet_number::hash::not_minus_one;
use snakelet_text::{Text, unicode};
use snakelet_vm::errors::Exc;
use snakelet_vm::native::Native;
use snakelet_vm::types::complex::Complex;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::int_arithmetic::Operand;
use snakelet_vm::types::slots::CompareOp;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::types::typeobject::{Type, TypeFlags};
use snakelet_vm::{PyResult, Raised, Value, Vm, VmRef};

use super::State;
use super::coef::Coef;
use super::context::{Context, current, given, no_memory};
use super::number::status::*;
use super::number::{Ctx, Dec, Kind, MIN_ETINY, Rounding};
use super::operations::{self, Binary, Unary};
use super::{text, transcendental};

/// The payload of decimals.
#[native_type(
    name = "Decimal",
    module = "decimal",
    doc = "Decimal(value='0', context=None)\n\nA decimal number, made from a string, an int, a float, a tuple or another decimal, exactly.",
    flags(subclassable)
)]
pub struct Decimal {
    #[skip_traverse]
    value: Dec,
    /// -1: not computed yet.
    hash: Cell<i64>,
}

/// The modulus of numeric hashes.
const HASH_PRIME: u64 = (1 << 61) - 1;
/// The inverse of ten by it.
const HASH_INVERSE_OF_TEN: u64 = 2_075_258_708_292_324_556;
const HASH_INFINITY: i64 = 314_159;

impl Decimal {
    /// The object of a number.
    #[inline]
    pub fn wrap(value: Dec) -> Value {
        Decimal { value, hash: Cell::new(-1) }.into_value()
    }

    pub fn from_i64(n: i64) -> Value {
        Decimal::wrap(Dec::from_i64(n))
    }

    #[inline]
    pub fn dec(&self) -> &Dec {
        &self.value
    }

    /// The object of a result, its conditions signalled.
    #[inline]
    pub fn finish(vm: &Vm, context: &Context, result: super::coef::Result<Dec>, status: u32) -> PyResult {
        match result {
            Ok(value) => {
                context.signal(vm, status)?;
                Ok(Decimal::wrap(value))
            }
            Err(_) => Err(vm.memory_error()),
        }
    }
}

/// An operand: borrowed from a decimal, or converted from an int.
pub enum Number<'a> {
    Borrowed(&'a Dec),
    Owned(Dec),
}

impl std::ops::Deref for Number<'_> {
    type Target = Dec;

    #[inline]
    fn deref(&self) -> &Dec {
        match self {
            Number::Borrowed(dec) => dec,
            Number::Owned(dec) => dec,
        }
    }
}

/// The operand, if the value is a decimal or an int.
#[inline]
pub fn operand<'a>(vm: &Vm, value: &'a Value) -> PyResult<Option<Number<'a>>> {
    if let Some(decimal) = value.downcast::<Decimal>() {
        return Ok(Some(Number::Borrowed(&decimal.value)));
    }
    match Operand::any(value) {
        Some(n) => from_int(n).map(|dec| Some(Number::Owned(dec))).map_err(no_memory(vm)),
        None => Ok(None),
    }
}

/// The operand, or TypeError.
pub fn convert<'a>(vm: &Vm, value: &'a Value) -> PyResult<Number<'a>> {
    match operand(vm, value)? {
        Some(number) => Ok(number),
        None => Err(unsupported(vm, value)),
    }
}

#[cold]
fn unsupported(vm: &Vm, value: &Value) -> Raised {
    vm.type_error(format!("conversion from {} to Decimal is not supported", vm.type_name(value)))
}

fn from_int(n: Operand<'_>) -> super::coef::Result<Dec> {
    match n {
        Operand::Small(n) => Ok(Dec::from_i64(n)),
        Operand::Big(n) => Ok(Dec::new(n.sign() == num_bigint::Sign::Minus, Coef::from_bigint(n)?, 0)),
    }
}

/// A float's exact value.
fn from_float(x: f64) -> super::coef::Result<Dec> {
    if x.is_nan() {
        return Ok(Dec::nan().with_sign(x.is_sign_negative()));
    }
    if x.is_infinite() {
        return Ok(Dec::infinity(x < 0.0));
    }
    let bits = x.to_bits();
    let field = (bits >> 52 & 0x7ff) as i64;
    let fraction = bits & ((1 << 52) - 1);
    let (mut mantissa, mut exp) = if field == 0 { (fraction, -1074) } else { (fraction | 1 << 52, field - 1075) };
    let zeros = mantissa.trailing_zeros().min(52);
    if mantissa == 0 {
        return Ok(Dec::zero(x.is_sign_negative(), 0));
    }
    mantissa >>= zeros;
    exp += i64::from(zeros);
    // m * 2**e = m * 5**-e * 10**e for negative e
    let (factor, power, exp) = if exp >= 0 { (2u32, exp, 0) } else { (5, -exp, exp) };
    let coef = BigInt::from(mantissa) * BigInt::from(factor).pow(power as u32);
    Ok(Dec::new(x.is_sign_negative(), Coef::from_bigint(&coef)?, exp))
}

/// A str's characters as ASCII: decimal digits of all scripts, spaces around and underscores dropped if `lenient`.
fn ascii(text: &Text, lenient: bool) -> Option<Vec<u8>> {
    let mut codes: Vec<u32> = Vec::new();
    codes.try_reserve_exact(text.len()).ok()?;
    codes.extend(text.iter());
    let mut codes = &codes[..];
    if lenient {
        while let [first, rest @ ..] = codes
            && unicode::is_space(*first)
        {
            codes = rest;
        }
        while let [rest @ .., last] = codes
            && unicode::is_space(*last)
        {
            codes = rest;
        }
    }
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(codes.len()).ok()?;
    for &code in codes {
        match code {
            0x5f if lenient => {}
            0x21..=0x7f => bytes.push(code as u8),
            _ => bytes.push(unicode::decimal(code).map_or(b'?', |digit| b'0' + digit as u8)),
        }
    }
    Some(bytes)
}

/// A tuple's number: sign, digits, exponent or 'F', 'n', 'N'.
fn from_sequence(vm: &Vm, items: &[Value]) -> PyResult<Dec> {
    let [sign, digits, exponent] = items else {
        return Err(vm.value_error("argument must be a sequence of length 3"));
    };
    let negative = match sign.to_i64() {
        Some(n @ 0..=1) if sign.is_int() => n == 1,
        _ => return Err(vm.value_error("sign must be an integer with the value 0 or 1")),
    };
    let mut kind = Kind::Finite;
    let mut exp = 0;
    if let Some(name) = exponent.as_text() {
        kind = match name.as_str_if_ascii() {
            Some("F") => Kind::Infinite,
            Some("n") => Kind::Quiet,
            Some("N") => Kind::Signaling,
            _ => return Err(vm.value_error("string argument in the third position must be 'F', 'n' or 'N'")),
        };
    } else if exponent.is_int() {
        exp = super::context::to_ssize(vm, exponent)?;
    } else {
        return Err(vm.value_error("exponent must be an integer"));
    }
    let Some(digits) =
        digits.downcast::<Tuple>().map(|tuple| tuple.items().to_vec()).or_else(|| vm.sequence_now(digits))
    else {
        return Err(vm.value_error("coefficient must be a tuple of digits"));
    };
    let mut ascii = Vec::new();
    ascii.try_reserve_exact(digits.len()).map_err(|_| vm.memory_error())?;
    for digit in &digits {
        match digit.to_i64() {
            Some(digit @ 0..=9) => ascii.push(b'0' + digit as u8),
            _ => return Err(vm.value_error("coefficient must be a tuple of digits")),
        }
    }
    if kind == Kind::Infinite {
        return Ok(Dec::infinity(negative));
    }
    let coef = Coef::from_digits(&ascii).map_err(no_memory(vm))?;
    Ok(Dec { negative, kind, exp: exp.clamp(2 * MIN_ETINY, -2 * MIN_ETINY), coef })
}

/// A number as `Decimal(value)` takes it, exactly; conditions are signalled in the context.
fn exactly(vm: &Vm, value: &Value, context: &Context) -> PyResult<Dec> {
    let mut status = 0;
    let number = if let Some(decimal) = value.downcast::<Decimal>() {
        return Ok(decimal.value.clone());
    } else if let Some(string) = value.as_text() {
        let bytes = ascii(string, true).ok_or_else(|| vm.memory_error())?;
        match text::parse(&bytes).map_err(no_memory(vm))? {
            Some(number) => number,
            None => Dec::invalid(CONVERSION_SYNTAX, &mut status),
        }
    } else if let Some(n) = Operand::any(value) {
        return from_int(n).map_err(no_memory(vm));
    } else if let Some(x) = value.to_float() {
        context.signal(vm, FLOAT_OPERATION)?;
        return from_float(x).map_err(no_memory(vm));
    } else if let Some(items) = sequence(vm, value) {
        from_sequence(vm, &items)?
    } else {
        return Err(unsupported(vm, value));
    };
    let mut limits = 0;
    let mut number = number.finish(&Ctx::MAX, &mut limits).map_err(no_memory(vm))?;
    if limits & (INEXACT | ROUNDED | CLAMPED) != 0 {
        number = Dec::invalid(INVALID_OPERATION, &mut status);
    }
    context.signal(vm, status)?;
    Ok(number)
}

fn sequence(vm: &Vm, value: &Value) -> Option<Vec<Value>> {
    value.downcast::<Tuple>().map(|tuple| tuple.items().to_vec()).or_else(|| vm.sequence_now(value))
}

/// A number as `Context.create_decimal` takes it, within the context's limits.
pub fn within(vm: &Vm, value: &Value, context: &Context) -> PyResult {
    let (ctx, mut status) = (context.ctx(), 0);
    let result = if let Some(string) = value.as_text() {
        let bytes = ascii(string, false).ok_or_else(|| vm.memory_error())?;
        text::parse_in(&bytes, &ctx, &mut status)
    } else {
        if value.to_float().is_some() {
            context.signal(vm, FLOAT_OPERATION)?;
        }
        let number = if let Some(decimal) = value.downcast::<Decimal>() {
            decimal.value.clone()
        } else if let Some(n) = Operand::any(value) {
            from_int(n).map_err(no_memory(vm))?
        } else if let Some(x) = value.to_float() {
            from_float(x).map_err(no_memory(vm))?
        } else if let Some(items) = sequence(vm, value) {
            from_sequence(vm, &items)?
        } else {
            return Err(unsupported(vm, value));
        };
        if number.is_nan() && number.digits() > ctx.prec - i64::from(ctx.clamp) && !number.coef.is_zero() {
            Ok(Dec::invalid(CONVERSION_SYNTAX, &mut status))
        } else {
            number.finish(&ctx, &mut status)
        }
    };
    Decimal::finish(vm, context, result, status)
}

/// `create_decimal_from_float`
pub fn float_within(vm: &Vm, value: &Value, context: &Context) -> PyResult {
    let mut status = 0;
    let result = float_or_int(vm, value)?.finish(&context.ctx(), &mut status);
    Decimal::finish(vm, context, result, status)
}

fn float_or_int(vm: &Vm, value: &Value) -> PyResult<Dec> {
    if let Some(n) = Operand::any(value) {
        return from_int(n).map_err(no_memory(vm));
    }
    match value.to_float() {
        Some(x) => from_float(x).map_err(no_memory(vm)),
        None => Err(vm.type_error("argument must be int or float")),
    }
}

/// An object of a class for a number; classes derived from Decimal are called. May defer.
fn instance_of(vm: &Vm, cls: &Value, number: Dec) -> PyResult {
    if cls.is(Decimal::type_object().as_value()) {
        return Ok(Decimal::wrap(number));
    }
    let (vm, cls) = (vm.handle(), cls.clone());
    Err(vm.defer(async move { vm.call(&cls, vec![Decimal::wrap(number)]).await }))
}

// ---- operators

/// A binary operator: NotImplemented unless both operands are decimals or ints.
#[inline]
fn binary(vm: &Vm, left: &Value, right: &Value, operation: Binary) -> PyResult {
    let (Some(a), Some(b)) = (operand(vm, left)?, operand(vm, right)?) else { return Ok(Value::NOT_IMPLEMENTED) };
    let context = current(vm);
    let mut status = 0;
    let result = operation(&a, &b, &context.ctx(), &mut status);
    Decimal::finish(vm, &context, result, status)
}

/// A unary operator or a method without operands, in the current context.
#[inline]
pub fn unary(vm: &Vm, a: &Dec, context: &Context, operation: Unary) -> PyResult {
    let _ = vm;
    let mut status = 0;
    let result = operation(a, &context.ctx(), &mut status);
    Decimal::finish(vm, context, result, status)
}

/// Compares with a number of any kind. May defer.
fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
    let Some(a) = left.downcast::<Decimal>() else { return Ok(Value::NOT_IMPLEMENTED) };
    let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
    let context = current(vm);
    if let Some(b) = operand(vm, right)? {
        return compare_numbers(vm, &a.value, &b, op, &context);
    }
    let real = match right.downcast::<Complex>() {
        Some(z) if !equality || z.imag != 0.0 => {
            return Ok(if equality { Value::bool(op == CompareOp::Ne) } else { Value::NOT_IMPLEMENTED });
        }
        Some(z) => Some(z.real),
        None => right.to_float(),
    };
    if let Some(x) = real {
        let trapped = context.signal(vm, FLOAT_OPERATION);
        if trapped.is_err() {
            if !equality {
                return Err(Raised);
            }
            // Equality only leaves the flag.
            drop(vm.take_raised());
        }
        let b = from_float(x).map_err(no_memory(vm))?;
        return compare_numbers(vm, &a.value, &b, op, &context);
    }
    if !vm.type_of(right).has_flag(TypeFlags::HEAP) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (vm, left, right) = (vm.handle(), left.clone(), right.clone());
    Err(vm.defer(async move { compare_rational(vm, left, right, op).await }))
}

async fn compare_rational(vm: VmRef, left: Value, right: Value, op: CompareOp) -> PyResult {
    let rational = vm.extension::<State>().rational.borrow().clone();
    let Some(a) = left.downcast::<Decimal>() else { return Ok(Value::NOT_IMPLEMENTED) };
    if !vm.is_instance_of(&right, &rational).await? {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let denominator = vm.attr(&right, "denominator").await?;
    let numerator = vm.attr(&right, "numerator").await?;
    let context = current(&vm);
    let (Some(d), Some(n)) = (Operand::any(&denominator), Operand::any(&numerator)) else {
        return Err(vm.type_error("numerator and denominator must be int"));
    };
    let (d, n) = (from_int(d).map_err(no_memory(&vm))?, from_int(n).map_err(no_memory(&vm))?);
    let scaled = if a.value.is_finite() {
        Dec::mul_exact(&a.value, &d, &Ctx::MAX, &mut 0).map_err(no_memory(&vm))?
    } else {
        a.value.clone()
    };
    compare_numbers(&vm, &scaled, &n, op, &context)
}

fn compare_numbers(vm: &Vm, a: &Dec, b: &Dec, op: CompareOp, context: &Context) -> PyResult {
    if a.is_nan() || b.is_nan() {
        let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
        if !equality || a.is_signaling() || b.is_signaling() {
            context.signal(vm, INVALID_OPERATION)?;
        }
        return Ok(Value::bool(op == CompareOp::Ne));
    }
    let order = Dec::order(a, b).map_err(no_memory(vm))?;
    Ok(Value::bool(op.matches(order)))
}

fn power_mod(base: u64, mut exponent: u64) -> u64 {
    let prime = u128::from(HASH_PRIME);
    let (mut base, mut result) = (u128::from(base), 1u128);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % prime;
        }
        base = base * base % prime;
        exponent >>= 1;
    }
    result as u64
}

fn hash_number(a: &Dec) -> i64 {
    let power = power_mod(if a.exp >= 0 { 10 } else { HASH_INVERSE_OF_TEN }, a.exp.unsigned_abs());
    let hash = u128::from(a.coef.modulo(HASH_PRIME)) * u128::from(power) % u128::from(HASH_PRIME);
    let hash = hash as i64;
    not_minus_one(if a.negative { -hash } else { hash })
}

/// The number rounded to an int in a mode.
fn to_int(vm: &Vm, a: &Dec, rounding: Rounding) -> PyResult {
    match a.kind {
        Kind::Infinite => return Err(vm.overflow_error("cannot convert Infinity to integer")),
        Kind::Finite => {}
        _ => return Err(vm.value_error("cannot convert NaN to integer")),
    }
    let whole =
        if a.exp < 0 { a.rescale(0, &Ctx { rounding, ..Ctx::MAX }).map_err(no_memory(vm))?.0 } else { a.clone() };
    if whole.adjusted() > 1 << 32 && !whole.is_zero() {
        return Err(vm.memory_error());
    }
    let coef = whole.coef.shifted_left(whole.exp.max(0) as u64).map_err(no_memory(vm))?;
    if let Some(n) = coef.to_u64().and_then(|n| i64::try_from(n).ok()) {
        return Ok(Value::from_i64(if whole.negative { -n } else { n }));
    }
    let n = coef.to_bigint().map_err(no_memory(vm))?;
    Ok(Value::from_bigint(if whole.negative { -n } else { n }))
}

fn to_float(vm: &Vm, a: &Dec) -> PyResult<f64> {
    let magnitude = match a.kind {
        Kind::Signaling => return Err(vm.value_error("cannot convert signaling NaN to float")),
        Kind::Quiet => f64::NAN,
        Kind::Infinite => f64::INFINITY,
        Kind::Finite => {
            let digits = a.coef.to_digits().map_err(no_memory(vm))?;
            let text = std::str::from_utf8(&digits).unwrap_or("0");
            format!("{text}e{}", a.exp.clamp(-(1 << 40), 1 << 40)).parse().unwrap_or(f64::NAN)
        }
    };
    Ok(if a.negative { -magnitude } else { magnitude })
}

#[methods(with = [Decimal::OPERATIONS, Decimal::TESTS, Decimal::CANONICAL, Decimal::CONVERSIONS])]
impl Decimal {
    #[new("Decimal(value='0', context=None)", text = none)]
    fn new_object(vm: &Vm, cls: &Value, value: Option<&Value>, context: Option<&Value>) -> PyResult {
        let context = given(vm, context)?;
        let Some(value) = value else {
            return vm.new_instance(cls, Decimal { value: Dec::zero(false, 0), hash: Cell::new(-1) });
        };
        if value.downcast_exact::<Decimal>().is_some() && cls.is(Decimal::type_object().as_value()) {
            return Ok(value.clone());
        }
        let number = exactly(vm, value, &context)?;
        vm.new_instance(cls, Decimal { value: number, hash: Cell::new(-1) })
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Decimal) -> PyResult<String> {
        let capitals = current(vm).ctx().capitals;
        Ok(format!("Decimal('{}')", text::show(&this.value, false, capitals).map_err(no_memory(vm))?))
    }

    #[slot(str)]
    fn str(vm: &Vm, this: &Decimal) -> PyResult<String> {
        text::show(&this.value, false, current(vm).ctx().capitals).map_err(no_memory(vm))
    }

    #[slot(hash)]
    fn hash(vm: &Vm, this: &Value) -> PyResult {
        let Some(decimal) = this.downcast::<Decimal>() else { return Ok(Value::NONE) };
        match decimal.value.kind {
            Kind::Signaling => return Err(vm.type_error("Cannot hash a signaling NaN value")),
            Kind::Quiet => return Ok(Value::from_i64(vm.id_of(this).rotate_right(4) as i64)),
            Kind::Infinite => {
                return Ok(Value::from_i64(if decimal.value.negative { -HASH_INFINITY } else { HASH_INFINITY }));
            }
            Kind::Finite => {}
        }
        if decimal.hash.get() == -1 {
            decimal.hash.set(hash_number(&decimal.value));
        }
        Ok(Value::from_i64(decimal.hash.get()))
    }

    #[slot(compare)]
    fn compare_slot(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        compare(vm, left, right, op)
    }

    #[slot(bool)]
    fn bool(this: &Decimal) -> bool {
        !this.value.is_zero()
    }

    #[slot(add)]
    fn add(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        binary(vm, left, right, Dec::add)
    }

    #[slot(sub)]
    fn sub(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        binary(vm, left, right, Dec::sub)
    }

    #[slot(mul)]
    fn mul(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        binary(vm, left, right, Dec::mul)
    }

    #[slot(truediv)]
    fn truediv(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        binary(vm, left, right, Dec::div)
    }

    #[slot(floordiv)]
    fn floordiv(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        binary(vm, left, right, Dec::div_int)
    }

    #[slot(mod_)]
    fn modulo(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        binary(vm, left, right, Dec::rem)
    }

    #[slot(divmod)]
    fn divmod(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        match (operand(vm, left)?, operand(vm, right)?) {
            (Some(a), Some(b)) => div_mod(vm, &a, &b, &current(vm)),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(pow)]
    fn pow(vm: &Vm, base: &Value, exponent: &Value, modulus: &Value) -> PyResult {
        if modulus.is_none() {
            return binary(vm, base, exponent, transcendental::pow);
        }
        let (Some(a), Some(b)) = (operand(vm, base)?, operand(vm, exponent)?) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let Some(m) = operand(vm, modulus)? else { return Ok(Value::NOT_IMPLEMENTED) };
        let context = current(vm);
        let mut status = 0;
        let result = transcendental::pow_mod(&a, &b, &m, &context.ctx(), &mut status);
        Decimal::finish(vm, &context, result, status)
    }

    #[slot(neg)]
    fn neg(vm: &Vm, this: &Decimal) -> PyResult {
        unary(vm, &this.value, &current(vm), operations::minus)
    }

    #[slot(pos)]
    fn pos(vm: &Vm, this: &Decimal) -> PyResult {
        unary(vm, &this.value, &current(vm), operations::plus)
    }

    #[slot(abs)]
    fn abs(vm: &Vm, this: &Decimal) -> PyResult {
        unary(vm, &this.value, &current(vm), operations::abs)
    }

    #[slot(int)]
    fn int(vm: &Vm, this: &Decimal) -> PyResult {
        to_int(vm, &this.value, Rounding::Down)
    }

    #[slot(float)]
    fn float(vm: &Vm, this: &Decimal) -> PyResult<f64> {
        to_float(vm, &this.value)
    }
}

/// `divmod` in a context.
pub fn div_mod(vm: &Vm, a: &Dec, b: &Dec, context: &Context) -> PyResult {
    let mut status = 0;
    let (quotient, rest) = Dec::div_mod(a, b, &context.ctx(), &mut status).map_err(no_memory(vm))?;
    context.signal(vm, status)?;
    Ok(Value::from_tuple(vec![Decimal::wrap(quotient), Decimal::wrap(rest)]))
}

#[methods(block = CONVERSIONS)]
impl Decimal {
    /// A float's or an int's exact value.
    #[classmethod("from_float(cls, f, /)")]
    fn from_float(vm: &Vm, cls: &Value, f: &Value) -> PyResult {
        instance_of(vm, cls, float_or_int(vm, f)?)
    }

    /// A number's exact value: of an int, a float or a decimal, but not of a string.
    #[classmethod("from_number(cls, number, /)")]
    fn from_number(vm: &Vm, cls: &Value, number: &Value) -> PyResult {
        if let Some(decimal) = number.downcast::<Decimal>() {
            let exact = number.downcast_exact::<Decimal>().is_some();
            if exact && cls.is(Decimal::type_object().as_value()) {
                return Ok(number.clone());
            }
            return instance_of(vm, cls, decimal.value.clone());
        }
        if Operand::any(number).is_none() && number.to_float().is_none() {
            return Err(unsupported(vm, number));
        }
        if number.to_float().is_some() {
            current(vm).signal(vm, FLOAT_OPERATION)?;
        }
        instance_of(vm, cls, float_or_int(vm, number)?)
    }

    /// Sign, digits and exponent.
    #[method("as_tuple(self, /)")]
    fn as_tuple(vm: &Vm, this: &Decimal) -> PyResult {
        let a = &this.value;
        let digits = match a.kind {
            Kind::Infinite => vec![Value::small_int(0)],
            _ if a.is_nan() && a.coef.is_zero() => Vec::new(),
            _ => {
                let digits = a.coef.to_digits().map_err(no_memory(vm))?;
                digits.iter().map(|digit| Value::small_int(i64::from(digit - b'0'))).collect()
            }
        };
        let exponent = match a.kind {
            Kind::Finite => Value::from_i64(a.exp),
            Kind::Infinite => Value::from_str("F"),
            Kind::Quiet => Value::from_str("n"),
            Kind::Signaling => Value::from_str("N"),
        };
        let items = vec![Value::from_i64(a.negative.into()), Value::from_tuple(digits), exponent];
        let class = vm.extension::<State>().tuple.borrow().clone();
        match class.to_ref::<Type>() {
            Some(class) => Ok(snakelet_vm::object::allocate(&class, Tuple::new(items))),
            None => Ok(Value::from_tuple(items)),
        }
    }

    /// Numerator and denominator in lowest terms.
    #[method("as_integer_ratio(self, /)")]
    fn as_integer_ratio(vm: &Vm, this: &Decimal) -> PyResult {
        let a = &this.value;
        match a.kind {
            Kind::Infinite => return Err(vm.overflow_error("cannot convert Infinity to integer ratio")),
            Kind::Finite => {}
            _ => return Err(vm.value_error("cannot convert NaN to integer ratio")),
        }
        if a.exp >= 0 {
            return Ok(Value::from_tuple(vec![to_int(vm, a, Rounding::Down)?, Value::small_int(1)]));
        }
        // Trailing zeros first, which leaves only factors of two or only of five in common.
        let zeros = a.coef.trailing_zeros().min(a.exp.unsigned_abs());
        let coef = a.coef.shifted_right(zeros).0;
        let places = a.exp.unsigned_abs() - zeros;
        if places > 1 << 32 && !coef.is_zero() {
            return Err(vm.memory_error());
        }
        let mut numerator = coef.to_bigint().map_err(no_memory(vm))?;
        let mut denominator = BigInt::from(1);
        if !numerator.is_zero() {
            denominator = BigInt::from(10).pow(places as u32);
            let common = snakelet_number::int::gcd(&numerator, &denominator);
            (numerator, denominator) = (numerator / &common, denominator / &common);
        }
        let numerator = if a.negative { -numerator } else { numerator };
        Ok(Value::from_tuple(vec![Value::from_bigint(numerator), Value::from_bigint(denominator)]))
    }

    /// The engineering string, in which exponents are multiples of three.
    #[method("to_eng_string(self, /, context=None)")]
    fn to_eng_string(vm: &Vm, this: &Decimal, context: Option<&Value>) -> PyResult<String> {
        let context = given(vm, context)?;
        text::show(&this.value, true, context.ctx().capitals).map_err(no_memory(vm))
    }

    /// Formats by a format specification.
    #[method("__format__(self, fmtarg, override=<unrepresentable>, /)", text = none)]
    fn format(vm: &Vm, this: &Decimal, fmtarg: &Value, r#override: Option<&Value>) -> PyResult {
        let Some(specification) = fmtarg.as_text() else {
            return Err(vm.type_error("format argument must be str"));
        };
        let specification = specification.to_utf8_lossy();
        let mut spec = match text::parse_spec(&specification) {
            Ok(spec) => spec,
            Err(message) => return Err(vm.value_error(format!("{message}{specification}"))),
        };
        let ctx = current(vm).ctx();
        if let Some(conventions) = r#override {
            conventions_of(vm, conventions, &mut spec)?;
        } else if spec.localized {
            let (vm, number) = (vm.handle(), this.value.clone());
            return Err(vm.defer(async move { format_localized(vm, number, spec, ctx).await }));
        }
        match text::format(&this.value, &spec, &ctx) {
            Ok(text) => Ok(Value::from_str(&text)),
            Err(_) => Err(vm.memory_error()),
        }
    }

    #[method("__round__(self, ndigits=<unrepresentable>, /)", text = none)]
    fn round(vm: &Vm, this: &Decimal, ndigits: Option<&Value>) -> PyResult {
        let Some(places) = ndigits else { return to_int(vm, &this.value, Rounding::HalfEven) };
        if !places.is_int() {
            return Err(vm.type_error("optional arg must be an integer"));
        }
        let places = super::context::to_ssize(vm, places)?;
        let context = current(vm);
        let unit = Dec::new(false, Coef::from_u64(1), places.saturating_neg());
        let mut status = 0;
        let result = operations::quantize(&this.value, &unit, &context.ctx(), &mut status);
        Decimal::finish(vm, &context, result, status)
    }

    #[method("__trunc__(self, /)")]
    fn trunc(vm: &Vm, this: &Decimal) -> PyResult {
        to_int(vm, &this.value, Rounding::Down)
    }

    #[method("__floor__(self, /)")]
    fn floor(vm: &Vm, this: &Decimal) -> PyResult {
        to_int(vm, &this.value, Rounding::Floor)
    }

    #[method("__ceil__(self, /)")]
    fn ceil(vm: &Vm, this: &Decimal) -> PyResult {
        to_int(vm, &this.value, Rounding::Ceiling)
    }

    #[method("__complex__(self, /)")]
    fn complex(vm: &Vm, this: &Decimal) -> PyResult {
        Ok(Complex::new(to_float(vm, &this.value)?, 0.0).into_value())
    }

    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &Value) -> PyResult {
        let Some(decimal) = this.downcast::<Decimal>() else { return Ok(Value::NONE) };
        let shown = text::show(&decimal.value, false, current(vm).ctx().capitals).map_err(no_memory(vm))?;
        let args = Value::from_tuple(vec![Value::from_str(&shown)]);
        Ok(Value::from_tuple(vec![vm.class_of(this).into_value(), args]))
    }

    #[method("__copy__(self, /)")]
    fn copy(this: &Value) -> Value {
        this.clone()
    }

    #[method("__deepcopy__(self, memo, /)")]
    fn deepcopy(this: &Value, memo: &Value) -> Value {
        let _ = memo;
        this.clone()
    }

    #[method("__sizeof__(self, /)")]
    fn sizeof(this: &Decimal) -> usize {
        72 + 4 * this.value.coef.limbs().len()
    }

    /// The exponent of the first digit.
    #[method("adjusted(self, /)")]
    fn adjusted(this: &Decimal) -> i64 {
        if this.value.is_finite() { this.value.adjusted() } else { 0 }
    }

    /// The number itself: every encoding is canonical.
    #[method("canonical(self, /)")]
    fn canonical(this: &Value) -> Value {
        this.clone()
    }

    /// The number itself.
    #[method("conjugate(self, /)")]
    fn conjugate(this: &Value) -> Value {
        this.clone()
    }

    /// The base of the number system.
    #[method("radix(self, /)")]
    fn radix(_this: &Decimal) -> Value {
        Decimal::from_i64(10)
    }

    /// The number without its sign.
    #[method("copy_abs(self, /)")]
    fn copy_abs(this: &Decimal) -> Value {
        Decimal::wrap(this.value.abs())
    }

    /// The number with the other sign.
    #[method("copy_negate(self, /)")]
    fn copy_negate(this: &Decimal) -> Value {
        Decimal::wrap(this.value.clone().with_sign(!this.value.negative))
    }

    #[getter("real")]
    fn real(this: &Value) -> Value {
        this.clone()
    }

    #[getter("imag")]
    fn imag(_this: &Decimal) -> Value {
        Decimal::from_i64(0)
    }
}

/// Takes the separators from a dict like that of `localeconv`, with the grouping as a str.
fn conventions_of(vm: &Vm, conventions: &Value, spec: &mut text::Spec) -> PyResult<()> {
    let Some(dict) = conventions.downcast::<Dict>() else {
        return Err(vm.type_error("optional argument must be a dict"));
    };
    let get = |name: &str| -> PyResult<Option<String>> {
        match dict.get_text(name) {
            None => Ok(None),
            Some(value) => match value.as_text() {
                Some(text) => Ok(Some(text.to_utf8_lossy().into_owned())),
                None => Err(vm.type_error("override values must be str")),
            },
        }
    };
    if let Some(point) = get("decimal_point")? {
        spec.point = point;
    }
    if let Some(thousands) = get("thousands_sep")? {
        spec.thousands = thousands;
    }
    if let Some(grouping) = get("grouping")? {
        spec.grouping = grouping.bytes().collect();
    }
    if spec.grouping.is_empty() {
        spec.thousands = String::new();
    }
    Ok(())
}

/// Formats with the locale's separators.
async fn format_localized(vm: VmRef, number: Dec, mut spec: text::Spec, ctx: Ctx) -> PyResult {
    let import = vm.builtins.get_text("__import__").unwrap_or_default();
    let module = match vm.call(&import, vec![Value::from_str("_locale")]).await {
        Ok(module) => module,
        Err(raised) => {
            // Without locales there are no separators.
            let Some(_) = vm.catch(Exc::ImportError) else { return Err(raised) };
            spec.thousands = String::new();
            return match text::format(&number, &spec, &ctx) {
                Ok(text) => Ok(Value::from_str(&text)),
                Err(_) => Err(vm.memory_error()),
            };
        }
    };
    let localeconv = vm.attr(&module, "localeconv").await?;
    let conventions = vm.call(&localeconv, Vec::new()).await?;
    let text = |value: Value| value.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
    spec.point = text(vm.item(&conventions, &Value::from_str("decimal_point")).await?);
    spec.thousands = text(vm.item(&conventions, &Value::from_str("thousands_sep")).await?);
    let grouping = vm.item(&conventions, &Value::from_str("grouping")).await?;
    let sizes = vm.sequence_now(&grouping).unwrap_or_default();
    spec.grouping = sizes.iter().map(|size| size.to_i64().unwrap_or(0).clamp(0, 255) as u8).collect();
    if spec.grouping.is_empty() {
        spec.thousands = String::new();
    }
    match text::format(&number, &spec, &ctx) {
        Ok(text) => Ok(Value::from_str(&text)),
        Err(_) => Err(vm.memory_error()),
    }
}
