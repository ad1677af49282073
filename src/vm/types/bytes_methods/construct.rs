//! `bytes(...)` and `bytearray(...)`, and iterables of ints as bytes.

use snakelet_text::Text;

use crate::errors::Exc;
use crate::types::list::List;
use crate::types::tuple::Tuple;
use crate::types::{buffer, codec};
use crate::{Native, PyResult, Value, Vm, VmRef};

/// The arguments of a constructor, checked as far as that needs no Python code.
pub enum Source {
    Ready(Vec<u8>),
    /// Python code is needed; the type's name is for messages.
    Object(Value, &'static str),
    /// A str to be encoded by a codec that is not built in, or with such an error handler.
    Deferred(crate::vm::Settle),
}

impl Source {
    pub fn new(
        vm: &Vm,
        what: &'static str,
        source: Option<&Value>,
        encoding: Option<&Value>,
        errors: Option<&Value>,
    ) -> PyResult<Source> {
        let encoding = text_argument(vm, what, "encoding", encoding)?;
        let errors = text_argument(vm, what, "errors", errors)?;
        let Some(source) = source else {
            return match (encoding, errors) {
                (None, None) => Ok(Source::Ready(Vec::new())),
                (Some(_), _) => Err(vm.type_error("encoding without a string argument")),
                (None, Some(_)) => Err(vm.type_error("errors without a string argument")),
            };
        };
        let heap = vm.type_of(source).has_flag(crate::types::typeobject::TypeFlags::HEAP);
        if source.as_text().is_some() {
            let own = heap && what == "bytes" && vm.lookup_special(source, &crate::name!(__bytes__)).is_some();
            if encoding.is_none() && errors.is_none() && own {
                return Ok(Source::Object(source.clone(), what));
            }
            if encoding.is_none() {
                return Err(vm.type_error("string argument without an encoding"));
            }
            return match codec::encode_object(vm, source, encoding, errors) {
                Ok(bytes) => Ok(Source::Ready(buffer::contents(&bytes).map_or(Vec::new(), |bytes| bytes.into_owned()))),
                Err(raised) if !vm.is_deferred() => Err(raised),
                deferred => Ok(Source::Deferred(vm.settle(deferred))),
            };
        }
        if encoding.is_some() {
            return Err(vm.type_error("encoding without a string argument"));
        }
        if errors.is_some() {
            return Err(vm.type_error("errors without a string argument"));
        }
        if !heap && let Some(bytes) = buffer::contents(source) {
            vm.check_size(bytes.len())?;
            return Ok(Source::Ready(bytes.into_owned()));
        }
        if source.is_int() && !heap {
            return count(vm, source).map(Source::Ready);
        }
        match of_ints_now(vm, source, what) {
            Some(bytes) => bytes.map(Source::Ready),
            None => Ok(Source::Object(source.clone(), what)),
        }
    }

    async fn get(self, vm: VmRef) -> PyResult<Vec<u8>> {
        match self {
            Source::Ready(bytes) => Ok(bytes),
            Source::Deferred(settle) => {
                let bytes = settle.await?;
                Ok(buffer::contents(&bytes).map_or(Vec::new(), |bytes| bytes.into_owned()))
            }
            Source::Object(source, what) => of_object(vm, source, what).await,
        }
    }
}

fn text_argument<'a>(vm: &Vm, what: &str, name: &str, value: Option<&'a Value>) -> PyResult<Option<&'a Text>> {
    let Some(value) = value else { return Ok(None) };
    match value.as_text() {
        Some(text) => Ok(Some(text)),
        None => {
            let other = vm.type_name(value);
            Err(vm.type_error(format!("{what}() argument '{name}' must be str, not {other}")))
        }
    }
}

/// Gives the constructor's bytes to `make`, now or later.
pub fn finish(vm: &Vm, source: Source, target: &Value, make: fn(&Vm, &Value, Vec<u8>) -> PyResult) -> PyResult {
    match source {
        Source::Ready(bytes) => make(vm, target, bytes),
        source => {
            let (handle, target) = (vm.handle(), target.clone());
            vm.start(async move {
                let bytes = source.get(handle).await?;
                make(&handle, &target, bytes)
            })
        }
    }
}

/// So many zero bytes.
fn count(vm: &Vm, count: &Value) -> PyResult<Vec<u8>> {
    let Some(n) = count.to_i64().and_then(|n| isize::try_from(n).ok()) else {
        return Err(vm.overflow_error("cannot fit 'int' into an index-sized integer"));
    };
    let Ok(n) = usize::try_from(n) else { return Err(vm.value_error("negative count")) };
    vm.check_size(n)?;
    let mut bytes = Vec::new();
    vm.reserve(&mut bytes, n)?;
    bytes.resize(n, 0);
    Ok(bytes)
}

