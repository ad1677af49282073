//! Calls of SQLite that can stop in a callback: in pages SQLite's module is compiled with Binaryen's Asyncify, by which all its
//! functions can return early, leaving their variables in a buffer, and later be called again to go on from there.
//!
//! Each call has its own buffer and its own C stack in SQLite's memory, so that calls of several green threads do not disturb
//! each other.

use std::cell::{Cell, RefCell};

use super::{ABANDONED, Ask, Ptr, memory, sqlite3_malloc64};

#[link(wasm_import_module = "sqlite3")]
unsafe extern "C" {
    safe fn asyncify_start_unwind(buffer: Ptr);
    safe fn asyncify_stop_unwind();
    safe fn asyncify_start_rewind(buffer: Ptr);
    safe fn asyncify_stop_rewind();
    safe fn asyncify_get_state() -> i32;
    safe fn emscripten_stack_get_current() -> Ptr;
    safe fn _emscripten_stack_restore(at: Ptr);
}

const UNWINDING: i32 = 1;
const REWINDING: i32 = 2;

/// What became of a call.
pub enum Step {
    /// It returned.
    Done(i64),
    /// It waits for the answer to a callback.
    Ask(Ask),
}

struct State {
    function: Box<dyn Fn() -> i64>,
    /// The buffer's head, the buffer, then the stack; 0 without memory, and when the call is over.
    place: Ptr,
    /// Where the C stack stands.
    stack: Ptr,
    started: bool,
    asked: Cell<Option<Ask>>,
    answer: Cell<i32>,
}

/// A call that waits for an answer. Dropped, it is finished with answers that make it fail.
pub struct Running(Box<State>);

const BUFFER: usize = 128 << 10;
const STACK: usize = 256 << 10;

thread_local! {
    /// The call that runs.
    static CURRENT: Cell<*const State> = const { Cell::new(std::ptr::null()) };
    static PLACES: RefCell<Vec<Ptr>> = const { RefCell::new(Vec::new()) };
}

/// Begins a call. The function calls SQLite once and answers what it answers.
pub fn start(function: Box<dyn Fn() -> i64>) -> (Running, Step) {
    let free = PLACES.with_borrow_mut(Vec::pop);
    let place = free.unwrap_or_else(|| sqlite3_malloc64((BUFFER + STACK) as u64));
    let stack = (place + BUFFER + STACK) & !15;
    let state = State { function, place, stack, started: false, asked: Cell::new(None), answer: Cell::new(ABANDONED) };
    let mut running = Running(Box::new(state));
    if place == 0 {
        // Callbacks find nobody who answers.
        let outer = CURRENT.replace(std::ptr::null());
        let result = (running.0.function)();
        CURRENT.set(outer);
        return (running, Step::Done(result));
    }
    let step = running.resume(0);
    (running, step)
}

impl Running {
    /// Goes on with an answer.
    pub fn resume(&mut self, answer: i32) -> Step {
        let state = &mut *self.0;
        if state.place == 0 {
            return Step::Done(0);
        }
        state.answer.set(answer);
        let outer = CURRENT.replace(&raw const *state);
        let saved = emscripten_stack_get_current();
        _emscripten_stack_restore(state.stack);
        if state.started {
            asyncify_start_rewind(state.place);
        }
        state.started = true;
        let result = (state.function)();
        let step = if asyncify_get_state() == UNWINDING {
            asyncify_stop_unwind();
            state.stack = emscripten_stack_get_current();
            Step::Ask(state.asked.take().unwrap_or(Ask::Breathe))
        } else {
            PLACES.with_borrow_mut(|places| places.push(state.place));
            state.place = 0;
            Step::Done(result)
        };
        _emscripten_stack_restore(saved);
        CURRENT.set(outer);
        step
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        while self.0.place != 0 {
            self.resume(ABANDONED);
        }
    }
}

/// Stops the call that runs until there is an answer. What the first call of this answers is not looked at: the caller returns
/// it to SQLite, which returns in turn; when the call is resumed, the same callback asks again and gets the answer.
pub fn ask(ask: Ask) -> i32 {
    let current = CURRENT.get();
    if current.is_null() {
        return ABANDONED;
    }
    // SAFETY: the running call's state is boxed and borrowed by `resume` below us.
    let state = unsafe { &*current };
    if asyncify_get_state() == REWINDING {
        asyncify_stop_rewind();
        return state.answer.get();
    }
    state.asked.set(Some(ask));
    let mut head = [0; 8];
    head[..4].copy_from_slice(&((state.place + 8) as u32).to_le_bytes());
    head[4..].copy_from_slice(&((state.place + BUFFER) as u32).to_le_bytes());
    memory::write(state.place, &head);
    asyncify_start_unwind(state.place);
    0
}

/// Whether the next question is one that was asked before.
pub fn is_resuming() -> bool {
    asyncify_get_state() == REWINDING
}

/// Whether somebody answers questions: SQLite was called by [`start`].
pub fn is_running() -> bool {
    !CURRENT.get().is_null()
}
