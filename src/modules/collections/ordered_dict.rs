//! `OrderedDict`: a class derived from `dict`, whose table keeps the order already; and its views and iterators.
//!
//! The order is the table's order of entries. Every insertion, removal and move changes the table's version, by which iterators
//! notice that they can't go on.

use std::cell::{Cell, OnceCell};

use snakelet_macros::{functions, methods, native_type};
use snakelet_vm::native::{Args, Native};
use snakelet_vm::object::{allocate, instance};
use snakelet_vm::protocol::sequence_repr::Entered;
use snakelet_vm::types::builtin::{make_derived_class, make_derived_class_with_dict};
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::dict::table::Found;
use snakelet_vm::types::dict::views::{DictItems, DictKeys, DictValues};
use snakelet_vm::types::slots::CompareOp;
use snakelet_vm::types::typeobject::{Type, TypeFlags};
use snakelet_vm::{PyResult, Ref, Value, Vm, VmRef};

/// The classes of this file that are made by hand.
struct Classes {
    dict: Ref<Type>,
    keys: Ref<Type>,
    values: Ref<Type>,
    items: Ref<Type>,
}

thread_local! {
    static CLASSES: OnceCell<Classes> = const { OnceCell::new() };
}

fn with_classes<T>(use_them: impl FnOnce(&Classes) -> T) -> T {
    CLASSES.with(|classes| {
        use_them(classes.get_or_init(|| {
            let doc = "Dictionary that remembers insertion order";
            let dict = Dict::type_object();
            let dict = make_derived_class_with_dict("OrderedDict", "collections", doc, dict, &[Methods::ORDERED_DICT]);
            dict.set_flag(TypeFlags::WEAK_REFERENCES);
            let view = |name: &str, base: Ref<Type>, block| {
                let view = make_derived_class(name, "builtins", "", base, &[block]);
                view.set_flag(TypeFlags::NO_NEW);
                view
            };
            Classes {
                dict,
                keys: view("odict_keys", DictKeys::type_object(), KeysMethods::KEYS),
                values: view("odict_values", DictValues::type_object(), ValuesMethods::VALUES),
                items: view("odict_items", DictItems::type_object(), ItemsMethods::ITEMS),
            }
        }))
    })
}

/// The class.
pub fn class() -> Ref<Type> {
    with_classes(|classes| classes.dict.clone())
}

fn is_ordered(vm: &Vm, value: &Value) -> bool {
    vm.type_of(value).is_subtype(&class())
}

fn is_exact(vm: &Vm, value: &Value) -> bool {
    std::ptr::eq(vm.type_of(value), &*class())
}

/// The keys and values in order.
fn pairs(dict: &Dict) -> Vec<(Value, Value)> {
    dict.table.borrow().iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect()
}

/// A copy with its keys' hashes, in a new object of the class itself.
fn exact_copy(vm: &Vm, dict: &Ref<Dict>) -> PyResult {
    let copy = dict.copy(vm)?;
    let table = copy.table.take();
    let made = allocate(&class(), Dict::default());
    if let Some(new) = made.downcast::<Dict>() {
        new.table.set(table);
    }
    Ok(made)
}

/// What `update` does with its arguments: `MutableMapping.update` (async).
async fn update(vm: &Vm, this: &Value, other: Option<&Value>, named: Vec<(Value, Value)>) -> PyResult<()> {
    if let Some(other) = other {
        update_from(vm, this, other).await?;
    }
    for (name, value) in named {
        vm.store_item(this, &name, &value).await?;
    }
    Ok(())
}

async fn update_from(vm: &Vm, this: &Value, other: &Value) -> PyResult<()> {
    let plain = other.downcast_exact::<Dict>().is_some() || is_exact(vm, other);
    if plain && let Some(dict) = other.downcast::<Dict>() {
        for (key, value) in pairs(dict) {
            vm.store_item(this, &key, &value).await?;
        }
        return Ok(());
    }
    if let Some(keys) = vm.attr_opt(other, &snakelet_vm::name!(keys)).await? {
        let keys = vm.call(&keys, Vec::new()).await?;
        let keys = vm.iter(&keys).await?;
        while let Some(key) = vm.next(&keys).await? {
            let value = vm.item(other, &key).await?;
            vm.store_item(this, &key, &value).await?;
        }
        return Ok(());
    }
    let source = match vm.attr_opt(other, &snakelet_vm::name!(items)).await? {
        Some(items) => vm.call(&items, Vec::new()).await?,
        None => other.clone(),
    };
    let iterator = vm.iter(&source).await?;
    while let Some(pair) = vm.next(&iterator).await? {
        let parts = vm.iter(&pair).await?;
        let Some(key) = vm.next(&parts).await? else {
            return Err(vm.value_error("need more than 0 values to unpack"));
        };
        let Some(value) = vm.next(&parts).await? else {
            return Err(vm.value_error("need more than 1 value to unpack"));
        };
        if vm.next(&parts).await?.is_some() {
            return Err(vm.value_error("too many values to unpack (expected 2)"));
        }
        vm.store_item(this, &key, &value).await?;
    }
    Ok(())
}

