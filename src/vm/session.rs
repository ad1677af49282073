//! The embedder's interface: load a program, run it in slices, answer what it asks, interrupt it.
//!
//! A session is one isolated Python interpreter with its own modules, files and limits. It never blocks: [`Session::run`]
//! returns as soon as the fuel is spent or the program needs the outside world, and continues at the next instruction.

use std::cell::Cell;

use crate::errors::Exc;
use crate::exec::thread::{State, Threads};
use crate::exec::{Leave, fuel};
use crate::extension::Extensions;
use crate::host::{Host, HostReply, HostRequest, RequestId, Stream};
use crate::object::collect::{self, Pending};
use crate::object::{VmCell, alloc};
use crate::types::code::CodeObject;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::module::Module;
use crate::vm::VmRef;
use crate::{PyResult, Ref, Value, Vm};

/// How a source text is compiled and what its run yields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A file or script; the value is None.
    Exec,
    /// A single expression; the value is its value.
    Eval,
    /// One interactive statement: expression statements go through `sys.displayhook`. `await` is allowed.
    Interactive,
    /// Like `Exec`, but the value of a final expression statement is the value of the run, and `await` is allowed at top level.
    Notebook,
}

/// Bounds that end in a Python exception and leave the session alive.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// Seconds of running (waiting excluded) per run; then KeyboardInterrupt with a message.
    pub time: Option<f64>,
    /// Bytes of heap; then MemoryError.
    pub memory: Option<usize>,
    /// Characters written to both streams per run; then the run ends with an error.
    pub output: Option<usize>,
    /// Initial `sys.getrecursionlimit()`; 1000 when absent.
    pub recursion: Option<usize>,
}

/// What a session starts with.
#[derive(Default)]
pub struct SessionConfig {
    /// `sys.argv`.
    pub argv: Vec<String>,
    /// `os.environ`.
    pub env: Vec<(String, String)>,
    pub limits: Limits,
    /// Fixed seed for hashing and `random`, for reproducible runs.
    pub seed: Option<u64>,
    /// Whether `sys.ps1` and the display hook of an interactive shell are set up.
    pub interactive: bool,
    /// The native modules beyond those of this crate.
    pub modules: &'static [&'static crate::native::ModuleDef],
}

/// Why `run` came back.
#[derive(Debug)]
pub enum Exit {
    /// The fuel is spent: call `run` again when convenient.
    FuelSpent,
    /// A request to answer through `answer`; call `run` again at once, other threads may have work.
    Host { id: RequestId, request: HostRequest },
    /// Every thread waits for an answer.
    Waiting,
    /// The program ended; the value of the run.
    Done(Value),
    /// The program ended with this exception. It has not been printed.
    Raised(Value),
}

/// Fuel that a thread gets before another has its turn.
const TURN: u32 = 20_000;

/// Turns that end early after which the other interpreters' threads have one all the same.
const OTHERS_WAIT: u32 = 16;

/// Bytes that a run gets, whatever earlier ones use.
const LEAST_MEMORY: usize = 1 << 20;

/// One isolated interpreter. See the module's header.
pub struct Session {
    vm: Box<Vm>,
    main: Ref<Module>,
    /// The thread whose end is the end of the run.
    main_thread: Option<u64>,
    /// The thread that had the last turn.
    last: usize,
    /// Seconds of running since the program was loaded.
    running_time: f64,
    output_at_load: usize,
    terminated: bool,
    /// Main threads of runs that are set aside: they get no turn.
    aside: Vec<u64>,
    /// How often a thread of this interpreter had a turn since one of another had, and which that was.
    others_due: u32,
    last_other: usize,
    /// Runs are statements of a shell.
    in_shell: bool,
    /// Finalisers that waited when this session did something last. The queue is shared: no other session must run them.
    finalizers: Vec<Pending>,
    /// Dropped last.
    end: End,
}

/// What is left to do when everything that a session held is gone.
#[derive(Default)]
struct End {
    /// Finalisers of what embedders let go of, perhaps other sessions', which wait meanwhile.
    waiting: Vec<Pending>,
}

