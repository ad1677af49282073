//! Values of literals that the tree cannot hold.
//!
//! The parser stores strings as UTF-8, so a lone surrogate (`'\ud800'`) arrives as U+FFFD; it is decoded again here
//! from the source text. Large integers arrive as text.

use std::borrow::Cow;

use crate::ast;
use crate::{Ranged, TextRange};

/// A string literal's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StringValue<'a> {
    /// Ordinary text: by far the most.
    Utf8(&'a str),
    /// Code points, some of them surrogates.
    CodePoints(Vec<u32>),
}

/// The value of one string literal of `source`.
pub fn string_value<'a>(source: &str, literal: &'a ast::StringLiteral) -> StringValue<'a> {
    if !literal.value.contains('\u{FFFD}') || literal.flags.prefix().is_raw() {
        return StringValue::Utf8(&literal.value);
    }
    use ast::StringFlags;
    let range = literal.range();
    let inner = TextRange::new(
        range.start() + literal.flags.opener_len(),
        range.end().checked_sub(literal.flags.closer_len()).unwrap_or(range.end()),
    );
    decode(source, inner, &literal.value, false)
}

/// The value of a literal part of an f-string or t-string of `source`; `raw` tells whether the string has the prefix `r`.
pub fn interpolated_value<'a>(
    source: &str,
    element: &'a ast::InterpolatedStringLiteralElement,
    raw: bool,
) -> StringValue<'a> {
    if raw || !element.value.contains('\u{FFFD}') {
        return StringValue::Utf8(&element.value);
    }
    decode(source, element.range(), &element.value, true)
}

/// Decodes the escapes of the text at `range`; falls back to `value` when that text holds no surrogate.
fn decode<'a>(source: &str, range: TextRange, value: &'a str, braces: bool) -> StringValue<'a> {
    let Some(text) = source.get(range.start().to_usize()..range.end().to_usize()) else {
        return StringValue::Utf8(value);
    };
    let chars: Vec<char> = text.chars().collect();
    let mut out = Vec::with_capacity(chars.len());
    let mut surrogates = false;
    let mut i = 0;
    while i < chars.len() {
        let c = chars[i];
        i += 1;
        if braces && (c == '{' || c == '}') && chars.get(i) == Some(&c) {
            i += 1;
        }
        if c != '\\' || i >= chars.len() {
            out.push(c as u32);
            continue;
        }
        let escape = chars[i];
        i += 1;
        let mut hex = |digits: usize| {
            let mut code = 0u32;
            for _ in 0..digits {
                let Some(digit) = chars.get(i).and_then(|c| c.to_digit(16)) else { break };
                code = code.wrapping_mul(16).wrapping_add(digit);
                i += 1;
            }
            code
        };
        let code = match escape {
            '\n' => continue,
            '\\' | '\'' | '"' => escape as u32,
            'a' => 7,
            'b' => 8,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'v' => 11,
            'x' => hex(2),
            'u' => hex(4),
            'U' => hex(8),
            '0'..='7' => {
                let mut code = escape as u32 - 48;
                for _ in 0..2 {
                    let Some(digit) = chars.get(i).and_then(|c| c.to_digit(8)) else { break };
                    code = code * 8 + digit;
                    i += 1;
                }
                code
            }
            'N' if chars.get(i) == Some(&'{') => {
                let close = chars[i..].iter().position(|&c| c == '}').map_or(chars.len(), |n| i + n);
                let name: String = chars[(i + 1).min(close)..close].iter().collect();
                i = (close + 1).min(chars.len());
                unicode_names2::character(&name).map_or(0xFFFD, u32::from)
            }
            other => {
                out.push('\\' as u32);
                other as u32
            }
        };
        surrogates |= (0xD800..0xE000).contains(&code);
        out.push(code);
    }
    if surrogates { StringValue::CodePoints(out) } else { StringValue::Utf8(value) }
}

/// An integer literal's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntValue {
    /// Fits.
    Small(u64),
    /// The digits in `radix` (2, 8, 10 or 16), without prefix and underscores.
    Big {
        /// The base of `digits`.
        radix: u32,
        /// ASCII digits, most significant first; `a` to `f` in either case.
        digits: String,
    },
}

/// The source of an expression without its comments, as strings with fields show it.
pub fn without_comments(text: &str) -> Cow<'_, str> {
    if !text.contains('#') {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut quote = "";
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        if quote.is_empty() && c == '#' {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
            continue;
        }
        if c == '\\' && !quote.is_empty() {
            length += rest[length..].chars().next().map_or(0, char::len_utf8);
        } else if !quote.is_empty() && rest.starts_with(quote) {
            length = quote.len();
            quote = "";
        } else if quote.is_empty()
            && let Some(found) = QUOTES.iter().find(|quote| rest.starts_with(**quote))
        {
            quote = found;
            length = quote.len();
        }
        shown.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    Cow::Owned(shown)
}

/// What strings begin and end with, longest first.
const QUOTES: [&str; 4] = ["\"\"\"", "'''", "\"", "'"];

/// The value of an integer literal.
pub fn int_value(int: &ast::Int) -> IntValue {
    if let Some(small) = int.as_u64() {
        return IntValue::Small(small);
    }
    let text: String = int.to_string().chars().filter(|&c| c != '_').collect();
    let radix = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 10,
    };
    let digits = if radix == 10 { text } else { text[2..].to_owned() };
    IntValue::Big { radix, digits }
}
