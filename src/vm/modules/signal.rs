//! `_signal`: handlers of signals, which the page's Stop button (SIGINT), `raise_signal`, `os.kill` of the own process and timers
//! deliver to the main thread.
//!
//! While SIGINT has its default handler and no other signal waits, Stop raises KeyboardInterrupt at the next safepoint, in native
//! loops as well (`exec::safepoint`). As soon as a program installs a handler, deliveries become a native frame on top of the
//! main thread's running Python frame; a main thread that waits for the embedder or for another thread runs the handlers inside
//! its wait and then waits on (`Vm::ask_host`, `Vm::park`).

use std::cell::Cell;

use snakelet_macros::native_module;

use crate::errors::Exc;
use crate::exec::fuel;
use crate::exec::thread::State;
use crate::files::descriptors::Target;
use crate::files::errno::Errno;
use crate::host::HostRequest;
use crate::types::module::Module;
use crate::vm::Answer;
use crate::{PyResult, Value, Vm, VmCell, VmRef};

pub const MODULE: crate::native::ModuleDef = Signal::MODULE;

pub const SIGINT: usize = 2;
const SIGALRM: usize = 14;
/// One more than the greatest signal number.
pub(crate) const NSIG: usize = 65;

/// Linux's signal names and what `strsignal` says.
const NAMES: &[(usize, &str, &str)] = &[
    (1, "SIGHUP", "Hangup"),
    (2, "SIGINT", "Interrupt"),
    (3, "SIGQUIT", "Quit"),
    (4, "SIGILL", "Illegal instruction"),
    (5, "SIGTRAP", "Trace/breakpoint trap"),
    (6, "SIGABRT", "Aborted"),
    (7, "SIGBUS", "Bus error"),
    (8, "SIGFPE", "Floating point exception"),
    (9, "SIGKILL", "Killed"),
    (10, "SIGUSR1", "User defined signal 1"),
    (11, "SIGSEGV", "Segmentation fault"),
    (12, "SIGUSR2", "User defined signal 2"),
    (13, "SIGPIPE", "Broken pipe"),
    (14, "SIGALRM", "Alarm clock"),
    (15, "SIGTERM", "Terminated"),
    (16, "SIGSTKFLT", "Stack fault"),
    (17, "SIGCHLD", "Child exited"),
    (18, "SIGCONT", "Continued"),
    (19, "SIGSTOP", "Stopped (signal)"),
    (20, "SIGTSTP", "Stopped"),
    (21, "SIGTTIN", "Stopped (tty input)"),
    (22, "SIGTTOU", "Stopped (tty output)"),
    (23, "SIGURG", "Urgent I/O condition"),
    (24, "SIGXCPU", "CPU time limit exceeded"),
    (25, "SIGXFSZ", "File size limit exceeded"),
    (26, "SIGVTALRM", "Virtual timer expired"),
    (27, "SIGPROF", "Profiling timer expired"),
    (28, "SIGWINCH", "Window changed"),
    (29, "SIGIO", "I/O possible"),
    (30, "SIGPWR", "Power failure"),
    (31, "SIGSYS", "Bad system call"),
    (34, "SIGRTMIN", "Real-time signal 0"),
    (64, "SIGRTMAX", "Real-time signal 30"),
];

/// Signals whose default action ends no process.
const HARMLESS: [usize; 5] = [17, 18, 23, 28, 13];

/// The session's signal handlers.
#[derive(Default)]
pub struct Signals {
    /// Bit n: signal n waits to be handled.
    pending: Cell<u128>,
    /// Handlers by number; what is not there has its default.
    handlers: VmCell<Vec<(usize, Value)>>,
    /// Some handler is a Python function, or SIGINT is ignored.
    custom: Cell<bool>,
    /// When the timer rings next, and how often then; 0 for never.
    timer: Cell<(f64, f64)>,
    /// Counts timers set, so that an older one knows it is void.
    timer_number: Cell<u64>,
    /// The descriptor for `set_wakeup_fd`.
    wakeup: Cell<i64>,
}

/// Whether signals are to be handled by Python functions, not just by KeyboardInterrupt.
pub fn has_handlers(vm: &Vm) -> bool {
    vm.extension::<Signals>().custom.get()
}

/// SIGINT has become a KeyboardInterrupt.
pub(crate) fn forget_interrupt(vm: &Vm) {
    let pending = &vm.extension::<Signals>().pending;
    pending.set(pending.get() & !(1 << SIGINT));
}

