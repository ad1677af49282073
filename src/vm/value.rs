//! The 8-byte value: everything a Python variable can hold.
//!
//! A NaN-box with a niche: floats are stored unboxed (their bits moved up by 2**49), integers of 48 bits inline, the
//! singletons as immediates, anything else as a pointer to an object's [`Header`]. `Clone` and `Drop` count references.
//! Zero is never a value, so `Option<Value>` and `Result<Value, Raised>` take 8 bytes as well and are returned in a register.
//!
//! | top 16 bits | meaning |
//! |---|---|
//! | 0000 | pointer to a [`Header`] |
//! | 0001 | immediate |
//! | 0002-fffd | float, bits + 0002_0000_0000_0000 |
//! | ffff | integer, 48 bits, two's complement |

use std::cell::Cell;
use std::num::NonZeroU64;

use crate::object::{Header, Native, Object, Ref, release};

/// A reference to a Python object or an unboxed one. See the module's header.
#[repr(transparent)]
pub struct Value(NonZeroU64);

const POINTER_END: u64 = 1 << 48;
const IMMEDIATE: u64 = 1 << 48;
const FLOAT_OFFSET: u64 = 2 << 48;
const INT_TAG: u64 = 0xffff << 48;

/// The largest integer that is stored inline.
pub const SMALL_INT_MAX: i64 = (1 << 47) - 1;
/// The smallest integer that is stored inline.
pub const SMALL_INT_MIN: i64 = -(1 << 47);

const fn immediate(n: u64) -> NonZeroU64 {
    match NonZeroU64::new(IMMEDIATE + n) {
        Some(bits) => bits,
        None => panic!("immediates are not zero"),
    }
}

/// The bits of a NaN with an identity of its own, since NaNs are found in containers by identity alone: a serial number in the
/// low 48 bits, given to those that have none yet.
#[cold]
#[inline(never)]
fn nan_bits(bits: u64) -> u64 {
    thread_local! {
        static SERIAL: Cell<u64> = const { Cell::new(0) };
    }
    let payload = match bits & (POINTER_END - 1) {
        0 => SERIAL.with(|serial| {
            serial.set(serial.get() + 1);
            serial.get() & (POINTER_END - 1)
        }),
        payload => payload,
    };
    bits & (1 << 63) | 0x7ff8 << 48 | payload
}

/// A float for storage outside of values: NaNs without the payload that is their identity.
pub fn storable(f: f64) -> f64 {
    if f.is_nan() { f64::NAN.copysign(f) } else { f }
}

impl Value {
    pub const NONE: Value = Value(immediate(0));
    pub const FALSE: Value = Value(immediate(1));
    pub const TRUE: Value = Value(immediate(2));
    pub const ELLIPSIS: Value = Value(immediate(3));
    pub const NOT_IMPLEMENTED: Value = Value(immediate(4));
    /// Not a Python object: an unbound local, an empty cell, the end of an iteration, a missing argument.
    pub const UNBOUND: Value = Value(immediate(5));

    /// The integer `n`, which must fit 48 bits.
    #[inline(always)]
    pub const fn small_int(n: i64) -> Value {
        debug_assert!(n >= SMALL_INT_MIN && n <= SMALL_INT_MAX);
        Value::from_bits(INT_TAG | n as u64 & (POINTER_END - 1))
    }

    #[inline(always)]
    pub fn float(f: f64) -> Value {
        let bits = f.to_bits();
        // Other payloads might run into the integers' tag.
        let bits = if f.is_nan() { nan_bits(bits) } else { bits };
        Value::from_bits(bits + FLOAT_OFFSET)
    }

    #[inline(always)]
    pub const fn bool(b: bool) -> Value {
        if b { Value::TRUE } else { Value::FALSE }
    }

    #[inline(always)]
    const fn from_bits(bits: u64) -> Value {
        // SAFETY: every caller passes a tagged pattern, none of which is zero.
        Value(unsafe { NonZeroU64::new_unchecked(bits) })
    }

    /// The bit pattern: identity of the value.
    #[inline(always)]
    pub const fn bits(&self) -> u64 {
        self.0.get()
    }

    /// Takes over one counted reference.
    ///
    /// # Safety
    /// `header` points to a live object and the caller owns one of its counts.
    #[inline(always)]
    pub unsafe fn from_header(header: *const Header) -> Value {
        Value::from_bits(header as usize as u64)
    }

    #[inline(always)]
    pub const fn is_object(&self) -> bool {
        self.bits() < POINTER_END
    }

    /// The object's header, if it is not an immediate.
    #[inline(always)]
    pub fn header(&self) -> Option<&Header> {
        // SAFETY: a value below POINTER_END is a pointer to a live object, since this value holds a count of it.
        self.is_object().then(|| unsafe { &*(self.bits() as usize as *const Header) })
    }

    #[inline(always)]
    pub const fn is_small_int(&self) -> bool {
        self.bits() >= INT_TAG
    }

    /// The inline integer. Large ints and bools answer `None`; see `types::int` for those.
    #[inline(always)]
    pub const fn as_small_int(&self) -> Option<i64> {
        if self.is_small_int() { Some(self.small_int_unchecked()) } else { None }
    }

    /// The inline integer of a value for which `is_small_int` holds (else a meaningless number).
    #[inline(always)]
    pub const fn small_int_unchecked(&self) -> i64 {
        (self.bits() << 16) as i64 >> 16
    }

    #[inline(always)]
    pub const fn is_float(&self) -> bool {
        self.bits().wrapping_sub(FLOAT_OFFSET) < INT_TAG - FLOAT_OFFSET
    }

