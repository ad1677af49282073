//! Statements, and the bodies of modules.

use snakelet_bytecode::{Constant, Instr, flags};
use snakelet_syntax::{Ranged, ast};

use crate::Mode;
use crate::compiler::{Compiler, Result};
use crate::unit::{Operand, UnitKind};

impl<'a> Compiler<'a> {
    /// The code of a module, up to its return.
    pub fn module_body(&mut self, body: &'a [ast::Stmt]) -> Result {
        if let Some(first) = body.first() {
            self.unit.range = first.range();
        }
        let has_docstring = self.mode == Mode::Exec || self.mode == Mode::Notebook && body.len() > 1;
        let docstring = self.docstring(body).filter(|_| has_docstring);
        if let Some(Some(docstring)) = &docstring {
            self.set_docstring(docstring.clone());
        }
        self.module_annotations()?;
        let rest = match docstring {
            Some(docstring) => {
                if let Some(docstring) = docstring {
                    self.at(body[0].range(), |c| {
                        let reg = c.unit.alloc();
                        c.load_constant(reg, docstring);
                        let name = c.intern("__doc__");
                        c.store_mangled(&name, Operand { reg, temp: true });
                    });
                }
                &body[1..]
            }
            None => body,
        };
        if self.mode == Mode::Notebook
            && let Some((ast::Stmt::Expr(last), before)) = rest.split_last()
        {
            self.statements(before)?;
            self.unit.range = last.range;
            let value = self.operand(&last.value, None)?;
            self.unit.range = last.range;
            self.return_operand(value);
            return Ok(());
        }
        self.statements(rest)?;
        self.implicit_return();
        Ok(())
    }

    /// Whether a body starts with a docstring, and which (none if they are dropped), its indentation removed.
    pub fn docstring(&self, body: &'a [ast::Stmt]) -> Option<Option<Constant>> {
        let Some(ast::Stmt::Expr(statement)) = body.first() else { return None };
        let ast::Expr::StringLiteral(literal) = &*statement.value else { return None };
        if self.optimize >= 2 {
            return Some(None);
        }
        Some(Some(match self.string_constant(literal) {
            Constant::Str(text) => Constant::Str(clean_docstring(&text).into()),
            other => other,
        }))
    }

    /// The return at the end of a body, of no line of its own.
    pub fn implicit_return(&mut self) {
        self.unit.hidden(|unit| unit.emit(Instr::ReturnNone()));
        self.unit.end();
    }

    pub fn statements(&mut self, body: &'a [ast::Stmt]) -> Result {
        body.iter().try_for_each(|statement| self.statement(statement))
    }

    fn statement(&mut self, statement: &'a ast::Stmt) -> Result {
        self.deeper()?;
        self.unit.range = statement.range();
        match statement {
            ast::Stmt::FunctionDef(function) => self.function_definition(function)?,
            ast::Stmt::ClassDef(class) => self.class_definition(class)?,
            ast::Stmt::Return(statement) => self.return_statement(statement)?,
            ast::Stmt::Delete(statement) => statement.targets.iter().try_for_each(|target| self.delete(target))?,
            ast::Stmt::TypeAlias(alias) => self.type_alias(alias)?,
            ast::Stmt::Assign(statement) => self.assignment(statement)?,
            ast::Stmt::AugAssign(statement) => self.augmented_assignment(statement)?,
            ast::Stmt::AnnAssign(statement) => self.annotated_assignment(statement)?,
            ast::Stmt::For(statement) => self.for_statement(statement)?,
            ast::Stmt::While(statement) => self.while_statement(statement)?,
            ast::Stmt::If(statement) => self.if_statement(statement)?,
            ast::Stmt::With(statement) => self.with_statement(statement)?,
            ast::Stmt::Match(statement) => self.match_statement(statement)?,
            ast::Stmt::Raise(statement) => self.raise_statement(statement)?,
            ast::Stmt::Try(statement) => self.try_statement(statement)?,
            ast::Stmt::Assert(statement) => self.assert_statement(statement)?,
            ast::Stmt::Import(statement) => self.import(statement)?,
            ast::Stmt::ImportFrom(statement) => self.import_from(statement)?,
            ast::Stmt::Global(_) | ast::Stmt::Nonlocal(_) => {}
            // A place for debuggers to stop at.
            ast::Stmt::Pass(_) => self.unit.emit(Instr::Nop()),
            ast::Stmt::Expr(statement) => self.expression_statement(statement)?,
            ast::Stmt::Break(statement) => self.break_statement(statement.range)?,
            ast::Stmt::Continue(statement) => self.continue_statement(statement.range)?,
            ast::Stmt::IpyEscapeCommand(command) => return self.error(command.range, "invalid syntax"),
        }
        self.depth -= 1;
        Ok(())
    }

    fn if_statement(&mut self, statement: &'a ast::StmtIf) -> Result {
        let end = self.unit.label();
        let mut test = Some(&*statement.test);
        let mut body = &statement.body[..];
        let mut clauses = statement.elif_else_clauses.iter();
        loop {
            let next = self.unit.label();
            if let Some(test) = test {
                self.at(test.range(), |c| c.unit.emit(Instr::Nop()));
                self.jump_if(test, false, next)?;
            }
            self.statements(body)?;
            let Some(clause) = clauses.next() else {
                self.unit.bind(next);
                break;
            };
            self.unit.hidden_jump(end);
            self.unit.bind(next);
            test = clause.test.as_ref();
            body = &clause.body;
            if test.is_none() {
                self.statements(body)?;
                break;
            }
        }
        self.unit.bind(end);
        Ok(())
    }

    fn expression_statement(&mut self, statement: &'a ast::StmtExpr) -> Result {
        let value = &*statement.value;
        if self.mode == Mode::Interactive && self.unit.kind == UnitKind::Module {
            let value = self.operand(value, None)?;
            self.unit.range = statement.range;
            self.unit.emit_using(Instr::PrintExpr(value.reg), None, &[(value, flags::KILL_A)]);
            return Ok(());
        }
        if self.constant_of(value).is_some() {
            self.unit.emit(Instr::Nop());
            return Ok(());
        }
        let before = self.unit.items.len();
        // A starred expression is an error even though its value is dropped.
        let value = self.operand(value, None)?;
        if self.unit.items.len() == before {
            self.unit.emit(Instr::Nop());
        }
        self.unit.range = statement.value.range();
        self.unit.hidden(|unit| unit.discard(value));
        Ok(())
    }
}

/// Removes the indentation that all lines after the first have in common, and the first line's own.
fn clean_docstring(text: &str) -> String {
    let text = expand_tabs(text);
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let mut lines = text.split('\n');
    let first = lines.next().unwrap_or_default();
    let margin = lines.clone().filter(|line| indent(line) < line.len()).map(indent).min().unwrap_or(0);
    let mut clean = String::with_capacity(text.len());
    clean.push_str(first.trim_start_matches(' '));
    for line in lines {
        clean.push('\n');
        clean.push_str(&line[margin.min(indent(line))..]);
    }
    clean
}

fn expand_tabs(text: &str) -> String {
    if !text.contains('\t') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    for c in text.chars() {
        match c {
            '\t' => {
                let spaces = 8 - column % 8;
                out.extend(std::iter::repeat_n(' ', spaces));
                column += spaces;
            }
            '\n' | '\r' => {
                out.push(c);
                column = 0;
            }
            c => {
                out.push(c);
                column += 1;
            }
        }
    }
    out
}
