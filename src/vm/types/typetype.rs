//! `type`: calling classes, and what class objects show of themselves; how they are made is in `class_creation`.

use snakelet_macros::methods;

use crate::native::descriptors::GetSetDescriptor;
use crate::native::{Args, DefKind, Docstring, Extra, NativeDef, NativeFn, Params};
use crate::object::intern::{intern, intern_value};
use crate::object::{Native, instance};
use crate::types::class_bases::{assign_bases, layout_base, linearize, same_layout};
use crate::types::class_creation::{make_class, metaclass_of};
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::module::Module;
use crate::types::object::{cannot_create, full_name};
use crate::types::python_slots;
use crate::types::tuple::Tuple;
use crate::types::typeobject::{Type, TypeFlags};
use crate::{PyResult, Raised, Ref, Value, Vm, VmRef};

pub(super) fn text(value: &Value) -> String {
    value.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned())
}

/// The module a class says it belongs to.
pub fn module_of(_vm: &Vm, class: &Type) -> Option<String> {
    if !class.has_flag(TypeFlags::HEAP) {
        return Some(match class.dict.get_text("__module__") {
            Some(module) if module.as_text().is_some() => text(&module),
            _ => crate::types::builtin::module_of_builtin(class).to_string(),
        });
    }
    class.dict.get_text("__module__").filter(|module| module.as_text().is_some()).map(|module| text(&module))
}

/// `class(*args)`: `__new__`, then `__init__` of what it made.
pub fn call_type(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
    let Some(class) = cls.downcast::<Type>() else { return Err(vm.type_error("not a class")) };
    if crate::types::string::is_str_type(cls)
        && let ([value], []) = (args.values, args.kwnames)
    {
        return vm.str_of(value);
    }
    if std::ptr::eq(class, &*Type::type_object()) {
        if args.values.len() == 1 && args.kwnames.is_empty() {
            return Ok(vm.class_of(&args.values[0]).into_value());
        }
        if args.positional_count() != 3 {
            return Err(vm.type_error("type() takes 1 or 3 arguments"));
        }
    }
    let Some(new) = class.slots().new else { return Err(cannot_create(vm, class)) };
    match new(vm, cls, args) {
        Ok(made) => initialize(vm, cls, made, args.values, args.kwnames),
        deferred => {
            let (cls, values, names) = (cls.clone(), args.values.to_vec(), args.kwnames.to_vec());
            vm.and_then(deferred, move |vm, made| initialize(vm, &cls, made, &values, &names))
        }
    }
}

/// The second half of a class call.
fn initialize(vm: &Vm, cls: &Value, made: Value, values: &[Value], kwnames: &[Value]) -> PyResult {
    let Some(class) = cls.downcast::<Type>() else { return Ok(made) };
    let ty = vm.type_of(&made);
    if !ty.is_subtype(class) {
        return Ok(made);
    }
    let Some(init) = ty.slots().init else { return Ok(made) };
    // Builtin types that rely on `object.__init__` have looked at their arguments in `__new__`.
    let inherited = init as usize == crate::types::object::Object::init as *const () as usize;
    if inherited && (values.is_empty() || !ty.has_flag(TypeFlags::HEAP)) {
        return Ok(made);
    }
    let result = init(vm, &made, Args { values, kwnames });
    vm.and_then(result, move |_vm, _none| Ok(made))
}

/// The names that `dir(instance)` lists, unsorted.
pub async fn dir_of_instance(vm: VmRef, this: Value) -> PyResult {
    let names = Dict::new_object();
    if let Some(dict) = vm.attr_opt(&this, &crate::name!(__dict__)).await?
        && let Some(dict) = dict.downcast::<Dict>()
    {
        add_names(&names, dict);
    }
    if let Some(class) = vm.attr_opt(&this, &crate::name!(__class__)).await?
        && let Some(class) = class.to_ref::<Type>()
    {
        for ty in class.mro.get() {
            add_names(&names, &ty.dict);
        }
    }
    Ok(Value::from_list(names.table.borrow().iter().map(|entry| entry.key.clone()).collect()))
}

fn add_names(into: &Dict, from: &Dict) {
    for entry in from.table.borrow().iter() {
        if entry.key.as_text().is_some() {
            into.set_str(&entry.key, Value::NONE);
        }
    }
}

