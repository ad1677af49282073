//! Values between Python and JavaScript, by Pyodide's rules.
//!
//! Into JavaScript: None, bool, int, float and str have counterparts; containers are converted as well down to a depth that the
//! caller chooses, cycles and shared parts kept; everything else is wrapped by JavaScript's `host.wrap`, which gets a number to name
//! the object by if the session keeps objects at all. Into Python: what `toMachine` in `web/runtime/bridge.ts` lets through.
//!
//! No Python code runs here: keys are hashed by the machine's own rules, and reprs are given only where they need none.

use std::cell::RefCell;
use std::collections::BTreeMap;

use js_sys::{Array, BigInt, JsString, Map, Object, Reflect, Set, Uint8Array};
use num_bigint::Sign;
use snakelet_text::Text;
use snakelet_vm::types::buffer;
use snakelet_vm::types::bytes::Bytes;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::list::List;
use snakelet_vm::types::set::{FrozenSet, Set as PySet};
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::{Native, Value, Vm, embed};
use wasm_bindgen::prelude::*;

use crate::host::JsHost;
use crate::proxy::JsProxy;

/// Containers nested deeper than this are wrapped: the native stack is finite.
const DEEPEST: u32 = 400;

/// Integers up to here are the same in JavaScript's numbers.
const SAFE: i64 = (1 << 53) - 1;

/// Python objects that JavaScript holds, by number. Zero is never used.
#[derive(Default)]
pub struct Kept {
    values: Vec<Option<Value>>,
    free: Vec<u32>,
}

impl Kept {
    pub fn insert(&mut self, value: Value) -> u32 {
        match self.free.pop() {
            Some(number) => {
                self.values[number as usize - 1] = Some(value);
                number
            }
            None => {
                self.values.push(Some(value));
                self.values.len() as u32
            }
        }
    }

    pub fn get(&self, number: u32) -> Option<Value> {
        self.values.get((number as usize).wrapping_sub(1))?.clone()
    }

    pub fn remove(&mut self, number: u32) -> Option<Value> {
        let value = self.values.get_mut((number as usize).wrapping_sub(1))?.take();
        if value.is_some() {
            self.free.push(number);
        }
        value
    }
}

/// One conversion into JavaScript.
pub struct ToJs<'a> {
    vm: &'a Vm,
    pub host: &'a JsHost,
    /// Where wrapped objects are kept; none: they are only described.
    pub kept: Option<&'a RefCell<Kept>>,
    /// Containers that are converted already, by identity.
    seen: BTreeMap<u64, JsValue>,
    nesting: u32,
    /// A key of a dict, or a member of a set, that has no counterpart, and what it was to be part of.
    pub refused: Option<(Value, &'static str)>,
}

