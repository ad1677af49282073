//! Iterators over positions: list, tuple, and whatever has `__getitem__`.

use std::cell::Cell;

use snakelet_macros::{methods, native_type};

use super::builtin;
use crate::errors::Exc;
use crate::object::VmCell;
use crate::types::list::List;
use crate::types::tuple::Tuple;
use crate::{PyResult, Ref, Value, Vm, VmRef};

/// The position of an iterator that has ended: it stays so, even if the sequence grows.
const ENDED: usize = usize::MAX;

/// `iter(list)`.
#[native_type(name = "list_iterator")]
pub struct ListIterator {
    list: Ref<List>,
    at: Cell<usize>,
}

/// `reversed(list)`.
#[native_type(name = "list_reverseiterator")]
pub struct ListReverseIterator {
    list: Ref<List>,
    /// One more than the next position; `ENDED` after the last.
    at: Cell<usize>,
}

/// `iter(tuple)`.
#[native_type(name = "tuple_iterator")]
pub struct TupleIterator {
    tuple: Ref<Tuple>,
    at: Cell<usize>,
}

/// `iter(x)` of an object with `__getitem__` only.
#[native_type(name = "iterator")]
pub struct SequenceIterator {
    /// Unbound after the end.
    sequence: VmCell<Value>,
    at: Cell<usize>,
}

impl ListIterator {
    pub fn new(list: Ref<List>) -> ListIterator {
        ListIterator { list, at: Cell::new(0) }
    }

    /// The next item; `None` at the end.
    #[inline(always)]
    pub fn next_now(&self) -> Option<Value> {
        let at = self.at.get();
        match self.list.items.borrow().get(at) {
            Some(item) => {
                self.at.set(at + 1);
                Some(item.clone())
            }
            None => {
                self.at.set(ENDED);
                None
            }
        }
    }
}

impl ListReverseIterator {
    pub fn new(list: Ref<List>) -> ListReverseIterator {
        let at = Cell::new(list.len());
        ListReverseIterator { list, at }
    }
}

impl TupleIterator {
    pub fn new(tuple: Ref<Tuple>) -> TupleIterator {
        TupleIterator { tuple, at: Cell::new(0) }
    }

    /// The next item; `None` at the end.
    #[inline(always)]
    pub fn next_now(&self) -> Option<Value> {
        let at = self.at.get();
        let item = self.tuple.items().get(at)?;
        self.at.set(at + 1);
        Some(item.clone())
    }
}

impl SequenceIterator {
    pub fn new(sequence: Value) -> SequenceIterator {
        SequenceIterator { sequence: VmCell::new(sequence), at: Cell::new(0) }
    }
}

/// What `__reduce__` gives: `function(sequence)` and the position to start from.
pub(super) fn reduced(function: Value, sequence: Value, at: usize) -> Value {
    Value::from_tuple(vec![function, Value::from_tuple(vec![sequence]), Value::from_usize(at)])
}

/// `__reduce__` of an iterator that has ended.
pub(super) fn reduced_end(vm: &Vm, empty: Value) -> Value {
    Value::from_tuple(vec![builtin(vm, "iter"), Value::from_tuple(vec![empty])])
}

#[methods]
impl ListIterator {
    /// How many items are left.
    #[method("__length_hint__(self, /)")]
    fn length_hint(this: &ListIterator) -> usize {
        this.list.len().saturating_sub(this.at.get())
    }

    /// Pickling support.
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &ListIterator) -> Value {
        if this.at.get() == ENDED {
            return reduced_end(vm, Value::from_list(Vec::new()));
        }
        reduced(builtin(vm, "iter"), this.list.value(), this.at.get())
    }

    /// Pickling support.
    #[method("__setstate__(self, object, /)")]
    fn setstate(this: &ListIterator, object: isize) {
        if this.at.get() != ENDED {
            this.at.set((object.max(0) as usize).min(this.list.len()));
        }
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(next)]
    fn next(_vm: &Vm, this: &ListIterator) -> PyResult {
        Ok(this.next_now().unwrap_or(Value::UNBOUND))
    }
}

#[methods]
impl ListReverseIterator {
    /// How many items are left.
    #[method("__length_hint__(self, /)")]
    fn length_hint(this: &ListReverseIterator) -> usize {
        let at = this.at.get();
        if at == ENDED || at > this.list.len() { 0 } else { at }
    }

