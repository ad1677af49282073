//! The matcher: a backtracking machine over the code that `re._compiler` emits.
//!
//! All state is on the heap: what to try next lies on a stack of [`Choice`]s, running repetitions in a list of [`Repeat`]s that point
//! to the ones around them. So patterns may recurse as deep as memory allows, and [`Machine::run`] can stop after any number of
//! steps and go on later.
//!
//! The code is what [`Program`] made of the compiler's, see there.

use snakelet_text::Units;
use snakelet_text::unicode::{self, Case};

use super::program::{Program, Set};

/// Numbers of the operations, as in `re._constants.OPCODES`.
pub mod op {
    pub const FAILURE: u32 = 0;
    pub const SUCCESS: u32 = 1;
    pub const ANY: u32 = 2;
    pub const ANY_ALL: u32 = 3;
    pub const ASSERT: u32 = 4;
    pub const ASSERT_NOT: u32 = 5;
    pub const AT: u32 = 6;
    pub const BRANCH: u32 = 7;
    pub const CATEGORY: u32 = 8;
    pub const CHARSET: u32 = 9;
    pub const BIGCHARSET: u32 = 10;
    pub const GROUPREF: u32 = 11;
    pub const GROUPREF_EXISTS: u32 = 12;
    pub const IN: u32 = 13;
    pub const INFO: u32 = 14;
    pub const JUMP: u32 = 15;
    pub const LITERAL: u32 = 16;
    pub const MARK: u32 = 17;
    pub const MAX_UNTIL: u32 = 18;
    pub const MIN_UNTIL: u32 = 19;
    pub const NOT_LITERAL: u32 = 20;
    pub const NEGATE: u32 = 21;
    pub const RANGE: u32 = 22;
    pub const REPEAT: u32 = 23;
    pub const REPEAT_ONE: u32 = 24;
    pub const MIN_REPEAT_ONE: u32 = 26;
    pub const ATOMIC_GROUP: u32 = 27;
    pub const POSSESSIVE_REPEAT: u32 = 28;
    pub const POSSESSIVE_REPEAT_ONE: u32 = 29;
    pub const GROUPREF_IGNORE: u32 = 30;
    pub const IN_IGNORE: u32 = 31;
    pub const LITERAL_IGNORE: u32 = 32;
    pub const NOT_LITERAL_IGNORE: u32 = 33;
    pub const GROUPREF_LOC_IGNORE: u32 = 34;
    pub const IN_LOC_IGNORE: u32 = 35;
    pub const LITERAL_LOC_IGNORE: u32 = 36;
    pub const NOT_LITERAL_LOC_IGNORE: u32 = 37;
    pub const GROUPREF_UNI_IGNORE: u32 = 38;
    pub const IN_UNI_IGNORE: u32 = 39;
    pub const LITERAL_UNI_IGNORE: u32 = 40;
    pub const NOT_LITERAL_UNI_IGNORE: u32 = 41;
    pub const RANGE_UNI_IGNORE: u32 = 42;
    /// Our own: a skip word and the index of a set follow.
    pub const SET: u32 = 64;
}

/// "No limit", as a repetition's maximum.
pub const MAXREPEAT: u32 = u32::MAX;
/// A mark that is not set, and the absence of a repetition.
pub const NONE: usize = usize::MAX;

/// A repetition in progress, one entry for each round.
#[derive(Clone, Copy)]
struct Repeat {
    /// Where its minimum stands in the code.
    code: usize,
    /// Rounds done; -1 before the first decision.
    count: i64,
    /// Where the last round started.
    last: usize,
    /// The repetition around it.
    outer: usize,
}

/// What a body is matched for.
#[derive(Clone, Copy, PartialEq)]
enum Purpose {
    Assert,
    AssertNot,
    Atomic,
    /// A round of a possessive repetition whose minimum stands at this place; rounds done before.
    Possessive {
        code: usize,
        count: u32,
        /// The minimum is not reached.
        required: bool,
    },
}

