//! A cell for the mutable parts of objects.
//!
//! Objects are shared and mutable, the interpreter is single-threaded, and neither dropping a value nor any plain native
//! runs Python code. So a borrow of an object's insides that ends before the next call of something that may run Python
//! code or change the same object is exclusive in fact, and costs no run-time flag.

use std::cell::UnsafeCell;

/// Interior mutability without a borrow flag. See the module's header for the rule its users follow.
#[derive(Default)]
pub struct VmCell<T>(UnsafeCell<T>);

impl<T> VmCell<T> {
    pub const fn new(value: T) -> VmCell<T> {
        VmCell(UnsafeCell::new(value))
    }

    /// The contents. The borrow must end before anything can change them: no await, no call into Python code, no
    /// `borrow_mut` of the same cell meanwhile.
    #[inline(always)]
    #[expect(clippy::should_implement_trait, reason = "named as `RefCell::borrow` is")]
    pub fn borrow(&self) -> &T {
        // SAFETY: by the rule above there is no exclusive borrow at the same time.
        unsafe { &*self.0.get() }
    }

    /// The contents, exclusively, under the same rule.
    #[inline(always)]
    #[expect(clippy::mut_from_ref, reason = "that is what this cell is for")]
    pub fn borrow_mut(&self) -> &mut T {
        // SAFETY: by the rule above there is no other borrow at the same time.
        unsafe { &mut *self.0.get() }
    }

    /// Puts `value` in and gives the old contents back.
    #[inline]
    pub fn replace(&self, value: T) -> T {
        std::mem::replace(self.borrow_mut(), value)
    }

    #[inline]
    pub fn set(&self, value: T) {
        drop(self.replace(value));
    }

    #[inline]
    pub fn take(&self) -> T
    where
        T: Default,
    {
        self.replace(T::default())
    }

    pub fn into_inner(self) -> T {
        self.0.into_inner()
    }
}

impl<T: Clone> VmCell<T> {
    /// A copy of the contents.
    #[inline]
    pub fn get(&self) -> T {
        self.borrow().clone()
    }
}
