//! `while`, `for`, `async for`.

use snakelet_bytecode::{Instr, Reg, flags};
use snakelet_syntax::{Ranged, TextRange, ast};

use crate::compiler::{Compiler, Result};
use crate::fold::Truth;
use crate::unit::{Label, Operand};
use crate::unwind::Block;

/// Conditions up to this many nodes are tested again at the end of the loop instead of jumping to the top.
const MAX_INVERTED: u32 = 12;

impl<'a> Compiler<'a> {
    pub fn while_statement(&mut self, statement: &'a ast::StmtWhile) -> Result {
        let test = &*statement.test;
        let (exhausted, end, again) = (self.unit.label(), self.unit.label(), self.unit.label());
        let truth = self.truth_of(test);
        let mut budget = MAX_INVERTED;
        let inverted = truth == Truth::Unknown && is_small(test, &mut budget);
        // The condition of an inverted loop is tested first outside the loop.
        if inverted {
            self.jump_if(test, false, exhausted)?;
        }
        let top = self.unit.loop_head();
        if !inverted {
            self.unit.emit(Instr::Nop());
            self.jump_if(test, false, exhausted)?;
        }
        let continue_ = if inverted { again } else { top };
        self.push_block(Block::While { break_: end, continue_ }, statement.range)?;
        self.statements(&statement.body)?;
        self.pop_block();
        self.unit.bind(again);
        if inverted {
            self.quiet += 1;
            self.jump_if(test, true, top)?;
            self.quiet -= 1;
        } else {
            self.at(test.range(), |c| c.unit.hidden_jump(top));
        }
        self.unit.bind(exhausted);
        self.statements(&statement.orelse)?;
        self.unit.bind(end);
        Ok(())
    }

    pub fn for_statement(&mut self, statement: &'a ast::StmtFor) -> Result {
        if statement.is_async {
            return self.async_for(statement);
        }
        let iter = self.unit.alloc();
        self.iterator(&statement.iter, iter)?;
        let (exhausted, end) = (self.unit.label(), self.unit.label());
        let top = self.unit.loop_head();
        self.next_item(&statement.target, iter, exhausted, statement.iter.range())?;
        self.push_block(Block::For { break_: end, continue_: top, iter }, statement.range)?;
        self.statements(&statement.body)?;
        self.pop_block();
        self.at(statement.iter.range(), |c| c.unit.hidden_jump(top));
        self.unit.bind(exhausted);
        self.unit.free_from(iter);
        self.statements(&statement.orelse)?;
        self.unit.bind(end);
        Ok(())
    }

    /// `dst = iter(value)`.
    pub fn iterator(&mut self, value: &'a ast::Expr, dst: Reg) -> Result {
        let source = match self.iterable_constant(value) {
            Some(constant) => {
                self.at(value.range(), |c| c.load_constant(dst, constant));
                Operand::kept(dst)
            }
            None => self.operand(value, Some(dst))?,
        };
        self.at(value.range(), |c| {
            c.unit.emit_using(Instr::GetIter(dst, source.reg), Some(dst), &[(source, flags::KILL_B)]);
        });
        Ok(())
    }

    /// Takes the next item from `iter` and stores it; at the end the iterator is gone and control goes to `exhausted`.
    pub fn next_item(&mut self, target: &'a ast::Expr, iter: Reg, exhausted: Label, range: TextRange) -> Result {
        if let ast::Expr::Name(name) = target
            && let Some(local) = self.local_register(name.id.as_str())
        {
            self.at(range, |c| c.unit.emit_jump(Instr::ForIter(local, iter, 0), exhausted));
            self.unit.bound.insert(local.0);
            return Ok(());
        }
        let item = self.unit.alloc();
        self.at(range, |c| c.unit.emit_jump(Instr::ForIter(item, iter, 0), exhausted));
        self.store(target, Operand { reg: item, temp: true })
    }

    fn async_for(&mut self, statement: &'a ast::StmtFor) -> Result {
        let iter = self.unit.alloc();
        self.async_iterator(&statement.iter, iter)?;
        let (exhausted, end) = (self.unit.label(), self.unit.label());
        let top = self.unit.loop_head();
        self.next_async_item(&statement.target, iter, exhausted, statement.iter.range())?;
        self.push_block(Block::For { break_: end, continue_: top, iter }, statement.range)?;
        self.statements(&statement.body)?;
        self.pop_block();
        self.at(statement.iter.range(), |c| {
            c.unit.hidden_jump(top);
            c.end_async_loop(iter, exhausted);
        });
        self.unit.free_from(iter);
        self.statements(&statement.orelse)?;
        self.unit.bind(end);
        Ok(())
    }

    /// `dst = aiter(value)`.
    pub fn async_iterator(&mut self, value: &'a ast::Expr, dst: Reg) -> Result {
        let source = self.operand(value, Some(dst))?;
        self.at(value.range(), |c| {
            c.unit.emit_using(Instr::GetAiter(dst, source.reg), Some(dst), &[(source, flags::KILL_B)]);
        });
        Ok(())
    }

    /// Awaits the next item and stores it; StopAsyncIteration goes to the handler `exhausted`.
    pub fn next_async_item(&mut self, target: &'a ast::Expr, iter: Reg, exhausted: Label, range: TextRange) -> Result {
        let item = self.unit.alloc();
        self.unit.open_handler(exhausted, item);
        self.at(range, |c| {
            c.unit.emit(Instr::GetAnext(item, iter));
            c.unit.emit(Instr::YieldFrom(item, item));
        });
        self.unit.close_handler();
        self.store(target, Operand { reg: item, temp: true })
    }

    /// The handler of an `async for`: goes on after the loop, without the iterator.
    pub fn end_async_loop(&mut self, iter: Reg, exhausted: Label) {
        self.unit.bind_handler(exhausted);
        let exc = self.unit.alloc();
        self.unit.emit(Instr::EndAsyncFor(exc));
        self.unit.free_from(exc);
        self.unit.emit(Instr::Clear(iter));
    }
}

/// Whether an expression is cheap to compile twice; counts its nodes down from `budget`.
fn is_small(expression: &ast::Expr, budget: &mut u32) -> bool {
    let Some(left) = budget.checked_sub(1) else { return false };
    *budget = left;
    match expression {
        ast::Expr::Name(_)
        | ast::Expr::NumberLiteral(_)
        | ast::Expr::BooleanLiteral(_)
        | ast::Expr::NoneLiteral(_)
        | ast::Expr::StringLiteral(_) => true,
        ast::Expr::Attribute(attribute) => is_small(&attribute.value, budget),
        ast::Expr::Subscript(subscript) => is_small(&subscript.value, budget) && is_small(&subscript.slice, budget),
        ast::Expr::UnaryOp(unary) => is_small(&unary.operand, budget),
        ast::Expr::BinOp(binary) => is_small(&binary.left, budget) && is_small(&binary.right, budget),
        ast::Expr::BoolOp(bool_op) => bool_op.values.iter().all(|value| is_small(value, budget)),
        ast::Expr::Compare(compare) => {
            is_small(&compare.left, budget) && compare.comparators.iter().all(|value| is_small(value, budget))
        }
        ast::Expr::Call(call) => {
            call.arguments.keywords.is_empty()
                && is_small(&call.func, budget)
                && call.arguments.args.iter().all(|value| !value.is_starred_expr() && is_small(value, budget))
        }
        ast::Expr::Named(named) => is_small(&named.value, budget),
        _ => false,
    }
}
