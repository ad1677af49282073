//! SHA-3 and SHAKE (FIPS 202): the sponge over Keccak-f[1600].

/// A sponge that takes bytes in and gives a digest of any length.
#[derive(Clone)]
pub struct Sponge {
    state: [u64; 25],
    /// Bytes of a block.
    pub rate: usize,
    /// Bytes of the present block that are in already.
    filled: usize,
    /// The bits that end the message.
    suffix: u8,
}

const ROUND_CONSTANTS: [u64; 24] = {
    // The output of an LFSR tells which bits 2**j - 1 are set.
    let (mut constants, mut register, mut round) = ([0u64; 24], 1u8, 0);
    while round < 24 {
        let mut j = 0;
        while j < 7 {
            if register & 1 == 1 {
                constants[round] |= 1 << ((1u32 << j) - 1);
            }
            register = if register & 0x80 != 0 { register << 1 ^ 0x71 } else { register << 1 };
            j += 1;
        }
        round += 1;
    }
    constants
};

fn permute(state: &mut [u64; 25]) {
    for constant in ROUND_CONSTANTS {
        let mut parity = [0u64; 5];
        for x in 0..5 {
            parity[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
        }
        for x in 0..5 {
            let mixed = parity[(x + 4) % 5] ^ parity[(x + 1) % 5].rotate_left(1);
            for y in 0..5 {
                state[x + 5 * y] ^= mixed;
            }
        }
        let (mut x, mut y, mut current) = (1, 0, state[1]);
        for step in 0..24u32 {
            (x, y) = (y, (2 * x + 3 * y) % 5);
            let rotated = current.rotate_left((step + 1) * (step + 2) / 2 % 64);
            current = std::mem::replace(&mut state[x + 5 * y], rotated);
        }
        for y in 0..5 {
            let mut row = [0u64; 5];
            row.copy_from_slice(&state[5 * y..5 * y + 5]);
            for x in 0..5 {
                state[5 * y + x] = row[x] ^ !row[(x + 1) % 5] & row[(x + 2) % 5];
            }
        }
        state[0] ^= constant;
    }
}

impl Sponge {
    pub fn new(rate: usize, suffix: u8) -> Sponge {
        Sponge { state: [0; 25], rate, filled: 0, suffix }
    }

    fn mix(&mut self, at: usize, byte: u8) {
        self.state[at / 8] ^= u64::from(byte) << (8 * (at % 8));
    }

    pub fn update(&mut self, data: &[u8]) {
        for &byte in data {
            self.mix(self.filled, byte);
            self.filled += 1;
            if self.filled == self.rate {
                permute(&mut self.state);
                self.filled = 0;
            }
        }
    }

    /// Fills `out` with the digest.
    pub fn finish(mut self, out: &mut [u8]) {
        self.mix(self.filled, self.suffix);
        self.mix(self.rate - 1, 0x80);
        for block in out.chunks_mut(self.rate) {
            permute(&mut self.state);
            for (at, byte) in block.iter_mut().enumerate() {
                *byte = (self.state[at / 8] >> (8 * (at % 8))) as u8;
            }
        }
    }
}
