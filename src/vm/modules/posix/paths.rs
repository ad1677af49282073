//! What changes the tree: folders made and removed, names given and taken.

use snakelet_macros::functions;

use super::arguments::{Path, PathOrFd, base_of, error_of_two, like};
use crate::files::Node;
use crate::files::descriptors::Target;
use crate::files::errno::Errno;
use crate::{PyResult, Value, Vm};

fn remove(vm: &Vm, path: &Path, dir_fd: Option<&Value>) -> PyResult<()> {
    let base = base_of(vm, dir_fd)?;
    vm.files().set_time(vm.host().time());
    vm.files().remove_file(base.as_ref(), &path.text).map_err(|error| path.error(vm, error))
}

fn rename(vm: &Vm, src: &Path, dst: &Path, src_dir_fd: Option<&Value>, dst_dir_fd: Option<&Value>) -> PyResult<()> {
    let (from, to) = (base_of(vm, src_dir_fd)?, base_of(vm, dst_dir_fd)?);
    vm.files().set_time(vm.host().time());
    let result = vm.files().rename((from.as_ref(), &src.text), (to.as_ref(), &dst.text));
    result.map_err(|error| error_of_two(vm, error, src, dst))
}

pub struct Paths;

#[functions("posix", FUNCTIONS)]
impl Paths {
    /// Return a unicode string representing the current working directory.
    #[function("getcwd()")]
    fn getcwd(vm: &Vm) -> String {
        vm.files().current_folder()
    }

    /// Return a bytes string representing the current working directory.
    #[function("getcwdb()")]
    fn getcwdb(vm: &Vm) -> Value {
        crate::files::binary::bytes(vm.files().current_folder().into_bytes())
    }

    /// Change the current working directory to the specified path, which may be an open file descriptor.
    #[function("chdir(path)")]
    fn chdir(vm: &Vm, path: PathOrFd) -> PyResult<()> {
        match path {
            PathOrFd::Path(path) => vm.files().set_current_folder(&path.text).map_err(|error| path.error(vm, error)),
            PathOrFd::Fd(number) => Paths::fchdir(vm, number),
        }
    }

    /// Change to the directory of the given file descriptor.
    #[function("fchdir(fd)")]
    fn fchdir(vm: &Vm, fd: i32) -> PyResult<()> {
        match &vm.descriptor(fd)?.target {
            Target::Folder(trail) => {
                vm.files().enter(trail.clone());
                Ok(())
            }
            _ => Err(vm.os_error(Errno::ENOTDIR, None)),
        }
    }

    /// Return a list containing the names of the files in the directory.
    #[function("listdir(path=None)")]
    fn listdir(vm: &Vm, path: Option<PathOrFd>) -> PyResult<Vec<Value>> {
        let entries = super::scan::entries(vm, path.as_ref())?;
        let bytes = matches!(&path, Some(PathOrFd::Path(path)) if path.shown.as_text().is_none());
        let shown = if bytes { crate::files::binary::bytes(Vec::new()) } else { Value::NONE };
        Ok(entries.iter().map(|(name, _)| like(&shown, name)).collect())
    }

    /// Create a directory.
    #[function("mkdir(path, mode=511, *, dir_fd=None)")]
    fn mkdir(vm: &Vm, path: Path, mode: i64, dir_fd: Option<&Value>) -> PyResult<()> {
        let base = base_of(vm, dir_fd)?;
        vm.files().set_time(vm.host().time());
        let result = vm.files().make_folder(base.as_ref(), &path.text, mode as u32);
        result.map_err(|error| path.error(vm, error))
    }

    /// Remove a directory.
    #[function("rmdir(path, *, dir_fd=None)")]
    fn rmdir(vm: &Vm, path: Path, dir_fd: Option<&Value>) -> PyResult<()> {
        let base = base_of(vm, dir_fd)?;
        vm.files().set_time(vm.host().time());
        vm.files().remove_folder(base.as_ref(), &path.text).map_err(|error| path.error(vm, error))
    }

