//! Between [`Node`]s and Python's objects, in both directions, as the table of nodes says.

use snakelet_vm::errors::Exc;
use snakelet_vm::object::instance;
use snakelet_vm::types::bytes::Bytes;
use snakelet_vm::types::list::List;
use snakelet_vm::types::object::find_attr;
use snakelet_vm::{PyResult, Raised, Value, Vm};

use super::classes::Classes;
use super::nodes::{Field, FieldDef, FieldType, Kind, Node, POSITIONS, Positions};

/// Levels of nesting of a tree that is to be compiled.
const MAX_DEPTH: u32 = 700;

/// The object for a node. Consumes it from the leaves on, so that no deep tree is dropped at once.
pub fn to_object(classes: &Classes, node: Node) -> Value {
    let class = classes.grammar.class_of(node.kind);
    let def = &classes.grammar.classes[class];
    let object = classes.instance(class);
    let Some(header) = object.header() else { return object };
    for (field, def) in node.fields.into_iter().zip(&def.fields) {
        let value = match field {
            Field::None => Value::NONE,
            Field::Node(node) => to_object(classes, *node),
            Field::List(nodes) => Value::from_list(
                nodes.into_iter().map(|node| node.map_or(Value::NONE, |node| to_object(classes, node))).collect(),
            ),
            Field::Kind(kind) => classes.singleton(kind),
            Field::Kinds(kinds) => Value::from_list(kinds.into_iter().map(|kind| classes.singleton(kind)).collect()),
            Field::Value(value) => value,
            Field::Values(values) => Value::from_list(values),
        };
        instance::set(header, &def.name, value);
    }
    if def.positions != Positions::Without {
        for (name, number) in classes.positions.iter().zip(node.span) {
            instance::set(header, name, Value::small_int(number.into()));
        }
    }
    object
}

/// The other direction.
pub struct Reader<'a> {
    pub vm: &'a Vm,
    pub classes: &'a Classes,
    depth: u32,
}

