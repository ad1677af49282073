//! The grammar as a program, and the machine that runs it.
//!
//! `grammar.peg` is translated once, on the first wrong program, into instructions for a backtracking machine with
//! an explicit stack: no input can exhaust the native stack. The machine follows CPython's parser in what it tries,
//! in which order, and what it remembers, because the message for a wrong program depends on all three:
//!
//! - a first pass without the rules named `invalid_...` tells how far the text makes sense;
//! - a second pass with them reports the first mistake that one of them recognises.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::lexer::Token;
use crate::token::{self, ERROR, NAME, NAMES};

/// The grammar, as text.
const GRAMMAR: &str = include_str!("grammar.peg");

/// Declares the kinds of nodes with what error messages call them.
macro_rules! kinds {
    ($($kind:ident $name:literal),* $(,)?) => {
        /// What a piece of the program is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum NodeKind { $($kind),* }
        const KINDS: &[(&str, NodeKind)] = &[$((stringify!($kind), NodeKind::$kind)),*];
        impl NodeKind {
            /// How error messages call an expression of this kind.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$kind => $name),* }
            }
        }
    };
}

kinds! {
    Args "", Attribute "attribute", Await "await expression", BinOp "expression", BoolOp "expression",
    Call "function call", Compare "comparison", CompareIn "comparison", Constant "literal", Dict "dict literal",
    DictComp "dict comprehension", Ellipsis "ellipsis", False "False", GeneratorExp "generator expression",
    IfExp "conditional expression", JoinedStr "f-string expression", Keyword "", KwUnpack "", Lambda "lambda",
    List "list", ListComp "list comprehension", Name "name", NamedExpr "named expression", None "None", Param "",
    Set "set display", SetComp "set comprehension", Slice "slice", Span "", Starred "starred", Strings "literal",
    Subscript "subscript", TemplateStr "t-string expression", True "True", Tuple "tuple", UnaryOp "expression",
    Yield "yield expression",
}

/// A piece of the program: tokens `first` to `last`, both included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub kind: NodeKind,
    pub first: u32,
    pub last: u32,
    /// Where its parts are in [`Machine::parts`].
    parts: (u32, u32),
}

/// Where a mistake is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// At the piece called so.
    At(u8),
    /// From the one to the other.
    Range(u8, u8),
    /// From the piece to where the tokenizer stands.
    From(u8),
    /// At the furthest token read.
    Furthest,
    /// At the next token.
    Next,
    /// At the furthest token, as an IndentationError; the piece gives the line in the text (0: none).
    Indentation(u8),
}

