//! `_subinterpreters`: the little that `_interpreters`, `_interpqueues` and `_interpchannels` (Python, in the library) need of the
//! runtime. What is handed to another interpreter must be immutable: those modules see to it.

use snakelet_macros::native_module;
use snakelet_vm::native::ModuleDef;
use snakelet_vm::{PyResult, Value, Vm, VmRef, interpreters};

pub const MODULE: ModuleDef = Subinterpreters::MODULE;

struct Subinterpreters;

/// Interpreters beside the session's first one.
#[native_module("_subinterpreters")]
impl Subinterpreters {
    /// Make an interpreter and return its number.
    #[function("create()")]
    fn create(vm: &Vm) -> PyResult<i64> {
        interpreters::create(vm)
    }

    /// End an interpreter.
    #[function("destroy(id, /)")]
    fn destroy(vm: &Vm, id: i64) -> PyResult<()> {
        interpreters::destroy(vm, id)
    }

    /// The numbers of all interpreters.
    #[function("ids()")]
    fn ids(vm: &Vm) -> Value {
        Value::from_list(interpreters::ids(vm).into_iter().map(Value::from_i64).collect())
    }

    /// The number of the running interpreter.
    #[function("current()")]
    fn current(vm: &Vm) -> i64 {
        vm.interpreter_id()
    }

    /// Whether an interpreter runs code in its __main__; None if there is no such interpreter.
    #[function("is_running(id, /)")]
    fn is_running(vm: &Vm, id: i64) -> Value {
        interpreters::is_running(vm, id).map_or(Value::NONE, Value::bool)
    }

    /// The dict that all interpreters share.
    #[function("shared()")]
    fn shared(vm: &Vm) -> Value {
        interpreters::shared(vm).value()
    }

    /// Call a function of a module in another interpreter and wait for its result.
    #[function("run(id, module, name, args, /)")]
    async fn run(vm: VmRef, id: i64, module: Value, name: Value, args: Value) -> PyResult {
        let text = |value: &Value| value.as_text().map(|text| text.to_utf8_lossy().into_owned());
        let (Some(module), Some(name)) = (text(&module), text(&name)) else {
            return Err(vm.type_error("module and name must be strs"));
        };
        let args = vm.collect(&args).await?;
        interpreters::run(vm, id, module, name, args).await
    }
}
