//! The classes of nodes, made from the table, and what `AST` itself can do.

use std::collections::HashMap;

use snakelet_macros::{methods, native_type};
use snakelet_vm::errors::Exc;
use snakelet_vm::errors::warn::warn;
use snakelet_vm::native::{Args, KwArgs};
use snakelet_vm::object::intern::intern;
use snakelet_vm::object::{allocate, instance};
use snakelet_vm::types::builtin::{make_heap_class, show_instance_dict};
use snakelet_vm::types::bytes::Bytes;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::generic_alias::{GenericAlias, alias};
use snakelet_vm::types::int::Int;
use snakelet_vm::types::list::List;
use snakelet_vm::types::object::Object;
use snakelet_vm::types::string::Str;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::types::typeobject::Type;
use snakelet_vm::types::union::{self, Union};
use snakelet_vm::{Native, PyResult, Ref, Value, Vm, VmCell, VmRef};

use super::nodes::{FieldDef, FieldType, Grammar, Kind, POSITIONS, Positions};

/// The payload of nodes: nothing, all fields are attributes.
#[native_type(name = "AST", module = "ast", flags(heap, subclassable, has_dict, weak_references))]
pub struct Ast {}

/// The classes of a session.
pub struct Classes {
    pub grammar: Grammar,
    /// In the order of `grammar.classes`.
    types: Vec<Ref<Type>>,
    /// Where a type is in `types`, by address.
    numbers: HashMap<usize, usize>,
    /// Whether all members of a class are without fields.
    simple: Vec<bool>,
    /// The names of the position attributes.
    pub positions: [Value; 4],
    /// The one instance of each class without fields that trees hold.
    singletons: VmCell<HashMap<u8, Value>>,
}

impl Default for Classes {
    fn default() -> Classes {
        let grammar = Grammar::default();
        let mut types: Vec<Ref<Type>> = Vec::with_capacity(grammar.classes.len());
        let mut numbers = HashMap::new();
        for (number, class) in grammar.classes.iter().enumerate() {
            let base = class.base.map_or_else(Ast::type_object, |base| types[base].clone());
            let room = class.fields.len() as u32 + if class.positions == Positions::Without { 0 } else { 4 };
            let ty = make_heap_class(class.name, "ast", &class.doc, base, room);
            numbers.insert(address(&ty), number);
            types.push(ty);
        }
        let simple = |number: usize| {
            let mut members = grammar.classes.iter().filter(|class| class.base == Some(number)).peekable();
            members.peek().is_some()
                && members.all(|class| class.fields.is_empty() && class.positions == Positions::Without)
        };
        let simple = (0..types.len()).map(simple).collect();
        let positions = POSITIONS.map(intern);
        Classes { grammar, types, numbers, simple, positions, singletons: VmCell::default() }
    }
}

fn address(ty: &Ref<Type>) -> usize {
    std::ptr::from_ref::<Type>(ty) as usize
}

impl Classes {
    /// A new instance without attributes.
    pub fn instance(&self, class: usize) -> Value {
        allocate(&self.types[class], Ast {})
    }

    /// The instance that stands for an operator or a context in trees.
    pub fn singleton(&self, kind: Kind) -> Value {
        let known = self.singletons.borrow_mut();
        known.entry(kind as u8).or_insert_with(|| self.instance(self.grammar.class_of(kind))).clone()
    }

    pub fn is_simple(&self, class: usize) -> bool {
        self.simple[class]
    }

    pub fn ty(&self, class: usize) -> &Ref<Type> {
        &self.types[class]
    }

    /// The class among those below `base` that `object` is an instance of.
    pub fn class_number(&self, object: &Value, base: usize) -> Option<usize> {
        let ty = object.header()?.ty();
        let numbers = ty.mro.borrow().iter().filter_map(|ty| self.numbers.get(&address(ty)).copied());
        numbers.into_iter().find(|&number| self.grammar.classes[number].base == Some(base))
    }

    /// Whether `object` is an instance of class number `class`.
    pub fn is_instance(&self, object: &Value, class: usize) -> bool {
        object.header().is_some_and(|header| header.ty().is_subtype(&self.types[class]))
    }

