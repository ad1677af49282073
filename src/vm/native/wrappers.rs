//! Slot wrappers: the special methods of builtin types, made from the slots a type fills.
//!
//! One line of [`WRAPPERS`] gives a method's name, documentation and the slot behind it; [`wrappers_for`] picks those whose slot a
//! type has itself. `int.__add__` is a `wrapper_descriptor`, `(1).__add__` a `method-wrapper`.

use snakelet_macros::{methods, native_type};

use super::{Args, CallSlot, Docstring};
use crate::object::{Native, Ref};
use crate::types::slots::{AssignSlot, BinarySlot, CompareOp, DescrGetSlot, Slots, TernarySlot, UnarySlot};
use crate::types::typeobject::Type;
use crate::{PyResult, Value, Vm};

/// How a wrapper's arguments reach its slot, and how to find the slot.
enum Access {
    Unary(fn(&Slots) -> Option<UnarySlot>),
    /// `__next__`: the end becomes StopIteration.
    Next,
    Binary(fn(&Slots) -> Option<BinarySlot>),
    /// `__radd__`: the slot with its operands exchanged.
    Reflected(fn(&Slots) -> Option<BinarySlot>),
    /// `__getattribute__`: the argument is an attribute name.
    Attribute,
    Power(fn(&Slots) -> Option<TernarySlot>),
    ReflectedPower(fn(&Slots) -> Option<TernarySlot>),
    Compare(CompareOp),
    Assign(fn(&Slots) -> Option<AssignSlot>),
    Delete(fn(&Slots) -> Option<AssignSlot>),
    SetAttribute,
    DeleteAttribute,
    Get(fn(&Slots) -> Option<DescrGetSlot>),
    Call(fn(&Slots) -> Option<CallSlot>),
}

/// The static description of one special method.
pub struct WrapperDef {
    pub name: &'static str,
    pub doc: Docstring,
    access: Access,
}

macro_rules! wrappers {
    ($($name:literal $access:ident $(($argument:tt))? $doc:literal;)*) => {
        /// Every special method that slots provide; of two lines with one name the first whose slot is filled counts.
        static WRAPPERS: &[WrapperDef] = &[$(
            WrapperDef { name: $name, doc: crate::docstring!($doc), access: wrappers!(@ $access $($argument)?) },
        )*];
    };
    (@ Compare $op:ident) => { Access::Compare(CompareOp::$op) };
    (@ $access:ident $slot:ident) => { Access::$access(|slots| slots.$slot) };
    (@ $access:ident) => { Access::$access };
}

