//! UTF-7 (RFC 2152): base64 of UTF-16 between "+" and "-" for what is not plain ASCII.

use super::Fault;
use super::decode::Decoder;
use super::encode::Encoder;
use crate::{TextBuilder, Units};

/// Where a decoder stands between two calls.
#[derive(Default)]
pub(super) struct State {
    in_shift: bool,
    /// Position of the "+".
    start: usize,
    /// Code points before it.
    out_start: usize,
    bits: u32,
    buffer: u32,
    /// A high surrogate that waits for its low one, or 0.
    high: u32,
}

fn from_base64(byte: u8) -> Option<u32> {
    Some(
        match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        }
        .into(),
    )
}

fn to_base64(value: u32) -> u8 {
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[value as usize & 63]
}

pub(super) fn decode(decoder: &mut Decoder<'_>) -> Result<(), Fault> {
    let input = decoder.input;
    while let Some(&byte) = input.get(decoder.at) {
        if decoder.state.in_shift {
            shifted(decoder, byte)?;
            continue;
        }
        let start = decoder.at;
        decoder.at += 1;
        match byte {
            b'+' => match input.get(decoder.at) {
                Some(b'-') => {
                    decoder.at += 1;
                    decoder.out.push(b'+'.into());
                }
                Some(&next) if from_base64(next).is_none() => {
                    return Err(fault(start, decoder.at + 1, "ill-formed sequence"));
                }
                _ => {
                    let out_start = decoder.out.len();
                    decoder.state = State { in_shift: true, start, out_start, ..State::default() };
                }
            },
            0x80.. => return Err(fault(start, decoder.at, "unexpected special character")),
            _ => decoder.out.push(byte.into()),
        }
    }
    if !decoder.state.in_shift {
        return Ok(());
    }
    if !decoder.is_final {
        // All of the unfinished shift is left over.
        let mut out = TextBuilder::new();
        out.push_slice(decoder.out.text(), 0, decoder.state.out_start);
        decoder.out = out;
        decoder.at = decoder.state.start;
        decoder.state.in_shift = false;
        return Ok(());
    }
    let State { start, bits, buffer, high, .. } = core::mem::take(&mut decoder.state);
    if high != 0 || bits >= 6 || (bits > 0 && buffer != 0) {
        return Err(fault(start, input.len(), "unterminated shift sequence"));
    }
    Ok(())
}

/// One byte between "+" and "-".
fn shifted(decoder: &mut Decoder<'_>, byte: u8) -> Result<(), Fault> {
    let state = &mut decoder.state;
    let Some(value) = from_base64(byte) else {
        state.in_shift = false;
        let (start, end) = (state.start, decoder.at + 1);
        let partial = state.bits >= 6;
        if partial || (state.bits > 0 && state.buffer != 0) {
            decoder.at = end;
            let reason =
                if partial { "partial character in shift sequence" } else { "non-zero padding bits in shift sequence" };
            return Err(fault(start, end, reason));
        }
        if state.high != 0 && byte.is_ascii() {
            decoder.out.push(state.high);
        }
        state.high = 0;
        decoder.at += usize::from(byte == b'-');
        return Ok(());
    };
    decoder.at += 1;
    state.buffer = state.buffer << 6 | value;
    state.bits += 6;
    if state.bits < 16 {
        return Ok(());
    }
    state.bits -= 16;
    let unit = state.buffer >> state.bits;
    state.buffer &= (1 << state.bits) - 1;
    let high = core::mem::take(&mut state.high);
    if high != 0 {
        if unit & 0xfc00 == 0xdc00 {
            decoder.out.push(0x10000 + ((high & 0x3ff) << 10 | (unit & 0x3ff)));
            return Ok(());
        }
        decoder.out.push(high);
    }
    if unit & 0xfc00 == 0xd800 {
        decoder.state.high = unit;
    } else {
        decoder.out.push(unit);
    }
    Ok(())
}

fn fault(start: usize, end: usize, reason: &'static str) -> Fault {
    Fault { encoding: "utf7", start, end, reason }
}

/// What stands for itself.
fn is_direct(code: u32) -> bool {
    matches!(code, 9 | 10 | 13 | 32..=126) && !matches!(code, 0x2b | 0x5c | 0x7e)
}

/// Never meets a fault: lone surrogates are encoded as they are.
pub(super) fn encode(encoder: &mut Encoder<'_>) -> Result<(), Fault> {
    let rest: Units<'_> = encoder.text.from(encoder.at);
    encoder.at = encoder.text.len();
    let mut in_shift = false;
    let mut bits = 0;
    let mut buffer = 0;
    for code in rest.iter() {
        if is_direct(code) {
            if in_shift {
                if bits > 0 {
                    encoder.push(to_base64(buffer << (6 - bits)));
                }
                (in_shift, bits, buffer) = (false, 0, 0);
                if code == u32::from(b'-') || from_base64(code as u8).is_some() {
                    encoder.push(b'-');
                }
            }
            encoder.push(code as u8);
            continue;
        }
        if !in_shift {
            if code == u32::from(b'+') {
                encoder.extend(b"+-");
                continue;
            }
            encoder.push(b'+');
            in_shift = true;
        }
        let (one, pair) = ([code], [0xd7c0 + (code >> 10), 0xdc00 | (code & 0x3ff)]);
        for unit in if code < 0x10000 { &one[..] } else { &pair[..] } {
            buffer = buffer << 16 | unit;
            bits += 16;
            while bits >= 6 {
                bits -= 6;
                encoder.push(to_base64(buffer >> bits));
                buffer &= (1 << bits) - 1;
            }
        }
    }
    if bits > 0 {
        encoder.push(to_base64(buffer << (6 - bits)));
    }
    if in_shift {
        encoder.push(b'-');
    }
    Ok(())
}
