//! Generators, coroutines and async generators: one payload, three types. Methods are in `generator_methods` and
//! `async_generator`.

use std::cell::Cell;

use snakelet_macros::native_type;

use crate::exec::frame::Extra;
use crate::object::{Header, Ref, Traverse, Visitor, VmCell};
use crate::types::code::CodeObject;
use crate::{Native, Value};

/// Where a generator stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Called, never resumed.
    Created,
    Suspended,
    Running,
    Finished,
}

/// What a generator is resumed with.
pub enum Resume {
    Send(Value),
    /// An exception instance.
    Throw(Value),
}

/// Which items a native takes from a generator in bulk (`Vm::next_some`): those between which it does nothing that shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u16)]
pub enum Keep {
    All,
    /// Exact strs and what is no object: hashing runs no Python code and cannot fail.
    Hashable,
    /// Inline ints, floats and bools.
    Numbers,
    /// True values are dropped, others handed over.
    False,
    /// False values are dropped, others handed over.
    True,
    Nothing,
}

impl Keep {
    pub(crate) fn from_u16(n: u16) -> Keep {
        [Keep::All, Keep::Hashable, Keep::Numbers, Keep::False, Keep::True, Keep::Nothing][n as usize % 6]
    }
}

/// What a suspended generator keeps: its frame's registers and position.
pub struct GeneratorBody {
    pub state: Cell<State>,
    pub function: VmCell<Value>,
    pub code: Ref<CodeObject>,
    pub registers: VmCell<Vec<Value>>,
    pub pc: Cell<u32>,
    pub name: VmCell<Value>,
    pub qualname: VmCell<Value>,
    pub(crate) extra: VmCell<Option<Box<Extra>>>,
    /// Async generators: whether the hooks have been called, `aclose` runs, ...
    pub hooks_called: Cell<bool>,
    pub closing: Cell<bool>,
    /// Async generators: an `asend`/`athrow` awaitable is being driven.
    pub driving: Cell<bool>,
    /// Async generators: the finaliser hook. Coroutines: where they were made, if that is recorded.
    pub hook_or_origin: VmCell<Value>,
    /// The items yielded so far to a native that takes them in bulk. Only there while it waits.
    pub(crate) gathered: VmCell<Vec<Value>>,
}

impl Traverse for GeneratorBody {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.function.traverse(visitor);
        self.registers.traverse(visitor);
        self.hook_or_origin.traverse(visitor);
        if let Some(extra) = self.extra.borrow() {
            extra.handled.traverse(visitor);
            extra.namespace.traverse(visitor);
        }
    }

    fn clear_shared(&self) {
        self.state.set(State::Finished);
        drop(self.registers.take());
        drop(self.extra.take());
    }
}

/// The payload of generators.
#[native_type(name = "generator", flags(weak_references, finalizer))]
pub struct Generator {
    pub body: GeneratorBody,
}

/// The payload of coroutines.
#[native_type(name = "coroutine", flags(weak_references, finalizer))]
pub struct Coroutine {
    pub body: GeneratorBody,
}

/// The payload of async generators.
#[native_type(name = "async_generator", flags(weak_references, finalizer))]
pub struct AsyncGenerator {
    pub body: GeneratorBody,
}

impl GeneratorBody {
    /// The body of a new object.
    pub(crate) fn new(
        function: Value,
        code: Ref<CodeObject>,
        name: Value,
        qualname: Value,
        registers: Vec<Value>,
    ) -> GeneratorBody {
        GeneratorBody {
            state: Cell::new(State::Created),
            function: VmCell::new(function),
            code,
            registers: VmCell::new(registers),
            pc: Cell::new(0),
            name: VmCell::new(name),
            qualname: VmCell::new(qualname),
            extra: VmCell::new(None),
            hooks_called: Cell::new(false),
            closing: Cell::new(false),
            driving: Cell::new(false),
            hook_or_origin: VmCell::default(),
            gathered: VmCell::new(Vec::new()),
        }
    }

    /// Lets go of everything once it has ended.
    pub(crate) fn finish(&self) {
        self.state.set(State::Finished);
        drop(self.registers.take());
        if let Some(object) = self.extra.take().and_then(|extra| extra.frame_object) {
            object.is_suspended.set(false);
        }
        self.function.set(Value::NONE);
    }
}

/// The generator-like body of a value, whichever of the three it is.
#[inline]
pub fn body(value: &Value) -> Option<&GeneratorBody> {
    if let Some(generator) = value.downcast::<Generator>() {
        return Some(&generator.body);
    }
    if let Some(coroutine) = value.downcast::<Coroutine>() {
        return Some(&coroutine.body);
    }
    value.downcast::<AsyncGenerator>().map(|generator| &generator.body)
}

/// Whether freeing this object must run code first: a suspended generator-like is closed; one that never ran only matters if
/// it is a coroutine ("never awaited"); instances of classes with `__del__` always.
pub(crate) fn needs_finalizing(header: &Header) -> bool {
    // SAFETY: a live object with count zero; the borrowed value must not count.
    let value = std::mem::ManuallyDrop::new(unsafe { Value::from_header(header) });
    match body(&value) {
        None => crate::types::async_generator::is_forgotten(&value).unwrap_or(true),
        Some(body) => match body.state.get() {
            State::Suspended => true,
            State::Created => value.downcast::<Coroutine>().is_some(),
            State::Running | State::Finished => false,
        },
    }
}

/// Makes the object that a call of a generator function answers.
pub(crate) fn make(body: GeneratorBody, flags: snakelet_bytecode::CodeFlags) -> Value {
    use snakelet_bytecode::CodeFlags;
    if flags.has(CodeFlags::ASYNC_GENERATOR) {
        AsyncGenerator { body }.into_value()
    } else if flags.has(CodeFlags::COROUTINE) {
        Coroutine { body }.into_value()
    } else {
        Generator { body }.into_value()
    }
}
