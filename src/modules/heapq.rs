//! Module `_heapq`: heaps in lists.
//!
//! The comparisons are made in CPython's order. They may run Python code, which may change the list: its length is checked after
//! each.

use snakelet_macros::native_module;
use snakelet_vm::native::ModuleDef;
use snakelet_vm::types::list::List;
use snakelet_vm::{PyResult, Raised, Ref, Value, Vm};

pub const MODULE: ModuleDef = Heapq::MODULE;

/// Declares module `_heapq`.
pub struct Heapq;

/// A list as a heap: the smallest item first, or the largest.
struct Heap {
    list: Ref<List>,
    max: bool,
}

#[cold]
fn out_of_range(vm: &Vm) -> Raised {
    vm.index_error("index out of range")
}

impl Heap {
    fn at(&self, index: usize) -> Option<Value> {
        self.list.items.borrow().get(index).cloned()
    }

    /// Whether `a` comes before `b` (async).
    async fn before(&self, vm: &Vm, a: &Value, b: &Value) -> PyResult<bool> {
        let length = self.list.len();
        let before = if self.max { vm.less(b, a).await? } else { vm.less(a, b).await? };
        if self.list.len() != length {
            return Err(vm.runtime_error("list changed size during iteration"));
        }
        Ok(before)
    }

    /// Moves the item at `position` towards the root until its parent comes before it (async).
    async fn sift_down(&self, vm: &Vm, start: usize, mut position: usize) -> PyResult<()> {
        while position > start {
            let parent = (position - 1) >> 1;
            let (Some(item), Some(above)) = (self.at(position), self.at(parent)) else { return Err(out_of_range(vm)) };
            if !self.before(vm, &item, &above).await? {
                break;
            }
            self.list.items.borrow_mut().swap(position, parent);
            position = parent;
        }
        Ok(())
    }

    /// Moves the item at `position` to a leaf, then up to its place (async).
    async fn sift_up(&self, vm: &Vm, mut position: usize) -> PyResult<()> {
        let (start, end) = (position, self.list.len());
        if position >= end {
            return Err(out_of_range(vm));
        }
        let limit = end >> 1;
        while position < limit {
            let mut child = 2 * position + 1;
            if child + 1 < end {
                let (Some(a), Some(b)) = (self.at(child), self.at(child + 1)) else { return Err(out_of_range(vm)) };
                if !self.before(vm, &a, &b).await? {
                    child += 1;
                }
            }
            self.list.items.borrow_mut().swap(child, position);
            position = child;
        }
        self.sift_down(vm, start, position).await
    }

    fn push(self, vm: &Vm, item: Value) -> PyResult {
        self.list.push(vm, item)?;
        let vm_ref = vm.handle();
        vm.start(async move {
            let last = self.list.len() - 1;
            self.sift_down(&vm_ref, 0, last).await.map(|()| Value::NONE)
        })
    }

    fn pop(self, vm: &Vm) -> PyResult {
        let last = self.list.items.borrow_mut().pop().ok_or_else(|| out_of_range(vm))?;
        let items = self.list.items.borrow_mut();
        let Some(top) = items.first_mut() else { return Ok(last) };
        let top = std::mem::replace(top, last);
        let vm_ref = vm.handle();
        vm.start(async move { self.sift_up(&vm_ref, 0).await.map(|()| top) })
    }

    fn replace(self, vm: &Vm, item: Value) -> PyResult {
        let top = self.list.items.borrow_mut().first_mut().ok_or_else(|| out_of_range(vm))?;
        let top = std::mem::replace(top, item);
        let vm_ref = vm.handle();
        vm.start(async move { self.sift_up(&vm_ref, 0).await.map(|()| top) })
    }