/// `type.__getattribute__`.
pub fn type_getattr(vm: &Vm, this: &Value, name: &Value) -> PyResult {
    let Some(class) = this.downcast::<Type>() else { return Err(vm.no_attribute(this, name)) };
    let meta_value = vm.type_of(this).lookup(name);
    if let Some(value) = &meta_value {
        let slots = vm.type_of(value).slots();
        if let (Some(getter), Some(_)) = (slots.descr_get, slots.descr_set) {
            return getter(vm, value, Some(this), vm.class_of(this).as_value());
        }
    }
    if let Some(value) = class.lookup(name) {
        return match vm.type_of(&value).slots().descr_get {
            Some(getter) => getter(vm, &value, None, this),
            None => Ok(value),
        };
    }
    match meta_value {
        Some(value) => match vm.type_of(&value).slots().descr_get {
            Some(getter) => getter(vm, &value, Some(this), vm.class_of(this).as_value()),
            None => Ok(value),
        },
        None => Err(vm.no_attribute(this, name)),
    }
}

/// `type.__setattr__` and `__delattr__`.
pub fn type_setattr(vm: &Vm, this: &Value, name: &Value, value: Option<&Value>) -> PyResult {
    let Some(class) = this.to_ref::<Type>() else { return Err(vm.no_attribute(this, name)) };
    if !class.has_flag(TypeFlags::HEAP) {
        let (shown, attribute) = (full_name(vm, &class), text(name));
        return Err(vm.type_error(format!("cannot set '{attribute}' attribute of immutable type '{shown}'")));
    }
    if let Some(descriptor) = vm.type_of(this).lookup(name)
        && let Some(setter) = vm.type_of(&descriptor).slots().descr_set
    {
        return setter(vm, &descriptor, this, value);
    }
    let name = intern_value(name);
    match value {
        Some(value) => class.dict.set_str(&name, value.clone()),
        None => {
            if class.dict.remove_str(&name).is_none() {
                return Err(vm.no_attribute(this, &name));
            }
        }
    }
    class.modified();
    let shown = text(&name);
    if shown.starts_with("__") && shown.ends_with("__") {
        python_slots::update_with_subclasses(&class);
    }
    Ok(Value::NONE)
}

impl Vm {
    /// The `__name__` of the globals of the Python code that is running.
    pub fn calling_module(&self) -> Option<Value> {
        self.calling_function()?.downcast::<Function>()?.globals.get_str(&crate::name!(__name__))
    }

    /// A class's `<class 'x'>`.
    pub fn class_repr(&self, class: &Type) -> String {
        format!("<class '{}'>", full_name(self, class))
    }
}

