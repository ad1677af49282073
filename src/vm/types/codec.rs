//! Encoding and decoding: `str.encode`, `bytes.decode`, `str(bytes, encoding)`.
//!
//! The codecs and error handlers of `snakelet_text` are found by name. What they don't know goes to the registries of module
//! `codecs`, which live in Python ([`Registry`]): looking there needs Python code, so those paths are deferred.

use std::borrow::Cow;
use std::rc::Rc;

use snakelet_text::codec::{self, Charmap, Codec, CodecError, Decoder, Encoder, Fault, Handler};
use snakelet_text::{OutOfMemory, Text};

use crate::errors::Exc;
use crate::native::ArgBytes;
use crate::object::VmCell;
use crate::types::bytes::Bytes;
use crate::types::tuple::Tuple;
use crate::{PyResult, Raised, Value, Vm, VmRef};

/// What programs registered by way of module `codecs`.
#[derive(Default)]
pub struct Registry {
    /// Error handlers by name.
    pub handlers: VmCell<Vec<(Text, Value)>>,
    /// `_codecs.lookup`, once module `encodings` was asked for.
    pub lookup: VmCell<Option<Value>>,
}

/// A codec that may own its table, so that a suspended translation can keep it.
pub enum AnyCodec {
    Plain(Codec<'static>),
    Map(Rc<Charmap>),
}

impl AnyCodec {
    fn codec(&self) -> Codec<'_> {
        match self {
            AnyCodec::Plain(codec) => *codec,
            AnyCodec::Map(map) => Codec::Charmap(map),
        }
    }
}

/// Makes the result of an encoding from the bytes and the count of characters.
pub type FinishEncoding = fn(&Vm, Vec<u8>, usize) -> PyResult;
/// Makes the result of a decoding from the text and the count of bytes used.
pub type FinishDecoding = fn(&Vm, Text, usize) -> PyResult;

/// The name of an encoding or handler, or the ValueError that a null character earns.
fn name<'a>(vm: &Vm, name: Option<&'a Text>, default: &'static str) -> PyResult<Cow<'a, str>> {
    let Some(name) = name else { return Ok(Cow::Borrowed(default)) };
    if snakelet_text::search::find_code(name.units(), 0).is_some() {
        return Err(vm.value_error("embedded null character"));
    }
    Ok(name.to_utf8_lossy())
}

/// `text.encode(encoding, errors)`, bytes. May defer.
pub fn encode_object(vm: &Vm, text: &Value, encoding: Option<&Text>, errors: Option<&Text>) -> PyResult {
    let Some(contents) = text.as_text() else { return Ok(Value::NONE) };
    let (encoding, errors) = (name(vm, encoding, "utf-8")?, name(vm, errors, "strict")?);
    vm.check_size(contents.len().saturating_mul(contents.kind().width()))?;
    let Some(codec) = codec::lookup(&encoding) else {
        return by_registry(vm, text, &encoding, &errors, "encode");
    };
    if matches!(codec, Codec::Utf8 | Codec::Ascii | Codec::Latin1)
        && let Some(ascii) = contents.as_str_if_ascii()
    {
        return new_bytes(vm, snakelet_text::bytes::copy(ascii.as_bytes()));
    }
    encode_by(vm, text, AnyCodec::Plain(codec), &errors, |_vm, bytes, _| Ok(Value::from_bytes(bytes)))
}

/// The str `text` in a known codec. May defer.
pub fn encode_by(vm: &Vm, text: &Value, codec: AnyCodec, errors: &str, finish: FinishEncoding) -> PyResult {
    let Some(contents) = text.as_text() else { return Ok(Value::NONE) };
    if errors == "namereplace" && crate::names::missing(vm) {
        let (vm, text, errors) = (vm.handle(), text.clone(), errors.to_string());
        return Err(vm.defer(async move {
            crate::names::load(vm).await?;
            let result = encode_by(&vm, &text, codec, &errors, finish);
            vm.settle(result).await
        }));
    }
    match Handler::by_name(errors) {
        Some(handler) => match codec::encode(codec.codec(), contents.units(), handler, &crate::names::Known) {
            Ok(bytes) => finish(vm, bytes, contents.len()),
            Err(error) => Err(codec_error(vm, error, text, Exc::UnicodeEncodeError)),
        },
        None => {
            let mut encoder = Encoder::new(codec.codec(), contents.units());
            match encoder.run() {
                Ok(()) => finish(vm, vm.reserved(encoder.finish())?, contents.len()),
                Err(_) => {
                    let handler = handler(vm, errors)?;
                    Err(vm.defer(encode_with(vm.handle(), text.clone(), codec, handler, finish)))
                }
            }
        }
    }
}

