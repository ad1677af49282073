//! Sums without avoidable rounding: `fsum`, `sumprod`, `hypot`, `dist`.

/// `a + b` as rounded sum and error.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let z = sum - a;
    (sum, (a - (sum - z)) + (b - z))
}

/// Why `fsum` has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FsumError {
    /// OverflowError "intermediate overflow in fsum"
    Overflow,
    /// ValueError "-inf + inf in fsum"
    InfMinusInf,
}

/// The running sum of `math.fsum`: floats that don't overlap, in increasing order, whose exact sum is the sum so far.
#[derive(Clone, Debug, Default)]
pub struct ExactSum {
    partials: Vec<f64>,
    special: f64,
    infinities: f64,
}

impl ExactSum {
    /// Adds a float.
    pub fn add(&mut self, item: f64) -> Result<(), FsumError> {
        let mut x = item;
        let mut kept = 0;
        for j in 0..self.partials.len() {
            let mut y = self.partials[j];
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                self.partials[kept] = low;
                kept += 1;
            }
            x = high;
        }
        self.partials.truncate(kept);
        if x.is_finite() {
            if x != 0.0 {
                self.partials.push(x);
            }
            return Ok(());
        }
        if item.is_finite() {
            return Err(FsumError::Overflow);
        }
        if item.is_infinite() {
            self.infinities += item;
        }
        self.special += item;
        self.partials.clear();
        Ok(())
    }

    /// The sum, rounded once.
    pub fn finish(mut self) -> Result<f64, FsumError> {
        if self.special != 0.0 {
            return if self.infinities.is_nan() { Err(FsumError::InfMinusInf) } else { Ok(self.special) };
        }
        let Some(mut high) = self.partials.pop() else { return Ok(0.0) };
        let mut low = 0.0;
        while let Some(y) = self.partials.pop() {
            let x = high;
            high = x + y;
            low = y - (high - x);
            if low != 0.0 {
                break;
            }
        }
        // Half-even over all partials: a tie between the last two is broken by the sign of the next.
        if let Some(&next) = self.partials.last()
            && (low < 0.0 && next < 0.0 || low > 0.0 && next > 0.0)
        {
            let y = low * 2.0;
            let x = high + y;
            if y == x - high {
                high = x;
            }
        }
        Ok(high)
    }
}

/// The running sum of products of `math.sumprod` while all items are floats (or ints that convert exactly): in triple length.
#[derive(Clone, Copy, Debug, Default)]
pub struct SumOfProducts {
    high: f64,
    low: f64,
    tiny: f64,
}

impl SumOfProducts {
    /// Adds `x * y`.
    pub fn add(&mut self, x: f64, y: f64) {
        let product = x * y;
        let error = libm::fma(x, y, -product);
        let (high, rest) = two_sum(self.high, product);
        let (low, rest1) = two_sum(self.low, error);
        let (low, rest2) = two_sum(low, rest);
        *self = SumOfProducts { high, low, tiny: self.tiny + rest1 + rest2 };
    }

    /// The sum. Not finite where an operand, a product or the sum isn't; the caller then adds plainly.
    pub fn value(self) -> f64 {
        let (high, low) = two_sum(self.low, self.high);
        self.tiny + low + high
    }
}

/// `math.hypot(*coordinates)`; the coordinates are overwritten.
pub fn hypot(coordinates: &mut [f64]) -> f64 {
    let mut max = 0.0f64;
    let mut nan = false;
    for x in coordinates.iter_mut() {
        *x = x.abs();
        nan |= x.is_nan();
        max = max.max(*x);
    }
    vector_norm(coordinates, max, nan)
}

/// `math.dist(p, q)` for points of the same dimension; `p` is overwritten.
pub fn dist(p: &mut [f64], q: &[f64]) -> f64 {
    for (p, q) in p.iter_mut().zip(q) {
        *p -= q;
    }
    hypot(p)
}

/// `x * x` as rounded product and error, for `x` of moderate size.
fn square(x: f64) -> (f64, f64) {
    product(x, x)
}

/// `x * y` as rounded product and error by Dekker's splitting, for operands of moderate size.
fn product(x: f64, y: f64) -> (f64, f64) {
    let split = |x: f64| {
        let t = x * 134_217_729.0;
        let high = t - (t - x);
        (high, x - high)
    };
    let ((xh, xl), (yh, yl)) = (split(x), split(y));
    let p = x * y;
    (p, ((xh * yh - p) + xh * yl + xl * yh) + xl * yl)
}

/// `a + b` as sum and error for `|a| >= |b|`.
fn fast_two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    (sum, (a - sum) + b)
}

fn vector_norm(vector: &mut [f64], max: f64, nan: bool) -> f64 {
    if max.is_infinite() {
        return max;
    }
    if nan {
        return f64::NAN;
    }
    if max == 0.0 || vector.len() <= 1 {
        return max;
    }
    let (_, exponent) = libm::frexp(max);
    if exponent < -1023 {
        for x in vector.iter_mut() {
            *x /= f64::MIN_POSITIVE;
        }
        return f64::MIN_POSITIVE * vector_norm(vector, max / f64::MIN_POSITIVE, false);
    }
    // Scaled to at most 1, summed with both errors kept, starting from 1 so that the sum stays the larger operand.
    let scale = libm::scalbn(1.0, -exponent);
    let (mut sum, mut errors1, mut errors2) = (1.0, 0.0, 0.0);
    for x in vector.iter() {
        let (p, p_error) = square(x * scale);
        let (s, s_error) = fast_two_sum(sum, p);
        sum = s;
        errors1 += p_error;
        errors2 += s_error;
    }
    let mut root = (sum - 1.0 + (errors1 + errors2)).sqrt();
    // One differential correction.
    let (p, p_error) = product(-root, root);
    let (s, s_error) = fast_two_sum(sum, p);
    errors1 += p_error;
    errors2 += s_error;
    root += (s - 1.0 + (errors1 + errors2)) / (2.0 * root);
    root / scale
}
