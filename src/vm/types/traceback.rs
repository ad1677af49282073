//! Traceback objects.

use snakelet_bytecode::Position;
use snakelet_macros::{methods, native_type};

use crate::native::Args;
use crate::object::VmCell;
use crate::types::code::CodeObject;
use crate::types::code_methods::UNIT;
use crate::types::exception::BaseException;
use crate::types::frame::FrameObject;
use crate::{Native, PyResult, Value, Vm};

/// The payload of tracebacks: one entry of the chain.
#[native_type(name = "traceback", doc = "One entry of an exception's traceback.")]
pub struct Traceback {
    /// The next entry, towards where the exception was raised; None at the end.
    pub next: VmCell<Value>,
    /// A frame object.
    pub frame: Value,
    /// Index of the instruction.
    pub instruction: u32,
    /// Offset and line that a program gave.
    pub given: Option<Box<(i32, i32)>>,
}

impl Traceback {
    /// Instead of an instruction: before the first one, which shows as the line of `def`.
    pub const NOT_STARTED: u32 = u32::MAX;

    /// Where the instruction comes from.
    pub fn position(&self, code: &CodeObject) -> Position {
        if self.instruction == Traceback::NOT_STARTED {
            let line = code.code.first_line;
            return Position { line, end_line: line, ..Position::default() };
        }
        code.code.positions.get(self.instruction as usize).unwrap_or_default()
    }

    /// The line of the instruction, from 1.
    pub fn line(&self) -> u32 {
        if let Some(given) = &self.given {
            return given.1.max(0) as u32;
        }
        let code = self.frame.downcast::<FrameObject>().map(|frame| frame.function.code.get());
        code.map_or(0, |code| self.position(&code).line)
    }
}

/// Leaves out of an exception's traceback what comes before the first entry of this code, if there is one.
pub fn start_at(exception: &Value, code: &CodeObject) {
    let Some(payload) = exception.downcast::<BaseException>() else { return };
    let mut entry = payload.traceback.get();
    while let Some(traceback) = entry.clone().downcast::<Traceback>() {
        let frame = traceback.frame.downcast::<FrameObject>();
        if frame.is_some_and(|frame| std::ptr::eq(&*frame.function.code.get(), code)) {
            return payload.traceback.set(entry);
        }
        entry = traceback.next.get();
    }
}

#[methods]
impl Traceback {
    #[slot(new)]
    fn new(vm: &Vm, _cls: &Value, args: Args<'_>) -> PyResult {
        let [next, frame, instruction, line] = args.values else {
            return Err(
                vm.type_error(format!("TracebackType() takes exactly 4 arguments ({} given)", args.values.len()))
            );
        };
        if !next.is_none() && next.downcast::<Traceback>().is_none() {
            let got = vm.type_name(next);
            return Err(vm.type_error(format!("expected traceback object or None, got '{got}'")));
        }
        if frame.downcast::<FrameObject>().is_none() {
            let got = vm.type_name(frame);
            return Err(vm.type_error(format!("TracebackType() argument 'tb_frame' must be frame, not {got}")));
        }
        let number = |value: &Value| match value.to_i64().map(i32::try_from) {
            Some(Ok(number)) => Ok(number),
            Some(Err(_)) => Err(vm.overflow_error("Python int too large to convert to C int")),
            None => {
                let got = vm.type_name(value);
                Err(vm.type_error(format!("'{got}' object cannot be interpreted as an integer")))
            }
        };
        let (offset, line) = (number(instruction)?, number(line)?);
        let index = usize::try_from(offset).unwrap_or(0) / UNIT;
        let instruction = index.checked_sub(1).map_or(Traceback::NOT_STARTED, |index| index as u32);
        let given = Some(Box::new((offset, line)));
        Ok(Traceback { next: VmCell::new(next.clone()), frame: frame.clone(), instruction, given }.into_value())
    }

    /// Lists the attributes.
    #[method("__dir__(self, /)", text = none)]
    fn dir(_this: &Traceback) -> Value {
        let names = ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"];
        Value::from_list(names.map(Value::from_str).to_vec())
    }

    /// The next entry, or None.
    #[getter("tb_next")]
    fn get_next(this: &Traceback) -> Value {
        this.next.get()
    }

    #[setter("tb_next")]
    fn set_next(vm: &Vm, this: &Value, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.type_error("can't delete tb_next attribute")) };
        if !value.is_none() && value.downcast::<Traceback>().is_none() {
            let got = vm.type_name(value);
            return Err(vm.type_error(format!("expected traceback object, got '{got}'")));
        }
        let mut link = value.clone();
        while let Some(entry) = link.clone().downcast::<Traceback>() {
            if link.is(this) {
                return Err(vm.value_error("traceback loop detected"));
            }
            link = entry.next.get();
        }
        if let Some(entry) = this.downcast::<Traceback>() {
            entry.next.set(value.clone());
        }
        Ok(())
    }

    /// The frame.
    #[getter("tb_frame")]
    fn frame(this: &Traceback) -> Value {
        this.frame.clone()
    }

    /// The line.
    #[getter("tb_lineno")]
    fn lineno(this: &Traceback) -> Option<i64> {
        match &this.given {
            Some(given) => Some(given.1.into()),
            None => Some(this.line().into()).filter(|&line| line != 0),
        }
    }

    /// The instruction's offset.
    #[getter("tb_lasti")]
    fn lasti(this: &Traceback) -> i64 {
        match &this.given {
            Some(given) => given.0.into(),
            None if this.instruction == Traceback::NOT_STARTED => 0,
            None => {
                let code = this.frame.downcast::<FrameObject>().map(|frame| frame.function.code.get());
                code.map_or(0, |code| code.offset(this.instruction) as i64)
            }
        }
    }
}
