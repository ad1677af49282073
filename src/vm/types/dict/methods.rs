//! The methods and slots of `dict`.

use snakelet_macros::methods;

use super::Dict;
use super::iterators::{DictKeyIterator, DictReverseKeyIterator};
use super::table::Found;
use super::update::{from_keys, update_with};
use super::views::{DictItems, DictKeys, DictValues};
use crate::errors::Exc;
use crate::native::KwArgs;
use crate::object::{Native, allocate};
use crate::protocol::sequence_repr::repr_container;
use crate::types::generic_alias::alias;
use crate::types::slots::CompareOp;
use crate::types::typeobject::Type;
use crate::{PyResult, Ref, Value, Vm, VmRef};

fn named(kwargs: KwArgs<'_>) -> Vec<(Value, Value)> {
    kwargs.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// What a look-up by `get_now` found, or the continuation that looks up with Python code; `then` makes the native's result.
fn get_then(
    vm: &Vm,
    this: &Value,
    key: &Value,
    default: Value,
    then: fn(&Vm, &Value, &Value, Option<Value>, Value) -> PyResult,
) -> PyResult {
    let Some(dict) = this.downcast::<Dict>() else { return Ok(Value::NONE) };
    if let Some(found) = dict.get_now(vm, key) {
        return then(vm, this, key, found?, default);
    }
    let (vm, this, key) = (vm.handle(), this.clone(), key.clone());
    Err(vm.defer(async move {
        let Some(dict) = this.to_ref::<Dict>() else { return Ok(Value::NONE) };
        let found = Dict::get(&vm, &dict, &key).await?;
        let result = then(&vm, &this, &key, found, default);
        vm.settle(result).await
    }))
}

/// The error of a look-up, or what the class's `__missing__` gives.
fn missing(vm: &Vm, this: &Value, key: &Value) -> PyResult {
    if this.downcast_exact::<Dict>().is_none()
        && let Some(method) = vm.lookup_special(this, &crate::name!(__missing__))
    {
        let (vm, this, key) = (vm.handle(), this.clone(), key.clone());
        return Err(vm.defer(async move {
            let bound = vm.bind(&method, &this);
            let bound = vm.settle(bound).await?;
            vm.call(&bound, vec![key]).await
        }));
    }
    Err(vm.key_error(key.clone()))
}

/// `left | right` for dicts.
fn union(vm: &Vm, left: &Value, right: &Value) -> PyResult {
    let (Some(left), Some(right)) = (left.downcast::<Dict>(), right.to_ref::<Dict>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let result = left.copy(vm)?;
    if super::update::plain_dict(vm, right.as_value()).is_some()
        && let Some(merged) = result.merge_now(vm, &right)
    {
        return merged.map(|()| result.into_value());
    }
    let vm = vm.handle();
    Err(vm.defer(async move {
        Dict::update(&vm, &result, right.as_value()).await?;
        Ok(result.into_value())
    }))
}

async fn equal_later(vm: VmRef, left: Ref<Dict>, right: Ref<Dict>, op: CompareOp) -> PyResult {
    let (same, different) = (Value::bool(op == CompareOp::Eq), Value::bool(op == CompareOp::Ne));
    let mut at = 0;
    loop {
        let entry = match left.table.borrow().entries().get(at) {
            None => return Ok(same),
            Some(entry) if entry.key.is_unbound() => None,
            Some(entry) => Some((entry.hash, entry.key.clone(), entry.value.clone())),
        };
        at += 1;
        let Some((hash, key, value)) = entry else { continue };
        let Some(found) = Dict::lookup(&vm, &right, hash, &key).await? else { return Ok(different) };
        let other = right.table.borrow().entries()[found].value.clone();
        if !vm.eq(&value, &other).await? {
            return Ok(different);
        }
        vm.breathe(1).await?;
    }
}

#[methods]
impl Dict {
    #[new("dict(*args, **kwargs)", text = none)]
    fn new_dict(cls: Ref<Type>, _args: &[Value], _kwargs: KwArgs<'_>) -> Value {
        allocate(&cls, Dict::default())
    }

    #[init("dict(self, iterable=<unrepresentable>, /, **kwargs)", text = none, family = "positional")]
    fn init(vm: &Vm, this: &Value, iterable: Option<&Value>, kwargs: KwArgs<'_>) -> PyResult<()> {
        update_with(vm, this, iterable, named(kwargs))
    }

    /// The value of the key if it is there, else the default.
    #[method("get(self, key, default=None, /)")]
    fn get_default(vm: &Vm, this: &Value, key: &Value, default: Option<Value>) -> PyResult {
        get_then(vm, this, key, default.unwrap_or_default(), |_vm, _this, _key, found, default| {
            Ok(found.unwrap_or(default))
        })
    }

    /// The value of the key; if it is not there, it is put in with the default.
    #[method("setdefault(self, key, default=None, /)")]
    fn setdefault(vm: &Vm, this: Ref<Dict>, key: Value, default: Option<Value>) -> PyResult {
        let default = default.unwrap_or_default();
        if let Some(hash) = Dict::hash_now(vm, &key) {
            let hash = hash?;
            match this.find(vm, hash, &key) {
                Found::At(at) => return Ok(this.table.borrow().entries()[at].value.clone()),
                Found::Missing => return this.insert(vm, hash, key, default.clone()).map(|()| default),
                Found::Undecided(_) => {}
            }
        }
        let vm = vm.handle();
        Err(vm.defer(async move {
            let hash = Dict::hash(&vm, &key).await?;
            match Dict::lookup(&vm, &this, hash, &key).await? {
                Some(at) => Ok(this.table.borrow().entries()[at].value.clone()),
                None => this.insert(&vm, hash, key, default.clone()).map(|()| default),
            }
        }))
    }

    /// D.pop(k[,d]) -> v
    ///
    /// Removes the key and returns its value; if it is not there, returns the default if given, else raises KeyError.
    #[method("pop(self, key, default=<unrepresentable>, /)")]
    fn pop(vm: &Vm, this: Ref<Dict>, key: Value, default: Option<Value>) -> PyResult {
        fn finish(vm: &Vm, key: Value, found: Option<Value>, default: Option<Value>) -> PyResult {
            found.or(default).ok_or_else(|| vm.key_error(key))
        }
        if this.is_empty() {
            return finish(vm, key, None, default);
        }
        if let Some(found) = this.remove_now(vm, &key) {
            return finish(vm, key, found?, default);
        }
        let vm = vm.handle();
        Err(vm.defer(async move {
            let found = Dict::remove(&vm, &this, &key).await?;
            finish(&vm, key, found, default)
        }))
    }

    /// Removes the last item and returns it as a pair of key and value.
    ///
    /// Raises KeyError if the dict is empty.
    #[method("popitem(self, /)")]
    fn popitem(vm: &Vm, this: &Dict) -> PyResult {
        let table = this.table.borrow_mut();
        match table.entries().iter().rposition(|entry| !entry.key.is_unbound()) {
            Some(at) => {
                let (key, value) = table.remove(at);
                Ok(Value::from_pair(key, value))
            }
            None => Err(vm.key_error(Value::from_str("popitem(): dictionary is empty"))),
        }
    }

    /// A view of the keys.
    #[method("keys(self, /)")]
    fn keys(this: Ref<Dict>) -> Value {
        DictKeys { dict: this }.into_value()
    }

    /// A view of the items.
    #[method("items(self, /)")]
    fn items(this: Ref<Dict>) -> Value {
        DictItems { dict: this }.into_value()
    }

    /// A view of the values.
    #[method("values(self, /)")]
    fn values(this: Ref<Dict>) -> Value {
        DictValues { dict: this }.into_value()
    }

    /// D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F.
    #[method("update(self, iterable=<unrepresentable>, /, **kwargs)", text = none, family = "positional")]
    fn update_method(vm: &Vm, this: &Value, iterable: Option<&Value>, kwargs: KwArgs<'_>) -> PyResult<()> {
        update_with(vm, this, iterable, named(kwargs))
    }

    /// A new dict with keys from the iterable, all with the same value.
    #[classmethod("fromkeys(cls, iterable, value=None, /)")]
    async fn fromkeys(vm: VmRef, cls: Value, iterable: Value, value: Option<Value>) -> PyResult {
        from_keys(vm, cls, iterable, value.unwrap_or_default()).await
    }

    /// Removes all items.
    #[method("clear(self, /)")]
    fn clear(this: &Dict) {
        let entries = this.table.borrow_mut().clear();
        drop(entries);
    }

    /// A shallow copy.
    #[method("copy(self, /)")]
    fn copy_method(vm: &Vm, this: &Dict) -> PyResult<Ref<Dict>> {
        this.copy(vm)
    }

    /// An iterator over the keys, last first.
    #[method("__reversed__(self, /)")]
    fn reversed(this: Ref<Dict>) -> Value {
        DictReverseKeyIterator::new(this).into_value()
    }

    /// Whether the key is there.
    #[method("__contains__(self, key, /)")]
    fn contains_method(vm: &Vm, this: &Value, key: &Value) -> PyResult {
        Dict::contains(vm, this, key)
    }

    /// The value of the key.
    #[method("__getitem__(self, key, /)")]
    fn getitem_method(vm: &Vm, this: &Value, key: &Value) -> PyResult {
        Dict::getitem(vm, this, key)
    }

    /// Size in memory, in bytes.
    #[method("__sizeof__(self, /)")]
    fn sizeof(this: &Dict) -> usize {
        48 + this.table.borrow().entries().len() * 30
    }

    /// See PEP 585.
    #[classmethod("__class_getitem__(cls, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        alias(cls, object)
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Value) -> PyResult {
        repr_container(vm, this)
    }

    #[slot(compare)]
    fn compare(vm: &Vm, this: &Value, other: &Value, op: CompareOp) -> PyResult {
        let (Some(left), Some(right)) = (this.to_ref::<Dict>(), other.to_ref::<Dict>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        if left.len() != right.len() {
            return Ok(Value::bool(op == CompareOp::Ne));
        }
        match vm.dicts_eq(&left, &right, 0) {
            Some(equal) => Ok(Value::bool(equal == (op == CompareOp::Eq))),
            None => Err(vm.defer(equal_later(vm.handle(), left, right, op))),
        }
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.to_ref::<Dict>().map_or(Value::NONE, |dict| DictKeyIterator::new(dict).into_value()))
    }

    #[slot(len)]
    fn length(_vm: &Vm, this: &Dict) -> PyResult {
        Ok(Value::from_usize(this.len()))
    }

    #[slot(contains)]
    fn contains(vm: &Vm, this: &Value, key: &Value) -> PyResult {
        get_then(vm, this, key, Value::NONE, |_vm, _this, _key, found, _default| Ok(Value::bool(found.is_some())))
    }

    #[slot(getitem)]
    fn getitem(vm: &Vm, this: &Value, key: &Value) -> PyResult {
        get_then(vm, this, key, Value::NONE, |vm, this, key, found, _default| match found {
            Some(value) => Ok(value),
            None => missing(vm, this, key),
        })
    }

    #[slot(setitem)]
    fn setitem(vm: &Vm, this: &Value, key: &Value, value: Option<&Value>) -> PyResult {
        let Some(dict) = this.downcast::<Dict>() else { return Ok(Value::NONE) };
        let done = match value {
            Some(value) => dict.set_now(vm, key, value),
            None => dict.remove_now(vm, key).map(|removed| match removed? {
                Some(_) => Ok(()),
                None => Err(vm.key_error(key.clone())),
            }),
        };
        match done {
            Some(result) => result.map(|()| Value::NONE),
            None => Err(vm.defer(set_later(vm.handle(), this.clone(), key.clone(), value.cloned()))),
        }
    }

    #[slot(or)]
    fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        union(vm, left, right)
    }

    #[slot(ior)]
    fn inplace_or(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        match update_with(vm, this, Some(other), Vec::new()) {
            Ok(()) => Ok(this.clone()),
            Err(raised) if vm.is_deferred() => {
                let (settle, this) = (vm.settle(Err(raised)), this.clone());
                Err(vm.defer(async move { settle.await.map(|_| this) }))
            }
            Err(raised) => Err(raised),
        }
    }
}

async fn set_later(vm: VmRef, this: Value, key: Value, value: Option<Value>) -> PyResult {
    let Some(dict) = this.to_ref::<Dict>() else { return Ok(Value::NONE) };
    match value {
        Some(value) => Dict::set(&vm, &dict, &key, &value).await?,
        None => {
            if Dict::remove(&vm, &dict, &key).await?.is_none() {
                return Err(vm.error_with_args(Exc::KeyError, vec![key]));
            }
        }
    }
    Ok(Value::NONE)
}
