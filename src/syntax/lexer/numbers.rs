//! Numeric literals.

use super::{Lexer, Token};
use crate::token::NUMBER;

impl Lexer<'_> {
    pub(super) fn number(&mut self, start: usize) -> Token {
        match self.number_end(start) {
            Ok(end) => {
                self.state.pos = end;
                self.token(NUMBER, start, end)
            }
            Err(token) => token,
        }
    }

    pub(super) fn number_end(&mut self, start: usize) -> Result<usize, Token> {
        let mut i = start;
        if self.at(i) == b'0' {
            let (radix, name) = match self.at(i + 1) | 0x20 {
                b'x' => (16, "hexadecimal"),
                b'o' => (8, "octal"),
                b'b' => (2, "binary"),
                _ => (10, "decimal"),
            };
            if radix != 10 {
                return self.radix_digits(i + 2, radix, name);
            }
            i += 1;
            loop {
                if self.at(i) == b'_' {
                    i += 1;
                    if !self.at(i).is_ascii_digit() {
                        return Err(self.error_at(i, "invalid decimal literal".to_owned()));
                    }
                }
                if self.at(i) != b'0' {
                    break;
                }
                i += 1;
            }
            let zeros_end = i;
            let nonzero = self.at(i).is_ascii_digit();
            if nonzero {
                i = self.digits(i)?;
            }
            if nonzero && !self.extra && !matches!(self.at(i), b'.' | b'e' | b'E' | b'j' | b'J') {
                let message = "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal \
                               integers";
                return Err(self.error_range(start, zeros_end, message.to_owned()));
            }
        } else if self.at(i) != b'.' {
            i = self.digits(i)?;
        }
        if self.at(i) == b'.' {
            i += 1;
            if self.at(i).is_ascii_digit() {
                i = self.digits(i)?;
            }
        }
        if self.at(i) | 0x20 == b'e' {
            let sign = matches!(self.at(i + 1), b'+' | b'-') as usize;
            if self.at(i + 1 + sign).is_ascii_digit() {
                i = self.digits(i + 1 + sign)?;
            } else if sign == 1 {
                return Err(self.error_at(i + 2, "invalid decimal literal".to_owned()));
            } else {
                self.number_boundary(i, start, "decimal")?;
                return Ok(i);
            }
        }
        if self.at(i) | 0x20 == b'j' {
            self.number_boundary(i + 1, start, "imaginary")?;
            return Ok(i + 1);
        }
        self.number_boundary(i, start, "decimal")?;
        Ok(i)
    }

    /// Decimal digits with single underscores between them.
    pub(super) fn digits(&mut self, start: usize) -> Result<usize, Token> {
        let mut i = start;
        loop {
            while self.at(i).is_ascii_digit() {
                i += 1;
            }
            if self.at(i) != b'_' {
                return Ok(i);
            }
            i += 1;
            if !self.at(i).is_ascii_digit() {
                return Err(self.error_at(i, "invalid decimal literal".to_owned()));
            }
        }
    }

    pub(super) fn radix_digits(&mut self, start: usize, radix: u32, name: &str) -> Result<usize, Token> {
        let is_digit = |b: u8| (b as char).is_digit(radix);
        let mut i = start;
        loop {
            if self.at(i) == b'_' {
                i += 1;
            }
            if !is_digit(self.at(i)) {
                let c = self.at(i);
                return Err(if c.is_ascii_digit() {
                    self.error_at(i + 1, format!("invalid digit '{}' in {name} literal", c as char))
                } else {
                    self.error_at(i, format!("invalid {name} literal"))
                });
            }
            while is_digit(self.at(i)) {
                i += 1;
            }
            if self.at(i) != b'_' {
                break;
            }
        }
        if self.at(i).is_ascii_digit() {
            let c = self.at(i) as char;
            return Err(self.error_at(i + 1, format!("invalid digit '{c}' in {name} literal")));
        }
        self.number_boundary(i, start - 2, name)?;
        Ok(i)
    }

    /// A number may touch a keyword (with a warning) but no other name.
    pub(super) fn number_boundary(&mut self, end: usize, start: usize, name: &str) -> Result<(), Token> {
        let c = self.at(end);
        if self.extra || !(c.is_ascii_alphanumeric() || c == b'_') {
            return Ok(());
        }
        let rest = &self.bytes[end..];
        let part = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 128);
        let whole = [&b"and"[..], b"else", b"for", b"or", b"not"]
            .iter()
            .any(|keyword| rest.starts_with(keyword) && !part(rest.get(keyword.len())));
        // As in CPython, what follows these does not matter.
        if whole || [b"if", b"in", b"is"].iter().any(|keyword| rest.starts_with(*keyword)) {
            self.warn(start, end, format!("invalid {name} literal"));
            return Ok(());
        }
        Err(self.error_at(end, format!("invalid {name} literal")))
    }
}
