//! `JsProxy`: a JavaScript object in Python's hands, and the module `_js` that `pyodide/ffi/__init__.py` builds upon.
//!
//! What an operation means for a given object is decided in JavaScript (`web/compat/jsproxy.ts`), which answers with the host
//! object itself where there is no such thing. Methods that JavaScript objects do not have (`to_py`, `object_keys`, a list's or a
//! dict's) are written in Python and registered here with the kinds of objects that have them.

use js_sys::{Array, Object, Reflect};
use snakelet_macros::{methods, native_module, native_type};
use snakelet_vm::errors::Exc;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::method::BoundMethod;
use snakelet_vm::types::object::find_attr;
use snakelet_vm::types::slice::Slice;
use snakelet_vm::types::slots::CompareOp;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::{Native, PyResult, Raised, Value, Vm};
use wasm_bindgen::prelude::*;

use crate::bridge::{bridge, error_of, foreign, raise, start, to_javascript, to_python, wrap};
use crate::convert::{ToJs, text_to_js};

/// The operations of `web/compat/jsproxy.ts`.
pub mod op {
    pub const GET: u32 = 0;
    pub const SET: u32 = 1;
    pub const DELETE: u32 = 2;
    pub const NAMES: u32 = 3;
    pub const TEXT: u32 = 4;
    pub const LENGTH: u32 = 5;
    pub const ITEM: u32 = 6;
    pub const SET_ITEM: u32 = 7;
    pub const DELETE_ITEM: u32 = 8;
    pub const CONTAINS: u32 = 9;
    pub const ITERATE: u32 = 10;
    pub const NEXT: u32 = 11;
    pub const TRUE: u32 = 12;
    pub const KINDS: u32 = 13;
    pub const ID: u32 = 14;
    pub const ROOT: u32 = 15;
    /// What a thrown value is to Python: the number of a kept exception, or an Error.
    pub const THROWN: u32 = 16;
    /// What the iterator that has just ended returned.
    pub const END: u32 = 17;
}

/// A registered method with this kind is a property.
const PROPERTY: i64 = 1 << 30;

/// A reference on JavaScript's heap.
struct Handle(JsValue);
snakelet_vm::no_references!(Handle);

/// The payload of JavaScript's objects.
#[native_type(
    name = "JsProxy",
    module = "pyodide.ffi",
    doc = "A JavaScript object.",
    flags(subclassable, weak_references)
)]
pub struct JsProxy {
    target: Handle,
    /// The object that a function was read from.
    this: Handle,
}

impl JsProxy {
    pub fn new(target: &JsValue, this: Option<&JsValue>) -> JsProxy {
        let this = this.cloned().unwrap_or(JsValue::UNDEFINED);
        JsProxy { target: Handle(target.clone()), this: Handle(this) }
    }

    /// A proxy of no particular kind.
    pub fn wrap(target: &JsValue, this: Option<&JsValue>) -> Value {
        JsProxy::new(target, this).into_value()
    }

    pub fn target(&self) -> &JsValue {
        &self.target.0
    }
}

/// Asks JavaScript; `None`: there is no such thing.
fn operate(vm: &Vm, kind: u32, proxy: &JsProxy, a: &JsValue, b: &JsValue) -> PyResult<Option<JsValue>> {
    let state = bridge(vm)?;
    match state.host.operate(kind, proxy.target(), a, b) {
        Ok(value) if Object::is(&value, state.host.as_ref()) => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(thrown) => Err(raise(vm, &thrown)),
    }
}

const NOTHING: &JsValue = &JsValue::UNDEFINED;

fn name_of(vm: &Vm, name: &Value) -> PyResult<JsValue> {
    match name.as_text() {
        Some(text) => Ok(text_to_js(text)),
        None => Err(vm.type_error("attribute name must be string")),
    }
}

fn kinds(vm: &Vm, proxy: &JsProxy) -> PyResult<i64> {
    Ok(operate(vm, op::KINDS, proxy, NOTHING, NOTHING)?.and_then(|kinds| kinds.as_f64()).unwrap_or(0.0) as i64)
}

