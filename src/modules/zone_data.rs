//! `_tzdata`: the time zone database, a file of the packed library that is asked for with the first zone.
//!
//! The overlay's `zoneinfo` reads zones through it; see `src/stdlib/build.rs` for the file's form.

use snakelet_macros::native_module;
use snakelet_vm::host::{HostReply, HostRequest};
use snakelet_vm::native::ModuleDef;
use snakelet_vm::{PyResult, Value, Vm, VmCell, VmRef};

pub const MODULE: ModuleDef = ZoneData::MODULE;

/// Where the database lies in the library.
const FILE: &str = "tzdata.bin";

/// The database, once it was asked for; empty if the host has none.
#[derive(Default)]
struct Database(VmCell<Option<Vec<u8>>>);

async fn load(vm: VmRef) -> PyResult<()> {
    if vm.extension::<Database>().0.borrow().is_none() {
        let reply = vm.ask_host(HostRequest::Library { path: FILE.to_string() }).await?;
        let bytes = if let HostReply::Bytes(bytes) = reply { bytes } else { Vec::new() };
        vm.extension::<Database>().0.set(Some(bytes));
    }
    Ok(())
}

/// The table's lines, and the zones' data.
fn parts(vm: &Vm) -> Option<(&str, &[u8])> {
    let bytes = vm.extension::<Database>().0.borrow().as_deref()?;
    let end = bytes.windows(2).position(|pair| pair == b"\n\n")?;
    Some((std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 2..]))
}

/// A zone's data by its name.
fn find<'a>(vm: &'a Vm, name: &str) -> Option<&'a [u8]> {
    let (table, data) = parts(vm)?;
    let mut fields = table
        .lines()
        .skip(1)
        .map(|line| line.split(' '))
        .find_map(|mut fields| if fields.next() == Some(name) { Some(fields) } else { None })?;
    let (offset, length): (usize, usize) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    data.get(offset..offset.checked_add(length)?)
}

/// Declares module `_tzdata`.
struct ZoneData;

/// The time zone database.
#[native_module("_tzdata")]
impl ZoneData {
    /// A zone's TZif data by its name, or None.
    #[function("read(key, /)")]
    async fn read(vm: VmRef, key: Value) -> PyResult {
        load(vm).await?;
        let name = key.as_text().and_then(|text| text.as_str_if_ascii());
        Ok(match name.and_then(|name| find(&vm, name)) {
            Some(data) => Value::from_bytes(data.to_vec()),
            None => Value::NONE,
        })
    }

    /// The names of all zones.
    #[function("names()")]
    async fn names(vm: VmRef) -> PyResult {
        load(vm).await?;
        let table = parts(&vm).map_or("", |parts| parts.0);
        let names = table.lines().skip(1).filter_map(|line| line.split(' ').next());
        Ok(Value::from_list(names.map(Value::from_str).collect()))
    }
}
