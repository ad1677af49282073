//! The encoding loop.

use super::handler::Replacement;
use super::{Codec, CodecError, Fault, Handler, Names, Order, escapes, utf7, utf8, utf16, utf32};
use crate::{OutOfMemory, Text, Units};
use alloc::vec::Vec;

/// A translation of text to bytes that can stop at a fault and go on.
pub struct Encoder<'a> {
    pub(super) codec: Codec<'a>,
    pub(super) text: Units<'a>,
    /// Index of the next code point.
    pub(super) at: usize,
    pub(super) out: Vec<u8>,
    pub(super) failed: bool,
}

impl<'a> Encoder<'a> {
    pub fn new(codec: Codec<'a>, text: Units<'a>) -> Encoder<'a> {
        let mut encoder = Encoder { codec, text, at: 0, out: Vec::new(), failed: false };
        match codec {
            Codec::Utf8Sig => encoder.extend(b"\xef\xbb\xbf"),
            Codec::Utf16(Order::Marked) => encoder.extend(b"\xff\xfe"),
            Codec::Utf32(Order::Marked) => encoder.extend(b"\xff\xfe\0\0"),
            _ => {}
        }
        encoder
    }

    /// Encodes up to the next fault, or to the end.
    pub fn run(&mut self) -> Result<(), Fault> {
        match self.codec {
            Codec::Utf8 | Codec::Utf8Sig => utf8::encode(self),
            Codec::Ascii => self.narrow(0x80, "ascii", "ordinal not in range(128)"),
            Codec::Latin1 => self.narrow(0x100, "latin-1", "ordinal not in range(256)"),
            Codec::Utf16(order) => utf16::encode(self, order),
            Codec::Utf32(order) => utf32::encode(self, order),
            Codec::Utf7 => utf7::encode(self),
            Codec::UnicodeEscape => escapes::encode(self),
            Codec::RawUnicodeEscape => escapes::encode_raw(self),
            Codec::Charmap(map) => map.encode(self),
        }
    }

    /// One byte per code point below `limit`.
    fn narrow(&mut self, limit: u32, encoding: &'static str, reason: &'static str) -> Result<(), Fault> {
        let rest = self.text.from(self.at);
        if let Units::One(bytes) = rest
            && (limit == 0x100 || bytes.is_ascii())
        {
            self.at = self.text.len();
            self.extend(bytes);
            return Ok(());
        }
        let good = rest.iter().position(|code| code >= limit).unwrap_or(rest.len());
        self.reserve(good);
        if !self.failed {
            self.out.extend(rest.slice(0, good).iter().map(|code| code as u8));
        }
        self.at += good;
        if good == rest.len() {
            return Ok(());
        }
        Err(self.fault_while(&|code| code >= limit, encoding, reason))
    }

    /// A fault over all following code points that are `bad`.
    pub(super) fn fault_while(&self, bad: &dyn Fn(u32) -> bool, encoding: &'static str, reason: &'static str) -> Fault {
        let run = self.text.from(self.at).iter().take_while(|&code| bad(code)).count();
        Fault { encoding, start: self.at, end: self.at + run.max(1), reason }
    }

    /// Lets a built-in handler deal with a fault; an error is what to raise.
    pub fn handle(&mut self, handler: Handler, mut fault: Fault, names: &dyn Names) -> Result<(), CodecError> {
        let in_place = matches!(self.codec, Codec::Utf8 | Codec::Utf8Sig | Codec::Ascii | Codec::Latin1);
        if handler == Handler::SurrogateEscape && in_place {
            // These take what they can before they complain of the rest.
            while let Some(code @ 0xdc80..=0xdcff) = self.text.get(fault.start)
                && fault.start < fault.end
            {
                self.push(code as u8);
                fault.start += 1;
            }
            self.at = fault.start;
            return if fault.start < fault.end { Err(fault.into()) } else { Ok(()) };
        }
        match handler.on_encode(self.codec, self.text, fault, names)? {
            Replacement::Text(text) => self.resume(&text, fault.end, fault)?,
            Replacement::Bytes(bytes) => self.resume_bytes(&bytes, fault.end, fault)?,
        }
        Ok(())
    }

    /// Goes on at an index after a handler's replacement, which is encoded in turn; the fault comes back if it cannot be.
    pub fn resume(&mut self, replacement: &Text, at: usize, fault: Fault) -> Result<(), Fault> {
        let units = replacement.units();
        match self.codec {
            Codec::Latin1 => {
                let Units::One(bytes) = units else { return Err(fault) };
                self.extend(bytes);
            }
            Codec::Charmap(map) => {
                for code in units.iter() {
                    let byte = map.byte(code).ok_or(fault)?;
                    self.push(byte);
                }
            }
            _ => {
                let Some(s) = replacement.as_str_if_ascii() else { return Err(fault) };
                match self.codec {
                    Codec::Utf16(order) => utf16::extend(self, units, order),
                    Codec::Utf32(order) => utf32::extend(self, units, order),
                    _ => self.extend(s.as_bytes()),
                }
            }
        }
        self.at = at.min(self.text.len());
        Ok(())
    }

    /// Goes on at an index after a handler's replacement in bytes; the fault comes back if they are no whole units.
    pub fn resume_bytes(&mut self, replacement: &[u8], at: usize, fault: Fault) -> Result<(), Fault> {
        let width = match self.codec {
            Codec::Utf16(_) => 2,
            Codec::Utf32(_) => 4,
            _ => 1,
        };
        if !replacement.len().is_multiple_of(width) {
            return Err(fault);
        }
        self.extend(replacement);
        self.at = at.min(self.text.len());
        Ok(())
    }

    /// The bytes.
    pub fn finish(self) -> Result<Vec<u8>, OutOfMemory> {
        if self.failed { Err(OutOfMemory) } else { Ok(self.out) }
    }

    /// Makes room, or remembers that there is none.
    #[inline(never)]
    pub(super) fn reserve(&mut self, extra: usize) {
        self.failed |= self.out.try_reserve(extra).is_err();
    }

    #[inline(never)]
    pub(super) fn push(&mut self, byte: u8) {
        if self.out.len() == self.out.capacity() {
            self.reserve(1);
            if self.failed {
                return;
            }
        }
        self.out.push(byte);
    }

    #[inline(never)]
    pub(super) fn extend(&mut self, bytes: &[u8]) {
        self.reserve(bytes.len());
        if !self.failed {
            self.out.extend_from_slice(bytes);
        }
    }
}

/// Encodes with a built-in handler.
pub fn encode(codec: Codec<'_>, text: Units<'_>, handler: Handler, names: &dyn Names) -> Result<Vec<u8>, CodecError> {
    let mut encoder = Encoder::new(codec, text);
    while let Err(fault) = encoder.run() {
        encoder.handle(handler, fault, names)?;
        if encoder.failed {
            return Err(CodecError::OutOfMemory);
        }
    }
    Ok(encoder.finish()?)
}
