//! Compression: the search for matches, by zlib's rules and limits.
//!
//! Positions count from the beginning of the kept data; `base` is where zlib's window would begin, since what has left the
//! window can be neither matched nor stored.

use super::trees::{Output, write_block, write_stored};

const MIN_LOOKAHEAD: usize = 262;
const NIL: usize = usize::MAX;

/// For each level: good length, lazy limit, nice length, chain length.
const LEVELS: [(usize, usize, usize, usize); 10] = [
    (0, 0, 0, 0),
    (4, 4, 8, 4),
    (4, 5, 16, 8),
    (4, 6, 32, 32),
    (4, 4, 16, 16),
    (8, 16, 32, 32),
    (8, 16, 128, 128),
    (8, 32, 128, 256),
    (32, 128, 258, 1024),
    (32, 258, 258, 4096),
];

/// How far to go with what has come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Flush {
    None,
    Sync,
    Full,
    Finish,
}

/// A compression under way.
#[derive(Clone)]
pub struct Deflate {
    pub out: Output,
    data: Vec<u8>,
    level: usize,
    strategy: i64,
    window: usize,
    hash_shift: u32,
    hash_mask: u32,
    limit: usize,
    heads: Vec<usize>,
    links: Vec<usize>,
    at: usize,
    base: usize,
    block: usize,
    symbols: Vec<(u16, u16)>,
    match_length: usize,
    match_start: usize,
    available: bool,
    /// Up to here strings are in the hash chains.
    inserted: usize,
}

impl Deflate {
    pub fn new(level: usize, strategy: i64, window_bits: u32, memory_level: u32, dictionary: &[u8]) -> Deflate {
        let (bits, window) = (memory_level + 7, 1 << window_bits.max(9));
        let mut made = Deflate {
            out: Output::default(),
            data: Vec::new(),
            level,
            strategy,
            window,
            hash_shift: bits.div_ceil(3),
            hash_mask: (1 << bits) - 1,
            limit: (1 << (memory_level + 6)) - 1,
            heads: vec![NIL; 1 << bits],
            links: vec![NIL; window],
            at: 0,
            base: 0,
            block: 0,
            symbols: Vec::new(),
            match_length: 2,
            match_start: 0,
            available: false,
            inserted: 0,
        };
        if !dictionary.is_empty() {
            let kept = &dictionary[dictionary.len().saturating_sub(window)..];
            made.data.extend_from_slice(kept);
            made.at = kept.len();
            made.block = kept.len();
            for at in 0..kept.len().saturating_sub(2) {
                made.insert(at);
            }
        }
        made
    }

    /// Puts the string at a position into its chain; what headed it before.
    fn insert(&mut self, at: usize) -> usize {
        let [a, b, c] = [self.data[at], self.data[at + 1], self.data[at + 2]].map(u32::from);
        let hash = ((a << (2 * self.hash_shift)) ^ (b << self.hash_shift) ^ c) & self.hash_mask;
        let head = std::mem::replace(&mut self.heads[hash as usize], at);
        self.links[at & (self.window - 1)] = head;
        self.inserted = at + 1;
        head
    }

    fn reachable(&self, at: usize) -> bool {
        at != NIL && at > self.base && self.at - at <= self.window - MIN_LOOKAHEAD
    }

    /// The length of the longest match that is longer than `best`, which is returned otherwise.
    fn longest(&mut self, mut candidate: usize, mut best: usize, lookahead: usize) -> usize {
        let (good, _, nice, chain) = LEVELS[self.level];
        let mut left = if best >= good { chain >> 2 } else { chain };
        let nice = nice.min(lookahead);
        let scan = &self.data[self.at..self.at + lookahead.min(258)];
        loop {
            let other = &self.data[candidate..];
            if best < scan.len() && other[best] == scan[best] && other[0] == scan[0] {
                let length = scan.iter().zip(other).take_while(|(a, b)| a == b).count();
                if length > best {
                    self.match_start = candidate;
                    best = length;
                    if length >= nice {
                        break;
                    }
                }
            }
            candidate = self.links[candidate & (self.window - 1)];
            left -= 1;
            if left == 0 || !self.reachable_in_chain(candidate) {
                break;
            }
        }
        best.min(lookahead)
    }

    fn reachable_in_chain(&self, at: usize) -> bool {
        let far = self.window - MIN_LOOKAHEAD;
        at != NIL && at < self.at && at > self.at.saturating_sub(far).max(self.base)
    }

    fn flush_block(&mut self, last: bool) {
        let stored = (self.block >= self.base).then(|| &self.data[self.block..self.at]);
        let stored = stored.filter(|bytes| bytes.len() <= 0xffff);
        write_block(&mut self.out, &self.symbols, stored, last, self.strategy == 4);
        self.symbols.clear();
        self.block = self.at;
    }

    fn tally(&mut self, distance: usize, value: usize) -> bool {
        self.symbols.push((distance as u16, value as u16));
        self.symbols.len() == self.limit
    }

