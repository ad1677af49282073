//! Frame objects: a frame made visible to Python.

use std::cell::Cell;

use snakelet_bytecode::CodeFlags;
use snakelet_macros::{methods, native_type};

use crate::exec::frame::Extra;
use crate::object::{Ref, VmCell};
use crate::types::dict::Dict;
use crate::types::frame_locals::FrameLocalsProxy;
use crate::types::function::Function;
use crate::types::generator::{Coroutine, GeneratorBody, body};
use crate::{Native, PyResult, Value, Vm, VmRef};

/// The payload of frame objects.
#[native_type(name = "frame")]
pub struct FrameObject {
    /// The function (for modules and class bodies one made for the purpose).
    pub function: Ref<Function>,
    /// The namespace of a class body or module; unbound for functions.
    pub namespace: VmCell<Value>,
    /// The frame that called this one, or None.
    pub back: VmCell<Value>,
    /// The registers of a frame that has ended; empty while it runs.
    pub locals: VmCell<Vec<Value>>,
    /// While it runs: its thread's number and its index there.
    pub live: Cell<Option<(u32, u32)>>,
    /// Index of the instruction last executed, once it has ended.
    pub instruction: Cell<u32>,
    /// What was written to `f_locals` under names that are no variables.
    pub extra_locals: VmCell<Option<Ref<Dict>>>,
    /// It belongs to a generator that waits.
    pub is_suspended: Cell<bool>,
    /// It belongs to a generator that had not started when it was asked for.
    pub awaits_start: Cell<bool>,
    /// `clear` was called.
    pub is_cleared: Cell<bool>,
    /// `f_trace`
    pub trace: VmCell<Value>,
    pub trace_lines: Cell<bool>,
    pub trace_opcodes: Cell<bool>,
    #[skip_traverse]
    pub(crate) progress: Progress,
}

/// How far a traced frame has come.
#[derive(Default)]
pub(crate) struct Progress {
    /// The line and instruction last reported.
    pub line: Cell<u32>,
    pub at: Cell<u32>,
    /// Bits of `exec::trace`.
    pub state: Cell<u8>,
    /// While the trace function is told of a line: it may set `f_lineno`.
    pub event: Cell<&'static str>,
    /// The line to show while a start is reported; else 0.
    pub shown_line: Cell<u32>,
    /// The instruction to show with it.
    pub shown_at: Cell<u32>,
    /// The loop that was reached last is over a generator.
    pub over_generator: Cell<bool>,
    /// The native function that was called last and has not returned.
    pub native_call: VmCell<Option<Value>>,
    /// The trace function has sent the frame to another line.
    pub moved: Cell<bool>,
    /// The exception on its way has been reported.
    pub unwinding: Cell<bool>,
}

impl Progress {
    /// As the line to show: 0, that of a module before its first instruction.
    pub const NO_LINE: u32 = u32::MAX;
}

impl FrameObject {
    /// One for a function's frame that is not live.
    pub(crate) fn new(function: Ref<Function>, namespace: Value) -> FrameObject {
        FrameObject {
            function,
            namespace: VmCell::new(namespace),
            back: VmCell::default(),
            locals: VmCell::default(),
            live: Cell::new(None),
            instruction: Cell::new(0),
            extra_locals: VmCell::default(),
            is_suspended: Cell::new(false),
            awaits_start: Cell::new(false),
            is_cleared: Cell::new(false),
            trace: VmCell::default(),
            trace_lines: Cell::new(true),
            trace_opcodes: Cell::new(false),
            progress: Progress::default(),
        }
    }

    /// Index of the instruction being executed or last executed.
    pub fn current_instruction(&self, vm: &Vm) -> u32 {
        vm.live_frame(self).map_or(self.instruction.get(), |frame| frame.instruction())
    }

    /// The line being executed or last executed.
    pub fn line(&self, vm: &Vm) -> u32 {
        let code = self.function.code.get();
        match self.progress.shown_line.get() {
            0 => {}
            Progress::NO_LINE => return 0,
            line => return line,
        }
        let position = code.code.positions.get(self.current_instruction(vm) as usize);
        position.map_or(code.code.first_line, |position| position.line)
    }
}