impl<'a> ToJs<'a> {
    pub fn new(vm: &'a Vm, host: &'a JsHost, kept: Option<&'a RefCell<Kept>>) -> ToJs<'a> {
        ToJs { vm, host, kept, seen: BTreeMap::new(), nesting: 0, refused: None }
    }

    /// Converts; containers as well while `depth` is above zero.
    pub fn convert(&mut self, value: &Value, depth: u32) -> JsValue {
        if value.is_none() {
            return JsValue::UNDEFINED;
        }
        if let Some(b) = value.as_bool() {
            return b.into();
        }
        if let Some(f) = value.as_float() {
            return f.into();
        }
        if value.is_int() {
            let is_bigint = self.kept.is_some() && !value.is_small_int() && crate::bridge::is_bigint(self.vm, value);
            return int_to_js(value, if self.kept.is_some() { SAFE - 1 } else { SAFE }, is_bigint);
        }
        if let Some(text) = value.as_text() {
            return text_to_js(text);
        }
        if let Some(proxy) = value.downcast::<JsProxy>() {
            return proxy.target().clone();
        }
        if self.kept.is_some()
            && let Some(error) = crate::bridge::error_of(self.vm, value)
        {
            return error;
        }
        if depth == 0 || self.nesting >= DEEPEST {
            return self.wrap(value);
        }
        if let Some(done) = self.seen.get(&value.bits()) {
            return done.clone();
        }
        self.nesting += 1;
        let result = self.container(value, depth - 1);
        self.nesting -= 1;
        result.unwrap_or_else(|| self.wrap(value))
    }

    fn container(&mut self, value: &Value, depth: u32) -> Option<JsValue> {
        if let Some(bytes) = value.downcast::<Bytes>() {
            return Some(Uint8Array::from(bytes.as_slice()).into());
        }
        if let Some(bytes) = buffer::contents(value) {
            let format = buffer::exported(value).map_or(b'B', |exported| exported.format);
            return Some(typed_array(Uint8Array::from(&*bytes), format));
        }
        let items = if let Some(tuple) = value.downcast::<Tuple>() {
            tuple.items().to_vec()
        } else if let Some(list) = value.downcast::<List>() {
            list.items.borrow().clone()
        } else if let Some(dict) = value.downcast::<Dict>() {
            return Some(self.dict(value, dict, depth));
        } else {
            let members: Vec<Value> = if let Some(set) = value.downcast::<PySet>() {
                set.table.borrow().iter().map(|entry| entry.key.clone()).collect()
            } else {
                value.downcast::<FrozenSet>()?.table.borrow().iter().map(|entry| entry.key.clone()).collect()
            };
            let set = Set::new(&JsValue::UNDEFINED);
            self.seen.insert(value.bits(), set.clone().into());
            for member in &members {
                set.add(&self.key(member, "Set"));
            }
            return Some(set.into());
        };
        let array = Array::new();
        self.seen.insert(value.bits(), array.clone().into());
        for item in &items {
            array.push(&self.convert(item, depth));
        }
        Some(array.into())
    }

    /// A plain object if every key is a str or an int, else a Map.
    fn dict(&mut self, value: &Value, dict: &Dict, depth: u32) -> JsValue {
        let entries: Vec<(Value, Value)> =
            dict.table.borrow().iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect();
        if entries.iter().all(|(key, _)| key.as_text().is_some() || key.is_small_int()) {
            let object = Object::new();
            self.seen.insert(value.bits(), object.clone().into());
            let descriptor = Object::new();
            for name in ["writable", "enumerable", "configurable"] {
                let _ = Reflect::set(&descriptor, &name.into(), &JsValue::TRUE);
            }
            for (key, item) in &entries {
                let item = self.convert(item, depth);
                let key = self.convert(key, 0);
                // An ordinary assignment to the key `__proto__` would not make a property.
                let _ = Reflect::set(&descriptor, &"value".into(), &item);
                let _ = Reflect::define_property(&object, &key, &descriptor);
            }
            return object.into();
        }
        let map = Map::new();
        self.seen.insert(value.bits(), map.clone().into());
        for (key, item) in &entries {
            let key = self.key(key, "Map");
            map.set(&key, &self.convert(item, depth));
        }
        map.into()
    }

    /// A key: what has no counterpart would be another object each time.
    fn key(&mut self, value: &Value, container: &'static str) -> JsValue {
        let is_plain = value.is_none() || value.as_float().is_some() || value.is_int() || value.as_text().is_some();
        if !is_plain && value.as_bool().is_none() && value.downcast::<JsProxy>().is_none() {
            self.refused.get_or_insert_with(|| (value.clone(), container));
        }
        self.convert(value, DEEPEST)
    }

    fn wrap(&mut self, value: &Value) -> JsValue {
        if crate::bridge::is_null(self.vm, value) {
            return JsValue::NULL;
        }
        let description = embed::describe(self.vm, value);
        let (number, repr) = match self.kept {
            Some(kept) => (kept.borrow_mut().insert(value.clone()), String::new()),
            None => (0, embed::short_repr(self.vm, value)),
        };
        self.host.wrap(number, &description.class, &repr, description.abilities)
    }
}

/// The typed array for items of a format of module `struct` over these bytes.
fn typed_array(bytes: Uint8Array, format: u8) -> JsValue {
    let name = match format {
        b'b' => "Int8Array",
        b'h' => "Int16Array",
        b'H' => "Uint16Array",
        b'i' | b'l' => "Int32Array",
        b'I' | b'L' => "Uint32Array",
        b'q' => "BigInt64Array",
        b'Q' => "BigUint64Array",
        b'f' => "Float32Array",
        b'd' => "Float64Array",
        _ => return bytes.into(),
    };
    let class = Reflect::get(&js_sys::global(), &name.into()).unwrap_or_default();
    match Reflect::construct(class.unchecked_ref::<js_sys::Function>(), &Array::of1(&bytes.buffer())) {
        Ok(array) => array,
        Err(_) => bytes.into(),
    }
}

/// A number up to the limit (what Pyodide does leaves one out), above it or if asked to a BigInt.
fn int_to_js(value: &Value, limit: i64, is_bigint: bool) -> JsValue {
    if let Some(n) = value.to_i64() {
        return if !is_bigint && (-limit..=limit).contains(&n) { (n as f64).into() } else { BigInt::from(n).into() };
    }
    let Some(n) = value.to_bigint() else { return JsValue::UNDEFINED };
    let digits = format!("0x{}", n.magnitude().to_str_radix(16));
    let Ok(magnitude) = BigInt::new(&digits.as_str().into()) else {
        // Larger than the engine's BigInts can be.
        return f64::INFINITY.into();
    };
    if n.sign() == Sign::Minus { (-&magnitude).into() } else { magnitude.into() }
}

/// A string of the same code points; lone surrogates stay what they are.
pub fn text_to_js(text: &Text) -> JsValue {
    if let Ok(text) = text.to_utf8() {
        return JsValue::from_str(&text);
    }
    let Ok(units) = text.to_wtf16() else { return JsValue::from_str("") };
    let mut string = JsString::from("");
    for chunk in units.chunks(4096) {
        string = string.concat(&JsString::from_char_code(chunk));
    }
    string.into()
}

/// A str of the same code points; none if there is no memory for it.
pub fn text_from_js(string: &JsString) -> Option<Text> {
    let text = String::from(string);
    if !text.contains('\u{fffd}') {
        return Text::try_from_str(&text).ok();
    }
    // Perhaps lone surrogates became replacement characters.
    let units: Vec<u16> = string.iter().collect();
    Text::from_wtf16(&units).ok()
}

/// A Python value from what `toMachine` lets through. The message of an error is for people.
pub fn from_js(vm: &Vm, value: &JsValue, kept: &Kept) -> Result<Value, &'static str> {
    if value.is_undefined() || value.is_null() {
        return Ok(Value::NONE);
    }
    if let Some(b) = value.as_bool() {
        return Ok(Value::bool(b));
    }
    if let Some(f) = value.as_f64() {
        let is_int = f.fract() == 0.0 && f.abs() <= SAFE as f64;
        return Ok(if is_int { Value::from_i64(f as i64) } else { Value::float(f) });
    }
    if let Some(string) = value.dyn_ref::<JsString>() {
        return text_from_js(string).map(Value::from_text).ok_or("there is no memory for it");
    }
    if value.is_bigint() {
        let digits = value.unchecked_ref::<BigInt>().to_string(16).map_err(|_| "the integer is too large")?;
        let digits = String::from(&digits);
        let number = num_bigint::BigInt::parse_bytes(digits.as_bytes(), 16).ok_or("the integer is too large")?;
        return Ok(Value::from_bigint(number));
    }
    if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
        return Ok(Bytes::new(bytes.to_vec()).into_value());
    }
    if let Some(array) = value.dyn_ref::<Array>() {
        let items = array.iter().map(|item| from_js(vm, &item, kept)).collect::<Result<Vec<Value>, _>>()?;
        return Ok(Value::from_list(items));
    }
    if let Some(map) = value.dyn_ref::<Map>() {
        return dict_from_js(vm, map, kept);
    }
    if let Some(set) = value.dyn_ref::<Set>() {
        return set_from_js(vm, set, kept);
    }
    let number = Reflect::get(value, &"kept".into()).ok().and_then(|number| number.as_f64());
    number.and_then(|number| kept.get(number as u32)).ok_or("the object is destroyed or of an unknown kind")
}

fn dict_from_js(vm: &Vm, map: &Map, kept: &Kept) -> Result<Value, &'static str> {
    let dict = Dict::new_object();
    for entry in map.entries() {
        let entry: Array = entry.map_err(|_| "the map is broken")?.unchecked_into();
        let key = from_js(vm, &entry.get(0), kept)?;
        let value = from_js(vm, &entry.get(1), kept)?;
        match dict.set_now(vm, &key, &value) {
            Some(Ok(())) => {}
            Some(Err(_)) => {
                drop(vm.take_raised());
                return Err("a key cannot be hashed");
            }
            None => return Err("a key cannot be hashed"),
        }
    }
    Ok(dict.into_value())
}

fn set_from_js(vm: &Vm, set: &Set, kept: &Kept) -> Result<Value, &'static str> {
    let mut members = Vec::new();
    for member in set.values() {
        members.push(from_js(vm, &member.map_err(|_| "the set is broken")?, kept)?);
    }
    embed::new_set(vm, members).map_err(|_| {
        drop(vm.take_raised());
        "a member cannot be hashed"
    })
}
