//! Variables: globals, namespaces, cells, and the errors for unbound ones.

use crate::errors::Exc;
use crate::exec::frame::Frame;
use crate::types::cell::CellObject;
use crate::types::code::{CodeObject, GlobalCache};
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::module::Module;
use crate::{Native, PyResult, Raised, Value, Vm, VmCell};

pub fn make_cell(contents: Value) -> Value {
    CellObject { contents: VmCell::new(contents) }.into_value()
}

/// The contents of a cell in a register or closure.
#[inline(always)]
pub fn cell_contents(cell: &Value) -> &Value {
    match cell.downcast_exact::<CellObject>() {
        Some(cell) => cell.contents.borrow(),
        None => cell,
    }
}

#[inline(always)]
pub fn set_cell(cell: &Value, value: Value) {
    if let Some(cell) = cell.downcast_exact::<CellObject>() {
        cell.contents.set(value);
    }
}

fn text(name: &Value) -> String {
    name.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned())
}

/// UnboundLocalError for a register's variable.
#[cold]
pub fn unbound_local(vm: &Vm, code: &CodeObject, register: u16) -> PyResult<()> {
    let name = code.varnames.get(register as usize).map_or(String::new(), text);
    let message = format!("cannot access local variable '{name}' where it is not associated with a value");
    Err(vm.error(Exc::UnboundLocalError, &message))
}

/// NameError for an empty free variable.
#[cold]
pub fn unbound_free(vm: &Vm, code: &CodeObject, index: u16) -> PyResult<()> {
    let name = code.code.freevars.get(index as usize).map_or("", |name| name);
    let message =
        format!("cannot access free variable '{name}' where it is not associated with a value in enclosing scope");
    Err(vm.name_error(Exc::NameError, &message, name))
}

#[cold]
fn undefined(vm: &Vm, name: &Value) -> Raised {
    let name = text(name);
    vm.name_error(Exc::NameError, &format!("name '{name}' is not defined"), &name)
}

impl Vm {
    /// A NameError (or UnboundLocalError) that knows the name.
    #[cold]
    pub fn name_error(&self, class: Exc, message: &str, name: &str) -> Raised {
        let exception = class.instance(self, vec![Value::from_str(message)]);
        crate::errors::fields::set(&exception, "name", Value::from_str(name));
        self.raise(exception)
    }
}

fn site_name(code: &CodeObject, site: u16) -> &Value {
    &code.names[code.code.global_sites[site as usize].name as usize]
}

/// A global or builtin; fills the site's cache.
#[inline(never)]
pub fn load_global(vm: &Vm, function: &Function, code: &CodeObject, site: u16) -> PyResult {
    let name = site_name(code, site);
    let globals = &function.globals;
    let cache = |index: usize, is_builtin: bool| GlobalCache {
        globals: &raw const **globals,
        globals_version: globals.table.borrow().version(),
        builtins_version: function.builtins.table.borrow().version(),
        index: index as u32,
        is_builtin,
    };
    if let Some(index) = globals.find_str(name) {
        code.global_caches.borrow_mut()[site as usize] = cache(index, false);
        return Ok(globals.table.borrow().entries()[index].value.clone());
    }
    if globals.as_value().downcast_exact::<Dict>().is_none() {
        // A subclass of dict may have `__missing__`.
        return Err(in_mappings(vm, function, vec![globals.value()], name.clone(), undefined));
    }
    if function.builtins.as_value().downcast_exact::<Dict>().is_some()
        && let Some(index) = function.builtins.find_str(name)
    {
        code.global_caches.borrow_mut()[site as usize] = cache(index, true);
        return Ok(function.builtins.table.borrow().entries()[index].value.clone());
    }
    missing_builtin(vm, function, name, undefined)
}

/// What the globals name as their builtins, where that is neither a plain dict nor a module: it is asked for each item.
fn builtins_mapping(function: &Function) -> Option<Value> {
    let value = function.globals.get_str(&crate::name!(__builtins__))?;
    let plain = value.downcast_exact::<Dict>().is_some() || value.downcast::<Module>().is_some();
    (!plain).then_some(value)
}

/// A name that is not in the function's dict of builtins.
#[cold]
fn missing_builtin(vm: &Vm, function: &Function, name: &Value, missing: fn(&Vm, &Value) -> Raised) -> PyResult {
    Err(match builtins_mapping(function) {
        Some(_) => in_mappings(vm, function, Vec::new(), name.clone(), missing),
        None => missing(vm, name),
    })
}

/// The builtin with this name, wherever the function's builtins are, or the error `missing` makes. May defer.
pub fn builtin(vm: &Vm, function: &Function, name: &Value, missing: fn(&Vm, &Value) -> Raised) -> PyResult {
    match function.builtins.get_str(name) {
        Some(value) => Ok(value),
        None => missing_builtin(vm, function, name, missing),
    }
}

/// `__build_class__`. May defer.
pub fn build_class(vm: &Vm, function: &Function) -> PyResult {
    builtin(vm, function, &crate::name!(__build_class__), |vm, name| {
        vm.name_error(Exc::NameError, "__build_class__ not found", &text(name))
    })
}

/// Sets a global; fills the site's cache.
#[inline(never)]
pub fn store_global(function: &Function, code: &CodeObject, site: u16, value: Value) {
    let (globals, name) = (&function.globals, site_name(code, site));
    globals.set_str(name, value);
    if let Some(index) = globals.find_str(name) {
        code.global_caches.borrow_mut()[site as usize] = GlobalCache {
            globals: &raw const **globals,
            globals_version: globals.table.borrow().version(),
            index: index as u32,
            ..GlobalCache::EMPTY
        };
    }
}

