//! Conversion of arguments to the Rust types of a native's parameters.
//!
//! | Rust type | Python argument |
//! |---|---|
//! | `&Value`, `Value` | anything |
//! | `&T`, `Ref<T>` for a payload `T` | an instance of that builtin type: "append() argument must be list, not int" |
//! | `isize`, `usize`, `i64`, `i32`, `u32`, `u8` | an int or what has `__index__`; OverflowError (u8: ValueError) outside the range |
//! | [`Clamped`] | an index for slicing: like `isize`, but huge ones are brought into range |
//! | `f64` | a real number |
//! | `bool` | anything's truth value |
//! | `&Text`, `Cow<str>`, `String` | a str; the last two refuse lone surrogates |
//! | [`FillCharacter`] | a str of one character |
//! | [`ArgBytes`], `Vec<u8>` | bytes, bytearray, memoryview or another exporter |
//! | `Option<T>` | see the header of `mod.rs` |
//!
//! Where a conversion calls a method that Python code defines, it cannot finish here: the call is deferred, the method
//! awaited, and the native called again with the converted value in the argument's place (`retry`).

use std::borrow::Cow;
use std::ops::Deref;

use num_traits::{Signed, ToPrimitive};
use snakelet_text::Text;

use super::bind::Cx;
use super::{Args, DefKind, Extra, Family};
use crate::errors::Exc;
use crate::object::{Native, Ref};
use crate::types::bytes::Bytes;
use crate::types::memoryview::MemoryView;
use crate::types::slots::CompareOp;
use crate::{PyResult, Raised, Value, Vm};

/// A type that a native can take as a parameter.
pub trait FromArg<'a>: Sized {
    /// Converts the argument for parameter `number` (from 0, receiver not counted).
    fn from_arg(cx: &Cx<'a>, value: &'a Value, number: usize) -> PyResult<Self>;

    /// The same where None was possible as well, which only the wording of the error shows.
    fn from_arg_if_not_none(cx: &Cx<'a>, value: &'a Value, number: usize) -> PyResult<Self> {
        Self::from_arg(cx, value, number)
    }
}

/// An optional argument.
#[inline]
pub fn optional<'a, T: FromArg<'a>>(cx: &Cx<'a>, value: &'a Value, number: usize) -> PyResult<Option<T>> {
    if value.is_unbound() { Ok(None) } else { T::from_arg(cx, value, number).map(Some) }
}

/// An optional argument with default None.
#[inline]
pub fn optional_or_none<'a, T: FromArg<'a>>(cx: &Cx<'a>, value: &'a Value, number: usize) -> PyResult<Option<T>> {
    if value.is_unbound() || value.is_none() { Ok(None) } else { T::from_arg_if_not_none(cx, value, number).map(Some) }
}

/// An optional argument with another default.
#[inline]
pub fn or_default<'a, T: FromArg<'a>>(cx: &Cx<'a>, value: &'a Value, number: usize, default: T) -> PyResult<T> {
    if value.is_unbound() { Ok(default) } else { T::from_arg(cx, value, number) }
}

/// `()`, as a default.
pub fn empty_tuple(_vm: &Vm) -> Value {
    Value::from_tuple(Vec::new())
}

/// A str, as a default.
pub fn interned(_vm: &Vm, text: &str) -> Value {
    crate::object::intern::intern(text)
}

impl<'a> FromArg<'a> for &'a Value {
    #[inline(always)]
    fn from_arg(_cx: &Cx<'a>, value: &'a Value, _number: usize) -> PyResult<Self> {
        Ok(value)
    }
}

impl<'a> FromArg<'a> for Value {
    #[inline(always)]
    fn from_arg(_cx: &Cx<'a>, value: &'a Value, _number: usize) -> PyResult<Self> {
        Ok(value.clone())
    }
}

impl<'a, T: Native> FromArg<'a> for &'a T {
    #[inline]
    fn from_arg(cx: &Cx<'a>, value: &'a Value, number: usize) -> PyResult<Self> {
        value.downcast::<T>().ok_or_else(|| cx.bad_argument(value, number, T::TABLE.name))
    }
}

impl<'a, T: Native> FromArg<'a> for Ref<T> {
    #[inline]
    fn from_arg(cx: &Cx<'a>, value: &'a Value, number: usize) -> PyResult<Self> {
        value.to_ref::<T>().ok_or_else(|| cx.bad_argument(value, number, T::TABLE.name))
    }
}

