//! `Connection`: transactions, settings, copies. `opening` opens it, `functions` has what registers callbacks.

use snakelet_macros::{methods, native_type};
use snakelet_vm::errors::Exc;
use snakelet_vm::native::Native;
use snakelet_vm::object::intern::intern;
use snakelet_vm::{PyResult, Ref, Value, Vm, VmRef};

use super::blob;
use super::connection::Connection;
use super::constants::{self, LAST_LIMIT};
use super::cursor;
use super::engine::{
    self, Block, DONE, OK, sqlite3_backup_finish, sqlite3_backup_init, sqlite3_backup_pagecount,
    sqlite3_backup_remaining, sqlite3_backup_step, sqlite3_deserialize, sqlite3_free, sqlite3_interrupt, sqlite3_limit,
    sqlite3_malloc64, sqlite3_serialize, sqlite3_total_changes,
};
use super::errors::{self, Class};
use super::opening::{autocommit_value, bind_opening, deprecated_positional, int_argument, isolation_value};

impl Connection {
    async fn commit(&self, vm: &Vm) -> PyResult<()> {
        if self.autocommit.get() < 0 {
            if self.in_transaction() {
                self.run(vm, "COMMIT").await?;
            }
        } else if self.autocommit.get() == 0 {
            self.run(vm, "COMMIT").await?;
            self.run(vm, "BEGIN").await?;
        }
        Ok(())
    }

    async fn rollback(&self, vm: &Vm) -> PyResult<()> {
        if self.autocommit.get() < 0 {
            if self.in_transaction() {
                self.run(vm, "ROLLBACK").await?;
            }
        } else if self.autocommit.get() == 0 {
            self.run(vm, "ROLLBACK").await?;
            self.run(vm, "BEGIN").await?;
        }
        Ok(())
    }

    fn limit_category(vm: &Vm, category: i32) -> PyResult<()> {
        if (0..=LAST_LIMIT).contains(&category) {
            return Ok(());
        }
        Err(errors::programming(vm, "'category' is out of bounds"))
    }

    fn config_option(vm: &Vm, option: i32) -> PyResult<()> {
        let known = constants::OTHERS.iter().any(|(name, number)| name.starts_with("DBCONFIG_") && *number == option);
        if known { Ok(()) } else { Err(vm.value_error(format!("unknown config 'op': {option}"))) }
    }
}

#[methods(with = [Connection::FUNCTIONS, Connection::CLASSES])]
impl Connection {
    #[new("Connection(*args, **kwargs)", text = none)]
    fn new(vm: &Vm, cls: &Value, _args: &[Value], _kwargs: snakelet_vm::native::KwArgs<'_>) -> PyResult {
        vm.new_instance(cls, Connection::new_payload())
    }

    #[init("Connection(*args, **kwargs)", text = none)]
    async fn init(vm: VmRef, this: Ref<Connection>, args: Vec<Value>, kwargs: Vec<(Value, Value)>) -> PyResult<()> {
        if args.len() > 1 {
            deprecated_positional(vm, "_sqlite3.Connection").await?;
        }
        let mut given = bind_opening(&vm, args, kwargs)?;
        let mut next = || given.remove(0);
        let database = next().unwrap_or_default();
        let timeout = match next() {
            Some(timeout) => vm.float(&timeout).await?,
            None => 5.0,
        };
        let detect_types = match next() {
            Some(value) => int_argument(&vm, &value).await?,
            None => 0,
        };
        let level = match next() {
            Some(level) => isolation_value(&vm, &level)?,
            None => Some(""),
        };
        let same_thread = match next() {
            Some(value) => vm.truth(&value).await?,
            None => true,
        };
        next();
        let cached = match next() {
            Some(value) => int_argument(&vm, &value).await?,
            None => 128,
        };
        let uri = match next() {
            Some(value) => vm.truth(&value).await?,
            None => false,
        };
        let autocommit = match next() {
            Some(value) => autocommit_value(&vm, &value)?,
            None => -1,
        };
        this.timeout.set(timeout);
        this.detect_types.set(detect_types);
        this.cache_size.set(cached.max(0) as usize);
        this.thread.set(same_thread.then(|| vm.current_thread()));
        this.open(&vm, &database, level, uri, autocommit).await
    }

