//! Multiplication in slices.

use super::{is_long_mul, ntt};
use crate::pacer::{Halt, Pacer, Work, reserve, tick, vec_with_capacity};
use crate::{BigInt, BigUint};
use num_bigint::Sign;

/// From so many limbs of the shorter factor on, transforms are faster than num-bigint.
pub(super) const NTT_LIMBS: usize = 2500;
/// Limb products in one leaf, roughly: about half a millisecond.
const LEAF_LIMBS: usize = 2000;

/// `a * b`
#[inline(never)]
pub fn mul<'a>(pacer: &'a dyn Pacer, a: &'a BigInt, b: &'a BigInt) -> Work<'a, BigInt> {
    Box::pin(async move {
        let magnitude = mul_magnitude(pacer, a.magnitude(), b.magnitude()).await?;
        let sign = if a.sign() == b.sign() { Sign::Plus } else { Sign::Minus };
        Ok(BigInt::from_biguint(sign, magnitude))
    })
}

/// `a * a`
#[inline(never)]
pub fn square<'a>(pacer: &'a dyn Pacer, a: &'a BigInt) -> Work<'a, BigInt> {
    Box::pin(async move {
        let magnitude = mul_magnitude(pacer, a.magnitude(), a.magnitude()).await?;
        Ok(BigInt::from_biguint(Sign::Plus, magnitude))
    })
}

/// `a * b` of magnitudes; passing the same number twice is faster.
pub(super) async fn mul_magnitude(pacer: &dyn Pacer, a: &BigUint, b: &BigUint) -> Result<BigUint, Halt> {
    let (a, b) = if a.bits() < b.bits() { (a, b) } else { (b, a) };
    if !is_long_mul(a.bits(), b.bits()) {
        // Between an addition's and half a millisecond's work.
        tick(pacer, 1 + (limbs(a) * limbs(b) / 64) as u32).await?;
        return Ok(a * b);
    }
    reserve(pacer, (limbs(a) + limbs(b)) * 8)?;
    let x = a.to_u32_digits();
    if std::ptr::eq(a, b) {
        return Ok(BigUint::new(balanced(pacer, &x, &x).await?));
    }
    let y = b.to_u32_digits();
    tick(pacer, y.len() as u32 / 8).await?;
    Ok(BigUint::new(mul_limbs(pacer, &x, &y).await?))
}

/// Number of 32-bit limbs.
pub(super) fn limbs(a: &BigUint) -> usize {
    a.bits().div_ceil(32) as usize
}

/// The product of `x` and the not shorter `y`.
async fn mul_limbs(pacer: &dyn Pacer, x: &[u32], y: &[u32]) -> Result<Vec<u32>, Halt> {
    if x.len() >= NTT_LIMBS && y.len() <= 3 * x.len() {
        return balanced(pacer, x, y).await;
    }
    // The longer one in pieces.
    let piece = if x.len() >= NTT_LIMBS {
        2 * x.len()
    } else {
        x.len().max(LEAF_LIMBS * LEAF_LIMBS / x.len().max(LEAF_LIMBS / 16))
    };
    let mut sum = zeros(pacer, x.len() + y.len())?;
    let left = BigUint::from_slice(x);
    for (i, part) in y.chunks(piece).enumerate() {
        if x.len() >= NTT_LIMBS && part.len() >= NTT_LIMBS {
            add_at(&mut sum, i * piece, &balanced(pacer, x, part).await?);
        } else {
            let product = &left * BigUint::from_slice(part);
            add_at(&mut sum, i * piece, &product.to_u32_digits());
        }
        tick(pacer, (x.len() * part.len() / 64) as u32).await?;
    }
    Ok(sum)
}

/// The product of factors of similar length.
async fn balanced(pacer: &dyn Pacer, x: &[u32], y: &[u32]) -> Result<Vec<u32>, Halt> {
    let shorter = x.len().min(y.len());
    if shorter < NTT_LIMBS {
        tick(pacer, (x.len() * y.len() / 64) as u32).await?;
        return Ok((BigUint::from_slice(x) * BigUint::from_slice(y)).to_u32_digits());
    }
    if shorter <= ntt::MAX_SHORTER && x.len() + y.len() <= ntt::MAX_LEN {
        return ntt::convolve(pacer, x, y).await;
    }
    // Too large for the transforms: schoolbook multiplication of huge pieces.
    let piece = ntt::MAX_LEN / 2;
    let mut sum = zeros(pacer, x.len() + y.len())?;
    for (i, part_x) in x.chunks(piece).enumerate() {
        for (j, part_y) in y.chunks(piece).enumerate() {
            let product = if part_x.len().min(part_y.len()) < NTT_LIMBS {
                (BigUint::from_slice(part_x) * BigUint::from_slice(part_y)).to_u32_digits()
            } else {
                ntt::convolve(pacer, part_x, part_y).await?
            };
            add_at(&mut sum, (i + j) * piece, &product);
            tick(pacer, piece as u32 / 8).await?;
        }
    }
    Ok(sum)
}

fn zeros(pacer: &dyn Pacer, len: usize) -> Result<Vec<u32>, Halt> {
    let mut limbs = vec_with_capacity(pacer, len)?;
    limbs.resize(len, 0);
    Ok(limbs)
}

/// `sum += part * 2**(32 * at)`; the sum has room for it.
fn add_at(sum: &mut [u32], at: usize, part: &[u32]) {
    let room = sum.get_mut(at..).unwrap_or_default();
    let (low, high) = room.split_at_mut(part.len().min(room.len()));
    let mut carry = 0u64;
    for (limb, part) in low.iter_mut().zip(part) {
        carry += u64::from(*limb) + u64::from(*part);
        *limb = carry as u32;
        carry >>= 32;
    }
    for limb in high {
        if carry == 0 {
            break;
        }
        carry += u64::from(*limb);
        *limb = carry as u32;
        carry >>= 32;
    }
}
