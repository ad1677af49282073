//! Coefficients: natural numbers in limbs of nine decimal digits, the lowest first.
//!
//! Shifting by powers of ten, counting digits and rounding are what decimal arithmetic does most, and all are cheap in a base
//! that is a power of ten. A product of two limbs and the sum of eighteen of them fit a machine word of 64 bits. Up to
//! [`INLINE`] limbs (72 digits) live in the number itself. Invariant: the highest limb is not zero; zero has no limbs.

use std::cmp::Ordering;

use num_bigint::{BigInt, BigUint};

/// The base of the limbs.
pub const BASE: u32 = 1_000_000_000;
/// Decimal digits in a limb.
pub const LIMB_DIGITS: usize = 9;
const INLINE: usize = 8;
/// From so many limbs on, products are divided (Karatsuba).
const KARATSUBA: usize = 48;
/// From so many limbs of divisor and quotient on, divisions are divided.
const LONG_DIVISION: usize = 160;

/// Powers of ten up to 10**9.
pub const POW10: [u32; 10] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, BASE];

/// An allocation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoMemory;

pub type Result<T> = std::result::Result<T, NoMemory>;

/// See the module's header.
#[derive(Clone, Debug, Default)]
pub struct Coef {
    len: u32,
    inline: [u32; INLINE],
    heap: Vec<u32>,
}

impl Coef {
    /// Zero.
    pub const fn zero() -> Coef {
        Coef { len: 0, inline: [0; INLINE], heap: Vec::new() }
    }

    /// So many limbs, all zero, to be filled and then trimmed.
    pub fn zeros(len: usize) -> Result<Coef> {
        let mut coef = Coef::zero();
        if len <= INLINE {
            coef.len = len as u32;
        } else {
            coef.heap.try_reserve_exact(len).map_err(|_| NoMemory)?;
            coef.heap.resize(len, 0);
        }
        Ok(coef)
    }

    pub fn from_u64(mut n: u64) -> Coef {
        let mut coef = Coef::zero();
        while n > 0 {
            coef.inline[coef.len as usize] = (n % u64::from(BASE)) as u32;
            coef.len += 1;
            n /= u64::from(BASE);
        }
        coef
    }

    pub fn from_u128(mut n: u128) -> Coef {
        let mut coef = Coef::zero();
        while n > 0 {
            coef.inline[coef.len as usize] = (n % u128::from(BASE)) as u32;
            coef.len += 1;
            n /= u128::from(BASE);
        }
        coef
    }

    /// A copy of limbs.
    pub fn from_limbs(limbs: &[u32]) -> Result<Coef> {
        let mut coef = Coef::zeros(limbs.len())?;
        coef.limbs_mut().copy_from_slice(limbs);
        coef.trim();
        Ok(coef)
    }

    /// `count` nines.
    pub fn nines(count: u64) -> Result<Coef> {
        let count = usize::try_from(count).map_err(|_| NoMemory)?;
        let mut coef = Coef::zeros(count.div_ceil(LIMB_DIGITS))?;
        coef.limbs_mut().fill(BASE - 1);
        if !count.is_multiple_of(LIMB_DIGITS)
            && let Some(top) = coef.limbs_mut().last_mut()
        {
            *top = POW10[count % LIMB_DIGITS] - 1;
        }
        Ok(coef)
    }

    /// The number that ASCII digits show.
    pub fn from_digits(digits: &[u8]) -> Result<Coef> {
        let mut coef = Coef::zeros(digits.len().div_ceil(LIMB_DIGITS))?;
        for (limb, chunk) in coef.limbs_mut().iter_mut().zip(digits.rchunks(LIMB_DIGITS)) {
            *limb = chunk.iter().fold(0, |limb, digit| limb * 10 + u32::from(digit - b'0'));
        }
        coef.trim();
        Ok(coef)
    }

