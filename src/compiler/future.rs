//! `from __future__ import ...`: which features a program asks for, and where it may.

use snakelet_syntax::{Ranged, SyntaxError, ast};

use crate::compiler::Result;

/// Features that change how the rest is compiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Futures {
    /// PEP 563: annotations are kept as text.
    pub annotations: bool,
    /// PEP 401.
    pub barry_as_flufl: bool,
}

/// Every feature there is; most have long been mandatory.
const FEATURES: &[&str] = &[
    "nested_scopes",
    "generators",
    "division",
    "absolute_import",
    "with_statement",
    "print_function",
    "unicode_literals",
    "barry_as_FLUFL",
    "generator_stop",
    "annotations",
];

/// Collects the features that `body` imports. Imports in the wrong place are found while compiling.
pub(crate) fn futures(source: &str, body: &[ast::Stmt], mut futures: Futures) -> Result<Futures> {
    for (index, statement) in body.iter().enumerate() {
        match statement {
            ast::Stmt::Expr(ast::StmtExpr { value, .. }) if index == 0 && value.is_string_literal_expr() => {}
            ast::Stmt::ImportFrom(import) if is_future(import) => {
                for alias in &import.names {
                    let name = alias.name.as_str();
                    match name {
                        "annotations" => futures.annotations = true,
                        "barry_as_FLUFL" => futures.barry_as_flufl = true,
                        "braces" => {
                            return Err(Box::new(SyntaxError::of_symbols(source, alias.range(), "not a chance")));
                        }
                        _ if FEATURES.contains(&name) => {}
                        _ => {
                            let message = format!("future feature {name} is not defined");
                            return Err(Box::new(SyntaxError::of_symbols(source, alias.range(), message)));
                        }
                    }
                }
            }
            _ => break,
        }
    }
    Ok(futures)
}

/// How many statements at the start of `body` may be, or stand before, `__future__` imports.
pub(crate) fn prologue_length(body: &[ast::Stmt]) -> usize {
    let is_prologue = |(index, statement): (usize, &ast::Stmt)| match statement {
        ast::Stmt::Expr(ast::StmtExpr { value, .. }) => index == 0 && value.is_string_literal_expr(),
        ast::Stmt::ImportFrom(import) => is_future(import),
        _ => false,
    };
    body.iter().enumerate().take_while(|&item| is_prologue(item)).count()
}

pub(crate) fn is_future(import: &ast::StmtImportFrom) -> bool {
    import.level == 0 && import.module.as_ref().is_some_and(|module| module.as_str() == "__future__")
}
