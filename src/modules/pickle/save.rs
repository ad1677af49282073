//! The pickling machine: a stack of things to do instead of recursion. What is plain is done here; `run` stops where Python
//! code must be asked, which `reduce` does.

use snakelet_text::codec::{Codec, Handler, encode};
use snakelet_vm::native::Native;
use snakelet_vm::types::bytearray::ByteArray;
use snakelet_vm::types::bytes::Bytes;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::function::Function;
use snakelet_vm::types::list::List;
use snakelet_vm::types::set::{FrozenSet, Set};
use snakelet_vm::types::string::Str;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::types::typeobject::Type;
use snakelet_vm::value::storable;
use snakelet_vm::{PyResult, Raised, Ref, Value, Vm};

use super::buffer::PickleBuffer;
use super::opcode::*;
use super::{Pickler, pickling_error};

const BATCH: usize = 1000;
/// In the count of a batch: a pair of a dict has been written.
const PAIR: usize = 1 << 31;
const FRAME_TARGET: usize = 64 * 1024;
const FRAME_HEADER: usize = 9;
/// How many things may wait to be done, which bounds the depth of what is pickled.
const DEEPEST: usize = 1_000_000;

/// What was being written when an error came: its note says so.
pub struct Place {
    pub object: Value,
    pub what: What,
}

