//! Methods of async generators, and the awaitables they answer.
//!
//! `asend`, `athrow`, `aclose` and `__anext__` only make an awaitable; awaiting it resumes the generator's frame. What the frame
//! delivers is either a value of `yield`, which ends the await with that result, or one of an inner `await`, which is passed on
//! to whoever drives the coroutine (`Vm::async_yield` tells which). PEP 525 describes the states.

use std::cell::Cell;

use snakelet_macros::{methods, native_type};

use crate::errors::Exc;
use crate::object::VmCell;
use crate::types::generator::{AsyncGenerator, GeneratorBody, Resume, State};
use crate::types::generator_methods::{delegate, exception_to_throw, frame_of, set_text, shown};
use crate::types::typeobject::Type;
use crate::{Native, PyResult, Raised, Ref, Value, Vm, VmRef};

/// `sys.set_asyncgen_hooks`; None where not set.
#[derive(Default)]
pub struct Hooks {
    pub first_iter: VmCell<Value>,
    pub finalizer: VmCell<Value>,
    /// The class of what `sys.get_asyncgen_hooks` answers.
    pub class: VmCell<Option<Ref<Type>>>,
}

/// Where an awaitable stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    Fresh,
    Driving,
    Closed,
}

/// What awaiting does to the generator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Task {
    /// Sends the argument: `asend`, `__anext__`.
    Send,
    /// Raises an exception in it: the arguments of `athrow`.
    Throw,
    /// Raises GeneratorExit in it: `aclose`.
    Close,
}

/// The payload of what `asend` and `__anext__` answer.
#[native_type(name = "async_generator_asend", flags(weak_references, finalizer))]
pub struct Asend {
    pub generator: Value,
    pub argument: Value,
    #[skip_traverse]
    pub stage: Cell<Stage>,
}

/// The payload of what `athrow` and `aclose` answer.
#[native_type(name = "async_generator_athrow", flags(weak_references, finalizer))]
pub struct Athrow {
    pub generator: Value,
    /// The arguments of `athrow`; None for `aclose`.
    pub args: Option<Vec<Value>>,
    #[skip_traverse]
    pub stage: Cell<Stage>,
}

/// What both kinds of awaitable have.
#[derive(Clone, Copy)]
struct Parts<'a> {
    body: &'a GeneratorBody,
    generator: &'a Value,
    stage: &'a Cell<Stage>,
    task: Task,
}

fn parts(awaitable: &Value) -> Option<Parts<'_>> {
    let (generator, stage, task) = match (awaitable.downcast::<Asend>(), awaitable.downcast::<Athrow>()) {
        (Some(it), _) => (&it.generator, &it.stage, Task::Send),
        (None, Some(it)) => (&it.generator, &it.stage, if it.args.is_some() { Task::Throw } else { Task::Close }),
        (None, None) => return None,
    };
    let body = &generator.downcast::<AsyncGenerator>()?.body;
    Some(Parts { body, generator, stage, task })
}

/// For an awaitable that was never awaited: the method's and the generator's name.
pub fn never_awaited(awaitable: &Value) -> Option<(&'static str, Value)> {
    let parts = parts(awaitable).filter(|parts| parts.stage.get() == Stage::Fresh)?;
    let method = match parts.task {
        Task::Send => "asend",
        Task::Throw => "athrow",
        Task::Close => "aclose",
    };
    Some((method, parts.body.qualname.get()))
}

/// Whether the object is an awaitable of this file; then whether its end deserves a warning.
pub fn is_forgotten(value: &Value) -> Option<bool> {
    parts(value).map(|parts| parts.stage.get() == Stage::Fresh)
}

fn reused(vm: &Vm, task: Task) -> Raised {
    vm.runtime_error(match task {
        Task::Send => "cannot reuse already awaited __anext__()/asend()",
        Task::Throw | Task::Close => "cannot reuse already awaited aclose()/athrow()",
    })
}

fn already_running(vm: &Vm, task: Task) -> Raised {
    vm.runtime_error(match task {
        Task::Send => "anext(): asynchronous generator is already running",
        Task::Throw => "athrow(): asynchronous generator is already running",
        Task::Close => "aclose(): asynchronous generator is already running",
    })
}

