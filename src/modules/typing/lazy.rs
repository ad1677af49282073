//! Values that are computed when somebody asks.

use snakelet_macros::{methods, native_type};
use snakelet_vm::native::Args;
use snakelet_vm::types::generic_alias::repr_of_argument;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::{Native, PyResult, Ref, Value, Vm, VmCell, VmRef};

/// What to evaluate `VALUE`s with; see `annotationlib.Format`.
const VALUE_FORMAT: i64 = 1;
const STRING_FORMAT: i64 = 4;

/// The payload of a value that may have to be computed first. An object of its own, never shown to programs.
#[native_type(name = "_lazy", module = "_typing")]
pub struct Lazy {
    /// `UNBOUND` while unknown.
    value: VmCell<Value>,
    /// The function that computes it; `UNBOUND` if there is none.
    evaluate: VmCell<Value>,
}

impl Lazy {
    /// A known value; `UNBOUND` for none.
    pub fn known(value: Value) -> Ref<Lazy> {
        Lazy { value: VmCell::new(value), evaluate: VmCell::new(Value::UNBOUND) }.into_object()
    }

    /// A value that `evaluate` computes.
    pub fn from_function(evaluate: Value) -> Ref<Lazy> {
        Lazy { value: VmCell::new(Value::UNBOUND), evaluate: VmCell::new(evaluate) }.into_object()
    }

    /// From now on `evaluate` computes the value.
    pub fn set_function(&self, evaluate: Value) {
        self.value.set(Value::UNBOUND);
        self.evaluate.set(evaluate);
    }

    /// Whether there is neither a value nor a function.
    pub fn is_absent(&self) -> bool {
        self.value.borrow().is_unbound() && self.evaluate.borrow().is_unbound()
    }

    /// The value, `absent` if there is none.
    pub fn get(vm: &Vm, this: &Ref<Lazy>, absent: Value) -> PyResult {
        let known = this.value.get();
        if !known.is_unbound() {
            return Ok(known);
        }
        let evaluate = this.evaluate.get();
        if evaluate.is_unbound() {
            return Ok(absent);
        }
        let (vm, this) = (vm.handle(), this.clone());
        Err(vm.defer(async move {
            let value = vm.call(&evaluate, vec![Value::small_int(VALUE_FORMAT)]).await?;
            this.value.set(value.clone());
            Ok(value)
        }))
    }

    /// The function that computes the value, None if there is no value.
    pub fn evaluator(&self) -> Value {
        let evaluate = self.evaluate.get();
        if !evaluate.is_unbound() {
            return evaluate;
        }
        let value = self.value.get();
        if value.is_unbound() { Value::NONE } else { ConstEvaluator { value }.into_value() }
    }
}

/// The payload of functions that evaluate to a constant.
#[native_type(name = "_ConstEvaluator", module = "_typing")]
pub struct ConstEvaluator {
    value: Value,
}

#[methods]
impl ConstEvaluator {
    #[slot(call)]
    fn call(vm: &Vm, this: &ConstEvaluator, args: Args<'_>) -> PyResult {
        let [format] = args.values else {
            return Err(vm.type_error("constevaluator.__call__() takes exactly one argument"));
        };
        if format.to_i64() != Some(STRING_FORMAT) {
            return Ok(this.value.clone());
        }
        let (vm, value) = (vm.handle(), this.value.clone());
        Err(vm.defer(async move {
            let Some(several) = value.downcast::<Tuple>() else {
                return Ok(Value::from_str(&repr_of_argument(vm, &value).await?));
            };
            let mut parts = Vec::new();
            for item in several.items() {
                parts.push(repr_of_argument(vm, item).await?);
            }
            Ok(Value::from_str(&format!("({})", parts.join(", "))))
        }))
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Ref<ConstEvaluator>) -> PyResult<String> {
        Ok(format!("<constevaluator {}>", vm.repr(&this.value).await?.to_string_lossy()))
    }
}
