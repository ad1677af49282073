//! `raise;`, which the parser does not know.
//!
//! It takes a `raise` without an exception only at the end of a line. Where it stands before a semicolon, the
//! statement of the same length and shape, `break`, is parsed in its place and turned back in the tree.

use rustpython_ruff_python_parser as parser;

use crate::ast;
use crate::lexer::Lexer;
use crate::parse::Mode;
use crate::token::fixed;

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
        restore(&mut module.body, &offsets);
    }
    Some(module)
}

/// Turns the statements at `offsets` back. Recurses no deeper than indentation goes.
fn restore(body: &mut [ast::Stmt], offsets: &[u32]) {
    use ast::Stmt;
    for stmt in body {
        match stmt {
            Stmt::Break(found) if offsets.binary_search(&found.range.start().to_u32()).is_ok() => {
                let node_index = ast::AtomicNodeIndex::NONE;
                *stmt = Stmt::Raise(ast::StmtRaise { node_index, range: found.range, exc: None, cause: None });
            }
            Stmt::FunctionDef(def) => restore(&mut def.body, offsets),
            Stmt::ClassDef(def) => restore(&mut def.body, offsets),
            Stmt::With(with) => restore(&mut with.body, offsets),
            Stmt::For(each) => {
                restore(&mut each.body, offsets);
                restore(&mut each.orelse, offsets);
            }
            Stmt::While(each) => {
                restore(&mut each.body, offsets);
                restore(&mut each.orelse, offsets);
            }
            Stmt::If(test) => {
                restore(&mut test.body, offsets);
                test.elif_else_clauses.iter_mut().for_each(|clause| restore(&mut clause.body, offsets));
            }
            Stmt::Match(choice) => choice.cases.iter_mut().for_each(|case| restore(&mut case.body, offsets)),
            Stmt::Try(guarded) => {
                restore(&mut guarded.body, offsets);
                for ast::ExceptHandler::ExceptHandler(handler) in &mut guarded.handlers {
                    restore(&mut handler.body, offsets);
                }
                restore(&mut guarded.orelse, offsets);
                restore(&mut guarded.finalbody, offsets);
            }
            _ => {}
        }
    }
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
