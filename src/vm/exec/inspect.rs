//! What running Python code can see of the frames it runs in.

use snakelet_bytecode::CodeFlags;

use super::frame::Frame;
use crate::types::cell::CellObject;
use crate::types::code::CodeObject;
use crate::types::dict::Dict;
use crate::types::frame::FrameObject;
use crate::types::function::Function;
use crate::types::generator::{State, body};
use crate::{Native, PyResult, Ref, Value, Vm};

impl Vm {
    /// The function of the innermost Python frame.
    pub fn calling_function(&self) -> Option<Value> {
        self.python_frame(0).map(|frame| frame.function.clone())
    }

    /// The Python frame `depth` levels out from the innermost one.
    #[expect(clippy::mut_from_ref, reason = "the frame belongs to the thread, not to the interpreter's state")]
    pub(crate) fn python_frame(&self, depth: usize) -> Option<&mut Frame> {
        let thread = self.threads.current();
        if thread.is_null() {
            return None;
        }
        // SAFETY: the current thread lives while it runs, and plain natives do not push or pop frames.
        unsafe { (*thread).frames.iter_mut().rev().filter(|frame| !frame.is_native()).nth(depth) }
    }

    /// The frame object of the Python frame `depth` levels out (`sys._getframe`).
    pub fn frame_object(&self, depth: usize) -> Option<Ref<FrameObject>> {
        let thread = self.threads.current();
        if thread.is_null() {
            return None;
        }
        // SAFETY: as above.
        let thread = unsafe { &mut *thread };
        let index = (0..thread.frames.len()).rev().filter(|&index| !thread.frames[index].is_native()).nth(depth)?;
        Some(thread.frame_object(index))
    }

    /// The namespace of the innermost Python frame, as `locals()` shows it: the real one of a module or class body, a snapshot of a
    /// function's variables.
    pub fn current_locals(&self) -> Option<Value> {
        let thread = self.threads.current();
        if thread.is_null() {
            return None;
        }
        // SAFETY: as above.
        let thread = unsafe { &mut *thread };
        let index = (0..thread.frames.len()).rev().find(|&index| !thread.frames[index].is_native())?;
        locals_at(thread, index)
    }

    /// Code that a function gives up may be running: its frames do not own it.
    pub(crate) fn keep_while_running(&self, code: Ref<CodeObject>) {
        #[derive(Default)]
        struct Kept(crate::VmCell<Vec<Ref<CodeObject>>>);
        let runs = |code: &CodeObject| {
            let is_it = |frame: &Frame| !frame.is_native() && std::ptr::eq(super::trace::original(frame.code()), code);
            self.threads.list().iter().any(|thread| thread.frames.iter().any(is_it))
        };
        let kept = self.extension::<Kept>().0.borrow_mut();
        kept.retain(|code| runs(code));
        if runs(&code) {
            kept.push(code);
        }
    }

    /// What a coroutine made now records of its origin: file, line and function of the innermost frames.
    #[cold]
    pub(super) fn origin(&self) -> Value {
        let frames = (0..self.origin_depth.get()).map_while(|depth| self.python_frame(depth));
        let entries = frames.map(|frame| {
            let code = frame.code();
            let position = code.code.positions.get(frame.instruction() as usize).unwrap_or_default();
            let line = Value::from_i64(i64::from(position.line));
            Value::from_tuple(vec![Value::from_str(&code.code.filename), line, code.name.clone()])
        });
        Value::from_tuple(entries.collect())
    }

    /// The globals of the innermost Python frame.
    pub fn current_globals(&self) -> Option<Ref<Dict>> {
        self.python_frame(0).map(|frame| frame.function().globals.clone())
    }

