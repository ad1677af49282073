//! The few questions about characters that a tokenizer asks.

/// Whether an identifier can start with `c`.
pub(crate) fn is_identifier_start(c: char) -> bool {
    c == '_' || unicode_ident::is_xid_start(c)
}

/// Whether an identifier can go on with `c`.
pub(crate) fn is_identifier_part(c: char) -> bool {
    unicode_ident::is_xid_continue(c)
}

/// Whether `c` shows: not a control, format, separator or private character. Unassigned characters count as shown.
pub(crate) fn is_printable(c: char) -> bool {
    let c = c as u32;
    !UNPRINTABLE.iter().any(|&(first, last)| (first..=last).contains(&c))
}

/// Categories Cc, Cf, Co, Zl, Zp and Zs, except the space.
const UNPRINTABLE: [(u32, u32); 33] = [
    (0x00, 0x1F),
    (0x7F, 0xA0),
    (0xAD, 0xAD),
    (0x600, 0x605),
    (0x61C, 0x61C),
    (0x6DD, 0x6DD),
    (0x70F, 0x70F),
    (0x890, 0x891),
    (0x8E2, 0x8E2),
    (0x1680, 0x1680),
    (0x180E, 0x180E),
    (0x2000, 0x200F),
    (0x2028, 0x202F),
    (0x205F, 0x2064),
    (0x2065, 0x2065),
    (0x2066, 0x206F),
    (0x3000, 0x3000),
    (0xE000, 0xF8FF),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0xFFFE, 0xFFFF),
    (0x110BD, 0x110BD),
    (0x110CD, 0x110CD),
    (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0x1FFFE, 0x1FFFF),
    (0xE0000, 0xE00FF),
    (0xE01F0, 0xEFFFF),
    (0xF0000, 0xFFFFD),
    (0xFFFFE, 0xFFFFF),
    (0x100000, 0x10FFFD),
    (0x10FFFE, 0x10FFFF),
];
