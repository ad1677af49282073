//! Displays, comprehensions, f-strings, functions.

use std::cell::Cell;

use snakelet_text::Text;

use crate::types::cell::CellObject;
use crate::types::code::CodeObject;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::list::List;
use crate::{Native, PyResult, Value, Vm, VmCell};

/// A dict display: keys and values alternate.
pub fn dict(vm: &Vm, items: &[Value]) -> PyResult {
    let dict = Dict::new_object();
    for (at, pair) in items.chunks_exact(2).enumerate() {
        match dict.set_now(vm, &pair[0], &pair[1]) {
            Some(result) => result?,
            None => {
                let (handle, rest) = (vm.handle(), items[2 * at..].to_vec());
                return Err(vm.defer(async move {
                    for pair in rest.chunks_exact(2) {
                        Dict::set(&handle, &dict, &pair[0], &pair[1]).await?;
                    }
                    Ok(dict.into_value())
                }));
            }
        }
    }
    Ok(dict.into_value())
}

/// Joins the strs of an f-string.
pub fn string(vm: &Vm, parts: &[Value]) -> PyResult {
    let total = parts.iter().filter_map(Value::as_text).map(Text::len).sum::<usize>();
    if total > 4096 {
        vm.check_memory(total)?;
    }
    let mut text = Text::with_capacity(total).map_err(|_| vm.memory_error())?;
    for part in parts.iter().filter_map(Value::as_text) {
        text.push_text(part).map_err(|_| vm.memory_error())?;
    }
    Ok(Value::from_text(text))
}

#[inline]
pub fn list_append(vm: &Vm, list: &Value, value: &Value) -> PyResult<()> {
    if let Some(list) = list.downcast::<List>() {
        let items = list.items.borrow_mut();
        vm.reserve(items, 1)?;
        items.push(value.clone());
    }
    Ok(())
}

pub fn set_add(vm: &Vm, set: &Value, value: &Value) -> PyResult {
    crate::types::set::add(vm, set, value)
}

pub fn dict_add(vm: &Vm, dict: &Value, key: &Value, value: &Value) -> PyResult {
    if let Some(exact) = dict.downcast::<Dict>()
        && let Some(result) = exact.set_now(vm, key, value)
    {
        return result.map(|()| Value::NONE);
    }
    vm.set_item(dict, key, Some(value))
}

/// `[*src]`, or `f(*src)`.
pub fn list_extend(vm: &Vm, list: &Value, src: &Value) -> PyResult {
    let Some(target) = list.to_ref::<List>() else { return Ok(Value::NONE) };
    if let Some(items) = super::items::exact_sequence(src) {
        let into = target.items.borrow_mut();
        vm.reserve(into, items.len())?;
        into.extend_from_slice(items);
        return Ok(Value::NONE);
    }
    if vm.type_of(src).slots().iter.is_none() && vm.type_of(src).slots().getitem.is_none() {
        let name = vm.type_name(src);
        return Err(vm.type_error(format!("Value after * must be an iterable, not {name}")));
    }
    let (handle, src) = (vm.handle(), src.clone());
    Err(vm.defer(async move {
        let items = handle.collect(&src).await?;
        let into = target.items.borrow_mut();
        handle.reserve(into, items.len())?;
        into.extend(items);
        Ok(Value::NONE)
    }))
}

pub fn set_update(vm: &Vm, set: &Value, src: &Value) -> PyResult {
    crate::types::set::update(vm, set, src)
}

/// `{**src}`.
pub fn dict_update(vm: &Vm, dict: &Value, src: &Value) -> PyResult {
    if src.downcast::<Dict>().is_none() && vm.lookup_special(src, &crate::name!(keys)).is_none() {
        let name = vm.type_name(src);
        return Err(vm.type_error(format!("'{name}' object is not a mapping")));
    }
    let (handle, dict, src) = (vm.handle(), dict.clone(), src.clone());
    Err(vm.defer(async move {
        let update = handle.attr(&dict, "update").await?;
        handle.call(&update, vec![src]).await
    }))
}

