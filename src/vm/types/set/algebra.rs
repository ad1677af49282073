//! The algebra of sets, step for step as CPython computes it, since the order of the steps shows in the order of the result.
//!
//! All of it is async; the callers begin it with [`Vm::start`], so that what needs no Python code is done at once.

use super::lookup::{add, add_hashed, add_hashed_now, add_now, discard_hashed, hash, lookup};
use super::table::SetTable;
use super::{FrozenSet, Set};
use crate::object::VmCell;
use crate::types::dict::Dict;
use crate::types::generator::Keep;
use crate::{PyResult, Value, Vm, VmRef};

/// The cell with the table of a set or frozenset.
#[inline]
pub(crate) fn table_cell(value: &Value) -> Option<&VmCell<SetTable>> {
    match value.downcast::<Set>() {
        Some(set) => Some(&set.table),
        None => value.downcast::<FrozenSet>().map(|set| &set.table),
    }
}

/// Walks over the keys of a table that may change on the way.
struct Walk<'a> {
    table: &'a VmCell<SetTable>,
    at: usize,
}

impl<'a> Walk<'a> {
    fn new(table: &'a VmCell<SetTable>) -> Walk<'a> {
        Walk { table, at: 0 }
    }
}

impl Iterator for Walk<'_> {
    type Item = (u64, Value);

    fn next(&mut self) -> Option<(u64, Value)> {
        loop {
            let entry = self.table.borrow().slots().get(self.at)?;
            self.at += 1;
            if !entry.key.is_unbound() {
                return Some((entry.hash, entry.key.clone()));
            }
        }
    }
}

/// The keys of an exact dict with their hashes.
fn dict_keys(vm: &Vm, value: &Value) -> PyResult<Option<Vec<(u64, Value)>>> {
    let Some(dict) = value.downcast_exact::<Dict>() else { return Ok(None) };
    let mut keys = Vec::new();
    vm.reserve(&mut keys, dict.len())?;
    keys.extend(dict.table.borrow().iter().map(|entry| (entry.hash, entry.key.clone())));
    Ok(Some(keys))
}

/// Adds every item of an iterable. `keep` is `Nothing` if the iterable's Python code may look at the set meanwhile.
pub(crate) async fn update(vm: VmRef, table: &VmCell<SetTable>, other: &Value, keep: Keep) -> PyResult<()> {
    if let Some(source) = table_cell(other) {
        return merge(vm, table, source).await;
    }
    if let Some(keys) = dict_keys(&vm, other)? {
        reserve(&vm, table, keys.len())?;
        for (hash, key) in keys {
            add_hashed(vm, table, hash, &key).await?;
        }
        return Ok(());
    }
    let iterator = vm.iter(other).await?;
    let mut keys = vm.vec_with_capacity(16)?;
    let mut more = true;
    while more {
        let result = vm.next_some(&iterator, keep, &mut keys).await;
        let mut work = 0;
        for key in keys.drain(..) {
            match add_now(&vm, table, &key) {
                Some(result) => result?,
                None => add(vm, table, &key).await?,
            }
            work += 2;
        }
        more = result?;
        vm.breathe(work).await?;
    }
    Ok(())
}

fn reserve(vm: &Vm, table: &VmCell<SetTable>, additional: usize) -> PyResult<()> {
    vm.check_memory(additional * 16)?;
    if table.borrow_mut().reserve(additional) { Ok(()) } else { Err(vm.memory_error()) }
}

async fn merge(vm: VmRef, table: &VmCell<SetTable>, source: &VmCell<SetTable>) -> PyResult<()> {
    if std::ptr::eq(table, source) || source.borrow().is_empty() {
        return Ok(());
    }
    if table.borrow().is_fresh() {
        vm.check_memory(source.borrow().len() * 32)?;
        return if table.borrow_mut().fill_from(source.borrow()) { Ok(()) } else { Err(vm.memory_error()) };
    }
    reserve(&vm, table, source.borrow().len())?;
    for (hash, key) in Walk::new(source) {
        match add_hashed_now(&vm, table, hash, &key) {
            Some(result) => result?,
            None => add_hashed(vm, table, hash, &key).await?,
        }
    }
    Ok(())
}

/// A new table with the items of an iterable.
pub(crate) async fn collect(vm: VmRef, items: &Value) -> PyResult<VmCell<SetTable>> {
    let table = VmCell::new(SetTable::default());
    update(vm, &table, items, Keep::Hashable).await?;
    Ok(table)
}

/// The items of `table` that are in `other`, too.
pub(crate) async fn intersection(vm: VmRef, table: &VmCell<SetTable>, other: &Value) -> PyResult<VmCell<SetTable>> {
    let result = VmCell::new(SetTable::default());
    if let Some(source) = table_cell(other) {
        if std::ptr::eq(table, source) {
            merge(vm, &result, table).await?;
            return Ok(result);
        }
        let (small, large) =
            if source.borrow().len() > table.borrow().len() { (table, source) } else { (source, table) };
        for (hash, key) in Walk::new(small) {
            if lookup(vm, large, hash, &key).await?.is_some() {
                add_hashed(vm, &result, hash, &key).await?;
            }
            vm.breathe(1).await?;
        }
        return Ok(result);
    }
    let iterator = vm.iter(other).await?;
    while let Some(key) = vm.next(&iterator).await? {
        let hash = hash(vm, &key).await?;
        if lookup(vm, table, hash, &key).await?.is_some() {
            add_hashed(vm, &result, hash, &key).await?;
        }
        vm.breathe(2).await?;
    }
    Ok(result)
}

