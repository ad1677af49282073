//! Module `_lzma`, over the crate `lzma-rust2`: XZ, LZMA alone and raw streams of LZMA1 or LZMA2.

mod filters;
mod stages;

use std::cell::OnceCell;
use std::io::Write as _;

use lzma_rust2::{
    Action, CheckType, Lzma2Options, Lzma2Stream, Lzma2Writer, LzmaStream, LzmaWriter, Status, XzOptions, XzStream,
    XzWriter,
};
use snakelet_macros::{methods, native_module, native_type};
use snakelet_vm::errors::Exc;
use snakelet_vm::exec::fuel;
use snakelet_vm::native::{ArgBytes, ModuleDef};
use snakelet_vm::object::intern::intern;
use snakelet_vm::types::builtin::make_exception_class;
use snakelet_vm::types::typeobject::Type;
use snakelet_vm::{PyResult, Raised, Ref, Value, Vm, VmCell, VmRef};

use self::filters::{Chain, PRESET_EXTREME};
use self::stages::{Encode, Undo};
use crate::support::{ClassConstant, raise_text};
use crate::unpack::{Decode, Progress, Unpack};

pub const MODULE: ModuleDef = Lzma::MODULE;

const FORMAT_AUTO: i64 = 0;
const FORMAT_XZ: i64 = 1;
const FORMAT_ALONE: i64 = 2;
const FORMAT_RAW: i64 = 3;
const CHECK_UNKNOWN: i64 = 16;

fn error_class() -> Ref<Type> {
    thread_local! {
        static CLASS: OnceCell<Ref<Type>> = const { OnceCell::new() };
    }
    CLASS.with(|class| {
        class
            .get_or_init(|| {
                let class = make_exception_class("LZMAError", "Call to liblzma failed.", Exc::Exception.class());
                class.dict.set_text("__module__", intern("_lzma"));
                class.modified();
                class
            })
            .clone()
    })
}

/// LZMAError
#[cold]
pub fn error(vm: &Vm, message: &str) -> Raised {
    raise_text(vm, &error_class(), message)
}

/// A compression in one of the formats.
enum Writer {
    Xz(Box<XzWriter<Vec<u8>>>),
    Lzma1(Box<LzmaWriter<Vec<u8>>>),
    Lzma2(Box<Lzma2Writer<Vec<u8>>>),
    /// Filters that the data goes through before.
    Filtered(Vec<Encode>, Box<Writer>),
}

impl Writer {
    fn write(&mut self, data: &[u8]) -> std::io::Result<Vec<u8>> {
        match self {
            Writer::Xz(writer) => writer.write_all(data).map(|()| std::mem::take(writer.inner_mut())),
            Writer::Lzma1(writer) => writer.write_all(data).map(|()| std::mem::take(writer.inner_mut())),
            Writer::Lzma2(writer) => writer.write_all(data).map(|()| std::mem::take(writer.inner_mut())),
            Writer::Filtered(stages, writer) => {
                let mut data = data.to_vec();
                for stage in stages {
                    data = stage.write(data);
                }
                writer.write(&data)
            }
        }
    }

    fn finish(self) -> std::io::Result<Vec<u8>> {
        match self {
            Writer::Xz(writer) => writer.finish(),
            Writer::Lzma1(writer) => writer.finish(),
            Writer::Lzma2(writer) => writer.finish(),
            Writer::Filtered(stages, mut writer) => {
                let mut data = Vec::new();
                for mut stage in stages {
                    data = stage.write(data);
                    data.extend(stage.finish());
                }
                let mut out = writer.write(&data)?;
                out.extend(writer.finish()?);
                Ok(out)
            }
        }
    }
}

/// The payload of compressors; without a writer after `flush()`.
#[native_type(
    name = "LZMACompressor",
    module = "_lzma",
    doc = "LZMACompressor(format=FORMAT_XZ, check=-1, preset=None, filters=None)\n\nCreate a compressor object for compressing data incrementally.\n\nThe settings may be a preset from 0 to 9, which PRESET_EXTREME may be added to, or a chain of filters."
)]
pub struct Compressor {
    #[skip_traverse]
    writer: VmCell<Option<Writer>>,
}

