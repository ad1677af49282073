//! The instruction set: a register machine with fixed-width instructions of 8 bytes.
//!
//! An instruction is an opcode, a byte of flags and three 16-bit operands `a`, `b`, `c`, filled from left to right in the
//! order in which the table below names them; a 32-bit operand takes two of them (low half first).
//!
//! # Registers
//!
//! A frame is a window of `Code::register_count` registers. The first hold the parameters and named locals
//! (`Code::varnames`), the rest are temporaries, used as a stack: a temporary that is not live holds no counted reference.
//! Operands of kind `Use` are read and left alone, unless the instruction's flags say `KILL_A/B/C`: then the register in
//! that operand field is a temporary that dies here and is cleared after the instruction (unless it is also the
//! destination). Operands of kind `Take` name the first of a run of temporaries that the instruction always consumes.
//! `Dst` is written, its old value dropped; a destination may equal a source or the first of the run that is taken.
//! Named locals can hold the *unbound* marker; reading one that might is preceded by `CheckBound`.
//!
//! # Suspension and exceptions
//!
//! Any instruction may suspend (run Python code, wait) or raise. On a raise the innermost covering entry of
//! `Code::handlers` decides: registers from `depth` up are cleared, the exception goes to register `depth`, execution
//! continues at the handler.

/// A register of the current frame's window.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Reg(pub u16);

/// Bits of an instruction's flag byte.
pub mod flags {
    /// The register in operand field `a` is a temporary that dies here.
    pub const KILL_A: u8 = 1;
    /// The register in operand field `b` is a temporary that dies here.
    pub const KILL_B: u8 = 2;
    /// The register in operand field `c` is a temporary that dies here.
    pub const KILL_C: u8 = 4;
    /// Jumps: taken when the condition is true (else when it is false). `Contains`, `Is`: the result is negated.
    pub const SENSE: u8 = 8;
    /// `LoadSuperAttr`, `LoadSuperMethod`: the program gives `super` no arguments, should it be another function.
    pub const NO_ARGUMENTS: u8 = 8;
    /// Binary operators: the augmented form (`+=`), which tries `__iadd__` first.
    pub const INPLACE: u8 = 8;
    /// `MakeFunction`: which attributes follow, in this order, in the run of temporaries.
    pub const DEFAULTS: u8 = 1;
    pub const KWDEFAULTS: u8 = 2;
    /// A function (PEP 649 `__annotate__`), not a dict.
    pub const ANNOTATE: u8 = 4;
    /// A tuple of cells.
    pub const CLOSURE: u8 = 8;
    /// `Raise`: an exception is given in `a` (else: re-raise the one being handled).
    pub const HAS_EXC: u8 = 16;
    /// `Raise`: a cause is given in `b`.
    pub const HAS_CAUSE: u8 = 32;
    /// `FormatValue`: a format spec is given in `c`; the conversion sits in bits 4-5 (0 none, 1 str, 2 repr, 3 ascii).
    pub const HAS_SPEC: u8 = 8;
    pub const CONVERSION_SHIFT: u8 = 4;
    /// `CallEx`: a dict of keyword arguments is given.
    pub const HAS_KWARGS: u8 = 8;
}

/// What an operand field holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OperandKind {
    /// Register written.
    Dst,
    /// Register read.
    Use,
    /// First of a run of temporaries that are consumed.
    Take,
    /// Register read and written, or a named register changed in place.
    Slot,
    /// Index into `Code::consts`.
    Const,
    /// 32-bit index into `Code::consts`.
    Const32,
    /// Index into `Code::names`.
    Name,
    /// Index into `Code::attr_sites`.
    AttrSite,
    /// Index into `Code::global_sites`.
    GlobalSite,
    /// Index into `Code::freevars`.
    Free,
    /// An unsigned number.
    Count,
    /// Signed 16-bit immediate.
    Imm16,
    /// Signed 32-bit immediate, two fields.
    Imm32,
    /// Signed 16-bit jump distance in instructions, from the next instruction.
    Rel16,
    /// Signed 32-bit jump distance in instructions, from the next instruction; two fields.
    Rel32,
}

