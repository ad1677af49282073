//! Freeing: what happens when the last reference goes, and the cycle collector.
//!
//! Freeing is iterative: objects whose count reaches zero while another is being freed wait in a list. An object whose type
//! has a finaliser (`__del__`, a suspended generator) is put into the finaliser queue instead, holding one count; the
//! interpreter runs it at its next safepoint and lets go. Weak references are emptied first, their callbacks queued.
//!
//! Cycles are found by trial deletion over the tracked containers in two generations: a collection copies the counts,
//! subtracts every reference between members, and what cannot be reached from a member with a count left is garbage.
//! References from the stack, frames and suspended natives are counted but never traversed, so what they hold survives.

use std::cell::{Cell, RefCell, UnsafeCell};

use super::{FLAG_FINALIZED, FLAG_OLD, Header, INDEX_MASK, Items, Native, UNTRACKED, Visitor, alloc, instance, weak};
use crate::Value;
use crate::exec::fuel;
use crate::types::tuple::Tuple;
use crate::types::weakref::WeakRef;

struct State {
    young: UnsafeCell<Vec<*const Header>>,
    old: UnsafeCell<Vec<*const Header>>,
    /// Objects whose count is zero, waiting to be freed by the one that frees now.
    dying: RefCell<Vec<*const Header>>,
    freeing: Cell<bool>,
    finalizers: RefCell<Vec<Pending>>,
    has_finalizers: Cell<bool>,
    young_collections: Cell<u32>,
    /// `gc.isenabled()`
    enabled: Cell<bool>,
    /// What `limit` is while collections are enabled.
    wanted_limit: Cell<usize>,
    /// So many new containers make a collection due.
    limit: Cell<usize>,
}

crate::local! {
    static STATE: State = State {
        young: UnsafeCell::new(Vec::new()),
        old: UnsafeCell::new(Vec::new()),
        dying: RefCell::new(Vec::new()),
        freeing: Cell::new(false),
        finalizers: RefCell::new(Vec::new()),
        has_finalizers: Cell::new(false),
        young_collections: Cell::new(0),
        enabled: Cell::new(true),
        wanted_limit: Cell::new(YOUNG_LIMIT),
        limit: Cell::new(YOUNG_LIMIT),
    };
}

/// The limit of new containers to begin with.
const YOUNG_LIMIT: usize = 8000;

/// Something to run at the next safepoint.
pub enum Pending {
    /// Run the object's finaliser (`__del__`, closing a generator).
    Finalize(Value),
    /// Call `callback(reference)`.
    WeakCallback { callback: Value, reference: Value },
}

/// Whether anything waits in the finaliser queue.
#[inline(always)]
pub fn has_pending() -> bool {
    STATE.with(|state| state.has_finalizers.get())
}

/// The queue's contents, oldest first.
pub fn take_pending() -> Vec<Pending> {
    STATE.with(|state| {
        state.has_finalizers.set(false);
        state.finalizers.take()
    })
}

/// Puts back what [`take_pending`] took, before what came since.
pub fn put_back(pending: Vec<Pending>) {
    if pending.is_empty() {
        return;
    }
    STATE.with(|state| {
        state.finalizers.borrow_mut().splice(0..0, pending);
        state.has_finalizers.set(true);
    });
    fuel::trip();
}

fn queue(state: &State, pending: Pending) {
    state.finalizers.borrow_mut().push(pending);
    state.has_finalizers.set(true);
    fuel::trip();
}

/// Puts a new container under the collector's eye.
#[inline]
pub(super) fn track(header: *const Header) {
    STATE.with(|state| {
        // SAFETY: single-threaded, no borrow of the list lives across this.
        let young = unsafe { &mut *state.young.get() };
        // SAFETY: the object is live.
        unsafe { (*header).tracking.set((*header).tracking.get() & !INDEX_MASK | young.len() as u32) };
        young.push(header);
        if young.len() >= state.limit.get() {
            fuel::trip();
        }
    });
}

#[inline]
fn untrack(state: &State, header: &Header) {
    let tracking = header.tracking.get();
    let index = tracking & INDEX_MASK;
    if index == UNTRACKED {
        return;
    }
    // SAFETY: single-threaded, no borrow of the list lives across this.
    let list = unsafe { &mut *if tracking & FLAG_OLD != 0 { state.old.get() } else { state.young.get() } };
    list.swap_remove(index as usize);
    if let Some(&moved) = list.get(index as usize) {
        // SAFETY: objects in the lists are live.
        unsafe { (*moved).tracking.set((*moved).tracking.get() & !INDEX_MASK | index) };
    }
    header.tracking.set(tracking & !FLAG_OLD | UNTRACKED);
}

