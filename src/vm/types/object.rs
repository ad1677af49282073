//! `object`: plain instances, attribute access as every type has it unless it says otherwise, `__slots__` members.

use snakelet_macros::{methods, native_type};

use crate::errors::Exc;
use crate::native::{Args, Extra, NativeDef};
use crate::object::instance;
use crate::types::slots::CompareOp;
use crate::types::typeobject::{Type, TypeFlags};
use crate::{Native, PyResult, Raised, Ref, Value, Vm, VmRef};

/// The empty payload: `object()` and instances of classes without a builtin base.
#[native_type(name = "object", doc = "The base class of the class hierarchy.", flags(subclassable))]
pub struct Object {}

/// The attribute of a class that stands for one place of its instances: one of `__slots__`, or a field of a builtin type.
#[native_type(name = "member_descriptor")]
pub struct MemberDescriptor {
    pub name: Value,
    pub objclass: Ref<Type>,
    /// The number of the place, for slots and fields.
    pub index: usize,
    #[skip_traverse]
    pub kind: MemberKind,
}

/// Where the value of a member is.
#[derive(Clone, Copy)]
pub enum MemberKind {
    /// In a slot of the instance.
    Slot,
    /// In a slot that only the runtime sets.
    ReadOnlySlot,
    /// Among the fields of an exception; see `errors::fields`.
    Field,
    /// In a field of a builtin type, which this code reads and may set.
    Native(&'static NativeDef),
}

/// `object.__getattribute__`: data descriptors, the instance's attributes, other class attributes.
pub fn object_getattr(vm: &Vm, obj: &Value, name: &Value) -> PyResult {
    match find_attr(vm, obj, name) {
        Some(result) => result,
        None => Err(vm.no_attribute(obj, name)),
    }
}

/// The same; `None` if there is no such attribute.
pub fn find_attr(vm: &Vm, obj: &Value, name: &Value) -> Option<PyResult> {
    let ty = vm.type_of(obj);
    let class_value = ty.lookup(name);
    let getter = class_value.as_ref().and_then(|value| vm.type_of(value).slots().descr_get);
    if let (Some(value), Some(getter)) = (&class_value, getter)
        && vm.type_of(value).slots().descr_set.is_some()
    {
        return Some(getter(vm, value, Some(obj), vm.class_of(obj).as_value()));
    }
    if let Some(header) = obj.header()
        && let Some(value) = instance::get(header, name)
    {
        return Some(Ok(value));
    }
    if let Some(dict) = module_dict(ty, obj)
        && let Some(value) = dict.get_str(name)
    {
        return Some(Ok(value));
    }
    let value = class_value?;
    Some(match getter {
        Some(getter) => getter(vm, &value, Some(obj), vm.class_of(obj).as_value()),
        None => Ok(value),
    })
}

/// The namespace of a module, whose attributes `object.__getattribute__` reads, too.
fn module_dict<'a>(ty: &Type, obj: &'a Value) -> Option<&'a Ref<crate::types::dict::Dict>> {
    if ty.has_dict() || !std::ptr::eq(ty.table, crate::types::module::Module::TABLE) {
        return None;
    }
    obj.downcast::<crate::types::module::Module>().map(|module| &module.dict)
}

