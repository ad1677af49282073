//! Module `binascii`: base64, hexadecimal, quoted-printable and uuencoded text; CRCs.

use std::borrow::Cow;

use snakelet_macros::native_module;
use snakelet_vm::native::{ArgBytes, ModuleDef};
use snakelet_vm::types::buffer;
use snakelet_vm::types::bytes_methods::hexadecimal;
use snakelet_vm::{PyResult, Raised, Value, Vm};

use crate::support::{ClassConstant, exception, raise_text};

pub const MODULE: ModuleDef = Binascii::MODULE;

exception!(error_class, "binascii", "Error", "", ValueError);
exception!(incomplete_class, "binascii", "Incomplete", "", Exception);

#[cold]
fn error(vm: &Vm, message: impl AsRef<str>) -> Raised {
    raise_text(vm, &error_class(), message)
}

/// Bytes, or the bytes of an ASCII str.
fn ascii_argument<'a>(vm: &Vm, value: &'a Value) -> PyResult<Cow<'a, [u8]>> {
    if let Some(text) = value.as_text() {
        return match text.as_str_if_ascii() {
            Some(text) => Ok(Cow::Borrowed(text.as_bytes())),
            None => Err(vm.value_error("string argument should contain only ASCII characters")),
        };
    }
    buffer::contents(value).ok_or_else(|| {
        let name = vm.type_name(value);
        vm.type_error(format!("argument should be bytes, buffer or ASCII string, not '{name}'"))
    })
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The value of a base64 digit.
fn base64_digit(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

fn decode_base64(vm: &Vm, data: &[u8], strict: bool) -> PyResult<Vec<u8>> {
    if strict && data.first() == Some(&b'=') {
        return Err(error(vm, "Leading padding not allowed"));
    }
    let mut out = Vec::new();
    vm.reserve(&mut out, data.len() / 4 * 3 + 3)?;
    let (mut place, mut left, mut pads, mut padding) = (0, 0u8, 0, false);
    for &byte in data {
        if byte == b'=' {
            padding = true;
            pads += usize::from(place >= 2);
            if strict && (place == 0 || place + pads > 4) {
                return Err(error(vm, "Excess padding not allowed"));
            }
            continue;
        }
        let Some(digit) = base64_digit(byte) else {
            if strict {
                return Err(error(vm, "Only base64 data is allowed"));
            }
            continue;
        };
        if strict && padding {
            let is_complete = place + pads == 4;
            let message = if is_complete { "Excess data after padding" } else { "Discontinuous padding not allowed" };
            return Err(error(vm, message));
        }
        pads = 0;
        match place {
            0 => left = digit,
            1 => {
                out.push(left << 2 | digit >> 4);
                left = digit & 0x0f;
            }
            2 => {
                out.push(left << 4 | digit >> 2);
                left = digit & 3;
            }
            _ => out.push(left << 6 | digit),
        }
        place = (place + 1) % 4;
    }
    match place {
        0 => Ok(out),
        1 => {
            let digits = out.len() / 3 * 4 + 1;
            Err(error(
                vm,
                format!(
                    "Invalid base64-encoded string: number of data characters ({digits}) cannot be 1 more than a multiple of 4"
                ),
            ))
        }
        _ if place + pads >= 4 => Ok(out),
        _ => Err(error(vm, "Incorrect padding")),
    }
}

fn encode_base64(data: &[u8], newline: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len().div_ceil(3) * 4 + 1);
    for chunk in data.chunks(3) {
        let bits = u32::from(chunk[0]) << 16
            | u32::from(*chunk.get(1).unwrap_or(&0)) << 8
            | u32::from(*chunk.get(2).unwrap_or(&0));
        for place in 0..4 {
            let digit = BASE64[(bits >> (18 - 6 * place)) as usize & 63];
            out.push(if place > chunk.len() { b'=' } else { digit });
        }
    }
    if newline {
        out.push(b'\n');
    }
    out
}

