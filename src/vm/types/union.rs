//! Unions of types: `int | str`.

use snakelet_macros::{methods, native_type};

use crate::types::generic_alias::{GenericAlias, repr_of_argument};
use crate::types::slots::CompareOp;
use crate::types::tuple::Tuple;
use crate::types::typeobject::{Type, TypeFlags};
use crate::{Native, PyResult, Ref, Value, Vm, VmRef};

/// The payload of unions.
#[native_type(
    name = "Union",
    module = "typing",
    doc = "Represents a union of types, as in `int | str`.",
    flags(weak_references)
)]
pub struct Union {
    args: Box<[Value]>,
    /// How many members were not hashable when the union was made.
    unhashable: usize,
}

impl Union {
    /// The members.
    pub fn args(&self) -> &[Value] {
        &self.args
    }
}

/// Whether a value may be a member of a union.
fn is_member(vm: &Vm, value: &Value) -> bool {
    value.is_none()
        || value.downcast::<Type>().is_some()
        || value.downcast::<GenericAlias>().is_some()
        || value.downcast::<Union>().is_some()
        || !vm.type_of(value).has_flag(TypeFlags::HEAP)
            && ["TypeVar", "ParamSpec", "TypeAliasType", "TypeVarTuple"].contains(&vm.class_name(value).as_str())
}

/// `left | right` for types; NotImplemented where one is none.
pub fn union_of(vm: &Vm, left: &Value, right: &Value) -> PyResult {
    if !is_member(vm, left) || !is_member(vm, right) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let plain = |value: &Value| value.is_none() || value.downcast_exact::<Type>().is_some();
    if !plain(left) || !plain(right) {
        // Metaclasses may compare in their own way.
        return Err(vm.defer(checked(vm.handle(), vec![left.clone(), right.clone()])));
    }
    Ok(make(vm, [left, right]))
}

/// The union of these, flattened and without repetitions; a single member is itself.
pub fn make<'a>(vm: &Vm, members: impl IntoIterator<Item = &'a Value>) -> Value {
    let mut args: Vec<Value> = Vec::new();
    let mut add = |value: &Value| {
        let value = if value.is_none() { vm.class_of(value).into_value() } else { value.clone() };
        let known = args.iter().any(|known| known.is(&value) || vm.eq_now(known, &value) == Some(true));
        if !known {
            args.push(value);
        }
    };
    for member in members {
        match member.downcast::<Union>() {
            Some(union) => union.args.iter().for_each(&mut add),
            None => add(member),
        }
    }
    if args.len() == 1 {
        return args.swap_remove(0);
    }
    Union { args: args.into(), unhashable: 0 }.into_value()
}

/// The union of any two values, as type parameters and `typing` make it: strs become forward references, the rest is checked by
/// `typing`.
pub fn union_of_any(vm: &Vm, left: &Value, right: &Value) -> PyResult {
    if is_member(vm, left) && is_member(vm, right) {
        return Ok(make(vm, [left, right]));
    }
    let members = vec![left.clone(), right.clone()];
    Err(vm.defer(checked(vm.handle(), members)))
}

/// The union of any values. The future of what `Union[...]` does.
async fn checked(vm: VmRef, members: Vec<Value>) -> PyResult {
    let mut types = Vec::with_capacity(members.len());
    for member in members {
        if is_member(&vm, &member) {
            types.push(member);
            continue;
        }
        let typing = crate::import::import_module(&vm, "typing").await?;
        let check = vm.attr(&typing, "_type_check").await?;
        let message = Value::from_str("Union[arg, ...]: each arg must be a type.");
        types.push(vm.call(&check, vec![member, message]).await?);
    }
    // As in a set, members are compared where their hashes are equal; those without a hash are compared with each other.
    let (mut args, mut hashes) = (Vec::new(), Vec::new());
    for member in &types {
        let members: &[Value] = match member.downcast::<Union>() {
            Some(union) => &union.args,
            None => std::slice::from_ref(member),
        };
        'members: for value in members {
            let value = if value.is_none() { vm.class_of(value).into_value() } else { value.clone() };
            let hash = hash_or_none(vm, &value).await;
            for (known, other) in args.iter().zip(&hashes) {
                if value.is(known) || hash == *other && vm.eq(known, &value).await? {
                    continue 'members;
                }
            }
            args.push(value);
            hashes.push(hash);
        }
    }
    if args.len() == 1 {
        return Ok(args.swap_remove(0));
    }
    let unhashable = hashes.iter().filter(|hash| hash.is_none()).count();
    Ok(Union { args: args.into(), unhashable }.into_value())
}

async fn hash_or_none(vm: VmRef, value: &Value) -> Option<u64> {
    let hash = vm.hash(value).await;
    if hash.is_err() {
        vm.take_raised();
    }
    hash.ok()
}

#[methods]
impl Union {
    /// `Union[int, str]`
    #[classmethod("__class_getitem__(cls, item, /)")]
    fn class_getitem(vm: &Vm, _cls: &Value, item: &Value) -> PyResult {
        let members = item.downcast::<Tuple>().map_or_else(|| vec![item.clone()], |tuple| tuple.items().to_vec());
        if members.is_empty() {
            return Err(vm.type_error("Cannot take a Union of no types."));
        }
        Err(vm.defer(checked(vm.handle(), members)))
    }

