//! Bound methods.

use snakelet_macros::{methods, native_type};

use crate::native::Args;
use crate::types::slots::CompareOp;
use crate::{PyResult, Value, Vm, VmRef};

/// The payload of bound methods of Python functions (or of any callable).
#[native_type(name = "method", doc = "A function bound to an instance.", flags(weak_references))]
pub struct BoundMethod {
    pub function: Value,
    pub instance: Value,
}

#[methods]
impl BoundMethod {
    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
        let [function, instance] = args.values else {
            return Err(vm.type_error(format!("method expected 2 arguments, got {}", args.values.len())));
        };
        if vm.type_of(function).slots().call.is_none()
            && function.downcast::<crate::types::function::Function>().is_none()
        {
            return Err(vm.type_error("first argument must be callable"));
        }
        if instance.is_none() {
            return Err(vm.type_error("instance must not be None"));
        }
        vm.new_instance(cls, BoundMethod { function: function.clone(), instance: instance.clone() })
    }

    #[slot(call)]
    fn call(vm: &Vm, this: &BoundMethod, args: Args<'_>) -> PyResult {
        let mut values = Vec::with_capacity(args.values.len() + 1);
        values.push(this.instance.clone());
        values.extend_from_slice(args.values);
        let future = vm.call_kw(&this.function, values, args.kwnames.to_vec());
        Err(vm.defer(future))
    }

    /// Bound already: stays as it is.
    #[slot(descr_get)]
    fn descr_get(_vm: &Vm, this: &Value, _instance: Option<&Value>, _owner: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(getattr)]
    fn getattr(vm: &Vm, this: &Value, name: &Value) -> PyResult {
        if let Some(found) = crate::types::object::find_attr(vm, this, name) {
            return found;
        }
        let Some(method) = this.downcast::<BoundMethod>() else { return Err(vm.no_attribute(this, name)) };
        vm.get_attr(&method.function, name)
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Value) -> PyResult {
        let Some(method) = this.to_ref::<BoundMethod>() else { return Ok(Value::NONE) };
        let mut name = vm.attr_opt(&method.function, &crate::name!(__qualname__)).await?;
        if name.is_none() {
            name = vm.attr_opt(&method.function, &crate::name!(__name__)).await?;
        }
        let name = match name.as_ref().and_then(Value::as_text) {
            Some(name) => name.to_utf8_lossy().into_owned(),
            None => "?".to_string(),
        };
        let instance = vm.repr(&method.instance).await?;
        Ok(Value::from_str(&format!("<bound method {name} of {}>", instance.to_string_lossy())))
    }

    #[slot(compare)]
    fn compare(_vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let both = (left.downcast::<BoundMethod>(), right.downcast::<BoundMethod>());
        let ((Some(a), Some(b)), CompareOp::Eq | CompareOp::Ne) = (both, op) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let same = a.function.is(&b.function) && a.instance.is(&b.instance);
        Ok(Value::bool(same == (op == CompareOp::Eq)))
    }

    #[slot(hash)]
    fn hash(_vm: &Vm, this: &BoundMethod) -> PyResult {
        let hash = (this.function.bits() >> 4).wrapping_mul(31) ^ this.instance.bits() >> 4;
        Ok(Value::small_int((hash & 0x7fff_ffff_ffff) as i64))
    }

    /// The function.
    #[getter("__func__")]
    fn func(this: &BoundMethod) -> Value {
        this.function.clone()
    }

    /// The instance the function is bound to.
    #[getter("__self__")]
    fn self_value(this: &BoundMethod) -> Value {
        this.instance.clone()
    }

    /// The function's documentation.
    #[getter("__doc__")]
    fn doc(vm: &Vm, this: &BoundMethod) -> PyResult {
        vm.get_attr(&this.function, &crate::name!(__doc__))
    }

    /// For pickling: how to get the method again.
    #[method("__reduce__(self, /)")]
    async fn reduce(vm: VmRef, this: Value) -> PyResult {
        let Some(method) = this.to_ref::<BoundMethod>() else { return Ok(Value::NONE) };
        let name = vm.attr(&method.function, "__name__").await?;
        let builtins = crate::import::import_module(&vm, "builtins").await?;
        let getattr = vm.attr(&builtins, "getattr").await?;
        Ok(Value::from_tuple(vec![getattr, Value::from_tuple(vec![method.instance.clone(), name])]))
    }
}
