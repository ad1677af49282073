//! `marshal`: values as bytes, in CPython's format (version 5).
//!
//! Code objects are written in a format of their own, which another interpreter does not understand. CPython marks what has more
//! than one reference anywhere as a possible target of references; here it is what really is one, so equal values may differ by
//! that bit. What makes code objects of their fields is here, too ([`code`]): `types.CodeType` and `code.replace` ask for it.

mod code;
mod locations;

use std::collections::HashMap;
use std::rc::Rc;

use num_bigint::{BigInt, Sign};
use snakelet_bytecode::serialize;
use snakelet_macros::native_module;
use snakelet_text::{Text, TextBuilder};
use snakelet_vm::errors::Exc;
use snakelet_vm::native::{ArgBytes, ModuleDef};
use snakelet_vm::object::intern::intern_value;
use snakelet_vm::types::bytes::Bytes;
use snakelet_vm::types::code::CodeObject;
use snakelet_vm::types::complex::Complex;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::list::List;
use snakelet_vm::types::set::{FrozenSet, Set};
use snakelet_vm::types::slice::Slice;
use snakelet_vm::types::string::Str;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::types::typeobject::TypeFlags;
use snakelet_vm::value::storable;
use snakelet_vm::{Native, PyResult, Value, Vm, VmRef};

pub const MODULE: ModuleDef = Marshal::MODULE;

/// How deep values may nest: both directions recurse.
const DEPTH: usize = 200;
/// Set in a type byte: the value may be referred to later.
const REFERENCE: u8 = 0x80;

/// Instead of a place: the value is being written and must not contain itself.
const UNFINISHED: usize = usize::MAX;

/// Writes values.
struct Writer<'a> {
    vm: &'a Vm,
    allow_code: bool,
    version: i64,
    bytes: Vec<u8>,
    /// By address: where the value's type byte stands.
    places: HashMap<usize, usize>,
    /// Where numbers of references stand, and the place of what they refer to.
    references: Vec<(usize, usize)>,
}