impl<'a> FromArg<'a> for &'a Text {
    #[inline]
    fn from_arg(cx: &Cx<'a>, value: &'a Value, number: usize) -> PyResult<Self> {
        value.as_text().ok_or_else(|| cx.bad_argument(value, number, "str"))
    }
}

impl<'a> FromArg<'a> for Cow<'a, str> {
    fn from_arg(cx: &Cx<'a>, value: &'a Value, number: usize) -> PyResult<Self> {
        let text: &Text = FromArg::from_arg(cx, value, number)?;
        text.to_utf8().map_err(|position| surrogates_error(cx.vm, value, position))
    }
}

impl<'a> FromArg<'a> for String {
    fn from_arg(cx: &Cx<'a>, value: &'a Value, number: usize) -> PyResult<Self> {
        Cow::<str>::from_arg(cx, value, number).map(Cow::into_owned)
    }
}

#[cold]
fn surrogates_error(vm: &Vm, value: &Value, position: usize) -> Raised {
    let args = vec![
        Value::from_str("utf-8"),
        value.clone(),
        Value::from_usize(position),
        Value::from_usize(position + 1),
        Value::from_str("surrogates not allowed"),
    ];
    vm.error_with_args(Exc::UnicodeEncodeError, args)
}

/// The character that `center` and its kin fill with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FillCharacter(pub u32);

impl<'a> FromArg<'a> for FillCharacter {
    fn from_arg(cx: &Cx<'a>, value: &'a Value, _number: usize) -> PyResult<Self> {
        let Some(text) = value.as_text() else {
            let name = cx.vm.type_name(value);
            return Err(cx.vm.type_error(format!("The fill character must be a unicode character, not {name}")));
        };
        match (text.get(0), text.get(1)) {
            (Some(code), None) => Ok(FillCharacter(code)),
            _ => Err(cx.vm.type_error("The fill character must be exactly one character long")),
        }
    }
}

/// The contents of a bytes-like argument. A bytearray's are copied, since it may change meanwhile.
pub struct ArgBytes<'a>(Cow<'a, [u8]>);

impl Deref for ArgBytes<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl<'a> ArgBytes<'a> {
    /// The contents of `value`, if it is bytes-like.
    pub fn of(value: &'a Value) -> Option<ArgBytes<'a>> {
        if let Some(bytes) = value.downcast::<Bytes>() {
            return Some(ArgBytes(Cow::Borrowed(bytes.as_slice())));
        }
        Some(ArgBytes(Cow::Owned(crate::types::buffer::contents(value)?.into_owned())))
    }
}

impl<'a> FromArg<'a> for ArgBytes<'a> {
    fn from_arg(cx: &Cx<'a>, value: &'a Value, _number: usize) -> PyResult<Self> {
        if value.downcast::<MemoryView>().is_some_and(|view| !view.is_c_contiguous()) {
            return Err(cx.vm.error(Exc::BufferError, "memoryview: underlying buffer is not C-contiguous"));
        }
        ArgBytes::of(value).ok_or_else(|| {
            let name = cx.vm.type_name(value);
            cx.vm.type_error(format!("a bytes-like object is required, not '{name}'"))
        })
    }
}

impl<'a> FromArg<'a> for Vec<u8> {
    fn from_arg(cx: &Cx<'a>, value: &'a Value, number: usize) -> PyResult<Self> {
        ArgBytes::from_arg(cx, value, number).map(|bytes| bytes.0.into_owned())
    }
}

impl<'a> FromArg<'a> for bool {
    #[inline]
    fn from_arg(cx: &Cx<'a>, value: &'a Value, _number: usize) -> PyResult<Self> {
        match value.as_bool() {
            Some(truth) => Ok(truth),
            None => truth(cx, value),
        }
    }
}

impl<'a> FromArg<'a> for f64 {
    #[inline]
    fn from_arg(cx: &Cx<'a>, value: &'a Value, _number: usize) -> PyResult<Self> {
        match value.as_float() {
            Some(number) => Ok(number),
            None => real_number(cx, value),
        }
    }
}

macro_rules! integers {
    ($($ty:ty: $c:literal;)*) => {
        $(impl<'a> FromArg<'a> for $ty {
            #[inline]
            fn from_arg(cx: &Cx<'a>, value: &'a Value, _number: usize) -> PyResult<Self> {
                let number = match value.as_small_int() {
                    Some(number) => Some(number),
                    None => index(cx, value)?.to_i64(),
                };
                match number.and_then(|number| <$ty>::try_from(number).ok()) {
                    Some(number) => Ok(number),
                    None => Err(out_of_range(cx.vm, number, $c)),
                }
            }
        })*
    };
}

