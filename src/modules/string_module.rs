//! `_string`: format strings taken apart, for `string.Formatter`.

use std::cell::Cell;

use snakelet_macros::{methods, native_module, native_type};
use snakelet_text::Text;
use snakelet_text::format::{Accessor, AutoNumber, FieldName, First, Template};
use snakelet_text::search::Range;
use snakelet_vm::types::string::Str;
use snakelet_vm::{Native, PyResult, Ref, Value, Vm};

/// The payload of the iterator over a format string's pieces.
#[native_type(name = "formatteriterator", module = "_string")]
pub struct FormatterIterator {
    text: Ref<Str>,
    /// How many pieces were taken.
    taken: Cell<usize>,
}

/// The payload of the iterator over what follows a field's first name.
#[native_type(name = "fieldnameiterator", module = "_string")]
pub struct FieldNameIterator {
    text: Ref<Str>,
    /// How many accessors were taken.
    taken: Cell<usize>,
}

fn part(vm: &Vm, text: &Text, (start, stop): Range) -> PyResult {
    vm.substring(text, start, stop)
}

#[methods]
impl FormatterIterator {
    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &FormatterIterator) -> PyResult {
        let text = this.text.text();
        let Some(piece) = Template::new(text.units()).nth(this.taken.get()) else { return Ok(Value::UNBOUND) };
        this.taken.set(this.taken.get() + 1);
        let piece = piece.map_err(|error| vm.value_error(&*error.message().to_utf8_lossy()))?;
        let literal = part(vm, text, piece.literal)?;
        let Some(field) = piece.field else {
            return Ok(Value::from_tuple(vec![literal, Value::NONE, Value::NONE, Value::NONE]));
        };
        let conversion = field.conversion.map_or(Value::NONE, Value::from_char);
        let (name, spec) = (part(vm, text, field.name)?, part(vm, text, field.spec)?);
        Ok(Value::from_tuple(vec![literal, name, spec, conversion]))
    }
}

#[methods]
impl FieldNameIterator {
    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &FieldNameIterator) -> PyResult {
        let text = this.text.text();
        let error = |error: snakelet_text::format::TemplateError| vm.value_error(&*error.message().to_utf8_lossy());
        let name = FieldName::split(text.units(), (0, text.len()), None::<&mut AutoNumber>).map_err(error)?;
        let mut rest = name.rest;
        let Some(accessor) = rest.nth(this.taken.get()) else { return Ok(Value::UNBOUND) };
        this.taken.set(this.taken.get() + 1);
        let (is_attribute, value) = match accessor.map_err(error)? {
            Accessor::Attribute(range) => (true, part(vm, text, range)?),
            Accessor::Index(index) => (false, Value::from_usize(index)),
            Accessor::Key(range) => (false, part(vm, text, range)?),
        };
        Ok(Value::from_tuple(vec![Value::bool(is_attribute), value]))
    }
}

/// Helpers for module string.
#[native_module("_string")]
pub mod string {
    use super::*;

    /// Iterates over the pieces of a format string: literal text, field name, specification, conversion.
    #[function("formatter_parser(object, /)", text = "($self, object, /)")]
    fn formatter_parser(vm: &Vm, object: &Value) -> PyResult {
        match object.to_ref::<Str>() {
            Some(text) => Ok(FormatterIterator { text, taken: Cell::new(0) }.into_value()),
            None => {
                let name = vm.type_name(object);
                Err(vm.type_error(format!("expected str, got {name}")))
            }
        }
    }

    /// The first part of a field name, and an iterator over the rest.
    #[function("formatter_field_name_split(object, /)", text = "($self, object, /)")]
    fn formatter_field_name_split(vm: &Vm, object: &Value) -> PyResult {
        let Some(text) = object.to_ref::<Str>() else {
            let name = vm.type_name(object);
            return Err(vm.type_error(format!("expected str, got {name}")));
        };
        let contents = text.text();
        let name = FieldName::split(contents.units(), (0, contents.len()), None::<&mut AutoNumber>);
        let name = name.map_err(|error| vm.value_error(&*error.message().to_utf8_lossy()))?;
        let first = match name.first {
            First::Index(index) => Value::from_usize(index),
            First::Key(range) => part(vm, contents, range)?,
        };
        let rest = FieldNameIterator { text: text.clone(), taken: Cell::new(0) }.into_value();
        Ok(Value::from_tuple(vec![first, rest]))
    }
}
