//! `reversed`.

use std::cell::Cell;

use snakelet_macros::{methods, native_type};

use super::builtin;
use super::sequence::reduced_end;
use crate::errors::Exc;
use crate::object::{Native, VmCell, allocate};
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::typeobject::Type;
use crate::{PyResult, Ref, Value, Vm, VmRef};

/// Iterates backwards over what has a length and positions.
#[native_type(name = "reversed", doc = "The items of a sequence, last first.", flags(SUBCLASSABLE))]
pub struct Reversed {
    /// Unbound after the end.
    sequence: VmCell<Value>,
    /// One more than the next position.
    at: Cell<usize>,
}

async fn make(vm: VmRef, cls: Ref<Type>, sequence: Value) -> PyResult {
    let not_reversible = || {
        let name = vm.type_name(&sequence);
        vm.type_error(format!("'{name}' object is not reversible"))
    };
    if let Some(method) = vm.lookup_special(&sequence, &crate::name!(__reversed__)) {
        if method.is_none() {
            return Err(not_reversible());
        }
        let bound = vm.bind(&method, &sequence);
        let bound = vm.settle(bound).await?;
        return vm.call(&bound, Vec::new()).await;
    }
    if vm.type_of(&sequence).slots().getitem.is_none() || sequence.downcast::<Dict>().is_some() {
        return Err(not_reversible());
    }
    let length = vm.len(&sequence).await?;
    Ok(allocate(&cls, Reversed { sequence: VmCell::new(sequence), at: Cell::new(length) }))
}

/// The item, or the end if asking for it failed with IndexError or StopIteration.
fn item_or_end(vm: &Vm, this: &Reversed, result: PyResult) -> PyResult {
    match result {
        Ok(item) => Ok(item),
        Err(raised) => match vm.catch(Exc::IndexError).or_else(|| vm.catch(Exc::StopIteration)) {
            Some(_) => {
                this.sequence.set(Value::UNBOUND);
                Ok(Value::UNBOUND)
            }
            None => Err(raised),
        },
    }
}

#[methods]
impl Reversed {
    #[new("reversed(object, /)", text = "(sequence, /)")]
    fn new_reversed(vm: &Vm, cls: Ref<Type>, sequence: Value) -> PyResult {
        if sequence.downcast_exact::<List>().is_some()
            && cls.is(&Reversed::type_object())
            && let Some(list) = sequence.to_ref::<List>()
        {
            return Ok(super::ListReverseIterator::new(list).into_value());
        }
        vm.start(make(vm.handle(), cls, sequence))
    }

    /// How many items are left.
    #[method("__length_hint__(self, /)")]
    async fn length_hint(vm: VmRef, this: Ref<Reversed>) -> PyResult<usize> {
        let sequence = this.sequence.get();
        if sequence.is_unbound() {
            return Ok(0);
        }
        let length = vm.len(&sequence).await?;
        let at = this.at.get();
        Ok(if length < at { 0 } else { at })
    }

    /// Pickling support.
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &Value) -> Value {
        let Some(reversed) = this.downcast::<Reversed>() else { return Value::NONE };
        let sequence = reversed.sequence.get();
        if sequence.is_unbound() {
            return reduced_end(vm, Value::from_tuple(Vec::new()));
        }
        let state = Value::from_i64(reversed.at.get() as i64 - 1);
        Value::from_tuple(vec![builtin(vm, "reversed"), Value::from_tuple(vec![sequence]), state])
    }

    /// Pickling support.
    #[method("__setstate__(self, object, /)")]
    async fn setstate(vm: VmRef, this: Ref<Reversed>, object: isize) -> PyResult<()> {
        let sequence = this.sequence.get();
        if !sequence.is_unbound() {
            let length = vm.len(&sequence).await?;
            this.at.set((object.max(-1).saturating_add(1) as usize).min(length));
        }
        Ok(())
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &Value) -> PyResult {
        let Some(reversed) = this.to_ref::<Reversed>() else { return Ok(Value::UNBOUND) };
        let sequence = reversed.sequence.get();
        let Some(at) = reversed.at.get().checked_sub(1).filter(|_| !sequence.is_unbound()) else {
            reversed.sequence.set(Value::UNBOUND);
            return Ok(Value::UNBOUND);
        };
        reversed.at.set(at);
        let result = vm.get_item(&sequence, &Value::from_usize(at));
        if result.is_err() && vm.is_deferred() {
            let (vm_ref, settle) = (vm.handle(), vm.settle(result));
            return Err(vm.defer(async move { item_or_end(&vm_ref, &reversed, settle.await) }));
        }
        item_or_end(vm, &reversed, result)
    }
}
