//! Module `array`: arrays of machine numbers, as bytes that others may look at.

mod items;

use std::cell::Cell;

use snakelet_macros::{methods, native_module, native_type};
use snakelet_text::{Text, TextBuilder};
use snakelet_vm::errors::Exc;
use snakelet_vm::native::{ArgBytes, ModuleDef, Native};
use snakelet_vm::object::instance;
use snakelet_vm::types::buffer::{self, Exported};
use snakelet_vm::types::list::List;
use snakelet_vm::types::slice::Slice;
use snakelet_vm::types::slots::CompareOp;
use snakelet_vm::types::typeobject::Type;
use snakelet_vm::{PyResult, Ref, Value, Vm, VmCell, VmRef};

use crate::support::ClassConstant;

pub const MODULE: ModuleDef = ArrayModule::MODULE;

/// The payload of arrays.
#[native_type(
    name = "array",
    module = "array",
    doc = "array(typecode [, initializer]) -> array\n\nReturn a new array whose items are restricted by typecode, and\ninitialized from the optional initializer value, which must be a list,\nstring or iterable over elements of the appropriate type.",
    flags(subclassable, sequence, weak_references)
)]
pub struct Array {
    #[skip_traverse]
    bytes: VmCell<Vec<u8>>,
    exports: Cell<usize>,
    code: u8,
    size: usize,
}

/// The payload of iterators over arrays.
#[native_type(name = "arrayiterator", module = "array")]
pub struct ArrayIterator {
    array: Ref<Array>,
    /// `usize::MAX` at the end.
    at: Cell<usize>,
}

fn exporter(value: &Value) -> Option<Exported<'_>> {
    let array = value.downcast::<Array>()?;
    let format = if array.code == b'u' { b'w' } else { array.code };
    Some(Exported { bytes: &array.bytes, exports: &array.exports, format })
}

impl Array {
    fn empty(code: u8) -> Array {
        let size = items::size_of_code(code).unwrap_or(1);
        Array { bytes: VmCell::default(), exports: Cell::new(0), code, size }
    }

    fn with_bytes(code: u8, bytes: Vec<u8>) -> Value {
        let array = Array::empty(code);
        array.bytes.set(bytes);
        array.into_value()
    }

    fn len(&self) -> usize {
        self.bytes.borrow().len() / self.size
    }

    fn item(&self, vm: &Vm, at: usize) -> PyResult {
        let start = at * self.size;
        match self.bytes.borrow().get(start..start + self.size) {
            Some(raw) => items::unpack(vm, self.code, raw),
            None => Err(vm.index_error("array index out of range")),
        }
    }

    fn values(&self, vm: &Vm) -> PyResult<Vec<Value>> {
        let mut values = vm.vec_with_capacity(self.len())?;
        for at in 0..self.len() {
            values.push(self.item(vm, at)?);
        }
        Ok(values)
    }

    fn check_resizable(&self, vm: &Vm) -> PyResult<()> {
        match self.exports.get() {
            0 => Ok(()),
            _ => Err(vm.error(Exc::BufferError, "cannot resize an array that is exporting buffers")),
        }
    }

    /// Puts bytes in at an item's place.
    fn insert(&self, vm: &Vm, at: usize, bytes: &[u8]) -> PyResult<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.check_resizable(vm)?;
        let own = self.bytes.borrow_mut();
        vm.reserve(own, bytes.len())?;
        let place = at * self.size;
        own.splice(place..place, bytes.iter().copied());
        Ok(())
    }

    fn append_bytes(&self, vm: &Vm, bytes: &[u8]) -> PyResult<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.check_resizable(vm)?;
        let own = self.bytes.borrow_mut();
        vm.reserve(own, bytes.len())?;
        own.extend_from_slice(bytes);
        Ok(())
    }

    fn append_text(&self, vm: &Vm, text: &Text) -> PyResult<()> {
        let mut bytes = Vec::new();
        vm.reserve(&mut bytes, text.len() * 4)?;
        for code in text.iter() {
            bytes.extend_from_slice(&code.to_le_bytes());
        }
        self.append_bytes(vm, &bytes)
    }

    fn text(&self, vm: &Vm) -> PyResult {
        let mut text = TextBuilder::new();
        for at in 0..self.len() {
            if let Some(code) = self.item(vm, at)?.as_text().and_then(|text| text.get(0)) {
                text.push(code);
            }
        }
        vm.new_text(text.finish())
    }

    /// The position of an index, if it is in the array.
    fn position(&self, index: isize) -> Option<usize> {
        let length = self.len() as isize;
        let at = if index < 0 { index + length } else { index };
        (0..length).contains(&at).then_some(at as usize)
    }

    fn remove_item(&self, vm: &Vm, at: usize) -> PyResult<()> {
        self.check_resizable(vm)?;
        self.bytes.borrow_mut().drain(at * self.size..(at + 1) * self.size);
        Ok(())
    }
}