fn make_writer(vm: &Vm, format: i64, check: i64, preset: i64, chain: Option<Chain>) -> PyResult<Writer> {
    let failed = |_| error(vm, "Internal error");
    let chain = match chain {
        Some(chain) => chain,
        None => Chain { options: filters::preset(vm, preset)?, before: Vec::new(), last: filters::LZMA2 },
    };
    vm.check_memory(chain.options.get_memory_usage() as usize * 1024)?;
    match format {
        FORMAT_XZ => {
            let check_type = match check {
                -1 | 4 => CheckType::Crc64,
                0 => CheckType::None,
                1 => CheckType::Crc32,
                10 => CheckType::Sha256,
                _ => return Err(error(vm, "Unsupported integrity check")),
            };
            if chain.last != filters::LZMA2 {
                return Err(error(vm, "Invalid or unsupported options"));
            }
            let options =
                XzOptions { lzma_options: chain.options, check_type, block_size: None, filters: chain.before };
            Ok(Writer::Xz(Box::new(XzWriter::new(Vec::new(), options).map_err(failed)?)))
        }
        FORMAT_ALONE => {
            if !chain.before.is_empty() {
                return Err(error(vm, "Invalid or unsupported options"));
            }
            let writer = LzmaWriter::new_use_header(Vec::new(), &chain.options, None).map_err(failed)?;
            Ok(Writer::Lzma1(Box::new(writer)))
        }
        _ if !chain.before.is_empty() => {
            let stages = chain.before.iter().map(Encode::new).collect();
            let plain = Chain { before: Vec::new(), ..chain };
            Ok(Writer::Filtered(stages, Box::new(make_writer(vm, format, check, preset, Some(plain))?)))
        }
        _ if chain.last == filters::LZMA2 => {
            let options = Lzma2Options { lzma_options: chain.options, chunk_size: None };
            Ok(Writer::Lzma2(Box::new(Lzma2Writer::new(Vec::new(), options))))
        }
        _ => {
            let writer = LzmaWriter::new_no_header(Vec::new(), &chain.options, true).map_err(failed)?;
            Ok(Writer::Lzma1(Box::new(writer)))
        }
    }
}

#[methods]
impl Compressor {
    #[new("LZMACompressor(format=FORMAT_XZ, check=-1, preset=None, filters=None)", text = none)]
    async fn new(
        vm: VmRef,
        cls: Value,
        format: Option<i64>,
        check: Option<i64>,
        preset: Option<Value>,
        filters: Option<Value>,
    ) -> PyResult {
        let (format, check) = (format.unwrap_or(FORMAT_XZ), check.unwrap_or(-1));
        if preset.is_some() && filters.is_some() {
            return Err(vm.value_error("Cannot specify both preset and filter chain"));
        }
        if format != FORMAT_XZ && check != -1 && check != 0 {
            return Err(vm.value_error("Integrity checks are only supported by FORMAT_XZ"));
        }
        if format == FORMAT_RAW && filters.is_none() {
            return Err(vm.value_error("Must specify filters for FORMAT_RAW"));
        }
        if !(FORMAT_XZ..=FORMAT_RAW).contains(&format) {
            return Err(vm.value_error(format!("Invalid container format: {format}")));
        }
        let chain = match filters {
            Some(filters) => Some(filters::chain(&vm, &filters).await?),
            None => None,
        };
        let preset = match preset {
            Some(preset) => match vm.index(&preset).await?.to_i64() {
                Some(preset) if preset < 0 => return Err(vm.value_error("Cannot convert negative int")),
                Some(preset) if preset < 1 << 32 => preset,
                _ => return Err(vm.overflow_error("Python int too large for C uint32_t")),
            },
            None => 6,
        };
        let writer = make_writer(&vm, format, check, preset, chain)?;
        vm.new_instance(&cls, Compressor { writer: VmCell::new(Some(writer)) })
    }