    /// Prepare a statement; the package's own use.
    #[slot(call)]
    fn call_slot(vm: &Vm, this: &Value, args: snakelet_vm::native::Args<'_>) -> PyResult {
        let Some(this) = this.to_ref::<Connection>() else { return Ok(Value::NONE) };
        this.check(vm)?;
        if args.values.len() != 1 || !args.kwnames.is_empty() {
            let given = args.values.len();
            return Err(vm.type_error(format!("function takes exactly 1 argument ({given} given)")));
        }
        let (vm, sql) = (vm.handle(), args.values[0].clone());
        Err(vm.defer(async move {
            if sql.as_text().is_none() {
                let got = vm.type_name(&sql);
                return Err(vm.type_error(format!("argument 1 must be str, not {got}")));
            }
            let sql = String::from_utf8(super::utf8(&vm, &sql).await?).unwrap_or_default();
            this.statement(&vm, &sql, false).await?;
            Ok(Statement {}.into_value())
        }))
    }

    #[slot(del)]
    fn del(vm: &Vm, this: &Value) -> PyResult {
        let Some(connection) = this.to_ref::<Connection>() else { return Ok(Value::NONE) };
        if connection.db.get() == 0 {
            return Ok(Value::NONE);
        }
        let vm = vm.handle();
        Err(vm.defer(async move {
            let shown = vm.repr(connection.as_value()).await?.text().to_utf8_lossy().into_owned();
            connection.close_now();
            let message = format!("unclosed database in {shown}");
            snakelet_vm::errors::warn::warn_about(vm, Exc::ResourceWarning, &message, connection.as_value()).await
        }))
    }

    /// A new cursor.
    #[method("cursor(self, /, factory=<unrepresentable>)")]
    async fn cursor(vm: VmRef, this: Ref<Connection>, factory: Option<Value>) -> PyResult {
        this.check(&vm)?;
        cursor::make(&vm, &this, factory).await
    }

    /// Close the connection; with autocommit=False an open transaction is rolled back.
    #[method("close(self, /)")]
    async fn close(vm: VmRef, this: Ref<Connection>) -> PyResult<()> {
        this.check_thread(&vm)?;
        if !this.initialized.get() {
            return Err(errors::programming(&vm, "Base Connection.__init__ not called."));
        }
        if this.autocommit.get() == 0 && this.db.get() != 0 && this.in_transaction() {
            this.run(&vm, "ROLLBACK").await?;
        }
        this.close_now();
        Ok(())
    }

    /// Commit the open transaction, if there is one.
    #[method("commit(self, /)")]
    async fn commit_method(vm: VmRef, this: Ref<Connection>) -> PyResult<()> {
        this.check(&vm)?;
        this.commit(&vm).await
    }

    /// Roll the open transaction back, if there is one.
    #[method("rollback(self, /)")]
    async fn rollback_method(vm: VmRef, this: Ref<Connection>) -> PyResult<()> {
        this.check(&vm)?;
        this.rollback(&vm).await
    }

    /// Execute an SQL statement with a new cursor.
    #[method("execute(self, sql, parameters=<unrepresentable>, /)")]
    async fn execute(vm: VmRef, this: Ref<Connection>, sql: Value, parameters: Option<Value>) -> PyResult {
        this.check(&vm)?;
        let args = [sql].into_iter().chain(parameters).collect();
        cursor::delegate(&vm, &this, "execute", args).await
    }

    /// Execute an SQL statement with a new cursor, once for each of several parameters.
    #[method("executemany(self, sql, parameters, /)")]
    async fn executemany(vm: VmRef, this: Ref<Connection>, sql: Value, parameters: Value) -> PyResult {
        this.check(&vm)?;
        cursor::delegate(&vm, &this, "executemany", vec![sql, parameters]).await
    }

    /// Execute the SQL statements of a script with a new cursor.
    #[method("executescript(self, sql_script, /)")]
    async fn executescript(vm: VmRef, this: Ref<Connection>, sql_script: Value) -> PyResult {
        this.check(&vm)?;
        cursor::delegate(&vm, &this, "executescript", vec![sql_script]).await
    }

    /// Make what runs at the moment fail.
    #[method("interrupt(self, /)")]
    fn interrupt(vm: &Vm, this: &Connection) -> PyResult<()> {
        sqlite3_interrupt(this.check_open(vm)?);
        Ok(())
    }

