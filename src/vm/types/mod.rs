//! The builtin types, one file (or folder) each.
//!
//! A file holds the payload struct, what Rust code needs of it, and its methods; where the methods are many they have files of
//! their own. `typeobject`, `slots`, `builtin` and `python_slots` are the machinery that all types share.

pub mod async_generator;
pub mod buffer;
pub mod builtin;
pub mod bytearray;
pub mod bytes;
pub mod bytes_methods;
pub mod cell;
mod class_bases;
pub mod class_creation;
pub mod code;
pub mod code_methods;
pub mod codec;
pub mod complex;
pub mod dict;
pub mod exception;
pub mod float;
pub mod float_methods;
pub mod frame;
pub mod frame_locals;
pub mod function;
pub mod generator;
pub mod generator_methods;
pub mod generic_alias;
pub mod int;
pub mod int_arithmetic;
pub mod int_long;
pub mod int_methods;
pub mod int_text;
pub mod iterators;
pub mod list;
pub mod mapping_proxy;
pub mod memoryview;
pub mod method;
pub mod module;
pub mod number_format;
pub mod object;
mod object_pickle;
pub mod property;
pub mod python_slots;
pub mod range;
pub mod sequence;
pub mod set;
pub mod singletons;
pub mod slice;
pub mod slots;
pub mod string;
pub mod string_iterator;
pub mod string_methods;
pub mod super_object;
pub mod traceback;
pub mod tuple;
pub mod typeobject;
pub mod typetype;
pub mod union;
pub mod weakref;

use crate::object::{Native, Ref};
use crate::types::typeobject::Type;
use crate::{Value, Vm};

impl Vm {
    /// The type of any value.
    #[inline]
    pub fn type_of<'a>(&self, value: &'a Value) -> &'a Type {
        match value.header() {
            Some(header) => header.ty(),
            None => immediate_type(value),
        }
    }

    /// The type of any value, as a counted reference.
    #[inline]
    pub fn class_of(&self, value: &Value) -> Ref<Type> {
        Ref::from_value(match value.header() {
            Some(header) => header.type_value(),
            None => immediate_type_value(value),
        })
    }

    /// `type(value).__name__`
    pub fn class_name(&self, value: &Value) -> String {
        self.type_of(value).name()
    }

    /// The name of a value's type as CPython's messages have it: a native type of a module with the module's name.
    pub fn type_name(&self, value: &Value) -> String {
        let ty = self.type_of(value);
        let module = if ty.has_flag(typeobject::TypeFlags::HEAP) { None } else { ty.dict.get_text("__module__") };
        match module.as_ref().and_then(Value::as_text) {
            Some(module) => format!("{}.{}", module.to_utf8_lossy(), ty.name()),
            None => ty.name(),
        }
    }
}

fn immediate_type_pointer(value: &Value) -> *const crate::object::Object<Type> {
    if value.is_small_int() {
        int::Int::type_pointer()
    } else if value.is_float() {
        float::Float::type_pointer()
    } else if value.as_bool().is_some() {
        int::Bool::type_pointer()
    } else if value.is_none() {
        singletons::NoneType::type_pointer()
    } else if value.is_not_implemented() {
        singletons::NotImplementedType::type_pointer()
    } else {
        singletons::EllipsisType::type_pointer()
    }
}

#[inline(never)]
fn immediate_type<'a>(value: &Value) -> &'a Type {
    // SAFETY: builtin types are never freed.
    unsafe { &(*immediate_type_pointer(value)).payload }
}

#[inline(never)]
fn immediate_type_value(value: &Value) -> Value {
    // SAFETY: builtin types are never freed.
    unsafe { crate::object::retained(immediate_type_pointer(value).cast()) }
}
