//! `memoryview`: a window on the contents of bytes, bytearrays and other exporters (see `buffer`).
//!
//! A view knows where its first item is, and for each dimension the count of items and the distance between them in bytes. The
//! exporter counts the views of it that are not released yet. Every access checks that it is within the exporter's bytes.

use std::borrow::Cow;
use std::cell::Cell;

use snakelet_macros::{methods, native_type};

use crate::errors::Exc;
use crate::native::Clamped;
use crate::object::{Native, VmCell};
use crate::types::bytes::Bytes;
use crate::types::bytes_methods::transform;
use crate::types::iterators::SequenceIterator;
use crate::types::slice::Slice;
use crate::types::slots::CompareOp;
use crate::types::tuple::Tuple;
use crate::types::typeobject::TypeFlags;
use crate::types::{buffer, generic_alias};
use crate::{PyResult, Raised, Value, Vm, VmRef};

/// The most dimensions a view may have.
const MAX_DIMENSIONS: usize = 64;

/// The payload of memoryviews.
#[native_type(
    name = "memoryview",
    doc = "A view of the contents of another object, without a copy.",
    flags(sequence, weak_references)
)]
pub struct MemoryView {
    /// The exporting object; `None` once released.
    base: VmCell<Option<Value>>,
    /// Position of the first item in the exporter's bytes.
    offset: usize,
    shape: Vec<usize>,
    strides: Vec<isize>,
    /// As module `struct` writes it.
    format: u8,
    read_only: bool,
    /// The hash, once asked for: it stays when the view is released.
    hash: Cell<Option<i64>>,
    /// How many calls of Python code need the contents just now.
    busy: Cell<usize>,
    /// Its exporter is being told of its end: there can't be further views.
    is_restricted: Cell<bool>,
    /// An object with a `__buffer__` or `__release_buffer__` of its own, and the view that it gave out.
    lender: VmCell<Option<(Value, Value)>>,
}

impl Drop for MemoryView {
    fn drop(&mut self) {
        self.let_go();
    }
}

/// Whether a value is a memoryview.
pub fn is_memoryview(value: &Value) -> bool {
    value.downcast::<MemoryView>().is_some()
}

/// The size of an item, 0 for unknown formats.
fn item_size(format: u8) -> usize {
    match format {
        b'B' | b'b' | b'c' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'l' | b'L' | b'f' | b'n' | b'N' | b'P' => 4,
        b'q' | b'Q' | b'd' => 8,
        _ => 0,
    }
}

/// The distances of a view whose items stand one after the other.
fn contiguous_strides(shape: &[usize], item_size: usize) -> Vec<isize> {
    let mut strides = vec![0; shape.len()];
    let mut stride = item_size as isize;
    for (place, &count) in strides.iter_mut().zip(shape).rev() {
        *place = stride;
        stride = stride.saturating_mul(count as isize);
    }
    strides
}

impl MemoryView {
    /// A view of all of an object's contents.
    pub fn of(vm: &Vm, object: &Value) -> PyResult<MemoryView> {
        if let Some(view) = object.downcast::<MemoryView>() {
            view.base_to_share(vm)?;
            return Ok(view.part(view.offset, view.shape.clone(), view.strides.clone()));
        }
        let (length, format, read_only) = if let Some(bytes) = object.downcast::<Bytes>() {
            (bytes.as_slice().len(), b'B', true)
        } else if let Some(exported) = buffer::exported(object) {
            (exported.bytes.borrow().len(), exported.format, false)
        } else if let Some(view) = buffer::behind(object) {
            let released = "operation forbidden on released PickleBuffer object";
            return MemoryView::of(vm, &view.ok_or_else(|| vm.value_error(released))?);
        } else {
            let name = vm.type_name(object);
            return Err(vm.type_error(format!("memoryview: a bytes-like object is required, not '{name}'")));
        };
        let size = item_size(format).max(1);
        let view = MemoryView::new(0, vec![length / size], vec![size as isize], format, read_only);
        view.hold(object);
        Ok(view)
    }

    /// A view that looks at nothing yet.
    fn new(offset: usize, shape: Vec<usize>, strides: Vec<isize>, format: u8, read_only: bool) -> MemoryView {
        MemoryView {
            base: VmCell::default(),
            offset,
            shape,
            strides,
            format,
            read_only,
            hash: Cell::new(None),
            busy: Cell::new(0),
            is_restricted: Cell::new(false),
            lender: VmCell::default(),
        }
    }

