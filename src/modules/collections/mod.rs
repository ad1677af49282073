//! `_collections`: `deque`, `defaultdict` and helpers of module `collections`.

mod default_dict;
mod deque;

use snakelet_macros::native_module;
use snakelet_vm::modules::structs::TupleGetter;
use snakelet_vm::native::ModuleDef;
use snakelet_vm::protocol::BinaryOp;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::{PyResult, Ref, Value, VmRef};

pub const MODULE: ModuleDef = Collections::MODULE;

/// Declares module `_collections`.
struct Collections;

/// High performance data structures.
#[native_module("_collections", types = [TupleGetter, deque::Deque, deque::DequeIterator], with = [default_dict::DefaultDict::FUNCTIONS])]
impl Collections {
    /// Count elements in the iterable, updating the mapping.
    #[function("_count_elements(mapping, iterable, /)")]
    async fn count_elements(vm: VmRef, mapping: Value, iterable: Value) -> PyResult<()> {
        let iterator = vm.iter(&iterable).await?;
        let exact: Option<Ref<Dict>> = mapping.downcast_exact::<Dict>().and_then(|_| mapping.to_ref());
        let zero = Value::small_int(0);
        let one = Value::small_int(1);
        let get = if exact.is_none() { Some(vm.attr(&mapping, "get").await?) } else { None };
        while let Some(key) = vm.next(&iterator).await? {
            let old = match (&exact, &get) {
                (Some(dict), _) => Dict::get(&vm, dict, &key).await?.unwrap_or_else(|| zero.clone()),
                (None, Some(get)) => vm.call(get, vec![key.clone(), zero.clone()]).await?,
                (None, None) => zero.clone(),
            };
            let sum = vm.binary(BinaryOp::Add, &old, &one);
            let sum = vm.settle(sum).await?;
            vm.store_item(&mapping, &key, &sum).await?;
            vm.breathe(1).await?;
        }
        Ok(())
    }
}
