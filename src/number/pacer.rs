//! Yielding to the caller: long computations call [`tick`] every few tens of microseconds and [`Pacer::reserve`] before they
//! allocate, so that the caller can suspend them, stop them, or refuse the memory.
//!
//! The trait is object safe, so one copy of every algorithm serves the VM, the tests and the synchronous functions.

use crate::BigInt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Why a paced computation ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// The caller asked for an end (KeyboardInterrupt and the like; the caller knows which exception waits).
    Stopped,
    /// The result or a temporary doesn't fit into the memory limit.
    OutOfMemory,
}

/// What the caller of a long computation provides.
pub trait Pacer {
    /// Accounts for `work` units (about 10 ns of native code each). `Pending` suspends the computation; it is polled again
    /// with `work == 0` when the caller resumes it, and must then answer `Ready`, unless it wants to suspend once more.
    fn poll_tick(&self, work: u32) -> Poll<Result<(), Halt>>;

    /// Asks whether `bytes` more may be allocated for the time being, beside what the allocator has given out already.
    /// Nothing is owed for it later.
    fn reserve(&self, bytes: usize) -> Result<(), Halt>;
}

/// A pacer that never suspends and refuses nothing but what the allocator refuses.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unpaced;

impl Pacer for Unpaced {
    fn poll_tick(&self, _work: u32) -> Poll<Result<(), Halt>> {
        Poll::Ready(Ok(()))
    }

    fn reserve(&self, _bytes: usize) -> Result<(), Halt> {
        Ok(())
    }
}

/// A long computation, to be awaited. It is boxed so that its code is compiled once, in this crate, and not again in every
/// crate that awaits it.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, Halt>> + 'a>>;

/// The future that [`tick`] returns.
#[must_use = "futures do nothing unless awaited"]
pub struct Tick<'a> {
    pacer: &'a dyn Pacer,
    work: u32,
}

impl Future for Tick<'_> {
    type Output = Result<(), Halt>;

    fn poll(mut self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<Self::Output> {
        let work = std::mem::take(&mut self.work);
        self.pacer.poll_tick(work)
    }
}

/// Accounts for `work` units and gives the caller the chance to suspend or stop.
pub fn tick(pacer: &dyn Pacer, work: u32) -> Tick<'_> {
    Tick { pacer, work: work.max(1) }
}

/// Checks that `bytes` are within the caller's limit and that the allocator has them, before code that can't fail softly
/// allocates about as much.
pub fn reserve(pacer: &dyn Pacer, bytes: usize) -> Result<(), Halt> {
    pacer.reserve(bytes)?;
    if bytes < 1 << 16 {
        return Ok(());
    }
    let mut probe: Vec<u8> = Vec::new();
    probe.try_reserve_exact(bytes).map_err(|_| Halt::OutOfMemory)
}

/// An empty vector with room for `len` items, reserved within the caller's limit.
pub fn vec_with_capacity<T>(pacer: &dyn Pacer, len: usize) -> Result<Vec<T>, Halt> {
    pacer.reserve(len.saturating_mul(size_of::<T>()))?;
    let mut vec = Vec::new();
    vec.try_reserve_exact(len).map_err(|_| Halt::OutOfMemory)?;
    Ok(vec)
}

/// Runs a paced computation to its end on the spot; for futures over [`Unpaced`], which never suspend.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// Runs a computation over [`Unpaced`] to its end. Nothing but a lack of memory can halt it, and that ends the process here,
/// as it does in other infallible allocations: a caller that must survive it paces the computation.
pub(crate) fn finish<T>(future: impl Future<Output = Result<T, Halt>>) -> T {
    match run(future) {
        Ok(value) => value,
        Err(_) => std::alloc::handle_alloc_error(std::alloc::Layout::new::<BigInt>()),
    }
}
