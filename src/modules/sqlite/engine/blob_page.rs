//! The module that pages load is built without SQLite's functions for blobs: `blobopen` raises NotSupportedError.

use super::Ptr;

const ERROR: i32 = 1;

pub fn sqlite3_blob_open(_: Ptr, _: Ptr, _: Ptr, _: Ptr, _: i64, _: i32, _: Ptr) -> i32 {
    ERROR
}

pub fn sqlite3_blob_close(_: Ptr) -> i32 {
    ERROR
}

pub fn sqlite3_blob_bytes(_: Ptr) -> i32 {
    0
}

pub fn sqlite3_blob_read(_: Ptr, _: Ptr, _: i32, _: i32) -> i32 {
    ERROR
}

pub fn sqlite3_blob_write(_: Ptr, _: Ptr, _: i32, _: i32) -> i32 {
    ERROR
}

/// Whether there are such functions.
pub const PRESENT: bool = false;
