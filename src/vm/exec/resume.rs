//! Running generators, coroutines and async generators.
//!
//! A suspended one owns its registers. Resuming moves them onto the thread's register stack and pushes its frame; `yield` moves
//! them back and hands the value to the frame below. The end is announced as `Value::UNBOUND`, with the returned value in
//! `Vm::returned`.

use snakelet_bytecode::{CodeFlags, Op};

use super::frame::Frame;
use super::{Flow, Thread};
use crate::deferral::Gathering;
use crate::errors::Exc;
use crate::object::Ref;
use crate::types::code::CodeObject;
use crate::types::exception::BaseException;
use crate::types::generator::{AsyncGenerator, Coroutine, Generator, Keep, Resume, State, body};
use crate::types::string::Str;
use crate::{PyResult, Value, Vm};

/// Resumes `generator`. `Ok(None)`: its frame is on the stack. `Ok(Some)`: it has ended without running. A plain operation.
pub(crate) fn resume(vm: &Vm, thread: &mut Thread, generator: &Value, action: Resume) -> PyResult<Option<Value>> {
    let Some(body) = body(generator) else { return Err(vm.type_error("not a generator")) };
    match body.state.get() {
        State::Running => {
            let kind = kind(generator);
            return Err(vm.value_error(format!("{kind} already executing")));
        }
        State::Finished => {
            return match action {
                Resume::Throw(exception) => Err(vm.raise(exception)),
                Resume::Send(_) if generator.downcast::<Coroutine>().is_some() => {
                    Err(vm.runtime_error("cannot reuse already awaited coroutine"))
                }
                Resume::Send(_) => {
                    vm.set_returned(Value::NONE);
                    Ok(Some(Value::UNBOUND))
                }
            };
        }
        State::Created => match &action {
            Resume::Send(value) if !value.is_none() => {
                let kind = kind(generator);
                return Err(vm.type_error(format!("can't send non-None value to a just-started {kind}")));
            }
            Resume::Send(_) => {}
            Resume::Throw(_) => {}
        },
        State::Suspended => {}
    }
    let created = body.state.get() == State::Created;
    thread.enter(vm)?;
    let base = thread.top();
    let code: &Ref<CodeObject> = &body.code;
    if let Err(raised) = thread.reserve(vm, base + code.code.register_count as u32) {
        thread.depth -= 1;
        return Err(raised);
    }
    let kept = body.registers.borrow_mut();
    debug_assert_eq!(kept.len(), code.code.register_count as usize);
    // SAFETY: the window was reserved and its dead registers hold nothing counted; the values move, the buffer stays.
    unsafe {
        std::ptr::copy_nonoverlapping(kept.as_ptr(), thread.register(base), kept.len());
        kept.set_len(0);
    }
    body.state.set(State::Running);
    thread.frames.push(Frame {
        function: body.function.get(),
        code: &raw const **code,
        base,
        pc: body.pc.get(),
        flags: Frame::GENERATOR | Frame::COMPLETE,
        dst: 0,
        owed: generator.clone(),
        native: None,
        extra: body.extra.take(),
    });
    relink_frame_object(thread);
    if vm.depth_check.get() == 0 {
        super::trace::resumed(vm, thread, created, matches!(action, Resume::Throw(_)));
    }
    match action {
        Resume::Send(_) if created => Ok(None),
        Resume::Send(value) => {
            send_into_top(vm, thread, value)?;
            Ok(None)
        }
        Resume::Throw(exception) => throw_into_top(vm, thread, exception, created).map(|()| None),
    }
}

/// A frame object that someone holds must know that its frame is live again.
fn relink_frame_object(thread: &mut Thread) {
    let index = thread.frames.len() - 1;
    let id = thread.id as u32;
    if let Some(object) = thread.frames[index].extra.as_ref().and_then(|extra| extra.frame_object.as_ref()) {
        object.live.set(Some((id, index as u32)));
        object.is_suspended.set(false);
    }
}

fn kind(generator: &Value) -> &'static str {
    if generator.downcast::<Coroutine>().is_some() {
        "coroutine"
    } else if generator.downcast::<AsyncGenerator>().is_some() {
        "async generator"
    } else {
        "generator"
    }
}

