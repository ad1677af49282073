//! `itemgetter`, `attrgetter`, `methodcaller`.

use snakelet_macros::{methods, native_type};
use snakelet_vm::native::{Args, Native};
use snakelet_vm::object::intern::{intern, intern_value};
use snakelet_vm::{PyResult, Ref, Value, Vm, VmRef};

/// Takes the one argument that the getters are called with.
fn only_argument<'a>(vm: &Vm, name: &str, args: Args<'a>) -> PyResult<&'a Value> {
    if !args.kwnames.is_empty() {
        return Err(vm.type_error(format!("{name}() takes no keyword arguments")));
    }
    match args.values {
        [object] => Ok(object),
        other => Err(vm.type_error(format!("{name} expected 1 argument, got {}", other.len()))),
    }
}

/// `operator.NAME(` and the reprs of the values, separated by commas.
async fn shown(vm: &Vm, name: &str, values: &[Value]) -> PyResult<String> {
    let mut text = format!("operator.{name}(");
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        text.push_str(&vm.repr(value).await?.to_string_lossy());
    }
    Ok(text)
}

/// The payload of item getters.
#[native_type(
    name = "itemgetter",
    module = "operator",
    doc = "Return a callable object that fetches the given item(s) from its operand.\n\nAfter f = itemgetter(2), the call f(r) returns r[2].\nAfter g = itemgetter(2, 5, 3), the call g(r) returns (r[2], r[5], r[3])."
)]
pub struct ItemGetter {
    items: Vec<Value>,
}

#[methods]
impl ItemGetter {
    #[new("itemgetter(item=<unrepresentable>, /, *items)", text = "(item, /, *items)")]
    fn new(vm: &Vm, cls: &Value, item: Option<Value>, items: &[Value]) -> PyResult {
        let Some(item) = item else { return Err(vm.type_error("itemgetter expected 1 argument, got 0")) };
        let mut all = vec![item];
        all.extend_from_slice(items);
        vm.new_instance(cls, ItemGetter { items: all })
    }

    #[slot(call)]
    fn call(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        let object = only_argument(vm, "itemgetter", args)?;
        let Some(getter) = this.downcast::<ItemGetter>() else { return Ok(Value::NONE) };
        if let [item] = &*getter.items {
            return vm.get_item(object, item);
        }
        let (vm_ref, object, items) = (vm.handle(), object.clone(), getter.items.clone());
        vm.start(async move {
            let mut found = Vec::with_capacity(items.len());
            for item in &items {
                found.push(vm_ref.item(&object, item).await?);
            }
            Ok(Value::from_tuple(found))
        })
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Ref<ItemGetter>) -> PyResult<String> {
        Ok(shown(&vm, "itemgetter", &this.items).await? + ")")
    }

    /// Return state information for pickling.
    #[method("__reduce__(self, /)", text = none)]
    fn reduce(this: &ItemGetter) -> Value {
        let class = ItemGetter::type_object().into_value();
        Value::from_tuple(vec![class, Value::from_tuple(this.items.clone())])
    }
}

/// The payload of attribute getters.
#[native_type(
    name = "attrgetter",
    module = "operator",
    doc = "Return a callable object that fetches the given attribute(s) from its operand.\n\nAfter f = attrgetter('name'), the call f(r) returns r.name.\nAfter g = attrgetter('name', 'date'), the call g(r) returns (r.name, r.date).\nAfter h = attrgetter('name.first', 'name.last'), the call h(r) returns\n(r.name.first, r.name.last)."
)]
pub struct AttrGetter {
    names: Vec<Value>,
    /// The parts of each name, interned.
    paths: Vec<Vec<Value>>,
}

/// An attribute of an attribute of ... (async)
async fn follow(vm: &Vm, object: &Value, path: &[Value]) -> PyResult {
    let mut object = object.clone();
    for name in path {
        let result = vm.get_attr(&object, name);
        object = vm.settle(result).await?;
    }
    Ok(object)
}

#[methods]
impl AttrGetter {
    #[new("attrgetter(attr=<unrepresentable>, /, *attrs)", text = "(attr, /, *attrs)")]
    fn new(vm: &Vm, cls: &Value, attr: Option<Value>, attrs: &[Value]) -> PyResult {
        let Some(attr) = attr else { return Err(vm.type_error("attrgetter expected 1 argument, got 0")) };
        let mut names = vec![attr];
        names.extend_from_slice(attrs);
        let mut paths = Vec::with_capacity(names.len());
        for name in &mut names {
            let Some(text) = name.as_text() else { return Err(vm.type_error("attribute name must be a string")) };
            let mut path = Vec::new();
            let mut start = 0;
            for at in 0..=text.len() {
                if at == text.len() || text.get(at) == Some('.' as u32) {
                    path.push(intern_value(&vm.new_text(text.slice(start, at))?));
                    start = at + 1;
                }
            }
            *name = intern_value(name);
            paths.push(path);
        }
        vm.new_instance(cls, AttrGetter { names, paths })
    }

