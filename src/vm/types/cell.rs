//! Cells: variables shared by functions.

use snakelet_macros::native_type;

use crate::Value;
use crate::object::VmCell;

/// A variable shared by functions; `Value::UNBOUND` when empty.
#[native_type(name = "cell")]
pub struct CellObject {
    pub contents: VmCell<Value>,
}
