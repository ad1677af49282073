//! String literals of the parser's tree as nodes: constants, `JoinedStr` and `TemplateStr`.
//!
//! Adjacent literals are one node, whose neighbouring constant parts are joined, as CPython does it.

use snakelet_syntax::ast::{self, Expr, InterpolatedStringElement as Element};
use snakelet_syntax::{Ranged, StringValue, TextRange, TextSize, interpolated_value, string_value};
use snakelet_text::Text;
use snakelet_vm::{PyResult, Value};

use super::from_syntax::Raise;
use super::nodes::{Field, Kind, Node};

/// The parts of a string, the constant ones joined as they come.
#[derive(Default)]
struct Parts {
    nodes: Vec<Option<Node>>,
    text: Vec<u32>,
    /// From the first to the last literal of `text`.
    span: Option<[i32; 4]>,
}

impl Parts {
    fn literal(&mut self, value: StringValue<'_>, span: [i32; 4]) {
        let before = self.text.len();
        match value {
            StringValue::Utf8(text) => self.text.extend(text.chars().map(u32::from)),
            StringValue::CodePoints(points) => self.text.extend(points),
        }
        self.extend(span, self.text.len() > before);
    }

    /// Lets the text end where `span` ends.
    fn extend(&mut self, span: [i32; 4], something: bool) {
        match &mut self.span {
            Some(known) if something => known[2..].copy_from_slice(&span[2..]),
            None if something => self.span = Some(span),
            _ => {}
        }
    }

    fn flush(&mut self, raise: &Raise<'_>, unicode: bool) -> PyResult<()> {
        if let Some(span) = self.span.take() {
            let value = text_value(raise, &std::mem::take(&mut self.text))?;
            let kind = if unicode { Field::Value(Value::from_str("u")) } else { Field::None };
            self.nodes.push(Some(Node { kind: Kind::Constant, span, fields: vec![Field::Value(value), kind] }));
        }
        Ok(())
    }
}

fn text_value(raise: &Raise<'_>, points: &[u32]) -> PyResult {
    raise.vm.new_text(Text::from_code_points(points))
}

impl Raise<'_> {
    #[inline(never)]
    pub fn string(&mut self, expression: &Expr) -> PyResult<Node> {
        let span = self.span(expression.range());
        match expression {
            Expr::StringLiteral(literal) => {
                let mut parts = Parts::default();
                for part in &literal.value {
                    parts.literal(string_value(self.source, part), span);
                }
                let value = text_value(self, &parts.text)?;
                let kind = if literal.value.is_unicode() { Field::Value(Value::from_str("u")) } else { Field::None };
                Ok(Node { kind: Kind::Constant, span, fields: vec![Field::Value(value), kind] })
            }
            Expr::BytesLiteral(literal) => {
                let value = Value::from_bytes(literal.value.bytes().collect());
                Ok(Node { kind: Kind::Constant, span, fields: vec![Field::Value(value), Field::None] })
            }
            Expr::FString(string) => {
                let mut parts = Parts::default();
                let first = string.value.as_slice().first();
                let unicode =
                    matches!(first, Some(ast::FStringPart::Literal(part)) if part.flags.prefix().is_unicode());
                for part in &string.value {
                    match part {
                        ast::FStringPart::Literal(literal) => {
                            parts.literal(string_value(self.source, literal), self.span(literal.range));
                        }
                        ast::FStringPart::FString(part) => {
                            let raw = part.flags.prefix().is_raw();
                            self.elements(&part.elements, raw, Kind::FormattedValue, &mut parts)?;
                        }
                    }
                }
                parts.flush(self, unicode)?;
                Ok(Node { kind: Kind::JoinedStr, span, fields: vec![Field::List(parts.nodes)] })
            }
            Expr::TString(string) => {
                let mut parts = Parts::default();
                for part in &string.value {
                    let raw = part.flags.prefix().is_raw();
                    self.elements(&part.elements, raw, Kind::Interpolation, &mut parts)?;
                }
                parts.flush(self, false)?;
                Ok(Node { kind: Kind::TemplateStr, span, fields: vec![Field::List(parts.nodes)] })
            }
            _ => Ok(Node { kind: Kind::Constant, span, fields: vec![Field::Value(Value::NONE), Field::None] }),
        }
    }

    fn elements(
        &mut self,
        elements: &ast::InterpolatedStringElements,
        raw: bool,
        kind: Kind,
        parts: &mut Parts,
    ) -> PyResult<()> {
        for element in elements {
            match element {
                Element::Literal(literal) => {
                    parts.literal(interpolated_value(self.source, literal, raw), self.span(literal.range));
                }
                Element::Interpolation(element) => {
                    if let Some(debug) = &element.debug_text {
                        let text = [&debug.leading, self.text(element.expression.range()), &debug.trailing].concat();
                        let text = snakelet_syntax::without_comments(&text);
                        let range = TextRange::new(element.range.start() + TextSize::new(1), self.debug_end(element));
                        parts.literal(StringValue::Utf8(&text), self.span(range));
                    }
                    parts.flush(self, false)?;
                    let node = self.interpolation(element, raw, kind)?;
                    parts.nodes.push(Some(node));
                }
            }
        }
        Ok(())
    }

    fn text(&self, range: TextRange) -> &str {
        self.source.get(range.start().to_usize()..range.end().to_usize()).unwrap_or_default()
    }

    /// Where the text of `{expression=...}` ends: before the conversion, the colon or the brace.
    fn debug_end(&self, element: &ast::InterpolatedElement) -> TextSize {
        let one = TextSize::new(1);
        if let Some(spec) = &element.format_spec
            && element.conversion == ast::ConversionFlag::None
        {
            return self.colon(spec);
        }
        if element.conversion == ast::ConversionFlag::None {
            return element.range.end() - one;
        }
        let after = element.expression.range().end().to_usize();
        let rest = self.source.get(after..element.range.end().to_usize()).unwrap_or_default();
        rest.find('!').map_or(element.range.end() - one, |at| TextSize::new((after + at) as u32))
    }

    /// The colon before a format specification.
    fn colon(&self, spec: &ast::InterpolatedStringFormatSpec) -> TextSize {
        let start = spec.range.start().to_usize();
        let before = self.source.get(..start).unwrap_or_default();
        if before.ends_with(':') { TextSize::new(start as u32 - 1) } else { spec.range.start() }
    }

    #[inline(never)]
    fn interpolation(&mut self, element: &ast::InterpolatedElement, raw: bool, kind: Kind) -> PyResult<Node> {
        let mut fields = vec![self.expr(&element.expression)?];
        if kind == Kind::Interpolation {
            let text = snakelet_compiler::expression_text(self.source, element);
            fields.push(Field::Value(Value::from_str(&text)));
        }
        let mut conversion = element.conversion.to_char().map_or(-1, |c| i64::from(u32::from(c)));
        if element.debug_text.is_some() && element.format_spec.is_none() && conversion < 0 {
            conversion = i64::from(b'r');
        }
        fields.push(Field::Value(Value::small_int(conversion)));
        fields.push(match &element.format_spec {
            None => Field::None,
            Some(spec) => {
                let mut parts = Parts::default();
                // Fields within a specification are formatted at once, in templates as well.
                self.elements(&spec.elements, raw, Kind::FormattedValue, &mut parts)?;
                parts.flush(self, false)?;
                let range = TextRange::new(self.colon(spec), spec.range.end());
                let fields = vec![Field::List(parts.nodes)];
                Field::Node(Box::new(Node { kind: Kind::JoinedStr, span: self.span(range), fields }))
            }
        });
        Ok(Node { kind, span: self.span(element.range), fields })
    }
}
