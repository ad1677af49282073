//! `f_locals` of a function's frame: a mapping that writes through to the variables (PEP 667).
//!
//! What is no variable of the function goes into a dict that the frame keeps. Everything that writes is async, so that the loop
//! holds no reference into the registers meanwhile. The variables of a suspended generator are a copy until it goes on.

use snakelet_macros::{methods, native_type};

use crate::errors::Exc;
use crate::native::Args;
use crate::object::Ref;
use crate::object::intern::intern;
use crate::protocol::BinaryOp;
use crate::types::cell::CellObject;
use crate::types::dict::Dict;
use crate::types::frame::FrameObject;
use crate::types::slots::CompareOp;
use crate::{PyResult, Value, Vm, VmRef};

/// The payload of the mapping.
#[native_type(name = "FrameLocalsProxy", flags(mapping))]
pub struct FrameLocalsProxy {
    pub frame: Ref<FrameObject>,
}

/// A function's variables by name and number: its own, then those that inner functions use, then those of enclosing functions.
fn names(frame: &FrameObject) -> Vec<(usize, Value)> {
    let code = frame.function.code.get();
    let plain = &code.code;
    let parameters = (plain.arg_count + plain.kwonly_count) as usize;
    let shared = |at: usize| at >= parameters && plain.cell_registers.contains(&(at as u16));
    let own = || code.varnames.iter().cloned().enumerate();
    let free = plain.freevars.iter().enumerate().map(|(at, name)| (at + code.varnames.len(), intern(name)));
    own().filter(|(at, _)| !shared(*at)).chain(own().filter(|(at, _)| shared(*at))).chain(free).collect()
}

/// What variable `at` is bound to; unbound if it is not.
fn read(vm: &Vm, frame: &FrameObject, at: usize) -> Value {
    let code = frame.function.code.get();
    let count = code.varnames.len();
    let value = if at >= count && frame.is_cleared.get() {
        Value::UNBOUND
    } else if at >= count {
        frame.function.closure.get(at - count).cloned().unwrap_or(Value::UNBOUND)
    } else {
        match vm.live_register(frame, at) {
            // SAFETY: a register of the live window.
            Some(register) => unsafe { (*register).clone() },
            None => frame.locals.borrow().get(at).cloned().unwrap_or(Value::UNBOUND),
        }
    };
    match value.downcast_exact::<CellObject>() {
        Some(cell) if at >= count || code.code.cell_registers.contains(&(at as u16)) => cell.contents.get(),
        _ => value,
    }
}

/// Binds variable `at`.
fn write(vm: &Vm, frame: &FrameObject, at: usize, value: Value) {
    let code = frame.function.code.get();
    let count = code.varnames.len();
    let holder = if at >= count {
        frame.function.closure.get(at - count).cloned().unwrap_or(Value::UNBOUND)
    } else {
        match vm.live_register(frame, at) {
            // SAFETY: a register of the live window.
            Some(register) => unsafe { (*register).clone() },
            None => frame.locals.borrow().get(at).cloned().unwrap_or(Value::UNBOUND),
        }
    };
    if let Some(cell) = holder.downcast_exact::<CellObject>()
        && (at >= count || code.code.cell_registers.contains(&(at as u16)))
    {
        cell.contents.set(value);
        return;
    }
    match vm.live_register(frame, at) {
        // SAFETY: a register of the live window; the caller is an async native, so nobody borrows it.
        Some(register) => drop(unsafe { std::mem::replace(&mut *register, value) }),
        None => {
            if let Some(place) = frame.locals.borrow_mut().get_mut(at) {
                *place = value;
            }
        }
    }
}

fn is_hidden(name: &Value) -> bool {
    name.as_text().is_some_and(|name| name.get(0) == Some('.' as u32))
}

/// All that is bound, as a dict.
pub fn snapshot(vm: &Vm, frame: &FrameObject) -> Ref<Dict> {
    let dict = Dict::new_object();
    for (at, name) in names(frame) {
        let value = read(vm, frame, at);
        if !value.is_unbound() && !is_hidden(&name) {
            dict.set_str(&name, value);
        }
    }
    if let Some(extra) = frame.extra_locals.get() {
        for entry in extra.table.borrow().iter() {
            // Nothing to compare: the keys are hashed already and were put in one by one.
            let _ = dict.set_now(vm, &entry.key, &entry.value);
        }
    }
    dict
}

