//! Module `zlib`: compression as zlib does it (`deflate`, `trees`), decompression (`inflate`), and the formats around them.

mod deflate;
mod inflate;
mod trees;

use std::cell::Cell;

use snakelet_macros::{methods, native_module, native_type};
use snakelet_vm::exec::fuel;
use snakelet_vm::native::{ArgBytes, ModuleDef, Native};
use snakelet_vm::{PyResult, Raised, Value, Vm, VmCell};

use self::deflate::{Deflate, Flush};
use self::inflate::Inflate;
use crate::binascii::{crc32, low_bits};
use crate::support::{ClassConstant, exception, raise_text};

pub const MODULE: ModuleDef = Zlib::MODULE;

exception!(error_class, "zlib", "error", "", Exception);

#[cold]
fn error(vm: &Vm, message: impl AsRef<str>) -> Raised {
    raise_text(vm, &error_class(), message)
}

fn adler32(adler: u32, data: &[u8]) -> u32 {
    let (mut a, mut b) = (adler & 0xffff, adler >> 16);
    for chunk in data.chunks(5552) {
        for &byte in chunk {
            a += u32::from(byte);
            b += a;
        }
        a %= 65521;
        b %= 65521;
    }
    b << 16 | a
}

/// What stands around the compressed data.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Raw,
    Zlib,
    Gzip,
    /// zlib or gzip, as the data tells.
    Either,
}

fn format_of(vm: &Vm, wbits: i64, decompress: bool) -> PyResult<Format> {
    match wbits {
        -15..=-8 => Ok(Format::Raw),
        0 if decompress => Ok(Format::Zlib),
        8..=15 => Ok(Format::Zlib),
        24..=31 => Ok(Format::Gzip),
        40..=47 if decompress => Ok(Format::Either),
        _ => Err(vm.value_error("Invalid initialization option")),
    }
}

/// A compression with its frame.
#[derive(Clone)]
struct Packer {
    deflate: Deflate,
    format: Format,
    check: u32,
    length: u32,
    done: bool,
}

impl Packer {
    fn new(vm: &Vm, level: i64, wbits: i64, memory: i64, strategy: i64, dictionary: &[u8]) -> PyResult<Packer> {
        let format = format_of(vm, wbits, false)?;
        let level = if level == -1 { 6 } else { level };
        if !(0..=9).contains(&level) || !(1..=9).contains(&memory) || !(0..=4).contains(&strategy) {
            return Err(vm.value_error("Invalid initialization option"));
        }
        let bits = match format {
            Format::Raw => -wbits,
            Format::Gzip => wbits - 16,
            _ => wbits,
        }
        .max(9) as u32;
        let mut deflate = Deflate::new(level as usize, strategy, bits, memory as u32, dictionary);
        let bytes = &mut deflate.out.bytes;
        match format {
            Format::Zlib => {
                let mark = match level {
                    0 | 1 => 0,
                    2..=5 => 1,
                    6 => 2,
                    _ => 3,
                };
                let mark = if strategy >= 2 { 0 } else { mark };
                let mut header = (8 + ((bits - 8) << 4)) << 8 | mark << 6;
                if !dictionary.is_empty() {
                    header |= 0x20;
                }
                header += 31 - header % 31;
                bytes.extend_from_slice(&(header as u16).to_be_bytes());
                if !dictionary.is_empty() {
                    bytes.extend_from_slice(&adler32(1, dictionary).to_be_bytes());
                }
            }
            Format::Gzip => {
                let extra = match level {
                    9 => 2,
                    0 | 1 => 4,
                    _ if strategy >= 2 => 4,
                    _ => 0,
                };
                bytes.extend_from_slice(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, extra, 3]);
            }
            _ => {}
        }
        Ok(Packer { deflate, format, check: u32::from(format == Format::Zlib), length: 0, done: false })
    }

    fn write(&mut self, data: &[u8], flush: Flush) -> Vec<u8> {
        fuel::spend_many((data.len() / 16).min(1 << 24) as u32);
        self.check = match self.format {
            Format::Zlib => adler32(self.check, data),
            Format::Gzip => crc32(self.check, data),
            _ => 0,
        };
        self.length = self.length.wrapping_add(data.len() as u32);
        self.deflate.write(data, flush);
        if flush == Flush::Finish {
            self.done = true;
            let bytes = &mut self.deflate.out.bytes;
            match self.format {
                Format::Zlib => bytes.extend_from_slice(&self.check.to_be_bytes()),
                Format::Gzip => {
                    bytes.extend_from_slice(&self.check.to_le_bytes());
                    bytes.extend_from_slice(&self.length.to_le_bytes());
                }
                _ => {}
            }
        }
        std::mem::take(&mut self.deflate.out.bytes)
    }
}

