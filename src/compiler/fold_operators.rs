//! Operators on constants. Results that would be large, and everything that could raise, are left to run time.

use snakelet_bytecode::{BigInt, Constant};
use snakelet_syntax::ast;

/// Limits of results, as in CPython.
const MAX_INT_BITS: u64 = 128;
const MAX_COLLECTION: usize = 256;
const MAX_TEXT: usize = 4096;
const MAX_ITEMS: usize = 1024;

/// A number as far as it takes part in folding.
enum Number {
    Int(BigInt),
    Float(f64),
    Complex(f64, f64),
}

fn number_of(constant: &Constant) -> Option<Number> {
    Some(match constant {
        Constant::False => Number::Int(BigInt::from(0)),
        Constant::True => Number::Int(BigInt::from(1)),
        Constant::Int(value) => Number::Int(BigInt::from(*value)),
        Constant::BigInt(value) => Number::Int(value.clone()),
        Constant::Float(value) => Number::Float(*value),
        Constant::Complex { real, imag } => Number::Complex(*real, *imag),
        _ => return None,
    })
}

/// The constant of an integer.
pub(crate) fn int_constant(value: BigInt) -> Constant {
    match i64::try_from(&value) {
        Ok(small) => Constant::Int(small),
        Err(_) => Constant::BigInt(value),
    }
}

fn bool_constant(value: bool) -> Constant {
    if value { Constant::True } else { Constant::False }
}

pub(crate) fn fold_unary(op: ast::UnaryOp, operand: &Constant) -> Option<Constant> {
    if op == ast::UnaryOp::Not {
        return Some(bool_constant(!crate::fold::is_true(operand)));
    }
    let boolean = matches!(operand, Constant::True | Constant::False);
    match (op, number_of(operand)?) {
        (ast::UnaryOp::USub, Number::Int(value)) => Some(int_constant(-value)),
        (ast::UnaryOp::USub, Number::Float(value)) => Some(Constant::Float(-value)),
        (ast::UnaryOp::USub, Number::Complex(real, imag)) => Some(Constant::Complex { real: -real, imag: -imag }),
        (ast::UnaryOp::UAdd, Number::Int(value)) => Some(int_constant(value)),
        (ast::UnaryOp::UAdd, _) => Some(operand.clone()),
        // Inverting a bool warns at run time.
        (ast::UnaryOp::Invert, Number::Int(value)) if !boolean => Some(int_constant(!value)),
        _ => None,
    }
}

pub(crate) fn fold_binary(op: ast::Operator, left: &Constant, right: &Constant) -> Option<Constant> {
    match (number_of(left), number_of(right)) {
        (Some(Number::Int(a)), Some(Number::Int(b))) => fold_ints(op, left, right, a, b),
        (Some(a), Some(b)) => fold_floats(op, a, b),
        _ => fold_sequences(op, left, right),
    }
}

fn fold_ints(op: ast::Operator, left: &Constant, right: &Constant, a: BigInt, b: BigInt) -> Option<Constant> {
    let zero = BigInt::from(0);
    let both_bool =
        matches!(left, Constant::True | Constant::False) && matches!(right, Constant::True | Constant::False);
    let value = match op {
        ast::Operator::Add => a + b,
        ast::Operator::Sub => a - b,
        ast::Operator::Mult => {
            if a.bits() + b.bits() > MAX_INT_BITS {
                return None;
            }
            a * b
        }
        ast::Operator::Div => {
            // Exact in floats only within 53 bits.
            if b == zero || a.bits() > 53 || b.bits() > 53 {
                return None;
            }
            return Some(Constant::Float(small_float(&a)? / small_float(&b)?));
        }
        ast::Operator::FloorDiv | ast::Operator::Mod => {
            if b == zero {
                return None;
            }
            let (mut quotient, mut remainder) = (&a / &b, &a % &b);
            if remainder != zero && (remainder < zero) != (b < zero) {
                quotient -= 1;
                remainder += &b;
            }
            if op == ast::Operator::Mod { remainder } else { quotient }
        }
        ast::Operator::Pow => {
            let exponent = u32::try_from(&b).ok()?;
            if a.bits() > 1 && a.bits().saturating_mul(exponent.into()) > MAX_INT_BITS {
                return None;
            }
            if exponent > 100_000 {
                return None;
            }
            a.pow(exponent)
        }
        ast::Operator::LShift => {
            let shift = u64::try_from(&b).ok()?;
            if shift > MAX_INT_BITS || a.bits() + shift > MAX_INT_BITS {
                return None;
            }
            a << shift
        }
        ast::Operator::RShift => a >> u32::try_from(&b).ok()?,
        ast::Operator::BitAnd if both_bool => return Some(bool_constant(a != zero && b != zero)),
        ast::Operator::BitOr if both_bool => return Some(bool_constant(a != zero || b != zero)),
        ast::Operator::BitXor if both_bool => return Some(bool_constant(a != b)),
        ast::Operator::BitAnd => a & b,
        ast::Operator::BitOr => a | b,
        ast::Operator::BitXor => a ^ b,
        ast::Operator::MatMult => return None,
    };
    Some(int_constant(value))
}

