//! Exceptions on their way through the frames.

use snakelet_bytecode::{Op, flags};

use super::frame::Frame;
use super::{Flow, Leave, Thread};
use crate::deferral::{Deferral, TailCall};
use crate::errors::Exc;
use crate::object::VmCell;
use crate::types::exception::BaseException;
use crate::types::traceback::Traceback;
use crate::vm::Answer;
use crate::{Native, PyResult, Raised, Value, Vm};

/// An operation of the top (Python) frame answered `Err`: a deferral becomes a native frame, an exception looks for its handler.
#[cold]
#[inline(never)]
pub(crate) fn handle_error(vm: &Vm, thread: &mut Thread) -> Flow {
    if let Some(deferral) = vm.take_deferral() {
        let pushed = match deferral {
            Deferral::Call(call) if call.then.is_none() => push_for_top(vm, thread, call),
            rest => super::call::push_deferral(vm, thread, rest),
        };
        return match pushed {
            Ok(None) => Flow::Continue,
            Ok(Some(value)) => super::complete::deliver(vm, thread, Some(Ok(value))),
            Err(Raised) => unwind(vm, thread),
        };
    }
    match super::complete::ended_by_exception(vm, thread) {
        Some(flow) => {
            vm.thrown.set(false);
            flow
        }
        None => unwind(vm, thread),
    }
}

/// Pushes the call that the top frame's instruction comes to. Where its result is just stored, that is left to the callee's return.
fn push_for_top(vm: &Vm, thread: &mut Thread, call: TailCall) -> PyResult<Option<Value>> {
    if let Some(frame) = thread.frames.last().filter(|frame| !frame.is_native() && frame.pc > 0) {
        let (instr, base) = (frame.current(), frame.base);
        if matches!(instr.op, Op::LoadAttr | Op::LoadItem | Op::LoadItemImm) {
            for (bit, register) in [(flags::KILL_B, instr.b), (flags::KILL_C, instr.c)] {
                if instr.flags & bit != 0 && register != instr.a {
                    thread.clear_registers(base + register as u32, base + register as u32 + 1);
                }
            }
            return super::call::push_call(vm, thread, call, 0, instr.a);
        }
    }
    super::call::push_deferral(vm, thread, Deferral::Call(call))
}

/// Carries the waiting exception outwards until a handler or a native takes it.
pub(crate) fn unwind(vm: &Vm, thread: &mut Thread) -> Flow {
    let mut exception = vm.take_raised();
    if !vm.thrown.replace(false) {
        set_context(thread, &exception);
    }
    let mut add_entry = !vm.take_reraise();
    loop {
        let Some(frame) = thread.frames.last() else {
            vm.raised.set(Some(exception));
            return Flow::Leave(Leave::Finished(Err(Raised)));
        };
        if frame.is_native() {
            thread.answer = Some(Answer::Value(Err(Raised)));
            vm.raised.set(Some(exception));
            return Flow::Continue;
        }
        if add_entry {
            add_traceback_entry(thread, &exception);
        }
        if frame_is_traced(thread) && super::trace::unwinding(vm, thread, &exception, add_entry) {
            return Flow::Continue;
        }
        let raised_again = !std::mem::replace(&mut add_entry, true);
        let Some(frame) = thread.frames.last_mut() else { continue };
        // A frame that has not started (an exception thrown into a new generator) is in no `try` yet.
        let at = frame.pc.wrapping_sub(1);
        let handler =
            frame.code().code.handlers.iter().find(|handler| handler.start <= at && at < handler.end).copied();
        if let Some(handler) = handler {
            let (base, end) = (frame.base, frame.base + frame.size());
            frame.pc = handler.target;
            thread.clear_registers(base + handler.depth as u32, end);
            // SAFETY: a register of the live window.
            unsafe { *thread.register(base + handler.depth as u32) = exception };
            return Flow::Continue;
        }
        if raised_again {
            stand_where_raised(thread, &exception);
        }
        let mut frame = thread.pop();
        if frame.flags & Frame::GENERATOR != 0 {
            super::resume::ended(&frame);
            exception = super::resume::replace_stop_iteration(vm, &frame, exception);
        }
        if frame.flags & (Frame::THEN | Frame::COMPLETE | Frame::GENERATOR) == Frame::COMPLETE
            || frame.flags & Frame::THEN != 0
        {
            // The operation that this frame was the rest of has failed, if that is what it makes of it.
            let then = frame.take_then();
            drop(frame);
            vm.raised.set(Some(exception));
            let result = then.map_or(Err(Raised), |then| then(vm, Err(Raised)));
            if result.is_ok() || vm.is_deferred() {
                let result = super::native_frame::settle_tail(vm, thread, result);
                return super::complete::deliver(vm, thread, result);
            }
            if let Some(flow) = super::complete::ended_by_exception(vm, thread) {
                return flow;
            }
            exception = vm.take_raised();
            continue;
        }
        if frame.flags & Frame::DISCARD != 0 {
            return Flow::Continue;
        }
        drop(frame);
    }
}

