//! The names of characters: `\N{...}` in programs and in the codec "unicode_escape", the error handler "namereplace", module
//! `unicodedata`.
//!
//! Their table is a file of the packed library, 100 KB on the wire, which is asked for when something needs it first. Plain
//! functions that may need it ask [`missing`] first, and if so return `Err(vm.defer(...))` of a future that awaits [`load`] and
//! repeats them. A host without the file is asked once; then all names are unknown.

use std::cell::Cell;

use snakelet_text::codec::Names;
pub use unicode_names2::{Named, table};

use unicode_normalization::needs_normalization;

use crate::host::{HostReply, HostRequest};
use crate::{PyResult, Vm, VmRef};

/// Where the table lies in the library.
const FILE: &str = "unicode_names.bin";

/// The part of the runtime that normalises identifiers (`src/modules/parts.txt`).
const NORMALIZATION: &str = "normalization";

/// Whether the host has been asked in vain.
#[derive(Default)]
struct Refused(Cell<bool>);

/// Whether the table is not there and might be had.
pub fn missing(vm: &Vm) -> bool {
    table().is_none() && !vm.extension::<Refused>().0.get()
}

/// Has the table fetched.
pub async fn load(vm: VmRef) -> PyResult<()> {
    if missing(&vm) {
        let reply = vm.ask_host(HostRequest::Library { path: FILE.to_string() }).await?;
        let installed = matches!(reply, HostReply::Bytes(bytes) if unicode_names2::install(&bytes));
        vm.extension::<Refused>().0.set(!installed);
    }
    Ok(())
}

/// Has fetched what a program needs to be compiled: the table of names, the part that normalises identifiers.
pub async fn load_for(vm: VmRef, source: &str) -> PyResult<()> {
    if snakelet_syntax::needs_names(source) {
        load(vm).await?;
    }
    if needs_normalization(source) {
        vm.load_part(NORMALIZATION).await?;
        unicode_normalization::enable();
    }
    Ok(())
}

/// Whether a program must wait for that.
pub fn missing_for(vm: &Vm, source: &str) -> bool {
    (missing(vm) && snakelet_syntax::needs_names(source))
        || (needs_normalization(source) && !vm.host.has_part(NORMALIZATION))
}

/// The table, for codecs.
pub struct Known;

impl Names for Known {
    fn code(&self, name: &str) -> Option<u32> {
        match table()?.lookup(name)? {
            Named::Character(code) => Some(code),
            Named::Sequence(_) => None,
        }
    }

    fn name(&self, code: u32) -> Option<String> {
        table()?.name(code)
    }
}
