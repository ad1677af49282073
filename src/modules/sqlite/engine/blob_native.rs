//! SQLite's incremental reading and writing of blobs.

use super::Ptr;

unsafe extern "C" {
    pub safe fn sqlite3_blob_open(
        db: Ptr,
        schema: Ptr,
        table: Ptr,
        column: Ptr,
        row: i64,
        writable: i32,
        out: Ptr,
    ) -> i32;
    pub safe fn sqlite3_blob_close(blob: Ptr) -> i32;
    pub safe fn sqlite3_blob_bytes(blob: Ptr) -> i32;
    pub safe fn sqlite3_blob_read(blob: Ptr, out: Ptr, length: i32, offset: i32) -> i32;
    pub safe fn sqlite3_blob_write(blob: Ptr, from: Ptr, length: i32, offset: i32) -> i32;
}

/// Whether there are such functions.
pub const PRESENT: bool = true;
