//! Splitting into ranges: iterators of `(start, stop)` positions.

use super::{Flavor, find, rfind};
use crate::Units;
use crate::units::{Unit, with_units};

/// A part as `(start, stop)`.
pub type Range = (usize, usize);

/// `split(sep, maxsplit)`. `sep` must not be empty (the caller raises ValueError).
#[derive(Clone)]
pub struct Split<'a> {
    hay: Units<'a>,
    sep: Units<'a>,
    left: usize,
    from: usize,
    done: bool,
}

impl<'a> Split<'a> {
    /// At most `max` cuts; `usize::MAX` for all.
    pub fn new(hay: Units<'a>, sep: Units<'a>, max: usize) -> Split<'a> {
        debug_assert!(!sep.is_empty());
        Split { hay, sep, left: max, from: 0, done: false }
    }
}

impl Iterator for Split<'_> {
    type Item = Range;

    #[inline]
    fn next(&mut self) -> Option<Range> {
        if self.done {
            return None;
        }
        let start = self.from;
        if self.left > 0
            && let Some(index) = find(self.hay.from(start), self.sep)
        {
            self.left -= 1;
            self.from = start + index + self.sep.len();
            return Some((start, start + index));
        }
        self.done = true;
        Some((start, self.hay.len()))
    }
}

/// `rsplit(sep, maxsplit)`, from the right: the caller reverses the result.
#[derive(Clone)]
pub struct RSplit<'a> {
    hay: Units<'a>,
    sep: Units<'a>,
    left: usize,
    done: bool,
}

impl<'a> RSplit<'a> {
    /// At most `max` cuts; `usize::MAX` for all. `sep` must not be empty.
    pub fn new(hay: Units<'a>, sep: Units<'a>, max: usize) -> RSplit<'a> {
        debug_assert!(!sep.is_empty());
        RSplit { hay, sep, left: max, done: false }
    }
}

impl Iterator for RSplit<'_> {
    type Item = Range;

    fn next(&mut self) -> Option<Range> {
        if self.done {
            return None;
        }
        let stop = self.hay.len();
        if self.left > 0
            && let Some(index) = rfind(self.hay, self.sep)
        {
            self.left -= 1;
            self.hay = self.hay.slice(0, index);
            return Some((index + self.sep.len(), stop));
        }
        self.done = true;
        Some((0, stop))
    }
}

/// Position of the first unit from `from` on that is (or is not) white space; the length if there is none.
#[inline]
fn next_space(hay: Units<'_>, from: usize, flavor: Flavor, wanted: bool) -> usize {
    with_units!(hay, h => {
        let at = h[from..].iter().position(|unit| flavor.is_space(unit.code()) == wanted);
        at.map_or(h.len(), |index| from + index)
    })
}

/// One past the last unit before `to` that is (or is not) white space; 0 if there is none.
#[inline]
fn previous_space(hay: Units<'_>, to: usize, flavor: Flavor, wanted: bool) -> usize {
    with_units!(hay, h => {
        let at = h[..to].iter().rposition(|unit| flavor.is_space(unit.code()) == wanted);
        at.map_or(0, |index| index + 1)
    })
}

/// `split(None, maxsplit)`: runs of white space separate, none at either end counts.
#[derive(Clone)]
pub struct SplitWhitespace<'a> {
    hay: Units<'a>,
    flavor: Flavor,
    left: usize,
    from: usize,
}

impl<'a> SplitWhitespace<'a> {
    /// At most `max` cuts; `usize::MAX` for all.
    pub fn new(hay: Units<'a>, flavor: Flavor, max: usize) -> SplitWhitespace<'a> {
        SplitWhitespace { hay, flavor, left: max, from: 0 }
    }
}

impl Iterator for SplitWhitespace<'_> {
    type Item = Range;

    #[inline]
    fn next(&mut self) -> Option<Range> {
        let start = next_space(self.hay, self.from, self.flavor, false);
        self.from = self.hay.len();
        if start == self.hay.len() {
            return None;
        }
        if self.left == 0 {
            return Some((start, self.hay.len()));
        }
        self.left -= 1;
        let stop = next_space(self.hay, start, self.flavor, true);
        self.from = stop;
        Some((start, stop))
    }
}

/// `rsplit(None, maxsplit)`, from the right: the caller reverses the result.
#[derive(Clone)]
pub struct RSplitWhitespace<'a> {
    hay: Units<'a>,
    flavor: Flavor,
    left: usize,
    to: usize,
}

impl<'a> RSplitWhitespace<'a> {
    /// At most `max` cuts; `usize::MAX` for all.
    pub fn new(hay: Units<'a>, flavor: Flavor, max: usize) -> RSplitWhitespace<'a> {
        RSplitWhitespace { hay, flavor, left: max, to: hay.len() }
    }
}

impl Iterator for RSplitWhitespace<'_> {
    type Item = Range;

    fn next(&mut self) -> Option<Range> {
        let stop = previous_space(self.hay, self.to, self.flavor, false);
        self.to = 0;
        if stop == 0 {
            return None;
        }
        if self.left == 0 {
            return Some((0, stop));
        }
        self.left -= 1;
        let start = previous_space(self.hay, stop, self.flavor, true);
        self.to = start;
        Some((start, stop))
    }
}

/// `splitlines(keepends)`. `\r\n` is one end of line; an end of line at the very end starts no further line.
#[derive(Clone)]
pub struct SplitLines<'a> {
    hay: Units<'a>,
    flavor: Flavor,
    keep_ends: bool,
    from: usize,
}

impl<'a> SplitLines<'a> {
    pub fn new(hay: Units<'a>, flavor: Flavor, keep_ends: bool) -> SplitLines<'a> {
        SplitLines { hay, flavor, keep_ends, from: 0 }
    }
}

impl Iterator for SplitLines<'_> {
    type Item = Range;

    fn next(&mut self) -> Option<Range> {
        let start = self.from;
        if start >= self.hay.len() {
            return None;
        }
        let flavor = self.flavor;
        let line = with_units!(self.hay, h => h[start..].iter().position(|unit| flavor.is_line_break(unit.code())));
        let Some(line) = line else {
            self.from = self.hay.len();
            return Some((start, self.hay.len()));
        };
        let stop = start + line;
        let crlf = self.hay.at(stop) == 13 && self.hay.get(stop + 1) == Some(10);
        self.from = stop + 1 + usize::from(crlf);
        Some((start, if self.keep_ends { self.from } else { stop }))
    }
}
