//! Making classes: what the statement `class` and `type.__new__` do with a name, bases and a namespace.

use crate::native::Args;
use crate::object::intern::intern;
use crate::object::{Native, VmCell};
use crate::types::cell::CellObject;
use crate::types::class_bases::{layout_base, order_of};
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::module::Module;
use crate::types::object::{MemberDescriptor, MemberKind, Object, full_name};
use crate::types::property::{ClassMethod, StaticMethod};
use crate::types::python_slots;
use crate::types::tuple::Tuple;
use crate::types::typeobject::{Layout, Type, TypeFlags};
use crate::types::typetype::{encodable, instance_descriptor, text};
use crate::{PyResult, Ref, Value, Vm, VmRef};

/// The most derived metaclass of the bases and the one asked for.
pub(super) fn metaclass_of(vm: &Vm, wanted: &Ref<Type>, bases: &[Value]) -> PyResult<Ref<Type>> {
    let mut winner = wanted.clone();
    for base in bases {
        let meta = vm.class_of(base);
        if winner.is_subtype(&meta) {
            continue;
        }
        if meta.is_subtype(&winner) {
            winner = meta;
            continue;
        }
        return Err(vm.type_error(
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
        ));
    }
    Ok(winner)
}

/// What `__slots__` asks for.
struct SlotNames {
    names: Vec<Value>,
    dict: bool,
    weak: bool,
}

async fn slot_names(vm: VmRef, slots: &Value, class_name: &str) -> PyResult<SlotNames> {
    let items = if slots.as_text().is_some() { vec![slots.clone()] } else { vm.collect(slots).await? };
    let mut found = SlotNames { names: Vec::new(), dict: false, weak: false };
    for item in items {
        let Some(name) = item.as_text() else {
            let got = vm.type_name(&item);
            return Err(vm.type_error(format!("__slots__ items must be strings, not '{got}'")));
        };
        let name = name.to_utf8_lossy().into_owned();
        if !item.as_text().is_some_and(snakelet_text::classify::is_identifier) {
            return Err(vm.type_error("__slots__ must be identifiers"));
        }
        match name.as_str() {
            "__dict__" if found.dict => return Err(vm.type_error("__dict__ slot disallowed: we already got one")),
            "__dict__" => found.dict = true,
            "__weakref__" if found.weak => {
                return Err(vm.type_error("__weakref__ slot disallowed: we already got one"));
            }
            "__weakref__" => found.weak = true,
            _ => found.names.push(intern(&mangle(class_name, &name))),
        }
    }
    // Classes with the same slots have the same layout, whatever the order.
    snakelet_text::order::sort_by(&mut found.names, |a, b| a.as_text().cmp(&b.as_text()));
    Ok(found)
}

/// Private names of a class: `__x` becomes `_Class__x`.
fn mangle(class: &str, name: &str) -> String {
    let class = class.trim_start_matches('_');
    if !name.starts_with("__") || name.ends_with("__") || class.is_empty() {
        return name.to_string();
    }
    format!("_{class}{name}")
}

