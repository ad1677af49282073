//! A second look at what the compiler claims: which registers hold something at each instruction.
//!
//! Forwards over all paths it is followed which registers certainly and which possibly hold a value; backwards, which are
//! still going to be looked at. Reported are reads of a temporary that may be dead, reads of a local that may be unbound
//! without `CheckBound`, and temporaries that keep a value nobody is going to use (the object would die too late).
//! For tests: the cost is out of proportion for every compilation.

use crate::{Code, Constant, Handler, Instr, Op, OperandKind, flags};

/// A set of registers.
#[derive(Clone, PartialEq, Eq, Default)]
struct Set(Vec<u64>);

impl Set {
    fn new(count: usize) -> Set {
        Set(vec![0; count.div_ceil(64)])
    }

    fn has(&self, register: usize) -> bool {
        self.0[register / 64] >> (register % 64) & 1 != 0
    }

    fn put(&mut self, register: usize, value: bool) {
        let bit = 1 << (register % 64);
        if value {
            self.0[register / 64] |= bit;
        } else {
            self.0[register / 64] &= !bit;
        }
    }

    fn unite(&mut self, other: &Set) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }

    fn intersect(&mut self, other: &Set) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= b);
    }
}

/// What an instruction does to registers.
#[derive(Default)]
struct Effect {
    reads: Vec<usize>,
    /// Emptied after the reads, before the writes.
    clears: Vec<usize>,
    writes: Vec<usize>,
    /// Whether the reads need no value.
    lenient: bool,
}

/// Checks a code object and those inside it.
///
/// # Errors
///
/// A description of everything that is wrong, one line each.
pub fn check_liveness(code: &Code) -> Result<(), String> {
    check_all(code, true)
}

/// The same for code that no compiler need have made: only that nothing is read that nothing was put into.
///
/// # Errors
///
/// A description of everything that is wrong, one line each.
pub fn check_reads(code: &Code) -> Result<(), String> {
    check_all(code, false)
}

