//! SQLite itself: the functions of its C interface that the module uses.
//!
//! Natively it is linked in (libsqlite3-sys). In pages it is a WebAssembly module of its own with a memory of its own, which
//! the part of this module is linked with when both are loaded (see `src/xtask/engine.rs`); the functions then are imports.
//! So one declaration serves both, under these rules:
//!
//! - A [`Ptr`] is an address in SQLite's memory, which may not be ours. It is a number here and never dereferenced; `memory`
//!   copies bytes to and from it.
//! - A function that SQLite calls is passed as what `memory::callback` answers for it.
//! - SQLite calls that may call back into Python run as coroutines (`coroutine`): where such a callback is reached, the call
//!   stops and is resumed with the answer, so that Python code never runs below SQLite on the native stack.
//!
//! The functions are declared safe: addresses and handles come from SQLite alone, callers pass those of living objects.

#[cfg(not(target_family = "wasm"))]
#[path = "blob_native.rs"]
pub mod blob;
#[cfg(target_family = "wasm")]
#[path = "blob_page.rs"]
pub mod blob;
#[cfg(not(target_family = "wasm"))]
#[path = "coroutine_native.rs"]
pub mod coroutine;
#[cfg(target_family = "wasm")]
#[path = "coroutine_page.rs"]
pub mod coroutine;
#[cfg(not(target_family = "wasm"))]
#[path = "memory_native.rs"]
pub mod memory;
#[cfg(target_family = "wasm")]
#[path = "memory_page.rs"]
pub mod memory;
pub mod vfs;

#[cfg(not(target_family = "wasm"))]
use libsqlite3_sys as _;

use self::memory::callback;

/// An address in SQLite's memory.
pub type Ptr = usize;

/// A destructor that tells SQLite to copy what it is given.
pub const TRANSIENT: Ptr = usize::MAX;

pub const OK: i32 = 0;
pub const ROW: i32 = 100;
pub const DONE: i32 = 101;