    /// `release()`: refused while the contents are needed. An object with a `__release_buffer__` is told.
    fn release_now(&self, vm: &Vm) -> PyResult {
        match self.busy.get() {
            0 => {}
            1 => return Err(vm.error(Exc::BufferError, "memoryview has 1 exported buffer")),
            count => {
                return Err(vm.error(Exc::BufferError, &format!("memoryview has {count} exported buffers")));
            }
        }
        self.let_go();
        let Some((object, given)) = self.lender.replace(None) else { return Ok(Value::NONE) };
        let vm = vm.handle();
        let Some(inner) = given.to_ref::<MemoryView>() else { return Ok(Value::NONE) };
        Err(vm.defer(async move {
            // A view of something else that Python code gave is its own; one of the object itself ends with this view.
            let restricted = !overrides(&vm, &object, &crate::name!(__buffer__));
            inner.is_restricted.set(restricted);
            let own = restricted || inner.is_of(&object);
            let name = crate::name!(__release_buffer__);
            let told = match overrides(&vm, &object, &name) {
                true => vm.call_special(&object, &name, vec![given]).await,
                false => None,
            };
            if own {
                inner.let_go();
            }
            told.unwrap_or(Ok(Value::NONE)).map(|_| Value::NONE)
        }))
    }

    /// A view of an object's contents as its `__buffer__` method gives them.
    async fn lent(vm: VmRef, object: Value, flags: i64) -> PyResult {
        let name = crate::name!(__buffer__);
        let Some(given) = vm.call_special(&object, &name, vec![Value::from_i64(flags)]).await else {
            return MemoryView::of(&vm, &object).map(Native::into_value);
        };
        let given = given?;
        if given.downcast::<MemoryView>().is_none() {
            return Err(vm.type_error("__buffer__ returned non-memoryview object"));
        }
        let view = MemoryView::of(&vm, &given)?;
        view.lender.set(Some((object, given)));
        Ok(view.into_value())
    }

    fn hold(&self, object: &Value) {
        if let Some(exported) = buffer::exported(object) {
            exported.exports.set(exported.exports.get() + 1);
        }
        self.base.set(Some(object.clone()));
    }

    fn let_go(&self) {
        if let Some(object) = self.base.replace(None)
            && let Some(exported) = buffer::exported(&object)
        {
            exported.exports.set(exported.exports.get().saturating_sub(1));
        }
    }

    /// A further view of the same object.
    fn part(&self, offset: usize, shape: Vec<usize>, strides: Vec<isize>) -> MemoryView {
        let (format, read_only) = (self.format, self.read_only);
        let part = MemoryView::new(offset, shape, strides, format, read_only);
        if let Some(object) = self.base.borrow() {
            part.hold(object);
        }
        part
    }

    /// The exporting object, or the ValueError of a released view.
    fn base(&self, vm: &Vm) -> PyResult<&Value> {
        self.base.borrow().as_ref().ok_or_else(|| vm.value_error("operation forbidden on released memoryview object"))
    }

    /// The same for a further view of it.
    fn base_to_share(&self, vm: &Vm) -> PyResult<&Value> {
        if self.is_restricted.get() {
            return Err(vm.value_error("cannot create new view on restricted memoryview"));
        }
        self.base(vm)
    }

    /// Whether it looks at this object.
    pub fn is_of(&self, exporter: &Value) -> bool {
        self.base.borrow().as_ref().is_some_and(|base| base.is(exporter))
    }

    /// All bytes of the exporter.
    fn raw(&self) -> &[u8] {
        match self.base.borrow() {
            Some(object) => match object.downcast::<Bytes>() {
                Some(bytes) => bytes.as_slice(),
                None => buffer::exported(object).map_or(&[], |exported| exported.bytes.borrow()),
            },
            None => &[],
        }
    }

    fn item_size(&self) -> usize {
        item_size(self.format).max(1)
    }

    fn count(&self) -> usize {
        self.shape.iter().product()
    }

    fn byte_count(&self) -> usize {
        self.count() * self.item_size()
    }

    pub(crate) fn is_c_contiguous(&self) -> bool {
        self.count() == 0 || self.fits(self.shape.iter().zip(&self.strides).rev())
    }

    fn is_f_contiguous(&self) -> bool {
        self.count() == 0 || self.fits(self.shape.iter().zip(&self.strides))
    }

