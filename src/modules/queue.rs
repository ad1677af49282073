//! Module `_queue`: `SimpleQueue`, whose getters wait for items of other threads.

use std::collections::VecDeque;

use snakelet_macros::{methods, native_module, native_type};
use snakelet_vm::exec::wait::WaitQueue;
use snakelet_vm::modules::thread::acquire;
use snakelet_vm::native::ModuleDef;
use snakelet_vm::{PyResult, Ref, Value, Vm, VmCell, VmRef};

use crate::support::{ClassConstant, exception, raise};

pub const MODULE: ModuleDef = Queue::MODULE;

/// Declares module `_queue`.
pub struct Queue;

exception!(empty_class, "_queue", "Empty", "Exception raised by Queue.get(block=0)/get_nowait().", Exception);

/// C implementation of the Python queue module.
#[native_module("_queue", doc = "Native parts of module queue.", types = [SimpleQueue])]
impl Queue {
    #[constant("Empty")]
    const EMPTY: ClassConstant = ClassConstant(empty_class);
}

/// The payload of simple queues.
#[native_type(
    name = "SimpleQueue",
    module = "_queue",
    doc = "Simple, unbounded, reentrant FIFO queue.",
    flags(subclassable, weak_references)
)]
pub struct SimpleQueue {
    items: VmCell<VecDeque<Value>>,
    waiting: WaitQueue,
}

impl SimpleQueue {
    fn add(&self, vm: &Vm, item: Value) -> PyResult<()> {
        let items = self.items.borrow_mut();
        items.try_reserve(1).map_err(|_| vm.memory_error())?;
        items.push_back(item);
        self.waiting.wake_one(vm);
        Ok(())
    }

    fn take(&self) -> Option<Value> {
        self.items.borrow_mut().pop_front()
    }
}

#[methods]
impl SimpleQueue {
    #[new("SimpleQueue()")]
    fn new(vm: &Vm, cls: &Value) -> PyResult {
        vm.new_instance(cls, SimpleQueue { items: VmCell::default(), waiting: WaitQueue::default() })
    }

    /// Put the item on the queue.
    ///
    /// The optional 'block' and 'timeout' arguments are ignored, as this method never blocks. They are provided for
    /// compatibility with the Queue class.
    #[method("put(self, /, item, block=True, timeout=None)")]
    fn put(vm: &Vm, this: &SimpleQueue, item: Value, _block: bool, _timeout: Option<Value>) -> PyResult<()> {
        this.add(vm, item)
    }

    /// Put an item into the queue without blocking.
    ///
    /// This is exactly equivalent to `put(item)` and is only provided for compatibility with the Queue class.
    #[method("put_nowait(self, /, item)")]
    fn put_nowait(vm: &Vm, this: &SimpleQueue, item: Value) -> PyResult<()> {
        this.add(vm, item)
    }

    /// Remove and return an item from the queue.
    ///
    /// If 'block' is true and 'timeout' is None, wait until an item is available; with a timeout wait at most that many
    /// seconds, and raise Empty if no item came. Without 'block' raise Empty at once if there is none.
    #[method("get(self, /, block=True, timeout=None)")]
    fn get(vm: &Vm, this: Ref<SimpleQueue>, block: bool, timeout: Option<f64>) -> PyResult {
        if block && timeout.is_some_and(|timeout| timeout < 0.0) {
            return Err(vm.value_error("'timeout' must be a non-negative number"));
        }
        if let Some(item) = this.take() {
            return Ok(item);
        }
        if !block {
            return Err(raise(vm, &empty_class(), Vec::new()));
        }
        let vm = vm.handle();
        Err(vm.defer(wait(vm, this, timeout)))
    }

    /// Remove and return an item from the queue without blocking.
    ///
    /// Only get an item if one is immediately available. Otherwise raise the Empty exception.
    #[method("get_nowait(self, /)")]
    fn get_nowait(vm: &Vm, this: &SimpleQueue) -> PyResult {
        this.take().ok_or_else(|| raise(vm, &empty_class(), Vec::new()))
    }

    /// Return True if the queue is empty, False otherwise (not reliable!).
    #[method("empty(self, /)")]
    fn empty(this: &SimpleQueue) -> bool {
        this.items.borrow().is_empty()
    }

    /// Return the approximate size of the queue (not reliable!).
    #[method("qsize(self, /)")]
    fn qsize(this: &SimpleQueue) -> usize {
        this.items.borrow().len()
    }

    #[classmethod("__class_getitem__(cls, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        snakelet_vm::types::generic_alias::alias(cls, object)
    }
}

async fn wait(vm: VmRef, this: Ref<SimpleQueue>, timeout: Option<f64>) -> PyResult {
    let taken = VmCell::new(None);
    let take = || {
        taken.set(this.take());
        taken.borrow().is_some()
    };
    acquire(&vm, &this.waiting, timeout, take).await?;
    taken.take().ok_or_else(|| raise(&vm, &empty_class(), Vec::new()))
}
