//! `set` and `frozenset`: the payloads and their methods; the table, look-ups and the algebra are in the other files.

pub(crate) mod algebra;
mod iterator;
pub(crate) mod lookup;
pub mod table;

use std::cell::Cell;

use snakelet_macros::{methods, native_type};
use snakelet_number::hash::SetHasher;

pub use iterator::SetIterator;

use self::algebra::table_cell;
use self::table::SetTable;
use crate::native::KwArgs;
use crate::object::{Native, VmCell, allocate};
use crate::protocol::sequence_repr::repr_container;
use crate::types::dict::table::Found;
use crate::types::generator::Keep;
use crate::types::generic_alias::alias;
use crate::types::slots::CompareOp;
use crate::types::typeobject::{Type, TypeFlags};
use crate::{PyResult, Ref, Value, Vm, VmRef};

/// The payload of sets.
#[native_type(
    name = "set",
    doc = "A mutable unordered collection of unique elements.",
    flags(SUBCLASSABLE, MATCH_SELF, WEAK_REFERENCES)
)]
pub struct Set {
    pub table: VmCell<SetTable>,
}

/// The payload of frozen sets.
#[native_type(
    name = "frozenset",
    doc = "An immutable unordered collection of unique elements.",
    flags(SUBCLASSABLE, MATCH_SELF, WEAK_REFERENCES)
)]
pub struct FrozenSet {
    pub table: VmCell<SetTable>,
    /// The hash, 0 while not computed.
    pub(crate) hash: Cell<u64>,
}

impl Set {
    pub fn new(table: SetTable) -> Set {
        Set { table: VmCell::new(table) }
    }

    /// A new, empty set.
    pub fn new_object() -> Ref<Set> {
        Set::new(SetTable::default()).into_object()
    }

    #[inline]
    pub fn len(&self) -> usize {
        self.table.borrow().len()
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds the key unless it is there, if no Python code is needed.
    #[inline]
    pub fn add_now(&self, vm: &Vm, key: &Value) -> Option<PyResult<()>> {
        lookup::add_now(vm, &self.table, key)
    }

    /// Adds the key unless it is there (async).
    pub async fn add(vm: VmRef, this: &Ref<Set>, key: &Value) -> PyResult<()> {
        lookup::add(vm, &this.table, key).await
    }

    /// Adds every item of an iterable (async).
    pub async fn update(vm: VmRef, this: &Ref<Set>, items: &Value) -> PyResult<()> {
        algebra::update(vm, &this.table, items, Keep::Nothing).await
    }
}

impl FrozenSet {
    pub fn new(table: SetTable) -> FrozenSet {
        FrozenSet { table: VmCell::new(table), hash: Cell::new(0) }
    }

