//! Tuples with named fields, as `sys.version_info` and `time.struct_time` are: classes derived from `tuple`, made from a list of
//! names.

use snakelet_macros::{methods, native_type};

use crate::native::Args;
use crate::object::{Native, Ref, VmCell};
use crate::types::dict::Dict;
use crate::types::object::{MemberDescriptor, MemberKind};
use crate::types::tuple::Tuple;
use crate::types::typeobject::{Type, TypeFlags};
use crate::{PyResult, Value, Vm, VmRef};

/// Descriptor of one field: `_collections._tuplegetter`, which `namedtuple` uses as well.
#[native_type(name = "_tuplegetter", module = "_collections")]
pub struct TupleGetter {
    index: usize,
    doc: VmCell<Value>,
}

#[methods]
impl TupleGetter {
    #[new("_tuplegetter(index, doc, /)", text = none)]
    fn new(vm: &Vm, cls: &Value, index: usize, doc: &Value) -> PyResult {
        vm.new_instance(cls, TupleGetter { index, doc: VmCell::new(doc.clone()) })
    }

    #[slot(descr_get)]
    fn get(vm: &Vm, this: &Value, instance: Option<&Value>, _owner: &Value) -> PyResult {
        let (Some(getter), Some(instance)) = (this.downcast::<TupleGetter>(), instance) else {
            return Ok(this.clone());
        };
        if instance.is_none() {
            return Ok(this.clone());
        }
        let Some(tuple) = instance.downcast::<Tuple>() else {
            let (index, got) = (getter.index, vm.type_name(instance));
            let message =
                format!("descriptor for index '{index}' for tuple subclasses doesn't apply to '{got}' object");
            return Err(vm.type_error(message));
        };
        tuple.items().get(getter.index).cloned().ok_or_else(|| vm.index_error("tuple index out of range"))
    }

    #[slot(descr_set)]
    fn set(vm: &Vm, _this: &Value, _instance: &Value, value: Option<&Value>) -> PyResult {
        Err(vm.attribute_error(if value.is_some() { "can't set attribute" } else { "can't delete attribute" }))
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Ref<TupleGetter>) -> PyResult<String> {
        let doc = vm.repr(&this.doc.get()).await?.to_string_lossy();
        Ok(format!("_tuplegetter({}, {doc})", this.index))
    }

    #[getter("__doc__")]
    fn doc(this: &TupleGetter) -> Value {
        this.doc.get()
    }

    #[setter("__doc__")]
    fn set_doc(_vm: &Vm, this: &TupleGetter, value: Option<&Value>) -> PyResult<()> {
        this.doc.set(value.cloned().unwrap_or_default());
        Ok(())
    }

    #[method("__reduce__(self, /)", text = none)]
    fn reduce(vm: &Vm, this: &TupleGetter) -> Value {
        let _ = vm;
        let args = Value::from_tuple(vec![Value::from_usize(this.index), this.doc.get()]);
        Value::from_tuple(vec![TupleGetter::type_object().into_value(), args])
    }
}

/// What all such classes have, hosted by a type of its own that nobody sees.
#[native_type(name = "structseq")]
struct StructMethods {}