    /// Whether the dimensions, from the innermost on, leave no gaps.
    fn fits<'a>(&self, dimensions: impl Iterator<Item = (&'a usize, &'a isize)>) -> bool {
        let mut expected = self.item_size() as isize;
        for (&count, &stride) in dimensions {
            if count > 1 && stride != expected {
                return false;
            }
            expected *= count as isize;
        }
        true
    }

    /// The positions of all items, in order.
    fn positions(&self) -> Vec<usize> {
        let mut positions = vec![self.offset];
        for (&count, &stride) in self.shape.iter().zip(&self.strides) {
            let outer = positions;
            positions = Vec::with_capacity(outer.len() * count);
            for start in outer {
                positions.extend((0..count).map(|index| (start as isize + stride * index as isize) as usize));
            }
        }
        positions
    }

    /// The view's bytes in order; `None` when released.
    pub fn contents(&self) -> Option<Cow<'_, [u8]>> {
        self.base.borrow().as_ref()?;
        let raw = self.raw();
        if self.is_c_contiguous() {
            return Some(Cow::Borrowed(raw.get(self.offset..self.offset + self.byte_count()).unwrap_or(&[])));
        }
        let size = self.item_size();
        let items = self.positions();
        let bytes = items.iter().flat_map(|&at| raw.get(at..at + size).unwrap_or(&[]).iter().copied());
        Some(Cow::Owned(bytes.collect()))
    }

    /// How many bytes may be written, if any may and they stand one after the other.
    pub fn writable_length(&self) -> Option<usize> {
        let writable = !self.read_only && self.is_c_contiguous() && self.base.borrow().is_some();
        writable.then(|| self.byte_count())
    }

    /// Writes bytes at a position of a view with a `writable_length`, which they must not exceed.
    pub fn write_at(&self, at: usize, bytes: &[u8]) {
        self.write(self.offset + at, bytes);
    }

    /// The item at a position.
    fn unpack(&self, vm: &Vm, at: usize) -> PyResult {
        let raw = self.raw().get(at..at + self.item_size()).unwrap_or(&[]);
        unpack(self.format, raw).ok_or_else(|| {
            let format = self.format as char;
            vm.error(Exc::NotImplementedError, &format!("memoryview: format {format} not supported"))
        })
    }

    fn pack(&self, vm: &Vm, at: usize, value: &Value) -> PyResult<()> {
        let format = self.format as char;
        let packed = match pack(self.format, value) {
            Ok(packed) => packed,
            Err(Unpackable::Type) => {
                return Err(vm.type_error(format!("memoryview: invalid type for format '{format}'")));
            }
            Err(Unpackable::Value) => {
                return Err(vm.value_error(format!("memoryview: invalid value for format '{format}'")));
            }
        };
        self.write(at, &packed[..self.item_size()]);
        Ok(())
    }

    fn write(&self, at: usize, bytes: &[u8]) {
        if let Some(object) = self.base.borrow()
            && let Some(exported) = buffer::exported(object)
            && let Some(place) = exported.bytes.borrow_mut().get_mut(at..at + bytes.len())
        {
            place.copy_from_slice(bytes);
        }
    }

    fn list(&self, vm: &Vm, dimension: usize, offset: usize) -> PyResult {
        let Some((&count, &stride)) = self.shape.get(dimension).zip(self.strides.get(dimension)) else {
            return self.unpack(vm, offset);
        };
        let mut items = vm.vec_with_capacity(count)?;
        for index in 0..count {
            items.push(self.list(vm, dimension + 1, (offset as isize + stride * index as isize) as usize)?);
        }
        Ok(Value::from_list(items))
    }

    /// The position of the item at an index of a dimension.
    fn step(&self, vm: &Vm, offset: usize, dimension: usize, index: isize) -> PyResult<usize> {
        let count = self.shape[dimension];
        match crate::types::sequence::position(index, count) {
            Some(index) => Ok((offset as isize + self.strides[dimension] * index as isize) as usize),
            None => {
                let number = dimension + 1;
                Err(vm.index_error(format!("index out of bounds on dimension {number}")))
            }
        }
    }

    /// Where a key of ints leads.
    fn locate(&self, vm: &Vm, key: &Value) -> PyResult<Place> {
        self.base(vm)?;
        if let Some(slice) = key.downcast::<Slice>() {
            if self.shape.len() != 1 {
                return Err(not_implemented(vm, "multi-dimensional slicing is not implemented"));
            }
            self.base_to_share(vm)?;
            let bounds = slice.bounds(vm, self.shape[0])?;
            let offset = (self.offset as isize + self.strides[0] * bounds.start) as usize;
            return Ok(Place::Part(self.part(offset, vec![bounds.count], vec![self.strides[0] * bounds.step])));
        }
        let indices = match key.downcast::<Tuple>() {
            Some(tuple) => {
                if tuple.items().is_empty() && !self.shape.is_empty() {
                    return Err(not_implemented(vm, "sub-views are not implemented"));
                }
                tuple.items()
            }
            None if key.is_int() => {
                if self.shape.is_empty() {
                    return Err(vm.type_error("invalid indexing of 0-dim memory"));
                }
                if self.shape.len() > 1 {
                    return Err(not_implemented(vm, "multi-dimensional sub-views are not implemented"));
                }
                std::slice::from_ref(key)
            }
            None => return Err(vm.type_error("memoryview: invalid slice key")),
        };
        if !indices.is_empty() && indices.iter().all(|index| index.downcast::<Slice>().is_some()) {
            return Err(not_implemented(vm, "multi-dimensional slicing is not implemented"));
        }
        if !indices.iter().all(Value::is_int) {
            return Err(vm.type_error("memoryview: invalid slice key"));
        }
        if indices.len() != self.shape.len() {
            if indices.len() < self.shape.len() {
                return Err(not_implemented(vm, "sub-views are not implemented"));
            }
            let (dimensions, given) = (self.shape.len(), indices.len());
            return Err(vm.type_error(format!("cannot index {dimensions}-dimension view with {given}-element tuple")));
        }
        let mut offset = self.offset;
        for (dimension, index) in indices.iter().enumerate() {
            let index = index.to_i64().and_then(|index| isize::try_from(index).ok());
            let Some(index) = index else {
                return Err(vm.index_error("cannot fit 'int' into an index-sized integer"));
            };
            offset = self.step(vm, offset, dimension, index)?;
        }
        Ok(Place::Item(offset))
    }

    fn tuple(numbers: impl Iterator<Item = i64>) -> Value {
        Value::from_tuple(numbers.map(Value::from_i64).collect())
    }
}

