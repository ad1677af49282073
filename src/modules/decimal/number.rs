//! Decimal numbers and the arithmetic of the General Decimal Arithmetic Specification: signs, exponents, rounding, conditions.
//!
//! Operations compute a result that is exact or carries enough digits, and [`Dec::finish`] brings it into the context's limits,
//! which is the only place that rounds. Conditions are collected in a word of bits; which of them raise is the caller's affair.
//! Exponents of numbers in circulation stay within 2 * 10**18, so that sums of a few do not overflow.

use std::cmp::Ordering;

use super::coef::{Coef, Result};

/// The conditions, one bit each.
pub mod status {
    pub const CLAMPED: u32 = 1;
    pub const CONVERSION_SYNTAX: u32 = 1 << 1;
    pub const DIVISION_BY_ZERO: u32 = 1 << 2;
    pub const DIVISION_IMPOSSIBLE: u32 = 1 << 3;
    pub const DIVISION_UNDEFINED: u32 = 1 << 4;
    pub const INEXACT: u32 = 1 << 6;
    pub const INVALID_CONTEXT: u32 = 1 << 7;
    pub const INVALID_OPERATION: u32 = 1 << 8;
    pub const FLOAT_OPERATION: u32 = 1 << 10;
    pub const OVERFLOW: u32 = 1 << 11;
    pub const ROUNDED: u32 = 1 << 12;
    pub const SUBNORMAL: u32 = 1 << 13;
    pub const UNDERFLOW: u32 = 1 << 14;
    /// All conditions of the signal InvalidOperation.
    pub const ANY_INVALID: u32 =
        CONVERSION_SYNTAX | DIVISION_IMPOSSIBLE | DIVISION_UNDEFINED | INVALID_CONTEXT | INVALID_OPERATION;
    pub const ERRORS: u32 = ANY_INVALID | DIVISION_BY_ZERO;
}

use status::*;

/// The largest precision and exponent, as on 64-bit machines.
pub const MAX_PREC: i64 = 999_999_999_999_999_999;
pub const MAX_EMAX: i64 = 999_999_999_999_999_999;
pub const MIN_EMIN: i64 = -999_999_999_999_999_999;
pub const MIN_ETINY: i64 = MIN_EMIN - (MAX_PREC - 1);

/// The rounding modes, in the order of their names in [`ROUNDINGS`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Rounding {
    Up,
    Down,
    Ceiling,
    Floor,
    HalfUp,
    HalfDown,
    HalfEven,
    Up05,
}

pub const ROUNDINGS: [(&str, Rounding); 8] = [
    ("ROUND_UP", Rounding::Up),
    ("ROUND_DOWN", Rounding::Down),
    ("ROUND_CEILING", Rounding::Ceiling),
    ("ROUND_FLOOR", Rounding::Floor),
    ("ROUND_HALF_UP", Rounding::HalfUp),
    ("ROUND_HALF_DOWN", Rounding::HalfDown),
    ("ROUND_HALF_EVEN", Rounding::HalfEven),
    ("ROUND_05UP", Rounding::Up05),
];

/// What limits results.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ctx {
    pub prec: i64,
    pub emax: i64,
    pub emin: i64,
    pub rounding: Rounding,
    pub clamp: bool,
    pub capitals: bool,
}

impl Ctx {
    /// The widest limits.
    pub const MAX: Ctx = Ctx {
        prec: MAX_PREC,
        emax: MAX_EMAX,
        emin: MIN_EMIN,
        rounding: Rounding::HalfEven,
        clamp: false,
        capitals: true,
    };

    pub fn etiny(&self) -> i64 {
        self.emin - (self.prec - 1)
    }

    pub fn etop(&self) -> i64 {
        self.emax - (self.prec - 1)
    }

    /// Whether the kept digits grow by one, `dropped` saying what is lost (see `Coef::shifted_right`).
    fn rounds_up(&self, coef: &Coef, negative: bool, dropped: u32) -> bool {
        match self.rounding {
            Rounding::Down => false,
            Rounding::Up => dropped != 0,
            Rounding::HalfUp => dropped >= 5,
            Rounding::HalfDown => dropped > 5,
            Rounding::HalfEven => dropped > 5 || dropped == 5 && coef.is_odd(),
            Rounding::Ceiling => dropped != 0 && !negative,
            Rounding::Floor => dropped != 0 && negative,
            Rounding::Up05 => dropped != 0 && matches!(coef.last_digit(), 0 | 5),
        }
    }
}

