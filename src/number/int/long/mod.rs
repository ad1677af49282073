//! Big-integer work in slices, so that a frame is drawn and Stop is heard while `10**10**7` is computed.
//!
//! Every function is asynchronous over a [`Pacer`](crate::pacer::Pacer): it ticks at least every few hundred microseconds
//! and reserves before it allocates. There is no recursion; divide and conquer runs level by level. Leaves are num-bigint's.
//!
//! [`Work`](crate::pacer::Work) is a boxed future: `long::pow(pacer, &a, n).await`.
//!
//! The estimates `is_long_*` say when the sliced variant is worth its overhead; below, the synchronous functions of
//! [`int`](crate::int) take about a millisecond at most.

mod decimal;
mod div;
mod mul;
mod ntt;
mod parse;
mod pow;
mod product;

pub use decimal::*;
pub use div::*;
pub use mul::*;
pub use parse::*;
pub use pow::*;
pub use product::*;

/// Whether `a * b` should be computed by [`mul`], from the operands' bits.
pub fn is_long_mul(a_bits: u64, b_bits: u64) -> bool {
    a_bits.min(b_bits).saturating_mul(a_bits.max(b_bits)) > 1 << 32 && a_bits.max(b_bits) > 1 << 16
}

/// Whether `divmod(a, b)`, `a // b` or `a % b` should be computed by [`divmod`].
pub fn is_long_div(a_bits: u64, b_bits: u64) -> bool {
    let quotient = a_bits.saturating_sub(b_bits) + 1;
    a_bits > 1 << 16 && quotient.saturating_mul(b_bits) > 1 << 32
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

/// Whether `math.factorial(n)` should be computed by [`factorial`].
pub fn is_long_factorial(n: u64) -> bool {
    n > 5000
}

/// Whether `math.comb(n, k)` and `math.perm(n, k)` should be computed by [`comb`] and [`perm`]; for `comb`, `k` is the smaller
/// of `k` and `n - k`.
pub fn is_long_comb(n_bits: u64, k: u64) -> bool {
    n_bits.saturating_mul(k) > 1 << 15
}

/// Whether `math.isqrt(a)` should be computed by [`isqrt`].
pub fn is_long_isqrt(bits: u64) -> bool {
    bits > 1 << 16
}