enum Place {
    Item(usize),
    Part(MemoryView),
}

#[cold]
fn not_implemented(vm: &Vm, message: &str) -> Raised {
    vm.error(Exc::NotImplementedError, message)
}

/// Whether a key must have its `__index__` methods called first.
fn needs_index(vm: &Vm, key: &Value) -> bool {
    if let Some(slice) = key.downcast::<Slice>() {
        return !slice.is_plain();
    }
    if let Some(tuple) = key.downcast::<Tuple>() {
        let indexable = |item: &Value| item.is_int() || vm.type_of(item).slots().index.is_some();
        return tuple.items().iter().all(indexable) && !tuple.items().iter().all(Value::is_int);
    }
    key.is_object() && !key.is_int() && vm.type_of(key).slots().index.is_some()
}

/// A key whose `__index__` methods have been called.
async fn plain_key(vm: VmRef, key: &Value) -> PyResult {
    let Some(tuple) = key.downcast::<Tuple>() else { return vm.plain_subscript(key).await };
    let mut items = Vec::with_capacity(tuple.items().len());
    for item in tuple.items() {
        items.push(vm.index(item).await?);
    }
    Ok(Value::from_tuple(items))
}

/// Whether a special method is no builtin one.
fn is_python(method: &Value) -> bool {
    method.downcast::<crate::native::MethodDescriptor>().is_none()
}

/// `inspect.BufferFlags.FULL_RO`
const FULL_READ_ONLY: i64 = 284;

fn unpack(format: u8, raw: &[u8]) -> Option<Value> {
    Some(match format {
        b'B' => Value::small_int((*raw.first()?).into()),
        b'b' => Value::small_int((*raw.first()? as i8).into()),
        b'c' => Value::from_bytes(vec![*raw.first()?]),
        b'?' => Value::bool(*raw.first()? != 0),
        b'h' => Value::from_i64(i16::from_le_bytes(*raw.first_chunk()?).into()),
        b'H' => Value::from_i64(u16::from_le_bytes(*raw.first_chunk()?).into()),
        b'i' | b'l' | b'n' => Value::from_i64(i32::from_le_bytes(*raw.first_chunk()?).into()),
        b'I' | b'L' | b'N' | b'P' => Value::from_i64(u32::from_le_bytes(*raw.first_chunk()?).into()),
        b'q' => Value::from_i64(i64::from_le_bytes(*raw.first_chunk()?)),
        b'Q' => Value::from_bigint(u64::from_le_bytes(*raw.first_chunk()?).into()),
        b'e' => Value::float(half_value(u16::from_le_bytes(*raw.first_chunk()?))),
        b'f' => Value::float(f32::from_le_bytes(*raw.first_chunk()?).into()),
        b'd' => Value::float(f64::from_le_bytes(*raw.first_chunk()?)),
        _ => return None,
    })
}

/// The value of a half-precision float.
fn half_value(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let size = match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    };
    if bits >> 15 == 0 { size } else { -size }
}

/// The half-precision float nearest to `x`, unless it is too large.
fn half_bits(x: f64) -> Option<u16> {
    let sign = if x.is_sign_negative() { 0x8000 } else { 0 };
    let size = x.abs();
    let bits = if size.is_nan() {
        0x7e00
    } else if size.is_infinite() {
        0x7c00
    } else if size >= 65520.0 {
        return None;
    } else if size < 2f64.powi(-14) {
        (size * 2f64.powi(24)).round_ties_even() as u16
    } else {
        let exponent = (size.to_bits() >> 52) as i32 - 1023;
        let fraction = (size * 2f64.powi(10 - exponent)).round_ties_even() as i32;
        (((exponent + 15) << 10) + fraction - 1024) as u16
    };
    Some(sign | bits)
}

enum Unpackable {
    Type,
    Value,
}

/// The bytes of an item, the first ones of eight.
fn pack(format: u8, value: &Value) -> Result<[u8; 8], Unpackable> {
    let mut packed = [0; 8];
    match format {
        b'c' => {
            let bytes = value.downcast::<Bytes>().ok_or(Unpackable::Type)?;
            let [byte] = bytes.as_slice() else { return Err(Unpackable::Value) };
            packed[0] = *byte;
        }
        b'?' => {
            let truth = match value.as_bool() {
                Some(truth) => truth,
                None => value.to_i64().ok_or(Unpackable::Type)? != 0,
            };
            packed[0] = truth.into();
        }
        b'f' | b'd' | b'e' => {
            let number = match value.to_float() {
                Some(number) => number,
                None => value.to_i64().ok_or(Unpackable::Type)? as f64,
            };
            let number = crate::value::storable(number);
            if format == b'e' {
                packed[..2].copy_from_slice(&half_bits(number).ok_or(Unpackable::Value)?.to_le_bytes());
            } else if format == b'd' {
                packed = number.to_le_bytes();
            } else {
                packed[..4].copy_from_slice(&(number as f32).to_le_bytes());
            }
        }
        _ => {
            use num_traits::ToPrimitive;
            let number = value.to_bigint().ok_or(Unpackable::Type)?.to_i128().ok_or(Unpackable::Value)?;
            let bits = 8 * item_size(format) as u32;
            let signed = format.is_ascii_lowercase();
            let (low, high) = if signed { (-(1i128 << (bits - 1)), 1i128 << (bits - 1)) } else { (0, 1i128 << bits) };
            if number < low || number >= high {
                return Err(Unpackable::Value);
            }
            packed = (number as u64).to_le_bytes();
        }
    }
    Ok(packed)
}

