//! What a session with access to JavaScript knows of it: the objects that JavaScript holds, and the calls that are under way.
//!
//! A call of a JavaScript function is a host request, so the machine is left before the function runs, and the function may call
//! back into Python. Reading properties and the like happens at once; a getter that calls Python is refused by wasm-bindgen.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Promise, Reflect};
use num_bigint::BigInt;
use snakelet_vm::errors::Exc;
use snakelet_vm::host::HostRequest;
use snakelet_vm::types::exception::{BaseException, instantiate};
use snakelet_vm::types::int::Int;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::types::typeobject::Type;
use snakelet_vm::{PyResult, Raised, Value, Vm};
use wasm_bindgen::prelude::*;

use crate::convert::{Kept, ToJs, from_js};
use crate::host::JsHost;
use crate::proxy::{JsProxy, op};

/// What JavaScript is asked to do outside of the machine; `Foreign` of `web/runtime/raw.ts`.
pub mod foreign {
    pub const CALL: u32 = 0;
    pub const CONSTRUCT: u32 = 1;
    pub const WAIT: u32 = 2;
}

/// The part of a session that natives of this crate reach, if the session may use JavaScript.
#[derive(Default)]
pub struct Bridge(pub RefCell<Option<Rc<State>>>);

pub struct State {
    pub host: JsHost,
    pub kept: Rc<RefCell<Kept>>,
    calls: RefCell<Vec<Option<Call>>>,
    pub hooks: RefCell<Hooks>,
}

/// What `pyodide/ffi/__init__.py` registers.
#[derive(Default)]
pub struct Hooks {
    /// The class of Python's view of a thrown value.
    pub exception: Option<Value>,
    /// What stands for `null`.
    pub null: Option<Value>,
    /// Methods by name: a tuple of kinds and a function.
    pub methods: Option<Value>,
    /// Makes the iterator of an `await`.
    pub awaiter: Option<Value>,
    /// The class of the integers that are BigInts in JavaScript.
    pub bigint: Option<Value>,
    /// The classes of proxies of functions, arrays and maps, which have what only objects of these kinds have.
    pub classes: Option<[Value; 3]>,
    /// Makes a future of a promise that a call answered; set when there is an event loop.
    pub future: Option<Value>,
}

/// One call of JavaScript.
struct Call {
    kind: u32,
    target: JsValue,
    this: JsValue,
    args: Array,
    /// Its end: a result, or what was thrown.
    result: Option<Result<JsValue, JsValue>>,
}

impl State {
    pub fn new(host: JsHost, kept: Rc<RefCell<Kept>>) -> State {
        State { host, kept, calls: RefCell::default(), hooks: RefCell::default() }
    }

    /// Everything about a call that was requested: its number, kind, target, `this` and arguments.
    pub fn describe(&self, number: u32) -> Array {
        let calls = self.calls.borrow();
        match calls.get(number as usize).and_then(Option::as_ref) {
            Some(call) => Array::of5(&number.into(), &call.kind.into(), &call.target, &call.this, &call.args),
            None => Array::new(),
        }
    }

    /// Puts a call's end on record.
    pub fn settle(&self, number: u32, result: Result<JsValue, JsValue>) {
        if let Some(Some(call)) = self.calls.borrow_mut().get_mut(number as usize) {
            call.result = Some(result);
        }
    }

    fn open(&self, call: Call) -> u32 {
        let mut calls = self.calls.borrow_mut();
        let at = match calls.iter().position(Option::is_none) {
            Some(at) => at,
            None => {
                calls.push(None);
                calls.len() - 1
            }
        };
        calls[at] = Some(call);
        at as u32
    }

    fn close(&self, number: u32) -> Option<Result<JsValue, JsValue>> {
        self.calls.borrow_mut().get_mut(number as usize)?.take()?.result
    }
}

/// The session's bridge. Its natives are only there if there is one.
pub fn bridge(vm: &Vm) -> PyResult<Rc<State>> {
    let state = vm.extension::<Bridge>().0.borrow().clone();
    state.ok_or_else(|| vm.runtime_error("this session may not use JavaScript"))
}

/// Calls JavaScript; the native that does so returns this in tail position.
pub fn start(vm: &Vm, kind: u32, target: &JsValue, this: &JsValue, args: Array) -> Raised {
    let state = match bridge(vm) {
        Ok(state) => state,
        Err(raised) => return raised,
    };
    let call = Call { kind, target: target.clone(), this: this.clone(), args, result: None };
    let number = state.open(call);
    let vm = vm.handle();
    vm.defer(async move {
        let reply = vm.ask_host(HostRequest::Foreign { call: number }).await;
        let result = state.close(number);
        reply?;
        match result {
            Some(Ok(value)) => {
                let future = state.hooks.borrow().future.clone();
                match future {
                    Some(future) if kind == foreign::CALL && has_then(&value) => {
                        let promise = to_python(&vm, &value, None)?;
                        if promise.downcast::<JsProxy>().is_some() {
                            vm.call(&future, vec![promise]).await
                        } else {
                            Ok(promise)
                        }
                    }
                    _ => to_python(&vm, &value, None),
                }
            }
            // What a promise was rejected with is an error of JavaScript, wherever it came from first.
            Some(Err(thrown)) if kind == foreign::WAIT && state.host.kept_of(&thrown) == ERROR => {
                let exception = to_python(&vm, &thrown, None)?;
                Err(vm.raise(exception))
            }
            Some(Err(thrown)) => Err(raise(&vm, &thrown)),
            None => Ok(Value::NONE),
        }
    })
}

