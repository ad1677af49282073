//! `_imp`: what CPython's `importlib` asks of the native side.

use std::cell::Cell;

use snakelet_macros::native_module;

use crate::errors::Exc;
use crate::import;
use crate::types::bytes::Bytes;
use crate::{Native, PyResult, Value, Vm, VmRef};

pub const MODULE: crate::native::ModuleDef = Imp::MODULE;

/// How often the import lock, which excludes nobody, is held.
#[derive(Default)]
struct ImportLock(Cell<usize>);

fn text(vm: &Vm, name: &Value) -> PyResult<String> {
    match name.as_text() {
        Some(name) => Ok(name.to_utf8_lossy().into_owned()),
        None => {
            let got = vm.type_name(name);
            Err(vm.type_error(format!("argument must be str, not {got}")))
        }
    }
}

fn not_frozen(vm: &Vm, name: &Value) -> PyResult {
    let shown = vm.repr_now(name).map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
    Err(vm.error(Exc::ImportError, &format!("No such frozen object named {shown}")))
}

/// Declares module `_imp`.
struct Imp;

/// Low-level import machinery bits and pieces.
#[native_module("_imp")]
impl Imp {
    #[constant("check_hash_based_pycs")]
    const CHECK: &'static str = "default";
    #[constant("pyc_magic_number_token")]
    const MAGIC: i64 = 168_627_755;

    /// Return True if the import lock is currently held.
    #[function("lock_held()")]
    fn lock_held(vm: &Vm) -> bool {
        vm.extension::<ImportLock>().0.get() > 0
    }

    /// Acquires the interpreter's import lock for the current thread.
    #[function("acquire_lock()")]
    fn acquire_lock(vm: &Vm) {
        let lock = &vm.extension::<ImportLock>().0;
        lock.set(lock.get() + 1);
    }

    /// Release the interpreter's import lock.
    #[function("release_lock()")]
    fn release_lock(vm: &Vm) -> PyResult<()> {
        let lock = &vm.extension::<ImportLock>().0;
        match lock.get().checked_sub(1) {
            Some(count) => {
                lock.set(count);
                Ok(())
            }
            None => Err(vm.runtime_error("not holding the import lock")),
        }
    }

    /// Return the list of file suffixes used to identify extension modules: there are none.
    #[function("extension_suffixes()")]
    fn extension_suffixes() -> Vec<Value> {
        Vec::new()
    }

    /// Returns 1 for native modules, -1 for those that cannot be made again, 0 for others.
    #[function("is_builtin(name, /)")]
    fn is_builtin(vm: &Vm, name: &Value) -> PyResult<i64> {
        let name = text(vm, name)?;
        Ok(match name.as_str() {
            "sys" | "builtins" => -1,
            name if import::is_native(vm, name) => 1,
            _ => 0,
        })
    }

    /// Create a native module.
    #[function("create_builtin(spec, /)")]
    async fn create_builtin(vm: VmRef, spec: Value) -> PyResult {
        let name = vm.attr(&spec, "name").await?;
        let name = text(&vm, &name)?;
        import::create_native(&vm, &name).await
    }

    /// Initialize a native module: done when it was made.
    #[function("exec_builtin(mod, /)")]
    fn exec_builtin(module: &Value) -> i64 {
        let _ = module;
        0
    }

    #[function("create_dynamic(spec, file=<unrepresentable>, /)")]
    fn create_dynamic(vm: &Vm, spec: &Value, file: Option<&Value>) -> PyResult {
        let _ = file;
        let (handle, spec) = (vm.handle(), spec.clone());
        Err(vm.defer(async move {
            for name in ["name", "origin"] {
                let value = handle.attr(&spec, name).await?;
                if value.as_text().is_some_and(|text| text.to_utf8_lossy().contains('\0')) {
                    return Err(handle.value_error("embedded null character"));
                }
            }
            Err(handle.error(Exc::ImportError, "extension modules in machine code cannot be loaded here"))
        }))
    }

