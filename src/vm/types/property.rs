//! `property`, `staticmethod`, `classmethod`.

use std::cell::Cell;

use snakelet_macros::{methods, native_type};

use crate::errors::Exc;
use crate::native::Args;
use crate::object::{Ref, VmCell};
use crate::types::method::BoundMethod;
use crate::{Native, PyResult, Raised, Value, Vm, VmRef};

/// The payload of properties.
#[native_type(
    name = "property",
    doc = "Property attribute: functions for getting, setting and deleting it.",
    flags(subclassable)
)]
pub struct Property {
    /// None where absent.
    pub getter: VmCell<Value>,
    pub setter: VmCell<Value>,
    pub deleter: VmCell<Value>,
    pub doc: VmCell<Value>,
    /// The documentation is the getter's.
    pub doc_of_getter: Cell<bool>,
    pub name: VmCell<Value>,
}

/// The payload of static methods.
#[native_type(name = "staticmethod", doc = "Converts a function to be a static method.", flags(subclassable, has_dict))]
pub struct StaticMethod {
    pub callable: VmCell<Value>,
}

/// The payload of class methods.
#[native_type(name = "classmethod", doc = "Converts a function to be a class method.", flags(subclassable, has_dict))]
pub struct ClassMethod {
    pub callable: VmCell<Value>,
}

fn text(value: &Value) -> String {
    value.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned())
}

impl Property {
    fn missing(&self, vm: &Vm, object: &Value, what: &str) -> Raised {
        let class = text(vm.type_of(object).qualname.borrow());
        let name = self.name.borrow();
        vm.attribute_error(if name.is_unbound() {
            format!("property of '{class}' object has no {what}")
        } else {
            format!("property '{}' of '{class}' object has no {what}", text(name))
        })
    }

    /// A property of the same class with one function exchanged.
    fn copy(vm: &Vm, this: &Value, getter: Option<Value>, setter: Option<Value>, deleter: Option<Value>) -> PyResult {
        let Some(old) = this.to_ref::<Property>() else { return Ok(Value::NONE) };
        let getter = getter.filter(|getter| !getter.is_none()).unwrap_or_else(|| old.getter.get());
        // A documentation taken over from the old getter does not stay with a new one.
        let from_getter = old.doc_of_getter.get() && !getter.is_none();
        let doc = if from_getter { Value::NONE } else { old.doc.get() };
        let setter = setter.unwrap_or_else(|| old.setter.get());
        let deleter = deleter.unwrap_or_else(|| old.deleter.get());
        let (vm, class) = (vm.handle(), vm.class_of(this).into_value());
        Err(vm.defer(async move {
            let new = vm.call(&class, vec![getter, setter, deleter, doc]).await?;
            if let Some(new) = new.downcast::<Property>() {
                new.name.set(old.name.get());
            }
            Ok(new)
        }))
    }
}

/// A function's documentation, without running Python code.
fn doc_of(function: &Value) -> Option<Value> {
    function.downcast_exact::<crate::types::function::Function>().map(|function| function.doc.get())
}

