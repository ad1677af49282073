//! `str.format` and `str.format_map`.
//!
//! Fields that are arguments (no attributes, no items) of builtin types are formatted at once. Anything else, errors included, is
//! left to the async version, which starts over: nothing the program could see has happened by then.

use std::pin::Pin;

use snakelet_macros::methods;
use snakelet_text::format::{Accessor, AutoNumber, Field, FieldName, First, Template, TemplateError, TemplatePiece};
use snakelet_text::search::Range;
use snakelet_text::{Text, Units};

use crate::errors::Exc;
use crate::native::KwArgs;
use crate::types::dict::Dict;
use crate::types::number_format;
use crate::types::string::Str;
use crate::{PyResult, Raised, Ref, Value, Vm, VmRef};

/// How deep specifications may hold fields.
const DEPTH: u32 = 2;

/// Where fields find their values.
enum Source {
    Arguments { values: Vec<Value>, keywords: Vec<(Value, Value)> },
    Mapping(Value),
}

/// A call of `str.format` or `str.format_map`.
struct Call {
    vm: VmRef,
    template: Ref<Str>,
    source: Source,
}

#[methods(block = FORMAT)]
impl Str {
    /// The text with its replacement fields (in braces) replaced by the arguments.
    #[method("format(self, /, *args, **kwargs)")]
    fn format(vm: &Vm, this: &Value, args: &[Value], kwargs: KwArgs<'_>) -> PyResult {
        let Some(template) = this.to_ref::<Str>() else { return Ok(Value::NONE) };
        let keyword = |units: Units<'_>| {
            kwargs
                .iter()
                .find(|(name, _)| name.as_text().is_some_and(|name| name.units() == units))
                .map(|(_, value)| value)
        };
        let find = |first: First| match first {
            First::Index(index) => args.get(index).cloned(),
            First::Key((start, stop)) => keyword(template.text().units().slice(start, stop)).cloned(),
        };
        if let Some(text) = format_now(vm, template.text(), find) {
            return Ok(text);
        }
        let keywords = kwargs.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let source = Source::Arguments { values: args.to_vec(), keywords };
        vm.start(format_later(Call { vm: vm.handle(), template, source }))
    }

    /// The text with its replacement fields (in braces) replaced by the values of a mapping.
    #[method("format_map(self, mapping, /)")]
    fn format_map(vm: &Vm, this: &Value, mapping: &Value) -> PyResult {
        let Some(template) = this.to_ref::<Str>() else { return Ok(Value::NONE) };
        if let Some(dict) = mapping.downcast_exact::<Dict>() {
            let find = |first: First| match first {
                First::Index(_) => None,
                First::Key((start, stop)) => {
                    let key = vm.substring(template.text(), start, stop).ok()?;
                    dict.get_now(vm, &key)?.ok()?
                }
            };
            if let Some(text) = format_now(vm, template.text(), find) {
                return Ok(text);
            }
        }
        let source = Source::Mapping(mapping.clone());
        vm.start(format_later(Call { vm: vm.handle(), template, source }))
    }

    /// The text according to a format specification.
    #[method("__format__(self, format_spec, /)")]
    fn format_by_spec(vm: &Vm, this: &Value, format_spec: &Value) -> PyResult {
        let Some(spec) = format_spec.as_text() else {
            let name = vm.type_name(format_spec);
            return Err(vm.type_error(format!("__format__() argument must be str, not {name}")));
        };
        match this.as_text() {
            Some(_) if spec.is_empty() => vm.str_of(this),
            Some(text) => number_format::format_str(vm, text, spec),
            None => Ok(Value::NONE),
        }
    }
}

/// The whole text, if all fields are simple and their values of builtin types.
fn format_now(vm: &Vm, template: &Text, find: impl Fn(First) -> Option<Value>) -> Option<Value> {
    let mut out = Text::with_capacity(template.len() + 16).ok()?;
    let mut numbering = AutoNumber::default();
    for piece in Template::new(template.units()) {
        let TemplatePiece { literal: (start, stop), field } = piece.ok()?;
        if start < stop {
            out.push_slice(template, start, stop).ok()?;
        }
        let Some(field) = field else { continue };
        if field.nested {
            return None;
        }
        let mut name = FieldName::split(template.units(), field.name, Some(&mut numbering)).ok()?;
        if name.rest.next().is_some() {
            return None;
        }
        let value = find(name.first)?;
        let converted = match field.conversion {
            None => value,
            Some(conversion) => {
                let text = match u8::try_from(conversion).ok()? {
                    b's' => vm.str_of(&value),
                    b'r' => vm.repr_of(&value),
                    b'a' => vm.ascii_of(&value),
                    _ => return None,
                };
                vm.now(text)?
            }
        };
        let (start, stop) = field.spec;
        if start == stop {
            match vm.push_str_now(&mut out, &converted) {
                Some(result) => result.ok()?,
                None if is_plain_container(&converted) => {
                    let text = vm.str_of(&converted);
                    out.push_text(vm.now(text)?.as_text()?).ok()?;
                }
                None => return None,
            }
            continue;
        }
        let spec = template.slice(start, stop).ok()?;
        let text = if let Some(string) = converted.downcast_exact::<Str>() {
            number_format::format_str(vm, string.text(), &spec)
        } else if converted.is_small_int() {
            number_format::format_int(vm, &converted, &spec)
        } else if converted.is_float() {
            number_format::format_float(vm, &converted, &spec)
        } else {
            return None;
        };
        out.push_text(vm.now(text)?.as_text()?).ok()?;
    }
    if vm.check_size(out.heap_size()).is_err() {
        drop(vm.raised.take());
        return None;
    }
    Some(Value::from_text(out))
}

