//! Loading, storing and deleting names.

use std::rc::Rc;

use snakelet_bytecode::{Instr, Reg, flags};
use snakelet_syntax::{TextRange, ast};

use crate::compiler::{Compiler, Result};
use crate::symtable::{BlockKind, Place, mangle};
use crate::unit::{Operand, UnitKind};

/// How the current block reaches a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Access {
    /// A register of the frame.
    Local(Reg),
    /// A cell in a register of the frame.
    Cell(Reg),
    Free(u16),
    Global,
    /// The frame's namespace, then globals, then builtins.
    Name,
    /// Loads in class bodies: the namespace first.
    NameOrFree(u16),
    /// Loads in annotation scopes in a class: the class's namespace first.
    ClassOrFree(u16),
    ClassOrGlobal,
}

impl<'a> Compiler<'a> {
    /// The name as it is spelt in the current block, private names mangled.
    pub fn mangled(&mut self, name: &str) -> Rc<str> {
        match mangle(self.unit.class_name.as_deref(), name) {
            Some(mangled) if !self.only_type_params_mangled() || self.knows(&mangled) => self.intern(&mangled),
            _ => self.intern(name),
        }
    }

    fn only_type_params_mangled(&self) -> bool {
        self.scope().kind == BlockKind::TypeParameters
    }

    fn knows(&self, name: &str) -> bool {
        self.scope().symbol(name).is_some()
    }

    /// Finds a (mangled) name.
    pub fn access(&self, name: &str, load: bool) -> Access {
        for (index, frame) in self.unit.frames.iter().enumerate().rev() {
            let scope = self.table.scope(frame.scope);
            let place = scope.symbol(name).map_or(Place::GlobalImplicit, |symbol| symbol.place);
            let inlined = index > 0;
            match place {
                Place::Local => {
                    return match frame.registers.get(name) {
                        Some(&reg) if scope.is_function_like() => Access::Local(Reg(reg)),
                        _ => Access::Name,
                    };
                }
                Place::Cell => {
                    return match frame.registers.get(name) {
                        Some(&reg) => Access::Cell(Reg(reg)),
                        None => Access::Name,
                    };
                }
                Place::Free if inlined => {
                    // Seen from a comprehension, a class around it does not exist.
                    if self.table.scope(self.unit.frames[index - 1].scope).kind != BlockKind::Class {
                        continue;
                    }
                    return self.free(name, false, false);
                }
                Place::Free => {
                    return self.free(name, load && scope.kind == BlockKind::Class, load && scope.sees_class);
                }
                Place::GlobalExplicit => return Access::Global,
                Place::GlobalImplicit if inlined => {
                    return if self.unit.kind == UnitKind::Module { Access::Name } else { Access::Global };
                }
                Place::GlobalImplicit if !scope.is_function_like() => return Access::Name,
                Place::GlobalImplicit => {
                    return if load && scope.sees_class { Access::ClassOrGlobal } else { Access::Global };
                }
            }
        }
        Access::Name
    }

    fn free(&self, name: &str, in_class: bool, sees_class: bool) -> Access {
        match self.unit.freevars.iter().position(|known| &**known == name) {
            Some(index) if sees_class && name != "__classdict__" => Access::ClassOrFree(index as u16),
            Some(index) if in_class => Access::NameOrFree(index as u16),
            Some(index) => Access::Free(index as u16),
            None => Access::Global,
        }
    }

    /// The register of a name that is a plain local.
    pub fn local_register(&mut self, name: &str) -> Option<Reg> {
        let name = self.mangled(name);
        match self.access(&name, true) {
            Access::Local(reg) => Some(reg),
            _ => None,
        }
    }

    /// Sees to it that a local is bound.
    pub fn check_bound(&mut self, reg: Reg) {
        if !self.unit.bound.contains(reg.0) {
            self.unit.emit(Instr::CheckBound(reg));
            self.unit.bound.insert(reg.0);
        }
    }

    pub fn load_name(&mut self, name: &str, range: TextRange, dst: Reg) -> Result {
        if name == "__debug__" {
            let value = self.optimize == 0;
            self.at(range, |c| c.unit.emit(if value { Instr::LoadTrue(dst) } else { Instr::LoadFalse(dst) }));
            return Ok(());
        }
        let name = self.mangled(name);
        self.at(range, |c| c.load_mangled(&name, dst));
        Ok(())
    }

