//! Comparison, hashing, truth.
//!
//! Comparing follows CPython's order: the right operand's method first if its class is a proper subclass, then the left's, then
//! the right's, then identity. Containers compare their items by identity before equality; the `eq` family does so. The `_now`
//! functions look into nested builtin containers to a small depth; what lies deeper goes through native frames, whose
//! number the recursion limit bounds.

use std::cmp::Ordering;

use num_bigint::BigInt;
use snakelet_number::hash as numbers;

use crate::types::bytes::Bytes;
use crate::types::dict::Dict;
use crate::types::dict::table::{Equality, Found};
use crate::types::int::Int;
use crate::types::list::List;
use crate::types::set::table::SetTable;
use crate::types::set::{FrozenSet, Set};
use crate::types::slots::{CompareOp, CompareSlot, Slots};
use crate::types::string::Str;
use crate::types::tuple::Tuple;
use crate::types::typeobject::{Type, TypeFlags};
use crate::{PyResult, Value, Vm};

/// How deep plain code looks into nested containers.
pub(crate) const PLAIN_DEPTH: u32 = 50;

/// `hash(None)`, the same in every process.
const NONE_HASH: u64 = 0xfca8_6420;

impl Vm {
    /// `left op right`: any value. May defer.
    pub fn rich_compare(&self, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        if let Some(result) = compare_leaves(left, right, op) {
            return Ok(Value::bool(result));
        }
        self.compare_from(left, right, op, 0)
    }

    /// The comparison by the classes' methods, beginning with attempt `from`.
    fn compare_from(&self, left: &Value, right: &Value, op: CompareOp, from: usize) -> PyResult {
        // Classes may change between attempts; their order is then the new one, which can't harm.
        let attempts = attempts(self, left, right, op);
        for (index, attempt) in attempts.iter().enumerate().skip(from) {
            let Some(attempt) = attempt else { continue };
            match attempt.run(self, left, right) {
                Ok(value) if value.is_not_implemented() => {}
                Err(raised) if self.is_deferred() => {
                    let (left, right) = (left.clone(), right.clone());
                    return self.and_then(Err(raised), move |vm, value| {
                        if value.is_not_implemented() {
                            vm.compare_from(&left, &right, op, index + 1)
                        } else {
                            Ok(value)
                        }
                    });
                }
                result => return result,
            }
        }
        self.compare_by_identity(left, right, op)
    }

    /// `left op right`, if no Python code is needed.
    pub fn compare_now(&self, left: &Value, right: &Value, op: CompareOp) -> Option<PyResult> {
        if let Some(result) = compare_leaves(left, right, op) {
            return Some(Ok(Value::bool(result)));
        }
        if !self.compares_natively(left) || !self.compares_natively(right) {
            return None;
        }
        let result = self.rich_compare(left, right, op);
        match self.take_deferral() {
            Some(_) => None,
            None => Some(result),
        }
    }

    /// Whether `left is right or left == right`, if no Python code is needed.
    #[inline]
    pub fn eq_now(&self, left: &Value, right: &Value) -> Option<bool> {
        if left.is(right) {
            return Some(true);
        }
        match compare_leaves(left, right, CompareOp::Eq) {
            Some(equal) => Some(equal),
            None => self.eq_nested(left, right, 0),
        }
    }

    fn eq_nested(&self, left: &Value, right: &Value, depth: u32) -> Option<bool> {
        if left.is(right) {
            return Some(true);
        }
        if let Some(equal) = compare_leaves(left, right, CompareOp::Eq) {
            return Some(equal);
        }
        if depth > PLAIN_DEPTH || !self.compares_natively(left) || !self.compares_natively(right) {
            return None;
        }
        if let (Some(left), Some(right)) = (left.downcast::<Tuple>(), right.downcast::<Tuple>()) {
            return self.items_eq(left.items(), right.items(), depth);
        }
        if let (Some(left), Some(right)) = (left.downcast::<List>(), right.downcast::<List>()) {
            return self.items_eq(left.items.borrow(), right.items.borrow(), depth);
        }
        if let (Some(left), Some(right)) = (left.downcast::<Dict>(), right.downcast::<Dict>()) {
            return self.dicts_eq(left, right, depth);
        }
        if let (Some(left), Some(right)) = (set_table(left), set_table(right)) {
            return self.sets_eq(left, right, depth);
        }
        let result = self.rich_compare(left, right, CompareOp::Eq);
        self.now(result)?.as_bool()
    }

    fn items_eq(&self, left: &[Value], right: &[Value], depth: u32) -> Option<bool> {
        if left.len() != right.len() {
            return Some(false);
        }
        for (left, right) in left.iter().zip(right) {
            if !self.eq_nested(left, right, depth + 1)? {
                return Some(false);
            }
        }
        Some(true)
    }

