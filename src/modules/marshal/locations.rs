//! CPython's tables of locations and of exception handlers: what `co_linetable` and `co_exceptiontable` are.
//!
//! A location entry says for how many code units of two bytes (1 to 8) it is, and their range in the source, with the line as the difference to
//! the entry before (the first one: to `co_firstlineno`). The byte that begins it has its top bit set, no other has: `1kkkknnn`, a
//! kind and the number of units less one. Numbers are split into six bits each, the lowest first; another byte follows where
//! bit 6 is set. A signed number has its sign in bit 0.

use snakelet_bytecode::{Code, Handler, LineMark, Position};

/// Columns on one line, close together: a byte more for both.
const SHORT: u8 = 0;
/// The same line, or the first or second after it (the next kinds), and a byte for each column.
const ONE_LINE: u8 = 10;
const NO_COLUMNS: u8 = 13;
const LONG: u8 = 14;
const NO_LOCATION: u8 = 15;

fn number(out: &mut Vec<u8>, mut value: u32) {
    while value >= 64 {
        out.push(0x40 | (value & 63) as u8);
        value >>= 6;
    }
    out.push(value as u8);
}

fn signed(out: &mut Vec<u8>, value: i64) {
    number(out, (value.unsigned_abs() as u32) << 1 | u32::from(value < 0));
}

/// The table for a code object that begins at a line. An empty range is taken for a line without columns.
pub fn encode(positions: &[Position], first_line: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let mut line = i64::from(first_line);
    for run in positions.chunk_by(|a, b| a == b) {
        // Four units an instruction; an entry is for eight at most.
        for part in run.chunks(2) {
            entry(&mut out, part[0], part.len() * 4, &mut line);
        }
    }
    out
}

fn entry(out: &mut Vec<u8>, position: Position, count: usize, line: &mut i64) {
    let start = |kind: u8| 0x80 | kind << 3 | (count as u8 - 1);
    let Position { line: new_line, column, end_line, end_column } = position;
    if new_line == 0 {
        return out.push(start(NO_LOCATION));
    }
    let difference = i64::from(new_line) - *line;
    *line = new_line.into();
    let one_line = new_line == end_line;
    if one_line && column == 0 && end_column == 0 {
        out.push(start(NO_COLUMNS));
        signed(out, difference);
    } else if one_line && difference == 0 && column < 80 && (column..column + 16).contains(&end_column) {
        let width = (end_column - column) as u8;
        out.extend([start(SHORT + (column / 8) as u8), ((column % 8) as u8 * 16) | width]);
    } else if one_line && (0..3).contains(&difference) && column < 128 && end_column < 128 {
        out.extend([start(ONE_LINE + difference as u8), column as u8, end_column as u8]);
    } else {
        out.push(start(LONG));
        signed(out, difference);
        number(out, end_line.saturating_sub(new_line));
        number(out, column.saturating_add(1));
        number(out, end_column.saturating_add(1));
    }
}

/// Reads a table's bytes.
struct Reader<'a>(std::slice::Iter<'a, u8>);

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        self.0.next().copied()
    }

    fn number(&mut self) -> Option<u32> {
        let (mut value, mut shift) = (0u32, 0);
        loop {
            let byte = self.byte()?;
            value |= u32::from(byte & 63).checked_shl(shift)?;
            shift += 6;
            if byte & 0x40 == 0 {
                return Some(value);
            }
        }
    }

    fn signed(&mut self) -> Option<i64> {
        let value = self.number()?;
        let magnitude = i64::from(value >> 1);
        Some(if value & 1 != 0 { -magnitude } else { magnitude })
    }
}

