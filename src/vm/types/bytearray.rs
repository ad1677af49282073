//! `bytearray`: the payload, constructor, slots, and the methods that change it; the rest is in `bytes_methods`.
//!
//! Whatever changes the length asks [`ByteArray::resizable`] first: memoryviews of the contents forbid it.

use std::cell::Cell;

use snakelet_macros::{methods, native_type};
use snakelet_text::{bytes, escape};

use crate::object::{Native, VmCell};
use crate::protocol::item::Subscript;
use crate::types::bytes_methods::construct::{self, Source};
use crate::types::bytes_methods::{self as shared, byte_contains, concat_with, data};
use crate::types::slots::CompareOp;
use crate::types::string_iterator::ByteArrayIterator;
use crate::types::{buffer, sequence};
use crate::{PyResult, Ref, Value, Vm};

/// The payload of bytearrays.
#[native_type(
    name = "bytearray",
    doc = "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> bytearray\nbytearray(bytes_or_buffer) -> bytearray\nbytearray(int) -> so many zero bytes\nbytearray() -> empty bytearray\n\nA mutable sequence of numbers from 0 to 255.",
    flags(subclassable, match_self)
)]
pub struct ByteArray {
    #[skip_traverse]
    pub bytes: VmCell<Vec<u8>>,
    /// Number of memoryviews that export the contents: it must not be resized meanwhile.
    #[skip_traverse]
    pub exports: Cell<usize>,
}

impl ByteArray {
    pub fn new(bytes: Vec<u8>) -> ByteArray {
        ByteArray { bytes: VmCell::new(bytes), exports: Cell::new(0) }
    }

    /// The contents, to change their length; BufferError while memoryviews look at them.
    pub fn resizable(&self, vm: &Vm) -> PyResult<&mut Vec<u8>> {
        buffer::check_resizable(vm, &self.exports)?;
        Ok(self.bytes.borrow_mut())
    }

    /// Replaces a range by other bytes.
    fn splice(&self, vm: &Vm, start: usize, stop: usize, new: &[u8]) -> PyResult<()> {
        if stop - start != new.len() {
            let contents = self.resizable(vm)?;
            if new.len() > stop - start {
                vm.reserve(contents, new.len() - (stop - start))?;
            }
            contents.splice(start..stop, new.iter().copied());
            return Ok(());
        }
        self.bytes.borrow_mut()[start..stop].copy_from_slice(new);
        Ok(())
    }

    fn extend_with(&self, vm: &Vm, new: &[u8]) -> PyResult<()> {
        let contents = self.resizable(vm)?;
        vm.reserve(contents, new.len())?;
        contents.extend_from_slice(new);
        Ok(())
    }
}

impl Value {
    /// A new bytearray.
    pub fn from_bytearray(bytes: Vec<u8>) -> Value {
        ByteArray::new(bytes).into_value()
    }
}

fn repeat(vm: &Vm, this: &Value, count: &Value) -> PyResult {
    match vm.repeat_count_now(count) {
        Some(count) => {
            let count = count?;
            vm.check_size(data(this).len().saturating_mul(count))?;
            vm.reserved(bytes::repeat(data(this), count)).map(Value::from_bytearray)
        }
        None => Err(vm.repeat_later(this, count, repeat)),
    }
}

fn inplace_repeat(vm: &Vm, this: &Value, count: &Value) -> PyResult {
    let Some(array) = this.downcast::<ByteArray>() else { return Ok(Value::NOT_IMPLEMENTED) };
    match vm.repeat_count_now(count) {
        Some(count) => {
            let count = count?;
            if count != 1 {
                vm.check_size(data(this).len().saturating_mul(count))?;
                let repeated = vm.reserved(bytes::repeat(data(this), count))?;
                *array.resizable(vm)? = repeated;
            }
            Ok(this.clone())
        }
        None => Err(vm.repeat_later(this, count, inplace_repeat)),
    }
}

