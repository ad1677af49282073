//! Comprehensions, which run in the frame they stand in (PEP 709), and generator expressions, which are functions.

use snakelet_bytecode::{Instr, Reg, flags};
use snakelet_syntax::{Ranged, TextRange, ast};

use crate::compiler::{Compiler, Result};
use crate::symtable::{Part, Place, ScopeId};
use crate::unit::{Label, NameFrame, Operand, UnitKind};

/// What a comprehension does with each item.
#[derive(Clone, Copy)]
enum Collect<'a> {
    List(&'a ast::Expr),
    Set(&'a ast::Expr),
    Dict(&'a ast::Expr, &'a ast::Expr),
    Yield(&'a ast::Expr),
}

/// A loop that is still open.
struct OpenLoop {
    iter: Reg,
    top: Label,
    exhausted: Label,
    skip: Label,
    is_async: bool,
    range: TextRange,
}

impl<'a> Compiler<'a> {
    /// A list, set or dict comprehension.
    pub fn comprehension(&mut self, expression: &'a ast::Expr, dst: Reg) -> Result {
        let (scope, generators, collect, name) = match expression {
            ast::Expr::ListComp(comp) => {
                (self.scope_of(comp, Part::Body), &comp.generators, Collect::List(&comp.elt), "<listcomp>")
            }
            ast::Expr::SetComp(comp) => {
                (self.scope_of(comp, Part::Body), &comp.generators, Collect::Set(&comp.elt), "<setcomp>")
            }
            ast::Expr::DictComp(comp) => {
                let collect = Collect::Dict(&comp.key, &comp.value);
                (self.scope_of(comp, Part::Body), &comp.generators, collect, "<dictcomp>")
            }
            _ => return Ok(()),
        };
        if !self.table.scope(scope).inlined {
            return self.comprehension_function(scope, generators, collect, name, expression.range(), dst);
        }
        let Some(outermost) = generators.first() else { return Ok(()) };
        let range = expression.range();
        let work = self.unit.work(dst);
        // The first iterable belongs to the scope around.
        let iter = self.unit.alloc();
        if outermost.is_async {
            self.async_iterator(&outermost.iter, iter)?;
        } else {
            self.iterator(&outermost.iter, iter)?;
        }
        self.build_empty(collect, work.reg);

        let registers = self.unit.comprehension_registers.get(&scope).cloned().unwrap_or_default();
        let mut variables: Vec<u16> = registers.values().copied().collect();
        snakelet_text::order::sort(&mut variables);
        for &variable in &variables {
            self.unit.bound.remove(variable);
        }
        for symbol in &self.table.scope(scope).symbols {
            if symbol.place == Place::Cell
                && let Some(&reg) = registers.get(&symbol.name)
            {
                self.unit.emit(Instr::MakeCell(Reg(reg)));
            }
        }
        self.unit.frames.push(NameFrame { scope, registers });
        // After an exception that is handled in this frame the variables must not live on.
        let guarded = !self.unit.open_handlers.is_empty() && !variables.is_empty();
        let failed = self.unit.label();
        if guarded {
            self.unit.open_handler(failed, iter);
        }
        self.comprehension_loops(generators, Some(iter), collect, work.reg)?;
        if guarded {
            self.unit.close_handler();
        }
        self.unit.frames.pop();
        self.unit.range = range;
        for &variable in &variables {
            self.unit.emit(Instr::Clear(Reg(variable)));
            self.unit.bound.remove(variable);
        }
        self.unit.free_from(iter);
        if guarded {
            let done = self.unit.label();
            self.unit.jump(done);
            self.unit.bind_handler(failed);
            for &variable in &variables {
                self.unit.emit(Instr::Clear(Reg(variable)));
            }
            self.unit.emit(Instr::Reraise(iter).with(flags::KILL_A));
            self.unit.end();
            self.unit.bind(done);
        }
        self.unit.move_to(dst, work);
        Ok(())
    }

    fn build_empty(&mut self, collect: Collect<'a>, dst: Reg) {
        match collect {
            Collect::List(_) => self.unit.emit(Instr::BuildList(dst, dst, 0)),
            Collect::Set(_) => self.unit.emit(Instr::BuildSet(dst, dst, 0)),
            Collect::Dict(..) => self.unit.emit(Instr::BuildDict(dst, dst, 0)),
            Collect::Yield(_) => {}
        }
    }

    /// The nested loops; `first` is the iterator of the outermost one. Items go to the collection in `into`.
    fn comprehension_loops(
        &mut self,
        generators: &'a [ast::Comprehension],
        first: Option<Reg>,
        collect: Collect<'a>,
        into: Reg,
    ) -> Result {
        let mut open: Vec<OpenLoop> = Vec::new();
        let outer_top = self.unit.temp_top;
        for (index, generator) in generators.iter().enumerate() {
            let range = generator.iter.range();
            let given = if index == 0 { first } else { None };
            let iter = match given {
                Some(iter) => iter,
                None => {
                    let iter = self.unit.alloc();
                    if generator.is_async {
                        self.async_iterator(&generator.iter, iter)?;
                    } else {
                        self.iterator(&generator.iter, iter)?;
                    }
                    iter
                }
            };
            let (exhausted, skip) = (self.unit.label(), self.unit.label());
            let top = self.unit.loop_head();
            if generator.is_async {
                self.next_async_item(&generator.target, iter, exhausted, range)?;
            } else {
                self.next_item(&generator.target, iter, exhausted, range)?;
            }
            for test in &generator.ifs {
                self.jump_if(test, false, skip)?;
            }
            open.push(OpenLoop { iter, top, exhausted, skip, is_async: generator.is_async, range });
        }
        self.collect(collect, into)?;
        while let Some(innermost) = open.pop() {
            self.unit.range = innermost.range;
            self.unit.bind(innermost.skip);
            self.unit.jump(innermost.top);
            if innermost.is_async {
                self.end_async_loop(innermost.iter, innermost.exhausted);
            } else {
                self.unit.bind(innermost.exhausted);
            }
            if !open.is_empty() {
                self.unit.free_from(innermost.iter);
            }
        }
        self.unit.temp_top = outer_top;
        Ok(())
    }

    fn collect(&mut self, collect: Collect<'a>, into: Reg) -> Result {
        match collect {
            Collect::List(element) => {
                let value = self.operand(element, None)?;
                self.unit.range = element.range();
                self.unit.emit_using(Instr::ListAppend(into, value.reg), None, &[(value, flags::KILL_B)]);
            }
            Collect::Set(element) => {
                let value = self.operand(element, None)?;
                self.unit.range = element.range();
                self.unit.emit_using(Instr::SetAdd(into, value.reg), None, &[(value, flags::KILL_B)]);
            }
            Collect::Dict(key, value) => {
                let range = TextRange::new(key.start(), value.end());
                let key = self.operand_before(key, Some(value.range()), None)?;
                let value = self.operand(value, None)?;
                self.unit.range = range;
                let instr = Instr::DictAdd(into, key.reg, value.reg);
                self.unit.emit_using(instr, None, &[(key, flags::KILL_B), (value, flags::KILL_C)]);
            }
            Collect::Yield(element) => {
                let value = self.unit.alloc();
                let operand = self.operand(element, Some(value))?;
                self.unit.range = element.range();
                self.unit.emit(Instr::Yield(value, operand.reg));
                self.unit.discard(Operand { reg: value, temp: true });
            }
        }
        Ok(())
    }

    pub fn generator_expression(&mut self, generator: &'a ast::ExprGenerator, range: TextRange, dst: Reg) -> Result {
        let scope = self.scope_of(generator, Part::Body);
        let collect = Collect::Yield(&generator.elt);
        self.comprehension_function(scope, &generator.generators, collect, "<genexpr>", range, dst)
    }

    /// A comprehension as a function of its outermost iterator, called at once.
    fn comprehension_function(
        &mut self,
        scope: ScopeId,
        generators: &'a [ast::Comprehension],
        collect: Collect<'a>,
        name: &str,
        range: TextRange,
        dst: Reg,
    ) -> Result {
        let Some(outermost) = generators.first() else { return Ok(()) };
        let is_generator = matches!(collect, Collect::Yield(_));
        let awaits = self.table.scope(scope).coroutine && !is_generator;
        let first_line = self.line(range);
        self.open(UnitKind::Other, scope, name, first_line, range);
        self.unit.arg_count = 1;
        let into = self.unit.alloc();
        self.build_empty(collect, into);
        self.comprehension_loops(generators, Some(Reg(0)), collect, into)?;
        self.unit.range = range;
        if is_generator {
            self.unit.emit(Instr::ReturnNone());
            self.unit.end();
        } else {
            self.return_operand(Operand { reg: into, temp: true });
        }
        let code = self.close()?;

        let base = self.unit.run_base(dst);
        self.make_function(code, base, (Reg(self.unit.temp_top as u16), 0));
        let iter = self.unit.alloc();
        if outermost.is_async {
            self.async_iterator(&outermost.iter, iter)?;
        } else {
            self.iterator(&outermost.iter, iter)?;
        }
        self.unit.free_run(base, dst);
        self.unit.range = range;
        if awaits {
            self.unit.emit(Instr::Call(base, base, 1));
            self.await_register(base, 0);
            if base != dst {
                self.unit.emit(Instr::Move(dst, base).with(flags::KILL_B));
            }
        } else {
            self.unit.emit(Instr::Call(dst, base, 1));
        }
        Ok(())
    }
}
