//! Checks that a code object is well formed: what the loop relies on without looking.

use crate::{Code, Constant, Instr, Op, OperandKind, flags};

/// Checks registers, jump targets, handlers and table indices, of the inner code objects as well.
///
/// # Errors
///
/// A description of the first thing that is wrong.
pub fn verify(code: &Code) -> Result<(), String> {
    let count = code.instrs.len();
    let fail = |index: usize, what: &str| Err(format!("{}: instruction {index}: {what}", code.qualname));
    if code.varnames.len() > code.register_count as usize {
        return Err(format!("{}: more named registers than registers", code.qualname));
    }
    match code.instrs.last() {
        Some(last) if matches!(last.op, Op::Return | Op::ReturnNone | Op::Raise | Op::Reraise | Op::Jump) => {}
        Some(last) if last.unknown_opcode().is_some() => {}
        _ => return Err(format!("{}: falls off its end", code.qualname)),
    }
    for (index, &instr) in code.instrs.iter().enumerate() {
        for (field, (kind, value)) in instr.operands().enumerate() {
            let wide = value as usize;
            let fine = match kind {
                OperandKind::Dst | OperandKind::Use | OperandKind::Slot => {
                    !is_read(instr, field) || wide + extra(instr, kind) < code.register_count as usize
                }
                OperandKind::Take => {
                    let length = run_length(instr);
                    length == 0 || wide >= code.varnames.len() && wide + length <= code.register_count as usize
                }
                OperandKind::Const | OperandKind::Const32 => wide < code.consts.len(),
                OperandKind::Name => wide < code.names.len(),
                OperandKind::AttrSite => {
                    code.attr_sites.get(wide).is_some_and(|site| (site.name as usize) < code.names.len())
                }
                OperandKind::GlobalSite => {
                    code.global_sites.get(wide).is_some_and(|site| (site.name as usize) < code.names.len())
                }
                OperandKind::Free => wide < code.freevars.len(),
                OperandKind::Rel16 | OperandKind::Rel32 => {
                    let target = index as i64 + 1 + value as i64;
                    (0..count as i64).contains(&target)
                }
                OperandKind::Count | OperandKind::Imm16 | OperandKind::Imm32 => true,
            };
            if !fine {
                return fail(
                    index,
                    &format!("{}: operand {field} ({kind:?}) is out of range: {value}", instr.op.name()),
                );
            }
        }
        if instr.op == Op::MakeFunction && !matches!(code.consts.get(instr.c as usize), Some(Constant::Code(_))) {
            return fail(index, "a function is made of something that is no code");
        }
        if matches!(instr.op, Op::Yield | Op::YieldFrom) && !code.flags.is_generator_like() {
            return fail(index, "only generators and coroutines yield");
        }
        if instr.op == Op::Trace {
            return fail(index, "belongs to copies of code that are traced");
        }
        if !matches!(instr.op, Op::MakeFunction | Op::ImportName) {
            for (bit, register) in [(flags::KILL_A, instr.a), (flags::KILL_B, instr.b), (flags::KILL_C, instr.c)] {
                if instr.flags & bit != 0 && (register as usize) < code.varnames.len() {
                    return fail(index, &format!("{}: a named register is killed", instr.op.name()));
                }
            }
        }
    }
    for handler in &code.handlers {
        let fine = handler.start < handler.end
            && handler.end as usize <= count
            && (handler.target as usize) < count
            && handler.depth < code.register_count
            && handler.depth as usize >= code.varnames.len();
        if !fine {
            return Err(format!("{}: handler {handler:?} is out of range", code.qualname));
        }
    }
    for &register in &code.cell_registers {
        if register as usize >= code.varnames.len() {
            return Err(format!("{}: cell register {register} has no name", code.qualname));
        }
    }
    if code.parameter_count() > code.varnames.len() || code.posonly_count > code.arg_count {
        return Err(format!("{}: wrong parameter counts", code.qualname));
    }
    code.consts.iter().try_for_each(|constant| match constant {
        Constant::Code(inner) => verify(inner),
        _ => Ok(()),
    })
}

/// Whether the register in an operand field is looked at, as far as flags decide.
pub(crate) fn is_read(instr: Instr, field: usize) -> bool {
    match (instr.op, field) {
        (Op::Raise, 0) => instr.flags & flags::HAS_EXC != 0,
        (Op::Raise, 1) => instr.flags & flags::HAS_CAUSE != 0,
        (Op::FormatValue, 2) => instr.flags & flags::HAS_SPEC != 0,
        (Op::Intrinsic1, _) => instr.unknown_opcode().is_none(),
        _ => true,
    }
}

/// How many registers after the destination are written too.
pub(crate) fn extra(instr: Instr, kind: OperandKind) -> usize {
    if kind != OperandKind::Dst {
        return 0;
    }
    match instr.op {
        Op::LoadMethod | Op::LoadSuperMethod | Op::WithEnter | Op::AsyncWithEnter | Op::MatchExceptionGroup => 1,
        Op::Unpack => (instr.c as usize).saturating_sub(1),
        Op::UnpackEx => (instr.c & 0xFF) as usize + (instr.c >> 8) as usize,
        _ => 0,
    }
}

/// The highest register that an instruction looks at or writes.
pub fn last_register(instr: Instr) -> usize {
    let registers = instr.operands().enumerate().filter_map(|(field, (kind, value))| {
        let first = value as usize;
        match kind {
            OperandKind::Dst | OperandKind::Use | OperandKind::Slot if is_read(instr, field) => {
                Some(first + extra(instr, kind))
            }
            OperandKind::Take => (first + run_length(instr)).checked_sub(1),
            _ => None,
        }
    });
    registers.max().unwrap_or(0)
}

/// How many temporaries an instruction takes.
pub(crate) fn run_length(instr: Instr) -> usize {
    let count = instr.c as usize;
    match instr.op {
        Op::BuildTuple | Op::BuildList | Op::BuildSet | Op::BuildString | Op::BuildSlice => count,
        Op::BuildDict => 2 * count,
        Op::LoadSlice | Op::StoreSlice | Op::BuildTemplate | Op::Intrinsic2 => 2,
        Op::LoadSuperAttr | Op::LoadSuperMethod | Op::MatchClass => 3,
        Op::BuildInterpolation => 4,
        Op::Call => 1 + count,
        Op::CallKw | Op::CallMethod => 2 + count,
        Op::CallMethodKw => 3 + count,
        Op::CallEx => 2 + usize::from(instr.flags & flags::HAS_KWARGS != 0),
        Op::MakeFunction => (instr.flags & 0x0F).count_ones() as usize,
        _ => 1,
    }
}