#[derive(Clone, Copy)]
enum Kind {
    /// Go on there.
    Goto,
    /// Try the alternatives of a branch from this skip word on.
    Alternative,
    /// A greedy repetition of one character took `count` from `start`: take one less.
    Fewer { start: usize, count: usize, min: usize },
    /// A lazy repetition of one character: take one more; `left` may follow.
    More { item: usize, left: usize },
    /// A lazy repetition: do one more round.
    Round { repeat: usize },
    /// The start of a body that is matched for itself. Reaching it means that the body failed.
    Boundary(Purpose),
    /// Nothing is left to try, but marks are to be restored.
    Nothing,
}

/// What to do when the present way fails.
#[derive(Clone, Copy)]
struct Choice {
    kind: Kind,
    pc: usize,
    position: usize,
    repeat: usize,
    /// How much of the log of marks was written.
    log: usize,
    repeats: usize,
    last_index: usize,
    /// One more than the highest mark that counted.
    mark_count: usize,
    /// Marks keep what failed ways set (`Machine::exact`).
    keeps_marks: bool,
}

/// What is searched, one character after the other.
trait Characters: Copy {
    fn at(self, index: usize) -> u32;

    /// How many of these characters, from the first on, are in the set.
    fn count_in(self, range: std::ops::Range<usize>, set: &Set, code: &[u32]) -> usize {
        range.clone().take_while(|&index| set.contains(code, self.at(index))).count()
    }
}

/// Strings of characters below 256, and bytes.
impl Characters for &[u8] {
    #[inline(always)]
    fn at(self, index: usize) -> u32 {
        u32::from(self[index])
    }

    #[inline(always)]
    fn count_in(self, range: std::ops::Range<usize>, set: &Set, code: &[u32]) -> usize {
        let bytes = &self[range];
        bytes.iter().position(|&byte| !set.contains(code, u32::from(byte))).unwrap_or(bytes.len())
    }
}

/// All others.
impl Characters for Units<'_> {
    #[inline(always)]
    fn at(self, index: usize) -> u32 {
        Units::at(self, index)
    }
}

/// How a run of the machine ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    Matched,
    Failed,
    /// The steps are used up: run again.
    Paused,
    /// The stacks outgrew what is allowed.
    OutOfMemory,
}

/// A match being looked for.
pub struct Machine {
    end: usize,
    pc: usize,
    position: usize,
    repeat: usize,
    repeats: Vec<Repeat>,
    choices: Vec<Choice>,
    /// Indices of choices that are boundaries.
    boundaries: Vec<usize>,
    marks: Vec<usize>,
    log: Vec<(usize, usize)>,
    /// One more than the highest mark that counts, for conditions.
    mark_count: usize,
    /// CPython's matcher restores marks within repetitions only; elsewhere it remembers how many of them count. Whoever asks in a
    /// group whether this very group has matched sees what a failed way left: the pattern has conditions.
    exact: bool,
    /// Number of the group that ended last, 0 if none did.
    pub last_index: usize,
    /// The match must end at the end of the text.
    whole: bool,
    /// The match must not be empty if it starts here.
    not_empty_at: usize,
    origin: usize,
}

impl Machine {
    /// A machine for text that ends at `end`, to be started at `start`.
    pub fn new(groups: usize, start: usize, end: usize) -> Machine {
        Machine {
            end,
            pc: 0,
            position: start,
            repeat: NONE,
            repeats: Vec::new(),
            choices: Vec::new(),
            boundaries: Vec::new(),
            marks: vec![NONE; groups * 2],
            log: Vec::new(),
            mark_count: 0,
            exact: false,
            last_index: 0,
            whole: false,
            not_empty_at: NONE,
            origin: start,
        }
    }

    /// Sets out to match at `position`.
    pub fn begin(&mut self, position: usize, whole: bool, not_empty: bool) {
        self.pc = 0;
        self.position = position;
        self.origin = position;
        self.repeat = NONE;
        self.repeats.clear();
        self.choices.clear();
        self.boundaries.clear();
        self.marks.fill(NONE);
        self.log.clear();
        self.mark_count = 0;
        self.last_index = 0;
        self.whole = whole;
        self.not_empty_at = if not_empty { position } else { NONE };
    }

