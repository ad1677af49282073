//! The tokens of a text that arrives line by line, as Python's module `_tokenize` hands them out.
//!
//! A token is read only when the text it needs is there: an attempt that looked beyond the last line is undone and
//! repeated once there is more. What is one line is the giver's choice; each is made to end with `\n`, and a line end that
//! was added is never shown.

use std::ops::Range;

use crate::error::Kind;
use crate::lexer::{Lexer, State, Token};
use crate::parse::Mode;
use crate::token::*;

/// One token. Lines count from 1; columns count characters from 0 and are -1 where CPython knows none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenText {
    /// As in Python's module `token`.
    pub number: u8,
    /// What it says.
    pub text: String,
    /// Where it starts.
    pub start: (usize, isize),
    /// Where it ends.
    pub end: (usize, isize),
    /// The lines it stands on, for [`Tokenizer::lines`].
    pub lines: Range<usize>,
}

/// What [`Tokenizer::step`] does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The next token.
    Token(TokenText),
    /// Give at least this many more lines and call again.
    NeedLines(usize),
    /// The text is wrong here.
    Failed(TokenFailure),
    /// There are no more tokens.
    End,
}

/// How the error object is made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenizerError {
    /// With line, column, text and end.
    Placed,
    /// With line, column and text, but no end.
    WithoutEnd,
    /// With a message alone, and line and column set afterwards.
    Message,
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFailure {
    /// The exception class.
    pub kind: Kind,
    /// Its form.
    pub form: TokenizerError,
    /// The message.
    pub message: String,
    /// Line and column, which counts from 1.
    pub start: (usize, usize),
    /// Line and column of the end.
    pub end: (usize, isize),
    /// The text of the line.
    pub text: String,
}

/// A text that is being read.
pub struct Tokenizer {
    text: String,
    /// Where each line starts, and whether its line end was added.
    lines: Vec<(usize, bool)>,
    finished: bool,
    extra: bool,
    state: State,
    /// Counts the attempts at the next token.
    wanted: usize,
    done: bool,
    /// A place whose line and column are known: columns are counted from here.
    last: (usize, usize, usize),
}

impl Tokenizer {
    /// With `extra` comments and the ends of blank lines are tokens too, operators are not told apart, and much that is wrong
    /// is let pass.
    pub fn new(extra: bool) -> Self {
        Self {
            text: String::new(),
            lines: Vec::new(),
            finished: false,
            extra,
            state: State::default(),
            wanted: 1,
            done: false,
            last: (0, 0, 0),
        }
    }

    /// Appends a line; an empty one ends the text. False: there is no memory for it.
    pub fn give(&mut self, line: &str) -> bool {
        if line.is_empty() {
            self.finished = true;
            return true;
        }
        let implied = !line.ends_with('\n');
        if self.text.try_reserve(line.len() + 1).is_err() || self.text.len() + line.len() >= u32::MAX as usize {
            return false;
        }
        self.lines.push((self.text.len(), implied));
        self.text.push_str(line);
        if implied {
            self.text.push('\n');
        }
        true
    }

    /// How many lines have been given.
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// Whether the end of the text has been given.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// The text of the lines with these numbers (from 0).
    pub fn lines(&self, lines: Range<usize>) -> &str {
        if lines.is_empty() {
            return "";
        }
        let start = self.lines.get(lines.start).map_or(self.text.len(), |line| line.0);
        let end = self.lines.get(lines.end).map_or(self.text.len(), |line| line.0);
        let implied = self.lines.get(lines.end - 1).is_some_and(|line| line.1);
        self.text.get(start..end - implied as usize).unwrap_or("")
    }

    /// The next token, if it can be told yet.
    pub fn step(&mut self) -> Step {
        if self.done || self.text.is_empty() && self.finished && !self.extra {
            return Step::End;
        }
        let mut lexer = Lexer::new(&self.text, Mode::Exec);
        lexer.state = self.state.clone();
        lexer.extra = self.extra;
        let token = lexer.next_token();
        if lexer.touched_end.get() && !self.finished {
            let wanted = self.wanted;
            self.wanted = (wanted + 1).min(1 << 16);
            // A long literal is begun again for every few lines, not for every line.
            return Step::NeedLines((wanted / 8).max(1) * (wanted / 64 + 1));
        }
        self.wanted = 1;
        self.state = lexer.state.clone();
        if let Some(failure) = lexer.failure.take() {
            self.done = true;
            return Step::Failed(self.failure(failure.error));
        }
        self.done = token.kind == END;
        Step::Token(self.describe(token))
    }

