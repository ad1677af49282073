//! Module `_csv`: reading and writing of comma-separated values.

mod dialect;
mod reader;
mod writer;

use std::cell::Cell;

use snakelet_macros::native_module;
use snakelet_vm::native::{ModuleDef, Native};
use snakelet_vm::types::dict::Dict;
use snakelet_vm::{PyResult, Raised, Ref, Value, Vm, VmRef};

use self::dialect::Dialect;
use self::reader::Reader;
use self::writer::Writer;
use crate::support::{ClassConstant, exception, raise_text};

pub const MODULE: ModuleDef = Csv::MODULE;

exception!(error_class, "_csv", "Error", "", Exception);

#[cold]
fn error(vm: &Vm, message: impl AsRef<str>) -> Raised {
    raise_text(vm, &error_class(), message)
}

/// The dialects by name, and the limit for the length of fields.
struct Registry {
    dialects: Ref<Dict>,
    limit: Cell<i64>,
}

impl Default for Registry {
    fn default() -> Registry {
        Registry { dialects: Dict::new_object(), limit: Cell::new(128 * 1024) }
    }
}

/// CSV parsing and writing.
#[native_module("_csv", types = [Dialect])]
impl Csv {
    #[constant("Error")]
    const ERROR: ClassConstant = ClassConstant(error_class);

    #[constant("Reader")]
    const READER: ClassConstant = ClassConstant(Reader::type_object);

    #[constant("Writer")]
    const WRITER: ClassConstant = ClassConstant(Writer::type_object);

    #[constant("__version__")]
    const VERSION: &str = "1.0";

    #[constant("QUOTE_MINIMAL")]
    const QUOTE_MINIMAL: i64 = dialect::QUOTE_MINIMAL;

    #[constant("QUOTE_ALL")]
    const QUOTE_ALL: i64 = dialect::QUOTE_ALL;

    #[constant("QUOTE_NONNUMERIC")]
    const QUOTE_NONNUMERIC: i64 = dialect::QUOTE_NONNUMERIC;

    #[constant("QUOTE_NONE")]
    const QUOTE_NONE: i64 = dialect::QUOTE_NONE;

    #[constant("QUOTE_STRINGS")]
    const QUOTE_STRINGS: i64 = dialect::QUOTE_STRINGS;

    #[constant("QUOTE_NOTNULL")]
    const QUOTE_NOTNULL: i64 = dialect::QUOTE_NOTNULL;

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let dialects = vm.extension::<Registry>().dialects.value();
        vm.set_attr(module, &snakelet_vm::name!(_dialects), Some(&dialects)).map(drop)
    }

    /// Return a reader object that will process lines from the given iterable.
    ///
    /// The optional dialect and keyword arguments describe the format.
    #[function("reader(iterable, /, dialect='excel', **fmtparams)")]
    async fn reader(vm: VmRef, iterable: Value, dialect: Option<Value>, fmtparams: Vec<(Value, Value)>) -> PyResult {
        let dialect = dialect::make(&vm, dialect, fmtparams).await?;
        let input = vm.iter(&iterable).await?;
        Ok(Reader { input, dialect, line_num: Cell::new(0) }.into_value())
    }

    /// Return a writer object that will write user data on the given file object.
    ///
    /// The optional dialect and keyword arguments describe the format.
    #[function("writer(fileobj, /, dialect='excel', **fmtparams)")]
    async fn writer(vm: VmRef, fileobj: Value, dialect: Option<Value>, fmtparams: Vec<(Value, Value)>) -> PyResult {
        let dialect = dialect::make(&vm, dialect, fmtparams).await?;
        let write = vm.attr_opt(&fileobj, &snakelet_vm::name!(write)).await?;
        match write.filter(|write| vm.type_of(write).slots().call.is_some()) {
            Some(write) => Ok(Writer { write, dialect }.into_value()),
            None => Err(vm.type_error("argument 1 must have a \"write\" method")),
        }
    }

    /// Return a list of all known dialect names.
    #[function("list_dialects()")]
    fn list_dialects(vm: &Vm) -> Value {
        let dialects = &vm.extension::<Registry>().dialects;
        Value::from_list(dialects.table.borrow().iter().map(|entry| entry.key.clone()).collect())
    }

    /// Create a mapping from a string name to a dialect class.
    #[function("register_dialect(name, /, dialect='excel', **fmtparams)")]
    async fn register_dialect(
        vm: VmRef,
        name: Value,
        dialect: Option<Value>,
        fmtparams: Vec<(Value, Value)>,
    ) -> PyResult<()> {
        dialect::register(vm, name, dialect.unwrap_or_default(), fmtparams).await
    }

    /// Delete the name/dialect mapping associated with a string name.
    #[function("unregister_dialect(name)")]
    fn unregister_dialect(vm: &Vm, name: &Value) -> PyResult<()> {
        match vm.extension::<Registry>().dialects.remove_now(vm, name) {
            Some(Ok(Some(_))) => Ok(()),
            Some(Err(raised)) => Err(raised),
            _ => Err(error(vm, "unknown dialect")),
        }
    }

    /// Return the dialect instance associated with name.
    #[function("get_dialect(name)")]
    fn get_dialect(vm: &Vm, name: &Value) -> PyResult {
        dialect::find(vm, name)
    }

    /// Sets an upper limit on parsed fields.
    ///
    /// Returns the old limit. If limit is not given, no new limit is set.
    #[function("field_size_limit(new_limit=<unrepresentable>)")]
    fn field_size_limit(vm: &Vm, new_limit: Option<&Value>) -> PyResult<i64> {
        let limit = &vm.extension::<Registry>().limit;
        let old = limit.get();
        if let Some(new) = new_limit {
            if !new.is_int() {
                return Err(vm.type_error("limit must be an integer"));
            }
            match new.to_i64() {
                Some(new) => limit.set(new),
                None => return Err(vm.overflow_error("Python int too large to convert to C long")),
            }
        }
        Ok(old)
    }
}

/// Declares module `_csv`.
pub struct Csv;
