//! Views of dicts: `keys()`, `values()`, `items()`. Keys and items behave like sets.

use snakelet_macros::{methods, native_type};

use super::Dict;
use super::iterators::{
    DictItemIterator, DictKeyIterator, DictReverseItemIterator, DictReverseKeyIterator, DictReverseValueIterator,
    DictValueIterator,
};
use crate::object::{Native, VmCell};
use crate::protocol::sequence_repr::repr_container;
use crate::types::generator::Keep;
use crate::types::mapping_proxy::MappingProxy;
use crate::types::set::algebra;
use crate::types::set::lookup::add;
use crate::types::set::table::SetTable;
use crate::types::set::{FrozenSet, Set};
use crate::types::slots::CompareOp;
use crate::types::tuple::Tuple;
use crate::{PyResult, Ref, Value, Vm, VmRef};

/// `dict.keys()`.
#[native_type(name = "dict_keys")]
pub struct DictKeys {
    pub dict: Ref<Dict>,
}

/// `dict.values()`.
#[native_type(name = "dict_values")]
pub struct DictValues {
    pub dict: Ref<Dict>,
}

/// `dict.items()`.
#[native_type(name = "dict_items")]
pub struct DictItems {
    pub dict: Ref<Dict>,
}

/// Whether the value is a view with set operations.
fn is_set_view(value: &Value) -> bool {
    value.downcast::<DictKeys>().is_some() || value.downcast::<DictItems>().is_some()
}

/// Length of a set, frozenset, or view with set operations.
fn set_length(value: &Value) -> Option<usize> {
    if let Some(table) = algebra::table_cell(value) {
        return Some(table.borrow().len());
    }
    match value.downcast::<DictKeys>() {
        Some(keys) => Some(keys.dict.len()),
        None => value.downcast::<DictItems>().map(|items| items.dict.len()),
    }
}

/// `item in view` for a view of items (async).
async fn contains_item(vm: VmRef, dict: &Ref<Dict>, item: &Value) -> PyResult<bool> {
    let Some([key, value]) = item.downcast::<Tuple>().map(Tuple::items) else { return Ok(false) };
    let (key, value) = (key.clone(), value.clone());
    match Dict::get(&vm, dict, &key).await? {
        Some(found) => vm.eq(&found, &value).await,
        None => Ok(false),
    }
}

/// `item in view` for a view with set operations (async).
async fn view_contains(vm: VmRef, view: &Value, item: &Value) -> PyResult<bool> {
    if let Some(keys) = view.downcast::<DictKeys>() {
        return Dict::has(&vm, &keys.dict, item).await;
    }
    match view.downcast::<DictItems>() {
        Some(items) => contains_item(vm, &items.dict, item).await,
        None => vm.is_in(item, view).await,
    }
}

