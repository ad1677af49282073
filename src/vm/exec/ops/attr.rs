//! Attribute access: the slow path, which fills the inline caches, and the cached kinds the loop leaves to us.
//!
//! Only types whose `getattr`/`setattr` slot is `object`'s own are cached.

use std::num::NonZeroU64;

use snakelet_bytecode::{Instr, flags};

use crate::object::{Header, instance};
use crate::types::code::{AttrCache, CacheKind, CodeObject};
use crate::types::function::Function;
use crate::types::method::BoundMethod;
use crate::types::property::Property;
use crate::types::super_object::Super;
use crate::types::typeobject::{Type, TypeFlags};
use crate::{Native, PyResult, Value, Vm};

/// The name of an attribute site.
#[inline(always)]
pub fn site_name(code: &CodeObject, site: u16) -> Value {
    code.names[code.code.attr_sites[site as usize].name as usize].clone()
}

/// The class attribute a cache holds.
///
/// # Safety
/// The cache's version is still that of the type, which keeps the value alive.
#[inline(always)]
pub unsafe fn cached_value(cache: &AttrCache) -> Value {
    // SAFETY: the caller's promise; the kinds that hold a value never hold zero.
    unsafe { Value::borrowed_from_bits(NonZeroU64::new_unchecked(cache.value)) }
}

/// What the site knows of objects like this one.
fn cached<'a>(code: &'a CodeObject, site: u16, header: &Header) -> Option<&'a AttrCache> {
    let caches = code.attr_caches.borrow();
    let places = [site as usize, site as usize + caches.len() / 2];
    places.into_iter().map(|place| &caches[place]).find(|cache| {
        cache.version == header.ty().version_or_zero()
            && (cache.shape.is_null() || std::ptr::eq(instance::shape_at(header, cache.part_offset), cache.shape))
    })
}

/// Makes `entry` what the site knows first.
fn remember(code: &CodeObject, site: u16, entry: AttrCache) {
    let caches = code.attr_caches.borrow_mut();
    let second = site as usize + caches.len() / 2;
    caches[second] = std::mem::replace(&mut caches[site as usize], entry);
}

/// `obj.name`.
#[inline(never)]
pub fn load_attr(vm: &Vm, obj: &Value, code: &CodeObject, site: u16) -> PyResult {
    if let Some(header) = obj.header()
        && let Some(cache) = cached(code, site, header)
    {
        // SAFETY: the version was checked.
        match cache.kind {
            CacheKind::Inline => return Ok(instance::value_at(header, cache.offset).clone()),
            CacheKind::Slot => {
                let value = instance::value_at(header, cache.offset);
                if !value.is_unbound() {
                    return Ok(value.clone());
                }
            }
            CacheKind::Class => return Ok(unsafe { cached_value(cache) }),
            CacheKind::Method => {
                let function = unsafe { cached_value(cache) };
                if function.downcast_exact::<Function>().is_some() {
                    return Ok(BoundMethod { function, instance: obj.clone() }.into_value());
                }
            }
            CacheKind::Property => {
                let getter = unsafe { cached_value(cache) };
                return Err(vm.defer_call(getter, std::slice::from_ref(obj)));
            }
            CacheKind::Empty | CacheKind::Add => {}
        }
    }
    let name = site_name(code, site);
    fill(vm, obj, &name, code, site);
    vm.get_attr(obj, &name)
}

/// Notes what kind of attribute `name` is for objects like `obj`.
fn fill(vm: &Vm, obj: &Value, name: &Value, code: &CodeObject, site: u16) {
    let Some(header) = obj.header() else { return };
    let ty = header.ty();
    if ty.slots().getattr.map(|slot| slot as usize) != Some(crate::types::object::Object::getattr as *const () as usize)
    {
        return;
    }
    let mut entry = AttrCache { version: ty.version(), part_offset: ty.part_offset, ..AttrCache::EMPTY };
    let shape = if ty.has_dict() { instance::shape(header) } else { std::ptr::null() };
    if ty.has_dict() && shape.is_null() {
        return;
    }
    entry.shape = shape;
    let class_value = ty.lookup(name);
    let is_data = class_value.as_ref().is_some_and(|value| vm.type_of(value).slots().descr_set.is_some());
    if !is_data
        && !shape.is_null()
        // SAFETY: the object keeps its class, and that its shapes, alive.
        && let Some(index) = unsafe { (*shape).find(name) }
    {
        entry.kind = CacheKind::Inline;
        entry.offset = instance::place_offset(ty, ty.slot_count() + index);
    } else if let Some(value) = class_value {
        let value_type = vm.type_of(&value);
        if let Some(member) = value.downcast_exact::<crate::types::object::MemberDescriptor>() {
            if !member.is_slot() {
                return;
            }
            entry.kind = CacheKind::Slot;
            entry.shape = std::ptr::null();
            entry.offset = instance::place_offset(ty, member.index);
        } else if value_type.has_flag(TypeFlags::METHOD_DESCRIPTOR) {
            entry.kind = CacheKind::Method;
            entry.value = value.bits();
        } else if let Some(property) = value.downcast_exact::<Property>() {
            let getter = property.getter.borrow();
            if getter.downcast_exact::<Function>().is_none() {
                return;
            }
            entry.kind = CacheKind::Property;
            entry.shape = std::ptr::null();
            entry.value = getter.bits();
        } else if value_type.slots().descr_get.is_none() {
            entry.kind = CacheKind::Class;
            entry.value = value.bits();
        } else {
            return;
        }
    } else {
        return;
    }
    remember(code, site, entry);
}