/// Whether a value is a promise, or is waited for as one.
fn has_then(value: &JsValue) -> bool {
    value.is_instance_of::<Promise>()
        || (value.is_object() && Reflect::get(value, &"then".into()).is_ok_and(|then| then.is_function()))
}

/// What `JsHost::kept_of` answers for an Error.
const ERROR: u32 = u32::MAX;
/// And for functions, arrays and maps: this less the place of their class.
const FUNCTION: u32 = u32::MAX - 1;
const MAP: u32 = FUNCTION - 2;

/// The proxy of an object that is not to be anything else in Python.
pub fn wrap(vm: &Vm, object: &JsValue, this: Option<&JsValue>) -> PyResult {
    let state = bridge(vm)?;
    let number = state.host.kept_of(object);
    wrap_as(vm, &state, if number < MAP && object.is_function() { FUNCTION } else { number }, object, this)
}

fn wrap_as(vm: &Vm, state: &State, number: u32, object: &JsValue, this: Option<&JsValue>) -> PyResult {
    let hooks = state.hooks.borrow();
    match &hooks.classes {
        Some(classes) if (MAP..=FUNCTION).contains(&number) => {
            vm.new_instance(&classes[(FUNCTION - number) as usize], JsProxy::new(object, this))
        }
        _ => Ok(JsProxy::wrap(object, this)),
    }
}

/// A JavaScript value as Python sees it. A function keeps the object that it was read from as its `this`.
pub fn to_python(vm: &Vm, value: &JsValue, this: Option<&JsValue>) -> PyResult {
    let state = bridge(vm)?;
    if value.is_undefined() {
        return Ok(Value::NONE);
    }
    if value.is_null() {
        return Ok(state.hooks.borrow().null.clone().unwrap_or(Value::NONE));
    }
    if !value.is_object() && !value.is_function() && !value.is_symbol() {
        let converted = from_js(vm, value, &state.kept.borrow()).map_err(|message| vm.value_error(message))?;
        if value.is_bigint()
            && let Some(class) = state.hooks.borrow().bigint.clone()
        {
            return vm.new_instance(&class, Int { value: converted.to_bigint().map_or(BigInt::ZERO, Cow::into_owned) });
        }
        return Ok(converted);
    }
    let number = state.host.kept_of(value);
    if number == ERROR
        && let Some(exception) = exception(vm, &state, value)
    {
        return Ok(exception);
    }
    if number != 0
        && number < MAP
        && let Some(kept) = state.kept.borrow().get(number)
    {
        return Ok(kept);
    }
    wrap_as(vm, &state, number, value, this)
}

/// A Python value as JavaScript sees it: proxies for everything that has no counterpart.
pub fn to_javascript(vm: &Vm, value: &Value, depth: u32) -> PyResult<JsValue> {
    let state = bridge(vm)?;
    Ok(ToJs::new(vm, &state.host, Some(&state.kept)).convert(value, depth))
}

/// Whether this is what stands for `null`.
pub fn is_null(vm: &Vm, value: &Value) -> bool {
    let bridge = vm.extension::<Bridge>().0.borrow();
    bridge.as_ref().is_some_and(|state| state.hooks.borrow().null.as_ref().is_some_and(|null| null.is(value)))
}

/// Python's view of an Error: the proxy is its only argument.
fn exception(vm: &Vm, state: &State, error: &JsValue) -> Option<Value> {
    let class = state.hooks.borrow().exception.as_ref()?.to_ref::<Type>()?;
    Some(instantiate(vm, &class, vec![JsProxy::wrap(error, None)]))
}

/// The Error behind Python's view of one.
pub fn error_of(vm: &Vm, value: &Value) -> Option<JsValue> {
    let payload = value.downcast::<BaseException>()?;
    let bridge = vm.extension::<Bridge>().0.borrow();
    let class = bridge.as_ref()?.hooks.borrow().exception.as_ref()?.to_ref::<Type>()?;
    if !vm.type_of(value).is_subtype(&class) {
        return None;
    }
    let args = payload.args.borrow().clone();
    Some(args.downcast::<Tuple>()?.items().first()?.downcast::<JsProxy>()?.target().clone())
}

/// Whether this is an int that is a BigInt in JavaScript, however small.
pub fn is_bigint(vm: &Vm, value: &Value) -> bool {
    let bridge = vm.extension::<Bridge>().0.borrow();
    let Some(state) = bridge.as_ref() else { return false };
    let hooks = state.hooks.borrow();
    let class = hooks.bigint.as_ref().and_then(|class| class.to_ref::<Type>());
    class.is_some_and(|class| vm.type_of(value).is_subtype(&class))
}

/// Raises what JavaScript threw: an exception that came from Python is itself again, anything else a `JsException`.
pub fn raise(vm: &Vm, thrown: &JsValue) -> Raised {
    let state = match bridge(vm) {
        Ok(state) => state,
        Err(raised) => return raised,
    };
    // An exception of Python, or an Error; for what is neither, an Error that tells of it.
    let error = state.host.operate(op::THROWN, thrown, &JsValue::UNDEFINED, &JsValue::UNDEFINED);
    let error = error.unwrap_or_else(|error| error);
    if let Some(number) = error.as_f64()
        && let Some(kept) = state.kept.borrow().get(number as u32)
        && Exc::BaseException.matches(&kept)
    {
        return vm.raise(kept);
    }
    match exception(vm, &state, &error) {
        Some(exception) => vm.raise(exception),
        None => vm.runtime_error(String::from(js_sys::Object::from(error).to_string())),
    }
}
