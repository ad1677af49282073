//! `super`.

use snakelet_macros::{methods, native_type};

use crate::native::Args;
use crate::object::VmCell;
use crate::types::typeobject::{Type, TypeFlags};
use crate::{Native, PyResult, Ref, Value, Vm};

/// The payload of super objects.
#[native_type(
    name = "super",
    doc = "Attributes as the classes after a given one in the MRO of an instance or class define them.",
    flags(subclassable)
)]
pub struct Super {
    /// The class after which the search starts.
    pub class: VmCell<Value>,
    /// The instance or class that methods are bound to; None for an unbound super object.
    pub instance: VmCell<Value>,
    /// The class whose MRO is searched.
    pub instance_class: VmCell<Value>,
}

/// The class whose MRO serves `super(class, instance)`.
fn check(vm: &Vm, class: &Value, instance: &Value) -> PyResult<Ref<Type>> {
    let Some(start) = class.downcast::<Type>() else {
        let got = vm.type_name(class);
        return Err(vm.type_error(format!("super() argument 1 must be a type, not {got}")));
    };
    // A class whose own order leaves it out, as a `mro` of Python may say, is no instance of itself.
    if let Some(subclass) = instance.to_ref::<Type>()
        && subclass.is_subtype(start)
        && (subclass.mro.borrow().is_empty() || subclass.mro.borrow().iter().any(|class| std::ptr::eq(&**class, start)))
    {
        return Ok(subclass);
    }
    let own = vm.class_of(instance);
    if own.is_subtype(start) {
        return Ok(own);
    }
    let shown = match instance.downcast::<Type>() {
        Some(class) => format!("type {}", class.name()),
        None => format!("instance of {}", own.name()),
    };
    let start = start.name();
    Err(vm.type_error(format!("super(type, obj): obj ({shown}) is not an instance or subtype of type ({start}).")))
}

/// `super(class, instance).name`.
pub fn lookup(vm: &Vm, class: &Value, instance: &Value, name: &Value) -> PyResult {
    let searched = match check(vm, class, instance) {
        Ok(searched) => searched,
        Err(raised) if class.downcast::<Type>().is_none() || !vm.type_of(instance).has_flag(TypeFlags::HEAP) => {
            return Err(raised);
        }
        Err(_) => {
            // Perhaps a proxy.
            vm.take_raised();
            let (handle, args, name) = (vm.handle(), vec![class.clone(), instance.clone()], name.clone());
            return Err(vm.defer(async move {
                let made = handle.call(Super::type_object().as_value(), args).await?;
                let result = handle.get_attr(&made, &name);
                handle.settle(result).await
            }));
        }
    };
    if let Some(found) = search(vm, class, &searched, instance, name) {
        return found;
    }
    let made = Super {
        class: VmCell::new(class.clone()),
        instance: VmCell::new(instance.clone()),
        instance_class: VmCell::new(searched.into_value()),
    };
    let made = crate::Native::into_value(made);
    crate::types::object::object_getattr(vm, &made, name)
}

fn search(vm: &Vm, class: &Value, searched: &Ref<Type>, instance: &Value, name: &Value) -> Option<PyResult> {
    if name.is(&crate::name!(__class__)) {
        return None;
    }
    let mro = searched.mro.borrow();
    let after = mro.iter().skip_while(|ty| !ty.as_value().is(class)).skip(1);
    let value = after.filter_map(|ty| ty.dict.get_str(name)).next()?;
    Some(match vm.type_of(&value).slots().descr_get {
        None => Ok(value),
        // Bound to a class: as an attribute of the class.
        Some(getter) if instance.is(searched.as_value()) => getter(vm, &value, None, searched.as_value()),
        Some(getter) => getter(vm, &value, Some(instance), searched.as_value()),
    })
}