/// The arguments of `update` and the constructor, and what they are for.
fn start_update(vm: &Vm, this: &Value, args: Args<'_>, message: fn(usize) -> String) -> PyResult {
    let (positional, named) = args.values.split_at(args.positional_count());
    if positional.len() > 1 {
        return Err(vm.type_error(message(positional.len())));
    }
    let named: Vec<(Value, Value)> = args.kwnames.iter().cloned().zip(named.iter().cloned()).collect();
    let (vm_ref, this, other) = (vm.handle(), this.clone(), positional.first().cloned());
    if other.is_none() && named.is_empty() {
        return Ok(Value::NONE);
    }
    vm.start(async move { update(&vm_ref, &this, other.as_ref(), named).await.map(|()| Value::NONE) })
}

/// Where the key is, if it can be found without Python code; else the continuation of the native that looks for it and does
/// the rest with what it found.
fn find_then(
    vm: &Vm,
    this: &Value,
    key: &Value,
    extra: Value,
    then: fn(&Vm, &Ref<Dict>, &Value, Value, Option<usize>) -> PyResult,
) -> PyResult {
    let Some(dict) = this.to_ref::<Dict>() else { return Ok(Value::NONE) };
    if let Some(hash) = Dict::hash_now(vm, key) {
        match dict.find(vm, hash?, key) {
            Found::At(at) => return then(vm, &dict, key, extra, Some(at)),
            Found::Missing => return then(vm, &dict, key, extra, None),
            Found::Undecided(_) => {}
        }
    }
    let (vm, key) = (vm.handle(), key.clone());
    Err(vm.defer(async move {
        let hash = Dict::hash(&vm, &key).await?;
        let at = Dict::lookup(&vm, &dict, hash, &key).await?;
        then(&vm, &dict, &key, extra, at)
    }))
}

/// Hosts the methods; no object has this type.
#[native_type(name = "OrderedDict", module = "collections")]
struct Methods {}

#[methods(block = ORDERED_DICT)]
impl Methods {
    #[slot(init)]
    fn init(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        start_update(vm, this, args, |given| format!("expected at most 1 argument, got {given}"))
    }

    /// Create a new ordered dictionary with keys from iterable and values set to value.
    #[classmethod("fromkeys(cls, /, iterable, value=None)")]
    async fn fromkeys(vm: VmRef, cls: Value, iterable: Value, value: Option<Value>) -> PyResult {
        let made = vm.call(&cls, Vec::new()).await?;
        let value = value.unwrap_or_default();
        let iterator = vm.iter(&iterable).await?;
        while let Some(key) = vm.next(&iterator).await? {
            vm.store_item(&made, &key, &value).await?;
        }
        Ok(made)
    }

    /// Update the dictionary, as MutableMapping.update() does.
    #[method("update(self, /, *args, **kwargs)", text = none)]
    fn update(vm: &Vm, this: &Value, args: &[Value], kwargs: snakelet_vm::native::KwArgs<'_>) -> PyResult {
        let mut values = args.to_vec();
        let mut names = Vec::new();
        for (name, value) in kwargs.iter() {
            names.push(name.clone());
            values.push(value.clone());
        }
        start_update(vm, this, Args { values: &values, kwnames: &names }, |given| {
            format!("update() takes at most 1 positional argument ({given} given)")
        })
    }

