//! Encoding and decoding: `str.encode`, `bytes.decode`, `str(bytes, encoding)`.
//!
//! The codecs and error handlers of `snakelet_text` are found by name. What they don't know goes to the registries of module
//! `codecs`, which live in Python ([`Registry`]): looking there needs Python code, so those paths are deferred.

use std::borrow::Cow;

use snakelet_text::codec::{self, Codec, CodecError, Decoder, Encoder, Fault, Handler, NoNames};
use snakelet_text::{OutOfMemory, Text};

use crate::errors::Exc;
use crate::native::ArgBytes;
use crate::object::VmCell;
use crate::types::bytes::Bytes;
use crate::types::tuple::Tuple;
use crate::{Native, PyResult, Raised, Value, Vm, VmRef};

/// What programs registered: search functions for codecs, and error handlers by name.
#[derive(Default)]
pub struct Registry {
    pub handlers: VmCell<Vec<(Text, Value)>>,
    /// The function that finds codecs by name (`_codecs.lookup`), once module `codecs` is there.
    pub lookup: VmCell<Option<Value>>,
}

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
    match Handler::by_name(&errors) {
        Some(handler) => match codec::encode(codec, contents.units(), handler, &NoNames) {
            Ok(bytes) => Ok(Bytes::new(bytes).into_value()),
            Err(error) => Err(codec_error(vm, error, text, Exc::UnicodeEncodeError)),
        },
        None => {
            let mut encoder = Encoder::new(codec, contents.units());
            match encoder.run() {
                Ok(()) => new_bytes(vm, encoder.finish()),
                Err(_) => {
                    let handler = handler(vm, &errors)?;
                    Err(vm.defer(encode_with(vm.handle(), text.clone(), codec, handler)))
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
    let fixed = |object: &Value| match object.downcast::<Bytes>() {
        Some(_) => object.clone(),
        None => Bytes::new(bytes.to_vec()).into_value(),
    };
    match Handler::by_name(&errors) {
        Some(handler) => match codec::decode(codec, &bytes, handler, true, &NoNames) {
            Ok((text, _)) => Ok(Value::from_text(text)),
            Err(error) => Err(codec_error(vm, error, &fixed(object), Exc::UnicodeDecodeError)),
        },
        None => {
            let mut decoder = Decoder::new(codec, &bytes, true, &NoNames);
            match decoder.run() {
                Ok(()) => vm.new_text(decoder.finish().map(|(text, _)| text)),
                Err(_) => {
                    let handler = handler(vm, &errors)?;
                    Err(vm.defer(decode_with(vm.handle(), fixed(object), codec, handler)))
                }
            }
        }
    }
}

fn new_bytes(vm: &Vm, bytes: Result<Vec<u8>, OutOfMemory>) -> PyResult {
    vm.reserved(bytes).map(|bytes| Bytes::new(bytes).into_value())
}

/// A registered error handler.
fn handler(vm: &Vm, name: &str) -> PyResult {
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

/// A handler's answer: the replacement and where to go on, brought into range.
fn answer(vm: &Vm, answer: &Value, length: usize, kind: &str) -> PyResult<(Value, usize)> {
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

async fn decode_with(vm: VmRef, object: Value, codec: Codec<'static>, handler: Value) -> PyResult {
    let Some(bytes) = object.downcast::<Bytes>() else { return Ok(Value::NONE) };
    let mut decoder = Decoder::new(codec, bytes.as_slice(), true, &NoNames);
    while let Err(fault) = decoder.run() {
        let exception = fault_exception(&vm, Exc::UnicodeDecodeError, &object, fault);
        let result = vm.call(&handler, vec![exception]).await?;
        let (replacement, position) = answer(&vm, &result, bytes.as_slice().len(), "decoding")?;
        if let Some(text) = replacement.as_text() {
            decoder.resume(text, position);
        }
    }
    vm.new_text(decoder.finish().map(|(text, _)| text))
}

async fn encode_with(vm: VmRef, object: Value, codec: Codec<'static>, handler: Value) -> PyResult {
    let Some(text) = object.as_text() else { return Ok(Value::NONE) };
    let mut encoder = Encoder::new(codec, text.units());
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
    new_bytes(&vm, encoder.finish())
}

/// Encodes or decodes by a codec that Python code provides.
fn by_registry(vm: &Vm, object: &Value, encoding: &str, errors: &str, operation: &'static str) -> PyResult {
    let lookup = vm.extension::<Registry>().lookup.get();
    let Some(lookup) = lookup else {
        return Err(vm.error(Exc::LookupError, &format!("unknown encoding: {encoding}")));
    };
    let (handle, object) = (vm.handle(), object.clone());
    let (encoding, errors) = (encoding.to_string(), Value::from_str(errors));
    Err(vm.defer(async move {
        let info = handle.call(&lookup, vec![Value::from_str(&encoding)]).await?;
        let is_text = handle.attr_opt(&info, &crate::name!(_is_text_encoding)).await?;
        if is_text.is_some_and(|is_text| is_text.is_false()) {
            let message =
                format!("'{encoding}' is not a text encoding; use codecs.{operation}() to handle arbitrary codecs");
            return Err(handle.error(Exc::LookupError, &message));
        }
        let function = handle.attr(&info, operation).await?;
        let result = handle.call(&function, vec![object, errors]).await?;
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
