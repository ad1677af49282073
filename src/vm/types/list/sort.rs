//! Sorting: `list.sort` and `sorted`.
//!
//! Keys of builtin types whose order is total (ints, floats without NaN, strs, bytes, tuples of such with one kind in
//! each place) are sorted by the standard library's stable sort; long lists in chunks that are then merged, so that the page can
//! breathe. Everything else goes through a merge sort over natural runs that awaits `<` and compares in about the order in which
//! CPython's does. It sorts positions and leaves the items alone, so an exception loses nothing.
//!
//! While it is being sorted the list is empty, as in CPython; what the key function or a comparison puts into it is found out.

use std::cmp::Ordering;

use crate::protocol::compare::order_now;
use crate::types::bytes::Bytes;
use crate::types::int::Int;
use crate::types::list::List;
use crate::types::string::Str;
use crate::types::tuple::Tuple;
use crate::{PyResult, Ref, Value, Vm, VmRef};

/// Lists up to this length are sorted at once; the chunks of longer ones are this long.
const PLAIN: usize = 8192;

/// `list.sort`; answers None. May defer.
pub(super) fn sort_list(vm: &Vm, list: Ref<List>, key: Option<Value>, reverse: bool) -> PyResult {
    let mut items = list.items.take();
    if key.is_none() && items.len() <= PLAIN && sort_plainly(&mut items, reverse) {
        list.items.set(items);
        return Ok(Value::NONE);
    }
    let vm_ref = vm.handle();
    Err(vm.defer(async move {
        let result = sort_values(vm_ref, &mut items, key.as_ref(), reverse).await;
        let meanwhile = list.items.replace(items);
        result?;
        if meanwhile.capacity() > 0 {
            return Err(vm_ref.value_error("list modified during sort"));
        }
        Ok(Value::NONE)
    }))
}

/// Sorts `items` (async). After an error they are all there, in their old order.
pub(crate) async fn sort_values(vm: VmRef, items: &mut Vec<Value>, key: Option<&Value>, reverse: bool) -> PyResult<()> {
    let keys = match key {
        None => None,
        Some(function) => Some(vm.call_each(function, items).await?),
    };
    if let Some(class) = classify(keys.as_ref().unwrap_or(items)) {
        let mut entries = entries(&vm, items, keys.as_deref(), &class, reverse)?;
        if entries.len() <= PLAIN {
            sort_entries(&mut entries, &class, reverse);
        } else {
            entries = sort_in_chunks(&vm, entries, &class, reverse).await?;
        }
        drop(keys);
        items.clear();
        items.extend(entries.into_iter().map(|entry| entry.item));
        return Ok(());
    }
    let keys = match keys {
        Some(keys) => keys,
        None => items.clone(),
    };
    let order = sort_positions(&vm, &keys, reverse).await?;
    let mut sorted = vm.vec_with_capacity(items.len())?;
    sorted.extend(order.iter().map(|&at| std::mem::take(&mut items[at as usize])));
    *items = sorted;
    Ok(())
}

/// Sorts at once, if all items are of one builtin kind.
fn sort_plainly(items: &mut [Value], reverse: bool) -> bool {
    if items.len() < 2 {
        return true;
    }
    let Some(class) = classify(items) else { return false };
    // Turned around before and after, equal items keep their order. (Each closure is a copy of the sorting algorithm.)
    if reverse {
        items.reverse();
    }
    match class {
        Class::Int => items.sort_by_key(small),
        class => items.sort_by(class.comparator()),
    }
    if reverse {
        items.reverse();
    }
    true
}

/// What kind of values the keys are.
#[derive(Clone, PartialEq, Eq)]
enum Class {
    /// Small ints and bools.
    Int,
    /// The same and floats that are not NaN.
    Number,
    /// Ints of any size.
    BigInt,
    Str,
    Bytes,
    /// Tuples; the kinds by place, `None` where no tuple is so long.
    Tuple(Vec<Class>),
}