/// What a number is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Finite,
    Infinite,
    Quiet,
    Signaling,
}

/// A decimal number; `coef` is a NaN's payload.
#[derive(Clone, Debug)]
pub struct Dec {
    pub negative: bool,
    pub kind: Kind,
    pub exp: i64,
    pub coef: Coef,
}

impl Dec {
    pub fn new(negative: bool, coef: Coef, exp: i64) -> Dec {
        Dec { negative, kind: Kind::Finite, exp, coef }
    }

    pub fn zero(negative: bool, exp: i64) -> Dec {
        Dec::new(negative, Coef::zero(), exp)
    }

    pub fn from_i64(n: i64) -> Dec {
        Dec::new(n < 0, Coef::from_u64(n.unsigned_abs()), 0)
    }

    pub fn infinity(negative: bool) -> Dec {
        Dec { negative, kind: Kind::Infinite, exp: 0, coef: Coef::zero() }
    }

    pub fn nan() -> Dec {
        Dec { negative: false, kind: Kind::Quiet, exp: 0, coef: Coef::zero() }
    }

    /// NaN as the result of an operation that signals `condition`.
    pub fn invalid(condition: u32, status: &mut u32) -> Dec {
        *status |= condition;
        Dec::nan()
    }

    #[inline]
    pub fn is_finite(&self) -> bool {
        self.kind == Kind::Finite
    }

    pub fn is_infinite(&self) -> bool {
        self.kind == Kind::Infinite
    }

    pub fn is_nan(&self) -> bool {
        matches!(self.kind, Kind::Quiet | Kind::Signaling)
    }

    pub fn is_signaling(&self) -> bool {
        self.kind == Kind::Signaling
    }

    /// Whether the number is a zero.
    #[inline]
    pub fn is_zero(&self) -> bool {
        self.is_finite() && self.coef.is_zero()
    }

    pub fn digits(&self) -> i64 {
        self.coef.digits() as i64
    }

    /// The exponent of the first digit.
    #[inline]
    pub fn adjusted(&self) -> i64 {
        self.exp + self.coef.digits() as i64 - 1
    }

    pub fn with_sign(mut self, negative: bool) -> Dec {
        self.negative = negative;
        self
    }

    pub fn abs(&self) -> Dec {
        self.clone().with_sign(false)
    }

    /// Whether a finite number has no fraction.
    pub fn is_integer(&self) -> bool {
        if !self.is_finite() {
            return false;
        }
        self.exp >= 0 || self.coef.is_zero() || self.coef.trailing_zeros() as i64 >= -self.exp
    }

    /// Whether an integer is odd.
    pub fn is_odd_integer(&self) -> bool {
        if !self.is_finite() || self.exp > 0 {
            return false;
        }
        self.is_integer() && self.coef.digit(self.exp.unsigned_abs()) % 2 == 1
    }

    // ---- bringing results into the context's limits

    /// The number within the context's limits.
    pub fn finish(mut self, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
        if !self.is_finite() {
            if self.is_nan() {
                self.shorten_payload(ctx);
            }
            return Ok(self);
        }
        let digits = self.digits();
        let adjusted = self.exp + digits - 1;
        // The common case.
        if digits <= ctx.prec && adjusted >= ctx.emin && adjusted <= ctx.emax && (!ctx.clamp || self.exp <= ctx.etop())
        {
            return Ok(self);
        }
        self.limit_exponent(ctx, status)?;
        if self.is_finite() && self.digits() > ctx.prec {
            self.limit_digits(ctx, status)?;
        }
        Ok(self)
    }

    fn shorten_payload(&mut self, ctx: &Ctx) {
        let most = ctx.prec - i64::from(ctx.clamp);
        if self.digits() > most {
            self.coef = self.coef.low_digits(most.max(0) as u64);
        }
    }

