//! The functions of the module `math`, with the results of CPython over musl (the build on the web) to the last digit.
//!
//! `exp`, `exp2`, `log`, `log2` and `pow` follow the table-driven algorithms of Arm's optimized routines; what depends on
//! them follows FreeBSD's formulas; gamma, hypot and the sums follow CPython's own. The rest is libm's.
//!
//! Functions of one float all have the type [`Unary`], so that a module can be written as a table.

mod bits;
mod elementary;
mod exp;
mod integers;
mod log;
mod power;
mod special;
mod sums;
mod tables;

pub use bits::*;
pub use elementary::*;
pub use integers::*;
pub use power::{pow, raw_pow};
pub use special::*;
pub use sums::*;

/// Why a function has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MathError {
    /// ValueError: the argument is outside of the domain (CPython 3.14 words it per function, "math domain error" else).
    Domain,
    /// OverflowError "math range error"
    Range,
}

/// A float, or why there is none.
pub type MathResult = Result<f64, MathError>;

/// A function of one float.
pub type Unary = fn(f64) -> MathResult;
