//! Format strings: parsing, sizes, alignment.
//!
//! Native sizes are those of the platform that programs see, wasm32: `long`, `size_t` and pointers have four bytes.

/// Why a format is refused.
pub enum Fault {
    BadChar,
    NoCharacter,
    TooLong,
}

impl Fault {
    pub fn message(&self) -> &'static str {
        match self {
            Fault::BadChar => "bad char in struct format",
            Fault::NoCharacter => "repeat count given without format specifier",
            Fault::TooLong => "total struct size too long",
        }
    }
}

/// A run of equal items.
pub struct Field {
    pub code: u8,
    /// Where it begins.
    pub offset: usize,
    /// Bytes of one item; for `s` and `p` of the whole string.
    pub size: usize,
    /// How many items; 1 for `s` and `p`.
    pub count: usize,
}

/// A parsed format.
#[derive(Default)]
pub struct Layout {
    pub fields: Vec<Field>,
    pub size: usize,
    /// How many values are packed or unpacked.
    pub values: usize,
    pub big_endian: bool,
}

/// The size of an item, if the code exists in this mode.
fn item_size(code: u8, native: bool) -> Option<usize> {
    Some(match code {
        b'x' | b'b' | b'B' | b'c' | b's' | b'p' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'l' | b'L' | b'f' => 4,
        b'n' | b'N' | b'P' if native => 4,
        b'q' | b'Q' | b'd' | b'F' => 8,
        b'D' => 16,
        _ => return None,
    })
}

fn alignment(code: u8, size: usize) -> usize {
    match code {
        b'x' | b's' | b'p' => 1,
        b'F' => 4,
        b'D' => 8,
        _ => size,
    }
}

/// The largest size of a struct: what fits a signed index.
const LARGEST: usize = i32::MAX as usize;

impl Layout {
    /// Parses a format of ASCII characters.
    pub fn parse(format: &[u8]) -> Result<Layout, Fault> {
        let (native, big_endian, mut rest) = match format.split_first() {
            Some((b'@', rest)) => (true, false, rest),
            Some((b'=' | b'<', rest)) => (false, false, rest),
            Some((b'>' | b'!', rest)) => (false, true, rest),
            _ => (true, false, format),
        };
        let mut layout = Layout { big_endian, ..Layout::default() };
        while let Some((&first, mut after)) = rest.split_first() {
            let (mut code, mut count) = (first, 1usize);
            if code.is_ascii_whitespace() || code == 0x0b {
                rest = after;
                continue;
            }
            if code.is_ascii_digit() {
                count = (code - b'0') as usize;
                loop {
                    let Some((&next, more)) = after.split_first() else { return Err(Fault::NoCharacter) };
                    after = more;
                    if !next.is_ascii_digit() {
                        code = next;
                        break;
                    }
                    let larger = count.checked_mul(10).and_then(|count| count.checked_add((next - b'0') as usize));
                    let Some(larger) = larger.filter(|&count| count <= LARGEST) else { return Err(Fault::TooLong) };
                    count = larger;
                }
            }
            rest = after;
            let size = item_size(code, native).ok_or(Fault::BadChar)?;
            let align = if native { alignment(code, size) } else { 1 };
            let offset = layout.size.next_multiple_of(align);
            layout.size = count.checked_mul(size).and_then(|bytes| bytes.checked_add(offset)).unwrap_or(usize::MAX);
            if layout.size > LARGEST {
                return Err(Fault::TooLong);
            }
            match code {
                b'x' => {}
                b's' | b'p' => {
                    layout.values += 1;
                    layout.fields.push(Field { code, offset, size: count, count: 1 });
                }
                _ if count == 0 => {}
                _ => {
                    layout.values += count;
                    layout.fields.push(Field { code, offset, size, count });
                }
            }
        }
        Ok(layout)
    }

    /// The code, place and size of every value.
    pub fn items(&self) -> impl Iterator<Item = (u8, usize, usize)> + '_ {
        self.fields.iter().flat_map(|field| {
            (0..field.count).map(move |index| (field.code, field.offset + index * field.size, field.size))
        })
    }
}
