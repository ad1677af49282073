//! `_collections`: `deque`, `defaultdict` and helpers of module `collections`.

mod default_dict;
mod deque;
mod ordered_dict;

use snakelet_macros::native_module;
use snakelet_vm::modules::structs::TupleGetter;
use snakelet_vm::native::ModuleDef;
use snakelet_vm::object::intern::intern;
use snakelet_vm::protocol::BinaryOp;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::{Native, PyResult, Ref, Value, Vm, VmRef};

pub const MODULE: ModuleDef = Collections::MODULE;

/// Declares module `_collections`.
struct Collections;

/// High performance data structures.
#[native_module("_collections", types = [TupleGetter, deque::Deque, deque::DequeIterator], with = [default_dict::DefaultDict::FUNCTIONS, ordered_dict::OrderedDict::FUNCTIONS])]
impl Collections {
    /// Count elements in the iterable, updating the mapping.
    #[function("_count_elements(mapping, iterable, /)")]
    async fn count_elements(vm: VmRef, mapping: Value, iterable: Value) -> PyResult<()> {
        let iterator = vm.iter(&iterable).await?;
        let exact = plain_dict(&vm, &mapping);
        let zero = Value::small_int(0);
        let one = Value::small_int(1);
        let get = if exact.is_none() { Some(vm.attr(&mapping, "get").await?) } else { None };
        while let Some(key) = vm.next(&iterator).await? {
            vm.breathe(2).await?;
            if let Some(dict) = &exact
                && let Some(Ok(found)) = dict.get_now(&vm, &key)
            {
                let old = found.unwrap_or_else(|| zero.clone());
                if let Some(sum) = Value::add_small_ints(&old, &one)
                    && let Some(done) = dict.set_now(&vm, &key, &sum)
                {
                    done?;
                    continue;
                }
            }
            let old = match (&exact, &get) {
                (Some(dict), _) => Dict::get(&vm, dict, &key).await?.unwrap_or_else(|| zero.clone()),
                (None, Some(get)) => vm.call(get, vec![key.clone(), zero.clone()]).await?,
                (None, None) => zero.clone(),
            };
            let sum = vm.binary(BinaryOp::Add, &old, &one);
            let sum = vm.settle(sum).await?;
            vm.store_item(&mapping, &key, &sum).await?;
        }
        Ok(())
    }
}

/// The mapping as a dict, if its class reads and writes items as `dict` itself does.
fn plain_dict(vm: &Vm, mapping: &Value) -> Option<Ref<Dict>> {
    let dict = mapping.to_ref::<Dict>()?;
    let same = |name: &Value| {
        let (own, original) = (vm.lookup_special(mapping, name), Dict::type_object().lookup(name));
        own.is_some_and(|own| original.is_some_and(|original| own.is(&original)))
    };
    (same(&intern("get")) && same(&intern("__setitem__"))).then_some(dict)
}
