//! `_suggestions`: what `traceback` asks for "Did you mean".

use snakelet_macros::native_module;
use snakelet_vm::errors::suggest;
use snakelet_vm::native::ModuleDef;
use snakelet_vm::types::list::List;
use snakelet_vm::{PyResult, Value, Vm};

pub const MODULE: ModuleDef = Suggestions::MODULE;

struct Suggestions;

#[native_module("_suggestions")]
impl Suggestions {
    /// Returns the candidate in candidates that's closest to item
    #[function("_generate_suggestions(candidates, item, /)")]
    fn generate_suggestions(vm: &Vm, candidates: &Value, item: &Value) -> PyResult {
        let Some(item) = item.as_text() else {
            let got = vm.type_name(item);
            return Err(vm.type_error(format!("_generate_suggestions() argument 2 must be str, not {got}")));
        };
        let Some(candidates) = candidates.downcast_exact::<List>() else {
            return Err(vm.type_error("candidates must be a list"));
        };
        let mut names = Vec::new();
        for candidate in candidates.items.borrow().iter() {
            match candidate.as_text() {
                Some(text) => names.push(text.to_utf8_lossy()),
                None => return Err(vm.type_error("all elements in 'candidates' must be strings")),
            }
        }
        let found = suggest::closest(&item.to_utf8_lossy(), names.iter().map(|name| &**name));
        Ok(found.map_or(Value::NONE, |name| Value::from_str(&name)))
    }
}