#[methods]
impl Property {
    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, _args: Args<'_>) -> PyResult {
        let payload = Property {
            getter: VmCell::default(),
            setter: VmCell::default(),
            deleter: VmCell::default(),
            doc: VmCell::default(),
            doc_of_getter: Cell::new(false),
            name: VmCell::new(Value::UNBOUND),
        };
        vm.new_instance(cls, payload)
    }

    #[init("property(fget=None, fset=None, fdel=None, doc=None)")]
    fn init(
        vm: &Vm,
        this: Ref<Property>,
        fget: Option<Value>,
        fset: Option<Value>,
        fdel: Option<Value>,
        doc: Option<Value>,
    ) -> PyResult {
        let getter = fget.unwrap_or_default();
        this.getter.set(getter.clone());
        this.setter.set(fset.unwrap_or_default());
        this.deleter.set(fdel.unwrap_or_default());
        this.name.set(Value::UNBOUND);
        this.doc_of_getter.set(false);
        let exact = this.as_value().downcast_exact::<Property>().is_some();
        let known = match &doc {
            Some(doc) => Some(doc.clone()),
            None if getter.is_none() => Some(Value::NONE),
            None => doc_of(&getter).inspect(|doc| this.doc_of_getter.set(!doc.is_none())),
        };
        if let (true, Some(known)) = (exact, &known) {
            this.doc.set(known.clone());
            return Ok(Value::NONE);
        }
        let vm = vm.handle();
        Err(vm.defer(async move {
            let doc = match known {
                Some(known) => known,
                None => {
                    let found = vm.attr_opt(&getter, &crate::name!(__doc__)).await?.unwrap_or_default();
                    this.doc_of_getter.set(!found.is_none());
                    found
                }
            };
            if exact {
                this.doc.set(doc);
                return Ok(Value::NONE);
            }
            // The class's own documentation would hide the property's: a derived class keeps it in the instance.
            let set = vm.set_attr(this.as_value(), &crate::name!(__doc__), Some(&doc));
            match vm.settle(set).await {
                Err(_) if !this.doc_of_getter.get() && vm.catch(Exc::AttributeError).is_some() => Ok(Value::NONE),
                Err(raised) => Err(raised),
                Ok(_) => Ok(Value::NONE),
            }
        }))
    }

    #[slot(descr_get)]
    fn descr_get(vm: &Vm, this: &Value, object: Option<&Value>, _owner: &Value) -> PyResult {
        let (Some(property), Some(object)) = (this.downcast::<Property>(), object) else { return Ok(this.clone()) };
        if object.is_none() {
            return Ok(this.clone());
        }
        let getter = property.getter.get();
        if getter.is_none() {
            return Err(property.missing(vm, object, "getter"));
        }
        Err(vm.defer_call(getter, std::slice::from_ref(object)))
    }

    #[slot(descr_set)]
    fn descr_set(vm: &Vm, this: &Value, object: &Value, value: Option<&Value>) -> PyResult {
        let Some(property) = this.downcast::<Property>() else { return Ok(Value::NONE) };
        let (function, what) = match value {
            Some(_) => (property.setter.get(), "setter"),
            None => (property.deleter.get(), "deleter"),
        };
        if function.is_none() {
            return Err(property.missing(vm, object, what));
        }
        Err(match value {
            Some(value) => vm.defer_call(function, &[object.clone(), value.clone()]),
            None => vm.defer_call(function, std::slice::from_ref(object)),
        })
    }

    /// Descriptor to obtain a copy of the property with a different getter.
    #[method("getter(self, object, /)")]
    fn getter_method(vm: &Vm, this: &Value, object: Value) -> PyResult {
        Property::copy(vm, this, Some(object), None, None)
    }

    /// Descriptor to obtain a copy of the property with a different setter.
    #[method("setter(self, object, /)")]
    fn setter_method(vm: &Vm, this: &Value, object: Value) -> PyResult {
        Property::copy(vm, this, None, Some(object), None)
    }

    /// Descriptor to obtain a copy of the property with a different deleter.
    #[method("deleter(self, object, /)")]
    fn deleter_method(vm: &Vm, this: &Value, object: Value) -> PyResult {
        Property::copy(vm, this, None, None, Some(object))
    }

    /// Notes the attribute's name.
    #[method("__set_name__(self, /, *args)", text = "($self, owner, name, /)")]
    fn set_name(vm: &Vm, this: &Property, args: &[Value]) -> PyResult<()> {
        let [_, name] = args else {
            let count = args.len();
            return Err(vm.type_error(format!("__set_name__() takes 2 positional arguments but {count} were given")));
        };
        this.name.set(name.clone());
        Ok(())
    }

    /// The getter.
    #[getter("fget")]
    fn fget(this: &Property) -> Value {
        this.getter.get()
    }

    /// The setter.
    #[getter("fset")]
    fn fset(this: &Property) -> Value {
        this.setter.get()
    }

    /// The deleter.
    #[getter("fdel")]
    fn fdel(this: &Property) -> Value {
        this.deleter.get()
    }

    /// The documentation.
    #[getter("__doc__")]
    fn get_doc(this: &Property) -> Value {
        this.doc.get()
    }

    #[setter("__doc__")]
    fn set_doc(_vm: &Vm, this: &Property, value: Option<&Value>) -> PyResult<()> {
        this.doc.set(value.cloned().unwrap_or_default());
        Ok(())
    }

    /// The attribute's name.
    #[getter("__name__")]
    async fn get_name(vm: VmRef, this: Ref<Property>) -> PyResult {
        let name = this.name.get();
        if !name.is_unbound() {
            return Ok(name);
        }
        let name = crate::name!(__name__);
        match vm.attr_opt(&this.getter.get(), &name).await? {
            Some(found) => Ok(found),
            None => Err(vm.no_attribute(this.as_value(), &name)),
        }
    }

    #[setter("__name__")]
    fn set_name_attribute(_vm: &Vm, this: &Property, value: Option<&Value>) -> PyResult<()> {
        this.name.set(value.cloned().unwrap_or(Value::UNBOUND));
        Ok(())
    }

    /// Whether one of its functions is abstract.
    #[getter("__isabstractmethod__")]
    async fn is_abstract(vm: VmRef, this: Value) -> PyResult {
        let Some(property) = this.downcast::<Property>() else { return Ok(Value::FALSE) };
        for function in [property.getter.get(), property.setter.get(), property.deleter.get()] {
            if let Some(flag) = vm.attr_opt(&function, &crate::name!(__isabstractmethod__)).await?
                && vm.truth(&flag).await?
            {
                return Ok(Value::TRUE);
            }
        }
        Ok(Value::FALSE)
    }
}

