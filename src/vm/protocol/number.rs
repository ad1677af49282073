//! Arithmetic: unary, binary and in-place operators, and conversion to ints and floats.
//!
//! [`Vm::binary`] first looks whether both operands are exact numbers, which need no slots; [`Vm::operate`] is the general way:
//! it tries the operands' slots in the order that the reference manual gives ("emulating numeric types"), each of which may
//! answer NotImplemented. A slot that calls Python code defers, and the remaining candidates wait behind it.

use num_traits::ToPrimitive;

use crate::types::slots::{BinarySlot, Slots, TernarySlot, UnarySlot};
use crate::types::typeobject::TypeFlags;
use crate::types::{float, int_arithmetic};
use crate::{PyResult, Raised, Value, Vm};

/// The binary operators, and `divmod`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    MatMul,
    TrueDiv,
    FloorDiv,
    Mod,
    DivMod,
    Pow,
    LShift,
    RShift,
    And,
    Or,
    Xor,
}

const SYMBOLS: [&str; 14] = ["+", "-", "*", "@", "/", "//", "%", "divmod()", "** or pow()", "<<", ">>", "&", "|", "^"];
const INPLACE_SYMBOLS: [&str; 14] =
    ["+=", "-=", "*=", "@=", "/=", "//=", "%=", "divmod()", "**=", "<<=", ">>=", "&=", "|=", "^="];

impl BinaryOp {
    /// The operator as error messages show it: `+`, `** or pow()`, `divmod()`.
    pub fn symbol(self) -> &'static str {
        SYMBOLS[self as usize]
    }

    /// `+=` and so on.
    pub fn inplace_symbol(self) -> &'static str {
        INPLACE_SYMBOLS[self as usize]
    }

    /// The operator's slot.
    pub fn slot(self, slots: &Slots) -> Option<OperatorSlot> {
        let slot = match self {
            BinaryOp::Add => slots.add,
            BinaryOp::Sub => slots.sub,
            BinaryOp::Mul => slots.mul,
            BinaryOp::MatMul => slots.matmul,
            BinaryOp::TrueDiv => slots.truediv,
            BinaryOp::FloorDiv => slots.floordiv,
            BinaryOp::Mod => slots.mod_,
            BinaryOp::DivMod => slots.divmod,
            BinaryOp::Pow => return slots.pow.map(OperatorSlot::Ternary),
            BinaryOp::LShift => slots.lshift,
            BinaryOp::RShift => slots.rshift,
            BinaryOp::And => slots.and,
            BinaryOp::Or => slots.or,
            BinaryOp::Xor => slots.xor,
        };
        slot.map(OperatorSlot::Binary)
    }

    /// The in-place operator's slot.
    pub fn inplace_slot(self, slots: &Slots) -> Option<BinarySlot> {
        match self {
            BinaryOp::Add => slots.iadd,
            BinaryOp::Sub => slots.isub,
            BinaryOp::Mul => slots.imul,
            BinaryOp::MatMul => slots.imatmul,
            BinaryOp::TrueDiv => slots.itruediv,
            BinaryOp::FloorDiv => slots.ifloordiv,
            BinaryOp::Mod => slots.imod,
            BinaryOp::DivMod => None,
            BinaryOp::Pow => slots.ipow,
            BinaryOp::LShift => slots.ilshift,
            BinaryOp::RShift => slots.irshift,
            BinaryOp::And => slots.iand,
            BinaryOp::Or => slots.ior,
            BinaryOp::Xor => slots.ixor,
        }
    }
}

/// A slot of a binary operator; that of `**` takes a modulus as well.
#[derive(Clone, Copy)]
pub enum OperatorSlot {
    Binary(BinarySlot),
    Ternary(TernarySlot),
}

impl OperatorSlot {
    fn is(self, other: OperatorSlot) -> bool {
        match (self, other) {
            (OperatorSlot::Binary(a), OperatorSlot::Binary(b)) => a as usize == b as usize,
            (OperatorSlot::Ternary(a), OperatorSlot::Ternary(b)) => a as usize == b as usize,
            _ => false,
        }
    }

    fn invoke(self, vm: &Vm, left: &Value, right: &Value, modulus: &Value) -> PyResult {
        match self {
            OperatorSlot::Binary(slot) => slot(vm, left, right),
            OperatorSlot::Ternary(slot) => slot(vm, left, right, modulus),
        }
    }
}

/// An operation whose candidates are being tried.
struct Operation {
    op: BinaryOp,
    inplace: bool,
    /// The third argument of `pow`, or None.
    modulus: Value,
    /// Slots that may answer NotImplemented, in order.
    candidates: [Option<OperatorSlot>; 4],
    next: usize,
}

impl Vm {
    /// `left op right`. May defer.
    pub fn binary(&self, op: BinaryOp, left: &Value, right: &Value) -> PyResult {
        if let Some(result) = self.arithmetic_now(op, left, right) {
            return result;
        }
        self.operate(op, left, right, Value::NONE, false)
    }

