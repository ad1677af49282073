//! `complex.__format__`.

use super::layout::{Pieces, pad};
use super::{Align, Formatted, NumericSpec, SignMode, SpecError};
use crate::float::push;

/// `format(complex(real, imag), spec)`
pub fn format_complex(real: f64, imag: f64, spec: &NumericSpec) -> Result<Formatted, SpecError> {
    if spec.kind == Some('%') {
        return Err(SpecError::UnknownCode('%'));
    }
    let layout = super::float::layout(spec, false)?;
    if spec.fill_is_zero || spec.zero {
        return Err(SpecError::ZeroPadding);
    }
    if spec.align == Align::AfterSign {
        return Err(SpecError::AfterSign);
    }
    let part = |x: f64, sign: SignMode| {
        let mut text = String::new();
        push(&mut text, x, &layout);
        let pieces = Pieces::of_float(&text);
        let mut out = pieces.head(sign);
        out.push_str(&pieces.body(spec, 3, 0));
        out
    };
    // Without a type it looks like repr: no positive zero real part, else parentheses.
    let plain = spec.kind.is_none();
    let mut body = String::new();
    if plain && real == 0.0 && real.is_sign_positive() {
        body.push_str(&part(imag, spec.sign));
        body.push('j');
    } else {
        if plain {
            body.push('(');
        }
        body.push_str(&part(real, spec.sign));
        body.push_str(&part(imag, SignMode::Plus));
        body.push('j');
        if plain {
            body.push(')');
        }
    }
    Ok(pad(String::new(), body, spec))
}