/// Removes every item of an iterable.
pub(crate) async fn difference_update(vm: VmRef, table: &VmCell<SetTable>, other: &Value) -> PyResult<()> {
    if let Some(source) = table_cell(other) {
        if std::ptr::eq(table, source) {
            let removed = table.borrow_mut().clear();
            drop(removed);
            return Ok(());
        }
        let (own, length) = (table.borrow().len(), source.borrow().len());
        if length >> 3 > own {
            // The other is much larger: look up what is here.
            for (hash, key) in Walk::new(table) {
                if lookup(vm, source, hash, &key).await?.is_some() {
                    discard_hashed(vm, table, hash, &key).await?;
                }
            }
        } else {
            for (hash, key) in Walk::new(source) {
                discard_hashed(vm, table, hash, &key).await?;
                vm.breathe(1).await?;
            }
        }
    } else {
        let iterator = vm.iter(other).await?;
        while let Some(key) = vm.next(&iterator).await? {
            let hash = hash(vm, &key).await?;
            discard_hashed(vm, table, hash, &key).await?;
            vm.breathe(2).await?;
        }
    }
    if table.borrow_mut().tidy() { Ok(()) } else { Err(vm.memory_error()) }
}

/// The items of `table` that are not in `other`.
pub(crate) async fn difference(vm: VmRef, table: &VmCell<SetTable>, other: &Value) -> PyResult<VmCell<SetTable>> {
    let result = VmCell::new(SetTable::default());
    let dict = other.downcast_exact::<Dict>().and_then(|_| other.to_ref::<Dict>());
    let length = match (table_cell(other), &dict) {
        (Some(source), _) => Some(source.borrow().len()),
        (None, Some(dict)) => Some(dict.len()),
        (None, None) => None,
    };
    if length.is_none_or(|length| table.borrow().len() >> 2 > length) {
        merge(vm, &result, table).await?;
        difference_update(vm, &result, other).await?;
        return Ok(result);
    }
    for (hash, key) in Walk::new(table) {
        let found = match (table_cell(other), &dict) {
            (Some(source), _) => lookup(vm, source, hash, &key).await?.is_some(),
            (None, Some(dict)) => Dict::lookup(&vm, dict, hash, &key).await?.is_some(),
            (None, None) => false,
        };
        if !found {
            add_hashed(vm, &result, hash, &key).await?;
        }
        vm.breathe(1).await?;
    }
    Ok(result)
}

/// Keeps what is in exactly one of the two.
pub(crate) async fn symmetric_difference_update(vm: VmRef, table: &VmCell<SetTable>, other: &Value) -> PyResult<()> {
    let collected;
    let source = match table_cell(other) {
        Some(source) if std::ptr::eq(table, source) => {
            let removed = table.borrow_mut().clear();
            drop(removed);
            return Ok(());
        }
        Some(source) => source,
        None => {
            collected = collect(vm, other).await?;
            &collected
        }
    };
    for (hash, key) in Walk::new(source) {
        if !discard_hashed(vm, table, hash, &key).await? {
            add_hashed(vm, table, hash, &key).await?;
        }
        vm.breathe(1).await?;
    }
    Ok(())
}

/// Whether every item of `table` is in `other`.
pub(crate) async fn is_subset(vm: VmRef, table: &VmCell<SetTable>, other: &Value) -> PyResult<bool> {
    let Some(source) = table_cell(other) else {
        let common = intersection(vm, table, other).await?;
        return Ok(common.borrow().len() == table.borrow().len());
    };
    if table.borrow().len() > source.borrow().len() {
        return Ok(false);
    }
    for (hash, key) in Walk::new(table) {
        if lookup(vm, source, hash, &key).await?.is_none() {
            return Ok(false);
        }
        vm.breathe(1).await?;
    }
    Ok(true)
}

/// Whether every item of `other` is in `table`.
pub(crate) async fn is_superset(vm: VmRef, table: &VmCell<SetTable>, this: &Value, other: &Value) -> PyResult<bool> {
    if let Some(source) = table_cell(other) {
        return is_subset(vm, source, this).await;
    }
    let iterator = vm.iter(other).await?;
    while let Some(key) = vm.next(&iterator).await? {
        let hash = hash(vm, &key).await?;
        if lookup(vm, table, hash, &key).await?.is_none() {
            return Ok(false);
        }
        vm.breathe(2).await?;
    }
    Ok(true)
}

/// Whether no item of `other` is in `table`.
pub(crate) async fn is_disjoint(vm: VmRef, table: &VmCell<SetTable>, other: &Value) -> PyResult<bool> {
    if let Some(source) = table_cell(other) {
        if std::ptr::eq(table, source) {
            return Ok(table.borrow().is_empty());
        }
        let (small, large) =
            if source.borrow().len() > table.borrow().len() { (table, source) } else { (source, table) };
        for (hash, key) in Walk::new(small) {
            if lookup(vm, large, hash, &key).await?.is_some() {
                return Ok(false);
            }
            vm.breathe(1).await?;
        }
        return Ok(true);
    }
    let iterator = vm.iter(other).await?;
    while let Some(key) = vm.next(&iterator).await? {
        let hash = hash(vm, &key).await?;
        if lookup(vm, table, hash, &key).await?.is_some() {
            return Ok(false);
        }
        vm.breathe(2).await?;
    }
    Ok(true)
}
