//! Telling Python code what runs: `sys.settrace`, `sys.setprofile`, and `sys.monitoring` (PEP 669).
//!
//! Code that nobody watches runs as it was compiled and pays nothing. A frame that is watched runs a copy of its code, its
//! *shadow*, in which every instruction is preceded by `Trace`; instruction `i` of the original is number `2 * i + 1` of the
//! copy, jump distances are doubled. Calls take a slow way while anything traces (`Vm::depth_check` is 0) and swap the new
//! frame's code. [`step`] decides what the next instruction means to whom and pushes a native frame that tells them;
//! when nobody watches any longer it swaps the code back. Frames are swapped only while all positions are written back:
//! in `step`, when they are pushed, and in async natives.
//!
//! A suspended generator keeps its position in terms of the original code, so it may be resumed either way.

use std::ptr::NonNull;
use std::rc::Rc;

use snakelet_bytecode::{Instr, LineMark, Op, OperandKind};

use super::Thread;
use super::frame::Frame;
use super::monitoring::{self, Monitoring};
use crate::native::{MethodDescriptor, NativeFunction};
use crate::object::{Ref, VmCell};
use crate::types::code::{AttrCache, CodeObject, GlobalCache, Tracing};
use crate::types::exception::BaseException;
use crate::types::frame::{FrameObject, Progress};
use crate::types::tuple::Tuple;
use crate::{Native, PyResult, Value, Vm, VmRef};

/// What a thread is watched with.
#[derive(Default)]
pub(crate) struct ThreadTracing {
    /// `sys.settrace`; None: nothing.
    pub trace: Value,
    /// `sys.setprofile`
    pub profile: Value,
    /// Above zero while a trace function runs: it is not traced itself.
    pub quiet: u32,
}

/// Bits of `Progress::state`.
mod state {
    /// The frame's start has been reported.
    pub const STARTED: u8 = 1;
    /// The end of the activation, or the exception that passes, has been reported.
    pub const REPORTED: u8 = 2;
    /// The frame was resumed by `throw`.
    pub const THROWN: u8 = 4;
    /// It was suspended before.
    pub const RESUMED: u8 = 8;
}

/// Something to tell.
pub(crate) enum Event {
    /// The frame starts or goes on; with the line to show.
    Start {
        resumed: bool,
        thrown: bool,
        line: u32,
        /// The instruction to show; the number of instructions stands for the start.
        at: u32,
    },
    /// A loop over a generator ends: the exception and the loop's line.
    StopIteration(Value, u32, u32),
    Line(u32),
    Opcode,
    /// The frame returns or (second field) yields the value.
    Return(Value, bool),
    /// An exception was raised here or (second field) passes again.
    Raise(Value, bool),
    /// An exception leaves the frame.
    Unwind(Value),
    /// A handler takes the exception.
    Handled(Value),
    /// A call, of a native function if the third field says so, with its first argument.
    Call(Value, Value, bool),
    NativeReturn(Value),
    NativeRaise(Value),
    /// From one instruction to another; the second is the one not taken for a branch.
    Jump(u32),
    Branch(u32, bool),
}

#[expect(clippy::mut_from_ref, reason = "the thread is not part of what the reference keeps")]
fn current(vm: &Vm) -> Option<&mut Thread> {
    let thread = vm.threads.current();
    // SAFETY: the current thread lives while it runs, and natives have it for themselves.
    if thread.is_null() { None } else { Some(unsafe { &mut *thread }) }
}

/// Decides, after a change, whether calls take the slow way.
pub(crate) fn update(vm: &Vm) {
    let traced = |thread: &Thread| !thread.tracing.trace.is_none() || !thread.tracing.profile.is_none();
    let on = vm.threads.list().iter().any(|thread| traced(thread)) || vm.extension::<Monitoring>().is_on();
    vm.depth_check.set(if on { 0 } else { vm.recursion_limit.get() });
}

/// Whether anybody watches what this code does on this thread.
fn is_watched(vm: &Vm, thread: &Thread, code: &CodeObject) -> bool {
    let tracing = &thread.tracing;
    tracing.quiet == 0
        && (!tracing.trace.is_none()
            || !tracing.profile.is_none()
            || vm.extension::<Monitoring>().events_of(original(code)) != 0)
}

/// The code that a shadow was made from; other code itself.
pub(super) fn original(code: &CodeObject) -> &CodeObject {
    match code.tracing.original {
        // SAFETY: the original owns its shadow.
        Some(original) => unsafe { original.as_ref() },
        None => code,
    }
}

