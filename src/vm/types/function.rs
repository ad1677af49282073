//! Python functions.

use std::cell::Cell;

use snakelet_bytecode::CodeFlags;
use snakelet_macros::{methods, native_type};

use crate::deferral::TailCall;
use crate::errors::Exc;
use crate::native::Args;
use crate::object::{Ref, VmCell};
use crate::types::cell::CellObject;
use crate::types::code::CodeObject;
use crate::types::dict::Dict;
use crate::types::method::BoundMethod;
use crate::types::slots::CompareOp;
use crate::types::tuple::Tuple;
use crate::{Native, PyResult, Value, Vm, VmRef};

/// The payload of Python functions.
#[native_type(
    name = "function",
    doc = "A function made by Python code.",
    flags(has_dict, weak_references, method_descriptor)
)]
pub struct Function {
    pub code: VmCell<Ref<CodeObject>>,
    pub globals: Ref<Dict>,
    pub builtins: Ref<Dict>,
    pub name: VmCell<Value>,
    pub qualname: VmCell<Value>,
    /// A tuple, or unbound.
    pub defaults: VmCell<Value>,
    /// A dict, or unbound.
    pub kwdefaults: VmCell<Value>,
    /// Cells, in the order of the code's free variables.
    pub closure: Box<[Value]>,
    pub doc: VmCell<Value>,
    pub module: VmCell<Value>,
    /// A function that computes the annotations (PEP 649), None, or unbound.
    pub annotate: VmCell<Value>,
    /// The annotations' dict once computed or set, or unbound.
    pub annotations: VmCell<Value>,
    /// A tuple, or unbound.
    pub type_params: VmCell<Value>,
    /// The number of positional arguments with which a call needs no binding; `u16::MAX` if it always does.
    pub plain_args: Cell<u16>,
}

fn or_none(value: Value) -> Value {
    if value.is_unbound() { Value::NONE } else { value }
}

impl Function {
    fn put_code(&self, vm: &Vm, code: Ref<CodeObject>) {
        self.plain_args.set(code.plain_args);
        vm.keep_while_running(self.code.get());
        self.code.set(code);
    }
}

#[methods]
impl Function {
    #[new("function(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)")]
    fn new(
        vm: &Vm,
        _cls: &Value,
        code: Ref<CodeObject>,
        globals: Ref<Dict>,
        name: &Value,
        argdefs: &Value,
        closure: &Value,
        kwdefaults: &Value,
    ) -> PyResult {
        let refused =
            |at: u8, what: &str, wanted: &str| Err(vm.type_error(format!("arg {at} ({what}) must be {wanted}")));
        if !name.is_none() && name.as_text().is_none() {
            return refused(3, "name", "None or string");
        }
        if !argdefs.is_none() && argdefs.downcast::<Tuple>().is_none() {
            return refused(4, "defaults", "None or tuple");
        }
        let wanted = code.code.freevars.len();
        let cells = closure.downcast::<Tuple>().map_or(&[][..], Tuple::items);
        if closure.downcast::<Tuple>().is_none() && (wanted > 0 || !closure.is_none()) {
            return refused(5, "closure", if closure.is_none() { "tuple" } else { "None or tuple" });
        }
        if !kwdefaults.is_none() && kwdefaults.downcast::<Dict>().is_none() {
            return refused(6, "kwdefaults", "None or dict");
        }
        if cells.len() != wanted {
            let name = &code.code.name;
            return Err(vm.value_error(format!("{name} requires closure of length {wanted}, not {}", cells.len())));
        }
        if let Some(other) = cells.iter().find(|cell| cell.downcast::<CellObject>().is_none()) {
            let got = vm.type_name(other);
            return Err(vm.type_error(format!("arg 5 (closure) expected cell, found {got}")));
        }
        let made = Function::for_code(vm, code.clone(), globals.clone());
        let Some(plain) = made.downcast::<Function>() else { return Ok(made) };
        // Without builtins of their own the globals get those of the code that makes the function.
        let builtins = match (globals.get_str(&crate::name!(__builtins__)), vm.python_frame(0)) {
            (None, Some(frame)) => frame.function().builtins.clone(),
            _ => plain.builtins.clone(),
        };
        let optional = |value: &Value| if value.is_none() { Value::UNBOUND } else { value.clone() };
        let name = if name.is_none() { plain.name.get() } else { name.clone() };
        let doc = if code.has_flag(snakelet_bytecode::CodeFlags::HAS_DOCSTRING) {
            code.consts.first().cloned().unwrap_or_default()
        } else {
            Value::NONE
        };
        Ok(Function {
            code: VmCell::new(code.clone()),
            globals: globals.clone(),
            builtins,
            name: VmCell::new(name),
            qualname: VmCell::new(code.qualname.clone()),
            defaults: VmCell::new(optional(argdefs)),
            kwdefaults: VmCell::new(optional(kwdefaults)),
            closure: cells.into(),
            doc: VmCell::new(doc),
            module: VmCell::new(globals.get_str(&crate::name!(__name__)).unwrap_or_default()),
            annotate: VmCell::new(Value::UNBOUND),
            annotations: VmCell::new(Value::UNBOUND),
            type_params: VmCell::new(Value::UNBOUND),
            plain_args: Cell::new(code.plain_args),
        }
        .into_value())
    }