wrappers! {
    "__repr__" Unary(repr) "Return repr(self).";
    "__hash__" Unary(hash) "Return hash(self).";
    "__call__" Call(call) "Call self as a function.";
    "__str__" Unary(str) "Return str(self).";
    "__getattribute__" Attribute "Return getattr(self, name).";
    "__setattr__" SetAttribute "Implement setattr(self, name, value).";
    "__delattr__" DeleteAttribute "Implement delattr(self, name).";
    "__lt__" Compare(Lt) "Return self<value.";
    "__le__" Compare(Le) "Return self<=value.";
    "__eq__" Compare(Eq) "Return self==value.";
    "__ne__" Compare(Ne) "Return self!=value.";
    "__gt__" Compare(Gt) "Return self>value.";
    "__ge__" Compare(Ge) "Return self>=value.";
    "__iter__" Unary(iter) "Implement iter(self).";
    "__next__" Next "Implement next(self).";
    "__get__" Get(descr_get) "Return an attribute of instance, which is of type owner.";
    "__set__" Assign(descr_set) "Set an attribute of instance to value.";
    "__delete__" Delete(descr_set) "Delete an attribute of instance.";
    "__init__" Call(init) "Initialize self.  See help(type(self)) for accurate signature.";
    "__del__" Unary(del) "Called when the instance is about to be destroyed.";
    "__await__" Unary(await_) "Return an iterator to be used in await expression.";
    "__aiter__" Unary(aiter) "Return an awaitable, that resolves in asynchronous iterator.";
    "__anext__" Unary(anext) "Return a value or raise StopAsyncIteration.";
    "__add__" Binary(add) "Return self+value.";
    "__radd__" Reflected(add) "Return value+self.";
    "__sub__" Binary(sub) "Return self-value.";
    "__rsub__" Reflected(sub) "Return value-self.";
    "__mul__" Binary(mul) "Return self*value.";
    "__rmul__" Reflected(mul) "Return value*self.";
    "__mod__" Binary(mod_) "Return self%value.";
    "__rmod__" Reflected(mod_) "Return value%self.";
    "__divmod__" Binary(divmod) "Return divmod(self, value).";
    "__rdivmod__" Reflected(divmod) "Return divmod(value, self).";
    "__pow__" Power(pow) "Return pow(self, value, mod).";
    "__rpow__" ReflectedPower(pow) "Return pow(value, self, mod).";
    "__neg__" Unary(neg) "-self";
    "__pos__" Unary(pos) "+self";
    "__abs__" Unary(abs) "abs(self)";
    "__bool__" Unary(bool) "True if self else False";
    "__invert__" Unary(invert) "~self";
    "__lshift__" Binary(lshift) "Return self<<value.";
    "__rlshift__" Reflected(lshift) "Return value<<self.";
    "__rshift__" Binary(rshift) "Return self>>value.";
    "__rrshift__" Reflected(rshift) "Return value>>self.";
    "__and__" Binary(and) "Return self&value.";
    "__rand__" Reflected(and) "Return value&self.";
    "__xor__" Binary(xor) "Return self^value.";
    "__rxor__" Reflected(xor) "Return value^self.";
    "__or__" Binary(or) "Return self|value.";
    "__ror__" Reflected(or) "Return value|self.";
    "__int__" Unary(int) "int(self)";
    "__float__" Unary(float) "float(self)";
    "__iadd__" Binary(iadd) "Return self+=value.";
    "__isub__" Binary(isub) "Return self-=value.";
    "__imul__" Binary(imul) "Return self*=value.";
    "__imod__" Binary(imod) "Return self%=value.";
    "__ipow__" Binary(ipow) "Return self**=value.";
    "__ilshift__" Binary(ilshift) "Return self<<=value.";
    "__irshift__" Binary(irshift) "Return self>>=value.";
    "__iand__" Binary(iand) "Return self&=value.";
    "__ixor__" Binary(ixor) "Return self^=value.";
    "__ior__" Binary(ior) "Return self|=value.";
    "__floordiv__" Binary(floordiv) "Return self//value.";
    "__rfloordiv__" Reflected(floordiv) "Return value//self.";
    "__truediv__" Binary(truediv) "Return self/value.";
    "__rtruediv__" Reflected(truediv) "Return value/self.";
    "__ifloordiv__" Binary(ifloordiv) "Return self//=value.";
    "__itruediv__" Binary(itruediv) "Return self/=value.";
    "__index__" Unary(index) "Return self converted to an integer, if self is suitable for use as an index into a list.";
    "__matmul__" Binary(matmul) "Return self@value.";
    "__rmatmul__" Reflected(matmul) "Return value@self.";
    "__imatmul__" Binary(imatmul) "Return self@=value.";
    "__len__" Unary(len) "Return len(self).";
    "__getitem__" Binary(getitem) "Return self[key].";
    "__setitem__" Assign(setitem) "Set self[key] to value.";
    "__delitem__" Delete(setitem) "Delete self[key].";
    "__contains__" Binary(contains) "Return bool(key in self).";
    "__add__" Binary(concat) "Return self+value.";
    "__mul__" Binary(repeat) "Return self*value.";
    "__rmul__" Binary(repeat) "Return value*self.";
    "__iadd__" Binary(inplace_concat) "Implement self+=value.";
    "__imul__" Binary(inplace_repeat) "Implement self*=value.";
}