impl Drop for End {
    fn drop(&mut self) {
        // Finalisers that the end of the interpreter has queued have nowhere to run; dropping one may queue others.
        loop {
            collect::collect(true);
            if collect::take_pending().is_empty() {
                break;
            }
        }
        collect::put_back(std::mem::take(&mut self.waiting));
    }
}

/// What came of giving the other interpreters a turn.
enum Others {
    /// None has a thread that is ready.
    Idle,
    Ran,
    Host(RequestId, HostRequest),
}

/// A run that was set aside by [`Session::suspend`].
pub struct Suspended {
    main_thread: Option<u64>,
    running_time: f64,
    output_at_load: usize,
    terminated: bool,
    interrupted: bool,
}

impl Session {
    /// A fresh interpreter.
    pub fn new(config: SessionConfig, host: Box<dyn Host>) -> Session {
        Session::make(config, host, None)
    }

    /// An interpreter that belongs to another's session; see `interpreters`.
    pub(crate) fn beside(config: SessionConfig, host: Box<dyn Host>, owner: VmRef) -> Session {
        Session::make(config, host, Some(owner))
    }

    fn make(config: SessionConfig, host: Box<dyn Host>, owner: Option<VmRef>) -> Session {
        let recursion = config.limits.recursion.unwrap_or(1000);
        let vm = Box::new(Vm {
            raised: VmCell::new(None),
            deferred: VmCell::new(None),
            request: VmCell::new(None),
            answer: VmCell::new(None),
            returned: VmCell::new(None),
            reraising: Cell::new(false),
            thrown: Cell::new(false),
            async_yield: Cell::new(false),
            origin_depth: Cell::new(0),
            threads: owner.as_ref().map_or_else(Threads::new, |owner| Threads::beside(&owner.threads)),
            interrupted: Cell::new(false),
            recursion_limit: Cell::new(recursion),
            depth_check: Cell::new(recursion),
            limits: config.limits.clone(),
            memory_base: Cell::new(owner.as_ref().map_or_else(alloc::used, |owner| owner.memory_base.get())),
            modules: Dict::new_object(),
            builtins: Dict::new_object(),
            sys: Dict::new_object(),
            host,
            output: VmCell::default(),
            output_written: Cell::new(0),
            owner,
            interpreters: crate::interpreters::Interpreters::default(),
            extensions: Extensions::default(),
        });
        vm.threads.join_family();
        crate::import::start(&vm, &config);
        let main = new_main(&vm);
        Session {
            vm,
            main,
            main_thread: None,
            last: 0,
            running_time: 0.0,
            output_at_load: 0,
            terminated: false,
            aside: Vec::new(),
            others_due: 0,
            last_other: 0,
            finalizers: Vec::new(),
            in_shell: false,
            end: End::default(),
        }
    }

    /// The interpreter, for embedders that work with values.
    pub fn vm(&self) -> &Vm {
        &self.vm
    }

    /// Whether the next runs are statements of a shell, between which asyncio's tasks go on.
    pub fn set_in_shell(&mut self, in_shell: bool) {
        self.in_shell = in_shell;
    }

    /// Compiles a program and makes it the session's next run. A SyntaxError is given back as an exception instance.
    pub fn load(&mut self, source: &str, filename: &str, mode: Mode) -> Result<(), Value> {
        if crate::names::missing_for(&self.vm, source) {
            self.load_later(source.to_string(), filename.to_string(), mode);
            return Ok(());
        }
        let code = crate::import::compile_source(&self.vm, source, filename, mode);
        let code = match code {
            Ok(code) => code,
            Err(_) if crate::import::has_syntax_warnings(&self.vm) => {
                let vm: VmRef = self.vm.handle();
                let exception = vm.take_raised();
                self.start_native(Box::pin(async move {
                    crate::import::issue_syntax_warnings(vm).await?;
                    Err(vm.raise(exception))
                }));
                return Ok(());
            }
            Err(_) => return Err(self.vm.take_raised()),
        };
        let globals = self.main.dict.clone();
        self.start(code, globals);
        Ok(())
    }

