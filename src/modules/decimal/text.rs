//! Numbers as text and back: the specification's numeric strings, and `__format__`.

use super::coef::{Coef, NoMemory, Result};
use super::number::status::CONVERSION_SYNTAX;
use super::number::{Ctx, Dec, Kind};

/// Exponents beyond this are as good as infinite.
const HUGE: i64 = 2_000_000_000_000_000_001;

/// The number that a numeric string shows, exactly; `None` if it shows none.
pub fn parse(text: &[u8]) -> Result<Option<Dec>> {
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let lower = |prefix: &[u8]| rest.len() >= prefix.len() && rest[..prefix.len()].eq_ignore_ascii_case(prefix);
    if !matches!(rest.first(), Some(b'0'..=b'9' | b'.')) {
        if rest.eq_ignore_ascii_case(b"inf") || rest.eq_ignore_ascii_case(b"infinity") {
            return Ok(Some(Dec::infinity(negative)));
        }
        let (kind, payload) = if lower(b"snan") {
            (Kind::Signaling, &rest[4..])
        } else if lower(b"nan") {
            (Kind::Quiet, &rest[3..])
        } else {
            return Ok(None);
        };
        if !payload.iter().all(u8::is_ascii_digit) {
            return Ok(None);
        }
        return Ok(Some(Dec { negative, kind, exp: 0, coef: Coef::from_digits(payload)? }));
    }
    let (mantissa, mut exp) = match rest.iter().position(|byte| byte.eq_ignore_ascii_case(&b'e')) {
        Some(at) => match parse_exponent(&rest[at + 1..]) {
            Some(exp) => (&rest[..at], exp),
            None => return Ok(None),
        },
        None => (rest, 0),
    };
    let coef = match mantissa.iter().position(|&byte| byte == b'.') {
        None if mantissa.iter().all(u8::is_ascii_digit) => Coef::from_digits(mantissa)?,
        None => return Ok(None),
        Some(point) => {
            let (whole, fraction) = (&mantissa[..point], &mantissa[point + 1..]);
            let digits = whole.len() + fraction.len();
            if digits == 0 || !whole.iter().chain(fraction).all(u8::is_ascii_digit) {
                return Ok(None);
            }
            exp = exp.saturating_sub(fraction.len() as i64);
            let mut joined = Vec::new();
            joined.try_reserve_exact(digits).map_err(|_| NoMemory)?;
            joined.extend_from_slice(whole);
            joined.extend_from_slice(fraction);
            Coef::from_digits(&joined)?
        }
    };
    Ok(Some(Dec::new(negative, coef, exp)))
}

