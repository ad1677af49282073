//! Bound methods.

use snakelet_macros::native_type;

use crate::Value;

/// The payload of bound methods of Python functions (or of any callable).
#[native_type(name = "method", flags(weak_references))]
pub struct BoundMethod {
    pub function: Value,
    pub instance: Value,
}
