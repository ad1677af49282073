//! What happens when a program has ended and its process will: threads are waited for, exit functions run, modules emptied.

use crate::errors::Exc;
use crate::object::collect;
use crate::types::dict::Dict;
use crate::types::module::Module;
use crate::{PyResult, Value, Vm};

/// Waits for `threading`'s threads, runs `atexit`'s functions, and empties the modules, so that finalisers run in CPython's
/// order. Embedders that keep the session for further programs do not call it.
pub async fn finish(vm: &Vm) -> PyResult {
    for (module, function) in [("threading", "_shutdown"), ("atexit", "_run_exitfuncs")] {
        if let Some(module) = vm.modules.get_text(module)
            && let Ok(function) = vm.attr(&module, function).await
        {
            vm.call(&function, Vec::new()).await?;
        } else {
            vm.catch(Exc::AttributeError);
        }
    }
    let main = vm.modules.get_text("__main__");
    if let Some(main) = main.as_ref().and_then(|main| main.downcast::<Module>()) {
        clear(vm, &main.dict).await?;
    }
    collect::collect(true);
    finalize(vm).await?;
    let names: Vec<String> = {
        let table = vm.modules.table.borrow();
        table.iter().filter_map(|entry| Some(entry.key.as_text()?.to_utf8_lossy().into_owned())).collect()
    };
    for name in names.iter().rev().filter(|name| !["sys", "builtins", "__main__"].contains(&name.as_str())) {
        let module = vm.modules.get_text(name);
        if let Some(module) = module.as_ref().and_then(|module| module.downcast::<Module>())
            && module.dict.get_text("__file__").is_some_and(|file| !in_library(&file))
        {
            clear(vm, &module.dict).await?;
        }
    }
    collect::collect(true);
    finalize(vm).await?;
    Ok(Value::NONE)
}

/// Runs the finalisers that wait: elsewhere frames of Python code do that, and there are none any more.
async fn finalize(vm: &Vm) -> PyResult<()> {
    while collect::has_pending() {
        crate::errors::finalize::run_pending(vm.handle()).await?;
    }
    Ok(())
}

/// The library's modules have nothing to say at the end, and emptying them would only cost time.
fn in_library(file: &Value) -> bool {
    file.as_text().is_some_and(|file| file.to_utf8_lossy().starts_with(super::LIBRARY))
}

/// Sets the variables to None, in their order: as if the namespace was let go of.
async fn clear(vm: &Vm, dict: &Dict) -> PyResult<()> {
    let names: Vec<Value> = dict.table.borrow().iter().map(|entry| entry.key.clone()).collect();
    for name in &names {
        let is_builtins = name.as_text().is_none_or(|name| *name == *"__builtins__");
        if !is_builtins && !dict.get_str(name).is_none_or(|value| value.is_none()) {
            dict.set_str(name, Value::NONE);
            finalize(vm).await?;
        }
    }
    Ok(())
}
