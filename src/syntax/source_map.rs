//! Where a byte offset lies: line numbers, columns and the text of lines.
//!
//! One `u32` per line, found by binary search. Tracebacks, SyntaxErrors and code objects' line tables all use it.
//! Offsets outside the text or inside a character are moved back to the nearest place that exists, so that no
//! input can make these functions panic.

use crate::{TextRange, TextSize};

/// A place in source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1, as in `SyntaxError.offset`.
    pub column: u32,
    /// Column in UTF-8 bytes, counted from 0, as in `ast` nodes and `code.co_positions()`.
    pub byte_column: u32,
}

/// The start of every line of one text.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Box<[u32]>,
    ascii: bool,
    /// For trees that come without a text: the places of offsets, in order. `starts` is not used then.
    marks: Option<Box<[Mark]>>,
}

/// From this offset on, up to the next mark, everything is at one place.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    pub offset: u32,
    /// Counted from 1.
    pub line: u32,
    /// In bytes, counted from 0.
    pub column: u32,
}

impl LineIndex {
    /// Finds the lines of `source`, which end with `\n`.
    pub fn new(source: &str) -> Self {
        let bytes = source.as_bytes();
        let mut starts = Vec::with_capacity(1 + bytes.len() / 32);
        starts.push(0);
        let mut ascii = true;
        for (i, &b) in bytes.iter().enumerate() {
            if b == b'\n' {
                starts.push(i as u32 + 1);
            }
            ascii &= b < 128;
        }
        Self { starts: starts.into_boxed_slice(), ascii, marks: None }
    }

    /// An index of offsets that stand for places elsewhere.
    pub fn from_marks(marks: Vec<Mark>) -> Self {
        Self { starts: Box::new([0]), ascii: true, marks: Some(marks.into_boxed_slice()) }
    }

    fn mark(&self, offset: TextSize) -> Option<Mark> {
        let marks = self.marks.as_deref()?;
        let after = marks.partition_point(|mark| mark.offset <= offset.to_u32());
        Some(marks.get(after.saturating_sub(1)).copied().unwrap_or(Mark { offset: 0, line: 1, column: 0 }))
    }

    /// Number of lines; a text that ends with `\n` has an empty last one.
    pub fn line_count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The line of `offset`, counted from 1.
    pub fn line(&self, offset: TextSize) -> u32 {
        if let Some(mark) = self.mark(offset) {
            return mark.line;
        }
        self.starts.partition_point(|&start| start <= offset.to_u32()) as u32
    }

    /// Line and columns of `offset`.
    pub fn location(&self, source: &str, offset: TextSize) -> Location {
        if let Some(mark) = self.mark(offset) {
            return Location { line: mark.line, column: mark.column + 1, byte_column: mark.column };
        }
        let offset = floor(source, offset.to_usize());
        let line = self.line(TextSize::new(offset as u32));
        let start = self.starts[line as usize - 1] as usize;
        let byte_column = (offset - start) as u32;
        let column = if self.ascii { byte_column } else { source[start..offset].chars().count() as u32 };
        Location { line, column: column + 1, byte_column }
    }

    /// Line and byte column of `offset`; needs no look at the text.
    pub fn line_and_byte_column(&self, offset: TextSize) -> (u32, u32) {
        if let Some(mark) = self.mark(offset) {
            return (mark.line, mark.column);
        }
        let line = self.line(offset);
        (line, offset.to_u32() - self.starts[line as usize - 1])
    }

    /// The range of `line` (counted from 1) without its line end; empty at the end of the text for lines beyond it.
    pub fn line_range(&self, source: &str, line: u32) -> TextRange {
        let end_of_text = source.len() as u32;
        let at = |n: u32| self.starts.get(n as usize).copied().unwrap_or(end_of_text).min(end_of_text);
        let start = if line == 0 { end_of_text } else { at(line - 1) };
        let mut end = if line == 0 { end_of_text } else { at(line) };
        if end > start && source.as_bytes()[end as usize - 1] == b'\n' {
            end -= 1;
        }
        TextRange::new(start.into(), end.into())
    }

    /// The text of `line` (counted from 1) without its line end; empty for lines that do not exist.
    pub fn line_text<'a>(&self, source: &'a str, line: u32) -> &'a str {
        let range = self.line_range(source, line);
        source.get(range.start().to_usize()..range.end().to_usize()).unwrap_or("")
    }
}

/// The greatest character boundary of `text` that is at most `offset`.
pub(crate) fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns() {
        let text = "a\nbé€c\n\nlast";
        let index = LineIndex::new(text);
        assert_eq!(index.line_count(), 4);
        let at = |offset: u32| index.location(text, offset.into());
        assert_eq!(at(0), Location { line: 1, column: 1, byte_column: 0 });
        assert_eq!(at(8), Location { line: 2, column: 4, byte_column: 6 });
        assert_eq!(at(999).line, 4);
        assert_eq!(index.line_text(text, 2), "bé€c");
        assert_eq!(index.line_text(text, 3), "");
        assert_eq!(index.line_text(text, 4), "last");
        assert_eq!(index.line_text(text, 0), "");
        assert_eq!(index.line_text(text, 9), "");
    }
}
