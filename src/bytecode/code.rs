//! Code objects as the compiler produces them.

use std::rc::Rc;

use num_bigint::BigInt;

use crate::{Instr, OperandKind, PositionTable};

/// A constant of a code object.
#[derive(Clone, Debug)]
pub enum Constant {
    None,
    True,
    False,
    Ellipsis,
    Int(i64),
    BigInt(BigInt),
    Float(f64),
    Complex {
        real: f64,
        imag: f64,
    },
    Str(Rc<str>),
    /// A str with lone surrogates, as code points.
    StrCodePoints(Vec<u32>),
    Bytes(Vec<u8>),
    Tuple(Vec<Constant>),
    FrozenSet(Vec<Constant>),
    /// start, stop, step of a constant slice.
    Slice(Box<[Constant; 3]>),
    Code(Rc<Code>),
}

/// `co_flags`, with CPython's values.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CodeFlags(pub u32);

impl CodeFlags {
    /// Locals live in registers (functions), not in a namespace object.
    pub const OPTIMIZED: u32 = 0x1;
    pub const NEWLOCALS: u32 = 0x2;
    pub const VARARGS: u32 = 0x4;
    pub const VARKEYWORDS: u32 = 0x8;
    pub const NESTED: u32 = 0x10;
    pub const GENERATOR: u32 = 0x20;
    pub const COROUTINE: u32 = 0x80;
    pub const ITERABLE_COROUTINE: u32 = 0x100;
    pub const ASYNC_GENERATOR: u32 = 0x200;
    pub const FUTURE_BARRY_AS_BDFL: u32 = 0x40_0000;
    pub const FUTURE_ANNOTATIONS: u32 = 0x100_0000;
    pub const HAS_DOCSTRING: u32 = 0x400_0000;
    /// Defined directly in a class body.
    pub const METHOD: u32 = 0x800_0000;

    pub fn has(self, flag: u32) -> bool {
        self.0 & flag != 0
    }

    /// Whether a call makes a generator, coroutine or async generator.
    pub fn is_generator_like(self) -> bool {
        self.has(Self::GENERATOR | Self::COROUTINE | Self::ASYNC_GENERATOR)
    }
}

/// A place in the code that loads, stores or deletes an attribute; the runtime keeps an inline cache for each.
#[derive(Clone, Copy, Debug)]
pub struct AttrSite {
    /// Index into `Code::names`.
    pub name: u32,
}

/// A place in the code that uses a global or namespace name; the runtime keeps an inline cache for each.
#[derive(Clone, Copy, Debug)]
pub struct GlobalSite {
    /// Index into `Code::names`.
    pub name: u32,
}

/// What tracing must know of lines beyond the instructions' own. Nothing of it costs code that nobody watches anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineMark {
    /// Before instruction `at` another line is passed, one without instructions (`pass`, `try:`): on the way from the instruction
    /// before if `falls`, by jumps to `at` if `jumped`.
    Before { at: u32, line: u32, falls: bool, jumped: bool },
    /// The jump at `at` passes another line on its way (that of a `break`, say).
    Through { at: u32, line: u32 },
    /// Instruction `at` belongs to whatever line was reached before it: nobody wrote it.
    NoLine { at: u32 },
}

/// Where an exception raised in a range of instructions goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    /// First instruction covered.
    pub start: u32,
    /// First instruction no longer covered.
    pub end: u32,
    /// Where execution continues.
    pub target: u32,
    /// Registers from here up are cleared; this one then receives the exception.
    pub depth: u16,
}

/// A compiled block: module, class body, function, lambda, generator expression, annotation scope.
#[derive(Clone, Debug, Default)]
pub struct Code {
    pub name: Rc<str>,
    pub qualname: Rc<str>,
    pub filename: Rc<str>,
    pub first_line: u32,
    pub flags: CodeFlags,
    /// Positional parameters, the positional-only ones included.
    pub arg_count: u16,
    pub posonly_count: u16,
    pub kwonly_count: u16,
    /// Names of the first registers: positional, keyword-only, `*args`, `**kwargs` parameters, then other locals
    /// (cell variables included; locals of inlined comprehensions too).
    pub varnames: Vec<Rc<str>>,
    /// Registers among `varnames` that hold cells (after the `MakeCell` at entry).
    pub cell_registers: Vec<u16>,
    pub freevars: Vec<Rc<str>>,
    pub names: Vec<Rc<str>>,
    /// The docstring comes first if there is one (`HAS_DOCSTRING`).
    pub consts: Vec<Constant>,
    pub attr_sites: Vec<AttrSite>,
    pub global_sites: Vec<GlobalSite>,
    pub instrs: Vec<Instr>,
    /// Sorted so that of several that cover an instruction the innermost comes first.
    pub handlers: Vec<Handler>,
    pub positions: PositionTable,
    pub line_marks: Vec<LineMark>,
    pub register_count: u16,
}

