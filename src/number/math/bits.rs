//! Floats as bits: neighbours, parts, scaling, remainders, comparison.

use super::{MathError, MathResult};

/// `math.nextafter(x, y)`, and with `steps=n` up to `n` floats further towards `y`.
pub fn nextafter(x: f64, y: f64, steps: u64) -> f64 {
    if x.is_nan() || y.is_nan() {
        return x + y;
    }
    if steps == 0 {
        return x;
    }
    if x == y {
        return y;
    }
    // Floats in order as integers.
    let order = |x: f64| {
        let bits = x.to_bits() as i64;
        i128::from(if bits < 0 { i64::MIN.wrapping_sub(bits) } else { bits })
    };
    let (from, to) = (order(x), order(y));
    let there = if from < to { (from + i128::from(steps)).min(to) } else { (from - i128::from(steps)).max(to) } as i64;
    if there == to as i64 {
        // A single step to zero keeps the sign, as in C.
        return if y == 0.0 && steps == 1 { y.copysign(x) } else { y };
    }
    match there {
        0 => 0.0f64.copysign(x),
        1.. => f64::from_bits(there as u64),
        _ => f64::from_bits(i64::MIN.wrapping_sub(there) as u64),
    }
}

/// `math.ulp(x)`
pub fn ulp(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    let x = x.abs();
    if x.is_infinite() {
        return x;
    }
    let above = nextafter(x, f64::INFINITY, 1);
    if above.is_infinite() { x - nextafter(x, f64::NEG_INFINITY, 1) } else { above - x }
}

/// `math.frexp(x)`
pub fn frexp(x: f64) -> (f64, i32) {
    if x.is_finite() && x != 0.0 { libm::frexp(x) } else { (x, 0) }
}

/// `math.ldexp(x, exponent)`; the caller saturates exponents that don't fit.
pub fn ldexp(x: f64, exponent: i64) -> MathResult {
    if x == 0.0 || !x.is_finite() {
        return Ok(x);
    }
    let r = libm::scalbn(x, exponent.clamp(-5000, 5000) as i32);
    if r.is_infinite() { Err(MathError::Range) } else { Ok(r) }
}

/// `math.modf(x)`: fraction and whole part, both with the sign of `x`.
pub fn modf(x: f64) -> (f64, f64) {
    if x.is_infinite() {
        return (0.0f64.copysign(x), x);
    }
    let whole = x.trunc();
    ((x - whole).copysign(x), whole)
}

/// `math.fmod(x, y)`
pub fn fmod(x: f64, y: f64) -> MathResult {
    if y.is_infinite() && x.is_finite() {
        return Ok(x);
    }
    let r = libm::fmod(x, y);
    if r.is_nan() && !x.is_nan() && !y.is_nan() { Err(MathError::Domain) } else { Ok(r) }
}

/// `math.remainder(x, y)`: to the nearest multiple, ties to the even one.
pub fn remainder(x: f64, y: f64) -> MathResult {
    if x.is_nan() || y.is_nan() {
        return Ok(x + y);
    }
    if x.is_infinite() || y == 0.0 {
        return Err(MathError::Domain);
    }
    if y.is_infinite() {
        return Ok(x);
    }
    let (ax, ay) = (x.abs(), y.abs());
    let m = libm::fmod(ax, ay);
    let c = ay - m;
    let r = if m < c {
        m
    } else if m > c {
        -c
    } else {
        m - 2.0 * libm::fmod(0.5 * (ax - m), ay)
    };
    Ok(1.0f64.copysign(x) * r)
}

/// `math.fma(x, y, z)`
pub fn fma(x: f64, y: f64, z: f64) -> MathResult {
    let r = libm::fma(x, y, z);
    if r.is_finite() {
        Ok(r)
    } else if r.is_nan() {
        if x.is_nan() || y.is_nan() || z.is_nan() { Ok(r) } else { Err(MathError::Domain) }
    } else if x.is_finite() && y.is_finite() && z.is_finite() {
        Err(MathError::Range)
    } else {
        Ok(r)
    }
}

/// `math.isclose(a, b, rel_tol=..., abs_tol=...)`; the caller has refused negative tolerances.
pub fn isclose(a: f64, b: f64, rel_tol: f64, abs_tol: f64) -> bool {
    if a == b {
        return true;
    }
    if a.is_infinite() || b.is_infinite() {
        return false;
    }
    let difference = (b - a).abs();
    difference <= (rel_tol * b).abs() || difference <= (rel_tol * a).abs() || difference <= abs_tol
}
