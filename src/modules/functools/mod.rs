//! Module `_functools`: `reduce` and `cmp_to_key` here, `partial` and the wrapper behind `lru_cache` in files of their own.

mod lru_cache;
mod partial;

use snakelet_macros::{methods, native_module, native_type};
use snakelet_vm::errors::Exc;
use snakelet_vm::native::{Args, ModuleDef, Native};
use snakelet_vm::types::slots::CompareOp;
use snakelet_vm::{PyResult, Ref, Value, Vm, VmRef};

pub const MODULE: ModuleDef = Functools::MODULE;

/// Declares module `_functools`.
pub struct Functools;

/// Tools that operate on functions.
#[native_module(
    "_functools",
    types = [partial::Partial, partial::PlaceholderType, lru_cache::LruCache],
    with = [partial::Constants::FUNCTIONS]
)]
impl Functools {
    /// Apply a function of two arguments cumulatively to the items of an iterable, from left to right.
    ///
    /// This reduces the iterable to a single value: reduce(f, [1, 2, 3]) is f(f(1, 2), 3). If initial is present,
    /// it is placed before the items, and serves as the result when there are none.
    #[function("reduce(function, iterable, /, initial=<unrepresentable>)")]
    async fn reduce(vm: VmRef, function: Value, iterable: Value, initial: Option<Value>) -> PyResult {
        let iterator = match vm.iter(&iterable).await {
            Ok(iterator) => iterator,
            Err(raised) => {
                return Err(match vm.catch(Exc::TypeError) {
                    Some(_) => vm.type_error("reduce() arg 2 must support iteration"),
                    None => raised,
                });
            }
        };
        let mut result = match initial {
            Some(initial) => initial,
            None => match vm.next(&iterator).await? {
                Some(first) => first,
                None => return Err(vm.type_error("reduce() of empty iterable with no initial value")),
            },
        };
        while let Some(item) = vm.next(&iterator).await? {
            result = vm.call(&function, vec![result, item]).await?;
        }
        Ok(result)
    }

    /// Convert a cmp= function into a key= function.
    #[function("cmp_to_key(mycmp)")]
    fn cmp_to_key(mycmp: Value) -> Value {
        KeyWrapper { cmp: mycmp, object: Value::UNBOUND }.into_value()
    }
}

/// The payload of what `cmp_to_key` makes: the key function, and its keys.
#[native_type(name = "KeyWrapper", module = "functools")]
pub struct KeyWrapper {
    cmp: Value,
    /// Unbound in the key function.
    object: Value,
}

#[methods]
impl KeyWrapper {
    #[slot(call)]
    fn call(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        let Some(wrapper) = this.downcast::<KeyWrapper>() else { return Ok(Value::NONE) };
        let object = match (args.values, args.kwnames) {
            ([object], []) => object,
            ([object], [name]) if name.as_text().is_some_and(|name| name == "obj") => object,
            ([], _) => return Err(vm.type_error("K() missing required argument 'obj' (pos 1)")),
            ([_], _) => return Err(vm.type_error("K() missing required argument 'obj' (pos 1)")),
            (more, _) => {
                let message = format!("K() takes at most 1 argument ({} given)", more.len());
                return Err(vm.type_error(message));
            }
        };
        Ok(KeyWrapper { cmp: wrapper.cmp.clone(), object: object.clone() }.into_value())
    }

    #[slot(compare)]
    fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let (Some(left), Some(right)) = (left.to_ref::<KeyWrapper>(), right.to_ref::<KeyWrapper>()) else {
            return Err(vm.type_error("other argument must be K instance"));
        };
        if left.object.is_unbound() || right.object.is_unbound() {
            return Err(vm.attribute_error("object"));
        }
        Err(vm.defer(order(vm.handle(), left, right, op)))
    }

    /// Value wrapped by a key function.
    #[getter("obj")]
    fn object(this: &KeyWrapper) -> Value {
        if this.object.is_unbound() { Value::NONE } else { this.object.clone() }
    }
}

async fn order(vm: VmRef, left: Ref<KeyWrapper>, right: Ref<KeyWrapper>, op: CompareOp) -> PyResult {
    let order = vm.call(&left.cmp, vec![left.object.clone(), right.object.clone()]).await?;
    vm.compare(&order, &Value::small_int(0), op).await
}