    /// What a condition asks.
    fn has_matched(&self, group: usize) -> bool {
        let (start, end) = (self.marks[group * 2 - 2], self.marks[group * 2 - 1]);
        group * 2 <= self.mark_count && start != NONE && end != NONE && start <= end
    }

    /// Start and end of a group of the match; group 0 is the whole.
    pub fn span(&self, group: usize) -> Option<(usize, usize)> {
        if group == 0 {
            return Some((self.origin, self.position));
        }
        match (self.marks[group * 2 - 2], self.marks[group * 2 - 1]) {
            _ if self.exact && group * 2 > self.mark_count => None,
            (NONE, _) | (_, NONE) => None,
            (start, end) => Some((start, end)),
        }
    }

    /// For a pattern with conditions.
    pub fn set_exact(&mut self, exact: bool) {
        self.exact = exact;
    }

    /// Whether a repetition is under way.
    fn is_repeating(&self) -> bool {
        let possessive = |&at: &usize| {
            self.choices.get(at).is_some_and(|choice| matches!(choice.kind, Kind::Boundary(Purpose::Possessive { .. })))
        };
        self.repeat != NONE || self.boundaries.iter().any(possessive)
    }

    /// Before the first of several ways: when the last of them has failed, marks are restored within repetitions.
    fn guard_marks(&mut self) {
        if self.exact && self.is_repeating() {
            let (position, repeat) = (self.position, self.repeat);
            self.push(Kind::Nothing, 0, position, repeat);
        }
    }

    fn push(&mut self, kind: Kind, pc: usize, position: usize, repeat: usize) {
        let keeps_marks = self.exact
            && match kind {
                Kind::Goto => false,
                // The tail runs in the repetition around.
                Kind::Round { repeat } => {
                    let inner = std::mem::replace(&mut self.repeat, self.repeats[repeat].outer);
                    let is_repeating = self.is_repeating();
                    self.repeat = inner;
                    !is_repeating
                }
                Kind::Boundary(Purpose::Possessive { required, .. }) => required,
                Kind::Boundary(Purpose::Assert | Purpose::Atomic) => true,
                _ => !self.is_repeating(),
            };
        self.choices.push(Choice {
            mark_count: self.mark_count,
            keeps_marks,
            kind,
            pc,
            position,
            repeat,
            log: self.log.len(),
            repeats: self.repeats.len(),
            last_index: self.last_index,
        });
    }

    fn push_boundary(&mut self, purpose: Purpose, after: usize) {
        self.boundaries.push(self.choices.len());
        let repeat = self.repeat;
        self.push(Kind::Boundary(purpose), after, self.position, repeat);
    }

    fn set_mark(&mut self, mark: usize) {
        if self.exact && mark >= self.mark_count {
            for between in self.mark_count..mark {
                self.log.push((between, self.marks[between]));
                self.marks[between] = NONE;
            }
            self.mark_count = mark + 1;
        }
        self.log.push((mark, self.marks[mark]));
        self.marks[mark] = self.position;
        if mark & 1 == 1 {
            self.last_index = mark / 2 + 1;
        }
    }

    fn restore(&mut self, choice: &Choice) {
        self.mark_count = choice.mark_count;
        while self.log.len() > choice.log && !choice.keeps_marks {
            if let Some((mark, old)) = self.log.pop() {
                self.marks[mark] = old;
            }
        }
        self.repeats.truncate(choice.repeats);
        self.last_index = choice.last_index;
        self.position = choice.position;
        self.repeat = choice.repeat;
        self.pc = choice.pc;
    }

