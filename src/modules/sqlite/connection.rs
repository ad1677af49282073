//! What all of a connection's operations are made of: its state, calls of SQLite that may stop in callbacks, and statements.

use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use snakelet_macros::native_type;
use snakelet_vm::exec::wait::WaitQueue;
use snakelet_vm::{PyResult, Raised, Value, Vm, VmCell};

use super::blob;
use super::engine::coroutine::{self, Step};
use super::engine::{self, Block, OK, Ptr, TRANSIENT, memory, vfs};
use super::engine::{
    sqlite3_bind_blob, sqlite3_bind_text, sqlite3_close_v2, sqlite3_finalize, sqlite3_get_autocommit, sqlite3_limit,
    sqlite3_prepare_v2, sqlite3_reset, sqlite3_step,
};
use super::errors::{self, Class};

/// The payload of connections.
#[native_type(
    name = "Connection",
    module = "sqlite3",
    doc = "SQLite database connection object.",
    flags(subclassable, weak_references, finalizer)
)]
pub struct Connection {
    pub db: Cell<Ptr>,
    #[skip_traverse]
    pub session: VmCell<vfs::Session>,
    pub initialized: Cell<bool>,
    /// The green thread that may use it, unless `check_same_thread` is off.
    pub thread: Cell<Option<u64>>,
    #[skip_traverse]
    pub isolation_level: VmCell<Option<&'static str>>,
    /// `autocommit`: 1, 0, or -1 for the legacy way.
    pub autocommit: Cell<i32>,
    pub detect_types: Cell<i32>,
    /// Seconds to wait for a lock.
    #[skip_traverse]
    pub timeout: Cell<f64>,
    pub row_factory: VmCell<Value>,
    pub text_factory: VmCell<Value>,
    pub authorizer: VmCell<Value>,
    pub progress: VmCell<Value>,
    pub trace: VmCell<Value>,
    /// Functions, aggregate classes and collations, with the numbers by which SQLite knows them.
    pub callables: VmCell<Vec<(usize, Value)>>,
    /// Aggregates in progress; SQLite knows them by their place, counted from 1.
    pub aggregates: VmCell<Vec<Value>>,
    /// Prepared statements, the last used one last.
    #[skip_traverse]
    pub cache: VmCell<VecDeque<Rc<Statement>>>,
    pub cache_size: Cell<usize>,
    #[skip_traverse]
    pub blobs: VmCell<Vec<Weak<blob::Open>>>,
    /// The thread whose call of SQLite has not returned, and how many calls of its are within each other.
    #[skip_traverse]
    pub caller: Cell<(u64, u32)>,
    #[skip_traverse]
    pub waiting: WaitQueue,
    /// What is to be raised when the call has returned: an interrupt that came while it ran.
    pub interrupt: VmCell<Option<Value>>,
}

/// A prepared statement.
pub struct Statement {
    pub handle: Ptr,
    pub sql: String,
    /// It is an INSERT, UPDATE, DELETE or REPLACE.
    pub changes_data: bool,
    session: vfs::Session,
}

impl Drop for Statement {
    fn drop(&mut self) {
        vfs::enter(&self.session);
        sqlite3_finalize(self.handle);
    }
}

impl Statement {
    pub fn reset(&self) {
        vfs::enter(&self.session);
        sqlite3_reset(self.handle);
    }
}

/// Gives a connection's turn to others when a call has returned, or is given up.
struct Turn<'a>(&'a Vm, &'a Connection);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let (thread, depth) = self.1.caller.get();
        self.1.caller.set((thread, depth.saturating_sub(1)));
        if depth <= 1 {
            self.1.waiting.wake_one(self.0);
        }
    }
}

thread_local! {
    static NEXT_NUMBER: Cell<Ptr> = const { Cell::new(1) };
}

/// Makes a session's files those that SQLite sees, at the end of its life.
struct Files(vfs::Session);

impl Drop for Files {
    fn drop(&mut self) {
        vfs::enter(&self.0);
    }
}

impl Connection {
    pub fn new_payload() -> Connection {
        Connection {
            db: Cell::new(0),
            session: VmCell::default(),
            initialized: Cell::new(false),
            thread: Cell::new(None),
            isolation_level: VmCell::new(None),
            autocommit: Cell::new(-1),
            detect_types: Cell::new(0),
            timeout: Cell::new(5.0),
            row_factory: VmCell::default(),
            text_factory: VmCell::default(),
            authorizer: VmCell::default(),
            progress: VmCell::default(),
            trace: VmCell::default(),
            callables: VmCell::default(),
            aggregates: VmCell::default(),
            cache: VmCell::default(),
            cache_size: Cell::new(128),
            blobs: VmCell::default(),
            caller: Cell::new((0, 0)),
            waiting: WaitQueue::default(),
            interrupt: VmCell::default(),
        }
    }

