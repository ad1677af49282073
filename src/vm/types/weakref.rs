//! Weak references and proxies.

use std::cell::Cell;
use std::mem::offset_of;

use snakelet_macros::{methods, native_type};

use crate::errors::Exc;
use crate::native::{Args, MethodBlock};
use crate::object::{Header, Native, Object, VmCell, weak};
use crate::protocol::BinaryOp;
use crate::types::slots::{CompareOp, Slots};
use crate::types::typeobject::TypeFlags;
use crate::{PyResult, Ref, Value, Vm, VmRef};

/// The payload of weak references (`weakref.ref`).
#[native_type(
    name = "ReferenceType",
    module = "weakref",
    doc = "A reference to an object that does not keep it alive.",
    flags(subclassable)
)]
pub struct WeakRef {
    /// The object's address, null once it is dead.
    #[skip_traverse]
    pub(crate) target: Cell<*const Header>,
    /// Called with the reference when the object dies; None if there is none.
    pub callback: VmCell<Value>,
    /// The target's hash once asked for.
    pub hash: Cell<Option<u64>>,
    /// For the reference in a proxy: that proxy, which clears this when it goes away.
    #[skip_traverse]
    proxy: Cell<*const Header>,
    /// Whether the reference belongs to a proxy.
    hidden: Cell<bool>,
}

impl WeakRef {
    /// The object, if it is alive.
    pub fn upgrade(&self) -> Option<Value> {
        let target = self.target.get();
        // SAFETY: `kill` is called before the object is freed; one that is being freed has count 0.
        (!target.is_null() && unsafe { (*target).count() } > 0).then(|| unsafe { crate::object::retained(target) })
    }

    /// The object died: forgets it and gives the callback to call.
    pub(crate) fn kill(&self) -> Option<Value> {
        self.target.set(std::ptr::null());
        let callback = self.callback.replace(Value::NONE);
        (!callback.is_none()).then_some(callback)
    }

    fn unregistered(callback: Value) -> WeakRef {
        WeakRef {
            target: Cell::new(std::ptr::null()),
            callback: VmCell::new(callback),
            hash: Cell::new(None),
            proxy: Cell::new(std::ptr::null()),
            hidden: Cell::new(false),
        }
    }

    /// Whether it has no callback, so that one is enough.
    fn is_shared(&self) -> bool {
        self.callback.borrow().is_none()
    }

    /// The proxy that a reference belongs to; the reference itself if it is in none.
    pub fn shown(reference: Value) -> Value {
        let proxy = reference.downcast::<WeakRef>().map_or(std::ptr::null(), |reference| reference.proxy.get());
        // SAFETY: a proxy that is freed clears the pointer.
        if proxy.is_null() { reference } else { unsafe { crate::object::retained(proxy) } }
    }

    /// All weak references to an object as `weakref.getweakrefs` lists them: the shared ones first, then the newest.
    pub fn all_to(target: &Header) -> Vec<Value> {
        let mut all = weak::references_to(target);
        all.reverse();
        let rank = |value: &Value| match value.downcast_exact::<WeakRef>() {
            Some(reference) if reference.is_shared() => usize::from(reference.hidden.get()),
            _ => 2,
        };
        snakelet_text::order::insertion_sort_by_key(&mut all, rank);
        all.into_iter().map(WeakRef::shown).collect()
    }

    /// The weak reference object of exactly this type without a callback, shared by all who ask; `None` for immediates.
    pub fn to(target: &Value) -> Option<Value> {
        let header = target.header()?;
        let known = weak::references_to(header).into_iter().find(|known| {
            known.downcast_exact::<WeakRef>().is_some_and(|known| known.is_shared() && !known.hidden.get())
        });
        Some(known.unwrap_or_else(|| point(WeakRef::unregistered(Value::NONE).into_value(), header)))
    }
}

/// Makes a new weak reference object point to its target.
fn point(reference: Value, target: &Header) -> Value {
    if let (Some(weak), Some(own)) = (reference.downcast::<WeakRef>(), reference.header()) {
        weak.target.set(target);
        weak::register(target, own);
    }
    reference
}

