//! The iterators over strs, bytes and bytearrays.
//!
//! Each holds its subject until it is exhausted. A bytearray may change meanwhile: its length is looked at in each step.

use std::cell::Cell;

use snakelet_macros::{methods, native_type};

use crate::object::VmCell;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::string::Str;
use crate::{PyResult, Ref, Value, Vm};

/// The payload of iterators over strs of ASCII characters.
#[native_type(name = "str_ascii_iterator")]
pub struct StrAsciiIterator {
    subject: VmCell<Option<Ref<Str>>>,
    index: Cell<usize>,
}

/// The payload of iterators over other strs.
#[native_type(name = "str_iterator")]
pub struct StrIterator {
    subject: VmCell<Option<Ref<Str>>>,
    index: Cell<usize>,
}

/// The payload of iterators over bytes.
#[native_type(name = "bytes_iterator")]
pub struct BytesIterator {
    subject: VmCell<Option<Ref<Bytes>>>,
    index: Cell<usize>,
}

/// The payload of iterators over bytearrays.
#[native_type(name = "bytearray_iterator")]
pub struct ByteArrayIterator {
    subject: VmCell<Option<Ref<ByteArray>>>,
    index: Cell<usize>,
}

/// What can be iterated over by index.
trait Subject {
    fn item(&self, index: usize) -> Option<Value>;
    fn count(&self) -> usize;
}

impl Subject for Str {
    #[inline(always)]
    fn item(&self, index: usize) -> Option<Value> {
        self.text().get(index).map(Value::from_char)
    }

    fn count(&self) -> usize {
        self.text().len()
    }
}

impl Subject for Bytes {
    #[inline(always)]
    fn item(&self, index: usize) -> Option<Value> {
        self.as_slice().get(index).map(|&byte| Value::small_int(byte.into()))
    }

    fn count(&self) -> usize {
        self.as_slice().len()
    }
}

impl Subject for ByteArray {
    #[inline(always)]
    fn item(&self, index: usize) -> Option<Value> {
        self.bytes.borrow().get(index).map(|&byte| Value::small_int(byte.into()))
    }

    fn count(&self) -> usize {
        self.bytes.borrow().len()
    }
}

macro_rules! iterators {
    ($($ty:ident $subject:ident $empty:expr;)*) => {
        $(
            impl $ty {
                pub fn new(subject: Ref<$subject>) -> $ty {
                    $ty { subject: VmCell::new(Some(subject)), index: Cell::new(0) }
                }
            }

            #[methods]
            impl $ty {
                #[slot(iter)]
                fn iter(this: &Value) -> Value {
                    this.clone()
                }

                #[slot(next)]
                fn next(_vm: &Vm, this: &$ty) -> PyResult {
                    let index = this.index.get();
                    let item = match this.subject.borrow() {
                        Some(subject) => subject.item(index),
                        None => None,
                    };
                    match item {
                        Some(item) => {
                            this.index.set(index + 1);
                            Ok(item)
                        }
                        None => {
                            this.subject.set(None);
                            Ok(Value::UNBOUND)
                        }
                    }
                }

                /// How many items are left.
                #[method("__length_hint__(self, /)", text = none)]
                fn length_hint(this: &$ty) -> usize {
                    this.subject.borrow().as_ref().map_or(0, |subject| subject.count().saturating_sub(this.index.get()))
                }

                /// For pickling.
                #[method("__reduce__(self, /)", text = none)]
                fn reduce(vm: &Vm, this: &$ty) -> Value {
                    let iter = vm.builtins.get_text("iter").unwrap_or_default();
                    Value::from_tuple(match this.subject.borrow() {
                        Some(subject) => {
                            let args = Value::from_tuple(vec![subject.value()]);
                            vec![iter, args, Value::from_usize(this.index.get())]
                        }
                        None => vec![iter, Value::from_tuple(vec![$empty])],
                    })
                }

                /// Goes to an index.
                #[method("__setstate__(self, index, /)", text = none)]
                fn setstate(this: &$ty, index: isize) {
                    if let Some(subject) = this.subject.borrow() {
                        this.index.set(usize::try_from(index).unwrap_or(0).min(subject.count()));
                    }
                }
            }
        )*
    };
}

iterators! {
    StrAsciiIterator Str Value::from_str("");
    StrIterator Str Value::from_str("");
    BytesIterator Bytes Value::from_tuple(Vec::new());
    ByteArrayIterator ByteArray Value::from_tuple(Vec::new());
}