#[cfg_attr(target_family = "wasm", link(wasm_import_module = "sqlite3"))]
unsafe extern "C" {
    pub safe fn sqlite3_initialize() -> i32;
    pub safe fn sqlite3_libversion() -> Ptr;
    pub safe fn sqlite3_malloc64(size: u64) -> Ptr;
    pub safe fn sqlite3_free(at: Ptr);
    pub safe fn sqlite3_vfs_register(vfs: Ptr, default: i32) -> i32;
    pub safe fn sqlite3_complete(sql: Ptr) -> i32;
    pub safe fn sqlite3_errstr(code: i32) -> Ptr;

    pub safe fn sqlite3_open_v2(path: Ptr, db: Ptr, flags: i32, vfs: Ptr) -> i32;
    pub safe fn sqlite3_close_v2(db: Ptr) -> i32;
    pub safe fn sqlite3_extended_result_codes(db: Ptr, on: i32) -> i32;
    pub safe fn sqlite3_errcode(db: Ptr) -> i32;
    pub safe fn sqlite3_extended_errcode(db: Ptr) -> i32;
    pub safe fn sqlite3_errmsg(db: Ptr) -> Ptr;
    pub safe fn sqlite3_get_autocommit(db: Ptr) -> i32;
    pub safe fn sqlite3_last_insert_rowid(db: Ptr) -> i64;
    pub safe fn sqlite3_changes(db: Ptr) -> i32;
    pub safe fn sqlite3_total_changes(db: Ptr) -> i32;
    pub safe fn sqlite3_interrupt(db: Ptr);
    pub safe fn sqlite3_limit(db: Ptr, id: i32, value: i32) -> i32;
    pub safe fn sqlite3_serialize(db: Ptr, schema: Ptr, size: Ptr, flags: u32) -> Ptr;
    pub safe fn sqlite3_deserialize(db: Ptr, schema: Ptr, data: Ptr, size: i64, room: i64, flags: u32) -> i32;

    pub safe fn sqlite3_prepare_v2(db: Ptr, sql: Ptr, length: i32, statement: Ptr, tail: Ptr) -> i32;
    pub safe fn sqlite3_step(statement: Ptr) -> i32;
    pub safe fn sqlite3_reset(statement: Ptr) -> i32;
    pub safe fn sqlite3_finalize(statement: Ptr) -> i32;
    pub safe fn sqlite3_stmt_readonly(statement: Ptr) -> i32;
    pub safe fn sqlite3_stmt_busy(statement: Ptr) -> i32;
    pub safe fn sqlite3_expanded_sql(statement: Ptr) -> Ptr;
    pub safe fn sqlite3_sql(statement: Ptr) -> Ptr;
    pub safe fn sqlite3_bind_parameter_count(statement: Ptr) -> i32;
    pub safe fn sqlite3_bind_parameter_name(statement: Ptr, at: i32) -> Ptr;
    pub safe fn sqlite3_bind_null(statement: Ptr, at: i32) -> i32;
    pub safe fn sqlite3_bind_int64(statement: Ptr, at: i32, value: i64) -> i32;
    pub safe fn sqlite3_bind_double(statement: Ptr, at: i32, value: f64) -> i32;
    pub safe fn sqlite3_bind_text(statement: Ptr, at: i32, text: Ptr, length: i32, destructor: Ptr) -> i32;
    pub safe fn sqlite3_bind_blob(statement: Ptr, at: i32, bytes: Ptr, length: i32, destructor: Ptr) -> i32;
    pub safe fn sqlite3_column_count(statement: Ptr) -> i32;
    pub safe fn sqlite3_data_count(statement: Ptr) -> i32;
    pub safe fn sqlite3_column_name(statement: Ptr, at: i32) -> Ptr;
    pub safe fn sqlite3_column_decltype(statement: Ptr, at: i32) -> Ptr;
    pub safe fn sqlite3_column_type(statement: Ptr, at: i32) -> i32;
    pub safe fn sqlite3_column_int64(statement: Ptr, at: i32) -> i64;
    pub safe fn sqlite3_column_double(statement: Ptr, at: i32) -> f64;
    pub safe fn sqlite3_column_text(statement: Ptr, at: i32) -> Ptr;
    pub safe fn sqlite3_column_blob(statement: Ptr, at: i32) -> Ptr;
    pub safe fn sqlite3_column_bytes(statement: Ptr, at: i32) -> i32;

    pub safe fn sqlite3_value_type(value: Ptr) -> i32;
    pub safe fn sqlite3_value_int64(value: Ptr) -> i64;
    pub safe fn sqlite3_value_double(value: Ptr) -> f64;
    pub safe fn sqlite3_value_text(value: Ptr) -> Ptr;
    pub safe fn sqlite3_value_blob(value: Ptr) -> Ptr;
    pub safe fn sqlite3_value_bytes(value: Ptr) -> i32;
    pub safe fn sqlite3_result_null(context: Ptr);
    pub safe fn sqlite3_result_int64(context: Ptr, value: i64);
    pub safe fn sqlite3_result_double(context: Ptr, value: f64);
    pub safe fn sqlite3_result_text(context: Ptr, text: Ptr, length: i32, destructor: Ptr);
    pub safe fn sqlite3_result_blob(context: Ptr, bytes: Ptr, length: i32, destructor: Ptr);
    pub safe fn sqlite3_result_error(context: Ptr, text: Ptr, length: i32);
    pub safe fn sqlite3_result_error_nomem(context: Ptr);
    pub safe fn sqlite3_result_error_toobig(context: Ptr);
    pub safe fn sqlite3_user_data(context: Ptr) -> Ptr;
    pub safe fn sqlite3_aggregate_context(context: Ptr, size: i32) -> Ptr;

    pub safe fn sqlite3_create_function_v2(
        db: Ptr,
        name: Ptr,
        count: i32,
        encoding: i32,
        data: Ptr,
        function: Ptr,
        step: Ptr,
        finish: Ptr,
        destroy: Ptr,
    ) -> i32;
    pub safe fn sqlite3_create_window_function(
        db: Ptr,
        name: Ptr,
        count: i32,
        encoding: i32,
        data: Ptr,
        step: Ptr,
        finish: Ptr,
        value: Ptr,
        inverse: Ptr,
        destroy: Ptr,
    ) -> i32;
    pub safe fn sqlite3_create_collation_v2(
        db: Ptr,
        name: Ptr,
        encoding: i32,
        data: Ptr,
        compare: Ptr,
        destroy: Ptr,
    ) -> i32;
    pub safe fn sqlite3_set_authorizer(db: Ptr, callback: Ptr, data: Ptr) -> i32;
    pub safe fn sqlite3_progress_handler(db: Ptr, count: i32, callback: Ptr, data: Ptr);
    pub safe fn sqlite3_trace_v2(db: Ptr, mask: u32, callback: Ptr, data: Ptr) -> i32;
    pub safe fn sqlite3_busy_handler(db: Ptr, callback: Ptr, data: Ptr) -> i32;

    pub safe fn sqlite3_backup_init(target: Ptr, target_name: Ptr, source: Ptr, source_name: Ptr) -> Ptr;
    pub safe fn sqlite3_backup_step(backup: Ptr, pages: i32) -> i32;
    pub safe fn sqlite3_backup_finish(backup: Ptr) -> i32;
    pub safe fn sqlite3_backup_remaining(backup: Ptr) -> i32;
    pub safe fn sqlite3_backup_pagecount(backup: Ptr) -> i32;
}

