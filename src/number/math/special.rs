//! Gamma and error functions.

use super::exp::exp as raw_exp;
use super::log::log as raw_log;
use super::{MathError, MathResult, raw_pow};
use std::f64::consts::PI;

/// Lanczos' parameter g, and g - 1/2.
const LANCZOS_G: f64 = 6.024_680_040_776_73;
const LANCZOS_G_MINUS_HALF: f64 = 5.524_680_040_776_73;
#[expect(clippy::excessive_precision, reason = "the published digits")]
const LANCZOS_NUMERATOR: [f64; 13] = [
    23_531_376_880.410_759_688_572_007_674_451_636,
    42_919_803_642.649_098_768_957_899_047_001_988,
    35_711_959_237.355_668_049_440_185_451_547_166,
    17_921_034_426.037_209_699_919_755_754_458_931,
    6_039_542_586.352_028_005_064_291_644_307_297_9,
    1_439_720_407.311_721_673_663_223_072_794_912_3,
    248_874_557.862_054_156_511_460_386_413_229_42,
    31_426_415.585_400_194_380_614_231_628_318_205,
    2_876_370.628_935_372_441_225_409_051_620_849_6,
    186_056.265_395_223_495_040_294_989_716_045_69,
    8_071.672_002_365_816_210_638_002_902_272_250_6,
    210.824_277_751_579_345_872_509_733_920_713_36,
    2.506_628_274_631_000_270_164_908_177_133_837_3,
];
const LANCZOS_DENOMINATOR: [f64; 13] = [
    0.0,
    39_916_800.0,
    120_543_840.0,
    150_917_976.0,
    105_258_076.0,
    45_995_730.0,
    13_339_535.0,
    2_637_558.0,
    357_423.0,
    32_670.0,
    1_925.0,
    66.0,
    1.0,
];

fn lanczos_sum(x: f64) -> f64 {
    let (mut numerator, mut denominator) = (0.0, 0.0);
    if x < 5.0 {
        for i in (0..13).rev() {
            numerator = numerator * x + LANCZOS_NUMERATOR[i];
            denominator = denominator * x + LANCZOS_DENOMINATOR[i];
        }
    } else {
        for i in 0..13 {
            numerator = numerator / x + LANCZOS_NUMERATOR[i];
            denominator = denominator / x + LANCZOS_DENOMINATOR[i];
        }
    }
    numerator / denominator
}

/// `sin(pi * x)` for finite `x`.
fn sin_pi(x: f64) -> f64 {
    let y = libm::fmod(x.abs(), 2.0);
    let r = match (2.0 * y).round() as i32 {
        0 => libm::sin(PI * y),
        1 => libm::cos(PI * (y - 0.5)),
        2 => libm::sin(PI * (1.0 - y)),
        3 => -libm::cos(PI * (y - 1.5)),
        _ => libm::sin(PI * (y - 2.0)),
    };
    1.0f64.copysign(x) * r
}

/// `math.gamma(x)`
pub fn gamma(x: f64) -> MathResult {
    if !x.is_finite() {
        return if x == f64::NEG_INFINITY { Err(MathError::Domain) } else { Ok(x) };
    }
    if x == 0.0 || x < 0.0 && x == x.floor() {
        return Err(MathError::Domain);
    }
    if x == x.floor() && x <= 23.0 {
        // Factorials that are exact.
        return Ok((2..x as u64).fold(1.0, |product, i| product * i as f64));
    }
    let size = x.abs();
    if size < 1e-20 {
        let r = 1.0 / x;
        return if r.is_infinite() { Err(MathError::Range) } else { Ok(r) };
    }
    if size > 200.0 {
        return if x < 0.0 { Ok(0.0 / sin_pi(x)) } else { Err(MathError::Range) };
    }
    let y = size + LANCZOS_G_MINUS_HALF;
    // What the addition lost.
    let z =
        if size > LANCZOS_G_MINUS_HALF { (y - size) - LANCZOS_G_MINUS_HALF } else { (y - LANCZOS_G_MINUS_HALF) - size };
    let z = z * LANCZOS_G / y;
    let r = if x < 0.0 {
        let mut r = -PI / sin_pi(size) / size * raw_exp(y) / lanczos_sum(size);
        r -= z * r;
        if size < 140.0 {
            r / raw_pow(y, size - 0.5)
        } else {
            let root = raw_pow(y, size / 2.0 - 0.25);
            r / root / root
        }
    } else {
        let mut r = lanczos_sum(size) / raw_exp(y);
        r += z * r;
        if size < 140.0 {
            r * raw_pow(y, size - 0.5)
        } else {
            let root = raw_pow(y, size / 2.0 - 0.25);
            r * root * root
        }
    };
    if r.is_infinite() { Err(MathError::Range) } else { Ok(r) }
}

