//! Objects on the heap: header, counted references, freeing, the cycle collector's hooks.
//!
//! An object is a [`Header`], a payload of a Rust type that implements [`Native`], and, for instances of Python classes, an
//! instance part (shape, slots, inline attributes; see [`instance`]). Dropping the last reference never runs Python code:
//! finalisers and weak reference callbacks are queued and run as frames at the next safepoint. Freeing is iterative.

pub mod alloc;
pub mod cell;
pub mod collect;
pub mod instance;
pub mod intern;
pub mod items;
pub mod local;
pub mod shape;
pub mod typed;
pub mod weak;

use std::cell::Cell;
use std::ptr::NonNull;

pub use cell::VmCell;
pub use items::Items;
pub use typed::{Native, PayloadTable, Ref, Traverse, Visitor};

use crate::Value;
use crate::types::typeobject::Type;

/// What every object starts with: 16 bytes on wasm32.
#[repr(C)]
pub struct Header {
    /// Reference count. It cannot overflow: memory ends before 2**32 references exist.
    count: Cell<u32>,
    /// Index in the collector's list, or `UNTRACKED`, and flags in the top bits.
    tracking: Cell<u32>,
    /// The collector's count during a collection.
    pub(crate) scratch: Cell<u32>,
    ty: Cell<*const Object<Type>>,
}

/// An object with payload `T`.
#[repr(C)]
pub struct Object<T> {
    pub header: Header,
    pub payload: T,
}

const INDEX_MASK: u32 = (1 << 28) - 1;
const UNTRACKED: u32 = INDEX_MASK;
const FLAG_OLD: u32 = 1 << 28;
const FLAG_FINALIZED: u32 = 1 << 29;
const FLAG_WEAKLY_REFERENCED: u32 = 1 << 30;

impl Header {
    #[inline(always)]
    pub(crate) fn retain(&self) {
        self.count.set(self.count.get().wrapping_add(1));
    }

    /// `sys.getrefcount` less one.
    #[inline(always)]
    pub fn count(&self) -> u32 {
        self.count.get()
    }

    #[inline(always)]
    pub fn type_pointer(&self) -> *const Object<Type> {
        self.ty.get()
    }

    /// The object's type.
    #[inline(always)]
    pub fn ty(&self) -> &Type {
        // SAFETY: every object holds a count of its type.
        unsafe { &(*self.ty.get()).payload }
    }

    /// The object's type as a value.
    #[inline]
    pub fn type_value(&self) -> Value {
        // SAFETY: as in `ty`; the clone takes a count of its own.
        let value = std::mem::ManuallyDrop::new(unsafe { Value::from_header(self.ty.get().cast()) });
        (*value).clone()
    }

    /// `obj.__class__ = ty`; the caller has checked that the layouts agree.
    pub fn set_type(&self, ty: &Ref<Type>) {
        let old = self.ty.replace(Ref::into_raw(ty.clone()));
        // SAFETY: the count of the old type that this object held.
        drop(unsafe { Value::from_header(old.cast()) });
    }

    #[inline(always)]
    pub fn payload_table(&self) -> &'static PayloadTable {
        self.ty().table
    }

    #[inline]
    pub(crate) fn has_flag(&self, flag: u32) -> bool {
        self.tracking.get() & flag != 0
    }

    #[inline]
    pub(crate) fn set_flag(&self, flag: u32) {
        self.tracking.set(self.tracking.get() | flag);
    }

    #[inline]
    pub(crate) fn clear_flag(&self, flag: u32) {
        self.tracking.set(self.tracking.get() & !flag);
    }

    /// Whether `__del__` has run (it runs once).
    pub fn is_finalized(&self) -> bool {
        self.has_flag(FLAG_FINALIZED)
    }

    pub fn set_finalized(&self) {
        self.set_flag(FLAG_FINALIZED);
    }
}

