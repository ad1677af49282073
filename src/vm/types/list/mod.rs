//! `list`: the payload, its methods, and the positions-and-slices part of it. Sorting is in `sort`.

mod sort;

use snakelet_macros::{methods, native_type};

use crate::native::{Clamped, KwArgs};
use crate::object::{Native, VmCell, allocate};
use crate::protocol::item::Subscript;
use crate::protocol::sequence_repr::repr_container;
use crate::types::generic_alias::alias;
use crate::types::iterators::{ListIterator, ListReverseIterator};
use crate::types::sequence::{clip, compare, contains, count, find_then, position};
use crate::types::slice::{Bounds, Slice};
use crate::types::slots::CompareOp;
use crate::types::typeobject::{Type, TypeFlags};
use crate::{PyResult, Raised, Ref, Value, Vm, VmRef};

pub(crate) use sort::sort_values;

/// The payload of lists.
#[native_type(
    name = "list",
    doc = "A mutable sequence.\n\nWithout an argument the new list is empty; otherwise it holds the argument's items.",
    flags(SUBCLASSABLE, SEQUENCE, MATCH_SELF)
)]
pub struct List {
    pub items: VmCell<Vec<Value>>,
}

impl List {
    pub fn new(items: Vec<Value>) -> List {
        List { items: VmCell::new(items) }
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.items.borrow().len()
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at an index that may count from the end, if there is one.
    #[inline(always)]
    pub fn get_small(&self, index: i64) -> Option<Value> {
        let items = self.items.borrow();
        let at = if index < 0 { index + items.len() as i64 } else { index };
        items.get(usize::try_from(at).ok()?).cloned()
    }

    /// Replaces the item at an index that may count from the end; false if there is none.
    #[inline(always)]
    pub fn set_small(&self, index: i64, value: &Value) -> bool {
        let items = self.items.borrow_mut();
        let at = if index < 0 { index + items.len() as i64 } else { index };
        let Some(place) = usize::try_from(at).ok().and_then(|at| items.get_mut(at)) else { return false };
        let old = std::mem::replace(place, value.clone());
        drop(old);
        true
    }

    /// Appends an item.
    #[inline]
    pub fn push(&self, vm: &Vm, item: Value) -> PyResult<()> {
        let items = self.items.borrow_mut();
        if items.len() == items.capacity() {
            vm.reserve(items, 1)?;
        }
        items.push(item);
        Ok(())
    }

    fn get_slice(&self, vm: &Vm, slice: &Slice) -> PyResult {
        let items = self.items.borrow();
        let bounds = slice.bounds(vm, items.len())?;
        Ok(Value::from_list(select(vm, items, bounds)?))
    }

    fn delete_slice(&self, vm: &Vm, slice: &Slice) -> PyResult<()> {
        let items = self.items.borrow_mut();
        let bounds = slice.bounds(vm, items.len())?.ascending();
        if bounds.count == 0 {
            return Ok(());
        }
        let start = bounds.start as usize;
        if bounds.step == 1 {
            drop(items.drain(start..start + bounds.count));
            return Ok(());
        }
        let mut next = 0;
        let mut doomed = bounds.positions().peekable();
        let mut removed = vm.vec_with_capacity(bounds.count)?;
        items.retain_mut(|item| {
            let at = next;
            next += 1;
            if doomed.peek() != Some(&at) {
                return true;
            }
            doomed.next();
            removed.push(std::mem::take(item));
            false
        });
        drop(removed);
        Ok(())
    }

    fn assign_slice(&self, vm: &Vm, slice: &Slice, values: Vec<Value>) -> PyResult<()> {
        let items = self.items.borrow_mut();
        let bounds = slice.bounds(vm, items.len())?;
        if bounds.step == 1 {
            let start = bounds.start as usize;
            if values.len() > bounds.count {
                vm.reserve(items, values.len() - bounds.count)?;
            }
            let removed: Vec<Value> = items.splice(start..start + bounds.count, values).collect();
            drop(removed);
            return Ok(());
        }
        if values.len() != bounds.count {
            let (given, wanted) = (values.len(), bounds.count);
            let message = format!("attempt to assign sequence of size {given} to extended slice of size {wanted}");
            return Err(vm.value_error(message));
        }
        for (at, value) in bounds.positions().zip(values) {
            let old = std::mem::replace(&mut items[at], value);
            drop(old);
        }
        Ok(())
    }
}

/// The items that a slice selects.
pub(crate) fn select(vm: &Vm, items: &[Value], bounds: Bounds) -> PyResult<Vec<Value>> {
    let mut selected = vm.vec_with_capacity(bounds.count)?;
    if bounds.step == 1 {
        let start = bounds.start as usize;
        selected.extend_from_slice(&items[start..start + bounds.count]);
    } else {
        selected.extend(bounds.positions().map(|at| items[at].clone()));
    }
    Ok(selected)
}

impl Value {
    /// A new list.
    pub fn from_list(items: Vec<Value>) -> Value {
        List::new(items).into_value()
    }
}

/// Appends the items of any iterable, one by one as they come.
pub(crate) async fn extend(vm: VmRef, list: Ref<List>, iterable: Value) -> PyResult<()> {
    let iterator = vm.iter(&iterable).await?;
    let native = !vm.type_of(&iterable).has_flag(TypeFlags::HEAP);
    let hint = if native { vm.len_now(&iterable).unwrap_or(0) } else { vm.length_hint(&iterable).await? };
    vm.reserve(list.items.borrow_mut(), hint.min(1 << 16))?;
    let mut work = 0u32;
    loop {
        let item = match vm.iter_next(&iterator) {
            Ok(item) if !item.is_unbound() => item,
            result => match vm.finish_next(result).await? {
                Some(item) => item,
                None => return Ok(()),
            },
        };
        list.push(&vm, item)?;
        work += 1;
        if work == 256 {
            work = 0;
            vm.breathe(256).await?;
        }
    }
}

/// `list(iterable)`. May defer.
pub(crate) fn construct(vm: &Vm, iterable: &Value) -> PyResult {
    let mut items = Vec::new();
    if vm.copy_now(iterable, &mut items)? {
        return Ok(Value::from_list(items));
    }
    vm.collect_then(iterable, |_vm, items| Ok(Value::from_list(items)))
}

/// `list.extend`, at once if possible.
fn extend_now(vm: &Vm, this: &List, receiver: &Value, iterable: &Value) -> PyResult<()> {
    let mut items = Vec::new();
    if vm.copy_now(iterable, &mut items)? {
        let own = this.items.borrow_mut();
        if own.is_empty() {
            *own = items;
        } else {
            vm.reserve(own, items.len())?;
            own.append(&mut items);
        }
        return Ok(());
    }
    let Some(list) = receiver.to_ref::<List>() else { return Ok(()) };
    let (vm, iterable) = (vm.handle(), iterable.clone());
    Err(vm.defer(async move { extend(vm, list, iterable).await.map(|()| Value::NONE) }))
}

fn repeat(vm: &Vm, this: &Value, count: &Value) -> PyResult {
    let Some(list) = this.downcast::<List>() else { return Ok(Value::NOT_IMPLEMENTED) };
    match vm.repeat_count_now(count) {
        Some(count) => {
            vm.repeat_items(list.items.borrow(), count?, this, |_vm, _this, items| Ok(Value::from_list(items)))
        }
        None => Err(vm.repeat_later(this, count, repeat)),
    }
}

fn inplace_repeat(vm: &Vm, this: &Value, count: &Value) -> PyResult {
    let Some(list) = this.downcast::<List>() else { return Ok(Value::NOT_IMPLEMENTED) };
    match vm.repeat_count_now(count) {
        Some(count) => vm.repeat_items(list.items.borrow(), count?, this, |_vm, this, items| {
            if let Some(list) = this.downcast::<List>() {
                list.items.set(items);
            }
            Ok(this.clone())
        }),
        None => Err(vm.repeat_later(this, count, inplace_repeat)),
    }
}

#[cold]
fn no_such_index(vm: &Vm) -> Raised {
    vm.index_error("list index out of range")
}

#[cold]
fn no_such_target(vm: &Vm) -> Raised {
    vm.index_error("list assignment index out of range")
}

#[methods]
impl List {
    #[new("list(*args, **kwargs)", text = none)]
    fn new_list(cls: Ref<Type>, _args: &[Value], _kwargs: KwArgs<'_>) -> Value {
        allocate(&cls, List::new(Vec::new()))
    }

