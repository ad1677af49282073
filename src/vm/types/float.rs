//! `float`: floats are immediates; the payload serves instances of subclasses.

use snakelet_macros::native_type;

use crate::Value;

/// The payload of instances of float's subclasses.
#[native_type(name = "float", flags(subclassable, match_self))]
pub struct Float {
    pub value: f64,
}

impl Value {
    /// The number, if the value is a float or of a subclass.
    #[inline]
    pub fn to_float(&self) -> Option<f64> {
        self.as_float().or_else(|| self.downcast::<Float>().map(|float| float.value))
    }
}
