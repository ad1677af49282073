//! `_abc`: the registry and caches of abstract base classes.

use std::cell::Cell;

use snakelet_macros::{native_module, native_type};

use crate::object::{Native, Ref, VmCell};
use crate::types::typeobject::{Type, TypeFlags};
use crate::types::weakref::WeakRef;
use crate::{PyResult, Value, Vm, VmRef};

pub const MODULE: crate::native::ModuleDef = Abc::MODULE;

/// The payload of a class's `_abc_impl`.
#[native_type(name = "_abc_data", module = "_abc")]
struct AbcData {
    /// Weak references to registered classes.
    registry: VmCell<Vec<Value>>,
    /// Weak references to classes known to be subclasses.
    cache: VmCell<Vec<Value>>,
    /// And to those known not to be, valid while nothing has been registered since.
    negative: VmCell<Vec<Value>>,
    negative_version: Cell<u64>,
}

/// Counts registrations: a negative answer may be out of date after one.
#[derive(Default)]
struct Registrations(Cell<u64>);

fn contains(set: &VmCell<Vec<Value>>, class: &Value) -> bool {
    set.borrow()
        .iter()
        .any(|known| known.downcast::<WeakRef>().and_then(WeakRef::upgrade).is_some_and(|known| known.is(class)))
}

fn add(set: &VmCell<Vec<Value>>, class: &Value) {
    if contains(set, class) {
        return;
    }
    let set = set.borrow_mut();
    set.retain(|known| known.downcast::<WeakRef>().is_some_and(|known| known.upgrade().is_some()));
    set.extend(WeakRef::to(class));
}

fn data_of(vm: &Vm, class: &Value) -> PyResult<Ref<AbcData>> {
    let data = class.downcast::<Type>().and_then(|ty| ty.dict.get_str(&crate::name!(_abc_impl)));
    match data.and_then(|data| data.to_ref::<AbcData>()) {
        Some(data) => Ok(data),
        None => Err(vm.type_error("_abc_impl is set to a wrong type")),
    }
}

/// Whether `subclass` is a subclass of abstract base class `class`.
async fn subclass_check(vm: &Vm, class: &Value, subclass: &Value) -> PyResult<bool> {
    if subclass.downcast::<Type>().is_none() {
        return Err(vm.type_error("issubclass() arg 1 must be a class"));
    }
    let data = data_of(vm, class)?;
    if contains(&data.cache, subclass) {
        return Ok(true);
    }
    let version = vm.extension::<Registrations>().0.get();
    if data.negative_version.get() < version {
        data.negative.set(Vec::new());
        data.negative_version.set(version);
    } else if contains(&data.negative, subclass) {
        return Ok(false);
    }
    let answer = search(vm, class, subclass, &data).await?;
    add(if answer { &data.cache } else { &data.negative }, subclass);
    Ok(answer)
}