    fn limit_exponent(&mut self, ctx: &Ctx, status: &mut u32) -> Result<()> {
        let adjusted = self.adjusted();
        if adjusted > ctx.emax {
            if self.coef.is_zero() {
                self.exp = if ctx.clamp { ctx.etop() } else { ctx.emax };
                *status |= CLAMPED;
                return Ok(());
            }
            let to_infinity = match ctx.rounding {
                Rounding::HalfUp | Rounding::HalfEven | Rounding::HalfDown | Rounding::Up => true,
                Rounding::Down | Rounding::Up05 => false,
                Rounding::Ceiling => !self.negative,
                Rounding::Floor => self.negative,
            };
            if to_infinity {
                *self = Dec::infinity(self.negative);
            } else {
                self.coef = Coef::nines(ctx.prec as u64)?;
                self.exp = ctx.etop();
            }
            *status |= OVERFLOW | INEXACT | ROUNDED;
        } else if ctx.clamp && self.exp > ctx.etop() {
            // Fold down.
            let shift = self.exp - ctx.etop();
            self.coef = self.coef.shifted_left(shift as u64)?;
            self.exp = ctx.etop();
            *status |= CLAMPED;
            if !self.coef.is_zero() && adjusted < ctx.emin {
                *status |= SUBNORMAL;
            }
        } else if adjusted < ctx.emin {
            let etiny = ctx.etiny();
            if self.coef.is_zero() {
                if self.exp < etiny {
                    self.exp = etiny;
                    *status |= CLAMPED;
                }
                return Ok(());
            }
            *status |= SUBNORMAL;
            if self.exp < etiny {
                let (mut kept, dropped) = self.coef.shifted_right((etiny - self.exp) as u64);
                if ctx.rounds_up(&kept, self.negative, dropped) {
                    kept.increment()?;
                }
                self.coef = kept;
                self.exp = etiny;
                *status |= ROUNDED;
                if dropped != 0 {
                    *status |= INEXACT | UNDERFLOW;
                    if self.coef.is_zero() {
                        *status |= CLAMPED;
                    }
                }
            }
        }
        Ok(())
    }

    fn limit_digits(&mut self, ctx: &Ctx, status: &mut u32) -> Result<()> {
        let shift = self.digits() - ctx.prec;
        let (mut kept, dropped) = self.coef.shifted_right(shift as u64);
        self.exp += shift;
        *status |= ROUNDED;
        if dropped != 0 {
            *status |= INEXACT;
        }
        if ctx.rounds_up(&kept, self.negative, dropped) {
            kept.increment()?;
            if kept.digits() as i64 > ctx.prec {
                kept = kept.shifted_right(1).0;
                self.exp += 1;
                self.coef = kept;
                return self.limit_exponent(ctx, status);
            }
        }
        self.coef = kept;
        Ok(())
    }

    /// The number with its coefficient cut at `exp`, rounded by the context's mode; whether digits and value were lost.
    pub fn rescale(&self, exp: i64, ctx: &Ctx) -> Result<(Dec, bool, bool)> {
        if self.exp >= exp {
            let coef = self.coef.shifted_left((self.exp - exp) as u64)?;
            return Ok((Dec::new(self.negative, coef, exp), false, false));
        }
        let (mut kept, dropped) = self.coef.shifted_right((exp - self.exp) as u64);
        if ctx.rounds_up(&kept, self.negative, dropped) {
            kept.increment()?;
        }
        Ok((Dec::new(self.negative, kept, exp), true, dropped != 0))
    }

    // ---- NaNs as operands

    /// The result if an operand is a NaN.
    pub fn nan_of(operands: &[&Dec], ctx: &Ctx, status: &mut u32) -> Option<Dec> {
        let signaling = operands.iter().find(|operand| operand.is_signaling());
        if signaling.is_some() {
            *status |= INVALID_OPERATION;
        }
        let chosen = signaling.or_else(|| operands.iter().find(|operand| operand.is_nan()))?;
        let mut nan = (*chosen).clone();
        nan.kind = Kind::Quiet;
        nan.shorten_payload(ctx);
        Some(nan)
    }

    // ---- arithmetic

    pub fn add(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
        Dec::add_signed(a, b, b.negative, ctx, status)
    }

