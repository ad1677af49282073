//! The types of None, Ellipsis and NotImplemented, whose only values are immediates.

use snakelet_macros::{methods, native_type};

use crate::native::Args;
use crate::types::slots::CompareOp;
use crate::{PyResult, Value, Vm};

/// Type of `None`.
#[native_type(name = "NoneType", doc = "The type of the None singleton.")]
pub struct NoneType {}

/// Type of `...`.
#[native_type(name = "ellipsis", doc = "The type of the Ellipsis singleton.")]
pub struct EllipsisType {}

/// Type of `NotImplemented`.
#[native_type(name = "NotImplementedType", doc = "The type of the NotImplemented singleton.")]
pub struct NotImplementedType {}

/// The only instance, if there are no arguments.
fn only(vm: &Vm, args: Args<'_>, name: &str, instance: Value) -> PyResult {
    if args.values.is_empty() { Ok(instance) } else { Err(vm.type_error(format!("{name} takes no arguments"))) }
}

#[methods]
impl NoneType {
    #[slot(new)]
    fn new_none(vm: &Vm, _cls: &Value, args: Args<'_>) -> PyResult {
        only(vm, args, "NoneType", Value::NONE)
    }

    #[slot(repr)]
    fn repr(_vm: &Vm, _this: &Value) -> PyResult {
        Ok(crate::name!(None))
    }

    #[slot(bool)]
    fn bool(_vm: &Vm, _this: &Value) -> PyResult {
        Ok(Value::FALSE)
    }

    #[slot(hash)]
    fn hash(vm: &Vm, _this: &Value) -> PyResult {
        vm.hash_of(&Value::NONE)
    }

    #[slot(compare)]
    fn compare(_vm: &Vm, this: &Value, other: &Value, op: CompareOp) -> PyResult {
        Ok(match op {
            CompareOp::Eq if this.is(other) => Value::TRUE,
            CompareOp::Ne if this.is(other) => Value::FALSE,
            _ => Value::NOT_IMPLEMENTED,
        })
    }
}

#[methods]
impl EllipsisType {
    #[slot(new)]
    fn new_ellipsis(vm: &Vm, _cls: &Value, args: Args<'_>) -> PyResult {
        only(vm, args, "EllipsisType", Value::ELLIPSIS)
    }

    /// Pickling support.
    #[method("__reduce__(self, /)", text = none)]
    fn reduce(_this: &Value) -> Value {
        crate::name!(Ellipsis)
    }

    #[slot(repr)]
    fn repr(_vm: &Vm, _this: &Value) -> PyResult {
        Ok(crate::name!(Ellipsis))
    }
}

#[methods]
impl NotImplementedType {
    #[slot(new)]
    fn new_not_implemented(vm: &Vm, _cls: &Value, args: Args<'_>) -> PyResult {
        only(vm, args, "NotImplementedType", Value::NOT_IMPLEMENTED)
    }

    /// Pickling support.
    #[method("__reduce__(self, /)", text = none)]
    fn reduce(_this: &Value) -> Value {
        crate::name!(NotImplemented)
    }

    #[slot(repr)]
    fn repr(_vm: &Vm, _this: &Value) -> PyResult {
        Ok(crate::name!(NotImplemented))
    }

    #[slot(bool)]
    fn bool(vm: &Vm, _this: &Value) -> PyResult {
        Err(vm.type_error("NotImplemented should not be used in a boolean context"))
    }
}
