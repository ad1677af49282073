//! The ways in: text to tree, and text to "is it whole yet".

use std::borrow::Cow;

use rustpython_ruff_python_parser as parser;

use crate::TextRange;
use crate::ast;
use crate::bare_raise;
use crate::diagnosis::{Diagnosis, Options, diagnose, diagnose_as};
use crate::error::{Kind, SyntaxError, SyntaxWarning};
use crate::lexer::{Lexer, Token};
use crate::nesting::{self, Scan};
use crate::token::{FSTRING_START, NAME, NUMBER, TSTRING_START, TYPE_COMMENT, fixed};

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
    parse_with(source, mode, false)
}

/// As [`parse`]; with `barry` the inequality is `<>` from the start, as after `from __future__ import barry_as_FLUFL`.
///
/// # Errors
///
/// As [`parse`].
pub fn parse_with(source: &str, mode: Mode, barry: bool) -> Result<Parsed, SyntaxError> {
    if source.contains('\0') {
        return Err(SyntaxError::without_position(Kind::Syntax, "source code string cannot contain null bytes"));
    }
    let mut lexer = Lexer::new(source, mode);
    let scan = nesting::scan(&mut lexer);
    // What is too deep may be wrong as well, and CPython would say so; a huge text is not worth the memory.
    let options = Options { barry, ..STRICT };
    let barry = barry || source.contains("barry_as_FLUFL");
    let strict = match scan {
        Scan::Fine if barry => true,
        Scan::Fine => mode == Mode::Single,
        Scan::Wrong => true,
        Scan::TooDeep(_) => source.len() < 100_000,
    };
    if strict && let Diagnosis::Wrong(error) = diagnose(source, mode, options) {
        return Err(error);
    }
    if let Scan::TooDeep(error) = scan {
        return Err(error);
    }
    let parser_mode = if mode == Mode::Eval { parser::Mode::Expression } else { parser::Mode::Module };
    let text = if barry { usual_inequalities(source, mode) } else { Cow::Borrowed(source) };
    let parsed = parser::parse_unchecked(&text, parser::ParseOptions::from(parser_mode));
    if let Some(error) = parsed.errors().first() {
        return match diagnose(source, mode, options) {
            Diagnosis::Wrong(error) => Err(error),
            _ => match bare_raise::parse(source) {
                Some(module) if mode != Mode::Eval => Ok(Parsed { module, warnings: lexer.warnings }),
                _ => Err(later_error(source, error)),
            },
        };
    }
    Ok(Parsed { module: parsed.into_syntax(), warnings: lexer.warnings })
}

/// The text with `!=` for each `<>`.
fn usual_inequalities(source: &str, mode: Mode) -> Cow<'_, str> {
    const OLD: u8 = fixed("<>");
    let mut text = String::new();
    let mut done = 0;
    for token in Lexer::new(source, mode).all() {
        if token.kind == OLD {
            text.push_str(&source[done..token.start as usize]);
            text.push_str("!=");
            done = token.end as usize;
        }
    }
    if done == 0 {
        return Cow::Borrowed(source);
    }
    text.push_str(&source[done..]);
    Cow::Owned(text)
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
const STRICT: Options = Options { allow_incomplete: false, imply_dedent: true, type_comments: false, barry: false };

/// Checks the text of a function's type, as in `(int, *str) -> float`.
///
/// # Errors
///
/// Where it is none.
pub fn check_function_type(source: &str) -> Result<(), SyntaxError> {
    match diagnose_as("func_type", source, Mode::Eval, STRICT) {
        Diagnosis::Wrong(error) => Err(error),
        _ => Ok(()),
    }
}

/// Lets a decimal integer literal of more than `limit` digits (0: none is too long) take precedence over what is wrong behind it.
///
/// # Errors
///
/// For such a literal, and what `parsed` is.
pub fn forbid_long_literals(
    parsed: Result<Parsed, SyntaxError>,
    source: &str,
    mode: Mode,
    limit: usize,
) -> Result<Parsed, SyntaxError> {
    let known = parsed.as_ref().err().map(|error| error.start);
    match long_literal(source, mode, limit, known) {
        Some(error) => Err(error),
        None => parsed,
    }
}

