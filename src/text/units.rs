//! `Units`: a borrowed view of code points in 1, 2 or 4 bytes each, and their iterator.
//!
//! Algorithms take `Units`, so that whole texts, parts of texts and `bytes` (always `Units::One`) share them. Unlike a
//! `Text`, a view need not be of the narrowest width: part of a wide text may hold ASCII only.

use crate::Kind;
use core::cmp::Ordering;

/// A borrowed run of code points.
#[derive(Clone, Copy, Debug)]
pub enum Units<'a> {
    One(&'a [u8]),
    Two(&'a [u16]),
    Four(&'a [u32]),
}

/// A code unit type: `u8`, `u16` or `u32`.
pub(crate) trait Unit: Copy + Ord + 'static {
    fn code(self) -> u32;
    /// Drops the high bits.
    fn truncate(code: u32) -> Self;
}

macro_rules! unit {
    ($($t:ty),*) => {$(
        impl Unit for $t {
            #[inline(always)]
            fn code(self) -> u32 {
                self as u32
            }
            #[inline(always)]
            fn truncate(code: u32) -> $t {
                code as $t
            }
        }
    )*};
}
unit!(u8, u16, u32);

/// Runs an expression on the typed slice inside a `Units`, once per width.
macro_rules! with_units {
    ($units:expr, $slice:ident => $body:expr) => {
        match $units {
            $crate::units::Units::One($slice) => $body,
            $crate::units::Units::Two($slice) => $body,
            $crate::units::Units::Four($slice) => $body,
        }
    };
}
pub(crate) use with_units;

impl<'a> Units<'a> {
    #[inline]
    pub const fn len(self) -> usize {
        match self {
            Units::One(s) => s.len(),
            Units::Two(s) => s.len(),
            Units::Four(s) => s.len(),
        }
    }

    #[inline]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The code point at an index.
    #[inline]
    pub fn get(self, index: usize) -> Option<u32> {
        match self {
            Units::One(s) => s.get(index).map(|&unit| unit.into()),
            Units::Two(s) => s.get(index).map(|&unit| unit.into()),
            Units::Four(s) => s.get(index).copied(),
        }
    }

    /// The code point at an index that is known to be in range; panics otherwise.
    #[inline]
    pub fn at(self, index: usize) -> u32 {
        with_units!(self, s => s[index].code())
    }

    #[inline]
    pub fn first(self) -> Option<u32> {
        self.get(0)
    }

    #[inline]
    pub fn last(self) -> Option<u32> {
        self.get(self.len().wrapping_sub(1))
    }

    /// The part from `start` to `stop`, clipped to what is there.
    #[inline]
    pub fn slice(self, start: usize, stop: usize) -> Units<'a> {
        let stop = stop.min(self.len());
        let start = start.min(stop);
        match self {
            Units::One(s) => Units::One(&s[start..stop]),
            Units::Two(s) => Units::Two(&s[start..stop]),
            Units::Four(s) => Units::Four(&s[start..stop]),
        }
    }

    #[inline]
    pub fn from(self, start: usize) -> Units<'a> {
        self.slice(start, usize::MAX)
    }

    #[inline]
    pub fn iter(self) -> Codes<'a> {
        match self {
            Units::One(s) => Codes::One(s.iter()),
            Units::Two(s) => Codes::Two(s.iter()),
            Units::Four(s) => Codes::Four(s.iter()),
        }
    }

    /// The narrowest kind that holds every code point; looks at all of them at worst.
    pub fn kind(self) -> Kind {
        match self {
            Units::One(s) => {
                if s.is_ascii() {
                    Kind::Ascii
                } else {
                    Kind::Latin1
                }
            }
            Units::Two(s) => kind_of(s, 0xff),
            Units::Four(s) => kind_of(s, 0xffff),
        }
    }

    pub fn is_ascii(self) -> bool {
        match self {
            Units::One(s) => s.is_ascii(),
            _ => self.kind() == Kind::Ascii,
        }
    }

    /// Whether a prefix of this view equals another view.
    pub fn starts_with(self, prefix: Units<'_>) -> bool {
        prefix.len() <= self.len() && self.slice(0, prefix.len()) == prefix
    }

    pub fn ends_with(self, suffix: Units<'_>) -> bool {
        suffix.len() <= self.len() && self.from(self.len() - suffix.len()) == suffix
    }
}

/// The kind of some units, in blocks; stops early once one is above `enough`, as it cannot get wider then.
fn kind_of<T: Unit>(units: &[T], enough: u32) -> Kind {
    let mut all = 0;
    for block in units.chunks(64) {
        all |= block.iter().fold(0, |all, unit| all | unit.code());
        if all > enough {
            break;
        }
    }
    Kind::of(all)
}

impl<'a> From<&'a [u8]> for Units<'a> {
    fn from(bytes: &'a [u8]) -> Units<'a> {
        Units::One(bytes)
    }
}

impl<'a> From<&'a crate::Text> for Units<'a> {
    fn from(text: &'a crate::Text) -> Units<'a> {
        text.units()
    }
}

impl PartialEq for Units<'_> {
    /// By code point, whatever the widths.
    #[inline]
    fn eq(&self, other: &Units<'_>) -> bool {
        match (*self, *other) {
            (Units::One(a), Units::One(b)) => a == b,
            (Units::Two(a), Units::Two(b)) => a == b,
            (Units::Four(a), Units::Four(b)) => a == b,
            (a, b) => a.len() == b.len() && a.iter().eq(b.iter()),
        }
    }
}

impl Eq for Units<'_> {}

impl Ord for Units<'_> {
    /// By code point.
    fn cmp(&self, other: &Units<'_>) -> Ordering {
        match (*self, *other) {
            (Units::One(a), Units::One(b)) => a.cmp(b),
            (Units::Two(a), Units::Two(b)) => a.cmp(b),
            (Units::Four(a), Units::Four(b)) => a.cmp(b),
            (a, b) => a.iter().cmp(b.iter()),
        }
    }
}

impl PartialOrd for Units<'_> {
    fn partial_cmp(&self, other: &Units<'_>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

macro_rules! with_units_iter {
    ($codes:expr, $it:ident => $body:expr) => {
        match $codes {
            Codes::One($it) => $body,
            Codes::Two($it) => $body,
            Codes::Four($it) => $body,
        }
    };
}

/// The code points of a view, from either end.
#[derive(Clone, Debug)]
pub enum Codes<'a> {
    One(core::slice::Iter<'a, u8>),
    Two(core::slice::Iter<'a, u16>),
    Four(core::slice::Iter<'a, u32>),
}

impl Iterator for Codes<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        with_units_iter!(self, it => it.next().map(|unit| unit.code()))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        with_units_iter!(self, it => it.size_hint())
    }

    #[inline]
    fn nth(&mut self, n: usize) -> Option<u32> {
        with_units_iter!(self, it => it.nth(n).map(|unit| unit.code()))
    }

    /// One branch on the width for the whole loop.
    #[inline]
    fn fold<B, F: FnMut(B, u32) -> B>(self, init: B, mut f: F) -> B {
        with_units_iter!(self, it => it.fold(init, |all, unit| f(all, unit.code())))
    }
}

impl DoubleEndedIterator for Codes<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<u32> {
        with_units_iter!(self, it => it.next_back().map(|unit| unit.code()))
    }
}

impl ExactSizeIterator for Codes<'_> {}