impl Writer<'_> {
    /// Numbers the targets of references in their order and marks them.
    fn finish(mut self) -> Vec<u8> {
        let mut targets: Vec<usize> = self.references.iter().map(|reference| reference.1).collect();
        targets.sort_unstable();
        targets.dedup();
        for target in &targets {
            self.bytes[*target] |= REFERENCE;
        }
        for (at, target) in self.references {
            let number = targets.binary_search(&target).unwrap_or_default() as u32;
            self.bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
        }
        self.bytes
    }

    fn unmarshallable(&self) -> snakelet_vm::Raised {
        self.vm.value_error("unmarshallable object")
    }

    /// Refers to a value that was written before; else remembers where it is going to be.
    fn refer(&mut self, value: &Value) -> PyResult<bool> {
        let Some(header) = value.header().filter(|_| self.version >= 3) else { return Ok(false) };
        let is_whole = value.downcast::<Slice>().is_some() || value.downcast::<CodeObject>().is_some();
        let here = if is_whole { UNFINISHED } else { self.bytes.len() };
        match self.places.insert(std::ptr::from_ref(header) as usize, here) {
            None => Ok(false),
            Some(UNFINISHED) => Err(self.vm.value_error("object too deeply nested to marshal")),
            Some(place) => {
                self.places.insert(std::ptr::from_ref(header) as usize, place);
                self.bytes.push(b'r');
                self.references.push((self.bytes.len(), place));
                self.bytes.extend([0; 4]);
                Ok(true)
            }
        }
    }

    /// The text of a float, of old versions.
    fn float_text(&mut self, number: f64) {
        let text = snakelet_number::float::repr(number);
        self.bytes.push(text.len() as u8);
        self.bytes.extend(text.bytes());
    }

    fn size(&mut self, size: usize) -> PyResult<()> {
        match i32::try_from(size) {
            Ok(size) => {
                self.bytes.extend(size.to_le_bytes());
                Ok(())
            }
            Err(_) => Err(self.unmarshallable()),
        }
    }

    fn items(&mut self, kind: u8, items: &[Value], depth: usize) -> PyResult<()> {
        self.bytes.push(kind);
        self.size(items.len())?;
        items.iter().try_for_each(|item| self.write(item, depth))
    }

    fn text(&mut self, text: &Text, is_interned: bool) -> PyResult<()> {
        let is_interned = is_interned && self.version >= 3;
        if text.is_ascii() && self.version >= 4 {
            let short = text.len() < 256;
            let kind = if short { b'z' } else { b'a' };
            self.bytes.push(if is_interned { kind.to_ascii_uppercase() } else { kind });
            if short {
                self.bytes.push(text.len() as u8);
            } else {
                self.size(text.len())?;
            }
            self.bytes.extend(text.iter().map(|code| code as u8));
            return Ok(());
        }
        let mut encoded = Vec::new();
        for code in text.iter() {
            // UTF-8, lone surrogates included.
            match code {
                0..0x80 => encoded.push(code as u8),
                0x80..0x800 => encoded.extend([0xc0 | (code >> 6) as u8, continuation(code)]),
                0x800..0x10000 => {
                    encoded.extend([0xe0 | (code >> 12) as u8, continuation(code >> 6), continuation(code)]);
                }
                _ => encoded.extend([
                    0xf0 | (code >> 18) as u8,
                    continuation(code >> 12),
                    continuation(code >> 6),
                    continuation(code),
                ]),
            }
        }
        self.bytes.push(if is_interned { b't' } else { b'u' });
        self.size(encoded.len())?;
        self.bytes.extend(encoded);
        Ok(())
    }

    fn write(&mut self, value: &Value, depth: usize) -> PyResult<()> {
        if depth == 0 {
            return Err(self.vm.value_error("object too deeply nested to marshal"));
        }
        let depth = depth - 1;
        self.vm.check_memory(self.bytes.len())?;
        if self.refer(value)? {
            return Ok(());
        }
        let is_derived = value.header().is_some() && self.vm.class_of(value).has_flag(TypeFlags::HEAP);
        if is_derived && ArgBytes::of(value).is_none() {
            return Err(self.unmarshallable());
        }
        if value.is_none() {
            self.bytes.push(b'N');
        } else if let Some(value) = value.as_bool() {
            self.bytes.push(if value { b'T' } else { b'F' });
        } else if value.is(&Value::ELLIPSIS) {
            self.bytes.push(b'.');
        } else if value.is(Exc::StopIteration.class().as_value()) {
            self.bytes.push(b'S');
        } else if let Some(number) = value.to_i64().and_then(|number| i32::try_from(number).ok()) {
            self.bytes.push(b'i');
            self.bytes.extend(number.to_le_bytes());
        } else if let Some(number) = value.to_bigint() {
            let digits = digits_of(&number);
            self.bytes.push(b'l');
            let signed = if number.sign() == Sign::Minus { -(digits.len() as i32) } else { digits.len() as i32 };
            self.bytes.extend(signed.to_le_bytes());
            digits.iter().for_each(|digit| self.bytes.extend(digit.to_le_bytes()));
        } else if let Some(number) = value.to_float()
            && self.version < 2
        {
            self.bytes.push(b'f');
            self.float_text(storable(number));
        } else if let Some(number) = value.downcast::<Complex>()
            && self.version < 2
        {
            self.bytes.push(b'x');
            self.float_text(storable(number.real));
            self.float_text(storable(number.imag));
        } else if let Some(number) = value.to_float() {
            self.bytes.push(b'g');
            self.bytes.extend(storable(number).to_le_bytes());
        } else if let Some(number) = value.downcast::<Complex>() {
            self.bytes.push(b'y');
            self.bytes.extend(storable(number.real).to_le_bytes());
            self.bytes.extend(storable(number.imag).to_le_bytes());
        } else if let Some(string) = value.downcast::<Str>() {
            self.text(string.text(), string.is_interned())?;
        } else if let Some(tuple) = value.downcast::<Tuple>() {
            match u8::try_from(tuple.items().len()) {
                Ok(count) if self.version >= 4 => {
                    self.bytes.extend([b')', count]);
                    tuple.items().iter().try_for_each(|item| self.write(item, depth))?;
                }
                _ => self.items(b'(', tuple.items(), depth)?,
            }
        } else if let Some(list) = value.downcast::<List>() {
            self.items(b'[', &list.items.borrow().clone(), depth)?;
        } else if let Some(dict) = value.downcast::<Dict>() {
            self.bytes.push(b'{');
            for entry in dict.table.borrow().iter() {
                self.write(&entry.key, depth)?;
                self.write(&entry.value, depth)?;
            }
            self.bytes.push(b'0');
        } else if let Some(set) = value.downcast::<Set>() {
            let items: Vec<Value> = set.table.borrow().iter().map(|entry| entry.key.clone()).collect();
            self.items(b'<', &items, depth)?;
        } else if let Some(set) = value.downcast::<FrozenSet>() {
            let items: Vec<Value> = set.table.borrow().iter().map(|entry| entry.key.clone()).collect();
            self.items(b'>', &items, depth)?;
        } else if let Some(slice) = value.downcast::<Slice>() {
            if self.version < 5 {
                return Err(self.unmarshallable());
            }
            let place = self.bytes.len();
            self.bytes.push(b':');
            for part in [&slice.start, &slice.stop, &slice.step] {
                self.write(part, depth)?;
            }
            self.wrote(value, place);
        } else if let Some(code) = value.downcast::<CodeObject>() {
            if !self.allow_code {
                return Err(self.vm.value_error("marshalling code objects is disallowed"));
            }
            if !code::is_plain(code) {
                return Err(self.vm.value_error("unmarshallable object"));
            }
            let place = self.bytes.len();
            self.bytes.push(b'c');
            let bytes = serialize::to_bytes(&code.code);
            self.size(bytes.len())?;
            self.bytes.extend(bytes);
            self.wrote(value, place);
        } else if let Some(bytes) = ArgBytes::of(value) {
            self.bytes.push(b's');
            self.size(bytes.len())?;
            self.bytes.extend_from_slice(&bytes);
        } else {
            return Err(self.unmarshallable());
        }
        Ok(())
    }

    /// From here on the value may be referred to.
    fn wrote(&mut self, value: &Value, place: usize) {
        if let Some(header) = value.header() {
            self.places.insert(std::ptr::from_ref(header) as usize, place);
        }
    }
}

