//! `strip`, `lstrip`, `rstrip`: the range that is left.

use super::split::Range;
use super::{Flavor, Side};
use crate::units::{Unit, with_units};
use crate::{OutOfMemory, Units};
use alloc::vec::Vec;

/// The range without white space at the given ends.
pub fn strip_space(hay: Units<'_>, flavor: Flavor, side: Side) -> Range {
    with_units!(hay, h => strip(h, side, |code| flavor.is_space(code)))
}

/// The range without any of `chars` at the given ends.
pub fn strip_chars(hay: Units<'_>, chars: Units<'_>, side: Side) -> Result<Range, OutOfMemory> {
    let set = CharSet::new(chars)?;
    Ok(with_units!(hay, h => strip(h, side, |code| set.contains(code))))
}

fn strip<T: Unit>(hay: &[T], side: Side, strips: impl Fn(u32) -> bool) -> Range {
    let mut start = 0;
    let mut stop = hay.len();
    if side != Side::Right {
        while start < stop && strips(hay[start].code()) {
            start += 1;
        }
    }
    if side != Side::Left {
        while start < stop && strips(hay[stop - 1].code()) {
            stop -= 1;
        }
    }
    (start, stop)
}

/// A set of code points: a bit map for those below 256, the rest sorted.
pub struct CharSet {
    low: [u64; 4],
    high: Vec<u32>,
}

impl CharSet {
    pub fn new(chars: Units<'_>) -> Result<CharSet, OutOfMemory> {
        let mut set = CharSet { low: [0; 4], high: Vec::new() };
        for code in chars.iter() {
            match set.low.get_mut(code as usize / 64) {
                Some(word) => *word |= 1 << (code % 64),
                None => {
                    set.high.try_reserve(1)?;
                    set.high.push(code);
                }
            }
        }
        heap_sort(&mut set.high);
        Ok(set)
    }

    #[inline]
    pub fn contains(&self, code: u32) -> bool {
        match self.low.get(code as usize / 64) {
            Some(word) => word >> (code % 64) & 1 != 0,
            None => self.high.binary_search(&code).is_ok(),
        }
    }
}

/// The standard library's sort, a few kilobytes of code, is not worth it here.
fn heap_sort(codes: &mut [u32]) {
    fn sift_down(heap: &mut [u32], mut parent: usize) {
        loop {
            let mut child = 2 * parent + 1;
            if child >= heap.len() {
                return;
            }
            if child + 1 < heap.len() && heap[child + 1] > heap[child] {
                child += 1;
            }
            if heap[parent] >= heap[child] {
                return;
            }
            heap.swap(parent, child);
            parent = child;
        }
    }
    for parent in (0..codes.len() / 2).rev() {
        sift_down(codes, parent);
    }
    for last in (1..codes.len()).rev() {
        codes.swap(0, last);
        sift_down(&mut codes[..last], 0);
    }
}