    /// `left op= right`: the new value of the left side. May defer.
    pub fn inplace(&self, op: BinaryOp, left: &Value, right: &Value) -> PyResult {
        match self.arithmetic_now(op, left, right) {
            Some(result) => result,
            None => self.operate(op, left, right, Value::NONE, true),
        }
    }

    /// `pow(base, exp, modulus)`, modulus possibly None. May defer.
    pub fn power(&self, base: &Value, exp: &Value, modulus: &Value) -> PyResult {
        if modulus.is_none() {
            return self.binary(BinaryOp::Pow, base, exp);
        }
        self.operate(BinaryOp::Pow, base, exp, modulus.clone(), false)
    }

    /// Operations on exact ints and floats.
    #[inline]
    fn arithmetic_now(&self, op: BinaryOp, left: &Value, right: &Value) -> Option<PyResult> {
        if left.is_float() || right.is_float() {
            let (x, y) = (float::exact_real(left)?, float::exact_real(right)?);
            return float::arithmetic(self, op, x, y);
        }
        int_arithmetic::exact(self, op, left, right)
    }

    /// The operation by the operands' slots. May defer.
    #[inline(never)]
    fn operate(&self, op: BinaryOp, left: &Value, right: &Value, modulus: Value, inplace: bool) -> PyResult {
        let (left_type, right_type) = (self.type_of(left), self.type_of(right));
        let (left_slots, right_slots) = (left_type.slots(), right_type.slots());
        let first = if inplace { op.inplace_slot(left_slots).map(OperatorSlot::Binary) } else { None };
        let mine = op.slot(left_slots);
        let theirs = if std::ptr::eq(left_type, right_type) {
            None
        } else {
            op.slot(right_slots).filter(|theirs| mine.is_none_or(|mine| !mine.is(*theirs)))
        };
        let reflected_first = mine.is_some() && theirs.is_some() && right_type.is_subtype(left_type);
        let third = if modulus.is_none() {
            None
        } else {
            let slot = op.slot(self.type_of(&modulus).slots());
            slot.filter(|slot| [mine, theirs].iter().flatten().all(|other| !slot.is(*other)))
        };
        let pair = if reflected_first { [theirs, mine] } else { [mine, theirs] };
        let candidates = [first, pair[0], pair[1], third];
        self.try_candidates(Operation { op, inplace, modulus, candidates, next: 0 }, left, right)
    }

    fn try_candidates(&self, mut operation: Operation, left: &Value, right: &Value) -> PyResult {
        while let Some(candidate) = operation.candidates.get(operation.next) {
            operation.next += 1;
            let Some(slot) = candidate else { continue };
            match slot.invoke(self, left, right, &operation.modulus) {
                Ok(value) if value.is_not_implemented() => {}
                Err(raised) if self.is_deferred() => {
                    let (left, right) = (left.clone(), right.clone());
                    return self.and_then(Err(raised), move |vm, value| {
                        if value.is_not_implemented() { vm.try_candidates(operation, &left, &right) } else { Ok(value) }
                    });
                }
                result => return result,
            }
        }
        self.operate_on_sequences(&operation, left, right)
    }

    /// Concatenation and repetition, which come after all number slots.
    fn operate_on_sequences(&self, operation: &Operation, left: &Value, right: &Value) -> PyResult {
        let slots = self.type_of(left).slots();
        match operation.op {
            BinaryOp::Add => {
                let inplace = if operation.inplace { slots.inplace_concat } else { None };
                if let Some(slot) = inplace.or(slots.concat) {
                    return slot(self, left, right);
                }
            }
            BinaryOp::Mul => {
                let inplace = if operation.inplace { slots.inplace_repeat } else { None };
                if let Some(slot) = inplace.or(slots.repeat) {
                    return self.repeat_sequence(slot, left, right);
                }
                if let Some(slot) = self.type_of(right).slots().repeat {
                    return self.repeat_sequence(slot, right, left);
                }
            }
            _ => {}
        }
        Err(self.unsupported_operands(operation, left, right))
    }

    fn repeat_sequence(&self, slot: BinarySlot, sequence: &Value, count: &Value) -> PyResult {
        if count.is_small_int() {
            return slot(self, sequence, count);
        }
        if !count.is_int() && self.type_of(count).slots().index.is_none() {
            let name = self.type_name(count);
            return Err(self.type_error(format!("can't multiply sequence by non-int of type '{name}'")));
        }
        if let Some(count) = self.index_now(count) {
            return slot(self, sequence, &Value::from_i64(self.index_sized(&count?)? as i64));
        }
        let (vm, sequence, count) = (self.handle(), sequence.clone(), count.clone());
        Err(self.defer(async move {
            let count = vm.to_index_isize(&count).await?;
            slot(&vm, &sequence, &Value::from_i64(count as i64))
        }))
    }

