//! Green threads: a stack of frames and a stack of registers each, and the scheduler's view of them.

use std::cell::Cell;
use std::rc::Rc;

use super::frame::Frame;
use super::trace;
use crate::host::{HostReply, RequestId};
use crate::object::VmCell;
use crate::types::code::CodeObject;
use crate::vm::{Answer, NativeFuture};
use crate::{PyResult, Value, Vm};

/// What a thread is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    Ready,
    /// Waits for the embedder's answer.
    Waiting(RequestId),
    /// Waits until another thread wakes it.
    Parked,
    Finished,
}

/// The number of the main thread.
pub const MAIN_ID: u64 = 1;

/// One thread of Python code.
pub struct Thread {
    /// `threading.get_ident()`.
    pub id: u64,
    pub(crate) frames: Vec<Frame>,
    registers: Registers,
    pub(crate) state: State,
    /// Python frames on the stack.
    pub(crate) depth: usize,
    /// Native frames on the stack.
    pub(crate) native_depth: usize,
    /// What the suspended native at the top gets when the thread goes on.
    pub(crate) answer: Option<Answer>,
    /// An exception to raise when the thread goes on.
    pub(crate) interrupt: Option<Value>,
    /// Whether its end is the end of the run.
    pub(crate) is_main: bool,
    pub(crate) tracing: trace::ThreadTracing,
}

/// The register stack. Every place holds a valid value; those above the live windows hold none that is counted.
struct Registers {
    memory: Vec<Value>,
}

impl Thread {
    pub(crate) fn new(id: u64, is_main: bool) -> Thread {
        Thread {
            id,
            frames: Vec::with_capacity(16),
            registers: Registers { memory: Vec::new() },
            state: State::Ready,
            depth: 0,
            native_depth: 0,
            answer: None,
            interrupt: None,
            is_main,
            tracing: trace::ThreadTracing::default(),
        }
    }

    /// The address of register `index`, counted from the stack's bottom.
    #[inline(always)]
    pub(crate) fn register(&mut self, index: u32) -> *mut Value {
        debug_assert!((index as usize) <= self.registers.memory.len());
        // SAFETY: `reserve` made the stack large enough for every window.
        unsafe { self.registers.memory.as_mut_ptr().add(index as usize) }
    }

    /// Makes sure that registers up to `end` exist. Addresses of registers change.
    #[inline(always)]
    pub(crate) fn reserve(&mut self, vm: &Vm, end: u32) -> PyResult<()> {
        if end as usize <= self.registers.memory.len() { Ok(()) } else { self.grow(vm, end) }
    }

    /// Whether registers up to `end` exist.
    #[inline(always)]
    pub(crate) fn has_registers(&self, end: u32) -> bool {
        end as usize <= self.registers.memory.len()
    }

    #[cold]
    fn grow(&mut self, vm: &Vm, end: u32) -> PyResult<()> {
        let memory = &mut self.registers.memory;
        let wanted = (end as usize + 256).max(memory.len() * 2);
        vm.check_memory((wanted - memory.len()) * 8)?;
        memory.try_reserve_exact(wanted - memory.len()).map_err(|_| vm.memory_error())?;
        memory.resize_with(wanted, || Value::UNBOUND);
        Ok(())
    }

    /// The first register above the top frame's window.
    #[inline]
    pub(crate) fn top(&self) -> u32 {
        self.frames.last().map_or(0, |frame| frame.base + frame.size())
    }

    /// Puts a native frame on the stack.
    pub(crate) fn push_native(&mut self, vm: &Vm, future: NativeFuture, flags: u16) -> PyResult<()> {
        if self.native_depth >= vm.recursion_limit.get().max(1000) {
            drop(future);
            return Err(vm.error(crate::errors::Exc::RecursionError, "maximum recursion depth exceeded"));
        }
        self.native_depth += 1;
        let base = self.top();
        self.frames.push(Frame {
            function: Value::NONE,
            code: std::ptr::null(),
            base,
            pc: 0,
            flags,
            dst: 0,
            owed: Value::NONE,
            native: Some(future),
            extra: None,
        });
        Ok(())
    }