fn continuation(code: u32) -> u8 {
    0x80 | (code & 0x3f) as u8
}

/// The 15-bit digits of a number, the lowest first.
fn digits_of(number: &BigInt) -> Vec<u16> {
    let bytes = number.magnitude().to_bytes_le();
    let mut digits = Vec::new();
    let (mut window, mut bits) = (0u32, 0);
    for byte in bytes {
        window |= u32::from(byte) << bits;
        bits += 8;
        if bits >= 15 {
            digits.push((window & 0x7fff) as u16);
            window >>= 15;
            bits -= 15;
        }
    }
    if window != 0 {
        digits.push(window as u16);
    }
    digits
}

/// Reads values.
struct Reader<'a> {
    vm: &'a Vm,
    bytes: &'a [u8],
    at: usize,
    references: Vec<Value>,
    allow_code: bool,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> PyResult<&'a [u8]> {
        match self.bytes.get(self.at..self.at.saturating_add(count)) {
            Some(bytes) => {
                self.at += count;
                Ok(bytes)
            }
            None => Err(self.vm.error(Exc::EOFError, "marshal data too short")),
        }
    }

    fn array<const N: usize>(&mut self) -> PyResult<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn size(&mut self) -> PyResult<usize> {
        match usize::try_from(i32::from_le_bytes(self.array()?)) {
            Ok(size) => Ok(size),
            Err(_) => Err(self.bad("size out of range")),
        }
    }

    fn bad(&self, what: &str) -> snakelet_vm::Raised {
        self.vm.value_error(format!("bad marshal data ({what})"))
    }

    fn items(&mut self, count: usize, depth: usize) -> PyResult<Vec<Value>> {
        // Every item takes a byte at least.
        if count > self.bytes.len() - self.at {
            return Err(self.vm.error(Exc::EOFError, "marshal data too short"));
        }
        (0..count).map(|_| self.read(depth)).collect()
    }

    fn text(&mut self, count: usize) -> PyResult {
        let bytes = self.take(count)?;
        let mut builder = TextBuilder::new();
        let mut at = 0;
        while let Some(&first) = bytes.get(at) {
            let (length, mut code) = match first {
                0..0x80 => (1, u32::from(first)),
                0xc0..0xe0 => (2, u32::from(first & 0x1f)),
                0xe0..0xf0 => (3, u32::from(first & 0xf)),
                0xf0..0xf8 => (4, u32::from(first & 7)),
                _ => return Err(self.bad("invalid text")),
            };
            for &byte in bytes.get(at + 1..at + length).unwrap_or_default() {
                code = code << 6 | u32::from(byte & 0x3f);
            }
            if at + length > bytes.len() || code > 0x10_ffff {
                return Err(self.bad("invalid text"));
            }
            builder.push(code);
            at += length;
        }
        self.vm.new_text(builder.finish())
    }

    fn latin(&mut self, count: usize) -> PyResult {
        let text: String = self.take(count)?.iter().map(|&byte| byte as char).collect();
        Ok(Value::from_str(&text))
    }

    /// A float as text, of old versions.
    fn float(&mut self) -> PyResult<f64> {
        let [count] = self.array()?;
        let text = std::str::from_utf8(self.take(count.into())?).ok();
        match text.and_then(|text| text.parse().ok()) {
            Some(number) => Ok(number),
            None => Err(self.bad("invalid float")),
        }
    }

    fn number(&mut self) -> PyResult {
        let count = i32::from_le_bytes(self.array()?);
        let mut magnitude = Vec::new();
        let (mut window, mut bits) = (0u32, 0);
        for place in 1..=count.unsigned_abs() {
            let digit = u16::from_le_bytes(self.array()?);
            if digit >= 1 << 15 {
                return Err(self.bad("digit out of range in long"));
            }
            if digit == 0 && place == count.unsigned_abs() {
                return Err(self.bad("unnormalized long data"));
            }
            window |= u32::from(digit) << bits;
            bits += 15;
            while bits >= 8 {
                magnitude.push(window as u8);
                window >>= 8;
                bits -= 8;
            }
        }
        magnitude.push(window as u8);
        let sign = if count < 0 { Sign::Minus } else { Sign::Plus };
        Ok(Value::from_bigint(BigInt::from_bytes_le(sign, &magnitude)))
    }

    fn read(&mut self, depth: usize) -> PyResult {
        if depth == 0 {
            return Err(self.vm.value_error("bad marshal data (recursion limit exceeded)"));
        }
        let [code] = self.array()?;
        if code == b'0' {
            return Ok(Value::UNBOUND);
        }
        let place = (code & REFERENCE != 0).then(|| {
            self.references.push(Value::UNBOUND);
            self.references.len() - 1
        });
        let value = self.value(code & !REFERENCE, depth - 1, place)?;
        if let Some(place) = place {
            self.references[place] = value.clone();
        }
        Ok(value)
    }

    fn value(&mut self, code: u8, depth: usize, place: Option<usize>) -> PyResult {
        Ok(match code {
            b'N' => Value::NONE,
            b'T' => Value::TRUE,
            b'F' => Value::FALSE,
            b'.' => Value::ELLIPSIS,
            b'S' => Exc::StopIteration.class().into_value(),
            b'i' => Value::from_i64(i32::from_le_bytes(self.array()?).into()),
            b'I' => Value::from_i64(i64::from_le_bytes(self.array()?)),
            b'l' => self.number()?,
            b'f' => Value::float(self.float()?),
            b'x' => {
                let real = self.float()?;
                Complex::new(real, self.float()?).into_value()
            }
            b'g' => Value::float(f64::from_le_bytes(self.array()?)),
            b'y' => {
                let real = f64::from_le_bytes(self.array()?);
                Complex::new(real, f64::from_le_bytes(self.array()?)).into_value()
            }
            b's' => {
                let size = self.size()?;
                Bytes::new(self.take(size)?.to_vec()).into_value()
            }
            b'z' | b'Z' | b'a' | b'A' | b'u' | b't' => {
                let size = if matches!(code, b'z' | b'Z') {
                    let [size] = self.array()?;
                    size.into()
                } else {
                    self.size()?
                };
                let text = if matches!(code, b'u' | b't') { self.text(size)? } else { self.latin(size)? };
                if matches!(code, b'Z' | b'A' | b't') { intern_value(&text) } else { text }
            }
            b')' => {
                let [size] = self.array()?;
                Value::from_tuple(self.items(size.into(), depth)?)
            }
            b'(' => {
                let size = self.size()?;
                Value::from_tuple(self.items(size, depth)?)
            }
            b'[' => {
                let list = Value::from_list(Vec::new());
                self.remember(place, &list);
                let size = self.size()?;
                let items = self.items(size, depth)?;
                if let Some(list) = list.downcast::<List>() {
                    list.items.set(items);
                }
                list
            }
            b'{' => {
                let dict = Dict::new_object();
                self.remember(place, dict.as_value());
                loop {
                    let key = self.read(depth)?;
                    if key.is_unbound() {
                        break;
                    }
                    let value = self.read(depth)?;
                    match dict.set_now(self.vm, &key, &value) {
                        Some(result) => result?,
                        None => return Err(self.bad("unhashable key")),
                    }
                }
                dict.into_value()
            }
            b'<' | b'>' => {
                let size = self.size()?;
                let items = self.items(size, depth)?;
                if code == b'<' {
                    snakelet_vm::types::set::set_of(self.vm, &items)?
                } else {
                    snakelet_vm::types::set::frozen_set_of_constants(self.vm, items)?
                }
            }
            b':' => {
                let mut parts = self.items(3, depth)?.into_iter();
                let mut part = || parts.next().unwrap_or_default();
                Slice { start: part(), stop: part(), step: part() }.into_value()
            }
            b'r' => {
                let at = self.size()?;
                match self.references.get(at) {
                    Some(value) if !value.is_unbound() => value.clone(),
                    _ => return Err(self.bad("invalid reference")),
                }
            }
            b'c' if !self.allow_code => {
                return Err(self.vm.value_error("unmarshalling code objects is disallowed"));
            }
            b'c' => {
                let size = self.size()?;
                let bytes = self.take(size)?;
                match serialize::from_bytes(bytes) {
                    Some(code) => CodeObject::new_object(self.vm, Rc::new(code))?.into_value(),
                    None => return Err(self.bad("code of another interpreter")),
                }
            }
            _ => return Err(self.bad("unknown type code")),
        })
    }

    fn remember(&mut self, place: Option<usize>, value: &Value) {
        if let Some(place) = place {
            self.references[place] = value.clone();
        }
    }
}

