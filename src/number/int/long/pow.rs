//! Powers in slices.

use super::div::divmod_magnitude;
use super::mul::{limbs, mul_magnitude};
use super::{divmod, is_long_pow_mod};
use crate::int::{self, PowModError};
use crate::pacer::{Halt, Pacer, Work, reserve, tick};
use crate::{BigInt, BigUint};
use num_bigint::Sign;
use num_traits::{One, Signed, Zero};

/// `a ** exponent`
#[inline(never)]
pub fn pow<'a>(pacer: &'a dyn Pacer, a: &'a BigInt, exponent: u64) -> Work<'a, BigInt> {
    Box::pin(async move {
        if exponent == 0 {
            return Ok(BigInt::one());
        }
        if let Some(trivial) = int::pow_trivial(a, exponent.is_multiple_of(2)) {
            return Ok(trivial);
        }
        let magnitude = pow_magnitude(pacer, a.magnitude(), exponent).await?;
        let sign = if a.sign() == Sign::Minus && exponent % 2 == 1 { Sign::Minus } else { Sign::Plus };
        Ok(BigInt::from_biguint(sign, magnitude))
    })
}

/// `a ** exponent` for `a > 1`, `exponent > 0`.
async fn pow_magnitude(pacer: &dyn Pacer, a: &BigUint, exponent: u64) -> Result<BigUint, Halt> {
    // Powers of two are shifts: 10**n is 5**n << n.
    let zeros = a.trailing_zeros().unwrap_or(0);
    let odd = a >> zeros;
    // Refuse what can't be stored before working for it: the result has more than (bits - 1) * exponent bits.
    let least_bits = u128::from(a.bits() - 1) * u128::from(exponent);
    let bytes = usize::try_from(least_bits / 8).map_err(|_| Halt::OutOfMemory)?;
    reserve(pacer, bytes)?;
    let mut result = odd.clone();
    if !odd.is_one() {
        for i in (0..63 - exponent.leading_zeros()).rev() {
            result = mul_magnitude(pacer, &result, &result).await?;
            if exponent >> i & 1 == 1 {
                result = if limbs(&odd) == 1 {
                    tick(pacer, limbs(&result) as u32 / 8).await?;
                    result * &odd
                } else {
                    mul_magnitude(pacer, &result, &odd).await?
                };
            }
        }
    }
    if zeros > 0 {
        reserve(pacer, bytes)?;
        let shift = zeros.checked_mul(exponent).ok_or(Halt::OutOfMemory)?;
        result <<= shift;
        tick(pacer, limbs(&result) as u32 / 8).await?;
    }
    Ok(result)
}

/// `pow(a, exponent, modulus)`
#[inline(never)]
pub fn pow_mod<'a>(
    pacer: &'a dyn Pacer,
    a: &'a BigInt,
    exponent: &'a BigInt,
    modulus: &'a BigInt,
) -> Work<'a, Result<BigInt, PowModError>> {
    Box::pin(async move {
        if !is_long_pow_mod(exponent.bits(), modulus.bits()) || modulus.is_zero() {
            tick(pacer, 1000).await?;
            return Ok(int::pow_mod(a, exponent, modulus));
        }
        let m = modulus.abs();
        let mut base = divmod(pacer, a, &m).await?.map(|(_, rest)| rest).unwrap_or_default();
        if exponent.is_negative() {
            match int::mod_inverse(&base, &m) {
                Some(inverse) => base = inverse,
                None => return Ok(Err(PowModError::NotInvertible)),
            }
        }
        let (base, m) = (base.magnitude(), m.magnitude());
        // Four bits of the exponent at a time.
        let mut powers = vec![BigUint::one() % m, base.clone()];
        for i in 2..16 {
            let product = mul_magnitude(pacer, &powers[i - 1], base).await?;
            powers.push(divmod_magnitude(pacer, &product, m).await?.1);
        }
        let digits = exponent.magnitude().to_u32_digits();
        let mut result = powers[0].clone();
        for place in (0..digits.len() * 8).rev() {
            let digit = digits[place / 8] >> (place % 8 * 4) & 15;
            for _ in 0..4 {
                let square = mul_magnitude(pacer, &result, &result).await?;
                result = divmod_magnitude(pacer, &square, m).await?.1;
            }
            if digit != 0 {
                let product = mul_magnitude(pacer, &result, &powers[digit as usize]).await?;
                result = divmod_magnitude(pacer, &product, m).await?.1;
            }
        }
        let mut result = BigInt::from(result);
        if modulus.is_negative() && !result.is_zero() {
            result += modulus;
        }
        Ok(Ok(result))
    })
}

/// `math.isqrt(a)`; None for negative numbers.
#[inline(never)]
pub fn isqrt<'a>(pacer: &'a dyn Pacer, a: &'a BigInt) -> Work<'a, Option<BigInt>> {
    Box::pin(async move {
        if a.bits() < int::LONG_BITS || a.is_negative() {
            return Ok(int::isqrt(a));
        }
        // As int::isqrt: each step doubles the bits of the root, divides by it once, and the last is corrected.
        let a = a.magnitude();
        let c = (a.bits() - 1) / 2;
        let mut root = BigUint::one();
        let mut d = 0u64;
        for s in (0..64 - c.leading_zeros()).rev() {
            let e = d;
            d = c >> s;
            let shifted = a >> (2 * c - e - d + 1);
            let quotient = divmod_magnitude(pacer, &shifted, &root).await?.0;
            root = (root << (d - e - 1)) + quotient;
            tick(pacer, limbs(&root) as u32 / 4).await?;
        }
        if mul_magnitude(pacer, &root, &root).await? > *a {
            root -= 1u32;
        }
        Ok(Some(BigInt::from(root)))
    })
}
