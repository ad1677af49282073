//! Expressions as text, in the form that `from __future__ import annotations` gives them: minimal parentheses, `repr` of
//! constants, one space around operators.

use snakelet_syntax::{Ranged, StringValue, ast, string_value};

/// Binding strength, loosest first.
mod level {
    pub const TUPLE: u8 = 0;
    pub const TEST: u8 = 1;
    pub const OR: u8 = 2;
    pub const AND: u8 = 3;
    pub const NOT: u8 = 4;
    pub const CMP: u8 = 5;
    pub const EXPR: u8 = 6;
    pub const BOR: u8 = 6;
    pub const BXOR: u8 = 7;
    pub const BAND: u8 = 8;
    pub const SHIFT: u8 = 9;
    pub const ARITH: u8 = 10;
    pub const TERM: u8 = 11;
    pub const FACTOR: u8 = 12;
    pub const POWER: u8 = 13;
    pub const AWAIT: u8 = 14;
    pub const ATOM: u8 = 15;
}

/// The text of an expression. Its nesting has been checked by the first pass.
pub(crate) fn unparse(source: &str, expression: &ast::Expr) -> String {
    let mut unparser = Unparser { source, out: String::new() };
    unparser.expression(expression, level::TEST);
    unparser.out
}

struct Unparser<'s> {
    source: &'s str,
    out: String,
}

