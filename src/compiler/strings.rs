//! f-strings, t-strings (PEP 750), and `'...' % (...)` with plain conversions.

use std::borrow::Cow;

use snakelet_bytecode::{Constant, Instr, Reg, flags};
use snakelet_syntax::{Ranged, TextRange, ast, interpolated_value, string_value, without_comments};

use crate::compiler::{Compiler, Result};
use crate::fold::{push_points, text_constant};
use crate::unit::Operand;

/// Pieces joined at once.
const MAX_PIECES: usize = 100;

/// A part of a string that is put together at run time.
pub(crate) enum Piece<'a> {
    Text(Vec<u32>),
    Field(Field<'a>),
}

/// A value that is formatted.
#[derive(Clone, Copy)]
pub(crate) struct Field<'a> {
    value: &'a ast::Expr,
    conversion: ast::ConversionFlag,
    spec: Option<&'a ast::InterpolatedStringFormatSpec>,
    raw: bool,
    range: TextRange,
    /// The element itself, unless it comes from a `%` format.
    element: Option<&'a ast::InterpolatedElement>,
}

impl<'a> Compiler<'a> {
    pub fn f_string(&mut self, string: &'a ast::ExprFString, dst: Reg) -> Result {
        let mut pieces = Vec::new();
        for part in &string.value {
            match part {
                ast::FStringPart::Literal(literal) => {
                    push_points(text_of(&mut pieces), string_value(self.source, literal));
                }
                ast::FStringPart::FString(string) => {
                    self.pieces(&string.elements, string.flags.prefix().is_raw(), &mut pieces);
                }
            }
        }
        self.join(pieces, dst)
    }

    fn pieces(&self, elements: &'a ast::InterpolatedStringElements, raw: bool, pieces: &mut Vec<Piece<'a>>) {
        for element in elements {
            match element {
                ast::InterpolatedStringElement::Literal(literal) => {
                    push_points(text_of(pieces), interpolated_value(self.source, literal, raw));
                }
                ast::InterpolatedStringElement::Interpolation(element) => {
                    let mut conversion = element.conversion;
                    if let Some(debug) = &element.debug_text {
                        let range = element.expression.range();
                        let expression = &self.source[range.start().to_usize()..range.end().to_usize()];
                        let text = text_of(pieces);
                        let whole = [&debug.leading, expression, &debug.trailing].concat();
                        text.extend(without_comments(&whole).chars().map(u32::from));
                        if element.format_spec.is_none() && conversion == ast::ConversionFlag::None {
                            conversion = ast::ConversionFlag::Repr;
                        }
                    }
                    pieces.push(Piece::Field(Field {
                        value: &element.expression,
                        conversion,
                        spec: element.format_spec.as_deref(),
                        raw,
                        range: element.range,
                        element: Some(element),
                    }));
                }
            }
        }
    }

    /// Puts a string together in `dst`.
    pub fn join(&mut self, mut pieces: Vec<Piece<'a>>, dst: Reg) -> Result {
        pieces.retain(|piece| !matches!(piece, Piece::Text(points) if points.is_empty()));
        match &mut pieces[..] {
            [] => self.load_constant(dst, crate::fold::text("")),
            [Piece::Text(points)] => {
                let constant = text_constant(std::mem::take(points));
                self.load_constant(dst, constant);
            }
            [Piece::Field(field)] => {
                let field = *field;
                self.field(field, dst)?;
            }
            _ => {
                let base = self.unit.run_base(dst);
                let mut used = 0;
                for piece in pieces {
                    if used == MAX_PIECES {
                        self.unit.emit(Instr::BuildString(base, base, used as u16));
                        self.unit.free_from(Reg(base.0 + 1));
                        used = 1;
                    }
                    let reg = if used == 0 { base } else { self.unit.alloc() };
                    used += 1;
                    match piece {
                        Piece::Text(points) => self.load_constant(reg, text_constant(points)),
                        Piece::Field(field) => self.field(field, reg)?,
                    }
                }
                self.unit.free_run(base, dst);
                self.unit.emit(Instr::BuildString(dst, base, used as u16));
            }
        }
        Ok(())
    }

    fn field(&mut self, field: Field<'a>, dst: Reg) -> Result {
        let spec_range = field.spec.map(|spec| spec.range);
        let hint = self.unit.is_temp(dst).then_some(dst);
        let value = self.operand_before(field.value, spec_range, hint)?;
        let conversion = match field.conversion {
            ast::ConversionFlag::None => 0,
            ast::ConversionFlag::Str => 1,
            ast::ConversionFlag::Repr => 2,
            ast::ConversionFlag::Ascii => 3,
        } << flags::CONVERSION_SHIFT;
        let Some(spec) = field.spec else {
            let instr = Instr::FormatValue(dst, value.reg, Reg(0)).with(conversion);
            self.at(field.range, |c| c.unit.emit_using(instr, Some(dst), &[(value, flags::KILL_B)]));
            return Ok(());
        };
        let spec_reg = self.unit.alloc();
        self.spec(spec, field.raw, spec_reg)?;
        let spec_operand = Operand { reg: spec_reg, temp: true };
        let instr = Instr::FormatValue(dst, value.reg, spec_reg).with(conversion | flags::HAS_SPEC);
        let operands = [(value, flags::KILL_B), (spec_operand, flags::KILL_C)];
        self.at(field.range, |c| c.unit.emit_using(instr, Some(dst), &operands));
        Ok(())
    }