/// A Python frame was pushed the slow way.
pub(super) fn entered(vm: &Vm, thread: &mut Thread) {
    let Some(top) = thread.frames.len().checked_sub(1) else { return };
    if is_watched(vm, thread, thread.frames[top].code()) {
        instrument(&mut thread.frames[top]);
    }
}

/// A generator was resumed.
pub(super) fn resumed(vm: &Vm, thread: &mut Thread, created: bool, thrown: bool) {
    entered(vm, thread);
    let top = thread.frames.len() - 1;
    if thread.frames[top].is_traced() {
        let progress = &thread.frame_object(top).progress;
        let bits = if created { 0 } else { state::RESUMED } | if thrown { state::THROWN } else { 0 };
        progress.state.set(bits);
    }
}

/// Makes a frame run the shadow of its code, if there can be one.
fn instrument(frame: &mut Frame) {
    if frame.is_native() || frame.is_traced() {
        return;
    }
    if let Some(shadow) = shadow_of(frame.code()) {
        frame.code = &raw const *shadow;
        frame.flags &= !Frame::GATHER;
        frame.pc *= 2;
    }
}

/// Makes a frame run its code as it was compiled, from instruction `at` on.
fn release(frame: &mut Frame, at: u32) {
    frame.code = std::ptr::from_ref(original(frame.code()));
    frame.pc = at;
}

/// The copy of code that reports what it does. None for code with jumps too far to double.
fn shadow_of(code: &CodeObject) -> Option<Ref<CodeObject>> {
    if let Some(shadow) = code.tracing.shadow.get() {
        return Some(shadow);
    }
    let mut plain = (*code.code).clone();
    let mut instrs = Vec::with_capacity(plain.instrs.len() * 2);
    for &instr in &plain.instrs {
        let mut copy = instr;
        for (kind, value) in instr.operands() {
            if matches!(kind, OperandKind::Rel16 | OperandKind::Rel32) && !copy.set_jump(value * 2) {
                return None;
            }
        }
        instrs.push(Instr::Trace());
        instrs.push(copy);
    }
    let mut lines = Vec::with_capacity(plain.instrs.len());
    for (count, position) in plain.positions.runs() {
        lines.extend(std::iter::repeat_n(position.line, count));
    }
    lines.resize(plain.instrs.len(), 0);
    for mark in &plain.line_marks {
        if let LineMark::NoLine { at } = mark
            && let Some(line) = lines.get_mut(*at as usize)
        {
            *line = 0;
        }
    }
    plain.instrs = instrs;
    for handler in &mut plain.handlers {
        handler.start *= 2;
        handler.end *= 2;
        handler.target *= 2;
    }
    let shadow = CodeObject {
        consts: code.consts.clone(),
        names: code.names.clone(),
        varnames: code.varnames.clone(),
        name: code.name.clone(),
        qualname: code.qualname.clone(),
        filename: code.filename.clone(),
        attr_caches: VmCell::new(AttrCache::for_sites(plain.attr_sites.len())),
        global_caches: VmCell::new(vec![GlobalCache::EMPTY; plain.global_sites.len()].into()),
        plain_args: code.plain_args,
        register_count: code.register_count,
        local_count: code.local_count,
        first: plain.instrs.as_ptr(),
        source: code.source.clone(),
        tracing: Tracing { original: Some(NonNull::from(code)), lines: lines.into(), ..Tracing::default() },
        code: Rc::new(plain),
    }
    .into_object();
    code.tracing.shadow.set(Some(shadow.clone()));
    Some(shadow)
}

/// The line and instruction that a frame's start is reported with.
fn start_of(progress: &Progress, code: &CodeObject, resumed: bool) -> (u32, u32) {
    if resumed {
        return (progress.line.get(), progress.at.get());
    }
    let plain = original(code);
    let line = if &*plain.code.name == "<module>" { Progress::NO_LINE } else { plain.code.first_line };
    (line, plain.code.instrs.len() as u32)
}

