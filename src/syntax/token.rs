//! The kinds of tokens, as one byte each.
//!
//! Operators, delimiters and hard keywords have a kind of their own; soft keywords are names.

/// End of the text.
pub(crate) const END: u8 = 0;
/// End of a logical line.
pub(crate) const NEWLINE: u8 = 1;
/// Start of an indented block.
pub(crate) const INDENT: u8 = 2;
/// End of an indented block.
pub(crate) const DEDENT: u8 = 3;
/// An identifier or soft keyword.
pub(crate) const NAME: u8 = 4;
/// A numeric literal.
pub(crate) const NUMBER: u8 = 5;
/// A string or bytes literal without fields.
pub(crate) const STRING: u8 = 6;
/// Prefix and opening quote of an f-string.
pub(crate) const FSTRING_START: u8 = 7;
/// Literal text in an f-string.
pub(crate) const FSTRING_MIDDLE: u8 = 8;
/// Closing quote of an f-string.
pub(crate) const FSTRING_END: u8 = 9;
/// Prefix and opening quote of a t-string.
pub(crate) const TSTRING_START: u8 = 10;
/// Literal text in a t-string.
pub(crate) const TSTRING_MIDDLE: u8 = 11;
/// Closing quote of a t-string.
pub(crate) const TSTRING_END: u8 = 12;
/// A character that starts no token: `$`, `?`, `!`, a backquote.
pub(crate) const OTHER: u8 = 13;
/// Where the tokenizer gave up.
pub(crate) const ERROR: u8 = 14;

/// A comment that tells a type; only where those are tokens.
pub(crate) const TYPE_COMMENT: u8 = 15;

/// A comment; only where comments are tokens.
pub(crate) const COMMENT: u8 = 254;
/// The end of a line that ends no statement; only where comments are tokens.
pub(crate) const NL: u8 = 255;

/// What the grammar calls the kinds above.
pub(crate) const NAMES: [&str; 16] = [
    "END",
    "NEWLINE",
    "INDENT",
    "DEDENT",
    "NAME",
    "NUMBER",
    "STRING",
    "FSTRING_START",
    "FSTRING_MIDDLE",
    "FSTRING_END",
    "TSTRING_START",
    "TSTRING_MIDDLE",
    "TSTRING_END",
    "OTHER",
    "ERROR",
    "TYPE_COMMENT",
];

/// The kinds of fixed spelling follow from here, in the order of `FIXED`.
const FIRST_FIXED: u8 = NAMES.len() as u8;
/// Operators and delimiters, longest first, then the keywords.
const FIXED: [&str; OPERATORS + 35] = [
    "**=", "//=", ">>=", "<<=", "...", "!=", "<>", "->", ":=", "**", "//", ">>", "<<", "<=", ">=", "==", "+=", "-=",
    "*=", "/=", "%=", "&=", "|=", "^=", "@=", "(", ")", "[", "]", "{", "}", ":", ",", ";", "+", "-", "*", "/", "|",
    "&", "<", ">", "=", ".", "%", "~", "^", "@", "!", "False", "None", "True", "and", "as", "assert", "async", "await",
    "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if",
    "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with",
    "yield",
];
const OPERATORS: usize = 49;