    /// Number of the line around byte `at`, from 0.
    fn line_of(&self, at: usize) -> usize {
        self.lines.partition_point(|line| line.0 <= at).saturating_sub(1)
    }

    /// The column of byte `at` of a line.
    fn column(&mut self, line: usize, at: usize) -> usize {
        let start = self.lines.get(line).map_or(0, |line| line.0);
        let (from, columns) = match self.last {
            (last_line, last_at, columns) if last_line == line && last_at <= at && last_at >= start => {
                (last_at, columns)
            }
            _ => (start, 0),
        };
        let column = columns + self.text.get(from..at).map_or(0, |text| text.chars().count());
        self.last = (line, at, column);
        column
    }

    fn describe(&mut self, token: Token) -> TokenText {
        let (start, end) = (token.start as usize, token.end as usize);
        let at_end = start >= self.text.len();
        if token.kind == END || token.kind == DEDENT && at_end {
            let line = self.lines.len();
            let number = python_number(token.kind);
            let (at, lines) = match self.extra {
                true => ((line + 1, 0), 0..0),
                false => ((line, -1), line.saturating_sub(1)..line),
            };
            return TokenText { number, text: String::new(), start: at, end: at, lines };
        }
        // A line's end belongs to the line.
        let is_string = token.kind == STRING || (FSTRING_START..=TSTRING_END).contains(&token.kind);
        let last_byte = if end > start && !is_string { end - 1 } else { end };
        let (first_line, last_line) = (self.line_of(start), self.line_of(last_byte));
        let mut start_column = self.column(first_line, start) as isize;
        let mut end_column = if end == start { start_column } else { self.column(last_line, end) as isize };
        let mut text = self.text.get(start..end).unwrap_or("").to_owned();
        let implied = self.lines.get(last_line).is_some_and(|line| line.1);
        let mut number = python_number(token.kind);
        match token.kind {
            INDENT | DEDENT if !self.extra => (start_column, end_column) = (-1, -1),
            INDENT => {
                text = self.text.get(self.lines[first_line].0..end).unwrap_or("").to_owned();
                start_column = 0;
            }
            NEWLINE if !self.extra => {
                text.pop();
                end_column -= 1;
            }
            NEWLINE | NL if implied => {
                text.pop();
            }
            _ if self.extra && (7..55).contains(&number) => number = 55,
            _ => {}
        }
        let lines = if is_string { first_line..last_line + 1 } else { last_line..last_line + 1 };
        TokenText { number, text, start: (first_line + 1, start_column), end: (last_line + 1, end_column), lines }
    }

    fn failure(&self, error: crate::SyntaxError) -> TokenFailure {
        let standing = self.state.pos.min(self.text.len());
        let line = self.line_of(standing.min(self.text.len().saturating_sub(1)));
        let whole = self.lines(line..line + 1).trim_end_matches('\n').to_owned();
        let columns = whole.chars().count();
        let end_of_text =
            error.message.ends_with("was never closed") || error.message == "unexpected EOF while parsing";
        let continuation = error.message == "unexpected character after line continuation character";
        if end_of_text {
            // CPython tells how much its buffer holds: the statement's text in an f-string, else nothing or the line.
            let open = self.state.template_start().map(|at| self.lines[self.line_of(at)].0);
            let behind = match open {
                Some(start) => self.text.get(start..).map_or(0, str::len),
                None if self.text.ends_with("\\\n") && standing < self.text.len() && columns > 1 => columns + 1,
                None => 0,
            };
            return TokenFailure {
                kind: Kind::Syntax,
                form: TokenizerError::Message,
                message: "unexpected EOF in multi-line statement".to_owned(),
                start: (self.lines.len(), behind),
                end: (0, 0),
                text: String::new(),
            };
        }
        if error.kind != Kind::Syntax || continuation {
            return TokenFailure {
                kind: error.kind,
                form: TokenizerError::WithoutEnd,
                message: error.message,
                start: (line + 1, columns + 1),
                end: (0, 0),
                text: whole,
            };
        }
        let end = error.end.unwrap_or((error.start.0, error.start.1 as i32));
        TokenFailure {
            kind: error.kind,
            form: TokenizerError::Placed,
            message: error.message,
            start: (error.start.0 as usize, error.start.1 as usize),
            end: (end.0 as usize, end.1 as isize),
            text: error.text.map(|text| text.trim_end_matches('\n').to_owned()).unwrap_or_default(),
        }
    }
}
