//! `object`, and the empty payload of plain instances.

use snakelet_macros::native_type;


/// The empty payload: `object()` and instances of classes without a builtin base.
#[native_type(name = "object", flags(subclassable))]
pub struct Object {}
