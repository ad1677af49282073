//! Warnings about expressions that are legal but hardly meant, for the compiler to ask about while it walks the tree.
//!
//! CPython gives these from its code generator, once per place, at the line of the expression asked about.

use crate::ast::{CmpOp, Expr};

/// `x is 1`: the warning for a comparison, if any of its `is` has a literal beside it.
pub fn comparison(compare: &crate::ast::ExprCompare) -> Option<String> {
    let mut left = &*compare.left;
    for (op, right) in compare.ops.iter().zip(&compare.comparators) {
        let (is, instead) = match op {
            CmpOp::Is => ("is", "=="),
            CmpOp::IsNot => ("is not", "!="),
            _ => {
                left = right;
                continue;
            }
        };
        if let Some(literal) = [left, right].into_iter().find(|side| is_value_literal(side)) {
            let name = type_name(literal)?;
            return Some(format!("\"{is}\" with '{name}' literal. Did you mean \"{instead}\"?"));
        }
        left = right;
    }
    None
}

/// `assert (x, "message")`: the warning for a test that is a tuple.
pub fn assertion(test: &Expr) -> Option<String> {
    let tuple = test.as_tuple_expr()?;
    let message = "assertion is always true, perhaps remove parentheses?";
    (!tuple.elts.is_empty()).then(|| message.to_owned())
}

/// `"a" (b)`: the warning for calling `function`.
pub fn call(function: &Expr) -> Option<String> {
    if function.is_lambda_expr() {
        return None;
    }
    let name = type_name(function)?;
    Some(format!("'{name}' object is not callable; perhaps you missed a comma?"))
}

/// `[1, 2] [3, 4]`: the warning for subscripting `value` with `index`.
pub fn subscript(value: &Expr, index: &Expr) -> Option<String> {
    let name = type_name(value)?;
    match name {
        "str" | "bytes" | "list" | "tuple" => {
            let index = type_name(index)?;
            if matches!(index, "int" | "bool") {
                return None;
            }
            Some(format!("{name} indices must be integers or slices, not {index}; perhaps you missed a comma?"))
        }
        "dict" => None,
        _ => Some(format!("'{name}' object is not subscriptable; perhaps you missed a comma?")),
    }
}

/// Whether identity with this literal depends on the implementation.
fn is_value_literal(expr: &Expr) -> bool {
    match expr {
        Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::NumberLiteral(_) => true,
        Expr::Tuple(tuple) => tuple.elts.iter().all(is_constant),
        _ => false,
    }
}

/// Whether the compiler makes a constant of it; no deeper than brackets nest.
fn is_constant(expr: &Expr) -> bool {
    match expr {
        Expr::NoneLiteral(_) | Expr::BooleanLiteral(_) | Expr::EllipsisLiteral(_) => true,
        _ => is_value_literal(expr),
    }
}

/// The type that an expression certainly has.
fn type_name(expr: &Expr) -> Option<&'static str> {
    use crate::ast::Number;
    Some(match expr {
        Expr::StringLiteral(_) | Expr::FString(_) => "str",
        Expr::TString(_) => "string.templatelib.Template",
        Expr::BytesLiteral(_) => "bytes",
        Expr::NumberLiteral(number) => match number.value {
            Number::Int(_) => "int",
            Number::Float(_) => "float",
            Number::Complex { .. } => "complex",
        },
        Expr::BooleanLiteral(_) => "bool",
        Expr::NoneLiteral(_) => "NoneType",
        Expr::EllipsisLiteral(_) => "ellipsis",
        Expr::Tuple(_) => "tuple",
        Expr::List(_) | Expr::ListComp(_) => "list",
        Expr::Dict(_) | Expr::DictComp(_) => "dict",
        Expr::Set(_) | Expr::SetComp(_) => "set",
        Expr::Generator(_) => "generator",
        Expr::Lambda(_) => "function",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mode, ast, parse};

    fn warning(source: &str) -> Option<String> {
        let module = parse(source, Mode::Exec).unwrap().module;
        let ast::Mod::Module(module) = module else { panic!("a module") };
        match &module.body[0] {
            ast::Stmt::Assert(stmt) => assertion(&stmt.test),
            ast::Stmt::Expr(stmt) => match &*stmt.value {
                Expr::Compare(compare) => comparison(compare),
                Expr::Call(expr) => call(&expr.func),
                Expr::Subscript(expr) => subscript(&expr.value, &expr.slice),
                _ => None,
            },
            _ => None,
        }
    }

    #[test]
    fn as_recorded() {
        crate::set_name_lookup(|name| (name == "DIGIT ONE").then_some('1'));
        let cases = include_str!("../../tests/golden/syntax/warnings.json");
        let cases: serde_json::Value = serde_json::from_str(cases).unwrap();
        for case in cases.as_array().unwrap() {
            let source = case["source"].as_str().unwrap();
            let mut got: Vec<String> =
                parse(source, Mode::Exec).unwrap().warnings.into_iter().map(|warning| warning.message).collect();
            got.extend(warning(source));
            let want: Vec<&str> = case["result"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
            assert_eq!(got, want, "{source}");
        }
    }
}
