//! File descriptors: `open`, `read`, `write` and their relatives.

use std::rc::Rc;

use snakelet_macros::functions;

use super::arguments::{Path, base_of};
use crate::files::File;
use crate::files::binary::write_at;
use crate::files::descriptors::{OpenFile, PipeEnd, Target};
use crate::files::errno::Errno;
use crate::files::open::open_path;
use crate::native::ArgBytes;
use crate::types::buffer;
use crate::{PyResult, Value, Vm, VmRef};

/// Makes a file longer or shorter.
pub fn resize(vm: &Vm, file: &File, length: usize) -> PyResult<()> {
    let bytes = file.bytes.borrow_mut();
    if !file.is_null {
        vm.check_memory(length)?;
        vm.reserve(bytes, length.saturating_sub(bytes.len()))?;
        bytes.resize(length, 0);
        file.about.touch(vm.host().time());
    }
    Ok(())
}

/// `os.ftruncate`
pub fn truncate(vm: &Vm, number: i32, length: i64) -> PyResult<()> {
    let open = vm.descriptor(number)?;
    match (&open.target, usize::try_from(length)) {
        (Target::File(file), Ok(length)) if open.writable => resize(vm, file, length),
        _ => Err(vm.os_error(Errno::EINVAL, None)),
    }
}

/// The bytes of a file from `start`, at most `count`.
fn piece(file: &File, start: usize, count: usize) -> Vec<u8> {
    let bytes = file.bytes.borrow();
    let start = start.min(bytes.len());
    bytes[start..bytes.len().min(start.saturating_add(count))].to_vec()
}

/// Reads from a descriptor; what has to wait is deferred.
fn read(vm: &Vm, number: i32, count: usize) -> PyResult {
    let open = vm.descriptor(number)?;
    if !open.readable {
        return Err(vm.os_error(Errno::EBADF, None));
    }
    match &open.target {
        Target::File(file) => {
            let bytes = piece(file, open.position.get(), count);
            vm.check_memory(bytes.len())?;
            open.position.set(open.position.get() + bytes.len());
            Ok(crate::files::binary::bytes(bytes))
        }
        Target::Folder(_) => Err(vm.os_error(Errno::EISDIR, None)),
        Target::Standard(_) => Err(vm.os_error(Errno::EBADF, None)),
        Target::Pipe(end) => {
            let (vm, end, blocking) = (vm.handle(), end.clone(), open.blocking.get());
            Err(vm.defer(async move { end.read(&vm, count, blocking).await.map(crate::files::binary::bytes) }))
        }
        Target::Socket(socket) => {
            let (vm, socket, blocking) = (vm.handle(), socket.clone(), open.blocking.get());
            Err(vm.defer(async move {
                loop {
                    match socket.receive(count, false) {
                        Some(Ok((bytes, _))) => return Ok(crate::files::binary::bytes(bytes)),
                        Some(Err(error)) => return Err(vm.os_error(error, None)),
                        None if !blocking => return Err(vm.os_error(Errno::EAGAIN, None)),
                        None => socket.changed.wait(&vm, None).await?,
                    }
                }
            }))
        }
        Target::Input => {
            let vm = vm.handle();
            Err(vm.defer(async move {
                let line = crate::builtins::input::read_line(&vm, String::new()).await?.unwrap_or_default();
                let mut bytes = line.into_bytes();
                bytes.truncate(count);
                Ok(crate::files::binary::bytes(bytes))
            }))
        }
    }
}

fn write(vm: &Vm, number: i32, data: &[u8]) -> PyResult<()> {
    let open = vm.descriptor(number)?;
    if !open.writable {
        return Err(vm.os_error(Errno::EBADF, None));
    }
    match &open.target {
        Target::File(file) => {
            let start = if open.appending { file.bytes.borrow().len() } else { open.position.get() };
            open.position.set(write_at(vm, file, start, data)?);
            Ok(())
        }
        Target::Pipe(end) => end.write(vm, data),
        Target::Socket(socket) => match socket.send(data, None) {
            Some(Ok(_)) => Ok(()),
            Some(Err(error)) => Err(vm.os_error(error, None)),
            None => Err(vm.os_error(Errno::EAGAIN, None)),
        },
        Target::Standard(stream) => {
            vm.write(*stream, &String::from_utf8_lossy(data));
            Ok(())
        }
        Target::Folder(_) | Target::Input => Err(vm.os_error(Errno::EBADF, None)),
    }
}

/// A non-negative number of bytes.
fn count_of(vm: &Vm, count: i64) -> PyResult<usize> {
    usize::try_from(count).map_err(|_| vm.os_error(Errno::EINVAL, None))
}

fn open(vm: &Vm, base: Option<&crate::files::Trail>, path: &Path, flags: i64, mode: i64) -> PyResult {
    match open_path(vm, base, &path.text, flags, mode as u32) {
        Ok(open) => vm.new_descriptor(open),
        Err(error) => Err(path.error(vm, error)),
    }
}