/// `object.__setattr__` and `__delattr__`.
pub fn object_setattr(vm: &Vm, obj: &Value, name: &Value, value: Option<&Value>) -> PyResult {
    let ty = vm.type_of(obj);
    let class_value = ty.lookup(name);
    if let Some(descriptor) = &class_value
        && let Some(setter) = vm.type_of(descriptor).slots().descr_set
    {
        return setter(vm, descriptor, obj, value);
    }
    if let Some(dict) = module_dict(ty, obj) {
        match value {
            Some(value) => dict.set_str(name, value.clone()),
            None if dict.remove_str(name).is_none() => return Err(vm.no_attribute(obj, name)),
            None => {}
        }
        return Ok(Value::NONE);
    }
    let Some(header) = obj.header().filter(|_| ty.has_dict()) else {
        let (class, attribute) = (vm.type_name(obj), text(name));
        return Err(match class_value {
            Some(_) => {
                vm.attribute_error_for(obj, name, &format!("'{class}' object attribute '{attribute}' is read-only"))
            }
            None if ty.slots().setattr.map(|slot| slot as usize) == Some(Object::setattr as *const () as usize) => vm
                .attribute_error_for(
                    obj,
                    name,
                    &format!(
                        "'{class}' object has no attribute '{attribute}' and no __dict__ for setting new attributes"
                    ),
                ),
            None => vm.no_attribute(obj, name),
        });
    };
    match value {
        Some(value) => instance::set(header, name, value.clone()),
        None => {
            if !instance::delete(header, name) {
                return Err(vm.no_attribute(obj, name));
            }
        }
    }
    Ok(Value::NONE)
}

fn text(name: &Value) -> String {
    name.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned())
}

impl Vm {
    /// AttributeError for a missing attribute.
    #[cold]
    pub fn no_attribute(&self, obj: &Value, name: &Value) -> Raised {
        let message = match obj.downcast::<Type>() {
            Some(class) => format!("type object '{}' has no attribute '{}'", class.name(), text(name)),
            None => format!("'{}' object has no attribute '{}'", self.type_name(obj), text(name)),
        };
        self.attribute_error_for(obj, name, &message)
    }

    /// AttributeError that knows the name and the object.
    #[cold]
    pub fn attribute_error_for(&self, obj: &Value, name: &Value, message: &str) -> Raised {
        let exception = Exc::AttributeError.instance(self, vec![Value::from_str(message)]);
        crate::errors::fields::set(&exception, "name", name.clone());
        crate::errors::fields::set(&exception, "obj", obj.clone());
        self.raise(exception)
    }
}

/// `object.__new__`: refuses arguments that nobody takes.
pub fn object_new(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
    let Some(class) = cls.to_ref::<Type>() else {
        return Err(vm.type_error("object.__new__(X): X is not a type object (int)"));
    };
    if !class.has_flag(TypeFlags::HEAP) && !std::ptr::eq(class.table, Object::TABLE) {
        return Err(cannot_create(vm, &class));
    }
    if !args.values.is_empty() {
        let own_new = class.slots().new.map(|slot| slot as usize) != Some(Object::new as *const () as usize);
        let own_init = class.slots().init.map(|slot| slot as usize) != Some(Object::init as *const () as usize);
        if own_new {
            return Err(vm.type_error("object.__new__() takes exactly one argument (the type to instantiate)"));
        }
        if !own_init {
            return Err(vm.type_error(format!("{}() takes no arguments", class.name())));
        }
    }
    if class.has_flag(TypeFlags::ABSTRACT) {
        let handle = vm.handle();
        return Err(vm.defer(async move { abstract_error(handle, class).await }));
    }
    if !std::ptr::eq(class.table, Object::TABLE) {
        if class.has_flag(TypeFlags::NO_NEW) {
            let name = full_name(vm, &class);
            return Err(vm.type_error(format!("cannot create '{name}' instances")));
        }
        let (name, base) = (class.name(), class.table.name);
        return Err(vm.type_error(format!("object.__new__({name}) is not safe, use {base}.__new__()")));
    }
    Ok(crate::object::allocate(&class, Object {}))
}

/// The error for classes whose instances only the runtime makes.
#[cold]
pub fn cannot_create(vm: &Vm, class: &Type) -> Raised {
    let name = full_name(vm, class);
    vm.type_error(format!("cannot create '{name}' instances"))
}

/// "Can't instantiate abstract class ..."
pub async fn abstract_error(vm: VmRef, class: Ref<Type>) -> PyResult {
    let methods = vm.attr(class.as_value(), "__abstractmethods__").await?;
    let mut names: Vec<String> = vm.collect(&methods).await?.iter().map(|name| format!("'{}'", text(name))).collect();
    snakelet_text::order::sort(&mut names);
    let plural = if names.len() == 1 { "" } else { "s" };
    Err(vm.type_error(format!(
        "Can't instantiate abstract class {} without an implementation for abstract method{plural} {}",
        class.name(),
        names.join(", ")
    )))
}

