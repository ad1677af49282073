//! Blocks: Huffman trees, and the choice between stored, fixed and dynamic ones. The trees are built as zlib builds them, ties
//! included, so that the output is the same to the bit.

use super::inflate::{DISTANCE_BASE, DISTANCE_EXTRA, LENGTH_BASE, LENGTH_EXTRA, LENGTH_ORDER};

/// Bits as they go out.
#[derive(Clone, Default)]
pub struct Output {
    pub bytes: Vec<u8>,
    held: u64,
    count: u32,
}

impl Output {
    pub fn put(&mut self, bits: u32, count: u32) {
        self.held |= u64::from(bits) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.held as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// Fills the last byte up.
    pub fn align(&mut self) {
        if self.count > 0 {
            self.bytes.push(self.held as u8);
            (self.held, self.count) = (0, 0);
        }
    }
}

/// A tree's lengths and codes.
struct Tree {
    lengths: Vec<u32>,
    codes: Vec<u32>,
    max_code: usize,
}

/// Codes for lengths, bits reversed.
fn codes_of(lengths: &[u32]) -> Vec<u32> {
    let mut counts = [0u32; 17];
    for &length in lengths.iter().filter(|length| **length > 0) {
        counts[length as usize] += 1;
    }
    let mut next = [0u32; 17];
    for bits in 1..16 {
        next[bits + 1] = (next[bits] + counts[bits]) << 1;
    }
    let mut codes = vec![0; lengths.len()];
    for (code, &length) in codes.iter_mut().zip(lengths) {
        if length > 0 {
            *code = next[length as usize].reverse_bits() >> (32 - length);
            next[length as usize] += 1;
        }
    }
    codes
}

/// What the sizes of the block's encodings come to, in bits.
#[derive(Default)]
struct Sizes {
    dynamic: i64,
    fixed: i64,
}

fn build(
    frequencies: &mut [u32],
    fixed: Option<&[u32]>,
    extra: impl Fn(usize) -> u32,
    longest: u32,
    sizes: &mut Sizes,
) -> Tree {
    const SIZE: usize = 573;
    let count = frequencies.len();
    let mut freq = frequencies.to_vec();
    freq.resize(2 * count + 1, 0);
    let mut depth = vec![0u8; 2 * count + 1];
    let mut dad = vec![0usize; 2 * count + 1];
    let mut lengths = vec![0u32; 2 * count + 1];
    let mut heap = vec![0usize; SIZE];
    let (mut filled, mut top, mut max_code) = (0, SIZE, -1isize);
    for (symbol, &frequency) in frequencies.iter().enumerate() {
        if frequency > 0 {
            filled += 1;
            heap[filled] = symbol;
            max_code = symbol as isize;
        }
    }
    while filled < 2 {
        let node = if max_code < 2 {
            max_code += 1;
            max_code as usize
        } else {
            0
        };
        filled += 1;
        heap[filled] = node;
        freq[node] = 1;
        sizes.dynamic -= 1;
        if let Some(fixed) = fixed {
            sizes.fixed -= i64::from(fixed[node]);
        }
    }
    let max_code = max_code as usize;
    fn sink(heap: &mut [usize], filled: usize, freq: &[u32], depth: &[u8], mut at: usize) {
        let smaller = |n: usize, m: usize| freq[n] < freq[m] || (freq[n] == freq[m] && depth[n] <= depth[m]);
        let value = heap[at];
        let mut child = at << 1;
        while child <= filled {
            if child < filled && smaller(heap[child + 1], heap[child]) {
                child += 1;
            }
            if smaller(value, heap[child]) {
                break;
            }
            heap[at] = heap[child];
            at = child;
            child <<= 1;
        }
        heap[at] = value;
    }
    for at in (1..=filled / 2).rev() {
        sink(&mut heap, filled, &freq, &depth, at);
    }
    let mut node = count;
    loop {
        let n = heap[1];
        heap[1] = heap[filled];
        filled -= 1;
        sink(&mut heap, filled, &freq, &depth, 1);
        let m = heap[1];
        heap[top - 1] = n;
        heap[top - 2] = m;
        top -= 2;
        freq[node] = freq[n] + freq[m];
        depth[node] = depth[n].max(depth[m]) + 1;
        dad[n] = node;
        dad[m] = node;
        heap[1] = node;
        node += 1;
        sink(&mut heap, filled, &freq, &depth, 1);
        if filled < 2 {
            break;
        }
    }
    top -= 1;
    heap[top] = heap[1];
    let (mut counts, mut overflow) = ([0i32; 17], 0);
    lengths[heap[top]] = 0;
    for &n in &heap[top + 1..] {
        let mut bits = lengths[dad[n]] + 1;
        if bits > longest {
            bits = longest;
            overflow += 1;
        }
        lengths[n] = bits;
        if n > max_code {
            continue;
        }
        counts[bits as usize] += 1;
        sizes.dynamic += i64::from(freq[n]) * i64::from(bits + extra(n));
        if let Some(fixed) = fixed {
            sizes.fixed += i64::from(freq[n]) * i64::from(fixed[n] + extra(n));
        }
    }
    if overflow > 0 {
        while overflow > 0 {
            let mut bits = longest as usize - 1;
            while counts[bits] == 0 {
                bits -= 1;
            }
            counts[bits] -= 1;
            counts[bits + 1] += 2;
            counts[longest as usize] -= 1;
            overflow -= 2;
        }
        let mut at = SIZE;
        for bits in (1..=longest).rev() {
            let mut left = counts[bits as usize];
            while left > 0 {
                at -= 1;
                let n = heap[at];
                if n > max_code {
                    continue;
                }
                sizes.dynamic += (i64::from(bits) - i64::from(lengths[n])) * i64::from(freq[n]);
                lengths[n] = bits;
                left -= 1;
            }
        }
    }
    lengths.truncate(count);
    for (symbol, length) in lengths.iter_mut().enumerate() {
        if freq[symbol] == 0 {
            *length = 0;
        }
    }
    let codes = codes_of(&lengths);
    Tree { lengths, codes, max_code }
}

/// Runs of equal lengths, as they are sent: symbol, extra bits, their number.
fn runs(tree: &Tree) -> Vec<(usize, u32, u32)> {
    let mut sent = Vec::new();
    let (mut previous, mut at) = (u32::MAX, 0);
    let lengths = &tree.lengths[..=tree.max_code];
    let limits = |current: u32, following: u32| match following {
        0 => (138, 3),
        _ if current == following => (6, 3),
        _ => (7, 4),
    };
    let (mut most, mut least) = limits(u32::MAX, lengths[0]);
    let mut count = 0u32;
    while at < lengths.len() {
        let current = lengths[at];
        let following = lengths.get(at + 1).copied().unwrap_or(0xffff);
        at += 1;
        count += 1;
        if count < most && current == following {
            continue;
        }
        if count < least {
            sent.extend((0..count).map(|_| (current as usize, 0, 0)));
        } else if current != 0 {
            if current != previous {
                sent.push((current as usize, 0, 0));
                count -= 1;
            }
            sent.push((16, count - 3, 2));
        } else if count <= 10 {
            sent.push((17, count - 3, 3));
        } else {
            sent.push((18, count - 11, 7));
        }
        count = 0;
        previous = current;
        (most, least) = limits(current, following);
    }
    sent
}

fn length_code(length: usize) -> usize {
    if length == 258 { 28 } else { LENGTH_BASE.partition_point(|&base| base as usize <= length).min(28) - 1 }
}

fn distance_code(distance: usize) -> usize {
    DISTANCE_BASE.partition_point(|&base| base as usize <= distance) - 1
}

/// Writes a block of symbols: (0, literal) or (distance, length). `stored` are the bytes it stands for, if they are at hand.
pub fn write_block(out: &mut Output, symbols: &[(u16, u16)], stored: Option<&[u8]>, last: bool, only_fixed: bool) {
    let mut fixed_lengths = vec![8u32; 288];
    fixed_lengths[144..256].fill(9);
    fixed_lengths[256..280].fill(7);
    let mut literal_freq = vec![0u32; 286];
    let mut distance_freq = vec![0u32; 30];
    literal_freq[256] = 1;
    for &(distance, value) in symbols {
        if distance == 0 {
            literal_freq[value as usize] += 1;
        } else {
            literal_freq[257 + length_code(value as usize)] += 1;
            distance_freq[distance_code(distance as usize)] += 1;
        }
    }
    let mut sizes = Sizes::default();
    let length_extra = |symbol: usize| if symbol > 256 { u32::from(LENGTH_EXTRA[symbol - 257]) } else { 0 };
    let distance_extra = |symbol: usize| u32::from(DISTANCE_EXTRA[symbol]);
    let literals = build(&mut literal_freq, Some(&fixed_lengths), length_extra, 15, &mut sizes);
    let distances = build(&mut distance_freq, Some(&[5; 30]), distance_extra, 15, &mut sizes);
    let sent: Vec<_> = runs(&literals).into_iter().chain(runs(&distances)).collect();
    let mut length_freq = vec![0u32; 19];
    for &(symbol, _, _) in &sent {
        length_freq[symbol] += 1;
    }
    let bl_extra = |symbol: usize| match symbol {
        16 => 2,
        17 => 3,
        18 => 7,
        _ => 0,
    };
    let bl = build(&mut length_freq, None, bl_extra, 7, &mut sizes);
    let mut max_index = 18;
    while max_index > 3 && bl.lengths[LENGTH_ORDER[max_index]] == 0 {
        max_index -= 1;
    }
    sizes.dynamic += 3 * (max_index as i64 + 1) + 14;
    let fixed_bytes = (sizes.fixed + 10) >> 3;
    let mut best = (sizes.dynamic + 10) >> 3;
    if fixed_bytes <= best || only_fixed {
        best = fixed_bytes;
    }
    let last = u32::from(last);
    if let Some(stored) = stored
        && stored.len() as i64 + 4 <= best
    {
        out.put(last, 3);
        out.align();
        write_stored(out, stored);
        return;
    }
    let (literals, distances) = if best == fixed_bytes {
        out.put(2 + last, 3);
        let codes = codes_of(&fixed_lengths);
        let fixed = Tree { lengths: fixed_lengths, codes, max_code: 287 };
        (fixed, Tree { lengths: vec![5; 30], codes: codes_of(&[5; 30]), max_code: 29 })
    } else {
        out.put(4 + last, 3);
        out.put(literals.max_code as u32 + 1 - 257, 5);
        out.put(distances.max_code as u32, 5);
        out.put(max_index as u32 - 3, 4);
        for &symbol in &LENGTH_ORDER[..=max_index] {
            out.put(bl.lengths[symbol], 3);
        }
        for (symbol, extra, count) in sent {
            out.put(bl.codes[symbol], bl.lengths[symbol]);
            out.put(extra, count);
        }
        (literals, distances)
    };
    for &(distance, value) in symbols {
        if distance == 0 {
            out.put(literals.codes[value as usize], literals.lengths[value as usize]);
            continue;
        }
        let code = length_code(value as usize);
        out.put(literals.codes[257 + code], literals.lengths[257 + code]);
        out.put((value - LENGTH_BASE[code]).into(), LENGTH_EXTRA[code].into());
        let code = distance_code(distance as usize);
        out.put(distances.codes[code], distances.lengths[code]);
        out.put((distance - DISTANCE_BASE[code]).into(), DISTANCE_EXTRA[code].into());
    }
    out.put(literals.codes[256], literals.lengths[256]);
    if last == 1 {
        out.align();
    }
}

/// Length and bytes of a stored block, whose header is out.
pub fn write_stored(out: &mut Output, bytes: &[u8]) {
    let length = bytes.len() as u16;
    out.bytes.extend_from_slice(&length.to_le_bytes());
    out.bytes.extend_from_slice(&(!length).to_le_bytes());
    out.bytes.extend_from_slice(bytes);
}