/// The operand as the iterable that a set is made of: for a view of keys its dict, whose hashes are known.
fn source(operand: &Value) -> Value {
    match operand.downcast::<DictKeys>() {
        Some(keys) => keys.dict.value(),
        None => operand.clone(),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operation {
    And,
    Or,
    Sub,
    Xor,
}

/// The set operators; either operand may be the view. They take any iterable as the other.
fn combine(vm: &Vm, operation: Operation, left: &Value, right: &Value) -> PyResult {
    let (vm_ref, left, right) = (vm.handle(), left.clone(), right.clone());
    vm.start(async move {
        if operation == Operation::And {
            return intersection(vm_ref, left, right).await;
        }
        let table = algebra::collect(vm_ref, &source(&left)).await?;
        match operation {
            Operation::Or => algebra::update(vm_ref, &table, &right, Keep::Hashable).await?,
            Operation::Sub => algebra::difference_update(vm_ref, &table, &right).await?,
            _ => algebra::symmetric_difference_update(vm_ref, &table, &right).await?,
        }
        Ok(Set { table }.into_value())
    })
}

async fn intersection(vm: VmRef, left: Value, right: Value) -> PyResult {
    let (mut view, mut other) = if is_set_view(&left) { (left, right) } else { (right, left) };
    if is_set_view(&other) && set_length(&other) > set_length(&view) {
        (view, other) = (other, view);
    }
    if other.downcast_exact::<Set>().is_some() && set_length(&view) <= set_length(&other) {
        // A large set is asked for each of the view's items.
        let table = algebra::collect(vm, &source(&view)).await?;
        return Ok(Set { table: algebra::intersection(vm, &table, &other).await? }.into_value());
    }
    let result = VmCell::new(SetTable::default());
    let iterator = vm.iter(&other).await?;
    while let Some(item) = vm.next(&iterator).await? {
        if view_contains(vm, &view, &item).await? {
            add(vm, &result, &item).await?;
        }
        vm.breathe(2).await?;
    }
    Ok(Set { table: result }.into_value())
}

/// Whether every item of `small` is in `large` (async).
async fn all_contained(vm: VmRef, small: &Value, large: &Value) -> PyResult<bool> {
    let iterator = vm.iter(small).await?;
    while let Some(item) = vm.next(&iterator).await? {
        if !view_contains(vm, large, &item).await? {
            return Ok(false);
        }
        vm.breathe(2).await?;
    }
    Ok(true)
}

/// Comparison with sets and other views.
fn compare(vm: &Vm, this: &Value, other: &Value, op: CompareOp) -> PyResult {
    let (Some(ours), Some(theirs)) = (set_length(this), set_length(other)) else { return Ok(Value::NOT_IMPLEMENTED) };
    let hopeless = match op {
        CompareOp::Eq | CompareOp::Ne => ours != theirs,
        CompareOp::Lt => ours >= theirs,
        CompareOp::Le => ours > theirs,
        CompareOp::Gt => ours <= theirs,
        CompareOp::Ge => ours < theirs,
    };
    if hopeless {
        return Ok(Value::bool(op == CompareOp::Ne));
    }
    let (small, large) = if matches!(op, CompareOp::Gt | CompareOp::Ge) { (other, this) } else { (this, other) };
    let (vm_ref, small, large) = (vm.handle(), small.clone(), large.clone());
    Err(vm.defer(async move {
        let contained = all_contained(vm_ref, &small, &large).await?;
        Ok(Value::bool(contained != (op == CompareOp::Ne)))
    }))
}

fn is_disjoint(vm: &Vm, this: &Value, other: &Value) -> PyResult {
    let (vm_ref, this, other) = (vm.handle(), this.clone(), other.clone());
    vm.start(async move {
        let (mut view, mut other) = (this, other);
        if view.is(&other) {
            return Ok(Value::bool(set_length(&view) == Some(0)));
        }
        let is_set =
            is_set_view(&other) || other.downcast::<Set>().is_some() || other.downcast::<FrozenSet>().is_some();
        if is_set && set_length(&other) > set_length(&view) {
            (view, other) = (other, view);
        }
        let iterator = vm_ref.iter(&other).await?;
        while let Some(item) = vm_ref.next(&iterator).await? {
            if view_contains(vm_ref, &view, &item).await? {
                return Ok(Value::FALSE);
            }
            vm_ref.breathe(2).await?;
        }
        Ok(Value::TRUE)
    })
}

macro_rules! set_view {
    ($type:ident $forward:ident $backward:ident) => {
        #[methods]
        impl $type {
            /// Whether the view and the other have no item in common.
            #[method("isdisjoint(self, object, /)")]
            fn isdisjoint(vm: &Vm, this: &Value, object: &Value) -> PyResult {
                is_disjoint(vm, this, object)
            }

            /// An iterator over the view, last item first.
            #[method("__reversed__(self, /)")]
            fn reversed(this: &$type) -> Value {
                $backward::new(this.dict.clone()).into_value()
            }

            /// The dict, for reading.
            #[getter("mapping")]
            fn mapping(this: &$type) -> Value {
                MappingProxy::new(this.dict.value()).into_value()
            }

            #[slot(repr)]
            fn repr(vm: &Vm, this: &Value) -> PyResult {
                repr_container(vm, this)
            }

            #[slot(compare)]
            fn compare(vm: &Vm, this: &Value, other: &Value, op: CompareOp) -> PyResult {
                compare(vm, this, other, op)
            }

            #[slot(iter)]
            fn iter(_vm: &Vm, this: &$type) -> PyResult {
                Ok($forward::new(this.dict.clone()).into_value())
            }

            #[slot(len)]
            fn length(_vm: &Vm, this: &$type) -> PyResult {
                Ok(Value::from_usize(this.dict.len()))
            }

            #[slot(contains)]
            fn contains(vm: &Vm, this: &Value, item: &Value) -> PyResult {
                let (vm_ref, this, item) = (vm.handle(), this.clone(), item.clone());
                vm.start(async move { view_contains(vm_ref, &this, &item).await.map(Value::bool) })
            }

            #[slot(and)]
            fn and(vm: &Vm, left: &Value, right: &Value) -> PyResult {
                combine(vm, Operation::And, left, right)
            }

            #[slot(or)]
            fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult {
                combine(vm, Operation::Or, left, right)
            }

            #[slot(sub)]
            fn sub(vm: &Vm, left: &Value, right: &Value) -> PyResult {
                combine(vm, Operation::Sub, left, right)
            }

            #[slot(xor)]
            fn xor(vm: &Vm, left: &Value, right: &Value) -> PyResult {
                combine(vm, Operation::Xor, left, right)
            }
        }
    };
}

set_view!(DictKeys DictKeyIterator DictReverseKeyIterator);
set_view!(DictItems DictItemIterator DictReverseItemIterator);

#[methods]
impl DictValues {
    /// An iterator over the view, last item first.
    #[method("__reversed__(self, /)")]
    fn reversed(this: &DictValues) -> Value {
        DictReverseValueIterator::new(this.dict.clone()).into_value()
    }

    /// The dict, for reading.
    #[getter("mapping")]
    fn mapping(this: &DictValues) -> Value {
        MappingProxy::new(this.dict.value()).into_value()
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Value) -> PyResult {
        repr_container(vm, this)
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &DictValues) -> PyResult {
        Ok(DictValueIterator::new(this.dict.clone()).into_value())
    }

    #[slot(len)]
    fn length(_vm: &Vm, this: &DictValues) -> PyResult {
        Ok(Value::from_usize(this.dict.len()))
    }
}