#[methods]
impl Type {
    #[slot(call)]
    fn call(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        call_type(vm, this, args)
    }

    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
        let Some(meta) = cls.to_ref::<Type>() else {
            return Err(vm.type_error("type.__new__(X): X is not a type object"));
        };
        if args.positional_count() != 3 {
            return Err(
                vm.type_error(format!("type.__new__() takes exactly 3 arguments ({} given)", args.positional_count()))
            );
        }
        let (name, bases, namespace) = (&args.values[0], &args.values[1], &args.values[2]);
        let wrong = |position: usize, wanted: &str, value: &Value| {
            let got = vm.type_name(value);
            Err(vm.type_error(format!("type.__new__() argument {position} must be {wanted}, not {got}")))
        };
        if name.as_text().is_none() {
            return wrong(1, "str", name);
        }
        let Some(bases) = bases.downcast::<Tuple>() else { return wrong(2, "tuple", bases) };
        let Some(namespace) = namespace.to_ref::<Dict>() else { return wrong(3, "dict", namespace) };
        if name.as_text().is_some_and(|name| name.iter().any(|code| code == 0)) {
            return Err(vm.value_error("type name must not contain null characters"));
        }
        encodable(vm, name)?;
        // The most derived metaclass makes the class, if it has a `__new__` of its own.
        let winner =
            if bases.items().iter().all(|base| vm.lookup_special(base, &crate::name!(__mro_entries__)).is_none()) {
                metaclass_of(vm, &meta, bases.items())?
            } else {
                meta.clone()
            };
        if !winner.is(&meta)
            && let Some(new) = winner.slots().new
            && Type::type_object().slots().new.is_some_and(|own| !std::ptr::fn_addr_eq(own, new))
        {
            return new(vm, winner.as_value(), args);
        }
        let kwargs = args.kwnames.iter().cloned().zip(args.values[3..].iter().cloned()).collect();
        let bases = bases.items().to_vec();
        Err(vm.defer(make_class(vm.handle(), meta, name.clone(), bases, namespace, kwargs)))
    }

    #[slot(init)]
    fn init(vm: &Vm, _this: &Value, args: Args<'_>) -> PyResult {
        match args.positional_count() {
            1 | 3 => Ok(Value::NONE),
            _ => Err(vm.type_error("type.__init__() takes 1 or 3 arguments")),
        }
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Type) -> String {
        vm.class_repr(this)
    }

    #[slot(getattr)]
    fn getattr(vm: &Vm, this: &Value, name: &Value) -> PyResult {
        type_getattr(vm, this, name)
    }

    #[slot(setattr)]
    fn setattr(vm: &Vm, this: &Value, name: &Value, value: Option<&Value>) -> PyResult {
        type_setattr(vm, this, name, value)
    }

    #[slot(or)]
    fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        crate::types::union::union_of(vm, left, right)
    }

    /// The class's name.
    #[getter("__name__")]
    fn get_name(this: &Type) -> Value {
        let name = this.name.get();
        let shown = text(&name);
        match shown.rsplit_once('.') {
            Some((_, last)) if !this.has_flag(TypeFlags::HEAP) => Value::from_str(last),
            _ => name,
        }
    }

    #[setter("__name__")]
    fn set_name(vm: &Vm, this: &Type, value: Option<&Value>) -> PyResult<()> {
        let value = settable(vm, this, "__name__", value)?;
        if value.as_text().is_none() {
            let (name, got) = (this.name(), vm.type_name(value));
            return Err(vm.type_error(format!("can only assign string to {name}.__name__, not '{got}'")));
        }
        if value.as_text().is_some_and(|name| name.iter().any(|code| code == 0)) {
            return Err(vm.value_error("type name must not contain null characters"));
        }
        encodable(vm, value)?;
        this.name.set(value.clone());
        Ok(())
    }

    /// The class's qualified name.
    #[getter("__qualname__")]
    fn get_qualname(this: &Type) -> Value {
        this.qualname.get()
    }

    #[setter("__qualname__")]
    fn set_qualname(vm: &Vm, this: &Type, value: Option<&Value>) -> PyResult<()> {
        let value = settable(vm, this, "__qualname__", value)?;
        if value.as_text().is_none() {
            let (name, got) = (this.name(), vm.type_name(value));
            return Err(vm.type_error(format!("can only assign string to {name}.__qualname__, not '{got}'")));
        }
        this.qualname.set(value.clone());
        Ok(())
    }

    /// The module the class was defined in.
    #[getter("__module__")]
    fn get_module(vm: &Vm, this: &Type) -> PyResult {
        let module = this.dict.get_text("__module__");
        if this.has_flag(TypeFlags::HEAP) {
            return module.ok_or_else(|| vm.attribute_error("__module__"));
        }
        let module = module.filter(|module| module.as_text().is_some());
        Ok(module.unwrap_or_else(|| Value::from_str(crate::types::builtin::module_of_builtin(this))))
    }

    #[setter("__module__")]
    fn set_module(vm: &Vm, this: &Type, value: Option<&Value>) -> PyResult<()> {
        let value = settable(vm, this, "__module__", value)?;
        this.dict.set_text("__module__", value.clone());
        this.dict.remove_str(&crate::name!(__firstlineno__));
        this.modified();
        Ok(())
    }

    /// The base classes.
    #[getter("__bases__")]
    fn get_bases(this: &Type) -> Value {
        Value::from_tuple(this.bases.borrow().iter().map(Ref::value).collect())
    }

    #[setter("__bases__")]
    fn set_bases(vm: &Vm, this: &Type, value: Option<&Value>) -> PyResult {
        let value = settable(vm, this, "__bases__", value)?;
        let Some(tuple) = value.downcast::<Tuple>() else {
            let (name, got) = (this.name(), vm.type_name(value));
            return Err(vm.type_error(format!("can only assign tuple to {name}.__bases__, not {got}")));
        };
        if tuple.items().is_empty() {
            let name = this.name();
            return Err(vm.type_error(format!("can only assign non-empty tuple to {name}.__bases__, not ()")));
        }
        let mut bases = Vec::new();
        for base in tuple.items() {
            let Some(base) = base.to_ref::<Type>() else {
                let (name, got) = (this.name(), vm.type_name(base));
                return Err(vm.type_error(format!("{name}.__bases__ must be tuple of classes, not '{got}'")));
            };
            // While a `mro` of Python runs, the orders may lag behind the bases.
            let through = |base: &Ref<Type>| {
                let mut class = Some(base.clone());
                while let Some(found) = class {
                    if std::ptr::eq(&*found, this) {
                        return true;
                    }
                    class = found.base.get();
                }
                false
            };
            if base.is_subtype(this) || through(&base) {
                return Err(vm.type_error("a __bases__ item causes an inheritance cycle"));
            }
            bases.push(base);
        }
        let best = layout_base(vm, &bases)?;
        let old = this.base.get();
        if !old.as_ref().is_some_and(|old| old.is(&best) || same_layout(&best, old)) {
            let (old, new) = (old.map_or(String::new(), |base| base.name()), best.name());
            return Err(vm.type_error(format!("__bases__ assignment: '{new}' object layout differs from '{old}'")));
        }
        let (handle, own): (VmRef, Ref<Type>) = (vm.handle(), Ref::from_value(this.own_value()));
        Err(vm.defer(async move { assign_bases(handle, &own, bases, best).await.map(|()| Value::NONE) }))
    }

    /// The base whose layout instances have.
    #[getter("__base__")]
    fn get_base(this: &Type) -> Option<Value> {
        this.base.borrow().as_ref().map(Ref::value)
    }

    /// The classes searched for attributes, in order.
    #[getter("__mro__")]
    fn get_mro(this: &Type) -> Value {
        if this.mro.borrow().is_empty() {
            return Value::NONE;
        }
        Value::from_tuple(this.mro.borrow().iter().map(Ref::value).collect())
    }

    /// The class's attributes, read-only.
    #[getter("__dict__")]
    fn get_dict(this: &Type) -> Value {
        crate::types::mapping_proxy::MappingProxy::new(this.dict.value()).into_value()
    }

    /// The documentation.
    #[getter("__doc__")]
    fn get_doc(vm: &Vm, this: &Value) -> PyResult {
        let Some(class) = this.downcast::<Type>() else { return Ok(Value::NONE) };
        match class.dict.get_text("__doc__") {
            Some(doc) => match vm.type_of(&doc).slots().descr_get {
                Some(getter) => getter(vm, &doc, None, this),
                None => Ok(doc),
            },
            None => Ok(Value::NONE),
        }
    }

    #[setter("__doc__")]
    fn set_doc(vm: &Vm, this: &Type, value: Option<&Value>) -> PyResult<()> {
        let value = settable(vm, this, "__doc__", value)?;
        this.dict.set_text("__doc__", value.clone());
        this.modified();
        Ok(())
    }

    /// The signature of the constructor.
    #[getter("__text_signature__")]
    fn text_signature(vm: &Vm, this: &Type) -> PyResult {
        crate::native::registry::text_signature(this).value(vm)
    }

    /// The names of methods without an implementation.
    #[getter("__abstractmethods__")]
    fn abstract_methods(vm: &Vm, this: &Type) -> PyResult {
        // In the namespace of `type` itself this attribute is found.
        if std::ptr::eq(this, &*Type::type_object()) {
            return Err(vm.attribute_error("__abstractmethods__"));
        }
        this.dict.get_text("__abstractmethods__").ok_or_else(|| vm.attribute_error("__abstractmethods__"))
    }

    #[setter("__abstractmethods__")]
    fn set_abstract_methods(vm: &Vm, this: &Type, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else {
            this.flags.set(this.flags.get() & !TypeFlags::ABSTRACT);
            return match this.dict.remove_str(&crate::name!(__abstractmethods__)) {
                Some(_) => Ok(()),
                None => Err(vm.attribute_error("__abstractmethods__")),
            };
        };
        this.dict.set_text("__abstractmethods__", value.clone());
        let flags = this.flags.get() & !TypeFlags::ABSTRACT;
        let empty = vm.truth_now(value) == Some(false);
        this.flags.set(if empty { flags } else { flags | TypeFlags::ABSTRACT });
        this.modified();
        Ok(())
    }

    /// The type parameters.
    #[getter("__type_params__")]
    fn type_params(this: &Type) -> Value {
        let own = this.dict.get_text("__type_params__").filter(|_| this.has_flag(TypeFlags::HEAP));
        own.unwrap_or_else(|| Value::from_tuple(Vec::new()))
    }

    #[setter("__type_params__")]
    fn set_type_params(vm: &Vm, this: &Type, value: Option<&Value>) -> PyResult<()> {
        let value = settable(vm, this, "__type_params__", value)?;
        this.dict.set_text("__type_params__", value.clone());
        this.modified();
        Ok(())
    }

    /// The function that computes the annotations, or None (PEP 649).
    #[getter("__annotate__")]
    async fn get_annotate(vm: VmRef, this: Value) -> PyResult {
        let Some(class) = this.to_ref::<Type>() else { return Ok(Value::NONE) };
        annotate_of(vm, &class).await
    }

    #[setter("__annotate__")]
    fn set_annotate(vm: &Vm, this: &Type, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.type_error("cannot delete __annotate__ attribute")) };
        if !this.has_flag(TypeFlags::HEAP) {
            let name = this.name();
            return Err(vm.type_error(format!("cannot set '__annotate__' attribute of immutable type '{name}'")));
        }
        if !value.is_none() && vm.type_of(value).slots().call.is_none() {
            return Err(vm.type_error("__annotate__ must be callable or None"));
        }
        this.dict.set_text("__annotate_func__", value.clone());
        if !value.is_none() {
            this.dict.remove_str(&crate::name!(__annotations_cache__));
        }
        this.modified();
        Ok(())
    }

    /// The annotations, computed at first use.
    #[getter("__annotations__")]
    async fn get_annotations(vm: VmRef, this: Value) -> PyResult {
        let Some(class) = this.to_ref::<Type>() else { return Ok(Value::NONE) };
        if !class.has_flag(TypeFlags::HEAP) {
            return Err(vm.no_attribute(&this, &crate::name!(__annotations__)));
        }
        for name in ["__annotations__", "__annotations_cache__"] {
            if let Some(known) = class.dict.get_text(name) {
                return match vm.type_of(&known).slots().descr_get {
                    Some(getter) => {
                        let result = getter(&vm, &known, None, &this);
                        vm.settle(result).await
                    }
                    None => Ok(known),
                };
            }
        }
        let annotate = annotate_of(vm, &class).await?;
        let annotations = if annotate.is_none() {
            Dict::new_object().into_value()
        } else {
            let made = vm.call(&annotate, vec![Value::small_int(1)]).await?;
            if made.downcast::<Dict>().is_none() {
                let got = vm.type_name(&made);
                return Err(vm.type_error(format!("__annotate__ returned non-dict of type '{got}'")));
            }
            made
        };
        class.dict.set_text("__annotations_cache__", annotations.clone());
        class.modified();
        Ok(annotations)
    }

    #[setter("__annotations__")]
    fn set_annotations(vm: &Vm, this: &Value, value: Option<&Value>) -> PyResult<()> {
        let name = crate::name!(__annotations__);
        let Some(class) = this.downcast::<Type>() else { return Ok(()) };
        if !class.has_flag(TypeFlags::HEAP) {
            let name = class.name();
            return Err(vm.type_error(format!("cannot set '__annotations__' attribute of immutable type '{name}'")));
        }
        let cache = crate::name!(__annotations_cache__);
        let place = if class.dict.get_str(&name).is_some() { name.clone() } else { cache };
        match value {
            Some(value) => class.dict.set_str(&place, value.clone()),
            None => {
                if class.dict.remove_str(&place).is_none() {
                    return Err(vm.attribute_error("__annotations__"));
                }
            }
        }
        for name in ["__annotate__", "__annotate_func__"] {
            class.dict.remove_str(&intern(name));
        }
        class.modified();
        Ok(())
    }

    /// Flags, for `inspect`.
    #[getter("__flags__")]
    fn get_flags(this: &Type) -> i64 {
        let mut flags = 0;
        let mut add = |flag: u32, bit: i64| {
            if this.has_flag(flag) {
                flags |= 1 << bit;
            }
        };
        add(TypeFlags::SEQUENCE, 5);
        add(TypeFlags::MAPPING, 6);
        add(TypeFlags::HEAP, 9);
        add(TypeFlags::SUBCLASSABLE, 10);
        add(TypeFlags::ABSTRACT, 20);
        flags
    }

    /// Size of an instance, in bytes.
    #[getter("__basicsize__")]
    fn basicsize(this: &Type) -> usize {
        this.instance_size()
    }

    /// Size of an item of an instance.
    #[getter("__itemsize__")]
    fn itemsize(_this: &Type) -> usize {
        0
    }

    /// Where an instance's dict is; 0: nowhere.
    #[getter("__dictoffset__")]
    fn dictoffset(this: &Type) -> i64 {
        if this.has_dict() { -1 } else { 0 }
    }

    /// Where an instance's weak references are; 0: nowhere.
    #[getter("__weakrefoffset__")]
    fn weakrefoffset(this: &Type) -> i64 {
        this.has_flag(TypeFlags::WEAK_REFERENCES) as i64
    }

    /// The method resolution order.
    #[method("mro(self, /)")]
    fn mro(vm: &Vm, this: &Value) -> PyResult {
        let Some(class) = this.to_ref::<Type>() else { return Ok(Value::NONE) };
        let mro = if class.bases.borrow().is_empty() {
            class.mro.get()
        } else {
            linearize(vm, &class, class.bases.borrow())?
        };
        Ok(Value::from_list(mro.into_iter().map(Ref::into_value).collect()))
    }

    /// The immediate subclasses that are alive.
    #[method("__subclasses__(self, /)")]
    fn subclasses(this: &Type) -> Value {
        Value::from_list(this.live_subclasses())
    }

    /// The namespace for a class body.
    #[classmethod("__prepare__(cls, name=None, bases=None, /, **kwds)", text = "($cls, name, bases, /, **kwds)")]
    fn prepare(_cls: &Value, _name: Option<&Value>, _bases: Option<&Value>, _kwds: crate::native::KwArgs<'_>) -> Value {
        Dict::new_object().into_value()
    }

    /// Whether an object is an instance of the class.
    #[method("__instancecheck__(self, instance, /)")]
    fn instancecheck(vm: &Vm, this: &Type, instance: &Value) -> bool {
        vm.is_instance(instance, this)
    }

    /// Whether a class is a subclass of this one.
    #[method("__subclasscheck__(self, subclass, /)")]
    fn subclasscheck(vm: &Vm, this: &Type, subclass: &Value) -> PyResult<bool> {
        match subclass.downcast::<Type>() {
            Some(subclass) => Ok(subclass.is_subtype(this)),
            None => Err(vm.type_error("issubclass() arg 1 must be a class")),
        }
    }

    /// The names of the class's attributes.
    #[method("__dir__(self, /)")]
    fn dir(this: &Type) -> Value {
        let names = Dict::new_object();
        for ty in this.mro.borrow() {
            add_names(&names, &ty.dict);
        }
        Value::from_list(names.table.borrow().iter().map(|entry| entry.key.clone()).collect())
    }

    /// Size of the class in memory, in bytes.
    #[method("__sizeof__(self, /)")]
    fn sizeof(_this: &Type) -> usize {
        size_of::<Type>()
    }
}

