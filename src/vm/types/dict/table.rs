//! The hash table under `dict`: compact, insertion-ordered.
//!
//! Entries lie in a vector in the order of insertion; removed ones are marked by an unbound key until the next rebuild. Up to
//! [`LINEAR`] entries are searched one by one; larger tables have an index of 32-bit positions with open addressing.
//! The table never calls Python code: a search compares by identity, then hash, then through the caller's function, which may
//! answer "unknown"; the caller then compares asynchronously and searches again.

use crate::Value;
use crate::object::{Traverse, Visitor};

/// A key with its hash and value.
pub struct Entry {
    pub hash: u64,
    /// `Value::UNBOUND` where the entry was removed.
    pub key: Value,
    pub value: Value,
}

/// What comparing two keys of equal hash says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Equality {
    Equal,
    Different,
    /// Needs Python code.
    Unknown,
}

/// What a search found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Found {
    At(usize),
    Missing,
    /// The key of this entry has the same hash and can't be compared without running Python code.
    Undecided(usize),
}

const LINEAR: usize = 8;
const EMPTY: u32 = u32::MAX;
const REMOVED: u32 = u32::MAX - 1;
/// The hash of places that `move_to_front` has made; no key has it.
const GAP: u64 = u64::MAX;

#[derive(Default)]
pub struct Table {
    entries: Vec<Entry>,
    index: Vec<u32>,
    live: u32,
    /// Places of the index that are marked as `REMOVED`. Never so many that no place is `EMPTY`, where searches end.
    marks: u32,
    /// Another one after every insertion of a new key, every removal and every move, and no other table's: the caches of code
    /// objects compare it. 0: nothing was ever put in.
    version: u32,
    /// That many entries at the beginning are known to be removed ones.
    head: u32,
}

crate::local! {
    static VERSIONS: std::cell::Cell<u32> = std::cell::Cell::new(0);
}

/// A version that no table has had for the last 2**32 changes.
#[inline(always)]
fn next_version() -> u32 {
    VERSIONS.with(|versions| {
        let version = versions.get().wrapping_add(1);
        versions.set(version);
        version
    })
}

