//! Recorded translations with every built-in handler.

use super::*;
use crate::testing::{Record, records};
use crate::{Text, escape};

/// The names that occur in the records.
struct FewNames;

impl Names for FewNames {
    fn code(&self, name: &str) -> Option<u32> {
        (name == "EURO SIGN").then_some(0x20ac)
    }

    fn name(&self, code: u32) -> Option<String> {
        let name = match code {
            0xe9 => "LATIN SMALL LETTER E WITH ACUTE",
            0xff => "LATIN SMALL LETTER Y WITH DIAERESIS",
            0x20ac => "EURO SIGN",
            0x100 => "LATIN CAPITAL LETTER A WITH MACRON",
            0x101 => "LATIN SMALL LETTER A WITH MACRON",
            0x3b1 => "GREEK SMALL LETTER ALPHA",
            0x3b2 => "GREEK SMALL LETTER BETA",
            0x3b3 => "GREEK SMALL LETTER GAMMA",
            0x1f600 => "GRINNING FACE",
            _ => return None,
        };
        Some(name.to_string())
    }
}

fn latin1(text: &Text) -> Vec<u8> {
    text.iter().map(|code| u8::try_from(code).unwrap()).collect()
}

fn error(error: CodecError) -> Text {
    match error {
        CodecError::Fault(Fault { encoding, start, end, reason }) => {
            Text::from_str(&format!("{encoding} {start} {end} {reason}"))
        }
        CodecError::WrongHandler => Text::from_static("don't know how to handle UnicodeDecodeError in error callback"),
        CodecError::OutOfMemory => panic!(),
    }
}

fn charmap(name: &str) -> Charmap {
    let tables = records("charmap");
    let table = tables.iter().find(|table| table.args[0] == *name).unwrap();
    Charmap::new(table.result.as_ref().unwrap()[0].units()).unwrap()
}

/// The codec and handler of a record, passed on.
fn with<T>(record: &Record, run: impl FnOnce(Codec<'_>, Handler) -> T) -> T {
    let name = record.args[0].to_utf8().unwrap();
    let handler = Handler::by_name(&record.args[1].to_utf8().unwrap()).unwrap();
    assert_eq!(record.args[1], *handler.name());
    match lookup(&name) {
        Some(codec) => run(codec, handler),
        None => run(Codec::Charmap(&charmap(&name)), handler),
    }
}

#[test]
fn decoding() {
    for record in records("decode") {
        let ours = with(&record, |codec, handler| decode(codec, &latin1(&record.args[2]), handler, true, &FewNames));
        let ours = ours.map(|(text, _)| vec![text]).map_err(error);
        assert_eq!(ours, record.result, "{}", record.line);
    }
}

#[test]
fn decoding_what_may_go_on() {
    for record in records("partial") {
        let ours = with(&record, |codec, handler| decode(codec, &latin1(&record.args[2]), handler, false, &FewNames));
        let ours = ours.map(|(text, used)| vec![text, Text::from_str(&used.to_string())]).map_err(error);
        assert_eq!(ours, record.result, "{}", record.line);
    }
}

#[test]
fn encoding() {
    for record in records("encode") {
        let ours = with(&record, |codec, handler| encode(codec, record.args[2].units(), handler, &FewNames));
        let ours = ours.map(|bytes| vec![Text::from_latin1(&bytes).unwrap()]).map_err(error);
        assert_eq!(ours, record.result, "{}", record.line);
    }
}

#[test]
fn representations() {
    for record in records("escape") {
        let text = &record.args[1];
        let ours = match &*record.args[0].to_utf8().unwrap() {
            "repr" => escape::repr(text),
            "ascii" => escape::ascii(text),
            "bytes_between" => escape::escape_bytes(&latin1(text)),
            _ => escape::repr_bytes(&latin1(text)),
        };
        record.check(&[ours.unwrap()]);
    }
}

#[test]
fn names() {
    assert!(matches!(lookup("UTF-8"), Some(Codec::Utf8)));
    assert!(matches!(lookup(" Latin  1 "), Some(Codec::Latin1)));
    assert!(matches!(lookup("ISO-8859-1"), Some(Codec::Latin1)));
    assert!(lookup("cp1252").is_none());
    assert!(lookup("").is_none());
}

#[test]
fn unescaping() {
    for record in records("unescape") {
        let handler = Handler::by_name(&record.args[0].to_utf8().unwrap()).unwrap();
        let ours = escape::unescape_bytes(&latin1(&record.args[1]), handler);
        let ours = ours.map(|unescaped| vec![Text::from_latin1(&unescaped.bytes).unwrap()]);
        let message = |error| match error {
            escape::UnescapeError::Trailing => "Trailing \\ in string".into(),
            escape::UnescapeError::Hex(at) => Text::from_str(&format!("invalid \\x escape at position {at}")),
            _ => panic!(),
        };
        assert_eq!(ours.map_err(message), record.result, "{}", record.line);
    }
}

#[test]
fn numbers() {
    let ascii = |s| crate::classify::to_ascii_number(&Text::from_str(s)).unwrap().into_owned();
    assert_eq!(ascii(" 1_0 "), " 1_0 ");
    assert_eq!(ascii("\u{2003}\u{ff11}\u{661}.5"), " 11.5");
    assert_eq!(ascii("1\u{e9}2"), "1?");
}
