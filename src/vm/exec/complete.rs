//! Results that arrive after an instruction had to wait.
//!
//! The waiting instruction is the one before the frame's `pc`; what to do with the result follows from its opcode.

use snakelet_bytecode::{Op, flags};

use super::frame::Frame;
use super::{Flow, Leave, Thread};
use crate::types::tuple::Tuple;
use crate::{PyResult, Value, Vm};

/// Hands the result of an ended frame to the frame below. `None`: another native frame took over.
pub(crate) fn deliver(vm: &Vm, thread: &mut Thread, result: Option<PyResult>) -> Flow {
    let Some(result) = result else { return Flow::Continue };
    let Some(frame) = thread.frames.last() else {
        return Flow::Leave(Leave::Finished(result));
    };
    if frame.is_native() {
        thread.answer = Some(crate::vm::Answer::Value(result));
        return Flow::Continue;
    }
    match result {
        Ok(value) => match finish(vm, thread, value) {
            Ok(flow) => flow,
            Err(_) => super::unwind::handle_error(vm, thread),
        },
        Err(_) => super::unwind::handle_error(vm, thread),
    }
}

/// If the top frame asked an iterator for an item and got StopIteration, from the function of a `map` say: that is the iterator's end.
pub(super) fn ended_by_exception(vm: &Vm, thread: &mut Thread) -> Option<Flow> {
    let frame = thread.frames.last().filter(|frame| !frame.is_native() && frame.pc > 0)?;
    if !matches!(frame.current().op, Op::ForIter | Op::YieldFrom) {
        return None;
    }
    let ended = super::resume::end_of_iteration(vm, Err(crate::Raised)).ok()?;
    Some(finish(vm, thread, ended).unwrap_or(Flow::Continue))
}

/// A frame whose result does not matter has ended; the one below goes on where it is.
pub(crate) fn discard(vm: &Vm, thread: &mut Thread, result: PyResult) -> Flow {
    if result.is_err() {
        drop(vm.take_deferral());
        vm.raised.set(None);
    }
    if thread.frames.is_empty() { Flow::Leave(Leave::Finished(Ok(Value::NONE))) } else { Flow::Continue }
}

/// Clears the operands that die with the instruction.
pub(super) fn kill_operands(thread: &mut Thread, base: u32, instr: snakelet_bytecode::Instr) {
    if matches!(instr.op, Op::MakeFunction) {
        return;
    }
    for (bit, register) in [(flags::KILL_A, instr.a), (flags::KILL_B, instr.b), (flags::KILL_C, instr.c)] {
        if instr.flags & bit != 0 {
            thread.clear_registers(base + register as u32, base + register as u32 + 1);
        }
    }
}

