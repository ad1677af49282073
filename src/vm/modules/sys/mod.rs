//! `sys`.

use snakelet_macros::native_module;

use crate::errors::Exc;
use crate::host::Stream;
use crate::session::SessionConfig;
use crate::{PyResult, Value, Vm, VmRef};

pub const MODULE: crate::native::ModuleDef = Sys::MODULE;

/// Declares module `sys`.
pub struct Sys;

/// Access to some objects used or maintained by the interpreter and to functions that interact strongly with it.
#[native_module("sys")]
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
    const HEXVERSION: i64 = 0x030e_02f0;
    #[constant("prefix")]
    const PREFIX: &'static str = "/";
    #[constant("exec_prefix")]
    const EXEC_PREFIX: &'static str = "/";
    #[constant("executable")]
    const EXECUTABLE: &'static str = "";

    /// Exit the interpreter by raising SystemExit(status).
    ///
    /// If the status is omitted or None, it defaults to zero (i.e., success). An integer is the exit status; anything else is
    /// printed and the status is one.
    #[function("exit(status=None, /)")]
    fn exit(vm: &Vm, status: &Value) -> PyResult<()> {
        let args = if status.is_none() { Vec::new() } else { vec![status.clone()] };
        Err(vm.error_with_args(Exc::SystemExit, args))
    }

    /// Return the current value of the recursion limit.
    #[function("getrecursionlimit()")]
    fn getrecursionlimit(vm: &Vm) -> usize {
        vm.recursion_limit.get()
    }

    /// Set the maximum depth of the Python interpreter stack to n.
    #[function("setrecursionlimit(limit, /)")]
    fn setrecursionlimit(vm: &Vm, limit: i32) -> PyResult<()> {
        match usize::try_from(limit) {
            Ok(limit) if limit > 0 => {
                vm.recursion_limit.set(limit);
                Ok(())
            }
            _ => Err(vm.value_error("recursion limit must be greater or equal than 1")),
        }
    }

    /// Handle an exception by displaying it with a traceback on sys.stderr.
    #[function("excepthook(exctype, value, traceback, /)")]
    async fn excepthook(vm: VmRef, exctype: Value, value: Value, traceback: Value) -> PyResult<()> {
        let _ = (exctype, traceback);
        let text = crate::errors::traceback::format_exception(vm, &value).await;
        match vm.sys.get_text("stderr").filter(|stderr| !stderr.is_none()) {
            Some(stderr) => crate::builtins::print::write(&vm, &stderr, &Value::from_str(&text)).await.map(drop),
            None => Ok(()),
        }
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
}

/// What depends on the session.
pub fn configure(vm: &Vm, config: &SessionConfig) {
    let strs = |items: &[String]| Value::from_list(items.iter().map(|item| Value::from_str(item)).collect());
    let sys = &vm.sys;
    sys.set_text("modules", vm.modules.value());
    sys.set_text("argv", if config.argv.is_empty() { strs(&[String::new()]) } else { strs(&config.argv) });
    sys.set_text("path", strs(&[String::new(), crate::import::LIBRARY.to_string()]));
    for (name, stream) in [("stdin", None), ("stdout", Some(Stream::Stdout)), ("stderr", Some(Stream::Stderr))] {
        let stream = crate::files::text::standard(stream);
        sys.set_text(name, stream.clone());
        sys.set_text(&format!("__{name}__"), stream);
    }
    for name in ["displayhook", "excepthook"] {
        if let Some(hook) = sys.get_text(name) {
            sys.set_text(&format!("__{name}__"), hook);
        }
    }
    if config.interactive {
        sys.set_text("ps1", Value::from_str(">>> "));
        sys.set_text("ps2", Value::from_str("... "));
    }
}
