//! Parameters: the values that stand for `?` and `:name` in a statement.

use snakelet_vm::errors::Exc;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::list::List;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::{PyResult, Value, Vm};

use super::adapters::adapted_parameter;
use super::connection::{Connection, bind_bytes};
use super::engine::{
    OK, Ptr, sqlite3_bind_double, sqlite3_bind_int64, sqlite3_bind_null, sqlite3_bind_parameter_count,
    sqlite3_bind_parameter_name, text_at,
};
use super::errors;

/// A parameter's name with its prefix, if it has one.
fn name_of(statement: Ptr, at: i32) -> Option<String> {
    match sqlite3_bind_parameter_name(statement, at) {
        0 => None,
        name => Some(text_at(name)),
    }
}

/// How the values are given.
enum Given {
    Items(Vec<Value>),
    /// Any other sequence, of this length.
    Sequence(usize),
    Mapping,
}

/// Binds all parameters of a statement.
pub async fn bind(vm: &Vm, connection: &Connection, statement: Ptr, parameters: &Value) -> PyResult<()> {
    let needed = sqlite3_bind_parameter_count(statement).max(0) as usize;
    let slots = vm.type_of(parameters).slots();
    let is_dict = parameters.downcast::<Dict>().is_some();
    let given = if let Some(items) = parameters.downcast_exact::<Tuple>() {
        Given::Items(items.items().to_vec())
    } else if parameters.downcast::<Tuple>().is_some() || parameters.downcast::<List>().is_some() {
        Given::Sequence(vm.len(parameters).await?)
    } else if is_dict || slots.getitem.is_none() || is_mapping(vm, parameters).await? {
        Given::Mapping
    } else {
        Given::Sequence(vm.len(parameters).await?)
    };
    if let Given::Mapping = given
        && !is_dict
        && slots.getitem.is_none()
    {
        return Err(errors::programming(vm, "parameters are of unsupported type"));
    }
    let supplied = match &given {
        Given::Items(items) => Some(items.len()),
        Given::Sequence(length) => Some(*length),
        Given::Mapping => None,
    };
    if let Some(supplied) = supplied
        && supplied != needed
    {
        let message = format!(
            "Incorrect number of bindings supplied. The current statement uses {needed}, and there are {supplied} supplied."
        );
        return Err(errors::programming(vm, message));
    }
    for at in 0..needed {
        let place = at as i32 + 1;
        let name = name_of(statement, place);
        let value = match (&given, &name) {
            (Given::Mapping, None) => {
                let message =
                    format!("Binding {place} has no name, but you supplied a dictionary (which has only names).");
                return Err(errors::programming(vm, message));
            }
            (Given::Mapping, Some(name)) => named(vm, parameters, &name[1..]).await?,
            (_, Some(name)) if !name.starts_with('?') => {
                let message = format!(
                    "Binding {place} ('{name}') is a named parameter, but you supplied a sequence which requires nominal \
                     (qmark) placeholders."
                );
                return Err(errors::programming(vm, message));
            }
            (Given::Items(items), _) => items[at].clone(),
            (Given::Sequence(_), _) => vm.item(parameters, &Value::from_usize(at)).await?,
        };
        let value = adapted_parameter(vm, value).await?;
        let code = bind_value(vm, statement, place, &value, &given, name.as_deref()).await?;
        if code != OK {
            return Err(connection.error(vm));
        }
    }
    Ok(())
}

/// Objects with `__getitem__` but no `__len__` count as mappings, as do those with `keys`.
async fn is_mapping(vm: &Vm, value: &Value) -> PyResult<bool> {
    let keys = snakelet_vm::object::intern::intern("keys");
    Ok(vm.attr_opt(value, &keys).await?.is_some())
}

async fn named(vm: &Vm, parameters: &Value, name: &str) -> PyResult {
    let key = Value::from_str(name);
    match vm.item(parameters, &key).await {
        Ok(value) => Ok(value),
        Err(raised) => match vm.catch(Exc::LookupError) {
            Some(_) => {
                Err(errors::programming(vm, format!("You did not supply a value for binding parameter :{name}.")))
            }
            None => Err(raised),
        },
    }
}

/// Binds one value. A result code.
async fn bind_value(
    vm: &Vm,
    statement: Ptr,
    place: i32,
    value: &Value,
    given: &Given,
    name: Option<&str>,
) -> PyResult<i32> {
    if value.is_none() {
        return Ok(sqlite3_bind_null(statement, place));
    }
    if let Some(number) = super::int_value(vm, value) {
        return Ok(sqlite3_bind_int64(statement, place, number?));
    }
    if let Some(number) = super::float_value(value) {
        return Ok(sqlite3_bind_double(statement, place, number));
    }
    if value.as_text().is_some() {
        let bytes = super::utf8(vm, value).await?;
        if bytes.len() > i32::MAX as usize {
            return Err(vm.overflow_error("string longer than INT_MAX bytes"));
        }
        return Ok(bind_bytes(statement, place, &bytes, true));
    }
    if let Some(bytes) = super::buffer(vm, value)? {
        if bytes.len() > i32::MAX as usize {
            return Err(vm.overflow_error("BLOB longer than INT_MAX bytes"));
        }
        return Ok(bind_bytes(statement, place, &bytes, false));
    }
    let got = vm.type_name(value);
    let which = match (given, name) {
        (Given::Mapping, Some(name)) => format!("'{name}'"),
        _ => place.to_string(),
    };
    Err(errors::programming(vm, format!("Error binding parameter {which}: type '{got}' is not supported")))
}