/// Delivers a signal to the main thread.
pub fn deliver(vm: &Vm, number: usize) {
    let signals = vm.extension::<Signals>();
    signals.pending.set(signals.pending.get() | 1 << number);
    if signals.wakeup.get() > 0
        && let Ok(open) = vm.descriptors().get(signals.wakeup.get() as i32 - 1)
    {
        // A full buffer wakes its reader anyway.
        match &open.target {
            Target::Socket(socket) => _ = socket.send(&[number as u8], None),
            Target::Pipe(end) if end.write(vm, &[number as u8]).is_err() => _ = vm.raised.take(),
            _ => {}
        }
    }
    let main = vm.threads.list().iter_mut().find(|thread| thread.is_main);
    match main {
        Some(thread) if thread.state != State::Ready => {
            thread.answer = Some(Answer::Signal);
            thread.state = State::Ready;
        }
        _ => {
            vm.interrupted.set(true);
            fuel::trip();
        }
    }
}

/// The frame that a safepoint of the main thread pushes: an exception of a handler is raised in the frame below.
pub(crate) async fn run_at_safepoint(vm: VmRef) -> PyResult {
    if run_handlers(&vm).await.is_err() {
        let exception = vm.take_raised();
        let thread = vm.threads.current();
        // SAFETY: the current thread lives while it runs.
        unsafe { (*thread).interrupt = Some(exception) };
        fuel::trip();
    }
    Ok(Value::NONE)
}

/// Handles the signals that wait.
pub(crate) async fn run_handlers(vm: &Vm) -> PyResult<()> {
    let signals = vm.extension::<Signals>();
    vm.interrupted.set(false);
    while signals.pending.get() != 0 {
        let number = signals.pending.get().trailing_zeros() as usize;
        signals.pending.set(signals.pending.get() & !(1 << number));
        let handler = handler_of(vm, number);
        match handler.to_i64() {
            Some(1) => {}
            Some(_) if HARMLESS.contains(&number) => {}
            Some(_) if number == SIGINT => {
                return Err(vm.error_with_args(Exc::KeyboardInterrupt, Vec::new()));
            }
            Some(_) => {
                // The default action ends the process.
                return Err(vm.error_with_args(Exc::SystemExit, vec![Value::from_usize(128 + number)]));
            }
            None if handler.is_none() => {}
            None => {
                let frame = vm.frame_object(0).map_or(Value::NONE, |frame| frame.into_value());
                vm.call(&handler, vec![Value::from_usize(number), frame]).await?;
            }
        }
    }
    Ok(())
}

fn handler_of(vm: &Vm, number: usize) -> Value {
    let signals = vm.extension::<Signals>();
    let known = signals.handlers.borrow().iter().find(|known| known.0 == number).map(|known| known.1.clone());
    match known {
        Some(handler) => handler,
        None if number == SIGINT => default_int_handler(vm),
        None => Value::small_int(0),
    }
}

/// `default_int_handler`, the object in the module if that is loaded.
fn default_int_handler(vm: &Vm) -> Value {
    let module = vm.modules.get_text("_signal");
    let module = module.as_ref().and_then(Value::downcast::<Module>);
    module.and_then(|module| module.dict.get_text("default_int_handler")).unwrap_or(Value::small_int(0))
}

/// Whether the signal has no handler of the program's.
pub(super) fn has_plain_action(vm: &Vm, number: usize) -> bool {
    matches!(handler_of(vm, number).to_i64(), Some(0 | 1))
}

/// Delivers a signal to the own process, and handles it at once if this is the main thread.
pub(crate) async fn raise(vm: &Vm, number: usize) -> PyResult<()> {
    deliver(vm, number);
    let me = vm.threads.current_id();
    if vm.threads.find(me).is_some_and(|thread| thread.is_main) {
        return run_handlers(vm).await;
    }
    Ok(())
}

fn check(vm: &Vm, number: i64) -> PyResult<usize> {
    match usize::try_from(number) {
        Ok(number) if (1..NSIG).contains(&number) => Ok(number),
        _ => Err(vm.value_error("signal number out of range")),
    }
}

fn check_main(vm: &Vm, message: &str) -> PyResult<()> {
    let me = vm.threads.current_id();
    let is_main = vm.threads.find(me).is_none_or(|thread| thread.is_main);
    if is_main { Ok(()) } else { Err(vm.value_error(message)) }
}