    /// ProgrammingError in another thread than the one that made it.
    pub fn check_thread(&self, vm: &Vm) -> PyResult<()> {
        match self.thread.get() {
            Some(owner) if self.initialized.get() && owner != vm.current_thread() => {
                let current = vm.current_thread();
                let message = format!(
                    "SQLite objects created in a thread can only be used in that same thread. The object was created in \
                     thread id {owner} and this is thread id {current}."
                );
                Err(errors::programming(vm, message))
            }
            _ => Ok(()),
        }
    }

    /// ProgrammingError unless it is open. The handle.
    pub fn check_open(&self, vm: &Vm) -> PyResult<Ptr> {
        if !self.initialized.get() {
            return Err(errors::programming(vm, "Base Connection.__init__ not called."));
        }
        match self.db.get() {
            0 => Err(errors::programming(vm, "Cannot operate on a closed database.")),
            db => {
                self.enter();
                Ok(db)
            }
        }
    }

    /// Both checks.
    pub fn check(&self, vm: &Vm) -> PyResult<Ptr> {
        self.check_thread(vm)?;
        self.check_open(vm)
    }

    /// SQLite is about to be called directly: its files are those of this session.
    pub fn enter(&self) {
        vfs::enter(self.session.borrow());
    }

    /// The exception for the last error.
    pub fn error(&self, vm: &Vm) -> Raised {
        errors::from_database(vm, self.db.get())
    }

    /// Calls SQLite, which may call back into Python. Other threads wait for their turn.
    pub async fn call(&self, vm: &Vm, function: impl Fn() -> i64 + 'static) -> PyResult<i64> {
        let me = vm.current_thread();
        while self.caller.get().1 > 0 && self.caller.get().0 != me {
            self.waiting.wait(vm, None).await?;
        }
        self.caller.set((me, self.caller.get().1 + 1));
        let turn = Turn(vm, self);
        self.enter();
        let (mut running, mut step) = coroutine::start(Box::new(function));
        // A call that is given up is finished on the right files.
        let _files = Files(self.session.get());
        loop {
            match step {
                Step::Done(result) => {
                    drop(running);
                    drop(turn);
                    self.forget_destroyed();
                    return match self.interrupt.take() {
                        Some(exception) => Err(vm.raise(exception)),
                        None => Ok(result),
                    };
                }
                Step::Ask(ask) => {
                    let answer = self.answer(vm, ask).await;
                    self.enter();
                    step = running.resume(answer);
                }
            }
        }
    }

    /// The same for functions that answer a result code.
    pub async fn code(&self, vm: &Vm, function: impl Fn() -> i32 + 'static) -> PyResult<i32> {
        self.call(vm, move || function().into()).await.map(|code| code as i32)
    }

    /// Lets go of what SQLite has forgotten.
    pub fn forget_destroyed(&self) {
        // Those of other connections are among them: no two have the same number.
        for number in engine::take_destroyed() {
            self.forget(number);
        }
    }

    /// Lets go of a callable.
    pub fn forget(&self, number: Ptr) {
        let callables = self.callables.borrow_mut();
        let found = callables.iter().position(|(known, _)| *known == number);
        let old = found.map(|at| callables.swap_remove(at));
        drop(old);
    }

    /// Keeps a callable for SQLite; its number.
    pub fn keep(&self, callable: Value) -> Ptr {
        let number = NEXT_NUMBER.get();
        NEXT_NUMBER.set(number + 1);
        self.callables.borrow_mut().push((number, callable));
        number
    }

    /// The callable of a number.
    pub fn callable(&self, number: Ptr) -> Value {
        let found = self.callables.borrow().iter().find(|(known, _)| *known == number);
        found.map(|(_, callable)| callable.clone()).unwrap_or_default()
    }

    /// Keeps an aggregate until its end; its number.
    pub fn keep_aggregate(&self, aggregate: Value) -> usize {
        let values = self.aggregates.borrow_mut();
        match values.iter().position(Value::is_none) {
            Some(at) => {
                values[at] = aggregate;
                at + 1
            }
            None => {
                values.push(aggregate);
                values.len()
            }
        }
    }

    /// The aggregate of a number.
    pub fn aggregate(&self, number: usize) -> Value {
        self.aggregates.borrow().get(number.wrapping_sub(1)).cloned().unwrap_or_default()
    }

    pub fn bytes_block(&self, vm: &Vm, bytes: &[u8]) -> PyResult<Block> {
        Block::text(bytes).ok_or_else(|| vm.memory_error())
    }

    /// Prepares the first statement of `sql`; its handle (0 for nothing but comments) and how many bytes it took.
    pub async fn prepare_raw(&self, vm: &Vm, sql: &[u8]) -> PyResult<(Ptr, usize)> {
        let db = self.check_open(vm)?;
        let text = self.bytes_block(vm, sql)?;
        let Some(out) = Block::zeroed(16) else { return Err(vm.memory_error()) };
        let (start, length, place) = (text.0, sql.len() as i32 + 1, out.0);
        let code = self.code(vm, move || sqlite3_prepare_v2(db, start, length, place, place + 8)).await?;
        if code != OK {
            return Err(self.error(vm));
        }
        let (handle, tail) = (out.pointer(0), out.pointer(8));
        Ok((handle, tail.saturating_sub(start)))
    }

