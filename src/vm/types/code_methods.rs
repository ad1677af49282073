//! Attributes and methods of code objects. Offsets count [`UNIT`] bytes an instruction, as `co_code` has; at 0 stands what begins
//! every code object of CPython's, too, and does nothing: the place of a call before the first instruction. Tables of CPython's
//! that are by units of two bytes name every instruction four times.

use snakelet_bytecode::{LineMark, Op, Position};
use snakelet_macros::methods;

use crate::errors::Exc;
use crate::native::KwArgs;
use crate::object::intern::intern;
use crate::types::code::CodeObject;
use crate::types::slots::CompareOp;
use crate::{PyResult, Value, Vm, VmRef};

/// Bytes of an instruction in `co_code`.
pub const UNIT: usize = 8;

fn int(n: usize) -> Value {
    Value::from_i64(n as i64)
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
        let counts = [code.arg_count, code.posonly_count, code.kwonly_count].map(u64::from);
        let mixed = numbers
            .chain([code.first_line.into(), code.flags.0.into()])
            .chain(counts)
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
        this.local_names().len()
    }

    /// How deep the stack of values gets: there is none, registers are given to code as it needs them.
    #[getter("co_stacksize")]
    fn stack_size(_this: &CodeObject) -> usize {
        1
    }

    /// Bits that describe the code.
    #[getter("co_flags")]
    fn flags(this: &CodeObject) -> usize {
        this.code.flags.0 as usize
    }

    /// The instructions, eight bytes each.
    #[getter("co_code")]
    fn bytecode(vm: &Vm, this: &Value) -> PyResult {
        encoded(vm, this, "co_code")
    }

    /// The constants.
    #[getter("co_consts")]
    fn consts(this: &CodeObject) -> Value {
        Value::from_tuple(this.shown_consts())
    }

    /// The names of globals and attributes used.
    #[getter("co_names")]
    fn names(this: &CodeObject) -> Value {
        Value::from_tuple(this.names.to_vec())
    }

    /// The names of parameters and local variables.
    #[getter("co_varnames")]
    fn varnames(this: &CodeObject) -> Value {
        Value::from_tuple(this.local_names())
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
    fn linetable(vm: &Vm, this: &Value) -> PyResult {
        encoded(vm, this, "co_linetable")
    }

    /// The encoded exception handlers.
    #[getter("co_exceptiontable")]
    fn exceptiontable(vm: &Vm, this: &Value) -> PyResult {
        encoded(vm, this, "co_exceptiontable")
    }

    /// The same as co_code: instructions don't change while they run.
    #[getter("_co_code_adaptive")]
    fn adaptive_bytecode(vm: &Vm, this: &Value) -> PyResult {
        encoded(vm, this, "co_code")
    }

    /// The lines in an older encoding.
    #[getter("co_lnotab")]
    fn lnotab(vm: &Vm, this: &Value) -> PyResult {
        encoded(vm, this, "co_lnotab")
    }

    /// For each range of instructions: start, end, line.
    #[method("co_lines(self, /)", text = none)]
    fn lines(vm: &Vm, this: &CodeObject) -> PyResult {
        let mut lines = Vec::new();
        let mut start = 0;
        for run in this.locations().chunk_by(|a, b| a.line == b.line) {
            let line = match run[0].line {
                // Where a module begins.
                0 if start == 0 => int(0),
                0 => Value::NONE,
                line => int(line as usize),
            };
            lines.push(Value::from_tuple(vec![int(start * UNIT), int((start + run.len()) * UNIT), line]));
            start += run.len();
        }
        vm.get_iter(&Value::from_list(lines))
    }

    /// For each instruction that branches: its offset, that of the one after it, and that of the one it jumps to.
    #[method("co_branches(self, /)", text = none)]
    fn branches(vm: &Vm, this: &Value) -> PyResult {
        encoded(vm, this, "co_branches")
    }

    /// For each instruction: line, end line, column, end column.
    #[method("co_positions(self, /)", text = none)]
    fn positions(vm: &Vm, this: &CodeObject) -> PyResult {
        let all = this.locations().into_iter().flat_map(|position| {
            let has_columns = position.line != position.end_line || (position.column, position.end_column) != (0, 0);
            let part = |number: u32, known: bool| if known { int(number as usize) } else { Value::NONE };
            let has_line = position.line != 0;
            let place = Value::from_tuple(vec![
                part(position.line, has_line),
                part(position.end_line, has_line),
                part(position.column, has_line && has_columns),
                part(position.end_column, has_line && has_columns),
            ]);
            std::iter::repeat_n(place, UNIT / 2)
        });
        vm.get_iter(&Value::from_list(all.collect()))
    }

    /// The variable with this number: locals, then the other cells, then free variables.
    #[method("_varname_from_oparg(self, /, oparg)")]
    fn varname_from_oparg(vm: &Vm, this: &CodeObject, oparg: i32) -> PyResult {
        let mut names = this.local_names();
        let cells = this.code.cell_registers.iter().filter_map(|&register| this.varnames.get(register as usize));
        let free = this.code.freevars.iter().map(|name| intern(name));
        let others: Vec<Value> = cells.filter(|cell| !names.iter().any(|name| name.is(cell))).cloned().collect();
        names.extend(others.into_iter().chain(free));
        let name = usize::try_from(oparg).ok().and_then(|number| names.get(number).cloned());
        name.ok_or_else(|| vm.error(Exc::IndexError, "tuple index out of range"))
    }

    /// Return a copy of the code object with new values for the fields that are named.
    #[method("replace(self, /, **changes)")]
    fn replace(vm: &Vm, this: &Value, changes: KwArgs<'_>) -> PyResult {
        replaced(vm, this, changes)
    }

    /// The same as replace().
    #[method("__replace__(self, /, **changes)")]
    fn replace_protocol(vm: &Vm, this: &Value, changes: KwArgs<'_>) -> PyResult {
        replaced(vm, this, changes)
    }

    #[new(
        "code(*args)",
        text = "(argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize,\n     flags, codestring, constants, names, varnames, filename, name,\n     qualname, firstlineno, linetable, exceptiontable, freevars=(),\n     cellvars=(), /)"
    )]
    fn new(vm: &Vm, _cls: &Value, args: &[Value]) -> PyResult {
        Err(vm.defer(by_marshal(vm.handle(), "_make_code", args.to_vec(), Vec::new())))
    }
}

