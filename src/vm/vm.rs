//! The interpreter's state, and what natives ask of it.
//!
//! Natives get `vm: &Vm`. Two families of operations exist, and their names tell them apart:
//!
//! - *plain* ones finish at once or defer: `get_attr`, `get_item`, `rich_compare`, `binary`, `repr_of`, ... A deferral is an
//!   `Err(Raised)` without an exception: the continuation waits in the interpreter and the loop runs it. So a plain native may
//!   call them **in tail position only** (`return vm.get_attr(..)`), never to go on with the result.
//! - *async* ones are awaited in async natives and may take as long as they like: `call`, `next`, `eq`, `hash`, `repr`, ...
//!
//! `..._now` functions answer `None` when Python code would have to run: the fast paths of plain natives are made of them,
//! followed by `Err(vm.defer(async move { ... }))` for the rest, or `Err(vm.defer_call(function, args))` where the rest is a call;
//! `vm.and_then(result, ...)` goes on with what may have been deferred. See `deferral.rs`.

use std::cell::Cell;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll};

use crate::deferral::Deferral;
use crate::errors::Exc;
use crate::exec::fuel;
use crate::exec::thread::Threads;
use crate::extension::Extensions;
use crate::host::{Host, HostReply, HostRequest, Stream};
use crate::object::{Ref, VmCell};
use crate::session::Limits;
use crate::types::dict::Dict;
use crate::{PyResult, Value};

/// An exception is waiting in the interpreter (or a continuation, see the module's header). Zero-sized, so that results travel
/// in one register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raised;

/// What a native does when it can't finish at once.
pub type NativeFuture = Pin<Box<dyn Future<Output = PyResult>>>;

/// What a suspended native wants from the loop.
pub enum Request {
    /// Call `callable`; the last arguments are keyword values, named by `kwnames`.
    Call { callable: Value, args: Vec<Value>, kwnames: Vec<Value> },
    /// Run a function of module-level or class-level code with this namespace object instead of its globals.
    Execute { function: Value, namespace: Value },
    /// Run a continuation on top of this native.
    Run(Deferral),
    /// Resume a generator or coroutine object with a value or an exception; see `types::generator`.
    Resume { generator: Value, action: crate::types::generator::Resume },
    /// Resume a generator that waits or is new with None, and let it put items into its `gathered` as `keep` says.
    Gather { generator: Value, keep: crate::types::generator::Keep },
    /// Ask the embedder.
    Host(HostRequest),
    /// Let others run: fuel is spent.
    Pause,
    /// Sleep until another thread wakes this one (`Threads::wake`).
    Park,
}

/// What the loop answers.
pub enum Answer {
    Value(PyResult),
    Host(HostReply),
    /// No answer: a signal is to be handled first, then the native asks again.
    Signal,
}

/// The state of one session's interpreter.
pub struct Vm {
    pub(crate) raised: VmCell<Option<Value>>,
    pub(crate) deferred: VmCell<Option<Deferral>>,
    pub(crate) request: VmCell<Option<Request>>,
    pub(crate) answer: VmCell<Option<Answer>>,
    /// What the iterator that just ended returned; see `take_returned`.
    pub(crate) returned: VmCell<Option<Value>>,
    pub(crate) reraising: Cell<bool>,
    /// The exception just raised was thrown into a generator: it has the context that it has.
    pub(crate) thrown: Cell<bool>,
    /// The value just yielded by an async generator comes from `yield`, not from an `await` in it.
    pub(crate) async_yield: Cell<bool>,
    /// How many frames a coroutine records of where it was made.
    pub(crate) origin_depth: Cell<usize>,
    pub(crate) threads: Threads,
    /// Set from outside: KeyboardInterrupt at the next safepoint.
    pub(crate) interrupted: Cell<bool>,
    pub(crate) recursion_limit: Cell<usize>,
    /// The recursion limit, or 0 while something traces: then every call takes the slow way. See `exec::trace`.
    pub(crate) depth_check: Cell<usize>,
    pub(crate) limits: Limits,
    pub(crate) memory_base: Cell<usize>,
    /// `sys.modules`.
    pub modules: Ref<Dict>,
    /// The namespace of module `builtins`.
    pub builtins: Ref<Dict>,
    /// The namespace of module `sys`.
    pub sys: Ref<Dict>,
    pub(crate) host: Box<dyn Host>,
    pub(crate) output: VmCell<Vec<(Stream, String)>>,
    pub(crate) output_written: Cell<usize>,
    /// The session's first interpreter, if this is another.
    pub(crate) owner: Option<VmRef>,
    /// The interpreters beside this one, if it is the first.
    pub(crate) interpreters: crate::interpreters::Interpreters,
    /// State that modules and types keep per session, by type.
    pub(crate) extensions: Extensions,
}

