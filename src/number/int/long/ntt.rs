//! Exact convolution of limb sequences by number-theoretic transforms modulo three primes below 2**30, put together by the
//! Chinese remainder theorem: the workhorse of multiplication beyond some ten thousand digits.
//!
//! Lengths are `2**k` and `3 * 2**k`. A transform splits `x**n - c` into `x**(n/2) - sqrt(c)` and `x**(n/2) + sqrt(c)`, two
//! levels per pass over the memory; the twiddle factor of the `s`-th block is the same at all levels and depends on the bits
//! of `s` alone, so a small table serves all lengths. Residues are kept below 2p or 4p where that saves work (Harvey).
//! Invariant of Montgomery products: one operand any `u32`, the other below p; the result is below 2p.

use crate::pacer::{Halt, Pacer, reserve, tick, vec_with_capacity};

/// The most limbs that the shorter factor may have: sums stay below the product of the primes.
pub(super) const MAX_SHORTER: usize = 12 << 20;
/// The most limbs that a product may have.
pub(super) const MAX_LEN: usize = 3 << MAX_POWER;
/// All three primes have roots of unity of order `3 * 2**MAX_POWER`.
const MAX_POWER: u32 = 23;
/// Butterflies (of four) between two ticks.
const SLICE: usize = 1 << 13;
const TABLE_BITS: u32 = 11;

const FIELDS: [Field; 3] = [Field::new(377_487_361, 7), Field::new(754_974_721, 11), Field::new(880_803_841, 26)];

/// A prime field with Montgomery's multiplication.
struct Field {
    p: u32,
    /// A primitive root.
    generator: u32,
    /// The inverse of p modulo 2**32.
    inverse: u32,
    /// 2**64 modulo p.
    r2: u32,
}

impl Field {
    const fn new(p: u32, generator: u32) -> Field {
        let mut inverse = 1u32;
        let mut i = 0;
        while i < 5 {
            inverse = inverse.wrapping_mul(2u32.wrapping_sub(p.wrapping_mul(inverse)));
            i += 1;
        }
        let r = (1u64 << 32) % p as u64;
        Field { p, generator, inverse, r2: (r * r % p as u64) as u32 }
    }

    /// `a * b / 2**32` modulo p, below 2p, for `a * b < p * 2**32`.
    #[inline(always)]
    const fn mul(&self, a: u32, b: u32) -> u32 {
        let t = a as u64 * b as u64;
        let m = (t as u32).wrapping_mul(self.inverse);
        let high = ((m as u64 * self.p as u64) >> 32) as u32;
        ((t >> 32) as u32).wrapping_sub(high).wrapping_add(self.p)
    }

    /// Reduces from below 4p to below 2p.
    #[inline(always)]
    fn below_2p(&self, x: u32) -> u32 {
        x.min(x.wrapping_sub(2 * self.p))
    }

    /// Reduces from below 2p to below p.
    #[inline(always)]
    const fn below_p(&self, x: u32) -> u32 {
        if x >= self.p { x - self.p } else { x }
    }

    /// Into Montgomery's form, below p.
    const fn enter(&self, x: u32) -> u32 {
        self.below_p(self.mul(x, self.r2))
    }

    /// Product of two in Montgomery's form, below p.
    const fn product(&self, a: u32, b: u32) -> u32 {
        self.below_p(self.mul(a, b))
    }

    /// `base ** exponent`, base and result in Montgomery's form.
    const fn pow(&self, mut base: u32, mut exponent: u32) -> u32 {
        let mut result = self.enter(1);
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = self.product(result, base);
            }
            base = self.product(base, base);
            exponent >>= 1;
        }
        result
    }

    const fn invert(&self, x: u32) -> u32 {
        self.pow(x, self.p - 2)
    }

    /// A primitive root of unity of the given order, in Montgomery's form.
    const fn root(&self, order: u32) -> u32 {
        self.pow(self.enter(self.generator), (self.p - 1) / order)
    }
}