/// Refuses texts with lone surrogates.
pub(super) fn encodable(vm: &Vm, value: &Value) -> PyResult<()> {
    let Some(text) = value.as_text() else { return Ok(()) };
    match text.iter().position(|code| (0xd800..0xe000).contains(&code)) {
        None => Ok(()),
        Some(at) => {
            let (start, end) = (Value::from_usize(at), Value::from_usize(at + 1));
            let (codec, reason) = (Value::from_str("utf-8"), Value::from_str("surrogates not allowed"));
            let arguments = vec![codec, value.clone(), start, end, reason];
            Err(vm.raise(crate::errors::Exc::UnicodeEncodeError.instance(vm, arguments)))
        }
    }
}

/// The value to set, if the class is mutable and it is not a deletion.
fn settable<'a>(vm: &Vm, this: &Type, name: &str, value: Option<&'a Value>) -> Result<&'a Value, Raised> {
    if !this.has_flag(TypeFlags::HEAP) {
        let shown = full_name(vm, this);
        return Err(vm.type_error(format!("cannot set '{name}' attribute of immutable type '{shown}'")));
    }
    value.ok_or_else(|| {
        let shown = this.name();
        vm.type_error(format!("cannot delete '{name}' attribute of immutable type '{shown}'"))
    })
}

