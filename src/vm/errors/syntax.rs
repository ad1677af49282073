//! SyntaxErrors as exception objects.

use snakelet_syntax::{Kind, SyntaxError};

use super::Exc;
use crate::{Value, Vm};

/// The exception for a rejected program: `SyntaxError(msg, (filename, lineno, offset, text, end_lineno, end_offset))`.
pub fn syntax_error(vm: &Vm, error: &SyntaxError, filename: &str) -> Value {
    with_file(vm, error, Value::from_str(filename))
}

/// The exception for bytes that are no text: CPython does not know the file's name then.
pub fn syntax_error_without_file(vm: &Vm, error: &SyntaxError) -> Value {
    with_file(vm, error, Value::NONE)
}

fn with_file(vm: &Vm, error: &SyntaxError, file: Value) -> Value {
    let class = match error.kind {
        Kind::Syntax => Exc::SyntaxError,
        Kind::Indentation => Exc::IndentationError,
        Kind::Tab => Exc::TabError,
        Kind::Memory => return Exc::MemoryError.instance(vm, vec![Value::from_str(&error.message)]),
        Kind::Recursion => return Exc::RecursionError.instance(vm, vec![Value::from_str(&error.message)]),
    };
    let number = |n: u32| Value::from_i64(n.into());
    let mut details = vec![
        file,
        number(error.start.0),
        number(error.start.1),
        error.text.as_deref().map_or(Value::NONE, Value::from_str),
    ];
    if let Some((line, offset)) = error.end {
        details.extend([number(line), Value::from_i64(offset.into())]);
    }
    class.instance(vm, vec![Value::from_str(&error.message), Value::from_tuple(details)])
}