impl Drop for WeakRef {
    fn drop(&mut self) {
        let target = self.target.get();
        if !target.is_null() {
            // SAFETY: only objects have a target, and a payload lies behind its object's header.
            let own = unsafe {
                &*std::ptr::from_ref(self).cast::<u8>().sub(offset_of!(Object<WeakRef>, payload)).cast::<Header>()
            };
            weak::unregister(target, own);
        }
    }
}

/// The target, or TypeError if objects of its type can't be referred to weakly.
fn referable<'a>(vm: &Vm, target: &'a Value) -> PyResult<&'a Header> {
    match target.header() {
        Some(header) if vm.type_of(target).has_flag(TypeFlags::WEAK_REFERENCES) => Ok(header),
        _ => {
            let name = vm.type_name(target);
            Err(vm.type_error(format!("cannot create weak reference to '{name}' object")))
        }
    }
}

#[methods]
impl WeakRef {
    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
        if !args.kwnames.is_empty() && cls.is(WeakRef::type_object().as_value()) {
            return Err(vm.type_error("ref() takes no keyword arguments"));
        }
        let (target, callback) = match &args.values[..args.positional_count()] {
            [target] => (target, Value::NONE),
            [target, callback] => (target, callback.clone()),
            [] => return Err(vm.type_error("ref expected at least 1 argument, got 0")),
            more => return Err(vm.type_error(format!("ref expected at most 2 arguments, got {}", more.len()))),
        };
        let header = referable(vm, target)?;
        if callback.is_none()
            && cls.is(WeakRef::type_object().as_value())
            && let Some(known) = WeakRef::to(target)
        {
            return Ok(known);
        }
        let reference = vm.new_instance(cls, WeakRef::unregistered(callback))?;
        Ok(point(reference, header))
    }

    #[slot(init)]
    fn init(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        let _ = this;
        match args.positional_count() {
            1 | 2 => Ok(Value::NONE),
            0 => Err(vm.type_error("__init__ expected at least 1 argument, got 0")),
            count => Err(vm.type_error(format!("__init__ expected at most 2 arguments, got {count}"))),
        }
    }

    #[slot(call)]
    fn call(vm: &Vm, this: &WeakRef, args: Args<'_>) -> PyResult {
        if !args.values.is_empty() {
            let count = args.values.len();
            return Err(vm.type_error(format!("weakref.__call__() takes exactly 0 arguments ({count} given)")));
        }
        Ok(this.upgrade().unwrap_or(Value::NONE))
    }

    #[slot(hash)]
    fn hash(vm: &Vm, this: &Value) -> PyResult {
        let Some(reference) = this.to_ref::<WeakRef>() else { return Ok(Value::NONE) };
        if let Some(known) = reference.hash.get() {
            return Ok(Value::from_i64(known as i64));
        }
        let Some(target) = reference.upgrade() else { return Err(vm.type_error("weak object has gone away")) };
        let vm = vm.handle();
        Err(vm.defer(async move {
            let hash = vm.hash(&target).await?;
            reference.hash.set(Some(hash));
            Ok(Value::from_i64(hash as i64))
        }))
    }

    #[slot(compare)]
    fn compare(vm: &Vm, left: &Value, right: &Value, op: CompareOp) -> PyResult {
        let (Some(a), Some(b)) = (left.downcast::<WeakRef>(), right.downcast::<WeakRef>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        match (a.upgrade(), b.upgrade()) {
            (Some(a), Some(b)) => vm.rich_compare(&a, &b, op),
            _ => Ok(Value::bool(left.is(right) == (op == CompareOp::Eq))),
        }
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Value) -> PyResult<String> {
        let own = vm.id_of(&this);
        let Some(target) = this.downcast::<WeakRef>().and_then(WeakRef::upgrade) else {
            return Ok(format!("<weakref at {own:#x}; dead>"));
        };
        let (name, address) = (vm.type_name(&target), vm.id_of(&target));
        let text = format!("<weakref at {own:#x}; to '{name}' at {address:#x}");
        let name = match vm.lookup_special(&target, &crate::name!(__name__)) {
            Some(own) => match vm.bind_special(&own, &target).await {
                Ok(name) => Some(name),
                Err(_) => {
                    vm.take_raised();
                    None
                }
            },
            None => None,
        };
        match name {
            Some(name) if name.as_text().is_some() => {
                let name = name.as_text().map_or(String::new(), |name| name.to_utf8_lossy().into_owned());
                Ok(format!("{text} ({name})>"))
            }
            _ => Ok(text + ">"),
        }
    }

    #[getter("__callback__")]
    fn callback(this: &WeakRef) -> Value {
        this.callback.get()
    }

    #[classmethod("__class_getitem__(cls, object, /)")]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        crate::types::generic_alias::alias(cls, object)
    }
}