async fn search(vm: &Vm, class: &Value, subclass: &Value, data: &Ref<AbcData>) -> PyResult<bool> {
    let hook = vm.attr(class, "__subclasshook__").await?;
    let answer = vm.call(&hook, vec![subclass.clone()]).await?;
    if let Some(answer) = answer.as_bool() {
        return Ok(answer);
    }
    if !answer.is_not_implemented() {
        return Err(vm.error(
            crate::errors::Exc::AssertionError,
            "__subclasshook__ must return either False, True, or NotImplemented",
        ));
    }
    let direct = match (subclass.downcast::<Type>(), class.downcast::<Type>()) {
        (Some(subclass), Some(class)) => subclass.is_subtype(class),
        _ => false,
    };
    if direct {
        return Ok(true);
    }
    for registered in data.registry.get() {
        if let Some(registered) = registered.downcast::<WeakRef>().and_then(WeakRef::upgrade)
            && vm.is_subclass_of(subclass, &registered).await?
        {
            return Ok(true);
        }
    }
    let subclasses = vm.attr(class, "__subclasses__").await?;
    let subclasses = vm.call(&subclasses, Vec::new()).await?;
    for candidate in vm.collect(&subclasses).await? {
        if vm.is_subclass_of(subclass, &candidate).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Declares module `_abc`.
struct Abc;

/// Module contains faster C implementation of abc.ABCMeta
#[native_module("_abc")]
impl Abc {
    /// Returns the current ABC cache token, which changes with every call to register().
    #[function("get_cache_token()")]
    fn get_cache_token(vm: &Vm) -> i64 {
        vm.extension::<Registrations>().0.get() as i64
    }

    /// Internal ABC helper for class set-up. Should be never used outside abc module.
    #[function("_abc_init(self, /)")]
    async fn init(vm: VmRef, this: Value) -> PyResult<()> {
        let Some(class) = this.to_ref::<Type>() else { return Err(vm.type_error("_abc_init() needs a class")) };
        let is_abstract = crate::name!(__isabstractmethod__);
        let mut names = Vec::new();
        let own: Vec<(Value, Value)> =
            class.dict.table.borrow().iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect();
        for (name, value) in own {
            if let Some(flag) = vm.attr_opt(&value, &is_abstract).await?
                && vm.truth(&flag).await?
            {
                names.push(name);
            }
        }
        let bases: Vec<Value> = class.bases.borrow().iter().map(Ref::value).collect();
        for base in bases {
            let Some(inherited) = vm.attr_opt(&base, &crate::name!(__abstractmethods__)).await? else { continue };
            for name in vm.collect(&inherited).await? {
                let Some(value) = vm.attr_opt(&this, &name).await? else { continue };
                if let Some(flag) = vm.attr_opt(&value, &is_abstract).await?
                    && vm.truth(&flag).await?
                {
                    names.push(name);
                }
            }
        }
        let frozen = crate::types::set::FrozenSet::type_object().into_value();
        let names = vm.call(&frozen, vec![Value::from_list(names)]).await?;
        vm.store_attr(&this, &crate::name!(__abstractmethods__), &names).await?;
        let data = AbcData {
            registry: VmCell::default(),
            cache: VmCell::default(),
            negative: VmCell::default(),
            negative_version: Cell::new(vm.extension::<Registrations>().0.get()),
        };
        vm.store_attr(&this, &crate::name!(_abc_impl), &data.into_value()).await?;
        // `collections.abc.Sequence` and `Mapping` say which patterns their subclasses match.
        if let Some(flags) = class.dict.get_text("__abc_tpflags__").and_then(|flags| flags.to_i64()) {
            if flags & 1 << 5 != 0 {
                class.set_flag(TypeFlags::SEQUENCE);
            }
            if flags & 1 << 6 != 0 {
                class.set_flag(TypeFlags::MAPPING);
            }
            class.dict.remove_str(&crate::name!(__abc_tpflags__));
        }
        Ok(())
    }

    /// Internal ABC helper for subclasss registration. Should be never used outside abc module.
    #[function("_abc_register(self, subclass, /)")]
    async fn register(vm: VmRef, this: Value, subclass: Value) -> PyResult {
        let Some(registered) = subclass.downcast::<Type>() else {
            return Err(vm.type_error("Can only register classes"));
        };
        if vm.is_subclass_of(&subclass, &this).await? {
            return Ok(subclass);
        }
        if vm.is_subclass_of(&this, &subclass).await? {
            return Err(vm.runtime_error("Refusing to create an inheritance cycle"));
        }
        let data = data_of(&vm, &this)?;
        add(&data.registry, &subclass);
        let registrations = &vm.extension::<Registrations>().0;
        registrations.set(registrations.get() + 1);
        // Builtin types say themselves what they match.
        if let Some(class) = this.downcast::<Type>()
            && registered.has_flag(TypeFlags::HEAP)
        {
            for flag in [TypeFlags::SEQUENCE, TypeFlags::MAPPING] {
                if class.has_flag(flag) {
                    registered.flags.set(registered.flags.get() & !(TypeFlags::SEQUENCE | TypeFlags::MAPPING));
                    registered.set_flag(flag);
                }
            }
        }
        Ok(subclass)
    }

    /// Internal ABC helper for instance checks. Should be never used outside abc module.
    #[function("_abc_instancecheck(self, instance, /)")]
    async fn instancecheck(vm: VmRef, this: Value, instance: Value) -> PyResult<bool> {
        let data = data_of(&vm, &this)?;
        let claimed = vm.attr(&instance, "__class__").await?;
        if contains(&data.cache, &claimed) {
            return Ok(true);
        }
        let actual = vm.class_of(&instance).into_value();
        let check = vm.attr(&this, "__subclasscheck__").await?;
        let answer = vm.call(&check, vec![claimed.clone()]).await?;
        if claimed.is(&actual) || vm.truth(&answer).await? {
            return vm.truth(&answer).await;
        }
        let answer = vm.call(&check, vec![actual]).await?;
        vm.truth(&answer).await
    }

    /// Internal ABC helper for subclasss checks. Should be never used outside abc module.
    #[function("_abc_subclasscheck(self, subclass, /)")]
    async fn subclasscheck(vm: VmRef, this: Value, subclass: Value) -> PyResult<bool> {
        subclass_check(&vm, &this, &subclass).await
    }

    /// Internal ABC helper for cache and registry debugging.
    #[function("_get_dump(self, /)")]
    async fn get_dump(vm: VmRef, this: Value) -> PyResult {
        let data = data_of(&vm, &this)?;
        let mut parts = Vec::new();
        for references in [&data.registry, &data.cache, &data.negative] {
            let references = Value::from_list(references.get());
            parts.push(vm.call(&crate::types::set::Set::type_object().into_value(), vec![references]).await?);
        }
        parts.push(Value::from_i64(data.negative_version.get() as i64));
        Ok(Value::from_tuple(parts))
    }

    /// Internal ABC helper to reset registry. Should be only used by refleak.py
    #[function("_reset_registry(self, /)")]
    fn reset_registry(vm: &Vm, this: &Value) -> PyResult<()> {
        data_of(vm, this)?.registry.set(Vec::new());
        Ok(())
    }

    /// Internal ABC helper to reset both caches. Should be only used by refleak.py
    #[function("_reset_caches(self, /)")]
    fn reset_caches(vm: &Vm, this: &Value) -> PyResult<()> {
        let data = data_of(vm, this)?;
        data.cache.set(Vec::new());
        data.negative.set(Vec::new());
        Ok(())
    }
}
