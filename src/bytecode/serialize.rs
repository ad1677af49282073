//! Code objects as bytes and back: what `marshal` writes, and the form in which pages load the library's modules. Only the same
//! version of this program reads them: they begin with a number that changes with the format and with the instruction set.
//!
//! What is alike stands together, since such bytes are transferred in compressed form: the texts, each once; then the [`Stream`]s,
//! in each of which all code objects put one sort of number; the last holds everything else.

use std::collections::HashMap;
use std::rc::Rc;

use num_bigint::{BigInt, Sign};

use crate::{
    AttrSite, Code, CodeFlags, Constant, GlobalSite, Handler, Instr, LineMark, Op, PositionTable, check_reads, verify,
};

/// The format's version; to be changed with the format.
const VERSION: u32 = 2;
/// How deep code objects and constants may nest.
const DEPTH: usize = 64;

/// The sorts of numbers that have a stream of their own.
#[derive(Clone, Copy)]
enum Stream {
    Ops,
    Flags,
    A,
    B,
    C,
    /// Those of position tables: how many instructions, line, end line, column, end column.
    Runs,
    Lines,
    EndLines,
    Columns,
    EndColumns,
    /// Line marks: each three numbers, the second and third as differences to the mark before.
    Marks,
    /// All that is not named here, in the order in which it is read.
    Rest,
}

const STREAMS: usize = Stream::Rest as usize + 1;
/// Those of a position table's entries, in the order in which they stand there.
const POSITION: [Stream; 5] = [Stream::Runs, Stream::Lines, Stream::EndLines, Stream::Columns, Stream::EndColumns];

/// What the bytes begin with: the format's version and a hash (FNV-1a) of the instructions' names.
const MAGIC: [u8; 4] = {
    let mut hash = 0x811c_9dc5 ^ VERSION;
    let mut op = 0;
    while op < Op::ALL.len() {
        let name = Op::ALL[op].name().as_bytes();
        let mut at = 0;
        while at < name.len() {
            hash = (hash ^ name[at] as u32).wrapping_mul(0x0100_0193);
            at += 1;
        }
        hash = (hash ^ 0xff).wrapping_mul(0x0100_0193);
        op += 1;
    }
    hash.to_le_bytes()
};

/// The bytes of a code object.
pub fn to_bytes(code: &Code) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.code(code);
    let mut out = MAGIC.to_vec();
    number(&mut out, writer.texts.len() as u64);
    writer.texts.iter().for_each(|text| number(&mut out, text.len() as u64));
    writer.texts.iter().for_each(|text| out.extend_from_slice(text.as_bytes()));
    writer.streams.iter().for_each(|stream| blob(&mut out, stream));
    out
}

/// The code object that bytes stand for; `None` if there is anything wrong with them.
pub fn from_bytes(bytes: &[u8]) -> Option<Code> {
    read(bytes, None).filter(|code| verify(code).is_ok() && check_all(code))
}

/// The same for bytes that [`to_bytes`] is known to have made, and with the file's name changed. That the instructions may be run
/// is only looked at in debug builds: it would take a tenth of the time of an import.
pub fn from_own_bytes(bytes: &[u8], filename: &str) -> Option<Code> {
    let code = read(bytes, Some(filename.into()))?;
    debug_assert!(verify(&code).is_ok() && check_all(&code));
    Some(code)
}

fn read(bytes: &[u8], filename: Option<Rc<str>>) -> Option<Code> {
    let mut bytes = Bytes { rest: bytes };
    if bytes.take(MAGIC.len())? != MAGIC {
        return None;
    }
    let lengths: Vec<usize> = bytes.list(Bytes::number)?;
    let text = |length| std::str::from_utf8(bytes.take(length)?).ok().map(Rc::from);
    let texts = lengths.into_iter().map(text).collect::<Option<Vec<Rc<str>>>>()?;
    let mut streams = [const { Bytes { rest: &[] } }; STREAMS];
    for stream in &mut streams {
        stream.rest = bytes.blob()?;
    }
    let mut reader = Reader { texts, streams, filename };
    let code = reader.code(DEPTH)?;
    let finished = bytes.rest.is_empty() && reader.streams.iter().all(|stream| stream.rest.is_empty());
    finished.then_some(code)
}