integers! {
    isize: "ssize_t";
    usize: "size_t";
    i64: "long";
    i32: "int";
    u32: "unsigned int";
    u8: "byte";
}

#[cold]
#[inline(never)]
fn out_of_range(vm: &Vm, number: Option<i64>, c_type: &str) -> Raised {
    let negative = number.is_some_and(|number| number < 0);
    match c_type {
        "byte" => vm.value_error("byte must be in range(0, 256)"),
        "size_t" if negative => vm.overflow_error("can't convert negative int to unsigned"),
        "unsigned int" if negative => vm.overflow_error("can't convert negative value to unsigned int"),
        _ => vm.overflow_error(format!("Python int too large to convert to C {c_type}")),
    }
}

/// An index as slices take it: ints beyond the machine's range stand for its ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Clamped(pub isize);

impl Clamped {
    fn convert(cx: &Cx<'_>, value: &Value, or_none: &str) -> PyResult<Clamped> {
        if !value.is_int() && cx.vm.type_of(value).slots().index.is_none() {
            let message = format!("slice indices must be integers{or_none} or have an __index__ method");
            return Err(cx.vm.type_error(message));
        }
        let number = index(cx, value)?;
        Ok(Clamped(match number.to_i64() {
            Some(number) => number.clamp(isize::MIN as i64, isize::MAX as i64) as isize,
            None if number.to_bigint().is_some_and(|number| number.is_negative()) => isize::MIN,
            None => isize::MAX,
        }))
    }
}

impl<'a> FromArg<'a> for Clamped {
    #[inline]
    fn from_arg(cx: &Cx<'a>, value: &'a Value, _number: usize) -> PyResult<Self> {
        Clamped::convert(cx, value, "")
    }

    #[inline]
    fn from_arg_if_not_none(cx: &Cx<'a>, value: &'a Value, _number: usize) -> PyResult<Self> {
        Clamped::convert(cx, value, " or None")
    }
}

/// How much a stream is to read: None and negative numbers mean everything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size(pub Option<usize>);

impl Size {
    /// The number of an optional argument, if it is one.
    pub fn limit(size: Option<Size>) -> Option<usize> {
        size.and_then(|size| size.0)
    }

    /// The same as an int.
    pub fn value(size: Option<Size>) -> Value {
        Size::limit(size).map_or(Value::small_int(-1), Value::from_usize)
    }
}

impl<'a> FromArg<'a> for Size {
    fn from_arg(cx: &Cx<'a>, value: &'a Value, _number: usize) -> PyResult<Self> {
        if value.is_none() {
            return Ok(Size(None));
        }
        if !value.is_int() && cx.vm.type_of(value).slots().index.is_none() {
            let got = cx.vm.type_name(value);
            return Err(cx.vm.type_error(format!("argument should be integer or None, not '{got}'")));
        }
        match index(cx, value)?.to_i64() {
            Some(size) => Ok(Size(usize::try_from(size).ok())),
            None => Err(cx.vm.overflow_error("cannot fit 'int' into an index-sized integer")),
        }
    }
}

// ---- conversions that may call methods

/// Which method a conversion calls.
#[derive(Clone, Copy)]
pub(crate) enum Convert {
    Index,
    Path,
    Float,
    Bool,
    Len,
}

impl Convert {
    /// The method's result in the argument's place, if it is of the right kind.
    fn check(self, vm: &Vm, argument: &Value, result: Value) -> PyResult<Value> {
        match self {
            Convert::Index if result.is_int() => Ok(result),
            Convert::Path if result.as_text().is_some() || result.downcast::<Bytes>().is_some() => Ok(result),
            Convert::Path => {
                let (class, other) = (vm.type_name(argument), vm.type_name(&result));
                Err(vm.type_error(format!("expected {class}.__fspath__() to return str or bytes, not {other}")))
            }
            Convert::Float if result.to_float().is_some() => Ok(result),
            Convert::Bool if result.as_bool().is_some() => Ok(result),
            Convert::Len if result.is_int() => Ok(Value::bool(result.to_i64() != Some(0))),
            Convert::Float => {
                let (class, other) = (vm.type_name(argument), vm.type_name(&result));
                Err(vm.type_error(format!("{class}.__float__ returned non-float (type {other})")))
            }
            Convert::Bool => {
                let other = vm.type_name(&result);
                Err(vm.type_error(format!("__bool__ should return bool, returned {other}")))
            }
            Convert::Index | Convert::Len => {
                let other = vm.type_name(&result);
                Err(vm.type_error(format!("__index__ returned non-int (type {other})")))
            }
        }
    }
}

