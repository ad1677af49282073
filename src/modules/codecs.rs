//! `_codecs`: the codecs that are built in, and the registries of codecs and error handlers.
//!
//! Encoding and decoding is `snakelet_vm::types::codec`'s work, which also keeps the registered error handlers. Search functions
//! and the cache of what they found live here.

use std::rc::Rc;

use snakelet_macros::{native_module, native_type};
use snakelet_text::codec::{Charmap, Codec, Fault, Handler, Order, Replacement, lookup as known_codec, normalize};
use snakelet_text::{Text, bytes, escape};
use snakelet_vm::errors::Exc;
use snakelet_vm::native::ArgBytes;
use snakelet_vm::types::codec::{AnyCodec, Registry, decode_by, encode_by, lookup};
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::{Native, PyResult, Raised, Value, Vm, VmCell, VmRef};

/// The search functions, and the codecs found by normalised name.
#[derive(Default)]
struct Search {
    functions: VmCell<Vec<Value>>,
    found: VmCell<Vec<(String, Value)>>,
}

/// The payload of what `charmap_build` makes.
#[native_type(name = "EncodingMap", module = "_codecs")]
pub struct EncodingMap {
    #[skip_traverse]
    map: Rc<Charmap>,
}

fn pair(first: Value, count: usize) -> PyResult {
    Ok(Value::from_tuple(vec![first, Value::from_usize(count)]))
}

/// The name of an error handler.
fn handler_name(vm: &Vm, errors: Option<&Text>) -> PyResult<String> {
    let _ = vm;
    Ok(errors.map_or_else(|| "strict".to_string(), |errors| errors.to_utf8_lossy().into_owned()))
}

fn decode_plain(vm: &Vm, data: &Value, errors: Option<&Text>, codec: Codec<'static>, is_final: bool) -> PyResult {
    let errors = handler_name(vm, errors)?;
    decode_by(vm, data, AnyCodec::Plain(codec), &errors, is_final, |_vm, text, used| pair(Value::from_text(text), used))
}

fn encode_plain(vm: &Vm, text: &Value, errors: Option<&Text>, codec: Codec<'static>) -> PyResult {
    if text.as_text().is_none() {
        let name = vm.type_name(text);
        return Err(vm.type_error(format!("argument 1 must be str, not {name}")));
    }
    let errors = handler_name(vm, errors)?;
    encode_by(vm, text, AnyCodec::Plain(codec), &errors, |_vm, bytes, used| pair(Value::from_bytes(bytes), used))
}

/// The byte order that an argument asks for.
fn order(byteorder: i32) -> Order {
    match byteorder {
        0 => Order::Marked,
        order if order < 0 => Order::Little,
        _ => Order::Big,
    }
}

/// `utf_16_ex_decode` and `utf_32_ex_decode`: also tells the byte order.
fn decode_marked(vm: &Vm, data: &Value, errors: Option<&Text>, byteorder: i32, is_final: bool, wide: bool) -> PyResult {
    let errors = handler_name(vm, errors)?;
    let start = ArgBytes::of(data).map_or(Vec::new(), |bytes| bytes.iter().take(4).copied().collect());
    let found = match order(byteorder) {
        Order::Little => -1,
        Order::Big => 1,
        Order::Marked if wide && start == [0xff, 0xfe, 0, 0] => -1,
        Order::Marked if wide && start == [0, 0, 0xfe, 0xff] => 1,
        Order::Marked if !wide && start.starts_with(&[0xff, 0xfe]) => -1,
        Order::Marked if !wide && start.starts_with(&[0xfe, 0xff]) => 1,
        // Without a mark it is the machine's order, which is known once there is enough to tell.
        Order::Marked if start.len() >= if wide { 4 } else { 2 } => -1,
        Order::Marked => 0,
    };
    let codec = if wide { Codec::Utf32(order(byteorder)) } else { Codec::Utf16(order(byteorder)) };
    let finish: snakelet_vm::types::codec::FinishDecoding = match found {
        -1 => |_vm, text, used| Ok(triple(text, used, -1)),
        1 => |_vm, text, used| Ok(triple(text, used, 1)),
        _ => |_vm, text, used| Ok(triple(text, used, 0)),
    };
    decode_by(vm, data, AnyCodec::Plain(codec), &errors, is_final, finish)
}

fn triple(text: Text, used: usize, order: i64) -> Value {
    Value::from_tuple(vec![Value::from_text(text), Value::from_usize(used), Value::from_i64(order)])
}

