//! `mappingproxy`: a read-only view of a mapping, as `class.__dict__` is one.

use snakelet_macros::{methods, native_type};

use crate::object::Native;
use crate::types::dict::Dict;
use crate::types::generic_alias::alias;
use crate::types::list::List;
use crate::types::slots::CompareOp;
use crate::types::tuple::Tuple;
use crate::types::typeobject::Type;
use crate::{PyResult, Ref, Value, Vm, VmRef};

/// The payload of mapping proxies.
#[native_type(name = "mappingproxy", doc = "Read-only proxy of a mapping.", flags(MAPPING))]
pub struct MappingProxy {
    mapping: Value,
}

impl MappingProxy {
    pub fn new(mapping: Value) -> MappingProxy {
        MappingProxy { mapping }
    }
}

/// The value, or the mapping behind it.
fn unwrapped(value: &Value) -> &Value {
    value.downcast::<MappingProxy>().map_or(value, |proxy| &proxy.mapping)
}

/// Calls a method of the mapping (async).
async fn call_method(vm: VmRef, this: Ref<MappingProxy>, name: &'static str, args: Vec<Value>) -> PyResult {
    let method = vm.attr(&this.mapping, name).await?;
    vm.call(&method, args).await
}

#[methods]
impl MappingProxy {
    #[new("mappingproxy(mapping)", family = "keywords")]
    fn new_proxy(vm: &Vm, _cls: Ref<Type>, mapping: Value) -> PyResult {
        let is_mapping = vm.type_of(&mapping).slots().getitem.is_some()
            && mapping.downcast::<List>().is_none()
            && mapping.downcast::<Tuple>().is_none();
        if !is_mapping {
            let name = vm.type_name(&mapping);
            return Err(vm.type_error(format!("mappingproxy() argument must be a mapping, not {name}")));
        }
        Ok(MappingProxy::new(mapping).into_value())
    }

    /// The value of the key if it is there, else the default.
    #[method("get(self, key, default=None, /)", text = none)]
    async fn get(vm: VmRef, this: Ref<MappingProxy>, key: Value, default: Option<Value>) -> PyResult {
        call_method(vm, this, "get", vec![key, default.unwrap_or_default()]).await
    }

    /// A view of the keys.
    #[method("keys(self, /)", text = none)]
    async fn keys(vm: VmRef, this: Ref<MappingProxy>) -> PyResult {
        call_method(vm, this, "keys", Vec::new()).await
    }

    /// A view of the values.
    #[method("values(self, /)", text = none)]
    async fn values(vm: VmRef, this: Ref<MappingProxy>) -> PyResult {
        call_method(vm, this, "values", Vec::new()).await
    }

    /// A view of the items.
    #[method("items(self, /)", text = none)]
    async fn items(vm: VmRef, this: Ref<MappingProxy>) -> PyResult {
        call_method(vm, this, "items", Vec::new()).await
    }

    /// A shallow copy of the mapping.
    #[method("copy(self, /)", text = none)]
    async fn copy(vm: VmRef, this: Ref<MappingProxy>) -> PyResult {
        call_method(vm, this, "copy", Vec::new()).await
    }

    /// An iterator over the keys, last first.
    #[method("__reversed__(self, /)", text = none)]
    async fn reversed(vm: VmRef, this: Ref<MappingProxy>) -> PyResult {
        call_method(vm, this, "__reversed__", Vec::new()).await
    }

    /// See PEP 585.
    #[classmethod("__class_getitem__(cls, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        alias(cls, object)
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Ref<MappingProxy>) -> PyResult {
        let inner = vm.repr(&this.mapping).await?;
        let mut text = snakelet_text::TextBuilder::new();
        text.push_str("mappingproxy(");
        text.push_text(inner.text());
        text.push_str(")");
        text.finish().map(Value::from_text).map_err(|_| vm.memory_error())
    }

    #[slot(str)]
    fn str(vm: &Vm, this: &MappingProxy) -> PyResult {
        vm.str_of(&this.mapping)
    }

    #[slot(hash)]
    fn hash(vm: &Vm, this: &MappingProxy) -> PyResult {
        vm.hash_of(&this.mapping)
    }

    #[slot(compare)]
    fn compare(vm: &Vm, this: &Value, other: &Value, op: CompareOp) -> PyResult {
        match this.downcast::<MappingProxy>() {
            Some(proxy) => vm.rich_compare(&proxy.mapping, other, op),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(iter)]
    fn iter(vm: &Vm, this: &MappingProxy) -> PyResult {
        vm.get_iter(&this.mapping)
    }

    #[slot(len)]
    fn length(vm: &Vm, this: &MappingProxy) -> PyResult {
        vm.len_of(&this.mapping)
    }

    #[slot(contains)]
    fn contains(vm: &Vm, this: &MappingProxy, key: &Value) -> PyResult {
        vm.contains(key, &this.mapping)
    }

    #[slot(getitem)]
    fn getitem(vm: &Vm, this: &MappingProxy, key: &Value) -> PyResult {
        vm.get_item(&this.mapping, key)
    }

    #[slot(or)]
    fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult {
        vm.binary(crate::protocol::BinaryOp::Or, unwrapped(left), unwrapped(right))
    }

    #[slot(ior)]
    fn ior(vm: &Vm, _this: &Value, _other: &Value) -> PyResult {
        Err(vm.type_error("'|=' is not supported by mappingproxy; use '|' instead"))
    }
}

impl MappingProxy {
    /// The dict behind the proxy, if it is one.
    pub fn dict(&self) -> Option<&Dict> {
        self.mapping.downcast::<Dict>()
    }
}