    fn spec(&mut self, spec: &'a ast::InterpolatedStringFormatSpec, raw: bool, dst: Reg) -> Result {
        self.deeper()?;
        let mut pieces = Vec::new();
        self.pieces(&spec.elements, raw, &mut pieces);
        self.join(pieces, dst)?;
        self.depth -= 1;
        Ok(())
    }

    pub fn t_string(&mut self, string: &'a ast::ExprTString, dst: Reg) -> Result {
        let mut pieces = Vec::new();
        for part in &string.value {
            self.pieces(&part.elements, part.flags.prefix().is_raw(), &mut pieces);
        }
        let mut strings = Vec::new();
        let mut text = Vec::new();
        let mut fields = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Text(points) => text = points,
                Piece::Field(field) => {
                    strings.push(text_constant(std::mem::take(&mut text)));
                    fields.push(field);
                }
            }
        }
        strings.push(text_constant(text));
        let base = self.unit.run_base(dst);
        self.load_constant(base, Constant::Tuple(strings));
        let first = self.unit.alloc();
        let count = fields.len();
        let long = count > MAX_PIECES;
        if long {
            self.unit.emit(Instr::BuildList(first, first, 0));
        }
        for (index, field) in fields.into_iter().enumerate() {
            let reg = if index == 0 && !long { first } else { self.unit.alloc() };
            self.interpolation(field, reg)?;
            if long {
                let value = Operand { reg, temp: true };
                self.unit.emit_using(Instr::ListAppend(first, reg), None, &[(value, flags::KILL_B)]);
            }
        }
        if long {
            self.unit.emit(Instr::ListToTuple(first, first));
        } else {
            self.unit.emit(Instr::BuildTuple(first, first, count as u16));
        }
        self.unit.free_run(base, dst);
        self.unit.emit(Instr::BuildTemplate(dst, base));
        Ok(())
    }

    /// Evaluates an interpolation into `dst`, the topmost temporary.
    fn interpolation(&mut self, field: Field<'a>, dst: Reg) -> Result {
        self.expression_to(field.value, dst)?;
        let text = self.unit.alloc();
        let source = field.element.map_or(Cow::Borrowed(""), |element| expression_text(self.source, element));
        self.load_constant(text, crate::fold::text(&source));
        let conversion = self.unit.alloc();
        match field.conversion.to_char() {
            Some(c) => self.load_constant(conversion, crate::fold::text(c.encode_utf8(&mut [0; 4]))),
            None => self.unit.emit(Instr::LoadNone(conversion)),
        }
        let spec = self.unit.alloc();
        match field.spec {
            Some(elements) => self.spec(elements, field.raw, spec)?,
            None => self.load_constant(spec, crate::fold::text("")),
        }
        self.unit.free_from(text);
        self.at(field.range, |c| c.unit.emit(Instr::BuildInterpolation(dst, dst)));
        Ok(())
    }

    /// The pieces of `'...' % (...)`, if the format has only plain `%s`, `%r`, `%a` and as many of them as there are values.
    pub fn percent_format(&self, binary: &'a ast::ExprBinOp, format: &Constant) -> Option<Vec<Piece<'a>>> {
        let (ast::Operator::Mod, Constant::Str(format), ast::Expr::Tuple(tuple)) = (binary.op, format, &*binary.right)
        else {
            return None;
        };
        if tuple.elts.iter().any(ast::Expr::is_starred_expr) {
            return None;
        }
        let mut values = tuple.elts.iter();
        let mut pieces = Vec::new();
        let mut chars = format.chars();
        while let Some(c) = chars.next() {
            if c != '%' {
                text_of(&mut pieces).push(c.into());
                continue;
            }
            let conversion = match chars.next()? {
                '%' => {
                    text_of(&mut pieces).push('%'.into());
                    continue;
                }
                's' => ast::ConversionFlag::Str,
                'r' => ast::ConversionFlag::Repr,
                'a' => ast::ConversionFlag::Ascii,
                _ => return None,
            };
            let value = values.next()?;
            let range = value.range();
            pieces.push(Piece::Field(Field { value, conversion, spec: None, raw: false, range, element: None }));
        }
        values.next().is_none().then_some(pieces)
    }
}

/// The text at the end of the pieces, to be added to.
fn text_of<'p>(pieces: &'p mut Vec<Piece<'_>>) -> &'p mut Vec<u32> {
    if !matches!(pieces.last(), Some(Piece::Text(_))) {
        pieces.push(Piece::Text(Vec::new()));
    }
    match pieces.last_mut() {
        Some(Piece::Text(text)) => text,
        _ => unreachable!("a text was just put there"),
    }
}

/// The source text of an interpolation's expression with parentheses and the blanks before it, as CPython has it. An element that
/// lies apart from its expression (in a tree that was not parsed) is the text itself.
pub fn expression_text<'s>(source: &'s str, element: &ast::InterpolatedElement) -> Cow<'s, str> {
    let after = element.expression.range().end().to_usize();
    if element.range.start().to_usize() >= after {
        let range = element.range.start().to_usize()..element.range.end().to_usize();
        return Cow::Borrowed(source.get(range).unwrap_or_default());
    }
    let start = element.range.start().to_usize() + 1;
    let closing = |c: char| c.is_whitespace() || c == ')';
    let whole = &source[after..element.range.end().to_usize().max(after)];
    let mut rest = whole.trim_start_matches(closing);
    while let Some(comment) = rest.strip_prefix('#') {
        rest = comment[comment.find('\n').unwrap_or(comment.len())..].trim_start_matches(closing);
    }
    let end = after + (whole.len() - rest.len());
    match without_comments(source.get(start..end).unwrap_or_default()) {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_end()),
        Cow::Owned(text) => Cow::Owned(text.trim_end().to_owned()),
    }
}
