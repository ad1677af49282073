//! `float.hex` and `float.fromhex`.

use super::{decode, from_scaled};
use crate::int::trim;

/// `x.hex()`
pub fn to_hex(x: f64) -> String {
    let mut out = String::with_capacity(26);
    if !x.is_finite() {
        super::push(&mut out, x, &super::Layout::REPR);
        return out;
    }
    if x.is_sign_negative() {
        out.push('-');
    }
    let (mantissa, exponent) = decode(x);
    if mantissa == 0 {
        out.push_str("0x0.0p+0");
        return out;
    }
    out.push_str(if mantissa >> 52 == 1 { "0x1." } else { "0x0." });
    for shift in (0..13).rev() {
        out.push(char::from_digit((mantissa >> (4 * shift) & 15) as u32, 16).unwrap_or('0'));
    }
    let exponent = exponent + 52;
    out.push('p');
    out.push(if exponent < 0 { '-' } else { '+' });
    let mut buffer = [0; 20];
    out.push_str(crate::int::small_to_decimal(i64::from(exponent.unsigned_abs()), &mut buffer));
    out
}

/// Why `float.fromhex` fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FromHexError {
    /// ValueError "invalid hexadecimal floating-point string"
    Invalid,
    /// OverflowError "hexadecimal value too large to represent as a float"
    TooLarge,
}

/// `float.fromhex(text)`, rounded half to even.
pub fn from_hex(text: &str) -> Result<f64, FromHexError> {
    let text = trim(text.as_bytes());
    let (negative, body) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let x = magnitude(body)?;
    Ok(if negative { -x } else { x })
}

fn magnitude(body: &[u8]) -> Result<f64, FromHexError> {
    let word = |w: &[u8]| body.eq_ignore_ascii_case(w);
    if word(b"inf") || word(b"infinity") {
        return Ok(f64::INFINITY);
    }
    if word(b"nan") {
        return Ok(f64::NAN);
    }
    let body = if let [b'0', b'x' | b'X', rest @ ..] = body { rest } else { body };
    // The first 62 significant bits, then only whether anything follows.
    let (mut m, mut sticky, mut exponent) = (0u64, false, 0i64);
    let (mut seen_point, mut digits) = (false, 0usize);
    let mut mantissa_end = body.len();
    for (at, &c) in body.iter().enumerate() {
        if c == b'.' && !seen_point {
            seen_point = true;
            continue;
        }
        let Some(digit) = (c as char).to_digit(16) else {
            mantissa_end = at;
            break;
        };
        digits += 1;
        exponent -= if seen_point { 4 } else { 0 };
        if m >> 58 == 0 {
            m = m << 4 | u64::from(digit);
        } else {
            sticky |= digit != 0;
            exponent += 4;
        }
    }
    if digits == 0 {
        return Err(FromHexError::Invalid);
    }
    let mut rest = &body[mantissa_end..];
    if let [b'p' | b'P', text @ ..] = rest {
        let (value, after) = decimal_exponent(text).ok_or(FromHexError::Invalid)?;
        exponent = exponent.saturating_add(value);
        rest = after;
    }
    let x = match m {
        0 => 0.0,
        _ => from_scaled(m, sticky, exponent.clamp(-1_000_000, 1_000_000) as i32),
    };
    // As in CPython, a number that is too large is noticed before what follows it.
    match x.is_infinite() {
        true => Err(FromHexError::TooLarge),
        false if rest.is_empty() => Ok(x),
        false => Err(FromHexError::Invalid),
    }
}

/// A signed decimal integer, saturating far outside of the range that matters, and what follows it.
fn decimal_exponent(text: &[u8]) -> Option<(i64, &[u8])> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let end = digits.iter().position(|c| !c.is_ascii_digit()).unwrap_or(digits.len());
    if end == 0 {
        return None;
    }
    let (digits, after) = digits.split_at(end);
    let value = digits.iter().fold(0i64, |n, c| (n * 10 + i64::from(c - b'0')).min(1 << 50));
    Some((if negative { -value } else { value }, after))
}
