//! TypeVar, ParamSpec and TypeVarTuple.

use snakelet_macros::{methods, native_type};
use snakelet_vm::native::interned;
use snakelet_vm::object::instance;
use snakelet_vm::types::slots::CompareOp;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::{Native, PyResult, Raised, Ref, Value, Vm, VmRef};

use super::alias::no_default;
use super::from_typing;
use super::lazy::Lazy;

/// How a type parameter varies.
#[derive(Clone, Copy)]
struct Variance {
    covariant: bool,
    contravariant: bool,
    infer: bool,
}

snakelet_vm::no_references!(Variance);

impl Variance {
    const INFERRED: Variance = Variance { covariant: false, contravariant: false, infer: true };

    fn new(vm: &Vm, covariant: bool, contravariant: bool, infer: bool) -> PyResult<Variance> {
        if covariant && contravariant {
            return Err(vm.value_error("Bivariant types are not supported."));
        }
        if infer && (covariant || contravariant) {
            return Err(vm.value_error("Variance cannot be specified with infer_variance."));
        }
        Ok(Variance { covariant, contravariant, infer })
    }

    fn prefix(self) -> &'static str {
        match self {
            Variance { infer: true, .. } => "",
            Variance { covariant: true, .. } => "+",
            Variance { contravariant: true, .. } => "-",
            _ => "~",
        }
    }
}

/// The payload of type variables.
#[native_type(name = "TypeVar", module = "typing", doc = "Type variable.", flags(has_dict, weak_references))]
pub struct TypeVar {
    name: Value,
    bound: Ref<Lazy>,
    constraints: Ref<Lazy>,
    default: Ref<Lazy>,
    variance: Variance,
}

/// The payload of parameter specifications.
#[native_type(
    name = "ParamSpec",
    module = "typing",
    doc = "Parameter specification variable.",
    flags(has_dict, weak_references)
)]
pub struct ParamSpec {
    name: Value,
    bound: Value,
    default: Ref<Lazy>,
    variance: Variance,
}

/// The payload of type variable tuples.
#[native_type(
    name = "TypeVarTuple",
    module = "typing",
    doc = "A specialized form of type variable that enables variadic generics.",
    flags(has_dict, weak_references)
)]
pub struct TypeVarTuple {
    name: Value,
    default: Ref<Lazy>,
}

/// The payload of `P.args`.
#[native_type(
    name = "ParamSpecArgs",
    module = "typing",
    doc = "The args for a ParamSpec object.",
    flags(weak_references)
)]
pub struct ParamSpecArgs {
    origin: Value,
}

/// The payload of `P.kwargs`.
#[native_type(
    name = "ParamSpecKwargs",
    module = "typing",
    doc = "The kwargs for a ParamSpec object.",
    flags(weak_references)
)]
pub struct ParamSpecKwargs {
    origin: Value,
}

/// The default given by keyword: absent unless it is something else than `NoDefault`.
fn default_from(default: Option<Value>) -> Ref<Lazy> {
    Lazy::known(default.filter(|value| !value.is(&no_default())).unwrap_or(Value::UNBOUND))
}

/// Remembers the module of the code that makes the parameter.
fn in_module(vm: &Vm, parameter: Value) -> Value {
    if let Some(header) = parameter.header() {
        instance::set(header, &interned(vm, "__module__"), vm.calling_module().unwrap_or(Value::NONE));
    }
    parameter
}

/// `typing._type_check(value, message)`
async fn type_check(vm: VmRef, value: Value, message: &str) -> PyResult {
    from_typing(vm, "_type_check", vec![value, Value::from_str(message)]).await
}

/// A TypeVar of PEP 695 syntax; `bound` and `constraints` are functions or None.
pub fn lazy_type_var(vm: &Vm, name: &Value, bound: &Value, constraints: &Value) -> PyResult {
    let lazy = |function: &Value| match function.is_none() {
        true => Lazy::known(Value::UNBOUND),
        false => Lazy::from_function(function.clone()),
    };
    let parameter = TypeVar {
        name: name.clone(),
        bound: lazy(bound),
        constraints: lazy(constraints),
        default: Lazy::known(Value::UNBOUND),
        variance: Variance::INFERRED,
    };
    Ok(in_module(vm, parameter.into_value()))
}

