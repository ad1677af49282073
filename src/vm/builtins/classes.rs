//! `isinstance`, `issubclass`, `callable`, `id`, and what the `class` statement calls.

use snakelet_macros::functions;

use crate::native::GetSetDescriptor;
use crate::types::typeobject::Type;
use crate::{PyResult, Value, Vm, VmRef};

pub struct Classes;

#[functions("builtins", FUNCTIONS)]
impl Classes {
    /// Return whether an object is an instance of a class or of a subclass thereof.
    ///
    /// A tuple, as in isinstance(x, (A, B, ...)), may be given as the target to check against.
    #[function("isinstance(obj, class_or_tuple, /)")]
    fn isinstance(vm: &Vm, obj: &Value, class_or_tuple: &Value) -> PyResult {
        // `type` itself as the metaclass has no check of its own.
        if let Some(class) = class_or_tuple.downcast_exact::<Type>() {
            if vm.is_instance(obj, class) {
                return Ok(Value::TRUE);
            }
            let ty = vm.type_of(obj);
            let name = crate::name!(__class__);
            if ty.slots().getattr.map(|slot| slot as usize) == plain_getattr()
                && ty.lookup(&name).is_some_and(|own| own.downcast_exact::<GetSetDescriptor>().is_some())
            {
                return Ok(Value::FALSE);
            }
        }
        let (vm, obj, class) = (vm.handle(), obj.clone(), class_or_tuple.clone());
        Err(vm.defer(async move { vm.is_instance_of(&obj, &class).await.map(Value::bool) }))
    }

    /// Return whether 'cls' is derived from another class or is the same class.
    ///
    /// A tuple, as in issubclass(x, (A, B, ...)), may be given as the target to check against.
    #[function("issubclass(cls, class_or_tuple, /)")]
    fn issubclass(vm: &Vm, cls: &Value, class_or_tuple: &Value) -> PyResult {
        if let (Some(class), Some(base)) = (cls.downcast_exact::<Type>(), class_or_tuple.downcast_exact::<Type>()) {
            return Ok(Value::bool(class.is_subtype(base)));
        }
        let (vm, class, base) = (vm.handle(), cls.clone(), class_or_tuple.clone());
        Err(vm.defer(async move { vm.is_subclass_of(&class, &base).await.map(Value::bool) }))
    }

    /// Return whether the object is callable (i.e., some kind of function).
    #[function("callable(obj, /)")]
    fn callable(vm: &Vm, obj: &Value) -> bool {
        vm.type_of(obj).slots().call.is_some()
    }

    /// Makes a class: what a class statement calls.
    #[function("__build_class__(*args, **kwargs)", text = none)]
    async fn build_class(vm: VmRef, args: Vec<Value>, kwargs: Vec<(Value, Value)>) -> PyResult {
        crate::types::class_creation::build_class(vm, args, kwargs).await
    }

    /// Call sys.breakpointhook(*args, **kws): by default, this starts the debugger pdb.
    #[function("breakpoint(*args, **kws)")]
    async fn breakpoint(vm: VmRef, args: Vec<Value>, kws: Vec<(Value, Value)>) -> PyResult {
        let Some(hook) = vm.sys.get_text("breakpointhook") else {
            return Err(vm.runtime_error("lost sys.breakpointhook"));
        };
        let (names, values): (Vec<Value>, Vec<Value>) = kws.into_iter().unzip();
        vm.call_kw(&hook, args.into_iter().chain(values).collect(), names).await
    }

    /// Return the identity of an object: unique among objects that exist at the same time.
    #[function("id(obj, /)")]
    fn id(obj: &Value) -> Value {
        identity(obj)
    }
}

/// The `getattr` slot of types without `__getattribute__` and `__getattr__` of their own.
fn plain_getattr() -> Option<usize> {
    use crate::object::Native;
    crate::types::object::Object::type_object().slots().getattr.map(|slot| slot as usize)
}

/// `id(obj)`: the address of an object; immediates get numbers no address has.
pub fn identity(obj: &Value) -> Value {
    if obj.is_object() {
        return Value::from_i64(obj.bits() as i64);
    }
    // Odd numbers are no addresses. The bits of an immediate, rotated so that small differences stay small.
    Value::from_bigint(num_bigint::BigInt::from(obj.bits().rotate_left(16)) * 2 + 1)
}
