//! Modules.

use snakelet_macros::{methods, native_type};

use crate::object::{Native, Ref};
use crate::types::dict::Dict;
use crate::types::typeobject::Type;
use crate::{PyResult, Raised, Value, Vm, VmRef};

/// The payload of modules.
#[native_type(
    name = "module",
    doc = "Create a module object.\n\nThe name must be a string; the optional docstring can have any type.",
    flags(subclassable, weak_references)
)]
pub struct Module {
    /// `__dict__`.
    pub dict: Ref<Dict>,
}

impl Module {
    /// A new module object with `__name__` and the other standard names set to None.
    pub fn new_object(name: &str) -> Ref<Module> {
        let module = Module { dict: Dict::new_object() };
        module.initialize(Value::from_str(name), Value::NONE);
        module.into_object()
    }

    fn initialize(&self, name: Value, doc: Value) {
        self.dict.set_text("__name__", name);
        self.dict.set_text("__doc__", doc);
        for other in ["__package__", "__loader__", "__spec__"] {
            self.dict.set_text(other, Value::NONE);
        }
    }

    fn text(&self, name: &Value) -> Option<String> {
        Some(self.dict.get_str(name)?.as_text()?.to_utf8_lossy().into_owned())
    }
}

/// The error for an attribute that a module does not have.
fn missing(vm: &Vm, this: &Value, module: &Module, name: &Value) -> Raised {
    let attribute = name.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
    let message = match module.text(&crate::name!(__name__)) {
        None => format!("module has no attribute '{attribute}'"),
        Some(own) if crate::import::is_initializing(vm, this) => match module.text(&crate::name!(__file__)) {
            Some(file) => format!(
                "partially initialized module '{own}' from '{file}' has no attribute '{attribute}' \
                 (most likely due to a circular import)"
            ),
            None => format!(
                "partially initialized module '{own}' has no attribute '{attribute}' \
                 (most likely due to a circular import)"
            ),
        },
        Some(own) if vm.modules.get_text(&format!("{own}.{attribute}")).is_some() => {
            format!("cannot access submodule '{attribute}' of module '{own}' (most likely due to a circular import)")
        }
        Some(own) => format!("module '{own}' has no attribute '{attribute}'"),
    };
    vm.attribute_error_for(this, name, &message)
}

/// A module's repr by its spec: where it comes from, else its loader.
async fn repr_of_spec(vm: VmRef, spec: &Value) -> PyResult<String> {
    let get =
        async |name: &str| Ok(vm.attr_opt(spec, &crate::object::intern::intern(name)).await?.unwrap_or(Value::NONE));
    let shown = async |value: Value| Ok(vm.repr(&value).await?.to_string_lossy());
    let name = get("name").await?;
    let name = if name.is_none() { "'?'".to_string() } else { shown(name).await? };
    let (origin, loader) = (get("origin").await?, get("loader").await?);
    if origin.is_none() {
        return Ok(if loader.is_none() {
            format!("<module {name}>")
        } else if vm.class_name(&loader) == "NamespaceLoader" {
            let folders = get("submodule_search_locations").await?;
            let folders = Value::from_list(vm.collect(&folders).await?);
            format!("<module {name} (namespace) from {}>", shown(folders).await?)
        } else {
            format!("<module {name} ({})>", shown(loader).await?)
        });
    }
    let has_location = get("has_location").await?;
    Ok(if vm.truth(&has_location).await? {
        format!("<module {name} from {}>", shown(origin).await?)
    } else {
        format!("<module {name} ({})>", vm.str(&origin).await?.to_string_lossy())
    })
}

/// What the class of a module says about the attribute: the value of a descriptor, or the raw attribute.
fn class_attribute(vm: &Vm, this: &Value, class: &Type, name: &Value, data_only: bool) -> Option<PyResult> {
    let value = class.lookup(name)?;
    let slots = vm.type_of(&value).slots();
    match slots.descr_get {
        Some(getter) if slots.descr_set.is_some() || !data_only => {
            Some(getter(vm, &value, Some(this), vm.class_of(this).as_value()))
        }
        None if !data_only => Some(Ok(value)),
        _ => None,
    }
}

