//! UTF-8.

use super::decode::Decoder;
use super::encode::Encoder;
use super::{Fault, is_surrogate};
use crate::Units;

const NAME: &str = "utf-8";

/// The standard library's validation finds the same maximal invalid parts as CPython; only the reason is ours to tell.
pub(super) fn decode(decoder: &mut Decoder<'_>) -> Result<(), Fault> {
    let rest = decoder.rest();
    let error = match core::str::from_utf8(rest) {
        Ok(s) => {
            decoder.out.push_str(s);
            decoder.at = decoder.input.len();
            return Ok(());
        }
        Err(error) => error,
    };
    let (good, bad) = rest.split_at(error.valid_up_to());
    if let Ok(s) = core::str::from_utf8(good) {
        decoder.out.push_str(s);
    }
    decoder.at += good.len();
    let start = decoder.at;
    let truncated_surrogate = matches!(bad, [0xed, 0xa0..=0xbf]);
    if !decoder.is_final && (error.error_len().is_none() || truncated_surrogate) {
        return Ok(());
    }
    Err(match error.error_len() {
        None => Fault { encoding: NAME, start, end: decoder.input.len(), reason: "unexpected end of data" },
        Some(len) => {
            let lead = matches!(bad.first(), Some(0xc2..=0xf4));
            let reason = if lead { "invalid continuation byte" } else { "invalid start byte" };
            Fault { encoding: NAME, start, end: start + len, reason }
        }
    })
}

pub(super) fn encode(encoder: &mut Encoder<'_>) -> Result<(), Fault> {
    let rest = encoder.text.from(encoder.at);
    if let Units::One(bytes) = rest
        && bytes.is_ascii()
    {
        encoder.at = encoder.text.len();
        encoder.extend(bytes);
        return Ok(());
    }
    encoder.reserve(rest.iter().fold(0, |all, code| all + size(code)));
    if encoder.failed {
        encoder.at = encoder.text.len();
        return Ok(());
    }
    for code in rest.iter() {
        if is_surrogate(code) {
            return Err(encoder.fault_while(&is_surrogate, NAME, "surrogates not allowed"));
        }
        let out = &mut encoder.out;
        if code >= 0x80 {
            if code >= 0x800 {
                if code >= 0x10000 {
                    out.push(0xf0 | (code >> 18) as u8);
                    out.push(0x80 | (code >> 12 & 63) as u8);
                } else {
                    out.push(0xe0 | (code >> 12) as u8);
                }
                out.push(0x80 | (code >> 6 & 63) as u8);
            } else {
                out.push(0xc0 | (code >> 6) as u8);
            }
            out.push(0x80 | (code & 63) as u8);
        } else {
            out.push(code as u8);
        }
        encoder.at += 1;
    }
    Ok(())
}

/// Bytes of a code point in UTF-8.
fn size(code: u32) -> usize {
    1 + usize::from(code >= 0x80) + usize::from(code >= 0x800) + usize::from(code >= 0x10000)
}