    /// Puts types in the places of the type parameters.
    #[slot(getitem)]
    fn getitem(vm: &Vm, this: &Value, item: &Value) -> PyResult {
        let Some(union) = this.to_ref::<Union>() else { return Ok(Value::NONE) };
        let (vm, item) = (vm.handle(), item.clone());
        Err(vm.defer(async move {
            let parameters = super::generic_alias::parameters_of(&vm, &union.args).await?;
            let args = super::generic_alias::substituted(vm, union.value(), &union.args, &parameters, item).await?;
            checked(vm, args).await
        }))
    }

    /// Not supported: raises TypeError.
    #[method("__mro_entries__(self, bases, /)")]
    async fn mro_entries(vm: VmRef, this: Value, _bases: Value) -> PyResult {
        let shown = vm.repr(&this).await?.to_string_lossy();
        Err(vm.type_error(format!("Cannot subclass {shown}")))
    }

    /// Always `typing.Union`.
    #[getter("__origin__")]
    fn origin(this: &Union) -> Value {
        let _ = this;
        Union::type_object().into_value()
    }

    #[getter("__name__")]
    fn name(this: &Union) -> &'static str {
        let _ = this;
        "Union"
    }

    #[getter("__qualname__")]
    fn qualname(this: &Union) -> &'static str {
        let _ = this;
        "Union"
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Ref<Union>) -> PyResult {
        let mut parts = Vec::new();
        for arg in this.args.iter() {
            let none = arg.is(crate::types::singletons::NoneType::type_object().as_value());
            parts.push(if none { "None".to_string() } else { repr_of_argument(vm, arg).await? });
        }
        Ok(Value::from_str(&parts.join(" | ")))
    }

    #[slot(or)]
    fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        // Unlike a class, a union takes what `Union[...]` takes.
        union_of_any(vm, left, right)
    }

    #[slot(compare)]
    fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let both = (left.downcast::<Union>(), right.downcast::<Union>());
        let ((Some(a), Some(b)), CompareOp::Eq | CompareOp::Ne) = (both, op) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if a.args.len() == b.args.len() && a.args.iter().any(|x| b.args.iter().any(|y| vm.eq_now(x, y).is_none())) {
            let (vm, a, b) = (vm.handle(), a.args.to_vec(), b.args.to_vec());
            return Err(vm.defer(async move {
                for x in &a {
                    let (mut found, hash) = (false, hash_or_none(vm, x).await);
                    for y in &b {
                        found = found || hash == hash_or_none(vm, y).await && vm.eq(x, y).await?;
                    }
                    if !found {
                        return Ok(Value::bool(op == CompareOp::Ne));
                    }
                }
                Ok(Value::bool(op == CompareOp::Eq))
            }));
        }
        let contains = |args: &[Value], value: &Value| args.iter().any(|arg| vm.eq_now(arg, value) == Some(true));
        let same = a.args.len() == b.args.len() && a.args.iter().all(|arg| contains(&b.args, arg));
        Ok(Value::bool(same == (op == CompareOp::Eq)))
    }

    #[slot(hash)]
    fn hash(vm: &Vm, this: Ref<Union>) -> PyResult {
        if this.unhashable > 0 {
            let vm = vm.handle();
            return Err(vm.defer(async move {
                for arg in this.args.iter() {
                    vm.hash(arg).await?;
                }
                let (count, plural) = (this.unhashable, if this.unhashable == 1 { "" } else { "s" });
                Err(vm.type_error(format!("union contains {count} unhashable element{plural}")))
            }));
        }
        // The order does not count.
        let mix = |hash: u64, part: u64| hash.wrapping_add(part.wrapping_mul(0x9e37_79b9));
        let finish = |hash: u64| Value::small_int((hash & 0x7fff_ffff_ffff) as i64);
        let mut hash = 0;
        for arg in this.args.iter() {
            match vm.hash_now(arg) {
                Some(part) => hash = mix(hash, part?),
                None => {
                    let vm = vm.handle();
                    return Err(vm.handle().defer(async move {
                        let mut hash = 0;
                        for arg in this.args.iter() {
                            hash = mix(hash, vm.hash(arg).await?);
                        }
                        Ok(finish(hash))
                    }));
                }
            }
        }
        Ok(finish(hash))
    }

    /// Whether an object is an instance of one of the members.
    #[method("__instancecheck__(self, object, /)")]
    async fn instancecheck(vm: VmRef, this: Value, object: Value) -> PyResult<bool> {
        vm.is_instance_of(&object, &this).await
    }

    /// Whether a class is a subclass of one of the members.
    #[method("__subclasscheck__(self, object, /)")]
    async fn subclasscheck(vm: VmRef, this: Value, object: Value) -> PyResult<bool> {
        vm.is_subclass_of(&object, &this).await
    }

    /// The members.
    #[getter("__args__")]
    fn get_args(this: &Union) -> Value {
        Value::from_tuple(this.args.to_vec())
    }

    /// The type parameters among the members.
    #[getter("__parameters__")]
    fn parameters(vm: &Vm, this: &Union) -> PyResult {
        crate::types::generic_alias::parameters_tuple(vm, &this.args)
    }
}
