//! The encoder: like the parser a machine with a stack of its own, that stops where something must be called.

use snakelet_number::int::small_to_decimal;
use snakelet_text::{Text, TextBuilder};
use snakelet_vm::errors::Exc;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::int_arithmetic::exact_int;
use snakelet_vm::types::list::List;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::{PyResult, Raised, Ref, Value, Vm};

use super::scan::{DEEPEST, float_text};

/// How strs are encoded.
#[derive(Clone)]
pub enum Strings {
    Ascii,
    Unicode,
    /// By a function of the program.
    Function(Value),
}

/// The encoder's settings.
pub struct Settings {
    pub markers: bool,
    pub default: Value,
    pub strings: Strings,
    pub indent: Option<Value>,
    pub key_separator: Value,
    pub item_separator: Value,
    pub sort_keys: bool,
    pub skipkeys: bool,
    pub allow_nan: bool,
}

/// A container being written.
enum Open {
    /// A list or tuple and the index of the next item.
    Sequence(Value, usize),
    /// A dict and the place of its next entry.
    Dict(Ref<Dict>, usize),
    /// Another mapping with its items.
    Items(Value, Vec<Value>, usize),
    /// An object, whose replacement is being written.
    Default(Value),
}

impl Open {
    fn object(&self) -> &Value {
        match self {
            Open::Sequence(object, _) | Open::Items(object, ..) | Open::Default(object) => object,
            Open::Dict(dict, _) => dict.as_value(),
        }
    }
}

struct Level {
    open: Open,
    /// No item is written yet.
    first: bool,
    /// The key or index of the item being written, for notes in errors.
    current: Value,
}

/// Why the machine stopped.
pub enum Step {
    Done,
    /// Write this str, made by the program's own encoder, and go on.
    Encode(Value, Value),
    /// Call the default function with this object, and go on with what it gives.
    Default(Value),
    /// Get the (sorted) items of this mapping, then call `with_items`.
    Items(Value),
    /// Write the repr of this int.
    Long(Value),
    Breathe,
}

/// The state of one encoding.
pub struct Encoder {
    pub out: TextBuilder,
    levels: Vec<Level>,
    next: Option<Value>,
    indent: usize,
    work: u32,
}

/// `"` and the escaped text and `"`.
pub fn write_ascii(out: &mut TextBuilder, text: &Text) {
    out.push(0x22);
    let mut start = 0;
    for (at, code) in text.iter().enumerate() {
        if (0x20..0x7f).contains(&code) && code != 0x22 && code != 0x5c {
            continue;
        }
        out.push_slice(text, start, at);
        start = at + 1;
        if !write_short(out, code) {
            if code >= 0x10000 {
                let code = code - 0x10000;
                write_hex(out, 0xd800 + (code >> 10));
                write_hex(out, 0xdc00 + (code & 0x3ff));
            } else {
                write_hex(out, code);
            }
        }
    }
    out.push_slice(text, start, text.len());
    out.push(0x22);
}

/// The same, where only what must be is escaped.
pub fn write_unicode(out: &mut TextBuilder, text: &Text) {
    out.push(0x22);
    let mut start = 0;
    for (at, code) in text.iter().enumerate() {
        if code >= 0x20 && code != 0x22 && code != 0x5c {
            continue;
        }
        out.push_slice(text, start, at);
        start = at + 1;
        if !write_short(out, code) {
            write_hex(out, code);
        }
    }
    out.push_slice(text, start, text.len());
    out.push(0x22);
}

fn write_hex(out: &mut TextBuilder, code: u32) {
    out.push_str("\\u");
    out.push_hex(code, 4);
}

/// An escape of two characters, if there is one.
fn write_short(out: &mut TextBuilder, code: u32) -> bool {
    let escape = match code {
        0x22 => "\\\"",
        0x5c => "\\\\",
        8 => "\\b",
        12 => "\\f",
        10 => "\\n",
        13 => "\\r",
        9 => "\\t",
        _ => return false,
    };
    out.push_str(escape);
    true
}

impl Encoder {
    pub fn new(object: Value, indent: usize) -> Encoder {
        Encoder { out: TextBuilder::new(), levels: Vec::new(), next: Some(object), indent, work: 0 }
    }

    /// Goes on with an object in the place of the one that was asked about.
    pub fn resume(&mut self, object: Value) {
        self.next = Some(object);
    }

    /// Begins a mapping whose items are known now.
    pub fn with_items(&mut self, settings: &Settings, mapping: Value, items: Vec<Value>) {
        if items.is_empty() {
            self.out.push_str("{}");
            return;
        }
        self.begin(settings, Open::Items(mapping, items, 0));
    }

