//! `Cursor`: executes statements and hands out their rows.

use std::cell::Cell;
use std::rc::Rc;

use snakelet_macros::{methods, native_type};
use snakelet_vm::object::intern::intern;
use snakelet_vm::{PyResult, Raised, Ref, Value, Vm, VmCell, VmRef};

use super::connection::{Connection, Statement};
use super::engine::{
    DONE, OK, ROW, sqlite3_changes, sqlite3_column_count, sqlite3_data_count, sqlite3_finalize,
    sqlite3_last_insert_rowid, sqlite3_limit, sqlite3_step, sqlite3_stmt_busy, sqlite3_stmt_readonly,
};
use super::errors::{self, Class};
use super::{binding, columns};

/// The payload of cursors.
#[native_type(
    name = "Cursor",
    module = "sqlite3",
    doc = "SQLite database cursor class.",
    flags(subclassable, weak_references)
)]
pub struct Cursor {
    connection: VmCell<Option<Ref<Connection>>>,
    /// Of the last statement with results, or None.
    description: VmCell<Value>,
    row_factory: VmCell<Value>,
    lastrowid: VmCell<Value>,
    rowcount: Cell<i64>,
    arraysize: Cell<u32>,
    initialized: Cell<bool>,
    closed: Cell<bool>,
    /// A statement is being executed or a row being made.
    locked: Cell<bool>,
    #[skip_traverse]
    statement: VmCell<Option<Active>>,
    converters: VmCell<Vec<Value>>,
}

/// The statement of a cursor; reset when the cursor lets go of it.
struct Active(Rc<Statement>);

impl Drop for Active {
    fn drop(&mut self) {
        self.0.reset();
    }
}

/// Unlocks a cursor.
struct Lock<'a>(&'a Cursor);

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        self.0.locked.set(false);
    }
}

impl Cursor {
    /// `description`
    pub fn description(&self) -> Value {
        self.description.get()
    }

    pub fn set_row_factory(&self, factory: Value) {
        self.row_factory.set(factory);
    }

