//! `types.GenericAlias`: `list[int]`.

use snakelet_macros::{methods, native_type};

use crate::native::Args;
use crate::types::slots::CompareOp;
use crate::types::tuple::Tuple;
use crate::types::typeobject::Type;
use crate::{Native, PyResult, Ref, Value, Vm, VmRef};

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
pub fn parameters_of(vm: &Vm, args: &[Value]) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    let mut add = |value: &Value| {
        if !found.iter().any(|known| known.is(value)) {
            found.push(value.clone());
        }
    };
    for arg in args {
        if let Some(alias) = arg.downcast::<GenericAlias>() {
            parameters_of(vm, &alias.args).iter().for_each(&mut add);
        } else if ["TypeVar", "ParamSpec", "TypeVarTuple"].contains(&vm.type_name(arg).as_str()) {
            add(arg);
        }
    }
    found
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
            parts.push(repr_of_argument(vm, arg).await?);
        }
        let origin = repr_of_argument(vm, &this.origin).await?;
        let list = if parts.is_empty() { "()".to_string() } else { parts.join(", ") };
        Ok(Value::from_str(&format!("{}{origin}[{list}]", if this.starred { "*" } else { "" })))
    }

    #[slot(call)]
    fn call(vm: &Vm, this: &GenericAlias, args: Args<'_>) -> PyResult {
        let future = vm.call_kw(&this.origin, args.values.to_vec(), args.kwnames.to_vec());
        Err(vm.defer(future))
    }

    #[slot(getattr)]
    fn getattr(vm: &Vm, this: &Value, name: &Value) -> PyResult {
        let own = [
            "__origin__",
            "__args__",
            "__parameters__",
            "__mro_entries__",
            "__reduce_ex__",
            "__reduce__",
            "__copy__",
            "__deepcopy__",
            "__unpacked__",
            "__typing_unpacked_tuple_args__",
            "__class__",
        ];
        let text = name.as_text().and_then(|text| text.as_str_if_ascii()).unwrap_or("");
        if (own.contains(&text) || (text.starts_with("__") && text.ends_with("__")))
            && let Some(found) = crate::types::object::find_attr(vm, this, name)
        {
            return found;
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
        let parameters = parameters_of(vm, &alias.args);
        let items = item.downcast::<Tuple>().map_or(vec![item.clone()], |tuple| tuple.items().to_vec());
        if parameters.is_empty() {
            let handle = vm.handle();
            return Err(vm.defer(async move {
                let shown = handle.repr(alias.as_value()).await?;
                Err(handle.type_error(format!("{} is not a generic class", shown.to_string_lossy())))
            }));
        }
        if parameters.len() != items.len() {
            let few = if items.len() < parameters.len() { "few" } else { "many" };
            let handle = vm.handle();
            let (wanted, got) = (parameters.len(), items.len());
            return Err(vm.defer(async move {
                let shown = handle.repr(alias.as_value()).await?.to_string_lossy();
                Err(handle.type_error(format!("Too {few} arguments for {shown}; actual {got}, expected {wanted}")))
            }));
        }
        let args = substitute(&alias.args, &parameters, &items);
        Ok(GenericAlias { origin: alias.origin.clone(), args, starred: alias.starred }.into_value())
    }

    #[slot(compare)]
    fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let both = (left.downcast::<GenericAlias>(), right.downcast::<GenericAlias>());
        let ((Some(a), Some(b)), CompareOp::Eq | CompareOp::Ne) = (both, op) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let same = a.origin.is(&b.origin)
            && a.args.len() == b.args.len()
            && a.starred == b.starred
            && a.args.iter().zip(b.args.iter()).all(|(x, y)| vm.eq_now(x, y) == Some(true));
        Ok(Value::bool(same == (op == CompareOp::Eq)))
    }

    #[slot(hash)]
    fn hash(vm: &Vm, this: &GenericAlias) -> PyResult {
        let mut hash = this.origin.bits() >> 4;
        for arg in this.args.iter() {
            let part = match vm.hash_now(arg) {
                Some(part) => part?,
                None => arg.bits() >> 4,
            };
            hash = hash.wrapping_mul(1_000_003) ^ part;
        }
        Ok(Value::small_int((hash & 0x7fff_ffff_ffff) as i64))
    }

    #[slot(iter)]
    fn iter(vm: &Vm, this: &GenericAlias) -> PyResult {
        let starred = GenericAlias { origin: this.origin.clone(), args: this.args.clone(), starred: true }.into_value();
        vm.get_iter(&Value::from_tuple(vec![starred]))
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
    fn parameters(vm: &Vm, this: &GenericAlias) -> Value {
        Value::from_tuple(parameters_of(vm, &this.args))
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
        let class = vm.class_of(this).into_value();
        Value::from_tuple(vec![class, Value::from_tuple(vec![origin, Value::from_tuple(args)])])
    }
}

fn substitute(args: &[Value], parameters: &[Value], items: &[Value]) -> Box<[Value]> {
    let replace = |arg: &Value| match parameters.iter().position(|parameter| parameter.is(arg)) {
        Some(at) => items[at].clone(),
        None => match arg.downcast::<GenericAlias>() {
            Some(inner) => {
                let args = substitute(&inner.args, parameters, items);
                GenericAlias { origin: inner.origin.clone(), args, starred: inner.starred }.into_value()
            }
            None => arg.clone(),
        },
    };
    args.iter().map(replace).collect()
}
