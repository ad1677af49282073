//! Exceptions: the tree of builtin classes, their payload, tracebacks and their text.

mod tree;

pub use tree::Exc;
