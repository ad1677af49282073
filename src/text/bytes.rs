//! What `bytes` and `bytearray` need beyond `search`, which serves them through `Units::One` and `Flavor::Bytes`.
//!
//! Letters, digits and white space are ASCII's.

use crate::search::{count, find, pad::center_margins};
use crate::{OutOfMemory, Text, Units};
use alloc::vec::Vec;

fn with_capacity(cap: usize) -> Result<Vec<u8>, OutOfMemory> {
    let mut out = Vec::new();
    out.try_reserve_exact(cap)?;
    Ok(out)
}

/// A copy that reports running out of memory.
pub fn copy(bytes: &[u8]) -> Result<Vec<u8>, OutOfMemory> {
    let mut out = with_capacity(bytes.len())?;
    out.extend_from_slice(bytes);
    Ok(out)
}

/// `a + b`
pub fn concat(a: &[u8], b: &[u8]) -> Result<Vec<u8>, OutOfMemory> {
    let mut out = with_capacity(a.len().checked_add(b.len()).ok_or(OutOfMemory)?)?;
    out.extend_from_slice(a);
    out.extend_from_slice(b);
    Ok(out)
}

/// `bytes * times`
pub fn repeat(bytes: &[u8], times: usize) -> Result<Vec<u8>, OutOfMemory> {
    let len = bytes.len().checked_mul(times).ok_or(OutOfMemory)?;
    let mut out = with_capacity(len)?;
    if len == 0 {
        return Ok(out);
    }
    if let [byte] = bytes {
        out.resize(len, *byte);
        return Ok(out);
    }
    out.extend_from_slice(bytes);
    while out.len() < len {
        let more = out.len().min(len - out.len());
        out.extend_from_within(..more);
    }
    Ok(out)
}

/// `bytes.replace(old, new, max)`; `usize::MAX` for all.
pub fn replace(bytes: &[u8], old: &[u8], new: &[u8], max: usize) -> Result<Vec<u8>, OutOfMemory> {
    let (hay, needle) = (Units::One(bytes), Units::One(old));
    let cuts = if max == 0 { 0 } else { count(hay, needle, max) };
    if cuts == 0 {
        return copy(bytes);
    }
    let added = new.len().checked_mul(cuts).ok_or(OutOfMemory)?;
    let mut out = with_capacity((bytes.len() - old.len() * cuts).checked_add(added).ok_or(OutOfMemory)?)?;
    let mut from = 0;
    for _ in 0..cuts {
        if old.is_empty() {
            out.extend_from_slice(new);
            if let Some(&byte) = bytes.get(from) {
                out.push(byte);
                from += 1;
            }
            continue;
        }
        let Some(index) = find(hay.from(from), needle) else { break };
        out.extend_from_slice(&bytes[from..from + index]);
        out.extend_from_slice(new);
        from += index + old.len();
    }
    out.extend_from_slice(&bytes[from..]);
    Ok(out)
}

/// `sep.join(items)`, in one allocation. The items are walked twice.
pub fn join<'a, I>(sep: &[u8], items: I) -> Result<Vec<u8>, OutOfMemory>
where
    I: Iterator<Item = &'a [u8]> + Clone,
{
    let mut len = 0usize;
    for (i, item) in items.clone().enumerate() {
        let sep = if i > 0 { sep.len() } else { 0 };
        len = len.checked_add(sep).and_then(|all| all.checked_add(item.len())).ok_or(OutOfMemory)?;
    }
    let mut out = with_capacity(len)?;
    for (i, item) in items.enumerate() {
        if i > 0 {
            out.extend_from_slice(sep);
        }
        out.extend_from_slice(item);
    }
    Ok(out)
}

/// `bytes.translate(table, delete)`; no table changes nothing.
pub fn translate(bytes: &[u8], table: Option<&[u8; 256]>, delete: &[u8]) -> Result<Vec<u8>, OutOfMemory> {
    let mut deleted = [false; 256];
    for &byte in delete {
        deleted[byte as usize] = true;
    }
    let mut out = with_capacity(bytes.len())?;
    for &byte in bytes {
        if !deleted[byte as usize] {
            out.push(table.map_or(byte, |table| table[byte as usize]));
        }
    }
    Ok(out)
}