/// Called when an object's count has reached zero.
///
/// # Safety
/// The object is live and nobody refers to it.
#[cold]
#[inline(never)]
pub(super) unsafe fn last_reference_gone(header: *const Header) {
    // When the native thread itself ends, what is still referred to from its own variables stays as it is.
    let _ = STATE.try_with(|state| {
        if state.freeing.get() {
            state.dying.borrow_mut().push(header);
            return;
        }
        state.freeing.set(true);
        let mut next = Some(header);
        while let Some(header) = next {
            // SAFETY: its count is zero and it is in no other list.
            unsafe { free(state, header) };
            next = state.dying.borrow_mut().pop();
        }
        state.freeing.set(false);
    });
}

unsafe fn free(state: &State, header: *const Header) {
    // SAFETY: the caller's promise: a live object with count zero.
    unsafe {
        let object = &*header;
        let ty = object.ty();
        if ty.has_finalizer() && !object.has_flag(FLAG_FINALIZED) && ty.needs_finalizing(header) {
            object.set_flag(FLAG_FINALIZED);
            queue(state, Pending::Finalize(super::retained(header)));
            return;
        }
        if weak::is_referenced(object) {
            kill_references(state, object);
        }
        untrack(state, object);
        let table = ty.table;
        let behind = if std::ptr::eq(table, Tuple::TABLE) { Items::bytes_behind(header) } else { 0 };
        let size = ty.instance_size() + behind;
        if ty.has_instance_part() {
            instance::drop_part(header, ty);
        }
        let type_pointer = object.type_pointer();
        (table.drop_payload)(header.cast_mut());
        alloc::free(header.cast_mut().cast(), size);
        drop(Value::from_header(type_pointer.cast()));
    }
}

#[cold]
#[inline(never)]
fn kill_references(state: &State, object: &Header) {
    for reference in weak::take_references(object) {
        kill_reference(state, reference);
    }
}

fn kill_reference(state: &State, reference: Value) {
    if let Some(weak) = reference.downcast::<WeakRef>()
        && let Some(callback) = weak.kill()
    {
        queue(state, Pending::WeakCallback { callback, reference });
    }
}

/// Whether enough containers were made since the last collection.
#[inline(always)]
pub fn is_due() -> bool {
    // SAFETY: only the length is read.
    STATE.with(|state| unsafe { (*state.young.get()).len() } >= state.limit.get())
}

/// Makes collections due after so many new containers; never for 0.
pub fn set_limit(limit: usize) {
    STATE.with(|state| {
        state.wanted_limit.set(if limit == 0 { usize::MAX } else { limit });
        set_enabled(state.enabled.get());
    });
}

/// `gc.enable()`, `gc.disable()`.
pub fn set_enabled(enabled: bool) {
    STATE.with(|state| {
        state.enabled.set(enabled);
        state.limit.set(if enabled { state.wanted_limit.get() } else { usize::MAX });
    });
}

pub fn is_enabled() -> bool {
    STATE.with(|state| state.enabled.get())
}

/// Numbers of tracked objects: young, old.
pub fn tracked() -> (usize, usize) {
    // SAFETY: only the lengths are read.
    STATE.with(|state| unsafe { ((*state.young.get()).len(), (*state.old.get()).len()) })
}

/// Every tracked container.
pub fn all_tracked() -> Vec<Value> {
    // SAFETY: listed objects are live.
    STATE.with(|state| unsafe {
        (*state.old.get()).iter().chain(&*state.young.get()).map(|&header| super::retained(header)).collect()
    })
}

/// A collection by the thresholds: young objects, and now and then everything.
pub fn collect_if_due() {
    if !is_due() {
        return;
    }
    let (young, old) = tracked();
    let full = STATE.with(|state| {
        let count = state.young_collections.get() + 1;
        state.young_collections.set(count);
        // A full collection costs time in proportion to everything: wait until a quarter is new.
        count >= 10 && state.young_collections.get() as usize * young > old / 4
    });
    collect(full);
}

/// Collects cycles among the young containers, or all of them. Returns the number of objects that went: none while there are
/// finalisers to run first.
pub fn collect(full: bool) -> usize {
    let garbage = unreachable(full);
    let found = garbage.len();
    // SAFETY: the garbage list holds a count of each object.
    if STATE.with(|state| unsafe { dispose(state, garbage) }) { found } else { 0 }
}

