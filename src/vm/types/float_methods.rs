//! The methods of `float`, and conversion to and from floats.

use snakelet_macros::methods;
use snakelet_number::float::{self as arith, FromHexError};
use snakelet_number::int;
use snakelet_text::{Text, classify};

use super::float::Float;
use super::int_text::{is_exactly, shown};
use super::number_format;
use crate::native::ArgBytes;
use crate::{PyResult, Value, Vm, VmRef};

/// `float.__new__`. May defer.
pub fn construct(vm: &Vm, cls: &Value, x: Option<&Value>) -> PyResult {
    let number = match x {
        None => Ok(Value::float(0.0)),
        Some(x) => convert(vm, x),
    };
    of_class(vm, cls, number)
}

/// The float as an instance of `cls`. May defer.
fn of_class(vm: &Vm, cls: &Value, number: PyResult) -> PyResult {
    if is_exactly::<Float>(cls) {
        return number;
    }
    let cls = cls.clone();
    vm.and_then(number, move |vm, number| {
        let value = number.to_float().unwrap_or(0.0);
        vm.new_instance(&cls, Float { value })
    })
}

/// `float(x)`. May defer.
fn convert(vm: &Vm, x: &Value) -> PyResult {
    if let Some(number) = x.as_float() {
        return Ok(Value::float(number));
    }
    let own_float = vm.type_of(x).slots().float.is_some();
    if let Some(text) = x.as_text().filter(|_| !own_float) {
        let ascii = classify::to_ascii_number(text).map_err(|_| vm.memory_error())?;
        return parse(vm, x, &ascii);
    }
    let slots = vm.type_of(x).slots();
    if slots.float.is_none() && slots.index.is_none() {
        if let Some(bytes) = ArgBytes::of(x) {
            return parse(vm, x, &String::from_utf8_lossy(&bytes));
        }
        let name = vm.type_name(x);
        return Err(vm.type_error(format!("float() argument must be a string or a real number, not '{name}'")));
    }
    number(vm, x)
}

/// The float of a number. May defer.
fn number(vm: &Vm, x: &Value) -> PyResult {
    // A subclass may have a `__float__` of its own.
    match vm.type_of(x).slots().float {
        Some(slot) => {
            let class = vm.class_of(x);
            vm.and_then(slot(vm, x), move |vm, number| match number.to_float() {
                Some(number) => Ok(Value::float(number)),
                None => {
                    let (class, other) = (class.name(), vm.type_name(&number));
                    Err(vm.type_error(format!("{class}.__float__ returned non-float (type {other})")))
                }
            })
        }
        None => match vm.float_now(x) {
            Some(number) => number.map(Value::float),
            None => {
                let (vm, x) = (vm.handle(), x.clone());
                Err(vm.defer(async move { vm.float(&x).await.map(Value::float) }))
            }
        },
    }
}

fn parse(vm: &Vm, x: &Value, text: &str) -> PyResult {
    match arith::parse(text) {
        Some(number) => Ok(Value::float(number)),
        None => Err(vm.value_error(format!("could not convert string to float: {}", shown(x)))),
    }
}

/// The integral part of a float as an int, or the errors for infinities and NaN.
pub fn to_int(vm: &Vm, x: f64) -> PyResult {
    if x.abs() < 9e15 {
        return Ok(Value::from_i64(x as i64));
    }
    match int::from_float(x) {
        Some(n) => Ok(Value::from_bigint(n)),
        None if x.is_nan() => Err(vm.value_error("cannot convert float NaN to integer")),
        None => Err(vm.overflow_error("cannot convert float infinity to integer")),
    }
}

/// `round(x)` or `round(x, ndigits)` with an int as `ndigits`.
pub fn round(vm: &Vm, x: f64, ndigits: Option<&Value>) -> PyResult {
    let Some(ndigits) = ndigits else { return to_int(vm, arith::round_half_even(x)) };
    let digits = match ndigits.to_i64() {
        Some(digits) => digits,
        None if ndigits.to_bigint().is_some_and(|n| int::is_negative(&n)) => i64::MIN,
        None => i64::MAX,
    };
    match arith::round(x, digits) {
        Some(rounded) => Ok(Value::float(rounded)),
        None => Err(vm.overflow_error("rounded value too large to represent")),
    }
}

fn own(this: &Value) -> f64 {
    this.to_float().unwrap_or(0.0)
}

#[methods(block = METHODS)]
impl Float {
    /// Convert real number to a floating-point number.
    #[classmethod("from_number(cls, number, /)")]
    fn from_number(vm: &Vm, cls: &Value, number: &Value) -> PyResult {
        if is_exactly::<Float>(cls) && number.is_float() {
            return Ok(number.clone());
        }
        let float = match vm.float_now(number) {
            Some(float) => float.map(Value::float),
            None => self::number(vm, number),
        };
        if is_exactly::<Float>(cls) {
            return float;
        }
        call_with(vm, cls, float)
    }

