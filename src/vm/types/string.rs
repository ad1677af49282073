//! `str`: the payload, what the runtime itself needs of it, and the slots; the methods are in `string_methods`.
//!
//! A str never changes while more than one reference to it exists; [`append_in_place`] makes use of the other case. Strs of one
//! Latin-1 character exist once, and so does the empty one, wherever they are made by indexing, slicing, splitting.

use std::cell::{Cell, OnceCell};

use snakelet_macros::{methods, native_type};
use snakelet_text::{OutOfMemory, Text, escape, search};

use crate::object::{Native, Ref, VmCell, allocate};
use crate::protocol::item::Subscript;
use crate::types::sequence::position;
use crate::types::slots::CompareOp;
use crate::types::string_iterator::{StrAsciiIterator, StrIterator};
use crate::types::tuple::Tuple;
use crate::types::typeobject::Type;
use crate::{PyResult, Value, Vm};

/// The payload of strs.
#[native_type(
    name = "str",
    doc = "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\nThe text of an object, or of bytes in an encoding.",
    flags(subclassable, match_self)
)]
pub struct Str {
    text: VmCell<Text>,
    /// The hash, 0 while not computed.
    hash: Cell<u64>,
    interned: Cell<bool>,
}

impl Str {
    pub fn new(text: Text) -> Str {
        Str { text: VmCell::new(text), hash: Cell::new(0), interned: Cell::new(false) }
    }

    /// A new str object.
    pub fn new_object(text: Text) -> Ref<Str> {
        Str::new(text).into_object()
    }

    #[inline(always)]
    pub fn text(&self) -> &Text {
        self.text.borrow()
    }

    /// The text for appending in place; only for a str that nobody else refers to.
    #[inline]
    pub(crate) fn text_mut(&self) -> &mut Text {
        self.hash.set(0);
        self.text.borrow_mut()
    }

    /// The hash as an unsigned number; `hash()` shows it as signed.
    #[inline]
    pub fn hash(&self) -> u64 {
        let hash = self.hash.get();
        if hash != 0 { hash } else { self.compute_hash() }
    }

    #[cold]
    fn compute_hash(&self) -> u64 {
        let hash = if self.text().is_empty() { 0 } else { self.text().hash(crate::hash::key()) };
        // -1 means an error in CPython's API and never is a hash.
        let hash = if hash == u64::MAX { u64::MAX - 1 } else { hash };
        self.hash.set(hash);
        hash
    }

    #[inline(always)]
    pub fn is_interned(&self) -> bool {
        self.interned.get()
    }

    pub(crate) fn mark_interned(&self) {
        self.interned.set(true);
    }

    /// As UTF-8; lone surrogates become U+FFFD.
    pub fn to_string_lossy(&self) -> String {
        self.text().to_utf8_lossy().into_owned()
    }
}

crate::local! {
    static CHARACTERS: [OnceCell<Value>; 256] = [const { OnceCell::new() }; 256];
}

#[cold]
fn new_character(code: u32) -> Value {
    match char::from_u32(code) {
        Some(character) => crate::object::intern::intern(character.encode_utf8(&mut [0; 4])),
        None => Value::NONE,
    }
}

impl Value {
    /// A new str.
    #[inline]
    pub fn from_text(text: Text) -> Value {
        Str::new(text).into_value()
    }

    /// A new str of this text.
    #[expect(clippy::should_implement_trait, reason = "it cannot fail")]
    pub fn from_str(text: &str) -> Value {
        Value::from_text(Text::from_str(text))
    }

    /// The str of one character; those of Latin-1 exist once. (A code point beyond Unicode becomes U+FFFD.)
    #[inline]
    pub fn from_char(code: u32) -> Value {
        if code < 256 {
            return CHARACTERS.with(|known| known[code as usize].get_or_init(|| new_character(code)).clone());
        }
        // So few bytes are always there.
        Value::from_text(Text::from_code(code).unwrap_or_default())
    }

    /// The text, if the value is a str (or of a subclass).
    #[inline]
    pub fn as_text(&self) -> Option<&Text> {
        Some(self.downcast::<Str>()?.text())
    }
}

impl Vm {
    /// The str `text[start:stop]`, for positions in range.
    #[inline]
    pub fn substring(&self, text: &Text, start: usize, stop: usize) -> PyResult {
        match stop - start {
            0 => Ok(crate::name!(@ "")),
            1 => Ok(Value::from_char(text.units().at(start))),
            _ => self.new_text(text.slice(start, stop)),
        }
    }

    /// The str `left + right`.
    #[inline]
    pub fn concat_texts(&self, left: &Text, right: &Text) -> PyResult {
        self.check_size(left.len() + right.len())?;
        self.new_text(left.concat(right))
    }
}