/// Whether Python code defines the special method for an object.
fn overrides(vm: &Vm, object: &Value, name: &Value) -> bool {
    vm.lookup_special(object, name).is_some_and(|own| is_python(&own))
}

#[methods]
impl MemoryView {
    #[new("memoryview(object)")]
    fn new_view(vm: &Vm, _cls: &Value, object: &Value) -> PyResult {
        if vm.type_of(object).has_flag(TypeFlags::HEAP)
            && (overrides(vm, object, &crate::name!(__buffer__))
                || overrides(vm, object, &crate::name!(__release_buffer__)))
        {
            return Err(vm.defer(MemoryView::lent(vm.handle(), object.clone(), FULL_READ_ONLY)));
        }
        MemoryView::of(vm, object).map(Native::into_value)
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Value) -> String {
        let released = this.downcast::<MemoryView>().is_some_and(|view| view.base.borrow().is_none());
        format!("<{}memory at {:#x}>", if released { "released " } else { "" }, vm.id_of(this))
    }

    #[slot(hash)]
    fn hash(vm: &Vm, this: &Value) -> PyResult {
        let Some(view) = this.to_ref::<MemoryView>() else { return Ok(Value::NONE) };
        let this = &*view;
        if let Some(known) = this.hash.get() {
            return Ok(Value::from_i64(known));
        }
        let base = this.base(vm)?.clone();
        if !this.read_only {
            return Err(vm.value_error("cannot hash writable memoryview object"));
        }
        if !matches!(this.format, b'B' | b'b' | b'c') {
            return Err(vm.value_error("memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
        }
        let finish = |view: &MemoryView| {
            let bytes = view.contents().map_or(Vec::new(), Cow::into_owned);
            let hash = Bytes::new(bytes).hash_value() as i64;
            view.hash.set(Some(hash));
            Value::from_i64(hash)
        };
        if base.downcast_exact::<Bytes>().is_some() {
            return Ok(finish(this));
        }
        // The exporter must be hashable, too.
        let handle = vm.handle();
        Err(vm.defer(async move {
            view.busy.set(view.busy.get() + 1);
            let hashed = handle.hash(&base).await;
            view.busy.set(view.busy.get() - 1);
            hashed.map(|_| finish(&view))
        }))
    }

    #[slot(compare)]
    fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let equal = match op {
            CompareOp::Eq => true,
            CompareOp::Ne => false,
            _ => return Ok(Value::NOT_IMPLEMENTED),
        };
        if left.is(right) {
            return Ok(Value::bool(equal));
        }
        let (Some(a), Some(_)) = (left.downcast::<MemoryView>(), buffer::contents(right)) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if a.base.borrow().is_none() {
            return Ok(Value::bool(!equal));
        }
        let b = MemoryView::of(vm, right)?;
        if a.shape != b.shape {
            return Ok(Value::bool(!equal));
        }
        if a.format == b.format && !matches!(a.format, b'f' | b'd' | b'e' | b'?') {
            return Ok(Value::bool((a.contents() == b.contents()) == equal));
        }
        for (x, y) in a.positions().into_iter().zip(b.positions()) {
            let (x, y) = (a.unpack(vm, x)?, b.unpack(vm, y)?);
            let same = match (x.to_float(), y.to_float()) {
                (Some(x), Some(y)) => x == y,
                _ => vm.eq_now(&x, &y) == Some(true),
            };
            if !same {
                return Ok(Value::bool(!equal));
            }
        }
        Ok(Value::bool(equal))
    }

    #[slot(len)]
    fn length(vm: &Vm, this: &MemoryView) -> PyResult<usize> {
        this.base(vm)?;
        match this.shape.first() {
            Some(&count) => Ok(count),
            None => Err(vm.type_error("0-dim memory has no length")),
        }
    }

    #[slot(getitem)]
    fn getitem(vm: &Vm, this: &Value, key: &Value) -> PyResult {
        let Some(view) = this.downcast::<MemoryView>() else { return Ok(Value::NONE) };
        if needs_index(vm, key) {
            view.base(vm)?;
            if key.downcast::<Slice>().is_some() {
                // The part looks at the contents whatever becomes of this view.
                let whole = view.part(view.offset, view.shape.clone(), view.strides.clone());
                return Err(vm.get_item_later(&whole.into_value(), key));
            }
            let (handle, this, key) = (vm.handle(), this.clone(), key.clone());
            return Err(vm.defer(async move {
                let key = plain_key(handle, &key).await?;
                handle.item(&this, &key).await
            }));
        }
        match view.locate(vm, key)? {
            Place::Item(at) => view.unpack(vm, at),
            Place::Part(part) => Ok(part.into_value()),
        }
    }

    #[slot(setitem)]
    fn setitem(vm: &Vm, this: &Value, key: &Value, value: Option<&Value>) -> PyResult {
        let Some(view) = this.downcast::<MemoryView>() else { return Ok(Value::NONE) };
        view.base(vm)?;
        if view.read_only {
            return Err(vm.type_error("cannot modify read-only memory"));
        }
        let Some(value) = value else { return Err(vm.type_error("cannot delete memory")) };
        if needs_index(vm, key) {
            let (handle, this, key, value) = (vm.handle(), this.clone(), key.clone(), value.clone());
            return Err(vm.defer(async move {
                let key = plain_key(handle, &key).await?;
                handle.store_item(&this, &key, &value).await.map(|()| Value::NONE)
            }));
        }
        match view.locate(vm, key)? {
            Place::Item(at) if value.is_object() && matches!(view.format, b'f' | b'd' | b'e' | b'?') => {
                let slots = vm.type_of(value).slots();
                let convertible = view.format == b'?' || slots.float.is_some() || slots.index.is_some();
                if value.is_int() || value.to_float().is_some() || !convertible {
                    return view.pack(vm, at, value).map(|()| Value::NONE);
                }
                let (handle, this, key, value) = (vm.handle(), this.clone(), key.clone(), value.clone());
                let truth = view.format == b'?';
                return Err(vm.defer(async move {
                    let number = if truth {
                        Value::bool(handle.truth(&value).await?)
                    } else {
                        Value::float(handle.float(&value).await?)
                    };
                    handle.store_item(&this, &key, &number).await.map(|()| Value::NONE)
                }));
            }
            Place::Item(at) => match vm.index_now(value) {
                None => {
                    let (handle, this, key, value) = (vm.handle(), this.clone(), key.clone(), value.clone());
                    return Err(vm.defer(async move {
                        let value = handle.index(&value).await?;
                        handle.store_item(&this, &key, &value).await.map(|()| Value::NONE)
                    }));
                }
                Some(Err(_)) => {
                    // No int: a float, bytes, or what is refused below.
                    drop(vm.catch(Exc::TypeError));
                    view.pack(vm, at, value)?;
                }
                Some(Ok(value)) => view.pack(vm, at, &value)?,
            },
            Place::Part(part) => {
                let source = MemoryView::of(vm, value)?;
                if source.format != part.format || source.shape != part.shape {
                    let message = "memoryview assignment: lvalue and rvalue have different structures";
                    return Err(vm.value_error(message));
                }
                let bytes = source.contents().map_or(Vec::new(), Cow::into_owned);
                let items = bytes.chunks(part.item_size());
                part.positions().into_iter().zip(items).for_each(|(at, item)| part.write(at, item));
            }
        }
        Ok(Value::NONE)
    }

    #[slot(iter)]
    fn iter(vm: &Vm, this: &Value) -> PyResult {
        if let Some(view) = this.downcast::<MemoryView>() {
            view.base(vm)?;
            match view.shape.len() {
                0 => return Err(vm.type_error("invalid indexing of 0-dim memory")),
                1 => {}
                _ => return Err(not_implemented(vm, "multi-dimensional sub-views are not implemented")),
            }
        }
        Ok(SequenceIterator::new(this.clone()).into_value())
    }

    /// Releases the object that the view looks at.
    #[method("release(self, /)")]
    fn release(vm: &Vm, this: &MemoryView) -> PyResult {
        this.release_now(vm)
    }

    /// A view of the view.
    #[method("__buffer__(self, flags, /)")]
    fn buffer(vm: &Vm, this: &Value, flags: i32) -> PyResult {
        buffer::view_for(vm, this, flags)
    }

    /// Releases a view that `__buffer__` gave out.
    #[method("__release_buffer__(self, buffer, /)")]
    fn release_buffer(vm: &Vm, this: &Value, buffer: &Value) -> PyResult {
        buffer::release(vm, this, buffer)
    }

    /// A view for a consumer with these demands (PEP 688).
    #[classmethod("_from_flags(cls, /, object, flags)")]
    async fn from_flags(vm: VmRef, _cls: Value, object: Value, flags: i32) -> PyResult {
        let view = MemoryView::lent(vm, object, flags.into()).await?;
        if let (0, Some(made)) = (flags & 1, view.downcast::<MemoryView>())
            && !made.read_only
        {
            let mut shown = made.part(made.offset, made.shape.clone(), made.strides.clone());
            shown.read_only = true;
            shown.lender.set(made.lender.replace(None));
            return Ok(shown.into_value());
        }
        Ok(view)
    }

    /// The view itself.
    #[method("__enter__(self, /)")]
    fn enter(vm: &Vm, this: &Value) -> PyResult {
        if let Some(view) = this.downcast::<MemoryView>() {
            view.base(vm)?;
        }
        Ok(this.clone())
    }

    /// Releases the object that the view looks at.
    #[method("__exit__(self, /, *exc_info)")]
    fn exit(vm: &Vm, this: &MemoryView, exc_info: &[Value]) -> PyResult {
        let _ = exc_info;
        this.release_now(vm)
    }

    /// The contents as bytes.
    #[method("tobytes(self, /, order='C')")]
    fn tobytes(vm: &Vm, this: &MemoryView, order: Option<&Value>) -> PyResult {
        this.base(vm)?;
        let order = order.filter(|order| !order.is_none()).and_then(Value::as_text);
        if order.is_some_and(|order| !["C", "F", "A"].iter().any(|known| *order == **known)) {
            return Err(vm.value_error("order must be 'C', 'F' or 'A'"));
        }
        vm.check_size(this.byte_count())?;
        if order.is_some_and(|order| *order == "F") && this.shape.len() > 1 {
            let shape = this.shape.iter().rev().copied().collect();
            let strides = this.strides.iter().rev().copied().collect();
            let reversed = MemoryView::new(this.offset, shape, strides, this.format, true);
            let (size, raw) = (this.item_size(), this.raw());
            let items = reversed.positions();
            let bytes = items.iter().flat_map(|&at| raw.get(at..at + size).unwrap_or(&[]).iter().copied());
            return Ok(Value::from_bytes(bytes.collect()));
        }
        Ok(Value::from_bytes(this.contents().map_or(Vec::new(), Cow::into_owned)))
    }

    /// The items as a list, nested for several dimensions.
    #[method("tolist(self, /)")]
    fn tolist(vm: &Vm, this: &MemoryView) -> PyResult {
        this.base(vm)?;
        this.list(vm, 0, this.offset)
    }

    /// The contents as hexadecimal digits, with separators between groups.
    #[method("hex(self, /, sep=<unrepresentable>, bytes_per_sep=1)")]
    fn hex(vm: &Vm, this: &Value, sep: Option<&Value>, bytes_per_sep: i32) -> PyResult {
        let Some(view) = this.to_ref::<MemoryView>() else { return Ok(Value::NONE) };
        let this = &*view;
        this.base(vm)?;
        if let Some(sep) = sep
            && vm.type_of(sep).has_flag(TypeFlags::HEAP)
        {
            let (handle, sep, view) = (vm.handle(), sep.clone(), view.clone());
            return Err(vm.defer(async move {
                view.busy.set(view.busy.get() + 1);
                let length = handle.len(&sep).await;
                view.busy.set(view.busy.get() - 1);
                if length? != 1 {
                    return Err(handle.value_error("sep must be length 1."));
                }
                transform::hex(&handle, &view.contents().unwrap_or_default(), Some(&sep), bytes_per_sep)
            }));
        }
        transform::hex(vm, &this.contents().unwrap_or_default(), sep, bytes_per_sep)
    }

    /// The same view, but read-only.
    #[method("toreadonly(self, /)")]
    fn toreadonly(vm: &Vm, this: &MemoryView) -> PyResult {
        this.base_to_share(vm)?;
        let mut view = this.part(this.offset, this.shape.clone(), this.strides.clone());
        view.read_only = true;
        Ok(view.into_value())
    }

    /// The same contents as items of another format, or in another shape.
    #[method("cast(self, /, format, shape=<unrepresentable>)")]
    fn cast(vm: &Vm, this: &MemoryView, format: &snakelet_text::Text, shape: Option<&Value>) -> PyResult {
        this.base_to_share(vm)?;
        if !this.is_c_contiguous() {
            return Err(vm.type_error("memoryview: casts are restricted to C-contiguous views"));
        }
        let new = match format.as_str_if_ascii().map(str::as_bytes) {
            Some(&[format] | &[b'@', format]) if item_size(format) > 0 => format,
            _ => {
                return Err(vm.value_error(
                    "memoryview: destination format must be a native single character format prefixed with an \
                     optional '@'",
                ));
            }
        };
        let is_byte = |format: u8| matches!(format, b'B' | b'b' | b'c');
        if !is_byte(this.format) && !is_byte(new) {
            return Err(vm.type_error("memoryview: cannot cast between two non-byte formats"));
        }
        let (length, size) = (this.byte_count(), item_size(new));
        if !length.is_multiple_of(size) {
            return Err(vm.type_error("memoryview: length is not a multiple of itemsize"));
        }
        let mut view = this.part(this.offset, vec![length / size], vec![size as isize]);
        view.format = new;
        if let Some(shape) = shape {
            let Some(counts) = vm.sequence_now(shape) else {
                return Err(vm.type_error("shape must be a list or a tuple"));
            };
            if counts.len() > MAX_DIMENSIONS {
                return Err(vm.value_error("memoryview: number of dimensions must not exceed 64"));
            }
            if counts.len() > 1 && this.shape.len() > 1 {
                return Err(vm.type_error("memoryview: cast must be 1D -> ND or ND -> 1D"));
            }
            let mut new_shape = Vec::with_capacity(counts.len());
            let mut total = size;
            for count in &counts {
                let Some(count) = count.to_i64() else {
                    let message = "memoryview.cast(): elements of shape must be integers";
                    return Err(vm.type_error(message));
                };
                let Some(count) = usize::try_from(count).ok().filter(|&count| count > 0) else {
                    let message = "memoryview.cast(): elements of shape must be integers > 0";
                    return Err(vm.value_error(message));
                };
                total = total.saturating_mul(count);
                new_shape.push(count);
            }
            if total != length {
                return Err(vm.type_error("memoryview: product(shape) * itemsize != buffer size"));
            }
            view.strides = contiguous_strides(&new_shape, size);
            view.shape = new_shape;
        }
        Ok(view.into_value())
    }

    /// How many items are equal to the value.
    #[method("count(self, value, /)")]
    async fn count_of(vm: VmRef, this: Value, value: Value) -> PyResult<usize> {
        let iterator = vm.iter(&this).await?;
        let mut count = 0;
        while let Some(item) = vm.next(&iterator).await? {
            count += usize::from(vm.eq(&item, &value).await?);
            vm.breathe(1).await?;
        }
        Ok(count)
    }

    /// The index of the first item equal to the value; ValueError if there is none.
    #[method("index(self, value, start=0, stop=sys.maxsize, /)")]
    async fn index_of(
        vm: VmRef,
        this: Value,
        value: Value,
        start: Option<Clamped>,
        stop: Option<Clamped>,
    ) -> PyResult<usize> {
        let length = vm.len(&this).await?;
        let (start, stop) = (start.map_or(0, |start| start.0), stop.map_or(isize::MAX, |stop| stop.0));
        let (start, stop) = snakelet_text::search::clip_range(start, stop, length).unwrap_or((0, 0));
        for index in start..stop {
            let item = vm.item(&this, &Value::from_usize(index)).await?;
            if vm.eq(&item, &value).await? {
                return Ok(index);
            }
            vm.breathe(2).await?;
        }
        Err(vm.value_error("memoryview.index(x): x not found"))
    }

    /// See PEP 585.
    #[classmethod("__class_getitem__(cls, object, /)", text = "($type, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        generic_alias::alias(cls, object)
    }

