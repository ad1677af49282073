//! Codecs of one byte per character, given by a table, e.g. cp1252.

use super::Fault;
use super::decode::Decoder;
use super::encode::Encoder;
use crate::{OutOfMemory, Units};
use alloc::vec::Vec;

/// What stands in a decoding table for a byte that means nothing.
pub const UNDEFINED: u32 = 0xfffe;

/// A decoding table and its inverse.
pub struct Charmap {
    decoding: Vec<u32>,
    /// Sorted by code point.
    encoding: Vec<(u32, u8)>,
}

impl Charmap {
    /// From the characters of the bytes 0, 1, 2, ..., as `codecs.charmap_decode` takes them; U+FFFE is undefined.
    pub fn new(table: Units<'_>) -> Result<Charmap, OutOfMemory> {
        let mut decoding = Vec::new();
        decoding.try_reserve_exact(table.len().min(256))?;
        decoding.extend(table.iter().take(256));
        let mut encoding: Vec<(u32, u8)> = Vec::new();
        encoding.try_reserve_exact(decoding.len())?;
        for (&code, byte) in decoding.iter().zip(0..=255) {
            if code == UNDEFINED {
                continue;
            }
            // Of two bytes for one character, the later one is used.
            match encoding.binary_search_by_key(&code, |&(code, _)| code) {
                Ok(at) => encoding[at].1 = byte,
                Err(at) => encoding.insert(at, (code, byte)),
            }
        }
        Ok(Charmap { decoding, encoding })
    }

    /// The byte of a character.
    #[inline]
    pub fn byte(&self, code: u32) -> Option<u8> {
        // Most tables begin with ASCII.
        if code < 0x80 && self.decoding.get(code as usize) == Some(&code) {
            return Some(code as u8);
        }
        self.encoding.binary_search_by_key(&code, |&(code, _)| code).ok().map(|at| self.encoding[at].1)
    }

    pub(super) fn decode(&self, decoder: &mut Decoder<'_>) -> Result<(), Fault> {
        while let Some(&byte) = decoder.input.get(decoder.at) {
            match self.decoding.get(byte as usize) {
                Some(&code) if code != UNDEFINED => decoder.out.push(code),
                _ => return Err(fault(decoder.at, decoder.at + 1)),
            }
            decoder.at += 1;
        }
        Ok(())
    }

    pub(super) fn encode(&self, encoder: &mut Encoder<'_>) -> Result<(), Fault> {
        let rest = encoder.text.from(encoder.at);
        encoder.reserve(rest.len());
        for code in rest.iter() {
            let Some(byte) = self.byte(code) else {
                let bad = |code| self.byte(code).is_none();
                return Err(encoder.fault_while(&bad, NAME, UNMAPPED));
            };
            encoder.push(byte);
            encoder.at += 1;
        }
        Ok(())
    }
}

const NAME: &str = "charmap";
const UNMAPPED: &str = "character maps to <undefined>";

fn fault(start: usize, end: usize) -> Fault {
    Fault { encoding: NAME, start, end, reason: UNMAPPED }
}