/// A handle on the interpreter that async natives keep; valid as long as the session, which drops every native first.
#[derive(Clone, Copy)]
pub struct VmRef(NonNull<Vm>);

impl Deref for VmRef {
    type Target = Vm;

    #[inline(always)]
    fn deref(&self) -> &Vm {
        // SAFETY: the session owns the interpreter in a box and drops all threads, and with them all natives, before it.
        unsafe { self.0.as_ref() }
    }
}

impl Vm {
    /// The handle for async code.
    #[inline(always)]
    pub fn handle(&self) -> VmRef {
        VmRef(NonNull::from(self))
    }

    /// Raises `exception`, an instance of BaseException.
    #[cold]
    pub fn raise(&self, exception: Value) -> Raised {
        self.raised.set(Some(exception));
        Raised
    }

    /// Raises a new exception of a builtin class with one str argument.
    #[cold]
    #[inline(never)]
    pub fn error(&self, class: Exc, message: &str) -> Raised {
        let exception = class.instance(self, vec![Value::from_str(message)]);
        self.raise(exception)
    }

    /// Raises a new exception of a builtin class with these arguments.
    #[cold]
    #[inline(never)]
    pub fn error_with_args(&self, class: Exc, args: Vec<Value>) -> Raised {
        let exception = class.instance(self, args);
        self.raise(exception)
    }

    #[cold]
    pub fn type_error(&self, message: impl AsRef<str>) -> Raised {
        self.error(Exc::TypeError, message.as_ref())
    }

    #[cold]
    pub fn value_error(&self, message: impl AsRef<str>) -> Raised {
        self.error(Exc::ValueError, message.as_ref())
    }

    #[cold]
    pub fn index_error(&self, message: impl AsRef<str>) -> Raised {
        self.error(Exc::IndexError, message.as_ref())
    }

    #[cold]
    pub fn overflow_error(&self, message: impl AsRef<str>) -> Raised {
        self.error(Exc::OverflowError, message.as_ref())
    }

    #[cold]
    pub fn runtime_error(&self, message: impl AsRef<str>) -> Raised {
        self.error(Exc::RuntimeError, message.as_ref())
    }

    #[cold]
    pub fn attribute_error(&self, message: impl AsRef<str>) -> Raised {
        self.error(Exc::AttributeError, message.as_ref())
    }

    #[cold]
    pub fn zero_division_error(&self, message: impl AsRef<str>) -> Raised {
        self.error(Exc::ZeroDivisionError, message.as_ref())
    }

    /// KeyError with the key itself as argument.
    #[cold]
    pub fn key_error(&self, key: Value) -> Raised {
        self.error_with_args(Exc::KeyError, vec![key])
    }

    #[cold]
    pub fn memory_error(&self) -> Raised {
        self.error_with_args(Exc::MemoryError, Vec::new())
    }

    #[cold]
    pub fn stop_iteration(&self, value: Value) -> Raised {
        let args = if value.is_none() { Vec::new() } else { vec![value] };
        self.error_with_args(Exc::StopIteration, args)
    }

    /// Takes the exception that `Err(Raised)` announced.
    pub fn take_raised(&self) -> Value {
        debug_assert!(!self.is_deferred());
        match self.raised.take() {
            Some(exception) => exception,
            None => Exc::SystemError.instance(self, vec![Value::from_str("error return without exception set")]),
        }
    }

    /// If the waiting exception is an instance of `class`, takes it; else leaves it.
    pub fn catch(&self, class: Exc) -> Option<Value> {
        let matches = self.raised.borrow().as_ref().is_some_and(|exception| class.matches(exception));
        if matches { self.raised.take() } else { None }
    }

    /// MemoryError unless `bytes` more fit under the session's limit. To be asked before anything sized by the program is
    /// allocated (and then reserved fallibly).
    #[inline]
    pub fn check_memory(&self, bytes: usize) -> PyResult<()> {
        match self.limits.memory {
            Some(limit) if self.memory_used().saturating_add(bytes) > limit => Err(self.memory_error()),
            _ if bytes > isize::MAX as usize => Err(self.memory_error()),
            _ => Ok(()),
        }
    }

    /// Bytes in use, measured from the session's start.
    pub fn memory_used(&self) -> usize {
        crate::object::alloc::used().saturating_sub(self.memory_base.get())
    }