    /// Takes back to the last choice. False if there is none.
    fn backtrack(&mut self, program: &Program, text: impl Characters) -> bool {
        let code = &program.code[..];
        while let Some(choice) = self.choices.pop() {
            self.restore(&choice);
            match choice.kind {
                Kind::Goto => return true,
                Kind::Alternative => {
                    let current = if self.position < self.end { Some(text.at(self.position)) } else { None };
                    if self.branch(program, choice.pc, current) {
                        return true;
                    }
                }
                Kind::Fewer { start, count, min } => {
                    if count > min {
                        let mut count = count - 1;
                        // Goes straight to where the literal that follows stands.
                        if let Some(wanted) = literal_after(code, choice.pc) {
                            while count > min && (start + count >= self.end || text.at(start + count) != wanted) {
                                count -= 1;
                            }
                        }
                        self.position = start + count;
                        if count > min {
                            let position = self.position;
                            self.push(Kind::Fewer { start, count, min }, choice.pc, position, choice.repeat);
                        }
                        return true;
                    }
                }
                Kind::More { item, left } => {
                    if left > 0
                        && self.position < self.end
                        && matches_one(code, &program.sets, item, text.at(self.position))
                    {
                        self.position += 1;
                        let position = self.position;
                        self.push(Kind::More { item, left: left - 1 }, choice.pc, position, choice.repeat);
                        return true;
                    }
                }
                Kind::Round { repeat } => {
                    let running = self.repeats[repeat];
                    let max = code[running.code + 1];
                    let count = running.count + 1;
                    if (max == MAXREPEAT || count < i64::from(max)) && self.position != running.last {
                        self.repeats.push(Repeat { count, last: self.position, ..running });
                        self.repeat = self.repeats.len() - 1;
                        self.pc = running.code + 2;
                        return true;
                    }
                }
                Kind::Nothing => {}
                Kind::Boundary(purpose) => {
                    self.boundaries.pop();
                    match purpose {
                        Purpose::AssertNot => return true,
                        Purpose::Possessive { required: false, .. } => return true,
                        _ => {}
                    }
                }
            }
        }
        false
    }

    /// A body has matched: ends the innermost one. False if it is time to backtrack.
    fn end_body(&mut self, code: &[u32], boundary: usize) -> bool {
        let Choice { kind: Kind::Boundary(purpose), pc, position, repeat, .. } = self.choices[boundary] else {
            return false;
        };
        self.boundaries.pop();
        if purpose == Purpose::AssertNot {
            let choice = self.choices[boundary];
            self.choices.truncate(boundary);
            if !self.exact {
                self.restore(&choice);
            }
            return false;
        }
        // What the body left to try is given up.
        self.choices.truncate(boundary);
        self.repeat = repeat;
        self.pc = pc;
        match purpose {
            Purpose::Assert => self.position = position,
            Purpose::Possessive { code: at, count, required } => {
                let (max, count) = (code[at + 1], count + 1);
                // As in CPython, one round beyond the minimum is tried even if the last was empty.
                let advanced = self.position != position;
                if (max == MAXREPEAT || count < max) && (advanced || required) {
                    self.push_boundary(Purpose::Possessive { code: at, count, required: count < code[at] }, pc);
                    self.pc = at + 2;
                }
            }
            _ => {}
        }
        true
    }

    /// Runs for at most about `steps` operations.
    pub fn run(&mut self, program: &Program, text: Units<'_>, steps: &mut u32, max_choices: usize) -> Outcome {
        // An operation adds at most one entry.
        if self.choices.len() + self.repeats.len() + self.log.len() > max_choices {
            return Outcome::OutOfMemory;
        }
        match text {
            Units::One(bytes) => self.run_on(program, bytes, steps),
            wide => self.run_on(program, wide, steps),
        }
    }