/// One instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Instr {
    pub op: Op,
    pub flags: u8,
    pub a: u16,
    pub b: u16,
    pub c: u16,
}

impl Instr {
    /// The 32-bit operand in fields `b` and `c`.
    #[inline(always)]
    pub fn wide_bc(self) -> i32 {
        (self.b as u32 | (self.c as u32) << 16) as i32
    }

    /// The 32-bit operand in fields `a` and `b`.
    #[inline(always)]
    pub fn wide_ab(self) -> i32 {
        (self.a as u32 | (self.b as u32) << 16) as i32
    }

    /// What stands in the place of an instruction whose number there is none of; it raises SystemError.
    pub fn unknown(opcode: u8) -> Instr {
        Instr { op: Op::Intrinsic1, flags: 0, a: 0, b: 0, c: intrinsic::UNKNOWN | u16::from(opcode) }
    }

    /// The number that such an instruction stands for.
    pub fn unknown_opcode(self) -> Option<u8> {
        (self.op == Op::Intrinsic1 && self.c & intrinsic::UNKNOWN != 0).then_some(self.c as u8)
    }

    /// The same instruction with operands changed, of which the 32-bit ones are handed over by their lower half.
    pub fn map_operands(mut self, mut map: impl FnMut(OperandKind, u16) -> u16) -> Instr {
        let mut at = 0;
        for &kind in self.op.operands() {
            let field = self.field(at);
            *field = map(kind, *field);
            at += if matches!(kind, OperandKind::Imm32 | OperandKind::Rel32 | OperandKind::Const32) { 2 } else { 1 };
        }
        self
    }

    /// The same instruction with further flag bits.
    pub fn with(mut self, flags: u8) -> Instr {
        self.flags |= flags;
        self
    }

    /// The operands, as kind and value, in order.
    pub fn operands(self) -> impl Iterator<Item = (OperandKind, i32)> {
        let fields = [self.a, self.b, self.c];
        let mut at = 0;
        self.op.operands().iter().map(move |&kind| {
            let low = fields[at];
            at += 1;
            let value = match kind {
                OperandKind::Imm16 | OperandKind::Rel16 => low as i16 as i32,
                OperandKind::Imm32 | OperandKind::Rel32 | OperandKind::Const32 => {
                    at += 1;
                    (low as u32 | (fields[at - 1] as u32) << 16) as i32
                }
                _ => low as i32,
            };
            (kind, value)
        })
    }

    /// Replaces the jump distance; false if it does not fit.
    pub fn set_jump(&mut self, distance: i32) -> bool {
        let mut at = 0;
        for kind in self.op.operands() {
            match kind {
                OperandKind::Rel16 => {
                    let Ok(short) = i16::try_from(distance) else { return false };
                    *self.field(at) = short as u16;
                    return true;
                }
                OperandKind::Rel32 => {
                    *self.field(at) = distance as u32 as u16;
                    *self.field(at + 1) = ((distance as u32) >> 16) as u16;
                    return true;
                }
                OperandKind::Imm32 | OperandKind::Const32 => at += 2,
                _ => at += 1,
            }
        }
        false
    }

    fn field(&mut self, at: usize) -> &mut u16 {
        match at {
            0 => &mut self.a,
            1 => &mut self.b,
            _ => &mut self.c,
        }
    }
}

/// Packs operands into the three fields.
struct Packer {
    instr: Instr,
    at: usize,
}

impl Packer {
    fn put(&mut self, kind: OperandKind, value: i64) {
        *self.instr.field(self.at) = value as u16;
        self.at += 1;
        if matches!(kind, OperandKind::Imm32 | OperandKind::Rel32 | OperandKind::Const32) {
            *self.instr.field(self.at) = ((value as u32) >> 16) as u16;
            self.at += 1;
        }
    }
}

