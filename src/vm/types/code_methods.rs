//! Attributes and methods of code objects. Offsets count two bytes an instruction, as CPython's code units do; `co_code` itself
//! is our own encoding and of no use to programs.

use std::rc::Rc;

use snakelet_bytecode::{Code, CodeFlags, LineMark, Position};
use snakelet_macros::methods;

use crate::errors::Exc;
use crate::native::KwArgs;
use crate::object::VmCell;
use crate::object::intern::intern;
use crate::types::bytes::Bytes;
use crate::types::code::{AttrCache, CodeObject, GlobalCache, Tracing};
use crate::types::slots::CompareOp;
use crate::types::tuple::Tuple;
use crate::{Native, PyResult, Value, Vm};

fn int(n: usize) -> Value {
    Value::from_i64(n as i64)
}

/// How many of the variables are parameters.
fn parameter_count(code: &Code) -> usize {
    let starred = [CodeFlags::VARARGS, CodeFlags::VARKEYWORDS].iter().filter(|&&flag| code.flags.has(flag)).count();
    code.arg_count as usize + code.kwonly_count as usize + starred
}

/// Variables that live in registers of their own; cells only where they are parameters.
fn local_names(this: &CodeObject) -> Vec<Value> {
    let parameters = parameter_count(&this.code);
    let is_local = |at: usize| at < parameters || !this.code.cell_registers.contains(&(at as u16));
    this.varnames.iter().enumerate().filter(|(at, _)| is_local(*at)).map(|(_, name)| name.clone()).collect()
}

/// The positions of all instructions, in order.
fn positions(this: &CodeObject) -> impl Iterator<Item = Position> + '_ {
    this.code
        .positions
        .runs()
        .flat_map(|(count, position)| std::iter::repeat_n(position, count))
        .take(this.code.instrs.len())
}

fn text_field(vm: &Vm, name: &str, value: &Value) -> PyResult<Rc<str>> {
    match value.as_text() {
        Some(text) => Ok(text.to_utf8_lossy().as_ref().into()),
        None => Err(vm.type_error(format!("replace() argument '{name}' must be str, not {}", vm.type_name(value)))),
    }
}

fn number_field(vm: &Vm, value: &Value) -> PyResult<u32> {
    match value.to_i64() {
        Some(number) => u32::try_from(number).map_err(|_| vm.value_error("code: argument out of range")),
        None => {
            let got = vm.type_name(value);
            Err(vm.type_error(format!("'{got}' object cannot be interpreted as an integer")))
        }
    }
}

#[methods]
impl CodeObject {
    #[slot(repr)]
    fn repr(vm: &Vm, this: &Value) -> PyResult {
        let Some(code) = this.downcast::<CodeObject>() else { return Ok(Value::NONE) };
        let (name, file, line) = (&code.code.name, &code.code.filename, code.code.first_line);
        Ok(Value::from_str(&format!("<code object {name} at {:#x}, file \"{file}\", line {line}>", vm.id_of(this))))
    }

    #[slot(compare)]
    fn compare(_vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let both = (left.downcast::<CodeObject>(), right.downcast::<CodeObject>());
        let ((Some(a), Some(b)), CompareOp::Eq | CompareOp::Ne) = (both, op) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let same = left.is(right) || a.code.is_same(&b.code);
        Ok(Value::bool(same == (op == CompareOp::Eq)))
    }

    #[slot(hash)]
    fn hash(this: &CodeObject) -> i64 {
        let code = &this.code;
        let start = code
            .name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
        let numbers = code.instrs.iter().map(|instr| instr.op as u64 | u64::from(instr.a) << 8);
        let mixed = numbers
            .chain([code.first_line.into()])
            .fold(start, |hash, number| (hash ^ number).wrapping_mul(0x100_0000_01b3));
        (mixed & 0x7fff_ffff_ffff) as i64
    }

    /// The function's name.
    #[getter("co_name")]
    fn name(this: &CodeObject) -> Value {
        this.name.clone()
    }