/// `Trace` was executed: the instruction after it comes next.
#[cold]
#[inline(never)]
pub(super) fn step(vm: &Vm, thread: &mut Thread) -> super::Flow {
    let top = thread.frames.len() - 1;
    let at = thread.frames[top].instruction();
    if !is_watched(vm, thread, thread.frames[top].code()) {
        release(&mut thread.frames[top], at);
        return super::Flow::Continue;
    }
    if super::safepoint::has_pending() {
        // What was let go is finished before the next event, which the tracer's own code would do unseen.
        thread.frames[top].pc -= 1;
        if thread.push_native(vm, crate::errors::finalize::run_pending(vm.handle()), Frame::DISCARD).is_ok() {
            return super::Flow::Continue;
        }
        vm.raised.set(None);
        thread.frames[top].pc += 1;
    }
    let object = thread.frame_object(top);
    let frame = &thread.frames[top];
    let (base, code) = (frame.base, frame.code);
    // SAFETY: the frame's function keeps its code, and that its shadow, alive.
    let code = unsafe { &*code };
    let instr = code.code.instrs[frame.pc as usize];
    let line = code.tracing.lines.get(at as usize).copied().unwrap_or(0);
    let progress = &object.progress;
    let mut events: Vec<Event> = Vec::new();

    if let Some(function) = progress.native_call.take() {
        events.push(Event::NativeReturn(function));
    }
    let bits = progress.state.get();
    progress.state.set(bits & !(state::REPORTED | state::THROWN) | state::STARTED);
    let starts = bits & state::STARTED == 0;
    if starts {
        let resumed = bits & state::RESUMED != 0;
        let (line, shown) = start_of(progress, code, resumed);
        events.push(Event::Start { resumed, thrown: bits & state::THROWN != 0, line, at: shown });
        if !resumed {
            progress.line.set(0);
        }
    }
    let last = progress.at.replace(at);
    if !starts && at != last + 1 {
        let before = code.code.instrs[last as usize * 2 + 1];
        if before.op == Op::Jump {
            events.push(Event::Jump(last));
        } else if is_branch(before.op) {
            events.push(Event::Branch(last, true));
            if before.op == Op::ForIter && progress.over_generator.get() {
                let line = code.tracing.lines.get(last as usize).copied().unwrap_or(0);
                let exception = end_of_generator(vm, vm.returned.get().unwrap_or_default());
                events.push(Event::StopIteration(exception, line, last));
            }
        }
    } else if !starts && code.code.instrs[last as usize * 2 + 1].op == Op::YieldFrom {
        if progress.over_generator.replace(false) {
            let line = code.tracing.lines.get(last as usize).copied().unwrap_or(0);
            let result = base + u32::from(code.code.instrs[last as usize * 2 + 1].a);
            // SAFETY: a register of the live window.
            let exception = end_of_generator(vm, unsafe { (*thread.register(result)).clone() });
            events.push(Event::StopIteration(exception, line, last));
        }
    } else if !starts && is_branch(code.code.instrs[last as usize * 2 + 1].op) {
        events.push(Event::Branch(last, false));
    }
    // Going back to the head of a loop counts once, on arrival.
    let returns = instr.op == Op::Jump && {
        let distance = instr.operands().next().map_or(0, |(_, distance)| i64::from(distance) / 2);
        let target = i64::from(at) + 1 + distance;
        distance < 0 && code.tracing.lines.get(target as usize) == Some(&line)
    };
    let again = !starts && at <= last;
    let mut known = progress.line.get();
    let jumped = !starts && at != last + 1;
    for mark in &original(code).code.line_marks {
        let passed = match *mark {
            LineMark::Through { at: jump, line } if jumped && jump == last => line,
            LineMark::Before { at: place, line, falls, jumped: by_jump }
                if place == at && if jumped { by_jump } else { falls } =>
            {
                line
            }
            _ => continue,
        };
        if passed != known || again {
            events.push(Event::Line(passed));
        }
        known = passed;
    }
    if line != 0 && !returns && (line != known || again) {
        events.push(Event::Line(line));
    }
    events.push(Event::Opcode);
    // SAFETY (all): operands name registers of the live window.
    let mut register = |index: u16| unsafe { (*thread.register(base + u32::from(index))).clone() };
    match instr.op {
        Op::ForIter => {
            let is_generator = register(instr.b).downcast_exact::<crate::types::generator::Generator>().is_some();
            progress.over_generator.set(is_generator);
        }
        Op::YieldFrom => {
            use crate::types::generator::{Coroutine, Generator};
            let from = register(instr.b);
            let is_generator = from.downcast_exact::<Generator>().is_some()
                || from.downcast_exact::<Coroutine>().is_some()
                || from.downcast_exact::<crate::types::async_generator::Asend>().is_some();
            progress.over_generator.set(is_generator);
        }
        Op::Return => events.push(Event::Return(register(instr.a), false)),
        Op::ReturnNone => events.push(Event::Return(Value::NONE, false)),
        Op::Yield => events.push(Event::Return(register(instr.b), true)),
        Op::Call | Op::CallKw => {
            let first = if instr.c > 0 { register(instr.b + 1) } else { Value::UNBOUND };
            let callee = register(instr.b);
            push_call(&mut events, vm, callee, first);
        }
        Op::CallMethod | Op::CallMethodKw => {
            let (method, object) = (register(instr.b), register(instr.b + 1));
            if method.is_unbound() {
                let first = if instr.c > 0 { register(instr.b + 2) } else { Value::UNBOUND };
                push_call(&mut events, vm, object, first);
            } else {
                push_call(&mut events, vm, method, object);
            }
        }
        Op::CallEx => {
            let (callee, args) = (register(instr.b), register(instr.b + 1));
            let first = args.downcast::<Tuple>().and_then(|args| args.items().first().cloned());
            push_call(&mut events, vm, callee, first.unwrap_or(Value::UNBOUND));
        }
        _ => {}
    }
    let reached = events.iter().rev().find_map(|event| if let Event::Line(line) = event { Some(*line) } else { None });
    let mut wanted = wanted(vm, thread, &object, code);
    if events.iter().any(|event| matches!(event, Event::Start { .. }) && wanted.is_interested(event)) {
        // Whoever is told of the start may ask for what happens at the same place.
        wanted.monitoring |= monitoring::LOCAL;
    }
    events.retain(|event| wanted.is_interested(event));
    if let Some(line) = reached {
        progress.line.set(line);
    } else if line != 0 && !returns {
        progress.line.set(line);
    }
    if matches!(instr.op, Op::Return | Op::ReturnNone | Op::Yield) {
        progress.state.set(progress.state.get() | state::REPORTED);
    }
    if !events.is_empty() {
        let future = tell(vm.handle(), object, events, at);
        push(vm, thread, Box::pin(async move { future.await.map(|()| Value::NONE) }));
    }
    super::Flow::Continue
}

