//! The search for a module.

use std::rc::Rc;

use snakelet_bytecode::Code;

use super::{LIBRARY, library};
use crate::builtins::prepare;
use crate::types::list::List;
use crate::{PyResult, Value, Vm};

/// Where a module was found.
pub(super) struct Found {
    pub file: String,
    /// The folders of a package's submodules.
    pub path: Option<Vec<String>>,
    pub contents: Contents,
    /// Whether it belongs to the packed library.
    pub in_library: bool,
}

/// A module's code.
pub(super) enum Contents {
    Source(Rc<str>),
    Compiled(Rc<Code>),
}

/// What a search ends with.
pub(super) enum Search {
    Found(Found),
    Absent,
    /// It takes the Python side: an archive, a finder of the program's own, a namespace package.
    Python,
}

/// Looks for module `name` (the last part of its full name) in the folders of `path`, a list of strs.
pub(super) async fn find(vm: &Vm, name: &str, path: &Value) -> PyResult<Search> {
    let mut is_namespace = false;
    let folders = match path.downcast::<List>() {
        Some(list) => list.items.borrow().clone(),
        None => vm.collect(path).await?,
    };
    for entry in folders {
        let Some(folder) = entry.as_text().map(|text| text.to_utf8_lossy().into_owned()) else { continue };
        if super::python_side::has_own_finder(vm, &entry) || is_archive(vm, &folder) {
            return Ok(Search::Python);
        }
        let found = match super::python_side::library_folder(&folder) {
            Some(inner) => match in_index(vm, inner, name).await? {
                Some((inner, path)) => {
                    let file = format!("{LIBRARY}/{inner}");
                    let contents = library::contents(vm, &inner, name).await?;
                    Some(Found { file, path, contents, in_library: true })
                }
                None => None,
            },
            None => match find_in_folder(vm, &folder, name, &mut is_namespace).await? {
                Search::Found(found) => Some(found),
                Search::Absent => None,
                Search::Python => return Ok(Search::Python),
            },
        };
        if let Some(found) = found {
            return Ok(Search::Found(found));
        }
    }
    Ok(if is_namespace { Search::Python } else { Search::Absent })
}

/// Whether the entry of `sys.path` is a file, or lies in one.
fn is_archive(vm: &Vm, path: &str) -> bool {
    if !path.contains('.') {
        return false;
    }
    let files = vm.files();
    let end = path.find(".zip/").map_or(path.len(), |at| at + 4);
    matches!(files.find(&path[..end]), Ok(crate::files::Node::File(_)))
}

async fn find_in_folder(vm: &Vm, folder: &str, name: &str, is_namespace: &mut bool) -> PyResult<Search> {
    let folder = match folder.strip_prefix("./").unwrap_or(folder) {
        "" | "." if !folder.starts_with('/') => vm.files().current_folder(),
        inner if !folder.starts_with('/') => format!("{}/{inner}", vm.files().current_folder()),
        _ => folder.to_string(),
    };
    let base = format!("{}/{name}", folder.trim_end_matches('/'));
    for (end, is_package) in [("/__init__.py", true), (".py", false)] {
        let file = format!("{base}{end}");
        if let Ok(bytes) = vm.files().read(&file) {
            let source = decode(vm, &bytes, &file).await?;
            let path = is_package.then(|| vec![base]);
            return Ok(Search::Found(Found { file, path, contents: Contents::Source(source), in_library: false }));
        }
        // Compiled code without its source is left to importlib.
        if vm.files().find(&format!("{file}c")).is_ok() {
            return Ok(Search::Python);
        }
    }
    *is_namespace |= vm.files().is_folder(&base);
    Ok(Search::Absent)
}

/// The file of a library module in `folder` (below the library's root), and a package's `__path__`. The file lies in the session's
/// file system afterwards.
pub async fn find_library(vm: &Vm, folder: &str, name: &str) -> PyResult<Option<(String, Option<Vec<String>>)>> {
    let Some((inner, path)) = in_index(vm, folder, name).await? else { return Ok(None) };
    library::place(vm, &inner, name).await?;
    Ok(Some((format!("{LIBRARY}/{inner}"), path)))
}

/// The same as its path below the library's root.
async fn in_index(vm: &Vm, folder: &str, name: &str) -> PyResult<Option<(String, Option<Vec<String>>)>> {
    let Some(index) = library::index(vm).await? else { return Ok(None) };
    let base = if folder.is_empty() { name.to_string() } else { format!("{folder}/{name}") };
    let package = format!("{base}/__init__.py");
    let (inner, path) = if index.contains(&package) {
        (package, Some(vec![format!("{LIBRARY}/{base}")]))
    } else {
        (format!("{base}.py"), None)
    };
    Ok(index.contains(&inner).then_some((inner, path)))
}

/// The modules directly in a folder of the library, sorted, each with whether it is a package.
pub async fn list_library(vm: &Vm, folder: &str) -> PyResult<Vec<(String, bool)>> {
    let Some(index) = library::index(vm).await? else { return Ok(Vec::new()) };
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let mut found: Vec<(String, bool)> = Vec::new();
    for path in index.iter() {
        let Some(rest) = path.strip_prefix(&prefix) else { continue };
        if let Some(name) = rest.strip_suffix("/__init__.py").filter(|name| !name.contains('/')) {
            found.push((name.to_string(), true));
        } else if let Some(name) = rest.strip_suffix(".py").filter(|name| !name.contains('/') && *name != "__init__") {
            found.push((name.to_string(), false));
        }
    }
    snakelet_text::order::sort(&mut found);
    Ok(found)
}

/// Source bytes as text, by their coding declaration.
pub(super) async fn decode(vm: &Vm, bytes: &[u8], file: &str) -> PyResult<Rc<str>> {
    if let Ok(snakelet_syntax::Decoded::Needs(encoding)) = snakelet_syntax::decode(bytes, "") {
        let text = prepare::by_codec(vm.handle(), &encoding, bytes.to_vec(), file).await?;
        return Ok(text.as_text().map_or(Rc::from(""), |text| Rc::from(&*text.to_utf8_lossy())));
    }
    super::compile::decode_source(vm, bytes, file).map(Rc::from)
}