fn long_literal(source: &str, mode: Mode, limit: usize, known: Option<(u32, u32)>) -> Option<SyntaxError> {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let mut runs = source.split(|c: char| !c.is_ascii_digit() && c != '_');
    if limit == 0 || !runs.any(|run| run.len() > limit && digits(run) > limit) {
        return None;
    }
    for token in Lexer::new(source, mode).all() {
        let text = source.get(token.start as usize..token.end as usize).unwrap_or("");
        let decimal = token.kind == NUMBER && text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
        let count = digits(text);
        if decimal && count > limit && text.bytes().any(|b| !matches!(b, b'0' | b'_')) {
            let message = format!(
                "Exceeds the limit ({limit} digits) for integer string conversion: value has {count} digits; use \
                 sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals to \
                 avoid decimal conversion limits."
            );
            let mut error = SyntaxError::at(source, TextRange::empty(token.start.into()), message);
            if known.is_some_and(|known| known < error.start) {
                return None;
            }
            error.start.1 = 0;
            error.end = Some((error.start.0, 0));
            if mode == Mode::Exec {
                error.end_text_with_newline();
            }
            return Some(error);
        }
    }
    None
}

/// A comment that tells a type (PEP 484).
#[derive(Clone, Debug)]
pub struct TypeComment {
    /// Where the type begins.
    pub start: u32,
    /// Where the token before the comment ends.
    pub after: u32,
    /// The type.
    pub text: String,
}

/// The comments of a program about types.
#[derive(Debug, Default)]
pub struct TypeComments {
    /// Those that tell a type, in the order of the text.
    pub comments: Vec<TypeComment>,
    /// Lines and tags of those that tell checkers to ignore the line.
    pub ignores: Vec<(u32, String)>,
}

/// Collects the comments about types of a text that [`parse`] accepts.
///
/// # Errors
///
/// Where a comment tells a type and must not.
pub fn type_comments(source: &str, mode: Mode) -> Result<TypeComments, SyntaxError> {
    let mut lexer = Lexer::new(source, mode);
    lexer.type_ignores = Some(Vec::new());
    let tokens = lexer.all();
    let mut comments = Vec::new();
    for pair in tokens.windows(2) {
        if pair[1].kind == TYPE_COMMENT {
            let text = source.get(pair[1].start as usize..pair[1].end as usize).unwrap_or("").to_owned();
            comments.push(TypeComment { start: pair[1].start, after: pair[0].end, text });
        }
    }
    let only = tokens.first().is_some_and(|token| token.kind == TYPE_COMMENT);
    if (only || !comments.is_empty())
        && let Diagnosis::Wrong(error) = diagnose(source, mode, Options { type_comments: true, ..STRICT })
    {
        return Err(error);
    }
    Ok(TypeComments { comments, ignores: lexer.type_ignores.unwrap_or_default() })
}

/// Where the names of a text are that are no keywords, up to where its tokens are wrong.
pub fn names(source: &str) -> Vec<TextRange> {
    let mut lexer = Lexer::new(source, Mode::Exec);
    lexer.extra = true;
    let names = lexer.all().into_iter().filter(|token| token.kind == NAME);
    names.map(|token| TextRange::new(token.start.into(), token.end.into())).collect()
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
    let blank = |line: &str| line.trim().is_empty() || line.trim().starts_with('#');
    if source.split('\n').all(blank) {
        return Completeness::Complete;
    }
    const SHELL: Options = Options { allow_incomplete: true, imply_dedent: false, ..STRICT };
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
pub fn check(source: &str, mode: Mode, allow_incomplete: bool, imply_dedent: bool, barry: bool) -> Completeness {
    match diagnose(source, mode, Options { allow_incomplete, imply_dedent, type_comments: false, barry }) {
        Diagnosis::Fine => Completeness::Complete,
        Diagnosis::Incomplete => Completeness::Incomplete,
        Diagnosis::Wrong(error) => Completeness::Invalid(error),
    }
}
