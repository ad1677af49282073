//! What can be wrong with source text, in CPython's terms.

use crate::source_map::floor;
use crate::{TextRange, TextSize};

/// The exception class that an error in source text is raised as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `SyntaxError`
    Syntax,
    /// `IndentationError`
    Indentation,
    /// `TabError`
    Tab,
    /// `ValueError`: an identifier that is a constant in disguise. Carries no position in CPython.
    Value,
    /// `MemoryError`: too complex for the parser. Carries no position in CPython.
    Memory,
    /// `RecursionError`: too deep for the compiler. Carries no position in CPython.
    Recursion,
}

/// A rejected program: the data of CPython's `SyntaxError` (except `filename`, which the caller knows).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The exception class.
    pub kind: Kind,
    /// The exception's `msg`.
    pub message: String,
    /// `(lineno, offset)`: line from 1; column in characters from 1, 0 where CPython says 0.
    pub start: (u32, u32),
    /// `(end_lineno, end_offset)`, or `None` where CPython gives only a start.
    pub end: Option<(u32, i32)>,
    /// The text of the line, as the attribute `text`.
    pub text: Option<String>,
    /// Whether the exception's `args` are the message alone: CPython's symbol table sets the rest as attributes.
    pub message_only: bool,
    /// For errors of the parser: what it knew besides.
    pub parser: Option<Box<ParserContext>>,
}

/// What the parser knew when it rejected a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParserContext {
    /// Line and column (from 0) where the last compound statement starts that was read to its end; line 0 if there is none.
    pub statement: (u32, u32),
    /// Whether the last line is read as if it were ended.
    pub end_line: bool,
    /// What deserved a warning before the mistake.
    pub warnings: Vec<SyntaxWarning>,
}

impl SyntaxError {
    /// A `SyntaxError` about the text at `range`, as CPython's compiler reports it from a node's position.
    pub fn at(source: &str, range: TextRange, message: impl Into<String>) -> Self {
        Self::with_kind(Kind::Syntax, source, range, message)
    }

    /// Like [`SyntaxError::at`], as CPython's symbol table reports it.
    pub fn of_symbols(source: &str, range: TextRange, message: impl Into<String>) -> Self {
        Self { message_only: true, ..Self::at(source, range, message) }
    }

    /// Like [`SyntaxError::at`] with a choice of the exception class.
    pub fn with_kind(kind: Kind, source: &str, range: TextRange, message: impl Into<String>) -> Self {
        let start = line_and_column(source, range.start());
        let end = line_and_column(source, range.end());
        let text = Some(line_with_end(source, range.start()).to_owned());
        let end = Some((end.0, end.1 as i32));
        Self { kind, message: message.into(), start, end, text, message_only: false, parser: None }
    }

    /// Counts columns in bytes of UTF-8, as CPython does in errors that come from its compiler.
    #[must_use]
    pub fn with_byte_columns(mut self, source: &str) -> Self {
        let in_bytes = |line: u32, column: u32| {
            let text = source.split('\n').nth(line.saturating_sub(1) as usize).unwrap_or("");
            let bytes = text.char_indices().nth(column.saturating_sub(1) as usize).map_or(text.len(), |(at, _)| at);
            bytes as u32 + 1
        };
        if !source.is_ascii() && self.start.0 > 0 {
            self.start.1 = in_bytes(self.start.0, self.start.1);
            self.end = self.end.map(|(line, column)| (line, in_bytes(line, column.max(0) as u32) as i32));
        }
        self
    }

    /// Gives `text` the line end that CPython's own copy of the line has.
    pub(crate) fn end_text_with_newline(&mut self) {
        if let Some(text) = &mut self.text
            && !text.ends_with('\n')
        {
            text.push('\n');
        }
    }

    /// An error that names no place: `MemoryError` and `RecursionError`.
    pub fn without_position(kind: Kind, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { kind, message, start: (0, 0), end: None, text: None, message_only: false, parser: None }
    }
}

/// A warning about source text that is accepted; raised as an error where the warning filters say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxWarning {
    /// The warning's text.
    pub message: String,
    /// What it is about.
    pub range: TextRange,
}

/// Line and column of `offset`, both from 1, the column in characters. Linear: errors are rare and their texts short.
pub(crate) fn line_and_column(source: &str, offset: TextSize) -> (u32, u32) {
    let before = &source[..floor(source, offset.to_usize())];
    let line = before.bytes().filter(|&b| b == b'\n').count() as u32 + 1;
    let start = before.rfind('\n').map_or(0, |i| i + 1);
    (line, before[start..].chars().count() as u32 + 1)
}

/// The line that `offset` is on, with its line end if it has one.
pub(crate) fn line_with_end(source: &str, offset: TextSize) -> &str {
    let offset = floor(source, offset.to_usize());
    let start = source[..offset].rfind('\n').map_or(0, |i| i + 1);
    let end = source[offset..].find('\n').map_or(source.len(), |i| offset + i + 1);
    &source[start..end]
}
