//! `import` and `from ... import`.

use snakelet_bytecode::{Constant, Instr, flags};
use snakelet_syntax::{Ranged, SyntaxError, ast};

use crate::compiler::{Compiler, Result};
use crate::future;
use crate::unit::Operand;

impl<'a> Compiler<'a> {
    pub fn import(&mut self, statement: &'a ast::StmtImport) -> Result {
        for alias in &statement.names {
            let path = alias.name.as_str();
            let module = self.unit.alloc();
            self.unit.emit(Instr::LoadNone(module));
            let name = self.intern(path);
            let index = self.unit.name(&name);
            self.unit.emit(Instr::ImportName(module, module, index));
            let value = Operand { reg: module, temp: true };
            match &alias.asname {
                Some(target) => {
                    // `import a.b.c as d` takes the last of the modules.
                    for part in path.split('.').skip(1) {
                        let name = self.intern(part);
                        let index = self.unit.name(&name);
                        self.unit.emit(Instr::ImportFrom(module, module, index));
                    }
                    let range = self.unit.range;
                    self.store_name(target.as_str(), range, value)?;
                }
                None => {
                    let range = self.unit.range;
                    self.store_name(path.split('.').next().unwrap_or_default(), range, value)?;
                }
            }
        }
        Ok(())
    }

    pub fn import_from(&mut self, statement: &'a ast::StmtImportFrom) -> Result {
        if future::is_future(statement) && (statement.end().to_u32() > self.prologue_end || !self.outer.is_empty()) {
            let message = "from __future__ imports must occur at the beginning of the file";
            return Err(Box::new(SyntaxError::of_symbols(self.source, statement.range, message)));
        }
        if statement.level > 0xFF {
            return self.error(statement.range, "too many dots in a relative import");
        }
        let module = self.unit.alloc();
        let from_list = statement.names.iter().map(|alias| Constant::Str(alias.name.as_str().into())).collect();
        self.load_constant(module, Constant::Tuple(from_list));
        let name = self.intern(statement.module.as_ref().map_or("", |name| name.as_str()));
        let index = self.unit.name(&name);
        self.unit.emit(Instr::ImportName(module, module, index).with(statement.level as u8));
        let value = Operand { reg: module, temp: true };
        if let [alias] = &statement.names[..]
            && alias.name.as_str() == "*"
        {
            self.unit.emit_using(Instr::ImportStar(module), None, &[(value, flags::KILL_A)]);
            return Ok(());
        }
        let range = self.unit.range;
        for alias in &statement.names {
            let target = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
            let name = self.intern(alias.name.as_str());
            let index = self.unit.name(&name);
            if let Some(local) = self.local_register(target) {
                self.unit.emit(Instr::ImportFrom(local, module, index));
                self.unit.bound.insert(local.0);
                continue;
            }
            let reg = self.unit.alloc();
            self.unit.emit(Instr::ImportFrom(reg, module, index));
            self.store_name(target, range, Operand { reg, temp: true })?;
        }
        self.unit.discard(value);
        Ok(())
    }
}