    fn newline(&mut self, settings: &Settings) {
        if let Some(indent) = settings.indent.as_ref().and_then(Value::as_text) {
            self.out.push(10);
            for _ in 0..self.indent {
                self.out.push_text(indent);
            }
        }
    }

    fn begin(&mut self, settings: &Settings, open: Open) {
        self.out.push(if matches!(open, Open::Sequence(..)) { 0x5b } else { 0x7b });
        self.levels.push(Level { open, first: true, current: Value::NONE });
        if settings.indent.is_some() {
            self.indent += 1;
        }
    }

    fn end(&mut self, settings: &Settings) {
        let Some(level) = self.levels.pop() else { return };
        if matches!(level.open, Open::Default(_)) {
            return;
        }
        if settings.indent.is_some() {
            self.indent -= 1;
        }
        // A dict without a key that can be written is as good as empty.
        if !level.first {
            self.newline(settings);
        }
        self.out.push(if matches!(level.open, Open::Sequence(..)) { 0x5d } else { 0x7d });
    }

    fn separate(&mut self, settings: &Settings) {
        let Some(level) = self.levels.last_mut() else { return };
        let first = std::mem::replace(&mut level.first, false);
        if !first && let Some(text) = settings.item_separator.as_text() {
            self.out.push_text(text);
        }
        self.newline(settings);
    }

    /// Runs the machine.
    pub fn run(&mut self, vm: &Vm, settings: &Settings) -> PyResult<Step> {
        loop {
            if let Some(object) = self.next.take() {
                self.work += 1;
                if self.work >= 1024 {
                    self.work = 0;
                    self.next = Some(object);
                    vm.check_memory(self.out.len())?;
                    return Ok(Step::Breathe);
                }
                if let Some(step) = self.write(vm, settings, object)? {
                    return Ok(step);
                }
                continue;
            }
            let Some(level) = self.levels.last_mut() else { return Ok(Step::Done) };
            let item = match &mut level.open {
                Open::Sequence(sequence, at) => {
                    *at += 1;
                    let item = match (sequence.downcast::<List>(), sequence.downcast::<Tuple>()) {
                        (Some(list), _) => list.items.borrow().get(*at - 1).cloned(),
                        (None, Some(tuple)) => tuple.items().get(*at - 1).cloned(),
                        _ => None,
                    };
                    level.current = Value::from_usize(*at - 1);
                    item.map(|item| (None, item))
                }
                Open::Dict(dict, at) => {
                    let entries = dict.table.borrow().entries();
                    while entries.get(*at).is_some_and(|entry| entry.key.is_unbound()) {
                        *at += 1;
                    }
                    *at += 1;
                    entries.get(*at - 1).map(|entry| (Some(entry.key.clone()), entry.value.clone()))
                }
                Open::Items(_, items, at) => {
                    *at += 1;
                    match items.get(*at - 1) {
                        None => None,
                        Some(item) => match item.downcast::<Tuple>().map(Tuple::items) {
                            Some([key, value]) => Some((Some(key.clone()), value.clone())),
                            _ => return Err(vm.value_error("items must return 2-tuples")),
                        },
                    }
                }
                Open::Default(_) => None,
            };
            match item {
                None => self.end(settings),
                Some((None, item)) => {
                    self.separate(settings);
                    self.next = Some(item);
                }
                Some((Some(key), value)) => {
                    if let Some(step) = self.write_key(vm, settings, key, value)? {
                        return Ok(step);
                    }
                }
            }
        }
    }

    /// Writes a key and sets its value up as the next thing to write.
    fn write_key(&mut self, vm: &Vm, settings: &Settings, key: Value, value: Value) -> PyResult<Option<Step>> {
        let shown = if key.as_text().is_some() {
            key.clone()
        } else if key.is_none() {
            Value::from_str("null")
        } else if let Some(truth) = key.as_bool() {
            Value::from_str(if truth { "true" } else { "false" })
        } else if let Some(x) = key.to_float() {
            match self.float(vm, settings, x) {
                Ok(text) => Value::from_str(&text),
                Err(raised) => {
                    self.levels.pop();
                    return Err(raised);
                }
            }
        } else if key.is_int() {
            Value::from_str(&key.to_bigint().map_or(String::new(), |number| number.to_string()))
        } else if settings.skipkeys {
            return Ok(None);
        } else {
            // Such an error makes no note about this dict.
            self.levels.pop();
            let name = vm.type_name(&key);
            return Err(vm.type_error(format!("keys must be str, int, float, bool or None, not {name}")));
        };
        self.separate(settings);
        if let Some(level) = self.levels.last_mut() {
            level.current = key;
        }
        self.next = Some(value);
        match &settings.strings {
            Strings::Function(function) => return Ok(Some(Step::Encode(function.clone(), shown))),
            strings => {
                if let Some(text) = shown.as_text() {
                    match strings {
                        Strings::Ascii => write_ascii(&mut self.out, text),
                        _ => write_unicode(&mut self.out, text),
                    }
                }
            }
        }
        self.finish_key(settings);
        Ok(None)
    }

