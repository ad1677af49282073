//! Code objects as text, for golden tests and debugging.

use std::fmt::Write;

use crate::{Code, Constant, OperandKind, flags};

/// One line per instruction: index, source line, opcode, operands; then the handlers and the inner code objects.
pub fn disassemble(code: &Code) -> String {
    let mut out = String::new();
    write_code(code, &mut out);
    out
}

fn write_code(code: &Code, out: &mut String) {
    let _ = writeln!(out, "code {} registers {} flags {:#x}", code.qualname, code.register_count, code.flags.0);
    let mut lines = code.positions.runs().flat_map(|(count, position)| std::iter::repeat_n(position.line, count));
    for (index, instr) in code.instrs.iter().enumerate() {
        let line = lines.next().unwrap_or(0);
        let operands = operands_text(code, index);
        let separator = if instr.operands().next().is_some() { " " } else { "" };
        let _ = writeln!(out, "{index:5} {line:4} {:<18}{separator}{operands}", instr.op.name());
    }
    for handler in &code.handlers {
        let _ =
            writeln!(out, "handler {}..{} -> {} depth r{}", handler.start, handler.end, handler.target, handler.depth);
    }
    for constant in &code.consts {
        if let Constant::Code(inner) = constant {
            out.push('\n');
            write_code(inner, out);
        }
    }
}

/// The operands of an instruction, and its flags in brackets.
pub fn operands_text(code: &Code, index: usize) -> String {
    let mut out = String::new();
    let Some(instr) = code.instrs.get(index) else { return out };
    for (kind, value) in instr.operands() {
        let separator = if out.is_empty() { "" } else { ", " };
        let _ = write!(out, "{separator}{}", operand(code, kind, value, index));
    }
    if instr.flags != 0 {
        let _ = write!(out, "  [");
        for (bit, name) in [(flags::KILL_A, "a"), (flags::KILL_B, "b"), (flags::KILL_C, "c")] {
            if instr.flags & bit != 0 {
                out.push_str(name);
            }
        }
        let rest = instr.flags >> 3;
        if rest != 0 {
            let _ = write!(out, " {rest:#x}");
        }
        out.push(']');
    }
    out
}

fn operand(code: &Code, kind: OperandKind, value: i32, index: usize) -> String {
    let name = |index: usize| code.names.get(index).map_or("?", |name| name).to_string();
    match kind {
        OperandKind::Dst | OperandKind::Use | OperandKind::Slot => match code.varnames.get(value as usize) {
            Some(name) => format!("r{value}({name})"),
            None => format!("r{value}"),
        },
        OperandKind::Take => format!("r{value}.."),
        OperandKind::Const | OperandKind::Const32 => match code.consts.get(value as usize) {
            Some(Constant::Code(inner)) => format!("<code {}>", inner.qualname),
            Some(constant) => format!("{constant:?}"),
            None => "?".to_string(),
        },
        OperandKind::Name => name(value as usize),
        OperandKind::AttrSite => {
            code.attr_sites.get(value as usize).map_or("?".into(), |site| name(site.name as usize))
        }
        OperandKind::GlobalSite => {
            code.global_sites.get(value as usize).map_or("?".into(), |site| name(site.name as usize))
        }
        OperandKind::Free => code.freevars.get(value as usize).map_or("?".into(), |name| name.to_string()),
        OperandKind::Rel16 | OperandKind::Rel32 => format!("-> {}", index as i64 + 1 + value as i64),
        OperandKind::Count | OperandKind::Imm16 | OperandKind::Imm32 => value.to_string(),
    }
}
