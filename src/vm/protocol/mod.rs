//! The object protocol: what the abstract operations of the language do with any value.
//!
//! Each file has the three families of [`crate::vm`]: plain operations that may defer (tail position only), `..._now` ones that
//! answer `None` when Python code would be needed, and async ones.

mod attr;
pub(crate) mod compare;
pub(crate) mod item;
mod iter;
mod number;
pub mod sequence_repr;
mod start;
mod text;

pub use number::BinaryOp;
