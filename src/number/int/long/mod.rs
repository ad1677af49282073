//! Big-integer work in slices, so that a frame is drawn and Stop is heard while `10**10**7` is computed.
//!
//! Every function is an `async fn` over a [`Pacer`](crate::pacer::Pacer): it ticks at least every few hundred microseconds
//! and reserves before it allocates. There is no recursion; divide and conquer runs level by level. Leaves are num-bigint's.
//!
//! The estimates `is_long_*` say when the sliced variant is worth its overhead; below, the synchronous functions of
//! [`int`](crate::int) take about a millisecond at most.

mod product;

pub use product::*;

use crate::int::{Literal, leaf_value};
use crate::pacer::{Halt, Pacer, reserve, tick};
use crate::{BigInt, BigUint};
use num_traits::Zero;

/// Whether `a * b` should be computed by [`mul`], from the operands' bits.
pub fn is_long_mul(a_bits: u64, b_bits: u64) -> bool {
    a_bits.min(b_bits).saturating_mul(a_bits.max(b_bits)) > 1 << 32 && a_bits.max(b_bits) > 1 << 16
}

/// Whether `divmod(a, b)`, `a // b` or `a % b` should be computed by [`divmod`].
pub fn is_long_div(a_bits: u64, b_bits: u64) -> bool {
    let quotient = a_bits.saturating_sub(b_bits) + 1;
    a_bits > 1 << 16 && quotient.saturating_mul(b_bits) > 1 << 31
}

/// Whether `a ** exponent` should be computed by [`pow`].
pub fn is_long_pow(a_bits: u64, exponent: u64) -> bool {
    a_bits > 1 && a_bits.saturating_mul(exponent) > 1 << 16
}

/// Whether `pow(a, b, m)` should be computed by [`pow_mod`].
pub fn is_long_pow_mod(exponent_bits: u64, modulus_bits: u64) -> bool {
    modulus_bits.saturating_mul(modulus_bits).saturating_mul(exponent_bits) > 1 << 30
}

/// Whether `str(a)` should be computed by [`to_decimal`].
pub fn is_long_to_decimal(bits: u64) -> bool {
    bits > 1 << 15
}

/// Whether `int(text)` of so many digits should be computed by [`parse`].
pub fn is_long_parse(digits: usize) -> bool {
    digits > 10_000
}

/// Whether `math.gcd(a, b)` should be computed by [`gcd_long`](crate::int::gcd_long).
pub fn is_long_gcd(a_bits: u64, b_bits: u64) -> bool {
    a_bits.min(b_bits) > 1 << 14 || is_long_div(a_bits, b_bits)
}

/// Up to so many digits, parsing is schoolbook work.
pub const PARSE_LEAF_DIGITS: usize = 300;
/// Up to so many bits, conversion to decimal is schoolbook work.
pub const DECIMAL_LEAF_BITS: u64 = 2000;

/// `a * b`
pub async fn mul(pacer: &dyn Pacer, a: &BigInt, b: &BigInt) -> Result<BigInt, Halt> {
    reserve(pacer, ((a.bits() + b.bits()) / 8) as usize * 2)?;
    tick(pacer, 1000).await?;
    Ok(a * b)
}

/// `divmod(a, b)`; None when `b` is zero.
pub async fn divmod(pacer: &dyn Pacer, a: &BigInt, b: &BigInt) -> Result<Option<(BigInt, BigInt)>, Halt> {
    tick(pacer, 1000).await?;
    Ok(crate::int::divmod(a, b))
}

/// `a % b` of magnitudes, `b` not zero.
pub async fn rem_magnitude(pacer: &dyn Pacer, a: &BigUint, b: &BigUint) -> Result<BigUint, Halt> {
    tick(pacer, 1000).await?;
    Ok(if b.is_zero() { BigUint::ZERO } else { a % b })
}

/// `a ** exponent`
pub async fn pow(pacer: &dyn Pacer, a: &BigInt, exponent: u64) -> Result<BigInt, Halt> {
    reserve(pacer, (crate::int::pow_bits(a, exponent) / 8) as usize)?;
    tick(pacer, 1000).await?;
    Ok(crate::int::pow(a, exponent))
}

/// `str(a)`
pub async fn to_decimal(pacer: &dyn Pacer, a: &BigInt) -> Result<String, Halt> {
    tick(pacer, 1000).await?;
    Ok(a.to_str_radix(10))
}

/// The magnitude of a literal whose radix is no power of two.
pub async fn parse_magnitude(pacer: &dyn Pacer, literal: &Literal<'_>) -> Result<BigUint, Halt> {
    tick(pacer, 1000).await?;
    Ok(BigUint::new(leaf_value(literal.digits.iter().copied(), literal.radix)))
}
