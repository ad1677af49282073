//! The `memo` attributes: objects that show a pickler's or an unpickler's memo.

use snakelet_macros::{methods, native_type};
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::{PyResult, Ref, Value, Vm};

use super::memo::Memo;
use super::{Pickler, Unpickler};

/// The payload of a pickler's `memo`.
#[native_type(name = "PicklerMemoProxy", module = "_pickle")]
pub struct PicklerMemo {
    pub pickler: Ref<Pickler>,
}

/// The payload of an unpickler's `memo`.
#[native_type(name = "UnpicklerMemoProxy", module = "_pickle")]
pub struct UnpicklerMemo {
    pub unpickler: Ref<Unpickler>,
}

fn put(vm: &Vm, dict: &Dict, key: &Value, value: &Value) -> PyResult<()> {
    dict.set_now(vm, key, value).unwrap_or(Ok(()))
}

/// `(dict, (dict_value,))`
fn reduced(vm: &Vm, dict: Ref<Dict>) -> Value {
    let class = vm.class_of(dict.as_value()).into_value();
    Value::from_tuple(vec![class, Value::from_tuple(vec![dict.into_value()])])
}

#[methods]
impl PicklerMemo {
    /// Remove all items from memo.
    #[method("clear(self, /)")]
    fn clear(this: &PicklerMemo) {
        drop(std::mem::take(this.pickler.memo.borrow_mut()));
    }

    /// Copy the memo to a new object.
    #[method("copy(self, /)")]
    fn copy(vm: &Vm, this: &PicklerMemo) -> PyResult<Ref<Dict>> {
        let dict = Dict::new_object();
        for (number, object) in this.pickler.memo.borrow().entries() {
            let pair = Value::from_tuple(vec![Value::small_int((*number).into()), object.clone()]);
            put(vm, &dict, &Value::from_i64(object.bits() as i64), &pair)?;
        }
        Ok(dict)
    }

    /// Implement pickle support.
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &PicklerMemo) -> PyResult {
        Ok(reduced(vm, PicklerMemo::copy(vm, this)?))
    }
}

#[methods]
impl UnpicklerMemo {
    /// Remove all items from memo.
    #[method("clear(self, /)")]
    fn clear(this: &UnpicklerMemo) {
        this.unpickler.clear_memo();
    }

    /// Copy the memo to a new object.
    #[method("copy(self, /)")]
    fn copy(vm: &Vm, this: &UnpicklerMemo) -> PyResult<Ref<Dict>> {
        let dict = Dict::new_object();
        for (index, value) in this.unpickler.memo.borrow().iter().enumerate() {
            if !value.is_unbound() {
                put(vm, &dict, &Value::from_usize(index), value)?;
            }
        }
        for entry in this.unpickler.far.borrow().iter() {
            put(vm, &dict, &Value::from_i64(entry.0 as i64), &entry.1)?;
        }
        Ok(dict)
    }

    /// Implement pickling support.
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &UnpicklerMemo) -> PyResult {
        Ok(reduced(vm, UnpicklerMemo::copy(vm, this)?))
    }
}

/// The memo that is assigned to a pickler: another one's, or a dict of `id: (number, object)`.
pub fn pickler_memo(vm: &Vm, value: Option<&Value>) -> PyResult<Memo> {
    let Some(value) = value else { return Err(vm.type_error("attribute deletion is not supported")) };
    if let Some(proxy) = value.downcast::<PicklerMemo>() {
        return Ok(proxy.pickler.memo.borrow().copy());
    }
    let Some(dict) = value.downcast::<Dict>() else {
        let name = vm.type_name(value);
        return Err(vm.type_error(format!("'memo' attribute must be a PicklerMemoProxy object or dict, not {name}")));
    };
    let mut memo = Memo::default();
    for entry in dict.table.borrow().iter() {
        let Some([number, object]) = entry.value.downcast::<Tuple>().map(Tuple::items) else {
            return Err(vm.type_error("'memo' values must be 2-item tuples"));
        };
        let Some(number) = number.to_i64().and_then(|number| u32::try_from(number).ok()) else {
            return Err(vm.type_error("an integer is required"));
        };
        if !memo.set(object.clone(), number) {
            return Err(vm.memory_error());
        }
    }
    Ok(memo)
}

/// The memo that is assigned to an unpickler: another one's, or a dict of `index: object`.
pub fn unpickler_memo(vm: &Vm, value: Option<&Value>) -> PyResult<Vec<(u64, Value)>> {
    let Some(value) = value else { return Err(vm.type_error("attribute deletion is not supported")) };
    let copied;
    let dict = match value.downcast::<UnpicklerMemo>() {
        Some(proxy) => {
            copied = UnpicklerMemo::copy(vm, proxy)?;
            &*copied
        }
        None => match value.downcast::<Dict>() {
            Some(dict) => dict,
            None => {
                let name = vm.type_name(value);
                let message = format!("'memo' attribute must be an UnpicklerMemoProxy object or dict, not {name}");
                return Err(vm.type_error(message));
            }
        },
    };
    let mut entries = Vec::new();
    for entry in dict.table.borrow().iter() {
        if !entry.key.is_int() {
            return Err(vm.type_error("memo key must be integers"));
        }
        let Some(index) = entry.key.to_i64().and_then(|index| u64::try_from(index).ok()) else {
            return Err(vm.value_error("memo key must be positive integers."));
        };
        entries.push((index, entry.value.clone()));
    }
    Ok(entries)
}
