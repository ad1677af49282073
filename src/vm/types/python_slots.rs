//! Slots of Python classes: functions that call the special methods.
//!
//! [`update`] gives a class its slots: for each special method found in the MRO either the builtin slot behind a wrapper
//! descriptor, or a function from here that calls the method. All of them are deferrals built on a handful of async functions.

use crate::errors::{Exc, fields};
use crate::native::Args;
use crate::native::NativeFunction;
use crate::native::wrappers::WrapperDescriptor;
use crate::object::intern::intern;
use crate::types::function::Function;
use crate::types::property::StaticMethod;
use crate::types::slots::{CompareOp, Slots};
use crate::types::typeobject::{Type, TypeFlags};
use crate::{PyResult, Raised, Ref, Value, Vm, VmRef};

/// What must hold of a special method's result.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Check {
    Any,
    Text,
    Hash,
    Bool,
    Truth,
    Length,
    Iterator,
    Awaitable,
    Next,
    Int,
    Float,
    None,
}

/// Calls `this.name(*args)` as found on the type and checks the result.
async fn call(vm: VmRef, this: Value, name: Value, args: Vec<Value>, check: Check) -> PyResult {
    let Some(method) = vm.lookup_special(&this, &name) else { return Err(vm.no_attribute(&this, &name)) };
    if method.is_none() {
        return Err(not_available(&vm, &this, &name));
    }
    let result = if method.downcast_exact::<Function>().is_some() {
        let mut all = Vec::with_capacity(args.len() + 1);
        all.push(this.clone());
        all.extend(args);
        vm.call(&method, all).await
    } else {
        let bound = vm.bind(&method, &this);
        let bound = vm.settle(bound).await?;
        vm.call(&bound, args).await
    };
    let value = match check {
        Check::Next => return crate::exec::end_of_iteration(&vm, result),
        _ => result?,
    };
    checked(vm, value, &this, &name, check).await
}

fn text(name: &Value) -> String {
    name.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned())
}

fn not_available(vm: &Vm, this: &Value, name: &Value) -> Raised {
    let class = vm.type_name(this);
    vm.type_error(match text(name).as_str() {
        "__hash__" => format!("unhashable type: '{class}'"),
        "__iter__" | "__reversed__" => format!("'{class}' object is not iterable"),
        "__contains__" => format!("'{class}' object is not a container"),
        "__call__" => format!("'{class}' object is not callable"),
        _ => "'NoneType' object is not callable".to_string(),
    })
}

async fn checked(vm: VmRef, value: Value, this: &Value, name: &Value, check: Check) -> PyResult {
    let got = |vm: &Vm| vm.type_name(&value);
    match check {
        Check::Any | Check::Next => Ok(value),
        Check::Text if value.as_text().is_some() => Ok(value),
        Check::Text => Err(vm.type_error(format!("{} returned non-string (type {})", text(name), got(&vm)))),
        Check::Hash => match value.to_bigint() {
            Some(n) => {
                use num_traits::ToPrimitive;
                let hash = match n.to_i64() {
                    Some(n) => n,
                    None => snakelet_number::hash::int(&n),
                };
                Ok(Value::from_i64(if hash == -1 { -2 } else { hash }))
            }
            None => Err(vm.type_error("__hash__ method should return an integer")),
        },
        Check::Bool if value.as_bool().is_some() => Ok(value),
        Check::Bool => Err(vm.type_error(format!("__bool__ should return bool, returned {}", got(&vm)))),
        Check::Truth => vm.truth(&value).await.map(Value::bool),
        Check::Length => {
            let index = vm.index(&value).await?;
            match index.to_i64() {
                Some(n) if n < 0 => Err(vm.value_error("__len__() should return >= 0")),
                Some(_) => Ok(index),
                None if index.to_bigint().is_some_and(|n| n.sign() == num_bigint::Sign::Minus) => {
                    Err(vm.value_error("__len__() should return >= 0"))
                }
                None => Err(vm.overflow_error("cannot fit 'int' into an index-sized integer")),
            }
        }
        Check::Awaitable if is_awaited_itself(&value) => Err(vm.type_error("__await__() returned a coroutine")),
        Check::Awaitable if vm.type_of(&value).slots().next.is_some() => Ok(value),
        Check::Awaitable => Err(vm.type_error(format!("__await__() returned non-iterator of type '{}'", got(&vm)))),
        Check::Iterator if vm.type_of(&value).slots().next.is_some() => Ok(value),
        Check::Iterator => Err(vm.type_error(format!("iter() returned non-iterator of type '{}'", got(&vm)))),
        Check::Int if value.is_int() => {
            if !value.is_small_int() && value.downcast_exact::<crate::types::int::Int>().is_none() {
                warn_of_subclass(vm, &value, &text(name), "int").await?;
            }
            Ok(value)
        }
        Check::Int => Err(vm.type_error(format!("{} returned non-int (type {})", text(name), got(&vm)))),
        Check::Float if value.to_float().is_some() => {
            if !value.is_float() {
                let method = format!("{}.{}", vm.type_name(this), text(name));
                warn_of_subclass(vm, &value, &method, "float").await?;
            }
            Ok(value)
        }
        Check::Float => {
            Err(vm.type_error(format!("{}.{} returned non-float (type {})", vm.type_name(this), text(name), got(&vm))))
        }
        Check::None if value.is_none() => Ok(value),
        Check::None => Err(vm.type_error(format!("{}() should return None, not '{}'", text(name), got(&vm)))),
    }
}