/// A ParamSpec of PEP 695 syntax.
pub fn lazy_param_spec(vm: &Vm, name: &Value) -> PyResult {
    let default = Lazy::known(Value::UNBOUND);
    let parameter = ParamSpec { name: name.clone(), bound: Value::NONE, default, variance: Variance::INFERRED };
    Ok(in_module(vm, parameter.into_value()))
}

/// A TypeVarTuple of PEP 695 syntax.
pub fn lazy_type_var_tuple(vm: &Vm, name: &Value) -> PyResult {
    let parameter = TypeVarTuple { name: name.clone(), default: Lazy::known(Value::UNBOUND) };
    Ok(in_module(vm, parameter.into_value()))
}

/// Gives a type parameter a default that `evaluate` computes.
pub fn set_default(parameter: &Value, evaluate: &Value) {
    if let Some(default) = default_of(parameter) {
        default.set_function(evaluate.clone());
    }
}

fn default_of(parameter: &Value) -> Option<&Ref<Lazy>> {
    if let Some(parameter) = parameter.downcast::<TypeVar>() {
        Some(&parameter.default)
    } else if let Some(parameter) = parameter.downcast::<ParamSpec>() {
        Some(&parameter.default)
    } else {
        parameter.downcast::<TypeVarTuple>().map(|parameter| &parameter.default)
    }
}

fn shown_name(variance: Variance, name: &Value) -> String {
    let name = name.as_text().map_or(String::new(), |name| name.to_utf8_lossy().into_owned());
    format!("{}{name}", variance.prefix())
}

fn no_subclass(vm: &Vm, kind: &str) -> PyResult {
    Err(vm.type_error(format!("Cannot subclass an instance of {kind}")))
}

/// `Union[left, right]`
fn union(vm: &Vm, left: &Value, right: &Value) -> PyResult {
    snakelet_vm::types::union::union_of_any(vm, left, right)
}