/// Turns a typed operand into the number that is packed.
trait Packed {
    fn packed(self) -> i64;
}
impl Packed for Reg {
    fn packed(self) -> i64 {
        self.0 as i64
    }
}
macro_rules! packed_numbers {
    ($($ty:ty),*) => { $(impl Packed for $ty { fn packed(self) -> i64 { self as i64 } })* };
}
packed_numbers!(u16, u32, i16, i32);

/// The Rust type of an operand in the constructors.
macro_rules! operand_type {
    (Dst) => {
        Reg
    };
    (Use) => {
        Reg
    };
    (Take) => {
        Reg
    };
    (Slot) => {
        Reg
    };
    (Const32) => {
        u32
    };
    (Imm16) => {
        i16
    };
    (Rel16) => {
        i16
    };
    (Imm32) => {
        i32
    };
    (Rel32) => {
        i32
    };
    ($other:ident) => {
        u16
    };
}

/// A number that no instruction has, which CPython's tests count on.
const NO_OPCODE: u8 = 127;

macro_rules! instructions {
    ($( $(#[doc = $doc:literal])+ $name:ident ( $($arg:ident : $kind:ident),* ); )*) => {
        /// The opcodes.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum Op { $( $(#[doc = $doc])+ $name, )* }

        impl Op {
            /// Every opcode, in numeric order.
            pub const ALL: &[Op] = &[$(Op::$name),*];

            /// The operands' kinds, in order.
            pub fn operands(self) -> &'static [OperandKind] {
                const TABLE: &[&[OperandKind]] = &[$(&[$(OperandKind::$kind),*]),*];
                TABLE[self as usize]
            }

            /// The number that programs see: one that CPython has no instruction for is left out.
            pub const fn number(self) -> u8 {
                let number = self as u8;
                if number < NO_OPCODE { number } else { number + 1 }
            }

            /// The opcode with such a number.
            pub fn from_number(number: usize) -> Option<Op> {
                let at = match number.cmp(&(NO_OPCODE as usize)) {
                    std::cmp::Ordering::Less => number,
                    std::cmp::Ordering::Equal => return None,
                    std::cmp::Ordering::Greater => number - 1,
                };
                Op::ALL.get(at).copied()
            }

            /// The opcode's name.
            pub const fn name(self) -> &'static str {
                const NAMES: &[&str] = &[$(stringify!($name)),*];
                NAMES[self as usize]
            }
        }

        /// Constructors, one for each opcode.
        #[expect(non_snake_case, reason = "a constructor is named as its opcode")]
        impl Instr {
            $(
                $(#[doc = $doc])+
                pub fn $name($($arg: operand_type!($kind)),*) -> Instr {
                    #[allow(unused_mut, reason = "some have no operands")]
                    let mut p = Packer { instr: Instr { op: Op::$name, flags: 0, a: 0, b: 0, c: 0 }, at: 0 };
                    $( p.put(OperandKind::$kind, $arg.packed()); )*
                    p.instr
                }
            )*
        }
    };
}

instructions! {
    /// Does nothing.
    Nop();

    // ---- moving values
    /// `dst = src` (the source stays; with KILL_B it is moved).
    Move(dst: Dst, src: Use);
    /// `dst = consts[index]`.
    LoadConst(dst: Dst, index: Const32);
    /// `dst = value`, an int.
    LoadInt(dst: Dst, value: Imm32);
    /// `dst = None`.
    LoadNone(dst: Dst);
    /// `dst = True`.
    LoadTrue(dst: Dst);
    /// `dst = False`.
    LoadFalse(dst: Dst);
    /// Clears a temporary, or a local that is made unbound without a check.
    Clear(reg: Slot);
    /// UnboundLocalError, naming the local, if the register is unbound.
    CheckBound(reg: Use);
    /// `del local`: UnboundLocalError if unbound, else makes it unbound.
    DeleteLocal(reg: Slot);

    // ---- cells: variables shared with inner functions
    /// Wraps the register's value (may be unbound) in a new cell, which takes its place. Emitted at function entry for
    /// each parameter or local that inner functions use, and per iteration where an inlined comprehension needs a fresh one.
    MakeCell(reg: Slot);
    /// `dst =` contents of the cell in register `cell`; NameError/UnboundLocalError, naming that register's variable, if empty.
    LoadCell(dst: Dst, cell: Use);
    /// Contents of the cell in register `cell` `= src`.
    StoreCell(cell: Use, src: Use);
    /// Empties the cell; UnboundLocalError if it is empty.
    DeleteCell(cell: Use);
    /// `dst =` contents of free variable `index`; NameError ("cannot access free variable ...") if empty.
    LoadFree(dst: Dst, index: Free);
    /// Contents of free variable `index = src`.
    StoreFree(index: Free, src: Use);
    /// Empties free variable `index`; NameError if it is empty.
    DeleteFree(index: Free);
    /// `dst =` the cell itself of free variable `index`, to build an inner function's closure.
    LoadFreeCell(dst: Dst, index: Free);

    // ---- names
    /// `dst =` global or builtin; NameError.
    LoadGlobal(dst: Dst, site: GlobalSite);
    /// Global `= src`.
    StoreGlobal(site: GlobalSite, src: Use);
    /// Deletes a global; NameError.
    DeleteGlobal(site: GlobalSite);
    /// `dst =` name from the frame's namespace (class body, module, exec), then globals, then builtins; NameError.
    /// Module-level code uses the `Name` family too: the namespace may differ from the globals under `exec`.
    LoadName(dst: Dst, site: GlobalSite);
    /// Name in the frame's namespace `= src`.
    StoreName(site: GlobalSite, src: Use);
    /// Deletes a name from the frame's namespace; NameError.
    DeleteName(site: GlobalSite);
    /// In a class body or annotation scope: `dst =` name from the mapping in register `namespace`, else free variable `index`.
    LoadNameOrFree(dst: Dst, namespace: Use, index: Free);
    /// In an annotation scope within a class: `dst =` name from the mapping in register `namespace`, else global or builtin.
    LoadNameOrGlobal(dst: Dst, namespace: Use, site: GlobalSite);
    /// `dst =` the frame's namespace object (`locals()` of a class body or module).
    LoadLocals(dst: Dst);

    // ---- attributes and items
    /// `dst = obj.name`.
    LoadAttr(dst: Dst, obj: Use, site: AttrSite);
    /// `obj.name = src`.
    StoreAttr(obj: Use, src: Use, site: AttrSite);
    /// `del obj.name`.
    DeleteAttr(obj: Use, site: AttrSite);
    /// For `obj.name(...)`: `dst =` the unbound function and `dst+1 = obj`, or `dst =` unbound marker and `dst+1 =` the
    /// attribute's value. Followed by `CallMethod`.
    LoadMethod(dst: Dst, obj: Use, site: AttrSite);
    /// For `super().name`: temporaries `args..args+3` hold the value of the name `super`, the class and the instance; `dst =` the attribute.
    LoadSuperAttr(dst: Dst, args: Take, site: AttrSite);
    /// The same, for a call: writes `dst` and `dst+1` as `LoadMethod` does.
    LoadSuperMethod(dst: Dst, args: Take, site: AttrSite);
    /// `dst = obj[key]`.
    LoadItem(dst: Dst, obj: Use, key: Use);
    /// `dst = obj[index]` with a small non-negative or negative int.
    LoadItemImm(dst: Dst, obj: Use, index: Imm16);
    /// `obj[key] = src`.
    StoreItem(obj: Use, key: Use, src: Use);
    /// `del obj[key]`.
    DeleteItem(obj: Use, key: Use);
    /// `dst = obj[bounds:bounds+1]`: start and stop in two temporaries (None where absent).
    LoadSlice(dst: Dst, obj: Use, bounds: Take);
    /// `obj[bounds:bounds+1] = src`.
    StoreSlice(obj: Use, bounds: Take, src: Use);

    // ---- operators (INPLACE flag for the augmented forms)
    /// `dst = left + right`.
    Add(dst: Dst, left: Use, right: Use);
    /// `dst = left - right`.
    Sub(dst: Dst, left: Use, right: Use);
    /// `dst = left * right`.
    Mul(dst: Dst, left: Use, right: Use);
    /// `dst = left / right`.
    TrueDiv(dst: Dst, left: Use, right: Use);
    /// `dst = left // right`.
    FloorDiv(dst: Dst, left: Use, right: Use);
    /// `dst = left % right`.
    Mod(dst: Dst, left: Use, right: Use);
    /// `dst = left ** right`.
    Pow(dst: Dst, left: Use, right: Use);
    /// `dst = left << right`.
    LShift(dst: Dst, left: Use, right: Use);
    /// `dst = left >> right`.
    RShift(dst: Dst, left: Use, right: Use);
    /// `dst = left & right`.
    And(dst: Dst, left: Use, right: Use);
    /// `dst = left | right`.
    Or(dst: Dst, left: Use, right: Use);
    /// `dst = left ^ right`.
    Xor(dst: Dst, left: Use, right: Use);
    /// `dst = left @ right`.
    MatMul(dst: Dst, left: Use, right: Use);
    /// `dst = left + n`, n a small int literal; likewise the next ones.
    AddImm(dst: Dst, left: Use, n: Imm16);
    /// `dst = left - n`.
    SubImm(dst: Dst, left: Use, n: Imm16);
    /// `dst = left * n`.
    MulImm(dst: Dst, left: Use, n: Imm16);
    /// `dst = left // n`.
    FloorDivImm(dst: Dst, left: Use, n: Imm16);
    /// `dst = left % n`.
    ModImm(dst: Dst, left: Use, n: Imm16);
    /// `dst = left & n`.
    AndImm(dst: Dst, left: Use, n: Imm16);
    /// `dst = left << n`.
    LShiftImm(dst: Dst, left: Use, n: Imm16);
    /// `dst = left >> n`.
    RShiftImm(dst: Dst, left: Use, n: Imm16);
    /// `dst = -src`.
    Neg(dst: Dst, src: Use);
    /// `dst = +src`.
    Pos(dst: Dst, src: Use);
    /// `dst = ~src`.
    Invert(dst: Dst, src: Use);
    /// `dst = not src`.
    Not(dst: Dst, src: Use);
    /// `dst = left < right`; the result is whatever the method returns.
    Lt(dst: Dst, left: Use, right: Use);
    /// `dst = left <= right`.
    Le(dst: Dst, left: Use, right: Use);
    /// `dst = left > right`.
    Gt(dst: Dst, left: Use, right: Use);
    /// `dst = left >= right`.
    Ge(dst: Dst, left: Use, right: Use);
    /// `dst = left == right`.
    Eq(dst: Dst, left: Use, right: Use);
    /// `dst = left != right`.
    Ne(dst: Dst, left: Use, right: Use);
    /// `dst = left is right` (SENSE: `is not`).
    Is(dst: Dst, left: Use, right: Use);
    /// `dst = item in container` (SENSE: `not in`).
    Contains(dst: Dst, item: Use, container: Use);

    // ---- jumps. A jump with a negative distance is a safepoint and costs fuel.
    /// Always.
    Jump(distance: Rel32);
    /// If the truth of `cond` equals SENSE.
    JumpIf(cond: Use, distance: Rel32);
    /// If `(value is None)` equals SENSE.
    JumpIfNone(value: Use, distance: Rel32);
    /// If the truth of `left < right` equals SENSE; likewise the next ones.
    JumpLt(left: Use, right: Use, distance: Rel16);
    /// `left <= right`.
    JumpLe(left: Use, right: Use, distance: Rel16);
    /// `left > right`.
    JumpGt(left: Use, right: Use, distance: Rel16);
    /// `left >= right`.
    JumpGe(left: Use, right: Use, distance: Rel16);
    /// `left == right`.
    JumpEq(left: Use, right: Use, distance: Rel16);
    /// `left != right`.
    JumpNe(left: Use, right: Use, distance: Rel16);
    /// `left < n`, n a small int literal.
    JumpLtImm(left: Use, n: Imm16, distance: Rel16);
    /// `left <= n`.
    JumpLeImm(left: Use, n: Imm16, distance: Rel16);
    /// `left > n`.
    JumpGtImm(left: Use, n: Imm16, distance: Rel16);
    /// `left >= n`.
    JumpGeImm(left: Use, n: Imm16, distance: Rel16);
    /// `left == n`.
    JumpEqImm(left: Use, n: Imm16, distance: Rel16);
    /// `left != n`.
    JumpNeImm(left: Use, n: Imm16, distance: Rel16);
    /// If `(left is right)` equals SENSE.
    JumpIs(left: Use, right: Use, distance: Rel16);
    /// If `(item in container)` equals SENSE.
    JumpIn(item: Use, container: Use, distance: Rel16);

    // ---- iteration
    /// `dst = iter(src)`.
    GetIter(dst: Dst, src: Use);
    /// `dst = next(iter)`, or at the end: clears `iter` and jumps. The iterator stays in its temporary meanwhile.
    ForIter(dst: Dst, iter: Slot, distance: Rel16);
    /// `dst..dst+count = *src`; ValueError "not enough values to unpack (expected N, got M)" and so on.
    Unpack(dst: Dst, src: Use, count: Count);
    /// `count = before | after << 8`: `dst..` get `before` values, a list, `after` values.
    UnpackEx(dst: Dst, src: Use, count: Count);

    // ---- building
    /// `dst = tuple` of `count` temporaries from `first`; they are consumed. Likewise the next ones.
    BuildTuple(dst: Dst, first: Take, count: Count);
    /// A list.
    BuildList(dst: Dst, first: Take, count: Count);
    /// A set.
    BuildSet(dst: Dst, first: Take, count: Count);
    /// A dict of `count` pairs: key, value, key, value...
    BuildDict(dst: Dst, first: Take, count: Count);
    /// A str joined from `count` strs (f-strings).
    BuildString(dst: Dst, first: Take, count: Count);
    /// A slice object from `count` (2 or 3) temporaries.
    BuildSlice(dst: Dst, first: Take, count: Count);
    /// `list.append(value)`.
    ListAppend(list: Use, value: Use);
    /// `set.add(value)`.
    SetAdd(set: Use, value: Use);
    /// `dict[key] = value`.
    DictAdd(dict: Use, key: Use, value: Use);
    /// `list.extend(src)`, for `[*src]` and `f(*src)`: TypeError "Value after * must be an iterable, not X" (flag SENSE: in a call).
    ListExtend(list: Use, src: Use);
    /// `set.update(src)`.
    SetUpdate(set: Use, src: Use);
    /// `dict.update(mapping)` for `{**mapping}`: TypeError if not a mapping.
    DictUpdate(dict: Use, src: Use);
    /// For `f(**mapping)`: TypeError for duplicates and non-mappings; `func` is the callee, for the message.
    DictMerge(dict: Use, src: Use, func: Use);
    /// `dst = tuple(list)`.
    ListToTuple(dst: Dst, list: Use);
    /// `dst = format(convert(src), spec)`; conversion and presence of a spec in the flags.
    FormatValue(dst: Dst, src: Use, spec: Use);
    /// Template string (PEP 750): temporaries `first..first+4`: value, expression text, conversion (None or a one-letter str), format spec (a str).
    BuildInterpolation(dst: Dst, first: Take);
    /// `dst = Template` of a tuple of strings and a tuple of interpolations in two temporaries.
    BuildTemplate(dst: Dst, first: Take);

    // ---- calls. The callee sits in `base`, arguments follow; all are consumed.
    /// `dst = base(base+1 .. base+1+count)`.
    Call(dst: Dst, base: Take, count: Count);
    /// The same with keywords: the last of the `count` arguments are keyword values, their names a tuple of strs in
    /// temporary `base+1+count`.
    CallKw(dst: Dst, base: Take, count: Count);
    /// After `LoadMethod` to `base`: `base` is a function to call with `base+1` as first argument, or the unbound marker
    /// when `base+1` is the callable; `count` further arguments follow from `base+2`.
    CallMethod(dst: Dst, base: Take, count: Count);
    /// The same with keywords: names in temporary `base+2+count`.
    CallMethodKw(dst: Dst, base: Take, count: Count);
    /// `dst = base(*base+1)`, or with HAS_KWARGS `base(*base+1, **base+2)`: a tuple (any iterable is accepted) and a dict.
    CallEx(dst: Dst, base: Take);
    /// Returns `src`; the frame's registers are cleared.
    Return(src: Use);
    /// Returns None.
    ReturnNone();

    // ---- functions and classes
    /// `dst =` function of code constant `code`; flags say which attributes follow from `first`.
    MakeFunction(dst: Dst, first: Take, code: Const);
    /// `dst = builtins.__build_class__`.
    LoadBuildClass(dst: Dst);

    // ---- generators, coroutines
    /// Suspends the generator with `value`; `dst` gets what `send` passes. In an async generator the value is wrapped.
    Yield(dst: Dst, value: Use);
    /// Runs the iterator, generator or coroutine in temporary `iter` to its end, passing every value up and every `send`
    /// and `throw` down (`yield from`, `await`); then clears it and `dst =` its result.
    YieldFrom(dst: Dst, iter: Slot);
    /// `dst =` what `yield from src` iterates.
    GetYieldFromIter(dst: Dst, src: Use);
    /// `dst =` the iterator of awaitable `src`. `context`: 0 `await`, 1 `async with` enter, 2 exit, 3 `async for`: for the message.
    GetAwaitable(dst: Dst, src: Use, context: Count);
    /// `dst = aiter(src)`.
    GetAiter(dst: Dst, src: Use);
    /// `dst =` the awaitable iterator of `anext(aiter)`; the aiter stays.
    GetAnext(dst: Dst, aiter: Use);
    /// In the handler of an `async for`: if `exc` is StopAsyncIteration goes on (killing exc), else re-raises it.
    EndAsyncFor(exc: Take);

    // ---- with
    /// `dst =` bound `__exit__`, `dst+1 =` result of `__enter__()` of `manager`.
    WithEnter(dst: Dst, manager: Use);
    /// Calls `exit(None, None, None)`; `dst =` the result. `exit` is consumed.
    WithExit(dst: Dst, exit: Take);
    /// Calls `exit(type, exc, traceback)`; `dst =` the result. `exc` stays, `exit` is consumed.
    WithExitExc(dst: Dst, exit: Take, exc: Use);
    /// `dst =` bound `__aexit__`, `dst+1 =` the awaitable that `__aenter__()` returned. The exit forms above serve `async with` too
    /// (their result is awaited).
    AsyncWithEnter(dst: Dst, manager: Use);

    // ---- exceptions
    /// Entering a handler: `save =` the frame's exception being handled, which becomes `exc`.
    PushHandled(save: Dst, exc: Use);
    /// Leaving it: the frame's exception being handled `= save`, which is cleared.
    PopHandled(save: Take);
    /// `dst =` whether `exc` matches the class or tuple `types`; TypeError "catching classes that do not inherit from BaseException is not allowed".
    MatchException(dst: Dst, exc: Use, types: Use);
    /// `except*`: splits `exc` by `types`: `dst =` the matching group or None, `dst+1 =` the rest or None.
    MatchExceptionGroup(dst: Dst, exc: Use, types: Use);
    /// End of `except*`: `dst =` the exception to raise from the original `exc` and the list of raised or unhandled ones in `list`, or None.
    PrepareReraiseStar(dst: Dst, exc: Use, list: Use);
    /// `raise`, by the flags.
    Raise(exc: Use, cause: Use);
    /// Raises `exc` again, its traceback unchanged.
    Reraise(exc: Use);
    /// `dst = AssertionError` (the builtin, whatever the name means now).
    LoadAssertionError(dst: Dst);

    // ---- import
    /// `dst = __import__(names[name], fromlist=fromlist, level=flags)`. The level sits in the flag byte, so `fromlist` is always consumed.
    ImportName(dst: Dst, fromlist: Take, name: Name);
    /// `dst = from module import name` (the module stays).
    ImportFrom(dst: Dst, module: Use, name: Name);
    /// `from module import *` into the frame's namespace.
    ImportStar(module: Use);

    // ---- pattern matching
    /// `dst =` whether `src` matches a sequence pattern at all.
    MatchSequence(dst: Dst, src: Use);
    /// `dst =` whether `src` is a mapping.
    MatchMapping(dst: Dst, src: Use);
    /// `dst = len(src)`.
    GetLen(dst: Dst, src: Use);
    /// `dst =` tuple of the values at the tuple `keys`, or None if one is missing.
    MatchKeys(dst: Dst, src: Use, keys: Use);
    /// Temporaries `first`, `first+1`, `first+2`: class, number of positional patterns (int), tuple of attribute names; `dst =` tuple of the attributes or None.
    MatchClass(dst: Dst, src: Use, first: Take);

    // ---- the rest
    /// Hands `src` to `sys.displayhook`.
    PrintExpr(src: Use);
    /// One of the rarely used operations of `intrinsic` with one operand.
    Intrinsic1(dst: Dst, src: Use, intrinsic: Count);
    /// One of the rarely used operations with the operands in temporaries `first`, `first+1` (and `first+2`).
    Intrinsic2(dst: Dst, first: Take, intrinsic: Count);
    /// Only in copies of code that are being traced, before each instruction: reports what the next one is about to do.
    Trace();
}

/// Numbers of the rare operations, `Intrinsic1` and `Intrinsic2`.
pub mod intrinsic {
    /// 1: TypeVar named by a str.
    pub const TYPE_VAR: u16 = 0;
    /// 1: ParamSpec named by a str.
    pub const PARAM_SPEC: u16 = 1;
    /// 1: TypeVarTuple named by a str.
    pub const TYPE_VAR_TUPLE: u16 = 2;
    /// 1: `Generic[...]` of a tuple of type parameters.
    pub const SUBSCRIPT_GENERIC: u16 = 3;
    /// 1: type alias of a tuple (name, type parameters or None, function that evaluates the value).
    pub const TYPE_ALIAS: u16 = 4;
    /// 2: TypeVar of a name and a function that evaluates the bound.
    pub const TYPE_VAR_WITH_BOUND: u16 = 5;
    /// 2: TypeVar of a name and a function that evaluates the constraints.
    pub const TYPE_VAR_WITH_CONSTRAINTS: u16 = 6;
    /// 2: sets the default (a function) of a type parameter; the result is the parameter.
    pub const SET_TYPE_PARAM_DEFAULT: u16 = 7;
    /// 2: sets `__type_params__` of a function; the result is the function.
    pub const SET_FUNCTION_TYPE_PARAMS: u16 = 8;
    /// 1: the builtin exception class NotImplementedError, whatever the name means now; the operand (None) is ignored.
    pub const NOT_IMPLEMENTED_ERROR: u16 = 9;
    /// 1: this bit is set where a program put the number of no instruction (the low byte): SystemError.
    pub const UNKNOWN: u16 = 0x100;
}