impl Class {
    fn of(value: &Value) -> Option<Class> {
        if value.is_small_int() || value.as_bool().is_some() {
            return Some(Class::Int);
        }
        if let Some(x) = value.as_float() {
            return (!x.is_nan()).then_some(Class::Number);
        }
        if value.downcast_exact::<Str>().is_some() {
            return Some(Class::Str);
        }
        if value.downcast_exact::<Int>().is_some() {
            return Some(Class::BigInt);
        }
        if value.downcast_exact::<Bytes>().is_some() {
            return Some(Class::Bytes);
        }
        let tuple = value.downcast_exact::<Tuple>()?;
        let leaf = |item: &Value| Class::of_leaf(item);
        Some(Class::Tuple(tuple.items().iter().map(leaf).collect::<Option<_>>()?))
    }

    /// The same without tuples, whose nesting would be unbounded.
    fn of_leaf(value: &Value) -> Option<Class> {
        if value.downcast_exact::<Tuple>().is_some() { None } else { Class::of(value) }
    }

    /// Takes in one more value; false if it can't be compared with the others.
    fn admit(&mut self, value: &Value) -> bool {
        if let (Class::Tuple(classes), Some(tuple)) = (&mut *self, value.downcast_exact::<Tuple>()) {
            return tuple.items().iter().enumerate().all(|(at, item)| match classes.get_mut(at) {
                Some(class) => class.admit_leaf(item),
                None => Class::of_leaf(item).map(|class| classes.push(class)).is_some(),
            });
        }
        self.admit_leaf(value)
    }

    fn admit_leaf(&mut self, value: &Value) -> bool {
        let Some(class) = Class::of_leaf(value) else { return false };
        match (&*self, &class) {
            (Class::Int, Class::Number | Class::BigInt) => *self = class,
            (Class::Number | Class::BigInt, Class::Int) => {}
            (own, other) => return own == other,
        }
        true
    }

    fn comparator(&self) -> fn(&Value, &Value) -> Ordering {
        match self {
            Class::Int | Class::Number => compare_numbers,
            Class::Str => compare_strs,
            Class::Tuple(_) => compare_tuples,
            Class::BigInt | Class::Bytes => compare_leaves,
        }
    }

    fn is_number(&self) -> bool {
        matches!(self, Class::Int | Class::Number)
    }
}

/// The kind of all values, if they are of one kind.
fn classify(values: &[Value]) -> Option<Class> {
    let (first, rest) = values.split_first()?;
    let mut class = Class::of(first)?;
    rest.iter().all(|value| class.admit(value)).then_some(class)
}

fn small(value: &Value) -> i64 {
    value.as_small_int().unwrap_or_else(|| value.is_true() as i64)
}

fn number(value: &Value) -> f64 {
    value.as_float().unwrap_or_else(|| small(value) as f64)
}

fn compare_numbers(a: &Value, b: &Value) -> Ordering {
    number(a).partial_cmp(&number(b)).unwrap_or(Ordering::Equal)
}

fn compare_strs(a: &Value, b: &Value) -> Ordering {
    match (a.downcast_exact::<Str>(), b.downcast_exact::<Str>()) {
        (Some(a), Some(b)) => a.text().cmp(b.text()),
        _ => Ordering::Equal,
    }
}

fn compare_leaves(a: &Value, b: &Value) -> Ordering {
    order_now(a, b).unwrap_or_else(|| compare_numbers(a, b))
}

fn compare_tuples(a: &Value, b: &Value) -> Ordering {
    let (Some(a), Some(b)) = (a.downcast_exact::<Tuple>(), b.downcast_exact::<Tuple>()) else { return Ordering::Equal };
    let (a, b) = (a.items(), b.items());
    a.iter().zip(b).map(|(a, b)| compare_leaves(a, b)).find(|order| order.is_ne()).unwrap_or(a.len().cmp(&b.len()))
}

/// An item with its key. Numbers are compared by `rank` alone.
struct Entry {
    rank: i64,
    key: Value,
    item: Value,
}

