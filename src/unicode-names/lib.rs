//! Stands in for the crate of the same name, which the parser uses for `\N{...}` escapes.
//!
//! The real one links a table of 300 KB. Here a name is looked up through a function that the runtime installs
//! once its own, separately loaded table is there.

use std::sync::OnceLock;

static LOOKUP: OnceLock<fn(&str) -> Option<char>> = OnceLock::new();

/// Installs the function that finds a character by its Unicode name; later calls have no effect.
pub fn set_lookup(lookup: fn(&str) -> Option<char>) {
    let _ = LOOKUP.set(lookup);
}

/// The character named `name`, or `None` when it is unknown or no table is installed.
pub fn character(name: &str) -> Option<char> {
    LOOKUP.get().and_then(|lookup| lookup(name))
}