fn dump(vm: &Vm, value: &Value, version: i64, allow_code: bool) -> PyResult {
    let (places, references) = (HashMap::new(), Vec::new());
    let mut writer = Writer { vm, allow_code, version, bytes: Vec::new(), places, references };
    writer.write(value, DEPTH)?;
    Ok(Bytes::new(writer.finish()).into_value())
}

fn load(vm: &Vm, bytes: &[u8], allow_code: bool) -> PyResult<(Value, usize)> {
    let mut reader = Reader { vm, bytes, at: 0, references: Vec::new(), allow_code };
    let value = reader.read(DEPTH)?;
    if value.is_unbound() {
        return Err(vm.type_error("NULL object in marshal data for object"));
    }
    Ok((value, reader.at))
}

/// Declares module `marshal`.
struct Marshal;

/// This module contains functions that can read and write Python values in a binary format.
#[native_module("marshal")]
impl Marshal {
    #[constant("version")]
    const VERSION: i64 = 5;

    /// Return the bytes object that would be written to a file by dump(value, file).
    #[function("dumps(value, version=5, /, *, allow_code=True)")]
    fn dumps(vm: &Vm, value: &Value, version: i64, allow_code: bool) -> PyResult {
        dump(vm, value, version, allow_code)
    }

    /// Convert the bytes-like object to a value. Extra bytes in the input are ignored.
    #[function("loads(bytes, /, *, allow_code=True)")]
    fn loads(vm: &Vm, bytes: Vec<u8>, allow_code: bool) -> PyResult {
        load(vm, &bytes, allow_code).map(|found| found.0)
    }

