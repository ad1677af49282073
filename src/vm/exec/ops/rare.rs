//! Instructions that are seldom executed: `f(*args)`, the display hook, type parameters, template strings.

use snakelet_bytecode::intrinsic;

use crate::exec::Thread;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::list::List;
use crate::types::tuple::Tuple;
use crate::{PyResult, Value, Vm};

/// `callee(*args, **kwargs)`. `Ok(None)`: a frame was pushed.
pub fn call_ex(
    vm: &Vm,
    thread: &mut Thread,
    callee: Value,
    args: Value,
    kwargs: Option<Value>,
) -> PyResult<Option<Value>> {
    let positional = if let Some(tuple) = args.downcast_exact::<Tuple>() {
        Some(tuple.items().to_vec())
    } else {
        args.downcast_exact::<List>().map(|list| list.items.borrow().clone())
    };
    let (mut values, names) = match (positional, kwargs.as_ref().map(|kwargs| kwargs.downcast_exact::<Dict>())) {
        (Some(values), None) => (values, Vec::new()),
        (Some(values), Some(Some(dict))) => {
            let mut names = Vec::with_capacity(dict.len());
            let mut values = values;
            for entry in dict.table.borrow().iter() {
                if entry.key.as_text().is_none() {
                    return Err(vm.type_error("keywords must be strings"));
                }
                names.push(crate::object::intern::intern_value(&entry.key));
                values.push(entry.value.clone());
            }
            (values, names)
        }
        _ => {
            let handle = vm.handle();
            return Err(vm.defer(async move { call_ex_general(&handle, callee, args, kwargs).await }));
        }
    };
    values.shrink_to_fit();
    let pushed = crate::exec::call::call_from_native(vm, thread, callee, values, names)?;
    Ok(pushed)
}

async fn call_ex_general(vm: &Vm, callee: Value, args: Value, kwargs: Option<Value>) -> PyResult {
    if vm.type_of(&args).slots().iter.is_none() && vm.type_of(&args).slots().getitem.is_none() {
        let (name, got) = (vm.callee_name(&callee), vm.type_name(&args));
        return Err(vm.type_error(format!("{name} argument after * must be an iterable, not {got}")));
    }
    let mut values = vm.collect(&args).await?;
    let mut names = Vec::new();
    if let Some(kwargs) = kwargs {
        if vm.lookup_special(&kwargs, &crate::name!(keys)).is_none() {
            let (name, got) = (vm.callee_name(&callee), vm.type_name(&kwargs));
            return Err(vm.type_error(format!("{name} argument after ** must be a mapping, not {got}")));
        }
        let keys = vm.attr(&kwargs, "keys").await?;
        let keys = vm.call(&keys, Vec::new()).await?;
        for key in vm.collect(&keys).await? {
            if key.as_text().is_none() {
                return Err(vm.type_error("keywords must be strings"));
            }
            let result = vm.get_item(&kwargs, &key);
            values.push(vm.settle(result).await?);
            let key = crate::object::intern::intern_value(&key);
            if names.iter().any(|name: &Value| name.is(&key)) {
                let keyword = key.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
                return Err(super::build::given_twice(vm, &callee, &keyword));
            }
            names.push(key);
        }
    }
    vm.call_kw(&callee, values, names).await
}

/// Hands a value to `sys.displayhook`.
pub fn print_expr(vm: &Vm, value: &Value) -> PyResult {
    match vm.sys.get_str(&crate::name!(displayhook)) {
        Some(hook) => {
            let future = vm.call(&hook, vec![value.clone()]);
            Err(vm.defer(future))
        }
        None => Err(vm.runtime_error("lost sys.displayhook")),
    }
}

/// See `snakelet_bytecode::intrinsic`.
pub fn intrinsic1(vm: &Vm, operand: &Value, number: u16) -> PyResult {
    let operand = operand.clone();
    match number {
        intrinsic::TYPE_VAR => from_typing(vm, "_make_typevar", vec![operand, Value::NONE, Value::NONE]),
        intrinsic::PARAM_SPEC => from_typing(vm, "_make_paramspec", vec![operand]),
        intrinsic::TYPE_VAR_TUPLE => from_typing(vm, "_make_typevartuple", vec![operand]),
        intrinsic::SUBSCRIPT_GENERIC => from_typing(vm, "_subscript_generic", vec![operand]),
        intrinsic::NOT_IMPLEMENTED_ERROR => Ok(crate::errors::Exc::NotImplementedError.class().into_value()),
        intrinsic::TYPE_ALIAS => from_typing(vm, "_make_type_alias", vec![operand]),
        _ => Err(vm.error(crate::errors::Exc::SystemError, &format!("unknown opcode {}", number & 0xff))),
    }
}

/// See `snakelet_bytecode::intrinsic`.
pub fn intrinsic2(vm: &Vm, operands: [Value; 2], number: u16) -> PyResult {
    let [first, second] = operands;
    match number {
        intrinsic::TYPE_VAR_WITH_BOUND => from_typing(vm, "_make_typevar", vec![first, second, Value::NONE]),
        intrinsic::TYPE_VAR_WITH_CONSTRAINTS => from_typing(vm, "_make_typevar", vec![first, Value::NONE, second]),
        intrinsic::SET_TYPE_PARAM_DEFAULT => from_typing(vm, "_set_typeparam_default", vec![first, second]),
        _ => {
            if let Some(function) = first.downcast::<Function>() {
                function.type_params.set(second);
            }
            Ok(first)
        }
    }
}

/// Calls a function of the native module `_typing`.
fn from_typing(vm: &Vm, name: &'static str, args: Vec<Value>) -> PyResult {
    let handle = vm.handle();
    Err(vm.defer(async move {
        let module = crate::import::import_module(&handle, "_typing").await?;
        let function = handle.attr(&module, name).await?;
        handle.call(&function, args).await
    }))
}

/// One interpolation of a template string: value, expression text, conversion, format spec.
pub fn interpolation(vm: &Vm, parts: [Value; 4]) -> PyResult {
    from_templatelib(vm, "Interpolation", parts.to_vec())
}

/// A template string of its strings and interpolations.
pub fn template(vm: &Vm, parts: [Value; 2]) -> PyResult {
    from_templatelib(vm, "_template", parts.to_vec())
}

/// Calls a function of the native module `_templatelib`.
fn from_templatelib(vm: &Vm, name: &'static str, args: Vec<Value>) -> PyResult {
    let handle = vm.handle();
    Err(vm.defer(async move {
        let module = crate::import::import_module(&handle, "_templatelib").await?;
        let function = handle.attr(&module, name).await?;
        handle.call(&function, args).await
    }))
}
