//! Escapes in literals: which are wrong, in the words of CPython's codecs.

/// A literal's prefix.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prefix {
    pub bytes: bool,
    pub raw: bool,
    /// Its length.
    pub len: usize,
}

/// The prefix of a literal's text.
pub(crate) fn prefix(text: &[u8]) -> Prefix {
    let len = text.iter().position(|b| matches!(b, b'\'' | b'"')).unwrap_or(0);
    let has = |letter: u8| text[..len].iter().any(|b| b | 0x20 == letter);
    Prefix { bytes: has(b'b'), raw: has(b'r'), len }
}

/// How many quotes a literal (without prefix) opens with.
pub(crate) fn quotes(text: &[u8]) -> usize {
    match text {
        [a, b, c, _, _, ..] if a == b && b == c => 3,
        [_, ..] => 1,
        [] => 0,
    }
}

/// The message for the first wrong escape of a literal's inner text.
pub(crate) fn check(text: &[u8], bytes: bool) -> Option<String> {
    let mut i = 0;
    // CPython widens every character that is not ASCII to `\UXXXXXXXX` before it decodes, and counts that.
    let mut widened = 0;
    while i < text.len() {
        let b = text[i];
        if b != b'\\' {
            if b >= 0xC0 {
                widened += 9;
            } else if (0x80..0xC0).contains(&b) {
                widened -= 1;
            }
            i += 1;
            continue;
        }
        let start = i;
        let escape = text.get(i + 1).copied().unwrap_or(0);
        i += 2;
        let digits = match escape {
            b'x' => 2,
            b'u' if !bytes => 4,
            b'U' if !bytes => 8,
            b'N' if !bytes => {
                let close = text.get(i..).and_then(|rest| rest.iter().position(|&b| b == b'}'));
                let (end, reason) = match (text.get(i), close) {
                    (Some(b'{'), Some(n)) if n > 1 => {
                        let name = std::str::from_utf8(&text[i + 1..i + n]).unwrap_or("");
                        if unicode_names2::character(name).is_some() {
                            i += n + 1;
                            continue;
                        }
                        (i + n + 1, "unknown Unicode character name")
                    }
                    (Some(b'{'), Some(_)) => (i + 1, "malformed \\N character escape"),
                    (Some(b'{'), None) => (text.len(), "malformed \\N character escape"),
                    _ => (i, "malformed \\N character escape"),
                };
                return Some(codec_error(start as i64 + widened, end as i64 + widened, reason));
            }
            _ => continue,
        };
        let valid = text[i..].iter().take(digits).take_while(|b| b.is_ascii_hexdigit()).count();
        if valid < digits {
            if bytes {
                return Some(format!("(value error) invalid \\x escape at position {start}"));
            }
            let reason = match escape {
                b'x' => "truncated \\xXX escape",
                b'u' => "truncated \\uXXXX escape",
                _ => "truncated \\UXXXXXXXX escape",
            };
            return Some(codec_error(start as i64 + widened, (i + valid) as i64 + widened, reason));
        }
        let value = text[i..i + digits]
            .iter()
            .fold(0u32, |value, &b| value.wrapping_mul(16).wrapping_add((b as char).to_digit(16).unwrap_or(0)));
        i += digits;
        if value > 0x10_FFFF {
            let reason = "illegal Unicode character";
            return Some(codec_error(start as i64 + widened, i as i64 + widened, reason));
        }
    }
    None
}

fn codec_error(start: i64, end: i64, reason: &str) -> String {
    if end - start <= 1 {
        return format!("(unicode error) 'unicodeescape' codec can't decode byte 0x5c in position {start}: {reason}");
    }
    let last = end - 1;
    format!("(unicode error) 'unicodeescape' codec can't decode bytes in position {start}-{last}: {reason}")
}
