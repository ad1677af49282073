//! `try`, `except`, `except*`, `finally`, `with`, `raise`.
//!
//! A handler finds the exception in the register `depth` of its table entry, saves the exception that was being handled
//! before in the next one (`PushHandled`), and gives it back when it ends (`PopHandled`), on whatever path. For the path
//! of a further exception there is a second handler over the first one's code.

use snakelet_bytecode::{Instr, Reg, flags};
use snakelet_syntax::{Ranged, TextRange, ast};

use crate::compiler::{Compiler, Result};
use crate::unit::{Label, Operand};
use crate::unwind::Block;

impl<'a> Compiler<'a> {
    pub fn try_statement(&mut self, statement: &'a ast::StmtTry) -> Result {
        self.unit.emit(Instr::Nop());
        if statement.finalbody.is_empty() {
            return self.try_except(statement);
        }
        let depth = Reg(self.unit.temp_top as u16);
        let (handler, end) = (self.unit.label(), self.unit.label());
        self.unit.open_handler(handler, depth);
        self.push_block(Block::Finally { body: &statement.finalbody }, statement.range)?;
        if statement.handlers.is_empty() {
            self.statements(&statement.body)?;
            self.statements(&statement.orelse)?;
        } else {
            self.try_except(statement)?;
        }
        self.pop_block();
        self.unit.close_handler();
        self.statements(&statement.finalbody)?;
        self.unit.hidden_jump(end);

        self.unit.bind_handler(handler);
        self.unit.range = statement.finalbody.first().map_or(statement.range, Ranged::range);
        let (exc, save, cleanup) = self.enter_handler();
        self.push_block(Block::FinallyEnd { exc, save }, statement.range)?;
        self.quiet += 1;
        self.statements(&statement.finalbody)?;
        self.quiet -= 1;
        self.pop_block();
        self.unit.close_handler();
        self.unit.hidden(|unit| unit.emit(Instr::PopHandled(save)));
        self.reraise(exc);
        self.handler_cleanup(cleanup, save, None);
        self.unit.free_from(depth);
        self.unit.bind(end);
        Ok(())
    }

    /// At the start of a handler's code: the exception's register, that of the one handled before, and the open second handler.
    fn enter_handler(&mut self) -> (Reg, Reg, Label) {
        let exc = self.unit.alloc();
        let save = self.unit.alloc();
        self.unit.hidden(|unit| unit.emit(Instr::PushHandled(save, exc)));
        let cleanup = self.unit.label();
        let depth = Reg(self.unit.temp_top as u16);
        self.unit.open_handler(cleanup, depth);
        (exc, save, cleanup)
    }

    fn reraise(&mut self, exc: Reg) {
        self.unit.hidden(|unit| unit.emit(Instr::Reraise(exc).with(flags::KILL_A)));
        self.unit.end();
    }

    /// The same where the frame is to stand where the exception was raised, not here.
    fn reraise_from_afar(&mut self, exc: Reg) {
        self.unit.hidden(|unit| unit.emit(Instr::Reraise(exc).with(flags::KILL_A | flags::SENSE)));
        self.unit.end();
    }

    /// An exception has left a handler's code: ends the handling and passes it on.
    fn handler_cleanup(&mut self, cleanup: Label, save: Reg, name: Option<&str>) {
        self.unit.bind_handler(cleanup);
        let outer = std::mem::replace(&mut self.unit.hidden, true);
        let exc = self.unit.alloc();
        if let Some(name) = name {
            self.unbind(name);
        }
        self.unit.emit(Instr::PopHandled(save));
        self.unit.free_from(exc);
        self.reraise_from_afar(exc);
        self.unit.hidden = outer;
    }