    /// Provide data to the compressor object.
    ///
    /// Returns a chunk of compressed data if possible, or b'' otherwise. When you have finished providing data to the
    /// compressor, call the flush() method to finish the compression process.
    #[method("compress(self, data, /)")]
    fn compress(vm: &Vm, this: &Compressor, data: ArgBytes<'_>) -> PyResult {
        let Some(writer) = this.writer.borrow_mut() else {
            return Err(vm.value_error("Compressor has been flushed"));
        };
        fuel::spend_many((data.len() / 2).min(1 << 24) as u32);
        vm.check_memory(data.len())?;
        writer.write(&data).map(Value::from_bytes).map_err(|_| error(vm, "Internal error"))
    }

    /// Finish the compression process.
    ///
    /// Returns the compressed data left in internal buffers. The compressor object may not be used after this method is
    /// called.
    #[method("flush(self, /)")]
    fn flush(vm: &Vm, this: &Compressor) -> PyResult {
        match this.writer.replace(None) {
            Some(writer) => writer.finish().map(Value::from_bytes).map_err(|_| error(vm, "Internal error")),
            None => Err(vm.value_error("Repeated call to flush()")),
        }
    }
}

/// A decompression in one of the formats; which one the data may tell.
enum Decoder {
    Auto(Option<u32>),
    Xz(Box<XzStream>),
    Lzma1(Box<LzmaStream>),
    Lzma2(Box<Lzma2Stream>),
    /// Filters that the data goes through afterwards.
    Filtered(Box<Filtered>),
}

/// A raw stream with filters.
struct Filtered {
    stages: Vec<Undo>,
    last: Decoder,
    /// What came out and was not handed out.
    ready: Vec<u8>,
    ended: bool,
}

impl Decode for Filtered {
    fn process(&mut self, vm: &Vm, input: &[u8], output: &mut [u8]) -> PyResult<Progress> {
        let mut consumed = 0;
        while self.ready.is_empty() && !self.ended {
            let mut piece = vec![0; 8192];
            let progress = self.last.process(vm, &input[consumed..], &mut piece)?;
            consumed += progress.consumed;
            self.ended = progress.ended;
            piece.truncate(progress.produced);
            for stage in &mut self.stages {
                piece = stage.write(&piece, self.ended);
            }
            self.ready = piece;
            if progress.consumed == 0 && progress.produced == 0 {
                break;
            }
        }
        let produced = self.ready.len().min(output.len());
        output[..produced].copy_from_slice(&self.ready[..produced]);
        self.ready.drain(..produced);
        Ok(Progress { consumed, produced, ended: self.ended && self.ready.is_empty() })
    }

    fn rest(&mut self) -> Vec<u8> {
        self.last.rest()
    }
}

impl Decode for Decoder {
    fn process(&mut self, vm: &Vm, input: &[u8], output: &mut [u8]) -> PyResult<Progress> {
        if let Decoder::Auto(limit) = self {
            match input {
                [0xfd, ..] => *self = xz(*limit),
                [properties, a, b, c, d, ..] => {
                    // Any bytes could be a header of this format: odd sizes are taken for another one, as liblzma does.
                    let size = u32::from_le_bytes([*a, *b, *c, *d]);
                    let half_more = size.is_multiple_of(3) && (size / 3).is_power_of_two();
                    if *properties >= 225 || !(size == u32::MAX || size.is_power_of_two() || half_more) {
                        return Err(error(vm, "Input format not supported by decoder"));
                    }
                    *self = alone(*limit);
                }
                _ => return Ok(Progress { consumed: 0, produced: 0, ended: false }),
            }
        }
        let result = match self {
            Decoder::Auto(_) => return Ok(Progress { consumed: 0, produced: 0, ended: false }),
            Decoder::Filtered(filtered) => return filtered.process(vm, input, output),
            Decoder::Xz(stream) => stream.process(input, output, Action::Run),
            Decoder::Lzma1(stream) => stream.process(input, output, Action::Run),
            Decoder::Lzma2(stream) => stream.process(input, output, Action::Run),
        };
        match result {
            Ok(done) => Ok(Progress {
                consumed: done.bytes_consumed,
                produced: done.bytes_produced,
                ended: done.status == Status::StreamEnd,
            }),
            Err(problem) => Err(match problem.kind() {
                std::io::ErrorKind::OutOfMemory => error(vm, "Memory usage limit exceeded"),
                std::io::ErrorKind::Unsupported | std::io::ErrorKind::InvalidInput => {
                    error(vm, "Input format not supported by decoder")
                }
                _ => error(vm, "Corrupt input data"),
            }),
        }
    }

