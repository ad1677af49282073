//! Filling dicts: the constructor, `update`, `|`, `fromkeys`.

use super::Dict;
use crate::protocol::compare::set_table;
use crate::types::typeobject::TypeFlags;
use crate::{PyResult, Ref, Value, Vm, VmRef};

impl Dict {
    /// A plain dict with the same items.
    pub fn copy(&self, vm: &Vm) -> PyResult<Ref<Dict>> {
        let table = self.table.borrow();
        vm.check_memory(table.len() * 40)?;
        let copy = table.try_clone().ok_or_else(|| vm.memory_error())?;
        let dict = Dict::new_object();
        dict.table.set(copy);
        Ok(dict)
    }

    /// Takes over the items of another dict. `None` if comparing keys needs Python code; what was taken over by then stays.
    pub(crate) fn merge_now(&self, vm: &Vm, other: &Dict) -> Option<PyResult<()>> {
        if std::ptr::eq(self, other) {
            return Some(Ok(()));
        }
        if self.is_empty() && other.len() == other.table.borrow().entries().len() {
            return Some(other.copy(vm).map(|copy| self.table.set(copy.table.take())));
        }
        for entry in other.table.borrow().iter() {
            if let Err(raised) = self.set_hashed_now(vm, entry.hash, &entry.key, &entry.value)? {
                return Some(Err(raised));
            }
        }
        Some(Ok(()))
    }

    /// Takes over the items of another dict (async).
    pub(crate) async fn merge(vm: &Vm, this: &Ref<Dict>, other: &Ref<Dict>) -> PyResult<()> {
        if let Some(result) = this.merge_now(vm, other) {
            return result;
        }
        let length = other.len();
        let mut at = 0;
        loop {
            let entry = match other.table.borrow().entries().get(at) {
                None => return Ok(()),
                Some(entry) if entry.key.is_unbound() => None,
                Some(entry) => Some((entry.hash, entry.key.clone(), entry.value.clone())),
            };
            if let Some((hash, key, value)) = entry {
                Dict::set_hashed(vm, this, hash, &key, &value).await?;
                if other.len() != length {
                    return Err(vm.runtime_error("dict mutated during update"));
                }
            }
            at += 1;
        }
    }

    /// `dict.update(other)` (async): a mapping (what has `keys`) or an iterable of pairs.
    pub async fn update(vm: &Vm, this: &Ref<Dict>, other: &Value) -> PyResult<()> {
        if let Some(other) = plain_dict(vm, other) {
            return Dict::merge(vm, this, &other).await;
        }
        match vm.attr_opt(other, &crate::name!(keys)).await? {
            Some(_) => Dict::merge_mapping(vm, this, other).await,
            None => merge_pairs(vm, this, other).await,
        }
    }

    /// Takes over the items of any mapping (async), as `**mapping` does.
    pub async fn merge_mapping(vm: &Vm, this: &Ref<Dict>, other: &Value) -> PyResult<()> {
        if let Some(other) = plain_dict(vm, other) {
            return Dict::merge(vm, this, &other).await;
        }
        let keys = vm.attr(other, "keys").await?;
        let keys = vm.call(&keys, Vec::new()).await?;
        let keys = vm.iter(&keys).await?;
        while let Some(key) = vm.next(&keys).await? {
            let value = vm.item(other, &key).await?;
            Dict::set(vm, this, &key, &value).await?;
            vm.breathe(4).await?;
        }
        Ok(())
    }
}

/// The value as a dict whose items may be read without asking its class: no subclass that iterates in its own way.
pub(crate) fn plain_dict(vm: &Vm, value: &Value) -> Option<Ref<Dict>> {
    let dict = value.to_ref::<Dict>()?;
    vm.is_native_slot(vm.type_of(value), |slots| slots.iter.map(|slot| slot as usize)).then_some(dict)
}

async fn merge_pairs(vm: &Vm, this: &Ref<Dict>, other: &Value) -> PyResult<()> {
    let iterator = vm.iter(other).await?;
    let mut number = 0usize;
    while let Some(pair) = vm.next(&iterator).await? {
        let items = match vm.sequence_now(&pair) {
            Some(items) => items,
            None => {
                let slots = vm.type_of(&pair).slots();
                if slots.iter.is_none() && slots.getitem.is_none() {
                    return Err(vm.type_error("object is not iterable"));
                }
                vm.collect(&pair).await?
            }
        };
        let [key, value] = &items[..] else {
            let length = items.len();
            let message = format!("dictionary update sequence element #{number} has length {length}; 2 is required");
            return Err(vm.value_error(message));
        };
        Dict::set(vm, this, key, value).await?;
        number += 1;
        vm.breathe(4).await?;
    }
    Ok(())
}

/// `dict.update(other, **kwargs)` and the constructor's filling. May defer.
pub(super) fn update_with(vm: &Vm, this: &Value, other: Option<&Value>, named: Vec<(Value, Value)>) -> PyResult<()> {
    let Some(dict) = this.to_ref::<Dict>() else { return Ok(()) };
    let pending = match other {
        Some(other) => match plain_dict(vm, other).map(|other| dict.merge_now(vm, &other)) {
            Some(Some(result)) => {
                result?;
                None
            }
            _ => Some(other.clone()),
        },
        None => None,
    };
    let Some(other) = pending else {
        for (name, value) in named {
            dict.set_str(&name, value);
        }
        return Ok(());
    };
    let vm = vm.handle();
    Err(vm.defer(async move {
        Dict::update(&vm, &dict, &other).await?;
        for (name, value) in named {
            dict.set_str(&name, value);
        }
        Ok(Value::NONE)
    }))
}

/// `cls.fromkeys(iterable, value)` (async).
pub(super) async fn from_keys(vm: VmRef, cls: Value, iterable: Value, value: Value) -> PyResult {
    let target = vm.call(&cls, Vec::new()).await?;
    let plain = target.downcast_exact::<Dict>().is_some().then(|| target.to_ref::<Dict>()).flatten();
    if let Some(dict) = &plain
        && !vm.type_of(&iterable).has_flag(TypeFlags::HEAP)
    {
        // Hashes that are known already are not computed again.
        let mut known: Vec<(u64, Value)> = Vec::new();
        if let Some(source) = iterable.downcast::<Dict>() {
            vm.reserve(&mut known, source.len())?;
            known.extend(source.table.borrow().iter().map(|entry| (entry.hash, entry.key.clone())));
        } else if let Some(source) = set_table(&iterable) {
            vm.reserve(&mut known, source.len())?;
            known.extend(source.iter().map(|entry| (entry.hash, entry.key.clone())));
        }
        if !known.is_empty() {
            for (hash, key) in known {
                Dict::set_hashed(&vm, dict, hash, &key, &value).await?;
            }
            return Ok(target);
        }
    }
    let iterator = vm.iter(&iterable).await?;
    while let Some(key) = vm.next(&iterator).await? {
        match &plain {
            Some(dict) => Dict::set(&vm, dict, &key, &value).await?,
            None => vm.store_item(&target, &key, &value).await?,
        }
        vm.breathe(2).await?;
    }
    Ok(target)
}
