//! Roots, exponentials, logarithms and powers.
//!
//! `exp`, `ln` and `log10` are correctly rounded: binary fixed-point arithmetic gives some digits more than wanted, and if
//! those do not decide how to round, more. Powers follow libmpdec's choice of steps, whose results are not always correctly
//! rounded: the same products in the same order for integral exponents, else `exp(y * ln(x))` with a fixed number of more digits.

use std::cell::RefCell;
use std::cmp::Ordering;

use num_bigint::{BigInt, BigUint, Sign};
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::coef::{Coef, Result};
use super::number::status::*;
use super::number::{Ctx, Dec, Rounding};

/// Digits that the first attempt computes beyond the precision.
const GUARD_DIGITS: u64 = 8;
/// What `exp(y * ln(x))` takes more for a power: as libmpdec with exponents of 19 digits.
const POWER_GUARD_DIGITS: i64 = 4 + 19;

fn pow10(n: u64) -> BigInt {
    BigInt::from(BigUint::from(10u32).pow(n.min(u64::from(u32::MAX)) as u32))
}

fn bits_for(digits: u64) -> u64 {
    digits.saturating_mul(3_322) / 1000 + 64
}

// ---- square root

pub fn sqrt(a: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    if let Some(nan) = Dec::nan_of(&[a], ctx, status) {
        return Ok(nan);
    }
    let exp = a.exp >> 1;
    if a.is_zero() {
        return Dec::zero(a.negative, exp).finish(ctx, status);
    }
    if a.negative {
        return Ok(Dec::invalid(INVALID_OPERATION, status));
    }
    if a.is_infinite() {
        return Ok(a.clone());
    }
    let odd = (a.exp & 1) as u64;
    let places = (a.digits() + 1 + odd as i64) >> 1;
    let shift = ctx.prec + 1 - places;
    let (radicand, mut exact) = if shift >= 0 {
        (a.coef.shifted_left(odd + 2 * shift as u64)?, true)
    } else {
        let (kept, dropped) = a.coef.shifted_left(odd)?.shifted_right(2 * shift.unsigned_abs());
        (kept, dropped == 0)
    };
    let radicand = radicand.to_bigint()?;
    let root = radicand.sqrt();
    exact = exact && &root * &root == radicand;
    let mut coef = Coef::from_bigint(&root)?;
    let mut exp = exp - shift;
    if exact {
        coef = if shift >= 0 { coef.shifted_right(shift as u64).0 } else { coef.shifted_left(shift.unsigned_abs())? };
        exp += shift;
    } else if matches!(coef.last_digit(), 0 | 5) {
        coef.increment()?;
    }
    Dec::new(false, coef, exp).finish(&Ctx { rounding: Rounding::HalfEven, ..*ctx }, status)
}

// ---- fixed-point functions: numbers scaled by 2**bits

thread_local! {
    /// ln(10) with the most bits that were wanted so far.
    static LN10: RefCell<(u64, BigInt)> = const { RefCell::new((0, BigInt::ZERO)) };
}

/// 2 * atanh(1 / n)
fn twice_atanh_inverse(n: u32, bits: u64) -> BigInt {
    let square = n * n;
    let mut power = (BigInt::one() << (bits + 1)) / n;
    let mut sum = power.clone();
    let mut k = 3u32;
    loop {
        power /= square;
        if power.is_zero() {
            return sum;
        }
        sum += &power / k;
        k += 2;
    }
}

fn ln10(bits: u64) -> BigInt {
    LN10.with(|known| {
        let mut known = known.borrow_mut();
        if known.0 < bits {
            // ln(10) = 46 atanh(1/31) + 34 atanh(1/49) + 20 atanh(1/161)
            let work = bits + 32;
            let sum = twice_atanh_inverse(31, work) * 23
                + twice_atanh_inverse(49, work) * 17
                + twice_atanh_inverse(161, work) * 10;
            *known = (bits, sum >> 32);
        }
        &known.1 >> (known.0 - bits)
    })
}