fn parse_exponent(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let exp = digits.iter().fold(0i64, |exp, digit| exp.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    Some(match (negative, exp >= HUGE) {
        (false, _) => exp.min(HUGE),
        (true, true) => -2 * HUGE,
        (true, false) => -exp,
    })
}

/// The number that a string shows within a context's limits; NaN and ConversionSyntax if it shows none.
pub fn parse_in(text: &[u8], ctx: &Ctx, status: &mut u32) -> Result<Dec> {
    match parse(text)? {
        // A NaN's payload is not cut but refused.
        Some(nan) if nan.is_nan() && nan.digits() > ctx.prec - i64::from(ctx.clamp) && !nan.coef.is_zero() => {
            Ok(Dec::invalid(CONVERSION_SYNTAX, status))
        }
        Some(number) => number.finish(ctx, status),
        None => Ok(Dec::invalid(CONVERSION_SYNTAX, status)),
    }
}

fn push(out: &mut String, digits: &[u8]) {
    out.push_str(std::str::from_utf8(digits).unwrap_or(""));
}

/// The scientific string, or the engineering string, in which exponents are multiples of three.
pub fn show(a: &Dec, engineering: bool, capitals: bool) -> Result<String> {
    let mut out = String::new();
    if a.negative {
        out.push('-');
    }
    match a.kind {
        Kind::Infinite => out.push_str("Infinity"),
        Kind::Quiet | Kind::Signaling => {
            out.push_str(if a.kind == Kind::Quiet { "NaN" } else { "sNaN" });
            if !a.coef.is_zero() {
                push(&mut out, &a.coef.to_digits()?);
            }
        }
        Kind::Finite => {
            let digits = a.coef.to_digits()?;
            let count = digits.len() as i64;
            let left = a.exp + count;
            let point = if a.exp <= 0 && left > -6 {
                left
            } else if !engineering {
                1
            } else if a.coef.is_zero() {
                (left + 1).rem_euclid(3) - 1
            } else {
                (left - 1).rem_euclid(3) + 1
            };
            out.try_reserve(digits.len() + 32).map_err(|_| NoMemory)?;
            if point <= 0 {
                out.push_str("0.");
                push(&mut out, &vec![b'0'; (-point) as usize]);
                push(&mut out, &digits);
            } else if point >= count {
                push(&mut out, &digits);
                push(&mut out, &vec![b'0'; (point - count) as usize]);
            } else {
                push(&mut out, &digits[..point as usize]);
                out.push('.');
                push(&mut out, &digits[point as usize..]);
            }
            if left != point {
                out.push(if capitals { 'E' } else { 'e' });
                out.push_str(&format!("{:+}", left - point));
            }
        }
    }
    Ok(out)
}

/// What a format specification asks for. `fill` and the separators are text, since locales have long ones.
pub struct Spec {
    fill: char,
    align: char,
    sign: char,
    no_negative_zero: bool,
    zero_pad: bool,
    /// `#`: a point even if no digits follow.
    alternate: bool,
    width: usize,
    pub thousands: String,
    pub grouping: Vec<u8>,
    pub point: String,
    precision: Option<i64>,
    fraction_separator: &'static str,
    kind: Option<char>,
    pub localized: bool,
}

fn separator(c: Option<char>) -> Option<&'static str> {
    match c {
        Some(',') => Some(","),
        Some('_') => Some("_"),
        _ => None,
    }
}

/// The specification's parts; `Err` holds the beginning of the message, which the specification itself ends.
pub fn parse_spec(text: &str) -> std::result::Result<Spec, &'static str> {
    const INVALID: &str = "Invalid format specifier: ";
    let chars: Vec<char> = text.chars().collect();
    let is_align = |c: Option<&char>| matches!(c, Some('<' | '>' | '=' | '^'));
    let mut at = 0;
    let (mut fill, mut align) = (None, None);
    if is_align(chars.get(1)) {
        (fill, align) = (Some(chars[0]), Some(chars[1]));
        at = 2;
    } else if is_align(chars.first()) {
        align = Some(chars[0]);
        at = 1;
    }
    let peek = |at: usize| chars.get(at).copied();
    let mut sign = '-';
    if let Some(c @ ('-' | '+' | ' ')) = peek(at) {
        sign = c;
        at += 1;
    }
    let no_negative_zero = peek(at) == Some('z');
    at += usize::from(no_negative_zero);
    let alternate = peek(at) == Some('#');
    at += usize::from(alternate);
    let zero_pad = peek(at) == Some('0');
    at += usize::from(zero_pad);
    let number = |at: &mut usize| -> std::result::Result<Option<usize>, &'static str> {
        let from = *at;
        let mut n = 0usize;
        while let Some(digit) = chars.get(*at).and_then(|c| c.to_digit(10)) {
            n = n.saturating_mul(10).saturating_add(digit as usize);
            *at += 1;
        }
        Ok(if *at > from { Some(n) } else { None })
    };
    let width = number(&mut at)?.unwrap_or(0);
    let thousands = separator(peek(at));
    at += usize::from(thousands.is_some());
    let (mut precision, mut fraction_separator) = (None, None);
    if peek(at) == Some('.') {
        at += 1;
        precision = number(&mut at)?;
        fraction_separator = separator(peek(at));
        at += usize::from(fraction_separator.is_some());
        if precision.is_none() && fraction_separator.is_none() {
            return Err(INVALID);
        }
    }
    let mut kind = peek(at).filter(|c| "eEfFgGn%".contains(*c));
    at += usize::from(kind.is_some());
    if at < chars.len() {
        return Err(INVALID);
    }
    if zero_pad && fill.is_some() {
        return Err("Fill character conflicts with '0' in format specifier: ");
    }
    if zero_pad && align.is_some() {
        return Err("Alignment conflicts with '0' in format specifier: ");
    }
    if precision == Some(0) && kind.is_none_or(|kind| "gGn".contains(kind)) {
        precision = Some(1);
    }
    let localized = kind == Some('n');
    if localized {
        if thousands.is_some() {
            return Err("Explicit thousands separator conflicts with 'n' type in format specifier: ");
        }
        kind = Some('g');
    }
    Ok(Spec {
        fill: fill.unwrap_or(' '),
        align: align.unwrap_or('>'),
        sign,
        no_negative_zero,
        zero_pad,
        alternate,
        width,
        thousands: thousands.unwrap_or("").to_string(),
        grouping: vec![3, 0],
        point: ".".to_string(),
        precision: precision.map(|n| i64::try_from(n).unwrap_or(i64::MAX).min(1 << 60)),
        fraction_separator: fraction_separator.unwrap_or(""),
        kind,
        localized,
    })
}

