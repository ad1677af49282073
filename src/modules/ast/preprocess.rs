//! What `PyCF_OPTIMIZED_AST` asks for: `__debug__` becomes a constant, docstrings go at level 2, `%` formats with plain conversions
//! become f-strings, and numbers in patterns are folded.

use snakelet_vm::types::complex::{Complex, to_complex_now};
use snakelet_vm::{Native, PyResult, Value, Vm};

use super::nodes::{Field, Kind, Node};

/// Changes a whole program.
pub fn preprocess(vm: &Vm, node: &mut Node, level: u8) -> PyResult<()> {
    match node.kind {
        Kind::Module | Kind::Interactive => drop_docstring(node, 0, level),
        Kind::FunctionDef | Kind::AsyncFunctionDef => drop_docstring(node, 2, level),
        Kind::ClassDef => drop_docstring(node, 3, level),
        _ => {}
    }
    for field in &mut node.fields {
        match field {
            Field::Node(child) => preprocess(vm, child, level)?,
            Field::List(children) => {
                for child in children.iter_mut().flatten() {
                    preprocess(vm, child, level)?;
                }
            }
            _ => {}
        }
    }
    match node.kind {
        Kind::Name if is_debug(node) => {
            node.kind = Kind::Constant;
            node.fields = vec![Field::Value(Value::bool(level == 0)), Field::None];
        }
        Kind::BinOp if node.kind_at(1) == Some(Kind::Mod) => format(node),
        Kind::MatchValue => {
            if let Some(Field::Node(value)) = node.fields.first_mut() {
                fold_number(vm, value)?;
            }
        }
        Kind::MatchMapping => {
            if let Some(Field::List(keys)) = node.fields.first_mut() {
                for key in keys.iter_mut().flatten() {
                    fold_number(vm, key)?;
                }
            }
        }
        _ => {}
    }
    Ok(())
}

fn is_debug(node: &Node) -> bool {
    let name = node.value(0).and_then(Value::as_text);
    name.is_some_and(|name| *name == *"__debug__") && node.kind_at(1) == Some(Kind::Load)
}

fn drop_docstring(node: &mut Node, field: usize, level: u8) {
    let Some(Field::List(body)) = node.fields.get_mut(field) else { return };
    let is_docstring = |statement: &Node| {
        let value = if statement.kind == Kind::Expr { statement.node(0) } else { None };
        value.is_some_and(|value| {
            value.kind == Kind::Constant && value.value(0).is_some_and(|value| value.as_text().is_some())
        })
    };
    if level < 2 || !body.first().and_then(Option::as_ref).is_some_and(is_docstring) {
        return;
    }
    let span = body[0].as_ref().map_or([1, 0, 1, 0], |node| node.span);
    body.remove(0);
    if body.is_empty() && node.kind != Kind::Module && node.kind != Kind::Interactive {
        let [line, column, ..] = span;
        let span = [line, column, line, column + 4];
        body.push(Some(Node { kind: Kind::Pass, span, fields: Vec::new() }));
    }
}

/// `'...' % (a, b)` as a `JoinedStr`, if the format has only `%s`, `%r` and `%a` with plain widths.
fn format(node: &mut Node) {
    let Some((text, values)) = format_parts(node) else { return };
    let Some(fields) = parse_format(&text) else { return };
    let count = fields.iter().filter(|field| matches!(field, Part::Field(..))).count();
    if count != values {
        return;
    }
    let span = node.span;
    let constant = |text: &str| Node {
        kind: Kind::Constant,
        span,
        fields: vec![Field::Value(Value::from_str(text)), Field::None],
    };
    let Some(Field::Node(mut tuple)) = node.fields.pop() else { return };
    let Some(Field::List(values)) = tuple.fields.get_mut(0).map(|field| std::mem::replace(field, Field::None)) else {
        return;
    };
    let mut values = values.into_iter().flatten();
    let mut parts = Vec::new();
    for field in fields {
        match field {
            Part::Text(text) => parts.push(Some(constant(&text))),
            Part::Field(conversion, spec) => {
                let Some(value) = values.next() else { break };
                let spec = if spec.is_empty() { Field::None } else { Field::Node(Box::new(constant(&spec))) };
                let span = value.span;
                let conversion = Field::Value(Value::small_int(conversion.into()));
                let fields = vec![Field::Node(Box::new(value)), conversion, spec];
                parts.push(Some(Node { kind: Kind::FormattedValue, span, fields }));
            }
        }
    }
    node.kind = Kind::JoinedStr;
    node.fields = vec![Field::List(parts)];
}

