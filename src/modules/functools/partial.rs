//! `partial` and its `Placeholder`.

use snakelet_macros::{functions, methods, native_type};
use snakelet_vm::errors::Exc;
use snakelet_vm::native::{Args, KwArgs, Native, Raised};
use snakelet_vm::object::instance;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::method::BoundMethod;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::{PyResult, Ref, Value, Vm, VmCell, VmRef};

/// The payload of the one placeholder.
#[native_type(
    name = "_PlaceholderType",
    module = "functools",
    doc = "The type of the Placeholder singleton.\n\nUsed as a placeholder for partial arguments."
)]
pub struct PlaceholderType {}

thread_local! {
    static PLACEHOLDER: Value = PlaceholderType {}.into_value();
}

fn placeholder() -> Value {
    PLACEHOLDER.with(Value::clone)
}

fn is_placeholder(value: &Value) -> bool {
    value.downcast_exact::<PlaceholderType>().is_some()
}

#[methods]
impl PlaceholderType {
    #[slot(new)]
    fn new(vm: &Vm, _cls: &Value, args: Args<'_>) -> PyResult {
        if !args.values.is_empty() {
            return Err(vm.type_error("_PlaceholderType takes no arguments"));
        }
        Ok(placeholder())
    }

    #[slot(repr)]
    fn repr(_vm: &Vm, _this: &Value) -> PyResult {
        Ok(Value::from_str("Placeholder"))
    }

    #[method("__reduce__(self, /)", text = none)]
    fn reduce(_this: &Value) -> &'static str {
        "Placeholder"
    }
}

/// Declares the singleton.
pub struct Constants;

#[functions("_functools", FUNCTIONS)]
impl Constants {
    #[constant("Placeholder")]
    const PLACEHOLDER: PlaceholderConstant = PlaceholderConstant;
}

struct PlaceholderConstant;

impl snakelet_vm::native::IntoResult for PlaceholderConstant {
    fn into_result(self, _vm: &Vm) -> PyResult {
        Ok(placeholder())
    }
}

/// The payload of partial objects.
#[native_type(
    name = "partial",
    module = "functools",
    doc = "Create a new function with partial application of the given arguments and keywords.",
    flags(subclassable, has_dict, weak_references)
)]
pub struct Partial {
    function: VmCell<Value>,
    args: VmCell<Vec<Value>>,
    keywords: VmCell<Ref<Dict>>,
}

/// The instance's own attributes, unless there are none.
fn attributes(this: &Value) -> Option<Ref<Dict>> {
    let header = this.header()?;
    (instance::len(header) > 0).then(|| instance::dict(header))
}

fn count_placeholders(args: &[Value]) -> usize {
    args.iter().filter(|arg| is_placeholder(arg)).count()
}

/// The arguments of a partial object of a partial object.
fn merge(old: &[Value], new: &[Value]) -> Vec<Value> {
    let mut new = new.iter();
    let mut merged: Vec<Value> = old
        .iter()
        .map(|item| if is_placeholder(item) { new.next().unwrap_or(item).clone() } else { item.clone() })
        .collect();
    merged.extend(new.cloned());
    merged
}

#[cold]
fn trailing(vm: &Vm) -> Raised {
    vm.type_error("trailing Placeholders are not allowed")
}

#[cold]
fn invalid_state(vm: &Vm) -> Raised {
    vm.type_error("invalid partial state")
}

#[methods]
impl Partial {
    #[new("partial(func=<unrepresentable>, /, *args, **keywords)", text = "(func, /, *args, **keywords)")]
    fn new(vm: &Vm, cls: &Value, func: Option<&Value>, args: &[Value], keywords: KwArgs<'_>) -> PyResult {
        let Some(func) = func else {
            return Err(vm.type_error("type 'partial' takes at least one argument"));
        };
        if vm.type_of(func).slots().call.is_none() {
            return Err(vm.type_error("the first argument must be callable"));
        }
        if args.last().is_some_and(is_placeholder) {
            return Err(trailing(vm));
        }
        if keywords.iter().any(|(_, value)| is_placeholder(value)) {
            return Err(vm.type_error("Placeholder cannot be passed as a keyword argument"));
        }
        // A partial object without attributes of its own is looked through.
        let (function, args, dict) = match func.downcast::<Partial>() {
            Some(inner) if attributes(func).is_none() => {
                (inner.function.get(), merge(inner.args.borrow(), args), inner.keywords.borrow().copy(vm)?)
            }
            _ => (func.clone(), args.to_vec(), Dict::new_object()),
        };
        for (name, value) in keywords.iter() {
            dict.set_str(name, value.clone());
        }
        let partial = Partial { function: VmCell::new(function), args: VmCell::new(args), keywords: VmCell::new(dict) };
        vm.new_instance(cls, partial)
    }