/// The exception that the end of a generator is reported with.
fn end_of_generator(vm: &Vm, returned: Value) -> Value {
    let args = if returned.is_none() || returned.is_unbound() { Vec::new() } else { vec![returned] };
    crate::errors::Exc::StopIteration.instance(vm, args)
}

fn push(vm: &Vm, thread: &mut Thread, future: crate::vm::NativeFuture) {
    if thread.push_native(vm, future, Frame::TRACE | Frame::COMPLETE).is_err() {
        // Too deep to tell anybody.
        vm.raised.set(None);
    }
}

fn is_branch(op: Op) -> bool {
    use Op::*;
    matches!(
        op,
        JumpIf
            | JumpIfNone
            | JumpLt
            | JumpLe
            | JumpGt
            | JumpGe
            | JumpEq
            | JumpNe
            | JumpIs
            | JumpIn
            | JumpLtImm
            | JumpLeImm
            | JumpGtImm
            | JumpGeImm
            | JumpEqImm
            | JumpNeImm
            | ForIter
    )
}

/// Adds the event of a call. What counts as native are functions and methods of Rust, not classes.
fn push_call(events: &mut Vec<Event>, vm: &Vm, callee: Value, first: Value) {
    if callee.downcast_exact::<NativeFunction>().is_some() {
        events.push(Event::Call(callee, first, true));
        return;
    }
    if callee.downcast_exact::<MethodDescriptor>().is_some() && !first.is_unbound() {
        // Reported bound, as the profiler sees it.
        let bound = vm.type_of(&callee).slots().descr_get.and_then(|get| {
            let result = get(vm, &callee, Some(&first), vm.class_of(&first).as_value());
            result.inspect_err(|_| drop((vm.take_deferral(), vm.raised.take()))).ok()
        });
        events.push(Event::Call(bound.unwrap_or(callee), first, true));
        return;
    }
    events.push(Event::Call(callee, first, false));
}

/// Who is interested in what, at one place.
struct Wanted {
    trace: bool,
    local: bool,
    lines: bool,
    opcodes: bool,
    profile: bool,
    monitoring: u32,
}

fn wanted(vm: &Vm, thread: &Thread, object: &FrameObject, code: &CodeObject) -> Wanted {
    let trace = !thread.tracing.trace.is_none();
    let local = trace && !object.trace.borrow().is_none();
    Wanted {
        trace,
        local,
        lines: object.trace_lines.get(),
        opcodes: object.trace_opcodes.get(),
        profile: !thread.tracing.profile.is_none(),
        monitoring: vm.extension::<Monitoring>().events_of(original(code)),
    }
}

