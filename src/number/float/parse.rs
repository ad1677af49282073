//! Text to float by the rules of `float(text)`.

use crate::int::trim;

/// `float(text)`: surrounding whitespace (where the text isn't ASCII, the caller has
/// mapped decimal digits to ASCII and whitespace to spaces), underscores between
/// digits, `inf`, `infinity` and `nan` in any case. None when the text is no float.
pub fn parse(text: &str) -> Option<f64> {
    parse_ascii(trim(text.as_bytes()))
}

/// Like [`parse`], without surrounding whitespace.
pub(crate) fn parse_ascii(text: &[u8]) -> Option<f64> {
    if !text.contains(&b'_') {
        let (x, used) = parse_prefix(text)?;
        return (used == text.len()).then_some(x);
    }
    let mut clean = Vec::new();
    clean.try_reserve_exact(text.len()).ok()?;
    let mut last = 0;
    for &c in text {
        let digits_only = c.is_ascii_digit() || last != b'_';
        if !digits_only || c == b'_' && !last.is_ascii_digit() {
            return None;
        }
        if c != b'_' {
            clean.push(c);
        }
        last = c;
    }
    let (x, used) = parse_prefix(&clean)?;
    (last != b'_' && used == clean.len()).then_some(x)
}

/// Reads a float from the front of the text, as C's `strtod` without hexadecimal does; returns it and the bytes read.
/// None when there is none. No underscores, no whitespace.
pub fn parse_prefix(text: &[u8]) -> Option<(f64, usize)> {
    let (negative, start) = match text.first()? {
        b'-' => (true, 1),
        b'+' => (false, 1),
        _ => (false, 0),
    };
    let body = &text[start..];
    let digits = |from: usize| body[from.min(body.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
    let whole = digits(0);
    let mut end = whole;
    let mut fraction = 0;
    if body.get(whole) == Some(&b'.') {
        fraction = digits(whole + 1);
        end = whole + 1 + fraction;
    }
    if whole + fraction == 0 {
        return special(body).map(|(x, used)| (if negative { -x } else { x }, start + used));
    }
    if matches!(body.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(body.get(end + 1), Some(b'+' | b'-')));
        let count = digits(end + 1 + sign);
        if count > 0 {
            end += 1 + sign + count;
        }
    }
    let magnitude = std::str::from_utf8(&body[..end]).ok()?.parse::<f64>().ok()?;
    Some((if negative { -magnitude } else { magnitude }, start + end))
}

/// `infinity`, `inf` or `nan` at the front.
fn special(body: &[u8]) -> Option<(f64, usize)> {
    let starts = |word: &[u8]| body.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    if starts(b"infinity") {
        Some((f64::INFINITY, 8))
    } else if starts(b"inf") {
        Some((f64::INFINITY, 3))
    } else if starts(b"nan") {
        Some((f64::NAN, 3))
    } else {
        None
    }
}