/// Twiddle factors of one direction: the factor of block `s` is the product of `bits[j]` over the ones of `s`.
struct Twiddles {
    /// Roots of unity of order 4, 8, 16, ...
    bits: [u32; 24],
    /// The factors of the first blocks.
    table: Vec<u32>,
}

impl Twiddles {
    fn new(field: &Field, inverse: bool) -> Twiddles {
        let levels = (field.p - 1).trailing_zeros();
        let mut bits = [0; 24];
        for j in 0..levels - 1 {
            let root = field.root(4 << j);
            bits[j as usize] = if inverse { field.invert(root) } else { root };
        }
        let mut table = Vec::with_capacity(1 << TABLE_BITS);
        table.push(field.enter(1));
        for &bit in &bits[..TABLE_BITS as usize] {
            for i in 0..table.len() {
                table.push(field.product(table[i], bit));
            }
        }
        Twiddles { bits, table }
    }

    /// The factor that blocks from `s` on share whose low bits are zero.
    fn high(&self, field: &Field, s: usize) -> u32 {
        let mut rest = s >> TABLE_BITS << TABLE_BITS;
        let mut product = self.table[0];
        while rest != 0 {
            product = field.product(product, self.bits[rest.trailing_zeros() as usize]);
            rest &= rest - 1;
        }
        product
    }

    /// The factor of block `s`; `high` is that of its high bits.
    #[inline(always)]
    fn at(&self, field: &Field, s: usize, high: u32) -> u32 {
        let low = self.table[s & ((1 << TABLE_BITS) - 1)];
        if s >> TABLE_BITS == 0 { low } else { field.product(low, high) }
    }

    /// The factors of blocks `s`, `2s`, `2s + 1` of three consecutive nodes.
    #[inline(always)]
    fn triple(&self, field: &Field, s: usize, high: u32, high2: u32) -> [u32; 3] {
        [self.at(field, s, high), self.at(field, 2 * s, high2), self.at(field, 2 * s + 1, high2)]
    }
}

/// The length of the transform for so many coefficients.
fn transform_len(coefficients: usize) -> usize {
    let power = coefficients.next_power_of_two().max(4);
    let three = power / 4 * 3;
    if three >= coefficients && power >= 16 {
        three
    } else if power <= 1 << MAX_POWER {
        power
    } else {
        power / 2 * 3
    }
}

/// The limbs of `a * b` (little-endian, perhaps with zeros on top); pass the same slice twice to square.
pub(super) async fn convolve(pacer: &dyn Pacer, a: &[u32], b: &[u32]) -> Result<Vec<u32>, Halt> {
    let n = transform_len(a.len() + b.len() - 1);
    // All at once, rather than failing on the way: three residues and one operand.
    reserve(pacer, n * 16)?;
    let mut residues = [Vec::new(), Vec::new(), Vec::new()];
    for (field, out) in FIELDS.iter().zip(&mut residues) {
        *out = forward(pacer, field, a, n).await?;
        if std::ptr::eq(a, b) {
            for part in out.chunks_mut(SLICE) {
                part.iter_mut().for_each(|x| *x = field.mul(field.below_p(field.below_2p(*x)), *x));
                tick(pacer, SLICE as u32 / 4).await?;
            }
        } else {
            let other = forward(pacer, field, b, n).await?;
            multiply_pointwise(pacer, field, out, &other).await?;
        }
        backward(pacer, field, out).await?;
    }
    let len = a.len() + b.len();
    let (mut limbs, carry) = assemble(pacer, &residues, len).await?;
    if limbs.len() < len {
        limbs.push(carry as u32);
    }
    Ok(limbs)
}

/// A factor that is used more than once, transformed, for products modulo `2**(32 * n) - 1`.
pub(super) struct Spectrum {
    n: usize,
    parts: [Vec<u32>; 3],
}

impl Spectrum {
    /// Transforms a factor of at most `len` limbs; products are modulo `2**(32 * n) - 1` for some `n >= len`.
    pub(super) async fn new(pacer: &dyn Pacer, limbs: &[u32], len: usize) -> Result<Spectrum, Halt> {
        let n = transform_len(len);
        let mut parts = [Vec::new(), Vec::new(), Vec::new()];
        for (field, out) in FIELDS.iter().zip(&mut parts) {
            *out = forward(pacer, field, limbs, n).await?;
        }
        Ok(Spectrum { n, parts })
    }