    fn try_except(&mut self, statement: &'a ast::StmtTry) -> Result {
        let depth = Reg(self.unit.temp_top as u16);
        let (handler, end) = (self.unit.label(), self.unit.label());
        self.unit.open_handler(handler, depth);
        self.push_block(Block::Try, statement.range)?;
        self.statements(&statement.body)?;
        self.pop_block();
        self.unit.close_handler();
        self.statements(&statement.orelse)?;
        self.unit.hidden_jump(end);

        self.unit.bind_handler(handler);
        if statement.is_star {
            self.star_handlers(statement, end)?;
        } else {
            self.handlers(statement, end)?;
        }
        self.unit.free_from(depth);
        self.unit.bind(end);
        Ok(())
    }

    fn handlers(&mut self, statement: &'a ast::StmtTry, end: Label) -> Result {
        if let Some(ast::ExceptHandler::ExceptHandler(first)) = statement.handlers.first() {
            self.unit.range = first.range;
        }
        let (exc, save, cleanup) = self.enter_handler();
        let mut named = Vec::new();
        for (index, ast::ExceptHandler::ExceptHandler(handler)) in statement.handlers.iter().enumerate() {
            self.unit.range = handler.range;
            let next = self.unit.label();
            match &handler.type_ {
                Some(types) => {
                    let matched = self.unit.alloc();
                    self.expression_to(types, matched)?;
                    self.unit.range = handler.range;
                    self.unit.emit(Instr::MatchException(matched, exc, matched));
                    self.unit.free_from(matched);
                    self.unit.emit_jump(Instr::JumpIf(matched, 0).with(flags::KILL_A), next);
                }
                None if index + 1 < statement.handlers.len() => {
                    return self.error(handler.range, "default 'except:' must be last");
                }
                None => self.unit.emit(Instr::Nop()),
            }
            self.unit.range = handler.range;
            let name = handler.name.as_ref().map(|name| name.as_str());
            if let Some(name) = name {
                self.store_name(name, handler.range, Operand::kept(exc))?;
                let cleanup = self.unit.label();
                let depth = Reg(self.unit.temp_top as u16);
                self.unit.open_handler(cleanup, depth);
                named.push((cleanup, name));
            }
            self.push_block(Block::Handler { exc, save, name }, handler.range)?;
            self.statements(&handler.body)?;
            self.pop_block();
            if name.is_some() {
                self.unit.close_handler();
            }
            let outer = std::mem::replace(&mut self.unit.hidden, true);
            self.unprotected(1, |c| {
                c.unit.emit(Instr::PopHandled(save));
                c.unit.emit(Instr::Clear(exc));
                if let Some(name) = name {
                    c.unbind(name);
                }
                c.unit.jump(end);
            });
            self.unit.hidden = outer;
            self.unit.bind(next);
        }
        self.unit.close_handler();
        self.unit.hidden(|unit| unit.emit(Instr::PopHandled(save)));
        // Nobody has taken it: that shows where the last one was asked.
        let last = statement.handlers.last().map(|ast::ExceptHandler::ExceptHandler(handler)| match &handler.type_ {
            Some(class) => class.range(),
            None => handler.range,
        });
        self.at(last.unwrap_or(self.unit.range), |c| c.reraise(exc));
        for (cleanup, name) in named {
            self.handler_cleanup(cleanup, save, Some(name));
        }
        self.handler_cleanup(cleanup, save, None);
        Ok(())
    }