impl Unparser<'_> {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Writes with parentheses if what stands there binds more loosely than its surroundings want.
    fn grouped(&mut self, wanted: u8, own: u8, write: impl FnOnce(&mut Self)) {
        let parentheses = wanted > own;
        if parentheses {
            self.put("(");
        }
        write(self);
        if parentheses {
            self.put(")");
        }
    }

    fn separated<T>(&mut self, items: &[T], write: impl Fn(&mut Self, &T)) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.put(", ");
            }
            write(self, item);
        }
    }

    fn expression(&mut self, expression: &ast::Expr, wanted: u8) {
        match expression {
            ast::Expr::BoolOp(bool_op) => {
                let (own, word) = match bool_op.op {
                    ast::BoolOp::And => (level::AND, " and "),
                    ast::BoolOp::Or => (level::OR, " or "),
                };
                self.grouped(wanted, own, |u| {
                    for (index, value) in bool_op.values.iter().enumerate() {
                        if index > 0 {
                            u.put(word);
                        }
                        u.expression(value, own + 1);
                    }
                });
            }
            ast::Expr::Named(named) => {
                self.grouped(wanted, level::TUPLE, |u| {
                    u.expression(&named.target, level::ATOM);
                    u.put(" := ");
                    u.expression(&named.value, level::ATOM);
                });
            }
            ast::Expr::BinOp(binary) => self.binary(binary, wanted),
            ast::Expr::UnaryOp(unary) => {
                let (own, text) = match unary.op {
                    ast::UnaryOp::Not => (level::NOT, "not "),
                    ast::UnaryOp::Invert => (level::FACTOR, "~"),
                    ast::UnaryOp::UAdd => (level::FACTOR, "+"),
                    ast::UnaryOp::USub => (level::FACTOR, "-"),
                };
                self.grouped(wanted, own, |u| {
                    u.put(text);
                    u.expression(&unary.operand, own);
                });
            }
            ast::Expr::Lambda(lambda) => {
                self.grouped(wanted, level::TEST, |u| {
                    u.put("lambda");
                    if let Some(parameters) = &lambda.parameters {
                        // As CPython, which leaves the space out before `*` and `**`.
                        if parameters.posonlyargs.len() + parameters.args.len() > 0 {
                            u.put(" ");
                        }
                        u.parameters(parameters);
                    }
                    u.put(": ");
                    u.expression(&lambda.body, level::TEST);
                });
            }
            ast::Expr::If(conditional) => {
                self.grouped(wanted, level::TEST, |u| {
                    u.expression(&conditional.body, level::TEST + 1);
                    u.put(" if ");
                    u.expression(&conditional.test, level::TEST + 1);
                    u.put(" else ");
                    u.expression(&conditional.orelse, level::TEST);
                });
            }
            ast::Expr::Dict(dict) => {
                self.put("{");
                self.separated(&dict.items, |u, item| match &item.key {
                    Some(key) => {
                        u.expression(key, level::TEST);
                        u.put(": ");
                        u.expression(&item.value, level::TEST);
                    }
                    None => {
                        u.put("**");
                        u.expression(&item.value, level::EXPR);
                    }
                });
                self.put("}");
            }
            ast::Expr::Set(set) => {
                self.put("{");
                self.separated(&set.elts, |u, element| u.expression(element, level::TEST));
                self.put("}");
            }
            ast::Expr::ListComp(comp) => self.comprehension("[", &comp.elt, None, &comp.generators, "]"),
            ast::Expr::SetComp(comp) => self.comprehension("{", &comp.elt, None, &comp.generators, "}"),
            ast::Expr::DictComp(comp) => {
                self.comprehension("{", &comp.key, Some(&comp.value), &comp.generators, "}");
            }
            ast::Expr::Generator(comp) => self.comprehension("(", &comp.elt, None, &comp.generators, ")"),
            ast::Expr::Await(await_) => {
                self.grouped(wanted, level::AWAIT, |u| {
                    u.put("await ");
                    u.expression(&await_.value, level::ATOM);
                });
            }
            ast::Expr::Yield(yield_) => match &yield_.value {
                Some(value) => {
                    self.put("(yield ");
                    self.expression(value, level::TEST);
                    self.put(")");
                }
                None => self.put("(yield)"),
            },
            ast::Expr::YieldFrom(yield_) => {
                self.put("(yield from ");
                self.expression(&yield_.value, level::TEST);
                self.put(")");
            }
            ast::Expr::Compare(compare) => {
                self.grouped(wanted, level::CMP, |u| {
                    u.expression(&compare.left, level::CMP + 1);
                    for (op, right) in compare.ops.iter().zip(&compare.comparators) {
                        u.put(" ");
                        u.put(op.as_str());
                        u.put(" ");
                        u.expression(right, level::CMP + 1);
                    }
                });
            }
            ast::Expr::Call(call) => self.call(call),
            ast::Expr::FString(string) => self.f_string(string),
            ast::Expr::TString(string) => {
                let range = string.range;
                self.put_source(range.start().to_usize(), range.end().to_usize());
            }
            ast::Expr::StringLiteral(literal) => {
                let mut points = Vec::new();
                for part in &literal.value {
                    push_value(&mut points, string_value(self.source, part));
                }
                if literal.value.is_unicode() {
                    self.put("u");
                }
                self.out.push_str(&repr(&points));
            }
            ast::Expr::BytesLiteral(literal) => {
                let bytes: Vec<u8> = literal.value.bytes().collect();
                self.out.push_str(&bytes_repr(&bytes));
            }
            ast::Expr::NumberLiteral(literal) => self.number(literal),
            ast::Expr::BooleanLiteral(literal) => self.put(if literal.value { "True" } else { "False" }),
            ast::Expr::NoneLiteral(_) => self.put("None"),
            ast::Expr::EllipsisLiteral(_) => self.put("..."),
            ast::Expr::Attribute(attribute) => {
                self.expression(&attribute.value, level::ATOM);
                let is_int = matches!(&*attribute.value, ast::Expr::NumberLiteral(n) if n.value.is_int());
                self.put(if is_int { " ." } else { "." });
                self.put(attribute.attr.as_str());
            }
            ast::Expr::Subscript(subscript) => {
                self.expression(&subscript.value, level::ATOM);
                self.put("[");
                self.expression(&subscript.slice, level::TUPLE);
                self.put("]");
            }
            ast::Expr::Starred(starred) => {
                self.put("*");
                self.expression(&starred.value, level::EXPR);
            }
            ast::Expr::Name(name) => self.put(name.id.as_str()),
            ast::Expr::List(list) => {
                self.put("[");
                self.separated(&list.elts, |u, element| u.expression(element, level::TEST));
                self.put("]");
            }
            ast::Expr::Tuple(tuple) => {
                if tuple.elts.is_empty() {
                    self.put("()");
                    return;
                }
                self.grouped(wanted, level::TUPLE, |u| {
                    u.separated(&tuple.elts, |u, element| u.expression(element, level::TEST));
                    if tuple.elts.len() == 1 {
                        u.put(",");
                    }
                });
            }
            ast::Expr::Slice(slice) => {
                if let Some(lower) = &slice.lower {
                    self.expression(lower, level::TEST);
                }
                self.put(":");
                if let Some(upper) = &slice.upper {
                    self.expression(upper, level::TEST);
                }
                if let Some(step) = &slice.step {
                    self.put(":");
                    self.expression(step, level::TEST);
                }
            }
            ast::Expr::IpyEscapeCommand(_) => {}
        }
    }

    fn binary(&mut self, binary: &ast::ExprBinOp, wanted: u8) {
        let (own, right_associative) = match binary.op {
            ast::Operator::Add | ast::Operator::Sub => (level::ARITH, false),
            ast::Operator::Mult
            | ast::Operator::MatMult
            | ast::Operator::Div
            | ast::Operator::Mod
            | ast::Operator::FloorDiv => (level::TERM, false),
            ast::Operator::LShift | ast::Operator::RShift => (level::SHIFT, false),
            ast::Operator::BitOr => (level::BOR, false),
            ast::Operator::BitXor => (level::BXOR, false),
            ast::Operator::BitAnd => (level::BAND, false),
            ast::Operator::Pow => (level::POWER, true),
        };
        self.grouped(wanted, own, |u| {
            u.expression(&binary.left, own + u8::from(right_associative));
            u.put(" ");
            u.put(binary.op.as_str());
            u.put(" ");
            u.expression(&binary.right, own + u8::from(!right_associative));
        });
    }

    fn call(&mut self, call: &ast::ExprCall) {
        self.expression(&call.func, level::ATOM);
        let arguments = &call.arguments;
        if let ([ast::Expr::Generator(generator)], []) = (&arguments.args[..], &arguments.keywords[..]) {
            self.comprehension("(", &generator.elt, None, &generator.generators, ")");
            return;
        }
        self.put("(");
        self.separated(&arguments.args, |u, argument| u.expression(argument, level::TEST));
        if !arguments.args.is_empty() && !arguments.keywords.is_empty() {
            self.put(", ");
        }
        self.separated(&arguments.keywords, |u, keyword| {
            match &keyword.arg {
                Some(name) => {
                    u.put(name.as_str());
                    u.put("=");
                }
                None => u.put("**"),
            }
            u.expression(&keyword.value, level::TEST);
        });
        self.put(")");
    }

    fn comprehension(
        &mut self,
        open: &str,
        element: &ast::Expr,
        value: Option<&ast::Expr>,
        generators: &[ast::Comprehension],
        close: &str,
    ) {
        self.put(open);
        self.expression(element, level::TEST);
        if let Some(value) = value {
            self.put(": ");
            self.expression(value, level::TEST);
        }
        for generator in generators {
            self.put(if generator.is_async { " async for " } else { " for " });
            self.expression(&generator.target, level::TUPLE);
            self.put(" in ");
            self.expression(&generator.iter, level::TEST + 1);
            for test in &generator.ifs {
                self.put(" if ");
                self.expression(test, level::TEST + 1);
            }
        }
        self.put(close);
    }

    fn parameters(&mut self, parameters: &ast::Parameters) {
        let mut first = true;
        let mut comma = |u: &mut Self| {
            if !std::mem::take(&mut first) {
                u.put(", ");
            }
        };
        let with_default = |u: &mut Self, parameter: &ast::ParameterWithDefault| {
            u.put(parameter.name().as_str());
            if let Some(default) = &parameter.default {
                u.put("=");
                u.expression(default, level::TEST);
            }
        };
        for parameter in &parameters.posonlyargs {
            comma(self);
            with_default(self, parameter);
        }
        if !parameters.posonlyargs.is_empty() {
            comma(self);
            self.put("/");
        }
        for parameter in &parameters.args {
            comma(self);
            with_default(self, parameter);
        }
        if parameters.vararg.is_some() || !parameters.kwonlyargs.is_empty() {
            comma(self);
            self.put("*");
            if let Some(vararg) = &parameters.vararg {
                self.put(vararg.name.as_str());
            }
        }
        for parameter in &parameters.kwonlyargs {
            comma(self);
            with_default(self, parameter);
        }
        if let Some(kwarg) = &parameters.kwarg {
            comma(self);
            self.put("**");
            self.put(kwarg.name.as_str());
        }
    }

    fn number(&mut self, literal: &ast::ExprNumberLiteral) {
        match &literal.value {
            ast::Number::Int(int) => match snakelet_syntax::int_value(int) {
                snakelet_syntax::IntValue::Small(value) => self.out.push_str(&value.to_string()),
                snakelet_syntax::IntValue::Big { radix, digits } => {
                    let value = snakelet_bytecode::BigInt::parse_bytes(digits.as_bytes(), radix).unwrap_or_default();
                    self.out.push_str(&value.to_string());
                }
            },
            &ast::Number::Float(value) => self.out.push_str(&float_repr(value)),
            &ast::Number::Complex { imag, .. } => {
                let text = float_repr(imag);
                self.out.push_str(text.strip_suffix(".0").unwrap_or(&text));
                self.put("j");
            }
        }
    }

    fn f_string(&mut self, string: &ast::ExprFString) {
        let mut inner = Unparser { source: self.source, out: String::new() };
        for part in &string.value {
            match part {
                ast::FStringPart::Literal(literal) => inner.format_text(&literal.value),
                ast::FStringPart::FString(part) => inner.format_elements(&part.elements),
            }
        }
        let text: Vec<u32> = inner.out.chars().map(u32::from).collect();
        self.put("f");
        self.out.push_str(&repr(&text));
    }

    fn format_text(&mut self, text: &str) {
        self.out.push_str(&text.replace('{', "{{").replace('}', "}}"));
    }

    fn format_elements(&mut self, elements: &ast::InterpolatedStringElements) {
        for element in elements {
            match element {
                ast::InterpolatedStringElement::Literal(literal) => self.format_text(&literal.value),
                ast::InterpolatedStringElement::Interpolation(field) => {
                    if let Some(debug) = &field.debug_text {
                        let range = field.expression.range();
                        self.format_text(&debug.leading);
                        let text = &self.source[range.start().to_usize()..range.end().to_usize()].to_owned();
                        self.format_text(text);
                        self.format_text(&debug.trailing);
                    }
                    let mut inner = Unparser { source: self.source, out: String::new() };
                    inner.expression(&field.expression, level::TEST + 1);
                    self.put(if inner.out.starts_with('{') { "{ " } else { "{" });
                    self.out.push_str(&inner.out);
                    let conversion = field
                        .conversion
                        .to_char()
                        .or_else(|| (field.debug_text.is_some() && field.format_spec.is_none()).then_some('r'));
                    if let Some(conversion) = conversion {
                        self.put("!");
                        self.out.push(conversion);
                    }
                    if let Some(spec) = &field.format_spec {
                        self.put(":");
                        self.format_elements(&spec.elements);
                    }
                    self.put("}");
                }
            }
        }
    }

    fn put_source(&mut self, start: usize, end: usize) {
        if let Some(text) = self.source.get(start..end) {
            self.out.push_str(text);
        }
    }
}