/// A method that `pyodide/ffi/__init__.py` registered, bound to the proxy.
fn registered(vm: &Vm, this: &Value, proxy: &JsProxy, name: &str) -> PyResult<Option<Value>> {
    let entry = {
        let state = bridge(vm)?;
        let hooks = state.hooks.borrow();
        hooks.methods.as_ref().and_then(|methods| methods.downcast::<Dict>()?.get_text(name))
    };
    let Some(entry) = entry else { return Ok(None) };
    let Some([wanted, function]) = entry.downcast::<Tuple>().map(Tuple::items) else { return Ok(None) };
    let wanted = wanted.to_i64().unwrap_or(0);
    let needed = wanted & !PROPERTY;
    if needed != 0 && kinds(vm, proxy)? & needed == 0 {
        return Ok(None);
    }
    if wanted & PROPERTY != 0 {
        let future = vm.call(function, vec![this.clone()]);
        return Err(vm.defer(future));
    }
    Ok(Some(BoundMethod { function: function.clone(), instance: this.clone() }.into_value()))
}

/// What Python's code does for an operator: `None` if objects of this kind have no such method.
fn special(vm: &Vm, this: &Value, name: &str, args: &[&Value]) -> PyResult<Option<Raised>> {
    let Some(proxy) = this.downcast::<JsProxy>() else { return Ok(None) };
    let Some(method) = registered(vm, this, proxy, name)? else { return Ok(None) };
    let future = vm.call(&method, args.iter().map(|&value| value.clone()).collect());
    Ok(Some(vm.defer(future)))
}

