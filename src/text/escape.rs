//! `repr` of str and bytes, and `ascii`.

use crate::codec::push_escape;
use crate::unicode::is_printable;
use crate::{OutOfMemory, Text, TextBuilder, Units};

/// `repr(text)`: in single quotes, or in double ones if it has single quotes only; what is not printable is escaped.
pub fn repr(text: &Text) -> Result<Text, OutOfMemory> {
    let mut out = TextBuilder::with_capacity(text.len().saturating_add(2));
    push_repr(&mut out, text.units());
    out.finish()
}

/// Appends the `repr` of some text.
pub fn push_repr(out: &mut TextBuilder, units: Units<'_>) {
    push_quoted(out, units, is_printable);
}

/// `ascii(text)`: its `repr` with everything beyond ASCII escaped.
pub fn ascii(text: &Text) -> Result<Text, OutOfMemory> {
    let mut out = TextBuilder::with_capacity(text.len().saturating_add(2));
    push_quoted(&mut out, text.units(), |code| matches!(code, 32..=126));
    out.finish()
}

/// Escapes what is beyond ASCII in a `repr`: what `ascii()` does to other objects' representations.
pub fn escape_non_ascii(text: &Text) -> Result<Text, OutOfMemory> {
    if text.is_ascii() {
        return text.try_clone();
    }
    let mut out = TextBuilder::with_capacity(text.len());
    for code in text.iter() {
        if code < 0x80 { out.push(code) } else { push_escape(&mut out, code) }
    }
    out.finish()
}

/// `repr` of bytes.
pub fn repr_bytes(bytes: &[u8]) -> Result<Text, OutOfMemory> {
    let mut out = TextBuilder::with_capacity(bytes.len().saturating_add(3));
    push_repr_bytes(&mut out, bytes);
    out.finish()
}

/// Appends the `repr` of bytes.
pub fn push_repr_bytes(out: &mut TextBuilder, bytes: &[u8]) {
    out.push(b'b'.into());
    push_quoted(out, Units::One(bytes), |code| matches!(code, 32..=126));
}

/// The quote that `repr` chooses.
pub fn quote_for(units: Units<'_>) -> u32 {
    let has = |quote: u8| crate::search::find_code(units, quote.into()).is_some();
    if has(b'\'') && !has(b'"') { b'"'.into() } else { b'\''.into() }
}

/// ASCII that every representation shows as it is.
fn is_harmless(byte: u8) -> bool {
    (32..127).contains(&byte) & (byte != b'\'') & (byte != b'\\')
}

fn push_quoted(out: &mut TextBuilder, units: Units<'_>, plain: impl Fn(u32) -> bool) {
    if let Units::One(bytes) = units
        && bytes.chunks(32).all(|block| block.iter().fold(true, |all, &byte| all & is_harmless(byte)))
    {
        out.push(b'\''.into());
        out.push_units(units);
        out.push(b'\''.into());
        return;
    }
    let quote = quote_for(units);
    let as_is = |code: u32| code != quote && code != 0x5c && plain(code);
    out.push(quote);
    let mut from = 0;
    while from < units.len() {
        let rest = units.from(from);
        let run = rest.iter().position(|code| !as_is(code)).unwrap_or(rest.len());
        out.push_units(rest.slice(0, run));
        from += run;
        let Some(code) = units.get(from) else { break };
        from += 1;
        match code {
            9 => out.push_str("\\t"),
            10 => out.push_str("\\n"),
            13 => out.push_str("\\r"),
            _ if code == quote || code == 0x5c => {
                out.push(0x5c);
                out.push(code);
            }
            _ => push_escape(out, code),
        }
    }
    out.push(quote);
}
