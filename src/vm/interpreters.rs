//! Interpreters beside the session's first one (PEP 734).
//!
//! Each is a [`Session`] of its own, with its own modules and namespaces; the first interpreter's session runs their threads among
//! its own, so nothing here calls the machine recursively. They share what belongs to the process: files, descriptors, the output,
//! numbers of threads and of requests. Objects lie in one heap: those that are handed from one to another must be immutable all
//! the way down, which the Python modules above take care of.

use std::cell::Cell;
use std::rc::Rc;

use crate::errors::Exc;
use crate::host::Host;
use crate::object::VmCell;
use crate::session::{Session, SessionConfig};
use crate::types::dict::Dict;
use crate::vm::{NativeFuture, VmRef};
use crate::{PyResult, Ref, Value, Vm};

/// How many may exist at once.
const MOST: usize = 1000;

/// One interpreter beside the first.
pub(crate) struct Interpreter {
    pub id: i64,
    pub session: Session,
    /// Whether a thread runs in its `__main__`.
    running: Cell<bool>,
}

/// What the first interpreter knows of the others.
#[derive(Default)]
pub(crate) struct Interpreters {
    pub list: VmCell<Vec<Box<Interpreter>>>,
    /// The number of the last one that was made; the first interpreter has number 0.
    last: Cell<i64>,
    /// A dict for the Python modules that all interpreters use.
    shared: VmCell<Option<Ref<Dict>>>,
}

/// The first interpreter's host, for another.
struct SharedHost(VmRef);

impl Host for SharedHost {
    fn time(&self) -> f64 {
        self.0.host().time()
    }

    fn monotonic(&self) -> f64 {
        self.0.host().monotonic()
    }

    fn random(&self, buffer: &mut [u8]) {
        self.0.host().random(buffer);
    }

    fn has_part(&self, part: &str) -> bool {
        self.0.host().has_part(part)
    }

    fn may_fetch(&self) -> bool {
        self.0.host().may_fetch()
    }
}

/// What a job in another interpreter left behind.
#[derive(Default)]
struct Outcome(VmCell<Option<Result<Value, Value>>>);

impl Vm {
    /// The first interpreter of the session; this one if it is the first.
    pub fn first(&self) -> VmRef {
        match &self.owner {
            Some(owner) => *owner,
            None => self.handle(),
        }
    }

    /// The number of this interpreter.
    pub fn interpreter_id(&self) -> i64 {
        let first = self.first();
        let list = first.interpreters.list.borrow();
        list.iter().find(|other| std::ptr::eq(other.session.vm(), self)).map_or(0, |other| other.id)
    }

    fn find_interpreter(&self, id: i64) -> Option<&Interpreter> {
        let first: *const Vm = &raw const *self.first();
        // SAFETY: the first interpreter outlives the others.
        let list = unsafe { (*first).interpreters.list.borrow() };
        list.iter().find(|other| other.id == id).map(|other| &**other)
    }
}

/// Makes an interpreter; its number.
pub fn create(vm: &Vm) -> PyResult<i64> {
    let first = vm.first();
    if first.interpreters.list.borrow().len() >= MOST {
        return Err(vm.runtime_error("there are too many interpreters"));
    }
    let id = first.interpreters.last.get() + 1;
    first.interpreters.last.set(id);
    let config = SessionConfig {
        argv: vec![String::new()],
        env: crate::modules::sys::environment(&first),
        limits: first.limits.clone(),
        seed: None,
        interactive: false,
        modules: first.extension::<crate::import::Imports>().natives(),
    };
    let session = Session::beside(config, Box::new(SharedHost(first)), first);
    let interpreter = Interpreter { id, session, running: Cell::new(false) };
    first.interpreters.list.borrow_mut().push(Box::new(interpreter));
    Ok(id)
}

/// Ends an interpreter and its threads. The caller has made sure that nothing runs in its `__main__`.
pub fn destroy(vm: &Vm, id: i64) -> PyResult<()> {
    let first = vm.first();
    let list = first.interpreters.list.borrow_mut();
    let found = list.iter().position(|other| other.id == id && !other.running.get());
    match found.filter(|&at| !std::ptr::eq(list[at].session.vm(), vm)) {
        Some(at) => {
            let gone = list.remove(at);
            drop(gone);
            Ok(())
        }
        None => Err(vm.runtime_error("the interpreter cannot be destroyed")),
    }
}

/// The numbers of all interpreters, the first's included.
pub fn ids(vm: &Vm) -> Vec<i64> {
    let first = vm.first();
    let others = first.interpreters.list.borrow().iter().map(|other| other.id);
    std::iter::once(0).chain(others).collect()
}

/// Whether something runs in the interpreter's `__main__`; `None` if there is none of this number.
pub fn is_running(vm: &Vm, id: i64) -> Option<bool> {
    if id == 0 {
        return Some(true);
    }
    vm.find_interpreter(id).map(|other| other.running.get())
}

/// The dict that the modules of all interpreters share.
pub fn shared(vm: &Vm) -> Ref<Dict> {
    let first = vm.first();
    let shared = first.interpreters.shared.borrow_mut();
    shared.get_or_insert_with(Dict::new_object).clone()
}

/// Marks an interpreter as running while it lives, and takes an abandoned job's thread away.
struct Running {
    vm: VmRef,
    id: i64,
    thread: u64,
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(other) = self.vm.find_interpreter(self.id) {
            other.session.vm().threads.remove(self.thread);
            other.running.set(false);
        }
    }
}

/// Calls function `name` of library module `module` in another interpreter, in a thread with the caller's number, and waits for
/// its result (async). An exception comes back as one of this interpreter.
pub async fn run(vm: VmRef, id: i64, module: String, name: String, args: Vec<Value>) -> PyResult {
    let Some(other) = vm.find_interpreter(id) else { return Err(vm.runtime_error("there is no such interpreter")) };
    if other.running.replace(true) {
        return Err(vm.runtime_error("the interpreter is running already"));
    }
    let caller = vm.threads.current_id();
    let _running = Running { vm, id, thread: caller };
    let outcome = Rc::new(Outcome::default());
    let (inner, result) = (other.session.vm().handle(), outcome.clone());
    let job: NativeFuture = Box::pin(async move {
        let called = call(&inner, &module, &name, args).await;
        let called = called.map_err(|_| inner.take_raised());
        result.0.set(Some(called));
        vm.threads.wake(caller);
        Ok(Value::NONE)
    });
    other.session.vm().threads.spawn_as(caller, &inner, job);
    loop {
        if let Some(called) = outcome.0.take() {
            return match called {
                Ok(value) => Ok(value),
                Err(exception) => {
                    let text = vm.type_name(&exception);
                    Err(vm.error(Exc::RuntimeError, &format!("the other interpreter failed with {text}")))
                }
            };
        }
        vm.park().await?;
    }
}

async fn call(vm: &Vm, module: &str, name: &str, args: Vec<Value>) -> PyResult {
    let module = crate::import::import_module(vm, module).await?;
    let function = vm.attr(&module, name).await?;
    vm.call(&function, args).await
}