/// `f(**src)`: every key a str, none given twice.
pub fn dict_merge(vm: &Vm, dict: &Value, src: &Value, callee: &Value) -> PyResult {
    let Some(target) = dict.to_ref::<Dict>() else { return Ok(Value::NONE) };
    if let Some(exact) = src.downcast_exact::<Dict>() {
        for entry in exact.table.borrow().iter() {
            merge_one(vm, &target, &entry.key, &entry.value, callee)?;
        }
        return Ok(Value::NONE);
    }
    if src.downcast::<Dict>().is_none() && vm.lookup_special(src, &crate::name!(keys)).is_none() {
        let (name, got) = (vm.callee_name(callee), vm.type_name(src));
        return Err(vm.type_error(format!("{name} argument after ** must be a mapping, not {got}")));
    }
    let (handle, src, callee) = (vm.handle(), src.clone(), callee.clone());
    Err(vm.defer(async move {
        let keys = handle.attr(&src, "keys").await?;
        let keys = handle.call(&keys, Vec::new()).await?;
        for key in handle.collect(&keys).await? {
            let value = handle.get_item(&src, &key);
            let value = handle.settle(value).await?;
            merge_one(&handle, &target, &key, &value, &callee)?;
        }
        Ok(Value::NONE)
    }))
}

fn merge_one(vm: &Vm, target: &Dict, key: &Value, value: &Value, callee: &Value) -> PyResult<()> {
    if key.as_text().is_none() {
        // The call will refuse it; before that it must not be given twice.
        let known = target.get_now(vm, key).transpose()?.flatten();
        return match (known, vm.repr_now(key)) {
            (Some(_), Some(shown)) => Err(given_twice(vm, callee, &shown.to_utf8_lossy())),
            (None, _) if target.set_now(vm, key, value).transpose()?.is_some() => Ok(()),
            _ => Err(vm.type_error("keywords must be strings")),
        };
    }
    let key = crate::object::intern::intern_value(key);
    if target.find_str(&key).is_some() {
        let keyword = key.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
        return Err(given_twice(vm, callee, &keyword));
    }
    target.set_str(&key, value.clone());
    Ok(())
}

/// The error for a keyword argument that mappings give twice.
#[cold]
pub fn given_twice(vm: &Vm, callee: &Value, keyword: &str) -> crate::Raised {
    let name = vm.callee_name(callee);
    vm.type_error(format!("{name} got multiple values for keyword argument '{keyword}'"))
}

impl Vm {
    /// How error messages name what is called: `module.f()`, without the module for builtins.
    pub fn callee_name(&self, callee: &Value) -> String {
        let text = |value: &Value| value.as_text().map(|text| text.to_utf8_lossy().into_owned());
        if let Some(function) = callee.downcast::<Function>() {
            let name = text(function.qualname.borrow()).unwrap_or_default();
            return match text(function.module.borrow()).filter(|module| module != "builtins") {
                Some(module) => format!("{module}.{name}()"),
                None => format!("{name}()"),
            };
        }
        if let Some(method) = callee.downcast::<crate::types::method::BoundMethod>() {
            return self.callee_name(&method.function.clone());
        }
        if let Some(native) = callee.downcast::<crate::native::NativeFunction>() {
            return format!("{}()", native.def.name);
        }
        if let Some(class) = callee.downcast::<crate::types::typeobject::Type>() {
            let name = text(class.qualname.borrow()).unwrap_or_else(|| class.name());
            return match crate::types::typetype::module_of(self, class).filter(|module| module != "builtins") {
                Some(module) => format!("{module}.{name}()"),
                None => format!("{name}()"),
            };
        }
        if let Some(shown) = self.repr_now(callee).filter(|_| callee.as_text().is_none()) {
            return shown.to_utf8_lossy().into_owned();
        }
        format!("{} object", self.type_name(callee))
    }
}

pub fn list_to_tuple(list: &Value) -> Value {
    Value::from_tuple(list.downcast::<List>().map_or(Vec::new(), |list| list.items.borrow().clone()))
}

/// A replacement field of an f-string: `conversion` 0 none, 1 str, 2 repr, 3 ascii.
pub fn format_value(vm: &Vm, value: &Value, conversion: u8, spec: Option<&Value>) -> PyResult {
    let converted = match conversion {
        0 => None,
        1 => Some(vm.str_of(value)),
        2 => Some(vm.repr_of(value)),
        _ => Some(vm.ascii_of(value)),
    };
    let no_spec = spec.is_none_or(|spec| spec.as_text().is_some_and(Text::is_empty));
    match converted {
        Some(result) if no_spec => result,
        Some(result) => {
            let spec = spec.cloned().unwrap_or_else(|| Value::from_str(""));
            vm.and_then(result, move |vm, text| vm.format_of(&text, &spec))
        }
        None if no_spec && value.downcast_exact::<crate::types::string::Str>().is_some() => Ok(value.clone()),
        None => match spec {
            Some(spec) => vm.format_of(value, spec),
            None => vm.format_of(value, &crate::name!(@ "")),
        },
    }
}

