//! The names of characters, and what stands in for the crate of the same name, which the parser uses for `\N{...}` escapes.
//!
//! The real one links a table of 300 KB. Here the table is a file that the runtime fetches when a program first needs it, and
//! [`install`]s for the whole process: 1.5 MB once it is unpacked. [`set_lookup`] gives the parser another source of names,
//! for tests.

mod table;

use std::sync::OnceLock;

pub use table::{Named, Table};

static TABLE: OnceLock<Table> = OnceLock::new();
static LOOKUP: OnceLock<fn(&str) -> Option<char>> = OnceLock::new();

/// Unpacks and keeps a table; false if the bytes are none. Once there is one, later calls have no effect.
pub fn install(bytes: &[u8]) -> bool {
    if TABLE.get().is_some() {
        return true;
    }
    match Table::unpack(bytes) {
        Some(table) => {
            let _ = TABLE.set(table);
            true
        }
        None => false,
    }
}

/// The table, if there is one.
pub fn table() -> Option<&'static Table> {
    TABLE.get()
}

/// Installs a function that finds a character by its Unicode name; later calls have no effect.
pub fn set_lookup(lookup: fn(&str) -> Option<char>) {
    let _ = LOOKUP.set(lookup);
}

/// The character with this name or alias, or `None` when it is unknown or no table is installed.
pub fn character(name: &str) -> Option<char> {
    match TABLE.get() {
        Some(table) => match table.lookup(name) {
            Some(Named::Character(code)) => char::from_u32(code),
            _ => None,
        },
        None => LOOKUP.get().and_then(|lookup| lookup(name)),
    }
}
