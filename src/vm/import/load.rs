//! `sys.modules`, running a module's code, circular imports, imports in several threads.

use super::find::{Contents, Search};
use super::{Imports, find, python_side};
use crate::errors::{self, Exc};
use crate::native::registry;
use crate::object::Ref;
use crate::types::code::CodeObject;
use crate::types::function::Function;
use crate::types::module::Module;
use crate::{PyResult, Raised, Value, Vm, VmRef};

/// Modules of installed packages in whose place the library has others, and those. Each says why.
const REPLACED: &[(&str, &str)] = &[("urllib3.contrib.emscripten", "_urllib3_page")];

/// A module whose code is running.
pub(super) struct Loading {
    name: String,
    /// The thread that runs it.
    thread: u64,
    /// Threads to wake when it is done.
    waiting: Vec<u64>,
}

/// Takes the module off the list of those being loaded when dropped: an interrupt may abandon an import that waits.
struct Done<'a> {
    vm: VmRef,
    name: &'a str,
}

impl Drop for Done<'_> {
    fn drop(&mut self) {
        let loading = self.vm.extension::<Imports>().loading.borrow_mut();
        if let Some(at) = loading.iter().position(|loading| loading.name == self.name) {
            for thread in loading.remove(at).waiting {
                self.vm.threads.wake(thread);
            }
        }
    }
}

/// The module with this full name; imports it and the packages above it if necessary.
pub async fn import_module(vm: &Vm, name: &str) -> PyResult {
    if let Some(module) = vm.modules.get_text(name)
        && !module.is_none()
    {
        wait_until_loaded(vm, name).await?;
        return Ok(module);
    }
    let mut parent: Option<Value> = None;
    let mut start = 0;
    loop {
        let end = name[start..].find('.').map_or(name.len(), |at| start + at);
        let (full, last) = (&name[..end], &name[start..end]);
        let module = import_one(vm, full, last, parent.as_ref(), name).await?;
        if end == name.len() {
            return Ok(module);
        }
        parent = Some(module);
        start = end + 1;
    }
}

/// One step of a dotted name, whose package is loaded. `wanted` is the name that the program asked for.
async fn import_one(vm: &Vm, full: &str, last: &str, parent: Option<&Value>, wanted: &str) -> PyResult {
    loop {
        match vm.modules.get_text(full) {
            Some(module) if module.is_none() => {
                let message = format!("import of {full} halted; None in sys.modules");
                return Err(import_error(vm, Exc::ModuleNotFoundError, &message, full, None));
            }
            Some(module) => {
                wait_until_loaded(vm, full).await?;
                return Ok(module);
            }
            None if wait_until_loaded(vm, full).await? => {}
            None => break,
        }
    }
    let imports = vm.extension::<Imports>();
    imports.loading.borrow_mut().push(Loading {
        name: full.to_string(),
        thread: vm.threads.current_id(),
        waiting: Vec::new(),
    });
    let done = Done { vm: vm.handle(), name: full };
    let result = load(vm, full, last, parent, wanted).await;
    drop(done);
    let module = result?;
    if let Some(parent) = parent {
        // The module may have put another one in the place of its package.
        let package = full.rsplit_once('.').map_or("", |(package, _)| package);
        let current = vm.modules.get_text(package);
        let name = crate::object::intern::intern(last);
        if let Err(raised) = vm.store_attr(current.as_ref().unwrap_or(parent), &name, &module).await {
            if vm.catch(Exc::AttributeError).is_none() {
                return Err(raised);
            }
            let message = format!("Cannot set an attribute on '{package}' for child module '{last}'");
            crate::errors::warn::warn(vm.handle(), Exc::ImportWarning, &message, 1).await?;
        }
    }
    Ok(module)
}

