//! Chains of filters: dicts in, the crate's options out.

use lzma_rust2::{EncodeMode, FilterConfig, FilterType, LzmaOptions, MfType};
use snakelet_vm::errors::Exc;
use snakelet_vm::object::intern::intern;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::{PyResult, Value, Vm};

use super::error;

pub const LZMA1: i64 = 0x4000_0000_0000_0001;
pub const LZMA2: i64 = 0x21;
const DELTA: i64 = 3;
/// Added to a preset: slower and a little smaller.
pub const PRESET_EXTREME: i64 = 1 << 31;

/// A chain: one of the LZMA filters last.
pub struct Chain {
    pub options: LzmaOptions,
    pub before: Vec<FilterConfig>,
    /// `LZMA1` or `LZMA2`.
    pub last: i64,
}

/// The options of a preset.
pub fn preset(vm: &Vm, preset: i64) -> PyResult<LzmaOptions> {
    let level = preset & !PRESET_EXTREME;
    if !(0..=9).contains(&level) {
        return Err(error(vm, "Invalid or unsupported options"));
    }
    let mut options = LzmaOptions::with_preset(level as u32);
    if preset & PRESET_EXTREME != 0 {
        options.mode = EncodeMode::Normal;
        options.mf = MfType::Bt4;
        options.nice_len = 273;
    }
    // Small data needs no window of many megabytes; readers take the size from the header.
    Ok(options)
}

async fn number(vm: &Vm, filter: &Value, name: &str) -> PyResult<Option<i64>> {
    let get = vm.attr(filter, "get").await?;
    let value = vm.call(&get, vec![intern(name)]).await?;
    if value.is_none() {
        return Ok(None);
    }
    let index = vm.index(&value).await?;
    match index.to_i64() {
        Some(number) if number >= 0 => Ok(Some(number)),
        Some(_) => Err(vm.overflow_error("can't convert negative int to unsigned")),
        None => Err(vm.overflow_error("int too big to convert")),
    }
}

async fn id(vm: &Vm, filter: &Value) -> PyResult<i64> {
    if filter.downcast::<Dict>().is_none() && vm.attr_opt(filter, &intern("get")).await?.is_none() {
        return Err(vm.type_error("Filter specifier must be a dict or dict-like object"));
    }
    match number(vm, filter, "id").await? {
        Some(id) => Ok(id),
        None => Err(vm.value_error("Filter specifier must have an \"id\" entry")),
    }
}

async fn lzma(vm: &Vm, filter: &Value) -> PyResult<LzmaOptions> {
    const KNOWN: [&str; 10] = ["id", "preset", "dict_size", "lc", "lp", "pb", "mode", "nice_len", "mf", "depth"];
    check_names(vm, filter, &KNOWN, "LZMA")?;
    let level = number(vm, filter, "preset").await?.unwrap_or(6);
    let mut options = preset(vm, level)?;
    let invalid = || error(vm, "Invalid or unsupported options");
    let places: [(&str, &mut u32, i64); 5] = [
        ("dict_size", &mut options.dict_size, 1536 << 20),
        ("lc", &mut options.lc, 4),
        ("lp", &mut options.lp, 4),
        ("pb", &mut options.pb, 4),
        ("nice_len", &mut options.nice_len, 273),
    ];
    for (name, place, limit) in places {
        if let Some(value) = number(vm, filter, name).await? {
            if value > limit {
                return Err(invalid());
            }
            *place = value as u32;
        }
    }
    options.dict_size = options.dict_size.max(4096);
    if options.lc + options.lp > 4 || options.nice_len < 5 {
        return Err(invalid());
    }
    options.nice_len = options.nice_len.max(8);
    match number(vm, filter, "mode").await? {
        None => {}
        Some(1) => options.mode = EncodeMode::Fast,
        Some(2) => options.mode = EncodeMode::Normal,
        Some(_) => return Err(invalid()),
    }
    match number(vm, filter, "mf").await? {
        None => {}
        Some(3 | 4) => options.mf = MfType::Hc4,
        Some(18..=20) => options.mf = MfType::Bt4,
        Some(_) => return Err(invalid()),
    }
    if let Some(depth) = number(vm, filter, "depth").await? {
        options.depth_limit = i32::try_from(depth).unwrap_or(i32::MAX);
    }
    Ok(options)
}

fn check_names(vm: &Vm, filter: &Value, known: &[&str], kind: &str) -> PyResult<()> {
    let Some(dict) = filter.downcast::<Dict>() else { return Ok(()) };
    let fits = |key: &Value| key.as_text().is_some_and(|key| known.iter().any(|known| *key == **known));
    if dict.table.borrow().iter().all(|entry| fits(&entry.key)) {
        return Ok(());
    }
    Err(vm.value_error(format!("Invalid filter specifier for {kind} filter")))
}