    /// Products are modulo `2**(32 * n) - 1`.
    pub(super) fn modulus_limbs(&self) -> usize {
        self.n
    }

    /// The product with a number of at most `modulus_limbs` limbs.
    pub(super) async fn multiply(&self, pacer: &dyn Pacer, limbs: &[u32]) -> Result<Vec<u32>, Halt> {
        let mut residues = [Vec::new(), Vec::new(), Vec::new()];
        for ((field, out), part) in FIELDS.iter().zip(&mut residues).zip(&self.parts) {
            *out = forward(pacer, field, limbs, self.n).await?;
            multiply_pointwise(pacer, field, out, part).await?;
            backward(pacer, field, out).await?;
        }
        let (mut limbs, mut carry) = assemble(pacer, &residues, self.n).await?;
        // What goes out at the top comes in at the bottom.
        while carry != 0 {
            for limb in &mut limbs {
                let sum = u64::from(*limb) + (carry & 0xffff_ffff);
                *limb = sum as u32;
                carry = (carry >> 32) + (sum >> 32);
                if carry == 0 {
                    break;
                }
            }
        }
        Ok(limbs)
    }
}

/// Up to `len` limbs of the coefficients with these residues, and the carry.
async fn assemble(pacer: &dyn Pacer, residues: &[Vec<u32>; 3], len: usize) -> Result<(Vec<u32>, u64), Halt> {
    let len = len.min(residues[0].len());
    let mut limbs = vec_with_capacity(pacer, len + 1)?;
    let mut carry = 0;
    for start in (0..len).step_by(SLICE) {
        let range = start..(start + SLICE).min(len);
        let slice = |i: usize| &residues[i][range.clone()];
        recombine([slice(0), slice(1), slice(2)], &mut carry, &mut limbs);
        tick(pacer, SLICE as u32 / 2).await?;
    }
    Ok((limbs, carry))
}

/// Appends the limbs of the coefficients that have these residues.
fn recombine(residues: [&[u32]; 3], carry: &mut u64, limbs: &mut Vec<u32>) {
    const P1: u32 = FIELDS[0].p;
    const P12: u64 = FIELDS[0].p as u64 * FIELDS[1].p as u64;
    const INVERSE_1_MOD_2: u32 = FIELDS[1].invert(FIELDS[1].enter(P1));
    const P1_MOD_3: u32 = FIELDS[2].enter(P1);
    const INVERSE_12_MOD_3: u32 =
        FIELDS[2].invert(FIELDS[2].product(FIELDS[2].enter(P1), FIELDS[2].enter(FIELDS[1].p)));
    const LOW: u64 = 0xffff_ffff;
    let [_, f2, f3] = &FIELDS;
    for ((&r1, &r2), &r3) in residues[0].iter().zip(residues[1]).zip(residues[2]) {
        // x = r1 + p1 * k1 + p1 * p2 * k2 (Garner).
        let k1 = f2.below_p(f2.mul(r2 + f2.p - r1, INVERSE_1_MOD_2));
        let t = f3.mul(k1, P1_MOD_3);
        let k2 = f3.below_p(f3.mul(r3 + 3 * f3.p - r1 - t, INVERSE_12_MOD_3));
        let v = u64::from(r1) + u64::from(P1) * u64::from(k1);
        let low = (P12 & LOW) * u64::from(k2);
        let high = (P12 >> 32) * u64::from(k2);
        let sum = (*carry & LOW) + (v & LOW) + (low & LOW);
        limbs.push(sum as u32);
        *carry = (*carry >> 32) + (sum >> 32) + (v >> 32) + (low >> 32) + high;
    }
}