    /// Like `load` for the bytes of a file, whose encoding they declare or not (PEP 263).
    pub fn load_bytes(&mut self, source: &[u8], filename: &str, mode: Mode) -> Result<(), Value> {
        let encoding = match snakelet_syntax::decode(source, &format!(" in file {filename}")) {
            Ok(snakelet_syntax::Decoded::Text(text)) => return self.load(&text, filename, mode),
            Ok(snakelet_syntax::Decoded::Needs(encoding)) => encoding,
            Err(error) => return Err(crate::errors::syntax_error(&self.vm, &error, filename)),
        };
        let vm: VmRef = self.vm.handle();
        let (globals, in_shell) = (self.main.dict.clone(), self.in_shell);
        let (bytes, filename) = (source.to_vec(), filename.to_string());
        self.start_native(Box::pin(async move {
            let text = crate::builtins::prepare::by_codec(vm, &encoding, bytes, &filename).await?;
            let source = crate::files::text::encodable(&vm, &text)?.into_owned();
            crate::names::load_for(vm, &source).await?;
            let code = crate::import::compile_source(&vm, &source, &filename, mode);
            let code = crate::import::with_syntax_warnings(vm, code).await?;
            run_program(vm, code, globals, in_shell).await
        }));
        Ok(())
    }

    /// The program needs something that must be fetched before it is compiled; a SyntaxError ends the run.
    fn load_later(&mut self, source: String, filename: String, mode: Mode) {
        let vm: VmRef = self.vm.handle();
        let (globals, in_shell) = (self.main.dict.clone(), self.in_shell);
        self.start_native(Box::pin(async move {
            crate::names::load_for(vm, &source).await?;
            let code = crate::import::compile_source(&vm, &source, &filename, mode);
            let code = crate::import::with_syntax_warnings(vm, code).await?;
            run_program(vm, code, globals, in_shell).await
        }));
    }

    /// Makes the call of `callable` the session's next run.
    pub fn load_call(&mut self, callable: &Value, args: Vec<Value>, kwnames: Vec<Value>) {
        let future = self.vm.call_kw(callable, args, kwnames);
        self.start_native(Box::pin(future));
    }

    /// Makes `future` the session's next run.
    pub fn start_native(&mut self, future: crate::vm::NativeFuture) {
        self.grant_memory();
        self.running_time = 0.0;
        self.terminated = false;
        self.output_at_load = self.vm.output_written.get();
        self.vm.interrupted.set(false);
        self.main_thread = Some(self.vm.threads.spawn(&self.vm, future, true));
    }

    /// What earlier runs left behind may fill the memory limit; a run must still be able to free some of it.
    fn grant_memory(&mut self) {
        if let Some(limit) = self.vm.limits.memory {
            let wanted = self.vm.memory_used() + LEAST_MEMORY.min(limit / 4);
            let base = self.vm.memory_base.get();
            self.vm.memory_base.set(base + wanted.saturating_sub(limit));
        }
    }

    fn start(&mut self, code: Ref<CodeObject>, globals: Ref<Dict>) {
        let vm: VmRef = self.vm.handle();
        self.start_native(Box::pin(run_program(vm, code, globals, self.in_shell)));
    }

    /// Makes waiting for `awaitable` the session's next run.
    pub fn load_await(&mut self, awaitable: &Value) {
        let (vm, awaitable) = (self.vm.handle(), awaitable.clone());
        self.start_native(Box::pin(async move { crate::exec::run_top_level(&vm, awaitable, false).await }));
    }

    /// Sets the current run aside while it waits, so that another can take place: a callback of the embedder's. The two must end in
    /// reverse order, each with [`Session::resume`].
    pub fn suspend(&mut self) -> Suspended {
        let main_thread = self.main_thread.take();
        self.aside.extend(main_thread);
        Suspended {
            main_thread,
            running_time: self.running_time,
            output_at_load: self.output_at_load,
            terminated: self.terminated,
            interrupted: self.vm.interrupted.replace(false),
        }
    }