#[methods]
impl FrameObject {
    #[slot(repr)]
    fn repr(vm: &Vm, this: &Value) -> PyResult {
        let Some(frame) = this.downcast::<FrameObject>() else { return Ok(Value::NONE) };
        let code = frame.function.code.get();
        let (file, line, name) = (&code.code.filename, frame.line(vm), &code.code.name);
        let file = Value::from_str(file);
        let (vm, id, name) = (vm.handle(), vm.id_of(this), name.to_string());
        Err(vm.defer(async move {
            let file = vm.repr(&file).await?.to_string_lossy();
            Ok(Value::from_str(&format!("<frame at {id:#x}, file {file}, line {line}, code {name}>")))
        }))
    }

    /// The frame that called this one, or None.
    #[getter("f_back")]
    fn back(vm: &Vm, this: &FrameObject) -> Value {
        vm.frame_back(this)
    }

    /// The code being run.
    #[getter("f_code")]
    fn code(this: &FrameObject) -> Value {
        this.function.code.get().into_value()
    }

    /// The variables: the namespace of a module or class body, a mapping that writes through to a function's.
    #[getter("f_locals")]
    fn locals(vm: &Vm, this: Ref<FrameObject>) -> Value {
        if this.function.code.borrow().has_flag(CodeFlags::OPTIMIZED) {
            return FrameLocalsProxy { frame: this }.into_value();
        }
        vm.frame_namespace(&this)
    }

    /// The global variables.
    #[getter("f_globals")]
    fn globals(this: &FrameObject) -> Value {
        this.function.globals.value()
    }

    /// The builtins.
    #[getter("f_builtins")]
    fn builtins(this: &FrameObject) -> Value {
        this.function.builtins.value()
    }

    /// The line being executed.
    #[getter("f_lineno")]
    async fn lineno(vm: VmRef, this: Ref<FrameObject>) -> Option<usize> {
        // The loop's position is in the frame only while it waits.
        let line = this.line(&vm) as usize;
        (line != 0 || this.progress.shown_line.get() == Progress::NO_LINE).then_some(line)
    }

    /// The offset of the instruction being executed.
    #[getter("f_lasti")]
    async fn lasti(vm: VmRef, this: Ref<FrameObject>) -> usize {
        if this.progress.shown_line.get() != 0 {
            return this.function.code.get().offset(this.progress.shown_at.get());
        }
        this.function.code.get().offset(this.current_instruction(&vm))
    }

    /// The generator or coroutine that the frame belongs to, or None.
    #[getter("f_generator")]
    fn generator(vm: &Vm, this: &FrameObject) -> Value {
        vm.live_frame(this)
            .filter(|frame| frame.flags & crate::exec::frame::Frame::GENERATOR != 0)
            .map_or(Value::NONE, |frame| frame.owed.clone())
    }

    #[setter("f_lineno")]
    async fn set_lineno(vm: VmRef, this: Ref<FrameObject>, value: Option<Value>) -> PyResult<()> {
        let bound = crate::exec::trace::jump_to_line(&vm, &this, value.as_ref())?;
        if bound > 0 {
            let s = if bound == 1 { "" } else { "s" };
            let message = format!("assigning None to {bound} unbound local{s}");
            crate::errors::warn::warn(vm, crate::errors::Exc::RuntimeWarning, &message, 0).await?;
        }
        Ok(())
    }

    /// The function that is told what the frame does, or None.
    #[getter("f_trace")]
    fn get_trace(this: &FrameObject) -> Value {
        this.trace.get()
    }

    #[setter("f_trace")]
    async fn set_trace(vm: VmRef, this: Ref<FrameObject>, value: Option<Value>) -> PyResult<()> {
        this.trace.set(value.unwrap_or_default());
        crate::exec::trace::follow(&vm, &this);
        Ok(())
    }

