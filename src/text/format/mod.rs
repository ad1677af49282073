//! The three formatting languages: format specifications (`format(x, ">10")`), the templates of `str.format`, and
//! printf-style templates. These are parsers; values come from the VM, numbers' digits from another crate.

pub mod percent;
pub mod spec;
pub mod template;

pub use percent::{Conversion, Percent, PercentError, PercentPiece, Size};
pub use spec::{Align, FormatSpec, Grouping, Sign, SpecError, format_str};
pub use template::{Accessor, Accessors, AutoNumber, Field, FieldName, First, Template, TemplateError, TemplatePiece};

use crate::{TextBuilder, Units};

/// Decimal digits (of any script) from `at` on, and where they end; an error if the number passes `isize::MAX`.
fn integer(units: Units<'_>, at: usize) -> Result<Option<(usize, usize)>, TooManyDigits> {
    let mut value = 0usize;
    let mut end = at;
    while let Some(digit) = units.get(end).and_then(crate::unicode::decimal) {
        value = value.checked_mul(10).and_then(|value| value.checked_add(digit as usize)).ok_or(TooManyDigits)?;
        if value > isize::MAX as usize {
            return Err(TooManyDigits);
        }
        end += 1;
    }
    Ok((end > at).then_some((value, end)))
}

/// "Too many decimal digits in format string"
struct TooManyDigits;

const TOO_MANY_DIGITS: &str = "Too many decimal digits in format string";

/// A character as messages show it: itself from `!` up to `below`, else `\x` and its number.
fn push_code(out: &mut TextBuilder, code: u32, below: u32) {
    if code > 32 && code < below {
        out.push(code);
    } else {
        out.push_str("\\x");
        out.push_hex(code, 1);
    }
}

#[cfg(test)]
pub(crate) mod tests;
