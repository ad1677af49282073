//! `abs`, `divmod`, `pow`, `round`, `bin`, `oct`, `hex`, `chr`, `ord`.

use snakelet_macros::functions;

use crate::protocol::BinaryOp;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::{PyResult, Value, Vm};

pub struct Numbers;

#[functions("builtins", FUNCTIONS)]
impl Numbers {
    /// Return the absolute value of the argument.
    #[function("abs(x, /)")]
    fn abs(vm: &Vm, number: &Value) -> PyResult {
        vm.absolute(number)
    }

    /// Return the tuple (x//y, x%y).  Invariant: div*y + mod == x.
    #[function("divmod(x, y, /)")]
    fn divmod(vm: &Vm, x: &Value, y: &Value) -> PyResult {
        vm.binary(BinaryOp::DivMod, x, y)
    }

    /// Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments.
    ///
    /// Some types, such as ints, are able to use a more efficient algorithm when invoked using the three argument form.
    #[function("pow(base, exp, mod=None)")]
    fn pow(vm: &Vm, base: &Value, exp: &Value, modulus: &Value) -> PyResult {
        vm.power(base, exp, modulus)
    }

    /// Round a number to a given precision in decimal digits.
    ///
    /// The return value is an integer if ndigits is omitted or None.  Otherwise the return value has the same type as the
    /// number.  ndigits may be negative.
    #[function("round(number, ndigits=None)")]
    fn round(vm: &Vm, number: &Value, ndigits: Option<Value>) -> PyResult {
        if let Some(x) = number.as_float()
            && ndigits.as_ref().is_none_or(Value::is_small_int)
        {
            return crate::types::float_methods::round(vm, x, ndigits.as_ref());
        }
        let Some(method) = vm.lookup_special(number, &crate::name!(__round__)) else {
            let name = vm.type_name(number);
            return Err(vm.type_error(format!("type {name} doesn't define __round__ method")));
        };
        let (vm, number) = (vm.handle(), number.clone());
        let bound = vm.bind(&method, &number);
        let bound = vm.settle(bound);
        Err(vm.defer(async move { vm.call(&bound.await?, ndigits.into_iter().collect()).await }))
    }

    /// Return the binary representation of an integer.
    ///
    ///    >>> bin(2796202)
    ///    '0b1010101010101010101010'
    #[function("bin(number, /)")]
    fn bin(vm: &Vm, number: &Value) -> PyResult {
        with_index(vm, number, |vm, n| digits(vm, n, 2, "0b"))
    }

    /// Return the octal representation of an integer.
    ///
    ///    >>> oct(342391)
    ///    '0o1234567'
    #[function("oct(number, /)")]
    fn oct(vm: &Vm, number: &Value) -> PyResult {
        with_index(vm, number, |vm, n| digits(vm, n, 8, "0o"))
    }

    /// Return the hexadecimal representation of an integer.
    ///
    ///    >>> hex(12648430)
    ///    '0xc0ffee'
    #[function("hex(number, /)")]
    fn hex(vm: &Vm, number: &Value) -> PyResult {
        with_index(vm, number, |vm, n| digits(vm, n, 16, "0x"))
    }

    /// Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff.
    #[function("chr(i, /)")]
    fn chr(vm: &Vm, i: &Value) -> PyResult {
        if let Some(n) = i.as_small_int() {
            return character(vm, Some(n));
        }
        with_index(vm, i, |vm, i| character(vm, i.to_i64()))
    }

    /// Return the ordinal value of a character.
    ///
    /// If the argument is a one-character string, return the Unicode code point of that character. If the argument is a bytes
    /// or bytearray object of length 1, return its single byte value.
    #[function("ord(character, /)")]
    fn ord(vm: &Vm, character: &Value) -> PyResult {
        let (first, len) = if let Some(text) = character.as_text() {
            (text.get(0), text.len())
        } else if let Some(bytes) = character.downcast::<Bytes>() {
            (bytes.as_slice().first().map(|&byte| byte.into()), bytes.as_slice().len())
        } else if let Some(bytes) = character.downcast::<ByteArray>() {
            (bytes.bytes.borrow().first().map(|&byte| byte.into()), bytes.bytes.borrow().len())
        } else {
            let got = vm.type_name(character);
            return Err(vm.type_error(format!("ord() expected string of length 1, but {got} found")));
        };
        match first {
            Some(first) if len == 1 => Ok(Value::small_int(first.into())),
            _ => {
                let kind = if character.as_text().is_some() {
                    "string"
                } else if character.downcast::<Bytes>().is_some() {
                    "bytes"
                } else {
                    "bytearray"
                };
                Err(vm.type_error(format!("ord() expected a character, but {kind} of length {len} found")))
            }
        }
    }
}

fn character(vm: &Vm, code: Option<i64>) -> PyResult {
    match code {
        Some(code @ 0..=0x10ffff) => Ok(Value::from_char(code as u32)),
        _ => Err(vm.value_error("chr() arg not in range(0x110000)")),
    }
}

/// Goes on with the argument's `__index__`.
fn with_index(vm: &Vm, value: &Value, then: fn(&Vm, &Value) -> PyResult) -> PyResult {
    if value.is_int() {
        return then(vm, value);
    }
    let (vm, value) = (vm.handle(), value.clone());
    Err(vm.defer(async move {
        let index = vm.index(&value).await?;
        then(&vm, &index)
    }))
}

fn digits(vm: &Vm, number: &Value, radix: u32, prefix: &str) -> PyResult {
    let Some(number) = number.to_bigint() else { return Err(vm.type_error("an integer is required")) };
    vm.check_memory(number.bits() as usize)?;
    let text = snakelet_number::int::to_radix(&number, radix);
    Ok(Value::from_str(&match text.strip_prefix('-') {
        Some(digits) => format!("-{prefix}{digits}"),
        None => format!("{prefix}{text}"),
    }))
}