    /// Write the value on the open file.
    #[function("dump(value, file, version=5, /, *, allow_code=True)")]
    async fn dump(vm: VmRef, value: Value, file: Value, version: i64, allow_code: bool) -> PyResult {
        let bytes = dump(&vm, &value, version, allow_code)?;
        let write = vm.attr(&file, "write").await?;
        vm.call(&write, vec![bytes]).await
    }

    /// Read one value from the open file and return it.
    #[function("load(file, /, *, allow_code=True)")]
    async fn load(vm: VmRef, file: Value, allow_code: bool) -> PyResult {
        let (read, seek, tell) =
            (vm.attr(&file, "read").await?, vm.attr(&file, "seek").await, vm.attr(&file, "tell").await);
        let start = match &tell {
            Ok(tell) => vm.call(tell, Vec::new()).await?.to_i64().unwrap_or(0),
            Err(_) => 0,
        };
        let data = vm.call(&read, Vec::new()).await?;
        let Some(bytes) = ArgBytes::of(&data) else {
            let got = vm.type_name(&data);
            return Err(vm.type_error(format!("file.read() returned not bytes but {got}")));
        };
        let (value, used) = load(&vm, &bytes, allow_code)?;
        // What follows the value stays unread.
        if let Ok(seek) = seek {
            vm.call(&seek, vec![Value::from_i64(start + used as i64)]).await?;
        }
        Ok(value)
    }

    /// A code object of the arguments of types.CodeType.
    #[function("_make_code(*args)", text = none)]
    fn make_code(vm: &Vm, args: &[Value]) -> PyResult {
        code::make(vm, args)
    }

    /// code.replace() does this.
    #[function("_replace_code(code, /, **changes)", text = none)]
    fn replace_code(vm: &Vm, code: &CodeObject, changes: Vec<(Value, Value)>) -> PyResult {
        code::replace(vm, code, &changes)
    }

    /// A field of a code object that is bytes.
    #[function("_code_field(code, name, /)", text = none)]
    async fn code_field(vm: VmRef, code: Value, name: String) -> PyResult {
        code::field(vm, code, &name).await
    }
}
