//! What exception classes have beyond `args`: named fields, kept in the payload's `fields` in the order of these tables.
//!
//! `value` of StopIteration, `errno` of OSError and so on are members of the class that introduces them; subclasses inherit them.

use crate::native::{NativeDef, Slots, registry};
use crate::object::instance;
use crate::object::intern::intern;
use crate::types::exception::BaseException;
use crate::types::list::List;
use crate::types::object::{MemberDescriptor, MemberKind};
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
    ("UnicodeTranslateError", &["encoding", "object", "start", "end", "reason"]),
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
        fields.push(Value::UNBOUND);
    }
    drop(std::mem::replace(&mut fields[index], value));
}

/// A field by name; None if it is not there.
pub fn get(exception: &Value, name: &str) -> Value {
    find(exception, name).unwrap_or_default()
}

/// A field by name, if it was set and not deleted.
pub fn find(exception: &Value, name: &str) -> Option<Value> {
    let index = of(exception.header()?.ty()).iter().position(|field| *field == name)?;
    get_at(exception, index)
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

/// The field at a place, unless it was deleted or never set.
pub fn get_at(exception: &Value, index: usize) -> Option<Value> {
    exception.downcast::<BaseException>()?.fields.borrow().get(index).filter(|value| !value.is_unbound()).cloned()
}

/// Sets or deletes the field that a member of an exception class shows.
pub fn assign(vm: &Vm, member: &MemberDescriptor, exception: &Value, value: Option<&Value>) -> PyResult {
    let owner = member.objclass.name();
    if owner.ends_with("Group") {
        return Err(vm.attribute_error("readonly attribute"));
    }
    // The start and the end of what a codec could not handle.
    if owner.starts_with("Unicode") && matches!(member.index, 2 | 3) && !value.is_some_and(Value::is_int) {
        let deleted = "can't delete numeric/char attribute";
        return Err(vm.type_error(if value.is_none() { deleted } else { "an integer is required" }));
    }
    if let Some(payload) = exception.downcast::<BaseException>() {
        set_at(payload, member.index, value.cloned().unwrap_or(Value::UNBOUND));
    }
    Ok(Value::NONE)
}

/// Gives a new builtin exception class its members and methods.
pub fn define(ty: &Ref<Type>) {
    let name = ty.name();
    if let Some((_, fields)) = FIELDS.iter().find(|(owner, _)| *owner == name) {
        for (index, field) in fields.iter().enumerate() {
            let member = MemberDescriptor { name: intern(field), objclass: ty.clone(), index, kind: MemberKind::Field };
            ty.dict.set_text(field, member.into_value());
        }
    }
    let blocks: &[&'static [NativeDef]] = match &*name {
        "BaseExceptionGroup" => &[BaseException::GROUP.defs],
        "AttributeError" => &[BaseException::REDUCE.defs, BaseException::STATE.defs],
        "ImportError" | "OSError" => &[BaseException::REDUCE.defs],
        _ => &[],
    };
    let own_text = matches!(
        &*name,
        "BaseExceptionGroup"
            | "ImportError"
            | "KeyError"
            | "OSError"
            | "SyntaxError"
            | "UnicodeDecodeError"
            | "UnicodeEncodeError"
            | "UnicodeTranslateError"
    );
    let own = Slots { str: ty.slots().str.filter(|_| own_text), ..Slots::default() };
    registry::define(ty, blocks, &own);
}