/// The unreachable objects among the young containers, or all of them. What is not let go with [`collect`] is old from now on.
pub fn unreachable(full: bool) -> Vec<Value> {
    STATE.with(|state| {
        if state.freeing.get() {
            return Vec::new();
        }
        let members: Vec<*const Header> = {
            // SAFETY: no other borrow of the lists is alive.
            let (young, old) = unsafe { (&mut *state.young.get(), &mut *state.old.get()) };
            if full {
                state.young_collections.set(0);
                old.iter().chain(young.iter()).copied().collect()
            } else {
                young.clone()
            }
        };
        // SAFETY: members are live; nothing is freed before `dispose`.
        let garbage = unsafe { find_garbage(&members) };
        promote(state, &members, full);
        garbage
    })
}

const REACHABLE: u32 = u32::MAX;
const NOT_A_MEMBER: u32 = 0;
const GARBAGE: u32 = u32::MAX - 1;

/// Members that nothing outside refers to, each with a count of its own.
unsafe fn find_garbage(members: &[*const Header]) -> Vec<Value> {
    // SAFETY: members are live containers; traversing changes nothing.
    unsafe {
        for &header in members {
            (*header).scratch.set((*header).count() + 1);
        }
        for &header in members {
            traverse(header, &mut |value| {
                if let Some(target) = value.header() {
                    let scratch = target.scratch.get();
                    if scratch > 1 {
                        target.scratch.set(scratch - 1);
                    }
                }
            });
        }
        // Whatever has a count left is reachable from outside, and so is what it refers to.
        let mut work: Vec<*const Header> = Vec::new();
        for &header in members {
            let scratch = (*header).scratch.get();
            if scratch > 1 && scratch != REACHABLE {
                (*header).scratch.set(REACHABLE);
                work.push(header);
                while let Some(header) = work.pop() {
                    traverse(header, &mut |value| {
                        if let Some(target) = value.header()
                            && target.scratch.get() != NOT_A_MEMBER
                            && target.scratch.get() != REACHABLE
                        {
                            target.scratch.set(REACHABLE);
                            work.push(target);
                        }
                    });
                }
            }
        }
        let mut garbage = Vec::new();
        for &header in members {
            if (*header).scratch.get() != REACHABLE {
                garbage.push(super::retained(header));
            }
            (*header).scratch.set(NOT_A_MEMBER);
        }
        garbage
    }
}

/// Survivors of a collection are old from now on.
fn promote(state: &State, members: &[*const Header], full: bool) {
    // SAFETY: no other borrow of the lists is alive; members are live. The tracking words of all members are rewritten, so the
    // lists agree with them again.
    unsafe {
        let old = &mut *state.old.get();
        if full {
            old.clear();
        }
        let first = old.len();
        (*state.young.get()).clear();
        old.extend_from_slice(members);
        for (index, &header) in old.iter().enumerate().skip(first) {
            let flags = (*header).tracking.get() & !INDEX_MASK;
            (*header).tracking.set(flags | FLAG_OLD | index as u32);
        }
    }
}

/// Frees garbage, unless finalisers must run first: then it answers false.
unsafe fn dispose(state: &State, garbage: Vec<Value>) -> bool {
    // Finalisers first: objects that have one are handed to the interpreter; they and what they reach live until a later collection.
    // SAFETY: the list holds a count of each.
    unsafe {
        // A weak reference that is garbage itself is not called back: its callback may be, too.
        for header in garbage.iter().filter_map(Value::header) {
            header.scratch.set(GARBAGE);
        }
        let call_back = |reference: Value| match reference.header().map(|header| header.scratch.get()) {
            Some(GARBAGE) => drop(reference.downcast::<WeakRef>().and_then(WeakRef::kill)),
            _ => kill_reference(state, reference),
        };
        let finalizable = |header: &Header| {
            let ty = header.ty();
            ty.has_finalizer() && !header.has_flag(FLAG_FINALIZED) && ty.needs_finalizing(header)
        };
        if garbage.iter().filter_map(Value::header).any(finalizable) {
            // Callbacks of weak references come before all finalisers.
            for header in garbage.iter().filter_map(Value::header) {
                // Classes stay known without: their finalisers may look for subclasses.
                let is_class = header.ty().is_subtype_of::<crate::types::typeobject::Type>();
                let goes = |reference: &Value| {
                    !is_class || reference.downcast::<WeakRef>().is_some_and(|weak| !weak.callback.borrow().is_none())
                };
                weak::take_some(header, goes).into_iter().for_each(call_back);
            }
        }
        let waiting: Vec<&Header> =
            garbage.iter().filter_map(Value::header).filter(|header| finalizable(header)).collect();
        let finalizing = !waiting.is_empty();
        for header in if waiting.len() > 1 { outermost_first(&garbage) } else { waiting } {
            if finalizable(header) {
                header.set_flag(FLAG_FINALIZED);
                queue(state, Pending::Finalize(super::retained(header)));
            }
        }
        if !finalizing {
            for header in garbage.iter().filter_map(Value::header) {
                weak::take_references(header).into_iter().for_each(call_back);
            }
        }
        for header in garbage.iter().filter_map(Value::header) {
            header.scratch.set(NOT_A_MEMBER);
        }
        if finalizing {
            return false;
        }
        for value in &garbage {
            let Some(header) = value.header() else { continue };
            if header.ty().has_instance_part() {
                instance::clear_part(header);
            }
            (header.payload_table().clear)(header);
        }
        true
    }
}