/// The transform of limbs modulo one prime.
async fn forward(pacer: &dyn Pacer, field: &Field, limbs: &[u32], n: usize) -> Result<Vec<u32>, Halt> {
    let mut data = load(pacer, field, limbs, n).await?;
    transform(pacer, field, &Twiddles::new(field, false), &mut data).await?;
    Ok(data)
}

async fn multiply_pointwise(pacer: &dyn Pacer, field: &Field, x: &mut [u32], y: &[u32]) -> Result<(), Halt> {
    for (part, other) in x.chunks_mut(SLICE).zip(y.chunks(SLICE)) {
        for (x, y) in part.iter_mut().zip(other) {
            *x = field.mul(field.below_p(field.below_2p(*y)), field.below_2p(*x));
        }
        tick(pacer, SLICE as u32 / 4).await?;
    }
    Ok(())
}

/// From the transform of a product back to coefficients below p.
async fn backward(pacer: &dyn Pacer, field: &Field, data: &mut [u32]) -> Result<(), Halt> {
    inverse_transform(pacer, field, &Twiddles::new(field, true), data).await?;
    // Divides by n and leaves Montgomery's form.
    let scale = field.product(field.invert(field.enter(data.len() as u32)), 1);
    for part in data.chunks_mut(SLICE) {
        part.iter_mut().for_each(|x| *x = field.below_p(field.mul(*x, scale)));
        tick(pacer, SLICE as u32 / 4).await?;
    }
    Ok(())
}

/// The limbs in Montgomery's form, zeros behind.
async fn load(pacer: &dyn Pacer, field: &Field, limbs: &[u32], n: usize) -> Result<Vec<u32>, Halt> {
    let mut data = vec_with_capacity(pacer, n)?;
    for part in limbs.chunks(SLICE) {
        data.extend(part.iter().map(|&limb| field.mul(limb, field.r2)));
        tick(pacer, SLICE as u32 / 4).await?;
    }
    data.resize(n, 0);
    Ok(data)
}

async fn transform(pacer: &dyn Pacer, field: &Field, twiddles: &Twiddles, data: &mut [u32]) -> Result<(), Halt> {
    if data.len().is_power_of_two() {
        return transform_power(pacer, field, twiddles, data).await;
    }
    let third = data.len() / 3;
    let root3 = field.root(3);
    let root3_squared = field.product(root3, root3);
    let step = field.root(data.len() as u32);
    let mut z = field.enter(1);
    let (d0, rest) = data.split_at_mut(third);
    let (d1, d2) = rest.split_at_mut(third);
    for start in (0..third).step_by(SLICE) {
        let end = (start + SLICE).min(third);
        for ((d0, d1), d2) in d0[start..end].iter_mut().zip(&mut d1[start..end]).zip(&mut d2[start..end]) {
            let (a, b, c) = (field.below_p(*d0), *d1, *d2);
            let sum = |x: u32, y: u32| field.below_p(field.below_p(x) + field.below_p(y));
            let s = sum(b, c);
            let t = sum(field.mul(b, root3), field.mul(c, root3_squared));
            let u = sum(field.mul(b, root3_squared), field.mul(c, root3));
            *d0 = a + s;
            *d1 = field.mul(a + t, z);
            *d2 = field.mul(a + u, field.product(z, z));
            z = field.product(z, step);
        }
        tick(pacer, SLICE as u32 * 2).await?;
    }
    for part in [d0, d1, d2] {
        transform_power(pacer, field, twiddles, part).await?;
    }
    Ok(())
}

