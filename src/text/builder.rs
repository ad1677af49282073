//! `TextBuilder`: builds a text piece by piece. Running out of memory is remembered and reported once, by `finish`, so
//! that pushing needs no error handling at every step.

use crate::{OutOfMemory, Text, Units};

/// A text under construction that widens as needed.
#[derive(Default)]
pub struct TextBuilder {
    text: Text,
    failed: bool,
}

impl TextBuilder {
    pub fn new() -> TextBuilder {
        TextBuilder::default()
    }

    /// A builder with room for `cap` code points below 0x100.
    pub fn with_capacity(cap: usize) -> TextBuilder {
        match Text::with_capacity(cap) {
            Ok(text) => TextBuilder { text, failed: false },
            Err(OutOfMemory) => TextBuilder { text: Text::new(), failed: true },
        }
    }

    /// Code points so far.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// What has been built so far.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// Whether memory ran out; long loops may stop early.
    pub fn failed(&self) -> bool {
        self.failed
    }

    /// One code point. A call of its own: what is hot enough to mind that uses [`Text::push`].
    #[inline(never)]
    pub fn push(&mut self, code: u32) {
        let result = self.text.push(code);
        self.note(result);
    }

    pub fn push_text(&mut self, text: &Text) {
        let result = self.text.push_text(text);
        self.note(result);
    }

    pub fn push_units(&mut self, units: Units<'_>) {
        let result = self.text.push_units(units);
        self.note(result);
    }

    pub fn push_slice(&mut self, text: &Text, start: usize, stop: usize) {
        let result = self.text.push_slice(text, start, stop);
        self.note(result);
    }

    #[inline(never)]
    pub fn push_str(&mut self, s: &str) {
        let result = self.text.push_str(s);
        self.note(result);
    }

    /// `count` times the same code point.
    pub fn push_repeated(&mut self, code: u32, count: usize) {
        let result = self.text.push_repeated(code, count);
        self.note(result);
    }

    /// A number in lower-case hexadecimal, with leading zeros to `width` digits.
    pub fn push_hex(&mut self, value: u32, width: u32) {
        let digits = (8 - value.leading_zeros() / 4).max(width).max(1);
        for i in (0..digits).rev() {
            let digit = value.checked_shr(4 * i).unwrap_or(0) & 15;
            self.push(u32::from(b"0123456789abcdef"[digit as usize]));
        }
    }

    /// A number in decimal.
    pub fn push_decimal(&mut self, value: usize) {
        let mut digits = [0; 20];
        let mut at = digits.len();
        let mut rest = value;
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.push_units(Units::One(&digits[at..]));
    }

    /// The finished text, or an error if memory ran out on the way.
    pub fn finish(mut self) -> Result<Text, OutOfMemory> {
        self.text.shrink();
        if self.failed { Err(OutOfMemory) } else { Ok(self.text) }
    }

    #[inline]
    fn note(&mut self, result: Result<(), OutOfMemory>) {
        self.failed |= result.is_err();
    }
}

impl core::fmt::Write for TextBuilder {
    fn write_str(&mut self, s: &str) -> core::fmt::Result {
        self.push_str(s);
        Ok(())
    }
}