/// Where a decompression is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Header,
    Body,
    Trailer,
    End,
}

/// A decompression with its frame.
#[derive(Clone)]
struct Unpacker {
    inflate: Inflate,
    format: Format,
    /// The largest window that is accepted, as a power of two.
    window: u32,
    stage: Stage,
    /// Input that is no compressed data, or not known to be.
    pending: Vec<u8>,
    dictionary: Vec<u8>,
    check: u32,
    length: u32,
}

impl Unpacker {
    fn new(vm: &Vm, wbits: i64, dictionary: &[u8]) -> PyResult<Unpacker> {
        let format = format_of(vm, wbits, true)?;
        let raw = format == Format::Raw;
        Ok(Unpacker {
            inflate: Inflate::new(if raw { dictionary } else { &[] }),
            format,
            window: if wbits == 0 { 15 } else { (wbits.unsigned_abs() as u32 & 15).max(8) },
            stage: if raw { Stage::Body } else { Stage::Header },
            pending: Vec::new(),
            dictionary: dictionary.to_vec(),
            check: 0,
            length: 0,
        })
    }

    /// Takes input in; output up to `limit` bytes.
    fn run(&mut self, vm: &Vm, data: &[u8], limit: usize) -> PyResult<Vec<u8>> {
        fuel::spend_many((data.len() / 4).min(1 << 24) as u32);
        let mut out = Vec::new();
        match self.stage {
            Stage::Body => self.inflate.feed(data),
            _ => self.pending.extend_from_slice(data),
        }
        if self.stage == Stage::Header {
            let Some(size) = self.header(vm)? else { return Ok(out) };
            let rest = self.pending.split_off(size);
            self.pending.clear();
            self.inflate.feed(&rest);
            self.stage = Stage::Body;
        }
        if self.stage == Stage::Body {
            let result = self.inflate.run(&mut out, limit);
            vm.check_memory(out.len())?;
            self.check = match self.format {
                Format::Zlib => adler32(self.check, &out),
                Format::Gzip => crc32(self.check, &out),
                _ => 0,
            };
            self.length = self.length.wrapping_add(out.len() as u32);
            if let Err(fault) = result {
                return Err(error(vm, format!("Error -3 while decompressing data: {fault}")));
            }
            if self.inflate.is_finished() {
                self.pending = self.inflate.rest();
                self.stage = Stage::Trailer;
            }
        }
        if self.stage == Stage::Trailer {
            let size = match self.format {
                Format::Raw => 0,
                Format::Gzip => 8,
                _ => 4,
            };
            if self.pending.len() >= size {
                let trailer: Vec<u8> = self.pending.drain(..size).collect();
                let right = match self.format {
                    Format::Raw => true,
                    Format::Gzip => trailer[..4] == self.check.to_le_bytes(),
                    _ => trailer == self.check.to_be_bytes(),
                };
                if !right {
                    return Err(error(vm, "Error -3 while decompressing data: incorrect data check"));
                }
                if self.format == Format::Gzip && trailer[4..] != self.length.to_le_bytes() {
                    return Err(error(vm, "Error -3 while decompressing data: incorrect length check"));
                }
                self.stage = Stage::End;
            }
        }
        Ok(out)
    }

