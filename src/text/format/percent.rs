//! printf-style templates, `"%(name)-5.2f" % values`, of str and bytes.

use crate::search::find_code;
use crate::search::split::Range;
use crate::{OutOfMemory, Text, Units};

/// An iterator over the pieces of a template.
#[derive(Clone)]
pub struct Percent<'a> {
    text: Units<'a>,
    at: usize,
}

/// A piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PercentPiece {
    Literal(Range),
    Conversion(Conversion),
}

/// A width or precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    #[default]
    None,
    Number(usize),
    /// `*`: the next argument.
    Argument,
}

/// What stands behind a `%`. CPython fetches the mapping's value and the arguments for `*` before it complains of what
/// follows in the template; so `error` is to be raised only after that (but `IncompleteKey` as soon as it is clear that
/// there is a mapping). A `%` as its character is unsupported: only `%%` itself is literal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conversion {
    /// `(key)`
    pub key: Option<Range>,
    /// `-`
    pub left: bool,
    /// `+`
    pub plus: bool,
    /// A space.
    pub space: bool,
    /// `#`
    pub alternate: bool,
    /// `0`
    pub zero: bool,
    pub width: Size,
    pub precision: Size,
    /// The conversion's character; 0 with an error.
    pub kind: u32,
    /// Position of the conversion's character, for the message about an unsupported one.
    pub at: usize,
    pub error: Option<PercentError>,
}

/// What is wrong with a template: all are ValueErrors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PercentError {
    IncompleteKey,
    Incomplete,
    WidthTooBig,
    PrecisionTooBig,
}

impl PercentError {
    /// CPython's message.
    pub fn message(self) -> &'static str {
        match self {
            PercentError::IncompleteKey => "incomplete format key",
            PercentError::Incomplete => "incomplete format",
            PercentError::WidthTooBig => "width too big",
            PercentError::PrecisionTooBig => "precision too big",
        }
    }
}

const PERCENT: u32 = b'%' as u32;

impl<'a> Percent<'a> {
    pub fn new(text: Units<'a>) -> Percent<'a> {
        Percent { text, at: 0 }
    }

    /// The next character if it is ASCII; 0 otherwise and at the end.
    fn peek(&self) -> u8 {
        self.text.get(self.at).and_then(|code| u8::try_from(code).ok()).unwrap_or(0)
    }

    /// What follows a percent sign.
    fn conversion(&mut self, found: &mut Conversion) -> Result<(), PercentError> {
        if self.peek() == b'(' {
            self.at += 1;
            found.key = Some((self.at, self.at));
            found.key = Some(self.key()?);
        }
        loop {
            match self.peek() {
                b'-' => found.left = true,
                b'+' => found.plus = true,
                b' ' => found.space = true,
                b'#' => found.alternate = true,
                b'0' => found.zero = true,
                _ => break,
            }
            self.at += 1;
        }
        found.width = self.size(isize::MAX as usize, PercentError::WidthTooBig)?;
        if self.peek() == b'.' {
            self.at += 1;
            found.precision = match self.size(i32::MAX as usize, PercentError::PrecisionTooBig)? {
                Size::None => Size::Number(0),
                size => size,
            };
        }
        if matches!(self.peek(), b'h' | b'l' | b'L') {
            self.at += 1;
        }
        found.at = self.at;
        found.kind = self.text.get(self.at).ok_or(PercentError::Incomplete)?;
        self.at += 1;
        Ok(())
    }

    /// A key up to its closing parenthesis; it may have balanced ones inside.
    fn key(&mut self) -> Result<Range, PercentError> {
        let start = self.at;
        let mut depth = 1;
        while let Some(code) = self.text.get(self.at) {
            self.at += 1;
            match code {
                0x28 => depth += 1,
                0x29 => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok((start, self.at - 1));
            }
        }
        Err(PercentError::IncompleteKey)
    }

    fn size(&mut self, max: usize, too_big: PercentError) -> Result<Size, PercentError> {
        if self.peek() == b'*' {
            self.at += 1;
            return Ok(Size::Argument);
        }
        let mut size = Size::None;
        let mut value = 0usize;
        while let digit @ b'0'..=b'9' = self.peek() {
            let digit = usize::from(digit - b'0');
            if value > (max - digit) / 10 {
                return Err(too_big);
            }
            value = value * 10 + digit;
            size = Size::Number(value);
            self.at += 1;
        }
        Ok(size)
    }
}

impl Iterator for Percent<'_> {
    type Item = PercentPiece;

    fn next(&mut self) -> Option<PercentPiece> {
        let start = self.at;
        if start >= self.text.len() {
            return None;
        }
        if self.text.at(start) != PERCENT {
            let rest = self.text.from(start);
            self.at = start + find_code(rest, PERCENT).unwrap_or(rest.len());
            return Some(PercentPiece::Literal((start, self.at)));
        }
        self.at += 1;
        if self.peek() == b'%' {
            self.at += 1;
            return Some(PercentPiece::Literal((start + 1, self.at)));
        }
        let mut found = Conversion::default();
        if let Err(error) = self.conversion(&mut found) {
            found.error = Some(error);
            self.at = self.text.len();
        }
        Some(PercentPiece::Conversion(found))
    }
}

/// What `%s`, `%r`, `%a` and `%c` make of text: cut to the precision, padded with spaces to the width.
pub fn pad(text: &Text, left: bool, width: usize, precision: Option<usize>) -> Result<Text, OutOfMemory> {
    let kept = precision.map_or(text.len(), |precision| precision.min(text.len()));
    let margin = width.saturating_sub(kept);
    let mut out = Text::with_capacity(margin.checked_add(kept).ok_or(OutOfMemory)?)?;
    if !left {
        out.push_repeated(b' '.into(), margin)?;
    }
    out.push_slice(text, 0, kept)?;
    if left {
        out.push_repeated(b' '.into(), margin)?;
    }
    Ok(out)
}
