//! TypeAliasType, `NoDefault` and `Generic`.

use snakelet_macros::{methods, native_type};
use snakelet_vm::native::Args;
use snakelet_vm::types::class_creation::make_class;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::generic_alias;
use snakelet_vm::types::property::ClassMethod;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::types::typeobject::Type;
use snakelet_vm::{Native, PyResult, Ref, Value, Vm, VmCell, VmRef};

use super::lazy::Lazy;
use super::params;
use super::params::{TypeVarTuple, iterate_unpacked};

/// The payload of `NoDefault`.
#[native_type(name = "NoDefaultType", module = "typing", doc = "The type of the NoDefault singleton.")]
pub struct NoDefaultType {}

/// `typing.NoDefault`
pub fn no_default() -> Value {
    thread_local! {
        static SINGLE: Value = NoDefaultType {}.into_value();
    }
    SINGLE.with(Value::clone)
}

#[methods]
impl NoDefaultType {
    #[slot(new)]
    fn new(vm: &Vm, _cls: &Value, args: Args<'_>) -> PyResult {
        if args.values.is_empty() { Ok(no_default()) } else { Err(vm.type_error("NoDefaultType takes no arguments")) }
    }

    #[slot(repr)]
    fn repr(this: &Value) -> &'static str {
        let _ = this;
        "typing.NoDefault"
    }

    #[method("__reduce__(self, /)")]
    fn reduce(this: &NoDefaultType) -> &'static str {
        let _ = this;
        "NoDefault"
    }
}

/// The payload of type aliases: `type name[type_params] = value`.
#[native_type(name = "TypeAliasType", module = "typing", doc = "Type alias.", flags(weak_references))]
pub struct TypeAliasType {
    name: Value,
    type_params: Value,
    value: Ref<Lazy>,
    module: Value,
}

/// A type alias of its name, type parameters or None, and the function that computes the value.
pub fn lazy_alias(vm: &Vm, parts: &Value) -> PyResult {
    let Some([name, type_params, evaluate]) = parts.downcast::<Tuple>().map(Tuple::items) else {
        return Err(vm.type_error("a tuple of three items is needed"));
    };
    let type_params = if type_params.is_none() { Value::from_tuple(Vec::new()) } else { type_params.clone() };
    let value = Lazy::from_function(evaluate.clone());
    let module = vm.calling_module().unwrap_or(Value::NONE);
    Ok(TypeAliasType { name: name.clone(), type_params, value, module }.into_value())
}

#[methods]
impl TypeAliasType {
    #[new("TypeAliasType(name, value, *, type_params=())")]
    fn new(vm: &Vm, _cls: &Value, name: &Value, value: &Value, type_params: &Value) -> PyResult {
        if name.as_text().is_none() {
            let got = vm.type_name(name);
            return Err(vm.type_error(format!("typealias() argument 'name' must be str, not {got}")));
        }
        let Some(given) = type_params.downcast::<Tuple>() else {
            return Err(vm.type_error("type_params must be a tuple"));
        };
        let mut has_default = false;
        for parameter in given.items() {
            let Some(with) = params::has_default(parameter) else {
                return Err(vm.type_error(format!("Expected a type param, got {}", shown(vm, parameter))));
            };
            if has_default && !with {
                let shown = shown(vm, parameter);
                let message = format!("non-default type parameter '{shown}' follows default type parameter");
                return Err(vm.type_error(message));
            }
            has_default |= with;
        }
        let module = vm.calling_module().unwrap_or(Value::NONE);
        let value = Lazy::known(value.clone());
        Ok(TypeAliasType { name: name.clone(), type_params: type_params.clone(), value, module }.into_value())
    }

    #[slot(repr)]
    fn repr(this: &TypeAliasType) -> Value {
        this.name.clone()
    }

    #[slot(or)]
    fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        snakelet_vm::types::union::union_of_any(vm, left, right)
    }

    #[slot(getitem)]
    fn getitem(vm: &Vm, this: &Value, item: &Value) -> PyResult {
        let generic = this
            .downcast::<TypeAliasType>()
            .and_then(|alias| alias.type_params.downcast::<Tuple>())
            .is_some_and(|params| !params.items().is_empty());
        if !generic {
            return Err(vm.type_error("Only generic type aliases are subscriptable"));
        }
        Ok(generic_alias::alias(this, item))
    }

    #[slot(iter)]
    fn iter(vm: &Vm, this: &Value) -> PyResult {
        Err(iterate_unpacked(vm, this))
    }

    #[getter("__name__")]
    fn name(this: &TypeAliasType) -> Value {
        this.name.clone()
    }

    #[getter("__value__")]
    fn value(vm: &Vm, this: &TypeAliasType) -> PyResult {
        Lazy::get(vm, &this.value, Value::NONE)
    }

    #[getter("evaluate_value")]
    fn evaluate_value(this: &TypeAliasType) -> Value {
        this.value.evaluator()
    }

    #[getter("__type_params__")]
    fn type_params(this: &TypeAliasType) -> Value {
        this.type_params.clone()
    }

    /// The type parameters, with TypeVarTuples unpacked.
    #[getter("__parameters__")]
    fn parameters(vm: &Vm, this: &TypeAliasType) -> PyResult {
        let Some(given) = this.type_params.downcast::<Tuple>() else { return Ok(this.type_params.clone()) };
        if !given.items().iter().any(|parameter| parameter.downcast::<TypeVarTuple>().is_some()) {
            return Ok(this.type_params.clone());
        }
        let (vm, given) = (vm.handle(), given.items().to_vec());
        Err(vm.defer(async move {
            let mut unpacked = Vec::new();
            for parameter in given {
                if parameter.downcast::<TypeVarTuple>().is_some() {
                    let iterator = vm.iter(&parameter).await?;
                    vm.collect_into(&iterator, &mut unpacked).await?;
                } else {
                    unpacked.push(parameter);
                }
            }
            Ok(Value::from_tuple(unpacked))
        }))
    }

    #[getter("__module__")]
    fn module(this: &TypeAliasType) -> Value {
        this.module.clone()
    }

    #[method("__reduce__(self, /)")]
    fn reduce(this: &TypeAliasType) -> Value {
        this.name.clone()
    }
}

fn shown(vm: &Vm, value: &Value) -> String {
    vm.repr_now(value).map_or_else(|| vm.type_name(value), |text| text.to_utf8_lossy().into_owned())
}

/// Makes class `Generic`, an ordinary class so that it goes along with every other base.
pub async fn make_generic(vm: VmRef, getitem: Value, init_subclass: Value) -> PyResult {
    let namespace = Dict::new_object();
    let entries = [
        ("__module__", Value::from_str("typing")),
        ("__doc__", Value::from_str("Abstract base class for generic types.")),
        ("__slots__", Value::from_tuple(Vec::new())),
        ("__class_getitem__", ClassMethod { callable: VmCell::new(getitem) }.into_value()),
        ("__init_subclass__", ClassMethod { callable: VmCell::new(init_subclass) }.into_value()),
    ];
    for (name, value) in entries {
        namespace.set_text(name, value);
    }
    make_class(vm, Type::type_object(), Value::from_str("Generic"), Vec::new(), namespace, Vec::new()).await
}
