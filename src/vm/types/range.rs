//! `range`: the payload; methods follow.

use snakelet_macros::native_type;

use std::cell::Cell;

use crate::Value;

/// The payload of ranges: ints of any size.
#[native_type(name = "range", flags(sequence))]
pub struct Range {
    pub start: Value,
    pub stop: Value,
    pub step: Value,
    /// Number of items, an int.
    pub length: Value,
}

/// Iterates a range whose bounds are small.
#[native_type(name = "range_iterator")]
pub struct RangeIterator {
    pub next: Cell<i64>,
    pub step: i64,
    /// Items left.
    pub left: Cell<u64>,
}