    /// The length of the header, once it is there.
    fn header(&mut self, vm: &Vm) -> PyResult<Option<usize>> {
        let fail = |message: &str| Err(error(vm, format!("Error -3 while decompressing data: {message}")));
        let data = &self.pending;
        if data.len() < 2 {
            return Ok(None);
        }
        let is_gzip = data[..2] == [0x1f, 0x8b];
        if self.format == Format::Either {
            self.format = if is_gzip { Format::Gzip } else { Format::Zlib };
        }
        if self.format == Format::Zlib {
            if (u32::from(data[0]) << 8 | u32::from(data[1])) % 31 != 0 {
                return fail("incorrect header check");
            }
            if data[0] & 15 != 8 {
                return fail("unknown compression method");
            }
            if u32::from(data[0] >> 4) + 8 > self.window.min(15) {
                return fail("invalid window size");
            }
            self.check = 1;
            if data[1] & 0x20 == 0 {
                return Ok(Some(2));
            }
            if data.len() < 6 {
                return Ok(None);
            }
            if self.dictionary.is_empty() {
                return Err(error(vm, "Error 2 while decompressing data"));
            }
            if data[2..6] != adler32(1, &self.dictionary).to_be_bytes() {
                return Err(error(vm, "Error -3 while setting zdict"));
            }
            self.inflate = Inflate::new(&self.dictionary);
            return Ok(Some(6));
        }
        if !is_gzip {
            return fail("incorrect header check");
        }
        if data.len() < 10 {
            return Ok(None);
        }
        if data[2] != 8 {
            return fail("unknown compression method");
        }
        let (flags, mut at) = (data[3], 10);
        if flags & 0xe0 != 0 {
            return fail("unknown header flags set");
        }
        if flags & 4 != 0 {
            let Some(length) = data.get(at..at + 2) else { return Ok(None) };
            at += 2 + usize::from(u16::from_le_bytes([length[0], length[1]]));
        }
        for flag in [8, 16] {
            if flags & flag != 0 {
                let Some(end) = data.get(at..).and_then(|rest| rest.iter().position(|&byte| byte == 0)) else {
                    return Ok(None);
                };
                at += end + 1;
            }
        }
        if flags & 2 != 0 {
            at += 2;
        }
        Ok((at <= data.len()).then_some(at))
    }
}

/// The payload of compression objects.
#[native_type(name = "Compress", module = "zlib")]
pub struct Compress {
    #[skip_traverse]
    packer: VmCell<Packer>,
}

#[methods]
impl Compress {
    /// Returns a bytes object containing compressed data.
    ///
    /// After calling this function, some of the input data may still be stored in internal buffers for later processing.
    /// Call the flush() method to clear these buffers.
    #[method("compress(self, data, /)")]
    fn compress(vm: &Vm, this: &Compress, data: ArgBytes<'_>) -> PyResult {
        let packer = this.packer.borrow_mut();
        if packer.done {
            return Err(error(vm, "Error -2 while compressing data: inconsistent stream state"));
        }
        vm.check_memory(data.len())?;
        Ok(Value::from_bytes(packer.write(&data, Flush::None)))
    }

    /// Return a bytes object containing any remaining compressed data.
    ///
    /// The mode is one of the constants Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_FINISH; with Z_FINISH the object can no longer be
    /// used after calling the flush() method.
    #[method("flush(self, mode=4, /)")]
    fn flush(vm: &Vm, this: &Compress, mode: i64) -> PyResult {
        let packer = this.packer.borrow_mut();
        let flush = match mode {
            0 => return Ok(Value::from_bytes(Vec::new())),
            1 | 2 | 5 => Flush::Sync,
            3 => Flush::Full,
            4 => Flush::Finish,
            _ => return Err(error(vm, "Error -2 while flushing: inconsistent stream state")),
        };
        if packer.done {
            return Err(error(vm, "Error -2 while flushing: inconsistent stream state"));
        }
        Ok(Value::from_bytes(packer.write(&[], flush)))
    }

    /// Return a copy of the compression object.
    #[method("copy(self, /)")]
    fn copy(vm: &Vm, this: &Compress) -> PyResult {
        let packer = this.packer.get();
        if packer.done {
            return Err(vm.value_error("Inconsistent stream state"));
        }
        Ok(Compress { packer: VmCell::new(packer) }.into_value())
    }

    #[method("__copy__(self, /)")]
    fn shallow_copy(vm: &Vm, this: &Compress) -> PyResult {
        Compress::copy(vm, this)
    }

