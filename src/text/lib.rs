//! The string library under Python's `str` and `bytes`, free of Python object types.
//!
//! [`Text`] is the flat string of PEP 393; [`Units`] is a borrowed view of one and what every algorithm takes, so that
//! `bytes` (which is `Units::One`) runs through the same code. The rest is split by subject: searching and splitting,
//! Unicode properties, letter case, escapes, codecs, and the three formatting languages.
//!
//! Nothing here panics on user input, and everything that user input sizes is reserved fallibly ([`OutOfMemory`]).
#![cfg_attr(not(test), no_std)]

extern crate alloc;

pub mod builder;
pub mod bytes;
pub mod case;
pub mod classify;
pub mod codec;
pub mod escape;
pub mod flat;
pub mod format;
pub mod hash;
pub mod order;
pub mod search;
pub mod unicode;

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod testing;

pub mod units;

pub use builder::TextBuilder;
pub use flat::{Kind, Text};
pub use hash::{HashKey, hash_bytes};
pub use units::{Codes, Units};

/// The allocator refused, or a length would not fit in memory at all. Becomes `MemoryError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

impl From<alloc::collections::TryReserveError> for OutOfMemory {
    fn from(_: alloc::collections::TryReserveError) -> Self {
        OutOfMemory
    }
}

impl core::fmt::Display for OutOfMemory {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("out of memory")
    }
}

impl core::error::Error for OutOfMemory {}
