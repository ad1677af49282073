//! What lists and tuples share: searching, comparing, repeating, iterating over their items.
//!
//! Each operation has a plain part, which compares what can be compared without Python code, and an async one that goes on from
//! the item where that ended. The async parts fetch each item anew, since a list may have changed meanwhile.

use crate::types::list::List;
use crate::types::slots::CompareOp;
use crate::types::tuple::Tuple;
use crate::{PyResult, Raised, Value, Vm, VmRef};

/// So many items are searched or copied at once before the page may breathe.
pub(crate) const CHUNK: usize = 1 << 16;

/// The items of a list or tuple, subclasses included.
#[inline]
pub(crate) fn items(sequence: &Value) -> &[Value] {
    if let Some(list) = sequence.downcast::<List>() {
        return list.items.borrow();
    }
    sequence.downcast::<Tuple>().map_or(&[], Tuple::items)
}

/// An index from the end or the start as a position, if it is within `length`.
#[inline(always)]
pub(crate) fn position(index: isize, length: usize) -> Option<usize> {
    let index = if index < 0 { index + length as isize } else { index };
    (index >= 0 && (index as usize) < length).then_some(index as usize)
}

/// Start and stop as `index` methods take them, from the end if negative.
pub(crate) fn clip(index: isize, length: usize) -> usize {
    let index = if index < 0 { index.saturating_add(length as isize).max(0) } else { index };
    index as usize
}

/// How far a plain search got.
enum Search {
    Found(usize),
    Missing,
    /// The item there needs Python code, or it is time to breathe.
    Stopped(usize),
}

fn search(vm: &Vm, items: &[Value], value: &Value, from: usize, stop: usize) -> Search {
    let stop = stop.min(items.len());
    let end = stop.min(from.saturating_add(CHUNK));
    for (at, item) in items.iter().enumerate().take(end).skip(from) {
        match vm.eq_now(item, value) {
            Some(false) => {}
            Some(true) => return Search::Found(at),
            None => return Search::Stopped(at),
        }
    }
    if end < stop { Search::Stopped(end) } else { Search::Missing }
}

/// The position of the first item equal to `value` from `from` to `stop`, given to `then`, whose result is the native's.
pub(crate) fn find_then(
    vm: &Vm,
    sequence: &Value,
    value: &Value,
    (from, stop): (usize, usize),
    then: fn(&Vm, &Value, &Value, Option<usize>) -> PyResult,
) -> PyResult {
    match search(vm, items(sequence), value, from, stop) {
        Search::Found(at) => then(vm, sequence, value, Some(at)),
        Search::Missing => then(vm, sequence, value, None),
        Search::Stopped(at) => {
            let (vm, sequence, value) = (vm.handle(), sequence.clone(), value.clone());
            Err(vm.defer(async move {
                let found = find_later(vm, &sequence, &value, (at, stop)).await?;
                then(&vm, &sequence, &value, found)
            }))
        }
    }
}

async fn find_later(
    vm: VmRef,
    sequence: &Value,
    value: &Value,
    (from, stop): (usize, usize),
) -> PyResult<Option<usize>> {
    let mut from = from;
    loop {
        match search(&vm, items(sequence), value, from, stop) {
            Search::Found(at) => return Ok(Some(at)),
            Search::Missing => return Ok(None),
            Search::Stopped(at) => {
                vm.breathe((at - from) as u32 / 4 + 1).await?;
                from = at;
                let Some(item) = items(sequence).get(at).cloned() else { return Ok(None) };
                if vm.eq(&item, value).await? {
                    return Ok(Some(at));
                }
                from += 1;
            }
        }
    }
}

/// `value in sequence`.
pub(crate) fn contains(vm: &Vm, sequence: &Value, value: &Value) -> PyResult {
    find_then(vm, sequence, value, (0, usize::MAX), |_vm, _sequence, _value, found| Ok(Value::bool(found.is_some())))
}

/// `sequence.count(value)`.
pub(crate) fn count(vm: &Vm, sequence: &Value, value: &Value) -> PyResult {
    let (mut from, mut count) = (0, 0usize);
    loop {
        match search(vm, items(sequence), value, from, usize::MAX) {
            Search::Found(at) => (from, count) = (at + 1, count + 1),
            Search::Missing => return Ok(Value::from_usize(count)),
            Search::Stopped(at) => {
                let (vm, sequence, value) = (vm.handle(), sequence.clone(), value.clone());
                return Err(vm.defer(async move {
                    let mut from = at;
                    while let Some(found) = find_later(vm, &sequence, &value, (from, usize::MAX)).await? {
                        (from, count) = (found + 1, count + 1);
                    }
                    Ok(Value::from_usize(count))
                }));
            }
        }
    }
}

