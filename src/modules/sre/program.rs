//! A pattern's code made ready for matching: checked once, with a bit for each of the first 256 characters in place of each set,
//! and with what every match can start with.
//!
//! `re._compiler` emits the code; the layout of each operation is that of CPython's `_sre`. Offsets in the code: a *skip* word holds
//! the distance from itself to its target.

use super::engine::{MAXREPEAT, in_set, matches_one, op};

/// How deep branches and repetitions are followed to find out what a match starts with.
const DEPTH: u32 = 6;

/// Flags of an INFO operation: the literal that every match starts with follows; the set of first characters does.
const INFO_PREFIX: u32 = 1;
const INFO_CHARSET: u32 = 4;

/// A set of characters: one bit for each below 256, and where the operation stands that decides about the others.
#[derive(Clone, Copy, PartialEq)]
pub struct Set {
    low: [u32; 8],
    rest: usize,
}

impl Set {
    fn new(rest: usize) -> Set {
        Set { low: [0; 8], rest }
    }

    #[inline(always)]
    fn has_low(&self, c: u32) -> bool {
        self.low[(c >> 5 & 7) as usize] >> (c & 31) & 1 != 0
    }

    /// Whether the character is in the set.
    #[inline(always)]
    pub fn contains(&self, code: &[u32], c: u32) -> bool {
        if c < 256 { self.has_low(c) } else { matches_one(code, &[], self.rest, c) }
    }

    fn add_low(&mut self, contains: impl Fn(u32) -> bool) {
        for c in (0..256).filter(|&c| contains(c)) {
            self.low[(c >> 5) as usize] |= 1 << (c & 31);
        }
    }
}

/// What every match starts with: none is empty.
pub struct Start {
    set: Set,
    /// Some start with a character from 256 on.
    others: bool,
    /// Where the compiler's own set of first characters stands, if it found one.
    given: Option<usize>,
}

impl Start {
    /// Whether a match may start with this character.
    #[inline(always)]
    pub fn may_be(&self, code: &[u32], c: u32) -> bool {
        if c < 256 { self.set.has_low(c) } else { self.others && self.given.is_none_or(|set| in_set(code, set, c)) }
    }
}

/// The code of a pattern and what was found out about it.
pub struct Program {
    pub code: Vec<u32>,
    pub sets: Vec<Set>,
    /// `None`: a match may be empty, or may start with anything.
    pub start: Option<Start>,
    /// The least length of a match.
    pub min: usize,
    /// Nothing but the start of the string will do.
    pub anchored: bool,
    /// There may be conditions on groups.
    pub has_conditions: bool,
    /// Words of the code as it was given.
    given: usize,
}

impl PartialEq for Program {
    fn eq(&self, other: &Program) -> bool {
        self.code[..self.given] == other.code[..other.given] && self.sets == other.sets
    }
}

impl Program {
    /// `None` if the code is not what the compiler emits for a pattern with so many groups.
    pub fn new(code: Vec<u32>, groups: usize) -> Option<Program> {
        let (given, has_conditions) = (code.len(), code.contains(&op::GROUPREF_EXISTS));
        let mut program =
            Program { code, sets: Vec::new(), start: None, min: 0, anchored: false, has_conditions, given };
        program.check(groups)?;
        let mut body = 0;
        let mut start = Start { set: Set::new(0), others: false, given: None };
        if program.code[0] == op::INFO {
            body = program.target(1)?;
            program.min = program.code[3] as usize;
            let (flags, set) = (program.code[2], 5);
            if flags & (INFO_PREFIX | INFO_CHARSET) == INFO_CHARSET {
                program.check_set(set, body)?;
                start.given = Some(set);
                start.others = true;
                start.set.add_low(|c| in_set(&program.code, set, c));
            }
        }
        program.anchored = program.code[body] == op::AT && matches!(program.code[body + 1], 0 | 2);
        let known = start.given.is_some() || program.starts(body, &mut start, DEPTH);
        if known && !program.anchored {
            program.start = Some(start);
        }
        Some(program)
    }