/// The bytes-like `object` decoded, a str. May defer.
pub fn decode_object(vm: &Vm, object: &Value, encoding: Option<&Text>, errors: Option<&Text>) -> PyResult {
    let (encoding, errors) = (name(vm, encoding, "utf-8")?, name(vm, errors, "strict")?);
    let Some(bytes) = ArgBytes::of(object) else {
        let other = vm.type_name(object);
        return Err(vm.type_error(format!("decoding to str: need a bytes-like object, {other} found")));
    };
    let Some(codec) = codec::lookup(&encoding) else {
        return by_registry(vm, object, &encoding, &errors, "decode");
    };
    vm.check_size(bytes.len())?;
    if bytes.is_empty() {
        return Ok(crate::name!(@ ""));
    }
    decode_by(vm, object, AnyCodec::Plain(codec), &errors, true, |_vm, text, _| Ok(Value::from_text(text)))
}

/// The bytes-like `object` decoded by a known codec; what is incomplete at its end is left over unless `is_final`. May defer.
pub fn decode_by(
    vm: &Vm,
    object: &Value,
    codec: AnyCodec,
    errors: &str,
    is_final: bool,
    finish: FinishDecoding,
) -> PyResult {
    let Some(bytes) = ArgBytes::of(object) else {
        let other = vm.type_name(object);
        return Err(vm.type_error(format!("a bytes-like object is required, not '{other}'")));
    };
    let fixed = |object: &Value| match object.downcast::<Bytes>() {
        Some(_) => object.clone(),
        None => Value::from_bytes(bytes.to_vec()),
    };
    if matches!(codec.codec(), Codec::UnicodeEscape)
        && bytes.windows(3).any(|w| w == b"\\N{")
        && crate::names::missing(vm)
    {
        let (vm, object, errors) = (vm.handle(), fixed(object), errors.to_string());
        return Err(vm.defer(async move {
            crate::names::load(vm).await?;
            let result = decode_by(&vm, &object, codec, &errors, is_final, finish);
            vm.settle(result).await
        }));
    }
    match Handler::by_name(errors) {
        Some(handler) => match codec::decode(codec.codec(), &bytes, handler, is_final, &crate::names::Known) {
            Ok((text, used)) => finish(vm, text, used),
            Err(error) => Err(codec_error(vm, error, &fixed(object), Exc::UnicodeDecodeError)),
        },
        None => {
            let mut decoder = Decoder::new(codec.codec(), &bytes, is_final, &crate::names::Known);
            match decoder.run() {
                Ok(()) => {
                    let (text, used) = vm.reserved(decoder.finish())?;
                    finish(vm, text, used)
                }
                Err(_) => {
                    let handler = handler(vm, errors)?;
                    Err(vm.defer(decode_with(vm.handle(), fixed(object), codec, handler, is_final, finish)))
                }
            }
        }
    }
}

fn new_bytes(vm: &Vm, bytes: Result<Vec<u8>, OutOfMemory>) -> PyResult {
    vm.reserved(bytes).map(Value::from_bytes)
}

/// A registered error handler.
pub fn handler(vm: &Vm, name: &str) -> PyResult {
    let handlers = vm.extension::<Registry>().handlers.borrow();
    match handlers.iter().find(|(known, _)| *known == name) {
        Some((_, handler)) => Ok(handler.clone()),
        None => Err(vm.error(Exc::LookupError, &format!("unknown error handler name '{name}'"))),
    }
}