/// The normalised name under which search functions are asked.
fn search_name(encoding: &str) -> String {
    encoding.chars().map(|c| if c == ' ' { '_' } else { c.to_ascii_lowercase() }).collect()
}

fn unknown_encoding(vm: &Vm, encoding: &str) -> Raised {
    vm.error(Exc::LookupError, &format!("unknown encoding: {encoding}"))
}

async fn search(vm: VmRef, encoding: String) -> PyResult {
    let name = search_name(&encoding);
    let search = vm.extension::<Search>();
    if let Some((_, found)) = search.found.borrow().iter().find(|(known, _)| *known == name) {
        return Ok(found.clone());
    }
    if search.functions.borrow().is_empty() {
        snakelet_vm::import::import_module(&vm, "encodings").await?;
    }
    let functions = search.functions.get();
    for function in functions {
        let found = vm.call(&function, vec![Value::from_str(&name)]).await?;
        if found.is_none() {
            continue;
        }
        if found.downcast::<Tuple>().is_none_or(|parts| parts.items().len() != 4) {
            return Err(vm.type_error("codec search functions must return 4-tuples"));
        }
        search.found.borrow_mut().push((name, found.clone()));
        return Ok(found);
    }
    Err(unknown_encoding(&vm, &encoding))
}

/// `codecs.encode` (part 0 of what is found) and `codecs.decode` (part 1).
async fn by_name(vm: VmRef, object: Value, encoding: String, errors: String, part: usize) -> PyResult {
    let info = lookup(vm, &encoding).await?;
    let function = info.downcast::<Tuple>().and_then(|parts| parts.items().get(part)).cloned().unwrap_or_default();
    let result = match vm.call(&function, vec![object, Value::from_str(&errors)]).await {
        Ok(result) => result,
        Err(raised) => {
            let operation = if part == 0 { "encode" } else { "decode" };
            return Err(snakelet_vm::types::codec::noted(vm, raised, &encoding, operation).await);
        }
    };
    match result.downcast::<Tuple>().map(Tuple::items) {
        Some([value, _]) => Ok(value.clone()),
        _ => {
            let what = if part == 0 { "encoder" } else { "decoder" };
            Err(vm.type_error(format!("{what} must return a tuple (object, integer)")))
        }
    }
}

/// What a built-in error handler says to an exception.
async fn handle(vm: VmRef, exception: Value, handler: Handler) -> PyResult {
    let class = [Exc::UnicodeDecodeError, Exc::UnicodeEncodeError, Exc::UnicodeTranslateError]
        .into_iter()
        .find(|class| class.matches(&exception));
    if handler == Handler::Strict {
        let is_exception = Exc::BaseException.matches(&exception);
        return Err(if is_exception {
            vm.raise(exception)
        } else {
            vm.type_error("codec must pass exception instance")
        });
    }
    let Some(class) = class else { return Err(wrong_exception(&vm, &exception)) };
    let object = vm.attr(&exception, "object").await?;
    let start = vm.attr(&exception, "start").await?.to_i64().unwrap_or(0).max(0) as usize;
    let end = vm.attr(&exception, "end").await?.to_i64().unwrap_or(0).max(0) as usize;
    let encoding = match class {
        Exc::UnicodeTranslateError => String::new(),
        _ => {
            let encoding = vm.attr(&exception, "encoding").await?;
            encoding.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned())
        }
    };
    let codec = known_codec(&encoding).unwrap_or(Codec::Latin1);
    let big = normalize(&encoding).ends_with("be");
    let fault = Fault { encoding: if big { "be" } else { "" }, start, end, reason: "" };
    if class == Exc::UnicodeDecodeError {
        let bytes = ArgBytes::of(&object).map_or(Vec::new(), |bytes| bytes.to_vec());
        let fault = Fault { end: end.min(bytes.len()), start: start.min(bytes.len()), ..fault };
        return match handler.on_decode(codec, &bytes, fault) {
            Ok((text, at)) => pair(Value::from_text(text), at),
            Err(snakelet_text::codec::CodecError::WrongHandler) => Err(wrong_exception(&vm, &exception)),
            Err(snakelet_text::codec::CodecError::OutOfMemory) => Err(vm.memory_error()),
            Err(_) => Err(vm.raise(exception)),
        };
    }
    let Some(text) = object.as_text() else { return Err(vm.type_error("object attribute must be unicode")) };
    let fault = Fault { end: end.min(text.len()), start: start.min(text.len()), ..fault };
    if class == Exc::UnicodeTranslateError {
        let replacement = match handler {
            Handler::Ignore => Text::new(),
            Handler::Replace => {
                vm.reserved(Text::from_code(0xfffd).and_then(|one| one.repeat(fault.end - fault.start)))?
            }
            Handler::BackslashReplace => {
                match handler.on_encode(codec, text.units(), fault, &snakelet_vm::names::Known) {
                    Ok(Replacement::Text(text)) => text,
                    _ => return Err(vm.memory_error()),
                }
            }
            _ => return Err(wrong_exception(&vm, &exception)),
        };
        return pair(Value::from_text(replacement), fault.end);
    }
    match handler.on_encode(codec, text.units(), fault, &snakelet_vm::names::Known) {
        Ok(Replacement::Text(text)) => pair(Value::from_text(text), fault.end),
        Ok(Replacement::Bytes(bytes)) => pair(Value::from_bytes(bytes), fault.end),
        Err(snakelet_text::codec::CodecError::OutOfMemory) => Err(vm.memory_error()),
        Err(_) => Err(vm.raise(exception)),
    }
}

