//! Native modules of a few lines each: `_tracemalloc`, `faulthandler`, `_locale`.

/// `_tracemalloc`: how much memory is in use, without knowing who asked for it.
pub mod tracemalloc {
    use std::cell::Cell;

    use snakelet_macros::native_module;
    use snakelet_vm::native::ModuleDef;
    use snakelet_vm::{PyResult, Value, Vm};

    pub const MODULE: ModuleDef = Tracemalloc::MODULE;

    /// The number of frames asked for (0: not tracing), memory at the start, and the most seen since.
    #[derive(Default)]
    struct Tracing(Cell<usize>, Cell<usize>, Cell<usize>);

    struct Tracemalloc;

    /// Debug module to trace memory blocks allocated by Python.
    #[native_module("_tracemalloc")]
    impl Tracemalloc {
        /// Start tracing.
        #[function("start(nframe=1, /)")]
        fn start(vm: &Vm, nframe: i64) -> PyResult<()> {
            if !(1..=65535).contains(&nframe) {
                return Err(vm.value_error("the number of frames must be in range [1; 65535]"));
            }
            let tracing = vm.extension::<Tracing>();
            tracing.0.set(nframe as usize);
            tracing.1.set(vm.memory_used());
            tracing.2.set(0);
            Ok(())
        }

        /// Stop tracing.
        #[function("stop()")]
        fn stop(vm: &Vm) {
            vm.extension::<Tracing>().0.set(0);
        }

        #[function("is_tracing()")]
        fn is_tracing(vm: &Vm) -> bool {
            vm.extension::<Tracing>().0.get() > 0
        }

        #[function("clear_traces()")]
        fn clear_traces(vm: &Vm) {
            vm.extension::<Tracing>().1.set(vm.memory_used());
        }

        #[function("reset_peak()")]
        fn reset_peak(vm: &Vm) {
            vm.extension::<Tracing>().2.set(0);
        }

        #[function("get_traceback_limit()")]
        fn get_traceback_limit(vm: &Vm) -> usize {
            vm.extension::<Tracing>().0.get().max(1)
        }

        #[function("get_tracemalloc_memory()")]
        fn get_tracemalloc_memory() -> i64 {
            0
        }

        /// Bytes in use since the start, and the most that was seen.
        #[function("get_traced_memory()")]
        fn get_traced_memory(vm: &Vm) -> Value {
            let tracing = vm.extension::<Tracing>();
            let now = if tracing.0.get() == 0 { 0 } else { vm.memory_used().saturating_sub(tracing.1.get()) };
            tracing.2.set(tracing.2.get().max(now));
            Value::from_tuple(vec![Value::from_usize(now), Value::from_usize(tracing.2.get())])
        }

        /// There are no traces.
        #[function("_get_traces()")]
        fn get_traces() -> Vec<Value> {
            Vec::new()
        }

        #[function("_get_object_traceback(obj, /)")]
        fn get_object_traceback(obj: &Value) {
            let _ = obj;
        }
    }
}

/// `faulthandler`: there are no faults to handle.
pub mod faulthandler {
    use std::cell::Cell;

    use snakelet_macros::native_module;
    use snakelet_vm::native::ModuleDef;
    use snakelet_vm::{PyResult, Value, Vm, VmRef};

    pub const MODULE: ModuleDef = Faulthandler::MODULE;

    #[derive(Default)]
    struct Enabled(Cell<bool>);

    struct Faulthandler;

    /// faulthandler module.
    #[native_module("faulthandler")]
    impl Faulthandler {
        /// Enable the fault handler.
        #[function("enable(file=None, all_threads=True, c_stack=True)")]
        fn enable(vm: &Vm, file: &Value, all_threads: bool, c_stack: bool) {
            let _ = (file, all_threads, c_stack);
            vm.extension::<Enabled>().0.set(true);
        }

        /// Disable the fault handler.
        #[function("disable()")]
        fn disable(vm: &Vm) -> bool {
            vm.extension::<Enabled>().0.replace(false)
        }

        /// Check if the handler is enabled.
        #[function("is_enabled()")]
        fn is_enabled(vm: &Vm) -> bool {
            vm.extension::<Enabled>().0.get()
        }

        /// Dump the traceback of the current thread into file.
        #[function("dump_traceback(file=None, all_threads=True)")]
        async fn dump_traceback(vm: VmRef, file: Value, all_threads: bool) -> PyResult {
            let _ = all_threads;
            let traceback = snakelet_vm::import::import_module(&vm, "traceback").await?;
            let print = vm.attr(&traceback, "print_stack").await?;
            vm.call(&print, vec![Value::NONE, Value::NONE, file]).await
        }

