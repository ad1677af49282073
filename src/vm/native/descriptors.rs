//! What stands in a builtin type's dict: descriptors for methods, class methods and attributes.
//!
//! A descriptor keeps the class it belongs to (`__objclass__`) and checks the receiver against it whenever it is bound or
//! called, so the native's wrapper can rely on it. (Slot wrappers are in `wrappers.rs`.)

use snakelet_macros::{methods, native_type};

use super::function::{NativeFunction, call_with_receiver};
use super::{Args, Extra, NativeDef};
use crate::object::Ref;
use crate::types::typeobject::Type;
use crate::{PyResult, Raised, Value, Vm};

/// The payload of `method_descriptor`: a method of a builtin type.
#[native_type(name = "method_descriptor", flags(method_descriptor))]
pub struct MethodDescriptor {
    #[skip_traverse]
    pub def: &'static NativeDef,
    pub objclass: Ref<Type>,
}

/// The payload of `classmethod_descriptor`: a class method of a builtin type.
#[native_type(name = "classmethod_descriptor")]
pub struct ClassMethodDescriptor {
    #[skip_traverse]
    pub def: &'static NativeDef,
    pub objclass: Ref<Type>,
}

/// The payload of `getset_descriptor`: a computed attribute of a builtin type.
#[native_type(name = "getset_descriptor")]
pub struct GetSetDescriptor {
    #[skip_traverse]
    pub def: &'static NativeDef,
    pub objclass: Ref<Type>,
}

#[methods(with = [MethodDescriptor::COMMON])]
impl MethodDescriptor {
    #[slot(call)]
    fn call(vm: &Vm, this: &MethodDescriptor, args: Args<'_>) -> PyResult {
        if let Some(receiver) = args.values.first()
            && args.positional_count() > 0
        {
            this.check(vm, receiver)?;
        }
        (this.def.function)(vm, args)
    }

    #[slot(descr_get)]
    fn get(vm: &Vm, descriptor: &Value, instance: Option<&Value>, _class: &Value) -> PyResult {
        let (Some(this), Some(instance)) = (descriptor.downcast::<MethodDescriptor>(), instance) else {
            return Ok(descriptor.clone());
        };
        this.check(vm, instance)?;
        Ok(NativeFunction::bound(this.def, instance.clone()))
    }

    #[slot(repr)]
    fn repr(this: &MethodDescriptor) -> String {
        format!("<method '{}' of '{}' objects>", this.def.name, this.objclass.name())
    }

    #[getter("__text_signature__")]
    fn text_signature(vm: &Vm, this: &MethodDescriptor) -> PyResult {
        this.def.text.value(vm)
    }

    #[method("__reduce__(self, /)", text = none)]
    fn reduce(vm: &Vm, this: &MethodDescriptor) -> PyResult {
        reduce(vm, this.objclass.as_value(), this.def.name)
    }
}

impl MethodDescriptor {
    /// Whether the method applies to `receiver`; else the TypeError.
    #[inline]
    pub fn check(&self, vm: &Vm, receiver: &Value) -> PyResult<()> {
        if vm.type_of(receiver).is_subtype(&self.objclass) {
            Ok(())
        } else {
            Err(wrong_receiver(vm, self.def, receiver))
        }
    }
}

#[methods(with = [ClassMethodDescriptor::COMMON])]
impl ClassMethodDescriptor {
    #[slot(call)]
    fn call(vm: &Vm, this: &ClassMethodDescriptor, args: Args<'_>) -> PyResult {
        let class = args.values.first().filter(|_| args.positional_count() > 0);
        let Some(class) = class else {
            let (name, owner) = (this.def.name, this.objclass.name());
            return Err(vm.type_error(format!("descriptor '{name}' of '{owner}' object needs an argument")));
        };
        this.check(vm, class)?;
        (this.def.function)(vm, args)
    }

    #[slot(descr_get)]
    fn get(vm: &Vm, this: &ClassMethodDescriptor, instance: Option<&Value>, class: &Value) -> PyResult {
        let class = match instance {
            Some(instance) if class.is_none() => vm.class_of(instance).into_value(),
            _ => class.clone(),
        };
        this.check(vm, &class)?;
        Ok(NativeFunction::bound(this.def, class))
    }

    #[slot(repr)]
    fn repr(this: &ClassMethodDescriptor) -> String {
        format!("<method '{}' of '{}' objects>", this.def.name, this.objclass.name())
    }

    #[getter("__text_signature__")]
    fn text_signature(vm: &Vm, this: &ClassMethodDescriptor) -> PyResult {
        this.def.text.value(vm)
    }
}