fn wrong_exception(vm: &Vm, exception: &Value) -> Raised {
    let name = vm.type_name(exception);
    vm.type_error(format!("don't know how to handle {name} in error callback"))
}

/// The names of the functions behind the built-in handlers.
const HANDLERS: [(&str, &str); 8] = [
    ("strict", "strict_errors"),
    ("ignore", "ignore_errors"),
    ("replace", "replace_errors"),
    ("xmlcharrefreplace", "xmlcharrefreplace_errors"),
    ("backslashreplace", "backslashreplace_errors"),
    ("namereplace", "namereplace_errors"),
    ("surrogatepass", "surrogatepass"),
    ("surrogateescape", "surrogateescape"),
];

/// A mapping given to `charmap_decode` or `charmap_encode`, character by character.
async fn mapped(vm: VmRef, mapping: &Value, key: u32) -> PyResult<Option<Value>> {
    match vm.item(mapping, &Value::small_int(key.into())).await {
        Ok(value) if value.is_none() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(raised) => match vm.catch(Exc::LookupError) {
            Some(_) => Ok(None),
            None => Err(raised),
        },
    }
}

/// What the error handler of a name says to a character that is mapped to nothing: the replacement and where to go on.
async fn unmapped(vm: VmRef, object: &Value, errors: &str, fault: Fault, encoding: bool) -> PyResult<(Value, usize)> {
    let class = if encoding { Exc::UnicodeEncodeError } else { Exc::UnicodeDecodeError };
    let exception = |vm: &Vm| snakelet_vm::types::codec::fault_exception(vm, class, object, fault);
    let Some(handler) = Handler::by_name(errors) else {
        let handler = snakelet_vm::types::codec::handler(&vm, errors)?;
        let result = vm.call(&handler, vec![exception(&vm)]).await?;
        let (length, kind) = match object.as_text() {
            Some(text) => (text.len(), "encoding"),
            None => (ArgBytes::of(object).map_or(0, |bytes| bytes.len()), "decoding"),
        };
        return snakelet_vm::types::codec::answer(&vm, &result, length, kind);
    };
    let replacement = match object.as_text() {
        Some(text) => match handler.on_encode(Codec::Latin1, text.units(), fault, &snakelet_vm::names::Known) {
            Ok(Replacement::Text(text)) => Some(Value::from_text(text)),
            Ok(Replacement::Bytes(bytes)) => Some(Value::from_bytes(bytes)),
            Err(_) => None,
        },
        None => {
            let bytes = ArgBytes::of(object).map_or(Vec::new(), |bytes| bytes.to_vec());
            handler.on_decode(Codec::Latin1, &bytes, fault).ok().map(|(text, _)| Value::from_text(text))
        }
    };
    match replacement {
        Some(replacement) => Ok((replacement, fault.end)),
        None => Err(vm.raise(exception(&vm))),
    }
}

const fn undefined(start: usize, end: usize) -> Fault {
    Fault { encoding: "charmap", start, end, reason: "character maps to <undefined>" }
}