/// `this[key] = value` with a key that needs no Python code.
fn assign(vm: &Vm, this: &Value, key: &Value, value: Option<&Value>) -> PyResult {
    let Some(array) = this.downcast::<ByteArray>() else { return Ok(Value::NONE) };
    let subscript = match vm.subscript_now(key, "bytearray") {
        Some(subscript) => subscript?,
        None => return Err(vm.set_item_later(this, key, value)),
    };
    match (subscript, value) {
        (Subscript::Index(index), value) => {
            let at = sequence::position(index, data(this).len());
            let Some(at) = at else { return Err(vm.index_error("bytearray index out of range")) };
            match value {
                Some(value) => match vm.index_now(value) {
                    Some(value) => {
                        let byte = construct::byte(vm, &value?, "")?;
                        array.bytes.borrow_mut()[at] = byte;
                    }
                    None => {
                        let (handle, this, key, value) = (vm.handle(), this.clone(), key.clone(), value.clone());
                        return Err(vm.defer(async move {
                            let value = handle.index(&value).await?;
                            assign(&handle, &this, &key, Some(&value))
                        }));
                    }
                },
                None => drop(array.resizable(vm)?.remove(at)),
            }
        }
        (Subscript::Slice(slice), Some(value)) => {
            let new = match buffer::contents(value) {
                Some(new) => new.into_owned(),
                None => match construct::of_ints_now(vm, value, "") {
                    Some(new) => new?,
                    None => return assign_later(vm, this, key, value),
                },
            };
            let bounds = slice.bounds(vm, data(this).len())?;
            if bounds.step == 1 {
                let start = bounds.start as usize;
                array.splice(vm, start, start + bounds.count, &new)?;
            } else if new.len() == bounds.count {
                let contents = array.bytes.borrow_mut();
                bounds.positions().zip(new).for_each(|(at, byte)| contents[at] = byte);
            } else if new.is_empty() {
                remove(vm, array, slice.bounds(vm, data(this).len())?)?;
            } else {
                let (given, count) = (new.len(), bounds.count);
                return Err(vm.value_error(format!(
                    "attempt to assign bytes of size {given} to extended slice of size {count}"
                )));
            }
        }
        (Subscript::Slice(slice), None) => remove(vm, array, slice.bounds(vm, data(this).len())?)?,
    }
    Ok(Value::NONE)
}

fn remove(vm: &Vm, array: &ByteArray, bounds: crate::types::slice::Bounds) -> PyResult<()> {
    if bounds.count == 0 {
        return Ok(());
    }
    let contents = array.resizable(vm)?;
    let bounds = bounds.ascending();
    let mut next = bounds.positions().peekable();
    let mut at = 0;
    contents.retain(|_| {
        let removed = next.peek() == Some(&at);
        if removed {
            next.next();
        }
        at += 1;
        !removed
    });
    Ok(())
}

/// Slice assignment of an iterable.
fn assign_later(vm: &Vm, this: &Value, key: &Value, value: &Value) -> PyResult {
    let slots = vm.type_of(value).slots();
    let iterable = slots.iter.is_some() || slots.getitem.is_some();
    if !iterable || value.as_text().is_some() {
        return Err(vm.type_error("can assign only bytes, buffers, or iterables of ints in range(0, 256)"));
    }
    let (handle, this, key, value) = (vm.handle(), this.clone(), key.clone(), value.clone());
    vm.start(async move {
        let new = Value::from_bytes(construct::of_ints(handle, &value, "").await?);
        assign(&handle, &this, &key, Some(&new))
    })
}

#[methods(with = [ByteArray::COMMON])]
impl ByteArray {
    #[new("bytearray(*args, **kwargs)", text = none)]
    fn new_bytearray(vm: &Vm, cls: &Value, _args: &[Value], _kwargs: crate::native::KwArgs<'_>) -> PyResult {
        vm.new_instance(cls, ByteArray::new(Vec::new()))
    }

