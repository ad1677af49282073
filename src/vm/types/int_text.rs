//! `int(...)` and `str(int)`: conversion from any object and from text, and to decimal text.
//!
//! Conversions of many digits are quadratic in CPython, which therefore has a limit, `sys.set_int_max_str_digits`; programs can
//! see it, so it holds here as well.

use std::cell::Cell;

use snakelet_number::int::{self, ParseIntError, long};
use snakelet_text::{classify, escape};

use super::bytearray::ByteArray;
use super::bytes::Bytes;
use super::int::{Bool, Int};
use super::int_arithmetic::{Operand, exact_int};
use super::int_long;
use crate::native::ArgBytes;
use crate::object::Native;
use crate::{PyResult, Raised, Value, Vm};

/// `sys.get_int_max_str_digits()`, 0 for no limit.
struct DigitLimit(Cell<usize>);

impl Default for DigitLimit {
    fn default() -> DigitLimit {
        DigitLimit(Cell::new(4300))
    }
}

/// No limit may be lower than this, but for 0.
pub const LEAST_DIGIT_LIMIT: usize = 640;

impl Vm {
    /// The most decimal digits that conversions between int and str accept; 0 means no limit.
    pub fn int_max_str_digits(&self) -> usize {
        self.extension::<DigitLimit>().0.get()
    }

    /// Sets the limit, which is 0 or at least [`LEAST_DIGIT_LIMIT`].
    pub fn set_int_max_str_digits(&self, digits: usize) {
        self.extension::<DigitLimit>().0.set(digits);
    }
}

/// Whether `cls` is exactly `T`'s builtin type.
pub fn is_exactly<T: Native>(cls: &Value) -> bool {
    cls.bits() == T::type_pointer() as usize as u64
}

/// `int.__new__`. May defer.
pub fn construct(vm: &Vm, cls: &Value, x: Option<&Value>, base: Option<&Value>) -> PyResult {
    if is_exactly::<Bool>(cls) {
        return Err(vm.type_error("int.__new__(bool) is not safe, use bool.__new__()"));
    }
    let number = match (x, base) {
        (None, None) => Ok(Value::small_int(0)),
        (None, Some(_)) => Err(vm.type_error("int() missing string argument")),
        (Some(x), None) => convert(vm, x),
        (Some(x), Some(base)) => match vm.index_now(base) {
            Some(base) => base.and_then(|base| from_text_in_base(vm, x, &base)),
            None => {
                let (vm, x, base) = (vm.handle(), x.clone(), base.clone());
                Err(vm.defer(async move {
                    let base = vm.index(&base).await?;
                    from_text_in_base(&vm, &x, &base)
                }))
            }
        },
    };
    if is_exactly::<Int>(cls) {
        return number;
    }
    let cls = cls.clone();
    vm.and_then(number, move |vm, number| {
        let value = Operand::any(&number).map_or_else(Default::default, Operand::to_big);
        vm.new_instance(&cls, Int { value })
    })
}

/// `int(x)`. May defer.
fn convert(vm: &Vm, x: &Value) -> PyResult {
    if x.is_small_int() || x.downcast_exact::<Int>().is_some() {
        return Ok(x.clone());
    }
    let slots = vm.type_of(x).slots();
    if let Some(slot) = slots.int {
        return vm.and_then(slot(vm, x), |vm, number| {
            if number.is_int() {
                return Ok(exact_int(&number));
            }
            let name = vm.type_name(&number);
            Err(vm.type_error(format!("__int__ returned non-int (type {name})")))
        });
    }
    if slots.index.is_some() {
        let (vm, x) = (vm.handle(), x.clone());
        return Err(vm.defer(async move { vm.index(&x).await }));
    }
    match from_text(vm, x, 10) {
        Some(result) => result,
        None => {
            let name = vm.type_name(x);
            Err(vm.type_error(format!(
                "int() argument must be a string, a bytes-like object or a real number, not '{name}'"
            )))
        }
    }
}

fn from_text_in_base(vm: &Vm, x: &Value, base: &Value) -> PyResult {
    let Some(base @ (0 | 2..=36)) = base.to_i64() else {
        return Err(vm.value_error("int() base must be >= 2 and <= 36, or 0"));
    };
    let literal = x.as_text().is_some() || x.downcast::<Bytes>().is_some() || x.downcast::<ByteArray>().is_some();
    match if literal { from_text(vm, x, base as u32) } else { None } {
        Some(result) => result,
        None => Err(vm.type_error("int() can't convert non-string with explicit base")),
    }
}

