//! `posix`: the session's file system and process, as far as there is one. Module `os` is built on it.
//!
//! | file | subject |
//! |---|---|
//! | `arguments` | paths and descriptors as arguments |
//! | `paths` | what changes the tree |
//! | `status` | `stat`, modes, owners, times |
//! | `fd` | file descriptors, pipes |
//! | `scan` | `scandir` |

mod arguments;
mod fd;
mod paths;
mod scan;
mod status;

use std::cell::OnceCell;

use snakelet_macros::native_module;

use super::structs;
use crate::errors::Exc;
use crate::files::errno::{self, Errno};
use crate::object::Ref;
use crate::types::bytes::Bytes;
use crate::types::dict::Dict;
use crate::types::module::Module;
use crate::types::typeobject::Type;
use crate::{Native, PyResult, Value, Vm, VmRef};

pub const MODULE: crate::native::ModuleDef = Posix::MODULE;

thread_local! {
    static TERMINAL_SIZE: OnceCell<Ref<Type>> = const { OnceCell::new() };
    static UNAME: OnceCell<Ref<Type>> = const { OnceCell::new() };
    static TIMES: OnceCell<Ref<Type>> = const { OnceCell::new() };
}

fn times_result() -> Ref<Type> {
    const FIELDS: &[&str] = &["user", "system", "children_user", "children_system", "elapsed"];
    let make = || structs::make_class("posix", "times_result", "Result from os.times().", FIELDS);
    TIMES.with(|class| class.get_or_init(make).clone())
}

fn terminal_size() -> Ref<Type> {
    let make = || structs::make_class("os", "terminal_size", "A tuple of (columns, lines).", &["columns", "lines"]);
    TERMINAL_SIZE.with(|class| class.get_or_init(make).clone())
}

fn uname_result() -> Ref<Type> {
    const FIELDS: &[&str] = &["sysname", "nodename", "release", "version", "machine"];
    let make = || structs::make_class("posix", "uname_result", "Result from os.uname().", FIELDS);
    UNAME.with(|class| class.get_or_init(make).clone())
}

/// `os.environ`'s beginnings, kept for `posix.environ`.
#[derive(Default)]
pub struct Environment(pub crate::VmCell<Vec<(String, String)>>);

/// Linux's numbers.
const CONSTANTS: &[(&str, i64)] = &[
    ("O_RDONLY", 0),
    ("O_WRONLY", 1),
    ("O_RDWR", 2),
    ("O_ACCMODE", 3),
    ("O_CREAT", 0o100),
    ("O_EXCL", 0o200),
    ("O_NOCTTY", 0o400),
    ("O_TRUNC", 0o1000),
    ("O_APPEND", 0o2000),
    ("O_NONBLOCK", 0o4000),
    ("O_NDELAY", 0o4000),
    ("O_DSYNC", 0o10000),
    ("O_DIRECTORY", 0o200_000),
    ("O_NOFOLLOW", 0o400_000),
    ("O_NOATIME", 0o1_000_000),
    ("O_CLOEXEC", 0o2_000_000),
    ("O_SYNC", 0o4_010_000),
    ("EX_USAGE", 64),
    ("EX_DATAERR", 65),
    ("EX_NOINPUT", 66),
    ("EX_NOUSER", 67),
    ("EX_NOHOST", 68),
    ("EX_UNAVAILABLE", 69),
    ("EX_SOFTWARE", 70),
    ("EX_OSERR", 71),
    ("EX_OSFILE", 72),
    ("EX_CANTCREAT", 73),
    ("EX_IOERR", 74),
    ("EX_TEMPFAIL", 75),
    ("EX_PROTOCOL", 76),
    ("EX_NOPERM", 77),
    ("EX_CONFIG", 78),
    ("NGROUPS_MAX", 65536),
    ("TMP_MAX", 238_328),
    ("ST_RDONLY", 1),
    ("ST_NOSUID", 2),
    ("WNOHANG", 1),
    ("P_PID", 1),
    ("P_PGID", 2),
    ("P_ALL", 0),
];

