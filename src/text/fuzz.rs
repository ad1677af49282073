//! The random calls of `testdata/fuzz.py`, against the checksums that it printed under CPython.

use crate::codec::{self, Codec, CodecError, Handler, NoNames, Order};
use crate::format::{Accessor, First, FormatSpec, SpecError, Template, TemplateError, format_str};
use crate::search::{self, Flavor, Side, Split, clip_range};
use crate::{Text, case, classify, escape};

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) % n as u64) as usize
    }

    fn text(&mut self, alphabet: &[u32], longest: usize) -> Text {
        let len = self.below(longest + 1);
        let codes: Vec<u32> = (0..len).map(|_| alphabet[self.below(alphabet.len())]).collect();
        Text::from_code_points(&codes).unwrap()
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

struct Sum(u64);

impl Sum {
    fn add(&mut self, word: u32) {
        self.0 = (self.0 ^ u64::from(word)).wrapping_mul(0x100000001b3);
    }

    fn text(&mut self, text: &Text) {
        self.add(text.len() as u32);
        text.iter().for_each(|code| self.add(code));
    }

    fn str(&mut self, text: &str) {
        self.text(&Text::from_str(text));
    }

    fn fault(&mut self, error: CodecError) {
        let CodecError::Fault(fault) = error else { panic!() };
        self.str(&format!("{} {} {} {}", fault.encoding, fault.start, fault.end, fault.reason));
    }
}

fn codes(s: &str) -> Vec<u32> {
    s.chars().map(u32::from).collect()
}

const HANDLERS: [Handler; 7] = [
    Handler::Strict,
    Handler::Ignore,
    Handler::Replace,
    Handler::BackslashReplace,
    Handler::SurrogateEscape,
    Handler::SurrogatePass,
    Handler::XmlCharRefReplace,
];

fn decoding(random: &mut Random, total: &mut Sum) {
    const WIDE: &[u8] = b"\x00\x00\x41\xd8\xdb\xdc\xdf\xe0\xfe\xff";
    const WIDER: &[u8] = b"\x00\x00\x00\x00\x00\x41\xd8\xdc\x10\x11\xfe\xff";
    const UTF8: &[u8] = b"\x41\x7f\x80\x8f\x90\x9f\xa0\xbf\xc1\xc2\xdf\xe0\xe1\xec\xed\xee\xef\xf0\xf1\xf3\xf4\xf5\xff";
    let decoders: [(Codec<'_>, &[u8]); 10] = [
        (Codec::Utf8, UTF8),
        (Codec::Ascii, b"abc\x7f\x80\xff"),
        (Codec::Utf16(Order::Marked), WIDE),
        (Codec::Utf16(Order::Little), WIDE),
        (Codec::Utf16(Order::Big), WIDE),
        (Codec::Utf32(Order::Marked), WIDER),
        (Codec::Utf32(Order::Big), WIDER),
        (Codec::Utf7, b"++--/AZaz09AAQQ!~\\\xe9 2D3e"),
        (Codec::UnicodeEscape, b"\\\\\\\\\\xuUNabt01789afg{}\"'\n\xe900"),
        (Codec::RawUnicodeEscape, b"\\\\\\\\xuUnab01789afg\xe900"),
    ];
    let (decoder, alphabet) = random.pick(&decoders);
    let alphabet: Vec<u32> = alphabet.iter().map(|&byte| byte.into()).collect();
    let data = random.text(&alphabet, 12);
    let handler = random.pick(&HANDLERS[..6]);
    let is_final = random.below(3) > 0;
    let input: Vec<u8> = data.iter().map(|code| code as u8).collect();
    match codec::decode(decoder, &input, handler, is_final, &NoNames) {
        Ok((text, used)) => {
            total.text(&text);
            total.add(used as u32);
        }
        Err(error) => total.fault(error),
    }
}

fn encoding(random: &mut Random, total: &mut Sum) {
    let mut points = codes("\0\t\n a+-~\\'/\x7f\u{80}\u{e9}\u{ff}\u{100}\u{20ac}");
    points.extend([0xd800, 0xdbff, 0xdc00, 0xdc80, 0xdcff, 0xdfff, 0xffff, 0x10000, 0x10ffff]);
    let names =
        "utf-8 ascii latin-1 utf-16 utf-16-le utf-16-be utf-32 utf-32-be utf-7 unicode_escape raw_unicode_escape";
    let names: Vec<&str> = names.split(' ').collect();
    let encoder = codec::lookup(random.pick(&names)).unwrap();
    let text = random.text(&points, 10);
    let handler = random.pick(&HANDLERS);
    match codec::encode(encoder, text.units(), handler, &NoNames) {
        Ok(bytes) => total.text(&Text::from_latin1(&bytes).unwrap()),
        Err(error) => total.fault(error),
    }
}

fn representation(random: &mut Random, total: &mut Sum) {
    let limit = random.pick(&[0x80, 0x100, 0x3000, 0x110000]);
    let len = random.below(8);
    let points: Vec<u32> = (0..len).map(|_| random.below(limit) as u32).collect();
    let text = Text::from_code_points(&points).unwrap();
    total.text(&escape::repr(&text).unwrap());
    total.text(&escape::ascii(&text).unwrap());
    let utf16 = Codec::Utf16(Order::Little);
    let bytes = codec::encode(utf16, text.units(), Handler::SurrogatePass, &NoNames).unwrap();
    total.text(&escape::repr_bytes(&bytes).unwrap());
}

fn cases(random: &mut Random, total: &mut Sum) {
    let cased = "aAzZ\u{df}\u{e9}\u{c9}\u{130}\u{131}\u{149}\u{1c4}\u{1c5}\u{1c6}\u{3a3}\u{3a3}\u{3c3}\u{3c2}\u{345}\u{1e9e}\
                 \u{1f80}\u{1f88}\u{fb03}\u{2160}\u{24d0}\u{13a0}\u{ab70}\u{10400} .'\u{ad}\u{2b0}\u{301}";
    let alphabet = codes(if random.below(3) > 0 { cased } else { "aAbB .'1_" });
    let text = random.text(&alphabet, 8);
    for method in [case::lower, case::upper, case::title, case::capitalize, case::swapcase, case::casefold] {
        total.text(&method(&text).unwrap());
    }
    let tests = [
        classify::is_alpha,
        classify::is_alnum,
        classify::is_decimal,
        classify::is_digit,
        classify::is_numeric,
        classify::is_lower,
        classify::is_upper,
        classify::is_title,
        classify::is_space,
        classify::is_printable,
        classify::is_identifier,
    ];
    for test in tests {
        total.add(test(&text).into());
    }
}

fn searches(random: &mut Random, total: &mut Sum) {
    let letters = ["ab", "ab\u{e9}", "a\u{3b1}b", "a\u{1f600}b", "a \n\r\t\u{2003}\x1c\u{85}", "aaaaaaaab"];
    let alphabet = codes(random.pick(&letters));
    let longest = random.pick(&[8, 40, 200]);
    let text = random.text(&alphabet, longest);
    let longest = random.pick(&[1, 3, 9]);
    let needle = random.text(&alphabet, longest);
    let (start, stop) = (random.below(20) as isize - 10, random.below(60) as isize - 10);
    let (hay, sub) = (text.units(), needle.units());
    let clipped = clip_range(start, stop, text.len()).map(|(start, stop)| (start, hay.slice(start, stop)));
    let position = |found: Option<usize>| found.map_or(u32::MAX, |index| index as u32);
    total.add(position(clipped.and_then(|(at, part)| search::find(part, sub).map(|index| index + at))));
    total.add(position(clipped.and_then(|(at, part)| search::rfind(part, sub).map(|index| index + at))));
    total.add(clipped.map_or(0, |(_, part)| search::count(part, sub, usize::MAX)) as u32);
    total.add(clipped.is_some_and(|(_, part)| part.starts_with(sub)).into());
    total.add(clipped.is_some_and(|(_, part)| part.ends_with(sub)).into());
    let most = random.below(4).checked_sub(1).unwrap_or(usize::MAX);
    let new = random.text(&alphabet, 3);
    total.text(&search::replace(&text, &needle, &new, most).unwrap());
    let flavor = Flavor::Str;
    let mut all: Vec<Vec<(usize, usize)>> = Vec::new();
    if !needle.is_empty() {
        all.push(Split::new(hay, sub, most).collect());
        let mut back: Vec<_> = search::RSplit::new(hay, sub, most).collect();
        back.reverse();
        all.push(back);
    }
    let mut partitions = Vec::new();
    if !needle.is_empty() {
        partitions.extend(search::partition(&text, &needle).unwrap());
        partitions.extend(search::rpartition(&text, &needle).unwrap());
    }
    let show = |total: &mut Sum, ranges: &[(usize, usize)]| {
        ranges.iter().for_each(|&(start, stop)| total.text(&text.slice(start, stop).unwrap()));
    };
    all.iter().for_each(|ranges| show(total, ranges));
    partitions.iter().for_each(|part| total.text(part));
    show(total, &search::SplitWhitespace::new(hay, flavor, most).collect::<Vec<_>>());
    let mut back: Vec<_> = search::RSplitWhitespace::new(hay, flavor, most).collect();
    back.reverse();
    show(total, &back);
    show(total, &search::SplitLines::new(hay, flavor, false).collect::<Vec<_>>());
    show(total, &search::SplitLines::new(hay, flavor, true).collect::<Vec<_>>());
    for side in [Side::Both, Side::Left, Side::Right] {
        show(total, &[search::strip_space(hay, flavor, side)]);
        show(total, &[search::strip_chars(hay, sub, side).unwrap()]);
    }
    total.text(&search::expand_tabs(&text, random.below(9) as isize).unwrap());
    total.text(&search::center(&text, random.below(20), 0x2a).unwrap());
    total.text(&search::zfill(&text, random.below(20)).unwrap());
    let step = match random.below(7) as isize - 3 {
        0 => 1,
        step => step,
    };
    let first = if step > 0 { 0 } else { text.len().saturating_sub(1) };
    let count = text.len().div_ceil(step.unsigned_abs());
    total.text(&text.slice_step(first, step, count).unwrap());
}

fn specifications(random: &mut Random, total: &mut Sum) {
    let spec = random.text(&codes("<>=^+- z#0019,_..sdx\u{661}\u{3b1}"), 7);
    let message = |error: SpecError, name: &'static str| error.message(&spec, &Text::from_static(name));
    match format_str(&Text::from_static("abc"), spec.units()) {
        Ok(text) => total.text(&text),
        Err(error) => total.text(&message(error, "str")),
    }
    for (default, name) in [(Some(b'd'), "int"), (None, "float")] {
        if let Err(error) = FormatSpec::parse(spec.units(), default) {
            total.text(&message(error, name));
        }
    }
}

fn templates(random: &mut Random, total: &mut Sum) {
    let text = random.text(&codes("{{}}[].!:ra01 \u{3b1}"), 10);
    let part = |text: &Text, (start, stop): (usize, usize)| text.slice(start, stop).unwrap();
    for piece in Template::new(text.units()) {
        match piece {
            Err(error) => total.text(&error.message()),
            Ok(piece) => {
                total.text(&part(&text, piece.literal));
                match piece.field {
                    None => (0..3).for_each(|_| total.str("None")),
                    Some(field) => {
                        total.text(&part(&text, field.name));
                        total.text(&part(&text, field.spec));
                        let conversion = field.conversion.map(|code| Text::from_code(code).unwrap());
                        total.text(&conversion.unwrap_or(Text::from_static("None")));
                    }
                }
            }
        }
    }
    let text = random.text(&codes("[].a01\u{661}"), 6);
    let mut split = || {
        let name = crate::format::FieldName::split(text.units(), (0, text.len()), None)?;
        match name.first {
            First::Index(index) => total.str(&index.to_string()),
            First::Key(key) => total.text(&part(&text, key)),
        }
        for accessor in name.rest {
            let accessor = accessor?;
            total.add(matches!(accessor, Accessor::Attribute(_)).into());
            match accessor {
                Accessor::Index(index) => total.str(&index.to_string()),
                Accessor::Attribute(name) | Accessor::Key(name) => total.text(&part(&text, name)),
            }
        }
        Ok(())
    };
    if let Err(error) = split() {
        total.text(&TemplateError::message(error));
    }
}

fn percents(random: &mut Random, total: &mut Sum) {
    let text = random.text(&codes("%%%()*.-+ #012hlLsraq\u{3b1}"), 7);
    match crate::format::tests::percent(&text, &[Text::from_static("x"), Text::from_static("yz")]) {
        Ok(text) => total.text(&text),
        Err(message) => {
            let (kind, message) = message.split_once(": ").unwrap();
            total.str(kind);
            total.str(message);
        }
    }
}

fn run(area: &str, call: fn(&mut Random, &mut Sum)) {
    let mut random = Random(area.len() as u64);
    let recorded = include_str!("testdata/fuzz.txt");
    let recorded: Vec<&str> = recorded.lines().filter(|line| line.split(' ').next() == Some(area)).collect();
    assert_eq!(recorded.len(), 40);
    for (block, line) in recorded.iter().enumerate() {
        let mut total = Sum(0xcbf29ce484222325);
        (0..100).for_each(|_| call(&mut random, &mut total));
        assert_eq!(&format!("{area} {block} {:016x}", total.0), line);
    }
}

#[test]
fn fuzz() {
    run("representation", representation);
    run("case", cases);
    run("search", searches);
    run("specification", specifications);
    run("template", templates);
    run("percent", percents);
    run("encoding", encoding);
    run("decoding", decoding);
}
