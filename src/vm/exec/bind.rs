//! Matching a call's arguments with a Python function's parameters, with CPython's error messages.

use snakelet_bytecode::CodeFlags;

use super::Thread;
use crate::object::Ref;
use crate::types::code::CodeObject;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::tuple::Tuple;
use crate::{PyResult, Value, Vm};

/// Arranges the `count` arguments at `start` (the last ones keyword values named by `kwnames`) as the parameters of `function`
/// in the window starting there. Answers the number of registers bound. On an error the registers are cleared.
pub(crate) fn bind(
    vm: &Vm,
    thread: &mut Thread,
    function: &Function,
    start: u32,
    count: u32,
    kwnames: &[Value],
) -> PyResult<u32> {
    let code = function.code.borrow();
    let plain = &code.code;
    let positional = count - kwnames.len() as u32;
    let parameters = plain.arg_count as u32;
    if kwnames.is_empty()
        && positional <= parameters
        && plain.kwonly_count == 0
        && !plain.flags.has(CodeFlags::VARARGS)
        && !plain.flags.has(CodeFlags::VARKEYWORDS)
    {
        let defaults = function.defaults.borrow().downcast::<Tuple>().map_or(&[][..], Tuple::items);
        let missing = (parameters - positional) as usize;
        if missing <= defaults.len() {
            thread.reserve(vm, start + parameters)?;
            for (register, value) in (start + positional..).zip(&defaults[defaults.len() - missing..]) {
                // SAFETY: reserved; dead registers hold nothing counted.
                unsafe { thread.register(register).write(value.clone()) };
            }
            return Ok(parameters);
        }
    }
    let total = parameters
        + plain.kwonly_count as u32
        + plain.flags.has(CodeFlags::VARARGS) as u32
        + plain.flags.has(CodeFlags::VARKEYWORDS) as u32;
    thread.reserve(vm, start + total.max(count))?;
    // Take everything out, then put it in place: simple, and rare enough.
    // SAFETY: registers of the window; what is left behind counts nothing.
    let args: Vec<Value> =
        (start..start + count).map(|index| unsafe { thread.register(index).replace(Value::UNBOUND) }).collect();
    let bound = bind_values(vm, function, code, args, kwnames)?;
    for (index, value) in bound.into_iter().enumerate() {
        // SAFETY: reserved above; dead registers hold nothing counted.
        unsafe { thread.register(start + index as u32).write(value) };
    }
    Ok(total)
}

/// The parameters' values in register order.
fn bind_values(
    vm: &Vm,
    function: &Function,
    code: &Ref<CodeObject>,
    args: Vec<Value>,
    kwnames: &[Value],
) -> PyResult<Vec<Value>> {
    let plain = &code.code;
    let parameters = plain.arg_count as usize;
    let kwonly = plain.kwonly_count as usize;
    let posonly = plain.posonly_count as usize;
    let given = args.len() - kwnames.len();
    let mut bound = Vec::with_capacity(parameters + kwonly + 2);
    let mut args = args.into_iter();
    bound.extend(args.by_ref().take(given.min(parameters)));
    let surplus: Vec<Value> = args.by_ref().take(given.saturating_sub(parameters)).collect();
    bound.resize_with(parameters + kwonly, || Value::UNBOUND);
    let varargs = plain.flags.has(CodeFlags::VARARGS);
    let varkw = plain.flags.has(CodeFlags::VARKEYWORDS).then(Dict::new_object);
    let names = &code.varnames[..parameters + kwonly];
    for (name, value) in kwnames.iter().zip(args) {
        let known = names[posonly..].iter().position(|parameter| parameter.is(name) || same_text(parameter, name));
        match (known, &varkw) {
            (Some(at), _) => {
                let at = at + posonly;
                if !bound[at].is_unbound() {
                    let message = format!("{}() got multiple values for argument '{}'", qualname(function), text(name));
                    return Err(vm.type_error(message));
                }
                bound[at] = value;
            }
            (None, Some(dict)) => dict.set_str(name, value),
            (None, None) => return Err(unexpected_keyword(vm, function, names, posonly, kwnames, name)),
        }
    }
    if !varargs && !surplus.is_empty() {
        return Err(too_many(vm, function, code, given, &bound));
    }
    let defaults = function.defaults.get();
    let defaults = defaults.downcast::<Tuple>().map_or(&[][..], Tuple::items);
    if given < parameters {
        let first_default = parameters.saturating_sub(defaults.len());
        let missing: Vec<&Value> =
            (0..first_default).filter(|&at| bound[at].is_unbound()).map(|at| &code.varnames[at]).collect();
        if !missing.is_empty() {
            return Err(missing_arguments(vm, function, "positional", &missing));
        }
        for at in given.max(first_default)..parameters {
            if bound[at].is_unbound() {
                bound[at] = defaults[defaults.len() - (parameters - at)].clone();
            }
        }
    }
    if kwonly > 0 {
        let kwdefaults = function.kwdefaults.get();
        let kwdefaults = kwdefaults.downcast::<Dict>();
        let mut missing = Vec::new();
        for (value, name) in bound[parameters..].iter_mut().zip(&code.varnames[parameters..]) {
            if value.is_unbound() {
                match kwdefaults.and_then(|defaults| defaults.get_str(name)) {
                    Some(default) => *value = default,
                    None => missing.push(name),
                }
            }
        }
        if !missing.is_empty() {
            return Err(missing_arguments(vm, function, "keyword-only", &missing));
        }
    }
    if varargs {
        bound.push(Value::from_tuple(surplus));
    }
    if let Some(dict) = varkw {
        bound.push(dict.into_value());
    }
    Ok(bound)
}

