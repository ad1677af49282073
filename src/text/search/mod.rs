//! Finding, splitting, stripping and replacing, for `str` and `bytes` alike: everything takes `Units` and answers with
//! positions, from which the caller makes its objects.
//!
//! Needles are found by looking for places where the first and the last unit fit. When that meets too many false hits, a
//! two-way search takes over where it stands, so that no input takes more than linear time.

pub mod pad;
pub mod replace;
pub mod split;
pub mod strip;
mod two_way;

pub use pad::{center, expand_tabs, ljust, rjust, zfill};
pub use replace::{join, partition, replace, rpartition};
pub use split::{RSplit, RSplitWhitespace, Range, Split, SplitLines, SplitWhitespace};
pub use strip::{CharSet, strip_chars, strip_space};

use crate::Units;
use crate::units::{Unit, with_units};
use two_way::{Seq, two_way};

/// What counts as white space and as the end of a line: `str` follows Unicode, `bytes` ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavor {
    Str,
    Bytes,
}

impl Flavor {
    /// White space: for `bytes` only space and `\t\n\v\f\r`.
    #[inline]
    pub fn is_space(self, code: u32) -> bool {
        match self {
            Flavor::Str => crate::unicode::is_space(code),
            Flavor::Bytes => matches!(code, 9..=13 | 32),
        }
    }

    /// The end of a line: for `bytes` only `\n` and `\r`.
    #[inline]
    pub fn is_line_break(self, code: u32) -> bool {
        match self {
            Flavor::Str => crate::unicode::is_line_break(code),
            Flavor::Bytes => matches!(code, 10 | 13),
        }
    }
}

/// Which end of something is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
    Both,
}

/// Resolves the `start` and `end` arguments of `find`, `count`, `startswith` and so on: negative ones count from the
/// end, then both are clipped. `None` if nothing lies between them, not even the empty string.
pub fn clip_range(start: isize, stop: isize, len: usize) -> Option<(usize, usize)> {
    let resolve = |index: isize| if index < 0 { len.saturating_sub(index.unsigned_abs()) } else { index as usize };
    let (start, stop) = (resolve(start), resolve(stop).min(len));
    (start <= stop).then_some((start, stop))
}

/// Position of the first occurrence.
pub fn find(hay: Units<'_>, needle: Units<'_>) -> Option<usize> {
    if needle.len() > hay.len() {
        return None;
    }
    match needle.len() {
        0 => return Some(0),
        1 => return find_code(hay, needle.at(0)),
        _ => {}
    }
    let found = match (hay, needle) {
        (Units::One(h), Units::One(n)) => find_bytes(h, n),
        (Units::Two(h), Units::One(n)) => find_units(h, n),
        (Units::Two(h), Units::Two(n)) => find_units(h, n),
        (Units::Four(h), Units::One(n)) => find_units(h, n),
        (Units::Four(h), Units::Two(n)) => find_units(h, n),
        (Units::Four(h), Units::Four(n)) => find_units(h, n),
        // A needle in wider units than it needs, which only a part of a wide text has.
        _ => Found::GaveUp(0),
    };
    match found {
        Found::At(index) => Some(index),
        Found::Nowhere => None,
        Found::GaveUp(from) => two_way(Seq::forward(hay.from(from)), Seq::forward(needle)).map(|index| index + from),
    }
}

/// Position of the last occurrence.
pub fn rfind(hay: Units<'_>, needle: Units<'_>) -> Option<usize> {
    if needle.len() > hay.len() {
        return None;
    }
    match needle.len() {
        0 => return Some(hay.len()),
        1 => return rfind_code(hay, needle.at(0)),
        _ => {}
    }
    let (first, last) = (needle.at(0), needle.at(needle.len() - 1));
    let mut end = hay.len();
    let mut work = 0;
    while end >= needle.len() {
        // Step from one fitting last unit to the one before.
        end = match rfind_code(hay.slice(0, end), last) {
            Some(index) if index + 1 >= needle.len() => index + 1,
            _ => return None,
        };
        let start = end - needle.len();
        if hay.at(start) == first {
            if hay.slice(start, end) == needle {
                return Some(start);
            }
            work += needle.len();
            if work > 16 * (hay.len() - end) + 256 {
                let found = two_way(Seq::backward(hay.slice(0, end - 1)), Seq::backward(needle));
                return found.map(|index| end - 1 - index - needle.len());
            }
        }
        end -= 1;
    }
    None
}

pub fn contains(hay: Units<'_>, needle: Units<'_>) -> bool {
    find(hay, needle).is_some()
}

/// How often the needle occurs, without overlaps; at most `max`. The empty one occurs between all code points.
pub fn count(hay: Units<'_>, needle: Units<'_>, max: usize) -> usize {
    match needle.len() {
        0 => return hay.len().saturating_add(1).min(max),
        1 => {
            let code = needle.at(0);
            return with_units!(hay, h => count_unit(h, code)).min(max);
        }
        _ => {}
    }
    let mut found = 0;
    let mut from = 0;
    while found < max
        && let Some(index) = find(hay.from(from), needle)
    {
        found += 1;
        from += index + needle.len();
    }
    found
}

