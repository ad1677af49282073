//! `_sre`: compiled patterns and matches, below module `re`.
//!
//! | file | subject |
//! |---|---|
//! | `program` | a pattern's code made ready |
//! | `engine` | the matcher |
//! | `pattern` | `re.Pattern` and scanners |
//! | `matched` | `re.Match` and replacement templates |

mod engine;
mod matched;
mod pattern;
mod program;

use snakelet_macros::native_module;
use snakelet_text::unicode::{self, Case};
use snakelet_vm::native::ModuleDef;
use snakelet_vm::types::list::List;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::{PyResult, Ref, Value, Vm};

pub const MODULE: ModuleDef = Sre::MODULE;

/// Declares module `_sre`.
struct Sre;

#[native_module("_sre", types = [pattern::Pattern, matched::Match, matched::Template, pattern::Scanner])]
impl Sre {
    #[constant("MAGIC")]
    const MAGIC: i64 = 20_230_612;
    #[constant("CODESIZE")]
    const CODESIZE: i64 = 4;
    #[constant("MAXREPEAT")]
    const MAXREPEAT: i64 = engine::MAXREPEAT as i64;
    #[constant("MAXGROUPS")]
    const MAXGROUPS: i64 = 1_073_741_823;

    /// Make a pattern object of the compiler's code.
    #[function("compile(pattern, flags, code, groups, groupindex, indexgroup)")]
    fn compile(
        vm: &Vm,
        pattern: Value,
        flags: i64,
        code: Ref<List>,
        groups: usize,
        groupindex: Value,
        indexgroup: Ref<Tuple>,
    ) -> PyResult {
        let words: Option<Vec<u32>> =
            code.items.borrow().iter().map(|word| word.to_i64().and_then(|word| u32::try_from(word).ok())).collect();
        let words = words.ok_or_else(|| vm.overflow_error("regular expression code size limit exceeded"))?;
        match program::Program::new(words, groups) {
            Some(program) => Ok(pattern::Pattern::make(pattern, flags, program, groups, groupindex, indexgroup)),
            None => Err(vm.runtime_error("invalid SRE code")),
        }
    }

    /// Make a replacement template of literals and group numbers.
    #[function("template(pattern, template, /)")]
    fn template(pattern: &Value, template: Ref<List>) -> Value {
        let _ = pattern;
        matched::Template::make(template.items.borrow().clone())
    }

    #[function("getcodesize()")]
    fn getcodesize() -> i64 {
        4
    }

    #[function("ascii_iscased(character, /)")]
    fn ascii_iscased(character: i64) -> bool {
        u8::try_from(character).is_ok_and(|c| c.is_ascii_alphabetic())
    }

    #[function("unicode_iscased(character, /)")]
    fn unicode_iscased(character: i64) -> bool {
        let code = character as u32;
        engine::lower_unicode(code) != code || unicode::simple_case(code, Case::Upper) != code
    }

    #[function("ascii_tolower(character, /)")]
    fn ascii_tolower(character: i64) -> i64 {
        i64::from(engine::lower_ascii(character as u32))
    }

    #[function("unicode_tolower(character, /)")]
    fn unicode_tolower(character: i64) -> i64 {
        i64::from(engine::lower_unicode(character as u32))
    }
}
