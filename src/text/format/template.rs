//! Templates of `str.format`: literal text and fields `{name!conversion:specification}`.
//!
//! A [`Template`] yields pieces as ranges of the text. A field's specification may hold fields itself; the VM expands it
//! as another `Template` (to one level, else "Max string recursion exceeded").

use super::{TOO_MANY_DIGITS, TooManyDigits, integer, push_code};
use crate::search::split::Range;
use crate::{Text, TextBuilder, Units};

/// An iterator over the pieces of a template.
#[derive(Clone)]
pub struct Template<'a> {
    text: Units<'a>,
    at: usize,
    end: usize,
}

/// Literal text, and the field behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TemplatePiece {
    pub literal: Range,
    pub field: Option<Field>,
}

/// A field between braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: Range,
    /// The character behind `!`.
    pub conversion: Option<u32>,
    pub spec: Range,
    /// Whether the specification has braces, so that it must be expanded.
    pub nested: bool,
}

/// What is wrong with a template: all are ValueErrors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateError {
    SingleOpen,
    SingleClose,
    OpenInName,
    NoConversion,
    ColonExpected,
    UnmatchedOpen,
    CloseExpected,
    ManualToAutomatic,
    AutomaticToManual,
    EmptyAttribute,
    AfterBracket,
    MissingBracket,
    TooManyDigits,
    TooDeep,
    /// The conversion is none of `r s a`.
    UnknownConversion(u32),
}

impl From<TooManyDigits> for TemplateError {
    fn from(_: TooManyDigits) -> TemplateError {
        TemplateError::TooManyDigits
    }
}

impl TemplateError {
    /// CPython's message.
    pub fn message(self) -> Text {
        let fixed = match self {
            TemplateError::SingleOpen => "Single '{' encountered in format string",
            TemplateError::SingleClose => "Single '}' encountered in format string",
            TemplateError::OpenInName => "unexpected '{' in field name",
            TemplateError::NoConversion => "end of string while looking for conversion specifier",
            TemplateError::ColonExpected => "expected ':' after conversion specifier",
            TemplateError::UnmatchedOpen => "unmatched '{' in format spec",
            TemplateError::CloseExpected => "expected '}' before end of string",
            TemplateError::ManualToAutomatic => {
                "cannot switch from manual field specification to automatic field numbering"
            }
            TemplateError::AutomaticToManual => {
                "cannot switch from automatic field numbering to manual field specification"
            }
            TemplateError::EmptyAttribute => "Empty attribute in format string",
            TemplateError::AfterBracket => "Only '.' or '[' may follow ']' in format field specifier",
            TemplateError::MissingBracket => "Missing ']' in format string",
            TemplateError::TooManyDigits => TOO_MANY_DIGITS,
            TemplateError::TooDeep => "Max string recursion exceeded",
            TemplateError::UnknownConversion(code) => {
                let mut out = TextBuilder::new();
                out.push_str("Unknown conversion specifier ");
                push_code(&mut out, code, 127);
                return out.finish().unwrap_or_default();
            }
        };
        Text::from_static(fixed)
    }
}

impl<'a> Template<'a> {
    pub fn new(text: Units<'a>) -> Template<'a> {
        Template { text, at: 0, end: text.len() }
    }

    /// The part of a text that is a field's specification. Positions stay those of the whole text.
    pub fn of_range(text: Units<'a>, (start, stop): Range) -> Template<'a> {
        Template { text, at: start, end: stop.min(text.len()) }
    }

    /// The next character, 0 at the end.
    fn take(&mut self) -> u32 {
        let code = if self.at < self.end { self.text.at(self.at) } else { 0 };
        self.at += 1;
        code
    }

    fn piece(&mut self) -> Result<TemplatePiece, TemplateError> {
        let start = self.at;
        let rest = self.text.slice(start, self.end);
        let Some(brace) = rest.iter().position(|code| code == OPEN || code == CLOSE) else {
            self.at = self.end;
            return Ok(TemplatePiece { literal: (start, self.end), field: None });
        };
        let code = rest.at(brace);
        self.at += brace + 1;
        let next = rest.get(brace + 1);
        if next == Some(code) {
            // A doubled brace stands for one, which ends the literal text.
            self.at += 1;
            return Ok(TemplatePiece { literal: (start, start + brace + 1), field: None });
        }
        if code == CLOSE {
            return Err(TemplateError::SingleClose);
        }
        if next.is_none() {
            return Err(TemplateError::SingleOpen);
        }
        let literal = (start, start + brace);
        Ok(TemplatePiece { literal, field: Some(self.field()?) })
    }

    /// What follows an opening brace.
    fn field(&mut self) -> Result<Field, TemplateError> {
        let start = self.at;
        let mut code = 0;
        while self.at < self.end {
            code = self.take();
            match code {
                OPEN => return Err(TemplateError::OpenInName),
                BRACKET => {
                    while self.at < self.end && self.text.at(self.at) != END_BRACKET {
                        self.at += 1;
                    }
                }
                CLOSE | COLON | BANG => break,
                _ => {}
            }
        }
        let mut field = Field { name: (start, self.at - 1), conversion: None, spec: (self.at, self.at), nested: false };
        match code {
            CLOSE => return Ok(field),
            COLON => {}
            BANG => {
                if self.at >= self.end {
                    return Err(TemplateError::NoConversion);
                }
                field.conversion = Some(self.take());
                if self.at < self.end {
                    match self.take() {
                        CLOSE => return Ok(field),
                        COLON => {}
                        _ => return Err(TemplateError::ColonExpected),
                    }
                }
            }
            _ => return Err(TemplateError::CloseExpected),
        }
        let start = self.at;
        let mut depth = 1;
        while self.at < self.end {
            match self.take() {
                OPEN => {
                    field.nested = true;
                    depth += 1;
                }
                CLOSE => {
                    depth -= 1;
                    if depth == 0 {
                        field.spec = (start, self.at - 1);
                        return Ok(field);
                    }
                }
                _ => {}
            }
        }
        Err(TemplateError::UnmatchedOpen)
    }
}

const OPEN: u32 = b'{' as u32;
const CLOSE: u32 = b'}' as u32;
const BRACKET: u32 = b'[' as u32;
const END_BRACKET: u32 = b']' as u32;
const COLON: u32 = b':' as u32;
const BANG: u32 = b'!' as u32;
const DOT: u32 = b'.' as u32;

impl Iterator for Template<'_> {
    type Item = Result<TemplatePiece, TemplateError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let piece = self.piece();
        if piece.is_err() {
            self.at = self.end;
        }
        Some(piece)
    }
}

