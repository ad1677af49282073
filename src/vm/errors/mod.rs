//! Exceptions: the tree of builtin classes, their payload, tracebacks and their text.

pub mod fields;
pub mod finalize;
pub mod group;
pub mod suggest;
mod tree;
pub mod unraisable;

pub use tree::Exc;
