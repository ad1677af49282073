//! `sys`.
//!
//! `info` holds the constant tuples, `runtime` the functions that look into the interpreter; the rest is here.

mod info;
mod jit;
mod namespace;
mod runtime;
mod tracing;

pub use info::CACHE_TAG;
pub use namespace::SimpleNamespace;

use snakelet_macros::native_module;

use crate::errors::Exc;
use crate::host::Stream;
use crate::session::SessionConfig;
use crate::types::exception::BaseException;
use crate::{PyResult, Value, Vm, VmRef};

pub const MODULE: crate::native::ModuleDef = Sys::MODULE;

/// Declares module `sys`.
pub struct Sys;

/// Access to some objects used or maintained by the interpreter and to functions that interact strongly with it.
#[native_module("sys", with = [runtime::Runtime::FUNCTIONS, tracing::Tracing::FUNCTIONS])]
impl Sys {
    #[constant("byteorder")]
    const BYTEORDER: &'static str = "little";
    #[constant("maxsize")]
    const MAXSIZE: i64 = i64::MAX;
    #[constant("maxunicode")]
    const MAXUNICODE: i64 = 0x10ffff;
    #[constant("platform")]
    const PLATFORM: &'static str = "emscripten";
    #[constant("version")]
    const VERSION: &'static str = concat!("3.14.2 (Snakelet ", env!("CARGO_PKG_VERSION"), ") [Rust]");
    #[constant("hexversion")]
    const HEXVERSION: i64 = info::HEXVERSION;
    #[constant("api_version")]
    const API_VERSION: i64 = 1013;
    #[constant("prefix")]
    const PREFIX: &'static str = "/";
    #[constant("exec_prefix")]
    const EXEC_PREFIX: &'static str = "/";
    #[constant("base_prefix")]
    const BASE_PREFIX: &'static str = "/";
    #[constant("base_exec_prefix")]
    const BASE_EXEC_PREFIX: &'static str = "/";
    #[constant("_stdlib_dir")]
    const STDLIB: &'static str = crate::import::LIBRARY;
    #[constant("platlibdir")]
    const PLATLIBDIR: &'static str = "lib";
    #[constant("abiflags")]
    const ABIFLAGS: &'static str = "";
    #[constant("float_repr_style")]
    const FLOAT_REPR_STYLE: &'static str = "short";
    #[constant("dont_write_bytecode")]
    const DONT_WRITE_BYTECODE: bool = true;
    #[constant("pycache_prefix")]
    const PYCACHE_PREFIX: Value = Value::NONE;
    #[constant("_framework")]
    const FRAMEWORK: &'static str = "";
    #[constant("copyright")]
    const COPYRIGHT: &'static str = "Copyright (c) 2001 Python Software Foundation.\nAll Rights Reserved.";

    /// Exit the interpreter by raising SystemExit(status).
    ///
    /// If the status is omitted or None, it defaults to zero (i.e., success). An integer is the exit status; anything else is
    /// printed and the status is one.
    #[function("exit(status=None, /)")]
    fn exit(vm: &Vm, status: &Value) -> PyResult<()> {
        let args = if status.is_none() { Vec::new() } else { vec![status.clone()] };
        Err(vm.error_with_args(Exc::SystemExit, args))
    }

    /// Handle an exception by displaying it with a traceback on sys.stderr.
    #[function("excepthook(exctype, value, traceback, /)")]
    async fn excepthook(vm: VmRef, exctype: Value, value: Value, traceback: Value) -> PyResult<()> {
        let _ = (exctype, traceback);
        let text = match value.downcast::<BaseException>() {
            Some(_) => crate::errors::traceback::format_exception(vm, &value).await,
            None => {
                let got = vm.type_name(&value);
                format!("TypeError: print_exception(): Exception expected for value, {got} found\n")
            }
        };
        match vm.sys.get_text("stderr").filter(|stderr| !stderr.is_none()) {
            Some(stderr) => crate::builtins::print::write(&vm, &stderr, &Value::from_str(&text)).await.map(drop),
            None => Ok(()),
        }
    }

    /// Handle an unraisable exception: an error in a finaliser, for example.
    #[function("unraisablehook(unraisable, /)")]
    async fn unraisablehook(vm: VmRef, unraisable: Value) -> PyResult<()> {
        let exception = vm.attr(&unraisable, "exc_value").await?;
        let message = vm.attr(&unraisable, "err_msg").await?;
        let object = vm.attr(&unraisable, "object").await?;
        crate::errors::unraisable::show(vm, exception, &message, &object).await;
        Ok(())
    }

    /// Print an object to sys.stdout and also save it in builtins._
    #[function("displayhook(object, /)")]
    async fn displayhook(vm: VmRef, object: Value) -> PyResult<()> {
        if object.is_none() {
            return Ok(());
        }
        let underscore = crate::object::intern::intern("_");
        vm.builtins.set_str(&underscore, Value::NONE);
        let text = vm.repr(&object).await?.into_value();
        let Some(stdout) = vm.sys.get_text("stdout").filter(|stdout| !stdout.is_none()) else {
            return Err(vm.runtime_error("lost sys.stdout"));
        };
        crate::builtins::print::write(&vm, &stdout, &text).await?;
        crate::builtins::print::write(&vm, &stdout, &Value::from_str("\n")).await?;
        vm.builtins.set_str(&underscore, object);
        Ok(())
    }

