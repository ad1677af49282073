//! The `is...` questions of `str`, over whole texts: all but `is_ascii` are false for the empty text, except
//! `is_printable`.

use crate::unicode;
use crate::{Text, Units};

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
