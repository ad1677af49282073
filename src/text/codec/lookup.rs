//! Names of codecs and their aliases, as far as they are built in; `encodings` of the standard library knows the rest.

use super::{Codec, Order};
use alloc::string::String;

/// Lower case, with every run of other characters than letters, digits and dots as one underscore.
pub fn normalize(name: &str) -> String {
    let mut out = String::new();
    let mut gap = false;
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '.' {
            if gap && !out.is_empty() {
                out.push('_');
            }
            gap = false;
            out.push(c.to_ascii_lowercase());
        } else {
            gap = true;
        }
    }
    out
}

/// The built-in codec of a name such as "UTF-8" or "latin1".
pub fn lookup(name: &str) -> Option<Codec<'static>> {
    let name = normalize(name);
    let known = |&&(_, names): &&(Codec<'static>, &str)| names.split(' ').any(|known| known == name);
    CODECS.iter().find(known).map(|&(codec, _)| codec)
}

/// Names and aliases between spaces.
static CODECS: [(Codec<'static>, &str); 13] = [
    (Codec::Utf8, "utf_8 utf8 u8 utf utf8_ucs2 utf8_ucs4 cp65001"),
    (Codec::Utf8Sig, "utf_8_sig utf8_sig"),
    (
        Codec::Ascii,
        "ascii us_ascii 646 ansi_x3.4_1968 ansi_x3_4_1968 ansi_x3.4_1986 cp367 csascii ibm367 iso646_us iso_646.irv_1991 \
         iso_ir_6 us",
    ),
    (
        Codec::Latin1,
        "latin_1 latin1 latin l1 8859 cp819 csisolatin1 ibm819 iso8859 iso8859_1 iso_8859_1 iso_8859_1_1987 iso_ir_100",
    ),
    (Codec::Utf16(Order::Marked), "utf_16 utf16 u16"),
    (Codec::Utf16(Order::Little), "utf_16_le utf_16le unicodelittleunmarked"),
    (Codec::Utf16(Order::Big), "utf_16_be utf_16be unicodebigunmarked"),
    (Codec::Utf32(Order::Marked), "utf_32 utf32 u32"),
    (Codec::Utf32(Order::Little), "utf_32_le utf_32le"),
    (Codec::Utf32(Order::Big), "utf_32_be utf_32be"),
    (Codec::Utf7, "utf_7 utf7 u7 unicode_1_1_utf_7"),
    (Codec::UnicodeEscape, "unicode_escape unicodeescape"),
    (Codec::RawUnicodeEscape, "raw_unicode_escape rawunicodeescape"),
];
