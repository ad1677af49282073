//! Payload types and typed references.
//!
//! [`Native`] ties a Rust type to its table (for freeing and traversing without knowing the type) and to its builtin type
//! object; `#[native_type]` implements it. [`Traverse`] is derived by the same attribute, never written by hand except for
//! the containers below. [`Ref`] is a [`Value`] known to hold a payload of one type.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::Deref;

use super::{Header, Object, VmCell};
use crate::Value;
use crate::types::typeobject::{Type, TypeSpec};

/// What the runtime must know of a payload type when it only has the object's header.
pub struct PayloadTable {
    /// The builtin type's name, for debugging and messages.
    pub name: &'static str,
    /// Size of `Object<T>`.
    pub size: usize,
    /// Whether it can hold references, so that the collector must see it.
    pub is_container: bool,
    /// Drops the payload in place.
    pub drop_payload: unsafe fn(*mut Header),
    /// Shows every reference that the payload holds.
    pub traverse: unsafe fn(*const Header, &mut Visitor<'_>),
    /// Drops the references in the payload's mutable parts, to break a cycle.
    pub clear: unsafe fn(*const Header),
}

impl PayloadTable {
    /// The table for payload `T`.
    pub const fn new<T: Native>(name: &'static str, is_container: bool) -> PayloadTable {
        unsafe fn drop_payload<T>(header: *mut Header) {
            // SAFETY: called once, for an object with payload T that nobody refers to any more.
            unsafe { std::ptr::drop_in_place(&raw mut (*header.cast::<Object<T>>()).payload) }
        }
        unsafe fn traverse<T: Traverse>(header: *const Header, visitor: &mut Visitor<'_>) {
            // SAFETY: called for a live object with payload T.
            unsafe { (*header.cast::<Object<T>>()).payload.traverse(visitor) }
        }
        unsafe fn clear<T: Traverse>(header: *const Header) {
            // SAFETY: called for a live object with payload T.
            unsafe { (*header.cast::<Object<T>>()).payload.clear_shared() }
        }
        PayloadTable {
            name,
            size: size_of::<Object<T>>(),
            is_container,
            drop_payload: drop_payload::<T>,
            traverse: traverse::<T>,
            clear: clear::<T>,
        }
    }
}

/// A Rust type that is the payload of a builtin type's objects. Implemented by `#[native_type]`.
pub trait Native: Traverse + Sized + 'static {
    /// A static of its own; its address identifies the payload type.
    const TABLE: &'static PayloadTable;

    /// How the type object is made, at its first use.
    fn spec() -> TypeSpec;

    /// The builtin type object, which lives for ever.
    fn type_pointer() -> *const Object<Type>;

    /// The same if it was made already, else null: for comparing with the type of an object.
    fn known_type_pointer() -> *const Object<Type>;

    /// The builtin type object.
    #[inline]
    fn type_object() -> Ref<Type> {
        // SAFETY: builtin types are never freed.
        Ref::from_value(unsafe { super::retained(Self::type_pointer().cast()) })
    }

    /// Makes an object of exactly the builtin type.
    #[inline]
    fn into_value(self) -> Value {
        super::allocate(&ManuallyDrop::new(Self::type_object_borrowed()), self)
    }

    #[doc(hidden)]
    #[inline]
    fn type_object_borrowed() -> Ref<Type> {
        // SAFETY: builtin types are never freed; the caller wraps the result in ManuallyDrop.
        Ref::from_value(unsafe { Value::from_header(Self::type_pointer().cast()) })
    }

    /// The same, as a typed reference.
    #[inline]
    fn into_object(self) -> Ref<Self> {
        Ref::from_value(self.into_value())
    }
}

/// An owned reference to an object whose payload is a `T`.
#[repr(transparent)]
pub struct Ref<T>(Value, PhantomData<T>);

impl<T: Native> Ref<T> {
    /// The caller has made sure that `value`'s payload is a `T`.
    #[inline(always)]
    pub(crate) fn from_value(value: Value) -> Ref<T> {
        debug_assert!(value.is_object());
        Ref(value, PhantomData)
    }

    /// The object's address; the count goes with it.
    #[inline]
    pub(crate) fn into_raw(this: Ref<T>) -> *const Object<T> {
        let value = ManuallyDrop::new(this.0);
        value.bits() as usize as *const Object<T>
    }