/// The format and how many values a tuple gives it.
fn format_parts(node: &Node) -> Option<(String, usize)> {
    let (left, right) = (node.node(0)?, node.node(2)?);
    if left.kind != Kind::Constant || right.kind != Kind::Tuple || right.nodes(0).any(|item| item.kind == Kind::Starred)
    {
        return None;
    }
    let text = left.value(0)?.as_text()?.to_utf8().ok()?.into_owned();
    Some((text, right.list(0).len()))
}

enum Part {
    Text(String),
    /// Conversion and format specification.
    Field(u8, String),
}

fn parse_format(text: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            literal.push(c);
            continue;
        }
        if chars.peek() == Some(&'%') {
            chars.next();
            literal.push('%');
            continue;
        }
        let mut left = false;
        while chars.peek() == Some(&'-') {
            left = true;
            chars.next();
        }
        let mut width = String::new();
        while let Some(digit) = chars.peek().filter(|c| c.is_ascii_digit()) {
            width.push(*digit);
            chars.next();
        }
        let mut precision = String::new();
        if chars.peek() == Some(&'.') {
            precision.push('.');
            chars.next();
            while let Some(digit) = chars.peek().filter(|c| c.is_ascii_digit()) {
                precision.push(*digit);
                chars.next();
            }
            if precision.len() == 1 {
                precision.push('0');
            }
        }
        let conversion = chars.next()?;
        if !matches!(conversion, 's' | 'r' | 'a') {
            return None;
        }
        let align = if width.is_empty() || left { "" } else { ">" };
        if !literal.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut literal)));
        }
        parts.push(Part::Field(conversion as u8, [align, &width, &precision].concat()));
    }
    if !literal.is_empty() {
        parts.push(Part::Text(literal));
    }
    Some(parts)
}

/// `-1` and `1 + 2j` in a pattern.
fn fold_number(vm: &Vm, node: &mut Node) -> PyResult<()> {
    let value = match node.kind {
        Kind::UnaryOp if node.kind_at(0) == Some(Kind::USub) => match node.node(1).and_then(constant) {
            Some(operand) => vm.negative(&operand)?,
            None => return Ok(()),
        },
        Kind::BinOp => {
            if let Some(Field::Node(left)) = node.fields.first_mut() {
                fold_number(vm, left)?;
            }
            let (Some(left), Some(right)) = (node.node(0).and_then(constant), node.node(2).and_then(constant)) else {
                return Ok(());
            };
            let (Some(left), Some(right)) = (to_complex_now(&left), to_complex_now(&right)) else { return Ok(()) };
            let sign = if node.kind_at(1) == Some(Kind::Sub) { -1.0 } else { 1.0 };
            Complex::new(left.real + sign * right.real, left.imag + sign * right.imag).into_value()
        }
        _ => return Ok(()),
    };
    node.kind = Kind::Constant;
    node.fields = vec![Field::Value(value), Field::None];
    Ok(())
}

fn constant(node: &Node) -> Option<Value> {
    let value = if node.kind == Kind::Constant { node.value(0) } else { None };
    value.filter(|value| value.is_int() || value.as_float().is_some() || value.downcast::<Complex>().is_some()).cloned()
}
