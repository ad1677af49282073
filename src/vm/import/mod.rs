//! Importing: where modules come from, `sys.modules`, packages, relative names.
//!
//! A module is looked for, in this order, among the native ones (this crate's and those of the session's configuration) and then
//! along `sys.path` or the package's `__path__`: folders of the session's file system, and below [`LIBRARY`] the packed standard
//! library, which the embedder hands out file by file (`HostRequest::Library`). So an import may wait for the network, like
//! any other request, while other threads go on.
//!
//! | file | subject |
//! |---|---|
//! | `start` | what a session's interpreter contains before any program runs |
//! | `compile` | from source text to a code object |
//! | `statement` | `__import__` and what `from m import x` falls back to |
//! | `load` | `sys.modules`, running a module's code, circular imports, threads |
//! | `finish` | emptying the modules when a process ends |
//! | `find` | the search for a module |
//! | `library` | fetching the packed library's files |
//! | `trees` | syntax trees as Python objects |
//! | `python_side` | `importlib`, specs and finders, loaded when a program looks at them |
//! | `missing` | why some modules of CPython's library are not here |

mod compile;
mod find;
mod finish;
mod library;
mod load;
mod missing;
mod python_side;
mod start;
mod statement;
pub mod trees;

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

pub use compile::{
    check_complete, compile_source, compile_with, decode_source, has_syntax_warnings, issue_syntax_warnings,
    queue_parser_warnings, queue_syntax_warnings, raise_syntax_error, with_syntax_warnings,
};
pub use find::{find_library, list_library};
pub use finish::finish;
pub use library::{fetch_path, fetch_sources, is_absent};
pub use load::{create_native, import_module, is_initializing};
pub use python_side::{SYS_NAMES, find_and_load_for_python, is_lazy, lazy_attribute, library_folder};
pub use start::start;
pub use statement::{from_fallback, import_name};

use crate::native::ModuleDef;
use crate::object::VmCell;
use crate::types::module::Module;
use crate::{Value, Vm};

/// Where the packed standard library seems to lie.
pub const LIBRARY: &str = "/lib/python3.14";

/// What the import system remembers in a session.
#[derive(Default)]
pub(crate) struct Imports {
    /// Native modules beyond this crate's.
    natives: Cell<&'static [&'static ModuleDef]>,
    /// Source texts by file name, for tracebacks.
    sources: VmCell<HashMap<String, Rc<str>>>,
    /// The paths of the packed library, once asked for.
    index: VmCell<Option<Rc<HashSet<String>>>>,
    /// Modules whose code is running, with the threads that run it.
    loading: VmCell<Vec<load::Loading>>,
}

impl Imports {
    /// The native modules beyond this crate's.
    pub(crate) fn natives(&self) -> &'static [&'static ModuleDef] {
        self.natives.get()
    }

    fn native(&self, name: &str) -> Option<&'static ModuleDef> {
        let own = crate::modules::MODULES.iter();
        own.chain(self.natives.get()).copied().find(|module| module.name == name)
    }

    /// The names of all native modules, sorted.
    pub(crate) fn native_names(&self) -> Vec<&'static str> {
        let own = crate::modules::MODULES.iter();
        let mut names: Vec<&str> = own.chain(self.natives.get()).map(|module| module.name).collect();
        names.extend(["builtins", "sys"]);
        snakelet_text::order::sort(&mut names);
        names
    }
}

/// Whether a module of this name is native.
pub fn is_native(vm: &Vm, name: &str) -> bool {
    name == "sys" || name == "builtins" || vm.extension::<Imports>().native(name).is_some()
}

impl Vm {
    /// Keeps a source text, so that tracebacks can show its lines.
    pub fn remember_source(&self, filename: &str, source: &str) {
        self.extension::<Imports>().sources.borrow_mut().insert(filename.to_string(), source.into());
    }

    /// The source text that was run under this file name, or lies there in the file system.
    pub fn source(&self, filename: &str) -> Option<Rc<str>> {
        if let Some(source) = self.extension::<Imports>().sources.borrow().get(filename) {
            return Some(source.clone());
        }
        let bytes = self.files().read(filename).ok()?;
        Some(String::from_utf8_lossy(&bytes).into())
    }

    /// A line of a source text, counted from 1, without its line end.
    pub fn source_line(&self, filename: &str, line: usize) -> Option<String> {
        line_of(&self.source(filename)?, line)
    }

    /// The source text kept under this name.
    pub(crate) fn remembered_source(&self, filename: &str) -> Option<Rc<str>> {
        self.extension::<Imports>().sources.borrow().get(filename).cloned()
    }
}

/// A line of a text, counted from 1, without its line end.
pub(crate) fn line_of(source: &str, line: usize) -> Option<String> {
    let line = source.split('\n').nth(line.checked_sub(1)?)?;
    Some(line.trim_end_matches('\r').to_string())
}

/// The module's `__name__`, for messages.
pub fn name_of(module: &Value) -> String {
    let name = module.downcast::<Module>().and_then(|module| module.dict.get_str(&crate::name!(__name__)));
    name.and_then(|name| Some(name.as_text()?.to_utf8_lossy().into_owned()))
        .unwrap_or_else(|| "<unknown module name>".to_string())
}

/// Whether the standard library has a module of this name, for "Did you forget to import".
pub fn is_library_module(vm: &Vm, name: &str) -> bool {
    use crate::types::set::FrozenSet;
    let known = vm.sys.get_text("stdlib_module_names");
    let in_set = known.as_ref().and_then(Value::downcast::<FrozenSet>).is_some_and(|names| {
        names.table.borrow().iter().any(|module| module.key.as_text().is_some_and(|text| text == name))
    });
    in_set || crate::modules::MODULES.iter().any(|module| module.name == name)
}
