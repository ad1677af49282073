//! Making the builtin types' objects from their declarations.
//!
//! A type object needs a dict and strs, whose types need type objects in turn. So each is made in steps, and is known under
//! its address after the first: the bare object, then its dict, then name, bases and slots, and last its members (whose own
//! types are made on the way). A type is made at its first use and lives for ever; the collector does not see it.

use std::cell::Cell;

use super::typeobject::{Layout, Type, TypeFlags, TypeSpec};
use crate::native::registry;
use crate::object::{Native, Object, PayloadTable, Ref};
use crate::types::dict::Dict;
use crate::types::object::Object as PlainObject;
use crate::types::slots::Slots;
use crate::types::string::Str;
use crate::{Value, object};

/// Flags that subclasses have because a base has them.
const INHERITED: u32 =
    TypeFlags::SEQUENCE | TypeFlags::MAPPING | TypeFlags::MATCH_SELF | TypeFlags::EXCEPTION | TypeFlags::FINALIZER;

/// Makes the type object that `spec` declares and stores its address in `place`.
pub fn make_type(place: &Cell<*const Object<Type>>, spec: TypeSpec) {
    let ty = make_bare(place, spec.table, spec.flags);
    // The strs below must not be the reason for making str's type.
    Str::type_pointer();
    let base = match spec.base {
        Some(base) => Some(base()),
        None if std::ptr::eq(spec.table, PlainObject::TABLE) => None,
        None => Some(PlainObject::type_object()),
    };
    let mut own = Slots::default();
    for fill in spec.fill_slots {
        fill(&mut own);
    }
    if own.compare.is_some() && own.hash.is_none() {
        own.hash = Some(registry::unhashable);
    }
    complete(&ty, spec.name, base, &own);
    ty.dict.set_text("__module__", object::intern::intern(spec.module));
    registry::define(&ty, spec.defs, &own);
    set_doc(&ty, spec.doc);
}

/// Makes an exception class, which differs from its base in name and documentation only.
pub fn make_exception_class(name: &'static str, doc: &'static str, base: Ref<Type>) -> Ref<Type> {
    let flags = base.flags.get() & (TypeFlags::SUBCLASSABLE | TypeFlags::HAS_DICT | TypeFlags::WEAK_REFERENCES);
    let ty = make_bare(&Cell::new(std::ptr::null()), base.table, flags);
    complete(&ty, name, Some(base), &Slots::default());
    ty.dict.set_text("__module__", object::intern::intern("builtins"));
    set_doc(&ty, Some(doc));
    ty
}

/// The first two steps: an object with the right layout, at a fixed address, and its dict.
fn make_bare(place: &Cell<*const Object<Type>>, table: &'static PayloadTable, flags: u32) -> Ref<Type> {
    let metatype = if std::ptr::eq(table, Type::TABLE) { std::ptr::null() } else { Type::type_pointer() };
    let layout = Layout { table, slots_count: 0, inline_count: 0, has_dict: flags & TypeFlags::HAS_DICT != 0 };
    // SAFETY: the closure gives a complete payload but for its dict, which is put in below and which nobody reads until then.
    let ty = unsafe {
        object::allocate_type(metatype, |dict| Type::with_layout(Value::NONE, Value::NONE, dict, flags, layout))
    };
    place.set(Ref::as_pointer(&ty));
    // SAFETY: as above; `write` does not drop the placeholder.
    unsafe { object::set_first_dict(&ty, Dict::new_object()) };
    ty
}

/// The third step: name, bases, slots.
fn complete(ty: &Ref<Type>, name: &str, base: Option<Ref<Type>>, own: &Slots) {
    let name = object::intern::intern(name);
    ty.name.set(name.clone());
    ty.qualname.set(name);
    let mut slots = *own;
    let mut mro = vec![ty.clone()];
    if let Some(base) = base {
        slots.inherit(base.slots());
        if own.new.is_none() && !std::ptr::eq(base.table, ty.table) {
            // The base's constructor would make the wrong payload.
            slots.new = None;
            ty.set_flag(TypeFlags::NO_NEW);
        }
        ty.set_flag(base.flags.get() & INHERITED);
        mro.extend(base.mro.borrow().iter().cloned());
        base.subclasses.borrow_mut().push(Ref::as_pointer(ty).cast());
        ty.bases.set(vec![base.clone()]);
        ty.base.set(Some(base));
    }
    ty.mro.set(mro);
    ty.slots.set(slots);
    ty.address.set(Ref::as_pointer(ty).cast());
}

/// Sets `__doc__`, unless the type computes it for its instances.
fn set_doc(ty: &Ref<Type>, doc: Option<&str>) {
    if ty.dict.get_text("__doc__").is_none() {
        ty.dict.set_text("__doc__", doc.map_or(Value::NONE, Value::from_str));
    }
}
