//! `_templatelib`: the types of template strings (PEP 750), which `string.templatelib` shows.

use std::cell::Cell;

use snakelet_macros::{methods, native_module, native_type};
use snakelet_text::{Text, TextBuilder};
use snakelet_vm::native::{Args, interned};
use snakelet_vm::types::generic_alias;
use snakelet_vm::types::string::Str;
use snakelet_vm::types::tuple::Tuple;
use snakelet_vm::{Native, PyResult, Ref, Value, Vm, VmRef};

/// The payload of template strings: there is one more string than interpolations.
#[native_type(name = "Template", module = "string.templatelib", doc = "Template object")]
pub struct Template {
    strings: Vec<Value>,
    interpolations: Vec<Value>,
}

/// The payload of the interpolations of template strings.
#[native_type(name = "Interpolation", module = "string.templatelib", doc = "Interpolation object")]
pub struct Interpolation {
    value: Value,
    expression: Value,
    conversion: Value,
    format_spec: Value,
}

/// The payload of the iterator over a template's parts.
#[native_type(name = "TemplateIter", module = "string.templatelib")]
pub struct TemplateIter {
    template: Ref<Template>,
    /// Number of the next part: strings and interpolations take turns.
    next: Cell<usize>,
}

/// A template of strs and interpolations in any order.
fn from_parts(vm: &Vm, parts: &[Value]) -> PyResult<Template> {
    let (mut strings, mut interpolations) = (Vec::new(), Vec::new());
    let mut last: Option<Value> = None;
    for part in parts {
        if let Some(text) = part.as_text() {
            last = Some(match last.as_ref().and_then(Value::as_text) {
                Some(before) => vm.concat_texts(before, text)?,
                None => part.clone(),
            });
        } else if part.downcast::<Interpolation>().is_some() {
            strings.push(last.take().unwrap_or_else(|| interned(vm, "")));
            interpolations.push(part.clone());
        } else {
            let name = vm.type_name(part);
            return Err(vm.type_error(format!(
                "Template.__new__ *args need to be of type 'str' or 'Interpolation', got {name}"
            )));
        }
    }
    strings.push(last.unwrap_or_else(|| interned(vm, "")));
    Ok(Template { strings, interpolations })
}

#[methods]
impl Template {
    #[slot(new)]
    fn new(vm: &Vm, _cls: &Value, args: Args<'_>) -> PyResult {
        if !args.kwnames.is_empty() {
            return Err(vm.type_error("Template.__new__ only accepts *args arguments"));
        }
        from_parts(vm, args.values).map(Native::into_value)
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Ref<Template>) -> PyResult {
        let strings = vm.repr(&Value::from_tuple(this.strings.clone())).await?;
        let interpolations = vm.repr(&Value::from_tuple(this.interpolations.clone())).await?;
        let mut out = TextBuilder::new();
        out.push_str("Template(strings=");
        out.push_text(strings.text());
        out.push_str(", interpolations=");
        out.push_text(interpolations.text());
        out.push_str(")");
        vm.new_text(out.finish())
    }

    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        let template = this.to_ref::<Template>();
        template.map_or(Value::NONE, |template| TemplateIter { template, next: Cell::new(0) }.into_value())
    }

    #[slot(concat)]
    fn concat(vm: &Vm, this: &Template, other: &Value) -> PyResult {
        let Some(right) = other.downcast::<Template>() else {
            let name = vm.type_name(other);
            return Err(vm.type_error(format!(
                "can only concatenate string.templatelib.Template (not \"{name}\") to string.templatelib.Template"
            )));
        };
        let parts = |template: &Template| {
            let mut parts = Vec::new();
            for (index, string) in template.strings.iter().enumerate() {
                parts.push(string.clone());
                parts.extend(template.interpolations.get(index).cloned());
            }
            parts
        };
        let mut all = parts(this);
        all.extend(parts(right));
        from_parts(vm, &all).map(Native::into_value)
    }

    /// The strings between the interpolations.
    #[getter("strings")]
    fn strings(this: &Template) -> Value {
        Value::from_tuple(this.strings.clone())
    }

    /// The interpolations.
    #[getter("interpolations")]
    fn interpolations(this: &Template) -> Value {
        Value::from_tuple(this.interpolations.clone())
    }

    /// The values of the interpolations.
    #[getter("values")]
    fn values(this: &Template) -> Value {
        let value = |part: &Value| part.downcast::<Interpolation>().map_or(Value::NONE, |part| part.value.clone());
        Value::from_tuple(this.interpolations.iter().map(value).collect())
    }

    /// For pickling.
    #[method("__reduce__(self, /)")]
    async fn reduce(vm: VmRef, this: Ref<Template>) -> PyResult {
        let module = snakelet_vm::import::import_module(&vm, "string.templatelib").await?;
        let unpickle = vm.attr(&module, "_template_unpickle").await?;
        let parts = [this.strings.clone(), this.interpolations.clone()].map(Value::from_tuple);
        Ok(Value::from_tuple(vec![unpickle, Value::from_tuple(parts.to_vec())]))
    }

    /// See PEP 585.
    #[classmethod("__class_getitem__(cls, object, /)", text = none)]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        generic_alias::alias(cls, object)
    }
}