    /// The qualified name.
    #[getter("co_qualname")]
    fn qualname(this: &CodeObject) -> Value {
        this.qualname.clone()
    }

    /// The file.
    #[getter("co_filename")]
    fn filename(this: &CodeObject) -> Value {
        this.filename.clone()
    }

    /// The first line.
    #[getter("co_firstlineno")]
    fn first_line(this: &CodeObject) -> usize {
        this.code.first_line as usize
    }

    /// The number of positional parameters.
    #[getter("co_argcount")]
    fn arg_count(this: &CodeObject) -> usize {
        this.code.arg_count as usize
    }

    /// The number of positional-only parameters.
    #[getter("co_posonlyargcount")]
    fn posonly_count(this: &CodeObject) -> usize {
        this.code.posonly_count as usize
    }

    /// The number of keyword-only parameters.
    #[getter("co_kwonlyargcount")]
    fn kwonly_count(this: &CodeObject) -> usize {
        this.code.kwonly_count as usize
    }

    /// The number of local variables.
    #[getter("co_nlocals")]
    fn nlocals(this: &CodeObject) -> usize {
        local_names(this).len()
    }

    /// The number of registers beside the variables.
    #[getter("co_stacksize")]
    fn stack_size(this: &CodeObject) -> usize {
        (this.code.register_count as usize - this.code.varnames.len()).max(1)
    }

    /// Bits that describe the code.
    #[getter("co_flags")]
    fn flags(this: &CodeObject) -> usize {
        this.code.flags.0 as usize
    }

    /// The bytecode: two bytes for each instruction.
    #[getter("co_code")]
    fn bytecode(this: &CodeObject) -> Value {
        let bytes: Vec<u8> = this.code.instrs.iter().flat_map(|instr| [instr.op as u8, instr.a as u8]).collect();
        Bytes::new(bytes).into_value()
    }

    /// The constants.
    #[getter("co_consts")]
    fn consts(this: &CodeObject) -> Value {
        Value::from_tuple(this.consts.to_vec())
    }

    /// The names of globals and attributes used.
    #[getter("co_names")]
    fn names(this: &CodeObject) -> Value {
        Value::from_tuple(this.names.to_vec())
    }

    /// The names of parameters and local variables.
    #[getter("co_varnames")]
    fn varnames(this: &CodeObject) -> Value {
        Value::from_tuple(local_names(this))
    }

    /// The names of free variables.
    #[getter("co_freevars")]
    fn freevars(this: &CodeObject) -> Value {
        Value::from_tuple(this.code.freevars.iter().map(|name| intern(name)).collect())
    }

    /// The names of variables that inner functions use.
    #[getter("co_cellvars")]
    fn cellvars(this: &CodeObject) -> Value {
        let names =
            this.code.cell_registers.iter().filter_map(|&register| this.varnames.get(register as usize).cloned());
        Value::from_tuple(names.collect())
    }

    /// The encoded positions.
    #[getter("co_linetable")]
    fn linetable(this: &CodeObject) -> Value {
        Bytes::new(this.code.positions.as_bytes().to_vec()).into_value()
    }

    /// The encoded exception handlers.
    #[getter("co_exceptiontable")]
    fn exceptiontable(_this: &CodeObject) -> Value {
        Bytes::new(Vec::new()).into_value()
    }