    #[init("list(self, iterable=(), /)")]
    fn init(vm: &Vm, this: &Value, iterable: Option<&Value>) -> PyResult<()> {
        let Some(list) = this.downcast::<List>() else { return Ok(()) };
        drop(list.items.take());
        match iterable {
            Some(iterable) => extend_now(vm, list, this, iterable),
            None => Ok(()),
        }
    }

    /// Adds an item at the end.
    #[method("append(self, object, /)")]
    fn append(vm: &Vm, this: &List, object: Value) -> PyResult<()> {
        this.push(vm, object)
    }

    /// Adds all items of an iterable at the end.
    #[method("extend(self, iterable, /)")]
    fn extend(vm: &Vm, this: &Value, iterable: &Value) -> PyResult<()> {
        match this.downcast::<List>() {
            Some(list) => extend_now(vm, list, this, iterable),
            None => Ok(()),
        }
    }

    /// Puts an item before the one at the index.
    #[method("insert(self, index, object, /)")]
    fn insert(vm: &Vm, this: &List, index: isize, object: Value) -> PyResult<()> {
        let items = this.items.borrow_mut();
        let at = clip(index, items.len()).min(items.len());
        vm.reserve(items, 1)?;
        items.insert(at, object);
        Ok(())
    }

    /// Removes the item at the index (the last by default) and returns it.
    ///
    /// Raises IndexError if there is none.
    #[method("pop(self, index=-1, /)")]
    fn pop(vm: &Vm, this: &List, index: isize) -> PyResult {
        let items = this.items.borrow_mut();
        if items.is_empty() {
            return Err(vm.index_error("pop from empty list"));
        }
        match position(index, items.len()) {
            Some(at) if at + 1 == items.len() => Ok(items.pop().unwrap_or_default()),
            Some(at) => Ok(items.remove(at)),
            None => Err(vm.index_error("pop index out of range")),
        }
    }

