//! The search for a module's source.

use std::collections::HashSet;
use std::rc::Rc;

use super::{Imports, LIBRARY};
use crate::host::{HostReply, HostRequest};
use crate::types::list::List;
use crate::{PyResult, Value, Vm};

/// Where a module was found.
pub(super) struct Found {
    /// Its file; for namespace packages there is none.
    pub file: Option<String>,
    /// The folders of a package's submodules.
    pub path: Option<Vec<String>>,
    pub source: Rc<str>,
}

/// Looks for module `name` (the last part of its full name) in the folders of `path`, a list of strs.
pub(super) async fn find(vm: &Vm, name: &str, path: &Value) -> PyResult<Option<Found>> {
    let mut namespace = Vec::new();
    let folders = match path.downcast::<List>() {
        Some(list) => list.items.borrow().clone(),
        None => vm.collect(path).await?,
    };
    for folder in folders {
        let Some(folder) = folder.as_text().map(|text| text.to_utf8_lossy().into_owned()) else { continue };
        let in_library = folder.strip_prefix(LIBRARY).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let found = match in_library {
            Some(rest) => find_in_library(vm, rest.trim_start_matches('/'), name).await?,
            None => find_in_folder(vm, &folder, name, &mut namespace)?,
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    if namespace.is_empty() {
        return Ok(None);
    }
    Ok(Some(Found { file: None, path: Some(namespace), source: "".into() }))
}

fn find_in_folder(vm: &Vm, folder: &str, name: &str, namespace: &mut Vec<String>) -> PyResult<Option<Found>> {
    let folder = if folder.is_empty() { vm.files().current_folder() } else { folder.to_string() };
    let base = format!("{}/{name}", folder.trim_end_matches('/'));
    let package = format!("{base}/__init__.py");
    if let Ok(bytes) = vm.files().read(&package) {
        let source = decode(vm, &bytes, &package)?;
        return Ok(Some(Found { file: Some(package), path: Some(vec![base]), source }));
    }
    let module = format!("{base}.py");
    if let Ok(bytes) = vm.files().read(&module) {
        let source = decode(vm, &bytes, &module)?;
        return Ok(Some(Found { file: Some(module), path: None, source }));
    }
    if vm.files().is_folder(&base) {
        namespace.push(base);
    }
    Ok(None)
}

async fn find_in_library(vm: &Vm, folder: &str, name: &str) -> PyResult<Option<Found>> {
    let Some(index) = library_index(vm).await? else { return Ok(None) };
    let base = if folder.is_empty() { name.to_string() } else { format!("{folder}/{name}") };
    let package = format!("{base}/__init__.py");
    let (inner, path) = if index.contains(&package) {
        (package, Some(vec![format!("{LIBRARY}/{base}")]))
    } else {
        (format!("{base}.py"), None)
    };
    if !index.contains(&inner) {
        return Ok(None);
    }
    let file = format!("{LIBRARY}/{inner}");
    match vm.ask_host(HostRequest::Library { path: inner }).await? {
        HostReply::Bytes(bytes) => {
            let source = decode(vm, &bytes, &file)?;
            Ok(Some(Found { file: Some(file), path, source }))
        }
        HostReply::Failed(message) => {
            let message = format!("cannot load {file}: {message}");
            Err(super::load::import_error(vm, crate::errors::Exc::ImportError, &message, name, Some(&file)))
        }
        _ => Ok(None),
    }
}

/// The paths of the packed library. A host without one answers with an error, which is asked for again at the next import.
async fn library_index(vm: &Vm) -> PyResult<Option<Rc<HashSet<String>>>> {
    let imports = vm.extension::<Imports>();
    if let Some(index) = imports.index.borrow() {
        return Ok(Some(index.clone()));
    }
    let HostReply::Bytes(bytes) = vm.ask_host(HostRequest::Library { path: "index.txt".to_string() }).await? else {
        return Ok(None);
    };
    let index: HashSet<String> = String::from_utf8_lossy(&bytes).lines().map(str::to_string).collect();
    let index = Rc::new(index);
    imports.index.set(Some(index.clone()));
    Ok(Some(index))
}

/// Source bytes as text, by their coding declaration.
fn decode(vm: &Vm, bytes: &[u8], file: &str) -> PyResult<Rc<str>> {
    super::compile::decode_source(vm, bytes, file).map(Rc::from)
}