/// Coroutines, and generators that `types.coroutine` has made awaitable.
fn is_awaited_itself(value: &Value) -> bool {
    use crate::types::generator::{Coroutine, Generator};
    let flag = snakelet_bytecode::CodeFlags::ITERABLE_COROUTINE;
    value.downcast_exact::<Coroutine>().is_some()
        || value.downcast_exact::<Generator>().is_some_and(|generator| generator.body.code.has_flag(flag))
}

/// The warning about a conversion that gives an instance of a subclass.
pub(crate) async fn warn_of_subclass(vm: VmRef, value: &Value, method: &str, wanted: &str) -> PyResult<()> {
    let class = vm.type_name(value);
    let message = format!(
        "{method} returned non-{wanted} (type {class}).  The ability to return an instance of a strict subclass of {wanted} is \
         deprecated, and may be removed in a future version of Python."
    );
    crate::errors::warn::warn(vm, Exc::DeprecationWarning, &message, 1).await.map(drop)
}

/// The result of `this.name(*args)`, to come.
fn defer(vm: &Vm, this: &Value, name: Value, args: &[Value], check: Check) -> PyResult {
    let Some(method) = python_method(vm, this, &name) else {
        return Err(vm.defer(call(vm.handle(), this.clone(), name, args.to_vec(), check)));
    };
    let result = Err(defer_method(vm, method, this, args));
    if check == Check::Any {
        return result;
    }
    let this = this.clone();
    vm.then(result, move |vm, result| match (check, result) {
        (Check::Next, result) => crate::exec::end_of_iteration(vm, result),
        (_, Err(raised)) => Err(raised),
        (_, Ok(value)) if is_plainly(check, &value) => Ok(value),
        (_, Ok(value)) => {
            let vm = vm.handle();
            Err(vm.defer(async move { checked(vm, value, &this, &name, check).await }))
        }
    })
}

/// The special method of this name, if it is a Python function, which binds without any code being run.
fn python_method(vm: &Vm, this: &Value, name: &Value) -> Option<Value> {
    vm.lookup_special(this, name).filter(|method| method.downcast_exact::<Function>().is_some())
}

/// Defers to `method(this, *args)`.
fn defer_method(vm: &Vm, method: Value, this: &Value, args: &[Value]) -> Raised {
    match args {
        [] => vm.defer_call(method, std::slice::from_ref(this)),
        [one] => vm.defer_call(method, &[this.clone(), one.clone()]),
        [one, two] => vm.defer_call(method, &[this.clone(), one.clone(), two.clone()]),
        _ => unreachable!("special methods have at most two arguments"),
    }
}

/// Whether the result needs no further look.
fn is_plainly(check: Check, value: &Value) -> bool {
    match check {
        Check::Any | Check::Next => true,
        Check::Text => value.as_text().is_some(),
        Check::Hash => value.as_small_int().is_some_and(|n| n != -1),
        Check::Bool | Check::Truth => value.as_bool().is_some(),
        Check::Length => value.as_small_int().is_some_and(|n| n >= 0 && n <= isize::MAX as i64),
        Check::Int => value.is_small_int(),
        Check::Float => value.is_float(),
        Check::None => value.is_none(),
        Check::Iterator | Check::Awaitable => false,
    }
}

