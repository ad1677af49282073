//! Methods that give changed bytes: stripping, padding, replacing, translating; and `hex`.

use snakelet_text::bytes;
use snakelet_text::search::{Flavor, Side, find, strip_chars, strip_space};
use snakelet_text::{OutOfMemory, Units};

use super::{bytes_like, copied, data, like, unchanged};
use crate::types::buffer;
use crate::{PyResult, Value, Vm};

/// A method from bytes to bytes.
pub(super) fn mapped(vm: &Vm, this: &Value, map: fn(&[u8]) -> Result<Vec<u8>, OutOfMemory>) -> PyResult {
    vm.check_size(data(this).len())?;
    vm.reserved(map(data(this))).map(|bytes| like(this, bytes))
}

pub(super) fn strip(vm: &Vm, this: &Value, chars: Option<&Value>, side: Side) -> PyResult {
    let units = Units::One(data(this));
    let (start, stop) = match chars {
        None => strip_space(units, Flavor::Bytes, side),
        Some(chars) => {
            let chars = bytes_like(vm, chars)?;
            vm.reserved(strip_chars(units, Units::One(&chars), side))?
        }
    };
    copied(vm, this, &data(this)[start..stop])
}

/// `center`, `ljust` and `rjust`: `side` is where padding goes.
pub(super) fn pad(vm: &Vm, this: &Value, width: isize, fill: Option<&Value>, side: Side, name: &str) -> PyResult {
    let fill = match fill {
        None => b' ',
        Some(fill) => match (buffer::contents(fill), crate::types::memoryview::is_memoryview(fill)) {
            (Some(bytes), false) if bytes.len() == 1 => bytes[0],
            (Some(bytes), false) => {
                let (other, length) = (vm.type_name(fill), bytes.len());
                return Err(vm.type_error(format!(
                    "{name}(): argument 2 must be a byte string of length 1, not a {other} object of length {length}"
                )));
            }
            _ => {
                let other = vm.type_name(fill);
                return Err(
                    vm.type_error(format!("{name}() argument 2 must be a byte string of length 1, not {other}"))
                );
            }
        },
    };
    let width = usize::try_from(width).unwrap_or(0);
    if width <= data(this).len() {
        return unchanged(vm, this);
    }
    vm.check_size(width)?;
    let padded = match side {
        Side::Left => bytes::rjust(data(this), width, fill),
        Side::Right => bytes::ljust(data(this), width, fill),
        Side::Both => bytes::center(data(this), width, fill),
    };
    vm.reserved(padded).map(|bytes| like(this, bytes))
}

pub(super) fn zfill(vm: &Vm, this: &Value, width: isize) -> PyResult {
    let width = usize::try_from(width).unwrap_or(0);
    if width <= data(this).len() {
        return unchanged(vm, this);
    }
    vm.check_size(width)?;
    vm.reserved(bytes::zfill(data(this), width)).map(|bytes| like(this, bytes))
}

pub(super) fn expandtabs(vm: &Vm, this: &Value, tabsize: i32) -> PyResult {
    let tabs = data(this).iter().filter(|&&byte| byte == b'\t').count();
    vm.check_size(tabs.saturating_mul(usize::try_from(tabsize).unwrap_or(0)).saturating_add(data(this).len()))?;
    vm.reserved(bytes::expand_tabs(data(this), tabsize as isize)).map(|bytes| like(this, bytes))
}

pub(super) fn replace(vm: &Vm, this: &Value, old: &Value, new: &Value, count: isize) -> PyResult {
    let (old, new) = (bytes_like(vm, old)?, bytes_like(vm, new)?);
    let maximum = usize::try_from(count).unwrap_or(usize::MAX);
    let bytes = data(this);
    let unaltered = maximum == 0 || !old.is_empty() && find(Units::One(bytes), Units::One(&old)).is_none();
    if unaltered {
        return unchanged(vm, this);
    }
    if new.len() > old.len() && bytes.len() > 256 {
        let cuts = snakelet_text::search::count(Units::One(bytes), Units::One(&old), maximum);
        vm.check_size((new.len() - old.len()).saturating_mul(cuts).saturating_add(bytes.len()))?;
    }
    vm.reserved(bytes::replace(bytes, &old, &new, maximum)).map(|bytes| like(this, bytes))
}

pub(super) fn removeprefix(vm: &Vm, this: &Value, prefix: &Value) -> PyResult {
    let prefix = bytes_like(vm, prefix)?;
    let bytes = data(this);
    copied(vm, this, bytes.strip_prefix(&*prefix).unwrap_or(bytes))
}

pub(super) fn removesuffix(vm: &Vm, this: &Value, suffix: &Value) -> PyResult {
    let suffix = bytes_like(vm, suffix)?;
    let bytes = data(this);
    copied(vm, this, bytes.strip_suffix(&*suffix).unwrap_or(bytes))
}

pub(super) fn translate(vm: &Vm, this: &Value, table: &Value, delete: Option<&Value>) -> PyResult {
    let contents = if table.is_none() { None } else { Some(bytes_like(vm, table)?) };
    let table: Option<&[u8; 256]> = match &contents {
        None => None,
        Some(table) => match (&**table).try_into() {
            Ok(table) => Some(table),
            Err(_) => return Err(vm.value_error("translation table must be 256 characters long")),
        },
    };
    let deleted = match delete {
        Some(delete) => bytes_like(vm, delete)?,
        None => std::borrow::Cow::Borrowed(&[][..]),
    };
    vm.reserved(bytes::translate(data(this), table, &deleted)).map(|bytes| like(this, bytes))
}

/// `hex`, for any bytes.
pub fn hex(vm: &Vm, bytes: &[u8], sep: Option<&Value>, group: i32) -> PyResult {
    let separator = match sep {
        None => None,
        Some(sep) => {
            let contents = buffer::contents(sep);
            let (first, length) = match (sep.as_text(), &contents) {
                (Some(text), _) => (text.get(0), text.len()),
                (None, Some(bytes)) => (bytes.first().map(|&byte| byte.into()), bytes.len()),
                (None, None) if vm.type_of(sep).slots().len.is_some() => {
                    return Err(vm.type_error("sep must be str or bytes."));
                }
                (None, None) => {
                    let name = vm.type_name(sep);
                    return Err(vm.type_error(format!("object of type '{name}' has no len()")));
                }
            };
            let Some(first) = first.filter(|_| length == 1) else {
                return Err(vm.value_error("sep must be length 1."));
            };
            if first > 127 {
                return Err(vm.value_error("sep must be ASCII."));
            }
            Some(first as u8)
        }
    };
    vm.check_size(bytes.len().saturating_mul(3))?;
    vm.new_text(bytes::hex(bytes, separator, group as isize))
}