/// `bytes.hex(sep, bytes_per_sep)`: groups counted from the right, or from the left for a negative number.
pub fn hex(bytes: &[u8], sep: Option<u8>, bytes_per_sep: isize) -> Result<Text, OutOfMemory> {
    let group = bytes_per_sep.unsigned_abs();
    let sep = sep.filter(|_| group != 0);
    let cuts = if sep.is_some() { bytes.len().saturating_sub(1) / group } else { 0 };
    let len = bytes.len().checked_mul(2).and_then(|len| len.checked_add(cuts)).ok_or(OutOfMemory)?;
    let mut out = with_capacity(len)?;
    for (i, &byte) in bytes.iter().enumerate() {
        if let Some(sep) = sep
            && i > 0
            && (if bytes_per_sep > 0 { bytes.len() - i } else { i }).is_multiple_of(group)
        {
            out.push(sep);
        }
        for digit in [byte >> 4, byte & 15] {
            out.push(b"0123456789abcdef"[digit as usize]);
        }
    }
    Text::from_latin1(&out)
}

/// What `bytes.fromhex` complains of, by ValueError.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HexError {
    /// "non-hexadecimal number found in fromhex() arg at position N"
    BadDigit(usize),
    /// "fromhex() arg must contain an even number of hexadecimal digits"
    OddLength,
    OutOfMemory,
}

/// `bytes.fromhex(text)`: pairs of digits, with ASCII white space between them.
pub fn from_hex(text: Units<'_>) -> Result<Vec<u8>, HexError> {
    let mut out = with_capacity(text.len() / 2).map_err(|_| HexError::OutOfMemory)?;
    let digit = |index: usize| text.get(index).and_then(char::from_u32).and_then(|c| c.to_digit(16));
    let mut at = 0;
    while let Some(code) = text.get(at) {
        if matches!(code, 9..=13 | 32) {
            at += 1;
            continue;
        }
        let high = digit(at).ok_or(HexError::BadDigit(at))?;
        let low = match digit(at + 1) {
            Some(low) => low,
            None if at + 1 >= text.len() => return Err(HexError::OddLength),
            None => return Err(HexError::BadDigit(at + 1)),
        };
        out.push((high << 4 | low) as u8);
        at += 2;
    }
    Ok(out)
}

/// `bytes` between `left` and `right` fill bytes.
pub fn pad(bytes: &[u8], left: usize, right: usize, fill: u8) -> Result<Vec<u8>, OutOfMemory> {
    let len = left.checked_add(right).and_then(|pad| pad.checked_add(bytes.len())).ok_or(OutOfMemory)?;
    let mut out = with_capacity(len)?;
    out.resize(left, fill);
    out.extend_from_slice(bytes);
    out.resize(len, fill);
    Ok(out)
}

/// `bytes.ljust(width, fill)`
pub fn ljust(bytes: &[u8], width: usize, fill: u8) -> Result<Vec<u8>, OutOfMemory> {
    pad(bytes, 0, width.saturating_sub(bytes.len()), fill)
}

/// `bytes.rjust(width, fill)`
pub fn rjust(bytes: &[u8], width: usize, fill: u8) -> Result<Vec<u8>, OutOfMemory> {
    pad(bytes, width.saturating_sub(bytes.len()), 0, fill)
}

/// `bytes.center(width, fill)`
pub fn center(bytes: &[u8], width: usize, fill: u8) -> Result<Vec<u8>, OutOfMemory> {
    let (left, right) = center_margins(bytes.len(), width);
    pad(bytes, left, right, fill)
}

/// `bytes.zfill(width)`: zeros, after a sign if there is one.
pub fn zfill(bytes: &[u8], width: usize) -> Result<Vec<u8>, OutOfMemory> {
    let mut out = rjust(bytes, width, b'0')?;
    let zeros = out.len() - bytes.len();
    if zeros > 0 && matches!(bytes.first(), Some(b'+' | b'-')) {
        out.swap(0, zeros);
    }
    Ok(out)
}

