//! `property`, `staticmethod`, `classmethod`.

use snakelet_macros::{methods, native_type};

use crate::native::Args;
use crate::object::VmCell;
use crate::types::method::BoundMethod;
use crate::{Native, PyResult, Raised, Value, Vm, VmRef};

/// The payload of properties.
#[native_type(
    name = "property",
    doc = "Property attribute: functions for getting, setting and deleting it.",
    flags(subclassable, has_dict)
)]
pub struct Property {
    /// None where absent.
    pub getter: VmCell<Value>,
    pub setter: VmCell<Value>,
    pub deleter: VmCell<Value>,
    pub doc: VmCell<Value>,
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
        let class = crate::types::object::full_name(vm, vm.type_of(object));
        let class = class.rsplit_once('.').map_or(class.as_str(), |(_, name)| name).to_string();
        let name = self.name.borrow();
        vm.attribute_error(if name.is_none() {
            format!("property of '{class}' object has no {what}")
        } else {
            format!("property '{}' of '{class}' object has no {what}", text(name))
        })
    }

    fn copy(vm: &Vm, this: &Value, getter: Option<Value>, setter: Option<Value>, deleter: Option<Value>) -> PyResult {
        let Some(old) = this.downcast::<Property>() else { return Ok(Value::NONE) };
        // A documentation taken over from the old getter does not stay with a new one.
        let doc = match &getter {
            Some(getter) => doc_of(getter),
            None => old.doc.get(),
        };
        let new = Property {
            getter: VmCell::new(getter.unwrap_or_else(|| old.getter.get())),
            setter: VmCell::new(setter.unwrap_or_else(|| old.setter.get())),
            deleter: VmCell::new(deleter.unwrap_or_else(|| old.deleter.get())),
            doc: VmCell::new(doc),
            name: VmCell::new(old.name.get()),
        };
        vm.new_instance(vm.class_of(this).as_value(), new)
    }
}

/// A function's documentation, without running Python code.
fn doc_of(function: &Value) -> Value {
    function.downcast::<crate::types::function::Function>().map_or(Value::NONE, |function| function.doc.get())
}

#[methods]
impl Property {
    #[new("property(fget=None, fset=None, fdel=None, doc=None)")]
    fn new(
        vm: &Vm,
        cls: &Value,
        fget: Option<Value>,
        fset: Option<Value>,
        fdel: Option<Value>,
        doc: Option<Value>,
    ) -> PyResult {
        let doc = doc.or_else(|| fget.as_ref().map(doc_of)).unwrap_or_default();
        let payload = Property {
            getter: VmCell::new(fget.unwrap_or_default()),
            setter: VmCell::new(fset.unwrap_or_default()),
            deleter: VmCell::new(fdel.unwrap_or_default()),
            doc: VmCell::new(doc),
            name: VmCell::default(),
        };
        vm.new_instance(cls, payload)
    }

    #[slot(init)]
    fn init(_vm: &Vm, _this: &Value, _args: Args<'_>) -> PyResult {
        Ok(Value::NONE)
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
        let future = vm.call(&getter, vec![object.clone()]);
        Err(vm.defer(future))
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
        let args = std::iter::once(object).chain(value).cloned().collect();
        let future = vm.call(&function, args);
        Err(vm.defer(future))
    }

    /// Descriptor to obtain a copy of the property with a different getter.
    #[method("getter(self, object, /)", text = none)]
    fn getter_method(vm: &Vm, this: &Value, object: Value) -> PyResult {
        Property::copy(vm, this, Some(object), None, None)
    }

    /// Descriptor to obtain a copy of the property with a different setter.
    #[method("setter(self, object, /)", text = none)]
    fn setter_method(vm: &Vm, this: &Value, object: Value) -> PyResult {
        Property::copy(vm, this, None, Some(object), None)
    }

    /// Descriptor to obtain a copy of the property with a different deleter.
    #[method("deleter(self, object, /)", text = none)]
    fn deleter_method(vm: &Vm, this: &Value, object: Value) -> PyResult {
        Property::copy(vm, this, None, None, Some(object))
    }