/// exp(x) for 0 <= x < 4
fn exp_fixed(x: &BigInt, bits: u64) -> BigInt {
    let halvings = ((bits as f64).sqrt() * 0.6) as u64 + 2;
    let work = bits + 2 * halvings + 16;
    let x = (x << (work - bits)) >> halvings;
    let one = BigInt::one() << work;
    let mut term = one.clone();
    let mut sum = one;
    let mut k = 1u32;
    loop {
        term = (term * &x) >> work;
        term /= k;
        if term.is_zero() {
            break;
        }
        sum += &term;
        k += 1;
    }
    for _ in 0..halvings {
        sum = (&sum * &sum) >> work;
    }
    sum >> (work - bits)
}

/// coef * 10**exp * 2**bits
fn to_fixed(coef: &Coef, exp: i64, bits: u64) -> Result<BigInt> {
    let n = coef.to_bigint()? << bits;
    Ok(if exp >= 0 { n * pow10(exp as u64) } else { n / pow10(exp.unsigned_abs()) })
}

/// ln of a positive number that is not one, scaled by 2**bits; `bits` must allow for what cancels near one.
fn ln_fixed(a: &Dec, bits: u64) -> Result<BigInt> {
    let high = a.adjusted();
    let lead = a.coef.digit(a.coef.digits() - 1);
    let k = if lead >= 4 { high + 1 } else { high };
    let m = to_fixed(&a.coef, a.exp - k, bits)?;
    let approximate = (&m >> (bits - 60)).to_f64().unwrap_or(1.0) / (1u64 << 60) as f64;
    let guess = (libm::log(approximate) * (1u64 << 52) as f64) as i64;
    let guess_fixed = BigInt::from(guess) << (bits - 52);
    let power = exp_fixed(&guess_fixed.abs(), bits);
    let z = if guess >= 0 { (m << bits) / power } else { (m * power) >> bits };
    let one = BigInt::one() << bits;
    let u = ((&z - &one) << bits) / (&z + &one);
    let square = (&u * &u) >> bits;
    let mut term = u.clone();
    let mut sum = u;
    let mut n = 3u32;
    loop {
        term = (term * &square) >> bits;
        if term.is_zero() || term == -BigInt::one() {
            break;
        }
        sum += &term / n;
        n += 2;
    }
    Ok(guess_fixed + sum * 2 + ln10(bits) * k)
}

/// A fixed-point number with about `digits` digits, as coefficient and exponent.
fn from_fixed(x: &BigInt, bits: u64, digits: u64) -> Result<Dec> {
    let magnitude = x.magnitude().bits() as i64 - bits as i64;
    // Powers of ten below the number: log10(2) times its power of two, rounded down.
    let high = (magnitude as f64 * std::f64::consts::LOG10_2).floor() as i64 - 1;
    let scale = digits as i64 - high;
    let coef = if scale >= 0 {
        (x.abs() * pow10(scale as u64)) >> bits
    } else {
        (x.abs() / pow10(scale.unsigned_abs())) >> bits
    };
    Ok(Dec::new(x.sign() == Sign::Minus, Coef::from_bigint(&coef)?, -scale))
}

/// Rounds what `compute` gives for a count of digits, asking for more until they decide.
fn round_correctly(ctx: &Ctx, status: &mut u32, compute: impl Fn(u64) -> Result<Dec>) -> Result<Dec> {
    let ctx = &Ctx { rounding: Rounding::HalfEven, ..*ctx };
    let mut guard = GUARD_DIGITS;
    loop {
        let value = compute(ctx.prec as u64 + guard)?;
        let drop = (value.digits() - ctx.prec).max(ctx.etiny() - value.exp).max(0) as u64;
        // Whether the digits to be dropped are too near to a half to tell on which side of it they are.
        let undecided = drop > 0 && drop <= value.coef.digits() + 1 && {
            let half = Coef::from_u64(5).shifted_left(drop - 1)?;
            let low = value.coef.low_digits(drop);
            let distance = if low.compare(&half) == Ordering::Less { half.sub(&low)? } else { low.sub(&half)? };
            distance.compare(&Coef::from_u64(100)) == Ordering::Less
        };
        if !undecided {
            *status |= INEXACT | ROUNDED;
            return value.finish(ctx, status);
        }
        guard *= 2;
    }
}

// ---- exp, ln, log10

