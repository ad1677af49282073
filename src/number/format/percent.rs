//! Numbers in printf-style formatting, `'%5.2f' % x`.

use super::layout::Pieces;
use super::{Formatted, SignMode, int_digits};
use crate::BigInt;
use crate::float::{Layout, Style, push};

/// The flags, width and precision of one conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct PercentSpec {
    /// `-`: left-adjusted; `0` has no effect then.
    pub left: bool,
    /// `+`
    pub plus: bool,
    /// Space; `+` wins.
    pub space: bool,
    /// `0`: zeros between sign and digits instead of spaces in front.
    pub zero: bool,
    /// `#`
    pub alternate: bool,
    /// Minimal width.
    pub width: usize,
    /// Digits after the point; for integers the least number of digits.
    pub precision: Option<usize>,
    /// The conversion: `d i u o x X` or `e E f F g G`.
    pub kind: char,
}

/// `%d`, `%i`, `%u`, `%o`, `%x`, `%X` of an integer. The caller has checked width and precision against its memory limit.
pub fn percent_int(a: &BigInt, spec: &PercentSpec) -> String {
    let text = int_digits(a, spec.kind);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.as_str()),
    };
    let mut padded = String::new();
    let digits = match spec.precision {
        Some(precision) if precision > digits.len() => {
            padded.extend(std::iter::repeat_n('0', precision - digits.len()));
            padded.push_str(digits);
            padded.as_str()
        }
        _ => digits,
    };
    let prefix = if spec.alternate { super::int::prefix(spec.kind) } else { "" };
    finish(&Pieces { negative, prefix, digits, point: false, fraction: "", rest: "" }, spec)
}

/// `%e`, `%f`, `%g` and their capitals of a float.
pub fn percent_float(x: f64, spec: &PercentSpec) -> String {
    let mut text = String::new();
    let style = match spec.kind {
        'e' | 'E' => Style::Exponent,
        'f' | 'F' => Style::Fixed,
        _ => Style::General,
    };
    let layout = Layout {
        alternate: spec.alternate,
        upper: spec.kind.is_ascii_uppercase(),
        ..Layout::new(style, spec.precision.unwrap_or(6))
    };
    push(&mut text, x, &layout);
    finish(&Pieces::of_float(&text), spec)
}

fn finish(pieces: &Pieces<'_>, spec: &PercentSpec) -> String {
    let sign = match (spec.plus, spec.space) {
        (true, _) => SignMode::Plus,
        (false, true) => SignMode::Space,
        (false, false) => SignMode::Minus,
    };
    let head = pieces.head(sign);
    let body = pieces.body(&super::NumericSpec::default(), 3, 0);
    let padding = spec.width.saturating_sub(head.len() + body.len());
    let (left, middle, right) = match (spec.left, spec.zero) {
        (true, _) => (0, 0, padding),
        (false, true) => (0, padding, 0),
        (false, false) => (padding, 0, 0),
    };
    let fill = if middle > 0 { '0' } else { ' ' };
    Formatted { left, head, middle, body, right }.to_text(fill)
}