impl ClassMethodDescriptor {
    fn check(&self, vm: &Vm, class: &Value) -> PyResult<()> {
        let (name, owner) = (self.def.name, &self.objclass);
        match class.downcast::<Type>() {
            Some(class) if class.is_subtype(owner) => Ok(()),
            Some(class) => {
                let (owner, class) = (owner.name(), class.name());
                Err(vm
                    .type_error(format!("descriptor '{name}' requires a subtype of '{owner}' but received '{class}'")))
            }
            None => {
                let (owner, other) = (owner.name(), vm.type_name(class));
                let message = format!("descriptor '{name}' for type '{owner}' needs a type, not a '{other}' as arg 2");
                Err(vm.type_error(message))
            }
        }
    }
}

#[methods(with = [GetSetDescriptor::COMMON])]
impl GetSetDescriptor {
    #[slot(descr_get)]
    fn get(vm: &Vm, descriptor: &Value, instance: Option<&Value>, _class: &Value) -> PyResult {
        match (descriptor.downcast::<GetSetDescriptor>(), instance) {
            (Some(this), Some(instance)) => this.read(vm, instance),
            _ => Ok(descriptor.clone()),
        }
    }

    #[slot(descr_set)]
    fn set(vm: &Vm, this: &GetSetDescriptor, instance: &Value, value: Option<&Value>) -> PyResult {
        this.check(vm, instance)?;
        let Extra::Setter(setter) = this.def.extra else {
            let (name, owner) = (this.def.name, this.objclass.name());
            return Err(vm.attribute_error(format!("attribute '{name}' of '{owner}' objects is not writable")));
        };
        let args = Args::positional(value.map_or(&[], std::slice::from_ref));
        call_with_receiver(vm, setter, instance, args)
    }

    /// For pickling: how to get the descriptor again.
    #[method("__reduce__(self, /)", text = none)]
    fn reduce(vm: &Vm, this: &GetSetDescriptor) -> PyResult {
        reduce(vm, this.objclass.as_value(), this.def.name)
    }

    #[slot(repr)]
    fn repr(this: &GetSetDescriptor) -> String {
        format!("<attribute '{}' of '{}' objects>", this.def.name, this.objclass.name())
    }
}

impl GetSetDescriptor {
    /// The attribute of `instance`.
    pub fn read(&self, vm: &Vm, instance: &Value) -> PyResult {
        self.check(vm, instance)?;
        (self.def.function)(vm, Args::positional(std::slice::from_ref(instance)))
    }

    fn check(&self, vm: &Vm, receiver: &Value) -> PyResult<()> {
        if vm.type_of(receiver).is_subtype(&self.objclass) {
            Ok(())
        } else {
            let (name, owner, other) = (self.def.name, self.objclass.name(), vm.type_name(receiver));
            Err(vm.type_error(format!("descriptor '{name}' for '{owner}' objects doesn't apply to a '{other}' object")))
        }
    }
}

macro_rules! common_attributes {
    ($($ty:ident)*) => {
        $(
            #[methods(block = COMMON)]
            impl $ty {
                #[getter("__name__")]
                fn name(this: &$ty) -> &'static str {
                    this.def.name
                }

                #[getter("__qualname__")]
                fn qualname(this: &$ty) -> String {
                    match this.def.owner {
                        // Of a class that Python code made.
                        "" => {
                            let class = this.objclass.qualname.borrow();
                            let class = class.as_text().map_or(Default::default(), |text| text.to_utf8_lossy());
                            format!("{class}.{}", this.def.name)
                        }
                        _ => this.def.qualname(),
                    }
                }

                #[getter("__objclass__")]
                fn objclass(this: &$ty) -> Ref<Type> {
                    this.objclass.clone()
                }

                #[getter("__doc__")]
                fn doc(vm: &Vm, this: &$ty) -> PyResult {
                    this.def.doc.value(vm)
                }
            }
        )*
    };
}

common_attributes!(MethodDescriptor ClassMethodDescriptor GetSetDescriptor);

/// The TypeError for a method or attribute of one type applied to an object of another.
#[cold]
#[inline(never)]
pub(super) fn wrong_receiver(vm: &Vm, def: &NativeDef, receiver: &Value) -> Raised {
    let (name, owner, other) = (def.name, def.owner, vm.type_name(receiver));
    vm.type_error(format!("descriptor '{name}' for '{owner}' objects doesn't apply to a '{other}' object"))
}

/// `(getattr, (owner, name))`, which is how these objects are copied and pickled.
pub(crate) fn reduce(vm: &Vm, owner: &Value, name: &str) -> PyResult {
    let getattr = vm.builtins.get_text("getattr").unwrap_or(Value::NONE);
    let args = Value::from_tuple(vec![owner.clone(), Value::from_str(name)]);
    Ok(Value::from_tuple(vec![getattr, args]))
}
