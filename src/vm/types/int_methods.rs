//! The methods of `int`.

use num_bigint::BigInt;
use snakelet_macros::methods;
use snakelet_number::int::{self, ToBytesError};
use snakelet_text::Text;

use super::bytes::Bytes;
use super::int::{Bool, Int};
use super::int_arithmetic::{Operand, exact_int};
use super::int_text::is_exactly;
use super::number_format;
use crate::native::ArgBytes;
use crate::object::Native;
use crate::{PyResult, Value, Vm, VmRef};

#[methods(block = METHODS)]
impl Int {
    /// Return self, the complex conjugate of any int.
    #[method("conjugate(self, /)")]
    fn conjugate(this: &Value) -> Value {
        exact_int(this)
    }

    /// Number of bits necessary to represent self in binary.
    ///
    /// >>> bin(37)
    /// '0b100101'
    /// >>> (37).bit_length()
    /// 6
    #[method("bit_length(self, /)")]
    fn bit_length(this: &Value) -> i64 {
        Operand::any(this).map_or(0, Operand::bits) as i64
    }

    /// Number of ones in the binary representation of the absolute value of self.
    ///
    /// >>> (13).bit_count()
    /// 3
    #[method("bit_count(self, /)")]
    fn bit_count(this: &Value) -> i64 {
        match Operand::any(this) {
            Some(Operand::Small(n)) => n.unsigned_abs().count_ones().into(),
            Some(Operand::Big(n)) => int::bit_count(n) as i64,
            None => 0,
        }
    }

    /// Return an array of bytes representing an integer.
    ///
    /// The byteorder is 'big' or 'little'; signed tells whether two's complement is used. OverflowError is raised if the
    /// integer does not fit the length.
    #[method("to_bytes(self, /, length=1, byteorder='big', *, signed=False)")]
    fn to_bytes(vm: &Vm, this: &Value, length: isize, byteorder: Option<&Text>, signed: bool) -> PyResult {
        let little_endian = is_little_endian(vm, byteorder)?;
        let Ok(length) = usize::try_from(length) else {
            return Err(vm.value_error("length argument must be non-negative"));
        };
        vm.check_size(length)?;
        let number = Operand::any(this).map_or_else(BigInt::default, Operand::to_big);
        match int::to_bytes(&number, length, little_endian, signed) {
            Ok(bytes) => Ok(Bytes::new(bytes).into_value()),
            Err(ToBytesError::Negative) => Err(vm.overflow_error("can't convert negative int to unsigned")),
            Err(ToBytesError::TooBig) => Err(vm.overflow_error("int too big to convert")),
        }
    }

    /// Return the integer represented by the given array of bytes.
    ///
    /// The bytes are a bytes-like object or an iterable producing bytes; byteorder and signed are as for to_bytes.
    #[classmethod("from_bytes(cls, /, bytes, byteorder='big', *, signed=False)")]
    fn from_bytes(vm: &Vm, cls: &Value, bytes: &Value, byteorder: Option<&Text>, signed: bool) -> PyResult {
        let little_endian = is_little_endian(vm, byteorder)?;
        if let Some(bytes) = ArgBytes::of(bytes)
            && is_exactly::<Int>(cls)
        {
            return Ok(number_of_bytes(&bytes, little_endian, signed));
        }
        Err(vm.defer(from_any_bytes(vm.handle(), cls.clone(), bytes.clone(), little_endian, signed)))
    }

    /// Return a pair of integers, whose ratio is equal to the original int: the int itself and 1.
    #[method("as_integer_ratio(self, /)")]
    fn as_integer_ratio(this: &Value) -> Value {
        Value::from_tuple(vec![exact_int(this), Value::small_int(1)])
    }

    /// Truncating an integer returns itself.
    #[method("__trunc__(self, /)")]
    fn trunc(this: &Value) -> Value {
        exact_int(this)
    }

    /// Flooring an integer returns itself.
    #[method("__floor__(self, /)")]
    fn floor(this: &Value) -> Value {
        exact_int(this)
    }

    /// Ceiling of an integer returns itself.
    #[method("__ceil__(self, /)")]
    fn ceil(this: &Value) -> Value {
        exact_int(this)
    }

    /// Rounding an integer returns itself; with negative ndigits, the nearest multiple of a power of ten.
    #[method("__round__(self, ndigits=None, /)")]
    fn round(vm: &Vm, this: &Value, ndigits: Option<&Value>) -> PyResult {
        let Some(ndigits) = ndigits else { return Ok(exact_int(this)) };
        if let Some(ndigits) = vm.index_now(ndigits) {
            return round(vm, this, &ndigits?);
        }
        let (vm, this, ndigits) = (vm.handle(), this.clone(), ndigits.clone());
        Err(vm.defer(async move {
            let ndigits = vm.index(&ndigits).await?;
            round(&vm, &this, &ndigits)
        }))
    }