/// The object as a new counted reference.
///
/// # Safety
/// `header` belongs to a live object.
pub(crate) unsafe fn retained(header: *const Header) -> Value {
    // SAFETY: the caller's promise; one count is added for the new value.
    unsafe {
        (*header).retain();
        Value::from_header(header)
    }
}

/// Gives back one count; at zero the object is freed or its finaliser queued.
///
/// # Safety
/// The caller owns the count and does not use it again.
#[inline(always)]
pub(crate) unsafe fn release(header: *const Header) {
    // SAFETY: the object is live while the caller's count exists.
    let count = unsafe { &(*header).count };
    let left = count.get() - 1;
    count.set(left);
    if left == 0 {
        // SAFETY: nobody else refers to it.
        unsafe { collect::last_reference_gone(header) }
    }
}

/// Makes an object of type `ty` with payload `T`.
///
/// The type's payload table must be `T`'s.
#[inline]
pub fn allocate<T: Native>(ty: &Ref<Type>, payload: T) -> Value {
    debug_assert!(std::ptr::eq(ty.table, T::TABLE));
    let header = begin(ty, 0);
    if ty.has_instance_part() || T::TABLE.is_container {
        collect::track(header.as_ptr());
    }
    // SAFETY: the object is as large as Object<T> or larger; nobody has seen it yet.
    unsafe {
        (&raw mut (*header.as_ptr().cast::<Object<T>>()).payload).write(payload);
        Value::from_header(header.as_ptr())
    }
}

/// An object of type `ty` with `extra` bytes behind it that lacks its payload, which must be written before anything else
/// happens, and is not tracked.
#[inline(never)]
fn begin(ty: &Ref<Type>, extra: usize) -> NonNull<Header> {
    let has_part = ty.has_instance_part();
    let object: NonNull<Header> = alloc::allocate(ty.instance_size() + extra).cast();
    // SAFETY: the memory is fresh and large enough.
    unsafe {
        object.as_ptr().write(Header {
            count: Cell::new(1),
            tracking: Cell::new(UNTRACKED),
            scratch: Cell::new(0),
            ty: Cell::new(Ref::into_raw(ty.clone())),
        });
        if has_part {
            instance::initialize(object.as_ptr(), ty);
        }
    }
    object
}

/// Makes the object of a builtin type, whose type is `metatype` (null: itself). It is not shown to the collector.
///
/// # Safety
/// `payload` gets a placeholder for the type's dict, to be replaced by `set_first_dict` before anything looks at it.
pub(crate) unsafe fn allocate_type(
    metatype: *const Object<Type>,
    payload: impl FnOnce(Ref<crate::types::dict::Dict>) -> Type,
) -> Ref<Type> {
    let memory = alloc::allocate(size_of::<Object<Type>>()).cast::<Object<Type>>();
    let metatype = if metatype.is_null() { memory.as_ptr().cast_const() } else { metatype };
    // SAFETY: the memory is fresh; the placeholder is never dropped or read, by the caller's promise.
    unsafe {
        let placeholder = Ref::from_value(Value::from_header(memory.as_ptr().cast()));
        let header = Header {
            count: Cell::new(1),
            tracking: Cell::new(UNTRACKED),
            scratch: Cell::new(0),
            ty: Cell::new(metatype),
        };
        memory.as_ptr().write(Object { header, payload: payload(placeholder) });
        Ref::from_value(Value::from_header(memory.as_ptr().cast()))
    }
}

/// Replaces the placeholder of `allocate_type`.
///
/// # Safety
/// To be called once, for a type just made by `allocate_type`.
pub(crate) unsafe fn set_first_dict(ty: &Ref<Type>, dict: Ref<crate::types::dict::Dict>) {
    let object = Ref::as_pointer(ty).cast_mut();
    // SAFETY: nobody has a reference into the payload yet; the placeholder must not be dropped.
    unsafe { (&raw mut (*object).payload.dict).write(dict) }
}
