//! Iterators over dicts: keys, values and items, in both directions.

use std::cell::Cell;

use snakelet_macros::{methods, native_type};

use super::Dict;
use super::table::Entry;
use crate::{PyResult, Ref, Value, Vm};

/// Where an iterator over a dict is.
pub struct Cursor {
    dict: Ref<Dict>,
    /// The next entry; for reverse iterators one more than it; `ENDED` after the last.
    at: Cell<usize>,
    /// The dict's length at the start; `CHANGED` once it was found to differ.
    expected: Cell<usize>,
    left: Cell<usize>,
}

const CHANGED: usize = usize::MAX;
const ENDED: usize = usize::MAX;

impl crate::object::Traverse for Cursor {
    fn traverse(&self, visitor: &mut crate::object::Visitor<'_>) {
        self.dict.traverse(visitor);
    }
}

impl Cursor {
    fn new(dict: Ref<Dict>, reverse: bool) -> Cursor {
        let (length, end) = (dict.len(), dict.table.borrow().entries().len());
        Cursor {
            dict,
            at: Cell::new(if reverse { end } else { 0 }),
            expected: Cell::new(length),
            left: Cell::new(length),
        }
    }

    /// What `take` makes of the next entry, or unbound at the end.
    #[inline(always)]
    fn advance(&self, vm: &Vm, reverse: bool, take: impl Fn(&Entry) -> Value) -> PyResult {
        if self.dict.len() != self.expected.get() {
            return self.changed(vm);
        }
        let entries = self.dict.table.borrow().entries();
        let mut at = self.at.get();
        if at == ENDED {
            return Ok(Value::UNBOUND);
        }
        loop {
            let entry = if reverse {
                at = at.wrapping_sub(1);
                entries.get(at)
            } else {
                at += 1;
                entries.get(at - 1)
            };
            match entry {
                Some(entry) if entry.key.is_unbound() => {}
                Some(entry) => {
                    let Some(left) = self.left.get().checked_sub(1) else {
                        return Err(vm.runtime_error("dictionary keys changed during iteration"));
                    };
                    self.at.set(at);
                    self.left.set(left);
                    return Ok(take(entry));
                }
                None => {
                    self.left.set(0);
                    self.at.set(ENDED);
                    return Ok(Value::UNBOUND);
                }
            }
        }
    }

    #[cold]
    fn changed(&self, vm: &Vm) -> PyResult {
        if self.at.get() == ENDED {
            return Ok(Value::UNBOUND);
        }
        self.expected.set(CHANGED);
        Err(vm.runtime_error("dictionary changed size during iteration"))
    }

    /// `__reduce__`: the items left, as a list to iterate over.
    fn reduce(&self, vm: &Vm, reverse: bool, take: impl Fn(&Entry) -> Value) -> PyResult {
        let rest = Cursor {
            dict: self.dict.clone(),
            at: self.at.clone(),
            expected: self.expected.clone(),
            left: self.left.clone(),
        };
        let mut items = vm.vec_with_capacity(self.hint())?;
        loop {
            let item = rest.advance(vm, reverse, &take)?;
            if item.is_unbound() {
                break;
            }
            items.push(item);
        }
        let args = Value::from_tuple(vec![Value::from_list(items)]);
        Ok(Value::from_tuple(vec![crate::types::iterators::builtin(vm, "iter"), args]))
    }

    fn hint(&self) -> usize {
        if self.expected.get() == self.dict.len() { self.left.get() } else { 0 }
    }
}

/// A key and its value as a tuple.
fn pair(entry: &Entry) -> Value {
    Value::from_pair(entry.key.clone(), entry.value.clone())
}

macro_rules! iterators {
    ($($(#[doc = $doc:literal])* $type:ident $name:literal $reverse:literal $take:expr;)*) => {
        $(
            $(#[doc = $doc])*
            #[native_type(name = $name)]
            pub struct $type {
                cursor: Cursor,
            }

            impl $type {
                pub(crate) fn new(dict: Ref<Dict>) -> $type {
                    $type { cursor: Cursor::new(dict, $reverse) }
                }

                /// The next item, or unbound at the end.
                #[inline]
                pub fn next_now(&self, vm: &Vm) -> PyResult {
                    self.cursor.advance(vm, $reverse, $take)
                }
            }

            #[methods]
            impl $type {
                /// How many items are left.
                #[method("__length_hint__(self, /)")]
                fn length_hint(this: &$type) -> usize {
                    this.cursor.hint()
                }

                /// Pickling support.
                #[method("__reduce__(self, /)")]
                fn reduce(vm: &Vm, this: &$type) -> PyResult {
                    this.cursor.reduce(vm, $reverse, $take)
                }

                #[slot(iter)]
                fn iter(_vm: &Vm, this: &Value) -> PyResult {
                    Ok(this.clone())
                }

                #[slot(next)]
                fn next(vm: &Vm, this: &$type) -> PyResult {
                    this.next_now(vm)
                }
            }
        )*
    };
}

iterators! {
    /// `iter(dict)`.
    DictKeyIterator "dict_keyiterator" false |entry| entry.key.clone();
    /// `iter(dict.values())`.
    DictValueIterator "dict_valueiterator" false |entry| entry.value.clone();
    /// `iter(dict.items())`.
    DictItemIterator "dict_itemiterator" false pair;
    /// `reversed(dict)`.
    DictReverseKeyIterator "dict_reversekeyiterator" true |entry| entry.key.clone();
    /// `reversed(dict.values())`.
    DictReverseValueIterator "dict_reversevalueiterator" true |entry| entry.value.clone();
    /// `reversed(dict.items())`.
    DictReverseItemIterator "dict_reverseitemiterator" true pair;
}