fn same_text(left: &Value, right: &Value) -> bool {
    matches!((left.as_text(), right.as_text()), (Some(left), Some(right)) if left == right)
}

fn text(name: &Value) -> String {
    name.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned())
}

fn qualname(function: &Function) -> String {
    text(function.qualname.borrow())
}

#[cold]
fn unexpected_keyword(
    vm: &Vm,
    function: &Function,
    names: &[Value],
    posonly: usize,
    kwnames: &[Value],
    name: &Value,
) -> crate::Raised {
    let function_name = qualname(function);
    let wrong: Vec<String> = kwnames
        .iter()
        .filter(|name| names[..posonly].iter().any(|parameter| same_text(parameter, name)))
        .map(text)
        .collect();
    if !wrong.is_empty() {
        let list = wrong.join(", ");
        return vm.type_error(format!(
            "{function_name}() got some positional-only arguments passed as keyword arguments: '{list}'"
        ));
    }
    let known: Vec<String> = names[posonly..].iter().map(text).collect();
    let hint = match crate::errors::suggest::closest(&text(name), known.iter().map(String::as_str)) {
        Some(similar) => format!(". Did you mean '{similar}'?"),
        None => String::new(),
    };
    vm.type_error(format!("{function_name}() got an unexpected keyword argument '{}'{hint}", text(name)))
}

#[cold]
fn too_many(vm: &Vm, function: &Function, code: &CodeObject, given: usize, bound: &[Value]) -> crate::Raised {
    let plain = &code.code;
    let parameters = plain.arg_count as usize;
    let kwonly_given = bound[parameters..].iter().filter(|value| !value.is_unbound()).count();
    let defaults = function.defaults.borrow().downcast::<Tuple>().map_or(0, |defaults| defaults.items().len());
    let (plural, takes) = if defaults > 0 {
        (true, format!("from {} to {parameters}", parameters - defaults))
    } else {
        (parameters != 1, parameters.to_string())
    };
    let kwonly = if kwonly_given > 0 {
        format!(
            " positional argument{} (and {kwonly_given} keyword-only argument{})",
            if given != 1 { "s" } else { "" },
            if kwonly_given != 1 { "s" } else { "" }
        )
    } else {
        String::new()
    };
    vm.type_error(format!(
        "{}() takes {takes} positional argument{} but {given}{kwonly} {} given",
        qualname(function),
        if plural { "s" } else { "" },
        if given == 1 && kwonly_given == 0 { "was" } else { "were" }
    ))
}

#[cold]
fn missing_arguments(vm: &Vm, function: &Function, kind: &str, missing: &[&Value]) -> crate::Raised {
    let names: Vec<String> = missing.iter().map(|name| format!("'{}'", text(name))).collect();
    let list = match names.as_slice() {
        [only] => only.clone(),
        [first, second] => format!("{first} and {second}"),
        [rest @ .., last] => format!("{}, and {last}", rest.join(", ")),
        [] => String::new(),
    };
    vm.type_error(format!(
        "{}() missing {} required {kind} argument{}: {list}",
        qualname(function),
        missing.len(),
        if missing.len() == 1 { "" } else { "s" }
    ))
}