/// The function that a call of an instance of a Python class comes to, if it is a plain one.
pub(crate) fn call_function_of(vm: &Vm, callee: &Value) -> Option<Value> {
    let slot = vm.type_of(callee).slots().call?;
    if slot as usize != call_slot as *const () as usize {
        return None;
    }
    python_method(vm, callee, &crate::name!(__call__))
}

macro_rules! unary {
    ($($function:ident $name:ident $check:ident;)*) => {
        $(fn $function(vm: &Vm, this: &Value) -> PyResult {
            defer(vm, this, crate::name!($name), &[], Check::$check)
        })*
    };
}

unary! {
    repr __repr__ Text; str __str__ Text; hash __hash__ Hash; iter __iter__ Iterator; next __next__ Next; del __del__ Any;
    await_ __await__ Awaitable; aiter __aiter__ Any; anext __anext__ Any; bool_ __bool__ Bool; len __len__ Length;
    neg __neg__ Any; pos __pos__ Any; abs __abs__ Any; invert __invert__ Any; int __int__ Int; float __float__ Float;
    index __index__ Int;
}

fn getitem(vm: &Vm, this: &Value, key: &Value) -> PyResult {
    defer(vm, this, crate::name!(__getitem__), std::slice::from_ref(key), Check::Any)
}

fn setitem(vm: &Vm, this: &Value, key: &Value, value: Option<&Value>) -> PyResult {
    match value {
        Some(value) => defer(vm, this, crate::name!(__setitem__), &[key.clone(), value.clone()], Check::Any),
        None => {
            if vm.lookup_special(this, &crate::name!(__delitem__)).is_none() {
                let class = vm.type_name(this);
                return Err(vm.type_error(format!("'{class}' object does not support item deletion")));
            }
            defer(vm, this, crate::name!(__delitem__), std::slice::from_ref(key), Check::Any)
        }
    }
}

fn contains(vm: &Vm, this: &Value, item: &Value) -> PyResult {
    defer(vm, this, crate::name!(__contains__), std::slice::from_ref(item), Check::Truth)
}

fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
    let name = intern(op.method());
    match vm.lookup_special(left, &name) {
        None => Ok(Value::NOT_IMPLEMENTED),
        Some(method) => match method.downcast::<WrapperDescriptor>() {
            // An inherited builtin comparison: its slot knows more than the wrapper.
            Some(wrapper)
                if let Some(slot) = wrapper.objclass.slots().compare
                    && vm.type_of(left).is_subtype(&wrapper.objclass) =>
            {
                slot(vm, left, right, op)
            }
            None if method.downcast::<crate::types::property::Property>().is_some() => {
                let (handle, left, right) = (vm.handle(), left.clone(), right.clone());
                Err(vm.defer(async move {
                    // A comparison that cannot be had is none.
                    match handle.bind_special(&method, &left).await {
                        Ok(bound) => handle.call(&bound, vec![right]).await,
                        Err(_) => {
                            handle.take_raised();
                            Ok(Value::NOT_IMPLEMENTED)
                        }
                    }
                }))
            }
            _ => defer(vm, left, name, std::slice::from_ref(right), Check::Any),
        },
    }
}

fn call_slot(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
    let (handle, this) = (vm.handle(), this.clone());
    let (values, names) = (args.values.to_vec(), args.kwnames.to_vec());
    Err(vm.defer(async move {
        let name = crate::name!(__call__);
        let Some(method) = handle.lookup_special(&this, &name) else { return Err(handle.no_attribute(&this, &name)) };
        if method.is_none() {
            return Err(not_available(&handle, &this, &name));
        }
        let bound = handle.bind_special(&method, &this).await?;
        handle.call_kw(&bound, values, names).await
    }))
}

fn new(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
    let (handle, cls) = (vm.handle(), cls.clone());
    let (values, names) = (args.values.to_vec(), args.kwnames.to_vec());
    Err(vm.defer(async move {
        let method = handle.attr(&cls, "__new__").await?;
        let mut all = Vec::with_capacity(values.len() + 1);
        all.push(cls);
        all.extend(values);
        handle.call_kw(&method, all, names).await
    }))
}

fn init(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
    let (handle, this) = (vm.handle(), this.clone());
    let (values, names) = (args.values.to_vec(), args.kwnames.to_vec());
    Err(vm.defer(async move {
        let name = crate::name!(__init__);
        let Some(method) = handle.lookup_special(&this, &name) else { return Ok(Value::NONE) };
        let bound = handle.bind_special(&method, &this).await?;
        let value = handle.call_kw(&bound, values, names).await?;
        checked(handle, value, &this, &name, Check::None).await
    }))
}