pub struct Descriptors;

#[functions("posix", FUNCTIONS)]
impl Descriptors {
    /// Open a file for low level IO.  Returns a file descriptor (integer).
    #[function("open(path, flags, mode=511, *, dir_fd=None)")]
    fn open(vm: &Vm, path: Path, flags: i64, mode: i64, dir_fd: Option<&Value>) -> PyResult {
        let base = base_of(vm, dir_fd)?;
        if crate::import::is_absent(vm, base.as_ref(), &path.text) {
            let handle = vm.handle();
            return Err(vm.defer(async move {
                crate::import::fetch_path(&handle, base.as_ref(), &path.text).await?;
                open(&handle, base.as_ref(), &path, flags, mode)
            }));
        }
        self::open(vm, base.as_ref(), &path, flags, mode)
    }

    /// Close a file descriptor.
    #[function("close(fd)")]
    fn close(vm: &Vm, fd: i32) -> PyResult<()> {
        vm.descriptors().close(fd).map_err(|error| vm.os_error(error, None))
    }

    /// Closes all file descriptors in [fd_low, fd_high), ignoring errors.
    #[function("closerange(fd_low, fd_high, /)")]
    fn closerange(vm: &Vm, fd_low: i32, fd_high: i32) {
        for number in fd_low.max(0)..fd_high.min(4096) {
            let _ = vm.descriptors().close(number);
        }
    }

    /// Read into a buffer object from a file descriptor.  Returns the number of bytes read.
    #[function("readinto(fd, buffer, /)")]
    async fn readinto(vm: VmRef, fd: i32, buffer: Value) -> PyResult<usize> {
        let Some(count) = buffer::writable_length(&buffer) else {
            let got = vm.type_name(&buffer);
            return Err(vm.type_error(format!("readinto() argument 2 must be read-write bytes-like object, not {got}")));
        };
        let bytes = read(&vm, fd, count);
        let bytes = vm.settle(bytes).await?;
        let bytes = ArgBytes::of(&bytes).map_or(Vec::new(), |bytes| bytes.to_vec());
        if buffer::writable_length(&buffer).is_some_and(|length| length >= bytes.len()) {
            buffer::write_at(&buffer, 0, &bytes);
        }
        Ok(bytes.len())
    }

    /// Read from a file descriptor.  Returns a bytes object.
    #[function("read(fd, length, /)")]
    fn read(vm: &Vm, fd: i32, length: i64) -> PyResult {
        let count = count_of(vm, length)?;
        read(vm, fd, count)
    }

    /// Read a number of bytes from a file descriptor starting at a particular offset.
    #[function("pread(fd, length, offset, /)")]
    fn pread(vm: &Vm, fd: i32, length: i64, offset: i64) -> PyResult {
        let (count, offset) = (count_of(vm, length)?, count_of(vm, offset)?);
        match &vm.descriptor(fd)?.target {
            Target::File(file) => Ok(crate::files::binary::bytes(piece(file, offset, count))),
            _ => Err(vm.os_error(Errno::ESPIPE, None)),
        }
    }

    /// Write a bytes object to a file descriptor.
    #[function("write(fd, data, /)")]
    fn write(vm: &Vm, fd: i32, data: ArgBytes<'_>) -> PyResult<usize> {
        write(vm, fd, &data)?;
        Ok(data.len())
    }

    /// Write bytes to a file descriptor starting at a particular offset.
    #[function("pwrite(fd, buffer, offset, /)")]
    fn pwrite(vm: &Vm, fd: i32, buffer: ArgBytes<'_>, offset: i64) -> PyResult<usize> {
        let start = count_of(vm, offset)?;
        match &vm.descriptor(fd)?.target {
            Target::File(file) => {
                write_at(vm, file, start, &buffer)?;
                Ok(buffer.len())
            }
            _ => Err(vm.os_error(Errno::ESPIPE, None)),
        }
    }

    /// Set the position of a file descriptor.  Return the new position.
    ///
    /// whence is SEEK_SET for the start of the file, SEEK_CUR for the current position, SEEK_END for the end.
    #[function("lseek(fd, position, whence, /)")]
    fn lseek(vm: &Vm, fd: i32, position: i64, whence: i32) -> PyResult<usize> {
        let open = vm.descriptor(fd)?;
        let Target::File(file) = &open.target else { return Err(vm.os_error(Errno::ESPIPE, None)) };
        let from = match whence {
            0 => 0,
            1 => open.position.get() as i64,
            2 => file.bytes.borrow().len() as i64,
            _ => return Err(vm.os_error(Errno::EINVAL, None)),
        };
        let target = count_of(vm, from.saturating_add(position))?;
        open.position.set(target);
        Ok(target)
    }

