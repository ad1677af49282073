//! Floats to decimal text: the shortest digits that read back equal, or exactly rounded ones; and CPython's layout of them,
//! which `repr`, `__format__`, `%`-formatting and complex numbers share.

use std::fmt::{self, Write};

/// What to lay out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Shortest digits that read back equal; exponent below 1e-4 and from 1e16.
    Repr,
    /// `e`: one digit before the point.
    Exponent,
    /// `f`: no exponent.
    Fixed,
    /// `g`: significant digits, the shorter of both.
    General,
}

/// How to lay it out.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// The kind of digits.
    pub style: Style,
    /// Digits after the point, or significant digits for `General` (0 counts as 1); unused for `Repr`.
    pub precision: usize,
    /// `#`: keep the point and, for `General`, trailing zeros.
    pub alternate: bool,
    /// Add `.0` to a result without point and exponent.
    pub add_dot_0: bool,
    /// Capital `E`, `INF`, `NAN`.
    pub upper: bool,
    /// `z`: a negative number that rounds to zero loses its sign.
    pub no_negative_zero: bool,
}

impl Layout {
    /// Plain layout in the given style.
    pub const fn new(style: Style, precision: usize) -> Self {
        Layout { style, precision, alternate: false, add_dot_0: false, upper: false, no_negative_zero: false }
    }

    /// The layout of `repr`, without the added `.0`.
    pub const REPR: Layout = Layout::new(Style::Repr, 0);
}

/// `repr(x)`
pub fn repr(x: f64) -> String {
    let mut out = String::with_capacity(24);
    push(&mut out, x, &Layout { add_dot_0: true, ..Layout::REPR });
    out
}

/// Appends `x` in the given layout, with `-` where negative. The caller has checked that the precision is reasonable for
/// its memory limit.
pub fn push(out: &mut String, x: f64, layout: &Layout) {
    if x.is_nan() {
        out.push_str(if layout.upper { "NAN" } else { "nan" });
        return;
    }
    if x.is_infinite() {
        if x < 0.0 {
            out.push('-');
        }
        out.push_str(if layout.upper { "INF" } else { "inf" });
        return;
    }
    if layout.style == Style::Fixed && layout.precision <= FAST_DECIMALS && x.abs() < 1e18 {
        push_short_fixed(out, x, layout);
        return;
    }
    // Most numbers are short; clearing the large buffer would cost more than the conversion.
    if layout.style == Style::Repr || layout.precision <= 17 && x.abs() < 1e17 {
        push_finite(out, x, layout, &mut [0; 48]);
    } else {
        push_finite(out, x, layout, &mut [0; MAX_DIGITS]);
    }
}

/// Up to so many decimals, the scaled fraction of any float fits 128 bits.
const FAST_DECIMALS: usize = 17;