/// The value of `send` arrives at the `yield` or `yield from` where the top frame is suspended.
fn send_into_top(vm: &Vm, thread: &mut Thread, value: Value) -> PyResult<()> {
    let Some(frame) = thread.frames.last_mut() else { return Ok(()) };
    let instr = frame.current();
    let base = frame.base;
    if instr.op == Op::YieldFrom {
        if value.is_none() {
            // The instruction is executed again: it sends None.
            frame.pc -= if frame.is_traced() { 2 } else { 1 };
            return Ok(());
        }
        // The error or the deferral belongs to the resumed frame, not to whoever resumes it.
        let result = delegate_send(vm, thread, instr, value);
        hand_to_top(vm, thread, result);
        return Ok(());
    }
    // SAFETY: a register of the live window.
    unsafe { *thread.register(base + instr.a as u32) = value };
    Ok(())
}

/// The short way of resuming a generator with None: its frame is put on the stack. False if anything is unusual; nothing has
/// happened then.
#[inline(never)]
pub(super) fn enter(vm: &Vm, thread: &mut Thread, generator: &Value) -> bool {
    let Some(generator_body) = generator.downcast_exact::<Generator>() else { return false };
    let body = &generator_body.body;
    let state = body.state.get();
    let code: *const CodeObject = &raw const *body.code;
    // SAFETY: the generator keeps its code alive.
    let count = unsafe { (*code).register_count as usize };
    let base = thread.top();
    if !matches!(state, State::Created | State::Suspended)
        || thread.depth >= vm.depth_check.get()
        || !thread.has_registers(base + count as u32)
    {
        return false;
    }
    thread.depth += 1;
    let kept = body.registers.borrow_mut();
    debug_assert_eq!(kept.len(), count);
    // SAFETY: the window exists and its dead registers hold nothing counted; the values move, the buffer stays.
    unsafe {
        kept.set_len(0);
        let (from, to) = (kept.as_ptr(), thread.register(base));
        for index in 0..count {
            to.add(index).write(from.add(index).read());
        }
    }
    body.state.set(State::Running);
    let mut pc = body.pc.get();
    if state == State::Suspended {
        // SAFETY: a suspended frame waits at an instruction, whose operands name registers of the window.
        let instr = unsafe { *(*code).first.add(pc as usize - 1) };
        if instr.op == Op::YieldFrom {
            // Executed again: it sends None.
            pc -= 1;
        } else {
            // SAFETY: as above.
            unsafe { *thread.register(base + instr.a as u32) = Value::NONE };
        }
    }
    let extra = body.extra.take();
    let has_extra = extra.is_some();
    thread.frames.push(Frame {
        function: body.function.get(),
        code,
        base,
        pc,
        flags: Frame::GENERATOR | Frame::COMPLETE,
        dst: 0,
        owed: generator.clone(),
        native: None,
        extra,
    });
    if has_extra {
        relink_frame_object(thread);
    }
    true
}

/// Arranges that the top frame gets the outcome of its waiting instruction when the loop goes on. `Ok(None)`: a frame was
/// pushed that will deliver it.
fn hand_to_top(vm: &Vm, thread: &mut Thread, result: PyResult<Option<Value>>) {
    let result = match result {
        Ok(None) => return,
        Ok(Some(value)) => Ok(value),
        Err(raised) => Err(raised),
    };
    let exception = if result.is_err() && !vm.is_deferred() { vm.raised.take() } else { None };
    let rest = if result.is_err() { vm.take_deferral() } else { None };
    let handle = vm.handle();
    let future = Box::pin(async move {
        match (rest, exception) {
            (Some(rest), _) => handle.run_rest(rest).await,
            (None, Some(exception)) => Err(handle.raise(exception)),
            (None, None) => result,
        }
    });
    if thread.push_native(vm, future, Frame::COMPLETE).is_err() {
        // Too many native frames: the exception is waiting; it is raised at the frame's next instruction.
        thread.interrupt = vm.raised.take();
        super::fuel::trip();
    }
}

