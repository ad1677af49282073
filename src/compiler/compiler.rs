//! The compiler's state, and opening and closing of code blocks.

use std::rc::Rc;

use snakelet_bytecode::{Code, CodeFlags, Constant, Instr, Reg};
use snakelet_syntax::{Kind, LineIndex, Ranged, SyntaxError, SyntaxWarning, TextRange, ast};

use crate::assemble::assemble;
use crate::future::{self, Futures};
use crate::symtable::{BlockKind, ComprehensionKind, Interner, Place, ScopeId, SymbolTable, def};
use crate::unit::{NameFrame, Unit, UnitKind};
use crate::{Compiled, Mode, Options};

/// The error is boxed to keep the frames of the recursion small.
pub(crate) type Result<T = ()> = std::result::Result<T, Box<SyntaxError>>;

pub(crate) struct Compiler<'a> {
    pub source: &'a str,
    pub lines: LineIndex,
    pub table: SymbolTable<'a>,
    pub interner: Interner,
    pub mode: Mode,
    pub optimize: u8,
    pub futures: Futures,
    filename: Rc<str>,
    /// The block being compiled.
    pub unit: Unit<'a>,
    /// Those around it, outermost first.
    pub outer: Vec<Unit<'a>>,
    pub warnings: Vec<SyntaxWarning>,
    pub depth: u32,
    /// End of the statements among which `__future__` imports may stand.
    pub prologue_end: u32,
    /// Inside a `finally` clause's copy for exceptions: warnings have been given already.
    pub quiet: u32,
}

/// Compiles a whole program.
pub(crate) fn compile_module(module: &ast::Mod, source: &str, lines: LineIndex, options: &Options) -> Result<Compiled> {
    let mut interner = Interner::default();
    let body = match module {
        ast::Mod::Module(module) => &module.body[..],
        ast::Mod::Expression(_) => &[],
    };
    let futures = future::futures(source, body, options.futures)?;
    let top_level_await = options.allow_top_level_await || options.mode == Mode::Notebook;
    let mut table = crate::symtable::build(source, module, &mut interner, futures, top_level_await, false)?;
    let warnings = std::mem::take(&mut table.warnings);
    let name = interner.intern("<module>");
    let prologue = future::prologue_length(body);
    let mut compiler = Compiler {
        source,
        lines,
        table,
        interner,
        mode: options.mode,
        optimize: options.optimize,
        futures,
        filename: options.filename.clone(),
        unit: Unit::new(UnitKind::Module, SymbolTable::TOP, name.clone(), name),
        outer: Vec::new(),
        warnings,
        depth: 0,
        prologue_end: prologue.checked_sub(1).map_or(0, |last| body[last].end().to_u32()),
        quiet: 0,
    };
    compiler.set_up_registers(SymbolTable::TOP);
    compiler.unit.first_line = 1;
    match module {
        ast::Mod::Expression(expression) => {
            compiler.unit.range = expression.body.range();
            let value = compiler.operand(&expression.body, None)?;
            compiler.return_operand(value);
        }
        ast::Mod::Module(module) => compiler.module_body(&module.body)?,
    }
    let code = compiler.close()?;
    let mut warnings = compiler.warnings;
    snakelet_text::order::insertion_sort_by_key(&mut warnings, |warning| warning.range.start());
    Ok(Compiled { code, warnings, futures })
}

impl<'a> Compiler<'a> {
    pub fn error<T>(&self, range: TextRange, message: impl Into<String>) -> Result<T> {
        Err(Box::new(SyntaxError::at(self.source, range, message)))
    }

    pub fn warn(&mut self, range: TextRange, message: impl Into<String>) {
        if self.quiet == 0 {
            self.warnings.push(SyntaxWarning { message: message.into(), range });
        }
    }

    /// Counts one level of nesting.
    pub fn deeper(&mut self) -> Result {
        self.depth += 1;
        if self.depth > crate::MAX_DEPTH {
            let message = "maximum recursion depth exceeded during compilation";
            return Err(Box::new(SyntaxError::without_position(Kind::Recursion, message)));
        }
        Ok(())
    }

    pub fn intern(&mut self, name: &str) -> Rc<str> {
        self.interner.intern(name)
    }

