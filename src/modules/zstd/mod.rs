//! Module `_zstdblocks`: what `_zstd` (Python, in the library) needs of the crate `ruzstd`.
//!
//! `Encoder` makes blocks, `Decoder` takes frames apart; headers of frames that are written, parameters and their errors are
//! the business of the Python part. Errors of the format are ValueErrors here, which it turns into ZstdErrors.

mod decoder;
mod encoder;

use std::hash::Hasher;

use ruzstd::decoding::Dictionary;
use snakelet_macros::{methods, native_module, native_type};
use snakelet_vm::exec::fuel;
use snakelet_vm::native::{ArgBytes, ModuleDef};
use snakelet_vm::{PyResult, Value, Vm, VmCell};
use twox_hash::XxHash64;

use crate::unpack::Unpack;
use decoder::Frames;
use encoder::Blocks;

pub const MODULE: ModuleDef = Zstd::MODULE;

/// Makes the blocks of one frame.
#[native_type(name = "Encoder", module = "_zstdblocks", doc = "Makes the blocks of one frame.")]
pub struct Encoder {
    #[skip_traverse]
    blocks: VmCell<Blocks>,
    #[skip_traverse]
    hash: VmCell<XxHash64>,
}

#[methods]
impl Encoder {
    #[new("Encoder(level, window_log, dictionary, /)")]
    fn new(vm: &Vm, cls: &Value, level: i64, window_log: i64, dictionary: ArgBytes<'_>) -> PyResult {
        let window = 1_usize << window_log.clamp(10, 27);
        vm.check_memory(window.min(1 << 22) * 8)?;
        let blocks = Blocks::new(level, window, &dictionary);
        vm.new_instance(cls, Encoder { blocks: VmCell::new(blocks), hash: VmCell::new(XxHash64::with_seed(0)) })
    }

    /// The blocks of some data; of the last ones of the frame the very last one says so.
    #[method("encode(self, data, last, /)")]
    fn encode(vm: &Vm, this: &Encoder, data: ArgBytes<'_>, last: bool) -> PyResult {
        vm.check_memory(data.len())?;
        let mut out = Vec::new();
        let blocks = this.blocks.borrow_mut();
        let longest = blocks.longest();
        let count = data.len().div_ceil(longest);
        for (number, block) in data.chunks(longest).enumerate() {
            this.hash.borrow_mut().write(block);
            blocks.encode(block, last && number + 1 == count, &mut out);
            fuel::spend_many((block.len() / 4) as u32);
        }
        if count == 0 && last {
            out.extend_from_slice(&[1, 0, 0]);
        }
        Ok(Value::from_bytes(out))
    }

    /// The checksum of what was encoded.
    #[method("checksum(self, /)")]
    fn checksum(this: &Encoder) -> i64 {
        i64::from(this.hash.borrow().finish() as u32)
    }
}

/// Takes one frame apart.
#[native_type(name = "Decoder", module = "_zstdblocks", doc = "Takes one frame apart.")]
pub struct Decoder {
    #[skip_traverse]
    state: VmCell<Unpack<Frames>>,
}

#[methods]
impl Decoder {
    #[new("Decoder(window_log_max, /)")]
    fn new(vm: &Vm, cls: &Value, window_log_max: i64) -> PyResult {
        let state = Unpack::new(Frames::new(1 << window_log_max.clamp(10, 31)));
        vm.new_instance(cls, Decoder { state: VmCell::new(state) })
    }

    /// Takes a dictionary: one with a header, or mere content.
    #[method("set_dictionary(self, content, is_raw, /)")]
    fn set_dictionary(vm: &Vm, this: &Decoder, content: ArgBytes<'_>, is_raw: bool) -> PyResult<()> {
        let dictionary = dictionary(vm, &content, is_raw)?;
        this.state.borrow_mut().decoder.set_dictionary(dictionary);
        Ok(())
    }

    /// What the data decompresses to, up to a number of bytes.
    #[method("decompress(self, data, max_length, /)")]
    fn decompress(vm: &Vm, this: &Decoder, data: ArgBytes<'_>, max_length: isize) -> PyResult {
        this.state.borrow_mut().run(vm, &data, max_length).map(Value::from_bytes)
    }

    #[getter("eof")]
    fn eof(this: &Decoder) -> bool {
        this.state.borrow().eof
    }

    #[getter("needs_input")]
    fn needs_input(this: &Decoder) -> bool {
        this.state.borrow().needs_input
    }

    #[getter("unused_data")]
    fn unused_data(this: &Decoder) -> Value {
        Value::from_bytes(this.state.borrow().unused.clone())
    }
}

fn dictionary(vm: &Vm, content: &[u8], is_raw: bool) -> PyResult<Dictionary> {
    vm.check_memory(content.len())?;
    if is_raw {
        return Ok(Dictionary {
            id: 0,
            fse: Default::default(),
            huf: Default::default(),
            dict_content: content.to_vec(),
            offset_hist: [1, 4, 8],
        });
    }
    Dictionary::decode_dict(content).map_err(|_| vm.value_error("Dictionary is corrupted"))
}

#[native_module("_zstdblocks", types = [Encoder, Decoder])]
impl Zstd {
    /// Refuses what is no dictionary with a header; its content begins at the number given.
    #[function("check_dictionary(content, /)")]
    fn check_dictionary(vm: &Vm, content: ArgBytes<'_>) -> PyResult<i64> {
        let dictionary = dictionary(vm, &content, false)?;
        Ok((content.len() - dictionary.dict_content.len()) as i64)
    }

    /// What the header of a frame says: its length, the size of the content (-1 where it does not say), the number of the
    /// dictionary and whether a checksum follows; of a skippable frame the length of header and content.
    #[function("frame_header(data, /)")]
    fn frame_header(vm: &Vm, data: ArgBytes<'_>) -> PyResult {
        let numbers = match decoder::Header::parse(&data) {
            Ok(Some(header)) => [
                header.length as i64,
                header.content_size.map_or(-1, |size| size.min(i64::MAX as u64) as i64),
                i64::from(header.dictionary.unwrap_or(0)),
                i64::from(header.has_checksum),
                header.skipped as i64,
            ],
            Ok(None) => return Ok(Value::NONE),
            Err(message) => return Err(vm.value_error(message)),
        };
        Ok(Value::from_tuple(numbers.iter().map(|number| Value::from_i64(*number)).collect()))
    }
}

struct Zstd;