/// The options of a chain.
pub async fn chain(vm: &Vm, filters: &Value) -> PyResult<Chain> {
    let filters = vm.collect(filters).await?;
    if filters.len() > 4 {
        return Err(vm.value_error("Too many filters - liblzma supports a maximum of 4"));
    }
    let mut before = Vec::new();
    let count = filters.len();
    for (index, filter) in filters.into_iter().enumerate() {
        let id = id(vm, &filter).await?;
        let is_last = index + 1 == count;
        let filter_type = match id {
            LZMA1 | LZMA2 => {
                let options = lzma(vm, &filter).await?;
                if !is_last {
                    break;
                }
                return Ok(Chain { options, before, last: id });
            }
            DELTA => {
                check_names(vm, &filter, &["id", "dist"], "delta")?;
                let distance = number(vm, &filter, "dist").await?.unwrap_or(1);
                if !(1..=256).contains(&distance) {
                    return Err(error(vm, "Invalid or unsupported options"));
                }
                before.push(FilterConfig::new_delta(distance as u32));
                continue;
            }
            4 => FilterType::BcjX86,
            5 => FilterType::BcjPpc,
            6 => FilterType::BcjIa64,
            7 => FilterType::BcjArm,
            8 => FilterType::BcjArmThumb,
            9 => FilterType::BcjSparc,
            _ => return Err(vm.value_error(format!("Invalid filter ID: {id}"))),
        };
        check_names(vm, &filter, &["id", "start_offset"], "BCJ")?;
        let property = number(vm, &filter, "start_offset").await?.unwrap_or(0) as u32;
        before.push(FilterConfig { filter_type, property });
    }
    Err(error(vm, "Invalid or unsupported options"))
}

/// `_encode_filter_properties`
pub async fn encode(vm: &Vm, filter: &Value) -> PyResult {
    let bytes = match id(vm, filter).await? {
        LZMA1 => {
            let options = lzma(vm, filter).await?;
            let mut bytes = vec![options.get_props()];
            bytes.extend_from_slice(&options.dict_size.to_le_bytes());
            bytes
        }
        LZMA2 => {
            let size = lzma(vm, filter).await?.dict_size;
            // Two bits of mantissa and an exponent: the smallest such size that is enough.
            let code =
                (0..40u32).find(|code| u64::from(2 | code & 1) << (code / 2 + 11) >= u64::from(size)).unwrap_or(40);
            vec![code as u8]
        }
        DELTA => {
            let distance = number(vm, filter, "dist").await?.unwrap_or(1);
            if !(1..=256).contains(&distance) {
                return Err(error(vm, "Invalid or unsupported options"));
            }
            vec![(distance - 1) as u8]
        }
        4..=9 => match number(vm, filter, "start_offset").await?.unwrap_or(0) {
            0 => Vec::new(),
            offset => (offset as u32).to_le_bytes().to_vec(),
        },
        id => return Err(vm.value_error(format!("Invalid filter ID: {id}"))),
    };
    Ok(Value::from_bytes(bytes))
}

/// `_decode_filter_properties`
pub fn decode(vm: &Vm, id: i64, bytes: &[u8]) -> PyResult {
    let invalid = || error(vm, "Invalid or unsupported options");
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0i64, |number, &byte| number << 8 | i64::from(byte));
    let dict = Dict::new_object();
    dict.set_text("id", Value::from_i64(id));
    match id {
        LZMA1 => {
            let [properties, size @ ..] = bytes else { return Err(invalid()) };
            if size.len() != 4 || *properties >= 225 {
                return Err(invalid());
            }
            let properties = i64::from(*properties);
            for (name, value) in
                [("lc", properties % 9), ("lp", properties / 9 % 5), ("pb", properties / 45), ("dict_size", word(size))]
            {
                dict.set_text(name, Value::from_i64(value));
            }
        }
        LZMA2 => {
            let &[code @ 0..=40] = bytes else { return Err(invalid()) };
            let size = if code == 40 { u32::MAX } else { (2 | u32::from(code) & 1) << (code / 2 + 11) };
            dict.set_text("dict_size", Value::from_i64(size.into()));
        }
        DELTA => {
            let &[distance] = bytes else { return Err(invalid()) };
            dict.set_text("dist", Value::small_int(i64::from(distance) + 1));
        }
        4..=9 => match bytes.len() {
            0 => {}
            4 => dict.set_text("start_offset", Value::from_i64(word(bytes))),
            _ => return Err(invalid()),
        },
        _ => {
            let message = format!("Invalid filter ID: {id}");
            return Err(vm.error(Exc::ValueError, &message));
        }
    }
    Ok(dict.into_value())
}