    /// The digits in ASCII; "0" for zero.
    pub fn to_digits(&self) -> Result<Vec<u8>> {
        let count = self.digits() as usize;
        let mut digits = Vec::new();
        digits.try_reserve_exact(count).map_err(|_| NoMemory)?;
        digits.resize(count, b'0');
        for (chunk, &limb) in digits.rchunks_mut(LIMB_DIGITS).zip(self.limbs()) {
            let mut limb = limb;
            for digit in chunk.iter_mut().rev() {
                *digit = b'0' + (limb % 10) as u8;
                limb /= 10;
            }
        }
        Ok(digits)
    }

    /// The magnitude of an int.
    pub fn from_bigint(n: &BigInt) -> Result<Coef> {
        if let Ok(n) = u128::try_from(n.magnitude()) {
            return Ok(Coef::from_u128(n));
        }
        let text = snakelet_number::int::to_decimal(n);
        Coef::from_digits(text.strip_prefix('-').unwrap_or(&text).as_bytes())
    }

    /// The number as a big int.
    pub fn to_bigint(&self) -> Result<BigInt> {
        let limbs = self.limbs();
        if limbs.len() <= 64 {
            let mut n = BigUint::default();
            for &limb in limbs.iter().rev() {
                n = n * BASE + limb;
            }
            return Ok(BigInt::from(n));
        }
        let digits = self.to_digits()?;
        let text = std::str::from_utf8(&digits).unwrap_or("0");
        snakelet_number::int::parse(text, 10, 0).map_err(|_| NoMemory)
    }

    pub fn to_u64(&self) -> Option<u64> {
        if self.limbs().len() > 3 {
            return None;
        }
        self.limbs().iter().rev().try_fold(0u64, |n, &limb| n.checked_mul(BASE.into())?.checked_add(limb.into()))
    }

    #[inline]
    pub fn limbs(&self) -> &[u32] {
        if self.heap.is_empty() { &self.inline[..self.len as usize] } else { &self.heap }
    }

    #[inline]
    pub fn limbs_mut(&mut self) -> &mut [u32] {
        if self.heap.is_empty() { &mut self.inline[..self.len as usize] } else { &mut self.heap }
    }

    /// Restores the invariant.
    #[inline]
    pub fn trim(&mut self) {
        let len = trimmed(self.limbs()).len();
        if self.heap.is_empty() {
            self.len = len as u32;
        } else if len <= INLINE {
            self.inline[..len].copy_from_slice(&self.heap[..len]);
            self.len = len as u32;
            self.heap = Vec::new();
        } else {
            self.heap.truncate(len);
        }
    }

    #[inline]
    pub fn is_zero(&self) -> bool {
        self.limbs().is_empty()
    }

    #[inline]
    pub fn is_odd(&self) -> bool {
        self.limbs().first().is_some_and(|limb| limb & 1 == 1)
    }

    /// The lowest digit.
    pub fn last_digit(&self) -> u32 {
        self.limbs().first().map_or(0, |limb| limb % 10)
    }

    /// How many digits the number has; zero has one.
    #[inline]
    pub fn digits(&self) -> u64 {
        match self.limbs() {
            [] => 1,
            limbs => ((limbs.len() - 1) * LIMB_DIGITS) as u64 + limb_digits(limbs[limbs.len() - 1]),
        }
    }

    /// How many zeros the number ends in; none for zero.
    pub fn trailing_zeros(&self) -> u64 {
        let limbs = self.limbs();
        let Some(at) = limbs.iter().position(|&limb| limb != 0) else { return 0 };
        let mut limb = limbs[at];
        let mut count = (at * LIMB_DIGITS) as u64;
        while limb.is_multiple_of(10) {
            limb /= 10;
            count += 1;
        }
        count
    }

    /// The digit with the value 10**place.
    pub fn digit(&self, place: u64) -> u32 {
        let at = (place / LIMB_DIGITS as u64) as usize;
        self.limbs().get(at).map_or(0, |limb| limb / POW10[(place % LIMB_DIGITS as u64) as usize] % 10)
    }

