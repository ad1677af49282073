//! The two-way string matching of Crochemore and Perrin: linear time and constant space, over views in either direction.
//!
//! The needle is cut at a critical position. The right half is compared forwards; a mismatch there moves on past it. Then
//! the left half is compared; a mismatch there moves on by the needle's period, and when the whole needle is periodic,
//! what is already known to fit is remembered.

use crate::Units;

/// A view read from the left or from the right.
#[derive(Clone, Copy)]
pub(super) struct Seq<'a> {
    units: Units<'a>,
    backward: bool,
}

impl<'a> Seq<'a> {
    pub fn forward(units: Units<'a>) -> Seq<'a> {
        Seq { units, backward: false }
    }

    pub fn backward(units: Units<'a>) -> Seq<'a> {
        Seq { units, backward: true }
    }

    fn len(self) -> usize {
        self.units.len()
    }

    #[inline]
    fn at(self, index: usize) -> u32 {
        if self.backward { self.units.at(self.units.len() - 1 - index) } else { self.units.at(index) }
    }
}

/// Start and period of the largest suffix, in the ordinary order of units or the reversed one.
fn largest_suffix(needle: Seq<'_>, reversed: bool) -> (usize, usize) {
    let mut start = 0;
    let mut candidate = 1;
    let mut offset = 0;
    let mut period = 1;
    while candidate + offset < needle.len() {
        let (a, b) = (needle.at(candidate + offset), needle.at(start + offset));
        let smaller = if reversed { a > b } else { a < b };
        if smaller {
            candidate += offset + 1;
            offset = 0;
            period = candidate - start;
        } else if a == b {
            if offset + 1 == period {
                candidate += period;
                offset = 0;
            } else {
                offset += 1;
            }
        } else {
            start = candidate;
            candidate += 1;
            offset = 0;
            period = 1;
        }
    }
    (start, period)
}

/// Position of the first occurrence of a needle of at least one unit, counted from where the sequences start.
pub(super) fn two_way(hay: Seq<'_>, needle: Seq<'_>) -> Option<usize> {
    let len = needle.len();
    if len > hay.len() {
        return None;
    }
    let (cut, period) = largest_suffix(needle, false).max(largest_suffix(needle, true));
    let periodic = cut + period <= len && (0..cut).all(|i| needle.at(i) == needle.at(i + period));
    let shift = if periodic { period } else { cut.max(len - cut) + 1 };
    let mut at = 0;
    let mut known = 0;
    while at <= hay.len() - len {
        let mut i = cut.max(known);
        while i < len && needle.at(i) == hay.at(at + i) {
            i += 1;
        }
        if i < len {
            at += i + 1 - cut;
            known = 0;
            continue;
        }
        let mut i = cut;
        while i > known && needle.at(i - 1) == hay.at(at + i - 1) {
            i -= 1;
        }
        if i <= known {
            return Some(at);
        }
        at += shift;
        known = if periodic { len - period } else { 0 };
    }
    None
}
