//! The ways in: text to tree, and text to "is it whole yet".

use std::borrow::Cow;

use rustpython_ruff_python_parser as parser;

use crate::ast;
use crate::error::{SyntaxError, SyntaxWarning};
use crate::{Ranged, TextRange};

/// What the text is to be, as `compile`'s third argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A file: any number of statements.
    Exec,
    /// One expression (possibly a bare tuple).
    Eval,
    /// One statement typed into a shell; several simple ones if joined by `;`.
    Single,
}

/// An accepted program.
#[derive(Debug)]
pub struct Parsed {
    /// The tree: `Mod::Expression` for [`Mode::Eval`], else `Mod::Module`.
    pub module: ast::Mod,
    /// Warnings in source order.
    pub warnings: Vec<SyntaxWarning>,
}

/// Parses `source`, whose line ends are `\n`.
///
/// # Errors
///
/// A [`SyntaxError`] for everything that CPython's tokenizer and parser reject. What CPython rejects later, in its
/// symbol table and code generator (`return` outside a function and so on), is left to the compiler.
pub fn parse(source: &str, mode: Mode) -> Result<Parsed, SyntaxError> {
    let parser_mode = if mode == Mode::Eval { parser::Mode::Expression } else { parser::Mode::Module };
    let parsed = parser::parse_unchecked(source, parser::ParseOptions::from(parser_mode));
    if let Some(error) = parsed.errors().first() {
        return Err(SyntaxError::at(source, error.location, "invalid syntax"));
    }
    let module = parsed.into_syntax();
    if mode == Mode::Single
        && let ast::Mod::Module(module) = &module
        && let [first, .., last] = &module.body[..]
        && source[first.start().to_usize()..last.start().to_usize()].contains('\n')
    {
        let message = "multiple statements found while compiling a single statement";
        return Err(SyntaxError::at(source, TextRange::empty(last.start()), message));
    }
    Ok(Parsed { module, warnings: Vec::new() })
}

/// Turns `\r\n` and lone `\r` into `\n`, also inside literals, as CPython does before it reads a program.
pub fn normalize_newlines(source: &str) -> Cow<'_, str> {
    if source.contains('\r') {
        Cow::Owned(source.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(source)
    }
}

/// Whether text typed into a shell is a whole statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// It can be run.
    Complete,
    /// More lines must follow.
    Incomplete,
    /// No further line can make it right.
    Invalid(SyntaxError),
}

/// Answers what `codeop.compile_command` answers: a compound statement is complete only after an empty line.
pub fn completeness(source: &str) -> Completeness {
    let parsed = parser::parse_unchecked(source, parser::ParseOptions::from(parser::Mode::Module));
    match parsed.errors().first() {
        Some(error) if source[error.location.end().to_usize()..].trim().is_empty() => Completeness::Incomplete,
        Some(error) => Completeness::Invalid(SyntaxError::at(source, error.location, "invalid syntax")),
        None => {
            let compound = source.trim_end_matches(' ').lines().last().is_some_and(|line| line.starts_with(' '));
            if compound && !source.ends_with('\n') { Completeness::Incomplete } else { Completeness::Complete }
        }
    }
}
