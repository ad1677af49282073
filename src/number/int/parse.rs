//! Text to integer by the rules of `int(text, base)`: surrounding whitespace, one sign, a base prefix, single underscores
//! between digits.

use crate::BigInt;
use crate::int::long;
use crate::pacer::{Unpaced, finish};
use num_bigint::{BigUint, Sign};

/// Why a text is no integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseIntError {
    /// "invalid literal for int() with base ..."
    Invalid,
    /// More digits than `sys.set_int_max_str_digits` allows; the number of digits. Only for bases that aren't powers of 2.
    TooManyDigits(usize),
}

/// A text that is known to be an integer literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Literal<'a> {
    /// A minus sign was there.
    pub negative: bool,
    /// 2 to 36.
    pub radix: u32,
    /// The digits, of either case, perhaps with underscores; never empty.
    pub digits: &'a [u8],
    /// Number of digits without the underscores.
    pub count: usize,
}

/// Checks the text and finds its parts. `base` is 2 to 36, or 0 to go by the prefix. Where the text isn't ASCII,
/// the caller has mapped decimal digits to ASCII and whitespace to spaces.
/// `max_digits` is the interpreter's limit, 0 for none.
pub fn scan(text: &str, base: u32, max_digits: usize) -> Result<Literal<'_>, ParseIntError> {
    let mut rest = trim(text.as_bytes());
    let negative = match rest.first() {
        Some(b'-') => true,
        Some(b'+') => false,
        _ => {
            return scan_unsigned(rest, false, base, max_digits);
        }
    };
    rest = &rest[1..];
    scan_unsigned(rest, negative, base, max_digits)
}

fn scan_unsigned(text: &[u8], negative: bool, base: u32, max_digits: usize) -> Result<Literal<'_>, ParseIntError> {
    let prefix = match text {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 0,
    };
    let mut digits = text;
    let mut radix = base;
    if prefix != 0 && (base == 0 || base == prefix) {
        radix = prefix;
        digits = &digits[2..];
        if let [b'_', rest @ ..] = digits {
            digits = rest;
        }
    }
    // Base 0 is for source text: there, a number other than zero doesn't start with a zero.
    let octal_like = base == 0 && radix == 0 && text.first() == Some(&b'0');
    if radix == 0 {
        radix = 10;
    }
    let count = count_digits(digits, radix).ok_or(ParseIntError::Invalid)?;
    if octal_like && digits.iter().any(|c| !matches!(c, b'0' | b'_')) {
        return Err(ParseIntError::Invalid);
    }
    if max_digits > 0 && count > max_digits && !radix.is_power_of_two() {
        return Err(ParseIntError::TooManyDigits(count));
    }
    Ok(Literal { negative, radix, digits, count })
}

/// The number of digits when all are of the base and underscores stand only between two of them.
fn count_digits(digits: &[u8], radix: u32) -> Option<usize> {
    let mut count = 0;
    let mut after_digit = false;
    for &c in digits {
        if c == b'_' {
            if !after_digit {
                return None;
            }
            after_digit = false;
        } else if (c as char).is_digit(radix) {
            count += 1;
            after_digit = true;
        } else {
            return None;
        }
    }
    after_digit.then_some(count)
}

/// Removes ASCII whitespace (without U+001C to U+001F, which numbers may not have around them).
pub(crate) fn trim(text: &[u8]) -> &[u8] {
    let is_space = |c: &u8| matches!(c, b'\t'..=b'\r' | b' ');
    let Some(start) = text.iter().position(|c| !is_space(c)) else { return &[] };
    let end = text.iter().rposition(|c| !is_space(c)).map_or(start, |i| i + 1);
    &text[start..end]
}

/// `int(text, base)`. See [`scan`] for the arguments.
pub fn parse(text: &str, base: u32, max_digits: usize) -> Result<BigInt, ParseIntError> {
    Ok(literal_value(&scan(text, base, max_digits)?))
}

/// The value of a checked literal.
pub fn literal_value(literal: &Literal<'_>) -> BigInt {
    let magnitude = if literal.radix.is_power_of_two() {
        from_bit_digits(literal)
    } else if literal.count <= long::PARSE_LEAF_DIGITS {
        BigUint::new(leaf_value(literal.digits.iter().copied(), literal.radix))
    } else {
        finish(long::parse_magnitude(&Unpaced, literal))
    };
    BigInt::from_biguint(if literal.negative { Sign::Minus } else { Sign::Plus }, magnitude)
}

/// The value of a digit of any base; 0 for other characters.
pub(crate) fn digit_value(c: u8) -> u32 {
    (c as char).to_digit(36).unwrap_or(0)
}

fn from_bit_digits(literal: &Literal<'_>) -> BigUint {
    let bits = literal.radix.trailing_zeros();
    let mut limbs = Vec::with_capacity(literal.count * bits as usize / 32 + 1);
    let mut acc = 0u64;
    let mut filled = 0;
    for &c in literal.digits.iter().rev().filter(|&&c| c != b'_') {
        acc |= u64::from(digit_value(c)) << filled;
        filled += bits;
        if filled >= 32 {
            limbs.push(acc as u32);
            acc >>= 32;
            filled -= 32;
        }
    }
    if acc != 0 {
        limbs.push(acc as u32);
    }
    BigUint::new(limbs)
}

/// The value of digits (underscores skipped), most significant first, by the schoolbook method.
pub(crate) fn leaf_value(digits: impl Iterator<Item = u8>, radix: u32) -> Vec<u32> {
    let mut limbs: Vec<u32> = Vec::new();
    let mut chunk = 0u32;
    let mut scale = 1u32;
    let mut push = |chunk: u32, scale: u32| {
        let mut carry = u64::from(chunk);
        for limb in &mut limbs {
            carry += u64::from(*limb) * u64::from(scale);
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry != 0 {
            limbs.push(carry as u32);
        }
    };
    for c in digits {
        if c == b'_' {
            continue;
        }
        chunk = chunk * radix + digit_value(c);
        scale *= radix;
        if u64::from(scale) * u64::from(radix) > u64::from(u32::MAX) {
            push(chunk, scale);
            (chunk, scale) = (0, 1);
        }
    }
    if scale > 1 {
        push(chunk, scale);
    }
    limbs
}