    pub fn sub(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
        Dec::add_signed(a, b, !b.negative, ctx, status)
    }

    fn add_signed(a: &Dec, b: &Dec, b_negative: bool, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
        if !a.is_finite() || !b.is_finite() {
            if let Some(nan) = Dec::nan_of(&[a, b], ctx, status) {
                return Ok(nan);
            }
            return Ok(if !a.is_infinite() {
                Dec::infinity(b_negative)
            } else if !b.is_infinite() || a.negative == b_negative {
                a.clone()
            } else {
                Dec::invalid(INVALID_OPERATION, status)
            });
        }
        if a.exp == b.exp {
            return Dec::combine((&a.coef, a.negative), (&b.coef, b_negative), a.exp, ctx, status);
        }
        let ((high, high_negative), (low, low_negative)) =
            if a.exp > b.exp { ((a, a.negative), (b, b_negative)) } else { ((b, b_negative), (a, a.negative)) };
        let mut small = (&low.coef, low.exp);
        let tiny;
        if !high.coef.is_zero() {
            // What is too small to matter but for its being there is replaced, which saves a huge shift.
            let digits = high.digits();
            let bound = high.exp - 1 + if digits > ctx.prec { 0 } else { digits - ctx.prec - 1 };
            if low.adjusted() < bound {
                tiny = Coef::from_u64(u64::from(!low.coef.is_zero()));
                small = (&tiny, bound);
            }
        }
        let aligned = high.coef.shifted_left((high.exp - small.1) as u64)?;
        Dec::combine((&aligned, high_negative), (small.0, low_negative), small.1, ctx, status)
    }

    fn combine(a: (&Coef, bool), b: (&Coef, bool), exp: i64, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
        if a.1 == b.1 {
            return Dec::new(a.1, a.0.add(b.0)?, exp).finish(ctx, status);
        }
        let result = match a.0.compare(b.0) {
            Ordering::Equal => Dec::zero(ctx.rounding == Rounding::Floor, exp),
            Ordering::Greater => Dec::new(a.1, a.0.sub(b.0)?, exp),
            Ordering::Less => Dec::new(b.1, b.0.sub(a.0)?, exp),
        };
        result.finish(ctx, status)
    }

    pub fn mul(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
        Dec::mul_exact(a, b, ctx, status)?.finish(ctx, status)
    }

    /// The product before it is brought into the context's limits.
    pub fn mul_exact(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
        let negative = a.negative != b.negative;
        if a.is_finite() && b.is_finite() {
            return Ok(Dec::new(negative, a.coef.mul(&b.coef)?, a.exp + b.exp));
        }
        if let Some(nan) = Dec::nan_of(&[a, b], ctx, status) {
            return Ok(nan);
        }
        if a.is_zero() || b.is_zero() {
            return Ok(Dec::invalid(INVALID_OPERATION, status));
        }
        Ok(Dec::infinity(negative))
    }

    pub fn div(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
        let negative = a.negative != b.negative;
        if !a.is_finite() || !b.is_finite() {
            if let Some(nan) = Dec::nan_of(&[a, b], ctx, status) {
                return Ok(nan);
            }
            if !a.is_infinite() {
                *status |= CLAMPED;
                return Ok(Dec::zero(negative, ctx.etiny()));
            }
            return Ok(match b.is_infinite() {
                true => Dec::invalid(INVALID_OPERATION, status),
                false => Dec::infinity(negative),
            });
        }
        if b.is_zero() {
            if a.is_zero() {
                return Ok(Dec::invalid(DIVISION_UNDEFINED, status));
            }
            *status |= DIVISION_BY_ZERO;
            return Ok(Dec::infinity(negative));
        }
        let ideal = a.exp - b.exp;
        if a.is_zero() {
            return Dec::zero(negative, ideal).finish(ctx, status);
        }
        let shift = b.digits() - a.digits() + ctx.prec + 1;
        let (mut quotient, rest) = if shift >= 0 {
            a.coef.shifted_left(shift as u64)?.div_rem(&b.coef)?
        } else {
            a.coef.div_rem(&b.coef.shifted_left(shift.unsigned_abs())?)?
        };
        let mut exp = ideal - shift;
        if !rest.is_zero() {
            if matches!(quotient.last_digit(), 0 | 5) {
                quotient.increment()?;
            }
        } else if exp < ideal {
            let zeros = (quotient.trailing_zeros() as i64).min(ideal - exp);
            quotient = quotient.shifted_right(zeros as u64).0;
            exp += zeros;
        }
        Dec::new(negative, quotient, exp).finish(ctx, status)
    }

