//! Exceptions: the tree of builtin classes, their payload, tracebacks and their text.

pub mod anchors;
pub mod fields;
pub mod finalize;
pub mod group;
mod rendering;
pub mod report;
pub mod suggest;
mod syntax;
pub mod traceback;
mod tree;
mod typos;
pub mod unraisable;
pub mod warn;

pub use syntax::{decoding_error, syntax_error, syntax_error_in};
pub use traceback::show_uncaught;
pub use tree::Exc;