    /// For each range of instructions: start, end, line.
    #[method("co_lines(self, /)", text = none)]
    fn lines(vm: &Vm, this: &CodeObject) -> PyResult {
        let (mut start, mut at) = (0, 0);
        let mut current = None;
        let range = |start: usize, end: usize, line: u32| {
            let line = if line == 0 { Value::NONE } else { int(line as usize) };
            Value::from_tuple(vec![int(start * 2), int(end * 2), line])
        };
        // Where a call begins, before the first instruction: CPython says line 0 for modules.
        let first = if &*this.code.name == "<module>" { 0 } else { this.code.first_line };
        let mut lines = vec![Value::from_tuple(vec![int(0), int(0), int(first as usize)])];
        for position in positions(this) {
            match current {
                Some(line) if line != position.line => {
                    lines.push(range(start, at, line));
                    start = at;
                }
                _ => {}
            }
            current = Some(position.line);
            at += 1;
        }
        if let Some(line) = current {
            lines.push(range(start, at, line));
        }
        // What `f_lasti` of a tracer's `call` event says, then lines without instructions, of which tracing tells: the numbers
        // are those of `exec::trace`.
        lines.push(range(at, at + 1, this.code.first_line));
        for (index, mark) in this.code.line_marks.iter().enumerate() {
            if let LineMark::Before { line, .. } | LineMark::Through { line, .. } = *mark {
                lines.push(range(at + 1 + index, at + 2 + index, line));
            }
        }
        vm.get_iter(&Value::from_list(lines))
    }

    /// For each instruction: line, end line, column, end column.
    #[method("co_positions(self, /)", text = none)]
    fn positions(vm: &Vm, this: &CodeObject) -> PyResult {
        let all = positions(this).map(|position| {
            let parts = [position.line, position.end_line, position.column, position.end_column];
            Value::from_tuple(parts.iter().map(|&n| int(n as usize)).collect())
        });
        vm.get_iter(&Value::from_list(all.collect()))
    }

    /// The variable with this number: locals, then the other cells, then free variables.
    #[method("_varname_from_oparg(self, /, oparg)")]
    fn varname_from_oparg(vm: &Vm, this: &CodeObject, oparg: i32) -> PyResult {
        let mut names = local_names(this);
        let cells = this.code.cell_registers.iter().filter_map(|&register| this.varnames.get(register as usize));
        let free = this.code.freevars.iter().map(|name| intern(name));
        let others: Vec<Value> = cells.filter(|cell| !names.iter().any(|name| name.is(cell))).cloned().collect();
        names.extend(others.into_iter().chain(free));
        let name = usize::try_from(oparg).ok().and_then(|number| names.get(number).cloned());
        name.ok_or_else(|| vm.error(Exc::IndexError, "tuple index out of range"))
    }

    /// A copy with some fields changed.
    #[method("replace(self, /, **changes)", text = none)]
    fn replace(vm: &Vm, this: &CodeObject, changes: KwArgs<'_>) -> PyResult {
        replaced(vm, this, changes)
    }

    /// A copy with some fields changed.
    #[method("__replace__(self, /, **changes)", text = none)]
    fn replace_protocol(vm: &Vm, this: &CodeObject, changes: KwArgs<'_>) -> PyResult {
        replaced(vm, this, changes)
    }
}

/// A field that the instructions depend on: accepted if it is what it was, refused else.
fn same_as_before(vm: &Vm, field: &str, this: &CodeObject, value: &Value) -> PyResult<()> {
    let code = &this.code;
    let known = match field {
        "co_argcount" => int(code.arg_count as usize),
        "co_posonlyargcount" => int(code.posonly_count as usize),
        "co_kwonlyargcount" => int(code.kwonly_count as usize),
        "co_nlocals" => int(CodeObject::nlocals(this)),
        "co_code" => CodeObject::bytecode(this),
        "co_freevars" => CodeObject::freevars(this),
        "co_cellvars" => CodeObject::cellvars(this),
        "co_linetable" => CodeObject::linetable(this),
        "co_exceptiontable" => CodeObject::exceptiontable(this),
        "co_varnames" => CodeObject::varnames(this),
        _ => CodeObject::names(this),
    };
    if vm.eq_now(&known, value) == Some(true) {
        return Ok(());
    }
    Err(vm.value_error(format!("code.replace(): {field} belongs to the compiled instructions and can't be changed")))
}

