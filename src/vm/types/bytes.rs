//! `bytes`: the payload, constructor and slots; the methods are in `bytes_methods`.

use std::cell::Cell;

use snakelet_macros::{methods, native_type};
use snakelet_text::{bytes, escape, hash_bytes};

use crate::object::Native;
use crate::protocol::item::Subscript;
use crate::types::bytes_methods::construct::{self, Source};
use crate::types::bytes_methods::{self as shared, byte_contains, concat_with, data};
use crate::types::sequence;
use crate::types::slots::CompareOp;
use crate::types::string_iterator::BytesIterator;
use crate::types::typeobject::TypeFlags;
use crate::{PyResult, Value, Vm};

/// The payload of bytes objects.
#[native_type(
    name = "bytes",
    doc = "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\nbytes(bytes_or_buffer) -> bytes\nbytes(int) -> so many zero bytes\nbytes() -> empty bytes\n\nAn immutable sequence of numbers from 0 to 255.",
    flags(subclassable, match_self)
)]
pub struct Bytes {
    bytes: Box<[u8]>,
    /// The hash, 0 while not computed.
    pub(crate) hash: Cell<u64>,
}

impl Bytes {
    pub fn new(bytes: Vec<u8>) -> Bytes {
        Bytes { bytes: bytes.into(), hash: Cell::new(0) }
    }

    #[inline]
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes
    }

    /// The hash as an unsigned number.
    pub fn hash_value(&self) -> u64 {
        let known = self.hash.get();
        if known != 0 {
            return known;
        }
        let hash = hash_bytes(crate::hash::key(), &self.bytes);
        let hash = if hash == u64::MAX { u64::MAX - 1 } else { hash };
        self.hash.set(hash);
        hash
    }
}

impl Value {
    /// A new bytes object.
    pub fn from_bytes(bytes: Vec<u8>) -> Value {
        Bytes::new(bytes).into_value()
    }
}

fn repeat(vm: &Vm, this: &Value, count: &Value) -> PyResult {
    match vm.repeat_count_now(count) {
        Some(count) => {
            let count = count?;
            if count == 1 && this.downcast_exact::<Bytes>().is_some() {
                return Ok(this.clone());
            }
            vm.check_size(data(this).len().saturating_mul(count))?;
            vm.reserved(bytes::repeat(data(this), count)).map(Value::from_bytes)
        }
        None => Err(vm.repeat_later(this, count, repeat)),
    }
}

#[methods(with = [Bytes::COMMON])]
impl Bytes {
    #[new("bytes(source=b'', encoding='utf-8', errors='strict')", family = "keywords", text = none)]
    fn new_bytes(
        vm: &Vm,
        cls: &Value,
        source: Option<&Value>,
        encoding: Option<&Value>,
        errors: Option<&Value>,
    ) -> PyResult {
        let is_exact = cls.is(Bytes::type_object().as_value());
        if let (Some(source), None, None, true) = (source, encoding, errors, is_exact)
            && source.downcast_exact::<Bytes>().is_some()
        {
            return Ok(source.clone());
        }
        if let (Some(source), None, None, true) = (source, encoding, errors, is_exact)
            && vm.type_of(source).has_flag(TypeFlags::HEAP)
            && vm.lookup_special(source, &crate::name!(__bytes__)).is_some()
        {
            let (vm, source) = (vm.handle(), source.clone());
            return Err(vm.defer(async move { Ok(construct::own_bytes(vm, &source).await?.unwrap_or_default()) }));
        }
        let source = Source::new(vm, "bytes", source, encoding, errors)?;
        construct::finish(vm, source, cls, |vm, cls, bytes| vm.new_instance(cls, Bytes::new(bytes)))
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Bytes) -> PyResult {
        vm.check_size(this.bytes.len())?;
        vm.new_text(escape::repr_bytes(&this.bytes))
    }

    #[slot(str)]
    fn str(vm: &Vm, this: &Bytes) -> PyResult {
        Bytes::repr(vm, this)
    }

