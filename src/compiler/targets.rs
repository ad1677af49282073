//! Assignment targets: storing, unpacking, augmented assignment, `del`.

use snakelet_bytecode::{Instr, Reg, flags};
use snakelet_syntax::{Ranged, TextRange, ast};

use crate::compiler::{Compiler, Result};
use crate::unit::Operand;

impl<'a> Compiler<'a> {
    pub fn assignment(&mut self, statement: &'a ast::StmtAssign) -> Result {
        if let [target] = &statement.targets[..] {
            if let ast::Expr::Name(name) = target
                && let Some(local) = self.local_register(name.id.as_str())
            {
                self.expression_to(&statement.value, local)?;
                self.unit.bound.insert(local.0);
                return Ok(());
            }
            if self.parallel_assignment(target, &statement.value)? {
                return Ok(());
            }
            let value = self.operand_before(&statement.value, Some(target.range()), None)?;
            return self.store(target, value);
        }
        let targets = TextRange::new(
            statement.targets.first().map_or(statement.range.start(), Ranged::start),
            statement.targets.last().map_or(statement.range.end(), Ranged::end),
        );
        let only_names = statement.targets.iter().all(ast::Expr::is_name_expr);
        let mut value = if only_names {
            self.operand_before(&statement.value, Some(targets), None)?
        } else {
            Operand { reg: self.temporary(&statement.value)?, temp: true }
        };
        let Some((last, rest)) = statement.targets.split_last() else { return Ok(()) };
        for target in rest {
            self.store(target, Operand::kept(value.reg))?;
        }
        value.temp &= self.unit.is_temp(value.reg);
        self.store(last, value)
    }

    /// `a, b = x, y` without building a tuple: values go to registers, then to the targets from left to right.
    fn parallel_assignment(&mut self, target: &'a ast::Expr, value: &'a ast::Expr) -> Result<bool> {
        let targets = match target {
            ast::Expr::Tuple(tuple) => &tuple.elts,
            ast::Expr::List(list) => &list.elts,
            _ => return Ok(false),
        };
        let ast::Expr::Tuple(values) = value else { return Ok(false) };
        let values = &values.elts;
        if targets.len() != values.len()
            || !(2..=8).contains(&targets.len())
            || targets.iter().chain(values).any(ast::Expr::is_starred_expr)
        {
            return Ok(false);
        }
        let everything = TextRange::new(target.start().min(value.start()), value.end().max(target.end()));
        let quiet = !self.table.has_walrus(everything);
        let first = Reg(self.unit.temp_top as u16);
        let mut assigned = Vec::new();
        for target in targets {
            match target {
                ast::Expr::Name(name) => assigned.push(self.local_register(name.id.as_str())),
                // Anything may be assigned by an unpacking.
                ast::Expr::Tuple(_) | ast::Expr::List(_) => assigned.push(Some(Reg(u16::MAX))),
                _ => assigned.push(None),
            }
        }
        let mut operands = Vec::new();
        for (index, value) in values.iter().enumerate() {
            // A local stays where it is if no earlier target changes it.
            let mut in_place = None;
            if quiet
                && let ast::Expr::Name(name) = value
                && let Some(local) = self.local_register(name.id.as_str())
                && !assigned[..index].iter().flatten().any(|&reg| reg == local || reg.0 == u16::MAX)
            {
                self.at(name.range, |c| c.check_bound(local));
                in_place = Some(Operand::kept(local));
            }
            operands.push(match in_place {
                Some(operand) => operand,
                None => Operand { reg: self.temporary(value)?, temp: true },
            });
        }
        for (target, operand) in targets.iter().zip(operands) {
            self.store_below_top(target, operand)?;
        }
        self.unit.free_from(first);
        Ok(true)
    }

    /// Stores a temporary that may have others above it, which stay.
    fn store_below_top(&mut self, target: &'a ast::Expr, value: Operand) -> Result {
        let top = self.unit.temp_top;
        self.store_and_kill(target, value)?;
        self.unit.temp_top = top;
        Ok(())
    }

