//! `defaultdict`: a class derived from `dict`, with its payload and an attribute for the factory.

use std::cell::OnceCell;

use snakelet_macros::{functions, methods, native_type};
use snakelet_vm::native::{Args, Native};
use snakelet_vm::object::instance;
use snakelet_vm::protocol::sequence_repr::Entered;
use snakelet_vm::types::builtin::make_derived_class_with_slots;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::object::MemberDescriptor;
use snakelet_vm::types::typeobject::Type;
use snakelet_vm::{PyResult, Ref, Value, Vm, VmRef};

thread_local! {
    static CLASS: OnceCell<Ref<Type>> = const { OnceCell::new() };
}

/// The class.
pub fn class() -> Ref<Type> {
    const DOC: &str = "defaultdict(default_factory=None, /, [...]) --> dict with default factory\n\nThe default factory is called without arguments to produce a new value when a key is not present.";
    CLASS.with(|class| {
        class
            .get_or_init(|| {
                let blocks = [Methods::DEFAULT_DICT];
                let ty =
                    make_derived_class_with_slots("defaultdict", "collections", DOC, Dict::type_object(), &blocks, 1);
                let name = snakelet_vm::name!(default_factory);
                let member = MemberDescriptor {
                    name: name.clone(),
                    objclass: ty.clone(),
                    index: 0,
                    kind: snakelet_vm::types::object::MemberKind::Slot,
                };
                ty.dict.set_str(&name, member.into_value());
                ty.modified();
                ty
            })
            .clone()
    })
}

fn factory(this: &Value) -> Value {
    this.header().and_then(|header| instance::slot(header, 0)).unwrap_or_default()
}

fn set_factory(this: &Value, value: Value) {
    if let Some(header) = this.header() {
        instance::set_slot(header, 0, Some(value));
    }
}

/// Hosts the methods; no object has this type.
#[native_type(name = "defaultdict", module = "collections")]
struct Methods {}

#[methods(block = DEFAULT_DICT)]
impl Methods {
    #[slot(init)]
    fn init(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        let (default, rest) = match args.values.split_first() {
            Some((first, rest)) if args.positional_count() > 0 => (first.clone(), rest),
            _ => (Value::NONE, args.values),
        };
        if !default.is_none() && vm.type_of(&default).slots().call.is_none() {
            return Err(vm.type_error("first argument must be callable or None"));
        }
        set_factory(this, default);
        match Dict::type_object().slots().init {
            Some(init) => init(vm, this, Args { values: rest, kwnames: args.kwnames }),
            None => Ok(Value::NONE),
        }
    }

    /// Called by __getitem__ for a missing key: calls the factory, stores and returns its value.
    #[method("__missing__(self, key, /)", text = none)]
    async fn missing(vm: VmRef, this: Value, key: Value) -> PyResult {
        let factory = factory(&this);
        if factory.is_none() {
            return Err(vm.key_error(key));
        }
        let value = vm.call(&factory, Vec::new()).await?;
        let Some(dict) = this.to_ref::<Dict>() else { return Ok(value) };
        // The factory may have stored the key itself.
        if let Some(known) = Dict::get(&vm, &dict, &key).await? {
            return Ok(known);
        }
        Dict::set(&vm, &dict, &key, &value).await?;
        Ok(value)
    }

    /// A shallow copy.
    #[method("copy(self, /)", text = none)]
    async fn copy(vm: VmRef, this: Value) -> PyResult {
        let class = vm.class_of(&this).into_value();
        vm.call(&class, vec![factory(&this), this]).await
    }

    #[method("__copy__(self, /)", text = none)]
    async fn copy_protocol(vm: VmRef, this: Value) -> PyResult {
        Methods::copy(vm, this).await
    }

    #[method("__reduce__(self, /)", text = none)]
    async fn reduce(vm: VmRef, this: Value) -> PyResult {
        let factory = factory(&this);
        let args = if factory.is_none() { Vec::new() } else { vec![factory] };
        let items = vm.attr(&this, "items").await?;
        let items = vm.call(&items, Vec::new()).await?;
        let items = vm.iter(&items).await?;
        let class = vm.class_of(&this).into_value();
        Ok(Value::from_tuple(vec![class, Value::from_tuple(args), Value::NONE, Value::NONE, items]))
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Value) -> PyResult<String> {
        let name = vm.class_name(&this);
        let factory = factory(&this);
        let factory = match Entered::new(&vm, &factory) {
            Some(_entered) => vm.repr(&factory).await?.to_string_lossy(),
            None => "...".to_string(),
        };
        let Some(slot) = Dict::type_object().slots().repr else { return Ok(name) };
        let items = slot(&vm, &this);
        let items = vm.settle(items).await?;
        let items = items.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
        Ok(format!("{name}({factory}, {items})"))
    }

    #[slot(or)]
    async fn or(vm: VmRef, left: Value, right: Value) -> PyResult {
        if left.downcast::<Dict>().is_none() || right.downcast::<Dict>().is_none() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let host = if vm.class_of(&left).is_subtype(&class()) { &left } else { &right };
        let made = vm.class_of(host).into_value();
        let made = vm.call(&made, vec![factory(host), left.clone()]).await?;
        let update = vm.attr(&made, "update").await?;
        vm.call(&update, vec![right]).await?;
        Ok(made)
    }
}

pub struct DefaultDict;

#[functions("_collections", FUNCTIONS)]
impl DefaultDict {
    #[constant("defaultdict")]
    const CLASS: ClassConstant = ClassConstant;
}

/// Makes the class when the module is filled.
struct ClassConstant;

impl snakelet_vm::native::IntoResult for ClassConstant {
    fn into_result(self, _vm: &Vm) -> PyResult {
        Ok(class().into_value())
    }
}
