//! Exceptions that nobody can catch: those of finalisers and callbacks, and warnings about forgotten coroutines.

use crate::{PyResult, Value, VmRef};

/// Reports an exception raised where it can't propagate: as `sys.unraisablehook` prints it.
pub async fn report(vm: VmRef, exception: Value, object: Value) {
    let shown = match vm.repr(&object).await {
        Ok(shown) => shown.to_string_lossy(),
        Err(_) => {
            vm.take_raised();
            "<object>".to_string()
        }
    };
    let text = super::traceback::format_exception(vm, &exception).await;
    vm.write_error(&format!("Exception ignored in: {shown}\n{text}"));
}

/// "coroutine 'f' was never awaited".
pub async fn warn_never_awaited(vm: VmRef, coroutine: &Value) -> PyResult {
    let name = match vm.attr(coroutine, "__qualname__").await {
        Ok(name) => name.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned()),
        Err(raised) => return Err(raised),
    };
    if let Some(inner) = crate::types::generator::body(coroutine) {
        inner.finish();
    }
    super::warn::warn(vm, crate::errors::Exc::RuntimeWarning, &format!("coroutine '{name}' was never awaited"), 1).await
}
