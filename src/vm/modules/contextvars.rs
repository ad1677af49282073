//! `_contextvars`: context variables (PEP 567).
//!
//! A context is a list of (variable, value) pairs; there are few, and copying a context is what happens most. Each thread has a
//! stack of entered contexts, with one of its own at the bottom.

use std::cell::Cell;

use snakelet_macros::{methods, native_module, native_type};

use crate::errors::Exc;
use crate::exec::thread::MAIN_ID;
use crate::native::Args;
use crate::object::{Native, Ref, VmCell};
use crate::types::slots::CompareOp;
use crate::{PyResult, Value, Vm, VmRef};

pub const MODULE: crate::native::ModuleDef = ContextVars::MODULE;

/// The entered contexts of a thread.
struct Entered {
    thread: u64,
    stack: Vec<Ref<Context>>,
}

#[derive(Default)]
struct Contexts(VmCell<Vec<Entered>>);

/// The payload of contexts.
#[native_type(name = "Context", module = "_contextvars")]
pub struct Context {
    /// The variables.
    names: VmCell<Vec<Value>>,
    /// Their values, at the same places.
    values: VmCell<Vec<Value>>,
    entered: Cell<bool>,
}

/// The payload of context variables.
#[native_type(name = "ContextVar", module = "_contextvars", flags(weak_references))]
pub struct ContextVar {
    name: Value,
    /// Unbound if there is none.
    default: Value,
}

/// The payload of what `ContextVar.set` answers.
#[native_type(name = "Token", module = "_contextvars")]
pub struct Token {
    context: Ref<Context>,
    variable: Value,
    /// Unbound if there was none.
    old: Value,
    used: Cell<bool>,
}

/// `Token.MISSING`.
#[native_type(name = "Token.MISSING", module = "_contextvars")]
pub struct Missing {}

#[methods]
impl Missing {
    #[slot(repr)]
    fn repr(_this: &Missing) -> String {
        "<Token.MISSING>".to_string()
    }
}

#[derive(Default)]
struct MissingObject(VmCell<Option<Value>>);

fn missing(vm: &Vm) -> Value {
    vm.extension::<MissingObject>().0.borrow_mut().get_or_insert_with(|| Missing {}.into_value()).clone()
}

impl Context {
    fn empty() -> Ref<Context> {
        Context { names: VmCell::default(), values: VmCell::default(), entered: Cell::new(false) }.into_object()
    }

    fn duplicate(&self) -> Ref<Context> {
        let (names, values) = (self.names.borrow().clone(), self.values.borrow().clone());
        Context { names: VmCell::new(names), values: VmCell::new(values), entered: Cell::new(false) }.into_object()
    }

    fn place(&self, variable: &Value) -> Option<usize> {
        self.names.borrow().iter().position(|known| known.is(variable))
    }

    fn value_of(&self, variable: &Value) -> Option<Value> {
        self.place(variable).map(|at| self.values.borrow()[at].clone())
    }

    fn assign(&self, variable: &Value, value: Value) -> Value {
        match self.place(variable) {
            Some(at) => std::mem::replace(&mut self.values.borrow_mut()[at], value),
            None => {
                self.names.borrow_mut().push(variable.clone());
                self.values.borrow_mut().push(value);
                Value::UNBOUND
            }
        }
    }

    fn forget(&self, variable: &Value) {
        if let Some(at) = self.place(variable) {
            let name = self.names.borrow_mut().remove(at);
            let value = self.values.borrow_mut().remove(at);
            drop((name, value));
        }
    }
}

fn entered(vm: &Vm) -> &mut Entered {
    let thread = vm.threads.current_id();
    let all = vm.extension::<Contexts>().0.borrow_mut();
    let at = match all.iter().position(|entered| entered.thread == thread) {
        Some(at) => at,
        None => {
            // Threads that have ended leave nothing behind; the main thread only rests between two runs.
            all.retain(|entered| entered.thread == MAIN_ID || vm.threads.find(entered.thread).is_some());
            all.push(Entered { thread, stack: vec![Context::empty()] });
            all.len() - 1
        }
    };
    &mut all[at]
}

