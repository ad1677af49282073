//! Exceptions that nobody can catch: those of finalisers and callbacks, and warnings about forgotten coroutines.

use snakelet_macros::{methods, native_type};

use crate::errors::Exc;
use crate::native::NativeFunction;
use crate::object::VmCell;
use crate::types::exception::BaseException;
use crate::types::traceback::Traceback;
use crate::{Native, PyResult, Value, Vm, VmRef};

/// What `sys.unraisablehook` is called with.
#[native_type(name = "UnraisableHookArgs", module = "sys", doc = "Type used to pass arguments to sys.unraisablehook.")]
pub struct UnraisableHookArgs {
    pub exception: Value,
    /// A str, or None.
    pub message: Value,
    pub object: Value,
}

#[methods]
impl UnraisableHookArgs {
    #[slot(repr)]
    async fn repr(vm: VmRef, this: Value) -> PyResult {
        let mut parts = Vec::new();
        for name in ["exc_type", "exc_value", "exc_traceback", "err_msg", "object"] {
            let value = vm.attr(&this, name).await?;
            parts.push(format!("{name}={}", vm.repr(&value).await?.to_string_lossy()));
        }
        Ok(Value::from_str(&format!("UnraisableHookArgs({})", parts.join(", "))))
    }

    /// Exception type.
    #[getter("exc_type")]
    fn class(vm: &Vm, this: &UnraisableHookArgs) -> Value {
        vm.class_of(&this.exception).into_value()
    }

    /// Exception value.
    #[getter("exc_value")]
    fn value(this: &UnraisableHookArgs) -> Value {
        this.exception.clone()
    }

    /// Exception traceback.
    #[getter("exc_traceback")]
    fn traceback(this: &UnraisableHookArgs) -> Value {
        this.exception.downcast::<BaseException>().map_or(Value::NONE, |payload| payload.traceback.get())
    }

    /// Error message.
    #[getter("err_msg")]
    fn message(this: &UnraisableHookArgs) -> Value {
        this.message.clone()
    }

    /// Object causing the exception.
    #[getter("object")]
    fn object(this: &UnraisableHookArgs) -> Value {
        this.object.clone()
    }
}

/// Hands an exception raised where it can't propagate to `sys.unraisablehook`. `message` ends in the repr of `subject` if there
/// is one ("Exception ignored while calling deallocator <function ...>").
pub async fn unraisable(vm: VmRef, exception: Value, message: &str, subject: Option<&Value>) {
    if let Some(payload) = exception.downcast::<BaseException>().filter(|payload| payload.traceback.borrow().is_none())
        && let Some(frame) = vm.frame_object(0)
    {
        let instruction = frame.current_instruction(&vm);
        let entry = Traceback { next: VmCell::default(), frame: frame.into_value(), instruction, given: None };
        payload.traceback.set(entry.into_value());
    }
    let mut text = message.to_string();
    if let Some(subject) = subject {
        text.push(' ');
        text.push_str(&shown(vm, subject).await);
    }
    let hook = vm.sys.get_text("unraisablehook").unwrap_or_default();
    if hook.is_none() || hook.downcast_exact::<NativeFunction>().is_some() {
        return show(vm, exception, &Value::from_str(&text), &Value::NONE).await;
    }
    let args = UnraisableHookArgs { exception, message: Value::from_str(&text), object: Value::NONE };
    if vm.call(&hook, vec![args.into_value()]).await.is_err() {
        let error = vm.take_raised();
        show(vm, error, &Value::from_str("Exception ignored in sys.unraisablehook"), &hook).await;
    }
}

async fn shown(vm: VmRef, object: &Value) -> String {
    match vm.repr(object).await {
        Ok(shown) => shown.to_string_lossy(),
        Err(_) => {
            vm.take_raised();
            "<object repr() failed>".to_string()
        }
    }
}

/// What the default `sys.unraisablehook` prints.
pub async fn show(vm: VmRef, exception: Value, message: &Value, object: &Value) {
    let mut heading = match message.as_text() {
        Some(text) => text.to_utf8_lossy().into_owned(),
        None if object.is_none() => String::new(),
        None => "Exception ignored in".to_string(),
    };
    if !object.is_none() {
        heading = format!("{heading}: {}", shown(vm, object).await);
        heading.push('\n');
    } else if !heading.is_empty() {
        heading.push_str(":\n");
    }
    let text = super::traceback::format_unchained(vm, &exception).await;
    vm.write_error(&format!("{heading}{text}"));
}

/// Prints an exception that could not propagate out of `object`.
pub async fn report(vm: VmRef, exception: Value, object: Value) {
    show(vm, exception, &Value::NONE, &object).await;
}

/// "coroutine 'f' was never awaited".
pub async fn warn_never_awaited(vm: VmRef, coroutine: &Value) -> PyResult {
    let name = match vm.attr(coroutine, "__qualname__").await {
        Ok(name) => name.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned()),
        Err(raised) => return Err(raised),
    };
    let mut origin = Value::NONE;
    if let Some(inner) = crate::types::generator::body(coroutine) {
        origin = inner.hook_or_origin.get();
        inner.finish();
    }
    // The library's function shows the origin as well.
    if !origin.is_none() {
        crate::import::import_module(&vm, "warnings").await?;
    }
    if let Some(warnings) = vm.modules.get_text("warnings") {
        let result = match vm.attr_opt(&warnings, &crate::name!(_warn_unawaited_coroutine)).await? {
            Some(function) => vm.call(&function, vec![coroutine.clone()]).await.map(|_| true),
            None => Ok(false),
        };
        let warned = match result {
            Ok(warned) => warned,
            Err(_) => {
                let exception = vm.take_raised();
                let warned = Exc::RuntimeWarning.matches(&exception);
                let heading = "Exception ignored while finalizing coroutine";
                unraisable(vm, exception, heading, Some(coroutine)).await;
                warned
            }
        };
        if warned {
            return Ok(Value::NONE);
        }
    }
    super::warn::warn_about(vm, Exc::RuntimeWarning, &format!("coroutine '{name}' was never awaited"), coroutine).await
}

/// "coroutine method 'asend' of 'f' was never awaited".
pub async fn warn_method_never_awaited(vm: VmRef, awaitable: &Value) -> PyResult {
    let Some((method, name)) = crate::types::async_generator::never_awaited(awaitable) else { return Ok(Value::NONE) };
    let name = vm.repr(&name).await?.to_string_lossy();
    let text = format!("coroutine method '{method}' of {name} was never awaited");
    super::warn::warn_about(vm, Exc::RuntimeWarning, &text, awaitable).await
}
