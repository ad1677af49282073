//! `stat` and its relatives.

use std::cell::OnceCell;

use snakelet_macros::functions;

use super::arguments::{Path, PathOrFd, base_of};
use crate::files::Node;
use crate::files::descriptors::{OpenFile, Target};
use crate::files::errno::Errno;
use crate::modules::structs;
use crate::object::Ref;
use crate::types::typeobject::Type;
use crate::{PyResult, Value, Vm};

thread_local! {
    static STAT_RESULT: OnceCell<Ref<Type>> = const { OnceCell::new() };
    static STATVFS_RESULT: OnceCell<Ref<Type>> = const { OnceCell::new() };
}

/// `os.stat_result`
pub fn stat_result() -> Ref<Type> {
    const ITEMS: &[&str] =
        &["st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size", "st_atime", "st_mtime", "st_ctime"];
    const MORE: &[&str] = &[
        "st_atime",
        "st_mtime",
        "st_ctime",
        "st_atime_ns",
        "st_mtime_ns",
        "st_ctime_ns",
        "st_blksize",
        "st_blocks",
        "st_rdev",
    ];
    const DOC: &str = "What stat, fstat and lstat tell: a tuple, and more as attributes.";
    let make = || structs::make_class_with_more("os", "stat_result", DOC, ITEMS, MORE);
    STAT_RESULT.with(|class| class.get_or_init(make).clone())
}

/// `os.statvfs_result`
pub fn statvfs_result() -> Ref<Type> {
    const ITEMS: &[&str] = &[
        "f_bsize",
        "f_frsize",
        "f_blocks",
        "f_bfree",
        "f_bavail",
        "f_files",
        "f_ffree",
        "f_favail",
        "f_flag",
        "f_namemax",
    ];
    const DOC: &str = "What statvfs and fstatvfs tell.";
    let make = || structs::make_class_with_more("os", "statvfs_result", DOC, ITEMS, &["f_fsid"]);
    STATVFS_RESULT.with(|class| class.get_or_init(make).clone())
}

/// The numbers of a file's state.
struct Numbers {
    mode: u32,
    inode: u64,
    links: u32,
    owner: (u32, u32),
    size: usize,
    /// Of the last access, modification and change, in nanoseconds.
    times: [i64; 3],
}

fn result(numbers: Numbers) -> Value {
    let int = |number: i64| Value::from_i64(number);
    let seconds = numbers.times.map(|time| int(time.div_euclid(1_000_000_000)));
    let mut items = vec![
        int(numbers.mode.into()),
        int(numbers.inode as i64),
        int(1),
        int(numbers.links.into()),
        int(numbers.owner.0.into()),
        int(numbers.owner.1.into()),
        Value::from_usize(numbers.size),
    ];
    items.extend(seconds);
    let mut more: Vec<Value> = numbers.times.iter().map(|&time| Value::float(as_seconds(time))).collect();
    more.extend(numbers.times.map(int));
    more.extend([int(4096), Value::from_usize(numbers.size.div_ceil(512)), int(0)]);
    structs::make_with_more(&stat_result(), items, more)
}

/// What `stat` tells of a node.
pub fn of_node(node: &Node) -> Value {
    let about = node.about();
    let (size, links) = match node {
        Node::File(file) => (file.size(), about.links.get()),
        Node::Link(link) => (link.target.len(), about.links.get()),
        Node::Folder(folder) => {
            let folders = folder.entries.borrow().values().filter(|node| matches!(node, Node::Folder(_))).count();
            (4096, folders as u32 + 2)
        }
    };
    result(Numbers {
        mode: node.kind() | about.mode.get(),
        inode: about.inode,
        links,
        owner: about.owner.get(),
        size,
        times: [about.accessed.get(), about.modified.get(), about.changed.get()],
    })
}

fn of_open(vm: &Vm, open: &OpenFile) -> Value {
    if let Some(node) = open.node(vm) {
        return of_node(&node);
    }
    let mode = if matches!(open.target, Target::Pipe(_)) { 0o10_600 } else { 0o20_620 };
    let now = (vm.host().time() * 1e9) as i64;
    result(Numbers { mode, inode: 1, links: 1, owner: (0, 0), size: 0, times: [now; 3] })
}

/// The node of a path argument or descriptor; None for pipes and standard streams.
pub fn node_of(vm: &Vm, path: &PathOrFd, dir_fd: Option<&Value>, follow: bool, what: &str) -> PyResult<Option<Node>> {
    match path {
        PathOrFd::Fd(_) if dir_fd.is_some() => {
            Err(vm.value_error(format!("{what}: can't specify dir_fd without matching path")))
        }
        PathOrFd::Fd(_) if !follow => {
            Err(vm.value_error(format!("{what}: cannot use fd and follow_symlinks together")))
        }
        PathOrFd::Fd(number) => Ok(vm.descriptor(*number)?.node(vm)),
        PathOrFd::Path(path) => {
            let base = base_of(vm, dir_fd)?;
            vm.files().find_at(base.as_ref(), &path.text, follow).map(Some).map_err(|error| path.error(vm, error))
        }
    }
}

