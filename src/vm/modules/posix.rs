//! `posix`: the session's file system and process, as far as there is one. Module `os` is built on it.

use std::cell::OnceCell;

use snakelet_macros::native_module;

use super::structs;
use crate::errors::Exc;
use crate::files::Node;
use crate::files::errno::{self, Errno};
use crate::files::open::path_text;
use crate::files::stream::{IoObject, State};
use crate::native::ArgBytes;
use crate::object::Ref;
use crate::types::bytes::Bytes;
use crate::types::dict::Dict;
use crate::types::module::Module;
use crate::types::typeobject::Type;
use crate::{Native, PyResult, Value, Vm, VmRef};

pub const MODULE: crate::native::ModuleDef = Posix::MODULE;

thread_local! {
    static STAT_RESULT: OnceCell<Ref<Type>> = const { OnceCell::new() };
    static TERMINAL_SIZE: OnceCell<Ref<Type>> = const { OnceCell::new() };
    static UNAME: OnceCell<Ref<Type>> = const { OnceCell::new() };
}

fn stat_result() -> Ref<Type> {
    const FIELDS: &[&str] =
        &["st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size", "st_atime", "st_mtime", "st_ctime"];
    let make = || structs::make_class("os", "stat_result", "Result from stat, fstat, or lstat.", FIELDS, &[]);
    STAT_RESULT.with(|class| class.get_or_init(make).clone())
}

fn terminal_size() -> Ref<Type> {
    let make =
        || structs::make_class("os", "terminal_size", "A tuple of (columns, lines).", &["columns", "lines"], &[]);
    TERMINAL_SIZE.with(|class| class.get_or_init(make).clone())
}

fn uname_result() -> Ref<Type> {
    const FIELDS: &[&str] = &["sysname", "nodename", "release", "version", "machine"];
    let make = || structs::make_class("posix", "uname_result", "Result from os.uname().", FIELDS, &[]);
    UNAME.with(|class| class.get_or_init(make).clone())
}

/// `os.environ`'s beginnings, kept for `posix.environ`.
#[derive(Default)]
pub struct Environment(pub crate::VmCell<Vec<(String, String)>>);

async fn on_path(vm: &Vm, path: &Value, act: impl FnOnce(&str) -> Result<(), Errno>) -> PyResult<()> {
    let text = path_text(vm, path).await?;
    vm.files().set_time(vm.host().time());
    act(&text).map_err(|error| vm.os_error(error, Some(path)))
}

fn stat_of(node: &Node) -> Value {
    let (mode, inode, size, modified, links) = match node {
        Node::File(file) => {
            (0o100_000 | file.mode.get(), file.inode, file.bytes.borrow().len(), file.modified.get(), 1)
        }
        Node::Folder(folder) => (0o40_000 | folder.mode.get(), folder.inode, 4096, folder.modified.get(), 2),
    };
    let time = Value::from_i64(modified as i64);
    let items = vec![
        Value::from_i64(mode.into()),
        Value::from_i64(inode as i64),
        Value::small_int(1),
        Value::small_int(links),
        Value::small_int(0),
        Value::small_int(0),
        Value::from_usize(size),
        time.clone(),
        time.clone(),
        time,
    ];
    structs::make(&stat_result(), items)
}

/// A str, or bytes where the argument was bytes.
fn like(path: &Value, text: &str) -> Value {
    if ArgBytes::of(path).is_some() { Bytes::new(text.as_bytes().to_vec()).into_value() } else { Value::from_str(text) }
}

/// Declares module `posix`.
struct Posix;

