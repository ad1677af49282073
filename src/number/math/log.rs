//! Logarithms: `x = 2**k * z`, `log(c)` from a table for a `c` near `z`, `log(z/c)` by a polynomial.

use super::tables::{LOG, LOG2};

const OFFSET: u64 = 0x3fe6_0000_0000_0000;
const LN2_HI: f64 = f64::from_bits(0x3fe6_2e42_fefa_3800);
const LN2_LO: f64 = f64::from_bits(0x3d2e_f357_93c7_6730);
const NEAR: [f64; 11] = [
    f64::from_bits(0xbfe0_0000_0000_0000),
    f64::from_bits(0x3fd5_5555_5555_5577),
    f64::from_bits(0xbfcf_ffff_ffff_fdcb),
    f64::from_bits(0x3fc9_9999_9995_dd0c),
    f64::from_bits(0xbfc5_5555_5567_45a7),
    f64::from_bits(0x3fc2_4924_a344_de30),
    f64::from_bits(0xbfbf_ffff_a442_3d65),
    f64::from_bits(0x3fbc_7184_282a_d6ca),
    f64::from_bits(0xbfb9_99eb_43b0_68ff),
    f64::from_bits(0x3fb7_8182_f7af_d085),
    f64::from_bits(0xbfb5_5213_75d1_45cd),
];
const FAR: [f64; 5] = [
    f64::from_bits(0xbfe0_0000_0000_0001),
    f64::from_bits(0x3fd5_5555_5551_305b),
    f64::from_bits(0xbfcf_ffff_ffeb_4590),
    f64::from_bits(0x3fc9_99b3_24f1_0111),
    f64::from_bits(0xbfc5_5575_e506_c89f),
];
const INV_LN2_HI: f64 = f64::from_bits(0x3ff7_1547_6520_0000);
const INV_LN2_LO: f64 = f64::from_bits(0x3de7_05fc_2eef_a200);
const NEAR2: [f64; 10] = [
    f64::from_bits(0xbfe7_1547_652b_82fe),
    f64::from_bits(0x3fde_c709_dc3a_03f7),
    f64::from_bits(0xbfd7_1547_652b_7c3f),
    f64::from_bits(0x3fd2_776c_50f0_5be4),
    f64::from_bits(0xbfce_c709_dd76_8fe5),
    f64::from_bits(0x3fca_6176_1ec4_e736),
    f64::from_bits(0xbfc7_153f_bc64_a79b),
    f64::from_bits(0x3fc4_84d1_54f0_1b4a),
    f64::from_bits(0xbfc2_89e4_a72c_383c),
    f64::from_bits(0x3fc0_b32f_285a_ee66),
];
const FAR2: [f64; 6] = [
    f64::from_bits(0xbfe7_1547_652b_8339),
    f64::from_bits(0x3fde_c709_dc3a_04be),
    f64::from_bits(0xbfd7_1547_6470_2ffb),
    f64::from_bits(0x3fd2_776c_5003_4c48),
    f64::from_bits(0xbfce_c7b3_28ea_92bc),
    f64::from_bits(0x3fca_6225_e117_f92e),
];

/// `2**k * z` with `z` in [0.6875, 1.375), the interval's number among `2**table_bits`, for `x > 0`.
fn split(x: f64, table_bits: u32) -> (i32, f64, usize) {
    let bits = normal_bits(x);
    let offset = bits.wrapping_sub(OFFSET);
    let i = (offset >> (52 - table_bits)) as usize & ((1 << table_bits) - 1);
    let k = (offset as i64 >> 52) as i32;
    (k, f64::from_bits(bits.wrapping_sub(offset & 0xfff << 52)), i)
}

/// The bits of `x > 0`; a subnormal's as if the exponent's range went on below.
pub(super) fn normal_bits(x: f64) -> u64 {
    if x < f64::MIN_POSITIVE { (x * (1u64 << 52) as f64).to_bits().wrapping_sub(52 << 52) } else { x.to_bits() }
}

