//! Iterators over one or several others.

use std::cell::Cell;

use snakelet_macros::{methods, native_type};
use snakelet_vm::native::Native;
use snakelet_vm::protocol::BinaryOp;
use snakelet_vm::{PyResult, Ref, Value, Vm, VmCell, VmRef};

use super::Link;

/// The payload of `chain`.
#[native_type(
    name = "chain",
    module = "itertools",
    doc = "Return a chain object whose .__next__() method returns elements from the first iterable until it is exhausted, then elements from the next iterable, until all of the iterables are exhausted.",
    flags(subclassable)
)]
pub struct Chain {
    /// An iterator of the iterables; None at the end.
    source: VmCell<Value>,
    /// The iterator in use, or None.
    active: VmCell<Value>,
}

#[methods]
impl Chain {
    #[new("chain(*iterables)", text = none)]
    async fn new(vm: VmRef, cls: Value, iterables: Vec<Value>) -> PyResult {
        let source = vm.iter(&Value::from_tuple(iterables)).await?;
        vm.new_instance(&cls, Chain { source: VmCell::new(source), active: VmCell::default() })
    }

    /// Alternative chain() constructor taking a single iterable argument that evaluates lazily.
    #[classmethod("from_iterable(cls, iterable, /)")]
    async fn from_iterable(vm: VmRef, cls: Value, iterable: Value) -> PyResult {
        let source = vm.iter(&iterable).await?;
        vm.new_instance(&cls, Chain { source: VmCell::new(source), active: VmCell::default() })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    async fn next(vm: VmRef, this: Ref<Chain>) -> PyResult {
        loop {
            let active = this.active.get();
            if !active.is_none() {
                if let Some(item) = vm.next(&active).await? {
                    return Ok(item);
                }
                this.active.set(Value::NONE);
            }
            let source = this.source.get();
            if source.is_none() {
                return Ok(Value::UNBOUND);
            }
            match vm.next(&source).await {
                Ok(Some(iterable)) => {
                    let iterator = vm.iter(&iterable).await?;
                    this.active.set(iterator);
                }
                Ok(None) => this.source.set(Value::NONE),
                Err(raised) => {
                    this.source.set(Value::NONE);
                    return Err(raised);
                }
            }
        }
    }

    #[classmethod("__class_getitem__(cls, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        snakelet_vm::types::generic_alias::alias(cls, object)
    }
}

/// The payload of `compress`.
#[native_type(
    name = "compress",
    module = "itertools",
    doc = "Return data elements corresponding to true selector elements.",
    flags(subclassable)
)]
pub struct Compress {
    data: Value,
    selectors: Value,
}

#[methods]
impl Compress {
    #[new("compress(data, selectors)")]
    async fn new(vm: VmRef, cls: Value, data: Value, selectors: Value) -> PyResult {
        let (data, selectors) = (vm.iter(&data).await?, vm.iter(&selectors).await?);
        vm.new_instance(&cls, Compress { data, selectors })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    async fn next(vm: VmRef, this: Ref<Compress>) -> PyResult {
        loop {
            let (Some(item), Some(selector)) = (vm.next(&this.data).await?, vm.next(&this.selectors).await?) else {
                return Ok(Value::UNBOUND);
            };
            if vm.truth(&selector).await? {
                return Ok(item);
            }
            vm.breathe(1).await?;
        }
    }
}

/// The payload of `takewhile`.
#[native_type(
    name = "takewhile",
    module = "itertools",
    doc = "Return successive entries from an iterable as long as the predicate evaluates to true for each entry.",
    flags(subclassable)
)]
pub struct TakeWhile {
    predicate: Value,
    iterator: Value,
    stopped: Cell<bool>,
}

#[methods]
impl TakeWhile {
    #[new("takewhile(predicate, iterable, /)")]
    async fn new(vm: VmRef, cls: Value, predicate: Value, iterable: Value) -> PyResult {
        let iterator = vm.iter(&iterable).await?;
        vm.new_instance(&cls, TakeWhile { predicate, iterator, stopped: Cell::new(false) })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    async fn next(vm: VmRef, this: Ref<TakeWhile>) -> PyResult {
        if this.stopped.get() {
            return Ok(Value::UNBOUND);
        }
        let Some(item) = vm.next(&this.iterator).await? else { return Ok(Value::UNBOUND) };
        let answer = vm.call(&this.predicate, vec![item.clone()]).await?;
        if vm.truth(&answer).await? {
            return Ok(item);
        }
        this.stopped.set(true);
        Ok(Value::UNBOUND)
    }
}

/// The payload of `dropwhile`.
#[native_type(
    name = "dropwhile",
    module = "itertools",
    doc = "Drop items from the iterable while predicate(item) is true.\n\nAfterwards, return every element until the iterable is exhausted.",
    flags(subclassable)
)]
pub struct DropWhile {
    predicate: Value,
    iterator: Value,
    started: Cell<bool>,
}