    pub fn line(&self, range: TextRange) -> u32 {
        self.lines.line(range.start())
    }

    /// Does `work` with instructions attributed to `range`.
    pub fn at<T>(&mut self, range: TextRange, work: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.unit.range, range);
        let result = work(self);
        self.unit.range = outer;
        result
    }

    /// The scope of the unit being compiled (not of an inlined comprehension in it).
    pub fn scope(&self) -> &crate::symtable::Scope<'a> {
        self.table.scope(self.unit.scope)
    }

    /// Starts the code of a scope. `first_line` is that of the first decorator, `range` that of the definition.
    pub fn open(&mut self, kind: UnitKind, scope: ScopeId, name: &str, first_line: u32, range: TextRange) {
        let name = self.intern(name);
        let qualname = self.qualname(&name, scope, kind);
        let mut unit = Unit::new(kind, scope, name, qualname);
        unit.first_line = first_line;
        unit.range = range;
        self.outer.push(std::mem::replace(&mut self.unit, unit));
        self.set_up_registers(scope);
    }

    /// Finishes the code of the innermost open scope.
    pub fn close(&mut self) -> Result<Rc<Code>> {
        if self.unit.overflow {
            let message = "too many names or registers in one block";
            return Err(Box::new(SyntaxError::without_position(Kind::Memory, message)));
        }
        let finished = match self.outer.pop() {
            Some(outer) => std::mem::replace(&mut self.unit, outer),
            None => {
                let nothing: Rc<str> = "".into();
                let empty = Unit::new(UnitKind::Module, SymbolTable::TOP, nothing.clone(), nothing);
                std::mem::replace(&mut self.unit, empty)
            }
        };
        debug_assert!(finished.open_handlers.is_empty() && finished.blocks.is_empty());
        debug_assert!(!finished.reachable, "code falls off its end");
        let code = assemble(finished, &self.lines, &self.filename);
        debug_assert_eq!(snakelet_bytecode::verify(&code), Ok(()), "{}", snakelet_bytecode::disassemble(&code));
        Ok(Rc::new(code))
    }

    fn qualname(&self, name: &Rc<str>, scope: ScopeId, kind: UnitKind) -> Rc<str> {
        let mut parent = &self.unit;
        let mut above = self.outer.iter().rev();
        if self.table.scope(parent.scope).kind == BlockKind::TypeParameters {
            match above.next() {
                Some(grandparent) => parent = grandparent,
                None => return name.clone(),
            }
        }
        if parent.kind == UnitKind::Module {
            return name.clone();
        }
        if matches!(kind, UnitKind::Function | UnitKind::Class) && self.table.scope(scope).name == *name {
            let class_name = self.table.scope(parent.scope).class_name.as_deref();
            let mangled = crate::symtable::mangle(class_name, name);
            let symbol = self.table.scope(parent.scope).symbol(mangled.as_deref().unwrap_or(name));
            if symbol.is_some_and(|symbol| symbol.place == Place::GlobalExplicit) && &**name != "<lambda>" {
                return name.clone();
            }
        }
        let between = if parent.kind == UnitKind::Function { ".<locals>." } else { "." };
        [&*parent.qualname, between, name].concat().into()
    }

    /// Gives the scope's names their registers and makes the cells.
    fn set_up_registers(&mut self, id: ScopeId) {
        let scope = self.table.scope(id);
        let unit = &mut self.unit;
        let mut frame = NameFrame { scope: id, registers: Default::default() };
        unit.class_name = scope.class_name.clone();
        if scope.is_function_like() {
            for name in &scope.parameters {
                let reg = unit.varnames.len() as u16;
                frame.registers.insert(name.clone(), reg);
                // The parameter of `__annotate__` is hidden from the names in annotations, not from programs.
                let hidden = scope.kind == BlockKind::Annotation && &**name == ".format";
                unit.varnames.push(if hidden { "format".into() } else { name.clone() });
                unit.bound.insert(reg);
            }
            for symbol in &scope.symbols {
                if !matches!(symbol.place, Place::Local | Place::Cell) {
                    continue;
                }
                let reg = *frame.registers.entry(symbol.name.clone()).or_insert_with(|| {
                    unit.varnames.push(symbol.name.clone());
                    unit.varnames.len() as u16 - 1
                });
                if symbol.place == Place::Cell {
                    unit.cell_registers.push(reg);
                }
                if symbol.flags & def::DELETED != 0 {
                    unit.deletable.insert(reg);
                }
            }
        } else if scope.kind == BlockKind::Class {
            let cells = [
                ("__class__", scope.needs_class_closure),
                ("__classdict__", scope.needs_classdict),
                ("__conditional_annotations__", scope.conditional_annotations),
            ];
            for (name, _) in cells.into_iter().filter(|&(_, needed)| needed) {
                let name = self.interner.intern(name);
                let reg = unit.varnames.len() as u16;
                frame.registers.insert(name.clone(), reg);
                unit.varnames.push(name);
                unit.cell_registers.push(reg);
            }
        }
        unit.freevars =
            if scope.is_function_like() || scope.kind == BlockKind::Class { scope.free_names() } else { Vec::new() };
        unit.frames.push(frame);
        let mut shared = std::collections::HashMap::new();
        set_up_comprehensions(&self.table, unit, id, 0, &mut shared);
        unit.overflow |= unit.varnames.len() > 0xF000;
        unit.temp_base = unit.varnames.len() as u32;
        unit.temp_top = unit.temp_base;
        unit.register_count = unit.temp_base;
        unit.flags = flags_of(scope, &self.futures);
        let own_cells: Vec<u16> = unit
            .cell_registers
            .iter()
            .copied()
            .filter(|reg| unit.frames[0].registers.values().any(|r| r == reg))
            .collect();
        for reg in own_cells {
            unit.emit(Instr::MakeCell(Reg(reg)));
        }
    }

    /// The constant index of a docstring put first.
    pub fn set_docstring(&mut self, docstring: Constant) {
        debug_assert!(self.unit.consts.is_empty());
        self.unit.constant(docstring);
        if self.unit.kind == UnitKind::Function {
            self.unit.flags.0 |= CodeFlags::HAS_DOCSTRING;
        }
    }
}