    pub(crate) fn dicts_eq(&self, left: &Dict, right: &Dict, depth: u32) -> Option<bool> {
        if left.len() != right.len() {
            return Some(false);
        }
        let other = right.table.borrow();
        for entry in left.table.borrow().iter() {
            let found = other.find(entry.hash, &entry.key, |key| self.equality_at(key, &entry.key, depth + 1));
            match found {
                Found::Missing => return Some(false),
                Found::Undecided(_) => return None,
                Found::At(at) => {
                    if !self.eq_nested(&entry.value, &other.entries()[at].value, depth + 1)? {
                        return Some(false);
                    }
                }
            }
        }
        Some(true)
    }

    pub(crate) fn sets_eq(&self, left: &SetTable, right: &SetTable, depth: u32) -> Option<bool> {
        if left.len() != right.len() {
            return Some(false);
        }
        for entry in left.iter() {
            match right.find(entry.hash, &entry.key, |key| self.equality_at(key, &entry.key, depth + 1)) {
                Found::Missing => return Some(false),
                Found::Undecided(_) => return None,
                Found::At(_) => {}
            }
        }
        Some(true)
    }

    fn equality_at(&self, known: &Value, key: &Value, depth: u32) -> Equality {
        match self.eq_nested(known, key, depth) {
            Some(true) => Equality::Equal,
            Some(false) => Equality::Different,
            None => Equality::Unknown,
        }
    }

    /// `eq_now` in the words of the hash tables.
    #[inline]
    pub(crate) fn equality(&self, known: &Value, key: &Value) -> Equality {
        match self.eq_now(known, key) {
            Some(true) => Equality::Equal,
            Some(false) => Equality::Different,
            None => Equality::Unknown,
        }
    }

    /// Whether comparing the value never runs Python code of its own class.
    pub(crate) fn compares_natively(&self, value: &Value) -> bool {
        self.is_native_slot(self.type_of(value), |slots| slots.compare.map(|slot| slot as usize))
    }

    /// Whether a slot holds what the nearest builtin base class has there, so that no Python code is behind it.
    pub(crate) fn is_native_slot(&self, ty: &Type, pick: fn(&Slots) -> Option<usize>) -> bool {
        if !ty.has_flag(TypeFlags::HEAP) {
            return true;
        }
        let mro = ty.mro.borrow();
        mro.iter()
            .find(|base| !base.has_flag(TypeFlags::HEAP))
            .is_some_and(|base| pick(base.slots()) == pick(ty.slots()))
    }

    /// The result, unless the operation was deferred or failed; then nothing is left of it and the caller does it again
    /// asynchronously.
    pub(crate) fn now(&self, result: PyResult) -> Option<Value> {
        match result {
            Ok(value) => Some(value),
            Err(_) => {
                if self.take_deferral().is_none() {
                    drop(self.raised.take());
                }
                None
            }
        }
    }

    fn compare_by_identity(&self, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        match op {
            CompareOp::Eq => Ok(Value::bool(left.is(right))),
            CompareOp::Ne => Ok(Value::bool(!left.is(right))),
            _ => {
                let (symbol, left, right) = (op.symbol(), self.type_name(left), self.type_name(right));
                Err(self.type_error(format!("'{symbol}' not supported between instances of '{left}' and '{right}'")))
            }
        }
    }

    /// `left op right` (async).
    pub async fn compare(&self, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let result = self.rich_compare(left, right, op);
        self.settle(result).await
    }

    /// Whether `left is right or left == right` (async).
    pub async fn eq(&self, left: &Value, right: &Value) -> PyResult<bool> {
        match self.eq_now(left, right) {
            Some(equal) => Ok(equal),
            None => self.compare_truth(left, right, CompareOp::Eq).await,
        }
    }

    /// Whether `left < right` (async).
    pub async fn less(&self, left: &Value, right: &Value) -> PyResult<bool> {
        match compare_leaves(left, right, CompareOp::Lt) {
            Some(less) => Ok(less),
            None => self.compare_truth(left, right, CompareOp::Lt).await,
        }
    }

    /// The truth of `left op right` (async).
    pub async fn compare_truth(&self, left: &Value, right: &Value, op: CompareOp) -> PyResult<bool> {
        let result = self.compare(left, right, op).await?;
        match result.as_bool() {
            Some(truth) => Ok(truth),
            None => self.truth(&result).await,
        }
    }

    // ---- hash

    /// `hash(value)`, an int. May defer.
    pub fn hash_of(&self, value: &Value) -> PyResult {
        if let Some(hash) = hash_leaf(value) {
            return Ok(Value::from_i64(hash as i64));
        }
        match self.type_of(value).slots().hash {
            Some(slot) => slot(self, value),
            None => Err(self.unhashable(value)),
        }
    }

