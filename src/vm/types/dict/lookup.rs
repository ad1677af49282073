//! Looking keys up, with Python code where a key's class defines `__hash__` or `__eq__`.
//!
//! The `_now` functions answer `None` when Python code would have to run; the async ones run it. After each comparison of
//! keys by Python code the search begins anew if the set of keys has changed meanwhile, and otherwise leaves out the keys known to
//! be different.

use snakelet_text::Text;

use super::Dict;
use super::table::{Equality, Found, Table};
use crate::errors::Exc;
use crate::object::VmCell;
use crate::protocol::compare::small_int_hash;
use crate::types::exception::BaseException;
use crate::types::string::Str;
use crate::types::tuple::Tuple;
use crate::{PyResult, Raised, Ref, Value, Vm, VmRef};

impl Dict {
    /// The key's hash, if no Python code is needed.
    #[inline]
    pub fn hash_now(vm: &Vm, key: &Value) -> Option<PyResult<u64>> {
        if let Some(n) = key.as_small_int() {
            return Some(Ok(small_int_hash(n)));
        }
        if let Some(string) = key.downcast_exact::<Str>() {
            return Some(Ok(string.hash()));
        }
        match vm.hash_now(key)? {
            Ok(hash) => Some(Ok(hash)),
            Err(raised) => Some(Err(unusable(vm, key, raised, "a dict key"))),
        }
    }

    /// The key's hash (async).
    pub async fn hash(vm: &Vm, key: &Value) -> PyResult<u64> {
        if let Some(hash) = Dict::hash_now(vm, key) {
            return hash;
        }
        match vm.hash(key).await {
            Ok(hash) => Ok(hash),
            Err(raised) => Err(unusable_later(vm, key, raised, "a dict key").await),
        }
    }

    /// Where the key is.
    #[inline]
    pub fn find(&self, vm: &Vm, hash: u64, key: &Value) -> Found {
        if let Some(string) = key.downcast_exact::<Str>() {
            return self.find_exact_str(vm, hash, key, string.text());
        }
        self.table.borrow().find(hash, key, |known| vm.equality(known, key))
    }

    /// The same for an exact str, whose text is `text`.
    #[inline(always)]
    fn find_exact_str(&self, vm: &Vm, hash: u64, key: &Value, text: &Text) -> Found {
        self.table.borrow().find(hash, key, |known| match known.downcast_exact::<Str>() {
            Some(other) if other.text().equals(text) => Equality::Equal,
            Some(_) => Equality::Different,
            None => vm.equality(known, key),
        })
    }

    /// Where the key is, if its hash needs no Python code. Most keys are strs.
    #[inline(always)]
    fn find_now(&self, vm: &Vm, key: &Value) -> Option<PyResult<Found>> {
        if let Some(string) = key.downcast_exact::<Str>() {
            return Some(Ok(self.find_exact_str(vm, string.hash(), key, string.text())));
        }
        Some(Dict::hash_now(vm, key)?.map(|hash| self.find(vm, hash, key)))
    }

    /// Whether the key is there.
    pub fn has_now(&self, vm: &Vm, key: &Value) -> Option<PyResult<bool>> {
        match self.find_now(vm, key)? {
            Ok(Found::At(_)) => Some(Ok(true)),
            Ok(Found::Missing) => Some(Ok(false)),
            Ok(Found::Undecided(_)) => None,
            Err(raised) => Some(Err(raised)),
        }
    }

    /// The key's value.
    pub fn get_now(&self, vm: &Vm, key: &Value) -> Option<PyResult<Option<Value>>> {
        let found = match self.find_now(vm, key)? {
            Ok(found) => found,
            Err(raised) => return Some(Err(raised)),
        };
        match found {
            Found::At(at) => Some(Ok(Some(self.table.borrow().entries()[at].value.clone()))),
            Found::Missing => Some(Ok(None)),
            Found::Undecided(_) => None,
        }
    }

    /// Sets the key's value.
    #[inline]
    pub fn set_now(&self, vm: &Vm, key: &Value, value: &Value) -> Option<PyResult<()>> {
        match Dict::hash_now(vm, key)? {
            Ok(hash) => self.set_hashed_now(vm, hash, key, value),
            Err(raised) => Some(Err(raised)),
        }
    }

    /// Sets the value of a key whose hash is known.
    #[inline]
    pub fn set_hashed_now(&self, vm: &Vm, hash: u64, key: &Value, value: &Value) -> Option<PyResult<()>> {
        match self.find(vm, hash, key) {
            Found::At(at) => {
                self.replace(at, value.clone());
                Some(Ok(()))
            }
            Found::Missing => Some(self.insert(vm, hash, key.clone(), value.clone())),
            Found::Undecided(_) => None,
        }
    }

    /// Removes the key and gives its value.
    pub fn remove_now(&self, vm: &Vm, key: &Value) -> Option<PyResult<Option<Value>>> {
        let hash = match Dict::hash_now(vm, key)? {
            Ok(hash) => hash,
            Err(raised) => return Some(Err(raised)),
        };
        match self.find(vm, hash, key) {
            Found::At(at) => Some(Ok(Some(self.take(at)))),
            Found::Missing => Some(Ok(None)),
            Found::Undecided(_) => None,
        }
    }

    /// Puts another value into the entry at `at`.
    #[inline]
    pub fn replace(&self, at: usize, value: Value) {
        let old = std::mem::replace(self.table.borrow_mut().value_mut(at), value);
        drop(old);
    }

