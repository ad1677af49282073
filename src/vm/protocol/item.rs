//! Subscripts, containment, length.

use num_traits::Signed;

use crate::errors::Exc;
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::slice::Slice;
use crate::types::tuple::Tuple;
use crate::types::typeobject::{Type, TypeFlags};
use crate::{Native, PyResult, Raised, Value, Vm, VmRef};

/// A subscript of a sequence.
pub(crate) enum Subscript<'a> {
    Index(isize),
    Slice(&'a Slice),
}

impl Vm {
    /// `obj[key]`. May defer.
    #[inline]
    pub fn get_item(&self, obj: &Value, key: &Value) -> PyResult {
        if let Some(index) = key.as_small_int() {
            let found = if let Some(list) = obj.downcast_exact::<List>() {
                list.get_small(index)
            } else if let Some(tuple) = obj.downcast_exact::<Tuple>() {
                tuple.get_small(index)
            } else {
                None
            };
            if let Some(item) = found {
                return Ok(item);
            }
        }
        if let Some(dict) = obj.downcast_exact::<Dict>()
            && let Some(Ok(Some(value))) = dict.get_now(self, key)
        {
            return Ok(value);
        }
        match self.type_of(obj).slots().getitem {
            Some(slot) => slot(self, obj, key),
            None => self.get_class_item(obj, key),
        }
    }

    /// `cls[key]`, or the error.
    #[cold]
    fn get_class_item(&self, obj: &Value, key: &Value) -> PyResult {
        let Some(class) = obj.downcast::<Type>() else {
            return Err(self.type_error(format!("'{}' object is not subscriptable", self.type_name(obj))));
        };
        let name = class.name();
        let (vm, obj, key) = (self.handle(), obj.clone(), key.clone());
        let is_type = obj.is(Type::type_object().as_value());
        Err(self.defer(async move {
            if is_type {
                return Ok(crate::types::generic_alias::alias(&obj, &key));
            }
            match vm.attr_opt(&obj, &crate::name!(__class_getitem__)).await? {
                Some(method) if !method.is_none() => vm.call(&method, vec![key]).await,
                _ => Err(vm.type_error(format!("type '{name}' is not subscriptable"))),
            }
        }))
    }

    /// `obj[key] = value`, or with `None` `del obj[key]`; answers None. May defer.
    #[inline]
    pub fn set_item(&self, obj: &Value, key: &Value, value: Option<&Value>) -> PyResult {
        if let (Some(list), Some(index), Some(value)) = (obj.downcast_exact::<List>(), key.as_small_int(), value)
            && list.set_small(index, value)
        {
            return Ok(Value::NONE);
        }
        if let (Some(dict), Some(value)) = (obj.downcast_exact::<Dict>(), value)
            && let Some(result) = dict.set_now(self, key, value)
        {
            return result.map(|()| Value::NONE);
        }
        match self.type_of(obj).slots().setitem {
            Some(slot) => slot(self, obj, key, value),
            None => Err(self.no_item_assignment(obj, key, value.is_none())),
        }
    }

    #[cold]
    pub(crate) fn no_item_assignment(&self, obj: &Value, key: &Value, delete: bool) -> Raised {
        let name = self.type_name(obj);
        if !delete {
            return self.type_error(format!("'{name}' object does not support item assignment"));
        }
        // Sequences, and for CPython all instances of Python classes are some, say it in other words.
        let (ty, is_index) = (self.type_of(obj), key.is_int() || self.type_of(key).slots().index.is_some());
        let slots = ty.slots();
        let is_sequence = ty.has_flag(TypeFlags::HEAP) || slots.contains.is_some() || slots.concat.is_some();
        let verb = if is_sequence && is_index { "doesn't" } else { "does not" };
        self.type_error(format!("'{name}' object {verb} support item deletion"))
    }

    /// `item in container`, a bool. May defer.
    pub fn contains(&self, item: &Value, container: &Value) -> PyResult {
        if let Some(dict) = container.downcast_exact::<Dict>()
            && let Some(result) = dict.has_now(self, item)
        {
            return result.map(Value::bool);
        }
        if let Some(slot) = self.type_of(container).slots().contains {
            return slot(self, container, item);
        }
        let (vm, item, container) = (self.handle(), item.clone(), container.clone());
        Err(self.defer(async move { vm.is_in_iterable(&item, &container).await.map(Value::bool) }))
    }

    async fn is_in_iterable(&self, item: &Value, container: &Value) -> PyResult<bool> {
        let iterator = match self.iter(container).await {
            Ok(iterator) => iterator,
            Err(raised) => {
                return Err(match self.catch(Exc::TypeError) {
                    Some(_) => {
                        let name = self.type_name(container);
                        self.type_error(format!("argument of type '{name}' is not a container or iterable"))
                    }
                    None => raised,
                });
            }
        };
        while let Some(found) = self.next(&iterator).await? {
            if self.eq(&found, item).await? {
                return Ok(true);
            }
            self.breathe(2).await?;
        }
        Ok(false)
    }

    /// `len(value)`, an int. May defer.
    pub fn len_of(&self, value: &Value) -> PyResult {
        let Some(slot) = self.type_of(value).slots().len else {
            return Err(self.type_error(format!("object of type '{}' has no len()", self.type_name(value))));
        };
        match slot(self, value) {
            Ok(length) => self.check_length(length),
            deferred => self.and_then(deferred, |vm, length| {
                if length.is_small_int() {
                    return vm.check_length(length);
                }
                let vm = vm.handle();
                Err(vm.defer(async move {
                    let length = vm.index(&length).await?;
                    vm.check_length(length)
                }))
            }),
        }
    }