    /// The hash, if no Python code is needed.
    #[inline]
    pub fn hash_now(&self, value: &Value) -> Option<PyResult<u64>> {
        match hash_leaf(value) {
            Some(hash) => Some(Ok(hash)),
            None => self.hash_nested(value, 0),
        }
    }

    fn hash_nested(&self, value: &Value, depth: u32) -> Option<PyResult<u64>> {
        if let Some(hash) = hash_leaf(value) {
            return Some(Ok(hash));
        }
        let ty = self.type_of(value);
        if depth > PLAIN_DEPTH || !self.is_native_slot(ty, |slots| slots.hash.map(|slot| slot as usize)) {
            return None;
        }
        if let Some(tuple) = value.downcast::<Tuple>() {
            let mut hasher = numbers::TupleHasher::new();
            for item in tuple.items() {
                match self.hash_nested(item, depth + 1)? {
                    Ok(hash) => hasher.add(hash as i64),
                    Err(raised) => return Some(Err(raised)),
                }
            }
            return Some(Ok(hasher.finish() as u64));
        }
        let Some(slot) = ty.slots().hash else { return Some(Err(self.unhashable(value))) };
        match slot(self, value) {
            Ok(hash) => Some(Ok(hash_from_int(&hash).unwrap_or(0))),
            Err(raised) => match self.take_deferral() {
                Some(_) => None,
                None => Some(Err(raised)),
            },
        }
    }

    /// The hash as an unsigned number (async).
    pub async fn hash(&self, value: &Value) -> PyResult<u64> {
        if let Some(hash) = self.hash_now(value) {
            return hash;
        }
        let result = self.hash_of(value);
        let result = self.settle(result).await?;
        hash_from_int(&result).ok_or_else(|| self.type_error("__hash__ method should return an integer"))
    }

    #[cold]
    pub(crate) fn unhashable(&self, value: &Value) -> crate::Raised {
        self.type_error(format!("unhashable type: '{}'", self.type_name(value)))
    }

    // ---- truth

    /// `bool(value)`. May defer.
    pub fn truth_of(&self, value: &Value) -> PyResult {
        if let Some(truth) = truth_leaf(value) {
            return Ok(Value::bool(truth));
        }
        let slots = self.type_of(value).slots();
        if let Some(slot) = slots.bool {
            return slot(self, value);
        }
        if slots.len.is_none() {
            return Ok(Value::TRUE);
        }
        self.and_then(self.len_of(value), |_vm, length| Ok(Value::bool(length.as_small_int() != Some(0))))
    }

    /// The truth, if no Python code is needed.
    #[inline]
    pub fn truth_now(&self, value: &Value) -> Option<bool> {
        match truth_leaf(value) {
            Some(truth) => Some(truth),
            None => self.truth_native(value),
        }
    }

    fn truth_native(&self, value: &Value) -> Option<bool> {
        let ty = self.type_of(value);
        let slots = ty.slots();
        if slots.bool.is_none() && slots.len.is_none() {
            return Some(true);
        }
        let native = self.is_native_slot(ty, |slots| slots.bool.map(|slot| slot as usize))
            && (slots.bool.is_some() || self.is_native_slot(ty, |slots| slots.len.map(|slot| slot as usize)));
        if !native {
            return None;
        }
        let result = self.truth_of(value);
        self.now(result)?.as_bool()
    }

    /// `bool(value)` (async).
    pub async fn truth(&self, value: &Value) -> PyResult<bool> {
        if let Some(truth) = self.truth_now(value) {
            return Ok(truth);
        }
        let result = self.truth_of(value);
        Ok(self.settle(result).await?.is_true())
    }
}

/// One slot to try in a comparison.
struct Attempt {
    slot: CompareSlot,
    op: CompareOp,
    swapped: bool,
}

impl Attempt {
    fn run(&self, vm: &Vm, left: &Value, right: &Value) -> PyResult {
        if self.swapped { (self.slot)(vm, right, left, self.op) } else { (self.slot)(vm, left, right, self.op) }
    }
}

