//! The grammar as a program for `machine`.
//!
//! `grammar.peg` is translated once, on the first wrong program; its notation is explained there. Kept as text it
//! costs a page less to download than the instructions would.

use std::sync::OnceLock;

use crate::token::{self, NAMES};

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
/// What the machine does in one step.
pub(crate) enum Op {
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

/// A rule's program.
pub(crate) struct Rule {
    pub start: u16,
    pub memo: bool,
    pub hide: bool,
    /// Only for the second pass.
    pub invalid: bool,
    /// Switches the second pass's rules off inside.
    pub plain: bool,
}

/// The translated grammar.
pub(crate) struct Program {
    pub ops: Vec<Op>,
    pub rules: Vec<Rule>,
    pub actions: Vec<Action>,
    /// The rules' names, in their order.
    names: Vec<&'static str>,
}

impl Program {
    /// The grammar's program, translated on first use.
    pub(crate) fn get() -> &'static Program {
        static PROGRAM: OnceLock<Program> = OnceLock::new();
        PROGRAM.get_or_init(|| Translator::run(GRAMMAR))
    }

    /// The number of the rule `name`.
    pub(crate) fn rule(&self, name: &str) -> u16 {
        self.names.iter().position(|n| *n == name).unwrap_or(0) as u16
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
        let program = Program { ops: vec![Op::Fail], rules: Vec::new(), actions: Vec::new(), names: Vec::new() };
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
            this.program.names.push(this.words[name]);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_means_something() {
        let program = Program::get();
        let words = words(GRAMMAR);
        for (i, word) in words.iter().enumerate() {
            let next = words.get(i + 1).copied();
            match word.as_bytes()[0] {
                b'\'' => assert!(token::fixed(word.trim_matches('\'')) != token::OTHER, "{word}"),
                b'{' => assert!(KINDS.iter().any(|(name, _)| *name == word.trim_matches(['{', '}'])), "{word}"),
                b'a'..=b'z' if next != Some("=") => assert!(program.names.contains(word), "{word}"),
                b'A'..=b'Z' => assert!(NAMES.contains(word), "{word}"),
                _ => {}
            }
        }
    }
}
