//! From bytes to text: byte order marks, the declaration's encoding, tables of single-byte encodings.

/// How the bytes of a document are read.
#[derive(Clone, PartialEq)]
pub enum Encoding {
    Utf8,
    Utf16 {
        big: bool,
    },
    Latin1,
    Ascii,
    /// A code point for each byte.
    Table(Box<[char; 256]>),
}

/// What must be known before bytes can be read.
pub enum Choice {
    Known(Encoding),
    /// More bytes are needed.
    More,
    /// Another encoding, by this name.
    Named(String),
}

/// An encoding that needs no table.
pub fn by_name(name: &str) -> Option<Encoding> {
    Some(match name.to_ascii_uppercase().as_str() {
        "UTF-8" => Encoding::Utf8,
        "UTF-16" | "UTF-16LE" => Encoding::Utf16 { big: false },
        "UTF-16BE" => Encoding::Utf16 { big: true },
        "ISO-8859-1" => Encoding::Latin1,
        "US-ASCII" => Encoding::Ascii,
        _ => return None,
    })
}

/// Stands for bytes that are no character: XML forbids it.
const WRONG: char = '\u{ffff}';

/// How a document is to be read that begins so; `given` is the caller's word on it. Takes a byte order mark off.
pub fn choose(bytes: &mut Vec<u8>, is_final: bool, given: Option<&str>) -> Choice {
    if bytes.len() < 4 && !is_final {
        return Choice::More;
    }
    let marked = match bytes.as_slice() {
        [0xff, 0xfe, ..] => Some((2, Encoding::Utf16 { big: false })),
        [0xfe, 0xff, ..] => Some((2, Encoding::Utf16 { big: true })),
        [0xef, 0xbb, 0xbf, ..] => Some((3, Encoding::Utf8)),
        _ => None,
    };
    if let Some((len, encoding)) = marked {
        let fits = given.and_then(by_name).is_none_or(|given| matches!(given, Encoding::Utf16 { .. }) == (len == 2));
        if fits {
            bytes.drain(..len);
            return Choice::Known(encoding);
        }
    }
    if let Some(name) = given {
        return by_name(name).map_or(Choice::Named(name.to_string()), Choice::Known);
    }
    match bytes.as_slice() {
        [0, ..] => return Choice::Known(Encoding::Utf16 { big: true }),
        [_, 0, ..] => return Choice::Known(Encoding::Utf16 { big: false }),
        _ => {}
    }
    if !bytes.starts_with(b"<?xml") {
        return Choice::Known(Encoding::Utf8);
    }
    let Some(end) = bytes.windows(2).position(|pair| pair == b"?>") else {
        return if is_final || bytes.len() > 4096 { Choice::Known(Encoding::Utf8) } else { Choice::More };
    };
    let declaration: String = bytes[..end].iter().map(|&byte| char::from(byte)).collect();
    let value = declaration.split_once("encoding").and_then(|(_, rest)| {
        let rest = rest.trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|&c| c == '"' || c == '\'')?;
        rest[1..].split_once(quote).map(|(name, _)| name.to_string())
    });
    match value {
        None => Choice::Known(Encoding::Utf8),
        Some(name) => match by_name(&name) {
            // The bytes just read were no UTF-16: the parser refuses the declaration.
            Some(Encoding::Utf16 { .. }) => Choice::Known(Encoding::Utf8),
            Some(encoding) => Choice::Known(encoding),
            None => Choice::Named(name),
        },
    }
}

/// Appends what can be read of `bytes` to `text`; an unfinished character stays.
pub fn read(bytes: &mut Vec<u8>, text: &mut String, encoding: &Encoding) {
    match encoding {
        Encoding::Utf8 => {
            let mut rest = bytes.as_slice();
            loop {
                match std::str::from_utf8(rest) {
                    Ok(valid) => {
                        text.push_str(valid);
                        rest = &[];
                        break;
                    }
                    Err(error) => {
                        let (valid, after) = rest.split_at(error.valid_up_to());
                        text.push_str(std::str::from_utf8(valid).unwrap_or(""));
                        rest = after;
                        match error.error_len() {
                            None => break,
                            Some(len) => rest = &rest[len..],
                        }
                        text.push(WRONG);
                        if rest.is_empty() {
                            break;
                        }
                    }
                }
            }
            let kept = rest.len();
            bytes.drain(..bytes.len() - kept);
        }
        Encoding::Utf16 { big } => {
            let unit = |pair: &[u8]| {
                let pair = [pair[0], pair[1]];
                if *big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
            };
            let mut used = 0;
            while let Some(pair) = bytes.get(used..used + 2) {
                let first = unit(pair);
                let mut units = vec![first];
                if (0xd800..0xdc00).contains(&first) {
                    match bytes.get(used + 2..used + 4) {
                        Some(pair) => units.push(unit(pair)),
                        None => break,
                    }
                }
                match char::decode_utf16(units.iter().copied()).next() {
                    Some(Ok(c)) => {
                        text.push(c);
                        used += 2 * c.len_utf16();
                    }
                    _ => {
                        text.push(WRONG);
                        used += 2;
                    }
                }
            }
            bytes.drain(..used);
        }
        Encoding::Latin1 => text.extend(bytes.drain(..).map(char::from)),
        Encoding::Ascii => {
            text.extend(bytes.drain(..).map(|byte| if byte < 128 { char::from(byte) } else { WRONG }));
        }
        Encoding::Table(table) => text.extend(bytes.drain(..).map(|byte| table[usize::from(byte)])),
    }
}