    /// Goes on with a run that was set aside.
    pub fn resume(&mut self, run: Suspended) {
        if let Some(id) = self.main_thread.take() {
            self.vm.threads.remove(id);
        }
        if let Some(main) = run.main_thread {
            self.aside.retain(|&id| id != main);
        }
        self.main_thread = run.main_thread;
        self.running_time = run.running_time;
        self.output_at_load = run.output_at_load;
        self.terminated |= run.terminated;
        if run.interrupted {
            self.interrupt();
        }
    }

    /// Whether a program is loaded and has not ended.
    pub fn is_running(&self) -> bool {
        self.main_thread.is_some()
    }

    /// Whether threads are left that a finished run started. [`Session::run`] lets them go on until the next run is loaded.
    pub fn has_background(&self) -> bool {
        !self.vm.threads.list().is_empty()
    }

    /// Runs for at most about `fuel` back-edges and calls.
    pub fn run(&mut self, fuel: u32) -> Exit {
        let started = self.vm.host.monotonic();
        collect::put_back(std::mem::take(&mut self.finalizers));
        let exit = self.run_slices(fuel);
        self.finalizers = collect::take_pending();
        self.running_time += self.vm.host.monotonic() - started;
        exit
    }

    fn run_slices(&mut self, fuel: u32) -> Exit {
        let mut left = fuel.max(1);
        loop {
            let Some(main_thread) = self.main_thread.or_else(|| self.has_background().then_some(u64::MAX)) else {
                return Exit::Done(Value::NONE);
            };
            if self.terminated {
                return self.end(Err(crate::Raised));
            }
            self.check_limits();
            let threads = self.vm.threads.list();
            let count = threads.len();
            let ready = (1..=count)
                .map(|step| (self.last + step) % count)
                .find(|&at| threads[at].state == State::Ready && !self.aside.contains(&threads[at].id));
            // The other interpreters' threads have a turn when ours wait or have used theirs, and now and then.
            self.others_due += 1;
            if self.others_due > OTHERS_WAIT || ready.is_none() {
                self.others_due = 0;
                match self.run_others(&mut left) {
                    Others::Idle if ready.is_none() => return Exit::Waiting,
                    Others::Idle => {}
                    Others::Ran if left == 0 => return Exit::FuelSpent,
                    Others::Ran => continue,
                    Others::Host(id, request) => return Exit::Host { id, request },
                }
            }
            let Some(at) = ready else { continue };
            self.last = at;
            let turn = if count > 1 { left.min(TURN) } else { left };
            let thread: *mut crate::exec::Thread = &raw mut *self.vm.threads.list()[at];
            self.vm.threads.set_current(thread);
            fuel::fill(turn);
            if self.vm.interrupted.get() {
                fuel::trip();
            }
            // SAFETY: threads are boxed and removed only below, after they have left the loop.
            let leave = crate::exec::run(&self.vm, unsafe { &mut *thread });
            match leave {
                Leave::FuelSpent => {
                    left = left.saturating_sub(turn);
                    self.others_due = OTHERS_WAIT;
                    if left == 0 {
                        return Exit::FuelSpent;
                    }
                }
                Leave::Host { id, request } => return Exit::Host { id, request },
                Leave::Parked => {}
                Leave::Finished(result) => {
                    // SAFETY: as above.
                    let id = unsafe { (*thread).id };
                    self.vm.threads.remove(id);
                    if id == main_thread {
                        return self.end(result);
                    }
                    if result.is_err() {
                        self.vm.raised.set(None);
                    }
                }
            }
        }
    }