    #[method("__getnewargs__(self, /)")]
    fn getnewargs(this: &Value) -> Value {
        Value::from_tuple(vec![exact_int(this)])
    }

    /// Convert to a string according to format_spec.
    #[method("__format__(self, format_spec, /)")]
    fn format(vm: &Vm, this: &Value, format_spec: &Text) -> PyResult {
        number_format::format_int(vm, this, format_spec)
    }

    /// Returns size in memory, in bytes.
    #[method("__sizeof__(self, /)")]
    fn sizeof(this: &Value) -> i64 {
        // As CPython counts: digits of 30 bits.
        let digits = Operand::any(this).map_or(0, Operand::bits).div_ceil(30).max(1);
        24 + 4 * digits as i64
    }

    /// Returns True, as every int is integral. Exists for compatibility with float.is_integer.
    #[method("is_integer(self, /)")]
    fn is_integer(_this: &Value) -> bool {
        true
    }

    /// the real part of a complex number
    #[getter("real")]
    fn real(this: &Value) -> Value {
        exact_int(this)
    }

    /// the imaginary part of a complex number
    #[getter("imag")]
    fn imag(_this: &Value) -> i64 {
        0
    }

    /// the numerator of a rational number in lowest terms
    #[getter("numerator")]
    fn numerator(this: &Value) -> Value {
        exact_int(this)
    }

    /// the denominator of a rational number in lowest terms
    #[getter("denominator")]
    fn denominator(_this: &Value) -> i64 {
        1
    }
}

fn is_little_endian(vm: &Vm, byteorder: Option<&Text>) -> PyResult<bool> {
    match byteorder.map(|text| text.to_utf8_lossy()).as_deref() {
        None | Some("big") => Ok(false),
        Some("little") => Ok(true),
        Some(_) => Err(vm.value_error("byteorder must be either 'little' or 'big'")),
    }
}

fn number_of_bytes(bytes: &[u8], little_endian: bool, signed: bool) -> Value {
    Value::from_bigint(int::from_bytes(bytes, little_endian, signed))
}

/// `from_bytes` of any object, for any class.
async fn from_any_bytes(vm: VmRef, cls: Value, source: Value, little_endian: bool, signed: bool) -> PyResult {
    let number = match ArgBytes::of(&source) {
        Some(bytes) => number_of_bytes(&bytes, little_endian, signed),
        None => number_of_bytes(&bytes_of(vm, &source).await?, little_endian, signed),
    };
    if is_exactly::<Int>(&cls) {
        return Ok(number);
    }
    if is_exactly::<Bool>(&cls) {
        return Ok(Value::bool(number.to_i64() != Some(0)));
    }
    vm.call(&cls, vec![number]).await
}

/// The bytes of an object with `__bytes__`, or of an iterable of ints.
async fn bytes_of(vm: VmRef, source: &Value) -> PyResult<Vec<u8>> {
    if let Some(result) = vm.call_special(source, &crate::name!(__bytes__), Vec::new()).await {
        let bytes = result?;
        return match bytes.downcast::<Bytes>() {
            Some(bytes) => Ok(bytes.as_slice().to_vec()),
            None => {
                let name = vm.type_name(&bytes);
                Err(vm.type_error(format!("__bytes__ returned non-bytes (type {name})")))
            }
        };
    }
    let slots = vm.type_of(source).slots();
    if source.as_text().is_some() || (slots.iter.is_none() && slots.getitem.is_none()) {
        let name = vm.type_name(source);
        return Err(vm.type_error(format!("cannot convert '{name}' object to bytes")));
    }
    let items = vm.collect(source).await?;
    let mut bytes = Vec::with_capacity(items.len());
    for item in &items {
        let index = vm.index(item).await?;
        match index.to_i64().and_then(|n| u8::try_from(n).ok()) {
            Some(byte) => bytes.push(byte),
            None => return Err(vm.value_error("bytes must be in range(0, 256)")),
        }
    }
    Ok(bytes)
}

/// `round(this, ndigits)` of an int of any kind, with an int as `ndigits`.
pub fn round(vm: &Vm, this: &Value, ndigits: &Value) -> PyResult {
    let Some(number) = Operand::any(this) else { return Ok(Value::NONE) };
    if Operand::any(ndigits).is_none_or(|ndigits| !ndigits.is_negative()) {
        return Ok(exact_int(this));
    }
    let Some(digits) = ndigits.to_i64() else { return Ok(Value::small_int(0)) };
    if let (Operand::Small(n), -12..) = (number, digits) {
        let unit = 10i64.pow(digits.unsigned_abs() as u32);
        let (down, rest) = (n.div_euclid(unit), n.rem_euclid(unit));
        let up = rest * 2 > unit || (rest * 2 == unit && down % 2 != 0);
        return Ok(Value::from_i64((down + up as i64) * unit));
    }
    vm.check_size((number.bits() / 8) as usize)?;
    Ok(Value::from_bigint(int::round_to_power_of_ten(&number.to_big(), digits.unsigned_abs())))
}
