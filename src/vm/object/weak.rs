//! Weak references: a table from an object's address to the weak reference objects that point to it.
//!
//! The object carries only a flag. When it dies, its weak references are emptied and their callbacks queued.

use std::cell::RefCell;
use std::collections::HashMap;

use super::{FLAG_WEAKLY_REFERENCED, Header};
use crate::Value;

thread_local! {
    static TABLE: RefCell<HashMap<usize, Vec<*const Header>>> = RefCell::new(HashMap::new());
}

/// Notes that the weak reference object `reference` (kept alive by others; it unregisters itself when freed) points to `target`.
pub fn register(target: &Header, reference: &Header) {
    target.set_flag(FLAG_WEAKLY_REFERENCED);
    TABLE.with_borrow_mut(|table| table.entry(std::ptr::from_ref(target) as usize).or_default().push(reference));
}

/// Forgets one weak reference.
pub fn unregister(target: *const Header, reference: &Header) {
    TABLE.with_borrow_mut(|table| {
        if let Some(references) = table.get_mut(&(target as usize)) {
            references.retain(|&r| !std::ptr::eq(r, reference));
            if references.is_empty() {
                table.remove(&(target as usize));
            }
        }
    });
}

/// The weak reference objects that point to `target`, oldest first.
pub fn references_to(target: &Header) -> Vec<Value> {
    if !target.has_flag(FLAG_WEAKLY_REFERENCED) {
        return Vec::new();
    }
    TABLE.with_borrow(|table| {
        let Some(references) = table.get(&(std::ptr::from_ref(target) as usize)) else { return Vec::new() };
        // SAFETY: registered weak references are live; they unregister themselves when freed.
        references.iter().map(|&r| unsafe { super::retained(r) }).collect()
    })
}

/// Takes those weak references out of the table that `wanted` selects, the newest first; the others stay.
pub(super) fn take_some(target: &Header, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
    if !target.has_flag(FLAG_WEAKLY_REFERENCED) {
        return Vec::new();
    }
    let mut taken = Vec::new();
    TABLE.with_borrow_mut(|table| {
        let Some(references) = table.get_mut(&(std::ptr::from_ref(target) as usize)) else { return };
        references.retain(|&reference| {
            // SAFETY: references in the table are live objects.
            if unsafe { (*reference).count() } == 0 {
                return true;
            }
            // SAFETY: as above.
            let value = unsafe { super::retained(reference) };
            let take = wanted(&value);
            if take {
                taken.push(value);
            }
            !take
        });
    });
    taken.reverse();
    taken
}

/// Whether there may be weak references to the object.
#[inline(always)]
pub(super) fn is_referenced(target: &Header) -> bool {
    target.has_flag(FLAG_WEAKLY_REFERENCED)
}

/// Takes all weak references to a dying object out of the table.
pub(super) fn take_references(target: &Header) -> Vec<Value> {
    target.clear_flag(FLAG_WEAKLY_REFERENCED);
    let references = TABLE.with_borrow_mut(|table| table.remove(&(std::ptr::from_ref(target) as usize)));
    // SAFETY: as above. A reference whose own count is zero is being freed right now and is left alone.
    // The newest first: that is the order of their callbacks.
    references
        .into_iter()
        .flatten()
        .rev()
        .filter(|&r| unsafe { (*r).count() > 0 })
        .map(|r| unsafe { super::retained(r) })
        .collect()
}
