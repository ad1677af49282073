//! Factorials and their relatives for the module `math`, by balanced products.

use crate::BigInt;
use crate::int::long;
use crate::pacer::{Unpaced, finish};

/// `math.factorial(n)`. See `long::factorial` for `n` above some 2,000.
pub fn factorial(n: u64) -> BigInt {
    finish(long::factorial(&Unpaced, n))
}

/// `math.perm(n, k)` for `n >= 0` of any size.
pub fn perm(n: &BigInt, k: u64) -> BigInt {
    finish(long::perm(&Unpaced, n, k))
}

/// `math.comb(n, k)` for `n >= 0` of any size. The caller passes the smaller of `k` and `n - k`; `k > n` gives 0.
pub fn comb(n: &BigInt, k: u64) -> BigInt {
    finish(long::comb(&Unpaced, n, k))
}
