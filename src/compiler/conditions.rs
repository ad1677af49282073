//! Comparisons, and expressions that decide a jump.

use snakelet_bytecode::{Instr, Reg, flags};
use snakelet_syntax::{Ranged, TextRange, ast};

use crate::compiler::{Compiler, Result};
use crate::fold::Truth;
use crate::unit::{Label, Operand, bit};

impl<'a> Compiler<'a> {
    /// Jumps to `target` if the truth of `test` is `sense`, else goes on.
    pub fn jump_if(&mut self, test: &'a ast::Expr, sense: bool, target: Label) -> Result {
        self.deeper()?;
        let outer = std::mem::replace(&mut self.unit.range, test.range());
        self.jump_on(test, sense, target)?;
        self.unit.range = outer;
        self.depth -= 1;
        Ok(())
    }

    fn jump_on(&mut self, test: &'a ast::Expr, sense: bool, target: Label) -> Result {
        match self.truth_of(test) {
            Truth::Unknown => {}
            known => {
                if (known == Truth::True) == sense {
                    self.unit.jump(target);
                }
                return Ok(());
            }
        }
        match test {
            ast::Expr::UnaryOp(unary) if unary.op == ast::UnaryOp::Not => self.jump_if(&unary.operand, !sense, target),
            ast::Expr::BoolOp(bool_op) => self.jump_on_bool_op(bool_op, sense, target),
            ast::Expr::If(conditional) => {
                let (otherwise, end) = (self.unit.label(), self.unit.label());
                self.jump_if(&conditional.test, false, otherwise)?;
                self.jump_if(&conditional.body, sense, target)?;
                self.unit.jump(end);
                self.unit.bind(otherwise);
                self.jump_if(&conditional.orelse, sense, target)?;
                self.unit.bind(end);
                Ok(())
            }
            ast::Expr::Compare(compare) => self.jump_on_compare(compare, sense, target),
            _ => {
                let value = self.operand(test, None)?;
                self.jump_on_operand(value, sense, target);
                Ok(())
            }
        }
    }

    /// Jumps on the truth of a value, consuming it.
    pub fn jump_on_operand(&mut self, value: Operand, sense: bool, target: Label) {
        self.unit.release(value);
        let bits = bit(sense, flags::SENSE) | bit(value.temp, flags::KILL_A);
        self.unit.emit_jump(Instr::JumpIf(value.reg, 0).with(bits), target);
    }

    fn jump_on_bool_op(&mut self, bool_op: &'a ast::ExprBoolOp, sense: bool, target: Label) -> Result {
        let Some((last, rest)) = bool_op.values.split_last() else { return Ok(()) };
        // The outcome that settles the whole at once.
        let decisive = bool_op.op == ast::BoolOp::Or;
        if decisive == sense {
            for value in rest {
                self.jump_if(value, sense, target)?;
            }
            return self.jump_if(last, sense, target);
        }
        let end = self.unit.label();
        for value in rest {
            self.jump_if(value, decisive, end)?;
        }
        self.jump_if(last, sense, target)?;
        self.unit.bind(end);
        Ok(())
    }