fn small_float(value: &BigInt) -> Option<f64> {
    i64::try_from(value).ok().map(|value| value as f64)
}

fn fold_floats(op: ast::Operator, a: Number, b: Number) -> Option<Constant> {
    let real = |number: &Number| match number {
        Number::Int(value) if value.bits() <= 53 => small_float(value),
        Number::Float(value) => Some(*value),
        _ => None,
    };
    match (&a, &b) {
        (Number::Complex(..), _) | (_, Number::Complex(..)) => {
            // Mixed operands as in C99: a real one has no imaginary part, not even 0.
            let (result_real, result_imag) = match (op, &a, &b) {
                (ast::Operator::Add, Number::Complex(r, i), Number::Complex(r2, i2)) => (r + r2, i + i2),
                (ast::Operator::Sub, Number::Complex(r, i), Number::Complex(r2, i2)) => (r - r2, i - i2),
                (ast::Operator::Add, Number::Complex(r, i), other) => (r + real(other)?, *i),
                (ast::Operator::Sub, Number::Complex(r, i), other) => (r - real(other)?, *i),
                (ast::Operator::Add, other, Number::Complex(r, i)) => (real(other)? + r, *i),
                (ast::Operator::Sub, other, Number::Complex(r, i)) => (real(other)? - r, -i),
                _ => return None,
            };
            Some(Constant::Complex { real: result_real, imag: result_imag })
        }
        _ => {
            let (a, b) = (real(&a)?, real(&b)?);
            let value = match op {
                ast::Operator::Add => a + b,
                ast::Operator::Sub => a - b,
                ast::Operator::Mult => a * b,
                ast::Operator::Div if b != 0.0 => a / b,
                _ => return None,
            };
            Some(Constant::Float(value))
        }
    }
}

fn fold_sequences(op: ast::Operator, left: &Constant, right: &Constant) -> Option<Constant> {
    match op {
        ast::Operator::Add => match (left, right) {
            (Constant::Str(a), Constant::Str(b)) => Some(Constant::Str([&**a, &**b].concat().into())),
            (Constant::Bytes(a), Constant::Bytes(b)) => Some(Constant::Bytes([&a[..], &b[..]].concat())),
            (Constant::Tuple(a), Constant::Tuple(b)) => Some(Constant::Tuple([&a[..], &b[..]].concat())),
            _ => None,
        },
        ast::Operator::Mult => {
            let (sequence, count) = match (left, right) {
                (&Constant::Int(count), sequence) | (sequence, &Constant::Int(count)) => (sequence, count),
                _ => return None,
            };
            let count = usize::try_from(count.max(0)).ok()?;
            let fits = |length: usize, limit: usize| length.checked_mul(count).is_some_and(|total| total <= limit);
            match sequence {
                Constant::Str(text) if fits(text.chars().count(), MAX_TEXT) => {
                    Some(Constant::Str(text.repeat(count).into()))
                }
                Constant::Bytes(bytes) if fits(bytes.len(), MAX_TEXT) => Some(Constant::Bytes(bytes.repeat(count))),
                Constant::Tuple(items)
                    if fits(items.len(), MAX_COLLECTION)
                        && items.iter().map(weight).sum::<usize>().saturating_mul(count) <= MAX_ITEMS =>
                {
                    Some(Constant::Tuple(std::iter::repeat_n(items, count).flatten().cloned().collect()))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// How many constants there are in a constant.
fn weight(constant: &Constant) -> usize {
    match constant {
        Constant::Tuple(items) | Constant::FrozenSet(items) => 1 + items.iter().map(weight).sum::<usize>(),
        _ => 1,
    }
}

pub(crate) fn fold_subscript(value: &Constant, index: &Constant) -> Option<Constant> {
    let &Constant::Int(index) = index else { return None };
    let at = |length: usize| {
        let index = if index < 0 { index.checked_add(length as i64)? } else { index };
        usize::try_from(index).ok().filter(|&index| index < length)
    };
    match value {
        Constant::Str(text) => {
            let index = at(text.chars().count())?;
            text.chars().nth(index).map(|c| Constant::Str(c.to_string().into()))
        }
        Constant::Bytes(bytes) => Some(Constant::Int(bytes[at(bytes.len())?].into())),
        Constant::Tuple(items) => Some(items[at(items.len())?].clone()),
        _ => None,
    }
}