    /// Insert key with a value of default if key is not in the dictionary.
    ///
    /// Return the value for key if key is in the dictionary, else default.
    #[method("setdefault(self, /, key, default=None)")]
    fn setdefault(vm: &Vm, this: Value, key: Value, default: Option<Value>) -> PyResult {
        let default = default.unwrap_or_default();
        if is_exact(vm, &this) {
            return find_then(vm, &this, &key, default, |vm, dict, key, default, at| match at {
                Some(at) => Ok(dict.table.borrow().entries()[at].value.clone()),
                None => match dict.set_now(vm, key, &default) {
                    Some(done) => done.map(|()| default),
                    None => {
                        let (vm, dict, key) = (vm.handle(), dict.clone(), key.clone());
                        Err(vm.defer(async move {
                            Dict::set(&vm, &dict, &key, &default).await?;
                            Ok(default)
                        }))
                    }
                },
            });
        }
        let vm = vm.handle();
        Err(vm.defer(async move {
            if vm.is_in(&key, &this).await? {
                return vm.item(&this, &key).await;
            }
            vm.store_item(&this, &key, &default).await?;
            Ok(default)
        }))
    }

    /// od.pop(key[,default]) -> v, remove specified key and return the corresponding value.
    ///
    /// If the key is not found, return the default if given; otherwise, raise a KeyError.
    #[method("pop(self, /, key, default=<unrepresentable>)")]
    fn pop(vm: &Vm, this: &Value, key: &Value, default: Option<Value>) -> PyResult {
        find_then(vm, this, key, default.unwrap_or(Value::UNBOUND), |vm, dict, key, default, at| match at {
            Some(at) => Ok(dict.take(at)),
            None if default.is_unbound() => Err(vm.key_error(key.clone())),
            None => Ok(default),
        })
    }

    /// Remove and return a (key, value) pair from the dictionary.
    ///
    /// Pairs are returned in LIFO order if last is true or FIFO order if false.
    #[method("popitem(self, /, last=True)")]
    fn popitem(vm: &Vm, this: &Dict, last: bool) -> PyResult {
        let table = this.table.borrow_mut();
        match if last { table.last() } else { table.first() } {
            Some(at) => {
                let (key, value) = table.remove(at);
                Ok(Value::from_tuple(vec![key, value]))
            }
            None => Err(vm.key_error(Value::from_str("dictionary is empty"))),
        }
    }

    /// Move an existing element to the end (or beginning if last is false).
    ///
    /// Raise KeyError if the element does not exist.
    #[method("move_to_end(self, /, key, last=True)")]
    fn move_to_end(vm: &Vm, this: &Value, key: &Value, last: bool) -> PyResult {
        find_then(vm, this, key, Value::bool(last), |vm, dict, key, last, at| {
            let Some(at) = at else { return Err(vm.key_error(key.clone())) };
            let table = dict.table.borrow_mut();
            let moved = if last.is_true() { table.move_to_end(at) } else { table.move_to_front(at) };
            if moved { Ok(Value::NONE) } else { Err(vm.memory_error()) }
        })
    }

    /// A shallow copy of od.
    #[method("copy(self, /)", text = none)]
    fn copy(vm: &Vm, this: Value) -> PyResult {
        let Some(dict) = this.to_ref::<Dict>() else { return Ok(Value::NONE) };
        if is_exact(vm, &this) {
            let made = exact_copy(vm, &dict)?;
            if let (Some(old), Some(new)) = (this.header(), made.header())
                && instance::len(old) > 0
            {
                instance::replace_dict(new, instance::dict(old).copy(vm)?);
            }
            return Ok(made);
        }
        let vm = vm.handle();
        Err(vm.defer(async move {
            let class = vm.class_of(&this).into_value();
            let made = vm.call(&class, Vec::new()).await?;
            for (key, _) in pairs(&dict) {
                let value = vm.item(&this, &key).await?;
                vm.store_item(&made, &key, &value).await?;
            }
            Ok(made)
        }))
    }

    /// Return state information for pickling
    #[method("__reduce__(self, /)", text = none)]
    async fn reduce(vm: VmRef, this: Value) -> PyResult {
        let state = vm.attr(&this, "__getstate__").await?;
        let state = vm.call(&state, Vec::new()).await?;
        let items = vm.attr(&this, "items").await?;
        let items = vm.call(&items, Vec::new()).await?;
        let items = vm.iter(&items).await?;
        let class = vm.class_of(&this).into_value();
        Ok(Value::from_tuple(vec![class, Value::from_tuple(Vec::new()), state, Value::NONE, items]))
    }