/// The number rounded to a count of digits.
fn round_digits(a: &Dec, places: i64, ctx: &Ctx) -> Result<Dec> {
    if a.is_zero() {
        return Ok(a.clone());
    }
    let exp = a.adjusted() + 1 - places;
    let (rounded, ..) = a.rescale(exp, ctx)?;
    if rounded.adjusted() != a.adjusted() {
        return Ok(rounded.rescale(exp + 1, ctx)?.0);
    }
    Ok(rounded)
}

/// The formatted number.
pub fn format(a: &Dec, spec: &Spec, ctx: &Ctx) -> Result<String> {
    if !a.is_finite() {
        let mut body = show(&a.abs(), false, true)?;
        if spec.kind == Some('%') {
            body.push('%');
        }
        return align(sign_text(a.negative, spec), &body, spec, spec.fill);
    }
    let kind = spec.kind.unwrap_or(if ctx.capitals { 'G' } else { 'g' });
    let mut a = a.clone();
    if kind == '%' {
        a.exp += 2;
    }
    if let Some(precision) = spec.precision {
        match kind {
            'e' | 'E' => a = round_digits(&a, precision + 1, ctx)?,
            'f' | 'F' | '%' => a = a.rescale(-precision, ctx)?.0,
            _ if a.digits() > precision => a = round_digits(&a, precision, ctx)?,
            _ => {}
        }
    }
    if a.is_zero() && a.exp > 0 && matches!(kind, 'f' | 'F' | '%') {
        a.exp = 0;
    }
    let negative = a.negative && !(a.is_zero() && spec.no_negative_zero);
    let digits = a.coef.to_digits()?;
    let count = digits.len() as i64;
    let left = a.exp + count;
    let point = match kind {
        'e' | 'E' => match spec.precision {
            Some(precision) if a.is_zero() => 1 - precision,
            _ => 1,
        },
        'f' | 'F' | '%' => left,
        _ if a.exp <= 0 && left > -6 => left,
        _ => 1,
    };
    let (mut whole, mut fraction) = (String::new(), String::new());
    let zeros = |n: i64| -> Result<String> {
        let n = usize::try_from(n).map_err(|_| NoMemory)?;
        let mut zeros = String::new();
        zeros.try_reserve_exact(n).map_err(|_| NoMemory)?;
        zeros.extend(std::iter::repeat_n('0', n));
        Ok(zeros)
    };
    if point < 0 {
        whole.push('0');
        fraction = zeros(-point)?;
        push(&mut fraction, &digits);
    } else if point > count {
        push(&mut whole, &digits);
        whole.push_str(&zeros(point - count)?);
    } else {
        push(&mut whole, &digits[..point as usize]);
        push(&mut fraction, &digits[point as usize..]);
        if whole.is_empty() {
            whole.push('0');
        }
    }
    layout(negative, &whole, &fraction, left - point, kind, spec)
}