fn stat(vm: &Vm, path: &PathOrFd, dir_fd: Option<&Value>, follow: bool) -> PyResult {
    let node = node_of(vm, path, dir_fd, follow, "stat")?;
    match (node, path) {
        (Some(node), _) => Ok(of_node(&node)),
        (None, PathOrFd::Fd(number)) => Ok(of_open(vm, &*vm.descriptor(*number)?)),
        (None, PathOrFd::Path(path)) => Err(path.error(vm, Errno::ENOENT)),
    }
}

fn statvfs(vm: &Vm) -> Value {
    let used = vm.memory_used() as i64 / 4096;
    let blocks = vm.limits.memory.map_or(1 << 19, |limit| limit as i64 / 4096);
    let free = (blocks - used).max(0);
    let items = [4096, 4096, blocks, free, free, 1 << 20, 1 << 20, 1 << 20, 0, 255];
    structs::make_with_more(&statvfs_result(), items.map(Value::from_i64).to_vec(), vec![Value::small_int(0)])
}

pub struct Status;

#[functions("posix", FUNCTIONS)]
impl Status {
    /// Perform a stat system call on the given path.
    ///
    /// path may be an open file descriptor. dir_fd is the descriptor of the folder that a relative path starts from. Without
    /// follow_symlinks, the answer is about a symbolic link itself.
    #[function("stat(path, *, dir_fd=None, follow_symlinks=True)")]
    fn stat(vm: &Vm, path: PathOrFd, dir_fd: Option<&Value>, follow_symlinks: bool) -> PyResult {
        stat(vm, &path, dir_fd, follow_symlinks)
    }

    /// Perform a stat system call on the given path, without following symbolic links.
    #[function("lstat(path, *, dir_fd=None)")]
    fn lstat(vm: &Vm, path: Path, dir_fd: Option<&Value>) -> PyResult {
        stat(vm, &PathOrFd::Path(path), dir_fd, false)
    }

    /// Perform a stat system call on the given file descriptor.
    #[function("fstat(fd)")]
    fn fstat(vm: &Vm, fd: i32) -> PyResult {
        Ok(of_open(vm, &*vm.descriptor(fd)?))
    }

    /// Perform a statvfs system call on the given path.
    #[function("statvfs(path)")]
    fn statvfs(vm: &Vm, path: PathOrFd) -> PyResult {
        node_of(vm, &path, None, true, "statvfs")?;
        Ok(statvfs(vm))
    }

    /// Perform an fstatvfs system call on the given fd.
    #[function("fstatvfs(fd, /)")]
    fn fstatvfs(vm: &Vm, fd: i32) -> PyResult {
        vm.descriptor(fd)?;
        Ok(statvfs(vm))
    }

    /// Use the real uid/gid to test for access to a path: everybody is the superuser here.
    #[function("access(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)")]
    fn access(
        vm: &Vm,
        path: Path,
        mode: i64,
        dir_fd: Option<&Value>,
        effective_ids: bool,
        follow_symlinks: bool,
    ) -> PyResult<bool> {
        let _ = effective_ids;
        let base = base_of(vm, dir_fd)?;
        let Ok(node) = vm.files().find_at(base.as_ref(), &path.text, follow_symlinks) else { return Ok(false) };
        let runs = matches!(node, Node::Folder(_)) || node.about().mode.get() & 0o111 != 0;
        Ok(mode & 1 == 0 || runs)
    }

    /// Change the access permissions of a file.
    #[function("chmod(path, mode, *, dir_fd=None, follow_symlinks=True)")]
    fn chmod(vm: &Vm, path: PathOrFd, mode: i64, dir_fd: Option<&Value>, follow_symlinks: bool) -> PyResult<()> {
        if let Some(node) = node_of(vm, &path, dir_fd, follow_symlinks, "chmod")? {
            set_mode(vm, &node, mode);
        }
        Ok(())
    }

    /// Change the access permissions of the file given by file descriptor fd.
    #[function("fchmod(fd, mode)")]
    fn fchmod(vm: &Vm, fd: i32, mode: i64) -> PyResult<()> {
        if let Some(node) = vm.descriptor(fd)?.node(vm) {
            set_mode(vm, &node, mode);
        }
        Ok(())
    }

