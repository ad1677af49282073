//! Code objects from their fields and back: `types.CodeType(...)`, `code.replace(...)`, and the fields that are bytes.
//!
//! `co_code` has eight bytes for each instruction: number, flags and three operands of two bytes, the low one first; it begins
//! with one that does nothing ([`START`]). Operands are made independent of how the compiler laid registers out and of the
//! tables that a program does not see: a variable is its place in `co_varnames` followed by those of `co_cellvars` that are no
//! parameters, a temporary is counted from [`TEMPORARY`], and what has an inline cache names its entry of `co_names`
//! ([`Code::portable_instrs`]). So these bytes mean the same with other names, and code that is taken apart and put together
//! again is equal to what it was. Whatever a program puts together is looked at before it becomes a code object, as what `loads`
//! reads is: wrong code is a ValueError.

use std::rc::Rc;

use snakelet_bytecode::{
    AttrSite, Code, CodeFlags, Constant, GlobalSite, Instr, Op, OperandKind, Position, PositionTable,
    PositionTableBuilder, TEMPORARY, check_reads, verify,
};
use snakelet_vm::errors::Exc;
use snakelet_vm::native::ArgBytes;
use snakelet_vm::object::intern::intern;
use snakelet_vm::types::bytes::Bytes;
use snakelet_vm::types::code::CodeObject;
use snakelet_vm::types::code_methods::UNIT;
use snakelet_vm::types::complex::Complex;
use snakelet_vm::types::set::FrozenSet;
use snakelet_vm::types::slice::Slice;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::{Native, PyResult, Value, Vm, VmRef};

use super::locations;

/// Instructions of CPython that come before all others when free variables are added; they are not needed here.
const COPY_FREE_VARS: u8 = 255;

/// What `co_code` begins with.
const START: [u8; 8] = [Op::Nop.number(), 0, 0, 0, 0, 0, 0, 0];

/// All that a program gives to make a code object.
struct Fields {
    arg_count: u32,
    posonly_count: u32,
    kwonly_count: u32,
    nlocals: u32,
    flags: u32,
    code: Vec<u8>,
    consts: Vec<Value>,
    names: Vec<Rc<str>>,
    varnames: Vec<Rc<str>>,
    filename: Rc<str>,
    name: Rc<str>,
    qualname: Rc<str>,
    first_line: u32,
    linetable: Vec<u8>,
    exceptiontable: Vec<u8>,
    freevars: Vec<Rc<str>>,
    cellvars: Vec<Rc<str>>,
}

/// Their names, in the order in which the constructor takes them.
const FIELDS: [&str; 18] = [
    "co_argcount",
    "co_posonlyargcount",
    "co_kwonlyargcount",
    "co_nlocals",
    "co_stacksize",
    "co_flags",
    "co_code",
    "co_consts",
    "co_names",
    "co_varnames",
    "co_filename",
    "co_name",
    "co_qualname",
    "co_firstlineno",
    "co_linetable",
    "co_exceptiontable",
    "co_freevars",
    "co_cellvars",
];

/// Which argument an error is about.
enum Who<'a> {
    Constructor(usize),
    Replace(&'a str),
}

impl Who<'_> {
    fn wrong_type(&self, vm: &Vm, wanted: &str, value: &Value) -> snakelet_vm::Raised {
        let got = if value.is_none() { "None".into() } else { vm.type_name(value) };
        vm.type_error(match self {
            Who::Constructor(at) => format!("code() argument {} must be {wanted}, not {got}", at + 1),
            Who::Replace(field) => format!("replace() argument '{field}' must be {wanted}, not {got}"),
        })
    }

    fn number(&self, vm: &Vm, value: &Value) -> PyResult<u32> {
        if !value.is_int() {
            let got = vm.type_name(value);
            return Err(vm.type_error(format!("'{got}' object cannot be interpreted as an integer")));
        }
        match value.to_i64().and_then(|number| i32::try_from(number).ok()) {
            Some(number) => u32::try_from(number).map_err(|_| {
                vm.value_error(match self {
                    Who::Constructor(at) => format!("code: {} must not be negative", &FIELDS[*at][3..]),
                    Who::Replace(field) => format!("{field} must be a positive integer"),
                })
            }),
            None => Err(vm.overflow_error("Python int too large to convert to C int")),
        }
    }

    fn text(&self, vm: &Vm, value: &Value) -> PyResult<Rc<str>> {
        match value.as_text() {
            Some(text) => Ok(text.to_utf8_lossy().as_ref().into()),
            None => Err(self.wrong_type(vm, "str", value)),
        }
    }

    fn bytes(&self, vm: &Vm, value: &Value) -> PyResult<Vec<u8>> {
        match (value.downcast::<Bytes>(), ArgBytes::of(value)) {
            (Some(_), Some(bytes)) => Ok(bytes.to_vec()),
            _ => Err(self.wrong_type(vm, "bytes", value)),
        }
    }

    fn items<'a>(&self, vm: &Vm, value: &'a Value) -> PyResult<&'a [Value]> {
        value.downcast::<Tuple>().map(Tuple::items).ok_or_else(|| self.wrong_type(vm, "tuple", value))
    }

    fn names(&self, vm: &Vm, value: &Value) -> PyResult<Vec<Rc<str>>> {
        let mut names = Vec::new();
        for item in self.items(vm, value)? {
            match item.as_text() {
                Some(text) => names.push(text.to_utf8_lossy().as_ref().into()),
                None => return Err(vm.error(Exc::SystemError, "non-string found in code slot")),
            }
        }
        Ok(names)
    }
}