/// The waiting instruction of the top frame gets its result.
fn finish(vm: &Vm, thread: &mut Thread, value: Value) -> PyResult<Flow> {
    let Some(frame) = thread.frames.last_mut() else { return Ok(Flow::Continue) };
    let instr = frame.current();
    let base = frame.base;
    let sense = instr.flags & flags::SENSE != 0;
    let jump16 = instr.c as i16 as i32;
    match instr.op {
        Op::JumpIf | Op::JumpIfNone => {
            kill_operands(thread, base, instr);
            jump(thread, value.is_true() == sense, instr.wide_bc());
        }
        Op::JumpLt | Op::JumpLe | Op::JumpGt | Op::JumpGe | Op::JumpEq | Op::JumpNe | Op::JumpIs | Op::JumpIn => {
            kill_operands(thread, base, instr);
            jump(thread, value.is_true() == sense, jump16);
        }
        Op::JumpLtImm | Op::JumpLeImm | Op::JumpGtImm | Op::JumpGeImm | Op::JumpEqImm | Op::JumpNeImm => {
            kill_operands(thread, base, instr);
            jump(thread, value.is_true() == sense, jump16);
        }
        Op::Contains | Op::Not => {
            kill_operands(thread, base, instr);
            let truth = value.is_true() != (sense || instr.op == Op::Not);
            set(thread, base, instr.a, Value::bool(truth));
        }
        Op::ForIter => {
            if value.is_unbound() {
                thread.clear_registers(base + instr.b as u32, base + instr.b as u32 + 1);
                jump(thread, true, jump16);
            } else {
                set(thread, base, instr.a, value);
            }
        }
        Op::YieldFrom => {
            if value.is_unbound() {
                let returned = vm.take_returned();
                thread.clear_registers(base + instr.b as u32, base + instr.b as u32 + 1);
                set(thread, base, instr.a, returned);
            } else {
                vm.async_yield.set(false);
                return Ok(super::resume::suspend(vm, thread, value));
            }
        }
        Op::StoreAttr
        | Op::DeleteAttr
        | Op::StoreItem
        | Op::DeleteItem
        | Op::StoreSlice
        | Op::StoreName
        | Op::DeleteName
        | Op::StoreGlobal
        | Op::DeleteGlobal
        | Op::ListAppend
        | Op::SetAdd
        | Op::DictAdd
        | Op::ListExtend
        | Op::SetUpdate
        | Op::DictUpdate
        | Op::DictMerge
        | Op::ImportStar
        | Op::PrintExpr => kill_operands(thread, base, instr),
        Op::LoadMethod | Op::LoadSuperMethod => {
            kill_operands(thread, base, instr);
            set(thread, base, instr.a, Value::UNBOUND);
            set(thread, base, instr.a + 1, value);
        }
        // The result is the entered value; the exit method was stored before.
        Op::WithEnter | Op::AsyncWithEnter => {
            kill_operands(thread, base, instr);
            match value.downcast::<Tuple>().map(Tuple::items) {
                Some([exit, entered]) => {
                    set(thread, base, instr.a, exit.clone());
                    set(thread, base, instr.a + 1, entered.clone());
                }
                _ => unreachable!("the operation answers a pair"),
            }
        }
        Op::Unpack | Op::UnpackEx | Op::MatchExceptionGroup => {
            kill_operands(thread, base, instr);
            if let Some(items) = value.downcast::<Tuple>() {
                for (offset, item) in items.items().iter().enumerate() {
                    set(thread, base, instr.a + offset as u16, item.clone());
                }
            }
        }
        _ => {
            kill_operands(thread, base, instr);
            set(thread, base, instr.a, value);
        }
    }
    Ok(Flow::Continue)
}

fn set(thread: &mut Thread, base: u32, register: u16, value: Value) {
    // SAFETY: a register of the live top window.
    unsafe { *thread.register(base + register as u32) = value }
}

fn jump(thread: &mut Thread, taken: bool, distance: i32) {
    if taken && let Some(frame) = thread.frames.last_mut() {
        frame.pc = (frame.pc as i64 + distance as i64) as u32;
    }
}

/// A Python frame has returned `value`: what its flags say is owed, then the frame below gets the result.
#[inline(never)]
pub(crate) fn returned(vm: &Vm, thread: &mut Thread, frame: Frame, value: Value) -> Flow {
    let flags = frame.flags;
    if flags & Frame::GENERATOR != 0 {
        super::resume::ended(&frame);
        if flags & Frame::NEXT != 0 {
            let default = super::resume::take_default(thread, &frame);
            drop(frame);
            return deliver(vm, thread, Some(default.ok_or_else(|| vm.stop_iteration(value))));
        }
        vm.set_returned(value);
        let mut frame = frame;
        let then = frame.take_then();
        drop(frame);
        let end = Ok(Value::UNBOUND);
        let result = match then {
            None => Some(end),
            Some(then) => super::native_frame::settle_tail(vm, thread, then(vm, end)),
        };
        return deliver(vm, thread, result);
    }
    if flags & Frame::DISCARD != 0 {
        return discard(vm, thread, Ok(value));
    }
    let mut frame = frame;
    let then = frame.take_then();
    let result = if flags & Frame::INIT == 0 {
        Ok(value)
    } else if value.is_none() {
        Ok(std::mem::take(&mut frame.owed))
    } else {
        let name = vm.type_name(&value);
        Err(vm.type_error(format!("__init__() should return None, not '{name}'")))
    };
    drop(frame);
    match then {
        None => deliver(vm, thread, Some(result)),
        Some(then) => {
            let result = super::native_frame::settle_tail(vm, thread, then(vm, result));
            deliver(vm, thread, result)
        }
    }
}
