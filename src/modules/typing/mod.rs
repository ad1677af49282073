//! `_typing`: type parameters, type aliases and `Generic` (PEP 484, 612, 646, 695, 696), which `typing` shows and the compiler's
//! instructions make.
//!
//! Bounds, constraints, defaults and alias values written in PEP 695 syntax are functions, called when somebody asks; the results
//! are kept. `lazy` holds what they share, `params` the three kinds of type parameters, `alias` the rest.

mod alias;
mod lazy;
mod params;

use snakelet_macros::native_module;
use snakelet_vm::native::ModuleDef;
use snakelet_vm::types::module::Module;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::types::union::Union;
use snakelet_vm::{PyResult, Value, Vm, VmRef};

use alias::{NoDefaultType, TypeAliasType};
use lazy::ConstEvaluator;
use params::{ParamSpec, ParamSpecArgs, ParamSpecKwargs, TypeVar, TypeVarTuple};

pub const MODULE: ModuleDef = Typing::MODULE;

/// Calls a function of module `typing`.
async fn from_typing(vm: VmRef, name: &'static str, args: Vec<Value>) -> PyResult {
    let typing = snakelet_vm::import::import_module(&vm, "typing").await?;
    let function = vm.attr(&typing, name).await?;
    vm.call(&function, args).await
}

/// Declares module `_typing`.
struct Typing;

/// Primitives and accelerators for the typing module.
#[native_module(
    "_typing",
    types = [
        TypeVar,
        ParamSpec,
        TypeVarTuple,
        ParamSpecArgs,
        ParamSpecKwargs,
        TypeAliasType,
        Union,
        ConstEvaluator,
        NoDefaultType
    ]
)]
impl Typing {
    /// Returns its argument.
    #[function("_idfunc(x, /)", text = none)]
    fn idfunc(x: &Value) -> Value {
        x.clone()
    }

    #[function("_make_typevar(name, bound, constraints, /)", text = none)]
    fn make_typevar(vm: &Vm, name: &Value, bound: &Value, constraints: &Value) -> PyResult {
        params::lazy_type_var(vm, name, bound, constraints)
    }

    #[function("_make_paramspec(name, /)", text = none)]
    fn make_paramspec(vm: &Vm, name: &Value) -> PyResult {
        params::lazy_param_spec(vm, name)
    }

    #[function("_make_typevartuple(name, /)", text = none)]
    fn make_typevartuple(vm: &Vm, name: &Value) -> PyResult {
        params::lazy_type_var_tuple(vm, name)
    }

    #[function("_set_typeparam_default(parameter, evaluate, /)", text = none)]
    fn set_default(parameter: &Value, evaluate: &Value) -> Value {
        params::set_default(parameter, evaluate);
        parameter.clone()
    }

    /// `Generic[...]` of a class with PEP 695 type parameters; TypeVarTuples are unpacked.
    #[function("_subscript_generic(parameters, /)", text = none)]
    async fn subscript_generic(vm: VmRef, parameters: Value) -> PyResult {
        let mut args = Vec::new();
        if let Some(tuple) = parameters.downcast::<Tuple>() {
            for parameter in tuple.items() {
                if parameter.downcast::<TypeVarTuple>().is_some() {
                    let iterator = vm.iter(parameter).await?;
                    vm.collect_into(&iterator, &mut args).await?;
                } else {
                    args.push(parameter.clone());
                }
            }
        }
        let typing = snakelet_vm::import::import_module(&vm, "typing").await?;
        let generic = vm.attr(&typing, "Generic").await?;
        let class = vm.attr(&typing, "_GenericAlias").await?;
        vm.call(&class, vec![generic, Value::from_tuple(args)]).await
    }

    #[function("_make_type_alias(parts, /)", text = none)]
    fn make_type_alias(vm: &Vm, parts: &Value) -> PyResult {
        alias::lazy_alias(vm, parts)
    }

    #[function("_class_getitem(cls, /, *args, **kwargs)", text = none)]
    async fn class_getitem(vm: VmRef, cls: Value, args: Vec<Value>, kwargs: Vec<(Value, Value)>) -> PyResult {
        with_class(vm, "_generic_class_getitem", cls, args, kwargs).await
    }

    #[function("_init_subclass(cls, /, *args, **kwargs)", text = none)]
    async fn init_subclass(vm: VmRef, cls: Value, args: Vec<Value>, kwargs: Vec<(Value, Value)>) -> PyResult {
        with_class(vm, "_generic_init_subclass", cls, args, kwargs).await
    }

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let Some(dict) = module.downcast::<Module>().map(|module| module.dict.clone()) else { return Ok(()) };
        dict.set_text("NoDefault", alias::no_default());
        let take = |name| dict.remove_str(&snakelet_vm::native::interned(vm, name)).unwrap_or_default();
        for hidden in ["NoDefaultType", "_ConstEvaluator"] {
            take(hidden);
        }
        let (getitem, init_subclass) = (take("_class_getitem"), take("_init_subclass"));
        let generic = alias::make_generic(vm.handle(), getitem, init_subclass);
        Err(vm.defer(async move {
            dict.set_text("Generic", generic.await?);
            Ok(Value::NONE)
        }))
    }
}

/// Calls a function of `typing` with the class before the other arguments.
async fn with_class(
    vm: VmRef,
    function: &'static str,
    cls: Value,
    mut args: Vec<Value>,
    kwargs: Vec<(Value, Value)>,
) -> PyResult {
    args.insert(0, cls);
    let (names, values): (Vec<Value>, Vec<Value>) = kwargs.into_iter().unzip();
    args.extend(values);
    let typing = snakelet_vm::import::import_module(&vm, "typing").await?;
    let function = vm.attr(&typing, function).await?;
    vm.call_kw(&function, args, names).await
}