    fn run_on(&mut self, program: &Program, text: impl Characters, steps: &mut u32) -> Outcome {
        let code = &program.code[..];
        loop {
            if *steps == 0 {
                return Outcome::Paused;
            }
            *steps -= 1;
            let (pc, matched) = self.characters(program, text);
            if !matched {
                if self.backtrack(program, text) {
                    continue;
                }
                return Outcome::Failed;
            }
            let target = |at: usize| at + code[at] as usize;
            let current = if self.position < self.end { Some(text.at(self.position)) } else { None };
            let ok = match code[pc] {
                op::SUCCESS => match self.boundaries.last().copied() {
                    Some(boundary) => self.end_body(code, boundary),
                    None => {
                        let rejected = self.whole && self.position != self.end || self.position == self.not_empty_at;
                        if !rejected {
                            return Outcome::Matched;
                        }
                        false
                    }
                },
                op::MARK => {
                    self.set_mark(code[pc + 1] as usize);
                    self.pc = pc + 2;
                    true
                }
                op::NOT_LITERAL
                | op::LITERAL_IGNORE
                | op::NOT_LITERAL_IGNORE
                | op::LITERAL_LOC_IGNORE
                | op::NOT_LITERAL_LOC_IGNORE
                | op::LITERAL_UNI_IGNORE
                | op::NOT_LITERAL_UNI_IGNORE
                | op::CATEGORY => {
                    let matched = current.is_some_and(|c| matches_one(code, &program.sets, pc, c));
                    self.position += 1;
                    self.pc = pc + 2;
                    matched
                }
                op::ANY | op::ANY_ALL => {
                    let matched = current.is_some_and(|c| matches_one(code, &program.sets, pc, c));
                    self.position += 1;
                    self.pc = pc + 1;
                    matched
                }
                op::AT => {
                    self.pc = pc + 2;
                    self.at(code[pc + 1], text)
                }
                op::JUMP => {
                    self.pc = target(pc + 1);
                    true
                }
                op::INFO => {
                    self.pc = target(pc + 1);
                    true
                }
                op::BRANCH => {
                    self.guard_marks();
                    self.branch(program, pc + 1, current)
                }
                op::REPEAT_ONE => {
                    let (min, max) = (code[pc + 2] as usize, code[pc + 3]);
                    let count = self.count(program, pc + 4, text, max);
                    if count < min {
                        false
                    } else {
                        let (start, next) = (self.position, target(pc + 1));
                        self.guard_marks();
                        self.pc = next;
                        self.position = start + count;
                        if count > min {
                            let (position, repeat) = (self.position, self.repeat);
                            self.push(Kind::Fewer { start, count, min }, next, position, repeat);
                        }
                        true
                    }
                }
                op::MIN_REPEAT_ONE => {
                    let (min, max) = (code[pc + 2], code[pc + 3]);
                    if self.count(program, pc + 4, text, min) < min as usize {
                        false
                    } else {
                        self.guard_marks();
                        self.position += min as usize;
                        self.pc = target(pc + 1);
                        let left = if max == MAXREPEAT { usize::MAX } else { (max - min) as usize };
                        if left > 0 {
                            let (pc_next, position, repeat) = (self.pc, self.position, self.repeat);
                            self.push(Kind::More { item: pc + 4, left }, pc_next, position, repeat);
                        }
                        true
                    }
                }
                op::POSSESSIVE_REPEAT_ONE => {
                    let (min, max) = (code[pc + 2] as usize, code[pc + 3]);
                    let count = self.count(program, pc + 4, text, max);
                    self.position += count;
                    self.pc = target(pc + 1);
                    count >= min
                }
                op::REPEAT => {
                    let repeat = Repeat { code: pc + 2, count: -1, last: NONE, outer: self.repeat };
                    self.repeats.push(repeat);
                    self.repeat = self.repeats.len() - 1;
                    self.pc = target(pc + 1);
                    true
                }
                op::MAX_UNTIL => {
                    let Some(&running) = self.repeats.get(self.repeat) else { return Outcome::Failed };
                    let (min, max) = (i64::from(code[running.code]), code[running.code + 1]);
                    let count = running.count + 1;
                    if count < min {
                        self.repeats.push(Repeat { count, ..running });
                        self.repeat = self.repeats.len() - 1;
                        self.pc = running.code + 2;
                    } else if (max == MAXREPEAT || count < i64::from(max)) && self.position != running.last {
                        let position = self.position;
                        self.push(Kind::Goto, pc + 1, position, running.outer);
                        self.repeats.push(Repeat { count, last: position, ..running });
                        self.repeat = self.repeats.len() - 1;
                        self.pc = running.code + 2;
                    } else {
                        self.repeat = running.outer;
                        self.pc = pc + 1;
                    }
                    true
                }
                op::MIN_UNTIL => {
                    let Some(&running) = self.repeats.get(self.repeat) else { return Outcome::Failed };
                    let count = running.count + 1;
                    if count < i64::from(code[running.code]) {
                        self.repeats.push(Repeat { count, ..running });
                        self.repeat = self.repeats.len() - 1;
                        self.pc = running.code + 2;
                    } else {
                        let (position, repeat) = (self.position, self.repeat);
                        self.push(Kind::Round { repeat }, pc + 1, position, repeat);
                        self.repeat = running.outer;
                        self.pc = pc + 1;
                    }
                    true
                }
                op::POSSESSIVE_REPEAT => {
                    let after = target(pc + 1) + 1;
                    if code[pc + 3] == 0 {
                        self.pc = after;
                    } else {
                        let required = code[pc + 2] > 0;
                        self.push_boundary(Purpose::Possessive { code: pc + 2, count: 0, required }, after);
                        self.pc = pc + 4;
                    }
                    true
                }
                op::ATOMIC_GROUP => {
                    self.push_boundary(Purpose::Atomic, target(pc + 1));
                    self.pc = pc + 2;
                    true
                }
                op::ASSERT | op::ASSERT_NOT => {
                    let (after, back) = (target(pc + 1), code[pc + 2] as usize);
                    let negative = code[pc] == op::ASSERT_NOT;
                    if self.position < back {
                        self.pc = after;
                        negative
                    } else {
                        self.push_boundary(if negative { Purpose::AssertNot } else { Purpose::Assert }, after);
                        self.position -= back;
                        self.pc = pc + 3;
                        true
                    }
                }
                op::GROUPREF | op::GROUPREF_IGNORE | op::GROUPREF_UNI_IGNORE | op::GROUPREF_LOC_IGNORE => {
                    self.pc = pc + 2;
                    self.back_reference(code[pc], code[pc + 1] as usize, text)
                }
                op::GROUPREF_EXISTS => {
                    let group = code[pc + 1] as usize + 1;
                    self.pc = if self.has_matched(group) { pc + 3 } else { pc + 1 + code[pc + 2] as usize };
                    true
                }
                _ => false,
            };
            if !ok && !self.backtrack(program, text) {
                return Outcome::Failed;
            }
        }
    }

