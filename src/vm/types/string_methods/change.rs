//! Methods that give a changed text: stripping, padding, replacing, translating, encoding.

use snakelet_macros::methods;
use snakelet_text::search::{self, Flavor, Side, strip_chars, strip_space};
use snakelet_text::{Text, TextBuilder};

use crate::errors::Exc;
use crate::native::args::FillCharacter;
use crate::types::codec;
use crate::types::dict::Dict;
use crate::types::string::{Str, exact};
use crate::{PyResult, Raised, Ref, Value, Vm, VmRef};

fn strip(vm: &Vm, this: &Value, chars: Option<&Value>, side: Side, name: &str) -> PyResult {
    let Some(text) = this.as_text() else { return Ok(Value::NONE) };
    let (start, stop) = match chars {
        None => strip_space(text.units(), Flavor::Str, side),
        Some(chars) => match chars.as_text() {
            Some(chars) => vm.reserved(strip_chars(text.units(), chars.units(), side))?,
            None => return Err(vm.type_error(format!("{name} arg must be None or str"))),
        },
    };
    if stop - start == text.len() { exact(vm, this) } else { vm.substring(text, start, stop) }
}

/// How many characters are missing to the width.
fn missing(vm: &Vm, text: &Text, width: isize) -> PyResult<usize> {
    let width = usize::try_from(width).unwrap_or(0);
    let missing = width.saturating_sub(text.len());
    if missing > 0 {
        vm.check_size(width)?;
    }
    Ok(missing)
}

fn pad(vm: &Vm, this: &Value, width: isize, fill: Option<FillCharacter>, side: Side) -> PyResult {
    let Some(text) = this.as_text() else { return Ok(Value::NONE) };
    let missing = missing(vm, text, width)?;
    if missing == 0 {
        return exact(vm, this);
    }
    let (left, right) = match side {
        Side::Left => (missing, 0),
        Side::Right => (0, missing),
        Side::Both => search::pad::center_margins(text.len(), text.len() + missing),
    };
    vm.new_text(search::pad::pad(text, left, right, fill.map_or(b' '.into(), |fill| fill.0)))
}

/// What a translation table makes of one character.
enum Mapped {
    Unchanged,
    Deleted,
    Code(u32),
    Text(Value),
}

impl Mapped {
    fn of(vm: &Vm, value: Option<Value>) -> PyResult<Mapped> {
        let Some(value) = value else { return Ok(Mapped::Unchanged) };
        if value.is_none() {
            return Ok(Mapped::Deleted);
        }
        if value.is_int() {
            let code = value.to_i64().and_then(|code| u32::try_from(code).ok()).filter(|&code| code < 0x110000);
            return match code {
                Some(code) => Ok(Mapped::Code(code)),
                None => Err(vm.value_error("character mapping must be in range(0x110000)")),
            };
        }
        if value.as_text().is_some() {
            return Ok(Mapped::Text(value));
        }
        Err(vm.type_error("character mapping must return integer, None or str"))
    }

    fn push(&self, out: &mut TextBuilder, code: u32) {
        match self {
            Mapped::Unchanged => out.push(code),
            Mapped::Deleted => {}
            Mapped::Code(code) => out.push(*code),
            Mapped::Text(text) => {
                if let Some(text) = text.as_text() {
                    out.push_text(text);
                }
            }
        }
    }
}

/// A translation by an exact dict, if no key of it needs Python code to compare.
fn translate_now(vm: &Vm, text: &Text, table: &Dict) -> Option<PyResult> {
    let mut out = TextBuilder::with_capacity(text.len());
    let mut known: [Option<Mapped>; 128] = [const { None }; 128];
    for code in text.iter() {
        if let Some(Some(mapped)) = known.get(code as usize) {
            mapped.push(&mut out, code);
            continue;
        }
        let value = match table.get_now(vm, &Value::small_int(code.into()))? {
            Ok(value) => value,
            Err(raised) => return Some(Err(raised)),
        };
        let mapped = match Mapped::of(vm, value) {
            Ok(mapped) => mapped,
            Err(raised) => return Some(Err(raised)),
        };
        mapped.push(&mut out, code);
        if let Some(place) = known.get_mut(code as usize) {
            *place = Some(mapped);
        }
    }
    Some(vm.new_text(out.finish()))
}

