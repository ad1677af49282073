//! Methods of generators and coroutines.

use snakelet_macros::{methods, native_type};

use crate::errors::Exc;
use crate::types::exception::BaseException;
use crate::types::generator::{Coroutine, Generator, GeneratorBody, Resume, State, body};
use crate::types::typeobject::Type;
use crate::{Native, PyResult, Ref, Value, Vm, VmRef};

/// What `send` and `next` of a generator answer: at the end StopIteration with the returned value.
async fn send(vm: VmRef, this: Value, value: Value) -> PyResult {
    let result = vm.resume(&this, Resume::Send(value)).await?;
    if result.is_unbound() { Err(end(&vm)) } else { Ok(result) }
}

/// StopIteration with what the generator returned.
fn end(vm: &Vm) -> crate::Raised {
    let returned = vm.take_returned();
    // A tuple or exception as value must not become several arguments.
    vm.stop_iteration(returned)
}

/// `throw(type_or_instance, value=None, traceback=None)`.
pub async fn throw(vm: VmRef, this: Value, args: Vec<Value>) -> PyResult {
    if args[1..].iter().any(|arg| !arg.is_none()) {
        let message = "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.";
        crate::errors::warn::warn(vm, Exc::DeprecationWarning, message, 1).await?;
    }
    let exception = exception_to_throw(&vm, args).await?;
    if let Some(coroutine) = this.downcast::<Coroutine>()
        && coroutine.body.state.get() == State::Finished
    {
        return Err(vm.runtime_error("cannot reuse already awaited coroutine"));
    }
    let result = vm.resume(&this, Resume::Throw(exception)).await?;
    if result.is_unbound() { Err(end(&vm)) } else { Ok(result) }
}

/// The exception instance that `throw`'s arguments describe.
pub async fn exception_to_throw(vm: &VmRef, args: Vec<Value>) -> PyResult {
    let Some(first) = args.first().cloned() else {
        return Err(vm.type_error("throw expected at least 1 argument, got 0"));
    };
    let value = args.get(1).filter(|value| !value.is_none()).cloned();
    let exception = if first.downcast::<BaseException>().is_some() {
        if value.is_some() {
            return Err(vm.type_error("instance exception may not have a separate value"));
        }
        first
    } else if Exc::BaseException.is_base_of(&first) {
        match value {
            Some(value) if first.downcast::<Type>().is_some_and(|class| vm.is_instance(&value, class)) => value,
            value => {
                let made = vm.call(&first, value.into_iter().collect()).await?;
                if made.downcast::<BaseException>().is_none() {
                    let (class, got) = (vm.repr(&first).await?, vm.repr(&vm.class_of(&made).into_value()).await?);
                    let text = format!(
                        "calling {} should have returned an instance of BaseException, not {}",
                        class.to_string_lossy(),
                        got.to_string_lossy()
                    );
                    // Raised in the generator, as any other.
                    return Ok(Exc::TypeError.instance(vm, vec![Value::from_str(&text)]));
                }
                made
            }
        }
    } else {
        let got = vm.type_name(&first);
        return Err(
            vm.type_error(format!("exceptions must be classes or instances deriving from BaseException, not {got}"))
        );
    };
    if let (Some(traceback), Some(payload)) =
        (args.get(2).filter(|tb| !tb.is_none()), exception.downcast::<BaseException>())
    {
        if traceback.downcast::<crate::types::traceback::Traceback>().is_none() {
            return Err(vm.type_error("throw() third argument must be a traceback object"));
        }
        payload.traceback.set(traceback.clone());
    }
    Ok(exception)
}

/// The iterator that a suspended generator delegates to (`gi_yieldfrom`, `cr_await`).
pub fn delegate(body: &GeneratorBody) -> Value {
    use snakelet_bytecode::Op;
    if body.state.get() != State::Suspended {
        return Value::NONE;
    }
    let at = body.pc.get() as usize;
    match body.code.code.instrs.get(at.wrapping_sub(1)) {
        Some(instr) if instr.op == Op::YieldFrom => {
            body.registers.borrow().get(instr.b as usize).filter(|iter| !iter.is_unbound()).cloned().unwrap_or_default()
        }
        _ => Value::NONE,
    }
}