impl Wanted {
    fn is_interested(&self, event: &Event) -> bool {
        let traced = match event {
            Event::Start { .. } => self.trace || self.profile,
            // A function that `call` is about to install may want them.
            Event::Line(_) => self.trace && self.lines,
            Event::Opcode => self.trace && self.opcodes,
            Event::Return(..) | Event::Unwind(_) => self.trace || self.profile,
            Event::Raise(_, again) => self.local && !again,
            Event::StopIteration(..) => self.local,
            Event::Call(_, _, native) => self.profile && *native,
            Event::NativeReturn(_) | Event::NativeRaise(_) => self.profile,
            Event::Handled(_) | Event::Jump(_) | Event::Branch(..) => false,
        };
        traced || self.monitoring & monitoring::bits(event) != 0
    }
}

/// Keeps trace functions from being traced.
struct Quiet(VmRef, u64);

impl Quiet {
    fn new(vm: VmRef) -> Quiet {
        let id = vm.threads.current_id();
        if let Some(thread) = vm.threads.find(id) {
            thread.tracing.quiet += 1;
        }
        Quiet(vm, id)
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        if let Some(thread) = self.0.threads.find(self.1) {
            thread.tracing.quiet = thread.tracing.quiet.saturating_sub(1);
        }
    }
}

/// Tells everybody, the tools of `sys.monitoring` first, then the profiler, then the tracer.
async fn tell(vm: VmRef, frame: Ref<FrameObject>, events: Vec<Event>, at: u32) -> PyResult<()> {
    let quiet = Quiet::new(vm);
    for event in events {
        if vm.extension::<Monitoring>().is_on() {
            show(&frame, &event);
            // A debugger may send the frame to another line only from one.
            frame.progress.event.set(if matches!(event, Event::Line(_)) { "line" } else { "call" });
            let result = monitoring::tell(vm, &frame, &event, at).await;
            frame.progress.event.set("");
            frame.progress.shown_line.set(0);
            result?;
        }
        if let Event::Call(function, _, true) = &event {
            frame.progress.native_call.set(Some(function.clone()));
        }
        tell_profiler(vm, &frame, &event).await?;
        tell_tracer(vm, &frame, &event).await?;
        if matches!(event, Event::Line(_)) && frame.progress.moved.replace(false) {
            // The tracer has sent the frame elsewhere.
            break;
        }
    }
    drop(quiet);
    Ok(())
}

async fn tell_profiler(vm: VmRef, frame: &Ref<FrameObject>, event: &Event) -> PyResult<()> {
    let (what, argument) = match event {
        Event::Start { .. } => ("call", Value::NONE),
        Event::Return(value, _) => ("return", value.clone()),
        Event::Unwind(_) => ("return", Value::NONE),
        Event::Call(function, _, true) => ("c_call", function.clone()),
        Event::NativeReturn(function) => ("c_return", function.clone()),
        Event::NativeRaise(function) => ("c_exception", function.clone()),
        _ => return Ok(()),
    };
    let Some(profile) = current(&vm).map(|thread| thread.tracing.profile.clone()).filter(|it| !it.is_none()) else {
        return Ok(());
    };
    if let Event::Start { line, at, .. } = event {
        frame.progress.shown_line.set(*line);
        frame.progress.shown_at.set(*at);
    }
    let result = vm.call(&profile, vec![frame.value(), Value::from_str(what), argument]).await;
    frame.progress.shown_line.set(0);
    if let Err(raised) = result {
        if let Some(thread) = current(&vm) {
            thread.tracing.profile = Value::NONE;
        }
        update(&vm);
        return Err(raised);
    }
    Ok(())
}

/// An instruction of the line, if possible `at`; for lines without any, the number that `co_lines` gives their mark.
fn place_of(code: &snakelet_bytecode::Code, at: u32, line: u32) -> u32 {
    let mut first = None;
    let mut start = 0;
    for (count, position) in code.positions.runs() {
        if position.line == line {
            first = first.or(Some(start as u32));
            if (start..start + count).contains(&(at as usize)) {
                return at;
            }
        }
        start += count;
    }
    let of_line = |mark: &LineMark| matches!(*mark, LineMark::Before { line: own, .. } | LineMark::Through { line: own, .. } if own == line);
    let mark = code.line_marks.iter().position(of_line);
    first.or(mark.map(|mark| (code.instrs.len() + 1 + mark) as u32)).unwrap_or(at)
}