    /// The class and instance for `super()` without arguments.
    pub fn super_arguments(&self) -> PyResult<(Value, Value)> {
        let Some(frame) = self.python_frame(0) else { return Err(self.runtime_error("super(): no current frame")) };
        let code = frame.code();
        if code.code.arg_count == 0 {
            return Err(self.runtime_error("super(): no arguments"));
        }
        let thread = self.threads.current();
        // SAFETY: as above; register 0 belongs to the live window.
        let first = unsafe { (*(*thread).register(frame.base)).clone() };
        let first = match first.downcast_exact::<CellObject>() {
            Some(cell) if code.code.cell_registers.contains(&0) => cell.contents.get(),
            _ => first,
        };
        if first.is_unbound() {
            return Err(self.runtime_error("super(): arg[0] deleted"));
        }
        let Some(at) = code.code.freevars.iter().position(|name| &**name == "__class__") else {
            return Err(self.runtime_error("super(): __class__ cell not found"));
        };
        let class = super::ops::names::cell_contents(&frame.function().closure[at]).clone();
        if class.is_unbound() {
            return Err(self.runtime_error("super(): empty __class__ cell"));
        }
        Ok((class, first))
    }

    /// `gi_frame` and its relatives: the frame object of a generator that has not ended.
    pub(crate) fn generator_frame(&self, generator: &Value) -> Value {
        let Some(inner) = body(generator) else { return Value::NONE };
        match inner.state.get() {
            State::Finished => Value::NONE,
            State::Running => {
                let thread = self.threads.current();
                if thread.is_null() {
                    return Value::NONE;
                }
                // SAFETY: as above.
                let thread = unsafe { &mut *thread };
                match thread.frames.iter().position(|frame| frame.owed.is(generator)) {
                    Some(index) => thread.frame_object(index).into_value(),
                    None => Value::NONE,
                }
            }
            State::Created | State::Suspended => {
                let Some(function) = inner.function.borrow().to_ref() else { return Value::NONE };
                let extra = inner.extra.borrow_mut().get_or_insert_default();
                let object = extra.frame_object.get_or_insert_with(|| {
                    let object = FrameObject::new(function, Value::UNBOUND);
                    object.instruction.set(inner.pc.get().saturating_sub(1));
                    object.into_object()
                });
                object.locals.set(inner.registers.borrow().clone());
                object.is_suspended.set(inner.state.get() == State::Suspended);
                object.awaits_start.set(inner.state.get() == State::Created);
                object.value()
            }
        }
    }
}

/// The variables of Python frame `index` of a thread.
pub(crate) fn locals_at(thread: &mut super::Thread, index: usize) -> Option<Value> {
    let frame = thread.frames.get(index).filter(|frame| !frame.is_native())?;
    if !frame.code().has_flag(CodeFlags::OPTIMIZED) {
        return Some(super::ops::names::namespace(frame));
    }
    let (base, count) = (frame.base, frame.code().varnames.len() as u32);
    // SAFETY: registers of a live window.
    let registers: Vec<Value> =
        (base..base + count).map(|index| unsafe { (*thread.register(index)).clone() }).collect();
    Some(snapshot(&thread.frames[index], &registers).into_value())
}

/// The variables of a frame that has ended, or the namespace of a module or class body.
pub fn locals_of(frame: &FrameObject) -> Option<Ref<Dict>> {
    if let Some(namespace) = frame.namespace.borrow().to_ref::<Dict>() {
        return Some(namespace);
    }
    let code = frame.function.code.get();
    if !code.has_flag(CodeFlags::OPTIMIZED) {
        return Some(frame.function.globals.clone());
    }
    Some(variables(&code, &frame.function, frame.locals.borrow()))
}

fn snapshot(frame: &Frame, registers: &[Value]) -> Ref<Dict> {
    variables(frame.code(), frame.function(), registers)
}

/// A function's variables by name: parameters, locals, cells, free variables; unbound ones are left out.
fn variables(code: &CodeObject, function: &Function, registers: &[Value]) -> Ref<Dict> {
    let dict = Dict::new_object();
    for (name, value) in code.varnames.iter().zip(registers) {
        let value = match value.downcast_exact::<CellObject>() {
            Some(cell) => cell.contents.get(),
            None => value.clone(),
        };
        let hidden = name.as_text().is_some_and(|name| name.get(0) == Some('.' as u32));
        if !value.is_unbound() && !hidden {
            dict.set_str(name, value);
        }
    }
    for (name, cell) in code.code.freevars.iter().zip(function.closure.iter()) {
        let value = super::ops::names::cell_contents(cell).clone();
        if !value.is_unbound() && &**name != "__class__" {
            dict.set_text(name, value);
        }
    }
    dict
}