    /// Stores a value into a target, consuming a temporary.
    pub fn store(&mut self, target: &'a ast::Expr, value: Operand) -> Result {
        self.store_and_kill(target, value)?;
        self.unit.release(value);
        Ok(())
    }

    /// Stores a value and clears its temporary, but leaves it allocated.
    fn store_and_kill(&mut self, target: &'a ast::Expr, value: Operand) -> Result {
        self.deeper()?;
        let outer = std::mem::replace(&mut self.unit.range, target.range());
        let top = self.unit.temp_top;
        let kill = |flag: u8| if value.temp { flag } else { 0 };
        match target {
            ast::Expr::Name(name) => {
                let name = self.mangled(name.id.as_str());
                self.store_mangled_keeping(&name, value);
            }
            ast::Expr::Attribute(attribute) => {
                self.note_static_attribute(attribute);
                let object = self.operand(&attribute.value, None)?;
                let name = self.mangled(attribute.attr.as_str());
                let site = self.unit.attr_site(&name);
                let range = self.attribute_range(attribute, attribute.range);
                let instr = Instr::StoreAttr(object.reg, value.reg, site).with(kill(flags::KILL_B));
                self.at(range, |c| c.unit.emit_using(instr, None, &[(object, flags::KILL_A)]));
            }
            ast::Expr::Subscript(subscript) => {
                let object = self.operand_before(&subscript.value, Some(subscript.slice.range()), None)?;
                match &*subscript.slice {
                    ast::Expr::Slice(slice) if slice.step.is_none() => {
                        let bounds = self.slice_bounds(slice)?;
                        self.unit.free_from(bounds);
                        let instr = Instr::StoreSlice(object.reg, bounds, value.reg).with(kill(flags::KILL_C));
                        self.unit.emit_using(instr, None, &[(object, flags::KILL_A)]);
                    }
                    key => {
                        let key = self.operand(key, None)?;
                        let instr = Instr::StoreItem(object.reg, key.reg, value.reg).with(kill(flags::KILL_C));
                        self.unit.emit_using(instr, None, &[(object, flags::KILL_A), (key, flags::KILL_B)]);
                    }
                }
            }
            ast::Expr::Tuple(tuple) => self.unpack(&tuple.elts, tuple.range, value)?,
            ast::Expr::List(list) => self.unpack(&list.elts, list.range, value)?,
            ast::Expr::Starred(starred) => {
                return self.error(starred.range, "starred assignment target must be in a list or tuple");
            }
            other => return self.error(other.range(), "invalid syntax"),
        }
        debug_assert!(self.unit.overflow || self.unit.temp_top == top);
        self.unit.range = outer;
        self.depth -= 1;
        Ok(())
    }

    fn store_mangled_keeping(&mut self, name: &std::rc::Rc<str>, value: Operand) {
        let top = self.unit.temp_top;
        // The value need not be on top of the stack.
        if value.temp {
            self.unit.temp_top = value.reg.0 as u32 + 1;
        }
        self.store_mangled(name, value);
        self.unit.temp_top = top;
    }

    fn unpack(&mut self, targets: &'a [ast::Expr], range: TextRange, value: Operand) -> Result {
        let kill = if value.temp { flags::KILL_B } else { 0 };
        let mut star = None;
        for (index, target) in targets.iter().enumerate() {
            if target.is_starred_expr() {
                if star.is_some() {
                    return self.error(range, "multiple starred expressions in assignment");
                }
                star = Some(index);
            }
        }
        if let Some(before) = star {
            let after = targets.len() - before - 1;
            if before > 0xFF || after > 0xFF {
                return self.error(range, "too many expressions in star-unpacking assignment");
            }
            let first = self.unit.alloc_run(targets.len());
            let count = before as u16 | (after as u16) << 8;
            self.unit.emit(Instr::UnpackEx(first, value.reg, count).with(kill));
            return self.store_run(targets, first);
        }
        if let Some(first) = self.adjacent_locals(targets) {
            self.unit.emit(Instr::Unpack(first, value.reg, targets.len() as u16).with(kill));
            for index in 0..targets.len() as u16 {
                self.unit.bound.insert(first.0 + index);
            }
            return Ok(());
        }
        self.unit.overflow |= targets.len() > 0xF000;
        // `[] = x` names a register as well.
        let first = self.unit.alloc_run(targets.len().max(1));
        self.unit.emit(Instr::Unpack(first, value.reg, targets.len() as u16).with(kill));
        if targets.is_empty() {
            self.unit.free_from(first);
        }
        self.store_run(targets, first)
    }

