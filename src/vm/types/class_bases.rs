//! The bases of classes: the order in which they are searched (C3, or what a metaclass's `mro` says), the layout of instances
//! that they give or forbid, and assigning other ones.

use crate::object::Native;
use crate::types::object::{MemberDescriptor, Object};
use crate::types::python_slots;
use crate::types::typeobject::{Type, TypeFlags};
use crate::types::typetype::text;
use crate::{PyResult, Ref, Value, Vm, VmRef};

/// The C3 linearisation.
pub(super) fn linearize(vm: &Vm, ty: &Ref<Type>, bases: &[Ref<Type>]) -> PyResult<Vec<Ref<Type>>> {
    let mut sequences: Vec<Vec<Ref<Type>>> = bases.iter().map(|base| base.mro.borrow().clone()).collect();
    sequences.push(bases.to_vec());
    let mut mro = vec![ty.clone()];
    loop {
        sequences.retain(|sequence| !sequence.is_empty());
        if sequences.is_empty() {
            return Ok(mro);
        }
        let candidate = sequences
            .iter()
            .map(|sequence| &sequence[0])
            .find(|candidate| !sequences.iter().any(|sequence| sequence[1..].iter().any(|other| other.is(candidate))));
        let Some(candidate) = candidate.cloned() else {
            let mut names: Vec<String> = Vec::new();
            for sequence in &sequences {
                let name = sequence[0].name();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            return Err(vm.type_error(format!(
                "Cannot create a consistent method resolution order (MRO) for bases {}",
                names.join(", ")
            )));
        };
        for sequence in &mut sequences {
            if sequence[0].is(&candidate) {
                sequence.remove(0);
            }
        }
        mro.push(candidate);
    }
}

/// The base whose instance layout the new class extends.
pub(super) fn layout_base(vm: &Vm, bases: &[Ref<Type>]) -> PyResult<Ref<Type>> {
    let mut best: Option<(Ref<Type>, Ref<Type>)> = None;
    for base in bases {
        let solid = solid_base(base);
        match &best {
            Some((known, _)) if known.is_subtype(&solid) => {}
            Some((known, _)) if !solid.is_subtype(known) => {
                return Err(vm.type_error("multiple bases have instance lay-out conflict"));
            }
            _ => best = Some((solid, base.clone())),
        }
    }
    Ok(best.map_or_else(Object::type_object, |(_, base)| base))
}

/// The nearest class on the way to `object` that adds to the instances' layout.
fn solid_base(class: &Ref<Type>) -> Ref<Type> {
    let mut class = class.clone();
    while let Some(base) = class.base.get() {
        if !std::ptr::eq(class.table, base.table) || class.slot_count() != base.slot_count() {
            break;
        }
        class = base;
    }
    class
}

/// The order in which a class and its bases are searched: what its metaclass's `mro` says.
pub(super) async fn order_of(vm: VmRef, ty: &Ref<Type>) -> PyResult<Vec<Ref<Type>>> {
    let name = crate::name!(mro);
    let own = vm.lookup_special(ty.as_value(), &name);
    let standard = Type::type_object().dict.get_str(&name);
    let (Some(own), Some(standard)) = (own, standard) else { return linearize(&vm, ty, &ty.bases.get()) };
    if own.is(&standard) {
        return linearize(&vm, ty, &ty.bases.get());
    }
    let bound = vm.bind_special(&own, ty.as_value()).await?;
    let result = vm.call(&bound, Vec::new()).await?;
    let solid = solid_base(ty);
    let mut order = Vec::new();
    for class in vm.collect(&result).await? {
        let Some(class) = class.to_ref::<Type>() else {
            let got = vm.type_name(&class);
            return Err(vm.type_error(format!("mro() returned a non-class ('{got}')")));
        };
        if !(solid.is(&class) || solid.is_subtype(&solid_base(&class))) {
            let name = class.name();
            return Err(vm.type_error(format!("mro() returned base with unsuitable layout ('{name}')")));
        }
        order.push(class);
    }
    Ok(order)
}

fn same_classes(left: &[Ref<Type>], right: &[Ref<Type>]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.is(right))
}

/// Gives a class other bases; it and its subclasses get new orders, or all stay as they were.
pub(super) async fn assign_bases(vm: VmRef, ty: &Ref<Type>, bases: Vec<Ref<Type>>, best: Ref<Type>) -> PyResult<()> {
    let (old_bases, old_best) = (ty.bases.get(), ty.base.get());
    ty.bases.set(bases.clone());
    ty.base.set(Some(best));
    let mut changed: Vec<(Ref<Type>, Vec<Ref<Type>>)> = Vec::new();
    let mut work = vec![ty.clone()];
    let mut result = Ok(());
    while let Some(class) = work.pop() {
        let old = class.mro.get();
        match order_of(vm, &class).await {
            // Set in the meantime, by a `mro` that assigned bases itself: then that stands.
            Ok(_) if !same_classes(&old, class.mro.borrow()) => {}
            Ok(order) => {
                class.mro.set(order);
                class.modified();
                changed.push((class.clone(), old));
            }
            Err(raised) => {
                result = Err(raised);
                break;
            }
        }
        work.extend(class.live_subclasses().iter().rev().filter_map(Value::to_ref::<Type>));
    }
    let address = ty.address.get();
    let ours = same_classes(&bases, ty.bases.borrow());
    if result.is_err() {
        for (class, order) in changed.into_iter().rev() {
            class.mro.set(order);
        }
        if ours {
            ty.bases.set(old_bases);
            ty.base.set(old_best);
        }
        ty.modified();
        return result;
    }
    if ours {
        for base in &old_bases {
            base.subclasses.borrow_mut().retain(|&sub| sub != address);
        }
        for base in &bases {
            base.subclasses.borrow_mut().push(address);
        }
        python_slots::update_with_subclasses(ty);
    }
    Ok(())
}

/// The names of the slots that the class itself adds, in the order of their places.
fn own_slots(class: &Type) -> Vec<String> {
    let mut slots: Vec<(usize, String)> = Vec::new();
    for entry in class.dict.table.borrow().iter() {
        if let Some(member) = entry.value.downcast_exact::<MemberDescriptor>()
            && member.is_slot()
            && std::ptr::eq(&*member.objclass, class)
        {
            slots.push((member.index, text(&member.name)));
        }
    }
    snakelet_text::order::sort(&mut slots);
    slots.into_iter().map(|slot| slot.1).collect()
}

/// Whether instances of two classes look alike, so that one class may take the place of the other.
pub(crate) fn same_layout(left: &Type, right: &Type) -> bool {
    let kinds = TypeFlags::HAS_DICT | TypeFlags::WEAK_REFERENCES;
    let alike = |left: &Type, right: &Type| {
        std::ptr::eq(left.table, right.table) && (left.flags.get() ^ right.flags.get()) & kinds == 0
    };
    // The nearest class on the way to `object` that adds anything.
    let solid = |class: &Type| {
        let mut class: Ref<Type> = Ref::from_value(class.own_value());
        while let Some(base) = class.base.get() {
            if !alike(&class, &base) || class.slot_count() != base.slot_count() {
                break;
            }
            class = base;
        }
        class
    };
    let (left, right) = (solid(left), solid(right));
    let same_base = match (left.base.get(), right.base.get()) {
        (Some(left), Some(right)) => left.is(&right),
        _ => false,
    };
    left.is(&right)
        || same_base
            && alike(&left, &right)
            && left.slot_count() == right.slot_count()
            && own_slots(&left) == own_slots(&right)
}
