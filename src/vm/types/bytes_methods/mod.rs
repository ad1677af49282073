//! What `bytes` and `bytearray` share: the methods, and the functions behind their slots.
//!
//! Each method is written once, as a function of the receiver, whose type decides what the result is. The declarations are
//! made for both types by one macro, in `declare`.

pub mod construct;
mod declare;
pub(crate) mod transform;

pub use transform::hex as hexadecimal;

use std::borrow::Cow;

use snakelet_text::Units;
use snakelet_text::bytes::{self, HexError};
use snakelet_text::search::{self, Flavor, RSplit, RSplitWhitespace, Range, Split, SplitLines, SplitWhitespace};

use crate::native::Clamped;
use crate::types::buffer;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::list::List;
use crate::types::slice::Bounds;
use crate::types::slots::CompareOp;
use crate::types::string_methods::search as limits;
use crate::types::string_methods::split::cuts;
use crate::types::tuple::Tuple;
use crate::{PyResult, Raised, Value, Vm};

/// The contents of bytes or a bytearray. They must not be used any more when a bytearray may have changed.
#[inline]
pub(crate) fn data(this: &Value) -> &[u8] {
    match this.downcast::<Bytes>() {
        Some(bytes) => bytes.as_slice(),
        None => this.downcast::<ByteArray>().map_or(&[], |array| array.bytes.borrow()),
    }
}

/// An object of the receiver's kind.
pub(crate) fn like(this: &Value, bytes: Vec<u8>) -> Value {
    if this.downcast::<ByteArray>().is_some() { Value::from_bytearray(bytes) } else { Value::from_bytes(bytes) }
}

/// The receiver where nothing changed; a bytearray is copied.
fn unchanged(vm: &Vm, this: &Value) -> PyResult {
    match this.downcast_exact::<Bytes>() {
        Some(_) => Ok(this.clone()),
        None => copied(vm, this, data(this)),
    }
}

fn copied(vm: &Vm, this: &Value, part: &[u8]) -> PyResult {
    if part.len() == data(this).len() && this.downcast_exact::<Bytes>().is_some() {
        return Ok(this.clone());
    }
    vm.reserved(bytes::copy(part)).map(|bytes| like(this, bytes))
}

/// The bytes of an argument, or the TypeError.
pub(crate) fn bytes_like<'a>(vm: &Vm, value: &'a Value) -> PyResult<Cow<'a, [u8]>> {
    buffer::contents(value).ok_or_else(|| not_bytes_like(vm, value))
}

#[cold]
fn not_bytes_like(vm: &Vm, value: &Value) -> Raised {
    let name = vm.type_name(value);
    vm.type_error(format!("a bytes-like object is required, not '{name}'"))
}

/// What to search for: bytes or a single one.
fn needle<'a>(vm: &Vm, sub: &'a Value) -> PyResult<Cow<'a, [u8]>> {
    if let Some(bytes) = buffer::contents(sub) {
        return Ok(bytes);
    }
    if !sub.is_int() && vm.type_of(sub).slots().index.is_none() {
        let name = vm.type_name(sub);
        return Err(vm.type_error(format!("argument should be integer or bytes-like object, not '{name}'")));
    }
    Ok(Cow::Owned(vec![construct::byte(vm, sub, "")?]))
}

pub(crate) fn compare(left: &Value, right: &Value, op: CompareOp) -> Value {
    match (buffer::contents(left), buffer::contents(right)) {
        (Some(a), Some(b)) => Value::bool(match op {
            CompareOp::Eq => a == b,
            CompareOp::Ne => a != b,
            _ => op.matches(a.cmp(&b)),
        }),
        _ => Value::NOT_IMPLEMENTED,
    }
}

/// `item in this`.
pub(crate) fn byte_contains(vm: &Vm, this: &Value, item: &Value) -> PyResult {
    if item.is_int() {
        let byte = construct::byte(vm, item, "")?;
        return Ok(Value::bool(search::find_byte(data(this), byte).is_some()));
    }
    if let Some(sub) = buffer::contents(item) {
        return Ok(Value::bool(search::contains(Units::One(data(this)), Units::One(&sub))));
    }
    if vm.type_of(item).slots().index.is_some() {
        let (handle, this, item) = (vm.handle(), this.clone(), item.clone());
        return Err(vm.defer(async move {
            let item = handle.index(&item).await?;
            byte_contains(&handle, &this, &item)
        }));
    }
    Err(not_bytes_like(vm, item))
}

