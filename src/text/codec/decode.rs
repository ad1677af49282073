//! The decoding loop.

use super::{Codec, CodecError, Fault, Handler, Names, escapes, utf7, utf8, utf16, utf32};
use crate::{OutOfMemory, Text, TextBuilder, Units};

/// A translation of bytes to text that can stop at a fault and go on.
pub struct Decoder<'a> {
    pub(super) codec: Codec<'a>,
    pub(super) input: &'a [u8],
    pub(super) names: &'a dyn Names,
    /// Whether the input ends here; otherwise an incomplete sequence at the end is left over.
    pub(super) is_final: bool,
    /// Position of the next byte.
    pub(super) at: usize,
    pub(super) out: TextBuilder,
    /// What UTF-7 keeps between calls; for UTF-16 and UTF-32, whether they turned out to be big-endian.
    pub(super) state: utf7::State,
    pub(super) big: bool,
    /// The first escape that means nothing, e.g. `\d`: the position of its backslash, for a DeprecationWarning.
    pub invalid_escape: Option<usize>,
}

impl<'a> Decoder<'a> {
    pub fn new(codec: Codec<'a>, input: &'a [u8], is_final: bool, names: &'a dyn Names) -> Decoder<'a> {
        Decoder {
            codec,
            input,
            names,
            is_final,
            at: 0,
            out: TextBuilder::new(),
            state: utf7::State::default(),
            big: false,
            invalid_escape: None,
        }
    }

    /// Decodes up to the next fault, or to the end.
    pub fn run(&mut self) -> Result<(), Fault> {
        match self.codec {
            Codec::Utf8 => utf8::decode(self),
            Codec::Utf8Sig => {
                if self.at == 0 {
                    if !self.is_final && b"\xef\xbb\xbf".starts_with(self.input) {
                        // Too little to tell whether there is a mark (or nothing but the mark).
                        self.at = if self.input.len() == 3 { 3 } else { 0 };
                        return Ok(());
                    }
                    self.at = if self.input.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
                }
                utf8::decode(self)
            }
            Codec::Ascii => self.ascii(),
            Codec::Latin1 => {
                self.out.push_units(Units::One(&self.input[self.at..]));
                self.at = self.input.len();
                Ok(())
            }
            Codec::Utf16(order) => utf16::decode(self, order),
            Codec::Utf32(order) => utf32::decode(self, order),
            Codec::Utf7 => utf7::decode(self),
            Codec::UnicodeEscape => escapes::decode(self),
            Codec::RawUnicodeEscape => escapes::decode_raw(self),
            Codec::Charmap(map) => map.decode(self),
        }
    }

    fn ascii(&mut self) -> Result<(), Fault> {
        let rest = &self.input[self.at..];
        let good = rest.iter().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        self.out.push_units(Units::One(&rest[..good]));
        self.at += good;
        if good == rest.len() {
            return Ok(());
        }
        Err(Fault { encoding: "ascii", start: self.at, end: self.at + 1, reason: "ordinal not in range(128)" })
    }

    /// Lets a built-in handler deal with a fault; an error is what to raise.
    pub fn handle(&mut self, handler: Handler, fault: Fault) -> Result<(), CodecError> {
        let (text, at) = handler.on_decode(self.codec, self.input, fault)?;
        self.resume(&text, at);
        Ok(())
    }

    /// Goes on at a position after a handler's replacement. The caller has checked that the position is in range.
    pub fn resume(&mut self, replacement: &Text, at: usize) {
        self.out.push_text(replacement);
        self.at = at.min(self.input.len());
    }

    /// Whether there is nothing left to run. After `run` without a fault it may be false when the input is not final.
    pub fn position(&self) -> usize {
        self.at
    }

    /// The text, and how many bytes it took.
    pub fn finish(self) -> Result<(Text, usize), OutOfMemory> {
        Ok((self.out.finish()?, self.at))
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        &self.input[self.at..]
    }
}

/// Decodes with a built-in handler; also tells how many bytes were used (all, if `is_final`).
pub fn decode(
    codec: Codec<'_>,
    input: &[u8],
    handler: Handler,
    is_final: bool,
    names: &dyn Names,
) -> Result<(Text, usize), CodecError> {
    let mut decoder = Decoder::new(codec, input, is_final, names);
    while let Err(fault) = decoder.run() {
        decoder.handle(handler, fault)?;
        if decoder.out.failed() {
            return Err(CodecError::OutOfMemory);
        }
    }
    Ok(decoder.finish()?)
}
