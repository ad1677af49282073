//! The allocator: size-class free lists for small blocks over the system's, and the count of bytes in use.
//!
//! Embedders install it with `#[global_allocator] static ALLOCATOR: SizeClasses = SizeClasses;`, so that the memory limit
//! sees everything. Small blocks (up to 1 KB) come from chunks of 64 KB and return to a free list of their size class;
//! they are 16-byte aligned. Without it (unit tests) all works, only the count stays at zero.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr::{NonNull, null_mut};

/// Block sizes are multiples of this.
pub(super) const CLASS: usize = 16;
const CLASSES: usize = 65;
const SMALL: usize = CLASS * (CLASSES - 1);
const CHUNK: usize = 64 * 1024;

struct State {
    free: [Cell<*mut u8>; CLASSES],
    bump: Cell<*mut u8>,
    bump_end: Cell<*mut u8>,
    used: Cell<usize>,
}

crate::local! {
    static STATE: State = State {
        free: [const { Cell::new(null_mut()) }; CLASSES],
        bump: Cell::new(null_mut()),
        bump_end: Cell::new(null_mut()),
        used: Cell::new(0),
    };
}

/// The global allocator of the wasm module and of the native binary. Memory must be freed on the thread that allocated it,
/// or at least by one that also uses this allocator.
pub struct SizeClasses;

/// Bytes in use by this thread.
pub fn used() -> usize {
    STATE.with(|state| state.used.get())
}

/// A block of `size` bytes at most `SMALL`.
#[inline(always)]
fn take(state: &State, size: usize) -> *mut u8 {
    state.used.set(state.used.get().wrapping_add(size));
    let class = size.div_ceil(CLASS);
    let head = state.free[class].get();
    if head.is_null() {
        return carve(state, class);
    }
    // SAFETY: a free block holds the pointer to the next one.
    state.free[class].set(unsafe { *head.cast::<*mut u8>() });
    head
}

/// Takes a small block back.
///
/// # Safety
/// The block came from `take(size)` and is not used again; the size is not 0.
#[inline(always)]
unsafe fn give(state: &State, block: *mut u8, size: usize) {
    state.used.set(state.used.get().wrapping_sub(size));
    let class = size.div_ceil(CLASS);
    // SAFETY: the block is free from here on and at least 16 bytes long.
    unsafe { *block.cast::<*mut u8>() = state.free[class].get() };
    state.free[class].set(block);
}

// SAFETY: blocks come from `System` or are carved out of chunks from it, each handed out once until it is given back.
unsafe impl GlobalAlloc for SizeClasses {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        STATE.with(|state| {
            if layout.size() > SMALL || layout.align() > CLASS {
                state.used.set(state.used.get().wrapping_add(layout.size()));
                // SAFETY: passed on.
                return unsafe { System.alloc(layout) };
            }
            take(state, layout.size())
        })
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        STATE.with(|state| {
            if layout.size() > SMALL || layout.align() > CLASS {
                state.used.set(state.used.get().wrapping_sub(layout.size()));
                // SAFETY: passed on.
                return unsafe { System.dealloc(block, layout) };
            }
            // SAFETY: the caller's promise; a size of 0 never reaches the allocator.
            unsafe { give(state, block, layout.size()) }
        })
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        if layout.size() > SMALL && new_size > SMALL && layout.align() <= CLASS {
            STATE.with(|state| state.used.set(state.used.get().wrapping_add(new_size).wrapping_sub(layout.size())));
            // SAFETY: both sizes are the system's.
            return unsafe { System.realloc(block, layout, new_size) };
        }
        if layout.size().div_ceil(CLASS) == new_size.div_ceil(CLASS) && new_size <= SMALL && layout.align() <= CLASS {
            STATE.with(|state| state.used.set(state.used.get().wrapping_add(new_size).wrapping_sub(layout.size())));
            return block;
        }
        // SAFETY: a fresh block, the old contents copied, the old block freed.
        unsafe {
            let Ok(new_layout) = Layout::from_size_align(new_size, layout.align()) else { return null_mut() };
            let new = self.alloc(new_layout);
            if !new.is_null() {
                std::ptr::copy_nonoverlapping(block, new, layout.size().min(new_size));
                self.dealloc(block, layout);
            }
            new
        }
    }
}

#[cold]
fn carve(state: &State, class: usize) -> *mut u8 {
    let size = class * CLASS;
    if (state.bump_end.get() as usize) - (state.bump.get() as usize) < size {
        let Ok(layout) = Layout::from_size_align(CHUNK, CLASS) else { return null_mut() };
        // SAFETY: the layout has a size.
        let chunk = unsafe { System.alloc(layout) };
        if chunk.is_null() {
            return chunk;
        }
        state.bump.set(chunk);
        state.bump_end.set(chunk.wrapping_add(CHUNK));
    }
    let block = state.bump.get();
    state.bump.set(block.wrapping_add(size));
    block
}

/// Memory for an object of `size` bytes. Objects are small; what can be large (lists, strings) reserves fallibly.
#[inline]
pub(super) fn allocate(size: usize) -> NonNull<u8> {
    let layout = object_layout(size);
    // SAFETY: objects are never empty.
    let block = unsafe { std::alloc::alloc(layout) };
    NonNull::new(block).unwrap_or_else(|| std::alloc::handle_alloc_error(layout))
}

/// Frees what `allocate` gave.
///
/// # Safety
/// `block` came from `allocate(size)` and is not used again.
#[inline]
pub(super) unsafe fn free(block: *mut u8, size: usize) {
    // SAFETY: the caller's promise.
    unsafe { std::alloc::dealloc(block, object_layout(size)) }
}

#[inline]
fn object_layout(size: usize) -> Layout {
    match Layout::from_size_align(size, 8) {
        Ok(layout) => layout,
        Err(_) => unreachable!("object sizes are small"),
    }
}