/// The bytes that a slice selects.
pub(crate) fn sliced(vm: &Vm, bytes: &[u8], bounds: Bounds) -> PyResult<Vec<u8>> {
    let mut result = Vec::new();
    vm.reserve(&mut result, bounds.count)?;
    if bounds.step == 1 {
        let start = bounds.start as usize;
        result.extend_from_slice(&bytes[start..start + bounds.count]);
    } else {
        result.extend(bounds.positions().map(|at| bytes[at]));
    }
    Ok(result)
}

/// `this + other`, where `what` is the left operand's type.
pub(crate) fn concat_with(vm: &Vm, this: &Value, other: &Value, what: &str) -> PyResult<Vec<u8>> {
    let Some(right) = buffer::contents(other) else {
        let name = vm.type_name(other);
        return Err(vm.type_error(format!("can't concat {name} to {what}")));
    };
    let left = data(this);
    vm.check_size(left.len().saturating_add(right.len()))?;
    vm.reserved(bytes::concat(left, &right))
}

/// `fromhex`.
pub(crate) fn from_hex(vm: &Vm, text: &Value) -> PyResult<Vec<u8>> {
    let contents = buffer::contents(text);
    let units = match (text.as_text(), &contents) {
        (Some(text), _) => text.units(),
        (None, Some(bytes)) => Units::One(bytes),
        (None, None) => {
            let name = vm.type_name(text);
            return Err(vm.type_error(format!("fromhex() argument must be str or bytes-like, not {name}")));
        }
    };
    bytes::from_hex(units).map_err(|error| match error {
        HexError::BadDigit(at) => {
            vm.value_error(format!("non-hexadecimal number found in fromhex() arg at position {at}"))
        }
        HexError::OddLength => vm.value_error("fromhex() arg must contain an even number of hexadecimal digits"),
        HexError::OutOfMemory => vm.memory_error(),
    })
}

/// The result of a class method: for subclasses, `cls(value)`.
pub(crate) fn of_class(vm: &Vm, cls: &Value, value: Value, exact: &Value) -> PyResult {
    if cls.is(exact) {
        return Ok(value);
    }
    let (handle, cls) = (vm.handle(), cls.clone());
    Err(vm.defer(async move { handle.call(&cls, vec![value]).await }))
}