/// `bytes.expandtabs(tabsize)`; a size of 0 or less drops the tabs.
pub fn expand_tabs(bytes: &[u8], tab_size: isize) -> Result<Vec<u8>, OutOfMemory> {
    let tab = usize::try_from(tab_size).unwrap_or(0);
    let mut out = with_capacity(bytes.len())?;
    let mut column = 0;
    for &byte in bytes {
        if byte == b'\t' {
            if tab > 0 {
                let blanks = tab - column % tab;
                out.try_reserve(blanks)?;
                out.resize(out.len() + blanks, b' ');
                column = 0;
            }
            continue;
        }
        column = if matches!(byte, b'\n' | b'\r') { 0 } else { column + 1 };
        out.try_reserve(1)?;
        out.push(byte);
    }
    Ok(out)
}

fn map(bytes: &[u8], map: impl Fn(usize, u8) -> u8) -> Result<Vec<u8>, OutOfMemory> {
    let mut out = with_capacity(bytes.len())?;
    out.extend(bytes.iter().enumerate().map(|(i, &byte)| map(i, byte)));
    Ok(out)
}

/// `bytes.lower()`
pub fn lower(bytes: &[u8]) -> Result<Vec<u8>, OutOfMemory> {
    map(bytes, |_, byte| byte.to_ascii_lowercase())
}

/// `bytes.upper()`
pub fn upper(bytes: &[u8]) -> Result<Vec<u8>, OutOfMemory> {
    map(bytes, |_, byte| byte.to_ascii_uppercase())
}

/// `bytes.capitalize()`
pub fn capitalize(bytes: &[u8]) -> Result<Vec<u8>, OutOfMemory> {
    map(bytes, |i, byte| if i == 0 { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() })
}

/// `bytes.swapcase()`
pub fn swapcase(bytes: &[u8]) -> Result<Vec<u8>, OutOfMemory> {
    map(bytes, |_, byte| if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { byte })
}

/// `bytes.title()`
pub fn title(bytes: &[u8]) -> Result<Vec<u8>, OutOfMemory> {
    map(bytes, |i, byte| {
        let inside = i > 0 && bytes[i - 1].is_ascii_alphabetic();
        if inside { byte.to_ascii_lowercase() } else { byte.to_ascii_uppercase() }
    })
}

fn all(bytes: &[u8], test: impl Fn(u8) -> bool) -> bool {
    !bytes.is_empty() && bytes.iter().all(|&byte| test(byte))
}

/// `bytes.isalpha()`
pub fn is_alpha(bytes: &[u8]) -> bool {
    all(bytes, |byte| byte.is_ascii_alphabetic())
}

/// `bytes.isalnum()`
pub fn is_alnum(bytes: &[u8]) -> bool {
    all(bytes, |byte| byte.is_ascii_alphanumeric())
}

/// `bytes.isdigit()`
pub fn is_digit(bytes: &[u8]) -> bool {
    all(bytes, |byte| byte.is_ascii_digit())
}

/// `bytes.isspace()`
pub fn is_space(bytes: &[u8]) -> bool {
    all(bytes, |byte| matches!(byte, 9..=13 | 32))
}

/// `bytes.islower()`
pub fn is_lower(bytes: &[u8]) -> bool {
    bytes.iter().any(u8::is_ascii_lowercase) && !bytes.iter().any(u8::is_ascii_uppercase)
}

/// `bytes.isupper()`
pub fn is_upper(bytes: &[u8]) -> bool {
    bytes.iter().any(u8::is_ascii_uppercase) && !bytes.iter().any(u8::is_ascii_lowercase)
}

/// `bytes.istitle()`
pub fn is_title(bytes: &[u8]) -> bool {
    let mut inside = false;
    let mut found = false;
    for &byte in bytes {
        let (upper, lower) = (byte.is_ascii_uppercase(), byte.is_ascii_lowercase());
        if (upper && inside) || (lower && !inside) {
            return false;
        }
        inside = upper || lower;
        found |= inside;
    }
    found
}