/// Lets the frame show the place that an event belongs to.
fn show(frame: &FrameObject, event: &Event) {
    if let Event::Start { line, at, .. } | Event::StopIteration(_, line, at) = event {
        frame.progress.shown_line.set(*line);
        frame.progress.shown_at.set(*at);
    }
    match event {
        Event::Line(line) => frame.progress.shown_line.set(*line),
        Event::Return(..) | Event::Unwind(_) => frame.progress.shown_line.set(frame.progress.line.get()),
        _ => {}
    }
    if matches!(event, Event::Line(_) | Event::Return(..) | Event::Unwind(_)) {
        let code = frame.function.code.get();
        frame.progress.shown_at.set(place_of(&code.code, frame.progress.at.get(), frame.progress.shown_line.get()));
    }
}

async fn tell_tracer(vm: VmRef, frame: &Ref<FrameObject>, event: &Event) -> PyResult<()> {
    let global = match current(&vm) {
        Some(thread) if !thread.tracing.trace.is_none() => thread.tracing.trace.clone(),
        _ => return Ok(()),
    };
    let local = frame.trace.get();
    let (what, function, argument) = match event {
        Event::Start { .. } => ("call", global, Value::NONE),
        Event::Line(_) if frame.trace_lines.get() => ("line", local, Value::NONE),
        Event::Opcode if frame.trace_opcodes.get() => ("opcode", local, Value::NONE),
        Event::Return(value, _) => ("return", local, value.clone()),
        Event::Unwind(_) => ("return", local, Value::NONE),
        Event::Raise(exception, false) | Event::StopIteration(exception, ..) => {
            let class = vm.class_of(exception).into_value();
            let traceback = exception.downcast::<BaseException>().map_or(Value::NONE, |error| error.traceback.get());
            ("exception", local, Value::from_tuple(vec![class, exception.clone(), traceback]))
        }
        _ => return Ok(()),
    };
    if function.is_none() {
        return Ok(());
    }
    frame.progress.event.set(if matches!(event, Event::Return(_, true)) { "yield" } else { what });
    show(frame, event);
    let result = vm.call(&function, vec![frame.value(), Value::from_str(what), argument]).await;
    frame.progress.event.set("");
    frame.progress.shown_line.set(0);
    match result {
        Ok(value) => {
            if !value.is_none() {
                frame.trace.set(value);
            }
            Ok(())
        }
        Err(raised) => {
            if let Some(thread) = current(&vm) {
                thread.tracing.trace = Value::NONE;
            }
            frame.trace.set(Value::NONE);
            update(&vm);
            Err(raised)
        }
    }
}

/// The top frame is about to suspend. `true`: somebody is told first, and it will come here again.
pub(super) fn suspending(vm: &Vm, thread: &mut Thread, value: &Value) -> bool {
    let top = thread.frames.len() - 1;
    let object = thread.frame_object(top);
    let frame = &thread.frames[top];
    let progress = &object.progress;
    let bits = progress.state.get();
    if bits & state::REPORTED != 0 {
        progress.state.set(bits & !state::REPORTED);
        return false;
    }
    // SAFETY: the frame's function keeps its code, and that its shadow, alive.
    let code = unsafe { &*frame.code };
    if frame.current().op != Op::YieldFrom || !is_watched(vm, thread, code) {
        return false;
    }
    let event = Event::Return(value.clone(), true);
    if !wanted(vm, thread, &object, code).is_interested(&event) {
        return false;
    }
    progress.state.set(bits | state::REPORTED);
    let (value, at) = (value.clone(), frame.instruction());
    let future = tell(vm.handle(), object, vec![event], at);
    thread.push_native(vm, Box::pin(async move { future.await.map(|()| value) }), Frame::COMPLETE).is_ok()
}