    /// The place that a skip word leads to.
    fn target(&self, at: usize) -> Option<usize> {
        at.checked_add(*self.code.get(at)? as usize).filter(|&target| target < self.given)
    }

    /// Looks at every operation, and replaces those that test for a set.
    fn check(&mut self, groups: usize) -> Option<()> {
        if self.code.last() != Some(&op::SUCCESS) {
            return None;
        }
        // Bodies stand in line with what is around them, but the skip words of branches stand between operations.
        let mut ranges = vec![(0, self.given)];
        // Those that are running, the innermost last.
        let mut ends_of_repeats: Vec<usize> = Vec::new();
        while let Some((mut pc, end)) = ranges.pop() {
            while pc < end {
                let word = |offset: usize| self.code.get(pc + offset).copied();
                pc = match self.code[pc] {
                    op::SUCCESS | op::FAILURE | op::ANY | op::ANY_ALL => pc + 1,
                    op::MAX_UNTIL | op::MIN_UNTIL => ends_of_repeats.pop().filter(|&end| end == pc).map(|_| pc + 1)?,
                    op::LITERAL
                    | op::NOT_LITERAL
                    | op::LITERAL_IGNORE
                    | op::NOT_LITERAL_IGNORE
                    | op::LITERAL_LOC_IGNORE
                    | op::NOT_LITERAL_LOC_IGNORE
                    | op::LITERAL_UNI_IGNORE
                    | op::NOT_LITERAL_UNI_IGNORE
                    | op::CATEGORY
                    | op::AT => word(1).map(|_| pc + 2)?,
                    op::MARK => word(1).filter(|&mark| (mark as usize) < groups * 2).map(|_| pc + 2)?,
                    op::GROUPREF | op::GROUPREF_IGNORE | op::GROUPREF_UNI_IGNORE | op::GROUPREF_LOC_IGNORE => {
                        word(1).filter(|&group| (group as usize) < groups).map(|_| pc + 2)?
                    }
                    op::IN | op::IN_IGNORE | op::IN_UNI_IGNORE | op::IN_LOC_IGNORE => {
                        let next = self.target(pc + 1).filter(|&next| next >= pc + 4)?;
                        self.check_set(pc + 2, next)?;
                        self.replace_set(pc, next);
                        next
                    }
                    // What it tells is looked at elsewhere.
                    op::INFO => self.target(pc + 1).filter(|&next| next > pc + 4)?,
                    op::JUMP => self.target(pc + 1).map(|_| pc + 2)?,
                    op::REPEAT_ONE
                    | op::MIN_REPEAT_ONE
                    | op::POSSESSIVE_REPEAT_ONE
                    | op::REPEAT
                    | op::POSSESSIVE_REPEAT => {
                        let (min, max) = (word(2)?, word(3)?);
                        let target = self.target(pc + 1).filter(|_| min <= max)?;
                        if self.code[pc] == op::REPEAT {
                            ends_of_repeats.push(target);
                        }
                        pc + 4
                    }
                    op::ATOMIC_GROUP => self.target(pc + 1).map(|_| pc + 2)?,
                    op::ASSERT | op::ASSERT_NOT => self.target(pc + 1).map(|_| pc + 3)?,
                    op::GROUPREF_EXISTS => {
                        let group = word(1).filter(|&group| (group as usize) < groups)?;
                        let target = (pc + 1).checked_add(word(2)? as usize)?;
                        (target < self.given && group < MAXREPEAT).then_some(pc + 3)?
                    }
                    op::BRANCH => {
                        let mut at = pc + 1;
                        while *self.code.get(at)? != 0 {
                            let next = self.target(at)?;
                            ranges.push((at + 1, next));
                            at = next;
                        }
                        at + 1
                    }
                    _ => return None,
                };
            }
        }
        Some(())
    }

