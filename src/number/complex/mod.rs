//! Python's `complex`: text in both directions; arithmetic as CPython 3.14 does it.

mod text;

pub use text::*;
