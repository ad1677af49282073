//! The operators of ints.
//!
//! An operand is either small (48 bits, in a machine word) or a reference to a big number. Work on numbers so large that the
//! page would notice is handed to [`super::int_long`].

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};
use num_traits::{ToPrimitive, Zero};
use snakelet_number::int::{self, limbs, long};

use super::float;
use super::int::Int;
use super::int_long::{self, LongOp};
use super::slots::CompareOp;
use crate::protocol::BinaryOp;
use crate::value::{SMALL_INT_MAX, SMALL_INT_MIN};
use crate::{PyResult, Raised, Value, Vm};

/// An int as operations see it. `Small` whenever the number fits 48 bits.
#[derive(Clone, Copy)]
pub enum Operand<'a> {
    Small(i64),
    Big(&'a BigInt),
}

impl<'a> Operand<'a> {
    /// The operand, if the value is of exact type int.
    #[inline]
    pub fn exact(value: &'a Value) -> Option<Operand<'a>> {
        match value.as_small_int() {
            Some(n) => Some(Operand::Small(n)),
            None => value.downcast_exact::<Int>().map(|int| Operand::Big(&int.value)),
        }
    }

    /// The operand, if the value is an int, a bool or of a subclass.
    pub fn any(value: &'a Value) -> Option<Operand<'a>> {
        if let Some(n) = value.as_small_int() {
            return Some(Operand::Small(n));
        }
        if let Some(b) = value.as_bool() {
            return Some(Operand::Small(b as i64));
        }
        let big = &value.downcast::<Int>()?.value;
        Some(match big.to_i64() {
            Some(n @ SMALL_INT_MIN..=SMALL_INT_MAX) => Operand::Small(n),
            _ => Operand::Big(big),
        })
    }

    /// Bits of the magnitude.
    pub fn bits(self) -> u64 {
        match self {
            Operand::Small(n) => (64 - n.unsigned_abs().leading_zeros()).into(),
            Operand::Big(n) => n.bits(),
        }
    }

    pub fn is_zero(self) -> bool {
        matches!(self, Operand::Small(0))
    }

    pub fn is_negative(self) -> bool {
        match self {
            Operand::Small(n) => n < 0,
            Operand::Big(n) => n.sign() == Sign::Minus,
        }
    }

    /// The number as a big one.
    pub fn to_big(self) -> BigInt {
        match self {
            Operand::Small(n) => BigInt::from(n),
            Operand::Big(n) => n.clone(),
        }
    }

    /// The number as a big one for the time of `work`.
    fn with_big<T>(self, work: impl FnOnce(&BigInt) -> T) -> T {
        match self {
            Operand::Small(n) => work(&BigInt::from(n)),
            Operand::Big(n) => work(n),
        }
    }

    fn to_value(self) -> Value {
        match self {
            Operand::Small(n) => Value::small_int(n),
            Operand::Big(n) => Value::from_bigint(n.clone()),
        }
    }

    /// The nearest float; `None` beyond its range.
    pub fn to_float(self) -> Option<f64> {
        match self {
            Operand::Small(n) => Some(n as f64),
            Operand::Big(n) => int::to_float(n),
        }
    }

    /// Compares with a float exactly; `None` for NaN.
    pub fn compare_float(self, x: f64) -> Option<Ordering> {
        match self {
            Operand::Small(n) => (n as f64).partial_cmp(&x),
            Operand::Big(n) => int::cmp_float(n, x),
        }
    }
}

/// The value, an int of any kind, as an exact int.
pub fn exact_int(value: &Value) -> Value {
    if value.is_small_int() || value.downcast_exact::<Int>().is_some() {
        return value.clone();
    }
    Operand::any(value).map_or(Value::small_int(0), Operand::to_value)
}

/// The operation on two exact ints; `None` for other operands. May defer.
#[inline]
pub fn exact(vm: &Vm, op: BinaryOp, left: &Value, right: &Value) -> Option<PyResult> {
    operate(vm, op, Operand::exact(left)?, Operand::exact(right)?)
}

/// A slot's function: ints, bools and subclasses, else NotImplemented. May defer.
pub fn slot(vm: &Vm, op: BinaryOp, left: &Value, right: &Value) -> PyResult {
    if let (Some(x), Some(y)) = (Operand::any(left), Operand::any(right))
        && let Some(result) = operate(vm, op, x, y)
    {
        return result;
    }
    Ok(Value::NOT_IMPLEMENTED)
}

/// The comparison of two ints of any kind, else NotImplemented.
pub fn compare(left: &Value, right: &Value, op: CompareOp) -> Value {
    match (Operand::any(left), Operand::any(right)) {
        (Some(x), Some(y)) => Value::bool(op.matches(order(x, y))),
        _ => Value::NOT_IMPLEMENTED,
    }
}

/// How two ints compare.
pub fn order(x: Operand<'_>, y: Operand<'_>) -> Ordering {
    match (x, y) {
        (Operand::Small(x), Operand::Small(y)) => x.cmp(&y),
        (Operand::Big(x), Operand::Big(y)) => x.cmp(y),
        // Big ones are beyond all small ones.
        (Operand::Small(_), big) => {
            if big.is_negative() {
                Ordering::Greater
            } else {
                Ordering::Less
            }
        }
        (big, Operand::Small(_)) => {
            if big.is_negative() {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        }
    }
}

/// The operation; `None` if ints do not have it (`@`). May defer.
pub fn operate(vm: &Vm, op: BinaryOp, x: Operand<'_>, y: Operand<'_>) -> Option<PyResult> {
    if let (Operand::Small(x), Operand::Small(y)) = (x, y) {
        return small(vm, op, x, y);
    }
    Some(match op {
        BinaryOp::Add => sized(vm, x, y).map(|()| add(x, y)),
        BinaryOp::Sub => sized(vm, x, y).map(|()| subtract(x, y)),
        BinaryOp::Mul => multiply(vm, x, y),
        BinaryOp::TrueDiv => true_divide(vm, x, y),
        BinaryOp::FloorDiv | BinaryOp::Mod | BinaryOp::DivMod => divide(vm, op, x, y),
        BinaryOp::Pow => power(vm, x, y),
        BinaryOp::LShift => shift_left(vm, x, y),
        BinaryOp::RShift => shift_right(vm, x, y),
        BinaryOp::And => sized(vm, x, y).map(|()| and(x, y)),
        BinaryOp::Or => sized(vm, x, y).map(|()| x.with_big(|x| y.with_big(|y| Value::from_bigint(x | y)))),
        BinaryOp::Xor => sized(vm, x, y).map(|()| x.with_big(|x| y.with_big(|y| Value::from_bigint(x ^ y)))),
        BinaryOp::MatMul => return None,
    })
}

fn small(vm: &Vm, op: BinaryOp, x: i64, y: i64) -> Option<PyResult> {
    Some(Ok(match op {
        BinaryOp::Add => Value::from_i64(x + y),
        BinaryOp::Sub => Value::from_i64(x - y),
        BinaryOp::Mul => match x.checked_mul(y) {
            Some(product) => Value::from_i64(product),
            None => Value::from_bigint(BigInt::from(x as i128 * y as i128)),
        },
        BinaryOp::TrueDiv if y != 0 => Value::float(x as f64 / y as f64),
        BinaryOp::FloorDiv if y != 0 => Value::from_i64(floor_divmod(x, y).0),
        BinaryOp::Mod if y != 0 => Value::small_int(floor_divmod(x, y).1),
        BinaryOp::DivMod if y != 0 => {
            let (quotient, rest) = floor_divmod(x, y);
            Value::from_tuple(vec![Value::from_i64(quotient), Value::small_int(rest)])
        }
        BinaryOp::TrueDiv | BinaryOp::FloorDiv | BinaryOp::Mod | BinaryOp::DivMod => {
            return Some(Err(division_by_zero(vm)));
        }
        BinaryOp::Pow => return Some(small_power(vm, x, y)),
        BinaryOp::LShift if y >= 0 && y <= i64::from(x.unsigned_abs().leading_zeros()) - 2 => Value::from_i64(x << y),
        BinaryOp::LShift => return Some(shift_left(vm, Operand::Small(x), Operand::Small(y))),
        BinaryOp::RShift if y >= 0 => Value::small_int(x >> y.min(63)),
        BinaryOp::RShift => return Some(Err(negative_shift(vm))),
        BinaryOp::And => Value::small_int(x & y),
        BinaryOp::Or => Value::small_int(x | y),
        BinaryOp::Xor => Value::small_int(x ^ y),
        BinaryOp::MatMul => return None,
    }))
}

/// Floored quotient and remainder; `y` is not zero, both are small.
#[inline]
fn floor_divmod(x: i64, y: i64) -> (i64, i64) {
    let (quotient, rest) = (x / y, x % y);
    if rest != 0 && (rest < 0) != (y < 0) { (quotient - 1, rest + y) } else { (quotient, rest) }
}

#[cold]
pub fn division_by_zero(vm: &Vm) -> Raised {
    vm.zero_division_error("division by zero")
}

#[cold]
fn negative_shift(vm: &Vm) -> Raised {
    vm.value_error("negative shift count")
}

/// Checks that a result about as long as the operands fits into memory.
#[inline]
fn sized(vm: &Vm, x: Operand<'_>, y: Operand<'_>) -> PyResult<()> {
    vm.check_size((x.bits().max(y.bits()) / 8) as usize)
}

fn add(x: Operand<'_>, y: Operand<'_>) -> Value {
    Value::from_bigint(match (x, y) {
        (Operand::Big(x), Operand::Big(y)) => limbs::add(x, y),
        (Operand::Big(big), Operand::Small(n)) | (Operand::Small(n), Operand::Big(big)) => big + n,
        (Operand::Small(x), Operand::Small(y)) => return Value::from_i64(x + y),
    })
}

fn subtract(x: Operand<'_>, y: Operand<'_>) -> Value {
    Value::from_bigint(match (x, y) {
        (Operand::Big(x), Operand::Big(y)) => x - y,
        (Operand::Big(x), Operand::Small(y)) => x - y,
        (Operand::Small(x), Operand::Big(y)) => x - y,
        (Operand::Small(x), Operand::Small(y)) => return Value::from_i64(x - y),
    })
}

fn multiply(vm: &Vm, x: Operand<'_>, y: Operand<'_>) -> PyResult {
    let (x_bits, y_bits) = (x.bits(), y.bits());
    vm.check_size(((x_bits + y_bits) / 8) as usize)?;
    Ok(Value::from_bigint(match (x, y) {
        (Operand::Big(_), Operand::Big(_)) if long::is_long_mul(x_bits, y_bits) => {
            return int_long::defer(vm, LongOp::Mul, x.to_big(), y.to_big());
        }
        (Operand::Big(x), Operand::Big(y)) => x * y,
        (Operand::Big(big), Operand::Small(n)) | (Operand::Small(n), Operand::Big(big)) => big * n,
        (Operand::Small(x), Operand::Small(y)) => BigInt::from(x as i128 * y as i128),
    }))
}

fn true_divide(vm: &Vm, x: Operand<'_>, y: Operand<'_>) -> PyResult {
    match x.with_big(|x| y.with_big(|y| int::true_div(x, y))) {
        Ok(quotient) => Ok(Value::float(quotient)),
        Err(int::TrueDivError::ZeroDivision) => Err(division_by_zero(vm)),
        Err(int::TrueDivError::Overflow) => Err(vm.overflow_error("integer division result too large for a float")),
    }
}

fn divide(vm: &Vm, op: BinaryOp, x: Operand<'_>, y: Operand<'_>) -> PyResult {
    if y.is_zero() {
        return Err(division_by_zero(vm));
    }
    sized(vm, x, y)?;
    let (x_bits, y_bits) = (x.bits(), y.bits());
    if let (Operand::Big(x), Operand::Small(y)) = (x, y)
        && let Ok(divisor) = u32::try_from(y)
        && op != BinaryOp::DivMod
    {
        return Ok(match op {
            BinaryOp::Mod => Value::small_int(limbs::floor_mod_limb(x, divisor).into()),
            _ => Value::from_bigint(limbs::floor_div_limb(x, divisor)),
        });
    }
    if long::is_long_div(x_bits, y_bits) {
        let op = match op {
            BinaryOp::FloorDiv => LongOp::FloorDiv,
            BinaryOp::Mod => LongOp::Mod,
            _ => LongOp::DivMod,
        };
        return int_long::defer(vm, op, x.to_big(), y.to_big());
    }
    let result = x.with_big(|x| {
        y.with_big(|y| match op {
            BinaryOp::FloorDiv => int::floor_div(x, y).map(Value::from_bigint),
            BinaryOp::Mod => int::floor_mod(x, y).map(Value::from_bigint),
            _ => int::divmod(x, y).map(divmod_pair),
        })
    });
    result.ok_or_else(|| division_by_zero(vm))
}

/// The result of `divmod`.
pub fn divmod_pair((quotient, rest): (BigInt, BigInt)) -> Value {
    Value::from_tuple(vec![Value::from_bigint(quotient), Value::from_bigint(rest)])
}

fn small_power(vm: &Vm, base: i64, exponent: i64) -> PyResult {
    if exponent < 0 {
        return float::power(vm, base as f64, exponent as f64);
    }
    let (mut result, mut square, mut rest) = (1i64, base, exponent);
    loop {
        if rest & 1 != 0 {
            match result.checked_mul(square) {
                Some(product) => result = product,
                None => break,
            }
        }
        rest >>= 1;
        if rest == 0 {
            return Ok(Value::from_i64(result));
        }
        match square.checked_mul(square) {
            Some(product) => square = product,
            None => break,
        }
    }
    power(vm, Operand::Small(base), Operand::Small(exponent))
}

/// `x ** y` for results that may be big.
fn power(vm: &Vm, x: Operand<'_>, y: Operand<'_>) -> PyResult {
    if y.is_negative() {
        return match (x.to_float(), y.to_float()) {
            (Some(x), Some(y)) => float::power(vm, x, y),
            _ => Err(float::too_large(vm)),
        };
    }
    let even = match y {
        Operand::Small(n) => n & 1 == 0,
        Operand::Big(n) => n.iter_u32_digits().next().is_none_or(|digit| digit & 1 == 0),
    };
    if let Some(trivial) = x.with_big(|x| int::pow_trivial(x, even)) {
        return Ok(Value::from_bigint(if y.is_zero() { BigInt::from(1) } else { trivial }));
    }
    let Operand::Small(exponent) = y else { return Err(vm.memory_error()) };
    let (bits, exponent) = (x.bits(), exponent as u64);
    let least = (bits - 1).saturating_mul(exponent) / 8;
    vm.check_size(usize::try_from(least).unwrap_or(usize::MAX))?;
    if long::is_long_pow(bits, exponent) {
        return int_long::defer(vm, LongOp::Pow, x.to_big(), BigInt::from(exponent));
    }
    Ok(Value::from_bigint(x.with_big(|x| int::pow(x, exponent as u32))))
}

fn shift_left(vm: &Vm, x: Operand<'_>, y: Operand<'_>) -> PyResult {
    if y.is_negative() {
        return Err(negative_shift(vm));
    }
    if x.is_zero() {
        return Ok(Value::small_int(0));
    }
    let Operand::Small(count) = y else { return Err(vm.overflow_error("too many digits in integer")) };
    let bytes = x.bits().saturating_add(count as u64) / 8;
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
    vm.check_size(bytes)?;
    int_long::probe(vm, bytes)?;
    match u32::try_from(count) {
        Ok(count) => Ok(Value::from_bigint(match x {
            Operand::Small(n) => BigInt::from(n) << count,
            Operand::Big(n) => n << count,
        })),
        Err(_) => Err(vm.memory_error()),
    }
}

fn shift_right(vm: &Vm, x: Operand<'_>, y: Operand<'_>) -> PyResult {
    if y.is_negative() {
        return Err(negative_shift(vm));
    }
    match (x, y) {
        (Operand::Big(big), Operand::Small(count)) if (count as u64) < big.bits() => {
            sized(vm, x, x)?;
            Ok(Value::from_bigint(big >> count as u64))
        }
        (Operand::Small(n), Operand::Small(count)) => Ok(Value::small_int(n >> count.min(63))),
        _ => Ok(Value::small_int(if x.is_negative() { -1 } else { 0 })),
    }
}

fn and(x: Operand<'_>, y: Operand<'_>) -> Value {
    // A mask that is not negative: only the lowest bits matter.
    if let (Operand::Big(big), Operand::Small(mask)) | (Operand::Small(mask), Operand::Big(big)) = (x, y)
        && mask >= 0
    {
        let low = big.iter_u64_digits().next().unwrap_or(0);
        let low = if big.sign() == Sign::Minus { low.wrapping_neg() } else { low };
        return Value::small_int((low & mask as u64) as i64);
    }
    x.with_big(|x| y.with_big(|y| Value::from_bigint(x & y)))
}

/// `pow(base, exponent, modulus)` for ints. May defer.
pub fn power_modulo(vm: &Vm, base: Operand<'_>, exponent: Operand<'_>, modulus: Operand<'_>) -> PyResult {
    if let (Operand::Small(x), Operand::Small(n), Operand::Small(m)) = (base, exponent, modulus)
        && n >= 0
        && m > 0
        && m < 1 << 31
    {
        return Ok(Value::small_int(small_power_modulo(x.rem_euclid(m) as u64, n as u64, m as u64) as i64));
    }
    if long::is_long_pow_mod(exponent.bits(), modulus.bits()) {
        return int_long::defer_power_modulo(vm, base.to_big(), exponent.to_big(), modulus.to_big());
    }
    let result = base.with_big(|x| exponent.with_big(|n| modulus.with_big(|m| int::pow_mod(x, n, m))));
    modular(vm, result)
}

/// The result of a modular power.
pub fn modular(vm: &Vm, result: Result<BigInt, int::PowModError>) -> PyResult {
    match result {
        Ok(value) => Ok(Value::from_bigint(value)),
        Err(int::PowModError::ZeroModulus) => Err(vm.value_error("pow() 3rd argument cannot be 0")),
        Err(int::PowModError::NotInvertible) => Err(vm.value_error("base is not invertible for the given modulus")),
    }
}

fn small_power_modulo(mut square: u64, mut exponent: u64, modulus: u64) -> u64 {
    let mut result = 1 % modulus;
    while exponent != 0 {
        if exponent & 1 != 0 {
            result = result * square % modulus;
        }
        square = square * square % modulus;
        exponent >>= 1;
    }
    result
}

/// `-x`
pub fn negative(vm: &Vm, value: &Value) -> PyResult {
    match Operand::any(value) {
        Some(Operand::Small(n)) => Ok(Value::from_i64(-n)),
        Some(x @ Operand::Big(n)) => {
            sized(vm, x, x)?;
            Ok(Value::from_bigint(-n))
        }
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `~x`
pub fn invert(vm: &Vm, value: &Value) -> PyResult {
    match Operand::any(value) {
        Some(Operand::Small(n)) => Ok(Value::small_int(!n)),
        Some(x @ Operand::Big(n)) => {
            sized(vm, x, x)?;
            Ok(Value::from_bigint(!n))
        }
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `abs(x)`
pub fn absolute(vm: &Vm, value: &Value) -> PyResult {
    match Operand::any(value) {
        Some(x) if x.is_negative() => negative(vm, value),
        _ => Ok(exact_int(value)),
    }
}

/// Whether the value, an int of any kind, is not zero.
pub fn is_nonzero(value: &Value) -> bool {
    match Operand::any(value) {
        Some(Operand::Small(n)) => n != 0,
        Some(Operand::Big(n)) => !n.is_zero(),
        None => true,
    }
}