/// The byte that an int is.
pub fn byte(vm: &Vm, value: &Value, what: &str) -> PyResult<u8> {
    match value.to_i64().and_then(|n| u8::try_from(n).ok()) {
        Some(byte) => Ok(byte),
        None if what == "bytes" => Err(vm.value_error("bytes must be in range(0, 256)")),
        None => Err(vm.value_error("byte must be in range(0, 256)")),
    }
}

/// The ints of an exact list or tuple as bytes; `None` if it is none, or if an item is no int.
pub fn of_ints_now(vm: &Vm, source: &Value, what: &str) -> Option<PyResult<Vec<u8>>> {
    let items = match source.downcast_exact::<Tuple>() {
        Some(tuple) => tuple.items(),
        None => source.downcast_exact::<List>()?.items.borrow(),
    };
    if !items.iter().all(Value::is_int) {
        return None;
    }
    let mut bytes = Vec::new();
    if let Err(raised) = vm.reserve(&mut bytes, items.len()) {
        return Some(Err(raised));
    }
    for item in items {
        match byte(vm, item, what) {
            Ok(byte) => bytes.push(byte),
            Err(raised) => return Some(Err(raised)),
        }
    }
    Some(Ok(bytes))
}

/// The ints of any iterable as bytes.
pub async fn of_ints(vm: VmRef, source: &Value, what: &'static str) -> PyResult<Vec<u8>> {
    if let Some(bytes) = of_ints_now(&vm, source, what) {
        return bytes;
    }
    let iterator = vm.iter(source).await?;
    let mut bytes = Vec::new();
    while let Some(item) = vm.next(&iterator).await? {
        let item = if item.is_int() { item } else { vm.index(&item).await? };
        let item = byte(&vm, &item, what)?;
        vm.reserve(&mut bytes, 1)?;
        bytes.push(item);
        vm.breathe(1).await?;
    }
    Ok(bytes)
}

/// What an object's `__bytes__` method gives, if it has one.
pub async fn own_bytes(vm: VmRef, source: &Value) -> PyResult<Option<Value>> {
    let Some(result) = vm.call_special(source, &crate::name!(__bytes__), Vec::new()).await else { return Ok(None) };
    let result = result?;
    if result.downcast::<crate::types::bytes::Bytes>().is_none() {
        let name = vm.type_name(&result);
        return Err(vm.type_error(format!("__bytes__ returned non-bytes (type {name})")));
    }
    Ok(Some(result))
}

async fn of_object(vm: VmRef, source: Value, what: &'static str) -> PyResult<Vec<u8>> {
    if what == "bytes"
        && let Some(result) = own_bytes(vm, &source).await?
    {
        return Ok(buffer::contents(&result).map_or(Vec::new(), |bytes| bytes.into_owned()));
    }
    if source.as_text().is_some() {
        return Err(vm.type_error("string argument without an encoding"));
    }
    if vm.type_of(&source).slots().index.is_some() {
        match vm.index(&source).await {
            Ok(number) => return count(&vm, &number),
            // It may be an iterable or have contents all the same.
            Err(raised) if vm.catch(Exc::TypeError).is_none() => return Err(raised),
            Err(_) => {}
        }
    }
    if let Some(bytes) = buffer::contents(&source) {
        vm.check_size(bytes.len())?;
        return Ok(bytes.into_owned());
    }
    if vm.lookup_special(&source, &crate::name!(__buffer__)).is_some() {
        return lent(vm, source).await;
    }
    let slots = vm.type_of(&source).slots();
    if slots.iter.is_none() && slots.getitem.is_none() {
        let name = vm.type_name(&source);
        return Err(vm.type_error(format!("cannot convert '{name}' object to {what}")));
    }
    of_ints(vm, &source, what).await
}

/// The bytes that an object's `__buffer__` method gives.
pub async fn lent(vm: VmRef, source: Value) -> PyResult<Vec<u8>> {
    let class = crate::types::memoryview::MemoryView::type_object();
    let view = vm.call(class.as_value(), vec![source]).await?;
    let bytes = buffer::contents(&view).map_or(Vec::new(), |bytes| bytes.into_owned());
    let release = vm.attr(&view, "release").await?;
    vm.call(&release, Vec::new()).await?;
    Ok(bytes)
}
