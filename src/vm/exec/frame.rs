//! Frames: windows on the thread's registers, or suspended natives.

use snakelet_bytecode::Instr;

use crate::Value;
use crate::deferral::Then;
use crate::object::{Object, Ref};
use crate::types::code::CodeObject;
use crate::types::frame::FrameObject;
use crate::types::function::Function;
use crate::vm::NativeFuture;

/// One activation on a thread's stack.
pub struct Frame {
    /// The function object; None for a native frame.
    pub function: Value,
    /// The code being run; null for a native frame. The function keeps it alive (or `extra.code`, if that was exchanged).
    pub code: *const CodeObject,
    /// Index of the first register.
    pub base: u32,
    /// Index of the next instruction.
    pub pc: u32,
    /// What is owed when the frame ends; see the constants.
    pub flags: u16,
    /// The register of the calling frame that receives the result, if `flags` is 0.
    pub dst: u16,
    /// INIT: the new instance. GENERATOR: the generator object.
    pub owed: Value,
    /// The continuation of a native frame.
    pub native: Option<NativeFuture>,
    /// What few frames have.
    pub extra: Option<Box<Extra>>,
}

/// The rarely used part of a frame.
#[derive(Default)]
pub struct Extra {
    /// The exception being handled; None outside handlers.
    pub handled: Option<Value>,
    /// The namespace of a class body or `exec`, if it is not the globals.
    pub namespace: Option<Value>,
    /// The frame made visible to Python.
    pub frame_object: Option<Ref<FrameObject>>,
    /// See [`Frame::THEN`].
    pub(crate) then: Option<Then>,
}

impl Frame {
    /// The result must be None; what is delivered is the instance in `owed`.
    pub const INIT: u16 = 1;
    /// The registers belong to the generator in `owed` and go back to it.
    pub const GENERATOR: u16 = 2;
    /// The result is thrown away and the frame below continues where it is (finalisers, trace functions).
    pub const DISCARD: u16 = 4;
    /// The result is delivered by the instruction that waits for it, not simply stored in `dst`.
    pub const COMPLETE: u16 = 8;
    /// A generator's frame that hands items over in bulk: `dst` is the `Keep` that tells which (see `resume`).
    pub const GATHER: u16 = 16;
    /// A native that calls trace functions: unless it raises, the frame below goes on where it is.
    pub const TRACE: u16 = 32;
    /// A generator's frame that `next()` put on the caller's: at its end StopIteration is raised, or the caller's register `dst`
    /// has the default. `u16::MAX`: there is none.
    pub const NEXT: u16 = 64;
    /// What the frame returns, raises or yields goes through `extra.then` first.
    pub const THEN: u16 = 128;

    pub fn is_native(&self) -> bool {
        self.code.is_null()
    }

    /// Whether a Python frame runs a function of the layers under `io`'s streams, see `files::layers`.
    pub fn is_layer(&self) -> bool {
        &*self.code().code.filename == crate::files::layers::FILE
    }

    /// The code of a Python frame.
    #[inline(always)]
    pub fn code(&self) -> &CodeObject {
        debug_assert!(!self.code.is_null());
        // SAFETY: the frame's function keeps its code alive.
        unsafe { &*self.code }
    }

    /// Whether the names of module-level code are the globals'.
    #[inline(always)]
    pub fn has_no_namespace(&self) -> bool {
        self.extra.as_ref().is_none_or(|extra| extra.namespace.is_none())
    }

    /// The function of a Python frame.
    #[inline(always)]
    pub fn function(&self) -> &Function {
        debug_assert!(self.function.downcast_exact::<Function>().is_some());
        // SAFETY: only asked of Python frames, which hold a function.
        unsafe { &(*(self.function.bits() as usize as *const Object<Function>)).payload }
    }

    /// The instruction being executed, or that waits for a result.
    #[inline(always)]
    pub fn current(&self) -> Instr {
        debug_assert!(self.pc > 0);
        // SAFETY: the position lies in the code, behind the instruction in question.
        unsafe { *self.code().first.add(self.pc as usize - 1) }
    }

    /// The index of that instruction, in the code as it was compiled; 0 before the first.
    #[inline]
    pub fn instruction(&self) -> u32 {
        let at = self.pc.saturating_sub(1);
        if self.is_traced() { at / 2 } else { at }
    }

    /// Whether it runs a copy of the code that reports what it does.
    #[inline]
    pub fn is_traced(&self) -> bool {
        !self.is_native() && self.code().tracing.original.is_some()
    }

    /// Number of registers.
    #[inline(always)]
    pub fn size(&self) -> u32 {
        if self.is_native() { 0 } else { self.code().register_count }
    }

    /// What is to be done with the frame's outcome.
    #[inline]
    pub(crate) fn take_then(&mut self) -> Option<Then> {
        if self.flags & Frame::THEN == 0 { None } else { self.extra.as_mut()?.then.take() }
    }

    pub fn extra(&mut self) -> &mut Extra {
        self.extra.get_or_insert_default()
    }

    /// The exception this frame is handling.
    pub fn handled(&self) -> Option<&Value> {
        self.extra.as_ref()?.handled.as_ref()
    }
}
