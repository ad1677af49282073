//! What `exec`, `eval` and `compile` may have to wait for before they can read a source text: the table of character names, or
//! a codec of the library for bytes in a declared encoding (PEP 263).

use snakelet_syntax::{Decoded, decode};

use crate::errors::Exc;
use crate::native::ArgBytes;
use crate::types::codec::decode_object;
use crate::{PyResult, Raised, Value, Vm, VmRef};

/// Whether `source` is a text that can't be read at once.
pub fn is_needed(vm: &Vm, source: &Value) -> bool {
    if let Some(text) = source.as_text() {
        return text.to_utf8().is_ok_and(|text| crate::names::missing_for(vm, &text));
    }
    let Some(bytes) = ArgBytes::of(source) else { return false };
    crate::names::missing_for(vm, &String::from_utf8_lossy(&bytes))
        || matches!(decode(&bytes, ""), Ok(Decoded::Needs(_)))
}

/// Calls the builtin `function` again with a source (the first argument) that can be read.
pub fn then_again(vm: &Vm, function: &str, mut args: Vec<Value>, keywords: Vec<Value>) -> Raised {
    let function = vm.builtins.get_text(function).unwrap_or_default();
    let vm = vm.handle();
    vm.defer(async move {
        let file = args.get(1).and_then(Value::as_text).filter(|_| args.len() > 5);
        let file = file.map_or_else(|| "<string>".to_string(), |file| file.to_utf8_lossy().into_owned());
        args[0] = prepared(vm, &args[0], &file).await?;
        vm.call_kw(&function, args, keywords).await
    })
}

async fn prepared(vm: VmRef, source: &Value, file: &str) -> PyResult {
    let text = match source.as_text() {
        Some(text) => text.to_utf8_lossy().into_owned(),
        None => ArgBytes::of(source).map_or_else(String::new, |bytes| String::from_utf8_lossy(&bytes).into_owned()),
    };
    crate::names::load_for(vm, &text).await?;
    let needed = ArgBytes::of(source).and_then(|bytes| match decode(&bytes, "") {
        Ok(Decoded::Needs(encoding)) => Some((encoding, bytes.to_vec())),
        _ => None,
    });
    match needed {
        None => Ok(source.clone()),
        Some((encoding, bytes)) => by_codec(vm, &encoding, bytes, file).await,
    }
}

/// Source bytes as a str, by a codec of the library. What the codec can't do is a SyntaxError.
pub async fn by_codec(vm: VmRef, encoding: &str, mut bytes: Vec<u8>, file: &str) -> PyResult {
    if !bytes.ends_with(b"\n") {
        bytes.push(b'\n');
    }
    let decoded = decode_object(&vm, &Value::from_bytes(bytes), Some(&encoding.into()), None);
    let raised = match vm.settle(decoded).await {
        Ok(text) => return Ok(text),
        Err(raised) => raised,
    };
    let Some(error) = vm.catch(Exc::LookupError).or_else(|| vm.catch(Exc::UnicodeDecodeError)) else {
        return Err(raised);
    };
    let message = vm.str(&error).await?.to_string_lossy();
    Err(cannot_decode(&vm, &message, file))
}

/// The SyntaxError about bytes in an encoding that can't be read.
pub fn cannot_decode(vm: &Vm, message: &str, file: &str) -> Raised {
    let details = vec![Value::from_str(file), Value::small_int(0), Value::small_int(-1), Value::NONE];
    vm.error_with_args(Exc::SyntaxError, vec![Value::from_str(message), Value::from_tuple(details)])
}