/// The generator answered: a value of `yield` ends the await, one of `await` is passed on, the end is an exception.
fn outcome(vm: &Vm, parts: Parts<'_>, result: PyResult) -> PyResult {
    let task = parts.task;
    let leave = |ended: bool| {
        parts.body.driving.set(false);
        parts.stage.set(Stage::Closed);
        if ended {
            parts.body.closing.set(true);
        }
    };
    match result {
        Ok(value) if value.is_unbound() => {
            drop(vm.take_returned());
            leave(true);
            if task == Task::Close {
                return Ok(Value::UNBOUND);
            }
            Err(vm.error_with_args(Exc::StopAsyncIteration, Vec::new()))
        }
        Ok(value) if vm.async_yield.replace(false) => {
            leave(false);
            if task == Task::Close {
                return Err(vm.runtime_error("async generator ignored GeneratorExit"));
            }
            vm.set_returned(value);
            Ok(Value::UNBOUND)
        }
        Ok(value) => Ok(value),
        Err(raised) => {
            let ended = match vm.raised.borrow() {
                Some(exception) => Exc::StopAsyncIteration.matches(exception) || Exc::GeneratorExit.matches(exception),
                None => false,
            };
            leave(ended);
            if ended && task == Task::Close {
                drop(vm.take_raised());
                vm.set_returned(Value::NONE);
                return Ok(Value::UNBOUND);
            }
            Err(raised)
        }
    }
}

/// One step of awaiting: `UNBOUND` at its end, with the result in `Vm::returned`.
async fn step(vm: VmRef, awaitable: Value, action: Resume) -> PyResult {
    let Some(parts) = parts(&awaitable) else { return Ok(Value::UNBOUND) };
    let Parts { body, generator, stage, task } = parts;
    let fresh = stage.get() == Stage::Fresh;
    if stage.get() == Stage::Closed {
        return Err(reused(&vm, task));
    }
    if task != Task::Send && matches!(action, Resume::Send(_)) && body.state.get() == State::Finished {
        stage.set(Stage::Closed);
        vm.set_returned(Value::NONE);
        return Ok(Value::UNBOUND);
    }
    let mut action = action;
    if fresh {
        if body.driving.get() {
            stage.set(Stage::Closed);
            return Err(already_running(&vm, task));
        }
        if task != Task::Send && matches!(action, Resume::Send(_)) && body.closing.get() {
            stage.set(Stage::Closed);
            return Err(vm.error_with_args(Exc::StopAsyncIteration, Vec::new()));
        }
        if let Resume::Send(value) = &action {
            if task != Task::Send && !value.is_none() {
                return Err(vm.runtime_error("can't send non-None value to a just-started coroutine"));
            }
            action = match task {
                Task::Send if value.is_none() => {
                    Resume::Send(awaitable.downcast::<Asend>().map_or(Value::NONE, |it| it.argument.clone()))
                }
                Task::Send => action,
                Task::Throw => {
                    let args = awaitable.downcast::<Athrow>().and_then(|it| it.args.clone()).unwrap_or_default();
                    Resume::Throw(exception_to_throw(&vm, args).await?)
                }
                Task::Close => {
                    body.closing.set(true);
                    Resume::Throw(Exc::GeneratorExit.instance(&vm, Vec::new()))
                }
            };
        }
        stage.set(Stage::Driving);
        body.driving.set(true);
    }
    vm.async_yield.set(false);
    let result = vm.resume(generator, action).await;
    outcome(&vm, parts, result)
}

/// The end of an await as the StopIteration that `send` and `throw` raise.
fn as_method(vm: &Vm, result: PyResult) -> PyResult {
    match result {
        Ok(value) if value.is_unbound() => Err(vm.stop_iteration(vm.take_returned())),
        result => result,
    }
}

async fn throw(vm: VmRef, this: Value, args: Vec<Value>) -> PyResult {
    let exception = exception_to_throw(&vm, args).await?;
    let result = step(vm, this, Resume::Throw(exception)).await;
    as_method(&vm, result)
}

async fn close(vm: VmRef, this: Value) -> PyResult {
    if parts(&this).is_none_or(|parts| parts.stage.get() == Stage::Closed) {
        return Ok(Value::NONE);
    }
    let exit = Exc::GeneratorExit.instance(&vm, Vec::new());
    match step(vm, this, Resume::Throw(exit)).await {
        Ok(value) if value.is_unbound() => Ok(Value::NONE),
        Ok(_) => Err(vm.runtime_error("coroutine ignored GeneratorExit")),
        Err(raised) => {
            let ended = [Exc::StopIteration, Exc::StopAsyncIteration, Exc::GeneratorExit]
                .into_iter()
                .find_map(|class| vm.catch(class));
            if ended.is_some() { Ok(Value::NONE) } else { Err(raised) }
        }
    }
}