    pub fn load_mangled(&mut self, name: &Rc<str>, dst: Reg) {
        match self.access(name, true) {
            Access::Local(reg) => {
                self.check_bound(reg);
                self.unit.move_to(dst, Operand::kept(reg));
            }
            Access::Cell(reg) => self.unit.emit(Instr::LoadCell(dst, reg)),
            Access::Free(index) => self.unit.emit(Instr::LoadFree(dst, index)),
            Access::Global => {
                let site = self.unit.global_site(name);
                self.unit.emit(Instr::LoadGlobal(dst, site));
            }
            Access::Name => {
                let site = self.unit.global_site(name);
                self.unit.emit(Instr::LoadName(dst, site));
            }
            Access::NameOrFree(index) => {
                let namespace = self.unit.alloc();
                self.unit.emit(Instr::LoadLocals(namespace));
                let namespace = Operand { reg: namespace, temp: true };
                let instr = Instr::LoadNameOrFree(dst, namespace.reg, index);
                self.unit.emit_using(instr, Some(dst), &[(namespace, flags::KILL_B)]);
            }
            Access::ClassOrFree(index) => {
                let namespace = self.load_class_namespace();
                let instr = Instr::LoadNameOrFree(dst, namespace.reg, index);
                self.unit.emit_using(instr, Some(dst), &[(namespace, flags::KILL_B)]);
            }
            Access::ClassOrGlobal => {
                let namespace = self.load_class_namespace();
                let site = self.unit.global_site(name);
                let instr = Instr::LoadNameOrGlobal(dst, namespace.reg, site);
                self.unit.emit_using(instr, Some(dst), &[(namespace, flags::KILL_B)]);
            }
        }
    }

    fn load_class_namespace(&mut self) -> Operand {
        let reg = self.unit.alloc();
        let name = self.intern("__classdict__");
        match self.access(&name, false) {
            Access::Free(index) => self.unit.emit(Instr::LoadFree(reg, index)),
            _ => self.unit.emit(Instr::LoadLocals(reg)),
        }
        Operand { reg, temp: true }
    }

    /// Stores a value, consuming a temporary.
    pub fn store_name(&mut self, name: &str, range: TextRange, value: Operand) -> Result {
        let name = self.mangled(name);
        self.at(range, |c| c.store_mangled(&name, value));
        Ok(())
    }

    pub fn store_mangled(&mut self, name: &Rc<str>, value: Operand) {
        match self.access(name, false) {
            Access::Local(reg) => {
                self.unit.move_to(reg, value);
                self.unit.bound.insert(reg.0);
            }
            Access::Cell(reg) => {
                self.unit.emit_using(Instr::StoreCell(reg, value.reg), None, &[(value, flags::KILL_B)]);
            }
            Access::Free(index) | Access::NameOrFree(index) | Access::ClassOrFree(index) => {
                self.unit.emit_using(Instr::StoreFree(index, value.reg), None, &[(value, flags::KILL_B)]);
            }
            Access::Global | Access::ClassOrGlobal => {
                let site = self.unit.global_site(name);
                self.unit.emit_using(Instr::StoreGlobal(site, value.reg), None, &[(value, flags::KILL_B)]);
            }
            Access::Name => {
                let site = self.unit.global_site(name);
                self.unit.emit_using(Instr::StoreName(site, value.reg), None, &[(value, flags::KILL_B)]);
            }
        }
    }

    pub fn delete_name(&mut self, name: &ast::ExprName) {
        let mangled = self.mangled(name.id.as_str());
        self.at(name.range, |c| c.delete_mangled(&mangled));
    }

    pub fn delete_mangled(&mut self, name: &Rc<str>) {
        match self.access(name, false) {
            Access::Local(reg) => {
                let instr = if self.unit.bound.contains(reg.0) { Instr::Clear(reg) } else { Instr::DeleteLocal(reg) };
                self.unit.emit(instr);
                self.unit.bound.remove(reg.0);
            }
            Access::Cell(reg) => self.unit.emit(Instr::DeleteCell(reg)),
            Access::Free(index) | Access::NameOrFree(index) | Access::ClassOrFree(index) => {
                self.unit.emit(Instr::DeleteFree(index));
            }
            Access::Global | Access::ClassOrGlobal => {
                let site = self.unit.global_site(name);
                self.unit.emit(Instr::DeleteGlobal(site));
            }
            Access::Name => {
                let site = self.unit.global_site(name);
                self.unit.emit(Instr::DeleteName(site));
            }
        }
    }

    /// Makes a name unbound whether it is bound or not: the end of an `except ... as name`.
    pub fn unbind(&mut self, name: &str) {
        let name = self.mangled(name);
        if let Access::Local(reg) = self.access(&name, false) {
            self.unit.emit(Instr::Clear(reg));
            self.unit.bound.remove(reg.0);
            return;
        }
        let reg = self.unit.alloc();
        self.unit.emit(Instr::LoadNone(reg));
        self.store_mangled(&name, Operand { reg, temp: true });
        self.delete_mangled(&name);
    }

    /// Puts the cell that inner functions see under `name` into `dst`.
    pub fn load_cell_object(&mut self, name: &str, dst: Reg) {
        for frame in self.unit.frames.iter().rev() {
            let scope = self.table.scope(frame.scope);
            let is_cell =
                scope.kind == BlockKind::Class || scope.symbol(name).is_some_and(|symbol| symbol.place == Place::Cell);
            if is_cell && let Some(&reg) = frame.registers.get(name) {
                self.unit.emit(Instr::Move(dst, Reg(reg)));
                return;
            }
        }
        let index = self.unit.freevars.iter().position(|known| &**known == name);
        debug_assert!(index.is_some(), "{name} is free in an inner function of {}", self.unit.qualname);
        self.unit.emit(Instr::LoadFreeCell(dst, index.unwrap_or(0) as u16));
    }
}
