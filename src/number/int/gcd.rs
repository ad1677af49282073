//! Greatest common divisor by Lehmer's method: quotients are found on the leading bits, and applied to the whole numbers
//! some 30 bits' worth at a time.

use crate::BigInt;
use crate::pacer::{Pacer, Unpaced, Work, finish, tick};
use num_bigint::{BigUint, Sign};
use num_traits::{Signed, ToPrimitive, Zero};

/// `math.gcd(a, b)`: never negative, 0 for two zeros.
pub fn gcd(a: &BigInt, b: &BigInt) -> BigInt {
    if let (Ok(a), Ok(b)) = (i64::try_from(a), i64::try_from(b)) {
        return BigInt::from(gcd_u64(a.unsigned_abs(), b.unsigned_abs()));
    }
    finish(gcd_long(&Unpaced, a, b))
}

/// `math.lcm(a, b)`: never negative, 0 when either is.
pub fn lcm(a: &BigInt, b: &BigInt) -> BigInt {
    if a.is_zero() || b.is_zero() {
        return BigInt::zero();
    }
    (a / gcd(a, b) * b).abs()
}

/// The greatest common divisor of machine-sized numbers, by the binary method.
pub fn gcd_u64(mut a: u64, mut b: u64) -> u64 {
    if a == 0 || b == 0 {
        return a | b;
    }
    let shift = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    loop {
        b >>= b.trailing_zeros();
        if a > b {
            std::mem::swap(&mut a, &mut b);
        }
        b -= a;
        if b == 0 {
            return a << shift;
        }
    }
}

/// [`gcd`] in slices.
#[inline(never)]
pub fn gcd_long<'a>(pacer: &'a dyn Pacer, a: &'a BigInt, b: &'a BigInt) -> Work<'a, BigInt> {
    Box::pin(async move {
        let (mut a, mut b) = (a.magnitude().clone(), b.magnitude().clone());
        if a < b {
            std::mem::swap(&mut a, &mut b);
        }
        // Of very different sizes: one division first.
        if !b.is_zero() && a.bits() > b.bits() + 64 {
            let rest = super::long::rem_magnitude(pacer, &a, &b).await?;
            a = std::mem::replace(&mut b, rest);
        }
        let mut x = a.to_u32_digits();
        let mut y = b.to_u32_digits();
        while y.len() > 2 {
            tick(pacer, x.len() as u32 / 4).await?;
            match lehmer_cofactors(&x, &y) {
                Some([ux, vx, uy, vy]) => {
                    apply(&mut x, &mut y, [ux, vx, uy, vy]);
                }
                None => {
                    let big_y = BigUint::new(y.clone());
                    let rest = BigUint::new(x) % &big_y;
                    x = std::mem::replace(&mut y, rest.to_u32_digits());
                }
            }
        }
        let (mut a, mut b) = (BigUint::new(x), BigUint::new(y));
        if b.is_zero() {
            return Ok(BigInt::from_biguint(Sign::Plus, a));
        }
        if a.bits() > 64 {
            let rest = a % &b;
            a = std::mem::replace(&mut b, rest);
        }
        Ok(BigInt::from(gcd_u64(a.to_u64().unwrap_or(0), b.to_u64().unwrap_or(0))))
    })
}

/// The top 60 bits of `x`, and the bits of `y` at the same place.
fn windows(x: &[u32], y: &[u32]) -> (i64, i64) {
    let n = x.len();
    let shift = x[n - 1].leading_zeros();
    let window = |limbs: &[u32]| {
        let at = |i: usize| u128::from(limbs.get(i).copied().unwrap_or(0));
        let top = at(n - 1) << 64 | at(n - 2) << 32 | at(n - 3);
        ((top << shift) >> 36) as i64 & ((1 << 60) - 1)
    };
    (window(x), window(y))
}

/// `[ux, vx, uy, vy]` with `(x, y) -> (ux*x + vx*y, uy*x + vy*y)` several steps of Euclid's algorithm, all below 2**30 in
/// size. None when the leading bits don't settle even one step. Exactness by Jebelean's condition.
fn lehmer_cofactors(x: &[u32], y: &[u32]) -> Option<[i64; 4]> {
    let (mut r0, mut r1) = windows(x, y);
    let (mut u0, mut v0, mut u1, mut v1) = (1i64, 0i64, 0i64, 1i64);
    let mut even = true;
    let mut steps = 0;
    while r1 != 0 {
        let q = r0 / r1;
        if q >= 1 << 30 {
            break;
        }
        let r2 = r0 - q * r1;
        let (u2, v2) = (u0 - q * u1, v0 - q * v1);
        // The new pair is (r1, r2), reached after an even number of steps when this step was an odd one.
        let exact = if even { r2 >= -v2 && r1 - r2 >= u2 - u1 } else { r2 >= -u2 && r1 - r2 >= v2 - v1 };
        if !exact || u2.abs().max(v2.abs()) >= 1 << 30 {
            break;
        }
        (r0, r1, u0, v0, u1, v1) = (r1, r2, u1, v1, u2, v2);
        even = !even;
        steps += 1;
    }
    (steps > 0).then_some([u0, v0, u1, v1])
}

fn apply(x: &mut Vec<u32>, y: &mut Vec<u32>, [ux, vx, uy, vy]: [i64; 4]) {
    y.resize(x.len(), 0);
    let (mut carry_x, mut carry_y) = (0i64, 0i64);
    for (x, y) in x.iter_mut().zip(y.iter_mut()) {
        let (a, b) = (i64::from(*x), i64::from(*y));
        carry_x += ux * a + vx * b;
        carry_y += uy * a + vy * b;
        *x = carry_x as u32;
        *y = carry_y as u32;
        carry_x >>= 32;
        carry_y >>= 32;
    }
    for limbs in [x, y] {
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
    }
}
