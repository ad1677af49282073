//! `__format__` of int, float and complex, and printf-style `%` of numbers, from plain fields.
//!
//! The caller parses the format specification into a [`NumericSpec`] and gets a [`Formatted`] back: ASCII parts and the
//! number of fill characters between them, so that any fill character works and padding is written straight into the result.

mod complex;
mod float;
mod int;
mod layout;
mod percent;

pub use complex::format_complex;
pub use float::format_float;
pub use int::{format_digits, format_int, format_small_int, int_digits};
pub use percent::{PercentSpec, percent_float, percent_int};

/// Where the fill goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Align {
    /// None given: right for numbers, or between sign and digits where `0` stands before the width.
    #[default]
    Default,
    /// `<`
    Left,
    /// `>`
    Right,
    /// `^`
    Center,
    /// `=`: between sign and digits.
    AfterSign,
}

/// What stands before numbers that aren't negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum SignMode {
    /// `-` or none given: nothing.
    #[default]
    Minus,
    /// `+`
    Plus,
    /// A space.
    Space,
}

/// Separators between groups of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Grouping {
    /// None.
    #[default]
    None,
    /// `,`
    Comma,
    /// `_`: every three digits, every four in bases 2, 8 and 16.
    Underscore,
}

impl Grouping {
    fn separator(self) -> Option<u8> {
        match self {
            Grouping::None => None,
            Grouping::Comma => Some(b','),
            Grouping::Underscore => Some(b'_'),
        }
    }
}

/// The fields of a format specification, `[[fill]align][sign][z][#][0][width][grouping][.precision[grouping]][type]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct NumericSpec {
    /// The fill character was given as `0`. (Which other character it is, only the caller needs to know.)
    pub fill_is_zero: bool,
    /// Alignment.
    pub align: Align,
    /// Sign of numbers that aren't negative.
    pub sign: SignMode,
    /// `z`: results of -0 lose their sign.
    pub no_negative_zero: bool,
    /// `#`
    pub alternate: bool,
    /// `0` before the width, where no fill character is given: means fill `0`, and alignment after the sign unless another is
    /// given. (After a fill character the `0` belongs to the width.)
    pub zero: bool,
    /// Minimal width.
    pub width: usize,
    /// Separator before the point.
    pub grouping: Grouping,
    /// Digits after the point, or significant digits.
    pub precision: Option<usize>,
    /// Separator behind the point.
    pub fraction_grouping: Grouping,
    /// The type character, None where there is none.
    pub kind: Option<char>,
}

/// What a specification can't be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpecError {
    /// "Unknown format code '{kind}' for object of type '{type}'"
    UnknownCode(char),
    /// "Precision not allowed in integer format specifier"
    Precision,
    /// "Negative zero coercion (z) not allowed in integer format specifier"
    NegativeZero,
    /// "Zero padding is not allowed in complex format specifier"
    ZeroPadding,
    /// "'=' alignment flag is not allowed in complex format specifier"
    AfterSign,
    /// The int is too large to convert to float: OverflowError.
    Overflow,
}

/// A formatted number: `left` fill characters, `head`, `middle` fill characters, `body`, `right` fill characters.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Formatted {
    /// Fill characters in front.
    pub left: usize,
    /// Sign and prefix, ASCII.
    pub head: String,
    /// Fill characters between head and body.
    pub middle: usize,
    /// Digits and the rest, ASCII.
    pub body: String,
    /// Fill characters at the end.
    pub right: usize,
}

impl Formatted {
    /// Length of the whole in characters.
    pub fn len(&self) -> usize {
        self.left + self.head.len() + self.middle + self.body.len() + self.right
    }

    /// Whether there is nothing at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The whole text. The caller has checked that its length is within its memory limit.
    pub fn to_text(&self, fill: char) -> String {
        let mut out = String::with_capacity(self.len());
        let pad = |out: &mut String, count| out.extend(std::iter::repeat_n(fill, count));
        pad(&mut out, self.left);
        out.push_str(&self.head);
        pad(&mut out, self.middle);
        out.push_str(&self.body);
        pad(&mut out, self.right);
        out
    }
}

impl NumericSpec {
    /// The alignment in effect.
    fn effective_align(&self) -> Align {
        match (self.align, self.zero) {
            (Align::Default, true) => Align::AfterSign,
            (Align::Default, false) => Align::Right,
            (align, _) => align,
        }
    }

    /// Whether padding is done with zeros that take part in grouping.
    fn pads_with_zeros(&self) -> bool {
        (self.fill_is_zero || self.zero) && self.effective_align() == Align::AfterSign
    }

    /// The fill character when none was given: `0` where `0` stands before the width, else a space.
    pub fn default_fill(&self) -> char {
        if self.zero { '0' } else { ' ' }
    }
}
