//! Sorting with little code, for lists that are short or rarely sorted: the standard library's sorts, each compiled anew for
//! its type, are 6 KB apiece of what a page downloads.

use core::cmp::Ordering;

/// Sorts; equal items may change places (heap sort).
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// The same by a comparison.
#[inline(never)]
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let count = items.len();
    // First the heap is made, from its last inner node to its root; then its root goes behind what is left, again and again.
    for round in (0..count + count / 2).rev() {
        let (mut node, end) = if round >= count { (round - count, count) } else { (0, round) };
        if round < count {
            items.swap(0, end);
        }
        loop {
            let mut child = 2 * node + 1;
            if child >= end {
                break;
            }
            if child + 1 < end && compare(&items[child], &items[child + 1]).is_lt() {
                child += 1;
            }
            if compare(&items[node], &items[child]).is_ge() {
                break;
            }
            items.swap(node, child);
            node = child;
        }
    }
}

/// Sorts stably what is nearly in order or short (insertion sort).
#[inline(never)]
pub fn insertion_sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    for end in 1..items.len() {
        let mut at = end;
        while at > 0 && key(&items[at - 1]) > key(&items[at]) {
            items.swap(at - 1, at);
            at -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    #[test]
    fn sorts() {
        for count in 0..40u32 {
            let mut items: Vec<u32> = (0..count).map(|n| n * 7919 % 31).collect();
            let mut expected = items.clone();
            expected.sort();
            super::sort(&mut items);
            assert_eq!(items, expected);
            let mut pairs: Vec<(u32, u32)> = (0..count).map(|n| (n * 7919 % 5, n)).collect();
            super::insertion_sort_by_key(&mut pairs, |pair| pair.0);
            assert!(pairs.is_sorted());
        }
    }
}
