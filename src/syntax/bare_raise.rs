//! `raise;`, which the parser does not know.
//!
//! It takes a `raise` without an exception only at the end of a line. Where it stands before a semicolon, the
//! statement of the same length and shape, `break`, is parsed in its place and turned back in the tree.

use ruff_python_ast::visitor::transformer::{Transformer, walk_stmt};
use rustpython_ruff_python_ast as ruff_python_ast;
use rustpython_ruff_python_parser as parser;

use crate::lexer::Lexer;
use crate::parse::Mode;
use crate::token::fixed;
use crate::{Ranged, ast};

/// The tree of `source`, if `raise;` was all that the parser had against it.
pub(crate) fn parse(source: &str) -> Option<ast::Mod> {
    const RAISE: u8 = fixed("raise");
    const SEMICOLON: u8 = fixed(";");
    let tokens = Lexer::new(source, Mode::Exec).all();
    let mut replaced = source.as_bytes().to_vec();
    let mut offsets = Vec::new();
    for pair in tokens.windows(2) {
        if pair[0].kind == RAISE && pair[1].kind == SEMICOLON {
            replaced.get_mut(pair[0].start as usize..pair[0].end as usize)?.copy_from_slice(b"break");
            offsets.push(pair[0].start);
        }
    }
    if offsets.is_empty() {
        return None;
    }
    let replaced = String::from_utf8(replaced).ok()?;
    let parsed = parser::parse_unchecked(&replaced, parser::ParseOptions::from(parser::Mode::Module));
    if parsed.has_invalid_syntax() {
        return None;
    }
    let mut module = parsed.into_syntax();
    if let ast::Mod::Module(module) = &mut module {
        let restore = Restore { offsets };
        module.body.iter_mut().for_each(|stmt| restore.visit_stmt(stmt));
    }
    Some(module)
}

/// Turns the statements at `offsets` back.
struct Restore {
    offsets: Vec<u32>,
}

impl Transformer for Restore {
    fn visit_stmt(&self, stmt: &mut ast::Stmt) {
        if stmt.is_break_stmt() && self.offsets.binary_search(&stmt.start().to_u32()).is_ok() {
            *stmt = ast::Stmt::Raise(ast::StmtRaise {
                node_index: ast::AtomicNodeIndex::NONE,
                range: stmt.range(),
                exc: None,
                cause: None,
            });
        } else {
            walk_stmt(self, stmt);
        }
    }

    // Statements hold no statements through expressions.
    fn visit_expr(&self, _: &mut ast::Expr) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raise_before_a_semicolon() {
        let parsed = crate::parse("try: f()\nexcept: x; raise; y\nfor a in b: break\n", Mode::Exec).unwrap();
        let ast::Mod::Module(module) = parsed.module else { panic!("a module") };
        let handler = module.body[0].as_try_stmt().unwrap().handlers[0].as_except_handler().unwrap();
        assert!(handler.body[1].is_raise_stmt());
        assert!(module.body[1].as_for_stmt().unwrap().body[0].is_break_stmt());
    }
}