#[methods]
impl Module {
    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, args: crate::native::Args<'_>) -> PyResult {
        let _ = args;
        vm.new_instance(cls, Module { dict: Dict::new_object() })
    }

    #[init("module(self, name, doc=None)", text = "(name, doc=None)")]
    fn init(vm: &Vm, this: &Module, name: &Value, doc: &Value) -> PyResult<()> {
        if name.as_text().is_none() {
            let got = vm.type_name(name);
            return Err(vm.type_error(format!("module() argument 'name' must be str, not {got}")));
        }
        this.initialize(name.clone(), doc.clone());
        Ok(())
    }

    #[slot(getattr)]
    fn getattr(vm: &Vm, this: &Value, name: &Value) -> PyResult {
        let Some(module) = this.downcast::<Module>() else { return Err(vm.no_attribute(this, name)) };
        let class = vm.type_of(this);
        if let Some(result) = class_attribute(vm, this, class, name, true) {
            return result;
        }
        if let Some(value) = module.dict.get_str(name) {
            return Ok(value);
        }
        if let Some(result) = class_attribute(vm, this, class, name, false) {
            return result;
        }
        if crate::import::is_lazy(vm, this, name) {
            return Err(vm.defer(crate::import::lazy_attribute(vm.handle(), this.clone(), name.clone())));
        }
        match module.dict.get_str(&crate::name!(__getattr__)) {
            Some(function) => {
                let call = vm.call(&function, vec![name.clone()]);
                Err(vm.defer(call))
            }
            None => Err(missing(vm, this, module, name)),
        }
    }

    #[slot(setattr)]
    fn setattr(vm: &Vm, this: &Value, name: &Value, value: Option<&Value>) -> PyResult {
        let Some(module) = this.downcast::<Module>() else { return Err(vm.no_attribute(this, name)) };
        if let Some(descriptor) = vm.type_of(this).lookup(name)
            && let Some(setter) = vm.type_of(&descriptor).slots().descr_set
        {
            return setter(vm, &descriptor, this, value);
        }
        match value {
            Some(value) => module.dict.set_str(name, value.clone()),
            None if module.dict.remove_str(name).is_none() => return Err(missing(vm, this, module, name)),
            None => {}
        }
        Ok(Value::NONE)
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Ref<Module>) -> PyResult<String> {
        if let Some(spec) = this.dict.get_str(&crate::name!(__spec__)).filter(|spec| !spec.is_none()) {
            return repr_of_spec(vm, &spec).await;
        }
        let name = this.dict.get_str(&crate::name!(__name__));
        let shown = match &name {
            Some(name) => vm.repr(name).await?.to_string_lossy(),
            None => "'?'".to_string(),
        };
        if let Some(file) = this.dict.get_str(&crate::name!(__file__)) {
            let file = vm.repr(&file).await?.to_string_lossy();
            return Ok(format!("<module {shown} from {file}>"));
        }
        if let Some(path) = this.dict.get_str(&crate::name!(__path__)).filter(|path| !path.is_none()) {
            let path = vm.repr(&path).await?.to_string_lossy();
            return Ok(format!("<module {shown} (namespace) from {path}>"));
        }
        let text = name.as_ref().and_then(Value::as_text).map(|text| text.to_utf8_lossy());
        let is_builtin = text.is_some_and(|text| crate::import::is_native(&vm, &text));
        Ok(if is_builtin { format!("<module {shown} (built-in)>") } else { format!("<module {shown}>") })
    }

    #[getter("__dict__")]
    fn dict(this: &Module) -> Value {
        this.dict.value()
    }

    /// List of the names in the module.
    #[method("__dir__(self, /)", text = none)]
    async fn dir(vm: VmRef, this: Ref<Module>) -> PyResult {
        let shown = vm.attr(this.as_value(), "__dict__").await?;
        if shown.downcast::<Dict>().is_none() {
            return Err(vm.type_error("<module>.__dict__ is not a dictionary"));
        }
        if let Some(own) = this.dict.get_str(&crate::name!(__dir__)) {
            return vm.call(&own, Vec::new()).await;
        }
        let mut names: Vec<Value> = this.dict.table.borrow().iter().map(|entry| entry.key.clone()).collect();
        let lazy = ["__loader__", "__spec__"].into_iter().chain(crate::import::SYS_NAMES);
        for name in lazy.map(crate::object::intern::intern) {
            if this.dict.get_str(&name).is_none() && crate::import::is_lazy(&vm, this.as_value(), &name) {
                names.push(name);
            }
        }
        Ok(Value::from_list(names))
    }

    #[getter("__annotate__")]
    fn annotate(this: &Module) -> Value {
        let name = crate::name!(__annotate__);
        let known = this.dict.get_str(&name);
        if known.is_none() {
            this.dict.set_str(&name, Value::NONE);
        }
        known.unwrap_or(Value::NONE)
    }

    #[setter("__annotate__")]
    fn set_annotate(vm: &Vm, this: &Module, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.type_error("cannot delete __annotate__ attribute")) };
        if !value.is_none() && vm.type_of(value).slots().call.is_none() {
            return Err(vm.type_error("__annotate__ must be callable or None"));
        }
        this.dict.set_str(&crate::name!(__annotate__), value.clone());
        if !value.is_none() {
            this.dict.remove_str(&crate::name!(__annotations__));
        }
        Ok(())
    }

    #[getter("__annotations__")]
    fn annotations(vm: &Vm, this: &Value) -> PyResult {
        let Some(module) = this.to_ref::<Module>() else { return Ok(Value::NONE) };
        if let Some(known) = module.dict.get_str(&crate::name!(__annotations__)) {
            return Ok(known);
        }
        let annotate = module
            .dict
            .get_str(&crate::name!(__annotate__))
            .filter(|annotate| vm.type_of(annotate).slots().call.is_some());
        let vm = vm.handle();
        Err(vm.defer(async move {
            let annotations = match annotate {
                Some(annotate) => vm.call(&annotate, vec![Value::small_int(1)]).await?,
                None => Dict::new_object().into_value(),
            };
            if annotations.downcast::<Dict>().is_none() {
                let got = vm.type_name(&annotations);
                return Err(vm.type_error(format!("__annotate__ returned non-dict of type '{got}'")));
            }
            // What is still running may have more to say later.
            if !crate::import::is_initializing(&vm, module.as_value()) {
                module.dict.set_str(&crate::name!(__annotations__), annotations.clone());
            }
            Ok(annotations)
        }))
    }

    #[setter("__annotations__")]
    fn set_annotations(vm: &Vm, this: &Module, value: Option<&Value>) -> PyResult<()> {
        let name = crate::name!(__annotations__);
        match value {
            Some(value) => this.dict.set_str(&name, value.clone()),
            None if this.dict.remove_str(&name).is_none() => return Err(vm.attribute_error("__annotations__")),
            None => {}
        }
        this.dict.remove_str(&crate::name!(__annotate__));
        Ok(())
    }
}