/// What an action does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Action {
    /// Reports the text.
    Report(Place, &'static str),
    /// Asks the function of that name.
    Ask(&'static str),
}

#[derive(Clone, Copy, Debug)]
enum Op {
    Token(u8),
    Soft(&'static str),
    Forced(u8),
    Call(u16),
    Return,
    Choice(u16),
    Commit(u16),
    PartialCommit(u16),
    BackCommit(u16),
    FailTwice,
    Fail,
    Cut,
    Mark,
    Bind(u8),
    Node(NodeKind),
    Act(u16),
}

struct Rule {
    start: u16,
    memo: bool,
    hide: bool,
    /// Only for the second pass.
    invalid: bool,
    /// Switches the second pass's rules off inside.
    plain: bool,
}

/// The translated grammar.
pub(crate) struct Program {
    ops: Vec<Op>,
    rules: Vec<Rule>,
    actions: Vec<Action>,
    names: HashMap<&'static str, u16>,
}

impl Program {
    /// The grammar's program, translated on first use.
    pub(crate) fn get() -> &'static Program {
        static PROGRAM: OnceLock<Program> = OnceLock::new();
        PROGRAM.get_or_init(|| Translator::run(GRAMMAR))
    }

    /// The number of the rule `name`.
    pub(crate) fn rule(&self, name: &str) -> u16 {
        self.names.get(name).copied().unwrap_or(0)
    }
}

/// The grammar's words: names, quoted tokens and texts, `@...`, `{...}`, and single signs.
fn words(text: &'static str) -> Vec<&'static str> {
    let bytes = text.as_bytes();
    let mut words = Vec::with_capacity(4096);
    let mut i = 0;
    while i < bytes.len() {
        let start = i;
        let until = |stop: &dyn Fn(u8) -> bool| {
            bytes[start + 1..].iter().position(|&b| stop(b)).map_or(bytes.len(), |n| start + 1 + n)
        };
        match bytes[i] {
            b' ' | b'\n' => {
                i += 1;
                continue;
            }
            b'#' => {
                i = until(&|b| b == b'\n');
                continue;
            }
            quote @ (b'\'' | b'"') => i = until(&|b| b == quote) + 1,
            b'{' => i = until(&|b| b == b'}') + 1,
            b'@' => i = until(&|b| b == b' ' || b == b'\n' || b == b')'),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => i = until(&|b| !(b.is_ascii_alphanumeric() || b == b'_')),
            _ => i += 1,
        }
        words.push(&text[start..i]);
    }
    words
}

/// A piece of a rule.
enum Piece {
    Op(Op),
    Choice(Vec<Vec<Piece>>),
    Optional(Box<Piece>),
    Repeat(Box<Piece>),
    Gather(Box<Piece>, Box<Piece>),
    Ahead(Box<Piece>),
    NotAhead(Box<Piece>),
    Bind(u8, Box<Piece>),
}

/// Reads the grammar's notation and writes the program.
struct Translator {
    words: Vec<&'static str>,
    pos: usize,
    program: Program,
}

impl Translator {
    fn run(text: &'static str) -> Program {
        let program = Program { ops: vec![Op::Fail], rules: Vec::new(), actions: Vec::new(), names: HashMap::new() };
        let mut this = Self { words: words(text), pos: 0, program };
        let colons: Vec<usize> = (0..this.words.len()).filter(|&i| this.words[i] == ":").collect();
        for &colon in &colons {
            let mut name = colon - 1;
            while matches!(this.words[name], "*" | "-" | "!") {
                name -= 1;
            }
            let flags = &this.words[name..colon];
            let rule = Rule {
                start: 0,
                memo: flags.contains(&"*"),
                hide: flags.contains(&"-"),
                invalid: this.words[name].starts_with("invalid_"),
                plain: flags.contains(&"!"),
            };
            this.program.names.insert(this.words[name], this.program.rules.len() as u16);
            this.program.rules.push(rule);
        }
        for (rule, &colon) in colons.iter().enumerate() {
            this.pos = colon + 1;
            let body = this.choice();
            this.program.rules[rule].start = this.program.ops.len() as u16;
            this.write(&body);
            this.emit(Op::Return);
        }
        this.program
    }

    fn peek(&self) -> &'static str {
        self.words.get(self.pos).copied().unwrap_or("")
    }

    fn next(&mut self) -> &'static str {
        let word = self.peek();
        self.pos += 1;
        word
    }

    /// Whether the next word begins another rule or ends an alternative.
    fn at_end(&self) -> bool {
        if matches!(self.peek(), "" | ")" | "]" | "|") {
            return true;
        }
        let mut i = self.pos + 1;
        while matches!(self.words.get(i), Some(&("*" | "-" | "!"))) {
            i += 1;
        }
        self.words.get(i) == Some(&":")
    }

    fn choice(&mut self) -> Piece {
        let mut alternatives = Vec::new();
        loop {
            let mut sequence = Vec::new();
            while !self.at_end() {
                let piece = self.item();
                sequence.push(piece);
            }
            alternatives.push(sequence);
            if self.peek() != "|" {
                return Piece::Choice(alternatives);
            }
            self.pos += 1;
        }
    }

    fn item(&mut self) -> Piece {
        let word = self.peek();
        match word {
            "&" if self.words.get(self.pos + 1) == Some(&"&") => {
                self.pos += 2;
                Piece::Op(Op::Forced(token::fixed(self.next().trim_matches('\''))))
            }
            "&" => {
                self.pos += 1;
                Piece::Ahead(Box::new(self.atom()))
            }
            "!" => {
                self.pos += 1;
                Piece::NotAhead(Box::new(self.atom()))
            }
            "~" => {
                self.pos += 1;
                Piece::Op(Op::Cut)
            }
            _ if word.starts_with('@') => self.action(),
            _ if word.starts_with('{') => {
                self.pos += 1;
                let name = word.trim_matches(['{', '}']);
                let kind = KINDS.iter().find(|(n, _)| *n == name).map_or(NodeKind::Span, |(_, kind)| *kind);
                Piece::Op(Op::Node(kind))
            }
            _ if self.words.get(self.pos + 1) == Some(&"=") => {
                self.pos += 2;
                Piece::Bind(word.as_bytes()[0], Box::new(self.atom()))
            }
            _ => {
                let start = self.pos;
                let atom = self.atom();
                match self.peek() {
                    "*" => {
                        self.pos += 1;
                        Piece::Repeat(Box::new(atom))
                    }
                    "+" => {
                        self.pos = start;
                        let again = self.atom();
                        self.pos += 1;
                        Piece::Choice(vec![vec![atom, Piece::Repeat(Box::new(again))]])
                    }
                    "." => {
                        self.pos += 1;
                        let item = self.atom();
                        self.pos += 1;
                        Piece::Gather(Box::new(atom), Box::new(item))
                    }
                    _ => atom,
                }
            }
        }
    }

    fn atom(&mut self) -> Piece {
        let word = self.next();
        match word {
            "(" => {
                let inner = self.choice();
                self.pos += 1;
                inner
            }
            "[" => {
                let inner = self.choice();
                self.pos += 1;
                Piece::Optional(Box::new(inner))
            }
            _ if word.starts_with('\'') => Piece::Op(Op::Token(token::fixed(word.trim_matches('\'')))),
            _ if word.starts_with('"') => Piece::Op(Op::Soft(word.trim_matches('"'))),
            _ => match NAMES.iter().position(|name| *name == word) {
                Some(kind) => Piece::Op(Op::Token(kind as u8)),
                None => Piece::Op(Op::Call(self.program.rule(word))),
            },
        }
    }

    fn action(&mut self) -> Piece {
        let word = &self.next()[1..];
        let action = match word.as_bytes() {
            [b'?', ..] => Action::Ask(&word[1..]),
            place => {
                let place = match *place {
                    [b'.'] => Place::Furthest,
                    [b'>'] => Place::Next,
                    [b'|'] => Place::Indentation(0),
                    [b'|', a] => Place::Indentation(a),
                    [a, b'-', b] => Place::Range(a, b),
                    [a, b'+'] => Place::From(a),
                    [a, ..] => Place::At(a),
                    [] => Place::Furthest,
                };
                Action::Report(place, self.next().trim_matches('"'))
            }
        };
        self.program.actions.push(action);
        Piece::Op(Op::Act(self.program.actions.len() as u16 - 1))
    }

    fn emit(&mut self, op: Op) -> usize {
        self.program.ops.push(op);
        self.program.ops.len() - 1
    }

    fn here(&self) -> u16 {
        self.program.ops.len() as u16
    }

    fn write(&mut self, piece: &Piece) {
        match piece {
            Piece::Op(op) => {
                self.emit(*op);
            }
            Piece::Choice(alternatives) => {
                let mut commits = Vec::new();
                for (i, sequence) in alternatives.iter().enumerate() {
                    let choice = (i + 1 < alternatives.len()).then(|| self.emit(Op::Choice(0)));
                    for piece in sequence {
                        self.write(piece);
                    }
                    if let Some(choice) = choice {
                        commits.push(self.emit(Op::Commit(0)));
                        self.program.ops[choice] = Op::Choice(self.here());
                    }
                }
                for commit in commits {
                    self.program.ops[commit] = Op::Commit(self.here());
                }
            }
            Piece::Optional(inner) => {
                let choice = self.emit(Op::Choice(0));
                self.write(inner);
                let commit = self.emit(Op::Commit(0));
                self.program.ops[choice] = Op::Choice(self.here());
                self.program.ops[commit] = Op::Commit(self.here());
            }
            Piece::Repeat(inner) => {
                let choice = self.emit(Op::Choice(0));
                self.write(inner);
                self.emit(Op::PartialCommit(choice as u16 + 1));
                self.program.ops[choice] = Op::Choice(self.here());
            }
            Piece::Gather(separator, item) => {
                self.write(item);
                let choice = self.emit(Op::Choice(0));
                self.write(separator);
                self.write(item);
                self.emit(Op::PartialCommit(choice as u16 + 1));
                self.program.ops[choice] = Op::Choice(self.here());
            }
            Piece::Ahead(inner) => {
                let choice = self.emit(Op::Choice(0));
                self.write(inner);
                let back = self.emit(Op::BackCommit(0));
                self.program.ops[choice] = Op::Choice(self.here());
                self.emit(Op::Fail);
                self.program.ops[back] = Op::BackCommit(self.here());
            }
            Piece::NotAhead(inner) => {
                let choice = self.emit(Op::Choice(0));
                self.write(inner);
                self.emit(Op::FailTwice);
                self.program.ops[choice] = Op::Choice(self.here());
            }
            Piece::Bind(name, inner) => {
                self.emit(Op::Mark);
                self.write(inner);
                self.emit(Op::Bind(*name));
            }
        }
    }
}