    fn compute_hash(&self) -> u64 {
        let hash = self.hash.get();
        if hash != 0 {
            return hash;
        }
        let mut hasher = SetHasher::new();
        self.table.borrow().iter().for_each(|entry| hasher.add(entry.hash as i64));
        let hash = hasher.finish() as u64;
        self.hash.set(hash);
        hash
    }
}

/// The frozenset of constants in a code object.
pub fn frozen_set_of_constants(vm: &Vm, items: Vec<Value>) -> PyResult {
    let set = FrozenSet::new(SetTable::default());
    for item in &items {
        match lookup::add_now(vm, &set.table, item) {
            Some(result) => result?,
            None => return Err(vm.type_error("a constant can't be hashed")),
        }
    }
    Ok(set.into_value())
}

/// A set display. May defer.
pub fn set_of(vm: &Vm, items: &[Value]) -> PyResult {
    let set = Set::new_object();
    for (at, item) in items.iter().enumerate() {
        match set.add_now(vm, item) {
            Some(result) => result?,
            None => {
                let (vm, rest) = (vm.handle(), items[at..].to_vec());
                return Err(vm.defer(async move {
                    for item in &rest {
                        Set::add(vm, &set, item).await?;
                    }
                    Ok(set.into_value())
                }));
            }
        }
    }
    Ok(set.into_value())
}

/// `set(iterable)`. May defer.
pub(crate) fn construct(vm: &Vm, iterable: &Value) -> PyResult {
    let (vm_ref, set, generator) = (vm.handle(), Set::new_object(), iterable.clone());
    let begun = vm.some_then(iterable, Keep::Hashable, 16, move |vm, items, more| {
        let mut items = items.into_iter();
        let mut other = None;
        for item in items.by_ref() {
            match set.add_now(vm, &item) {
                Some(result) => result?,
                None => {
                    other = Some(item);
                    break;
                }
            }
        }
        if other.is_none() && !more {
            return Ok(set.into_value());
        }
        vm.start(async move {
            for item in other.into_iter().chain(items) {
                Set::add(vm_ref, &set, &item).await?;
            }
            construct_from(vm_ref, set, if more { Some(generator) } else { None }).await
        })
    });
    begun.unwrap_or_else(|| vm.start(construct_from(vm.handle(), Set::new_object(), Some(iterable.clone()))))
}

async fn construct_from(vm: VmRef, set: Ref<Set>, iterable: Option<Value>) -> PyResult {
    if let Some(iterable) = &iterable {
        algebra::update(vm, &set.table, iterable, Keep::Hashable).await?;
    }
    Ok(set.into_value())
}

/// Adds an element to a set; answers None. May defer.
pub fn add(vm: &Vm, set: &Value, item: &Value) -> PyResult {
    let Some(set) = set.to_ref::<Set>() else { return Ok(Value::NONE) };
    if let Some(result) = set.add_now(vm, item) {
        return result.map(|()| Value::NONE);
    }
    let (vm_ref, item) = (vm.handle(), item.clone());
    Err(vm.defer(async move { Set::add(vm_ref, &set, &item).await.map(|()| Value::NONE) }))
}

/// Adds every item of an iterable to a set; answers None. May defer.
pub fn update(vm: &Vm, set: &Value, items: &Value) -> PyResult {
    inplace_method(vm, Operation::Union, set, std::slice::from_ref(items))
}

/// Whether the value is a set or frozenset.
fn is_set(value: &Value) -> bool {
    table_cell(value).is_some()
}

/// A new set or frozenset, of the builtin class that `like` has or inherits.
fn make_like(like: &Value, table: VmCell<SetTable>) -> Value {
    if like.downcast::<Set>().is_some() {
        Set { table }.into_value()
    } else {
        FrozenSet { table, hash: Cell::new(0) }.into_value()
    }
}

/// A copy of `this` (of its builtin class), to be changed.
async fn copy_of(vm: VmRef, this: &Value) -> PyResult<VmCell<SetTable>> {
    algebra::collect(vm, this).await
}

/// The operations that take a table and an operand and change the table or make another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operation {
    Union,
    Intersection,
    Difference,
    SymmetricDifference,
}

/// `this op other` as a new set (async).
async fn combine(vm: VmRef, operation: Operation, this: &Value, other: &Value) -> PyResult {
    let Some(table) = table_cell(this) else { return Ok(Value::NOT_IMPLEMENTED) };
    let result = match operation {
        Operation::Union => {
            let copy = copy_of(vm, this).await?;
            algebra::update(vm, &copy, other, Keep::Hashable).await?;
            copy
        }
        Operation::Intersection => algebra::intersection(vm, table, other).await?,
        Operation::Difference => algebra::difference(vm, table, other).await?,
        Operation::SymmetricDifference => {
            let copy = copy_of(vm, other).await?;
            algebra::symmetric_difference_update(vm, &copy, this).await?;
            copy
        }
    };
    Ok(make_like(this, result))
}

