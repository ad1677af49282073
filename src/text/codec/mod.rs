//! Codecs between `Text` and bytes, with CPython's error positions and reasons.
//!
//! A [`Decoder`] or [`Encoder`] runs until its input ends or it meets a [`Fault`]. The caller then lets a built-in
//! [`Handler`] deal with it, or asks a handler that the program registered and passes its answer to `resume`, or raises
//! UnicodeDecodeError or UnicodeEncodeError; and runs on. So nothing here ever calls back. [`decode`] and [`encode`] are
//! that loop for built-in handlers.

mod charmap;
mod decode;
mod encode;
mod escapes;
mod handler;
mod lookup;
mod utf16;
mod utf32;
mod utf7;
mod utf8;

pub use charmap::Charmap;
pub use decode::{Decoder, decode};
pub use encode::{Encoder, encode};
pub(crate) use handler::push_escape;
pub use handler::{Handler, Replacement};
pub use lookup::{lookup, normalize};

use crate::OutOfMemory;
use alloc::string::String;

/// Byte order of UTF-16 and UTF-32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Written little-endian after a byte order mark; read as the mark says, little-endian without one.
    Marked,
    Little,
    Big,
}

/// A built-in codec.
#[derive(Clone, Copy)]
pub enum Codec<'a> {
    Utf8,
    /// UTF-8 that skips a byte order mark, and writes one.
    Utf8Sig,
    Ascii,
    Latin1,
    Utf16(Order),
    Utf32(Order),
    Utf7,
    UnicodeEscape,
    RawUnicodeEscape,
    Charmap(&'a Charmap),
}

/// What a codec cannot translate: the range of the input (bytes when decoding, code points when encoding) and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The exception's `encoding`.
    pub encoding: &'static str,
    pub start: usize,
    pub end: usize,
    pub reason: &'static str,
}

/// How a translation ends that does not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodecError {
    /// UnicodeDecodeError or UnicodeEncodeError.
    Fault(Fault),
    /// The handler is for encoding only: TypeError "don't know how to handle UnicodeDecodeError in error callback".
    WrongHandler,
    OutOfMemory,
}

impl From<OutOfMemory> for CodecError {
    fn from(_: OutOfMemory) -> CodecError {
        CodecError::OutOfMemory
    }
}

impl From<Fault> for CodecError {
    fn from(fault: Fault) -> CodecError {
        CodecError::Fault(fault)
    }
}

/// Character names, which live outside of this crate: for `\N{...}` and the handler "namereplace".
pub trait Names {
    fn code(&self, name: &str) -> Option<u32>;
    fn name(&self, code: u32) -> Option<String>;
}

/// No names known: `\N{...}` is an unknown name, "namereplace" falls back to numbers.
pub struct NoNames;

impl Names for NoNames {
    fn code(&self, _name: &str) -> Option<u32> {
        None
    }

    fn name(&self, _code: u32) -> Option<String> {
        None
    }
}

#[inline]
pub(crate) fn is_surrogate(code: u32) -> bool {
    code & 0xffff_f800 == 0xd800
}

#[cfg(test)]
mod tests;