/// The exception of a fault: UnicodeEncodeError or UnicodeDecodeError for `object`.
pub fn fault_exception(vm: &Vm, class: Exc, object: &Value, fault: Fault) -> Value {
    let args = vec![
        Value::from_str(fault.encoding),
        object.clone(),
        Value::from_usize(fault.start),
        Value::from_usize(fault.end),
        Value::from_str(fault.reason),
    ];
    class.instance(vm, args)
}

#[cold]
fn codec_error(vm: &Vm, error: CodecError, object: &Value, class: Exc) -> Raised {
    match error {
        CodecError::Fault(fault) => {
            let exception = fault_exception(vm, class, object, fault);
            vm.raise(exception)
        }
        CodecError::WrongHandler => {
            let name = class.name();
            vm.type_error(format!("don't know how to handle {name} in error callback"))
        }
        CodecError::OutOfMemory => vm.memory_error(),
    }
}

/// The UnicodeDecodeError for bytes that a codec refused.
pub fn decode_error(vm: &Vm, error: CodecError, bytes: &[u8]) -> Raised {
    codec_error(vm, error, &Value::from_bytes(bytes.to_vec()), Exc::UnicodeDecodeError)
}

/// A handler's answer: the replacement and where to go on, brought into range.
pub fn answer(vm: &Vm, answer: &Value, length: usize, kind: &str) -> PyResult<(Value, usize)> {
    let parts = answer.downcast::<Tuple>().map(Tuple::items).filter(|parts| parts.len() == 2);
    let expected = if kind == "encoding" { "(str/bytes, int)" } else { "(str, int)" };
    let Some([replacement, position]) = parts else {
        return Err(vm.type_error(format!("{kind} error handler must return {expected} tuple")));
    };
    let text = replacement.as_text().is_some() || kind == "encoding" && replacement.downcast::<Bytes>().is_some();
    let (true, Some(position)) = (text, position.to_i64()) else {
        return Err(vm.type_error(format!("{kind} error handler must return {expected} tuple")));
    };
    let resolved = if position < 0 { position + length as i64 } else { position };
    match usize::try_from(resolved) {
        Ok(resolved) if resolved <= length => Ok((replacement.clone(), resolved)),
        _ => Err(vm.index_error(format!("position {position} from error handler out of bounds"))),
    }
}

async fn decode_with(
    vm: VmRef,
    object: Value,
    codec: AnyCodec,
    handler: Value,
    is_final: bool,
    finish: FinishDecoding,
) -> PyResult {
    let mut object = object;
    let mut start: Option<(Text, usize)> = None;
    loop {
        let Some(bytes) = object.downcast::<Bytes>() else { return Ok(Value::NONE) };
        let mut decoder = Decoder::new(codec.codec(), bytes.as_slice(), is_final, &crate::names::Known);
        if let Some((text, position)) = start.take() {
            decoder.resume(&text, position);
        }
        let other = loop {
            let Err(fault) = decoder.run() else { break None };
            let exception = fault_exception(&vm, Exc::UnicodeDecodeError, &object, fault);
            let result = vm.call(&handler, vec![exception.clone()]).await?;
            // The handler may have put other bytes in the place of these.
            let now = vm.attr(&exception, "object").await?;
            let length = now.downcast::<Bytes>().map_or(0, |bytes| bytes.as_slice().len());
            let (replacement, position) = answer(&vm, &result, length, "decoding")?;
            let Some(text) = replacement.as_text() else { continue };
            if now.is(&object) {
                decoder.resume(text, position);
            } else {
                break Some((now, text.clone(), position));
            }
        };
        let (mut text, used) = vm.reserved(decoder.finish())?;
        let Some((now, replacement, position)) = other else { return finish(&vm, text, used) };
        vm.reserved(text.push_text(&replacement))?;
        start = Some((text, position));
        object = now;
    }
}