/// `this op= other` (async).
async fn combine_in_place(vm: VmRef, operation: Operation, this: &Value, other: &Value) -> PyResult<()> {
    let Some(set) = this.downcast::<Set>() else { return Ok(()) };
    match operation {
        Operation::Union => algebra::update(vm, &set.table, other, Keep::Nothing).await,
        Operation::Difference => algebra::difference_update(vm, &set.table, other).await,
        Operation::SymmetricDifference => algebra::symmetric_difference_update(vm, &set.table, other).await,
        Operation::Intersection => {
            let common = algebra::intersection(vm, &set.table, other).await?;
            let old = set.table.replace(common.into_inner());
            drop(old);
            set.table.borrow_mut().touch();
            Ok(())
        }
    }
}

/// `left | right` of two small sets, if no Python code is needed.
fn union_now(vm: &Vm, left: &Value, right: &Value) -> Option<PyResult> {
    let (source, added) = (table_cell(left)?.borrow(), table_cell(right)?.borrow());
    if source.len() + added.len() > 256 {
        return None;
    }
    // The same steps as `algebra::update` with the one and then the other.
    let table = VmCell::new(SetTable::default());
    for source in [source, added] {
        let fits = match source.len() {
            0 => true,
            _ if table.borrow().is_fresh() => table.borrow_mut().fill_from(source),
            count => {
                let fits = table.borrow_mut().reserve(count);
                for entry in source.iter() {
                    if let Err(raised) = lookup::add_hashed_now(vm, &table, entry.hash, &entry.key)? {
                        return Some(Err(raised));
                    }
                }
                fits
            }
        };
        if !fits {
            return Some(Err(vm.memory_error()));
        }
    }
    Some(Ok(make_like(left, table)))
}

/// The operators: both operands must be sets.
fn operator(vm: &Vm, operation: Operation, left: &Value, right: &Value) -> PyResult {
    if !is_set(left) || !is_set(right) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    if operation == Operation::Union
        && let Some(union) = union_now(vm, left, right)
    {
        return union;
    }
    let (vm_ref, left, right) = (vm.handle(), left.clone(), right.clone());
    vm.start(async move { combine(vm_ref, operation, &left, &right).await })
}

/// The in-place operators of sets.
fn inplace_operator(vm: &Vm, operation: Operation, this: &Value, other: &Value) -> PyResult {
    if this.downcast::<Set>().is_none() || !is_set(other) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (vm_ref, this, other) = (vm.handle(), this.clone(), other.clone());
    vm.start(async move {
        combine_in_place(vm_ref, operation, &this, &other).await?;
        Ok(this)
    })
}

/// A method with any number of operands, as a new set.
fn method(vm: &Vm, operation: Operation, this: &Value, others: &[Value]) -> PyResult {
    let (vm_ref, this, others) = (vm.handle(), this.clone(), others.to_vec());
    vm.start(async move {
        if others.is_empty() && this.downcast_exact::<FrozenSet>().is_some() {
            // A frozenset is its own copy.
            return Ok(this);
        }
        let mut others = others.iter();
        let first = match operation {
            Operation::Union => None,
            _ => others.next(),
        };
        let mut result = match first {
            Some(first) => combine(vm_ref, operation, &this, first).await?,
            None => make_like(&this, copy_of(vm_ref, &this).await?),
        };
        for other in others {
            match (operation, table_cell(&result)) {
                (Operation::Union, Some(table)) => algebra::update(vm_ref, table, other, Keep::Hashable).await?,
                (Operation::Difference, Some(table)) => algebra::difference_update(vm_ref, table, other).await?,
                _ => result = combine(vm_ref, operation, &result, other).await?,
            }
        }
        Ok(result)
    })
}

/// A method with any number of operands that changes the set.
fn inplace_method(vm: &Vm, operation: Operation, this: &Value, others: &[Value]) -> PyResult {
    let (vm_ref, this, others) = (vm.handle(), this.clone(), others.to_vec());
    vm.start(async move {
        for other in &others {
            combine_in_place(vm_ref, operation, &this, other).await?;
        }
        Ok(Value::NONE)
    })
}

/// The questions about two sets.
#[derive(Clone, Copy)]
enum Question {
    Subset,
    Superset,
    Disjoint,
}

