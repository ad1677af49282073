//! Iteration: iterators, collecting into a vector, unpacking.

use crate::deferral::{Deferral, Gathering};
use crate::errors::Exc;
use crate::types::dict::Dict;
use crate::types::generator::{Generator, Keep, State};
use crate::types::iterators::SequenceIterator;
use crate::types::list::List;
use crate::types::tuple::Tuple;
use crate::types::typeobject::TypeFlags;
use crate::{Native, PyResult, Raised, Value, Vm, VmRef};

impl Vm {
    /// Whether `__getitem__` makes a value iterable: that of mappings among the builtin types does not.
    fn is_sequence(&self, value: &Value) -> bool {
        let ty = self.type_of(value);
        ty.slots().getitem.is_some() && ty.flags.get() & (TypeFlags::HEAP | TypeFlags::SEQUENCE) != 0
    }

    /// `iter(value)`. May defer.
    pub fn get_iter(&self, value: &Value) -> PyResult {
        let slots = self.type_of(value).slots();
        let Some(slot) = slots.iter else {
            if self.is_sequence(value) && value.downcast::<Dict>().is_none() {
                return Ok(SequenceIterator::new(value.clone()).into_value());
            }
            return Err(self.type_error(format!("'{}' object is not iterable", self.type_name(value))));
        };
        match slot(self, value) {
            Ok(iterator) => self.check_iterator(iterator),
            deferred => self.and_then(deferred, |vm, iterator| vm.check_iterator(iterator)),
        }
    }

    /// The result of `__iter__`, if it is an iterator.
    pub fn check_iterator(&self, iterator: Value) -> PyResult {
        if self.type_of(&iterator).slots().next.is_some() {
            return Ok(iterator);
        }
        let name = self.type_name(&iterator);
        Err(self.type_error(format!("iter() returned non-iterator of type '{name}'")))
    }

    /// The iterator's next item, or `Value::UNBOUND` at its end. May defer.
    #[inline]
    pub fn iter_next(&self, iterator: &Value) -> PyResult {
        match self.type_of(iterator).slots().next {
            Some(slot) => slot(self, iterator),
            None => Err(self.type_error(format!("'{}' object is not an iterator", self.type_name(iterator)))),
        }
    }

    /// `iter(value)` (async).
    pub async fn iter(&self, value: &Value) -> PyResult {
        let result = self.get_iter(value);
        self.settle(result).await
    }

    /// The iterator's next item; `None` at its end (async).
    pub async fn next(&self, iterator: &Value) -> PyResult<Option<Value>> {
        match self.iter_next(iterator) {
            Ok(item) if !item.is_unbound() => Ok(Some(item)),
            result => self.finish_next(result).await,
        }
    }

    /// What `iter_next` gave, run to its end; an exception StopIteration is the iterator's end, too (async).
    pub(crate) async fn finish_next(&self, result: PyResult) -> PyResult<Option<Value>> {
        match self.settle(result).await {
            Ok(item) => Ok(if item.is_unbound() { None } else { Some(item) }),
            Err(raised) => match self.catch(Exc::StopIteration) {
                Some(_) => Ok(None),
                None => Err(raised),
            },
        }
    }

    /// Appends the next item of an iterator, and perhaps more: a generator goes on as long as its items are such as `keep`
    /// says and there is room in `items` without growing. `false` at its end (async).
    pub(crate) async fn next_some(&self, iterator: &Value, keep: Keep, items: &mut Vec<Value>) -> PyResult<bool> {
        let item = match iterator.downcast_exact::<Generator>() {
            Some(generator) if matches!(generator.body.state.get(), State::Created | State::Suspended) => {
                generator.body.gathered.set(std::mem::take(items));
                let result = self.gather(iterator, keep).await;
                *items = generator.body.gathered.take();
                result?
            }
            _ => match self.iter_next(iterator) {
                Ok(item) if !item.is_unbound() => item,
                result => self.finish_next(result).await?.unwrap_or(Value::UNBOUND),
            },
        };
        if item.is_unbound() {
            return Ok(false);
        }
        self.reserve(items, 1)?;
        items.push(item);
        Ok(true)
    }

