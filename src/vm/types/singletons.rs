//! The types of None, Ellipsis and NotImplemented, whose only values are immediates.

use snakelet_macros::native_type;


/// Type of `None`.
#[native_type(name = "NoneType")]
pub struct NoneType {}

/// Type of `...`.
#[native_type(name = "ellipsis")]
pub struct EllipsisType {}

/// Type of `NotImplemented`.
#[native_type(name = "NotImplementedType")]
pub struct NotImplementedType {}
