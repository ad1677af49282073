//! `_thread`: green threads and locks.

use std::cell::Cell;

use snakelet_macros::{methods, native_module, native_type};

use crate::errors::Exc;
use crate::exec::thread::MAIN_ID;
use crate::exec::wait::WaitQueue;
use crate::object::{Native, Ref, VmCell};
use crate::types::dict::Dict;
use crate::types::module::Module;
use crate::types::object::Object;
use crate::types::tuple::Tuple;
use crate::types::typeobject::Type;
use crate::{PyResult, Value, Vm, VmRef};

pub const MODULE: crate::native::ModuleDef = ThreadModule::MODULE;

/// The payload of locks.
#[native_type(
    name = "lock",
    module = "_thread",
    doc = "A lock object is a synchronization primitive.",
    flags(weak_references)
)]
pub struct Lock {
    locked: Cell<bool>,
    waiting: WaitQueue,
}

/// The payload of reentrant locks.
#[native_type(
    name = "RLock",
    module = "_thread",
    doc = "A lock that the thread that holds it may acquire again.",
    flags(subclassable, weak_references)
)]
pub struct RLock {
    /// Thread number, 0 while nobody holds it.
    owner: Cell<u64>,
    count: Cell<usize>,
    waiting: WaitQueue,
}

/// The longest time a lock may be waited for, in seconds.
const TIMEOUT_MAX: f64 = 9_223_372_036.0;

/// How long `acquire` waits; `None` for ever.
async fn timeout_of(vm: &Vm, blocking: bool, timeout: f64) -> PyResult<Option<f64>> {
    if !blocking && timeout != -1.0 {
        return Err(vm.value_error("can't specify a timeout for a non-blocking call"));
    }
    if timeout < 0.0 && timeout != -1.0 {
        return Err(vm.value_error("timeout value must be a non-negative number"));
    }
    if timeout > TIMEOUT_MAX {
        return Err(vm.overflow_error("timeout value is too large"));
    }
    Ok(if !blocking {
        Some(0.0)
    } else if timeout < 0.0 {
        None
    } else {
        Some(timeout)
    })
}

/// Waits until `take` succeeds or the time is up. Woken threads try again, in the order in which they came.
pub async fn acquire(vm: &Vm, waiting: &WaitQueue, timeout: Option<f64>, take: impl Fn() -> bool) -> PyResult<bool> {
    if take() {
        return Ok(true);
    }
    if timeout.is_some_and(|timeout| timeout <= 0.0) {
        return Ok(false);
    }
    let end = timeout.map(|timeout| vm.host().monotonic() + timeout);
    loop {
        waiting.wait(vm, end).await?;
        if take() {
            return Ok(true);
        }
        if end.is_some_and(|end| vm.host().monotonic() >= end) {
            return Ok(false);
        }
    }
}

impl Lock {
    fn take(&self) -> bool {
        !self.locked.replace(true)
    }

    fn give_back(&self, vm: &Vm) -> PyResult<()> {
        if !self.locked.replace(false) {
            return Err(vm.runtime_error("release unlocked lock"));
        }
        self.waiting.wake_one(vm);
        Ok(())
    }
}

#[methods]
impl Lock {
    #[new("lock()")]
    fn new(vm: &Vm, cls: &Value) -> PyResult {
        vm.new_instance(cls, Lock { locked: Cell::new(false), waiting: WaitQueue::default() })
    }

    /// Lock the lock.
    ///
    /// Without an argument, wait until the lock is free. With blocking false don't wait; with a timeout wait that many seconds.
    /// Return whether the lock is acquired.
    #[method("acquire(self, /, blocking=True, timeout=-1)")]
    async fn acquire(vm: VmRef, this: Ref<Lock>, blocking: bool, timeout: f64) -> PyResult<bool> {
        let timeout = timeout_of(&vm, blocking, timeout).await?;
        acquire(&vm, &this.waiting, timeout, || this.take()).await
    }

    #[method("acquire_lock(self, /, blocking=True, timeout=-1)")]
    async fn acquire_lock(vm: VmRef, this: Ref<Lock>, blocking: bool, timeout: f64) -> PyResult<bool> {
        Lock::acquire(vm, this, blocking, timeout).await
    }

    /// Release the lock, allowing another thread that is waiting for it to acquire it.
    #[method("release(self, /)")]
    fn release(vm: &Vm, this: &Lock) -> PyResult<()> {
        this.give_back(vm)
    }

