//! `any` and `all`.

use snakelet_macros::functions;

use crate::types::generator::Keep;
use crate::{PyResult, Value, Vm, VmRef};

/// The functions of this file.
pub struct AnyAll;

/// Whether an item whose truth is `wanted` comes (async).
async fn find(vm: VmRef, iterable: Value, wanted: bool) -> PyResult<bool> {
    let iterator = vm.iter(&iterable).await?;
    let mut work = 0;
    let mut items = Vec::new();
    let keep = if wanted { Keep::True } else { Keep::False };
    while vm.next_some(&iterator, keep, &mut items).await? {
        let item = items.pop().unwrap_or_default();
        let truth = match vm.truth_now(&item) {
            Some(truth) => truth,
            None => vm.truth(&item).await?,
        };
        if truth == wanted {
            return Ok(true);
        }
        work += 1;
        if work == 512 {
            work = 0;
            vm.breathe(512).await?;
        }
    }
    Ok(false)
}

#[functions("builtins", FUNCTIONS)]
impl AnyAll {
    /// Whether some item of the iterable is true.
    ///
    /// False if there is none.
    #[function("any(iterable, /)")]
    fn any(vm: &Vm, iterable: Value) -> PyResult {
        let vm_ref = vm.handle();
        vm.start(async move { find(vm_ref, iterable, true).await.map(Value::bool) })
    }

    /// Whether every item of the iterable is true.
    ///
    /// True if there is none.
    #[function("all(iterable, /)")]
    fn all(vm: &Vm, iterable: Value) -> PyResult {
        let vm_ref = vm.handle();
        vm.start(async move { find(vm_ref, iterable, false).await.map(|found| Value::bool(!found)) })
    }
}