/// Position of the first unit equal to a code point.
#[inline]
pub fn find_code(hay: Units<'_>, code: u32) -> Option<usize> {
    match hay {
        Units::One(h) => find_byte(h, u8::try_from(code).ok()?),
        Units::Two(h) => find_unit(h, u16::try_from(code).ok()?),
        Units::Four(h) => find_unit(h, code),
    }
}

/// Position of the last unit equal to a code point.
#[inline]
pub fn rfind_code(hay: Units<'_>, code: u32) -> Option<usize> {
    match hay {
        Units::One(h) => rfind_byte(h, u8::try_from(code).ok()?),
        Units::Two(h) => {
            let unit = u16::try_from(code).ok()?;
            h.iter().rposition(|&u| u == unit)
        }
        Units::Four(h) => h.iter().rposition(|&u| u == code),
    }
}

enum Found {
    At(usize),
    Nowhere,
    /// Too many false hits: go on from here by another method.
    GaveUp(usize),
}

const ONES: u64 = u64::MAX / 255;
const HIGHS: u64 = ONES << 7;

/// The high bit of every zero byte, and of none below the lowest zero byte (above it there may be false ones).
#[inline(always)]
fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHS
}

#[inline(always)]
fn load(bytes: &[u8], at: usize) -> u64 {
    match bytes[at..].first_chunk::<8>() {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => 0,
    }
}

/// Position of the first byte equal to `byte`, eight at a time.
pub fn find_byte(hay: &[u8], byte: u8) -> Option<usize> {
    let pattern = ONES * u64::from(byte);
    let (words, rest) = hay.as_chunks::<8>();
    for (i, word) in words.iter().enumerate() {
        let hits = zero_bytes(u64::from_le_bytes(*word) ^ pattern);
        if hits != 0 {
            return Some(8 * i + (hits.trailing_zeros() / 8) as usize);
        }
    }
    rest.iter().position(|&b| b == byte).map(|index| index + 8 * words.len())
}

fn rfind_byte(hay: &[u8], byte: u8) -> Option<usize> {
    let pattern = ONES * u64::from(byte);
    let (rest, words) = hay.as_rchunks::<8>();
    for (i, word) in words.iter().enumerate().rev() {
        if zero_bytes(u64::from_le_bytes(*word) ^ pattern) != 0 {
            let at = word.iter().rposition(|&b| b == byte)?;
            return Some(rest.len() + 8 * i + at);
        }
    }
    rest.iter().rposition(|&b| b == byte)
}

fn find_unit<T: Unit>(hay: &[T], unit: T) -> Option<usize> {
    let (blocks, rest) = hay.as_chunks::<8>();
    for (i, block) in blocks.iter().enumerate() {
        if block.iter().fold(false, |any, &u| any | (u == unit)) {
            return block.iter().position(|&u| u == unit).map(|index| index + 8 * i);
        }
    }
    rest.iter().position(|&u| u == unit).map(|index| index + 8 * blocks.len())
}

/// Counts in blocks small enough for one byte to count them, which the compiler turns into vector code.
fn count_unit<T: Unit>(hay: &[T], code: u32) -> usize {
    let unit = T::truncate(code);
    if unit.code() != code {
        return 0;
    }
    let in_block = |block: &[T]| block.iter().fold(0u8, |n, &u| n + u8::from(u == unit));
    hay.chunks(192).map(|block| usize::from(in_block(block))).sum()
}

/// How much comparing of false hits is still cheap after `done` units were passed.
fn too_much(work: usize, done: usize) -> bool {
    work > 16 * done + 256
}

/// `needle` has at least two units and is not longer than `hay`.
fn find_bytes(hay: &[u8], needle: &[u8]) -> Found {
    let gap = needle.len() - 1;
    let (first, last) = (ONES * u64::from(needle[0]), ONES * u64::from(needle[gap]));
    let mut at = 0;
    let mut work = 0;
    while at + gap + 8 <= hay.len() {
        let mut hits = zero_bytes((load(hay, at) ^ first) | (load(hay, at + gap) ^ last));
        while hits != 0 {
            let index = at + (hits.trailing_zeros() / 8) as usize;
            if &hay[index..index + needle.len()] == needle {
                return Found::At(index);
            }
            work += needle.len();
            hits &= hits - 1;
        }
        at += 8;
        if too_much(work, at) {
            return Found::GaveUp(at);
        }
    }
    match find_units(&hay[at..], needle) {
        Found::At(index) => Found::At(at + index),
        Found::GaveUp(index) => Found::GaveUp(at + index),
        Found::Nowhere => Found::Nowhere,
    }
}

/// `needle` has at least two units.
fn find_units<H: Unit, N: Unit>(hay: &[H], needle: &[N]) -> Found {
    let gap = needle.len() - 1;
    let (first, last) = (needle[0].code(), needle[gap].code());
    let mut work = 0;
    for (at, window) in hay.windows(needle.len()).enumerate() {
        if window[0].code() == first && window[gap].code() == last {
            if window.iter().zip(needle).all(|(h, n)| h.code() == n.code()) {
                return Found::At(at);
            }
            work += needle.len();
            if too_much(work, at) {
                return Found::GaveUp(at + 1);
            }
        }
    }
    Found::Nowhere
}

#[cfg(test)]
mod tests;