    /// Removes the first item equal to the value.
    ///
    /// Raises ValueError if there is none.
    #[method("remove(self, value, /)")]
    fn remove(vm: &Vm, this: &Value, value: &Value) -> PyResult {
        find_then(vm, this, value, (0, usize::MAX), |vm, this, _value, found| {
            let Some(items) = this.downcast::<List>().map(|list| list.items.borrow_mut()) else {
                return Ok(Value::NONE);
            };
            match found.filter(|&at| at < items.len()) {
                Some(at) => {
                    drop(items.remove(at));
                    Ok(Value::NONE)
                }
                None => Err(vm.value_error("list.remove(x): x not in list")),
            }
        })
    }

    /// Removes all items.
    #[method("clear(self, /)")]
    fn clear(this: &List) {
        drop(this.items.take());
    }

    /// The index of the first item equal to the value.
    ///
    /// Raises ValueError if there is none.
    #[method("index(self, value, start=0, stop=sys.maxsize, /)")]
    fn index(vm: &Vm, this: &Value, value: &Value, start: Option<Clamped>, stop: Option<Clamped>) -> PyResult {
        let length = this.downcast::<List>().map_or(0, List::len);
        let start = start.map_or(0, |start| clip(start.0, length));
        let stop = stop.map_or(usize::MAX, |stop| clip(stop.0, length));
        find_then(vm, this, value, (start, stop), |vm, _this, _value, found| match found {
            Some(at) => Ok(Value::from_usize(at)),
            None => Err(vm.value_error("list.index(x): x not in list")),
        })
    }

    /// How many items are equal to the value.
    #[method("count(self, value, /)")]
    fn count(vm: &Vm, this: &Value, value: &Value) -> PyResult {
        count(vm, this, value)
    }

    /// Reverses the list in place.
    #[method("reverse(self, /)")]
    fn reverse(this: &List) {
        this.items.borrow_mut().reverse();
    }

    /// A shallow copy.
    #[method("copy(self, /)")]
    fn copy(vm: &Vm, this: &List) -> PyResult {
        let mut items = vm.vec_with_capacity(this.len())?;
        items.extend_from_slice(this.items.borrow());
        Ok(Value::from_list(items))
    }

    /// Sorts the list in place and returns None.
    ///
    /// The sort is stable. A key function is called once for each item, and the results are compared; with reverse the order is
    /// descending.
    #[method("sort(self, /, *, key=None, reverse=False)")]
    fn sort(vm: &Vm, this: Ref<List>, key: Option<Value>, reverse: bool) -> PyResult {
        sort::sort_list(vm, this, key, reverse)
    }

    /// An iterator over the items from last to first.
    #[method("__reversed__(self, /)")]
    fn reversed(this: Ref<List>) -> Value {
        ListReverseIterator::new(this).into_value()
    }

    /// The item at an index, or a list of those in a slice.
    #[method("__getitem__(self, index, /)")]
    fn getitem_method(vm: &Vm, this: &Value, index: &Value) -> PyResult {
        List::getitem(vm, this, index)
    }