    #[slot(call)]
    fn call(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        let object = only_argument(vm, "attrgetter", args)?;
        let Some(getter) = this.to_ref::<AttrGetter>() else { return Ok(Value::NONE) };
        if let [path] = &*getter.paths
            && let [name] = &**path
        {
            return vm.get_attr(object, name);
        }
        let (vm_ref, object) = (vm.handle(), object.clone());
        vm.start(async move {
            if let [path] = &*getter.paths {
                return follow(&vm_ref, &object, path).await;
            }
            let mut found = Vec::with_capacity(getter.paths.len());
            for path in &getter.paths {
                found.push(follow(&vm_ref, &object, path).await?);
            }
            Ok(Value::from_tuple(found))
        })
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Ref<AttrGetter>) -> PyResult<String> {
        Ok(shown(&vm, "attrgetter", &this.names).await? + ")")
    }

    /// Return state information for pickling.
    #[method("__reduce__(self, /)", text = none)]
    fn reduce(this: &AttrGetter) -> Value {
        let class = AttrGetter::type_object().into_value();
        Value::from_tuple(vec![class, Value::from_tuple(this.names.clone())])
    }
}

/// The payload of method callers.
#[native_type(
    name = "methodcaller",
    module = "operator",
    doc = "Return a callable object that calls the given method on its operand.\n\nAfter f = methodcaller('name'), the call f(r) returns r.name().\nAfter g = methodcaller('name', 'date', foo=1), the call g(r) returns\nr.name('date', foo=1)."
)]
pub struct MethodCaller {
    name: Value,
    /// Positional arguments, then the values of keyword arguments.
    args: Vec<Value>,
    kwnames: Vec<Value>,
}

#[methods]
impl MethodCaller {
    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
        if args.positional_count() == 0 {
            return Err(vm.type_error("methodcaller needs at least one argument, the method name"));
        }
        let name = &args.values[0];
        if name.as_text().is_none() {
            return Err(vm.type_error("method name must be a string"));
        }
        let name = intern_value(name);
        vm.new_instance(cls, MethodCaller { name, args: args.values[1..].to_vec(), kwnames: args.kwnames.to_vec() })
    }

    #[slot(call)]
    fn call(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        let object = only_argument(vm, "methodcaller", args)?;
        let Some(caller) = this.to_ref::<MethodCaller>() else { return Ok(Value::NONE) };
        let (vm_ref, object) = (vm.handle(), object.clone());
        vm.start(async move {
            let method = vm_ref.get_attr(&object, &caller.name);
            let method = vm_ref.settle(method).await?;
            vm_ref.call_kw(&method, caller.args.clone(), caller.kwnames.clone()).await
        })
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Ref<MethodCaller>) -> PyResult<String> {
        let (positional, named) = this.args.split_at(this.args.len() - this.kwnames.len());
        let mut values = vec![this.name.clone()];
        values.extend_from_slice(positional);
        let mut text = shown(&vm, "methodcaller", &values).await?;
        for (name, value) in this.kwnames.iter().zip(named) {
            let name = name.as_text().map_or(String::new(), |name| name.to_utf8_lossy().into_owned());
            let value = vm.repr(value).await?.to_string_lossy();
            text.push_str(&format!(", {name}={value}"));
        }
        Ok(text + ")")
    }

    /// Return state information for pickling.
    #[method("__reduce__(self, /)", text = none)]
    async fn reduce(vm: VmRef, this: Ref<MethodCaller>) -> PyResult {
        let class = MethodCaller::type_object().into_value();
        let (positional, named) = this.args.split_at(this.args.len() - this.kwnames.len());
        if named.is_empty() {
            let mut args = vec![this.name.clone()];
            args.extend_from_slice(positional);
            return Ok(Value::from_tuple(vec![class, Value::from_tuple(args)]));
        }
        // The keyword arguments travel in a partial object.
        let import = vm.builtins.get_str(&intern("__import__")).unwrap_or_default();
        let functools = vm.call(&import, vec![Value::from_str("functools")]).await?;
        let partial = vm.attr(&functools, "partial").await?;
        let mut args = vec![class, this.name.clone()];
        args.extend_from_slice(named);
        let partial = vm.call_kw(&partial, args, this.kwnames.clone()).await?;
        Ok(Value::from_tuple(vec![partial, Value::from_tuple(positional.to_vec())]))
    }
}