async fn decode_mapping(vm: VmRef, data: Value, errors: String, mapping: Value) -> PyResult {
    let Some(bytes) = ArgBytes::of(&data).map(|bytes| bytes.to_vec()) else { return Ok(Value::NONE) };
    let data = Value::from_bytes(bytes.clone());
    let (mut out, mut at) = (Text::new(), 0);
    while let Some(&byte) = bytes.get(at) {
        let value = mapped(vm, &mapping, byte.into()).await?;
        let is_undefined =
            |value: &Value| value.to_i64() == Some(0xfffe) || value.as_text().is_some_and(|text| *text == "\u{fffe}");
        at += 1;
        match value.filter(|value| !is_undefined(value)) {
            Some(value) => match (value.as_text(), value.to_i64()) {
                (Some(text), _) => vm.reserved(out.push_text(text))?,
                (None, Some(code @ 0..0x110000)) => vm.reserved(out.push(code as u32))?,
                _ if value.is_int() => return Err(vm.type_error("character mapping must be in range(0x110000)")),
                _ => return Err(vm.type_error("character mapping must return integer, None or str")),
            },
            None => {
                let (replacement, next) = unmapped(vm, &data, &errors, undefined(at - 1, at), false).await?;
                if let Some(text) = replacement.as_text() {
                    vm.reserved(out.push_text(text))?;
                }
                at = next;
            }
        }
        vm.breathe(1).await?;
    }
    pair(Value::from_text(out), bytes.len())
}

/// The bytes that a character is mapped to.
async fn encode_one(vm: VmRef, mapping: &Value, code: u32) -> PyResult<Option<Vec<u8>>> {
    let Some(value) = mapped(vm, mapping, code).await? else { return Ok(None) };
    if let Some(bytes) = ArgBytes::of(&value) {
        return Ok(Some(bytes.to_vec()));
    }
    match value.to_i64().and_then(|byte| u8::try_from(byte).ok()) {
        Some(byte) => Ok(Some(vec![byte])),
        None if value.is_int() => Err(vm.type_error("character mapping must be in range(256)")),
        None => {
            let name = vm.type_name(&value);
            Err(vm.type_error(format!("character mapping must return integer, bytes or None, not {name}")))
        }
    }
}

async fn encode_mapping(vm: VmRef, object: Value, errors: String, mapping: Value) -> PyResult {
    let Some(text) = object.as_text() else { return Ok(Value::NONE) };
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(code) = text.get(at) {
        vm.breathe(1).await?;
        let start = at;
        at += 1;
        if let Some(bytes) = encode_one(vm, &mapping, code).await? {
            out.extend(bytes);
            continue;
        }
        // All of them that follow are the handler's at once.
        while let Some(code) = text.get(at)
            && encode_one(vm, &mapping, code).await?.is_none()
        {
            at += 1;
        }
        let (replacement, next) = unmapped(vm, &object, &errors, undefined(start, at), true).await?;
        if let Some(bytes) = ArgBytes::of(&replacement) {
            out.extend_from_slice(&bytes);
        } else if let Some(replaced) = replacement.as_text() {
            for code in replaced.iter() {
                match encode_one(vm, &mapping, code).await? {
                    Some(bytes) => out.extend(bytes),
                    None => {
                        let class = Exc::UnicodeEncodeError;
                        let fault = undefined(start, at);
                        let exception = snakelet_vm::types::codec::fault_exception(&vm, class, &object, fault);
                        return Err(vm.raise(exception));
                    }
                }
            }
        }
        at = next;
    }
    pair(Value::from_bytes(out), text.len())
}

/// Codecs and their registries.
#[native_module("_codecs")]
pub mod codecs {
    use super::*;

    /// Registers a function that finds codecs by name.
    #[function("register(search_function, /)")]
    fn register(vm: &Vm, search_function: Value) -> PyResult<()> {
        if vm.type_of(&search_function).slots().call.is_none() {
            return Err(vm.type_error("argument must be callable"));
        }
        vm.extension::<Search>().functions.borrow_mut().push(search_function);
        Ok(())
    }

    /// Forgets a search function.
    #[function("unregister(search_function, /)")]
    fn unregister(vm: &Vm, search_function: &Value) {
        let search = vm.extension::<Search>();
        search.functions.borrow_mut().retain(|known| !known.is(search_function));
        search.found.set(Vec::new());
    }

    /// What the search functions find under a name.
    #[function("lookup(encoding, /)")]
    async fn lookup_encoding(vm: VmRef, encoding: String) -> PyResult {
        search(vm, encoding).await
    }

    /// Encodes an object by a codec's name.
    #[function("encode(obj, encoding='utf-8', errors='strict')")]
    async fn encode(vm: VmRef, obj: Value, encoding: Option<String>, errors: Option<String>) -> PyResult {
        let encoding = encoding.unwrap_or_else(|| "utf-8".to_string());
        by_name(vm, obj, encoding, errors.unwrap_or_else(|| "strict".to_string()), 0).await
    }