    /// The object's address.
    #[inline(always)]
    pub(crate) fn as_pointer(this: &Ref<T>) -> *const Object<T> {
        this.0.bits() as usize as *const Object<T>
    }

    #[inline(always)]
    pub fn as_value(&self) -> &Value {
        &self.0
    }

    #[inline(always)]
    pub fn into_value(self) -> Value {
        self.0
    }

    #[inline(always)]
    pub fn value(&self) -> Value {
        self.0.clone()
    }

    /// Whether both are the same object.
    #[inline(always)]
    pub fn is(&self, other: &Ref<T>) -> bool {
        self.0.is(&other.0)
    }
}

impl<T> Clone for Ref<T> {
    #[inline(always)]
    fn clone(&self) -> Ref<T> {
        Ref(self.0.clone(), PhantomData)
    }
}

impl<T: Native> Deref for Ref<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: `from_value` is only given values with this payload.
        unsafe { &(*(self.0.bits() as usize as *const Object<T>)).payload }
    }
}

/// Receives each reference that an object holds.
pub struct Visitor<'a> {
    visit: &'a mut dyn FnMut(&Value),
}

impl<'a> Visitor<'a> {
    pub fn new(visit: &'a mut dyn FnMut(&Value)) -> Visitor<'a> {
        Visitor { visit }
    }

    #[inline]
    pub fn visit(&mut self, value: &Value) {
        if value.is_object() {
            (self.visit)(value);
        }
    }
}

/// Shows and drops the references a piece of data holds. Types without references implement it emptily
/// (`no_references!`).
pub trait Traverse {
    fn traverse(&self, visitor: &mut Visitor<'_>);

    /// Drops the references; called to break cycles.
    fn clear(&mut self) {}

    /// The same through a shared borrow: cells do it, immutable parts stay.
    fn clear_shared(&self) {}
}

impl Traverse for Value {
    #[inline]
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        visitor.visit(self);
    }

    fn clear(&mut self) {
        *self = Value::NONE;
    }
}

impl<T: Native> Traverse for Ref<T> {
    #[inline]
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        visitor.visit(&self.0);
    }
}

impl<T: Traverse> Traverse for Option<T> {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        if let Some(inner) = self {
            inner.traverse(visitor);
        }
    }

    fn clear(&mut self) {
        *self = None;
    }
}

impl<T: Traverse> Traverse for Vec<T> {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.iter().for_each(|item| item.traverse(visitor));
    }

    fn clear(&mut self) {
        drop(std::mem::take(self));
    }
}

impl<T: Traverse> Traverse for std::collections::VecDeque<T> {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.iter().for_each(|item| item.traverse(visitor));
    }

    fn clear(&mut self) {
        drop(std::mem::take(self));
    }
}

impl<T: Traverse> Traverse for Box<[T]> {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.iter().for_each(|item| item.traverse(visitor));
    }

    fn clear(&mut self) {
        drop(std::mem::take(self));
    }
}

impl<T: Traverse> Traverse for Box<T> {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        (**self).traverse(visitor);
    }

    fn clear(&mut self) {
        (**self).clear();
    }
}

impl<T: Traverse> Traverse for VmCell<T> {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.borrow().traverse(visitor);
    }

    fn clear(&mut self) {
        self.borrow_mut().clear();
    }

    fn clear_shared(&self) {
        self.borrow_mut().clear();
    }
}

impl<A: Traverse, B: Traverse> Traverse for (A, B) {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.0.traverse(visitor);
        self.1.traverse(visitor);
    }

    fn clear(&mut self) {
        self.0.clear();
        self.1.clear();
    }
}

/// Declares that types hold no references.
#[macro_export]
macro_rules! no_references {
    ($($ty:ty),* $(,)?) => {
        $(impl $crate::object::Traverse for $ty {
            #[inline(always)]
            fn traverse(&self, _visitor: &mut $crate::object::Visitor<'_>) {}
        })*
    };
}

no_references!(
    (),
    bool,
    char,
    u8,
    u16,
    u32,
    u64,
    usize,
    i8,
    i16,
    i32,
    i64,
    isize,
    f64,
    String,
    &'static str,
    std::rc::Rc<str>,
    num_bigint::BigInt,
    snakelet_text::Text
);

impl<T> Traverse for std::cell::Cell<T> {
    fn traverse(&self, _visitor: &mut Visitor<'_>) {}
}

impl<T> Traverse for std::rc::Weak<T> {
    fn traverse(&self, _visitor: &mut Visitor<'_>) {}
}