/// One step of `yield from`: sends `value` into the iterator. `Ok(None)`: a frame was pushed.
pub(super) fn delegate_send(
    vm: &Vm,
    thread: &mut Thread,
    instr: snakelet_bytecode::Instr,
    value: Value,
) -> PyResult<Option<Value>> {
    let Some(frame) = thread.frames.last() else { return Ok(Some(Value::UNBOUND)) };
    let at = frame.base + instr.b as u32;
    // SAFETY: a register of the live window.
    let iter = unsafe { (*thread.register(at)).clone() };
    if iter.downcast_exact::<Generator>().is_some() || iter.downcast_exact::<Coroutine>().is_some() {
        return resume(vm, thread, &iter, Resume::Send(value));
    }
    if value.is_none() && vm.type_of(&iter).slots().next.is_some() {
        vm.set_returned(Value::NONE);
        return vm.iter_next(&iter).map(Some);
    }
    let handle = vm.handle();
    Err(vm.defer(async move {
        let send = handle.attr(&iter, "send").await?;
        end_of_iteration(&handle, handle.call(&send, vec![value]).await)
    }))
}

/// Maps StopIteration to the end marker.
pub(crate) fn end_of_iteration(vm: &Vm, result: PyResult) -> PyResult {
    match result {
        Err(raised) => match vm.catch(Exc::StopIteration) {
            Some(exception) => {
                vm.set_returned(vm.stop_iteration_value(&exception).unwrap_or_default());
                Ok(Value::UNBOUND)
            }
            None => Err(raised),
        },
        ok => ok,
    }
}

/// `throw`: into the sub-iterator if the top frame is suspended in `yield from`, else raised where it is suspended.
fn throw_into_top(vm: &Vm, thread: &mut Thread, exception: Value, created: bool) -> PyResult<()> {
    let handle = vm.handle();
    let delegate = thread.frames.last().filter(|_| !created).and_then(|frame| {
        let instr = frame.current();
        (instr.op == Op::YieldFrom).then_some(frame.base + instr.b as u32)
    });
    let Some(at) = delegate else {
        // As if it was raised here, whatever it has been through before; what is being handled outside is no context of it.
        if let Some(handled) = thread.frames.last().and_then(|frame| frame.handled().cloned()) {
            super::unwind::chain_context(&exception, handled);
        }
        let future = Box::pin(async move {
            handle.thrown.set(true);
            Err(handle.raise(exception))
        });
        return thread.push_native(vm, future, Frame::COMPLETE);
    };
    // SAFETY: a register of the live window.
    let iter = unsafe { (*thread.register(at)).clone() };
    let handled = thread.frames.last().and_then(|frame| frame.handled().cloned());
    if Exc::GeneratorExit.matches(&exception) {
        let future = Box::pin(async move {
            close_iterator(&handle, &iter).await?;
            Err(handle.raise(exception))
        });
        return thread.push_native(vm, future, Frame::COMPLETE);
    }
    let future = Box::pin(async move {
        if body(&iter).is_some() && iter.downcast_exact::<AsyncGenerator>().is_none() {
            let result = handle.resume(&iter, Resume::Throw(exception)).await;
            if result.is_err()
                && let Some(handled) = handled
                && let Some(raised) = handle.raised.borrow()
            {
                super::unwind::chain_context(raised, handled);
            }
            return result;
        }
        let name = crate::name!(throw);
        match handle.attr_opt(&iter, &name).await? {
            Some(throw) => end_of_iteration(&handle, handle.call(&throw, vec![exception]).await),
            None => Err(handle.raise(exception)),
        }
    });
    thread.push_native(vm, future, Frame::COMPLETE)
}

/// Closes a sub-iterator: generators directly, others by their `close` method if they have one.
pub(crate) async fn close_iterator(vm: &Vm, iter: &Value) -> PyResult<()> {
    if iter.downcast_exact::<Generator>().is_some() || iter.downcast_exact::<Coroutine>().is_some() {
        return close(vm, iter).await.map(drop);
    }
    let name = crate::name!(close);
    match vm.attr_opt(iter, &name).await? {
        Some(close) => vm.call(&close, Vec::new()).await.map(drop),
        None => Ok(()),
    }
}

/// `generator.close()`: answers the value that the generator returns, or None.
pub(crate) async fn close(vm: &Vm, generator: &Value) -> PyResult {
    let Some(inner) = body(generator) else { return Ok(Value::NONE) };
    match inner.state.get() {
        State::Created => {
            inner.finish();
            return Ok(Value::NONE);
        }
        State::Finished => return Ok(Value::NONE),
        State::Running | State::Suspended => {}
    }
    let exit = Exc::GeneratorExit.instance(vm, Vec::new());
    match vm.resume(generator, Resume::Throw(exit)).await {
        Ok(value) if value.is_unbound() => Ok(vm.take_returned()),
        Ok(_) => Err(vm.runtime_error(format!("{} ignored GeneratorExit", kind(generator)))),
        Err(raised) => match vm.catch(Exc::GeneratorExit).or_else(|| vm.catch(Exc::StopIteration)) {
            Some(_) => Ok(Value::NONE),
            None => Err(raised),
        },
    }
}