/// Whether no instruction of the code or the codes in it reads a register that nothing was put into.
fn check_all(code: &Code) -> bool {
    check_reads(code).is_ok()
        && code.consts.iter().all(|constant| match constant {
            Constant::Code(inner) => check_all(inner),
            _ => true,
        })
}

fn number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn blob(out: &mut Vec<u8>, bytes: &[u8]) {
    number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// The sign comes last, so that small numbers are short.
fn to_unsigned(value: i64) -> u64 {
    (value << 1 ^ value >> 63) as u64
}

fn to_signed(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

#[derive(Default)]
struct Writer {
    texts: Vec<Rc<str>>,
    known: HashMap<Rc<str>, u64>,
    streams: [Vec<u8>; STREAMS],
}

impl Writer {
    fn put(&mut self, stream: Stream, value: impl Into<u64>) {
        number(&mut self.streams[stream as usize], value.into());
    }

    fn rest(&mut self) -> &mut Vec<u8> {
        &mut self.streams[Stream::Rest as usize]
    }

    fn number(&mut self, value: impl Into<u64>) {
        self.put(Stream::Rest, value);
    }

    fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    fn text(&mut self, text: &Rc<str>) {
        let next = self.texts.len() as u64;
        let index = *self.known.entry(text.clone()).or_insert(next);
        if index == next {
            self.texts.push(text.clone());
        }
        self.number(index);
    }

    fn text_list(&mut self, texts: &[Rc<str>]) {
        self.count(texts.len());
        texts.iter().for_each(|text| self.text(text));
    }

    fn code(&mut self, code: &Code) {
        for text in [&code.name, &code.qualname, &code.filename] {
            self.text(text);
        }
        self.number(code.first_line);
        self.number(code.flags.0);
        for count in [code.arg_count, code.posonly_count, code.kwonly_count, code.register_count] {
            self.number(count);
        }
        self.text_list(&code.varnames);
        self.count(code.cell_registers.len());
        code.cell_registers.iter().for_each(|&register| self.number(register));
        self.text_list(&code.freevars);
        self.text_list(&code.names);
        self.count(code.attr_sites.len());
        code.attr_sites.iter().for_each(|site| self.number(site.name));
        self.count(code.global_sites.len());
        code.global_sites.iter().for_each(|site| self.number(site.name));
        self.count(code.instrs.len());
        for instr in &code.instrs {
            self.streams[Stream::Ops as usize].push(instr.op as u8);
            self.streams[Stream::Flags as usize].push(instr.flags);
            for (stream, field) in [(Stream::A, instr.a), (Stream::B, instr.b), (Stream::C, instr.c)] {
                self.put(stream, field);
            }
        }
        self.count(code.handlers.len());
        for handler in &code.handlers {
            for part in [handler.start, handler.end, handler.target, handler.depth.into()] {
                self.number(part);
            }
        }
        self.positions(&code.positions);
        self.count(code.line_marks.len());
        let (mut last_at, mut last_line) = (0, code.first_line);
        for mark in &code.line_marks {
            let (kind, at, line) = match *mark {
                LineMark::Before { at, line, falls, jumped } => (u8::from(jumped) | u8::from(falls) << 1, at, line),
                LineMark::Through { at, line } => (4, at, line),
                LineMark::NoLine { at } => (5, at, last_line),
            };
            self.put(Stream::Marks, kind);
            self.put(Stream::Marks, to_unsigned(i64::from(at) - i64::from(last_at)));
            self.put(Stream::Marks, to_unsigned(i64::from(line) - i64::from(last_line)));
            (last_at, last_line) = (at, line);
        }
        self.constants(&code.consts);
    }

    fn positions(&mut self, positions: &PositionTable) {
        let (mut table, mut count) = (Bytes { rest: positions.as_bytes() }, 0);
        while let Some(part) = table.number::<u64>() {
            self.put(POSITION[count % POSITION.len()], part);
            count += 1;
        }
        self.count(count / POSITION.len());
    }

    fn constants(&mut self, constants: &[Constant]) {
        self.count(constants.len());
        constants.iter().for_each(|constant| self.constant(constant));
    }

    fn constant(&mut self, constant: &Constant) {
        let tag = match constant {
            Constant::None => b'N',
            Constant::True => b'T',
            Constant::False => b'F',
            Constant::Ellipsis => b'.',
            Constant::Int(_) => b'i',
            Constant::BigInt(_) => b'l',
            Constant::Float(_) => b'g',
            Constant::Complex { .. } => b'y',
            Constant::Str(_) => b'u',
            Constant::StrCodePoints(_) => b'U',
            Constant::Bytes(_) => b's',
            Constant::Tuple(_) => b'(',
            Constant::FrozenSet(_) => b'>',
            Constant::Slice(_) => b':',
            Constant::Code(_) => b'c',
        };
        self.rest().push(tag);
        match constant {
            Constant::None | Constant::True | Constant::False | Constant::Ellipsis => {}
            Constant::Int(value) => self.number(to_unsigned(*value)),
            Constant::BigInt(value) => {
                self.rest().push((value.sign() == Sign::Minus).into());
                blob(self.rest(), &value.magnitude().to_bytes_le());
            }
            Constant::Float(value) => self.rest().extend(value.to_bits().to_le_bytes()),
            Constant::Complex { real, imag } => {
                self.rest().extend(real.to_bits().to_le_bytes());
                self.rest().extend(imag.to_bits().to_le_bytes());
            }
            Constant::Str(text) => self.text(text),
            Constant::StrCodePoints(points) => {
                self.count(points.len());
                points.iter().for_each(|&point| self.number(point));
            }
            Constant::Bytes(bytes) => blob(self.rest(), bytes),
            Constant::Tuple(parts) | Constant::FrozenSet(parts) => self.constants(parts),
            Constant::Slice(parts) => self.constants(&parts[..]),
            Constant::Code(code) => self.code(code),
        }
    }
}

/// Bytes being read.
struct Bytes<'a> {
    rest: &'a [u8],
}

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(byte)
    }

    fn float(&mut self) -> Option<f64> {
        self.take(8)?.try_into().ok().map(|bytes| f64::from_bits(u64::from_le_bytes(bytes)))
    }

    fn number<T: TryFrom<u64>>(&mut self) -> Option<T> {
        let (mut value, mut shift) = (0u64, 0);
        loop {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return T::try_from(value).ok();
            }
            shift += 7;
        }
    }

    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        // Each takes a byte at least.
        let count = self.number().filter(|&count: &usize| count <= self.rest.len())?;
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(item(self)?);
        }
        Some(items)
    }

    fn blob(&mut self) -> Option<&'a [u8]> {
        let count = self.number()?;
        self.take(count)
    }
}