    /// Pickling support.
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &ListReverseIterator) -> Value {
        match this.at.get() {
            ENDED => reduced_end(vm, Value::from_list(Vec::new())),
            at => {
                let state = Value::from_i64(at as i64 - 1);
                let args = Value::from_tuple(vec![this.list.value()]);
                Value::from_tuple(vec![builtin(vm, "reversed"), args, state])
            }
        }
    }

    /// Pickling support.
    #[method("__setstate__(self, object, /)")]
    fn setstate(this: &ListReverseIterator, object: isize) {
        if this.at.get() != ENDED {
            this.at.set((object.max(-1).saturating_add(1) as usize).min(this.list.len()));
        }
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(next)]
    fn next(_vm: &Vm, this: &ListReverseIterator) -> PyResult {
        let at = this.at.get();
        if at != ENDED
            && let Some(before) = at.checked_sub(1)
            && let Some(item) = this.list.items.borrow().get(before)
        {
            this.at.set(before);
            return Ok(item.clone());
        }
        this.at.set(ENDED);
        Ok(Value::UNBOUND)
    }
}

#[methods]
impl TupleIterator {
    /// How many items are left.
    #[method("__length_hint__(self, /)")]
    fn length_hint(this: &TupleIterator) -> usize {
        this.tuple.items().len().saturating_sub(this.at.get())
    }

    /// Pickling support.
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &TupleIterator) -> Value {
        reduced(builtin(vm, "iter"), this.tuple.value(), this.at.get())
    }

    /// Pickling support.
    #[method("__setstate__(self, object, /)")]
    fn setstate(this: &TupleIterator, object: isize) {
        this.at.set((object.max(0) as usize).min(this.tuple.items().len()));
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(next)]
    fn next(_vm: &Vm, this: &TupleIterator) -> PyResult {
        Ok(this.next_now().unwrap_or(Value::UNBOUND))
    }
}

/// The item, or the end if asking for it failed with IndexError or StopIteration.
fn item_or_end(vm: &Vm, iterator: &SequenceIterator, result: PyResult) -> PyResult {
    match result {
        Ok(item) => Ok(item),
        Err(raised) => match vm.catch(Exc::IndexError).or_else(|| vm.catch(Exc::StopIteration)) {
            Some(_) => {
                iterator.sequence.set(Value::UNBOUND);
                Ok(Value::UNBOUND)
            }
            None => Err(raised),
        },
    }
}

#[methods]
impl SequenceIterator {
    /// How many items are left.
    #[method("__length_hint__(self, /)")]
    async fn length_hint(vm: VmRef, this: Ref<SequenceIterator>) -> PyResult {
        let sequence = this.sequence.get();
        if sequence.is_unbound() {
            return Ok(Value::small_int(0));
        }
        if vm.type_of(&sequence).slots().len.is_none() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let length = vm.len(&sequence).await?;
        Ok(Value::from_usize(length.saturating_sub(this.at.get())))
    }

    /// Pickling support.
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &SequenceIterator) -> Value {
        let sequence = this.sequence.get();
        if sequence.is_unbound() {
            return reduced_end(vm, Value::from_tuple(Vec::new()));
        }
        reduced(builtin(vm, "iter"), sequence, this.at.get())
    }

    /// Pickling support.
    #[method("__setstate__(self, object, /)")]
    fn setstate(this: &SequenceIterator, object: isize) {
        this.at.set(object.max(0) as usize);
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &Value) -> PyResult {
        let Some(iterator) = this.to_ref::<SequenceIterator>() else { return Ok(Value::UNBOUND) };
        let sequence = iterator.sequence.get();
        if sequence.is_unbound() {
            return Ok(sequence);
        }
        let at = iterator.at.get();
        iterator.at.set(at + 1);
        let result = vm.get_item(&sequence, &Value::from_usize(at));
        if result.is_err() && vm.is_deferred() {
            let settle = vm.settle(result);
            let vm_ref = vm.handle();
            return Err(vm.defer(async move { item_or_end(&vm_ref, &iterator, settle.await) }));
        }
        item_or_end(vm, &iterator, result)
    }
}