/// The payload of proxies (`weakref.proxy`): they hold a weak reference and do everything with its target.
#[native_type(name = "ProxyType", module = "weakref")]
pub struct WeakProxy {
    reference: Value,
}

/// The payload of proxies of callable objects.
#[native_type(name = "CallableProxyType", module = "weakref")]
pub struct CallableProxy {
    reference: Value,
}

/// The object behind a proxy; any other value itself.
fn behind(vm: &Vm, value: &Value) -> PyResult {
    let reference = match (value.downcast::<WeakProxy>(), value.downcast::<CallableProxy>()) {
        (Some(proxy), _) => &proxy.reference,
        (None, Some(proxy)) => &proxy.reference,
        (None, None) => return Ok(value.clone()),
    };
    reference
        .downcast::<WeakRef>()
        .and_then(WeakRef::upgrade)
        .ok_or_else(|| vm.error(Exc::ReferenceError, "weakly-referenced object no longer exists"))
}

/// Every slot of a proxy: the operation on the object behind it.
fn fill_proxy(slots: &mut Slots) {
    macro_rules! unary {
        ($($slot:ident: $method:ident),*) => {
            $(slots.$slot = Some(|vm, value| vm.$method(&behind(vm, value)?));)*
        };
    }
    macro_rules! binary {
        ($($slot:ident: $op:ident),*) => {
            $(slots.$slot = Some(|vm, left, right| vm.binary(BinaryOp::$op, &behind(vm, left)?, &behind(vm, right)?));)*
        };
    }
    macro_rules! inplace {
        ($($slot:ident: $op:ident),*) => {
            $(slots.$slot = Some(|vm, left, right| vm.inplace(BinaryOp::$op, &behind(vm, left)?, &behind(vm, right)?));)*
        };
    }
    unary!(str: str_of, bool: truth_of, len: len_of, iter: get_iter, neg: negative, pos: positive, abs: absolute, invert: invert);
    binary!(
        add: Add, sub: Sub, mul: Mul, matmul: MatMul, truediv: TrueDiv, floordiv: FloorDiv, mod_: Mod, divmod: DivMod,
        lshift: LShift, rshift: RShift, and: And, or: Or, xor: Xor
    );
    inplace!(
        iadd: Add, isub: Sub, imul: Mul, imatmul: MatMul, itruediv: TrueDiv, ifloordiv: FloorDiv, imod: Mod,
        ilshift: LShift, irshift: RShift, iand: And, ior: Or, ixor: Xor
    );
    slots.pow =
        Some(|vm, base, exponent, modulus| vm.power(&behind(vm, base)?, &behind(vm, exponent)?, &behind(vm, modulus)?));
    slots.getattr = Some(|vm, value, name| vm.get_attr(&behind(vm, value)?, name));
    slots.setattr = Some(|vm, value, name, new| vm.set_attr(&behind(vm, value)?, name, new));
    slots.getitem = Some(|vm, value, key| vm.get_item(&behind(vm, value)?, key));
    slots.setitem = Some(|vm, value, key, new| vm.set_item(&behind(vm, value)?, key, new));
    slots.contains = Some(|vm, value, item| vm.contains(item, &behind(vm, value)?));
    slots.compare = Some(|vm, left, right, op| vm.rich_compare(&behind(vm, left)?, &behind(vm, right)?, op));
    slots.next = Some(|vm, value| {
        let target = behind(vm, value)?;
        if vm.type_of(&target).slots().next.is_none() {
            let name = vm.type_name(&target);
            return Err(vm.type_error(format!("Weakref proxy referenced a non-iterator '{name}' object")));
        }
        vm.iter_next(&target)
    });
    macro_rules! conversion {
        ($($slot:ident: $what:literal),*) => {
            $(slots.$slot = Some(|vm, value| {
                let target = behind(vm, value)?;
                match vm.type_of(&target).slots().$slot {
                    Some(slot) => slot(vm, &target),
                    None => {
                        let name = vm.type_name(&target);
                        Err(vm.type_error(format!("'{name}' object cannot be {}", $what)))
                    }
                }
            });)*
        };
    }
    conversion!(
        index: "interpreted as an integer", int: "interpreted as an integer", float: "converted to a float"
    );
    slots.repr = Some(|vm, value| {
        let target = behind(vm, value)?;
        let (own, address, name) = (vm.id_of(value), vm.id_of(&target), vm.type_name(&target));
        Ok(Value::from_str(&format!("<weakproxy at {own:#x} to {name} at {address:#x}>")))
    });
    slots.hash = Some(crate::native::registry::unhashable);
}