    /// Decodes an object by a codec's name.
    #[function("decode(obj, encoding='utf-8', errors='strict')")]
    async fn decode(vm: VmRef, obj: Value, encoding: Option<String>, errors: Option<String>) -> PyResult {
        let encoding = encoding.unwrap_or_else(|| "utf-8".to_string());
        by_name(vm, obj, encoding, errors.unwrap_or_else(|| "strict".to_string()), 1).await
    }

    /// Registers an error handler under a name.
    #[function("register_error(errors, handler, /)")]
    fn register_error(vm: &Vm, errors: &Text, handler: Value) -> PyResult<()> {
        if vm.type_of(&handler).slots().call.is_none() {
            return Err(vm.type_error("handler must be callable"));
        }
        let handlers = vm.extension::<Registry>().handlers.borrow_mut();
        match handlers.iter_mut().find(|(known, _)| known == errors) {
            Some(known) => known.1 = handler,
            None => handlers.push((errors.clone(), handler)),
        }
        Ok(())
    }

    /// Forgets an error handler; says whether there was one.
    #[function("_unregister_error(errors, /)")]
    fn unregister_error(vm: &Vm, errors: &Text) -> PyResult<bool> {
        if HANDLERS.iter().any(|(known, _)| *errors == **known) {
            let name = errors.to_utf8_lossy();
            return Err(vm.value_error(format!("cannot un-register built-in error handler '{name}'")));
        }
        let handlers = vm.extension::<Registry>().handlers.borrow_mut();
        let before = handlers.len();
        handlers.retain(|(known, _)| known != errors);
        Ok(handlers.len() < before)
    }

    /// The error handler of a name.
    #[function("lookup_error(name, /)")]
    async fn lookup_error(vm: VmRef, name: Value) -> PyResult {
        let Some(text) = name.as_text() else { return Err(vm.type_error("lookup_error() argument must be str")) };
        let handlers = vm.extension::<Registry>().handlers.borrow();
        if let Some((_, handler)) = handlers.iter().find(|(known, _)| known == text) {
            return Ok(handler.clone());
        }
        match HANDLERS.iter().find(|(known, _)| *text == **known) {
            Some((_, function)) => {
                let module = snakelet_vm::import::import_module(&vm, "_codecs").await?;
                vm.attr(&module, &format!("_{function}")).await
            }
            None => {
                let name = text.to_utf8_lossy();
                Err(vm.error(Exc::LookupError, &format!("unknown error handler name '{name}'")))
            }
        }
    }

    /// The error handler "strict".
    #[function("_strict_errors(exception, /)")]
    async fn strict_errors(vm: VmRef, exception: Value) -> PyResult {
        handle(vm, exception, Handler::Strict).await
    }

    /// The error handler "ignore".
    #[function("_ignore_errors(exception, /)")]
    async fn ignore_errors(vm: VmRef, exception: Value) -> PyResult {
        handle(vm, exception, Handler::Ignore).await
    }

    /// The error handler "replace".
    #[function("_replace_errors(exception, /)")]
    async fn replace_errors(vm: VmRef, exception: Value) -> PyResult {
        handle(vm, exception, Handler::Replace).await
    }

    /// The error handler "xmlcharrefreplace".
    #[function("_xmlcharrefreplace_errors(exception, /)")]
    async fn xmlcharrefreplace_errors(vm: VmRef, exception: Value) -> PyResult {
        handle(vm, exception, Handler::XmlCharRefReplace).await
    }

    /// The error handler "backslashreplace".
    #[function("_backslashreplace_errors(exception, /)")]
    async fn backslashreplace_errors(vm: VmRef, exception: Value) -> PyResult {
        handle(vm, exception, Handler::BackslashReplace).await
    }

    /// The error handler "namereplace".
    #[function("_namereplace_errors(exception, /)")]
    async fn namereplace_errors(vm: VmRef, exception: Value) -> PyResult {
        handle(vm, exception, Handler::NameReplace).await
    }

    /// The error handler "surrogatepass".
    #[function("_surrogatepass(exception, /)")]
    async fn surrogatepass(vm: VmRef, exception: Value) -> PyResult {
        handle(vm, exception, Handler::SurrogatePass).await
    }

    /// The error handler "surrogateescape".
    #[function("_surrogateescape(exception, /)")]
    async fn surrogateescape(vm: VmRef, exception: Value) -> PyResult {
        handle(vm, exception, Handler::SurrogateEscape).await
    }

