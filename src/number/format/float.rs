//! `float.__format__`.

use super::layout::Pieces;
use super::{Formatted, NumericSpec, SpecError};
use crate::float::{Layout, Style, push};

/// `format(x, spec)`
pub fn format_float(x: f64, spec: &NumericSpec) -> Result<Formatted, SpecError> {
    let layout = layout(spec, true)?;
    let percent = spec.kind == Some('%');
    let mut text = String::new();
    push(&mut text, if percent { x * 100.0 } else { x }, &layout);
    if percent {
        text.push('%');
    }
    Ok(Pieces::of_float(&text).format(spec, 3))
}

/// The digits' layout for a specification; `add_dot_0` for floats without a type.
pub(super) fn layout(spec: &NumericSpec, add_dot_0: bool) -> Result<Layout, SpecError> {
    let style = match spec.kind {
        None if spec.precision.is_none() => Style::Repr,
        None | Some('g' | 'G' | 'n') => Style::General,
        Some('e' | 'E') => Style::Exponent,
        Some('f' | 'F' | '%') => Style::Fixed,
        Some(other) => return Err(SpecError::UnknownCode(other)),
    };
    Ok(Layout {
        style,
        precision: spec.precision.unwrap_or(6),
        alternate: spec.alternate,
        add_dot_0: add_dot_0 && spec.kind.is_none(),
        upper: matches!(spec.kind, Some('E' | 'F' | 'G')),
        no_negative_zero: spec.no_negative_zero,
    })
}
