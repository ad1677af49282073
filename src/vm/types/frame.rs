//! Frame objects: a frame made visible to Python.

use snakelet_macros::native_type;

use std::cell::Cell;

use crate::Value;
use crate::object::{Ref, VmCell};
use crate::types::function::Function;

/// The payload of frame objects.
#[native_type(name = "frame")]
pub struct FrameObject {
    /// The function (for modules and class bodies one made for the purpose).
    pub function: Ref<Function>,
    /// The namespace of a class body or module; unbound for functions.
    pub namespace: VmCell<Value>,
    /// The frame that called this one, or None.
    pub back: VmCell<Value>,
    /// The registers of a frame that has ended; empty while it runs.
    pub locals: VmCell<Vec<Value>>,
    /// While it runs: its thread's number and its index there.
    pub live: Cell<Option<(u32, u32)>>,
    /// Index of the instruction last executed, once it has ended.
    pub instruction: Cell<u32>,
}
