//! Modules.

use snakelet_macros::native_type;

use crate::Value;
use crate::object::{Native, Ref};
use crate::types::dict::Dict;

/// The payload of modules.
#[native_type(name = "module", flags(subclassable, weak_references))]
pub struct Module {
    /// `__dict__`.
    pub dict: Ref<Dict>,
}

impl Module {
    /// A new module object with `__name__` and the other standard names set to None.
    pub fn new_object(name: &str) -> Ref<Module> {
        let dict = Dict::new_object();
        dict.set_text("__name__", Value::from_str(name));
        for other in ["__doc__", "__package__", "__loader__", "__spec__"] {
            dict.set_text(other, Value::NONE);
        }
        Module { dict }.into_object()
    }
}