/// What an action decides.
pub(crate) enum Verdict {
    /// Go on.
    Accept,
    /// This rule does not fit after all, whatever its other alternatives say.
    Refuse,
    /// A mistake was reported: stop.
    Report,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The text fits; tokens up to here were read.
    Match(u32),
    /// It does not.
    NoMatch,
    /// The place where the tokenizer failed was reached.
    TokenizerError,
    /// An action reported a mistake.
    Reported,
    /// `&&'x'` found something else at this token.
    Expected(u32, u8),
}

/// Where to go back to.
enum Entry {
    Choice { to: u16, mark: u32, values: u32, bindings: u32, marks: u32 },
    Call { back: u16, rule: u16, mark: u32, values: u32, bindings: u32, marks: u32, frame: u32, invalid: bool },
}

/// What a rule did at a token: it failed, or read up to `end` and left nodes behind.
struct Memo {
    rule: u16,
    result: Option<(u32, Box<[u32]>)>,
}

/// One run of the program over one text's tokens.
pub(crate) struct Machine<'t> {
    program: &'static Program,
    source: &'t [u8],
    tokens: &'t [Token],
    stack: Vec<Entry>,
    /// Where in `stack` the current rule's call is.
    frame: u32,
    /// Nodes read and not yet part of another.
    values: Vec<u32>,
    bindings: Vec<(u8, u32)>,
    marks: Vec<(u32, u32)>,
    nodes: Vec<Node>,
    parts: Vec<u32>,
    memo: Vec<Vec<Memo>>,
    forgotten: usize,
    /// Next token to be read.
    pub mark: u32,
    /// How many tokens have been looked at.
    pub fill: u32,
    /// Whether the rules for mistakes are on.
    pub invalid: bool,
}