    /// The object that the view looks at.
    #[getter("obj")]
    fn obj(vm: &Vm, this: &MemoryView) -> PyResult {
        this.base(vm).cloned()
    }

    /// The number of bytes.
    #[getter("nbytes")]
    fn nbytes(vm: &Vm, this: &MemoryView) -> PyResult<usize> {
        this.base(vm).map(|_| this.byte_count())
    }

    /// Whether the view cannot be written to.
    #[getter("readonly")]
    fn readonly(vm: &Vm, this: &MemoryView) -> PyResult<bool> {
        this.base(vm).map(|_| this.read_only)
    }

    /// The format of an item, as module struct writes it.
    #[getter("format")]
    fn format(vm: &Vm, this: &MemoryView) -> PyResult<String> {
        this.base(vm).map(|_| (this.format as char).to_string())
    }

    /// The size of an item in bytes.
    #[getter("itemsize")]
    fn itemsize(vm: &Vm, this: &MemoryView) -> PyResult<usize> {
        this.base(vm).map(|_| this.item_size())
    }

    /// The number of dimensions.
    #[getter("ndim")]
    fn ndim(vm: &Vm, this: &MemoryView) -> PyResult<usize> {
        this.base(vm).map(|_| this.shape.len())
    }

    /// The number of items in each dimension.
    #[getter("shape")]
    fn shape(vm: &Vm, this: &MemoryView) -> PyResult {
        this.base(vm).map(|_| MemoryView::tuple(this.shape.iter().map(|&count| count as i64)))
    }

