//! Making the builtin types' objects from their declarations.
//!
//! A type object needs a dict and strs, whose types need type objects in turn. So each is made in steps, and is known under
//! its address after the first: the bare object, then its dict, then name, bases and slots, and last its members (whose own
//! types are made on the way). A type is made at its first use and lives for ever; the collector does not see it.

use std::cell::{Cell, RefCell};

use super::typeobject::{Layout, Type, TypeFlags, TypeSpec};
use crate::native::registry;
use crate::object::{Native, Object, PayloadTable, Ref};
use crate::types::dict::Dict;
use crate::types::object::Object as PlainObject;
use crate::types::slots::Slots;
use crate::types::string::Str;
use crate::types::typetype::instance_descriptor;
use crate::{PyResult, Value, Vm, object};

/// The payload types whose builtin types are visible in module `builtins`, in no particular order.
pub const BUILTIN_TYPES: &[fn() -> Ref<Type>] = &[
    crate::types::bytearray::ByteArray::type_object,
    crate::types::bytes::Bytes::type_object,
    crate::types::complex::Complex::type_object,
    crate::types::dict::Dict::type_object,
    crate::types::float::Float::type_object,
    crate::types::int::Bool::type_object,
    crate::types::int::Int::type_object,
    crate::types::iterators::Enumerate::type_object,
    crate::types::iterators::Filter::type_object,
    crate::types::iterators::Map::type_object,
    crate::types::iterators::Reversed::type_object,
    crate::types::iterators::Zip::type_object,
    crate::types::list::List::type_object,
    crate::types::memoryview::MemoryView::type_object,
    crate::types::object::Object::type_object,
    crate::types::property::ClassMethod::type_object,
    crate::types::property::Property::type_object,
    crate::types::property::StaticMethod::type_object,
    crate::types::range::Range::type_object,
    crate::types::set::FrozenSet::type_object,
    crate::types::set::Set::type_object,
    crate::types::slice::Slice::type_object,
    crate::types::string::Str::type_object,
    crate::types::super_object::Super::type_object,
    crate::types::tuple::Tuple::type_object,
    crate::types::typeobject::Type::type_object,
];

/// Flags that subclasses have because a base has them.
const INHERITED: u32 =
    TypeFlags::SEQUENCE | TypeFlags::MAPPING | TypeFlags::MATCH_SELF | TypeFlags::EXCEPTION | TypeFlags::FINALIZER;

/// Makes the type object that `spec` declares and stores its address in `place`.
pub fn make_type(place: &Cell<*const Object<Type>>, spec: TypeSpec) {
    let ty = make_bare(place, spec.table, spec.flags, 4, 0);
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
    let unhashable = own.compare.is_some() && own.hash.is_none();
    if unhashable {
        own.hash = Some(registry::unhashable);
    }
    complete(&ty, spec.name, base, &own);
    if unhashable {
        // No method then: `__hash__` is None.
        own.hash = None;
    }
    registry::define(&ty, spec.defs, &own);
    add_instance_dict(&ty);
    if ty.dict.get_text("__module__").is_some() {
        MODULES.with(|modules| modules.borrow_mut().push((std::ptr::from_ref::<Type>(&ty), spec.module)));
    } else if spec.module != "builtins" {
        ty.dict.set_text("__module__", object::intern::intern(spec.module));
    }
    set_doc(&ty, spec.doc);
    ty.modified();
}

thread_local! {
    /// The modules of types whose `__module__` describes their instances.
    static MODULES: RefCell<Vec<(*const Type, &'static str)>> = const { RefCell::new(Vec::new()) };
}

/// The module of a builtin type whose dictionary does not tell it.
pub fn module_of_builtin(ty: &Type) -> &'static str {
    MODULES.with(|modules| {
        let modules = modules.borrow();
        modules.iter().find(|(known, _)| std::ptr::eq(*known, ty)).map_or("builtins", |(_, module)| module)
    })
}

/// Makes an exception class, which differs from its base in name, documentation and fields only.
pub fn make_exception_class(name: &str, doc: &str, base: Ref<Type>) -> Ref<Type> {
    let flags = TypeFlags::SUBCLASSABLE | TypeFlags::EXCEPTION | TypeFlags::HAS_DICT | TypeFlags::WEAK_REFERENCES;
    let ty = make_bare(&Cell::new(std::ptr::null()), base.table, flags, 2, 0);
    complete(&ty, name, Some(base), &Slots::default());
    set_doc(&ty, Some(doc));
    crate::errors::fields::define(&ty);
    ty.modified();
    ty
}

/// Makes a builtin class with its base's payload, and further members of its own.
pub fn make_derived_class(
    name: &str,
    module: &str,
    doc: &str,
    base: Ref<Type>,
    blocks: &[crate::native::MethodBlock],
) -> Ref<Type> {
    make_derived(name, module, doc, base, blocks, 0, 0)
}

/// The same for a class whose instances have room for this many more values, as `__slots__` gives.
pub fn make_derived_class_with_slots(
    name: &str,
    module: &str,
    doc: &str,
    base: Ref<Type>,
    blocks: &[crate::native::MethodBlock],
    slots: u32,
) -> Ref<Type> {
    make_derived(name, module, doc, base, blocks, 0, slots)
}

/// The same for a class whose instances have a `__dict__`.
pub fn make_derived_class_with_dict(
    name: &str,
    module: &str,
    doc: &str,
    base: Ref<Type>,
    blocks: &[crate::native::MethodBlock],
) -> Ref<Type> {
    make_derived(name, module, doc, base, blocks, TypeFlags::HAS_DICT, 0)
}