/// The value as an item's bytes (async).
async fn pack(vm: &Vm, code: u8, value: &Value) -> PyResult<[u8; 8]> {
    if !items::needs_conversion(vm, code, value) {
        return items::pack(vm, code, value);
    }
    let converted = match code {
        b'f' | b'd' => Value::float(vm.float(value).await?),
        _ => vm.index(value).await?,
    };
    items::pack(vm, code, &converted)
}

/// Appends the items of an iterable (async).
async fn extend(vm: &Vm, this: &Ref<Array>, iterable: &Value) -> PyResult<()> {
    if let Some(other) = iterable.downcast::<Array>() {
        if other.code != this.code {
            return Err(vm.type_error("can only extend with array of same kind"));
        }
        let bytes = other.bytes.get();
        return this.append_bytes(vm, &bytes);
    }
    let iterator = vm.iter(iterable).await?;
    while let Some(item) = vm.next(&iterator).await? {
        let bytes = pack(vm, this.code, &item).await?;
        this.append_bytes(vm, &bytes[..this.size])?;
        vm.breathe(1).await?;
    }
    Ok(())
}

/// The subscript with its `__index__` methods called (async).
async fn subscript(vm: &Vm, key: &Value) -> PyResult {
    if key.downcast::<Slice>().is_none() && !key.is_int() && vm.type_of(key).slots().index.is_none() {
        return Err(vm.type_error("array indices must be integers"));
    }
    vm.plain_subscript(key).await
}

/// `array[slice] = value`, or deletion.
fn assign_slice(vm: &Vm, this: &Array, slice: &Slice, value: Option<&Value>) -> PyResult<()> {
    let bounds = slice.bounds(vm, this.len())?;
    let new = match value {
        None => Vec::new(),
        Some(value) => match value.downcast::<Array>() {
            Some(other) if other.code != this.code => {
                return Err(vm.type_error("bad argument type for built-in operation"));
            }
            Some(other) => other.bytes.get(),
            None => {
                let name = vm.type_name(value);
                return Err(vm.type_error(format!("can only assign array (not \"{name}\") to array slice")));
            }
        },
    };
    let size = this.size;
    let own = this.bytes.borrow_mut();
    if bounds.step == 1 {
        let (start, stop) = (bounds.start as usize * size, (bounds.start as usize + bounds.count) * size);
        if new.len() != stop - start {
            this.check_resizable(vm)?;
        }
        vm.reserve(own, new.len())?;
        own.splice(start..stop, new);
        return Ok(());
    }
    if value.is_none() {
        if bounds.count > 0 {
            this.check_resizable(vm)?;
        }
        let mut places: Vec<usize> = bounds.positions().collect();
        places.sort_unstable();
        for at in places.into_iter().rev() {
            own.drain(at * size..(at + 1) * size);
        }
        return Ok(());
    }
    if new.len() / size != bounds.count {
        let (got, wanted) = (new.len() / size, bounds.count);
        return Err(vm.value_error(format!("attempt to assign array of size {got} to extended slice of size {wanted}")));
    }
    for (at, item) in bounds.positions().zip(new.chunks_exact(size)) {
        own[at * size..(at + 1) * size].copy_from_slice(item);
    }
    Ok(())
}

