//! Text of any value: `repr`, `str`, `ascii`, `format`.
//!
//! Special methods of Python classes check themselves that they return strs (`types::python_slots`), so the slots' results need
//! no further look; `__format__` has no slot and is checked here.

use snakelet_number::{float, int};
use snakelet_text::{OutOfMemory, Text, escape};

use crate::native::{Args, MethodDescriptor};
use crate::object::Ref;
use crate::types::number_format;
use crate::types::string::Str;
use crate::{PyResult, Value, Vm};

impl Vm {
    /// `repr(value)`, a str. May defer.
    pub fn repr_of(&self, value: &Value) -> PyResult {
        if let Some(text) = self.number_text(value) {
            return Ok(text);
        }
        match self.type_of(value).slots().repr {
            Some(slot) => slot(self, value),
            None => Ok(Value::from_str(&format!("<{} object>", self.type_name(value)))),
        }
    }

    /// `str(value)`, a str. May defer.
    pub fn str_of(&self, value: &Value) -> PyResult {
        if value.downcast_exact::<Str>().is_some() {
            return Ok(value.clone());
        }
        if let Some(text) = self.number_text(value) {
            return Ok(text);
        }
        match self.type_of(value).slots().str {
            Some(slot) => slot(self, value),
            None => self.repr_of(value),
        }
    }

    /// `ascii(value)`, a str. May defer.
    pub fn ascii_of(&self, value: &Value) -> PyResult {
        self.and_then(self.repr_of(value), |vm, text| vm.escaped(text))
    }

    fn escaped(&self, text: Value) -> PyResult {
        match text.as_text() {
            Some(plain) if !plain.is_ascii() => self.new_text(escape::escape_non_ascii(plain)),
            _ => Ok(text),
        }
    }

    /// `format(value, spec)`, a str; `spec` is a str. May defer.
    pub fn format_of(&self, value: &Value, spec: &Value) -> PyResult {
        let Some(text) = spec.as_text() else {
            let name = self.type_name(spec);
            return Err(self.type_error(format!("format() argument 2 must be str, not {name}")));
        };
        if let Some(string) = value.downcast_exact::<Str>() {
            return if text.is_empty() {
                Ok(value.clone())
            } else {
                number_format::format_str(self, string.text(), text)
            };
        }
        if value.is_small_int() {
            return number_format::format_int(self, value, text);
        }
        if value.is_float() {
            return number_format::format_float(self, value, text);
        }
        self.format_by_method(value, spec)
    }

    fn format_by_method(&self, value: &Value, spec: &Value) -> PyResult {
        let name = crate::name!(__format__);
        let Some(method) = self.lookup_special(value, &name) else {
            let name = self.type_name(value);
            return Err(self.type_error(format!("Type {name} doesn't define __format__")));
        };
        if let Some(native) = method.downcast_exact::<MethodDescriptor>() {
            return (native.def.function)(self, Args::positional(&[value.clone(), spec.clone()]));
        }
        let (vm, value, spec) = (self.handle(), value.clone(), spec.clone());
        Err(self.defer(async move {
            let bound = vm.bind(&method, &value);
            let bound = vm.settle(bound).await?;
            let text = vm.call(&bound, vec![spec]).await?;
            if text.as_text().is_none() {
                let name = vm.type_name(&text);
                return Err(vm.type_error(format!("__format__ must return a str, not {name}")));
            }
            Ok(text)
        }))
    }

    /// `repr(value)` (async).
    pub async fn repr(&self, value: &Value) -> PyResult<Ref<Str>> {
        let result = self.repr_of(value);
        let result = self.settle(result).await?;
        self.checked_text(result, "__repr__")
    }

    /// `str(value)` (async).
    pub async fn str(&self, value: &Value) -> PyResult<Ref<Str>> {
        let result = self.str_of(value);
        let result = self.settle(result).await?;
        self.checked_text(result, "__str__")
    }

    /// `format(value, spec)` (async).
    pub async fn format(&self, value: &Value, spec: &Value) -> PyResult<Ref<Str>> {
        let result = self.format_of(value, spec);
        let result = self.settle(result).await?;
        self.checked_text(result, "__format__")
    }

    fn checked_text(&self, text: Value, method: &str) -> PyResult<Ref<Str>> {
        text.into_ref::<Str>().map_err(|other| {
            let name = self.type_name(&other);
            self.type_error(format!("{method} returned non-string (type {name})"))
        })
    }

    /// `repr(value)` for strs, small ints, floats, bools and None.
    pub fn repr_now(&self, value: &Value) -> Option<Text> {
        if let Some(string) = value.downcast_exact::<Str>() {
            return escape::repr(string.text()).ok();
        }
        self.number_text(value)?.as_text()?.try_clone().ok()
    }

    /// `str(value)` for strs, small ints, floats, bools and None, appended to `out`; false for others.
    #[inline]
    pub(crate) fn push_str_now(&self, out: &mut Text, value: &Value) -> Option<Result<(), OutOfMemory>> {
        if let Some(string) = value.downcast_exact::<Str>() {
            return Some(out.push_text(string.text()));
        }
        if let Some(n) = value.as_small_int() {
            return Some(out.push_str(int::small_to_decimal(n, &mut [0; 20])));
        }
        self.number_text(value).and_then(|text| text.as_text().map(|text| out.push_text(text)))
    }

    /// The text of small ints, floats, bools and None.
    #[inline]
    fn number_text(&self, value: &Value) -> Option<Value> {
        if let Some(n) = value.as_small_int() {
            if (0..10).contains(&n) {
                return Some(Value::from_char(b'0' as u32 + n as u32));
            }
            return Some(Value::from_str(int::small_to_decimal(n, &mut [0; 20])));
        }
        if let Some(x) = value.as_float() {
            return Some(Value::from_str(&float::repr(x)));
        }
        match value.as_bool() {
            Some(true) => Some(crate::name!(True)),
            Some(false) => Some(crate::name!(False)),
            None if value.is_none() => Some(crate::name!(None)),
            None => None,
        }
    }

    /// A str of what a text operation made, or MemoryError.
    #[inline]
    pub fn new_text(&self, text: Result<Text, OutOfMemory>) -> PyResult {
        match text {
            Ok(text) => Ok(Value::from_text(text)),
            Err(OutOfMemory) => Err(self.memory_error()),
        }
    }

    /// The result of an operation that reserves memory, or MemoryError.
    #[inline]
    pub fn reserved<T>(&self, result: Result<T, OutOfMemory>) -> PyResult<T> {
        result.map_err(|OutOfMemory| self.memory_error())
    }

    /// MemoryError unless a result of `bytes` fits under the session's limit, and the allocator has as much; cheap for small
    /// ones.
    #[inline]
    pub fn check_size(&self, bytes: usize) -> PyResult<()> {
        if bytes > 4096 { self.check_large_size(bytes) } else { Ok(()) }
    }

    #[inline(never)]
    fn check_large_size(&self, bytes: usize) -> PyResult<()> {
        self.check_memory(bytes)?;
        if bytes < 1 << 20 {
            return Ok(());
        }
        // What follows may not be able to report that memory ran out.
        let mut probe: Vec<u8> = Vec::new();
        probe.try_reserve_exact(bytes).map_err(|_| self.memory_error())
    }
}