    /// Puts a Python frame on the stack whose arguments already lie in its window, which starts at `base`. `bound` registers hold
    /// them, the other locals become unbound. The caller has counted the depth.
    #[inline(always)]
    pub(crate) fn push_python(
        &mut self,
        vm: &Vm,
        function: Value,
        code: *const CodeObject,
        base: u32,
        bound: u32,
        flags: u16,
        dst: u16,
    ) -> PyResult<()> {
        // SAFETY: the function keeps its code alive.
        let (register_count, local_count) = unsafe { ((*code).register_count, (*code).local_count) };
        self.reserve(vm, base + register_count)?;
        for index in bound..local_count {
            // SAFETY: the window was reserved; dead registers hold nothing counted.
            unsafe { self.register(base + index).write(Value::UNBOUND) };
        }
        self.frames.push(Frame {
            function,
            code,
            base,
            pc: 0,
            flags,
            dst,
            owed: Value::NONE,
            native: None,
            extra: None,
        });
        Ok(())
    }

    /// Counts one more Python frame and pushes it; see `push_python`. While something traces, `depth_check` is 0 and all calls go
    /// the slow way.
    #[inline(always)]
    #[expect(clippy::too_many_arguments, reason = "the parts of a frame")]
    pub(crate) fn push_call(
        &mut self,
        vm: &Vm,
        function: Value,
        code: *const CodeObject,
        base: u32,
        bound: u32,
        flags: u16,
        dst: u16,
    ) -> PyResult<()> {
        if self.depth >= vm.depth_check.get() {
            return self.push_call_slowly(vm, function, code, base, bound, flags, dst);
        }
        self.depth += 1;
        let pushed = self.push_python(vm, function, code, base, bound, flags, dst);
        if pushed.is_err() {
            self.depth -= 1;
        }
        pushed
    }

    #[cold]
    #[expect(clippy::too_many_arguments, reason = "the parts of a frame")]
    fn push_call_slowly(
        &mut self,
        vm: &Vm,
        function: Value,
        code: *const CodeObject,
        base: u32,
        bound: u32,
        flags: u16,
        dst: u16,
    ) -> PyResult<()> {
        self.enter(vm)?;
        if let Err(raised) = self.push_python(vm, function, code, base, bound, flags, dst) {
            self.depth -= 1;
            return Err(raised);
        }
        trace::entered(vm, self);
        Ok(())
    }

    /// Counts one more Python frame, or raises RecursionError.
    #[inline]
    pub(crate) fn enter(&mut self, vm: &Vm) -> PyResult<()> {
        if self.depth >= vm.recursion_limit.get() {
            return Err(vm.error(crate::errors::Exc::RecursionError, "maximum recursion depth exceeded"));
        }
        self.depth += 1;
        Ok(())
    }

    /// Drops what the registers `first..end` hold, the last first, as CPython clears a frame's variables.
    #[inline(always)]
    pub(crate) fn clear_registers(&mut self, first: u32, end: u32) {
        for index in (first..end).rev() {
            let register = self.register(index);
            // SAFETY: below the reserved end. Immediates may stay: dead registers only must hold nothing counted.
            unsafe {
                if (*register).is_object() {
                    *register = Value::UNBOUND;
                }
            }
        }
    }

    /// Takes the top frame off. Its registers are dropped, or kept by its frame object if somebody looks at that.
    pub(crate) fn pop(&mut self) -> Frame {
        let Some(mut frame) = self.frames.pop() else { unreachable!("popped more frames than were pushed") };
        if frame.is_native() {
            self.native_depth -= 1;
            return frame;
        }
        self.depth -= 1;
        if let Some(object) = frame.extra.as_mut().and_then(|extra| extra.frame_object.take()) {
            self.detach(&frame, object);
        }
        self.clear_registers(frame.base, frame.base + frame.size());
        frame
    }