    /// Stores a run of temporaries into targets from left to right.
    fn store_run(&mut self, targets: &'a [ast::Expr], first: Reg) -> Result {
        for (index, target) in targets.iter().enumerate() {
            let target = match target {
                ast::Expr::Starred(starred) => &*starred.value,
                target => target,
            };
            let value = Operand { reg: Reg(first.0 + index as u16), temp: true };
            self.store_below_top(target, value)?;
        }
        self.unit.free_from(first);
        Ok(())
    }

    /// The first register, if the targets are plain locals in adjacent registers.
    fn adjacent_locals(&mut self, targets: &[ast::Expr]) -> Option<Reg> {
        let mut first = None;
        for (index, target) in targets.iter().enumerate() {
            let ast::Expr::Name(name) = target else { return None };
            let reg = self.local_register(name.id.as_str())?;
            match first {
                None => first = Some(reg),
                Some(Reg(start)) if start as usize + index == reg.0 as usize => {}
                Some(_) => return None,
            }
        }
        first
    }

    /// `self.name = ...` in a method: the class lists such names in `__static_attributes__`.
    fn note_static_attribute(&mut self, attribute: &ast::ExprAttribute) {
        let ast::Expr::Name(object) = &*attribute.value else { return };
        if object.id.as_str() != "self" {
            return;
        }
        let name = self.intern(attribute.attr.as_str());
        for unit in self.outer.iter_mut().rev() {
            if unit.kind == crate::unit::UnitKind::Class {
                if !unit.static_attributes.contains(&name) {
                    unit.static_attributes.push(name);
                }
                return;
            }
        }
    }

    pub fn augmented_assignment(&mut self, statement: &'a ast::StmtAugAssign) -> Result {
        let value = &*statement.value;
        let range = statement.range;
        match &*statement.target {
            ast::Expr::Name(name) => {
                let mangled = self.mangled(name.id.as_str());
                if let Some(local) = self.local_register(name.id.as_str()) {
                    let left = self.operand_before_name(name, value.range())?;
                    self.binary_step(statement.op, true, local, left, false, value, range)?;
                    self.unit.bound.insert(local.0);
                    return Ok(());
                }
                let reg = self.unit.alloc();
                self.at(name.range, |c| c.load_mangled(&mangled, reg));
                self.binary_step(statement.op, true, reg, Operand::kept(reg), false, value, range)?;
                self.at(name.range, |c| c.store_mangled(&mangled, Operand { reg, temp: true }));
                Ok(())
            }
            ast::Expr::Attribute(attribute) => {
                self.note_static_attribute(attribute);
                let object = self.operand_before(&attribute.value, Some(value.range()), None)?;
                let name = self.mangled(attribute.attr.as_str());
                let at = self.attribute_range(attribute, attribute.range);
                let reg = self.unit.alloc();
                let site = self.unit.attr_site(&name);
                self.at(at, |c| c.unit.emit(Instr::LoadAttr(reg, object.reg, site)));
                self.binary_step(statement.op, true, reg, Operand::kept(reg), false, value, range)?;
                let site = self.unit.attr_site(&name);
                let result = Operand { reg, temp: true };
                let operands = [(object, flags::KILL_A), (result, flags::KILL_B)];
                self.at(at, |c| c.unit.emit_using(Instr::StoreAttr(object.reg, reg, site), None, &operands));
                Ok(())
            }
            ast::Expr::Subscript(subscript) => {
                let at = subscript.range;
                let later = TextRange::new(subscript.slice.start(), value.end());
                let object = self.operand_before(&subscript.value, Some(later), None)?;
                if let ast::Expr::Slice(slice) = &*subscript.slice
                    && slice.step.is_none()
                {
                    return self.augmented_slice(statement, object, slice, at);
                }
                let key = self.operand_before(&subscript.slice, Some(value.range()), None)?;
                let reg = self.unit.alloc();
                self.at(at, |c| c.unit.emit(Instr::LoadItem(reg, object.reg, key.reg)));
                self.binary_step(statement.op, true, reg, Operand::kept(reg), false, value, range)?;
                let result = Operand { reg, temp: true };
                let operands = [(object, flags::KILL_A), (key, flags::KILL_B), (result, flags::KILL_C)];
                self.at(at, |c| c.unit.emit_using(Instr::StoreItem(object.reg, key.reg, reg), None, &operands));
                Ok(())
            }
            other => self.error(other.range(), "invalid syntax"),
        }
    }

