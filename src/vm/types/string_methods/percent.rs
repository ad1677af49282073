//! printf-style formatting: `str % args`, `bytes % args`, `bytearray % args`.
//!
//! The usual (strs, small ints and floats in a tuple or alone) is done at once. Everything else, errors included, is left to the
//! async version, which starts over: nothing the program could see has happened by then.

use num_bigint::BigInt;
use snakelet_number::format::{PercentSpec, percent_float, percent_int};
use snakelet_number::int;
use snakelet_text::format::percent::pad;
use snakelet_text::format::{Conversion, Percent, PercentError, PercentPiece, Size};
use snakelet_text::{Text, TextBuilder, Units, escape};

use crate::errors::Exc;
use crate::native::ArgBytes;
use crate::types::bytes::Bytes;
use crate::types::object::qualified_name;
use crate::types::string::Str;
use crate::types::tuple::Tuple;
use crate::{Native, PyResult, Raised, Value, Vm, VmRef};

/// `template % args` for a str.
pub fn format_str(vm: &Vm, template: &Value, args: &Value) -> PyResult {
    let Some(text) = template.as_text() else { return Ok(Value::NOT_IMPLEMENTED) };
    if let Some(result) = format_now(vm, text, args) {
        return Ok(result);
    }
    vm.start(format_later(vm.handle(), Template::Str(template.clone()), args.clone()))
}

/// `template % args` for bytes; `finish` makes the result's object.
pub fn format_bytes(vm: &Vm, template: Vec<u8>, args: &Value, finish: fn(Vec<u8>) -> Value) -> PyResult {
    vm.start(format_later(vm.handle(), Template::Bytes(template, finish), args.clone()))
}

// ---- the fast path

fn format_now(vm: &Vm, template: &Text, args: &Value) -> Option<Value> {
    let tuple = args.downcast::<Tuple>().map(Tuple::items);
    if tuple.is_none() && args.downcast_exact::<Str>().is_none() && !args.is_small_int() && !args.is_float() {
        return None;
    }
    let mut values = tuple.unwrap_or(std::slice::from_ref(args)).iter();
    let mut out = Text::with_capacity(template.len() + 16).ok()?;
    for piece in Percent::new(template.units()) {
        let conversion = match piece {
            PercentPiece::Literal((start, stop)) => {
                out.push_slice(template, start, stop).ok()?;
                continue;
            }
            PercentPiece::Conversion(conversion) => conversion,
        };
        if conversion.key.is_some() || conversion.error.is_some() {
            return None;
        }
        let width = fixed(conversion.width)?.unwrap_or(0);
        let precision = fixed(conversion.precision)?;
        if width > 4096 || precision.is_some_and(|precision| precision > 4096) {
            return None;
        }
        let value = values.next()?;
        push_now(vm, &mut out, &conversion, value, width, precision)?;
    }
    if values.next().is_some() {
        return None;
    }
    if vm.check_size(out.heap_size()).is_err() {
        drop(vm.raised.take());
        return None;
    }
    Some(Value::from_text(out))
}

fn fixed(size: Size) -> Option<Option<usize>> {
    match size {
        Size::None => Some(None),
        Size::Number(number) => Some(Some(number)),
        Size::Argument => None,
    }
}

fn push_now(
    vm: &Vm,
    out: &mut Text,
    conversion: &Conversion,
    value: &Value,
    width: usize,
    precision: Option<usize>,
) -> Option<()> {
    match u8::try_from(conversion.kind).ok()? {
        b's' if width == 0 && precision.is_none() => vm.push_str_now(out, value)?.ok(),
        b's' => match value.downcast_exact::<Str>() {
            Some(string) => push_padded(out, string.text(), conversion.left, width, precision),
            None => {
                let mut text = Text::new();
                vm.push_str_now(&mut text, value)?.ok()?;
                push_padded(out, &text, conversion.left, width, precision)
            }
        },
        b'r' => push_padded(out, &vm.repr_now(value)?, conversion.left, width, precision),
        b'd' | b'i' | b'u' => {
            let number = match value.as_small_int() {
                Some(number) => number,
                None => {
                    let float = value.as_float()?;
                    if float.abs() < 1e14 { float as i64 } else { return None }
                }
            };
            if width == 0 && precision.is_none() && !conversion.plus && !conversion.space {
                return out.push_str(int::small_to_decimal(number, &mut [0; 20])).ok();
            }
            let text = percent_int(&BigInt::from(number), &percent_spec(conversion, width, precision, 'd'));
            out.push_str(&text).ok()
        }
        kind @ (b'x' | b'X' | b'o') => {
            let number = BigInt::from(value.as_small_int()?);
            out.push_str(&percent_int(&number, &percent_spec(conversion, width, precision, kind.into()))).ok()
        }
        kind @ (b'e' | b'E' | b'f' | b'F' | b'g' | b'G') => {
            let number = match value.as_float() {
                Some(number) => number,
                None => value.as_small_int()? as f64,
            };
            out.push_str(&percent_float(number, &percent_spec(conversion, width, precision, kind.into()))).ok()
        }
        b'c' => {
            let string = value.downcast_exact::<Str>()?;
            if string.text().len() != 1 {
                return None;
            }
            push_padded(out, string.text(), conversion.left, width, None)
        }
        _ => None,
    }
}

