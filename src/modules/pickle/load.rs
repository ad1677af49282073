//! The unpickling machine: a stack of objects and the opcodes that work on it. What is plain is done here; `run` stops where
//! input or Python code is needed, which `build` sees to, and goes on after it.

use snakelet_text::codec::{Codec, Handler, decode};
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::list::List;
use snakelet_vm::types::set::Set;
use snakelet_vm::types::string::Str;
use snakelet_vm::{PyResult, Raised, Value, Vm};

use super::opcode::*;
use super::{Unpickler, unpickling_error};

/// Why the machine stopped.
pub enum Halt {
    Done(Value),
    Breathe,
    /// So many bytes after the position are needed, or a line; then the opcode is done again.
    Bytes(usize),
    Line,
    /// Something for `build`.
    Do(Job),
}

/// What needs Python code. The operands are off the stack.
pub enum Job {
    Find {
        module: Value,
        name: Value,
    },
    Instantiate {
        module: Value,
        name: Value,
        args: Vec<Value>,
    },
    Object {
        class: Value,
        args: Vec<Value>,
    },
    Call {
        callable: Value,
        args: Value,
    },
    New {
        class: Value,
        args: Value,
        keywords: Option<Value>,
    },
    Build {
        object: Value,
        state: Value,
    },
    Append {
        list: Value,
        items: Vec<Value>,
        many: bool,
    },
    SetItems {
        dict: Value,
        items: Vec<Value>,
    },
    AddItems {
        set: Value,
        items: Vec<Value>,
    },
    FrozenSet {
        items: Vec<Value>,
    },
    Persistent {
        id: Value,
    },
    Extension {
        code: i64,
    },
    NextBuffer,
    ReadOnly,
    /// A str of Python 2.
    Decode {
        bytes: Vec<u8>,
    },
    /// Text of an int or a float.
    Int {
        text: Value,
    },
    Float {
        text: Value,
    },
    /// A quoted str of Python 2.
    Escaped {
        bytes: Vec<u8>,
    },
}

/// The state of one `load`.
#[derive(Default)]
pub struct Loader {
    pub input: Vec<u8>,
    pub at: usize,
    pub stack: Vec<Value>,
    pub marks: Vec<usize>,
    pub proto: u8,
    /// How much of the input was only peeked at, and is to be read yet.
    pub peeked: usize,
    pub work: usize,
}

/// The code of the opcode is known, but not all of its operands are here.
enum Miss {
    Raised,
    Halt(Halt),
}

impl From<Raised> for Miss {
    fn from(_: Raised) -> Miss {
        Miss::Raised
    }
}

type Get<T> = Result<T, Miss>;

