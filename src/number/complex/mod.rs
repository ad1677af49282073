//! Python's `complex`: text in both directions; arithmetic as CPython 3.14 does it.

mod arith;
mod functions;
mod text;

pub use arith::*;
pub use functions::*;
pub use text::*;

/// A complex number.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Complex {
    /// Real part.
    pub real: f64,
    /// Imaginary part.
    pub imag: f64,
}

impl Complex {
    /// From its parts.
    pub const fn new(real: f64, imag: f64) -> Self {
        Complex { real, imag }
    }

    /// Whether a part is infinite, whatever the other.
    pub const fn is_infinite(self) -> bool {
        self.real.is_infinite() || self.imag.is_infinite()
    }

    /// Whether both parts are finite.
    pub const fn is_finite(self) -> bool {
        self.real.is_finite() && self.imag.is_finite()
    }
}