impl WeakProxy {
    #[doc(hidden)]
    pub const BLOCKS: &'static [MethodBlock] = &[MethodBlock { defs: &[], fill_slots: fill_proxy }, WeakProxy::METHODS];
}

#[methods(block = METHODS)]
impl WeakProxy {
    /// The bytes of the object behind the proxy.
    #[method("__bytes__(self, /)", text = none)]
    fn bytes(vm: &Vm, this: &Value) -> PyResult {
        let target = behind(vm, this)?;
        let call = vm.call(crate::types::bytes::Bytes::type_object().as_value(), vec![target]);
        Err(vm.defer(call))
    }

    /// A reverse iterator over the object behind the proxy.
    #[method("__reversed__(self, /)", text = none)]
    fn reversed(vm: &Vm, this: &Value) -> PyResult {
        let target = behind(vm, this)?;
        let reversed = vm.builtins.get_text("reversed").unwrap_or_default();
        let call = vm.call(&reversed, vec![target]);
        Err(vm.defer(call))
    }
}

/// The proxy is going away: the next one asked for is a new one.
fn let_go(reference: &Value) {
    if let Some(reference) = reference.downcast::<WeakRef>() {
        reference.proxy.set(std::ptr::null());
    }
}

impl Drop for WeakProxy {
    fn drop(&mut self) {
        let_go(&self.reference);
    }
}

impl Drop for CallableProxy {
    fn drop(&mut self) {
        let_go(&self.reference);
    }
}

impl CallableProxy {
    #[doc(hidden)]
    pub const BLOCKS: &'static [MethodBlock] = &[MethodBlock {
        defs: &[],
        fill_slots: |slots| {
            fill_proxy(slots);
            slots.call = Some(|vm, value, args| {
                let target = behind(vm, value)?;
                let call = vm.call_kw(&target, args.values.to_vec(), args.kwnames.to_vec());
                Err(vm.defer(call))
            });
        },
    }];
}

/// `weakref.proxy(target, callback)`
pub fn proxy(vm: &Vm, target: &Value, callback: &Value) -> PyResult {
    let header = referable(vm, target)?;
    if callback.is_none() {
        let known = weak::references_to(header).into_iter().find(|known| {
            known.downcast_exact::<WeakRef>().is_some_and(|known| known.is_shared() && !known.proxy.get().is_null())
        });
        if let Some(known) = known {
            return Ok(WeakRef::shown(known));
        }
    }
    let reference: Ref<WeakRef> = WeakRef::unregistered(callback.clone()).into_object();
    reference.hidden.set(true);
    point(reference.value(), header);
    let proxy = match vm.type_of(target).slots().call {
        Some(_) => CallableProxy { reference: reference.value() }.into_value(),
        None => WeakProxy { reference: reference.value() }.into_value(),
    };
    reference.proxy.set(proxy.header().map_or(std::ptr::null(), std::ptr::from_ref));
    Ok(proxy)
}
