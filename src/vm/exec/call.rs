//! Calling anything: Python functions by pushing a frame, natives at once, the rest through the `call` slot.
//!
//! Arguments lie in consecutive registers, the last ones being keyword values named by `kwnames`; they are always consumed. The
//! register before the first argument is free (the callee was there) and takes `self` where a bound method inserts it.

use super::Thread;
use super::frame::Frame;
use crate::deferral::{Deferral, TailCall};
use crate::native::{Args, MethodDescriptor, NativeFunction};
use crate::object::Ref;
use crate::types::code::CodeObject;
use crate::types::function::Function;
use crate::types::generator;
use crate::types::list::{self, List};
use crate::types::method::BoundMethod;
use crate::types::set::{self, Set};
use crate::types::tuple::Tuple;
use crate::types::typeobject::{Type, TypeFlags};
use crate::{Native, PyResult, Value, Vm};

/// What a call led to.
pub(crate) enum Called {
    Value(Value),
    /// A frame was pushed; the result comes when it ends.
    Pushed,
}

/// Calls `callee` with `count` arguments at absolute register `start`; register `start - 1` is free. `dst` is where a pushed
/// frame's result goes, unless `flags` says otherwise.
pub(crate) fn call(
    vm: &Vm,
    thread: &mut Thread,
    callee: Value,
    start: u32,
    count: u32,
    kwnames: &[Value],
    flags: u16,
    dst: u16,
) -> PyResult<Called> {
    if callee.downcast_exact::<Function>().is_some() {
        return call_function(vm, thread, callee, start, count, kwnames, flags, dst);
    }
    if let Some(native) = callee.downcast_exact::<NativeFunction>() {
        if flags == 0
            && kwnames.is_empty()
            && matches!(count, 1 | 2)
            && native.def.function as usize == crate::builtins::iteration::next_function()
            && super::resume::enter_for_next(vm, thread, start, count)
        {
            return Ok(Called::Pushed);
        }
        let (start, count) = match &native.self_value {
            Some(instance) => {
                // SAFETY: the free register before the arguments.
                unsafe { *thread.register(start - 1) = instance.clone() };
                (start - 1, count + 1)
            }
            None => (start, count),
        };
        return call_native(vm, thread, start, count, |args| (native.def.function)(vm, args), kwnames);
    }
    if let Some(method) = callee.downcast_exact::<MethodDescriptor>() {
        let def = method.def;
        if count > kwnames.len() as u32 {
            // SAFETY: a live argument register.
            method
                .check(vm, unsafe { &*thread.register(start) })
                .inspect_err(|_| thread.clear_registers(start, start + count))?;
        }
        return call_native(vm, thread, start, count, |args| (def.function)(vm, args), kwnames);
    }
    if let Some(method) = callee.downcast_exact::<BoundMethod>() {
        // SAFETY: the free register before the arguments.
        unsafe { *thread.register(start - 1) = method.instance.clone() };
        let function = method.function.clone();
        if function.downcast_exact::<Function>().is_some() {
            return call_function(vm, thread, function, start - 1, count + 1, kwnames, flags, dst);
        }
        drop(callee);
        return call_any(vm, thread, &function, start - 1, count + 1, kwnames);
    }
    if count == 1
        && kwnames.is_empty()
        && let Some(construct) = collection_constructor(&callee)
    {
        return call_native(vm, thread, start, count, |args| construct(vm, &args.values[0]), kwnames);
    }
    if let Some(class) = callee.downcast::<Type>()
        && let Some(called) = instantiate(vm, thread, &callee, class, start, count, kwnames, flags, dst)
    {
        return called;
    }
    if let Some(method) = crate::types::python_slots::call_function_of(vm, &callee) {
        // SAFETY: the free register before the arguments.
        unsafe { *thread.register(start - 1) = callee };
        return call_function(vm, thread, method, start - 1, count + 1, kwnames, flags, dst);
    }
    call_any(vm, thread, &callee, start, count, kwnames)
}

/// What makes a collection of an iterable, for the builtin classes of which programs make many.
fn collection_constructor(callee: &Value) -> Option<fn(&Vm, &Value) -> PyResult> {
    let class = std::ptr::from_ref(callee.header()?).cast();
    if std::ptr::eq(class, Set::known_type_pointer()) {
        Some(set::construct)
    } else if std::ptr::eq(class, List::known_type_pointer()) {
        Some(list::construct)
    } else {
        None
    }
}