/// Registers of the variables of inlined comprehensions. Comprehensions that never run at the same time share them.
fn set_up_comprehensions(
    table: &SymbolTable<'_>,
    unit: &mut Unit<'_>,
    id: ScopeId,
    depth: u32,
    shared: &mut std::collections::HashMap<(Rc<str>, u32, bool), u16>,
) {
    for &child in &table.scope(id).children {
        let scope = table.scope(child);
        if !scope.inlined {
            continue;
        }
        let mut registers = std::collections::HashMap::new();
        for symbol in &scope.symbols {
            let cell = symbol.place == Place::Cell;
            if &*symbol.name == ".0" || !(cell || symbol.place == Place::Local) {
                continue;
            }
            let reg = *shared.entry((symbol.name.clone(), depth, cell)).or_insert_with(|| {
                let reg = unit.varnames.len() as u16;
                unit.varnames.push(symbol.name.clone());
                if cell {
                    unit.cell_registers.push(reg);
                }
                reg
            });
            registers.insert(symbol.name.clone(), reg);
        }
        unit.comprehension_registers.insert(child, registers);
        set_up_comprehensions(table, unit, child, depth + 1, shared);
    }
}

fn flags_of(scope: &crate::symtable::Scope<'_>, futures: &Futures) -> CodeFlags {
    let mut bits = 0;
    if scope.is_function_like() {
        bits |= CodeFlags::OPTIMIZED | CodeFlags::NEWLOCALS;
        if scope.nested {
            bits |= CodeFlags::NESTED;
        }
        if scope.method && scope.comprehension == ComprehensionKind::No {
            bits |= CodeFlags::METHOD;
        }
    }
    if scope.is_function_like() || scope.kind == BlockKind::Module {
        bits |= match (scope.generator && scope.is_function_like(), scope.coroutine) {
            (true, true) => CodeFlags::ASYNC_GENERATOR,
            (true, false) => CodeFlags::GENERATOR,
            (false, true) => CodeFlags::COROUTINE,
            (false, false) => 0,
        };
    }
    if futures.annotations {
        bits |= CodeFlags::FUTURE_ANNOTATIONS;
    }
    if futures.barry_as_flufl {
        bits |= CodeFlags::FUTURE_BARRY_AS_BDFL;
    }
    CodeFlags(bits)
}
