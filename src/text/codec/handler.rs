//! The built-in error handlers, as functions of a fault: also what `codecs.lookup_error` gives access to.

use super::{Codec, CodecError, Fault, Names, Order, is_surrogate};
use crate::{OutOfMemory, Text, TextBuilder, Units};
use alloc::vec::Vec;

/// A built-in error handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handler {
    Strict,
    Ignore,
    Replace,
    BackslashReplace,
    XmlCharRefReplace,
    NameReplace,
    SurrogateEscape,
    SurrogatePass,
}

/// What stands in for the input that a fault covers.
#[derive(Debug)]
pub enum Replacement {
    Text(Text),
    Bytes(Vec<u8>),
}

impl Handler {
    /// The handler of a name, e.g. "strict"; `None` for those that a program may have registered.
    pub fn by_name(name: &str) -> Option<Handler> {
        ALL.iter().find(|(known, _)| *known == name).map(|&(_, handler)| handler)
    }

    /// The name that `codecs.lookup_error` knows.
    pub fn name(self) -> &'static str {
        ALL.iter().find(|&&(_, handler)| handler == self).map_or("strict", |&(name, _)| name)
    }

    /// What to put in the place of undecodable bytes, and where to go on.
    pub fn on_decode(self, codec: Codec<'_>, input: &[u8], fault: Fault) -> Result<(Text, usize), CodecError> {
        let bad = input.get(fault.start..fault.end).unwrap_or_default();
        match self {
            Handler::Strict => Err(fault.into()),
            Handler::Ignore => Ok((Text::new(), fault.end)),
            Handler::Replace => Ok((Text::from_code(0xfffd)?, fault.end)),
            Handler::BackslashReplace => {
                let mut out = TextBuilder::new();
                for &byte in bad {
                    out.push_str("\\x");
                    out.push_hex(byte.into(), 2);
                }
                Ok((out.finish()?, fault.end))
            }
            Handler::SurrogateEscape => {
                let mut out = TextBuilder::new();
                for &byte in bad.iter().take(4).take_while(|&&byte| byte >= 0x80) {
                    out.push(0xdc00 + u32::from(byte));
                }
                let end = fault.start + out.len();
                if out.is_empty() { Err(fault.into()) } else { Ok((out.finish()?, end)) }
            }
            Handler::SurrogatePass => {
                let (code, size) = surrogate_at(codec, fault, &input[fault.start..]).ok_or(fault)?;
                Ok((Text::from_code(code)?, fault.start + size))
            }
            Handler::XmlCharRefReplace | Handler::NameReplace => Err(CodecError::WrongHandler),
        }
    }

    /// What to put in the place of unencodable characters (always all of the fault's).
    pub fn on_encode(
        self,
        codec: Codec<'_>,
        text: Units<'_>,
        fault: Fault,
        names: &dyn Names,
    ) -> Result<Replacement, CodecError> {
        let bad = text.slice(fault.start, fault.end);
        let mut out = TextBuilder::new();
        match self {
            Handler::Strict => return Err(fault.into()),
            Handler::Ignore => {}
            Handler::Replace => out.push_repeated(u32::from(b'?'), bad.len()),
            Handler::BackslashReplace => {
                for code in bad.iter() {
                    push_escape(&mut out, code);
                }
            }
            Handler::XmlCharRefReplace => {
                for code in bad.iter() {
                    out.push_str("&#");
                    out.push_decimal(code as usize);
                    out.push_str(";");
                }
            }
            Handler::NameReplace => {
                for code in bad.iter() {
                    match names.name(code) {
                        Some(name) => {
                            out.push_str("\\N{");
                            out.push_str(&name);
                            out.push_str("}");
                        }
                        None => push_escape(&mut out, code),
                    }
                }
            }
            Handler::SurrogateEscape => {
                let mut bytes = Vec::new();
                bytes.try_reserve(bad.len()).map_err(OutOfMemory::from)?;
                for code in bad.iter() {
                    if !(0xdc80..=0xdcff).contains(&code) {
                        return Err(fault.into());
                    }
                    bytes.push(code as u8);
                }
                return Ok(Replacement::Bytes(bytes));
            }
            Handler::SurrogatePass => {
                let mut bytes = Vec::new();
                bytes.try_reserve(bad.len().saturating_mul(4)).map_err(OutOfMemory::from)?;
                for code in bad.iter() {
                    if !is_surrogate(code) {
                        return Err(fault.into());
                    }
                    push_surrogate(codec, code, &mut bytes).ok_or(fault)?;
                }
                return Ok(Replacement::Bytes(bytes));
            }
        }
        Ok(Replacement::Text(out.finish()?))
    }
}

static ALL: [(&str, Handler); 8] = [
    ("strict", Handler::Strict),
    ("ignore", Handler::Ignore),
    ("replace", Handler::Replace),
    ("backslashreplace", Handler::BackslashReplace),
    ("xmlcharrefreplace", Handler::XmlCharRefReplace),
    ("namereplace", Handler::NameReplace),
    ("surrogateescape", Handler::SurrogateEscape),
    ("surrogatepass", Handler::SurrogatePass),
];

/// `\xhh`, `\uhhhh` or `\Uhhhhhhhh`
pub(crate) fn push_escape(out: &mut TextBuilder, code: u32) {
    let (letter, width) = match code {
        0..0x100 => ("\\x", 2),
        0x100..0x10000 => ("\\u", 4),
        _ => ("\\U", 8),
    };
    out.push_str(letter);
    out.push_hex(code, width);
}

/// Whether the codec's units are big-endian; `encoding` tells what a byte order mark said.
fn is_big(order: Order, fault: Fault) -> bool {
    order == Order::Big || fault.encoding.ends_with("be")
}

/// The surrogate that the bytes at a fault stand for, and how many they are.
fn surrogate_at(codec: Codec<'_>, fault: Fault, bytes: &[u8]) -> Option<(u32, usize)> {
    let (code, size) = match codec {
        Codec::Utf8 | Codec::Utf8Sig => {
            let &[a, b, c] = bytes.first_chunk()?;
            if a & 0xf0 != 0xe0 || b & 0xc0 != 0x80 || c & 0xc0 != 0x80 {
                return None;
            }
            (u32::from(a & 15) << 12 | u32::from(b & 63) << 6 | u32::from(c & 63), 3)
        }
        Codec::Utf16(order) => {
            let unit = *bytes.first_chunk()?;
            let code = if is_big(order, fault) { u16::from_be_bytes(unit) } else { u16::from_le_bytes(unit) };
            (code.into(), 2)
        }
        Codec::Utf32(order) => {
            let unit = *bytes.first_chunk()?;
            (if is_big(order, fault) { u32::from_be_bytes(unit) } else { u32::from_le_bytes(unit) }, 4)
        }
        _ => return None,
    };
    is_surrogate(code).then_some((code, size))
}

fn push_surrogate(codec: Codec<'_>, code: u32, out: &mut Vec<u8>) -> Option<()> {
    match codec {
        Codec::Utf8 | Codec::Utf8Sig => {
            out.extend([0xe0 | (code >> 12) as u8, 0x80 | (code >> 6 & 63) as u8, 0x80 | (code & 63) as u8]);
        }
        Codec::Utf16(Order::Big) => out.extend((code as u16).to_be_bytes()),
        Codec::Utf16(_) => out.extend((code as u16).to_le_bytes()),
        Codec::Utf32(Order::Big) => out.extend(code.to_be_bytes()),
        Codec::Utf32(_) => out.extend(code.to_le_bytes()),
        _ => return None,
    }
    Some(())
}
