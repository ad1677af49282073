//! Which characters XML allows where, and the errors, by the numbers that expat gives them.

/// The messages of the errors, from 1.
pub const MESSAGES: [&str; 44] = [
    "out of memory",
    "syntax error",
    "no element found",
    "not well-formed (invalid token)",
    "unclosed token",
    "partial character",
    "mismatched tag",
    "duplicate attribute",
    "junk after document element",
    "illegal parameter entity reference",
    "undefined entity",
    "recursive entity reference",
    "asynchronous entity",
    "reference to invalid character number",
    "reference to binary entity",
    "reference to external entity in attribute",
    "XML or text declaration not at start of entity",
    "unknown encoding",
    "encoding specified in XML declaration is incorrect",
    "unclosed CDATA section",
    "error in processing external entity reference",
    "document is not standalone",
    "unexpected parser state - please send a bug report",
    "entity declared in parameter entity",
    "requested feature requires XML_DTD support in Expat",
    "cannot change setting once parsing has begun",
    "unbound prefix",
    "must not undeclare prefix",
    "incomplete markup in parameter entity",
    "XML declaration not well-formed",
    "text declaration not well-formed",
    "illegal character(s) in public id",
    "parser suspended",
    "parser not suspended",
    "parsing aborted",
    "parsing finished",
    "cannot suspend in external parameter entity",
    "reserved prefix (xml) must not be undeclared or bound to another namespace name",
    "reserved prefix (xmlns) must not be declared or undeclared",
    "prefix must not be bound to one of the reserved namespace names",
    "invalid argument",
    "a successful prior call to function XML_GetBuffer is required",
    "limit on input amplification factor (from DTD and entities) breached",
    "parser not started",
];

/// The names of the errors, without `XML_ERROR_`.
pub const NAMES: &str = "NO_MEMORY SYNTAX NO_ELEMENTS INVALID_TOKEN UNCLOSED_TOKEN PARTIAL_CHAR TAG_MISMATCH \
DUPLICATE_ATTRIBUTE JUNK_AFTER_DOC_ELEMENT PARAM_ENTITY_REF UNDEFINED_ENTITY RECURSIVE_ENTITY_REF ASYNC_ENTITY BAD_CHAR_REF \
BINARY_ENTITY_REF ATTRIBUTE_EXTERNAL_ENTITY_REF MISPLACED_XML_PI UNKNOWN_ENCODING INCORRECT_ENCODING UNCLOSED_CDATA_SECTION \
EXTERNAL_ENTITY_HANDLING NOT_STANDALONE UNEXPECTED_STATE ENTITY_DECLARED_IN_PE FEATURE_REQUIRES_XML_DTD \
CANT_CHANGE_FEATURE_ONCE_PARSING UNBOUND_PREFIX UNDECLARING_PREFIX INCOMPLETE_PE XML_DECL TEXT_DECL PUBLICID SUSPENDED \
NOT_SUSPENDED ABORTED FINISHED SUSPEND_PE RESERVED_PREFIX_XML RESERVED_PREFIX_XMLNS RESERVED_NAMESPACE_URI INVALID_ARGUMENT \
NO_BUFFER AMPLIFICATION_LIMIT_BREACH NOT_STARTED";

pub const SYNTAX: u8 = 2;
pub const NO_ELEMENTS: u8 = 3;
pub const INVALID_TOKEN: u8 = 4;
pub const UNCLOSED_TOKEN: u8 = 5;
pub const PARTIAL_CHAR: u8 = 6;
pub const TAG_MISMATCH: u8 = 7;
pub const DUPLICATE_ATTRIBUTE: u8 = 8;
pub const JUNK_AFTER_DOC_ELEMENT: u8 = 9;
pub const PARAM_ENTITY_REF: u8 = 10;
pub const UNDEFINED_ENTITY: u8 = 11;
pub const RECURSIVE_ENTITY_REF: u8 = 12;
pub const ASYNC_ENTITY: u8 = 13;
pub const BAD_CHAR_REF: u8 = 14;
pub const BINARY_ENTITY_REF: u8 = 15;
pub const ATTRIBUTE_EXTERNAL_ENTITY_REF: u8 = 16;
pub const MISPLACED_XML_PI: u8 = 17;
pub const UNKNOWN_ENCODING: u8 = 18;
pub const UNCLOSED_CDATA_SECTION: u8 = 20;
pub const EXTERNAL_ENTITY_HANDLING: u8 = 21;
pub const NOT_STANDALONE: u8 = 22;
pub const UNBOUND_PREFIX: u8 = 27;
pub const UNDECLARING_PREFIX: u8 = 28;
pub const XML_DECL: u8 = 30;
pub const TEXT_DECL: u8 = 31;
pub const PUBLICID: u8 = 32;
pub const FINISHED: u8 = 36;
pub const RESERVED_PREFIX_XML: u8 = 38;
pub const RESERVED_PREFIX_XMLNS: u8 = 39;
pub const RESERVED_NAMESPACE_URI: u8 = 40;
pub const INVALID_ARGUMENT: u8 = 41;
pub const AMPLIFICATION: u8 = 43;

/// The message of an error.
pub fn message(code: i64) -> Option<&'static str> {
    MESSAGES.get(usize::try_from(code).ok()?.checked_sub(1)?).copied()
}

pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// XML 1.0, production 4 (a colon included).
pub fn is_name_start(c: char) -> bool {
    match c {
        'a'..='z' | 'A'..='Z' | '_' | ':' => true,
        '\0'..='\u{bf}' | '×' | '÷' => false,
        '\u{c0}'..='\u{2ff}' | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' => true,
        '\u{200c}' | '\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}' => true,
        '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' => true,
        _ => false,
    }
}

/// Production 4a.
pub fn is_name(c: char) -> bool {
    is_name_start(c) || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}' | '\u{2040}')
}

/// Production 2.
pub fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// How long the name at the start of the text is.
pub fn name_len(text: &str) -> usize {
    let mut chars = text.char_indices();
    match chars.next() {
        Some((_, first)) if is_name_start(first) => {}
        _ => return 0,
    }
    chars.find(|&(_, c)| !is_name(c)).map_or(text.len(), |(at, _)| at)
}

/// The characters of a public identifier.
pub fn is_public_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || " \r\n-'()+,./:=?;!*#@$_%".contains(c)
}