/// The CRC of gzip and zip files, going on from `crc`.
pub fn crc32(crc: u32, data: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut index = 0;
        while index < 256 {
            let (mut value, mut bit) = (index as u32, 0);
            while bit < 8 {
                value = if value & 1 == 1 { value >> 1 ^ 0xedb8_8320 } else { value >> 1 };
                bit += 1;
            }
            table[index] = value;
            index += 1;
        }
        table
    };
    !data.iter().fold(!crc, |crc, &byte| crc >> 8 ^ TABLE[(crc as u8 ^ byte) as usize])
}

/// The low 32 bits of an int argument.
pub fn low_bits(vm: &Vm, value: Option<&Value>, default: u32) -> PyResult<u32> {
    let Some(value) = value else { return Ok(default) };
    let number = match vm.index_now(value) {
        Some(number) => number?,
        None => return Err(vm.type_error("an integer is required")),
    };
    Ok(match number.to_i64() {
        Some(number) => number as u32,
        None => number.to_bigint().map_or(0, |big| {
            let digits = big.iter_u32_digits().next().unwrap_or(0);
            if big.sign() == num_bigint::Sign::Minus { digits.wrapping_neg() } else { digits }
        }),
    })
}

/// Conversion between binary data and ASCII
#[native_module("binascii")]
impl Binascii {
    #[constant("Error")]
    const ERROR: ClassConstant = ClassConstant(error_class);

    #[constant("Incomplete")]
    const INCOMPLETE: ClassConstant = ClassConstant(incomplete_class);

    /// Decode a line of base64 data.
    ///
    /// With strict_mode, bytes that are not base64 data are errors; else they are left out.
    #[function("a2b_base64(data, /, *, strict_mode=False)")]
    fn a2b_base64(vm: &Vm, data: &Value, strict_mode: bool) -> PyResult {
        let data = ascii_argument(vm, data)?;
        Ok(Value::from_bytes(decode_base64(vm, &data, strict_mode)?))
    }

    /// Base64-code line of data.
    #[function("b2a_base64(data, /, *, newline=True)")]
    fn b2a_base64(vm: &Vm, data: ArgBytes<'_>, newline: bool) -> PyResult {
        vm.check_size(data.len().saturating_mul(4) / 3)?;
        Ok(Value::from_bytes(encode_base64(&data, newline)))
    }

    /// Hexadecimal representation of binary data.
    ///
    /// The optional sep, a str or bytes of one character, is put after every bytes_per_sep bytes, counted from the right
    /// or, if negative, from the left.
    #[function("hexlify(data, sep=<unrepresentable>, bytes_per_sep=1)")]
    fn hexlify(vm: &Vm, data: ArgBytes<'_>, sep: Option<&Value>, bytes_per_sep: i32) -> PyResult {
        hex_bytes(vm, &data, sep, bytes_per_sep)
    }

    /// Hexadecimal representation of binary data.
    ///
    /// This function is also available as "hexlify()".
    #[function("b2a_hex(data, sep=<unrepresentable>, bytes_per_sep=1)")]
    fn b2a_hex(vm: &Vm, data: ArgBytes<'_>, sep: Option<&Value>, bytes_per_sep: i32) -> PyResult {
        hex_bytes(vm, &data, sep, bytes_per_sep)
    }

    /// Binary data of hexadecimal representation.
    ///
    /// hexstr must contain an even number of hex digits (upper or lower case).
    #[function("unhexlify(hexstr, /)")]
    fn unhexlify(vm: &Vm, hexstr: &Value) -> PyResult {
        unhex(vm, hexstr)
    }

    /// Binary data of hexadecimal representation.
    ///
    /// hexstr must contain an even number of hex digits (upper or lower case). This function is also available as
    /// "unhexlify()".
    #[function("a2b_hex(hexstr, /)")]
    fn a2b_hex(vm: &Vm, hexstr: &Value) -> PyResult {
        unhex(vm, hexstr)
    }

