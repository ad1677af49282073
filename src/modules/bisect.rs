//! Module `_bisect`: binary search in sorted sequences.

use snakelet_macros::native_module;
use snakelet_vm::native::ModuleDef;
use snakelet_vm::types::list::List;
use snakelet_vm::{PyResult, Value, Vm};

pub const MODULE: ModuleDef = Bisect::MODULE;

/// Declares module `_bisect`.
pub struct Bisect;

/// The arguments of all four functions.
struct Search {
    a: Value,
    x: Value,
    lo: isize,
    hi: Option<isize>,
    key: Option<Value>,
    left: bool,
}

impl Search {
    /// Where the value belongs (async). `needle` is the value, or for insertion with a key function its key.
    async fn run(&self, vm: &Vm, needle: &Value) -> PyResult<usize> {
        let mut hi = match self.hi {
            Some(hi) => hi.max(0) as usize,
            None => vm.len(&self.a).await?,
        };
        let mut lo = self.lo as usize;
        while lo < hi {
            let middle = lo + (hi - lo) / 2;
            let item = match self.a.downcast_exact::<List>().and_then(|list| list.get_small(middle as i64)) {
                Some(item) => item,
                None => vm.item(&self.a, &Value::from_usize(middle)).await?,
            };
            let item = match &self.key {
                Some(key) => vm.call(key, vec![item]).await?,
                None => item,
            };
            let right = if self.left { vm.less(&item, needle).await? } else { !vm.less(needle, &item).await? };
            if right {
                lo = middle + 1;
            } else {
                hi = middle;
            }
        }
        Ok(lo)
    }

    fn start(self, vm: &Vm, insert: bool) -> PyResult {
        if self.lo < 0 {
            return Err(vm.value_error("lo must be non-negative"));
        }
        let vm_ref = vm.handle();
        vm.start(async move {
            let vm = vm_ref;
            let needle = match &self.key {
                Some(key) if insert => vm.call(key, vec![self.x.clone()]).await?,
                _ => self.x.clone(),
            };
            let at = self.run(&vm, &needle).await?;
            if !insert {
                return Ok(Value::from_usize(at));
            }
            if let Some(list) = self.a.downcast_exact::<List>() {
                let items = list.items.borrow_mut();
                vm.reserve(items, 1)?;
                items.insert(at.min(items.len()), self.x.clone());
                return Ok(Value::NONE);
            }
            let method = vm.attr(&self.a, "insert").await?;
            vm.call(&method, vec![Value::from_usize(at), self.x.clone()]).await?;
            Ok(Value::NONE)
        })
    }
}

/// Bisection algorithms.
///
/// They keep a list in order without sorting it after each insertion.
#[native_module("_bisect")]
impl Bisect {
    /// Return the index where to insert item x in list a, assuming a is sorted.
    ///
    /// All items before it are <= x, all others > x: if x already appears in the list, the index is just after the
    /// rightmost x. Optional args lo and hi bound the slice of a to be searched; key is applied to each item.
    #[function("bisect_right(a, x, lo=0, hi=None, *, key=None)")]
    fn bisect_right(vm: &Vm, a: Value, x: Value, lo: Option<isize>, hi: Option<isize>, key: Option<Value>) -> PyResult {
        Search { a, x, lo: lo.unwrap_or(0), hi, key, left: false }.start(vm, false)
    }

    /// Insert item x in list a, and keep it sorted assuming a is sorted.
    ///
    /// If x is already in a, insert it to the right of the rightmost x.
    #[function("insort_right(a, x, lo=0, hi=None, *, key=None)")]
    fn insort_right(vm: &Vm, a: Value, x: Value, lo: Option<isize>, hi: Option<isize>, key: Option<Value>) -> PyResult {
        Search { a, x, lo: lo.unwrap_or(0), hi, key, left: false }.start(vm, true)
    }

    /// Return the index where to insert item x in list a, assuming a is sorted.
    ///
    /// All items before it are < x, all others >= x: if x already appears in the list, the index is that of the
    /// leftmost x. Optional args lo and hi bound the slice of a to be searched; key is applied to each item.
    #[function("bisect_left(a, x, lo=0, hi=None, *, key=None)")]
    fn bisect_left(vm: &Vm, a: Value, x: Value, lo: Option<isize>, hi: Option<isize>, key: Option<Value>) -> PyResult {
        Search { a, x, lo: lo.unwrap_or(0), hi, key, left: true }.start(vm, false)
    }

    /// Insert item x in list a, and keep it sorted assuming a is sorted.
    ///
    /// If x is already in a, insert it to the left of the leftmost x.
    #[function("insort_left(a, x, lo=0, hi=None, *, key=None)")]
    fn insort_left(vm: &Vm, a: Value, x: Value, lo: Option<isize>, hi: Option<isize>, key: Option<Value>) -> PyResult {
        Search { a, x, lo: lo.unwrap_or(0), hi, key, left: true }.start(vm, true)
    }
}
