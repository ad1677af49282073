//! What CPython says about a wrong program.
//!
//! The parser that builds the tree tells only that a program is wrong. Here its tokens are parsed again by the
//! grammar in `grammar.peg`, which knows people's mistakes. Which error wins follows CPython's parser:
//! an error of the tokenizer that the first pass runs into; a mistake that the second pass recognises, or else
//! "invalid syntax" at the furthest token of the first pass, unless the tokenizer fails anywhere behind it.

use std::cell::{Cell, RefCell};

use crate::error::{Kind, ParserContext, SyntaxError, SyntaxWarning};
use crate::escapes;
use crate::grammar::{Action, NodeKind, Place};
use crate::lexer::{Failure, Lexer, Token, never_closed};
use crate::machine::{Machine, Node, Outcome, Verdict};
use crate::nesting;
use crate::parse::Mode;
use crate::source_map::LineIndex;
use crate::token::*;

/// What became of a text.
#[derive(Debug)]
pub(crate) enum Diagnosis {
    /// Nothing is wrong with it.
    Fine,
    /// It ends too early (only where the caller asked for this).
    Incomplete,
    /// It is wrong.
    Wrong(SyntaxError),
}

/// How a text is read, beyond its mode.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// Tell a text that ends too early from a wrong one.
    pub allow_incomplete: bool,
    /// In a shell, let the end of the text end its blocks.
    pub imply_dedent: bool,
    /// Comments that tell types are part of the program.
    pub type_comments: bool,
    /// `<>` is the inequality from the start (PEP 401).
    pub barry: bool,
}

/// Parses `source` as CPython does.
pub(crate) fn diagnose(source: &str, mode: Mode, options: Options) -> Diagnosis {
    let start = match mode {
        Mode::Exec => "file",
        Mode::Eval => "eval",
        Mode::Single => "interactive",
    };
    diagnose_as(start, source, mode, options)
}

/// Parses `source` by the rule `start`.
pub(crate) fn diagnose_as(start: &str, source: &str, mode: Mode, options: Options) -> Diagnosis {
    let mut lexer = Lexer::new(source, mode);
    lexer.imply_dedent = options.imply_dedent;
    lexer.type_ignores = options.type_comments.then(Vec::new);
    let tokens = lexer.all();
    let text = Text {
        source,
        mode,
        tokens: &tokens,
        index: LineIndex::new(source),
        failure: lexer.failure.clone(),
        open: lexer.open_bracket().filter(|_| !lexer.in_template()),
        statement: Cell::new((0, 0)),
        barry: Cell::new(options.barry),
        read: Cell::new(0),
        literals: RefCell::default(),
    };
    let diagnosis = text.judge(start, options);
    let Diagnosis::Wrong(error) = diagnosis else { return diagnosis };
    // The tokenizer warns of a number as soon as it is read, the parser of a literal when it is parsed.
    let last = text.token(text.read.get().saturating_sub(1));
    let literals = text.literals.take();
    let seen = |warning: &SyntaxWarning| {
        let at = warning.range.start().to_u32();
        match warning.message.starts_with("invalid ") {
            true => at < last.end,
            false => literals.iter().any(|&(start, end)| start <= at && at < end),
        }
    };
    let warnings = lexer.warnings.iter().filter(|warning| seen(warning)).cloned().collect();
    let parser =
        Some(Box::new(ParserContext { statement: text.statement.get(), end_line: mode == Mode::Exec, warnings }));
    Diagnosis::Wrong(SyntaxError { parser, ..error })
}

/// A text with its tokens, for placing errors.
struct Text<'t> {
    source: &'t str,
    mode: Mode,
    tokens: &'t [Token],
    index: LineIndex,
    failure: Option<Failure>,
    /// The bracket left open at the end, for errors of the parser; none if the end is inside an f-string.
    open: Option<(u8, u32)>,
    /// See [`ParserContext::statement`].
    statement: Cell<(u32, u32)>,
    /// Whether the inequality is `<>`.
    barry: Cell<bool>,
    /// How many tokens the first pass read.
    read: Cell<u32>,
    /// Where literals are that were parsed while the rules for mistakes were off.
    literals: RefCell<Vec<(u32, u32)>>,
}