    #[inline(always)]
    pub const fn as_float(&self) -> Option<f64> {
        if self.is_float() { Some(f64::from_bits(self.bits() - FLOAT_OFFSET)) } else { None }
    }

    #[inline(always)]
    pub fn is_none(&self) -> bool {
        self.bits() == Value::NONE.bits()
    }

    #[inline(always)]
    pub fn is_unbound(&self) -> bool {
        self.bits() == Value::UNBOUND.bits()
    }

    #[inline(always)]
    pub fn is_true(&self) -> bool {
        self.bits() == Value::TRUE.bits()
    }

    #[inline(always)]
    pub fn is_false(&self) -> bool {
        self.bits() == Value::FALSE.bits()
    }

    #[inline(always)]
    pub fn as_bool(&self) -> Option<bool> {
        if self.is_true() {
            Some(true)
        } else if self.is_false() {
            Some(false)
        } else {
            None
        }
    }

    #[inline(always)]
    pub fn is_not_implemented(&self) -> bool {
        self.bits() == Value::NOT_IMPLEMENTED.bits()
    }

    /// `self is other`.
    #[inline(always)]
    pub const fn is(&self, other: &Value) -> bool {
        self.bits() == other.bits()
    }

    /// The payload, if the object's type is `T`'s or a subclass of it.
    #[inline(always)]
    pub fn downcast<T: Native>(&self) -> Option<&T> {
        let header = self.header()?;
        // SAFETY: the payload table in the type tells the payload's Rust type.
        std::ptr::eq(header.payload_table(), T::TABLE)
            .then(|| unsafe { &(*(header as *const Header as *const Object<T>)).payload })
    }

    /// The payload, if the object's type is exactly `T`'s.
    #[inline(always)]
    pub fn downcast_exact<T: Native>(&self) -> Option<&T> {
        let header = self.header()?;
        // SAFETY: as in `downcast`.
        std::ptr::eq(header.type_pointer(), T::known_type_pointer())
            .then(|| unsafe { &(*(header as *const Header as *const Object<T>)).payload })
    }

    /// An owned, typed reference, if the object's payload is a `T`.
    #[inline]
    pub fn to_ref<T: Native>(&self) -> Option<Ref<T>> {
        self.downcast::<T>()?;
        Some(Ref::from_value(self.clone()))
    }

    /// The same as `to_ref`, consuming the value.
    #[inline]
    pub fn into_ref<T: Native>(self) -> Result<Ref<T>, Value> {
        if self.downcast::<T>().is_some() { Ok(Ref::from_value(self)) } else { Err(self) }
    }
}

// `small_int_unchecked` and the fast arithmetic rely on the integers' tag being the topmost.
const _: () = assert!(size_of::<Value>() == 8 && size_of::<Option<Value>>() == 8);
const _: () = assert!(size_of::<Result<Value, crate::Raised>>() == 8);

/// Arithmetic on two inline integers, straight on the tagged form; `None` if one is no inline integer or the result does not fit.
impl Value {
    /// Whether both are inline integers.
    #[inline(always)]
    pub const fn both_small_ints(left: &Value, right: &Value) -> bool {
        left.bits() & right.bits() >= INT_TAG
    }

    #[inline(always)]
    pub const fn add_small_ints(left: &Value, right: &Value) -> Option<Value> {
        if !Value::both_small_ints(left, right) {
            return None;
        }
        let (sum, overflow) = ((left.bits() << 16) as i64).overflowing_add((right.bits() << 16) as i64);
        if overflow { None } else { Some(Value::from_bits(INT_TAG | (sum as u64) >> 16)) }
    }

    #[inline(always)]
    pub const fn sub_small_ints(left: &Value, right: &Value) -> Option<Value> {
        if !Value::both_small_ints(left, right) {
            return None;
        }
        let (difference, overflow) = ((left.bits() << 16) as i64).overflowing_sub((right.bits() << 16) as i64);
        if overflow { None } else { Some(Value::from_bits(INT_TAG | (difference as u64) >> 16)) }
    }

    /// The small integer `n` if it fits 48 bits.
    #[inline(always)]
    pub const fn try_small_int(n: i64) -> Option<Value> {
        if n >= SMALL_INT_MIN && n <= SMALL_INT_MAX { Some(Value::small_int(n)) } else { None }
    }
}

impl Clone for Value {
    #[inline(always)]
    fn clone(&self) -> Value {
        if let Some(header) = self.header() {
            header.retain();
        }
        Value(self.0)
    }
}

impl Drop for Value {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(header) = self.header() {
            // SAFETY: this value owns one count and is gone after this.
            unsafe { release(header) }
        }
    }
}

impl Default for Value {
    fn default() -> Value {
        Value::NONE
    }
}

/// Shows the kind only: a full `repr` may need the interpreter.
impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(n) = self.as_small_int() {
            write!(f, "{n}")
        } else if let Some(x) = self.as_float() {
            write!(f, "{x:?}")
        } else if let Some(header) = self.header() {
            write!(f, "<{}>", header.payload_table().name)
        } else {
            f.write_str(
                ["None", "False", "True", "Ellipsis", "NotImplemented", "<unbound>"]
                    [(self.bits() - IMMEDIATE) as usize],
            )
        }
    }
}

impl Value {
    /// The bit pattern for a cache that does not count.
    #[inline(always)]
    pub(crate) fn non_zero_bits(&self) -> NonZeroU64 {
        self.0
    }

    /// A new reference from a bit pattern.
    ///
    /// # Safety
    /// The value it was taken from is still alive somewhere.
    #[inline(always)]
    pub(crate) unsafe fn borrowed_from_bits(bits: NonZeroU64) -> Value {
        let value = std::mem::ManuallyDrop::new(Value(bits));
        (*value).clone()
    }
}
