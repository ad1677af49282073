//! The import system as Python objects: `sys.meta_path`, specs, loaders, `importlib`.
//!
//! Imports run natively, and most programs never look at how. CPython's `importlib._bootstrap` and `_bootstrap_external` are
//! loaded when something does: an attribute of `sys` that holds finders, a module's `__spec__` or `__loader__`, `import importlib`.
//! The overlay's `_importsystem.py` joins the two sides. From then on an import still runs natively while the finders are the
//! original ones ([`is_pristine`]); once a program has changed them, modules that are not loaded yet are asked of them.

use std::cell::Cell;

use super::LIBRARY;
use super::load::run;
use crate::errors::Exc;
use crate::exec::wait::WaitQueue;
use crate::object::{Ref, VmCell};
use crate::types::dict::Dict;
use crate::types::frame::FrameObject;
use crate::types::list::List;
use crate::types::module::Module;
use crate::types::traceback::Traceback;
use crate::types::tuple::Tuple;
use crate::{PyResult, Value, Vm, VmRef};

/// Attributes of `sys` that come into being with the Python side.
pub const SYS_NAMES: [&str; 3] = ["meta_path", "path_hooks", "path_importer_cache"];

/// What the native side remembers of the Python side.
#[derive(Default)]
pub(crate) struct PythonSide {
    /// The thread that is loading it, 0 for none.
    building: Cell<u64>,
    waiting: WaitQueue,
    ready: Cell<bool>,
    /// `importlib._bootstrap._find_and_load` as it is written.
    find_and_load: VmCell<Value>,
    /// Module `_importsystem`.
    helper: VmCell<Value>,
    meta_path: VmCell<Vec<Value>>,
    path_hooks: VmCell<Vec<Value>>,
}

/// The files of the Python side by module name: path in the library, file name in tracebacks.
const FROZEN: [(&str, &str, &str); 2] = [
    ("_frozen_importlib", "importlib/_bootstrap.py", "<frozen importlib._bootstrap>"),
    ("_frozen_importlib_external", "importlib/_bootstrap_external.py", "<frozen importlib._bootstrap_external>"),
];

/// Whether the module belongs to the Python side, and so is loaded by [`ready`].
pub fn is_frozen(name: &str) -> bool {
    FROZEN.iter().any(|frozen| frozen.0 == name)
}

/// Loads the Python side unless that is done. Other threads wait for the one that does it.
pub async fn ready(vm: &Vm) -> PyResult<()> {
    let side = vm.extension::<PythonSide>();
    let me = vm.threads.current_id();
    while !side.ready.get() {
        if side.building.get() == me {
            return Ok(());
        }
        if side.building.get() != 0 {
            side.waiting.wait(vm, None).await?;
            continue;
        }
        side.building.set(me);
        let result = Box::pin(build(vm, side)).await;
        side.building.set(0);
        side.waiting.wake_all(vm);
        result?;
        side.ready.set(true);
    }
    Ok(())
}

async fn build(vm: &Vm, side: &PythonSide) -> PyResult<()> {
    for (name, file, shown) in FROZEN {
        if vm.modules.get_text(name).is_some() {
            continue;
        }
        let Some(contents) = super::library::frozen(vm, file, shown).await? else {
            let message = format!("No module named '{name}'");
            return Err(super::load::import_error(vm, Exc::ModuleNotFoundError, &message, name, None));
        };
        let module = Module::new_object(name);
        module.dict.set_text("__package__", Value::from_str(""));
        vm.modules.set_text(name, module.value());
        if let Err(raised) = run(vm, &module, shown, contents).await {
            vm.modules.remove_str(&crate::object::intern::intern(name));
            return Err(raised);
        }
    }
    let helper = super::import_module(vm, "_importsystem").await?;
    let setup = vm.attr(&helper, "setup").await?;
    let made = vm.call(&setup, Vec::new()).await?;
    let Some([find_and_load, meta_path, path_hooks]) = made.downcast::<Tuple>().map(Tuple::items) else {
        return Err(vm.runtime_error("the import system's parts do not fit together"));
    };
    let items = |list: &Value| list.downcast::<List>().map_or(Vec::new(), |list| list.items.borrow().clone());
    side.find_and_load.set(find_and_load.clone());
    side.meta_path.set(items(meta_path));
    side.path_hooks.set(items(path_hooks));
    side.helper.set(helper.clone());
    let cache = Dict::new_object().into_value();
    for (name, value) in SYS_NAMES.into_iter().zip([meta_path.clone(), path_hooks.clone(), cache]) {
        if vm.sys.get_text(name).is_none() {
            vm.sys.set_text(name, value);
        }
    }
    Ok(())
}