impl Fields {
    /// Those of a code object.
    fn of(object: &CodeObject) -> Fields {
        let code = &object.code;
        let text =
            |value: &Value| value.as_text().map_or_else(|| "".into(), |text| text.to_utf8_lossy().as_ref().into());
        let varnames: Vec<Rc<str>> = object.local_names().iter().map(text).collect();
        let cells = code.cell_registers.iter().filter_map(|&register| code.varnames.get(register as usize).cloned());
        Fields {
            arg_count: code.arg_count.into(),
            posonly_count: code.posonly_count.into(),
            kwonly_count: code.kwonly_count.into(),
            nlocals: varnames.len() as u32,
            flags: code.flags.0,
            code: instructions(code),
            consts: object.shown_consts(),
            names: code.names.clone(),
            varnames,
            filename: code.filename.clone(),
            name: code.name.clone(),
            qualname: code.qualname.clone(),
            first_line: code.first_line,
            linetable: locations::encode(&object.locations(), code.first_line),
            exceptiontable: locations::encode_handlers(code),
            freevars: code.freevars.clone(),
            cellvars: cells.collect(),
        }
    }

    fn set(&mut self, vm: &Vm, field: usize, who: &Who<'_>, value: &Value) -> PyResult<()> {
        match field {
            0 => self.arg_count = who.number(vm, value)?,
            1 => self.posonly_count = who.number(vm, value)?,
            2 => self.kwonly_count = who.number(vm, value)?,
            3 => self.nlocals = who.number(vm, value)?,
            // Registers are counted from the instructions.
            4 => _ = who.number(vm, value)?,
            5 => self.flags = who.number(vm, value)?,
            6 => self.code = who.bytes(vm, value)?,
            7 => self.consts = who.items(vm, value)?.to_vec(),
            8 => self.names = who.names(vm, value)?,
            9 => self.varnames = who.names(vm, value)?,
            10 => self.filename = who.text(vm, value)?,
            11 => self.name = who.text(vm, value)?,
            12 => self.qualname = who.text(vm, value)?,
            13 => self.first_line = who.number(vm, value)?,
            14 => self.linetable = who.bytes(vm, value)?,
            15 => self.exceptiontable = who.bytes(vm, value)?,
            16 => self.freevars = who.names(vm, value)?,
            _ => self.cellvars = who.names(vm, value)?,
        }
        Ok(())
    }