#[methods]
impl DropWhile {
    #[new("dropwhile(predicate, iterable, /)")]
    async fn new(vm: VmRef, cls: Value, predicate: Value, iterable: Value) -> PyResult {
        let iterator = vm.iter(&iterable).await?;
        vm.new_instance(&cls, DropWhile { predicate, iterator, started: Cell::new(false) })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    async fn next(vm: VmRef, this: Ref<DropWhile>) -> PyResult {
        loop {
            let Some(item) = vm.next(&this.iterator).await? else { return Ok(Value::UNBOUND) };
            if this.started.get() {
                return Ok(item);
            }
            let answer = vm.call(&this.predicate, vec![item.clone()]).await?;
            if !vm.truth(&answer).await? {
                this.started.set(true);
                return Ok(item);
            }
            vm.breathe(1).await?;
        }
    }
}

/// The payload of `filterfalse`.
#[native_type(
    name = "filterfalse",
    module = "itertools",
    doc = "Return those items of iterable for which function(item) is false.\n\nIf function is None, return the items that are false.",
    flags(subclassable)
)]
pub struct FilterFalse {
    predicate: Value,
    iterator: Value,
}

#[methods]
impl FilterFalse {
    #[new("filterfalse(function, iterable, /)")]
    async fn new(vm: VmRef, cls: Value, function: Value, iterable: Value) -> PyResult {
        let iterator = vm.iter(&iterable).await?;
        vm.new_instance(&cls, FilterFalse { predicate: function, iterator })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    async fn next(vm: VmRef, this: Ref<FilterFalse>) -> PyResult {
        loop {
            let Some(item) = vm.next(&this.iterator).await? else { return Ok(Value::UNBOUND) };
            let answer = if this.predicate.is_none() {
                item.clone()
            } else {
                vm.call(&this.predicate, vec![item.clone()]).await?
            };
            if !vm.truth(&answer).await? {
                return Ok(item);
            }
            vm.breathe(1).await?;
        }
    }
}

/// The payload of `starmap`.
#[native_type(
    name = "starmap",
    module = "itertools",
    doc = "Return an iterator whose values are returned from the function evaluated with an argument tuple taken from the given sequence.",
    flags(subclassable)
)]
pub struct StarMap {
    function: Value,
    iterator: Value,
}

#[methods]
impl StarMap {
    #[new("starmap(function, iterable, /)")]
    async fn new(vm: VmRef, cls: Value, function: Value, iterable: Value) -> PyResult {
        let iterator = vm.iter(&iterable).await?;
        vm.new_instance(&cls, StarMap { function, iterator })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    async fn next(vm: VmRef, this: Ref<StarMap>) -> PyResult {
        let Some(args) = vm.next(&this.iterator).await? else { return Ok(Value::UNBOUND) };
        let args = vm.collect(&args).await?;
        vm.call(&this.function, args).await
    }
}

/// The payload of `islice`.
#[native_type(
    name = "islice",
    module = "itertools",
    doc = "islice(iterable, stop) --> islice object\nislice(iterable, start, stop[, step]) --> islice object\n\nReturn an iterator whose next() method returns selected values from an iterable.",
    flags(subclassable)
)]
pub struct ISlice {
    /// None once all is taken.
    iterator: VmCell<Value>,
    /// Index of the next item to hand out.
    next: Cell<usize>,
    stop: Option<usize>,
    step: usize,
    /// Items consumed.
    count: Cell<usize>,
}

