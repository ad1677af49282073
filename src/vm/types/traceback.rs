//! Traceback objects.

use snakelet_macros::native_type;

use crate::Value;
use crate::object::VmCell;

/// The payload of tracebacks: one entry of the chain.
#[native_type(name = "traceback")]
pub struct Traceback {
    /// The next entry, towards where the exception was raised; None at the end.
    pub next: VmCell<Value>,
    /// A frame object.
    pub frame: Value,
    /// Index of the instruction.
    pub instruction: u32,
}
