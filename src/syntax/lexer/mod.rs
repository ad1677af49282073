//! CPython's tokenizer: the same tokens, the same errors at the same places.
//!
//! It runs over every program before the parser does, for three things that the parser does not tell: how deeply
//! the text nests (`nesting`), which escapes and numbers deserve a warning, and which of its errors come from the
//! tokenizer. When a program is wrong, `diagnosis` parses these tokens again to find CPython's words for it.
//!
//! Offsets are bytes of the source. Where the source does not end with `\n` and is a file, one is imagined behind it.

mod numbers;
mod strings;

use std::cell::Cell;

use unicode_normalization::{UnicodeNormalization, needs_normalization};

use crate::error::{Kind, SyntaxError, SyntaxWarning};
use crate::parse::Mode;
use crate::source_map::floor;
use crate::token::*;
use crate::unicode::{is_identifier_part, is_identifier_start, is_printable};
use crate::{TextRange, TextSize};

/// One token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// One of the constants of `token`.
    pub kind: u8,
    /// How many brackets are open behind it.
    pub level: u8,
    /// First byte. `INDENT`, `DEDENT`, `END` and `ERROR` are empty and lie where the tokenizer stood.
    pub start: u32,
    /// Behind the last byte.
    pub end: u32,
}

/// Why the tokenizer stopped before the end.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// What to report when the parser gets there.
    pub error: SyntaxError,
    /// Whether it also beats errors that the parser finds before it.
    pub overrides: bool,
    /// Whether more text could have helped (the end was reached).
    pub at_end: bool,
}

/// Deepest bracket nesting that CPython accepts.
pub(crate) const MAX_BRACKETS: usize = 200;
/// Deepest indentation (stack of columns, the first being 0) that CPython accepts.
const MAX_INDENTS: usize = 100;
/// Deepest nesting of f-strings.
const MAX_STRINGS: usize = 150;
/// Deepest nesting of fields within the format specs of one f-string.
const MAX_FIELDS: i32 = 3;

/// One f-string or t-string that is being read.
#[derive(Clone)]
struct Template {
    quote: u8,
    triple: bool,
    raw: bool,
    /// `b'f'` or `b't'`.
    letter: u8,
    /// Offset of the prefix.
    start: usize,
    /// Whether literal text comes next, not an expression.
    literal: bool,
    in_spec: bool,
    /// Open brackets inside this string.
    depth: i32,
    /// Depth at which the innermost field began; -1 outside fields.
    field: i32,
}

/// Where the tokenizer is in its text, and what is open there.
#[derive(Clone)]
pub(crate) struct State {
    pub pos: usize,
    at_line_start: bool,
    /// Indents to be handed out, dedents if negative.
    pending: i32,
    indents: Vec<(u32, u32)>,
    brackets: Vec<(u8, u32)>,
    templates: Vec<Template>,
    started: bool,
    /// A line with only a comment is being read, whose end is no `NEWLINE`.
    comment_line: bool,
}

impl State {
    /// Where the outermost f-string or t-string starts that is being read.
    pub(crate) fn template_start(&self) -> Option<usize> {
        self.templates.first().map(|template| template.start)
    }
}

impl Default for State {
    fn default() -> Self {
        Self {
            pos: 0,
            at_line_start: true,
            pending: 0,
            indents: vec![(0, 0)],
            brackets: Vec::new(),
            templates: Vec::new(),
            started: false,
            comment_line: false,
        }
    }
}

/// The tokenizer's state.
pub(crate) struct Lexer<'s> {
    source: &'s str,
    bytes: &'s [u8],
    mode: Mode,
    imagined_newline: bool,
    pub state: State,
    /// Whether comments and the ends of blank lines are tokens too, and much that is wrong is let pass, as for Python's module
    /// `tokenize`.
    pub extra: bool,
    /// With `Some`, comments that tell types are tokens, and the lines and ends of `# type: ignore...` are kept here.
    pub type_ignores: Option<Vec<(u32, String)>>,
    /// Whether the end of the text has been seen.
    pub touched_end: Cell<bool>,
    /// Whether the end of a shell's text also ends its blocks (`PyCF_DONT_IMPLY_DEDENT` is not given).
    pub imply_dedent: bool,
    /// Set when the text is wrong.
    pub failure: Option<Failure>,
    /// What deserves a warning.
    pub warnings: Vec<SyntaxWarning>,
}