/// For a call: the unbound function and its instance, or the unbound marker and the attribute's value.
#[inline(never)]
pub fn load_method(vm: &Vm, obj: &Value, code: &CodeObject, site: u16) -> PyResult<(Value, Value)> {
    if let Some(cache) = obj.header().and_then(|header| cached(code, site, header))
        && cache.kind == CacheKind::Method
    {
        // SAFETY: the version was checked.
        return Ok((unsafe { cached_value(cache) }, obj.clone()));
    }
    let name = site_name(code, site);
    fill(vm, obj, &name, code, site);
    let ty = vm.type_of(obj);
    let plain = ty.slots().getattr.map(|slot| slot as usize)
        == Some(crate::types::object::Object::getattr as *const () as usize);
    if plain
        && let Some(method) = ty.lookup(&name)
        && vm.type_of(&method).has_flag(TypeFlags::METHOD_DESCRIPTOR)
    {
        let shadowed = obj.header().filter(|_| ty.has_dict()).and_then(|header| instance::get(header, &name));
        return match shadowed {
            None => Ok((method, obj.clone())),
            Some(value) => Ok((Value::UNBOUND, value)),
        };
    }
    load_attr(vm, obj, code, site).map(|value| (Value::UNBOUND, value))
}

/// `obj.name = value`.
#[inline(never)]
pub fn store_attr(vm: &Vm, obj: &Value, value: &Value, code: &CodeObject, site: u16) -> PyResult {
    let name = site_name(code, site);
    let Some(header) = obj.header() else { return vm.set_attr(obj, &name, Some(value)) };
    let ty = header.ty();
    if ty.slots().setattr.map(|slot| slot as usize) != Some(crate::types::object::Object::setattr as *const () as usize)
    {
        return vm.set_attr(obj, &name, Some(value));
    }
    if let Some(cache) = cached(code, site, header)
        && matches!(cache.kind, CacheKind::Inline | CacheKind::Slot | CacheKind::Add)
    {
        instance::set_value_at(header, cache.offset, value.clone());
        if cache.kind == CacheKind::Add {
            instance::set_shape_at(header, cache.part_offset, cache.next_shape);
        }
        return Ok(Value::NONE);
    }
    let class_value = ty.lookup(&name);
    let mut entry = AttrCache { version: ty.version(), part_offset: ty.part_offset, ..AttrCache::EMPTY };
    if let Some(member) = class_value.as_ref().and_then(Value::downcast_exact::<crate::types::object::MemberDescriptor>)
    {
        if matches!(member.kind, crate::types::object::MemberKind::Slot) {
            entry.kind = CacheKind::Slot;
            entry.offset = instance::place_offset(ty, member.index);
            remember(code, site, entry);
        }
        return vm.set_attr(obj, &name, Some(value));
    }
    let is_data = class_value.is_some_and(|value| vm.type_of(&value).slots().descr_set.is_some());
    if !is_data && ty.has_dict() {
        let shape = instance::shape(header);
        if !shape.is_null() {
            entry.shape = shape;
            // SAFETY: the object keeps its class, and that its shapes, alive.
            let (found, count) = unsafe { ((*shape).find(&name), (*shape).keys().len()) };
            if let Some(index) = found {
                entry.kind = CacheKind::Inline;
                entry.offset = instance::place_offset(ty, ty.slot_count() + index);
            } else if count < ty.inline_capacity() {
                entry.kind = CacheKind::Add;
                entry.offset = instance::place_offset(ty, ty.slot_count() + count);
                // SAFETY: as above.
                entry.next_shape = unsafe { (*shape).with(&name) };
            }
            if entry.kind != CacheKind::Empty {
                remember(code, site, entry);
            }
        }
    }
    vm.set_attr(obj, &name, Some(value))
}

/// `super().name`, given the values of the name `super`, the class and the instance.
pub fn load_super(vm: &Vm, args: [Value; 3], code: &CodeObject, instr: Instr) -> PyResult {
    let name = site_name(code, instr.c);
    let [callee, class, instance] = args;
    if callee.is(Super::type_object().as_value()) {
        return crate::types::super_object::lookup(vm, &class, &instance, &name);
    }
    let handle = vm.handle();
    Err(vm.defer(async move {
        let bare = instr.flags & flags::NO_ARGUMENTS != 0;
        let made = handle.call(&callee, if bare { Vec::new() } else { vec![class, instance] }).await?;
        let result = handle.get_attr(&made, &name);
        handle.settle(result).await
    }))
}

/// The same for a call, as `load_method` answers.
pub fn load_super_method(vm: &Vm, args: [Value; 3], code: &CodeObject, instr: Instr) -> PyResult<(Value, Value)> {
    if args[0].is(Super::type_object().as_value())
        && let Some(class) = args[1].downcast::<Type>()
        && vm.type_of(&args[2]).is_subtype(class)
    {
        let name = site_name(code, instr.c);
        let mro = vm.type_of(&args[2]).mro.borrow();
        let after = mro.iter().skip_while(|ty| !std::ptr::eq(&***ty, class)).skip(1);
        let found = after.filter_map(|ty| ty.dict.get_str(&name)).next();
        if let Some(method) = found
            && vm.type_of(&method).has_flag(TypeFlags::METHOD_DESCRIPTOR)
        {
            let [_, _, instance] = args;
            return Ok((method, instance));
        }
    }
    load_super(vm, args, code, instr).map(|value| (Value::UNBOUND, value))
}
