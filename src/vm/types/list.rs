//! `list`: the payload; methods follow.

use snakelet_macros::native_type;

use crate::Value;
use crate::object::{Native, VmCell};

/// The payload of lists.
#[native_type(name = "list", flags(subclassable, sequence, match_self))]
pub struct List {
    pub items: VmCell<Vec<Value>>,
}

impl List {
    pub fn new(items: Vec<Value>) -> List {
        List { items: VmCell::new(items) }
    }
}

impl Value {
    /// A new list.
    pub fn from_list(items: Vec<Value>) -> Value {
        List::new(items).into_value()
    }
}