    /// The code object.
    fn build(mut self, vm: &Vm, source: Option<Rc<str>>) -> PyResult {
        let wrong = |what: &str| Err(vm.value_error(format!("code: {what}")));
        if self.nlocals as usize != self.varnames.len() {
            return wrong("co_nlocals != len(co_varnames)");
        }
        let flags = CodeFlags(self.flags);
        let starred = [CodeFlags::VARARGS, CodeFlags::VARKEYWORDS].iter().filter(|&&flag| flags.has(flag)).count();
        let parameters = self.arg_count as usize + self.kwonly_count as usize + starred;
        if parameters > self.varnames.len() {
            return wrong("co_varnames is too small");
        }
        if self.posonly_count > self.arg_count {
            return Err(vm.error(Exc::SystemError, "bad argument to internal function"));
        }
        let mut varnames = self.varnames;
        let mut cell_registers = Vec::new();
        for cell in self.cellvars {
            let at = match varnames[..parameters].iter().position(|name| *name == cell) {
                Some(at) => at,
                None => {
                    varnames.push(cell);
                    varnames.len() - 1
                }
            };
            cell_registers.push(at as u16);
        }
        let prefix = if self.code.len() % 8 == 2 && self.code[0] == COPY_FREE_VARS { 2 } else { 0 };
        let named = varnames.len();
        let bytes = &self.code[prefix..];
        // A program may have written over it; then it is an instruction.
        let start = usize::from(bytes.starts_with(&START));
        let table = locations::decode_handlers(&self.exceptiontable, named, start as u32, self.first_line);
        let (Some(mut decoded), Some((handlers, line_marks))) = (decode(&bytes[start * 8..], named), table) else {
            return wrong("co_code is malformed");
        };
        decoded.needed = handlers.iter().fold(decoded.needed, |needed, handler| needed.max(handler.depth as usize + 1));
        let count = decoded.instrs.len();
        let positions = locations::decode(&self.linetable, self.first_line);
        let (Ok(register_count), Some(positions)) = (u16::try_from(decoded.needed), positions) else {
            return wrong("too many variables, or co_linetable is malformed");
        };
        let positions: Vec<Position> = positions.into_iter().step_by(4).skip(start).take(count).collect();
        let constants: Vec<Constant> =
            self.consts.iter().map(|value| constant_of(value).unwrap_or(Constant::Ellipsis)).collect();
        let code = Code {
            name: self.name,
            qualname: self.qualname,
            filename: self.filename,
            first_line: self.first_line,
            flags,
            arg_count: self.arg_count as u16,
            posonly_count: self.posonly_count as u16,
            kwonly_count: self.kwonly_count as u16,
            varnames,
            cell_registers,
            freevars: self.freevars,
            names: self.names,
            consts: constants,
            attr_sites: decoded.attr_sites,
            global_sites: decoded.global_sites,
            instrs: decoded.instrs,
            handlers,
            line_marks,
            positions: table_of(&positions),
            register_count,
        };
        if let Err(problem) = verify(&code).and_then(|()| check_reads(&code)) {
            return Err(vm.value_error(format!("code: {problem}")));
        }
        intern_keywords(&code, &mut self.consts)
            .ok_or_else(|| vm.value_error("code: names of keywords are missing"))?;
        Ok(without_shown(CodeObject::from_parts(Rc::new(code), self.consts.into(), source)))
    }
}

/// The object without the constants that only programs see, if there are any.
fn without_shown(object: snakelet_vm::Ref<CodeObject>) -> Value {
    let Some(kept) = object.consts.len().checked_sub(1) else { return object.into_value() };
    let mut code = (*object.code).clone();
    let is_used = code.instrs.iter().any(|instr| {
        let is_const = |kind| matches!(kind, OperandKind::Const | OperandKind::Const32);
        instr.operands().any(|(kind, value)| is_const(kind) && value as usize == kept)
    });
    if is_used || code.flags.has(CodeFlags::HAS_DOCSTRING) && kept == 0 {
        return object.into_value();
    }
    code.consts.truncate(kept);
    let shorter = CodeObject::from_parts(Rc::new(code), object.consts[..kept].into(), object.source.clone());
    let same = shorter.shown_consts().len() == kept + 1
        && shorter.shown_consts().last().is_some_and(|last| {
            let both = (constant_of(last), object.code.consts.last());
            matches!(both, (Some(Constant::None), Some(Constant::None)))
                || matches!(both, (Some(Constant::Int(a)), Some(Constant::Int(b))) if a == *b)
        });
    if same { shorter.into_value() } else { object.into_value() }
}

fn table_of(positions: &[Position]) -> PositionTable {
    let mut builder = PositionTableBuilder::default();
    positions.iter().for_each(|&position| builder.push(position));
    builder.finish()
}

fn instructions(code: &Code) -> Vec<u8> {
    let mut bytes = Vec::with_capacity((code.instrs.len() + 1) * 8);
    bytes.extend(START);
    for instr in code.portable_instrs() {
        if let Some(opcode) = instr.unknown_opcode() {
            bytes.extend([opcode, 0, 0, 0, 0, 0, 0, 0]);
            continue;
        }
        bytes.extend([instr.op.number(), instr.flags]);
        [instr.a, instr.b, instr.c].iter().for_each(|field| bytes.extend(field.to_le_bytes()));
    }
    bytes
}

/// What `co_code` stands for.
#[derive(Default)]
struct Decoded {
    instrs: Vec<Instr>,
    attr_sites: Vec<AttrSite>,
    global_sites: Vec<GlobalSite>,
    /// How many registers the instructions name.
    needed: usize,
}