fn entries(vm: &Vm, items: &[Value], keys: Option<&[Value]>, class: &Class, reverse: bool) -> PyResult<Vec<Entry>> {
    let mut entries = Vec::new();
    vm.reserve(&mut entries, items.len())?;
    let keys = keys.unwrap_or(items);
    entries.extend(items.iter().zip(keys).map(|(item, key)| {
        let rank = match class {
            Class::Int => small(key),
            // Adding 0.0 makes one of the two zeros; the shifts turn the order of bits into that of numbers.
            Class::Number => {
                let bits = (number(key) + 0.0).to_bits() as i64;
                bits ^ ((bits >> 63) as u64 >> 1) as i64
            }
            _ => 0,
        };
        let key = if class.is_number() { Value::NONE } else { key.clone() };
        Entry { rank: if reverse { !rank } else { rank }, key, item: item.clone() }
    }));
    Ok(entries)
}

fn sort_entries(entries: &mut [Entry], class: &Class, reverse: bool) {
    let compare = class.comparator();
    let is_number = class.is_number();
    entries.sort_by(|a, b| {
        if is_number {
            return a.rank.cmp(&b.rank);
        }
        let (a, b) = if reverse { (b, a) } else { (a, b) };
        compare(&a.key, &b.key)
    });
}

/// Sorts chunk by chunk and merges the chunks, with pauses.
async fn sort_in_chunks(vm: &Vm, entries: Vec<Entry>, class: &Class, reverse: bool) -> PyResult<Vec<Entry>> {
    let compare = class.comparator();
    let is_less = |a: &Entry, b: &Entry| match (class.is_number(), reverse) {
        (true, _) => a.rank < b.rank,
        (false, false) => compare(&a.key, &b.key).is_lt(),
        (false, true) => compare(&b.key, &a.key).is_lt(),
    };
    let mut runs = Vec::new();
    let mut entries = entries.into_iter();
    loop {
        let mut run: Vec<Entry> = entries.by_ref().take(PLAIN).collect();
        if run.is_empty() {
            break;
        }
        sort_entries(&mut run, class, reverse);
        runs.push(run);
        vm.breathe(PLAIN as u32 * 4).await?;
    }
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut pairs = runs.into_iter();
        while let Some(mut left) = pairs.next() {
            let Some(mut right) = pairs.next() else {
                merged.push(left);
                break;
            };
            if left.last().zip(right.first()).is_none_or(|(last, first)| !is_less(first, last)) {
                vm.reserve(&mut left, right.len())?;
                left.append(&mut right);
                merged.push(left);
                continue;
            }
            let mut run = Vec::new();
            vm.reserve(&mut run, left.len() + right.len())?;
            let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
            while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
                let next = if is_less(b, a) { right.next() } else { left.next() };
                run.extend(next);
                if run.len().is_multiple_of(PLAIN) {
                    vm.breathe(PLAIN as u32).await?;
                }
            }
            run.extend(left);
            run.extend(right);
            merged.push(run);
        }
        runs = merged;
    }
    Ok(runs.pop().unwrap_or_default())
}

/// The positions of `keys` in ascending order (with `reverse` in descending order), by `<` alone.
async fn sort_positions(vm: &Vm, keys: &[Value], reverse: bool) -> PyResult<Vec<u32>> {
    let mut order: Vec<u32> = Vec::new();
    vm.reserve(&mut order, keys.len())?;
    order.extend(0..keys.len() as u32);
    if reverse {
        order.reverse();
    }
    let mut sorter = Sorter { vm, keys, order, work: 0 };
    sorter.sort().await?;
    let mut order = sorter.order;
    if reverse {
        order.reverse();
    }
    Ok(order)
}

/// A merge sort over natural runs.
struct Sorter<'a> {
    vm: &'a Vm,
    keys: &'a [Value],
    order: Vec<u32>,
    work: u32,
}

