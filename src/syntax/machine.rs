//! The machine that runs the grammar.
//!
//! A backtracking machine with a stack of its own: no input can exhaust the native one. It follows CPython's parser in
//! what it tries, in which order, and what it remembers, because the message for a wrong program depends on all
//! three: a first pass without the rules named `invalid_...` tells how far the text makes sense, a second pass with
//! them reports the first mistake that one of them recognises. What is remembered is shared between the rules that
//! switch those off and the others, as in CPython, which hides some mistakes.

use crate::grammar::{Action, NodeKind, Op, Program};
use crate::lexer::Token;
use crate::token::{ERROR, NAME};

/// A piece of the program: tokens `first` to `last`, both included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub kind: NodeKind,
    pub first: u32,
    pub last: u32,
    /// Where its parts are in [`Machine::parts`].
    parts: (u32, u32),
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
    /// The text takes too much memory.
    Exhausted,
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

/// What a rule did at a token.
struct Memo {
    rule: u16,
    /// Where it ended; `NOTHING` if it did not fit.
    end: u32,
    /// The node it left; `NOTHING` if none.
    value: u32,
}

const NOTHING: u32 = u32::MAX;
/// Most that is remembered at once; then everything is forgotten, which costs time only.
const MAX_MEMOS: usize = 1 << 20;
/// Most places to go back to.
const MAX_STACK: usize = 1 << 18;
/// Most nodes of one statement.
const MAX_NODES: usize = 1 << 21;

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
    memos: usize,
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
            memos: 0,
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
        self.memos = 0;
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
                    } else if self.stack.len() > MAX_STACK || self.nodes.len() > MAX_NODES {
                        return Outcome::Exhausted;
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
            self.memos -= memo.len().min(self.memos);
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
        if memo.end == NOTHING {
            return Some(false);
        }
        if memo.value != NOTHING {
            self.values.push(memo.value);
        }
        self.mark = memo.end;
        Some(true)
    }

    fn remember(&mut self, rule: u16, mark: u32, end: u32, value: u32) {
        if self.memos >= MAX_MEMOS {
            self.memos = 0;
            self.memo[self.forgotten..].iter_mut().for_each(|memo| *memo = Vec::new());
        }
        if let Some(memo) = self.memo.get_mut(mark as usize) {
            memo.push(Memo { rule, end, value });
            self.memos += 1;
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
            // The rules that are remembered leave at most one node.
            match self.values[values as usize..] {
                [] => self.remember(rule, mark, self.mark, NOTHING),
                [value] => self.remember(rule, mark, self.mark, value),
                _ => {}
            }
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
                        self.remember(rule, mark, NOTHING, NOTHING);
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

    /// Where the current rule began.
    pub(crate) fn rule_start(&self) -> u32 {
        match self.stack.get(self.frame as usize) {
            Some(&Entry::Call { mark, .. }) => mark,
            _ => 0,
        }
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