    /// Writes what stands between a key and its value, if a value is next.
    pub fn finish_key(&mut self, settings: &Settings) {
        if self.next.is_some()
            && let Some(text) = settings.key_separator.as_text()
        {
            self.out.push_text(text);
        }
    }

    fn float(&self, vm: &Vm, settings: &Settings, x: f64) -> PyResult<String> {
        match float_text(x) {
            Ok(text) => Ok(text),
            Err(name) if settings.allow_nan => Ok(name.to_string()),
            Err(_) => {
                let shown = snakelet_number::float::repr(x);
                Err(vm.value_error(format!("Out of range float values are not JSON compliant: {shown}")))
            }
        }
    }

    /// Writes an object, or begins to.
    fn write(&mut self, vm: &Vm, settings: &Settings, object: Value) -> PyResult<Option<Step>> {
        if let Some(text) = object.as_text() {
            match &settings.strings {
                Strings::Ascii => write_ascii(&mut self.out, text),
                Strings::Unicode => write_unicode(&mut self.out, text),
                Strings::Function(function) => return Ok(Some(Step::Encode(function.clone(), object))),
            }
        } else if let Some(number) = object.as_small_int() {
            self.out.push_str(small_to_decimal(number, &mut [0; 20]));
        } else if object.is_none() {
            self.out.push_str("null");
        } else if let Some(truth) = object.as_bool() {
            self.out.push_str(if truth { "true" } else { "false" });
        } else if let Some(x) = object.to_float() {
            let text = self.float(vm, settings, x)?;
            self.out.push_str(&text);
        } else if object.is_int() {
            return Ok(Some(Step::Long(exact_int(&object))));
        } else if let Some(list) = object.downcast::<List>() {
            if list.is_empty() {
                self.out.push_str("[]");
            } else {
                self.enter(vm, settings, &object)?;
                self.begin(settings, Open::Sequence(object, 0));
            }
        } else if let Some(tuple) = object.downcast::<Tuple>() {
            if tuple.items().is_empty() {
                self.out.push_str("[]");
            } else {
                self.enter(vm, settings, &object)?;
                self.begin(settings, Open::Sequence(object, 0));
            }
        } else if let Some(dict) = object.to_ref::<Dict>() {
            if dict.is_empty() {
                self.out.push_str("{}");
            } else {
                self.enter(vm, settings, &object)?;
                if settings.sort_keys || object.downcast_exact::<Dict>().is_none() {
                    return Ok(Some(Step::Items(object)));
                }
                self.begin(settings, Open::Dict(dict, 0));
            }
        } else {
            self.enter(vm, settings, &object)?;
            self.levels.push(Level { open: Open::Default(object.clone()), first: true, current: Value::NONE });
            return Ok(Some(Step::Default(object)));
        }
        Ok(None)
    }

    /// Checks depth and cycles before a container is begun.
    fn enter(&self, vm: &Vm, settings: &Settings, object: &Value) -> PyResult<()> {
        if settings.markers && self.levels.iter().rev().any(|level| level.open.object().is(object)) {
            return Err(vm.value_error("Circular reference detected"));
        }
        if self.levels.len() >= DEEPEST {
            return Err(vm.error(Exc::RecursionError, "maximum recursion depth exceeded while encoding a JSON object"));
        }
        Ok(())
    }

    /// Takes the level of an object away whose default function failed: it makes no note.
    pub fn forget_default(&mut self) {
        self.levels.pop();
    }

    /// What was being written when an error came, innermost first: the container's or object's type and the key's place.
    pub fn notes(&self) -> Vec<(Value, Option<Value>, bool)> {
        let notes = self.levels.iter().rev().map(|level| match &level.open {
            Open::Default(object) => (object.clone(), None, false),
            Open::Sequence(object, _) => (object.clone(), Some(level.current.clone()), false),
            open => (open.object().clone(), Some(level.current.clone()), true),
        });
        notes.collect()
    }
}

/// The error for an encoder that does not make strs.
pub fn not_a_string(vm: &Vm, value: &Value) -> Raised {
    let name = vm.type_name(value);
    vm.type_error(format!("encoder() must return a string, not {name}"))
}