    #[slot(call)]
    fn call(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult {
        if args.kwnames.is_empty() && args.values.len() <= TailCall::MOST_ARGS {
            return Err(vm.defer_call(this.clone(), args.values));
        }
        let future = vm.call_kw(this, args.values.to_vec(), args.kwnames.to_vec());
        Err(vm.defer(future))
    }

    #[slot(descr_get)]
    fn descr_get(_vm: &Vm, this: &Value, object: Option<&Value>, _owner: &Value) -> PyResult {
        Ok(match object {
            Some(object) => BoundMethod { function: this.clone(), instance: object.clone() }.into_value(),
            None => this.clone(),
        })
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Value) -> PyResult {
        let qualname = this.downcast::<Function>().map_or(Value::NONE, |function| function.qualname.get());
        let name = qualname.as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
        Ok(Value::from_str(&format!("<function {name} at {:#x}>", vm.id_of(this))))
    }

    /// The function's name.
    #[getter("__name__")]
    fn get_name(this: &Function) -> Value {
        this.name.get()
    }

    #[setter("__name__")]
    fn set_name(vm: &Vm, this: &Function, value: Option<&Value>) -> PyResult<()> {
        match value.filter(|value| value.as_text().is_some()) {
            Some(value) => {
                this.name.set(value.clone());
                Ok(())
            }
            None => Err(vm.type_error("__name__ must be set to a string object")),
        }
    }

    /// The function's qualified name.
    #[getter("__qualname__")]
    fn get_qualname(this: &Function) -> Value {
        this.qualname.get()
    }

    #[setter("__qualname__")]
    fn set_qualname(vm: &Vm, this: &Function, value: Option<&Value>) -> PyResult<()> {
        match value.filter(|value| value.as_text().is_some()) {
            Some(value) => {
                this.qualname.set(value.clone());
                Ok(())
            }
            None => Err(vm.type_error("__qualname__ must be set to a string object")),
        }
    }

    /// The documentation.
    #[getter("__doc__")]
    fn get_doc(this: &Function) -> Value {
        this.doc.get()
    }

    #[setter("__doc__")]
    fn set_doc(_vm: &Vm, this: &Function, value: Option<&Value>) -> PyResult<()> {
        this.doc.set(value.cloned().unwrap_or_default());
        Ok(())
    }

    /// The module the function was defined in.
    #[getter("__module__")]
    fn get_module(this: &Function) -> Value {
        this.module.get()
    }

    #[setter("__module__")]
    fn set_module(_vm: &Vm, this: &Function, value: Option<&Value>) -> PyResult<()> {
        this.module.set(value.cloned().unwrap_or_default());
        Ok(())
    }

    /// The defaults of positional parameters.
    #[getter("__defaults__")]
    fn get_defaults(this: &Function) -> Value {
        or_none(this.defaults.get())
    }

    #[setter("__defaults__")]
    fn set_defaults(vm: &Vm, this: &Function, value: Option<&Value>) -> PyResult<()> {
        match value.filter(|value| !value.is_none()) {
            None => this.defaults.set(Value::UNBOUND),
            Some(value) if value.downcast::<Tuple>().is_some() => this.defaults.set(value.clone()),
            Some(_) => return Err(vm.type_error("__defaults__ must be set to a tuple object")),
        }
        Ok(())
    }

    /// The defaults of keyword-only parameters.
    #[getter("__kwdefaults__")]
    fn get_kwdefaults(this: &Function) -> Value {
        or_none(this.kwdefaults.get())
    }

    #[setter("__kwdefaults__")]
    fn set_kwdefaults(vm: &Vm, this: &Function, value: Option<&Value>) -> PyResult<()> {
        match value.filter(|value| !value.is_none()) {
            None => this.kwdefaults.set(Value::UNBOUND),
            Some(value) if value.downcast::<Dict>().is_some() => this.kwdefaults.set(value.clone()),
            Some(_) => return Err(vm.type_error("__kwdefaults__ must be set to a dict object")),
        }
        Ok(())
    }

    /// The code object.
    #[getter("__code__")]
    fn get_code(this: &Function) -> Value {
        this.code.borrow().value()
    }

    #[setter("__code__")]
    fn set_code(vm: &Vm, this: &Value, value: Option<&Value>) -> PyResult<()> {
        let Some(this) = this.to_ref::<Function>() else { return Ok(()) };
        let Some(code) = value.and_then(Value::to_ref::<CodeObject>) else {
            return Err(vm.type_error("__code__ must be set to a code object"));
        };
        if code.code.freevars.len() != this.closure.len() {
            let name = this.name.borrow().as_text().map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
            let (has, wants) = (this.closure.len(), code.code.freevars.len());
            return Err(vm.value_error(format!("{name}() requires a code object with {has} free vars, not {wants}")));
        }
        let kinds = |code: &CodeObject| {
            let flags = [CodeFlags::GENERATOR, CodeFlags::COROUTINE, CodeFlags::ASYNC_GENERATOR];
            flags.map(|flag| code.has_flag(flag))
        };
        if kinds(&code) == kinds(this.code.borrow()) {
            this.put_code(vm, code);
            return Ok(());
        }
        let handle = vm.handle();
        Err(vm.defer(async move {
            let text = "Assigning a code object of non-matching type is deprecated \
                        (e.g., from a generator to a plain function)";
            crate::errors::warn::warn(handle, Exc::DeprecationWarning, text, 1).await?;
            this.put_code(&handle, code);
            Ok(Value::NONE)
        }))
    }

    /// The globals the function uses.
    #[getter("__globals__")]
    fn globals(this: &Function) -> Value {
        this.globals.value()
    }

    #[setter("__globals__")]
    fn set_globals(vm: &Vm, _this: &Function, _value: Option<&Value>) -> PyResult<()> {
        Err(vm.attribute_error("readonly attribute"))
    }

    /// The builtins the function uses.
    #[getter("__builtins__")]
    fn builtins(this: &Function) -> Value {
        this.builtins.value()
    }

    #[setter("__builtins__")]
    fn set_builtins(vm: &Vm, _this: &Function, _value: Option<&Value>) -> PyResult<()> {
        Err(vm.attribute_error("readonly attribute"))
    }

    /// The cells of the free variables, or None.
    #[getter("__closure__")]
    fn closure(this: &Function) -> Value {
        if this.closure.is_empty() { Value::NONE } else { Value::from_tuple(this.closure.to_vec()) }
    }

    #[setter("__closure__")]
    fn set_closure(vm: &Vm, _this: &Function, _value: Option<&Value>) -> PyResult<()> {
        Err(vm.attribute_error("readonly attribute"))
    }

    /// The function's own attributes.
    #[getter("__dict__")]
    fn dict(this: &Value) -> Option<Value> {
        this.header().map(|header| crate::object::instance::dict(header).into_value())
    }

    #[setter("__dict__")]
    fn set_dict(vm: &Vm, this: &Value, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.type_error("cannot delete __dict__")) };
        let Some(dict) = value.to_ref::<Dict>() else {
            let got = vm.type_name(value);
            return Err(vm.type_error(format!("__dict__ must be set to a dictionary, not a '{got}'")));
        };
        if let Some(header) = this.header() {
            crate::object::instance::replace_dict(header, dict);
        }
        Ok(())
    }

    /// The type parameters.
    #[getter("__type_params__")]
    fn type_params(this: &Function) -> Value {
        let params = this.type_params.get();
        if params.is_unbound() { Value::from_tuple(Vec::new()) } else { params }
    }

    #[setter("__type_params__")]
    fn set_type_params(vm: &Vm, this: &Function, value: Option<&Value>) -> PyResult<()> {
        match value.filter(|value| value.downcast::<Tuple>().is_some()) {
            Some(value) => {
                this.type_params.set(value.clone());
                Ok(())
            }
            None => Err(vm.type_error("__type_params__ must be set to a tuple")),
        }
    }

    /// The function that computes the annotations, or None.
    #[getter("__annotate__")]
    fn get_annotate(this: &Function) -> Value {
        or_none(this.annotate.get())
    }

    #[setter("__annotate__")]
    fn set_annotate(vm: &Vm, this: &Function, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.type_error("__annotate__ cannot be deleted")) };
        if !value.is_none() && vm.type_of(value).slots().call.is_none() {
            return Err(vm.type_error("__annotate__ must be callable or None"));
        }
        this.annotate.set(value.clone());
        if !value.is_none() {
            this.annotations.set(Value::UNBOUND);
        }
        Ok(())
    }

    /// The annotations, computed at first use.
    #[getter("__annotations__")]
    async fn get_annotations(vm: VmRef, this: Value) -> PyResult {
        let Some(function) = this.to_ref::<Function>() else { return Ok(Value::NONE) };
        let known = function.annotations.get();
        if !known.is_unbound() {
            return Ok(known);
        }
        let annotate = function.annotate.get();
        let annotations = if annotate.is_unbound() || annotate.is_none() {
            Dict::new_object().into_value()
        } else {
            let made = vm.call(&annotate, vec![Value::small_int(1)]).await?;
            if made.downcast::<Dict>().is_none() {
                let got = vm.type_name(&made);
                return Err(vm.type_error(format!("__annotate__ returned non-dict of type '{got}'")));
            }
            made
        };
        function.annotations.set(annotations.clone());
        Ok(annotations)
    }

    #[setter("__annotations__")]
    fn set_annotations(vm: &Vm, this: &Function, value: Option<&Value>) -> PyResult<()> {
        match value.filter(|value| !value.is_none()) {
            None => this.annotations.set(Value::UNBOUND),
            Some(value) if value.downcast::<Dict>().is_some() => this.annotations.set(value.clone()),
            Some(_) => return Err(vm.type_error("__annotations__ must be set to a dict object")),
        }
        this.annotate.set(Value::NONE);
        Ok(())
    }
}