fn push_padded(out: &mut Text, text: &Text, left: bool, width: usize, precision: Option<usize>) -> Option<()> {
    let kept = precision.map_or(text.len(), |precision| precision.min(text.len()));
    let margin = width.saturating_sub(kept);
    if !left {
        out.push_repeated(b' '.into(), margin).ok()?;
    }
    out.push_slice(text, 0, kept).ok()?;
    if left {
        out.push_repeated(b' '.into(), margin).ok()?;
    }
    Some(())
}

fn percent_spec(conversion: &Conversion, width: usize, precision: Option<usize>, kind: char) -> PercentSpec {
    PercentSpec {
        left: conversion.left,
        plus: conversion.plus,
        space: conversion.space,
        zero: conversion.zero,
        alternate: conversion.alternate,
        width,
        precision,
        kind,
    }
}

// ---- the general case

enum Template {
    Str(Value),
    Bytes(Vec<u8>, fn(Vec<u8>) -> Value),
}

impl Template {
    fn units(&self) -> Units<'_> {
        match self {
            Template::Str(text) => text.as_text().map_or(Units::One(&[]), Text::units),
            Template::Bytes(bytes, _) => Units::One(bytes),
        }
    }

    fn is_bytes(&self) -> bool {
        matches!(self, Template::Bytes(..))
    }

    /// A key of the template as an object.
    fn key(&self, vm: &Vm, (start, stop): (usize, usize)) -> PyResult {
        match self {
            Template::Str(text) => match text.as_text() {
                Some(text) => vm.substring(text, start, stop),
                None => Ok(Value::NONE),
            },
            Template::Bytes(bytes, _) => Ok(Bytes::new(bytes[start..stop].to_vec()).into_value()),
        }
    }
}

/// The arguments as they are used up.
struct Arguments {
    args: Value,
    /// How many of a tuple's items were taken; whether a single one was.
    taken: usize,
    /// `args` is the mapping that keys refer to.
    mapping: bool,
    /// The last key's value: what `*` would take next, in vain.
    keyed: bool,
}

impl Arguments {
    fn next(&mut self, vm: &Vm) -> PyResult {
        let found = if self.keyed {
            None
        } else if let Some(tuple) = self.args.downcast::<Tuple>() {
            tuple.items().get(self.taken).cloned()
        } else if self.taken == 0 {
            Some(self.args.clone())
        } else {
            None
        };
        self.taken += 1;
        found.ok_or_else(|| vm.type_error("not enough arguments for format string"))
    }

    fn is_used_up(&self) -> bool {
        match self.args.downcast::<Tuple>() {
            Some(tuple) => self.taken >= tuple.items().len() || self.keyed,
            None => self.mapping || self.taken > 0,
        }
    }
}

