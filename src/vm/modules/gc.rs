//! `gc`: the cycle collector.

use std::cell::Cell;

use snakelet_macros::native_module;

use crate::object::collect;
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::module::Module;
use crate::types::tuple::Tuple;
use crate::{PyResult, Value, Vm, VmRef};

pub const MODULE: crate::native::ModuleDef = Gc::MODULE;

/// What `gc.collect` did, by generation: how often, and how many objects it found. And how many were there at `gc.freeze`.
#[derive(Default)]
struct Counts {
    of: [Cell<(usize, usize)>; 3],
    frozen: Cell<usize>,
}

/// Calls the functions in `gc.callbacks`.
async fn tell(vm: VmRef, phase: &str, generation: i64, found: usize) -> PyResult<()> {
    let module = vm.modules.get_text("gc").and_then(|module| module.to_ref::<Module>());
    let callbacks = module.and_then(|module| module.dict.get_text("callbacks"));
    let callbacks = callbacks.as_ref().and_then(Value::downcast::<List>).map_or(Vec::new(), |list| list.items.get());
    for callback in callbacks {
        let info = Dict::new_object();
        info.set_text("generation", Value::from_i64(generation));
        info.set_text("collected", Value::from_usize(found));
        info.set_text("uncollectable", Value::small_int(0));
        if vm.call(&callback, vec![Value::from_str(phase), info.into_value()]).await.is_err() {
            let exception = vm.take_raised();
            crate::errors::unraisable::report(vm, exception, callback.clone()).await;
        }
    }
    Ok(())
}

/// Declares module `gc`.
struct Gc;

/// This module provides access to the garbage collector for reference cycles.
#[native_module("gc")]
impl Gc {
    #[constant("DEBUG_STATS")]
    const DEBUG_STATS: i64 = 1;
    #[constant("DEBUG_COLLECTABLE")]
    const DEBUG_COLLECTABLE: i64 = 2;
    #[constant("DEBUG_UNCOLLECTABLE")]
    const DEBUG_UNCOLLECTABLE: i64 = 4;
    #[constant("DEBUG_SAVEALL")]
    const DEBUG_SAVEALL: i64 = 32;
    #[constant("DEBUG_LEAK")]
    const DEBUG_LEAK: i64 = 38;

    /// Enable automatic garbage collection.
    #[function("enable()")]
    fn enable() {
        collect::set_enabled(true);
    }

    /// Disable automatic garbage collection.
    #[function("disable()")]
    fn disable() {
        collect::set_enabled(false);
    }

    /// Returns true if automatic garbage collection is enabled.
    #[function("isenabled()")]
    fn isenabled() -> bool {
        collect::is_enabled()
    }

    /// Run the garbage collector and return the number of unreachable objects.
    #[function("collect(generation=2)")]
    async fn collect(vm: VmRef, generation: i64) -> PyResult<usize> {
        if !(0..=2).contains(&generation) {
            return Err(vm.value_error("invalid generation"));
        }
        tell(vm, "start", generation, 0).await?;
        let found = collect::collect(generation == 2);
        // Finalisers run before this returns; what they did not bring back to life goes then.
        if collect::has_pending() {
            crate::errors::finalize::run_pending(vm).await?;
            collect::collect(generation == 2);
            crate::errors::finalize::run_pending(vm).await?;
        }
        if let Some(counts) = vm.extension::<Counts>().of.get(generation as usize) {
            let (times, objects) = counts.get();
            counts.set((times + 1, objects + found));
        }
        tell(vm, "stop", generation, found).await?;
        Ok(found)
    }

    /// Return a list of dictionaries containing per-generation statistics: what gc.collect() was asked for.
    #[function("get_stats()")]
    fn get_stats(vm: &Vm) -> Value {
        let describe = |&(times, objects): &(usize, usize)| {
            let dict = Dict::new_object();
            dict.set_text("collections", Value::from_usize(times));
            dict.set_text("collected", Value::from_usize(objects));
            dict.set_text("uncollectable", Value::small_int(0));
            dict.into_value()
        };
        Value::from_list(vm.extension::<Counts>().of.iter().map(|counts| describe(&counts.get())).collect())
    }

