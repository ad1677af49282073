//! `deque`.

use std::cell::Cell;
use std::collections::VecDeque;

use snakelet_macros::{methods, native_type};
use snakelet_vm::native::{Clamped, Native};
use snakelet_vm::object::instance;
use snakelet_vm::types::slots::CompareOp;
use snakelet_vm::types::typeobject::Type;
use snakelet_vm::{PyResult, Ref, Value, Vm, VmCell, VmRef};

/// The payload of deques.
#[native_type(
    name = "deque",
    module = "collections",
    doc = "A list-like sequence optimized for data accesses near its endpoints.",
    flags(subclassable, sequence, weak_references)
)]
pub struct Deque {
    items: VmCell<VecDeque<Value>>,
    maximum: Cell<Option<usize>>,
    /// Changes with every change of the length.
    version: Cell<u64>,
}

/// The payload of deques' iterators.
#[native_type(name = "_deque_iterator", module = "_collections")]
pub struct DequeIterator {
    deque: Ref<Deque>,
    at: Cell<usize>,
    reversed: bool,
    version: u64,
}

impl Deque {
    fn changed(&self) {
        self.version.set(self.version.get() + 1);
    }

    fn reserve(&self, vm: &Vm) -> PyResult<()> {
        let items = self.items.borrow_mut();
        if items.len() == items.capacity() {
            vm.check_memory(items.len() * 8)?;
            items.try_reserve(1).map_err(|_| vm.memory_error())?;
        }
        Ok(())
    }

    /// Adds at the right end; what falls out at the left is dropped.
    fn push_back(&self, vm: &Vm, item: Value) -> PyResult<()> {
        self.reserve(vm)?;
        self.changed();
        self.items.borrow_mut().push_back(item);
        if self.maximum.get().is_some_and(|maximum| self.items.borrow().len() > maximum) {
            drop(self.items.borrow_mut().pop_front());
        }
        Ok(())
    }

    fn push_front(&self, vm: &Vm, item: Value) -> PyResult<()> {
        self.reserve(vm)?;
        self.changed();
        self.items.borrow_mut().push_front(item);
        if self.maximum.get().is_some_and(|maximum| self.items.borrow().len() > maximum) {
            drop(self.items.borrow_mut().pop_back());
        }
        Ok(())
    }

    fn snapshot(&self) -> Vec<Value> {
        self.items.borrow().iter().cloned().collect()
    }

    fn empty_like(vm: &Vm, this: &Value, maximum: Option<usize>) -> PyResult {
        let class = vm.class_of(this);
        let payload = Deque { items: VmCell::default(), maximum: Cell::new(maximum), version: Cell::new(0) };
        vm.new_instance(class.as_value(), payload)
    }

    fn index(&self, vm: &Vm, index: isize) -> PyResult<usize> {
        let length = self.items.borrow().len() as isize;
        let at = if index < 0 { index + length } else { index };
        if (0..length).contains(&at) { Ok(at as usize) } else { Err(vm.index_error("deque index out of range")) }
    }
}

async fn extend(vm: &Vm, this: &Ref<Deque>, iterable: &Value, left: bool) -> PyResult<()> {
    let source = if iterable.is(this.as_value()) { Value::from_list(this.snapshot()) } else { iterable.clone() };
    let iterator = vm.iter(&source).await?;
    while let Some(item) = vm.next(&iterator).await? {
        if left {
            this.push_front(vm, item)?
        } else {
            this.push_back(vm, item)?
        }
        vm.breathe(1).await?;
    }
    Ok(())
}