fn frame_is_traced(thread: &Thread) -> bool {
    thread.frames.last().is_some_and(Frame::is_traced)
}

/// `__context__`: the exception being handled where a new one is raised.
fn set_context(thread: &Thread, exception: &Value) {
    let Some(payload) = exception.downcast::<BaseException>() else { return };
    if !payload.traceback.borrow().is_none() || !payload.context.borrow().is_none() {
        return;
    }
    if let Some(handled) = thread.handled() {
        chain_context(exception, handled);
    }
}

/// Makes `handled` the context of `exception`, cutting the chain where it would become a circle.
pub(crate) fn chain_context(exception: &Value, handled: Value) {
    if handled.is(exception) {
        return;
    }
    let Some(payload) = exception.downcast::<BaseException>() else { return };
    let mut outer = handled.clone();
    // A program may have made a circle of its own: a second walk at half the speed meets the first in it.
    let (mut slow, mut odd) = (handled.clone(), false);
    while let Some(link) = outer.clone().downcast::<BaseException>() {
        let next = link.context.get();
        if next.is(exception) {
            link.context.set(Value::NONE);
            break;
        }
        if next.is_none() {
            break;
        }
        outer = next;
        if odd && let Some(link) = slow.clone().downcast::<BaseException>() {
            slow = link.context.get();
        }
        if odd && slow.is(&outer) {
            break;
        }
        odd = !odd;
    }
    payload.context.set(handled);
}

/// Puts an entry for the top frame in front of the exception's traceback. Functions of the layers under `io`'s streams get none,
/// as CPython's, which are in C: the traceback would keep the streams alive that close when they are finalised.
fn add_traceback_entry(thread: &mut Thread, exception: &Value) {
    let Some(payload) = exception.downcast::<BaseException>() else { return };
    let top = thread.frames.len() - 1;
    if thread.frames[top].is_layer() {
        return;
    }
    let instruction = match thread.frames[top].pc {
        0 => Traceback::NOT_STARTED,
        _ => thread.frames[top].instruction(),
    };
    let frame = thread.frame_object(top).into_value();
    let entry = Traceback { next: VmCell::new(payload.traceback.take()), frame, instruction, given: None }.into_value();
    payload.traceback.set(entry);
}

/// Moves the top frame, which an exception raised again leaves, back to where its traceback says that it was raised.
fn stand_where_raised(thread: &mut Thread, exception: &Value) {
    let top = thread.frames.len() - 1;
    let at = thread.frames[top].pc.saturating_sub(1) as usize;
    let wanted = |instr: &snakelet_bytecode::Instr| instr.op == Op::Reraise && instr.flags & flags::SENSE != 0;
    if !thread.frames[top].code().code.instrs.get(at).is_some_and(wanted) {
        return;
    }
    let traceback = exception.downcast::<BaseException>().map(|payload| payload.traceback.get());
    if let Some(entry) = traceback.as_ref().and_then(|traceback| traceback.downcast::<Traceback>())
        && entry.instruction != Traceback::NOT_STARTED
        && entry.frame.is(thread.frame_object(top).as_value())
    {
        let scale = if thread.frames[top].is_traced() { 2 } else { 1 };
        thread.frames[top].pc = entry.instruction * scale + 1;
    }
}

impl Vm {
    /// The exception being handled in the running thread (`sys.exception()`).
    pub fn handled_exception(&self) -> Option<Value> {
        let thread = self.threads.current();
        // SAFETY: the current thread lives while it runs.
        if thread.is_null() { None } else { unsafe { (*thread).handled() } }
    }

    /// Raises `exception` again without a new traceback entry for the raising frame.
    pub(crate) fn reraise(&self, exception: Value) -> Raised {
        self.reraising.set(true);
        self.raise(exception)
    }

    fn take_reraise(&self) -> bool {
        self.reraising.replace(false)
    }

    /// What a generator or iterator that just ended returned: accompanies the `UNBOUND` of `next`.
    pub(crate) fn take_returned(&self) -> Value {
        self.returned.take().unwrap_or_default()
    }

    pub(crate) fn set_returned(&self, value: Value) {
        self.returned.set(if value.is_none() { None } else { Some(value) });
    }

    /// Whether `exception` is a StopIteration; then its value.
    pub fn stop_iteration_value(&self, exception: &Value) -> Option<Value> {
        if !Exc::StopIteration.matches(exception) {
            return None;
        }
        let payload = exception.downcast::<BaseException>()?;
        let args = payload.args.get();
        let first = args.downcast::<crate::types::tuple::Tuple>().and_then(|args| args.items().first().cloned());
        Some(payload.fields.borrow().first().cloned().or(first).unwrap_or_default())
    }
}
