//! SQLite's memory where SQLite is linked in: our own.

use super::Ptr;

unsafe extern "C" {
    fn sqlite3_db_config(db: Ptr, option: i32, ...) -> i32;
}

/// A copy of `length` bytes.
pub fn read(at: Ptr, length: usize) -> Vec<u8> {
    if length == 0 {
        return Vec::new();
    }
    // SAFETY: SQLite's promise for the address and length that it gave.
    unsafe { std::slice::from_raw_parts(at as *const u8, length) }.to_vec()
}

/// The same into a buffer.
pub fn read_into(at: Ptr, buffer: &mut [u8]) {
    // SAFETY: as above.
    unsafe { std::ptr::copy_nonoverlapping(at as *const u8, buffer.as_mut_ptr(), buffer.len()) }
}

/// Stores bytes.
pub fn write(at: Ptr, bytes: &[u8]) {
    // SAFETY: the place was allocated for at least as many, or SQLite gave it to be filled.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), at as *mut u8, bytes.len()) }
}

/// The bytes up to a zero; none at address 0.
pub fn read_text(at: Ptr) -> Vec<u8> {
    if at == 0 {
        return Vec::new();
    }
    // SAFETY: SQLite's texts end in a zero.
    unsafe { std::ffi::CStr::from_ptr(at as *const std::ffi::c_char) }.to_bytes().to_vec()
}

pub fn read_i32(at: Ptr) -> i32 {
    let mut bytes = [0; 4];
    read_into(at, &mut bytes);
    i32::from_ne_bytes(bytes)
}

pub fn read_pointer(at: Ptr) -> Ptr {
    let mut bytes = [0; size_of::<Ptr>()];
    read_into(at, &mut bytes);
    Ptr::from_ne_bytes(bytes)
}

/// A function as SQLite takes it.
pub fn callback(function: *const ()) -> Ptr {
    function as Ptr
}

/// `sqlite3_db_config` of an option with a value and a place for the new value.
pub fn db_config(db: Ptr, option: i32, on: i32, place: Ptr) -> i32 {
    // SAFETY: the options that the module knows take these two arguments.
    unsafe { sqlite3_db_config(db, option, on, place) }
}

/// Nothing to prepare natively.
pub fn prepare() {}
