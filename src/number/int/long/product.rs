//! Products of many factors, in slices: neighbours are multiplied until one is left, so that operands stay balanced.

use super::{divmod, mul};
use crate::BigInt;
use crate::pacer::{Halt, Pacer, Work, tick, vec_with_capacity};
use num_traits::{One, Signed, ToPrimitive, Zero};

/// The product of all factors; 1 for none.
#[inline(never)]
pub fn product<'a>(pacer: &'a dyn Pacer, mut factors: Vec<BigInt>) -> Work<'a, BigInt> {
    Box::pin(async move {
        while factors.len() > 1 {
            let mut next = vec_with_capacity(pacer, factors.len() / 2 + 1)?;
            for pair in factors.chunks(2) {
                next.push(match pair {
                    [a, b] if a.bits() + b.bits() <= 4096 => {
                        tick(pacer, 10).await?;
                        a * b
                    }
                    [a, b] => mul(pacer, a, b).await?,
                    _ => pair[0].clone(),
                });
            }
            factors = next;
        }
        Ok(factors.pop().unwrap_or_else(BigInt::one))
    })
}

/// Appends machine-sized factors, gathered into 64-bit products first.
#[derive(Default)]
struct Gather {
    done: Vec<BigInt>,
    acc: u64,
}

impl Gather {
    fn push(&mut self, factor: u64) {
        match self.acc.max(1).checked_mul(factor) {
            Some(acc) => self.acc = acc,
            None => {
                self.done.push(BigInt::from(self.acc));
                self.acc = factor;
            }
        }
    }

    fn finish(mut self) -> Vec<BigInt> {
        self.done.push(BigInt::from(self.acc.max(1)));
        self.done
    }
}

/// `math.factorial(n)`
#[inline(never)]
pub fn factorial<'a>(pacer: &'a dyn Pacer, n: u64) -> Work<'a, BigInt> {
    Box::pin(async move {
        // n! has at least n bits for n > 5; refuse early what can't end.
        if n > 1 << 36 {
            return Err(Halt::OutOfMemory);
        }
        // n! = 2**(n - ones of n) * product over i of the odd numbers up to n >> i; each level's odd part divides the next.
        let mut odd_part = BigInt::one();
        let mut result = BigInt::one();
        let mut low = 1u64;
        for shift in (0..64 - n.leading_zeros()).rev() {
            let high = n >> shift;
            let mut factors = Gather::default();
            let mut at = (low + 1) | 1;
            while at <= high {
                factors.push(at);
                at += 2;
                if at & 0xffff == 1 {
                    tick(pacer, 20_000).await?;
                }
            }
            odd_part = mul(pacer, &odd_part, &product(pacer, factors.finish()).await?).await?;
            result = mul(pacer, &result, &odd_part).await?;
            low = high;
        }
        Ok(result << (n - u64::from(n.count_ones())))
    })
}

/// `math.perm(n, k)` for `n >= 0`: `n * (n-1) * ... * (n-k+1)`, 0 for `k > n`.
#[inline(never)]
pub fn perm<'a>(pacer: &'a dyn Pacer, n: &'a BigInt, k: u64) -> Work<'a, BigInt> {
    Box::pin(async move {
        if BigInt::from(k) > *n {
            return Ok(BigInt::zero());
        }
        if let Some(n) = n.to_u64() {
            let mut factors = Gather::default();
            for i in 0..k {
                factors.push(n - i);
                if i & 0xffff == 0xffff {
                    tick(pacer, 20_000).await?;
                }
            }
            return product(pacer, factors.finish()).await;
        }
        let mut factors = vec_with_capacity(pacer, usize::try_from(k).map_err(|_| Halt::OutOfMemory)?)?;
        for i in 0..k {
            factors.push(n - i);
            if i & 0xfff == 0xfff {
                tick(pacer, 20_000).await?;
            }
        }
        product(pacer, factors).await
    })
}

/// `math.comb(n, k)` for `n >= 0`, 0 for `k > n`.
#[inline(never)]
pub fn comb<'a>(pacer: &'a dyn Pacer, n: &'a BigInt, k: u64) -> Work<'a, BigInt> {
    Box::pin(async move {
        if BigInt::from(k) > *n {
            return Ok(BigInt::zero());
        }
        let other = n - k;
        let k = if other < BigInt::from(k) { other.to_u64().unwrap_or(k) } else { k };
        if let Some(small) = n.to_u64().and_then(|n| small_comb(n, k)) {
            return Ok(BigInt::from(small));
        }
        let numerator = perm(pacer, n, k).await?;
        let denominator = factorial(pacer, k).await?;
        let quotient = divmod(pacer, &numerator.abs(), &denominator).await?;
        Ok(quotient.map(|(quotient, _)| quotient).unwrap_or_default())
    })
}

/// `comb(n, k)` while every step fits into 64 bits.
fn small_comb(n: u64, k: u64) -> Option<u64> {
    let mut result = 1u64;
    for i in 0..k {
        result = result.checked_mul(n - i)? / (i + 1);
    }
    Some(result)
}