    /// Takes the top frame off, a Python frame without extras whose registers have been moved away or cleared and whose depth
    /// has been counted off.
    #[inline(always)]
    pub(crate) fn pop_moved(&mut self) {
        debug_assert!(self.frames.last().is_some_and(|frame| frame.native.is_none() && frame.extra.is_none()));
        let length = self.frames.len() - 1;
        // SAFETY: there is a top frame; what it owns is dropped here but for the parts that are empty.
        unsafe {
            self.frames.set_len(length);
            let frame = self.frames.as_mut_ptr().add(length);
            let (function, owed) = ((&raw const (*frame).function).read(), (&raw const (*frame).owed).read());
            drop(function);
            drop(owed);
        }
    }

    /// The frame object outlives its frame: it takes over the locals.
    fn detach(&mut self, frame: &Frame, object: crate::Ref<crate::types::frame::FrameObject>) {
        object.live.set(None);
        object.instruction.set(frame.instruction());
        if object.as_value().header().is_some_and(|header| header.count() == 1) {
            return;
        }
        let count = frame.code().varnames.len() as u32;
        // SAFETY: the window is live.
        let locals = (frame.base..frame.base + count).map(|index| unsafe { (*self.register(index)).clone() }).collect();
        object.locals.set(locals);
        if let Some(parent) = self.frames.iter().rposition(|frame| !frame.is_native() && !frame.is_layer()) {
            object.back.set(self.frame_object(parent).into_value());
        }
    }

    /// The frame object of Python frame `index`, made at first use.
    pub(crate) fn frame_object(&mut self, index: usize) -> crate::Ref<crate::types::frame::FrameObject> {
        use crate::Native;
        let thread = self.id as u32;
        let frame = &mut self.frames[index];
        if let Some(object) = frame.extra.as_ref().and_then(|extra| extra.frame_object.clone()) {
            return object;
        }
        let Some(function) = frame.function.to_ref() else { unreachable!("only asked of Python frames") };
        let namespace = frame.extra.as_ref().and_then(|extra| extra.namespace.clone()).unwrap_or(Value::UNBOUND);
        let object = crate::types::frame::FrameObject::new(function, namespace);
        object.live.set(Some((thread, index as u32)));
        let object = object.into_object();
        frame.extra().frame_object = Some(object.clone());
        object
    }

    /// The exception being handled, looking outwards from the top frame.
    pub(crate) fn handled(&self) -> Option<Value> {
        self.frames.iter().rev().find_map(|frame| frame.handled().cloned())
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        while !self.frames.is_empty() {
            self.pop();
        }
    }
}

/// All threads of a session.
pub struct Threads {
    list: VmCell<Vec<Box<Thread>>>,
    current: Cell<*mut Thread>,
    next_id: Rc<Cell<u64>>,
    next_request: Rc<Cell<u32>>,
    /// Those of all interpreters of the session: a thread that waits for a pipe may be another interpreter's.
    family: Rc<VmCell<Vec<*const Threads>>>,
}

impl Drop for Threads {
    fn drop(&mut self) {
        let own: *const Threads = self;
        self.family.borrow_mut().retain(|&threads| !std::ptr::eq(threads, own));
    }
}

impl Threads {
    pub(crate) fn new() -> Threads {
        Threads {
            list: VmCell::default(),
            current: Cell::new(std::ptr::null_mut()),
            next_id: Rc::new(Cell::new(MAIN_ID + 1)),
            next_request: Rc::new(Cell::new(1)),
            family: Rc::default(),
        }
    }

    /// Those of an interpreter beside another: numbers are unique among both.
    pub(crate) fn beside(other: &Threads) -> Threads {
        Threads {
            list: VmCell::default(),
            current: Cell::new(std::ptr::null_mut()),
            next_id: other.next_id.clone(),
            next_request: other.next_request.clone(),
            family: other.family.clone(),
        }
    }

    /// Whether the session has another thread, in some interpreter, that may do something for this one. Those of one number are one.
    pub(crate) fn has_company(&self) -> bool {
        let me = self.current_id();
        // SAFETY: as in `wake`.
        self.family.borrow().iter().any(|&threads| unsafe { (*threads).list().iter().any(|thread| thread.id != me) })
    }