#[methods]
impl Array {
    #[new("array(typecode, initializer=<unrepresentable>, /)", text = none, family = "tuple")]
    async fn new(vm: VmRef, cls: Value, typecode: Value, initializer: Option<Value>) -> PyResult {
        let got = match typecode.as_text() {
            Some(text) if text.len() == 1 => None,
            Some(text) => Some(format!("a string of length {}", text.len())),
            None => Some(vm.type_name(&typecode)),
        };
        if let Some(got) = got {
            return Err(vm.type_error(format!("array() argument 1 must be a unicode character, not {got}")));
        }
        let code = typecode.as_text().and_then(|text| text.get(0)).unwrap_or(0);
        let code = u8::try_from(code).ok().filter(|&code| items::size_of_code(code).is_some());
        let Some(code) = code else {
            return Err(vm.value_error("bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)"));
        };
        let made = vm.new_instance(&cls, Array::empty(code))?;
        let (Some(array), Some(initializer)) = (made.to_ref::<Array>(), initializer) else { return Ok(made) };
        if let Some(text) = initializer.as_text() {
            if !items::is_text(code) {
                let code = code as char;
                return Err(vm.type_error(format!("cannot use a str to initialize an array with typecode '{code}'")));
            }
            array.append_text(&vm, text)?;
        } else if let Some(other) = initializer.downcast::<Array>() {
            if items::is_text(other.code) && !items::is_text(code) {
                let code = code as char;
                return Err(
                    vm.type_error(format!("cannot use a unicode array to initialize an array with typecode '{code}'"))
                );
            }
            for item in other.values(&vm)? {
                let bytes = items::pack(&vm, code, &item)?;
                array.append_bytes(&vm, &bytes[..array.size])?;
            }
        } else if let Some(bytes) = bytes_of(&initializer) {
            if bytes.len() % array.size != 0 {
                return Err(vm.value_error("bytes length not a multiple of item size"));
            }
            array.append_bytes(&vm, &bytes)?;
        } else {
            extend(&vm, &array, &initializer).await?;
        }
        Ok(made)
    }

    /// Append new value v to the end of the array.
    #[method("append(self, v, /)")]
    fn append(vm: &Vm, this: Ref<Array>, v: Value) -> PyResult {
        let vm_ref = vm.handle();
        vm.start(async move {
            let bytes = pack(&vm_ref, this.code, &v).await?;
            this.append_bytes(&vm_ref, &bytes[..this.size])?;
            Ok(Value::NONE)
        })
    }

    /// Return a tuple (address, length) giving the current memory address and the length in items of the buffer.
    #[method("buffer_info(self, /)")]
    fn buffer_info(vm: &Vm, this: &Value) -> Value {
        let length = this.downcast::<Array>().map_or(0, Array::len);
        Value::from_tuple(vec![Value::from_i64(vm.id_of(this) as i64), Value::from_usize(length)])
    }

    /// Byteswap all items of the array.
    ///
    /// If the items in the array are not 1, 2, 4, or 8 bytes in size, RuntimeError is raised.
    #[method("byteswap(self, /)")]
    fn byteswap(this: &Array) {
        this.bytes.borrow_mut().chunks_exact_mut(this.size).for_each(<[u8]>::reverse);
    }

    /// Remove all items from the array.
    #[method("clear(self, /)")]
    fn clear(vm: &Vm, this: &Array) -> PyResult<()> {
        if this.len() > 0 {
            this.check_resizable(vm)?;
        }
        this.bytes.borrow_mut().clear();
        Ok(())
    }

    /// Return number of occurrences of v in the array.
    #[method("count(self, v, /)")]
    async fn count(vm: VmRef, this: Ref<Array>, v: Value) -> PyResult<usize> {
        let (mut count, mut at) = (0, 0);
        while at < this.len() {
            let item = this.item(&vm, at)?;
            count += usize::from(vm.eq(&item, &v).await?);
            at += 1;
            vm.breathe(1).await?;
        }
        Ok(count)
    }

    /// Append items to the end of the array.
    #[method("extend(self, bb, /)")]
    fn extend(vm: &Vm, this: Ref<Array>, bb: Value) -> PyResult {
        let vm_ref = vm.handle();
        vm.start(async move { extend(&vm_ref, &this, &bb).await.map(|()| Value::NONE) })
    }