/// The argument as an int object.
#[inline(never)]
fn index(cx: &Cx<'_>, value: &Value) -> PyResult {
    if value.is_int() {
        return Ok(value.clone());
    }
    match cx.vm.type_of(value).slots().index {
        Some(slot) => convert(cx, value, slot(cx.vm, value), Convert::Index),
        None => {
            let name = cx.vm.type_name(value);
            Err(cx.vm.type_error(format!("'{name}' object cannot be interpreted as an integer")))
        }
    }
}

#[inline(never)]
fn real_number(cx: &Cx<'_>, value: &Value) -> PyResult<f64> {
    if let Some(number) = value.to_float() {
        return Ok(number);
    }
    let slots = cx.vm.type_of(value).slots();
    let number = if value.is_int() {
        value.clone()
    } else if let Some(slot) = slots.float {
        convert(cx, value, slot(cx.vm, value), Convert::Float)?
    } else if slots.index.is_some() {
        index(cx, value)?
    } else {
        let name = cx.vm.type_name(value);
        return Err(cx.vm.type_error(format!("must be real number, not {name}")));
    };
    if let Some(number) = number.to_float() {
        return Ok(number);
    }
    match number.to_bigint().and_then(|number| number.to_f64()) {
        Some(number) if number.is_finite() => Ok(number),
        _ => Err(cx.vm.overflow_error("int too large to convert to float")),
    }
}

#[inline(never)]
fn truth(cx: &Cx<'_>, value: &Value) -> PyResult<bool> {
    if value.is_none() {
        return Ok(false);
    }
    if let Some(number) = value.as_small_int() {
        return Ok(number != 0);
    }
    let slots = cx.vm.type_of(value).slots();
    let answer = match (slots.bool, slots.len) {
        (Some(slot), _) => convert(cx, value, slot(cx.vm, value), Convert::Bool)?,
        (None, Some(slot)) => convert(cx, value, slot(cx.vm, value), Convert::Len)?,
        (None, None) => return Ok(true),
    };
    Ok(answer.is_true())
}

/// The method's result if it is there, else the repetition of the call with it as the continuation.
pub(crate) fn convert(cx: &Cx<'_>, value: &Value, result: PyResult, how: Convert) -> PyResult {
    match result {
        Ok(result) => how.check(cx.vm, value, result),
        Err(raised) if !cx.vm.is_deferred() => Err(raised),
        Err(_) => Err(retry(cx, value, result, how)),
    }
}

/// Defers until the method's `result` is there, then calls the native again with it in the place of `value`.
#[cold]
fn retry(cx: &Cx<'_>, value: &Value, result: PyResult, how: Convert) -> Raised {
    let (vm, def, receiver) = (cx.vm.handle(), cx.def, cx.receiver.clone());
    let (mut values, kwnames) = (cx.values.to_vec(), cx.kwnames.to_vec());
    let place = cx.values.iter().position(|argument| std::ptr::eq(argument, value));
    let argument = value.clone();
    let result = cx.vm.settle(result);
    cx.vm.defer(async move {
        let converted = how.check(&vm, &argument, result.await?)?;
        if let Some(place) = place {
            values[place] = converted;
        }
        let args = Args { values: &values, kwnames: &kwnames };
        let result = match def.extra {
            Extra::Constructor(constructor) => constructor(&vm, &receiver, args),
            _ if receiver.is_unbound() => (def.function)(&vm, args),
            extra => {
                let mut all = Vec::with_capacity(values.len() + 1);
                all.push(receiver);
                all.append(&mut values);
                let args = Args { values: &all, kwnames: &kwnames };
                match extra {
                    // A getter has nothing to convert.
                    Extra::Setter(setter) if def.kind == DefKind::GetSet => setter(&vm, args),
                    _ => (def.function)(&vm, args),
                }
            }
        };
        vm.settle(result).await
    })
}

impl Cx<'_> {
    /// The TypeError for an argument of the wrong type, `expected` being a type's name or a phrase.
    #[cold]
    #[inline(never)]
    pub fn bad_argument(&self, value: &Value, number: usize, expected: &str) -> Raised {
        let params = &self.def.params;
        let name = self.def.message_name();
        let which = if params.family == Family::OneArgument {
            String::new()
        } else if number < params.positional_only as usize {
            format!(" {}", number + 1)
        } else {
            format!(" '{}'", params.names.get(number).unwrap_or(&""))
        };
        let actual = if value.is_none() { "None".to_string() } else { self.vm.type_name(value) };
        self.vm.type_error(format!("{name}() argument{which} must be {expected}, not {actual}"))
    }
}

