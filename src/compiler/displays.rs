//! Displays: lists, tuples, sets, dicts. Short ones are built from a run of temporaries, long ones and those with starred
//! elements step by step; what is constant comes from the constants as a whole.

use snakelet_bytecode::{Constant, Instr, Op, Reg, flags};
use snakelet_syntax::{Ranged, ast};

use crate::compiler::{Compiler, Result};
use crate::unit::Operand;

/// Displays with more elements are built step by step.
const MAX_DISPLAY: usize = 30;

impl<'a> Compiler<'a> {
    /// A list display.
    pub fn list(&mut self, elements: &'a [ast::Expr], dst: Reg) -> Result {
        if elements.len() >= 3
            && let Some(constants) = self.constants_of(elements)
        {
            let work = self.unit.work(dst);
            self.unit.emit(Instr::BuildList(work.reg, work.reg, 0));
            let items = self.unit.alloc();
            self.load_constant(items, Constant::Tuple(constants));
            let items = Operand { reg: items, temp: true };
            self.unit.emit_using(Instr::ListExtend(work.reg, items.reg), None, &[(items, flags::KILL_B)]);
            self.unit.move_to(dst, work);
            return Ok(());
        }
        if elements.len() <= MAX_DISPLAY && !elements.iter().any(ast::Expr::is_starred_expr) {
            let base = self.run(elements, dst)?;
            self.unit.emit(Instr::BuildList(dst, base, elements.len() as u16));
            return Ok(());
        }
        let work = self.unit.work(dst);
        self.long_list(elements, work.reg, false)?;
        self.unit.move_to(dst, work);
        Ok(())
    }

    /// Builds a list in `list`, element by element; `in_call` chooses the message for what cannot be unpacked.
    pub fn long_list(&mut self, elements: &'a [ast::Expr], list: Reg, in_call: bool) -> Result {
        let plain = elements.iter().take(MAX_DISPLAY).take_while(|element| !element.is_starred_expr()).count();
        let outer = self.unit.temp_top;
        // The run must start at the list's own register or above it.
        let base = self.run(&elements[..plain], list)?;
        debug_assert!(self.unit.overflow || self.unit.temp_top == outer);
        self.unit.emit(Instr::BuildList(list, base, plain as u16));
        for element in &elements[plain..] {
            let (value, instr): (_, fn(Reg, Reg) -> Instr) = match element {
                ast::Expr::Starred(starred) => (&*starred.value, Instr::ListExtend),
                value => (value, Instr::ListAppend),
            };
            let operand = self.operand(value, None)?;
            let mut instr = instr(list, operand.reg);
            if in_call && instr.op == Op::ListExtend {
                instr = instr.with(flags::SENSE);
            }
            self.unit.emit_using(instr, None, &[(operand, flags::KILL_B)]);
        }
        Ok(())
    }

    /// Evaluates expressions into a run of temporaries that `dst` may be the start of, and gives the run back.
    fn run(&mut self, elements: &'a [ast::Expr], dst: Reg) -> Result<Reg> {
        if elements.is_empty() {
            return Ok(dst);
        }
        let base = self.unit.run_base(dst);
        for (index, element) in elements.iter().enumerate() {
            let reg = if index == 0 { base } else { self.unit.alloc() };
            self.expression_to(element, reg)?;
        }
        self.unit.free_run(base, dst);
        Ok(base)
    }

    pub fn tuple(&mut self, elements: &'a [ast::Expr], dst: Reg) -> Result {
        if elements.len() <= MAX_DISPLAY && !elements.iter().any(ast::Expr::is_starred_expr) {
            let base = self.run(elements, dst)?;
            self.unit.emit(Instr::BuildTuple(dst, base, elements.len() as u16));
            return Ok(());
        }
        let work = self.unit.work(dst);
        self.long_list(elements, work.reg, false)?;
        self.unit.emit_using(Instr::ListToTuple(dst, work.reg), Some(dst), &[(work, flags::KILL_B)]);
        Ok(())
    }

    pub fn set(&mut self, set: &'a ast::ExprSet, dst: Reg) -> Result {
        let elements = &set.elts[..];
        if elements.len() >= 3
            && let Some(constants) = self.constants_of(elements)
            && let Some(constants) = crate::fold::distinct(constants)
        {
            let work = self.unit.work(dst);
            self.unit.emit(Instr::BuildSet(work.reg, work.reg, 0));
            let items = self.unit.alloc();
            self.load_constant(items, Constant::FrozenSet(constants));
            let items = Operand { reg: items, temp: true };
            self.unit.emit_using(Instr::SetUpdate(work.reg, items.reg), None, &[(items, flags::KILL_B)]);
            self.unit.move_to(dst, work);
            return Ok(());
        }
        if elements.len() <= MAX_DISPLAY && !elements.iter().any(ast::Expr::is_starred_expr) {
            let base = self.run(elements, dst)?;
            self.unit.emit(Instr::BuildSet(dst, base, elements.len() as u16));
            return Ok(());
        }
        let work = self.unit.work(dst);
        self.unit.emit(Instr::BuildSet(work.reg, work.reg, 0));
        for element in elements {
            let (value, instr): (_, fn(Reg, Reg) -> Instr) = match element {
                ast::Expr::Starred(starred) => (&*starred.value, Instr::SetUpdate),
                value => (value, Instr::SetAdd),
            };
            let operand = self.operand(value, None)?;
            self.unit.emit_using(instr(work.reg, operand.reg), None, &[(operand, flags::KILL_B)]);
        }
        self.unit.move_to(dst, work);
        Ok(())
    }

    pub fn dict(&mut self, dict: &'a ast::ExprDict, dst: Reg) -> Result {
        let items = &dict.items[..];
        let direct = items.iter().take(MAX_DISPLAY / 2).take_while(|item| item.key.is_some()).count();
        let work = if direct < items.len() { self.unit.work(dst) } else { Operand::kept(dst) };
        let base = if direct == 0 { work.reg } else { self.unit.run_base(work.reg) };
        for (index, item) in items[..direct].iter().enumerate() {
            let Some(key) = &item.key else { continue };
            let reg = if index == 0 { base } else { self.unit.alloc() };
            self.expression_to(key, reg)?;
            let reg = self.unit.alloc();
            self.expression_to(&item.value, reg)?;
        }
        if direct > 0 {
            self.unit.free_run(base, work.reg);
        }
        self.unit.emit(Instr::BuildDict(work.reg, base, direct as u16));
        for item in &items[direct..] {
            match &item.key {
                Some(key) => {
                    let key = self.operand_before(key, Some(item.value.range()), None)?;
                    let value = self.operand(&item.value, None)?;
                    let instr = Instr::DictAdd(work.reg, key.reg, value.reg);
                    self.unit.emit_using(instr, None, &[(key, flags::KILL_B), (value, flags::KILL_C)]);
                }
                None => {
                    let value = self.operand(&item.value, None)?;
                    let instr = Instr::DictUpdate(work.reg, value.reg);
                    self.unit.emit_using(instr, None, &[(value, flags::KILL_B)]);
                }
            }
        }
        if direct < items.len() {
            self.unit.move_to(dst, work);
        }
        Ok(())
    }
}
