//! Reading digits in slices: pieces are put together in pairs, level by level.

use super::mul::mul_magnitude;
use crate::int::{Literal, ParseIntError, leaf_value, literal_value, scan};
use crate::pacer::{Pacer, Work, tick, vec_with_capacity};
use crate::{BigInt, BigUint};
use num_bigint::Sign;

/// Up to so many digits, reading is schoolbook work.
pub const PARSE_LEAF_DIGITS: usize = 512;

/// `int(text, base)`; see [`scan`] for the arguments.
#[inline(never)]
pub fn parse<'a>(
    pacer: &'a dyn Pacer,
    text: &'a str,
    base: u32,
    max_digits: usize,
) -> Work<'a, Result<BigInt, ParseIntError>> {
    Box::pin(async move {
        let literal = match scan(text, base, max_digits) {
            Ok(literal) => literal,
            Err(error) => return Ok(Err(error)),
        };
        if literal.radix.is_power_of_two() {
            return Ok(Ok(literal_value(&literal)));
        }
        let magnitude = parse_magnitude(pacer, &literal).await?;
        Ok(Ok(BigInt::from_biguint(if literal.negative { Sign::Minus } else { Sign::Plus }, magnitude)))
    })
}

/// The magnitude of a checked literal.
#[inline(never)]
pub fn parse_magnitude<'a>(pacer: &'a dyn Pacer, literal: &'a Literal<'a>) -> Work<'a, BigUint> {
    Box::pin(async move {
        let mut clean = Vec::new();
        let mut digits = literal.digits;
        if digits.len() != literal.count {
            clean = vec_with_capacity(pacer, literal.count)?;
            clean.extend(digits.iter().filter(|&&c| c != b'_'));
            digits = &clean;
        }
        // Least significant piece first.
        let mut pieces = vec_with_capacity(pacer, digits.len() / PARSE_LEAF_DIGITS + 1)?;
        for part in digits.rchunks(PARSE_LEAF_DIGITS) {
            pieces.push(BigUint::new(leaf_value(part.iter().copied(), literal.radix)));
            tick(pacer, 400).await?;
        }
        drop(clean);
        let mut power = BigUint::from(literal.radix).pow(PARSE_LEAF_DIGITS as u32);
        while pieces.len() > 1 {
            let mut next = vec_with_capacity(pacer, pieces.len() / 2 + 1)?;
            for pair in pieces.chunks(2) {
                next.push(match pair {
                    [low, high] => mul_magnitude(pacer, high, &power).await? + low,
                    _ => pair[0].clone(),
                });
            }
            pieces = next;
            if pieces.len() > 1 {
                power = mul_magnitude(pacer, &power, &power).await?;
            }
        }
        Ok(pieces.pop().unwrap_or_default())
    })
}
