//! Bytes of a source file to text (PEP 263).
//!
//! UTF-8 is what nearly all files are in; ASCII and Latin-1 are done here as well. For any other declared encoding the
//! caller has a codec, or not.

use std::borrow::Cow;

use crate::error::{Kind, SyntaxError};

/// What the bytes turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decoded<'a> {
    /// Text, without the byte order mark.
    Text(Cow<'a, str>),
    /// Bytes in the encoding of this (normalised, lower-case) name, which only a codec can read.
    Needs(String),
}

/// Decodes `bytes` as CPython decodes a source file or the bytes given to `compile`. `place` is what its message puts
/// between the offending byte and the line: `" in file name.py"`, or nothing for `compile`.
///
/// # Errors
///
/// The `SyntaxError` for bytes that are not UTF-8 although nothing else is declared, or a declaration that
/// contradicts the byte order mark.
pub fn decode<'a>(bytes: &'a [u8], place: &str) -> Result<Decoded<'a>, SyntaxError> {
    let (marked, rest) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (true, rest),
        None => (false, bytes),
    };
    let declared = declaration(rest);
    if let Some((name, line)) = &declared {
        if marked && !matches!(&name[..], "utf-8" | "utf-8-sig") {
            let text = String::from_utf8_lossy(rest.split(|&b| b == b'\n').nth(*line).unwrap_or(b"")).into_owned();
            let columns = text.chars().count() as i32;
            return Err(SyntaxError {
                kind: Kind::Syntax,
                message: format!("encoding problem: {name} with BOM"),
                start: (*line as u32 + 1, 0),
                end: Some((*line as u32 + 1, columns)),
                text: Some(text),
                message_only: false,
                parser: None,
            });
        }
        match &name[..] {
            "utf-8" | "utf-8-sig" | "utf8" => {}
            "iso-8859-1" => return Ok(Decoded::Text(rest.iter().map(|&b| b as char).collect::<String>().into())),
            _ => return Ok(Decoded::Needs(name.clone())),
        }
    }
    match std::str::from_utf8(rest) {
        Ok(text) => Ok(Decoded::Text(text.into())),
        Err(error) => Err(not_utf8(rest, error.valid_up_to(), place)),
    }
}

/// The encoding that one of the first two lines declares, normalised, and which line that is.
fn declaration(bytes: &[u8]) -> Option<(String, usize)> {
    for (number, line) in bytes.split(|&b| b == b'\n' || b == b'\r').take(2).enumerate() {
        let blank = line.iter().position(|b| !matches!(b, b' ' | b'\t' | 0x0C));
        let comment = blank.map(|start| &line[start..]);
        match comment {
            Some([b'#', comment @ ..]) => {
                if let Some(name) = coding(comment) {
                    return Some((normalise(name), number));
                }
            }
            // Only comments and blank lines may come before the declaration.
            Some(_) => return None,
            None => {}
        }
    }
    None
}

/// The name behind `coding:` or `coding=` in a comment.
fn coding(comment: &[u8]) -> Option<&str> {
    let mut rest = comment;
    loop {
        let at = rest.windows(6).position(|w| w == b"coding")?;
        rest = &rest[at + 6..];
        if let [b':' | b'=', value @ ..] = rest {
            let start = value.iter().position(|b| !matches!(b, b' ' | b'\t'))?;
            let value = &value[start..];
            let end = value
                .iter()
                .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')))
                .unwrap_or(value.len());
            if end > 0 {
                return std::str::from_utf8(&value[..end]).ok();
            }
        }
    }
}

/// CPython's short list of aliases; other names stay as they are written.
fn normalise(name: &str) -> String {
    let plain: String = name.chars().take(12).map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
    let is = |alias: &str| plain == alias || plain.strip_prefix(alias).is_some_and(|rest| rest.starts_with('-'));
    // `utf8` is no alias: after a byte order mark it is wrong.
    if plain == "utf-8-sig" || plain == "utf8" {
        plain
    } else if is("utf-8") {
        "utf-8".to_owned()
    } else if is("latin-1") || is("iso-8859-1") || is("iso-latin-1") {
        "iso-8859-1".to_owned()
    } else {
        name.to_owned()
    }
}

fn not_utf8(bytes: &[u8], at: usize, place: &str) -> SyntaxError {
    let start = bytes[..at].iter().rposition(|&b| b == b'\n').map_or(0, |i| i + 1);
    let end = bytes[at..].iter().position(|&b| b == b'\n').map_or(bytes.len(), |i| at + i);
    let line = bytes[..at].iter().filter(|&&b| b == b'\n').count() as u32 + 1;
    let column = String::from_utf8_lossy(&bytes[start..at]).chars().count() as u32 + 1;
    let message = format!(
        "Non-UTF-8 code starting with '\\x{:02x}'{place} on line {line}, but no encoding declared; see \
         https://peps.python.org/pep-0263/ for details",
        bytes[at]
    );
    SyntaxError {
        kind: Kind::Syntax,
        message,
        start: (line, column),
        end: Some((line, column as i32)),
        text: Some(String::from_utf8_lossy(&bytes[start..end]).into_owned()),
        message_only: false,
        parser: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_recorded() {
        let cases = include_str!("../../tests/golden/syntax/encodings.json");
        let cases: serde_json::Value = serde_json::from_str(cases).unwrap();
        for case in cases.as_array().unwrap() {
            // The sources are written with one character per byte.
            let bytes: Vec<u8> = case["source"].as_str().unwrap().chars().map(|c| c as u32 as u8).collect();
            let result = &case["result"];
            match decode(&bytes, "") {
                Ok(Decoded::Text(_)) => assert!(result.is_null(), "{case}"),
                // The recorder lists only encodings here that no codec knows or that the codec itself rejects.
                Ok(Decoded::Needs(name)) => {
                    let message = result["message"].as_str().unwrap_or("");
                    assert!(result.is_null() || message.contains(&name) || message.contains("codec"), "{case}");
                }
                Err(error) => {
                    assert_eq!(error.message, result["message"].as_str().unwrap_or(""), "{case}");
                    assert_eq!(error.start.0, result["lineno"], "{case}");
                    assert_eq!(error.start.1, result["offset"], "{case}");
                    assert_eq!(error.end.unwrap().1, result["end_offset"], "{case}");
                    assert_eq!(error.text.as_deref(), result["text"].as_str(), "{case}");
                }
            }
        }
    }
}
