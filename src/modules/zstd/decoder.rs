//! Frames: their headers, and what is inside by the crate's decoder, one block at a time.

use std::hash::Hasher;
use std::io::Read;

use ruzstd::decoding::errors::FrameDecoderError;
use ruzstd::decoding::{BlockDecodingStrategy, Dictionary, FrameDecoder};
use snakelet_vm::{PyResult, Vm};
use twox_hash::XxHash64;

use crate::unpack::{Decode, Progress};

const MAGIC: u32 = 0xFD2F_B528;

/// Frames with magic numbers from here to the 15 next ones hold what decoders skip.
const SKIPPABLE: u32 = 0x184D_2A50;

const LARGEST_BLOCK: usize = 128 * 1024;

const CORRUPT: &str = "Data corruption detected";

/// The header of a frame.
pub struct Header {
    /// How many bytes it takes.
    pub length: usize,
    pub window: u64,
    pub content_size: Option<u64>,
    pub dictionary: Option<u32>,
    pub has_checksum: bool,
    /// Of a skippable frame: how many bytes follow.
    pub skipped: u64,
    pub is_skippable: bool,
}

impl Header {
    /// The header at the start of some data, or None if there is more of it to come.
    pub fn parse(data: &[u8]) -> Result<Option<Header>, &'static str> {
        let Some(magic) = data.first_chunk() else {
            let is_start = MAGIC.to_le_bytes().starts_with(data)
                || data.first().is_none_or(|first| first & !15 == 0x50)
                    && SKIPPABLE.to_le_bytes().get(1..data.len()).is_none_or(|rest| data[1..] == *rest);
            return if is_start { Ok(None) } else { Err("Unknown frame descriptor") };
        };
        let magic = u32::from_le_bytes(*magic);
        let number = |at: usize, size: usize| -> Option<u64> {
            let bytes = data.get(at..at + size)?;
            Some(bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
        };
        let mut header = Header {
            length: 8,
            window: 0,
            content_size: None,
            dictionary: None,
            has_checksum: false,
            skipped: 0,
            is_skippable: false,
        };
        if magic & !15 == SKIPPABLE {
            (header.is_skippable, header.content_size, header.dictionary) = (true, Some(0), Some(magic & 15));
            return Ok(number(4, 4).map(|size| Header { skipped: size, ..header }));
        }
        if magic != MAGIC {
            return Err("Unknown frame descriptor");
        }
        let Some(descriptor) = data.get(4) else { return Ok(None) };
        if descriptor & 8 != 0 {
            return Err("Unsupported frame parameter");
        }
        let is_single = descriptor & 0x20 != 0;
        header.has_checksum = descriptor & 4 != 0;
        let mut at = 5;
        if !is_single {
            let Some(window) = number(at, 1) else { return Ok(None) };
            let base = 1_u64 << (10 + (window >> 3));
            header.window = base + base / 8 * (window & 7);
            at += 1;
        }
        let size = [0, 1, 2, 4][usize::from(descriptor & 3)];
        if size > 0 {
            let Some(dictionary) = number(at, size) else { return Ok(None) };
            header.dictionary = Some(dictionary as u32).filter(|number| *number != 0);
            at += size;
        }
        let size = match descriptor >> 6 {
            0 => usize::from(is_single),
            1 => 2,
            2 => 4,
            _ => 8,
        };
        if size > 0 {
            let Some(content) = number(at, size) else { return Ok(None) };
            header.content_size = Some(if size == 2 { content + 256 } else { content });
            at += size;
        }
        if is_single {
            header.window = header.content_size.unwrap_or(0);
        }
        header.length = at;
        Ok(Some(header))
    }
}

enum Stage {
    Header,
    Skip(u64),
    Blocks,
    /// The last block was decoded; its content may still wait.
    Last,
    /// Of the frame nothing is missing but the checksum.
    Checksum,
}

/// Decodes the first frame of its input.
pub struct Frames {
    frame: FrameDecoder,
    stage: Stage,
    dictionary: Option<u32>,
    has_checksum: bool,
    hash: XxHash64,
    content_size: Option<u64>,
    produced: u64,
}

impl Frames {
    /// Refuses frames that need a longer window than this.
    pub fn new(longest_window: u64) -> Frames {
        let mut frame = FrameDecoder::new();
        frame.set_max_window_size(longest_window);
        Frames {
            frame,
            stage: Stage::Header,
            dictionary: None,
            has_checksum: false,
            hash: XxHash64::with_seed(0),
            content_size: None,
            produced: 0,
        }
    }

    pub fn set_dictionary(&mut self, dictionary: Dictionary) {
        self.dictionary = Some(dictionary.id);
        // The only error is none: it adds to a map.
        let _ = self.frame.add_dict(dictionary);
    }