    #[cold]
    fn unsupported_operands(&self, operation: &Operation, left: &Value, right: &Value) -> Raised {
        let op = operation.op;
        let symbol = if operation.inplace { op.inplace_symbol() } else { op.symbol() };
        let (l, r) = (self.type_name(left), self.type_name(right));
        if !operation.modulus.is_none() {
            let third = self.type_name(&operation.modulus);
            return self.type_error(format!("unsupported operand type(s) for {symbol}: '{l}', '{r}', '{third}'"));
        }
        self.type_error(format!("unsupported operand type(s) for {symbol}: '{l}' and '{r}'"))
    }

    // ---- unary operators

    /// `-value`. May defer.
    pub fn negative(&self, value: &Value) -> PyResult {
        self.unary(self.type_of(value).slots().neg, value, "unary -")
    }

    /// `+value`. May defer.
    pub fn positive(&self, value: &Value) -> PyResult {
        if value.is_small_int() || value.is_float() {
            return Ok(value.clone());
        }
        self.unary(self.type_of(value).slots().pos, value, "unary +")
    }

    /// `~value`. May defer.
    pub fn invert(&self, value: &Value) -> PyResult {
        if let Some(n) = value.as_small_int() {
            return Ok(Value::small_int(!n));
        }
        self.unary(self.type_of(value).slots().invert, value, "unary ~")
    }

    /// `abs(value)`. May defer.
    pub fn absolute(&self, value: &Value) -> PyResult {
        self.unary(self.type_of(value).slots().abs, value, "abs()")
    }

    fn unary(&self, slot: Option<UnarySlot>, value: &Value, what: &str) -> PyResult {
        match slot {
            Some(slot) => slot(self, value),
            None => {
                let name = self.type_name(value);
                Err(self.type_error(format!("bad operand type for {what}: '{name}'")))
            }
        }
    }

    // ---- conversions

    /// The value as an exact int by `__index__`; `None` if that is Python code.
    pub fn index_now(&self, value: &Value) -> Option<PyResult> {
        if value.is_small_int() {
            return Some(Ok(value.clone()));
        }
        if value.is_int() {
            return Some(Ok(int_arithmetic::exact_int(value)));
        }
        let ty = self.type_of(value);
        let Some(slot) = ty.slots().index else {
            let name = self.type_name(value);
            return Some(Err(self.type_error(format!("'{name}' object cannot be interpreted as an integer"))));
        };
        if ty.has_flag(TypeFlags::HEAP) {
            return None;
        }
        match slot(self, value) {
            // Not begun yet: it can be done again.
            Err(_) if self.take_deferral().is_some() => None,
            result => Some(result.and_then(|index| self.checked_index(index))),
        }
    }

    /// The value as an exact int by `__index__` (async).
    pub async fn index(&self, value: &Value) -> PyResult {
        if let Some(result) = self.index_now(value) {
            return result;
        }
        let Some(slot) = self.type_of(value).slots().index else { return Ok(Value::NONE) };
        let result = slot(self, value);
        let index = self.settle(result).await?;
        self.checked_index(index)
    }

    fn checked_index(&self, index: Value) -> PyResult {
        if index.is_int() {
            return Ok(int_arithmetic::exact_int(&index));
        }
        let name = self.type_name(&index);
        Err(self.type_error(format!("__index__ returned non-int (type {name})")))
    }

    /// The value as an index, or OverflowError (async).
    pub async fn to_index_isize(&self, value: &Value) -> PyResult<isize> {
        let index = self.index(value).await?;
        self.index_sized(&index)
    }

    /// An int that must fit an index, or OverflowError.
    pub fn index_sized(&self, index: &Value) -> PyResult<isize> {
        match index.to_i64().and_then(|n| n.to_isize()) {
            Some(n) => Ok(n),
            None => Err(self.overflow_error("cannot fit 'int' into an index-sized integer")),
        }
    }

    /// The value as a float, by `__float__` or `__index__`; `None` if that is Python code.
    pub fn float_now(&self, value: &Value) -> Option<PyResult<f64>> {
        if let Some(x) = value.to_float() {
            return Some(Ok(x));
        }
        if value.is_int() {
            return Some(float::from_int(self, value));
        }
        let slots = self.type_of(value).slots();
        if slots.float.is_some() || slots.index.is_some() {
            return None;
        }
        let name = self.type_name(value);
        Some(Err(self.type_error(format!("must be real number, not {name}"))))
    }

    /// The value as a float, by `__float__` or `__index__` (async).
    pub async fn float(&self, value: &Value) -> PyResult<f64> {
        if let Some(result) = self.float_now(value) {
            return result;
        }
        let Some(slot) = self.type_of(value).slots().float else {
            let index = self.index(value).await?;
            return float::from_int(self, &index);
        };
        let result = slot(self, value);
        let result = self.settle(result).await?;
        match result.to_float() {
            Some(x) => Ok(x),
            None => {
                let (class, other) = (self.type_name(value), self.type_name(&result));
                Err(self.type_error(format!("{class}.__float__ returned non-float (type {other})")))
            }
        }
    }
}
