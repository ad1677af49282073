//! `select`: waiting for several descriptors at once. `select(timeout)` is where asyncio's loop rests while others run.

use std::rc::Rc;

use snakelet_macros::{methods, native_module, native_type};
use snakelet_vm::errors::Exc;
use snakelet_vm::files::descriptors::{OpenFile, Target};
use snakelet_vm::native::ModuleDef;
use snakelet_vm::types::module::Module;
use snakelet_vm::{Native, PyResult, Ref, Value, Vm, VmCell, VmRef};

pub const MODULE: ModuleDef = Select::MODULE;

const POLLIN: i64 = 1;
const POLLPRI: i64 = 2;
const POLLOUT: i64 = 4;
const POLLERR: i64 = 8;
const POLLHUP: i64 = 16;
const POLLNVAL: i64 = 32;

/// How long to wait before looking again at what wakes nobody.
const STEP: f64 = 0.005;

/// Which of the events are there.
fn events_of(open: &OpenFile, wanted: i64) -> i64 {
    let ready = match &open.target {
        Target::Socket(socket) => {
            let hung_up = if socket.is_hung_up() { POLLHUP } else { 0 };
            let readable = if socket.is_readable() { POLLIN } else { 0 };
            let writable = if socket.is_writable() { POLLOUT } else { 0 };
            hung_up | readable | writable
        }
        Target::Pipe(end) if !end.is_ready() => 0,
        _ if !open.readable => POLLOUT,
        _ if !open.writable => POLLIN,
        _ => POLLIN | POLLOUT,
    };
    ready & (wanted | POLLHUP | POLLERR)
}

/// The threads' places in the queues of all sockets waited for.
struct Waiting<'a> {
    vm: &'a Vm,
    open: &'a [Option<Rc<OpenFile>>],
}

impl<'a> Waiting<'a> {
    fn enter(vm: &'a Vm, open: &'a [Option<Rc<OpenFile>>]) -> Waiting<'a> {
        for open in open.iter().flatten() {
            if let Target::Socket(socket) = &open.target {
                socket.changed.enter(vm);
            }
        }
        Waiting { vm, open }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        for open in self.open.iter().flatten() {
            if let Target::Socket(socket) = &open.target {
                socket.changed.leave(self.vm);
            }
        }
    }
}

/// Waits until one of the wanted events is there or the time (in seconds) is up; what is there by then, for each descriptor.
async fn wait(vm: &Vm, wanted: &[(i32, i64)], timeout: Option<f64>) -> PyResult<Vec<i64>> {
    let end = timeout.map(|timeout| vm.host().monotonic() + timeout);
    loop {
        let open: Vec<Option<Rc<OpenFile>>> = wanted.iter().map(|(fd, _)| vm.descriptors().get(*fd).ok()).collect();
        let ready: Vec<i64> = wanted
            .iter()
            .zip(&open)
            .map(|((_, events), open)| open.as_ref().map_or(POLLNVAL, |open| events_of(open, *events)))
            .collect();
        let now = vm.host().monotonic();
        if ready.iter().any(|events| *events != 0) || end.is_some_and(|end| now >= end) {
            if timeout == Some(0.0) {
                // A loop of such calls is to let others run.
                vm.breathe(64).await?;
            }
            return Ok(ready);
        }
        let has_pipe = open.iter().flatten().any(|open| matches!(open.target, Target::Pipe(_)));
        let until = if has_pipe { Some(end.unwrap_or(f64::INFINITY).min(now + STEP)) } else { end };
        let waiting = Waiting::enter(vm, &open);
        let result = match until {
            None => vm.park().await.map(drop),
            Some(until) => vm.doze(until).await.map(drop),
        };
        drop(waiting);
        result?;
    }
}

/// The descriptor of an int, or of an object with `fileno()`.
async fn descriptor_of(vm: &Vm, object: &Value) -> PyResult<i32> {
    let number = match object.to_i64() {
        Some(number) => Some(number),
        None => match vm.attr_opt(object, &snakelet_vm::native::interned(vm, "fileno")).await? {
            Some(fileno) => {
                let number = vm.call(&fileno, Vec::new()).await?.to_i64();
                if number.is_none() {
                    return Err(vm.type_error("fileno() returned a non-integer"));
                }
                number
            }
            None => return Err(vm.type_error("argument must be an int, or have a fileno() method")),
        },
    };
    match number {
        Some(number) if number < 0 => {
            Err(vm.value_error(format!("file descriptor cannot be a negative integer ({number})")))
        }
        number => Ok(number.map_or(-1, |number| number.min(i32::MAX.into()) as i32)),
    }
}

/// The payload of poll objects: descriptors and the events to look for.
#[native_type(name = "poll", module = "select")]
pub struct Poll {
    #[skip_traverse]
    registered: VmCell<Vec<(i32, i64)>>,
}

#[methods]
impl Poll {
    /// Register a file descriptor with the polling object.
    #[method("register(self, fd, eventmask=7, /)")]
    async fn register(vm: VmRef, this: Ref<Poll>, fd: Value, eventmask: i64) -> PyResult<()> {
        let fd = descriptor_of(&vm, &fd).await?;
        let registered = this.registered.borrow_mut();
        match registered.iter_mut().find(|known| known.0 == fd) {
            Some(known) => known.1 = eventmask,
            None => registered.push((fd, eventmask)),
        }
        Ok(())
    }