#[methods(block = COMMON)]
impl StructMethods {
    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, args: Args<'_>) -> PyResult {
        let Some(class) = cls.to_ref::<Type>() else { return Err(vm.type_error("not a class")) };
        let count = class.dict.get_text("n_sequence_fields").and_then(|count| count.to_i64()).unwrap_or(0) as usize;
        let name = shown_name(&class);
        let mut given = [args.values[..args.positional_count()].first(), args.values.get(1)];
        if args.positional_count() < 2 {
            given[1] = None;
        }
        for (name, value) in args.kwnames.iter().zip(&args.values[args.positional_count()..]) {
            let at = ["sequence", "dict"].iter().position(|known| name.as_text().is_some_and(|name| name == *known));
            match at {
                Some(at) if given[at].is_none() => given[at] = Some(value),
                _ => {
                    return Err(
                        vm.type_error(format!("{name}() got an unexpected keyword argument", name = name_of(name)))
                    );
                }
            }
        }
        let Some(sequence) = given[0] else {
            return Err(vm.type_error(format!("{name}() missing required argument 'sequence' (pos 1)")));
        };
        let more = match given[1] {
            None => None,
            Some(more) => match more.to_ref::<Dict>() {
                Some(more) => Some(more),
                None => return Err(vm.type_error(format!("{name}() takes a dict as second arg, if any"))),
            },
        };
        let (vm, sequence) = (vm.handle(), sequence.clone());
        Err(vm.defer(async move {
            if vm.type_of(&sequence).slots().iter.is_none() && vm.type_of(&sequence).slots().getitem.is_none() {
                return Err(vm.type_error("constructor requires a sequence"));
            }
            let mut items = vm.collect(&sequence).await?;
            let all = class.dict.get_text("n_fields").and_then(|count| count.to_i64()).unwrap_or(0) as usize;
            if items.len() < count || items.len() > all {
                let (kind, wanted) = match items.len() < count {
                    true if all > count => ("at least ", count),
                    false if all > count => ("at most ", all),
                    _ => ("", count),
                };
                let article = if kind.is_empty() { "a" } else { "an" };
                let got = items.len();
                let message = format!("{name}() takes {article} {kind}{wanted}-sequence ({got}-sequence given)");
                return Err(vm.type_error(message));
            }
            let hidden = items.split_off(count);
            let made = crate::object::allocate(&class, Tuple::new(items));
            let mut used = 0;
            if let Some(header) = made.header() {
                for (index, name) in hidden_names(&class).iter().enumerate() {
                    let value = match hidden.get(index) {
                        Some(value) => value.clone(),
                        None => match more.as_ref().and_then(|more| more.get_str(name)) {
                            Some(value) => {
                                used += 1;
                                value
                            }
                            None => Value::NONE,
                        },
                    };
                    crate::object::instance::set_slot(header, index, Some(value));
                }
            }
            if more.is_some_and(|more| more.table.borrow().len() > used) {
                return Err(vm.type_error(format!("{name}() got duplicate or unexpected field name(s)")));
            }
            Ok(made)
        }))
    }

    /// Return a copy of the structure with new values for the given fields.
    #[method("__replace__(self, /, **changes)", text = none)]
    fn replace(vm: &Vm, this: &Value, changes: crate::native::KwArgs<'_>) -> PyResult {
        let class = vm.class_of(this);
        let name = shown_name(&class);
        if class.dict.get_text("n_unnamed_fields").and_then(|count| count.to_i64()) != Some(0) {
            let message = format!("__replace__() is not supported for {name} because it has unnamed field(s)");
            return Err(vm.type_error(message));
        }
        let fields = class.lookup(&crate::name!(_fields)).unwrap_or_default();
        let (Some(fields), Some(items)) = (fields.downcast::<Tuple>(), this.downcast::<Tuple>()) else {
            return Ok(this.clone());
        };
        let hidden = hidden_names(&class);
        let mut items = items.items().to_vec();
        let mut more: Vec<Value> = Vec::with_capacity(hidden.len());
        if let Some(header) = this.header() {
            more.extend((0..hidden.len()).map(|at| crate::object::instance::slot(header, at).unwrap_or_default()));
        }
        let mut strange = Vec::new();
        for (name, value) in changes.iter() {
            if let Some(at) = fields.items().iter().position(|field| field.is(name)) {
                items[at] = value.clone();
            } else if let Some(at) = hidden.iter().position(|field| field.is(name)) {
                more[at] = value.clone();
            } else {
                strange.push(format!("'{}'", name_of(name)));
            }
        }
        if !strange.is_empty() {
            return Err(vm.type_error(format!("Got unexpected field name(s): [{}]", strange.join(", "))));
        }
        let made = crate::object::allocate(&class, Tuple::new(items));
        if let Some(header) = made.header() {
            for (index, value) in more.into_iter().enumerate() {
                crate::object::instance::set_slot(header, index, Some(value));
            }
        }
        Ok(made)
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Value) -> PyResult<String> {
        let class = vm.class_of(&this);
        let names = class.lookup(&crate::name!(_fields)).unwrap_or_default();
        let (Some(names), Some(items)) = (names.downcast::<Tuple>(), this.downcast::<Tuple>()) else {
            return Ok(String::new());
        };
        let mut text = shown_name(&class) + "(";
        for (number, (name, item)) in names.items().iter().zip(items.items()).enumerate() {
            if number > 0 {
                text.push_str(", ");
            }
            text.push_str(&name.as_text().map_or(String::new(), |name| name.to_utf8_lossy().into_owned()));
            text.push('=');
            text.push_str(&vm.repr(item).await?.to_string_lossy());
        }
        text.push(')');
        Ok(text)
    }

    #[method("__reduce__(self, /)", text = none)]
    fn reduce(vm: &Vm, this: &Value) -> Value {
        let items = this.downcast::<Tuple>().map_or(Vec::new(), |tuple| tuple.items().to_vec());
        let more = Dict::new_object();
        for (index, name) in hidden_names(&vm.class_of(this)).iter().enumerate() {
            let value = this.header().and_then(|header| crate::object::instance::slot(header, index));
            more.set_str(name, value.unwrap_or_default());
        }
        let state = Value::from_tuple(vec![Value::from_tuple(items), more.into_value()]);
        Value::from_tuple(vec![vm.class_of(this).into_value(), state])
    }
}

