//! Decompression (RFC 1951) of data that comes in pieces.
//!
//! A step that lacks input is undone: reading goes on at the last symbol that was complete.

/// Where the data is at fault, in zlib's words.
pub type Fault = &'static str;

/// Bits of the input that is there.
#[derive(Clone, Default)]
struct Bits {
    input: Vec<u8>,
    /// The next byte.
    at: usize,
    held: u64,
    count: u32,
}

impl Bits {
    fn need(&mut self, count: u32) -> Option<()> {
        while self.count < count {
            let byte = *self.input.get(self.at)?;
            self.at += 1;
            self.held |= u64::from(byte) << self.count;
            self.count += 8;
        }
        Some(())
    }

    fn take(&mut self, count: u32) -> Option<u32> {
        self.need(count)?;
        let bits = self.held & ((1 << count) - 1);
        self.held >>= count;
        self.count -= count;
        Some(bits as u32)
    }
}

/// A Huffman code: how many symbols have each length, and the symbols in order.
#[derive(Clone, Default)]
struct Code {
    counts: [u16; 16],
    symbols: Vec<u16>,
}

impl Code {
    /// From the lengths; `None` if they are over-subscribed, or incomplete with more than one symbol.
    fn new(lengths: &[u8]) -> (Code, i32) {
        let mut counts = [0u16; 16];
        for &length in lengths {
            counts[length as usize] += 1;
        }
        let mut left = 1i32;
        for &count in &counts[1..] {
            left = (left << 1) - i32::from(count);
            if left < 0 {
                return (Code::default(), left);
            }
        }
        let mut offsets = [0u16; 16];
        for length in 1..15 {
            offsets[length + 1] = offsets[length] + counts[length];
        }
        let mut symbols = vec![0; lengths.len()];
        for (symbol, &length) in lengths.iter().enumerate().filter(|(_, length)| **length > 0) {
            symbols[offsets[length as usize] as usize] = symbol as u16;
            offsets[length as usize] += 1;
        }
        counts[0] = 0;
        (Code { counts, symbols }, left)
    }