/// `math.lgamma(x)`
pub fn lgamma(x: f64) -> MathResult {
    const LOG_PI: f64 = 1.144_729_885_849_400_2;
    if !x.is_finite() {
        return Ok(if x.is_nan() { x } else { f64::INFINITY });
    }
    if x == x.floor() && x <= 2.0 {
        return if x <= 0.0 { Err(MathError::Domain) } else { Ok(0.0) };
    }
    let size = x.abs();
    if size < 1e-20 {
        return Ok(-raw_log(size));
    }
    let mut r = raw_log(lanczos_sum(size)) - LANCZOS_G;
    r += (size - 0.5) * (raw_log(size + LANCZOS_G - 0.5) - 1.0);
    if x < 0.0 {
        r = LOG_PI - raw_log(sin_pi(size).abs()) - raw_log(size) - r;
    }
    if r.is_infinite() { Err(MathError::Range) } else { Ok(r) }
}

/// `c[0] + x * (c[1] + x * (...))`
fn polynomial(x: f64, c: &[f64]) -> f64 {
    c.iter().rev().fold(0.0, |sum, c| c + x * sum)
}

// The error functions' rational approximations on four intervals (FreeBSD's coefficients).
const ERX: f64 = 0.8450629115104675;
const EFX8: f64 = 1.0270333367641007;
const PP: [f64; 5] =
    [0.12837916709551256, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442, -2.3763016656650163e-05];
const QQ: [f64; 6] = [
    1.0,
    0.39791722395915535,
    0.0650222499887673,
    0.005081306281875766,
    0.00013249473800432164,
    -3.960228278775368e-06,
];
const PA: [f64; 7] = [
    -0.0023621185607526594,
    0.41485611868374833,
    -0.3722078760357013,
    0.31834661990116175,
    -0.11089469428239668,
    0.035478304325618236,
    -0.002166375594868791,
];
const QA: [f64; 7] = [
    1.0,
    0.10642088040084423,
    0.540397917702171,
    0.07182865441419627,
    0.12617121980876164,
    0.01363708391202905,
    0.011984499846799107,
];
const RA: [f64; 8] = [
    -0.009864944034847148,
    -0.6938585727071818,
    -10.558626225323291,
    -62.375332450326006,
    -162.39666946257347,
    -184.60509290671104,
    -81.2874355063066,
    -9.814329344169145,
];
const SA: [f64; 9] = [
    1.0,
    19.651271667439257,
    137.65775414351904,
    434.56587747522923,
    645.3872717332679,
    429.00814002756783,
    108.63500554177944,
    6.570249770319282,
    -0.0604244152148581,
];
const RB: [f64; 7] = [
    -0.0098649429247001,
    -0.799283237680523,
    -17.757954917754752,
    -160.63638485582192,
    -637.5664433683896,
    -1025.0951316110772,
    -483.5191916086514,
];
const SB: [f64; 8] = [
    1.0,
    30.33806074348246,
    325.7925129965739,
    1536.729586084437,
    3199.8582195085955,
    2553.0504064331644,
    474.52854120695537,
    -22.44095244658582,
];

/// The top 32 bits of `|x|`: the intervals are cut there.
fn high_word(x: f64) -> u32 {
    (x.to_bits() >> 32) as u32 & 0x7fff_ffff
}

/// `(erf(x) - x) / x` for `|x| < 0.84375`.
fn erf_small(x: f64) -> f64 {
    let z = x * x;
    polynomial(z, &PP) / polynomial(z, &QQ)
}

/// `erfc(|x|)` for `0.84375 <= |x| < 28`.
fn erfc_large(x: f64) -> f64 {
    let x = x.abs();
    let high = high_word(x);
    if high < 0x3ff4_0000 {
        let s = x - 1.0;
        return 1.0 - ERX - polynomial(s, &PA) / polynomial(s, &QA);
    }
    let s = 1.0 / (x * x);
    let (r, t) = if high < 0x4006_db6d {
        (polynomial(s, &RA), polynomial(s, &SA))
    } else {
        (polynomial(s, &RB), polynomial(s, &SB))
    };
    let z = f64::from_bits(x.to_bits() & !0xffff_ffff);
    raw_exp(-z * z - 0.5625) * raw_exp((z - x) * (z + x) + r / t) / x
}

/// `math.erf(x)`
pub fn erf(x: f64) -> MathResult {
    let high = high_word(x);
    if !x.is_finite() {
        return Ok(if x.is_nan() { x } else { x.signum() });
    }
    if high < 0x3feb_0000 {
        if high < 0x3e30_0000 {
            return Ok(0.125 * (8.0 * x + EFX8 * x));
        }
        return Ok(x + x * erf_small(x));
    }
    let y = if high < 0x4018_0000 { 1.0 - erfc_large(x) } else { 1.0 - f64::MIN_POSITIVE };
    Ok(y.copysign(x))
}

/// `math.erfc(x)`
pub fn erfc(x: f64) -> MathResult {
    let high = high_word(x);
    if !x.is_finite() {
        return Ok(if x.is_nan() { x } else { 1.0 - x.signum() });
    }
    if high < 0x3feb_0000 {
        if high < 0x3c70_0000 {
            return Ok(1.0 - x);
        }
        let y = erf_small(x);
        return Ok(if x < 0.25 { 1.0 - (x + x * y) } else { 0.5 - (x - 0.5 + x * y) });
    }
    if high < 0x403c_0000 {
        let y = erfc_large(x);
        return Ok(if x < 0.0 { 2.0 - y } else { y });
    }
    Ok(if x < 0.0 { 2.0 } else { 0.0 })
}
