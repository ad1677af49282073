//! Neumaier's compensated summation, as the built-in `sum` does it: for floats since Python 3.12, for integers among them
//! (converted first; OverflowError where that fails) and for the parts of complex numbers since 3.14.

/// A running sum with the lost low-order part beside it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CompensatedSum {
    high: f64,
    low: f64,
}

impl CompensatedSum {
    /// Starts from a value.
    pub const fn new(start: f64) -> Self {
        CompensatedSum { high: start, low: 0.0 }
    }

    /// Adds one float.
    #[inline]
    pub fn add(&mut self, x: f64) {
        let total = self.high + x;
        self.low += if self.high.abs() >= x.abs() { (self.high - total) + x } else { (x - total) + self.high };
        self.high = total;
    }

    /// The sum so far. An infinite or NaN compensation is left out.
    #[inline]
    pub fn value(self) -> f64 {
        if self.low != 0.0 && self.low.is_finite() { self.high + self.low } else { self.high }
    }
}
