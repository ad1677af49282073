//! The functions of `sys` that look into the interpreter or change how it runs.

use std::cell::Cell;

use snakelet_macros::functions;

use crate::builtins::scopes::with_frame;
use crate::exec::Thread;
use crate::modules::structs;
use crate::native::KwArgs;
use crate::object::intern::intern_value;
use crate::types::exception::BaseException;
use crate::types::string::Str;
use crate::{PyResult, Value, Vm, VmRef};

pub struct Runtime;

#[functions("sys", FUNCTIONS)]
impl Runtime {
    /// Return the current value of the recursion limit.
    #[function("getrecursionlimit()")]
    fn getrecursionlimit(vm: &Vm) -> usize {
        vm.recursion_limit.get()
    }

    /// Set the maximum depth of the Python interpreter stack to n.
    #[function("setrecursionlimit(limit, /)")]
    fn setrecursionlimit(vm: &Vm, limit: i32) -> PyResult<()> {
        match usize::try_from(limit) {
            Ok(limit) if limit > 0 => {
                vm.recursion_limit.set(limit);
                crate::exec::trace::update(vm);
                Ok(())
            }
            _ => Err(vm.value_error("recursion limit must be greater or equal than 1")),
        }
    }

    /// Return information about the exception being handled: (type, value, traceback).
    #[function("exc_info()")]
    fn exc_info(vm: &Vm) -> Value {
        let handled = handled(vm);
        let class = if handled.is_none() { Value::NONE } else { vm.class_of(&handled).into_value() };
        let traceback = handled.downcast::<BaseException>().map_or(Value::NONE, |exception| exception.traceback.get());
        Value::from_tuple(vec![class, handled, traceback])
    }

    /// Return the exception being handled, or None.
    #[function("exception()")]
    fn exception(vm: &Vm) -> Value {
        handled(vm)
    }

    /// Take `__dict__` and `__weakref__` out of a class, for dataclasses with slots.
    #[function("_clear_type_descriptors(type, /)")]
    fn clear_type_descriptors(class: &crate::types::typeobject::Type) {
        for name in ["__dict__", "__weakref__"] {
            class.dict.remove_str(&crate::object::intern::intern(name));
        }
        class.modified();
    }

    /// ``Intern'' the given string: return the one string object of this text that all users of names share.
    #[function("intern(string, /)")]
    fn intern(vm: &Vm, string: &Value) -> PyResult {
        if string.as_text().is_none() {
            let got = vm.type_name(string);
            return Err(vm.type_error(format!("intern() argument must be str, not {got}")));
        }
        if string.downcast_exact::<Str>().is_none() {
            let got = vm.type_name(string);
            return Err(vm.type_error(format!("can't intern {got}")));
        }
        Ok(intern_value(string))
    }

    /// Return True if the given string is "interned".
    #[function("_is_interned(string, /)")]
    fn is_interned(string: &Str) -> bool {
        string.is_interned()
    }

    /// Return the reference count of object, including the reference of the argument.
    #[function("getrefcount(object, /)")]
    fn getrefcount(object: &Value) -> i64 {
        object.header().map_or(0xc000_0000, |header| i64::from(header.count()))
    }

    /// getsizeof(object [, default]) -> int
    ///
    /// Return the size of object in bytes.
    #[function("getsizeof(object, default=<unrepresentable>)", text = none)]
    async fn getsizeof(vm: VmRef, object: Value, default: Option<Value>) -> PyResult {
        match vm.call_special(&object, &crate::name!(__sizeof__), Vec::new()).await {
            Some(size) => size,
            None => match default {
                Some(default) => Ok(default),
                None => {
                    let got = vm.type_name(&object);
                    Err(vm.type_error(format!("Type {got} doesn't define __sizeof__")))
                }
            },
        }
    }

    /// Return a frame object from the call stack: the current one, or the one depth calls below.
    #[function("_getframe(depth=0, /)")]
    fn getframe(vm: &Vm, depth: i64) -> PyResult {
        with_frame(vm, |thread, top| {
            let mut left = depth.max(0);
            let mut index = top;
            loop {
                if !thread.frames[index].is_native() {
                    if left == 0 {
                        return Some(thread.frame_object(index).into_value());
                    }
                    left -= 1;
                }
                index = index.checked_sub(1)?;
            }
        })?
        .ok_or_else(|| vm.value_error("call stack is not deep enough"))
    }