fn push_value(points: &mut Vec<u32>, value: StringValue<'_>) {
    crate::fold::push_points(points, value);
}

/// `repr` of a str: single quotes unless it holds one and no double quote.
fn repr(points: &[u32]) -> String {
    let has = |c: char| points.contains(&u32::from(c));
    let quote = if has('\'') && !has('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(points.len() + 2);
    out.push(quote);
    for &point in points {
        match char::from_u32(point) {
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some('\\') => out.push_str("\\\\"),
            Some(c) if c == quote => {
                out.push('\\');
                out.push(c);
            }
            Some(c) if point >= 0x20 && point != 0x7F && !(0x80..0xA1).contains(&point) && point != 0xAD => out.push(c),
            _ if point < 0x100 => out.push_str(&format!("\\x{point:02x}")),
            _ if point < 0x10000 => out.push_str(&format!("\\u{point:04x}")),
            _ => out.push_str(&format!("\\U{point:08x}")),
        }
    }
    out.push(quote);
    out
}

fn bytes_repr(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { b'"' } else { b'\'' };
    let mut out = String::from("b");
    out.push(quote as char);
    for &byte in bytes {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'\\' => out.push_str("\\\\"),
            _ if byte == quote => {
                out.push('\\');
                out.push(byte as char);
            }
            0x20..0x7F => out.push(byte as char),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push(quote as char);
    out
}

/// `repr` of a float, with `1e309` for infinity as in annotations.
fn float_repr(value: f64) -> String {
    if value.is_infinite() {
        return "1e309".to_owned();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if value != 0.0 && !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.abs());
    }
    let text = format!("{value}");
    if text.contains('.') { text } else { text + ".0" }
}