/// The positions of all units; None if the table makes no sense.
pub fn decode(table: &[u8], first_line: u32) -> Option<Vec<Position>> {
    let mut reader = Reader(table.iter());
    let mut line = i64::from(first_line);
    let mut positions = Vec::new();
    while let Some(start) = reader.byte() {
        let repeat = usize::from(start & 7) + 1;
        let mut position = Position::default();
        match start >> 3 & 15 {
            NO_LOCATION => {}
            NO_COLUMNS => line += reader.signed()?,
            LONG => {
                line += reader.signed()?;
                position.end_line = reader.number()?;
                position.column = reader.number()?.saturating_sub(1);
                position.end_column = reader.number()?.saturating_sub(1);
            }
            kind @ ONE_LINE.. => {
                line += i64::from(kind - ONE_LINE);
                (position.column, position.end_column) = (reader.byte()?.into(), reader.byte()?.into());
            }
            kind => {
                let byte = reader.byte()?;
                position.column = u32::from(kind) * 8 + u32::from(byte >> 4 & 7);
                position.end_column = position.column + u32::from(byte & 15);
            }
        }
        if start >> 3 & 15 != NO_LOCATION {
            position.line = u32::try_from(line).ok()?;
            position.end_line = position.end_line.checked_add(position.line)?;
        }
        positions.extend(std::iter::repeat_n(position, repeat));
    }
    Some(positions)
}

/// The table of handlers: start, length, target and depth of each, in numbers of six bits, the highest first, of which the first
/// has its top bit set. Behind those of the code stand, with the length 0, its line marks: instruction, line as a signed difference
/// to the code's first, and which mark it is.
pub fn encode_handlers(code: &Code) -> Vec<u8> {
    let mut out = Vec::new();
    let mut entry = |numbers: [u32; 4]| {
        let at = out.len();
        for value in numbers {
            for shift in [30, 24, 18, 12, 6].into_iter().filter(|shift| value >> shift != 0) {
                out.push(0x40 | (value >> shift & 63) as u8);
            }
            out.push((value & 63) as u8);
        }
        out[at] |= 0x80;
    };
    for handler in &code.handlers {
        let depth = u32::from(handler.depth).saturating_sub(code.varnames.len() as u32) << 1;
        // The first offset is that of no instruction.
        entry([handler.start + 1, handler.end - handler.start, handler.target + 1, depth]);
    }
    for mark in &code.line_marks {
        let (at, line, kind) = match *mark {
            LineMark::Before { at, line, falls, jumped } => (at, line, u32::from(falls) * 2 + u32::from(jumped)),
            LineMark::Through { at, line } => (at, line, 4),
            LineMark::NoLine { at } => (at, code.first_line, 5),
        };
        let difference = i64::from(line) - i64::from(code.first_line);
        entry([at + 1, 0, ((difference << 1) ^ (difference >> 63)) as u32, kind]);
    }
    out
}

/// The handlers and line marks of such a table, whose offsets are lowered by `start`; None if it makes no sense.
pub fn decode_handlers(
    table: &[u8],
    named: usize,
    start: u32,
    first_line: u32,
) -> Option<(Vec<Handler>, Vec<LineMark>)> {
    let mut bytes = table.iter();
    let (mut handlers, mut marks) = (Vec::new(), Vec::new());
    while !bytes.as_slice().is_empty() {
        let mut next = || {
            let mut value = 0u32;
            loop {
                let byte = bytes.next()?;
                value = value.checked_mul(64)? | u32::from(byte & 63);
                if byte & 0x40 == 0 {
                    return Some(value);
                }
            }
        };
        let (from, length, target, depth) = (next()?, next()?, next()?, next()?);
        let at = from.checked_sub(start)?;
        if length == 0 {
            let difference = i64::from(target >> 1) ^ -i64::from(target & 1);
            let line = u32::try_from(i64::from(first_line) + difference).ok()?;
            marks.push(match depth {
                0..4 => LineMark::Before { at, line, falls: depth & 2 != 0, jumped: depth & 1 != 0 },
                4 => LineMark::Through { at, line },
                _ => LineMark::NoLine { at },
            });
            continue;
        }
        let depth = u16::try_from((depth >> 1) as usize + named).ok()?;
        handlers.push(Handler { start: at, end: at.checked_add(length)?, target: target.checked_sub(start)?, depth });
    }
    Some((handlers, marks))
}
