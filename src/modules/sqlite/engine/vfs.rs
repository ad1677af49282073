//! SQLite's files: those of the session's file system.
//!
//! Databases, journals and temporary files are read and written in place, so what a connection commits is in the file at once,
//! for other connections as for `open()`. Locks are kept here, since every connection of the session is here. There is no
//! shared memory, so a database in WAL mode can only be used exclusively (`PRAGMA locking_mode = EXCLUSIVE`).
//!
//! SQLite does not say for which session it opens a file: whoever calls it sets the session before ([`enter`]). An open file
//! needs none; when a session has ended, nothing can be opened any more.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use snakelet_vm::VmRef;
use snakelet_vm::files::{File, Node};

use super::memory::{self, callback};
use super::{Block, Ptr, sqlite3_malloc64, sqlite3_vfs_register, text_at};

/// The session that files belong to; empty once it has ended.
pub type Session = Rc<Cell<Option<VmRef>>>;

/// Kept by the interpreter: tells when it is gone.
#[derive(Default)]
pub struct Link(Session);

impl Link {
    pub fn session(&self, vm: VmRef) -> Session {
        self.0.set(Some(vm));
        self.0.clone()
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.0.set(None);
    }
}

/// The kinds of locks that a connection holds on a file.
const NONE: i32 = 0;
const SHARED: i32 = 1;
const RESERVED: i32 = 2;
const PENDING: i32 = 3;
const EXCLUSIVE: i32 = 4;

const OK: i32 = 0;
const BUSY: i32 = 5;
const IO_ERROR_SHORT_READ: i32 = 522;
const IO_ERROR_WRITE: i32 = 778;
const IO_ERROR_DELETE_MISSING: i32 = 5898;
const NOT_FOUND: i32 = 12;
const FULL: i32 = 13;
const CANNOT_OPEN: i32 = 14;

const OPEN_READWRITE: i32 = 2;
const OPEN_CREATE: i32 = 4;
const OPEN_DELETE_ON_CLOSE: i32 = 8;
const OPEN_EXCLUSIVE: i32 = 16;

/// The longest path.
const MAX_PATH: usize = 4096;
/// The size of SQLite's object for an open file: the methods and a number of ours.
const FILE_SIZE: usize = 16;

/// An open file.
struct Open {
    file: Rc<File>,
    lock: i32,
    /// The path to remove when it is closed.
    temporary: Option<String>,
    writable: bool,
}

thread_local! {
    static SESSION: RefCell<Session> = RefCell::new(Session::default());
    static FILES: RefCell<Vec<Option<Open>>> = const { RefCell::new(Vec::new()) };
    static METHODS: Cell<Ptr> = const { Cell::new(0) };
}

/// Makes a session's files those that SQLite sees.
pub fn enter(session: &Session) {
    SESSION.with_borrow_mut(|current| {
        if !Rc::ptr_eq(current, session) {
            *current = session.clone();
        }
    });
}

fn vm() -> Option<VmRef> {
    SESSION.with_borrow(|session| session.get())
}

/// Does something with an open file.
fn with_file<T>(file: Ptr, action: impl FnOnce(&mut Open) -> T, otherwise: T) -> T {
    let number = memory::read_i32(file + size_of::<Ptr>()) as usize;
    FILES.with_borrow_mut(|files| match files.get_mut(number) {
        Some(Some(open)) => action(open),
        _ => otherwise,
    })
}

/// A path; what is not UTF-8 in it becomes what `os` makes of it.
fn path_at(at: Ptr) -> Option<String> {
    (at != 0).then(|| text_at(at))
}

fn write_i32(at: Ptr, value: i32) {
    memory::write(at, &value.to_le_bytes());
}

extern "C" fn x_open(_vfs: Ptr, name: Ptr, file: Ptr, flags: i32, out_flags: Ptr) -> i32 {
    memory::write(file, &[0; FILE_SIZE]);
    let Some(vm) = vm() else { return CANNOT_OPEN };
    let (found, temporary) = if name == 0 {
        (Rc::new(File::default()), None)
    } else {
        let Some(path) = path_at(name) else { return CANNOT_OPEN };
        let files = vm.files();
        files.set_time(vm.host().time());
        let found = if flags & OPEN_CREATE != 0 {
            files.create(None, &path, 0o644, flags & OPEN_EXCLUSIVE != 0)
        } else {
            match files.find(&path) {
                Ok(Node::File(found)) => Ok(found),
                _ => return CANNOT_OPEN,
            }
        };
        let Ok(found) = found else { return CANNOT_OPEN };
        (found, (flags & OPEN_DELETE_ON_CLOSE != 0).then_some(path))
    };
    let open = Open { file: found, lock: NONE, temporary, writable: flags & OPEN_READWRITE != 0 };
    let number = FILES.with_borrow_mut(|files| match files.iter().position(Option::is_none) {
        Some(at) => {
            files[at] = Some(open);
            at
        }
        None => {
            files.push(Some(open));
            files.len() - 1
        }
    });
    memory::write(file, &METHODS.get().to_le_bytes());
    write_i32(file + size_of::<Ptr>(), number as i32);
    if out_flags != 0 {
        write_i32(out_flags, flags);
    }
    OK
}