fn name_of(name: &Value) -> String {
    name.as_text().map_or(String::new(), |name| name.to_utf8_lossy().into_owned())
}

/// The names of the fields that are no items, in the order of their places.
fn hidden_names(class: &Type) -> Vec<Value> {
    let mut names: Vec<(usize, Value)> = Vec::new();
    for entry in class.dict.table.borrow().iter() {
        if let Some(member) = entry.value.downcast_exact::<MemberDescriptor>() {
            names.push((member.index, member.name.clone()));
        }
    }
    snakelet_text::order::sort_by(&mut names, |a, b| a.0.cmp(&b.0));
    names.into_iter().map(|name| name.1).collect()
}

fn shown_name(class: &Type) -> String {
    let module = class.dict.get_text("__module__");
    let module = module.and_then(|module| Some(module.as_text()?.to_utf8_lossy().into_owned())).unwrap_or_default();
    format!("{module}.{}", class.name())
}

/// Makes a class with these fields.
pub fn make_class(module: &str, name: &str, doc: &str, fields: &[&str]) -> Ref<Type> {
    make_class_with_more(module, name, doc, fields, &[])
}

/// A class with fields of which only the first are items. Where a name stands in both lists, the item has no attribute of its own.
pub fn make_class_with_more(module: &str, name: &str, doc: &str, items: &[&str], more: &[&str]) -> Ref<Type> {
    let blocks = [StructMethods::COMMON];
    let base = Tuple::type_object();
    let count = more.len() as u32;
    let ty = crate::types::builtin::make_derived_class_with_slots(name, module, doc, base, &blocks, count);
    for (index, field) in items.iter().enumerate() {
        ty.dict.set_text(field, TupleGetter { index, doc: VmCell::default() }.into_value());
    }
    for (index, field) in more.iter().enumerate() {
        let name = crate::object::intern::intern(field);
        let kind = MemberKind::ReadOnlySlot;
        let member = MemberDescriptor { name: name.clone(), objclass: ty.clone(), index, kind };
        ty.dict.set_str(&name, member.into_value());
    }
    let names: Vec<Value> = items.iter().map(|field| crate::object::intern::intern(field)).collect();
    let unnamed = items.iter().filter(|item| more.contains(item)).count();
    ty.dict.set_text("__match_args__", Value::from_tuple(names[..items.len() - unnamed].to_vec()));
    ty.dict.set_text("_fields", Value::from_tuple(names));
    ty.dict.set_text("n_sequence_fields", Value::from_usize(items.len()));
    ty.dict.set_text("n_fields", Value::from_usize(items.len() + more.len()));
    ty.dict.set_text("n_unnamed_fields", Value::from_usize(unnamed));
    ty.modified();
    ty
}

/// An instance of such a class.
pub fn make_with_more(class: &Ref<Type>, items: Vec<Value>, more: Vec<Value>) -> Value {
    let made = crate::object::allocate(class, Tuple::new(items));
    if let Some(header) = made.header() {
        for (index, value) in more.into_iter().enumerate() {
            crate::object::instance::set_slot(header, index, Some(value));
        }
    }
    made
}

/// A class that programs can't instantiate.
pub fn make_sealed_class(module: &str, name: &str, doc: &str, fields: &[&str]) -> Ref<Type> {
    let ty = make_class(module, name, doc, fields);
    ty.set_flag(TypeFlags::NO_NEW);
    ty.dict.remove_str(&crate::name!(__new__));
    let slots = ty.slots();
    ty.slots.set(crate::types::slots::Slots { new: None, ..*slots });
    ty.modified();
    ty
}

/// An instance.
pub fn make(class: &Ref<Type>, items: Vec<Value>) -> Value {
    make_with_more(class, items, Vec::new())
}