/// Leaves a context when dropped, also when the run is given up.
struct Left {
    vm: VmRef,
    thread: u64,
    context: Ref<Context>,
}

impl Drop for Left {
    fn drop(&mut self) {
        self.context.entered.set(false);
        let all = self.vm.extension::<Contexts>().0.borrow_mut();
        if let Some(entered) = all.iter_mut().find(|entered| entered.thread == self.thread)
            && let Some(at) = entered.stack.iter().rposition(|context| context.is(&self.context))
        {
            drop(entered.stack.remove(at));
        }
    }
}

/// The running thread's context.
fn current(vm: &Vm) -> Ref<Context> {
    let entered = entered(vm);
    match entered.stack.last() {
        Some(context) => context.clone(),
        None => Context::empty(),
    }
}

/// A new context variable, for native modules that keep one.
pub fn new_variable(name: &str) -> Value {
    ContextVar { name: Value::from_str(name), default: Value::UNBOUND }.into_value()
}

/// The variable's value in the running thread's context.
pub fn value_of(vm: &Vm, variable: &Value) -> Option<Value> {
    entered(vm).stack.last().and_then(|context| context.value_of(variable))
}

/// Sets the variable in the running thread's context.
pub fn set_value(vm: &Vm, variable: &Value, value: Value) {
    drop(current(vm).assign(variable, value));
}

fn variable(vm: &Vm, value: &Value) -> PyResult<()> {
    if value.downcast::<ContextVar>().is_some() {
        return Ok(());
    }
    let (vm, value) = (vm.handle(), value.clone());
    Err(vm.defer(async move {
        let got = vm.repr(&value).await?.to_string_lossy();
        Err(vm.type_error(format!("a ContextVar key was expected, got {got}")))
    }))
}

#[methods]
impl Context {
    #[slot(new)]
    fn new(vm: &Vm, _cls: &Value, args: Args<'_>) -> PyResult {
        if !args.values.is_empty() {
            return Err(vm.type_error("Context() does not accept any arguments"));
        }
        Ok(Context::empty().into_value())
    }