#[inline(always)]
fn spread(hash: u64) -> usize {
    (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize
}

impl Table {
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.live as usize
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

    /// All entries, removed ones included (their key is unbound).
    #[inline(always)]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries that are there, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().filter(|entry| !entry.key.is_unbound())
    }

    #[inline(always)]
    pub fn entry(&self, at: usize) -> Option<&Entry> {
        self.entries.get(at).filter(|entry| !entry.key.is_unbound())
    }

    #[inline(always)]
    pub fn value_mut(&mut self, at: usize) -> &mut Value {
        &mut self.entries[at].value
    }

    /// Searches for a key of this hash.
    #[inline]
    pub fn find(&self, hash: u64, key: &Value, mut equal: impl FnMut(&Value) -> Equality) -> Found {
        if self.index.is_empty() {
            for (at, entry) in self.entries.iter().enumerate() {
                if entry.key.is(key) {
                    return Found::At(at);
                }
                if entry.hash == hash && !entry.key.is_unbound() {
                    match equal(&entry.key) {
                        Equality::Equal => return Found::At(at),
                        Equality::Different => {}
                        Equality::Unknown => return Found::Undecided(at),
                    }
                }
            }
            return Found::Missing;
        }
        let mask = self.index.len() - 1;
        let mut place = spread(hash) & mask;
        loop {
            let at = self.index[place];
            if at == EMPTY {
                return Found::Missing;
            }
            if at != REMOVED {
                let entry = &self.entries[at as usize];
                if entry.key.is(key) {
                    return Found::At(at as usize);
                }
                if entry.hash == hash {
                    match equal(&entry.key) {
                        Equality::Equal => return Found::At(at as usize),
                        Equality::Different => {}
                        Equality::Unknown => return Found::Undecided(at as usize),
                    }
                }
            }
            place = (place + 1) & mask;
        }
    }

    /// Adds a key that is not there. False if memory ran out.
    pub fn insert_new(&mut self, hash: u64, key: Value, value: Value) -> bool {
        if self.entries.len() == self.entries.capacity() && !self.make_room() {
            return false;
        }
        self.version = next_version();
        self.live += 1;
        self.entries.push(Entry { hash, key, value });
        if !self.index.is_empty() {
            self.add_to_index(self.entries.len() - 1);
            return !self.is_crowded() || self.rebuild_index();
        } else if self.entries.len() > LINEAR {
            return self.rebuild_index();
        }
        true
    }

    /// Bytes that the next insertion allocates, 0 if there is room.
    #[inline]
    pub fn growth(&self) -> usize {
        if self.entries.len() < self.entries.capacity() {
            0
        } else {
            self.entries.len() * (2 * size_of::<Entry>() + 12)
        }
    }

    /// Makes room for `additional` more keys. False if memory ran out.
    pub fn reserve(&mut self, additional: usize) -> bool {
        let wanted = self.entries.len() + additional;
        if wanted > self.entries.capacity() {
            if self.entries.try_reserve(additional).is_err() {
                return false;
            }
            if wanted > LINEAR {
                return self.rebuild_index();
            }
        }
        true
    }

    #[cold]
    fn make_room(&mut self) -> bool {
        if self.len() < self.entries.len() - self.entries.len() / 4 && self.entries.len() > LINEAR {
            self.compact();
            return self.index.is_empty() || self.rebuild_index();
        }
        let additional = self.entries.len().max(4);
        if self.entries.try_reserve_exact(additional).is_err() {
            return false;
        }
        self.index.is_empty() || self.rebuild_index()
    }

    /// Removes the marks of removed entries.
    fn compact(&mut self) {
        if self.len() < self.entries.len() {
            self.entries.retain(|entry| !entry.key.is_unbound());
        }
        self.head = 0;
    }

    /// Builds the index for the entries' capacity.
    fn rebuild_index(&mut self) -> bool {
        let size = (self.entries.capacity() * 3 / 2 + 1).next_power_of_two();
        if size != self.index.len() {
            let mut index = Vec::new();
            if index.try_reserve_exact(size).is_err() {
                return false;
            }
            self.index = index;
            self.index.resize(size, EMPTY);
        } else {
            self.index.fill(EMPTY);
        }
        self.marks = 0;
        for at in 0..self.entries.len() {
            if !self.entries[at].key.is_unbound() {
                self.add_to_index(at);
            }
        }
        true
    }

    /// Whether marks of removed entries fill up the index. Entries take at most two thirds of it, so a rebuild is due once in
    /// a sixth of its length at most.
    #[inline]
    fn is_crowded(&self) -> bool {
        (self.live + self.marks) as usize > self.index.len() / 8 * 7
    }

    #[inline]
    fn add_to_index(&mut self, at: usize) {
        let mask = self.index.len() - 1;
        let mut place = spread(self.entries[at].hash) & mask;
        while self.index[place] < REMOVED {
            place = (place + 1) & mask;
        }
        self.marks -= u32::from(self.index[place] == REMOVED);
        self.index[place] = at as u32;
    }

    /// Removes the entry at `at`, which is there.
    pub fn remove(&mut self, at: usize) -> (Value, Value) {
        if !self.index.is_empty() {
            let mask = self.index.len() - 1;
            let mut place = spread(self.entries[at].hash) & mask;
            while self.index[place] != at as u32 {
                place = (place + 1) & mask;
            }
            // No search goes on from a place before an empty one.
            if self.index[(place + 1) & mask] == EMPTY {
                self.index[place] = EMPTY;
            } else {
                self.index[place] = REMOVED;
                self.marks += 1;
            }
        }
        self.version = next_version();
        self.live -= 1;
        let entry = &mut self.entries[at];
        let key = std::mem::replace(&mut entry.key, Value::UNBOUND);
        let value = std::mem::replace(&mut entry.value, Value::NONE);
        if self.live == 0 {
            self.entries.clear();
            self.index.fill(EMPTY);
            self.marks = 0;
            self.head = 0;
        } else if at as u32 == self.head {
            self.head += 1;
        } else if at + 1 == self.entries.len() {
            while self.entries.last().is_some_and(|entry| entry.key.is_unbound()) {
                self.entries.pop();
            }
        }
        (key, value)
    }

    /// Removes everything.
    pub fn clear(&mut self) -> Vec<Entry> {
        self.version = next_version();
        self.live = 0;
        self.marks = 0;
        self.head = 0;
        self.index = Vec::new();
        std::mem::take(&mut self.entries)
    }

    /// Where the first key is.
    pub fn first(&mut self) -> Option<usize> {
        let mut at = self.head as usize;
        while self.entries.get(at)?.key.is_unbound() {
            at += 1;
        }
        self.head = at as u32;
        Some(at)
    }

    /// Where the last key is.
    pub fn last(&self) -> Option<usize> {
        self.entries.iter().rposition(|entry| !entry.key.is_unbound())
    }

    /// Makes the entry at `at`, which is there, the last one. False if memory ran out.
    pub fn move_to_end(&mut self, at: usize) -> bool {
        if at + 1 == self.entries.len() {
            return true;
        }
        // Room first, so that nothing is lost when there is none. The entry's place may change by it.
        let (hash, key) = (self.entries[at].hash, self.entries[at].key.clone());
        if self.entries.len() == self.entries.capacity() && !self.make_room() {
            return false;
        }
        let Found::At(at) = self.find(hash, &key, |_| Equality::Different) else { return true };
        let (key, value) = self.remove(at);
        self.insert_new(hash, key, value)
    }

    /// Makes the entry at `at`, which is there, the first one. False if memory ran out.
    pub fn move_to_front(&mut self, at: usize) -> bool {
        let Some(first) = self.first() else { return true };
        if first == at {
            return true;
        }
        let (hash, key) = (self.entries[at].hash, self.entries[at].key.clone());
        // Places of entries removed there are not used again, or the index might fill up with marks of removals.
        if self.head.checked_sub(1).is_none_or(|place| self.entries[place as usize].hash != GAP) {
            // A gap before the entries, as long as they are.
            let gap = self.len().max(4);
            let mut entries = Vec::new();
            if entries.try_reserve_exact(gap + self.len() + 1).is_err() {
                return false;
            }
            entries.extend((0..gap).map(|_| Entry { hash: GAP, key: Value::UNBOUND, value: Value::NONE }));
            entries.extend(std::mem::take(&mut self.entries).into_iter().filter(|entry| !entry.key.is_unbound()));
            self.entries = entries;
            self.head = gap as u32;
            if (!self.index.is_empty() || self.entries.len() > LINEAR) && !self.rebuild_index() {
                return false;
            }
        }
        let Found::At(at) = self.find(hash, &key, |_| Equality::Different) else { return true };
        let (key, value) = self.remove(at);
        let place = self.head as usize - 1;
        self.version = next_version();
        self.entries[place] = Entry { hash, key, value };
        self.live += 1;
        self.head -= 1;
        if !self.index.is_empty() {
            self.add_to_index(place);
            return !self.is_crowded() || self.rebuild_index();
        }
        true
    }

    /// A copy with the same keys and values. `None` if memory ran out.
    pub fn try_clone(&self) -> Option<Table> {
        let mut entries = Vec::new();
        entries.try_reserve_exact(self.len()).ok()?;
        entries.extend(self.iter().map(|e| Entry { hash: e.hash, key: e.key.clone(), value: e.value.clone() }));
        let mut table =
            Table { entries, index: Vec::new(), live: self.live, marks: 0, version: next_version(), head: 0 };
        (table.entries.len() <= LINEAR || table.rebuild_index()).then_some(table)
    }
}

impl Traverse for Table {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        for entry in &self.entries {
            visitor.visit(&entry.key);
            visitor.visit(&entry.value);
        }
    }

    fn clear(&mut self) {
        drop(Table::clear(self));
    }
}