extern "C" fn x_close(file: Ptr) -> i32 {
    let number = memory::read_i32(file + size_of::<Ptr>()) as usize;
    let open = FILES.with_borrow_mut(|files| files.get_mut(number).and_then(Option::take));
    if let Some(path) = open.and_then(|open| open.temporary)
        && let Some(vm) = vm()
    {
        // It may be gone already.
        let _ = vm.files().remove_file(None, &path);
    }
    OK
}

extern "C" fn x_read(file: Ptr, buffer: Ptr, length: i32, offset: i64) -> i32 {
    with_file(
        file,
        |open| {
            let (length, offset) = (length.max(0) as usize, offset.max(0) as usize);
            let bytes = open.file.bytes.borrow();
            let there = bytes.get(offset..).unwrap_or(&[]);
            let there = &there[..there.len().min(length)];
            memory::write(buffer, there);
            if there.len() == length {
                return OK;
            }
            memory::write(buffer + there.len(), &vec![0; length - there.len()]);
            IO_ERROR_SHORT_READ
        },
        IO_ERROR_SHORT_READ,
    )
}

extern "C" fn x_write(file: Ptr, buffer: Ptr, length: i32, offset: i64) -> i32 {
    let now = vm().map(|vm| vm.host().time());
    let write = |open: &mut Open| {
        if !open.writable {
            return IO_ERROR_WRITE;
        }
        let (start, length) = (offset.max(0) as usize, length.max(0) as usize);
        let Some(end) = start.checked_add(length) else { return FULL };
        let bytes = open.file.bytes.borrow_mut();
        if end > bytes.len() {
            let more = end - bytes.len();
            if open.file.exports.get() > 0
                || bytes.try_reserve(more).is_err()
                || vm().is_some_and(|vm| {
                    let full = vm.check_memory(more).is_err();
                    if full {
                        vm.take_raised();
                    }
                    full
                })
            {
                return FULL;
            }
            bytes.resize(end, 0);
        }
        memory::read_into(buffer, &mut bytes[start..end]);
        if let Some(now) = now {
            open.file.about.touch(now);
        }
        OK
    };
    with_file(file, write, IO_ERROR_WRITE)
}

extern "C" fn x_truncate(file: Ptr, size: i64) -> i32 {
    let truncate = |open: &mut Open| {
        if open.file.exports.get() > 0 {
            return IO_ERROR_WRITE;
        }
        open.file.bytes.borrow_mut().truncate(size.max(0) as usize);
        OK
    };
    with_file(file, truncate, IO_ERROR_WRITE)
}

extern "C" fn x_sync(_file: Ptr, _flags: i32) -> i32 {
    OK
}

extern "C" fn x_file_size(file: Ptr, size: Ptr) -> i32 {
    let length = with_file(file, |open| open.file.bytes.borrow().len(), 0);
    memory::write(size, &(length as i64).to_le_bytes());
    OK
}

/// The highest lock that others hold on the file, and whether any do.
fn locks_of_others(number: usize, files: &[Option<Open>]) -> i32 {
    let Some(Some(own)) = files.get(number) else { return NONE };
    let others = files.iter().enumerate().filter(|(at, _)| *at != number);
    let others = others.filter_map(|(_, open)| open.as_ref()).filter(|open| Rc::ptr_eq(&open.file, &own.file));
    others.map(|open| open.lock).max().unwrap_or(NONE)
}

extern "C" fn x_lock(file: Ptr, wanted: i32) -> i32 {
    let number = memory::read_i32(file + size_of::<Ptr>()) as usize;
    FILES.with_borrow_mut(|files| {
        let others = locks_of_others(number, files);
        let Some(Some(open)) = files.get_mut(number) else { return BUSY };
        if open.lock >= wanted {
            return OK;
        }
        let free = match wanted {
            SHARED => others < PENDING,
            RESERVED => others < RESERVED,
            _ if others >= RESERVED => false,
            // New readers are kept away while the present ones finish.
            _ if others >= SHARED => {
                open.lock = PENDING;
                false
            }
            _ => true,
        };
        if free {
            open.lock = wanted.min(EXCLUSIVE);
        }
        if free { OK } else { BUSY }
    })
}

extern "C" fn x_unlock(file: Ptr, wanted: i32) -> i32 {
    with_file(file, |open| open.lock = open.lock.min(wanted), ());
    OK
}

extern "C" fn x_check_reserved(file: Ptr, result: Ptr) -> i32 {
    let number = memory::read_i32(file + size_of::<Ptr>()) as usize;
    let reserved = FILES.with_borrow(|files| {
        let own = files.get(number).and_then(Option::as_ref).map_or(NONE, |open| open.lock);
        own.max(locks_of_others(number, files)) >= RESERVED
    });
    write_i32(result, reserved.into());
    OK
}