    /// Whether a digit below 10**place is not zero.
    pub fn any_below(&self, place: u64) -> bool {
        let limbs = self.limbs();
        let at = usize::try_from(place / LIMB_DIGITS as u64).unwrap_or(usize::MAX);
        match limbs.get(at) {
            None => !limbs.is_empty(),
            Some(limb) => {
                !limb.is_multiple_of(POW10[(place % LIMB_DIGITS as u64) as usize])
                    || limbs[..at].iter().any(|&limb| limb != 0)
            }
        }
    }

    pub fn compare(&self, other: &Coef) -> Ordering {
        compare(self.limbs(), other.limbs())
    }

    /// Compares the numbers as if both had the same count of digits.
    pub fn compare_aligned(&self, other: &Coef) -> Result<Ordering> {
        let (a, b) = (self.digits(), other.digits());
        Ok(match a.cmp(&b) {
            Ordering::Equal => self.compare(other),
            Ordering::Less => self.shifted_left(b - a)?.compare(other),
            Ordering::Greater => self.compare(&other.shifted_left(a - b)?),
        })
    }

    pub fn add(&self, other: &Coef) -> Result<Coef> {
        let (a, b) = (self.limbs(), other.limbs());
        let (a, b) = if a.len() >= b.len() { (a, b) } else { (b, a) };
        let mut sum = Coef::zeros(a.len() + 1)?;
        let out = sum.limbs_mut();
        out[..a.len()].copy_from_slice(a);
        add_into(out, b);
        sum.trim();
        Ok(sum)
    }

    /// `self - other`, which must not be larger.
    pub fn sub(&self, other: &Coef) -> Result<Coef> {
        let mut rest = self.clone();
        sub_from(rest.limbs_mut(), other.limbs());
        rest.trim();
        Ok(rest)
    }

    /// Adds one.
    pub fn increment(&mut self) -> Result<()> {
        for limb in self.limbs_mut() {
            *limb += 1;
            if *limb < BASE {
                return Ok(());
            }
            *limb = 0;
        }
        let len = self.limbs().len();
        let mut grown = Coef::zeros(len + 1)?;
        grown.limbs_mut()[len] = 1;
        *self = grown;
        Ok(())
    }

    pub fn mul(&self, other: &Coef) -> Result<Coef> {
        let (a, b) = (self.limbs(), other.limbs());
        if a.is_empty() || b.is_empty() {
            return Ok(Coef::zero());
        }
        let mut product = Coef::zeros(a.len() + b.len())?;
        multiply(product.limbs_mut(), a, b)?;
        product.trim();
        Ok(product)
    }

    /// Quotient and rest; the divisor is not zero.
    pub fn div_rem(&self, divisor: &Coef) -> Result<(Coef, Coef)> {
        let (a, b) = (self.limbs(), divisor.limbs());
        if compare(a, b) == Ordering::Less {
            return Ok((Coef::zero(), self.clone()));
        }
        if let [b] = *b {
            let mut quotient = self.clone();
            let rest = divide_by_limb(quotient.limbs_mut(), b);
            quotient.trim();
            return Ok((quotient, Coef::from_u64(rest.into())));
        }
        if b.len() >= LONG_DIVISION && a.len() - b.len() >= LONG_DIVISION {
            return divide_long(self, divisor);
        }
        divide(a, b)
    }

    /// `self * 10**count`
    pub fn shifted_left(&self, count: u64) -> Result<Coef> {
        if count == 0 || self.is_zero() {
            return Ok(self.clone());
        }
        let whole = usize::try_from(count / LIMB_DIGITS as u64).map_err(|_| NoMemory)?;
        let factor = u64::from(POW10[(count % LIMB_DIGITS as u64) as usize]);
        let limbs = self.limbs();
        let len = limbs.len().checked_add(whole).and_then(|len| len.checked_add(1)).ok_or(NoMemory)?;
        let mut shifted = Coef::zeros(len)?;
        let out = &mut shifted.limbs_mut()[whole..];
        let mut carry = 0;
        for (out, &limb) in out.iter_mut().zip(limbs) {
            let t = u64::from(limb) * factor + carry;
            carry = t / u64::from(BASE);
            *out = (t % u64::from(BASE)) as u32;
        }
        out[limbs.len()] = carry as u32;
        shifted.trim();
        Ok(shifted)
    }

