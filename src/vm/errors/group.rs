//! Exception groups as `except*` splits and joins them.

use crate::errors::Exc;
use crate::object::Ref;
use crate::types::exception::BaseException;
use crate::types::list::List;
use crate::types::tuple::Tuple;
use crate::types::typeobject::Type;
use crate::{PyResult, Value, Vm, VmRef};

/// The exceptions in a group.
pub fn members(group: &Value) -> Vec<Value> {
    super::fields::get(group, "exceptions").downcast::<Tuple>().map_or(Vec::new(), |tuple| tuple.items().to_vec())
}

pub fn is_group(value: &Value) -> bool {
    Exc::BaseExceptionGroup.matches(value)
}

fn matches_any(vm: &Vm, exception: &Value, types: &Value) -> bool {
    let classes = types.downcast::<Tuple>().map_or(std::slice::from_ref(types), Tuple::items);
    let ty = vm.type_of(exception);
    classes.iter().any(|class| class.downcast::<Type>().is_some_and(|class| ty.is_subtype(class)))
}

/// For `except* types`: (matching part or None, the rest or None). A deferral yields the pair as a tuple.
pub fn split_for_except_star(vm: &Vm, exc: &Value, types: &Value) -> PyResult<(Value, Value)> {
    if exc.is_none() {
        return Ok((Value::NONE, Value::NONE));
    }
    let (handle, exc, types) = (vm.handle(), exc.clone(), types.clone());
    Err(vm.defer(async move {
        if matches_any(&handle, &exc, &types) {
            if is_group(&exc) {
                return Ok(Value::from_tuple(vec![exc, Value::NONE]));
            }
            // A plain exception is wrapped.
            let wrapped = Exc::BaseExceptionGroup.class();
            let args = vec![Value::from_str(""), Value::from_tuple(vec![exc.clone()])];
            let group = handle.call(wrapped.as_value(), args).await?;
            copy_traceback(&exc, &group);
            return Ok(Value::from_tuple(vec![group, Value::NONE]));
        }
        if !is_group(&exc) {
            return Ok(Value::from_tuple(vec![Value::NONE, exc]));
        }
        let split = handle.attr(&exc, "split").await?;
        let pair = handle.call(&split, vec![types]).await?;
        match pair.downcast::<Tuple>().map(Tuple::items) {
            Some([_, _, ..]) => Ok(pair),
            Some(items) => {
                let count = items.len();
                Err(handle.type_error(format!(
                    "{}.split must return a 2-tuple, got tuple of size {count}",
                    handle.type_name(&exc)
                )))
            }
            None => {
                let got = handle.type_name(&pair);
                Err(handle.type_error(format!("{}.split must return a tuple, not {got}", handle.type_name(&exc))))
            }
        }
    }))
}

fn copy_traceback(from: &Value, to: &Value) {
    if let (Some(from), Some(to)) = (from.downcast::<BaseException>(), to.downcast::<BaseException>()) {
        to.traceback.set(from.traceback.get());
    }
}

/// What an `except*` statement raises at its end: nothing, the unhandled rest, or a group of everything.
pub fn prepare_reraise_star(vm: &Vm, original: &Value, list: &Value) -> PyResult {
    let raised: Vec<Value> = list
        .downcast::<List>()
        .map_or(Vec::new(), |list| list.items.borrow().iter().filter(|item| !item.is_none()).cloned().collect());
    if raised.is_empty() {
        return Ok(Value::NONE);
    }
    if !is_group(original) {
        return Ok(raised[0].clone());
    }
    let (handle, original) = (vm.handle(), original.clone());
    Err(vm.defer(join(handle, original, raised)))
}

/// Exceptions of the original group (re-raised or unhandled) are merged in its shape, newly raised ones come beside.
async fn join(vm: VmRef, original: Value, list: Vec<Value>) -> PyResult {
    let (old, new): (Vec<Value>, Vec<Value>) = list.into_iter().partition(|item| same_origin(item, &original));
    let mut leaves = Vec::new();
    old.iter().for_each(|item| collect_leaves(item, &mut leaves));
    let projected = if leaves.is_empty() { None } else { Some(project(vm, &original, &leaves).await?) };
    if new.is_empty() {
        return Ok(projected.flatten().unwrap_or_default());
    }
    let mut all = new;
    all.extend(projected.flatten());
    if let [only] = all.as_slice() {
        return Ok(only.clone());
    }
    let class: Ref<Type> = Exc::BaseExceptionGroup.class();
    vm.call(class.as_value(), vec![Value::from_str(""), Value::from_list(all)]).await
}

/// Parts of a split group share its metadata.
fn same_origin(part: &Value, original: &Value) -> bool {
    let (Some(a), Some(b)) = (part.downcast::<BaseException>(), original.downcast::<BaseException>()) else {
        return false;
    };
    is_group(part)
        && a.traceback.borrow().is(b.traceback.borrow())
        && a.context.borrow().is(b.context.borrow())
        && a.cause.borrow().is(b.cause.borrow())
}

fn collect_leaves(exception: &Value, into: &mut Vec<Value>) {
    let mut work = vec![exception.clone()];
    while let Some(next) = work.pop() {
        if is_group(&next) {
            work.extend(members(&next));
        } else {
            into.push(next);
        }
    }
}

/// The part of `group` that consists of these leaves.
async fn project(vm: VmRef, group: &Value, leaves: &[Value]) -> PyResult<Option<Value>> {
    let subgroup = vm.attr(group, "subgroup").await?;
    let condition = crate::types::exception::leaf_condition(leaves.to_vec());
    let part = vm.call(&subgroup, vec![condition]).await?;
    Ok((!part.is_none()).then_some(part))
}
