//! The wrapper that `functools.lru_cache` puts around a function.
//!
//! Results are in a dict whose order is the order of use: a hit moves its entry to the end, what is too much falls out at the
//! front. While the wrapped function runs, or keys are compared by Python code, the cache may change; so after every await its
//! state is looked at again, and an entry that came to be there meanwhile stays.

use std::cell::Cell;

use snakelet_macros::{methods, native_type};
use snakelet_vm::native::{Args, Native};
use snakelet_vm::object::intern::intern;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::dict::table::Found;
use snakelet_vm::types::method::BoundMethod;
use snakelet_vm::types::string::Str;
use snakelet_vm::{PyResult, Ref, Value, Vm, VmRef};

/// The payload of caching wrappers.
#[native_type(
    name = "_lru_cache_wrapper",
    module = "functools",
    doc = "Create a cached callable that wraps another function.\n\nuser_function:      the function being cached\n\nmaxsize:  0         for no caching\n          None      for unlimited cache size\n          n         for a bounded cache\n\ntyped:    False     cache f(3) and f(3.0) as identical calls\n          True      cache f(3) and f(3.0) as distinct calls\n\ncache_info_type:    namedtuple class with the fields:\n                        hits misses currsize maxsize",
    flags(subclassable, has_dict, weak_references, method_descriptor)
)]
pub struct LruCache {
    function: Value,
    /// How many results are kept; `None` for all of them.
    maximum: Option<usize>,
    typed: bool,
    cache: Ref<Dict>,
    /// Stands between positional and keyword arguments in keys.
    mark: Value,
    info: Value,
    hits: Cell<usize>,
    misses: Cell<usize>,
}

/// The payload of the mark in keys, which equals nothing else.
#[native_type(name = "kwd_mark")]
struct Mark {}

impl LruCache {
    /// The key of a call.
    fn key(&self, vm: &Vm, args: Args<'_>) -> Value {
        let (positional, named) = args.values.split_at(args.positional_count());
        if !self.typed
            && named.is_empty()
            && let [only] = positional
            && (only.is_small_int() || only.downcast_exact::<Str>().is_some())
        {
            return only.clone();
        }
        let mut parts = positional.to_vec();
        if !named.is_empty() {
            parts.push(self.mark.clone());
            for (name, value) in args.kwnames.iter().zip(named) {
                parts.push(name.clone());
                parts.push(value.clone());
            }
        }
        if self.typed {
            parts.extend(args.values.iter().map(|value| vm.class_of(value).into_value()));
        }
        Value::from_tuple(parts)
    }

    /// Counts a hit at this place of the cache, and gives the result there.
    fn hit(&self, at: usize) -> Value {
        self.hits.set(self.hits.get() + 1);
        let table = self.cache.table.borrow_mut();
        let value = table.entries()[at].value.clone();
        if self.maximum.is_some() {
            table.move_to_end(at);
        }
        value
    }
}

/// Looks a key up that needs Python code for it, and calls the function if it is not there.
async fn look_up(vm: VmRef, this: Ref<LruCache>, key: Value, args: Vec<Value>, kwnames: Vec<Value>) -> PyResult {
    let hash = vm.hash(&key).await?;
    match Dict::lookup(&vm, &this.cache, hash, &key).await? {
        Some(at) => Ok(this.hit(at)),
        None => compute(vm, this, hash, key, args, kwnames).await,
    }
}

/// Calls the function and keeps its result.
async fn compute(
    vm: VmRef,
    this: Ref<LruCache>,
    hash: u64,
    key: Value,
    args: Vec<Value>,
    kwnames: Vec<Value>,
) -> PyResult {
    this.misses.set(this.misses.get() + 1);
    let result = vm.call_kw(&this.function, args, kwnames).await?;
    let Some(maximum) = this.maximum else {
        Dict::set_hashed(&vm, &this.cache, hash, &key, &result).await?;
        return Ok(result);
    };
    if Dict::lookup(&vm, &this.cache, hash, &key).await?.is_some() {
        return Ok(result);
    }
    let mut dropped = None;
    let table = this.cache.table.borrow_mut();
    if table.len() >= maximum
        && let Some(first) = table.first()
    {
        dropped = Some(table.remove(first));
    }
    this.cache.insert(&vm, hash, key, result.clone())?;
    drop(dropped);
    Ok(result)
}

