//! How objects without a `__reduce__` of their own are pickled and copied: `object.__reduce_ex__` and `object.__getstate__`.

use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::object::Object;
use crate::types::tuple::Tuple;
use crate::{Native, PyResult, Ref, Value, Vm, VmRef};

fn copy_of(vm: &Vm, dict: &Ref<Dict>) -> PyResult {
    let copy = dict.table.borrow().try_clone().ok_or_else(|| vm.memory_error())?;
    Ok(Dict { table: crate::VmCell::new(copy) }.into_value())
}

/// The names of `__slots__`, as `copyreg` finds them; kept in the class.
async fn slot_names(vm: VmRef, this: &Value) -> PyResult<Vec<Value>> {
    let class = vm.class_of(this);
    let known = match class.dict.get_text("__slotnames__") {
        Some(known) => known,
        None if class.mro.borrow().iter().all(|class| class.dict.get_text("__slots__").is_none()) => {
            return Ok(Vec::new());
        }
        None => {
            let copyreg = crate::import::import_module(&vm, "copyreg").await?;
            let find = vm.attr(&copyreg, "_slotnames").await?;
            vm.call(&find, vec![class.value()]).await?
        }
    };
    match known.downcast::<List>() {
        Some(names) => Ok(names.items.borrow().clone()),
        None if known.is_none() => Ok(Vec::new()),
        None => {
            let (class, got) = (class.name(), vm.type_name(&known));
            Err(vm.type_error(format!("{class}.__slotnames__ should be a list or None, not {got}")))
        }
    }
}

fn cannot_pickle(vm: &Vm, this: &Value) -> crate::Raised {
    let name = vm.type_name(this);
    vm.type_error(format!("cannot pickle '{name}' object"))
}

/// What pickling saves of an object: its attributes, and the values of its slots. `required`: nothing else would restore it, so
/// its class must have no other data.
pub async fn state_of(vm: VmRef, this: &Value, required: bool) -> PyResult {
    let ty = vm.class_of(this);
    if required && !std::ptr::eq(ty.table, Object::TABLE) {
        return Err(cannot_pickle(&vm, this));
    }
    let dict = match vm.attr_opt(this, &crate::name!(__dict__)).await? {
        Some(dict) => match dict.to_ref::<Dict>() {
            Some(dict) if !dict.table.borrow().is_empty() => copy_of(&vm, &dict)?,
            _ => Value::NONE,
        },
        None => Value::NONE,
    };
    let slots = Dict::new_object();
    for name in slot_names(vm, this).await? {
        let name = crate::object::intern::intern_value(&name);
        if let Some(value) = vm.attr_opt(this, &name).await? {
            slots.set_str(&name, value);
        }
    }
    if slots.table.borrow().is_empty() {
        return Ok(dict);
    }
    Ok(Value::from_tuple(vec![dict, slots.into_value()]))
}

/// The arguments for `__new__`: positional, and by keyword from `__getnewargs_ex__`. `None`: the class says nothing.
async fn new_arguments(vm: VmRef, this: &Value) -> PyResult<Option<(Vec<Value>, Option<Ref<Dict>>)>> {
    if let Some(result) = vm.call_special(this, &crate::name!(__getnewargs_ex__), Vec::new()).await {
        let made = result?;
        let Some(tuple) = made.downcast::<Tuple>() else {
            let got = vm.type_name(&made);
            return Err(vm.type_error(format!("__getnewargs_ex__ should return a tuple, not '{got}'")));
        };
        let [args, kwargs] = tuple.items() else {
            let count = tuple.items().len();
            return Err(vm.value_error(format!("__getnewargs_ex__ should return a tuple of length 2, not {count}")));
        };
        let Some(args) = args.downcast::<Tuple>() else {
            let got = vm.type_name(args);
            return Err(vm.type_error(format!(
                "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '{got}'"
            )));
        };
        let Some(kwargs) = kwargs.to_ref::<Dict>() else {
            let got = vm.type_name(kwargs);
            return Err(vm.type_error(format!(
                "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '{got}'"
            )));
        };
        return Ok(Some((args.items().to_vec(), Some(kwargs))));
    }
    match vm.call_special(this, &crate::name!(__getnewargs__), Vec::new()).await {
        None => Ok(None),
        Some(result) => {
            let made = result?;
            match made.downcast::<Tuple>() {
                Some(args) => Ok(Some((args.items().to_vec(), None))),
                None => {
                    let got = vm.type_name(&made);
                    Err(vm.type_error(format!("__getnewargs__ should return a tuple, not '{got}'")))
                }
            }
        }
    }
}

/// What `copyreg` says of the object.
pub async fn reduce(vm: VmRef, this: Value, protocol: i64) -> PyResult {
    let copyreg = crate::import::import_module(&vm, "copyreg").await?;
    if protocol < 2 {
        let reduce = vm.attr(&copyreg, "_reduce_ex").await?;
        return vm.call(&reduce, vec![this, Value::from_i64(protocol)]).await;
    }
    let class = vm.class_of(&this).into_value();
    if vm.type_of(&this).slots().new.is_none() {
        return Err(cannot_pickle(&vm, &this));
    }
    let arguments = new_arguments(vm, &this).await?;
    let list = this.downcast::<List>().is_some();
    let dict = this.downcast::<Dict>().is_some();
    let required = arguments.is_none() && !list && !dict;
    let (args, kwargs) = arguments.unwrap_or_default();
    let (new, new_args) = match kwargs.filter(|kwargs| !kwargs.table.borrow().is_empty()) {
        None => (vm.attr(&copyreg, "__newobj__").await?, std::iter::once(class).chain(args).collect()),
        Some(kwargs) => {
            let new = vm.attr(&copyreg, "__newobj_ex__").await?;
            (new, vec![class, Value::from_tuple(args), kwargs.into_value()])
        }
    };
    let getstate = vm.attr(&this, "__getstate__").await?;
    let standard = Object::type_object().dict.get_text("__getstate__");
    let own = vm.lookup_special(&this, &crate::name!(__getstate__));
    let plain = matches!((&own, &standard), (Some(own), Some(standard)) if own.is(standard))
        && getstate.downcast::<crate::native::NativeFunction>().is_some();
    let state = if plain { state_of(vm, &this, required).await? } else { vm.call(&getstate, Vec::new()).await? };
    let list_items = if list { vm.iter(&this).await? } else { Value::NONE };
    let dict_items = if dict {
        let method = vm.attr(&this, "items").await?;
        let view = vm.call(&method, Vec::new()).await?;
        vm.iter(&view).await?
    } else {
        Value::NONE
    };
    Ok(Value::from_tuple(vec![new, Value::from_tuple(new_args), state, list_items, dict_items]))
}