pub fn exp(a: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    if let Some(nan) = Dec::nan_of(&[a], ctx, status) {
        return Ok(nan);
    }
    if a.is_infinite() {
        return Ok(if a.negative { Dec::zero(false, 0) } else { a.clone() });
    }
    if a.is_zero() {
        return Ok(Dec::from_i64(1));
    }
    let half_even = Ctx { rounding: Rounding::HalfEven, ..*ctx };
    if a.adjusted() > 18 {
        let exp = if a.negative { MIN_RESULT } else { -MIN_RESULT };
        *status |= INEXACT | ROUNDED;
        return Dec::new(false, Coef::from_u64(1), exp).finish(&half_even, status);
    }
    round_correctly(ctx, status, |digits| exp_digits(a, digits))
}

/// An exponent beyond all limits.
const MIN_RESULT: i64 = -3_000_000_000_000_000_000;

fn exp_digits(a: &Dec, digits: u64) -> Result<Dec> {
    if a.adjusted() < -(digits as i64) - 1 {
        // 1 and a trace.
        let one = Coef::from_u64(1).shifted_left(digits)?;
        let near = if a.negative { one.sub(&Coef::from_u64(1))? } else { one.add(&Coef::from_u64(1))? };
        return Ok(Dec::new(false, near, -(digits as i64)));
    }
    let bits = bits_for(digits + a.adjusted().max(0) as u64);
    let x = to_fixed(&a.coef, a.exp, bits)?;
    let x = if a.negative { -x } else { x };
    let base = ln10(bits);
    let (k, rest) = snakelet_number::int::divmod(&x, &base).unwrap_or_default();
    let k = k.to_i64().unwrap_or(0).clamp(MIN_RESULT, -MIN_RESULT);
    let power = exp_fixed(&rest, bits);
    let mut result = from_fixed(&power, bits, digits)?;
    result.exp += k;
    Ok(result)
}

/// How many digits cancel when a number is near one.
fn digits_near_one(a: &Dec) -> Result<u64> {
    if a.adjusted() < -1 || a.adjusted() > 0 {
        return Ok(0);
    }
    let distance = Dec::sub(a, &Dec::from_i64(1), &Ctx::MAX, &mut 0)?;
    Ok((-distance.adjusted()).max(0) as u64)
}

fn is_one(a: &Dec) -> Result<bool> {
    Ok(Dec::order(a, &Dec::from_i64(1))? == Ordering::Equal)
}

pub fn ln(a: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    if let Some(special) = logarithm_special(a, ctx, status)? {
        return Ok(special);
    }
    if is_one(a)? {
        return Ok(Dec::zero(false, 0));
    }
    let near = digits_near_one(a)?;
    round_correctly(ctx, status, |digits| {
        let bits = bits_for(digits + near);
        from_fixed(&ln_fixed(a, bits)?, bits, digits)
    })
}

pub fn log10(a: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    if let Some(special) = logarithm_special(a, ctx, status)? {
        return Ok(special);
    }
    if a.coef.trailing_zeros() + 1 == a.coef.digits() && a.coef.digit(a.coef.digits() - 1) == 1 {
        return Dec::from_i64(a.adjusted()).finish(&Ctx { rounding: Rounding::HalfEven, ..*ctx }, status);
    }
    let near = digits_near_one(a)?;
    round_correctly(ctx, status, |digits| {
        let bits = bits_for(digits + near);
        let quotient = (ln_fixed(a, bits)? << bits) / ln10(bits);
        from_fixed(&quotient, bits, digits)
    })
}

