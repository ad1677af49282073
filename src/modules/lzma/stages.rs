//! The filters before LZMA in raw streams: differences, and addresses in machine code. XZ files have them in the crate's writer.

use std::collections::VecDeque;
use std::io::{Error, ErrorKind, Read, Write};

use lzma_rust2::filter::bcj::{BcjReader, BcjWriter};
use lzma_rust2::{FilterConfig, FilterType};

/// Differences to the byte that lies `distance` before.
struct Delta {
    history: [u8; 256],
    at: u8,
    distance: u8,
}

impl Delta {
    fn new(distance: u32) -> Delta {
        // A distance of 256 is one of 0, all around the history.
        Delta { history: [0; 256], at: 0, distance: distance as u8 }
    }

    fn next(&mut self, byte: u8, undo: bool) -> u8 {
        let before = self.history[self.at.wrapping_sub(self.distance) as usize];
        let other = if undo { byte.wrapping_add(before) } else { byte.wrapping_sub(before) };
        self.history[self.at as usize] = if undo { other } else { byte };
        self.at = self.at.wrapping_add(1);
        other
    }

    fn run(&mut self, data: &mut [u8], undo: bool) {
        for byte in data {
            *byte = self.next(*byte, undo);
        }
    }
}

/// A filter on the way to the compressor.
pub enum Encode {
    Delta(Box<DeltaStage>),
    Bcj(Option<BcjWriter<Vec<u8>>>),
}

/// What `Encode` and `Undo` keep of differences.
pub struct DeltaStage(Delta);

impl Encode {
    pub fn new(filter: &FilterConfig) -> Encode {
        let start = filter.property as usize;
        let make: fn(Vec<u8>, usize) -> BcjWriter<Vec<u8>> = match filter.filter_type {
            FilterType::BcjX86 => BcjWriter::new_x86,
            FilterType::BcjPpc => BcjWriter::new_ppc,
            FilterType::BcjIa64 => BcjWriter::new_ia64,
            FilterType::BcjArm => BcjWriter::new_arm,
            FilterType::BcjArmThumb => BcjWriter::new_arm_thumb,
            FilterType::BcjSparc => BcjWriter::new_sparc,
            _ => return Encode::Delta(Box::new(DeltaStage(Delta::new(filter.property)))),
        };
        Encode::Bcj(Some(make(Vec::new(), start)))
    }

    /// Takes data in, and gives what is ready.
    pub fn write(&mut self, mut data: Vec<u8>) -> Vec<u8> {
        match self {
            Encode::Delta(delta) => {
                delta.0.run(&mut data, false);
                data
            }
            Encode::Bcj(Some(writer)) => {
                // Writing to a vector does not fail.
                let _ = writer.write_all(&data);
                std::mem::take(writer.inner_mut())
            }
            Encode::Bcj(None) => Vec::new(),
        }
    }

    /// What was held back.
    pub fn finish(&mut self) -> Vec<u8> {
        match self {
            Encode::Bcj(writer) => writer.take().and_then(|writer| writer.finish().ok()).unwrap_or_default(),
            Encode::Delta(_) => Vec::new(),
        }
    }
}

/// Data for a reader, which waits for more until it is told that there is none.
#[derive(Default)]
pub struct Queue {
    bytes: VecDeque<u8>,
    closed: bool,
}

impl Read for Queue {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.bytes.is_empty() && !self.closed {
            return Err(Error::from(ErrorKind::WouldBlock));
        }
        self.bytes.read(buffer)
    }
}

/// A filter on the way from the decompressor.
pub enum Undo {
    Delta(Box<DeltaStage>),
    Bcj(Box<BcjReader<Queue>>),
}

impl Undo {
    pub fn new(filter: &FilterConfig) -> Undo {
        let start = filter.property as usize;
        let make: fn(Queue, usize) -> BcjReader<Queue> = match filter.filter_type {
            FilterType::BcjX86 => BcjReader::new_x86,
            FilterType::BcjPpc => BcjReader::new_ppc,
            FilterType::BcjIa64 => BcjReader::new_ia64,
            FilterType::BcjArm => BcjReader::new_arm,
            FilterType::BcjArmThumb => BcjReader::new_arm_thumb,
            FilterType::BcjSparc => BcjReader::new_sparc,
            _ => return Undo::Delta(Box::new(DeltaStage(Delta::new(filter.property)))),
        };
        Undo::Bcj(Box::new(make(Queue::default(), start)))
    }

    /// Takes data in, and gives what is ready; `ended`: there will be no more.
    pub fn write(&mut self, data: &[u8], ended: bool) -> Vec<u8> {
        match self {
            Undo::Delta(delta) => {
                let mut data = data.to_vec();
                delta.0.run(&mut data, true);
                data
            }
            Undo::Bcj(reader) => {
                let queue = reader.inner_mut();
                queue.bytes.extend(data);
                queue.closed = ended;
                let (mut out, mut byte) = (Vec::new(), [0]);
                // One by one: a reader that has to wait forgets what it gave in the same call.
                while let Ok(1) = reader.read(&mut byte) {
                    out.push(byte[0]);
                }
                out
            }
        }
    }
}