    fn lock(&self) -> Lock<'_> {
        self.locked.set(true);
        Lock(self)
    }

    /// The connection, if the cursor can be used.
    fn check(&self, vm: &Vm) -> PyResult<Ref<Connection>> {
        let Some(connection) = self.connection.borrow().clone().filter(|_| self.initialized.get()) else {
            return Err(errors::programming(vm, "Base Cursor.__init__ not called."));
        };
        if self.closed.get() {
            return Err(errors::programming(vm, "Cannot operate on a closed cursor."));
        }
        if self.locked.get() {
            return Err(errors::programming(vm, "Recursive use of cursors not allowed."));
        }
        connection.check(vm)?;
        Ok(connection)
    }

    /// Executes a statement once, or with each of several parameters.
    async fn run(&self, vm: &Vm, sql: &Value, parameters: Value, many: bool) -> PyResult<()> {
        let connection = self.check(vm)?;
        let Some(text) = sql.as_text() else {
            let got = vm.type_name(sql);
            let name = if many { "executemany" } else { "execute" };
            return Err(vm.type_error(format!("{name}() argument 1 must be str, not {got}")));
        };
        let sql = match text.to_utf8() {
            Ok(sql) => sql.into_owned(),
            Err(_) => String::from_utf8(super::utf8(vm, sql).await?).unwrap_or_default(),
        };
        let lock = self.lock();
        let result = self.run_locked(vm, &connection, &sql, parameters, many).await;
        drop(lock);
        let is_over = |active: &Active| connection.db.get() == 0 || sqlite3_stmt_busy(active.0.handle) == 0;
        if result.is_err() {
            let exception = vm.take_raised();
            self.statement.set(None);
            self.rowcount.set(-1);
            return Err(vm.raise(exception));
        }
        if self.statement.borrow().as_ref().is_some_and(is_over) {
            self.statement.set(None);
        }
        Ok(())
    }

    async fn run_locked(
        &self,
        vm: &Vm,
        connection: &Ref<Connection>,
        sql: &str,
        parameters: Value,
        many: bool,
    ) -> PyResult<()> {
        let iterator = if many { Some(vm.iter(&parameters).await?) } else { None };
        self.description.set(Value::NONE);
        self.statement.set(None);
        let Some(mut statement) = connection.statement(vm, sql, false).await? else {
            return self.run_nothing(vm, many, &parameters).await;
        };
        if many && sqlite3_stmt_readonly(statement.handle) != 0 {
            return Err(errors::programming(vm, "executemany() can only execute DML statements."));
        }
        if sqlite3_stmt_busy(statement.handle) != 0 {
            match connection.statement(vm, sql, true).await? {
                Some(fresh) => statement = fresh,
                None => return Ok(()),
            }
        }
        statement.reset();
        self.statement.set(Some(Active(statement.clone())));
        self.rowcount.set(if statement.changes_data { 0 } else { -1 });
        if let Some(level) = *connection.isolation_level.borrow()
            && connection.autocommit.get() < 0
            && statement.changes_data
            && !connection.in_transaction()
        {
            connection.run(vm, &format!("BEGIN {level}")).await?;
        }
        let handle = statement.handle;
        let mut once = Some(parameters);
        loop {
            let next = match &iterator {
                Some(iterator) => vm.next(iterator).await?,
                None => once.take(),
            };
            let Some(parameters) = next else { break };
            connection.check_open(vm)?;
            binding::bind(vm, connection, handle, &parameters).await?;
            let db = connection.check_open(vm)?;
            let code = connection.code(vm, move || sqlite3_step(handle)).await?;
            if code != DONE && code != ROW {
                let error = connection.error(vm);
                let exception = vm.take_raised();
                statement.reset();
                let _ = error;
                return Err(vm.raise(exception));
            }
            self.converters.set(columns::converters(vm, connection, handle));
            if self.description.borrow().is_none() && sqlite3_column_count(handle) > 0 {
                self.description.set(columns::description(connection, handle));
            }
            if code == DONE {
                if statement.changes_data {
                    self.rowcount.set(self.rowcount.get() + i64::from(sqlite3_changes(db)));
                }
                statement.reset();
            }
            if many && code == ROW {
                statement.reset();
            }
        }
        if !many {
            self.lastrowid.set(Value::from_i64(sqlite3_last_insert_rowid(connection.check_open(vm)?)));
        }
        Ok(())
    }

    /// A statement of nothing but comments.
    async fn run_nothing(&self, vm: &Vm, many: bool, _parameters: &Value) -> PyResult<()> {
        if many {
            return Err(errors::programming(vm, "executemany() can only execute DML statements."));
        }
        self.rowcount.set(-1);
        Ok(())
    }

    /// The next row; `None` after the last.
    async fn fetch(&self, vm: &Vm, this: &Value) -> PyResult<Option<Value>> {
        let connection = self.check(vm)?;
        let Some(statement) = self.statement.borrow().as_ref().map(|active| active.0.clone()) else { return Ok(None) };
        let handle = statement.handle;
        if sqlite3_data_count(handle) == 0 {
            self.statement.set(None);
            return Ok(None);
        }
        let lock = self.lock();
        let converters = self.converters.get();
        let row = columns::row(vm, &connection, handle, &converters).await;
        drop(lock);
        let mut row = row?;
        let db = connection.check_open(vm)?;
        let code = connection.code(vm, move || sqlite3_step(handle)).await?;
        if code == DONE {
            if statement.changes_data {
                self.rowcount.set(sqlite3_changes(db).into());
            }
            self.statement.set(None);
        } else if code != ROW {
            let error: Raised = connection.error(vm);
            let exception = vm.take_raised();
            self.statement.set(None);
            let _ = error;
            return Err(vm.raise(exception));
        }
        let factory = self.row_factory.get();
        if !factory.is_none() {
            row = vm.call(&factory, vec![this.clone(), row]).await?;
        }
        Ok(Some(row))
    }
}

/// A count of rows: what an argument or attribute must be.
fn row_count(vm: &Vm, value: &Value, name: &str) -> PyResult<u32> {
    if !value.is_int() {
        let got = vm.type_name(value);
        return Err(vm.type_error(format!("'{got}' object cannot be interpreted as an integer")));
    }
    let negative = vm.compare_now(value, &Value::small_int(0), snakelet_vm::types::slots::CompareOp::Lt);
    if negative.and_then(Result::ok).is_some_and(|negative| negative.is_true()) {
        return Err(vm.value_error(format!("{name} must be non-negative")));
    }
    value
        .to_i64()
        .and_then(|count| u32::try_from(count).ok())
        .ok_or_else(|| vm.overflow_error("Python int too large to convert to C uint32_t"))
}