    /// Appends items from the bytes-like object, interpreting it as an array of machine values.
    #[method("frombytes(self, buffer, /)")]
    fn frombytes(vm: &Vm, this: &Array, buffer: ArgBytes<'_>) -> PyResult<()> {
        if !buffer.len().is_multiple_of(this.size) {
            return Err(vm.value_error("bytes length not a multiple of item size"));
        }
        this.append_bytes(vm, &buffer)
    }

    /// Read n objects from the file object f and append them to the end of the array.
    #[method("fromfile(self, f, n, /)")]
    async fn fromfile(vm: VmRef, this: Ref<Array>, f: Value, n: isize) -> PyResult<()> {
        if n < 0 {
            return Err(vm.value_error("negative count"));
        }
        let Some(wanted) = (n as usize).checked_mul(this.size) else { return Err(vm.memory_error()) };
        let read = vm.attr(&f, "read").await?;
        let found = vm.call(&read, vec![Value::from_usize(wanted)]).await?;
        let Some(bytes) = found.downcast::<snakelet_vm::types::bytes::Bytes>() else {
            return Err(vm.type_error("read() didn't return bytes"));
        };
        let bytes = bytes.as_slice();
        if bytes.len() % this.size != 0 {
            return Err(vm.value_error("bytes length not a multiple of item size"));
        }
        this.append_bytes(&vm, bytes)?;
        if bytes.len() != wanted {
            return Err(vm.error(Exc::EOFError, "read() didn't return enough bytes"));
        }
        Ok(())
    }

    /// Append items to array from list.
    #[method("fromlist(self, list, /)")]
    fn fromlist(vm: &Vm, this: Ref<Array>, list: Value) -> PyResult {
        if list.downcast::<List>().is_none() {
            return Err(vm.type_error("arg must be list"));
        }
        let vm_ref = vm.handle();
        vm.start(async move {
            let mut bytes = Vec::new();
            for item in vm_ref.collect(&list).await? {
                bytes.extend_from_slice(&pack(&vm_ref, this.code, &item).await?[..this.size]);
            }
            this.append_bytes(&vm_ref, &bytes)?;
            Ok(Value::NONE)
        })
    }

    /// Extends this array with data from the unicode string ustr.
    ///
    /// The array must be a unicode type array; otherwise a ValueError is raised.
    #[method("fromunicode(self, ustr, /)")]
    fn fromunicode(vm: &Vm, this: &Array, ustr: &Text) -> PyResult<()> {
        if !items::is_text(this.code) {
            return Err(vm.value_error("fromunicode() may only be called on unicode type arrays ('u' or 'w')"));
        }
        this.append_text(vm, ustr)
    }

    /// Return index of first occurrence of v in the array.
    ///
    /// Raise ValueError if the value is not present.
    #[method("index(self, v, start=0, stop=sys.maxsize, /)")]
    async fn index(vm: VmRef, this: Ref<Array>, v: Value, start: isize, stop: isize) -> PyResult<usize> {
        let length = this.len() as isize;
        let clip = |at: isize| if at < 0 { (at + length).max(0) as usize } else { at as usize };
        let (mut at, stop) = (clip(start), clip(stop));
        while at < stop.min(this.len()) {
            let item = this.item(&vm, at)?;
            if vm.eq(&item, &v).await? {
                return Ok(at);
            }
            at += 1;
            vm.breathe(1).await?;
        }
        Err(vm.value_error("array.index(x): x not in array"))
    }

    /// Insert a new item v into the array before position i.
    #[method("insert(self, i, v, /)")]
    fn insert_item(vm: &Vm, this: Ref<Array>, i: isize, v: Value) -> PyResult {
        let vm_ref = vm.handle();
        vm.start(async move {
            let bytes = pack(&vm_ref, this.code, &v).await?;
            let length = this.len();
            let at = if i < 0 { (i + length as isize).max(0) as usize } else { (i as usize).min(length) };
            this.insert(&vm_ref, at, &bytes[..this.size])?;
            Ok(Value::NONE)
        })
    }

