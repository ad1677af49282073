//! Recorded calls of `str` and `bytes` methods, and inputs that make naive searching quadratic.

use super::*;
use crate::testing::{Record, records};
use crate::{Text, bytes, case, classify};

fn latin1(text: &Text) -> Vec<u8> {
    text.iter().map(|code| u8::try_from(code).unwrap()).collect()
}

fn max_of(n: isize) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

fn ranges(hay: &Text, ranges: impl Iterator<Item = (usize, usize)>) -> Vec<Text> {
    ranges.map(|(start, stop)| hay.slice(start, stop).unwrap()).collect()
}

fn reversed(mut parts: Vec<Text>) -> Vec<Text> {
    parts.reverse();
    parts
}

fn number(n: isize) -> Text {
    Text::from_str(&n.to_string())
}

fn position(found: Option<usize>) -> Text {
    number(found.map_or(-1, |index| index as isize))
}

fn clipped<'a>(record: &Record, hay: &'a Text) -> Option<(usize, Units<'a>)> {
    let (start, stop) = clip_range(record.int(4), record.int(5), hay.len())?;
    Some((start, hay.units().slice(start, stop)))
}

/// What is the same for `str` and `bytes` but for the flavor.
fn shared(record: &Record, flavor: Flavor) -> Option<Vec<Text>> {
    let none = Text::from_static("None");
    let (name, hay) = (record.args[1].to_utf8().unwrap().into_owned(), &record.args[2]);
    let arg = record.args.get(3);
    let units = hay.units();
    let one = |range: (usize, usize)| ranges(hay, [range].into_iter());
    Some(match name.as_str() {
        "find" => vec![position(clipped(record, hay).and_then(|(at, h)| find(h, arg?.units()).map(|i| i + at)))],
        "rfind" => vec![position(clipped(record, hay).and_then(|(at, h)| rfind(h, arg?.units()).map(|i| i + at)))],
        "count" => {
            let counted = clipped(record, hay).map_or(0, |(_, h)| count(h, arg.unwrap().units(), usize::MAX));
            vec![number(counted as isize)]
        }
        "startswith" => {
            vec![number(clipped(record, hay).is_some_and(|(_, h)| h.starts_with(arg.unwrap().units())).into())]
        }
        "endswith" => vec![number(clipped(record, hay).is_some_and(|(_, h)| h.ends_with(arg.unwrap().units())).into())],
        "split" if arg == Some(&none) => ranges(hay, SplitWhitespace::new(units, flavor, max_of(record.int(4)))),
        "rsplit" if arg == Some(&none) => {
            reversed(ranges(hay, split::RSplitWhitespace::new(units, flavor, max_of(record.int(4)))))
        }
        "split" => ranges(hay, Split::new(units, arg?.units(), max_of(record.int(4)))),
        "rsplit" => reversed(ranges(hay, RSplit::new(units, arg?.units(), max_of(record.int(4))))),
        "splitlines" => ranges(hay, SplitLines::new(units, flavor, record.int(3) != 0)),
        "partition" => partition(hay, arg?).unwrap().into(),
        "rpartition" => rpartition(hay, arg?).unwrap().into(),
        "removeprefix" => one((if units.starts_with(arg?.units()) { arg?.len() } else { 0 }, hay.len())),
        "removesuffix" => one((0, hay.len() - if units.ends_with(arg?.units()) { arg?.len() } else { 0 })),
        "strip" | "lstrip" | "rstrip" => {
            let side = match &name[..1] {
                "l" => Side::Left,
                "r" => Side::Right,
                _ => Side::Both,
            };
            one(match arg {
                None => strip_space(units, flavor, side),
                Some(chars) => strip_chars(units, chars.units(), side).unwrap(),
            })
        }
        _ => return None,
    })
}

fn str_only(record: &Record) -> Text {
    let (name, hay) = (record.args[1].to_utf8().unwrap(), &record.args[2]);
    let width = |i| usize::try_from(record.int(i)).unwrap_or(0);
    let fill = || record.args[4].get(0).unwrap();
    match &*name {
        "replace" => replace(hay, &record.args[3], &record.args[4], max_of(record.int(5))),
        "expandtabs" => expand_tabs(hay, record.int(3)),
        "zfill" => zfill(hay, width(3)),
        "center" => center(hay, width(3), fill()),
        "ljust" => ljust(hay, width(3), fill()),
        "rjust" => rjust(hay, width(3), fill()),
        "join" => join(hay, record.args[3..].iter()),
        "lower" => case::lower(hay),
        "upper" => case::upper(hay),
        "title" => case::title(hay),
        "capitalize" => case::capitalize(hay),
        "swapcase" => case::swapcase(hay),
        "casefold" => case::casefold(hay),
        _ => {
            let test = match &*name {
                "isalpha" => classify::is_alpha,
                "isalnum" => classify::is_alnum,
                "isdecimal" => classify::is_decimal,
                "isdigit" => classify::is_digit,
                "isnumeric" => classify::is_numeric,
                "islower" => classify::is_lower,
                "isupper" => classify::is_upper,
                "istitle" => classify::is_title,
                "isspace" => classify::is_space,
                "isprintable" => classify::is_printable,
                "isidentifier" => classify::is_identifier,
                "isascii" => |text: &Text| text.is_ascii(),
                _ => panic!("{}", record.line),
            };
            Ok(number(test(hay).into()))
        }
    }
    .unwrap()
}