fn little(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

fn underflow(vm: &Vm, loader: &Loader) -> Raised {
    let message = if loader.marks.is_empty() { "unpickling stack underflow" } else { "unexpected MARK found" };
    unpickling_error(vm, message)
}

impl Loader {
    /// `count` bytes from `ahead` after the opcode.
    fn bytes(&self, start: usize, count: usize) -> Get<&[u8]> {
        match self.input.get(start..).and_then(|rest| rest.get(..count)) {
            Some(bytes) => Ok(bytes),
            None => Err(Miss::Halt(Halt::Bytes((start - self.at).saturating_add(count)))),
        }
    }

    /// A line without its end.
    fn line(&self, start: usize) -> Get<&[u8]> {
        let rest = self.input.get(start..).unwrap_or(&[]);
        match rest.iter().position(|&byte| byte == b'\n') {
            Some(end) => Ok(&rest[..end]),
            None => Err(Miss::Halt(Halt::Line)),
        }
    }

    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    fn pop(&mut self, vm: &Vm) -> PyResult {
        if self.stack.len() <= self.floor() {
            return Err(underflow(vm, self));
        }
        Ok(self.stack.pop().unwrap_or_default())
    }

    fn top(&self, vm: &Vm) -> PyResult<&Value> {
        match self.stack.last() {
            Some(top) if self.stack.len() > self.floor() => Ok(top),
            _ => Err(underflow(vm, self)),
        }
    }

    fn push(&mut self, vm: &Vm, value: Value) -> PyResult<()> {
        if self.stack.len() == self.stack.capacity() {
            vm.reserve(&mut self.stack, 16)?;
        }
        self.stack.push(value);
        Ok(())
    }

    fn pop_mark(&mut self, vm: &Vm) -> PyResult<Vec<Value>> {
        match self.marks.pop() {
            Some(mark) => Ok(self.stack.split_off(mark.min(self.stack.len()))),
            None => Err(unpickling_error(vm, "could not find MARK")),
        }
    }

    /// Does opcodes until something is needed.
    pub fn run(&mut self, vm: &Vm, unpickler: &Unpickler) -> PyResult<Halt> {
        loop {
            self.work += 1;
            if self.work >= 2048 {
                self.work = 0;
                return Ok(Halt::Breathe);
            }
            match self.step(vm, unpickler) {
                Ok(None) => {}
                Ok(Some(halt)) | Err(Miss::Halt(halt)) => return Ok(halt),
                Err(Miss::Raised) => return Err(Raised),
            }
        }
    }

    fn length(&self, vm: &Vm, size: usize, name: &str) -> Get<usize> {
        let length = little(self.bytes(self.at + 1, size)?);
        let limit = isize::MAX as u64;
        if length > limit {
            let message = format!("{name} exceeds system's maximum size of {limit} bytes");
            return Err(if size == 8 { vm.overflow_error(message) } else { unpickling_error(vm, message) }.into());
        }
        Ok(length as usize)
    }

    /// The contents behind a length of `size` bytes, which are then done with.
    fn counted(&mut self, vm: &Vm, size: usize, name: &str) -> Get<Vec<u8>> {
        let length = self.length(vm, size, name)?;
        let start = self.at + 1 + size;
        let contents = self.bytes(start, length)?;
        let mut copy = Vec::new();
        if copy.try_reserve_exact(length).is_err() {
            return Err(vm.memory_error().into());
        }
        copy.extend_from_slice(contents);
        self.at = start + length;
        Ok(copy)
    }

    fn text(&mut self, vm: &Vm, size: usize, name: &str) -> Get<()> {
        let length = self.length(vm, size, name)?;
        let start = self.at + 1 + size;
        let contents = self.bytes(start, length)?;
        let text = if contents.is_ascii() && contents.len() < 256 {
            Value::from_str(std::str::from_utf8(contents).unwrap_or(""))
        } else {
            decoded(vm, Codec::Utf8, contents, Handler::SurrogatePass)?
        };
        self.at = start + length;
        Ok(self.push(vm, text)?)
    }

    fn step(&mut self, vm: &Vm, unpickler: &Unpickler) -> Get<Option<Halt>> {
        let opcode = self.bytes(self.at, 1)?[0];
        let rest = self.at + 1;
        let job = |job: Job| Ok(Some(Halt::Do(job)));
        match opcode {
            PROTO => {
                let proto = self.bytes(rest, 1)?[0];
                if proto > 5 {
                    return Err(vm.value_error(format!("unsupported pickle protocol: {proto}")).into());
                }
                self.proto = proto;
                self.at = rest + 1;
            }
            FRAME => {
                let size = little(self.bytes(rest, 8)?);
                if size > isize::MAX as u64 {
                    return Err(vm
                        .overflow_error(format!("FRAME length exceeds system's maximum of {} bytes", isize::MAX))
                        .into());
                }
                self.bytes(rest + 8, size as usize)?;
                self.at = rest + 8;
            }
            STOP => {
                self.at = rest;
                return Ok(Some(Halt::Done(self.pop(vm)?)));
            }
            NONE => self.simple(vm, Value::NONE)?,
            NEWTRUE => self.simple(vm, Value::bool(true))?,
            NEWFALSE => self.simple(vm, Value::bool(false))?,
            BININT => {
                let number = little(self.bytes(rest, 4)?) as u32 as i32;
                self.operand(vm, 4, Value::small_int(number.into()))?;
            }
            BININT1 => {
                let number = self.bytes(rest, 1)?[0];
                self.operand(vm, 1, Value::small_int(number.into()))?;
            }
            BININT2 => {
                let number = little(self.bytes(rest, 2)?);
                self.operand(vm, 2, Value::small_int(number as i64))?;
            }
            LONG1 | LONG4 => {
                let size = if opcode == LONG1 { 1 } else { 4 };
                let length = little(self.bytes(rest, size)?) as usize;
                if length > i32::MAX as usize {
                    return Err(unpickling_error(vm, "LONG pickle has negative byte count").into());
                }
                let number = num_bigint::BigInt::from_signed_bytes_le(self.bytes(rest + size, length)?);
                self.operand(vm, size + length, Value::from_bigint(number))?;
            }
            BINFLOAT => {
                let bits = little(self.bytes(rest, 8)?).swap_bytes();
                self.operand(vm, 8, Value::float(f64::from_bits(bits)))?;
            }
            SHORT_BINUNICODE => self.text(vm, 1, "SHORT_BINUNICODE")?,
            BINUNICODE => self.text(vm, 4, "BINUNICODE")?,
            BINUNICODE8 => self.text(vm, 8, "BINUNICODE8")?,
            SHORT_BINBYTES | BINBYTES | BINBYTES8 => {
                let (size, name) = match opcode {
                    SHORT_BINBYTES => (1, "SHORT_BINBYTES"),
                    BINBYTES => (4, "BINBYTES"),
                    _ => (8, "BINBYTES8"),
                };
                let contents = self.counted(vm, size, name)?;
                self.push(vm, Value::from_bytes(contents))?;
            }
            BYTEARRAY8 => {
                let contents = self.counted(vm, 8, "BYTEARRAY8")?;
                self.push(vm, Value::from_bytearray(contents))?;
            }
            BINSTRING | SHORT_BINSTRING => {
                let size = if opcode == BINSTRING { 4 } else { 1 };
                if size == 4 && little(self.bytes(rest, 4)?) > i32::MAX as u64 {
                    return Err(unpickling_error(vm, "BINSTRING pickle has negative byte count").into());
                }
                let bytes = self.counted(vm, size, "BINSTRING")?;
                return job(Job::Decode { bytes });
            }
            MEMOIZE => {
                let top = self.top(vm)?.clone();
                let index = unpickler.memo_len();
                self.at = rest;
                unpickler.set_memo(vm, index, top)?;
            }
            BINPUT | LONG_BINPUT => {
                let size = if opcode == BINPUT { 1 } else { 4 };
                let index = little(self.bytes(rest, size)?);
                let top = self.top(vm)?.clone();
                self.at = rest + size;
                unpickler.set_memo(vm, index, top)?;
            }
            BINGET | LONG_BINGET => {
                let size = if opcode == BINGET { 1 } else { 4 };
                let index = little(self.bytes(rest, size)?);
                self.at = rest + size;
                self.get(vm, unpickler, Some(index), &index.to_string())?;
            }
            MARK => {
                self.marks.push(self.stack.len());
                self.at = rest;
            }
            EMPTY_TUPLE => self.simple(vm, Value::from_tuple(Vec::new()))?,
            EMPTY_LIST => self.simple(vm, Value::from_list(Vec::new()))?,
            EMPTY_DICT => self.simple(vm, Dict::new_object().into_value())?,
            EMPTY_SET => self.simple(vm, Set::new_object().into_value())?,
            TUPLE1 | TUPLE2 | TUPLE3 => {
                let count = usize::from(opcode - TUPLE1) + 1;
                if self.stack.len() < self.floor() + count {
                    return Err(underflow(vm, self).into());
                }
                let items = self.stack.split_off(self.stack.len() - count);
                self.simple(vm, Value::from_tuple(items))?;
            }
            TUPLE => {
                let items = self.pop_mark(vm)?;
                self.simple(vm, Value::from_tuple(items))?;
            }
            LIST => {
                let items = self.pop_mark(vm)?;
                self.simple(vm, Value::from_list(items))?;
            }
            DICT => {
                let items = self.pop_mark(vm)?;
                if items.len() % 2 != 0 {
                    return Err(unpickling_error(vm, "odd number of items for DICT").into());
                }
                let dict = Dict::new_object().into_value();
                self.simple(vm, dict.clone())?;
                return Ok(self.set_items(vm, dict, items)?.map(Halt::Do));
            }
            FROZENSET => {
                self.at = rest;
                let items = self.pop_mark(vm)?;
                return job(Job::FrozenSet { items });
            }
            POP => {
                self.at = rest;
                if self.marks.last() == Some(&self.stack.len()) {
                    self.marks.pop();
                } else {
                    self.pop(vm)?;
                }
            }
            POP_MARK => {
                self.at = rest;
                self.pop_mark(vm)?;
            }
            DUP => {
                let top = self.top(vm)?.clone();
                self.simple(vm, top)?;
            }
            APPEND => {
                self.at = rest;
                let item = self.pop(vm)?;
                let list = self.top(vm)?.clone();
                return Ok(append(vm, list, vec![item], false)?.map(Halt::Do));
            }
            APPENDS => {
                self.at = rest;
                let items = self.pop_mark(vm)?;
                let list = self.top(vm)?.clone();
                return Ok(append(vm, list, items, true)?.map(Halt::Do));
            }
            SETITEM => {
                self.at = rest;
                let value = self.pop(vm)?;
                let key = self.pop(vm)?;
                let dict = self.top(vm)?.clone();
                return Ok(self.set_items(vm, dict, vec![key, value])?.map(Halt::Do));
            }
            SETITEMS => {
                self.at = rest;
                let items = self.pop_mark(vm)?;
                let dict = self.top(vm)?.clone();
                if items.len() % 2 != 0 {
                    return Err(unpickling_error(vm, "odd number of items for SETITEMS").into());
                }
                return Ok(self.set_items(vm, dict, items)?.map(Halt::Do));
            }
            ADDITEMS => {
                self.at = rest;
                let items = self.pop_mark(vm)?;
                let set = self.top(vm)?.clone();
                return if items.is_empty() { Ok(None) } else { job(Job::AddItems { set, items }) };
            }
            BUILD => {
                self.at = rest;
                if self.stack.len() < self.floor() + 2 {
                    return Err(underflow(vm, self).into());
                }
                let state = self.pop(vm)?;
                let object = self.top(vm)?.clone();
                return job(Job::Build { object, state });
            }
            REDUCE => {
                self.at = rest;
                let args = self.pop(vm)?;
                let callable = self.pop(vm)?;
                return job(Job::Call { callable, args });
            }
            NEWOBJ | NEWOBJ_EX => {
                self.at = rest;
                let keywords = if opcode == NEWOBJ_EX { Some(self.pop(vm)?) } else { None };
                let args = self.pop(vm)?;
                let class = self.pop(vm)?;
                return job(Job::New { class, args, keywords });
            }
            STACK_GLOBAL => {
                self.at = rest;
                let name = self.pop(vm)?;
                let module = self.pop(vm)?;
                if name.downcast_exact::<Str>().is_none() || module.downcast_exact::<Str>().is_none() {
                    return Err(unpickling_error(vm, "STACK_GLOBAL requires str").into());
                }
                return job(Job::Find { module, name });
            }
            OBJ => {
                self.at = rest;
                let mut args = self.pop_mark(vm)?;
                if args.is_empty() {
                    return Err(underflow(vm, self).into());
                }
                let class = args.remove(0);
                return job(Job::Object { class, args });
            }
            BINPERSID => {
                self.at = rest;
                let id = self.pop(vm)?;
                return job(Job::Persistent { id });
            }
            EXT1 | EXT2 | EXT4 => {
                let size = 1 << (opcode - EXT1);
                let code = little(self.bytes(rest, size)?);
                self.at = rest + size;
                return job(Job::Extension { code: if size == 4 { (code as u32 as i32).into() } else { code as i64 } });
            }
            NEXT_BUFFER => {
                self.at = rest;
                return job(Job::NextBuffer);
            }
            READONLY_BUFFER => {
                self.at = rest;
                self.top(vm)?;
                return job(Job::ReadOnly);
            }
            INT | LONG | FLOAT | STRING | UNICODE | PERSID | GET | PUT | GLOBAL | INST => {
                return self.line_opcode(vm, unpickler, opcode);
            }
            _ => {
                self.at = rest;
                let shown = match opcode {
                    b'\'' | b'\\' => format!("\\{}", opcode as char),
                    0x20..=0x7e => (opcode as char).to_string(),
                    _ => format!("\\x{opcode:02x}"),
                };
                return Err(unpickling_error(vm, format!("invalid load key, '{shown}'.")).into());
            }
        }
        Ok(None)
    }

    /// The opcodes that are followed by lines of text.
    fn line_opcode(&mut self, vm: &Vm, unpickler: &Unpickler, opcode: u8) -> Get<Option<Halt>> {
        let start = self.at + 1;
        let line = self.line(start)?;
        let mut end = start + line.len() + 1;
        let line = line.to_vec();
        if line.is_empty() && !matches!(opcode, UNICODE | PERSID | STRING) {
            return Err(unpickling_error(vm, "pickle data was truncated").into());
        }
        let job = |job: Job| Ok(Some(Halt::Do(job)));
        let text = |bytes: &[u8]| Value::from_str(&String::from_utf8_lossy(bytes));
        let halt = match opcode {
            INT if line == b"00" || line == b"01" => {
                self.push(vm, Value::bool(line == b"01"))?;
                Ok(None)
            }
            INT | LONG => {
                let digits = if opcode == LONG { line.strip_suffix(b"L").unwrap_or(&line) } else { &line };
                match std::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<i64>().ok()) {
                    Some(number) => {
                        self.push(vm, Value::from_i64(number))?;
                        Ok(None)
                    }
                    None => job(Job::Int { text: text(digits) }),
                }
            }
            FLOAT => job(Job::Float { text: text(&line) }),
            STRING => match line.as_slice() {
                [open @ (b'"' | b'\''), inner @ .., close] if open == close => {
                    job(Job::Escaped { bytes: inner.to_vec() })
                }
                _ => Err(unpickling_error(vm, "the STRING opcode argument must be quoted").into()),
            },
            UNICODE => {
                let text = decoded(vm, Codec::RawUnicodeEscape, &line, Handler::Strict)?;
                self.push(vm, text)?;
                Ok(None)
            }
            PERSID => {
                if !line.is_ascii() {
                    return Err(unpickling_error(vm, "persistent IDs in protocol 0 must be ASCII strings").into());
                }
                job(Job::Persistent { id: text(&line) })
            }
            GET | PUT => {
                let index = std::str::from_utf8(&line).ok().and_then(|line| line.trim().parse::<i64>().ok());
                let Some(index) = index else {
                    let shown = String::from_utf8_lossy(&line).into_owned();
                    let message = format!("invalid literal for int() with base 10: b'{shown}'");
                    return Err(vm.value_error(message).into());
                };
                if opcode == GET {
                    self.at = end;
                    self.get(vm, unpickler, u64::try_from(index).ok(), &index.to_string())?;
                    return Ok(None);
                }
                let top = self.top(vm)?.clone();
                let Ok(index) = u64::try_from(index) else {
                    return Err(vm.value_error("negative PUT argument").into());
                };
                unpickler.set_memo(vm, index, top)?;
                Ok(None)
            }
            _ => {
                let second = self.line(end)?.to_vec();
                end += second.len() + 1;
                if second.is_empty() {
                    return Err(unpickling_error(vm, "pickle data was truncated").into());
                }
                let (codec, handler) =
                    if opcode == INST { (Codec::Ascii, Handler::Strict) } else { (Codec::Utf8, Handler::Strict) };
                let module = decoded(vm, codec, &line, handler)?;
                let name = decoded(vm, codec, &second, handler)?;
                if opcode == GLOBAL {
                    job(Job::Find { module, name })
                } else {
                    let args = self.pop_mark(vm)?;
                    job(Job::Instantiate { module, name, args })
                }
            }
        };
        self.at = end;
        halt
    }

    fn get(&mut self, vm: &Vm, unpickler: &Unpickler, index: Option<u64>, shown: &str) -> PyResult<()> {
        match index.and_then(|index| unpickler.get_memo(index)) {
            Some(value) => self.push(vm, value),
            None => Err(unpickling_error(vm, format!("Memo value not found at index {shown}"))),
        }
    }

    /// An opcode without operands that pushes a value.
    fn simple(&mut self, vm: &Vm, value: Value) -> PyResult<()> {
        self.at += 1;
        self.push(vm, value)
    }

    fn operand(&mut self, vm: &Vm, size: usize, value: Value) -> PyResult<()> {
        self.at += 1 + size;
        self.push(vm, value)
    }

    fn set_items(&mut self, vm: &Vm, dict: Value, items: Vec<Value>) -> PyResult<Option<Job>> {
        let Some(exact) = dict.downcast_exact::<Dict>() else { return Ok(Some(Job::SetItems { dict, items })) };
        let mut done = 0;
        for pair in items.chunks_exact(2) {
            match exact.set_now(vm, &pair[0], &pair[1]) {
                Some(result) => result?,
                None => return Ok(Some(Job::SetItems { dict, items: items[done..].to_vec() })),
            }
            done += 2;
        }
        Ok(None)
    }
}

fn append(vm: &Vm, list: Value, items: Vec<Value>, many: bool) -> PyResult<Option<Job>> {
    let Some(exact) = list.downcast_exact::<List>() else {
        return Ok((!items.is_empty()).then_some(Job::Append { list, items, many }));
    };
    let target = exact.items.borrow_mut();
    vm.reserve(target, items.len())?;
    target.extend(items);
    Ok(None)
}

/// Text in a codec, or its UnicodeDecodeError.
fn decoded(vm: &Vm, codec: Codec<'_>, bytes: &[u8], handler: Handler) -> PyResult {
    match decode(codec, bytes, handler, true, &snakelet_vm::names::Known) {
        Ok((text, _)) => Ok(Value::from_text(text)),
        Err(error) => Err(snakelet_vm::types::codec::decode_error(vm, error, bytes)),
    }
}