/// Rich comparison of two lists or of two tuples.
pub(crate) fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
    let (ours, theirs) = (items(left), items(right));
    if ours.len() != theirs.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Value::bool(op == CompareOp::Ne));
    }
    for (at, (a, b)) in ours.iter().zip(theirs).enumerate() {
        match vm.eq_now(a, b) {
            Some(true) if at < CHUNK => {}
            Some(false) => {
                return match op {
                    CompareOp::Eq => Ok(Value::FALSE),
                    CompareOp::Ne => Ok(Value::TRUE),
                    _ => vm.rich_compare(&a.clone(), &b.clone(), op),
                };
            }
            _ => return Err(vm.defer(compare_later(vm.handle(), left.clone(), right.clone(), op, at))),
        }
    }
    Ok(Value::bool(op.matches(ours.len().cmp(&theirs.len()))))
}

async fn compare_later(vm: VmRef, left: Value, right: Value, op: CompareOp, from: usize) -> PyResult {
    let mut at = from;
    loop {
        let (ours, theirs) = (items(&left), items(&right));
        let (Some(a), Some(b)) = (ours.get(at).cloned(), theirs.get(at).cloned()) else {
            return Ok(Value::bool(op.matches(ours.len().cmp(&theirs.len()))));
        };
        if !vm.eq(&a, &b).await? {
            return match op {
                CompareOp::Eq => Ok(Value::FALSE),
                CompareOp::Ne => Ok(Value::TRUE),
                _ => vm.compare(&a, &b, op).await,
            };
        }
        at += 1;
        vm.breathe(1).await?;
    }
}

impl Vm {
    /// The count of a repetition (`sequence * count`), negative ones as 0. `None` if `__index__` must be called.
    pub(crate) fn repeat_count_now(&self, count: &Value) -> Option<PyResult<usize>> {
        if count.is_int() {
            return Some(match count.to_i64().and_then(|n| isize::try_from(n).ok()) {
                Some(n) => Ok(n.max(0) as usize),
                None => {
                    let name = self.type_name(count);
                    Err(self.overflow_error(format!("cannot fit '{name}' into an index-sized integer")))
                }
            });
        }
        if self.type_of(count).slots().index.is_some() {
            return None;
        }
        let name = self.type_name(count);
        Some(Err(self.type_error(format!("can't multiply sequence by non-int of type '{name}'"))))
    }

    /// Defers `sequence * count` until the count's `__index__` has been called; `repeat` is the slot to call then.
    pub(crate) fn repeat_later(
        &self,
        sequence: &Value,
        count: &Value,
        repeat: fn(&Vm, &Value, &Value) -> PyResult,
    ) -> Raised {
        let (vm, sequence, count) = (self.handle(), sequence.clone(), count.clone());
        self.defer(async move {
            let count = vm.index(&count).await?;
            let result = repeat(&vm, &sequence, &count);
            vm.settle(result).await
        })
    }

    /// Items repeated `count` times, given to `then`, whose result is the native's.
    pub(crate) fn repeat_items(
        &self,
        items: &[Value],
        count: usize,
        target: &Value,
        then: fn(&Vm, &Value, Vec<Value>) -> PyResult,
    ) -> PyResult {
        let Some(total) = items.len().checked_mul(count) else { return Err(self.memory_error()) };
        let mut result = self.vec_with_capacity(total)?;
        if total <= 1 << 20 {
            push_repeated(&mut result, items, total);
            return then(self, target, result);
        }
        let (vm, items, target) = (self.handle(), items.to_vec(), target.clone());
        Err(self.defer(async move {
            while result.len() < total {
                let end = total.min(result.len() + items.len().max(CHUNK / items.len() * items.len()));
                push_repeated(&mut result, &items, end);
                vm.breathe(CHUNK as u32 / 16).await?;
            }
            then(&vm, &target, result)
        }))
    }
}

/// Appends whole copies of `items` until there are `total` in all; there is room.
fn push_repeated(result: &mut Vec<Value>, items: &[Value], total: usize) {
    if let [item] = items {
        result.resize(total, item.clone());
        return;
    }
    while result.len() < total {
        result.extend_from_slice(items);
    }
}