/// Lets SIGALRM come in `seconds`, and every `interval` seconds after that. The former timer's rest.
fn set_timer(vm: &Vm, seconds: f64, interval: f64) -> (f64, f64) {
    let signals = vm.extension::<Signals>();
    let old = remaining(vm);
    let number = signals.timer_number.get() + 1;
    signals.timer_number.set(number);
    if seconds <= 0.0 {
        signals.timer.set((0.0, 0.0));
        return old;
    }
    let mut due = vm.host().monotonic() + seconds;
    signals.timer.set((due, interval));
    let vm_handle = vm.handle();
    let ring = async move {
        let vm = vm_handle;
        loop {
            vm.ask_host(HostRequest::Sleep { until: due }).await?;
            let signals = vm.extension::<Signals>();
            if signals.timer_number.get() != number {
                return Ok(Value::NONE);
            }
            deliver(&vm, SIGALRM);
            if interval <= 0.0 {
                signals.timer.set((0.0, 0.0));
                return Ok(Value::NONE);
            }
            due += interval;
            signals.timer.set((due, interval));
        }
    };
    vm.threads.spawn(vm, Box::pin(ring), false);
    old
}

/// Seconds until the timer rings, and its interval.
fn remaining(vm: &Vm) -> (f64, f64) {
    let (due, interval) = vm.extension::<Signals>().timer.get();
    if due == 0.0 { (0.0, 0.0) } else { ((due - vm.host().monotonic()).max(1e-6), interval) }
}

/// Only the real-time clock can be timed.
fn check_timer(vm: &Vm, which: i64) -> PyResult<()> {
    if which == 0 { Ok(()) } else { Err(vm.os_error(Errno::EINVAL, None)) }
}

/// Declares module `_signal`.
struct Signal;

/// This module provides mechanisms to use signal handlers in Python.
#[native_module("_signal")]
impl Signal {
    #[constant("NSIG")]
    const COUNT: i64 = NSIG as i64;
    #[constant("SIG_DFL")]
    const DEFAULT: i64 = 0;
    #[constant("SIG_IGN")]
    const IGNORE: i64 = 1;
    #[constant("SIG_BLOCK")]
    const BLOCK: i64 = 0;
    #[constant("SIG_UNBLOCK")]
    const UNBLOCK: i64 = 1;
    #[constant("SIG_SETMASK")]
    const SETMASK: i64 = 2;
    #[constant("ITIMER_REAL")]
    const REAL: i64 = 0;
    #[constant("ITIMER_VIRTUAL")]
    const VIRTUAL: i64 = 1;
    #[constant("ITIMER_PROF")]
    const PROF: i64 = 2;

    /// The default handler for SIGINT installed by Python: raises KeyboardInterrupt.
    #[function("default_int_handler(signalnum, frame, /)")]
    fn default_int_handler(vm: &Vm, signalnum: i64, _frame: &Value) -> PyResult<()> {
        let _ = signalnum;
        Err(vm.error_with_args(Exc::KeyboardInterrupt, Vec::new()))
    }

    /// Set the action for the given signal: a function of the signal's number and a frame, SIG_DFL or SIG_IGN. Return the former.
    #[function("signal(signalnum, handler, /)")]
    fn signal(vm: &Vm, signalnum: i64, handler: &Value) -> PyResult {
        let callable = vm.type_of(handler).slots().call.is_some();
        if !callable && !matches!(handler.to_i64(), Some(0 | 1)) {
            return Err(vm.type_error("signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object"));
        }
        check_main(vm, "signal only works in main thread of the main interpreter")?;
        let number = check(vm, signalnum)?;
        if [9, 19].contains(&number) {
            return Err(vm.os_error(Errno::EINVAL, None));
        }
        let old = handler_of(vm, number);
        let signals = vm.extension::<Signals>();
        let default = default_int_handler(vm);
        let handlers = signals.handlers.borrow_mut();
        handlers.retain(|known| known.0 != number);
        let is_default = if number == SIGINT { handler.is(&default) } else { handler.to_i64() == Some(0) };
        if !is_default {
            handlers.push((number, handler.clone()));
        }
        signals.custom.set(!handlers.is_empty());
        Ok(old)
    }

    /// Return the current action for the given signal, None if it was not set by Python.
    #[function("getsignal(signalnum, /)")]
    fn getsignal(vm: &Vm, signalnum: i64) -> PyResult {
        Ok(handler_of(vm, check(vm, signalnum)?))
    }

    /// Send a signal to the executing process.
    #[function("raise_signal(signalnum, /)")]
    async fn raise_signal(vm: VmRef, signalnum: i64) -> PyResult<()> {
        let number = check(&vm, signalnum)?;
        raise(&vm, number).await
    }