    /// The keys, as a set-like object.
    #[method("keys(self, /)", text = none)]
    fn keys(this: Ref<Dict>) -> Value {
        allocate(&with_classes(|classes| classes.keys.clone()), DictKeys { dict: this })
    }

    /// The values.
    #[method("values(self, /)", text = none)]
    fn values(this: Ref<Dict>) -> Value {
        allocate(&with_classes(|classes| classes.values.clone()), DictValues { dict: this })
    }

    /// The items, as a set-like object.
    #[method("items(self, /)", text = none)]
    fn items(this: Ref<Dict>) -> Value {
        allocate(&with_classes(|classes| classes.items.clone()), DictItems { dict: this })
    }

    /// od.__reversed__() <==> reversed(od)
    #[method("__reversed__(self, /)", text = none)]
    fn reversed(this: Ref<Dict>) -> Value {
        OrderedIterator::new(this, Part::Key, true)
    }

    #[slot(iter)]
    fn iter(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.to_ref::<Dict>().map_or(Value::NONE, |dict| OrderedIterator::new(dict, Part::Key, false)))
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Value) -> PyResult<String> {
        let Some(dict) = this.to_ref::<Dict>() else { return Ok(String::new()) };
        let name = vm.class_of(&this).name();
        if dict.is_empty() {
            return Ok(name + "()");
        }
        let Some(_entered) = Entered::new(&vm, &this) else { return Ok("...".to_string()) };
        let shown = if is_exact(&vm, &this) {
            dict.copy(&vm)?
        } else {
            let items = vm.attr(&this, "items").await?;
            let items = vm.call(&items, Vec::new()).await?;
            let shown = Dict::new_object();
            Dict::update(&vm, &shown, &items).await?;
            shown
        };
        let shown = vm.repr(shown.as_value()).await?.to_string_lossy();
        Ok(format!("{name}({shown})"))
    }

    #[slot(compare)]
    fn compare(vm: &Vm, this: &Value, other: &Value, op: CompareOp) -> PyResult {
        let Some(slot) = Dict::type_object().slots().compare else { return Ok(Value::NOT_IMPLEMENTED) };
        let result = slot(vm, this, other, op);
        if !is_ordered(vm, this) || !is_ordered(vm, other) {
            return result;
        }
        if let Ok(answer) = &result
            && answer.as_bool() != Some(op == CompareOp::Eq)
        {
            return result;
        }
        // Equal as dicts; the order must be the same, too.
        let (Some(left), Some(right)) = (this.to_ref::<Dict>(), other.to_ref::<Dict>()) else { return result };
        let (settle, vm_ref) = (vm.settle(result), vm.handle());
        vm.start(async move {
            let answer = settle.await?;
            if answer.as_bool() != Some(op == CompareOp::Eq) {
                return Ok(answer);
            }
            for ((left, _), (right, _)) in pairs(&left).into_iter().zip(pairs(&right)) {
                if !vm_ref.eq(&left, &right).await? {
                    return Ok(Value::bool(op == CompareOp::Ne));
                }
            }
            Ok(answer)
        })
    }

    #[slot(or)]
    fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        if left.downcast::<Dict>().is_none() || right.downcast::<Dict>().is_none() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let host = if is_ordered(vm, left) { left } else { right };
        let class = vm.class_of(host).into_value();
        let (vm_ref, left, right) = (vm.handle(), left.clone(), right.clone());
        vm.start(async move {
            let made = vm_ref.call(&class, vec![left]).await?;
            update_from(&vm_ref, &made, &right).await?;
            Ok(made)
        })
    }

    #[slot(ior)]
    fn inplace_or(vm: &Vm, this: &Value, other: &Value) -> PyResult {
        let (vm_ref, this, other) = (vm.handle(), this.clone(), other.clone());
        vm.start(async move {
            update_from(&vm_ref, &this, &other).await?;
            Ok(this)
        })
    }
}

/// What an iterator yields of each entry.
#[derive(Clone, Copy)]
enum Part {
    Key,
    Value,
    Item,
}

/// The payload of iterators over ordered dicts.
#[native_type(name = "odict_iterator")]
pub struct OrderedIterator {
    dict: Ref<Dict>,
    /// The next entry, or one more than it for reversed ones.
    at: Cell<usize>,
    left: Cell<usize>,
    version: u32,
    #[skip_traverse]
    part: Part,
    reversed: bool,
}

