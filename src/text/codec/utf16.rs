//! UTF-16.

use super::decode::Decoder;
use super::encode::Encoder;
use super::{Fault, Order, is_surrogate};
use crate::Units;

pub(super) fn decode(decoder: &mut Decoder<'_>, order: Order) -> Result<(), Fault> {
    if decoder.at == 0 {
        decoder.big = order == Order::Big;
        if order == Order::Marked {
            match decoder.input {
                [0xff, 0xfe, ..] => decoder.at = 2,
                [0xfe, 0xff, ..] => (decoder.at, decoder.big) = (2, true),
                _ => {}
            }
        }
    }
    let big = decoder.big;
    let encoding = if big { "utf-16-be" } else { "utf-16-le" };
    let input = decoder.input;
    let unit = |at: usize| {
        let bytes = input.get(at..)?.first_chunk()?;
        Some(u32::from(if big { u16::from_be_bytes(*bytes) } else { u16::from_le_bytes(*bytes) }))
    };
    while decoder.at < input.len() {
        let start = decoder.at;
        let to_end = |reason| Fault { encoding, start, end: input.len(), reason };
        let one = |reason| Fault { encoding, start, end: start + 2, reason };
        let Some(code) = unit(start) else {
            return if decoder.is_final { Err(to_end("truncated data")) } else { Ok(()) };
        };
        match code {
            0xd800..0xdc00 => match unit(start + 2) {
                Some(low @ 0xdc00..0xe000) => {
                    decoder.out.push(0x10000 + ((code & 0x3ff) << 10 | (low & 0x3ff)));
                    decoder.at += 4;
                }
                Some(_) => return Err(one("illegal UTF-16 surrogate")),
                None => return if decoder.is_final { Err(to_end("unexpected end of data")) } else { Ok(()) },
            },
            0xdc00..0xe000 => return Err(one("illegal encoding")),
            _ => {
                decoder.out.push(code);
                decoder.at += 2;
            }
        }
    }
    Ok(())
}

fn push(encoder: &mut Encoder<'_>, unit: u16, order: Order) {
    encoder.extend(&if order == Order::Big { unit.to_be_bytes() } else { unit.to_le_bytes() });
}

pub(super) fn encode(encoder: &mut Encoder<'_>, order: Order) -> Result<(), Fault> {
    let rest = encoder.text.from(encoder.at);
    encoder.reserve(rest.len().saturating_mul(2));
    for code in rest.iter() {
        if is_surrogate(code) {
            let encoding = match order {
                Order::Marked => "utf-16",
                Order::Little => "utf-16-le",
                Order::Big => "utf-16-be",
            };
            let (start, end) = (encoder.at, encoder.at + 1);
            return Err(Fault { encoding, start, end, reason: "surrogates not allowed" });
        }
        if code < 0x10000 {
            push(encoder, code as u16, order);
        } else {
            push(encoder, 0xd7c0 + (code >> 10) as u16, order);
            push(encoder, 0xdc00 | (code & 0x3ff) as u16, order);
        }
        encoder.at += 1;
    }
    Ok(())
}

/// Appends ASCII.
pub(super) fn extend(encoder: &mut Encoder<'_>, units: Units<'_>, order: Order) {
    for code in units.iter() {
        push(encoder, code as u16, order);
    }
}