    /// The database as SQL statements, one at a time.
    #[method("iterdump(self, /, *, filter=None)")]
    async fn iterdump(vm: VmRef, this: Ref<Connection>, filter: Option<Value>) -> PyResult {
        this.check_open(&vm)?;
        let import = vm.builtins.get_text("__import__").unwrap_or_default();
        let names = Value::from_tuple(vec![Value::from_str("_iterdump")]);
        let args = vec![Value::from_str("sqlite3.dump"), Value::NONE, Value::NONE, names];
        let module = vm.call(&import, args).await?;
        let Some(dump) = vm.attr_opt(&module, &intern("_iterdump")).await? else {
            return Err(errors::raise(&vm, Class::Operational, "Failed to obtain _iterdump() reference"));
        };
        vm.call_kw(&dump, vec![this.into_value(), filter.unwrap_or_default()], vec![intern("filter")]).await
    }

    /// Copy the database into another connection's.
    #[method("backup(self, /, target, *, pages=-1, progress=None, name='main', sleep=0.25)")]
    async fn backup(
        vm: VmRef,
        this: Ref<Connection>,
        target: Ref<Connection>,
        pages: Option<i32>,
        progress: Option<Value>,
        name: Option<String>,
        sleep: Option<f64>,
    ) -> PyResult<()> {
        let sleep = sleep.unwrap_or(0.25);
        if sleep < 0.0 {
            return Err(vm.value_error("sleep must be greater-than or equal to zero"));
        }
        let source_db = this.check(&vm)?;
        let target_db = target.check(&vm)?;
        if target.is(&this) {
            return Err(vm.value_error("target cannot be the same connection instance"));
        }
        if let Some(progress) = &progress
            && vm.type_of(progress).slots().call.is_none()
        {
            return Err(vm.type_error("progress argument must be a callable"));
        }
        let pages = match pages.unwrap_or(-1) {
            0 => -1,
            pages => pages,
        };
        let source_name = this.bytes_block(&vm, name.as_deref().unwrap_or("main").as_bytes())?;
        let main = this.bytes_block(&vm, b"main")?;
        let backup = sqlite3_backup_init(target_db, main.0, source_db, source_name.0);
        if backup == 0 {
            return Err(target.error(&vm));
        }
        let mut code;
        loop {
            code = match this.code(&vm, move || sqlite3_backup_step(backup, pages)).await {
                Ok(code) => code,
                Err(raised) => {
                    sqlite3_backup_finish(backup);
                    return Err(raised);
                }
            };
            if let Some(progress) = &progress {
                let numbers = [code, sqlite3_backup_remaining(backup), sqlite3_backup_pagecount(backup)];
                let args = numbers.map(|number| Value::from_i64(number.into())).to_vec();
                if vm.call(progress, args).await.is_err() {
                    let exception = vm.take_raised();
                    sqlite3_backup_finish(backup);
                    return Err(vm.raise(exception));
                }
            }
            // Locked by somebody: wait for it.
            if matches!(code & 0xff, 5 | 6) {
                let until = vm.host().monotonic() + sleep;
                let slept = vm.ask_host(snakelet_vm::host::HostRequest::Sleep { until }).await;
                if let Err(raised) = slept {
                    sqlite3_backup_finish(backup);
                    return Err(raised);
                }
            } else if code != OK {
                break;
            }
        }
        target.enter();
        match sqlite3_backup_finish(backup) {
            OK if code == DONE => Ok(()),
            OK => Err(errors::from_code(&vm, code)),
            _ => Err(target.error(&vm)),
        }
    }

    /// Open a blob for reading and writing of parts of it.
    #[method("blobopen(self, table, column, rowid, /, *, readonly=False, name='main')")]
    async fn blobopen(
        vm: VmRef,
        this: Ref<Connection>,
        table: String,
        column: String,
        rowid: Value,
        readonly: bool,
        name: Option<String>,
    ) -> PyResult {
        let Some(row) = super::int_value(&vm, &rowid) else {
            let got = vm.type_name(&rowid);
            return Err(vm.type_error(format!("'{got}' object cannot be interpreted as an integer")));
        };
        let row = row?;
        this.check(&vm)?;
        blob::open(&vm, &this, [name.as_deref().unwrap_or("main"), &table, &column], row, readonly).await
    }

