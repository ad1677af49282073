//! Constants: literals, and expressions of constants that are computed at compile time, as far as CPython does.

use std::rc::Rc;

use snakelet_bytecode::{BigInt, Constant};
use snakelet_syntax::{IntValue, StringValue, ast, int_value, string_value};

use crate::compiler::Compiler;
use crate::fold_operators::{fold_binary, fold_subscript, fold_unary};

/// What is known of an expression's truth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Truth {
    True,
    False,
    Unknown,
}

/// Nesting up to which constants are looked for.
const MAX_FOLD_DEPTH: u32 = 100;

impl<'a> Compiler<'a> {
    /// The value of an expression that is constant.
    pub fn constant_of(&self, expression: &ast::Expr) -> Option<Constant> {
        self.fold(expression, 0)
    }

    /// The values of expressions that are all constant.
    pub fn constants_of(&self, expressions: &[ast::Expr]) -> Option<Vec<Constant>> {
        expressions.iter().map(|expression| self.constant_of(expression)).collect()
    }

    pub fn truth_of(&self, expression: &ast::Expr) -> Truth {
        match self.constant_of(expression).map(|constant| is_true(&constant)) {
            Some(true) => Truth::True,
            Some(false) => Truth::False,
            None => Truth::Unknown,
        }
    }

    /// A display of constants that is only iterated or searched: a list becomes a tuple, a set a frozenset.
    pub fn iterable_constant(&self, expression: &ast::Expr) -> Option<Constant> {
        match expression {
            ast::Expr::List(list) => self.constants_of(&list.elts).map(Constant::Tuple),
            ast::Expr::Set(set) => self.constants_of(&set.elts).and_then(distinct).map(Constant::FrozenSet),
            _ => None,
        }
    }

    fn fold(&self, expression: &ast::Expr, depth: u32) -> Option<Constant> {
        if depth > MAX_FOLD_DEPTH {
            return None;
        }
        match expression {
            ast::Expr::NoneLiteral(_) => Some(Constant::None),
            ast::Expr::BooleanLiteral(literal) => Some(if literal.value { Constant::True } else { Constant::False }),
            ast::Expr::EllipsisLiteral(_) => Some(Constant::Ellipsis),
            ast::Expr::NumberLiteral(literal) => Some(number(&literal.value)),
            ast::Expr::StringLiteral(literal) => Some(self.string_constant(literal)),
            ast::Expr::BytesLiteral(literal) => Some(Constant::Bytes(literal.value.bytes().collect())),
            ast::Expr::Name(name) if name.id.as_str() == "__debug__" && name.ctx == ast::ExprContext::Load => {
                Some(if self.optimize == 0 { Constant::True } else { Constant::False })
            }
            ast::Expr::Tuple(tuple) if tuple.ctx == ast::ExprContext::Load => tuple
                .elts
                .iter()
                .map(|element| self.fold(element, depth + 1))
                .collect::<Option<_>>()
                .map(Constant::Tuple),
            ast::Expr::UnaryOp(unary) => fold_unary(unary.op, &self.fold(&unary.operand, depth + 1)?),
            ast::Expr::BinOp(_) => self.fold_chain(expression, depth),
            ast::Expr::Subscript(subscript) if subscript.ctx == ast::ExprContext::Load => {
                let value = self.fold(&subscript.value, depth + 1)?;
                fold_subscript(&value, &self.fold(&subscript.slice, depth + 1)?)
            }
            ast::Expr::Slice(slice) => {
                let part = |part: &Option<Box<ast::Expr>>| match part {
                    Some(part) => self.fold(part, depth + 1),
                    None => Some(Constant::None),
                };
                Some(Constant::Slice(Box::new([part(&slice.lower)?, part(&slice.upper)?, part(&slice.step)?])))
            }
            _ => None,
        }
    }

    fn fold_chain(&self, expression: &ast::Expr, depth: u32) -> Option<Constant> {
        let mut chain = Vec::new();
        let mut left = expression;
        while let ast::Expr::BinOp(binary) = left {
            chain.push(binary);
            left = &binary.left;
        }
        let mut value = self.fold(left, depth + 1)?;
        while let Some(binary) = chain.pop() {
            value = fold_binary(binary.op, &value, &self.fold(&binary.right, depth + 1)?)?;
        }
        Some(value)
    }

    pub fn string_constant(&self, literal: &ast::ExprStringLiteral) -> Constant {
        if literal.value.as_slice().iter().all(|part| matches!(string_value(self.source, part), StringValue::Utf8(_))) {
            return Constant::Str(literal.value.to_str().into());
        }
        let mut points = Vec::new();
        for part in &literal.value {
            push_points(&mut points, string_value(self.source, part));
        }
        text_constant(points)
    }
}

pub(crate) fn push_points(points: &mut Vec<u32>, value: StringValue<'_>) {
    match value {
        StringValue::Utf8(text) => points.extend(text.chars().map(u32::from)),
        StringValue::CodePoints(more) => points.extend(more),
    }
}