    /// The same without a frame for the native, if the iterator is a generator that can go on: `next` gets the items and whether
    /// there may be more. Exceptions pass. May defer; `None` for other iterators, nothing has happened then.
    pub(crate) fn some_then(
        &self,
        iterator: &Value,
        keep: Keep,
        room: usize,
        next: impl FnOnce(&Vm, Vec<Value>, bool) -> PyResult + 'static,
    ) -> Option<PyResult> {
        let generator = iterator.downcast_exact::<Generator>()?;
        if !matches!(generator.body.state.get(), State::Created | State::Suspended) {
            return None;
        }
        match self.vec_with_capacity(room) {
            Ok(items) => generator.body.gathered.set(items),
            Err(raised) => return Some(Err(raised)),
        }
        let known = iterator.clone();
        let then = move |vm: &Vm, result: PyResult| {
            let gathered = known.downcast_exact::<Generator>().map(|generator| generator.body.gathered.take());
            let (item, mut items) = (result?, gathered.unwrap_or_default());
            if item.is_unbound() {
                return next(vm, items, false);
            }
            vm.reserve(&mut items, 1)?;
            items.push(item);
            next(vm, items, true)
        };
        self.deferred.set(Some(Deferral::Gather(Gathering {
            generator: iterator.clone(),
            keep,
            then: Box::new(then),
        })));
        Some(Err(Raised))
    }

    /// What `make` makes of the items of any iterable. May defer.
    pub(crate) fn collect_then(
        &self,
        iterable: &Value,
        make: impl FnOnce(&Vm, Vec<Value>) -> PyResult + 'static,
    ) -> PyResult {
        let generator = iterable.clone();
        let begun = self.some_then(iterable, Keep::All, 16, move |vm, items, more| {
            if more { vm.start(collect_rest(vm.handle(), generator, items)) } else { Ok(Value::from_list(items)) }
        });
        let begun = begun.unwrap_or_else(|| self.start(collect_rest(self.handle(), iterable.clone(), Vec::new())));
        self.and_then(begun, move |vm, list| {
            make(vm, list.downcast_exact::<List>().map(|list| list.items.take()).unwrap_or_default())
        })
    }

    /// The items of an exact list or tuple.
    pub fn sequence_now(&self, value: &Value) -> Option<Vec<Value>> {
        if let Some(list) = value.downcast_exact::<List>() {
            return Some(list.items.borrow().clone());
        }
        value.downcast_exact::<Tuple>().map(|tuple| tuple.items().to_vec())
    }

    /// The items of any iterable (async).
    pub async fn collect(&self, value: &Value) -> PyResult<Vec<Value>> {
        let mut items = Vec::new();
        self.collect_into(value, &mut items).await?;
        Ok(items)
    }

    /// Appends the items of any iterable (async). When it fails, those before the failure are there.
    pub async fn collect_into(&self, value: &Value, items: &mut Vec<Value>) -> PyResult<()> {
        if self.copy_now(value, items)? {
            return Ok(());
        }
        let iterator = self.iter(value).await?;
        let native = !self.type_of(value).has_flag(TypeFlags::HEAP);
        let hint = if native { self.len_now(value).unwrap_or(0) } else { self.length_hint(value).await? };
        self.reserve(items, hint.min(1 << 16))?;
        if iterator.downcast_exact::<Generator>().is_some() {
            self.reserve(items, 8)?;
            while self.next_some(&iterator, Keep::All, items).await? {}
            return Ok(());
        }
        let mut work = 0u32;
        loop {
            let item = match self.iter_next(&iterator) {
                Ok(item) if !item.is_unbound() => item,
                result => match self.finish_next(result).await? {
                    Some(item) => item,
                    None => return Ok(()),
                },
            };
            if items.len() == items.capacity() {
                self.reserve(items, 1)?;
            }
            items.push(item);
            work += 1;
            if work == 256 {
                work = 0;
                self.breathe(256).await?;
            }
        }
    }