    /// Return the i-th element and delete it from the array.
    ///
    /// i defaults to -1.
    #[method("pop(self, i=-1, /)")]
    fn pop(vm: &Vm, this: &Array, i: isize) -> PyResult {
        if this.len() == 0 {
            return Err(vm.index_error("pop from empty array"));
        }
        let Some(at) = this.position(i) else { return Err(vm.index_error("pop index out of range")) };
        let item = this.item(vm, at)?;
        this.remove_item(vm, at)?;
        Ok(item)
    }

    /// Remove the first occurrence of v in the array.
    #[method("remove(self, v, /)")]
    async fn remove(vm: VmRef, this: Ref<Array>, v: Value) -> PyResult<()> {
        let mut at = 0;
        while at < this.len() {
            let item = this.item(&vm, at)?;
            if vm.eq(&item, &v).await? {
                return if at < this.len() { this.remove_item(&vm, at) } else { Ok(()) };
            }
            at += 1;
            vm.breathe(1).await?;
        }
        Err(vm.value_error("array.remove(x): x not in array"))
    }

    /// Reverse the order of the items in the array.
    #[method("reverse(self, /)")]
    fn reverse(this: &Array) {
        let bytes = this.bytes.borrow_mut();
        bytes.reverse();
        bytes.chunks_exact_mut(this.size).for_each(<[u8]>::reverse);
    }

    /// Convert the array to an array of machine values and return the bytes representation.
    #[method("tobytes(self, /)")]
    fn tobytes(vm: &Vm, this: &Array) -> PyResult {
        vm.check_size(this.bytes.borrow().len())?;
        Ok(Value::from_bytes(this.bytes.get()))
    }

    /// Write all items (as machine values) to the file object f.
    #[method("tofile(self, f, /)")]
    async fn tofile(vm: VmRef, this: Ref<Array>, f: Value) -> PyResult<()> {
        let write = vm.attr(&f, "write").await?;
        vm.call(&write, vec![Value::from_bytes(this.bytes.get())]).await?;
        Ok(())
    }

    /// Convert array to an ordinary list with the same items.
    #[method("tolist(self, /)")]
    fn tolist(vm: &Vm, this: &Array) -> PyResult {
        Ok(Value::from_list(this.values(vm)?))
    }

    /// Extends this array with data from the unicode string ustr.
    ///
    /// Convert the array to a unicode string. The array must be a unicode type array; otherwise a ValueError is raised.
    #[method("tounicode(self, /)")]
    fn tounicode(vm: &Vm, this: &Array) -> PyResult {
        if !items::is_text(this.code) {
            return Err(vm.value_error("tounicode() may only be called on unicode type arrays ('u' or 'w')"));
        }
        this.text(vm)
    }

    /// Return a copy of the array.
    #[method("__copy__(self, /)")]
    fn copy(this: &Array) -> Value {
        Array::with_bytes(this.code, this.bytes.get())
    }

    /// Return a copy of the array.
    #[method("__deepcopy__(self, unused, /)")]
    fn deepcopy(this: &Array, _unused: &Value) -> Value {
        Array::with_bytes(this.code, this.bytes.get())
    }

    /// Return state information for pickling.
    #[method("__reduce_ex__(self, value, /)")]
    async fn reduce_ex(vm: VmRef, this: Value, value: Value) -> PyResult {
        let Some(array) = this.to_ref::<Array>() else { return Ok(Value::NONE) };
        let has_dict = this.header().is_some_and(|header| instance::len(header) > 0);
        let state = if has_dict { vm.attr(&this, "__dict__").await? } else { Value::NONE };
        let class = vm.class_of(&this).into_value();
        let code = Value::from_char(array.code.into());
        if value.to_i64().unwrap_or(0) < 3 {
            let items =
                if items::is_text(array.code) { array.text(&vm)? } else { Value::from_list(array.values(&vm)?) };
            return Ok(Value::from_tuple(vec![class, Value::from_tuple(vec![code, items]), state]));
        }
        let import = vm.builtins.get_text("__import__").unwrap_or_default();
        let module = vm.call(&import, vec![Value::from_str("array")]).await?;
        let make = vm.attr(&module, "_array_reconstructor").await?;
        let format = Value::small_int(items::machine_format(array.code));
        let args = vec![class, code, format, Value::from_bytes(array.bytes.get())];
        Ok(Value::from_tuple(vec![make, Value::from_tuple(args), state]))
    }