/// The frame object of a suspended or running generator.
pub fn frame_of(vm: &Vm, this: &Value) -> Value {
    vm.generator_frame(this)
}

pub fn shown(vm: &Vm, this: &Value, kind: &str) -> Value {
    let qualname = body(this).map_or(Value::NONE, |body| body.qualname.get());
    let name = qualname.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
    Value::from_str(&format!("<{kind} object {name} at {:#x}>", vm.id_of(this)))
}

pub fn set_text(vm: &Vm, place: &crate::VmCell<Value>, what: &str, value: Option<&Value>) -> PyResult<()> {
    match value.filter(|value| value.as_text().is_some()) {
        Some(value) => {
            place.set(value.clone());
            Ok(())
        }
        None => Err(vm.type_error(format!("{what} must be set to a string object"))),
    }
}

#[methods]
impl Generator {
    /// See PEP 585.
    #[classmethod("__class_getitem__(cls, object, /)", text = "($type, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        crate::types::generic_alias::alias(cls, object)
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Value) -> PyResult {
        Ok(shown(vm, this, "generator"))
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &Value) -> PyResult {
        let future = vm.resume(this, Resume::Send(Value::NONE));
        Err(vm.defer(future))
    }

    /// Resumes the generator; `value` is what the suspended yield expression gives.
    #[method("send(self, value, /)")]
    async fn send(vm: VmRef, this: Value, value: Value) -> PyResult {
        send(vm, this, value).await
    }

    /// Raises an exception where the generator is suspended.
    #[method("throw(self, typ, val=None, tb=None, /)", text = none)]
    async fn throw(vm: VmRef, this: Value, typ: Value, val: Option<Value>, tb: Option<Value>) -> PyResult {
        throw(vm, this, vec![typ, val.unwrap_or_default(), tb.unwrap_or_default()]).await
    }

    /// Raises GeneratorExit where the generator is suspended.
    #[method("close(self, /)")]
    async fn close(vm: VmRef, this: Value) -> PyResult {
        crate::exec::close_generator(&vm, &this).await
    }

    /// The name.
    #[getter("__name__")]
    fn get_name(this: &Generator) -> Value {
        this.body.name.get()
    }

    #[setter("__name__")]
    fn set_name(vm: &Vm, this: &Generator, value: Option<&Value>) -> PyResult<()> {
        set_text(vm, &this.body.name, "__name__", value)
    }

    /// The qualified name.
    #[getter("__qualname__")]
    fn get_qualname(this: &Generator) -> Value {
        this.body.qualname.get()
    }

    #[setter("__qualname__")]
    fn set_qualname(vm: &Vm, this: &Generator, value: Option<&Value>) -> PyResult<()> {
        set_text(vm, &this.body.qualname, "__qualname__", value)
    }

    /// Whether it is running.
    #[getter("gi_running")]
    fn running(this: &Generator) -> bool {
        this.body.state.get() == State::Running
    }

    /// Whether it is suspended at a yield.
    #[getter("gi_suspended")]
    fn suspended(this: &Generator) -> bool {
        this.body.state.get() == State::Suspended
    }

    /// The iterator it delegates to, or None.
    #[getter("gi_yieldfrom")]
    fn yieldfrom(this: &Generator) -> Value {
        delegate(&this.body)
    }

    /// The code object.
    #[getter("gi_code")]
    fn code(this: &Generator) -> Value {
        this.body.code.value()
    }

    /// The frame, or None once it has ended.
    #[getter("gi_frame")]
    fn frame(vm: &Vm, this: &Value) -> Value {
        frame_of(vm, this)
    }
}

/// The iterator that `coroutine.__await__()` answers.
#[native_type(name = "coroutine_wrapper")]
pub struct CoroutineWrapper {
    pub coroutine: Value,
}