/// `__getattribute__` of a Python class, with the `__getattr__` fallback.
fn getattr(vm: &Vm, this: &Value, name: &Value) -> PyResult {
    let own = vm.lookup_special(this, &crate::name!(__getattribute__));
    let standard = own.as_ref().is_none_or(|own| own.downcast::<WrapperDescriptor>().is_some());
    let fallback = vm.lookup_special(this, &crate::name!(__getattr__));
    if standard {
        let slot = builtin_getattr(vm, this);
        let result = slot(vm, this, name);
        let Some(fallback) = fallback else { return result };
        return match result {
            Err(raised) if !vm.is_deferred() => match vm.catch(Exc::AttributeError) {
                Some(_) => getattr_fallback(vm, this, fallback, name),
                None => Err(raised),
            },
            deferred => {
                let (this, name) = (this.clone(), name.clone());
                vm.then(deferred, move |vm, result| match result {
                    Err(_) if vm.catch(Exc::AttributeError).is_some() => getattr_fallback(vm, &this, fallback, &name),
                    result => result,
                })
            }
        };
    }
    let (handle, this, name) = (vm.handle(), this.clone(), name.clone());
    Err(vm.defer(async move {
        match call(handle, this.clone(), crate::name!(__getattribute__), vec![name.clone()], Check::Any).await {
            Err(raised) => match fallback {
                Some(fallback) => match handle.catch(Exc::AttributeError) {
                    Some(_) => {
                        let result = getattr_fallback(&handle, &this, fallback, &name);
                        handle.settle(result).await
                    }
                    None => Err(raised),
                },
                None => {
                    complete_attribute_error(&handle, &this, &name);
                    Err(raised)
                }
            },
            ok => ok,
        }
    }))
}

fn getattr_fallback(vm: &Vm, this: &Value, method: Value, name: &Value) -> PyResult {
    let (object, asked) = (this.clone(), name.clone());
    let deferred = if method.downcast_exact::<Function>().is_some() {
        defer_method(vm, method, this, std::slice::from_ref(name))
    } else {
        let (handle, this, name) = (vm.handle(), this.clone(), name.clone());
        vm.defer(async move {
            let bound = handle.bind_special(&method, &this).await?;
            handle.call(&bound, vec![name]).await
        })
    };
    vm.then(Err(deferred), move |vm, result| {
        if result.is_err() {
            complete_attribute_error(vm, &object, &asked);
        }
        result
    })
}

/// An AttributeError that a method raised without a name is about the attribute that was asked for.
#[cold]
fn complete_attribute_error(vm: &Vm, object: &Value, name: &Value) {
    let Some(exception) = vm.raised.borrow() else { return };
    if Exc::AttributeError.matches(exception)
        && fields::get(exception, "name").is_none()
        && fields::get(exception, "obj").is_none()
    {
        fields::set(exception, "name", name.clone());
        fields::set(exception, "obj", object.clone());
    }
}

/// The first builtin `getattr` in the MRO.
fn builtin_getattr(vm: &Vm, this: &Value) -> crate::types::slots::BinarySlot {
    let ty = vm.type_of(this);
    let found = ty.mro.borrow().iter().filter(|ty| !ty.has_flag(TypeFlags::HEAP)).find_map(|ty| ty.slots().getattr);
    found.unwrap_or(crate::types::object::object_getattr)
}

fn setattr(vm: &Vm, this: &Value, name: &Value, value: Option<&Value>) -> PyResult {
    let method = if value.is_some() { crate::name!(__setattr__) } else { crate::name!(__delattr__) };
    match vm.lookup_special(this, &method) {
        // A wrapper under another name is a method like others.
        Some(found)
            if found.downcast::<WrapperDescriptor>().is_none_or(|found| !intern(found.def.name).is(&method)) =>
        {
            let args: Vec<Value> = std::iter::once(name).chain(value).cloned().collect();
            defer(vm, this, method, &args, Check::Any)
        }
        _ => {
            let ty = vm.type_of(this);
            let found =
                ty.mro.borrow().iter().filter(|ty| !ty.has_flag(TypeFlags::HEAP)).find_map(|ty| ty.slots().setattr);
            found.unwrap_or(crate::types::object::object_setattr)(vm, this, name, value)
        }
    }
}