/// `object.__init__`.
pub fn object_init(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
    if !args.values.is_empty() {
        let class = vm.type_of(this);
        let own_init = class.slots().init.map(|slot| slot as usize) != Some(Object::init as *const () as usize);
        let own_new = class.slots().new.map(|slot| slot as usize) != Some(Object::new as *const () as usize);
        if own_init {
            return Err(vm.type_error("object.__init__() takes exactly one argument (the instance to initialize)"));
        }
        if !own_new {
            return Err(vm.type_error(format!(
                "{}.__init__() takes exactly one argument (the instance to initialize)",
                class.name()
            )));
        }
    }
    Ok(Value::NONE)
}

/// The module and qualified name of a class, as reprs show it.
pub fn full_name(vm: &Vm, class: &Type) -> String {
    let qualname = text(class.qualname.borrow());
    match crate::types::typetype::module_of(vm, class) {
        Some(module) if module != "builtins" => format!("{module}.{qualname}"),
        _ => qualname,
    }
}

/// The module and qualified name of a class as newer messages show it: without `__main__`.
pub fn qualified_name(vm: &Vm, class: &Type) -> String {
    let name = full_name(vm, class);
    name.strip_prefix("__main__.").map_or(name.clone(), str::to_string)
}

#[methods]
impl Object {
    #[slot(new)]
    pub(crate) fn new(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
        object_new(vm, cls, args)
    }

    #[slot(init)]
    pub(crate) fn init(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        object_init(vm, this, args)
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Value) -> PyResult {
        let name = full_name(vm, vm.type_of(this));
        Ok(Value::from_str(&format!("<{name} object at {:#x}>", vm.id_of(this))))
    }

    #[slot(str)]
    fn str(vm: &Vm, this: &Value) -> PyResult {
        vm.repr_of(this)
    }

    #[slot(compare)]
    fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        match op {
            CompareOp::Eq if left.is(right) => Ok(Value::TRUE),
            CompareOp::Ne => {
                // `!=` is the inverse of the type's own `==`.
                let Some(slot) = vm.type_of(left).slots().compare else { return Ok(Value::NOT_IMPLEMENTED) };
                vm.and_then(slot(vm, left, right, CompareOp::Eq), |vm, equal| {
                    if equal.is_not_implemented() {
                        return Ok(equal);
                    }
                    vm.and_then(vm.truth_of(&equal), |_vm, truth| Ok(Value::bool(!truth.is_true())))
                })
            }
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(hash)]
    fn hash(vm: &Vm, this: &Value) -> PyResult {
        let id = vm.id_of(this);
        Ok(Value::from_i64((id.rotate_right(4)) as i64))
    }

    #[slot(getattr)]
    pub(crate) fn getattr(vm: &Vm, this: &Value, name: &Value) -> PyResult {
        object_getattr(vm, this, name)
    }

    #[slot(setattr)]
    pub(crate) fn setattr(vm: &Vm, this: &Value, name: &Value, value: Option<&Value>) -> PyResult {
        object_setattr(vm, this, name, value)
    }

    /// The object's class.
    #[getter("__class__")]
    fn class(vm: &Vm, this: &Value) -> Value {
        vm.class_of(this).into_value()
    }