#[methods]
impl TypeVar {
    #[new(
        "TypeVar(name, *constraints, bound=None, default=<unrepresentable>, covariant=False, contravariant=False, \
         infer_variance=False)"
    )]
    async fn new(
        vm: VmRef,
        _cls: Value,
        name: Value,
        constraints: Vec<Value>,
        bound: Value,
        default: Option<Value>,
        covariant: bool,
        contravariant: bool,
        infer_variance: bool,
    ) -> PyResult {
        check_name(&vm, "TypeVar", &name)?;
        let variance = Variance::new(&vm, covariant, contravariant, infer_variance)?;
        let module = vm.calling_module();
        let bound =
            if bound.is_none() { Value::UNBOUND } else { type_check(vm, bound, "Bound must be a type.").await? };
        if constraints.len() == 1 {
            return Err(vm.type_error("A single constraint is not allowed"));
        }
        if !constraints.is_empty() && !bound.is_unbound() {
            return Err(vm.type_error("Constraints cannot be combined with bound=..."));
        }
        let constraints = if constraints.is_empty() { Value::UNBOUND } else { Value::from_tuple(constraints) };
        let parameter = TypeVar {
            name,
            bound: Lazy::known(bound),
            constraints: Lazy::known(constraints),
            default: default_from(default),
            variance,
        }
        .into_value();
        if let (Some(header), Some(module)) = (parameter.header(), module) {
            instance::set(header, &interned(&vm, "__module__"), module);
        }
        Ok(parameter)
    }

    #[slot(repr)]
    fn repr(this: &TypeVar) -> String {
        shown_name(this.variance, &this.name)
    }

    #[slot(or)]
    fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        union(vm, left, right)
    }

    #[getter("__name__")]
    fn name(this: &TypeVar) -> Value {
        this.name.clone()
    }

    #[getter("__bound__")]
    fn bound(vm: &Vm, this: &TypeVar) -> PyResult {
        Lazy::get(vm, &this.bound, Value::NONE)
    }

    #[getter("evaluate_bound")]
    fn evaluate_bound(this: &TypeVar) -> Value {
        this.bound.evaluator()
    }

    #[getter("__constraints__")]
    fn constraints(vm: &Vm, this: &TypeVar) -> PyResult {
        Lazy::get(vm, &this.constraints, Value::from_tuple(Vec::new()))
    }

    #[getter("evaluate_constraints")]
    fn evaluate_constraints(this: &TypeVar) -> Value {
        this.constraints.evaluator()
    }

    #[getter("__default__")]
    fn default(vm: &Vm, this: &TypeVar) -> PyResult {
        Lazy::get(vm, &this.default, no_default())
    }

    #[getter("evaluate_default")]
    fn evaluate_default(this: &TypeVar) -> Value {
        this.default.evaluator()
    }

    #[getter("__covariant__")]
    fn covariant(this: &TypeVar) -> bool {
        this.variance.covariant
    }

    #[getter("__contravariant__")]
    fn contravariant(this: &TypeVar) -> bool {
        this.variance.contravariant
    }

    #[getter("__infer_variance__")]
    fn infer_variance(this: &TypeVar) -> bool {
        this.variance.infer
    }

    /// Whether the type parameter has a default.
    #[method("has_default(self, /)")]
    fn has_default(this: &TypeVar) -> bool {
        !this.default.is_absent()
    }

    #[method("__typing_subst__(self, arg, /)")]
    async fn subst(vm: VmRef, this: Value, arg: Value) -> PyResult {
        from_typing(vm, "_typevar_subst", vec![this, arg]).await
    }

    #[method("__typing_prepare_subst__(self, alias, args, /)")]
    async fn prepare_subst(vm: VmRef, this: Value, alias: Value, args: Value) -> PyResult {
        let parameters = vm.attr(&alias, "__parameters__").await?;
        let index = vm.attr(&parameters, "index").await?;
        let index = vm.call(&index, vec![this.clone()]).await?.to_i64().unwrap_or(0) as usize;
        let Some(given) = args.downcast::<Tuple>().map(|tuple| tuple.items().to_vec()) else { return Ok(args) };
        if index < given.len() {
            return Ok(args);
        }
        if index == given.len() {
            let Some(default) = default_of(&this) else { return Ok(args) };
            if default.is_absent() {
                let shown = vm.str(&alias).await?.to_string_lossy();
                return Err(vm.type_error(format!("Too few arguments for {shown}")));
            }
            let default = Lazy::get(&vm, default, Value::NONE);
            let mut given = given;
            given.push(vm.settle(default).await?);
            return Ok(Value::from_tuple(given));
        }
        let shown = vm.str(&alias).await?.to_string_lossy();
        Err(vm.type_error(format!("Too few arguments for {shown}")))
    }

    #[method("__reduce__(self, /)")]
    fn reduce(this: &TypeVar) -> Value {
        this.name.clone()
    }

    #[method("__mro_entries__(self, bases, /)")]
    fn mro_entries(vm: &Vm, _this: &TypeVar, _bases: &Value) -> PyResult {
        no_subclass(vm, "TypeVar")
    }
}

fn check_name(vm: &Vm, function: &str, name: &Value) -> PyResult<()> {
    if name.as_text().is_some() {
        return Ok(());
    }
    let got = vm.type_name(name);
    Err(vm.type_error(format!("{function}() argument 'name' must be str, not {got}")))
}