macro_rules! awaitable_methods {
    ($ty:ident) => {
        #[methods]
        impl $ty {
            #[slot(await_)]
            fn await_(_vm: &Vm, this: &Value) -> PyResult {
                Ok(this.clone())
            }

            #[slot(iter)]
            fn iter(_vm: &Vm, this: &Value) -> PyResult {
                Ok(this.clone())
            }

            #[slot(next)]
            fn next(vm: &Vm, this: &Value) -> PyResult {
                Err(vm.defer(step(vm.handle(), this.clone(), Resume::Send(Value::NONE))))
            }

            /// Goes on with the await; `value` is the answer to what was yielded.
            #[method("send(self, value, /)", text = none)]
            async fn send(vm: VmRef, this: Value, value: Value) -> PyResult {
                let result = step(vm, this, Resume::Send(value)).await;
                as_method(&vm, result)
            }

            /// Raises an exception where the generator is suspended.
            #[method("throw(self, typ, val=None, tb=None, /)", text = none)]
            async fn throw(vm: VmRef, this: Value, typ: Value, val: Option<Value>, tb: Option<Value>) -> PyResult {
                throw(vm, this, vec![typ, val.unwrap_or_default(), tb.unwrap_or_default()]).await
            }

            /// Raises GeneratorExit where the generator is suspended.
            #[method("close(self, /)", text = none)]
            async fn close(vm: VmRef, this: Value) -> PyResult {
                close(vm, this).await
            }
        }
    };
}

awaitable_methods!(Asend);
awaitable_methods!(Athrow);

/// Tells the hooks of a generator's first use, then makes the awaitable.
fn begin(vm: &Vm, generator: &Value, awaitable: Value) -> PyResult {
    let Some(body) = generator.downcast::<AsyncGenerator>().map(|it| &it.body) else { return Ok(awaitable) };
    if body.hooks_called.replace(true) {
        return Ok(awaitable);
    }
    let hooks = vm.extension::<Hooks>();
    body.hook_or_origin.set(hooks.finalizer.get());
    let first = hooks.first_iter.get();
    if first.is_none() {
        return Ok(awaitable);
    }
    let (handle, generator) = (vm.handle(), generator.clone());
    Err(vm.defer(async move {
        handle.call(&first, vec![generator]).await?;
        Ok(awaitable)
    }))
}

fn asend(vm: &Vm, generator: &Value, argument: Value) -> PyResult {
    let awaitable = Asend { generator: generator.clone(), argument, stage: Cell::new(Stage::Fresh) }.into_value();
    begin(vm, generator, awaitable)
}

fn athrow(vm: &Vm, generator: &Value, args: Option<Vec<Value>>) -> PyResult {
    let awaitable = Athrow { generator: generator.clone(), args, stage: Cell::new(Stage::Fresh) }.into_value();
    begin(vm, generator, awaitable)
}

#[methods]
impl AsyncGenerator {
    #[slot(repr)]
    fn repr(vm: &Vm, this: &Value) -> PyResult {
        Ok(shown(vm, this, "async_generator"))
    }

    #[slot(aiter)]
    fn aiter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(anext)]
    fn anext(vm: &Vm, this: &Value) -> PyResult {
        asend(vm, this, Value::NONE)
    }

    /// An awaitable that resumes the generator; `value` is what the suspended yield expression gives.
    #[method("asend(self, value, /)")]
    fn asend(vm: &Vm, this: &Value, value: Value) -> PyResult {
        asend(vm, this, value)
    }

    /// An awaitable that raises an exception where the generator is suspended.
    #[method("athrow(self, typ, val=None, tb=None, /)", text = none)]
    fn athrow(vm: &Vm, this: &Value, typ: Value, val: Option<Value>, tb: Option<Value>) -> PyResult {
        let is_old = val.is_some() || tb.is_some();
        let args = Some(vec![typ, val.unwrap_or_default(), tb.unwrap_or_default()]);
        if !is_old {
            return athrow(vm, this, args);
        }
        let (vm, this) = (vm.handle(), this.clone());
        Err(vm.handle().defer(async move {
            let message =
                "the (type, exc, tb) signature of athrow() is deprecated, use the single-arg signature instead.";
            crate::errors::warn::warn(vm, crate::errors::Exc::DeprecationWarning, message, 1).await?;
            let result = athrow(&vm, &this, args);
            vm.settle(result).await
        }))
    }

    /// An awaitable that raises GeneratorExit where the generator is suspended.
    #[method("aclose(self, /)")]
    fn aclose(vm: &Vm, this: &Value) -> PyResult {
        athrow(vm, this, None)
    }

    /// Async generators can be parameterised in annotations.
    #[classmethod("__class_getitem__(cls, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        crate::types::generic_alias::alias(cls, object)
    }

    /// The name.
    #[getter("__name__")]
    fn get_name(this: &AsyncGenerator) -> Value {
        this.body.name.get()
    }

    #[setter("__name__")]
    fn set_name(vm: &Vm, this: &AsyncGenerator, value: Option<&Value>) -> PyResult<()> {
        set_text(vm, &this.body.name, "__name__", value)
    }

    /// The qualified name.
    #[getter("__qualname__")]
    fn get_qualname(this: &AsyncGenerator) -> Value {
        this.body.qualname.get()
    }

    #[setter("__qualname__")]
    fn set_qualname(vm: &Vm, this: &AsyncGenerator, value: Option<&Value>) -> PyResult<()> {
        set_text(vm, &this.body.qualname, "__qualname__", value)
    }

    /// Whether an awaitable of it is being driven.
    #[getter("ag_running")]
    fn running(this: &AsyncGenerator) -> bool {
        this.body.driving.get()
    }

    /// Whether it is suspended.
    #[getter("ag_suspended")]
    fn suspended(this: &AsyncGenerator) -> bool {
        this.body.state.get() == State::Suspended
    }

    /// What it awaits, or None.
    #[getter("ag_await")]
    fn awaited(this: &AsyncGenerator) -> Value {
        delegate(&this.body)
    }

    /// The code object.
    #[getter("ag_code")]
    fn code(this: &AsyncGenerator) -> Value {
        this.body.code.value()
    }

    /// The frame, or None once it has ended.
    #[getter("ag_frame")]
    fn frame(vm: &Vm, this: &Value) -> Value {
        frame_of(vm, this)
    }
}

