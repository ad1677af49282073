//! `repr`, `ascii`, `format`.

use snakelet_macros::functions;

use crate::{PyResult, Value, Vm};

pub struct TextFunctions;

#[functions("builtins", FUNCTIONS)]
impl TextFunctions {
    /// Return the canonical string representation of the object.
    ///
    /// For many object types, including most builtins, eval(repr(obj)) == obj.
    #[function("repr(obj, /)")]
    fn repr(vm: &Vm, obj: &Value) -> PyResult {
        vm.repr_of(obj)
    }

    /// Return an ASCII-only representation of an object: repr() with other characters escaped.
    #[function("ascii(obj, /)")]
    fn ascii(vm: &Vm, obj: &Value) -> PyResult {
        vm.ascii_of(obj)
    }

    /// Return type(value).__format__(value, format_spec)
    ///
    /// The specification is a string in the Format Specification Mini-Language; without one the value is formatted as by str().
    #[function("format(value, format_spec='', /)")]
    fn format(vm: &Vm, value: &Value, format_spec: &Value) -> PyResult {
        if format_spec.as_text().is_none() {
            let got = vm.type_name(format_spec);
            return Err(vm.type_error(format!("format() argument 2 must be str, not {got}")));
        }
        vm.format_of(value, format_spec)
    }
}
