//! Module `unicodedata`: what the Unicode Character Database knows of characters.
//!
//! The tables here (`data`) come with the part of this module; categories and numbers are those of `str`'s methods, names those
//! of `vm::names`, which are fetched at the first use. `ucd_3_2_0` is the same database as of version 3.2: every function takes
//! the version as its last parameter.

mod data;
mod normal;

use snakelet_macros::{methods, native_module, native_type};
use snakelet_text::{Text, unicode};
use snakelet_vm::exec::fuel;
use snakelet_vm::native::{ArgBytes, Cx, FromArg, ModuleDef, Native};
use snakelet_vm::types::string::Str;
use snakelet_vm::{PyResult, Raised, Value, Vm, names};

use self::data::data;
use self::normal::Form;

pub const MODULE: ModuleDef = UnicodeData::MODULE;

/// An argument that is one character.
struct Character(u32);

impl<'a> FromArg<'a> for Character {
    fn from_arg(cx: &Cx<'a>, value: &'a Value, number: usize) -> PyResult<Character> {
        let Some(text) = value.as_text() else { return Err(cx.bad_argument(value, number, "a unicode character")) };
        match (text.get(0), text.len()) {
            (Some(code), 1) => Ok(Character(code)),
            (_, len) => {
                let which = if cx.def.params.names.len() > 1 { " 1" } else { "" };
                let name = cx.def.name;
                Err(cx.vm.type_error(format!(
                    "{name}(): argument{which} must be a unicode character, not a string of length {len}"
                )))
            }
        }
    }
}

/// The name of a form of normalisation.
fn form(vm: &Vm, name: &Text) -> PyResult<Form> {
    Form::by_name(name).ok_or_else(|| vm.value_error("invalid normalization form"))
}

fn or_default(vm: &Vm, value: Option<Value>, default: Option<&Value>, message: &str) -> PyResult {
    match (value, default) {
        (Some(value), _) => Ok(value),
        (None, Some(default)) => Ok(default.clone()),
        (None, None) => Err(vm.value_error(message)),
    }
}

fn decimal(vm: &Vm, chr: &Character, default: Option<&Value>, old: bool) -> PyResult {
    let value = data().decimal(chr.0, old).map(|value| Value::small_int(value.into()));
    or_default(vm, value, default, "not a decimal")
}

fn digit(vm: &Vm, chr: &Character, default: Option<&Value>) -> PyResult {
    let value = unicode::digit(chr.0).map(|value| Value::small_int(value.into()));
    or_default(vm, value, default, "not a digit")
}

fn numeric(vm: &Vm, chr: &Character, default: Option<&Value>, old: bool) -> PyResult {
    or_default(vm, data().numeric(chr.0, old).map(Value::float), default, "not a numeric character")
}

fn decomposition(chr: &Character, old: bool) -> String {
    let mut text = String::new();
    if let Some((tag, parts)) = data().decomposition(chr.0).filter(|_| !old || !data().is_new(chr.0)) {
        text.push_str(tag);
        for part in parts {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&format!("{part:04X}"));
        }
    }
    text
}

/// The name of a character. May defer, to have the names fetched.
fn name(vm: &Vm, chr: &Character, default: Option<&Value>, old: bool) -> PyResult {
    if names::missing(vm) {
        let (vm, code, default) = (vm.handle(), chr.0, default.cloned());
        return Err(vm.defer(async move {
            names::load(vm).await?;
            name(&vm, &Character(code), default.as_ref(), old)
        }));
    }
    let found = names::table().filter(|_| !old || !data().is_new(chr.0)).and_then(|table| table.name(chr.0));
    or_default(vm, found.map(|name| Value::from_str(&name)), default, "no such name")
}