    #[method("__deepcopy__(self, memo, /)")]
    fn deep_copy(vm: &Vm, this: &Compress, memo: &Value) -> PyResult {
        let _ = memo;
        Compress::copy(vm, this)
    }
}

/// The payload of decompression objects.
#[native_type(name = "Decompress", module = "zlib")]
pub struct Decompress {
    #[skip_traverse]
    unpacker: VmCell<Unpacker>,
    #[skip_traverse]
    unused: VmCell<Vec<u8>>,
    #[skip_traverse]
    tail: VmCell<Vec<u8>>,
    /// Flushed behind the end of the data: nothing is left to go on with.
    done: Cell<bool>,
}

impl Decompress {
    fn go(&self, vm: &Vm, data: &[u8], limit: usize) -> PyResult {
        let unpacker = self.unpacker.borrow_mut();
        if unpacker.stage == Stage::End {
            self.unused.borrow_mut().extend_from_slice(data);
            return Ok(Value::from_bytes(Vec::new()));
        }
        self.tail.take();
        let out = unpacker.run(vm, data, limit)?;
        if unpacker.stage == Stage::End {
            self.unused.borrow_mut().append(&mut unpacker.pending);
        } else if out.len() >= limit && unpacker.stage == Stage::Body {
            // What was not looked at is the caller's to give again.
            let rest = unpacker.inflate.take_rest();
            self.tail.set(rest);
        }
        Ok(Value::from_bytes(out))
    }
}

#[methods]
impl Decompress {
    /// Return a bytes object containing the decompressed version of the data.
    ///
    /// If max_length is nonzero, at most that many bytes are returned; unconsumed input data will be stored in the
    /// unconsumed_tail attribute.
    #[method("decompress(self, data, /, max_length=0)")]
    fn decompress(vm: &Vm, this: &Decompress, data: ArgBytes<'_>, max_length: isize) -> PyResult {
        match max_length {
            0 => this.go(vm, &data, usize::MAX),
            1.. => this.go(vm, &data, max_length as usize),
            _ => Err(vm.value_error("max_length must be non-negative")),
        }
    }

    /// Return a bytes object containing any remaining decompressed data.
    #[method("flush(self, length=16384, /)")]
    fn flush(vm: &Vm, this: &Decompress, length: isize) -> PyResult {
        if length <= 0 {
            return Err(vm.value_error("length must be greater than zero"));
        }
        let tail = this.tail.take();
        let rest = this.go(vm, &tail, usize::MAX)?;
        this.done.set(this.unpacker.borrow().stage == Stage::End);
        Ok(rest)
    }

    /// Return a copy of the decompression object.
    #[method("copy(self, /)")]
    fn copy(vm: &Vm, this: &Decompress) -> PyResult {
        if this.done.get() {
            return Err(vm.value_error("Inconsistent stream state"));
        }
        let (unused, tail) = (VmCell::new(this.unused.get()), VmCell::new(this.tail.get()));
        let unpacker = VmCell::new(this.unpacker.get());
        Ok(Decompress { unpacker, unused, tail, done: Cell::new(false) }.into_value())
    }

    #[method("__copy__(self, /)")]
    fn shallow_copy(vm: &Vm, this: &Decompress) -> PyResult {
        Decompress::copy(vm, this)
    }

    #[method("__deepcopy__(self, memo, /)")]
    fn deep_copy(vm: &Vm, this: &Decompress, memo: &Value) -> PyResult {
        let _ = memo;
        Decompress::copy(vm, this)
    }

    #[getter("unused_data")]
    fn unused_data(this: &Decompress) -> Value {
        Value::from_bytes(this.unused.get())
    }

    #[getter("unconsumed_tail")]
    fn unconsumed_tail(this: &Decompress) -> Value {
        Value::from_bytes(this.tail.get())
    }

    #[getter("eof")]
    fn eof(this: &Decompress) -> bool {
        this.unpacker.borrow().stage == Stage::End
    }
}

/// The payload of the decompressors that file objects use.
#[native_type(
    name = "_ZlibDecompressor",
    module = "zlib",
    doc = "Create a decompressor object for decompressing data incrementally."
)]
pub struct ZlibDecompressor {
    #[skip_traverse]
    unpacker: VmCell<Unpacker>,
    needs_input: Cell<bool>,
}