#[methods]
impl ParamSpec {
    #[new(
        "ParamSpec(name, *, bound=None, default=<unrepresentable>, covariant=False, contravariant=False, \
         infer_variance=False)"
    )]
    async fn new(
        vm: VmRef,
        _cls: Value,
        name: Value,
        bound: Value,
        default: Option<Value>,
        covariant: bool,
        contravariant: bool,
        infer_variance: bool,
    ) -> PyResult {
        check_name(&vm, "ParamSpec", &name)?;
        let variance = Variance::new(&vm, covariant, contravariant, infer_variance)?;
        let module = vm.calling_module();
        let bound = if bound.is_none() { bound } else { type_check(vm, bound, "Bound must be a type.").await? };
        let parameter = ParamSpec { name, bound, default: default_from(default), variance }.into_value();
        if let (Some(header), Some(module)) = (parameter.header(), module) {
            instance::set(header, &interned(&vm, "__module__"), module);
        }
        Ok(parameter)
    }

    #[slot(repr)]
    fn repr(this: &ParamSpec) -> String {
        shown_name(this.variance, &this.name)
    }

    #[slot(or)]
    fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        union(vm, left, right)
    }

    #[getter("__name__")]
    fn name(this: &ParamSpec) -> Value {
        this.name.clone()
    }

    #[getter("__bound__")]
    fn bound(this: &ParamSpec) -> Value {
        this.bound.clone()
    }

    #[getter("__default__")]
    fn default(vm: &Vm, this: &ParamSpec) -> PyResult {
        Lazy::get(vm, &this.default, no_default())
    }

    #[getter("evaluate_default")]
    fn evaluate_default(this: &ParamSpec) -> Value {
        this.default.evaluator()
    }

    #[getter("__covariant__")]
    fn covariant(this: &ParamSpec) -> bool {
        this.variance.covariant
    }

    #[getter("__contravariant__")]
    fn contravariant(this: &ParamSpec) -> bool {
        this.variance.contravariant
    }

    #[getter("__infer_variance__")]
    fn infer_variance(this: &ParamSpec) -> bool {
        this.variance.infer
    }

    /// Represents positional arguments.
    #[getter("args")]
    fn args(this: &Value) -> Value {
        ParamSpecArgs { origin: this.clone() }.into_value()
    }

    /// Represents keyword arguments.
    #[getter("kwargs")]
    fn kwargs(this: &Value) -> Value {
        ParamSpecKwargs { origin: this.clone() }.into_value()
    }

    /// Whether the type parameter has a default.
    #[method("has_default(self, /)")]
    fn has_default(this: &ParamSpec) -> bool {
        !this.default.is_absent()
    }

    #[method("__typing_subst__(self, arg, /)")]
    async fn subst(vm: VmRef, this: Value, arg: Value) -> PyResult {
        from_typing(vm, "_paramspec_subst", vec![this, arg]).await
    }

    #[method("__typing_prepare_subst__(self, alias, args, /)")]
    async fn prepare_subst(vm: VmRef, this: Value, alias: Value, args: Value) -> PyResult {
        from_typing(vm, "_paramspec_prepare_subst", vec![this, alias, args]).await
    }

    #[method("__reduce__(self, /)")]
    fn reduce(this: &ParamSpec) -> Value {
        this.name.clone()
    }

    #[method("__mro_entries__(self, bases, /)")]
    fn mro_entries(vm: &Vm, _this: &ParamSpec, _bases: &Value) -> PyResult {
        no_subclass(vm, "ParamSpec")
    }
}

#[methods]
impl TypeVarTuple {
    #[new("TypeVarTuple(name, *, default=<unrepresentable>)")]
    fn new(vm: &Vm, _cls: &Value, name: &Value, default: Option<&Value>) -> PyResult {
        check_name(vm, "TypeVarTuple", name)?;
        let parameter = TypeVarTuple { name: name.clone(), default: default_from(default.cloned()) };
        Ok(in_module(vm, parameter.into_value()))
    }

    #[slot(repr)]
    fn repr(this: &TypeVarTuple) -> Value {
        this.name.clone()
    }

    #[slot(iter)]
    fn iter(vm: &Vm, this: &Value) -> PyResult {
        Err(iterate_unpacked(vm, this))
    }

    #[getter("__name__")]
    fn name(this: &TypeVarTuple) -> Value {
        this.name.clone()
    }

    #[getter("__default__")]
    fn default(vm: &Vm, this: &TypeVarTuple) -> PyResult {
        Lazy::get(vm, &this.default, no_default())
    }

    #[getter("evaluate_default")]
    fn evaluate_default(this: &TypeVarTuple) -> Value {
        this.default.evaluator()
    }

    /// Whether the type parameter has a default.
    #[method("has_default(self, /)")]
    fn has_default(this: &TypeVarTuple) -> bool {
        !this.default.is_absent()
    }

    #[method("__typing_subst__(self, arg, /)")]
    fn subst(vm: &Vm, _this: &TypeVarTuple, _arg: &Value) -> PyResult {
        Err(vm.type_error("Substitution of bare TypeVarTuple is not supported"))
    }

