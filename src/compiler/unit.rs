//! The block that is being compiled: its instructions, registers and tables.
//!
//! Registers: first the named locals (parameters, other locals, then the variables of inlined comprehensions), then
//! temporaries, which are allocated and released as a stack.
//!
//! [`Unit::bound`] follows which named locals are surely bound at the point reached. Labels collect it from every jump
//! that leads to them. Where control can come from several unknown places (the head of a loop, an exception handler) the
//! locals that are deleted anywhere in the block count as unbound; all others can only become bound.

use std::collections::HashMap;
use std::rc::Rc;

use snakelet_bytecode::{AttrSite, CodeFlags, Constant, GlobalSite, Instr, Reg, flags};
use snakelet_syntax::TextRange;

use crate::symtable::ScopeId;
use crate::unwind::Block;

/// A place in the code, possibly not reached yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Label(pub u32);

pub(crate) const NO_LABEL: Label = Label(u32::MAX);

/// A set of registers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    pub fn contains(&self, bit: u16) -> bool {
        self.0.get(bit as usize / 64).is_some_and(|word| word >> (bit % 64) & 1 != 0)
    }

    pub fn insert(&mut self, bit: u16) {
        let word = bit as usize / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (bit % 64);
    }

    pub fn remove(&mut self, bit: u16) {
        if let Some(word) = self.0.get_mut(bit as usize / 64) {
            *word &= !(1 << (bit % 64));
        }
    }

    pub fn intersect(&mut self, other: &Bits) {
        self.0.truncate(other.0.len());
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= other;
        }
    }

    pub fn subtract(&mut self, other: &Bits) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= !other;
        }
    }
}

/// An instruction with its symbolic jump target.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    pub instr: Instr,
    pub target: Label,
    pub range: TextRange,
    /// Of no line of its own: nobody wrote it.
    pub hidden: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct LabelState {
    /// Index of the item it precedes.
    pub at: Option<u32>,
    /// What is bound on every jump here so far; none has been seen if absent.
    bound: Option<Bits>,
}

/// A handler over a range of items.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HandlerRange {
    pub start: u32,
    pub end: u32,
    pub target: Label,
    pub depth: u16,
}

/// A handler whose range is still open.
#[derive(Clone, Debug)]
pub(crate) struct OpenHandler {
    pub target: Label,
    pub depth: u16,
    pub start: u32,
    /// What is bound when it is entered.
    pub bound: Bits,
}

/// A value in a register: a temporary that its user must consume, or a local (or a temporary that someone else owns).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Operand {
    pub reg: Reg,
    pub temp: bool,
}

impl Operand {
    pub fn kept(reg: Reg) -> Operand {
        Operand { reg, temp: false }
    }
}

/// A flag, if it is on.
pub(crate) fn bit(on: bool, flag: u8) -> u8 {
    if on { flag } else { 0 }
}

/// The names of a scope that lives in the unit's frame: the unit's own, or that of an inlined comprehension.
#[derive(Debug)]
pub(crate) struct NameFrame {
    pub scope: ScopeId,
    pub registers: HashMap<Rc<str>, u16>,
}

/// What a `return` means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum UnitKind {
    Module,
    Class,
    /// Functions and lambdas.
    Function,
    /// Generator expressions, annotation and type parameter scopes.
    Other,
}

