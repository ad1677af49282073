//! Where a node begins for CPython, where the parser's ranges differ.

use snakelet_syntax::{Ranged, TextRange, TextSize, ast};

/// The range of a `def` or `class` without its decorators.
pub fn definition_range(source: &str, range: TextRange, decorators: &[ast::Decorator]) -> TextRange {
    let Some(last) = decorators.last() else { return range };
    let start = skip_blank(source, last.range().end());
    if start < range.end() { TextRange::new(start, range.end()) } else { range }
}

/// The range of a definition as CPython has it: a semicolon after its last statement belongs to it.
pub fn with_semicolon(source: &str, range: TextRange) -> TextRange {
    let rest = source.get(range.end().to_usize()..).unwrap_or_default();
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let more = if rest[blanks..].starts_with(';') { blanks as u32 + 1 } else { 0 };
    TextRange::new(range.start(), range.end() + TextSize::new(more))
}

/// The first place from `offset` on that is neither blank nor in a comment.
pub(crate) fn skip_blank(source: &str, offset: TextSize) -> TextSize {
    let bytes = source.as_bytes();
    let mut at = offset.to_usize();
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0c | b'\\' => at += 1,
            b'#' => {
                while bytes.get(at).is_some_and(|&byte| byte != b'\n') {
                    at += 1;
                }
            }
            // The parenthesis of a decorator's expression may close after the expression's own end.
            b')' => at += 1,
            _ => break,
        }
    }
    TextSize::new(at as u32)
}