async fn translate_later(vm: VmRef, this: Ref<Str>, table: Value) -> PyResult {
    let mut out = TextBuilder::with_capacity(this.text().len());
    for code in this.text().iter() {
        let value = match vm.item(&table, &Value::small_int(code.into())).await {
            Ok(value) => Some(value),
            Err(raised) => match vm.catch(Exc::LookupError) {
                Some(_) => None,
                None => return Err(raised),
            },
        };
        Mapped::of(&vm, value)?.push(&mut out, code);
        vm.breathe(4).await?;
    }
    vm.new_text(out.finish())
}

/// `str.maketrans(dict)`.
fn table_from_dict(vm: &Vm, mapping: &Value) -> PyResult {
    let Some(mapping) = mapping.downcast::<Dict>() else {
        return Err(vm.type_error("if you give only one argument to maketrans it must be a dict"));
    };
    let table = Dict::new_object();
    for entry in mapping.table.borrow().iter() {
        let key = match entry.key.as_text() {
            Some(text) => match (text.get(0), text.get(1)) {
                (Some(code), None) => Value::small_int(code.into()),
                _ => return Err(vm.value_error("string keys in translate table must be of length 1")),
            },
            None if entry.key.is_int() => entry.key.clone(),
            None => return Err(vm.type_error("keys in translate table must be strings or integers")),
        };
        put(vm, &table, &key, &entry.value)?;
    }
    Ok(table.into_value())
}

fn put(vm: &Vm, table: &Dict, key: &Value, value: &Value) -> PyResult<()> {
    match table.set_now(vm, key, value) {
        Some(result) => result,
        None => Err(vm.type_error("keys in translate table must be strings or integers")),
    }
}

fn not_str(vm: &Vm, number: usize, value: &Value) -> Raised {
    let name = vm.type_name(value);
    vm.type_error(format!("maketrans() argument {number} must be str, not {name}"))
}

#[methods(block = CHANGE)]
impl Str {
    /// Without white space (or the given characters) at both ends.
    #[method("strip(self, chars=None, /)")]
    fn strip(vm: &Vm, this: &Value, chars: Option<&Value>) -> PyResult {
        strip(vm, this, chars, Side::Both, "strip")
    }

    /// Without white space (or the given characters) at the start.
    #[method("lstrip(self, chars=None, /)")]
    fn lstrip(vm: &Vm, this: &Value, chars: Option<&Value>) -> PyResult {
        strip(vm, this, chars, Side::Left, "lstrip")
    }

    /// Without white space (or the given characters) at the end.
    #[method("rstrip(self, chars=None, /)")]
    fn rstrip(vm: &Vm, this: &Value, chars: Option<&Value>) -> PyResult {
        strip(vm, this, chars, Side::Right, "rstrip")
    }

    /// Filled up at both sides to a width.
    #[method("center(self, width, fillchar=' ', /)")]
    fn center(vm: &Vm, this: &Value, width: isize, fillchar: Option<FillCharacter>) -> PyResult {
        pad(vm, this, width, fillchar, Side::Both)
    }

    /// Filled up at the right to a width.
    #[method("ljust(self, width, fillchar=' ', /)")]
    fn ljust(vm: &Vm, this: &Value, width: isize, fillchar: Option<FillCharacter>) -> PyResult {
        pad(vm, this, width, fillchar, Side::Right)
    }

    /// Filled up at the left to a width.
    #[method("rjust(self, width, fillchar=' ', /)")]
    fn rjust(vm: &Vm, this: &Value, width: isize, fillchar: Option<FillCharacter>) -> PyResult {
        pad(vm, this, width, fillchar, Side::Left)
    }

    /// Filled up with zeros to a width, behind a sign.
    #[method("zfill(self, width, /)")]
    fn zfill(vm: &Vm, this: &Value, width: isize) -> PyResult {
        let Some(text) = this.as_text() else { return Ok(Value::NONE) };
        if missing(vm, text, width)? == 0 {
            return exact(vm, this);
        }
        vm.new_text(search::zfill(text, width as usize))
    }

    /// With spaces in place of tabs.
    #[method("expandtabs(self, /, tabsize=8)")]
    fn expandtabs(vm: &Vm, this: &Str, tabsize: i32) -> PyResult {
        let tabs = search::count(this.text().units(), snakelet_text::Units::One(b"\t"), usize::MAX);
        vm.check_size(tabs.saturating_mul(usize::try_from(tabsize).unwrap_or(0)).saturating_add(this.text().len()))?;
        vm.new_text(search::expand_tabs(this.text(), tabsize as isize))
    }

