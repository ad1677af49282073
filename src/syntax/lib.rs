//! Source text to syntax tree, through the one parser crate that this project uses.
//!
//! Nothing outside this crate names the parser: the tree's types are re-exported as [`ast`], and every way in
//! which text can fail to be Python comes back as a [`SyntaxError`] with CPython's wording and position.
//!
//! The tree keeps byte offsets into the text that was parsed; [`LineIndex`] turns them into lines and columns.
//! Line ends must be `\n` alone: [`normalize_newlines`] does what CPython does to text before it parses.

mod bare_raise;
mod diagnosis;
mod encoding;
mod error;
mod escapes;
mod grammar;
mod lexer;
pub mod lint;
mod literal;
mod machine;
mod nesting;
mod parse;
mod source_map;
mod token;
mod tokenizer;
mod unicode;

pub use encoding::{Decoded, decode};
pub use error::{Kind, ParserContext, SyntaxError, SyntaxWarning};
pub use literal::{IntValue, StringValue, int_value, interpolated_value, string_value, without_comments};
pub use parse::{
    Completeness, Mode, Parsed, TypeComment, TypeComments, check, check_function_type, completeness,
    forbid_long_literals, names, normalize_newlines, parse, parse_with, type_comments,
};
pub use rustpython_ruff_python_ast as ast;
pub use rustpython_ruff_text_size::{Ranged, TextLen, TextRange, TextSize};
pub use source_map::{LineIndex, Location, Mark};
pub use tokenizer::{Step, TokenFailure, TokenText, Tokenizer, TokenizerError};
/// Installs the function that finds a character by its Unicode name, once. Until then every name in a `\N{...}`
/// escape is unknown, and that is a SyntaxError: [`needs_names`] tells beforehand whether a text has any.
pub use unicode_names2::set_lookup as set_name_lookup;

/// Whether `source` may hold a `\N{...}` escape, so that the table of names must be there before it is parsed.
pub fn needs_names(source: &str) -> bool {
    source.match_indices("\\N{").any(|(at, _)| {
        let before = &source[..at];
        let line = &before[before.rfind('\n').map_or(0, |newline| newline + 1)..];
        // The library's comments speak of it, and the table is large. In a string of several lines a `#` is none.
        let in_comment = line.trim_start().starts_with('#')
            && before.matches("\"\"\"").count().is_multiple_of(2)
            && before.matches("'''").count().is_multiple_of(2);
        !in_comment && !source[at + 3..].starts_with('}')
    })
}
