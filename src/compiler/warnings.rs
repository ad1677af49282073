//! SyntaxWarnings about expressions that can hardly be meant.

use snakelet_bytecode::Constant;
use snakelet_syntax::{Ranged, ast};

use crate::compiler::Compiler;
use crate::fold::type_name;

impl Compiler<'_> {
    /// `x is 1`: identity with a literal.
    pub fn warn_compare(&mut self, compare: &ast::ExprCompare) {
        let mut left = self.literal_type(&compare.left);
        for (op, right) in compare.ops.iter().zip(&compare.comparators) {
            let right = self.literal_type(right);
            if let (ast::CmpOp::Is | ast::CmpOp::IsNot, Some(name)) = (op, left.or(right)) {
                let message = if *op == ast::CmpOp::Is {
                    format!("\"is\" with '{name}' literal. Did you mean \"==\"?")
                } else {
                    format!("\"is not\" with '{name}' literal. Did you mean \"!=\"?")
                };
                self.warn(compare.range, message);
                return;
            }
            left = right;
        }
    }

    /// The type of a literal that identity should not be asked of.
    fn literal_type(&self, expression: &ast::Expr) -> Option<&'static str> {
        if expression.is_unary_op_expr() || expression.is_bin_op_expr() || expression.is_subscript_expr() {
            return None;
        }
        match self.constant_of(expression)? {
            Constant::None | Constant::True | Constant::False | Constant::Ellipsis => None,
            constant => Some(type_name(&constant)),
        }
    }

    /// `1(...)`: a literal cannot be called.
    pub fn warn_caller(&mut self, function: &ast::Expr) {
        let name = match function {
            ast::Expr::NumberLiteral(_)
            | ast::Expr::StringLiteral(_)
            | ast::Expr::BytesLiteral(_)
            | ast::Expr::NoneLiteral(_)
            | ast::Expr::BooleanLiteral(_)
            | ast::Expr::EllipsisLiteral(_) => self.constant_of(function).as_ref().map(type_name),
            other => display_type(other),
        };
        if let Some(name) = name.filter(|_| !function.is_lambda_expr()) {
            let message = format!("'{name}' object is not callable; perhaps you missed a comma?");
            self.warn(function.range(), message);
        }
    }

    /// `[1, 2][3, 4]`, `1[2]`.
    pub fn warn_subscript(&mut self, subscript: &ast::ExprSubscript) {
        let value = &*subscript.value;
        let constant = matches!(
            value,
            ast::Expr::NumberLiteral(_)
                | ast::Expr::StringLiteral(_)
                | ast::Expr::BytesLiteral(_)
                | ast::Expr::NoneLiteral(_)
                | ast::Expr::BooleanLiteral(_)
                | ast::Expr::EllipsisLiteral(_)
        )
        .then(|| self.constant_of(value))
        .flatten();
        let unsubscriptable = match (&constant, value) {
            (Some(Constant::Str(_) | Constant::StrCodePoints(_) | Constant::Bytes(_)), _) => None,
            (Some(constant), _) => Some(type_name(constant)),
            (None, ast::Expr::Set(_) | ast::Expr::SetComp(_)) => Some("set"),
            (None, ast::Expr::Generator(_)) => Some("generator"),
            (None, ast::Expr::Lambda(_)) => Some("function"),
            (None, ast::Expr::TString(_)) => Some("string.templatelib.Template"),
            _ => None,
        };
        if let Some(name) = unsubscriptable {
            let message = format!("'{name}' object is not subscriptable; perhaps you missed a comma?");
            self.warn(value.range(), message);
            return;
        }
        let sequence = match (&constant, value) {
            (Some(constant), _) => type_name(constant),
            (None, ast::Expr::Tuple(_)) => "tuple",
            (None, ast::Expr::List(_) | ast::Expr::ListComp(_)) => "list",
            (None, ast::Expr::FString(_)) => "str",
            _ => return,
        };
        let index = match &*subscript.slice {
            index @ (ast::Expr::NumberLiteral(_)
            | ast::Expr::StringLiteral(_)
            | ast::Expr::BytesLiteral(_)
            | ast::Expr::NoneLiteral(_)
            | ast::Expr::EllipsisLiteral(_)) => match self.constant_of(index) {
                Some(Constant::Int(_) | Constant::BigInt(_)) | None => return,
                Some(constant) => type_name(&constant),
            },
            ast::Expr::BooleanLiteral(_) | ast::Expr::Slice(_) => return,
            other => match display_type(other) {
                Some(name) => name,
                None => return,
            },
        };
        let message =
            format!("{sequence} indices must be integers or slices, not {index}; perhaps you missed a comma?");
        self.warn(value.range(), message);
    }
}

/// The type of a display, comprehension, lambda or formatted string.
fn display_type(expression: &ast::Expr) -> Option<&'static str> {
    Some(match expression {
        ast::Expr::Tuple(_) => "tuple",
        ast::Expr::List(_) | ast::Expr::ListComp(_) => "list",
        ast::Expr::Dict(_) | ast::Expr::DictComp(_) => "dict",
        ast::Expr::Set(_) | ast::Expr::SetComp(_) => "set",
        ast::Expr::Generator(_) => "generator",
        ast::Expr::FString(_) => "str",
        ast::Expr::TString(_) => "string.templatelib.Template",
        ast::Expr::Lambda(_) => "function",
        _ => return None,
    })
}
