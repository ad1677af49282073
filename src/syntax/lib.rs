//! Source text to syntax tree, through the one parser crate that this project uses.
//!
//! Nothing outside this crate names the parser: the tree's types are re-exported as [`ast`], and every way in
//! which text can fail to be Python comes back as a [`SyntaxError`] with CPython's wording and position.
//!
//! The tree keeps byte offsets into the text that was parsed; [`LineIndex`] turns them into lines and columns.
//! Line ends must be `\n` alone: [`normalize_newlines`] does what CPython does to text before it parses.

mod error;
mod literal;
mod parse;
mod source_map;

pub use error::{Kind, SyntaxError, SyntaxWarning};
pub use literal::{IntValue, StringValue, int_value, interpolated_value, string_value};
pub use parse::{Completeness, Mode, Parsed, completeness, normalize_newlines, parse};
pub use rustpython_ruff_python_ast as ast;
pub use rustpython_ruff_text_size::{Ranged, TextLen, TextRange, TextSize};
pub use source_map::{LineIndex, Location};
