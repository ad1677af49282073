//! `__import__`, and what `from m import x` falls back to.

use super::load::{import_error, import_module, is_initializing};
use crate::errors::{Exc, fields};
use crate::types::dict::Dict;
use crate::{PyResult, Value, Vm};

/// What `__import__` does. `fromlist` is any iterable of strs, or None.
pub async fn import_name(vm: &Vm, name: &str, globals: &Value, fromlist: &Value, level: usize) -> PyResult {
    if level == 0 && name.is_empty() {
        return Err(vm.value_error("Empty module name"));
    }
    let full = if level == 0 { name.to_string() } else { absolute(vm, name, globals, level).await? };
    let module = import_module(vm, &full).await?;
    if vm.truth(fromlist).await? {
        if vm.attr_opt(&module, &crate::name!(__path__)).await?.is_some() {
            submodules(vm, &module, fromlist, false).await?;
        }
        return Ok(module);
    }
    // `import a.b` binds `a`, `__import__('b', level=1)` the first part of `b`.
    let Some((first, _)) = name.split_once('.') else {
        return if level == 0 || !name.is_empty() { Ok(module) } else { import_module(vm, &full).await };
    };
    let cut = name.len() - first.len();
    import_module(vm, &full[..full.len() - cut]).await
}

/// The full name of a relative one.
async fn absolute(vm: &Vm, name: &str, globals: &Value, level: usize) -> PyResult<String> {
    if globals.is_none() {
        return Err(vm.key_error(Value::from_str("'__name__' not in globals")));
    }
    let Some(globals) = globals.downcast::<Dict>() else {
        return Err(vm.type_error("globals must be a dict"));
    };
    let text = |key: &str| globals.get_text(key).filter(|value| !value.is_none());
    let parent = match text("__spec__") {
        Some(spec) => Some(vm.attr(&spec, "parent").await?),
        None => None,
    };
    let package = match (text("__package__"), parent) {
        (Some(package), parent) => {
            let Some(name) = package.as_text().map(|name| name.to_utf8_lossy().into_owned()) else {
                return Err(vm.type_error("package must be a string"));
            };
            if let Some(parent) = parent
                && !vm.eq(&package, &parent).await?
            {
                let message = "__package__ != __spec__.parent";
                crate::errors::warn::warn(vm.handle(), Exc::DeprecationWarning, message, 1).await?;
            }
            name
        }
        (None, Some(parent)) => match parent.as_text() {
            Some(parent) => parent.to_utf8_lossy().into_owned(),
            None => return Err(vm.type_error("__spec__.parent must be a string")),
        },
        (None, None) => {
            let message = "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__";
            crate::errors::warn::warn(vm.handle(), Exc::ImportWarning, message, 1).await?;
            let Some(own) = text("__name__") else {
                return Err(vm.key_error(Value::from_str("'__name__' not in globals")));
            };
            let Some(own) = own.as_text() else { return Err(vm.type_error("__name__ must be a string")) };
            let own = own.to_utf8_lossy().into_owned();
            if text("__path__").is_some() {
                own
            } else {
                own.rsplit_once('.').map_or(String::new(), |(own, _)| own.to_string())
            }
        }
    };
    if package.is_empty() {
        return Err(vm.error(Exc::ImportError, "attempted relative import with no known parent package"));
    }
    let mut base = &package[..];
    for _ in 1..level {
        match base.rsplit_once('.') {
            Some((outer, _)) => base = outer,
            None => return Err(vm.error(Exc::ImportError, "attempted relative import beyond top-level package")),
        }
    }
    Ok(if name.is_empty() { base.to_string() } else { format!("{base}.{name}") })
}

/// Imports those of the names that are submodules of package `module`. `*` stands for what its `__all__` lists.
async fn submodules(vm: &Vm, module: &Value, names: &Value, in_all: bool) -> PyResult<()> {
    let package = name_attribute(vm, module).await?.unwrap_or_default();
    for name in vm.collect(names).await? {
        let Some(text) = name.as_text().map(|text| text.to_utf8_lossy().into_owned()) else {
            let (place, got) = if in_all {
                (format!("Item in {package}.__all__"), vm.type_name(&name))
            } else {
                ("Item in ``from list''".to_string(), vm.type_name(&name))
            };
            return Err(vm.type_error(format!("{place} must be str, not {got}")));
        };
        if text == "*" {
            if !in_all && let Some(all) = vm.attr_opt(module, &crate::name!(__all__)).await? {
                Box::pin(submodules(vm, module, &all, true)).await?;
            }
            continue;
        }
        let name = crate::object::intern::intern_value(&name);
        if vm.attr_opt(module, &name).await?.is_some() {
            continue;
        }
        let full = format!("{package}.{text}");
        if let Err(raised) = import_module(vm, &full).await {
            // Only the absence of this very module is left to `from m import x` to report.
            let absent = vm.raised.borrow().as_ref().is_some_and(|exception| {
                Exc::ModuleNotFoundError.matches(exception)
                    && fields::get(exception, "name").as_text().is_some_and(|name| *name == *full)
            });
            let forbidden = vm.modules.get_text(&full).is_some_and(|module| module.is_none());
            if !absent || forbidden {
                return Err(raised);
            }
            drop(vm.take_raised());
        }
    }
    Ok(())
}

/// The `__name__` of whatever stands for a module.
async fn name_attribute(vm: &Vm, module: &Value) -> PyResult<Option<String>> {
    let name = vm.attr_opt(module, &crate::name!(__name__)).await?;
    Ok(name.and_then(|name| Some(name.as_text()?.to_utf8_lossy().into_owned())))
}

/// `from module import name` where the module has no such attribute: a submodule that is being imported, or the error.
pub async fn from_fallback(vm: &Vm, module: &Value, name: &Value) -> PyResult {
    let text = name.as_text().map_or(String::new(), |name| name.to_utf8_lossy().into_owned());
    let known = name_attribute(vm, module).await?;
    if let Some(known) = &known
        && let Some(found) = vm.modules.get_text(&format!("{known}.{text}"))
    {
        return Ok(found);
    }
    let shown = known.clone().unwrap_or_else(|| "<unknown module name>".to_string());
    let file = vm.attr_opt(module, &crate::name!(__file__)).await?;
    let file = file.and_then(|file| Some(file.as_text()?.to_utf8_lossy().into_owned()));
    let message = match &file {
        _ if is_initializing(vm, module) => format!(
            "cannot import name '{text}' from partially initialized module '{shown}' (most likely due to a circular import) ({})",
            file.as_deref().unwrap_or("unknown location")
        ),
        Some(file) => format!("cannot import name '{text}' from '{shown}' ({file})"),
        None => format!("cannot import name '{text}' from '{shown}' (unknown location)"),
    };
    let raised = import_error(vm, Exc::ImportError, &message, &shown, file.as_deref());
    if let Some(exception) = vm.raised.borrow() {
        fields::set(exception, "name_from", name.clone());
    }
    Err(raised)
}
