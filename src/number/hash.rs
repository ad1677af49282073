//! Python's hashes on a 64-bit machine: numbers modulo 2**61 - 1 (equal numbers of any type hash alike), and the mixing of
//! tuples and frozensets. -1 is never a hash; it becomes -2.

use crate::BigInt;
use num_bigint::Sign;

/// Numbers are hashed modulo this Mersenne prime, `sys.hash_info.modulus`.
pub const MODULUS: u64 = (1 << 61) - 1;
/// Hash of positive infinity, `sys.hash_info.inf`.
pub const INF: i64 = 314_159;
/// Multiplier of the imaginary part, `sys.hash_info.imag`.
pub const IMAG: i64 = 1_000_003;

const BITS: u32 = 61;

/// Rotates `x < 2**61` left by `n` bits within 61 bits, that is, multiplies by `2**n` modulo 2**61 - 1.
fn rotate(x: u64, n: u32) -> u64 {
    ((x << n) & MODULUS) | (x >> (BITS - n))
}

/// Replaces the error value -1.
pub fn not_minus_one(hash: i64) -> i64 {
    if hash == -1 { -2 } else { hash }
}

/// `hash(int)` for machine-sized integers.
pub fn small_int(value: i64) -> i64 {
    let magnitude = (value.unsigned_abs() % MODULUS) as i64;
    not_minus_one(if value < 0 { -magnitude } else { magnitude })
}

/// `hash(int)`.
pub fn int(value: &BigInt) -> i64 {
    let mut x = 0u64;
    let mut digits = value.magnitude().iter_u32_digits();
    while let Some(digit) = digits.next_back() {
        x = rotate(x, 32) + u64::from(digit);
        if x >= MODULUS {
            x -= MODULUS;
        }
    }
    let x = x as i64;
    not_minus_one(if value.sign() == Sign::Minus { -x } else { x })
}

/// `hash(float)`. None for NaN, whose hash is that of the object's identity.
pub fn float(value: f64) -> Option<i64> {
    if value.is_nan() {
        return None;
    }
    if value.is_infinite() {
        return Some(if value > 0.0 { INF } else { -INF });
    }
    let (mantissa, exponent) = crate::float::decode(value);
    let power = exponent.rem_euclid(BITS as i32) as u32;
    let x = rotate(mantissa % MODULUS, power) as i64;
    Some(not_minus_one(if value < 0.0 { -x } else { x }))
}

/// `hash(complex)` from the hashes of its parts (the object's identity hash where a part is NaN).
pub fn complex(real: i64, imag: i64) -> i64 {
    not_minus_one(real.wrapping_add(imag.wrapping_mul(IMAG)))
}

/// The hash of a tuple from those of its items: the xxHash variant of CPython, usable item by item.
#[derive(Clone, Copy, Debug)]
pub struct TupleHasher {
    acc: u64,
    len: u64,
}

const PRIME_1: u64 = 11_400_714_785_074_694_791;
const PRIME_2: u64 = 14_029_467_366_897_019_727;
const PRIME_5: u64 = 2_870_177_450_012_600_261;

impl Default for TupleHasher {
    fn default() -> Self {
        TupleHasher::new()
    }
}

impl TupleHasher {
    /// The state before the first item.
    pub const fn new() -> Self {
        TupleHasher { acc: PRIME_5, len: 0 }
    }

    /// Mixes in the next item's hash.
    pub fn add(&mut self, hash: i64) {
        self.acc = self.acc.wrapping_add((hash as u64).wrapping_mul(PRIME_2)).rotate_left(31).wrapping_mul(PRIME_1);
        self.len += 1;
    }

    /// The hash of the items so far.
    pub fn finish(self) -> i64 {
        let acc = self.acc.wrapping_add(self.len ^ (PRIME_5 ^ 3_527_539));
        if acc == u64::MAX { 1_546_275_796 } else { acc as i64 }
    }
}

/// `hash(tuple)` from the hashes of its items.
pub fn tuple(items: impl IntoIterator<Item = i64>) -> i64 {
    let mut state = TupleHasher::new();
    items.into_iter().for_each(|item| state.add(item));
    state.finish()
}

/// The hash of a frozenset from those of its items, in any order, usable item by item.
#[derive(Clone, Copy, Debug, Default)]
pub struct SetHasher {
    acc: u64,
    len: u64,
}

impl SetHasher {
    /// The state before the first item.
    pub const fn new() -> Self {
        SetHasher { acc: 0, len: 0 }
    }

    /// Mixes in an item's hash.
    pub fn add(&mut self, hash: i64) {
        let h = hash as u64;
        self.acc ^= ((h ^ 89_869_747) ^ (h << 16)).wrapping_mul(3_644_798_167);
        self.len += 1;
    }

    /// The hash of the items so far.
    pub fn finish(self) -> i64 {
        let mut hash = self.acc ^ (self.len + 1).wrapping_mul(1_927_868_237);
        hash ^= (hash >> 11) ^ (hash >> 25);
        hash = hash.wrapping_mul(69069).wrapping_add(907_133_923);
        if hash == u64::MAX { 590_923_713 } else { hash as i64 }
    }
}

/// `hash(frozenset)` from the hashes of its items.
pub fn frozenset(items: impl IntoIterator<Item = i64>) -> i64 {
    let mut state = SetHasher::new();
    items.into_iter().for_each(|item| state.add(item));
    state.finish()
}