fn decode(bytes: &[u8], named: usize) -> Option<Decoded> {
    use OperandKind::{Dst, Slot, Take, Use};
    let (chunks, []) = bytes.as_chunks::<8>() else { return None };
    let mut decoded = Decoded { needed: named.max(1), ..Decoded::default() };
    for &[number, flags, a, a_high, b, b_high, c, c_high] in chunks {
        let Some(op) = Op::from_number(number.into()).filter(|&op| op != Op::Trace) else {
            decoded.instrs.push(Instr::unknown(number));
            continue;
        };
        let fields = [[a, a_high], [b, b_high], [c, c_high]].map(u16::from_le_bytes);
        let [a, b, c] = fields;
        let mut fits = true;
        let instr = Instr { op, flags, a, b, c }.map_operands(|kind, field| match kind {
            Dst | Use | Take | Slot => {
                let wide = if field & TEMPORARY == 0 { field.into() } else { named + usize::from(field & !TEMPORARY) };
                decoded.needed = decoded.needed.max(wide + 1);
                fits &= wide < usize::from(u16::MAX);
                wide as u16
            }
            OperandKind::AttrSite => {
                decoded.attr_sites.push(AttrSite { name: field.into() });
                (decoded.attr_sites.len() - 1) as u16
            }
            OperandKind::GlobalSite => {
                decoded.global_sites.push(GlobalSite { name: field.into() });
                (decoded.global_sites.len() - 1) as u16
            }
            _ => field,
        });
        fits &= decoded.attr_sites.len().max(decoded.global_sites.len()) <= usize::from(u16::MAX);
        // Runs of registers: the fields name only the first.
        decoded.needed = decoded.needed.max(snakelet_bytecode::last_register(instr) + 1);
        fits.then(|| decoded.instrs.push(instr))?;
    }
    Some(decoded)
}

/// Makes the names of keywords, which calls compare by identity, the strs that are interned. None if a call has none.
fn intern_keywords(code: &Code, consts: &mut [Value]) -> Option<()> {
    for (at, instr) in code.instrs.iter().enumerate() {
        let register = match instr.op {
            Op::CallKw => instr.b as usize + 1 + instr.c as usize,
            Op::CallMethodKw => instr.b as usize + 2 + instr.c as usize,
            _ => continue,
        };
        let load = *code.instrs.get(at.checked_sub(1)?)?;
        let is_target = code.handlers.iter().any(|handler| handler.target as usize == at)
            || code.instrs.iter().enumerate().any(|(from, instr)| {
                let is_jump = |kind| matches!(kind, OperandKind::Rel16 | OperandKind::Rel32);
                instr.operands().any(|(kind, value)| is_jump(kind) && from as i64 + 1 + i64::from(value) == at as i64)
            });
        if load.op != Op::LoadConst || load.a as usize != register || is_target {
            return None;
        }
        let names = consts.get_mut(load.wide_bc() as usize)?;
        let items = names.downcast::<Tuple>()?.items();
        if items.len() > instr.c as usize {
            return None;
        }
        let interned = items.iter().map(|item| Some(intern(&item.as_text()?.to_utf8_lossy())));
        *names = Value::from_tuple(interned.collect::<Option<Vec<Value>>>()?);
    }
    Some(())
}

/// The constant that a value can be; None for values that no literal makes.
pub fn constant_of(value: &Value) -> Option<Constant> {
    let all = |items: &[Value]| items.iter().map(constant_of).collect::<Option<Vec<Constant>>>();
    if value.is_none() {
        Some(Constant::None)
    } else if let Some(truth) = value.as_bool() {
        Some(if truth { Constant::True } else { Constant::False })
    } else if value.is(&Value::ELLIPSIS) {
        Some(Constant::Ellipsis)
    } else if let Some(number) = value.to_i64() {
        Some(Constant::Int(number))
    } else if let Some(number) = value.to_bigint() {
        Some(Constant::BigInt(number.into_owned()))
    } else if let Some(number) = value.to_float() {
        Some(Constant::Float(number))
    } else if let Some(number) = value.downcast::<Complex>() {
        Some(Constant::Complex { real: number.real, imag: number.imag })
    } else if let Some(text) = value.as_text() {
        let points: Vec<u32> = text.iter().collect();
        let whole: Option<String> = points.iter().map(|&point| char::from_u32(point)).collect();
        Some(whole.map_or(Constant::StrCodePoints(points), |text| Constant::Str(text.into())))
    } else if let (Some(_), Some(bytes)) = (value.downcast::<Bytes>(), ArgBytes::of(value)) {
        Some(Constant::Bytes(bytes.to_vec()))
    } else if let Some(tuple) = value.downcast::<Tuple>() {
        all(tuple.items()).map(Constant::Tuple)
    } else if let Some(set) = value.downcast::<FrozenSet>() {
        let items: Vec<Value> = set.table.borrow().iter().map(|entry| entry.key.clone()).collect();
        all(&items).map(Constant::FrozenSet)
    } else if let Some(slice) = value.downcast::<Slice>() {
        let parts = [constant_of(&slice.start)?, constant_of(&slice.stop)?, constant_of(&slice.step)?];
        Some(Constant::Slice(Box::new(parts)))
    } else {
        value.downcast::<CodeObject>().map(|code| Constant::Code(code.code.clone()))
    }
}

