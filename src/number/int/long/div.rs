//! Division in slices: by Barrett's method with a reciprocal from Newton's iteration, so that it costs a few
//! multiplications.

use super::is_long_div;
use super::mul::{NTT_LIMBS, limbs, mul_magnitude};
use super::ntt::{self, Spectrum};
use crate::pacer::{Halt, Pacer, Work, reserve, tick};
use crate::{BigInt, BigUint};
use num_bigint::Sign;
use num_integer::Integer;
use num_traits::{One, Zero};

/// Up to so many limbs, reciprocals come from num-bigint's division.
const NEWTON_LIMBS: usize = 64;

/// `divmod(a, b)`: floored quotient, remainder with the divisor's sign. None when `b` is zero.
#[inline(never)]
pub fn divmod<'a>(pacer: &'a dyn Pacer, a: &'a BigInt, b: &'a BigInt) -> Work<'a, Option<(BigInt, BigInt)>> {
    Box::pin(async move {
        if b.is_zero() {
            return Ok(None);
        }
        let (quotient, rest) = divmod_magnitude(pacer, a.magnitude(), b.magnitude()).await?;
        let negative = (a.sign() == Sign::Minus) != (b.sign() == Sign::Minus);
        let (quotient, rest) =
            if negative && !rest.is_zero() { (quotient + 1u32, b.magnitude() - rest) } else { (quotient, rest) };
        let quotient_sign = if negative { Sign::Minus } else { Sign::Plus };
        Ok(Some((BigInt::from_biguint(quotient_sign, quotient), BigInt::from_biguint(b.sign(), rest))))
    })
}

/// `a % b` of magnitudes; zero when `b` is.
#[inline(never)]
pub fn rem_magnitude<'a>(pacer: &'a dyn Pacer, a: &'a BigUint, b: &'a BigUint) -> Work<'a, BigUint> {
    Box::pin(async move {
        if b.is_zero() {
            return Ok(BigUint::ZERO);
        }
        Ok(divmod_magnitude(pacer, a, b).await?.1)
    })
}

/// Quotient and remainder of magnitudes, `b` not zero.
pub(super) async fn divmod_magnitude(pacer: &dyn Pacer, a: &BigUint, b: &BigUint) -> Result<(BigUint, BigUint), Halt> {
    if a < b {
        return Ok((BigUint::ZERO, a.clone()));
    }
    let n = limbs(b);
    if !is_long_div(a.bits(), b.bits()) || n < NEWTON_LIMBS {
        tick(pacer, 1 + (limbs(a) * n.min(limbs(a) - n + 1) / 16) as u32).await?;
        return Ok(a.div_rem(b));
    }
    reserve(pacer, limbs(a) * 16)?;
    let shift = n as u64 * 32 - b.bits();
    let (a, b) = (a << shift, b << shift);
    tick(pacer, limbs(&a) as u32 / 4).await?;
    let quotient_limbs = limbs(&a) - n + 1;
    let (quotient, rest) = if quotient_limbs + 2 < n {
        // A short quotient depends on the leading limbs only, but for a few units.
        let drop = 32 * (n - quotient_limbs - 2) as u64;
        let divisor = Reciprocal::new(pacer, &b >> drop).await?;
        let (quotient, _) = divisor.divide(pacer, &(&a >> drop)).await?;
        let product = mul_magnitude(pacer, &quotient, &b).await?;
        settle(&b, BigInt::from(quotient), BigInt::from(a) - BigInt::from(product))
    } else {
        let divisor = Reciprocal::new(pacer, b).await?;
        let digits = a.to_u32_digits();
        let mut quotient = vec![0; digits.len()];
        let mut rest = BigUint::ZERO;
        for (i, part) in digits.chunks(n).enumerate().rev() {
            let block = (rest << (32 * part.len() as u64)) | BigUint::from_slice(part);
            let (digit, left) = divisor.divide(pacer, &block).await?;
            let digit = digit.to_u32_digits();
            quotient[i * n..i * n + digit.len()].copy_from_slice(&digit);
            rest = left;
        }
        (BigUint::new(quotient), rest)
    };
    Ok((quotient, rest >> shift))
}

/// Corrects a quotient that is off by a few units.
fn settle(divisor: &BigUint, mut quotient: BigInt, mut rest: BigInt) -> (BigUint, BigUint) {
    let divisor = BigInt::from(divisor.clone());
    while rest.sign() == Sign::Minus {
        quotient -= 1;
        rest += &divisor;
    }
    while rest >= divisor {
        quotient += 1;
        rest -= &divisor;
    }
    (quotient.into_parts().1, rest.into_parts().1)
}

/// A divisor whose top bit fills a limb, with its reciprocal, for divisions of numbers up to twice as long.
pub(super) struct Reciprocal {
    divisor: BigUint,
    /// Limbs of the divisor.
    n: usize,
    /// `2**(64 * n) / divisor`, a few units off.
    inverse: BigUint,
    /// The transforms of inverse and divisor, where that pays.
    spectra: Option<(Spectrum, Spectrum)>,
}

