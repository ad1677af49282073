//! `getattr`, `setattr`, `delattr`, `hasattr`.

use snakelet_macros::functions;

use crate::errors::Exc;
use crate::object::intern::intern_value;
use crate::{PyResult, Value, Vm};

pub struct Attributes;

#[functions("builtins", FUNCTIONS)]
impl Attributes {
    /// getattr(object, name[, default]) -> value
    ///
    /// Get a named attribute from an object; getattr(x, 'y') is the same as x.y. With a default, that is returned instead of
    /// raising AttributeError.
    #[function("getattr(object, name, default=<unrepresentable>, /)", text = none)]
    fn getattr(vm: &Vm, object: &Value, name: &Value, default: Option<Value>) -> PyResult {
        let name = attribute_name(vm, name)?;
        let result = vm.get_attr(object, &name);
        let Some(default) = default else { return result };
        recover(vm, result, move |found| found.unwrap_or(default))
    }

    /// Return whether the object has an attribute with the given name.
    #[function("hasattr(obj, name, /)")]
    fn hasattr(vm: &Vm, obj: &Value, name: &Value) -> PyResult {
        let name = attribute_name(vm, name)?;
        let result = vm.get_attr(obj, &name);
        recover(vm, result, |found| Value::bool(found.is_some()))
    }

    /// Sets the named attribute: setattr(x, 'y', v) is the same as x.y = v.
    #[function("setattr(obj, name, value, /)")]
    fn setattr(vm: &Vm, obj: &Value, name: &Value, value: &Value) -> PyResult {
        let name = attribute_name(vm, name)?;
        vm.set_attr(obj, &name, Some(value))
    }

    /// Deletes the named attribute: delattr(x, 'y') is the same as del x.y.
    #[function("delattr(obj, name, /)")]
    fn delattr(vm: &Vm, obj: &Value, name: &Value) -> PyResult {
        let name = attribute_name(vm, name)?;
        vm.set_attr(obj, &name, None)
    }
}

/// The name, interned as attribute look-ups want it.
pub(crate) fn attribute_name(vm: &Vm, name: &Value) -> PyResult {
    if name.as_text().is_none() {
        let got = vm.type_name(name);
        return Err(vm.type_error(format!("attribute name must be string, not '{got}'")));
    }
    Ok(intern_value(name))
}

/// Turns AttributeError into absence, at once or after the deferred look-up.
fn recover(vm: &Vm, result: PyResult, finish: impl FnOnce(Option<Value>) -> Value + 'static) -> PyResult {
    if result.is_err() && vm.is_deferred() {
        let (vm, result) = (vm.handle(), vm.settle(result));
        return Err(vm.defer(async move { absent(&vm, result.await).map(finish) }));
    }
    absent(vm, result).map(finish)
}

fn absent(vm: &Vm, result: PyResult) -> PyResult<Option<Value>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(raised) => match vm.catch(Exc::AttributeError) {
            Some(_) => Ok(None),
            None => Err(raised),
        },
    }
}