pub(crate) struct Unit<'a> {
    pub kind: UnitKind,
    pub scope: ScopeId,
    pub name: Rc<str>,
    pub qualname: Rc<str>,
    pub first_line: u32,
    pub flags: CodeFlags,
    pub arg_count: u16,
    pub posonly_count: u16,
    pub kwonly_count: u16,
    pub varnames: Vec<Rc<str>>,
    pub cell_registers: Vec<u16>,
    pub freevars: Vec<Rc<str>>,
    /// The unit's own names, then those of the inlined comprehensions around the point reached.
    pub frames: Vec<NameFrame>,
    /// Registers of the variables of inlined comprehensions.
    pub comprehension_registers: HashMap<ScopeId, HashMap<Rc<str>, u16>>,
    pub class_name: Option<Rc<str>>,
    /// Attributes that methods of this class assign on `self`.
    pub static_attributes: Vec<Rc<str>>,
    pub blocks: Vec<Block<'a>>,

    pub items: Vec<Item>,
    pub labels: Vec<LabelState>,
    pub handlers: Vec<HandlerRange>,
    pub open_handlers: Vec<OpenHandler>,
    pub range: TextRange,
    /// Whether instructions belong to no line.
    pub hidden: bool,
    pub consts: Vec<Constant>,
    const_index: HashMap<Vec<u8>, u32>,
    pub names: Vec<Rc<str>>,
    name_index: HashMap<Rc<str>, u32>,
    pub attr_sites: Vec<AttrSite>,
    pub global_sites: Vec<GlobalSite>,
    global_index: HashMap<u32, u16>,

    /// First temporary.
    pub temp_base: u32,
    /// First free temporary.
    pub temp_top: u32,
    pub register_count: u32,
    pub bound: Bits,
    /// Named registers that are deleted somewhere.
    pub deletable: Bits,
    pub reachable: bool,
    /// A table outgrew its index.
    pub overflow: bool,
}

