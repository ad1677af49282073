//! The execution of bytecode.
//!
//! | file | subject |
//! |---|---|
//! | `run` | the loop: one `match` over the instructions, short arms |
//! | `ops/` | what the arms call when the short path does not serve, by topic |
//! | `frame` | frames and the register windows they own |
//! | `thread` | green threads: a stack of frames and one of registers each; scheduling |
//! | `call`, `bind` | calling anything; matching arguments with parameters |
//! | `complete` | what happens with a result that arrives after an instruction had to wait |
//! | `native_frame` | polling suspended natives and serving their requests |
//! | `unwind` | exceptions on their way through the frames |
//! | `resume` | running generators and coroutines |
//! | `trace` | `sys.settrace`, `sys.setprofile`, `sys.monitoring`: events on the way |
//! | `fuel`, `safepoint` | how long a slice may last, and what is done at its end |
//!
//! No function here calls itself, or the loop, on behalf of Python code.

pub mod bind;
pub mod call;
mod complete;
pub mod frame;
pub mod fuel;
pub mod inspect;
pub(crate) mod monitoring;
mod native_frame;
pub(crate) mod ops;
mod resume;
mod run;
pub mod safepoint;
pub mod thread;
pub(crate) mod trace;
mod unwind;
pub mod wait;

pub(crate) use ops::names::namespace as frame_namespace;
pub(crate) use resume::{close as close_generator, end_of_iteration};
pub(crate) use run::run;
pub(crate) use thread::Thread;

use crate::PyResult;
use crate::Value;
use crate::host::{HostRequest, RequestId};

/// How an activity of the loop ended.
pub(crate) enum Flow {
    /// Go on with the thread's top frame.
    Continue,
    /// Leave the loop.
    Leave(Leave),
}

/// Why a thread stops running for now.
pub(crate) enum Leave {
    /// The slice is over.
    FuelSpent,
    /// The thread waits for the embedder.
    Host { id: RequestId, request: HostRequest },
    /// The thread waits for another thread.
    Parked,
    /// The thread has ended.
    Finished(PyResult<Value>),
}

/// Drives the coroutine of code that awaits at top level: in asyncio's loop if the program uses asyncio. Else nothing is there to
/// schedule it, so what it awaits must finish by itself or through the host; a bare yield makes the run wait one turn.
pub(crate) async fn run_top_level(vm: &crate::Vm, coroutine: Value, needs_loop: bool) -> PyResult {
    use crate::types::generator::Resume;
    if needs_loop || vm.modules.get_text("asyncio.runners").is_some() {
        let module = crate::import::import_module(vm, "_top_level").await?;
        let run = vm.attr(&module, "run").await?;
        return vm.call(&run, vec![coroutine]).await;
    }
    loop {
        let value = vm.resume(&coroutine, Resume::Send(Value::NONE)).await?;
        if value.is_unbound() {
            return Ok(vm.take_returned());
        }
        vm.breathe(u32::MAX).await?;
    }
}