async fn encode_with(vm: VmRef, object: Value, codec: AnyCodec, handler: Value, finish: FinishEncoding) -> PyResult {
    let Some(text) = object.as_text() else { return Ok(Value::NONE) };
    let mut encoder = Encoder::new(codec.codec(), text.units());
    while let Err(fault) = encoder.run() {
        let exception = fault_exception(&vm, Exc::UnicodeEncodeError, &object, fault);
        let result = vm.call(&handler, vec![exception.clone()]).await?;
        let (replacement, position) = answer(&vm, &result, text.len(), "encoding")?;
        let resumed = match (replacement.as_text(), replacement.downcast::<Bytes>()) {
            (Some(text), _) => encoder.resume(text, position, fault),
            (None, Some(bytes)) => encoder.resume_bytes(bytes.as_slice(), position, fault),
            (None, None) => Ok(()),
        };
        if resumed.is_err() {
            return Err(vm.raise(exception));
        }
    }
    finish(&vm, vm.reserved(encoder.finish())?, text.len())
}

/// Encodes or decodes by a codec that Python code provides.
fn by_registry(vm: &Vm, object: &Value, encoding: &str, errors: &str, operation: &'static str) -> PyResult {
    let (handle, object) = (vm.handle(), object.clone());
    let (encoding, errors) = (encoding.to_string(), Value::from_str(errors));
    Err(vm.defer(async move {
        let info = lookup(handle, &encoding).await?;
        // Search functions may give plain tuples.
        let plain =
            info.downcast_exact::<Tuple>().and_then(|info| info.items().get(usize::from(operation != "encode")));
        let is_text = handle.attr_opt(&info, &crate::name!(_is_text_encoding)).await?;
        if is_text.is_some_and(|is_text| is_text.is_false()) {
            let message =
                format!("'{encoding}' is not a text encoding; use codecs.{operation}() to handle arbitrary codecs");
            return Err(handle.error(Exc::LookupError, &message));
        }
        let function = match plain {
            Some(function) => function.clone(),
            None => handle.attr(&info, operation).await?,
        };
        let result = match handle.call(&function, vec![object, errors]).await {
            Ok(result) => result,
            Err(raised) => return Err(noted(handle, raised, &encoding, operation).await),
        };
        let value = result.downcast::<Tuple>().and_then(|parts| parts.items().first()).cloned().unwrap_or_default();
        let good = if operation == "encode" { value.downcast::<Bytes>().is_some() } else { value.as_text().is_some() };
        if good {
            return Ok(value);
        }
        let (expected, other) = (if operation == "encode" { "bytes" } else { "str" }, handle.type_name(&value));
        Err(handle.type_error(format!(
            "'{encoding}' {operation}r returned '{other}' instead of '{expected}'; use codecs.{operation}() to \
             {operation} to arbitrary types"
        )))
    }))
}

/// Notes in the exception that a codec raised which one it was.
pub async fn noted(vm: VmRef, raised: Raised, encoding: &str, operation: &str) -> Raised {
    let Some(exception) = vm.catch(Exc::Exception) else { return raised };
    let note = Value::from_str(&format!("{}ing with '{encoding}' codec failed", operation.trim_end_matches('e')));
    if let Ok(add) = vm.attr(&exception, "add_note").await
        && vm.call(&add, vec![note]).await.is_err()
    {
        drop(vm.take_raised());
    }
    vm.raise(exception)
}

/// `codecs.lookup(encoding)`: what the search functions find, which module `encodings` registers when it is imported.
pub async fn lookup(vm: VmRef, encoding: &str) -> PyResult {
    let registry = vm.extension::<Registry>();
    let found = registry.lookup.get();
    let function = match found {
        Some(function) => function,
        None => {
            let unknown = || vm.error(Exc::LookupError, &format!("unknown encoding: {encoding}"));
            let imported = crate::import::import_module(&vm, "encodings").await;
            if let Err(raised) = imported {
                return Err(match vm.catch(Exc::ImportError) {
                    Some(_) => unknown(),
                    None => raised,
                });
            }
            let module = crate::import::import_module(&vm, "_codecs").await?;
            let function = vm.attr(&module, "lookup").await?;
            registry.lookup.set(Some(function.clone()));
            function
        }
    };
    vm.call(&function, vec![Value::from_str(encoding)]).await
}
