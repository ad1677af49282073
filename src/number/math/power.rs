//! `x ** y` as `e ** (y * log x)`, the logarithm with some 68 bits.

use super::exp::exp_sum;
use super::log::normal_bits;
use super::tables::POW_LOG;
use super::{MathError, MathResult};

const OFFSET: u64 = 0x3fe6_9555_0000_0000;
const LN2_HI: f64 = f64::from_bits(0x3fe6_2e42_fefa_3800);
const LN2_LO: f64 = f64::from_bits(0x3d2e_f357_93c7_6730);
const POLY: [f64; 7] = [
    f64::from_bits(0xbfe0_0000_0000_0000),
    f64::from_bits(0xbfe5_5555_5555_5560),
    f64::from_bits(0x3fe0_0000_0000_0006),
    f64::from_bits(0x3fe9_9999_9959_554e),
    f64::from_bits(0xbfe5_5555_5529_a47a),
    f64::from_bits(0xbff2_495b_9b48_45e9),
    f64::from_bits(0x3ff0_002b_8b26_3fc3),
];

/// `log x` as head and tail, for `x > 0`.
fn log_parts(x: f64) -> (f64, f64) {
    let bits = normal_bits(x);
    let offset = bits.wrapping_sub(OFFSET);
    let i = (offset >> 45) as usize % 128;
    let k = f64::from((offset as i64 >> 52) as i32);
    let z_bits = bits.wrapping_sub(offset & 0xfff << 52);
    let z = f64::from_bits(z_bits);
    let [inverse, log_c, log_c_tail] = POW_LOG[i].map(f64::from_bits);
    let a = &POLY;
    // z/c - 1, split so that the head's square is exact.
    let z_high = f64::from_bits((z_bits + (1 << 31)) & !0xffff_ffff);
    let z_low = z - z_high;
    let r_high = z_high * inverse - 1.0;
    let r_low = z_low * inverse;
    let r = r_high + r_low;
    let t1 = k * LN2_HI + log_c;
    let t2 = t1 + r;
    let low1 = k * LN2_LO + log_c_tail;
    let low2 = t1 - t2 + r;
    let ar = a[0] * r;
    let ar2 = r * ar;
    let ar3 = r * ar2;
    let ar_high = a[0] * r_high;
    let ar_high2 = r_high * ar_high;
    let high = t2 + ar_high2;
    let low3 = r_low * (ar + ar_high);
    let low4 = t2 - high + ar_high2;
    let p = ar3 * (a[1] + r * a[2] + ar2 * (a[3] + r * a[4] + ar2 * (a[5] + r * a[6])));
    let low = low1 + low2 + low3 + low4 + p;
    let y = high + low;
    (y, high - y + low)
}

/// `x ** y` for finite `x > 0` and finite `y`; infinite or zero where out of range.
pub fn raw_pow(x: f64, y: f64) -> f64 {
    if x == 1.0 || y == 0.0 {
        return 1.0;
    }
    let size = y.abs();
    if size < f64::from_bits(0x3be0_0000_0000_0000) {
        return if x > 1.0 { 1.0 + y } else { 1.0 - y };
    }
    if size >= f64::from_bits(0x43e0_0000_0000_0000) {
        return if (x > 1.0) == (y > 0.0) { f64::INFINITY } else { 0.0 };
    }
    let (high, low) = log_parts(x);
    let top = |x: f64| f64::from_bits(x.to_bits() & !0 << 27);
    let y_high = top(y);
    let y_low = y - y_high;
    let l_high = top(high);
    let l_low = high - l_high + low;
    exp_sum(y_high * l_high, y_low * l_high + y * l_low)
}

/// `math.pow(x, y)`, by the rules of C99's annex F.
pub fn pow(x: f64, y: f64) -> MathResult {
    use crate::float::Power;
    if x == 1.0 || y == 0.0 {
        return Ok(1.0);
    }
    match crate::float::pow(x, y) {
        Power::Real(r) => Ok(r),
        Power::Overflow => Err(MathError::Range),
        Power::Complex | Power::ZeroDivision => Err(MathError::Domain),
    }
}