    #[init("bytearray(self, source=b'', encoding='utf-8', errors='strict')", family = "keywords", text = none)]
    fn init(
        vm: &Vm,
        this: &Value,
        source: Option<&Value>,
        encoding: Option<&Value>,
        errors: Option<&Value>,
    ) -> PyResult {
        let source = Source::new(vm, "bytearray", source, encoding, errors)?;
        construct::finish(vm, source, this, |vm, this, bytes| {
            if let Some(array) = this.downcast::<ByteArray>() {
                *array.resizable(vm)? = bytes;
            }
            Ok(Value::NONE)
        })
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Value) -> PyResult {
        let contents = data(this);
        vm.check_size(contents.len())?;
        let mut out = snakelet_text::TextBuilder::new();
        out.push_str(&vm.type_name(this));
        out.push_str("(");
        if escape::quote_for(snakelet_text::Units::One(contents)) == u32::from(b'"') {
            // Single quotes are escaped within double ones, too.
            let shown = vm.reserved(escape::repr_bytes(contents))?;
            let quote = snakelet_text::Text::from_static("'");
            let escaped = snakelet_text::Text::from_static("\\'");
            out.push_text(&vm.reserved(snakelet_text::search::replace(&shown, &quote, &escaped, usize::MAX))?);
        } else {
            escape::push_repr_bytes(&mut out, contents);
        }
        out.push_str(")");
        vm.new_text(out.finish())
    }

    #[slot(str)]
    fn str(vm: &Vm, this: &Value) -> PyResult {
        ByteArray::repr(vm, this)
    }

    #[slot(compare)]
    fn compare(left: &Value, right: &Value, op: CompareOp) -> Value {
        shared::compare(left, right, op)
    }

    /// A view of the contents.
    #[method("__buffer__(self, flags, /)")]
    fn buffer(vm: &Vm, this: &Value, flags: i32) -> PyResult {
        crate::types::buffer::view_for(vm, this, flags)
    }

    /// Releases a view that `__buffer__` gave out.
    #[method("__release_buffer__(self, buffer, /)")]
    fn release_buffer(vm: &Vm, this: &Value, buffer: &Value) -> PyResult {
        crate::types::buffer::release(vm, this, buffer)
    }

    #[slot(len)]
    fn length(this: &ByteArray) -> usize {
        this.bytes.borrow().len()
    }

    #[slot(contains)]
    fn contains(vm: &Vm, this: &Value, item: &Value) -> PyResult {
        byte_contains(vm, this, item)
    }

    #[slot(getitem)]
    fn getitem(vm: &Vm, this: &Value, key: &Value) -> PyResult {
        let bytes = data(this);
        match vm.subscript_now(key, "bytearray") {
            Some(Ok(Subscript::Index(index))) => match sequence::position(index, bytes.len()) {
                Some(at) => Ok(Value::small_int(bytes[at].into())),
                None => Err(vm.index_error("bytearray index out of range")),
            },
            Some(Ok(Subscript::Slice(slice))) => {
                let bounds = slice.bounds(vm, bytes.len())?;
                shared::sliced(vm, bytes, bounds).map(Value::from_bytearray)
            }
            Some(Err(raised)) => Err(raised),
            None => Err(vm.get_item_later(this, key)),
        }
    }

    #[slot(setitem)]
    fn setitem(vm: &Vm, this: &Value, key: &Value, value: Option<&Value>) -> PyResult {
        assign(vm, this, key, value)
    }

    #[slot(concat)]
    fn concat(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        concat_with(vm, this, other, "bytearray").map(Value::from_bytearray)
    }

    #[slot(inplace_concat)]
    fn inplace_concat(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        let Some(array) = this.downcast::<ByteArray>() else { return Ok(Value::NOT_IMPLEMENTED) };
        let Some(new) = buffer::contents(other) else {
            let name = vm.type_name(other);
            return Err(vm.type_error(format!("can't concat {name} to bytearray")));
        };
        if other.is(this) && !new.is_empty() {
            return Err(vm.error(crate::errors::Exc::BufferError, buffer::NOT_RESIZABLE));
        }
        // The operand may be a view of this array.
        let new = if other.downcast::<crate::types::bytes::Bytes>().is_some() {
            new
        } else {
            std::borrow::Cow::Owned(new.into_owned())
        };
        array.extend_with(vm, &new)?;
        Ok(this.clone())
    }