async fn format_later(vm: VmRef, template: Template, args: Value) -> PyResult {
    let is_bytes = template.is_bytes();
    let mapping = args.downcast::<Tuple>().is_none()
        && args.as_text().is_none()
        && !(is_bytes && ArgBytes::of(&args).is_some())
        && vm.type_of(&args).slots().getitem.is_some();
    let mut arguments = Arguments { args, taken: 0, mapping, keyed: false };
    let mut out = TextBuilder::new();
    for piece in Percent::new(template.units()) {
        let conversion = match piece {
            PercentPiece::Literal((start, stop)) => {
                out.push_units(template.units().slice(start, stop));
                continue;
            }
            PercentPiece::Conversion(conversion) => conversion,
        };
        let mut keyed = None;
        if let Some(key) = conversion.key {
            if !arguments.mapping {
                return Err(vm.type_error("format requires a mapping"));
            }
            if conversion.error == Some(PercentError::IncompleteKey) {
                return Err(percent_error(&vm, PercentError::IncompleteKey));
            }
            let key = template.key(&vm, key)?;
            keyed = Some(vm.item(&arguments.args, &key).await?);
            arguments.keyed = true;
        }
        let (mut left, mut width) = (conversion.left, 0);
        match conversion.width {
            Size::None => {}
            Size::Number(number) => width = number,
            Size::Argument => {
                let wanted = starred(&vm, arguments.next(&vm)?)?;
                left |= wanted < 0;
                width = wanted.unsigned_abs();
            }
        }
        let precision = match conversion.precision {
            Size::None => None,
            Size::Number(number) => Some(number),
            Size::Argument => {
                let wanted = starred(&vm, arguments.next(&vm)?)?;
                if i32::try_from(wanted).is_err() && wanted > 0 {
                    return Err(vm.overflow_error("Python int too large to convert to C int"));
                }
                Some(usize::try_from(wanted).unwrap_or(0))
            }
        };
        if let Some(error) = conversion.error {
            return Err(percent_error(&vm, error));
        }
        let value = match keyed {
            Some(value) => value,
            None => arguments.next(&vm)?,
        };
        let makes_int = u8::try_from(conversion.kind).is_ok_and(|kind| b"diuoxX".contains(&kind));
        if makes_int && precision > Some(i32::MAX as usize - 3) {
            return Err(vm.overflow_error("precision too large"));
        }
        vm.check_size(width.saturating_add(precision.unwrap_or(0)).saturating_mul(4))?;
        let conversion = Conversion { left, ..conversion };
        let text = converted(vm, &template, &conversion, value, width, precision).await?;
        vm.check_size(out.len().saturating_add(text.len()))?;
        out.push_text(&text);
    }
    if !arguments.is_used_up() {
        let what = if is_bytes { "bytes" } else { "string" };
        return Err(vm.type_error(format!("not all arguments converted during {what} formatting")));
    }
    let text = vm.reserved(out.finish())?;
    match template {
        Template::Str(_) => Ok(Value::from_text(text)),
        // Bytes are kept as the characters of Latin-1 on the way.
        Template::Bytes(_, finish) => Ok(finish(text.iter().map(|code| code as u8).collect())),
    }
}

fn percent_error(vm: &Vm, error: PercentError) -> Raised {
    vm.value_error(error.message())
}

/// The argument for a `*`.
fn starred(vm: &Vm, value: Value) -> PyResult<isize> {
    if !value.is_int() {
        return Err(vm.type_error("* wants int"));
    }
    match value.to_i64().and_then(|n| isize::try_from(n).ok()) {
        Some(n) => Ok(n),
        None => Err(vm.overflow_error("Python int too large to convert to C ssize_t")),
    }
}

/// One conversion's text, padded.
async fn converted(
    vm: VmRef,
    template: &Template,
    conversion: &Conversion,
    value: Value,
    width: usize,
    precision: Option<usize>,
) -> PyResult<Text> {
    let kind = char::from_u32(conversion.kind).unwrap_or('\u{fffd}');
    let padded = |text: &Text, precision| vm.reserved(pad(text, conversion.left, width, precision));
    let spec = percent_spec(conversion, width, precision, if kind == 'i' || kind == 'u' { 'd' } else { kind });
    let is_bytes = template.is_bytes();
    match kind {
        's' | 'b' if is_bytes => {
            let bytes = bytes_of(vm, &value).await?;
            padded(&bytes, precision)
        }
        's' => {
            let text = vm.str(&value).await?;
            padded(text.text(), precision)
        }
        'r' | 'a' => {
            let text = vm.repr(&value).await?;
            if kind == 'r' && !is_bytes {
                return padded(text.text(), precision);
            }
            let text = vm.reserved(escape::escape_non_ascii(text.text()))?;
            padded(&text, precision)
        }
        'c' => {
            let text = character(vm, &value, is_bytes).await?;
            padded(&text, None)
        }
        'd' | 'i' | 'u' | 'o' | 'x' | 'X' => {
            let number = integer(vm, value, kind).await?;
            let Some(n) = number.to_bigint() else { return Ok(Text::new()) };
            if n.bits() > 10_000 && !matches!(kind, 'o' | 'x' | 'X') {
                // For the limit on digits.
                let plain = Value::from_bigint(n.clone().into_owned());
                vm.repr(&plain).await?;
            }
            vm.reserved(Text::try_from_str(&percent_int(&n, &spec)))
        }
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            let number = match value.to_float() {
                Some(number) => number,
                None => match vm.float(&value).await {
                    Ok(number) => number,
                    Err(raised) if is_bytes => {
                        return Err(match vm.catch(Exc::TypeError) {
                            Some(_) => {
                                let name = vm.type_name(&value);
                                vm.type_error(format!("float argument required, not {name}"))
                            }
                            None => raised,
                        });
                    }
                    Err(raised) => return Err(raised),
                },
            };
            vm.reserved(Text::try_from_str(&percent_float(number, &spec)))
        }
        _ => {
            let shown = if (32..127).contains(&conversion.kind) { kind } else { '?' };
            let (code, at) = (conversion.kind, conversion.at);
            Err(vm.value_error(format!("unsupported format character '{shown}' ({code:#x}) at index {at}")))
        }
    }
}