    /// Size of the array in memory, in bytes.
    #[method("__sizeof__(self, /)")]
    fn sizeof(this: &Array) -> usize {
        64 + this.bytes.borrow().capacity()
    }

    /// the typecode character used to create the array
    #[getter("typecode")]
    fn typecode(this: &Array) -> Value {
        Value::from_char(this.code.into())
    }

    /// the size, in bytes, of one array item
    #[getter("itemsize")]
    fn itemsize(this: &Array) -> usize {
        this.size
    }

    #[slot(len)]
    fn length(this: &Array) -> usize {
        this.len()
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.to_ref::<Array>().map_or(Value::NONE, |array| ArrayIterator { array, at: Cell::new(0) }.into_value()))
    }

    #[slot(getitem)]
    fn getitem(vm: &Vm, this: &Value, key: &Value) -> PyResult {
        let Some(array) = this.to_ref::<Array>() else { return Ok(Value::NONE) };
        if let Some(index) = key.as_small_int() {
            let at = array.position(index as isize).ok_or_else(|| vm.index_error("array index out of range"))?;
            return array.item(vm, at);
        }
        let (vm_ref, key) = (vm.handle(), key.clone());
        vm.start(async move {
            let key = subscript(&vm_ref, &key).await?;
            let Some(slice) = key.downcast::<Slice>() else {
                let index = vm_ref.index_sized(&key)?;
                let at = array.position(index).ok_or_else(|| vm_ref.index_error("array index out of range"))?;
                return array.item(&vm_ref, at);
            };
            let bounds = slice.bounds(&vm_ref, array.len())?;
            let (size, own) = (array.size, array.bytes.borrow());
            let mut bytes = Vec::new();
            vm_ref.reserve(&mut bytes, bounds.count * size)?;
            for at in bounds.positions() {
                bytes.extend_from_slice(&own[at * size..(at + 1) * size]);
            }
            Ok(Array::with_bytes(array.code, bytes))
        })
    }

    #[slot(setitem)]
    fn setitem(vm: &Vm, this: &Value, key: &Value, value: Option<&Value>) -> PyResult {
        let Some(array) = this.to_ref::<Array>() else { return Ok(Value::NONE) };
        let (vm_ref, key, value) = (vm.handle(), key.clone(), value.cloned());
        vm.start(async move {
            let vm = vm_ref;
            let key = subscript(&vm, &key).await?;
            if let Some(slice) = key.downcast::<Slice>() {
                assign_slice(&vm, &array, slice, value.as_ref())?;
                return Ok(Value::NONE);
            }
            let index = vm.index_sized(&key)?;
            let out_of_range = || vm.index_error("array assignment index out of range");
            let at = array.position(index).ok_or_else(out_of_range)?;
            let Some(value) = value else {
                array.remove_item(&vm, at)?;
                return Ok(Value::NONE);
            };
            let bytes = pack(&vm, array.code, &value).await?;
            let (start, size) = (at * array.size, array.size);
            let place = array.bytes.borrow_mut().get_mut(start..start + size).ok_or_else(out_of_range)?;
            place.copy_from_slice(&bytes[..size]);
            Ok(Value::NONE)
        })
    }

    #[slot(contains)]
    async fn contains(vm: VmRef, this: Ref<Array>, value: Value) -> PyResult<bool> {
        let mut at = 0;
        while at < this.len() {
            let item = this.item(&vm, at)?;
            if vm.eq(&item, &value).await? {
                return Ok(true);
            }
            at += 1;
            vm.breathe(1).await?;
        }
        Ok(false)
    }

    #[slot(concat)]
    fn concat(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        let Some(array) = this.downcast::<Array>() else { return Ok(Value::NOT_IMPLEMENTED) };
        let Some(more) = other.downcast::<Array>() else {
            let name = vm.type_name(other);
            return Err(vm.type_error(format!("can only append array (not \"{name}\") to array")));
        };
        if array.code != more.code {
            return Err(vm.type_error("bad argument type for built-in operation"));
        }
        let mut bytes = array.bytes.get();
        vm.reserve(&mut bytes, more.bytes.borrow().len())?;
        bytes.extend_from_slice(more.bytes.borrow());
        Ok(Array::with_bytes(array.code, bytes))
    }

    #[slot(inplace_concat)]
    fn inplace_concat(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        let Some(array) = this.to_ref::<Array>() else { return Ok(Value::NOT_IMPLEMENTED) };
        let Some(more) = other.downcast::<Array>() else {
            let name = vm.type_name(other);
            return Err(vm.type_error(format!("can only extend array with array (not \"{name}\")")));
        };
        if array.code != more.code {
            return Err(vm.type_error("can only extend with array of same kind"));
        }
        let bytes = more.bytes.get();
        array.append_bytes(vm, &bytes)?;
        Ok(this.clone())
    }

    #[slot(repeat)]
    fn repeat(vm: &Vm, this: &Value, count: &Value) -> PyResult {
        repeat(vm, this, count, false)
    }

    #[slot(inplace_repeat)]
    fn inplace_repeat(vm: &Vm, this: &Value, count: &Value) -> PyResult {
        repeat(vm, this, count, true)
    }

    #[slot(compare)]
    fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let (Some(a), Some(b)) = (left.downcast::<Array>(), right.downcast::<Array>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if a.len() != b.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::bool(op == CompareOp::Ne));
        }
        // Lists compare the same way.
        vm.rich_compare(&Value::from_list(a.values(vm)?), &Value::from_list(b.values(vm)?), op)
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Value) -> PyResult<String> {
        let Some(array) = this.to_ref::<Array>() else { return Ok(String::new()) };
        let (name, code) = (vm.class_of(&this).name(), array.code as char);
        if array.len() == 0 {
            return Ok(format!("{name}('{code}')"));
        }
        let items = if items::is_text(array.code) { array.text(&vm)? } else { Value::from_list(array.values(&vm)?) };
        let items = vm.repr(&items).await?.to_string_lossy();
        Ok(format!("{name}('{code}', {items})"))
    }

    #[classmethod("__class_getitem__(cls, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        snakelet_vm::types::generic_alias::alias(cls, object)
    }
}