/// The descriptor of the `__dict__`, or of the `__weakref__`, of a class's instances.
pub fn instance_descriptor(objclass: &Ref<Type>, weak: bool) -> Value {
    GetSetDescriptor { def: if weak { &WEAKREF } else { &DICT }, objclass: objclass.clone() }.into_value()
}

static DICT: NativeDef =
    attribute("__dict__", crate::docstring!("dictionary for instance variables"), get_dict, Extra::Setter(set_dict));
static WEAKREF: NativeDef =
    attribute("__weakref__", crate::docstring!("list of weak references to the object"), get_weakref, Extra::None);

/// An attribute that instances of many classes have.
const fn attribute(name: &'static str, doc: Docstring, function: NativeFn, extra: Extra) -> NativeDef {
    NativeDef {
        name,
        text: Docstring::NONE,
        doc,
        owner: "",
        function,
        extra,
        kind: DefKind::GetSet,
        params: Params::NONE,
    }
}

fn get_weakref(_vm: &Vm, args: Args<'_>) -> PyResult {
    let header = args.values.first().and_then(Value::header);
    let references = header.map_or(Vec::new(), crate::object::weak::references_to);
    Ok(references.into_iter().next().unwrap_or_default())
}

fn get_dict(vm: &Vm, args: Args<'_>) -> PyResult {
    let Some(object) = args.values.first() else { return Ok(Value::NONE) };
    if let Some(builtin) = own_dict_descriptor(vm, object) {
        return vm.bind(&builtin, object);
    }
    match object.header().filter(|_| vm.type_of(object).has_dict()) {
        Some(header) => Ok(instance::dict(header).into_value()),
        None => Err(vm.no_attribute(object, &crate::name!(__dict__))),
    }
}

