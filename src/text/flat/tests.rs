//! Every constructor and operation over samples of every width.

use super::*;

const SAMPLES: [&str; 6] = ["", "a", "plain ascii text", "caf\u{e9}", "\u{3b1}\u{3b2}x", "x\u{1f600}\u{e9}y"];

fn codes(s: &str) -> Vec<u32> {
    s.chars().map(u32::from).collect()
}

fn check(text: &Text, expected: &[u32]) {
    assert_eq!(text.iter().collect::<Vec<_>>(), expected);
    assert_eq!(text.len(), expected.len());
    assert_eq!(text.kind(), Kind::of(expected.iter().fold(0, |all, code| all | code)), "{text:?}");
    assert_eq!(*text, Text::from_code_points(expected).unwrap());
}

#[test]
fn size() {
    assert_eq!(size_of::<Text>(), 3 * size_of::<usize>() + size_of::<usize>());
}

#[test]
fn round_trips() {
    for s in SAMPLES {
        let text = Text::from_str(s);
        check(&text, &codes(s));
        assert_eq!(text.to_utf8().unwrap(), s);
        assert_eq!(text.to_wtf16().unwrap(), s.encode_utf16().collect::<Vec<_>>());
        check(&Text::from_wtf16(&text.to_wtf16().unwrap()).unwrap(), &codes(s));
        assert_eq!(text, *s);
    }
    let lone = Text::from_wtf16(&[0x61, 0xd800, 0xdc00, 0xdc01, 0xd801]).unwrap();
    check(&lone, &[0x61, 0x10000, 0xdc01, 0xd801]);
    assert_eq!(lone.to_utf8(), Err(2));
    assert_eq!(lone.to_utf8_lossy(), "a\u{10000}\u{fffd}\u{fffd}");
}

#[test]
fn slices_concat_and_repeat() {
    for a in SAMPLES {
        let (text, all) = (Text::from_str(a), codes(a));
        for start in 0..=all.len() {
            for stop in start..=all.len() {
                check(&text.slice(start, stop).unwrap(), &all[start..stop]);
            }
        }
        let back: Vec<u32> = all.iter().rev().copied().collect();
        check(&text.slice_step(all.len().wrapping_sub(1), -1, all.len()).unwrap(), &back);
        for n in [0, 1, 2, 7] {
            check(&text.repeat(n).unwrap(), &all.repeat(n));
        }
        for b in SAMPLES {
            let both = [codes(a), codes(b)].concat();
            check(&text.concat(&Text::from_str(b)).unwrap(), &both);
            let mut grown = text.clone();
            for code in codes(b) {
                grown.push(code).unwrap();
            }
            check(&grown, &both);
            let mut grown = text.clone();
            grown.push_text(&Text::from_str(b)).unwrap();
            check(&grown, &both);
            assert_eq!(text.cmp(&Text::from_str(b)), codes(a).cmp(&codes(b)));
        }
    }
}

#[test]
fn impossible_sizes() {
    assert!(Text::from_str("ab").repeat(usize::MAX / 2 + 1).is_err());
    assert!(Text::from_str("ab").repeat(isize::MAX as usize).is_err());
    assert!(Text::from_str("\u{1f600}").repeat(usize::MAX / 8).is_err());
    assert!(Text::from_str("x").push_repeated(0x41, isize::MAX as usize).is_err());
}

#[test]
fn static_text_is_copied_on_write() {
    let mut text = Text::from_static("fixed");
    text.push_str("!").unwrap();
    check(&text, &codes("fixed!"));
    let mut one = Text::from_code(0xe9).unwrap();
    one.push(0x41).unwrap();
    check(&one, &[0xe9, 0x41]);
    check(&Text::from_code(0xe9).unwrap(), &[0xe9]);
}

#[test]
fn steps() {
    for s in SAMPLES {
        let (text, all) = (Text::from_str(s), codes(s));
        for start in 0..all.len() + 1 {
            for step in [-3, -2, -1, 1, 2, 3, 100, isize::MAX, isize::MIN] {
                for count in 0..5 {
                    let indices = (0..count).map(|i| (start as isize).checked_add(step.checked_mul(i)?));
                    let expected: Vec<u32> =
                        indices.map_while(|i| all.get(usize::try_from(i?).ok()?).copied()).collect();
                    check(&text.slice_step(start, step, count as usize).unwrap(), &expected);
                }
            }
        }
    }
}

#[test]
fn shrinking() {
    let mut text = Text::with_capacity(1000).unwrap();
    text.push_str("caf\u{e9}").unwrap();
    text.shrink();
    check(&text, &codes("caf\u{e9}"));
    assert_eq!(text.heap_size(), 4);
    let mut empty = Text::with_capacity(1000).unwrap();
    empty.shrink();
    assert_eq!(empty.heap_size(), 0);
}
