//! `__import__`.

use snakelet_macros::functions;

use crate::{PyResult, Value, VmRef};

pub struct Importing;

#[functions("builtins", FUNCTIONS)]
impl Importing {
    /// Import a module. The import statement calls this function; programs call importlib.import_module() instead.
    ///
    /// globals is only used to determine the context of a relative import; locals is ignored. With an empty fromlist the
    /// top-level package of a dotted name is returned, else the module itself. level is the number of leading dots.
    #[function("__import__(name, globals=None, locals=None, fromlist=(), level=0)")]
    async fn import(vm: VmRef, name: Value, globals: Value, locals: Value, fromlist: Value, level: i64) -> PyResult {
        let _ = locals;
        let Some(text) = name.as_text() else {
            return Err(vm.type_error("module name must be a string"));
        };
        let Ok(level) = usize::try_from(level) else { return Err(vm.value_error("level must be >= 0")) };
        let text = text.to_utf8_lossy().into_owned();
        crate::import::import_name(&vm, &text, &globals, &fromlist, level).await
    }
}