/// `left += right` for strs, if `left` (in the register that alone refers to it) can be extended where it is. `None`: it can't,
/// and the caller adds as usual.
#[inline]
pub fn append_in_place(vm: &Vm, left: &Value, right: &Value) -> Option<PyResult<()>> {
    let header = left.header()?;
    if header.count() != 1 {
        return None;
    }
    let (target, tail) = (left.downcast_exact::<Str>()?, right.downcast_exact::<Str>()?);
    if target.is_interned() {
        return None;
    }
    let target = target.text_mut();
    if tail.text().len() > 4096 || target.len().is_multiple_of(4096) {
        // Growing may double what is there.
        if let Err(raised) = vm.check_size(target.len() + tail.text().len()) {
            return Some(Err(raised));
        }
    }
    Some(target.push_text(tail.text()).map_err(|OutOfMemory| vm.memory_error()))
}

/// `template % args`, if the template is a str of no subclass and the arguments are a tuple or a number.
#[inline]
pub fn format_now(vm: &Vm, template: &Value, args: &Value) -> Option<PyResult> {
    template.downcast_exact::<Str>()?;
    // Another class may have an operator of its own.
    if args.downcast_exact::<Tuple>().is_none() && !args.is_small_int() && !args.is_float() {
        return None;
    }
    Some(crate::types::string_methods::percent::format_str(vm, template, args))
}

/// `string[start:stop]` for a str of no subclass and ends that are None or small ints.
#[inline]
pub fn slice_now(vm: &Vm, string: &Value, start: &Value, stop: &Value) -> Option<PyResult> {
    let text = string.downcast_exact::<Str>()?.text();
    let length = text.len() as i64;
    let place = |end: &Value, default: i64| match end.as_small_int() {
        Some(n) if n < 0 => Some((n + length).max(0)),
        Some(n) => Some(n.min(length)),
        None if end.is_none() => Some(default),
        None => None,
    };
    let (start, stop) = (place(start, 0)?, place(stop, length)?);
    if stop - start == length {
        return Some(Ok(string.clone()));
    }
    Some(vm.substring(text, start as usize, stop.max(start) as usize))
}

/// `left + right`, if both are strs of no subclass.
#[inline]
pub fn add_now(vm: &Vm, left: &Value, right: &Value) -> Option<PyResult> {
    let (left, right) = (left.downcast_exact::<Str>()?, right.downcast_exact::<Str>()?);
    Some(vm.concat_texts(left.text(), right.text()))
}

/// `left + right` where the left operand is a str.
pub fn concat(vm: &Vm, left: &Value, right: &Value) -> PyResult {
    let Some(text) = left.as_text() else { return Ok(Value::NOT_IMPLEMENTED) };
    let Some(other) = right.as_text() else {
        let name = vm.type_name(right);
        return Err(vm.type_error(format!("can only concatenate str (not \"{name}\") to str")));
    };
    if other.is_empty() && left.downcast_exact::<Str>().is_some() {
        return Ok(left.clone());
    }
    if text.is_empty() && right.downcast_exact::<Str>().is_some() {
        return Ok(right.clone());
    }
    vm.concat_texts(text, other)
}

fn repeat(vm: &Vm, this: &Value, count: &Value) -> PyResult {
    let Some(text) = this.as_text() else { return Ok(Value::NOT_IMPLEMENTED) };
    let count = match vm.repeat_count_now(count) {
        Some(count) => count?,
        None => return Err(vm.repeat_later(this, count, repeat)),
    };
    if count == 1 && this.downcast_exact::<Str>().is_some() {
        return Ok(this.clone());
    }
    vm.check_size(text.len().saturating_mul(count).saturating_mul(text.kind().width()))?;
    vm.new_text(text.repeat(count))
}

/// A str with the contents of `this`: itself, unless it is of a subclass.
#[inline]
pub(crate) fn exact(vm: &Vm, this: &Value) -> PyResult {
    match this.downcast::<Str>() {
        Some(string) if this.downcast_exact::<Str>().is_none() => vm.new_text(string.text().try_clone()),
        _ => Ok(this.clone()),
    }
}

/// An instance of `cls` (`str` or a subclass) with the contents of the str `text`.
fn instance(vm: &Vm, cls: &Value, text: Value) -> PyResult {
    let Some(contents) = text.as_text() else { return Ok(text) };
    if is_str_type(cls) {
        return Ok(text);
    }
    let contents = vm.reserved(contents.try_clone())?;
    vm.new_instance(cls, Str::new(contents))
}

/// Whether a value is the class `str` itself.
#[inline]
pub fn is_str_type(cls: &Value) -> bool {
    cls.header().is_some_and(|header| std::ptr::eq(header, Str::type_pointer().cast()))
}

#[methods(with = [Str::SEARCH, Str::SPLIT, Str::CASE, Str::TESTS, Str::CHANGE, Str::FORMAT])]
impl Str {
    #[new("str(object='', encoding='utf-8', errors='strict')", family = "mixed", text = none)]
    fn new_str(
        vm: &Vm,
        cls: &Value,
        object: Option<&Value>,
        encoding: Option<&Text>,
        errors: Option<&Text>,
    ) -> PyResult {
        let Some(object) = object else { return instance(vm, cls, crate::name!(@ "")) };
        if encoding.is_some() || errors.is_some() {
            if object.as_text().is_some() {
                return Err(vm.type_error("decoding str is not supported"));
            }
            let text = crate::types::codec::decode_object(vm, object, encoding, errors)?;
            return instance(vm, cls, text);
        }
        let text = vm.str_of(object);
        if is_str_type(cls) {
            return text;
        }
        match text {
            Ok(text) => instance(vm, cls, text),
            Err(raised) if !vm.is_deferred() => Err(raised),
            deferred => {
                let (handle, cls, text) = (vm.handle(), cls.clone(), vm.settle(deferred));
                Err(vm.defer(async move { instance(&handle, &cls, text.await?) }))
            }
        }
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Str) -> PyResult {
        vm.check_size(this.text().len())?;
        vm.new_text(escape::repr(this.text()))
    }

