//! `_opcode`: our instruction set, as modules `opcode` and `dis` (both our own, since the machine has registers) show it.

use snakelet_bytecode::{Op, OperandKind, operands_text};
use snakelet_macros::native_module;
use snakelet_vm::native::ModuleDef;
use snakelet_vm::types::code::CodeObject;
use snakelet_vm::{PyResult, Raised, Value, Vm};

/// The module's declaration.
pub const MODULE: ModuleDef = Opcode::MODULE;

/// Declares module `_opcode`.
pub struct Opcode;

/// Whether instructions with this number have an operand of one of these kinds.
fn has(opcode: i64, kinds: &[OperandKind]) -> bool {
    op_of(opcode).is_some_and(|op| op.operands().iter().any(|kind| kinds.contains(kind)))
}

/// The instruction with a number as programs see them.
fn op_of(opcode: i64) -> Option<Op> {
    usize::try_from(opcode).ok().and_then(Op::from_number)
}

fn no_stack(vm: &Vm) -> Raised {
    vm.value_error("instructions have no stack effect: the machine has registers")
}

#[native_module("_opcode")]
impl Opcode {
    /// Whether instructions turn into others that suit the values they meet, as CPython's do.
    #[constant("ENABLE_SPECIALIZATION")]
    const SPECIALIZES: bool = false;

    /// The same for a build without a global lock.
    #[constant("ENABLE_SPECIALIZATION_FT")]
    const SPECIALIZES_WITHOUT_LOCK: bool = false;

    /// The names of all instructions at the place of their numbers, and names in angle brackets for the numbers of none.
    #[function("names()")]
    fn names() -> Value {
        let name = |number| match Op::from_number(number) {
            Some(op) => Value::from_str(op.name()),
            None => Value::from_str(&format!("<{number}>")),
        };
        Value::from_list((0..256).map(name).collect())
    }

    /// The instructions of a code object: number, operands as text, operands as numbers, and where it jumps to or None.
    #[function("instructions(code, /)")]
    fn instructions(vm: &Vm, code: &CodeObject) -> PyResult {
        let code = &code.code;
        let mut found = vm.vec_with_capacity(code.instrs.len())?;
        for (index, instr) in code.instrs.iter().enumerate() {
            let mut target = Value::NONE;
            let mut numbers = Vec::new();
            for (kind, value) in instr.operands() {
                numbers.push(Value::small_int(value.into()));
                if matches!(kind, OperandKind::Rel16 | OperandKind::Rel32) {
                    target = Value::small_int(index as i64 + 1 + i64::from(value));
                }
            }
            found.push(Value::from_tuple(vec![
                Value::small_int(instr.op.number().into()),
                Value::from_str(&operands_text(code, index)),
                Value::from_tuple(numbers),
                target,
            ]));
        }
        Ok(Value::from_list(found))
    }

    /// The handlers of a code object: start, end, target, depth.
    #[function("handlers(code, /)")]
    fn handlers(code: &CodeObject) -> Value {
        let handler = |handler: &snakelet_bytecode::Handler| {
            let numbers = [handler.start as i64, handler.end as i64, handler.target as i64, handler.depth as i64];
            Value::from_tuple(numbers.map(Value::small_int).to_vec())
        };
        Value::from_list(code.code.handlers.iter().map(handler).collect())
    }

    /// Compute the stack effect of the opcode.
    #[function("stack_effect(opcode, oparg=None, /, *, jump=None)")]
    fn stack_effect(vm: &Vm, opcode: &Value, oparg: &Value, jump: &Value) -> PyResult {
        let _ = (opcode, oparg, jump);
        Err(no_stack(vm))
    }

    /// Return True if the opcode is valid, False otherwise.
    #[function("is_valid(opcode)")]
    fn is_valid(opcode: i64) -> bool {
        op_of(opcode).is_some()
    }

    /// Return True if the opcode uses its oparg, False otherwise.
    #[function("has_arg(opcode)")]
    fn has_arg(opcode: i64) -> bool {
        op_of(opcode).is_some_and(|op| !op.operands().is_empty())
    }

    /// Return True if the opcode accesses a constant, False otherwise.
    #[function("has_const(opcode)")]
    fn has_const(opcode: i64) -> bool {
        has(opcode, &[OperandKind::Const, OperandKind::Const32])
    }

    /// Return True if the opcode accesses an attribute by name, False otherwise.
    #[function("has_name(opcode)")]
    fn has_name(opcode: i64) -> bool {
        has(opcode, &[OperandKind::Name, OperandKind::AttrSite, OperandKind::GlobalSite])
    }

    /// Return True if the opcode has a jump target, False otherwise.
    #[function("has_jump(opcode)")]
    fn has_jump(opcode: i64) -> bool {
        has(opcode, &[OperandKind::Rel16, OperandKind::Rel32])
    }

    /// Return True if the opcode accesses a free variable, False otherwise.
    #[function("has_free(opcode)")]
    fn has_free(opcode: i64) -> bool {
        has(opcode, &[OperandKind::Free])
    }

    /// Return True if the opcode accesses a local variable, False otherwise.
    #[function("has_local(opcode)")]
    fn has_local(opcode: i64) -> bool {
        has(opcode, &[OperandKind::Dst, OperandKind::Use, OperandKind::Take, OperandKind::Slot])
    }

    /// Return True if the opcode sets an exception handler, False otherwise.
    #[function("has_exc(opcode)")]
    fn has_exc(opcode: i64) -> bool {
        let _ = opcode;
        false
    }
}