/// What module `os` makes `supports_dir_fd` and its like from.
const HAVE: &[&str] = &[
    "HAVE_FACCESSAT",
    "HAVE_FCHDIR",
    "HAVE_FCHMOD",
    "HAVE_FCHMODAT",
    "HAVE_FCHOWN",
    "HAVE_FCHOWNAT",
    "HAVE_FDOPENDIR",
    "HAVE_FSTATAT",
    "HAVE_FSTATVFS",
    "HAVE_FTRUNCATE",
    "HAVE_FUTIMENS",
    "HAVE_LCHOWN",
    "HAVE_LINKAT",
    "HAVE_LSTAT",
    "HAVE_MKDIRAT",
    "HAVE_OPENAT",
    "HAVE_READLINKAT",
    "HAVE_RENAMEAT",
    "HAVE_SYMLINKAT",
    "HAVE_UNLINKAT",
    "HAVE_UTIMENSAT",
];

/// Declares module `posix`.
struct Posix;

/// This module provides access to operating system functionality that is standardized by the C Standard and POSIX.
#[native_module(
    "posix",
    types = [scan::DirEntry],
    with = [paths::Paths::FUNCTIONS, status::Status::FUNCTIONS, fd::Descriptors::FUNCTIONS, scan::Scan::FUNCTIONS]
)]
impl Posix {
    #[constant("F_OK")]
    const F_OK: i64 = 0;
    #[constant("X_OK")]
    const X_OK: i64 = 1;
    #[constant("W_OK")]
    const W_OK: i64 = 2;
    #[constant("R_OK")]
    const R_OK: i64 = 4;
    #[constant("EX_OK")]
    const EX_OK: i64 = 0;

    /// Return the file system path representation of the object.
    #[function("fspath(path)")]
    async fn fspath(vm: VmRef, path: Value) -> PyResult {
        if path.as_text().is_some() || path.downcast::<Bytes>().is_some() {
            return Ok(path);
        }
        match vm.call_special(&path, &crate::name!(__fspath__), Vec::new()).await {
            Some(found) => {
                let found = found?;
                if found.as_text().is_none() && found.downcast::<Bytes>().is_none() {
                    let (class, got) = (vm.type_name(&path), vm.type_name(&found));
                    let message = format!("expected {class}.__fspath__() to return str or bytes, not {got}");
                    return Err(vm.type_error(message));
                }
                Ok(found)
            }
            None => {
                let got = vm.type_name(&path);
                Err(vm.type_error(format!("expected str, bytes or os.PathLike object, not {got}")))
            }
        }
    }

    /// Translate an error code to a message string.
    #[function("strerror(code, /)")]
    fn strerror(code: i32) -> String {
        errno::message(code).map_or_else(|| format!("Unknown error {code}"), str::to_string)
    }

    /// Return a bytes object containing random bytes suitable for cryptographic use.
    #[function("urandom(size, /)")]
    fn urandom(vm: &Vm, size: isize) -> PyResult {
        let Ok(size) = usize::try_from(size) else { return Err(vm.value_error("negative argument not allowed")) };
        vm.check_memory(size)?;
        let mut bytes = Vec::new();
        vm.reserve(&mut bytes, size)?;
        bytes.resize(size, 0);
        vm.host().random(&mut bytes);
        Ok(Bytes::new(bytes).into_value())
    }

    /// Return the current process id.
    #[function("getpid()")]
    fn getpid() -> i64 {
        42
    }

    /// Send a signal to a process, of which there is only the own one.
    #[function("kill(pid, signal, /)")]
    async fn kill(vm: VmRef, pid: i64, signal: i64) -> PyResult<()> {
        if ![0, -1, Posix::getpid()].contains(&pid) {
            return Err(vm.os_error(Errno::from_number(3), None));
        }
        match usize::try_from(signal) {
            Ok(0) => Ok(()),
            Ok(number) if number < crate::modules::signal::NSIG => crate::modules::signal::raise(&vm, number).await,
            _ => Err(vm.os_error(Errno::EINVAL, None)),
        }
    }

    /// Return the parent's process id.
    #[function("getppid()")]
    fn getppid() -> i64 {
        1
    }

    /// Return the current process's user id.
    #[function("getuid()")]
    fn getuid() -> i64 {
        0
    }

    /// Return the current process's effective user id.
    #[function("geteuid()")]
    fn geteuid() -> i64 {
        0
    }