#[methods]
impl ISlice {
    #[new("islice(iterable, a, b=<unrepresentable>, c=<unrepresentable>, /)", text = none)]
    async fn new(vm: VmRef, cls: Value, iterable: Value, a: Value, b: Option<Value>, c: Option<Value>) -> PyResult {
        let alone = b.is_none();
        let (start, stop) = match b {
            None => (Value::NONE, a),
            Some(b) => (a, b),
        };
        let number = async |value: &Value| -> Result<Option<usize>, ()> {
            if value.is_none() {
                return Ok(None);
            }
            match vm.index(value).await {
                Ok(index) => index.to_i64().and_then(|index| usize::try_from(index).ok()).map(Some).ok_or(()),
                Err(_) => {
                    drop(vm.take_raised());
                    Err(())
                }
            }
        };
        let Ok(stop) = number(&stop).await else {
            return Err(vm.value_error(if alone {
                "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize."
            } else {
                "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize."
            }));
        };
        let Ok(start) = number(&start).await else {
            return Err(vm.value_error("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize."));
        };
        let step = match number(&c.unwrap_or_default()).await {
            Ok(None) => 1,
            Ok(Some(step)) if step > 0 => step,
            _ => return Err(vm.value_error("Step for islice() must be a positive integer or None.")),
        };
        let iterator = VmCell::new(vm.iter(&iterable).await?);
        let next = Cell::new(start.unwrap_or(0));
        vm.new_instance(&cls, ISlice { iterator, next, stop, step, count: Cell::new(0) })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    async fn next(vm: VmRef, this: Ref<ISlice>) -> PyResult {
        let iterator = this.iterator.get();
        if iterator.is_none() {
            return Ok(Value::UNBOUND);
        }
        let end = this.stop.unwrap_or(usize::MAX);
        let wanted = this.next.get().min(end);
        while this.count.get() < wanted {
            this.count.set(this.count.get() + 1);
            if vm.next(&iterator).await?.is_none() {
                this.iterator.set(Value::NONE);
                return Ok(Value::UNBOUND);
            }
            vm.breathe(1).await?;
        }
        if this.count.get() >= end {
            this.iterator.set(Value::NONE);
            return Ok(Value::UNBOUND);
        }
        this.count.set(this.count.get() + 1);
        match vm.next(&iterator).await? {
            Some(item) => {
                this.next.set(wanted.saturating_add(this.step));
                Ok(item)
            }
            None => {
                this.iterator.set(Value::NONE);
                Ok(Value::UNBOUND)
            }
        }
    }
}

/// The payload of `accumulate`.
#[native_type(
    name = "accumulate",
    module = "itertools",
    doc = "Return series of accumulated sums.",
    flags(subclassable)
)]
pub struct Accumulate {
    iterator: Value,
    /// None: addition.
    function: Value,
    /// Unbound before the first value.
    total: VmCell<Value>,
    /// To be handed out first; unbound if there is none.
    initial: VmCell<Value>,
}

#[methods]
impl Accumulate {
    #[new("accumulate(iterable, func=None, *, initial=None)")]
    async fn new(vm: VmRef, cls: Value, iterable: Value, func: Value, initial: Value) -> PyResult {
        let iterator = vm.iter(&iterable).await?;
        let initial = VmCell::new(if initial.is_none() { Value::UNBOUND } else { initial });
        let total = VmCell::new(Value::UNBOUND);
        vm.new_instance(&cls, Accumulate { iterator, function: func, total, initial })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    async fn next(vm: VmRef, this: Ref<Accumulate>) -> PyResult {
        let initial = this.initial.replace(Value::UNBOUND);
        if !initial.is_unbound() {
            this.total.set(initial.clone());
            return Ok(initial);
        }
        let Some(item) = vm.next(&this.iterator).await? else { return Ok(Value::UNBOUND) };
        let total = this.total.get();
        let total = if total.is_unbound() {
            item
        } else if this.function.is_none() {
            let sum = vm.binary(BinaryOp::Add, &total, &item);
            vm.settle(sum).await?
        } else {
            vm.call(&this.function, vec![total, item]).await?
        };
        this.total.set(total.clone());
        Ok(total)
    }
}

/// The payload of `zip_longest`.
#[native_type(
    name = "zip_longest",
    module = "itertools",
    doc = "Return a zip_longest object whose .__next__() method returns a tuple where the i-th element comes from the i-th iterable argument; shorter ones are filled up with fillvalue.",
    flags(subclassable)
)]
pub struct ZipLongest {
    /// None where one has ended.
    iterators: VmCell<Vec<Value>>,
    fill: Value,
}