/// The character of this name. May defer likewise.
fn lookup(vm: &Vm, wanted: &Value, old: bool) -> PyResult {
    let bytes = match wanted.as_text() {
        Some(text) => text.to_utf8_lossy().into_owned().into_bytes(),
        None => match ArgBytes::of(wanted) {
            Some(bytes) => bytes.to_vec(),
            None => {
                let other = vm.type_name(wanted);
                return Err(vm.type_error(format!("a bytes-like object is required, not '{other}'")));
            }
        },
    };
    if bytes.len() > 256 {
        return Err(vm.key_error(Value::from_str("name too long")));
    }
    if names::missing(vm) {
        let (vm, wanted) = (vm.handle(), wanted.clone());
        return Err(vm.defer(async move {
            names::load(vm).await?;
            lookup(&vm, &wanted, old)
        }));
    }
    let wanted = String::from_utf8_lossy(&bytes);
    let found = names::table().and_then(|table| {
        let found = table.lookup(&wanted)?;
        match found {
            // Version 3.2 knows neither aliases nor sequences.
            names::Named::Character(code) => {
                let is_name = !old || table.name(code).is_some_and(|name| name.eq_ignore_ascii_case(&wanted));
                is_name.then(|| Value::from_char(code))
            }
            names::Named::Sequence(_) if old => None,
            names::Named::Sequence(codes) => {
                let mut text = Text::default();
                codes.iter().try_for_each(|&code| text.push(code)).ok()?;
                Some(Value::from_text(text))
            }
        }
    });
    found.ok_or_else(|| vm.key_error(Value::from_str(&format!("undefined character name '{wanted}'"))))
}

/// The code points of the text in this form; `None` if it is in it.
fn normalized(vm: &Vm, text: &Text, form: Form, old: bool) -> PyResult<Option<Vec<u32>>> {
    if normal::is_plain(text, form) {
        return Ok(None);
    }
    fuel::spend_many((text.len() / 2).min(1 << 24) as u32);
    vm.check_memory(text.len().saturating_mul(8))?;
    let no_memory = || -> Raised { vm.memory_error() };
    let codes = normal::normalize(text, form, old).ok_or_else(no_memory)?;
    Ok(if codes.len() == text.len() && text.iter().eq(codes.iter().copied()) { None } else { Some(codes) })
}

fn normalize(vm: &Vm, kind: &Text, unistr: &Value, text: &Text, old: bool) -> PyResult {
    let codes = if text.is_empty() { None } else { normalized(vm, text, form(vm, kind)?, old)? };
    let Some(codes) = codes else {
        // Never an instance of a subclass.
        let exact = unistr.downcast_exact::<Str>().is_some();
        return if exact { Ok(unistr.clone()) } else { vm.new_text(text.slice(0, text.len())) };
    };
    let mut result = Text::default();
    for code in codes {
        if result.push(code).is_err() {
            return Err(vm.memory_error());
        }
    }
    Ok(Value::from_text(result))
}

fn is_normalized(vm: &Vm, kind: &Text, text: &Text, old: bool) -> PyResult<bool> {
    Ok(text.is_empty() || normalized(vm, text, form(vm, kind)?, old)?.is_none())
}

/// A str and its text.
struct TextValue<'a>(&'a Value, &'a Text);

impl<'a> FromArg<'a> for TextValue<'a> {
    fn from_arg(cx: &Cx<'a>, value: &'a Value, number: usize) -> PyResult<TextValue<'a>> {
        Ok(TextValue(value, FromArg::from_arg(cx, value, number)?))
    }
}

/// The payload of `ucd_3_2_0`.
#[native_type(name = "UCD", module = "unicodedata")]
pub struct Ucd;