    /// Size in memory, in bytes.
    #[method("__sizeof__(self, /)")]
    fn sizeof(this: &List) -> usize {
        40 + this.items.borrow().capacity() * size_of::<Value>()
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
        if this.downcast::<List>().is_none() || other.downcast::<List>().is_none() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        compare(vm, this, other, op)
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.to_ref::<List>().map_or(Value::NONE, |list| ListIterator::new(list).into_value()))
    }

    #[slot(len)]
    fn length(_vm: &Vm, this: &List) -> PyResult {
        Ok(Value::from_usize(this.len()))
    }

    #[slot(contains)]
    fn contains(vm: &Vm, this: &Value, item: &Value) -> PyResult {
        contains(vm, this, item)
    }

    #[slot(getitem)]
    fn getitem(vm: &Vm, this: &Value, key: &Value) -> PyResult {
        let Some(list) = this.downcast::<List>() else { return Ok(Value::NONE) };
        match vm.subscript_now(key, "list") {
            Some(Ok(Subscript::Index(index))) => match position(index, list.len()) {
                Some(at) => Ok(list.items.borrow()[at].clone()),
                None => Err(no_such_index(vm)),
            },
            Some(Ok(Subscript::Slice(slice))) => list.get_slice(vm, slice),
            Some(Err(raised)) => Err(raised),
            None => Err(vm.get_item_later(this, key)),
        }
    }

    #[slot(setitem)]
    fn setitem(vm: &Vm, this: &Value, key: &Value, value: Option<&Value>) -> PyResult {
        let Some(list) = this.downcast::<List>() else { return Ok(Value::NONE) };
        match vm.subscript_now(key, "list") {
            Some(Ok(Subscript::Index(index))) => {
                let items = list.items.borrow_mut();
                let Some(at) = position(index, items.len()) else { return Err(no_such_target(vm)) };
                let old = match value {
                    Some(value) => std::mem::replace(&mut items[at], value.clone()),
                    None => items.remove(at),
                };
                drop(old);
            }
            Some(Ok(Subscript::Slice(slice))) => match value {
                None => list.delete_slice(vm, slice)?,
                Some(value) => {
                    let mut values = Vec::new();
                    if !vm.copy_now(value, &mut values)? {
                        return Err(vm.defer(assign_collected(vm.handle(), this.clone(), key.clone(), value.clone())));
                    }
                    list.assign_slice(vm, slice, values)?;
                }
            },
            Some(Err(raised)) => return Err(raised),
            None => return Err(vm.set_item_later(this, key, value)),
        }
        Ok(Value::NONE)
    }

    #[slot(concat)]
    fn concat(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        let (Some(left), Some(right)) = (this.downcast::<List>(), other.downcast::<List>()) else {
            let name = vm.type_name(other);
            return Err(vm.type_error(format!("can only concatenate list (not \"{name}\") to list")));
        };
        let mut items = vm.vec_with_capacity(left.len() + right.len())?;
        items.extend_from_slice(left.items.borrow());
        items.extend_from_slice(right.items.borrow());
        Ok(Value::from_list(items))
    }

    #[slot(inplace_concat)]
    fn inplace_concat(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        let Some(list) = this.downcast::<List>() else { return Ok(Value::NOT_IMPLEMENTED) };
        match extend_now(vm, list, this, other) {
            Ok(()) => Ok(this.clone()),
            Err(raised) if vm.is_deferred() => {
                let (settle, this) = (vm.settle(Err(raised)), this.clone());
                Err(vm.defer(async move { settle.await.map(|_| this) }))
            }
            Err(raised) => Err(raised),
        }
    }

    #[slot(repeat)]
    fn repeat(vm: &Vm, this: &Value, count: &Value) -> PyResult {
        repeat(vm, this, count)
    }

    #[slot(inplace_repeat)]
    fn inplace_repeat(vm: &Vm, this: &Value, count: &Value) -> PyResult {
        inplace_repeat(vm, this, count)
    }
}

/// `list[slice] = iterable` for an iterable that must be run through first.
async fn assign_collected(vm: VmRef, this: Value, key: Value, value: Value) -> PyResult {
    let slots = vm.type_of(&value).slots();
    if slots.iter.is_none() && slots.getitem.is_none() {
        return Err(vm.type_error("must assign iterable to extended slice"));
    }
    let values = vm.collect(&value).await?;
    if let (Some(list), Some(slice)) = (this.downcast::<List>(), key.downcast::<Slice>()) {
        list.assign_slice(&vm, slice, values)?;
    }
    Ok(Value::NONE)
}