    #[slot(str)]
    fn str(vm: &Vm, this: &Value) -> PyResult {
        exact(vm, this)
    }

    #[slot(hash)]
    fn hash_slot(this: &Str) -> i64 {
        this.hash() as i64
    }

    #[slot(compare)]
    fn compare(left: &Value, right: &Value, op: CompareOp) -> Value {
        let (Some(a), Some(b)) = (left.as_text(), right.as_text()) else { return Value::NOT_IMPLEMENTED };
        Value::bool(match op {
            CompareOp::Eq => a == b,
            CompareOp::Ne => a != b,
            _ => op.matches(a.cmp(b)),
        })
    }

    #[slot(len)]
    fn length(this: &Str) -> usize {
        this.text().len()
    }

    #[slot(contains)]
    fn contains(vm: &Vm, this: &Str, item: &Value) -> PyResult {
        match item.as_text() {
            Some(item) => Ok(Value::bool(search::contains(this.text().units(), item.units()))),
            None => {
                let name = vm.type_name(item);
                Err(vm.type_error(format!("'in <string>' requires string as left operand, not {name}")))
            }
        }
    }

    #[slot(getitem)]
    fn getitem(vm: &Vm, this: &Value, key: &Value) -> PyResult {
        let Some(text) = this.as_text() else { return Ok(Value::NONE) };
        if let Some(index) = key.as_small_int() {
            let index = if index < 0 { index + text.len() as i64 } else { index };
            return match usize::try_from(index).ok().and_then(|index| text.get(index)) {
                Some(code) => Ok(Value::from_char(code)),
                None => Err(vm.index_error("string index out of range")),
            };
        }
        if !key.is_int()
            && key.downcast::<crate::types::slice::Slice>().is_none()
            && vm.type_of(key).slots().index.is_none()
        {
            let name = vm.type_name(key);
            return Err(vm.type_error(format!("string indices must be integers, not '{name}'")));
        }
        match vm.subscript_now(key, "string") {
            Some(Ok(Subscript::Index(index))) => match position(index, text.len()) {
                Some(at) => Ok(Value::from_char(text.units().at(at))),
                None => Err(vm.index_error("string index out of range")),
            },
            Some(Ok(Subscript::Slice(slice))) => {
                let bounds = slice.bounds(vm, text.len())?;
                if bounds.count == text.len() && bounds.step == 1 {
                    return exact(vm, this);
                }
                let start = bounds.start as usize;
                if bounds.step == 1 || bounds.count <= 1 {
                    return vm.substring(text, start, start + bounds.count);
                }
                vm.new_text(text.slice_step(start, bounds.step, bounds.count))
            }
            Some(Err(raised)) => Err(raised),
            None => Err(vm.get_item_later(this, key)),
        }
    }

    #[slot(concat)]
    fn concat(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        concat(vm, this, other)
    }

    #[slot(repeat)]
    fn repeat(vm: &Vm, this: &Value, count: &Value) -> PyResult {
        repeat(vm, this, count)
    }

    #[slot(mod_)]
    fn modulo(vm: &Vm, this: &Value, args: &Value) -> PyResult {
        crate::types::string_methods::percent::format_str(vm, this, args)
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        let Some(string) = this.to_ref::<Str>() else { return Ok(Value::NONE) };
        Ok(if string.text().is_ascii() {
            StrAsciiIterator::new(string).into_value()
        } else {
            StrIterator::new(string).into_value()
        })
    }

    /// For pickling.
    #[method("__getnewargs__(self, /)")]
    fn getnewargs(vm: &Vm, this: &Str) -> PyResult {
        let text = vm.reserved(this.text().try_clone())?;
        Ok(Value::from_tuple(vec![Value::from_text(text)]))
    }

    /// Size in memory, in bytes.
    #[method("__sizeof__(self, /)")]
    fn sizeof(this: &Str) -> usize {
        size_of::<Str>() + this.text().heap_size()
    }
}

/// A method from text to text; the result is the str itself where nothing changed.
pub(crate) fn mapped(vm: &Vm, this: &Value, map: fn(&Text) -> Result<Text, OutOfMemory>) -> PyResult {
    let Some(text) = this.as_text() else { return Ok(Value::NONE) };
    vm.check_size(text.len())?;
    vm.new_text(map(text))
}

/// An instance of a str subclass, for natives that make such (`type.__name__` and the like).
pub fn subclass_instance(cls: &Ref<Type>, text: Text) -> Value {
    allocate(cls, Str::new(text))
}
