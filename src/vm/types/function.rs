//! Python functions.

use std::cell::Cell;

use snakelet_macros::native_type;

use crate::Value;
use crate::object::{Ref, VmCell};
use crate::types::code::CodeObject;
use crate::types::dict::Dict;

/// The payload of Python functions. Methods and attributes are in `function_methods`.
#[native_type(name = "function", flags(has_dict, weak_references, method_descriptor))]
pub struct Function {
    pub code: VmCell<Ref<CodeObject>>,
    pub globals: Ref<Dict>,
    pub builtins: Ref<Dict>,
    pub name: VmCell<Value>,
    pub qualname: VmCell<Value>,
    /// A tuple, or unbound.
    pub defaults: VmCell<Value>,
    /// A dict, or unbound.
    pub kwdefaults: VmCell<Value>,
    /// Cells, in the order of the code's free variables.
    pub closure: Box<[Value]>,
    pub doc: VmCell<Value>,
    pub module: VmCell<Value>,
    /// A function that computes the annotations (PEP 649), None, or unbound.
    pub annotate: VmCell<Value>,
    /// The annotations' dict once computed or set, or unbound.
    pub annotations: VmCell<Value>,
    /// A tuple, or unbound.
    pub type_params: VmCell<Value>,
    /// The number of positional arguments with which a call needs no binding; `u16::MAX` if it always does.
    pub plain_args: Cell<u16>,
}
