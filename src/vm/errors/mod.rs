//! Exceptions: the tree of builtin classes, their payload, tracebacks and their text.

pub mod fields;
pub mod finalize;
pub mod group;
pub mod report;
pub mod suggest;
mod syntax;
mod tree;
pub mod unraisable;

pub use syntax::syntax_error;
pub use tree::Exc;