/// `next(generator)` or `next(generator, default)` with the arguments at `start`, called by the top frame: the generator's frame is
/// put on it. False if that is not possible; nothing has happened then.
pub(super) fn enter_for_next(vm: &Vm, thread: &mut Thread, start: u32, count: u32) -> bool {
    let Some(caller) = thread.frames.last().filter(|caller| !caller.is_native()).map(|caller| caller.base) else {
        return false;
    };
    // SAFETY: a live argument register.
    let generator = unsafe { (*thread.register(start)).clone() };
    if !enter(vm, thread, &generator) {
        return false;
    }
    thread.clear_registers(start, start + 1);
    if let Some(frame) = thread.frames.last_mut() {
        frame.flags |= Frame::NEXT;
        frame.dst = if count == 2 { (start + 1 - caller) as u16 } else { u16::MAX };
    }
    true
}

/// The default of `next()`, when the generator's frame has been taken off that of the caller.
pub(super) fn take_default(thread: &mut Thread, frame: &Frame) -> Option<Value> {
    let caller = thread.frames.last().filter(|_| frame.dst != u16::MAX)?.base;
    // SAFETY: a register of the caller's window.
    Some(unsafe { thread.register(caller + frame.dst as u32).replace(Value::UNBOUND) })
}

/// Resumes a generator that hands items over in bulk. Answers as [`resume`] does.
pub(super) fn begin_gathering(vm: &Vm, thread: &mut Thread, generator: &Value, keep: Keep) -> PyResult<Option<Value>> {
    let outcome = resume(vm, thread, generator, Resume::Send(Value::NONE))?;
    // What is traced tells of every item.
    if outcome.is_none()
        && let Some(frame) = thread.frames.last_mut().filter(|frame| !frame.is_traced())
    {
        frame.flags |= Frame::GATHER;
        frame.dst = keep as u16;
    }
    Ok(outcome)
}

/// Puts a generator on the stack whose items are the rest of an operation. `None`: a frame was pushed.
pub(super) fn push_gathering(vm: &Vm, thread: &mut Thread, gathering: Gathering) -> PyResult<Option<Value>> {
    let Gathering { generator, keep, then } = gathering;
    let outcome = begin_gathering(vm, thread, &generator, keep);
    if let (Ok(None), Some(frame)) = (&outcome, thread.frames.last_mut()) {
        frame.flags |= Frame::THEN;
        frame.extra().then = Some(then);
        return Ok(None);
    }
    let result = then(vm, outcome.map(Option::unwrap_or_default));
    super::native_frame::settle_tail(vm, thread, result).transpose()
}

/// Keeps an item that the top frame, which has the flag GATHER, yields to a native. Gives it back if it is to be delivered.
#[inline(never)]
pub(super) fn gather(frame: &Frame, value: Value) -> Option<Value> {
    let Some(generator) = frame.owed.downcast_exact::<Generator>() else { return Some(value) };
    let wanted = match Keep::from_u16(frame.dst) {
        Keep::All => true,
        Keep::Hashable => !value.is_object() || value.downcast_exact::<Str>().is_some(),
        Keep::Numbers => value.is_small_int() || value.is_float() || value.as_bool().is_some(),
        Keep::False | Keep::True if value.is_object() => return Some(value),
        keep => {
            let is_false = value.is_false() || value.is_none() || value.as_small_int() == Some(0);
            let is_known = is_false || value.is_true() || value.is_small_int();
            let dropped = keep != Keep::Nothing && is_known && is_false == (keep == Keep::True);
            return if dropped { None } else { Some(value) };
        }
    };
    let items = generator.body.gathered.borrow_mut();
    if !wanted || items.len() == items.capacity() {
        return Some(value);
    }
    items.push(value);
    None
}