    /// Remove a file (same as unlink()).
    #[function("remove(path, *, dir_fd=None)")]
    fn remove(vm: &Vm, path: Path, dir_fd: Option<&Value>) -> PyResult<()> {
        remove(vm, &path, dir_fd)
    }

    /// Remove a file (same as remove()).
    #[function("unlink(path, *, dir_fd=None)")]
    fn unlink(vm: &Vm, path: Path, dir_fd: Option<&Value>) -> PyResult<()> {
        remove(vm, &path, dir_fd)
    }

    /// Rename a file or directory.
    #[function("rename(src, dst, *, src_dir_fd=None, dst_dir_fd=None)")]
    fn rename(vm: &Vm, src: Path, dst: Path, src_dir_fd: Option<&Value>, dst_dir_fd: Option<&Value>) -> PyResult<()> {
        rename(vm, &src, &dst, src_dir_fd, dst_dir_fd)
    }

    /// Rename a file or directory, overwriting the destination.
    #[function("replace(src, dst, *, src_dir_fd=None, dst_dir_fd=None)")]
    fn replace(vm: &Vm, src: Path, dst: Path, src_dir_fd: Option<&Value>, dst_dir_fd: Option<&Value>) -> PyResult<()> {
        rename(vm, &src, &dst, src_dir_fd, dst_dir_fd)
    }

    /// Create a symbolic link pointing to src named dst.
    #[function("symlink(src, dst, target_is_directory=False, *, dir_fd=None)")]
    fn symlink(vm: &Vm, src: Path, dst: Path, target_is_directory: bool, dir_fd: Option<&Value>) -> PyResult<()> {
        let _ = target_is_directory;
        let base = base_of(vm, dir_fd)?;
        vm.files().set_time(vm.host().time());
        let result = vm.files().make_link(&src.text, base.as_ref(), &dst.text);
        result.map_err(|error| error_of_two(vm, error, &src, &dst))
    }

    /// Create a hard link to a file.
    #[function("link(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)")]
    fn link(
        vm: &Vm,
        src: Path,
        dst: Path,
        src_dir_fd: Option<&Value>,
        dst_dir_fd: Option<&Value>,
        follow_symlinks: bool,
    ) -> PyResult<()> {
        let (from, to) = (base_of(vm, src_dir_fd)?, base_of(vm, dst_dir_fd)?);
        vm.files().set_time(vm.host().time());
        let result = vm.files().add_name((from.as_ref(), &src.text), (to.as_ref(), &dst.text), follow_symlinks);
        result.map_err(|error| error_of_two(vm, error, &src, &dst))
    }

    /// Return a string representing the path to which the symbolic link points.
    #[function("readlink(path, *, dir_fd=None)")]
    fn readlink(vm: &Vm, path: Path, dir_fd: Option<&Value>) -> PyResult {
        let base = base_of(vm, dir_fd)?;
        match vm.files().find_at(base.as_ref(), &path.text, false) {
            Ok(Node::Link(link)) => Ok(path.like(&link.target)),
            Ok(_) => Err(path.error(vm, Errno::EINVAL)),
            Err(error) => Err(path.error(vm, error)),
        }
    }

    /// Truncate a file, specified by path or file descriptor, to a given length in bytes.
    #[function("truncate(path, length)")]
    fn truncate(vm: &Vm, path: PathOrFd, length: i64) -> PyResult<()> {
        match path {
            PathOrFd::Fd(number) => super::fd::truncate(vm, number, length),
            PathOrFd::Path(path) => {
                let Ok(length) = usize::try_from(length) else { return Err(path.error(vm, Errno::EINVAL)) };
                match vm.files().find(&path.text) {
                    Ok(Node::File(file)) => super::fd::resize(vm, &file, length),
                    Ok(_) => Err(path.error(vm, Errno::EISDIR)),
                    Err(error) => Err(path.error(vm, error)),
                }
            }
        }
    }
}