    /// Modify an already registered file descriptor.
    #[method("modify(self, fd, eventmask, /)")]
    async fn modify(vm: VmRef, this: Ref<Poll>, fd: Value, eventmask: i64) -> PyResult<()> {
        let fd = descriptor_of(&vm, &fd).await?;
        match this.registered.borrow_mut().iter_mut().find(|known| known.0 == fd) {
            Some(known) => {
                known.1 = eventmask;
                Ok(())
            }
            None => Err(vm.os_error(snakelet_vm::files::errno::Errno::ENOENT, None)),
        }
    }

    /// Remove a file descriptor being tracked by the polling object.
    #[method("unregister(self, fd, /)")]
    async fn unregister(vm: VmRef, this: Ref<Poll>, fd: Value) -> PyResult<()> {
        let fd = descriptor_of(&vm, &fd).await?;
        let registered = this.registered.borrow_mut();
        match registered.iter().position(|known| known.0 == fd) {
            Some(at) => {
                registered.remove(at);
                Ok(())
            }
            None => Err(vm.key_error(Value::from_i64(fd.into()))),
        }
    }

    /// Polls the registered descriptors: a list of those with events. The timeout is in milliseconds.
    #[method("poll(self, timeout=None, /)")]
    async fn poll(vm: VmRef, this: Ref<Poll>, timeout: Value) -> PyResult<Vec<Value>> {
        let timeout = if timeout.is_none() { None } else { Some(vm.float(&timeout).await?) };
        let timeout = timeout.filter(|timeout| *timeout >= 0.0).map(|timeout| timeout / 1000.0);
        let wanted = this.registered.get();
        let ready = wait(&vm, &wanted, timeout).await?;
        let pairs = wanted.iter().zip(ready).filter(|(_, events)| *events != 0);
        Ok(pairs
            .map(|((fd, _), events)| Value::from_tuple(vec![Value::from_i64((*fd).into()), Value::from_i64(events)]))
            .collect())
    }
}

/// Declares module `select`.
struct Select;

/// This module supports asynchronous I/O on multiple file descriptors.
#[native_module("select")]
impl Select {
    #[constant("PIPE_BUF")]
    const PIPE: i64 = 4096;

    /// Wait until one or more file descriptors are ready for reading, writing or an exceptional condition.
    ///
    /// Each list holds ints or objects with fileno(); the results are lists of those that are ready. Without a timeout (in
    /// seconds) wait as long as it takes.
    #[function("select(rlist, wlist, xlist, timeout=None, /)")]
    async fn select(vm: VmRef, rlist: Value, wlist: Value, xlist: Value, timeout: Value) -> PyResult {
        let timeout = if timeout.is_none() { None } else { Some(vm.float(&timeout).await?) };
        if timeout.is_some_and(|timeout| timeout < 0.0) {
            return Err(vm.value_error("timeout must be non-negative"));
        }
        let mut objects = Vec::new();
        let mut wanted = Vec::new();
        for (list, events) in [(&rlist, POLLIN), (&wlist, POLLOUT), (&xlist, POLLPRI)] {
            for object in vm.collect(list).await? {
                wanted.push((descriptor_of(&vm, &object).await?, events));
                objects.push((object, events));
            }
        }
        let ready = wait(&vm, &wanted, timeout).await?;
        if ready.contains(&POLLNVAL) {
            return Err(vm.os_error(snakelet_vm::files::errno::Errno::EBADF, None));
        }
        let lists = [POLLIN, POLLOUT, POLLPRI].map(|kind| {
            let ready = objects.iter().zip(&ready).filter(|((_, events), ready)| {
                *events == kind && (**ready & kind != 0 || **ready & POLLHUP != 0 && kind == POLLIN)
            });
            Value::from_list(ready.map(|((object, _), _)| object.clone()).collect())
        });
        Ok(Value::from_tuple(lists.to_vec()))
    }

    /// Returns a polling object, which supports registering and unregistering file descriptors.
    #[function("poll()")]
    fn poll() -> Value {
        Poll { registered: VmCell::default() }.into_value()
    }

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let _ = vm;
        let Some(module) = module.downcast::<Module>() else { return Ok(()) };
        let names = [
            ("POLLIN", POLLIN),
            ("POLLPRI", POLLPRI),
            ("POLLOUT", POLLOUT),
            ("POLLERR", POLLERR),
            ("POLLHUP", POLLHUP),
            ("POLLNVAL", POLLNVAL),
            ("POLLRDNORM", 64),
            ("POLLRDBAND", 128),
            ("POLLWRNORM", 256),
            ("POLLWRBAND", 512),
            ("POLLMSG", 1024),
            ("POLLRDHUP", 8192),
        ];
        for (name, number) in names {
            module.dict.set_text(name, Value::from_i64(number));
        }
        module.dict.set_text("error", Exc::OSError.class().into_value());
        Ok(())
    }
}