impl<'a> Unit<'a> {
    pub fn new(kind: UnitKind, scope: ScopeId, name: Rc<str>, qualname: Rc<str>) -> Unit<'a> {
        Unit {
            kind,
            scope,
            name,
            qualname,
            first_line: 1,
            flags: CodeFlags(0),
            arg_count: 0,
            posonly_count: 0,
            kwonly_count: 0,
            varnames: Vec::new(),
            cell_registers: Vec::new(),
            freevars: Vec::new(),
            frames: Vec::new(),
            comprehension_registers: HashMap::new(),
            class_name: None,
            static_attributes: Vec::new(),
            blocks: Vec::new(),
            items: Vec::new(),
            labels: Vec::new(),
            handlers: Vec::new(),
            open_handlers: Vec::new(),
            range: TextRange::default(),
            hidden: false,
            consts: Vec::new(),
            const_index: HashMap::new(),
            names: Vec::new(),
            name_index: HashMap::new(),
            attr_sites: Vec::new(),
            global_sites: Vec::new(),
            global_index: HashMap::new(),
            temp_base: 0,
            temp_top: 0,
            register_count: 0,
            bound: Bits::default(),
            deletable: Bits::default(),
            reachable: true,
            overflow: false,
        }
    }

    // ---- registers

    /// A new temporary on top of the stack.
    pub fn alloc(&mut self) -> Reg {
        let reg = self.temp_top;
        self.temp_top += 1;
        self.register_count = self.register_count.max(self.temp_top);
        if self.temp_top > 0xFFF0 {
            self.overflow = true;
            self.temp_top = 0xFFF0;
            self.register_count = 0xFFF0;
        }
        Reg(reg as u16)
    }

    /// `count` temporaries in a row; the first is returned.
    pub fn alloc_run(&mut self, count: usize) -> Reg {
        let first = Reg(self.temp_top as u16);
        for _ in 0..count {
            self.alloc();
        }
        first
    }

    /// Gives back `reg` and everything above it.
    pub fn free_from(&mut self, reg: Reg) {
        self.temp_top = reg.0 as u32;
    }

    /// Gives back the topmost temporary, if the operand is one.
    pub fn release(&mut self, operand: Operand) {
        if operand.temp {
            debug_assert!(self.overflow || operand.reg.0 as u32 + 1 == self.temp_top, "temporaries are a stack");
            self.temp_top = operand.reg.0 as u32;
        }
    }

    pub fn is_temp(&self, reg: Reg) -> bool {
        reg.0 as u32 >= self.temp_base
    }

    /// Where to build up the value that `dst` gets in the end: `dst` itself, unless it is a local.
    pub fn work(&mut self, dst: Reg) -> Operand {
        if self.is_temp(dst) { Operand::kept(dst) } else { Operand { reg: self.alloc(), temp: true } }
    }

    /// The start of a run of temporaries that ends in `dst`: `dst` itself if it is the topmost temporary.
    pub fn run_base(&mut self, dst: Reg) -> Reg {
        if self.is_temp(dst) && dst.0 as u32 + 1 == self.temp_top { dst } else { self.alloc() }
    }

    /// Gives back a run that started at `base`, for `dst`.
    pub fn free_run(&mut self, base: Reg, dst: Reg) {
        self.temp_top = base.0 as u32 + u32::from(base == dst);
    }

    // ---- instructions

    pub fn emit(&mut self, instr: Instr) {
        self.push(instr, NO_LABEL);
    }

    /// A jump to `target`; its distance is filled in later.
    pub fn emit_jump(&mut self, instr: Instr, target: Label) {
        if self.reachable {
            self.arrive(target);
        }
        self.push(instr, target);
    }

    fn push(&mut self, instr: Instr, target: Label) {
        if self.reachable {
            self.items.push(Item { instr, target, range: self.range, hidden: self.hidden });
        }
    }

    /// Does `work` with instructions that belong to no line.
    pub fn hidden<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.hidden, true);
        let result = work(self);
        self.hidden = outer;
        result
    }

    /// A jump that nobody wrote.
    pub fn hidden_jump(&mut self, target: Label) {
        self.hidden(|unit| unit.jump(target));
    }

    pub fn jump(&mut self, target: Label) {
        self.emit_jump(Instr::Jump(0), target);
        self.reachable = false;
    }

    /// Nothing follows: the last instruction returned or raised.
    pub fn end(&mut self) {
        self.reachable = false;
    }

    /// Moves `src` to `dst`, consuming a temporary.
    pub fn move_to(&mut self, dst: Reg, src: Operand) {
        self.release(src);
        if dst != src.reg {
            self.emit(Instr::Move(dst, src.reg).with(if src.temp { flags::KILL_B } else { 0 }));
        }
    }

    /// Drops a value.
    pub fn discard(&mut self, operand: Operand) {
        self.release(operand);
        if operand.temp {
            self.emit(Instr::Clear(operand.reg));
        }
    }

    /// Emits an instruction with up to three operands that dies with them; `operands` are its fields `a`, `b`, `c` as far as read.
    pub fn emit_using(&mut self, instr: Instr, dst: Option<Reg>, operands: &[(Operand, u8)]) {
        let mut bits = 0;
        for &(operand, flag) in operands.iter().rev() {
            self.release(operand);
            if operand.temp && Some(operand.reg) != dst {
                bits |= flag;
            }
        }
        self.emit(instr.with(bits));
    }

    // ---- labels

    pub fn label(&mut self) -> Label {
        self.labels.push(LabelState::default());
        Label(self.labels.len() as u32 - 1)
    }

    fn arrive(&mut self, target: Label) {
        let state = &mut self.labels[target.0 as usize];
        match &mut state.bound {
            Some(bound) => bound.intersect(&self.bound),
            None => state.bound = Some(self.bound.clone()),
        }
    }

    /// Continues at a label to which only earlier code jumps.
    pub fn bind(&mut self, label: Label) {
        let at = self.items.len() as u32;
        let state = &mut self.labels[label.0 as usize];
        state.at = Some(at);
        if let Some(bound) = &state.bound {
            if self.reachable {
                self.bound.intersect(bound);
            } else {
                self.bound.clone_from(bound);
                self.reachable = true;
            }
        }
    }

    /// A label here to which later code jumps back.
    pub fn loop_head(&mut self) -> Label {
        let label = self.label();
        self.bound.subtract(&self.deletable);
        self.labels[label.0 as usize].at = Some(self.items.len() as u32);
        label
    }

    // ---- handlers

    /// From here on exceptions go to `target`, which finds them in register `depth`.
    pub fn open_handler(&mut self, target: Label, depth: Reg) {
        let mut bound = self.bound.clone();
        bound.subtract(&self.deletable);
        let start = self.items.len() as u32;
        self.open_handlers.push(OpenHandler { target, depth: depth.0, start, bound });
    }

    /// Ends the range of the innermost handler.
    pub fn close_handler(&mut self) {
        if let Some(open) = self.open_handlers.pop() {
            self.record_range(&open);
            // Even if no instruction is covered the handler's code must know what is bound.
            if self.labels[open.target.0 as usize].bound.is_none()
                && self.handlers.iter().any(|handler| handler.target == open.target)
            {
                self.labels[open.target.0 as usize].bound = Some(open.bound);
            }
        }
    }

    /// Notes the instructions that an open handler has covered so far.
    pub fn record_range(&mut self, open: &OpenHandler) {
        let end = self.items.len() as u32;
        // `Nop`s may be left out later, and raise nothing.
        let covered = &self.items[open.start as usize..];
        if covered.iter().any(|item| item.instr.op != snakelet_bytecode::Op::Nop) {
            self.handlers.push(HandlerRange { start: open.start, end, target: open.target, depth: open.depth });
        }
    }

    /// Continues at the code of a handler, if it covers anything: its label must have been closed.
    pub fn bind_handler(&mut self, label: Label) {
        debug_assert!(!self.reachable);
        self.bind(label);
    }

    // ---- tables

    pub fn constant(&mut self, constant: Constant) -> u32 {
        let mut key = Vec::new();
        let keyed = const_key(&constant, &mut key);
        if keyed && let Some(&index) = self.const_index.get(&key) {
            return index;
        }
        let index = self.consts.len() as u32;
        self.consts.push(constant);
        if keyed {
            self.const_index.insert(key, index);
        }
        index
    }

    /// Index of a name as an operand.
    pub fn name(&mut self, name: &Rc<str>) -> u16 {
        let index = self.name_index(name);
        self.fit(index)
    }

    fn name_index(&mut self, name: &Rc<str>) -> u32 {
        if let Some(&index) = self.name_index.get(name) {
            return index;
        }
        let index = self.names.len() as u32;
        self.names.push(name.clone());
        self.name_index.insert(name.clone(), index);
        index
    }

    fn fit(&mut self, index: u32) -> u16 {
        u16::try_from(index).unwrap_or_else(|_| {
            self.overflow = true;
            0
        })
    }

    /// A new place that uses an attribute.
    pub fn attr_site(&mut self, name: &Rc<str>) -> u16 {
        let name = self.name_index(name);
        let index = self.attr_sites.len() as u32;
        if self.reachable {
            self.attr_sites.push(AttrSite { name });
        }
        self.fit(index)
    }

    /// The place that uses a global or namespace name: one per name.
    pub fn global_site(&mut self, name: &Rc<str>) -> u16 {
        let name = self.name_index(name);
        if let Some(&site) = self.global_index.get(&name) {
            return site;
        }
        let index = self.global_sites.len() as u32;
        self.global_sites.push(GlobalSite { name });
        let site = self.fit(index);
        self.global_index.insert(name, site);
        site
    }
}

