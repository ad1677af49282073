//! The codecs "unicode_escape" and "raw_unicode_escape": Latin-1 with the escapes of string literals.

use super::Fault;
use super::decode::Decoder;
use super::encode::Encoder;
use super::handler::push_escape;
use crate::{Text, TextBuilder, Units};

const TRUNCATED_X: &str = "truncated \\xXX escape";
const TRUNCATED_U: &str = "truncated \\uXXXX escape";
const TRUNCATED_LONG: &str = "truncated \\UXXXXXXXX escape";

/// How an escape ends that gives no character.
enum Bad {
    /// The input may just not be complete yet.
    Truncated(usize, &'static str),
    Wrong(usize, &'static str),
}

/// Hexadecimal digits: their value, or how many there are.
fn hex(input: &[u8], from: usize, count: usize) -> Result<u32, usize> {
    let mut value = 0;
    for i in 0..count {
        let digit = input.get(from + i).and_then(|&byte| char::from(byte).to_digit(16)).ok_or(i)?;
        value = value << 4 | digit;
    }
    Ok(value)
}

fn hex_escape(input: &[u8], from: usize, letter: u8) -> Result<(u32, usize), Bad> {
    let (count, truncated) = match letter {
        b'x' => (2, TRUNCATED_X),
        b'u' => (4, TRUNCATED_U),
        _ => (8, TRUNCATED_LONG),
    };
    match hex(input, from, count) {
        Ok(value) => Ok((value, from + count)),
        Err(digits) if from + digits >= input.len() => Err(Bad::Truncated(input.len(), truncated)),
        Err(digits) => Err(Bad::Wrong(from + digits, truncated)),
    }
}

fn copy_until_backslash(decoder: &mut Decoder<'_>) -> bool {
    let rest = decoder.rest();
    let plain = crate::search::find_byte(rest, b'\\').unwrap_or(rest.len());
    decoder.out.push_units(Units::One(&rest[..plain]));
    decoder.at += plain;
    decoder.at < decoder.input.len()
}

pub(super) fn decode(decoder: &mut Decoder<'_>) -> Result<(), Fault> {
    while copy_until_backslash(decoder) {
        let start = decoder.at;
        let (end, reason) = match escape(decoder, start + 1) {
            Ok(end) => {
                decoder.at = end;
                continue;
            }
            Err(Bad::Truncated(..)) if !decoder.is_final => return Ok(()),
            Err(Bad::Truncated(end, reason) | Bad::Wrong(end, reason)) => (end, reason),
        };
        return Err(Fault { encoding: "unicodeescape", start, end, reason });
    }
    Ok(())
}

/// Translates what follows a backslash and tells where it ends.
fn escape(decoder: &mut Decoder<'_>, from: usize) -> Result<usize, Bad> {
    let input = decoder.input;
    let &letter = input.get(from).ok_or(Bad::Truncated(from, "\\ at end of string"))?;
    let after = from + 1;
    let code = match letter {
        b'\n' => return Ok(after),
        b'\\' | b'\'' | b'"' => letter.into(),
        b'a' => 7,
        b'b' => 8,
        b't' => 9,
        b'n' => 10,
        b'v' => 11,
        b'f' => 12,
        b'r' => 13,
        b'0'..=b'7' => {
            let digits = input[from..].iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
            let value = input[from..from + digits].iter().fold(0, |value, digit| value << 3 | u32::from(digit - b'0'));
            if value > 0o377 {
                decoder.invalid_escape.get_or_insert(from - 1);
            }
            decoder.out.push(value);
            return Ok(from + digits);
        }
        b'x' | b'u' | b'U' => {
            let (value, end) = hex_escape(input, after, letter)?;
            if value >= 0x110000 {
                return Err(Bad::Wrong(end, "illegal Unicode character"));
            }
            decoder.out.push(value);
            return Ok(end);
        }
        b'N' => return named(decoder, after),
        _ => {
            decoder.invalid_escape.get_or_insert(from - 1);
            decoder.out.push(b'\\'.into());
            letter.into()
        }
    };
    decoder.out.push(code);
    Ok(after)
}

/// `\N{name}`
fn named(decoder: &mut Decoder<'_>, from: usize) -> Result<usize, Bad> {
    const MALFORMED: &str = "malformed \\N character escape";
    let input = decoder.input;
    match input.get(from) {
        None => return Err(Bad::Truncated(from, MALFORMED)),
        Some(b'{') => {}
        Some(_) => return Err(Bad::Wrong(from, MALFORMED)),
    }
    let start = from + 1;
    let Some(len) = input[start..].iter().position(|&byte| byte == b'}') else {
        return Err(Bad::Truncated(input.len(), MALFORMED));
    };
    if len == 0 {
        return Err(Bad::Wrong(start, MALFORMED));
    }
    let end = start + len + 1;
    let name = core::str::from_utf8(&input[start..start + len]).ok();
    match name.and_then(|name| decoder.names.code(name)) {
        Some(code) => {
            decoder.out.push(code);
            Ok(end)
        }
        None => Err(Bad::Wrong(end, "unknown Unicode character name")),
    }
}

pub(super) fn decode_raw(decoder: &mut Decoder<'_>) -> Result<(), Fault> {
    while copy_until_backslash(decoder) {
        let start = decoder.at;
        let letter = match decoder.input.get(start + 1) {
            Some(&letter) => letter,
            None if !decoder.is_final => return Ok(()),
            None => {
                decoder.out.push(b'\\'.into());
                decoder.at += 1;
                return Ok(());
            }
        };
        if !matches!(letter, b'u' | b'U') {
            decoder.out.push_units(Units::One(&[b'\\', letter]));
            decoder.at += 2;
            continue;
        }
        let (end, reason) = match hex_escape(decoder.input, start + 2, letter) {
            Ok((value, end)) if value < 0x110000 => {
                decoder.out.push(value);
                decoder.at = end;
                continue;
            }
            Ok((_, end)) => (end, "\\Uxxxxxxxx out of range"),
            Err(Bad::Truncated(..)) if !decoder.is_final => return Ok(()),
            Err(Bad::Truncated(end, reason) | Bad::Wrong(end, reason)) => (end, reason),
        };
        return Err(Fault { encoding: "rawunicodeescape", start, end, reason });
    }
    Ok(())
}

/// Never meets a fault.
pub(super) fn encode(encoder: &mut Encoder<'_>) -> Result<(), Fault> {
    escape_all(encoder, |out, code| match code {
        0x5c => out.push_str("\\\\"),
        9 => out.push_str("\\t"),
        10 => out.push_str("\\n"),
        13 => out.push_str("\\r"),
        32..=126 => out.push(code),
        _ => push_escape(out, code),
    })
}

/// Never meets a fault.
pub(super) fn encode_raw(encoder: &mut Encoder<'_>) -> Result<(), Fault> {
    escape_all(encoder, |out, code| if code < 0x100 { out.push(code) } else { push_escape(out, code) })
}

fn escape_all(encoder: &mut Encoder<'_>, push: impl Fn(&mut TextBuilder, u32)) -> Result<(), Fault> {
    let rest = encoder.text.from(encoder.at);
    encoder.at = encoder.text.len();
    let mut out = TextBuilder::with_capacity(rest.len());
    for code in rest.iter() {
        push(&mut out, code);
    }
    encoder.failed |= out.failed();
    let text = out.finish().unwrap_or_else(|_| Text::new());
    encoder.extend(text.as_raw_bytes());
    Ok(())
}