    /// To be called once the threads have their place for good.
    pub(crate) fn join_family(&self) {
        self.family.borrow_mut().push(self);
    }

    /// The running thread.
    #[inline(always)]
    pub(crate) fn current(&self) -> *mut Thread {
        self.current.get()
    }

    pub(crate) fn set_current(&self, thread: *mut Thread) {
        self.current.set(thread);
    }

    pub(crate) fn list(&self) -> &mut Vec<Box<Thread>> {
        self.list.borrow_mut()
    }

    pub(crate) fn next_request_id(&self) -> RequestId {
        let id = self.next_request.get();
        self.next_request.set(id.wrapping_add(1).max(1));
        RequestId(id)
    }

    /// A new thread that will run `future`. All runs of a session are one thread to Python, the main one: it keeps its context, its
    /// `threading.local` values and its locks from run to run. Only a run inside one that was set aside has a number of its own.
    pub(crate) fn spawn(&self, vm: &Vm, future: NativeFuture, is_main: bool) -> u64 {
        let id = if is_main && self.find(MAIN_ID).is_none() {
            MAIN_ID
        } else {
            self.next_id.replace(self.next_id.get() + 1)
        };
        self.start(id, vm, future, is_main);
        id
    }

    /// The same with a given number: a thread of another interpreter goes on in this one.
    pub(crate) fn spawn_as(&self, id: u64, vm: &Vm, future: NativeFuture) {
        self.start(id, vm, future, false);
    }

    fn start(&self, id: u64, vm: &Vm, future: NativeFuture, is_main: bool) {
        let mut thread = Box::new(Thread::new(id, is_main));
        if thread.push_native(vm, future, Frame::COMPLETE).is_err() {
            vm.raised.set(None);
        }
        self.list().push(thread);
    }

    /// The thread with this number.
    pub(crate) fn find(&self, id: u64) -> Option<&mut Thread> {
        self.list().iter_mut().find(|thread| thread.id == id).map(|thread| &mut **thread)
    }

    /// Drops a thread that has left the loop.
    pub(crate) fn remove(&self, id: u64) {
        if let Some(at) = self.list().iter().position(|thread| thread.id == id) {
            let thread = self.list().remove(at);
            if std::ptr::eq(self.current.get(), &raw const *thread) {
                self.current.set(std::ptr::null_mut());
            }
            drop(thread);
        }
    }

    /// Drops all threads.
    pub(crate) fn clear(&self) {
        self.current.set(std::ptr::null_mut());
        drop(std::mem::take(self.list()));
    }

    /// Wakes a parked thread, or one that sleeps for a limited time (`exec::wait`).
    pub fn wake(&self, id: u64) {
        for &threads in self.family.borrow().iter() {
            // SAFETY: threads leave the family before they are dropped, and do not move before that.
            unsafe { (*threads).wake_own(id) };
        }
    }

    fn wake_own(&self, id: u64) {
        let Some(thread) = self.find(id) else { return };
        match thread.state {
            State::Parked => thread.answer = Some(Answer::Value(Ok(Value::NONE))),
            State::Waiting(_) => thread.answer = Some(Answer::Host(HostReply::Done)),
            _ => return,
        }
        thread.state = State::Ready;
    }

    /// The number of the running thread.
    pub fn current_id(&self) -> u64 {
        let thread = self.current.get();
        // SAFETY: the current thread lives while it runs.
        if thread.is_null() { MAIN_ID } else { unsafe { (*thread).id } }
    }

    /// Delivers the embedder's answer. False if nobody waits for it.
    pub(crate) fn answer(&self, id: RequestId, reply: HostReply) -> bool {
        for thread in self.list().iter_mut() {
            if thread.state == State::Waiting(id) {
                thread.state = State::Ready;
                thread.answer = Some(Answer::Host(reply));
                return true;
            }
        }
        false
    }
}
