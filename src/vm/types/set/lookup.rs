//! Looking up, adding and removing keys of sets, with Python code where a key's class defines `__hash__` or `__eq__`.
//!
//! As in `dict::lookup`: `_now` functions answer `None` when Python code would have to run, async ones run it and search anew
//! if the set has changed meanwhile. The table is a cell of a set or frozenset that the caller keeps alive.

use super::table::SetTable;
use crate::object::VmCell;
use crate::protocol::compare::small_int_hash;
use crate::types::dict::table::{Equality, Found};
use crate::types::dict::{unusable, unusable_later};
use crate::types::string::Str;
use crate::{PyResult, Value, Vm, VmRef};

/// The key's hash, if no Python code is needed.
#[inline]
pub(crate) fn hash_now(vm: &Vm, key: &Value) -> Option<PyResult<u64>> {
    if let Some(n) = key.as_small_int() {
        return Some(Ok(small_int_hash(n)));
    }
    if let Some(string) = key.downcast_exact::<Str>() {
        return Some(Ok(string.hash()));
    }
    match vm.hash_now(key)? {
        Ok(hash) => Some(Ok(hash)),
        Err(raised) => Some(Err(unusable(vm, key, raised, "a set element"))),
    }
}

/// The key's hash (async).
pub(crate) async fn hash(vm: VmRef, key: &Value) -> PyResult<u64> {
    if let Some(hash) = hash_now(&vm, key) {
        return hash;
    }
    match vm.hash(key).await {
        Ok(hash) => Ok(hash),
        Err(raised) => Err(unusable_later(&vm, key, raised, "a set element").await),
    }
}

/// Where the key is.
#[inline]
pub(crate) fn find(vm: &Vm, table: &SetTable, hash: u64, key: &Value) -> Found {
    table.find(hash, key, |known| vm.equality(known, key))
}

/// Adds a key that is not there.
pub(crate) fn insert(vm: &Vm, table: &VmCell<SetTable>, hash: u64, key: Value) -> PyResult<()> {
    let table = table.borrow_mut();
    let growth = table.growth();
    if growth > 4096 {
        vm.check_memory(growth)?;
    }
    if table.insert_new(hash, key) { Ok(()) } else { Err(vm.memory_error()) }
}

/// Adds the key unless it is there.
#[inline]
pub(crate) fn add_hashed_now(vm: &Vm, table: &VmCell<SetTable>, hash: u64, key: &Value) -> Option<PyResult<()>> {
    match find(vm, table.borrow(), hash, key) {
        Found::At(_) => Some(Ok(())),
        Found::Missing => Some(insert(vm, table, hash, key.clone())),
        Found::Undecided(_) => None,
    }
}

/// Adds the key unless it is there.
#[inline]
pub(crate) fn add_now(vm: &Vm, table: &VmCell<SetTable>, key: &Value) -> Option<PyResult<()>> {
    match hash_now(vm, key)? {
        Ok(hash) => add_hashed_now(vm, table, hash, key),
        Err(raised) => Some(Err(raised)),
    }
}

/// Where the key is (async). The position is good until the next await.
pub(crate) async fn lookup(vm: VmRef, table: &VmCell<SetTable>, hash: u64, key: &Value) -> PyResult<Option<usize>> {
    let mut different: Vec<Value> = Vec::new();
    loop {
        let found = table.borrow().find(hash, key, |known| {
            if different.iter().any(|other| other.is(known)) { Equality::Different } else { vm.equality(known, key) }
        });
        let at = match found {
            Found::At(at) => return Ok(Some(at)),
            Found::Missing => return Ok(None),
            Found::Undecided(at) => at,
        };
        let (known, version) = (table.borrow().slots()[at].key.clone(), table.borrow().version());
        let equal = vm.eq(&known, key).await?;
        if table.borrow().version() != version {
            different.clear();
        } else if equal {
            return Ok(Some(at));
        } else {
            different.push(known);
        }
    }
}

/// Adds the key unless it is there (async).
pub(crate) async fn add_hashed(vm: VmRef, table: &VmCell<SetTable>, hash: u64, key: &Value) -> PyResult<()> {
    match lookup(vm, table, hash, key).await? {
        Some(_) => Ok(()),
        None => insert(&vm, table, hash, key.clone()),
    }
}

/// Adds the key unless it is there (async).
pub(crate) async fn add(vm: VmRef, table: &VmCell<SetTable>, key: &Value) -> PyResult<()> {
    if let Some(result) = add_now(&vm, table, key) {
        return result;
    }
    let hash = hash(vm, key).await?;
    add_hashed(vm, table, hash, key).await
}

/// Removes the key and tells whether it was there (async).
pub(crate) async fn discard_hashed(vm: VmRef, table: &VmCell<SetTable>, hash: u64, key: &Value) -> PyResult<bool> {
    let found = lookup(vm, table, hash, key).await?;
    if let Some(at) = found {
        let removed = table.borrow_mut().remove(at);
        drop(removed);
    }
    Ok(found.is_some())
}