#[methods]
impl Cursor {
    #[new("Cursor(*args, **kwargs)", text = none)]
    fn new(vm: &Vm, cls: &Value, _args: &[Value], _kwargs: snakelet_vm::native::KwArgs<'_>) -> PyResult {
        let payload = Cursor {
            connection: VmCell::new(None),
            description: VmCell::default(),
            row_factory: VmCell::default(),
            lastrowid: VmCell::default(),
            rowcount: Cell::new(-1),
            arraysize: Cell::new(1),
            initialized: Cell::new(false),
            closed: Cell::new(false),
            locked: Cell::new(false),
            statement: VmCell::new(None),
            converters: VmCell::default(),
        };
        vm.new_instance(cls, payload)
    }

    #[init("Cursor(connection, /)", text = none)]
    fn init(vm: &Vm, this: &Cursor, connection: Ref<Connection>) -> PyResult<()> {
        if this.locked.get() {
            return Err(errors::programming(vm, "Recursive use of cursors not allowed."));
        }
        this.statement.set(None);
        this.connection.set(Some(connection.clone()));
        this.description.set(Value::NONE);
        this.lastrowid.set(Value::NONE);
        this.row_factory.set(Value::NONE);
        this.arraysize.set(1);
        this.closed.set(false);
        this.rowcount.set(-1);
        connection.check_thread(vm)?;
        this.initialized.set(true);
        Ok(())
    }

    /// Execute an SQL statement.
    #[method("execute(self, sql, parameters=(), /)")]
    async fn execute(vm: VmRef, this: Ref<Cursor>, sql: Value, parameters: Value) -> PyResult {
        this.run(&vm, &sql, parameters, false).await?;
        Ok(this.into_value())
    }

    /// Execute an SQL statement once for each item of a sequence or iterator of parameters.
    #[method("executemany(self, sql, seq_of_parameters, /)")]
    async fn executemany(vm: VmRef, this: Ref<Cursor>, sql: Value, seq_of_parameters: Value) -> PyResult {
        this.run(&vm, &sql, seq_of_parameters, true).await?;
        Ok(this.into_value())
    }

    /// Execute the SQL statements of a script, after a commit if a transaction is open.
    #[method("executescript(self, sql_script, /)")]
    async fn executescript(vm: VmRef, this: Ref<Cursor>, sql_script: Value) -> PyResult {
        if sql_script.as_text().is_none() {
            let got = vm.type_name(&sql_script);
            return Err(vm.type_error(format!("executescript() argument must be str, not {got}")));
        }
        let sql = super::utf8(&vm, &sql_script).await?;
        if sql.contains(&0) {
            return Err(vm.value_error("embedded null character"));
        }
        let connection = this.check(&vm)?;
        if sql.len() as i64 > i64::from(sqlite3_limit(connection.db.get(), 1, -1)) {
            return Err(errors::raise(&vm, Class::Data, "query string is too large"));
        }
        if connection.autocommit.get() < 0 && connection.in_transaction() {
            connection.run(&vm, "COMMIT").await?;
        }
        let mut at = 0;
        while at < sql.len() {
            let (handle, used) = connection.prepare_raw(&vm, &sql[at..]).await?;
            at += used;
            if handle == 0 {
                if used == 0 {
                    break;
                }
                continue;
            }
            loop {
                match connection.code(&vm, move || sqlite3_step(handle)).await {
                    Ok(ROW) => {}
                    Ok(_) => break,
                    Err(raised) => {
                        sqlite3_finalize(handle);
                        return Err(raised);
                    }
                }
            }
            connection.check_open(&vm)?;
            if sqlite3_finalize(handle) != OK {
                return Err(connection.error(&vm));
            }
        }
        Ok(this.into_value())
    }

    /// The next row of the result, or None.
    #[method("fetchone(self, /)")]
    async fn fetchone(vm: VmRef, this: Ref<Cursor>) -> PyResult {
        Ok(this.fetch(&vm, this.as_value()).await?.unwrap_or_default())
    }

    /// The next rows of the result, at most so many, as a list.
    ///
    ///   size
    ///     The default is the attribute arraysize.
    #[method("fetchmany(self, /, size=1)")]
    async fn fetchmany(vm: VmRef, this: Ref<Cursor>, size: Option<Value>) -> PyResult {
        let size = match size {
            Some(size) => row_count(&vm, &size, "size")?,
            None => this.arraysize.get(),
        };
        let mut rows = Vec::new();
        while rows.len() < size as usize {
            let Some(row) = this.fetch(&vm, this.as_value()).await? else { break };
            vm.reserve(&mut rows, 1)?;
            rows.push(row);
        }
        Ok(Value::from_list(rows))
    }

