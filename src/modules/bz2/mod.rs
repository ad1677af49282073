//! Module `_bz2`, over the crate `bzip2` (libbz2 in Rust).

use bzip2::{Action, Compress, Compression, Decompress, Status};
use snakelet_macros::{methods, native_module, native_type};
use snakelet_vm::errors::Exc;
use snakelet_vm::exec::fuel;
use snakelet_vm::native::{ArgBytes, ModuleDef};
use snakelet_vm::{PyResult, Value, Vm, VmCell};

use crate::unpack::{Decode, Progress, Unpack};

pub const MODULE: ModuleDef = Bz2::MODULE;

/// The payload of compressors; without a state after `flush()`.
#[native_type(
    name = "BZ2Compressor",
    module = "_bz2",
    doc = "Create a compressor object for compressing data incrementally.\n\n  compresslevel\n    Compression level, as a number between 1 and 9."
)]
pub struct Compressor {
    #[skip_traverse]
    state: VmCell<Option<Compress>>,
}

fn pack(vm: &Vm, state: &mut Compress, data: &[u8], action: Action) -> PyResult {
    let (mut out, mut rest) = (Vec::new(), data);
    loop {
        vm.check_memory(32 * 1024)?;
        vm.reserve(&mut out, 32 * 1024)?;
        let before = state.total_in();
        let status = state.compress_vec(rest, &mut out, action);
        let taken = (state.total_in() - before) as usize;
        rest = &rest[taken..];
        fuel::spend_many((taken / 4) as u32);
        match status {
            Ok(Status::StreamEnd) => return Ok(Value::from_bytes(out)),
            Ok(_) if action == Action::Run && rest.is_empty() => return Ok(Value::from_bytes(out)),
            Ok(_) => {}
            Err(_) => return Err(vm.runtime_error("the compressor failed")),
        }
    }
}

#[methods]
impl Compressor {
    #[new("BZ2Compressor(compresslevel=9, /)")]
    fn new(vm: &Vm, cls: &Value, compresslevel: Option<i64>) -> PyResult {
        let level = compresslevel.unwrap_or(9);
        if !(1..=9).contains(&level) {
            return Err(vm.value_error("compresslevel must be between 1 and 9"));
        }
        let state = Compress::new(Compression::new(level as u32), 0);
        vm.new_instance(cls, Compressor { state: VmCell::new(Some(state)) })
    }

    /// Provide data to the compressor object.
    ///
    /// Returns a chunk of compressed data if possible, or b'' otherwise. When you have finished providing data to the
    /// compressor, call the flush() method to finish the compression process.
    #[method("compress(self, data, /)")]
    fn compress(vm: &Vm, this: &Compressor, data: ArgBytes<'_>) -> PyResult {
        match this.state.borrow_mut() {
            Some(_) if data.is_empty() => Ok(Value::from_bytes(Vec::new())),
            Some(state) => pack(vm, state, &data, Action::Run),
            None => Err(vm.value_error("Compressor has been flushed")),
        }
    }

    /// Finish the compression process.
    ///
    /// Returns the compressed data left in internal buffers. The compressor object may not be used after this method is
    /// called.
    #[method("flush(self, /)")]
    fn flush(vm: &Vm, this: &Compressor) -> PyResult {
        match this.state.replace(None) {
            Some(mut state) => pack(vm, &mut state, &[], Action::Finish),
            None => Err(vm.value_error("Repeated call to flush()")),
        }
    }
}

struct Decoder(Decompress);

impl Decode for Decoder {
    fn process(&mut self, vm: &Vm, input: &[u8], output: &mut [u8]) -> PyResult<Progress> {
        let (before, written) = (self.0.total_in(), self.0.total_out());
        let status = self.0.decompress(input, output);
        let consumed = (self.0.total_in() - before) as usize;
        let produced = (self.0.total_out() - written) as usize;
        match status {
            Ok(status) => Ok(Progress { consumed, produced, ended: status == Status::StreamEnd }),
            Err(bzip2::Error::Param) => Err(vm.value_error("Internal error - invalid parameters passed to libbzip2")),
            Err(_) => Err(vm.error(Exc::OSError, "Invalid data stream")),
        }
    }
}

/// The payload of decompressors.
#[native_type(
    name = "BZ2Decompressor",
    module = "_bz2",
    doc = "Create a decompressor object for decompressing data incrementally."
)]
pub struct Decompressor {
    #[skip_traverse]
    state: VmCell<Unpack<Decoder>>,
}

#[methods]
impl Decompressor {
    #[new("BZ2Decompressor()")]
    fn new(vm: &Vm, cls: &Value) -> PyResult {
        let state = Unpack::new(Decoder(Decompress::new(false)));
        vm.new_instance(cls, Decompressor { state: VmCell::new(state) })
    }

    /// Decompress *data*, returning uncompressed data as bytes.
    ///
    /// If *max_length* is nonnegative, returns at most *max_length* bytes of decompressed data. If this limit is reached
    /// and further output can be produced, *self.needs_input* will be set to ``False``.
    #[method("decompress(self, /, data, max_length=-1)")]
    fn decompress(vm: &Vm, this: &Decompressor, data: ArgBytes<'_>, max_length: Option<isize>) -> PyResult {
        if this.state.borrow().failed {
            return Err(vm.value_error("The decompressor cannot go on after a previous error"));
        }
        this.state.borrow_mut().run(vm, &data, max_length.unwrap_or(-1)).map(Value::from_bytes)
    }

    /// True if the end-of-stream marker has been reached.
    #[getter("eof")]
    fn eof(this: &Decompressor) -> bool {
        this.state.borrow().eof
    }

    /// True if more input is needed before more decompressed data can be produced.
    #[getter("needs_input")]
    fn needs_input(this: &Decompressor) -> bool {
        this.state.borrow().needs_input
    }

    /// Data found after the end of the compressed stream.
    #[getter("unused_data")]
    fn unused_data(this: &Decompressor) -> Value {
        Value::from_bytes(this.state.borrow().unused.clone())
    }
}

#[native_module("_bz2", types = [Compressor, Decompressor])]
impl Bz2 {}

/// Declares module `_bz2`.
pub struct Bz2;