#[methods]
impl ZipLongest {
    #[new("zip_longest(*iterables, fillvalue=None)", text = none)]
    async fn new(vm: VmRef, cls: Value, iterables: Vec<Value>, fillvalue: Value) -> PyResult {
        let mut iterators = Vec::with_capacity(iterables.len());
        for iterable in &iterables {
            iterators.push(vm.iter(iterable).await?);
        }
        vm.new_instance(&cls, ZipLongest { iterators: VmCell::new(iterators), fill: fillvalue })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    async fn next(vm: VmRef, this: Ref<ZipLongest>) -> PyResult {
        let iterators = this.iterators.get();
        let mut items = vm.vec_with_capacity(iterators.len())?;
        for (index, iterator) in iterators.iter().enumerate() {
            let item = if iterator.is_none() { None } else { vm.next(iterator).await? };
            if item.is_none() {
                let left = this.iterators.borrow_mut();
                left[index] = Value::NONE;
                if left.iter().all(Value::is_none) {
                    return Ok(Value::UNBOUND);
                }
            }
            items.push(item.unwrap_or_else(|| this.fill.clone()));
        }
        Ok(if iterators.is_empty() { Value::UNBOUND } else { Value::from_tuple(items) })
    }
}

/// The payload of `pairwise`.
#[native_type(
    name = "pairwise",
    module = "itertools",
    doc = "Return an iterator of overlapping pairs taken from the input iterator.",
    flags(subclassable)
)]
pub struct Pairwise {
    iterator: Value,
    /// Unbound before the first.
    old: VmCell<Value>,
}

#[methods]
impl Pairwise {
    #[new("pairwise(iterable, /)")]
    async fn new(vm: VmRef, cls: Value, iterable: Value) -> PyResult {
        let iterator = vm.iter(&iterable).await?;
        vm.new_instance(&cls, Pairwise { iterator, old: VmCell::new(Value::UNBOUND) })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    async fn next(vm: VmRef, this: Ref<Pairwise>) -> PyResult {
        let mut old = this.old.get();
        if old.is_unbound() {
            match vm.next(&this.iterator).await? {
                Some(first) => old = first,
                None => return Ok(Value::UNBOUND),
            }
            this.old.set(old.clone());
        }
        match vm.next(&this.iterator).await? {
            Some(new) => {
                this.old.set(new.clone());
                Ok(Value::from_tuple(vec![old, new]))
            }
            None => Ok(Value::UNBOUND),
        }
    }
}

/// The payload of `batched`.
#[native_type(
    name = "batched",
    module = "itertools",
    doc = "Batch data into tuples of length n. The last batch may be shorter than n.",
    flags(subclassable)
)]
pub struct Batched {
    iterator: Value,
    size: usize,
    strict: bool,
}

#[methods]
impl Batched {
    #[new("batched(iterable, n, *, strict=False)")]
    async fn new(vm: VmRef, cls: Value, iterable: Value, n: isize, strict: bool) -> PyResult {
        if n < 1 {
            return Err(vm.value_error("n must be at least one"));
        }
        let iterator = vm.iter(&iterable).await?;
        vm.new_instance(&cls, Batched { iterator, size: n as usize, strict })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    async fn next(vm: VmRef, this: Ref<Batched>) -> PyResult {
        let mut items = Vec::new();
        while items.len() < this.size {
            match vm.next(&this.iterator).await? {
                Some(item) => {
                    vm.reserve(&mut items, 1)?;
                    items.push(item);
                }
                None if items.is_empty() => return Ok(Value::UNBOUND),
                None if this.strict => return Err(vm.value_error("batched(): incomplete batch")),
                None => break,
            }
            vm.breathe(1).await?;
        }
        Ok(Value::from_tuple(items))
    }
}

/// The payload of `groupby`.
#[native_type(
    name = "groupby",
    module = "itertools",
    doc = "make an iterator that returns consecutive keys and groups from the iterable",
    flags(subclassable)
)]
pub struct GroupBy {
    iterator: Value,
    key: Value,
    /// Of the group handed out last; unbound before it.
    target_key: VmCell<Value>,
    /// Of the item waiting; unbound if there is none.
    current_key: VmCell<Value>,
    current: VmCell<Value>,
    /// Number of the group handed out last: older ones are exhausted.
    group: Cell<usize>,
}

/// The payload of a group.
#[native_type(name = "_grouper", module = "itertools")]
pub struct Grouper {
    parent: Ref<GroupBy>,
    target_key: Value,
    group: usize,
}

impl GroupBy {
    /// Fetches the next item and its key. False at the end.
    async fn step(vm: &Vm, this: &Ref<GroupBy>) -> PyResult<bool> {
        let Some(item) = vm.next(&this.iterator).await? else { return Ok(false) };
        let key = if this.key.is_none() { item.clone() } else { vm.call(&this.key, vec![item.clone()]).await? };
        this.current.set(item);
        this.current_key.set(key);
        Ok(true)
    }
}

