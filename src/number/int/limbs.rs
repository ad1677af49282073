//! Sums and quotients of magnitudes in limbs of 32 bits.
//!
//! The page's module has 32-bit limbs, and its instruction set neither a carry nor a division of two limbs by one. So sums are made in
//! words of two limbs, and a division by one limb multiplies by the divisor's reciprocal (Möller and Granlund, "Improved division
//! by invariant integers", 2011).
//!
//! The functions are `#[inline]` so that they are compiled where they are called: for speed, unlike the rest of this crate.

use num_bigint::{BigInt, BigUint, Sign};

/// A divisor of one limb with what dividing by it needs.
pub struct Divisor {
    /// The divisor, shifted so that its top bit is set.
    normal: u32,
    shift: u32,
    reciprocal: u32,
}

impl Divisor {
    /// `divisor` is not zero.
    pub fn new(divisor: u32) -> Divisor {
        let shift = divisor.leading_zeros();
        let normal = divisor << shift;
        Divisor { normal, shift, reciprocal: (u64::MAX / u64::from(normal) - (1 << 32)) as u32 }
    }

    /// Quotient and remainder of `high * 2**32 + low`, where `high` is less than the shifted divisor.
    #[inline(always)]
    fn divide(&self, high: u32, low: u32) -> (u32, u32) {
        let estimate =
            (u64::from(self.reciprocal) * u64::from(high)).wrapping_add(u64::from(high) << 32 | u64::from(low));
        let mut quotient = ((estimate >> 32) as u32).wrapping_add(1);
        let mut rest = low.wrapping_sub(quotient.wrapping_mul(self.normal));
        // Half of the estimates are one too large: no branch, which nobody could predict.
        let too_large = u32::from(rest > estimate as u32).wrapping_neg();
        quotient = quotient.wrapping_add(too_large);
        rest = rest.wrapping_add(self.normal & too_large);
        if rest >= self.normal {
            quotient = quotient.wrapping_add(1);
            rest -= self.normal;
        }
        (quotient, rest)
    }

    /// Quotient and remainder of a magnitude.
    #[inline]
    pub fn divide_magnitude(&self, magnitude: &BigUint) -> (BigUint, u32) {
        let mut quotient = vec![0; magnitude.iter_u32_digits().len()];
        let mut digits = magnitude.iter_u32_digits().rev();
        let Some(mut limb) = digits.next() else { return (BigUint::ZERO, 0) };
        let shift = self.shift;
        // What is shifted out of the top; `>> 1` before the rest makes a shift of 32 give 0.
        let mut rest = limb >> 1 >> (31 - shift);
        for place in quotient.iter_mut().rev() {
            let below = digits.next().unwrap_or(0);
            (*place, rest) = self.divide(rest, limb << shift | below >> 1 >> (31 - shift));
            limb = below;
        }
        (BigUint::new(quotient), rest >> shift)
    }

    /// The remainder alone.
    pub fn remainder(&self, magnitude: &BigUint) -> u32 {
        let mut digits = magnitude.iter_u32_digits().rev();
        let Some(mut limb) = digits.next() else { return 0 };
        let shift = self.shift;
        let mut rest = limb >> 1 >> (31 - shift);
        for below in digits {
            rest = self.divide(rest, limb << shift | below >> 1 >> (31 - shift)).1;
            limb = below;
        }
        self.divide(rest, limb << shift).1 >> shift
    }
}

/// `number // divisor`, floored, for a divisor of one limb that is not zero.
#[inline]
pub fn floor_div_limb(number: &BigInt, divisor: u32) -> BigInt {
    let (quotient, rest) = Divisor::new(divisor).divide_magnitude(number.magnitude());
    match number.sign() {
        // Away from zero.
        Sign::Minus if rest != 0 => -BigInt::from(quotient + 1u32),
        Sign::Minus => -BigInt::from(quotient),
        _ => BigInt::from(quotient),
    }
}

/// `number % divisor`, floored, for a divisor of one limb that is not zero.
pub fn floor_mod_limb(number: &BigInt, divisor: u32) -> u32 {
    let rest = Divisor::new(divisor).remainder(number.magnitude());
    if rest != 0 && number.sign() == Sign::Minus { divisor - rest } else { rest }
}

/// The sum of two magnitudes.
#[inline]
pub fn add_magnitudes(x: &BigUint, y: &BigUint) -> BigUint {
    let (x, y) = if x.bits() < y.bits() { (y, x) } else { (x, y) };
    let (mut longer, shorter) = (x.iter_u32_digits(), y.iter_u32_digits());
    let mut sum = vec![0; longer.len() + 1];
    let mut places = sum.iter_mut();
    let mut carry = 0u64;
    for ((digit, other), place) in shorter.zip(longer.by_ref()).zip(places.by_ref()) {
        carry += u64::from(digit) + u64::from(other);
        *place = carry as u32;
        carry >>= 32;
    }
    for place in places {
        carry += u64::from(longer.next().unwrap_or(0));
        *place = carry as u32;
        carry >>= 32;
    }
    BigUint::new(sum)
}

/// `x + y`.
#[inline]
pub fn add(x: &BigInt, y: &BigInt) -> BigInt {
    if cfg!(target_pointer_width = "32") && x.sign() == y.sign() {
        return BigInt::from_biguint(x.sign(), add_magnitudes(x.magnitude(), y.magnitude()));
    }
    x + y
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers with long runs of equal bits, where carries and wrong estimates happen.
    fn numbers() -> Vec<BigUint> {
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let mut numbers = vec![BigUint::ZERO, BigUint::from(1u32), BigUint::from(u32::MAX), BigUint::from(u64::MAX)];
        for length in 1..40 {
            let limbs = (0..length).map(|_| match next() % 4 {
                0 => u32::MAX,
                1 => 0,
                2 => 1 << (next() % 32),
                _ => next() as u32,
            });
            numbers.push(BigUint::new(limbs.collect()));
        }
        numbers
    }

    #[test]
    fn sums() {
        for x in &numbers() {
            for y in &numbers() {
                assert_eq!(add_magnitudes(x, y), x + y);
            }
        }
    }

    #[test]
    fn quotients() {
        for divisor in [1, 2, 3, 10, 25, 239, 0xffff, 0x1_0000, 57121, 1_000_000_000, 1 << 31, (1 << 31) + 1, u32::MAX]
        {
            for magnitude in numbers() {
                for number in [BigInt::from(magnitude.clone()), -BigInt::from(magnitude)] {
                    let (quotient, rest) = (floor_div_limb(&number, divisor), floor_mod_limb(&number, divisor));
                    assert_eq!(&quotient * divisor + rest, number);
                    assert!(rest < divisor);
                }
            }
        }
    }
}
