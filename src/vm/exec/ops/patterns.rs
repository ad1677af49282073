//! `match` statements.

use crate::errors::Exc;
use crate::types::dict::Dict;
use crate::types::tuple::Tuple;
use crate::types::typeobject::{Type, TypeFlags};
use crate::{PyResult, Value, Vm};

/// Whether a sequence pattern may match at all.
pub fn is_sequence(vm: &Vm, value: &Value) -> bool {
    has_inherited_flag(vm.type_of(value), TypeFlags::SEQUENCE)
}

/// Whether a mapping pattern may match at all.
pub fn is_mapping(vm: &Vm, value: &Value) -> bool {
    has_inherited_flag(vm.type_of(value), TypeFlags::MAPPING)
}

fn has_inherited_flag(ty: &Type, flag: u32) -> bool {
    // The nearest class that says what it is decides.
    let collection = |ty: &&crate::Ref<Type>| ty.flags.get() & (TypeFlags::SEQUENCE | TypeFlags::MAPPING) != 0;
    ty.has_flag(flag) || ty.mro.borrow().iter().find(collection).is_some_and(|ty| ty.has_flag(flag))
}

/// The values at `keys` as a tuple, or None if one is missing.
pub fn match_keys(vm: &Vm, subject: &Value, keys: &Value) -> PyResult {
    let keys = keys.downcast::<Tuple>().map_or(Vec::new(), |keys| keys.items().to_vec());
    let (handle, subject) = (vm.handle(), subject.clone());
    Err(vm.defer(async move {
        let seen = Dict::new_object();
        let mut values = Vec::new();
        let missing = crate::types::object::Object {};
        let missing = crate::Native::into_value(missing);
        let get = handle.attr(&subject, "get").await?;
        for key in keys {
            if Dict::get(&handle, &seen, &key).await?.is_some() {
                let text = handle.repr(&key).await?;
                return Err(
                    handle.value_error(format!("mapping pattern checks duplicate key ({})", text.to_string_lossy()))
                );
            }
            Dict::set(&handle, &seen, &key, &Value::NONE).await?;
            let value = handle.call(&get, vec![key, missing.clone()]).await?;
            if value.is(&missing) {
                return Ok(Value::NONE);
            }
            values.push(value);
        }
        Ok(Value::from_tuple(values))
    }))
}

/// The attributes that a class pattern binds, as a tuple, or None. `parts`: class, number of positional patterns, names.
pub fn match_class(vm: &Vm, subject: &Value, parts: [Value; 3]) -> PyResult {
    let [class, count, names] = parts;
    let Some(ty) = class.to_ref::<Type>() else {
        return Err(vm.type_error("called match pattern must be a class"));
    };
    let positional = count.as_small_int().unwrap_or(0) as usize;
    let names = names.downcast::<Tuple>().map_or(Vec::new(), |names| names.items().to_vec());
    let (handle, subject) = (vm.handle(), subject.clone());
    Err(vm.defer(async move {
        if !handle.is_instance_of(&subject, &class).await? {
            return Ok(Value::NONE);
        }
        let mut values: Vec<Value> = Vec::new();
        let mut seen: Vec<Value> = Vec::new();
        if positional > 0 {
            let args = handle.attr_opt(&class, &crate::name!(__match_args__)).await?;
            let match_self = args.is_none() && ty.has_flag(TypeFlags::MATCH_SELF);
            let args = match args {
                None => Vec::new(),
                Some(args) => match args.downcast::<Tuple>() {
                    Some(args) => args.items().to_vec(),
                    None => {
                        let (name, got) = (ty.name(), handle.type_name(&args));
                        return Err(handle.type_error(format!("{name}.__match_args__ must be a tuple (got {got})")));
                    }
                },
            };
            let allowed = if match_self { 1 } else { args.len() };
            if positional > allowed {
                let plural = if allowed == 1 { "" } else { "s" };
                let name = ty.name();
                return Err(handle.type_error(format!(
                    "{name}() accepts {allowed} positional sub-pattern{plural} ({positional} given)"
                )));
            }
            if match_self {
                values.push(subject.clone());
            }
            for name in args.iter().take(if match_self { 0 } else { positional }) {
                if name.as_text().is_none() {
                    let got = handle.type_name(name);
                    return Err(handle.type_error(format!("__match_args__ elements must be strings (got {got})")));
                }
                match attribute(&handle, &subject, &ty, name, &mut seen).await? {
                    Some(value) => values.push(value),
                    None => return Ok(Value::NONE),
                }
            }
        }
        for name in &names {
            match attribute(&handle, &subject, &ty, name, &mut seen).await? {
                Some(value) => values.push(value),
                None => return Ok(Value::NONE),
            }
        }
        Ok(Value::from_tuple(values))
    }))
}

async fn attribute(
    vm: &Vm,
    subject: &Value,
    class: &Type,
    name: &Value,
    seen: &mut Vec<Value>,
) -> PyResult<Option<Value>> {
    let name = crate::object::intern::intern_value(name);
    if seen.iter().any(|other| other.is(&name)) {
        let text = name.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
        return Err(
            vm.error(Exc::TypeError, &format!("{}() got multiple sub-patterns for attribute '{text}'", class.name()))
        );
    }
    seen.push(name.clone());
    vm.attr_opt(subject, &name).await
}