    #[method("release_lock(self, /)")]
    fn release_lock(vm: &Vm, this: &Lock) -> PyResult<()> {
        this.give_back(vm)
    }

    /// Return whether the lock is held.
    #[method("locked(self, /)")]
    fn locked(this: &Lock) -> bool {
        this.locked.get()
    }

    #[method("__enter__(self, /)")]
    fn enter(vm: &Vm, this: Ref<Lock>) -> PyResult {
        if this.take() {
            return Ok(Value::TRUE);
        }
        let vm = vm.handle();
        Err(vm.defer(async move { acquire(&vm, &this.waiting, None, || this.take()).await.map(Value::bool) }))
    }

    #[method("__exit__(self, /, *args)", text = none)]
    fn exit(vm: &Vm, this: &Lock, args: &[Value]) -> PyResult<()> {
        let _ = args;
        this.give_back(vm)
    }

    #[method("_at_fork_reinit(self, /)")]
    fn reinit(this: &Lock) {
        this.locked.set(false);
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Value) -> PyResult {
        let state = this.downcast::<Lock>().is_some_and(|lock| lock.locked.get());
        let state = if state { "locked" } else { "unlocked" };
        Ok(Value::from_str(&format!("<{state} _thread.lock object at {:#x}>", vm.id_of(this))))
    }
}

impl RLock {
    fn take(&self, me: u64) -> bool {
        if self.owner.get() == me || self.owner.get() == 0 {
            self.owner.set(me);
            self.count.set(self.count.get() + 1);
            return true;
        }
        false
    }

    fn give_back(&self, vm: &Vm) -> PyResult<()> {
        if self.owner.get() != vm.threads.current_id() {
            return Err(vm.runtime_error("cannot release un-acquired lock"));
        }
        self.count.set(self.count.get() - 1);
        if self.count.get() == 0 {
            self.owner.set(0);
            self.waiting.wake_one(vm);
        }
        Ok(())
    }
}

#[methods]
impl RLock {
    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, args: crate::native::Args<'_>) -> PyResult {
        // `threading.RLock` warns of them.
        let _ = args;
        vm.new_instance(cls, RLock { owner: Cell::new(0), count: Cell::new(0), waiting: WaitQueue::default() })
    }

    /// Lock the lock, or count one more time if this thread holds it already.
    #[method("acquire(self, /, blocking=True, timeout=-1)")]
    async fn acquire(vm: VmRef, this: Ref<RLock>, blocking: bool, timeout: f64) -> PyResult<bool> {
        let timeout = timeout_of(&vm, blocking, timeout).await?;
        let me = vm.threads.current_id();
        acquire(&vm, &this.waiting, timeout, || this.take(me)).await
    }

    /// Release the lock once; the last time another thread may acquire it.
    #[method("release(self, /)")]
    fn release(vm: &Vm, this: &RLock) -> PyResult<()> {
        this.give_back(vm)
    }

    /// Return whether the lock is held.
    #[method("locked(self, /)")]
    fn locked(this: &RLock) -> bool {
        this.count.get() > 0
    }

    #[method("__enter__(self, /)")]
    fn enter(vm: &Vm, this: Ref<RLock>) -> PyResult {
        let me = vm.threads.current_id();
        if this.take(me) {
            return Ok(Value::TRUE);
        }
        let vm = vm.handle();
        Err(vm.defer(async move { acquire(&vm, &this.waiting, None, || this.take(me)).await.map(Value::bool) }))
    }

    #[method("__exit__(self, /, *args)", text = none)]
    fn exit(vm: &Vm, this: &RLock, args: &[Value]) -> PyResult<()> {
        let _ = args;
        this.give_back(vm)
    }

    /// Whether the calling thread holds the lock. For threading.Condition.
    #[method("_is_owned(self, /)")]
    fn is_owned(vm: &Vm, this: &RLock) -> bool {
        this.owner.get() == vm.threads.current_id()
    }

    /// For threading.Condition.
    #[method("_recursion_count(self, /)")]
    fn recursion_count(vm: &Vm, this: &RLock) -> usize {
        if this.owner.get() == vm.threads.current_id() { this.count.get() } else { 0 }
    }

    /// For threading.Condition.
    #[method("_release_save(self, /)")]
    fn release_save(vm: &Vm, this: &RLock) -> PyResult {
        if this.count.get() == 0 {
            return Err(vm.runtime_error("cannot release un-acquired lock"));
        }
        let state =
            Value::from_tuple(vec![Value::from_usize(this.count.get()), Value::from_i64(this.owner.get() as i64)]);
        this.count.set(0);
        this.owner.set(0);
        this.waiting.wake_one(vm);
        Ok(state)
    }

    /// For threading.Condition.
    #[method("_acquire_restore(self, state, /)")]
    async fn acquire_restore(vm: VmRef, this: Ref<RLock>, state: Value) -> PyResult<()> {
        let numbers: Option<Vec<i64>> =
            state.downcast::<Tuple>().and_then(|state| state.items().iter().map(Value::to_i64).collect());
        let Some(&[count, owner]) = numbers.as_deref() else {
            return Err(vm.type_error("a tuple of two ints is needed"));
        };
        let me = vm.threads.current_id();
        acquire(&vm, &this.waiting, None, || this.take(me)).await?;
        this.count.set(count.max(0) as usize);
        this.owner.set(owner as u64);
        Ok(())
    }

    #[method("_at_fork_reinit(self, /)")]
    fn reinit(this: &RLock) {
        this.owner.set(0);
        this.count.set(0);
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Value) -> PyResult {
        let Some(lock) = this.downcast::<RLock>() else { return Ok(Value::NONE) };
        let state = if lock.count.get() > 0 { "locked" } else { "unlocked" };
        let text = format!(
            "<{state} _thread.RLock object owner={} count={} at {:#x}>",
            lock.owner.get(),
            lock.count.get(),
            vm.id_of(this)
        );
        Ok(Value::from_str(&text))
    }
}

