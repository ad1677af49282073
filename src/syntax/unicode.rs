//! The few questions about characters that a tokenizer asks.

/// Whether an identifier can start with `c`.
pub(crate) fn is_identifier_start(c: char) -> bool {
    c == '_' || snakelet_text::unicode::is_xid_start(c as u32)
}

/// Whether an identifier can go on with `c`.
pub(crate) fn is_identifier_part(c: char) -> bool {
    snakelet_text::unicode::is_xid_continue(c as u32)
}

/// Whether `c` shows: not a control, format, separator, private or unassigned character.
pub(crate) fn is_printable(c: char) -> bool {
    snakelet_text::unicode::is_printable(c as u32)
}
