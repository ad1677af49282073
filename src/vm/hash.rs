//! The key of str and bytes hashes, random per process unless the embedder fixes it.

use std::cell::Cell;

use snakelet_text::HashKey;

thread_local! {
    static KEY: Cell<HashKey> = const { Cell::new(HashKey { k0: 0x0706_0504_0302_0100, k1: 0x0f0e_0d0c_0b0a_0908 }) };
}

/// The key in force.
pub fn key() -> HashKey {
    KEY.get()
}

/// Sets the key. Must happen before the first str is hashed: hashes are cached.
pub fn set_key(key: HashKey) {
    KEY.set(key);
}
