//! Slices.

use snakelet_macros::native_type;

use crate::Value;

/// The payload of slice objects.
#[native_type(name = "slice")]
pub struct Slice {
    pub start: Value,
    pub stop: Value,
    pub step: Value,
}

impl Slice {
    pub fn new(start: Value, stop: Value, step: Value) -> Slice {
        Slice { start, stop, step }
    }
}