#[methods]
impl ZlibDecompressor {
    #[new("_ZlibDecompressor(wbits=15, zdict=b'')", text = "(wbits=15, zdict=b'')")]
    fn new(vm: &Vm, cls: &Value, wbits: Option<i64>, zdict: Option<ArgBytes<'_>>) -> PyResult {
        let dictionary = zdict.map_or(Vec::new(), |zdict| zdict.to_vec());
        let unpacker = VmCell::new(Unpacker::new(vm, wbits.unwrap_or(15), &dictionary)?);
        vm.new_instance(cls, ZlibDecompressor { unpacker, needs_input: Cell::new(true) })
    }

    /// Decompress *data*, returning uncompressed data as bytes.
    ///
    /// If *max_length* is nonnegative, returns at most *max_length* bytes of decompressed data. If this limit is reached
    /// and further output can be produced, *self.needs_input* will be set to False.
    #[method("decompress(self, /, data, max_length=-1)")]
    fn decompress(vm: &Vm, this: &ZlibDecompressor, data: ArgBytes<'_>, max_length: isize) -> PyResult {
        let unpacker = this.unpacker.borrow_mut();
        if unpacker.stage == Stage::End {
            return Err(vm.error(snakelet_vm::errors::Exc::EOFError, "End of stream already reached"));
        }
        let limit = if max_length < 0 { usize::MAX } else { max_length as usize };
        let out = unpacker.run(vm, &data, limit)?;
        this.needs_input.set(unpacker.stage != Stage::End && out.len() < limit);
        Ok(Value::from_bytes(out))
    }

    /// Data found after the end of the compressed stream.
    #[getter("unused_data")]
    fn unused_data(this: &ZlibDecompressor) -> Value {
        let unpacker = this.unpacker.borrow();
        Value::from_bytes(if unpacker.stage == Stage::End { unpacker.pending.clone() } else { Vec::new() })
    }

    /// True if the end-of-stream marker has been reached.
    #[getter("eof")]
    fn eof(this: &ZlibDecompressor) -> bool {
        this.unpacker.borrow().stage == Stage::End
    }

    /// True if more input is needed before more decompressed data can be produced.
    #[getter("needs_input")]
    fn needs_input(this: &ZlibDecompressor) -> bool {
        this.needs_input.get()
    }
}