/// A str constant of code points, in its ordinary form if it has no surrogates.
pub(crate) fn text_constant(points: Vec<u32>) -> Constant {
    let text: Option<String> = points.iter().map(|&point| char::from_u32(point)).collect();
    match text {
        Some(text) => Constant::Str(text.into()),
        None => Constant::StrCodePoints(points),
    }
}

fn number(number: &ast::Number) -> Constant {
    match number {
        ast::Number::Int(int) => match int_value(int) {
            IntValue::Small(value) => {
                i64::try_from(value).map_or_else(|_| Constant::BigInt(value.into()), Constant::Int)
            }
            IntValue::Big { radix, digits } => {
                Constant::BigInt(BigInt::parse_bytes(digits.as_bytes(), radix).unwrap_or_default())
            }
        },
        &ast::Number::Float(value) => Constant::Float(value),
        &ast::Number::Complex { real, imag } => Constant::Complex { real, imag },
    }
}

pub(crate) fn is_true(constant: &Constant) -> bool {
    match constant {
        Constant::None | Constant::False => false,
        Constant::True | Constant::Ellipsis | Constant::Slice(_) | Constant::Code(_) | Constant::BigInt(_) => true,
        Constant::Int(value) => *value != 0,
        Constant::Float(value) => *value != 0.0,
        Constant::Complex { real, imag } => *real != 0.0 || *imag != 0.0,
        Constant::Str(text) => !text.is_empty(),
        Constant::StrCodePoints(points) => !points.is_empty(),
        Constant::Bytes(bytes) => !bytes.is_empty(),
        Constant::Tuple(items) | Constant::FrozenSet(items) => !items.is_empty(),
    }
}

/// The elements of a set: without those that equal an earlier one. `None` where equality is not decided here.
pub(crate) fn distinct(constants: Vec<Constant>) -> Option<Vec<Constant>> {
    if constants.iter().any(|constant| matches!(constant, Constant::Slice(_) | Constant::Complex { .. })) {
        return None;
    }
    let mut seen: Vec<Constant> = Vec::with_capacity(constants.len());
    let mut index = std::collections::HashMap::<Vec<u8>, ()>::new();
    for constant in constants {
        let mut key = Vec::new();
        equality_key(&constant, &mut key)?;
        if index.insert(key, ()).is_none() {
            seen.push(constant);
        }
    }
    Some(seen)
}

/// Bytes that are the same for constants that compare equal.
pub(crate) fn equality_key(constant: &Constant, key: &mut Vec<u8>) -> Option<()> {
    let mut put = |tag: u8, bytes: &[u8]| {
        key.push(tag);
        key.extend((bytes.len() as u32).to_le_bytes());
        key.extend(bytes);
    };
    match constant {
        Constant::None => put(0, &[]),
        Constant::Ellipsis => put(1, &[]),
        Constant::False => put(2, &0i64.to_le_bytes()),
        Constant::True => put(2, &1i64.to_le_bytes()),
        Constant::Int(value) => put(2, &value.to_le_bytes()),
        Constant::Float(value) if *value == value.trunc() && value.abs() < 9e15 => {
            put(2, &(*value as i64).to_le_bytes());
        }
        Constant::Float(value) if value.is_finite() && value.abs() < 9e15 => put(3, &value.to_bits().to_le_bytes()),
        Constant::Complex { real, imag } if *imag == 0.0 => return equality_key(&Constant::Float(*real), key),
        Constant::Complex { real, imag } if real.is_finite() && imag.is_finite() => {
            // Both zeros are equal.
            put(7, &(real + 0.0).to_bits().to_le_bytes());
            put(7, &(imag + 0.0).to_bits().to_le_bytes());
        }
        Constant::Str(text) => put(4, text.as_bytes()),
        Constant::Bytes(bytes) => put(5, bytes),
        Constant::Tuple(items) => {
            put(6, &(items.len() as u32).to_le_bytes());
            for item in items {
                equality_key(item, key)?;
            }
        }
        _ => return None,
    }
    Some(())
}

/// The type's name, for warnings.
pub(crate) fn type_name(constant: &Constant) -> &'static str {
    match constant {
        Constant::None => "NoneType",
        Constant::True | Constant::False => "bool",
        Constant::Ellipsis => "ellipsis",
        Constant::Int(_) | Constant::BigInt(_) => "int",
        Constant::Float(_) => "float",
        Constant::Complex { .. } => "complex",
        Constant::Str(_) | Constant::StrCodePoints(_) => "str",
        Constant::Bytes(_) => "bytes",
        Constant::Tuple(_) => "tuple",
        Constant::FrozenSet(_) => "frozenset",
        Constant::Slice(_) => "slice",
        Constant::Code(_) => "code",
    }
}

/// A str constant.
pub(crate) fn text(text: &str) -> Constant {
    Constant::Str(Rc::from(text))
}
