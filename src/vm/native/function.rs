//! `builtin_function_or_method`: functions of native modules, bound native methods, and `__new__`.

use snakelet_macros::{methods, native_type};

use super::{Args, DefKind, Extra, Family, NativeDef, NativeFn, Params};
use crate::object::Native;
use crate::types::object::cannot_create;
use crate::types::slots::CompareOp;
use crate::types::typeobject::{Type, TypeFlags};
use crate::{PyResult, Value, Vm};

/// The payload of builtin functions and bound builtin methods.
#[native_type(name = "builtin_function_or_method")]
pub struct NativeFunction {
    #[skip_traverse]
    pub def: &'static NativeDef,
    /// The instance or class that is passed as the first argument.
    pub self_value: Option<Value>,
    /// What it belongs to without being passed: a function's module, a static method's type.
    pub module: Option<Value>,
}

impl NativeFunction {
    /// A function of a module, or a static method of a type.
    pub fn unbound(def: &'static NativeDef, owner: Option<Value>) -> Value {
        NativeFunction { def, self_value: None, module: owner }.into_value()
    }

    /// A method bound to its instance or class.
    pub fn bound(def: &'static NativeDef, receiver: Value) -> Value {
        NativeFunction { def, self_value: Some(receiver), module: None }.into_value()
    }

    fn owner(&self) -> Option<&Value> {
        self.self_value.as_ref().or(self.module.as_ref())
    }
}

#[methods]
impl NativeFunction {
    #[slot(call)]
    fn call(vm: &Vm, this: &NativeFunction, args: Args<'_>) -> PyResult {
        match &this.self_value {
            None => (this.def.function)(vm, args),
            Some(receiver) => call_with_receiver(vm, this.def.function, receiver, args),
        }
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &NativeFunction) -> String {
        let name = this.def.name;
        match this.owner() {
            Some(owner) if this.def.kind != DefKind::Function => {
                format!("<built-in method {name} of {} object at {:#x}>", vm.type_name(owner), owner.bits())
            }
            _ => format!("<built-in function {name}>"),
        }
    }

    #[slot(compare)]
    fn compare(_vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let both = (left.downcast::<NativeFunction>(), right.downcast::<NativeFunction>());
        let ((Some(a), Some(b)), CompareOp::Eq | CompareOp::Ne) = (both, op) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let same = a.owner().map(Value::bits) == b.owner().map(Value::bits) && std::ptr::eq(a.def, b.def);
        Ok(Value::bool(same == (op == CompareOp::Eq)))
    }

    #[slot(hash)]
    fn hash(_vm: &Vm, this: &Value) -> PyResult {
        let hash = this.downcast::<NativeFunction>().map_or(0, |function| {
            let owner = function.owner().map_or(0, Value::bits) >> 4;
            (std::ptr::from_ref(function.def) as usize as u64 >> 4).wrapping_mul(31) ^ owner
        });
        Ok(Value::small_int((hash & 0x7fff_ffff_ffff) as i64))
    }

    #[getter("__name__")]
    fn name(this: &NativeFunction) -> &'static str {
        this.def.name
    }

    #[getter("__qualname__")]
    fn qualname(vm: &Vm, this: &NativeFunction) -> String {
        match this.owner() {
            Some(owner) if this.def.kind != DefKind::Function => {
                let ty = owner.downcast::<Type>().unwrap_or_else(|| vm.type_of(owner));
                let owner = ty.qualname.borrow().as_text().map(|text| text.to_utf8_lossy().into_owned());
                format!("{}.{}", owner.unwrap_or_default(), this.def.name)
            }
            _ => this.def.name.to_string(),
        }
    }

    #[getter("__doc__")]
    fn doc(vm: &Vm, this: &NativeFunction) -> PyResult {
        this.def.doc.value(vm)
    }

    #[getter("__text_signature__")]
    fn text_signature(vm: &Vm, this: &NativeFunction) -> PyResult {
        this.def.text.value(vm)
    }

    #[getter("__self__")]
    fn self_value(this: &NativeFunction) -> Value {
        let owner = if this.def.kind == DefKind::StaticMethod { None } else { this.owner() };
        owner.cloned().unwrap_or(Value::NONE)
    }

    #[getter("__module__")]
    fn module(this: &NativeFunction) -> Option<&'static str> {
        (this.def.kind == DefKind::Function).then_some(this.def.owner)
    }

    #[method("__reduce__(self, /)", text = none)]
    fn reduce(vm: &Vm, this: &NativeFunction) -> PyResult {
        match this.owner() {
            Some(owner) if this.def.kind != DefKind::Function => super::descriptors::reduce(vm, owner, this.def.name),
            _ => Ok(Value::from_str(this.def.name)),
        }
    }
}

