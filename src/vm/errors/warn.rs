//! Warnings raised by the runtime: through the `warnings` module if the program has loaded it, else straight to stderr.

use crate::errors::Exc;
use crate::{PyResult, Value, VmRef};

/// Issues a warning of this category for the code `stack_level` frames out.
pub async fn warn(vm: VmRef, category: Exc, message: &str, stack_level: i64) -> PyResult {
    if let Some(module) = vm.modules.get_text("warnings") {
        let warn = vm.attr(&module, "warn").await?;
        let args = vec![Value::from_str(message), category.class().into_value(), Value::from_i64(stack_level)];
        return vm.call(&warn, args).await;
    }
    let shown = matches!(category, Exc::SyntaxWarning | Exc::RuntimeWarning | Exc::UserWarning | Exc::FutureWarning);
    if shown {
        let (file, line) = vm.current_position();
        let source = vm.source_line(&file, line).map_or(String::new(), |line| format!("\n  {}", line.trim()));
        vm.write_error(&format!("{file}:{line}: {}: {message}{source}\n", category.name()));
    }
    Ok(Value::NONE)
}