#[methods]
impl LruCache {
    #[new("_lru_cache_wrapper(user_function, maxsize, typed, cache_info_type)", text = none)]
    fn new(
        vm: &Vm,
        cls: &Value,
        user_function: &Value,
        maxsize: &Value,
        typed: bool,
        cache_info_type: &Value,
    ) -> PyResult {
        if vm.type_of(user_function).slots().call.is_none() {
            return Err(vm.type_error("the first argument must be callable"));
        }
        let maximum = if maxsize.is_none() {
            None
        } else {
            match vm.index_now(maxsize) {
                Some(Ok(number)) => Some(number.to_i64().unwrap_or(i64::MAX).max(0) as usize),
                _ => return Err(vm.type_error("maxsize should be integer or None")),
            }
        };
        let wrapper = LruCache {
            function: user_function.clone(),
            maximum,
            typed,
            cache: Dict::new_object(),
            mark: Mark {}.into_value(),
            info: cache_info_type.clone(),
            hits: Cell::new(0),
            misses: Cell::new(0),
        };
        vm.new_instance(cls, wrapper)
    }

    #[slot(call)]
    fn call(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        let Some(wrapper) = this.to_ref::<LruCache>() else { return Ok(Value::NONE) };
        if wrapper.maximum == Some(0) {
            wrapper.misses.set(wrapper.misses.get() + 1);
            let call = vm.call_kw(&wrapper.function, args.values.to_vec(), args.kwnames.to_vec());
            return Err(vm.defer(call));
        }
        let key = wrapper.key(vm, args);
        let (values, kwnames) = (args.values.to_vec(), args.kwnames.to_vec());
        if let Some(hash) = vm.hash_now(&key) {
            let hash = hash?;
            match wrapper.cache.find(vm, hash, &key) {
                Found::At(at) => return Ok(wrapper.hit(at)),
                Found::Missing => return Err(vm.defer(compute(vm.handle(), wrapper, hash, key, values, kwnames))),
                Found::Undecided(_) => {}
            }
        }
        Err(vm.defer(look_up(vm.handle(), wrapper, key, values, kwnames)))
    }

    #[slot(descr_get)]
    fn get(_vm: &Vm, this: &Value, instance: Option<&Value>, _owner: &Value) -> PyResult {
        match instance {
            Some(instance) if !instance.is_none() => {
                Ok(BoundMethod { function: this.clone(), instance: instance.clone() }.into_value())
            }
            _ => Ok(this.clone()),
        }
    }

    /// Report cache statistics
    #[method("cache_info(self, /)")]
    fn cache_info(vm: &Vm, this: &LruCache) -> PyResult {
        let maximum = this.maximum.map_or(Value::NONE, Value::from_usize);
        let figures = vec![
            Value::from_usize(this.hits.get()),
            Value::from_usize(this.misses.get()),
            maximum,
            Value::from_usize(this.cache.len()),
        ];
        Err(vm.defer(vm.call(&this.info, figures)))
    }

    /// Clear the cache and cache statistics
    #[method("cache_clear(self, /)")]
    fn cache_clear(this: &LruCache) {
        this.hits.set(0);
        this.misses.set(0);
        let entries = this.cache.table.borrow_mut().clear();
        drop(entries);
    }

    #[method("__reduce__(self, /)", text = none)]
    fn reduce(vm: &Vm, this: &Value) -> PyResult {
        vm.get_attr(this, &intern("__qualname__"))
    }

    #[method("__copy__(self, /)", text = none)]
    fn copy(this: &Value) -> Value {
        this.clone()
    }

    #[method("__deepcopy__(self, memo, /)", text = none)]
    fn deepcopy(this: &Value, _memo: &Value) -> Value {
        this.clone()
    }
}