/// The wrappers for the slots that are filled.
pub fn wrappers_for(slots: &Slots) -> impl Iterator<Item = &'static WrapperDef> {
    WRAPPERS.iter().filter(|def| match &def.access {
        Access::Unary(slot) => slot(slots).is_some(),
        Access::Next => slots.next.is_some(),
        Access::Binary(slot) | Access::Reflected(slot) => slot(slots).is_some(),
        Access::Attribute => slots.getattr.is_some(),
        Access::Power(slot) | Access::ReflectedPower(slot) => slot(slots).is_some(),
        Access::Compare(_) => slots.compare.is_some(),
        Access::Assign(slot) | Access::Delete(slot) => slot(slots).is_some(),
        Access::SetAttribute | Access::DeleteAttribute => slots.setattr.is_some(),
        Access::Get(slot) => slot(slots).is_some(),
        Access::Call(slot) => slot(slots).is_some(),
    })
}

impl WrapperDef {
    /// `__text_signature__`
    pub fn text(&self) -> &'static str {
        match (&self.access, self.name) {
            (Access::Unary(_) | Access::Next, _) => "($self, /)",
            (Access::Call(_), _) => "($self, /, *args, **kwargs)",
            (Access::Binary(_), "__getitem__" | "__contains__") | (Access::Delete(_), "__delitem__") => {
                "($self, key, /)"
            }
            (Access::Binary(_) | Access::Reflected(_) | Access::Compare(_), _) => "($self, value, /)",
            (Access::Power(_) | Access::ReflectedPower(_), _) => "($self, value, mod=None, /)",
            (Access::Attribute | Access::DeleteAttribute, _) => "($self, name, /)",
            (Access::SetAttribute, _) => "($self, name, value, /)",
            (Access::Assign(_), "__setitem__") => "($self, key, value, /)",
            (Access::Assign(_), _) => "($self, instance, value, /)",
            (Access::Delete(_), _) => "($self, instance, /)",
            (Access::Get(_), _) => "($self, instance, owner=None, /)",
        }
    }

    /// Calls the slot of `slots` (the class the wrapper belongs to) for `this`.
    fn invoke(&self, vm: &Vm, slots: &Slots, this: &Value, args: Args<'_>) -> PyResult {
        if let Access::Call(slot) = &self.access {
            return match slot(slots) {
                Some(slot) => slot(vm, this, args),
                None => Err(self.no_slot(vm)),
            };
        }
        if !args.kwnames.is_empty() {
            return Err(vm.type_error(format!("wrapper {}() takes no keyword arguments", self.name)));
        }
        let result = match (&self.access, args.values) {
            (Access::Unary(slot), []) => slot(slots).map(|slot| slot(vm, this)),
            (Access::Next, []) => slots.next.map(|slot| {
                vm.set_returned(Value::NONE);
                then(vm, slot(vm, this), |vm, value| {
                    if value.is_unbound() { Err(vm.stop_iteration(vm.take_returned())) } else { Ok(value) }
                })
            }),
            (Access::Binary(slot), [other]) => slot(slots).map(|slot| slot(vm, this, other)),
            (Access::Reflected(slot), [other]) => slot(slots).map(|slot| slot(vm, other, this)),
            (Access::Attribute, [name]) => slots.getattr.map(|slot| slot(vm, this, &attribute_name(vm, name)?)),
            (Access::Power(slot), [other]) => slot(slots).map(|slot| slot(vm, this, other, &Value::NONE)),
            (Access::Power(slot), [other, modulus]) => slot(slots).map(|slot| slot(vm, this, other, modulus)),
            (Access::ReflectedPower(slot), [other]) => slot(slots).map(|slot| slot(vm, other, this, &Value::NONE)),
            (Access::ReflectedPower(slot), [other, modulus]) => slot(slots).map(|slot| slot(vm, other, this, modulus)),
            (Access::Compare(op), [other]) => slots.compare.map(|slot| slot(vm, this, other, *op)),
            (Access::Assign(slot), [key, value]) => slot(slots).map(|slot| slot(vm, this, key, Some(value))),
            (Access::Delete(slot), [key]) => slot(slots).map(|slot| slot(vm, this, key, None)),
            (Access::SetAttribute, [name, value]) => {
                self.check_set(vm, slots, this)?;
                slots.setattr.map(|slot| slot(vm, this, &attribute_name(vm, name)?, Some(value)))
            }
            (Access::DeleteAttribute, [name]) => {
                self.check_set(vm, slots, this)?;
                slots.setattr.map(|slot| slot(vm, this, &attribute_name(vm, name)?, None))
            }
            (Access::Get(slot), [instance, rest @ ..]) if rest.len() <= 1 => {
                let none = Value::NONE;
                let class = rest.first().unwrap_or(&none);
                let instance = Some(instance).filter(|instance| !instance.is_none());
                match instance {
                    None if class.is_none() => return Err(vm.type_error("__get__(None, None) is invalid")),
                    _ => slot(slots).map(|slot| slot(vm, this, instance, class)),
                }
            }
            _ => return Err(self.count_error(vm, args.values.len())),
        };
        match (result, &self.access) {
            (None, _) => Err(self.no_slot(vm)),
            (Some(Ok(_)), Access::Assign(_) | Access::Delete(_) | Access::SetAttribute | Access::DeleteAttribute) => {
                Ok(Value::NONE)
            }
            (Some(result), _) => result,
        }
    }

    /// Refuses to set an attribute behind the back of a builtin type that does it in its own way.
    fn check_set(&self, vm: &Vm, slots: &Slots, this: &Value) -> PyResult<()> {
        let address = |slot: Option<AssignSlot>| slot.map(|slot| slot as usize);
        let ty = vm.type_of(this);
        let mro = ty.mro.borrow();
        let builtin = mro.iter().find(|class| !class.has_flag(crate::types::typeobject::TypeFlags::HEAP));
        match builtin {
            Some(own) if std::ptr::eq(own.table, crate::types::module::Module::TABLE) => {
                let _ = own;
                Ok(())
            }
            Some(own) if address(own.slots().setattr) != address(slots.setattr) => {
                let (name, class) = (self.name, ty.name());
                Err(vm.type_error(format!("can't apply this {name} to {class} object")))
            }
            _ => Ok(()),
        }
    }

    #[cold]
    fn count_error(&self, vm: &Vm, given: usize) -> crate::Raised {
        let name = self.name;
        let message = match &self.access {
            Access::Unary(_) | Access::Next => format!("expected 0 arguments, got {given}"),
            Access::Power(_) | Access::ReflectedPower(_) => format!("expected 1 or 2 arguments, got {given}"),
            Access::Assign(_) | Access::SetAttribute => format!("{name} expected 2 arguments, got {given}"),
            Access::Get(_) if given == 0 => format!("{name} expected at least 1 argument, got 0"),
            Access::Get(_) => format!("{name} expected at most 2 arguments, got {given}"),
            _ => format!("expected 1 argument, got {given}"),
        };
        vm.type_error(message)
    }

    /// The class has lost the slot, which builtin types never do.
    #[cold]
    fn no_slot(&self, vm: &Vm) -> crate::Raised {
        vm.type_error(format!("slot wrapper '{}' has no slot to call", self.name))
    }
}

