//! A fixed sequence of values that can lie behind the payload it belongs to, in the memory of the same object.
//!
//! That saves short tuples, which programs make and drop by the million, the second block of memory. Items made for an
//! object of their own class ([`Items::allocate_behind`]) follow it; any others (long ones, those of subclasses, whose instance
//! part is there) have a block of their own. Which it is follows from their address.

use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use super::{Header, Native, Object, Traverse, Visitor, alloc};
use crate::Value;
use crate::types::typeobject::Type;

/// The items; a payload that is nothing else can have them behind it.
#[repr(C)]
pub struct Items {
    start: NonNull<Value>,
    length: usize,
}

impl Items {
    /// More than so many get a block of their own: the allocator is quickest with small blocks.
    pub const MOST_BEHIND: usize = 28;

    /// The items in a block of their own.
    pub fn new(items: Vec<Value>) -> Items {
        let mut items = ManuallyDrop::new(items.into_boxed_slice());
        Items { start: NonNull::from(&mut **items).cast(), length: items.len() }
    }

    /// An object of builtin type `ty`, whose payload `T` is transparent over `Items`, with `count` (at most `MOST_BEHIND`) items
    /// behind it.
    #[inline(always)]
    pub fn allocate_behind<T: Native>(
        ty: &super::Ref<Type>,
        count: usize,
        mut item: impl FnMut(usize) -> Value,
    ) -> Value {
        debug_assert!(count <= Items::MOST_BEHIND && !ty.has_instance_part() && size_of::<T>() == size_of::<Items>());
        let header = super::begin(ty, count * size_of::<Value>());
        // SAFETY: the object has room for the payload and, behind it, the items; nobody has seen it yet.
        unsafe {
            let payload = &raw mut (*header.as_ptr().cast::<Object<Items>>()).payload;
            let start = payload.add(1).cast::<Value>();
            for index in 0..count {
                start.add(index).write(item(index));
            }
            payload.write(Items { start: NonNull::new_unchecked(start), length: count });
            // What never changes and holds nothing that could refer back is in no cycle.
            if (*payload).as_slice().iter().any(may_be_in_cycle) {
                super::collect::track(header.as_ptr());
            }
            Value::from_header(header.as_ptr())
        }
    }

    #[inline(always)]
    pub fn as_slice(&self) -> &[Value] {
        // SAFETY: so many live values are there.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.length) }
    }

    fn are_behind(&self) -> bool {
        std::ptr::eq(self.start.as_ptr(), std::ptr::from_ref(self).wrapping_add(1).cast())
    }

    /// Bytes that the object `header`, whose payload is transparent over `Items`, has behind that.
    ///
    /// # Safety
    /// The object is live.
    #[inline]
    pub unsafe fn bytes_behind(header: *const Header) -> usize {
        // SAFETY: the caller's promise.
        let items = unsafe { &(*header.cast::<Object<Items>>()).payload };
        if items.are_behind() { items.length * size_of::<Value>() } else { 0 }
    }
}

/// Whether the collector looks at objects like this one.
#[inline(always)]
fn may_be_in_cycle(item: &Value) -> bool {
    item.header().is_some_and(|header| header.payload_table().is_container || header.ty().has_instance_part())
}

// A block that follows an object directly would look like its own: objects of this size end inside of their size class.
const _: () = assert!(!size_of::<Object<Items>>().is_multiple_of(alloc::CLASS));

impl Drop for Items {
    fn drop(&mut self) {
        let items = std::ptr::slice_from_raw_parts_mut(self.start.as_ptr(), self.length);
        // SAFETY: the values are dropped once; the memory is a boxed slice, or the object's.
        unsafe {
            if self.are_behind() {
                std::ptr::drop_in_place(items);
            } else {
                drop(Box::from_raw(items));
            }
        }
    }
}

impl Traverse for Items {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.as_slice().iter().for_each(|item| visitor.visit(item));
    }
}
