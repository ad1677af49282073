//! Packing and unpacking of single items.

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use snakelet_number::complex::Complex as ComplexNumber;
use snakelet_vm::types::bytes::Bytes;
use snakelet_vm::types::complex;
use snakelet_vm::types::float;
use snakelet_vm::types::{buffer, bytearray::ByteArray};
use snakelet_vm::value::storable;
use snakelet_vm::{PyResult, Raised, Value, Vm};

use super::error;

/// Why a float does not fit.
pub struct TooLarge;

/// The bits of the half-precision float nearest to `x`.
pub fn pack_half(x: f64) -> Result<u16, TooLarge> {
    let sign = if x.is_sign_negative() { 0x8000u16 } else { 0 };
    if x.is_nan() {
        return Ok(sign | 0x7e00);
    }
    if x.is_infinite() {
        return Ok(sign | 0x7c00);
    }
    let magnitude = x.abs();
    if magnitude == 0.0 {
        return Ok(sign);
    }
    // The unit in the last place at this magnitude: 2**-24 for subnormal numbers.
    let exponent = ((magnitude.to_bits() >> 52) as i32 - 1023).max(-14);
    if exponent > 15 {
        return Err(TooLarge);
    }
    let scaled = magnitude * f64::from_bits(((1023 + 10 - exponent) as u64) << 52);
    let rounded = scaled.round_ties_even() as u32;
    // Normal numbers have 1024 <= rounded <= 2048, and the carry moves into the exponent by itself.
    let bits =
        if exponent == -14 && rounded < 1024 { rounded } else { (((exponent + 15) as u32) << 10) + (rounded - 1024) };
    if bits >= 0x7c00 { Err(TooLarge) } else { Ok(sign | bits as u16) }
}

/// The value of a half-precision float.
pub fn unpack_half(bits: u16) -> f64 {
    let (sign, exponent, fraction) = (bits >> 15, i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let magnitude = match exponent {
        0 => fraction / 16_777_216.0,
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction / 1024.0) * f64::from_bits(((1023 + exponent - 15) as u64) << 52),
    };
    if sign == 1 { -magnitude } else { magnitude }
}

fn put(out: &mut [u8], bytes: &[u8], big_endian: bool) {
    out.copy_from_slice(&bytes[..out.len()]);
    if big_endian {
        out.reverse();
    }
}

/// The number as f32's bytes.
fn single(vm: &Vm, x: f64) -> PyResult<[u8; 4]> {
    let narrow = storable(x) as f32;
    if narrow.is_infinite() && x.is_finite() {
        return Err(vm.overflow_error("float too large to pack with f format"));
    }
    Ok(narrow.to_le_bytes())
}

fn out_of_range(vm: &Vm, code: u8, size: usize) -> Raised {
    let bits = 8 * size as u32;
    let (least, greatest) = if code.is_ascii_lowercase() {
        (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1)
    } else {
        (0, (1i128 << bits) - 1)
    };
    error(vm, format!("'{}' format requires {least} <= number <= {greatest}", code as char))
}

/// Packs one value into `out`, which is zero. The value's `__index__` and so on have been called before.
pub fn pack(vm: &Vm, code: u8, value: &Value, out: &mut [u8], big_endian: bool) -> PyResult<()> {
    match code {
        b'c' => match value.downcast::<Bytes>().map(Bytes::as_slice) {
            Some([byte]) => out[0] = *byte,
            _ => match value.downcast::<ByteArray>().and(buffer::contents(value)).as_deref() {
                Some([byte]) => out[0] = *byte,
                _ => return Err(error(vm, "char format requires a bytes object of length 1")),
            },
        },
        b's' | b'p' => {
            let is_bytes = value.downcast::<Bytes>().is_some() || value.downcast::<ByteArray>().is_some();
            let Some(bytes) = buffer::contents(value).filter(|_| is_bytes) else {
                return Err(error(vm, format!("argument for '{}' must be a bytes object", code as char)));
            };
            if code == b's' {
                let count = bytes.len().min(out.len());
                out[..count].copy_from_slice(&bytes[..count]);
            } else if let Some((length, rest)) = out.split_first_mut() {
                let count = bytes.len().min(rest.len());
                rest[..count].copy_from_slice(&bytes[..count]);
                *length = count.min(255) as u8;
            }
        }
        b'?' => out[0] = u8::from(vm.truth_now(value).unwrap_or(true)),
        b'e' | b'f' | b'd' => {
            let Some(Ok(x)) = vm.float_now(value) else {
                drop(vm.catch(snakelet_vm::errors::Exc::Exception));
                return Err(error(vm, "required argument is not a float"));
            };
            match code {
                b'e' => match pack_half(x) {
                    Ok(bits) => put(out, &bits.to_le_bytes(), big_endian),
                    Err(TooLarge) if value.is_int() => return Err(error(vm, "int too large to convert")),
                    Err(TooLarge) => return Err(vm.overflow_error("float too large to pack with e format")),
                },
                b'f' if value.is_int() && x.is_finite() && (x as f32).is_infinite() => {
                    return Err(error(vm, "int too large to convert"));
                }
                b'f' => put(out, &single(vm, x)?, big_endian),
                _ => put(out, &storable(x).to_le_bytes(), big_endian),
            }
        }
        b'F' | b'D' => {
            let number = match complex::to_complex_now(value) {
                Some(number) => number,
                None => match vm.float_now(value) {
                    Some(Ok(x)) => ComplexNumber::new(x, 0.0),
                    _ => {
                        drop(vm.catch(snakelet_vm::errors::Exc::Exception));
                        return Err(error(vm, "required argument is not a complex"));
                    }
                },
            };
            let half = out.len() / 2;
            for (part, x) in out.chunks_exact_mut(half).zip([number.real, number.imag]) {
                if code == b'D' {
                    put(part, &storable(x).to_le_bytes(), big_endian);
                } else if big_endian {
                    put(part, &single(vm, x)?, true);
                } else {
                    // The native format is a cast.
                    put(part, &(storable(x) as f32).to_le_bytes(), false);
                }
            }
        }
        _ => return pack_integer(vm, code, value, out, big_endian),
    }
    Ok(())
}