fn replaced(vm: &Vm, this: &CodeObject, changes: KwArgs<'_>) -> PyResult {
    let mut code = (*this.code).clone();
    let mut consts = this.consts.clone();
    let (mut names, mut varnames) = (this.names.clone(), this.varnames.clone());
    for (name, value) in changes.iter() {
        let field = name.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
        match field.as_str() {
            "co_name" => code.name = text_field(vm, &field, value)?,
            "co_qualname" => code.qualname = text_field(vm, &field, value)?,
            "co_filename" => code.filename = text_field(vm, &field, value)?,
            "co_firstlineno" => code.first_line = number_field(vm, value)?,
            "co_flags" => {
                // What decides how the instructions are run stays.
                const FREE: u32 = CodeFlags::ITERABLE_COROUTINE | CodeFlags::NESTED | CodeFlags::METHOD | !0x3ff;
                let flags = number_field(vm, value)?;
                if (flags ^ code.flags.0) & !FREE != 0 {
                    return Err(
                        vm.value_error("code.replace(): these bits of co_flags belong to the compiled instructions")
                    );
                }
                code.flags = CodeFlags(flags);
            }
            "co_consts" => match value.downcast::<Tuple>().map(Tuple::items) {
                Some(items) if items.len() >= consts.len() => {
                    for (old, new) in consts.iter().zip(items) {
                        let free = |value: &Value| value.downcast::<CodeObject>().map(|code| code.code.freevars.len());
                        if free(old) != free(new)
                            || old.downcast::<Tuple>().is_some() != new.downcast::<Tuple>().is_some()
                        {
                            return Err(vm.value_error(
                                "code.replace(): code and tuples among co_consts can only be replaced by their like",
                            ));
                        }
                    }
                    consts = items.into();
                }
                Some(_) => return Err(vm.value_error("code: co_consts is too small")),
                None => return Err(vm.type_error("replace() argument 'co_consts' must be tuple")),
            },
            "co_varnames" => {
                let new = value.downcast::<Tuple>().map(Tuple::items).unwrap_or_default();
                let old = local_names(this);
                if new.len() != old.len() || code.cell_registers.len() + old.len() != varnames.len() {
                    same_as_before(vm, &field, this, value)?;
                } else {
                    for (at, name) in new.iter().enumerate() {
                        code.varnames[at] = text_field(vm, &field, name)?;
                        varnames[at] = intern(&code.varnames[at]);
                    }
                }
            }
            "co_names" => {
                let new = value.downcast::<Tuple>().map(Tuple::items).unwrap_or_default();
                if new.len() < names.len() {
                    same_as_before(vm, &field, this, value)?;
                } else {
                    for (at, name) in new.iter().take(names.len()).enumerate() {
                        code.names[at] = text_field(vm, &field, name)?;
                        names[at] = intern(&code.names[at]);
                    }
                }
            }
            // Needed room is known anyway.
            "co_stacksize" => _ = number_field(vm, value)?,
            // Instructions and variables belong together: what they are now may be given again.
            "co_argcount" | "co_posonlyargcount" | "co_kwonlyargcount" | "co_nlocals" | "co_code" | "co_freevars"
            | "co_cellvars" | "co_linetable" | "co_exceptiontable" => same_as_before(vm, &field, this, value)?,
            _ => return Err(vm.type_error(format!("replace() got an unexpected keyword argument '{field}'"))),
        }
    }
    Ok(CodeObject {
        consts,
        names,
        varnames,
        name: intern(&code.name),
        qualname: intern(&code.qualname),
        filename: intern(&code.filename),
        attr_caches: VmCell::new(AttrCache::for_sites(code.attr_sites.len())),
        global_caches: VmCell::new(vec![GlobalCache::EMPTY; code.global_sites.len()].into()),
        plain_args: this.plain_args,
        register_count: this.register_count,
        local_count: this.local_count,
        first: code.instrs.as_ptr(),
        source: this.source.clone(),
        tracing: Tracing::default(),
        code: Rc::new(code),
    }
    .into_value())
}