impl Reciprocal {
    /// Computes the reciprocal by Newton's iteration, doubling the length each time.
    pub(super) async fn new(pacer: &dyn Pacer, divisor: BigUint) -> Result<Reciprocal, Halt> {
        let n = limbs(&divisor);
        let mut lengths = Vec::new();
        let mut m = n;
        while m > NEWTON_LIMBS {
            lengths.push(m);
            m = m / 2 + 2;
        }
        let top = |k: usize| &divisor >> (32 * (n - k) as u64);
        let mut inverse = (BigUint::one() << (64 * m as u64)) / top(m);
        while let Some(k) = lengths.pop() {
            // With B = 2**32, d the top k limbs of the divisor, x = inverse: x' = x * B**(k-m) + x * e / B**(2m), where
            // e = B**(k+m) - d * x; of e only the top limbs count.
            let (error, step);
            let keep = 32 * (m as u64 - 1);
            if uses_spectra(k) {
                // The product is known to be near B**(k+m), so it may be computed modulo a smaller number.
                let spectrum = Spectrum::new(pacer, &inverse.to_u32_digits(), k + 4).await?;
                let product = spectrum.multiply(pacer, &top(k).to_u32_digits()).await?;
                let size = spectrum.modulus_limbs();
                let one = BigUint::one() << (32 * ((k + m) % size) as u64);
                error = difference(one, BigUint::new(product), size) >> keep;
                step = BigUint::new(spectrum.multiply(pacer, &error.magnitude().to_u32_digits()).await?);
            } else {
                let product = BigInt::from(mul_magnitude(pacer, &top(k), &inverse).await?);
                error = ((BigInt::one() << (32 * (k + m) as u64)) - product) >> keep;
                step = mul_magnitude(pacer, error.magnitude(), &inverse).await?;
            }
            let step = step >> (32 * (m as u64 + 1));
            inverse <<= 32 * (k - m) as u64;
            if error.sign() == Sign::Minus {
                inverse -= step;
            } else {
                inverse += step;
            }
            tick(pacer, k as u32 / 2).await?;
            m = k;
        }
        let mut spectra = None;
        if uses_spectra(n) {
            let of_inverse = Spectrum::new(pacer, &inverse.to_u32_digits(), 2 * n + 3).await?;
            spectra = Some((of_inverse, Spectrum::new(pacer, &divisor.to_u32_digits(), n + 4).await?));
        }
        Ok(Reciprocal { divisor, n, inverse, spectra })
    }

    /// Quotient and remainder of a number below `divisor * 2**(32 * n)`.
    pub(super) async fn divide(&self, pacer: &dyn Pacer, a: &BigUint) -> Result<(BigUint, BigUint), Halt> {
        if *a < self.divisor {
            return Ok((BigUint::ZERO, a.clone()));
        }
        let n = self.n as u64;
        let top = a >> (32 * (n - 1));
        let drop = 32 * (n + 1);
        let (estimate, rest);
        if let Some((of_inverse, of_divisor)) = &self.spectra {
            estimate = BigUint::new(of_inverse.multiply(pacer, &top.to_u32_digits()).await?) >> drop;
            let product = BigUint::new(of_divisor.multiply(pacer, &estimate.to_u32_digits()).await?);
            let size = of_divisor.modulus_limbs();
            rest = difference(fold(a, size), product, size);
            tick(pacer, n as u32).await?;
        } else {
            estimate = mul_magnitude(pacer, &top, &self.inverse).await? >> drop;
            let product = mul_magnitude(pacer, &estimate, &self.divisor).await?;
            rest = BigInt::from(a.clone()) - BigInt::from(product);
        }
        Ok(settle(&self.divisor, BigInt::from(estimate), rest))
    }
}

/// Whether operands of so many limbs are multiplied by transforms that are worth keeping.
fn uses_spectra(limbs: usize) -> bool {
    limbs >= NTT_LIMBS && 2 * limbs + 3 <= ntt::MAX_LEN / 2
}

/// `a` modulo `2**(32 * size) - 1`, not fully reduced.
fn fold(a: &BigUint, size: usize) -> BigUint {
    let mut sum = BigUint::ZERO;
    for part in a.to_u32_digits().chunks(size) {
        sum += BigUint::from_slice(part);
    }
    sum
}

/// The number of least size that is `a - b` modulo `2**(32 * size) - 1`, for operands of hardly more bits.
fn difference(a: BigUint, b: BigUint, size: usize) -> BigInt {
    let bits = 32 * size as u64;
    let mut difference = BigInt::from(a) - BigInt::from(b);
    while difference.bits() >= bits {
        let modulus = (BigInt::one() << bits) - 1;
        if difference.sign() == Sign::Minus {
            difference += modulus;
        } else {
            difference -= modulus;
        }
    }
    difference
}
