//! The hash table under `set` and `frozenset`.
//!
//! Programs see a set's iteration order, and for ints and the like it does not depend on anything random. So this table probes,
//! grows and merges exactly as CPython's does: a slot, up to nine neighbours, then a jump by the hash's upper bits; removed
//! keys leave a mark, whose place an insertion on the way uses again. As in the dict's table, comparing is the caller's
//! business and may be undecided.

use crate::Value;
use crate::object::{Traverse, Visitor};
use crate::types::dict::table::{Equality, Found};

const SMALLEST: usize = 8;
const NEIGHBOURS: usize = 9;
const PERTURB_SHIFT: u32 = 5;
/// The hash of a removed key's slot. -1 is no key's hash.
const REMOVED: u64 = u64::MAX;

/// A slot: a key with its hash, or (unbound key) nothing: hash 0 where there never was a key, else `REMOVED`.
pub struct SetEntry {
    pub hash: u64,
    pub key: Value,
}

impl SetEntry {
    const fn empty() -> SetEntry {
        SetEntry { hash: 0, key: Value::UNBOUND }
    }

    #[inline(always)]
    fn is_free(&self) -> bool {
        self.hash == 0 && self.key.is_unbound()
    }
}

#[derive(Default)]
pub struct SetTable {
    /// Empty or a power of two long.
    slots: Vec<SetEntry>,
    /// Keys and marks of removed keys.
    filled: usize,
    live: usize,
    /// Where `pop` looks next.
    finger: usize,
    /// Changed by every insertion of a new key and every removal.
    version: u32,
}

/// The slots in the order in which they are probed for a hash.
struct Probes {
    hash: u64,
    mask: usize,
    start: usize,
    next: usize,
    last: usize,
}

impl Probes {
    #[inline(always)]
    fn new(hash: u64, mask: usize) -> Probes {
        let mut probes = Probes { hash, mask, start: 0, next: 0, last: 0 };
        probes.begin(hash as usize & mask);
        probes
    }

    #[inline(always)]
    fn begin(&mut self, start: usize) {
        self.start = start;
        self.next = start;
        self.last = if start + NEIGHBOURS <= self.mask { start + NEIGHBOURS } else { start };
    }

    #[inline(always)]
    fn next(&mut self) -> usize {
        if self.next > self.last {
            self.hash >>= PERTURB_SHIFT;
            let start = (self.start as u64).wrapping_mul(5).wrapping_add(1).wrapping_add(self.hash);
            self.begin(start as usize & self.mask);
        }
        self.next += 1;
        self.next - 1
    }
}

impl SetTable {
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.live
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Changes whenever the set of keys does.
    #[inline(always)]
    pub fn version(&self) -> u32 {
        self.version
    }

    /// All slots, free ones included (their key is unbound).
    #[inline(always)]
    pub fn slots(&self) -> &[SetEntry] {
        &self.slots
    }

    /// The entries in the order of iteration.
    pub fn iter(&self) -> impl Iterator<Item = &SetEntry> {
        self.slots.iter().filter(|entry| !entry.key.is_unbound())
    }

    fn mask(&self) -> usize {
        self.slots.len().max(SMALLEST) - 1
    }

    /// Searches for a key of this hash.
    #[inline]
    pub fn find(&self, hash: u64, key: &Value, mut equal: impl FnMut(&Value) -> Equality) -> Found {
        if self.slots.is_empty() {
            return Found::Missing;
        }
        let mut probes = Probes::new(hash, self.slots.len() - 1);
        loop {
            let at = probes.next();
            let entry = &self.slots[at];
            if entry.is_free() {
                return Found::Missing;
            }
            if entry.hash == hash && !entry.key.is_unbound() {
                if entry.key.is(key) {
                    return Found::At(at);
                }
                match equal(&entry.key) {
                    Equality::Equal => return Found::At(at),
                    Equality::Different => {}
                    Equality::Unknown => return Found::Undecided(at),
                }
            }
        }
    }

    /// Adds a key that is not there. False if memory ran out.
    pub fn insert_new(&mut self, hash: u64, key: Value) -> bool {
        if self.slots.is_empty() && !self.allocate(SMALLEST) {
            return false;
        }
        let mut probes = Probes::new(hash, self.slots.len() - 1);
        // The place of a removed key is used again, the last one on the way.
        let mut removed = None;
        let at = loop {
            let at = probes.next();
            if self.slots[at].is_free() {
                break at;
            }
            if self.slots[at].hash == REMOVED {
                removed = Some(at);
            }
        };
        // The table never fills up: it grows before.
        self.slots[removed.unwrap_or(at)] = SetEntry { hash, key };
        self.version = self.version.wrapping_add(1);
        self.live += 1;
        if removed.is_some() {
            return true;
        }
        self.filled += 1;
        if self.filled * 5 < self.mask() * 3 {
            return true;
        }
        self.resize(if self.live > 50_000 { self.live * 2 } else { self.live * 4 })
    }

