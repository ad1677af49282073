//! `int` and `bool`: small ints are immediates; the payload serves large ones and instances of subclasses.

use snakelet_macros::native_type;

use num_bigint::BigInt;

use crate::Value;
use crate::object::Native;

/// The payload of ints beyond 48 bits (exact type `int`), and of instances of int's subclasses (any size).
#[native_type(name = "int", flags(subclassable, match_self))]
pub struct Int {
    pub value: BigInt,
}

/// Never a payload: `True` and `False` are immediates. Its type object is `bool`.
#[native_type(name = "bool", base = Int, flags(match_self))]
pub struct Bool {}

impl Value {
    /// An int.
    #[inline]
    pub fn from_i64(n: i64) -> Value {
        match Value::try_small_int(n) {
            Some(value) => value,
            None => Int { value: BigInt::from(n) }.into_value(),
        }
    }

    /// An int.
    #[inline]
    pub fn from_usize(n: usize) -> Value {
        match i64::try_from(n) {
            Ok(n) => Value::from_i64(n),
            Err(_) => Int { value: BigInt::from(n) }.into_value(),
        }
    }

    /// An int, inline if it fits.
    pub fn from_bigint(n: BigInt) -> Value {
        use num_traits::ToPrimitive;
        match n.to_i64().and_then(Value::try_small_int) {
            Some(value) => value,
            None => Int { value: n }.into_value(),
        }
    }

    /// The number, if the value is an int, a bool or of a subclass of int, and fits.
    #[inline]
    pub fn to_i64(&self) -> Option<i64> {
        use num_traits::ToPrimitive;
        if let Some(n) = self.as_small_int() {
            return Some(n);
        }
        match self.as_bool() {
            Some(b) => Some(b as i64),
            None => self.downcast::<Int>()?.value.to_i64(),
        }
    }

    /// Whether the value is an int, a bool or of a subclass of int.
    #[inline]
    pub fn is_int(&self) -> bool {
        self.is_small_int() || self.as_bool().is_some() || self.downcast::<Int>().is_some()
    }

    /// The number, if the value is an int, a bool or of a subclass of int.
    pub fn to_bigint(&self) -> Option<std::borrow::Cow<'_, BigInt>> {
        use std::borrow::Cow;
        if let Some(n) = self.as_small_int() {
            return Some(Cow::Owned(BigInt::from(n)));
        }
        match self.as_bool() {
            Some(b) => Some(Cow::Owned(BigInt::from(b as i64))),
            None => Some(Cow::Borrowed(&self.downcast::<Int>()?.value)),
        }
    }
}