    /// The next symbol: `Ok(None)` without enough input, `Err` for bits that are no code.
    fn decode(&self, bits: &mut Bits) -> Result<Option<u16>, ()> {
        let (mut code, mut first, mut index) = (0i32, 0i32, 0i32);
        for &count in &self.counts[1..] {
            let Some(bit) = bits.take(1) else { return Ok(None) };
            code |= bit as i32;
            let count = i32::from(count);
            if code - count < first {
                return Ok(self.symbols.get((index + code - first) as usize).copied());
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        Err(())
    }
}

pub const LENGTH_BASE: [u16; 29] =
    [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
pub const LENGTH_EXTRA: [u8; 29] =
    [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
pub const DISTANCE_BASE: [u16; 30] = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
    8193, 12289, 16385, 24577,
];
pub const DISTANCE_EXTRA: [u8; 30] =
    [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
/// The order in which the lengths of the code for code lengths are sent.
pub const LENGTH_ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

#[derive(Clone)]
enum State {
    Header,
    Stored(usize),
    Codes(Code, Code),
    Finished,
}

/// A decompression under way.
#[derive(Clone)]
pub struct Inflate {
    bits: Bits,
    state: State,
    last: bool,
    /// What came out lately, for copies: at least 32 KB of it, if there was so much.
    window: Vec<u8>,
    /// What is left of a copy that the limit cut short: length and distance.
    copy: (usize, usize),
}

impl Inflate {
    pub fn new(dictionary: &[u8]) -> Inflate {
        Inflate { bits: Bits::default(), state: State::Header, last: false, window: dictionary.to_vec(), copy: (0, 0) }
    }

    pub fn feed(&mut self, data: &[u8]) {
        let at = self.bits.at;
        self.bits.input.drain(..at);
        self.bits.at = 0;
        self.bits.input.extend_from_slice(data);
    }

    pub fn is_finished(&self) -> bool {
        matches!(self.state, State::Finished)
    }

    /// The input that was not used, after the end; whole bytes only.
    pub fn rest(&self) -> Vec<u8> {
        let unread = self.bits.at - self.bits.count as usize / 8;
        self.bits.input[unread..].to_vec()
    }

    /// The same before the end: the input that was not looked at is taken away.
    pub fn take_rest(&mut self) -> Vec<u8> {
        let at = self.bits.at;
        self.bits.input.split_off(at)
    }

    /// Decompresses until input lacks, the end or `limit` bytes. Adds to `out`.
    pub fn run(&mut self, out: &mut Vec<u8>, limit: usize) -> Result<(), Fault> {
        let start = out.len();
        let result = self.go(out, start, limit);
        self.window.extend_from_slice(&out[start..]);
        if self.window.len() > 1 << 17 {
            self.window.drain(..self.window.len() - (1 << 15));
        }
        result
    }

    fn go(&mut self, out: &mut Vec<u8>, start: usize, limit: usize) -> Result<(), Fault> {
        loop {
            let (at, held, count) = (self.bits.at, self.bits.held, self.bits.count);
            let full = out.len() - start >= limit;
            let went_on = match &self.state {
                State::Finished => return Ok(()),
                State::Header if self.last => {
                    self.state = State::Finished;
                    return Ok(());
                }
                State::Header => self.header()?,
                State::Stored(0) => {
                    self.state = State::Header;
                    Some(())
                }
                _ if full => return Ok(()),
                State::Codes(..) if self.copy.0 > 0 => {
                    self.copy(out, start, limit);
                    Some(())
                }
                State::Stored(left) => {
                    let count = (*left).min(self.bits.input.len() - self.bits.at).min(limit - (out.len() - start));
                    if count == 0 {
                        None
                    } else {
                        out.extend_from_slice(&self.bits.input[self.bits.at..self.bits.at + count]);
                        self.bits.at += count;
                        self.state = State::Stored(left - count);
                        continue;
                    }
                }
                State::Codes(..) => self.symbol(out, start, limit)?,
            };
            if went_on.is_none() {
                (self.bits.at, self.bits.held, self.bits.count) = (at, held, count);
                return Ok(());
            }
        }
    }

    fn header(&mut self) -> Result<Option<()>, Fault> {
        let bits = &mut self.bits;
        let (Some(last), Some(kind)) = (bits.take(1), bits.take(2)) else { return Ok(None) };
        let state = match kind {
            0 => {
                let odd = bits.count % 8;
                if bits.take(odd).is_none() {
                    return Ok(None);
                }
                let (Some(length), Some(check)) = (bits.take(16), bits.take(16)) else { return Ok(None) };
                if length != check ^ 0xffff {
                    return Err("invalid stored block lengths");
                }
                // Whole bytes that are held go back.
                bits.at -= bits.count as usize / 8;
                (bits.held, bits.count) = (0, 0);
                State::Stored(length as usize)
            }
            1 => {
                let mut lengths = [8u8; 288];
                lengths[144..256].fill(9);
                lengths[256..280].fill(7);
                State::Codes(Code::new(&lengths).0, Code::new(&[5; 30]).0)
            }
            2 => match dynamic_codes(bits)? {
                Some((literals, distances)) => State::Codes(literals, distances),
                None => return Ok(None),
            },
            _ => return Err("invalid block type"),
        };
        self.last = last == 1;
        self.state = state;
        Ok(Some(()))
    }

    /// One literal, one copy or the end of the block.
    fn symbol(&mut self, out: &mut Vec<u8>, start: usize, limit: usize) -> Result<Option<()>, Fault> {
        let State::Codes(literals, distances) = &self.state else { return Ok(None) };
        let bits = &mut self.bits;
        let symbol = match literals.decode(bits) {
            Ok(Some(symbol)) => symbol as usize,
            Ok(None) => return Ok(None),
            Err(()) => return Err("invalid literal/length code"),
        };
        if symbol < 256 {
            out.push(symbol as u8);
            return Ok(Some(()));
        }
        if symbol == 256 {
            self.state = State::Header;
            return Ok(Some(()));
        }
        let Some(&base) = LENGTH_BASE.get(symbol - 257) else { return Err("invalid literal/length code") };
        let Some(extra) = bits.take(LENGTH_EXTRA[symbol - 257].into()) else { return Ok(None) };
        let length = base as usize + extra as usize;
        let symbol = match distances.decode(bits) {
            Ok(Some(symbol)) => symbol as usize,
            Ok(None) => return Ok(None),
            Err(()) => return Err("invalid distance code"),
        };
        let Some(&base) = DISTANCE_BASE.get(symbol) else { return Err("invalid distance code") };
        let Some(extra) = bits.take(DISTANCE_EXTRA[symbol].into()) else { return Ok(None) };
        let distance = base as usize + extra as usize;
        let here = out.len() - start;
        if distance > here + self.window.len() {
            return Err("invalid distance too far back");
        }
        self.copy = (length, distance);
        self.copy(out, start, limit);
        Ok(Some(()))
    }

    /// Goes on with a copy, as far as the limit permits.
    fn copy(&mut self, out: &mut Vec<u8>, start: usize, limit: usize) {
        let (length, distance) = self.copy;
        let now = length.min(limit - (out.len() - start));
        self.copy.0 -= now;
        for _ in 0..now {
            let here = out.len() - start;
            let byte = if distance <= here {
                out[out.len() - distance]
            } else {
                self.window[self.window.len() - (distance - here)]
            };
            out.push(byte);
        }
    }
}

fn dynamic_codes(bits: &mut Bits) -> Result<Option<(Code, Code)>, Fault> {
    let (Some(literals), Some(distances), Some(count)) = (bits.take(5), bits.take(5), bits.take(4)) else {
        return Ok(None);
    };
    let (literals, distances) = (literals as usize + 257, distances as usize + 1);
    if literals > 286 || distances > 30 {
        return Err("too many length or distance symbols");
    }
    let mut lengths = [0u8; 19];
    for &place in &LENGTH_ORDER[..count as usize + 4] {
        let Some(length) = bits.take(3) else { return Ok(None) };
        lengths[place] = length as u8;
    }
    let (code, left) = Code::new(&lengths);
    if left != 0 {
        return Err("invalid code lengths set");
    }
    let mut lengths: Vec<u8> = Vec::with_capacity(literals + distances);
    while lengths.len() < literals + distances {
        let symbol = match code.decode(bits) {
            Ok(Some(symbol)) => symbol,
            Ok(None) => return Ok(None),
            Err(()) => return Err("invalid code lengths set"),
        };
        let (value, count) = match symbol {
            0..=15 => {
                lengths.push(symbol as u8);
                continue;
            }
            16 => match (lengths.last(), bits.take(2)) {
                (_, None) => return Ok(None),
                (None, _) => return Err("invalid bit length repeat"),
                (Some(&last), Some(count)) => (last, count + 3),
            },
            17 => match bits.take(3) {
                Some(count) => (0, count + 3),
                None => return Ok(None),
            },
            _ => match bits.take(7) {
                Some(count) => (0, count + 11),
                None => return Ok(None),
            },
        };
        if lengths.len() + count as usize > literals + distances {
            return Err("invalid bit length repeat");
        }
        lengths.resize(lengths.len() + count as usize, value);
    }
    if lengths[256] == 0 {
        return Err("invalid code -- missing end-of-block");
    }
    let single = |lengths: &[u8]| lengths.iter().filter(|length| **length > 0).count() <= 1;
    let (first, left) = Code::new(&lengths[..literals]);
    if left < 0 || (left > 0 && !single(&lengths[..literals])) {
        return Err("invalid literal/lengths set");
    }
    let (second, left) = Code::new(&lengths[literals..]);
    if left < 0 || (left > 0 && !single(&lengths[literals..])) {
        return Err("invalid distances set");
    }
    Ok(Some((first, second)))
}