    #[slot(hash)]
    fn hash_slot(this: &Bytes) -> i64 {
        this.hash_value() as i64
    }

    #[slot(compare)]
    fn compare(left: &Value, right: &Value, op: CompareOp) -> Value {
        match (left.downcast::<Bytes>(), right.downcast::<Bytes>()) {
            (Some(_), Some(_)) => shared::compare(left, right, op),
            _ => Value::NOT_IMPLEMENTED,
        }
    }

    /// A view of the contents.
    #[method("__buffer__(self, flags, /)")]
    fn buffer(vm: &Vm, this: &Value, flags: i32) -> PyResult {
        crate::types::buffer::view_for(vm, this, flags)
    }

    #[slot(len)]
    fn length(this: &Bytes) -> usize {
        this.bytes.len()
    }

    #[slot(contains)]
    fn contains(vm: &Vm, this: &Value, item: &Value) -> PyResult {
        byte_contains(vm, this, item)
    }

    #[slot(getitem)]
    fn getitem(vm: &Vm, this: &Value, key: &Value) -> PyResult {
        let bytes = data(this);
        match vm.subscript_now(key, "byte") {
            Some(Ok(Subscript::Index(index))) => match sequence::position(index, bytes.len()) {
                Some(at) => Ok(Value::small_int(bytes[at].into())),
                None => Err(vm.index_error("index out of range")),
            },
            Some(Ok(Subscript::Slice(slice))) => {
                let bounds = slice.bounds(vm, bytes.len())?;
                if bounds.count == bytes.len() && bounds.step == 1 && this.downcast_exact::<Bytes>().is_some() {
                    return Ok(this.clone());
                }
                shared::sliced(vm, bytes, bounds).map(Value::from_bytes)
            }
            Some(Err(raised)) => Err(raised),
            None => Err(vm.get_item_later(this, key)),
        }
    }

    #[slot(concat)]
    fn concat(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        if let (Some(left), Some(right)) = (this.downcast_exact::<Bytes>(), other.downcast_exact::<Bytes>()) {
            if left.bytes.is_empty() {
                return Ok(other.clone());
            }
            if right.bytes.is_empty() {
                return Ok(this.clone());
            }
        }
        concat_with(vm, this, other, "bytes").map(Value::from_bytes)
    }

    #[slot(repeat)]
    fn repeat(vm: &Vm, this: &Value, count: &Value) -> PyResult {
        repeat(vm, this, count)
    }

    #[slot(mod_)]
    fn modulo(vm: &Vm, this: &Value, args: &Value) -> PyResult {
        match this.downcast::<Bytes>() {
            Some(template) => crate::types::string_methods::percent::format_bytes(
                vm,
                template.bytes.to_vec(),
                args,
                Value::from_bytes,
            ),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.to_ref::<Bytes>().map_or(Value::NONE, |bytes| BytesIterator::new(bytes).into_value()))
    }

    /// The bytes themselves.
    #[method("__bytes__(self, /)")]
    fn dunder_bytes(this: &Value) -> Value {
        match this.downcast_exact::<Bytes>() {
            Some(_) => this.clone(),
            None => Value::from_bytes(data(this).to_vec()),
        }
    }

    /// For pickling.
    #[method("__getnewargs__(self, /)")]
    fn getnewargs(this: &Bytes) -> Value {
        Value::from_tuple(vec![Value::from_bytes(this.bytes.to_vec())])
    }

    /// The bytes that pairs of hexadecimal digits stand for.
    #[classmethod("fromhex(cls, string, /)", text = "($type, string, /)")]
    fn fromhex(vm: &Vm, cls: &Value, string: &Value) -> PyResult {
        let bytes = shared::from_hex(vm, string)?;
        shared::of_class(vm, cls, Value::from_bytes(bytes), Bytes::type_object().as_value())
    }

    /// A table for `translate`: each byte of the first argument becomes that of the second.
    #[staticmethod("maketrans(frm, to, /)")]
    fn maketrans(vm: &Vm, frm: &Value, to: &Value) -> PyResult {
        shared::maketrans(vm, frm, to)
    }
}
