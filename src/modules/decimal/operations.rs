//! The less frequent operations: quantize, rounding to integers, neighbours, minima, logical and shifting operations.

use std::cmp::Ordering;

use super::coef::{Coef, Result};
use super::number::status::*;
use super::number::{Ctx, Dec, Kind, Rounding};

/// An operation on one number.
pub type Unary = fn(&Dec, &Ctx, &mut u32) -> Result<Dec>;
/// An operation on two.
pub type Binary = fn(&Dec, &Dec, &Ctx, &mut u32) -> Result<Dec>;

fn order_number(order: Ordering) -> Dec {
    Dec::from_i64(order as i64)
}

/// `+a`
pub fn plus(a: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    if let Some(nan) = Dec::nan_of(&[a], ctx, status) {
        return Ok(nan);
    }
    let mut result = a.clone();
    if a.is_zero() && ctx.rounding != Rounding::Floor {
        result.negative = false;
    }
    result.finish(ctx, status)
}

/// `-a`
pub fn minus(a: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    if let Some(nan) = Dec::nan_of(&[a], ctx, status) {
        return Ok(nan);
    }
    let negative = !a.negative && (!a.is_zero() || ctx.rounding == Rounding::Floor);
    a.clone().with_sign(negative).finish(ctx, status)
}

/// `abs(a)`
pub fn abs(a: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    if a.negative { minus(a, ctx, status) } else { plus(a, ctx, status) }
}

/// -1, 0 or 1; NaN if an operand is.
pub fn compare(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    if let Some(nan) = Dec::nan_of(&[a, b], ctx, status) {
        return Ok(nan);
    }
    Dec::order(a, b).map(order_number)
}

/// The same, and quiet NaNs signal.
pub fn compare_signal(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    if a.is_nan() || b.is_nan() {
        *status |= INVALID_OPERATION;
    }
    compare(a, b, ctx, status)
}

pub fn compare_total(a: &Dec, b: &Dec, _ctx: &Ctx, _status: &mut u32) -> Result<Dec> {
    Dec::order_total(a, b).map(order_number)
}

pub fn compare_total_mag(a: &Dec, b: &Dec, _ctx: &Ctx, _status: &mut u32) -> Result<Dec> {
    Dec::order_total(&a.abs(), &b.abs()).map(order_number)
}

pub fn copy_sign(a: &Dec, b: &Dec, _ctx: &Ctx, _status: &mut u32) -> Result<Dec> {
    Ok(a.clone().with_sign(b.negative))
}

/// Which of two operands `choose` prefers, a number before a quiet NaN.
fn choose(a: &Dec, b: &Dec, magnitudes: bool, larger: bool, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    let quiet = |x: &Dec| x.kind == Kind::Quiet;
    if quiet(a) && !b.is_nan() {
        return b.clone().finish(ctx, status);
    }
    if quiet(b) && !a.is_nan() {
        return a.clone().finish(ctx, status);
    }
    if let Some(nan) = Dec::nan_of(&[a, b], ctx, status) {
        return Ok(nan);
    }
    let mut order = if magnitudes { Dec::order_abs(a, b)? } else { Dec::order(a, b)? };
    if order == Ordering::Equal {
        order = Dec::order_total(a, b)?;
    }
    let first = if larger { order != Ordering::Less } else { order != Ordering::Greater };
    if first { a.clone() } else { b.clone() }.finish(ctx, status)
}

pub fn max(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    choose(a, b, false, true, ctx, status)
}

pub fn max_mag(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    choose(a, b, true, true, ctx, status)
}

pub fn min(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    choose(a, b, false, false, ctx, status)
}

pub fn min_mag(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    choose(a, b, true, false, ctx, status)
}

/// `a` with the exponent of `b`.
pub fn quantize(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    if !a.is_finite() || !b.is_finite() {
        if let Some(nan) = Dec::nan_of(&[a, b], ctx, status) {
            return Ok(nan);
        }
        return Ok(match a.is_infinite() && b.is_infinite() {
            true => a.clone(),
            false => Dec::invalid(INVALID_OPERATION, status),
        });
    }
    if b.exp > ctx.emax || b.exp < ctx.etiny() {
        return Ok(Dec::invalid(INVALID_OPERATION, status));
    }
    if a.is_zero() {
        return Dec::zero(a.negative, b.exp).finish(ctx, status);
    }
    if a.digits() + (a.exp - b.exp) > ctx.prec {
        return Ok(Dec::invalid(INVALID_OPERATION, status));
    }
    let (result, rounded, inexact) = a.rescale(b.exp, ctx)?;
    if result.digits() > ctx.prec || result.adjusted() > ctx.emax {
        return Ok(Dec::invalid(INVALID_OPERATION, status));
    }
    if rounded {
        *status |= ROUNDED;
    }
    if inexact {
        *status |= INEXACT;
    }
    result.finish(ctx, status)
}