    /// Quotient and rest of finite numbers, the divisor not zero; NaNs if the quotient would have too many digits.
    fn div_rem_finite(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<(Dec, Dec)> {
        let ideal = a.exp.min(b.exp);
        let negative = a.negative != b.negative;
        if a.is_zero() {
            return Ok((Dec::zero(negative, 0), Dec::zero(a.negative, ideal)));
        }
        let difference = a.adjusted() - b.adjusted();
        if difference < 0 {
            let rest = if a.exp > b.exp { a.coef.shifted_left((a.exp - b.exp) as u64)? } else { a.coef.clone() };
            return Ok((Dec::zero(negative, 0), Dec::new(a.negative, rest, ideal)));
        }
        if difference > ctx.prec {
            *status |= DIVISION_IMPOSSIBLE;
            return Ok((Dec::nan(), Dec::nan()));
        }
        let (quotient, rest) = match a.exp.cmp(&b.exp) {
            Ordering::Equal => a.coef.div_rem(&b.coef)?,
            Ordering::Greater => a.coef.shifted_left((a.exp - b.exp) as u64)?.div_rem(&b.coef)?,
            Ordering::Less => a.coef.div_rem(&b.coef.shifted_left((b.exp - a.exp) as u64)?)?,
        };
        if quotient.digits() as i64 > ctx.prec {
            *status |= DIVISION_IMPOSSIBLE;
            return Ok((Dec::nan(), Dec::nan()));
        }
        Ok((Dec::new(negative, quotient, 0), Dec::new(a.negative, rest, ideal)))
    }

    /// `a // b`: the quotient, truncated.
    pub fn div_int(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
        let negative = a.negative != b.negative;
        if !a.is_finite() || !b.is_finite() {
            if let Some(nan) = Dec::nan_of(&[a, b], ctx, status) {
                return Ok(nan);
            }
            return Ok(match (a.is_infinite(), b.is_infinite()) {
                (true, true) => Dec::invalid(INVALID_OPERATION, status),
                (true, false) => Dec::infinity(negative),
                _ => Dec::zero(negative, 0),
            });
        }
        if b.is_zero() {
            if a.is_zero() {
                return Ok(Dec::invalid(DIVISION_UNDEFINED, status));
            }
            *status |= DIVISION_BY_ZERO;
            return Ok(Dec::infinity(negative));
        }
        Dec::div_rem_finite(a, b, ctx, status)?.0.finish(ctx, status)
    }

    /// `a % b`, with the sign of `a`.
    pub fn rem(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
        if !a.is_finite() || !b.is_finite() {
            if let Some(nan) = Dec::nan_of(&[a, b], ctx, status) {
                return Ok(nan);
            }
            if a.is_infinite() {
                return Ok(Dec::invalid(INVALID_OPERATION, status));
            }
            return a.clone().finish(ctx, status);
        }
        if b.is_zero() {
            let condition = if a.is_zero() { DIVISION_UNDEFINED } else { INVALID_OPERATION };
            return Ok(Dec::invalid(condition, status));
        }
        Dec::div_rem_finite(a, b, ctx, status)?.1.finish(ctx, status)
    }

    /// `divmod(a, b)`
    pub fn div_mod(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<(Dec, Dec)> {
        let negative = a.negative != b.negative;
        if !a.is_finite() || !b.is_finite() {
            if let Some(nan) = Dec::nan_of(&[a, b], ctx, status) {
                return Ok((nan.clone(), nan));
            }
            if a.is_infinite() {
                let quotient = if b.is_infinite() { Dec::nan() } else { Dec::infinity(negative) };
                return Ok((quotient, Dec::invalid(INVALID_OPERATION, status)));
            }
            return Ok((Dec::zero(negative, 0), a.clone().finish(ctx, status)?));
        }
        if b.is_zero() {
            if a.is_zero() {
                return Ok((Dec::nan(), Dec::invalid(DIVISION_UNDEFINED, status)));
            }
            *status |= DIVISION_BY_ZERO;
            return Ok((Dec::infinity(negative), Dec::invalid(INVALID_OPERATION, status)));
        }
        let (quotient, rest) = Dec::div_rem_finite(a, b, ctx, status)?;
        Ok((quotient.finish(ctx, status)?, rest.finish(ctx, status)?))
    }

    /// The rest that is nearest to zero.
    pub fn rem_near(a: &Dec, b: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
        if !a.is_finite() || !b.is_finite() || b.is_zero() {
            return Dec::rem(a, b, ctx, status);
        }
        let (quotient, rest) = Dec::div_rem_finite(a, b, ctx, status)?;
        if !rest.is_finite() || rest.is_zero() || b.adjusted() - rest.adjusted() > 1 {
            return rest.finish(ctx, status);
        }
        let divisor = b.coef.shifted_left((b.exp - rest.exp) as u64)?;
        let up = match rest.coef.add(&rest.coef)?.compare(&divisor) {
            Ordering::Greater => true,
            Ordering::Equal => quotient.coef.is_odd(),
            Ordering::Less => false,
        };
        if !up {
            return rest.finish(ctx, status);
        }
        let mut next = quotient.coef;
        next.increment()?;
        if next.digits() as i64 > ctx.prec {
            return Ok(Dec::invalid(DIVISION_IMPOSSIBLE, status));
        }
        Dec::new(!rest.negative, divisor.sub(&rest.coef)?, rest.exp).finish(ctx, status)
    }

    pub fn fma(a: &Dec, b: &Dec, c: &Dec, ctx: &Ctx, status: &mut u32) -> Result<Dec> {
        let mut work = 0;
        let product = Dec::mul_exact(a, b, ctx, &mut work)?;
        *status |= work;
        if work & INVALID_OPERATION != 0 { Ok(product) } else { Dec::add(&product, c, ctx, status) }
    }

    // ---- comparison

    /// Compares numbers that are no NaNs by value.
    pub fn order(a: &Dec, b: &Dec) -> Result<Ordering> {
        let sign = |x: &Dec| if x.is_zero() { 0 } else { 1 - 2 * i32::from(x.negative) };
        let (sign_a, sign_b) = (sign(a), sign(b));
        if sign_a != sign_b || sign_a == 0 {
            return Ok(sign_a.cmp(&sign_b));
        }
        let order = Dec::order_abs(a, b)?;
        Ok(if a.negative { order.reverse() } else { order })
    }

    /// Compares the magnitudes of numbers that are no NaNs.
    pub fn order_abs(a: &Dec, b: &Dec) -> Result<Ordering> {
        if a.is_infinite() || b.is_infinite() {
            return Ok(a.is_infinite().cmp(&b.is_infinite()));
        }
        match (a.coef.is_zero(), b.coef.is_zero()) {
            (false, false) => {}
            (zero_a, zero_b) => return Ok(zero_b.cmp(&zero_a)),
        }
        match a.adjusted().cmp(&b.adjusted()) {
            Ordering::Equal => a.coef.compare_aligned(&b.coef),
            order => Ok(order),
        }
    }

    /// The total order of the specification, in which every representation has its place.
    pub fn order_total(a: &Dec, b: &Dec) -> Result<Ordering> {
        if a.negative != b.negative {
            return Ok(b.negative.cmp(&a.negative));
        }
        let rank = |x: &Dec| match x.kind {
            Kind::Finite => 0,
            Kind::Infinite => 1,
            Kind::Signaling => 2,
            Kind::Quiet => 3,
        };
        let order = match rank(a).cmp(&rank(b)) {
            Ordering::Equal if a.is_nan() => a.coef.compare(&b.coef),
            Ordering::Equal if a.is_infinite() => Ordering::Equal,
            Ordering::Equal => match Dec::order_abs(a, b)? {
                Ordering::Equal => a.exp.cmp(&b.exp),
                order => order,
            },
            order => order,
        };
        Ok(if a.negative { order.reverse() } else { order })
    }
}
