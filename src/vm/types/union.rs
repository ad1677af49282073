//! Unions of types: `int | str`.

use snakelet_macros::{methods, native_type};

use crate::types::generic_alias::{GenericAlias, repr_of_argument};
use crate::types::slots::CompareOp;
use crate::types::typeobject::Type;
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
        || ["TypeVar", "ParamSpec", "TypeAliasType", "TypeVarTuple"].contains(&vm.type_name(value).as_str())
}

/// `left | right` for types; NotImplemented where one is none.
pub fn union_of(vm: &Vm, left: &Value, right: &Value) -> PyResult {
    if !is_member(vm, left) || !is_member(vm, right) {
        return Ok(Value::NOT_IMPLEMENTED);
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
    Union { args: args.into() }.into_value()
}

#[methods]
impl Union {
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
        union_of(vm, left, right)
    }

    #[slot(compare)]
    fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let both = (left.downcast::<Union>(), right.downcast::<Union>());
        let ((Some(a), Some(b)), CompareOp::Eq | CompareOp::Ne) = (both, op) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let contains = |args: &[Value], value: &Value| args.iter().any(|arg| vm.eq_now(arg, value) == Some(true));
        let same = a.args.len() == b.args.len() && a.args.iter().all(|arg| contains(&b.args, arg));
        Ok(Value::bool(same == (op == CompareOp::Eq)))
    }

    #[slot(hash)]
    fn hash(this: &Union) -> i64 {
        let mixed =
            this.args.iter().fold(0u64, |hash, arg| hash.wrapping_add((arg.bits() >> 4).wrapping_mul(0x9e37_79b9)));
        (mixed & 0x7fff_ffff_ffff) as i64
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
    fn parameters(vm: &Vm, this: &Union) -> Value {
        Value::from_tuple(crate::types::generic_alias::parameters_of(vm, &this.args))
    }
}
