//! Blocks: repetitions found by hash chains over a window, written by the crate's encoder, which takes one block at a time.
//!
//! The crate finds repetitions within a block only, and has one level; so the search is here. Each block stands for itself
//! (tables are never those of the block before), since a block that does not get smaller is stored as it is.

use std::io::Cursor;

use ruzstd::encoding::{CompressionLevel, FrameCompressor, Matcher, Sequence};

/// How much goes into a block.
pub const BLOCK: usize = 128 * 1024;

/// What the crate's frames begin with: magic number, descriptor and window.
const FRAME_HEADER: usize = 6;

const HASH_BITS: u32 = 16;

/// The shortest repetition that is worth its reference.
const SHORTEST: usize = 5;

/// Of more letters the crate makes a code, which needs two of them at least.
const UNCODED_LITERALS: usize = 1024;

pub struct Blocks {
    compressor: FrameCompressor<Cursor<Vec<u8>>, Vec<u8>, Finder>,
    longest: usize,
}

impl Blocks {
    /// For a level of zstd (negative ones are the fastest), a window and a dictionary's content.
    pub fn new(level: i64, window: usize, dictionary: &[u8]) -> Blocks {
        let finder = Finder::new(level, window.min(1 << 22), dictionary);
        let compressor = FrameCompressor::new_with_matcher(finder, CompressionLevel::Fastest);
        Blocks { compressor, longest: window.min(BLOCK) }
    }

    /// How much a block may hold: no more than the window.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Appends the block of some bytes, at least one of them.
    pub fn encode(&mut self, data: &[u8], is_last: bool, out: &mut Vec<u8>) {
        self.compressor.set_source(Cursor::new(data.to_vec()));
        self.compressor.set_drain(Vec::new());
        self.compressor.compress();
        let frame = self.compressor.take_drain().unwrap_or_default();
        // A full block is followed by an empty one.
        let header = &frame[FRAME_HEADER..FRAME_HEADER + 3];
        let number = usize::from(header[0]) | usize::from(header[1]) << 8 | usize::from(header[2]) << 16;
        let body = if number >> 1 & 3 == 1 { 1 } else { number >> 3 };
        let block = &frame[FRAME_HEADER..FRAME_HEADER + 3 + body];
        out.push(block[0] & !1 | u8::from(is_last));
        out.extend_from_slice(&block[1..]);
    }
}

struct Match {
    literals: usize,
    offset: usize,
    length: usize,
}

/// Finds repetitions of what lies in the window or the dictionary.
struct Finder {
    /// The dictionary's content, and what was compressed, of which the oldest part is dropped.
    history: Vec<u8>,
    /// Where the block begins.
    block: usize,
    /// How much of the frame lies before the history.
    dropped: usize,
    dictionary: usize,
    window: usize,
    /// By the hash of four bytes: one more than the place where they came last.
    heads: Vec<u32>,
    /// By place: one more than the place before with the same hash.
    chain: Vec<u32>,
    /// How many places are tried.
    depth: usize,
    /// Whether the next place is tried too before a repetition is taken.
    is_lazy: bool,
    /// How quickly to walk on where nothing repeats: places without success, as a power of two, before a step gets longer.
    patience: u32,
    matches: Vec<Match>,
}

impl Finder {
    fn new(level: i64, window: usize, dictionary: &[u8]) -> Finder {
        let level = if level == 0 { 3 } else { level };
        let depth = match level {
            ..=1 => 1,
            2..=3 => 4,
            4..=6 => 12,
            7..=9 => 32,
            10..=15 => 96,
            _ => 512,
        };
        let mut finder = Finder {
            history: dictionary.to_vec(),
            block: 0,
            dropped: 0,
            dictionary: dictionary.len(),
            window,
            heads: vec![0; 1 << HASH_BITS],
            chain: Vec::new(),
            depth,
            is_lazy: level >= 5,
            patience: if level <= 3 { 6 } else { 9 },
            matches: Vec::new(),
        };
        finder.chain.resize(dictionary.len(), 0);
        for place in 0..dictionary.len().saturating_sub(3) {
            finder.remember(place);
        }
        finder
    }

    fn hash(&self, place: usize) -> usize {
        let bytes = [self.history[place], self.history[place + 1], self.history[place + 2], self.history[place + 3]];
        (u32::from_le_bytes(bytes).wrapping_mul(2_654_435_761) >> (32 - HASH_BITS)) as usize
    }

    fn remember(&mut self, place: usize) {
        if place + 4 <= self.history.len() {
            let hash = self.hash(place);
            self.chain[place] = self.heads[hash];
            self.heads[hash] = place as u32 + 1;
        }
    }