/// The namespace object of a frame: its own, or the globals.
pub fn namespace(frame: &Frame) -> Value {
    match frame.extra.as_ref().and_then(|extra| extra.namespace.as_ref()) {
        Some(namespace) => namespace.clone(),
        None => frame.function().globals.value(),
    }
}

fn own_namespace(frame: &Frame) -> Option<&Value> {
    frame.extra.as_ref().and_then(|extra| extra.namespace.as_ref())
}

/// A name in the frame's namespace, then a global or builtin.
pub fn load_name(vm: &Vm, frame: &Frame, site: u16) -> PyResult {
    let code = frame.code();
    let function = frame.function();
    let Some(namespace) = own_namespace(frame) else { return load_global(vm, function, code, site) };
    let name = site_name(code, site);
    if let Some(dict) = namespace.downcast_exact::<Dict>() {
        return match dict.get_str(name) {
            Some(value) => Ok(value),
            None => load_global(vm, function, code, site),
        };
    }
    let mappings = vec![namespace.clone(), function.globals.value()];
    Err(in_mappings(vm, function, mappings, name.clone(), undefined))
}

/// A name in mappings that may be programs' own, then in the builtins.
fn in_mappings(
    vm: &Vm,
    function: &Function,
    mut mappings: Vec<Value>,
    name: Value,
    missing: fn(&Vm, &Value) -> Raised,
) -> Raised {
    mappings.push(builtins_mapping(function).unwrap_or_else(|| function.builtins.value()));
    let handle = vm.handle();
    vm.defer(async move {
        for mapping in mappings {
            let found = match mapping.downcast_exact::<Dict>() {
                Some(dict) => dict.get_str(&name),
                None => item_or_none(&handle, &mapping, &name).await?,
            };
            if let Some(value) = found {
                return Ok(value);
            }
        }
        Err(missing(&handle, &name))
    })
}

/// `mapping[name]`, or `None` where it raises KeyError.
async fn item_or_none(vm: &Vm, mapping: &Value, name: &Value) -> PyResult<Option<Value>> {
    let result = vm.get_item(mapping, name);
    match vm.settle(result).await {
        Ok(value) => Ok(Some(value)),
        Err(raised) => match vm.catch(Exc::KeyError) {
            Some(_) => Ok(None),
            None => Err(raised),
        },
    }
}

pub fn store_name(vm: &Vm, frame: &Frame, site: u16, value: &Value) -> PyResult {
    let code = frame.code();
    let name = site_name(code, site);
    match own_namespace(frame) {
        None => {
            frame.function().globals.set_str(name, value.clone());
            Ok(Value::NONE)
        }
        Some(namespace) => match namespace.downcast_exact::<Dict>() {
            Some(dict) => {
                dict.set_str(name, value.clone());
                Ok(Value::NONE)
            }
            None => vm.set_item(namespace, name, Some(value)),
        },
    }
}

pub fn delete_name(vm: &Vm, namespace: &Value, code: &CodeObject, site: u16) -> PyResult {
    let name = site_name(code, site);
    if let Some(dict) = namespace.downcast_exact::<Dict>() {
        return match dict.remove_str(name) {
            Some(_) => Ok(Value::NONE),
            None => Err(undefined(vm, name)),
        };
    }
    let (handle, namespace, name) = (vm.handle(), namespace.clone(), name.clone());
    Err(vm.defer(async move {
        let result = handle.set_item(&namespace, &name, None);
        match handle.settle(result).await {
            Err(raised) => match handle.catch(Exc::KeyError) {
                Some(_) => Err(undefined(&handle, &name)),
                None => Err(raised),
            },
            ok => ok,
        }
    }))
}

/// A name in the mapping `namespace`, else free variable `index`.
pub fn load_name_or_free(vm: &Vm, frame: &Frame, namespace: &Value, index: u16) -> PyResult {
    let code = frame.code();
    let name = crate::object::intern::intern(&code.code.freevars[index as usize]);
    let cell = frame.function().closure[index as usize].clone();
    if let Some(dict) = namespace.downcast_exact::<Dict>()
        && let Some(value) = dict.get_str(&name)
    {
        return Ok(value);
    }
    if namespace.downcast_exact::<Dict>().is_some() {
        let value = cell_contents(&cell).clone();
        return if value.is_unbound() { unbound_free(vm, code, index).map(|()| value) } else { Ok(value) };
    }
    let (handle, namespace) = (vm.handle(), namespace.clone());
    Err(vm.defer(async move {
        match item_or_none(&handle, &namespace, &name).await? {
            Some(value) => Ok(value),
            None => {
                let value = cell_contents(&cell).clone();
                if value.is_unbound() { Err(undefined(&handle, &name)) } else { Ok(value) }
            }
        }
    }))
}

/// A name in the mapping `namespace`, else a global or builtin.
pub fn load_name_or_global(vm: &Vm, frame: &Frame, namespace: &Value, site: u16) -> PyResult {
    let code = frame.code();
    let function = frame.function();
    let name = site_name(code, site).clone();
    if let Some(dict) = namespace.downcast_exact::<Dict>() {
        return match dict.get_str(&name) {
            Some(value) => Ok(value),
            None => load_global(vm, function, code, site),
        };
    }
    Err(in_mappings(vm, function, vec![namespace.clone(), function.globals.value()], name, undefined))
}
