//! Code objects as bytes and back: what `marshal` writes. Only the same version of this program reads them: the first byte of a
//! code object tells a version, which changes with the instruction set.

use std::rc::Rc;

use num_bigint::{BigInt, Sign};

use crate::{
    AttrSite, Code, CodeFlags, Constant, GlobalSite, Handler, Instr, LineMark, Op, PositionTable, check_liveness,
    verify,
};

/// The format's version; to be changed with the format and with the instruction set.
pub const VERSION: u8 = 1;
/// How deep code objects and constants may nest.
const DEPTH: usize = 64;

/// The bytes of a code object.
pub fn to_bytes(code: &Code) -> Vec<u8> {
    let mut out = vec![VERSION];
    write_code(&mut out, code);
    out
}

/// The code object that bytes stand for; `None` if there is anything wrong with them.
pub fn from_bytes(bytes: &[u8]) -> Option<Code> {
    let (&version, rest) = bytes.split_first()?;
    let mut reader = Reader { bytes: rest };
    let code = (version == VERSION).then(|| reader.code(DEPTH))??;
    (reader.bytes.is_empty() && verify(&code).is_ok() && check_all(&code)).then_some(code)
}

/// Whether no instruction of the code or the codes in it reads a register that nothing was put into.
fn check_all(code: &Code) -> bool {
    check_liveness(code).is_ok()
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

fn texts(out: &mut Vec<u8>, texts: &[Rc<str>]) {
    number(out, texts.len() as u64);
    texts.iter().for_each(|text| blob(out, text.as_bytes()));
}

fn write_code(out: &mut Vec<u8>, code: &Code) {
    for text in [&code.name, &code.qualname, &code.filename] {
        blob(out, text.as_bytes());
    }
    number(out, code.first_line.into());
    number(out, code.flags.0.into());
    for count in [code.arg_count, code.posonly_count, code.kwonly_count, code.register_count] {
        number(out, count.into());
    }
    texts(out, &code.varnames);
    number(out, code.cell_registers.len() as u64);
    code.cell_registers.iter().for_each(|&register| number(out, register.into()));
    texts(out, &code.freevars);
    texts(out, &code.names);
    number(out, code.consts.len() as u64);
    code.consts.iter().for_each(|constant| write_constant(out, constant));
    number(out, code.attr_sites.len() as u64);
    code.attr_sites.iter().for_each(|site| number(out, site.name.into()));
    number(out, code.global_sites.len() as u64);
    code.global_sites.iter().for_each(|site| number(out, site.name.into()));
    number(out, code.instrs.len() as u64);
    for instr in &code.instrs {
        out.extend([instr.op as u8, instr.flags]);
        for field in [instr.a, instr.b, instr.c] {
            out.extend(field.to_le_bytes());
        }
    }
    number(out, code.handlers.len() as u64);
    for handler in &code.handlers {
        for part in [handler.start, handler.end, handler.target, handler.depth.into()] {
            number(out, part.into());
        }
    }
    blob(out, code.positions.as_bytes());
    number(out, code.line_marks.len() as u64);
    for mark in &code.line_marks {
        let (kind, at, line) = match *mark {
            LineMark::Before { at, line, falls, jumped } => (u64::from(jumped) | u64::from(falls) << 1, at, line),
            LineMark::Through { at, line } => (4, at, line),
            LineMark::NoLine { at } => (5, at, 0),
        };
        number(out, kind);
        number(out, at.into());
        number(out, line.into());
    }
}

fn write_constant(out: &mut Vec<u8>, constant: &Constant) {
    let items = |out: &mut Vec<u8>, tag: u8, items: &[Constant]| {
        out.push(tag);
        number(out, items.len() as u64);
        items.iter().for_each(|item| write_constant(out, item));
    };
    match constant {
        Constant::None => out.push(b'N'),
        Constant::True => out.push(b'T'),
        Constant::False => out.push(b'F'),
        Constant::Ellipsis => out.push(b'.'),
        Constant::Int(value) => {
            out.push(b'i');
            out.extend(value.to_le_bytes());
        }
        Constant::BigInt(value) => {
            out.push(b'l');
            out.push((value.sign() == Sign::Minus).into());
            blob(out, &value.magnitude().to_bytes_le());
        }
        Constant::Float(value) => {
            out.push(b'g');
            out.extend(value.to_bits().to_le_bytes());
        }
        Constant::Complex { real, imag } => {
            out.push(b'y');
            out.extend(real.to_bits().to_le_bytes());
            out.extend(imag.to_bits().to_le_bytes());
        }
        Constant::Str(text) => {
            out.push(b'u');
            blob(out, text.as_bytes());
        }
        Constant::StrCodePoints(points) => {
            out.push(b'U');
            number(out, points.len() as u64);
            points.iter().for_each(|&point| number(out, point.into()));
        }
        Constant::Bytes(bytes) => {
            out.push(b's');
            blob(out, bytes);
        }
        Constant::Tuple(parts) => items(out, b'(', parts),
        Constant::FrozenSet(parts) => items(out, b'>', parts),
        Constant::Slice(parts) => items(out, b':', &parts[..]),
        Constant::Code(code) => {
            out.push(b'c');
            write_code(out, code);
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|byte| byte[0])
    }

    fn eight(&mut self) -> Option<[u8; 8]> {
        self.take(8)?.try_into().ok()
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

    /// A count of things of which each takes a byte at least.
    fn count(&mut self) -> Option<usize> {
        self.number().filter(|&count: &usize| count <= self.bytes.len())
    }

    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.count()?;
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(item(self)?);
        }
        Some(items)
    }

    fn blob(&mut self) -> Option<&'a [u8]> {
        let count = self.count()?;
        self.take(count)
    }

    fn text(&mut self) -> Option<Rc<str>> {
        std::str::from_utf8(self.blob()?).ok().map(Rc::from)
    }

    fn code(&mut self, depth: usize) -> Option<Code> {
        let depth = depth.checked_sub(1)?;
        let (name, qualname, filename) = (self.text()?, self.text()?, self.text()?);
        let (first_line, flags) = (self.number()?, CodeFlags(self.number()?));
        let (arg_count, posonly_count) = (self.number()?, self.number()?);
        let (kwonly_count, register_count) = (self.number()?, self.number()?);
        Some(Code {
            name,
            qualname,
            filename,
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
            consts: self.list(|reader| reader.constant(depth))?,
            attr_sites: self.list(|reader| Some(AttrSite { name: reader.number()? }))?,
            global_sites: self.list(|reader| Some(GlobalSite { name: reader.number()? }))?,
            instrs: self.list(Reader::instr)?,
            handlers: self.list(|reader| {
                let (start, end) = (reader.number()?, reader.number()?);
                Some(Handler { start, end, target: reader.number()?, depth: reader.number()? })
            })?,
            positions: self.positions()?,
            line_marks: self.list(|reader| {
                let (kind, at, line): (u8, u32, u32) = (reader.number()?, reader.number()?, reader.number()?);
                Some(match kind {
                    0..4 => LineMark::Before { at, line, falls: kind & 2 != 0, jumped: kind & 1 != 0 },
                    4 => LineMark::Through { at, line },
                    5 => LineMark::NoLine { at },
                    _ => return None,
                })
            })?,
        })
    }

    fn instr(&mut self) -> Option<Instr> {
        let raw: [u8; 8] = self.eight()?;
        let field = |at: usize| u16::from_le_bytes([raw[at], raw[at + 1]]);
        let op = *Op::ALL.get(raw[0] as usize)?;
        // Only what the compiler emits: the others are for the runtime's own use.
        (op != Op::Trace).then(|| Instr { op, flags: raw[1], a: field(2), b: field(4), c: field(6) })
    }

    /// Checks that every entry of the table ends within it.
    fn positions(&mut self) -> Option<PositionTable> {
        let bytes = self.blob()?;
        let mut check = Reader { bytes };
        while !check.bytes.is_empty() {
            for _ in 0..5 {
                check.number::<u64>()?;
            }
        }
        Some(PositionTable::from_bytes(bytes.into()))
    }

    fn constant(&mut self, depth: usize) -> Option<Constant> {
        let depth = depth.checked_sub(1)?;
        Some(match self.byte()? {
            b'N' => Constant::None,
            b'T' => Constant::True,
            b'F' => Constant::False,
            b'.' => Constant::Ellipsis,
            b'i' => Constant::Int(i64::from_le_bytes(self.eight()?)),
            b'l' => {
                let sign = if self.byte()? != 0 { Sign::Minus } else { Sign::Plus };
                Constant::BigInt(BigInt::from_bytes_le(sign, self.blob()?))
            }
            b'g' => Constant::Float(f64::from_bits(u64::from_le_bytes(self.eight()?))),
            b'y' => {
                let real = f64::from_bits(u64::from_le_bytes(self.eight()?));
                Constant::Complex { real, imag: f64::from_bits(u64::from_le_bytes(self.eight()?)) }
            }
            b'u' => Constant::Str(self.text()?),
            b'U' => {
                let points: Vec<u32> = self.list(Reader::number)?;
                Constant::StrCodePoints(points.iter().all(|&point| point <= 0x10_ffff).then_some(points)?)
            }
            b's' => Constant::Bytes(self.blob()?.to_vec()),
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