    /// Takes data in, compresses as far as `flush` wants.
    pub fn write(&mut self, data: &[u8], flush: Flush) {
        self.forget();
        self.data.extend_from_slice(data);
        match self.level {
            0 => self.store(flush),
            1..=3 => self.fast(flush),
            _ => self.slow(flush),
        }
        match flush {
            Flush::None | Flush::Finish => {}
            Flush::Sync | Flush::Full => {
                self.out.put(0, 3);
                self.out.align();
                write_stored(&mut self.out, &[]);
                if flush == Flush::Full {
                    self.heads.fill(NIL);
                }
            }
        }
    }

    /// Drops data that has long left the window.
    fn forget(&mut self) {
        let keep = self.base.min(self.block);
        if keep < 1 << 20 {
            return;
        }
        // A multiple of the window, so that the links keep their places.
        let drop = keep / self.window * self.window;
        self.data.drain(..drop);
        for place in self.heads.iter_mut().chain(&mut self.links) {
            *place = if *place == NIL || *place < drop { NIL } else { *place - drop };
        }
        self.at -= drop;
        self.base -= drop;
        self.block -= drop;
        self.inserted = self.inserted.saturating_sub(drop);
        self.match_start = self.match_start.saturating_sub(drop);
    }

    /// How much is there to look at; `None` if more must come first. Moves zlib's window.
    fn lookahead(&mut self, flush: Flush) -> Option<usize> {
        let lookahead = self.data.len() - self.at;
        if self.at - self.base > 2 * self.window - MIN_LOOKAHEAD {
            self.base += self.window;
        }
        if lookahead == 0 || (lookahead < MIN_LOOKAHEAD && flush == Flush::None) { None } else { Some(lookahead) }
    }

    fn end(&mut self, flush: Flush) {
        if flush == Flush::Finish {
            self.flush_block(true);
        } else if flush != Flush::None && !self.symbols.is_empty() {
            self.flush_block(false);
        }
    }

    fn store(&mut self, flush: Flush) {
        let rest = self.data.len() - self.at;
        if flush == Flush::None && rest < 0xffff {
            return;
        }
        loop {
            let rest = self.data.len() - self.at;
            let count = rest.min(0xffff);
            let last = flush == Flush::Finish && count == rest;
            if count == 0 && !last {
                break;
            }
            self.out.put(last.into(), 3);
            self.out.align();
            write_stored(&mut self.out, &self.data[self.at..self.at + count]);
            self.at += count;
            if last || self.at == self.data.len() {
                break;
            }
        }
        self.block = self.at;
        self.base = self.at;
    }

    fn fast(&mut self, flush: Flush) {
        while let Some(lookahead) = self.lookahead(flush) {
            let head = if lookahead >= 3 { self.insert(self.at) } else { NIL };
            let mut length = 2;
            if self.strategy != 2 && self.reachable(head) {
                length = self.longest(head, 2, lookahead);
            }
            let full = if length >= 3 {
                let full = self.tally(self.at - self.match_start, length);
                let rest = lookahead - length;
                if length <= LEVELS[self.level].1 && rest >= 3 {
                    for at in self.at + 1..self.at + length {
                        self.insert(at);
                    }
                }
                self.at += length;
                full
            } else {
                self.at += 1;
                self.tally(0, self.data[self.at - 1].into())
            };
            if full {
                self.flush_block(false);
            }
        }
        if flush != Flush::None {
            self.end(flush);
        }
    }

    fn slow(&mut self, flush: Flush) {
        while let Some(lookahead) = self.lookahead(flush) {
            let head = if lookahead >= 3 { self.insert(self.at) } else { NIL };
            let (previous, previous_start) = (self.match_length, self.match_start);
            self.match_length = 2;
            if self.strategy != 2 && previous < LEVELS[self.level].1 && self.reachable(head) {
                self.match_length = self.longest(head, previous, lookahead);
                let too_far = self.match_length == 3 && self.at - self.match_start > 4096;
                if self.match_length <= 5 && (self.strategy == 1 || too_far) {
                    self.match_length = 2;
                }
            }
            if previous >= 3 && self.match_length <= previous {
                let most = self.at + lookahead - 3;
                let full = self.tally(self.at - 1 - previous_start, previous);
                for at in self.at + 1..self.at + previous - 1 {
                    if at <= most {
                        self.insert(at);
                    }
                }
                self.at += previous - 1;
                self.available = false;
                self.match_length = 2;
                if full {
                    self.flush_block(false);
                }
            } else {
                if self.available && self.tally(0, self.data[self.at - 1].into()) {
                    self.flush_block(false);
                }
                self.available = true;
                self.at += 1;
            }
        }
        if flush != Flush::None {
            if self.available {
                self.tally(0, self.data[self.at - 1].into());
                self.available = false;
            }
            self.end(flush);
        }
    }
}
