//! BLAKE2b and BLAKE2s with all parameters (RFC 7693 and the specification's tree mode).

macro_rules! blake2 {
    ($(#[doc = $doc:literal])* $name:ident $word:ty, $counter:ty, $rounds:literal, $rotations:expr, $iv:expr) => {
        $(#[doc = $doc])*
        #[derive(Clone)]
        pub struct $name {
            state: [$word; 8],
            buffer: [u8; $name::BLOCK],
            filled: usize,
            counter: $counter,
            pub digest_size: usize,
            last_node: bool,
        }

        impl $name {
            pub const BLOCK: usize = 16 * size_of::<$word>();

            /// From the parameter block.
            pub fn new(parameters: &[u8], digest_size: usize, last_node: bool) -> $name {
                const IV: [$word; 8] = $iv;
                let mut state = IV;
                for (word, bytes) in state.iter_mut().zip(parameters.chunks_exact(size_of::<$word>())) {
                    *word ^= bytes.iter().rev().fold(0, |word, &byte| word << 8 | <$word>::from(byte));
                }
                $name { state, buffer: [0; $name::BLOCK], filled: 0, counter: 0, digest_size, last_node }
            }

            fn compress(&mut self, last: bool) {
                const IV: [$word; 8] = $iv;
                const R: [u32; 4] = $rotations;
                let mut message = [0 as $word; 16];
                for (word, bytes) in message.iter_mut().zip(self.buffer.chunks_exact(size_of::<$word>())) {
                    *word = bytes.iter().rev().fold(0, |word, &byte| word << 8 | <$word>::from(byte));
                }
                let mut v = [0 as $word; 16];
                v[..8].copy_from_slice(&self.state);
                v[8..].copy_from_slice(&IV);
                v[12] ^= self.counter as $word;
                v[13] ^= (self.counter >> <$word>::BITS) as $word;
                if last {
                    v[14] = !v[14];
                    if self.last_node {
                        v[15] = !v[15];
                    }
                }
                for round in 0..$rounds {
                    let order = &ORDER[round % 10];
                    for step in 0..8 {
                        let column = step % 4;
                        let (a, b, c, d) = if step < 4 {
                            (column, column + 4, column + 8, column + 12)
                        } else {
                            (column, (column + 1) % 4 + 4, (column + 2) % 4 + 8, (column + 3) % 4 + 12)
                        };
                        let (x, y) = (message[order[2 * step] as usize], message[order[2 * step + 1] as usize]);
                        v[a] = v[a].wrapping_add(v[b]).wrapping_add(x);
                        v[d] = (v[d] ^ v[a]).rotate_right(R[0]);
                        v[c] = v[c].wrapping_add(v[d]);
                        v[b] = (v[b] ^ v[c]).rotate_right(R[1]);
                        v[a] = v[a].wrapping_add(v[b]).wrapping_add(y);
                        v[d] = (v[d] ^ v[a]).rotate_right(R[2]);
                        v[c] = v[c].wrapping_add(v[d]);
                        v[b] = (v[b] ^ v[c]).rotate_right(R[3]);
                    }
                }
                for (index, word) in self.state.iter_mut().enumerate() {
                    *word ^= v[index] ^ v[index + 8];
                }
            }

            pub fn update(&mut self, mut data: &[u8]) {
                while !data.is_empty() {
                    if self.filled == $name::BLOCK {
                        self.counter += $name::BLOCK as $counter;
                        self.compress(false);
                        self.filled = 0;
                    }
                    let count = data.len().min($name::BLOCK - self.filled);
                    self.buffer[self.filled..self.filled + count].copy_from_slice(&data[..count]);
                    self.filled += count;
                    data = &data[count..];
                }
            }

            pub fn finish(mut self) -> Vec<u8> {
                self.counter += self.filled as $counter;
                self.buffer[self.filled..].fill(0);
                self.compress(true);
                let mut digest: Vec<u8> = self.state.iter().flat_map(|word| word.to_le_bytes()).collect();
                digest.truncate(self.digest_size);
                digest
            }
        }
    };
}

/// The order in which each round takes the words of the message.
const ORDER: [[u8; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

blake2! {
    /// BLAKE2b.
    Blake2b u64, u128, 12, [32, 24, 16, 63], [
        0x6a09_e667_f3bc_c908, 0xbb67_ae85_84ca_a73b, 0x3c6e_f372_fe94_f82b, 0xa54f_f53a_5f1d_36f1,
        0x510e_527f_ade6_82d1, 0x9b05_688c_2b3e_6c1f, 0x1f83_d9ab_fb41_bd6b, 0x5be0_cd19_137e_2179,
    ]
}

blake2! {
    /// BLAKE2s.
    Blake2s u32, u64, 10, [16, 12, 8, 7], [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
}