/// Which variable a key names.
async fn find(vm: VmRef, frame: &FrameObject, key: &Value) -> PyResult<Option<usize>> {
    let names = names(frame);
    if let (Some(text), true) = (key.as_text(), key.downcast_exact::<crate::types::string::Str>().is_some()) {
        return Ok(names.iter().find(|(_, name)| name.as_text() == Some(text)).map(|(at, _)| *at));
    }
    let index = Dict::new_object();
    for (at, name) in &names {
        index.set_str(name, Value::from_usize(*at));
    }
    Ok(Dict::get(&vm, &index, key).await?.and_then(|at| at.to_i64()).map(|at| at as usize))
}

async fn get(vm: VmRef, frame: &Ref<FrameObject>, key: &Value) -> PyResult<Option<Value>> {
    if let Some(at) = find(vm, frame, key).await? {
        return Ok(Some(read(&vm, frame, at)).filter(|value| !value.is_unbound()));
    }
    match frame.extra_locals.get() {
        Some(extra) => Dict::get(&vm, &extra, key).await,
        None => Ok(None),
    }
}

async fn set(vm: VmRef, frame: &Ref<FrameObject>, key: &Value, value: Value) -> PyResult<()> {
    if let Some(at) = find(vm, frame, key).await? {
        write(&vm, frame, at, value);
        return Ok(());
    }
    let extra = frame.extra_locals.get().unwrap_or_else(|| {
        let dict = Dict::new_object();
        frame.extra_locals.set(Some(dict.clone()));
        dict
    });
    Dict::set(&vm, &extra, key, &value).await
}

async fn remove(vm: VmRef, frame: &Ref<FrameObject>, key: &Value) -> PyResult<Option<Value>> {
    if find(vm, frame, key).await?.is_some() {
        return Err(vm.value_error("cannot remove local variables from FrameLocalsProxy"));
    }
    match frame.extra_locals.get() {
        Some(extra) => Dict::remove(&vm, &extra, key).await,
        None => Ok(None),
    }
}

async fn merge(vm: VmRef, frame: Ref<FrameObject>, other: Value) -> PyResult<bool> {
    let entries = if let Some(proxy) = other.downcast::<FrameLocalsProxy>() {
        snapshot(&vm, &proxy.frame)
    } else {
        match other.to_ref::<Dict>() {
            Some(dict) => dict,
            None => return Ok(false),
        }
    };
    let entries: Vec<(Value, Value)> =
        entries.table.borrow().iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect();
    for (key, value) in entries {
        set(vm, &frame, &key, value).await?;
    }
    Ok(true)
}

/// A dict in the place of a proxy.
fn plain(vm: &Vm, value: &Value) -> Value {
    match value.downcast::<FrameLocalsProxy>() {
        Some(proxy) => snapshot(vm, &proxy.frame).into_value(),
        None => value.clone(),
    }
}

fn list(vm: &Vm, this: &FrameLocalsProxy, part: impl Fn(&Value, &Value) -> Value) -> Vec<Value> {
    let all = snapshot(vm, &this.frame);
    all.table.borrow().iter().map(|entry| part(&entry.key, &entry.value)).collect()
}