/// The int that a str, bytes or bytearray shows; `None` for other values. May defer.
fn from_text(vm: &Vm, x: &Value, base: u32) -> Option<PyResult> {
    if let Some(text) = x.as_text() {
        return Some(match classify::to_ascii_number(text) {
            Ok(ascii) => parse(vm, x, &ascii, base),
            Err(_) => Err(vm.memory_error()),
        });
    }
    let bytes = ArgBytes::of(x)?;
    Some(parse(vm, x, &String::from_utf8_lossy(&bytes), base))
}

fn parse(vm: &Vm, x: &Value, text: &str, base: u32) -> PyResult {
    match int::scan(text, base, vm.int_max_str_digits()) {
        Ok(literal) if long::is_long_parse(literal.count) => {
            vm.check_size(text.len().saturating_mul(2))?;
            let text = text.to_owned();
            Err(vm.defer(int_long::parse(vm.handle(), text, base)))
        }
        Ok(literal) => Ok(match small_literal(&literal) {
            Some(n) => Value::from_i64(n),
            None => Value::from_bigint(int::literal_value(&literal)),
        }),
        Err(ParseIntError::Invalid) => Err(invalid_literal(vm, x, base)),
        Err(ParseIntError::TooManyDigits(count)) => Err(vm.value_error(format!(
            "Exceeds the limit ({} digits) for integer string conversion: value has {count} digits; \
             use sys.set_int_max_str_digits() to increase the limit",
            vm.int_max_str_digits()
        ))),
    }
}

/// The value of a literal of few digits.
fn small_literal(literal: &int::Literal<'_>) -> Option<i64> {
    if literal.count > 12 {
        return None;
    }
    let mut value = 0;
    for &digit in literal.digits {
        if let Some(digit) = (digit as char).to_digit(literal.radix) {
            value = value * i64::from(literal.radix) + i64::from(digit);
        }
    }
    Some(if literal.negative { -value } else { value })
}

#[cold]
fn invalid_literal(vm: &Vm, x: &Value, base: u32) -> Raised {
    let shown = shown(x);
    let shown: String = shown.chars().take(200).collect();
    vm.value_error(format!("invalid literal for int() with base {base}: {shown}"))
}

/// The repr of a text, for messages about it.
pub fn shown(x: &Value) -> String {
    let repr = if let Some(text) = x.as_text() {
        escape::repr(text)
    } else if let Some(bytes) = x.downcast::<Bytes>() {
        escape::repr_bytes(bytes.as_slice())
    } else if let Some(array) = x.downcast::<ByteArray>() {
        return escape::repr_bytes(array.bytes.borrow())
            .map_or(String::new(), |repr| format!("bytearray({})", repr.to_utf8_lossy()));
    } else {
        return String::new();
    };
    repr.map_or(String::new(), |repr| repr.to_utf8_lossy().into_owned())
}

/// `repr(int)`. May defer.
pub fn repr(vm: &Vm, value: &Value) -> PyResult {
    let number = match Operand::any(value) {
        Some(Operand::Big(number)) => number,
        Some(Operand::Small(n)) => return Ok(Value::from_str(int::small_to_decimal(n, &mut [0; 20]))),
        None => return Ok(Value::NONE),
    };
    let limit = vm.int_max_str_digits();
    let bits = number.bits();
    // A digit has between 3 and 4 bits.
    let limit_bits = limit as u64 * 3;
    if limit > 0 && bits > limit_bits && (bits > limit_bits / 3 * 4 || int::exceeds_digits(number, limit)) {
        return Err(vm.value_error(format!(
            "Exceeds the limit ({limit} digits) for integer string conversion; \
             use sys.set_int_max_str_digits() to increase the limit"
        )));
    }
    if long::is_long_to_decimal(bits) {
        vm.check_size((bits / 3) as usize)?;
        let (vm, number) = (vm.handle(), number.clone());
        return Err(vm.defer(async move {
            let text = int_long::decimal(vm, number).await?;
            Ok(Value::from_str(&text))
        }));
    }
    Ok(Value::from_str(&int::to_decimal(number)))
}