/// The payload of thread handles: whether the thread has ended, for `threading`.
#[native_type(name = "_ThreadHandle", module = "_thread")]
struct Handle {
    ident: Cell<u64>,
    done: Cell<bool>,
    started: Cell<bool>,
    waiting: WaitQueue,
}

/// What `stack_size` was told, which changes nothing: stacks grow.
#[derive(Default)]
struct StackSize(Cell<i64>);

impl Handle {
    fn finish(&self, vm: &Vm) {
        self.done.set(true);
        self.waiting.wake_all(vm);
    }
}

#[methods]
impl Handle {
    #[new("_ThreadHandle()", text = none)]
    fn new(vm: &Vm, cls: &Value) -> PyResult {
        let handle = Handle {
            ident: Cell::new(0),
            done: Cell::new(false),
            started: Cell::new(false),
            waiting: WaitQueue::default(),
        };
        vm.new_instance(cls, handle)
    }

    /// Wait until the thread has ended, at most timeout seconds.
    #[method("join(self, timeout=None, /)", text = none)]
    async fn join(vm: VmRef, this: Ref<Handle>, timeout: Value) -> PyResult<()> {
        if !this.started.get() {
            return Err(vm.runtime_error("thread not started"));
        }
        if this.ident.get() == vm.threads.current_id() && !this.done.get() {
            return Err(vm.runtime_error("Cannot join current thread"));
        }
        let timeout =
            if timeout.is_none() { None } else { Some(vm.float(&timeout).await?).filter(|&time| time >= 0.0) };
        acquire(&vm, &this.waiting, timeout, || this.done.get()).await.map(drop)
    }

    /// Return whether the thread has ended.
    #[method("is_done(self, /)", text = none)]
    fn is_done(this: &Handle) -> bool {
        this.done.get()
    }

    #[method("_set_done(self, /)", text = none)]
    fn set_done(vm: &Vm, this: &Handle) -> PyResult<()> {
        if !this.started.get() {
            return Err(vm.runtime_error("thread not started"));
        }
        this.finish(vm);
        Ok(())
    }

    #[getter("ident")]
    fn ident(this: &Handle) -> i64 {
        this.ident.get() as i64
    }

    #[slot(repr)]
    fn repr(this: &Handle) -> String {
        format!("<_ThreadHandle object: ident={}>", this.ident.get())
    }
}

/// The payload of `_thread._local`: one dict for each thread.
#[native_type(name = "_local", module = "_thread", doc = "Thread-local data.", flags(subclassable, weak_references))]
struct Local {
    dicts: VmCell<Vec<(LocalKey, Ref<Dict>)>>,
    args: VmCell<Vec<Value>>,
    kwargs: VmCell<Vec<(Value, Value)>>,
}

/// A thread's number; a type of its own because tuples of references are traversed by type.
#[derive(Clone, Copy, PartialEq)]
struct LocalKey(u64);

