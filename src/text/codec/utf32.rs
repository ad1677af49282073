//! UTF-32.

use super::decode::Decoder;
use super::encode::Encoder;
use super::{Fault, Order, is_surrogate};
use crate::Units;

pub(super) fn decode(decoder: &mut Decoder<'_>, order: Order) -> Result<(), Fault> {
    if decoder.at == 0 {
        decoder.big = order == Order::Big;
        if order == Order::Marked {
            match decoder.input {
                [0xff, 0xfe, 0, 0, ..] => decoder.at = 4,
                [0, 0, 0xfe, 0xff, ..] => (decoder.at, decoder.big) = (4, true),
                _ => {}
            }
        }
    }
    let encoding = if decoder.big { "utf-32-be" } else { "utf-32-le" };
    while decoder.at < decoder.input.len() {
        let start = decoder.at;
        let Some(bytes) = decoder.rest().first_chunk() else {
            let fault = Fault { encoding, start, end: decoder.input.len(), reason: "truncated data" };
            return if decoder.is_final { Err(fault) } else { Ok(()) };
        };
        let code = if decoder.big { u32::from_be_bytes(*bytes) } else { u32::from_le_bytes(*bytes) };
        let fault = |reason| Fault { encoding, start, end: start + 4, reason };
        if is_surrogate(code) {
            return Err(fault("code point in surrogate code point range(0xd800, 0xe000)"));
        }
        if code >= 0x110000 {
            return Err(fault("code point not in range(0x110000)"));
        }
        decoder.out.push(code);
        decoder.at += 4;
    }
    Ok(())
}

fn push(encoder: &mut Encoder<'_>, code: u32, order: Order) {
    encoder.extend(&if order == Order::Big { code.to_be_bytes() } else { code.to_le_bytes() });
}

pub(super) fn encode(encoder: &mut Encoder<'_>, order: Order) -> Result<(), Fault> {
    let rest = encoder.text.from(encoder.at);
    encoder.reserve(rest.len().saturating_mul(4));
    for code in rest.iter() {
        if is_surrogate(code) {
            let encoding = match order {
                Order::Marked => "utf-32",
                Order::Little => "utf-32-le",
                Order::Big => "utf-32-be",
            };
            let (start, end) = (encoder.at, encoder.at + 1);
            return Err(Fault { encoding, start, end, reason: "surrogates not allowed" });
        }
        push(encoder, code, order);
        encoder.at += 1;
    }
    Ok(())
}

/// Appends ASCII.
pub(super) fn extend(encoder: &mut Encoder<'_>, units: Units<'_>, order: Order) {
    for code in units.iter() {
        push(encoder, code, order);
    }
}
