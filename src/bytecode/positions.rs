//! Source positions of instructions, compressed.
//!
//! Each run of instructions with the same position is one entry: run length, then line, end line, column and end column
//! as variable-length signed differences. Looked up only for tracebacks and line events, by a scan from the start.

/// A range in the source: lines from 1, columns in bytes of the line's UTF-8 from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Position {
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

/// Positions of all instructions of a code object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PositionTable {
    bytes: Box<[u8]>,
}

impl PositionTable {
    /// The position of instruction `index`; that of the last entry if there is none.
    pub fn get(&self, index: usize) -> Option<Position> {
        let mut seen = 0;
        let mut last = None;
        for (count, position) in self.runs() {
            last = Some(position);
            seen += count;
            if index < seen {
                break;
            }
        }
        last
    }

    /// The entries: how many instructions, and their position.
    pub fn runs(&self) -> impl Iterator<Item = (usize, Position)> + '_ {
        let mut at = 0;
        let mut previous = Position::default();
        std::iter::from_fn(move || {
            if at >= self.bytes.len() {
                return None;
            }
            let mut next = || {
                let mut value = 0u64;
                let mut shift = 0;
                loop {
                    let byte = self.bytes[at];
                    at += 1;
                    value |= ((byte & 0x7f) as u64) << shift;
                    if byte & 0x80 == 0 {
                        return value;
                    }
                    shift += 7;
                }
            };
            let unzigzag = |n: u64| (n >> 1) as i64 ^ -((n & 1) as i64);
            let count = next() as usize;
            let line = (previous.line as i64 + unzigzag(next())) as u32;
            let end_line = line + next() as u32;
            let column = (previous.column as i64 + unzigzag(next())) as u32;
            let end_column = (column as i64 + unzigzag(next())) as u32;
            previous = Position { line, column, end_line, end_column };
            Some((count, previous))
        })
    }

    /// The encoded form.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// From the encoded form, as `as_bytes` gave it.
    pub fn from_bytes(bytes: Box<[u8]>) -> PositionTable {
        PositionTable { bytes }
    }
}

/// Collects positions in the order of instructions.
#[derive(Default)]
pub struct PositionTableBuilder {
    bytes: Vec<u8>,
    previous: Position,
    current: Option<(u64, Position)>,
}

impl PositionTableBuilder {
    /// The position of the next instruction.
    pub fn push(&mut self, position: Position) {
        match &mut self.current {
            Some((count, current)) if *current == position => *count += 1,
            _ => {
                self.flush();
                self.current = Some((1, position));
            }
        }
    }

    pub fn finish(mut self) -> PositionTable {
        self.flush();
        PositionTable { bytes: self.bytes.into_boxed_slice() }
    }

    fn flush(&mut self) {
        let Some((count, position)) = self.current.take() else { return };
        let zigzag = |n: i64| ((n << 1) ^ (n >> 63)) as u64;
        let numbers = [
            count,
            zigzag(position.line as i64 - self.previous.line as i64),
            position.end_line.saturating_sub(position.line) as u64,
            zigzag(position.column as i64 - self.previous.column as i64),
            zigzag(position.end_column as i64 - position.column as i64),
        ];
        for mut value in numbers {
            while value >= 0x80 {
                self.bytes.push(value as u8 | 0x80);
                value >>= 7;
            }
            self.bytes.push(value as u8);
        }
        self.previous = position;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        let positions: Vec<Position> = (0..300)
            .map(|i| Position {
                line: 1 + i * 7 % 90,
                column: i % 200,
                end_line: 1 + i * 7 % 90 + i % 3,
                end_column: i % 11,
            })
            .collect();
        let mut builder = PositionTableBuilder::default();
        for &position in &positions {
            builder.push(position);
            builder.push(position);
        }
        let table = builder.finish();
        for (i, &position) in positions.iter().enumerate() {
            assert_eq!(table.get(2 * i), Some(position));
            assert_eq!(table.get(2 * i + 1), Some(position));
        }
    }
}