/// How fields without a name are numbered, over all of a template.
#[derive(Clone, Copy, Debug, Default)]
pub struct AutoNumber {
    automatic: Option<bool>,
    next: usize,
}

/// Where a field's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    /// A positional argument.
    Index(usize),
    /// A keyword argument.
    Key(Range),
}

/// One step from a value to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accessor {
    /// `.name`
    Attribute(Range),
    /// `[number]`
    Index(usize),
    /// `[text]`
    Key(Range),
}

/// A field name taken apart.
#[derive(Clone)]
pub struct FieldName<'a> {
    pub first: First,
    pub rest: Accessors<'a>,
}

/// An iterator over the accessors behind the first name.
#[derive(Clone)]
pub struct Accessors<'a> {
    text: Units<'a>,
    at: usize,
    end: usize,
}

/// A number that takes up all of a range.
fn whole_integer(text: Units<'_>, (start, stop): Range) -> Result<Option<usize>, TooManyDigits> {
    let part = text.slice(start, stop);
    Ok(integer(part, 0)?.filter(|&(_, end)| end == part.len()).map(|(value, _)| value))
}

impl<'a> FieldName<'a> {
    /// Takes a field's name apart; `numbering` is `None` for `_string.formatter_field_name_split`, where an empty name is
    /// a key.
    pub fn split(
        text: Units<'a>,
        (start, stop): Range,
        numbering: Option<&mut AutoNumber>,
    ) -> Result<FieldName<'a>, TemplateError> {
        let name = text.slice(start, stop);
        let len = name.iter().position(|code| code == DOT || code == BRACKET).unwrap_or(name.len());
        let cut = start + len;
        let rest = Accessors { text, at: cut, end: stop };
        let index = whole_integer(text, (start, cut))?;
        let first = match (index, numbering) {
            (None, Some(numbering)) if len == 0 => First::Index(numbering.automatic()?),
            (Some(index), numbering) => {
                if let Some(numbering) = numbering {
                    numbering.manual()?;
                }
                First::Index(index)
            }
            (None, _) => First::Key((start, cut)),
        };
        Ok(FieldName { first, rest })
    }
}

impl AutoNumber {
    fn automatic(&mut self) -> Result<usize, TemplateError> {
        if !*self.automatic.get_or_insert(true) {
            return Err(TemplateError::ManualToAutomatic);
        }
        self.next += 1;
        Ok(self.next - 1)
    }

    fn manual(&mut self) -> Result<(), TemplateError> {
        if *self.automatic.get_or_insert(false) { Err(TemplateError::AutomaticToManual) } else { Ok(()) }
    }
}

impl Accessors<'_> {
    fn accessor(&mut self) -> Result<Accessor, TemplateError> {
        let opening = self.text.at(self.at);
        let start = self.at + 1;
        let rest = self.text.slice(start, self.end);
        let accessor = match opening {
            DOT => {
                let len = rest.iter().position(|code| code == DOT || code == BRACKET).unwrap_or(rest.len());
                self.at = start + len;
                Accessor::Attribute((start, start + len))
            }
            BRACKET => {
                let len = rest.iter().position(|code| code == END_BRACKET).ok_or(TemplateError::MissingBracket)?;
                self.at = start + len + 1;
                let name = (start, start + len);
                whole_integer(self.text, name)?.map_or(Accessor::Key(name), Accessor::Index)
            }
            _ => return Err(TemplateError::AfterBracket),
        };
        match accessor {
            Accessor::Attribute((start, stop)) | Accessor::Key((start, stop)) if start == stop => {
                Err(TemplateError::EmptyAttribute)
            }
            accessor => Ok(accessor),
        }
    }
}

impl Iterator for Accessors<'_> {
    type Item = Result<Accessor, TemplateError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let accessor = self.accessor();
        if accessor.is_err() {
            self.at = self.end;
        }
        Some(accessor)
    }
}