/// Makes a class that programs may change, as if a `class` statement had made it: with a `__dict__`, weak references, and room for
/// `inline_count` attributes in the instance itself.
pub fn make_heap_class(name: &str, module: &str, doc: &str, base: Ref<Type>, inline_count: u32) -> Ref<Type> {
    let flags = TypeFlags::HEAP | TypeFlags::SUBCLASSABLE | TypeFlags::HAS_DICT | TypeFlags::WEAK_REFERENCES;
    let ty = make_bare(&Cell::new(std::ptr::null()), base.table, flags, inline_count, 0);
    complete(&ty, name, Some(base), &Slots::default());
    ty.dict.set_text("__module__", object::intern::intern(module));
    set_doc(&ty, Some(doc));
    ty.modified();
    ty
}

/// Gives a builtin class whose instances have a `__dict__` the attribute of that name.
pub fn show_instance_dict(ty: &Ref<Type>) {
    ty.dict.set_text("__dict__", instance_descriptor(ty, false));
    ty.modified();
}

fn make_derived(
    name: &str,
    module: &str,
    doc: &str,
    base: Ref<Type>,
    blocks: &[crate::native::MethodBlock],
    extra: u32,
    slots: u32,
) -> Ref<Type> {
    let flags = extra | TypeFlags::SUBCLASSABLE | base.flags.get() & (TypeFlags::HAS_DICT | TypeFlags::WEAK_REFERENCES);
    let ty = make_bare(&Cell::new(std::ptr::null()), base.table, flags, 2, slots);
    let mut own = Slots::default();
    for block in blocks {
        (block.fill_slots)(&mut own);
    }
    complete(&ty, name, Some(base), &own);
    let defs: Vec<&'static [crate::native::NativeDef]> = blocks.iter().map(|block| block.defs).collect();
    registry::define(&ty, &defs, &own);
    add_instance_dict(&ty);
    ty.dict.set_text("__module__", object::intern::intern(module));
    set_doc(&ty, Some(doc));
    ty.modified();
    ty
}

/// The first two steps: an object with the right layout, at a fixed address, and its dict.
fn make_bare(
    place: &Cell<*const Object<Type>>,
    table: &'static PayloadTable,
    flags: u32,
    inline_count: u32,
    slots_count: u32,
) -> Ref<Type> {
    let metatype = if std::ptr::eq(table, Type::TABLE) { std::ptr::null() } else { Type::type_pointer() };
    let layout = Layout { table, slots_count, inline_count, has_dict: flags & TypeFlags::HAS_DICT != 0 };
    // SAFETY: the closure gives a complete payload but for its dict, which is put in below and which nobody reads until then.
    let ty = unsafe {
        object::allocate_type(metatype, |dict| Type::with_layout(Value::NONE, Value::NONE, dict, flags, layout))
    };
    place.set(Ref::as_pointer(&ty));
    // SAFETY: as above.
    unsafe { object::set_first_dict(&ty, Dict::new_object()) };
    ty
}

/// The third step: name, bases, slots. The MRO's reference to the type itself keeps it alive for ever.
fn complete(ty: &Ref<Type>, name: &str, base: Option<Ref<Type>>, own: &Slots) {
    let name = object::intern::intern(name);
    ty.name.set(name.clone());
    ty.qualname.set(name);
    ty.address.set(Ref::as_pointer(ty).cast());
    let table = base.as_ref().map(|base| base.table);
    let mut mro = vec![ty.clone()];
    if let Some(base) = &base {
        mro.extend(base.mro.borrow().iter().cloned());
        base.subclasses.borrow_mut().push(ty.address.get());
        ty.bases.set(vec![base.clone()]);
    }
    ty.base.set(base);
    ty.mro.set(mro);
    let mut slots = *own;
    inherit_slots(ty, &mut slots);
    if own.new.is_none() && table.is_some_and(|table| !std::ptr::eq(table, ty.table)) {
        // The base's constructor would make the wrong payload.
        slots.new = None;
        ty.set_flag(TypeFlags::NO_NEW);
    }
    ty.slots.set(slots);
}

/// Fills empty slots, and flags, from the bases in MRO order.
pub(crate) fn inherit_slots(ty: &Ref<Type>, slots: &mut Slots) {
    for base in ty.mro.borrow().iter().skip(1) {
        slots.inherit(base.slots());
        ty.set_flag(base.flags.get() & INHERITED);
    }
}

/// The attribute `__dict__` of instances that have one, unless the type or a base defines it.
fn add_instance_dict(ty: &Ref<Type>) {
    if ty.has_dict() && ty.mro.borrow().iter().all(|base| base.dict.get_text("__dict__").is_none()) {
        ty.dict.set_text("__dict__", instance_descriptor(ty, false));
    }
}

/// Sets `__doc__`, unless the type computes it for its instances.
fn set_doc(ty: &Ref<Type>, doc: Option<&str>) {
    if ty.dict.get_text("__doc__").is_none() {
        ty.dict.set_text("__doc__", doc.map_or(Value::NONE, Value::from_str));
    }
}

impl Vm {
    /// An object of class `cls` (`T`'s builtin type or a subclass) with this payload, for `__new__`.
    pub fn new_instance<T: Native>(&self, cls: &Value, payload: T) -> PyResult {
        let base = T::TABLE.name;
        let Some(class) = cls.to_ref::<Type>() else {
            let other = self.type_name(cls);
            return Err(self.type_error(format!("{base}.__new__(X): X is not a type object ({other})")));
        };
        if !std::ptr::eq(class.table, T::TABLE) {
            let name = class.name();
            return Err(self.type_error(format!("{base}.__new__({name}): {name} is not a subtype of {base}")));
        }
        Ok(object::allocate(&class, payload))
    }
}