    /// Matches as many single characters as follow each other in the code. Where the next operation stands, and whether they all
    /// matched.
    #[inline(always)]
    fn characters(&mut self, program: &Program, text: impl Characters) -> (usize, bool) {
        let (code, end) = (&program.code[..], self.end);
        let (mut pc, mut position) = (self.pc, self.position);
        let matched = loop {
            match code[pc] {
                op::LITERAL => {
                    if position >= end || text.at(position) != code[pc + 1] {
                        break false;
                    }
                    pc += 2;
                }
                op::SET => {
                    if position >= end || !program.sets[code[pc + 2] as usize].contains(code, text.at(position)) {
                        break false;
                    }
                    pc += 1 + code[pc + 1] as usize;
                }
                _ => break true,
            }
            position += 1;
        };
        (self.pc, self.position) = (pc, position);
        (pc, matched)
    }

    /// Enters the first alternative that may match, and remembers the next.
    fn branch(&mut self, program: &Program, first: usize, current: Option<u32>) -> bool {
        let code = &program.code[..];
        let mut at = first;
        while code[at] != 0 {
            let next = at + code[at] as usize;
            let possible = match code[at + 1] {
                op::LITERAL | op::SET => current.is_some_and(|c| matches_one(code, &program.sets, at + 1, c)),
                _ => true,
            };
            if possible {
                if code[next] != 0 {
                    let (position, repeat) = (self.position, self.repeat);
                    self.push(Kind::Alternative, next, position, repeat);
                }
                self.pc = at + 1;
                return true;
            }
            at = next;
        }
        false
    }

