//! The `~~~^~~~` below a source line of a traceback: which part of an instruction's text deserves the carets.

use snakelet_syntax::{Mode, Ranged, ast, parse};

/// Where the emphasised part of a segment starts and ends: (line, column in characters), both from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchors {
    pub start: (usize, usize),
    pub end: (usize, usize),
}

/// The operator of a binary operation, the brackets of a subscript or the parentheses of a call.
pub fn find(segment: &str) -> Option<Anchors> {
    // In parentheses, so that an expression over several lines parses.
    let wrapped = format!("(\n{segment}\n)");
    let parsed = parse(&wrapped, Mode::Exec).ok()?;
    let ast::Mod::Module(module) = &parsed.module else { return None };
    let [ast::Stmt::Expr(statement)] = &module.body[..] else { return None };
    let offset = |position: usize| position.checked_sub(2);
    let (start, end) = match &*statement.value {
        ast::Expr::BinOp(operation) => {
            let from = offset(operation.left.end().to_usize())?;
            let start = skip_to_operator(segment, from)?;
            let mut rest = segment[start..].chars();
            let first = rest.next()?;
            let two = rest.next().filter(|next| !next.is_whitespace() && !['\\', '#'].contains(next) && *next == first);
            (start, start + 1 + two.map_or(0, |_| 1))
        }
        ast::Expr::Subscript(subscript) => {
            let from = offset(subscript.value.end().to_usize())?;
            let start = from + segment[from..].find('[')?;
            (start, offset(subscript.end().to_usize())?)
        }
        ast::Expr::Call(call) => {
            let from = offset(call.func.end().to_usize())?;
            let start = from + segment[from..].find('(')?;
            (start, offset(call.end().to_usize())?)
        }
        _ => return None,
    };
    Some(Anchors { start: line_and_column(segment, start)?, end: line_and_column(segment, end)? })
}

/// The first character after `from` that is no blank, closing parenthesis, line joint or comment.
fn skip_to_operator(segment: &str, from: usize) -> Option<usize> {
    let mut in_comment = false;
    for (at, char) in segment.get(from..)?.char_indices() {
        match char {
            '\n' => in_comment = false,
            _ if in_comment => {}
            '#' => in_comment = true,
            ' ' | '\t' | '\\' | ')' => {}
            _ => return Some(from + at),
        }
    }
    None
}

fn line_and_column(segment: &str, at: usize) -> Option<(usize, usize)> {
    let before = segment.get(..at)?;
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count());
    Some((line, column))
}

/// Whether the text is a statement that is a mere call (`f(x)` assigned or returned) spanning all of it from `start` to `end`
/// (bytes in the first and last line): then carets would say nothing.
pub fn is_plain_call(text: &str, start: usize, end: usize) -> bool {
    let Ok(parsed) = parse(text, Mode::Exec) else { return false };
    let ast::Mod::Module(module) = &parsed.module else { return false };
    let value = match module.body.first() {
        None => return true,
        Some(ast::Stmt::Return(statement)) => match statement.value.as_deref() {
            Some(ast::Expr::Call(call)) if matches!(&*call.func, ast::Expr::Name(_)) => call.range,
            _ => return false,
        },
        Some(ast::Stmt::Assign(statement)) => match &*statement.value {
            ast::Expr::Call(call) => call.range,
            _ => return false,
        },
        _ => return false,
    };
    let last_line = text.rfind('\n').map_or(0, |at| at + 1);
    value.start().to_usize() == start && value.end().to_usize() == last_line + end && !text[..start].contains('\n')
}

#[cfg(test)]
mod tests {
    use super::{Anchors, find};

    #[test]
    fn operators() {
        assert_eq!(find("1 / 0"), Some(Anchors { start: (0, 2), end: (0, 3) }));
        assert_eq!(find("a // b"), Some(Anchors { start: (0, 2), end: (0, 4) }));
        assert_eq!(find("x[1]"), Some(Anchors { start: (0, 1), end: (0, 4) }));
        assert_eq!(find("f(1)"), Some(Anchors { start: (0, 1), end: (0, 4) }));
        assert_eq!(find("name"), None);
    }
}
