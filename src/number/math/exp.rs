//! `e**x` and `2**x`: `x = k/128 * ln 2 + r`, `2**(k/128)` from a table, `e**r` by a polynomial.

use super::tables::EXP;

const SHIFT: f64 = 6_755_399_441_055_744.0; // 1.5 * 2**52: adding it rounds to an integer in the low bits
const INV_LN2_N: f64 = f64::from_bits(0x3ff7_1547_652b_82fe) * 128.0;
const NEG_LN2_HI_N: f64 = f64::from_bits(0xbf76_2e42_fefa_0000);
const NEG_LN2_LO_N: f64 = f64::from_bits(0xbd0c_f79a_bc9e_3b3a);
const POLY: [f64; 4] = [
    f64::from_bits(0x3fdf_ffff_ffff_fdbd),
    f64::from_bits(0x3fc5_5555_5555_543c),
    f64::from_bits(0x3fa5_5555_cf17_2b91),
    f64::from_bits(0x3f81_1111_67a4_d017),
];
const EXP2_POLY: [f64; 5] = [
    f64::from_bits(0x3fe6_2e42_fefa_39ef),
    f64::from_bits(0x3fce_bfbd_ff82_c424),
    f64::from_bits(0x3fac_6b08_d70c_f4b5),
    f64::from_bits(0x3f83_b2ab_d246_50cc),
    f64::from_bits(0x3f55_d7e0_9b4e_3a84),
];

/// Sign-less top 12 bits: the exponent.
fn exponent(x: f64) -> u32 {
    (x.to_bits() >> 52) as u32 & 0x7ff
}

/// `e**x`, infinite or zero where out of range.
pub(super) fn exp(x: f64) -> f64 {
    exp_sum(x, 0.0)
}

/// `e**(x + tail)` for a `tail` far smaller than `x`.
#[inline]
pub(super) fn exp_sum(x: f64, tail: f64) -> f64 {
    let e = exponent(x);
    let mut wide = false;
    if e < 1023 - 54 {
        return 1.0 + x;
    }
    if e >= 1023 + 9 {
        if x.is_nan() {
            return x;
        }
        if e >= 1023 + 10 || x > 709.782_712_893_384 {
            return if x < 0.0 { 0.0 } else { f64::INFINITY };
        }
        wide = true;
    }
    let shifted = INV_LN2_N * x + SHIFT;
    let k = shifted.to_bits();
    let kd = shifted - SHIFT;
    let mut r = x + kd * NEG_LN2_HI_N + kd * NEG_LN2_LO_N;
    r += tail;
    let [t, head] = EXP[(k % 128) as usize];
    let bits = head.wrapping_add(k << 45);
    let r2 = r * r;
    let rest = f64::from_bits(t) + r + r2 * (POLY[0] + r * POLY[1]) + r2 * r2 * (POLY[2] + r * POLY[3]);
    scaled(rest, bits, k, wide)
}

/// `2**x`, infinite or zero where out of range.
pub(super) fn exp2(x: f64) -> f64 {
    let e = exponent(x);
    let mut wide = false;
    if e < 1023 - 54 {
        return 1.0 + x;
    }
    if e >= 1023 + 9 {
        if x.is_nan() {
            return x;
        }
        if x >= 1024.0 {
            return f64::INFINITY;
        }
        if x < -1075.0 {
            return 0.0;
        }
        wide = true;
    } else if x.abs() > 928.0 {
        wide = true;
    }
    let shifted = x + SHIFT / 128.0;
    let k = shifted.to_bits();
    let r = x - (shifted - SHIFT / 128.0);
    let [t, head] = EXP[(k % 128) as usize];
    let bits = head.wrapping_add(k << 45);
    let c = &EXP2_POLY;
    let r2 = r * r;
    let rest = f64::from_bits(t) + r * c[0] + r2 * (c[1] + r * c[2]) + r2 * r2 * (c[3] + r * c[4]);
    scaled(rest, bits, k, wide)
}

/// `s + s * rest` where `bits` are those of `s`, with care where its exponent has left the range.
fn scaled(rest: f64, bits: u64, k: u64, wide: bool) -> f64 {
    if !wide {
        let s = f64::from_bits(bits);
        return s + s * rest;
    }
    if k & 0x8000_0000 == 0 {
        let s = f64::from_bits(bits.wrapping_sub(1009 << 52));
        return f64::from_bits((1023 + 1009) << 52) * (s + s * rest);
    }
    let s = f64::from_bits(bits.wrapping_add(1022 << 52));
    let mut y = s + s * rest;
    if y < 1.0 {
        // Subnormal: round once, at the right bit.
        let low = s - y + s * rest;
        let high = 1.0 + y;
        y = high + (1.0 - high + y + low) - 1.0;
        if y == 0.0 {
            y = 0.0;
        }
    }
    f64::MIN_POSITIVE * y
}
