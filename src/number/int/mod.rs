//! Python's `int` on [`BigInt`](crate::BigInt): what num-bigint lacks or does by other rules.
//!
//! Addition, subtraction, multiplication, comparison, `& | ^ ~` (two's complement, also on negatives) and `>>` (floors) are
//! num-bigint's operators; use them directly. The functions here are synchronous and meant for numbers up to about
//! [`LONG_BITS`]; beyond, [`long`] does the same work in slices. `long::is_long_*` tell which one to call.

mod arith;
mod bytes;
mod combinatorics;
mod convert;
mod gcd;
pub mod limbs;
pub mod long;
mod parse;
mod text;

pub use arith::*;
pub use bytes::*;
pub use combinatorics::*;
pub use convert::*;
pub use gcd::*;
pub use parse::*;
pub use text::*;

/// Operands of more bits than this are worth slicing: below, no single operation takes more than about a millisecond.
pub const LONG_BITS: u64 = 1 << 16;
