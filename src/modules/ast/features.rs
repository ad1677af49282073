//! Which version of the language has what, for `ast.parse(..., feature_version=...)`.
//!
//! The parser reads 3.14; what an older version would not have is found in the tree.

use super::nodes::{Kind, Node};

/// The first thing in the tree that Python 3.`version` does not have, with its place and CPython's message.
pub fn too_new(node: &Node, source: &str, version: i64) -> Option<([i32; 4], String)> {
    if let Some((what, since)) = feature(node, source).filter(|&(_, since)| since > version) {
        return Some((node.span, format!("{what} only supported in Python 3.{since} and greater")));
    }
    for field in 0..node.fields.len() {
        let children = node.node(field).into_iter().chain(node.nodes(field));
        for child in children {
            if let Some(found) = too_new(child, source, version) {
                return Some(found);
            }
        }
    }
    None
}

/// What a node needs, and since when it is there.
fn feature(node: &Node, source: &str) -> Option<(&'static str, i64)> {
    Some(match node.kind {
        Kind::BinOp if node.kind_at(1) == Some(Kind::MatMult) => ("The '@' operator is", 5),
        Kind::AugAssign if node.kind_at(1) == Some(Kind::MatMult) => ("The '@' operator is", 5),
        Kind::Await => ("Await expressions are", 5),
        Kind::AsyncFunctionDef => ("Async functions are", 5),
        Kind::AsyncFor => ("Async for loops are", 5),
        Kind::AsyncWith => ("Async with statements are", 5),
        Kind::comprehension if node.int(3) != 0 => ("Async comprehensions are", 6),
        Kind::AnnAssign => ("Variable annotation syntax is", 6),
        Kind::Constant if has_underscores(node, source) => ("Underscores in numeric literals are", 6),
        Kind::NamedExpr => ("Assignment expressions are", 8),
        Kind::arguments if !node.list(0).is_empty() => ("Positional-only parameters are", 8),
        Kind::Match => ("Pattern matching is", 10),
        Kind::TryStar => ("Exception groups are", 11),
        Kind::TypeAlias => ("Type statement is", 12),
        Kind::TypeVar if node.node(2).is_some() => ("Type parameter defaults are", 13),
        Kind::ParamSpec | Kind::TypeVarTuple if node.node(1).is_some() => ("Type parameter defaults are", 13),
        Kind::TypeVar | Kind::ParamSpec | Kind::TypeVarTuple => ("Type parameter lists are", 12),
        Kind::TemplateStr => ("t-strings are", 14),
        Kind::ExceptHandler => {
            let ty = node.node(0)?;
            if ty.kind != Kind::Tuple || text_at(ty, source).starts_with('(') {
                return None;
            }
            ("except expressions without parentheses are", 14)
        }
        _ => return None,
    })
}

/// The text from a node's start to the end of its line.
fn text_at<'s>(node: &Node, source: &'s str) -> &'s str {
    let line = source.split('\n').nth(node.span[0].max(1) as usize - 1).unwrap_or_default();
    line.get(node.span[1].max(0) as usize..).unwrap_or_default()
}

fn has_underscores(node: &Node, source: &str) -> bool {
    let number = node.value(0).is_some_and(|value| value.as_text().is_none() && value.as_bool().is_none());
    let text = text_at(node, source);
    number && text.starts_with(|c: char| c.is_ascii_digit() || c == '.') && {
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.').unwrap_or(text.len());
        text[..end].contains('_')
    }
}
