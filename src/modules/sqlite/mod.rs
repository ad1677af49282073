//! Module `_sqlite3`: databases by SQLite itself (`engine`), for the package `sqlite3`.
//!
//! A connection (`connection`, its methods in `connection_methods`, `functions`) calls SQLite so that a callback into Python
//! (`callbacks`) stops the call; cursors (`cursor`) bind parameters and fetch rows (`binding`, `columns`).

mod adapters;
mod binding;
mod blob;
mod callbacks;
mod columns;
mod connection;
mod connection_methods;
mod constants;
mod cursor;
mod engine;
mod errors;
mod functions;
mod opening;
mod row;

use snakelet_macros::native_module;
use snakelet_vm::errors::Exc;
use snakelet_vm::native::{ArgBytes, ModuleDef, Native};
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::float::Float;
use snakelet_vm::types::module::Module;
use snakelet_vm::{PyResult, Raised, Value, Vm, VmRef};

use self::adapters::{PrepareProtocol, Registry};
use self::blob::Blob;
use self::connection::Connection;
use self::cursor::Cursor;
use self::row::Row;

pub const MODULE: ModuleDef = Sqlite::MODULE;

/// Declares module `_sqlite3`.
pub struct Sqlite;

#[native_module("_sqlite3", types = [Blob, Connection, Cursor, PrepareProtocol, Row])]
impl Sqlite {
    #[constant("PARSE_DECLTYPES")]
    const PARSE_DECLTYPES: i64 = columns::PARSE_DECLTYPES as i64;

    #[constant("PARSE_COLNAMES")]
    const PARSE_COLNAMES: i64 = columns::PARSE_COLNAMES as i64;

    #[constant("LEGACY_TRANSACTION_CONTROL")]
    const LEGACY_TRANSACTION_CONTROL: i64 = -1;