/// Sleeps while another thread loads the module; tells whether it had to. A circle of threads is broken as in CPython: the
/// last one sees the unfinished module.
async fn wait_until_loaded(vm: &Vm, name: &str) -> PyResult<bool> {
    let imports = vm.extension::<Imports>();
    let me = vm.threads.current_id();
    let mut waited = false;
    loop {
        let loading = imports.loading.borrow_mut();
        let Some(at) = loading.iter().position(|loading| loading.name == name) else { return Ok(waited) };
        let mut thread = loading[at].thread;
        // Whom does the loading thread wait for, and that one?
        for _ in 0..loading.len() + 1 {
            if thread == me {
                return Ok(waited);
            }
            match loading.iter().find(|loading| loading.waiting.contains(&thread)) {
                Some(next) => thread = next.thread,
                None => break,
            }
        }
        loading[at].waiting.push(me);
        waited = true;
        vm.park().await?;
    }
}

/// Whether the module's code is still running.
pub fn is_initializing(vm: &Vm, module: &Value) -> bool {
    let name = super::name_of(module);
    if super::python_side::spec_is_initializing(module) {
        return true;
    }
    vm.extension::<Imports>().loading.borrow().iter().any(|loading| loading.name == name)
        && vm.modules.get_text(&name).is_some_and(|known| known.is(module))
}

async fn load(vm: &Vm, full: &str, last: &str, parent: Option<&Value>, wanted: &str) -> PyResult {
    if python_side::is_frozen(full) {
        python_side::ready(vm).await?;
        return Ok(vm.modules.get_text(full).unwrap_or(Value::NONE));
    }
    let replacement = REPLACED.iter().find(|replaced| replaced.0 == full).map(|replaced| replaced.1);
    if replacement.is_none() && !python_side::is_pristine(vm) {
        return python_side::find_and_load(vm, full).await;
    }
    if full == "genericpath" && vm.modules.get_text("os").is_none() {
        // They need each other, and CPython has always loaded os first.
        Box::pin(import_module(vm, "os")).await?;
        if let Some(module) = vm.modules.get_text(full) {
            return Ok(module);
        }
    }
    if let Some(def) = vm.extension::<Imports>().native(full) {
        fetch_part(vm, def).await?;
        let module = new_module(vm, full, None);
        vm.modules.set_text(full, module.value());
        return match fill_native(vm, def, &module).await {
            Ok(()) => Ok(module.into_value()),
            Err(raised) => {
                vm.modules.remove_str(&crate::object::intern::intern(full));
                Err(raised)
            }
        };
    }
    let path = match parent {
        _ if replacement.is_some() => Value::from_list(vec![Value::from_str(super::LIBRARY)]),
        None => vm.sys.get_text("path").unwrap_or_default(),
        Some(parent) => match vm.attr_opt(parent, &crate::name!(__path__)).await? {
            Some(path) => path,
            None => {
                let package = super::name_of(parent);
                let message = format!("No module named '{wanted}'; '{package}' is not a package");
                return Err(import_error(vm, Exc::ModuleNotFoundError, &message, full, None));
            }
        },
    };
    let found = match find::find(vm, replacement.unwrap_or(last), &path).await? {
        Search::Found(found) => found,
        Search::Python => return python_side::find_and_load(vm, full).await,
        Search::Absent => {
            let message = super::missing::message(full);
            return Err(import_error(vm, Exc::ModuleNotFoundError, &message, full, None));
        }
    };
    let module = new_module(vm, full, Some(&found));
    vm.modules.set_text(full, module.value());
    let run = run_found(vm, &module, found);
    if let Err(raised) = run.await {
        vm.modules.remove_str(&crate::object::intern::intern(full));
        return Err(raised);
    }
    // A module may have put something else in its place.
    match vm.modules.get_text(full) {
        Some(module) => Ok(module),
        None => {
            let message = format!("module {full} not in sys.modules");
            Err(vm.key_error(Value::from_str(&message)))
        }
    }
}

async fn fill_native(vm: &Vm, def: &'static crate::native::ModuleDef, module: &Ref<Module>) -> PyResult<()> {
    let filled = registry::fill_module(vm, def, module).map(|()| Value::NONE);
    vm.settle(filled).await.map(drop)
}

