//! String and bytes literals, and the f-strings and t-strings, whose fields are tokenized like the rest.

use super::{Lexer, MAX_FIELDS, MAX_STRINGS, Template, Token};
use crate::error::SyntaxWarning;
use crate::token::*;
use crate::{TextRange, TextSize};

impl Lexer<'_> {
    pub(super) fn prefixed_string(&mut self, start: usize, quote: usize, [b, u, r, f, t]: [bool; 5]) -> Token {
        for (first, first_letter, second, second_letter) in [
            (u, 'u', b, 'b'),
            (u, 'u', r, 'r'),
            (u, 'u', f, 'f'),
            (u, 'u', t, 't'),
            (b, 'b', f, 'f'),
            (b, 'b', t, 't'),
            (f, 'f', t, 't'),
        ] {
            if first && second {
                let message = format!("'{first_letter}' and '{second_letter}' prefixes are incompatible");
                return self.error_range(start, quote, message);
            }
        }
        if !(f || t) {
            return self.string(start, quote, b, r);
        }
        if self.state.templates.len() >= MAX_STRINGS {
            return self.error_at(quote, "too many nested f-strings or t-strings".to_owned());
        }
        let triple = self.at(quote + 1) == self.at(quote) && self.at(quote + 2) == self.at(quote);
        self.state.templates.push(Template {
            quote: self.at(quote),
            triple,
            raw: r,
            letter: if f { b'f' } else { b't' },
            start,
            literal: true,
            in_spec: false,
            depth: 0,
            field: -1,
        });
        self.state.pos = quote + if triple { 3 } else { 1 };
        self.token(if f { FSTRING_START } else { TSTRING_START }, start, self.state.pos)
    }

    pub(super) fn string(&mut self, start: usize, quote_at: usize, is_bytes: bool, raw: bool) -> Token {
        let quote = self.at(quote_at);
        let triple = self.at(quote_at + 1) == quote && self.at(quote_at + 2) == quote;
        let mut i = quote_at + if triple { 3 } else { 1 };
        let mut escaped_quote = false;
        let mut escapes = false;
        loop {
            let c = self.at(i);
            if c == quote {
                if !triple {
                    i += 1;
                    break;
                }
                if self.at(i + 1) == quote && self.at(i + 2) == quote {
                    i += 3;
                    break;
                }
            } else if c == b'\\' {
                escapes = true;
                i += 1;
                escaped_quote |= self.at(i) == quote;
            }
            if self.is_end(i) || c == b'\n' && !triple {
                return self.unterminated(start, quote_at, i, triple, escaped_quote);
            }
            i += 1;
        }
        self.state.pos = i;
        if escapes && !raw {
            self.check_escapes(quote_at + if triple { 3 } else { 1 }, i - if triple { 3 } else { 1 }, is_bytes, false);
        }
        self.token(STRING, start, i)
    }

    pub(super) fn unterminated(
        &mut self,
        start: usize,
        quote_at: usize,
        at: usize,
        triple: bool,
        escaped_quote: bool,
    ) -> Token {
        if let Some(template) = self.state.templates.last()
            && template.quote == self.at(quote_at)
            && template.triple == triple
        {
            let message = format!("{}-string: expecting '}}'", template.letter as char);
            return self.error_at(start + 1, message);
        }
        let message = match (triple, escaped_quote) {
            (true, _) => "unterminated triple-quoted string literal (detected at line ",
            _ => "unterminated string literal (detected at line ",
        };
        let hint = if escaped_quote && !triple { "; perhaps you escaped the end quote?" } else { "" };
        let message = format!("{message}{}){hint}", self.detected_line(at));
        let at_end = self.is_end(at);
        let token = self.error_at(start + 1, message);
        self.mark_at_end(at_end);
        token
    }

    /// The number of the line where a literal's end was missed.
    pub(super) fn detected_line(&self, at: usize) -> usize {
        let at = at.min(self.source.len());
        let newlines = self.bytes[..at].iter().filter(|&&b| b == b'\n').count();
        let behind_last = at == self.source.len() && self.source.ends_with('\n');
        newlines + 1 - behind_last as usize
    }

    pub(super) fn mark_at_end(&mut self, at_end: bool) {
        if let Some(failure) = &mut self.failure {
            failure.at_end = at_end;
        }
    }

    /// Warns about the first escape that means nothing.
    pub(super) fn check_escapes(&mut self, start: usize, end: usize, is_bytes: bool, template: bool) {
        let mut i = start;
        while i + 1 < end {
            if self.bytes[i] != b'\\' {
                i += 1;
                continue;
            }
            let c = self.bytes[i + 1];
            let len = self.source[i + 1..].chars().next().map_or(1, char::len_utf8);
            match c {
                b'\n' | b'\\' | b'\'' | b'"' | b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'x' => {}
                // CPython's decoder does not see a backslash before a character beyond ASCII as an escape.
                128.. => {}
                b'N' | b'u' | b'U' if !is_bytes => {}
                b'{' | b'}' if template => {}
                b'0'..=b'7' => {
                    let digits = self.bytes[i + 1..end.min(i + 4)].iter().take_while(|b| matches!(b, b'0'..=b'7'));
                    if digits.count() == 3 && c > b'3' {
                        return self.warn_escape(i, i + 4, "octal ");
                    }
                }
                _ => return self.warn_escape(i, i + 1 + len, ""),
            }
            i += 1 + len;
        }
    }

    /// Warns about the escape at `start..end`.
    fn warn_escape(&mut self, start: usize, end: usize, kind: &str) {
        let text = &self.source[start..end];
        let message = format!(
            "\"{text}\" is an invalid {kind}escape sequence. Such sequences will not work in the future. Did you mean \
             \"\\{text}\"? A raw string is also an option."
        );
        self.warn(start, end, message);
    }

    pub(super) fn warn(&mut self, start: usize, end: usize, message: String) {
        let range = TextRange::new(TextSize::new(start as u32), TextSize::new(end as u32));
        self.warnings.push(SyntaxWarning { message, range });
    }

    pub(super) fn template_text(&mut self) -> Token {
        let start = self.state.pos;
        let Some(template) = self.state.templates.last_mut() else { return self.ordinary() };
        let (quote, triple, raw, letter) = (template.quote, template.triple, template.raw, template.letter);
        let in_spec = template.in_spec && template.field >= 0;
        let (opened_at, outside) = (template.start, template.depth == 0);
        if self.at(start) == b'{' && self.at(start + 1) != b'{' || self.at(start) == b'{' && in_spec {
            return self.field_start();
        }
        let quotes = if triple { 3 } else { 1 };
        if (0..quotes).all(|n| self.at(start + n) == quote) {
            self.state.pos += quotes;
            self.state.templates.pop();
            return self.token(if letter == b'f' { FSTRING_END } else { TSTRING_END }, start, self.state.pos);
        }
        let middle = if letter == b'f' { FSTRING_MIDDLE } else { TSTRING_MIDDLE };
        let mut i = start;
        let mut named = false;
        let mut escapes = false;
        let (end, next) = loop {
            let c = self.at(i);
            if self.is_end(i) || c == b'\n' && !triple {
                if in_spec && c == b'\n' {
                    return self.spec_newline(i);
                }
                let at_end = self.is_end(i);
                let kind = if triple { "triple-quoted " } else { "" };
                let line = self.detected_line(i);
                let message = format!("unterminated {kind}{}-string literal (detected at line {line})", letter as char);
                let token = self.error_at(opened_at + 1, message);
                self.mark_at_end(at_end && triple);
                return token;
            }
            match c {
                b'{' if self.at(i + 1) != b'{' || in_spec => break (i, i),
                b'{' => break (i + 1, i + 2),
                b'}' if named => named = false,
                b'}' if self.at(i + 1) == b'}' && !in_spec && outside => break (i + 1, i + 2),
                b'}' => {
                    if let Some(template) = self.state.templates.last_mut() {
                        template.literal = false;
                    }
                    break (i, i);
                }
                b'\\' => {
                    let next = self.at(i + 1);
                    if !raw && matches!(next, b'{' | b'}') {
                        self.warn_escape(i, i + 2, "");
                    }
                    if matches!(next, b'{' | b'}') {
                        i += 1;
                        continue;
                    }
                    escapes = true;
                    if !raw && next == b'N' && self.at(i + 2) == b'{' {
                        named = true;
                        i += 2;
                    } else {
                        i += 1;
                        if self.is_end(i) {
                            continue;
                        }
                    }
                }
                _ if c == quote && (0..quotes).all(|n| self.at(i + n) == quote) => break (i, i),
                _ => {}
            }
            i += 1;
        };
        self.state.pos = next;
        if escapes && !raw {
            self.check_escapes(start, end, false, true);
        }
        if end == start && self.at(end) == b'{' {
            return self.field_start();
        }
        self.token(middle, start, end)
    }

    /// Enters a field of the innermost template string.
    pub(super) fn field_start(&mut self) -> Token {
        let Some(template) = self.state.templates.last_mut() else { return self.ordinary() };
        template.field += 1;
        let letter = template.letter as char;
        template.literal = false;
        if template.field >= MAX_FIELDS {
            return self.error_at(self.state.pos, format!("{letter}-string: expressions nested too deeply"));
        }
        self.ordinary()
    }

    pub(super) fn spec_newline(&mut self, at: usize) -> Token {
        let letter = self.state.templates.last().map_or(b'f', |template| template.letter) as char;
        let message = format!(
            "{letter}-string: newlines are not allowed in format specifiers for single quoted {letter}-strings"
        );
        let column_end = at + 1;
        self.error_at(column_end, message)
    }
}