impl Sorter<'_> {
    /// Whether the key of position `a` is less than that of position `b`.
    async fn less(&mut self, a: u32, b: u32) -> PyResult<bool> {
        self.work += 1;
        if self.work == 64 {
            self.work = 0;
            self.vm.breathe(64).await?;
        }
        self.vm.less(&self.keys[a as usize], &self.keys[b as usize]).await
    }

    async fn sort(&mut self) -> PyResult<()> {
        let length = self.order.len();
        let minimum = shortest_run(length);
        // Starts and lengths of the runs that wait to be merged.
        let mut runs: Vec<(usize, usize)> = Vec::new();
        let mut start = 0;
        while start < length {
            let mut run = self.natural_run(start).await?;
            let wanted = minimum.min(length - start);
            if run < wanted {
                self.insert_sorted(start, start + run, start + wanted).await?;
                run = wanted;
            }
            runs.push((start, run));
            start += run;
            // Keep the lengths falling fast, so that few merges are lopsided.
            while let [.., (first, a), (_, b)] = runs[..] {
                let before = runs.len().checked_sub(3).map(|at| runs[at].1);
                if start < length && a > b && before.is_none_or(|before| before > a + b) {
                    break;
                }
                if let Some(before) = before
                    && before < b
                {
                    let third = runs.len() - 3;
                    let (low, _) = runs[third];
                    self.merge(low, first, first + a).await?;
                    runs[third] = (low, before + a);
                    runs.remove(third + 1);
                } else {
                    self.merge(first, first + a, first + a + b).await?;
                    runs.pop();
                    if let Some(last) = runs.last_mut() {
                        *last = (first, a + b);
                    }
                }
            }
        }
        Ok(())
    }

    /// The length of the run that begins at `start`. One that never ascends is turned round, stretches of equal keys within it
    /// excepted, and lengthened by what fits then.
    async fn natural_run(&mut self, start: usize) -> PyResult<usize> {
        let length = self.order.len();
        let mut end = start + 1;
        while end < length && !self.less(self.order[end], self.order[end - 1]).await? {
            end += 1;
        }
        if end == length {
            return Ok(end - start);
        }
        if end > start + 1 {
            if self.less(self.order[start], self.order[end - 1]).await? {
                return Ok(end - start);
            }
            // All equal so far: they keep their order when the run is turned round.
            self.order[start..end].reverse();
        }
        end += 1;
        let mut equal = 0;
        while end < length {
            if self.less(self.order[end], self.order[end - 1]).await? {
                self.reverse_equal(end, &mut equal);
            } else if self.less(self.order[end - 1], self.order[end]).await? {
                break;
            } else {
                equal += 1;
            }
            end += 1;
        }
        self.reverse_equal(end, &mut equal);
        self.order[start..end].reverse();
        while end < length && !self.less(self.order[end], self.order[end - 1]).await? {
            end += 1;
        }
        Ok(end - start)
    }

    /// Turns the last `equal + 1` positions before `end` round, whose keys are equal.
    fn reverse_equal(&mut self, end: usize, equal: &mut usize) {
        if *equal > 0 {
            self.order[end - *equal - 1..end].reverse();
            *equal = 0;
        }
    }

    /// Inserts the positions from `sorted` to `end` into those from `start`, by binary search.
    async fn insert_sorted(&mut self, start: usize, sorted: usize, end: usize) -> PyResult<()> {
        for at in sorted..end {
            let pivot = self.order[at];
            let (mut low, mut high) = (start, at);
            while low < high {
                let middle = low + (high - low) / 2;
                if self.less(pivot, self.order[middle]).await? {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            self.order[low..=at].rotate_right(1);
        }
        Ok(())
    }

    /// Merges the sorted runs `start..middle` and `middle..end`.
    async fn merge(&mut self, start: usize, middle: usize, end: usize) -> PyResult<()> {
        if !self.less(self.order[middle], self.order[middle - 1]).await? {
            return Ok(());
        }
        let left = self.order[start..middle].to_vec();
        let (mut from_left, mut from_right, mut to) = (0, middle, start);
        while from_left < left.len() && from_right < end {
            if self.less(self.order[from_right], left[from_left]).await? {
                self.order[to] = self.order[from_right];
                from_right += 1;
            } else {
                self.order[to] = left[from_left];
                from_left += 1;
            }
            to += 1;
        }
        let rest = &left[from_left..];
        self.order[to..to + rest.len()].copy_from_slice(rest);
        Ok(())
    }
}

/// Runs shorter than this are lengthened: between 32 and 64, so that the number of runs is near a power of two.
fn shortest_run(length: usize) -> usize {
    let (mut length, mut remainder) = (length, 0);
    while length >= 64 {
        remainder |= length & 1;
        length >>= 1;
    }
    length + remainder
}
