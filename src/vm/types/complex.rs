//! `complex`: the payload; methods follow.

use snakelet_macros::native_type;


/// The payload of complex numbers.
#[native_type(name = "complex", flags(subclassable))]
pub struct Complex {
    pub real: f64,
    pub imag: f64,
}

impl Complex {
    pub fn new(real: f64, imag: f64) -> Complex {
        Complex { real, imag }
    }
}