impl<'t> Machine<'t> {
    pub(crate) fn new(source: &'t str, tokens: &'t [Token]) -> Self {
        Self {
            program: Program::get(),
            source: source.as_bytes(),
            tokens,
            stack: Vec::new(),
            frame: 0,
            values: Vec::new(),
            bindings: Vec::new(),
            marks: Vec::new(),
            nodes: Vec::new(),
            parts: Vec::new(),
            memo: Vec::new(),
            forgotten: 0,
            mark: 0,
            fill: 0,
            invalid: false,
        }
    }

    /// Runs the rule `start` from the first token; `act` decides the actions.
    pub(crate) fn run(
        &mut self,
        start: &str,
        invalid: bool,
        act: &mut dyn FnMut(&mut Machine<'t>, Action) -> Verdict,
    ) -> Outcome {
        let program = self.program;
        self.stack.clear();
        self.values.clear();
        self.bindings.clear();
        self.marks.clear();
        self.nodes.clear();
        self.parts.clear();
        self.memo.clear();
        self.memo.resize_with(self.tokens.len() + 1, Vec::new);
        self.forgotten = 0;
        self.mark = 0;
        self.invalid = invalid;
        let rule = program.rule(start);
        self.push_call(0, rule);
        let mut pc = program.rules[rule as usize].start;
        loop {
            let op = program.ops[pc as usize];
            pc += 1;
            let ok = match op {
                Op::Token(kind) => match self.peek() {
                    ERROR => return Outcome::TokenizerError,
                    found if found == kind => {
                        self.mark += 1;
                        true
                    }
                    _ => false,
                },
                Op::Soft(text) => match self.peek() {
                    ERROR => return Outcome::TokenizerError,
                    NAME if self.text(self.mark) == text.as_bytes() => {
                        self.mark += 1;
                        true
                    }
                    _ => false,
                },
                Op::Forced(kind) => match self.peek() {
                    ERROR => return Outcome::TokenizerError,
                    found if found == kind => {
                        self.mark += 1;
                        true
                    }
                    _ => return Outcome::Expected(self.mark, kind),
                },
                Op::Call(rule) => {
                    let called = &program.rules[rule as usize];
                    if called.invalid && !self.invalid {
                        false
                    } else if let Some(known) = called.memo.then(|| self.remembered(rule)).flatten() {
                        known
                    } else {
                        self.push_call(pc, rule);
                        pc = called.start;
                        true
                    }
                }
                Op::Return => match self.leave() {
                    Some(back) => {
                        pc = back;
                        true
                    }
                    None => return Outcome::Match(self.mark),
                },
                Op::Choice(to) => {
                    self.stack.push(Entry::Choice {
                        to,
                        mark: self.mark,
                        values: self.values.len() as u32,
                        bindings: self.bindings.len() as u32,
                        marks: self.marks.len() as u32,
                    });
                    true
                }
                Op::Commit(to) => {
                    self.stack.pop();
                    pc = to;
                    true
                }
                Op::PartialCommit(to) => {
                    let (now, count) = (self.mark, self.values.len() as u32);
                    let names = self.bindings.len() as u32;
                    if let Some(Entry::Choice { mark, values, bindings, .. }) = self.stack.last_mut()
                        && *mark != now
                    {
                        (*mark, *values, *bindings) = (now, count, names);
                        pc = to;
                    } else {
                        // Nothing was read: going on would never end.
                        self.stack.pop();
                    }
                    true
                }
                Op::BackCommit(to) => {
                    if let Some(Entry::Choice { mark, values, bindings, marks, .. }) = self.stack.pop() {
                        self.restore(mark, values, bindings, marks);
                    }
                    pc = to;
                    true
                }
                Op::FailTwice => {
                    self.stack.pop();
                    false
                }
                Op::Fail => false,
                Op::Cut => {
                    if let Some(Entry::Choice { to, .. }) = self.stack.last_mut() {
                        *to = 0;
                    }
                    true
                }
                Op::Mark => {
                    self.marks.push((self.mark, self.values.len() as u32));
                    true
                }
                Op::Bind(name) => {
                    self.bind(name);
                    true
                }
                Op::Node(kind) => {
                    self.make_node(kind);
                    true
                }
                Op::Act(action) => match act(self, program.actions[action as usize]) {
                    Verdict::Accept => true,
                    Verdict::Report => return Outcome::Reported,
                    Verdict::Refuse => {
                        self.stack.truncate(self.frame as usize + 1);
                        false
                    }
                },
            };
            if !ok {
                match self.fail() {
                    Some(to) => pc = to,
                    None => return Outcome::NoMatch,
                }
            }
        }
    }

    /// The kind of the next token, which counts as looked at.
    fn peek(&mut self) -> u8 {
        self.fill = self.fill.max(self.mark + 1);
        self.tokens.get(self.mark as usize).map_or(ERROR, |token| token.kind)
    }

    /// The text of token `i`.
    pub(crate) fn text(&self, i: u32) -> &'t [u8] {
        let Some(token) = self.tokens.get(i as usize) else { return b"" };
        let end = (token.end as usize).min(self.source.len());
        self.source.get(token.start as usize..end).unwrap_or(b"")
    }

