//! `sys.settrace` and its kind, and `sys.monitoring`. What they do is in `exec::trace`.

use snakelet_macros::{functions, native_module};

use crate::exec::monitoring::{COUNT, EVENTS, LOCAL, Monitoring, TOOLS};
use crate::exec::trace;
use crate::object::Ref;
use crate::types::code::CodeObject;
use crate::types::module::Module;
use crate::{PyResult, Value, Vm, VmRef};

pub struct Tracing;

/// Every thread's number.
fn all_threads(vm: &Vm) -> Vec<u64> {
    vm.threads.list().iter().map(|thread| thread.id).collect()
}

#[functions("sys", FUNCTIONS)]
impl Tracing {
    /// Set the global debug tracing function.
    ///
    /// It will be called on each function call.  See the debugger chapter
    /// in the library manual.
    #[function("settrace(function, /)")]
    async fn settrace(vm: VmRef, function: Value) {
        trace::set(&vm, vm.threads.current_id(), Some(function), None);
    }

    /// Return the global debug tracing function set with sys.settrace.
    #[function("gettrace()")]
    fn gettrace(vm: &Vm) -> Value {
        vm.threads.find(vm.threads.current_id()).map_or(Value::NONE, |thread| thread.tracing.trace.clone())
    }

    /// Set the profiling function: it will be called on each function call and return.
    #[function("setprofile(function, /)")]
    async fn setprofile(vm: VmRef, function: Value) {
        trace::set(&vm, vm.threads.current_id(), None, Some(function));
    }

    /// Return the profiling function set with sys.setprofile.
    #[function("getprofile()")]
    fn getprofile(vm: &Vm) -> Value {
        vm.threads.find(vm.threads.current_id()).map_or(Value::NONE, |thread| thread.tracing.profile.clone())
    }

    /// Set the global debug tracing function in all running threads.
    #[function("_settraceallthreads(function, /)")]
    async fn settraceallthreads(vm: VmRef, function: Value) {
        for id in all_threads(&vm) {
            trace::set(&vm, id, Some(function.clone()), None);
        }
    }

    /// Set the profiling function in all running threads.
    #[function("_setprofileallthreads(function, /)")]
    async fn setprofileallthreads(vm: VmRef, function: Value) {
        for id in all_threads(&vm) {
            trace::set(&vm, id, None, Some(function.clone()));
        }
    }

    /// Call func(*args), while tracing is enabled.
    #[function("call_tracing(func, args, /)")]
    async fn call_tracing(vm: VmRef, func: Value, args: Value) -> PyResult {
        let Some(args) = vm.sequence_now(&args).filter(|_| args.downcast::<crate::types::tuple::Tuple>().is_some())
        else {
            let got = vm.type_name(&args);
            return Err(vm.type_error(format!("call_tracing() argument 2 must be tuple, not {got}")));
        };
        let id = vm.threads.current_id();
        let quiet = vm.threads.find(id).map_or(0, |thread| std::mem::take(&mut thread.tracing.quiet));
        let result = vm.call(&func, args).await;
        if let Some(thread) = vm.threads.find(id) {
            thread.tracing.quiet = quiet;
        }
        result
    }
}

fn tool_of(vm: &Vm, tool_id: i64) -> PyResult<usize> {
    match usize::try_from(tool_id) {
        Ok(tool) if tool < TOOLS => Ok(tool),
        _ => Err(vm.value_error(format!("invalid tool {tool_id} (must be between 0 and 5)"))),
    }
}

/// The same of a tool that is in use.
fn used_tool(vm: &Vm, tool_id: i64) -> PyResult<usize> {
    let tool = tool_of(vm, tool_id)?;
    if vm.extension::<Monitoring>().names[tool].borrow().is_none() {
        return Err(vm.value_error(format!("tool {tool_id} is not in use")));
    }
    Ok(tool)
}

/// An event set as CPython sees it: `C_RETURN` and `C_RAISE` only together with `CALL`, `BRANCH` for both directions.
fn event_set(vm: &Vm, given: i64, local: bool) -> PyResult<u32> {
    let mut events = u32::try_from(given)
        .ok()
        .filter(|events| *events < 1 << COUNT)
        .ok_or_else(|| vm.value_error(format!("invalid event set 0x{given:x}")))?;
    let with_call = 1 << 16 | 1 << 17;
    if events & with_call != 0 && (events & with_call != with_call || events & 1 << 4 == 0) {
        return Err(vm.value_error("cannot set C_RETURN or C_RAISE events independently"));
    }
    events &= !with_call;
    if local && events & !(LOCAL | 1 << 18) != 0 {
        return Err(vm.value_error(format!("invalid local event set 0x{given:x}")));
    }
    Ok(events)
}

fn code_of(vm: &Vm, code: &Value) -> PyResult<Ref<CodeObject>> {
    code.to_ref::<CodeObject>().ok_or_else(|| vm.type_error("code must be a code object"))
}

/// Declares module `sys.monitoring`.
pub struct MonitoringModule;

/// Tools that want to know what runs register here (PEP 669).
#[native_module("sys.monitoring")]
impl MonitoringModule {
    #[constant("DEBUGGER_ID")]
    const DEBUGGER_ID: i64 = 0;
    #[constant("COVERAGE_ID")]
    const COVERAGE_ID: i64 = 1;
    #[constant("PROFILER_ID")]
    const PROFILER_ID: i64 = 2;
    #[constant("OPTIMIZER_ID")]
    const OPTIMIZER_ID: i64 = 5;