/// The function that a static or class method wraps.
fn wrapped(this: &Value) -> Value {
    let callable = match this.downcast::<StaticMethod>() {
        Some(method) => Some(&method.callable),
        None => this.downcast::<ClassMethod>().map(|method| &method.callable),
    };
    callable.map_or(Value::NONE, VmCell::get)
}

/// Attributes that static and class methods take over from what they wrap.
async fn take_over(vm: VmRef, this: Value) -> PyResult {
    let callable = wrapped(&this);
    for name in ["__module__", "__name__", "__qualname__", "__doc__"] {
        let name = crate::object::intern::intern(name);
        if let Some(value) = vm.attr_opt(&callable, &name).await?
            && let Some(header) = this.header()
        {
            crate::object::instance::set(header, &name, value);
        }
    }
    Ok(Value::NONE)
}

/// An attribute of the wrapped function that the wrapper's own dict keeps from then on.
async fn wrapped_attribute(vm: VmRef, this: Value, name: Value) -> PyResult {
    let Some(header) = this.header() else { return Ok(Value::NONE) };
    if let Some(known) = crate::object::instance::get(header, &name) {
        return Ok(known);
    }
    let callable = wrapped(&this);
    let result = vm.get_attr(&callable, &name);
    let value = vm.settle(result).await?;
    crate::object::instance::set(header, &name, value.clone());
    Ok(value)
}

fn set_wrapped_attribute(vm: &Vm, this: &Value, value: Option<&Value>, name: Value) -> PyResult<()> {
    let Some(header) = this.header() else { return Ok(()) };
    match value {
        Some(value) => crate::object::instance::set(header, &name, value.clone()),
        None if !crate::object::instance::delete(header, &name) => return Err(vm.no_attribute(this, &name)),
        None => {}
    }
    Ok(())
}

async fn is_abstract(vm: VmRef, this: Value) -> PyResult {
    match vm.attr_opt(&wrapped(&this), &crate::name!(__isabstractmethod__)).await? {
        Some(flag) => vm.truth(&flag).await.map(Value::bool),
        None => Ok(Value::FALSE),
    }
}

async fn repr(vm: VmRef, this: Value, class: &'static str) -> PyResult {
    let shown = vm.repr(&wrapped(&this)).await?;
    Ok(Value::from_str(&format!("<{class}({})>", shown.to_string_lossy())))
}

fn single<'a>(vm: &Vm, name: &str, args: &Args<'a>) -> Result<&'a Value, Raised> {
    if !args.kwnames.is_empty() {
        return Err(vm.type_error(format!("{name}() takes no keyword arguments")));
    }
    match args.values {
        [callable] => Ok(callable),
        values => Err(vm.type_error(format!("{name} expected 1 argument, got {}", values.len()))),
    }
}