fn to_integer(a: &Dec, ctx: &Ctx, status: &mut u32, exact: bool) -> Result<Dec> {
    if let Some(nan) = Dec::nan_of(&[a], ctx, status) {
        return Ok(nan);
    }
    if !a.is_finite() || a.exp >= 0 {
        return Ok(a.clone());
    }
    if a.is_zero() {
        return Ok(Dec::zero(a.negative, 0));
    }
    let (result, _, inexact) = a.rescale(0, ctx)?;
    if exact {
        *status |= ROUNDED | if inexact { INEXACT } else { 0 };
    }
    Ok(result)
}

/// Rounds to an integer without signalling Inexact or Rounded.
pub fn to_integral_value(a: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    to_integer(a, ctx, status, false)
}

/// Rounds to an integer, signalling Inexact and Rounded.
pub fn to_integral_exact(a: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    to_integer(a, ctx, status, true)
}

/// Strips trailing zeros.
pub fn normalize(a: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    if let Some(nan) = Dec::nan_of(&[a], ctx, status) {
        return Ok(nan);
    }
    let mut result = a.clone().finish(ctx, status)?;
    if !result.is_finite() {
        return Ok(result);
    }
    if result.is_zero() {
        return Ok(Dec::zero(result.negative, 0));
    }
    let top = if ctx.clamp { ctx.etop() } else { ctx.emax };
    let zeros = (result.coef.trailing_zeros() as i64).min(top - result.exp).max(0);
    if zeros > 0 {
        result.coef = result.coef.shifted_right(zeros as u64).0;
        result.exp += zeros;
    }
    Ok(result)
}

/// The adjusted exponent as a number.
pub fn logb(a: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    if let Some(nan) = Dec::nan_of(&[a], ctx, status) {
        return Ok(nan);
    }
    if a.is_infinite() {
        return Ok(Dec::infinity(false));
    }
    if a.is_zero() {
        *status |= DIVISION_BY_ZERO;
        return Ok(Dec::infinity(true));
    }
    Dec::from_i64(a.adjusted()).finish(ctx, status)
}

/// The next number in the direction of an infinity.
fn neighbour(a: &Dec, ctx: &Ctx, status: &mut u32, down: bool) -> Result<Dec> {
    if let Some(nan) = Dec::nan_of(&[a], ctx, status) {
        return Ok(nan);
    }
    if a.is_infinite() {
        return Ok(match a.negative == down {
            true => a.clone(),
            false => Dec::new(a.negative, Coef::nines(ctx.prec as u64)?, ctx.etop()),
        });
    }
    let rounding = if down { Rounding::Floor } else { Rounding::Ceiling };
    let (work, mut ignored) = (Ctx { rounding, ..*ctx }, 0);
    let result = a.clone().finish(&work, &mut ignored)?;
    if ignored & (INEXACT | ERRORS) != 0 {
        return Ok(result);
    }
    let tiny = Dec::new(down, Coef::from_u64(1), ctx.etiny() - 1);
    Dec::add(a, &tiny, &work, &mut ignored)
}

pub fn next_minus(a: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    neighbour(a, ctx, status, true)
}

pub fn next_plus(a: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    neighbour(a, ctx, status, false)
}

pub fn next_toward(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    if let Some(nan) = Dec::nan_of(&[a, b], ctx, status) {
        return Ok(nan);
    }
    let result = match Dec::order(a, b)? {
        Ordering::Equal => return Ok(a.clone().with_sign(b.negative)),
        order => neighbour(a, ctx, status, order == Ordering::Greater)?,
    };
    if result.is_infinite() {
        *status |= OVERFLOW | ROUNDED | INEXACT;
    } else if result.adjusted() < ctx.emin {
        *status |= UNDERFLOW | SUBNORMAL | ROUNDED | INEXACT;
        if result.is_zero() {
            *status |= CLAMPED;
        }
    }
    Ok(result)
}

/// An integer operand without exponent, if its magnitude is at most `bound`.
fn count(b: &Dec, bound: i64) -> Option<i64> {
    if !b.is_finite() || b.exp != 0 {
        return None;
    }
    let n = i64::try_from(b.coef.to_u64()?).ok()?;
    if n > bound { None } else { Some(if b.negative { -n } else { n }) }
}