impl<'s> Lexer<'s> {
    pub(crate) fn new(source: &'s str, mode: Mode) -> Self {
        Self {
            source,
            bytes: source.as_bytes(),
            mode,
            imagined_newline: mode == Mode::Exec && !source.is_empty() && !source.ends_with('\n'),
            state: State::default(),
            extra: false,
            type_ignores: None,
            touched_end: Cell::new(false),
            imply_dedent: true,
            failure: None,
            warnings: Vec::new(),
        }
    }

    /// All tokens up to the end or the first error.
    pub(crate) fn all(&mut self) -> Vec<Token> {
        let mut tokens = Vec::new();
        loop {
            let token = self.next_token();
            tokens.push(token);
            if matches!(token.kind, END | ERROR) {
                return tokens;
            }
        }
    }

    /// Whether `token` is the name `_`.
    pub(crate) fn is_underscore(&self, token: Token) -> bool {
        token.end == token.start + 1 && self.at(token.start as usize) == b'_'
    }

    /// The innermost bracket that is open: its character and offset.
    pub(crate) fn open_bracket(&self) -> Option<(u8, u32)> {
        self.state.brackets.last().copied()
    }

    /// Whether the tokenizer is inside an f-string or t-string.
    pub(crate) fn in_template(&self) -> bool {
        !self.state.templates.is_empty()
    }

    /// The next token; after `END` or `ERROR` there is none.
    #[inline]
    pub(crate) fn next_token(&mut self) -> Token {
        let token = match self.state.templates.last() {
            Some(template) if template.literal => self.template_text(),
            _ => self.ordinary(),
        };
        if self.mode != Mode::Single {
            return token;
        }
        // A statement typed into a shell: the end of the text ends the line and the blocks.
        if token.kind == END && self.state.started {
            self.state.started = false;
            if self.imply_dedent {
                self.state.pending = -(self.state.indents.len() as i32 - 1);
                self.state.indents.truncate(1);
            }
            return Token { kind: NEWLINE, ..token };
        }
        self.state.started = true;
        token
    }

    /// The byte at `i`; 0 behind the end.
    #[inline(always)]
    fn at(&self, i: usize) -> u8 {
        match self.bytes.get(i) {
            Some(&b) => b,
            None if i == self.bytes.len() && self.imagined_newline => b'\n',
            None => {
                self.touched_end.set(true);
                0
            }
        }
    }

    /// Whether `i` is behind the last byte, the imagined one included.
    fn is_end(&self, i: usize) -> bool {
        let is_end = i >= self.bytes.len() + self.imagined_newline as usize;
        if is_end {
            self.touched_end.set(true);
        }
        is_end
    }

    fn token(&self, kind: u8, start: usize, end: usize) -> Token {
        Token { kind, level: self.state.brackets.len() as u8, start: start as u32, end: end as u32 }
    }