/// The top frame yields `value`: it goes back into its generator, the value to the frame below; through all frames that wait
/// in `yield from`.
#[inline(never)]
pub(crate) fn suspend(vm: &Vm, thread: &mut Thread, mut value: Value) -> Flow {
    loop {
        if thread.frames.last().is_some_and(Frame::is_traced) && super::trace::suspending(vm, thread, &value) {
            return Flow::Continue;
        }
        let Some(frame) = thread.frames.last_mut() else { return Flow::Continue };
        if frame.flags & Frame::GATHER != 0 {
            // The frame is at `yield from`: `yield` asks by itself. The next item is fetched by executing it again.
            if frame.current().op == Op::YieldFrom {
                frame.pc -= 1;
                match gather(frame, value) {
                    None => return Flow::Continue,
                    Some(back) => value = back,
                }
                frame.pc += 1;
            }
        }
        let count = frame.size() as usize;
        let (base, instruction, flags, dst) = (frame.base, frame.instruction(), frame.flags, frame.dst);
        let then = frame.take_then();
        let pc = if frame.is_traced() { frame.pc / 2 } else { frame.pc };
        let Some(body) = body(&frame.owed) else { unreachable!("only generator frames yield") };
        // SAFETY: the frame, which stays until the values have moved, keeps the generator alive.
        let body = unsafe { &*std::ptr::from_ref(body) };
        let kept = body.registers.borrow_mut();
        if kept.capacity() < count {
            kept.reserve_exact(count);
        }
        if let Some(extra) = frame.extra.take() {
            if let Some(object) = &extra.frame_object {
                object.live.set(None);
                object.is_suspended.set(true);
                object.instruction.set(instruction);
            }
            body.extra.set(Some(extra));
        }
        body.pc.set(pc);
        body.state.set(State::Suspended);
        thread.depth -= 1;
        // SAFETY: the values of the live window move into the buffer; what is left behind counts nothing.
        unsafe {
            let (from, to) = (thread.register(base), kept.as_mut_ptr());
            for index in 0..count {
                to.add(index).write(from.add(index).replace(Value::UNBOUND));
            }
            kept.set_len(count);
        }
        thread.pop_moved();
        if let Some(then) = then {
            let result = super::native_frame::settle_tail(vm, thread, then(vm, Ok(value)));
            return super::complete::deliver(vm, thread, result);
        }
        let Some(below) = thread.frames.last() else {
            return super::complete::deliver(vm, thread, Some(Ok(value)));
        };
        if below.is_native() {
            thread.answer = Some(crate::vm::Answer::Value(Ok(value)));
            return Flow::Continue;
        }
        let (instr, base) = (below.current(), below.base);
        if flags & Frame::NEXT != 0 && dst != u16::MAX {
            thread.clear_registers(base + dst as u32, base + dst as u32 + 1);
        }
        match instr.op {
            Op::ForIter => {
                // SAFETY: a register of the live window.
                unsafe { *thread.register(base + instr.a as u32) = value };
                return Flow::Continue;
            }
            Op::YieldFrom => vm.async_yield.set(false),
            _ => return super::complete::deliver(vm, thread, Some(Ok(value))),
        }
    }
}

/// The generator of a frame that has ended.
pub(crate) fn ended(frame: &Frame) {
    if let Some(body) = body(&frame.owed) {
        body.finish();
    }
}

/// A StopIteration must not leave a generator: it would look like its end (PEP 479).
pub(crate) fn replace_stop_iteration(vm: &Vm, frame: &Frame, exception: Value) -> Value {
    let flags = frame.code().code.flags;
    let asynchronous = flags.has(CodeFlags::ASYNC_GENERATOR);
    let message = if Exc::StopIteration.matches(&exception) {
        if asynchronous {
            "async generator raised StopIteration"
        } else if flags.has(CodeFlags::COROUTINE) {
            "coroutine raised StopIteration"
        } else {
            "generator raised StopIteration"
        }
    } else if asynchronous && Exc::StopAsyncIteration.matches(&exception) {
        "async generator raised StopAsyncIteration"
    } else {
        return exception;
    };
    let replacement = Exc::RuntimeError.instance(vm, vec![Value::from_str(message)]);
    if let Some(payload) = replacement.downcast::<BaseException>() {
        payload.cause.set(exception.clone());
        payload.context.set(exception);
        payload.suppress_context.set(true);
    }
    replacement
}