fn bytes_only(record: &Record) -> Text {
    let (name, hay) = (record.args[1].to_utf8().unwrap(), latin1(&record.args[2]));
    let arg = |i: usize| latin1(&record.args[i]);
    let width = |i| usize::try_from(record.int(i)).unwrap_or(0);
    let mapped = match &*name {
        "replace" => bytes::replace(&hay, &arg(3), &arg(4), max_of(record.int(5))),
        "expandtabs" => bytes::expand_tabs(&hay, record.int(3)),
        "zfill" => bytes::zfill(&hay, width(3)),
        "center" => bytes::center(&hay, width(3), arg(4)[0]),
        "ljust" => bytes::ljust(&hay, width(3), arg(4)[0]),
        "rjust" => bytes::rjust(&hay, width(3), arg(4)[0]),
        "lower" => bytes::lower(&hay),
        "upper" => bytes::upper(&hay),
        "title" => bytes::title(&hay),
        "capitalize" => bytes::capitalize(&hay),
        "swapcase" => bytes::swapcase(&hay),
        "hex" => return bytes::hex(&hay, Some(arg(3)[0]), record.int(4)).unwrap(),
        _ => {
            let test = match &*name {
                "isalpha" => bytes::is_alpha,
                "isalnum" => bytes::is_alnum,
                "isdigit" => bytes::is_digit,
                "islower" => bytes::is_lower,
                "isupper" => bytes::is_upper,
                "istitle" => bytes::is_title,
                "isspace" => bytes::is_space,
                "isascii" => <[u8]>::is_ascii,
                _ => panic!("{}", record.line),
            };
            return number(test(&hay).into());
        }
    };
    Text::from_latin1(&mapped.unwrap()).unwrap()
}

#[test]
fn recorded() {
    for record in records("search").iter().chain(&records("case")) {
        let is_str = record.args[0] == "s";
        let flavor = if is_str { Flavor::Str } else { Flavor::Bytes };
        let ours = shared(record, flavor);
        let ours = ours.unwrap_or_else(|| vec![if is_str { str_only(record) } else { bytes_only(record) }]);
        record.check(&ours);
    }
}

#[test]
fn periodic_needles() {
    let a = Text::from_str("a");
    let hay = a.repeat(300_000).unwrap();
    for (left, right) in [(50_000, 50_000), (0, 100_000), (100_000, 0)] {
        let mut needle = a.repeat(left).unwrap();
        needle.push_str("b").unwrap();
        needle.push_text(&a.repeat(right).unwrap()).unwrap();
        assert_eq!(find(hay.units(), needle.units()), None);
        assert_eq!(rfind(hay.units(), needle.units()), None);
        let mut with = hay.concat(&needle).unwrap();
        with.push_text(&a.repeat(1000).unwrap()).unwrap();
        assert_eq!(find(with.units(), needle.units()), Some(300_000));
        assert_eq!(rfind(with.units(), needle.units()), Some(300_000));
        assert_eq!(count(with.units(), needle.units(), usize::MAX), 1);
    }
}

/// The fall-back against the fast path, on all needles over two letters up to six.
#[test]
fn two_way_agrees() {
    let mut state = 1u32;
    let mut random = move || {
        state = state.wrapping_mul(1664525).wrapping_add(1013904223);
        state >> 24
    };
    for bits in 0..64u32 {
        for len in 1..=6 {
            let needle: Vec<u8> = (0..len).map(|i| b'a' + (bits >> i & 1) as u8).collect();
            let hay: Vec<u8> = (0..60).map(|_| b'a' + (random() % 2) as u8).collect();
            let (h, n) = (Units::One(&hay), Units::One(&needle));
            let naive: Vec<usize> = (0..=60 - len).filter(|&i| hay[i..].starts_with(&needle)).collect();
            assert_eq!(find(h, n), naive.first().copied());
            assert_eq!(rfind(h, n), naive.last().copied());
            assert_eq!(two_way(Seq::forward(h), Seq::forward(n)), naive.first().copied());
            let back = two_way(Seq::backward(h), Seq::backward(n)).map(|i| 60 - len - i);
            assert_eq!(back, naive.last().copied());
        }
    }
}

#[test]
fn hex() {
    let from = |s| bytes::from_hex(Text::from_str(s).units());
    assert_eq!(from(" 0a FF\t").unwrap(), [10, 255]);
    assert_eq!(from("12 3"), Err(bytes::HexError::OddLength));
    assert_eq!(from("1 "), Err(bytes::HexError::BadDigit(1)));
    assert_eq!(from("12\u{e9}"), Err(bytes::HexError::BadDigit(2)));
}

#[test]
fn strip_many_wide_characters() {
    let chars = Text::from_code_points(&(0x300..0x500).rev().collect::<Vec<u32>>()).unwrap();
    let mut text = chars.clone();
    text.push_str("x\u{5d0}").unwrap();
    text.push_text(&chars).unwrap();
    let (start, stop) = strip_chars(text.units(), chars.units(), Side::Both).unwrap();
    assert_eq!((start, stop), (0x200, 0x202));
}