    /// Reserve a tool id under a name.
    #[function("use_tool_id(tool_id, name, /)")]
    fn use_tool_id(vm: &Vm, tool_id: i64, name: &Value) -> PyResult<()> {
        let tool = tool_of(vm, tool_id)?;
        if name.as_text().is_none() {
            return Err(vm.value_error("tool name must be a str"));
        }
        let place = &vm.extension::<Monitoring>().names[tool];
        if !place.borrow().is_none() {
            return Err(vm.value_error(format!("tool {tool_id} is already in use")));
        }
        place.set(name.clone());
        Ok(())
    }

    /// Give up a tool's events and callbacks.
    #[function("clear_tool_id(tool_id, /)")]
    fn clear_tool_id(vm: &Vm, tool_id: i64) -> PyResult<()> {
        let tool = tool_of(vm, tool_id)?;
        if !vm.extension::<Monitoring>().names[tool].borrow().is_none() {
            vm.extension::<Monitoring>().clear(vm, tool);
        }
        Ok(())
    }

    /// Give up a tool id, its events and callbacks.
    #[function("free_tool_id(tool_id, /)")]
    fn free_tool_id(vm: &Vm, tool_id: i64) -> PyResult<()> {
        MonitoringModule::clear_tool_id(vm, tool_id)?;
        vm.extension::<Monitoring>().names[tool_of(vm, tool_id)?].set(Value::NONE);
        Ok(())
    }

    /// Return the name of the tool with this id, or None.
    #[function("get_tool(tool_id, /)")]
    fn get_tool(vm: &Vm, tool_id: i64) -> PyResult {
        let tool = tool_of(vm, tool_id)?;
        Ok(vm.extension::<Monitoring>().names[tool].get())
    }

    /// Set what a tool is called with for an event; return what it was before.
    #[function("register_callback(tool_id, event, func, /)")]
    fn register_callback(vm: &Vm, tool_id: i64, event: i64, func: &Value) -> PyResult {
        let tool = tool_of(vm, tool_id)?;
        if event <= 0 || event & (event - 1) != 0 {
            return Err(vm.value_error("The callback can only be set for one event at a time"));
        }
        let number = event.trailing_zeros() as usize;
        if number >= COUNT {
            return Err(vm.value_error(format!("invalid event {event}")));
        }
        Ok(vm.extension::<Monitoring>().set_callback(tool, number, func.clone()))
    }

    /// Return the events that a tool watches in all code.
    #[function("get_events(tool_id, /)")]
    fn get_events(vm: &Vm, tool_id: i64) -> PyResult<i64> {
        let tool = used_tool(vm, tool_id)?;
        Ok(vm.extension::<Monitoring>().events[tool].get().into())
    }

    /// Set the events that a tool watches in all code.
    #[function("set_events(tool_id, event_set, /)")]
    async fn set_events(vm: VmRef, tool_id: i64, event_set: i64) -> PyResult<()> {
        let tool = tool_of(&vm, tool_id)?;
        let events = self::event_set(&vm, event_set, false)?;
        used_tool(&vm, tool_id)?;
        vm.extension::<Monitoring>().events[tool].set(events);
        trace::monitor_all(&vm);
        Ok(())
    }

    /// Return the events that a tool watches in one code object alone.
    #[function("get_local_events(tool_id, code, /)")]
    fn get_local_events(vm: &Vm, tool_id: i64, code: &Value) -> PyResult<i64> {
        let code = code_of(vm, code)?;
        let tool = used_tool(vm, tool_id)?;
        Ok(code.tracing.local_events.get()[tool].into())
    }

    /// Set the events that a tool watches in one code object.
    #[function("set_local_events(tool_id, code, event_set, /)")]
    async fn set_local_events(vm: VmRef, tool_id: i64, code: Value, event_set: i64) -> PyResult<()> {
        let code = code_of(&vm, &code)?;
        let tool = used_tool(&vm, tool_id)?;
        let events = self::event_set(&vm, event_set, true)?;
        let mut all = code.tracing.local_events.get();
        all[tool] = events;
        code.tracing.local_events.set(all);
        if events != 0 {
            vm.extension::<Monitoring>().has_local.set(true);
        }
        trace::monitor_all(&vm);
        Ok(())
    }

    /// Let events that callbacks disabled happen again.
    #[function("restart_events()")]
    fn restart_events(vm: &Vm) {
        vm.extension::<Monitoring>().restart();
    }

    /// Return a dict of the events that are watched: a set of tools for each.
    #[function("_all_events()")]
    fn all_events(vm: &Vm) -> Value {
        let dict = crate::types::dict::Dict::new_object();
        let monitoring = vm.extension::<Monitoring>();
        for (number, name) in EVENTS.iter().enumerate() {
            let tools = (0..TOOLS).filter(|&tool| monitoring.events[tool].get() >> number & 1 != 0);
            let tools = tools.fold(0, |bits, tool| bits | 1 << tool);
            if tools != 0 {
                dict.set_text(name, Value::small_int(tools));
            }
        }
        dict.into_value()
    }

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let Some(module) = module.downcast::<Module>() else { return Ok(()) };
        let mut events: Vec<(&str, Value)> =
            EVENTS.iter().enumerate().map(|(number, name)| (*name, Value::small_int(1 << number))).collect();
        events.push(("NO_EVENTS", Value::small_int(0)));
        module.dict.set_text("events", super::SimpleNamespace::make(events));
        module.dict.set_text("DISABLE", vm.extension::<Monitoring>().marker(false));
        module.dict.set_text("MISSING", vm.extension::<Monitoring>().marker(true));
        Ok(())
    }
}