fn descr_get(vm: &Vm, this: &Value, instance: Option<&Value>, owner: &Value) -> PyResult {
    let args = [instance.cloned().unwrap_or_default(), owner.clone()];
    defer(vm, this, crate::name!(__get__), &args, Check::Any)
}

fn descr_set(vm: &Vm, this: &Value, instance: &Value, value: Option<&Value>) -> PyResult {
    match value {
        Some(value) => {
            if vm.lookup_special(this, &crate::name!(__set__)).is_none() {
                return Err(vm.attribute_error("__set__"));
            }
            defer(vm, this, crate::name!(__set__), &[instance.clone(), value.clone()], Check::Any)
        }
        None => {
            if vm.lookup_special(this, &crate::name!(__delete__)).is_none() {
                return Err(vm.attribute_error("__delete__"));
            }
            defer(vm, this, crate::name!(__delete__), std::slice::from_ref(instance), Check::Any)
        }
    }
}

/// The protocol of binary operators between classes; `slot` tells whether a type's operator is one of these.
async fn binary(
    vm: VmRef,
    left: Value,
    right: Value,
    name: Value,
    reflected: Value,
    left_has: bool,
    right_has: bool,
    modulus: Option<Value>,
) -> PyResult {
    let same = vm.class_of(&left).is(&vm.class_of(&right));
    let mut try_right = right_has && !same;
    if left_has {
        if try_right && vm.type_of(&right).is_subtype(vm.type_of(&left)) && overrides(&vm, &left, &right, &reflected) {
            let result = call_if_any(vm, &right, &reflected, &left, &modulus).await?;
            if !result.is_not_implemented() {
                return Ok(result);
            }
            try_right = false;
        }
        let result = call_if_any(vm, &left, &name, &right, &modulus).await?;
        if !result.is_not_implemented() || same {
            return Ok(result);
        }
    }
    if try_right {
        return call_if_any(vm, &right, &reflected, &left, &modulus).await;
    }
    Ok(Value::NOT_IMPLEMENTED)
}

/// Whether the right operand's class provides another reflected method than the left one's.
fn overrides(vm: &Vm, left: &Value, right: &Value, reflected: &Value) -> bool {
    match (vm.lookup_special(left, reflected), vm.lookup_special(right, reflected)) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(left), Some(right)) => !left.is(&right),
    }
}

async fn call_if_any(vm: VmRef, this: &Value, name: &Value, other: &Value, modulus: &Option<Value>) -> PyResult {
    match vm.lookup_special(this, name) {
        None => Ok(Value::NOT_IMPLEMENTED),
        Some(method) if method.is_none() => Ok(Value::NOT_IMPLEMENTED),
        Some(_) => {
            let args = std::iter::once(other).chain(modulus).cloned().collect();
            call(vm, this.clone(), name.clone(), args, Check::Any).await
        }
    }
}

/// The operator `names.0`, reflected `names.1`; `has` tells whose type's slot is the one that calls methods. A single attempt is
/// a plain call.
fn begin_binary(vm: &Vm, left: &Value, right: &Value, names: (Value, Value), has: (bool, bool)) -> PyResult {
    let same = vm.class_of(left).is(&vm.class_of(right));
    let method = match has {
        (true, right_has) if same || !right_has => {
            python_method(vm, left, &names.0).map(|method| (method, left, right))
        }
        (false, true) => python_method(vm, right, &names.1).map(|method| (method, right, left)),
        _ => None,
    };
    Err(match method {
        Some((method, this, other)) => defer_method(vm, method, this, std::slice::from_ref(other)),
        None => vm.defer(binary(vm.handle(), left.clone(), right.clone(), names.0, names.1, has.0, has.1, None)),
    })
}