fn call_any(
    vm: &Vm,
    thread: &mut Thread,
    callee: &Value,
    start: u32,
    count: u32,
    kwnames: &[Value],
) -> PyResult<Called> {
    match vm.type_of(callee).slots().call {
        Some(slot) => call_native(vm, thread, start, count, |args| slot(vm, callee, args), kwnames),
        None => {
            thread.clear_registers(start, start + count);
            Err(vm.type_error(format!("'{}' object is not callable", vm.type_name(callee))))
        }
    }
}

/// Runs a native on the registers and clears them.
#[inline]
fn call_native(
    _vm: &Vm,
    thread: &mut Thread,
    start: u32,
    count: u32,
    native: impl FnOnce(Args<'_>) -> PyResult,
    kwnames: &[Value],
) -> PyResult<Called> {
    // SAFETY: the registers are live and a native that runs at once does not touch the stack.
    let values = unsafe { std::slice::from_raw_parts(thread.register(start), count as usize) };
    let result = native(Args { values, kwnames });
    thread.clear_registers(start, start + count);
    result.map(Called::Value)
}

/// Pushes the frame of a Python function, or makes the generator.
#[inline]
#[expect(clippy::too_many_arguments, reason = "the parts of a call")]
pub(crate) fn call_function(
    vm: &Vm,
    thread: &mut Thread,
    callee: Value,
    start: u32,
    count: u32,
    kwnames: &[Value],
    flags: u16,
    dst: u16,
) -> PyResult<Called> {
    let Some(function) = callee.downcast_exact::<Function>() else { unreachable!("the caller checked") };
    let code: *const CodeObject = &raw const **function.code.borrow();
    let plain = function.plain_args.get() as u32 == count && kwnames.is_empty();
    let bound = if plain {
        count
    } else {
        match super::bind::bind(vm, thread, function, start, count, kwnames) {
            Ok(bound) => bound,
            Err(raised) => {
                thread.clear_registers(start, start + count);
                return Err(raised);
            }
        }
    };
    // SAFETY: the function keeps its code alive.
    let flags_of_code = unsafe { &*code }.code.flags;
    if flags_of_code.is_generator_like() {
        return make_generator(vm, thread, callee, start, bound).map(Called::Value);
    }
    if let Err(raised) = thread.push_call(vm, callee, code, start, bound, flags, dst) {
        thread.clear_registers(start, start + bound);
        return Err(raised);
    }
    Ok(Called::Pushed)
}

/// The generator object of a call whose arguments are bound at `start`.
fn make_generator(vm: &Vm, thread: &mut Thread, callee: Value, start: u32, bound: u32) -> PyResult {
    let Some(function) = callee.downcast_exact::<Function>() else { unreachable!("the caller checked") };
    let code: Ref<CodeObject> = function.code.get();
    let count = code.code.register_count as usize;
    let mut registers = Vec::with_capacity(count);
    for index in start..start + bound {
        // SAFETY: bound registers; what is left behind counts nothing.
        registers.push(unsafe { thread.register(index).replace(Value::UNBOUND) });
    }
    registers.resize_with(count, || Value::UNBOUND);
    let (name, qualname) = (function.name.get(), function.qualname.get());
    let flags = code.code.flags;
    let body = generator::GeneratorBody::new(callee.clone(), code, name, qualname, registers);
    if vm.origin_depth.get() > 0 && flags.has(snakelet_bytecode::CodeFlags::COROUTINE) {
        body.hook_or_origin.set(vm.origin());
    }
    Ok(generator::make(body, flags))
}

/// `class(...)` for a plain Python class with a Python `__init__`, without detours. `None`: take the general way.
#[expect(clippy::too_many_arguments, reason = "the parts of a call")]
fn instantiate(
    vm: &Vm,
    thread: &mut Thread,
    callee: &Value,
    class: &Type,
    start: u32,
    count: u32,
    kwnames: &[Value],
    flags: u16,
    dst: u16,
) -> Option<PyResult<Called>> {
    let header = callee.header()?;
    if !std::ptr::eq(header.type_pointer(), Type::type_pointer())
        || !class.has_flag(TypeFlags::HEAP)
        || class.has_flag(TypeFlags::ABSTRACT)
        || !std::ptr::eq(class.table, crate::types::object::Object::TABLE)
        || class.slots().new.map(|slot| slot as usize) != Some(crate::types::object::Object::new as *const () as usize)
    {
        return None;
    }
    let init = class.lookup(&crate::name!(__init__))?;
    init.downcast_exact::<Function>()?;
    let class_ref = callee.to_ref::<Type>()?;
    let instance = crate::object::allocate(&class_ref, crate::types::object::Object {});
    // SAFETY: the free register before the arguments.
    unsafe { *thread.register(start - 1) = instance.clone() };
    Some(call_function(vm, thread, init, start - 1, count + 1, kwnames, flags | Frame::INIT, dst).and_then(|called| {
        match called {
            Called::Pushed => {
                if let Some(frame) = thread.frames.last_mut() {
                    frame.owed = instance;
                }
                Ok(Called::Pushed)
            }
            // `__init__` is a generator function: its object is not None.
            Called::Value(value) => {
                let name = vm.type_name(&value);
                Err(vm.type_error(format!("__init__() should return None, not '{name}'")))
            }
        }
    }))
}

/// Calls with arguments that are laid out above the top window. `flags` and `dst` say where a pushed frame's result goes.
fn call_above(
    vm: &Vm,
    thread: &mut Thread,
    callee: Value,
    args: impl ExactSizeIterator<Item = Value>,
    kwnames: &[Value],
    flags: u16,
    dst: u16,
) -> PyResult<Called> {
    let start = thread.top() + 1;
    let count = args.len() as u32;
    thread.reserve(vm, start + count)?;
    // SAFETY: reserved; dead registers hold nothing counted.
    unsafe { thread.register(start - 1).write(Value::UNBOUND) };
    for (index, value) in args.enumerate() {
        // SAFETY: as above.
        unsafe { thread.register(start + index as u32).write(value) };
    }
    let called = call(vm, thread, callee, start, count, kwnames, flags, dst);
    if !matches!(called, Ok(Called::Pushed)) {
        thread.clear_registers(start - 1, start);
    }
    called
}

/// A call made by a suspended native. `None`: a frame was pushed.
pub(crate) fn call_from_native(
    vm: &Vm,
    thread: &mut Thread,
    callee: Value,
    args: Vec<Value>,
    kwnames: Vec<Value>,
) -> PyResult<Option<Value>> {
    match call_above(vm, thread, callee, args.into_iter(), &kwnames, Frame::COMPLETE, 0)? {
        Called::Value(value) => Ok(Some(value)),
        Called::Pushed => Ok(None),
    }
}

/// Puts the rest of an operation on the stack: its result goes where that of the operation would have gone. `None`: a frame was
/// pushed.
pub(super) fn push_deferral(vm: &Vm, thread: &mut Thread, deferral: Deferral) -> PyResult<Option<Value>> {
    match deferral {
        Deferral::Future(future) => thread.push_native(vm, future, Frame::COMPLETE).map(|()| None),
        Deferral::Call(call) => push_call(vm, thread, call, Frame::COMPLETE, 0),
        Deferral::Gather(gathering) => super::resume::push_gathering(vm, thread, gathering),
    }
}

/// The same for a call, whose frame's result goes where `flags` and `dst` say.
pub(super) fn push_call(vm: &Vm, thread: &mut Thread, call: TailCall, flags: u16, dst: u16) -> PyResult<Option<Value>> {
    let mut result = push_once(vm, thread, call, flags, dst);
    // What was called, or looked at its result, may have deferred in turn; then this is the instruction's result to come.
    while result.is_err() {
        match vm.take_deferral() {
            None => break,
            Some(Deferral::Call(call)) => result = push_once(vm, thread, call, Frame::COMPLETE, 0),
            Some(rest) => return push_deferral(vm, thread, rest),
        }
    }
    result
}

/// One attempt at that: it may defer again.
fn push_once(vm: &Vm, thread: &mut Thread, call: TailCall, flags: u16, dst: u16) -> PyResult<Option<Value>> {
    let TailCall { callable, args, count, then } = call;
    let args = args.into_iter().take(count as usize);
    let result = match call_above(vm, thread, callable, args, &[], flags, dst) {
        Ok(Called::Pushed) => {
            if let (Some(frame), Some(then)) = (thread.frames.last_mut(), then) {
                frame.flags |= Frame::THEN;
                frame.extra().then = Some(then);
            }
            return Ok(None);
        }
        Ok(Called::Value(value)) => Ok(value),
        Err(raised) => Err(raised),
    };
    match then {
        Some(then) => vm.then(result, then).map(Some),
        None => result.map(Some),
    }
}

/// The strs of a tuple of keyword names.
pub(crate) fn names_of(tuple: &Value) -> &[Value] {
    tuple.downcast::<Tuple>().map_or(&[], Tuple::items)
}