    /// Adds a key that is not there.
    #[inline]
    pub fn insert(&self, vm: &Vm, hash: u64, key: Value, value: Value) -> PyResult<()> {
        let table = self.table.borrow_mut();
        let growth = table.growth();
        if growth > 4096 {
            vm.check_memory(growth)?;
        }
        if table.insert_new(hash, key, value) { Ok(()) } else { Err(vm.memory_error()) }
    }

    /// Removes the entry at `at` and gives its value.
    pub fn take(&self, at: usize) -> Value {
        let (key, value) = self.table.borrow_mut().remove(at);
        drop(key);
        value
    }

    /// Where the key is, comparing by Python code where necessary (async). The position is good until the next await.
    pub async fn lookup(vm: &Vm, this: &Ref<Dict>, hash: u64, key: &Value) -> PyResult<Option<usize>> {
        lookup_in(vm, &this.table, hash, key).await
    }

    /// The key's value (async).
    pub async fn get(vm: &Vm, this: &Ref<Dict>, key: &Value) -> PyResult<Option<Value>> {
        if let Some(result) = this.get_now(vm, key) {
            return result;
        }
        let hash = Dict::hash(vm, key).await?;
        let found = Dict::lookup(vm, this, hash, key).await?;
        Ok(found.map(|at| this.table.borrow().entries()[at].value.clone()))
    }

    /// Sets the key's value (async).
    pub async fn set(vm: &Vm, this: &Ref<Dict>, key: &Value, value: &Value) -> PyResult<()> {
        if let Some(result) = this.set_now(vm, key, value) {
            return result;
        }
        let hash = Dict::hash(vm, key).await?;
        Dict::set_hashed(vm, this, hash, key, value).await
    }

    /// Sets the value of a key whose hash is known (async).
    pub async fn set_hashed(vm: &Vm, this: &Ref<Dict>, hash: u64, key: &Value, value: &Value) -> PyResult<()> {
        match Dict::lookup(vm, this, hash, key).await? {
            Some(at) => {
                this.replace(at, value.clone());
                Ok(())
            }
            None => this.insert(vm, hash, key.clone(), value.clone()),
        }
    }

    /// Removes the key and gives its value (async).
    pub async fn remove(vm: &Vm, this: &Ref<Dict>, key: &Value) -> PyResult<Option<Value>> {
        if let Some(result) = this.remove_now(vm, key) {
            return result;
        }
        let hash = Dict::hash(vm, key).await?;
        let found = Dict::lookup(vm, this, hash, key).await?;
        Ok(found.map(|at| this.take(at)))
    }

    /// Whether the key is there (async).
    pub async fn has(vm: &Vm, this: &Ref<Dict>, key: &Value) -> PyResult<bool> {
        Ok(Dict::get(vm, this, key).await?.is_some())
    }
}

async fn lookup_in(vm: &Vm, table: &VmCell<Table>, hash: u64, key: &Value) -> PyResult<Option<usize>> {
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
        let (known, version) = (table.borrow().entries()[at].key.clone(), table.borrow().version());
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

/// Turns the TypeError of a failed hash into "cannot use 'list' as a dict key (unhashable type: 'list')". `what` is
/// "a dict key" or "a set element".
#[cold]
pub(crate) fn unusable(vm: &Vm, key: &Value, raised: Raised, what: &str) -> Raised {
    let text = match reason(vm) {
        Some(Reason::Text(text)) => text,
        Some(Reason::Other) => return vm.defer(later(vm.handle(), key.clone(), what == "a dict key")),
        None => return raised,
    };
    drop(vm.raised.take());
    reword(vm, key, &text, what)
}

/// The same where the message needs Python code to be made (async).
#[cold]
pub(crate) async fn unusable_later(vm: &Vm, key: &Value, raised: Raised, what: &str) -> Raised {
    let text = match reason(vm) {
        Some(Reason::Text(text)) => text,
        Some(Reason::Other) => {
            let exception = vm.take_raised();
            match vm.str(&exception).await {
                Ok(text) => text.to_string_lossy(),
                Err(raised) => return raised,
            }
        }
        None => return raised,
    };
    drop(vm.raised.take());
    reword(vm, key, &text, what)
}

async fn later(vm: VmRef, key: Value, is_dict: bool) -> PyResult {
    Err(unusable_later(&vm, &key, Raised, if is_dict { "a dict key" } else { "a set element" }).await)
}

fn reword(vm: &Vm, key: &Value, text: &str, what: &str) -> Raised {
    vm.type_error(format!("cannot use '{}' as {what} ({text})", vm.type_name(key)))
}

enum Reason {
    Text(String),
    Other,
}

/// What the waiting exception says, if it is a plain TypeError.
fn reason(vm: &Vm) -> Option<Reason> {
    let raised = vm.raised.borrow().as_ref()?;
    if !raised.header()?.type_value().is(Exc::TypeError.class().as_value()) {
        return None;
    }
    let args = raised.downcast::<BaseException>()?.args.get();
    match args.downcast::<Tuple>()?.items() {
        [] => Some(Reason::Text(String::new())),
        [text] if text.downcast_exact::<Str>().is_some() => {
            Some(Reason::Text(text.downcast::<Str>().map_or(String::new(), Str::to_string_lossy)))
        }
        _ => Some(Reason::Other),
    }
}