fn set_dict(vm: &Vm, args: Args<'_>) -> PyResult {
    let Some((object, value)) = args.values.split_first() else { return Ok(Value::NONE) };
    if own_dict_descriptor(vm, object).is_some() {
        let class = vm.type_name(object);
        return Err(vm.attribute_error(format!("attribute '__dict__' of '{class}' objects is not writable")));
    }
    let Some(header) = object.header().filter(|_| vm.type_of(object).has_dict()) else {
        return Err(vm.no_attribute(object, &crate::name!(__dict__)));
    };
    let new = match value.first() {
        None => Dict::new_object(),
        Some(value) => match value.to_ref::<Dict>() {
            Some(dict) => dict,
            None => {
                let got = vm.type_name(value);
                return Err(vm.type_error(format!("__dict__ must be set to a dictionary, not a '{got}'")));
            }
        },
    };
    instance::replace_dict(header, new);
    Ok(Value::NONE)
}

/// The descriptor of classes and modules, which keep their attributes in a dict of their own.
fn own_dict_descriptor(vm: &Vm, object: &Value) -> Option<Value> {
    let ty = vm.type_of(object);
    let own = std::ptr::eq(ty.table, Type::TABLE) || std::ptr::eq(ty.table, Module::TABLE);
    if ty.has_dict() || !own {
        return None;
    }
    let builtin = ty.mro.borrow().iter().find(|class| !class.has_flag(TypeFlags::HEAP)).cloned()?;
    builtin.dict.get_str(&crate::name!(__dict__))
}

/// The function that computes a class's annotations: from its own dict, else None.
async fn annotate_of(vm: VmRef, class: &Ref<Type>) -> PyResult {
    if !class.has_flag(TypeFlags::HEAP) {
        return Err(vm.no_attribute(class.as_value(), &crate::name!(__annotate__)));
    }
    for name in ["__annotate__", "__annotate_func__"] {
        if let Some(annotate) = class.dict.get_text(name) {
            return match vm.type_of(&annotate).slots().descr_get {
                Some(getter) => {
                    let result = getter(&vm, &annotate, None, class.as_value());
                    vm.settle(result).await
                }
                None => Ok(annotate),
            };
        }
    }
    Ok(Value::NONE)
}