    /// Return the name of the module of a calling frame, or None.
    #[function("_getframemodulename(depth=0)")]
    fn getframemodulename(vm: &Vm, depth: i64) -> PyResult {
        with_frame(vm, |thread, top| {
            let mut left = depth.max(0);
            for index in (0..=top).rev().filter(|&index| !thread.frames[index].is_native()) {
                if left == 0 {
                    let function = thread.frames[index].function();
                    let module = function.module.get();
                    // Code that is no function's belongs to the module of its globals.
                    return if module.is_none() {
                        function.globals.get_str(&crate::name!(__name__)).unwrap_or_default()
                    } else {
                        module
                    };
                }
                left -= 1;
            }
            Value::NONE
        })
    }

    /// Return the current default encoding used by the Unicode implementation.
    #[function("getdefaultencoding()")]
    fn getdefaultencoding() -> &'static str {
        "utf-8"
    }

    /// Return the encoding used to convert Unicode filenames to OS filenames.
    #[function("getfilesystemencoding()")]
    fn getfilesystemencoding() -> &'static str {
        "utf-8"
    }

    /// Return the error mode used for Unicode to OS filename conversion.
    #[function("getfilesystemencodeerrors()")]
    fn getfilesystemencodeerrors() -> &'static str {
        "surrogateescape"
    }

    /// Return the maximum string digits limit for non-binary int<->str conversions.
    #[function("get_int_max_str_digits()")]
    fn get_int_max_str_digits(vm: &Vm) -> usize {
        vm.int_max_str_digits()
    }

    /// Set the maximum string digits limit for non-binary int<->str conversions.
    #[function("set_int_max_str_digits(maxdigits)")]
    fn set_int_max_str_digits(vm: &Vm, maxdigits: i32) -> PyResult<()> {
        match usize::try_from(maxdigits) {
            Ok(digits) if digits == 0 || digits >= 640 => {
                vm.set_int_max_str_digits(digits);
                Ok(())
            }
            _ => Err(vm.value_error("maxdigits must be >= 640 or 0 for unlimited")),
        }
    }

    /// Return True if Python is exiting.
    #[function("is_finalizing()")]
    fn is_finalizing() -> bool {
        false
    }

    /// Return the current thread switch interval.
    #[function("getswitchinterval()")]
    fn getswitchinterval(vm: &Vm) -> f64 {
        vm.extension::<SwitchInterval>().0.get()
    }

    /// Set the ideal thread switching delay. It is remembered, but switching goes by instructions here.
    #[function("setswitchinterval(interval, /)")]
    fn setswitchinterval(vm: &Vm, interval: f64) -> PyResult<()> {
        if interval <= 0.0 {
            return Err(vm.value_error("switch interval must be strictly positive"));
        }
        vm.extension::<SwitchInterval>().0.set(interval);
        Ok(())
    }

    /// Return the number of memory blocks currently allocated; here the bytes in units of 16.
    #[function("getallocatedblocks()")]
    fn getallocatedblocks(vm: &Vm) -> usize {
        vm.memory_used() / 16
    }

    /// Set what is called with an async generator at its first use, and with one that is let go before its end.
    #[function("set_asyncgen_hooks(*args, **kwargs)", text = none)]
    fn set_asyncgen_hooks(vm: &Vm, args: &[Value], kwargs: KwArgs<'_>) -> PyResult<()> {
        let mut given = [args.first().cloned(), args.get(1).cloned()];
        if args.len() > 2 {
            let count = args.len();
            return Err(vm.type_error(format!("set_asyncgen_hooks() takes at most 2 arguments ({count} given)")));
        }
        for (name, value) in kwargs.iter() {
            let at =
                ["firstiter", "finalizer"].iter().position(|known| name.as_text().is_some_and(|name| name == *known));
            match at {
                Some(at) => given[at] = Some(value.clone()),
                None => {
                    let name = name.as_text().map_or(String::new(), |name| name.to_utf8_lossy().into_owned());
                    let text = format!("set_asyncgen_hooks() got an unexpected keyword argument '{name}'");
                    return Err(vm.type_error(text));
                }
            }
        }
        let hooks = vm.extension::<crate::types::async_generator::Hooks>();
        for (at, what) in [(1, "finalizer"), (0, "firstiter")] {
            let Some(hook) = &given[at] else { continue };
            if !hook.is_none() && vm.type_of(hook).slots().call.is_none() {
                let got = vm.type_name(hook);
                return Err(vm.type_error(format!("callable {what} expected, got {got}")));
            }
            let place = if at == 0 { &hooks.first_iter } else { &hooks.finalizer };
            place.set(hook.clone());
        }
        Ok(())
    }

    /// Return the hooks that set_asyncgen_hooks set.
    #[function("get_asyncgen_hooks()")]
    fn get_asyncgen_hooks(vm: &Vm) -> Value {
        let hooks = vm.extension::<crate::types::async_generator::Hooks>();
        let class = hooks.class.borrow_mut().get_or_insert_with(|| {
            let doc = "asyncgen_hooks()\n\nThe hooks of async generators.";
            structs::make_sealed_class("sys", "asyncgen_hooks", doc, &["firstiter", "finalizer"])
        });
        structs::make(class, vec![hooks.first_iter.get(), hooks.finalizer.get()])
    }

    /// How many frames coroutines record of where they were made.
    #[function("get_coroutine_origin_tracking_depth()")]
    fn get_coroutine_origin_tracking_depth(vm: &Vm) -> usize {
        vm.origin_depth.get()
    }

    /// Make coroutines record where they are made: this many frames; 0 turns it off.
    #[function("set_coroutine_origin_tracking_depth(depth)")]
    fn set_coroutine_origin_tracking_depth(vm: &Vm, depth: i64) -> PyResult<()> {
        let Ok(depth) = usize::try_from(depth) else { return Err(vm.value_error("depth must be >= 0")) };
        vm.origin_depth.set(depth);
        Ok(())
    }

    /// Clear the internal type cache, which here follows changes by itself.
    #[function("_clear_type_cache()")]
    fn clear_type_cache() {}

    /// Clear all internal performance-related caches, which here follow changes by themselves.
    #[function("_clear_internal_caches()")]
    fn clear_internal_caches() {}

    /// Return True if remote debugging is enabled: there are no processes that could ask for it.
    #[function("is_remote_debug_enabled()")]
    fn is_remote_debug_enabled() -> bool {
        false
    }

    /// Return True if the GIL is currently enabled.
    #[function("_is_gil_enabled()")]
    fn is_gil_enabled() -> bool {
        true
    }

    /// Return a dict of each thread's current frame, by thread number.
    #[function("_current_frames()")]
    fn current_frames(vm: &Vm) -> PyResult {
        of_threads(vm, |thread| {
            let index = thread.frames.iter().rposition(|frame| !frame.is_native())?;
            Some(thread.frame_object(index).into_value())
        })
    }

    /// Return a dict of the exception that each thread handles, or None, by thread number.
    #[function("_current_exceptions()")]
    fn current_exceptions(vm: &Vm) -> PyResult {
        of_threads(vm, |thread| Some(thread.handled().unwrap_or_default()))
    }
}

/// What `setswitchinterval` was told.
struct SwitchInterval(Cell<f64>);

impl Default for SwitchInterval {
    fn default() -> SwitchInterval {
        SwitchInterval(Cell::new(0.005))
    }
}

/// A dict of something that threads have, by their numbers.
fn of_threads(vm: &Vm, what: fn(&mut Thread) -> Option<Value>) -> PyResult {
    let dict = crate::types::dict::Dict::new_object();
    for thread in vm.threads.list() {
        if let Some(value) = what(thread)
            && let Some(result) = dict.set_now(vm, &Value::from_i64(thread.id as i64), &value)
        {
            result?;
        }
    }
    Ok(dict.into_value())
}

fn handled(vm: &Vm) -> Value {
    let thread = vm.threads.current();
    if thread.is_null() {
        return Value::NONE;
    }
    // SAFETY: the running thread lives.
    unsafe { (*thread).handled() }.unwrap_or_default()
}
