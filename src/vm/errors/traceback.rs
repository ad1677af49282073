//! Exceptions shown to somebody: as text, to `sys.excepthook`, on the embedder's error stream.

use super::rendering::{self, Style};
use crate::host::Stream;
use crate::types::exception::BaseException;
use crate::vm::NativeFuture;
use crate::{PyResult, Value, Vm, VmRef};

/// The part of the runtime that renders exceptions (`src/modules/parts.txt`).
const PART: &str = "errors";

/// Formats an exception completely, ending in a newline.
pub async fn format_exception(vm: VmRef, exception: &Value) -> String {
    format(vm, exception, Style::Whole).await
}

/// Formats an exception with its frames, but without carets and the exceptions that led to it: as it is shown where nobody can
/// catch it.
pub async fn format_unchained(vm: VmRef, exception: &Value) -> String {
    format(vm, exception, Style::Unchained).await
}

async fn format(vm: VmRef, exception: &Value, style: Style) -> String {
    crate::import::fetch_sources(&vm, exception).await;
    let text = match vm.load_part(PART).await {
        Ok(()) => {
            static RENDER: fn(VmRef, Value, Style) -> NativeFuture = rendering::render;
            // SAFETY: it is a static. The compiler cannot see through the call, which leaves the rendering to its part.
            let render = unsafe { std::ptr::read_volatile(&raw const RENDER) };
            render(vm, exception.clone(), style).await
        }
        Err(raised) => Err(raised),
    };
    match text {
        Ok(text) => text.as_text().map_or_else(String::new, |text| text.to_utf8_lossy().into_owned()),
        Err(_) => {
            vm.take_raised();
            format!("{}\n", vm.type_name(exception))
        }
    }
}

/// Hands an exception that nothing caught to `sys.excepthook`.
pub async fn show_uncaught(vm: &Vm, exception: Value) -> PyResult {
    let hook = vm.sys.get_text("excepthook").unwrap_or_default();
    let traceback = exception.downcast::<BaseException>().map_or(Value::NONE, |payload| payload.traceback.get());
    let args = vec![vm.class_of(&exception).into_value(), exception.clone(), traceback];
    if vm.call(&hook, args).await.is_err() {
        let error = vm.take_raised();
        let text = format_exception(vm.handle(), &error).await;
        let original = format_exception(vm.handle(), &exception).await;
        vm.write_error(&format!("Error in sys.excepthook:\n{text}\nOriginal exception was:\n{original}"));
    }
    Ok(Value::NONE)
}

impl Vm {
    /// Writes to the standard error stream of the embedder.
    pub fn write_error(&self, text: &str) {
        self.write(Stream::Stderr, text);
    }

    /// File and line of the innermost Python code.
    pub fn current_position(&self) -> (String, usize) {
        match self.python_frame(0) {
            Some(frame) => {
                let code = frame.code();
                let position = code.code.positions.get(frame.instruction() as usize).unwrap_or_default();
                (code.code.filename.to_string(), position.line as usize)
            }
            None => ("<unknown>".to_string(), 0),
        }
    }
}