    /// The distance between items in each dimension, in bytes.
    #[getter("strides")]
    fn strides(vm: &Vm, this: &MemoryView) -> PyResult {
        this.base(vm).map(|_| MemoryView::tuple(this.strides.iter().map(|&stride| stride as i64)))
    }

    /// Always empty.
    #[getter("suboffsets")]
    fn suboffsets(vm: &Vm, this: &MemoryView) -> PyResult {
        this.base(vm).map(|_| Value::from_tuple(Vec::new()))
    }

    /// Whether the items stand one after the other, the last index changing fastest.
    #[getter("c_contiguous")]
    fn c_contiguous(vm: &Vm, this: &MemoryView) -> PyResult<bool> {
        this.base(vm).map(|_| this.is_c_contiguous())
    }

    /// Whether the items stand one after the other, the first index changing fastest.
    #[getter("f_contiguous")]
    fn f_contiguous(vm: &Vm, this: &MemoryView) -> PyResult<bool> {
        this.base(vm).map(|_| this.is_f_contiguous())
    }

    /// Whether the items stand one after the other.
    #[getter("contiguous")]
    fn contiguous(vm: &Vm, this: &MemoryView) -> PyResult<bool> {
        this.base(vm).map(|_| this.is_c_contiguous() || this.is_f_contiguous())
    }
}