fn pack_integer(vm: &Vm, code: u8, value: &Value, out: &mut [u8], big_endian: bool) -> PyResult<()> {
    if !value.is_int() {
        return Err(error(vm, "required argument is not an integer"));
    }
    let number: Option<i128> = match value.to_i64() {
        Some(number) => Some(number.into()),
        None => value.to_bigint().and_then(|number| number.to_i128()),
    };
    let (size, bits) = (out.len(), 8 * out.len() as u32);
    let fits = number.filter(|&number| match code {
        // Addresses may be written as negative numbers.
        b'P' => (-(1i128 << (bits - 1))..1i128 << bits).contains(&number),
        _ if code.is_ascii_lowercase() => (-(1i128 << (bits - 1))..1i128 << (bits - 1)).contains(&number),
        _ => (0..1i128 << bits).contains(&number),
    });
    match fits {
        Some(number) => {
            put(out, &number.to_le_bytes()[..size], big_endian);
            Ok(())
        }
        None if code == b'P' => Err(error(vm, "int too large to convert")),
        None => {
            // CPython notices with integers of 64 bits in foreign order only after it wrote them: `pack_into` leaves them.
            let written = number.filter(|&number| big_endian && (code == b'q' || number >= 0));
            if let (b'q' | b'Q', Some(number)) = (code, written) {
                put(out, &number.to_le_bytes()[..size], big_endian);
            }
            Err(out_of_range(vm, code, size))
        }
    }
}

/// The item in these bytes.
pub fn unpack(vm: &Vm, code: u8, raw: &[u8], big_endian: bool) -> PyResult {
    match code {
        b's' | b'c' => return copy(vm, raw),
        b'p' => {
            let Some((&length, rest)) = raw.split_first() else { return copy(vm, raw) };
            return copy(vm, &rest[..rest.len().min(length as usize)]);
        }
        b'?' => return Ok(Value::bool(raw[0] != 0)),
        b'F' | b'D' => {
            let (real, imag) = raw.split_at(raw.len() / 2);
            let (real, imag) = (float_of(real, big_endian), float_of(imag, big_endian));
            return Ok(complex::from_number(ComplexNumber::new(real, imag)));
        }
        b'e' | b'f' | b'd' => return Ok(Value::float(float_of(raw, big_endian))),
        _ => {}
    }
    let mut bytes = [0u8; 8];
    bytes[..raw.len()].copy_from_slice(raw);
    if big_endian {
        bytes[..raw.len()].reverse();
    }
    let number = u64::from_le_bytes(bytes);
    Ok(if code.is_ascii_lowercase() {
        let unused = 64 - 8 * raw.len() as u32;
        Value::from_i64((number << unused) as i64 >> unused)
    } else {
        match i64::try_from(number) {
            Ok(number) => Value::from_i64(number),
            Err(_) => Value::from_bigint(BigInt::from(number)),
        }
    })
}

fn copy(vm: &Vm, raw: &[u8]) -> PyResult {
    vm.check_size(raw.len())?;
    Ok(Value::from_bytes(raw.to_vec()))
}

/// The float whose format has as many bytes as there are.
fn float_of(raw: &[u8], big_endian: bool) -> f64 {
    let mut bytes = [0u8; 8];
    bytes[..raw.len()].copy_from_slice(raw);
    if big_endian {
        bytes[..raw.len()].reverse();
    }
    match raw.len() {
        2 => unpack_half(u16::from_le_bytes([bytes[0], bytes[1]])),
        4 => f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]).into(),
        _ => f64::from_le_bytes(bytes),
    }
}

/// Whether packing the value needs a method that may be Python code.
pub fn needs_conversion(vm: &Vm, code: u8, value: &Value) -> bool {
    let slots = vm.type_of(value).slots();
    match code {
        b'c' | b's' | b'p' => false,
        b'?' => vm.truth_now(value).is_none(),
        b'e' | b'f' | b'd' => float::exact_real(value).is_none() && vm.float_now(value).is_none(),
        b'F' | b'D' => complex::to_complex_now(value).is_none() && vm.float_now(value).is_none(),
        _ => !value.is_int() && slots.index.is_some(),
    }
}

/// The value with that method called (async).
pub async fn convert(vm: &Vm, code: u8, value: &Value) -> PyResult {
    match code {
        b'?' => vm.truth(value).await.map(Value::bool),
        b'e' | b'f' | b'd' | b'F' | b'D' => match vm.float(value).await {
            Ok(x) => Ok(Value::float(x)),
            Err(raised) => Err(raised),
        },
        _ => vm.index(value).await,
    }
}
