//! Format specifications: `[[fill]align][sign]["z"]["#"]["0"][width][grouping]["." precision [grouping]][type]`
//! (the "Format Specification Mini-Language" of the library reference).

use super::{TOO_MANY_DIGITS, TooManyDigits, integer, push_code};
use crate::search::pad::pad;
use crate::{OutOfMemory, Text, TextBuilder, Units};

/// Where padding goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// `<`: the value stands at the left.
    Left,
    /// `>`
    Right,
    /// `^`
    Center,
    /// `=`: padding between sign and digits.
    AfterSign,
}

/// What shows the sign of numbers that are not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `-`: nothing.
    Minus,
    /// `+`
    Plus,
    /// A space.
    Space,
}

/// What separates groups of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// `,`
    Comma,
    /// `_`: every three digits; every four if the type is one of `b o x X`.
    Underscore,
}

impl Grouping {
    fn char(self) -> u32 {
        match self {
            Grouping::Comma => b',',
            Grouping::Underscore => b'_',
        }
        .into()
    }
}

/// A parsed specification. Fields that were not given are `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct FormatSpec {
    /// The fill character; not set by `zero`.
    pub fill: Option<u32>,
    pub align: Option<Align>,
    pub sign: Option<Sign>,
    /// `z`
    pub no_negative_zero: bool,
    /// `#`
    pub alternate: bool,
    /// `0` before the width: fills with zeros, and for numbers aligns after the sign unless an alignment is given.
    pub zero: bool,
    pub width: Option<usize>,
    pub grouping: Option<Grouping>,
    pub precision: Option<usize>,
    /// Separator behind the point.
    pub fraction_grouping: Option<Grouping>,
    /// The type character.
    pub kind: Option<u32>,
}

/// What is wrong with a specification: all are ValueErrors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpecError {
    TooManyDigits,
    MissingPrecision,
    CommaAndUnderscore,
    /// Text is left behind the type character.
    Invalid,
    /// The type character means nothing for the object's type.
    UnknownCode(u32),
    /// A separator does not go with a type character.
    Separator(Grouping, u32),
    /// What strings cannot have, e.g. "Sign".
    NotForStr(&'static str),
    OutOfMemory,
}

impl From<OutOfMemory> for SpecError {
    fn from(_: OutOfMemory) -> SpecError {
        SpecError::OutOfMemory
    }
}

impl From<TooManyDigits> for SpecError {
    fn from(_: TooManyDigits) -> SpecError {
        SpecError::TooManyDigits
    }
}

impl SpecError {
    /// CPython's message, for a specification of a value whose type has this name.
    pub fn message(self, spec: &Text, type_name: &Text) -> Text {
        let mut out = TextBuilder::new();
        match self {
            SpecError::TooManyDigits => out.push_str(TOO_MANY_DIGITS),
            SpecError::MissingPrecision => out.push_str("Format specifier missing precision"),
            SpecError::CommaAndUnderscore => out.push_str("Cannot specify both ',' and '_'."),
            SpecError::Invalid => {
                out.push_str("Invalid format specifier '");
                out.push_text(spec);
                out.push_str("' for object of type '");
                out.push_text(type_name);
                out.push_str("'");
            }
            SpecError::UnknownCode(code) => {
                out.push_str("Unknown format code '");
                push_code(&mut out, code, 128);
                out.push_str("' for object of type '");
                out.push_text(type_name);
                out.push_str("'");
            }
            SpecError::Separator(grouping, code) => {
                out.push_str("Cannot specify '");
                out.push(grouping.char());
                out.push_str("' with '");
                push_code(&mut out, code, 128);
                out.push_str("'.");
            }
            SpecError::NotForStr(what) => {
                out.push_str(what);
                out.push_str(" not allowed in string format specifier");
            }
            SpecError::OutOfMemory => {}
        }
        out.finish().unwrap_or_default()
    }
}

impl FormatSpec {
    /// Parses a specification. `default_kind` is the type character that stands for none given where separators are
    /// checked: `s` for strings, `d` for integers, none for floats.
    pub fn parse(spec: Units<'_>, default_kind: Option<u8>) -> Result<FormatSpec, SpecError> {
        let mut parsed = FormatSpec::default();
        let mut at = 0;
        let align_at = |at: usize| spec.get(at).and_then(align_of);
        if let Some(align) = align_at(1) {
            parsed.fill = spec.get(0);
            parsed.align = Some(align);
            at = 2;
        } else if let Some(align) = align_at(0) {
            parsed.align = Some(align);
            at = 1;
        }
        parsed.sign = match byte(spec, at) {
            b'+' => Some(Sign::Plus),
            b'-' => Some(Sign::Minus),
            b' ' => Some(Sign::Space),
            _ => None,
        };
        at += usize::from(parsed.sign.is_some());
        parsed.no_negative_zero = byte(spec, at) == b'z';
        at += usize::from(parsed.no_negative_zero);
        parsed.alternate = byte(spec, at) == b'#';
        at += usize::from(parsed.alternate);
        parsed.zero = parsed.fill.is_none() && byte(spec, at) == b'0';
        at += usize::from(parsed.zero);
        if let Some((width, end)) = integer(spec, at)? {
            parsed.width = Some(width);
            at = end;
        }
        parsed.grouping = grouping(spec, &mut at)?;
        if byte(spec, at) == b'.' {
            at += 1;
            if let Some((precision, end)) = integer(spec, at)? {
                parsed.precision = Some(precision);
                at = end;
            }
            parsed.fraction_grouping = grouping(spec, &mut at)?;
            if parsed.precision.is_none() && parsed.fraction_grouping.is_none() {
                return Err(SpecError::MissingPrecision);
            }
        }
        if spec.len() > at + 1 {
            return Err(SpecError::Invalid);
        }
        parsed.kind = spec.get(at);
        parsed.check_separators(default_kind)?;
        Ok(parsed)
    }