    fn jump_on_compare(&mut self, compare: &'a ast::ExprCompare, sense: bool, target: Label) -> Result {
        self.warn_compare(compare);
        let count = compare.ops.len();
        if count == 1 {
            return self.jump_on_single(compare, sense, target);
        }
        let (failed, end) = (self.unit.label(), self.unit.label());
        let first = Reg(self.unit.temp_top as u16);
        let middle = &compare.comparators[..count - 1];
        // Without temporaries to clear, a failed comparison needs no code of its own.
        let clean = !self.table.has_walrus(compare.range) && middle.iter().all(|value| self.is_local(value));
        let failed_at = match (clean, sense) {
            (false, _) => failed,
            (true, true) => end,
            (true, false) => target,
        };
        let mut left = self.operand_before(&compare.left, Some(rest_range(compare, 0)), None)?;
        for (index, (&op, right)) in compare.ops.iter().zip(&compare.comparators).enumerate() {
            let last = index + 1 == count;
            if last
                && let Some(make) = immediate_jump(op)
                && let Some(n) = self.small_int(right)
            {
                let bits = bit(sense, flags::SENSE) | bit(left.temp, flags::KILL_A);
                self.unit.emit_jump(make(left.reg, n, 0).with(bits), target);
                break;
            }
            let later = (!last).then(|| rest_range(compare, index + 1));
            let right = self.operand_before(right, later, None)?;
            // What the next comparison needs stays; temporaries are all given back at the end.
            let kills = [left.temp, last && right.temp];
            let to = if last { target } else { failed_at };
            self.compare_jump(op, left.reg, right.reg, kills, last && sense, to);
            left = right;
        }
        let top = self.unit.temp_top;
        self.unit.free_from(first);
        if !clean {
            self.unit.jump(end);
            self.unit.bind(failed);
            // Middle operands that a failed comparison has left.
            for reg in first.0..top as u16 {
                self.unit.emit(Instr::Clear(Reg(reg)));
            }
            if !sense {
                self.unit.jump(target);
            }
        }
        self.unit.bind(end);
        Ok(())
    }

    fn jump_on_single(&mut self, compare: &'a ast::ExprCompare, sense: bool, target: Label) -> Result {
        let (op, right) = (compare.ops[0], &compare.comparators[0]);
        if matches!(op, ast::CmpOp::Is | ast::CmpOp::IsNot) && right.is_none_literal_expr() {
            let value = self.operand(&compare.left, None)?;
            self.unit.release(value);
            let bits = bit(sense == (op == ast::CmpOp::Is), flags::SENSE) | bit(value.temp, flags::KILL_A);
            self.unit.emit_jump(Instr::JumpIfNone(value.reg, 0).with(bits), target);
            return Ok(());
        }
        if let Some(make) = immediate_jump(op)
            && let Some(n) = self.small_int(right)
        {
            let value = self.operand(&compare.left, None)?;
            self.unit.release(value);
            let bits = bit(sense, flags::SENSE) | bit(value.temp, flags::KILL_A);
            self.unit.emit_jump(make(value.reg, n, 0).with(bits), target);
            return Ok(());
        }
        let left = self.operand_before(&compare.left, Some(right.range()), None)?;
        let right = self.comparand(op, right)?;
        self.unit.release(right);
        self.unit.release(left);
        self.compare_jump(op, left.reg, right.reg, [left.temp, right.temp], sense, target);
        Ok(())
    }

    fn compare_jump(&mut self, op: ast::CmpOp, left: Reg, right: Reg, kills: [bool; 2], sense: bool, target: Label) {
        let (make, negated): (fn(Reg, Reg, i16) -> Instr, bool) = match op {
            ast::CmpOp::Eq => (Instr::JumpEq, false),
            ast::CmpOp::NotEq => (Instr::JumpNe, false),
            ast::CmpOp::Lt => (Instr::JumpLt, false),
            ast::CmpOp::LtE => (Instr::JumpLe, false),
            ast::CmpOp::Gt => (Instr::JumpGt, false),
            ast::CmpOp::GtE => (Instr::JumpGe, false),
            ast::CmpOp::Is => (Instr::JumpIs, false),
            ast::CmpOp::IsNot => (Instr::JumpIs, true),
            ast::CmpOp::In => (Instr::JumpIn, false),
            ast::CmpOp::NotIn => (Instr::JumpIn, true),
        };
        let bits = bit(sense != negated, flags::SENSE) | bit(kills[0], flags::KILL_A) | bit(kills[1], flags::KILL_B);
        self.unit.emit_jump(make(left, right, 0).with(bits), target);
    }

