//! Exception objects: one payload for all classes; methods follow.

use snakelet_macros::native_type;

use std::cell::Cell;

use crate::object::{Ref, VmCell};
use crate::types::typeobject::Type;
use crate::{Value, Vm};

/// The payload of all exceptions.
#[native_type(name = "BaseException", flags(subclassable, has_dict, exception))]
pub struct BaseException {
    /// A tuple.
    pub args: VmCell<Value>,
    /// A traceback object or None.
    pub traceback: VmCell<Value>,
    /// An exception or None.
    pub context: VmCell<Value>,
    /// An exception or None.
    pub cause: VmCell<Value>,
    pub suppress_context: Cell<bool>,
    /// What the class has beyond these (`StopIteration.value`, `OSError.errno`, ...), in the order that `errors::fields` says.
    pub fields: VmCell<Vec<Value>>,
}

/// A new instance of an exception class, as `class(*args)` makes it when the class has no Python `__new__` or `__init__`.
pub fn instantiate(_vm: &Vm, class: &Ref<Type>, args: Vec<Value>) -> Value {
    let payload = BaseException {
        args: VmCell::new(Value::from_tuple(args)),
        traceback: VmCell::default(),
        context: VmCell::default(),
        cause: VmCell::default(),
        suppress_context: Cell::new(false),
        fields: VmCell::default(),
    };
    crate::object::allocate(class, payload)
}