/// Whether the value is a list, tuple, dict or set, whose `__format__` is `object`'s.
fn is_plain_container(value: &Value) -> bool {
    use crate::types::{dict::Dict, list::List, tuple::Tuple};
    value.downcast_exact::<List>().is_some()
        || value.downcast_exact::<Tuple>().is_some()
        || value.downcast_exact::<Dict>().is_some()
}

async fn format_later(call: Call) -> PyResult {
    let vm = call.vm;
    let mut numbering = AutoNumber::default();
    let range = (0, call.template.text().len());
    let text = expand(&call, range, DEPTH, &mut numbering).await?;
    vm.check_size(text.heap_size())?;
    Ok(Value::from_text(text))
}

fn template_error(vm: &Vm, error: TemplateError) -> Raised {
    vm.value_error(&*error.message().to_utf8_lossy())
}

type Expanding<'a> = Pin<Box<dyn Future<Output = PyResult<Text>> + 'a>>;

/// Replaces the fields of a part of the template.
fn expand<'a>(call: &'a Call, range: Range, depth: u32, numbering: &'a mut AutoNumber) -> Expanding<'a> {
    Box::pin(async move {
        let vm = call.vm;
        let template = call.template.text();
        if depth == 0 {
            return Err(template_error(&vm, TemplateError::TooDeep));
        }
        let mut out = Text::new();
        for piece in Template::of_range(template.units(), range) {
            let piece = piece.map_err(|error| template_error(&vm, error))?;
            vm.reserved(out.push_slice(template, piece.literal.0, piece.literal.1))?;
            let Some(field) = piece.field else { continue };
            let value = call.value(&field, numbering).await?;
            let spec = if field.nested {
                expand(call, field.spec, depth - 1, numbering).await?
            } else {
                vm.reserved(template.slice(field.spec.0, field.spec.1))?
            };
            let formatted = vm.format(&value, &Value::from_text(spec)).await?;
            vm.check_size(formatted.text().len())?;
            vm.reserved(out.push_text(formatted.text()))?;
        }
        Ok(out)
    })
}

impl Call {
    /// The value of a field, converted.
    async fn value(&self, field: &Field, numbering: &mut AutoNumber) -> PyResult {
        let vm = self.vm;
        let template = self.template.text();
        let name = FieldName::split(template.units(), field.name, Some(numbering));
        let name = name.map_err(|error| template_error(&vm, error))?;
        let part = |(start, stop): Range| vm.substring(template, start, stop);
        let mut value = match name.first {
            First::Index(index) => self.positional(index)?,
            First::Key(range) => self.named(part(range)?).await?,
        };
        for accessor in name.rest {
            let result = match accessor.map_err(|error| template_error(&vm, error))? {
                Accessor::Attribute(range) => {
                    let name = crate::object::intern::intern_value(&part(range)?);
                    vm.get_attr(&value, &name)
                }
                Accessor::Index(index) => vm.get_item(&value, &Value::from_usize(index)),
                Accessor::Key(range) => vm.get_item(&value, &part(range)?),
            };
            value = vm.settle(result).await?;
        }
        let Some(conversion) = field.conversion else { return Ok(value) };
        let result = match u8::try_from(conversion) {
            Ok(b's') => vm.str_of(&value),
            Ok(b'r') => vm.repr_of(&value),
            Ok(b'a') => vm.ascii_of(&value),
            _ => return Err(template_error(&vm, TemplateError::UnknownConversion(conversion))),
        };
        vm.settle(result).await
    }

    fn positional(&self, index: usize) -> PyResult {
        match &self.source {
            Source::Arguments { values, .. } => values.get(index).cloned().ok_or_else(|| {
                let message = format!("Replacement index {index} out of range for positional args tuple");
                self.vm.error(Exc::IndexError, &message)
            }),
            Source::Mapping(_) => Err(self.vm.value_error("Format string contains positional fields")),
        }
    }

    async fn named(&self, name: Value) -> PyResult {
        match &self.source {
            Source::Arguments { keywords, .. } => {
                let found = keywords.iter().find(|(known, _)| known.as_text() == name.as_text());
                found.map(|(_, value)| value.clone()).ok_or_else(|| self.vm.key_error(name))
            }
            Source::Mapping(mapping) => self.vm.item(mapping, &name).await,
        }
    }
}