#[methods]
impl Super {
    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, _args: Args<'_>) -> PyResult {
        let payload =
            Super { class: VmCell::default(), instance: VmCell::default(), instance_class: VmCell::default() };
        vm.new_instance(cls, payload)
    }

    #[slot(init)]
    fn init(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        let Some(this) = this.to_ref::<Super>() else { return Ok(Value::NONE) };
        if !args.kwnames.is_empty() {
            return Err(vm.type_error("super() takes no keyword arguments"));
        }
        let (class, instance) = match args.values {
            [] => vm.super_arguments()?,
            [class] => (class.clone(), Value::NONE),
            [class, instance] => (class.clone(), instance.clone()),
            more => {
                return Err(vm.type_error(format!("super expected at most 2 arguments, got {}", more.len())));
            }
        };
        if class.downcast::<Type>().is_none() {
            let got = vm.type_name(&class);
            return Err(vm.type_error(format!("super() argument 1 must be a type, not {got}")));
        }
        if !instance.is_none() {
            match check(vm, &class, &instance) {
                Ok(searched) => this.instance_class.set(searched.into_value()),
                // A proxy says in `__class__` what it stands for.
                Err(raised) if class.downcast::<Type>().is_none() => return Err(raised),
                Err(_) => {
                    vm.take_raised();
                    let (handle, this): (_, Ref<Super>) = (vm.handle(), this);
                    return Err(vm.defer(async move {
                        let claimed = handle.attr_opt(&instance, &crate::name!(__class__)).await?;
                        let claimed = claimed.and_then(|claimed| claimed.to_ref::<Type>());
                        let start = class.downcast::<Type>();
                        let searched = match claimed {
                            Some(claimed) if start.is_some_and(|start| claimed.is_subtype(start)) => claimed,
                            _ => check(&handle, &class, &instance)?,
                        };
                        this.instance_class.set(searched.into_value());
                        this.class.set(class);
                        this.instance.set(instance);
                        Ok(Value::NONE)
                    }));
                }
            }
        }
        this.class.set(class);
        this.instance.set(instance);
        Ok(Value::NONE)
    }

    #[slot(getattr)]
    fn getattr(vm: &Vm, this: &Value, name: &Value) -> PyResult {
        if let Some(payload) = this.downcast::<Super>()
            && let Some(searched) = payload.instance_class.borrow().to_ref::<Type>()
            && let Some(found) = search(vm, &payload.class.get(), &searched, &payload.instance.get(), name)
        {
            return found;
        }
        crate::types::object::object_getattr(vm, this, name)
    }

    #[slot(descr_get)]
    fn descr_get(vm: &Vm, this: &Value, instance: Option<&Value>, _owner: &Value) -> PyResult {
        let (Some(payload), Some(instance)) = (this.downcast::<Super>(), instance) else { return Ok(this.clone()) };
        if !payload.instance.borrow().is_none() || instance.is_none() {
            return Ok(this.clone());
        }
        let class = payload.class.get();
        let searched = check(vm, &class, instance)?;
        let bound = Super {
            class: VmCell::new(class),
            instance: VmCell::new(instance.clone()),
            instance_class: VmCell::new(searched.into_value()),
        };
        vm.new_instance(vm.class_of(this).as_value(), bound)
    }

    #[slot(repr)]
    fn repr(this: &Super) -> String {
        let name = |value: &Value| value.downcast::<Type>().map(|class| class.name());
        let class = name(this.class.borrow()).unwrap_or_else(|| "NULL".to_string());
        match name(this.instance_class.borrow()) {
            Some(searched) => format!("<super: <class '{class}'>, <{searched} object>>"),
            None => format!("<super: <class '{class}'>, NULL>"),
        }
    }

    /// The class after which the search starts.
    #[getter("__thisclass__")]
    fn thisclass(this: &Super) -> Value {
        this.class.get()
    }

    /// The instance that methods are bound to.
    #[getter("__self__")]
    fn self_value(this: &Super) -> Value {
        this.instance.get()
    }

    /// The class whose MRO is searched.
    #[getter("__self_class__")]
    fn self_class(this: &Super) -> Value {
        this.instance_class.get()
    }
}
