//! What the decompressors of `_bz2`, `_lzma` and `_zstd` have in common: input that waits, output up to a limit, the end.

use snakelet_vm::exec::fuel;
use snakelet_vm::{PyResult, Vm};

/// What one step of a decoder did.
pub struct Progress {
    pub consumed: usize,
    pub produced: usize,
    pub ended: bool,
}

/// A decoder that takes input as it comes.
pub trait Decode {
    /// Reads from `input`, writes to `output`. No progress means that more input is needed.
    fn process(&mut self, vm: &Vm, input: &[u8], output: &mut [u8]) -> PyResult<Progress>;

    /// Input that was taken but lies behind the end.
    fn rest(&mut self) -> Vec<u8> {
        Vec::new()
    }
}

/// A decompression.
pub struct Unpack<D> {
    pub decoder: D,
    pending: Vec<u8>,
    pub unused: Vec<u8>,
    pub eof: bool,
    pub needs_input: bool,
    /// The data had an error.
    pub failed: bool,
}

const CHUNK: usize = 32 * 1024;

impl<D: Decode> Unpack<D> {
    pub fn new(decoder: D) -> Unpack<D> {
        Unpack { decoder, pending: Vec::new(), unused: Vec::new(), eof: false, needs_input: true, failed: false }
    }

    /// `decompress(data, max_length)`
    pub fn run(&mut self, vm: &Vm, data: &[u8], max_length: isize) -> PyResult<Vec<u8>> {
        if self.eof {
            return Err(vm.error(snakelet_vm::errors::Exc::EOFError, "End of stream already reached"));
        }
        let limit = usize::try_from(max_length).unwrap_or(usize::MAX);
        vm.reserve(&mut self.pending, data.len())?;
        self.pending.extend_from_slice(data);
        let (mut out, mut used) = (Vec::new(), 0);
        loop {
            let start: usize = out.len();
            let room = CHUNK.min(limit - start);
            vm.check_memory(room)?;
            vm.reserve(&mut out, room)?;
            out.resize(start + room, 0);
            let progress = self.decoder.process(vm, &self.pending[used..], &mut out[start..]);
            let Progress { consumed, produced, ended } = match progress {
                Ok(progress) => progress,
                Err(raised) => {
                    self.pending.drain(..used);
                    (self.failed, self.needs_input) = (true, false);
                    return Err(raised);
                }
            };
            fuel::spend_many((produced / 8 + consumed / 8) as u32);
            used += consumed;
            out.truncate(start + produced);
            if ended {
                self.eof = true;
                self.needs_input = false;
                self.unused = self.decoder.rest();
                self.unused.extend_from_slice(&self.pending[used..]);
                self.pending = Vec::new();
                return Ok(out);
            }
            let is_full = out.len() == limit;
            if is_full || (consumed == 0 && produced < room) {
                self.pending.drain(..used);
                self.needs_input = !is_full;
                return Ok(out);
            }
        }
    }
}