#[methods]
impl Deque {
    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, args: snakelet_vm::native::Args<'_>) -> PyResult {
        let _ = args;
        vm.new_instance(cls, Deque { items: VmCell::default(), maximum: Cell::new(None), version: Cell::new(0) })
    }

    #[init("deque(self, iterable=<unrepresentable>, maxlen=<unrepresentable>)", text = "([iterable[, maxlen]])")]
    async fn init(vm: VmRef, this: Ref<Deque>, iterable: Option<Value>, maxlen: Option<Value>) -> PyResult<()> {
        let maximum = match maxlen.filter(|maxlen| !maxlen.is_none()) {
            None => None,
            Some(maxlen) if !maxlen.is_int() => return Err(vm.type_error("an integer is required")),
            Some(maxlen) => match maxlen.to_i64().map(usize::try_from) {
                Some(Ok(maxlen)) => Some(maxlen),
                _ => return Err(vm.value_error("maxlen must be non-negative")),
            },
        };
        this.maximum.set(maximum);
        this.items.take();
        this.changed();
        match iterable {
            Some(iterable) => extend(&vm, &this, &iterable, false).await,
            None => Ok(()),
        }
    }

    /// Add an element to the right side of the deque.
    #[method("append(self, item, /)")]
    fn append(vm: &Vm, this: &Deque, item: Value) -> PyResult<()> {
        this.push_back(vm, item)
    }

    /// Add an element to the left side of the deque.
    #[method("appendleft(self, item, /)")]
    fn appendleft(vm: &Vm, this: &Deque, item: Value) -> PyResult<()> {
        this.push_front(vm, item)
    }

    /// Remove and return the rightmost element.
    #[method("pop(self, /)")]
    fn pop(vm: &Vm, this: &Deque) -> PyResult {
        this.changed();
        this.items.borrow_mut().pop_back().ok_or_else(|| vm.index_error("pop from an empty deque"))
    }

    /// Remove and return the leftmost element.
    #[method("popleft(self, /)")]
    fn popleft(vm: &Vm, this: &Deque) -> PyResult {
        this.changed();
        this.items.borrow_mut().pop_front().ok_or_else(|| vm.index_error("pop from an empty deque"))
    }

    /// Extend the right side of the deque with elements from the iterable.
    #[method("extend(self, iterable, /)")]
    async fn extend(vm: VmRef, this: Ref<Deque>, iterable: Value) -> PyResult<()> {
        extend(&vm, &this, &iterable, false).await
    }

    /// Extend the left side of the deque with elements from the iterable.
    #[method("extendleft(self, iterable, /)")]
    async fn extendleft(vm: VmRef, this: Ref<Deque>, iterable: Value) -> PyResult<()> {
        extend(&vm, &this, &iterable, true).await
    }

    /// Remove all elements from the deque.
    #[method("clear(self, /)")]
    fn clear(this: &Deque) {
        this.changed();
        drop(this.items.take());
    }

    /// Rotate the deque n steps to the right.  If n is negative, rotates left.
    #[method("rotate(self, n=1, /)")]
    fn rotate(this: &Deque, n: isize) {
        let items = this.items.borrow_mut();
        if !items.is_empty() {
            let steps = n.rem_euclid(items.len() as isize) as usize;
            items.rotate_right(steps);
            this.version.set(this.version.get() + 1);
        }
    }

    /// Reverse *IN PLACE*.
    #[method("reverse(self, /)")]
    fn reverse(this: &Deque) {
        this.items.borrow_mut().make_contiguous().reverse();
    }

    /// Return number of occurrences of value.
    #[method("count(self, value, /)")]
    async fn count(vm: VmRef, this: Ref<Deque>, value: Value) -> PyResult<usize> {
        let (version, mut count) = (this.version.get(), 0);
        for item in this.snapshot() {
            count += vm.eq(&item, &value).await? as usize;
            if this.version.get() != version {
                return Err(vm.runtime_error("deque mutated during iteration"));
            }
        }
        Ok(count)
    }

    /// Return first index of value.
    #[method("index(self, value, start=0, stop=sys.maxsize, /)", text = none)]
    async fn index_of(
        vm: VmRef,
        this: Ref<Deque>,
        value: Value,
        start: Option<Clamped>,
        stop: Option<Clamped>,
    ) -> PyResult<usize> {
        let length = this.items.borrow().len() as isize;
        let clip = |at: isize| if at < 0 { at.saturating_add(length).max(0) } else { at.min(length) };
        let version = this.version.get();
        for at in start.map_or(0, |start| clip(start.0))..stop.map_or(length, |stop| clip(stop.0)) {
            let Some(item) = this.items.borrow().get(at as usize).cloned() else { break };
            if vm.eq(&item, &value).await? {
                return Ok(at as usize);
            }
            if this.version.get() != version {
                return Err(vm.runtime_error("deque mutated during iteration"));
            }
        }
        let shown = vm.repr(&value).await?.to_string_lossy();
        Err(vm.value_error(format!("{shown} is not in deque")))
    }

    /// Remove first occurrence of value.
    #[method("remove(self, value, /)")]
    async fn remove(vm: VmRef, this: Ref<Deque>, value: Value) -> PyResult<()> {
        let version = this.version.get();
        for (at, item) in this.snapshot().into_iter().enumerate() {
            let equal = vm.eq(&item, &value).await?;
            if this.version.get() != version {
                return Err(vm.index_error("deque mutated during remove()."));
            }
            if equal {
                this.changed();
                drop(this.items.borrow_mut().remove(at));
                return Ok(());
            }
        }
        Err(vm.value_error("deque.remove(x): x not in deque"))
    }

    /// Insert value before index.
    #[method("insert(self, index, value, /)")]
    fn insert(vm: &Vm, this: &Deque, index: isize, value: Value) -> PyResult<()> {
        let length = this.items.borrow().len();
        if this.maximum.get() == Some(length) {
            return Err(vm.index_error("deque already at its maximum size"));
        }
        this.reserve(vm)?;
        this.changed();
        let at = if index < 0 { (index + length as isize).max(0) as usize } else { (index as usize).min(length) };
        this.items.borrow_mut().insert(at, value);
        Ok(())
    }

    /// Return a shallow copy of a deque.
    #[method("copy(self, /)")]
    fn copy(vm: &Vm, this: &Value) -> PyResult {
        let Some(old) = this.downcast::<Deque>() else { return Ok(Value::NONE) };
        let made = Deque::empty_like(vm, this, old.maximum.get())?;
        if let Some(new) = made.downcast::<Deque>() {
            new.items.set(old.items.borrow().clone());
        }
        Ok(made)
    }

    #[method("__copy__(self, /)")]
    fn copy_protocol(vm: &Vm, this: &Value) -> PyResult {
        Deque::copy(vm, this)
    }

    #[method("__reversed__(self, /)")]
    fn reversed(this: Ref<Deque>) -> Value {
        let (version, length) = (this.version.get(), this.items.borrow().len());
        DequeIterator { deque: this, at: Cell::new(length), reversed: true, version }.into_value()
    }

    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: Ref<Deque>) -> Value {
        let class = vm.class_of(this.as_value()).into_value();
        let header = this.as_value().header().filter(|_| vm.type_of(this.as_value()).has_dict());
        let state = header.filter(|header| instance::len(header) > 0).map(|header| instance::dict(header).into_value());
        let args = match this.maximum.get() {
            Some(maximum) => vec![Value::from_tuple(Vec::new()), Value::from_usize(maximum)],
            None => Vec::new(),
        };
        let version = this.version.get();
        let items = DequeIterator { deque: this, at: Cell::new(0), reversed: false, version }.into_value();
        Value::from_tuple(vec![class, Value::from_tuple(args), state.unwrap_or_default(), items])
    }

    /// maximum size of a deque or None if unbounded
    #[getter("maxlen")]
    fn maxlen(this: &Deque) -> Option<usize> {
        this.maximum.get()
    }

    #[slot(len)]
    fn len(this: &Deque) -> usize {
        this.items.borrow().len()
    }

    #[slot(bool)]
    fn bool(this: &Deque) -> bool {
        !this.items.borrow().is_empty()
    }

    #[slot(iter)]
    fn iter(vm: &Vm, this: &Value) -> PyResult {
        let Some(deque) = this.to_ref::<Deque>() else { return Err(vm.type_error("not a deque")) };
        let version = deque.version.get();
        Ok(DequeIterator { deque, at: Cell::new(0), reversed: false, version }.into_value())
    }

    #[slot(contains)]
    async fn contains(vm: VmRef, this: Ref<Deque>, value: Value) -> PyResult<bool> {
        let version = this.version.get();
        for item in this.snapshot() {
            if vm.eq(&item, &value).await? {
                return Ok(true);
            }
            if this.version.get() != version {
                return Err(vm.runtime_error("deque mutated during iteration"));
            }
        }
        Ok(false)
    }

    #[slot(getitem)]
    fn getitem(vm: &Vm, this: &Value, key: &Value) -> PyResult {
        let Some(deque) = this.to_ref::<Deque>() else { return Ok(Value::NONE) };
        if let Some(index) = key.as_small_int() {
            let at = deque.index(vm, index as isize)?;
            return Ok(deque.items.borrow()[at].clone());
        }
        let (vm_ref, key) = (vm.handle(), key.clone());
        vm.start(async move {
            let at = position(&vm_ref, &deque, &key).await?;
            Ok(deque.items.borrow()[at].clone())
        })
    }

    #[slot(setitem)]
    async fn setitem(vm: VmRef, this: Ref<Deque>, key: Value, value: Option<Value>) -> PyResult<()> {
        let at = position(&vm, &this, &key).await?;
        let old = match value {
            Some(value) => Some(std::mem::replace(&mut this.items.borrow_mut()[at], value)),
            None => {
                this.changed();
                this.items.borrow_mut().remove(at)
            }
        };
        drop(old);
        Ok(())
    }

    #[slot(concat)]
    async fn concat(vm: VmRef, this: Value, other: Value) -> PyResult {
        let Some(other) = other.to_ref::<Deque>() else {
            let got = vm.type_name(&other);
            return Err(vm.type_error(format!("can only concatenate deque (not \"{got}\") to deque")));
        };
        let made = Deque::copy(&vm, &this)?;
        if let Some(new) = made.to_ref::<Deque>() {
            extend(&vm, &new, other.as_value(), false).await?;
        }
        Ok(made)
    }

    #[slot(inplace_concat)]
    async fn inplace_concat(vm: VmRef, this: Value, other: Value) -> PyResult {
        if let Some(deque) = this.to_ref::<Deque>() {
            extend(&vm, &deque, &other, false).await?;
        }
        Ok(this)
    }

    #[slot(repeat)]
    async fn repeat(vm: VmRef, this: Value, count: Value) -> PyResult {
        let count = vm.to_index_isize(&count).await?.max(0);
        let Some(old) = this.to_ref::<Deque>() else { return Ok(Value::NONE) };
        let made = Deque::empty_like(&vm, &this, old.maximum.get())?;
        let items = old.snapshot();
        if let Some(new) = made.downcast::<Deque>() {
            for _ in 0..count {
                for item in &items {
                    new.push_back(&vm, item.clone())?;
                }
                vm.breathe(items.len() as u32).await?;
            }
        }
        Ok(made)
    }

    #[slot(compare)]
    fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let (Some(a), Some(b)) = (left.downcast::<Deque>(), right.downcast::<Deque>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        // Lists compare the same way.
        vm.rich_compare(&Value::from_list(a.snapshot()), &Value::from_list(b.snapshot()), op)
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Value) -> PyResult<String> {
        let class: Ref<Type> = vm.class_of(&this);
        let Some(deque) = this.to_ref::<Deque>() else { return Ok(String::new()) };
        let name = class.name();
        let mut shown = "[".to_string();
        for (at, item) in deque.snapshot().into_iter().enumerate() {
            if at > 0 {
                shown.push_str(", ");
            }
            if item.is(&this) {
                shown.push_str("[...]");
            } else {
                shown.push_str(&vm.repr(&item).await?.to_string_lossy());
            }
        }
        Ok(match deque.maximum.get() {
            Some(maximum) => format!("{name}({shown}], maxlen={maximum})"),
            None => format!("{name}({shown}])"),
        })
    }

    #[classmethod("__class_getitem__(cls, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        snakelet_vm::types::generic_alias::alias(cls, object)
    }
}