    /// Change the owner and group id of path to the numeric uid and gid.
    #[function("chown(path, uid, gid, *, dir_fd=None, follow_symlinks=True)")]
    fn chown(
        vm: &Vm,
        path: PathOrFd,
        uid: i64,
        gid: i64,
        dir_fd: Option<&Value>,
        follow_symlinks: bool,
    ) -> PyResult<()> {
        if let Some(node) = node_of(vm, &path, dir_fd, follow_symlinks, "chown")? {
            set_owner(&node, uid, gid);
        }
        Ok(())
    }

    /// Change the owner and group id of path, which may be a symbolic link, to the numeric uid and gid.
    #[function("lchown(path, uid, gid)")]
    fn lchown(vm: &Vm, path: Path, uid: i64, gid: i64) -> PyResult<()> {
        if let Some(node) = node_of(vm, &PathOrFd::Path(path), None, false, "lchown")? {
            set_owner(&node, uid, gid);
        }
        Ok(())
    }

    /// Change the owner and group id of the file specified by file descriptor.
    #[function("fchown(fd, uid, gid)")]
    fn fchown(vm: &Vm, fd: i32, uid: i64, gid: i64) -> PyResult<()> {
        if let Some(node) = vm.descriptor(fd)?.node(vm) {
            set_owner(&node, uid, gid);
        }
        Ok(())
    }

    /// Set the access and modified time of path.
    ///
    /// times is a pair in seconds, ns one in nanoseconds; without both it is the current time.
    #[function("utime(path, times=None, *, ns=<unrepresentable>, dir_fd=None, follow_symlinks=True)")]
    fn utime(
        vm: &Vm,
        path: PathOrFd,
        times: Option<&Value>,
        ns: Option<&Value>,
        dir_fd: Option<&Value>,
        follow_symlinks: bool,
    ) -> PyResult<()> {
        if times.is_some() && ns.is_some() {
            return Err(vm.value_error("utime: you may specify either 'times' or 'ns' but not both"));
        }
        let now = (vm.host().time() * 1e9) as i64;
        let pair = |value: &Value, name: &str, kind: &str| match vm.sequence_now(value).as_deref() {
            Some([accessed, modified]) if value.downcast::<crate::types::tuple::Tuple>().is_some() => {
                Ok((accessed.clone(), modified.clone()))
            }
            _ => Err(vm.type_error(format!("utime: '{name}' must be {kind}"))),
        };
        let (accessed, modified) = match (times, ns) {
            (Some(times), _) => {
                let (accessed, modified) = pair(times, "times", "either a tuple of two ints or None")?;
                let nanoseconds = |value: &Value| match (value.to_i64().filter(|_| value.is_int()), value.to_float()) {
                    (Some(seconds), _) => Ok(seconds.saturating_mul(1_000_000_000)),
                    // Rounded towards the past, as CPython does.
                    (None, Some(seconds)) => {
                        let whole = seconds.floor();
                        Ok((whole as i64).saturating_mul(1_000_000_000) + ((seconds - whole) * 1e9).floor() as i64)
                    }
                    _ => {
                        let got = vm.type_name(value);
                        Err(vm.type_error(format!("'{got}' object cannot be interpreted as an integer")))
                    }
                };
                (nanoseconds(&accessed)?, nanoseconds(&modified)?)
            }
            (None, Some(ns)) => {
                let (accessed, modified) = pair(ns, "ns", "a tuple of two ints")?;
                let int = |value: &Value| {
                    value.to_i64().ok_or_else(|| {
                        let got = vm.type_name(value);
                        vm.type_error(format!("unsupported operand type(s) for divmod(): '{got}' and 'int'"))
                    })
                };
                (int(&accessed)?, int(&modified)?)
            }
            (None, None) => (now, now),
        };
        if let Some(node) = node_of(vm, &path, dir_fd, follow_symlinks, "utime")? {
            let about = node.about();
            about.accessed.set(accessed);
            about.modified.set(modified);
            about.changed.set(now);
        }
        Ok(())
    }
}

fn set_mode(vm: &Vm, node: &Node, mode: i64) {
    let about = node.about();
    about.mode.set(mode as u32 & 0o7777);
    about.changed.set((vm.host().time() * 1e9) as i64);
}

fn set_owner(node: &Node, uid: i64, gid: i64) {
    let (old_uid, old_gid) = node.about().owner.get();
    let uid = if uid < 0 { old_uid } else { uid as u32 };
    let gid = if gid < 0 { old_gid } else { gid as u32 };
    node.about().owner.set((uid, gid));
}

/// Nanoseconds as seconds: whole ones and the rest are added, so that whole ones stay exact.
fn as_seconds(time: i64) -> f64 {
    time.div_euclid(1_000_000_000) as f64 + time.rem_euclid(1_000_000_000) as f64 * 1e-9
}
