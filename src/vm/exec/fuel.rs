//! Fuel: how much the running slice may still do, and the way to stop it early.
//!
//! Back-edges, calls and long natives spend fuel; at zero the loop reaches its safepoint. Anything that must be handled soon
//! (a queued finaliser, a collection that is due, an interrupt) trips it: the rest is put aside and the next safepoint comes
//! at once.

use std::cell::Cell;

crate::local! {
    static LEFT: Cell<i32> = Cell::new(0);
    static ASIDE: Cell<i32> = Cell::new(0);
}

/// Spends one unit; true when there was none left, so that the safepoint is due. A slice with one unit gets somewhere:
/// the instruction that found none is executed again with the next slice's.
#[inline(always)]
pub fn spend() -> bool {
    LEFT.with(|left| {
        let rest = left.get() - 1;
        left.set(rest);
        rest < 0
    })
}

/// Whether the safepoint is due.
#[inline(always)]
pub fn is_spent() -> bool {
    LEFT.get() <= 0
}

/// Spends `work` units; true when the safepoint is due.
#[inline]
pub fn spend_many(work: u32) -> bool {
    let rest = LEFT.get().saturating_sub(work.min(i32::MAX as u32) as i32);
    LEFT.set(rest);
    rest <= 0
}

/// Makes the next safepoint come at once.
pub fn trip() {
    ASIDE.set(ASIDE.get().saturating_add(LEFT.get().max(0)));
    LEFT.set(0);
}

/// Starts a slice.
pub fn fill(fuel: u32) {
    ASIDE.set(0);
    LEFT.set(fuel.min(i32::MAX as u32) as i32);
}

/// After a trip was handled: takes back what was put aside. False if the fuel is really spent.
pub fn restore() -> bool {
    let left = LEFT.get().max(0).saturating_add(ASIDE.replace(0));
    LEFT.set(left);
    left > 0
}