crate::no_references!(LocalKey);

impl Local {
    /// This thread's dict; `None` if it has none yet.
    fn known(&self, vm: &Vm) -> Option<Ref<Dict>> {
        let me = LocalKey(vm.threads.current_id());
        self.dicts.borrow().iter().find(|(key, _)| *key == me).map(|(_, dict)| dict.clone())
    }

    fn add(&self, vm: &Vm) -> Ref<Dict> {
        let dict = Dict::new_object();
        let alive: Vec<u64> = vm.threads.list().iter().map(|thread| thread.id).collect();
        let dicts = self.dicts.borrow_mut();
        dicts.retain(|(key, _)| key.0 == MAIN_ID || alive.contains(&key.0));
        dicts.push((LocalKey(vm.threads.current_id()), dict.clone()));
        dict
    }
}

/// The thread's dict of a `_local`; at a thread's first use `__init__` runs again, as in CPython.
async fn local_dict(vm: &Vm, this: &Value) -> PyResult<Ref<Dict>> {
    let Some(local) = this.to_ref::<Local>() else { return Ok(Dict::new_object()) };
    if let Some(dict) = local.known(vm) {
        return Ok(dict);
    }
    let dict = local.add(vm);
    let init = vm.type_of(this).lookup(&crate::name!(__init__));
    if let Some(init) = init
        && init.downcast::<crate::types::function::Function>().is_some()
    {
        let (names, values): (Vec<Value>, Vec<Value>) = local.kwargs.get().into_iter().unzip();
        let mut args = vec![this.clone()];
        args.extend(local.args.get());
        args.extend(values);
        vm.call_kw(&init, args, names).await?;
    }
    Ok(dict)
}

#[methods]
impl Local {
    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, args: crate::native::Args<'_>) -> PyResult {
        let init = cls.downcast::<Type>().and_then(|class| class.slots().init).map(|slot| slot as usize);
        if !args.values.is_empty() && init == Some(Object::init as *const () as usize) {
            return Err(vm.type_error("Initialization arguments are not supported"));
        }
        let count = args.positional_count();
        let named = args.kwnames.iter().cloned().zip(args.values[count..].iter().cloned()).collect();
        let local = Local {
            dicts: VmCell::default(),
            args: VmCell::new(args.values[..count].to_vec()),
            kwargs: VmCell::new(named),
        };
        let this = vm.new_instance(cls, local)?;
        if let Some(local) = this.downcast::<Local>() {
            local.add(vm);
        }
        Ok(this)
    }

    #[slot(getattr)]
    fn getattr(vm: &Vm, this: &Value, name: &Value) -> PyResult {
        if let Some(local) = this.downcast::<Local>()
            && let Some(dict) = local.known(vm)
        {
            return get_local(vm, this, &dict, name);
        }
        let (vm, this, name) = (vm.handle(), this.clone(), name.clone());
        Err(vm.defer(async move {
            let dict = local_dict(&vm, &this).await?;
            get_local(&vm, &this, &dict, &name)
        }))
    }

    #[slot(setattr)]
    async fn setattr(vm: VmRef, this: Value, name: Value, value: Option<Value>) -> PyResult<()> {
        let dict = local_dict(&vm, &this).await?;
        if name.as_text().is_some_and(|name| *name == "__dict__") {
            let class = vm.type_name(&this);
            return Err(vm.attribute_error(format!("'{class}' object attribute '__dict__' is read-only")));
        }
        match value {
            Some(value) => dict.set_str(&name, value),
            None if dict.remove_str(&name).is_none() => return Err(vm.no_attribute(&this, &name)),
            None => {}
        }
        Ok(())
    }
}

fn get_local(vm: &Vm, this: &Value, dict: &Ref<Dict>, name: &Value) -> PyResult {
    if name.as_text().is_some_and(|name| *name == "__dict__") {
        return Ok(dict.value());
    }
    if let Some(value) = dict.get_str(name) {
        return Ok(value);
    }
    match vm.type_of(this).lookup(name) {
        Some(attribute) => vm.bind(&attribute, this),
        None => Err(vm.no_attribute(this, name)),
    }
}

