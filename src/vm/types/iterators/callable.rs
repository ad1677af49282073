//! `callable_iterator`: `iter(callable, sentinel)`.

use snakelet_macros::{methods, native_type};

use super::builtin;
use super::sequence::reduced_end;
use crate::errors::Exc;
use crate::object::VmCell;
use crate::vm::Settle;
use crate::{PyResult, Ref, Value, Vm, VmRef};

/// Calls a function until it returns the sentinel.
#[native_type(name = "callable_iterator")]
pub struct CallableIterator {
    /// The callable and the sentinel; `None` after the end.
    parts: VmCell<Option<(Value, Value)>>,
}

impl CallableIterator {
    pub fn new(callable: Value, sentinel: Value) -> CallableIterator {
        CallableIterator { parts: VmCell::new(Some((callable, sentinel))) }
    }
}

async fn next_later(vm: VmRef, this: Ref<CallableIterator>, settle: Settle, sentinel: Value) -> PyResult {
    let item = match settle.await {
        Ok(item) => item,
        Err(raised) => {
            return match vm.catch(Exc::StopIteration) {
                Some(_) => {
                    this.parts.set(None);
                    Ok(Value::UNBOUND)
                }
                None => Err(raised),
            };
        }
    };
    // The call may have ended this very iterator.
    if this.parts.borrow().is_none() {
        return Ok(Value::UNBOUND);
    }
    if vm.eq(&item, &sentinel).await? {
        this.parts.set(None);
        return Ok(Value::UNBOUND);
    }
    Ok(item)
}

#[methods]
impl CallableIterator {
    /// Pickling support.
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &CallableIterator) -> Value {
        match this.parts.get() {
            Some((callable, sentinel)) => {
                Value::from_tuple(vec![builtin(vm, "iter"), Value::from_tuple(vec![callable, sentinel])])
            }
            None => reduced_end(vm, Value::from_tuple(Vec::new())),
        }
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &Value) -> PyResult {
        let Some(iterator) = this.to_ref::<CallableIterator>() else { return Ok(Value::UNBOUND) };
        let Some((callable, sentinel)) = iterator.parts.get() else { return Ok(Value::UNBOUND) };
        let result = vm.call_plain(&callable, &[]);
        if let Ok(item) = &result
            && vm.eq_now(item, &sentinel) == Some(false)
        {
            return result;
        }
        let settle = vm.settle(result);
        vm.start(next_later(vm.handle(), iterator, settle, sentinel))
    }
}