    /// Text and count of bytes used.
    #[function("utf_8_decode(data, errors=None, final=False, /)")]
    fn utf_8_decode(vm: &Vm, data: &Value, errors: Option<&Text>, is_final: bool) -> PyResult {
        decode_plain(vm, data, errors, Codec::Utf8, is_final)
    }

    /// Text and count of bytes used.
    #[function("utf_7_decode(data, errors=None, final=False, /)")]
    fn utf_7_decode(vm: &Vm, data: &Value, errors: Option<&Text>, is_final: bool) -> PyResult {
        decode_plain(vm, data, errors, Codec::Utf7, is_final)
    }

    /// Text and count of bytes used.
    #[function("utf_16_decode(data, errors=None, final=False, /)")]
    fn utf_16_decode(vm: &Vm, data: &Value, errors: Option<&Text>, is_final: bool) -> PyResult {
        decode_plain(vm, data, errors, Codec::Utf16(Order::Marked), is_final)
    }

    /// Text and count of bytes used.
    #[function("utf_16_le_decode(data, errors=None, final=False, /)")]
    fn utf_16_le_decode(vm: &Vm, data: &Value, errors: Option<&Text>, is_final: bool) -> PyResult {
        decode_plain(vm, data, errors, Codec::Utf16(Order::Little), is_final)
    }

    /// Text and count of bytes used.
    #[function("utf_16_be_decode(data, errors=None, final=False, /)")]
    fn utf_16_be_decode(vm: &Vm, data: &Value, errors: Option<&Text>, is_final: bool) -> PyResult {
        decode_plain(vm, data, errors, Codec::Utf16(Order::Big), is_final)
    }

    /// Text and count of bytes used.
    #[function("utf_32_decode(data, errors=None, final=False, /)")]
    fn utf_32_decode(vm: &Vm, data: &Value, errors: Option<&Text>, is_final: bool) -> PyResult {
        decode_plain(vm, data, errors, Codec::Utf32(Order::Marked), is_final)
    }

    /// Text and count of bytes used.
    #[function("utf_32_le_decode(data, errors=None, final=False, /)")]
    fn utf_32_le_decode(vm: &Vm, data: &Value, errors: Option<&Text>, is_final: bool) -> PyResult {
        decode_plain(vm, data, errors, Codec::Utf32(Order::Little), is_final)
    }

    /// Text and count of bytes used.
    #[function("utf_32_be_decode(data, errors=None, final=False, /)")]
    fn utf_32_be_decode(vm: &Vm, data: &Value, errors: Option<&Text>, is_final: bool) -> PyResult {
        decode_plain(vm, data, errors, Codec::Utf32(Order::Big), is_final)
    }

    /// Text and count of bytes used.
    #[function("ascii_decode(data, errors=None, /)")]
    fn ascii_decode(vm: &Vm, data: &Value, errors: Option<&Text>) -> PyResult {
        decode_plain(vm, data, errors, Codec::Ascii, true)
    }

    /// Text and count of bytes used.
    #[function("latin_1_decode(data, errors=None, /)")]
    fn latin_1_decode(vm: &Vm, data: &Value, errors: Option<&Text>) -> PyResult {
        decode_plain(vm, data, errors, Codec::Latin1, true)
    }

    /// Text and count of bytes used.
    #[function("unicode_escape_decode(data, errors=None, final=True, /)")]
    fn unicode_escape_decode(vm: &Vm, data: &Value, errors: Option<&Text>, is_final: bool) -> PyResult {
        match data.as_text().map(|text| text.to_utf8_lossy().into_owned().into_bytes()) {
            Some(bytes) => decode_plain(vm, &Value::from_bytes(bytes), errors, Codec::UnicodeEscape, is_final),
            None => decode_plain(vm, data, errors, Codec::UnicodeEscape, is_final),
        }
    }

    /// Text and count of bytes used.
    #[function("raw_unicode_escape_decode(data, errors=None, final=True, /)")]
    fn raw_unicode_escape_decode(vm: &Vm, data: &Value, errors: Option<&Text>, is_final: bool) -> PyResult {
        match data.as_text().map(|text| text.to_utf8_lossy().into_owned().into_bytes()) {
            Some(bytes) => decode_plain(vm, &Value::from_bytes(bytes), errors, Codec::RawUnicodeEscape, is_final),
            None => decode_plain(vm, data, errors, Codec::RawUnicodeEscape, is_final),
        }
    }

