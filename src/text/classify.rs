//! The `is...` questions of `str`, over whole texts: all but `is_ascii` are false for the empty text, except
//! `is_printable`.

use crate::unicode;
use crate::{OutOfMemory, Text, Units};
use alloc::borrow::Cow;
use alloc::string::String;

fn all(units: Units<'_>, test: impl Fn(u32) -> bool) -> bool {
    !units.is_empty() && units.iter().all(test)
}

/// `str.isalpha()`
pub fn is_alpha(text: &Text) -> bool {
    all(text.units(), unicode::is_alpha)
}

/// `str.isalnum()`
pub fn is_alnum(text: &Text) -> bool {
    all(text.units(), unicode::is_alnum)
}

/// `str.isdecimal()`
pub fn is_decimal(text: &Text) -> bool {
    all(text.units(), unicode::is_decimal)
}

/// `str.isdigit()`
pub fn is_digit(text: &Text) -> bool {
    all(text.units(), unicode::is_digit)
}

/// `str.isnumeric()`
pub fn is_numeric(text: &Text) -> bool {
    all(text.units(), unicode::is_numeric)
}

/// `str.isspace()`
pub fn is_space(text: &Text) -> bool {
    all(text.units(), unicode::is_space)
}

/// `str.isprintable()`
pub fn is_printable(text: &Text) -> bool {
    text.iter().all(unicode::is_printable)
}

/// `str.isidentifier()`
pub fn is_identifier(text: &Text) -> bool {
    let starts = |code| code == u32::from(b'_') || unicode::is_xid_start(code);
    text.get(0).is_some_and(starts) && text.units().from(1).iter().all(unicode::is_xid_continue)
}

/// `str.islower()`: no upper- or title-case character, and a lower-case one.
pub fn is_lower(text: &Text) -> bool {
    only(text, unicode::is_lower, unicode::is_upper)
}

/// `str.isupper()`: no lower- or title-case character, and an upper-case one.
pub fn is_upper(text: &Text) -> bool {
    only(text, unicode::is_upper, unicode::is_lower)
}

fn only(text: &Text, wanted: fn(u32) -> bool, barred: fn(u32) -> bool) -> bool {
    let mut found = false;
    for code in text.iter() {
        if barred(code) || unicode::is_title(code) {
            return false;
        }
        found |= wanted(code);
    }
    found
}

/// `str.istitle()`: capitals (or title-case ones) exactly where a word begins, and at least one.
pub fn is_title(text: &Text) -> bool {
    let mut found = false;
    let mut inside = false;
    for code in text.iter() {
        if unicode::is_upper(code) || unicode::is_title(code) {
            if inside {
                return false;
            }
            inside = true;
            found = true;
        } else if unicode::is_lower(code) {
            if !inside {
                return false;
            }
            found = true;
        } else {
            inside = false;
        }
    }
    found
}

/// What `int()`, `float()` and `complex()` parse: decimal digits of any script as ASCII ones, any white space as spaces;
/// everything from the first other character beyond ASCII on is one `?`, which no number has.
pub fn to_ascii_number(text: &Text) -> Result<Cow<'_, str>, OutOfMemory> {
    if let Some(s) = text.as_str_if_ascii() {
        return Ok(Cow::Borrowed(s));
    }
    let mut out = String::new();
    out.try_reserve(text.len())?;
    for code in text.iter() {
        let ascii = u8::try_from(code).ok().filter(|&byte| byte < 127);
        let digit = || unicode::decimal(code).map(|digit| b'0' + digit as u8);
        let space = || unicode::is_space(code).then_some(b' ');
        match ascii.or_else(space).or_else(digit) {
            Some(byte) => out.push(byte.into()),
            None => {
                out.push('?');
                break;
            }
        }
    }
    Ok(Cow::Owned(out))
}