    /// Notes the attribute's name.
    #[method("__set_name__(self, owner, name, /)", text = none)]
    fn set_name(this: &Property, _owner: &Value, name: Value) {
        this.name.set(name);
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
    fn get_name(vm: &Vm, this: &Property) -> PyResult {
        let name = this.name.get();
        if !name.is_none() {
            return Ok(name);
        }
        match this.getter.borrow().downcast::<crate::types::function::Function>() {
            Some(function) => Ok(function.name.get()),
            None => Err(vm.attribute_error("'property' object has no attribute '__name__'")),
        }
    }

    #[setter("__name__")]
    fn set_name_attribute(_vm: &Vm, this: &Property, value: Option<&Value>) -> PyResult<()> {
        this.name.set(value.cloned().unwrap_or_default());
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

/// Attributes that static and class methods take over from what they wrap.
async fn take_over(vm: VmRef, this: Value, callable: Value) -> PyResult {
    for name in ["__module__", "__name__", "__qualname__", "__doc__"] {
        let name = crate::object::intern::intern(name);
        if let Some(value) = vm.attr_opt(&callable, &name).await?
            && let Some(header) = this.header()
        {
            crate::object::instance::set(header, &name, value);
        }
    }
    if let Some(header) = this.header() {
        crate::object::instance::set(header, &crate::name!(__wrapped__), callable);
    }
    Ok(Value::NONE)
}

async fn is_abstract(vm: VmRef, callable: Value) -> PyResult {
    match vm.attr_opt(&callable, &crate::name!(__isabstractmethod__)).await? {
        Some(flag) => vm.truth(&flag).await.map(Value::bool),
        None => Ok(Value::FALSE),
    }
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

#[methods]
impl StaticMethod {
    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
        let callable = args.values.first().cloned().unwrap_or_default();
        vm.new_instance(cls, StaticMethod { callable: VmCell::new(callable) })
    }

    #[slot(init)]
    fn init(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        let callable = single(vm, "staticmethod", &args)?;
        if let Some(method) = this.downcast::<StaticMethod>() {
            method.callable.set(callable.clone());
        }
        Err(vm.defer(take_over(vm.handle(), this.clone(), callable.clone())))
    }

    #[slot(descr_get)]
    fn descr_get(_vm: &Vm, this: &Value, _object: Option<&Value>, _owner: &Value) -> PyResult {
        Ok(this.downcast::<StaticMethod>().map_or(Value::NONE, |method| method.callable.get()))
    }

    #[slot(call)]
    fn call(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        let callable = this.downcast::<StaticMethod>().map_or(Value::NONE, |method| method.callable.get());
        let future = vm.call_kw(&callable, args.values.to_vec(), args.kwnames.to_vec());
        Err(vm.defer(future))
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Value) -> PyResult {
        let callable = this.downcast::<StaticMethod>().map_or(Value::NONE, |method| method.callable.get());
        let shown = vm.repr(&callable).await?;
        Ok(Value::from_str(&format!("<staticmethod({})>", shown.to_string_lossy())))
    }

    /// The wrapped function.
    #[getter("__func__")]
    fn func(this: &StaticMethod) -> Value {
        this.callable.get()
    }

    /// The wrapped function.
    #[getter("__wrapped__")]
    fn wrapped(this: &StaticMethod) -> Value {
        this.callable.get()
    }

    /// Whether the function is abstract.
    #[getter("__isabstractmethod__")]
    async fn abstract_flag(vm: VmRef, this: Value) -> PyResult {
        let callable = this.downcast::<StaticMethod>().map_or(Value::NONE, |method| method.callable.get());
        is_abstract(vm, callable).await
    }

    /// The instance's attributes.
    #[getter("__dict__")]
    fn dict(this: &Value) -> Option<Value> {
        this.header().map(|header| crate::object::instance::dict(header).into_value())
    }
}

#[methods]
impl ClassMethod {
    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
        let callable = args.values.first().cloned().unwrap_or_default();
        vm.new_instance(cls, ClassMethod { callable: VmCell::new(callable) })
    }

    #[slot(init)]
    fn init(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        let callable = single(vm, "classmethod", &args)?;
        if let Some(method) = this.downcast::<ClassMethod>() {
            method.callable.set(callable.clone());
        }
        Err(vm.defer(take_over(vm.handle(), this.clone(), callable.clone())))
    }

    #[slot(descr_get)]
    fn descr_get(vm: &Vm, this: &Value, object: Option<&Value>, owner: &Value) -> PyResult {
        let callable = this.downcast::<ClassMethod>().map_or(Value::NONE, |method| method.callable.get());
        let class = match object {
            Some(object) if owner.is_none() => vm.class_of(object).into_value(),
            _ => owner.clone(),
        };
        Ok(BoundMethod { function: callable, instance: class }.into_value())
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Value) -> PyResult {
        let callable = this.downcast::<ClassMethod>().map_or(Value::NONE, |method| method.callable.get());
        let shown = vm.repr(&callable).await?;
        Ok(Value::from_str(&format!("<classmethod({})>", shown.to_string_lossy())))
    }

    /// The wrapped function.
    #[getter("__func__")]
    fn func(this: &ClassMethod) -> Value {
        this.callable.get()
    }

    /// The wrapped function.
    #[getter("__wrapped__")]
    fn wrapped(this: &ClassMethod) -> Value {
        this.callable.get()
    }

    /// Whether the function is abstract.
    #[getter("__isabstractmethod__")]
    async fn abstract_flag(vm: VmRef, this: Value) -> PyResult {
        let callable = this.downcast::<ClassMethod>().map_or(Value::NONE, |method| method.callable.get());
        is_abstract(vm, callable).await
    }

    /// The instance's attributes.
    #[getter("__dict__")]
    fn dict(this: &Value) -> Option<Value> {
        this.header().map(|header| crate::object::instance::dict(header).into_value())
    }
}