/// Garbage so ordered that what refers to another object comes before it, where that does not refer back: a stream is finalised
/// before the file below it. Objects of one cycle keep their order. Tarjan's algorithm, which finds the innermost cycles first.
unsafe fn outermost_first(garbage: &[Value]) -> Vec<&Header> {
    const NEW: usize = usize::MAX;
    let headers: Vec<&Header> = garbage.iter().filter_map(Value::header).collect();
    for (index, header) in headers.iter().enumerate() {
        header.scratch.set(index as u32 + 1);
    }
    let targets = |index: usize| {
        let mut found = Vec::new();
        // SAFETY: the caller holds a count of each; traversing changes nothing.
        unsafe {
            traverse(headers[index], &mut |value| {
                // What is not garbage is marked with 0.
                found.extend(value.header().and_then(|target| (target.scratch.get() as usize).checked_sub(1)));
            });
        }
        found
    };
    // When each was found, the earliest that it reaches, and the number of its cycle.
    let (mut found, mut lowest) = (vec![NEW; headers.len()], vec![NEW; headers.len()]);
    let mut cycle = vec![NEW; headers.len()];
    let (mut count, mut cycles) = (0, 0);
    let mut open: Vec<usize> = Vec::new();
    let mut work: Vec<(usize, Vec<usize>)> = Vec::new();
    for root in (0..headers.len()).rev() {
        let mut next = (found[root] == NEW).then_some(root);
        while next.is_some() || !work.is_empty() {
            if let Some(index) = next.take() {
                (found[index], lowest[index]) = (count, count);
                count += 1;
                open.push(index);
                work.push((index, targets(index)));
            }
            let Some((index, rest)) = work.last_mut() else { break };
            let index = *index;
            if let Some(target) = rest.pop() {
                if found[target] == NEW {
                    next = Some(target);
                } else if cycle[target] == NEW {
                    lowest[index] = lowest[index].min(found[target]);
                }
                continue;
            }
            work.pop();
            if let Some(&(parent, _)) = work.last() {
                lowest[parent] = lowest[parent].min(lowest[index]);
            }
            if lowest[index] == found[index] {
                while let Some(member) = open.pop() {
                    cycle[member] = cycles;
                    if member == index {
                        break;
                    }
                }
                cycles += 1;
            }
        }
    }
    // Sorted by counting, the last cycle first: where the members of each begin is the number of those before them.
    let mut places = vec![0; cycles + 1];
    for number in &cycle {
        places[cycles - number] += 1;
    }
    for number in 1..=cycles {
        places[number] += places[number - 1];
    }
    let mut order = headers.to_vec();
    for (header, number) in headers.iter().zip(cycle) {
        let place = &mut places[cycles - number - 1];
        order[*place] = *header;
        *place += 1;
    }
    order
}

/// Shows every reference of an object: payload, instance part, type (for instances of Python classes).
unsafe fn traverse(header: *const Header, visit: &mut dyn FnMut(&Value)) {
    // SAFETY: the object is live.
    unsafe {
        let object = &*header;
        let ty = object.ty();
        let mut visitor = Visitor::new(visit);
        (ty.table.traverse)(header, &mut visitor);
        if ty.has_instance_part() {
            instance::traverse_part(header, ty, &mut visitor);
            let type_value = std::mem::ManuallyDrop::new(Value::from_header(object.type_pointer().cast()));
            visitor.visit(&type_value);
        }
    }
}

/// The objects that `value` refers to directly (`gc.get_referents`).
pub fn referents(value: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    if let Some(header) = value.header() {
        // SAFETY: the object is live.
        unsafe { traverse(header, &mut |value| found.push(value.clone())) };
    }
    found
}