    /// The longest repetition of what stands at a place: length and distance.
    fn find(&self, place: usize) -> (usize, usize) {
        let end = self.history.len();
        let (mut best, mut offset) = (0, 0);
        if place + SHORTEST > end {
            return (0, 0);
        }
        // The dictionary can be reached while no more than a window was decoded.
        let decoded = self.dropped + place - self.dictionary;
        let reach = if decoded + (end - place) <= self.window { place } else { self.window.min(decoded) };
        let mut next = self.heads[self.hash(place)];
        for _ in 0..self.depth {
            let Some(candidate) = (next as usize).checked_sub(1) else { break };
            if place - candidate > reach {
                break;
            }
            next = self.chain[candidate];
            if self.history.get(place + best) != self.history.get(candidate + best) {
                continue;
            }
            let pairs = self.history[candidate..].iter().zip(&self.history[place..end]);
            let length = pairs.take_while(|(one, other)| one == other).count();
            if length > best {
                (best, offset) = (length, place - candidate);
                if place + best == end {
                    break;
                }
            }
        }
        // Far ones cost more than the letters they stand for.
        if best < SHORTEST || (best == SHORTEST && offset > 1 << 16) { (0, 0) } else { (best, offset) }
    }

    fn search(&mut self) {
        self.matches.clear();
        let end = self.history.len();
        let (mut place, mut start) = (self.block, self.block);
        while place + SHORTEST <= end {
            let (mut length, mut offset) = self.find(place);
            self.remember(place);
            if length == 0 {
                place += 1 + ((place - start) >> self.patience);
                continue;
            }
            while self.is_lazy && place + 1 + SHORTEST <= end {
                let (longer, other) = self.find(place + 1);
                if longer <= length + 1 {
                    break;
                }
                place += 1;
                self.remember(place);
                (length, offset) = (longer, other);
            }
            self.matches.push(Match { literals: place - start, offset, length });
            let step = if self.depth == 1 { 2 } else { 1 };
            for inside in (place + 1..place + length).step_by(step) {
                self.remember(inside);
            }
            place += length;
            start = place;
        }
        if self.matches.iter().all(|found| found.literals == 0)
            && let Some(first) = self.matches.first_mut()
        {
            // The crate makes no code of the length 0 alone.
            first.literals = 1;
            first.length -= 1;
        }
        let mut literals = self.matches.iter().scan(self.block, |at, found| {
            let from = *at;
            *at += found.literals + found.length;
            Some(&self.history[from..from + found.literals])
        });
        let rest = &self.history[start..];
        let first = literals.clone().chain([rest]).find_map(|part| part.first().copied());
        let count = literals.clone().map(<[u8]>::len).sum::<usize>() + rest.len();
        let is_one = literals.all(|part| part.iter().all(|byte| Some(*byte) == first))
            && rest.iter().all(|byte| Some(*byte) == first);
        if count > UNCODED_LITERALS && is_one {
            self.matches.clear();
        }
    }

    fn drop_old(&mut self) {
        let longest = 2 * self.window.max(BLOCK) + self.dictionary;
        if self.history.len() < longest {
            return;
        }
        let old = self.history.len() - self.window.max(BLOCK);
        self.history.drain(..old);
        self.chain.drain(..old);
        let moved = |place: &mut u32| *place = place.saturating_sub(old as u32);
        self.heads.iter_mut().for_each(moved);
        self.chain.iter_mut().for_each(moved);
        self.dropped += old;
    }
}

impl Matcher for Finder {
    fn get_next_space(&mut self) -> Vec<u8> {
        vec![0; BLOCK]
    }

    fn get_last_space(&mut self) -> &[u8] {
        &self.history[self.block..]
    }

    fn commit_space(&mut self, space: Vec<u8>) {
        self.drop_old();
        self.block = self.history.len();
        self.history.extend_from_slice(&space);
        self.chain.resize(self.history.len(), 0);
    }

    fn skip_matching(&mut self) {
        // One byte over and over: the last places are enough to be found.
        let end = self.history.len();
        for place in end.saturating_sub(64).max(self.block)..end {
            self.remember(place);
        }
    }

    fn start_matching(&mut self, mut handle_sequence: impl for<'a> FnMut(Sequence<'a>)) {
        self.search();
        let mut at = self.block;
        for found in &self.matches {
            let literals = &self.history[at..at + found.literals];
            handle_sequence(Sequence::Triple { literals, offset: found.offset, match_len: found.length });
            at += found.literals + found.length;
        }
        if at < self.history.len() {
            handle_sequence(Sequence::Literals { literals: &self.history[at..] });
        }
    }

    /// Nothing: what came before goes on to be repeated, whatever the crate takes for a frame.
    fn reset(&mut self, _level: CompressionLevel) {}

    fn window_size(&self) -> u64 {
        BLOCK as u64
    }
}