    /// Gives the classes their attributes.
    pub fn fill(&self, vm: &Vm) {
        let empty = || Value::from_tuple(Vec::new());
        let base = Ast::type_object();
        for name in ["_fields", "__match_args__", "_attributes"] {
            base.dict.set_text(name, empty());
        }
        show_instance_dict(&base);
        for (class, ty) in self.grammar.classes.iter().zip(&self.types) {
            let names = Value::from_tuple(class.fields.iter().map(|field| field.name.clone()).collect());
            ty.dict.set_text("_fields", names.clone());
            ty.dict.set_text("__match_args__", names);
            if class.base.is_none() {
                let with = class.positions != Positions::Without;
                let attributes = if with { self.positions.to_vec() } else { Vec::new() };
                ty.dict.set_text("_attributes", Value::from_tuple(attributes));
                if class.positions == Positions::Optional {
                    ty.dict.set_text("end_lineno", Value::NONE);
                    ty.dict.set_text("end_col_offset", Value::NONE);
                }
            }
            if class.kind.is_some() {
                let types = Dict::new_object();
                for field in &class.fields {
                    if field.optional && !field.many {
                        ty.dict.set_text(field.text, Value::NONE);
                    }
                    types.set_str(&field.name, self.annotation(vm, field));
                }
                ty.dict.set_text("_field_types", types.value());
                ty.dict.set_text("__annotations_cache__", types.into_value());
            }
            ty.modified();
        }
    }

    fn annotation(&self, vm: &Vm, field: &FieldDef) -> Value {
        let plain = match field.ty {
            FieldType::Node(class) => self.types[class].value(),
            FieldType::Identifier | FieldType::String => Str::type_object().into_value(),
            FieldType::Int => Int::type_object().into_value(),
            FieldType::Constant => Object::type_object().into_value(),
        };
        if field.many {
            alias(List::type_object().as_value(), &plain)
        } else if field.optional {
            union::make(vm, [&plain, &Value::NONE])
        } else {
            plain
        }
    }
}

/// What a constructor does, in order.
enum Step {
    Set(Value, Value),
    Warn(String),
}

/// The names in a class attribute such as `_fields`.
fn names(vm: &Vm, ty: &Type, attribute: &str) -> PyResult<Vec<Value>> {
    let Some(names) = ty.lookup(&intern(attribute)) else {
        let name = shown_name(ty);
        return Err(vm.attribute_error(format!("type object '{name}' has no attribute '{attribute}'")));
    };
    match vm.sequence_now(&names) {
        Some(names) => Ok(names),
        None => {
            let got = vm.type_name(&names);
            Err(vm.type_error(format!("object of type '{got}' has no len()")))
        }
    }
}

fn contains(names: &[Value], name: &Value) -> bool {
    names
        .iter()
        .any(|known| known.is(name) || matches!((known.as_text(), name.as_text()), (Some(a), Some(b)) if a == b))
}

/// `AST` has its module in the name that messages show.
fn shown_name(ty: &Type) -> String {
    if std::ptr::eq(ty, &*Ast::type_object()) { "ast.AST".to_string() } else { ty.name() }
}

/// A name in a message.
fn quoted(vm: &Vm, name: &Value) -> String {
    let shown = match name.downcast::<Bytes>() {
        Some(bytes) => snakelet_text::escape::repr_bytes(bytes.as_slice()).ok(),
        None => vm.repr_now(name),
    };
    shown.map_or(String::new(), |text| text.to_utf8_lossy().into_owned())
}