#[methods]
impl CellObject {
    #[new("cell(contents=<unrepresentable>, /)", text = "([contents])", family = "positional")]
    fn new(_vm: &Vm, _cls: &Value, contents: Option<&Value>) -> PyResult {
        let contents = contents.cloned().unwrap_or(Value::UNBOUND);
        Ok(CellObject { contents: VmCell::new(contents) }.into_value())
    }

    #[slot(compare)]
    fn compare(vm: &Vm, this: &Value, other: &Value, op: CompareOp) -> PyResult {
        let (Some(left), Some(right)) = (this.downcast::<CellObject>(), other.downcast::<CellObject>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let (left, right) = (left.contents.get(), right.contents.get());
        if left.is_unbound() || right.is_unbound() {
            // An empty cell comes first.
            return Ok(Value::bool(op.matches(right.is_unbound().cmp(&left.is_unbound()))));
        }
        vm.rich_compare(&left, &right, op)
    }

    #[slot(repr)]
    fn repr(vm: &Vm, this: &Value) -> PyResult {
        let contents = this.downcast::<CellObject>().map_or(Value::UNBOUND, |cell| cell.contents.get());
        let id = vm.id_of(this);
        Ok(Value::from_str(&if contents.is_unbound() {
            format!("<cell at {id:#x}: empty>")
        } else {
            format!("<cell at {id:#x}: {} object at {:#x}>", vm.type_name(&contents), vm.id_of(&contents))
        }))
    }

    /// What the cell holds.
    #[getter("cell_contents")]
    fn get_contents(vm: &Vm, this: &CellObject) -> PyResult {
        let contents = this.contents.get();
        if contents.is_unbound() { Err(vm.value_error("Cell is empty")) } else { Ok(contents) }
    }

    #[setter("cell_contents")]
    fn set_contents(_vm: &Vm, this: &CellObject, value: Option<&Value>) -> PyResult<()> {
        this.contents.set(value.cloned().unwrap_or(Value::UNBOUND));
        Ok(())
    }
}
