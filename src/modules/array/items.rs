//! The items of arrays: sizes, packing and unpacking by type code.

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use snakelet_vm::{PyResult, Value, Vm};

/// The type codes in the order of `array.typecodes`.
pub const CODES: &str = "bBuwhHiIlLqQfd";

/// Bytes of an item; `None` for unknown codes.
pub fn size_of_code(code: u8) -> Option<usize> {
    Some(match code {
        b'b' | b'B' => 1,
        b'h' | b'H' => 2,
        b'u' | b'w' | b'i' | b'I' | b'l' | b'L' | b'f' => 4,
        b'q' | b'Q' | b'd' => 8,
        _ => return None,
    })
}

pub fn is_text(code: u8) -> bool {
    matches!(code, b'u' | b'w')
}

/// What pickles call the items' format.
pub fn machine_format(code: u8) -> i64 {
    match code {
        b'b' => 1,
        b'B' => 0,
        b'H' => 2,
        b'h' => 4,
        b'I' | b'L' => 6,
        b'i' | b'l' => 8,
        b'Q' => 10,
        b'q' => 12,
        b'f' => 14,
        b'd' => 16,
        _ => 20,
    }
}

/// Size, signedness and byte order of a pickle's format: (size, signed, float, big-endian).
pub fn described(format: i64) -> Option<(usize, bool, bool, bool)> {
    let (size, signed, float) = match format {
        0 => (1, false, false),
        1 => (1, true, false),
        2 | 3 => (2, false, false),
        4 | 5 => (2, true, false),
        6 | 7 => (4, false, false),
        8 | 9 => (4, true, false),
        10 | 11 => (8, false, false),
        12 | 13 => (8, true, false),
        14 | 15 => (4, false, true),
        16 | 17 => (8, false, true),
        18 | 19 => (2, false, false),
        20 | 21 => (4, false, false),
        _ => return None,
    };
    Some((size, signed, float, format > 1 && format % 2 == 1))
}

/// Whether the value must be converted by Python code before it can be packed.
pub fn needs_conversion(vm: &Vm, code: u8, value: &Value) -> bool {
    match code {
        b'u' | b'w' => false,
        b'f' | b'd' => vm.float_now(value).is_none(),
        _ => vm.index_now(value).is_none(),
    }
}

/// The value as an item's bytes.
pub fn pack(vm: &Vm, code: u8, value: &Value) -> PyResult<[u8; 8]> {
    let mut bytes = [0; 8];
    match code {
        b'u' | b'w' => {
            let got = match value.as_text() {
                Some(text) if text.len() == 1 => {
                    bytes[..4].copy_from_slice(&text.get(0).unwrap_or(0).to_le_bytes());
                    return Ok(bytes);
                }
                Some(text) => format!("a string of length {}", text.len()),
                None => vm.type_name(value),
            };
            return Err(vm.type_error(format!("array item must be a unicode character, not {got}")));
        }
        b'f' | b'd' => {
            let x = match vm.float_now(value) {
                Some(x) => x?,
                None => return Err(vm.type_error("must be real number")),
            };
            if code == b'f' {
                bytes[..4].copy_from_slice(&(x as f32).to_le_bytes());
            } else {
                bytes = x.to_le_bytes();
            }
            return Ok(bytes);
        }
        _ => {}
    }
    let number = match vm.index_now(value) {
        Some(number) => number?,
        None => return Err(vm.type_error("array item must be integer")),
    };
    let number: Option<i128> = match number.to_i64() {
        Some(number) => Some(number.into()),
        None => number.to_bigint().and_then(|number| number.to_i128()),
    };
    let (least, most) = match code {
        b'b' => (i8::MIN.into(), i8::MAX.into()),
        b'B' => (0, u8::MAX.into()),
        b'h' => (i16::MIN.into(), i16::MAX.into()),
        b'H' => (0, u16::MAX.into()),
        b'i' | b'l' => (i32::MIN.into(), i32::MAX.into()),
        b'I' | b'L' => (0, u32::MAX.into()),
        b'q' => (i64::MIN.into(), i64::MAX.into()),
        _ => (0i128, u64::MAX.into()),
    };
    match number {
        Some(number) if (least..=most).contains(&number) => {
            bytes.copy_from_slice(&number.to_le_bytes()[..8]);
            Ok(bytes)
        }
        other => Err(vm.overflow_error(range_message(code, other))),
    }
}

/// What C's converters say.
fn range_message(code: u8, number: Option<i128>) -> &'static str {
    let negative = number.is_some_and(|number| number < 0);
    let fits_long = number.is_some_and(|number| i32::try_from(number).is_ok());
    let fits_short = number.is_some_and(|number| i16::try_from(number).is_ok());
    match code {
        b'Q' if negative => "can't convert negative int to unsigned",
        b'q' | b'Q' => "int too big to convert",
        b'I' | b'L' if negative => "can't convert negative value to unsigned int",
        b'I' | b'L' => "Python int too large to convert to C unsigned long",
        _ if !fits_long => "Python int too large to convert to C long",
        b'b' if fits_short && negative => "signed char is less than minimum",
        b'b' if fits_short => "signed char is greater than maximum",
        b'b' | b'h' if negative => "signed short integer is less than minimum",
        b'b' | b'h' => "signed short integer is greater than maximum",
        b'B' if negative => "unsigned byte integer is less than minimum",
        b'B' => "unsigned byte integer is greater than maximum",
        _ if negative => "unsigned short is less than minimum",
        _ => "unsigned short is greater than maximum",
    }
}

/// The item in these bytes.
pub fn unpack(vm: &Vm, code: u8, raw: &[u8]) -> PyResult {
    let mut bytes = [0; 8];
    bytes[..raw.len()].copy_from_slice(raw);
    let number = u64::from_le_bytes(bytes);
    Ok(match code {
        b'u' | b'w' if number > 0x10ffff => {
            return Err(vm.value_error(format!("character U+{number:x} is not in range [U+0000; U+10ffff]")));
        }
        b'u' | b'w' => Value::from_char(number as u32),
        b'f' => Value::float(f32::from_bits(number as u32).into()),
        b'd' => Value::float(f64::from_bits(number)),
        b'Q' => match i64::try_from(number) {
            Ok(number) => Value::from_i64(number),
            Err(_) => Value::from_bigint(BigInt::from(number)),
        },
        _ if code.is_ascii_lowercase() => {
            let unused = 64 - 8 * raw.len() as u32;
            Value::from_i64((number << unused) as i64 >> unused)
        }
        _ => Value::from_i64(number as i64),
    })
}
