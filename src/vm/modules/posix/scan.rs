//! `os.scandir` and its entries.

use std::cell::Cell;

use snakelet_macros::{functions, methods, native_type};

use super::arguments::{Path, PathOrFd, like};
use crate::files::descriptors::Target;
use crate::files::errno::Errno;
use crate::files::{Node, Trail};
use crate::object::{Native, Ref, VmCell};
use crate::{PyResult, Value, Vm, VmRef};

/// The entries of the folder that a path or descriptor leads to; of the current one for None.
pub fn entries(vm: &Vm, path: Option<&PathOrFd>) -> PyResult<Vec<(String, Node)>> {
    let trail: Trail = match path {
        None => vm.files().folder_at(None, ".").map_err(|error| vm.os_error(error, None))?,
        Some(PathOrFd::Path(path)) => vm.files().folder_at(None, &path.text).map_err(|error| path.error(vm, error))?,
        Some(PathOrFd::Fd(number)) => match &vm.descriptor(*number)?.target {
            Target::Folder(trail) => trail.clone(),
            _ => return Err(vm.os_error(Errno::ENOTDIR, None)),
        },
    };
    let folder = trail.folder(vm.files());
    Ok(folder.entries.borrow().iter().map(|(name, node)| (name.clone(), node.clone())).collect())
}

/// What `scandir` yields.
#[native_type(name = "DirEntry", module = "posix")]
pub struct DirEntry {
    name: Value,
    path: Value,
    /// The folder's descriptor, if it was given by one.
    #[skip_traverse]
    dir_fd: Option<i32>,
    #[skip_traverse]
    node: Node,
}

impl DirEntry {
    /// What is there now, links followed; None if there is nothing.
    fn find(&self, vm: &Vm, follow: bool) -> Result<Node, Errno> {
        let text = |value: &Value| match value.as_text() {
            Some(text) => text.to_utf8_lossy().into_owned(),
            None => {
                crate::native::ArgBytes::of(value).map_or(String::new(), |bytes| String::from_utf8_lossy(&bytes).into())
            }
        };
        match self.dir_fd {
            None => vm.files().find_at(None, &text(&self.path), follow),
            Some(number) => match &vm.descriptors().get(number)?.target {
                Target::Folder(trail) => vm.files().find_at(Some(trail), &text(&self.name), follow),
                _ => Err(Errno::ENOTDIR),
            },
        }
    }

    /// Whether it is of this kind: known from the scan, but for links that are followed.
    fn is(&self, vm: &Vm, follow: bool, kind: u32) -> bool {
        match &self.node {
            Node::Link(_) if follow => self.find(vm, true).is_ok_and(|node| node.kind() == kind),
            node => node.kind() == kind,
        }
    }
}

#[methods]
impl DirEntry {
    /// the entry's base filename, relative to scandir() "path" argument
    #[getter("name")]
    fn name(this: &DirEntry) -> Value {
        this.name.clone()
    }

    /// the entry's full path name; equivalent to os.path.join(scandir_path, entry.name)
    #[getter("path")]
    fn path(this: &DirEntry) -> Value {
        this.path.clone()
    }

    /// Return True if the entry is a directory; cached per entry.
    #[method("is_dir(self, /, *, follow_symlinks=True)")]
    fn is_dir(vm: &Vm, this: &DirEntry, follow_symlinks: bool) -> bool {
        this.is(vm, follow_symlinks, 0o40_000)
    }

    /// Return True if the entry is a file; cached per entry.
    #[method("is_file(self, /, *, follow_symlinks=True)")]
    fn is_file(vm: &Vm, this: &DirEntry, follow_symlinks: bool) -> bool {
        this.is(vm, follow_symlinks, 0o100_000)
    }

    /// Return True if the entry is a symbolic link; cached per entry.
    #[method("is_symlink(self, /)")]
    fn is_symlink(this: &DirEntry) -> bool {
        matches!(this.node, Node::Link(_))
    }

    /// Return True if the entry is a junction; there are none.
    #[method("is_junction(self, /)")]
    fn is_junction(_this: &DirEntry) -> bool {
        false
    }

    /// Return inode of the entry; cached per entry.
    #[method("inode(self, /)")]
    fn inode(this: &DirEntry) -> i64 {
        this.node.about().inode as i64
    }

    /// Return stat_result object for the entry; cached per entry.
    #[method("stat(self, /, *, follow_symlinks=True)")]
    fn stat(vm: &Vm, this: &DirEntry, follow_symlinks: bool) -> PyResult {
        match this.find(vm, follow_symlinks) {
            Ok(node) => Ok(super::status::of_node(&node)),
            Err(error) => Err(vm.os_error(error, Some(&this.path))),
        }
    }

    /// Returns the path for the entry.
    #[method("__fspath__(self, /)")]
    fn fspath(this: &DirEntry) -> Value {
        this.path.clone()
    }

    /// See PEP 585
    #[classmethod("__class_getitem__(cls, item, /)", text = none)]
    fn class_getitem(cls: &Value, item: &Value) -> Value {
        crate::types::generic_alias::alias(cls, item)
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Ref<DirEntry>) -> PyResult<String> {
        let name = vm.repr(&this.name).await?.to_string_lossy();
        Ok(format!("<DirEntry {name}>"))
    }
}

/// The iterator that `scandir` returns.
#[native_type(name = "ScandirIterator", module = "posix")]
pub struct ScandirIterator {
    entries: VmCell<Vec<Value>>,
    at: Cell<usize>,
}

#[methods]
impl ScandirIterator {
    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(next)]
    fn next(_vm: &Vm, this: &ScandirIterator) -> PyResult {
        let entry = this.entries.borrow().get(this.at.get()).cloned();
        this.at.set(this.at.get() + 1);
        Ok(entry.unwrap_or(Value::UNBOUND))
    }

    #[method("__enter__(self, /)", text = none)]
    fn enter(this: &Value) -> Value {
        this.clone()
    }

    #[method("__exit__(self, /, *args)", text = none)]
    fn exit(this: &ScandirIterator, args: &[Value]) {
        let _ = args;
        ScandirIterator::close(this);
    }

    #[method("close(self, /)", text = none)]
    fn close(this: &ScandirIterator) {
        drop(this.entries.take());
    }
}

pub struct Scan;

#[functions("posix", FUNCTIONS)]
impl Scan {
    /// Return an iterator of DirEntry objects for given path.
    #[function("scandir(path=None)")]
    fn scandir(vm: &Vm, path: Option<PathOrFd>) -> PyResult {
        let found = entries(vm, path.as_ref())?;
        let (shown, dir_fd) = match &path {
            None => (Value::from_str("."), None),
            Some(PathOrFd::Fd(number)) => (Value::NONE, Some(*number)),
            Some(PathOrFd::Path(Path { shown, .. })) => (shown.clone(), None),
        };
        let prefix = match &path {
            Some(PathOrFd::Fd(_)) => String::new(),
            Some(PathOrFd::Path(path)) if path.text.ends_with('/') => path.text.clone(),
            Some(PathOrFd::Path(path)) => format!("{}/", path.text),
            None => "./".to_string(),
        };
        let entries = found.into_iter().map(|(name, node)| {
            let path = like(&shown, &format!("{prefix}{name}"));
            DirEntry { name: like(&shown, &name), path, dir_fd, node }.into_value()
        });
        Ok(ScandirIterator { entries: VmCell::new(entries.collect()), at: Cell::new(0) }.into_value())
    }
}