#[methods]
impl TemplateIter {
    #[slot(iter)]
    fn iter(this: &Value) -> Value {
        this.clone()
    }

    #[slot(next)]
    fn next(_vm: &Vm, this: &TemplateIter) -> PyResult {
        loop {
            let number = this.next.get();
            this.next.set(number + 1);
            let (list, index) = match number % 2 {
                0 => (&this.template.strings, number / 2),
                _ => (&this.template.interpolations, number / 2),
            };
            match list.get(index) {
                Some(part) if part.as_text().is_some_and(Text::is_empty) => {}
                Some(part) => return Ok(part.clone()),
                None => {
                    this.next.set(number);
                    return Ok(Value::UNBOUND);
                }
            }
        }
    }
}

fn not_str(vm: &Vm, name: &str, value: &Value) -> snakelet_vm::Raised {
    let other = vm.type_name(value);
    vm.type_error(format!("Interpolation() argument '{name}' must be str, not {other}"))
}

#[methods]
impl Interpolation {
    #[new("Interpolation(value, expression='', conversion=None, format_spec='')", text = none)]
    fn new(
        vm: &Vm,
        _cls: &Value,
        value: Value,
        expression: Option<&Value>,
        conversion: Option<&Value>,
        format_spec: Option<&Value>,
    ) -> PyResult {
        let text = |name: &str, value: Option<&Value>| match value {
            None => Ok(interned(vm, "")),
            Some(value) if value.as_text().is_some() => Ok(value.clone()),
            Some(value) => Err(not_str(vm, name, value)),
        };
        let expression = text("expression", expression)?;
        if let Some(conversion) = conversion {
            let Some(letter) = conversion.as_text() else { return Err(not_str(vm, "conversion", conversion)) };
            if !["s", "a", "r"].iter().any(|known| *letter == **known) {
                return Err(vm.value_error("Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'"));
            }
        }
        let format_spec = text("format_spec", format_spec)?;
        let conversion = conversion.cloned().unwrap_or_default();
        Ok(Interpolation { value, expression, conversion, format_spec }.into_value())
    }

    #[slot(repr)]
    async fn repr(vm: VmRef, this: Ref<Interpolation>) -> PyResult {
        let mut out = TextBuilder::new();
        out.push_str("Interpolation(");
        for (index, part) in this.parts().iter().enumerate() {
            if index > 0 {
                out.push_str(", ");
            }
            let shown = vm.repr(part).await?;
            out.push_text(Str::text(&shown));
        }
        out.push_str(")");
        vm.new_text(out.finish())
    }

    /// The value.
    #[getter("value")]
    fn value(this: &Interpolation) -> Value {
        this.value.clone()
    }

    /// The text of the expression.
    #[getter("expression")]
    fn expression(this: &Interpolation) -> Value {
        this.expression.clone()
    }

    /// The conversion: 's', 'r', 'a' or None.
    #[getter("conversion")]
    fn conversion(this: &Interpolation) -> Value {
        this.conversion.clone()
    }

    /// The format specification.
    #[getter("format_spec")]
    fn format_spec(this: &Interpolation) -> Value {
        this.format_spec.clone()
    }

    /// For pickling.
    #[method("__reduce__(self, /)")]
    fn reduce(vm: &Vm, this: &Value) -> Value {
        let parts = this.downcast::<Interpolation>().map_or(Vec::new(), Interpolation::parts);
        Value::from_tuple(vec![vm.class_of(this).into_value(), Value::from_tuple(parts)])
    }

    /// See PEP 585.
    #[classmethod("__class_getitem__(cls, object, /)", text = none)]
    fn class_getitem(cls: &Value, object: &Value) -> Value {
        generic_alias::alias(cls, object)
    }
}

impl Interpolation {
    fn parts(&self) -> Vec<Value> {
        [&self.value, &self.expression, &self.conversion, &self.format_spec].map(Value::clone).to_vec()
    }
}

/// The types of template strings.
#[native_module("_templatelib", types = [Template, Interpolation])]
pub mod templatelib {
    use super::*;

    /// The template of a tuple of strings and one of interpolations.
    #[function("_template(strings, interpolations, /)")]
    fn template(strings: &Tuple, interpolations: &Tuple) -> Value {
        let (strings, interpolations) = (strings.items().to_vec(), interpolations.items().to_vec());
        Template { strings, interpolations }.into_value()
    }

    #[exec]
    fn exec(_vm: &Vm, _module: &Value) -> PyResult<()> {
        let names = ["value", "expression", "conversion", "format_spec"].map(Value::from_str).to_vec();
        let interpolation = Interpolation::type_object();
        interpolation.dict.set_text("__match_args__", Value::from_tuple(names));
        interpolation.modified();
        Interpolation::type_object().modified();
        Ok(())
    }
}
