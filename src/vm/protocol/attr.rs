//! Attributes: reading, setting, deleting, special methods.

use crate::types::typeobject::Type;
use crate::{PyResult, Value, Vm};

impl Vm {
    /// `obj.name`; `name` is an interned str. May defer.
    pub fn get_attr(&self, obj: &Value, name: &Value) -> PyResult {
        match self.type_of(obj).slots().getattr {
            Some(slot) => slot(self, obj, name),
            None => Err(self.no_attribute(obj, name)),
        }
    }

    /// `obj.name = value`, or with `None` `del obj.name`; answers None. May defer.
    pub fn set_attr(&self, obj: &Value, name: &Value, value: Option<&Value>) -> PyResult {
        match self.type_of(obj).slots().setattr {
            Some(slot) => slot(self, obj, name, value),
            None => Err(self.no_attribute(obj, name)),
        }
    }

    /// The special method `name` (an interned str) of the object's type, raw: no descriptor is invoked.
    #[inline]
    pub fn lookup_special(&self, obj: &Value, name: &Value) -> Option<Value> {
        self.type_of(obj).lookup(name)
    }

    /// `obj.name` (async).
    pub async fn attr(&self, obj: &Value, name: &str) -> PyResult {
        let name = crate::object::intern::intern(name);
        let result = self.get_attr(obj, &name);
        self.settle(result).await
    }

    /// `getattr(obj, name, None)` as an Option: AttributeError is swallowed (async).
    pub async fn attr_opt(&self, obj: &Value, name: &Value) -> PyResult<Option<Value>> {
        let result = self.get_attr(obj, name);
        match self.settle(result).await {
            Ok(value) => Ok(Some(value)),
            Err(raised) => match self.catch(crate::errors::Exc::AttributeError) {
                Some(_) => Ok(None),
                None => Err(raised),
            },
        }
    }

    /// `obj.name = value` (async).
    pub async fn store_attr(&self, obj: &Value, name: &Value, value: &Value) -> PyResult<()> {
        let result = self.set_attr(obj, name, Some(value));
        self.settle(result).await.map(drop)
    }

    /// Calls the special method `name` of `obj` found on its type, bound to it. `None` if the type has none (async).
    pub async fn call_special(&self, obj: &Value, name: &Value, args: Vec<Value>) -> Option<PyResult> {
        let method = self.lookup_special(obj, name)?;
        let bound = self.bind(&method, obj);
        Some(match self.settle(bound).await {
            Ok(bound) => self.call(&bound, args).await,
            Err(raised) => Err(raised),
        })
    }

    /// Invokes `__get__` of class attribute `attribute` for instance `obj`; what has none is returned itself. May defer.
    pub fn bind(&self, attribute: &Value, obj: &Value) -> PyResult {
        match self.type_of(attribute).slots().descr_get {
            Some(slot) => slot(self, attribute, Some(obj), self.class_of(obj).as_value()),
            None => Ok(attribute.clone()),
        }
    }

    /// `isinstance(obj, class)` without `__instancecheck__`.
    pub fn is_instance(&self, obj: &Value, class: &Type) -> bool {
        self.type_of(obj).is_subtype(class)
    }
}