    fn ordinary(&mut self) -> Token {
        'line: loop {
            let mut blank = false;
            if self.state.at_line_start {
                self.state.at_line_start = false;
                match self.indentation() {
                    Ok(is_blank) => blank = is_blank,
                    Err(token) => return token,
                }
            }
            if self.state.pending != 0 {
                let kind = if self.state.pending < 0 { DEDENT } else { INDENT };
                self.state.pending -= self.state.pending.signum();
                return self.token(kind, self.state.pos, self.state.pos);
            }
            loop {
                while matches!(self.at(self.state.pos), b' ' | b'\t' | 0x0C) {
                    self.state.pos += 1;
                }
                // A line's end includes its comment.
                let comment = self.state.pos;
                if self.at(self.state.pos) == b'#' {
                    if self.extra {
                        return self.comment(blank);
                    }
                    while self.at(self.state.pos) != b'\n' && !self.is_end(self.state.pos) {
                        self.state.pos += 1;
                    }
                    if self.type_ignores.is_some()
                        && let Some(token) = self.type_comment(comment, blank)
                    {
                        return token;
                    }
                }
                let start = self.state.pos;
                let c = self.at(start);
                match c {
                    b'a'..=b'z' | b'A'..=b'Z' | b'_' | 128.. => return self.name_or_string(start),
                    b'\n' => {
                        self.state.pos += 1;
                        self.state.at_line_start = true;
                        if self.extra {
                            return self.line_end(blank, start, start + 1);
                        }
                        if blank || !self.state.brackets.is_empty() {
                            continue 'line;
                        }
                        return self.token(NEWLINE, comment, start + 1);
                    }
                    b'\r' if self.at(start + 1) == b'\n' => {
                        self.state.pos += 2;
                        self.state.at_line_start = true;
                        if self.extra {
                            return self.line_end(blank, start, start + 2);
                        }
                        if blank || !self.state.brackets.is_empty() {
                            continue 'line;
                        }
                        return self.token(NEWLINE, comment, start + 2);
                    }
                    b'0'..=b'9' => return self.number(start),
                    b'.' if self.at(start + 1).is_ascii_digit() => return self.number(start),
                    b'\'' | b'"' => return self.string(start, start, false, false),
                    b'\\' => match self.continuation() {
                        None => continue,
                        Some(token) => return token,
                    },
                    0 if self.is_end(start) => return self.end(),
                    _ => return self.operator(start, c),
                }
            }
        }
    }

    /// The comment that has just been read from `start`, if it tells a type; one that tells to ignore types is kept.
    fn type_comment(&mut self, start: usize, blank: bool) -> Option<Token> {
        let text = &self.source[start..self.state.pos];
        let skip = |text: &'s str| text.trim_start_matches([' ', '\t']);
        let rest = skip(skip(text.strip_prefix('#')?).strip_prefix("type:")?);
        match rest.strip_prefix("ignore") {
            Some(tag) if !tag.starts_with(|c: char| c.is_ascii_alphanumeric() || !c.is_ascii()) => {
                let line = self.bytes[..start].iter().filter(|&&b| b == b'\n').count() as u32 + 1;
                // Alone on its line it has the line's end.
                let end = if blank && self.at(self.state.pos) == b'\n' { "\n" } else { "" };
                self.type_ignores.get_or_insert_default().push((line, [tag, end].concat()));
                None
            }
            _ => Some(self.token(TYPE_COMMENT, self.state.pos - rest.len(), self.state.pos)),
        }
    }

    /// A comment, as a token.
    fn comment(&mut self, blank: bool) -> Token {
        let start = self.state.pos;
        let mut end = start;
        while !matches!(self.at(end), b'\n' | b'\r') && !self.is_end(end) {
            end += 1;
        }
        self.state.pos = end;
        self.state.comment_line = blank;
        self.token(COMMENT, start, end)
    }

    /// The end of a line that may be blank, as a token.
    fn line_end(&mut self, blank: bool, start: usize, end: usize) -> Token {
        let is_blank = blank || !self.state.brackets.is_empty() || self.state.comment_line;
        self.state.comment_line = false;
        self.token(if is_blank { NL } else { NEWLINE }, start, end)
    }

    fn end(&mut self) -> Token {
        if let Some((bracket, offset)) = self.open_bracket() {
            let error = never_closed(self.source, self.mode, bracket, offset);
            return self.give_up(error, false, true);
        }
        self.token(END, self.state.pos, self.state.pos)
    }

    /// Reads a line's indentation; tells whether the line is blank.
    fn indentation(&mut self) -> Result<bool, Token> {
        loop {
            let mut column = 0u32;
            let mut alternative = 0u32;
            let mut continued: Option<u32> = None;
            loop {
                match self.at(self.state.pos) {
                    b' ' => {
                        column += 1;
                        alternative += 1;
                    }
                    b'\t' => {
                        column = (column / 8 + 1) * 8;
                        alternative += 1;
                    }
                    0x0C => {
                        column = 0;
                        alternative = 0;
                    }
                    b'\\' => {
                        continued = continued.filter(|&column| column > 0).or(Some(column));
                        if let Some(token) = self.continuation() {
                            return Err(token);
                        }
                        continue;
                    }
                    _ => break,
                }
                self.state.pos += 1;
            }
            match self.at(self.state.pos) {
                b'\n' | b'\r' if self.extra => return Ok(true),
                b'\n' => {
                    self.state.pos += 1;
                    continue;
                }
                b'#' => return Ok(true),
                _ => {}
            }
            if !self.state.brackets.is_empty() {
                return Ok(false);
            }
            // As in CPython, a backslash in column 0 does not count.
            let (column, alternative) = match continued {
                Some(column) if column > 0 => (column, column),
                _ => (column, alternative),
            };
            return self.block_structure(column, alternative).map(|()| false);
        }
    }

    /// Compares a line's columns with the open blocks'.
    fn block_structure(&mut self, column: u32, alternative: u32) -> Result<(), Token> {
        let &(top, top_alternative) = self.state.indents.last().unwrap_or(&(0, 0));
        if column == top {
            return if alternative == top_alternative { Ok(()) } else { Err(self.inconsistent()) };
        }
        if column > top {
            if self.state.indents.len() >= MAX_INDENTS {
                let (line, _) = self.line_span(self.state.pos);
                let error = self.whole_line_error(Kind::Indentation, "too many levels of indentation", line, 1, 0);
                return Err(self.give_up(error, false, false));
            }
            if alternative <= top_alternative {
                return Err(self.inconsistent());
            }
            self.state.pending += 1;
            self.state.indents.push((column, alternative));
            return Ok(());
        }
        while self.state.indents.len() > 1 && self.state.indents.last().is_some_and(|&(top, _)| column < top) {
            self.state.indents.pop();
            self.state.pending -= 1;
        }
        let &(top, top_alternative) = self.state.indents.last().unwrap_or(&(0, 0));
        if column != top {
            let (start, end) = self.line_span(self.state.pos);
            let is_ended = self.mode == Mode::Exec || end < self.source.len();
            let offset = self.source[start..end].chars().count() as u32 + u32::from(is_ended);
            let message = "unindent does not match any outer indentation level";
            let error = self.whole_line_error(Kind::Indentation, message, start, offset, -1);
            return Err(self.give_up(error, false, false));
        }
        if alternative != top_alternative { Err(self.inconsistent()) } else { Ok(()) }
    }

    fn inconsistent(&mut self) -> Token {
        let (start, _) = self.line_span(self.state.pos);
        let error = self.whole_line_error(Kind::Tab, "inconsistent use of tabs and spaces in indentation", start, 1, 0);
        self.give_up(error, false, false)
    }

    /// An error whose column says nothing about the text.
    fn whole_line_error(&self, kind: Kind, message: &str, at: usize, column: u32, end_column: i32) -> SyntaxError {
        let mut error = SyntaxError::with_kind(kind, self.source, TextRange::empty(TextSize::new(at as u32)), message);
        error.start.1 = column;
        error.end = Some((error.start.0, end_column));
        if self.mode == Mode::Exec {
            error.end_text_with_newline();
        }
        error
    }

    /// Start and end (without line end) of the line around `i`.
    fn line_span(&self, i: usize) -> (usize, usize) {
        let i = floor(self.source, i);
        let start = self.source[..i].rfind('\n').map_or(0, |n| n + 1);
        let end = self.source[i..].find('\n').map_or(self.source.len(), |n| i + n);
        (start, end)
    }

    /// Steps over a backslash and the line end behind it.
    fn continuation(&mut self) -> Option<Token> {
        let (line_start, line_end) = self.line_span(self.state.pos);
        if self.at(self.state.pos + 1) == b'\r' && self.at(self.state.pos + 2) == b'\n' {
            self.state.pos += 1;
        } else if self.at(self.state.pos + 1) != b'\n' {
            let behind = !self.is_end(self.state.pos + 1) as u32;
            let column = self.source[line_start..self.state.pos].chars().count() as u32 + 1 + behind;
            let message = "unexpected character after line continuation character";
            let error = self.whole_line_error(Kind::Syntax, message, self.state.pos, column, 0);
            return Some(self.give_up(error, false, false));
        }
        if self.is_end(self.state.pos + 2) {
            if let Some((bracket, offset)) = self.open_bracket() {
                let error = never_closed(self.source, self.mode, bracket, offset);
                return Some(self.give_up(error, false, true));
            }
            let column = self.source[line_start..line_end].chars().count() as u32 + 1;
            let error = self.whole_line_error(Kind::Syntax, "unexpected EOF while parsing", self.state.pos, column, -1);
            return Some(self.give_up(error, false, true));
        }
        self.state.pos += 2;
        None
    }

    fn name_or_string(&mut self, start: usize) -> Token {
        let mut i = start;
        let mut seen = [false; 5];
        // Prefix letters of a string: each once, in any order; which go together is checked at the quote.
        while let Some(letter) = b"burft".iter().position(|&l| l == self.at(i) | 0x20)
            && self.at(i).is_ascii_alphabetic()
            && !seen[letter]
        {
            seen[letter] = true;
            i += 1;
            if matches!(self.at(i), b'\'' | b'"') {
                return self.prefixed_string(start, i, seen);
            }
        }
        let mut ascii = true;
        loop {
            match self.at(i) {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => i += 1,
                128.. => {
                    ascii = false;
                    i += 1;
                }
                _ => break,
            }
        }
        self.state.pos = i;
        if ascii {
            return self.token(keyword(&self.bytes[start..i]), start, i);
        }
        if self.extra {
            return self.token(NAME, start, i);
        }
        for (n, (at, c)) in self.source[start..i].char_indices().enumerate() {
            if !(if n == 0 { is_identifier_start(c) } else { is_identifier_part(c) }) {
                return self.bad_character(start + at, c);
            }
        }
        if let Some(constant) = disguised_constant(&self.source[start..i]) {
            let message = format!("identifier field can't represent '{constant}' constant");
            return self.give_up(SyntaxError::without_position(Kind::Value, message), false, false);
        }
        self.token(NAME, start, i)
    }

    fn bad_character(&mut self, at: usize, c: char) -> Token {
        let message = if is_printable(c) {
            format!("invalid character '{c}' (U+{:04X})", c as u32)
        } else {
            format!("invalid non-printable character U+{:04X}", c as u32)
        };
        self.error_at(at + c.len_utf8(), message)
    }

    fn operator(&mut self, start: usize, c: u8) -> Token {
        if !(32..127).contains(&c) {
            return self.bad_character(start, c as char);
        }
        self.state.pos = start + 1;
        if let Some(template) = self.state.templates.last_mut()
            && template.field >= 0
        {
            let depth = template.depth - (c != b'{') as i32;
            if c == b':' && depth == template.field {
                template.literal = true;
                template.in_spec = true;
                return self.token(fixed(":"), start, start + 1);
            }
        }
        match c {
            b'(' | b'[' | b'{' => {
                if self.state.brackets.len() >= MAX_BRACKETS {
                    return self.error_at(start + 1, "too many nested parentheses".to_owned());
                }
                self.state.brackets.push((c, start as u32));
                if let Some(template) = self.state.templates.last_mut() {
                    template.depth += 1;
                }
                let text: &[u8] = &[c];
                self.token(operator(text[0], 0, 0).0, start, start + 1)
            }
            b')' | b']' | b'}' => self.closing(start, c),
            _ => {
                // What is behind the line's end must not be looked at: it may not be there yet.
                let second = self.at(start + 1);
                let third = if second == b'\n' { 0 } else { self.at(start + 2) };
                let (kind, len) = operator(c, second, third);
                self.state.pos = start + len;
                self.token(kind, start, start + len)
            }
        }
    }

    fn closing(&mut self, start: usize, c: u8) -> Token {
        let c_char = c as char;
        let template = self.state.templates.last().map(|t| (t.letter as char, t.depth, t.field));
        if let Some((letter, 0, _)) = template
            && c == b'}'
        {
            return self.error_at(start + 1, format!("{letter}-string: single '}}' is not allowed"));
        }
        let (opening, opened_at) = match self.state.brackets.pop() {
            Some(bracket) => bracket,
            None if self.extra => (c, start as u32),
            None => return self.error_at(start + 1, format!("unmatched '{c_char}'")),
        };
        if !self.extra && !matches!((opening, c), (b'(', b')') | (b'[', b']') | (b'{', b'}')) {
            if let Some((letter, depth, field)) = template
                && opening == b'{'
                && depth - 1 == field
            {
                return self.error_at(start + 1, format!("{letter}-string: unmatched '{c_char}'"));
            }
            let mut message =
                format!("closing parenthesis '{c_char}' does not match opening parenthesis '{}'", opening as char);
            let newlines = |end: usize| self.bytes[..end].iter().filter(|&&b| b == b'\n').count();
            let opening_line = newlines(opened_at as usize);
            if opening_line != newlines(start) {
                message.push_str(&format!(" on line {}", opening_line + 1));
            }
            return self.error_at(start + 1, message);
        }
        if let Some(template) = self.state.templates.last_mut() {
            template.depth -= 1;
            if template.depth < 0 {
                let letter = template.letter as char;
                return self.error_at(start + 1, format!("{letter}-string: unmatched '{c_char}'"));
            }
            if c == b'}' && template.depth == template.field {
                template.field -= 1;
                template.literal = true;
                template.in_spec = false;
            }
        }
        self.token(operator(c, 0, 0).0, start, start + 1)
    }

    /// Reports an error whose column is that of the character before `end`.
    pub(crate) fn error_at(&mut self, end: usize, message: String) -> Token {
        let end = end.min(self.source.len() + 1);
        let (line, column) = if end > self.source.len() || self.source.as_bytes()[end - 1] == b'\n' {
            let (start, line_end) = self.line_span(end.saturating_sub(1));
            let line = self.bytes[..start].iter().filter(|&&b| b == b'\n').count() as u32 + 1;
            (line, self.source[start..line_end].chars().count() as u32 + 1)
        } else {
            let (line, column) = crate::error::line_and_column(self.source, TextSize::new(end as u32));
            (line, column - 1)
        };
        let (start, line_end) = self.line_span(end.saturating_sub(1));
        let error = SyntaxError {
            kind: Kind::Syntax,
            message,
            start: (line, column),
            end: Some((line, column as i32)),
            text: Some(self.source[start..line_end].to_owned()),
            message_only: false,
            parser: None,
        };
        self.give_up(error, true, false)
    }

    /// Reports an error about the bytes from `start` to `end` of one line.
    pub(crate) fn error_range(&mut self, start: usize, end: usize, message: String) -> Token {
        let range = TextRange::new(TextSize::new(start as u32), TextSize::new(end as u32));
        let mut error = SyntaxError::at(self.source, range, message);
        let (line_start, line_end) = self.line_span(start);
        error.text = Some(self.source[line_start..line_end].to_owned());
        self.give_up(error, true, false)
    }

    /// Ends with `error`. Inside an f-string, none counts more than an error of the parser before it.
    fn give_up(&mut self, error: SyntaxError, overrides: bool, at_end: bool) -> Token {
        let overrides = overrides && self.state.templates.is_empty();
        self.failure = Some(Failure { error, overrides, at_end });
        self.token(ERROR, self.state.pos, self.state.pos)
    }
}

/// The error about a bracket that the text ends in.
pub(crate) fn never_closed(source: &str, mode: Mode, bracket: u8, offset: u32) -> SyntaxError {
    let range = TextRange::empty(TextSize::new(offset));
    let mut error = SyntaxError::at(source, range, format!("'{}' was never closed", bracket as char));
    error.end = Some((error.start.0, 0));
    let last_line = source.strip_suffix('\n').unwrap_or(source).bytes().filter(|&b| b == b'\n').count() as u32 + 1;
    if error.start.0 >= last_line {
        if mode == Mode::Exec {
            error.end_text_with_newline();
        }
    } else {
        error.text = error.text.map(|text| text.trim_end_matches('\n').to_owned());
    }
    error
}

/// The constant that a name which is not ASCII becomes when it is normalised (PEP 3131).
fn disguised_constant(name: &str) -> Option<&'static str> {
    let constants = ["True", "False", "None"];
    if !matches!(name.chars().count(), 4 | 5) || !needs_normalization(name) {
        return None;
    }
    let normal: String = name.nfkc().collect();
    constants.into_iter().find(|constant| *constant == normal)
}