    #[function("exec_dynamic(mod, /)")]
    fn exec_dynamic(module: &Value) -> i64 {
        let _ = module;
        0
    }

    /// Returns True if the module name corresponds to a frozen module.
    #[function("is_frozen(name, /)")]
    fn is_frozen(name: &Value) -> bool {
        let _ = name;
        false
    }

    /// Returns True if the module name is of a frozen package.
    #[function("is_frozen_package(name, /)")]
    fn is_frozen_package(vm: &Vm, name: &Value) -> PyResult {
        not_frozen(vm, name)
    }

    /// Return info about the corresponding frozen module (if there is one) or None.
    #[function("find_frozen(name, /, *, withdata=False)")]
    fn find_frozen(name: &Value, withdata: bool) {
        let _ = (name, withdata);
    }

    #[function("get_frozen_object(name, data=None, /)")]
    fn get_frozen_object(vm: &Vm, name: &Value, data: &Value) -> PyResult {
        if let (false, Some(name)) = (data.is_none(), name.as_text()) {
            let message = format!("Frozen object named '{}' is invalid", name.to_utf8_lossy());
            return Err(vm.error(Exc::ImportError, &message));
        }
        not_frozen(vm, name)
    }

    #[function("init_frozen(name, /)")]
    fn init_frozen(name: &Value) {
        let _ = name;
    }

    /// Returns the list of available frozen modules.
    #[function("_frozen_module_names()")]
    fn frozen_module_names() -> Vec<Value> {
        Vec::new()
    }

    #[function("_override_frozen_modules_for_tests(override, /)")]
    fn override_frozen(override_: i64) {
        let _ = override_;
    }

    #[function("_override_multi_interp_extensions_check(override, /)")]
    fn override_check(override_: i64) -> i64 {
        override_
    }

    #[function("_fix_co_filename(code, path, /)")]
    fn fix_filename(code: &Value, path: &Value) {
        let _ = (code, path);
    }

    /// A hash of a source text.
    #[function("source_hash(key, source)")]
    fn source_hash(key: i64, source: Vec<u8>) -> Value {
        // FNV-1a, which nothing outside compares with.
        let start = 0xcbf2_9ce4_8422_2325 ^ key as u64;
        let hash = source.iter().fold(start, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Bytes::new(hash.to_le_bytes().to_vec()).into_value()
    }

    /// A library module's file and, for packages, `__path__`; None if there is none. Fetches the file.
    #[function("_find_library(folder, name, /)")]
    async fn find_library(vm: VmRef, folder: String, name: String) -> PyResult {
        let Some(folder) = import::library_folder(&folder) else { return Ok(Value::NONE) };
        let Some((file, path)) = import::find_library(&vm, folder, &name).await? else { return Ok(Value::NONE) };
        let path = path.map_or(Value::NONE, |path| Value::from_list(path.iter().map(|p| Value::from_str(p)).collect()));
        Ok(Value::from_tuple(vec![Value::from_str(&file), path]))
    }

    /// Names of the modules in a folder of the library, each with whether it is a package.
    #[function("_list_library(folder, /)")]
    async fn list_library(vm: VmRef, folder: String) -> PyResult<Vec<Value>> {
        let Some(folder) = import::library_folder(&folder) else { return Ok(Vec::new()) };
        let modules = import::list_library(&vm, folder).await?;
        let pair =
            |(name, package): (String, bool)| Value::from_tuple(vec![Value::from_str(&name), Value::bool(package)]);
        Ok(modules.into_iter().map(pair).collect())
    }

    /// `importlib._bootstrap._find_and_load`, natively while the finders are the original ones.
    #[function("_find_and_load(name, import_, /)", text = none)]
    async fn find_and_load(vm: VmRef, name: Value, import_: Value) -> PyResult {
        import::find_and_load_for_python(&vm, name, import_).await
    }
}