    /// Send a signal to a thread of this process: all are handled by the main thread.
    #[function("pthread_kill(thread_id, signalnum, /)")]
    async fn pthread_kill(vm: VmRef, thread_id: Value, signalnum: i64) -> PyResult<()> {
        let _ = thread_id;
        Signal::raise_signal(vm, signalnum).await
    }

    /// Fetch and change the signal mask, which is always empty here.
    #[function("pthread_sigmask(how, mask, /)")]
    fn pthread_sigmask(vm: &Vm, how: i64, mask: &Value) -> PyResult {
        let _ = mask;
        if !(0..=2).contains(&how) {
            return Err(vm.os_error(Errno::EINVAL, None));
        }
        crate::types::set::set_of(vm, &[])
    }

    /// Change system call restart behaviour: waits always go on after a signal.
    #[function("siginterrupt(signalnum, flag, /)")]
    fn siginterrupt(vm: &Vm, signalnum: i64, flag: bool) -> PyResult<()> {
        let _ = flag;
        check(vm, signalnum).map(drop)
    }

    /// Wait until a signal arrives.
    #[function("pause()")]
    async fn pause(vm: VmRef) -> PyResult<()> {
        vm.park().await.map(drop)
    }

    /// Set the descriptor that a byte is written to when a signal comes; -1 for none. Return the former.
    #[function("set_wakeup_fd(fd, /, *, warn_on_full_buffer=True)")]
    fn set_wakeup_fd(vm: &Vm, fd: i64, warn_on_full_buffer: bool) -> PyResult<i64> {
        let _ = warn_on_full_buffer;
        check_main(vm, "set_wakeup_fd only works in main thread of the main interpreter")?;
        if fd != -1 {
            let open = vm.descriptors().get(i32::try_from(fd).unwrap_or(-1));
            let Ok(open) = open else { return Err(vm.os_error(Errno::EBADF, None)) };
            if open.blocking.get() {
                return Err(vm.value_error(format!("the fd {fd} must be in non-blocking mode")));
            }
        }
        Ok(vm.extension::<Signals>().wakeup.replace((fd + 1).max(0)) - 1)
    }

    /// Return the system's description of the given signal, None if there is no such signal.
    #[function("strsignal(signalnum, /)")]
    fn strsignal(vm: &Vm, signalnum: i64) -> PyResult {
        let number = check(vm, signalnum)?;
        let text = NAMES.iter().find(|known| known.0 == number).map(|known| known.2);
        Ok(text.map_or(Value::NONE, Value::from_str))
    }

    /// Return a set of valid signal numbers on this platform.
    #[function("valid_signals()")]
    fn valid_signals(vm: &Vm) -> PyResult {
        let numbers = (1..NSIG).filter(|number| ![32, 33].contains(number)).map(Value::from_usize);
        crate::types::set::set_of(vm, &numbers.collect::<Vec<_>>())
    }

    /// Arrange for SIGALRM to arrive after the given number of seconds. Return the seconds that were left of the former alarm.
    #[function("alarm(seconds, /)")]
    fn alarm(vm: &Vm, seconds: i64) -> i64 {
        set_timer(vm, seconds as f64, 0.0).0.ceil() as i64
    }

    /// Set the timer, of which there is only the real-time one, to ring after seconds and then every interval seconds.
    #[function("setitimer(which, seconds, interval=0.0, /)")]
    fn setitimer(vm: &Vm, which: i64, seconds: f64, interval: f64) -> PyResult {
        check_timer(vm, which)?;
        let (left, interval) = set_timer(vm, seconds, interval);
        Ok(Value::from_tuple(vec![Value::float(left), Value::float(interval)]))
    }

    /// Return the timer's rest and interval.
    #[function("getitimer(which, /)")]
    fn getitimer(vm: &Vm, which: i64) -> PyResult {
        check_timer(vm, which)?;
        let (left, interval) = remaining(vm);
        Ok(Value::from_tuple(vec![Value::float(left), Value::float(interval)]))
    }

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let Some(module) = module.downcast::<Module>() else { return Ok(()) };
        for &(number, name, _) in NAMES {
            module.dict.set_text(name, Value::from_usize(number));
        }
        for (alias, number) in [("SIGIOT", 6), ("SIGCLD", 17), ("SIGPOLL", 29)] {
            module.dict.set_text(alias, Value::small_int(number));
        }
        module.dict.set_text("ItimerError", Exc::OSError.class().into_value());
        let _ = vm;
        Ok(())
    }
}