    /// Return the list of objects tracked by the collector.
    #[function("get_objects(generation=None)")]
    fn get_objects(vm: &Vm, generation: Option<i64>) -> PyResult<Vec<Value>> {
        let all = collect::all_tracked();
        let old = collect::tracked().1;
        match generation {
            None => Ok(all),
            Some(generation @ 3..) => {
                let _ = generation;
                Err(vm.value_error("generation parameter must be less than the number of available generations (3)"))
            }
            Some(0) => Ok(all.into_iter().skip(old).collect()),
            Some(1) => Ok(Vec::new()),
            Some(2) => Ok(all.into_iter().take(old).collect()),
            Some(_) => Err(vm.value_error("generation parameter cannot be negative")),
        }
    }

    /// Return the list of objects that directly refer to any of objs.
    #[function("get_referrers(*objs)")]
    fn get_referrers(objs: &[Value]) -> Vec<Value> {
        let refers = |value: &Value| collect::referents(value).iter().any(|held| objs.iter().any(|obj| obj.is(held)));
        collect::all_tracked().into_iter().filter(refers).collect()
    }

    /// Return the list of objects that are directly referred to by 'objs'.
    #[function("get_referents(*objs)")]
    fn get_referents(objs: &[Value]) -> Vec<Value> {
        let items = |obj: &Value| match (obj.downcast::<List>(), obj.downcast::<Tuple>()) {
            // Immediate values are no objects to the collector.
            (Some(list), _) => list.items.borrow().clone(),
            (None, Some(tuple)) => tuple.items().to_vec(),
            (None, None) => collect::referents(obj),
        };
        objs.iter().flat_map(items).collect()
    }

    /// Returns true if the object is tracked by the garbage collector.
    #[function("is_tracked(obj, /)")]
    fn is_tracked(obj: &Value) -> bool {
        collect::all_tracked().iter().any(|tracked| tracked.is(obj))
    }

    /// Returns true if the object has been already finalized by the GC.
    #[function("is_finalized(obj, /)")]
    fn is_finalized(obj: &Value) -> bool {
        obj.header().is_some_and(|header| header.is_finalized())
    }

    /// Return the current collection thresholds.
    #[function("get_threshold()")]
    fn get_threshold() -> Value {
        Value::from_tuple([2000, 10, 0].into_iter().map(Value::small_int).collect())
    }

    /// Set the collection thresholds; the collector here chooses its own.
    #[function("set_threshold(*thresholds)", text = none)]
    fn set_threshold(thresholds: &[Value]) {
        let _ = thresholds;
    }

    /// Return a three-tuple of the current collection counts.
    #[function("get_count()")]
    fn get_count() -> Value {
        let (young, old) = collect::tracked();
        Value::from_tuple(vec![Value::from_usize(young), Value::small_int(0), Value::from_usize(old)])
    }

    /// Set the garbage collection debugging flags. The collector has nothing to tell: only 0 is accepted.
    #[function("set_debug(flags, /)")]
    fn set_debug(vm: &Vm, flags: i64) -> PyResult<()> {
        if flags == 0 {
            return Ok(());
        }
        Err(vm.error(crate::errors::Exc::NotImplementedError, "gc.set_debug(): the collector has no debugging output"))
    }

    /// Get the garbage collection debugging flags.
    #[function("get_debug()")]
    fn get_debug() -> i64 {
        0
    }

    /// Freeze all current tracked objects; there is no fork for which it would matter.
    #[function("freeze()")]
    fn freeze(vm: &Vm) {
        vm.extension::<Counts>().frozen.set(collect::all_tracked().len());
    }

    /// Unfreeze all objects.
    #[function("unfreeze()")]
    fn unfreeze(vm: &Vm) {
        vm.extension::<Counts>().frozen.set(0);
    }

    /// Return the number of objects in the permanent generation.
    #[function("get_freeze_count()")]
    fn get_freeze_count(vm: &Vm) -> usize {
        vm.extension::<Counts>().frozen.get()
    }

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let _ = vm;
        if let Some(module) = module.downcast::<Module>() {
            module.dict.set_text("garbage", Value::from_list(Vec::new()));
            module.dict.set_text("callbacks", Value::from_list(Vec::new()));
        }
        Ok(())
    }
}