/// An exception has come to the top frame. `true`: somebody is told first, and it will come here again.
pub(super) fn unwinding(vm: &Vm, thread: &mut Thread, exception: &Value, is_new: bool) -> bool {
    let top = thread.frames.len() - 1;
    let object = thread.frame_object(top);
    let frame = &thread.frames[top];
    let progress = &object.progress;
    let bits = progress.state.get();
    // SAFETY: the frame's function keeps its code, and that its shadow, alive.
    let code = unsafe { &*frame.code };
    if bits & state::REPORTED != 0 && bits & state::STARTED != 0 && progress.unwinding.replace(false) {
        progress.state.set(bits & !state::REPORTED);
        return false;
    }
    if !is_watched(vm, thread, code) {
        return false;
    }
    let at = frame.pc.wrapping_sub(1);
    let handled = code.code.handlers.iter().any(|handler| handler.start <= at && at < handler.end);
    let mut events = Vec::new();
    if bits & state::STARTED == 0 {
        let resumed = bits & state::RESUMED != 0;
        let (line, at) = start_of(progress, code, resumed);
        events.push(Event::Start { resumed, thrown: bits & state::THROWN != 0, line, at });
    }
    if let Some(function) = progress.native_call.take() {
        events.push(Event::NativeRaise(function));
    }
    events.push(Event::Raise(exception.clone(), !is_new));
    events.push(if handled { Event::Handled(exception.clone()) } else { Event::Unwind(exception.clone()) });
    let mut wanted = wanted(vm, thread, &object, code);
    if events.iter().any(|event| matches!(event, Event::Start { .. }) && wanted.is_interested(event)) {
        // Whoever is told of the start may ask for what happens at the same place.
        wanted.monitoring |= monitoring::LOCAL;
    }
    events.retain(|event| wanted.is_interested(event));
    if events.is_empty() {
        return false;
    }
    progress.state.set(bits | state::STARTED | state::REPORTED);
    progress.unwinding.set(true);
    let (handle, exception, at) = (vm.handle(), exception.clone(), frame.instruction());
    let future = async move {
        let told = tell(handle, object.clone(), events, at).await;
        if let Err(raised) = told {
            object.progress.unwinding.set(false);
            return Err(raised);
        }
        Err(handle.reraise(exception))
    };
    if thread.push_native(vm, Box::pin(future), Frame::COMPLETE).is_err() {
        vm.raised.set(None);
        return false;
    }
    true
}

/// `f_trace` was set: a live frame reports from now on, if its thread is traced.
pub(crate) fn follow(vm: &Vm, object: &FrameObject) {
    let Some((id, index)) = object.live.get() else { return };
    let Some(thread) = vm.threads.find(u64::from(id)) else { return };
    if !thread.tracing.trace.is_none()
        && let Some(frame) = thread.frames.get_mut(index as usize)
    {
        object.progress.start_in_the_middle(frame);
        instrument(frame);
    }
}

/// `sys.settrace` and `sys.setprofile`, for one thread. Only while all frames' positions are written back.
pub(crate) fn set(vm: &Vm, id: u64, trace: Option<Value>, profile: Option<Value>) {
    let Some(thread) = vm.threads.find(id) else { return };
    if let Some(trace) = trace {
        thread.tracing.trace = trace;
    }
    if let Some(profile) = profile {
        thread.tracing.profile = profile;
    }
    follow_all(vm, thread);
    update(vm);
}

/// Frames that are running are watched from now on: all by a profiler, the tracer's by it.
fn follow_all(vm: &Vm, thread: &mut Thread) {
    let everything = !thread.tracing.profile.is_none();
    let traced = !thread.tracing.trace.is_none();
    for index in 0..thread.frames.len() {
        if thread.frames[index].is_native() || thread.frames[index].is_traced() {
            continue;
        }
        let known = thread.frames[index].extra.as_ref().and_then(|extra| extra.frame_object.clone());
        let asked = traced && known.is_some_and(|object| !object.trace.borrow().is_none());
        let monitored = vm.extension::<Monitoring>().events_of(thread.frames[index].code()) != 0;
        if everything || asked || monitored {
            let object = thread.frame_object(index);
            object.progress.start_in_the_middle(&thread.frames[index]);
            instrument(&mut thread.frames[index]);
        }
    }
}

/// The same for all threads, after a change of what `sys.monitoring` watches.
pub(crate) fn monitor_all(vm: &Vm) {
    for thread in vm.threads.list().iter_mut() {
        follow_all(vm, thread);
    }
    update(vm);
}

impl crate::types::frame::Progress {
    /// The frame is running already: its start is not reported any more.
    fn start_in_the_middle(&self, frame: &Frame) {
        if frame.is_native() || frame.is_traced() {
            return;
        }
        let at = frame.instruction();
        self.state.set(state::STARTED);
        self.at.set(at);
        let line = frame.code().code.positions.get(at as usize).map_or(0, |position| position.line);
        self.line.set(line);
    }
}

