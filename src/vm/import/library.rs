//! Files of the packed library, which the embedder hands out one by one (`HostRequest::Library`).
//!
//! Where the library has a module in compiled form (`NAME.pyc` in its index: four bytes with the length of the source, then the
//! code, see `snakelet_bytecode::serialize`), an import fetches only that, and the source is an [`Absent`] file, fetched when
//! somebody opens it or a traceback is to show its lines.

use std::collections::HashSet;
use std::rc::Rc;

use snakelet_bytecode::{Code, serialize};

use super::find::{Contents, decode};
use super::{Imports, LIBRARY};
use crate::errors::{Exc, group};
use crate::files::errno::Errno;
use crate::files::{Absent, File, Node, Trail};
use crate::host::{HostReply, HostRequest};
use crate::types::exception::BaseException;
use crate::types::frame::FrameObject;
use crate::types::traceback::Traceback;
use crate::{PyResult, Value, Vm};

/// The paths of the packed library. A host without one answers with an error, which is asked for again at the next import.
pub(super) async fn index(vm: &Vm) -> PyResult<Option<Rc<HashSet<String>>>> {
    let imports = vm.extension::<Imports>();
    if let Some(index) = imports.index.borrow() {
        return Ok(Some(index.clone()));
    }
    let Ok(bytes) = ask(vm, "index.txt").await? else { return Ok(None) };
    let index: HashSet<String> = String::from_utf8_lossy(&bytes).lines().map(str::to_string).collect();
    let index = Rc::new(index);
    imports.index.set(Some(index.clone()));
    Ok(Some(index))
}

/// A file's bytes, or why they cannot be had.
async fn ask(vm: &Vm, path: &str) -> PyResult<Result<Vec<u8>, String>> {
    Ok(match vm.ask_host(HostRequest::Library { path: path.to_string() }).await? {
        HostReply::Bytes(bytes) => Ok(bytes),
        HostReply::Failed(message) => Err(message),
        _ => Err(String::new()),
    })
}

/// The code of module `name`, whose source is `inner` below the library's root. The file lies in the session's file system
/// afterwards, with its contents or without.
pub(super) async fn contents(vm: &Vm, inner: &str, name: &str) -> PyResult<Contents> {
    let file = format!("{LIBRARY}/{inner}");
    // What is here already may have been changed by the program.
    let is_here = matches!(vm.files().find(&file), Ok(Node::File(known)) if known.absent.borrow().is_none());
    if !is_here {
        let refused = |error| vm.os_error(error, Some(&Value::from_str(&file)));
        if let Some((code, length)) = compiled(vm, inner, &file).await? {
            vm.files().place(&file, Absent { path: inner.into(), length }).map_err(refused)?;
            return Ok(Contents::Compiled(code));
        }
        match ask(vm, inner).await? {
            Ok(bytes) => vm.files().write(&file, bytes).map_err(refused)?,
            Err(message) => {
                let message = format!("cannot load {file}: {message}");
                return Err(super::load::import_error(vm, Exc::ImportError, &message, name, Some(&file)));
            }
        }
    }
    let source = vm.files().read(&file).unwrap_or_default();
    decode(vm, &source, &file).await.map(Contents::Source)
}

/// The code of a library file as it is shown in tracebacks, for the modules that are the import system itself.
pub(super) async fn frozen(vm: &Vm, inner: &str, shown: &str) -> PyResult<Option<Contents>> {
    if let Some((code, _)) = compiled(vm, inner, shown).await? {
        return Ok(Some(Contents::Compiled(code)));
    }
    match ask(vm, inner).await? {
        Ok(bytes) => decode(vm, &bytes, inner).await.map(|source| Some(Contents::Source(source))),
        Err(_) => Ok(None),
    }
}

/// Puts a library file into the session's file system, with its contents or without.
pub(super) async fn place(vm: &Vm, inner: &str, name: &str) -> PyResult<()> {
    if vm.files().find(&format!("{LIBRARY}/{inner}")).is_ok() {
        return Ok(());
    }
    contents(vm, inner, name).await.map(drop)
}

/// The compiled form of a library module and the length of its source. `None` if there is none that fits this runtime.
async fn compiled(vm: &Vm, inner: &str, shown: &str) -> PyResult<Option<(Rc<Code>, usize)>> {
    let path = format!("{inner}c");
    if !index(vm).await?.is_some_and(|index| index.contains(&path)) {
        return Ok(None);
    }
    let Ok(bytes) = ask(vm, &path).await? else { return Ok(None) };
    let Some((&length, code)) = bytes.split_first_chunk() else { return Ok(None) };
    let code = serialize::from_own_bytes(code, shown);
    Ok(code.map(|code| (Rc::new(code), u32::from_le_bytes(length) as usize)))
}

/// Whether the file at this path must be fetched before it is opened.
pub fn is_absent(vm: &Vm, base: Option<&Trail>, path: &str) -> bool {
    absent_at(vm, base, path).is_some()
}

fn absent_at(vm: &Vm, base: Option<&Trail>, path: &str) -> Option<Rc<File>> {
    match vm.files().find_at(base, path, true) {
        Ok(Node::File(file)) if file.absent.borrow().is_some() => Some(file),
        _ => None,
    }
}

/// Fetches the contents of the file at this path if they are not here yet.
pub async fn fetch_path(vm: &Vm, base: Option<&Trail>, path: &str) -> PyResult<()> {
    match absent_at(vm, base, path) {
        Some(file) => fetch(vm, &file).await,
        None => Ok(()),
    }
}

async fn fetch(vm: &Vm, file: &File) -> PyResult<()> {
    let Some(absent) = file.absent.get() else { return Ok(()) };
    match ask(vm, &absent.path).await? {
        Ok(bytes) => {
            // Somebody else may have been faster.
            if file.absent.take().is_some() {
                file.bytes.set(bytes);
            }
            Ok(())
        }
        Err(_) => Err(vm.os_error(Errno::EIO, Some(&Value::from_str(&format!("{LIBRARY}/{}", absent.path))))),
    }
}

/// Fetches the sources whose lines a traceback of this exception, or of those that led to it, shows. What cannot be had stays away.
pub async fn fetch_sources(vm: &Vm, exception: &Value) {
    let (mut seen, mut due) = (Vec::new(), vec![exception.clone()]);
    while let Some(exception) = due.pop() {
        let Some(payload) = exception.downcast::<BaseException>() else { continue };
        if seen.iter().any(|known: &Value| known.is(&exception)) {
            continue;
        }
        due.extend([payload.cause.get(), payload.context.get()]);
        if Exc::BaseExceptionGroup.matches(&exception) {
            due.extend(group::members(&exception));
        }
        for file in absent_files(vm, payload.traceback.get()) {
            if fetch(vm, &file).await.is_err() {
                drop(vm.take_raised());
            }
        }
        seen.push(exception);
    }
}

/// The library files in a traceback that are not here yet.
fn absent_files(vm: &Vm, mut entry: Value) -> Vec<Rc<File>> {
    let mut files: Vec<Rc<File>> = Vec::new();
    while let Some(traceback) = entry.to_ref::<Traceback>() {
        let code = traceback.frame.downcast::<FrameObject>().map(|frame| frame.function.code.get());
        let name = code.as_ref().map_or("", |code| &*code.code.filename);
        if let Some(file) = name.starts_with(LIBRARY).then(|| absent_at(vm, None, name)).flatten()
            && !files.iter().any(|known| Rc::ptr_eq(known, &file))
        {
            files.push(file);
        }
        entry = traceback.next.get();
    }
    files
}