async fn position(vm: &Vm, this: &Ref<Deque>, key: &Value) -> PyResult<usize> {
    if !key.is_int() && vm.type_of(key).slots().index.is_none() {
        let got = vm.type_name(key);
        return Err(vm.type_error(format!("sequence index must be integer, not '{got}'")));
    }
    let index = vm.to_index_isize(key).await?;
    this.index(vm, index)
}

#[methods]
impl DequeIterator {
    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &Value) -> PyResult {
        let Some(iterator) = this.downcast::<DequeIterator>() else { return Ok(Value::UNBOUND) };
        let items = iterator.deque.items.borrow();
        let at = iterator.at.get();
        let place = if iterator.reversed { at.checked_sub(1) } else { Some(at) };
        if iterator.deque.version.get() != iterator.version {
            iterator.at.set(if iterator.reversed { 0 } else { usize::MAX });
            return Err(vm.runtime_error("deque mutated during iteration"));
        }
        match place.and_then(|place| items.get(place)) {
            Some(item) => {
                iterator.at.set(if iterator.reversed { at - 1 } else { at + 1 });
                Ok(item.clone())
            }
            None => Ok(Value::UNBOUND),
        }
    }

    #[method("__length_hint__(self, /)")]
    fn length_hint(this: &DequeIterator) -> usize {
        let length = this.deque.items.borrow().len();
        if this.reversed { this.at.get() } else { length.saturating_sub(this.at.get()) }
    }
}