/// Two constants are the same if their types and values are; tells -0.0 from 0.0 and 1 from True. Code objects are never shared.
fn const_key(constant: &Constant, key: &mut Vec<u8>) -> bool {
    let mut all = true;
    let mut tagged = |tag: u8, bytes: &[u8]| {
        key.push(tag);
        key.extend((bytes.len() as u32).to_le_bytes());
        key.extend(bytes);
    };
    match constant {
        Constant::None => tagged(0, &[]),
        Constant::True => tagged(1, &[]),
        Constant::False => tagged(2, &[]),
        Constant::Ellipsis => tagged(3, &[]),
        Constant::Int(value) => tagged(4, &value.to_le_bytes()),
        Constant::BigInt(value) => tagged(5, &value.to_signed_bytes_le()),
        Constant::Float(value) => tagged(6, &value.to_bits().to_le_bytes()),
        Constant::Complex { real, imag } => {
            tagged(7, &real.to_bits().to_le_bytes());
            tagged(7, &imag.to_bits().to_le_bytes());
        }
        Constant::Str(text) => tagged(8, text.as_bytes()),
        Constant::StrCodePoints(points) => {
            let bytes: Vec<u8> = points.iter().flat_map(|point| point.to_le_bytes()).collect();
            tagged(9, &bytes);
        }
        Constant::Bytes(bytes) => tagged(10, bytes),
        Constant::Tuple(items) | Constant::FrozenSet(items) => {
            let tag = if matches!(constant, Constant::Tuple(_)) { 11 } else { 12 };
            tagged(tag, &(items.len() as u32).to_le_bytes());
            all = items.iter().all(|item| const_key(item, key));
        }
        Constant::Slice(parts) => {
            tagged(13, &[]);
            all = parts.iter().all(|item| const_key(item, key));
        }
        Constant::Code(_) => all = false,
    }
    all
}