macro_rules! binary {
    ($($function:ident $slot:ident $name:ident $reflected:ident;)*) => {
        $(fn $function(vm: &Vm, left: &Value, right: &Value) -> PyResult {
            let has = |value: &Value| vm.type_of(value).slots().$slot.map(|slot| slot as usize) == Some($function as *const () as usize);
            begin_binary(vm, left, right, (crate::name!($name), crate::name!($reflected)), (has(left), has(right)))
        })*

        /// The name of each operator's method, its reflected form and its slot.
        fn set_binary(slots: &mut Slots, name: &str) -> bool {
            match name {
                $(stringify!($name) | stringify!($reflected) => slots.$slot = Some($function),)*
                _ => return false,
            }
            true
        }

        fn copy_binary(slots: &mut Slots, from: &Slots, name: &str) {
            match name {
                // A Python class in between may have put its own there.
                $(stringify!($name) | stringify!($reflected)
                    if slots.$slot.map(|slot| slot as usize) != Some($function as *const () as usize) =>
                {
                    slots.$slot = from.$slot;
                })*
                _ => {}
            }
        }

        const BINARY_NAMES: &[&str] = &[$(stringify!($name), stringify!($reflected)),*];
    };
}

binary! {
    add add __add__ __radd__; sub sub __sub__ __rsub__; mul mul __mul__ __rmul__; matmul matmul __matmul__ __rmatmul__;
    truediv truediv __truediv__ __rtruediv__; floordiv floordiv __floordiv__ __rfloordiv__; mod_ mod_ __mod__ __rmod__;
    divmod divmod __divmod__ __rdivmod__; lshift lshift __lshift__ __rlshift__; rshift rshift __rshift__ __rrshift__;
    and and __and__ __rand__; or or __or__ __ror__; xor xor __xor__ __rxor__;
}

/// With a modulus, `__rpow__` gets three arguments as well (new in 3.14).
fn pow(vm: &Vm, base: &Value, exponent: &Value, modulus: &Value) -> PyResult {
    let has =
        |value: &Value| vm.type_of(value).slots().pow.map(|slot| slot as usize) == Some(pow as *const () as usize);
    let (left_has, right_has) = (has(base), has(exponent));
    let names = (crate::name!(__pow__), crate::name!(__rpow__));
    let modulus = if modulus.is_none() { None } else { Some(modulus.clone()) };
    Err(vm.defer(binary(vm.handle(), base.clone(), exponent.clone(), names.0, names.1, left_has, right_has, modulus)))
}