    /// Whether the words from `at` to `end` describe a set.
    fn check_set(&self, mut at: usize, end: usize) -> Option<()> {
        while at < end {
            at += match self.code[at] {
                op::FAILURE => return Some(()),
                op::NEGATE => 1,
                op::LITERAL | op::CATEGORY => 2,
                op::RANGE | op::RANGE_UNI_IGNORE => 3,
                op::CHARSET => 9,
                op::BIGCHARSET => {
                    let blocks = *self.code.get(at + 1)? as usize;
                    let table = self.code.get(at + 2..at + 66)?;
                    let highest = table.iter().flat_map(|word| word.to_le_bytes()).max()?;
                    (usize::from(highest) < blocks).then_some(66 + blocks.checked_mul(8)?)?
                }
                _ => return None,
            };
        }
        None
    }

    /// Puts a [`op::SET`] where a set's operation is, which moves behind the code.
    fn replace_set(&mut self, pc: usize, next: usize) {
        let mut set = Set::new(self.code.len());
        self.code.extend_from_within(pc..next);
        let rest = set.rest;
        set.add_low(|c| matches_one(&self.code, &[], rest, c));
        let known = self.sets.iter().position(|known| known.low == set.low && self.same(known.rest, set.rest));
        let index = known.unwrap_or(self.sets.len());
        if known.is_some() {
            self.code.truncate(set.rest);
        } else {
            self.sets.push(set);
        }
        self.code[pc] = op::SET;
        self.code[pc + 2] = index as u32;
    }

    /// Whether two set operations are word for word the same.
    fn same(&self, a: usize, b: usize) -> bool {
        let length = self.code[b + 1] as usize + 1;
        self.code.get(a..a + length) == self.code.get(b..b + length)
    }

    /// Adds what a match of the code from `pc` on can start with. False: it may be empty, or that is not known.
    fn starts(&self, mut pc: usize, start: &mut Start, depth: u32) -> bool {
        if depth == 0 {
            return false;
        }
        loop {
            let target = |at: usize| at + self.code[at] as usize;
            match self.code[pc] {
                op::INFO | op::JUMP => pc = target(pc + 1),
                op::MARK | op::AT | op::ATOMIC_GROUP => pc += 2,
                op::ASSERT | op::ASSERT_NOT => pc = target(pc + 1),
                repeat @ (op::REPEAT_ONE
                | op::MIN_REPEAT_ONE
                | op::POSSESSIVE_REPEAT_ONE
                | op::REPEAT
                | op::POSSESSIVE_REPEAT) => {
                    let optional = self.code[pc + 2] == 0;
                    if !self.starts(pc + 4, start, depth - 1) {
                        return false;
                    }
                    if !optional {
                        return true;
                    }
                    // These two point at the instruction that ends their loop, the others behind it.
                    pc = target(pc + 1) + usize::from(matches!(repeat, op::REPEAT | op::POSSESSIVE_REPEAT));
                }
                op::BRANCH => {
                    let mut at = pc + 1;
                    while self.code[at] != 0 {
                        if !self.starts(at + 1, start, depth - 1) {
                            return false;
                        }
                        at = target(at);
                    }
                    return true;
                }
                op::LITERAL => {
                    let wanted = self.code[pc + 1];
                    start.set.add_low(|c| c == wanted);
                    start.others |= wanted >= 256;
                    return true;
                }
                operation @ (op::SET
                | op::ANY
                | op::ANY_ALL
                | op::CATEGORY
                | op::NOT_LITERAL
                | op::LITERAL_IGNORE
                | op::NOT_LITERAL_IGNORE
                | op::LITERAL_LOC_IGNORE
                | op::NOT_LITERAL_LOC_IGNORE
                | op::LITERAL_UNI_IGNORE
                | op::NOT_LITERAL_UNI_IGNORE) => {
                    start.set.add_low(|c| matches_one(&self.code, &self.sets, pc, c));
                    start.others = true;
                    return operation != op::ANY_ALL;
                }
                _ => return false,
            }
        }
    }
}
