//! The methods of `str`, by subject; slots and constructor are in `types::string`.
//!
//! The algorithms are `snakelet_text`'s; what is here checks arguments, words errors and makes objects. As in CPython, a method
//! that changes nothing gives the str itself back, unless it is of a subclass.

mod case;
mod change;
pub mod format;
pub mod percent;
pub(crate) mod search;
pub(crate) mod split;