    fn start(&mut self, vm: &Vm, header: &Header, data: &[u8]) -> PyResult<()> {
        let limit = self.frame.max_window_size();
        if header.window > limit {
            return Err(vm.value_error("Frame requires too much memory for decoding"));
        }
        vm.check_memory(header.window as usize)?;
        let started = self.frame.reset(&data[..header.length]);
        started.map_err(|error| {
            vm.value_error(match error {
                FrameDecoderError::DictNotProvided { .. } => "Dictionary mismatch",
                FrameDecoderError::WindowSizeTooBig { .. } => "Frame requires too much memory for decoding",
                _ => CORRUPT,
            })
        })?;
        if let (Some(dictionary), None) = (self.dictionary, header.dictionary) {
            self.frame.force_dict(dictionary).map_err(|_| vm.value_error("Dictionary mismatch"))?;
        }
        self.has_checksum = header.has_checksum;
        self.content_size = header.content_size;
        self.stage = Stage::Blocks;
        Ok(())
    }

    /// Decodes the block at the start of the data, if it is there as a whole; how many bytes it took.
    fn block(&mut self, vm: &Vm, data: &[u8]) -> PyResult<usize> {
        let Some(&[low, middle, high]) = data.first_chunk() else { return Ok(0) };
        let number = usize::from(low) | usize::from(middle) << 8 | usize::from(high) << 16;
        let (is_last, kind, size) = (number & 1 == 1, number >> 1 & 3, number >> 3);
        if kind == 3 || size > LARGEST_BLOCK {
            return Err(vm.value_error(CORRUPT));
        }
        let whole = 3 + if kind == 1 { 1 } else { size };
        let Some(block) = data.get(..whole) else { return Ok(0) };
        vm.check_memory(LARGEST_BLOCK)?;
        match self.frame.decode_blocks(block, BlockDecodingStrategy::UptoBlocks(1)) {
            // The crate would take the checksum with the last block.
            Ok(_) | Err(FrameDecoderError::FailedToReadChecksum(_)) => {}
            Err(_) => return Err(vm.value_error(CORRUPT)),
        }
        if is_last {
            self.stage = Stage::Last;
        }
        Ok(whole)
    }

    /// Whether the frame's content is as long as it was said to be.
    fn check_size(&self, vm: &Vm) -> PyResult<()> {
        match self.content_size {
            Some(size) if size != self.produced => Err(vm.value_error(CORRUPT)),
            _ => Ok(()),
        }
    }
}

impl Decode for Frames {
    fn process(&mut self, vm: &Vm, input: &[u8], output: &mut [u8]) -> PyResult<Progress> {
        let (mut consumed, mut produced) = (0, 0);
        let mut ended = false;
        loop {
            match self.stage {
                Stage::Header => match Header::parse(&input[consumed..]) {
                    Ok(None) => break,
                    Ok(Some(header)) if header.is_skippable => {
                        consumed += header.length;
                        self.stage = Stage::Skip(header.skipped);
                    }
                    Ok(Some(header)) => {
                        self.start(vm, &header, &input[consumed..])?;
                        consumed += header.length;
                    }
                    Err(message) => return Err(vm.value_error(message)),
                },
                Stage::Skip(rest) => {
                    let here = rest.min((input.len() - consumed) as u64);
                    consumed += here as usize;
                    self.stage = Stage::Skip(rest - here);
                    ended = here == rest;
                    break;
                }
                Stage::Checksum if !self.has_checksum => {
                    ended = true;
                    break;
                }
                Stage::Checksum => {
                    let Some(expected) = input[consumed..].first_chunk() else { break };
                    consumed += 4;
                    if u32::from_le_bytes(*expected) != self.hash.finish() as u32 {
                        return Err(vm.value_error("Restored data doesn't match checksum"));
                    }
                    ended = true;
                    break;
                }
                Stage::Blocks | Stage::Last => {
                    let read = self.frame.read(&mut output[produced..]).unwrap_or(0);
                    if self.has_checksum {
                        self.hash.write(&output[produced..produced + read]);
                    }
                    produced += read;
                    self.produced += read as u64;
                    if matches!(self.stage, Stage::Last) {
                        // Where the size is known, no more is asked for to see the end.
                        if produced < output.len() || self.content_size == Some(self.produced) {
                            self.check_size(vm)?;
                            self.stage = Stage::Checksum;
                            continue;
                        }
                        break;
                    }
                    if produced == output.len() && !output.is_empty() && self.frame.can_collect() > 0 {
                        break;
                    }
                    let taken = self.block(vm, &input[consumed..])?;
                    if taken == 0 {
                        break;
                    }
                    consumed += taken;
                }
            }
        }
        Ok(Progress { consumed, produced, ended })
    }
}