#[methods]
impl Ucd {
    #[getter("unidata_version")]
    fn unidata_version(_this: &Ucd) -> &'static str {
        "3.2.0"
    }

    /// The general category assigned to the character, two letters.
    #[method("category(self, chr, /)")]
    fn category(_this: &Ucd, chr: Character) -> &'static str {
        data().category(chr.0, true)
    }

    /// The bidirectional class assigned to the character.
    ///
    /// If no such value is defined, an empty string is returned.
    #[method("bidirectional(self, chr, /)")]
    fn bidirectional(_this: &Ucd, chr: Character) -> &'static str {
        data().bidirectional(chr.0, true)
    }

    /// The canonical combining class assigned to the character, an integer.
    ///
    /// It is 0 if none is defined.
    #[method("combining(self, chr, /)")]
    fn combining(_this: &Ucd, chr: Character) -> i64 {
        data().combining(chr.0, true).into()
    }

    /// 1 if the character has been identified as "mirrored" in bidirectional text, else 0.
    #[method("mirrored(self, chr, /)")]
    fn mirrored(_this: &Ucd, chr: Character) -> i64 {
        data().mirrored(chr.0, true).into()
    }

    /// The East Asian width assigned to the character.
    #[method("east_asian_width(self, chr, /)")]
    fn east_asian_width(_this: &Ucd, chr: Character) -> &'static str {
        data().width(chr.0, true)
    }

    /// The decomposition mapping assigned to the character: code points in hexadecimal, after a tag in angle brackets.
    ///
    /// An empty string is returned in case no such mapping is defined.
    #[method("decomposition(self, chr, /)")]
    fn decomposition(_this: &Ucd, chr: Character) -> String {
        decomposition(&chr, true)
    }

    /// Converts a character into its decimal value, an integer.
    ///
    /// If no such value is defined, default is returned, or, if not given, ValueError is raised.
    #[method("decimal(self, chr, default=<unrepresentable>, /)")]
    fn decimal(vm: &Vm, _this: &Ucd, chr: Character, default: Option<&Value>) -> PyResult {
        decimal(vm, &chr, default, true)
    }

    /// Converts a character into its digit value, an integer.
    ///
    /// If no such value is defined, default is returned, or, if not given, ValueError is raised.
    #[method("digit(self, chr, default=<unrepresentable>, /)")]
    fn digit(vm: &Vm, _this: &Ucd, chr: Character, default: Option<&Value>) -> PyResult {
        digit(vm, &chr, default)
    }

    /// Converts a character into its numeric value, a float.
    ///
    /// If no such value is defined, default is returned, or, if not given, ValueError is raised.
    #[method("numeric(self, chr, default=<unrepresentable>, /)")]
    fn numeric(vm: &Vm, _this: &Ucd, chr: Character, default: Option<&Value>) -> PyResult {
        numeric(vm, &chr, default, true)
    }

    /// The name assigned to the character.
    ///
    /// If no name is defined, default is returned, or, if not given, ValueError is raised.
    #[method("name(self, chr, default=<unrepresentable>, /)")]
    fn name(vm: &Vm, _this: &Ucd, chr: Character, default: Option<&Value>) -> PyResult {
        name(vm, &chr, default, true)
    }

    /// Look up a character by its name.
    ///
    /// If there is none with this name, KeyError is raised.
    #[method("lookup(self, name, /)")]
    fn lookup(vm: &Vm, _this: &Ucd, name: &Value) -> PyResult {
        lookup(vm, name, true)
    }

    /// The normal form of a str.
    ///
    /// Valid values for form are 'NFC', 'NFKC', 'NFD', and 'NFKD'.
    #[method("normalize(self, form, unistr, /)")]
    fn normalize(vm: &Vm, _this: &Ucd, form: &Text, unistr: TextValue<'_>) -> PyResult {
        normalize(vm, form, unistr.0, unistr.1, true)
    }

    /// Whether a str is in the normal form.
    ///
    /// Valid values for form are 'NFC', 'NFKC', 'NFD', and 'NFKD'.
    #[method("is_normalized(self, form, unistr, /)")]
    fn is_normalized(vm: &Vm, _this: &Ucd, form: &Text, unistr: &Text) -> PyResult<bool> {
        is_normalized(vm, form, unistr, true)
    }
}

/// This module provides access to the Unicode Character Database which
/// defines character properties for all Unicode characters. The data are those
/// of version 16.0.0 of the standard.
///
/// Names and values are those of the standard's file UnicodeData.txt.
#[native_module("unicodedata", types = [Ucd])]
impl UnicodeData {
    #[constant("unidata_version")]
    const VERSION: &'static str = unicode::VERSION;