    #[setter("__class__")]
    fn set_class(vm: &Vm, this: &Value, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.type_error("can't delete __class__ attribute")) };
        let Some(new) = value.to_ref::<Type>() else {
            let got = vm.type_name(value);
            return Err(vm.type_error(format!("__class__ must be set to a class, not '{got}' object")));
        };
        let old = vm.type_of(this);
        let Some(header) = this.header() else {
            return Err(vm.type_error("__class__ assignment only supported for mutable types or ModuleType subclasses"));
        };
        let module = this.downcast::<crate::types::module::Module>().is_some()
            && new.is_subtype_of::<crate::types::module::Module>();
        let mutable = new.has_flag(TypeFlags::HEAP) && old.has_flag(TypeFlags::HEAP);
        if !module && !mutable {
            return Err(vm.type_error("__class__ assignment only supported for mutable types or ModuleType subclasses"));
        }
        // The new class may use fewer inline places than the object has.
        if !crate::types::class_bases::same_layout(&new, old) || new.place_count() > old.place_count() {
            return Err(vm.type_error(format!(
                "__class__ assignment: '{}' object layout differs from '{}'",
                new.name(),
                old.name()
            )));
        }
        if old.has_dict() {
            // Shapes belong to the class: the attributes move into a dict.
            drop(instance::dict(header));
        }
        header.set_type(&new);
        Ok(())
    }

    /// Default object formatter: refuses a format specification.
    #[method("__format__(self, format_spec, /)")]
    fn format(vm: &Vm, this: &Value, format_spec: &Value) -> PyResult {
        match format_spec.as_text() {
            Some(spec) if spec.is_empty() => vm.str_of(this),
            Some(_) => {
                let name = vm.type_name(this);
                Err(vm.type_error(format!("unsupported format string passed to {name}.__format__")))
            }
            None => {
                let got = vm.type_name(format_spec);
                Err(vm.type_error(format!("__format__() argument must be str, not {got}")))
            }
        }
    }

    /// The names of the object's attributes.
    #[method("__dir__(self, /)")]
    async fn dir(vm: VmRef, this: Value) -> PyResult {
        crate::types::typetype::dir_of_instance(vm, this).await
    }

    /// Size of the object in memory, in bytes.
    #[method("__sizeof__(self, /)")]
    fn sizeof(vm: &Vm, this: &Value) -> usize {
        vm.type_of(this).instance_size()
    }

    /// Called for virtual subclass checks; says nothing.
    #[classmethod("__subclasshook__(cls, object, /)")]
    fn subclasshook(_cls: &Value, object: &Value) -> Value {
        let _ = object;
        Value::NOT_IMPLEMENTED
    }

    /// Called when the class is subclassed; does nothing.
    #[classmethod("__init_subclass__(cls, /)")]
    fn init_subclass(_cls: &Value) {}

    /// What pickling saves of the object.
    #[method("__getstate__(self, /)")]
    async fn getstate(vm: VmRef, this: Value) -> PyResult {
        super::object_pickle::state_of(vm, &this, false).await
    }

    /// Helper for pickle.
    #[method("__reduce__(self, /)")]
    async fn reduce(vm: VmRef, this: Value) -> PyResult {
        super::object_pickle::reduce(vm, this, 0).await
    }

    /// Helper for pickle.
    #[method("__reduce_ex__(self, protocol, /)")]
    async fn reduce_ex(vm: VmRef, this: Value, protocol: i64) -> PyResult {
        let standard = Object::type_object().dict.get_text("__reduce__");
        let own = vm.attr_opt(vm.class_of(&this).as_value(), &crate::name!(__reduce__)).await?;
        if let (Some(own), Some(standard)) = (own, standard)
            && !own.is(&standard)
        {
            let reduce = vm.attr(&this, "__reduce__").await?;
            return vm.call(&reduce, Vec::new()).await;
        }
        super::object_pickle::reduce(vm, this, protocol).await
    }
}

#[methods]
impl MemberDescriptor {
    #[slot(repr)]
    fn repr(this: &MemberDescriptor) -> String {
        format!("<member '{}' of '{}' objects>", text(&this.name), this.objclass.name())
    }

