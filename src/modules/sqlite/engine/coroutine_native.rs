//! Calls of SQLite that can stop in a callback: natively each has a stack of its own (corosensei).

use std::cell::{Cell, RefCell};

use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult, Yielder};

use super::{ABANDONED, Ask};

/// What became of a call.
pub enum Step {
    /// It returned.
    Done(i64),
    /// It waits for the answer to a callback.
    Ask(Ask),
}

type Body = Coroutine<i32, Ask, i64>;

/// A call that waits for an answer. Dropped, it is finished with answers that make it fail.
pub struct Running {
    body: Option<Body>,
    /// The yielder of the call that this one is within.
    yielder: Option<usize>,
}

/// The size of a call's stack.
const STACK: usize = 1 << 20;

thread_local! {
    /// The yielder of the call that runs.
    static CURRENT: Cell<Option<usize>> = const { Cell::new(None) };
    static STACKS: RefCell<Vec<DefaultStack>> = const { RefCell::new(Vec::new()) };
}

/// Begins a call. The function calls SQLite once and answers what it answers.
pub fn start(function: Box<dyn Fn() -> i64>) -> (Running, Step) {
    let Some(stack) = STACKS.with_borrow_mut(Vec::pop).or_else(|| DefaultStack::new(STACK).ok()) else {
        // Without memory for a stack, callbacks find nobody who answers.
        return (Running { body: None, yielder: None }, Step::Done(function()));
    };
    let body = Body::with_stack(stack, move |yielder, _| {
        CURRENT.set(Some(std::ptr::from_ref(yielder) as usize));
        function()
    });
    let mut running = Running { body: Some(body), yielder: None };
    let step = running.resume(0);
    (running, step)
}

impl Running {
    /// Goes on with an answer.
    pub fn resume(&mut self, answer: i32) -> Step {
        let Some(body) = &mut self.body else { return Step::Done(0) };
        let outer = CURRENT.replace(self.yielder);
        let result = body.resume(answer);
        self.yielder = CURRENT.replace(outer);
        match result {
            CoroutineResult::Yield(ask) => Step::Ask(ask),
            CoroutineResult::Return(result) => {
                if let Some(body) = self.body.take() {
                    STACKS.with_borrow_mut(|stacks| stacks.push(body.into_stack()));
                }
                Step::Done(result)
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        while self.body.is_some() {
            self.resume(ABANDONED);
        }
    }
}

/// Stops the call that runs until there is an answer.
pub fn ask(ask: Ask) -> i32 {
    let Some(yielder) = CURRENT.get() else { return ABANDONED };
    // SAFETY: the yielder lives on the stack of the running call, which is below us.
    let yielder = unsafe { &*(yielder as *const Yielder<i32, Ask>) };
    yielder.suspend(ask)
}

/// Whether the next question is one that was asked before.
pub fn is_resuming() -> bool {
    false
}

/// Whether somebody answers questions: SQLite was called by [`start`].
pub fn is_running() -> bool {
    CURRENT.get().is_some()
}
