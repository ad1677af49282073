//! Numbers beneath Python's `int`, `float`, `complex` and the modules `math`, `cmath` and `random`.
//!
//! Everything here is a pure function on plain Rust values ([`BigInt`], `f64`, strings): no Python objects, no exceptions.
//! Where Python raises, a function returns an enum and the caller words the message. Results follow CPython 3.14 to the
//! last digit; the records under `tests/` come from it.
//!
//! - [`int`]: arithmetic, text, bytes and float conversion of big integers, and `int::long`: the same work in slices
//!   for numbers so large that the page would freeze.
//! - [`float`], [`complex`]: arithmetic with Python's rules, text in both directions.
//! - [`mod@format`]: `__format__` of all three, from plain fields.
//! - [`hash`]: hashes of numbers, tuples and frozensets.
//! - [`math`]: the functions of the module `math`.
//! - [`mt19937`]: the generator beneath `random.Random`.
//! - [`pacer`]: how long-running work yields to the caller.

pub mod complex;
pub mod float;
pub mod format;
pub mod hash;
pub mod int;
pub mod math;
pub mod mt19937;
pub mod pacer;

pub use num_bigint::{BigInt, BigUint, Sign};
