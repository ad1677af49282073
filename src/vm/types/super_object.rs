//! `super`: the payload; methods follow.

use snakelet_macros::native_type;

use crate::Value;
use crate::object::VmCell;

/// The payload of super objects.
#[native_type(name = "super", flags(subclassable))]
pub struct Super {
    /// The class after which the search starts.
    pub class: VmCell<Value>,
    /// The instance or class that methods are bound to; None for an unbound super object.
    pub instance: VmCell<Value>,
    /// The class whose MRO is searched.
    pub instance_class: VmCell<Value>,
}