// ---- receivers

/// A type that a native can take its receiver as.
pub trait FromSelf<'a>: Sized {
    fn from_receiver(value: &'a Value) -> Option<Self>;

    #[inline(always)]
    fn from_self(cx: &Cx<'a>, value: &'a Value) -> PyResult<Self> {
        Self::from_receiver(value).ok_or_else(|| super::descriptors::wrong_receiver(cx.vm, cx.def, value))
    }
}

impl<'a> FromSelf<'a> for &'a Value {
    #[inline(always)]
    fn from_receiver(value: &'a Value) -> Option<Self> {
        Some(value)
    }
}

impl<'a> FromSelf<'a> for Value {
    #[inline(always)]
    fn from_receiver(value: &'a Value) -> Option<Self> {
        Some(value.clone())
    }
}

impl<'a, T: Native> FromSelf<'a> for &'a T {
    #[inline(always)]
    fn from_receiver(value: &'a Value) -> Option<Self> {
        value.downcast::<T>()
    }
}

impl<'a, T: Native> FromSelf<'a> for Ref<T> {
    #[inline(always)]
    fn from_receiver(value: &'a Value) -> Option<Self> {
        value.to_ref::<T>()
    }
}

/// The receiver of a slot function; only a caller's mistake makes it fail.
#[inline(always)]
pub fn slot_receiver<'a, T: FromSelf<'a>>(vm: &Vm, value: &'a Value) -> PyResult<T> {
    T::from_receiver(value).ok_or_else(|| wrong_slot_receiver(vm, value))
}

#[cold]
#[inline(never)]
fn wrong_slot_receiver(vm: &Vm, value: &Value) -> Raised {
    let name = vm.type_name(value);
    vm.type_error(format!("a slot of another type was called with a '{name}' object"))
}

/// The owned form of a slot's argument, for async slot functions.
pub trait SlotArg {
    type Owned;
    fn own(self) -> Self::Owned;
}

impl SlotArg for &Value {
    type Owned = Value;

    fn own(self) -> Value {
        self.clone()
    }
}

impl SlotArg for Option<&Value> {
    type Owned = Option<Value>;

    fn own(self) -> Option<Value> {
        self.cloned()
    }
}

impl SlotArg for CompareOp {
    type Owned = CompareOp;

    fn own(self) -> CompareOp {
        self
    }
}

// ---- starred parameters

/// The form of a `*args` parameter.
pub trait FromRest<'a> {
    fn from_rest(cx: &Cx<'a>) -> Self;
}

impl<'a> FromRest<'a> for &'a [Value] {
    #[inline]
    fn from_rest(cx: &Cx<'a>) -> Self {
        cx.values[..cx.given()].get(cx.def.params.positional as usize..).unwrap_or(&[])
    }
}

impl<'a> FromRest<'a> for Vec<Value> {
    fn from_rest(cx: &Cx<'a>) -> Self {
        <&[Value]>::from_rest(cx).to_vec()
    }
}

/// `**kwargs`: the keyword arguments that are no declared parameters.
#[derive(Clone, Copy)]
pub struct KwArgs<'a> {
    names: &'a [Value],
    values: &'a [Value],
    declared: &'static [&'static str],
}

impl<'a> KwArgs<'a> {
    /// Names (interned strs) and values, in the caller's order.
    pub fn iter(&self) -> impl Iterator<Item = (&'a Value, &'a Value)> + use<'a> {
        let declared = self.declared;
        self.names.iter().zip(self.values).filter(move |(name, _)| {
            declared.is_empty() || !name.as_text().is_some_and(|text| declared.iter().any(|known| text == known))
        })
    }

    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

/// The form of a `**kwargs` parameter.
pub trait FromKeywords<'a> {
    fn from_keywords(cx: &Cx<'a>) -> Self;
}

impl<'a> FromKeywords<'a> for KwArgs<'a> {
    fn from_keywords(cx: &Cx<'a>) -> Self {
        let params = &cx.def.params;
        KwArgs {
            names: cx.kwnames,
            values: &cx.values[cx.given()..],
            declared: params.names.get(params.positional_only as usize..).unwrap_or(&[]),
        }
    }
}

impl<'a> FromKeywords<'a> for Vec<(Value, Value)> {
    fn from_keywords(cx: &Cx<'a>) -> Self {
        KwArgs::from_keywords(cx).iter().map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}