    /// A database as bytes, as a file would contain it.
    #[method("serialize(self, /, *, name='main')")]
    async fn serialize(vm: VmRef, this: Ref<Connection>, name: Option<String>) -> PyResult {
        let db = this.check(&vm)?;
        let schema = name.unwrap_or_else(|| "main".to_string());
        let text = this.bytes_block(&vm, schema.as_bytes())?;
        let Some(size) = Block::zeroed(8) else { return Err(vm.memory_error()) };
        let (name_at, size_at) = (text.0, size.0);
        let data = this.call(&vm, move || sqlite3_serialize(db, name_at, size_at, 0) as i64).await? as usize;
        if data == 0 {
            return Err(errors::raise(&vm, Class::Operational, format!("unable to serialize '{schema}'")));
        }
        let length = engine::memory::read_pointer(size.0);
        let bytes = engine::memory::read(data, length);
        sqlite3_free(data);
        Ok(Value::from_bytes(bytes))
    }

    /// Replace a database by one in memory, with the contents of a serialized one.
    #[method("deserialize(self, data, /, *, name='main')")]
    async fn deserialize(vm: VmRef, this: Ref<Connection>, data: Value, name: Option<String>) -> PyResult<()> {
        let bytes = match (super::buffer(&vm, &data)?, data.as_text()) {
            (Some(bytes), _) => bytes,
            (None, Some(_)) => super::utf8(&vm, &data).await?,
            (None, None) => {
                let got = vm.type_name(&data);
                return Err(vm.type_error(format!("a bytes-like object is required, not '{got}'")));
            }
        };
        let db = this.check(&vm)?;
        let schema = this.bytes_block(&vm, name.as_deref().unwrap_or("main").as_bytes())?;
        let copy = sqlite3_malloc64(bytes.len().max(1) as u64);
        if copy == 0 {
            return Err(vm.memory_error());
        }
        engine::memory::write(copy, &bytes);
        // Freed by SQLite, which may also let it grow.
        let (name_at, length) = (schema.0, bytes.len() as i64);
        let code = this.code(&vm, move || sqlite3_deserialize(db, name_at, copy, length, length, 1 | 2)).await?;
        if code != OK { Err(this.error(&vm)) } else { Ok(()) }
    }

    /// Set a limit; the old one. A negative limit leaves it.
    #[method("setlimit(self, category, limit, /)")]
    fn setlimit(vm: &Vm, this: &Connection, category: i32, limit: i32) -> PyResult<i32> {
        let db = this.check(vm)?;
        Connection::limit_category(vm, category)?;
        Ok(sqlite3_limit(db, category, limit))
    }

    /// A limit.
    #[method("getlimit(self, category, /)")]
    fn getlimit(vm: &Vm, this: &Connection, category: i32) -> PyResult<i32> {
        let db = this.check(vm)?;
        Connection::limit_category(vm, category)?;
        Ok(sqlite3_limit(db, category, -1))
    }

    /// Switch an option of the connection on or off.
    #[method("setconfig(self, op, enable=True, /)")]
    fn setconfig(vm: &Vm, this: &Connection, op: i32, enable: bool) -> PyResult<()> {
        let db = this.check(vm)?;
        Connection::config_option(vm, op)?;
        match engine::config(db, op, enable.into()) {
            Ok(now) if now == enable => Ok(()),
            Ok(_) => Err(errors::raise(vm, Class::Operational, format!("Unable to set config {op}"))),
            Err(_) => Err(this.error(vm)),
        }
    }

    /// Whether an option of the connection is on.
    #[method("getconfig(self, op, /)")]
    fn getconfig(vm: &Vm, this: &Connection, op: i32) -> PyResult<bool> {
        let db = this.check(vm)?;
        Connection::config_option(vm, op)?;
        engine::config(db, op, -1).map_err(|_| this.error(vm))
    }

    /// Begins nothing: a transaction begins with the first change.
    #[method("__enter__(self, /)")]
    fn enter_method(vm: &Vm, this: Ref<Connection>) -> PyResult {
        this.check(vm)?;
        Ok(this.into_value())
    }