    /// Text, count of bytes used, and byte order.
    #[function("utf_16_ex_decode(data, errors=None, byteorder=0, final=False, /)")]
    fn utf_16_ex_decode(vm: &Vm, data: &Value, errors: Option<&Text>, byteorder: i32, is_final: bool) -> PyResult {
        decode_marked(vm, data, errors, byteorder, is_final, false)
    }

    /// Bytes and count of characters.
    #[function("utf_16_encode(str, errors=None, byteorder=0, /)")]
    fn utf_16_encode(vm: &Vm, str: &Value, errors: Option<&Text>, byteorder: i32) -> PyResult {
        encode_plain(vm, str, errors, Codec::Utf16(order(byteorder)))
    }

    /// Text, count of bytes used, and byte order.
    #[function("utf_32_ex_decode(data, errors=None, byteorder=0, final=False, /)")]
    fn utf_32_ex_decode(vm: &Vm, data: &Value, errors: Option<&Text>, byteorder: i32, is_final: bool) -> PyResult {
        decode_marked(vm, data, errors, byteorder, is_final, true)
    }

    /// Bytes and count of characters.
    #[function("utf_32_encode(str, errors=None, byteorder=0, /)")]
    fn utf_32_encode(vm: &Vm, str: &Value, errors: Option<&Text>, byteorder: i32) -> PyResult {
        encode_plain(vm, str, errors, Codec::Utf32(order(byteorder)))
    }

    /// Bytes and count of characters.
    #[function("utf_8_encode(str, errors=None, /)")]
    fn utf_8_encode(vm: &Vm, str: &Value, errors: Option<&Text>) -> PyResult {
        encode_plain(vm, str, errors, Codec::Utf8)
    }

    /// Bytes and count of characters.
    #[function("utf_7_encode(str, errors=None, /)")]
    fn utf_7_encode(vm: &Vm, str: &Value, errors: Option<&Text>) -> PyResult {
        encode_plain(vm, str, errors, Codec::Utf7)
    }

    /// Bytes and count of characters.
    #[function("ascii_encode(str, errors=None, /)")]
    fn ascii_encode(vm: &Vm, str: &Value, errors: Option<&Text>) -> PyResult {
        encode_plain(vm, str, errors, Codec::Ascii)
    }

    /// Bytes and count of characters.
    #[function("latin_1_encode(str, errors=None, /)")]
    fn latin_1_encode(vm: &Vm, str: &Value, errors: Option<&Text>) -> PyResult {
        encode_plain(vm, str, errors, Codec::Latin1)
    }

    /// Bytes and count of characters.
    #[function("utf_16_le_encode(str, errors=None, /)")]
    fn utf_16_le_encode(vm: &Vm, str: &Value, errors: Option<&Text>) -> PyResult {
        encode_plain(vm, str, errors, Codec::Utf16(Order::Little))
    }

    /// Bytes and count of characters.
    #[function("utf_16_be_encode(str, errors=None, /)")]
    fn utf_16_be_encode(vm: &Vm, str: &Value, errors: Option<&Text>) -> PyResult {
        encode_plain(vm, str, errors, Codec::Utf16(Order::Big))
    }

    /// Bytes and count of characters.
    #[function("utf_32_le_encode(str, errors=None, /)")]
    fn utf_32_le_encode(vm: &Vm, str: &Value, errors: Option<&Text>) -> PyResult {
        encode_plain(vm, str, errors, Codec::Utf32(Order::Little))
    }

    /// Bytes and count of characters.
    #[function("utf_32_be_encode(str, errors=None, /)")]
    fn utf_32_be_encode(vm: &Vm, str: &Value, errors: Option<&Text>) -> PyResult {
        encode_plain(vm, str, errors, Codec::Utf32(Order::Big))
    }

    /// Bytes and count of characters.
    #[function("unicode_escape_encode(str, errors=None, /)")]
    fn unicode_escape_encode(vm: &Vm, str: &Value, errors: Option<&Text>) -> PyResult {
        encode_plain(vm, str, errors, Codec::UnicodeEscape)
    }

    /// Bytes and count of characters.
    #[function("raw_unicode_escape_encode(str, errors=None, /)")]
    fn raw_unicode_escape_encode(vm: &Vm, str: &Value, errors: Option<&Text>) -> PyResult {
        encode_plain(vm, str, errors, Codec::RawUnicodeEscape)
    }

    /// A table for `charmap_encode`, from the characters of the bytes.
    #[function("charmap_build(map, /)")]
    fn charmap_build(vm: &Vm, map: &Text) -> PyResult {
        let map = Rc::new(vm.reserved(Charmap::new(map.units()))?);
        Ok(EncodingMap { map }.into_value())
    }

