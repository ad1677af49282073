//! The ways in: text to tree, and text to "is it whole yet".

use std::borrow::Cow;

use rustpython_ruff_python_parser as parser;

use crate::TextRange;
use crate::ast;
use crate::bare_raise;
use crate::diagnosis::{Diagnosis, Options, diagnose};
use crate::error::{Kind, SyntaxError, SyntaxWarning};
use crate::lexer::{Lexer, Token};
use crate::nesting::{self, Scan};
use crate::token::{FSTRING_START, TSTRING_START, fixed};

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
    if source.contains('\0') {
        return Err(SyntaxError::without_position(Kind::Syntax, "source code string cannot contain null bytes"));
    }
    let mut lexer = Lexer::new(source, mode);
    let scan = nesting::scan(&mut lexer);
    // What is too deep may be wrong as well, and CPython would say so; a huge text is not worth the memory.
    let strict = match scan {
        Scan::Fine => mode == Mode::Single,
        Scan::Wrong => true,
        Scan::TooDeep(_) => source.len() < 100_000,
    };
    if strict && let Diagnosis::Wrong(error) = diagnose(source, mode, STRICT) {
        return Err(error);
    }
    if let Scan::TooDeep(error) = scan {
        return Err(error);
    }
    let parser_mode = if mode == Mode::Eval { parser::Mode::Expression } else { parser::Mode::Module };
    let parsed = parser::parse_unchecked(source, parser::ParseOptions::from(parser_mode));
    if let Some(error) = parsed.errors().first() {
        return match diagnose(source, mode, STRICT) {
            Diagnosis::Wrong(error) => Err(error),
            _ => match bare_raise::parse(source) {
                Some(module) if mode != Mode::Eval => Ok(Parsed { module, warnings: lexer.warnings }),
                _ => Err(later_error(source, error)),
            },
        };
    }
    Ok(Parsed { module: parsed.into_syntax(), warnings: lexer.warnings })
}

/// An error that the parser sees where CPython's sees none; CPython reports it while it compiles.
fn later_error(source: &str, error: &parser::ParseError) -> SyntaxError {
    let message = match &error.error {
        parser::ParseErrorType::DuplicateKeywordArgumentError(name) => format!("keyword argument repeated: {name}"),
        parser::ParseErrorType::OtherError(message) if message.contains("pattern") => {
            "patterns may only match literals and attribute lookups".to_owned()
        }
        _ => "invalid syntax".to_owned(),
    };
    if message == "invalid syntax"
        && let Some(pattern) = mapping_pattern(source, error.location.start().to_u32())
    {
        let message = "mapping pattern keys may only match literals and attribute lookups";
        return SyntaxError { text: None, ..SyntaxError::at(source, pattern, message) };
    }
    // CPython's compiler knows no text.
    SyntaxError { text: None, ..SyntaxError::at(source, error.location, message) }.with_byte_columns(source)
}

/// The braces around the f-string or t-string at `offset`: as a key of a pattern it makes the parser stumble.
fn mapping_pattern(source: &str, offset: u32) -> Option<TextRange> {
    const OPEN: u8 = fixed("{");
    const CLOSE: u8 = fixed("}");
    let tokens = Lexer::new(source, Mode::Exec).all();
    let is_string = |token: &Token| token.start == offset && matches!(token.kind, FSTRING_START | TSTRING_START);
    tokens.iter().find(|token| is_string(token))?;
    let mut open = Vec::new();
    for token in tokens {
        match token.kind {
            OPEN => open.push(token.start),
            CLOSE => {
                let start = open.pop()?;
                if start < offset && offset < token.start {
                    return Some(TextRange::new(start.into(), token.end.into()));
                }
            }
            _ => {}
        }
    }
    None
}

/// How `compile` reads.
const STRICT: Options = Options { allow_incomplete: false, imply_dedent: true };

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
    let blank = |line: &str| line.trim().is_empty() || line.trim().starts_with('#');
    if source.split('\n').all(blank) {
        return Completeness::Complete;
    }
    const SHELL: Options = Options { allow_incomplete: true, imply_dedent: false };
    if !matches!(diagnose(source, Mode::Single, SHELL), Diagnosis::Fine) {
        let mut longer = String::with_capacity(source.len() + 1);
        longer.push_str(source);
        longer.push('\n');
        if !matches!(diagnose(&longer, Mode::Single, SHELL), Diagnosis::Wrong(_)) {
            return Completeness::Incomplete;
        }
    }
    match diagnose(source, Mode::Single, STRICT) {
        Diagnosis::Wrong(error) => Completeness::Invalid(error),
        _ => Completeness::Complete,
    }
}

/// Reads a text as the flags of `codeop` ask: with `allow_incomplete` one that ends too early is [`Completeness::Incomplete`],
/// without `imply_dedent` the end of a shell's text does not end its blocks.
pub fn check(source: &str, mode: Mode, allow_incomplete: bool, imply_dedent: bool) -> Completeness {
    match diagnose(source, mode, Options { allow_incomplete, imply_dedent }) {
        Diagnosis::Fine => Completeness::Complete,
        Diagnosis::Incomplete => Completeness::Incomplete,
        Diagnosis::Wrong(error) => Completeness::Invalid(error),
    }
}
