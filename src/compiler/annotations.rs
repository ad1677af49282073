//! Annotations: `__annotate__` functions (PEP 649), or text under `from __future__ import annotations` (PEP 563).
//!
//! The annotations of a class or module are evaluated by one function, made at the end of the class's body or at the
//! start of the module. Those whose statements need not run have numbers; the numbers of the statements that did run are
//! collected in the set `__conditional_annotations__`.

use std::rc::Rc;

use snakelet_bytecode::{Code, Constant, Instr, Reg, flags, intrinsic};
use snakelet_syntax::{Ranged, TextRange, ast};

use crate::compiler::{Compiler, Result};
use crate::symtable::{BlockKind, DeferredAnnotation, ScopeId, annotation_order};
use crate::unit::{Operand, UnitKind};

/// Annotations of a function up to this number are put into the dict at once.
const MAX_AT_ONCE: usize = 15;

impl<'a> Compiler<'a> {
    /// Starts the code of a scope that is a function of the wanted format.
    pub fn open_annotation_scope(&mut self, scope: ScopeId, name: &str, range: TextRange) {
        let first_line = self.line(range);
        self.open_annotation_scope_at(scope, name, range, first_line);
    }

    fn open_annotation_scope_at(&mut self, scope: ScopeId, name: &str, range: TextRange, first_line: u32) {
        self.open(UnitKind::Other, scope, name, first_line, range);
        self.unit.arg_count = 1;
        self.unit.posonly_count = 1;
        // Only the formats VALUE and VALUE_WITH_FAKE_GLOBALS are for the function itself.
        let supported = self.unit.label();
        let format = Reg(0);
        self.unit.emit_jump(Instr::JumpGtImm(format, 2, 0), supported);
        let exc = self.unit.alloc();
        self.unit.emit(Instr::LoadNone(exc));
        self.unit.emit(Instr::Intrinsic1(exc, exc, intrinsic::NOT_IMPLEMENTED_ERROR));
        self.unit.emit(Instr::Raise(exc, Reg(0)).with(flags::HAS_EXC | flags::KILL_A));
        self.unit.free_from(exc);
        self.unit.end();
        self.unit.bind(supported);
    }