    /// Text and count of bytes used, by a str of the bytes' characters or a mapping.
    #[function("charmap_decode(data, errors=None, mapping=None, /)")]
    fn charmap_decode(vm: &Vm, data: &Value, errors: Option<&Text>, mapping: Option<&Value>) -> PyResult {
        let Some(mapping) = mapping else { return decode_plain(vm, data, errors, Codec::Latin1, true) };
        let errors = handler_name(vm, errors)?;
        if let Some(table) = mapping.as_text() {
            let map = Rc::new(vm.reserved(Charmap::new(table.units()))?);
            return decode_by(vm, data, AnyCodec::Map(map), &errors, true, |_vm, text, used| {
                pair(Value::from_text(text), used)
            });
        }
        Err(vm.defer(decode_mapping(vm.handle(), data.clone(), errors, mapping.clone())))
    }

    /// Bytes and count of characters, by a table or a mapping.
    #[function("charmap_encode(str, errors=None, mapping=None, /)")]
    fn charmap_encode(vm: &Vm, str: &Value, errors: Option<&Text>, mapping: Option<&Value>) -> PyResult {
        let Some(mapping) = mapping else { return encode_plain(vm, str, errors, Codec::Latin1) };
        let errors = handler_name(vm, errors)?;
        if let Some(table) = mapping.downcast::<EncodingMap>() {
            return encode_by(vm, str, AnyCodec::Map(table.map.clone()), &errors, |_vm, bytes, used| {
                pair(Value::from_bytes(bytes), used)
            });
        }
        Err(vm.defer(encode_mapping(vm.handle(), str.clone(), errors, mapping.clone())))
    }

    /// The bytes of a bytes-like object, or of a str in UTF-8, and their count.
    #[function("readbuffer_encode(data, errors=None, /)")]
    fn readbuffer_encode(vm: &Vm, data: &Value, errors: Option<&Text>) -> PyResult {
        let _ = errors;
        let bytes = match (data.as_text(), ArgBytes::of(data)) {
            (Some(text), _) => text.to_utf8_lossy().into_owned().into_bytes(),
            (None, Some(bytes)) => bytes.to_vec(),
            (None, None) => {
                let name = vm.type_name(data);
                return Err(vm.type_error(format!("a bytes-like object is required, not '{name}'")));
            }
        };
        let count = bytes.len();
        pair(Value::from_bytes(bytes), count)
    }

    /// Bytes with escapes for what is not printable, and the count of bytes used.
    #[function("escape_encode(data, errors=None, /)")]
    fn escape_encode(vm: &Vm, data: ArgBytes<'_>, errors: Option<&Text>) -> PyResult {
        let _ = errors;
        let text = vm.reserved(escape::repr_bytes(&data))?;
        let shown = text.as_raw_bytes();
        // Quotes are always escaped as if they were single ones.
        let inner = &shown[2..shown.len() - 1];
        let mut out = vm.reserved(bytes::copy(inner))?;
        if shown[1] == b'"' {
            out = vm.reserved(bytes::replace(&out, b"'", b"\\'", usize::MAX))?;
        }
        pair(Value::from_bytes(out), data.len())
    }

    /// Bytes whose escapes are resolved, and the count of bytes used.
    #[function("escape_decode(data, errors=None, /)")]
    fn escape_decode(vm: &Vm, data: &Value, errors: Option<&Text>) -> PyResult {
        let input = match (data.as_text(), ArgBytes::of(data)) {
            (Some(text), _) => text.to_utf8_lossy().into_owned().into_bytes(),
            (None, Some(bytes)) => bytes.to_vec(),
            (None, None) => {
                let name = vm.type_name(data);
                return Err(vm.type_error(format!("a bytes-like object is required, not '{name}'")));
            }
        };
        let errors = handler_name(vm, errors)?;
        let handler = Handler::by_name(&errors).unwrap_or(Handler::NameReplace);
        match escape::unescape_bytes(&input, handler) {
            Ok(result) => pair(Value::from_bytes(result.bytes), input.len()),
            Err(escape::UnescapeError::Trailing) => Err(vm.value_error("Trailing \\ in string")),
            Err(escape::UnescapeError::Hex(at)) => Err(vm.value_error(format!("invalid \\x escape at position {at}"))),
            Err(escape::UnescapeError::UnknownHandler) => {
                Err(vm.value_error(format!("decoding error; unknown error handling code: {errors}")))
            }
            Err(escape::UnescapeError::OutOfMemory) => Err(vm.memory_error()),
        }
    }
}
