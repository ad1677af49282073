//! A type and a module that use every kind of declaration, and the argument errors they give.

use std::borrow::Cow;

use snakelet_macros::{functions, methods, native_module, native_type};
use snakelet_text::Text;

use super::*;
use crate::object::VmCell;
use crate::types::list::List;

#[native_type(name = "sample", module = "testing", doc = "A type for tests.", flags(subclassable))]
struct Sample {
    items: VmCell<Vec<Value>>,
    size: usize,
}

#[methods(with = [Sample::MORE])]
impl Sample {
    /// Takes nothing.
    #[method("clear(self, /)")]
    fn clear(this: &Sample) {
        this.items.set(Vec::new());
    }

    /// Takes one.
    #[method("append(self, object, /)")]
    fn append(_vm: &Vm, this: &Sample, object: Value) -> PyResult<()> {
        this.items.borrow_mut().push(object);
        Ok(())
    }

    #[method("insert(self, index, object, /)")]
    fn insert(this: &Sample, index: isize, object: &Value) -> usize {
        this.items.borrow_mut().push(object.clone());
        index as usize
    }

    #[method("pop(self, index=-1, /)")]
    fn pop(this: &Sample, index: isize) -> isize {
        let _ = this;
        index
    }

    #[method("index(self, value, start=0, stop=sys.maxsize, /)")]
    fn index(this: &Sample, value: &Value, start: Clamped, stop: isize) -> bool {
        let _ = this;
        start.0 < stop && value.is_none()
    }

    #[method("sort(self, /, *, key=None, reverse=False)")]
    async fn sort(vm: VmRef, this: Ref<Sample>, key: Option<Value>, reverse: bool) -> PyResult<()> {
        if let Some(key) = key {
            vm.call(&key, vec![this.value(), Value::bool(reverse)]).await?;
        }
        Ok(())
    }

    #[method("find(self, text, start=None, end=None, /)")]
    fn find(_this: &Sample, text: &Text, start: Option<Clamped>, end: Option<Clamped>) -> Option<usize> {
        Some(text.len() + start?.0 as usize + end?.0 as usize)
    }

    #[method("encode(self, /, encoding='utf-8', errors='strict')")]
    fn encode<'a>(_this: &'a Sample, encoding: Cow<'a, str>, errors: &'a Value) -> String {
        let _ = errors;
        encoding.into_owned()
    }

    #[method("update(self, *args, **kwargs)", text = none)]
    fn update(this: &Value, args: &[Value], kwargs: KwArgs<'_>) -> Value {
        let _ = (args, kwargs.is_empty());
        this.clone()
    }

    #[method("later(self, first, /, *args, flag=False, **kwargs)")]
    async fn later(
        _vm: VmRef,
        _this: Value,
        first: Ref<List>,
        args: Vec<Value>,
        flag: bool,
        kwargs: Vec<(Value, Value)>,
    ) -> PyResult<usize> {
        Ok(args.len() + kwargs.len() + first.items.borrow().len() + flag as usize)
    }

    #[classmethod("make(cls, value=(), /)")]
    fn make(cls: &Value, value: Value) -> Value {
        let _ = value;
        cls.clone()
    }

    #[staticmethod("join(x, y=<unrepresentable>, /)")]
    fn join(x: ArgBytes<'_>, y: Option<&Value>) -> usize {
        x.len() + y.is_some() as usize
    }

    #[new("sample(iterable=(), /)")]
    fn new(vm: &Vm, cls: &Value, iterable: &Value) -> PyResult {
        vm.new_instance(cls, Sample { items: VmCell::new(vec![iterable.clone()]), size: 0 })
    }

    #[init("sample(self, iterable=(), /)")]
    fn init(_vm: &Vm, _this: &Sample, _iterable: &Value) -> PyResult<()> {
        Ok(())
    }

    #[slot(repr)]
    fn repr(_vm: &Vm, this: &Value) -> PyResult {
        Ok(this.clone())
    }

    #[slot(len)]
    fn len(this: &Sample) -> usize {
        this.items.borrow().len()
    }

    #[slot(getitem)]
    async fn getitem(vm: VmRef, this: Ref<Sample>, key: Value) -> PyResult {
        vm.call(&key, vec![this.value()]).await
    }

    #[slot(setitem)]
    async fn setitem(_vm: VmRef, _this: Value, _key: Value, value: Option<Value>) -> PyResult<()> {
        drop(value);
        Ok(())
    }
}

#[methods(block = MORE)]
impl Sample {
    /// The size.
    #[getter("size")]
    fn size(this: &Sample) -> usize {
        this.size
    }

    #[setter("size")]
    fn set_size(vm: &Vm, this: &Sample, value: Option<&Value>) -> PyResult<()> {
        let _ = this;
        match value {
            Some(_) => Ok(()),
            None => Err(vm.type_error("cannot delete size")),
        }
    }
}

#[native_type(name = "bare")]
struct Bare {}

/// Functions for tests.
#[native_module("testing", types = [Sample, Bare], with = [more::FUNCTIONS])]
mod testing {
    use crate::{PyResult, Value, Vm};

    #[constant("pi")]
    const PI: f64 = std::f64::consts::PI;

    /// The square root.
    #[function("sqrt(x, /)")]
    fn sqrt(x: f64) -> f64 {
        x.sqrt()
    }

    #[function("isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)")]
    fn isclose(a: f64, b: f64, rel_tol: f64, abs_tol: f64) -> bool {
        (a - b).abs() <= abs_tol + rel_tol
    }

    #[exec]
    fn exec(_vm: &Vm, _module: &Value) -> PyResult<()> {
        Ok(())
    }

    use super::more;
    use super::{Bare, Sample};
}

#[functions("testing", FUNCTIONS)]
mod more {
    #[function("now()", family = "tuple")]
    fn now() -> f64 {
        0.0
    }
}

#[test]
fn tables() {
    let defs = Sample::BLOCKS.iter().flat_map(|block| block.defs);
    let names: Vec<&str> = defs.map(|def| def.name).collect();
    assert_eq!(names.len(), 15);
    assert!(names.contains(&"size") && names.contains(&"__new__"));
    let sort = &Sample::BLOCKS[0].defs[5];
    assert_eq!((sort.name, sort.text.text()), ("sort", Some("($self, /, *, key=None, reverse=False)")));
    assert_eq!((sort.params.positional, sort.params.names.len(), sort.params.family), (0, 2, Family::Keywords));
    assert_eq!(Sample::BLOCKS[0].defs[0].doc.text(), Some("Takes nothing."));
    let contents = (testing::MODULE.contents)();
    assert_eq!((testing::MODULE.name, contents.blocks.len(), contents.types.len()), ("testing", 2, 2));
    assert_eq!(contents.doc, Some("Functions for tests."));
}