/// What a `def` gives the function besides its code.
pub struct FunctionParts {
    pub defaults: Option<Value>,
    pub kwdefaults: Option<Value>,
    pub annotate: Option<Value>,
    pub closure: Option<Value>,
}

/// A function object for `code`, with the globals of the function that makes it.
pub fn function(maker: &Function, code: &Value, parts: FunctionParts) -> Value {
    let Some(code) = code.to_ref::<CodeObject>() else { return Value::NONE };
    let doc = if code.has_flag(snakelet_bytecode::CodeFlags::HAS_DOCSTRING) {
        code.consts.first().cloned().unwrap_or_default()
    } else {
        Value::NONE
    };
    let module = maker.globals.get_str(&crate::name!(__name__)).unwrap_or_default();
    let closure = parts.closure.as_ref().and_then(Value::downcast::<crate::types::tuple::Tuple>);
    let mut closure: Box<[Value]> = closure.map_or_else(Box::default, |cells| cells.items().into());
    // Code that a program put together may have other free variables than its maker hands over.
    if closure.len() < code.code.freevars.len() {
        let more = code.code.freevars.len() - closure.len();
        let empty = || CellObject { contents: VmCell::new(Value::UNBOUND) }.into_value();
        closure = closure.into_iter().chain(std::iter::repeat_with(empty).take(more)).collect();
    }
    Function {
        globals: maker.globals.clone(),
        builtins: maker.builtins.clone(),
        name: VmCell::new(code.name.clone()),
        qualname: VmCell::new(code.qualname.clone()),
        defaults: VmCell::new(parts.defaults.unwrap_or(Value::UNBOUND)),
        kwdefaults: VmCell::new(parts.kwdefaults.unwrap_or(Value::UNBOUND)),
        closure,
        doc: VmCell::new(doc),
        module: VmCell::new(module),
        annotate: VmCell::new(parts.annotate.unwrap_or(Value::UNBOUND)),
        annotations: VmCell::new(Value::UNBOUND),
        type_params: VmCell::new(Value::UNBOUND),
        plain_args: Cell::new(code.plain_args),
        code: VmCell::new(code),
    }
    .into_value()
}

impl Function {
    /// A function that runs module-level or class-level code in these globals.
    pub fn for_code(vm: &Vm, code: crate::Ref<CodeObject>, globals: crate::Ref<Dict>) -> Value {
        Function::for_code_with_closure(vm, code, globals, Vec::new())
    }

    /// The same for code with free variables, whose cells are given.
    pub fn for_code_with_closure(
        vm: &Vm,
        code: crate::Ref<CodeObject>,
        globals: crate::Ref<Dict>,
        closure: Vec<Value>,
    ) -> Value {
        // A module may have its own builtins: a dict or a module under `__builtins__`.
        let builtins = match globals.get_str(&crate::name!(__builtins__)) {
            Some(value) => match (value.to_ref::<Dict>(), value.downcast::<crate::types::module::Module>()) {
                (Some(dict), _) => dict,
                (None, Some(module)) => module.dict.clone(),
                // Another mapping is asked when a name is not found here.
                (None, None) => Dict::new_object(),
            },
            None => vm.builtins.clone(),
        };
        Function {
            globals,
            builtins,
            name: VmCell::new(code.name.clone()),
            qualname: VmCell::new(code.qualname.clone()),
            defaults: VmCell::new(Value::UNBOUND),
            kwdefaults: VmCell::new(Value::UNBOUND),
            closure: closure.into(),
            doc: VmCell::new(Value::NONE),
            module: VmCell::new(Value::NONE),
            annotate: VmCell::new(Value::UNBOUND),
            annotations: VmCell::new(Value::UNBOUND),
            type_params: VmCell::new(Value::UNBOUND),
            plain_args: Cell::new(code.plain_args),
            code: VmCell::new(code),
        }
        .into_value()
    }
}
