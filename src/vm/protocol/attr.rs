//! Attributes: reading, setting, deleting, special methods.

use crate::types::tuple::Tuple;
use crate::types::typeobject::{Type, TypeFlags};
use crate::{Native, PyResult, Value, Vm};

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

    /// `isinstance(obj, class_or_tuple)` (async).
    pub async fn is_instance_of(&self, obj: &Value, class: &Value) -> PyResult<bool> {
        self.check_class(obj, class, true).await
    }

    /// `issubclass(subclass, class_or_tuple)` (async).
    pub async fn is_subclass_of(&self, subclass: &Value, class: &Value) -> PyResult<bool> {
        self.check_class(subclass, class, false).await
    }

    async fn check_class(&self, subject: &Value, class: &Value, instance: bool) -> PyResult<bool> {
        // Tuples and unions may nest: a work list instead of recursion.
        let mut work = vec![(class.clone(), 0)];
        while let Some((class, depth)) = work.pop() {
            let parts = match (class.downcast::<Tuple>(), class.downcast::<crate::types::union::Union>()) {
                (Some(tuple), _) => Some(tuple.items()),
                (None, Some(union)) => Some(union.args()),
                (None, None) => None,
            };
            if let Some(parts) = parts {
                if depth > self.recursion_limit.get() {
                    let check = if instance { "__instancecheck__" } else { "__subclasscheck__" };
                    let message = format!("maximum recursion depth exceeded in {check}");
                    return Err(self.error(crate::errors::Exc::RecursionError, &message));
                }
                work.extend(parts.iter().rev().map(|part| (part.clone(), depth + 1)));
                continue;
            }
            if self.check_one(subject, &class, instance).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn check_one(&self, subject: &Value, class: &Value, instance: bool) -> PyResult<bool> {
        if instance && self.class_of(subject).as_value().is(class) {
            return Ok(true);
        }
        if let Some(ty) = class.downcast::<Type>()
            && self.class_of(class).is(&Type::type_object())
        {
            if !instance {
                return match subject.downcast::<Type>() {
                    Some(subclass) => Ok(subclass.is_subtype(ty)),
                    None => self.check_by_bases(subject, class).await,
                };
            }
            if self.type_of(subject).is_subtype(ty) {
                return Ok(true);
            }
            return self.check_by_class_attribute(subject, ty).await;
        }
        let hook = if instance { crate::name!(__instancecheck__) } else { crate::name!(__subclasscheck__) };
        if let Some(method) = self.lookup_special(class, &hook) {
            let bound = self.bind_special(&method, class).await?;
            let answer = self.call(&bound, vec![subject.clone()]).await?;
            return self.truth(&answer).await;
        }
        self.check_abstract(subject, class, instance).await
    }

    /// What is no class but has `__bases__`, a tuple, serves as one.
    async fn check_abstract(&self, subject: &Value, class: &Value, instance: bool) -> PyResult<bool> {
        if let (true, Some(ty)) = (instance, class.downcast::<Type>()) {
            return Ok(self.type_of(subject).is_subtype(ty) || self.check_by_class_attribute(subject, ty).await?);
        }
        if self.bases_of(class).await?.is_none() {
            return Err(self.type_error(if instance {
                "isinstance() arg 2 must be a type, a tuple of types, or a union"
            } else {
                "issubclass() arg 2 must be a class, a tuple of classes, or a union"
            }));
        }
        if !instance {
            return self.check_by_bases(subject, class).await;
        }
        match self.attr_opt(subject, &crate::name!(__class__)).await? {
            Some(own) if own.is(class) => Ok(true),
            Some(own) if self.bases_of(&own).await?.is_some() => self.check_by_bases(&own, class).await,
            _ => Ok(false),
        }
    }

    /// The attribute `__bases__` if it is a tuple.
    async fn bases_of(&self, class: &Value) -> PyResult<Option<Value>> {
        let bases = self.attr_opt(class, &crate::name!(__bases__)).await?;
        Ok(bases.filter(|bases| bases.downcast::<Tuple>().is_some()))
    }

    /// Proxies say in `__class__` what they stand for.
    async fn check_by_class_attribute(&self, subject: &Value, ty: &Type) -> PyResult<bool> {
        let own = crate::types::object::Object::getattr as *const () as usize;
        if self.type_of(subject).slots().getattr.map(|slot| slot as usize) == Some(own)
            && !self.type_of(subject).has_flag(TypeFlags::HEAP)
        {
            return Ok(false);
        }
        match self.attr_opt(subject, &crate::name!(__class__)).await? {
            Some(claimed) => Ok(claimed.downcast::<Type>().is_some_and(|claimed| claimed.is_subtype(ty))),
            None => Ok(false),
        }
    }

    /// `issubclass` of something that is no class but has `__bases__`.
    async fn check_by_bases(&self, subject: &Value, class: &Value) -> PyResult<bool> {
        let name = crate::name!(__bases__);
        let mut work = match self.attr_opt(subject, &name).await? {
            Some(bases) if bases.downcast::<Tuple>().is_some() => vec![(subject.clone(), 0)],
            _ => return Err(self.type_error("issubclass() arg 1 must be a class")),
        };
        while let Some((next, depth)) = work.pop() {
            if next.is(class) {
                return Ok(true);
            }
            if depth > self.recursion_limit.get() {
                let message = "maximum recursion depth exceeded in __issubclass__";
                return Err(self.error(crate::errors::Exc::RecursionError, message));
            }
            if let Some(bases) = self.attr_opt(&next, &name).await?
                && let Some(bases) = bases.downcast::<Tuple>()
            {
                // A single base is no deeper, as in CPython; the first base comes first.
                let depth = depth + usize::from(bases.items().len() > 1);
                work.extend(bases.items().iter().rev().map(|base| (base.clone(), depth)));
            }
        }
        Ok(false)
    }
}