impl<'a> Reader<'a> {
    pub fn new(vm: &'a Vm, classes: &'a Classes) -> Reader<'a> {
        Reader { vm, classes, depth: 0 }
    }

    /// Reads a node that must be an instance of class number `wanted`. None stands for a missing node where alternatives exist.
    pub fn node(&mut self, object: &Value, wanted: usize) -> PyResult<Option<Node>> {
        let def = &self.classes.grammar.classes[wanted];
        let sum = def.kind.is_none();
        if object.is_none() && sum {
            return Ok(None);
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("maximum recursion depth exceeded while traversing '{}' node", def.name);
            return Err(self.vm.error(Exc::RecursionError, &message));
        }
        let span = if sum { self.span(object, wanted)? } else { [0; 4] };
        let class = match def.kind {
            Some(_) => wanted,
            None => match self.classes.class_number(object, wanted) {
                Some(class) => class,
                None => return Err(self.wrong_class(object, def.name)),
            },
        };
        let def = &self.classes.grammar.classes[class];
        let kind = def.kind.unwrap_or(Kind::Pass);
        let mut fields = Vec::with_capacity(def.fields.len());
        for field in &def.fields {
            fields.push(self.field(object, def.name, field)?);
        }
        let span = if sum { span } else { self.span(object, wanted)? };
        self.depth -= 1;
        Ok(Some(Node { kind, span, fields }))
    }

    fn field(&mut self, object: &Value, owner: &str, def: &FieldDef) -> PyResult<Field> {
        let vm = self.vm;
        let value = self.attribute(object, &def.name)?;
        if def.many {
            let Some(value) = value else { return self.list(def.ty, &[]) };
            let Some(list) = value.downcast::<List>() else {
                let (field, got) = (def.text, vm.type_name(&value));
                return Err(vm.type_error(format!("{owner} field \"{field}\" must be a list, not a {got}")));
            };
            return {
                let items = list.items.borrow().clone();
                self.list(def.ty, &items)
            };
        }
        let value = match value {
            Some(value) if !(def.optional && value.is_none()) => value,
            None if !def.optional => {
                let field = def.text;
                return Err(vm.type_error(format!("required field \"{field}\" missing from {owner}")));
            }
            _ => return Ok(if def.ty == FieldType::Constant { Field::Value(Value::NONE) } else { Field::None }),
        };
        match def.ty {
            FieldType::Node(class) if self.classes.is_simple(class) => {
                if value.is_none() {
                    return self.missing(owner, def);
                }
                self.operator(&value, class).map(Field::Kind)
            }
            FieldType::Node(class) => match self.node(&value, class)? {
                Some(node) => Ok(Field::Node(Box::new(node))),
                None => self.missing(owner, def),
            },
            FieldType::Identifier | FieldType::String if value.is_none() => self.missing(owner, def),
            FieldType::Identifier if value.as_text().is_none() => {
                Err(vm.type_error("AST identifier must be of type str"))
            }
            FieldType::String if value.as_text().is_none() && value.downcast::<Bytes>().is_none() => {
                Err(vm.type_error("AST string must be of type str"))
            }
            FieldType::Int => self.int(&value).map(|number| Field::Value(Value::small_int(number.into()))),
            _ => Ok(Field::Value(value)),
        }
    }

    fn missing(&self, owner: &str, def: &FieldDef) -> PyResult<Field> {
        let field = def.text;
        Err(self.vm.value_error(format!("field '{field}' is required for {owner}")))
    }

    fn list(&mut self, ty: FieldType, items: &[Value]) -> PyResult<Field> {
        match ty {
            FieldType::Node(class) if self.classes.is_simple(class) => {
                let mut kinds = Vec::with_capacity(items.len());
                for item in items {
                    kinds.push(self.operator(item, class)?);
                }
                Ok(Field::Kinds(kinds))
            }
            FieldType::Node(class) => {
                let mut nodes = Vec::with_capacity(items.len());
                for item in items {
                    nodes.push(self.node(item, class)?);
                }
                Ok(Field::List(nodes))
            }
            _ => {
                if items.iter().any(|item| item.as_text().is_none()) {
                    return Err(self.vm.type_error("AST identifier must be of type str"));
                }
                Ok(Field::Values(items.to_vec()))
            }
        }
    }

    fn operator(&self, value: &Value, class: usize) -> PyResult<Kind> {
        let number = self.classes.class_number(value, class);
        match number.and_then(|number| self.classes.grammar.classes[number].kind) {
            Some(kind) => Ok(kind),
            None => Err(self.wrong_class(value, self.classes.grammar.classes[class].name)),
        }
    }

    /// "expected some sort of expr, but got ..."
    fn wrong_class(&self, object: &Value, wanted: &'static str) -> Raised {
        let (vm, object) = (self.vm.handle(), object.clone());
        self.vm.defer(async move {
            let shown = vm.repr(&object).await?.to_string_lossy();
            Err(vm.type_error(format!("expected some sort of {wanted}, but got {shown}")))
        })
    }

    /// Line and columns.
    fn span(&self, object: &Value, class: usize) -> PyResult<[i32; 4]> {
        let def = &self.classes.grammar.classes[class];
        let mut span = [0; 4];
        if def.positions == Positions::Without {
            return Ok(span);
        }
        for (index, name) in self.classes.positions.iter().enumerate() {
            span[index] = match self.attribute(object, name)? {
                Some(value) if !(value.is_none() && index >= 2) => self.int(&value)?,
                _ if index >= 2 && def.positions == Positions::Optional => span[index - 2],
                _ => {
                    let (field, owner) = (POSITIONS[index], def.name);
                    return Err(self.vm.type_error(format!("required field \"{field}\" missing from {owner}")));
                }
            };
        }
        Ok(span)
    }

    fn int(&self, value: &Value) -> PyResult<i32> {
        if !value.is_int() {
            let (vm, value) = (self.vm.handle(), value.clone());
            return Err(self.vm.defer(async move {
                let shown = vm.repr(&value).await?.to_string_lossy();
                Err(vm.value_error(format!("invalid integer value: {shown}")))
            }));
        }
        match value.to_i64().and_then(|number| i32::try_from(number).ok()) {
            Some(number) => Ok(number),
            None => Err(self.vm.overflow_error("Python int too large to convert to C int")),
        }
    }

    fn attribute(&self, object: &Value, name: &Value) -> PyResult<Option<Value>> {
        match find_attr(self.vm, object, name) {
            None => Ok(None),
            Some(Ok(value)) => Ok(Some(value)),
            Some(Err(raised)) => {
                if !self.vm.is_deferred() {
                    return Err(raised);
                }
                // A property written in Python: a tree that computes itself while it is read is not supported.
                drop(self.vm.settle(Err(raised)));
                Err(self.vm.type_error("attributes of AST nodes must not be computed"))
            }
        }
    }
}