pub fn scaleb(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    if let Some(nan) = Dec::nan_of(&[a, b], ctx, status) {
        return Ok(nan);
    }
    let Some(n) = count(b, 2 * (ctx.emax + ctx.prec)) else { return Ok(Dec::invalid(INVALID_OPERATION, status)) };
    if a.is_infinite() {
        return Ok(a.clone());
    }
    Dec::new(a.negative, a.coef.clone(), a.exp + n).finish(ctx, status)
}

pub fn shift(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    if let Some(nan) = Dec::nan_of(&[a, b], ctx, status) {
        return Ok(nan);
    }
    let Some(n) = count(b, ctx.prec) else { return Ok(Dec::invalid(INVALID_OPERATION, status)) };
    if a.is_infinite() {
        return Ok(a.clone());
    }
    let digits = a.coef.low_digits(ctx.prec as u64);
    let coef = if n >= 0 {
        digits.shifted_left(n as u64)?.low_digits(ctx.prec as u64)
    } else {
        digits.shifted_right(n.unsigned_abs()).0
    };
    Ok(Dec::new(a.negative, coef, a.exp))
}

pub fn rotate(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    if let Some(nan) = Dec::nan_of(&[a, b], ctx, status) {
        return Ok(nan);
    }
    let Some(n) = count(b, ctx.prec) else { return Ok(Dec::invalid(INVALID_OPERATION, status)) };
    if a.is_infinite() {
        return Ok(a.clone());
    }
    let digits = a.coef.low_digits(ctx.prec as u64);
    let left = (if n < 0 { n + ctx.prec } else { n }) as u64;
    let high = digits.low_digits(ctx.prec as u64 - left).shifted_left(left)?;
    let low = digits.shifted_right(ctx.prec as u64 - left).0;
    Ok(Dec::new(a.negative, high.add(&low)?, a.exp))
}

/// The digits of a logical operand, limb by limb: zeros and ones only.
fn is_logical(a: &Dec) -> bool {
    a.is_finite()
        && !a.negative
        && a.exp == 0
        && a.coef.limbs().iter().all(|&limb| {
            let mut rest = limb;
            while rest % 10 <= 1 && rest > 0 {
                rest /= 10;
            }
            rest == 0
        })
}

fn logical(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32, table: [u32; 4]) -> Result<Dec> {
    if !is_logical(a) || !is_logical(b) {
        return Ok(Dec::invalid(INVALID_OPERATION, status));
    }
    let (x, y) = (a.coef.limbs(), b.coef.limbs());
    let mut result = Coef::zeros(x.len().max(y.len()))?;
    for (at, out) in result.limbs_mut().iter_mut().enumerate() {
        let (mut x, mut y) = (x.get(at).copied().unwrap_or(0), y.get(at).copied().unwrap_or(0));
        let mut place = 1;
        while x > 0 || y > 0 {
            *out += table[(x % 10 * 2 + y % 10) as usize] * place;
            (x, y) = (x / 10, y / 10);
            place = place.saturating_mul(10);
        }
    }
    result.trim();
    Ok(Dec::new(false, result.low_digits(ctx.prec as u64), 0))
}

pub fn logical_and(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    logical(a, b, ctx, status, [0, 0, 0, 1])
}

pub fn logical_or(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    logical(a, b, ctx, status, [0, 1, 1, 1])
}

pub fn logical_xor(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    logical(a, b, ctx, status, [0, 1, 1, 0])
}

pub fn logical_invert(a: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    if !is_logical(a) {
        return Ok(Dec::invalid(INVALID_OPERATION, status));
    }
    let mut ones = Coef::nines(ctx.prec as u64)?;
    for limb in ones.limbs_mut() {
        *limb /= 9;
    }
    Ok(Dec::new(false, ones.sub(&a.coef.low_digits(ctx.prec as u64))?, 0))
}

/// `number_class`
pub fn number_class(a: &Dec, ctx: &Ctx) -> &'static str {
    let signed = |negative: &'static str, positive: &'static str| if a.negative { negative } else { positive };
    match a.kind {
        Kind::Signaling => "sNaN",
        Kind::Quiet => "NaN",
        Kind::Infinite => signed("-Infinity", "+Infinity"),
        Kind::Finite if a.is_zero() => signed("-Zero", "+Zero"),
        Kind::Finite if a.adjusted() < ctx.emin => signed("-Subnormal", "+Subnormal"),
        Kind::Finite => signed("-Normal", "+Normal"),
    }
}

pub fn same_quantum(a: &Dec, b: &Dec) -> bool {
    match (a.is_finite(), b.is_finite()) {
        (true, true) => a.exp == b.exp,
        (false, false) => a.is_nan() && b.is_nan() || a.is_infinite() && b.is_infinite(),
        _ => false,
    }
}