async fn inverse_transform(
    pacer: &dyn Pacer,
    field: &Field,
    twiddles: &Twiddles,
    data: &mut [u32],
) -> Result<(), Halt> {
    if data.len().is_power_of_two() {
        return inverse_power(pacer, field, twiddles, data).await;
    }
    let third = data.len() / 3;
    let root3 = field.root(3);
    let root3_squared = field.product(root3, root3);
    let step = field.invert(field.root(data.len() as u32));
    let mut z = field.enter(1);
    let (d0, rest) = data.split_at_mut(third);
    let (d1, d2) = rest.split_at_mut(third);
    for part in [&mut *d0, &mut *d1, &mut *d2] {
        inverse_power(pacer, field, twiddles, part).await?;
    }
    for start in (0..third).step_by(SLICE) {
        let end = (start + SLICE).min(third);
        for ((d0, d1), d2) in d0[start..end].iter_mut().zip(&mut d1[start..end]).zip(&mut d2[start..end]) {
            let sum = |x: u32, y: u32| field.below_p(field.below_p(x) + field.below_p(y));
            let a = field.below_p(*d0);
            let b = field.mul(*d1, z);
            let c = field.mul(*d2, field.product(z, z));
            *d0 = a + sum(b, c);
            *d1 = a + sum(field.mul(b, root3_squared), field.mul(c, root3));
            *d2 = a + sum(field.mul(b, root3), field.mul(c, root3_squared));
            z = field.product(z, step);
        }
        tick(pacer, SLICE as u32 * 2).await?;
    }
    Ok(())
}

/// Values below 2p in, below 4p out, in the order of the tree's leaves.
async fn transform_power(pacer: &dyn Pacer, field: &Field, twiddles: &Twiddles, data: &mut [u32]) -> Result<(), Halt> {
    let p2 = 2 * field.p;
    let mut len = data.len();
    if len.trailing_zeros() % 2 == 1 {
        len /= 2;
        let (low, high) = data.split_at_mut(len);
        for (low, high) in low.chunks_mut(SLICE).zip(high.chunks_mut(SLICE)) {
            for (l, h) in low.iter_mut().zip(high) {
                (*l, *h) = (*l + *h, *l + p2 - *h);
            }
            tick(pacer, SLICE as u32 / 4).await?;
        }
    }
    while len >= 4 {
        let quarter = len / 4;
        let mut work = 0;
        let (mut high, mut high2) = (0, 0);
        for (s, block) in data.chunks_exact_mut(len).enumerate() {
            if s % (1 << (TABLE_BITS - 1)) == 0 {
                (high, high2) = (twiddles.high(field, s), twiddles.high(field, 2 * s));
            }
            let w = twiddles.triple(field, s, high, high2);
            let (a01, a23) = block.split_at_mut(2 * quarter);
            let (a0, a1) = a01.split_at_mut(quarter);
            let (a2, a3) = a23.split_at_mut(quarter);
            for start in (0..quarter).step_by(SLICE) {
                let range = start..(start + SLICE).min(quarter);
                work += range.len() + 2;
                let slices = [&mut a0[range.clone()], &mut a1[range.clone()], &mut a2[range.clone()], &mut a3[range]];
                forward_pass(field, w, slices);
                if work >= SLICE {
                    tick(pacer, work as u32).await?;
                    work = 0;
                }
            }
        }
        len = quarter;
    }
    Ok(())
}

#[inline(always)]
fn forward_pass(field: &Field, [w1, w2, w3]: [u32; 3], [a0, a1, a2, a3]: [&mut [u32]; 4]) {
    let p2 = 2 * field.p;
    for (((a0, a1), a2), a3) in a0.iter_mut().zip(a1).zip(a2).zip(a3) {
        let (x0, x1) = (field.below_2p(*a0), field.below_2p(*a1));
        let (x2, x3) = (field.mul(*a2, w1), field.mul(*a3, w1));
        let (b0, b2) = (field.below_2p(x0 + x2), field.below_2p(x0 + p2 - x2));
        let (b1, b3) = (field.mul(x1 + x3, w2), field.mul(x1 + p2 - x3, w3));
        (*a0, *a1) = (b0 + b1, b0 + p2 - b1);
        (*a2, *a3) = (b2 + b3, b2 + p2 - b3);
    }
}