    fn push_pop(self, vm: &Vm, item: Value) -> PyResult {
        let Some(top) = self.at(0) else { return Ok(item) };
        let vm_ref = vm.handle();
        vm.start(async move {
            let vm = vm_ref;
            let before = if self.max { vm.less(&item, &top).await? } else { vm.less(&top, &item).await? };
            if !before {
                return Ok(item);
            }
            let top = self.list.items.borrow_mut().first_mut().ok_or_else(|| out_of_range(&vm))?;
            let top = std::mem::replace(top, item);
            self.sift_up(&vm, 0).await.map(|()| top)
        })
    }

    fn heapify(self, vm: &Vm) -> PyResult {
        let vm_ref = vm.handle();
        vm.start(async move {
            for position in (0..self.list.len() / 2).rev() {
                self.sift_up(&vm_ref, position).await?;
                vm_ref.breathe(4).await?;
            }
            Ok(Value::NONE)
        })
    }
}

/// Heap queue algorithm (a.k.a. priority queue).
///
/// Heaps are lists for which a[k] <= a[2*k+1] and a[k] <= a[2*k+2] for all k, counting elements from 0. The smallest
/// element is always a[0]. In max-heaps it is the largest.
#[native_module("_heapq")]
impl Heapq {
    #[constant("__about__")]
    const ABOUT: &str = "Heap queues are trees in lists: the children of the item at k are those at 2*k+1 and 2*k+2, and no item is larger than its children.";

    /// Push item onto heap, maintaining the heap invariant.
    #[function("heappush(heap, item, /)")]
    fn heappush(vm: &Vm, heap: Ref<List>, item: Value) -> PyResult {
        Heap { list: heap, max: false }.push(vm, item)
    }

    /// Push item on the heap, then pop and return the smallest item from the heap.
    ///
    /// The combined action runs more efficiently than heappush() followed by a separate call to heappop().
    #[function("heappushpop(heap, item, /)")]
    fn heappushpop(vm: &Vm, heap: Ref<List>, item: Value) -> PyResult {
        Heap { list: heap, max: false }.push_pop(vm, item)
    }

    /// Pop the smallest item off the heap, maintaining the heap invariant.
    #[function("heappop(heap, /)")]
    fn heappop(vm: &Vm, heap: Ref<List>) -> PyResult {
        Heap { list: heap, max: false }.pop(vm)
    }

    /// Pop and return the current smallest value, and add the new item.
    ///
    /// The heap keeps its size. The value returned may be larger than item.
    #[function("heapreplace(heap, item, /)")]
    fn heapreplace(vm: &Vm, heap: Ref<List>, item: Value) -> PyResult {
        Heap { list: heap, max: false }.replace(vm, item)
    }

    /// Transform list into a heap, in-place, in O(len(heap)) time.
    #[function("heapify(heap, /)")]
    fn heapify(vm: &Vm, heap: Ref<List>) -> PyResult {
        Heap { list: heap, max: false }.heapify(vm)
    }

    /// Push item onto max heap, maintaining the heap invariant.
    #[function("heappush_max(heap, item, /)")]
    fn heappush_max(vm: &Vm, heap: Ref<List>, item: Value) -> PyResult {
        Heap { list: heap, max: true }.push(vm, item)
    }

    /// Maxheap variant of heappushpop.
    #[function("heappushpop_max(heap, item, /)")]
    fn heappushpop_max(vm: &Vm, heap: Ref<List>, item: Value) -> PyResult {
        Heap { list: heap, max: true }.push_pop(vm, item)
    }

    /// Maxheap variant of heappop.
    #[function("heappop_max(heap, /)")]
    fn heappop_max(vm: &Vm, heap: Ref<List>) -> PyResult {
        Heap { list: heap, max: true }.pop(vm)
    }

    /// Maxheap variant of heapreplace.
    #[function("heapreplace_max(heap, item, /)")]
    fn heapreplace_max(vm: &Vm, heap: Ref<List>, item: Value) -> PyResult {
        Heap { list: heap, max: true }.replace(vm, item)
    }

    /// Maxheap variant of heapify.
    #[function("heapify_max(heap, /)")]
    fn heapify_max(vm: &Vm, heap: Ref<List>) -> PyResult {
        Heap { list: heap, max: true }.heapify(vm)
    }
}
