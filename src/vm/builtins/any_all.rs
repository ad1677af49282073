//! `any` and `all`.

use snakelet_macros::functions;

use crate::types::generator::Keep;
use crate::{PyResult, Value, Vm, VmRef};

/// The functions of this file.
pub struct AnyAll;

/// Answers what `answer` says about whether an item whose truth is `wanted` comes. May defer.
fn find(vm: &Vm, iterable: Value, wanted: bool) -> PyResult {
    let keep = if wanted { Keep::True } else { Keep::False };
    let generator = iterable.clone();
    let begun = vm.some_then(&iterable, keep, 0, move |vm, items, more| {
        let found = items.first().is_some_and(|item| vm.truth_now(item) == Some(wanted));
        if found || !more {
            return Ok(Value::bool(found));
        }
        vm.start(find_in(vm.handle(), generator, items, wanted))
    });
    begun.unwrap_or_else(|| vm.start(find_in(vm.handle(), iterable, Vec::new(), wanted)))
}

/// The same for `items`, at most one, and those that come after it (async).
async fn find_in(vm: VmRef, iterable: Value, mut items: Vec<Value>, wanted: bool) -> PyResult {
    let iterator = vm.iter(&iterable).await?;
    let mut work = 0;
    let keep = if wanted { Keep::True } else { Keep::False };
    while !items.is_empty() || vm.next_some(&iterator, keep, &mut items).await? {
        let item = items.pop().unwrap_or_default();
        let truth = match vm.truth_now(&item) {
            Some(truth) => truth,
            None => vm.truth(&item).await?,
        };
        if truth == wanted {
            return Ok(Value::TRUE);
        }
        work += 1;
        if work == 512 {
            work = 0;
            vm.breathe(512).await?;
        }
    }
    Ok(Value::FALSE)
}

#[functions("builtins", FUNCTIONS)]
impl AnyAll {
    /// Whether some item of the iterable is true.
    ///
    /// False if there is none.
    #[function("any(iterable, /)")]
    fn any(vm: &Vm, iterable: Value) -> PyResult {
        find(vm, iterable, true)
    }

    /// Whether every item of the iterable is true.
    ///
    /// True if there is none.
    #[function("all(iterable, /)")]
    fn all(vm: &Vm, iterable: Value) -> PyResult {
        let found = find(vm, iterable, false);
        vm.and_then(found, |_vm, found| Ok(Value::bool(found.is_false())))
    }
}