macro_rules! inplace {
    ($($function:ident $slot:ident $name:ident;)*) => {
        $(fn $function(vm: &Vm, left: &Value, right: &Value) -> PyResult {
            defer(vm, left, crate::name!($name), std::slice::from_ref(right), Check::Any)
        })*

        fn set_inplace(slots: &mut Slots, name: &str, from: Option<&Slots>) -> bool {
            match name {
                $(stringify!($name) => slots.$slot = from.map_or(Some($function), |from| from.$slot),)*
                _ => return false,
            }
            true
        }

        const INPLACE_NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

inplace! {
    iadd iadd __iadd__; isub isub __isub__; imul imul __imul__; imatmul imatmul __imatmul__; itruediv itruediv __itruediv__;
    ifloordiv ifloordiv __ifloordiv__; imod imod __imod__; ipow ipow __ipow__; ilshift ilshift __ilshift__;
    irshift irshift __irshift__; iand iand __iand__; ior ior __ior__; ixor ixor __ixor__;
}

macro_rules! simple {
    ($($name:ident $slot:ident $function:ident;)*) => {
        fn set_simple(slots: &mut Slots, name: &str, from: Option<&Slots>) -> bool {
            match name {
                $(stringify!($name) => slots.$slot = from.map_or(Some($function), |from| from.$slot),)*
                _ => return false,
            }
            true
        }

        const SIMPLE_NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

simple! {
    __repr__ repr repr; __str__ str str; __hash__ hash hash; __call__ call call_slot; __new__ new new; __init__ init init;
    __iter__ iter iter; __next__ next next; __get__ descr_get descr_get; __del__ del del; __await__ await_ await_;
    __aiter__ aiter aiter; __anext__ anext anext; __bool__ bool bool_; __len__ len len; __getitem__ getitem getitem;
    __contains__ contains contains; __neg__ neg neg; __pos__ pos pos; __abs__ abs abs; __invert__ invert invert;
    __int__ int int; __float__ float float; __index__ index index; __pow__ pow pow; __rpow__ pow pow;
    __getattribute__ getattr getattr; __getattr__ getattr getattr;
    __setattr__ setattr setattr; __delattr__ setattr setattr; __set__ descr_set descr_set; __delete__ descr_set descr_set;
    __setitem__ setitem setitem; __delitem__ setitem setitem;
    __lt__ compare compare; __le__ compare compare; __eq__ compare compare; __ne__ compare compare; __gt__ compare compare;
    __ge__ compare compare;
}

/// The builtin type whose slot stands behind a class attribute, if it is no Python code.
fn builtin_behind(ty: &Ref<Type>, name: &str, value: &Value, owner: &Ref<Type>) -> Option<Ref<Type>> {
    if !owner.has_flag(TypeFlags::HEAP) {
        return Some(owner.clone());
    }
    if let Some(wrapper) = value.downcast::<WrapperDescriptor>() {
        // Under another name (`__str__ = int.__repr__`) it is called like any method.
        return (wrapper.def.name == name && ty.is_subtype(&wrapper.objclass)).then(|| wrapper.objclass.clone());
    }
    if name == "__new__" {
        let inner = value.downcast::<StaticMethod>().map(|method| method.callable.get());
        let function = inner.as_ref().unwrap_or(value).downcast::<NativeFunction>()?;
        return function.self_value.as_ref()?.to_ref::<Type>();
    }
    None
}

/// Names that come in groups sharing one slot: if one of them is Python code, the slot is the Python one.
fn group(name: &str) -> Option<&'static [&'static str]> {
    const GROUPS: &[&[&str]] = &[
        &["__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"],
        &["__getattribute__", "__getattr__"],
        &["__setattr__", "__delattr__"],
        &["__set__", "__delete__"],
        &["__setitem__", "__delitem__"],
        &["__pow__", "__rpow__"],
    ];
    GROUPS.iter().find(|names| names.contains(&name)).copied()
}

/// Gives a class its slots from its MRO; to be called when the class is complete and after its special methods change.
pub fn update(ty: &Ref<Type>) {
    let mut slots = Slots::default();
    for base in ty.mro.borrow().iter().skip(1).filter(|base| !base.has_flag(TypeFlags::HEAP)) {
        slots.inherit(base.slots());
    }
    let python = |name: &str| {
        ty.lookup_with_owner(&intern(name)).map(|(value, owner)| {
            // A constructor of another layout is called like any function, and refuses.
            let fits = |found: &Ref<Type>| name != "__new__" || std::ptr::eq(found.table, ty.table);
            (builtin_behind(ty, name, &value, &owner).filter(fits), value)
        })
    };
    for &name in SIMPLE_NAMES {
        let Some((builtin, value)) = python(name) else { continue };
        match builtin {
            Some(builtin) => {
                let shared = group(name).is_some_and(|names| {
                    names.iter().any(|name| python(name).is_some_and(|(builtin, _)| builtin.is_none()))
                });
                if !shared {
                    set_simple(&mut slots, name, Some(builtin.slots()));
                }
            }
            None if value.is_none() && name == "__hash__" => slots.hash = Some(crate::native::registry::unhashable),
            None => {
                set_simple(&mut slots, name, None);
            }
        }
    }
    for &name in INPLACE_NAMES {
        if let Some((builtin, _)) = python(name) {
            set_inplace(&mut slots, name, builtin.as_ref().map(|builtin| builtin.slots()));
            if builtin.is_none() {
                forget_sequence_slot(&mut slots, name);
            }
        }
    }
    // Builtin operators first, so that a Python method of the same slot wins.
    for &name in BINARY_NAMES {
        if let Some((Some(builtin), _)) = python(name) {
            copy_binary(&mut slots, builtin.slots(), name);
        }
    }
    for &name in BINARY_NAMES {
        if let Some((None, _)) = python(name) {
            set_binary(&mut slots, name);
            forget_sequence_slot(&mut slots, name);
        }
    }
    if slots.del.is_some() {
        ty.set_flag(TypeFlags::FINALIZER);
    }
    ty.slots.set(slots);
    ty.modified();
}

/// A Python method takes the place of the sequence operator of a builtin base, too.
fn forget_sequence_slot(slots: &mut Slots, name: &str) {
    match name {
        "__add__" => slots.concat = None,
        "__mul__" | "__rmul__" => slots.repeat = None,
        "__iadd__" => slots.inplace_concat = None,
        "__imul__" => slots.inplace_repeat = None,
        _ => {}
    }
}

/// The same for a class and all its subclasses.
pub fn update_with_subclasses(ty: &Ref<Type>) {
    let mut work = vec![ty.clone()];
    while let Some(ty) = work.pop() {
        if ty.has_flag(TypeFlags::HEAP) {
            update(&ty);
        }
        work.extend(ty.live_subclasses().iter().filter_map(Value::to_ref::<Type>));
    }
}