/// Asks for the module's part of the runtime if that is not here yet.
async fn fetch_part(vm: &Vm, def: &crate::native::ModuleDef) -> PyResult<()> {
    match def.part {
        Some(part) => {
            // Its part is linked with SQLite's own module.
            if part == "sqlite" {
                vm.load_part("sqlite3").await?;
            }
            vm.load_part(part).await
        }
        None => Ok(()),
    }
}

/// A new module object of a native module, for `_imp.create_builtin`.
pub async fn create_native(vm: &Vm, name: &str) -> PyResult {
    if ["sys", "builtins"].contains(&name) {
        return Ok(vm.modules.get_text(name).unwrap_or(Value::NONE));
    }
    let Some(def) = vm.extension::<Imports>().native(name) else {
        let message = format!("no built-in module named '{name}'");
        return Err(import_error(vm, Exc::ImportError, &message, name, None));
    };
    fetch_part(vm, def).await?;
    let module = new_module(vm, name, None);
    fill_native(vm, def, &module).await?;
    Ok(module.into_value())
}

async fn run_found(vm: &Vm, module: &Ref<Module>, found: find::Found) -> PyResult {
    if let Contents::Source(source) = &found.contents
        && !found.in_library
        && (source.contains("__spec__") || source.contains("__loader__"))
    {
        python_side::set_spec(vm, module).await?;
    }
    run(vm, module, &found.file, found.contents).await
}

/// Runs code in a module's namespace.
pub(super) async fn run(vm: &Vm, module: &Ref<Module>, file: &str, contents: Contents) -> PyResult {
    let code = match contents {
        Contents::Source(source) => {
            let options = snakelet_compiler::Options { filename: file.into(), ..Default::default() };
            crate::names::load_for(vm.handle(), &source).await?;
            super::with_syntax_warnings(vm.handle(), super::compile_with(vm, &source, &options)).await?
        }
        Contents::Compiled(code) => CodeObject::new_object(vm, code)?,
    };
    let function = Function::for_code(vm, code, module.dict.clone());
    vm.call(&function, Vec::new()).await
}

/// A module object with the names that the import system sets.
fn new_module(vm: &Vm, full: &str, found: Option<&find::Found>) -> Ref<Module> {
    let module = Module::new_object(full);
    let dict = &module.dict;
    // They are made when somebody asks: see `python_side`.
    for lazy in ["__loader__", "__spec__"] {
        dict.remove_str(&crate::object::intern::intern(lazy));
    }
    let path = found.and_then(|found| found.path.as_ref());
    let package = match path {
        Some(_) => full,
        None => full.rsplit_once('.').map_or("", |(package, _)| package),
    };
    dict.set_text("__package__", Value::from_str(package));
    if let Some(path) = path {
        dict.set_text("__path__", Value::from_list(path.iter().map(|folder| Value::from_str(folder)).collect()));
    }
    if let Some(found) = found {
        dict.set_text("__file__", Value::from_str(&found.file));
        dict.set_text("__cached__", Value::from_str(&cached_name(&found.file)));
    }
    dict.set_text("__builtins__", vm.builtins.value());
    module
}

/// Where compiled code of a source file would lie (PEP 3147). Nothing is written there by native imports.
fn cached_name(file: &str) -> String {
    let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    format!("{folder}/__pycache__/{stem}.{}.pyc", crate::modules::sys::CACHE_TAG)
}

/// An ImportError or ModuleNotFoundError that knows the module's name and path.
pub(super) fn import_error(vm: &Vm, class: Exc, message: &str, name: &str, path: Option<&str>) -> Raised {
    let exception = class.instance(vm, vec![Value::from_str(message)]);
    errors::fields::set(&exception, "name", Value::from_str(name));
    if let Some(path) = path {
        errors::fields::set(&exception, "path", Value::from_str(path));
    }
    vm.raise(exception)
}
