//! The pickler's memo: which objects are written, by identity.

use snakelet_vm::Value;
use snakelet_vm::object::{Traverse, Visitor};

/// Objects in the order they were written, found by identity in a table of open addressing.
#[derive(Default)]
pub struct Memo {
    /// Number and object; the objects live as long as they are here.
    entries: Vec<(u32, Value)>,
    /// Indices into `entries` plus 1; 0 is an empty place.
    places: Vec<u32>,
}

impl Traverse for Memo {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.entries.iter().for_each(|(_, object)| visitor.visit(object));
    }

    fn clear(&mut self) {
        drop(std::mem::take(self));
    }
}

fn hash(object: &Value) -> usize {
    ((object.bits() >> 3).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize
}

impl Memo {
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn clear(&mut self) {
        drop(std::mem::take(self));
    }

    /// The number of an object.
    pub fn get(&self, object: &Value) -> Option<u32> {
        let mask = self.places.len().checked_sub(1)?;
        let mut place = hash(object) & mask;
        loop {
            let (number, known) = self.entries.get((self.places[place] as usize).checked_sub(1)?)?;
            if known.is(object) {
                return Some(*number);
            }
            place = (place + 1) & mask;
        }
    }

    /// Gives an object a number; false without memory for it.
    pub fn set(&mut self, object: Value, number: u32) -> bool {
        if (self.entries.len() + 1) * 2 > self.places.len() {
            let size = (self.places.len() * 2).max(64);
            let mut places: Vec<u32> = Vec::new();
            if places.try_reserve_exact(size).is_err() {
                return false;
            }
            places.resize(size, 0);
            self.places = places;
            for index in 0..self.entries.len() {
                let place = self.free_place(&self.entries[index].1);
                self.places[place] = index as u32 + 1;
            }
        }
        if self.entries.try_reserve(1).is_err() {
            return false;
        }
        let place = self.free_place(&object);
        self.entries.push((number, object));
        self.places[place] = self.entries.len() as u32;
        true
    }

    fn free_place(&self, object: &Value) -> usize {
        let mask = self.places.len() - 1;
        let mut place = hash(object) & mask;
        while self.places[place] != 0 {
            place = (place + 1) & mask;
        }
        place
    }

    /// Numbers and objects.
    pub fn entries(&self) -> &[(u32, Value)] {
        &self.entries
    }

    /// Another memo with the same objects.
    pub fn copy(&self) -> Memo {
        Memo { entries: self.entries.clone(), places: self.places.clone() }
    }
}