/// This module provides access to operating system functionality that is standardized by the C Standard and POSIX.
#[native_module("posix")]
impl Posix {
    #[constant("F_OK")]
    const F_OK: i64 = 0;
    #[constant("X_OK")]
    const X_OK: i64 = 1;
    #[constant("W_OK")]
    const W_OK: i64 = 2;
    #[constant("R_OK")]
    const R_OK: i64 = 4;
    #[constant("O_RDONLY")]
    const O_RDONLY: i64 = 0;
    #[constant("O_WRONLY")]
    const O_WRONLY: i64 = 1;
    #[constant("O_RDWR")]
    const O_RDWR: i64 = 2;
    #[constant("O_CREAT")]
    const O_CREAT: i64 = 0o100;
    #[constant("O_EXCL")]
    const O_EXCL: i64 = 0o200;
    #[constant("O_TRUNC")]
    const O_TRUNC: i64 = 0o1000;
    #[constant("O_APPEND")]
    const O_APPEND: i64 = 0o2000;
    #[constant("EX_OK")]
    const EX_OK: i64 = 0;

    /// Return a unicode string representing the current working directory.
    #[function("getcwd()")]
    fn getcwd(vm: &Vm) -> String {
        vm.files().current_folder()
    }

    /// Return a bytes string representing the current working directory.
    #[function("getcwdb()")]
    fn getcwdb(vm: &Vm) -> Value {
        Bytes::new(vm.files().current_folder().into_bytes()).into_value()
    }

    /// Change the current working directory to the specified path.
    #[function("chdir(path)")]
    async fn chdir(vm: VmRef, path: Value) -> PyResult<()> {
        on_path(&vm, &path, |path| vm.files().set_current_folder(path)).await
    }

    /// Return a list containing the names of the files in the directory.
    #[function("listdir(path=None)")]
    async fn listdir(vm: VmRef, path: Value) -> PyResult<Vec<Value>> {
        let text = if path.is_none() { ".".to_string() } else { path_text(&vm, &path).await? };
        match vm.files().list(&text) {
            Ok(names) => Ok(names.iter().map(|name| like(&path, name)).collect()),
            Err(error) => {
                let shown = if path.is_none() { Value::from_str(".") } else { path };
                Err(vm.os_error(error, Some(&shown)))
            }
        }
    }

    /// Create a directory.
    #[function("mkdir(path, mode=511, *, dir_fd=None)")]
    async fn mkdir(vm: VmRef, path: Value, mode: i64, dir_fd: Value) -> PyResult<()> {
        let _ = (mode, dir_fd);
        on_path(&vm, &path, |path| vm.files().make_folder(path)).await
    }

    /// Remove a directory.
    #[function("rmdir(path, *, dir_fd=None)")]
    async fn rmdir(vm: VmRef, path: Value, dir_fd: Value) -> PyResult<()> {
        let _ = dir_fd;
        on_path(&vm, &path, |path| vm.files().remove_folder(path)).await
    }

    /// Remove a file (same as unlink()).
    #[function("remove(path, *, dir_fd=None)")]
    async fn remove(vm: VmRef, path: Value, dir_fd: Value) -> PyResult<()> {
        let _ = dir_fd;
        on_path(&vm, &path, |path| vm.files().remove_file(path)).await
    }

    /// Remove a file (same as remove()).
    #[function("unlink(path, *, dir_fd=None)")]
    async fn unlink(vm: VmRef, path: Value, dir_fd: Value) -> PyResult<()> {
        Posix::remove(vm, path, dir_fd).await
    }

    /// Rename a file or directory.
    #[function("rename(src, dst, *, src_dir_fd=None, dst_dir_fd=None)")]
    async fn rename(vm: VmRef, src: Value, dst: Value, src_dir_fd: Value, dst_dir_fd: Value) -> PyResult<()> {
        let _ = (src_dir_fd, dst_dir_fd);
        let (from, to) = (path_text(&vm, &src).await?, path_text(&vm, &dst).await?);
        vm.files().rename(&from, &to).map_err(|error| {
            let args = vec![
                Value::from_i64(error.number().into()),
                Value::from_str(error.message()),
                src.clone(),
                Value::NONE,
                dst.clone(),
            ];
            vm.error_with_args(error.class(), args)
        })
    }

    /// Rename a file or directory, overwriting the destination.
    #[function("replace(src, dst, *, src_dir_fd=None, dst_dir_fd=None)")]
    async fn replace(vm: VmRef, src: Value, dst: Value, src_dir_fd: Value, dst_dir_fd: Value) -> PyResult<()> {
        Posix::rename(vm, src, dst, src_dir_fd, dst_dir_fd).await
    }

