//! From instructions with labels to a code object.
//!
//! Short jumps that turn out too long are replaced: a conditional jump by its opposite over a long jump, `ForIter` by a
//! detour. Every replacement can only lengthen the code, so repeating until nothing changes ends.

use std::rc::Rc;

use snakelet_bytecode::{Code, Handler, Instr, LineMark, Op, OperandKind, Position, PositionTableBuilder, flags};
use snakelet_syntax::{LineIndex, TextRange};

use crate::unit::{Item, NO_LABEL, Unit};

/// How far an unconditional jump to an unconditional jump is followed.
const MAX_THREADING: u32 = 16;

/// How many branches to the end of a body get a return of their own.
const MAX_APART: usize = 8;

/// The code object of a finished unit.
pub(crate) fn assemble(mut unit: Unit<'_>, lines: &LineIndex, filename: &Rc<str>) -> Code {
    return_at_once(&mut unit);
    return_apart(&mut unit);
    let targets: Vec<u32> =
        unit.items.iter().map(|item| if item.target == NO_LABEL { 0 } else { target_of(&unit, item) }).collect();
    let mut dropped = needless_jumps(&unit, &targets);
    drop_nops(&unit, &targets, &mut dropped);
    let mut widened = vec![false; unit.items.len()];
    let mut addresses = Vec::new();
    loop {
        place(&unit.items, &dropped, &widened, &mut addresses);
        let mut changed = false;
        for (index, item) in unit.items.iter().enumerate() {
            if item.target == NO_LABEL || widened[index] || !is_short(item.instr.op) {
                continue;
            }
            let distance = addresses[targets[index] as usize] as i64 - (addresses[index] as i64 + 1);
            if i16::try_from(distance).is_err() {
                widened[index] = true;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }

    let mut instrs = Vec::with_capacity(*addresses.last().unwrap_or(&0) as usize);
    let mut positions = PositionTableBuilder::default();
    let mut last_range = None;
    let mut position = Position::default();
    for (index, item) in unit.items.iter().enumerate() {
        if dropped[index] {
            continue;
        }
        if is_implicit_return(item) {
            // Where it comes from; at the start of everything, from the definition.
            let from = coming_from(&unit, &targets, &dropped, index);
            last_range = None;
            position = match from {
                Some(from) => position_of(lines, from.range),
                None if index > 0 => position_of(lines, item.range),
                None => Position { line: unit.first_line, end_line: unit.first_line, ..Position::default() },
            };
        } else if last_range != Some(item.range) {
            position = position_of(lines, item.range);
            last_range = Some(item.range);
        }
        let before = instrs.len();
        let mut instr = item.instr;
        if item.target == NO_LABEL {
            instrs.push(instr);
        } else {
            let target = addresses[targets[index] as usize] as i64;
            if !widened[index] {
                instr.set_jump((target - (addresses[index] as i64 + 1)) as i32);
                instrs.push(instr);
            } else if instr.op == Op::ForIter {
                instr.set_jump(1);
                instrs.push(instr);
                instrs.push(Instr::Jump(1));
                instrs.push(Instr::Jump((target - (addresses[index] as i64 + 3)) as i32));
            } else {
                instr.flags ^= flags::SENSE;
                instr.set_jump(1);
                instrs.push(instr);
                instrs.push(Instr::Jump((target - (addresses[index] as i64 + 2)) as i32));
            }
        }
        for _ in before..instrs.len() {
            positions.push(position);
        }
    }

    let mut handlers = Vec::with_capacity(unit.handlers.len());
    for handler in &unit.handlers {
        let Some(target) = unit.labels[handler.target.0 as usize].at else { continue };
        let new = Handler {
            start: addresses[handler.start as usize],
            end: addresses[handler.end as usize],
            target: addresses[target as usize],
            depth: handler.depth,
        };
        if new.start < new.end && !handlers.contains(&new) {
            handlers.push(new);
        }
    }

    let line_marks = line_marks(&unit, &dropped, &addresses, lines);
    Code {
        name: unit.name,
        qualname: unit.qualname,
        filename: filename.clone(),
        first_line: unit.first_line,
        flags: unit.flags,
        arg_count: unit.arg_count,
        posonly_count: unit.posonly_count,
        kwonly_count: unit.kwonly_count,
        varnames: unit.varnames,
        cell_registers: unit.cell_registers,
        freevars: unit.freevars,
        names: unit.names,
        consts: unit.consts,
        attr_sites: unit.attr_sites,
        global_sites: unit.global_sites,
        instrs,
        handlers,
        positions: positions.finish(),
        line_marks,
        register_count: unit.register_count as u16,
    }
}

/// The return at the end of a body.
fn is_implicit_return(item: &Item) -> bool {
    item.hidden && item.instr.op == Op::ReturnNone
}

/// Ends branches that jump to the end of the body by a return of their own, so that what ran last is known. Something must go on
/// to the end all the same.
fn return_at_once(unit: &mut Unit<'_>) {
    let Some(end) = unit.items.len().checked_sub(1).filter(|&end| is_implicit_return(&unit.items[end])) else { return };
    let leads_there = |unit: &Unit<'_>, item: &Item| item.target != NO_LABEL && target_of(unit, item) as usize == end;
    let falls =
        |item: &Item| !matches!(item.instr.op, Op::Jump | Op::Return | Op::ReturnNone | Op::Raise | Op::Reraise);
    let mut is_reached = end == 0
        || falls(&unit.items[end - 1])
        || unit.items.iter().any(|item| item.instr.op != Op::Jump && leads_there(unit, item));
    for index in (0..end).rev() {
        let item = &unit.items[index];
        if item.instr.op == Op::Jump && leads_there(unit, item) {
            if is_reached && item.hidden {
                unit.items[index].instr = Instr::ReturnNone();
                unit.items[index].target = NO_LABEL;
            }
            is_reached = true;
        }
    }
}

/// The same for conditional jumps to an end that is reached from above, too.
fn return_apart(unit: &mut Unit<'_>) {
    let Some(end) = unit.items.len().checked_sub(1).filter(|&end| is_implicit_return(&unit.items[end])) else { return };
    let is_reached = end > 0
        && !matches!(unit.items[end - 1].instr.op, Op::Jump | Op::Return | Op::ReturnNone | Op::Raise | Op::Reraise);
    for index in (0..end).filter(|_| is_reached) {
        let item = &unit.items[index];
        let is_branch = item.target != NO_LABEL && !matches!(item.instr.op, Op::Jump | Op::ForIter);
        if is_branch && target_of(unit, item) as usize == end && unit.items.len() < end + MAX_APART {
            let label = unit.label();
            unit.bind(label);
            let copy = unit.items[end];
            unit.items.push(copy);
            unit.items[index].target = label;
        }
    }
}

/// The instruction that runs before another one: the one above, or the last that jumps to it.
fn coming_from<'a, 'b>(unit: &'b Unit<'a>, targets: &[u32], dropped: &[bool], index: usize) -> Option<&'b Item> {
    // `Nop`s that are left out are lines all the same.
    let is_there = |&at: &usize| !dropped[at] || unit.items[at].instr.op == Op::Nop && !unit.items[at].hidden;
    let above = (0..index).rev().find(is_there).map(|at| &unit.items[at]);
    let falls =
        |item: &&Item| !matches!(item.instr.op, Op::Jump | Op::Return | Op::ReturnNone | Op::Raise | Op::Reraise);
    above.filter(falls).or_else(|| {
        let jumps = |&at: &usize| !dropped[at] && unit.items[at].target != NO_LABEL && targets[at] as usize == index;
        (0..unit.items.len()).rev().find(jumps).map(|at| &unit.items[at]).or(above)
    })
}

fn target_of(unit: &Unit<'_>, item: &Item) -> u32 {
    let mut at = unit.labels[item.target.0 as usize].at.unwrap_or(0);
    for _ in 0..MAX_THREADING {
        match unit.items.get(at as usize) {
            Some(next) if next.instr.op == Op::Jump && next.target != NO_LABEL => {
                at = unit.labels[next.target.0 as usize].at.unwrap_or(0);
            }
            _ => break,
        }
    }
    at
}

fn is_short(op: Op) -> bool {
    op.operands().contains(&OperandKind::Rel16)
}

/// Jumps that nobody reaches, after others have been threaded past them, or that lead to the next instruction.
fn needless_jumps(unit: &Unit<'_>, targets: &[u32]) -> Vec<bool> {
    let count = unit.items.len();
    let mut targeted = vec![false; count + 1];
    for (item, &target) in unit.items.iter().zip(targets) {
        targeted[target as usize] |= item.target != NO_LABEL;
    }
    for handler in &unit.handlers {
        if let Some(at) = unit.labels[handler.target.0 as usize].at {
            targeted[at as usize] = true;
        }
    }
    let mut dropped = vec![false; count];
    let mut falls_through = true;
    for (index, item) in unit.items.iter().enumerate() {
        let is_jump = item.instr.op == Op::Jump;
        dropped[index] = is_jump && (!falls_through && !targeted[index] || targets[index] as usize == index + 1);
        if !dropped[index] {
            falls_through = !matches!(item.instr.op, Op::Jump | Op::Return | Op::ReturnNone | Op::Raise | Op::Reraise);
        }
    }
    dropped
}

/// What tracing cannot see from the instructions: the lines of `Nop`s and of jumps that are not there, and what has none.
fn line_marks(unit: &Unit<'_>, dropped: &[bool], addresses: &[u32], lines: &LineIndex) -> Vec<LineMark> {
    let mut marks = Vec::new();
    let mut before = |from: usize, falls: bool, jumped: bool, known: u32| {
        let at = addresses[from];
        let passed = passed_lines(unit, dropped, lines, from, (known, false));
        marks.extend(passed.into_iter().map(|line| LineMark::Before { at, line, falls, jumped }));
    };
    before(0, true, false, 0);
    for (index, item) in unit.items.iter().enumerate() {
        let ends = matches!(item.instr.op, Op::Jump | Op::Return | Op::ReturnNone | Op::Raise | Op::Reraise);
        if !dropped[index] && !ends {
            before(index + 1, true, false, if item.hidden { 0 } else { line_of(item, lines) });
        }
    }
    for handler in &unit.handlers {
        if let Some(at) = unit.labels[handler.target.0 as usize].at {
            before(at as usize, false, true, 0);
        }
    }
    for (index, item) in unit.items.iter().enumerate().filter(|&(index, _)| !dropped[index]) {
        let at = addresses[index];
        // An empty body is of the line of its definition.
        if item.hidden && !(index == 0 && is_implicit_return(item)) {
            marks.push(LineMark::NoLine { at });
        }
        if item.target == NO_LABEL {
            continue;
        }
        let known = if item.hidden { 0 } else { line_of(item, lines) };
        let target = unit.labels[item.target.0 as usize].at.unwrap_or(0) as usize;
        let passed = passed_lines(unit, dropped, lines, target, (known, true));
        marks.extend(passed.into_iter().map(|line| LineMark::Through { at, line }));
    }
    marks
}

fn line_of(item: &Item, lines: &LineIndex) -> u32 {
    lines.line_and_byte_column(item.range.start()).0
}

/// The lines on the way from item `from` to the next instruction that is there, but for that instruction's own. `start` holds the
/// line where the way starts, and whether a jump does: then those that it has been threaded through are on the way.
fn passed_lines(unit: &Unit<'_>, dropped: &[bool], lines: &LineIndex, from: usize, start: (u32, bool)) -> Vec<u32> {
    let mut passed = Vec::new();
    let (mut known, mut threading) = start;
    let (mut at, mut left) = (from, 64);
    while let Some(item) = unit.items.get(at) {
        let is_jump = item.instr.op == Op::Jump && item.target != NO_LABEL;
        let stays = !(dropped[at] || is_jump && threading);
        if stays || left == 0 {
            if !item.hidden && passed.last() == Some(&line_of(item, lines)) {
                // The instruction tells the line itself.
                passed.pop();
            }
            break;
        }
        left -= 1;
        threading &= is_jump;
        if !item.hidden && line_of(item, lines) != known {
            known = line_of(item, lines);
            passed.push(known);
        }
        at = if is_jump { unit.labels[item.target.0 as usize].at.unwrap_or(0) as usize } else { at + 1 };
    }
    passed
}

/// Leaves out the `Nop`s, which only stand for lines, and the jumps that lead over nothing else; but where otherwise nothing would
/// tell whether a branch was taken, a `Nop` stays.
fn drop_nops(unit: &Unit<'_>, targets: &[u32], dropped: &mut [bool]) {
    let count = unit.items.len();
    for (item, dropped) in unit.items.iter().zip(&mut *dropped) {
        *dropped |= item.instr.op == Op::Nop;
    }
    for index in 0..count {
        let target = targets[index] as usize;
        if unit.items[index].instr.op == Op::Jump && target > index {
            dropped[index] |= dropped[index + 1..target].iter().all(|&dropped| dropped);
        }
    }
    for index in 0..count {
        let (item, target) = (&unit.items[index], targets[index] as usize);
        if dropped[index] || item.target == NO_LABEL || item.instr.op == Op::Jump || target <= index {
            continue;
        }
        let between = index + 1..target;
        if dropped[between.clone()].iter().all(|&dropped| dropped)
            && let Some(nop) = between.clone().find(|&at| unit.items[at].instr.op == Op::Nop && !unit.items[at].hidden)
        {
            dropped[nop] = false;
        }
    }
}

/// Computes the address of each item, and of the end.
fn place(items: &[Item], dropped: &[bool], widened: &[bool], addresses: &mut Vec<u32>) {
    addresses.clear();
    let mut at = 0;
    for (index, item) in items.iter().enumerate() {
        addresses.push(at);
        at += match (widened[index], item.instr.op) {
            _ if dropped[index] => 0,
            (false, _) => 1,
            (true, Op::ForIter) => 3,
            (true, _) => 2,
        };
    }
    addresses.push(at);
}

fn position_of(lines: &LineIndex, range: TextRange) -> Position {
    let (line, column) = lines.line_and_byte_column(range.start());
    let (end_line, end_column) = lines.line_and_byte_column(range.end());
    Position { line, column, end_line, end_column }
}