fn ask(vm: &Vm, question: Question, this: &Value, other: &Value) -> PyResult {
    let (vm_ref, this, other) = (vm.handle(), this.clone(), other.clone());
    vm.start(async move {
        let Some(table) = table_cell(&this) else { return Ok(Value::NONE) };
        let answer = match question {
            Question::Subset => algebra::is_subset(vm_ref, table, &other).await?,
            Question::Superset => algebra::is_superset(vm_ref, table, &this, &other).await?,
            Question::Disjoint => algebra::is_disjoint(vm_ref, table, &other).await?,
        };
        Ok(Value::bool(answer))
    })
}

/// Rich comparison: subset relations.
fn compare(vm: &Vm, this: &Value, other: &Value, op: CompareOp) -> PyResult {
    let (Some(left), Some(right)) = (table_cell(this), table_cell(other)) else { return Ok(Value::NOT_IMPLEMENTED) };
    let (ours, theirs) = (left.borrow().len(), right.borrow().len());
    let hopeless = match op {
        CompareOp::Eq | CompareOp::Ne => ours != theirs,
        CompareOp::Lt => ours >= theirs,
        CompareOp::Le => ours > theirs,
        CompareOp::Gt => ours <= theirs,
        CompareOp::Ge => ours < theirs,
    };
    if hopeless {
        return Ok(Value::bool(op == CompareOp::Ne));
    }
    if ours == theirs
        && let Some(equal) = vm.sets_eq(left.borrow(), right.borrow(), 0)
    {
        return Ok(Value::bool(equal != (op == CompareOp::Ne)));
    }
    let (small, large) = if matches!(op, CompareOp::Gt | CompareOp::Ge) { (other, this) } else { (this, other) };
    let (vm_ref, small, large) = (vm.handle(), small.clone(), large.clone());
    Err(vm.defer(async move {
        let Some(table) = table_cell(&small) else { return Ok(Value::NONE) };
        let subset = algebra::is_subset(vm_ref, table, &large).await?;
        Ok(Value::bool(subset != (op == CompareOp::Ne)))
    }))
}

/// `key in set`. A set that is no key itself is looked up as the equal frozenset.
fn contains(vm: &Vm, this: &Value, key: &Value) -> PyResult {
    let Some(table) = table_cell(this) else { return Ok(Value::NONE) };
    if let Some(Ok(hash)) = key_hash_now(vm, key) {
        match lookup::find(vm, table.borrow(), hash, key) {
            Found::At(_) => return Ok(Value::TRUE),
            Found::Missing => return Ok(Value::FALSE),
            Found::Undecided(_) => {}
        }
    }
    let (vm_ref, this, key) = (vm.handle(), this.clone(), key.clone());
    vm.start(async move { Ok(Value::bool(find_key(vm_ref, &this, &key).await?.is_some())) })
}

/// The hash of a key to be looked up.
fn key_hash_now(vm: &Vm, key: &Value) -> Option<PyResult<u64>> {
    if key.downcast::<Set>().is_some() {
        return None;
    }
    lookup::hash_now(vm, key)
}

/// Where a key is; a set stands for the equal frozenset (async).
async fn find_key(vm: VmRef, this: &Value, key: &Value) -> PyResult<Option<usize>> {
    let Some(table) = table_cell(this) else { return Ok(None) };
    match lookup::hash(vm, key).await {
        Ok(hash) => lookup::lookup(vm, table, hash, key).await,
        Err(raised) => {
            let Some(set) = key.downcast::<Set>() else { return Err(raised) };
            if vm.catch(crate::errors::Exc::TypeError).is_none() {
                return Err(raised);
            }
            let mut copy = SetTable::default();
            if !copy.fill_from(set.table.borrow()) {
                return Err(vm.memory_error());
            }
            let frozen = FrozenSet::new(copy);
            let hash = frozen.compute_hash();
            lookup::lookup(vm, table, hash, &frozen.into_value()).await
        }
    }
}