/// The functions in this module allow compression and decompression using the zlib library, which is based on GNU zip.
#[native_module("zlib", types = [ZlibDecompressor])]
impl Zlib {
    #[constant("error")]
    const ERROR: ClassConstant = ClassConstant(error_class);

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        const NUMBERS: [(&str, i64); 24] = [
            ("MAX_WBITS", 15),
            ("DEFLATED", 8),
            ("DEF_MEM_LEVEL", 8),
            ("DEF_BUF_SIZE", 16384),
            ("Z_NO_COMPRESSION", 0),
            ("Z_BEST_SPEED", 1),
            ("Z_BEST_COMPRESSION", 9),
            ("Z_DEFAULT_COMPRESSION", -1),
            ("Z_FILTERED", 1),
            ("Z_HUFFMAN_ONLY", 2),
            ("Z_RLE", 3),
            ("Z_FIXED", 4),
            ("Z_DEFAULT_STRATEGY", 0),
            ("Z_NO_FLUSH", 0),
            ("Z_PARTIAL_FLUSH", 1),
            ("Z_SYNC_FLUSH", 2),
            ("Z_FULL_FLUSH", 3),
            ("Z_FINISH", 4),
            ("Z_BLOCK", 5),
            ("Z_TREES", 6),
            ("_Z_OK", 0),
            ("_Z_STREAM_END", 1),
            ("_Z_NEED_DICT", 2),
            ("_Z_BUF_ERROR", -5),
        ];
        for (name, number) in NUMBERS.iter().filter(|(name, _)| !name.starts_with('_')) {
            vm.set_attr(module, &snakelet_vm::object::intern::intern(name), Some(&Value::small_int(*number)))?;
        }
        for name in ["ZLIB_VERSION", "ZLIB_RUNTIME_VERSION"] {
            vm.set_attr(module, &snakelet_vm::object::intern::intern(name), Some(&Value::from_str("1.3.1")))?;
        }
        Ok(())
    }

    /// Compute an Adler-32 checksum of data.
    ///
    /// The returned checksum is an integer.
    #[function("adler32(data, value=1, /)")]
    fn adler32(vm: &Vm, data: ArgBytes<'_>, value: Option<&Value>) -> PyResult<u32> {
        Ok(adler32(low_bits(vm, value, 1)?, &data))
    }

    /// Compute a CRC-32 checksum of data.
    ///
    /// The returned checksum is an integer.
    #[function("crc32(data, value=0, /)")]
    fn crc32(vm: &Vm, data: ArgBytes<'_>, value: Option<&Value>) -> PyResult<u32> {
        Ok(crc32(low_bits(vm, value, 0)?, &data))
    }

    /// Returns a bytes object containing compressed data.
    #[function("compress(data, /, level=Z_DEFAULT_COMPRESSION, wbits=MAX_WBITS)")]
    fn compress(vm: &Vm, data: ArgBytes<'_>, level: Option<i64>, wbits: Option<i64>) -> PyResult {
        let level = level.unwrap_or(-1);
        if !(-1..=9).contains(&level) {
            return Err(error(vm, "Bad compression level"));
        }
        vm.check_memory(data.len().saturating_mul(2))?;
        let mut packer = Packer::new(vm, level, wbits.unwrap_or(15), 8, 0, &[])?;
        Ok(Value::from_bytes(packer.write(&data, Flush::Finish)))
    }

    /// Returns a bytes object containing the uncompressed data.
    #[function("decompress(data, /, wbits=MAX_WBITS, bufsize=DEF_BUF_SIZE)")]
    fn decompress(vm: &Vm, data: ArgBytes<'_>, wbits: Option<i64>, bufsize: Option<isize>) -> PyResult {
        if bufsize.is_some_and(|size| size < 0) {
            return Err(vm.value_error("bufsize must be non-negative"));
        }
        let mut unpacker = Unpacker::new(vm, wbits.unwrap_or(15), &[])?;
        let out = unpacker.run(vm, &data, usize::MAX)?;
        if unpacker.stage != Stage::End {
            return Err(error(vm, "Error -5 while decompressing data: incomplete or truncated stream"));
        }
        Ok(Value::from_bytes(out))
    }

    /// Return a compressor object.
    #[function(
        "compressobj(level=Z_DEFAULT_COMPRESSION, method=DEFLATED, wbits=MAX_WBITS, memLevel=DEF_MEM_LEVEL, strategy=Z_DEFAULT_STRATEGY, zdict=None)"
    )]
    fn compressobj(
        vm: &Vm,
        level: Option<i64>,
        method: Option<i64>,
        wbits: Option<i64>,
        mem_level: Option<i64>,
        strategy: Option<i64>,
        zdict: Option<ArgBytes<'_>>,
    ) -> PyResult {
        let dictionary = zdict.map_or(Vec::new(), |zdict| zdict.to_vec());
        if method.unwrap_or(8) != 8 {
            return Err(vm.value_error("Invalid initialization option"));
        }
        let packer = Packer::new(
            vm,
            level.unwrap_or(-1),
            wbits.unwrap_or(15),
            mem_level.unwrap_or(8),
            strategy.unwrap_or(0),
            &dictionary,
        )?;
        Ok(Compress { packer: VmCell::new(packer) }.into_value())
    }

    /// Return a decompressor object.
    #[function("decompressobj(wbits=MAX_WBITS, zdict=b'')")]
    fn decompressobj(vm: &Vm, wbits: Option<i64>, zdict: Option<ArgBytes<'_>>) -> PyResult {
        let dictionary = zdict.map_or(Vec::new(), |zdict| zdict.to_vec());
        let unpacker = VmCell::new(Unpacker::new(vm, wbits.unwrap_or(15), &dictionary)?);
        let (unused, tail) = (VmCell::default(), VmCell::default());
        Ok(Decompress { unpacker, unused, tail, done: Cell::new(false) }.into_value())
    }
}

/// Declares module `zlib`.
pub struct Zlib;