/// `f` for numbers below 1e18 and few decimals, by integer arithmetic: exact, rounded half to even.
fn push_short_fixed(out: &mut String, x: f64, layout: &Layout) {
    let mut whole = x.abs() as u64;
    let (mantissa, exponent) = super::decode(x.abs() - whole as f64);
    let unit = 10u128.pow(layout.precision as u32);
    let scaled = u128::from(mantissa) * unit;
    // The fraction is `scaled / 2**shift` units.
    let shift = exponent.unsigned_abs();
    let mut fraction = 0;
    if mantissa != 0 && shift < 120 {
        fraction = scaled >> shift;
        let (rest, half) = (scaled & ((1 << shift) - 1), (1u128 << shift) / 2);
        let odd = if layout.precision == 0 { whole % 2 == 1 } else { fraction % 2 == 1 };
        if rest > half || rest == half && shift > 0 && odd {
            fraction += 1;
        }
    }
    if fraction == unit {
        (whole, fraction) = (whole + 1, 0);
    }
    if layout.precision == 0 {
        fraction = 0;
    }
    let mut buffer = [b'0'; 40];
    let mut at = buffer.len();
    let mut put = |byte: u8| {
        at -= 1;
        buffer[at] = byte;
    };
    let mut rest = fraction as u64;
    for _ in 0..layout.precision {
        put(b'0' + (rest % 10) as u8);
        rest /= 10;
    }
    if layout.precision > 0 || layout.alternate {
        put(b'.');
    }
    let mut rest = whole;
    loop {
        put(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if x.is_sign_negative() && !(layout.no_negative_zero && whole == 0 && fraction == 0) {
        put(b'-');
    }
    out.push_str(std::str::from_utf8(&buffer[at..]).unwrap_or(""));
}

fn push_finite(out: &mut String, x: f64, layout: &Layout, buffer: &mut [u8]) {
    let mut negative = x.is_sign_negative();
    let general_digits = layout.precision.max(1);
    let digits = match layout.style {
        Style::Repr => Digits::shortest(x, buffer),
        Style::Exponent => Digits::significant(x, layout.precision.saturating_add(1), buffer),
        Style::General => Digits::significant(x, general_digits, buffer),
        Style::Fixed => Digits::fixed(x, layout.precision, buffer),
    };
    if layout.no_negative_zero && digits.is_zero() {
        negative = false;
    }
    let point = digits.point;
    // Number of digits that must appear, counted like `point` from the first digit.
    let mut end = digits.len as i64;
    let mut exponent = None;
    match layout.style {
        Style::Exponent => {
            exponent = Some(point - 1);
            end = layout.precision as i64 + 1;
        }
        Style::Fixed => end = point + layout.precision as i64,
        Style::General => {
            if point <= -4 || point > general_digits as i64 - i64::from(layout.add_dot_0) {
                exponent = Some(point - 1);
            }
            if layout.alternate {
                end = general_digits as i64;
            }
        }
        Style::Repr => {
            if point <= -4 || point > 16 {
                exponent = Some(point - 1);
            }
        }
    }
    let point = if exponent.is_some() { 1 } else { point };
    let end = if exponent.is_none() && layout.add_dot_0 { end.max(point + 1) } else { end.max(point) };
    if negative {
        out.push('-');
    }
    let text = digits.as_bytes();
    if point <= 0 {
        out.push('0');
    } else {
        push_digits(out, text, 0, point);
    }
    if end > point || layout.alternate {
        out.push('.');
        push_digits(out, text, point, end);
    }
    if let Some(exponent) = exponent {
        out.push(if layout.upper { 'E' } else { 'e' });
        out.push(if exponent < 0 { '-' } else { '+' });
        let exponent = exponent.unsigned_abs() as u32;
        if exponent >= 100 {
            out.push((b'0' + (exponent / 100) as u8) as char);
        }
        out.push((b'0' + (exponent / 10 % 10) as u8) as char);
        out.push((b'0' + (exponent % 10) as u8) as char);
    }
}

/// Appends the digits at `from..to`, zeros where there are none.
fn push_digits(out: &mut String, digits: &[u8], from: i64, to: i64) {
    let len = digits.len() as i64;
    push_zeros(out, to.min(0) - from);
    for &digit in &digits[from.clamp(0, len) as usize..to.clamp(0, len) as usize] {
        out.push(digit as char);
    }
    push_zeros(out, to - from.max(len));
}

fn push_zeros(out: &mut String, count: i64) {
    out.extend(std::iter::repeat_n('0', count.max(0) as usize));
}

/// Decimal digits of `|x|` without leading or trailing zeros (zero is `0`), and where the point stands.
pub(crate) struct Digits<'a> {
    buffer: &'a mut [u8],
    len: usize,
    /// The value is `0.DIGITS * 10**point`.
    point: i64,
}

/// More significant digits no float has: 767 of them, after up to 309 before or 324 zeros behind the point in fixed form.
const MAX_DIGITS: usize = 1408;
/// No float has more digits than this after the point.
const MAX_DECIMALS: usize = 1080;

/// The exponent of the lowest one among the bits of `x`.
fn last_bit_exponent(x: f64) -> i64 {
    let (mantissa, exponent) = super::decode(x);
    i64::from(exponent) + i64::from(mantissa.trailing_zeros())
}

impl Write for Digits<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let bytes = text.as_bytes();
        let room = self.buffer.get_mut(self.len..self.len + bytes.len()).ok_or(fmt::Error)?;
        room.copy_from_slice(bytes);
        self.len += bytes.len();
        Ok(())
    }
}