    /// Green threads take turns at a connection, so they may share it.
    #[constant("threadsafety")]
    const THREADSAFETY: i64 = 3;

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let Some(module) = module.downcast::<Module>() else { return Ok(()) };
        engine::callbacks();
        for (name, number) in constants::CODES.iter().chain(&constants::OTHERS) {
            module.dict.set_text(&format!("SQLITE_{name}"), Value::from_i64((*number).into()));
        }
        for (index, name) in errors::NAMES.iter().enumerate() {
            module.dict.set_text(name, errors::by_index(index));
        }
        let version = engine::text_at(engine::sqlite3_libversion());
        module.dict.set_text("sqlite_version", Value::from_str(&version));
        let registry = vm.extension::<Registry>();
        module.dict.set_text("adapters", registry.adapters.value());
        module.dict.set_text("converters", registry.converters.value());
        Ok(())
    }

    /// Open a connection to the SQLite database file 'database'.
    ///
    /// The name ":memory:" stands for a new database in memory.
    #[function(
        "connect(*args, **kwargs)",
        text = "($module, /, database, timeout=5.0, detect_types=0,\n        isolation_level='', check_same_thread=True,\n        factory=ConnectionType, cached_statements=128, uri=False, *,\n        autocommit=sqlite3.LEGACY_TRANSACTION_CONTROL)"
    )]
    async fn connect(vm: VmRef, args: Vec<Value>, kwargs: Vec<(Value, Value)>) -> PyResult {
        if args.len() > 1 {
            opening::deprecated_positional(vm, "sqlite3.connect").await?;
        }
        let named = kwargs.iter().find(|(name, _)| name.as_text().is_some_and(|name| *name == *"factory"));
        let factory = match args.get(5).or(named.map(|(_, value)| value)) {
            Some(factory) => factory.clone(),
            None => Connection::type_object().into_value(),
        };
        let (names, values): (Vec<Value>, Vec<Value>) = kwargs.into_iter().unzip();
        vm.call_kw(&factory, args.into_iter().chain(values).collect(), names).await
    }

    /// Return whether a text ends in a complete SQL statement.
    #[function("complete_statement(statement)")]
    fn complete_statement(vm: &Vm, statement: String) -> PyResult<bool> {
        match engine::Block::text(statement.as_bytes()) {
            Some(text) => Ok(engine::sqlite3_complete(text.0) != 0),
            None => Err(vm.memory_error()),
        }
    }

    /// Register a function that makes values of a type into values that SQLite has.
    #[function("register_adapter(type, adapter, /)")]
    async fn register_adapter(vm: VmRef, r#type: Value, adapter: Value) -> PyResult<()> {
        let registry = vm.extension::<Registry>();
        let base = ["int", "float", "str", "bytearray"];
        if base.iter().any(|name| vm.builtins.get_text(name).is_some_and(|class| class.is(&r#type))) {
            registry.adapts_base_types.set(true);
        }
        let key = Value::from_pair(r#type, PrepareProtocol::type_object().into_value());
        Dict::set(&vm, &registry.adapters, &key, &adapter).await
    }

    /// Register a function that makes bytes from the database into a value, for columns of the type with that name.
    #[function("register_converter(typename, converter, /)")]
    fn register_converter(vm: &Vm, typename: String, converter: Value) {
        vm.extension::<Registry>().converters.set_text(&typename.to_uppercase(), converter);
    }

    /// Adapt an object to a protocol.
    #[function("adapt(obj, proto=PrepareProtocolType, alt=<unrepresentable>, /)")]
    async fn adapt(vm: VmRef, obj: Value, proto: Option<Value>, alt: Option<Value>) -> PyResult {
        let protocol = proto.unwrap_or_else(|| PrepareProtocol::type_object().into_value());
        adapters::adapt(&vm, &obj, &protocol, alt).await
    }

    /// Show or hide the tracebacks of callbacks that raise.
    #[function("enable_callback_tracebacks(enable, /)")]
    fn enable_callback_tracebacks(vm: &Vm, enable: bool) {
        vm.extension::<Registry>().tracebacks.set(enable);
    }
}

/// The value of an int or bool; OverflowError where SQLite's integers cannot hold it; `None` for other types.
fn int_value(vm: &Vm, value: &Value) -> Option<PyResult<i64>> {
    if let Some(truth) = value.as_bool() {
        return Some(Ok(truth.into()));
    }
    if !value.is_int() {
        return None;
    }
    let too_large = || vm.overflow_error("Python int too large to convert to SQLite INTEGER");
    Some(value.to_i64().ok_or_else(too_large))
}

/// The value of a float or of an instance of a subclass.
fn float_value(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| Some(value.downcast::<Float>()?.value))
}

/// The bytes of a str; UnicodeEncodeError for lone surrogates.
async fn utf8(vm: &Vm, value: &Value) -> PyResult<Vec<u8>> {
    if let Some(Ok(text)) = value.as_text().map(|text| text.to_utf8()) {
        return Ok(text.into_owned().into_bytes());
    }
    let encode = vm.attr(value, "encode").await?;
    match vm.call(&encode, vec![Value::from_str("utf-8")]).await {
        Ok(bytes) => Ok(ArgBytes::of(&bytes).map(|bytes| bytes.to_vec()).unwrap_or_default()),
        Err(raised) => Err(raised),
    }
}

/// The bytes of a buffer; `None` for other objects.
fn buffer(vm: &Vm, value: &Value) -> PyResult<Option<Vec<u8>>> {
    if snakelet_vm::types::memoryview::is_memoryview(value) {
        // An attribute of a builtin type: there at once.
        if vm.get_attr(value, &snakelet_vm::object::intern::intern("c_contiguous"))?.is_false() {
            return Err(vm.error(Exc::BufferError, "memoryview: underlying buffer is not C-contiguous"));
        }
    }
    Ok(ArgBytes::of(value).map(|bytes| bytes.to_vec()))
}

/// TypeError unless it can be called.
fn check_callable(vm: &Vm, value: &Value) -> Result<(), Raised> {
    if vm.type_of(value).slots().call.is_some() { Ok(()) } else { Err(vm.type_error("parameter must be callable")) }
}
