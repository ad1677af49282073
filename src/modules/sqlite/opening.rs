//! Opening of connections: the arguments of `connect()`, and what they do.

use snakelet_vm::errors::Exc;
use snakelet_vm::files::open::path_text;
use snakelet_vm::{PyResult, Value, Vm, VmRef};

use super::connection::Connection;
use super::engine::vfs::Link;
use super::engine::{
    self, Block, OK, sqlite3_busy_handler, sqlite3_close_v2, sqlite3_extended_result_codes, sqlite3_open_v2,
};
use super::errors;

const OPEN: i32 = 2 | 4;
const OPEN_URI: i32 = 0x40;
/// Calls take turns here, so SQLite need not guard them.
const OPEN_NO_MUTEX: i32 = 0x8000;

/// `SQLITE_DBCONFIG_ENABLE_FKEY`, which some builds of SQLite have on at first.
const ENABLE_FOREIGN_KEYS: i32 = 1002;

/// What `autocommit` may be.
pub fn autocommit_value(vm: &Vm, value: &Value) -> PyResult<i32> {
    match value.as_bool() {
        Some(on) => Ok(on.into()),
        None if value.as_small_int() == Some(-1) => Ok(-1),
        None => {
            let message = "autocommit must be True, False, or sqlite3.LEGACY_TRANSACTION_CONTROL";
            Err(vm.value_error(message))
        }
    }
}

/// What `isolation_level` may be.
pub fn isolation_value(vm: &Vm, value: &Value) -> PyResult<Option<&'static str>> {
    if value.is_none() {
        return Ok(None);
    }
    let Some(text) = value.as_text() else {
        return Err(vm.type_error("isolation_level must be str or None"));
    };
    let text = text.to_utf8_lossy();
    if text.contains('\0') {
        return Err(vm.value_error("embedded null character"));
    }
    let known = ["", "DEFERRED", "IMMEDIATE", "EXCLUSIVE"].into_iter().find(|known| known.eq_ignore_ascii_case(&text));
    known
        .map(Some)
        .ok_or_else(|| vm.value_error("isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'"))
}

/// The parameters of `connect()`, the last of which can only be named.
const PARAMETERS: [&str; 9] = [
    "database",
    "timeout",
    "detect_types",
    "isolation_level",
    "check_same_thread",
    "factory",
    "cached_statements",
    "uri",
    "autocommit",
];

/// Warns of parameters by position.
pub async fn deprecated_positional(vm: VmRef, name: &str) -> PyResult<()> {
    let message = format!(
        "Passing more than 1 positional argument to {name}() is deprecated. Parameters 'timeout', 'detect_types', \
         'isolation_level', 'check_same_thread', 'factory', 'cached_statements' and 'uri' will become keyword-only \
         parameters in Python 3.15."
    );
    snakelet_vm::errors::warn::warn(vm, Exc::DeprecationWarning, &message, 1).await.map(drop)
}

/// Sorts the arguments of `connect()` by parameter.
pub fn bind_opening(vm: &Vm, args: Vec<Value>, kwargs: Vec<(Value, Value)>) -> PyResult<Vec<Option<Value>>> {
    let most = PARAMETERS.len() - 1;
    if args.len() > most {
        let given = args.len();
        return Err(vm.type_error(format!("Connection() takes at most {most} positional arguments ({given} given)")));
    }
    let mut bound: Vec<Option<Value>> = args.into_iter().map(Some).collect();
    let by_position = bound.len();
    bound.resize(PARAMETERS.len(), None);
    for (name, value) in kwargs {
        let name = name.as_text().map(|name| name.to_utf8_lossy().into_owned()).unwrap_or_default();
        match PARAMETERS.iter().position(|parameter| *parameter == name) {
            Some(at) if at < by_position => {
                let place = at + 1;
                let message = format!("argument for Connection() given by name ('{name}') and position ({place})");
                return Err(vm.type_error(message));
            }
            Some(at) => bound[at] = Some(value),
            None => {
                return Err(vm.type_error(format!("Connection() got an unexpected keyword argument '{name}'")));
            }
        }
    }
    if bound[0].is_none() {
        return Err(vm.type_error("Connection() missing required argument 'database' (pos 1)"));
    }
    Ok(bound)
}

/// An int that C's `int` holds.
pub async fn int_argument(vm: &Vm, value: &Value) -> PyResult<i32> {
    let number = vm.index(value).await?.to_i64();
    number
        .and_then(|number| i32::try_from(number).ok())
        .ok_or_else(|| vm.overflow_error("Python int too large to convert to C int"))
}

impl Connection {
    /// Opens the database, after closing the one before.
    pub async fn open(
        &self,
        vm: &Vm,
        database: &Value,
        isolation_level: Option<&'static str>,
        uri: bool,
        autocommit: i32,
    ) -> PyResult<()> {
        let path = path_text(vm, database).await?;
        let callbacks = engine::callbacks();
        if self.initialized.replace(false) {
            self.close_now();
        }
        self.session.set(vm.first().extension::<Link>().session(vm.first()));
        self.enter();
        let name = self.bytes_block(vm, path.as_bytes())?;
        let Some(out) = Block::zeroed(8) else { return Err(vm.memory_error()) };
        let flags = OPEN | OPEN_NO_MUTEX | if uri { OPEN_URI } else { 0 };
        let code = sqlite3_open_v2(name.0, out.0, flags, 0);
        let db = out.pointer(0);
        if code != OK {
            let error = errors::from_database(vm, db);
            sqlite3_close_v2(db);
            return Err(error);
        }
        sqlite3_extended_result_codes(db, 0);
        // An option of every build.
        let _ = engine::config(db, ENABLE_FOREIGN_KEYS, 0);
        self.db.set(db);
        self.authorizer.set(Value::NONE);
        self.progress.set(Value::NONE);
        self.trace.set(Value::NONE);
        self.row_factory.set(Value::NONE);
        self.text_factory.set(vm.builtins.get_text("str").unwrap_or_default());
        self.isolation_level.set(isolation_level);
        self.autocommit.set(autocommit);
        sqlite3_busy_handler(db, callbacks.busy, 0);
        self.watch_progress(db, 0);
        self.initialized.set(true);
        if autocommit == 0 {
            self.run(vm, "BEGIN").await?;
        }
        Ok(())
    }
}