/// `type.__new__(meta, name, bases, namespace, **kwargs)`.
pub async fn make_class(
    vm: VmRef,
    meta: Ref<Type>,
    name: Value,
    bases: Vec<Value>,
    namespace: Ref<Dict>,
    kwargs: Vec<(Value, Value)>,
) -> PyResult {
    for base in bases.iter().filter(|base| base.downcast::<Type>().is_none()) {
        if vm.lookup_special(base, &crate::name!(__mro_entries__)).is_some() {
            return Err(vm.type_error("type() doesn't support MRO entry resolution; use types.new_class()"));
        }
    }
    let given = meta;
    let meta = metaclass_of(&vm, &given, &bases)?;
    // A base's metaclass with a `__new__` of its own makes the class.
    if !meta.is(&given)
        && let (Some(own), Some(known)) = (meta.slots().new, given.slots().new)
        && own as *const () != known as *const ()
    {
        let (names, values): (Vec<Value>, Vec<Value>) = kwargs.into_iter().unzip();
        let mut args = vec![name, Value::from_tuple(bases), namespace.into_value()];
        args.extend(values);
        let made = own(&vm, meta.as_value(), Args { values: &args, kwnames: &names });
        return vm.settle(made).await;
    }
    let mut base_types: Vec<Ref<Type>> = Vec::new();
    for base in &bases {
        match base.to_ref::<Type>() {
            Some(base) => base_types.push(base),
            None => return Err(vm.type_error("bases must be types")),
        }
    }
    if base_types.is_empty() {
        base_types.push(Object::type_object());
    }
    for (at, base) in base_types.iter().enumerate() {
        if !base.has_flag(TypeFlags::SUBCLASSABLE) && !base.has_flag(TypeFlags::HEAP) {
            return Err(vm.type_error(format!("type '{}' is not an acceptable base type", full_name(&vm, base))));
        }
        if base_types[..at].iter().any(|other| other.is(base)) {
            return Err(vm.type_error(format!("duplicate base class {}", base.name())));
        }
    }
    let class_name = text(&name);
    let copy = namespace.table.borrow().try_clone().ok_or_else(|| vm.memory_error())?;
    let dict = Dict { table: VmCell::new(copy) }.into_object();
    let best = layout_base(&vm, &base_types)?;
    let slots = match dict.get_text("__slots__") {
        Some(slots) => Some(slot_names(vm, &slots, &class_name).await?),
        None => None,
    };
    let base_has_dict = base_types.iter().any(|base| base.has_dict());
    let variable = ["int", "bytes", "tuple"].contains(&best.table.name);
    let may_add_weak = !best.has_flag(TypeFlags::WEAK_REFERENCES) && !variable;
    if let Some(slots) = &slots {
        let plain = std::ptr::eq(best.table, Object::TABLE) || best.has_flag(TypeFlags::EXCEPTION);
        if !plain && variable && !slots.names.is_empty() {
            return Err(vm.type_error(format!("nonempty __slots__ not supported for subtype of '{}'", best.name())));
        }
        if slots.dict && base_has_dict {
            return Err(vm.type_error("__dict__ slot disallowed: we already got one"));
        }
        if slots.weak && !may_add_weak {
            return Err(vm.type_error("__weakref__ slot disallowed: we already got one"));
        }
        for name in &slots.names {
            if dict.get_str(name).is_some()
                && !["__qualname__", "__classcell__", "__classdictcell__"].contains(&text(name).as_str())
            {
                return Err(vm.value_error(format!("'{}' in __slots__ conflicts with class variable", text(name))));
            }
        }
    }
    // The attributes of classes and modules are in their payload.
    let own_dict = std::ptr::eq(best.table, Type::TABLE) || std::ptr::eq(best.table, Module::TABLE);
    let any_weak = base_types.iter().any(|base| base.has_flag(TypeFlags::WEAK_REFERENCES));
    let adds_weak = may_add_weak && slots.as_ref().is_none_or(|slots| slots.weak || any_weak);
    let has_dict = !own_dict && (base_has_dict || slots.as_ref().is_none_or(|slots| slots.dict));
    let new_slots = slots.map_or(Vec::new(), |slots| slots.names);
    let attributes = dict
        .get_text("__static_attributes__")
        .and_then(|names| names.downcast::<Tuple>().map(|names| names.items().len()))
        .unwrap_or(0);
    let first_slot = best.slot_count();
    let layout = Layout {
        table: best.table,
        slots_count: (first_slot + new_slots.len()) as u32,
        inline_count: (best.inline_capacity() + attributes).clamp(2, 24) as u32,
        has_dict,
    };
    let mut flags = TypeFlags::HEAP | TypeFlags::SUBCLASSABLE;
    if adds_weak {
        flags |= TypeFlags::WEAK_REFERENCES;
    }
    flags |= best.flags.get() & (TypeFlags::EXCEPTION | TypeFlags::FINALIZER | TypeFlags::WEAK_REFERENCES);
    if std::ptr::eq(best.table, crate::files::stream::IoObject::TABLE) {
        // Streams of programs are closed when they go away.
        flags |= TypeFlags::FINALIZER;
    }
    let collection = TypeFlags::SEQUENCE | TypeFlags::MAPPING;
    for base in &base_types {
        flags |= base.flags.get() & (TypeFlags::MATCH_SELF | TypeFlags::FINALIZER);
        if flags & collection == 0 {
            flags |= base.flags.get() & collection;
        }
    }
    let qualname = match dict.remove_str(&crate::name!(__qualname__)) {
        Some(qualname) if qualname.as_text().is_some() => qualname,
        Some(other) => {
            let got = vm.type_name(&other);
            return Err(vm.type_error(format!("type __qualname__ must be a str, not {got}")));
        }
        None => name.clone(),
    };
    let class_cell = dict.remove_str(&crate::name!(__classcell__));
    let dict_cell = dict.remove_str(&crate::name!(__classdictcell__));
    let payload = Type::with_layout(name.clone(), qualname, dict.clone(), flags, layout);
    let ty: Ref<Type> = Ref::from_value(crate::object::allocate(&meta, payload));
    ty.address.set(Ref::as_pointer(&ty).cast());
    ty.base.set(Some(best.clone()));
    ty.bases.set(base_types.clone());
    if let Some(cell) = class_cell.as_ref().and_then(Value::downcast::<CellObject>) {
        // A `mro` of Python may call methods.
        cell.contents.set(ty.value());
    }
    if let Some(unfinished) = base_types.iter().find(|base| base.mro.borrow().is_empty()) {
        return Err(vm.type_error(format!("Cannot extend an incomplete type '{}'", unfinished.name())));
    }
    let mro = order_of(vm, &ty).await?;
    // A `mro` of its own may have set the bases, and the order with them.
    if ty.mro.borrow().is_empty() {
        ty.mro.set(mro);
    }
    let base_types = ty.bases.get();
    // Implicit static and class methods.
    if let Some(new) = dict.get_text("__new__").filter(|new| new.downcast::<Function>().is_some()) {
        dict.set_text("__new__", StaticMethod { callable: VmCell::new(new) }.into_value());
    }
    for name in ["__init_subclass__", "__class_getitem__"] {
        if let Some(method) = dict.get_text(name).filter(|method| method.downcast::<Function>().is_some()) {
            dict.set_text(name, ClassMethod { callable: VmCell::new(method) }.into_value());
        }
    }
    if dict.get_text("__module__").is_none()
        && let Some(module) = vm.calling_module()
    {
        dict.set_text("__module__", module);
    }
    if let Some(doc) = dict.get_text("__doc__") {
        encodable(&vm, &doc)?;
    }
    if dict.get_text("__eq__").is_some() && dict.get_text("__hash__").is_none() {
        dict.set_text("__hash__", Value::NONE);
    }
    for (offset, name) in new_slots.iter().enumerate() {
        let member = MemberDescriptor {
            name: name.clone(),
            objclass: ty.clone(),
            index: first_slot + offset,
            kind: MemberKind::Slot,
        };
        dict.set_str(name, member.into_value());
    }
    // Types, modules and functions show their own dicts.
    if has_dict && !base_has_dict && ty.lookup(&crate::name!(__dict__)).is_none() {
        dict.set_text("__dict__", instance_descriptor(&ty, false));
    }
    if adds_weak && ty.lookup(&crate::name!(__weakref__)).is_none() {
        dict.set_text("__weakref__", instance_descriptor(&ty, true));
    }
    if dict.get_text("__doc__").is_none() {
        dict.set_text("__doc__", Value::NONE);
    }
    let strange = dict.table.borrow().iter().any(|entry| entry.key.as_text().is_none());
    if strange {
        let message = format!("non-string key in the __dict__ of class {class_name}");
        crate::errors::warn::warn(vm, crate::errors::Exc::RuntimeWarning, &message, 1).await?;
    }
    for base in &base_types {
        base.subclasses.borrow_mut().push(Ref::as_pointer(&ty).cast());
    }
    python_slots::update(&ty);
    if let Some(cell) = class_cell.as_ref() {
        match cell.downcast::<CellObject>() {
            Some(cell) => cell.contents.set(ty.value()),
            None => {
                let got = vm.type_name(cell);
                return Err(vm.type_error(format!("type __classcell__ must be a cell, not <class '{got}'>")));
            }
        }
    }
    if let Some(cell) = dict_cell.as_ref().and_then(Value::downcast::<CellObject>) {
        cell.contents.set(dict.value());
    }
    set_names(vm, &ty).await?;
    // super(ty, ty).__init_subclass__(**kwargs)
    let init = crate::types::super_object::lookup(&vm, ty.as_value(), ty.as_value(), &crate::name!(__init_subclass__));
    let init = vm.settle(init).await?;
    let plain = init.downcast::<crate::native::NativeFunction>().is_some();
    if plain && kwargs.is_empty() {
        return Ok(ty.into_value());
    }
    if plain {
        return Err(vm.type_error(format!("{class_name}.__init_subclass__() takes no keyword arguments")));
    }
    let (names, values): (Vec<Value>, Vec<Value>) = kwargs.into_iter().unzip();
    vm.call_kw(&init, values, names).await?;
    Ok(ty.into_value())
}