    /// The right operand of a comparison: displays of constants after `in` become constants.
    fn comparand(&mut self, op: ast::CmpOp, right: &'a ast::Expr) -> Result<Operand> {
        if matches!(op, ast::CmpOp::In | ast::CmpOp::NotIn)
            && let Some(constant) = self.iterable_constant(right)
        {
            let reg = self.unit.alloc();
            self.at(right.range(), |c| c.load_constant(reg, constant));
            return Ok(Operand { reg, temp: true });
        }
        self.operand(right, None)
    }

    pub fn compare(&mut self, compare: &'a ast::ExprCompare, dst: Reg) -> Result {
        self.warn_compare(compare);
        let count = compare.ops.len();
        let hint = self.unit.is_temp(dst).then_some(dst);
        if count == 1 {
            let op = compare.ops[0];
            let left = self.operand_before(&compare.left, Some(compare.comparators[0].range()), hint)?;
            let right = self.comparand(op, &compare.comparators[0])?;
            let instr = compare_instr(op, dst, left.reg, right.reg);
            self.unit.emit_using(instr, Some(dst), &[(left, flags::KILL_B), (right, flags::KILL_C)]);
            return Ok(());
        }
        let work = self.unit.work(dst);
        let end = self.unit.label();
        let first = Reg(self.unit.temp_top as u16);
        let mut left = self.operand_before(&compare.left, Some(rest_range(compare, 0)), None)?;
        for index in 0..count {
            let last = index + 1 == count;
            let later = (!last).then(|| rest_range(compare, index + 1));
            let right = self.operand_before(&compare.comparators[index], later, None)?;
            let bits = bit(left.temp, flags::KILL_B) | bit(last && right.temp, flags::KILL_C);
            self.unit.emit(compare_instr(compare.ops[index], work.reg, left.reg, right.reg).with(bits));
            if !last {
                self.unit.emit_jump(Instr::JumpIf(work.reg, 0), end);
            }
            left = right;
        }
        let top = self.unit.temp_top;
        self.unit.free_from(first);
        if first.0 as u32 != top {
            // On the way from a failed comparison the middle operands are still there.
            let done = self.unit.label();
            self.unit.jump(done);
            self.unit.bind(end);
            for reg in first.0..top as u16 {
                self.unit.emit(Instr::Clear(Reg(reg)));
            }
            self.unit.bind(done);
        } else {
            self.unit.bind(end);
        }
        self.unit.move_to(dst, work);
        Ok(())
    }
}

/// Where the operands of comparison `index` and all later ones are.
fn rest_range(compare: &ast::ExprCompare, index: usize) -> TextRange {
    TextRange::new(compare.comparators[index].start(), compare.range.end())
}

fn compare_instr(op: ast::CmpOp, dst: Reg, left: Reg, right: Reg) -> Instr {
    match op {
        ast::CmpOp::Eq => Instr::Eq(dst, left, right),
        ast::CmpOp::NotEq => Instr::Ne(dst, left, right),
        ast::CmpOp::Lt => Instr::Lt(dst, left, right),
        ast::CmpOp::LtE => Instr::Le(dst, left, right),
        ast::CmpOp::Gt => Instr::Gt(dst, left, right),
        ast::CmpOp::GtE => Instr::Ge(dst, left, right),
        ast::CmpOp::Is => Instr::Is(dst, left, right),
        ast::CmpOp::IsNot => Instr::Is(dst, left, right).with(flags::SENSE),
        ast::CmpOp::In => Instr::Contains(dst, left, right),
        ast::CmpOp::NotIn => Instr::Contains(dst, left, right).with(flags::SENSE),
    }
}

fn immediate_jump(op: ast::CmpOp) -> Option<fn(Reg, i16, i16) -> Instr> {
    Some(match op {
        ast::CmpOp::Eq => Instr::JumpEqImm,
        ast::CmpOp::NotEq => Instr::JumpNeImm,
        ast::CmpOp::Lt => Instr::JumpLtImm,
        ast::CmpOp::LtE => Instr::JumpLeImm,
        ast::CmpOp::Gt => Instr::JumpGtImm,
        ast::CmpOp::GtE => Instr::JumpGeImm,
        _ => return None,
    })
}