/// Whether all constants of a code object are such as literals make.
pub fn is_plain(object: &CodeObject) -> bool {
    object.consts.iter().all(|value| match value.downcast::<CodeObject>() {
        Some(inner) => is_plain(inner),
        None => constant_of(value).is_some(),
    })
}

/// `types.CodeType(...)`.
pub fn make(vm: &Vm, args: &[Value]) -> PyResult {
    let got = args.len();
    if !(16..=18).contains(&got) {
        let (bound, limit) = if got < 16 { ("least", 16) } else { ("most", 18) };
        return Err(vm.type_error(format!("code expected at {bound} {limit} arguments, got {got}")));
    }
    let empty: Rc<str> = "".into();
    let mut fields = Fields {
        arg_count: 0,
        posonly_count: 0,
        kwonly_count: 0,
        nlocals: 0,
        flags: 0,
        code: Vec::new(),
        consts: Vec::new(),
        names: Vec::new(),
        varnames: Vec::new(),
        filename: empty.clone(),
        name: empty.clone(),
        qualname: empty,
        first_line: 0,
        linetable: Vec::new(),
        exceptiontable: Vec::new(),
        freevars: Vec::new(),
        cellvars: Vec::new(),
    };
    for (field, value) in args.iter().enumerate() {
        fields.set(vm, field, &Who::Constructor(field), value)?;
    }
    fields.build(vm, None)
}

/// `code.replace(...)`.
pub fn replace(vm: &Vm, object: &CodeObject, changes: &[(Value, Value)]) -> PyResult {
    let mut fields = Fields::of(object);
    for (name, value) in changes {
        let name = name.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
        let Some(field) = FIELDS.iter().position(|field| *field == name) else {
            return Err(vm.type_error(format!("replace() got an unexpected keyword argument '{name}'")));
        };
        fields.set(vm, field, &Who::Replace(&name), value)?;
    }
    fields.build(vm, object.source.clone())
}

/// A field that is bytes.
pub async fn field(vm: VmRef, code: Value, name: &str) -> PyResult {
    let Some(object) = code.downcast::<CodeObject>() else { return Err(vm.type_error("a code object is required")) };
    let bytes = match name {
        "co_code" => instructions(&object.code),
        "co_linetable" => locations::encode(&object.locations(), object.code.first_line),
        "co_exceptiontable" => locations::encode_handlers(&object.code),
        "co_branches" => {
            let mut branches = Vec::new();
            for (at, instr) in object.code.instrs.iter().enumerate().filter(|(_, instr)| instr.op != Op::Jump) {
                let is_jump = |kind| matches!(kind, OperandKind::Rel16 | OperandKind::Rel32);
                let jump = instr.operands().find(|operand| is_jump(operand.0));
                branches.extend(jump.map(|(_, distance)| {
                    let next = at as i64 + 1;
                    let places = [at as i64, next, next + i64::from(distance)];
                    let offset = |place| Value::small_int(object.offset(place as u32) as i64);
                    Value::from_tuple(places.map(offset).to_vec())
                }));
            }
            return vm.get_iter(&Value::from_list(branches));
        }
        _ => {
            let message = "co_lnotab is deprecated, use co_lines instead.";
            snakelet_vm::errors::warn::warn(vm, Exc::DeprecationWarning, message, 1).await?;
            line_numbers(object)
        }
    };
    Ok(Bytes::new(bytes).into_value())
}

/// Pairs of bytes: by how much the offset grows, then the line.
fn line_numbers(object: &CodeObject) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut line, mut offset) = (i64::from(object.code.first_line), 0usize);
    for (at, position) in object.locations().iter().enumerate() {
        let mut difference = i64::from(position.line) - line;
        if position.line == 0 || difference == 0 {
            continue;
        }
        let mut distance = at * UNIT - offset;
        (line, offset) = (position.line.into(), at * UNIT);
        while distance > 255 {
            out.extend([255, 0]);
            distance -= 255;
        }
        while !(-128..128).contains(&difference) {
            let step = difference.clamp(-128, 127);
            out.extend([distance as u8, step as i8 as u8]);
            (distance, difference) = (0, difference - step);
        }
        out.extend([distance as u8, difference as i8 as u8]);
    }
    out
}