    /// The `__annotate__` function of a function definition.
    pub fn annotate_function(
        &mut self,
        function: &'a ast::StmtFunctionDef,
        scope: ScopeId,
        range: TextRange,
    ) -> Result<Rc<Code>> {
        self.open_annotation_scope(scope, "__annotate__", range);
        let annotations: Vec<(Rc<str>, &'a ast::Expr)> = self.function_annotation_list(function);
        let dict = self.unit.alloc();
        if annotations.len() > MAX_AT_ONCE {
            self.unit.emit(Instr::BuildDict(dict, dict, 0));
            for (name, annotation) in annotations {
                self.add_annotation(dict, name, annotation)?;
            }
        } else {
            let count = annotations.len() as u16;
            for (index, (name, annotation)) in annotations.into_iter().enumerate() {
                let key = if index == 0 { dict } else { self.unit.alloc() };
                self.load_constant(key, Constant::Str(name));
                let value = self.unit.alloc();
                self.annotation_value(annotation, value)?;
            }
            self.unit.free_from(Reg(dict.0 + 1));
            self.unit.emit(Instr::BuildDict(dict, dict, count));
        }
        self.return_operand(Operand { reg: dict, temp: true });
        self.close()
    }

    fn function_annotation_list(&mut self, function: &'a ast::StmtFunctionDef) -> Vec<(Rc<str>, &'a ast::Expr)> {
        let mut annotations = Vec::new();
        for parameter in annotation_order(&function.parameters) {
            if let Some(annotation) = parameter.annotation() {
                annotations.push((self.mangled(parameter.name.as_str()), annotation));
            }
        }
        if let Some(returns) = &function.returns {
            annotations.push((self.intern("return"), &**returns));
        }
        annotations
    }

    /// The value, or the text; `*args: *Ts` unpacks the one element of `(*Ts,)`.
    fn annotation_value(&mut self, annotation: &'a ast::Expr, dst: Reg) -> Result {
        if self.futures.annotations {
            let text = self.annotation_text(annotation);
            self.load_constant(dst, crate::fold::text(&text));
            return Ok(());
        }
        let ast::Expr::Starred(starred) = annotation else { return self.expression_to(annotation, dst) };
        self.expression_to(&starred.value, dst)?;
        self.at(starred.range, |c| c.unit.emit(Instr::Unpack(dst, dst, 1)));
        Ok(())
    }

    fn add_annotation(&mut self, dict: Reg, name: Rc<str>, annotation: &'a ast::Expr) -> Result {
        let key = self.unit.alloc();
        self.load_constant(key, Constant::Str(name));
        let value = self.unit.alloc();
        self.annotation_value(annotation, value)?;
        let (key, value) = (Operand { reg: key, temp: true }, Operand { reg: value, temp: true });
        let instr = Instr::StoreItem(dict, key.reg, value.reg);
        self.unit.emit_using(instr, None, &[(key, flags::KILL_B), (value, flags::KILL_C)]);
        Ok(())
    }

    /// The function that evaluates the annotations of the current module or class body.
    fn deferred_code(&mut self, scope: ScopeId, deferred: &[DeferredAnnotation<'a>]) -> Result<Rc<Code>> {
        let range = self.unit.range;
        let first_line = if self.unit.kind == UnitKind::Class { self.unit.first_line } else { self.line(range) };
        self.open_annotation_scope_at(scope, "__annotate__", range, first_line);
        let dict = self.unit.alloc();
        self.unit.emit(Instr::BuildDict(dict, dict, 0));
        for annotation in deferred {
            let ast::Expr::Name(target) = &*annotation.statement.target else { continue };
            let skip = self.unit.label();
            if let Some(number) = annotation.condition {
                let index = self.unit.alloc();
                self.unit.emit(Instr::LoadInt(index, number as i32));
                let set = self.unit.alloc();
                let name = self.intern("__conditional_annotations__");
                self.load_mangled(&name, set);
                self.unit.free_from(index);
                let kills = flags::KILL_A | flags::KILL_B;
                self.unit.emit_jump(Instr::JumpIn(index, set, 0).with(kills), skip);
            }
            let name = self.mangled(target.id.as_str());
            self.add_annotation(dict, name, &annotation.statement.annotation)?;
            self.unit.bind(skip);
        }
        self.return_operand(Operand { reg: dict, temp: true });
        self.close()
    }

    fn store_annotate(&mut self, name: &str) -> Result {
        let scope = self.scope();
        let deferred = scope.deferred.clone();
        let Some(annotation_scope) = scope.annotation_block else { return Ok(()) };
        if deferred.is_empty() {
            return Ok(());
        }
        let code = self.deferred_code(annotation_scope, &deferred)?;
        let reg = self.unit.alloc();
        self.make_function(code, reg, (reg, 0));
        let name = self.intern(name);
        let site = self.unit.global_site(&name);
        let value = Operand { reg, temp: true };
        self.unit.emit_using(Instr::StoreName(site, reg), None, &[(value, flags::KILL_B)]);
        Ok(())
    }

    /// At the end of a class body.
    pub fn class_annotations(&mut self) -> Result {
        self.store_annotate("__annotate_func__")
    }

    /// At the start of a module.
    pub fn module_annotations(&mut self) -> Result {
        self.store_annotate("__annotate__")?;
        if self.scope().conditional_annotations {
            let reg = self.unit.alloc();
            self.unit.emit(Instr::BuildSet(reg, reg, 0));
            let name = self.intern("__conditional_annotations__");
            self.store_mangled(&name, Operand { reg, temp: true });
        }
        self.future_annotations_setup();
        Ok(())
    }

    /// Under PEP 563 an annotated module or class has the dict `__annotations__` from its start.
    pub fn future_annotations_setup(&mut self) {
        if !self.futures.annotations || !self.scope().annotations_used {
            return;
        }
        let present = self.unit.label();
        let key = self.unit.alloc();
        let name = self.intern("__annotations__");
        self.load_constant(key, Constant::Str(name.clone()));
        let namespace = self.unit.alloc();
        self.unit.emit(Instr::LoadLocals(namespace));
        self.unit.free_from(key);
        let bits = flags::KILL_A | flags::KILL_B | flags::SENSE;
        self.unit.emit_jump(Instr::JumpIn(key, namespace, 0).with(bits), present);
        let dict = self.unit.alloc();
        self.unit.emit(Instr::BuildDict(dict, dict, 0));
        let site = self.unit.global_site(&name);
        let value = Operand { reg: dict, temp: true };
        self.unit.emit_using(Instr::StoreName(site, dict), None, &[(value, flags::KILL_B)]);
        self.unit.bind(present);
    }

    fn annotation_text(&self, annotation: &ast::Expr) -> String {
        crate::unparse::unparse(self.source, annotation)
    }

    pub fn annotated_assignment(&mut self, statement: &'a ast::StmtAnnAssign) -> Result {
        let range = statement.range;
        if let Some(value) = &statement.value {
            if let ast::Expr::Name(name) = &*statement.target
                && let Some(local) = self.local_register(name.id.as_str())
            {
                self.expression_to(value, local)?;
                self.unit.bound.insert(local.0);
            } else {
                let value = self.operand_before(value, Some(statement.target.range()), None)?;
                self.store(&statement.target, value)?;
            }
        }
        self.unit.range = range;
        let evaluated = matches!(self.scope().kind, BlockKind::Module | BlockKind::Class);
        match &*statement.target {
            ast::Expr::Name(name) if statement.simple && evaluated => {
                if self.futures.annotations {
                    return self.store_annotation_text(name, &statement.annotation);
                }
                let deferred = self.scope().deferred.iter();
                let condition = deferred
                    .filter(|deferred| std::ptr::eq(deferred.statement, statement))
                    .find_map(|deferred| deferred.condition);
                if let Some(number) = condition {
                    let set = self.unit.alloc();
                    let name = self.intern("__conditional_annotations__");
                    match self.unit.frames[0].registers.get(&name) {
                        Some(&cell) => self.unit.emit(Instr::LoadCell(set, Reg(cell))),
                        None => self.load_mangled(&name, set),
                    }
                    let index = self.unit.alloc();
                    self.unit.emit(Instr::LoadInt(index, number as i32));
                    self.unit.free_from(set);
                    let kills = flags::KILL_A | flags::KILL_B;
                    self.unit.emit(Instr::SetAdd(set, index).with(kills));
                }
                return Ok(());
            }
            ast::Expr::Attribute(attribute) if statement.value.is_none() => {
                let value = self.operand(&attribute.value, None)?;
                self.unit.discard(value);
            }
            ast::Expr::Subscript(subscript) if statement.value.is_none() => {
                let value = self.operand(&subscript.value, None)?;
                self.unit.discard(value);
                let key = self.operand(&subscript.slice, None)?;
                self.unit.discard(key);
            }
            _ => {}
        }
        if evaluated && !statement.simple && !self.futures.annotations {
            let value = self.operand(&statement.annotation, None)?;
            self.unit.discard(value);
        }
        Ok(())
    }

    /// `__annotations__['name'] = 'text'`.
    fn store_annotation_text(&mut self, name: &'a ast::ExprName, annotation: &'a ast::Expr) -> Result {
        let text = self.annotation_text(annotation);
        let dict = self.unit.alloc();
        let annotations = self.intern("__annotations__");
        let site = self.unit.global_site(&annotations);
        self.unit.emit(Instr::LoadName(dict, site));
        let key = self.unit.alloc();
        let name = self.mangled(name.id.as_str());
        self.load_constant(key, Constant::Str(name));
        let value = self.unit.alloc();
        self.load_constant(value, crate::fold::text(&text));
        self.unit.free_from(dict);
        let kills = flags::KILL_A | flags::KILL_B | flags::KILL_C;
        self.unit.emit(Instr::StoreItem(dict, key, value).with(kills));
        Ok(())
    }
}