    /// All rows of the result that are left, as a list.
    #[method("fetchall(self, /)")]
    async fn fetchall(vm: VmRef, this: Ref<Cursor>) -> PyResult {
        let mut rows = Vec::new();
        while let Some(row) = this.fetch(&vm, this.as_value()).await? {
            vm.reserve(&mut rows, 1)?;
            rows.push(row);
        }
        Ok(Value::from_list(rows))
    }

    /// Does nothing; DB-API has it.
    #[method("setinputsizes(self, sizes, /)")]
    fn setinputsizes(_this: &Cursor, _sizes: &Value) {}

    /// Does nothing; DB-API has it.
    #[method("setoutputsize(self, size, column=None, /)")]
    fn setoutputsize(_this: &Cursor, _size: &Value, _column: Option<&Value>) {}

    /// Close the cursor.
    #[method("close(self, /)")]
    fn close(vm: &Vm, this: &Cursor) -> PyResult<()> {
        if this.locked.get() {
            return Err(errors::programming(vm, "Recursive use of cursors not allowed."));
        }
        let Some(connection) = this.connection.borrow().clone().filter(|_| this.initialized.get()) else {
            return Err(errors::programming(vm, "Base Cursor.__init__ not called."));
        };
        connection.check(vm)?;
        this.statement.set(None);
        this.closed.set(true);
        Ok(())
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    async fn next(vm: VmRef, this: Ref<Cursor>) -> PyResult {
        Ok(this.fetch(&vm, this.as_value()).await?.unwrap_or(Value::UNBOUND))
    }

    #[getter("connection")]
    fn connection(this: &Cursor) -> Value {
        this.connection.borrow().as_ref().map_or(Value::NONE, Ref::value)
    }

    #[getter("description")]
    fn description_attribute(this: &Cursor) -> Value {
        this.description.get()
    }

    #[getter("lastrowid")]
    fn lastrowid(this: &Cursor) -> Value {
        this.lastrowid.get()
    }

    #[getter("rowcount")]
    fn rowcount(this: &Cursor) -> i64 {
        this.rowcount.get()
    }

    #[getter("arraysize")]
    fn arraysize(this: &Cursor) -> i64 {
        this.arraysize.get().into()
    }

    #[setter("arraysize")]
    fn set_arraysize(vm: &Vm, this: &Cursor, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.type_error("cannot delete arraysize attribute")) };
        this.arraysize.set(row_count(vm, value, "arraysize")?);
        Ok(())
    }

    #[getter("row_factory")]
    fn row_factory(this: &Cursor) -> Value {
        this.row_factory.get()
    }

    #[setter("row_factory")]
    fn set_row_factory_attribute(vm: &Vm, this: &Cursor, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.attribute_error("row_factory")) };
        this.row_factory.set(value.clone());
        Ok(())
    }
}

/// A new cursor of a connection, as the program's factory or the class makes it.
pub async fn make(vm: &Vm, connection: &Ref<Connection>, factory: Option<Value>) -> PyResult {
    let factory = match factory {
        Some(factory) => factory,
        None => <Cursor as snakelet_vm::native::Native>::type_object().into_value(),
    };
    let cursor = vm.call(&factory, vec![connection.value()]).await?;
    let Some(made) = cursor.downcast::<Cursor>() else {
        let got = vm.type_name(&cursor);
        return Err(vm.type_error(format!("factory must return a cursor, not {got}")));
    };
    let rows = connection.row_factory.get();
    if !rows.is_none() {
        made.set_row_factory(rows);
    }
    Ok(cursor)
}

/// Calls a method of a new cursor by its name.
pub async fn delegate(vm: &Vm, connection: &Ref<Connection>, name: &str, args: Vec<Value>) -> PyResult {
    let make = vm.attr(connection.as_value(), "cursor").await?;
    let cursor = vm.call(&make, Vec::new()).await?;
    let Some(method) = vm.attr_opt(&cursor, &intern(name)).await? else {
        return Err(vm.attribute_error(name));
    };
    vm.call(&method, args).await
}