    #[slot(call)]
    fn call(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        let Some(partial) = this.downcast::<Partial>() else { return Ok(Value::NONE) };
        let (positional, named) = args.values.split_at(args.positional_count());
        let own = partial.args.borrow();
        let mut values = vm.vec_with_capacity(own.len() + args.values.len() + 4)?;
        let wanted = count_placeholders(own);
        if wanted == 0 {
            values.extend_from_slice(own);
            values.extend_from_slice(positional);
        } else if positional.len() < wanted {
            let got = positional.len();
            let message =
                format!("missing positional arguments in 'partial' call; expected at least {wanted}, got {got}");
            return Err(vm.type_error(message));
        } else {
            values.append(&mut merge(own, positional));
        }
        let keywords = partial.keywords.borrow();
        let mut names: Vec<Value> = Vec::new();
        if keywords.is_empty() {
            values.extend_from_slice(named);
            names.extend_from_slice(args.kwnames);
        } else {
            let first = values.len();
            for entry in keywords.table.borrow().iter() {
                if entry.key.as_text().is_none() {
                    return Err(vm.type_error("keywords must be strings"));
                }
                names.push(entry.key.clone());
                values.push(entry.value.clone());
            }
            for (name, value) in args.kwnames.iter().zip(named) {
                match names.iter().position(|known| known.is(name) || known.as_text() == name.as_text()) {
                    Some(at) => values[first + at] = value.clone(),
                    None => {
                        names.push(name.clone());
                        values.push(value.clone());
                    }
                }
            }
        }
        let function = partial.function.get();
        match vm.type_of(&function).slots().call {
            Some(call) => call(vm, &function, Args { values: &values, kwnames: &names }),
            None => Err(vm.type_error(format!("'{}' object is not callable", vm.type_name(&function)))),
        }
    }

    #[slot(descr_get)]
    fn get(_vm: &Vm, this: &Value, instance: Option<&Value>, _owner: &Value) -> PyResult {
        match instance {
            Some(instance) if !instance.is_none() => {
                Ok(BoundMethod { function: this.clone(), instance: instance.clone() }.into_value())
            }
            _ => Ok(this.clone()),
        }
    }

    /// function object to use in future partial calls
    #[getter("func")]
    fn func(this: &Partial) -> Value {
        this.function.get()
    }

    /// tuple of arguments to future partial calls
    #[getter("args")]
    fn args(this: &Partial) -> Value {
        Value::from_tuple(this.args.get())
    }

    /// dictionary of keyword arguments to future partial calls
    #[getter("keywords")]
    fn keywords(this: &Partial) -> Value {
        this.keywords.borrow().value()
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Value) -> PyResult<String> {
        let Some(partial) = this.to_ref::<Partial>() else { return Ok(String::new()) };
        let name = snakelet_vm::types::object::full_name(&vm, &vm.class_of(&this));
        let Some(_entered) = snakelet_vm::protocol::sequence_repr::Entered::new(&vm, &this) else {
            return Ok("...".to_string());
        };
        let mut text = format!("{name}({}", vm.repr(partial.function.borrow()).await?.to_string_lossy());
        for arg in partial.args.get() {
            text.push_str(", ");
            text.push_str(&vm.repr(&arg).await?.to_string_lossy());
        }
        let pairs: Vec<(Value, Value)> = {
            let keywords = partial.keywords.borrow();
            let table = keywords.table.borrow();
            table.iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect()
        };
        for (name, value) in pairs {
            let name = vm.str(&name).await?.to_string_lossy();
            let value = vm.repr(&value).await?.to_string_lossy();
            text.push_str(&format!(", {name}={value}"));
        }
        text.push(')');
        Ok(text)
    }

    #[method("__reduce__(self, /)", text = none)]
    fn reduce(vm: &Vm, this: &Value) -> Value {
        let Some(partial) = this.downcast::<Partial>() else { return Value::NONE };
        let function = partial.function.get();
        let dict = attributes(this).map_or(Value::NONE, |dict| dict.into_value());
        let args = Value::from_tuple(partial.args.get());
        let state = vec![function.clone(), args, partial.keywords.borrow().value(), dict];
        let class = vm.class_of(this).into_value();
        Value::from_tuple(vec![class, Value::from_tuple(vec![function]), Value::from_tuple(state)])
    }

    #[method("__setstate__(self, state, /)", text = none)]
    async fn setstate(vm: VmRef, this: Value, state: Value) -> PyResult<()> {
        let Some(partial) = this.to_ref::<Partial>() else { return Ok(()) };
        let parts = state.downcast::<Tuple>().map_or(Vec::new(), |tuple| tuple.items().to_vec());
        let Ok([function, args, keywords, dict]) = <[Value; 4]>::try_from(parts) else {
            return Err(invalid_state(&vm));
        };
        let is_state = vm.type_of(&function).slots().call.is_some()
            && args.downcast::<Tuple>().is_some()
            && (keywords.is_none() || keywords.downcast::<Dict>().is_some());
        if !is_state {
            return Err(invalid_state(&vm));
        }
        let args = vm.collect(&args).await?;
        if args.last().is_some_and(is_placeholder) {
            return Err(trailing(&vm));
        }
        let keywords = match keywords.to_ref::<Dict>() {
            Some(dict) if keywords.downcast_exact::<Dict>().is_some() => dict,
            Some(dict) => dict.copy(&vm)?,
            None => Dict::new_object(),
        };
        partial.function.set(function);
        partial.args.set(args);
        partial.keywords.set(keywords);
        match (dict.to_ref::<Dict>(), this.header()) {
            (Some(dict), Some(header)) => instance::replace_dict(header, dict),
            (None, Some(header)) if dict.is_none() => {
                if instance::len(header) > 0 {
                    instance::replace_dict(header, Dict::new_object());
                }
            }
            _ => return Err(vm.error(Exc::TypeError, "__dict__ must be set to a dictionary")),
        }
        Ok(())
    }

    #[classmethod("__class_getitem__(cls, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        snakelet_vm::types::generic_alias::alias(cls, object)
    }
}