    /// Decode a line of uuencoded data.
    #[function("a2b_uu(data, /)")]
    fn a2b_uu(vm: &Vm, data: &Value) -> PyResult {
        let data = ascii_argument(vm, data)?;
        if data.is_empty() {
            return Err(error(vm, "Missing length"));
        }
        let length = (data.first().copied().unwrap_or(0).wrapping_sub(b' ') & 0x3f) as usize;
        let mut out = Vec::with_capacity(length);
        let (mut bits, mut left, mut at) = (0, 0u32, 1);
        while out.len() < length {
            let byte = data.get(at).copied().unwrap_or(b'\n');
            at += 1;
            let digit = match byte {
                // Trailing blanks may have been stripped.
                b'\n' | b'\r' => {
                    at -= usize::from(at <= data.len());
                    0
                }
                b' '..=b'`' => u32::from((byte - b' ') & 0x3f),
                _ => return Err(error(vm, "Illegal char")),
            };
            left = left << 6 | digit;
            bits += 6;
            if bits >= 8 {
                bits -= 8;
                out.push((left >> bits) as u8);
                left &= (1 << bits) - 1;
            }
        }
        let rest = data.get(at..).unwrap_or(&[]);
        if rest.iter().any(|byte| !matches!(byte, b' ' | b'`' | b'\n' | b'\r')) {
            return Err(error(vm, "Trailing garbage"));
        }
        Ok(Value::from_bytes(out))
    }

    /// Uuencode line of data.
    #[function("b2a_uu(data, /, *, backtick=False)")]
    fn b2a_uu(vm: &Vm, data: ArgBytes<'_>, backtick: bool) -> PyResult {
        if data.len() > 45 {
            return Err(error(vm, "At most 45 bytes at once"));
        }
        let digit = |bits: u32| if bits == 0 && backtick { b'`' } else { b' ' + bits as u8 };
        let mut out = vec![digit(data.len() as u32)];
        for chunk in data.chunks(3) {
            let bits = u32::from(chunk[0]) << 16
                | u32::from(*chunk.get(1).unwrap_or(&0)) << 8
                | u32::from(*chunk.get(2).unwrap_or(&0));
            out.extend((0..4).map(|place| digit(bits >> (18 - 6 * place) & 63)));
        }
        out.push(b'\n');
        Ok(Value::from_bytes(out))
    }

    /// Compute CRC-CCITT incrementally.
    #[function("crc_hqx(data, crc, /)")]
    fn crc_hqx(vm: &Vm, data: ArgBytes<'_>, crc: &Value) -> PyResult<u32> {
        let crc = low_bits(vm, Some(crc), 0)? & 0xffff;
        Ok(data.iter().fold(crc, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte) << 8, |crc, _| {
                if crc & 0x8000 != 0 { (crc << 1 ^ 0x1021) & 0xffff } else { crc << 1 & 0xffff }
            })
        }))
    }

    /// Compute CRC-32 incrementally.
    #[function("crc32(data, crc=0, /)")]
    fn crc32(vm: &Vm, data: ArgBytes<'_>, crc: Option<&Value>) -> PyResult<u32> {
        Ok(crc32(low_bits(vm, crc, 0)?, &data))
    }

    /// Decode a string of qp-encoded data.
    #[function("a2b_qp(data, header=False)")]
    fn a2b_qp(vm: &Vm, data: &Value, header: bool) -> PyResult {
        let data = ascii_argument(vm, data)?;
        let mut out = Vec::with_capacity(data.len());
        let mut at = 0;
        while at < data.len() {
            if data[at] == b'=' {
                at += 1;
                let Some(&next) = data.get(at) else { break };
                let digit = |at: usize| data.get(at).and_then(|&byte| (byte as char).to_digit(16));
                if next == b'\n' || next == b'\r' {
                    // A soft line break.
                    while data.get(at).is_some_and(|&byte| byte != b'\n') {
                        at += 1;
                    }
                    at += usize::from(at < data.len());
                } else if next == b'=' {
                    out.push(b'=');
                    at += 1;
                } else if let (Some(high), Some(low)) = (digit(at), digit(at + 1)) {
                    out.push((high << 4 | low) as u8);
                    at += 2;
                } else {
                    out.push(b'=');
                }
            } else {
                out.push(if header && data[at] == b'_' { b' ' } else { data[at] });
                at += 1;
            }
        }
        Ok(Value::from_bytes(out))
    }

    /// Encode a string using quoted-printable encoding.
    ///
    /// On encoding, when istext is set, newlines are not encoded, and white space at end of lines is. When istext is not
    /// set, \r and \n (CR/LF) are both encoded. When quotetabs is set, space and tabs are encoded.
    #[function("b2a_qp(data, quotetabs=False, istext=True, header=False)")]
    fn b2a_qp(data: ArgBytes<'_>, quotetabs: bool, istext: bool, header: bool) -> Value {
        Value::from_bytes(quote(&data, quotetabs, istext, header))
    }
}