struct Reader<'a> {
    texts: Vec<Rc<str>>,
    streams: [Bytes<'a>; STREAMS],
    /// Goes into all code objects in place of their own.
    filename: Option<Rc<str>>,
}

impl<'a> Reader<'a> {
    fn rest(&mut self) -> &mut Bytes<'a> {
        &mut self.streams[Stream::Rest as usize]
    }

    fn number<T: TryFrom<u64>>(&mut self) -> Option<T> {
        self.rest().number()
    }

    fn get<T: TryFrom<u64>>(&mut self, stream: Stream) -> Option<T> {
        self.streams[stream as usize].number()
    }

    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count: usize = self.number()?;
        // Each takes a byte at least, wherever.
        let left = self.streams.iter().map(|stream| stream.rest.len()).max()?;
        let mut items = Vec::with_capacity(count.min(left));
        for _ in 0..count {
            items.push(item(self)?);
        }
        Some(items)
    }

    fn text(&mut self) -> Option<Rc<str>> {
        let index: usize = self.number()?;
        self.texts.get(index).cloned()
    }

    fn code(&mut self, depth: usize) -> Option<Code> {
        let depth = depth.checked_sub(1)?;
        let (name, qualname, filename) = (self.text()?, self.text()?, self.text()?);
        let (first_line, flags): (u32, _) = (self.number()?, CodeFlags(self.number()?));
        let (arg_count, posonly_count) = (self.number()?, self.number()?);
        let (kwonly_count, register_count) = (self.number()?, self.number()?);
        Some(Code {
            name,
            qualname,
            filename: self.filename.clone().unwrap_or(filename),
            first_line,
            flags,
            arg_count,
            posonly_count,
            kwonly_count,
            register_count,
            varnames: self.list(Reader::text)?,
            cell_registers: self.list(Reader::number)?,
            freevars: self.list(Reader::text)?,
            names: self.list(Reader::text)?,
            attr_sites: self.list(|reader| Some(AttrSite { name: reader.number()? }))?,
            global_sites: self.list(|reader| Some(GlobalSite { name: reader.number()? }))?,
            instrs: self.list(Reader::instr)?,
            handlers: self.list(|reader| {
                let (start, end) = (reader.number()?, reader.number()?);
                Some(Handler { start, end, target: reader.number()?, depth: reader.number()? })
            })?,
            positions: self.positions()?,
            line_marks: self.line_marks(first_line)?,
            consts: self.list(|reader| reader.constant(depth))?,
        })
    }

    fn instr(&mut self) -> Option<Instr> {
        let op = *Op::ALL.get(self.streams[Stream::Ops as usize].byte()? as usize)?;
        let flags = self.streams[Stream::Flags as usize].byte()?;
        let (a, b, c) = (self.get(Stream::A)?, self.get(Stream::B)?, self.get(Stream::C)?);
        // Only what the compiler emits: the others are for the runtime's own use.
        (op != Op::Trace).then_some(Instr { op, flags, a, b, c })
    }

    fn positions(&mut self) -> Option<PositionTable> {
        let count: usize = self.number()?;
        let mut table = Vec::new();
        for _ in 0..count {
            for stream in POSITION {
                number(&mut table, self.get(stream)?);
            }
        }
        Some(PositionTable::from_bytes(table.into()))
    }

    fn line_marks(&mut self, first_line: u32) -> Option<Vec<LineMark>> {
        let (mut at, mut line) = (0u32, first_line);
        self.list(|reader| {
            let kind: u8 = reader.get(Stream::Marks)?;
            let mut moved = |from: u32| {
                let difference = to_signed(reader.get(Stream::Marks)?);
                i64::from(from).checked_add(difference).and_then(|to| u32::try_from(to).ok())
            };
            (at, line) = (moved(at)?, moved(line)?);
            Some(match kind {
                0..4 => LineMark::Before { at, line, falls: kind & 2 != 0, jumped: kind & 1 != 0 },
                4 => LineMark::Through { at, line },
                5 => LineMark::NoLine { at },
                _ => return None,
            })
        })
    }

    fn constant(&mut self, depth: usize) -> Option<Constant> {
        let depth = depth.checked_sub(1)?;
        Some(match self.rest().byte()? {
            b'N' => Constant::None,
            b'T' => Constant::True,
            b'F' => Constant::False,
            b'.' => Constant::Ellipsis,
            b'i' => Constant::Int(to_signed(self.number()?)),
            b'l' => {
                let sign = if self.rest().byte()? != 0 { Sign::Minus } else { Sign::Plus };
                Constant::BigInt(BigInt::from_bytes_le(sign, self.rest().blob()?))
            }
            b'g' => Constant::Float(self.rest().float()?),
            b'y' => Constant::Complex { real: self.rest().float()?, imag: self.rest().float()? },
            b'u' => Constant::Str(self.text()?),
            b'U' => {
                let points: Vec<u32> = self.list(Reader::number)?;
                Constant::StrCodePoints(points.iter().all(|&point| point <= 0x10_ffff).then_some(points)?)
            }
            b's' => Constant::Bytes(self.rest().blob()?.to_vec()),
            b'(' => Constant::Tuple(self.list(|reader| reader.constant(depth))?),
            b'>' => Constant::FrozenSet(self.list(|reader| reader.constant(depth))?),
            b':' => {
                let parts = self.list(|reader| reader.constant(depth))?;
                Constant::Slice(Box::new(parts.try_into().ok()?))
            }
            b'c' => Constant::Code(Rc::new(self.code(depth)?)),
            _ => return None,
        })
    }
}