    /// A turn for a thread of another interpreter, if one is ready.
    fn run_others(&mut self, left: &mut u32) -> Others {
        let list = self.vm.interpreters.list.borrow();
        let count = list.len();
        let ready = (1..=count).map(|step| (self.last_other + step) % count).find_map(|number| {
            let threads = list[number].session.vm.threads.list();
            let start = list[number].session.last;
            let at = (1..=threads.len()).map(|step| (start + step) % threads.len());
            at.into_iter().find(|&at| threads[at].state == State::Ready).map(|at| (number, at))
        });
        let Some((number, at)) = ready else { return Others::Idle };
        self.last_other = number;
        let vm = list[number].session.vm.handle();
        self.vm.interpreters.list.borrow_mut()[number].session.last = at;
        let turn = (*left).min(TURN);
        let thread: *mut crate::exec::Thread = &raw mut *vm.threads.list()[at];
        vm.threads.set_current(thread);
        fuel::fill(turn);
        // SAFETY: threads are boxed; this one is removed only below, or by the thread that waits for it, which does not run now. An
        // interpreter in which a thread runs is not destroyed.
        match crate::exec::run(&vm, unsafe { &mut *thread }) {
            Leave::FuelSpent => *left = left.saturating_sub(turn),
            Leave::Host { id, request } => return Others::Host(id, request),
            Leave::Parked => {}
            Leave::Finished(result) => {
                // SAFETY: as above.
                let id = unsafe { (*thread).id };
                vm.threads.remove(id);
                if result.is_err() {
                    vm.raised.set(None);
                }
            }
        }
        Others::Ran
    }

    /// The run is over. Other threads go on with the next run, as daemon threads do.
    fn end(&mut self, result: PyResult) -> Exit {
        if let Some(id) = self.main_thread.take() {
            self.vm.threads.remove(id);
        }
        if self.terminated {
            self.vm.raised.set(None);
            return Exit::Raised(Exc::KeyboardInterrupt.instance(&self.vm, Vec::new()));
        }
        match result {
            Ok(value) => Exit::Done(value),
            Err(_) => Exit::Raised(self.vm.take_raised()),
        }
    }

    /// Time and output limits interrupt the main thread.
    fn check_limits(&mut self) {
        let limits = &self.vm.limits;
        let written = self.vm.output_written.get() - self.output_at_load;
        let message = if limits.time.is_some_and(|time| self.running_time > time) {
            "the time limit was reached"
        } else if limits.output.is_some_and(|output| written > output) {
            "the output limit was reached"
        } else {
            return;
        };
        let exception = Exc::KeyboardInterrupt.instance(&self.vm, vec![Value::from_str(message)]);
        self.running_time = 0.0;
        self.output_at_load = self.vm.output_written.get();
        self.interrupt_with(exception);
    }

    /// Raises `exception` in the main thread, at its next instruction or in place of what it waits for.
    pub fn interrupt_with(&mut self, exception: Value) {
        if let Some(thread) = self.main_thread.and_then(|id| self.vm.threads.find(id)) {
            thread.interrupt = Some(exception);
            thread.state = State::Ready;
        }
    }

    /// Answers a request. One that nobody waits for any more is ignored.
    pub fn answer(&mut self, id: RequestId, reply: HostReply) {
        let others = self.vm.interpreters.list.borrow();
        for other in others.iter() {
            if other.session.vm.threads.answer(id, reply.clone()) {
                return;
            }
        }
        self.vm.threads.answer(id, reply);
    }

    /// KeyboardInterrupt in the main thread, at its next instruction or in place of what it waits for.
    pub fn interrupt(&mut self) {
        if crate::modules::signal::has_handlers(&self.vm) {
            return crate::modules::signal::deliver(&self.vm, crate::modules::signal::SIGINT);
        }
        let waiting = self.main_thread.and_then(|id| self.vm.threads.find(id));
        match waiting {
            Some(thread) if thread.state != State::Ready => {
                let exception = Exc::KeyboardInterrupt.instance(&self.vm, Vec::new());
                self.interrupt_with(exception);
            }
            _ => {
                self.vm.interrupted.set(true);
                fuel::trip();
            }
        }
    }

    /// Ends the run at the next `run` without executing any more Python code; `finally` blocks do not run.
    pub fn terminate(&mut self) {
        self.terminated = true;
    }

    /// The output since the last call.
    pub fn take_output(&mut self) -> Vec<(Stream, String)> {
        self.vm.output.take()
    }

    /// Bytes of heap in use.
    pub fn memory(&self) -> usize {
        self.vm.memory_used()
    }