    /// `except*`: every clause takes its share of the group; what was raised meanwhile and what is left is raised at the end.
    fn star_handlers(&mut self, statement: &'a ast::StmtTry, end: Label) -> Result {
        if let Some(ast::ExceptHandler::ExceptHandler(first)) = statement.handlers.first() {
            self.unit.range = first.range;
        }
        let (exc, save, cleanup) = self.enter_handler();
        let list = self.unit.alloc();
        self.unit.emit(Instr::BuildList(list, list, 0));
        let rest = self.unit.alloc();
        self.unit.emit(Instr::Move(rest, exc));
        for ast::ExceptHandler::ExceptHandler(handler) in &statement.handlers {
            self.unit.range = handler.range;
            let next = self.unit.label();
            let matched = self.unit.alloc();
            let unmatched = self.unit.alloc();
            if let Some(types) = &handler.type_ {
                let types_reg = self.unit.alloc();
                self.expression_to(types, types_reg)?;
                self.unit.range = handler.range;
                let instr = Instr::MatchExceptionGroup(matched, rest, types_reg).with(flags::KILL_B);
                let types_operand = Operand { reg: types_reg, temp: true };
                self.unit.emit_using(instr, None, &[(types_operand, flags::KILL_C)]);
                self.unit.move_to(rest, Operand { reg: unmatched, temp: true });
            }
            self.unit.range = handler.range;
            self.unit.emit_jump(Instr::JumpIfNone(matched, 0).with(flags::SENSE), next);
            let name = handler.name.as_ref().map(|name| name.as_str());
            let saved = self.unit.alloc();
            self.unit.emit(Instr::PushHandled(saved, matched));
            if let Some(name) = name {
                self.store_name(name, handler.range, Operand::kept(matched))?;
            }
            let raised = self.unit.label();
            let depth = Reg(self.unit.temp_top as u16);
            self.unit.open_handler(raised, depth);
            self.push_block(Block::StarHandler, handler.range)?;
            self.statements(&handler.body)?;
            self.pop_block();
            self.unit.close_handler();
            let outer = std::mem::replace(&mut self.unit.hidden, true);
            self.unit.emit(Instr::PopHandled(saved));
            self.unit.emit(Instr::Clear(matched));
            if let Some(name) = name {
                self.unbind(name);
            }
            self.unit.jump(next);
            self.unit.bind_handler(raised);
            let raised = self.unit.alloc();
            if let Some(name) = name {
                self.unbind(name);
            }
            self.unit.emit(Instr::ListAppend(list, raised).with(flags::KILL_B));
            self.unit.emit(Instr::PopHandled(saved));
            self.unit.emit(Instr::Clear(matched));
            self.unit.free_from(matched);
            self.unit.hidden = outer;
            self.unit.bind(next);
        }
        let outer = std::mem::replace(&mut self.unit.hidden, true);
        let nothing_left = self.unit.label();
        self.unit.emit_jump(Instr::JumpIfNone(rest, 0).with(flags::SENSE), nothing_left);
        self.unit.emit(Instr::ListAppend(list, rest));
        self.unit.bind(nothing_left);
        self.unit.emit(Instr::Clear(rest));
        self.unit.emit(Instr::PrepareReraiseStar(rest, exc, list));
        self.unit.emit(Instr::Clear(list));
        self.unit.close_handler();
        let handled = self.unit.label();
        self.unit.emit(Instr::PopHandled(save));
        self.unit.emit_jump(Instr::JumpIfNone(rest, 0).with(flags::SENSE), handled);
        self.reraise(rest);
        self.unit.bind(handled);
        self.unit.emit(Instr::Clear(exc));
        self.unit.jump(end);
        self.unit.free_from(list);
        self.handler_cleanup(cleanup, save, None);
        self.unit.hidden = outer;
        Ok(())
    }

    pub fn with_statement(&mut self, statement: &'a ast::StmtWith) -> Result {
        self.with_items(statement, &statement.items)
    }