/// The kind spelled `text`, if there is one.
pub(crate) const fn fixed(text: &str) -> u8 {
    let mut i = 0;
    while i < FIXED.len() {
        if same(FIXED[i].as_bytes(), text.as_bytes()) {
            return FIRST_FIXED + i as u8;
        }
        i += 1;
    }
    OTHER
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// The numbers that Python's module `token` gives to operators and delimiters count from 7 in this order.
const PYTHON_ORDER: [&str; 48] = [
    "(", ")", "[", "]", ":", ",", ";", "+", "-", "*", "/", "|", "&", "<", ">", "=", ".", "%", "{", "}", "==", "!=",
    "<=", ">=", "~", "^", "<<", ">>", "**", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "**=", "//",
    "//=", "@", "@=", "->", "...", ":=", "!",
];

/// The number of a kind in Python's module `token`.
pub(crate) fn python_number(kind: u8) -> u8 {
    match kind {
        END => 0,
        NAME => 1,
        NUMBER => 2,
        STRING => 3,
        NEWLINE => 4,
        INDENT => 5,
        DEDENT => 6,
        FSTRING_START..=TSTRING_END => kind - FSTRING_START + 59,
        COMMENT => 65,
        NL => 66,
        OTHER | ERROR => 55,
        _ => {
            let text = if spelling(kind) == "<>" { "!=" } else { spelling(kind) };
            PYTHON_ORDER.iter().position(|operator| *operator == text).map_or(1, |at| at as u8 + 7)
        }
    }
}

/// The spelling of a kind that has only one.
pub(crate) fn spelling(kind: u8) -> &'static str {
    FIXED.get((kind as usize).wrapping_sub(FIRST_FIXED as usize)).copied().unwrap_or("")
}

/// The kind of a name: a keyword's own, or `NAME`.
#[inline]
pub(crate) fn keyword(text: &[u8]) -> u8 {
    macro_rules! among {
        ($($word:literal)*) => {
            match text {
                $(word if word == $word.as_bytes() => const { fixed($word) },)*
                _ => NAME,
            }
        };
    }
    match (text.len(), text.first()) {
        (2, Some(b'a' | b'i' | b'o')) => among!("as" "if" "in" "is" "or"),
        (3, Some(b'a' | b'd' | b'f' | b'n' | b't')) => among!("and" "def" "del" "for" "not" "try"),
        (4, Some(b'N' | b'T' | b'e' | b'f' | b'p' | b'w')) => among!("None" "True" "elif" "else" "from" "pass" "with"),
        (5, Some(b'F' | b'a' | b'b' | b'c' | b'r' | b'w' | b'y')) => {
            among!("False" "async" "await" "break" "class" "raise" "while" "yield")
        }
        (6, Some(b'a' | b'e' | b'g' | b'i' | b'l' | b'r')) => {
            among!("assert" "except" "global" "import" "lambda" "return")
        }
        (7, Some(b'f')) => among!("finally"),
        (8, Some(b'c' | b'n')) => among!("continue" "nonlocal"),
        _ => NAME,
    }
}

/// The kinds of the operators of one character.
const SINGLE: [u8; 128] = {
    let mut table = [OTHER; 128];
    let mut i = 25;
    while i < OPERATORS {
        table[FIXED[i].as_bytes()[0] as usize] = FIRST_FIXED + i as u8;
        i += 1;
    }
    table
};

/// The operator that the bytes `a`, `b`, `c` start with: its kind and length.
pub(crate) fn operator(a: u8, b: u8, c: u8) -> (u8, usize) {
    let bytes = [a, b, c];
    // A second character can only be one of these.
    let longest = match b {
        b'=' | b'>' | b'<' | b'*' | b'/' | b'.' => 3,
        _ => 1,
    };
    for len in (2..=longest).rev() {
        let start = [0, 5][3 - len];
        let end = [5, 25][3 - len];
        if let Some(i) = FIXED[start..end].iter().position(|op| op.as_bytes() == &bytes[..len]) {
            return (FIRST_FIXED + (start + i) as u8, len);
        }
    }
    (SINGLE.get(a as usize).copied().unwrap_or(OTHER), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_found() {
        for (i, spelling) in FIXED.iter().enumerate() {
            let kind = FIRST_FIXED + i as u8;
            let bytes = spelling.as_bytes();
            let at = |n: usize| bytes.get(n).copied().unwrap_or(b' ');
            let found = if i < OPERATORS { operator(at(0), at(1), at(2)) } else { (keyword(bytes), bytes.len()) };
            assert_eq!(found, (kind, bytes.len()), "{spelling}");
        }
    }
}