/// The slots to try, in order.
fn attempts(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> [Option<Attempt>; 2] {
    let (left_type, right_type) = (vm.type_of(left), vm.type_of(right));
    let straight = left_type.slots().compare.map(|slot| Attempt { slot, op, swapped: false });
    let swapped = right_type.slots().compare.map(|slot| Attempt { slot, op: op.reflected(), swapped: true });
    if !std::ptr::eq(left_type, right_type) && right_type.is_subtype(left_type) {
        [swapped, straight]
    } else {
        [straight, swapped]
    }
}

/// Comparison of small ints, bools, floats and exact strs.
#[inline]
pub(crate) fn compare_leaves(left: &Value, right: &Value, op: CompareOp) -> Option<bool> {
    if Value::both_small_ints(left, right) {
        return Some(op.matches(left.small_int_unchecked().cmp(&right.small_int_unchecked())));
    }
    if let (Some(left), Some(right)) = (left.as_float(), right.as_float()) {
        return Some(match left.partial_cmp(&right) {
            Some(ordering) => op.matches(ordering),
            None => op == CompareOp::Ne,
        });
    }
    let (Some(left), Some(right)) = (left.downcast_exact::<Str>(), right.downcast_exact::<Str>()) else {
        return compare_mixed(left, right, op);
    };
    Some(match op {
        CompareOp::Eq => left.text() == right.text(),
        CompareOp::Ne => left.text() != right.text(),
        _ => op.matches(left.text().cmp(right.text())),
    })
}

/// Comparison of small ints, bools and floats of different types. The ints are exact as floats.
fn compare_mixed(left: &Value, right: &Value, op: CompareOp) -> Option<bool> {
    let number = |value: &Value| {
        if value.is_object() {
            return None;
        }
        let int = value.as_small_int().or_else(|| value.as_bool().map(i64::from));
        int.map(|n| n as f64).or(value.as_float())
    };
    Some(match number(left)?.partial_cmp(&number(right)?) {
        Some(ordering) => op.matches(ordering),
        None => op == CompareOp::Ne,
    })
}

/// The order of two values among ints, bools, floats that are not NaN, strs, bytes, and tuples of them; `None` for all else.
pub(crate) fn order_now(left: &Value, right: &Value) -> Option<Ordering> {
    if Value::both_small_ints(left, right) {
        return Some(left.small_int_unchecked().cmp(&right.small_int_unchecked()));
    }
    if let (Some(left), Some(right)) = (left.as_float(), right.as_float()) {
        return left.partial_cmp(&right);
    }
    if let (Some(left), Some(right)) = (left.downcast_exact::<Str>(), right.downcast_exact::<Str>()) {
        return Some(left.text().cmp(right.text()));
    }
    if let (Some(left), Some(right)) = (left.downcast_exact::<Bytes>(), right.downcast_exact::<Bytes>()) {
        return Some(left.as_slice().cmp(right.as_slice()));
    }
    if is_exact_int(left) && is_exact_int(right) {
        return Some(left.to_bigint()?.cmp(&right.to_bigint()?));
    }
    None
}

/// Whether the value is an int or bool, not of another subclass of int.
#[inline]
pub(crate) fn is_exact_int(value: &Value) -> bool {
    value.is_small_int() || value.as_bool().is_some() || value.downcast_exact::<Int>().is_some()
}

/// The table of a set or frozenset.
#[inline]
pub(crate) fn set_table(value: &Value) -> Option<&SetTable> {
    match value.downcast::<Set>() {
        Some(set) => Some(set.table.borrow()),
        None => value.downcast::<FrozenSet>().map(|set| set.table.borrow()),
    }
}

/// The hash of an int object.
fn hash_from_int(value: &Value) -> Option<u64> {
    if let Some(n) = value.to_i64() {
        return Some(numbers::not_minus_one(n) as u64);
    }
    value.to_bigint().map(|n: std::borrow::Cow<'_, BigInt>| numbers::int(&n) as u64)
}

/// The hash of an inline int.
#[inline(always)]
pub(crate) fn small_int_hash(n: i64) -> u64 {
    numbers::not_minus_one(n) as u64
}

/// The hash of what is hashed without its slot: strs and bytes, numbers, None.
#[inline]
fn hash_leaf(value: &Value) -> Option<u64> {
    if let Some(string) = value.downcast_exact::<Str>() {
        return Some(string.hash());
    }
    if let Some(n) = value.as_small_int() {
        return Some(small_int_hash(n));
    }
    if let Some(x) = value.as_float() {
        return Some(numbers::float(x).map_or_else(|| identity_hash(value), |hash| hash as u64));
    }
    if let Some(b) = value.as_bool() {
        return Some(b as u64);
    }
    if value.is_none() {
        return Some(NONE_HASH);
    }
    value.downcast_exact::<Int>().map(|int| numbers::int(&int.value) as u64)
}

/// The hash that depends on the object's address alone.
pub(crate) fn identity_hash(value: &Value) -> u64 {
    let hash = value.bits().rotate_right(4);
    if hash == u64::MAX { u64::MAX - 1 } else { hash }
}

#[inline]
fn truth_leaf(value: &Value) -> Option<bool> {
    if let Some(truth) = value.as_bool() {
        return Some(truth);
    }
    if let Some(n) = value.as_small_int() {
        return Some(n != 0);
    }
    if let Some(x) = value.as_float() {
        return Some(x != 0.0);
    }
    if value.is_none() {
        return Some(false);
    }
    if let Some(string) = value.downcast_exact::<Str>() {
        return Some(!string.text().is_empty());
    }
    if let Some(list) = value.downcast_exact::<List>() {
        return Some(!list.items.borrow().is_empty());
    }
    None
}
