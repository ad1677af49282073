//! Type slots: the native functions behind the special methods.
//!
//! A builtin type fills its slots by `#[slot(name)]`; a Python class that defines `__add__` gets the slot's function from
//! [`super::python_slots`], which calls the method. Natives and the loop only ever look at slots. A slot function may finish
//! at once or `Err(vm.defer(...))`: callers in plain code pass that on in tail position, async code awaits `vm.settle(result)`.
//!
//! Binary operators are called with (left, right) where either may be of the slot's type, and answer NotImplemented for
//! operands they don't know, as CPython's number slots do.

use crate::native::Args;
use crate::{PyResult, Value, Vm};

/// `repr`, `str`, `len`, `neg`, ...
pub type UnarySlot = fn(&Vm, &Value) -> PyResult;
/// Operators, `getitem`, `contains` (answers a bool), `getattr` (object, interned name).
pub type BinarySlot = fn(&Vm, &Value, &Value) -> PyResult;
/// `pow` (base, exponent, modulus or None).
pub type TernarySlot = fn(&Vm, &Value, &Value, &Value) -> PyResult;
/// `setitem` and `setattr`: object, key or interned name, value (`None`: delete). `descr_set`: descriptor, instance, value.
pub type AssignSlot = fn(&Vm, &Value, &Value, Option<&Value>) -> PyResult;
/// Rich comparison.
pub type CompareSlot = fn(&Vm, &Value, &Value, CompareOp) -> PyResult;
/// `descr_get`: descriptor, instance (`None`: accessed through the class), owner class.
pub type DescrGetSlot = fn(&Vm, &Value, Option<&Value>, &Value) -> PyResult;
/// `call` (callee, arguments), `new` (class, arguments without it), `init` (instance, arguments without it).
pub type CallSlot = fn(&Vm, &Value, Args<'_>) -> PyResult;

/// The six comparisons.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum CompareOp {
    Lt,
    Le,
    Eq,
    Ne,
    Gt,
    Ge,
}

impl CompareOp {
    /// The operator with its operands exchanged.
    pub fn reflected(self) -> CompareOp {
        match self {
            CompareOp::Lt => CompareOp::Gt,
            CompareOp::Le => CompareOp::Ge,
            CompareOp::Gt => CompareOp::Lt,
            CompareOp::Ge => CompareOp::Le,
            other => other,
        }
    }

    /// Whether an ordering satisfies the operator.
    pub fn matches(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            CompareOp::Lt => ordering.is_lt(),
            CompareOp::Le => ordering.is_le(),
            CompareOp::Eq => ordering.is_eq(),
            CompareOp::Ne => ordering.is_ne(),
            CompareOp::Gt => ordering.is_gt(),
            CompareOp::Ge => ordering.is_ge(),
        }
    }

    /// `<`, `<=`, ...
    pub fn symbol(self) -> &'static str {
        ["<", "<=", "==", "!=", ">", ">="][self as usize]
    }

    /// `__lt__`, ...
    pub fn method(self) -> &'static str {
        ["__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"][self as usize]
    }
}

macro_rules! slots {
    ($($(#[doc = $doc:literal])* $name:ident: $ty:ty,)*) => {
        /// The slots of a type; `None` where neither it nor a base has the method.
        #[derive(Clone, Copy, Default)]
        pub struct Slots {
            $($(#[doc = $doc])* pub $name: Option<$ty>,)*
        }

        impl Slots {
            /// Fills every slot that is empty here from `base`.
            pub fn inherit(&mut self, base: &Slots) {
                $(if self.$name.is_none() { self.$name = base.$name; })*
            }
        }
    };
}

slots! {
    repr: UnarySlot,
    str: UnarySlot,
    /// Answers an int.
    hash: UnarySlot,
    call: CallSlot,
    new: CallSlot,
    /// Answers None.
    init: CallSlot,
    /// `__getattribute__` (with the `__getattr__` fallback for Python classes).
    getattr: BinarySlot,
    setattr: AssignSlot,
    compare: CompareSlot,
    iter: UnarySlot,
    /// Answers `Value::UNBOUND` at the end instead of raising StopIteration.
    next: UnarySlot,
    descr_get: DescrGetSlot,
    descr_set: AssignSlot,
    /// `__del__`; called by the interpreter from the finaliser queue.
    del: UnarySlot,
    /// `__await__`.
    await_: UnarySlot,
    aiter: UnarySlot,
    anext: UnarySlot,

    /// Answers a bool.
    bool: UnarySlot,
    /// Answers an int.
    len: UnarySlot,
    getitem: BinarySlot,
    setitem: AssignSlot,
    contains: BinarySlot,
    /// Sequence `+`, tried after the number slots.
    concat: BinarySlot,
    /// Sequence `*` (sequence, count).
    repeat: BinarySlot,
    inplace_concat: BinarySlot,
    inplace_repeat: BinarySlot,

    add: BinarySlot,
    sub: BinarySlot,
    mul: BinarySlot,
    matmul: BinarySlot,
    truediv: BinarySlot,
    floordiv: BinarySlot,
    mod_: BinarySlot,
    divmod: BinarySlot,
    pow: TernarySlot,
    lshift: BinarySlot,
    rshift: BinarySlot,
    and: BinarySlot,
    or: BinarySlot,
    xor: BinarySlot,
    iadd: BinarySlot,
    isub: BinarySlot,
    imul: BinarySlot,
    imatmul: BinarySlot,
    itruediv: BinarySlot,
    ifloordiv: BinarySlot,
    imod: BinarySlot,
    ipow: BinarySlot,
    ilshift: BinarySlot,
    irshift: BinarySlot,
    iand: BinarySlot,
    ior: BinarySlot,
    ixor: BinarySlot,
    neg: UnarySlot,
    pos: UnarySlot,
    abs: UnarySlot,
    invert: UnarySlot,
    int: UnarySlot,
    float: UnarySlot,
    index: UnarySlot,
}
