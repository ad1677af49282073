//! `Text` from and to other representations.

use super::Text;
use crate::{OutOfMemory, Units};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

impl Text {
    /// Copies code points; all must be below 0x110000 (larger ones become U+FFFD).
    pub fn from_code_points(codes: &[u32]) -> Result<Text, OutOfMemory> {
        if codes.iter().all(|&code| code < 0x110000) {
            return Text::from_units(Units::Four(codes));
        }
        let mut text = Text::new();
        for &code in codes {
            text.push(if code < 0x110000 { code } else { 0xfffd })?;
        }
        Ok(text)
    }

    /// Takes each byte as a code point.
    pub fn from_latin1(bytes: &[u8]) -> Result<Text, OutOfMemory> {
        Text::from_units(Units::One(bytes))
    }

    /// Copies UTF-16 as JavaScript has it: pairs are joined, lone surrogates kept.
    pub fn from_wtf16(units: &[u16]) -> Result<Text, OutOfMemory> {
        let any_surrogate = units.iter().any(|&u| u & 0xf800 == 0xd800);
        if !any_surrogate {
            return Text::from_units(Units::Two(units));
        }
        let mut text = Text::with_capacity(units.len())?;
        let mut i = 0;
        while i < units.len() {
            let unit = units[i];
            i += 1;
            let mut code = u32::from(unit);
            if unit & 0xfc00 == 0xd800
                && let Some(&low) = units.get(i)
                && low & 0xfc00 == 0xdc00
            {
                code = 0x10000 + ((code & 0x3ff) << 10 | u32::from(low & 0x3ff));
                i += 1;
            }
            text.push(code)?;
        }
        Ok(text)
    }

    /// The text as UTF-8, borrowed if it is ASCII; `Err` is the index of the first lone surrogate.
    ///
    /// Aborts when memory is out: for names and messages; user data goes through `codec`.
    pub fn to_utf8(&self) -> Result<Cow<'_, str>, usize> {
        if let Some(s) = self.as_str_if_ascii() {
            return Ok(Cow::Borrowed(s));
        }
        let mut out = String::with_capacity(self.len + self.len / 2);
        for (i, code) in self.iter().enumerate() {
            out.push(char::from_u32(code).ok_or(i)?);
        }
        Ok(Cow::Owned(out))
    }

    /// The text as UTF-8 with U+FFFD for lone surrogates, as a page shows them.
    pub fn to_utf8_lossy(&self) -> Cow<'_, str> {
        if let Some(s) = self.as_str_if_ascii() {
            return Cow::Borrowed(s);
        }
        let mut out = String::with_capacity(self.len + self.len / 2);
        out.extend(self.iter().map(|code| char::from_u32(code).unwrap_or('\u{fffd}')));
        Cow::Owned(out)
    }

    /// UTF-16 as JavaScript has it, lone surrogates kept.
    pub fn to_wtf16(&self) -> Result<Vec<u16>, OutOfMemory> {
        let extra = match self.units() {
            Units::Four(units) => units.iter().filter(|&&code| code >= 0x10000).count(),
            _ => 0,
        };
        let mut out = Vec::new();
        out.try_reserve_exact(self.len + extra)?;
        for code in self.iter() {
            if code < 0x10000 {
                out.push(code as u16);
            } else {
                out.push(0xd7c0 + (code >> 10) as u16);
                out.push(0xdc00 | (code & 0x3ff) as u16);
            }
        }
        Ok(out)
    }
}