/// The inverse of [`transform_power`] but for a factor of the length: values below 2p in and out.
async fn inverse_power(pacer: &dyn Pacer, field: &Field, twiddles: &Twiddles, data: &mut [u32]) -> Result<(), Halt> {
    let p2 = 2 * field.p;
    let mut len = 4;
    while len <= data.len() {
        let quarter = len / 4;
        let mut work = 0;
        let (mut high, mut high2) = (0, 0);
        for (s, block) in data.chunks_exact_mut(len).enumerate() {
            if s % (1 << (TABLE_BITS - 1)) == 0 {
                (high, high2) = (twiddles.high(field, s), twiddles.high(field, 2 * s));
            }
            let w = twiddles.triple(field, s, high, high2);
            let (a01, a23) = block.split_at_mut(2 * quarter);
            let (a0, a1) = a01.split_at_mut(quarter);
            let (a2, a3) = a23.split_at_mut(quarter);
            for start in (0..quarter).step_by(SLICE) {
                let range = start..(start + SLICE).min(quarter);
                work += range.len() + 2;
                let slices = [&mut a0[range.clone()], &mut a1[range.clone()], &mut a2[range.clone()], &mut a3[range]];
                inverse_pass(field, w, slices);
                if work >= SLICE {
                    tick(pacer, work as u32).await?;
                    work = 0;
                }
            }
        }
        len *= 4;
    }
    if data.len().trailing_zeros() % 2 == 1 {
        let (low, high) = data.split_at_mut(data.len() / 2);
        for (low, high) in low.chunks_mut(SLICE).zip(high.chunks_mut(SLICE)) {
            for (l, h) in low.iter_mut().zip(high) {
                (*l, *h) = (field.below_2p(*l + *h), field.below_2p(*l + p2 - *h));
            }
            tick(pacer, SLICE as u32 / 4).await?;
        }
    }
    Ok(())
}

#[inline(always)]
fn inverse_pass(field: &Field, [w1, w2, w3]: [u32; 3], [a0, a1, a2, a3]: [&mut [u32]; 4]) {
    let p2 = 2 * field.p;
    for (((a0, a1), a2), a3) in a0.iter_mut().zip(a1).zip(a2).zip(a3) {
        let b0 = field.below_2p(*a0 + *a1);
        let b1 = field.mul(*a0 + p2 - *a1, w2);
        let b2 = field.below_2p(*a2 + *a3);
        let b3 = field.mul(*a2 + p2 - *a3, w3);
        *a0 = field.below_2p(b0 + b2);
        *a1 = field.below_2p(b1 + b3);
        *a2 = field.mul(b0 + p2 - b2, w1);
        *a3 = field.mul(b1 + p2 - b3, w1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BigUint;
    use crate::pacer::{Unpaced, run};

    #[test]
    fn every_small_length() {
        let mut limb = 1u32;
        let mut limbs = |n: usize| -> Vec<u32> {
            (0..n)
                .map(|i| {
                    limb = limb.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    if n.is_multiple_of(3) || i % 7 == 3 { u32::MAX } else { limb }
                })
                .collect()
        };
        for n in 1..130 {
            for m in [1, 2, n / 2 + 1, n] {
                let (a, b) = (limbs(n), limbs(m));
                let expected = BigUint::from_slice(&a) * BigUint::from_slice(&b);
                assert_eq!(run(convolve(&Unpaced, &a, &b)).map(BigUint::new), Ok(expected), "{n} x {m} limbs");
            }
            let a = limbs(n);
            let expected = BigUint::from_slice(&a) * BigUint::from_slice(&a);
            assert_eq!(run(convolve(&Unpaced, &a, &a)).map(BigUint::new), Ok(expected), "{n} limbs squared");
        }
    }

    #[test]
    fn long_runs_of_ones() {
        for n in [3000, 5000, 9000] {
            let a = vec![u32::MAX; n];
            let one = BigUint::from(1u32);
            let ones = (&one << (32 * n)) - &one;
            let expected = &ones * &ones;
            assert_eq!(run(convolve(&Unpaced, &a, &a)).map(BigUint::new), Ok(expected));
        }
    }

    #[test]
    fn lengths_that_all_primes_support() {
        assert_eq!([1, 5, 12, 13, 17, 25].map(transform_len), [4, 8, 12, 16, 24, 32]);
        assert_eq!(transform_len((3 << 22) + 1), 3 << 23);
        assert_eq!(transform_len(MAX_LEN), MAX_LEN);
    }
}
