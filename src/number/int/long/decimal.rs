//! Conversion to decimal text in slices: halved by division by powers of ten, level by level.

use super::div::{Reciprocal, divmod_magnitude};
use super::mul::{limbs, mul_magnitude};
use crate::int::{into_text, push_decimal_leaf};
use crate::pacer::{Halt, Pacer, Work, reserve, tick, vec_with_capacity};
use crate::{BigInt, BigUint};
use num_bigint::Sign;
use num_integer::Integer;

/// Up to so many bits, conversion to decimal is schoolbook work.
pub const DECIMAL_LEAF_BITS: u64 = 1200;
/// The most digits of a leaf.
const LEAF_DIGITS: usize = 350;
/// Below so many limbs, num-bigint's division beats a reciprocal.
const RECIPROCAL_LIMBS: usize = 2000;

/// A power of ten to divide by.
struct Power {
    value: BigUint,
    /// Shift that makes its top bit fill a limb, and the reciprocal of the shifted value.
    reciprocal: Option<(u64, Reciprocal)>,
}

impl Power {
    async fn new(pacer: &dyn Pacer, value: BigUint) -> Result<Power, Halt> {
        if limbs(&value) < RECIPROCAL_LIMBS {
            return Ok(Power { value, reciprocal: None });
        }
        let shift = limbs(&value) as u64 * 32 - value.bits();
        let reciprocal = Reciprocal::new(pacer, &value << shift).await?;
        Ok(Power { value, reciprocal: Some((shift, reciprocal)) })
    }

    async fn divide(&self, pacer: &dyn Pacer, a: &BigUint) -> Result<(BigUint, BigUint), Halt> {
        match &self.reciprocal {
            Some((shift, reciprocal)) => {
                let (quotient, rest) = reciprocal.divide(pacer, &(a << *shift)).await?;
                Ok((quotient, rest >> *shift))
            }
            None => {
                tick(pacer, limbs(a) as u32 * 4).await?;
                Ok(a.div_rem(&self.value))
            }
        }
    }
}

/// `str(a)`
#[inline(never)]
pub fn to_decimal<'a>(pacer: &'a dyn Pacer, a: &'a BigInt) -> Work<'a, String> {
    Box::pin(async move {
        let digits = (a.bits() as f64 * std::f64::consts::LOG10_2) as usize + 2;
        reserve(pacer, limbs(a.magnitude()) * 24)?;
        let mut out = vec_with_capacity(pacer, digits + 1)?;
        if a.sign() == Sign::Minus {
            out.push(b'-');
        }
        // The digits are halved `levels` times: powers 10**(leaf * 2**i), the last of half the number's digits.
        let levels = digits.div_ceil(LEAF_DIGITS).next_power_of_two().trailing_zeros();
        let leaf = digits.div_ceil(1 << levels);
        let mut values = vec_with_capacity(pacer, levels as usize)?;
        let mut value = BigUint::from(10u32).pow(leaf as u32);
        for _ in 1..levels {
            let square = mul_magnitude(pacer, &value, &value).await?;
            values.push(std::mem::replace(&mut value, square));
        }
        if levels > 0 {
            values.push(value);
        }
        // From the top; the leading piece may vanish.
        let mut pieces = vec![a.magnitude().clone()];
        for value in values.into_iter().rev() {
            if pieces.len() == 1 {
                let (high, low) = divmod_magnitude(pacer, &pieces[0], &value).await?;
                pieces = if high == BigUint::ZERO { vec![low] } else { vec![high, low] };
                continue;
            }
            let power = Power::new(pacer, value).await?;
            let mut next = vec_with_capacity(pacer, 2 * pieces.len() + 1)?;
            for (i, piece) in pieces.into_iter().enumerate() {
                let (high, low) = power.divide(pacer, &piece).await?;
                if i > 0 || high != BigUint::ZERO {
                    next.push(high);
                }
                next.push(low);
            }
            pieces = next;
        }
        for (i, piece) in pieces.into_iter().enumerate() {
            let start = out.len();
            push_decimal_leaf(piece.to_u32_digits(), &mut out, if i == 0 { 0 } else { leaf });
            tick(pacer, if out.len() == start { 1 } else { 500 }).await?;
        }
        Ok(into_text(out))
    })
}
