//! Division, powers, shifts, bits and roots with Python's signs.

use crate::BigInt;
use num_bigint::Sign;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// `divmod(a, b)`: the quotient is floored, the remainder has the divisor's sign. None when `b` is zero.
pub fn divmod(a: &BigInt, b: &BigInt) -> Option<(BigInt, BigInt)> {
    if b.is_zero() { None } else { Some(a.div_mod_floor(b)) }
}

/// `a // b`. None when `b` is zero.
pub fn floor_div(a: &BigInt, b: &BigInt) -> Option<BigInt> {
    if b.is_zero() { None } else { Some(a.div_floor(b)) }
}

/// `a % b`. None when `b` is zero.
pub fn floor_mod(a: &BigInt, b: &BigInt) -> Option<BigInt> {
    if b.is_zero() { None } else { Some(a.mod_floor(b)) }
}

/// `a ** exponent`. With larger exponents the result is 0, 1 or -1, see [`pow_trivial`], or too large for any memory.
pub fn pow(a: &BigInt, exponent: u32) -> BigInt {
    a.pow(exponent)
}

/// `a ** n` for `n > 0` where `a` is 0, 1 or -1; `even` tells whether `n` is.
pub fn pow_trivial(a: &BigInt, even: bool) -> Option<BigInt> {
    if a.is_zero() || a.is_one() {
        Some(a.clone())
    } else if a.magnitude().is_one() {
        Some(if even { BigInt::one() } else { a.clone() })
    } else {
        None
    }
}

/// An upper bound of the bits of `a ** exponent`, saturating.
pub fn pow_bits(a: &BigInt, exponent: u64) -> u64 {
    a.bits().saturating_mul(exponent)
}

/// Why `pow(a, b, m)` has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowModError {
    /// `m` is zero: "pow() 3rd argument cannot be 0".
    ZeroModulus,
    /// `b` is negative and `a` shares a factor with `m`: "base is not invertible for the given modulus".
    NotInvertible,
}

/// `pow(a, exponent, modulus)`: the result has the modulus' sign.
pub fn pow_mod(a: &BigInt, exponent: &BigInt, modulus: &BigInt) -> Result<BigInt, PowModError> {
    if modulus.is_zero() {
        return Err(PowModError::ZeroModulus);
    }
    let m = modulus.abs();
    let mut result = if m.is_one() {
        BigInt::zero()
    } else if exponent.is_negative() {
        let inverse = mod_inverse(a, &m).ok_or(PowModError::NotInvertible)?;
        inverse.modpow(&exponent.abs(), &m)
    } else {
        a.mod_floor(&m).modpow(exponent, &m)
    };
    if modulus.is_negative() && !result.is_zero() {
        result += modulus;
    }
    Ok(result)
}

/// The number `x` in `0..m` with `a * x % m == 1`, for `m > 0`; None where there is none. `mod_inverse(a, 1)` is 0.
pub fn mod_inverse(a: &BigInt, m: &BigInt) -> Option<BigInt> {
    if m.is_one() {
        return Some(BigInt::zero());
    }
    a.mod_floor(m).modinv(m)
}

/// Why a shift has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShiftError {
    /// "negative shift count"
    Negative,
    /// The result would not fit into memory (CPython: OverflowError "too many digits in integer", or MemoryError).
    TooLarge,
}

/// `a << count`. The caller checks the size of the result (`a.bits() + count`) against its memory limit first.
pub fn shift_left(a: &BigInt, count: &BigInt) -> Result<BigInt, ShiftError> {
    if count.is_negative() {
        return Err(ShiftError::Negative);
    }
    if a.is_zero() {
        return Ok(BigInt::zero());
    }
    match count.to_u32() {
        Some(count) => Ok(a << count),
        None => Err(ShiftError::TooLarge),
    }
}

/// `a >> count`, floored.
pub fn shift_right(a: &BigInt, count: &BigInt) -> Result<BigInt, ShiftError> {
    if count.is_negative() {
        return Err(ShiftError::Negative);
    }
    match count.to_u64() {
        Some(count) if count < a.bits() => Ok(a >> count),
        _ => Ok(if a.is_negative() { -BigInt::one() } else { BigInt::zero() }),
    }
}

/// `a.bit_count()`: the ones in the absolute value.
pub fn bit_count(a: &BigInt) -> u64 {
    a.magnitude().count_ones()
}

/// `math.isqrt(a)`. None for negative numbers.
pub fn isqrt(a: &BigInt) -> Option<BigInt> {
    if a.is_negative() {
        return None;
    }
    if let Some(small) = a.to_u64() {
        return Some(BigInt::from(small.isqrt()));
    }
    // Zimmermann's adaptive scheme: the precision of the root roughly doubles with every step, so that the divisions get
    // large only at the end; one correction at the end makes it exact.
    let c = (a.bits() - 1) / 2;
    let mut root = BigInt::one();
    let mut d = 0u64;
    for s in (0..64 - c.leading_zeros()).rev() {
        let e = d;
        d = c >> s;
        let shift = 2 * c - e - d + 1;
        let shifted: BigInt = a >> shift;
        root = (&root << (d - e - 1)) + shifted / &root;
    }
    if &(&root * &root) > a {
        root -= 1;
    }
    Some(root)
}

/// `round(a, -digits)` for `digits > 0`: to a multiple of `10**digits`, half to even.
pub fn round_to_power_of_ten(a: &BigInt, digits: u64) -> BigInt {
    // 10**digits is more than twice |a|: nothing is left.
    if digits > a.bits() / 3 + 2 {
        return BigInt::zero();
    }
    let unit = BigInt::from(10).pow(digits as u32);
    let (quotient, remainder) = a.div_mod_floor(&unit);
    let twice: BigInt = &remainder << 1;
    let up = match twice.cmp(&unit) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => quotient.is_odd(),
    };
    let below = a - remainder;
    if up { below + unit } else { below }
}

/// Whether the number is negative.
pub fn is_negative(a: &BigInt) -> bool {
    a.sign() == Sign::Minus
}