    /// `self // 10**count`, and what was dropped: 0 nothing, 5 exactly a half, 1 to 4 less, 6 to 9 more.
    pub fn shifted_right(&self, count: u64) -> (Coef, u32) {
        if count == 0 {
            return (self.clone(), 0);
        }
        let mut dropped = self.digit(count - 1);
        if matches!(dropped, 0 | 5) && self.any_below(count - 1) {
            dropped += 1;
        }
        (self.drop_digits(count), dropped)
    }

    fn drop_digits(&self, count: u64) -> Coef {
        let limbs = self.limbs();
        let whole = match usize::try_from(count / LIMB_DIGITS as u64) {
            Ok(whole) if whole < limbs.len() => whole,
            _ => return Coef::zero(),
        };
        let mut shifted = self.clone();
        let out = shifted.limbs_mut();
        let len = out.len() - whole;
        out.copy_within(whole.., 0);
        out[len..].fill(0);
        let places = (count % LIMB_DIGITS as u64) as usize;
        if places > 0 {
            let (divisor, factor) = (POW10[places], POW10[LIMB_DIGITS - places]);
            for at in 0..len {
                let above = if at + 1 < len { out[at + 1] % divisor * factor } else { 0 };
                out[at] = out[at] / divisor + above;
            }
        }
        shifted.trim();
        shifted
    }

    /// `self % 10**count`
    pub fn low_digits(&self, count: u64) -> Coef {
        let mut low = self.clone();
        let whole = usize::try_from(count / LIMB_DIGITS as u64).unwrap_or(usize::MAX);
        let limbs = low.limbs_mut();
        if whole >= limbs.len() {
            return low;
        }
        limbs[whole] %= POW10[(count % LIMB_DIGITS as u64) as usize];
        limbs[whole + 1..].fill(0);
        low.trim();
        low
    }

    /// The number modulo a prime below 2**61.
    pub fn modulo(&self, prime: u64) -> u64 {
        let step = |rest: u64, limb: &u32| {
            ((u128::from(rest) * u128::from(BASE) + u128::from(*limb)) % u128::from(prime)) as u64
        };
        self.limbs().iter().rev().fold(0, step)
    }
}

/// Decimal digits of a limb that is not zero.
#[inline]
fn limb_digits(limb: u32) -> u64 {
    let mut digits = 1;
    while digits < 9 && limb >= POW10[digits] {
        digits += 1;
    }
    digits as u64
}

fn trimmed(limbs: &[u32]) -> &[u32] {
    let mut len = limbs.len();
    while len > 0 && limbs[len - 1] == 0 {
        len -= 1;
    }
    &limbs[..len]
}