    fn check_length(&self, length: Value) -> PyResult {
        if length.to_i64().is_some_and(|n| n >= 0 && n <= isize::MAX as i64) {
            return Ok(length);
        }
        let negative = length.to_bigint().is_some_and(|n| n.is_negative());
        Err(if negative {
            self.value_error("__len__() should return >= 0")
        } else {
            self.overflow_error(format!("cannot fit '{}' into an index-sized integer", self.type_name(&length)))
        })
    }

    /// The length, if no Python code is needed and the value has one.
    pub fn len_now(&self, value: &Value) -> Option<usize> {
        let ty = self.type_of(value);
        let slot = ty.slots().len?;
        if !self.is_native_slot(ty, |slots| slots.len.map(|slot| slot as usize)) {
            return None;
        }
        usize::try_from(self.now(slot(self, value))?.to_i64()?).ok()
    }

    /// `obj[key]` (async).
    pub async fn item(&self, obj: &Value, key: &Value) -> PyResult {
        let result = self.get_item(obj, key);
        self.settle(result).await
    }

    /// `obj[key] = value` (async).
    pub async fn store_item(&self, obj: &Value, key: &Value, value: &Value) -> PyResult<()> {
        let result = self.set_item(obj, key, Some(value));
        self.settle(result).await.map(drop)
    }

    /// `del obj[key]` (async).
    pub async fn delete_item(&self, obj: &Value, key: &Value) -> PyResult<()> {
        let result = self.set_item(obj, key, None);
        self.settle(result).await.map(drop)
    }

    /// `len(value)` (async).
    pub async fn len(&self, value: &Value) -> PyResult<usize> {
        if let Some(length) = self.len_now(value) {
            return Ok(length);
        }
        let result = self.len_of(value);
        Ok(self.settle(result).await?.to_i64().unwrap_or(0) as usize)
    }

    /// `item in container` (async).
    pub async fn is_in(&self, item: &Value, container: &Value) -> PyResult<bool> {
        let result = self.contains(item, container);
        Ok(self.settle(result).await?.is_true())
    }

    // ---- subscripts of sequences

    /// The subscript of a sequence that calls itself `what` in messages. `None` if `__index__` must be called first: see
    /// [`Vm::plain_subscript`].
    pub(crate) fn subscript_now<'a>(&self, key: &'a Value, what: &str) -> Option<PyResult<Subscript<'a>>> {
        if let Some(index) = key.as_small_int() {
            return Some(match isize::try_from(index) {
                Ok(index) => Ok(Subscript::Index(index)),
                Err(_) => Err(self.index_too_large(key)),
            });
        }
        if let Some(slice) = key.downcast::<Slice>() {
            return slice.is_plain().then_some(Ok(Subscript::Slice(slice)));
        }
        if key.is_int() {
            return Some(match key.to_i64().and_then(|index| isize::try_from(index).ok()) {
                Some(index) => Ok(Subscript::Index(index)),
                None => Err(self.index_too_large(key)),
            });
        }
        if self.type_of(key).slots().index.is_some() {
            return None;
        }
        let name = self.type_name(key);
        Some(Err(self.type_error(format!("{what} indices must be integers or slices, not {name}"))))
    }

    #[cold]
    fn index_too_large(&self, key: &Value) -> Raised {
        self.index_error(format!("cannot fit '{}' into an index-sized integer", self.type_name(key)))
    }

    /// The subscript with every `__index__` called: an int, or a slice of ints and Nones (async).
    pub async fn plain_subscript(&self, key: &Value) -> PyResult {
        let Some(slice) = key.to_ref::<Slice>() else { return self.index(key).await };
        let mut parts = [slice.start.clone(), slice.stop.clone(), slice.step.clone()];
        for part in &mut parts {
            *part = self.slice_part(part).await?;
        }
        let [start, stop, step] = parts;
        Ok(Slice::new(start, stop, step).into_value())
    }

    async fn slice_part(&self, part: &Value) -> PyResult {
        if part.is_none() || part.is_int() {
            return Ok(part.clone());
        }
        if self.type_of(part).slots().index.is_none() {
            return Err(self.type_error("slice indices must be integers or None or have an __index__ method"));
        }
        self.index(part).await
    }

    /// Defers `obj[key]` until the subscript's `__index__` methods have been called.
    pub(crate) fn get_item_later(&self, obj: &Value, key: &Value) -> Raised {
        let (vm, obj, key) = (self.handle(), obj.clone(), key.clone());
        self.defer(async move {
            let key = vm.plain_subscript(&key).await?;
            vm.item(&obj, &key).await
        })
    }

    /// Defers `obj[key] = value` (`None`: deletion) until the subscript's `__index__` methods have been called.
    pub(crate) fn set_item_later(&self, obj: &Value, key: &Value, value: Option<&Value>) -> Raised {
        self.defer(set_item_later(self.handle(), obj.clone(), key.clone(), value.cloned()))
    }
}

async fn set_item_later(vm: VmRef, obj: Value, key: Value, value: Option<Value>) -> PyResult {
    let key = vm.plain_subscript(&key).await?;
    let result = vm.set_item(&obj, &key, value.as_ref());
    vm.settle(result).await
}