    /// Forgets everything about the tokens before the next one: a whole statement of the file has been read.
    pub(crate) fn forget(&mut self) {
        let mark = self.mark as usize;
        for memo in &mut self.memo[self.forgotten..mark] {
            *memo = Vec::new();
        }
        self.forgotten = mark;
        self.values.clear();
        self.bindings.clear();
        self.nodes.clear();
        self.parts.clear();
        // Look-ahead may have remembered nodes at the token to come.
        if let Some(memo) = self.memo.get_mut(mark) {
            memo.clear();
        }
    }

    fn push_call(&mut self, back: u16, rule: u16) {
        let frame = std::mem::replace(&mut self.frame, self.stack.len() as u32);
        self.stack.push(Entry::Call {
            back,
            rule,
            mark: self.mark,
            values: self.values.len() as u32,
            bindings: self.bindings.len() as u32,
            marks: self.marks.len() as u32,
            frame,
            invalid: self.invalid,
        });
        if self.program.rules[rule as usize].plain {
            self.invalid = false;
        }
    }

    /// Looks a rule up in what is remembered about the next token; applies it and tells whether it fitted.
    fn remembered(&mut self, rule: u16) -> Option<bool> {
        let memo = self.memo.get(self.mark as usize)?.iter().find(|memo| memo.rule == rule)?;
        match &memo.result {
            None => Some(false),
            Some((end, values)) => {
                self.values.extend_from_slice(values);
                self.mark = *end;
                Some(true)
            }
        }
    }

