//! Complex numbers to text and back.

use crate::float::{Layout, parse_prefix, push};
use crate::int::trim;

/// `repr(complex(real, imag))`
pub fn repr(real: f64, imag: f64) -> String {
    let mut out = String::with_capacity(24);
    if real == 0.0 && real.is_sign_positive() {
        push(&mut out, imag, &Layout::REPR);
        out.push('j');
        return out;
    }
    out.push('(');
    push(&mut out, real, &Layout::REPR);
    if imag.is_nan() || imag.is_sign_positive() {
        out.push('+');
    }
    push(&mut out, imag, &Layout::REPR);
    out.push_str("j)");
    out
}

/// `complex(text)`: surrounding whitespace and one pair of parentheses, underscores between digits. None when the text is
/// no complex number ("complex() arg is a malformed string").
pub fn parse(text: &str) -> Option<(f64, f64)> {
    let mut body = trim(text.as_bytes());
    if let [b'(', inner @ .., b')'] = body {
        body = trim(inner);
    }
    if !body.contains(&b'_') {
        return parse_clean(body);
    }
    let between_digits = body.iter().enumerate().all(|(i, &c)| {
        c != b'_' || i > 0 && body[i - 1].is_ascii_digit() && body.get(i + 1).is_some_and(u8::is_ascii_digit)
    });
    let clean: Vec<u8> = body.iter().copied().filter(|&c| c != b'_').collect();
    between_digits.then(|| parse_clean(&clean))?
}

fn parse_clean(body: &[u8]) -> Option<(f64, f64)> {
    let is_j = |c: Option<&u8>| matches!(c, Some(b'j' | b'J'));
    // [float][j], or float followed by a signed imaginary part; a bare sign before j stands for 1.
    let Some((first, used)) = parse_prefix(body) else {
        let (imag, used) = unit(body)?;
        return (used + 1 == body.len()).then_some((0.0, imag));
    };
    let rest = &body[used..];
    if rest.is_empty() {
        return Some((first, 0.0));
    }
    if is_j(rest.first()) {
        return (rest.len() == 1).then_some((0.0, first));
    }
    if !matches!(rest.first(), Some(b'+' | b'-')) {
        return None;
    }
    let (imag, used) = parse_prefix(rest).or_else(|| unit(rest))?;
    (is_j(rest.get(used)) && used + 1 == rest.len()).then_some((first, imag))
}

/// `j`, `+j`, `-j`: the value and the bytes before the letter.
fn unit(body: &[u8]) -> Option<(f64, usize)> {
    match body {
        [b'j' | b'J', ..] => Some((1.0, 0)),
        [b'+', b'j' | b'J', ..] => Some((1.0, 1)),
        [b'-', b'j' | b'J', ..] => Some((-1.0, 1)),
        _ => None,
    }
}
