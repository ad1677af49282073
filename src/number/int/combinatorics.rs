//! Factorials and their relatives for the module `math`, by balanced products.

use crate::BigInt;
use crate::int::long;
use crate::pacer::{Unpaced, run};

/// `math.factorial(n)`. See `long::factorial` for `n` above some 2,000.
pub fn factorial(n: u64) -> BigInt {
    // Unpaced work can't be halted but by a lack of memory.
    run(long::factorial(&Unpaced, n)).unwrap_or_default()
}

/// `math.perm(n, k)` for `n >= 0` of any size.
pub fn perm(n: &BigInt, k: u64) -> BigInt {
    run(long::perm(&Unpaced, n, k)).unwrap_or_default()
}

/// `math.comb(n, k)` for `n >= 0` of any size. The caller passes the smaller of `k` and `n - k`; `k > n` gives 0.
pub fn comb(n: &BigInt, k: u64) -> BigInt {
    run(long::comb(&Unpaced, n, k)).unwrap_or_default()
}