    /// This hook function is called by built-in breakpoint().
    #[function("breakpointhook(*args, **kws)", text = "($module, /, *args, **kwargs)")]
    async fn breakpointhook(vm: VmRef, args: Vec<Value>, kws: Vec<(Value, Value)>) -> PyResult {
        let Some(trace) = breakpoint_function(vm).await? else { return Ok(Value::NONE) };
        let (names, values): (Vec<Value>, Vec<Value>) = kws.into_iter().unzip();
        vm.call_kw(&trace, args.into_iter().chain(values).collect(), names).await
    }

    /// audit(event, *args)
    ///
    /// Passes the event to any hooks that are attached.
    #[function("audit(event, /, *args)")]
    fn audit(event: &Value, args: &[Value]) {
        let _ = (event, args);
    }

    /// Adds a new audit hook callback. There are no events to hear of.
    #[function("addaudithook(hook)")]
    fn addaudithook(hook: &Value) {
        let _ = hook;
    }

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let _ = module;
        info::fill(vm);
        let monitoring = crate::types::module::Module::new_object("sys.monitoring");
        crate::native::registry::fill_module(vm, &tracing::MonitoringModule::MODULE, &monitoring)?;
        vm.sys.set_text("monitoring", monitoring.value());
        vm.modules.set_text("sys.monitoring", monitoring.into_value());
        let jit = crate::types::module::Module::new_object("sys._jit");
        crate::native::registry::fill_module(vm, &jit::MODULE, &jit)?;
        vm.sys.set_text("_jit", jit.into_value());
        Ok(())
    }
}

/// What `$PYTHONBREAKPOINT` names, by default the debugger; nothing if it is `0` or cannot be imported.
async fn breakpoint_function(vm: VmRef) -> PyResult<Option<Value>> {
    let environment = crate::import::import_module(&vm, "os").await?;
    let environment = vm.attr(&environment, "environ").await?;
    let get = vm.attr(&environment, "get").await?;
    let asked = vm.call(&get, vec![Value::from_str("PYTHONBREAKPOINT")]).await?;
    let asked = asked.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
    if asked == "0" {
        return Ok(None);
    }
    let wanted = if asked.is_empty() { "pdb.set_trace" } else { &asked };
    let (module, name) = wanted.rsplit_once('.').unwrap_or(("builtins", wanted));
    let found = if module.is_empty() || name.is_empty() {
        None
    } else {
        match crate::import::import_module(&vm, module).await {
            Ok(module) => vm.attr_opt(&module, &crate::object::intern::intern(name)).await?,
            Err(raised) => match vm.catch(Exc::ImportError) {
                Some(_) => None,
                None => return Err(raised),
            },
        }
    };
    if found.is_none() {
        let message = format!("Ignoring unimportable $PYTHONBREAKPOINT: \"{asked}\"");
        crate::errors::warn::warn(vm, Exc::RuntimeWarning, &message, 0).await?;
    }
    Ok(found)
}

/// What depends on the session.
pub fn configure(vm: &Vm, config: &SessionConfig) {
    let strs = |items: &[String]| Value::from_list(items.iter().map(|item| Value::from_str(item)).collect());
    let sys = &vm.sys;
    sys.set_text("modules", vm.modules.value());
    sys.set_text("argv", if config.argv.is_empty() { strs(&[String::new()]) } else { strs(&config.argv) });
    sys.set_text("orig_argv", strs(&config.argv));
    sys.set_text("path", strs(&[String::new(), crate::import::LIBRARY.to_string()]));
    sys.set_text("executable", Value::from_str(""));
    // The finders come when somebody looks at them: `import::SYS_NAMES`.
    sys.set_text("warnoptions", Value::from_list(Vec::new()));
    sys.set_text("_xoptions", crate::types::dict::Dict::new_object().into_value());
    for (name, stream) in [("stdin", None), ("stdout", Some(Stream::Stdout)), ("stderr", Some(Stream::Stderr))] {
        let stream = crate::files::text::standard(stream);
        sys.set_text(name, stream.clone());
        sys.set_text(&format!("__{name}__"), stream);
    }
    for name in ["displayhook", "excepthook", "unraisablehook", "breakpointhook"] {
        if let Some(hook) = sys.get_text(name) {
            sys.set_text(&format!("__{name}__"), hook);
        }
    }
    let natives = vm.extension::<crate::import::Imports>().native_names();
    sys.set_text("builtin_module_names", Value::from_tuple(natives.into_iter().map(Value::from_str).collect()));
    vm.extension::<super::posix::Environment>().0.set(config.env.clone());
    if config.interactive {
        sys.set_text("ps1", Value::from_str(">>> "));
        sys.set_text("ps2", Value::from_str("... "));
    }
}

/// The variables of the environment that the session started with.
pub(crate) fn environment(vm: &Vm) -> Vec<(String, String)> {
    vm.extension::<super::posix::Environment>().0.borrow().clone()
}