    /// A vector with room for `count` values, or MemoryError.
    pub fn vec_with_capacity(&self, count: usize) -> PyResult<Vec<Value>> {
        if count <= 64 {
            return Ok(Vec::with_capacity(count));
        }
        let mut items = Vec::new();
        if count > 512 {
            self.check_memory(count.saturating_mul(size_of::<Value>()))?;
        }
        items.try_reserve_exact(count).map_err(|_| self.memory_error())?;
        Ok(items)
    }

    /// Makes room for `additional` items, or MemoryError.
    #[inline]
    pub fn reserve<T>(&self, items: &mut Vec<T>, additional: usize) -> PyResult<()> {
        if items.capacity() - items.len() >= additional {
            return Ok(());
        }
        self.reserve_slow(items, additional)
    }

    #[cold]
    fn reserve_slow<T>(&self, items: &mut Vec<T>, additional: usize) -> PyResult<()> {
        let bytes = additional.max(items.len()).saturating_mul(size_of::<T>());
        if bytes > 4096 {
            self.check_memory(bytes)?;
        }
        items.try_reserve(additional).map_err(|_| self.memory_error())
    }

    /// The per-session state of type `T`, made by `T::default()` at first use.
    #[inline]
    pub fn extension<T: Default + 'static>(&self) -> &T {
        self.extensions.get()
    }

    /// Writes to a standard stream of the embedder.
    pub fn write(&self, stream: Stream, text: &str) {
        if let Some(owner) = &self.owner {
            return owner.write(stream, text);
        }
        self.output_written.set(self.output_written.get() + text.len());
        // Output is work for the embedder as well.
        fuel::spend_many(32 + (text.len() / 16).min(1 << 20) as u32);
        let output = self.output.borrow_mut();
        match output.last_mut() {
            Some((last, buffer)) if *last == stream => buffer.push_str(text),
            _ => output.push((stream, text.to_string())),
        }
    }

    /// The number of the green thread that runs, as `threading.get_ident()` tells it.
    pub fn current_thread(&self) -> u64 {
        self.threads.current_id()
    }

    /// The embedder's clock and random bytes.
    pub fn host(&self) -> &dyn Host {
        &*self.host
    }

    // ---- requests of async natives

    /// Calls `callable` with positional arguments.
    pub fn call(&self, callable: &Value, args: Vec<Value>) -> impl Future<Output = PyResult> + use<> {
        self.call_kw(callable, args, Vec::new())
    }

    /// Calls `callable`; the last arguments are keyword values, named by `kwnames` (interned strs).
    pub fn call_kw(
        &self,
        callable: &Value,
        args: Vec<Value>,
        kwnames: Vec<Value>,
    ) -> impl Future<Output = PyResult> + use<> {
        self.ask(Request::Call { callable: callable.clone(), args, kwnames })
    }

    /// Runs a function of module-level or class-level code (`Function::for_code`) whose names live in `namespace`, any mapping.
    pub fn execute(&self, function: &Value, namespace: &Value) -> impl Future<Output = PyResult> + use<> {
        self.ask(Request::Execute { function: function.clone(), namespace: namespace.clone() })
    }

    /// The result of a plain operation, run to its end if it was deferred.
    pub fn settle(&self, result: PyResult) -> Settle {
        match (&result, self.take_deferral()) {
            (Err(_), Some(deferral)) => Settle(Settled::Asking(self.ask(Request::Run(deferral)))),
            _ => Settle(Settled::Done(Some(result))),
        }
    }

    /// Runs `future` in a native frame of its own: what may nest deeply (a repr within a repr) must not nest natively.
    pub fn run_nested(&self, future: NativeFuture) -> impl Future<Output = PyResult> + use<> {
        self.run_rest(Deferral::Future(future))
    }

    /// Runs the rest of an operation that was deferred.
    pub(crate) fn run_rest(&self, rest: Deferral) -> impl Future<Output = PyResult> + use<> {
        self.ask(Request::Run(rest))
    }

    /// Resumes a generator-like object.
    pub(crate) fn resume(
        &self,
        generator: &Value,
        action: crate::types::generator::Resume,
    ) -> impl Future<Output = PyResult> + use<> {
        self.ask(Request::Resume { generator: generator.clone(), action })
    }

    /// Resumes a generator that hands items over in bulk; the answer is the first one it does not keep.
    pub(crate) fn gather(
        &self,
        generator: &Value,
        keep: crate::types::generator::Keep,
    ) -> impl Future<Output = PyResult> + use<> {
        self.ask(Request::Gather { generator: generator.clone(), keep })
    }

    /// Waits for the embedder's answer. An interrupt ends the wait with an error.
    pub fn ask_host(&self, request: HostRequest) -> impl Future<Output = PyResult<HostReply>> + use<> {
        let vm = self.handle();
        async move {
            loop {
                match vm.ask(Request::Host(request.clone())).answer().await {
                    Answer::Host(reply) => return Ok(reply),
                    Answer::Value(Err(raised)) => return Err(raised),
                    Answer::Value(Ok(_)) => return Ok(HostReply::Failed("the request was cancelled".to_string())),
                    Answer::Signal => vm.handle_signals().await?,
                };
            }
        }
    }

    /// Sleeps until `Host::monotonic` reaches `until`, another thread wakes this one, or a signal was handled, whose handler may have
    /// woken it. An interrupt ends it with an error.
    pub fn doze(&self, until: f64) -> impl Future<Output = PyResult<HostReply>> + use<> {
        let vm = self.handle();
        async move {
            match vm.ask(Request::Host(HostRequest::Sleep { until })).answer().await {
                Answer::Host(reply) => Ok(reply),
                Answer::Value(result) => result.map(|_| HostReply::Done),
                Answer::Signal => vm.handle_signals().await.map(|_| HostReply::Done),
            }
        }
    }

    /// Makes sure that a part of the runtime that the embedder keeps apart is there; ImportError if it cannot be had.
    pub async fn load_part(&self, part: &'static str) -> PyResult<()> {
        if self.host.has_part(part) {
            return Ok(());
        }
        match self.ask_host(HostRequest::Part { part }).await? {
            HostReply::Failed(message) => Err(self.error_with_args(Exc::ImportError, vec![Value::from_str(&message)])),
            _ => Ok(()),
        }
    }

    /// Sleeps until another thread wakes this one, or a signal was handled. An interrupt ends it with an error.
    pub fn park(&self) -> impl Future<Output = PyResult> + use<> {
        let vm = self.handle();
        async move {
            match vm.ask(Request::Park).answer().await {
                Answer::Value(result) => result,
                Answer::Host(_) => Ok(Value::NONE),
                Answer::Signal => vm.handle_signals().await,
            }
        }
    }

    /// Runs the handlers of the signals that wait, in a frame of its own.
    fn handle_signals(&self) -> impl Future<Output = PyResult> + use<> {
        let vm = self.handle();
        self.run_nested(Box::pin(async move {
            crate::modules::signal::run_handlers(&vm).await?;
            Ok(Value::NONE)
        }))
    }

    /// Spends fuel for `work` units (about a bytecode instruction each); suspends when it is used up. Long loops in async
    /// natives call this, so that the page breathes and Stop reaches them. Errors with KeyboardInterrupt.
    pub async fn breathe(&self, work: u32) -> PyResult<()> {
        if !fuel::spend_many(work) {
            return Ok(());
        }
        self.ask(Request::Pause).await.map(drop)
    }

    fn ask(&self, request: Request) -> Ask {
        Ask { vm: self.handle(), request: Some(request) }
    }
}