extern "C" fn x_file_control(_file: Ptr, _operation: i32, _argument: Ptr) -> i32 {
    NOT_FOUND
}

extern "C" fn x_sector_size(_file: Ptr) -> i32 {
    4096
}

/// Writes do not touch what is beside them.
const POWERSAFE_OVERWRITE: i32 = 0x1000;

extern "C" fn x_device(_file: Ptr) -> i32 {
    POWERSAFE_OVERWRITE
}

extern "C" fn x_delete(_vfs: Ptr, name: Ptr, _sync: i32) -> i32 {
    match (vm(), path_at(name)) {
        (Some(vm), Some(path)) if vm.files().remove_file(None, &path).is_ok() => OK,
        _ => IO_ERROR_DELETE_MISSING,
    }
}

extern "C" fn x_access(_vfs: Ptr, name: Ptr, _flags: i32, result: Ptr) -> i32 {
    let exists = match (vm(), path_at(name)) {
        (Some(vm), Some(path)) => vm.files().find(&path).is_ok(),
        _ => false,
    };
    write_i32(result, exists.into());
    OK
}

extern "C" fn x_full_path(_vfs: Ptr, name: Ptr, room: i32, out: Ptr) -> i32 {
    let (Some(vm), Some(path)) = (vm(), path_at(name)) else { return CANNOT_OPEN };
    let mut path = vm.files().absolute(&path).into_bytes();
    path.push(0);
    if path.len() > room.max(0) as usize {
        return CANNOT_OPEN;
    }
    memory::write(out, &path);
    OK
}

extern "C" fn x_randomness(_vfs: Ptr, length: i32, out: Ptr) -> i32 {
    let mut bytes = vec![0; length.max(0) as usize];
    if let Some(vm) = vm() {
        vm.host().random(&mut bytes);
    }
    memory::write(out, &bytes);
    length
}

extern "C" fn x_sleep(_vfs: Ptr, _microseconds: i32) -> i32 {
    0
}

extern "C" fn x_current_time(_vfs: Ptr, out: Ptr) -> i32 {
    let seconds = vm().map_or(0.0, |vm| vm.host().time());
    memory::write(out, &(seconds / 86400.0 + 2_440_587.5).to_le_bytes());
    OK
}

extern "C" fn x_current_time_int64(_vfs: Ptr, out: Ptr) -> i32 {
    let seconds = vm().map_or(0.0, |vm| vm.host().time());
    memory::write(out, &((seconds * 1000.0) as i64 + 210_866_760_000_000).to_le_bytes());
    OK
}

extern "C" fn x_last_error(_vfs: Ptr, _room: i32, _out: Ptr) -> i32 {
    0
}

/// Lays out a C structure: some ints, then pointers.
fn structure(ints: &[i32], pointers: &[Ptr]) -> Option<Ptr> {
    let mut bytes: Vec<u8> = ints.iter().flat_map(|int| int.to_le_bytes()).collect();
    bytes.resize(bytes.len().next_multiple_of(size_of::<Ptr>()), 0);
    bytes.extend(pointers.iter().flat_map(|pointer| pointer.to_le_bytes()));
    // It stays for ever.
    let at = sqlite3_malloc64(bytes.len() as u64);
    if at == 0 {
        return None;
    }
    memory::write(at, &bytes);
    Some(at)
}

/// Makes this the file system that SQLite uses.
pub fn register() {
    let methods = [
        callback(x_close as *const ()),
        callback(x_read as *const ()),
        callback(x_write as *const ()),
        callback(x_truncate as *const ()),
        callback(x_sync as *const ()),
        callback(x_file_size as *const ()),
        callback(x_lock as *const ()),
        callback(x_unlock as *const ()),
        callback(x_check_reserved as *const ()),
        callback(x_file_control as *const ()),
        callback(x_sector_size as *const ()),
        callback(x_device as *const ()),
    ];
    // Version 1: no shared memory.
    let Some(methods) = structure(&[1], &methods) else { return };
    METHODS.set(methods);
    let Some(name) = Block::text(b"snakelet") else { return };
    let pointers = [
        0,
        name.0,
        0,
        callback(x_open as *const ()),
        callback(x_delete as *const ()),
        callback(x_access as *const ()),
        callback(x_full_path as *const ()),
        0,
        0,
        0,
        0,
        callback(x_randomness as *const ()),
        callback(x_sleep as *const ()),
        callback(x_current_time as *const ()),
        callback(x_last_error as *const ()),
        callback(x_current_time_int64 as *const ()),
    ];
    std::mem::forget(name);
    let Some(vfs) = structure(&[2, FILE_SIZE as i32, MAX_PATH as i32], &pointers) else { return };
    sqlite3_vfs_register(vfs, 1);
}