    /// With `old` replaced by `new` everywhere, or at the first `count` places.
    #[method("replace(self, old, new, /, count=-1)")]
    fn replace(vm: &Vm, this: &Value, old: &Text, new: &Text, count: isize) -> PyResult {
        let Some(text) = this.as_text() else { return Ok(Value::NONE) };
        let maximum = usize::try_from(count).unwrap_or(usize::MAX);
        if maximum == 0 || old == new || old.len() > text.len() {
            return exact(vm, this);
        }
        if new.len() > old.len() && text.len() > 256 {
            let cuts = search::count(text.units(), old.units(), maximum);
            vm.check_size((new.len() - old.len()).saturating_mul(cuts).saturating_add(text.len()).saturating_mul(2))?;
        }
        if !old.is_empty() && search::find(text.units(), old.units()).is_none() {
            return exact(vm, this);
        }
        vm.new_text(search::replace(text, old, new, maximum))
    }

    /// Without this prefix, if the text starts with it.
    #[method("removeprefix(self, prefix, /)")]
    fn removeprefix(vm: &Vm, this: &Value, prefix: &Text) -> PyResult {
        let Some(text) = this.as_text() else { return Ok(Value::NONE) };
        if prefix.is_empty() || !text.units().starts_with(prefix.units()) {
            return exact(vm, this);
        }
        vm.substring(text, prefix.len(), text.len())
    }

    /// Without this suffix, if the text ends with it.
    #[method("removesuffix(self, suffix, /)")]
    fn removesuffix(vm: &Vm, this: &Value, suffix: &Text) -> PyResult {
        let Some(text) = this.as_text() else { return Ok(Value::NONE) };
        if suffix.is_empty() || !text.units().ends_with(suffix.units()) {
            return exact(vm, this);
        }
        vm.substring(text, 0, text.len() - suffix.len())
    }

    /// With each character replaced by what a table has for its code point: a code point, a str, or None to delete it.
    #[method("translate(self, table, /)")]
    fn translate(vm: &Vm, this: &Value, table: &Value) -> PyResult {
        let Some(string) = this.to_ref::<Str>() else { return Ok(Value::NONE) };
        if string.text().is_empty() {
            return exact(vm, this);
        }
        if let Some(dict) = table.downcast_exact::<Dict>()
            && string.text().len() < 1 << 20
            && let Some(result) = translate_now(vm, string.text(), dict)
        {
            return result;
        }
        vm.start(translate_later(vm.handle(), string, table.clone()))
    }

    /// A table for `translate`: from a dict, or from two strs of equal length and a third of characters to delete.
    #[staticmethod("maketrans(x, y=<unrepresentable>, z=<unrepresentable>, /)")]
    fn maketrans(vm: &Vm, x: &Value, y: Option<&Value>, z: Option<&Value>) -> PyResult {
        let Some(y) = y else { return table_from_dict(vm, x) };
        let Some(to) = y.as_text() else { return Err(not_str(vm, 2, y)) };
        let deleted = match z {
            None => None,
            Some(z) => Some(z.as_text().ok_or_else(|| not_str(vm, 3, z))?),
        };
        let Some(from) = x.as_text() else {
            return Err(vm.type_error("first maketrans argument must be a string if there is a second argument"));
        };
        if from.len() != to.len() {
            return Err(vm.value_error("the first two maketrans arguments must have equal length"));
        }
        let table = Dict::new_object();
        for (from, to) in from.iter().zip(to.iter()) {
            put(vm, &table, &Value::small_int(from.into()), &Value::small_int(to.into()))?;
        }
        for code in deleted.into_iter().flat_map(Text::iter) {
            put(vm, &table, &Value::small_int(code.into()), &Value::NONE)?;
        }
        Ok(table.into_value())
    }

    /// The text as bytes in an encoding.
    #[method("encode(self, /, encoding='utf-8', errors='strict')")]
    fn encode(vm: &Vm, this: &Value, encoding: Option<&Text>, errors: Option<&Text>) -> PyResult {
        codec::encode_object(vm, this, encoding, errors)
    }
}