/// Declares module `binascii`.
pub struct Binascii;

fn hex_bytes(vm: &Vm, data: &[u8], sep: Option<&Value>, bytes_per_sep: i32) -> PyResult {
    let shown = hexadecimal(vm, data, sep, bytes_per_sep)?;
    Ok(match shown.as_text() {
        Some(text) => Value::from_bytes(text.iter().map(|code| code as u8).collect()),
        None => shown,
    })
}

fn unhex(vm: &Vm, hexstr: &Value) -> PyResult {
    let digits = ascii_argument(vm, hexstr)?;
    if digits.len() % 2 == 1 {
        return Err(error(vm, "Odd-length string"));
    }
    let digit = |byte: u8| (byte as char).to_digit(16);
    let bytes: Option<Vec<u8>> =
        digits.chunks_exact(2).map(|pair| Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8)).collect();
    match bytes {
        Some(bytes) => Ok(Value::from_bytes(bytes)),
        None => Err(error(vm, "Non-hexadecimal digit found")),
    }
}

/// Quoted-printable text of lines of at most 76 characters.
fn quote(data: &[u8], quotetabs: bool, istext: bool, header: bool) -> Vec<u8> {
    const LONGEST: usize = 76;
    // Lines end as the first one does.
    let crlf = data.iter().position(|&byte| byte == b'\n').is_some_and(|at| at > 0 && data[at - 1] == b'\r');
    let at_end = |at: usize| at >= data.len();
    let (mut out, mut line, mut at) = (Vec::with_capacity(data.len()), 0, 0);
    while at < data.len() {
        let byte = data[at];
        let next = data.get(at + 1).copied();
        let must_quote = byte > 126
            || byte == b'='
            || (header && byte == b'_')
            || (byte == b'.' && line == 0 && (at_end(at + 1) || matches!(next, Some(b'\n' | b'\r' | 0))))
            || (!istext && matches!(byte, b'\r' | b'\n'))
            || (matches!(byte, b'\t' | b' ') && at_end(at + 1))
            || (byte < 33 && !matches!(byte, b'\r' | b'\n' | b'\t' | b' '))
            || (byte < 33 && !matches!(byte, b'\r' | b'\n') && quotetabs);
        if must_quote {
            if line + 3 >= LONGEST {
                out.extend_from_slice(if crlf { b"=\r\n" } else { b"=\n" });
                line = 0;
            }
            out.push(b'=');
            out.push(b"0123456789ABCDEF"[(byte >> 4) as usize]);
            out.push(b"0123456789ABCDEF"[(byte & 15) as usize]);
            line += 3;
            at += 1;
        } else if istext && (byte == b'\n' || (byte == b'\r' && next == Some(b'\n'))) {
            line = 0;
            // White space before the end of a line must not stand there as it is.
            if let Some(&last @ (b' ' | b'\t')) = out.last() {
                out.pop();
                out.push(b'=');
                out.push(b'0' + (last >> 4));
                out.push(b"0123456789ABCDEF"[(last & 15) as usize]);
            }
            if crlf {
                out.push(b'\r');
            }
            out.push(b'\n');
            at += if byte == b'\r' { 2 } else { 1 };
        } else {
            if !at_end(at + 1) && next != Some(b'\n') && line + 1 >= LONGEST {
                out.extend_from_slice(if crlf { b"=\r\n" } else { b"=\n" });
                line = 0;
            }
            line += 1;
            out.push(if header && byte == b' ' { b'_' } else { byte });
            at += 1;
        }
    }
    out
}