/// A future that makes one request and yields its answer.
pub struct Ask {
    vm: VmRef,
    request: Option<Request>,
}

impl Ask {
    fn poll_answer(&mut self) -> Poll<Answer> {
        match self.request.take() {
            Some(request) => {
                self.vm.request.set(Some(request));
                Poll::Pending
            }
            None => match self.vm.answer.take() {
                Some(answer) => Poll::Ready(answer),
                None => Poll::Pending,
            },
        }
    }

    async fn answer(mut self) -> Answer {
        std::future::poll_fn(move |_| self.poll_answer()).await
    }
}

impl Future for Ask {
    type Output = PyResult;

    fn poll(mut self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<PyResult> {
        self.poll_answer().map(|answer| match answer {
            Answer::Value(result) => result,
            Answer::Host(_) | Answer::Signal => Ok(Value::NONE),
        })
    }
}

/// See [`Vm::settle`].
pub struct Settle(Settled);

enum Settled {
    Done(Option<PyResult>),
    Asking(Ask),
}

impl Future for Settle {
    type Output = PyResult;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<PyResult> {
        match &mut self.0 {
            Settled::Done(result) => Poll::Ready(result.take().unwrap_or(Ok(Value::NONE))),
            Settled::Asking(ask) => Pin::new(ask).poll(context),
        }
    }
}