/// bytes or a bytearray, the kinds of buffers that are taken as machine values.
fn bytes_of(value: &Value) -> Option<Vec<u8>> {
    let is_bytes = value.downcast::<snakelet_vm::types::bytes::Bytes>().is_some()
        || value.downcast::<snakelet_vm::types::bytearray::ByteArray>().is_some();
    buffer::contents(value).filter(|_| is_bytes).map(|bytes| bytes.into_owned())
}

fn repeat(vm: &Vm, this: &Value, count: &Value, inplace: bool) -> PyResult {
    let Some(array) = this.to_ref::<Array>() else { return Ok(Value::NOT_IMPLEMENTED) };
    let count = match vm.index_now(count) {
        Some(Ok(count)) => vm.index_sized(&count)?.max(0) as usize,
        _ => {
            drop(vm.catch(Exc::TypeError));
            let name = vm.type_name(count);
            return Err(vm.type_error(format!("can't multiply sequence by non-int of type '{name}'")));
        }
    };
    let old = array.bytes.get();
    let Some(length) = old.len().checked_mul(count) else { return Err(vm.memory_error()) };
    let mut bytes = Vec::new();
    vm.reserve(&mut bytes, length)?;
    for _ in 0..if old.is_empty() { 0 } else { count } {
        bytes.extend_from_slice(&old);
    }
    if !inplace {
        return Ok(Array::with_bytes(array.code, bytes));
    }
    if bytes.len() != old.len() {
        array.check_resizable(vm)?;
    }
    array.bytes.set(bytes);
    Ok(this.clone())
}

