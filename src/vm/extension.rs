//! State that modules keep in an interpreter, one value of each type that asks: see [`Vm::extension`](crate::Vm::extension).

use std::any::{Any, TypeId};
use std::cell::Cell;
use std::hash::{Hash, Hasher};

use crate::object::VmCell;

/// Places where values found lately are found at once.
const SLOTS: usize = 16;

pub(crate) struct Extensions {
    all: VmCell<Vec<(TypeId, Box<dyn Any>)>>,
    /// By the hash of the type. The pointers are into the boxes.
    recent: [Cell<(TypeId, *const ())>; SLOTS],
}

/// Takes what `TypeId` hashes, which is a hash already.
#[derive(Default)]
struct Key(u64);

impl Hasher for Key {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |key, &byte| key << 8 | u64::from(byte));
    }

    #[inline(always)]
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

impl Default for Extensions {
    fn default() -> Extensions {
        // Nobody asks for this type.
        let none = (TypeId::of::<Key>(), std::ptr::null());
        Extensions { all: VmCell::default(), recent: std::array::from_fn(|_| Cell::new(none)) }
    }
}

impl Extensions {
    /// The value of type `T`, made by `T::default()` at first.
    #[inline]
    pub fn get<T: Default + 'static>(&self) -> &T {
        let id = TypeId::of::<T>();
        let mut key = Key::default();
        id.hash(&mut key);
        let slot = &self.recent[key.0 as usize % SLOTS];
        let (known, mut found) = slot.get();
        if known != id {
            found = self.find(id, || Box::new(T::default()));
            slot.set((id, found));
        }
        // SAFETY: values are never removed, do not move when the list grows, and stand with the identity of their type.
        unsafe { &*found.cast::<T>() }
    }

    #[cold]
    fn find(&self, id: TypeId, make: fn() -> Box<dyn Any>) -> *const () {
        let pointer = |value: &Box<dyn Any>| std::ptr::from_ref(&**value).cast::<()>();
        if let Some((_, value)) = self.all.borrow().iter().find(|known| known.0 == id) {
            return pointer(value);
        }
        let value = make();
        let found = pointer(&value);
        self.all.borrow_mut().push((id, value));
        found
    }
}