    /// Whether a trace function gets events for lines.
    #[getter("f_trace_lines")]
    fn get_trace_lines(this: &FrameObject) -> bool {
        this.trace_lines.get()
    }

    #[setter("f_trace_lines")]
    fn set_trace_lines(vm: &Vm, this: &FrameObject, value: Option<&Value>) -> PyResult<()> {
        set_flag(vm, &this.trace_lines, value)
    }

    /// Whether a trace function gets events for instructions.
    #[getter("f_trace_opcodes")]
    fn get_trace_opcodes(this: &FrameObject) -> bool {
        this.trace_opcodes.get()
    }

    #[setter("f_trace_opcodes")]
    fn set_trace_opcodes(vm: &Vm, this: &FrameObject, value: Option<&Value>) -> PyResult<()> {
        set_flag(vm, &this.trace_opcodes, value)
    }

    /// Drops the variables of a frame that has ended.
    #[method("clear(self, /)")]
    fn clear(vm: &Vm, this: &FrameObject) -> PyResult<()> {
        if vm.live_frame(this).is_some() {
            return Err(vm.runtime_error("cannot clear an executing frame"));
        }
        if this.is_suspended.get() {
            return Err(vm.runtime_error("cannot clear a suspended frame"));
        }
        this.is_cleared.set(true);
        drop(this.extra_locals.take());
        drop(this.locals.take());
        if !this.awaits_start.take() {
            return Ok(());
        }
        // A generator that never ran ends with its frame.
        let is_it = |extra: &Option<Box<Extra>>| {
            let object = extra.as_ref().and_then(|extra| extra.frame_object.as_ref());
            object.is_some_and(|object| std::ptr::eq(&raw const **object, this))
        };
        let objects = crate::object::collect::all_tracked();
        let Some(generator) = objects.into_iter().find(|object| body(object).is_some_and(|b| is_it(b.extra.borrow())))
        else {
            return Ok(());
        };
        if generator.downcast::<Coroutine>().is_some() {
            let vm = vm.handle();
            return Err(vm.defer(async move { crate::errors::unraisable::warn_never_awaited(vm, &generator).await }));
        }
        body(&generator).into_iter().for_each(GeneratorBody::finish);
        Ok(())
    }
}

fn set_flag(vm: &Vm, flag: &Cell<bool>, value: Option<&Value>) -> PyResult<()> {
    match value.and_then(Value::as_bool) {
        Some(value) => {
            flag.set(value);
            Ok(())
        }
        None => Err(vm.type_error("attribute value type must be bool")),
    }
}

impl Vm {
    /// The frame of a frame object, while it is on a thread's stack.
    pub(crate) fn live_frame(&self, object: &FrameObject) -> Option<&mut crate::exec::frame::Frame> {
        let (thread, index) = object.live.get()?;
        self.threads.find(thread as u64)?.frames.get_mut(index as usize).filter(|frame| !frame.is_native())
    }

    fn frame_back(&self, object: &FrameObject) -> Value {
        let Some((id, index)) = object.live.get() else { return object.back.get() };
        let Some(thread) = self.threads.find(id as u64) else { return Value::NONE };
        match (0..index as usize).rev().find(|&index| !thread.frames[index].is_native()) {
            Some(index) => thread.frame_object(index).into_value(),
            None => Value::NONE,
        }
    }

    /// Register `at` of a live frame.
    pub(crate) fn live_register(&self, object: &FrameObject, at: usize) -> Option<*mut Value> {
        let (id, index) = object.live.get()?;
        let thread = self.threads.find(u64::from(id))?;
        let frame = thread.frames.get(index as usize).filter(|frame| !frame.is_native())?;
        let base = frame.base;
        Some(thread.register(base + at as u32))
    }

    /// The namespace of a module's or class body's frame.
    fn frame_namespace(&self, object: &FrameObject) -> Value {
        let live = self.live_frame(object).map(|frame| crate::exec::frame_namespace(frame));
        live.unwrap_or_else(|| match object.namespace.get() {
            namespace if namespace.is_unbound() => object.function.globals.value(),
            namespace => namespace,
        })
    }
}