    /// Truncate a file, specified by file descriptor, to a specific length.
    #[function("ftruncate(fd, length, /)")]
    fn ftruncate(vm: &Vm, fd: i32, length: i64) -> PyResult<()> {
        truncate(vm, fd, length)
    }

    /// Return a duplicate of a file descriptor.
    #[function("dup(fd, /)")]
    fn dup(vm: &Vm, fd: i32) -> PyResult {
        let open = vm.descriptor(fd)?;
        match vm.descriptors().add(open, 0) {
            Ok(number) => Ok(Value::from_i64(number.into())),
            Err(error) => Err(vm.os_error(error, None)),
        }
    }

    /// Duplicate file descriptor.
    #[function("dup2(fd, fd2, inheritable=True)")]
    fn dup2(vm: &Vm, fd: i32, fd2: i32, inheritable: bool) -> PyResult<i64> {
        let open = vm.descriptor(fd)?;
        if fd != fd2 {
            vm.descriptors().replace(fd2, open, inheritable).map_err(|error| vm.os_error(error, None))?;
        }
        Ok(fd2.into())
    }

    /// Create a pipe: a tuple of two file descriptors, to read from and to write to.
    #[function("pipe()")]
    fn pipe(vm: &Vm) -> PyResult {
        let (reader, writer) = PipeEnd::pair();
        let reader = vm.new_descriptor(OpenFile::new(Target::Pipe(reader), true, false, false))?;
        let writer = vm.new_descriptor(OpenFile::new(Target::Pipe(writer), false, true, false))?;
        Ok(Value::from_tuple(vec![reader, writer]))
    }

    /// Create a pipe with flags set atomically.
    #[function("pipe2(flags, /)")]
    fn pipe2(vm: &Vm, flags: i64) -> PyResult {
        let (reader, writer) = PipeEnd::pair();
        let mut ends = Vec::new();
        for (end, reads) in [(reader, true), (writer, false)] {
            let open = OpenFile::new(Target::Pipe(end), reads, !reads, false);
            open.blocking.set(flags & crate::files::open::flags::NON_BLOCKING == 0);
            ends.push(vm.new_descriptor(open)?);
        }
        Ok(Value::from_tuple(ends))
    }

    /// Force write of fd to disk; here it is in memory.
    #[function("fsync(fd)")]
    fn fsync(vm: &Vm, fd: i32) -> PyResult<()> {
        vm.descriptor(fd).map(drop)
    }

    /// Force write of fd to disk without forcing update of metadata.
    #[function("fdatasync(fd)")]
    fn fdatasync(vm: &Vm, fd: i32) -> PyResult<()> {
        vm.descriptor(fd).map(drop)
    }

    /// Force write of everything to disk.
    #[function("sync()")]
    fn sync() {}

    /// Return True if the fd is connected to a terminal.
    #[function("isatty(fd, /)")]
    fn isatty(fd: i32) -> bool {
        let _ = fd;
        false
    }

    /// Get the close-on-exe flag of the specified file descriptor.
    #[function("get_inheritable(fd, /)")]
    fn get_inheritable(vm: &Vm, fd: i32) -> PyResult<bool> {
        vm.descriptors().inheritable(fd).map(std::cell::Cell::get).map_err(|error| vm.os_error(error, None))
    }

    /// Set the inheritable flag of the specified file descriptor.
    #[function("set_inheritable(fd, inheritable, /)")]
    fn set_inheritable(vm: &Vm, fd: i32, inheritable: bool) -> PyResult<()> {
        let flag = vm.descriptors().inheritable(fd).map_err(|error| vm.os_error(error, None))?;
        flag.set(inheritable);
        Ok(())
    }

    /// Get the blocking mode of the file descriptor.
    #[function("get_blocking(fd, /)")]
    fn get_blocking(vm: &Vm, fd: i32) -> PyResult<bool> {
        Ok(vm.descriptor(fd)?.blocking.get())
    }

    /// Set the blocking mode of the specified file descriptor.
    #[function("set_blocking(fd, blocking, /)")]
    fn set_blocking(vm: &Vm, fd: i32, blocking: bool) -> PyResult<()> {
        let open: Rc<OpenFile> = vm.descriptor(fd)?;
        open.blocking.set(blocking);
        Ok(())
    }

    /// Return the size of the terminal window as (columns, lines); there is no terminal.
    #[function("get_terminal_size(fd=1, /)", text = none)]
    fn get_terminal_size(vm: &Vm, fd: i32) -> PyResult {
        vm.descriptor(fd)?;
        Err(vm.os_error(Errno::ENOTTY, None))
    }

    /// Return the name of the terminal device connected to fd; there is no terminal.
    #[function("ttyname(fd, /)")]
    fn ttyname(vm: &Vm, fd: i32) -> PyResult {
        vm.descriptor(fd)?;
        Err(vm.os_error(Errno::ENOTTY, None))
    }
}
