//! `set_iterator`.

use std::cell::Cell;

use snakelet_macros::{methods, native_type};

use super::algebra::table_cell;
use crate::{PyResult, Value, Vm};

/// Iterates over a set or frozenset.
#[native_type(name = "set_iterator")]
pub struct SetIterator {
    set: Value,
    /// The next slot; `ENDED` after the last.
    at: Cell<usize>,
    /// The set's length at the start; `CHANGED` once it was found to differ.
    expected: Cell<usize>,
    left: Cell<usize>,
}

const CHANGED: usize = usize::MAX;
const ENDED: usize = usize::MAX;

impl SetIterator {
    pub(super) fn new(set: Value) -> SetIterator {
        let length = table_cell(&set).map_or(0, |table| table.borrow().len());
        SetIterator { set, at: Cell::new(0), expected: Cell::new(length), left: Cell::new(length) }
    }

    /// The next key, or unbound at the end.
    #[inline]
    pub fn next_now(&self, vm: &Vm) -> PyResult {
        let Some(table) = table_cell(&self.set) else { return Ok(Value::UNBOUND) };
        let (table, at) = (table.borrow(), self.at.get());
        if at == ENDED {
            return Ok(Value::UNBOUND);
        }
        if table.len() != self.expected.get() {
            self.expected.set(CHANGED);
            return Err(vm.runtime_error("Set changed size during iteration"));
        }
        let rest = table.slots().get(at..).unwrap_or(&[]);
        match rest.iter().position(|entry| !entry.key.is_unbound()) {
            Some(skipped) => {
                self.at.set(at + skipped + 1);
                self.left.set(self.left.get().saturating_sub(1));
                Ok(rest[skipped].key.clone())
            }
            None => {
                self.at.set(ENDED);
                self.left.set(0);
                Ok(Value::UNBOUND)
            }
        }
    }
}

#[methods]
impl SetIterator {
    /// How many items are left.
    #[method("__length_hint__(self, /)")]
    fn length_hint(this: &SetIterator) -> usize {
        let length = table_cell(&this.set).map_or(0, |table| table.borrow().len());
        if this.expected.get() == length { this.left.get() } else { 0 }
    }

    /// Pickling support.
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &SetIterator) -> PyResult {
        let (set, at, expected, left) = (this.set.clone(), this.at.clone(), this.expected.clone(), this.left.clone());
        let rest = SetIterator { set, at, expected, left };
        let mut items = vm.vec_with_capacity(this.left.get())?;
        loop {
            let item = rest.next_now(vm)?;
            if item.is_unbound() {
                break;
            }
            items.push(item);
        }
        let args = Value::from_tuple(vec![Value::from_list(items)]);
        Ok(Value::from_tuple(vec![crate::types::iterators::builtin(vm, "iter"), args]))
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &SetIterator) -> PyResult {
        this.next_now(vm)
    }
}