/// The payload of what `anext(iterator, default)` answers.
#[native_type(name = "anext_awaitable")]
pub struct AnextAwaitable {
    pub awaitable: Value,
    pub default: Value,
    /// What is driven, once known.
    pub iterator: VmCell<Value>,
}

impl AnextAwaitable {
    pub fn new(awaitable: Value, default: Value) -> AnextAwaitable {
        AnextAwaitable { awaitable, default, iterator: VmCell::default() }
    }
}

async fn anext_step(vm: VmRef, this: Value, action: Resume) -> PyResult {
    let Some(state) = this.downcast::<AnextAwaitable>() else { return Ok(Value::UNBOUND) };
    let mut iterator = state.iterator.get();
    if iterator.is_none() {
        let result = crate::exec::ops::asynchronous::awaitable(&vm, &state.awaitable, 0);
        iterator = vm.settle(result).await?;
        state.iterator.set(iterator.clone());
    }
    let result = match action {
        Resume::Send(value) if value.is_none() && crate::types::generator::body(&iterator).is_none() => {
            vm.set_returned(Value::NONE);
            let next = vm.iter_next(&iterator);
            vm.settle(next).await
        }
        action if crate::types::generator::body(&iterator).is_some() => vm.resume(&iterator, action).await,
        Resume::Send(value) => {
            let send = vm.attr(&iterator, "send").await?;
            crate::exec::end_of_iteration(&vm, vm.call(&send, vec![value]).await)
        }
        Resume::Throw(exception) => {
            let throw = vm.attr(&iterator, "throw").await?;
            crate::exec::end_of_iteration(&vm, vm.call(&throw, vec![exception]).await)
        }
    };
    match result {
        Err(raised) => match vm.catch(Exc::StopAsyncIteration) {
            Some(_) => {
                vm.set_returned(state.default.clone());
                Ok(Value::UNBOUND)
            }
            None => Err(raised),
        },
        result => result,
    }
}

#[methods]
impl AnextAwaitable {
    #[slot(await_)]
    fn await_(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &Value) -> PyResult {
        Err(vm.defer(anext_step(vm.handle(), this.clone(), Resume::Send(Value::NONE))))
    }

    /// Goes on with the await.
    #[method("send(self, value, /)", text = none)]
    async fn send(vm: VmRef, this: Value, value: Value) -> PyResult {
        let result = anext_step(vm, this, Resume::Send(value)).await;
        as_method(&vm, result)
    }

    /// Raises an exception in the await.
    #[method("throw(self, typ, val=None, tb=None, /)", text = none)]
    async fn throw(vm: VmRef, this: Value, typ: Value, val: Option<Value>, tb: Option<Value>) -> PyResult {
        let exception = exception_to_throw(&vm, vec![typ, val.unwrap_or_default(), tb.unwrap_or_default()]).await?;
        let result = anext_step(vm, this, Resume::Throw(exception)).await;
        as_method(&vm, result)
    }

    /// Closes the await.
    #[method("close(self, /)", text = none)]
    async fn close(vm: VmRef, this: Value) -> PyResult {
        let state = this.downcast::<AnextAwaitable>().map(|state| state.iterator.get()).unwrap_or_default();
        if state.is_none() {
            return Ok(Value::NONE);
        }
        let close = vm.attr(&state, "close").await?;
        vm.call(&close, Vec::new()).await
    }
}