impl<'a> Digits<'a> {
    fn render(arguments: fmt::Arguments<'_>, buffer: &'a mut [u8]) -> Self {
        let mut digits = Digits { buffer, len: 0, point: 0 };
        // The buffer holds any float, so this doesn't fail.
        let _ = digits.write_fmt(arguments);
        digits.normalize();
        digits
    }

    /// The shortest digits that read back equal, the closest to `x` among those.
    fn shortest(x: f64, buffer: &'a mut [u8]) -> Self {
        let mut digits = Digits::render(format_args!("{:e}", x.abs()), buffer);
        // Of two equally close candidates CPython takes the even one. That needs 2 * x / 10**e to be an odd integer, where
        // e is the last digit's exponent.
        let e = digits.point - digits.len as i64;
        if digits.len >= 15 && digits.buffer[digits.len - 1] % 2 == 1 && last_bit_exponent(x) == e - 1 {
            digits.take_even_neighbour(x);
        }
        digits
    }

    /// Puts the last digit down by one where the result reads back equal and is as close.
    fn take_even_neighbour(&mut self, x: f64) {
        let mut exact = [0; 48];
        let even = Digits::significant(x, self.len, &mut exact);
        let same_size = even.len == self.len && even.point == self.point;
        let mut text = String::with_capacity(32);
        push_digits(&mut text, even.as_bytes(), 0, even.len as i64);
        text.push('e');
        let exponent = even.point - even.len as i64;
        text.push_str(if exponent < 0 { "-" } else { "" });
        let mut number = [0; 20];
        text.push_str(crate::int::small_to_decimal(exponent.abs(), &mut number));
        if same_size && text.parse() == Ok(x.abs()) {
            self.buffer[..self.len].copy_from_slice(even.as_bytes());
        }
    }

    /// `x` rounded half to even to `count > 0` significant digits.
    fn significant(x: f64, count: usize, buffer: &'a mut [u8]) -> Self {
        Digits::render(format_args!("{:.*e}", count.min(MAX_DECIMALS) - 1, x.abs()), buffer)
    }

    /// `x` rounded half to even to `count` digits after the point.
    fn fixed(x: f64, count: usize, buffer: &'a mut [u8]) -> Self {
        let count = count.min(MAX_DECIMALS);
        Digits::render(format_args!("{:.*}", count, x.abs()), buffer)
    }

    fn is_zero(&self) -> bool {
        self.buffer[..self.len] == *b"0"
    }

    fn as_bytes(&self) -> &[u8] {
        &self.buffer[..self.len]
    }

    /// Turns `123.4500e-7` as written by `fmt` into digits and point.
    fn normalize(&mut self) {
        let text = &self.buffer[..self.len];
        let (mut exponent, mantissa_end) = match text.iter().position(|&c| c == b'e') {
            Some(at) => {
                let negative = text[at + 1] == b'-';
                let value = text[at + 1 + usize::from(negative)..].iter().fold(0, |n, c| n * 10 + i64::from(c - b'0'));
                (if negative { -value } else { value }, at)
            }
            None => (0, self.len),
        };
        let mut len = 0;
        let mut before_point = None;
        for i in 0..mantissa_end {
            let c = self.buffer[i];
            if c == b'.' {
                before_point = Some(len as i64);
            } else if len == 0 && c == b'0' {
                // A leading zero: the point moves left once it has been passed.
                if before_point.is_some() {
                    exponent -= 1;
                }
            } else {
                self.buffer[len] = c;
                len += 1;
            }
        }
        let before_point = before_point.unwrap_or(len as i64);
        while len > 0 && self.buffer[len - 1] == b'0' {
            len -= 1;
        }
        self.point = before_point + exponent;
        if len == 0 {
            self.buffer[0] = b'0';
            len = 1;
            self.point = 1;
        }
        self.len = len;
    }
}