/// Assigning `f_lineno`: the frame goes on at another line. Allowed to the trace function of a `line` event. Answers how many
/// variables were given the value None, since the code that was skipped may have been to bind them.
pub(crate) fn jump_to_line(vm: &Vm, object: &Ref<FrameObject>, value: Option<&Value>) -> PyResult<usize> {
    let Some(value) = value else { return Err(vm.attribute_error("cannot delete attribute")) };
    let Some(wanted) = value.to_i64().filter(|_| value.is_int()) else {
        return Err(vm.value_error("lineno must be an integer"));
    };
    let Some(frame) = vm.live_frame(object).filter(|frame| frame.is_traced()) else {
        return Err(vm.value_error("f_lineno can only be set in a trace function"));
    };
    match object.progress.event.get() {
        "line" => {}
        "" => return Err(vm.value_error("f_lineno can only be set in a trace function")),
        "call" => return Err(vm.value_error("can't jump from the 'call' trace event of a new frame")),
        "yield" => return Err(vm.value_error("can't jump from a 'yield' statement")),
        _ => return Err(vm.value_error("can only jump from a 'line' trace event")),
    }
    // SAFETY: the frame's function keeps its code, and that its shadow, alive.
    let shadow = unsafe { &*frame.code };
    let plain = original(shadow);
    if wanted < i64::from(plain.code.first_line) {
        return Err(vm.value_error(format!("line {wanted} comes before the current code block")));
    }
    let lines = &shadow.tracing.lines;
    let line = lines.iter().copied().filter(|&line| i64::from(line) >= wanted).min();
    let Some(line) = line else {
        return Err(vm.value_error(format!("line {wanted} comes after the current code block")));
    };
    let stacks = snakelet_bytecode::live_temporaries(&plain.code);
    let at = frame.instruction() as usize;
    let Some(Some(here)) = stacks.get(at) else {
        return Err(vm.value_error("cannot find bytecode for specified line"));
    };
    let mut problem = "cannot find bytecode for specified line";
    let starts = (0..lines.len()).filter(|&i| lines[i] == line && (i == 0 || lines[i - 1] != line));
    for target in starts {
        let Some(Some(there)) = stacks.get(target) else { continue };
        let strange = there.iter().find(|live| !here.contains(live));
        match strange {
            None => {
                let dropped: Vec<u16> =
                    here.iter().filter(|live| !there.contains(live)).map(|(register, _)| *register).collect();
                let saved = here.iter().find(|live| live.1 == Op::PushHandled && !there.contains(live));
                return move_to(vm, object, target as u32, dropped, saved.map(|live| live.0));
            }
            Some((_, Op::GetIter)) => problem = "can't jump into the body of a for loop",
            Some((_, Op::Raise | Op::PushHandled)) => {
                problem = "can't jump into an 'except' block as there's no exception";
            }
            Some(_) => problem = "incompatible stacks",
        }
    }
    Err(vm.value_error(problem))
}

/// Lets the frame go on at instruction `target`; the temporaries that do not live there are dropped.
fn move_to(
    vm: &Vm,
    object: &FrameObject,
    target: u32,
    dropped: Vec<u16>,
    saved_exception: Option<u16>,
) -> PyResult<usize> {
    let Some((id, index)) = object.live.get() else { return Ok(0) };
    let Some(thread) = vm.threads.find(u64::from(id)) else { return Ok(0) };
    let base = thread.frames[index as usize].base;
    if let Some(register) = saved_exception {
        // SAFETY: a register of the live window.
        let saved = unsafe { (*thread.register(base + u32::from(register))).clone() };
        thread.frames[index as usize].extra().handled = Some(saved).filter(|saved| !saved.is_none());
    }
    for register in dropped {
        let place = base + u32::from(register);
        thread.clear_registers(place, place + 1);
    }
    // Code is compiled on the assumption that what was assigned before is bound.
    let mut bound = 0;
    for at in 0..thread.frames[index as usize].code().varnames.len() as u32 {
        // SAFETY: a register of the live window; nobody borrows it while an async native runs.
        let register = unsafe { &mut *thread.register(base + at) };
        if register.is_unbound() {
            *register = Value::NONE;
            bound += 1;
        } else if let Some(cell) = register.downcast_exact::<crate::types::cell::CellObject>()
            && cell.contents.borrow().is_unbound()
        {
            cell.contents.set(Value::NONE);
            bound += 1;
        }
    }
    let frame = &mut thread.frames[index as usize];
    frame.pc = target * 2;
    // The line that the tracer chose is not reported to it.
    let line = frame.code().tracing.lines.get(target as usize).copied().unwrap_or(0);
    object.progress.line.set(line);
    object.progress.at.set(target.saturating_sub(1));
    object.progress.over_generator.set(false);
    object.progress.moved.set(true);
    Ok(bound)
}
