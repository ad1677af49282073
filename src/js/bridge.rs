//! What a session with access to JavaScript knows of it: the objects that JavaScript holds, and the calls that are under way.
//!
//! A call of a JavaScript function is a host request, so the machine is left before the function runs, and the function may call
//! back into Python. Reading properties and the like happens at once; a getter that calls Python is refused by wasm-bindgen.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Array;
use snakelet_vm::host::HostRequest;
use snakelet_vm::{PyResult, Raised, Value, Vm};
use wasm_bindgen::prelude::*;

use crate::convert::{Kept, ToJs, from_js};
use crate::host::JsHost;
use crate::proxy::JsProxy;

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
            Some(Ok(value)) => to_python(&vm, &value, None),
            Some(Err(thrown)) => match raise(&vm, &thrown) {
                raised if vm.is_deferred() => vm.settle(Err(raised)).await,
                raised => Err(raised),
            },
            None => Ok(Value::NONE),
        }
    })
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
        return from_js(vm, value, &state.kept.borrow()).map_err(|message| vm.value_error(message));
    }
    let number = state.host.kept_of(value);
    if number != 0
        && let Some(kept) = state.kept.borrow().get(number)
    {
        return Ok(kept);
    }
    Ok(JsProxy::wrap(value, this))
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

/// Raises what JavaScript threw: an exception that came from Python is itself again, anything else a `JsException`.
pub fn raise(vm: &Vm, thrown: &JsValue) -> Raised {
    let value = match to_python(vm, thrown, None) {
        Ok(value) => value,
        Err(raised) => return raised,
    };
    if snakelet_vm::errors::Exc::BaseException.matches(&value) {
        return vm.raise(value);
    }
    let class = bridge(vm).ok().and_then(|state| state.hooks.borrow().exception.clone());
    let Some(class) = class else {
        let text = thrown.as_string().unwrap_or_else(|| String::from(js_sys::Object::from(thrown.clone()).to_string()));
        return vm.runtime_error(text);
    };
    let value = match value.downcast::<JsProxy>() {
        Some(_) => value,
        None => JsProxy::wrap(thrown, None),
    };
    let vm = vm.handle();
    vm.defer(async move {
        let exception = vm.call(&class, vec![value]).await?;
        Err(vm.raise(exception))
    })
}
