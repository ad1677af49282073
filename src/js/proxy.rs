//! `JsProxy`: a JavaScript object in Python's hands, and the module `_js` that `pyodide/ffi/__init__.py` builds upon.
//!
//! What an operation means for a given object is decided in JavaScript (`web/compat/jsproxy.ts`), which answers with the host
//! object itself where there is no such thing. Methods that JavaScript objects do not have (`to_py`, `object_keys`, a list's or a
//! dict's) are written in Python and registered here with the kinds of objects that have them.

use js_sys::{Array, Object, Reflect};
use snakelet_macros::{methods, native_module, native_type};
use snakelet_vm::errors::Exc;
use snakelet_vm::native::Args;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::method::BoundMethod;
use snakelet_vm::types::object::find_attr;
use snakelet_vm::types::slice::Slice;
use snakelet_vm::types::slots::CompareOp;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::{Native, PyResult, Raised, Value, Vm};
use wasm_bindgen::prelude::*;

use crate::bridge::{bridge, foreign, raise, start, to_javascript, to_python};
use crate::convert::text_to_js;

/// The operations of `web/compat/jsproxy.ts`.
mod op {
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
}

/// A registered method with this kind is a property.
const PROPERTY: i64 = 1 << 30;

/// A reference on JavaScript's heap.
struct Handle(JsValue);
snakelet_vm::no_references!(Handle);

/// The payload of JavaScript's objects.
#[native_type(name = "JsProxy", module = "pyodide.ffi", doc = "A JavaScript object.", flags(weak_references))]
pub struct JsProxy {
    target: Handle,
    /// The object that a function was read from.
    this: Handle,
}

impl JsProxy {
    pub fn wrap(target: &JsValue, this: Option<&JsValue>) -> Value {
        let this = this.cloned().unwrap_or(JsValue::UNDEFINED);
        JsProxy { target: Handle(target.clone()), this: Handle(this) }.into_value()
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

/// Arguments for JavaScript: named ones become the properties of one object at the end.
fn arguments(vm: &Vm, args: Args<'_>) -> PyResult<Array> {
    let array = Array::new();
    let count = args.positional_count();
    for value in &args.values[..count] {
        array.push(&to_javascript(vm, value, 0)?);
    }
    if !args.kwnames.is_empty() {
        let named = Object::new();
        for (name, value) in args.kwnames.iter().zip(&args.values[count..]) {
            let _ = Reflect::set(&named, &name_of(vm, name)?, &to_javascript(vm, value, 0)?);
        }
        array.push(&named);
    }
    Ok(array)
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

    #[slot(call)]
    fn call(vm: &Vm, this: &JsProxy, args: Args<'_>) -> PyResult {
        if !this.target().is_function() {
            return Err(vm.type_error("'pyodide.ffi.JsProxy' object is not callable"));
        }
        let args = arguments(vm, args)?;
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
        if kinds(vm, this)? & SUBSCRIPTABLE == 0 {
            return Err(vm.type_error("'pyodide.ffi.JsProxy' object is not subscriptable"));
        }
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
        if kinds(vm, this)? & SUBSCRIPTABLE == 0 {
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
            Some(iterator) => Ok(JsProxy::wrap(&iterator, None)),
            None => Err(vm.type_error("'pyodide.ffi.JsProxy' object is not iterable")),
        }
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &JsProxy) -> PyResult {
        match operate(vm, op::NEXT, this, NOTHING, NOTHING)? {
            Some(value) => to_python(vm, &value, None),
            None => Ok(Value::UNBOUND),
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
        binary(vm, left, "__mul__", right)
    }

    #[slot(aiter)]
    fn aiter(vm: &Vm, this: &Value) -> PyResult {
        match special(vm, this, "__aiter__", &[])? {
            Some(deferred) => Err(deferred),
            None => Err(vm.type_error("'async for' requires an object with __aiter__ method, got JsProxy")),
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
        Ok(Value::from_list(found))
    }
}

/// Arrays and typed arrays; see `Kind` of `web/compat/jsproxy.ts`.
const ARRAYS: i64 = 3;
/// Those, and whatever has `get` and `set`.
const SUBSCRIPTABLE: i64 = 3 | 4 | 1 << 12;

/// JavaScript's side of `pyodide.ffi`.
#[native_module("_js", types = [JsProxy])]
pub mod js {
    use super::*;

    /// What the modules of pyodide add: the class of errors, the null object, methods by name, and what makes `await` iterators.
    #[function("register(exception, null, methods, awaiter, /)")]
    fn register(vm: &Vm, exception: Value, null: Value, methods: Value, awaiter: Value) -> PyResult<()> {
        let state = bridge(vm)?;
        let mut hooks = state.hooks.borrow_mut();
        hooks.exception = Some(exception);
        hooks.null = Some(null);
        hooks.methods = Some(methods);
        hooks.awaiter = Some(awaiter);
        Ok(())
    }

    /// One of the objects that JavaScript offers: globals, helpers.
    #[function("root(name, /)")]
    fn root(vm: &Vm, name: &Value) -> PyResult {
        let state = bridge(vm)?;
        let found = state.host.operate(op::ROOT, NOTHING, &name_of(vm, name)?, NOTHING);
        match found {
            Ok(value) => Ok(JsProxy::wrap(&value, None)),
            Err(thrown) => Err(raise(vm, &thrown)),
        }
    }

    /// What kinds of object this is, as bits.
    #[function("kinds(object, /)")]
    fn object_kinds(vm: &Vm, object: &Value) -> PyResult<i64> {
        match object.downcast::<JsProxy>() {
            Some(proxy) => kinds(vm, proxy),
            None => Ok(0),
        }
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
        let value = to_javascript(vm, object, depth)?;
        if value.is_object() || value.is_function() {
            return Ok(JsProxy::wrap(&value, None));
        }
        to_python(vm, &value, None)
    }

    /// Calls a constructor.
    #[function("construct(constructor, /, *args, **kwargs)")]
    fn construct(vm: &Vm, constructor: &JsProxy, args: &[Value], kwargs: snakelet_vm::native::KwArgs<'_>) -> PyResult {
        let array = arguments(vm, Args::positional(args))?;
        let named = Object::new();
        let mut any = false;
        for (name, value) in kwargs.iter() {
            any = true;
            let _ = Reflect::set(&named, &name_of(vm, name)?, &to_javascript(vm, value, 0)?);
        }
        if any {
            array.push(&named);
        }
        Err(start(vm, foreign::CONSTRUCT, constructor.target(), NOTHING, array))
    }

    /// Waits until a promise is settled. Other threads go on.
    #[function("wait(promise, /)")]
    fn wait(vm: &Vm, promise: &JsProxy) -> PyResult {
        Err(start(vm, foreign::WAIT, promise.target(), NOTHING, Array::new()))
    }
}
