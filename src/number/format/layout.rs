//! Sign, grouping and padding, common to all types.

use super::{Align, Formatted, NumericSpec, SignMode};

/// A number as ASCII pieces, before grouping and padding.
pub(super) struct Pieces<'a> {
    pub negative: bool,
    /// `0x` and the like.
    pub prefix: &'a str,
    /// Digits before the point; empty for `inf` and `nan`.
    pub digits: &'a str,
    /// There is a point.
    pub point: bool,
    /// Digits behind the point.
    pub fraction: &'a str,
    /// Exponent, percent sign, or `inf` and `nan`.
    pub rest: &'a str,
}

impl<'a> Pieces<'a> {
    /// Takes apart what [`crate::float::push`] wrote.
    pub fn of_float(text: &'a str) -> Self {
        let (negative, text) = match text.strip_prefix('-') {
            Some(text) => (true, text),
            None => (false, text),
        };
        let is_digit = |c: char| c.is_ascii_digit();
        let (digits, rest) = text.split_at(text.len() - text.trim_start_matches(is_digit).len());
        let (point, rest) = match rest.strip_prefix('.') {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let fraction_len = if point { rest.len() - rest.trim_start_matches(is_digit).len() } else { 0 };
        let (fraction, rest) = rest.split_at(fraction_len);
        Pieces { negative, prefix: "", digits, point, fraction, rest }
    }

    /// Sign and prefix.
    pub fn head(&self, sign: SignMode) -> String {
        let sign = match (self.negative, sign) {
            (true, _) => "-",
            (false, SignMode::Plus) => "+",
            (false, SignMode::Space) => " ",
            (false, SignMode::Minus) => "",
        };
        let mut head = String::with_capacity(4);
        head.push_str(sign);
        head.push_str(self.prefix);
        head
    }

    /// Digits and the rest with separators; with `min_digits_width`, zeros in front make the grouped digits so wide.
    pub fn body(&self, spec: &NumericSpec, group: usize, min_digits_width: usize) -> String {
        let mut body = String::with_capacity(self.digits.len() + self.fraction.len() + self.rest.len() + 1);
        if !self.digits.is_empty() {
            match spec.grouping.separator() {
                Some(separator) => push_grouped(&mut body, self.digits, separator, group, min_digits_width),
                None => {
                    let zeros = min_digits_width.saturating_sub(self.digits.len());
                    body.extend(std::iter::repeat_n('0', zeros));
                    body.push_str(self.digits);
                }
            }
        }
        if self.point {
            body.push('.');
        }
        match spec.fraction_grouping.separator() {
            Some(separator) => {
                for (i, c) in self.fraction.chars().enumerate() {
                    if i > 0 && i % 3 == 0 {
                        body.push(separator as char);
                    }
                    body.push(c);
                }
            }
            None => body.push_str(self.fraction),
        }
        body.push_str(self.rest);
        body
    }

    /// The whole job: sign, grouping by `group` digits, padding.
    pub fn format(&self, spec: &NumericSpec, group: usize) -> Formatted {
        let head = self.head(spec.sign);
        let mut min_digits_width = 0;
        if spec.pads_with_zeros() && !self.digits.is_empty() {
            let separators = match spec.fraction_grouping.separator() {
                Some(_) => self.fraction.len().saturating_sub(1) / 3,
                None => 0,
            };
            let others = head.len() + usize::from(self.point) + self.fraction.len() + separators + self.rest.len();
            min_digits_width = spec.width.saturating_sub(others);
        }
        let body = self.body(spec, group, min_digits_width);
        pad(head, body, spec)
    }
}

/// Distributes the fill.
pub(super) fn pad(head: String, body: String, spec: &NumericSpec) -> Formatted {
    let padding = spec.width.saturating_sub(head.len() + body.len());
    let (left, middle, right) = match spec.effective_align() {
        Align::Left => (0, 0, padding),
        Align::Center => (padding / 2, 0, padding - padding / 2),
        Align::AfterSign => (0, padding, 0),
        Align::Right | Align::Default => (padding, 0, 0),
    };
    Formatted { left, head, middle, body, right }
}

/// Writes the digits in groups, zeros in front until at least `min_width` characters stand there. A separator is never
/// first: where it would be, one more zero is written.
fn push_grouped(out: &mut String, digits: &str, separator: u8, group: usize, min_width: usize) {
    // Count of digits with padding: the least number whose grouped width reaches the minimum.
    let mut count = digits.len();
    let width = |count: usize| count + (count - 1) / group;
    if width(count) < min_width {
        count = min_width - (min_width - 1) / (group + 1);
        while width(count) < min_width {
            count += 1;
        }
    }
    let zeros = count - digits.len();
    for i in 0..count {
        if i > 0 && (count - i).is_multiple_of(group) {
            out.push(separator as char);
        }
        out.push(if i < zeros { '0' } else { digits.as_bytes()[i - zeros] as char });
    }
}
