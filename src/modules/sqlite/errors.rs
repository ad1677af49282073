//! The module's exceptions, and what SQLite's result codes become.

use std::cell::OnceCell;

use snakelet_vm::errors::Exc;
use snakelet_vm::object::instance;
use snakelet_vm::object::intern::intern;
use snakelet_vm::types::builtin::make_exception_class;
use snakelet_vm::types::typeobject::Type;
use snakelet_vm::{Raised, Ref, Value, Vm};

use super::constants::code_name;
use super::engine::{Ptr, sqlite3_errcode, sqlite3_errmsg, sqlite3_errstr, sqlite3_extended_errcode, text_at};

/// The exception classes of DB-API 2.0.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Error,
    Warning,
    Interface,
    Database,
    Internal,
    Operational,
    Programming,
    Integrity,
    Data,
    NotSupported,
}

/// Their names, in the order of [`Class`].
pub const NAMES: [&str; 10] = [
    "Error",
    "Warning",
    "InterfaceError",
    "DatabaseError",
    "InternalError",
    "OperationalError",
    "ProgrammingError",
    "IntegrityError",
    "DataError",
    "NotSupportedError",
];

impl Class {
    /// The class object.
    pub fn object(self) -> Ref<Type> {
        thread_local! {
            static CLASSES: [OnceCell<Ref<Type>>; 10] = const { [const { OnceCell::new() }; 10] };
        }
        let make = || {
            let base = match self {
                Class::Error | Class::Warning => Exc::Exception.class(),
                Class::Interface | Class::Database => Class::Error.object(),
                _ => Class::Database.object(),
            };
            let class = make_exception_class(NAMES[self as usize], "", base);
            class.dict.set_text("__module__", intern("sqlite3"));
            class.dict.set_text("__doc__", Value::NONE);
            class.modified();
            class
        };
        CLASSES.with(|classes| classes[self as usize].get_or_init(make).clone())
    }
}

/// The class of a name, for attributes of connections.
pub fn by_index(index: usize) -> Value {
    const ALL: [Class; 10] = [
        Class::Error,
        Class::Warning,
        Class::Interface,
        Class::Database,
        Class::Internal,
        Class::Operational,
        Class::Programming,
        Class::Integrity,
        Class::Data,
        Class::NotSupported,
    ];
    ALL[index].object().into_value()
}

#[cold]
pub fn raise(vm: &Vm, class: Class, message: impl AsRef<str>) -> Raised {
    crate::support::raise_text(vm, &class.object(), message)
}

#[cold]
pub fn programming(vm: &Vm, message: impl AsRef<str>) -> Raised {
    raise(vm, Class::Programming, message)
}

/// The exception class of a result code; `None` for MemoryError.
fn class_of(code: i32) -> Option<Class> {
    Some(match code & 0xff {
        2 | 12 => Class::Internal,
        7 => return None,
        1 | 3..=6 | 8..=10 | 13..=17 => Class::Operational,
        11 => Class::Database,
        18 => Class::Data,
        19 | 20 => Class::Integrity,
        21 | 25 => Class::Interface,
        _ => Class::Database,
    })
}

/// The exception for the last error of a connection.
#[cold]
pub fn from_database(vm: &Vm, db: Ptr) -> Raised {
    if db == 0 {
        return vm.memory_error();
    }
    let code = sqlite3_errcode(db);
    match class_of(code) {
        _ if code == 0 => raise(vm, Class::Database, "not an error"),
        None => vm.memory_error(),
        Some(class) => with_code(vm, class, sqlite3_extended_errcode(db), &text_at(sqlite3_errmsg(db))),
    }
}

/// The exception for a result code without a connection's text.
#[cold]
pub fn from_code(vm: &Vm, code: i32) -> Raised {
    match class_of(code) {
        None => vm.memory_error(),
        Some(class) => with_code(vm, class, code, &text_at(sqlite3_errstr(code))),
    }
}

fn with_code(vm: &Vm, class: Class, code: i32, message: &str) -> Raised {
    let exception = snakelet_vm::types::exception::instantiate(vm, &class.object(), vec![Value::from_str(message)]);
    if let Some(header) = exception.header() {
        let name = code_name(code).unwrap_or_else(|| "unknown".to_string());
        instance::set(header, &intern("sqlite_errorcode"), Value::from_i64(code.into()));
        instance::set(header, &intern("sqlite_errorname"), Value::from_str(&name));
    }
    vm.raise(exception)
}