/// The natural logarithm: -inf for zero, NaN for negative numbers.
pub(super) fn log(x: f64) -> f64 {
    if let Some(special) = special(x) {
        return special;
    }
    if (0.9375..1.064_697_265_625).contains(&x) {
        return log_near_one(x - 1.0);
    }
    let (k, z, i) = split(x, 7);
    let [inverse, log_c, c_head, c_tail] = LOG[i].map(f64::from_bits);
    let k = f64::from(k);
    let r = (z - c_head - c_tail) * inverse;
    let w = k * LN2_HI + log_c;
    let high = w + r;
    let low = w - high + r + k * LN2_LO;
    let r2 = r * r;
    low + r2 * FAR[0] + r * r2 * (FAR[1] + r * FAR[2] + r2 * (FAR[3] + r * FAR[4])) + high
}

/// `log(1 + r)` for small `r`.
fn log_near_one(r: f64) -> f64 {
    let b = &NEAR;
    let r2 = r * r;
    let r3 = r * r2;
    let y = r3
        * (b[1]
            + r * b[2]
            + r2 * b[3]
            + r3 * (b[4] + r * b[5] + r2 * b[6] + r3 * (b[7] + r * b[8] + r2 * b[9] + r3 * b[10])));
    // r - r*r/2 with the square's error kept.
    let w = r * 134_217_728.0;
    let r_high = r + w - w;
    let r_low = r - r_high;
    let w = r_high * r_high * b[0];
    let high = r + w;
    let mut low = r - high + w;
    low += b[0] * r_low * (r_high + r);
    y + low + high
}

/// The logarithm to base 2: -inf for zero, NaN for negative numbers.
pub(super) fn log2(x: f64) -> f64 {
    if let Some(special) = special(x) {
        return special;
    }
    if (f64::from_bits(0x3fee_a4af_0000_0000)..f64::from_bits(0x3ff0_b550_0000_0000)).contains(&x) {
        return log2_near_one(x - 1.0);
    }
    let (k, z, i) = split(x, 6);
    let [inverse, log_c, c_head, c_tail] = LOG2[i].map(f64::from_bits);
    let a = &FAR2;
    let r = (z - c_head - c_tail) * inverse;
    let (t1, t2) = times_inv_ln2(r);
    let t3 = f64::from(k) + log_c;
    let high = t3 + t1;
    let low = t3 - high + t1 + t2;
    let r2 = r * r;
    let r4 = r2 * r2;
    let p = a[0] + r * a[1] + r2 * (a[2] + r * a[3]) + r4 * (a[4] + r * a[5]);
    low + r2 * p + high
}

fn log2_near_one(r: f64) -> f64 {
    let b = &NEAR2;
    let (high, mut low) = times_inv_ln2(r);
    let r2 = r * r;
    let r4 = r2 * r2;
    let p = r2 * (b[0] + r * b[1]);
    let y = high + p;
    low += high - y + p;
    low += r4 * (b[2] + r * b[3] + r2 * (b[4] + r * b[5]) + r4 * (b[6] + r * b[7] + r2 * (b[8] + r * b[9])));
    y + low
}

/// `r / ln 2` as head and tail.
fn times_inv_ln2(r: f64) -> (f64, f64) {
    let r_high = f64::from_bits(r.to_bits() & !0xffff_ffff);
    let r_low = r - r_high;
    (r_high * INV_LN2_HI, r_low * INV_LN2_HI + r * INV_LN2_LO)
}

/// Results for arguments that aren't positive and finite, and for 1.
fn special(x: f64) -> Option<f64> {
    if x == 1.0 {
        Some(0.0)
    } else if x == 0.0 {
        Some(f64::NEG_INFINITY)
    } else if x < 0.0 {
        Some(f64::NAN)
    } else if x.is_finite() {
        None
    } else {
        Some(x)
    }
}
