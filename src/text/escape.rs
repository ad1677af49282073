//! `repr` of str and bytes, `ascii`, and the escapes of bytes literals.

use crate::codec::{Handler, push_escape};
use crate::unicode::is_printable;
use crate::{OutOfMemory, Text, TextBuilder, Units};
use alloc::vec::Vec;

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
    out.push(quote);
    push_escaped(out, units, quote, plain);
    out.push(quote);
}

/// What stands between the quotes.
fn push_escaped(out: &mut TextBuilder, units: Units<'_>, quote: u32, plain: impl Fn(u32) -> bool) {
    let as_is = |code: u32| code != quote && code != 0x5c && plain(code);
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
}

/// What is wrong with escapes in bytes: all are ValueErrors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnescapeError {
    /// "Trailing \\ in string"
    Trailing,
    /// "invalid \\x escape at position N"
    Hex(usize),
    /// "decoding error; unknown error handling code: NAME"
    UnknownHandler,
    OutOfMemory,
}

/// Bytes whose escapes were resolved.
#[derive(Debug, PartialEq, Eq)]
pub struct Unescaped {
    pub bytes: Vec<u8>,
    /// Position of the first escape that means nothing or is an octal number above 0o377, for a DeprecationWarning.
    pub invalid: Option<usize>,
}

/// `codecs.escape_decode`: resolves the escapes of a bytes literal. Of the handlers, strict, replace and ignore are known.
pub fn unescape_bytes(input: &[u8], handler: Handler) -> Result<Unescaped, UnescapeError> {
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(input.len()).map_err(|_| UnescapeError::OutOfMemory)?;
    let mut invalid = None;
    let mut at = 0;
    while let Some(&byte) = input.get(at) {
        at += 1;
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let &letter = input.get(at).ok_or(UnescapeError::Trailing)?;
        at += 1;
        let code = match letter {
            b'\n' => continue,
            b'\\' | b'\'' | b'"' => letter,
            b'a' => 7,
            b'b' => 8,
            b't' => 9,
            b'n' => 10,
            b'v' => 11,
            b'f' => 12,
            b'r' => 13,
            b'0'..=b'7' => {
                let mut value = u32::from(letter - b'0');
                for _ in 0..2 {
                    let Some(&digit @ b'0'..=b'7') = input.get(at) else { break };
                    value = value << 3 | u32::from(digit - b'0');
                    at += 1;
                }
                if value > 0o377 {
                    invalid.get_or_insert(at - 4);
                }
                value as u8
            }
            b'x' => {
                let digit = |at: usize| input.get(at).and_then(|&byte| char::from(byte).to_digit(16));
                if let (Some(high), Some(low)) = (digit(at), digit(at + 1)) {
                    at += 2;
                    (high << 4 | low) as u8
                } else {
                    match handler {
                        Handler::Strict => return Err(UnescapeError::Hex(at - 2)),
                        Handler::Replace => bytes.push(b'?'),
                        Handler::Ignore => {}
                        _ => return Err(UnescapeError::UnknownHandler),
                    }
                    at += usize::from(digit(at).is_some());
                    continue;
                }
            }
            _ => {
                invalid.get_or_insert(at - 2);
                bytes.push(b'\\');
                letter
            }
        };
        bytes.push(code);
    }
    Ok(Unescaped { bytes, invalid })
}

/// `codecs.escape_encode`: bytes as between single quotes, all in ASCII.
pub fn escape_bytes(bytes: &[u8]) -> Result<Text, OutOfMemory> {
    let mut out = TextBuilder::with_capacity(bytes.len());
    push_escaped(&mut out, Units::One(bytes), b'\''.into(), |code| matches!(code, 32..=126));
    out.finish()
}
