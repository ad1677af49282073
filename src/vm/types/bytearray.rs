//! `bytearray`: the payload; methods follow.

use snakelet_macros::native_type;

use crate::object::VmCell;

/// The payload of bytearrays.
#[native_type(name = "bytearray", flags(subclassable, match_self))]
pub struct ByteArray {
    pub bytes: VmCell<Vec<u8>>,
    /// Number of memoryviews that export the contents: it must not be resized meanwhile.
    pub exports: std::cell::Cell<usize>,
}