#[methods]
impl GroupBy {
    #[new("groupby(iterable, key=None)")]
    async fn new(vm: VmRef, cls: Value, iterable: Value, key: Value) -> PyResult {
        let unbound = || VmCell::new(Value::UNBOUND);
        let groupby = GroupBy {
            iterator: vm.iter(&iterable).await?,
            key,
            target_key: unbound(),
            current_key: unbound(),
            current: unbound(),
            group: Cell::new(0),
        };
        vm.new_instance(&cls, groupby)
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    async fn next(vm: VmRef, this: Ref<GroupBy>) -> PyResult {
        this.group.set(this.group.get() + 1);
        // Skips what is left of the group before.
        loop {
            let (current, target) = (this.current_key.get(), this.target_key.get());
            if !current.is_unbound() && (target.is_unbound() || !vm.eq(&target, &current).await?) {
                break;
            }
            if !GroupBy::step(&vm, &this).await? {
                return Ok(Value::UNBOUND);
            }
            vm.breathe(1).await?;
        }
        let key = this.current_key.get();
        this.target_key.set(key.clone());
        let grouper = Grouper { target_key: key.clone(), group: this.group.get(), parent: this };
        Ok(Value::from_tuple(vec![key, grouper.into_value()]))
    }
}

#[methods]
impl Grouper {
    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    async fn next(vm: VmRef, this: Ref<Grouper>) -> PyResult {
        let parent = &this.parent;
        if parent.group.get() != this.group {
            return Ok(Value::UNBOUND);
        }
        if parent.current.borrow().is_unbound() && !GroupBy::step(&vm, parent).await? {
            return Ok(Value::UNBOUND);
        }
        let current = parent.current_key.get();
        if !vm.eq(&this.target_key, &current).await? {
            return Ok(Value::UNBOUND);
        }
        Ok(parent.current.replace(Value::UNBOUND))
    }
}

/// The payload of `tee`'s iterators.
#[native_type(
    name = "_tee",
    module = "itertools",
    doc = "Iterator wrapped to make it copyable.",
    flags(subclassable, weak_references)
)]
pub struct Tee {
    link: VmCell<Value>,
}

/// One item of the list that a `tee`'s iterators share.
#[native_type(name = "_tee_dataobject", module = "itertools")]
pub struct TeeLink {
    iterator: Value,
    /// Unbound while it has not been fetched.
    item: VmCell<Value>,
    /// The next link, once the item is there.
    next: VmCell<Value>,
    fetching: Cell<bool>,
}

impl TeeLink {
    fn new(iterator: Value) -> Link {
        let unbound = || VmCell::new(Value::UNBOUND);
        TeeLink { iterator, item: unbound(), next: unbound(), fetching: Cell::new(false) }.into_object()
    }
}

impl Tee {
    /// The first iterator over `iterator`.
    pub fn over(iterator: Value) -> Ref<Tee> {
        Tee { link: VmCell::new(TeeLink::new(iterator).into_value()) }.into_object()
    }

    /// An independent iterator at the same place.
    pub fn duplicate(&self) -> Value {
        Tee { link: VmCell::new(self.link.get()) }.into_value()
    }
}

#[methods]
impl Tee {
    #[new("_tee(iterable, /)", text = none)]
    async fn new(vm: VmRef, cls: Value, iterable: Value) -> PyResult {
        let link = match iterable.downcast::<Tee>() {
            Some(tee) => tee.link.get(),
            None => TeeLink::new(vm.iter(&iterable).await?).into_value(),
        };
        vm.new_instance(&cls, Tee { link: VmCell::new(link) })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    async fn next(vm: VmRef, this: Ref<Tee>) -> PyResult {
        let Some(link) = this.link.get().to_ref::<TeeLink>() else { return Ok(Value::UNBOUND) };
        if link.item.borrow().is_unbound() {
            if link.fetching.replace(true) {
                return Err(vm.runtime_error("cannot re-enter the tee iterator"));
            }
            let item = vm.next(&link.iterator).await;
            link.fetching.set(false);
            let Some(item) = item? else { return Ok(Value::UNBOUND) };
            link.item.set(item);
            link.next.set(TeeLink::new(link.iterator.clone()).into_value());
        }
        this.link.set(link.next.get());
        Ok(link.item.get())
    }

    /// Returns an independent iterator.
    #[method("__copy__(self, /)")]
    fn copy(this: &Tee) -> Value {
        this.duplicate()
    }
}