    fn check_separators(&self, default_kind: Option<u8>) -> Result<(), SpecError> {
        let kind = self.kind.or(default_kind.map(u32::from));
        let is = |kinds: &[u8]| kind.is_none_or(|kind| kinds.iter().any(|&known| u32::from(known) == kind));
        if let Some(grouping) = self.grouping {
            let allowed = is(b"defgEG%F") || (grouping == Grouping::Underscore && is(b"boxX"));
            if !allowed {
                return Err(SpecError::Separator(grouping, kind.unwrap_or(0)));
            }
        }
        if let Some(grouping) = self.fraction_grouping
            && kind.is_some()
            && is(b"n")
        {
            return Err(SpecError::Separator(grouping, b'n'.into()));
        }
        Ok(())
    }

    /// The fill character in effect.
    pub fn fill_code(&self) -> u32 {
        self.fill.unwrap_or(if self.zero { b'0' } else { b' ' }.into())
    }

    /// Whether nothing but a type character may have been given, so that `str(value)` will do.
    pub fn is_plain(&self) -> bool {
        *self == FormatSpec { kind: self.kind, ..FormatSpec::default() }
    }

    /// Pads finished text to the width; `default` is the alignment where none was given. `=` counts as `>`.
    pub fn pad(&self, text: &Text, default: Align) -> Result<Text, OutOfMemory> {
        let width = self.width.unwrap_or(0);
        if width <= text.len() {
            return text.try_clone();
        }
        let margin = width - text.len();
        let (left, right) = match self.align.unwrap_or(default) {
            Align::Left => (0, margin),
            Align::Right | Align::AfterSign => (margin, 0),
            Align::Center => (margin / 2, margin - margin / 2),
        };
        pad(text, left, right, self.fill_code())
    }
}

/// `format(text, spec)`: `str.__format__`.
pub fn format_str(text: &Text, spec: Units<'_>) -> Result<Text, SpecError> {
    if spec.is_empty() {
        return Ok(text.try_clone()?);
    }
    let spec = FormatSpec::parse(spec, Some(b's'))?;
    if let Some(kind) = spec.kind
        && kind != u32::from(b's')
    {
        return Err(SpecError::UnknownCode(kind));
    }
    match spec.sign {
        Some(Sign::Space) => return Err(SpecError::NotForStr("Space")),
        Some(_) => return Err(SpecError::NotForStr("Sign")),
        None => {}
    }
    if spec.no_negative_zero {
        return Err(SpecError::NotForStr("Negative zero coercion (z)"));
    }
    if spec.alternate {
        return Err(SpecError::NotForStr("Alternate form (#)"));
    }
    if spec.align == Some(Align::AfterSign) {
        return Err(SpecError::NotForStr("'=' alignment"));
    }
    match spec.precision {
        Some(precision) if precision < text.len() => Ok(spec.pad(&text.slice(0, precision)?, Align::Left)?),
        _ => Ok(spec.pad(text, Align::Left)?),
    }
}

fn align_of(code: u32) -> Option<Align> {
    Some(match u8::try_from(code).ok()? {
        b'<' => Align::Left,
        b'>' => Align::Right,
        b'^' => Align::Center,
        b'=' => Align::AfterSign,
        _ => return None,
    })
}

/// The ASCII character at an index; 0 for others and at the end.
fn byte(spec: Units<'_>, at: usize) -> u8 {
    spec.get(at).and_then(|code| u8::try_from(code).ok()).filter(u8::is_ascii).unwrap_or(0)
}

/// `,` or `_`, but not both.
fn grouping(spec: Units<'_>, at: &mut usize) -> Result<Option<Grouping>, SpecError> {
    let (found, other) = match byte(spec, *at) {
        b',' => (Grouping::Comma, b'_'),
        b'_' => (Grouping::Underscore, b','),
        _ => return Ok(None),
    };
    *at += 1;
    if byte(spec, *at) == other { Err(SpecError::CommaAndUnderscore) } else { Ok(Some(found)) }
}
