//! Results: the columns of a statement's rows as Python values, and what a cursor says about them.

use snakelet_vm::{PyResult, Value, Vm};

use super::adapters::converter;
use super::callbacks::{BLOB, FLOAT, INTEGER, TEXT};
use super::connection::{Connection, copy};
use super::engine::{
    Ptr, sqlite3_column_blob, sqlite3_column_bytes, sqlite3_column_count, sqlite3_column_decltype,
    sqlite3_column_double, sqlite3_column_int64, sqlite3_column_name, sqlite3_column_text, sqlite3_column_type,
    sqlite3_data_count, text_at,
};
use super::errors::{self, Class};

/// `detect_types`: by the declared types of columns.
pub const PARSE_DECLTYPES: i32 = 1;
/// `detect_types`: by what stands in brackets behind columns' names.
pub const PARSE_COLNAMES: i32 = 2;

/// `Cursor.description`: a tuple of seven items for each column, only the first of which says something.
pub fn description(connection: &Connection, statement: Ptr) -> Value {
    let column = |at: i32| {
        let mut name = text_at(sqlite3_column_name(statement, at));
        if connection.detect_types.get() & PARSE_COLNAMES != 0
            && let Some(bracket) = name.find('[')
        {
            // One blank before the bracket belongs to it.
            let end = if name[..bracket].ends_with(' ') { bracket - 1 } else { bracket };
            name.truncate(end);
        }
        let mut items = vec![Value::NONE; 7];
        items[0] = Value::from_str(&name);
        Value::from_tuple(items)
    };
    Value::from_tuple((0..sqlite3_column_count(statement)).map(column).collect())
}

/// The converter of each column, None for those without.
pub fn converters(vm: &Vm, connection: &Connection, statement: Ptr) -> Vec<Value> {
    let detect = connection.detect_types.get();
    if detect == 0 {
        return Vec::new();
    }
    let column = |at: i32| {
        if detect & PARSE_COLNAMES != 0 {
            let name = text_at(sqlite3_column_name(statement, at));
            let bracketed = name.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
            if let Some(found) = bracketed.and_then(|(key, _)| converter(vm, key)) {
                return found;
            }
        }
        if detect & PARSE_DECLTYPES != 0 {
            let declared = text_at(sqlite3_column_decltype(statement, at));
            let key = declared.split([' ', '(']).next().unwrap_or("");
            if !declared.is_empty()
                && let Some(found) = converter(vm, key)
            {
                return found;
            }
        }
        Value::NONE
    };
    (0..sqlite3_column_count(statement)).map(column).collect()
}

/// The row that the statement stands at.
pub async fn row(vm: &Vm, connection: &Connection, statement: Ptr, converters: &[Value]) -> PyResult {
    let count = sqlite3_data_count(statement);
    let mut items = vm.vec_with_capacity(count.max(0) as usize)?;
    for at in 0..count {
        let converter = converters.get(at as usize).filter(|converter| !converter.is_none());
        items.push(match converter {
            Some(converter) => {
                let blob = sqlite3_column_blob(statement, at);
                if blob == 0 {
                    Value::NONE
                } else {
                    let bytes = bytes_of(vm, blob, sqlite3_column_bytes(statement, at))?;
                    vm.call(converter, vec![bytes]).await?
                }
            }
            None => plain(vm, connection, statement, at).await?,
        });
    }
    Ok(Value::from_tuple(items))
}

fn bytes_of(vm: &Vm, at: Ptr, length: i32) -> PyResult {
    vm.check_memory(length.max(0) as usize)?;
    Ok(Value::from_bytes(copy(at, length)))
}

async fn plain(vm: &Vm, connection: &Connection, statement: Ptr, at: i32) -> PyResult {
    match sqlite3_column_type(statement, at) {
        INTEGER => Ok(Value::from_i64(sqlite3_column_int64(statement, at))),
        FLOAT => Ok(Value::float(sqlite3_column_double(statement, at))),
        TEXT => {
            let text = sqlite3_column_text(statement, at);
            let length = sqlite3_column_bytes(statement, at);
            vm.check_memory(length.max(0) as usize)?;
            let factory = connection.text_factory.get();
            let is = |name: &str| vm.builtins.get_text(name).is_some_and(|class| class.is(&factory));
            if !is("str") {
                let bytes = Value::from_bytes(copy(text, length));
                return if is("bytes") { Ok(bytes) } else { vm.call(&factory, vec![bytes]).await };
            }
            match String::from_utf8(copy(text, length)) {
                Ok(text) => Ok(Value::from_str(&text)),
                Err(error) => {
                    let column = text_at(sqlite3_column_name(statement, at));
                    let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                    let message = format!("Could not decode to UTF-8 column '{column}' with text '{text}'");
                    Err(errors::raise(vm, Class::Operational, message))
                }
            }
        }
        BLOB => {
            let blob = sqlite3_column_blob(statement, at);
            bytes_of(vm, blob, sqlite3_column_bytes(statement, at))
        }
        _ => Ok(Value::NONE),
    }
}