/// Calls `function` with `receiver` before the arguments.
pub fn call_with_receiver(vm: &Vm, function: NativeFn, receiver: &Value, args: Args<'_>) -> PyResult {
    const FEW: usize = 6;
    let count = args.values.len();
    if count < FEW {
        let mut values = [const { Value::UNBOUND }; FEW];
        values[0] = receiver.clone();
        values[1..=count].clone_from_slice(args.values);
        return function(vm, Args { values: &values[..=count], kwnames: args.kwnames });
    }
    let mut values = vm.vec_with_capacity(count + 1)?;
    values.push(receiver.clone());
    values.extend_from_slice(args.values);
    function(vm, Args { values: &values, kwnames: args.kwnames })
}

/// `__new__` of every builtin type: bound to the type, it calls the type's `new` slot for the class in the first argument.
pub static NEW: NativeDef = NativeDef {
    name: "__new__",
    text: crate::docstring!("($type, *args, **kwargs)"),
    doc: crate::docstring!("Create and return a new object.  See help(type) for accurate signature."),
    owner: "object",
    function: call_new,
    extra: Extra::None,
    kind: DefKind::New,
    params: Params { rest: true, keywords: true, family: Family::Keywords, ..Params::NONE },
};

/// The code of [`NEW`]: the type it is bound to, the class, then the constructor's arguments.
pub fn call_new(vm: &Vm, args: Args<'_>) -> PyResult {
    let Some((Some(owner), rest)) = args.values.split_first().map(|(owner, rest)| (owner.downcast::<Type>(), rest))
    else {
        return Err(vm.type_error("__new__ is not bound to a type"));
    };
    let name = owner.name();
    let (class_value, values) = match rest.split_first() {
        Some((class, values)) if values.len() >= args.kwnames.len() => (class, values),
        _ => return Err(vm.type_error(format!("{name}.__new__(): not enough arguments"))),
    };
    let Some(class) = class_value.downcast::<Type>() else {
        let other = vm.type_name(class_value);
        return Err(vm.type_error(format!("{name}.__new__(X): X is not a type object ({other})")));
    };
    if !class.is_subtype(owner) {
        let other = class.name();
        return Err(vm.type_error(format!("{name}.__new__({other}): {other} is not a subtype of {name}")));
    }
    // The nearest builtin base decides how the memory is laid out, so it must be its constructor that runs.
    let mut base: Option<&Type> = Some(class);
    while let Some(ty) = base.filter(|ty| ty.has_flag(TypeFlags::HEAP) && !std::ptr::eq(*ty, owner)) {
        base = ty.base.borrow().as_deref();
    }
    let constructor = |ty: &Type| ty.slots().new.map(|slot| slot as usize);
    if let Some(base) = base.filter(|base| constructor(base) != constructor(owner)) {
        if constructor(base).is_none() {
            return Err(cannot_create(vm, class));
        }
        let (other, safe) = (class.name(), base.name());
        return Err(vm.type_error(format!("{name}.__new__({other}) is not safe, use {safe}.__new__()")));
    }
    match owner.slots().new {
        Some(new) => new(vm, class_value, Args { values, kwnames: args.kwnames }),
        None => Err(cannot_create(vm, class)),
    }
}