fn steps(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult<Vec<Step>> {
    const LATER: &str = "This will become an error in Python 3.15.";
    let ty = vm.type_of(this);
    let fields = names(vm, ty, "_fields")?;
    let name = shown_name(ty);
    let count = args.positional_count();
    if count > fields.len() {
        let (class, most) = (ty.name(), fields.len());
        let plural = if most == 1 { "" } else { "s" };
        return Err(vm.type_error(format!("{class} constructor takes at most {most} positional argument{plural}")));
    }
    let mut steps = Vec::with_capacity(fields.len());
    let mut given: Vec<&Value> = Vec::new();
    for (field, value) in fields.iter().zip(&args.values[..count]) {
        if field.as_text().is_none() {
            let got = vm.type_name(field);
            return Err(vm.type_error(format!("attribute name must be string, not '{got}'")));
        }
        given.push(field);
        steps.push(Step::Set(field.clone(), value.clone()));
    }
    for (key, value) in args.kwnames.iter().zip(&args.values[count..]) {
        if contains(&fields, key) {
            if given.iter().any(|given| contains(std::slice::from_ref(given), key)) {
                let (class, key) = (ty.name(), quoted(vm, key));
                return Err(vm.type_error(format!("{class} got multiple values for argument {key}")));
            }
            given.push(key);
        } else if !contains(&names(vm, ty, "_attributes")?, key) {
            let key = quoted(vm, key);
            steps.push(Step::Warn(format!(
                "{name}.__init__ got an unexpected keyword argument {key}. Support for arbitrary keyword arguments is \
                 deprecated and will be removed in Python 3.15."
            )));
        }
        steps.push(Step::Set(key.clone(), value.clone()));
    }
    if given.len() == fields.len() {
        return Ok(steps);
    }
    let types = ty.lookup(&intern("_field_types"));
    let Some(types) = types.as_ref().and_then(|types| types.downcast::<Dict>()) else { return Ok(steps) };
    let classes = vm.extension::<Classes>();
    let context = classes.grammar.find("expr_context").map(|class| classes.ty(class));
    for field in &fields {
        if given.iter().any(|given| contains(std::slice::from_ref(given), field)) {
            continue;
        }
        let Some(wanted) = field.as_text().and_then(|_| types.get_str(field)) else {
            let field = quoted(vm, field);
            steps.push(Step::Warn(format!("Field {field} is missing from {name}._field_types. {LATER}")));
            continue;
        };
        if wanted.downcast::<Union>().is_some() {
            // The class has the default, None.
        } else if wanted.downcast::<GenericAlias>().is_some() {
            steps.push(Step::Set(field.clone(), Value::from_list(Vec::new())));
        } else if context.is_some_and(|context| wanted.is(context.as_value())) {
            steps.push(Step::Set(field.clone(), classes.singleton(Kind::Load)));
        } else {
            let field = quoted(vm, field);
            steps.push(Step::Warn(format!("{name}.__init__ missing 1 required positional argument: {field}. {LATER}")));
        }
    }
    Ok(steps)
}

#[methods]
impl Ast {
    #[slot(new)]
    fn new(vm: &Vm, cls: &Value, _args: Args<'_>) -> PyResult {
        vm.new_instance(cls, Ast {})
    }

    #[slot(init)]
    fn init(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        let steps = steps(vm, this, args)?;
        let plain = vm.type_of(this).slots().setattr.map(|slot| slot as usize)
            == Ast::type_object().slots().setattr.map(|slot| slot as usize);
        if plain && steps.iter().all(|step| matches!(step, Step::Set(..))) {
            for step in steps {
                if let Step::Set(name, value) = step {
                    vm.set_attr(this, &name, Some(&value))?;
                }
            }
            return Ok(Value::NONE);
        }
        let (vm, this) = (vm.handle(), this.clone());
        Err(vm.defer(async move {
            for step in steps {
                match step {
                    Step::Set(name, value) => vm.store_attr(&this, &name, &value).await?,
                    Step::Warn(message) => drop(warn(vm, Exc::DeprecationWarning, &message, 1).await?),
                }
            }
            Ok(Value::NONE)
        }))
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Value) -> PyResult<String> {
        const DEPTH: u32 = 3;
        shown(vm, &this, DEPTH, &mut Vec::new()).await
    }

    #[method("__reduce__(self, /)", text = none)]
    fn reduce(vm: &Vm, this: &Value) -> PyResult {
        let Some(header) = this.header() else { return Ok(Value::NONE) };
        let dict = instance::dict(header);
        // Placeholders for the leading fields that are there keep the constructor from complaining; the state follows.
        let fields = names(vm, vm.type_of(this), "_fields")?;
        let there = fields.iter().take_while(|field| field.as_text().is_some() && dict.get_str(field).is_some());
        let args = there.map(|_| Value::NONE).collect();
        let parts = vec![vm.class_of(this).into_value(), Value::from_tuple(args), dict.into_value()];
        Ok(Value::from_tuple(parts))
    }

    /// Return a copy of the AST node with new values for the specified fields.
    #[method("__replace__(self, /, *args, **fields)", text = "($self, /, **fields)")]
    fn replace(vm: &Vm, this: &Value, args: &[Value], fields: KwArgs<'_>) -> PyResult {
        if !args.is_empty() {
            return Err(vm.type_error("__replace__() takes no positional arguments"));
        }
        let Some(header) = this.header() else { return Ok(Value::NONE) };
        let (ty, dict) = (vm.type_of(this), instance::dict(header));
        let own = names(vm, ty, "_fields")?;
        let attributes = names(vm, ty, "_attributes")?;
        let given: Vec<(Value, Value)> = fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        for (name, _) in &given {
            if !contains(&own, name) && !contains(&attributes, name) {
                let (class, name) = (shown_name(ty), quoted(vm, name));
                return Err(vm.type_error(format!("{class}.__replace__ got an unexpected keyword argument {name}.")));
            }
        }
        let mut missing: Vec<String> = own
            .iter()
            .filter(|name| dict.get_str(name).is_none() && ty.lookup(name).is_none())
            .filter(|name| !given.iter().any(|(known, _)| contains(std::slice::from_ref(known), name)))
            .map(|name| quoted(vm, name))
            .collect();
        if !missing.is_empty() {
            missing.sort();
            let (class, count, names) = (shown_name(ty), missing.len(), missing.join(", "));
            let plural = if count == 1 { "" } else { "s" };
            return Err(
                vm.type_error(format!("{class}.__replace__ missing {count} keyword argument{plural}: {names}."))
            );
        }
        let all = dict.copy(vm)?;
        let extra: Vec<Value> = all.table.borrow().iter().map(|entry| entry.key.clone()).collect();
        for name in extra.iter().filter(|name| name.as_text().is_some()) {
            if !contains(&own, name) && !contains(&attributes, name) {
                all.remove_str(name);
            }
        }
        for (name, value) in given {
            all.set_str(&name, value);
        }
        let (mut kwnames, mut values) = (Vec::new(), Vec::new());
        for entry in all.table.borrow().iter() {
            kwnames.push(entry.key.clone());
            values.push(entry.value.clone());
        }
        let (class, vm) = (vm.class_of(this).into_value(), vm.handle());
        Err(vm.defer(async move { vm.call_kw(&class, values, kwnames).await }))
    }
}

/// A node's repr, cut off `depth` levels down and where it contains itself.
async fn shown(vm: VmRef, node: &Value, depth: u32, around: &mut Vec<Value>) -> PyResult<String> {
    let ty = vm.class_of(node);
    let name = shown_name(&ty);
    if depth == 0 || around.iter().any(|outer| outer.is(node)) {
        return Ok(name + "(...)");
    }
    around.push(node.clone());
    let mut text = name + "(";
    for (number, field) in names(&vm, &ty, "_fields")?.iter().enumerate() {
        if number > 0 {
            text.push_str(", ");
        }
        let label = field.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
        text.push_str(&label);
        text.push('=');
        let value = vm.settle(vm.get_attr(node, field)).await?;
        text.push_str(&shown_value(vm, &value, depth, around).await?);
    }
    around.pop();
    text.push(')');
    Ok(text)
}

async fn shown_value(vm: VmRef, value: &Value, depth: u32, around: &mut Vec<Value>) -> PyResult<String> {
    let items = match (value.downcast::<List>(), value.downcast::<Tuple>()) {
        (Some(list), _) => list.items.borrow().clone(),
        (_, Some(tuple)) => tuple.items().to_vec(),
        _ => return shown_item(vm, value, depth, around).await,
    };
    let brackets = if value.downcast::<List>().is_some() { ["[", "]"] } else { ["(", ")"] };
    let mut text = brackets[0].to_string();
    if let Some(first) = items.first() {
        text.push_str(&shown_item(vm, first, depth, around).await?);
    }
    if items.len() > 1 {
        text.push_str(if items.len() > 2 { ", ..., " } else { ", " });
        text.push_str(&shown_item(vm, &items[items.len() - 1], depth, around).await?);
    }
    text.push_str(brackets[1]);
    Ok(text)
}

async fn shown_item(vm: VmRef, value: &Value, depth: u32, around: &mut Vec<Value>) -> PyResult<String> {
    if vm.type_of(value).is_subtype_of::<Ast>() {
        return Box::pin(shown(vm, value, depth - 1, around)).await;
    }
    Ok(vm.repr(value).await?.to_string_lossy())
}