/// Compares trimmed limbs.
fn compare(a: &[u32], b: &[u32]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

/// `out += b`; the sum fits.
fn add_into(out: &mut [u32], b: &[u32]) {
    let mut carry = 0;
    let (low, high) = out.split_at_mut(b.len());
    for (out, &b) in low.iter_mut().zip(b) {
        let sum = *out + b + carry;
        carry = u32::from(sum >= BASE);
        *out = sum - carry * BASE;
    }
    for out in high {
        if carry == 0 {
            break;
        }
        *out += 1;
        carry = u32::from(*out == BASE);
        *out -= carry * BASE;
    }
}

/// `out -= b`, which is not larger.
fn sub_from(out: &mut [u32], b: &[u32]) {
    let mut borrow = 0;
    let (low, high) = out.split_at_mut(b.len());
    for (out, &b) in low.iter_mut().zip(b) {
        let take = b + borrow;
        borrow = u32::from(*out < take);
        *out = *out + borrow * BASE - take;
    }
    for out in high {
        if borrow == 0 {
            break;
        }
        borrow = u32::from(*out == 0);
        *out = *out + borrow * BASE - 1;
    }
}

/// `out = a * b`; `out` has room for both together, all zero.
fn multiply(out: &mut [u32], a: &[u32], b: &[u32]) -> Result<()> {
    let (a, b) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    if b.len() < KARATSUBA {
        multiply_short(out, a, b);
        return Ok(());
    }
    if a.len() >= 2 * b.len() {
        // Pieces of the longer factor as long as the shorter.
        let mut piece_product = Coef::zeros(2 * b.len())?;
        for (at, piece) in a.chunks(b.len()).enumerate() {
            let product = &mut piece_product.limbs_mut()[..piece.len() + b.len()];
            product.fill(0);
            multiply(product, piece, b)?;
            add_into(&mut out[at * b.len()..], product);
        }
        return Ok(());
    }
    // (x1 B + x0)(y1 B + y0) = z2 B^2 + (z1 - z2 - z0) B + z0, z1 being the product of the sums.
    let half = a.len().div_ceil(2);
    let (a0, a1) = a.split_at(half);
    let (b0, b1) = b.split_at(half.min(b.len()));
    let (low, high) = out.split_at_mut(2 * half);
    multiply(&mut low[..a0.len() + b0.len()], a0, b0)?;
    if !b1.is_empty() {
        multiply(&mut high[..a1.len() + b1.len()], a1, b1)?;
    }
    let sum = |x0: &[u32], x1: &[u32]| {
        let mut sum = Coef::zeros(half + 1)?;
        sum.limbs_mut()[..x0.len()].copy_from_slice(x0);
        add_into(sum.limbs_mut(), x1);
        Ok(sum)
    };
    let (sum_a, sum_b) = (sum(a0, a1)?, sum(b0, b1)?);
    let mut middle = Coef::zeros(2 * half + 2)?;
    multiply(middle.limbs_mut(), sum_a.limbs(), sum_b.limbs())?;
    sub_from(middle.limbs_mut(), trimmed(low));
    sub_from(middle.limbs_mut(), trimmed(high));
    add_into(&mut out[half..], trimmed(middle.limbs()));
    Ok(())
}

/// Column by column: sixteen products and a carry fit a word.
fn multiply_short(out: &mut [u32], a: &[u32], b: &[u32]) {
    let base = u64::from(BASE);
    let mut carry = 0u64;
    for (column, out) in out.iter_mut().enumerate() {
        let from = (column + 1).saturating_sub(b.len());
        let to = (column + 1).min(a.len());
        let (mut low, mut high) = (carry, 0u64);
        if from < to {
            let xs = &a[from..to];
            let ys = &b[column + 1 - to..column + 1 - from];
            for (xs, ys) in xs.chunks(16).zip(ys.rchunks(16)) {
                for (&x, &y) in xs.iter().zip(ys.iter().rev()) {
                    low += u64::from(x) * u64::from(y);
                }
                if xs.len() == 16 {
                    high += low / base;
                    low %= base;
                }
            }
        }
        *out = (low % base) as u32;
        carry = low / base + high;
    }
}

/// Divides in place; answers the rest.
fn divide_by_limb(limbs: &mut [u32], divisor: u32) -> u32 {
    let mut rest = 0u64;
    for limb in limbs.iter_mut().rev() {
        let t = rest * u64::from(BASE) + u64::from(*limb);
        *limb = (t / u64::from(divisor)) as u32;
        rest = t % u64::from(divisor);
    }
    rest as u32
}

fn scale(limbs: &mut [u32], factor: u32) {
    let mut carry = 0u64;
    for limb in limbs {
        let t = u64::from(*limb) * u64::from(factor) + carry;
        carry = t / u64::from(BASE);
        *limb = (t % u64::from(BASE)) as u32;
    }
}

/// Knuth's algorithm D; the divisor has at least two limbs and is not larger.
fn divide(a: &[u32], b: &[u32]) -> Result<(Coef, Coef)> {
    let base = u64::from(BASE);
    let n = b.len();
    let factor = (base / (u64::from(b[n - 1]) + 1)) as u32;
    let mut rest = Coef::zeros(a.len() + 1)?;
    rest.limbs_mut()[..a.len()].copy_from_slice(a);
    scale(rest.limbs_mut(), factor);
    let mut divisor = Coef::zeros(n)?;
    divisor.limbs_mut().copy_from_slice(b);
    scale(divisor.limbs_mut(), factor);
    let mut quotient = Coef::zeros(a.len() - n + 1)?;
    let (u, v, q) = (rest.limbs_mut(), divisor.limbs(), quotient.limbs_mut());
    let (v1, v2) = (u64::from(v[n - 1]), u64::from(v[n - 2]));
    for j in (0..q.len()).rev() {
        let top = u64::from(u[j + n]) * base + u64::from(u[j + n - 1]);
        let (mut guess, mut left) = (top / v1, top % v1);
        while guess >= base || guess * v2 > left * base + u64::from(u[j + n - 2]) {
            guess -= 1;
            left += v1;
            if left >= base {
                break;
            }
        }
        let mut carry = 0u64;
        let mut borrow = 0u32;
        for (u, &v) in u[j..j + n].iter_mut().zip(v) {
            let product = guess * u64::from(v) + carry;
            carry = product / base;
            let take = (product % base) as u32 + borrow;
            borrow = u32::from(*u < take);
            *u = *u + borrow * BASE - take;
        }
        let take = carry + u64::from(borrow);
        let negative = u64::from(u[j + n]) < take;
        u[j + n] = if negative { 0 } else { (u64::from(u[j + n]) - take) as u32 };
        if negative {
            guess -= 1;
            let mut carry = 0;
            for (u, &v) in u[j..j + n].iter_mut().zip(v) {
                let sum = *u + v + carry;
                carry = u32::from(sum >= BASE);
                *u = sum - carry * BASE;
            }
        }
        q[j] = guess as u32;
    }
    divide_by_limb(rest.limbs_mut(), factor);
    rest.trim();
    quotient.trim();
    Ok((quotient, rest))
}

/// Division of long numbers by long ones: a reciprocal by Newton's method, then two products and small corrections.
fn divide_long(a: &Coef, b: &Coef) -> Result<(Coef, Coef)> {
    let n = b.limbs().len();
    let mut rest = Coef::zero();
    let mut quotient = Coef::zeros(a.limbs().len())?;
    let inverse = reciprocal(b)?;
    // The dividend in pieces as long as the divisor, the highest first.
    let mut at = a.limbs().len().div_ceil(n);
    while at > 0 {
        at -= 1;
        let piece = &a.limbs()[at * n..(at * n + n).min(a.limbs().len())];
        let mut window = Coef::zeros(rest.limbs().len() + n)?;
        window.limbs_mut()[..piece.len()].copy_from_slice(piece);
        let len = rest.limbs().len();
        window.limbs_mut()[n..n + len].copy_from_slice(rest.limbs());
        window.trim();
        let (q, r) = divide_by_reciprocal(&window, b, &inverse)?;
        let q = q.limbs();
        let end = (at * n + q.len()).min(quotient.limbs().len());
        quotient.limbs_mut()[at * n..end].copy_from_slice(&q[..end - at * n]);
        rest = r;
    }
    quotient.trim();
    Ok((quotient, rest))
}

/// About BASE**(2n) // b, b having n limbs; too small by a little at most.
fn reciprocal(b: &Coef) -> Result<Coef> {
    let n = b.limbs().len();
    if n < 32 {
        let mut power = Coef::zeros(2 * n + 1)?;
        power.limbs_mut()[2 * n] = 1;
        return Ok(divide_any(&power, b)?.0);
    }
    let half = n / 2 + 2;
    let high = Coef::from_limbs(&b.limbs()[n - half..])?;
    let start = reciprocal(&high)?;
    // x' = 2x - b x^2 / BASE^(2n), x being the first half's reciprocal moved into place.
    let mut x = Coef::zeros(start.limbs().len() + n - half)?;
    x.limbs_mut()[n - half..].copy_from_slice(start.limbs());
    x.trim();
    let square = start.mul(&start)?;
    let product = square.mul(b)?;
    let drop = 2 * half;
    let correction = Coef::from_limbs(product.limbs().get(drop..).unwrap_or(&[]))?;
    let twice = x.add(&x)?;
    if twice.compare(&correction) == Ordering::Less { Ok(x) } else { twice.sub(&correction) }
}

fn divide_any(a: &Coef, b: &Coef) -> Result<(Coef, Coef)> {
    if compare(a.limbs(), b.limbs()) == Ordering::Less {
        return Ok((Coef::zero(), a.clone()));
    }
    match *b.limbs() {
        [_] => a.div_rem(b),
        _ => divide(a.limbs(), b.limbs()),
    }
}

/// The quotient is at most two limbs longer than the divisor.
fn divide_by_reciprocal(a: &Coef, b: &Coef, inverse: &Coef) -> Result<(Coef, Coef)> {
    let n = b.limbs().len();
    let product = a.mul(inverse)?;
    let mut quotient = Coef::from_limbs(product.limbs().get(2 * n..).unwrap_or(&[]))?;
    let mut back = quotient.mul(b)?;
    // The reciprocal may be a little off in either direction.
    while back.compare(a) == Ordering::Greater {
        quotient = quotient.sub(&Coef::from_u64(1))?;
        back = back.sub(b)?;
    }
    let mut rest = a.sub(&back)?;
    while rest.compare(b) != Ordering::Less {
        let (more, left) = divide_any(&rest, b)?;
        quotient = quotient.add(&more)?;
        rest = left;
    }
    Ok((quotient, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(seed: &mut u64, len: usize) -> Coef {
        let mut coef = Coef::zeros(len).unwrap_or_default();
        for limb in coef.limbs_mut() {
            *seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let kind = (*seed >> 60) % 8;
            *limb = if kind == 0 {
                0
            } else if kind == 1 {
                BASE - 1
            } else {
                ((*seed >> 20) % u64::from(BASE)) as u32
            };
        }
        coef.trim();
        coef
    }

    fn big(coef: &Coef) -> BigUint {
        coef.limbs().iter().rev().fold(BigUint::default(), |n, &limb| n * BASE + limb)
    }

    #[test]
    fn agrees_with_big_integers() -> Result<()> {
        let mut seed = 7;
        for round in 0..400usize {
            let (x, y) = (1 + round * 7 % 211, 1 + round * 13 % 97);
            let (a, b) = (noise(&mut seed, x), noise(&mut seed, y));
            assert_eq!(big(&a.mul(&b)?), big(&a) * big(&b));
            assert_eq!(big(&a.add(&b)?), big(&a) + big(&b));
            if !b.is_zero() {
                let (q, r) = a.div_rem(&b)?;
                assert_eq!((big(&q), big(&r)), (big(&a) / big(&b), big(&a) % big(&b)));
            }
            let shift = (round % 40) as u64;
            let power = BigUint::from(10u32).pow(shift as u32);
            assert_eq!(big(&a.shifted_left(shift)?), big(&a) * &power);
            assert_eq!(big(&a.shifted_right(shift).0), big(&a) / &power);
            assert_eq!(big(&a.low_digits(shift)), big(&a) % &power);
        }
        for len in [330, 500, 1200] {
            let (a, b) = (noise(&mut seed, len), noise(&mut seed, len / 2 - 3));
            let (q, r) = a.div_rem(&b)?;
            assert_eq!((big(&q), big(&r)), (big(&a) / big(&b), big(&a) % big(&b)));
        }
        Ok(())
    }
}