    #[slot(compare)]
    fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let both = (left.downcast::<Context>(), right.downcast::<Context>());
        let ((Some(left), Some(right)), CompareOp::Eq | CompareOp::Ne) = (both, op) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let names = left.names.borrow();
        let others: Option<Vec<Value>> = names.iter().map(|name| right.value_of(name)).collect();
        match others {
            Some(others) if names.len() == right.names.borrow().len() => {
                let values = Value::from_list(left.values.borrow().clone());
                vm.rich_compare(&values, &Value::from_list(others), op)
            }
            _ => Ok(Value::bool(op == CompareOp::Ne)),
        }
    }

    /// Call the function in this context.
    #[method("run(self, callable=<unrepresentable>, /, *args, **kwargs)", text = none)]
    async fn run(
        vm: VmRef,
        this: Ref<Context>,
        callable: Option<Value>,
        args: Vec<Value>,
        kwargs: Vec<(Value, Value)>,
    ) -> PyResult {
        let Some(callable) = callable else {
            return Err(vm.type_error("run() missing 1 required positional argument"));
        };
        if this.entered.get() {
            let shown = vm.repr(this.as_value()).await?.to_string_lossy();
            return Err(vm.runtime_error(format!("cannot enter context: {shown} is already entered")));
        }
        let left = Left { vm, thread: vm.threads.current_id(), context: this.clone() };
        this.entered.set(true);
        entered(&vm).stack.push(this);
        let (names, values): (Vec<Value>, Vec<Value>) = kwargs.into_iter().unzip();
        let result = vm.call_kw(&callable, args.into_iter().chain(values).collect(), names).await;
        drop(left);
        result
    }

    /// A shallow copy.
    #[method("copy(self, /)")]
    fn copy(this: &Context) -> Value {
        this.duplicate().into_value()
    }

    /// The variable's value in this context; the default if it has none.
    #[method("get(self, key, default=None, /)")]
    fn get(vm: &Vm, this: &Context, key: &Value, default: &Value) -> PyResult {
        variable(vm, key)?;
        Ok(this.value_of(key).unwrap_or_else(|| default.clone()))
    }

    /// The variables.
    #[method("keys(self, /)")]
    fn keys(vm: &Vm, this: &Context) -> PyResult {
        vm.get_iter(&Value::from_list(this.names.borrow().clone()))
    }

    /// The values.
    #[method("values(self, /)")]
    fn values(vm: &Vm, this: &Context) -> PyResult {
        vm.get_iter(&Value::from_list(this.values.borrow().clone()))
    }

    /// The pairs of variable and value.
    #[method("items(self, /)")]
    fn items(vm: &Vm, this: &Context) -> PyResult {
        let (names, values) = (this.names.borrow(), this.values.borrow());
        let pairs = names.iter().zip(values).map(|(name, value)| Value::from_tuple(vec![name.clone(), value.clone()]));
        vm.get_iter(&Value::from_list(pairs.collect()))
    }

    #[slot(getitem)]
    fn getitem(vm: &Vm, this: &Value, key: &Value) -> PyResult {
        variable(vm, key)?;
        let value = this.downcast::<Context>().and_then(|this| this.value_of(key));
        value.ok_or_else(|| vm.key_error(key.clone()))
    }

    #[slot(contains)]
    fn contains(vm: &Vm, this: &Value, key: &Value) -> PyResult {
        variable(vm, key)?;
        Ok(Value::bool(this.downcast::<Context>().is_some_and(|this| this.place(key).is_some())))
    }

    #[slot(len)]
    fn len(_vm: &Vm, this: &Value) -> PyResult {
        Ok(Value::from_usize(this.downcast::<Context>().map_or(0, |this| this.names.borrow().len())))
    }

    #[slot(iter)]
    fn iter(vm: &Vm, this: &Value) -> PyResult {
        let names = this.downcast::<Context>().map_or(Vec::new(), |this| this.names.borrow().clone());
        vm.get_iter(&Value::from_list(names))
    }
}

#[methods]
impl ContextVar {
    #[new("ContextVar(name, /, *, default=<unrepresentable>)", text = none)]
    fn new(vm: &Vm, _cls: &Value, name: &Value, default: Option<&Value>) -> PyResult {
        if name.as_text().is_none() {
            return Err(vm.type_error("context variable name must be a str"));
        }
        let default = default.cloned().unwrap_or(Value::UNBOUND);
        Ok(ContextVar { name: name.clone(), default }.into_value())
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Value) -> PyResult {
        let Some(variable) = this.downcast::<ContextVar>() else { return Ok(Value::NONE) };
        let mut shown = format!("<ContextVar name={}", vm.repr(&variable.name).await?.to_string_lossy());
        if !variable.default.is_unbound() {
            shown += &format!(" default={}", vm.repr(&variable.default).await?.to_string_lossy());
        }
        Ok(Value::from_str(&format!("{shown} at {:#x}>", vm.id_of(&this))))
    }

    /// The variable's value in the current context: else the given default, else its own; else LookupError.
    #[method("get(self, default=<unrepresentable>, /)", text = none)]
    fn get(vm: &Vm, this: &Value, default: Option<&Value>) -> PyResult {
        let own = this.downcast::<ContextVar>().map_or(Value::UNBOUND, |variable| variable.default.clone());
        if let Some(value) = current(vm).value_of(this).or_else(|| default.cloned()) {
            return Ok(value);
        }
        if own.is_unbound() { Err(vm.error_with_args(Exc::LookupError, vec![this.clone()])) } else { Ok(own) }
    }

