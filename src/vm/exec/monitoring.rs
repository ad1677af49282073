//! `sys.monitoring` (PEP 669): six tools, each with callbacks for events, of all code or of single code objects.

use std::cell::{Cell, RefCell};

use super::trace::{self, Event};
use crate::object::{Ref, VmCell};
use crate::types::code::CodeObject;
use crate::types::frame::FrameObject;
use crate::{Native, PyResult, Value, Vm, VmRef};

/// Names and numbers of the events; the number is the bit.
pub(crate) const EVENTS: &[&str] = &[
    "PY_START",
    "PY_RESUME",
    "PY_RETURN",
    "PY_YIELD",
    "CALL",
    "LINE",
    "INSTRUCTION",
    "JUMP",
    "BRANCH_LEFT",
    "BRANCH_RIGHT",
    "STOP_ITERATION",
    "RAISE",
    "EXCEPTION_HANDLED",
    "PY_UNWIND",
    "PY_THROW",
    "RERAISE",
    "C_RETURN",
    "C_RAISE",
    "BRANCH",
];

/// How many events there are, `BRANCH` included.
pub(crate) const COUNT: usize = EVENTS.len();
const BRANCH_LEFT: u32 = 8;
const BRANCH_RIGHT: u32 = 9;
const BRANCH: u32 = 18;
/// The events of one place in the code, which a callback may switch off and which may be asked for in single code objects.
pub(crate) const LOCAL: u32 = (1 << 11) - 1;
pub(crate) const TOOLS: usize = 6;

/// A place where a tool wants no more events: tool, code object's address, instruction, event.
type Disabled = (u8, u64, u32, u8);

/// The session's tools.
#[derive(Default)]
pub(crate) struct Monitoring {
    /// The names of tools in use.
    pub names: [VmCell<Value>; TOOLS],
    pub events: [Cell<u32>; TOOLS],
    pub callbacks: VmCell<Vec<Value>>,
    /// Whether some code object has events of its own.
    pub has_local: Cell<bool>,
    /// Sorted.
    disabled: RefCell<Vec<Disabled>>,
    disable: VmCell<Value>,
    missing: VmCell<Value>,
}

impl Monitoring {
    pub fn is_on(&self) -> bool {
        self.has_local.get() || self.events.iter().any(|events| events.get() != 0)
    }

    /// What any tool wants of a code object.
    pub fn events_of(&self, code: &CodeObject) -> u32 {
        (0..TOOLS).fold(0, |all, tool| all | self.events_for(tool, code))
    }

    fn events_for(&self, tool: usize, code: &CodeObject) -> u32 {
        self.events[tool].get() | code.tracing.local_events.get()[tool]
    }

    /// `sys.monitoring.DISABLE` and `MISSING`.
    pub fn marker(&self, missing: bool) -> Value {
        let place = if missing { &self.missing } else { &self.disable };
        if place.borrow().is_none() {
            place.set(crate::types::object::Object {}.into_value());
        }
        place.get()
    }

    /// Replaces a tool's callback and gives the old one.
    pub fn set_callback(&self, tool: usize, event: usize, callback: Value) -> Value {
        let callbacks = self.callbacks.borrow_mut();
        callbacks.resize(TOOLS * COUNT, Value::NONE);
        std::mem::replace(&mut callbacks[tool * COUNT + event], callback)
    }

    /// `restart_events`
    pub fn restart(&self) {
        self.disabled.borrow_mut().clear();
    }

    /// Forgets what a tool asked for.
    pub fn clear(&self, vm: &Vm, tool: usize) {
        self.events[tool].set(0);
        for event in 0..COUNT {
            drop(self.set_callback(tool, event, Value::NONE));
        }
        self.disabled.borrow_mut().retain(|place| place.0 as usize != tool);
        trace::update(vm);
    }
}

/// The bits of the events that something told is.
pub(super) fn bits(event: &Event) -> u32 {
    match event {
        Event::Start { thrown: true, .. } => 1 << 14,
        Event::Start { resumed, .. } => 1 << u32::from(*resumed),
        Event::Return(_, yields) => 1 << (2 + u32::from(*yields)),
        Event::Call(..) => 1 << 4,
        Event::Line(_) => 1 << 5,
        Event::Opcode => 1 << 6,
        Event::Jump(_) => 1 << 7,
        Event::Branch(_, taken) => 1 << if *taken { BRANCH_RIGHT } else { BRANCH_LEFT } | 1 << BRANCH,
        Event::Raise(_, again) => 1 << if *again { 15 } else { 11 },
        Event::Handled(_) => 1 << 12,
        Event::StopIteration(..) => 1 << 10,
        Event::Unwind(_) => 1 << 13,
        // These come with CALL.
        Event::NativeReturn(_) | Event::NativeRaise(_) => 1 << 4,
    }
}

/// Tells the tools.
pub(super) async fn tell(vm: VmRef, frame: &Ref<FrameObject>, event: &Event, at: u32) -> PyResult<()> {
    let monitoring = vm.extension::<Monitoring>();
    if !monitoring.is_on() {
        return Ok(());
    }
    let code = frame.function.code.get();
    let offset = |at: u32| Value::from_i64(code.offset(at) as i64);
    let wanted = bits(event);
    for tool in 0..TOOLS {
        let asked = monitoring.events_for(tool, &code) & wanted;
        if asked == 0 {
            continue;
        }
        let number = match event {
            Event::NativeReturn(_) => 16,
            Event::NativeRaise(_) => 17,
            _ => asked.trailing_zeros(),
        };
        let callback = monitoring.callbacks.borrow().get(tool * COUNT + number as usize).cloned().unwrap_or_default();
        let place = (tool as u8, Ref::as_pointer(&code) as usize as u64, at, number as u8);
        if callback.is_none() || monitoring.disabled.borrow().binary_search(&place).is_ok() {
            continue;
        }
        let missing = |value: &Value| if value.is_unbound() { monitoring.marker(true) } else { value.clone() };
        let mut args = vec![code.value()];
        match event {
            Event::Start { thrown: true, .. } => args.extend([offset(at), Value::NONE]),
            Event::Start { .. } | Event::Opcode => args.push(offset(at)),
            Event::Line(line) => args.push(Value::from_i64(i64::from(*line))),
            Event::Return(value, _) => args.extend([offset(at), value.clone()]),
            Event::Raise(exception, _)
            | Event::Unwind(exception)
            | Event::Handled(exception)
            | Event::StopIteration(exception, ..) => {
                args.extend([offset(at), exception.clone()]);
            }
            Event::Call(callable, first, _) => args.extend([offset(at), callable.clone(), missing(first)]),
            Event::NativeReturn(function) | Event::NativeRaise(function) => {
                args.extend([offset(at), function.clone(), monitoring.marker(true)]);
            }
            Event::Jump(from) | Event::Branch(from, _) => args.extend([offset(*from), offset(at)]),
        }
        let result = vm.call(&callback, args).await?;
        if result.is(&monitoring.marker(false)) {
            if 1 << number & (LOCAL | 1 << BRANCH | 1 << 16 | 1 << 17) == 0 {
                drop(monitoring.set_callback(tool, number as usize, Value::NONE));
                let name = EVENTS[number as usize];
                let message = format!("Cannot disable {name} events. Callback removed.");
                return Err(vm.value_error(message));
            }
            let mut disabled = monitoring.disabled.borrow_mut();
            if let Err(at) = disabled.binary_search(&place) {
                disabled.insert(at, place);
            }
        }
    }
    Ok(())
}