    /// Perform a stat system call on the given path.
    #[function("stat(path, *, dir_fd=None, follow_symlinks=True)")]
    async fn stat(vm: VmRef, path: Value, dir_fd: Value, follow_symlinks: bool) -> PyResult {
        let _ = (dir_fd, follow_symlinks);
        let text = path_text(&vm, &path).await?;
        match vm.files().find(&text) {
            Ok(node) => Ok(stat_of(&node)),
            Err(error) => Err(vm.os_error(error, Some(&path))),
        }
    }

    /// Perform a stat system call on the given path, without following symbolic links.
    #[function("lstat(path, *, dir_fd=None)")]
    async fn lstat(vm: VmRef, path: Value, dir_fd: Value) -> PyResult {
        Posix::stat(vm, path, dir_fd, false).await
    }

    /// Use the real uid/gid to test for access to a path.
    #[function("access(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)")]
    async fn access(
        vm: VmRef,
        path: Value,
        mode: i64,
        dir_fd: Value,
        effective_ids: bool,
        follow_symlinks: bool,
    ) -> PyResult<bool> {
        let _ = (mode, dir_fd, effective_ids, follow_symlinks);
        let text = path_text(&vm, &path).await?;
        Ok(vm.files().find(&text).is_ok())
    }

    /// Change the access permissions of a file.
    #[function("chmod(path, mode, *, dir_fd=None, follow_symlinks=True)")]
    async fn chmod(vm: VmRef, path: Value, mode: i64, dir_fd: Value, follow_symlinks: bool) -> PyResult<()> {
        let _ = (dir_fd, follow_symlinks);
        on_path(&vm, &path, |path| {
            match vm.files().find(path)? {
                Node::File(file) => file.mode.set(mode as u32 & 0o7777),
                Node::Folder(folder) => folder.mode.set(mode as u32 & 0o7777),
            }
            Ok(())
        })
        .await
    }

    /// Truncate a file to a given length in bytes.
    #[function("truncate(path, length)")]
    async fn truncate(vm: VmRef, path: Value, length: usize) -> PyResult<()> {
        vm.check_memory(length)?;
        on_path(&vm, &path, |path| match vm.files().find(path)? {
            Node::File(file) => {
                file.bytes.borrow_mut().resize(length, 0);
                Ok(())
            }
            Node::Folder(_) => Err(Errno::EISDIR),
        })
        .await
    }

    /// Return True if the fd is connected to a terminal.
    #[function("isatty(fd, /)")]
    fn isatty(fd: i64) -> bool {
        let _ = fd;
        false
    }

    /// Return the size of the terminal window as (columns, lines).
    #[function("get_terminal_size(fd=1, /)", text = none)]
    fn get_terminal_size(vm: &Vm, fd: i64) -> PyResult {
        let _ = fd;
        Err(vm.error_with_args(
            Exc::OSError,
            vec![Value::small_int(25), Value::from_str("Inappropriate ioctl for device")],
        ))
    }

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
    fn umask(mask: i64) -> i64 {
        let _ = mask;
        0o022
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

    /// Return the size of an open stream's file; for module `shutil` and its kind.
    #[function("fstat(fd)")]
    fn fstat(vm: &Vm, fd: &Value) -> PyResult {
        if let Some(stream) = fd.downcast::<IoObject>()
            && let State::Binary(binary) = stream.state.borrow()
            && let Some(file) = binary.file()
        {
            return Ok(stat_of(&Node::File(file.clone())));
        }
        Err(vm.os_error(Errno::EBADF, None))
    }

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let Some(module) = module.downcast::<Module>() else { return Ok(()) };
        let dict = &module.dict;
        dict.set_text("error", Exc::OSError.class().into_value());
        dict.set_text("stat_result", stat_result().into_value());
        dict.set_text("terminal_size", terminal_size().into_value());
        dict.set_text("uname_result", uname_result().into_value());
        dict.set_text("_have_functions", Value::from_list(Vec::new()));
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
