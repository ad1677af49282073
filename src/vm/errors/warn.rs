//! Warnings raised by the runtime: through the `warnings` module if the program has loaded it, else straight to stderr.

use crate::errors::Exc;
use crate::{PyResult, Value, VmRef};

/// Issues a warning of this category for the code `stack_level` frames out.
pub async fn warn(vm: VmRef, category: Exc, message: &str, stack_level: i64) -> PyResult {
    issue(vm, category, message, stack_level, None).await
}

/// Issues a warning about an object that is going away, for the code that let it go.
pub async fn warn_about(vm: VmRef, category: Exc, message: &str, source: &Value) -> PyResult {
    issue(vm, category, message, 1, Some(source)).await
}

async fn issue(vm: VmRef, category: Exc, message: &str, stack_level: i64, source: Option<&Value>) -> PyResult {
    if let Some(module) = vm.modules.get_text("warnings") {
        let warn = vm.attr(&module, "warn").await?;
        let mut args = vec![Value::from_str(message), category.class().into_value(), Value::from_i64(stack_level)];
        let mut names = Vec::new();
        if let Some(source) = source {
            args.push(source.clone());
            names.push(crate::name!(source));
        }
        return vm.call_kw(&warn, args, names).await;
    }
    let shown = matches!(category, Exc::SyntaxWarning | Exc::RuntimeWarning | Exc::UserWarning | Exc::FutureWarning);
    if shown {
        let (file, line) = vm.current_position();
        crate::import::fetch_path(&vm, None, &file).await?;
        let text = vm.source_line(&file, line).map_or(String::new(), |line| format!("\n  {}", line.trim()));
        let name = category.name();
        let hint = if source.is_some() {
            format!("\n{name}: Enable tracemalloc to get the object allocation traceback")
        } else {
            String::new()
        };
        vm.write_error(&format!("{file}:{line}: {name}: {message}{text}{hint}\n"));
    }
    Ok(Value::NONE)
}

/// Issues a warning about a line of a file.
pub async fn warn_explicit(vm: VmRef, category: Exc, message: &str, file: &str, line: usize) -> PyResult {
    if let Some(module) = vm.modules.get_text("warnings") {
        let warn = vm.attr(&module, "warn_explicit").await?;
        let line = Value::from_i64(line as i64);
        let args = vec![Value::from_str(message), category.class().into_value(), Value::from_str(file), line];
        return vm.call(&warn, args).await;
    }
    crate::import::fetch_path(&vm, None, file).await?;
    let text = vm.source_line(file, line).map_or(String::new(), |line| format!("\n  {}", line.trim()));
    vm.write_error(&format!("{file}:{line}: {}: {message}{text}\n", category.name()));
    Ok(Value::NONE)
}
