//! Integer to text.

use crate::BigInt;
use crate::int::long;
use crate::pacer::{Unpaced, finish};
use num_bigint::{BigUint, Sign};

/// `str(a)`. Subquadratic, but in one go: see `long::to_decimal` for numbers of more than 20,000 digits.
pub fn to_decimal(a: &BigInt) -> String {
    if let Ok(small) = i64::try_from(a) {
        let mut buffer = [0; 20];
        return small_to_decimal(small, &mut buffer).to_owned();
    }
    if a.bits() > long::DECIMAL_LEAF_BITS {
        return finish(long::to_decimal(&Unpaced, a));
    }
    let mut out = Vec::with_capacity(a.bits() as usize / 3 + 12);
    if a.sign() == Sign::Minus {
        out.push(b'-');
    }
    push_decimal_leaf(a.magnitude().to_u32_digits(), &mut out, 0);
    into_text(out)
}

/// The digits are ASCII, so this can't fail.
pub(crate) fn into_text(ascii: Vec<u8>) -> String {
    String::from_utf8(ascii).unwrap_or_default()
}

/// The decimal text of a machine-sized integer, written into the end of the buffer.
pub fn small_to_decimal(value: i64, buffer: &mut [u8; 20]) -> &str {
    let mut at = buffer.len();
    let mut rest = value.unsigned_abs();
    loop {
        at -= 1;
        buffer[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        at -= 1;
        buffer[at] = b'-';
    }
    std::str::from_utf8(&buffer[at..]).unwrap_or("")
}

/// The base of the chunks that decimal digits are made in.
const CHUNK: u64 = 1_000_000_000;

/// Appends the number's decimal digits, zeros in front up to `width`. Quadratic.
pub(crate) fn push_decimal_leaf(mut limbs: Vec<u32>, out: &mut Vec<u8>, width: usize) {
    let mut chunks: Vec<u32> = Vec::with_capacity(limbs.len() * 32 / 29 + 4);
    while let Some(top) = limbs.last() {
        if *top == 0 {
            limbs.pop();
            continue;
        }
        // Four divisions in one pass: they overlap, since each needs only the other's last quotient limb.
        let mut rest = [0u64; 4];
        for limb in limbs.iter_mut().rev() {
            let mut digit = u64::from(*limb);
            for rest in &mut rest {
                let value = (*rest << 32) | digit;
                digit = value / CHUNK;
                *rest = value - digit * CHUNK;
            }
            *limb = digit as u32;
        }
        chunks.extend(rest.map(|rest| rest as u32));
    }
    while chunks.last() == Some(&0) {
        chunks.pop();
    }
    let top = chunks.pop().unwrap_or(0);
    let mut buffer = [0; 20];
    let text = small_to_decimal(i64::from(top), &mut buffer);
    let text = if top == 0 && width > 0 { "" } else { text };
    let len = text.len() + chunks.len() * 9;
    out.resize(out.len() + width.saturating_sub(len), b'0');
    out.extend_from_slice(text.as_bytes());
    for &chunk in chunks.iter().rev() {
        let mut digits = [b'0'; 9];
        let mut rest = chunk;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        out.extend_from_slice(&digits);
    }
}

/// The text in base 2 to 36, lower case, with a minus sign where negative, without prefix.
/// `hex`, `oct` and `bin` are this with base 16, 8 and 2. Bases that aren't powers of two, but for 10, take quadratic time.
pub fn to_radix(a: &BigInt, radix: u32) -> String {
    if radix == 10 {
        return to_decimal(a);
    }
    // Least significant digit first.
    let limbs = a.magnitude().to_u32_digits();
    let mut out = if radix.is_power_of_two() {
        bit_digits(&limbs, radix.trailing_zeros())
    } else {
        digits_by_division(limbs, radix.clamp(2, 36))
    };
    while out.last() == Some(&b'0') {
        out.pop();
    }
    if out.is_empty() {
        out.push(b'0');
    }
    if a.sign() == Sign::Minus {
        out.push(b'-');
    }
    out.reverse();
    into_text(out)
}

fn digit(value: u32) -> u8 {
    b"0123456789abcdefghijklmnopqrstuvwxyz"[value as usize]
}

fn bit_digits(limbs: &[u32], bits: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(limbs.len() * 32 / bits as usize + 3);
    let (mut acc, mut filled) = (0u64, 0);
    for &limb in limbs {
        acc |= u64::from(limb) << filled;
        filled += 32;
        while filled >= bits {
            out.push(digit(acc as u32 & ((1 << bits) - 1)));
            acc >>= bits;
            filled -= bits;
        }
    }
    out.push(digit(acc as u32));
    out
}

fn digits_by_division(mut limbs: Vec<u32>, radix: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let chunk_digits = u32::MAX.ilog(radix);
    let chunk = u64::from(radix.pow(chunk_digits));
    while let Some(top) = limbs.last() {
        if *top == 0 {
            limbs.pop();
            continue;
        }
        let mut rest = 0;
        for limb in limbs.iter_mut().rev() {
            let value = rest << 32 | u64::from(*limb);
            *limb = (value / chunk) as u32;
            rest = value % chunk;
        }
        for _ in 0..chunk_digits {
            out.push(digit((rest % u64::from(radix)) as u32));
            rest /= u64::from(radix);
        }
    }
    out
}

/// A lower bound of the number of decimal digits, for the check against `sys.get_int_max_str_digits()` before a conversion
/// that would take long; [`exceeds_digits`] is exact.
pub fn decimal_digits_at_least(a: &BigInt) -> usize {
    // log10(2) = 0.30102999566...
    let bits = a.bits().saturating_sub(1);
    (u128::from(bits) * 301_029_995 / 1_000_000_000) as usize + 1
}

/// Whether `str(a)` has more than `max_digits` digits; 0 is no limit.
pub fn exceeds_digits(a: &BigInt, max_digits: usize) -> bool {
    if max_digits == 0 || a.bits() <= max_digits as u64 * 3 {
        return false;
    }
    if decimal_digits_at_least(a) > max_digits {
        return true;
    }
    // One less than a power of ten apart at most: decide exactly.
    (a.bits() + 2) * 30103 / 100_000 + 1 > max_digits as u64
        && *a.magnitude() >= BigUint::from(10u32).pow(max_digits as u32)
}