    fn with_items(&mut self, statement: &'a ast::StmtWith, items: &'a [ast::WithItem]) -> Result {
        let Some((item, rest)) = items.split_first() else { return self.statements(&statement.body) };
        let is_async = statement.is_async;
        self.deeper()?;
        let range = item.context_expr.range();
        let exit = self.unit.alloc();
        self.expression_to(&item.context_expr, exit)?;
        self.unit.range = range;
        let value = self.unit.alloc();
        if is_async {
            self.unit.emit(Instr::AsyncWithEnter(exit, exit));
            self.await_register(value, 1);
        } else {
            self.unit.emit(Instr::WithEnter(exit, exit));
        }
        self.unit.free_from(value);
        let (handler, end) = (self.unit.label(), self.unit.label());
        self.unit.open_handler(handler, value);
        self.push_block(Block::With { exit, is_async, range }, range)?;
        self.unit.alloc();
        let value_operand = Operand { reg: value, temp: true };
        match &item.optional_vars {
            Some(target) => self.store(target, value_operand)?,
            None => self.unit.discard(value_operand),
        }
        self.with_items(statement, rest)?;
        self.pop_block();
        self.unit.close_handler();
        self.unit.range = range;
        self.call_exit(exit, is_async);
        self.unit.hidden_jump(end);

        self.unit.bind_handler(handler);
        let (exc, save, cleanup) = self.enter_handler();
        let answer = self.unit.alloc();
        self.unit.emit(Instr::WithExitExc(answer, exit, exc));
        if is_async {
            self.await_register(answer, 2);
        }
        let suppressed = self.unit.label();
        self.unit.free_from(answer);
        self.unit.emit_jump(Instr::JumpIf(answer, 0).with(flags::KILL_A | flags::SENSE), suppressed);
        self.unit.close_handler();
        let outer = std::mem::replace(&mut self.unit.hidden, true);
        self.unit.emit(Instr::PopHandled(save));
        self.reraise_from_afar(exc);
        self.unit.bind(suppressed);
        self.unit.emit(Instr::PopHandled(save));
        self.unit.emit(Instr::Clear(exc));
        self.unit.jump(end);
        self.handler_cleanup(cleanup, save, None);
        self.unit.hidden = outer;
        self.unit.free_from(exit);
        self.unit.bind(end);
        self.depth -= 1;
        Ok(())
    }

    /// Calls `__exit__(None, None, None)` and drops the result.
    pub fn call_exit(&mut self, exit: Reg, is_async: bool) {
        let result = self.unit.alloc();
        self.unit.emit(Instr::WithExit(result, exit));
        if is_async {
            self.await_register(result, 2);
        }
        self.unit.discard(Operand { reg: result, temp: true });
    }

    /// `reg = await reg` for a temporary; `context` as in `GetAwaitable`.
    pub fn await_register(&mut self, reg: Reg, context: u16) {
        self.unit.emit(Instr::GetAwaitable(reg, reg, context));
        self.unit.emit(Instr::YieldFrom(reg, reg));
    }

    pub fn raise_statement(&mut self, statement: &'a ast::StmtRaise) -> Result {
        let none = Operand::kept(Reg(0));
        let (mut exc, mut cause) = (none, none);
        let mut bits = 0;
        if let Some(value) = &statement.exc {
            exc = self.operand_before(value, statement.cause.as_deref().map(Ranged::range), None)?;
            bits |= flags::HAS_EXC;
        }
        if let Some(value) = &statement.cause {
            cause = self.operand(value, None)?;
            bits |= flags::HAS_CAUSE;
        }
        self.unit.range = statement.range;
        let instr = Instr::Raise(exc.reg, cause.reg).with(bits);
        self.unit.emit_using(instr, None, &[(exc, flags::KILL_A), (cause, flags::KILL_B)]);
        self.unit.end();
        Ok(())
    }

    pub fn assert_statement(&mut self, statement: &'a ast::StmtAssert) -> Result {
        if let ast::Expr::Tuple(tuple) = &*statement.test
            && !tuple.elts.is_empty()
        {
            self.warn(statement.range, "assertion is always true, perhaps remove parentheses?");
        }
        if self.optimize > 0 {
            return Ok(());
        }
        let passed = self.unit.label();
        self.jump_if(&statement.test, true, passed)?;
        let range: TextRange = statement.test.range();
        self.unit.range = range;
        let base = self.unit.alloc();
        self.unit.emit(Instr::LoadAssertionError(base));
        if let Some(message) = &statement.msg {
            let reg = self.unit.alloc();
            self.expression_to(message, reg)?;
            self.unit.free_from(reg);
            self.unit.range = range;
            self.unit.emit(Instr::Call(base, base, 1));
        }
        let exc = Operand { reg: base, temp: true };
        let instr = Instr::Raise(exc.reg, Reg(0)).with(flags::HAS_EXC);
        self.unit.emit_using(instr, None, &[(exc, flags::KILL_A)]);
        self.unit.end();
        self.unit.bind(passed);
        Ok(())
    }
}
