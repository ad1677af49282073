//! `int.to_bytes` and `int.from_bytes`.

use crate::BigInt;
use num_bigint::Sign;
use num_traits::{One, Zero};

/// Why a number has no such bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToBytesError {
    /// "can't convert negative int to unsigned"
    Negative,
    /// "int too big to convert"
    TooBig,
}

/// `a.to_bytes(length, byteorder, signed=signed)`. The caller has checked that `length` bytes may be allocated.
pub fn to_bytes(a: &BigInt, length: usize, little_endian: bool, signed: bool) -> Result<Vec<u8>, ToBytesError> {
    let negative = a.sign() == Sign::Minus;
    if negative && !signed {
        return Err(ToBytesError::Negative);
    }
    let mut bytes = if a.is_zero() {
        Vec::new()
    } else if signed {
        a.to_signed_bytes_le()
    } else {
        a.magnitude().to_bytes_le()
    };
    if bytes.len() > length {
        return Err(ToBytesError::TooBig);
    }
    bytes.resize(length, if negative { 0xff } else { 0 });
    if !little_endian {
        bytes.reverse();
    }
    Ok(bytes)
}

/// `int.from_bytes(bytes, byteorder, signed=signed)`.
pub fn from_bytes(bytes: &[u8], little_endian: bool, signed: bool) -> BigInt {
    let top = if little_endian { bytes.last() } else { bytes.first() };
    let negative = signed && top.is_some_and(|byte| byte & 0x80 != 0);
    let unsigned =
        if little_endian { BigInt::from_bytes_le(Sign::Plus, bytes) } else { BigInt::from_bytes_be(Sign::Plus, bytes) };
    if negative { unsigned - (BigInt::one() << (bytes.len() as u64 * 8)) } else { unsigned }
}
