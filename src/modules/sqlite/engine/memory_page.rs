//! SQLite's memory in pages: that of another WebAssembly module, read and written through functions of that module.

use super::Ptr;

#[link(wasm_import_module = "sqlite3")]
unsafe extern "C" {
    /// Eight bytes.
    safe fn peek(at: Ptr) -> u64;
    safe fn peek_byte(at: Ptr) -> u32;
    safe fn poke(at: Ptr, value: u64);
    safe fn poke_byte(at: Ptr, value: u32);
    /// Puts the function of an index of our function table into SQLite's; the index there.
    safe fn install(function: usize) -> Ptr;
    /// The function that is asked for the local time, by its index in SQLite's table.
    safe fn set_local_time(function: Ptr);
    safe fn sqlite3__wasm_db_config_ip(db: Ptr, option: i32, on: i32, place: Ptr) -> i32;
}

/// A copy of `length` bytes.
pub fn read(at: Ptr, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    read_into(at, &mut bytes);
    bytes
}

/// The same into a buffer.
pub fn read_into(at: Ptr, buffer: &mut [u8]) {
    let mut at = at;
    let mut chunks = buffer.chunks_exact_mut(8);
    for chunk in &mut chunks {
        chunk.copy_from_slice(&peek(at).to_le_bytes());
        at += 8;
    }
    for byte in chunks.into_remainder() {
        *byte = peek_byte(at) as u8;
        at += 1;
    }
}

/// Stores bytes.
pub fn write(at: Ptr, bytes: &[u8]) {
    let mut at = at;
    let (chunks, rest) = bytes.as_chunks::<8>();
    for chunk in chunks {
        poke(at, u64::from_le_bytes(*chunk));
        at += 8;
    }
    for &byte in rest {
        poke_byte(at, byte.into());
        at += 1;
    }
}

/// The bytes up to a zero; none at address 0.
pub fn read_text(at: Ptr) -> Vec<u8> {
    let mut bytes = Vec::new();
    if at == 0 {
        return bytes;
    }
    loop {
        match peek_byte(at + bytes.len()) as u8 {
            0 => return bytes,
            byte => bytes.push(byte),
        }
    }
}

pub fn read_i32(at: Ptr) -> i32 {
    let mut bytes = [0; 4];
    read_into(at, &mut bytes);
    i32::from_le_bytes(bytes)
}

pub fn read_pointer(at: Ptr) -> Ptr {
    read_i32(at) as Ptr
}

/// A function as SQLite takes it.
pub fn callback(function: *const ()) -> Ptr {
    install(function as usize)
}

/// `sqlite3_db_config` of an option with a value and a place for the new value.
pub fn db_config(db: Ptr, option: i32, on: i32, place: Ptr) -> i32 {
    sqlite3__wasm_db_config_ip(db, option, on, place)
}

/// Fills C's `struct tm` with the local time, which is UTC.
extern "C" fn local_time(seconds: i64, out: Ptr) {
    let (days, second) = (seconds.div_euclid(86400), seconds.rem_euclid(86400));
    // Years begin in March here, eras of 400 years on 1 March 0000.
    let shifted = days + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let (month, year) = ((month + 2) % 12, year + era * 400 + i64::from(month >= 10));
    let fields = [second % 60, second / 60 % 60, second / 3600, of_month, month, year - 1900, (days + 4).rem_euclid(7)];
    for (at, field) in fields.into_iter().enumerate() {
        write(out + 4 * at, &(field as i32).to_le_bytes());
    }
}

/// What pages need beside the callbacks.
pub fn prepare() {
    set_local_time(callback(local_time as *const ()));
}