fn check_all(code: &Code, strict: bool) -> Result<(), String> {
    let mut problems = Vec::new();
    check(code, strict, &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

fn check(code: &Code, strict: bool, problems: &mut Vec<String>) {
    let named = code.varnames.len();
    let count = code.instrs.len();
    let registers = code.register_count as usize;
    let effects: Vec<Effect> = code.instrs.iter().map(|&instr| effect(instr)).collect();

    // Forwards.
    let mut before: Vec<Option<(Set, Set)>> = vec![None; count];
    let mut entry = Set::new(registers);
    (0..code.parameter_count()).for_each(|register| entry.put(register, true));
    before[0] = Some((entry.clone(), entry));
    let mut work = vec![0];
    while let Some(at) = work.pop() {
        let Some((must, may)) = before[at].clone() else { continue };
        let mut flow = |to: usize, must: &Set, may: &Set| match &mut before[to] {
            Some((old_must, old_may)) => {
                let known = (old_must.clone(), old_may.clone());
                old_must.intersect(must);
                old_may.unite(may);
                if (&known.0, &known.1) != (old_must, old_may) {
                    work.push(to);
                }
            }
            empty => {
                *empty = Some((must.clone(), may.clone()));
                work.push(to);
            }
        };
        if let Some(handler) = handler_of(code, at) {
            let cut = |set: &Set| {
                let mut set = set.clone();
                (handler.depth as usize..registers).for_each(|register| set.put(register, false));
                set.put(handler.depth as usize, true);
                set
            };
            flow(handler.target as usize, &cut(&must), &cut(&may));
        }
        let (before_must, before_may) = (must.clone(), may.clone());
        let (mut after_must, mut after_may) = (must, may);
        for set in [&mut after_must, &mut after_may] {
            effects[at].clears.iter().for_each(|&register| set.put(register, false));
            effects[at].writes.iter().for_each(|&register| set.put(register, true));
        }
        for (to, jumped) in successors(code, at) {
            let (mut must, mut may) = (after_must.clone(), after_may.clone());
            on_edge(code.instrs[at], jumped, named, &before_must, &mut must);
            on_edge(code.instrs[at], jumped, named, &before_may, &mut may);
            flow(to, &must, &may);
        }
    }

    // Backwards: what is looked at later on some path.
    let mut used = vec![Set::new(registers); count];
    let all = {
        let mut all = Set::new(registers);
        (0..registers).for_each(|register| all.put(register, true));
        all
    };
    let mut changed = true;
    while changed {
        changed = false;
        for at in (0..count).rev() {
            let mut set = after_use(code, at, &used, &all);
            effects[at].writes.iter().for_each(|&register| set.put(register, false));
            effects[at].clears.iter().chain(&effects[at].reads).for_each(|&register| set.put(register, true));
            if let Some(handler) = handler_of(code, at) {
                let there = &used[handler.target as usize];
                (0..handler.depth as usize).filter(|&register| there.has(register)).for_each(|r| set.put(r, true));
            }
            if set != used[at] {
                used[at] = set;
                changed = true;
            }
        }
    }

    // An endless loop has no end at which something could be kept too long.
    let mut ends = vec![false; count];
    changed = true;
    while changed {
        changed = false;
        for at in (0..count).rev() {
            let ending = leaves(code.instrs[at]) || successors(code, at).into_iter().any(|(to, _)| ends[to]);
            changed |= ending && !ends[at];
            ends[at] |= ending;
        }
    }

    for at in 0..count {
        let Some((must, may)) = &before[at] else {
            if strict {
                problems.push(format!("{}: instruction {at} cannot be reached", code.qualname));
            }
            continue;
        };
        let name = code.instrs[at].op.name();
        for &register in &effects[at].reads {
            if !effects[at].lenient && !must.has(register) {
                let what = if register < named { "unchecked local" } else { "dead temporary" };
                problems.push(format!("{}: {at} {name}: {what} r{register} is read", code.qualname));
            }
        }
        for register in named..registers {
            if strict && ends[at] && may.has(register) && !used[at].has(register) {
                problems.push(format!("{}: {at} {name}: r{register} is kept for nothing", code.qualname));
            }
        }
    }
    for constant in &code.consts {
        if let Constant::Code(inner) = constant {
            check(inner, strict, problems);
        }
    }
}

/// Which temporaries hold a value before each instruction, and the opcode that wrote them (`Raise` for an exception in a
/// handler). None for instructions that can't be reached. Costly; for debuggers that move a frame to another line.
pub fn live_temporaries(code: &Code) -> Vec<Option<Vec<(u16, Op)>>> {
    let named = code.varnames.len();
    let mut before: Vec<Option<Vec<(u16, Op)>>> = vec![None; code.instrs.len()];
    let mut work = vec![(0, Vec::new())];
    while let Some((at, live)) = work.pop() {
        // What is written on one way only is a value on its way to where the ways meet, never alive between statements.
        if before.get(at).is_none_or(Option::is_some) {
            continue;
        }
        let instr = code.instrs[at];
        let mut after = live.clone();
        let effect = effect(instr);
        after.retain(|(register, _)| !effect.clears.contains(&(*register as usize)));
        for &register in effect.writes.iter().filter(|&&register| register >= named) {
            after.retain(|live| live.0 as usize != register);
            after.push((register as u16, instr.op));
        }
        if let Some(handler) = handler_of(code, at) {
            let mut caught = live.clone();
            caught.retain(|(register, _)| *register < handler.depth);
            caught.push((handler.depth, Op::Raise));
            work.push((handler.target as usize, caught));
        }
        for (to, jumped) in successors(code, at).into_iter().rev() {
            let mut next = after.clone();
            if instr.op == Op::ForIter && jumped {
                next.retain(|(register, _)| *register != instr.b);
            }
            work.push((to, next));
        }
        before[at] = Some(live);
    }
    before
}

/// Whether an instruction never goes on, neither to the next one nor by a jump.
fn leaves(instr: Instr) -> bool {
    matches!(instr.op, Op::Return | Op::ReturnNone | Op::Raise | Op::Reraise) || instr.unknown_opcode().is_some()
}

/// The innermost handler of an instruction.
fn handler_of(code: &Code, at: usize) -> Option<&Handler> {
    code.handlers.iter().find(|handler| (handler.start as usize..handler.end as usize).contains(&at))
}

/// What is used after an instruction, on any way on.
fn after_use(code: &Code, at: usize, used: &[Set], all: &Set) -> Set {
    let op = code.instrs[at].op;
    if leaves(code.instrs[at]) {
        return all.clone();
    }
    let mut set = Set::new(all.0.len() * 64);
    for (to, jumped) in successors(code, at) {
        let mut there = used[to].clone();
        if jumped && op == Op::ForIter {
            there.put(code.instrs[at].b as usize, true);
        }
        set.unite(&there);
    }
    set
}

/// The instructions that can come next, and whether by a jump.
fn successors(code: &Code, at: usize) -> Vec<(usize, bool)> {
    let instr = code.instrs[at];
    let mut next = Vec::new();
    for (kind, value) in instr.operands() {
        if matches!(kind, OperandKind::Rel16 | OperandKind::Rel32) {
            next.push(((at as i64 + 1 + value as i64) as usize, true));
        }
    }
    if instr.op != Op::Jump && !leaves(instr) {
        next.push((at + 1, false));
    }
    next
}

/// What differs between jumping and going on.
fn on_edge(instr: Instr, jumped: bool, named: usize, before: &Set, set: &mut Set) {
    match instr.op {
        Op::ForIter if jumped => {
            // Nothing was written; the iterator is gone.
            set.put(instr.a as usize, before.has(instr.a as usize));
            set.put(instr.b as usize, false);
        }
        // The value of `a and b` goes where that of `a` was: it stays there until then.
        Op::JumpIf if !jumped && instr.a as usize >= named => set.put(instr.a as usize, false),
        // None needs no clearing.
        Op::JumpIfNone if jumped == (instr.flags & flags::SENSE != 0) && instr.a as usize >= named => {
            set.put(instr.a as usize, false);
        }
        _ => {}
    }
}

fn effect(instr: Instr) -> Effect {
    let mut effect = Effect::default();
    let fields = [instr.a, instr.b, instr.c];
    let kills = !matches!(instr.op, Op::MakeFunction | Op::ImportName);
    let killed = |field: usize| kills && instr.flags >> field & 1 != 0;
    let mut field = 0;
    for (kind, value) in instr.operands() {
        let register = value as usize;
        match kind {
            OperandKind::Dst => {
                effect.writes.extend((0..=crate::verify::extra(instr, kind)).map(|more| register + more));
            }
            OperandKind::Use => {
                if crate::verify::is_read(instr, field) {
                    effect.reads.push(register);
                }
                if killed(field) {
                    effect.clears.push(register);
                }
            }
            OperandKind::Take => {
                let run = register..register + crate::verify::run_length(instr);
                effect.reads.extend(run.clone());
                effect.clears.extend(run);
            }
            OperandKind::Slot => match instr.op {
                Op::Clear | Op::DeleteLocal => {
                    effect.reads.push(register);
                    effect.clears.push(register);
                    effect.lenient = true;
                }
                Op::MakeCell => {
                    effect.reads.push(register);
                    effect.writes.push(register);
                    effect.lenient = true;
                }
                Op::YieldFrom => {
                    effect.reads.push(register);
                    effect.clears.push(register);
                }
                _ => effect.reads.push(register),
            },
            _ => {}
        }
        field += if matches!(kind, OperandKind::Imm32 | OperandKind::Rel32 | OperandKind::Const32) { 2 } else { 1 };
    }
    if instr.op == Op::CheckBound {
        effect.lenient = true;
        effect.writes.push(fields[0] as usize);
    }
    effect
}