    /// Runs a statement without results to its end.
    pub async fn run(&self, vm: &Vm, sql: &str) -> PyResult<()> {
        let (handle, _) = self.prepare_raw(vm, sql.as_bytes()).await?;
        let code = self.code(vm, move || sqlite3_step(handle)).await;
        let failed = match code {
            Ok(engine::DONE | engine::ROW) => None,
            Ok(_) => Some(self.error(vm)),
            Err(raised) => Some(raised),
        };
        let waiting = failed.map(|_| vm.take_raised());
        self.enter();
        let code = sqlite3_finalize(handle);
        match waiting {
            Some(exception) => Err(vm.raise(exception)),
            None if code != OK => Err(self.error(vm)),
            None => Ok(()),
        }
    }

    /// Whether a transaction is open.
    pub fn in_transaction(&self) -> bool {
        sqlite3_get_autocommit(self.db.get()) == 0
    }

    /// Prepares a statement, or takes it from the cache.
    pub async fn statement(&self, vm: &Vm, sql: &str, fresh: bool) -> PyResult<Option<Rc<Statement>>> {
        if !fresh {
            let cache = self.cache.borrow_mut();
            if let Some(at) = cache.iter().position(|statement| statement.sql == sql)
                && let Some(known) = cache.remove(at)
            {
                cache.push_back(known.clone());
                return Ok(Some(known));
            }
        }
        if sql.len() as i64 > i64::from(sqlite3_limit(self.check_open(vm)?, 1, -1)) {
            return Err(errors::raise(vm, Class::Data, "query string is too large"));
        }
        if sql.contains('\0') {
            return Err(errors::programming(vm, "the query contains a null character"));
        }
        let (handle, used) = self.prepare_raw(vm, sql.as_bytes()).await?;
        let prepared = (handle != 0).then(|| {
            Rc::new(Statement {
                handle,
                sql: sql.to_string(),
                changes_data: changes_data(sql),
                session: self.session.borrow().clone(),
            })
        });
        if !skip_comments(sql.get(used..).unwrap_or("")).is_empty() {
            return Err(errors::programming(vm, "You can only execute one statement at a time."));
        }
        if !fresh
            && self.cache_size.get() > 0
            && self.db.get() != 0
            && let Some(statement) = &prepared
        {
            let cache = self.cache.borrow_mut();
            let oldest = if cache.len() >= self.cache_size.get() { cache.pop_front() } else { None };
            cache.push_back(statement.clone());
            drop(oldest);
        }
        Ok(prepared)
    }

    /// Closes it; whatever still uses it finds it closed.
    pub fn close_now(&self) {
        for blob in self.blobs.take() {
            if let Some(open) = blob.upgrade() {
                open.close();
            }
        }
        drop(self.cache.take());
        let db = self.db.replace(0);
        if db != 0 {
            self.enter();
            sqlite3_close_v2(db);
        }
        self.forget_destroyed();
    }

    /// Notes a blob that is to be closed with the connection.
    pub fn add_blob(&self, blob: &Rc<blob::Open>) {
        let blobs = self.blobs.borrow_mut();
        blobs.retain(|blob| blob.strong_count() > 0);
        blobs.push(Rc::downgrade(blob));
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.close_now();
    }
}

/// The rest of `sql` behind blanks and comments.
fn skip_comments(sql: &str) -> &str {
    let mut rest = sql;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r', '\x0c']);
        if let Some(comment) = rest.strip_prefix("--") {
            let Some((_, behind)) = comment.split_once('\n') else { return "" };
            rest = behind;
        } else if let Some(comment) = rest.strip_prefix("/*") {
            let Some((_, behind)) = comment.split_once("*/") else { return "" };
            rest = behind;
        } else {
            return rest;
        }
    }
}

/// Whether a statement is one that begins a transaction by itself.
fn changes_data(sql: &str) -> bool {
    let rest = skip_comments(sql).as_bytes();
    let starts = |word: &str| rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()));
    ["INSERT", "UPDATE", "DELETE", "REPLACE"].into_iter().any(starts)
}

/// Binds a text or bytes, which SQLite copies. A result code.
pub fn bind_bytes(statement: Ptr, at: i32, bytes: &[u8], is_text: bool) -> i32 {
    if bytes.len() > i32::MAX as usize {
        return 18;
    }
    let Some(block) = Block::text(bytes) else { return 7 };
    let length = bytes.len() as i32;
    if is_text {
        sqlite3_bind_text(statement, at, block.0, length, TRANSIENT)
    } else {
        sqlite3_bind_blob(statement, at, block.0, length, TRANSIENT)
    }
}

/// A copy of the bytes of a value or column.
pub fn copy(at: Ptr, length: i32) -> Vec<u8> {
    if at == 0 { Vec::new() } else { memory::read(at, length.max(0) as usize) }
}