#[methods]
impl FrameLocalsProxy {
    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
        let [frame] = args.values else {
            let count = args.positional_count();
            return Err(vm.type_error(format!("FrameLocalsProxy expected 1 argument, got {count}")));
        };
        if !args.kwnames.is_empty() {
            return Err(vm.type_error("FrameLocalsProxy expected 1 argument, got 0"));
        }
        let Some(frame) = frame.to_ref::<FrameObject>() else {
            let got = vm.type_name(frame);
            return Err(vm.type_error(format!("expect frame, not {got}")));
        };
        vm.new_instance(cls, FrameLocalsProxy { frame })
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Value) -> PyResult {
        crate::protocol::sequence_repr::repr_container(vm, this)
    }

    #[slot(compare)]
    fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let same = match (left.downcast::<FrameLocalsProxy>(), right.downcast::<FrameLocalsProxy>()) {
            (Some(one), Some(other)) => Some(one.frame.is(&other.frame)),
            _ => None,
        };
        match (op, same) {
            (CompareOp::Eq, Some(same)) => Ok(Value::bool(same)),
            (CompareOp::Ne, Some(same)) => Ok(Value::bool(!same)),
            (CompareOp::Eq | CompareOp::Ne, None) if right.downcast::<Dict>().is_some() => {
                vm.rich_compare(&plain(vm, left), right, op)
            }
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(len)]
    fn length(vm: &Vm, this: &FrameLocalsProxy) -> PyResult {
        Ok(Value::from_usize(snapshot(vm, &this.frame).len()))
    }

    #[slot(iter)]
    fn iter(vm: &Vm, this: &FrameLocalsProxy) -> PyResult {
        vm.get_iter(&Value::from_list(list(vm, this, |key, _| key.clone())))
    }

    #[slot(contains)]
    async fn contains(vm: VmRef, this: Ref<FrameLocalsProxy>, key: Value) -> PyResult<bool> {
        get(vm, &this.frame, &key).await.map(|found| found.is_some())
    }

    #[slot(getitem)]
    async fn getitem(vm: VmRef, this: Ref<FrameLocalsProxy>, key: Value) -> PyResult {
        match get(vm, &this.frame, &key).await? {
            Some(value) => Ok(value),
            None => {
                let shown = vm.repr(&key).await?.to_string_lossy();
                Err(vm.key_error(Value::from_str(&format!("local variable '{shown}' is not defined"))))
            }
        }
    }

    #[slot(setitem)]
    async fn setitem(vm: VmRef, this: Ref<FrameLocalsProxy>, key: Value, value: Option<Value>) -> PyResult<()> {
        match value {
            Some(value) => set(vm, &this.frame, &key, value).await,
            None => match remove(vm, &this.frame, &key).await? {
                Some(_) => Ok(()),
                None => Err(vm.error_with_args(Exc::KeyError, vec![key])),
            },
        }
    }

    #[slot(or)]
    fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        let fits = |value: &Value| value.downcast::<FrameLocalsProxy>().is_some() || value.downcast::<Dict>().is_some();
        if !fits(left) || !fits(right) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        vm.binary(BinaryOp::Or, &plain(vm, left), &plain(vm, right))
    }

    #[slot(ior)]
    async fn inplace_or(vm: VmRef, this: Value, other: Value) -> PyResult {
        let Some(proxy) = this.to_ref::<FrameLocalsProxy>() else { return Ok(Value::NOT_IMPLEMENTED) };
        Ok(if merge(vm, proxy.frame.clone(), other).await? { this } else { Value::NOT_IMPLEMENTED })
    }

    #[method("__reversed__(self, /)", text = none)]
    fn reversed(vm: &Vm, this: &FrameLocalsProxy) -> Value {
        let mut keys = list(vm, this, |key, _| key.clone());
        keys.reverse();
        Value::from_list(keys)
    }

    #[method("keys(self, /)", text = none)]
    fn keys(vm: &Vm, this: &FrameLocalsProxy) -> Value {
        Value::from_list(list(vm, this, |key, _| key.clone()))
    }

    #[method("values(self, /)", text = none)]
    fn values(vm: &Vm, this: &FrameLocalsProxy) -> Value {
        Value::from_list(list(vm, this, |_, value| value.clone()))
    }

    #[method("items(self, /)", text = none)]
    fn items(vm: &Vm, this: &FrameLocalsProxy) -> Value {
        Value::from_list(list(vm, this, |key, value| Value::from_tuple(vec![key.clone(), value.clone()])))
    }

    #[method("copy(self, /)", text = none)]
    fn copy(vm: &Vm, this: &FrameLocalsProxy) -> Value {
        snapshot(vm, &this.frame).into_value()
    }

    #[method("get(self, key, default=None, /)", text = none)]
    async fn get(vm: VmRef, this: Ref<FrameLocalsProxy>, key: Value, default: Value) -> PyResult {
        Ok(get(vm, &this.frame, &key).await?.unwrap_or(default))
    }

    #[method("setdefault(self, key, default=None, /)", text = none)]
    async fn setdefault(vm: VmRef, this: Ref<FrameLocalsProxy>, key: Value, default: Value) -> PyResult {
        if let Some(value) = get(vm, &this.frame, &key).await? {
            return Ok(value);
        }
        set(vm, &this.frame, &key, default.clone()).await?;
        Ok(default)
    }

    #[method("pop(self, key, default=<unrepresentable>, /)", text = none)]
    async fn pop(vm: VmRef, this: Ref<FrameLocalsProxy>, key: Value, default: Option<Value>) -> PyResult {
        match (remove(vm, &this.frame, &key).await?, default) {
            (Some(value), _) | (None, Some(value)) => Ok(value),
            (None, None) => Err(vm.error_with_args(Exc::KeyError, vec![key])),
        }
    }

    #[method("update(self, other, /)", text = none)]
    async fn update(vm: VmRef, this: Ref<FrameLocalsProxy>, other: Value) -> PyResult<()> {
        if merge(vm, this.frame.clone(), other).await? {
            return Ok(());
        }
        Err(vm.type_error("update() argument must be dict or another FrameLocalsProxy"))
    }

    /// Frames can't be pickled, nor can what belongs to them.
    #[method("__reduce__(self, /)", text = none)]
    fn reduce(vm: &Vm, this: &Value) -> PyResult {
        let name = vm.type_name(this);
        Err(vm.type_error(format!("cannot pickle '{name}' object")))
    }
}