    /// The general category assigned to the character, two letters.
    #[function("category(chr, /)")]
    fn category(chr: Character) -> &'static str {
        data().category(chr.0, false)
    }

    /// The bidirectional class assigned to the character.
    ///
    /// If no such value is defined, an empty string is returned.
    #[function("bidirectional(chr, /)")]
    fn bidirectional(chr: Character) -> &'static str {
        data().bidirectional(chr.0, false)
    }

    /// The canonical combining class assigned to the character, an integer.
    ///
    /// It is 0 if none is defined.
    #[function("combining(chr, /)")]
    fn combining(chr: Character) -> i64 {
        data().combining(chr.0, false).into()
    }

    /// 1 if the character has been identified as "mirrored" in bidirectional text, else 0.
    #[function("mirrored(chr, /)")]
    fn mirrored(chr: Character) -> i64 {
        data().mirrored(chr.0, false).into()
    }

    /// The East Asian width assigned to the character.
    #[function("east_asian_width(chr, /)")]
    fn east_asian_width(chr: Character) -> &'static str {
        data().width(chr.0, false)
    }

    /// The decomposition mapping assigned to the character: code points in hexadecimal, after a tag in angle brackets.
    ///
    /// An empty string is returned in case no such mapping is defined.
    #[function("decomposition(chr, /)")]
    fn decomposition(chr: Character) -> String {
        decomposition(&chr, false)
    }

    /// Converts a character into its decimal value, an integer.
    ///
    /// If no such value is defined, default is returned, or, if not given, ValueError is raised.
    #[function("decimal(chr, default=<unrepresentable>, /)")]
    fn decimal(vm: &Vm, chr: Character, default: Option<&Value>) -> PyResult {
        decimal(vm, &chr, default, false)
    }

    /// Converts a character into its digit value, an integer.
    ///
    /// If no such value is defined, default is returned, or, if not given, ValueError is raised.
    #[function("digit(chr, default=<unrepresentable>, /)")]
    fn digit(vm: &Vm, chr: Character, default: Option<&Value>) -> PyResult {
        digit(vm, &chr, default)
    }

    /// Converts a character into its numeric value, a float.
    ///
    /// If no such value is defined, default is returned, or, if not given, ValueError is raised.
    #[function("numeric(chr, default=<unrepresentable>, /)")]
    fn numeric(vm: &Vm, chr: Character, default: Option<&Value>) -> PyResult {
        numeric(vm, &chr, default, false)
    }

    /// The name assigned to the character.
    ///
    /// If no name is defined, default is returned, or, if not given, ValueError is raised.
    #[function("name(chr, default=<unrepresentable>, /)")]
    fn name(vm: &Vm, chr: Character, default: Option<&Value>) -> PyResult {
        name(vm, &chr, default, false)
    }

    /// Look up a character by its name.
    ///
    /// If there is none with this name, KeyError is raised.
    #[function("lookup(name, /)")]
    fn lookup(vm: &Vm, name: &Value) -> PyResult {
        lookup(vm, name, false)
    }

    /// The normal form of a str.
    ///
    /// Valid values for form are 'NFC', 'NFKC', 'NFD', and 'NFKD'.
    #[function("normalize(form, unistr, /)")]
    fn normalize(vm: &Vm, form: &Text, unistr: TextValue<'_>) -> PyResult {
        normalize(vm, form, unistr.0, unistr.1, false)
    }

    /// Whether a str is in the normal form.
    ///
    /// Valid values for form are 'NFC', 'NFKC', 'NFD', and 'NFKD'.
    #[function("is_normalized(form, unistr, /)")]
    fn is_normalized(vm: &Vm, form: &Text, unistr: &Text) -> PyResult<bool> {
        is_normalized(vm, form, unistr, false)
    }

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let old = Ucd.into_value();
        vm.set_attr(module, &snakelet_vm::object::intern::intern("ucd_3_2_0"), Some(&old))?;
        Ok(())
    }
}

/// Declares module `unicodedata`.
pub struct UnicodeData;