/// Bytes in SQLite's memory, freed in the end.
pub struct Block(pub Ptr);

impl Block {
    /// A copy of `bytes` with a zero behind it; `None` without memory.
    pub fn text(bytes: &[u8]) -> Option<Block> {
        let at = sqlite3_malloc64(bytes.len() as u64 + 1);
        if at == 0 {
            return None;
        }
        memory::write(at, bytes);
        memory::write(at + bytes.len(), &[0]);
        Some(Block(at))
    }

    /// Room for `size` bytes, all zero.
    pub fn zeroed(size: usize) -> Option<Block> {
        let at = sqlite3_malloc64(size as u64);
        if at == 0 {
            return None;
        }
        memory::write(at, &vec![0; size]);
        Some(Block(at))
    }

    /// The address that is stored at `offset`.
    pub fn pointer(&self, offset: usize) -> Ptr {
        memory::read_pointer(self.0 + offset)
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        sqlite3_free(self.0);
    }
}

/// A text that ends in a zero, with anything that is not UTF-8 replaced.
pub fn text_at(at: Ptr) -> String {
    String::from_utf8_lossy(&memory::read_text(at)).into_owned()
}

/// What a callback wants of Python; the call of SQLite waits meanwhile.
#[derive(Clone, Copy, Debug)]
pub enum Ask {
    /// A user-defined function or a step of an aggregate.
    Call {
        kind: CallKind,
        context: Ptr,
        count: i32,
        values: Ptr,
    },
    Collate {
        data: Ptr,
        left: (Ptr, i32),
        right: (Ptr, i32),
    },
    Authorize {
        action: i32,
        texts: [Ptr; 4],
    },
    /// The program's progress handler.
    Progress,
    /// Fuel is spent.
    Breathe,
    Trace {
        statement: Ptr,
        text: Ptr,
    },
    /// A lock is held by somebody else, for the `count`-th time in this call.
    Busy {
        count: i32,
    },
}

/// Which function of those a program gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    Function,
    Step,
    Inverse,
    Value,
    Finalize,
}

/// The answer to a callback whose call nobody waits for any more.
pub const ABANDONED: i32 = -1;

fn call(kind: CallKind, context: Ptr, count: i32, values: Ptr) {
    if coroutine::ask(Ask::Call { kind, context, count, values }) == ABANDONED && kind != CallKind::Finalize {
        sqlite3_result_error_nomem(context);
    }
}

extern "C" fn on_function(context: Ptr, count: i32, values: Ptr) {
    call(CallKind::Function, context, count, values);
}

extern "C" fn on_step(context: Ptr, count: i32, values: Ptr) {
    call(CallKind::Step, context, count, values);
}

extern "C" fn on_inverse(context: Ptr, count: i32, values: Ptr) {
    call(CallKind::Inverse, context, count, values);
}

extern "C" fn on_value(context: Ptr) {
    call(CallKind::Value, context, 0, 0);
}