impl Text<'_> {
    /// Parses it by the rule `start`.
    fn judge(&self, start: &str, options: Options) -> Diagnosis {
        let mut machine = Machine::new(self.source, self.tokens);
        let mut reported = None;
        let outcome = machine.run(start, false, &mut |machine, action| self.act(machine, action, &mut reported));
        let fill = machine.fill;
        self.read.set(fill);
        if let Outcome::Match(_) = outcome {
            return self.single_statement(fill);
        }
        if options.allow_incomplete && self.at_end(fill) {
            return Diagnosis::Incomplete;
        }
        if !matches!(outcome, Outcome::NoMatch | Outcome::Expected(..)) {
            return Diagnosis::Wrong(self.conclude(outcome, reported, fill));
        }
        let outcome = machine.run(start, true, &mut |machine, action| self.act(machine, action, &mut reported));
        if !matches!(outcome, Outcome::NoMatch | Outcome::Match(_)) {
            return Diagnosis::Wrong(self.conclude(outcome, reported, machine.fill));
        }
        let last = fill.saturating_sub(1);
        Diagnosis::Wrong(match self.kind(last) {
            INDENT => {
                self.with_text(self.at_furthest(Kind::Indentation, last, last, "unexpected indent".to_owned()), fill)
            }
            DEDENT => {
                self.with_text(self.at_furthest(Kind::Indentation, last, last, "unexpected unindent".to_owned()), fill)
            }
            _ => self.unless_overridden(self.range(last, last, "invalid syntax".to_owned()), machine.fill),
        })
    }

    fn token(&self, i: u32) -> Token {
        let end = self.source.len() as u32;
        let none = Token { kind: END, level: 0, start: end, end };
        self.tokens.get(i as usize).or(self.tokens.last()).copied().unwrap_or(none)
    }

    fn kind(&self, i: u32) -> u8 {
        self.token(i).kind
    }

    /// Whether token `i` has no text: also the line end that a shell's text is given.
    fn is_empty(&self, i: u32) -> bool {
        let token = self.token(i);
        matches!(token.kind, INDENT | DEDENT | END | ERROR) || token.kind == NEWLINE && token.start == token.end
    }

    /// Whether the tokenizer had reached the end when `fill` tokens had been read.
    fn at_end(&self, fill: u32) -> bool {
        let token = self.token(fill.saturating_sub(1));
        match (token.kind, &self.failure) {
            (ERROR, Some(failure)) => failure.at_end,
            _ => token.start as usize >= self.source.len(),
        }
    }

    /// Whether the tokenizer saw the end when `fill` tokens had been read: it looks one character beyond most tokens.
    fn exhausted(&self, fill: u32) -> bool {
        let token = self.token(fill.saturating_sub(1));
        let beyond = !matches!(token.kind, STRING | FSTRING_END | TSTRING_END | NEWLINE | ERROR);
        token.kind == END || self.mode != Mode::Exec && beyond && token.end as usize >= self.source.len()
    }

    /// After one statement of a shell's text, only blanks and comments may follow.
    fn single_statement(&self, fill: u32) -> Diagnosis {
        if self.mode != Mode::Single {
            return Diagnosis::Fine;
        }
        let last = fill.saturating_sub(1);
        let rest = self.source.get(self.token(last).end as usize..).unwrap_or("");
        for line in rest.lines() {
            let line = line.trim_matches([' ', '\t', '\x0C']);
            if !line.is_empty() && !line.starts_with('#') {
                let message = "multiple statements found while compiling a single statement";
                let error = self.at_furthest(Kind::Syntax, last, last, message.to_owned());
                return Diagnosis::Wrong(self.with_text(error, fill));
            }
        }
        Diagnosis::Fine
    }

    /// The error that a pass ended with.
    fn conclude(&self, outcome: Outcome, reported: Option<SyntaxError>, fill: u32) -> SyntaxError {
        let error = match outcome {
            Outcome::Exhausted => return nesting::too_complex(),
            Outcome::Expected(at, kind) => Some(self.range(at, at, format!("expected '{}'", spelling(kind)))),
            Outcome::Reported => reported,
            _ => None,
        };
        match (error, &self.failure) {
            // At the end of the text the tokenizer has nothing left to complain about.
            (Some(error), _) if self.exhausted(fill) => self.with_text(error, fill),
            (Some(error), _) => self.unless_overridden(error, fill),
            (None, Some(failure)) => failure.error.clone(),
            (None, None) => {
                let last = fill.saturating_sub(1);
                self.with_text(self.range(last, last, "invalid syntax".to_owned()), fill)
            }
        }
    }

    /// `error`, unless the tokenizer fails behind it in a way that counts more.
    fn unless_overridden(&self, error: SyntaxError, fill: u32) -> SyntaxError {
        let error = self.with_text(error, fill);
        let Some(failure) = &self.failure else { return error };
        if failure.overrides {
            return failure.error.clone();
        }
        if let Some((bracket, offset)) = self.open
            && self.line(self.token(fill.saturating_sub(1)).start) > self.line(offset)
        {
            return never_closed(self.source, self.mode, bracket, offset);
        }
        error
    }

    fn line(&self, offset: u32) -> u32 {
        self.index.line(offset.min(self.source.len() as u32).into())
    }

    /// Line and column of the start of token `i`.
    fn start_of(&self, i: u32) -> (u32, u32) {
        if self.is_empty(i) {
            return (self.stand(i).0, 0);
        }
        let at = self.index.location(self.source, self.token(i).start.into());
        (at.line, at.column)
    }

    /// Line and column behind token `i`; a line end is one character wide.
    fn end_of(&self, i: u32) -> (u32, i32) {
        let token = self.token(i);
        if self.is_empty(i) {
            return (self.stand(i).0, 0);
        }
        if token.kind == NEWLINE {
            let at = self.index.location(self.source, (token.end - 1).into());
            return (at.line, at.column as i32 + 1);
        }
        let at = self.index.location(self.source, token.end.into());
        (at.line, at.column as i32)
    }

    fn error(&self, kind: Kind, start: (u32, u32), end: (u32, i32), message: String) -> SyntaxError {
        SyntaxError { kind, message, start, end: Some(end), text: None, message_only: false, parser: None }
    }

    /// Adds the line's text as CPython shows it: the line that the tokenizer is on has its line end.
    fn with_text(&self, mut error: SyntaxError, fill: u32) -> SyntaxError {
        if error.text.is_none() {
            let mut text = self.index.line_text(self.source, error.start.0).to_owned();
            let has_end = self.mode == Mode::Exec || error.start.0 > 0 && error.start.0 < self.index.line_count();

            if has_end && self.stand(fill.saturating_sub(1)).0 <= error.start.0 {
                text.push('\n');
            }
            // The end's column is worked out on the first line's text, also when the end is on another line.
            if let Some((line, column)) = error.end
                && line > error.start.0
                && column > 0
            {
                let last = self.index.line_text(self.source, line);
                let bytes = last.char_indices().nth(column as usize - 1).map_or(last.len(), |(i, _)| i) + 1;
                let shown = text.char_indices().take_while(|(i, _)| *i < bytes).count();
                error.end = Some((line, (shown + (bytes > text.len()) as usize) as i32));
            }
            error.text = Some(text);
        }
        error
    }

    /// An error about the tokens `first` to `last`.
    fn range(&self, first: u32, last: u32, message: String) -> SyntaxError {
        self.error(Kind::Syntax, self.start_of(first), self.end_of(last), message)
    }

    /// An error about token `i`, which may be one without text: then it is placed where the tokenizer stands, which
    /// has read token `furthest`.
    fn at_furthest(&self, kind: Kind, i: u32, furthest: u32, message: String) -> SyntaxError {
        if !self.is_empty(i) {
            return self.error(kind, self.start_of(i), self.end_of(i), message);
        }
        let (line, column) = self.stand(furthest);
        self.error(kind, (line, column), (line, -1), message)
    }

    /// Line and number of characters read of it once token `i` has been read.
    fn stand(&self, i: u32) -> (u32, u32) {
        let offset = self.token(i).end as usize;
        let len = self.source.len();
        if len == 0 {
            return (0, 0);
        }
        if offset >= len && (offset > len || self.source.ends_with('\n')) {
            let last = len - self.source.ends_with('\n') as usize;
            let at = self.index.location(self.source, (last as u32).into());
            return (at.line, at.column);
        }
        if self.kind(i) == NEWLINE && !self.is_empty(i) {
            let at = self.index.location(self.source, (self.token(i).end - 1).into());
            return (at.line, at.column);
        }
        let at = self.index.location(self.source, (offset as u32).into());
        (at.line, at.column - 1)
    }

    /// Does what the grammar asks for.
    fn act(&self, machine: &mut Machine<'_>, action: Action, reported: &mut Option<SyntaxError>) -> Verdict {
        let result = match action {
            Action::Ask(name) => self.ask(machine, name),
            Action::Report(place, text) => self.report(machine, place, text).map_or(Answer::Refuse, Answer::Report),
        };
        match result {
            Answer::Accept => Verdict::Accept,
            Answer::Refuse => Verdict::Refuse,
            Answer::Report(error) => {
                *reported = Some(error);
                Verdict::Report
            }
        }
    }

    fn report(&self, machine: &Machine<'_>, place: Place, text: &str) -> Option<SyntaxError> {
        let furthest = machine.fill.saturating_sub(1);
        let node = |name: u8| machine.bound(name);
        let error = match place {
            Place::At(a) => {
                let node = node(a)?;
                self.range(node.first, node.last, self.fill_in(machine, Some(node), text))
            }
            Place::Range(a, b) => {
                let (a, b) = (node(a)?, node(b)?);
                self.range(a.first, b.last, self.fill_in(machine, Some(a), text))
            }
            Place::From(a) => {
                let a = node(a)?;
                let (line, column) = self.stand(furthest);
                let message = self.fill_in(machine, Some(a), text);
                self.error(Kind::Syntax, self.start_of(a.first), (line, column as i32), message)
            }
            Place::Furthest => self.at_furthest(Kind::Syntax, furthest, furthest, self.fill_in(machine, None, text)),
            Place::Next => self.at_furthest(Kind::Syntax, machine.mark, furthest, self.fill_in(machine, None, text)),
            Place::Indentation(a) => {
                let message = self.fill_in(machine, node(a), text);
                self.at_furthest(Kind::Indentation, furthest, furthest, message)
            }
        };
        Some(error)
    }

    /// Fills in a message: `%s` what kind of expression, `%t` its text, `%d` its line, `%p` the string's prefix.
    fn fill_in(&self, machine: &Machine<'_>, node: Option<Node>, text: &str) -> String {
        let mut message = String::with_capacity(text.len() + 16);
        let mut pieces = text.split('%');
        message.push_str(pieces.next().unwrap_or(""));
        for piece in pieces {
            let (sign, rest) = piece.split_at(piece.len().min(1));
            match (sign, node) {
                ("s", Some(node)) => message.push_str(self.name_of(machine, &node)),
                ("t", Some(node)) => message.push_str(&String::from_utf8_lossy(machine.text(node.first))),
                ("d", Some(node)) => message.push_str(&self.start_of(node.first).0.to_string()),
                ("p", _) => message.push(self.template_letter(machine.mark)),
                ("q", _) => message.push('"'),
                _ => {}
            }
            message.push_str(rest);
        }
        message
    }

    /// What messages call an expression; a single token has not been made a node.
    fn name_of(&self, machine: &Machine<'_>, node: &Node) -> &'static str {
        match node.kind {
            NodeKind::Span => match machine.text(node.first).first() {
                Some(b'(') => "tuple",
                Some(b'[') => "list",
                _ => "name",
            },
            kind => kind.name(),
        }
    }

    /// `f` or `t`: the innermost string around token `i`.
    fn template_letter(&self, i: u32) -> char {
        let mut closed = 0;
        for token in self.tokens[..(i as usize).min(self.tokens.len())].iter().rev() {
            match token.kind {
                FSTRING_END | TSTRING_END => closed += 1,
                FSTRING_START | TSTRING_START if closed > 0 => closed -= 1,
                FSTRING_START => return 'f',
                TSTRING_START => return 't',
                _ => {}
            }
        }
        'f'
    }

    fn ask(&self, machine: &mut Machine<'_>, name: &str) -> Answer {
        let (a, b) = (machine.bound(b'a'), machine.bound(b'b'));
        let legacy = |node: &Node| matches!(machine.text(node.first), b"print" | b"exec") && node.first == node.last;
        match (name, a, b) {
            ("forget", ..) => {
                machine.forget();
                Answer::Accept
            }
            ("compound", ..) => {
                if machine.invalid {
                    self.note_statement(machine.rule_start(), machine.mark);
                }
                Answer::Accept
            }
            ("future", ..) => {
                let words: Vec<&[u8]> = (machine.rule_start()..machine.mark).map(|i| machine.text(i)).collect();
                if let [b"from", b"__future__", names @ ..] = &words[..]
                    && names.windows(2).any(|pair| pair[1] == b"barry_as_FLUFL" && pair[0] != b"as")
                {
                    self.barry.set(true);
                }
                Answer::Accept
            }
            ("inequality", ..) => {
                let old = machine.text(machine.mark.saturating_sub(1)) == b"<>";
                match (old, self.barry.get()) {
                    (false, true) => {
                        let furthest = machine.fill.saturating_sub(1);
                        let message = "with Barry as BDFL, use '<>' instead of '!='".to_owned();
                        Answer::Report(self.at_furthest(Kind::Syntax, furthest, furthest, message))
                    }
                    (old, barry) if old != barry => Answer::Refuse,
                    _ => Answer::Accept,
                }
            }
            ("strings", ..) => self.strings(machine),
            ("string", ..) => self.string(machine),
            ("fstring", ..) => self.template(machine),
            ("conversion", Some(a), Some(b)) => self.conversion(machine, &a, &b),
            ("complex", Some(a), Some(b)) => {
                let imaginary = |node: &Node| matches!(machine.text(node.last).last(), Some(b'j' | b'J'));
                if imaginary(&a) {
                    self.says(&a, &a, "real number required in complex literal")
                } else if !imaginary(&b) {
                    self.says(&b, &b, "imaginary number required in complex literal")
                } else {
                    Answer::Accept
                }
            }
            ("star_target" | "for_target" | "del_target", Some(a), _) => {
                match self.invalid_target(machine, a, name.as_bytes()[0]) {
                    Some(target) => {
                        let verb = if name == "del_target" { "delete" } else { "assign to" };
                        let message = format!("cannot {verb} {}", self.name_of(machine, &target));
                        Answer::Report(self.range(target.first, target.last, message))
                    }
                    None => Answer::Refuse,
                }
            }
            ("legacy", Some(a), Some(b)) if legacy(&a) => {
                let name = String::from_utf8_lossy(machine.text(a.first)).into_owned();
                let message = format!("Missing parentheses in call to '{name}'. Did you mean {name}(...)?");
                Answer::Report(self.range(a.first, b.last, message))
            }
            ("forgotten_comma", Some(a), Some(b)) => {
                if legacy(&a) || self.token(machine.mark.saturating_sub(1)).level == 0 {
                    return Answer::Refuse;
                }
                self.says(&a, &b, "invalid syntax. Perhaps you forgot a comma?")
            }
            ("mixed_except", Some(a), _) => {
                let message = "cannot have both 'except' and 'except*' on the same 'try'";
                self.says(&a, &a, message)
            }
            ("bound_tuple" | "bound_spec", Some(a), Some(b)) => {
                let what = if b.kind == NodeKind::Tuple { "constraints" } else { "bound" };
                let of = if name == "bound_tuple" { "TypeVarTuple" } else { "ParamSpec" };
                let (line, column) = self.stand(machine.fill.saturating_sub(1));
                let message = format!("cannot use {what} with {of}");
                Answer::Report(self.error(Kind::Syntax, self.start_of(a.first), (line, column as i32), message))
            }
            ("missing_colon", Some(a), _) => {
                let (line, column) = self.end_of(a.last);
                let message = "':' expected after dictionary key".to_owned();
                Answer::Report(self.error(Kind::Syntax, (line, column as u32 - 1), (line, 0), message))
            }
            ("comprehension_target", Some(a), Some(mut b)) => {
                if spelling(self.kind(b.last)) == "," {
                    b.last -= 1;
                }
                self.says(&a, &b, "did you forget parentheses around the comprehension target?")
            }
            ("unparenthesized_generator", Some(a), Some(b)) => {
                self.says(&a, &b, "Generator expression must be parenthesized")
            }
            ("generator_after_arguments", Some(a), Some(b)) => {
                let positional: Vec<Node> = machine
                    .parts(&a)
                    .filter(|node| !matches!(node.kind, NodeKind::Keyword | NodeKind::KwUnpack))
                    .collect();
                match positional.last() {
                    Some(last) if positional.len() > 1 => {
                        self.says(last, &b, "Generator expression must be parenthesized")
                    }
                    _ => Answer::Refuse,
                }
            }
            ("misplaced_positional", Some(a), _) => {
                let unpacking = machine.parts(&a).any(|node| node.kind == NodeKind::KwUnpack);
                let what = if unpacking { "keyword argument unpacking" } else { "keyword argument" };
                let furthest = machine.fill.saturating_sub(1);
                let message = format!("positional argument follows {what}");
                Answer::Report(self.at_furthest(Kind::Syntax, furthest, furthest, message))
            }
            _ => Answer::Refuse,
        }
    }

    /// Keeps where a compound statement starts unless a later one is known. As in CPython, functions do not count, and
    /// decorators are not part of the statement.
    fn note_statement(&self, first: u32, end: u32) {
        let starts_line = |i: &u32| *i == first || self.kind(i - 1) == NEWLINE;
        let Some(first) = (first..end).filter(starts_line).find(|&i| spelling(self.kind(i)) != "@") else { return };
        let word = |i: u32| spelling(self.kind(i));
        let (line, column) = self.start_of(first);
        if word(first) != "def" && (word(first), word(first + 1)) != ("async", "def") && line >= self.statement.get().0
        {
            self.statement.set((line, column.saturating_sub(1)));
        }
    }

    fn says(&self, a: &Node, b: &Node, message: &str) -> Answer {
        Answer::Report(self.range(a.first, b.last, message.to_owned()))
    }

    /// The first part of a target that nothing can be assigned to; `how` is `s`tar, `f`or or `d`el.
    fn invalid_target(&self, machine: &Machine<'_>, node: Node, how: u8) -> Option<Node> {
        // Targets nest no deeper than brackets do; still, no recursion.
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            match node.kind {
                NodeKind::Tuple | NodeKind::List => {
                    let parts: Vec<Node> = machine.parts(&node).collect();
                    open.extend(parts.into_iter().rev());
                }
                NodeKind::Starred if how == b'd' => return Some(node),
                NodeKind::Starred => open.extend(machine.parts(&node).next()),
                NodeKind::CompareIn if how == b'f' => open.extend(machine.parts(&node).next()),
                NodeKind::Compare if how == b'f' => {}
                NodeKind::Name | NodeKind::Subscript | NodeKind::Attribute => {}
                _ => return Some(node),
            }
        }
        None
    }

    /// Adjacent literals: text and bytes do not mix; an f-string among them makes the whole one.
    fn strings(&self, machine: &mut Machine<'_>) -> Answer {
        let Some(&mut node) = machine.latest() else { return Answer::Accept };
        let (mut text, mut bytes, mut joined, mut depth) = (false, false, false, 0);
        for i in node.first..=node.last {
            match self.kind(i) {
                FSTRING_START | TSTRING_START => {
                    depth += 1;
                    joined = true;
                    text = true;
                }
                FSTRING_END | TSTRING_END => depth -= 1,
                STRING if depth == 0 => {
                    let is_bytes = escapes::prefix(machine.text(i)).bytes;
                    bytes |= is_bytes;
                    text |= !is_bytes;
                }
                _ => {}
            }
        }
        if text && bytes {
            let furthest = machine.fill.saturating_sub(1);
            let message = "cannot mix bytes and nonbytes literals".to_owned();
            return Answer::Report(self.at_furthest(Kind::Syntax, furthest, furthest, message));
        }
        if let Some(node) = machine.latest() {
            node.kind = if joined { NodeKind::JoinedStr } else { NodeKind::Constant };
        }
        Answer::Accept
    }

    /// One literal without fields: its escapes must be right.
    fn string(&self, machine: &Machine<'_>) -> Answer {
        let i = machine.mark.saturating_sub(1);
        self.note_literal(machine, i);
        let text = machine.text(i);
        let prefix = escapes::prefix(text);
        if prefix.bytes && !text.is_ascii() {
            let message = "bytes can only contain ASCII literal characters".to_owned();
            return Answer::Report(self.range(i, i, message));
        }
        if prefix.raw {
            return Answer::Accept;
        }
        let quotes = escapes::quotes(&text[prefix.len..]);
        let inner = text.get(prefix.len + quotes..text.len().saturating_sub(quotes)).unwrap_or(b"");
        self.escapes(machine, inner, prefix.bytes)
    }

    /// A literal that starts with token `first` has been read.
    fn note_literal(&self, machine: &Machine<'_>, first: u32) {
        if !machine.invalid {
            let end = self.token(machine.mark.saturating_sub(1)).end;
            self.literals.borrow_mut().push((self.token(first).start, end));
        }
    }

    fn escapes(&self, machine: &Machine<'_>, text: &[u8], bytes: bool) -> Answer {
        match escapes::check(text, bytes) {
            Some(message) => {
                let furthest = machine.fill.saturating_sub(1);
                Answer::Report(self.at_furthest(Kind::Syntax, furthest, furthest, message))
            }
            None => Answer::Accept,
        }
    }

    /// An f-string or t-string that has just been read: the escapes of its literal parts must be right.
    fn template(&self, machine: &Machine<'_>) -> Answer {
        let mut i = machine.mark.saturating_sub(1);
        let mut closed = 0;
        let mut parts = Vec::new();
        loop {
            match self.kind(i) {
                FSTRING_END | TSTRING_END => closed += 1,
                FSTRING_MIDDLE | TSTRING_MIDDLE if closed == 1 => parts.push(i),
                FSTRING_START | TSTRING_START => {
                    closed -= 1;
                    if closed == 0 {
                        break;
                    }
                }
                _ => {}
            }
            if i == 0 {
                break;
            }
            i -= 1;
        }
        self.note_literal(machine, i);
        if escapes::prefix(machine.text(i)).raw {
            return Answer::Accept;
        }
        for &part in parts.iter().rev() {
            let answer = self.escapes(machine, machine.text(part), false);
            if !matches!(answer, Answer::Accept) {
                return answer;
            }
        }
        Answer::Accept
    }

    fn conversion(&self, machine: &Machine<'_>, sign: &Node, name: &Node) -> Answer {
        let letter = self.template_letter(machine.mark);
        if self.token(sign.first).end != self.token(name.first).start {
            let message = format!("{letter}-string: conversion type must come right after the exclamation mark");
            return Answer::Report(self.range(sign.first, name.last, message));
        }
        let text = machine.text(name.first);
        if matches!(text, b"s" | b"r" | b"a") {
            return Answer::Accept;
        }
        let text = String::from_utf8_lossy(text);
        let message = format!("{letter}-string: invalid conversion character '{text}': expected 's', 'r', or 'a'");
        Answer::Report(self.range(name.first, name.last, message))
    }
}

/// What [`Text::ask`] decides.
enum Answer {
    Accept,
    Refuse,
    Report(SyntaxError),
}