/// Whether imports may run natively: nobody has changed the finders.
pub fn is_pristine(vm: &Vm) -> bool {
    let side = vm.extension::<PythonSide>();
    if side.building.get() != 0 {
        return true;
    }
    let same = |name: &str, known: &VmCell<Vec<Value>>| match vm.sys.get_text(name) {
        None => !side.ready.get(),
        Some(list) => list.downcast::<List>().is_some_and(|list| {
            let (now, known) = (list.items.borrow(), known.borrow());
            side.ready.get() && now.len() == known.len() && now.iter().zip(known).all(|(a, b)| a.is(b))
        }),
    };
    same("meta_path", &side.meta_path) && same("path_hooks", &side.path_hooks)
}

/// Whether `sys.path_importer_cache` has a finder of the program's own for this folder.
pub fn has_own_finder(vm: &Vm, folder: &Value) -> bool {
    let Some(cache) = vm.sys.get_text("path_importer_cache") else { return false };
    let Some(cache) = cache.downcast::<Dict>() else { return false };
    let known = cache.get_now(vm, folder);
    let Some(Ok(Some(finder))) = known else { return false };
    !finder.is_none() && !["FileFinder", "LibraryFinder"].contains(&vm.class_name(&finder).as_str())
}

/// Imports a module that is not in `sys.modules` through the Python side.
pub async fn find_and_load(vm: &Vm, name: &str) -> PyResult {
    ready(vm).await?;
    let side = vm.extension::<PythonSide>();
    let bootstrap = vm.modules.get_text("_frozen_importlib").unwrap_or_default();
    let import = vm.attr(&bootstrap, "_gcd_import").await?;
    let result = vm.call(&side.find_and_load.get(), vec![Value::from_str(name), import]).await;
    if result.is_err()
        && let Some(exception) = vm.raised.borrow()
    {
        remove_frames(exception);
    }
    result
}

/// `importlib._bootstrap._find_and_load` for Python callers: natively where that makes no difference.
pub async fn find_and_load_for_python(vm: &Vm, name: Value, import: Value) -> PyResult {
    let side = vm.extension::<PythonSide>();
    let text = name.as_text().map(|text| text.to_utf8_lossy().into_owned());
    if let Some(text) = text
        && is_pristine(vm)
        && !text.is_empty()
    {
        let result = super::import_module(vm, &text).await;
        let absent = vm.raised.borrow().as_ref().is_some_and(|exception| Exc::ModuleNotFoundError.matches(exception));
        if result.is_ok() || !absent {
            return result;
        }
        // Once more in Python, whose frames the traceback shows.
        drop(vm.take_raised());
    }
    vm.call(&side.find_and_load.get(), vec![name, import]).await
}