/// What static and class methods have in common.
macro_rules! wrapper {
    ($ty:ident $class:literal) => {
        #[methods(block = WRAPPER)]
        impl $ty {
            /// See PEP 585.
            #[classmethod("__class_getitem__(cls, object, /)", text = "($type, object, /)")]
            fn class_getitem(cls: &Value, object: &Value) -> Value {
                crate::types::generic_alias::alias(cls, object)
            }

            #[slot(new)]
            fn new(vm: &Vm, cls: &Value, _args: Args<'_>) -> PyResult {
                vm.new_instance(cls, $ty { callable: VmCell::default() })
            }

            #[slot(init)]
            fn init(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
                let callable = single(vm, $class, &args)?;
                if let Some(method) = this.downcast::<$ty>() {
                    method.callable.set(callable.clone());
                }
                Err(vm.defer(take_over(vm.handle(), this.clone())))
            }

            #[slot(repr)]
            fn repr(vm: &Vm, this: &Value) -> PyResult {
                Err(vm.defer(repr(vm.handle(), this.clone(), $class)))
            }

            /// The wrapped function.
            #[getter("__func__")]
            fn func(this: &Value) -> Value {
                wrapped(this)
            }

            /// The wrapped function.
            #[getter("__wrapped__")]
            fn wrapped(this: &Value) -> Value {
                wrapped(this)
            }

            /// The wrapped function's annotations, kept here once asked for.
            #[getter("__annotations__")]
            fn annotations(vm: &Vm, this: &Value) -> PyResult {
                Err(vm.defer(wrapped_attribute(vm.handle(), this.clone(), crate::name!(__annotations__))))
            }

            #[setter("__annotations__")]
            fn set_annotations(vm: &Vm, this: &Value, value: Option<&Value>) -> PyResult<()> {
                set_wrapped_attribute(vm, this, value, crate::name!(__annotations__))
            }

            /// The function that computes them.
            #[getter("__annotate__")]
            fn annotate(vm: &Vm, this: &Value) -> PyResult {
                Err(vm.defer(wrapped_attribute(vm.handle(), this.clone(), crate::name!(__annotate__))))
            }

            #[setter("__annotate__")]
            fn set_annotate(vm: &Vm, this: &Value, value: Option<&Value>) -> PyResult<()> {
                set_wrapped_attribute(vm, this, value, crate::name!(__annotate__))
            }

            /// Whether the function is abstract.
            #[getter("__isabstractmethod__")]
            fn abstract_flag(vm: &Vm, this: &Value) -> PyResult {
                Err(vm.defer(is_abstract(vm.handle(), this.clone())))
            }

            /// The instance's attributes.
            #[getter("__dict__")]
            fn dict(this: &Value) -> Option<Value> {
                this.header().map(|header| crate::object::instance::dict(header).into_value())
            }
        }
    };
}

wrapper!(StaticMethod "staticmethod");
wrapper!(ClassMethod "classmethod");

#[methods(with = [StaticMethod::WRAPPER])]
impl StaticMethod {
    #[slot(descr_get)]
    fn descr_get(_vm: &Vm, this: &Value, _object: Option<&Value>, _owner: &Value) -> PyResult {
        Ok(this.downcast::<StaticMethod>().map_or(Value::NONE, |method| method.callable.get()))
    }

    #[slot(call)]
    fn call(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        let future = vm.call_kw(&wrapped(this), args.values.to_vec(), args.kwnames.to_vec());
        Err(vm.defer(future))
    }
}

#[methods(with = [ClassMethod::WRAPPER])]
impl ClassMethod {
    #[slot(descr_get)]
    fn descr_get(vm: &Vm, this: &Value, object: Option<&Value>, owner: &Value) -> PyResult {
        let callable = this.downcast::<ClassMethod>().map_or(Value::NONE, |method| method.callable.get());
        let class = match object {
            Some(object) if owner.is_none() => vm.class_of(object).into_value(),
            _ => owner.clone(),
        };
        Ok(BoundMethod { function: callable, instance: class }.into_value())
    }
}