    /// How many characters from the position one item matches, at most `max`.
    fn count(&self, program: &Program, item: usize, text: impl Characters, max: u32) -> usize {
        let code = &program.code[..];
        let (start, room) = (self.position, self.end - self.position);
        let limit = if max == MAXREPEAT { room } else { room.min(max as usize) };
        match code[item] {
            op::ANY_ALL => limit,
            op::SET => text.count_in(start..start + limit, &program.sets[code[item + 2] as usize], code),
            op::ANY => (start..start + limit).take_while(|&index| text.at(index) != '\n' as u32).count(),
            _ => (start..start + limit)
                .take_while(|&index| matches_one(code, &program.sets, item, text.at(index)))
                .count(),
        }
    }

    fn back_reference(&mut self, operation: u32, group: usize, text: impl Characters) -> bool {
        let Some((start, end)) = self.span(group + 1) else { return false };
        if self.end - self.position < end.saturating_sub(start) {
            return false;
        }
        for at in start..end {
            let (a, b) = (text.at(at), text.at(self.position));
            let equal = match operation {
                op::GROUPREF => a == b,
                op::GROUPREF_UNI_IGNORE => lower_unicode(a) == lower_unicode(b),
                _ => lower_ascii(a) == lower_ascii(b),
            };
            if !equal {
                return false;
            }
            self.position += 1;
        }
        true
    }

    fn at(&self, what: u32, text: impl Characters) -> bool {
        let position = self.position;
        let before = || position.checked_sub(1).map(|at| text.at(at));
        let after = || (position < self.end).then(|| text.at(position));
        let boundary = |is_word: fn(u32) -> bool| before().is_some_and(is_word) != after().is_some_and(is_word);
        match what {
            0 | 2 => position == 0,
            1 => position == 0 || before() == Some('\n' as u32),
            3 => boundary(is_word_ascii),
            4 => !boundary(is_word_ascii),
            5 => position == self.end || position + 1 == self.end && text.at(position) == '\n' as u32,
            6 => position == self.end || text.at(position) == '\n' as u32,
            7 => position == self.end,
            8 => boundary(is_word_ascii),
            9 => !boundary(is_word_ascii),
            10 => boundary(is_word_unicode),
            11 => !boundary(is_word_unicode),
            _ => false,
        }
    }
}

/// The literal that stands at this place or behind the marks there.
fn literal_after(code: &[u32], mut pc: usize) -> Option<u32> {
    while code[pc] == op::MARK {
        pc += 2;
    }
    (code[pc] == op::LITERAL).then(|| code[pc + 1])
}

fn is_word_ascii(c: u32) -> bool {
    c < 128 && ((c as u8).is_ascii_alphanumeric() || c == '_' as u32)
}

fn is_word_unicode(c: u32) -> bool {
    unicode::is_alnum(c) || c == '_' as u32
}

/// ASCII letters in lower case.
pub fn lower_ascii(c: u32) -> u32 {
    if (0x41..=0x5a).contains(&c) { c + 32 } else { c }
}

/// The simple lower case of a character.
pub fn lower_unicode(c: u32) -> u32 {
    if c < 128 { lower_ascii(c) } else { unicode::simple_case(c, Case::Lower) }
}