    /// Return the number of logical CPUs in the system: a session runs on one.
    #[function("cpu_count()")]
    fn cpu_count() -> i64 {
        1
    }

    /// Set the current numeric umask and return the previous umask.
    #[function("umask(mask, /)")]
    fn umask(vm: &Vm, mask: i64) -> i64 {
        vm.files().umask.replace(mask as u32 & 0o777).into()
    }

    /// Return the current process's group id.
    #[function("getgid()")]
    fn getgid() -> i64 {
        0
    }

    /// Return the current process's effective group id.
    #[function("getegid()")]
    fn getegid() -> i64 {
        0
    }

    /// Return the current process group id.
    #[function("getpgrp()")]
    fn getpgrp() -> i64 {
        42
    }

    /// Return list of supplemental group IDs for the process.
    #[function("getgroups()")]
    fn getgroups() -> Vec<Value> {
        vec![Value::small_int(0)]
    }

    /// Return the actual login name.
    #[function("getlogin()")]
    fn getlogin() -> &'static str {
        "user"
    }

    /// Return a collection containing process timing information.
    #[function("times()")]
    fn times(vm: &Vm) -> Value {
        let elapsed = vm.host().monotonic();
        let items = [elapsed, 0.0, 0.0, 0.0, elapsed];
        structs::make(&times_result(), items.map(Value::float).to_vec())
    }

    /// Return average recent system load information.
    #[function("getloadavg()")]
    fn getloadavg(vm: &Vm) -> PyResult {
        Err(vm.error(Exc::OSError, "Load averages are unobtainable"))
    }

    /// Voluntarily relinquish the CPU.
    #[function("sched_yield()")]
    async fn sched_yield(vm: VmRef) -> PyResult<()> {
        vm.breathe(u32::MAX).await
    }

    /// Return a string describing the encoding of a terminal's file descriptor; there is none.
    #[function("device_encoding(fd)")]
    fn device_encoding(fd: i32) {
        let _ = fd;
    }

    /// Convert a wait status to an exit code.
    #[function("waitstatus_to_exitcode(status)")]
    fn waitstatus_to_exitcode(status: i64) -> i64 {
        if status & 0x7f == 0 { status >> 8 & 0xff } else { -(status & 0x7f) }
    }

    /// Return an object identifying the current operating system.
    #[function("uname()")]
    fn uname() -> Value {
        let items = ["Snakelet", "localhost", "0.1", "1", "wasm32"];
        structs::make(&uname_result(), items.iter().map(|item| Value::from_str(item)).collect())
    }

    /// Change or add an environment variable.
    #[function("putenv(name, value, /)")]
    fn putenv(name: &Value, value: &Value) {
        let _ = (name, value);
    }

    /// Delete an environment variable.
    #[function("unsetenv(name, /)")]
    fn unsetenv(name: &Value) {
        let _ = name;
    }

    /// Exit to the system with specified status, without normal exit processing.
    #[function("_exit(status)")]
    fn exit(vm: &Vm, status: i64) -> PyResult<()> {
        Err(vm.error_with_args(Exc::SystemExit, vec![Value::from_i64(status)]))
    }

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let Some(module) = module.downcast::<Module>() else { return Ok(()) };
        let dict = &module.dict;
        dict.set_text("error", Exc::OSError.class().into_value());
        for (name, number) in CONSTANTS {
            dict.set_text(name, Value::from_i64(*number));
        }
        dict.set_text("stat_result", status::stat_result().into_value());
        dict.set_text("statvfs_result", status::statvfs_result().into_value());
        dict.set_text("times_result", times_result().into_value());
        dict.set_text("terminal_size", terminal_size().into_value());
        dict.set_text("uname_result", uname_result().into_value());
        let have = HAVE.iter().map(|name| Value::from_str(name)).collect();
        dict.set_text("_have_functions", Value::from_list(have));
        let environ = Dict::new_object();
        for (name, value) in vm.extension::<Environment>().0.borrow() {
            let bytes = |text: &str| Bytes::new(text.as_bytes().to_vec()).into_value();
            if let Some(result) = environ.set_now(vm, &bytes(name), &bytes(value)) {
                result?;
            }
        }
        dict.set_text("environ", environ.into_value());
        Ok(())
    }
}