/// The same for operators with two sides.
fn binary(vm: &Vm, left: &Value, name: &str, right: &Value) -> PyResult {
    match special(vm, left, name, &[right])? {
        Some(deferred) => Err(deferred),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// Arguments for JavaScript.
fn arguments(vm: &Vm, values: &[Value]) -> PyResult<Array> {
    let array = Array::new();
    for value in values {
        array.push(&to_javascript(vm, value, 0)?);
    }
    Ok(array)
}

/// Named arguments become the properties of one object at the end.
fn with_keywords(vm: &Vm, args: Array, kwargs: snakelet_vm::native::KwArgs<'_>) -> PyResult<Array> {
    let mut named = None;
    for (name, value) in kwargs.iter() {
        let named = named.get_or_insert_with(Object::new);
        let _ = Reflect::set(named, &name_of(vm, name)?, &to_javascript(vm, value, 0)?);
    }
    if let Some(named) = named {
        args.push(&named);
    }
    Ok(args)
}

/// TypeError unless a key is an index.
fn check_index(vm: &Vm, kinds: i64, key: &Value) -> PyResult<()> {
    if kinds & ARRAYS == 0 || key.is_int() || key.as_bool().is_some() {
        return Ok(());
    }
    let name = vm.type_name(key);
    Err(vm.type_error(format!("list indices must be integers or slices, not {name}")))
}

#[methods]
impl JsProxy {
    #[slot(getattr)]
    fn getattr(vm: &Vm, this: &Value, name: &Value) -> PyResult {
        if let Some(found) = find_attr(vm, this, name) {
            return found;
        }
        let Some(proxy) = this.downcast::<JsProxy>() else { return Err(vm.no_attribute(this, name)) };
        let text = name.as_text().map(|text| text.to_utf8_lossy().into_owned()).unwrap_or_default();
        if let Some(method) = registered(vm, this, proxy, &text)? {
            return Ok(method);
        }
        match operate(vm, op::GET, proxy, &JsValue::from_str(&text), NOTHING)? {
            Some(value) => to_python(vm, &value, Some(proxy.target())),
            None => Err(vm.attribute_error(text)),
        }
    }

    #[slot(setattr)]
    fn setattr(vm: &Vm, this: &JsProxy, name: &Value, value: Option<&Value>) -> PyResult {
        let key = name_of(vm, name)?;
        let done = match value {
            Some(value) => operate(vm, op::SET, this, &key, &to_javascript(vm, value, 0)?)?,
            None => operate(vm, op::DELETE, this, &key, NOTHING)?,
        };
        match done {
            Some(_) => Ok(Value::NONE),
            None => Err(vm.attribute_error(key.as_string().unwrap_or_default())),
        }
    }

    /// Calls the function; what `__call__` is in the class of functions' proxies.
    #[method("_call(self, /, *args, **kwargs)")]
    fn call(vm: &Vm, this: &JsProxy, args: &[Value], kwargs: snakelet_vm::native::KwArgs<'_>) -> PyResult {
        let args = with_keywords(vm, arguments(vm, args)?, kwargs)?;
        Err(start(vm, foreign::CALL, this.target(), &this.this.0, args))
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &JsProxy) -> PyResult {
        let text = operate(vm, op::TEXT, this, NOTHING, NOTHING)?.unwrap_or_default();
        to_python(vm, &text, None)
    }

    #[slot(bool)]
    fn bool(vm: &Vm, this: &JsProxy) -> PyResult {
        let truth = operate(vm, op::TRUE, this, NOTHING, NOTHING)?;
        Ok(Value::bool(truth.is_some_and(|truth| truth.is_truthy())))
    }

    #[slot(len)]
    fn length(vm: &Vm, this: &JsProxy) -> PyResult {
        match operate(vm, op::LENGTH, this, NOTHING, NOTHING)?.and_then(|length| length.as_f64()) {
            Some(length) => Ok(Value::from_i64(length as i64)),
            None => Err(vm.type_error("object of type 'pyodide.ffi.JsProxy' has no len()")),
        }
    }

    #[slot(getitem)]
    fn getitem(vm: &Vm, this: &Value, key: &Value) -> PyResult {
        if key.downcast::<Slice>().is_some()
            && let Some(deferred) = special(vm, this, "__getitem__", &[key])?
        {
            return Err(deferred);
        }
        let Some(this) = this.downcast::<JsProxy>() else { return Ok(Value::NOT_IMPLEMENTED) };
        let js_key = to_javascript(vm, key, 1)?;
        let kinds_of = kinds(vm, this)?;
        if kinds_of & SUBSCRIPTABLE == 0 {
            return Err(vm.type_error("'pyodide.ffi.JsProxy' object is not subscriptable"));
        }
        check_index(vm, kinds_of, key)?;
        match operate(vm, op::ITEM, this, &js_key, NOTHING)? {
            Some(value) => to_python(vm, &value, None),
            None if kinds(vm, this)? & ARRAYS != 0 => Err(vm.error_with_args(Exc::IndexError, vec![key.clone()])),
            None => Err(vm.key_error(key.clone())),
        }
    }

    #[slot(setitem)]
    fn setitem(vm: &Vm, this: &Value, key: &Value, value: Option<&Value>) -> PyResult {
        if key.downcast::<Slice>().is_some() {
            let deferred = match value {
                Some(value) => special(vm, this, "__setitem__", &[key, value])?,
                None => special(vm, this, "__delitem__", &[key])?,
            };
            if let Some(deferred) = deferred {
                return Err(deferred);
            }
        }
        let Some(this) = this.downcast::<JsProxy>() else { return Ok(Value::NOT_IMPLEMENTED) };
        let js_key = to_javascript(vm, key, 1)?;
        let kinds_of = kinds(vm, this)?;
        if value.is_none() && kinds_of & TYPED != 0 {
            return Err(vm.type_error("object doesn't support item deletion"));
        }
        check_index(vm, kinds_of, key)?;
        if kinds_of & SUBSCRIPTABLE == 0 {
            let what = if value.is_some() { "assignment" } else { "deletion" };
            return Err(vm.type_error(format!("'pyodide.ffi.JsProxy' object does not support item {what}")));
        }
        let done = match value {
            Some(value) => operate(vm, op::SET_ITEM, this, &js_key, &to_javascript(vm, value, 0)?)?,
            None => operate(vm, op::DELETE_ITEM, this, &js_key, NOTHING)?,
        };
        match done {
            Some(_) => Ok(Value::NONE),
            None if kinds(vm, this)? & ARRAYS != 0 => Err(vm.index_error("list assignment index out of range")),
            None => Err(vm.key_error(key.clone())),
        }
    }

    #[slot(contains)]
    fn contains(vm: &Vm, this: &JsProxy, item: &Value) -> PyResult {
        let item = to_javascript(vm, item, 0)?;
        match operate(vm, op::CONTAINS, this, &item, NOTHING)? {
            Some(found) => Ok(Value::bool(found.is_truthy())),
            None => Err(vm.type_error("argument of type 'pyodide.ffi.JsProxy' is not a container or iterable")),
        }
    }

    #[slot(iter)]
    fn iter(vm: &Vm, this: &JsProxy) -> PyResult {
        match operate(vm, op::ITERATE, this, NOTHING, NOTHING)? {
            Some(iterator) => wrap(vm, &iterator, None),
            None => Err(vm.type_error("'pyodide.ffi.JsProxy' object is not iterable")),
        }
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &JsProxy) -> PyResult {
        match operate(vm, op::NEXT, this, NOTHING, NOTHING)? {
            Some(value) => to_python(vm, &value, None),
            // The value that a generator returned, or nothing; null: it is no iterator.
            None => match operate(vm, op::END, this, NOTHING, NOTHING)? {
                Some(end) if end.is_null() => Err(vm.type_error("'pyodide.ffi.JsProxy' object is not an iterator")),
                Some(end) if !end.is_undefined() => {
                    let end = to_python(vm, &end, None)?;
                    Err(vm.error_with_args(Exc::StopIteration, vec![end]))
                }
                _ => Ok(Value::UNBOUND),
            },
        }
    }

    #[slot(await_)]
    fn await_(vm: &Vm, this: &Value) -> PyResult {
        let awaiter = bridge(vm)?.hooks.borrow().awaiter.clone().unwrap_or(Value::NONE);
        let future = vm.call(&awaiter, vec![this.clone()]);
        Err(vm.defer(future))
    }

    #[slot(add)]
    fn add(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        binary(vm, left, "__add__", right)
    }

    #[slot(mul)]
    fn mul(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        let (left, right) = if left.downcast::<JsProxy>().is_some() { (left, right) } else { (right, left) };
        binary(vm, left, "__mul__", right)
    }

    #[slot(aiter)]
    fn aiter(vm: &Vm, this: &Value) -> PyResult {
        match special(vm, this, "__aiter__", &[])? {
            Some(deferred) => Err(deferred),
            None => Err(vm.type_error("'async for' requires an object with __aiter__ method, got JsProxy")),
        }
    }

    #[slot(anext)]
    fn anext(vm: &Vm, this: &Value) -> PyResult {
        match special(vm, this, "__anext__", &[])? {
            Some(deferred) => Err(deferred),
            None => Err(vm.type_error("'pyodide.ffi.JsProxy' object is not an async iterator")),
        }
    }

    #[slot(compare)]
    fn compare(_vm: &Vm, this: &Value, other: &Value, op: CompareOp) -> PyResult {
        let (Some(left), Some(right)) = (this.downcast::<JsProxy>(), other.downcast::<JsProxy>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let same = Object::is(left.target(), right.target());
        Ok(match op {
            CompareOp::Eq => Value::bool(same),
            CompareOp::Ne => Value::bool(!same),
            _ => Value::NOT_IMPLEMENTED,
        })
    }

    #[slot(hash)]
    fn hash(vm: &Vm, this: &JsProxy) -> PyResult {
        let id = operate(vm, op::ID, this, NOTHING, NOTHING)?.and_then(|id| id.as_f64()).unwrap_or(0.0);
        Ok(Value::from_i64(id as i64))
    }

    /// The names of its properties and methods.
    #[method("__dir__(self, /)")]
    fn dir(vm: &Vm, this: &JsProxy) -> PyResult {
        let names = operate(vm, op::NAMES, this, NOTHING, NOTHING)?.unwrap_or_default();
        let names: Array = names.unchecked_into();
        let mut found = Vec::new();
        for name in names.iter() {
            found.push(to_python(vm, &name, None)?);
        }
        let kinds = kinds(vm, this)?;
        let state = bridge(vm)?;
        if let Some(methods) = state.hooks.borrow().methods.as_ref().and_then(|methods| methods.downcast::<Dict>()) {
            for entry in methods.table.borrow().iter() {
                let wanted = entry.value.downcast::<Tuple>().and_then(|entry| entry.items().first()?.to_i64());
                let wanted = wanted.unwrap_or(0) & !PROPERTY;
                let is_offered = wanted == 0 || kinds & wanted != 0;
                if is_offered && !names.includes(&name_of(vm, &entry.key)?, 0) {
                    found.push(entry.key.clone());
                }
            }
        }
        Ok(Value::from_list(found))
    }
}

/// The kind of an Error.
const ERROR: i64 = 1 << 7;
/// Arrays and typed arrays; see `Kind` of `web/compat/jsproxy.ts`.
const ARRAYS: i64 = 3;
const TYPED: i64 = 2;
/// Those, and whatever has `get` and `set`.
const SUBSCRIPTABLE: i64 = 3 | 4 | 1 << 12;

/// JavaScript's side of `pyodide.ffi`.
#[native_module("_js", types = [JsProxy])]
pub mod js {
    use super::*;

    /// What the modules of pyodide add: the class of errors, the null object, methods by name, and what makes `await` iterators.
    /// The classes are those of JavaScript's errors, of BigInts, and of the proxies of functions, arrays and maps.
    #[function("register(classes, null, methods, awaiter, /)")]
    fn register(vm: &Vm, classes: &Value, null: Value, methods: Value, awaiter: Value) -> PyResult<()> {
        let state = bridge(vm)?;
        let mut hooks = state.hooks.borrow_mut();
        if let Some([exception, bigint, function, array, map]) = classes.downcast::<Tuple>().map(Tuple::items) {
            hooks.exception = Some(exception.clone());
            hooks.bigint = Some(bigint.clone());
            hooks.classes = Some([function.clone(), array.clone(), map.clone()]);
        }
        hooks.null = Some(null);
        hooks.methods = Some(methods);
        hooks.awaiter = Some(awaiter);
        Ok(())
    }

    /// From now on promises that calls answer become what the function makes of them.
    #[function("register_future(make, /)")]
    fn register_future(vm: &Vm, make: Value) -> PyResult<()> {
        bridge(vm)?.hooks.borrow_mut().future = Some(make);
        Ok(())
    }

    /// One of the objects that JavaScript offers: globals, helpers.
    #[function("root(name, /)")]
    fn root(vm: &Vm, name: &Value) -> PyResult {
        let state = bridge(vm)?;
        let found = state.host.operate(op::ROOT, NOTHING, &name_of(vm, name)?, NOTHING);
        match found {
            Ok(value) => wrap(vm, &value, None),
            Err(thrown) => Err(raise(vm, &thrown)),
        }
    }

    /// What kinds of object this is, as bits.
    #[function("kinds(object, /)")]
    fn object_kinds(vm: &Vm, object: &Value) -> PyResult<i64> {
        if let Some(proxy) = object.downcast::<JsProxy>() {
            return kinds(vm, proxy);
        }
        Ok(if error_of(vm, object).is_some() { ERROR } else { 0 })
    }

    /// A number that names the object behind a proxy.
    #[function("identity(object, /)")]
    fn identity(vm: &Vm, object: &JsProxy) -> PyResult {
        let id = operate(vm, op::ID, object, NOTHING, NOTHING)?.and_then(|id| id.as_f64()).unwrap_or(0.0);
        Ok(Value::from_i64(id as i64))
    }

    /// A converted copy: containers down to depth levels, proxies below that and for all else.
    #[function("convert(object, depth, /)")]
    fn convert(vm: &Vm, object: &Value, depth: u32) -> PyResult {
        let state = bridge(vm)?;
        let mut conversion = ToJs::new(vm, &state.host, Some(&state.kept));
        let value = conversion.convert(object, depth);
        if let Some((key, container)) = conversion.refused {
            return Err(vm.error_with_args(Exc::LookupError, vec![key, Value::from_str(container)]));
        }
        if value.is_object() || value.is_function() {
            return wrap(vm, &value, None);
        }
        to_python(vm, &value, None)
    }

    /// Calls a constructor.
    #[function("construct(constructor, /, *args, **kwargs)")]
    fn construct(vm: &Vm, constructor: &JsProxy, args: &[Value], kwargs: snakelet_vm::native::KwArgs<'_>) -> PyResult {
        let array = with_keywords(vm, arguments(vm, args)?, kwargs)?;
        Err(start(vm, foreign::CONSTRUCT, constructor.target(), NOTHING, array))
    }

    /// Waits until a promise is settled. Other threads go on.
    #[function("wait(promise, /)")]
    fn wait(vm: &Vm, promise: &JsProxy) -> PyResult {
        Err(start(vm, foreign::WAIT, promise.target(), NOTHING, Array::new()))
    }
}
