//! SyntaxErrors as exception objects.

use snakelet_syntax::{Kind, SyntaxError};

use super::{Exc, fields};
use crate::{Value, Vm};

/// The exception for a rejected program: `SyntaxError(msg, (filename, lineno, offset, text, end_lineno, end_offset))`.
pub fn syntax_error(vm: &Vm, error: &SyntaxError, filename: &str) -> Value {
    with_file(vm, error, Value::from_str(filename))
}

/// As [`syntax_error`], about the text `source`, which the search for a misspelt keyword looks at (`_metadata`).
pub fn syntax_error_in(vm: &Vm, error: &SyntaxError, source: &str, filename: &str) -> Value {
    let exception = syntax_error(vm, error, filename);
    if let (Some(parser), Kind::Syntax | Kind::Indentation | Kind::Tab) = (&error.parser, error.kind) {
        let (line, column) = parser.statement;
        let place = [line, column].map(|number| Value::from_i64(number.into()));
        // CPython reads the text with its last line ended.
        let ended = if parser.end_line && !source.ends_with('\n') { [source, "\n"].concat() } else { source.into() };
        let metadata = place.into_iter().chain([Value::from_str(&ended)]).collect();
        fields::set(&exception, "_metadata", Value::from_tuple(metadata));
    }
    exception
}

/// The exception for bytes that are no text: its `args` do not know the file, only the attribute does.
pub fn decoding_error(vm: &Vm, error: &SyntaxError, filename: &str) -> Value {
    let exception = with_file(vm, error, Value::NONE);
    fields::set(&exception, "filename", Value::from_str(filename));
    exception
}

fn with_file(vm: &Vm, error: &SyntaxError, file: Value) -> Value {
    let (class, placed) = match error.kind {
        Kind::Syntax => (Exc::SyntaxError, true),
        Kind::Indentation => (Exc::IndentationError, true),
        Kind::Tab => (Exc::TabError, true),
        Kind::Value => (Exc::ValueError, false),
        Kind::Memory => (Exc::MemoryError, false),
        Kind::Recursion => (Exc::RecursionError, false),
    };
    if !placed {
        return class.instance(vm, vec![Value::from_str(&error.message)]);
    }
    let number = |n: u32| Value::from_i64(n.into());
    if error.message_only {
        let exception = class.instance(vm, vec![Value::from_str(&error.message)]);
        let (end_line, end_offset) = error.end.unwrap_or_default();
        let text = error.text.as_deref().map_or(Value::NONE, Value::from_str);
        let offsets = [("offset", number(error.start.1)), ("end_offset", Value::from_i64(end_offset.into()))];
        let lines = [("lineno", number(error.start.0)), ("end_lineno", number(end_line))];
        for (name, value) in [("filename", file), ("text", text)].into_iter().chain(lines).chain(offsets) {
            fields::set(&exception, name, value);
        }
        return exception;
    }
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
