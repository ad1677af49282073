//! `types.GenericAlias`: `list[int]`.

use snakelet_macros::{methods, native_type};

use crate::errors::Exc;
use crate::native::Args;
use crate::types::iterators::builtin;
use crate::types::list::List;
use crate::types::slots::CompareOp;
use crate::types::tuple::Tuple;
use crate::types::typeobject::Type;
use crate::{Native, PyResult, Raised, Ref, Value, Vm, VmCell, VmRef};

/// The payload of generic aliases.
#[native_type(
    name = "GenericAlias",
    module = "types",
    doc = "Represents a generic type applied to arguments.",
    flags(subclassable, weak_references)
)]
pub struct GenericAlias {
    pub origin: Value,
    pub args: Box<[Value]>,
    /// `*tuple[int, ...]`.
    pub starred: bool,
}

/// `origin[item]`, for `__class_getitem__` of builtin types.
pub fn alias(origin: &Value, item: &Value) -> Value {
    let args = match item.downcast::<Tuple>() {
        Some(tuple) => tuple.items().into(),
        None => [item.clone()].into(),
    };
    GenericAlias { origin: origin.clone(), args, starred: false }.into_value()
}

/// The type parameters among arguments, each once.
pub async fn parameters_of(vm: &Vm, args: &[Value]) -> PyResult<Vec<Value>> {
    let mut found: Vec<Value> = Vec::new();
    for arg in args {
        if arg.downcast::<Type>().is_some() || arg.is_none() || arg.is(&Value::ELLIPSIS) {
            continue;
        }
        let more = if vm.attr_opt(arg, &crate::name!(__typing_subst__)).await?.is_some() {
            vec![arg.clone()]
        } else if let Some(items) = nested(arg) {
            // In a frame of its own, which counts the depth.
            let handle = vm.handle();
            let inner = async move { parameters_of(&handle, &items).await.map(Value::from_tuple) };
            let inner = vm.run_nested(Box::pin(inner)).await?;
            inner.downcast::<Tuple>().map_or(Vec::new(), |inner| inner.items().to_vec())
        } else {
            match vm.attr_opt(arg, &crate::name!(__parameters__)).await? {
                Some(inner) => inner.downcast::<Tuple>().map_or(Vec::new(), |inner| inner.items().to_vec()),
                None => Vec::new(),
            }
        };
        for value in more {
            if !found.iter().any(|known| known.is(&value)) {
                found.push(value);
            }
        }
    }
    Ok(found)
}

/// The items of a list or tuple among the arguments: the parameters of `Callable[[int, T], str]`.
fn nested(arg: &Value) -> Option<Vec<Value>> {
    match arg.downcast::<Tuple>() {
        Some(tuple) => Some(tuple.items().to_vec()),
        None => arg.downcast::<crate::types::list::List>().map(|list| list.items.borrow().clone()),
    }
}

/// `__parameters__` of an alias with these arguments.
pub fn parameters_tuple(vm: &Vm, args: &[Value]) -> PyResult {
    if args.iter().all(|arg| arg.downcast::<Type>().is_some()) {
        return Ok(Value::from_tuple(Vec::new()));
    }
    let (vm, args) = (vm.handle(), args.to_vec());
    Err(vm.defer(async move { parameters_of(&vm, &args).await.map(Value::from_tuple) }))
}

/// The arguments of an alias after `alias[item]` (PEP 484, PEP 646).
pub async fn substituted(
    vm: VmRef,
    alias: Value,
    args: &[Value],
    parameters: &[Value],
    item: Value,
) -> PyResult<Vec<Value>> {
    if parameters.is_empty() {
        let shown = vm.repr(&alias).await?.to_string_lossy();
        return Err(vm.type_error(format!("{shown} is not a generic class")));
    }
    let given = item.downcast::<Tuple>().map_or_else(|| vec![item.clone()], |tuple| tuple.items().to_vec());
    let mut items = Vec::with_capacity(given.len());
    for item in given {
        // `*tuple[int, str]` gives its arguments.
        let inner = match item.downcast::<Type>() {
            Some(_) => None,
            None => vm.attr_opt(&item, &crate::name!(__typing_unpacked_tuple_args__)).await?,
        };
        match inner.as_ref().and_then(Value::downcast::<Tuple>) {
            Some(inner) if !inner.items().last().is_some_and(|last| last.is(&Value::ELLIPSIS)) => {
                items.extend(inner.items().iter().cloned());
            }
            _ => items.push(item),
        }
    }
    for parameter in parameters {
        if let Some(prepare) = vm.attr_opt(parameter, &crate::name!(__typing_prepare_subst__)).await?
            && !prepare.is_none()
        {
            let prepared = vm.call(&prepare, vec![alias.clone(), Value::from_tuple(items)]).await?;
            items = vm.collect(&prepared).await?;
        }
    }
    if items.len() != parameters.len() {
        let few = if items.len() < parameters.len() { "few" } else { "many" };
        let shown = vm.repr(&alias).await?.to_string_lossy();
        let (got, wanted) = (items.len(), parameters.len());
        return Err(vm.type_error(format!("Too {few} arguments for {shown}; actual {got}, expected {wanted}")));
    }
    replace(vm, args, parameters, &items).await
}