/// What a new thread does; its number comes from the scheduler.
fn start(vm: &Vm, function: Value, args: Vec<Value>, kwnames: Vec<Value>, handle: Option<Ref<Handle>>) -> u64 {
    let vm_handle = vm.handle();
    let done = handle.clone();
    let body = async move {
        let vm = vm_handle;
        let result = vm.call_kw(&function, args, kwnames).await;
        if result.is_err() {
            let exception = vm.take_raised();
            if !Exc::SystemExit.matches(&exception) {
                let message = "Exception ignored in thread started by";
                crate::errors::unraisable::unraisable(vm, exception, message, Some(&function)).await;
            }
        }
        if let Some(done) = done {
            done.finish(&vm);
        }
        Ok(Value::NONE)
    };
    let id = vm.threads.spawn(vm, Box::pin(body), false);
    if let Some(handle) = handle {
        handle.ident.set(id);
        handle.started.set(true);
    }
    id
}

/// Declares module `_thread`.
struct ThreadModule;

/// This module provides primitive operations to write multi-threaded programs.
#[native_module("_thread", types = [Lock, RLock, Handle, Local])]
impl ThreadModule {
    #[constant("TIMEOUT_MAX")]
    const TIMEOUT: f64 = TIMEOUT_MAX;

    /// start_new_thread(function, args[, kwargs])
    ///
    /// Start a new thread and return its identifier. The thread ends when the function returns; an uncaught exception is shown.
    #[function("start_new_thread(function, args, kwargs=<unrepresentable>, /)", text = none)]
    fn start_new_thread(vm: &Vm, function: &Value, args: &Value, kwargs: Option<&Value>) -> PyResult<i64> {
        if vm.type_of(function).slots().call.is_none() {
            return Err(vm.type_error("first arg must be callable"));
        }
        let Some(args) = args.downcast::<Tuple>() else { return Err(vm.type_error("2nd arg must be a tuple")) };
        let mut values = args.items().to_vec();
        let mut names = Vec::new();
        if let Some(kwargs) = kwargs {
            let Some(dict) = kwargs.downcast::<Dict>() else {
                return Err(vm.type_error("optional 3rd arg must be a dictionary"));
            };
            for entry in dict.table.borrow().iter() {
                names.push(crate::object::intern::intern_value(&entry.key));
                values.push(entry.value.clone());
            }
        }
        Ok(start(vm, function.clone(), values, names, None) as i64)
    }

    #[function("start_new(function, args, kwargs=<unrepresentable>, /)", text = none)]
    fn start_new(vm: &Vm, function: &Value, args: &Value, kwargs: Option<&Value>) -> PyResult<i64> {
        ThreadModule::start_new_thread(vm, function, args, kwargs)
    }

    /// start_joinable_thread(function[, daemon=True[, handle=None]])
    ///
    /// For internal use: start a new thread and return a handle that can be waited for.
    #[function("start_joinable_thread(function, handle=None, daemon=True)", text = none)]
    fn start_joinable_thread(vm: &Vm, function: &Value, handle: &Value, daemon: bool) -> PyResult {
        let _ = daemon;
        if vm.type_of(function).slots().call.is_none() {
            return Err(vm.type_error("thread function must be callable"));
        }
        let handle = match handle.to_ref::<Handle>() {
            Some(handle) => handle,
            None if handle.is_none() => Handle {
                ident: Cell::new(0),
                done: Cell::new(false),
                started: Cell::new(false),
                waiting: WaitQueue::default(),
            }
            .into_object(),
            None => return Err(vm.type_error("'handle' must be a _ThreadHandle")),
        };
        if handle.started.get() {
            return Err(vm.runtime_error("thread already started"));
        }
        start(vm, function.clone(), Vec::new(), Vec::new(), Some(handle.clone()));
        Ok(handle.into_value())
    }

    /// Create a new lock object.
    #[function("allocate_lock()")]
    fn allocate_lock() -> Value {
        Lock { locked: Cell::new(false), waiting: WaitQueue::default() }.into_value()
    }

    #[function("allocate()")]
    fn allocate() -> Value {
        ThreadModule::allocate_lock()
    }

    /// Return a non-zero integer that uniquely identifies the current thread.
    #[function("get_ident()")]
    fn get_ident(vm: &Vm) -> i64 {
        vm.threads.current_id() as i64
    }

    /// Return the number of the thread, as the system would know it.
    #[function("get_native_id()")]
    fn get_native_id(vm: &Vm) -> i64 {
        vm.threads.current_id() as i64
    }

    #[function("_get_main_thread_ident()")]
    fn main_thread(vm: &Vm) -> i64 {
        vm.threads.list().iter().find(|thread| thread.is_main).map_or(1, |thread| thread.id as i64)
    }