#[methods]
impl ArrayIterator {
    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &Value) -> PyResult {
        let Some(iterator) = this.downcast::<ArrayIterator>() else { return Ok(Value::UNBOUND) };
        let at = iterator.at.get();
        if at >= iterator.array.len() {
            iterator.at.set(usize::MAX);
            return Ok(Value::UNBOUND);
        }
        iterator.at.set(at + 1);
        iterator.array.item(vm, at)
    }

    /// Return state information for pickling.
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &ArrayIterator) -> Value {
        let iter = vm.builtins.get_text("iter").unwrap_or_default();
        if this.at.get() == usize::MAX {
            return Value::from_tuple(vec![iter, Value::from_tuple(vec![Value::from_tuple(Vec::new())])]);
        }
        let args = Value::from_tuple(vec![this.array.value()]);
        Value::from_tuple(vec![iter, args, Value::from_usize(this.at.get())])
    }

    /// Set state information for unpickling.
    #[method("__setstate__(self, state, /)")]
    fn setstate(this: &ArrayIterator, state: isize) {
        this.at.set((state.max(0) as usize).min(this.array.len()));
    }
}

/// This module defines an object type which can efficiently represent an array of basic values: characters, integers,
/// floating-point numbers.  Arrays are sequence types and behave very much like lists, except that the type of objects
/// stored in them is constrained.
#[native_module("array", types = [Array])]
impl ArrayModule {
    #[constant("typecodes")]
    const TYPECODES: &str = items::CODES;

    #[constant("ArrayType")]
    const ARRAY_TYPE: ClassConstant = ClassConstant(Array::type_object);

    #[exec]
    fn exec(vm: &Vm, _module: &Value) -> PyResult<()> {
        thread_local! { static KNOWN: Cell<bool> = const { Cell::new(false) }; }
        if !KNOWN.replace(true) {
            buffer::register(exporter);
        }
        let vm = vm.handle();
        Err(vm.clone().defer(async move {
            let module = snakelet_vm::import::import_module(&vm, "collections.abc").await?;
            let class = vm.attr(&module, "MutableSequence").await?;
            let register = vm.attr(&class, "register").await?;
            vm.call(&register, vec![Array::type_object().into_value()]).await
        }))
    }

    /// Internal. Used for pickling support.
    #[function("_array_reconstructor(arraytype, typecode, mformat_code, items, /)")]
    fn reconstruct(vm: &Vm, arraytype: &Value, typecode: &Text, mformat_code: i64, items: &Value) -> PyResult {
        let Some(class) = arraytype.to_ref::<Type>() else {
            let name = vm.type_name(arraytype);
            return Err(vm.type_error(format!("first argument must be a type object, not {name}")));
        };
        if !class.is_subtype(&Array::type_object()) {
            let name = class.name();
            return Err(vm.type_error(format!("{name} is not a subtype of array.array")));
        }
        let code = typecode.get(0).and_then(|code| u8::try_from(code).ok()).unwrap_or(0);
        let (Some(size), 1) = (items::size_of_code(code), typecode.len()) else {
            return Err(vm.value_error("second argument must be a valid type code"));
        };
        let Some((width, signed, float, big_endian)) = items::described(mformat_code) else {
            return Err(vm.value_error("third argument must be a valid machine format code."));
        };
        let Some(bytes) = items.downcast::<snakelet_vm::types::bytes::Bytes>() else {
            let name = vm.type_name(items);
            return Err(vm.type_error(format!("fourth argument should be bytes, not {name}")));
        };
        if bytes.as_slice().len() % width != 0 {
            return Err(vm.value_error("bytes length not a multiple of item size"));
        }
        let made = vm.new_instance(arraytype, Array::empty(code))?;
        let Some(array) = made.to_ref::<Array>() else { return Ok(made) };
        for raw in bytes.as_slice().chunks_exact(width) {
            let mut raw = raw.to_vec();
            if big_endian {
                raw.reverse();
            }
            if mformat_code >= 18 || width == size {
                array.append_bytes(vm, &raw)?;
                continue;
            }
            let from = match (float, width, signed) {
                (true, 4, _) => b'f',
                (true, _, _) => b'd',
                (_, 1, true) => b'b',
                (_, 1, false) => b'B',
                (_, 2, true) => b'h',
                (_, 2, false) => b'H',
                (_, 4, true) => b'i',
                (_, 4, false) => b'I',
                (_, _, true) => b'q',
                _ => b'Q',
            };
            let item = items::unpack(vm, from, &raw)?;
            let packed = items::pack(vm, code, &item)?;
            array.append_bytes(vm, &packed[..size])?;
        }
        Ok(made)
    }
}

/// Declares module `array`.
pub struct ArrayModule;