/// The int for `%d` and its kin.
async fn integer(vm: VmRef, value: Value, kind: char) -> PyResult {
    if value.is_int() {
        return Ok(value);
    }
    let needs_index = matches!(kind, 'o' | 'x' | 'X');
    let slots = vm.type_of(&value).slots();
    let (int, index) = (slots.int, slots.index);
    let result = if needs_index {
        if index.is_some() { Some(vm.index(&value).await) } else { None }
    } else if let Some(slot) = int {
        let result = slot(&vm, &value);
        Some(vm.settle(result).await)
    } else if index.is_some() {
        Some(vm.index(&value).await)
    } else {
        None
    };
    let raised = match result {
        Some(Ok(number)) if number.is_int() => return Ok(number),
        Some(Err(raised)) if vm.catch(Exc::TypeError).is_none() => return Err(raised),
        _ => vm.type_name(&value),
    };
    let wanted = if needs_index { "an integer is required" } else { "a real number is required" };
    Err(vm.type_error(format!("%{kind} format: {wanted}, not {raised}")))
}

/// The character for `%c`.
async fn character(vm: VmRef, value: &Value, is_bytes: bool) -> PyResult<Text> {
    let name = qualified_name(&vm, vm.type_of(value));
    let wanted = if is_bytes {
        "%c requires an integer in range(256) or a single byte, not "
    } else {
        "%c requires an int or a unicode character, not "
    };
    if let (Some(text), false) = (value.as_text(), is_bytes) {
        if text.len() == 1 {
            return vm.reserved(text.try_clone());
        }
        return Err(vm.type_error(format!("{wanted}a string of length {}", text.len())));
    }
    if let (Some(bytes), true) = (ArgBytes::of(value), is_bytes) {
        if bytes.len() == 1 {
            return vm.reserved(Text::from_latin1(&bytes));
        }
        return Err(vm.type_error(format!("{wanted}a {name} object of length {}", bytes.len())));
    }
    if !value.is_int() && vm.type_of(value).slots().index.is_none() {
        return Err(vm.type_error(format!("{wanted}{name}")));
    }
    let number = vm.index(value).await?;
    let limit = if is_bytes { 256 } else { 0x110000 };
    match number.to_i64().and_then(|n| u32::try_from(n).ok()).filter(|&code| code < limit) {
        Some(code) => vm.reserved(Text::from_code(code)),
        None if is_bytes => Err(vm.overflow_error("%c arg not in range(256)")),
        None => Err(vm.overflow_error("%c arg not in range(0x110000)")),
    }
}

/// What `%b` shows of a value, as characters of Latin-1.
async fn bytes_of(vm: VmRef, value: &Value) -> PyResult<Text> {
    if let Some(bytes) = ArgBytes::of(value) {
        return vm.reserved(Text::from_latin1(&bytes));
    }
    match vm.call_special(value, &crate::name!(__bytes__), Vec::new()).await {
        Some(result) => {
            let result = result?;
            match result.downcast::<Bytes>() {
                Some(bytes) => vm.reserved(Text::from_latin1(bytes.as_slice())),
                None => {
                    let name = vm.type_name(&result);
                    Err(vm.type_error(format!("__bytes__ returned non-bytes (type {name})")))
                }
            }
        }
        None => {
            let name = vm.type_name(value);
            Err(vm.type_error(format!(
                "%b requires a bytes-like object, or an object that implements __bytes__, not '{name}'"
            )))
        }
    }
}