fn sign_text(negative: bool, spec: &Spec) -> &'static str {
    match (negative, spec.sign) {
        (true, _) => "-",
        (false, '+') => "+",
        (false, ' ') => " ",
        _ => "",
    }
}

fn layout(negative: bool, whole: &str, fraction: &str, exp: i64, kind: char, spec: &Spec) -> Result<String> {
    let sign = sign_text(negative, spec);
    let mut tail = String::new();
    if !fraction.is_empty() || spec.alternate {
        tail.push_str(&spec.point);
        for (at, digit) in fraction.chars().enumerate() {
            if at > 0 && at % 3 == 0 {
                tail.push_str(spec.fraction_separator);
            }
            tail.push(digit);
        }
    }
    if exp != 0 || matches!(kind, 'e' | 'E') {
        tail.push(if matches!(kind, 'E' | 'G') { 'E' } else { 'e' });
        tail.push_str(&format!("{exp:+}"));
    }
    if kind == '%' {
        tail.push('%');
    }
    let least = if spec.zero_pad { spec.width.saturating_sub(tail.chars().count() + sign.len()) } else { 0 };
    let mut body = group(whole, least, spec)?;
    body.push_str(&tail);
    align(sign, &body, spec, spec.fill)
}

/// Digits with separators, zeros in front up to a width.
fn group(digits: &str, least: usize, spec: &Spec) -> Result<String> {
    let (mut digits, mut least) = (digits, least as i64);
    let mut groups: Vec<String> = Vec::new();
    let mut sizes = spec.grouping.iter();
    let mut size = 0usize;
    let mut repeat = false;
    // Without separators there is one group.
    let mut endless = spec.thousands.is_empty();
    loop {
        if !endless && !repeat {
            match sizes.next() {
                None | Some(0) if size > 0 => repeat = true,
                Some(&n) if n < 127 && n > 0 => size = n.into(),
                _ => endless = true,
            }
        }
        let wanted = digits.len().max(least.max(1) as usize);
        let take = if endless { wanted } else { wanted.min(size) };
        let from = digits.len().saturating_sub(take);
        let padding = take - (digits.len() - from);
        let mut piece = String::new();
        piece.try_reserve(take).map_err(|_| NoMemory)?;
        piece.extend(std::iter::repeat_n('0', padding));
        piece.push_str(&digits[from..]);
        groups.push(piece);
        digits = &digits[..from];
        least -= take as i64;
        if digits.is_empty() && least <= 0 {
            break;
        }
        least -= spec.thousands.chars().count() as i64;
    }
    groups.reverse();
    Ok(groups.join(&spec.thousands))
}

fn align(sign: &str, body: &str, spec: &Spec, fill: char) -> Result<String> {
    let missing = spec.width.saturating_sub(sign.len() + body.chars().count());
    let mut out = String::new();
    let bytes = missing.checked_mul(fill.len_utf8()).and_then(|n| n.checked_add(sign.len() + body.len()));
    out.try_reserve(bytes.ok_or(NoMemory)?).map_err(|_| NoMemory)?;
    let (before, between, after) = match spec.align {
        '<' => (0, 0, missing),
        '=' => (0, missing, 0),
        '^' => (missing / 2, 0, missing - missing / 2),
        _ => (missing, 0, 0),
    };
    out.extend(std::iter::repeat_n(fill, before));
    out.push_str(sign);
    out.extend(std::iter::repeat_n(fill, between));
    out.push_str(body);
    out.extend(std::iter::repeat_n(fill, after));
    Ok(out)
}