/// Calls `__set_name__` of every attribute that has it.
async fn set_names(vm: VmRef, ty: &Ref<Type>) -> PyResult<()> {
    let members: Vec<(Value, Value)> =
        ty.dict.table.borrow().iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect();
    let hook = crate::name!(__set_name__);
    for (name, value) in members {
        let Some(method) = vm.lookup_special(&value, &hook) else { continue };
        let bound = vm.bind_special(&method, &value).await?;
        if let Err(raised) = vm.call(&bound, vec![ty.value(), name.clone()]).await {
            let exception = vm.take_raised();
            let note = format!(
                "Error calling __set_name__ on '{}' instance '{}' in '{}'",
                vm.type_name(&value),
                text(&name),
                ty.name()
            );
            crate::errors::fields::add_note(&exception, &note);
            vm.raise(exception);
            return Err(raised);
        }
    }
    Ok(())
}

/// `builtins.__build_class__(func, name, *bases, metaclass=None, **kwargs)`.
pub async fn build_class(vm: VmRef, args: Vec<Value>, kwargs: Vec<(Value, Value)>) -> PyResult {
    let mut args = args.into_iter();
    let (Some(body), Some(name)) = (args.next(), args.next()) else {
        return Err(vm.type_error("__build_class__: not enough arguments"));
    };
    if body.downcast::<Function>().is_none() {
        return Err(vm.type_error("__build_class__: func must be a function"));
    }
    if name.as_text().is_none() {
        return Err(vm.type_error("__build_class__: name is not a string"));
    }
    let original: Vec<Value> = args.collect();
    let bases = resolve_bases(vm, &original).await?;
    let replaced = bases.len() != original.len() || bases.iter().zip(&original).any(|(a, b)| !a.is(b));
    let metaclass_name = crate::name!(metaclass);
    let explicit = kwargs.iter().find(|(name, _)| name.is(&metaclass_name)).map(|(_, value)| value.clone());
    let kwargs: Vec<(Value, Value)> = kwargs.into_iter().filter(|(name, _)| !name.is(&metaclass_name)).collect();
    let (names, values): (Vec<Value>, Vec<Value>) = kwargs.into_iter().unzip();
    let mut meta = match explicit {
        Some(meta) => meta,
        None => match bases.first() {
            Some(base) => vm.class_of(base).into_value(),
            None => Type::type_object().into_value(),
        },
    };
    if let Some(wanted) = meta.to_ref::<Type>() {
        meta = metaclass_of(&vm, &wanted, &bases)?.into_value();
    }
    let bases_tuple = Value::from_tuple(bases.clone());
    let prepare = vm.attr_opt(&meta, &crate::name!(__prepare__)).await?;
    let namespace = match prepare {
        Some(prepare) => {
            let mut arguments = vec![name.clone(), bases_tuple.clone()];
            arguments.extend(values.iter().cloned());
            let namespace = vm.call_kw(&prepare, arguments, names.clone()).await?;
            if namespace.downcast::<Dict>().is_none() && vm.type_of(&namespace).slots().getitem.is_none() {
                let meta_name = meta.downcast::<Type>().map_or("<metaclass>".to_string(), Type::name);
                let got = vm.type_name(&namespace);
                return Err(vm.type_error(format!("{meta_name}.__prepare__() must return a mapping, not {got}")));
            }
            namespace
        }
        None => Dict::new_object().into_value(),
    };
    vm.execute(&body, &namespace).await?;
    if replaced {
        let key = crate::name!(__orig_bases__);
        let result = vm.set_item(&namespace, &key, Some(&Value::from_tuple(original)));
        vm.settle(result).await?;
    }
    let cell = match namespace.downcast::<Dict>() {
        Some(dict) => dict.get_text("__classcell__"),
        None => {
            let result = vm.get_item(&namespace, &crate::name!(__classcell__));
            match vm.settle(result).await {
                Ok(cell) => Some(cell),
                Err(_) => {
                    vm.take_raised();
                    None
                }
            }
        }
    };
    let mut arguments = vec![name.clone(), bases_tuple, namespace];
    arguments.extend(values);
    let class = vm.call_kw(&meta, arguments, names).await?;
    if let Some(cell) = cell.as_ref().and_then(Value::downcast::<CellObject>)
        && class.downcast::<Type>().is_some()
    {
        let contents = cell.contents.get();
        let shown = |class: &Value| class.downcast::<Type>().map_or(String::new(), |class| full_name(&vm, class));
        if contents.is_unbound() {
            return Err(vm.runtime_error(format!(
                "__class__ not set defining {} as <class '{}'>. Was __classcell__ propagated to type.__new__?",
                quoted(&name),
                shown(&class)
            )));
        }
        if !contents.is(&class) {
            return Err(vm.type_error(format!(
                "__class__ set to <class '{}'> defining {} as <class '{}'>",
                shown(&contents),
                quoted(&name),
                shown(&class)
            )));
        }
    }
    Ok(class)
}

fn quoted(name: &Value) -> String {
    format!("'{}'", text(name))
}

/// Replaces bases that are no classes by what their `__mro_entries__` answers.
async fn resolve_bases(vm: VmRef, bases: &[Value]) -> PyResult<Vec<Value>> {
    let mut resolved = Vec::with_capacity(bases.len());
    for base in bases {
        if base.downcast::<Type>().is_none()
            && let Some(entries) = vm.attr_opt(base, &crate::name!(__mro_entries__)).await?
        {
            let entries = vm.call(&entries, vec![Value::from_tuple(bases.to_vec())]).await?;
            match entries.downcast::<Tuple>() {
                Some(entries) => resolved.extend(entries.items().iter().cloned()),
                None => return Err(vm.type_error("__mro_entries__ must return a tuple")),
            }
            continue;
        }
        resolved.push(base.clone());
    }
    Ok(resolved)
}