    fn operand_before_name(&mut self, name: &'a ast::ExprName, later: TextRange) -> Result<Operand> {
        let Some(local) = self.local_register(name.id.as_str()) else { return Ok(Operand::kept(Reg(0))) };
        self.at(name.range, |c| c.check_bound(local));
        if !self.table.has_walrus(later) {
            return Ok(Operand::kept(local));
        }
        let reg = self.unit.alloc();
        self.unit.emit(Instr::Move(reg, local));
        Ok(Operand { reg, temp: true })
    }

    fn augmented_slice(
        &mut self,
        statement: &'a ast::StmtAugAssign,
        object: Operand,
        slice: &'a ast::ExprSlice,
        at: TextRange,
    ) -> Result {
        // The slice is used twice, so it is made an object.
        let key = self.unit.alloc();
        let bounds = self.slice_bounds(slice)?;
        self.unit.free_from(bounds);
        self.at(slice.range, |c| c.unit.emit(Instr::BuildSlice(key, bounds, 2)));
        let reg = self.unit.alloc();
        self.at(at, |c| c.unit.emit(Instr::LoadItem(reg, object.reg, key)));
        let (op, range) = (statement.op, statement.range);
        self.binary_step(op, true, reg, Operand::kept(reg), false, &statement.value, range)?;
        let operand = |reg| Operand { reg, temp: true };
        let operands = [(object, flags::KILL_A), (operand(key), flags::KILL_B), (operand(reg), flags::KILL_C)];
        self.at(at, |c| c.unit.emit_using(Instr::StoreItem(object.reg, key, reg), None, &operands));
        Ok(())
    }

    pub fn delete(&mut self, target: &'a ast::Expr) -> Result {
        self.deeper()?;
        self.unit.range = target.range();
        match target {
            ast::Expr::Name(name) => self.delete_name(name),
            ast::Expr::Attribute(attribute) => {
                let object = self.operand(&attribute.value, None)?;
                let name = self.mangled(attribute.attr.as_str());
                let site = self.unit.attr_site(&name);
                let instr = Instr::DeleteAttr(object.reg, site);
                let range = self.attribute_range(attribute, attribute.range);
                self.at(range, |c| c.unit.emit_using(instr, None, &[(object, flags::KILL_A)]));
            }
            ast::Expr::Subscript(subscript) => {
                let object = self.operand_before(&subscript.value, Some(subscript.slice.range()), None)?;
                let key = self.operand(&subscript.slice, None)?;
                let instr = Instr::DeleteItem(object.reg, key.reg);
                self.unit.emit_using(instr, None, &[(object, flags::KILL_A), (key, flags::KILL_B)]);
            }
            ast::Expr::Tuple(tuple) => tuple.elts.iter().try_for_each(|target| self.delete(target))?,
            ast::Expr::List(list) => list.elts.iter().try_for_each(|target| self.delete(target))?,
            other => return self.error(other.range(), "invalid syntax"),
        }
        self.depth -= 1;
        Ok(())
    }
}
