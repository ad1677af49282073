//! Weak references.

use snakelet_macros::native_type;

use std::cell::Cell;

use crate::Value;
use crate::object::{Header, VmCell};

/// The payload of weak references (`weakref.ref`).
#[native_type(name = "ReferenceType", module = "weakref", flags(subclassable))]
pub struct WeakRef {
    /// The object's address, null once it is dead.
    #[skip_traverse]
    pub(crate) target: Cell<*const Header>,
    /// Called with the reference when the object dies; None if there is none.
    pub callback: VmCell<Value>,
    /// The target's hash once asked for.
    pub hash: Cell<Option<u64>>,
}

impl WeakRef {
    /// The object, if it is alive.
    pub fn upgrade(&self) -> Option<Value> {
        let target = self.target.get();
        // SAFETY: `kill` is called before the object is freed; one that is being freed has count 0.
        (!target.is_null() && unsafe { (*target).count() } > 0).then(|| unsafe { crate::object::retained(target) })
    }

    /// The object died: forgets it and gives the callback to call.
    pub(crate) fn kill(&self) -> Option<Value> {
        self.target.set(std::ptr::null());
        let callback = self.callback.replace(Value::NONE);
        (!callback.is_none()).then_some(callback)
    }
}
