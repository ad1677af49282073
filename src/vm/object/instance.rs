//! The part of an object that instances of Python classes add to the payload.
//!
//! It lies after the payload, at `Type::part_offset`: a word for the shape, then the values of `__slots__`, then room for
//! `Type::inline_capacity` attributes. With a null shape the attributes live in a dict, which sits in the first inline place.

use std::cell::Cell;
use std::ptr::null;

use super::shape::Shape;
use super::{Header, Ref, Visitor};
use crate::Value;
use crate::types::dict::Dict;
use crate::types::typeobject::Type;

type ShapeWord = Cell<*const Shape>;

#[inline(always)]
fn shape_word(header: *const Header, ty: &Type) -> &ShapeWord {
    // SAFETY: the type has an instance part, so the object is large enough.
    unsafe { &*header.cast::<u8>().add(ty.part_offset as usize).cast::<ShapeWord>() }
}

/// Place `index` of the object's slots and inline attributes.
#[inline(always)]
fn place(header: *const Header, ty: &Type, index: usize) -> *mut Value {
    debug_assert!(index < ty.place_count());
    // SAFETY: as above; places follow the shape's word.
    unsafe { header.cast_mut().cast::<u8>().add(ty.part_offset as usize + 8).cast::<Value>().add(index) }
}

/// Fills a new object's part: no attributes, all slots unbound.
///
/// # Safety
/// The object is being made, its part is uninitialised memory.
pub(super) unsafe fn initialize(header: *const Header, ty: &Type) {
    // SAFETY: the caller's promise.
    unsafe {
        shape_word(header, ty).as_ptr().cast::<u64>().write(0);
        shape_word(header, ty).set(if ty.has_dict() { ty.root_shape() } else { null() });
        for index in 0..ty.place_count() {
            place(header, ty, index).write(Value::UNBOUND);
        }
    }
}

/// Drops all values; the memory is about to be freed.
///
/// # Safety
/// Called once, by the freeing code.
pub(super) unsafe fn drop_part(header: *const Header, ty: &Type) {
    for index in 0..ty.place_count() {
        // SAFETY: places are initialised.
        unsafe { place(header, ty, index).drop_in_place() }
    }
}

/// Unbinds all slots and attributes, to break a cycle.
pub(super) fn clear_part(header: &Header) {
    let ty = header.ty();
    let dict = dict_if_any(header, ty);
    for index in 0..ty.place_count() {
        // SAFETY: places are initialised, and nobody borrows one across this.
        drop(unsafe { place(header, ty, index).replace(Value::UNBOUND) });
    }
    if ty.has_dict() {
        shape_word(header, ty).set(ty.root_shape());
    }
    drop(dict);
}

pub(super) fn traverse_part(header: *const Header, ty: &Type, visitor: &mut Visitor<'_>) {
    for index in 0..ty.place_count() {
        // SAFETY: places are initialised.
        visitor.visit(unsafe { &*place(header, ty, index) });
    }
}

/// The object's shape; null when its attributes are in a dict (or it can have none).
#[inline(always)]
pub fn shape(header: &Header) -> *const Shape {
    shape_word(header, header.ty()).get()
}

/// The shape of an object whose part lies at `offset`, for inline caches that have checked the type.
#[inline(always)]
pub fn shape_at(header: &Header, offset: u32) -> *const Shape {
    // SAFETY: the cache was filled for this type version, which fixes the layout.
    unsafe { (*std::ptr::from_ref(header).cast::<u8>().add(offset as usize).cast::<ShapeWord>()).get() }
}

/// The value at byte offset `offset` of the object, for inline caches that have checked type and shape.
#[inline(always)]
pub fn value_at(header: &Header, offset: u32) -> &Value {
    // SAFETY: the cache was filled for this type and shape, which fix the layout.
    unsafe { &*std::ptr::from_ref(header).cast::<u8>().add(offset as usize).cast::<Value>() }
}

/// Writes the place at byte offset `offset`, under the same condition; the old value is dropped.
#[inline(always)]
pub fn set_value_at(header: &Header, offset: u32, value: Value) {
    // SAFETY: as in `value_at`; the old value is dropped after the new one is in place.
    unsafe {
        let place = std::ptr::from_ref(header).cast::<u8>().cast_mut().add(offset as usize).cast::<Value>();
        drop(place.replace(value));
    }
}

/// Sets the shape word at `offset`, for inline caches that add an attribute.
#[inline(always)]
pub fn set_shape_at(header: &Header, offset: u32, shape: *const Shape) {
    // SAFETY: as in `shape_at`.
    unsafe { (*std::ptr::from_ref(header).cast::<u8>().add(offset as usize).cast::<ShapeWord>()).set(shape) }
}