/// Takes the import system's own frames out of a traceback, as CPython does: all of them from ImportErrors, from others those
/// that run the module's code.
fn remove_frames(exception: &Value) {
    let Some(payload) = exception.downcast::<crate::types::exception::BaseException>() else { return };
    let always = Exc::ImportError.matches(exception);
    let mut kept: Vec<Value> = Vec::new();
    let mut chunk: Vec<Value> = Vec::new();
    let mut entry = payload.traceback.get();
    while let Some(traceback) = entry.to_ref::<Traceback>() {
        let code = traceback.frame.downcast::<FrameObject>().map(|frame| frame.function.code.get());
        let (file, name) = code.map_or((String::new(), String::new()), |code| {
            (code.code.filename.to_string(), code.code.name.to_string())
        });
        if FROZEN.iter().any(|frozen| frozen.2 == file) {
            chunk.push(entry.clone());
            if always || name == "_call_with_frames_removed" {
                chunk.clear();
            }
        } else {
            kept.append(&mut chunk);
            kept.push(entry.clone());
        }
        entry = traceback.next.get();
    }
    kept.append(&mut chunk);
    for pair in kept.windows(2) {
        if let Some(traceback) = pair[0].downcast::<Traceback>() {
            traceback.next.set(pair[1].clone());
        }
    }
    payload.traceback.set(kept.first().cloned().unwrap_or(Value::NONE));
}

/// Whether the attribute of a module that has none of this name comes with the Python side.
pub fn is_lazy(vm: &Vm, module: &Value, name: &Value) -> bool {
    let Some(name) = name.as_text() else { return false };
    let Some(payload) = module.downcast::<Module>() else { return false };
    if SYS_NAMES.iter().any(|known| *name == **known) {
        return payload.dict.is(&vm.sys) && !vm.extension::<PythonSide>().ready.get();
    }
    (*name == "__spec__" || *name == "__loader__") && {
        // One that was imported natively: other modules have the name from the beginning.
        let own = super::name_of(module);
        vm.modules.get_text(&own).is_some_and(|known| known.is(module))
            || payload.dict.get_text("__file__").is_some() && payload.dict.get_text("__package__").is_some()
    }
}

/// Makes that attribute.
pub async fn lazy_attribute(vm: VmRef, module: Value, name: Value) -> PyResult {
    ready(&vm).await?;
    let Some(payload) = module.to_ref::<Module>() else { return Ok(Value::NONE) };
    if payload.dict.get_str(&name).is_none() {
        set_spec(&vm, &payload).await?;
    }
    Ok(payload.dict.get_str(&name).unwrap_or(Value::NONE))
}

/// Gives a natively imported module its `__spec__` and `__loader__`.
pub async fn set_spec(vm: &Vm, module: &Ref<Module>) -> PyResult<()> {
    ready(vm).await?;
    let helper = vm.extension::<PythonSide>().helper.get();
    if helper.is_none() || helper.is_unbound() {
        return Ok(());
    }
    let make = vm.attr(&helper, "spec_of").await?;
    let get = |name: &str| module.dict.get_text(name).unwrap_or(Value::NONE);
    let args = vec![get("__name__"), get("__file__"), get("__path__")];
    let spec = vm.call(&make, args).await?;
    let loader = vm.attr(&spec, "loader").await?;
    if module.dict.get_text("__loader__").is_none() {
        module.dict.set_text("__loader__", loader);
    }
    if module.dict.get_text("__spec__").is_none() {
        module.dict.set_text("__spec__", spec);
    }
    Ok(())
}

/// Whether a module's `__spec__` says that its code is running.
pub fn spec_is_initializing(module: &Value) -> bool {
    let Some(module) = module.downcast::<Module>() else { return false };
    let Some(spec) = module.dict.get_str(&crate::name!(__spec__)) else { return false };
    let flag = spec.header().filter(|_| !spec.is_none()).and_then(|header| {
        header.ty().has_dict().then(|| crate::object::instance::get(header, &crate::name!(_initializing))).flatten()
    });
    flag.is_some_and(|flag| flag.is_true())
}

/// The folder below [`LIBRARY`] that a path names; `None` for paths elsewhere, and where installed packages lie.
pub fn library_folder(path: &str) -> Option<&str> {
    let rest = path.strip_prefix(LIBRARY)?;
    if rest.starts_with("/site-packages") {
        return None;
    }
    (rest.is_empty() || rest.starts_with('/')).then(|| rest.trim_start_matches('/'))
}