impl CodeObject {
    /// The names of variables that live in registers of their own; of cells only those of parameters.
    pub fn local_names(&self) -> Vec<Value> {
        self.varnames
            .iter()
            .enumerate()
            .filter(|(at, _)| self.code.is_local(*at))
            .map(|(_, name)| name.clone())
            .collect()
    }

    /// The constants as programs see them: with the None that CPython keeps among them, where instructions of ours say it all.
    pub fn shown_consts(&self) -> Vec<Value> {
        let mut consts = self.consts.to_vec();
        let none = |op| matches!(op, Op::LoadNone | Op::ReturnNone);
        let number = self.code.instrs.iter().find(|instr| instr.op == Op::LoadInt || none(instr.op));
        match number {
            // The first constant that is met stays.
            Some(instr) if consts.is_empty() && instr.op == Op::LoadInt => {
                consts.push(Value::small_int(instr.wide_bc().into()));
            }
            _ => {}
        }
        let is_needed = consts.is_empty() || self.code.instrs.iter().any(|instr| none(instr.op));
        if is_needed && !consts.iter().any(Value::is_none) {
            consts.push(Value::NONE);
        }
        consts
    }

    /// The offset that an instruction is shown with. Their number stands for the place of a call; after it come lines without
    /// instructions, of which tracing tells.
    pub fn offset(&self, at: u32) -> usize {
        let (at, count) = (at as usize, self.code.instrs.len());
        match at.cmp(&count) {
            std::cmp::Ordering::Less => (at + 1) * UNIT,
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Greater => at * UNIT,
        }
    }

    /// The positions of all offsets: of a call, of the instructions, then of lines that have none, as far as they are known.
    pub fn locations(&self) -> Vec<Position> {
        let count = self.code.instrs.len();
        let line_only = |line| Position { line, end_line: line, ..Position::default() };
        let runs = self.code.positions.runs().flat_map(|(count, position)| std::iter::repeat_n(position, count));
        // That of a module has no line in CPython.
        let first_line = if &*self.code.name == "<module>" { 0 } else { self.code.first_line };
        let mut found: Vec<Position> = std::iter::once(line_only(first_line)).chain(runs.take(count)).collect();
        if found.len() == 1 {
            found.clear();
        }
        if found.len() <= count {
            return found;
        }
        let lines = self.code.line_marks.iter().map(|mark| match *mark {
            LineMark::Before { line, .. } | LineMark::Through { line, .. } => line,
            LineMark::NoLine { .. } => 0,
        });
        let mut last = found[count].line;
        let mut marked = Vec::new();
        let mut needed = 0;
        for line in lines {
            if line != 0 && found.iter().chain(&marked).all(|position| position.line != line) {
                last = line;
                needed = marked.len() + 1;
            }
            marked.push(line_only(last));
        }
        found.extend(marked.into_iter().take(needed));
        found
    }
}

fn replaced(vm: &Vm, this: &Value, changes: KwArgs<'_>) -> PyResult {
    let (names, mut args): (Vec<Value>, Vec<Value>) =
        changes.iter().map(|(name, value)| (name.clone(), value.clone())).unzip();
    args.insert(0, this.clone());
    Err(vm.defer(by_marshal(vm.handle(), "_replace_code", args, names)))
}

/// A field that is bytes.
fn encoded(vm: &Vm, this: &Value, field: &str) -> PyResult {
    let args = vec![this.clone(), Value::from_str(field)];
    Err(vm.defer(by_marshal(vm.handle(), "_code_field", args, Vec::new())))
}

/// Few programs put code together or look at its bytes: all that is in module `marshal`.
async fn by_marshal(vm: VmRef, function: &'static str, args: Vec<Value>, names: Vec<Value>) -> PyResult {
    let module = crate::import::import_module(&vm, "marshal").await?;
    let function = vm.attr(&module, function).await?;
    vm.call_kw(&function, args, names).await
}