/// In portable instructions temporaries are counted from here.
pub const TEMPORARY: u16 = 0x8000;

/// Whether two constants are the same: of one type and equal, zeros by their sign.
fn same_constant(a: &Constant, b: &Constant) -> bool {
    let all = |a: &[Constant], b: &[Constant]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_constant(a, b));
    match (a, b) {
        (Constant::Int(a), Constant::Int(b)) => a == b,
        (Constant::BigInt(a), Constant::BigInt(b)) => a == b,
        (Constant::Float(a), Constant::Float(b)) => a.to_bits() == b.to_bits(),
        (Constant::Complex { real: a, imag: b }, Constant::Complex { real: c, imag: d }) => {
            a.to_bits() == c.to_bits() && b.to_bits() == d.to_bits()
        }
        (Constant::Str(a), Constant::Str(b)) => a == b,
        (Constant::StrCodePoints(a), Constant::StrCodePoints(b)) => a == b,
        (Constant::Bytes(a), Constant::Bytes(b)) => a == b,
        (Constant::Tuple(a), Constant::Tuple(b)) => all(a, b),
        // Their order depends on how they were made.
        (Constant::FrozenSet(a), Constant::FrozenSet(b)) => {
            a.len() == b.len() && a.iter().all(|item| b.iter().any(|other| same_constant(item, other)))
        }
        (Constant::Slice(a), Constant::Slice(b)) => all(&a[..], &b[..]),
        (Constant::Code(a), Constant::Code(b)) => a.is_same(b),
        _ => {
            std::mem::discriminant(a) == std::mem::discriminant(b)
                && matches!(a, Constant::None | Constant::True | Constant::False | Constant::Ellipsis)
        }
    }
}

impl Code {
    /// How many of the variables are parameters.
    pub fn parameter_count(&self) -> usize {
        let starred = [CodeFlags::VARARGS, CodeFlags::VARKEYWORDS].iter().filter(|&&flag| self.flags.has(flag)).count();
        self.arg_count as usize + self.kwonly_count as usize + starred
    }

    /// Whether a named register is one of `co_varnames`: of the cells only parameters are.
    pub fn is_local(&self, register: usize) -> bool {
        register < self.parameter_count() || !self.cell_registers.contains(&(register as u16))
    }

    /// Where the named registers are in `co_varnames` followed by those of `co_cellvars` that are not there.
    pub fn places(&self) -> Vec<u16> {
        let count = self.varnames.len();
        let mut places = vec![0; count];
        let locals = (0..count).filter(|&at| self.is_local(at));
        let cells = self.cell_registers.iter().map(|&at| at as usize).filter(|&at| at < count && !self.is_local(at));
        for (place, at) in locals.chain(cells).enumerate() {
            places[at] = place as u16;
        }
        places
    }

    /// The instructions with operands that do not depend on how the compiler laid registers out, nor on tables that programs
    /// don't see: variables by their [`Self::places`], temporaries from [`TEMPORARY`] on, names instead of caches' numbers.
    pub fn portable_instrs(&self) -> Vec<Instr> {
        use OperandKind::{AttrSite, Dst, GlobalSite, Slot, Take, Use};
        let places = self.places();
        let portable = |&instr: &Instr| {
            instr.map_operands(|kind, field| match kind {
                Dst | Use | Take | Slot => match places.get(field as usize) {
                    Some(&place) => place,
                    None => (field - places.len() as u16) | TEMPORARY,
                },
                AttrSite => self.attr_sites.get(field as usize).map_or(0, |site| site.name as u16),
                GlobalSite => self.global_sites.get(field as usize).map_or(0, |site| site.name as u16),
                _ => field,
            })
        };
        self.instrs.iter().map(portable).collect()
    }

    /// Whether two code objects are equal: everything but the name of the file, and the line marks, which code that a program
    /// puts together from another's fields has not.
    pub fn is_same(&self, other: &Code) -> bool {
        // Where the compiler put cells among the registers does not count.
        let layout = |code: &Code| {
            let mut named = vec![None; code.varnames.len()];
            for (at, place) in code.places().into_iter().enumerate() {
                named[place as usize] = Some((code.varnames[at].clone(), code.cell_registers.contains(&(at as u16))));
            }
            (named, code.portable_instrs())
        };
        self.name == other.name
            && self.first_line == other.first_line
            && self.flags == other.flags
            && (self.arg_count, self.posonly_count, self.kwonly_count)
                == (other.arg_count, other.posonly_count, other.kwonly_count)
            && self.freevars == other.freevars
            && self.names == other.names
            && self.instrs.len() == other.instrs.len()
            && layout(self) == layout(other)
            && self.handlers == other.handlers
            && self.positions == other.positions
            && self.consts.len() == other.consts.len()
            && self.consts.iter().zip(&other.consts).all(|(a, b)| same_constant(a, b))
    }
}
