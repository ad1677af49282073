//! From instructions with labels to a code object.
//!
//! Short jumps that turn out too long are replaced: a conditional jump by its opposite over a long jump, `ForIter` by a
//! detour. Every replacement can only lengthen the code, so repeating until nothing changes ends.

use std::rc::Rc;

use snakelet_bytecode::{Code, Handler, Instr, Op, OperandKind, Position, PositionTableBuilder, flags};
use snakelet_syntax::{LineIndex, TextRange};

use crate::unit::{Item, NO_LABEL, Unit};

/// How far an unconditional jump to an unconditional jump is followed.
const MAX_THREADING: u32 = 16;

/// The code object of a finished unit.
pub(crate) fn assemble(unit: Unit<'_>, lines: &LineIndex, filename: &Rc<str>) -> Code {
    let targets: Vec<u32> =
        unit.items.iter().map(|item| if item.target == NO_LABEL { 0 } else { target_of(&unit, item) }).collect();
    let mut dropped = needless_jumps(&unit, &targets);
    drop_needless_nops(&unit, &mut dropped, lines);
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
        if last_range != Some(item.range) {
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
        register_count: unit.register_count as u16,
    }
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
    for index in 0..count {
        let target = targets[index] as usize;
        if unit.items[index].instr.op == Op::Jump && target > index {
            dropped[index] |= dropped[index + 1..target].iter().all(|&dropped| dropped);
        }
    }
    dropped
}

/// `Nop` stands for a line that has no other instruction.
fn drop_needless_nops(unit: &Unit<'_>, dropped: &mut [bool], lines: &LineIndex) {
    let line = |item: &Item| lines.line_and_byte_column(item.range.start()).0;
    for index in 0..unit.items.len() {
        let item = &unit.items[index];
        if item.instr.op == Op::Nop
            && let Some(next) = (index + 1..unit.items.len()).find(|&next| !dropped[next])
        {
            dropped[index] = line(item) == line(&unit.items[next]);
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