/// `map` applied to a result that may be deferred.
fn then(vm: &Vm, result: PyResult, map: fn(&Vm, Value) -> PyResult) -> PyResult {
    match result {
        Ok(value) => map(vm, value),
        Err(raised) if !vm.is_deferred() => Err(raised),
        Err(_) => {
            let (vm_ref, result) = (vm.handle(), vm.settle(result));
            Err(vm.defer(async move { map(&vm_ref, result.await?) }))
        }
    }
}

/// An attribute name given by a program, interned.
fn attribute_name(vm: &Vm, name: &Value) -> PyResult {
    if name.as_text().is_none() {
        let other = vm.type_name(name);
        return Err(vm.type_error(format!("attribute name must be string, not '{other}'")));
    }
    Ok(crate::object::intern::intern_value(name))
}

/// The payload of `wrapper_descriptor`: a special method of a builtin type.
#[native_type(name = "wrapper_descriptor", flags(method_descriptor))]
pub struct WrapperDescriptor {
    #[skip_traverse]
    pub def: &'static WrapperDef,
    pub objclass: Ref<Type>,
}

/// The payload of `method-wrapper`: such a method bound to an instance.
#[native_type(name = "method-wrapper")]
pub struct MethodWrapper {
    #[skip_traverse]
    pub def: &'static WrapperDef,
    pub objclass: Ref<Type>,
    pub instance: Value,
}