    /// Sets the value in the current context; the token undoes it.
    #[method("set(self, value, /)")]
    fn set(vm: &Vm, this: &Value, value: &Value) -> Value {
        let context = current(vm);
        let old = context.assign(this, value.clone());
        Token { context, variable: this.clone(), old, used: Cell::new(false) }.into_value()
    }

    /// Goes back to the value before the `set` that made the token.
    #[method("reset(self, token, /)")]
    async fn reset(vm: VmRef, this: Value, token: Value) -> PyResult<()> {
        let Some(given) = token.downcast::<Token>() else {
            let got = vm.repr(&token).await?.to_string_lossy();
            return Err(vm.type_error(format!("expected an instance of Token, got {got}")));
        };
        let shown = vm.repr(&token).await?.to_string_lossy();
        if given.used.get() {
            return Err(vm.runtime_error(format!("{shown} has already been used once")));
        }
        if !given.variable.is(&this) {
            return Err(vm.value_error(format!("{shown} was created by a different ContextVar")));
        }
        let context = current(&vm);
        if !given.context.is(&context) {
            return Err(vm.value_error(format!("{shown} was created in a different Context")));
        }
        given.used.set(true);
        if given.old.is_unbound() {
            context.forget(&this);
        } else {
            drop(context.assign(&this, given.old.clone()));
        }
        Ok(())
    }

    /// The name.
    #[getter("name")]
    fn name(this: &ContextVar) -> Value {
        this.name.clone()
    }

    /// Context variables can be parameterised in annotations.
    #[classmethod("__class_getitem__(cls, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        crate::types::generic_alias::alias(cls, object)
    }
}

#[methods]
impl Token {
    #[slot(repr)]
    async fn repr(vm: VmRef, this: Value) -> PyResult {
        let Some(token) = this.downcast::<Token>() else { return Ok(Value::NONE) };
        let used = if token.used.get() { " used" } else { "" };
        let variable = vm.repr(&token.variable).await?.to_string_lossy();
        Ok(Value::from_str(&format!("<Token{used} var={variable} at {:#x}>", vm.id_of(&this))))
    }

    /// The variable.
    #[getter("var")]
    fn variable(this: &Token) -> Value {
        this.variable.clone()
    }

    /// The value before, or Token.MISSING.
    #[getter("old_value")]
    fn old_value(vm: &Vm, this: &Token) -> Value {
        if this.old.is_unbound() { missing(vm) } else { this.old.clone() }
    }

    /// Enters a `with` statement.
    #[method("__enter__(self, /)")]
    fn enter(this: &Value) -> Value {
        this.clone()
    }

    /// Resets the variable.
    #[method("__exit__(self, type, val, tb, /)")]
    async fn exit(vm: VmRef, this: Value, r#type: Value, val: Value, tb: Value) -> PyResult<()> {
        let _ = (r#type, val, tb);
        let variable = this.downcast::<Token>().map_or(Value::NONE, |token| token.variable.clone());
        ContextVar::reset(vm, variable, this).await
    }

    /// Tokens can be parameterised in annotations.
    #[classmethod("__class_getitem__(cls, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        crate::types::generic_alias::alias(cls, object)
    }
}

/// Declares module `_contextvars`.
struct ContextVars;

/// Context Variables
#[native_module("_contextvars", types = [Context, ContextVar, Token])]
impl ContextVars {
    /// A copy of the current context.
    #[function("copy_context()")]
    fn copy_context(vm: &Vm) -> Value {
        current(vm).duplicate().into_value()
    }

    #[exec]
    fn exec(vm: &Vm, module: &Value) -> PyResult<()> {
        let _ = module;
        let token = Token::type_object();
        token.dict.set_text("MISSING", missing(vm));
        token.modified();
        Ok(())
    }
}
