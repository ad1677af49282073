//! `count`, `cycle`, `repeat`.

use std::cell::Cell;

use snakelet_macros::{methods, native_type};
use snakelet_vm::protocol::BinaryOp;
use snakelet_vm::{PyResult, Ref, Value, Vm, VmCell, VmRef};

/// The payload of `count`.
#[native_type(
    name = "count",
    module = "itertools",
    doc = "Return a count object whose .__next__() method returns consecutive values.",
    flags(subclassable)
)]
pub struct Count {
    next: VmCell<Value>,
    step: Value,
}

#[methods]
impl Count {
    #[new("count(start=0, step=1)")]
    fn new(vm: &Vm, cls: &Value, start: &Value, step: &Value) -> PyResult {
        for number in [start, step] {
            let slots = vm.type_of(number).slots();
            if slots.float.is_none() && slots.index.is_none() && vm.type_name(number) != "complex" {
                return Err(vm.type_error("a number is required"));
            }
        }
        vm.new_instance(cls, Count { next: VmCell::new(start.clone()), step: step.clone() })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &Value) -> PyResult {
        let Some(count) = this.to_ref::<Count>() else { return Ok(Value::UNBOUND) };
        let current = count.next.get();
        if let Some(next) = Value::add_small_ints(&current, &count.step) {
            count.next.set(next);
            return Ok(current);
        }
        let (vm, sum) = (vm.handle(), vm.binary(BinaryOp::Add, &current, &count.step));
        let sum = vm.settle(sum);
        Err(vm.defer(async move {
            count.next.set(sum.await?);
            Ok(current)
        }))
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Ref<Count>) -> PyResult<String> {
        let next = vm.repr(&this.next.get()).await?.to_string_lossy();
        if this.step.as_small_int() == Some(1) {
            return Ok(format!("count({next})"));
        }
        let step = vm.repr(&this.step).await?.to_string_lossy();
        Ok(format!("count({next}, {step})"))
    }
}

/// The payload of `cycle`.
#[native_type(
    name = "cycle",
    module = "itertools",
    doc = "Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.",
    flags(subclassable)
)]
pub struct Cycle {
    /// None once the first round is over.
    iterator: VmCell<Value>,
    saved: VmCell<Vec<Value>>,
    at: Cell<usize>,
}

#[methods]
impl Cycle {
    #[new("cycle(iterable, /)")]
    async fn new(vm: VmRef, cls: Value, iterable: Value) -> PyResult {
        let iterator = VmCell::new(vm.iter(&iterable).await?);
        vm.new_instance(&cls, Cycle { iterator, saved: VmCell::default(), at: Cell::new(0) })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &Value) -> PyResult {
        let Some(cycle) = this.to_ref::<Cycle>() else { return Ok(Value::UNBOUND) };
        let iterator = cycle.iterator.get();
        if iterator.is_none() {
            return Ok(cycle.again());
        }
        let vm = vm.handle();
        Err(vm.defer(async move {
            match vm.next(&iterator).await? {
                Some(item) => {
                    vm.reserve(cycle.saved.borrow_mut(), 1)?;
                    cycle.saved.borrow_mut().push(item.clone());
                    Ok(item)
                }
                None => {
                    cycle.iterator.set(Value::NONE);
                    Ok(cycle.again())
                }
            }
        }))
    }
}

impl Cycle {
    fn again(&self) -> Value {
        let saved = self.saved.borrow();
        let at = self.at.get();
        match saved.get(at) {
            Some(item) => {
                self.at.set(if at + 1 == saved.len() { 0 } else { at + 1 });
                item.clone()
            }
            None => Value::UNBOUND,
        }
    }
}

/// The payload of `repeat`.
#[native_type(
    name = "repeat",
    module = "itertools",
    doc = "repeat(object [,times]) -> create an iterator which returns the object for the specified number of times.",
    flags(subclassable)
)]
pub struct Repeat {
    object: Value,
    /// `None`: endless.
    left: Cell<Option<usize>>,
}

#[methods]
impl Repeat {
    #[new("repeat(object, times=<unrepresentable>)", text = none)]
    fn new(vm: &Vm, cls: &Value, object: &Value, times: Option<isize>) -> PyResult {
        let left = Cell::new(times.map(|times| times.max(0) as usize));
        vm.new_instance(cls, Repeat { object: object.clone(), left })
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    fn next(this: &Repeat) -> Value {
        match this.left.get() {
            Some(0) => return Value::UNBOUND,
            Some(left) => this.left.set(Some(left - 1)),
            None => {}
        }
        this.object.clone()
    }

    #[method("__length_hint__(self, /)", text = none)]
    fn length_hint(vm: &Vm, this: &Repeat) -> PyResult<usize> {
        this.left.get().ok_or_else(|| vm.type_error("len() of unsized object"))
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Ref<Repeat>) -> PyResult<String> {
        let object = vm.repr(&this.object).await?.to_string_lossy();
        Ok(match this.left.get() {
            Some(left) => format!("repeat({object}, {left})"),
            None => format!("repeat({object})"),
        })
    }
}