#[methods]
impl CoroutineWrapper {
    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &CoroutineWrapper) -> PyResult {
        let future = vm.resume(&this.coroutine, Resume::Send(Value::NONE));
        Err(vm.defer(future))
    }

    /// Resumes the coroutine.
    #[method("send(self, value, /)")]
    async fn send(vm: VmRef, this: Ref<CoroutineWrapper>, value: Value) -> PyResult {
        send(vm, this.coroutine.clone(), value).await
    }

    /// Raises an exception where the coroutine is suspended.
    #[method("throw(self, typ, val=None, tb=None, /)", text = none)]
    async fn throw(
        vm: VmRef,
        this: Ref<CoroutineWrapper>,
        typ: Value,
        val: Option<Value>,
        tb: Option<Value>,
    ) -> PyResult {
        throw(vm, this.coroutine.clone(), vec![typ, val.unwrap_or_default(), tb.unwrap_or_default()]).await
    }

    /// Closes the coroutine.
    #[method("close(self, /)")]
    async fn close(vm: VmRef, this: Ref<CoroutineWrapper>) -> PyResult {
        crate::exec::close_generator(&vm, &this.coroutine).await
    }
}

#[methods]
impl Coroutine {
    /// See PEP 585.
    #[classmethod("__class_getitem__(cls, object, /)", text = "($type, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        crate::types::generic_alias::alias(cls, object)
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Value) -> PyResult {
        Ok(shown(vm, this, "coroutine"))
    }

    #[slot(await_)]
    fn await_(_vm: &Vm, this: &Value) -> PyResult {
        Ok(CoroutineWrapper { coroutine: this.clone() }.into_value())
    }

    /// Sends a value into coroutine: what the suspended await gives.
    #[method("send(self, value, /)")]
    async fn send(vm: VmRef, this: Value, value: Value) -> PyResult {
        send(vm, this, value).await
    }

    /// Raises an exception in coroutine, where it is suspended.
    #[method("throw(self, typ, val=None, tb=None, /)", text = none)]
    async fn throw(vm: VmRef, this: Value, typ: Value, val: Option<Value>, tb: Option<Value>) -> PyResult {
        throw(vm, this, vec![typ, val.unwrap_or_default(), tb.unwrap_or_default()]).await
    }

    /// Raises GeneratorExit inside coroutine, where it is suspended.
    #[method("close(self, /)")]
    async fn close(vm: VmRef, this: Value) -> PyResult {
        crate::exec::close_generator(&vm, &this).await
    }

    /// The name of the coroutine.
    #[getter("__name__")]
    fn get_name(this: &Coroutine) -> Value {
        this.body.name.get()
    }

    #[setter("__name__")]
    fn set_name(vm: &Vm, this: &Coroutine, value: Option<&Value>) -> PyResult<()> {
        set_text(vm, &this.body.name, "__name__", value)
    }

    /// The qualified name of the coroutine.
    #[getter("__qualname__")]
    fn get_qualname(this: &Coroutine) -> Value {
        this.body.qualname.get()
    }

    #[setter("__qualname__")]
    fn set_qualname(vm: &Vm, this: &Coroutine, value: Option<&Value>) -> PyResult<()> {
        set_text(vm, &this.body.qualname, "__qualname__", value)
    }

    /// Whether it is running.
    #[getter("cr_running")]
    fn running(this: &Coroutine) -> bool {
        this.body.state.get() == State::Running
    }

    /// Whether it is suspended.
    #[getter("cr_suspended")]
    fn suspended(this: &Coroutine) -> bool {
        this.body.state.get() == State::Suspended
    }

    /// What it awaits, or None.
    #[getter("cr_await")]
    fn awaited(this: &Coroutine) -> Value {
        delegate(&this.body)
    }

    /// The code object.
    #[getter("cr_code")]
    fn code(this: &Coroutine) -> Value {
        this.body.code.value()
    }

    /// The frame, or None once it has ended.
    #[getter("cr_frame")]
    fn frame(vm: &Vm, this: &Value) -> Value {
        frame_of(vm, this)
    }

    /// Where it was created; None: not tracked.
    #[getter("cr_origin")]
    fn origin(this: &Coroutine) -> Value {
        this.body.hook_or_origin.get()
    }
}