    /// Bytes that the next insertion may allocate.
    #[inline]
    pub fn growth(&self) -> usize {
        if (self.filled + 1) * 5 < self.mask() * 3 { 0 } else { self.live * 8 * size_of::<SetEntry>() }
    }

    /// Makes room for `additional` keys as a merge does. False if memory ran out.
    pub fn reserve(&mut self, additional: usize) -> bool {
        if (self.filled + additional) * 5 < self.mask() * 3 {
            return true;
        }
        self.resize((self.live + additional) * 2)
    }

    /// Takes over all keys of `other`, if this table is empty. False if memory ran out.
    pub fn fill_from(&mut self, other: &SetTable) -> bool {
        self.version = self.version.wrapping_add(1);
        let copy = |entry: &SetEntry| SetEntry { hash: entry.hash, key: entry.key.clone() };
        let size = self.slots.len().max(SMALLEST);
        if (self.filled + other.live) * 5 < (size - 1) * 3 && size == other.slots.len() && other.filled == other.live {
            // Nothing to insert: the copy has the same slots.
            self.slots.clear();
            if self.slots.try_reserve_exact(size).is_err() {
                return false;
            }
            self.slots.extend(other.slots.iter().map(copy));
        } else {
            if !self.reserve(other.live) || self.slots.is_empty() && !self.allocate(SMALLEST) {
                return false;
            }
            for entry in other.iter() {
                insert_clean(&mut self.slots, copy(entry));
            }
        }
        self.live = other.live;
        self.filled = other.live;
        true
    }

    /// Whether a key was ever put in since the table was made or cleared.
    pub fn is_fresh(&self) -> bool {
        self.filled == 0
    }

    fn allocate(&mut self, size: usize) -> bool {
        let mut slots = Vec::new();
        if slots.try_reserve_exact(size).is_err() {
            return false;
        }
        slots.resize_with(size, SetEntry::empty);
        self.slots = slots;
        true
    }

    /// Rebuilds the table for more than `wanted` slots.
    fn resize(&mut self, wanted: usize) -> bool {
        let mut size = SMALLEST;
        while size <= wanted {
            size *= 2;
        }
        let old = std::mem::take(&mut self.slots);
        if !self.allocate(size) {
            self.slots = old;
            return false;
        }
        for entry in old {
            if !entry.key.is_unbound() {
                insert_clean(&mut self.slots, entry);
            }
        }
        self.filled = self.live;
        true
    }

    /// Removes the key at `at`, which is there.
    pub fn remove(&mut self, at: usize) -> Value {
        self.version = self.version.wrapping_add(1);
        self.live -= 1;
        let removed = std::mem::replace(&mut self.slots[at], SetEntry { hash: REMOVED, key: Value::UNBOUND });
        removed.key
    }

    /// Rebuilds the table if more than a quarter of it are marks of removed keys. False if memory ran out.
    pub fn tidy(&mut self) -> bool {
        if self.filled - self.live <= self.mask() / 4 {
            return true;
        }
        self.resize(if self.live > 50_000 { self.live * 2 } else { self.live * 4 })
    }

    /// Removes and gives some key.
    pub fn pop(&mut self) -> Option<Value> {
        if self.live == 0 {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut at = self.finger & mask;
        while self.slots[at].key.is_unbound() {
            at = if at == mask { 0 } else { at + 1 };
        }
        self.finger = at + 1;
        Some(self.remove(at))
    }

    /// Notes that the set of keys is another one now.
    pub fn touch(&mut self) {
        self.version = self.version.wrapping_add(0x4000_0001);
    }

    /// Removes everything.
    pub fn clear(&mut self) -> Vec<SetEntry> {
        self.version = self.version.wrapping_add(1);
        self.live = 0;
        self.filled = 0;
        std::mem::take(&mut self.slots)
    }
}

/// Puts an entry into a table that has room and neither the key nor marks.
fn insert_clean(slots: &mut [SetEntry], entry: SetEntry) {
    let mut probes = Probes::new(entry.hash, slots.len() - 1);
    loop {
        let at = probes.next();
        if slots[at].key.is_unbound() {
            slots[at] = entry;
            return;
        }
    }
}

impl Traverse for SetTable {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        for entry in &self.slots {
            visitor.visit(&entry.key);
        }
    }

    fn clear(&mut self) {
        drop(SetTable::clear(self));
    }
}