/// Puts `items` in the places of `parameters`.
async fn replace(vm: VmRef, args: &[Value], parameters: &[Value], items: &[Value]) -> PyResult<Vec<Value>> {
    let position = |value: &Value| parameters.iter().position(|parameter| parameter.is(value));
    let mut new = Vec::with_capacity(args.len());
    for arg in args {
        if arg.downcast::<Type>().is_some() || arg.is_none() || arg.is(&Value::ELLIPSIS) {
            new.push(arg.clone());
            continue;
        }
        if let Some(inner) = nested(arg) {
            let (parameters, items) = (parameters.to_vec(), items.to_vec());
            let as_tuple = arg.downcast::<Tuple>().is_some();
            let inner = async move {
                let inner = replace(vm, &inner, &parameters, &items).await?;
                Ok(if as_tuple { Value::from_tuple(inner) } else { Value::from_list(inner) })
            };
            new.push(vm.run_nested(Box::pin(inner)).await?);
            continue;
        }
        let unpack = match vm.attr_opt(arg, &crate::name!(__typing_is_unpacked_typevartuple__)).await? {
            Some(unpack) => vm.truth(&unpack).await?,
            None => false,
        };
        let value = match vm.attr_opt(arg, &crate::name!(__typing_subst__)).await? {
            Some(subst) => match position(arg) {
                Some(at) => vm.call(&subst, vec![items[at].clone()]).await?,
                None => arg.clone(),
            },
            None => {
                let inner = vm.attr_opt(arg, &crate::name!(__parameters__)).await?;
                let inner =
                    inner.as_ref().and_then(Value::downcast::<Tuple>).map_or(Vec::new(), |t| t.items().to_vec());
                if inner.is_empty() {
                    arg.clone()
                } else {
                    let mut given = Vec::new();
                    for parameter in &inner {
                        match position(parameter).map(|at| &items[at]) {
                            None => given.push(parameter.clone()),
                            Some(item) => match item.downcast::<Tuple>() {
                                Some(several) if vm.type_of(parameter).slots().iter.is_some() => {
                                    given.extend(several.items().iter().cloned());
                                }
                                _ => given.push(item.clone()),
                            },
                        }
                    }
                    vm.item(arg, &Value::from_tuple(given)).await?
                }
            }
        };
        match value.downcast::<Tuple>() {
            Some(several) if unpack => new.extend(several.items().iter().cloned()),
            _ => new.push(value),
        }
    }
    Ok(new)
}

/// How an argument shows in reprs: classes by name, `...`, the rest by repr.
pub async fn repr_of_argument(vm: VmRef, arg: &Value) -> PyResult<String> {
    if arg.is(&Value::ELLIPSIS) {
        return Ok("...".to_string());
    }
    if arg.downcast::<GenericAlias>().is_none()
        && let Some(class) = arg.downcast::<Type>()
    {
        return Ok(crate::types::object::full_name(&vm, class));
    }
    Ok(vm.repr(arg).await?.to_string_lossy())
}

/// Attributes that are the alias's own; all others are those of its origin.
const OWN: [&str; 9] = [
    "__class__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
];

/// Attributes of the origin that its aliases do not have.
const BLOCKED: [&str; 3] = ["__bases__", "__copy__", "__deepcopy__"];

