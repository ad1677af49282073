//! From declarations to objects: what a builtin type's dict and a native module's namespace contain.

use super::descriptors::{ClassMethodDescriptor, GetSetDescriptor, MethodDescriptor};
use super::function::{NEW, NativeFunction};
use super::wrappers::{WrapperDescriptor, wrappers_for};
use super::{DefKind, Docstring, ModuleDef, NativeDef};
use crate::object::{Native, Ref, VmCell};
use crate::types::module::Module;
use crate::types::object::{MemberDescriptor, MemberKind};
use crate::types::property::StaticMethod;
use crate::types::slots::Slots;
use crate::types::typeobject::{Type, TypeFlags};
use crate::{PyResult, Value, Vm};

thread_local! {
    /// Constructor signatures of builtin types, by the address of their payload.
    static SIGNATURES: VmCell<Vec<(*const Type, Docstring)>> = const { VmCell::new(Vec::new()) };
}

/// Puts a builtin type's members into its dict: `own` are the slots that the type fills itself, before inheriting.
pub fn define(ty: &Ref<Type>, defs: &[&'static [NativeDef]], own: &Slots) {
    let class = || ty.value();
    for def in defs.iter().copied().flatten() {
        let member = match def.kind {
            DefKind::Method => MethodDescriptor { def, objclass: ty.clone() }.into_value(),
            DefKind::ClassMethod => ClassMethodDescriptor { def, objclass: ty.clone() }.into_value(),
            DefKind::GetSet if is_member(def) => member_of(ty, def),
            DefKind::GetSet => GetSetDescriptor { def, objclass: ty.clone() }.into_value(),
            DefKind::StaticMethod => {
                StaticMethod { callable: VmCell::new(NativeFunction::unbound(def, Some(class()))) }.into_value()
            }
            DefKind::New | DefKind::Init => {
                remember_signature(ty, def);
                continue;
            }
            DefKind::Function => continue,
        };
        ty.dict.set_text(def.name, member);
    }
    for def in wrappers_for(own) {
        if ty.dict.get_text(def.name).is_none() {
            ty.dict.set_text(def.name, WrapperDescriptor { def, objclass: ty.clone() }.into_value());
        }
    }
    if own.new.is_some() {
        ty.dict.set_text("__new__", NativeFunction::bound(&NEW, class()));
    }
    if own.compare.is_some() && own.hash.is_none() {
        ty.dict.set_text("__hash__", Value::NONE);
    }
}

/// Attributes that are fields in CPython, by type: their descriptors are member descriptors.
const MEMBERS: &[(&str, &[&str])] = &[
    ("function", &["__closure__", "__doc__", "__globals__", "__module__", "__builtins__"]),
    ("method", &["__func__", "__self__"]),
    ("property", &["fget", "fset", "fdel", "__doc__"]),
    ("slice", &["start", "stop", "step"]),
    ("complex", &["real", "imag"]),
    ("super", &["__thisclass__", "__self__", "__self_class__"]),
    ("staticmethod", &["__func__", "__wrapped__"]),
    ("classmethod", &["__func__", "__wrapped__"]),
    ("type", &["__basicsize__", "__itemsize__", "__flags__", "__weakrefoffset__", "__base__", "__dictoffset__"]),
    ("member_descriptor", &["__objclass__", "__name__"]),
    ("getset_descriptor", &["__objclass__", "__name__"]),
    ("method_descriptor", &["__objclass__", "__name__"]),
    ("classmethod_descriptor", &["__objclass__", "__name__"]),
    ("wrapper_descriptor", &["__objclass__", "__name__"]),
];

fn is_member(def: &NativeDef) -> bool {
    MEMBERS.iter().any(|(owner, names)| *owner == def.owner && names.contains(&def.name))
}

fn member_of(ty: &Ref<Type>, def: &'static NativeDef) -> Value {
    let name = crate::object::intern::intern(def.name);
    MemberDescriptor { name, objclass: ty.clone(), index: 0, kind: MemberKind::Native(def) }.into_value()
}

/// The `hash` slot of types that define a comparison but no hash.
pub fn unhashable(vm: &Vm, value: &Value) -> PyResult {
    let name = vm.type_name(value);
    Err(vm.type_error(format!("unhashable type: '{name}'")))
}

fn remember_signature(ty: &Ref<Type>, def: &'static NativeDef) {
    if def.text.is_none() {
        return;
    }
    SIGNATURES.with(|signatures| {
        let ty: *const Type = &**ty;
        let signatures = signatures.borrow_mut();
        match signatures.iter_mut().find(|known| known.0 == ty) {
            // `__new__` tells more than `__init__` where a type declares both.
            Some(known) if def.kind == DefKind::New => known.1 = def.text,
            Some(_) => {}
            None => signatures.push((ty, def.text)),
        }
    });
}

/// A builtin type's `__text_signature__`, if its constructor declares one.
pub fn text_signature(ty: &Type) -> Docstring {
    let declared = SIGNATURES
        .with(|signatures| signatures.borrow().iter().find(|known| std::ptr::eq(known.0, ty)).map(|known| known.1));
    if declared.is_some() || ty.has_flag(TypeFlags::HEAP) {
        return declared.unwrap_or(Docstring::NONE);
    }
    // Types whose constructors read their arguments themselves.
    match ty.name().as_str() {
        "object" => crate::docstring!("()"),
        "classmethod" | "staticmethod" => crate::docstring!("(function, /)"),
        _ => Docstring::NONE,
    }
}

/// Fills a new module's namespace. The result may be a deferral, if the module's `exec` runs Python code.
pub fn fill_module(vm: &Vm, def: &ModuleDef, module: &Ref<Module>) -> PyResult<()> {
    let dict = &module.dict;
    let def = (def.contents)();
    if let Some(doc) = def.doc {
        dict.set_text("__doc__", Value::from_str(doc));
    }
    for block in def.blocks {
        for function in block.defs {
            dict.set_text(function.name, NativeFunction::unbound(function, Some(module.value())));
        }
        for constant in block.constants {
            dict.set_text(constant.name, (constant.value)(vm)?);
        }
    }
    for ty in def.types {
        let ty = ty();
        let name = crate::object::intern::intern_value(ty.name.borrow());
        dict.set_str(&name, ty.into_value());
    }
    match def.exec {
        Some(exec) => exec(vm, module.as_value()),
        None => Ok(()),
    }
}
