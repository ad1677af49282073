//! `gc`: the cycle collector.

use std::cell::Cell;

use snakelet_macros::native_module;

use crate::object::collect;
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::module::Module;
use crate::types::tuple::Tuple;
use crate::types::typeobject::TypeFlags;
use crate::{PyResult, Ref, Value, Vm, VmRef};

pub const MODULE: crate::native::ModuleDef = Gc::MODULE;

/// What `gc.collect` did, by generation: how often, and how many objects it found. And how many were there at `gc.freeze`.
struct Counts {
    of: [Cell<(usize, usize)>; 3],
    frozen: Cell<usize>,
    debug: Cell<i64>,
    thresholds: Cell<[i64; 3]>,
}

impl Default for Counts {
    fn default() -> Counts {
        let of = Default::default();
        Counts { of, frozen: Cell::new(0), debug: Cell::new(0), thresholds: Cell::new([2000, 10, 0]) }
    }
}

/// A list of the module.
fn list_of(vm: &Vm, name: &str) -> Option<Ref<List>> {
    vm.modules.get_text("gc")?.to_ref::<Module>()?.dict.get_text(name)?.to_ref::<List>()
}

/// Calls the functions in `gc.callbacks`.
async fn tell(vm: VmRef, phase: &str, generation: i64, found: usize) -> PyResult<()> {
    let callbacks = list_of(&vm, "callbacks").map_or(Vec::new(), |list| list.items.get());
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
        if vm.extension::<Counts>().debug.get() & Gc::DEBUG_SAVEALL != 0 {
            let garbage = collect::unreachable(generation == 2);
            let found = garbage.len();
            if let Some(list) = list_of(&vm, "garbage") {
                list.items.borrow_mut().extend(garbage);
            }
            tell(vm, "stop", generation, found).await?;
            return Ok(found);
        }
        let mut found = collect::collect(generation == 2);
        // Finalisers run before this returns; what they did not bring back to life goes then.
        if collect::has_pending() {
            crate::errors::finalize::run_pending(vm).await?;
            found += collect::collect(generation == 2);
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
        let items = |obj: &Value| {
            // Immediate values are no objects to the collector.
            if let Some(list) = obj.downcast::<List>() {
                list.items.borrow().clone()
            } else if let Some(tuple) = obj.downcast::<Tuple>() {
                tuple.items().to_vec()
            } else if let Some(dict) = obj.downcast_exact::<Dict>() {
                dict.table.borrow().iter().flat_map(|entry| [entry.key.clone(), entry.value.clone()]).collect()
            } else {
                collect::referents(obj)
            }
        };
        objs.iter().flat_map(items).collect()
    }

    /// Returns true if the object is tracked by the garbage collector.
    #[function("is_tracked(obj, /)")]
    fn is_tracked(obj: &Value) -> bool {
        // Instances of Python's classes refer to their class.
        obj.header().is_some_and(|header| header.ty().has_flag(TypeFlags::HEAP))
            || collect::all_tracked().iter().any(|tracked| tracked.is(obj))
    }

    /// Returns true if the object has been already finalized by the GC.
    #[function("is_finalized(obj, /)")]
    fn is_finalized(obj: &Value) -> bool {
        obj.header().is_some_and(|header| header.is_finalized())
    }

    /// Return the current collection thresholds.
    #[function("get_threshold()")]
    fn get_threshold(vm: &Vm) -> Value {
        let thresholds = vm.extension::<Counts>().thresholds.get();
        Value::from_tuple(thresholds.into_iter().map(Value::from_i64).collect())
    }

    /// Set the collection thresholds. The first one counts: zero turns automatic collections off.
    #[function("set_threshold(threshold0, threshold1=<unrepresentable>, threshold2=<unrepresentable>, /)", text = none)]
    fn set_threshold(vm: &Vm, threshold0: i64, threshold1: Option<i64>, _threshold2: Option<i64>) {
        let thresholds = &vm.extension::<Counts>().thresholds;
        thresholds.set([threshold0, threshold1.unwrap_or(thresholds.get()[1]), 0]);
        // There are fewer generations, and bigger ones.
        collect::set_limit(usize::try_from(threshold0).unwrap_or(0).saturating_mul(4));
    }

    /// Return a three-tuple of the current collection counts.
    #[function("get_count()")]
    fn get_count() -> Value {
        let (young, old) = collect::tracked();
        Value::from_tuple(vec![Value::from_usize(young), Value::small_int(0), Value::from_usize(old)])
    }

    /// Set the garbage collection debugging flags. Of these DEBUG_SAVEALL has an effect, on gc.collect(); nothing is printed.
    #[function("set_debug(flags, /)")]
    fn set_debug(vm: &Vm, flags: i64) {
        vm.extension::<Counts>().debug.set(flags);
    }

    /// Get the garbage collection debugging flags.
    #[function("get_debug()")]
    fn get_debug(vm: &Vm) -> i64 {
        vm.extension::<Counts>().debug.get()
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