impl OrderedIterator {
    fn new(dict: Ref<Dict>, part: Part, reversed: bool) -> Value {
        let table = dict.table.borrow();
        let at = if reversed { table.entries().len() } else { 0 };
        let (left, version) = (table.len(), table.version());
        OrderedIterator { dict, at: Cell::new(at), left: Cell::new(left), version, part, reversed }.into_value()
    }

    fn advance(&self, vm: &Vm) -> PyResult {
        if self.left.get() == 0 {
            return Ok(Value::UNBOUND);
        }
        let table = self.dict.table.borrow();
        if table.version() != self.version {
            return Err(vm.runtime_error("OrderedDict mutated during iteration"));
        }
        let mut at = self.at.get();
        loop {
            let entry = if self.reversed {
                at = at.wrapping_sub(1);
                table.entries().get(at)
            } else {
                at += 1;
                table.entries().get(at - 1)
            };
            let Some(entry) = entry else {
                self.left.set(0);
                return Ok(Value::UNBOUND);
            };
            if entry.key.is_unbound() {
                continue;
            }
            self.at.set(at);
            self.left.set(self.left.get() - 1);
            return Ok(match self.part {
                Part::Key => entry.key.clone(),
                Part::Value => entry.value.clone(),
                Part::Item => Value::from_tuple(vec![entry.key.clone(), entry.value.clone()]),
            });
        }
    }
}

#[methods]
impl OrderedIterator {
    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    fn next(vm: &Vm, this: &Value) -> PyResult {
        this.downcast::<OrderedIterator>().map_or(Ok(Value::UNBOUND), |iterator| iterator.advance(vm))
    }

    /// Return state information for pickling
    #[method("__reduce__(self, /)", text = none)]
    fn reduce(vm: &Vm, this: &OrderedIterator) -> PyResult {
        let copy = OrderedIterator {
            dict: this.dict.clone(),
            at: this.at.clone(),
            left: this.left.clone(),
            version: this.version,
            part: this.part,
            reversed: this.reversed,
        };
        let mut items = vm.vec_with_capacity(this.left.get())?;
        loop {
            let item = copy.advance(vm)?;
            if item.is_unbound() {
                break;
            }
            items.push(item);
        }
        let iter = vm.builtins.get_text("iter").unwrap_or_default();
        Ok(Value::from_tuple(vec![iter, Value::from_tuple(vec![Value::from_list(items)])]))
    }
}

macro_rules! views {
    ($($host:ident $block:ident $view:ident $name:literal $part:expr;)*) => {
        $(
            /// Hosts the methods of one kind of view; no object has this type.
            #[native_type(name = $name)]
            struct $host {}

            #[methods(block = $block)]
            impl $host {
                #[slot(iter)]
                fn iter(_vm: &Vm, this: &Value) -> PyResult {
                    Ok(this.downcast::<$view>().map_or(Value::NONE, |view| {
                        OrderedIterator::new(view.dict.clone(), $part, false)
                    }))
                }

                #[method("__reversed__(self, /)", text = none)]
                fn reversed(this: &Value) -> Value {
                    this.downcast::<$view>().map_or(Value::NONE, |view| {
                        OrderedIterator::new(view.dict.clone(), $part, true)
                    })
                }

                #[slot(repr)]
                async fn repr(vm: VmRef, this: Value) -> PyResult<String> {
                    let Some(_entered) = Entered::new(&vm, &this) else { return Ok("...".to_string()) };
                    let items = vm.collect(&this).await?;
                    let items = vm.repr(&Value::from_list(items)).await?.to_string_lossy();
                    Ok(format!("{}({items})", $name))
                }
            }
        )*
    };
}

views! {
    KeysMethods KEYS DictKeys "odict_keys" Part::Key;
    ValuesMethods VALUES DictValues "odict_values" Part::Value;
    ItemsMethods ITEMS DictItems "odict_items" Part::Item;
}

/// Declares the class.
pub struct OrderedDict;

#[functions("_collections", FUNCTIONS)]
impl OrderedDict {
    #[constant("OrderedDict")]
    const CLASS: ClassConstant = ClassConstant;
}

/// Makes the class when the module is filled.
struct ClassConstant;

impl snakelet_vm::native::IntoResult for ClassConstant {
    fn into_result(self, _vm: &Vm) -> PyResult {
        Ok(class().into_value())
    }
}