/// Byte offset of place `index`.
pub fn place_offset(ty: &Type, index: usize) -> u32 {
    ty.part_offset + 8 + 8 * index as u32
}

/// The value of `__slots__` member `index`, unless unbound.
#[inline]
pub fn slot(header: &Header, index: usize) -> Option<Value> {
    // SAFETY: places are initialised.
    let value = unsafe { &*place(header, header.ty(), index) };
    if value.is_unbound() { None } else { Some(value.clone()) }
}

/// Sets (or with `None` unbinds) `__slots__` member `index`; gives back whether it was bound.
pub fn set_slot(header: &Header, index: usize, value: Option<Value>) -> bool {
    // SAFETY: places are initialised, nobody borrows one across this.
    let old = unsafe { place(header, header.ty(), index).replace(value.unwrap_or(Value::UNBOUND)) };
    !old.is_unbound()
}

fn dict_if_any(header: &Header, ty: &Type) -> Option<Ref<Dict>> {
    if !ty.has_dict() || !shape_word(header, ty).get().is_null() {
        return None;
    }
    // SAFETY: places are initialised.
    unsafe { &*place(header, ty, ty.slot_count()) }.to_ref::<Dict>()
}

/// The instance attribute `name` (an interned str), if it is there.
#[inline]
pub fn get(header: &Header, name: &Value) -> Option<Value> {
    let ty = header.ty();
    if !ty.has_dict() {
        return None;
    }
    let shape = shape_word(header, ty).get();
    if shape.is_null() {
        return dict_if_any(header, ty)?.get_str(name);
    }
    // SAFETY: a shape lives as long as its class, which the object keeps alive.
    let index = unsafe { (*shape).find(name) }?;
    // SAFETY: places are initialised.
    Some(unsafe { (*place(header, ty, ty.slot_count() + index)).clone() })
}

/// Sets the instance attribute `name` (an interned str). The object has a dict.
pub fn set(header: &Header, name: &Value, value: Value) {
    let ty = header.ty();
    let shape = shape_word(header, ty).get();
    if !shape.is_null() {
        // SAFETY: as in `get`.
        let (index, count) = unsafe { ((*shape).find(name), (*shape).keys().len()) };
        if let Some(index) = index {
            // SAFETY: places are initialised, nobody borrows one across this.
            drop(unsafe { place(header, ty, ty.slot_count() + index).replace(value) });
            return;
        }
        if count < ty.inline_capacity() {
            // SAFETY: as above.
            unsafe {
                drop(place(header, ty, ty.slot_count() + count).replace(value));
                shape_word(header, ty).set((*shape).with(name));
            }
            return;
        }
    }
    dict(header).set_str(name, value);
}

/// Deletes the instance attribute `name` (an interned str); false if there is none.
pub fn delete(header: &Header, name: &Value) -> bool {
    if get(header, name).is_none() {
        return false;
    }
    dict(header).remove_str(name).is_some()
}

/// The instance's `__dict__`; from here on its attributes live there. The object has a dict.
pub fn dict(header: &Header) -> Ref<Dict> {
    let ty = header.ty();
    if let Some(dict) = dict_if_any(header, ty) {
        return dict;
    }
    let dict = Dict::new_object();
    let shape = shape_word(header, ty).get();
    // SAFETY: a non-null shape lives as long as its class.
    if !shape.is_null() {
        for (index, key) in unsafe { (*shape).keys() }.iter().enumerate() {
            // SAFETY: places are initialised.
            let value = unsafe { place(header, ty, ty.slot_count() + index).replace(Value::UNBOUND) };
            dict.set_str(key, value);
        }
    }
    shape_word(header, ty).set(null());
    // SAFETY: as above; there is at least one inline place.
    drop(unsafe { place(header, ty, ty.slot_count()).replace(dict.value()) });
    dict
}

/// `obj.__dict__ = dict`.
pub fn replace_dict(header: &Header, new: Ref<Dict>) {
    drop(dict(header));
    let ty = header.ty();
    // SAFETY: as above.
    drop(unsafe { place(header, ty, ty.slot_count()).replace(new.into_value()) });
}

/// Number of instance attributes, without making the dict.
pub fn len(header: &Header) -> usize {
    let ty = header.ty();
    if !ty.has_dict() {
        return 0;
    }
    let shape = shape_word(header, ty).get();
    if shape.is_null() {
        return dict_if_any(header, ty).map_or(0, |dict| dict.len());
    }
    // SAFETY: a non-null shape lives as long as its class.
    unsafe { (*shape).keys().len() }
}