    fn rest(&mut self) -> Vec<u8> {
        match self {
            Decoder::Lzma1(stream) => stream.unused_input().to_vec(),
            Decoder::Filtered(filtered) => filtered.rest(),
            _ => Vec::new(),
        }
    }
}

fn xz(limit: Option<u32>) -> Decoder {
    Decoder::Xz(Box::new(XzStream::new_mem_limit(false, limit.unwrap_or(u32::MAX))))
}

fn alone(limit: Option<u32>) -> Decoder {
    Decoder::Lzma1(Box::new(LzmaStream::new_mem_limit(limit.unwrap_or(u32::MAX), None)))
}

/// The payload of decompressors.
#[native_type(
    name = "LZMADecompressor",
    module = "_lzma",
    doc = "Create a decompressor object for decompressing data incrementally.\n\n  format\n    The container format; FORMAT_AUTO takes FORMAT_XZ and FORMAT_ALONE.\n  memlimit\n    Limits the memory that the decompressor may use.\n  filters\n    The chain of filters, for FORMAT_RAW."
)]
pub struct Decompressor {
    #[skip_traverse]
    state: VmCell<Unpack<Decoder>>,
}

#[methods]
impl Decompressor {
    #[new(
        "LZMADecompressor(format=FORMAT_AUTO, memlimit=None, filters=None)",
        text = "(format=FORMAT_AUTO, memlimit=None, filters=None)"
    )]
    async fn new(
        vm: VmRef,
        cls: Value,
        format: Option<i64>,
        memlimit: Option<Value>,
        filters: Option<Value>,
    ) -> PyResult {
        let format = format.unwrap_or(FORMAT_AUTO);
        let limit = match memlimit {
            Some(_) if format == FORMAT_RAW => {
                return Err(vm.value_error("Cannot specify memory limit with FORMAT_RAW"));
            }
            Some(limit) => {
                let bytes = vm.index(&limit).await?.to_i64().unwrap_or(i64::MAX).max(0);
                Some(u32::try_from(bytes / 1024).unwrap_or(u32::MAX))
            }
            None => None,
        };
        if format == FORMAT_RAW && filters.is_none() {
            return Err(vm.value_error("Must specify filters for FORMAT_RAW"));
        }
        if format != FORMAT_RAW && filters.is_some() {
            return Err(vm.value_error("Cannot specify filters except with FORMAT_RAW"));
        }
        let decoder = match (format, filters) {
            (FORMAT_AUTO, _) => Decoder::Auto(limit),
            (FORMAT_XZ, _) => xz(limit),
            (FORMAT_ALONE, _) => alone(limit),
            (FORMAT_RAW, Some(filters)) => {
                let chain = filters::chain(&vm, &filters).await?;
                let options = chain.options;
                vm.check_memory(options.dict_size as usize)?;
                let last = if chain.last == filters::LZMA2 {
                    Decoder::Lzma2(Box::new(Lzma2Stream::new(options.dict_size)))
                } else {
                    let (lc, lp, pb) = (options.lc, options.lp, options.pb);
                    let stream = LzmaStream::new(u64::MAX, lc, lp, pb, options.dict_size, None);
                    Decoder::Lzma1(Box::new(stream.map_err(|_| error(&vm, "Invalid or unsupported options"))?))
                };
                if chain.before.is_empty() {
                    last
                } else {
                    let stages = chain.before.iter().rev().map(Undo::new).collect();
                    Decoder::Filtered(Box::new(Filtered { stages, last, ready: Vec::new(), ended: false }))
                }
            }
            _ => return Err(vm.value_error(format!("Invalid container format: {format}"))),
        };
        vm.new_instance(&cls, Decompressor { state: VmCell::new(Unpack::new(decoder)) })
    }

    /// Decompress *data*, returning uncompressed data as bytes.
    ///
    /// If *max_length* is nonnegative, returns at most *max_length* bytes of decompressed data. If this limit is reached
    /// and further output can be produced, *self.needs_input* will be set to ``False``.
    #[method("decompress(self, /, data, max_length=-1)")]
    fn decompress(vm: &Vm, this: &Decompressor, data: ArgBytes<'_>, max_length: Option<isize>) -> PyResult {
        let state = this.state.borrow_mut();
        if state.eof {
            return Err(vm.error(Exc::EOFError, "Already at end of stream"));
        }
        state.run(vm, &data, max_length.unwrap_or(-1)).map(Value::from_bytes)
    }

    /// ID of the integrity check used by the input stream.
    #[getter("check")]
    fn check(this: &Decompressor) -> i64 {
        match &this.state.borrow().decoder {
            Decoder::Xz(stream) => stream.check_type().map_or(CHECK_UNKNOWN, |check| check as i64),
            Decoder::Auto(_) => CHECK_UNKNOWN,
            _ => 0,
        }
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

#[native_module("_lzma", types = [Compressor, Decompressor])]
impl Lzma {
    #[constant("LZMAError")]
    const ERROR: ClassConstant = ClassConstant(error_class);

    /// Test whether the given integrity check is supported.
    ///
    /// Always returns True for CHECK_NONE and CHECK_CRC32.
    #[function("is_check_supported(check_id, /)")]
    fn is_check_supported(check_id: i64) -> bool {
        matches!(check_id, 0 | 1 | 4 | 10)
    }

    /// Return a bytes object encoding the options (properties) of the filter specified by *filter* (a dict).
    ///
    /// The result does not include the filter ID itself, only the options.
    #[function("_encode_filter_properties(filter, /)")]
    async fn encode_filter_properties(vm: VmRef, filter: Value) -> PyResult {
        filters::encode(&vm, &filter).await
    }

    /// Return a bytes object encoding the options (properties) of the filter specified by *filter* (a dict).
    ///
    /// The result does not include the filter ID itself, only the options.
    #[function("_decode_filter_properties(filter_id, encoded_props, /)")]
    fn decode_filter_properties(vm: &Vm, filter_id: i64, encoded_props: ArgBytes<'_>) -> PyResult {
        filters::decode(vm, filter_id, &encoded_props)
    }

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        const NUMBERS: [(&str, i64); 28] = [
            ("FORMAT_AUTO", FORMAT_AUTO),
            ("FORMAT_XZ", FORMAT_XZ),
            ("FORMAT_ALONE", FORMAT_ALONE),
            ("FORMAT_RAW", FORMAT_RAW),
            ("CHECK_NONE", 0),
            ("CHECK_CRC32", 1),
            ("CHECK_CRC64", 4),
            ("CHECK_SHA256", 10),
            ("CHECK_ID_MAX", 15),
            ("CHECK_UNKNOWN", CHECK_UNKNOWN),
            ("FILTER_LZMA1", filters::LZMA1),
            ("FILTER_LZMA2", filters::LZMA2),
            ("FILTER_DELTA", 3),
            ("FILTER_X86", 4),
            ("FILTER_POWERPC", 5),
            ("FILTER_IA64", 6),
            ("FILTER_ARM", 7),
            ("FILTER_ARMTHUMB", 8),
            ("FILTER_SPARC", 9),
            ("MF_HC3", 3),
            ("MF_HC4", 4),
            ("MF_BT2", 18),
            ("MF_BT3", 19),
            ("MF_BT4", 20),
            ("MODE_FAST", 1),
            ("MODE_NORMAL", 2),
            ("PRESET_DEFAULT", 6),
            ("PRESET_EXTREME", PRESET_EXTREME),
        ];
        for (name, number) in NUMBERS {
            vm.set_attr(module, &intern(name), Some(&Value::from_i64(number)))?;
        }
        Ok(())
    }
}

/// Declares module `_lzma`.
pub struct Lzma;