    /// A handle for the current thread, for threading.
    #[function("_make_thread_handle(ident, /)", text = none)]
    fn make_thread_handle(ident: i64) -> Value {
        Handle {
            ident: Cell::new(ident as u64),
            done: Cell::new(false),
            started: Cell::new(true),
            waiting: WaitQueue::default(),
        }
        .into_value()
    }

    /// Whether the main interpreter runs, which is the only one.
    #[function("_is_main_interpreter()")]
    fn is_main_interpreter(vm: &Vm) -> bool {
        vm.interpreter_id() == 0
    }

    #[function("daemon_threads_allowed()")]
    fn daemon_threads_allowed() -> bool {
        true
    }

    /// Wait for all non-daemon threads to get done: module threading does it.
    #[function("_shutdown()")]
    fn shutdown() {}

    #[function("set_name(name)")]
    fn set_name(name: &Value) {
        let _ = name;
    }

    #[function("_excepthook(args, /)")]
    async fn excepthook(vm: VmRef, args: Value) -> PyResult<()> {
        let exception = vm.attr(&args, "exc_value").await?;
        if Exc::SystemExit.matches(&exception) {
            return Ok(());
        }
        let thread = vm.attr(&args, "thread").await?;
        let name = if thread.is_none() { Value::NONE } else { vm.attr(&thread, "name").await? };
        let name = name
            .as_text()
            .map_or_else(|| vm.threads.current_id().to_string(), |name| name.to_utf8_lossy().into_owned());
        let text = crate::errors::traceback::format_exception(vm, &exception).await;
        let text = Value::from_str(&format!("Exception in thread {name}:\n{text}"));
        if let Some(stderr) = vm.sys.get_text("stderr").filter(|stderr| !stderr.is_none()) {
            crate::builtins::print::write(&vm, &stderr, &text).await?;
        }
        Ok(())
    }

    /// Raise SystemExit, which ends the thread without a message.
    #[function("exit()")]
    fn exit(vm: &Vm) -> PyResult<()> {
        Err(vm.error_with_args(Exc::SystemExit, Vec::new()))
    }

    #[function("exit_thread()")]
    fn exit_thread(vm: &Vm) -> PyResult<()> {
        ThreadModule::exit(vm)
    }

    /// Simulate the arrival of a signal, Stop by default: KeyboardInterrupt in the main thread.
    #[function("interrupt_main(signum=2, /)")]
    async fn interrupt_main(vm: VmRef, signum: i64) -> PyResult<()> {
        if !(1..65).contains(&signum) {
            return Err(vm.value_error("signal number out of range"));
        }
        if super::signal::has_plain_action(&vm, signum as usize) {
            return Ok(());
        }
        super::signal::raise(&vm, signum as usize).await
    }

    /// KeyboardInterrupt in the thread of this number, at its next instruction or in place of what it waits for.
    #[function("_interrupt(ident, /)", text = none)]
    fn interrupt_thread(vm: &Vm, ident: i64) {
        if let Some(thread) = vm.threads.find(ident as u64) {
            thread.interrupt = Some(Exc::KeyboardInterrupt.instance(vm, Vec::new()));
            thread.state = crate::exec::thread::State::Ready;
        }
    }

    /// Return the thread stack size used when creating new threads.
    #[function("stack_size(size=0, /)", text = none)]
    fn stack_size(vm: &Vm, size: i64) -> PyResult<i64> {
        match size {
            0 | 32_768.. => Ok(vm.extension::<StackSize>().0.replace(size)),
            1.. => Err(vm.value_error(format!("size not valid: {size} bytes"))),
            _ => Err(vm.value_error("size must be 0 or a positive value")),
        }
    }

    /// Return the number of threads that are running.
    #[function("_count()")]
    fn count(vm: &Vm) -> usize {
        vm.threads.list().iter().filter(|thread| !thread.is_main).count()
    }

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let Some(module) = module.downcast::<Module>() else { return Ok(()) };
        module.dict.set_text("error", Exc::RuntimeError.class().into_value());
        module.dict.set_text("LockType", Lock::type_object().into_value());
        let fields = ["exc_type", "exc_value", "exc_traceback", "thread"];
        let args = super::structs::make_class("_thread", "_ExceptHookArgs", "What _excepthook is given.", &fields);
        module.dict.set_text("_ExceptHookArgs", args.into_value());
        let _ = vm;
        Ok(())
    }
}