    /// Return self, the complex conjugate of any float.
    #[method("conjugate(self, /)")]
    fn conjugate(this: &Value) -> f64 {
        own(this)
    }

    /// Return the Integral closest to x between 0 and x.
    #[method("__trunc__(self, /)")]
    fn trunc(vm: &Vm, this: &Value) -> PyResult {
        to_int(vm, own(this))
    }

    /// Return the floor as an Integral.
    #[method("__floor__(self, /)")]
    fn floor(vm: &Vm, this: &Value) -> PyResult {
        to_int(vm, own(this).floor())
    }

    /// Return the ceiling as an Integral.
    #[method("__ceil__(self, /)")]
    fn ceil(vm: &Vm, this: &Value) -> PyResult {
        to_int(vm, own(this).ceil())
    }

    /// Return the Integral closest to x, rounding half toward even; with ndigits, a float rounded to so many digits.
    #[method("__round__(self, ndigits=None, /)")]
    fn round(vm: &Vm, this: &Value, ndigits: Option<&Value>) -> PyResult {
        let Some(ndigits) = ndigits else { return round(vm, own(this), None) };
        if let Some(ndigits) = vm.index_now(ndigits) {
            return round(vm, own(this), Some(&ndigits?));
        }
        let (vm, x, ndigits) = (vm.handle(), own(this), ndigits.clone());
        Err(vm.defer(async move {
            let ndigits = vm.index(&ndigits).await?;
            round(&vm, x, Some(&ndigits))
        }))
    }

    /// Return a pair of integers, whose ratio is exactly equal to the original float; the second one is positive.
    #[method("as_integer_ratio(self, /)")]
    fn as_integer_ratio(vm: &Vm, this: &Value) -> PyResult {
        let x = own(this);
        match arith::as_integer_ratio(x) {
            Some((numerator, denominator)) => {
                Ok(Value::from_tuple(vec![Value::from_bigint(numerator), Value::from_bigint(denominator)]))
            }
            None if x.is_nan() => Err(vm.value_error("cannot convert NaN to integer ratio")),
            None => Err(vm.overflow_error("cannot convert Infinity to integer ratio")),
        }
    }

    /// Create a floating-point number from a hexadecimal string.
    ///
    /// >>> float.fromhex('0x1.ffffp10')
    /// 2047.984375
    #[classmethod("fromhex(cls, string, /)")]
    fn fromhex(vm: &Vm, cls: &Value, string: &Value) -> PyResult {
        let Some(text) = string.as_text() else {
            return Err(vm.type_error("bad argument type for built-in operation"));
        };
        let float = match arith::from_hex(&text.to_utf8_lossy()) {
            Ok(x) => Ok(Value::float(x)),
            Err(FromHexError::Invalid) => Err(vm.value_error("invalid hexadecimal floating-point string")),
            Err(FromHexError::TooLarge) => {
                Err(vm.overflow_error("hexadecimal value too large to represent as a float"))
            }
        };
        if is_exactly::<Float>(cls) {
            return float;
        }
        call_with(vm, cls, float)
    }

    /// Return a hexadecimal representation of a floating-point number.
    ///
    /// >>> (-0.1).hex()
    /// '-0x1.999999999999ap-4'
    #[method("hex(self, /)")]
    fn hex(this: &Value) -> String {
        arith::to_hex(own(this))
    }

    /// Return True if the float is an integer.
    #[method("is_integer(self, /)")]
    fn is_integer(this: &Value) -> bool {
        arith::is_integer(own(this))
    }

    #[method("__getnewargs__(self, /)")]
    fn getnewargs(this: &Value) -> Value {
        Value::from_tuple(vec![Value::float(own(this))])
    }

    /// How floats are stored, for CPython's test suite: typestr is 'double' or 'float'.
    #[classmethod("__getformat__(cls, typestr, /)")]
    fn getformat(vm: &Vm, _cls: &Value, typestr: &Text) -> PyResult {
        match &*typestr.to_utf8_lossy() {
            "double" | "float" => Ok(Value::from_str("IEEE, little-endian")),
            _ => Err(vm.value_error("__getformat__() argument 1 must be 'double' or 'float'")),
        }
    }

    /// Formats the float according to format_spec.
    #[method("__format__(self, format_spec, /)")]
    fn format(vm: &Vm, this: &Value, format_spec: &Text) -> PyResult {
        number_format::format_float(vm, this, format_spec)
    }

    /// the real part of a complex number
    #[getter("real")]
    fn real(this: &Value) -> f64 {
        own(this)
    }

    /// the imaginary part of a complex number
    #[getter("imag")]
    fn imag(_this: &Value) -> f64 {
        0.0
    }
}

/// `cls(number)`. May defer.
pub(super) fn call_with(vm: &Vm, cls: &Value, number: PyResult) -> PyResult {
    let cls = cls.clone();
    vm.and_then(number, move |vm, number| {
        let vm: VmRef = vm.handle();
        Err(vm.defer(async move { vm.call(&cls, vec![number]).await }))
    })
}