/// Whether a character is in one of the categories of `re._constants.CHCODES`.
fn category(what: u32, c: u32) -> bool {
    let ascii = |test: fn(&u8) -> bool| c < 128 && test(&(c as u8));
    let is_space = || matches!(c, 9..=13 | 32);
    match what {
        0 => ascii(u8::is_ascii_digit),
        1 => !ascii(u8::is_ascii_digit),
        2 => is_space(),
        3 => !is_space(),
        4 | 8 => is_word_ascii(c),
        5 | 9 => !is_word_ascii(c),
        6 => c == '\n' as u32,
        7 => c != '\n' as u32,
        10 => unicode::is_decimal(c),
        11 => !unicode::is_decimal(c),
        12 => unicode::is_space(c),
        13 => !unicode::is_space(c),
        14 => is_word_unicode(c),
        15 => !is_word_unicode(c),
        16 => unicode::is_line_break(c),
        17 => !unicode::is_line_break(c),
        _ => false,
    }
}

/// Whether the operation at `pc`, one that takes a single character, takes this one.
pub fn matches_one(code: &[u32], sets: &[Set], pc: usize, c: u32) -> bool {
    match code[pc] {
        op::SET => sets[code[pc + 2] as usize].contains(code, c),
        op::LITERAL => c == code[pc + 1],
        op::NOT_LITERAL => c != code[pc + 1],
        op::ANY => c != '\n' as u32,
        op::ANY_ALL => true,
        op::IN => in_set(code, pc + 2, c),
        op::CATEGORY => category(code[pc + 1], c),
        op::IN_IGNORE | op::IN_LOC_IGNORE => {
            in_set(code, pc + 2, lower_ascii(c)) || {
                // Locale sets hold either case.
                code[pc] == op::IN_LOC_IGNORE && (in_set(code, pc + 2, c) || in_set(code, pc + 2, upper_ascii(c)))
            }
        }
        op::IN_UNI_IGNORE => in_set(code, pc + 2, lower_unicode(c)),
        op::LITERAL_IGNORE => lower_ascii(c) == code[pc + 1],
        op::NOT_LITERAL_IGNORE => lower_ascii(c) != code[pc + 1],
        op::LITERAL_LOC_IGNORE => lower_ascii(c) == lower_ascii(code[pc + 1]),
        op::NOT_LITERAL_LOC_IGNORE => lower_ascii(c) != lower_ascii(code[pc + 1]),
        op::LITERAL_UNI_IGNORE => lower_unicode(c) == code[pc + 1],
        op::NOT_LITERAL_UNI_IGNORE => lower_unicode(c) != code[pc + 1],
        _ => false,
    }
}

fn upper_ascii(c: u32) -> u32 {
    if (0x61..=0x7a).contains(&c) { c - 32 } else { c }
}

/// Whether a character is in the set described from `at` on.
pub fn in_set(code: &[u32], mut at: usize, c: u32) -> bool {
    let mut positive = true;
    loop {
        match code[at] {
            op::FAILURE => return !positive,
            op::NEGATE => {
                positive = !positive;
                at += 1;
            }
            op::LITERAL => {
                if c == code[at + 1] {
                    return positive;
                }
                at += 2;
            }
            op::CATEGORY => {
                if category(code[at + 1], c) {
                    return positive;
                }
                at += 2;
            }
            op::RANGE => {
                if code[at + 1] <= c && c <= code[at + 2] {
                    return positive;
                }
                at += 3;
            }
            op::RANGE_UNI_IGNORE => {
                let upper = unicode::simple_case(c, Case::Upper);
                if code[at + 1] <= c && c <= code[at + 2] || code[at + 1] <= upper && upper <= code[at + 2] {
                    return positive;
                }
                at += 3;
            }
            op::CHARSET => {
                if c < 256 && code[at + 1 + (c >> 5) as usize] & 1 << (c & 31) != 0 {
                    return positive;
                }
                at += 9;
            }
            op::BIGCHARSET => {
                let count = code[at + 1] as usize;
                if c < 65_536 {
                    let word = code[at + 2 + (c >> 10) as usize];
                    let block = (word >> ((c >> 8 & 3) * 8) & 0xff) as usize;
                    let bits = code[at + 66 + block * 8 + (c >> 5 & 7) as usize];
                    if bits & 1 << (c & 31) != 0 {
                        return positive;
                    }
                }
                at += 66 + count * 8;
            }
            _ => return false,
        }
    }
}