/// Removes a key; tells whether it was there.
fn discard(vm: &Vm, this: &Value, key: &Value, then: fn(&Vm, &Value, bool) -> PyResult) -> PyResult {
    let (vm_ref, this, key) = (vm.handle(), this.clone(), key.clone());
    vm.start(async move {
        let found = find_key(vm_ref, &this, &key).await?;
        if let (Some(at), Some(set)) = (found, this.downcast::<Set>()) {
            let removed = set.table.borrow_mut().remove(at);
            drop(removed);
        }
        then(&vm_ref, &key, found.is_some())
    })
}

fn new_iterator(this: &Value) -> Value {
    SetIterator::new(this.clone()).into_value()
}

/// `__reduce__`: class, list of the items, attributes.
async fn reduce(vm: VmRef, this: Value) -> PyResult {
    let items = table_cell(&this).map_or(Vec::new(), |table| table.borrow().iter().map(|e| e.key.clone()).collect());
    let args = Value::from_tuple(vec![Value::from_list(items)]);
    let state = vm.attr_opt(&this, &crate::name!(__dict__)).await?.unwrap_or_default();
    Ok(Value::from_tuple(vec![vm.class_of(&this).into_value(), args, state]))
}

#[methods]
impl Set {
    #[new("set(*args, **kwargs)", text = none)]
    fn new_set(cls: Ref<Type>, _args: &[Value], _kwargs: KwArgs<'_>) -> Value {
        allocate(&cls, Set::new(SetTable::default()))
    }

    #[init("set(self, iterable=(), /)")]
    fn init(vm: &Vm, this: Ref<Set>, iterable: Option<Value>) -> PyResult {
        let old = this.table.borrow_mut().clear();
        drop(old);
        let Some(iterable) = iterable else { return Ok(Value::NONE) };
        let vm_ref = vm.handle();
        vm.start(
            async move { algebra::update(vm_ref, &this.table, &iterable, Keep::Hashable).await.map(|()| Value::NONE) },
        )
    }

    /// Adds an element.
    #[method("add(self, object, /)")]
    fn add_method(vm: &Vm, this: &Value, object: &Value) -> PyResult {
        add(vm, this, object)
    }

    /// Removes an element; raises KeyError if it is not there.
    #[method("remove(self, object, /)")]
    fn remove(vm: &Vm, this: &Value, object: &Value) -> PyResult {
        discard(vm, this, object, |vm, key, found| if found { Ok(Value::NONE) } else { Err(vm.key_error(key.clone())) })
    }

    /// Removes an element if it is there.
    #[method("discard(self, object, /)")]
    fn discard(vm: &Vm, this: &Value, object: &Value) -> PyResult {
        discard(vm, this, object, |_vm, _key, _found| Ok(Value::NONE))
    }

    /// Removes some element and returns it; raises KeyError if there is none.
    #[method("pop(self, /)")]
    fn pop(vm: &Vm, this: &Set) -> PyResult {
        this.table.borrow_mut().pop().ok_or_else(|| vm.key_error(Value::from_str("pop from an empty set")))
    }

    /// Removes all elements.
    #[method("clear(self, /)")]
    fn clear(this: &Set) {
        let old = this.table.borrow_mut().clear();
        drop(old);
    }

    /// A shallow copy.
    #[method("copy(self, /)")]
    fn copy(vm: &Vm, this: &Value) -> PyResult {
        method(vm, Operation::Union, this, &[])
    }

    /// The elements of the set and of all others.
    #[method("union(self, *others)")]
    fn union(vm: &Vm, this: &Value, others: &[Value]) -> PyResult {
        method(vm, Operation::Union, this, others)
    }

    /// The elements that the set and all others have.
    #[method("intersection(self, *others)")]
    fn intersection(vm: &Vm, this: &Value, others: &[Value]) -> PyResult {
        method(vm, Operation::Intersection, this, others)
    }

    /// The elements of the set that none of the others has.
    #[method("difference(self, *others)")]
    fn difference(vm: &Vm, this: &Value, others: &[Value]) -> PyResult {
        method(vm, Operation::Difference, this, others)
    }