    fn remember(&mut self, rule: u16, mark: u32, result: Option<(u32, Box<[u32]>)>) {
        if let Some(memo) = self.memo.get_mut(mark as usize) {
            memo.push(Memo { rule, result });
        }
    }

    /// Leaves a rule that fitted; `None` when it is the first one.
    fn leave(&mut self) -> Option<u16> {
        let Some(Entry::Call { back, rule, mark, values, bindings, frame, invalid, .. }) = self.stack.pop() else {
            return None;
        };
        let declared = &self.program.rules[rule as usize];
        if declared.hide {
            self.values.truncate(values as usize);
        }
        if declared.memo {
            let left = self.values[values as usize..].into();
            self.remember(rule, mark, Some((self.mark, left)));
        }
        self.bindings.truncate(bindings as usize);
        self.frame = frame;
        self.invalid = invalid;
        if self.stack.is_empty() { None } else { Some(back) }
    }

    /// Goes back to the latest choice; `None` when there is none left.
    fn fail(&mut self) -> Option<u16> {
        loop {
            match self.stack.pop()? {
                Entry::Choice { to, mark, values, bindings, marks } => {
                    self.restore(mark, values, bindings, marks);
                    return Some(to);
                }
                Entry::Call { rule, mark, values, bindings, marks, frame, invalid, .. } => {
                    if self.program.rules[rule as usize].memo {
                        self.remember(rule, mark, None);
                    }
                    self.restore(mark, values, bindings, marks);
                    self.frame = frame;
                    self.invalid = invalid;
                }
            }
        }
    }

    fn restore(&mut self, mark: u32, values: u32, bindings: u32, marks: u32) {
        self.mark = mark;
        self.values.truncate(values as usize);
        self.bindings.truncate(bindings as usize);
        self.marks.truncate(marks as usize);
    }

    /// Makes a node of what the current rule has read so far.
    fn make_node(&mut self, kind: NodeKind) {
        let Some(&Entry::Call { mark, values, .. }) = self.stack.get(self.frame as usize) else { return };
        let start = self.parts.len() as u32;
        let keeps =
            matches!(kind, NodeKind::Tuple | NodeKind::List | NodeKind::Starred | NodeKind::CompareIn | NodeKind::Args);
        let parts = self.values.split_off((values as usize).min(self.values.len()));
        if keeps {
            self.parts.extend_from_slice(&parts);
        }
        let node =
            Node { kind, first: mark, last: self.mark.saturating_sub(1), parts: (start, self.parts.len() as u32) };
        self.push_node(node);
    }

    fn push_node(&mut self, node: Node) {
        self.values.push(self.nodes.len() as u32);
        self.nodes.push(node);
    }

    fn bind(&mut self, name: u8) {
        let Some((mark, values)) = self.marks.pop() else { return };
        let id = if self.values.len() as u32 == values + 1 {
            self.values[values as usize]
        } else {
            let last = self.mark.max(mark + 1) - 1;
            let parts = self.parts.len() as u32;
            self.nodes.push(Node { kind: NodeKind::Span, first: mark, last, parts: (parts, parts) });
            self.nodes.len() as u32 - 1
        };
        self.bindings.push((name, id));
    }

    /// The piece that the current rule calls `name`.
    pub(crate) fn bound(&self, name: u8) -> Option<Node> {
        let Some(&Entry::Call { bindings, .. }) = self.stack.get(self.frame as usize) else { return None };
        let found = self.bindings.get(bindings as usize..)?.iter().rev().find(|(n, _)| *n == name)?;
        self.nodes.get(found.1 as usize).copied()
    }

    /// The latest complete node, to be corrected.
    pub(crate) fn latest(&mut self) -> Option<&mut Node> {
        let id = *self.values.last()? as usize;
        self.nodes.get_mut(id)
    }

    /// The parts of a tuple, list, starred expression, `in` comparison or argument list.
    pub(crate) fn parts(&self, node: &Node) -> impl Iterator<Item = Node> + '_ {
        let range = node.parts.0 as usize..node.parts.1 as usize;
        self.parts.get(range).unwrap_or(&[]).iter().filter_map(|&id| self.nodes.get(id as usize).copied())
    }
}