    #[slot(descr_get)]
    fn descr_get(vm: &Vm, this: &Value, instance: Option<&Value>, _owner: &Value) -> PyResult {
        let (Some(member), Some(instance)) = (this.downcast::<MemberDescriptor>(), instance) else {
            return Ok(this.clone());
        };
        member.check(vm, instance)?;
        match member.kind {
            MemberKind::Native(def) => return (def.function)(vm, Args::positional(std::slice::from_ref(instance))),
            MemberKind::Field => return Ok(crate::errors::fields::get_at(instance, member.index).unwrap_or_default()),
            MemberKind::Slot | MemberKind::ReadOnlySlot => {}
        }
        let value = instance.header().and_then(|header| crate::object::instance::slot(header, member.index));
        value.ok_or_else(|| {
            let (class, name) = (qualified_name(vm, vm.type_of(instance)), text(&member.name));
            vm.attribute_error_for(instance, &member.name, &format!("'{class}' object has no attribute '{name}'"))
        })
    }

    #[slot(descr_set)]
    fn descr_set(vm: &Vm, this: &Value, instance: &Value, value: Option<&Value>) -> PyResult {
        let Some(member) = this.downcast::<MemberDescriptor>() else { return Ok(Value::NONE) };
        member.check(vm, instance)?;
        match member.kind {
            MemberKind::Native(NativeDef { extra: Extra::Setter(setter), .. }) => {
                let args = Args::positional(value.map_or(&[], std::slice::from_ref));
                return crate::native::call_with_receiver(vm, *setter, instance, args);
            }
            MemberKind::Field => return crate::errors::fields::assign(vm, member, instance, value),
            MemberKind::ReadOnlySlot | MemberKind::Native(_) => return Err(vm.attribute_error("readonly attribute")),
            MemberKind::Slot => {}
        }
        if let Some(header) = instance.header() {
            let was_bound = crate::object::instance::set_slot(header, member.index, value.cloned());
            if value.is_none() && !was_bound {
                return Err(vm.attribute_error(text(&member.name)));
            }
        }
        Ok(Value::NONE)
    }

    /// The member's name.
    #[getter("__name__")]
    fn name(this: &MemberDescriptor) -> Value {
        this.name.clone()
    }

    /// The member's qualified name.
    #[getter("__qualname__")]
    fn qualname(this: &MemberDescriptor) -> String {
        format!("{}.{}", text(this.objclass.qualname.borrow()), text(&this.name))
    }

    /// The class that has the member.
    #[getter("__objclass__")]
    fn objclass(this: &MemberDescriptor) -> Value {
        this.objclass.value()
    }

    /// The documentation: none of slots.
    #[getter("__doc__")]
    fn doc(vm: &Vm, this: &MemberDescriptor) -> PyResult {
        match this.kind {
            MemberKind::Native(def) => def.doc.value(vm),
            MemberKind::Field => Ok(Value::from_str("exception attribute")),
            MemberKind::Slot | MemberKind::ReadOnlySlot => Ok(Value::NONE),
        }
    }

    /// For pickling: how to get the descriptor again.
    #[method("__reduce__(self, /)", text = none)]
    fn reduce(vm: &Vm, this: &MemberDescriptor) -> PyResult {
        crate::native::descriptors::reduce(vm, this.objclass.as_value(), &text(&this.name))
    }
}

impl MemberDescriptor {
    /// Whether the value is in a slot of the instance.
    pub fn is_slot(&self) -> bool {
        matches!(self.kind, MemberKind::Slot | MemberKind::ReadOnlySlot)
    }

    fn check(&self, vm: &Vm, instance: &Value) -> PyResult<()> {
        if vm.type_of(instance).is_subtype(&self.objclass) {
            return Ok(());
        }
        let (name, class, got) = (text(&self.name), self.objclass.name(), vm.type_name(instance));
        Err(vm.type_error(format!("descriptor '{name}' for '{class}' objects doesn't apply to a '{got}' object")))
    }
}

impl Vm {
    /// `id(value)`: an object's address; for unboxed values a number made of their bits.
    pub fn id_of(&self, value: &Value) -> u64 {
        if value.is_object() { value.bits() } else { value.bits().rotate_left(20) >> 4 }
    }
}
