//! `property`, `staticmethod`, `classmethod`: the payloads; methods follow.

use snakelet_macros::native_type;

use crate::Value;
use crate::object::VmCell;

/// The payload of properties.
#[native_type(name = "property", flags(subclassable, has_dict))]
pub struct Property {
    /// None where absent.
    pub getter: VmCell<Value>,
    pub setter: VmCell<Value>,
    pub deleter: VmCell<Value>,
    pub doc: VmCell<Value>,
    pub name: VmCell<Value>,
}

/// The payload of static methods.
#[native_type(name = "staticmethod", flags(subclassable, has_dict))]
pub struct StaticMethod {
    pub callable: VmCell<Value>,
}

/// The payload of class methods.
#[native_type(name = "classmethod", flags(subclassable, has_dict))]
pub struct ClassMethod {
    pub callable: VmCell<Value>,
}