    /// The elements of exactly one of the two sets.
    #[method("symmetric_difference(self, other, /)")]
    fn symmetric_difference(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        method(vm, Operation::SymmetricDifference, this, std::slice::from_ref(other))
    }

    /// Adds the elements of all others.
    #[method("update(self, *others)")]
    fn update_method(vm: &Vm, this: &Value, others: &[Value]) -> PyResult {
        inplace_method(vm, Operation::Union, this, others)
    }

    /// Keeps the elements that all others have.
    #[method("intersection_update(self, *others)")]
    fn intersection_update(vm: &Vm, this: &Value, others: &[Value]) -> PyResult {
        inplace_method(vm, Operation::Intersection, this, others)
    }

    /// Removes the elements of all others.
    #[method("difference_update(self, *others)")]
    fn difference_update(vm: &Vm, this: &Value, others: &[Value]) -> PyResult {
        inplace_method(vm, Operation::Difference, this, others)
    }

    /// Keeps the elements of exactly one of the two sets.
    #[method("symmetric_difference_update(self, other, /)")]
    fn symmetric_difference_update(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        inplace_method(vm, Operation::SymmetricDifference, this, std::slice::from_ref(other))
    }

    /// Whether the other contains every element.
    #[method("issubset(self, other, /)")]
    fn issubset(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        ask(vm, Question::Subset, this, other)
    }

    /// Whether the set contains every element of the other.
    #[method("issuperset(self, other, /)")]
    fn issuperset(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        ask(vm, Question::Superset, this, other)
    }

    /// Whether the two have no element in common.
    #[method("isdisjoint(self, other, /)")]
    fn isdisjoint(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        ask(vm, Question::Disjoint, this, other)
    }

    /// Pickling support.
    #[method("__reduce__(self, /)")]
    async fn reduce(vm: VmRef, this: Value) -> PyResult {
        reduce(vm, this).await
    }

    /// Whether the element is there.
    #[method("__contains__(self, object, /)")]
    fn contains_method(vm: &Vm, this: &Value, object: &Value) -> PyResult {
        contains(vm, this, object)
    }

    /// Size in memory, in bytes.
    #[method("__sizeof__(self, /)")]
    fn sizeof(this: &Set) -> usize {
        200 + this.table.borrow().slots().len() * 16
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
        compare(vm, this, other, op)
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(new_iterator(this))
    }

    #[slot(len)]
    fn length(_vm: &Vm, this: &Set) -> PyResult {
        Ok(Value::from_usize(this.len()))
    }

    #[slot(contains)]
    fn contains(vm: &Vm, this: &Value, key: &Value) -> PyResult {
        contains(vm, this, key)
    }

    #[slot(or)]
    fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        operator(vm, Operation::Union, left, right)
    }

    #[slot(and)]
    fn and(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        operator(vm, Operation::Intersection, left, right)
    }

    #[slot(sub)]
    fn sub(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        operator(vm, Operation::Difference, left, right)
    }

    #[slot(xor)]
    fn xor(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        operator(vm, Operation::SymmetricDifference, left, right)
    }

    #[slot(ior)]
    fn ior(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        inplace_operator(vm, Operation::Union, this, other)
    }

    #[slot(iand)]
    fn iand(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        inplace_operator(vm, Operation::Intersection, this, other)
    }

    #[slot(isub)]
    fn isub(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        inplace_operator(vm, Operation::Difference, this, other)
    }

    #[slot(ixor)]
    fn ixor(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        inplace_operator(vm, Operation::SymmetricDifference, this, other)
    }
}

