//! `types.SimpleNamespace`, the type of `sys.implementation`.

use snakelet_macros::{methods, native_type};

use crate::object::{Native, Ref, instance};
use crate::protocol::sequence_repr::Entered;
use crate::types::dict::Dict;
use crate::types::object::full_name;
use crate::types::slots::CompareOp;
use crate::{PyResult, Value, Vm, VmRef};

/// The payload of simple namespaces: everything is in their attributes.
#[native_type(
    name = "SimpleNamespace",
    module = "types",
    doc = "A simple attribute-based namespace.",
    flags(subclassable, has_dict)
)]
pub struct SimpleNamespace {}

impl SimpleNamespace {
    /// A namespace with these attributes.
    pub fn make(attributes: Vec<(&str, Value)>) -> Value {
        let namespace = SimpleNamespace {}.into_value();
        if let Some(header) = namespace.header() {
            for (name, value) in attributes {
                instance::set(header, &crate::object::intern::intern(name), value);
            }
        }
        namespace
    }
}

fn attributes(value: &Value) -> Ref<Dict> {
    value.header().map_or_else(Dict::new_object, instance::dict)
}

#[methods]
impl SimpleNamespace {
    /// The attributes.
    #[getter("__dict__")]
    fn dict(this: &Value) -> Value {
        attributes(this).into_value()
    }

    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, args: crate::native::Args<'_>) -> PyResult {
        let _ = args;
        vm.new_instance(cls, SimpleNamespace {})
    }

    #[init("SimpleNamespace(self, mapping_or_iterable=(), /, **kwargs)")]
    async fn init(
        vm: VmRef,
        this: Ref<SimpleNamespace>,
        mapping_or_iterable: Value,
        kwargs: Vec<(Value, Value)>,
    ) -> PyResult<()> {
        let dict = attributes(this.as_value());
        let is_empty =
            mapping_or_iterable.downcast::<crate::types::tuple::Tuple>().is_some_and(|t| t.items().is_empty());
        if !is_empty {
            let update = vm.attr(dict.as_value(), "update").await?;
            vm.call(&update, vec![mapping_or_iterable]).await?;
            let keys: Vec<Value> = dict.table.borrow().iter().map(|entry| entry.key.clone()).collect();
            if let Some(key) = keys.iter().find(|key| key.as_text().is_none()) {
                let got = vm.type_name(key);
                return Err(vm.type_error(format!("keywords must be strings, not '{got}'")));
            }
        }
        for (name, value) in kwargs {
            dict.set_str(&name, value);
        }
        Ok(())
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Value) -> PyResult<String> {
        let class = vm.class_of(&this);
        let exact = class.is(&SimpleNamespace::type_object());
        let mut text = if exact { "namespace".to_string() } else { class.name() };
        text.push('(');
        let Some(entered) = Entered::new(&vm, &this) else { return Ok(text + "...)") };
        let entries: Vec<(Value, Value)> =
            attributes(&this).table.borrow().iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect();
        let mut first = true;
        for (name, value) in entries {
            let Some(name) = name.as_text() else { continue };
            if !first {
                text.push_str(", ");
            }
            first = false;
            text.push_str(&name.to_utf8_lossy());
            text.push('=');
            text.push_str(&vm.repr(&value).await?.to_string_lossy());
        }
        drop(entered);
        text.push(')');
        Ok(text)
    }

    #[slot(compare)]
    fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let both = left.downcast::<SimpleNamespace>().is_some() && right.downcast::<SimpleNamespace>().is_some();
        if !both || !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        vm.rich_compare(attributes(left).as_value(), attributes(right).as_value(), op)
    }

    #[method("__replace__(self, /, **changes)", text = none)]
    async fn replace(vm: VmRef, this: Value, changes: Vec<(Value, Value)>) -> PyResult {
        let class = vm.class_of(&this);
        let copy = vm.call(class.as_value(), Vec::new()).await?;
        if copy.downcast::<SimpleNamespace>().is_none() {
            let (class, got) = (full_name(&vm, &class), full_name(&vm, vm.type_of(&copy)));
            let message = format!("expect types.SimpleNamespace type, but {class}() returned '{got}' object");
            return Err(vm.type_error(message));
        }
        let dict = attributes(&copy);
        let old: Vec<(Value, Value)> =
            attributes(&this).table.borrow().iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect();
        for (name, value) in old.into_iter().chain(changes) {
            dict.set_str(&name, value);
        }
        Ok(copy)
    }

    #[method("__reduce__(self, /)", text = none)]
    fn reduce(vm: &Vm, this: &Value) -> Value {
        let class = vm.class_of(this).into_value();
        Value::from_tuple(vec![class, Value::from_tuple(Vec::new()), attributes(this).into_value()])
    }
}