    /// Appends the items of an exact list, tuple, dict or set, if it is one.
    pub(crate) fn copy_now(&self, value: &Value, items: &mut Vec<Value>) -> PyResult<bool> {
        if let Some(list) = value.downcast_exact::<List>() {
            let source = list.items.borrow();
            self.reserve(items, source.len())?;
            items.extend_from_slice(source);
        } else if let Some(tuple) = value.downcast_exact::<Tuple>() {
            self.reserve(items, tuple.items().len())?;
            items.extend_from_slice(tuple.items());
        } else if let Some(dict) = value.downcast_exact::<Dict>() {
            self.reserve(items, dict.len())?;
            items.extend(dict.table.borrow().iter().map(|entry| entry.key.clone()));
        } else if self.type_of(value).has_flag(TypeFlags::HEAP) {
            return Ok(false);
        } else if let Some(table) = super::compare::set_table(value) {
            self.reserve(items, table.len())?;
            items.extend(table.iter().map(|entry| entry.key.clone()));
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// The expected number of items, 0 if unknown (async).
    pub async fn length_hint(&self, value: &Value) -> PyResult<usize> {
        self.length_hint_or(value, 0).await
    }

    /// `operator.length_hint(value, default)` (async).
    pub async fn length_hint_or(&self, value: &Value, default: usize) -> PyResult<usize> {
        if self.type_of(value).slots().len.is_some() {
            match self.len(value).await {
                Ok(length) => return Ok(length),
                Err(raised) => {
                    if self.catch(Exc::TypeError).is_none() {
                        return Err(raised);
                    }
                }
            }
        }
        let Some(result) = self.call_special(value, &crate::name!(__length_hint__), Vec::new()).await else {
            return Ok(default);
        };
        let hint = match result {
            Ok(hint) => hint,
            Err(raised) => {
                return match self.catch(Exc::TypeError) {
                    Some(_) => Ok(default),
                    None => Err(raised),
                };
            }
        };
        if hint.is_not_implemented() {
            return Ok(default);
        }
        if !hint.is_int() {
            let name = self.type_name(&hint);
            return Err(self.type_error(format!("__length_hint__ must be an integer, not {name}")));
        }
        match hint.to_i64() {
            Some(n) if n < 0 => Err(self.value_error("__length_hint__() should return >= 0")),
            Some(n) => Ok(n as usize),
            None => Err(self.overflow_error("Python int too large to convert to C ssize_t")),
        }
    }

    // ---- unpacking: a, b = value; a, *b, c = value

    /// The values of an assignment to `before` targets, or with `after` to `before` targets, a starred one (whose list is in
    /// its place) and `after` more. `None` unless the value is an exact list or tuple.
    pub fn unpack_now(&self, value: &Value, before: usize, after: Option<usize>) -> Option<PyResult<Vec<Value>>> {
        let items = match value.downcast_exact::<Tuple>() {
            Some(tuple) => tuple.items(),
            None => value.downcast_exact::<List>()?.items.borrow().as_slice(),
        };
        Some(self.distribute(items, before, after))
    }

    /// The same for any iterable (async).
    pub async fn unpack(&self, value: &Value, before: usize, after: Option<usize>) -> PyResult<Vec<Value>> {
        if let Some(result) = self.unpack_now(value, before, after) {
            return result;
        }
        if self.type_of(value).slots().iter.is_none() && !self.is_sequence(value) {
            let name = self.type_name(value);
            return Err(self.type_error(format!("cannot unpack non-iterable {name} object")));
        }
        let iterator = self.iter(value).await?;
        let mut items = self.vec_with_capacity(before)?;
        while items.len() < before {
            match self.next(&iterator).await? {
                Some(item) => items.push(item),
                None => return Err(self.too_few(items.len(), before, after)),
            }
        }
        if after.is_some() {
            let mut rest = Vec::new();
            self.collect_into(&iterator, &mut rest).await?;
            items.append(&mut rest);
            return self.distribute(&items, before, after);
        }
        if self.next(&iterator).await?.is_some() {
            // The length is told where it is known without asking Python code.
            let known = value.downcast_exact::<Dict>().map(|dict| dict.len());
            return Err(self.too_many(before, known));
        }
        Ok(items)
    }

    /// The same as a tuple. May defer.
    pub fn unpack_values(&self, value: &Value, before: usize, after: Option<usize>) -> PyResult {
        if let Some(values) = self.unpack_now(value, before, after) {
            return values.map(Value::from_tuple);
        }
        let (vm, value) = (self.handle(), value.clone());
        self.start(async move { vm.unpack(&value, before, after).await.map(Value::from_tuple) })
    }

    fn distribute(&self, items: &[Value], before: usize, after: Option<usize>) -> PyResult<Vec<Value>> {
        let Some(after) = after else {
            return match items.len() {
                n if n == before => Ok(items.to_vec()),
                n if n < before => Err(self.too_few(n, before, None)),
                n => Err(self.too_many(before, Some(n))),
            };
        };
        if items.len() < before + after {
            return Err(self.too_few(items.len(), before, Some(after)));
        }
        let end = items.len() - after;
        let mut values = self.vec_with_capacity(before + 1 + after)?;
        values.extend_from_slice(&items[..before]);
        let mut middle = self.vec_with_capacity(end - before)?;
        middle.extend_from_slice(&items[before..end]);
        values.push(Value::from_list(middle));
        values.extend_from_slice(&items[end..]);
        Ok(values)
    }

    #[cold]
    fn too_few(&self, got: usize, before: usize, after: Option<usize>) -> Raised {
        let (least, wanted) = match after {
            Some(after) => ("at least ", before + after),
            None => ("", before),
        };
        self.value_error(format!("not enough values to unpack (expected {least}{wanted}, got {got})"))
    }

    #[cold]
    fn too_many(&self, wanted: usize, got: Option<usize>) -> Raised {
        self.value_error(match got {
            Some(got) => format!("too many values to unpack (expected {wanted}, got {got})"),
            None => format!("too many values to unpack (expected {wanted})"),
        })
    }
}

/// A list of `items` and what comes after them.
async fn collect_rest(vm: VmRef, iterable: Value, mut items: Vec<Value>) -> PyResult {
    vm.collect_into(&iterable, &mut items).await?;
    Ok(Value::from_list(items))
}