fn logarithm_special(a: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Option<Dec>> {
    if let Some(nan) = Dec::nan_of(&[a], ctx, status) {
        return Ok(Some(nan));
    }
    Ok(if a.is_zero() {
        Some(Dec::infinity(true))
    } else if a.negative {
        Some(Dec::invalid(INVALID_OPERATION, status))
    } else if a.is_infinite() {
        Some(a.clone())
    } else {
        None
    })
}

// ---- powers

pub fn pow(base: &Dec, exp: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    if let Some(nan) = Dec::nan_of(&[base, exp], ctx, status) {
        return Ok(nan);
    }
    let negative = base.negative && exp.is_odd_integer();
    if base.is_zero() {
        return Ok(if exp.is_zero() {
            Dec::invalid(INVALID_OPERATION, status)
        } else if exp.negative {
            Dec::infinity(negative)
        } else {
            Dec::zero(negative, 0)
        });
    }
    if base.negative && (exp.is_infinite() || !exp.is_integer()) {
        return Ok(Dec::invalid(INVALID_OPERATION, status));
    }
    let one = Dec::from_i64(1);
    if exp.is_infinite() {
        return Ok(match Dec::order(base, &one)? {
            Ordering::Equal => {
                *status |= INEXACT | ROUNDED;
                padded_one(false, ctx.prec - 1)?
            }
            order if (order == Ordering::Less) == exp.negative => Dec::infinity(false),
            _ => Dec::zero(false, 0),
        });
    }
    if base.is_infinite() {
        return Ok(if exp.is_zero() {
            one
        } else if exp.negative {
            Dec::zero(negative, 0)
        } else {
            Dec::infinity(negative)
        });
    }
    if exp.is_zero() {
        return Ok(one);
    }
    let order = Dec::order_abs(base, &one)?;
    if order == Ordering::Equal {
        return power_of_one(base, exp, negative, ctx, status);
    }
    if let Some(result) = beyond_limits(base, exp, order, negative, ctx, status)? {
        return Ok(result);
    }
    if exp.is_integer() {
        return integral_power(base, exp, negative, ctx, status);
    }
    real_power(base, exp, ctx, status)
}

/// One, with zeros after the point.
fn padded_one(negative: bool, zeros: i64) -> Result<Dec> {
    Ok(Dec::new(negative, Coef::from_u64(1).shifted_left(zeros as u64)?, -zeros))
}

/// A power of 1.000: as many zeros as the exact product would have.
fn power_of_one(base: &Dec, exp: &Dec, negative: bool, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    let most = ctx.prec - 1;
    if !exp.is_integer() {
        *status |= INEXACT | ROUNDED;
        return padded_one(negative, most);
    }
    if exp.negative {
        return Ok(Dec::new(negative, Coef::from_u64(1), 0));
    }
    let zeros = Dec::mul(exp, &Dec::from_i64(-base.exp), &Ctx::MAX, &mut 0)?;
    let zeros = if zeros.adjusted() > 18 { None } else { integer_value(&zeros) };
    match zeros {
        Some(zeros) if zeros <= most => padded_one(negative, zeros),
        _ => {
            *status |= ROUNDED;
            padded_one(negative, most)
        }
    }
}

/// An integral number as a machine integer.
fn integer_value(a: &Dec) -> Option<i64> {
    let coef = if a.exp >= 0 {
        if a.adjusted() > 18 {
            return None;
        }
        a.coef.shifted_left(a.exp as u64).ok()?
    } else {
        a.coef.shifted_right(a.exp.unsigned_abs()).0
    };
    let n = i64::try_from(coef.to_u64()?).ok()?;
    Some(if a.negative { -n } else { n })
}

fn decimal_digits(n: i64) -> i64 {
    n.unsigned_abs().checked_ilog10().map_or(1, |log| i64::from(log) + 1)
}

/// The result if it certainly overflows or underflows: a lower bound of the digits of log10(|base|), and the exponent's size.
fn beyond_limits(
    base: &Dec,
    exp: &Dec,
    order: Ordering,
    negative: bool,
    ctx: &Ctx,
    status: &mut u32,
) -> Result<Option<Dec>> {
    let size = match base.adjusted() {
        high if high > 0 => decimal_digits(high) - 1,
        high if high < -1 => decimal_digits(-high - 1) - 1,
        _ => Dec::sub(&base.abs(), &Dec::from_i64(1), &Ctx::MAX, &mut 0)?.adjusted() - 1,
    };
    let grows = (order == Ordering::Greater) != exp.negative;
    let limit = if grows { ctx.emax } else { ctx.etiny() };
    if decimal_digits(limit) >= size + exp.adjusted() {
        return Ok(None);
    }
    let exp = if grows { -MIN_RESULT } else { ctx.etiny() - 1 };
    Dec::new(negative, Coef::from_u64(1), exp).finish(ctx, status).map(Some)
}

fn integral_power(base: &Dec, exp: &Dec, negative: bool, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    let mut work = Ctx {
        prec: (ctx.prec + exp.digits() + exp.exp + 2).min(super::number::MAX_PREC),
        rounding: Rounding::HalfEven,
        clamp: false,
        ..*ctx
    };
    let mut factor = base.clone();
    if exp.negative {
        work.prec += 1;
        factor = Dec::div(&Dec::from_i64(1), base, &work, status)?;
    }
    // The square-and-multiply chain from the highest bit.
    let n = match integer_value(&exp.abs()) {
        Some(n) => BigUint::from(n as u64),
        None => {
            let shifted = if exp.exp >= 0 {
                exp.coef.shifted_left(exp.exp as u64)?
            } else {
                exp.coef.shifted_right(exp.exp.unsigned_abs()).0
            };
            shifted.to_bigint()?.magnitude().clone()
        }
    };
    let mut conditions = 0;
    let mut result = factor.clone();
    for bit in (0..n.bits().saturating_sub(1)).rev() {
        result = Dec::mul(&result, &result, &work, &mut conditions)?;
        if n.bit(bit) {
            result = Dec::mul(&result, &factor, &work, &mut conditions)?;
        }
        if !result.is_finite() || result.is_zero() && conditions & CLAMPED != 0 {
            break;
        }
    }
    *status |= conditions;
    result.negative = negative;
    if result.is_infinite() {
        result = Dec::new(negative, Coef::from_u64(1), -MIN_RESULT);
    }
    result.finish(ctx, status)
}

fn real_power(base: &Dec, exponent: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    let work = Ctx { prec: base.digits().max(ctx.prec) + POWER_GUARD_DIGITS, ..Ctx::MAX };
    let mut conditions = 0;
    let logarithm = ln(base, &work, &mut conditions)?;
    let product = Dec::mul(&logarithm, exponent, &work, &mut conditions)?;
    let mut result = exp(&product, &work, &mut conditions)?;
    *status |= conditions & ERRORS | INEXACT | ROUNDED;
    if result.is_finite() && is_one(&result)? {
        result = padded_one(false, ctx.prec - 1)?;
    }
    if result.is_infinite() {
        result = Dec::new(false, Coef::from_u64(1), -MIN_RESULT);
    }
    result.finish(ctx, status)
}

/// `pow(base, exp, modulus)` of integers.
pub fn pow_mod(base: &Dec, exp: &Dec, modulus: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    if let Some(nan) = Dec::nan_of(&[base, exp, modulus], ctx, status) {
        return Ok(nan);
    }
    let integers = base.is_integer() && exp.is_integer() && modulus.is_integer();
    let valid = integers && !exp.negative && !modulus.is_zero() && modulus.adjusted() < ctx.prec;
    if !valid || base.is_zero() && exp.is_zero() {
        return Ok(Dec::invalid(INVALID_OPERATION, status));
    }
    let negative = base.negative && exp.is_odd_integer();
    let whole = |a: &Dec| -> Result<BigInt> {
        let coef =
            if a.exp >= 0 { a.coef.shifted_left(a.exp as u64)? } else { a.coef.shifted_right(a.exp.unsigned_abs()).0 };
        coef.to_bigint()
    };
    let modulus = whole(modulus)?;
    // The base as a residue, its power of ten likewise, so that huge exponents cost nothing.
    let residue = |a: &Dec| -> Result<BigInt> {
        if a.exp <= 0 {
            return Ok(whole(a)? % &modulus);
        }
        let power = BigInt::from(10).modpow(&BigInt::from(a.exp), &modulus);
        Ok(a.coef.to_bigint()? * power % &modulus)
    };
    let base = residue(base)?;
    let coef = if exp.exp > 0 {
        // x ** (c * 10**e) = (...((x ** c) ** 10) ...) ** 10
        let mut result = base.modpow(&exp.coef.to_bigint()?, &modulus);
        for _ in 0..exp.exp {
            if result.is_zero() || result.is_one() {
                break;
            }
            result = result.modpow(&BigInt::from(10), &modulus);
        }
        result
    } else {
        base.modpow(&whole(exp)?, &modulus)
    };
    Dec::new(negative, Coef::from_bigint(&coef)?, 0).finish(ctx, status)
}