    #[method("__typing_prepare_subst__(self, alias, args, /)")]
    async fn prepare_subst(vm: VmRef, this: Value, alias: Value, args: Value) -> PyResult {
        from_typing(vm, "_typevartuple_prepare_subst", vec![this, alias, args]).await
    }

    #[method("__reduce__(self, /)")]
    fn reduce(this: &TypeVarTuple) -> Value {
        this.name.clone()
    }

    #[method("__mro_entries__(self, bases, /)")]
    fn mro_entries(vm: &Vm, _this: &TypeVarTuple, _bases: &Value) -> PyResult {
        no_subclass(vm, "TypeVarTuple")
    }
}

/// What `*` takes from a type parameter or alias: `typing.Unpack` of it, alone.
pub fn iterate_unpacked(vm: &Vm, this: &Value) -> Raised {
    let (vm, this) = (vm.handle(), this.clone());
    vm.defer(async move {
        let typing = snakelet_vm::import::import_module(&vm, "typing").await?;
        let unpack = vm.attr(&typing, "Unpack").await?;
        let unpacked = vm.item(&unpack, &this).await?;
        vm.iter(&Value::from_tuple(vec![unpacked])).await
    })
}

/// `P.args` and `P.kwargs` are equal where their origins are the same.
fn same_origin(left: &Value, right: Option<&Value>, op: CompareOp) -> Value {
    match (right, op) {
        (Some(right), CompareOp::Eq) => Value::bool(left.is(right)),
        (Some(right), CompareOp::Ne) => Value::bool(!left.is(right)),
        _ => Value::NOT_IMPLEMENTED,
    }
}

async fn origin_repr(vm: VmRef, origin: &Value, part: &str) -> PyResult<String> {
    match origin.downcast::<ParamSpec>() {
        Some(spec) => Ok(format!("{}.{part}", shown_name(Variance::INFERRED, &spec.name))),
        None => Ok(format!("{}.{part}", vm.repr(origin).await?.to_string_lossy())),
    }
}

#[methods]
impl ParamSpecArgs {
    #[new("ParamSpecArgs(origin)")]
    fn new(_cls: &Value, origin: &Value) -> Value {
        ParamSpecArgs { origin: origin.clone() }.into_value()
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Ref<ParamSpecArgs>) -> PyResult<String> {
        origin_repr(vm, &this.origin, "args").await
    }

    #[slot(compare)]
    fn compare(this: &ParamSpecArgs, other: &Value, op: CompareOp) -> Value {
        same_origin(&this.origin, other.downcast::<ParamSpecArgs>().map(|other| &other.origin), op)
    }

    #[getter("__origin__")]
    fn origin(this: &ParamSpecArgs) -> Value {
        this.origin.clone()
    }

    #[method("__mro_entries__(self, bases, /)")]
    fn mro_entries(vm: &Vm, _this: &ParamSpecArgs, _bases: &Value) -> PyResult {
        no_subclass(vm, "ParamSpecArgs")
    }
}

#[methods]
impl ParamSpecKwargs {
    #[new("ParamSpecKwargs(origin)")]
    fn new(_cls: &Value, origin: &Value) -> Value {
        ParamSpecKwargs { origin: origin.clone() }.into_value()
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Ref<ParamSpecKwargs>) -> PyResult<String> {
        origin_repr(vm, &this.origin, "kwargs").await
    }

    #[slot(compare)]
    fn compare(this: &ParamSpecKwargs, other: &Value, op: CompareOp) -> Value {
        same_origin(&this.origin, other.downcast::<ParamSpecKwargs>().map(|other| &other.origin), op)
    }

    #[getter("__origin__")]
    fn origin(this: &ParamSpecKwargs) -> Value {
        this.origin.clone()
    }

    #[method("__mro_entries__(self, bases, /)")]
    fn mro_entries(vm: &Vm, _this: &ParamSpecKwargs, _bases: &Value) -> PyResult {
        no_subclass(vm, "ParamSpecKwargs")
    }
}

/// Whether a type parameter has a default; `None` for anything else than a type parameter.
pub fn has_default(parameter: &Value) -> Option<bool> {
    default_of(parameter).map(|default| !default.is_absent())
}
