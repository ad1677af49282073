//! `int.__format__`.

use super::layout::Pieces;
use super::{Formatted, NumericSpec, SpecError, format_float};
use crate::{BigInt, int};

/// `format(a, spec)` for every type but `c`, which the caller handles.
pub fn format_int(a: &BigInt, spec: &NumericSpec) -> Result<Formatted, SpecError> {
    let kind = spec.kind.unwrap_or('d');
    if matches!(kind, 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') {
        let x = int::to_float(a).ok_or(SpecError::Overflow)?;
        return format_float(x, spec);
    }
    if !matches!(kind, 'b' | 'd' | 'n' | 'o' | 'x' | 'X') {
        return Err(SpecError::UnknownCode(kind));
    }
    if spec.precision.is_some() {
        return Err(SpecError::Precision);
    }
    if spec.no_negative_zero {
        return Err(SpecError::NegativeZero);
    }
    Ok(format_digits(&int_digits(a, kind), kind, spec))
}

/// `format(a, spec)` for machine-sized integers.
pub fn format_small_int(a: i64, spec: &NumericSpec) -> Result<Formatted, SpecError> {
    format_int(&BigInt::from(a), spec)
}

/// The digits for a type character, with `-` in front where negative; no prefix.
pub fn int_digits(a: &BigInt, kind: char) -> String {
    let mut text = int::to_radix(
        a,
        match kind {
            'b' => 2,
            'o' => 8,
            'x' | 'X' => 16,
            _ => 10,
        },
    );
    if kind == 'X' {
        text.make_ascii_uppercase();
    }
    text
}

/// Lays out digits made by [`int_digits`] (or, for numbers that take long, by `int::long::to_decimal`).
pub fn format_digits(text: &str, kind: char, spec: &NumericSpec) -> Formatted {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let prefix = if spec.alternate { prefix(kind) } else { "" };
    let group = if prefix_base(kind) { 4 } else { 3 };
    Pieces { negative, prefix, digits, point: false, fraction: "", rest: "" }.format(spec, group)
}

fn prefix_base(kind: char) -> bool {
    !prefix(kind).is_empty()
}

/// What `#` puts before the digits.
pub(super) fn prefix(kind: char) -> &'static str {
    match kind {
        'b' => "0b",
        'o' => "0o",
        'x' => "0x",
        'X' => "0X",
        _ => "",
    }
}
