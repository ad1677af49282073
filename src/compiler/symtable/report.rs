//! The symbol table as module `symtable` shows it: CPython's numbers, and its view of inlined comprehensions, whose names appear in
//! the block around them.

use std::rc::Rc;

use snakelet_syntax::{LineIndex, Parsed, SyntaxError};

use super::{BlockKind, ComprehensionKind, Interner, Place, ScopeId, SymbolTable, build, def};
use crate::{Futures, future};

/// A name of a block.
#[derive(Debug, Clone)]
pub struct SymbolReport {
    pub name: Rc<str>,
    /// CPython's `DEF_...` bits, and the scope from bit 12 on.
    pub flags: u32,
}

/// A block.
#[derive(Debug)]
pub struct BlockReport {
    pub name: Rc<str>,
    /// CPython's `TYPE_...` number.
    pub kind: u32,
    /// Line of its definition; 0 for a module.
    pub line: u32,
    pub nested: bool,
    pub parameters: Vec<Rc<str>>,
    pub symbols: Vec<SymbolReport>,
    pub children: Vec<BlockReport>,
}

const LOCAL: u32 = 1;
const FREE: u32 = 4;
const CELL: u32 = 5;
const SCOPE_OFF: u32 = 12;
const DEF_BOUND: u32 = 134;
const DEF_GLOBAL: u32 = 1;
const DEF_FREE_CLASS: u32 = 64;
const DEF_COMP_CELL: u32 = 2048;

/// Our bits and CPython's.
const BITS: [(u16, u32); 9] = [
    (def::GLOBAL, 1),
    (def::LOCAL, 2),
    (def::PARAM, 4),
    (def::NONLOCAL, 8),
    (def::USE, 16),
    (def::IMPORT, 128),
    (def::ANNOT, 256),
    (def::COMP_ITER, 512),
    (def::TYPE_PARAM, 1024),
];

/// The blocks of a program.
///
/// # Errors
///
/// What is wrong with its names.
pub fn report(parsed: &Parsed, source: &str) -> Result<BlockReport, SyntaxError> {
    let mut interner = Interner::default();
    let body = match &parsed.module {
        snakelet_syntax::ast::Mod::Module(module) => &module.body[..],
        snakelet_syntax::ast::Mod::Expression(_) => &[],
    };
    let futures = future::futures(source, body, Futures::default()).map_err(|error| *error)?;
    let table = build(source, &parsed.module, &mut interner, futures, false, true).map_err(|error| *error)?;
    let lines = LineIndex::new(source);
    Ok(block(&table, &lines, SymbolTable::TOP))
}

fn block(table: &SymbolTable<'_>, lines: &LineIndex, id: ScopeId) -> BlockReport {
    let scope = table.scope(id);
    let is_class = scope.kind == BlockKind::Class;
    let is_annotation = scope.kind == BlockKind::Annotation;
    let mut symbols: Vec<SymbolReport> = Vec::with_capacity(scope.symbols.len());
    for symbol in &scope.symbols {
        if is_annotation && symbol.place == Place::GlobalImplicit && &*symbol.name == "__conditional_annotations__" {
            continue;
        }
        let mut flags: u32 = BITS.iter().filter(|bit| symbol.flags & bit.0 != 0).map(|bit| bit.1).sum();
        if symbol.flags & def::DELETED != 0 {
            flags |= 2;
        }
        if is_class
            && flags & (DEF_BOUND | DEF_GLOBAL) != 0
            && (scope.nested_free.contains(&symbol.name) || scope.own_free.contains(&symbol.name))
        {
            flags |= DEF_FREE_CLASS;
        }
        if &*symbol.name == ".0" {
            flags &= !16;
        }
        flags |= number_of(symbol.place) << SCOPE_OFF;
        symbols.push(SymbolReport { name: symbol.name.clone(), flags });
    }
    let mut parameters: Vec<Rc<str>> = scope.parameters.clone();
    // The block around a generic function takes its defaults, whether or not it has any.
    let of_function = scope.kind == BlockKind::TypeParameters
        && scope.children.iter().any(|&child| table.scope(child).kind == BlockKind::Function);
    if of_function && !parameters.iter().any(|name| &**name == ".defaults") {
        parameters.insert(0, ".defaults".into());
        symbols.insert(0, SymbolReport { name: ".defaults".into(), flags: 4 | LOCAL << SCOPE_OFF });
    }
    // Names that only inner blocks use come after those of inlined comprehensions.
    let inner_only = symbols.iter().position(|symbol| symbol.flags == FREE << SCOPE_OFF).unwrap_or(symbols.len());
    let later = symbols.split_off(inner_only);
    let mut children = Vec::new();
    for &child in &scope.children {
        let report = block(table, lines, child);
        if !table.scope(child).inlined {
            children.push(report);
            continue;
        }
        for symbol in report.symbols {
            if symbol.flags & 4 != 0 {
                continue;
            }
            let in_cell = symbol.flags >> SCOPE_OFF == CELL || symbol.flags & DEF_COMP_CELL != 0;
            if later.iter().any(|known| known.name == symbol.name) {
                continue;
            }
            match symbols.iter_mut().find(|known| known.name == symbol.name) {
                None => {
                    let more = if in_cell { DEF_COMP_CELL } else { 0 };
                    symbols.push(SymbolReport { flags: symbol.flags | more, ..symbol });
                }
                Some(known) if in_cell => {
                    known.flags |= DEF_COMP_CELL;
                    if known.flags >> SCOPE_OFF == LOCAL && scope.is_function_like() {
                        known.flags += (CELL - LOCAL) << SCOPE_OFF;
                    }
                }
                Some(_) => {}
            }
        }
        children.extend(report.children);
    }
    symbols.extend(later);
    let name = match scope.comprehension {
        ComprehensionKind::Generator => "genexpr".into(),
        _ => scope.name.trim_matches(['<', '>']).into(),
    };
    BlockReport {
        name,
        kind: match scope.kind {
            BlockKind::Function => 0,
            BlockKind::Class => 1,
            BlockKind::Module => 2,
            BlockKind::Annotation => 3,
            BlockKind::TypeAlias => 4,
            BlockKind::TypeParameters => 5,
            BlockKind::TypeVariable => 6,
        },
        line: if id == SymbolTable::TOP { 0 } else { lines.line(scope.range.start()) },
        nested: scope.nested,
        parameters,
        symbols,
        children,
    }
}

fn number_of(place: Place) -> u32 {
    match place {
        Place::Local => LOCAL,
        Place::GlobalExplicit => 2,
        Place::GlobalImplicit => 3,
        Place::Free => FREE,
        Place::Cell => CELL,
    }
}