    /// The namespace of `__main__`.
    pub fn globals(&self) -> Value {
        self.main.dict.value()
    }

    /// A fresh `__main__`; other threads end. Imported modules stay.
    pub fn reset(&mut self) {
        let waiting = collect::take_pending();
        self.main_thread = None;
        self.aside.clear();
        self.vm.threads.clear();
        // Its thread is gone.
        self.vm.modules.remove_str(&crate::object::intern::intern(TOP_LEVEL));
        drop(std::mem::take(self.vm.interpreters.list.borrow_mut()));
        self.vm.raised.set(None);
        self.vm.interrupted.set(false);
        self.main = new_main(&self.vm);
        collect::collect(true);
        self.finalizers.extend(collect::take_pending());
        collect::put_back(waiting);
    }
}

/// Runs a program; one of a shell's statements with asyncio's tasks held, see `_top_level.py`.
async fn run_program(vm: VmRef, code: Ref<CodeObject>, globals: Ref<Dict>, in_shell: bool) -> PyResult {
    crate::import::issue_syntax_warnings(vm).await?;
    let uses_asyncio = vm.modules.get_text("asyncio.runners").is_some()
        || code.names.iter().any(|name| name.as_text().is_some_and(|name| name.to_utf8_lossy() == "asyncio"));
    if !(in_shell && uses_asyncio) {
        return run_code(vm, code, globals, uses_asyncio).await;
    }
    let module = crate::import::import_module(&vm, TOP_LEVEL).await?;
    let enter = vm.attr(&module, "enter").await?;
    vm.call(&enter, Vec::new()).await?;
    let result = run_code(vm, code, globals, true).await;
    let exception = if result.is_err() { vm.catch(Exc::BaseException) } else { None };
    let leave = vm.attr(&module, "leave").await?;
    vm.call(&leave, Vec::new()).await?;
    match exception {
        Some(exception) => Err(vm.raise(exception)),
        None => result,
    }
}

async fn run_code(vm: VmRef, code: Ref<CodeObject>, globals: Ref<Dict>, uses_asyncio: bool) -> PyResult {
    let awaits = code.code.flags.is_generator_like();
    let function = Function::for_code(&vm, code.clone(), globals);
    let value = vm.call(&function, Vec::new()).await?;
    if !awaits {
        return Ok(value);
    }
    let result = crate::exec::run_top_level(&vm, value, uses_asyncio).await;
    if result.is_err()
        && let Some(exception) = vm.catch(Exc::BaseException)
    {
        // The functions that run the loop are no part of the program.
        crate::types::traceback::start_at(&exception, &code);
        return Err(vm.raise(exception));
    }
    result
}

/// The module that runs what awaits at top level.
const TOP_LEVEL: &str = "_top_level";

impl Drop for Session {
    fn drop(&mut self) {
        // Threads first: suspended natives hold handles on the interpreter.
        self.main_thread = None;
        self.aside.clear();
        self.vm.threads.clear();
        // The interpreters that belong to this one.
        drop(std::mem::take(self.vm.interpreters.list.borrow_mut()));
        self.finalizers.clear();
        // Then what the modules hold: functions and classes know their module's namespace, and so keep each other alive. The
        // collector is shared with other sessions; what waits in its queue stays there, our finalisers have nowhere to run.
        self.end.waiting = collect::take_pending();
        let modules: Vec<Value> = self.vm.modules.table.borrow().iter().map(|entry| entry.value.clone()).collect();
        for module in modules.iter().filter_map(|module| module.downcast::<Module>()) {
            let held = module.dict.table.borrow_mut().clear();
            drop(held);
        }
        drop(modules);
        let held = self.vm.modules.table.borrow_mut().clear();
        drop(held);
    }
}

fn new_main(vm: &Vm) -> Ref<Module> {
    let main = Module::new_object("__main__");
    let builtins = vm.modules.get_text("builtins").unwrap_or_default();
    main.dict.set_text("__builtins__", builtins);
    vm.modules.set_text("__main__", main.value());
    main
}
