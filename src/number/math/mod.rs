//! The functions of the module `math`.

/// `x ** y` for `x > 0` and finite operands, infinite where out of range.
pub(crate) fn raw_pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}