    /// Commits, or rolls back after an exception.
    #[method("__exit__(self, type, value, traceback, /)")]
    async fn exit(vm: VmRef, this: Ref<Connection>, r#type: Value, value: Value, traceback: Value) -> PyResult<bool> {
        this.check(&vm)?;
        if r#type.is_none() && value.is_none() && traceback.is_none() {
            if let Err(raised) = this.commit(&vm).await {
                // What could not be committed is rolled back.
                let exception = vm.take_raised();
                if this.rollback(&vm).await.is_err() {
                    vm.take_raised();
                }
                let _ = raised;
                return Err(vm.raise(exception));
            }
        } else {
            this.rollback(&vm).await?;
        }
        Ok(false)
    }

    #[getter("__text_signature__")]
    fn text_signature(_this: &Connection) -> &'static str {
        "(sql, /)"
    }

    #[getter("isolation_level")]
    fn isolation_level(vm: &Vm, this: &Connection) -> PyResult {
        this.check_open(vm)?;
        Ok(this.isolation_level.borrow().map_or(Value::NONE, Value::from_str))
    }

    #[setter("isolation_level")]
    async fn set_isolation_level(vm: VmRef, this: Ref<Connection>, value: Option<Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.attribute_error("cannot delete attribute")) };
        let level = isolation_value(&vm, &value)?;
        this.check_open(&vm)?;
        this.isolation_level.set(level);
        if level.is_none() && this.in_transaction() {
            this.run(&vm, "COMMIT").await?;
        }
        Ok(())
    }

    #[getter("autocommit")]
    fn autocommit(vm: &Vm, this: &Connection) -> PyResult {
        this.check(vm)?;
        Ok(match this.autocommit.get() {
            -1 => Value::small_int(-1),
            on => Value::bool(on == 1),
        })
    }

    #[setter("autocommit")]
    async fn set_autocommit(vm: VmRef, this: Ref<Connection>, value: Option<Value>) -> PyResult<()> {
        this.check(&vm)?;
        let Some(value) = value else { return Err(vm.attribute_error("cannot delete attribute")) };
        let wanted = autocommit_value(&vm, &value)?;
        if wanted == 1 {
            if this.in_transaction() {
                this.run(&vm, "COMMIT").await?;
            }
        } else if wanted == 0 && !this.in_transaction() {
            this.run(&vm, "BEGIN").await?;
        }
        this.autocommit.set(wanted);
        Ok(())
    }

    #[getter("in_transaction")]
    fn in_transaction_attribute(vm: &Vm, this: &Connection) -> PyResult<bool> {
        this.check_open(vm)?;
        Ok(this.in_transaction())
    }

    #[getter("total_changes")]
    fn total_changes(vm: &Vm, this: &Connection) -> PyResult<i32> {
        Ok(sqlite3_total_changes(this.check_open(vm)?))
    }

    #[getter("row_factory")]
    fn row_factory(this: &Connection) -> Value {
        this.row_factory.get()
    }

    #[setter("row_factory")]
    fn set_row_factory(vm: &Vm, this: &Connection, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.attribute_error("row_factory")) };
        this.row_factory.set(value.clone());
        Ok(())
    }

    #[getter("text_factory")]
    fn text_factory(this: &Connection) -> Value {
        this.text_factory.get()
    }

    #[setter("text_factory")]
    fn set_text_factory(vm: &Vm, this: &Connection, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.attribute_error("text_factory")) };
        this.text_factory.set(value.clone());
        Ok(())
    }
}

/// What calling a connection answers: a prepared statement, of no use to programs.
#[native_type(name = "Statement", module = "sqlite3")]
pub struct Statement {}

#[methods(block = CLASSES)]
impl Connection {
    #[getter("Error")]
    fn error_class(_this: &Connection) -> Value {
        errors::by_index(0)
    }

    #[getter("Warning")]
    fn warning_class(_this: &Connection) -> Value {
        errors::by_index(1)
    }

    #[getter("InterfaceError")]
    fn interface_error(_this: &Connection) -> Value {
        errors::by_index(2)
    }

    #[getter("DatabaseError")]
    fn database_error(_this: &Connection) -> Value {
        errors::by_index(3)
    }

    #[getter("InternalError")]
    fn internal_error(_this: &Connection) -> Value {
        errors::by_index(4)
    }

    #[getter("OperationalError")]
    fn operational_error(_this: &Connection) -> Value {
        errors::by_index(5)
    }

    #[getter("ProgrammingError")]
    fn programming_error(_this: &Connection) -> Value {
        errors::by_index(6)
    }

    #[getter("IntegrityError")]
    fn integrity_error(_this: &Connection) -> Value {
        errors::by_index(7)
    }

    #[getter("DataError")]
    fn data_error(_this: &Connection) -> Value {
        errors::by_index(8)
    }

    #[getter("NotSupportedError")]
    fn not_supported_error(_this: &Connection) -> Value {
        errors::by_index(9)
    }
}
