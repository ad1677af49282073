//! Safepoints: what is done when fuel is spent or something tripped it.

use super::Thread;
use super::fuel;
use crate::errors::Exc;
use crate::object::collect;
use crate::{PyResult, Vm};

/// Handles what is due. `true`: go on; `false`: the slice is over; an error: KeyboardInterrupt or MemoryError.
pub(crate) fn reach(vm: &Vm, thread: &mut Thread) -> PyResult<bool> {
    if collect::is_due() {
        collect::collect_if_due();
    }
    // Signals with handlers wait for a Python frame.
    if thread.is_main && vm.interrupted.get() && !crate::modules::signal::has_handlers(vm) {
        vm.interrupted.set(false);
        crate::modules::signal::forget_interrupt(vm);
        return Err(vm.error_with_args(Exc::KeyboardInterrupt, Vec::new()));
    }
    if let Some(exception) = thread.interrupt.take() {
        return Err(vm.raise(exception));
    }
    if let Some(limit) = vm.limits.memory
        && vm.memory_used() > limit
    {
        collect::collect(true);
        if vm.memory_used() > limit {
            return Err(vm.memory_error());
        }
    }
    Ok(fuel::restore())
}

/// Whether finalisers or weak reference callbacks wait.
#[inline]
pub(crate) fn has_pending() -> bool {
    collect::has_pending()
}