extern "C" fn on_finalize(context: Ptr) {
    call(CallKind::Finalize, context, 0, 0);
}

extern "C" fn on_collate(data: Ptr, left_length: i32, left: Ptr, right_length: i32, right: Ptr) -> i32 {
    let answer = coroutine::ask(Ask::Collate { data, left: (left, left_length), right: (right, right_length) });
    if answer == ABANDONED { 0 } else { answer - COLLATION_BIAS }
}

/// Added to the answers of collations, so that none is [`ABANDONED`].
pub const COLLATION_BIAS: i32 = 2;

extern "C" fn on_authorize(_data: Ptr, action: i32, a: Ptr, b: Ptr, c: Ptr, d: Ptr) -> i32 {
    let answer = coroutine::ask(Ask::Authorize { action, texts: [a, b, c, d] });
    if answer == ABANDONED { 1 } else { answer }
}

extern "C" fn on_progress(data: Ptr) -> i32 {
    if !coroutine::is_running() {
        return 0;
    }
    if data != 0 {
        return coroutine::ask(Ask::Progress);
    }
    // While the call is resumed, the question was asked already.
    if coroutine::is_resuming() || snakelet_vm::exec::fuel::spend_many(PROGRESS_FUEL) {
        return coroutine::ask(Ask::Breathe);
    }
    0
}

/// How many of SQLite's instructions pass between two looks at the fuel, and what they cost.
pub const PROGRESS_STEPS: i32 = 1000;
const PROGRESS_FUEL: u32 = 1000;

extern "C" fn on_trace(_kind: u32, _data: Ptr, statement: Ptr, text: Ptr) -> i32 {
    coroutine::ask(Ask::Trace { statement, text });
    0
}

extern "C" fn on_busy(_data: Ptr, count: i32) -> i32 {
    let answer = coroutine::ask(Ask::Busy { count });
    if answer == ABANDONED { 0 } else { answer }
}

extern "C" fn on_destroy(data: Ptr) {
    DESTROYED.with_borrow_mut(|destroyed| destroyed.push(data));
}

thread_local! {
    static DESTROYED: std::cell::RefCell<Vec<Ptr>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// The data of functions and collations that SQLite has forgotten since the last call.
pub fn take_destroyed() -> Vec<Ptr> {
    DESTROYED.take()
}

/// What SQLite calls, as it takes it.
#[derive(Clone, Copy)]
pub struct Callbacks {
    pub function: Ptr,
    pub step: Ptr,
    pub inverse: Ptr,
    pub value: Ptr,
    pub finalize: Ptr,
    pub collate: Ptr,
    pub authorize: Ptr,
    pub progress: Ptr,
    pub trace: Ptr,
    pub busy: Ptr,
    pub destroy: Ptr,
}

thread_local! {
    static CALLBACKS: std::cell::Cell<Option<Callbacks>> = const { std::cell::Cell::new(None) };
}

/// The callbacks; at the first use SQLite is made ready.
pub fn callbacks() -> Callbacks {
    if let Some(known) = CALLBACKS.get() {
        return known;
    }
    memory::prepare();
    sqlite3_initialize();
    vfs::register();
    let made = Callbacks {
        function: callback(on_function as *const ()),
        step: callback(on_step as *const ()),
        inverse: callback(on_inverse as *const ()),
        value: callback(on_value as *const ()),
        finalize: callback(on_finalize as *const ()),
        collate: callback(on_collate as *const ()),
        authorize: callback(on_authorize as *const ()),
        progress: callback(on_progress as *const ()),
        trace: callback(on_trace as *const ()),
        busy: callback(on_busy as *const ()),
        destroy: callback(on_destroy as *const ()),
    };
    CALLBACKS.set(Some(made));
    made
}

/// `sqlite3_db_config` of an option that is on or off; `None`: there is no such option. `on`: -1 leaves it.
pub fn config(db: Ptr, option: i32, on: i32) -> Result<bool, i32> {
    let Some(place) = Block::zeroed(8) else { return Err(7) };
    match memory::db_config(db, option, on, place.0) {
        OK => Ok(memory::read_i32(place.0) != 0),
        code => Err(code),
    }
}