pub(crate) fn maketrans(vm: &Vm, from: &Value, to: &Value) -> PyResult {
    let (from, to) = (bytes_like(vm, from)?, bytes_like(vm, to)?);
    if from.len() != to.len() {
        return Err(vm.value_error("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    for (&from, &to) in from.iter().zip(to.iter()) {
        table[from as usize] = to;
    }
    Ok(Value::from_bytes(table))
}

// ---- searching

type Limits = (Option<Clamped>, Option<Clamped>);
type Find = fn(Units<'_>, Units<'_>) -> Option<usize>;

fn find(vm: &Vm, this: &Value, sub: &Value, range: Limits, find: Find) -> PyResult {
    let sub = needle(vm, sub)?;
    let at = limits::locate(Units::One(data(this)), Units::One(&sub), range, find);
    Ok(at.map_or(Value::small_int(-1), Value::from_usize))
}

fn index(vm: &Vm, this: &Value, sub: &Value, range: Limits, find: Find) -> PyResult {
    let sub = needle(vm, sub)?;
    let at = limits::locate(Units::One(data(this)), Units::One(&sub), range, find);
    at.map(Value::from_usize).ok_or_else(|| vm.value_error("subsection not found"))
}

fn count(vm: &Vm, this: &Value, sub: &Value, range: Limits) -> PyResult<usize> {
    let sub = needle(vm, sub)?;
    let part = limits::part(Units::One(data(this)), range);
    Ok(part.map_or(0, |(_, part)| search::count(part, Units::One(&sub), usize::MAX)))
}

fn has_affix(
    vm: &Vm,
    this: &Value,
    affix: &Value,
    range: Limits,
    name: &str,
    test: fn(Units<'_>, Units<'_>) -> bool,
) -> PyResult<bool> {
    let part = limits::part(Units::One(data(this)), range);
    let matches = |affix: &[u8]| part.is_some_and(|(_, part)| test(part, Units::One(affix)));
    if let Some(affixes) = affix.downcast::<Tuple>() {
        for affix in affixes.items() {
            if matches(&bytes_like(vm, affix)?) {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    match buffer::contents(affix) {
        Some(affix) => Ok(matches(&affix)),
        None => {
            let other = vm.type_name(affix);
            Err(vm.type_error(format!("{name} first arg must be bytes or a tuple of bytes, not {other}")))
        }
    }
}

// ---- splitting and joining

fn parts(vm: &Vm, this: &Value, ranges: impl Iterator<Item = Range>, reverse: bool) -> PyResult {
    let mut items = Vec::new();
    for (start, stop) in ranges {
        let item = copied(vm, this, &data(this)[start..stop])?;
        vm.reserve(&mut items, 1)?;
        items.push(item);
    }
    if reverse {
        items.reverse();
    }
    Ok(Value::from_list(items))
}

fn separator<'a>(vm: &Vm, sep: &'a Value) -> PyResult<Cow<'a, [u8]>> {
    let sep = bytes_like(vm, sep)?;
    if sep.is_empty() { Err(vm.value_error("empty separator")) } else { Ok(sep) }
}

fn split(vm: &Vm, this: &Value, sep: Option<&Value>, maxsplit: isize) -> PyResult {
    let units = Units::One(data(this));
    match sep {
        Some(sep) => {
            let sep = separator(vm, sep)?;
            parts(vm, this, Split::new(units, Units::One(&sep), cuts(maxsplit)), false)
        }
        None => parts(vm, this, SplitWhitespace::new(units, Flavor::Bytes, cuts(maxsplit)), false),
    }
}

fn rsplit(vm: &Vm, this: &Value, sep: Option<&Value>, maxsplit: isize) -> PyResult {
    let units = Units::One(data(this));
    match sep {
        Some(sep) => {
            let sep = separator(vm, sep)?;
            parts(vm, this, RSplit::new(units, Units::One(&sep), cuts(maxsplit)), true)
        }
        None => parts(vm, this, RSplitWhitespace::new(units, Flavor::Bytes, cuts(maxsplit)), true),
    }
}

fn splitlines(vm: &Vm, this: &Value, keepends: bool) -> PyResult {
    parts(vm, this, SplitLines::new(Units::One(data(this)), Flavor::Bytes, keepends), false)
}

fn partition(vm: &Vm, this: &Value, sep: &Value, find: Find, from_right: bool) -> PyResult {
    let separator = separator(vm, sep)?;
    let bytes = data(this);
    let empty = || like(this, Vec::new());
    Ok(Value::from_tuple(match find(Units::One(bytes), Units::One(&separator)) {
        Some(at) => vec![
            copied(vm, this, &bytes[..at])?,
            if this.downcast::<Bytes>().is_some() && sep.downcast_exact::<Bytes>().is_some() {
                sep.clone()
            } else {
                like(this, separator.to_vec())
            },
            copied(vm, this, &bytes[at + separator.len()..])?,
        ],
        None if from_right => vec![empty(), empty(), unchanged(vm, this)?],
        None => vec![unchanged(vm, this)?, empty(), empty()],
    }))
}

fn join(vm: &Vm, this: &Value, iterable: &Value) -> PyResult {
    if let Some(list) = iterable.downcast_exact::<List>() {
        return join_items(vm, this, list.items.borrow());
    }
    if let Some(tuple) = iterable.downcast_exact::<Tuple>() {
        return join_items(vm, this, tuple.items());
    }
    let slots = vm.type_of(iterable).slots();
    if slots.iter.is_none() && slots.getitem.is_none() {
        return Err(vm.type_error("can only join an iterable"));
    }
    let (handle, this, iterable) = (vm.handle(), this.clone(), iterable.clone());
    vm.start(async move {
        let items = handle.collect(&iterable).await?;
        join_items(&handle, &this, &items)
    })
}

fn join_items(vm: &Vm, this: &Value, items: &[Value]) -> PyResult {
    if let [item] = items
        && item.downcast_exact::<Bytes>().is_some()
        && this.downcast::<Bytes>().is_some()
    {
        return Ok(item.clone());
    }
    let mut parts = Vec::new();
    vm.reserve(&mut parts, items.len())?;
    let mut length = 0usize;
    for (index, item) in items.iter().enumerate() {
        let Some(part) = buffer::contents(item) else {
            let name = vm.type_name(item);
            return Err(vm.type_error(format!("sequence item {index}: expected a bytes-like object, {name} found")));
        };
        length = length.saturating_add(part.len()).saturating_add(data(this).len());
        parts.push(part);
    }
    vm.check_size(length)?;
    let joined = bytes::join(data(this), parts.iter().map(|part| &**part));
    vm.reserved(joined).map(|bytes| like(this, bytes))
}