#[methods]
impl FrozenSet {
    #[new("frozenset(iterable=(), /)")]
    fn new_frozenset(vm: &Vm, cls: Ref<Type>, iterable: Option<Value>) -> PyResult {
        thread_local! {
            static EMPTY: std::cell::OnceCell<Value> = const { std::cell::OnceCell::new() };
        }
        let exact = !cls.has_flag(TypeFlags::HEAP);
        if let Some(iterable) = &iterable
            && exact
            && iterable.downcast_exact::<FrozenSet>().is_some()
        {
            return Ok(iterable.clone());
        }
        let vm_ref = vm.handle();
        vm.start(async move {
            let table = match iterable {
                Some(iterable) => algebra::collect(vm_ref, &iterable).await?,
                None => VmCell::new(SetTable::default()),
            };
            let frozen = FrozenSet { table, hash: Cell::new(0) };
            if exact && frozen.table.borrow().is_empty() {
                return Ok(EMPTY.with(|empty| empty.get_or_init(|| frozen.into_value()).clone()));
            }
            Ok(allocate(&cls, frozen))
        })
    }

    /// The same frozenset, or a shallow copy of an instance of a subclass.
    #[method("copy(self, /)")]
    fn copy(vm: &Vm, this: &Value) -> PyResult {
        method(vm, Operation::Union, this, &[])
    }

    /// The elements of the set and of all others.
    #[method("union(self, *others)")]
    fn union(vm: &Vm, this: &Value, others: &[Value]) -> PyResult {
        method(vm, Operation::Union, this, others)
    }

    /// The elements that the set and all others have.
    #[method("intersection(self, *others)")]
    fn intersection(vm: &Vm, this: &Value, others: &[Value]) -> PyResult {
        method(vm, Operation::Intersection, this, others)
    }

    /// The elements of the set that none of the others has.
    #[method("difference(self, *others)")]
    fn difference(vm: &Vm, this: &Value, others: &[Value]) -> PyResult {
        method(vm, Operation::Difference, this, others)
    }

    /// The elements of exactly one of the two sets.
    #[method("symmetric_difference(self, other, /)")]
    fn symmetric_difference(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        method(vm, Operation::SymmetricDifference, this, std::slice::from_ref(other))
    }

    /// Whether the other contains every element.
    #[method("issubset(self, other, /)")]
    fn issubset(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        ask(vm, Question::Subset, this, other)
    }

    /// Whether the set contains every element of the other.
    #[method("issuperset(self, other, /)")]
    fn issuperset(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        ask(vm, Question::Superset, this, other)
    }

    /// Whether the two have no element in common.
    #[method("isdisjoint(self, other, /)")]
    fn isdisjoint(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        ask(vm, Question::Disjoint, this, other)
    }

    /// Pickling support.
    #[method("__reduce__(self, /)")]
    async fn reduce(vm: VmRef, this: Value) -> PyResult {
        reduce(vm, this).await
    }

    /// Whether the element is there.
    #[method("__contains__(self, object, /)")]
    fn contains_method(vm: &Vm, this: &Value, object: &Value) -> PyResult {
        contains(vm, this, object)
    }

    /// Size in memory, in bytes.
    #[method("__sizeof__(self, /)")]
    fn sizeof(this: &FrozenSet) -> usize {
        200 + this.table.borrow().slots().len() * 16
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

    #[slot(hash)]
    fn hash(_vm: &Vm, this: &FrozenSet) -> PyResult {
        Ok(Value::from_i64(this.compute_hash() as i64))
    }

    #[slot(compare)]
    fn compare(vm: &Vm, this: &Value, other: &Value, op: CompareOp) -> PyResult {
        compare(vm, this, other, op)
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(new_iterator(this))
    }

    #[slot(len)]
    fn length(_vm: &Vm, this: &FrozenSet) -> PyResult {
        Ok(Value::from_usize(this.table.borrow().len()))
    }

    #[slot(contains)]
    fn contains(vm: &Vm, this: &Value, key: &Value) -> PyResult {
        contains(vm, this, key)
    }

    #[slot(or)]
    fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        operator(vm, Operation::Union, left, right)
    }

    #[slot(and)]
    fn and(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        operator(vm, Operation::Intersection, left, right)
    }

    #[slot(sub)]
    fn sub(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        operator(vm, Operation::Difference, left, right)
    }

    #[slot(xor)]
    fn xor(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        operator(vm, Operation::SymmetricDifference, left, right)
    }
}
