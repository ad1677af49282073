//! What exception classes have beyond `args`: named fields, kept in the payload's `fields` in the order of these tables.
//!
//! `value` of StopIteration, `errno` of OSError and so on are members of the class that introduces them; subclasses inherit them.

use snakelet_macros::{methods, native_type};

use crate::object::instance;
use crate::object::intern::intern;
use crate::types::exception::BaseException;
use crate::types::list::List;
use crate::types::typeobject::Type;
use crate::{Native, PyResult, Ref, Value, Vm};

/// The fields of a class that introduces some, with whether a missing value shows as None (else AttributeError never occurs).
const FIELDS: &[(&str, &[&str])] = &[
    ("StopIteration", &["value"]),
    ("SystemExit", &["code"]),
    ("ImportError", &["msg", "name", "path", "name_from"]),
    ("AttributeError", &["name", "obj"]),
    ("NameError", &["name"]),
    ("OSError", &["errno", "strerror", "filename", "filename2", "characters_written"]),
    (
        "SyntaxError",
        &[
            "msg",
            "filename",
            "lineno",
            "offset",
            "text",
            "print_file_and_line",
            "end_lineno",
            "end_offset",
            "_metadata",
        ],
    ),
    ("UnicodeDecodeError", &["encoding", "object", "start", "end", "reason"]),
    ("UnicodeEncodeError", &["encoding", "object", "start", "end", "reason"]),
    ("UnicodeTranslateError", &["object", "start", "end", "reason"]),
    ("BaseExceptionGroup", &["message", "exceptions"]),
];

/// The fields of a class: its own or inherited ones.
pub fn of(class: &Type) -> &'static [&'static str] {
    let mro = class.mro.borrow();
    mro.iter()
        .filter(|ty| !ty.has_flag(crate::types::typeobject::TypeFlags::HEAP))
        .find_map(|ty| {
            let name = ty.name();
            FIELDS.iter().find(|(owner, _)| *owner == name).map(|(_, fields)| *fields)
        })
        .unwrap_or(&[])
}

/// Sets a field by name; does nothing if the class has none of that name.
pub fn set(exception: &Value, name: &str, value: Value) {
    let (Some(header), Some(payload)) = (exception.header(), exception.downcast::<BaseException>()) else { return };
    if let Some(index) = of(header.ty()).iter().position(|field| *field == name) {
        set_at(payload, index, value);
    }
}

fn set_at(payload: &BaseException, index: usize, value: Value) {
    let fields = payload.fields.borrow_mut();
    while fields.len() <= index {
        fields.push(Value::NONE);
    }
    drop(std::mem::replace(&mut fields[index], value));
}

/// A field by name; None if it is not there.
pub fn get(exception: &Value, name: &str) -> Value {
    let (Some(header), Some(payload)) = (exception.header(), exception.downcast::<BaseException>()) else {
        return Value::NONE;
    };
    let index = of(header.ty()).iter().position(|field| *field == name);
    index
        .and_then(|index| payload.fields.borrow().get(index).cloned())
        .filter(|value| !value.is_unbound())
        .unwrap_or_default()
}

/// Adds a note, as `add_note` does.
pub fn add_note(exception: &Value, note: &str) {
    let Some(header) = exception.header() else { return };
    let name = crate::name!(__notes__);
    match instance::get(header, &name).and_then(|notes| notes.to_ref::<List>()) {
        Some(notes) => notes.items.borrow_mut().push(Value::from_str(note)),
        None => instance::set(header, &name, Value::from_list(vec![Value::from_str(note)])),
    }
}

/// The attribute of an exception class that shows a field.
#[native_type(name = "member_descriptor")]
pub struct FieldDescriptor {
    pub name: Value,
    pub objclass: Ref<Type>,
    pub index: usize,
}

#[methods]
impl FieldDescriptor {
    #[slot(repr)]
    fn repr(this: &FieldDescriptor) -> String {
        let name = this.name.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
        format!("<member '{name}' of '{}' objects>", this.objclass.name())
    }

    #[slot(descr_get)]
    fn descr_get(_vm: &Vm, this: &Value, object: Option<&Value>, _owner: &Value) -> PyResult {
        let (Some(field), Some(object)) = (this.downcast::<FieldDescriptor>(), object) else { return Ok(this.clone()) };
        let value =
            object.downcast::<BaseException>().and_then(|payload| payload.fields.borrow().get(field.index).cloned());
        Ok(value.filter(|value| !value.is_unbound()).unwrap_or_default())
    }

    #[slot(descr_set)]
    fn descr_set(_vm: &Vm, this: &Value, object: &Value, value: Option<&Value>) -> PyResult {
        if let (Some(field), Some(payload)) = (this.downcast::<FieldDescriptor>(), object.downcast::<BaseException>()) {
            set_at(payload, field.index, value.cloned().unwrap_or_default());
        }
        Ok(Value::NONE)
    }

    /// The field's name.
    #[getter("__name__")]
    fn name(this: &FieldDescriptor) -> Value {
        this.name.clone()
    }

    /// The class that has the field.
    #[getter("__objclass__")]
    fn objclass(this: &FieldDescriptor) -> Value {
        this.objclass.value()
    }

    /// The documentation.
    #[getter("__doc__")]
    fn doc(_this: &FieldDescriptor) -> &'static str {
        "exception attribute"
    }
}

/// Gives a new builtin exception class its members and methods.
pub fn define(ty: &Ref<Type>) {
    let name = ty.name();
    if let Some((_, fields)) = FIELDS.iter().find(|(owner, _)| *owner == name) {
        for (index, field) in fields.iter().enumerate().filter(|(_, field)| !field.starts_with('_')) {
            let member = FieldDescriptor { name: intern(field), objclass: ty.clone(), index };
            ty.dict.set_text(field, member.into_value());
        }
    }
    if name == "BaseExceptionGroup" {
        crate::native::registry::define(ty, &[BaseException::GROUP.defs], &crate::types::slots::Slots::default());
    }
}