#[methods(with = [WrapperDescriptor::COMMON])]
impl WrapperDescriptor {
    #[slot(call)]
    fn call(vm: &Vm, this: &WrapperDescriptor, args: Args<'_>) -> PyResult {
        let (name, owner) = (this.def.name, &this.objclass);
        let Some((receiver, values)) = args.values.split_first().filter(|_| args.positional_count() > 0) else {
            let owner = owner.name();
            return Err(vm.type_error(format!("descriptor '{name}' of '{owner}' object needs an argument")));
        };
        if !vm.type_of(receiver).is_subtype(owner) {
            let (owner, other) = (owner.name(), vm.type_name(receiver));
            return Err(
                vm.type_error(format!("descriptor '{name}' requires a '{owner}' object but received a '{other}'"))
            );
        }
        this.def.invoke(vm, owner.slots(), receiver, Args { values, kwnames: args.kwnames })
    }

    #[slot(descr_get)]
    fn get(vm: &Vm, descriptor: &Value, instance: Option<&Value>, _class: &Value) -> PyResult {
        let (Some(this), Some(instance)) = (descriptor.downcast::<WrapperDescriptor>(), instance) else {
            return Ok(descriptor.clone());
        };
        if !vm.type_of(instance).is_subtype(&this.objclass) {
            let (name, owner, other) = (this.def.name, this.objclass.name(), vm.type_name(instance));
            let message = format!("descriptor '{name}' for '{owner}' objects doesn't apply to a '{other}' object");
            return Err(vm.type_error(message));
        }
        Ok(MethodWrapper { def: this.def, objclass: this.objclass.clone(), instance: instance.clone() }.into_value())
    }

    #[slot(repr)]
    fn repr(this: &WrapperDescriptor) -> String {
        format!("<slot wrapper '{}' of '{}' objects>", this.def.name, this.objclass.name())
    }

    #[method("__reduce__(self, /)", text = none)]
    fn reduce(vm: &Vm, this: &WrapperDescriptor) -> PyResult {
        super::descriptors::reduce(vm, this.objclass.as_value(), this.def.name)
    }
}

#[methods(with = [MethodWrapper::COMMON])]
impl MethodWrapper {
    #[slot(call)]
    fn call(vm: &Vm, this: &MethodWrapper, args: Args<'_>) -> PyResult {
        this.def.invoke(vm, this.objclass.slots(), &this.instance, args)
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &MethodWrapper) -> String {
        let class = vm.type_name(&this.instance);
        format!("<method-wrapper '{}' of {class} object at {:#x}>", this.def.name, this.instance.bits())
    }

    #[slot(compare)]
    fn compare(_vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let both = (left.downcast::<MethodWrapper>(), right.downcast::<MethodWrapper>());
        let ((Some(a), Some(b)), CompareOp::Eq | CompareOp::Ne) = (both, op) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let same = std::ptr::eq(a.def, b.def) && a.objclass.is(&b.objclass) && a.instance.is(&b.instance);
        Ok(Value::bool(same == (op == CompareOp::Eq)))
    }

    #[slot(hash)]
    fn hash(this: &MethodWrapper) -> i64 {
        let bits = (std::ptr::from_ref(this.def) as usize as u64 >> 4).wrapping_mul(31) ^ this.instance.bits() >> 4;
        (bits & 0x7fff_ffff_ffff) as i64
    }

    #[getter("__self__")]
    fn instance(this: &MethodWrapper) -> Value {
        this.instance.clone()
    }

    #[method("__reduce__(self, /)", text = none)]
    fn reduce(vm: &Vm, this: &MethodWrapper) -> PyResult {
        super::descriptors::reduce(vm, &this.instance, this.def.name)
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
                    format!("{}.{}", this.objclass.name(), this.def.name)
                }

                #[getter("__objclass__")]
                fn objclass(this: &$ty) -> Ref<Type> {
                    this.objclass.clone()
                }

                #[getter("__doc__")]
                fn doc(vm: &Vm, this: &$ty) -> PyResult {
                    this.def.doc.value(vm)
                }

                #[getter("__text_signature__")]
                fn text_signature(this: &$ty) -> &'static str {
                    this.def.text()
                }
            }
        )*
    };
}

common_attributes!(WrapperDescriptor MethodWrapper);