#[methods]
impl GenericAlias {
    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
        let [origin, item] = args.values else {
            return Err(vm.type_error(format!("GenericAlias expected 2 arguments, got {}", args.values.len())));
        };
        let args = match item.downcast::<Tuple>() {
            Some(tuple) => tuple.items().into(),
            None => [item.clone()].into(),
        };
        vm.new_instance(cls, GenericAlias { origin: origin.clone(), args, starred: false })
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Ref<GenericAlias>) -> PyResult {
        let mut parts = Vec::new();
        for arg in this.args.iter() {
            parts.push(match arg.downcast::<List>() {
                Some(list) => {
                    let items = list.items.borrow().clone();
                    let mut inner = Vec::with_capacity(items.len());
                    for item in &items {
                        inner.push(repr_of_argument(vm, item).await?);
                    }
                    format!("[{}]", inner.join(", "))
                }
                None => repr_of_argument(vm, arg).await?,
            });
        }
        let origin = repr_of_argument(vm, &this.origin).await?;
        let list = if parts.is_empty() { "()".to_string() } else { parts.join(", ") };
        Ok(Value::from_str(&format!("{}{origin}[{list}]", if this.starred { "*" } else { "" })))
    }

    #[slot(call)]
    fn call(vm: &Vm, this: Ref<GenericAlias>, args: Args<'_>) -> PyResult {
        let future = vm.call_kw(&this.origin, args.values.to_vec(), args.kwnames.to_vec());
        let vm = vm.handle();
        Err(vm.clone().defer(async move {
            let made = future.await?;
            // Instances of builtin classes have no room for it.
            let stored = vm.store_attr(&made, &crate::name!(__orig_class__), this.as_value()).await;
            if stored.is_err() && vm.catch(Exc::AttributeError).is_none() && vm.catch(Exc::TypeError).is_none() {
                return Err(Raised);
            }
            Ok(made)
        }))
    }

    #[slot(getattr)]
    fn getattr(vm: &Vm, this: &Value, name: &Value) -> PyResult {
        let text = name.as_text().and_then(|text| text.as_str_if_ascii()).unwrap_or("");
        if OWN.contains(&text) || BLOCKED.contains(&text) {
            return crate::types::object::object_getattr(vm, this, name);
        }
        match this.downcast::<GenericAlias>() {
            Some(alias) => vm.get_attr(&alias.origin, name),
            None => Err(vm.no_attribute(this, name)),
        }
    }

    #[slot(or)]
    fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        crate::types::union::union_of(vm, left, right)
    }

    #[slot(getitem)]
    fn getitem(vm: &Vm, this: &Value, item: &Value) -> PyResult {
        let Some(alias) = this.to_ref::<GenericAlias>() else { return Ok(Value::NONE) };
        let (vm, item) = (vm.handle(), item.clone());
        Err(vm.defer(async move {
            let parameters = parameters_of(&vm, &alias.args).await?;
            let args = substituted(vm, alias.value(), &alias.args, &parameters, item).await?;
            Ok(GenericAlias { origin: alias.origin.clone(), args: args.into(), starred: alias.starred }.into_value())
        }))
    }

    #[slot(compare)]
    fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let both = (left.downcast::<GenericAlias>(), right.downcast::<GenericAlias>());
        let ((Some(a), Some(b)), CompareOp::Eq | CompareOp::Ne) = (both, op) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let mut same = a.origin.is(&b.origin) && a.args.len() == b.args.len() && a.starred == b.starred;
        for (x, y) in a.args.iter().zip(b.args.iter()) {
            if !same {
                break;
            }
            match vm.eq_now(x, y) {
                Some(equal) => same = equal,
                None => {
                    // Arguments with a comparison of their own: tuples know how to wait for it.
                    let tuple = |args: &[Value]| Value::from_tuple(args.to_vec());
                    return vm.rich_compare(&tuple(&a.args), &tuple(&b.args), op);
                }
            }
        }
        Ok(Value::bool(same == (op == CompareOp::Eq)))
    }

    #[slot(hash)]
    fn hash(vm: &Vm, this: &GenericAlias) -> PyResult {
        let start = this.origin.bits() >> 4;
        let mix = |hash: u64, part: u64| hash.wrapping_mul(1_000_003) ^ part;
        let finish = |hash: u64| Value::small_int((hash & 0x7fff_ffff_ffff) as i64);
        let mut hash = start;
        for arg in this.args.iter() {
            match vm.hash_now(arg) {
                Some(part) => hash = mix(hash, part?),
                None => {
                    let (vm_ref, args) = (vm.handle(), this.args.to_vec());
                    return Err(vm.defer(async move {
                        let mut hash = start;
                        for arg in &args {
                            hash = mix(hash, vm_ref.hash(arg).await?);
                        }
                        Ok(finish(hash))
                    }));
                }
            }
        }
        Ok(finish(hash))
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(Unpacking { alias: VmCell::new(Some(this.clone())) }.into_value())
    }

    /// Bases that stand for the alias in a class statement.
    #[method("__mro_entries__(self, bases, /)")]
    fn mro_entries(this: &GenericAlias, _bases: &Value) -> Value {
        Value::from_tuple(vec![this.origin.clone()])
    }

    /// Not supported: raises TypeError.
    #[method("__instancecheck__(self, object, /)")]
    fn instancecheck(vm: &Vm, _this: &GenericAlias, _object: &Value) -> PyResult {
        Err(vm.type_error("isinstance() argument 2 cannot be a parameterized generic"))
    }

    /// Not supported: raises TypeError.
    #[method("__subclasscheck__(self, object, /)")]
    fn subclasscheck(vm: &Vm, _this: &GenericAlias, _object: &Value) -> PyResult {
        Err(vm.type_error("issubclass() argument 2 cannot be a parameterized generic"))
    }

    /// The names of the origin's attributes and of its own.
    #[method("__dir__(self, /)")]
    async fn dir(vm: VmRef, this: Ref<GenericAlias>) -> PyResult {
        let dir = vm.builtins.get_text("dir").unwrap_or_default();
        let names = vm.call(&dir, vec![this.origin.clone()]).await?;
        let mut names = vm.collect(&names).await?;
        for own in OWN.map(crate::object::intern::intern) {
            if !names.iter().any(|name| name.is(&own)) {
                names.push(own);
            }
        }
        Ok(Value::from_list(names))
    }

    /// The generic type.
    #[getter("__origin__")]
    fn origin(this: &GenericAlias) -> Value {
        this.origin.clone()
    }

    /// The arguments.
    #[getter("__args__")]
    fn get_args(this: &GenericAlias) -> Value {
        Value::from_tuple(this.args.to_vec())
    }

    /// The type parameters among the arguments.
    #[getter("__parameters__")]
    fn parameters(vm: &Vm, this: &GenericAlias) -> PyResult {
        parameters_tuple(vm, &this.args)
    }

    /// The arguments of an unpacked `*tuple[...]`, else None.
    #[getter("__typing_unpacked_tuple_args__")]
    fn unpacked_args(this: &GenericAlias) -> Value {
        let is_tuple = this.origin.is(Tuple::type_object().as_value());
        if this.starred && is_tuple { Value::from_tuple(this.args.to_vec()) } else { Value::NONE }
    }

    /// Whether it is unpacked with `*`.
    #[getter("__unpacked__")]
    fn unpacked(this: &GenericAlias) -> bool {
        this.starred
    }

    /// For pickling.
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &Value) -> Value {
        let (origin, args) = this
            .downcast::<GenericAlias>()
            .map_or((Value::NONE, Vec::new()), |alias| (alias.origin.clone(), alias.args.to_vec()));
        let starred = this.downcast::<GenericAlias>().is_some_and(|alias| alias.starred);
        let class = vm.class_of(this).into_value();
        let own = vec![origin.clone(), Value::from_tuple(args.clone())];
        let parts = Value::from_tuple(vec![class, Value::from_tuple(own)]);
        if !starred {
            return parts;
        }
        let plain = GenericAlias { origin, args: args.into(), starred: false }.into_value();
        let items = Unpacking { alias: VmCell::new(Some(plain)) }.into_value();
        Value::from_tuple(vec![builtin(vm, "next"), Value::from_tuple(vec![items])])
    }
}

/// The iterator over an alias, whose one item is the unpacked alias: `*tuple[int, ...]`.
#[native_type(name = "generic_alias_iterator")]
struct Unpacking {
    alias: VmCell<Option<Value>>,
}

#[methods]
impl Unpacking {
    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(next)]
    fn next(_vm: &Vm, this: &Unpacking) -> PyResult {
        let alias = this.alias.take().and_then(|alias| alias.to_ref::<GenericAlias>());
        Ok(alias.map_or(Value::UNBOUND, |alias| {
            GenericAlias { origin: alias.origin.clone(), args: alias.args.clone(), starred: true }.into_value()
        }))
    }

    /// Pickling support.
    #[method("__reduce__(self, /)", text = none)]
    fn reduce(vm: &Vm, this: &Unpacking) -> Value {
        let of = this.alias.get().unwrap_or_else(|| Value::from_tuple(Vec::new()));
        Value::from_tuple(vec![builtin(vm, "iter"), Value::from_tuple(vec![of])])
    }
}