/// Which part of an object.
#[derive(Clone)]
pub enum What {
    Part(&'static str),
    Item(usize),
    Key(Value),
}

/// Something to do.
pub enum Task {
    Save(Value),
    /// No persistent id is asked for.
    SaveBare(Value),
    /// Neither that nor `reducer_override`.
    SavePlain(Value),
    /// Saves a value that is this part of an object.
    Part(Value, Box<Place>),
    /// Is being done until the tasks above it are.
    Doing(Box<Place>),
    Write(&'static [u8]),
    Memoize(Value),
    List {
        list: Ref<List>,
        at: usize,
        batch: usize,
        saving: bool,
    },
    Tuple {
        tuple: Ref<Tuple>,
        at: usize,
    },
    Dict {
        dict: Ref<Dict>,
        at: usize,
        batch: usize,
        size: usize,
        value: Option<(Value, Value)>,
        noted: Option<Value>,
    },
    Set {
        set: Value,
        items: Vec<Value>,
        at: usize,
        saving: bool,
    },
    AfterReduce(Value),
    /// GLOBAL with a module and a name.
    ByName(Value, Value),
    /// Items of an iterator: see `reduce`.
    Items(Box<Items>),
}

/// The fourth or fifth item of what `__reduce__` gave.
pub struct Items {
    pub iterator: Value,
    pub object: Value,
    pub pairs: bool,
    /// The item after the one being saved, if it was fetched.
    pub ahead: Option<Value>,
    pub ended: bool,
    pub batch: usize,
    pub count: usize,
    pub started: bool,
}

/// Why the machine stopped.
pub enum Stop {
    Done,
    Flush,
    Breathe,
    PersistentId(Value),
    Override(Value),
    Reduce(Value),
    Global(Value),
    ByName(Value, Value),
    Items(Box<Items>),
    Buffer(Value),
    Text(Value, &'static [u8], &'static str),
    ReduceTo(Value, Value),
    Encoded(Value),
}

/// What is written, in frames.
#[derive(Default)]
pub struct Output {
    pub bytes: Vec<u8>,
    /// Where the frame that is being filled begins.
    pub frame: Option<usize>,
    pub framing: bool,
    /// What the file is to get now.
    pub chunks: Vec<Value>,
    pub to_file: bool,
}

impl Output {
    pub fn write(&mut self, vm: &Vm, bytes: &[u8]) -> PyResult<()> {
        if self.bytes.capacity() - self.bytes.len() < bytes.len() + FRAME_HEADER {
            vm.reserve(&mut self.bytes, bytes.len() + FRAME_HEADER)?;
        }
        if self.framing && self.frame.is_none() {
            self.frame = Some(self.bytes.len());
            self.bytes.extend_from_slice(&[FRAME, 0, 0, 0, 0, 0, 0, 0, 0]);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    pub fn commit_frame(&mut self) {
        let Some(start) = self.frame.take() else { return };
        let len = self.bytes.len() - start - FRAME_HEADER;
        if len >= 4 {
            self.bytes[start + 1..start + FRAME_HEADER].copy_from_slice(&(len as u64).to_le_bytes());
        } else {
            self.bytes.drain(start..start + FRAME_HEADER);
        }
    }

    /// Before an opcode: a full frame ends here.
    fn boundary(&mut self) {
        if self.frame.is_some_and(|start| self.bytes.len() - start >= FRAME_TARGET + FRAME_HEADER) {
            self.commit_frame();
            if self.to_file {
                self.flush();
            }
        }
    }

    pub fn flush(&mut self) {
        self.chunks.push(Value::from_bytes(std::mem::take(&mut self.bytes)));
    }

    /// An opcode with its length, and its contents, which stand outside of any frame if they are long.
    fn write_long(&mut self, vm: &Vm, header: &[u8], contents: &[u8], value: &Value) -> PyResult<()> {
        if contents.len() < FRAME_TARGET {
            self.write(vm, header)?;
            return self.write(vm, contents);
        }
        self.commit_frame();
        let framing = std::mem::replace(&mut self.framing, false);
        self.write(vm, header)?;
        if self.to_file {
            self.flush();
            let is_bytes = value.downcast_exact::<Bytes>().is_some();
            self.chunks.push(if is_bytes { value.clone() } else { Value::from_bytes(contents.to_vec()) });
        } else {
            self.write(vm, contents)?;
        }
        self.framing = framing;
        Ok(())
    }
}

/// The state of one `dump`.
pub struct Saver {
    pub out: Output,
    pub tasks: Vec<Task>,
    pub proto: u8,
    pub fix_imports: bool,
    pub persistent_id: Option<Value>,
    pub reducer_override: Option<Value>,
    pub work: usize,
}

impl Saver {
    fn bin(&self) -> bool {
        self.proto > 0
    }

    pub fn put(&mut self, vm: &Vm, pickler: &Pickler, object: &Value) -> PyResult<()> {
        if pickler.fast.get() != 0 {
            return Ok(());
        }
        let memo = pickler.memo.borrow_mut();
        let number = memo.len() as u32;
        if !memo.set(object.clone(), number) {
            return Err(vm.memory_error());
        }
        if self.proto >= 4 {
            self.out.write(vm, &[MEMOIZE])
        } else if !self.bin() {
            self.out.write(vm, format!("p{number}\n").as_bytes())
        } else if number < 256 {
            self.out.write(vm, &[BINPUT, number as u8])
        } else {
            self.write_with(vm, LONG_BINPUT, &number.to_le_bytes())
        }
    }

    fn get(&mut self, vm: &Vm, number: u32) -> PyResult<()> {
        if !self.bin() {
            self.out.write(vm, format!("g{number}\n").as_bytes())
        } else if number < 256 {
            self.out.write(vm, &[BINGET, number as u8])
        } else {
            self.write_with(vm, LONG_BINGET, &number.to_le_bytes())
        }
    }

    pub fn write_with(&mut self, vm: &Vm, opcode: u8, rest: &[u8]) -> PyResult<()> {
        let mut bytes = [0; 12];
        bytes[0] = opcode;
        bytes[1..=rest.len()].copy_from_slice(rest);
        self.out.write(vm, &bytes[..=rest.len()])
    }

    /// Writes an object that needs neither memo nor Python code; false if it is another one.
    fn atom(&mut self, vm: &Vm, object: &Value) -> PyResult<bool> {
        if let Some(number) = object.as_small_int() {
            return self.small_int(vm, number).map(|()| true);
        }
        if let Some(truth) = object.as_bool() {
            let opcode = match (self.proto >= 2, truth) {
                (true, true) => &[NEWTRUE][..],
                (true, false) => &[NEWFALSE],
                (false, true) => b"I01\n",
                (false, false) => b"I00\n",
            };
            self.out.write(vm, opcode)?;
            return Ok(true);
        }
        if object.is_none() {
            self.out.write(vm, &[NONE])?;
            return Ok(true);
        }
        if self.bin()
            && let Some(number) = object.as_float()
        {
            self.write_with(vm, BINFLOAT, &storable(number).to_be_bytes())?;
            return Ok(true);
        }
        Ok(false)
    }

    fn small_int(&mut self, vm: &Vm, number: i64) -> PyResult<()> {
        if let Ok(short) = i32::try_from(number) {
            return match short {
                _ if !self.bin() => self.out.write(vm, format!("I{number}\n").as_bytes()),
                0..=0xff => self.out.write(vm, &[BININT1, short as u8]),
                0x100..=0xffff => self.write_with(vm, BININT2, &(short as u16).to_le_bytes()),
                _ => self.write_with(vm, BININT, &short.to_le_bytes()),
            };
        }
        if self.proto < 2 {
            return self.out.write(vm, format!("L{number}L\n").as_bytes());
        }
        let bytes = number.to_le_bytes();
        // As few bytes as hold the number with its sign.
        let len = (1..8).find(|&len| number << (64 - 8 * len) >> (64 - 8 * len) == number).unwrap_or(8);
        let mut out = [0; 10];
        out[..2].copy_from_slice(&[LONG1, len as u8]);
        out[2..2 + len].copy_from_slice(&bytes[..len]);
        self.out.write(vm, &out[..2 + len])
    }

    fn bytes(&mut self, vm: &Vm, value: &Value, contents: &[u8]) -> PyResult<()> {
        let len = contents.len();
        if len < 256 {
            self.out.write_long(vm, &[SHORT_BINBYTES, len as u8], contents, value)
        } else if let Ok(len) = u32::try_from(len) {
            let [a, b, c, d] = len.to_le_bytes();
            self.out.write_long(vm, &[BINBYTES, a, b, c, d], contents, value)
        } else if self.proto >= 4 {
            let mut header = [BINBYTES8; 9];
            header[1..].copy_from_slice(&(len as u64).to_le_bytes());
            self.out.write_long(vm, &header, contents, value)
        } else {
            Err(vm.overflow_error("serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher"))
        }
    }

    fn bytearray(&mut self, vm: &Vm, value: &Value, contents: &[u8]) -> PyResult<()> {
        let mut header = [BYTEARRAY8; 9];
        header[1..].copy_from_slice(&(contents.len() as u64).to_le_bytes());
        self.out.write_long(vm, &header, contents, value)
    }

    /// The contents of a PickleBuffer, within the stream.
    pub fn buffer(&mut self, vm: &Vm, value: &Value, contents: &[u8], read_only: bool) -> PyResult<()> {
        if read_only { self.bytes(vm, value, contents) } else { self.bytearray(vm, value, contents) }
    }

    fn text(&mut self, vm: &Vm, pickler: &Pickler, object: &Value, text: &Str) -> PyResult<()> {
        let units = text.text().units();
        if !self.bin() {
            let mut line = vec![UNICODE];
            for code in text.text().iter() {
                match code {
                    0 | 10 | 13 | 0x1a | 0x5c | 0x100..=0xffff => {
                        line.extend_from_slice(format!("\\u{code:04x}").as_bytes());
                    }
                    0x1_0000.. => line.extend_from_slice(format!("\\U{code:08x}").as_bytes()),
                    _ => line.push(code as u8),
                }
            }
            line.push(b'\n');
            self.out.write(vm, &line)?;
            return self.put(vm, pickler, object);
        }
        let encoded;
        let contents = match text.text().as_str_if_ascii() {
            Some(ascii) => ascii.as_bytes(),
            None => {
                encoded = encode(Codec::Utf8, units, Handler::SurrogatePass, &snakelet_vm::names::Known)
                    .map_err(|_| vm.memory_error())?;
                &encoded
            }
        };
        let len = contents.len();
        match u32::try_from(len) {
            Ok(short) if short < 256 && self.proto >= 4 => {
                self.out.write_long(vm, &[SHORT_BINUNICODE, short as u8], contents, object)?;
            }
            Ok(short) => {
                let [a, b, c, d] = short.to_le_bytes();
                self.out.write_long(vm, &[BINUNICODE, a, b, c, d], contents, object)?;
            }
            Err(_) => {
                let mut header = [BINUNICODE8; 9];
                header[1..].copy_from_slice(&(len as u64).to_le_bytes());
                self.out.write_long(vm, &header, contents, object)?;
            }
        }
        self.put(vm, pickler, object)
    }

    /// Writes an int beyond the small ones in binary.
    pub fn long(&mut self, vm: &Vm, object: &Value) -> PyResult<()> {
        let Some(number) = object.to_bigint() else { return Ok(()) };
        let bytes = number.to_signed_bytes_le();
        match u8::try_from(bytes.len()) {
            Ok(len) => self.out.write(vm, &[LONG1, len])?,
            Err(_) => self.write_with(vm, LONG4, &(bytes.len() as u32).to_le_bytes())?,
        }
        self.out.write(vm, &bytes)
    }

    /// Does tasks until Python code is needed.
    pub fn run(&mut self, vm: &Vm, pickler: &Pickler) -> PyResult<Stop> {
        loop {
            if !self.out.chunks.is_empty() {
                return Ok(Stop::Flush);
            }
            self.work += 1;
            if self.work >= 1024 {
                self.work = 0;
                if self.tasks.len() > DEEPEST {
                    let message = "maximum recursion depth exceeded while pickling an object";
                    return Err(vm.error(snakelet_vm::errors::Exc::RecursionError, message));
                }
                return Ok(Stop::Breathe);
            }
            let Some(task) = self.tasks.pop() else { return Ok(Stop::Done) };
            let stop = match task {
                Task::Save(object) => self.save(vm, pickler, object, true)?,
                Task::SaveBare(object) => self.save(vm, pickler, object, false)?,
                Task::SavePlain(object) => self.save_plain(vm, pickler, object)?,
                Task::Part(object, place) => {
                    self.tasks.push(Task::Doing(place));
                    self.save(vm, pickler, object, true)?
                }
                Task::Doing(_) => None,
                Task::Write(bytes) => {
                    self.out.write(vm, bytes)?;
                    None
                }
                Task::Memoize(object) => {
                    self.put(vm, pickler, &object)?;
                    None
                }
                Task::AfterReduce(object) => {
                    let known = pickler.memo.borrow().get(&object);
                    match known {
                        Some(number) => {
                            self.out.write(vm, &[POP])?;
                            self.get(vm, number)?;
                        }
                        None => self.put(vm, pickler, &object)?,
                    }
                    None
                }
                Task::Items(items) => Some(Stop::Items(items)),
                Task::ByName(module, name) => Some(Stop::ByName(module, name)),
                container => self.proceed(vm, pickler, container)?,
            };
            if let Some(stop) = stop {
                return Ok(stop);
            }
        }
    }

    /// Saves an item of a container at once if it is simple.
    fn at_once(&mut self, vm: &Vm, item: &Value) -> PyResult<bool> {
        if self.persistent_id.is_some() {
            return Ok(false);
        }
        self.out.boundary();
        self.atom(vm, item)
    }

    fn save(&mut self, vm: &Vm, pickler: &Pickler, object: Value, ask: bool) -> PyResult<Option<Stop>> {
        self.out.boundary();
        if ask && self.persistent_id.is_some() {
            return Ok(Some(Stop::PersistentId(object)));
        }
        if self.atom(vm, &object)? {
            return Ok(None);
        }
        if object.is_float() {
            return Ok(Some(Stop::Text(object, b"F", "\n")));
        }
        if object.downcast_exact::<snakelet_vm::types::int::Int>().is_some() {
            if self.proto < 2 {
                return Ok(Some(Stop::Text(object, b"L", "L\n")));
            }
            return self.long(vm, &object).map(|()| None);
        }
        let known = pickler.memo.borrow().get(&object);
        if let Some(number) = known {
            return self.get(vm, number).map(|()| None);
        }
        if let Some(text) = object.downcast_exact::<Str>() {
            return self.text(vm, pickler, &object, text).map(|()| None);
        }
        if let Some(bytes) = object.downcast_exact::<Bytes>() {
            if self.proto < 3 {
                return Ok(Some(Stop::Encoded(object)));
            }
            self.bytes(vm, &object, bytes.as_slice())?;
            return self.put(vm, pickler, &object).map(|()| None);
        }
        if self.reducer_override.is_some() {
            return Ok(Some(Stop::Override(object)));
        }
        self.save_plain(vm, pickler, object)
    }

    fn save_plain(&mut self, vm: &Vm, pickler: &Pickler, object: Value) -> PyResult<Option<Stop>> {
        if object.downcast_exact::<Dict>().is_some()
            && let Some(dict) = object.to_ref::<Dict>()
        {
            self.out.write(vm, if self.bin() { &[EMPTY_DICT] } else { &[MARK, DICT] })?;
            self.put(vm, pickler, &object)?;
            let size = dict.len();
            if size > 0 {
                self.tasks.push(Task::Dict { dict, at: 0, batch: 0, size, value: None, noted: None });
            }
        } else if object.downcast_exact::<List>().is_some()
            && let Some(list) = object.to_ref::<List>()
        {
            self.out.write(vm, if self.bin() { &[EMPTY_LIST] } else { &[MARK, LIST] })?;
            self.put(vm, pickler, &object)?;
            if !list.is_empty() {
                self.tasks.push(Task::List { list, at: 0, batch: 0, saving: false });
            }
        } else if object.downcast_exact::<Tuple>().is_some()
            && let Some(tuple) = object.to_ref::<Tuple>()
        {
            if tuple.items().is_empty() {
                self.out.write(vm, if self.bin() { &[EMPTY_TUPLE] } else { &[MARK, TUPLE] })?;
            } else {
                if self.proto < 2 || tuple.items().len() > 3 {
                    self.out.write(vm, &[MARK])?;
                }
                self.tasks.push(Task::Tuple { tuple, at: 0 });
            }
        } else if object.downcast_exact::<Set>().is_some() {
            let items = keys(&object);
            if self.proto < 4 {
                return Ok(Some(self.set_by_list(vm, object, items)));
            }
            self.out.write(vm, &[EMPTY_SET])?;
            self.put(vm, pickler, &object)?;
            if !items.is_empty() {
                self.tasks.push(Task::Set { set: object, items, at: 0, saving: false });
            }
        } else if object.downcast_exact::<FrozenSet>().is_some() {
            let items = keys(&object);
            if self.proto < 4 {
                return Ok(Some(self.set_by_list(vm, object, items)));
            }
            self.out.write(vm, &[MARK])?;
            self.tasks.push(Task::Set { set: object, items, at: 0, saving: false });
        } else if let Some(array) = object.downcast_exact::<ByteArray>() {
            let contents = array.bytes.borrow().clone();
            if self.proto < 5 {
                let args = if contents.is_empty() { vec![] } else { vec![Value::from_bytes(contents)] };
                let reduced = vec![ByteArray::type_object().into_value(), Value::from_tuple(args)];
                return Ok(Some(Stop::ReduceTo(object, Value::from_tuple(reduced))));
            }
            self.bytearray(vm, &object, &contents)?;
            self.put(vm, pickler, &object)?;
        } else if object.downcast_exact::<PickleBuffer>().is_some() {
            return Ok(Some(Stop::Buffer(object)));
        } else if object.downcast_exact::<Function>().is_some() {
            return Ok(Some(Stop::Global(object)));
        } else if let Some(class) = object.downcast::<Type>()
            && vm.type_of(&object).name() == "type"
            && std::ptr::eq(vm.type_of(&object), &*Type::type_object())
        {
            let single = match class.name().as_str() {
                "NoneType" => Value::NONE,
                "NotImplementedType" => Value::NOT_IMPLEMENTED,
                "ellipsis" => Value::ELLIPSIS,
                _ => return Ok(Some(Stop::Global(object))),
            };
            if !std::ptr::eq(vm.type_of(&single), class) {
                return Ok(Some(Stop::Global(object)));
            }
            let args = Value::from_tuple(vec![single]);
            let reduced = Value::from_tuple(vec![Type::type_object().into_value(), args]);
            return Ok(Some(Stop::ReduceTo(object, reduced)));
        } else {
            return Ok(Some(Stop::Reduce(object)));
        }
        Ok(None)
    }

    fn set_by_list(&self, vm: &Vm, object: Value, items: Vec<Value>) -> Stop {
        let class = vm.class_of(&object).into_value();
        let args = Value::from_tuple(vec![Value::from_list(items)]);
        Stop::ReduceTo(object, Value::from_tuple(vec![class, args]))
    }

    /// Goes on with a container.
    fn proceed(&mut self, vm: &Vm, pickler: &Pickler, task: Task) -> PyResult<Option<Stop>> {
        match task {
            Task::List { list, mut at, mut batch, mut saving } => loop {
                let len = list.len();
                if saving && (!self.bin() || (len == 1 && batch == 0)) {
                    self.out.write(vm, &[APPEND])?;
                }
                if self.bin() && batch > 0 && (batch > BATCH || at >= len) {
                    self.out.write(vm, &[APPENDS])?;
                    batch = 0;
                }
                let Some(item) = list.items.borrow().get(at).cloned() else { return Ok(None) };
                if self.bin() && batch == 0 && (len != 1 || at > 0) {
                    self.out.write(vm, &[MARK])?;
                    batch = 1;
                }
                at += 1;
                batch += usize::from(batch > 0);
                saving = true;
                if !self.at_once(vm, &item)? {
                    self.tasks.push(Task::List { list, at, batch, saving });
                    return self.save(vm, pickler, item, true);
                }
                if self.out.bytes.len() > FRAME_TARGET * 2 && self.out.to_file || at.is_multiple_of(4096) {
                    self.tasks.push(Task::List { list, at, batch, saving });
                    return Ok((at.is_multiple_of(4096)).then_some(Stop::Breathe));
                }
            },
            Task::Tuple { tuple, mut at } => {
                let items = tuple.items();
                while let Some(item) = items.get(at) {
                    at += 1;
                    if !self.at_once(vm, item)? {
                        let item = item.clone();
                        self.tasks.push(Task::Tuple { tuple, at });
                        return self.save(vm, pickler, item, true);
                    }
                }
                let known = pickler.memo.borrow().get(tuple.as_value());
                let short = items.len() <= 3 && self.proto >= 2;
                let Some(number) = known else {
                    self.out.write(vm, &[if short { TUPLE1 + (items.len() as u8 - 1) } else { TUPLE }])?;
                    return self.put(vm, pickler, tuple.as_value()).map(|()| None);
                };
                // An item led back to the tuple, which was written meanwhile.
                if short || !self.bin() {
                    let count = items.len() + usize::from(!short);
                    (0..count).try_for_each(|_| self.out.write(vm, &[POP]))?;
                } else {
                    self.out.write(vm, &[POP_MARK])?;
                }
                self.get(vm, number).map(|()| None)
            }
            Task::Dict { dict, mut at, mut batch, size, mut value, .. } => loop {
                if let Some((key, waiting)) = value.take() {
                    if !self.at_once(vm, &waiting)? {
                        let noted = Some(key);
                        self.tasks.push(Task::Dict { dict, at, batch: batch | PAIR, size, value: None, noted });
                        return self.save(vm, pickler, waiting, true);
                    }
                    batch |= PAIR;
                }
                let mut full = false;
                if batch & PAIR != 0 {
                    // A pair is complete.
                    batch &= !PAIR;
                    if !self.bin() || size == 1 {
                        self.out.write(vm, &[SETITEM])?;
                        if self.bin() {
                            return Ok(None);
                        }
                    } else {
                        full = batch > BATCH;
                    }
                }
                let next = {
                    let entries = dict.table.borrow().entries();
                    while entries.get(at).is_some_and(|entry| entry.key.is_unbound()) {
                        at += 1;
                    }
                    entries.get(at).map(|entry| (entry.key.clone(), entry.value.clone()))
                };
                if self.bin() && size != 1 {
                    if batch == 0 {
                        self.out.write(vm, &[MARK])?;
                        batch = 1;
                    }
                    if full || next.is_none() {
                        self.out.write(vm, &[SETITEMS])?;
                        if dict.len() != size {
                            return Err(vm.runtime_error("dictionary changed size during iteration"));
                        }
                        if !full {
                            return Ok(None);
                        }
                        batch = 0;
                        continue;
                    }
                }
                let Some((key, item)) = next else { return Ok(None) };
                at += 1;
                batch += usize::from(batch > 0);
                if !self.at_once(vm, &key)? {
                    let value = Some((key.clone(), item));
                    self.tasks.push(Task::Dict { dict, at, batch, size, value, noted: None });
                    return self.save(vm, pickler, key, true);
                }
                value = Some((key, item));
            },
            Task::Set { set, items, mut at, .. } => {
                let frozen = set.downcast::<FrozenSet>().is_some();
                loop {
                    if !frozen && at.is_multiple_of(BATCH) {
                        if at > 0 {
                            self.out.write(vm, &[ADDITEMS])?;
                        }
                        self.out.write(vm, &[MARK])?;
                    }
                    let Some(item) = items.get(at).cloned() else { break };
                    at += 1;
                    if !self.at_once(vm, &item)? {
                        self.tasks.push(Task::Set { set, items, at, saving: true });
                        return self.save(vm, pickler, item, true);
                    }
                }
                if !frozen {
                    self.out.write(vm, &[ADDITEMS])?;
                    if set.downcast::<Set>().is_some_and(|set| set.len() != items.len()) {
                        return Err(vm.runtime_error("set changed size during iteration"));
                    }
                    return Ok(None);
                }
                let known = pickler.memo.borrow().get(&set);
                match known {
                    Some(number) => {
                        self.out.write(vm, &[POP_MARK])?;
                        self.get(vm, number)?;
                    }
                    None => {
                        self.out.write(vm, &[FROZENSET])?;
                        self.put(vm, pickler, &set)?;
                    }
                }
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    /// What was being written, the innermost first.
    pub fn places(&self) -> Vec<Place> {
        let at = |object: &Value, what: What| Some(Place { object: object.clone(), what });
        let place = |task: &Task| match task {
            Task::Doing(place) => at(&place.object, place.what.clone()),
            Task::List { list, at: index, saving: true, .. } => at(list.as_value(), What::Item(index - 1)),
            Task::Tuple { tuple, at: index } if *index > 0 => at(tuple.as_value(), What::Item(index - 1)),
            Task::Dict { dict, noted: Some(key), .. } => at(dict.as_value(), What::Key(key.clone())),
            Task::Set { set, saving: true, .. } => at(set, What::Part("element")),
            _ => None,
        };
        self.tasks.iter().rev().filter_map(place).collect()
    }
}

/// The items of a set or frozenset.
fn keys(set: &Value) -> Vec<Value> {
    let table = match (set.downcast::<Set>(), set.downcast::<FrozenSet>()) {
        (Some(set), _) => &set.table,
        (_, Some(set)) => &set.table,
        _ => return Vec::new(),
    };
    table.borrow().iter().map(|entry| entry.key.clone()).collect()
}

/// "PickleBuffer can only be pickled with protocol >= 5"
pub fn needs_protocol_5(vm: &Vm) -> Raised {
    pickling_error(vm, "PickleBuffer can only be pickled with protocol >= 5")
}