        /// Dump the traceback in timeout seconds: it never comes to that.
        #[function("dump_traceback_later(timeout, repeat=False, file=None, exit=False)")]
        fn dump_later(timeout: &Value, repeat: bool, file: &Value, exit: bool) {
            let _ = (timeout, repeat, file, exit);
        }

        /// Cancel the previous call to dump_traceback_later().
        #[function("cancel_dump_traceback_later()")]
        fn cancel() {}

        /// Register a handler for the signal.
        #[function("register(signum, file=None, all_threads=True, chain=False)")]
        fn register(signum: i64, file: &Value, all_threads: bool, chain: bool) {
            let _ = (signum, file, all_threads, chain);
        }

        /// Unregister the handler of the signal.
        #[function("unregister(signum, /)")]
        fn unregister(signum: i64) -> bool {
            let _ = signum;
            false
        }
    }
}

/// `_locale`: the C locale, in UTF-8.
pub mod locale {
    use snakelet_macros::native_module;
    use snakelet_vm::errors::Exc;
    use snakelet_vm::native::ModuleDef;
    use snakelet_vm::types::dict::Dict;
    use snakelet_vm::types::module::Module;
    use snakelet_vm::{PyResult, Ref, Value, Vm};

    pub const MODULE: ModuleDef = Locale::MODULE;

    /// Names of the one locale there is.
    const KNOWN: &[&str] = &["", "C", "POSIX", "C.UTF-8", "C.utf8", "en_US.UTF-8"];

    struct Locale;

    /// Support for POSIX locales.
    #[native_module("_locale")]
    impl Locale {
        #[constant("LC_CTYPE")]
        const CTYPE: i64 = 0;
        #[constant("LC_NUMERIC")]
        const NUMERIC: i64 = 1;
        #[constant("LC_TIME")]
        const TIME: i64 = 2;
        #[constant("LC_COLLATE")]
        const COLLATE: i64 = 3;
        #[constant("LC_MONETARY")]
        const MONETARY: i64 = 4;
        #[constant("LC_MESSAGES")]
        const MESSAGES: i64 = 5;
        #[constant("LC_ALL")]
        const ALL: i64 = 6;
        #[constant("CHAR_MAX")]
        const CHAR_MAX: i64 = 127;

        /// Activates/queries locale processing.
        #[function("setlocale(category, locale=None, /)")]
        fn setlocale(vm: &Vm, category: i64, locale: Option<String>) -> PyResult<&'static str> {
            if !(0..=6).contains(&category) || locale.is_some_and(|locale| !KNOWN.contains(&locale.as_str())) {
                return Err(vm.error(Exc::ValueError, "unsupported locale setting"));
            }
            Ok("C")
        }

        /// Returns numeric and monetary locale-specific parameters.
        #[function("localeconv()")]
        fn localeconv() -> Value {
            let conventions: Ref<Dict> = Dict::new_object();
            conventions.set_text("decimal_point", Value::from_str("."));
            for name in [
                "thousands_sep",
                "int_curr_symbol",
                "currency_symbol",
                "mon_decimal_point",
                "mon_thousands_sep",
                "positive_sign",
                "negative_sign",
            ] {
                conventions.set_text(name, Value::from_str(""));
            }
            for name in ["grouping", "mon_grouping"] {
                conventions.set_text(name, Value::from_list(Vec::new()));
            }
            for name in [
                "int_frac_digits",
                "frac_digits",
                "p_cs_precedes",
                "p_sep_by_space",
                "n_cs_precedes",
                "n_sep_by_space",
                "p_sign_posn",
                "n_sign_posn",
            ] {
                conventions.set_text(name, Value::small_int(127));
            }
            conventions.into_value()
        }

        /// Compares two strings according to the locale.
        #[function("strcoll(os1, os2, /)")]
        fn strcoll(os1: String, os2: String) -> i64 {
            os1.chars().cmp(os2.chars()) as i64
        }

        /// Return a string that can be used as a key for locale-aware comparisons.
        #[function("strxfrm(string, /)")]
        fn strxfrm(string: String) -> String {
            string
        }

        /// Get the current locale encoding.
        #[function("getencoding()")]
        fn getencoding() -> &'static str {
            "utf-8"
        }

        #[exec]
        fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
            let _ = vm;
            if let Some(module) = module.downcast::<Module>() {
                module.dict.set_text("Error", Exc::ValueError.class().into_value());
            }
            Ok(())
        }
    }
}
