//! From syntax tree to bytecode.
//!
//! [`compile`] first builds the [symbol table](symtable), which decides where each name lives, and then generates the code of each
//! block in one walk over its tree. There is no intermediate form: instructions are appended to a list with symbolic labels, which the
//! [assembler](assemble) turns into jump distances.
//!
//! What keeps the generated code good is decided while walking:
//!
//! - Expressions are evaluated *into* a given register, so that `x = a + b` is one instruction ([`expressions`]).
//! - Temporaries are a stack; whoever consumes one says so in the instruction's `KILL` flags, hence no dead temporary holds an object.
//! - A local is written by the last instruction of an expression only: nobody can see a half-evaluated value.
//! - Which locals are surely bound is followed along the way ([`unit`]), and reading those needs no check.
//! - Code that cannot be reached is not emitted.

mod annotations;
mod assemble;
mod calls;
mod classes;
mod compiler;
mod comprehensions;
mod conditions;
mod displays;
mod exceptions;
mod expressions;
mod fold;
mod fold_operators;
mod functions;
mod future;
mod imports;
mod location;
mod loops;
mod names;
mod patterns;
mod statements;
mod strings;
mod symtable;
mod targets;
mod type_params;
mod unit;
mod unparse;
mod unwind;
mod warnings;

use std::rc::Rc;

use snakelet_bytecode::Code;
use snakelet_syntax::{LineIndex, Parsed, SyntaxError, SyntaxWarning, ast};

pub use future::Futures;
pub use location::definition_range;
pub use strings::expression_text;
pub use symtable::report::{BlockReport, SymbolReport, report as symbol_report};

/// Levels of nested statements and expressions together; more is a RecursionError.
pub(crate) const MAX_DEPTH: u32 = 600;

/// What kind of program is compiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Mode {
    /// A module.
    #[default]
    Exec,
    /// One expression, whose value is returned.
    Eval,
    /// A statement typed into a shell: values of expression statements are printed.
    Interactive,
    /// Like a module, but the value of a final expression statement is returned.
    Notebook,
}

/// How to compile.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `co_filename`.
    pub filename: Rc<str>,
    pub mode: Mode,
    /// As the switch `-O`: 1 drops assertions, 2 docstrings as well.
    pub optimize: u8,
    /// Features switched on already, as when code with `__future__` imports calls `compile`.
    pub futures: Futures,
    /// `await` may stand outside functions; a module that uses it becomes a coroutine.
    pub allow_top_level_await: bool,
}

/// A compiled program and what is dubious about it.
#[derive(Debug)]
pub struct Compiled {
    pub code: Rc<Code>,
    /// Warnings of the compiler (not those of the parser), in source order.
    pub warnings: Vec<SyntaxWarning>,
    /// The `__future__` features in force at the end: a shell passes them on to the next input.
    pub futures: Futures,
}

/// Compiles a program.
///
/// # Errors
///
/// Everything that CPython rejects after parsing, with its wording and position.
pub fn compile(parsed: &Parsed, source: &str, options: &Options) -> Result<Rc<Code>, SyntaxError> {
    compile_with_warnings(parsed, source, options).map(|compiled| compiled.code)
}

/// Like [`compile`], with the warnings.
///
/// # Errors
///
/// As [`compile`].
pub fn compile_with_warnings(parsed: &Parsed, source: &str, options: &Options) -> Result<Compiled, SyntaxError> {
    compiler::compile_module(&parsed.module, source, LineIndex::new(source), options).map_err(|error| *error)
}

/// Compiles a tree that was not parsed from `source`: `lines` knows the places of its ranges, and `source` holds only what the tree
/// itself can't (the escapes of strings with surrogates).
///
/// # Errors
///
/// As [`compile`], with positions in `source`.
pub fn compile_tree(
    module: &ast::Mod,
    source: &str,
    lines: LineIndex,
    options: &Options,
) -> Result<Compiled, SyntaxError> {
    compiler::compile_module(module, source, lines, options).map_err(|error| *error)
}