    #[slot(repeat)]
    fn repeat(vm: &Vm, this: &Value, count: &Value) -> PyResult {
        repeat(vm, this, count)
    }

    #[slot(inplace_repeat)]
    fn inplace_repeat(vm: &Vm, this: &Value, count: &Value) -> PyResult {
        inplace_repeat(vm, this, count)
    }

    #[slot(mod_)]
    fn modulo(vm: &Vm, this: &Value, args: &Value) -> PyResult {
        if this.downcast::<ByteArray>().is_none() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let template = data(this).to_vec();
        crate::types::string_methods::percent::format_bytes(vm, template, args, Value::from_bytearray)
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.to_ref::<ByteArray>().map_or(Value::NONE, |array| ByteArrayIterator::new(array).into_value()))
    }

    /// Adds a byte at the end.
    #[method("append(self, item, /)")]
    fn append(vm: &Vm, this: &ByteArray, item: u8) -> PyResult<()> {
        this.extend_with(vm, &[item])
    }

    /// Adds the bytes of an iterable at the end.
    #[method("extend(self, iterable_of_ints, /)")]
    fn extend(vm: &Vm, this: &Value, iterable: &Value) -> PyResult {
        let Some(array) = this.to_ref::<ByteArray>() else { return Ok(Value::NONE) };
        let new = match buffer::contents(iterable) {
            Some(new) => Some(Ok(new.into_owned())),
            None => construct::of_ints_now(vm, iterable, ""),
        };
        if let Some(new) = new {
            return array.extend_with(vm, &new?).map(|()| Value::NONE);
        }
        if iterable.as_text().is_some() {
            return Err(vm.type_error("expected iterable of integers; got: 'str'"));
        }
        let slots = vm.type_of(iterable).slots();
        let lends = vm.lookup_special(iterable, &crate::name!(__buffer__)).is_some();
        if !lends && slots.iter.is_none() && slots.getitem.is_none() {
            let name = vm.type_name(iterable);
            return Err(vm.type_error(format!("can't extend bytearray with {name}")));
        }
        let (handle, iterable) = (vm.handle(), iterable.clone());
        vm.start(async move {
            let new = match lends {
                true => construct::lent(handle, iterable).await?,
                false => construct::of_ints(handle, &iterable, "").await?,
            };
            array.extend_with(&handle, &new).map(|()| Value::NONE)
        })
    }

    /// Puts a byte in front of an index.
    #[method("insert(self, index, item, /)")]
    fn insert(vm: &Vm, this: &ByteArray, index: isize, item: u8) -> PyResult<()> {
        let contents = this.resizable(vm)?;
        vm.reserve(contents, 1)?;
        let length = contents.len();
        let at = if index < 0 { length.saturating_sub(index.unsigned_abs()) } else { (index as usize).min(length) };
        contents.insert(at, item);
        Ok(())
    }

    /// Removes a byte (the last one by default) and gives it back.
    #[method("pop(self, index=-1, /)")]
    fn pop(vm: &Vm, this: &ByteArray, index: isize) -> PyResult<u8> {
        let length = this.bytes.borrow().len();
        if length == 0 {
            return Err(vm.index_error("pop from empty bytearray"));
        }
        match sequence::position(index, length) {
            Some(at) => Ok(this.resizable(vm)?.remove(at)),
            None => Err(vm.index_error("pop index out of range")),
        }
    }

    /// Removes the first byte of this value; ValueError if there is none.
    #[method("remove(self, value, /)")]
    fn remove(vm: &Vm, this: &ByteArray, value: u8) -> PyResult<()> {
        match this.bytes.borrow().iter().position(|&byte| byte == value) {
            Some(at) => {
                this.resizable(vm)?.remove(at);
                Ok(())
            }
            None => Err(vm.value_error("value not found in bytearray")),
        }
    }

    /// Removes all bytes.
    #[method("clear(self, /)")]
    fn clear(vm: &Vm, this: &ByteArray) -> PyResult<()> {
        *this.resizable(vm)? = Vec::new();
        Ok(())
    }

    /// A copy.
    #[method("copy(self, /)")]
    fn copy(vm: &Vm, this: &ByteArray) -> PyResult {
        vm.reserved(bytes::copy(this.bytes.borrow())).map(Value::from_bytearray)
    }

    /// Reverses the order of the bytes in place.
    #[method("reverse(self, /)")]
    fn reverse(this: &ByteArray) {
        this.bytes.borrow_mut().reverse();
    }

    /// Changes the length, filling up with zeros.
    #[method("resize(self, size, /)")]
    fn resize(vm: &Vm, this: &ByteArray, size: isize) -> PyResult<()> {
        let Ok(wanted) = usize::try_from(size) else {
            return Err(vm.value_error(format!("Can only resize to positive sizes, got {size}")));
        };
        if wanted == this.bytes.borrow().len() {
            return Ok(());
        }
        let contents = this.resizable(vm)?;
        vm.reserve(contents, wanted.saturating_sub(contents.len()))?;
        contents.resize(wanted, 0);
        Ok(())
    }

    /// The number of bytes allocated.
    #[method("__alloc__(self, /)")]
    fn alloc(this: &ByteArray) -> usize {
        match this.bytes.borrow().len() {
            0 => 0,
            _ => this.bytes.borrow().capacity() + 1,
        }
    }

    /// Size in memory, in bytes.
    #[method("__sizeof__(self, /)")]
    fn sizeof(this: &ByteArray) -> usize {
        size_of::<ByteArray>() + this.bytes.borrow().capacity()
    }

    /// For pickling.
    #[method("__reduce__(self, /)")]
    async fn reduce(vm: crate::VmRef, this: Ref<ByteArray>) -> PyResult {
        reduce(vm, this, 2).await
    }

    /// For pickling.
    #[method("__reduce_ex__(self, proto=0, /)")]
    async fn reduce_ex(vm: crate::VmRef, this: Ref<ByteArray>, proto: i32) -> PyResult {
        reduce(vm, this, proto).await
    }

    /// The bytearray that pairs of hexadecimal digits stand for.
    #[classmethod("fromhex(cls, string, /)", text = "($type, string, /)")]
    fn fromhex(vm: &Vm, cls: &Value, string: &Value) -> PyResult {
        let bytes = shared::from_hex(vm, string)?;
        shared::of_class(vm, cls, Value::from_bytearray(bytes), ByteArray::type_object().as_value())
    }

    /// A table for `translate`: each byte of the first argument becomes that of the second.
    #[staticmethod("maketrans(frm, to, /)")]
    fn maketrans(vm: &Vm, frm: &Value, to: &Value) -> PyResult {
        shared::maketrans(vm, frm, to)
    }
}

async fn reduce(vm: crate::VmRef, this: Ref<ByteArray>, protocol: i32) -> PyResult {
    let state = vm.attr(this.as_value(), "__getstate__").await?;
    let state = vm.call(&state, Vec::new()).await?;
    let contents = this.bytes.borrow();
    let args = if protocol < 3 {
        let text = vm.reserved(snakelet_text::Text::from_latin1(contents))?;
        vec![Value::from_text(text), Value::from_str("latin-1")]
    } else if contents.is_empty() {
        Vec::new()
    } else {
        vec![Value::from_bytes(contents.clone())]
    };
    let class = vm.class_of(this.as_value()).into_value();
    Ok(Value::from_tuple(vec![class, Value::from_tuple(args), state]))
}
