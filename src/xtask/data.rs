//! Which data belongs to which part: read from the relocations of the linked module.
//!
//! The linker is asked to keep its relocations (`--emit-relocs`), which say exactly which function and which piece of data
//! mentions which piece of data. What only the functions of one part reach, directly or through other data, moves with
//! them; the rest stays. The formats are those of WebAssembly's tool conventions ("Linking").

use std::collections::{BTreeMap, HashMap};

/// A piece of data in the linear memory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    pub address: u32,
    pub size: u32,
}

/// Who reaches a piece of data.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner<'a> {
    Nobody,
    Part(&'a str),
    First,
}

/// The data of every part, in the order of addresses. `home` tells the part of a function by its mangled name: `None` if it is
/// in the first module, and an error if there is no such function any more.
pub fn assign<'a>(
    wasm: &[u8],
    home: impl Fn(&str) -> Result<Option<&'a str>, ()>,
) -> Result<BTreeMap<String, Vec<Range>>, String> {
    let module = read(wasm).ok_or("the linked module has no relocations that can be read")?;
    let mut owners = vec![Owner::Nobody; module.pieces.len()];
    let mut work: Vec<(usize, Owner<'a>)> = Vec::new();
    for &(function, piece) in &module.from_code {
        match module.names.get(&function).map_or(Ok(None), |name| home(name)) {
            Ok(Some(part)) => work.push((piece, Owner::Part(part))),
            Ok(None) => work.push((piece, Owner::First)),
            Err(()) => {}
        }
    }
    work.extend(module.roots.iter().map(|&piece| (piece, Owner::First)));
    while let Some((piece, owner)) = work.pop() {
        let merged = match (owners[piece], owner) {
            (Owner::Nobody, new) => new,
            (known, new) if known == new => continue,
            (Owner::First, _) => continue,
            _ => Owner::First,
        };
        owners[piece] = merged;
        work.extend(module.from_data[piece].iter().map(|&next| (next, merged)));
    }
    let mut parts: BTreeMap<String, Vec<Range>> = BTreeMap::new();
    for (piece, owner) in module.pieces.iter().zip(owners) {
        if let Owner::Part(part) = owner {
            parts.entry(part.to_string()).or_default().push(*piece);
        }
    }
    Ok(parts)
}

/// What the sections say.
struct Linked {
    /// The pieces of data, which do not overlap, in the order of addresses.
    pieces: Vec<Range>,
    /// Functions by index, and the pieces that they mention.
    from_code: Vec<(u32, usize)>,
    /// For each piece those that it mentions.
    from_data: Vec<Vec<usize>>,
    /// Pieces that are mentioned by data outside of any piece.
    roots: Vec<usize>,
    /// The functions' names.
    names: HashMap<u32, String>,
}

fn read(wasm: &[u8]) -> Option<Linked> {
    let mut reader = Reader { bytes: wasm, at: 8 };
    let mut sections: Vec<(u8, usize, usize)> = Vec::new();
    while reader.at < wasm.len() {
        let id = reader.byte()?;
        let length = reader.number()? as usize;
        sections.push((id, reader.at, reader.at + length));
        reader.at += length;
    }
    let known = |id: u8| sections.iter().find(|section| section.0 == id).map(|section| (section.1, section.2));
    let custom = |name: &str| {
        sections.iter().filter(|section| section.0 == 0).find_map(|&(_, start, end)| {
            let mut reader = Reader { bytes: &wasm[..end], at: start };
            (reader.text()? == name).then_some(reader)
        })
    };
    let imported = match known(2) {
        Some((start, end)) => count_function_imports(&mut Reader { bytes: &wasm[..end], at: start })?,
        None => 0,
    };
    // Function bodies by their place in the code section, segments by theirs in the data section.
    let code = known(10)?;
    let bodies = read_bodies(&mut Reader { bytes: &wasm[..code.1], at: code.0 }, code.0)?;
    let data = known(11)?;
    let segments = read_segments(&mut Reader { bytes: &wasm[..data.1], at: data.0 }, data.0)?;
    let symbols = read_symbols(&mut custom("linking")?, &segments)?;
    let mut pieces: Vec<Range> = Vec::new();
    let mut all: Vec<Range> = symbols.iter().flatten().copied().filter(|range| range.size > 0).collect();
    all.sort_unstable();
    for range in all {
        match pieces.last_mut() {
            Some(last) if range.address < last.address + last.size => {
                last.size = last.size.max(range.address + range.size - last.address);
            }
            _ => pieces.push(range),
        }
    }
    let piece_at = |address: u32| {
        let at = pieces.partition_point(|piece| piece.address <= address).checked_sub(1)?;
        (address < pieces[at].address + pieces[at].size).then_some(at)
    };
    let target =
        |symbol: u32| symbols.get(symbol as usize).copied().flatten().and_then(|range| piece_at(range.address));
    let mut from_code = Vec::new();
    for (offset, symbol) in read_relocations(&mut custom("reloc.CODE")?)? {
        let body = bodies.partition_point(|body| *body <= offset).checked_sub(1)?;
        if let Some(piece) = target(symbol) {
            from_code.push((imported + body as u32, piece));
        }
    }
    let mut from_data = vec![Vec::new(); pieces.len()];
    let mut roots = Vec::new();
    for (offset, symbol) in read_relocations(&mut custom("reloc.DATA")?)? {
        let Some(piece) = target(symbol) else { continue };
        let segment = segments.get(segments.partition_point(|segment| segment.0 <= offset).checked_sub(1)?)?;
        match piece_at(segment.1 + (offset - segment.0)) {
            Some(source) => from_data[source].push(piece),
            None => roots.push(piece),
        }
    }
    let names = read_names(&mut custom("name")?)?;
    Some(Linked { pieces, from_code, from_data, roots, names })
}

fn count_function_imports(reader: &mut Reader<'_>) -> Option<u32> {
    let mut functions = 0;
    for _ in 0..reader.number()? {
        reader.text()?;
        reader.text()?;
        match reader.byte()? {
            0 => {
                reader.number()?;
                functions += 1;
            }
            // The compiler's output imports nothing else; the glue is made later.
            _ => return None,
        }
    }
    Some(functions)
}

/// Where each function's body begins, from the section's start.
fn read_bodies(reader: &mut Reader<'_>, start: usize) -> Option<Vec<u32>> {
    let mut bodies = Vec::new();
    for _ in 0..reader.number()? {
        let length = reader.number()? as usize;
        bodies.push((reader.at - start) as u32);
        reader.at += length;
    }
    Some(bodies)
}

/// Each active segment: where its bytes begin, from the section's start, and their address.
fn read_segments(reader: &mut Reader<'_>, start: usize) -> Option<Vec<(u32, u32)>> {
    let mut segments = Vec::new();
    for _ in 0..reader.number()? {
        // Flags 0, then `i32.const ADDRESS end`.
        if reader.number()? != 0 || reader.byte()? != 0x41 {
            return None;
        }
        let address = reader.signed()? as u32;
        if reader.byte()? != 0x0b {
            return None;
        }
        let length = reader.number()? as usize;
        segments.push(((reader.at - start) as u32, address));
        reader.at += length;
    }
    Some(segments)
}

/// The ranges of the data symbols, by the number of the symbol.
fn read_symbols(reader: &mut Reader<'_>, segments: &[(u32, u32)]) -> Option<Vec<Option<Range>>> {
    const SYMBOL_TABLE: u8 = 8;
    const UNDEFINED: u32 = 0x10;
    const EXPLICIT_NAME: u32 = 0x40;
    const FUNCTION: u8 = 0;
    const DATA: u8 = 1;
    const SECTION: u8 = 3;
    if reader.number()? != 2 {
        return None;
    }
    let mut symbols = Vec::new();
    while reader.at < reader.bytes.len() {
        let kind = reader.byte()?;
        let length = reader.number()? as usize;
        let end = reader.at + length;
        if kind == SYMBOL_TABLE {
            for _ in 0..reader.number()? {
                let kind = reader.byte()?;
                let flags = reader.number()?;
                let mut range = None;
                if kind == DATA {
                    reader.text()?;
                    if flags & UNDEFINED == 0 {
                        let segment = segments.get(reader.number()? as usize)?;
                        let offset = reader.number()?;
                        range = Some(Range { address: segment.1 + offset, size: reader.number()? });
                    }
                } else {
                    reader.number()?;
                    if kind != SECTION && (flags & UNDEFINED == 0 || flags & EXPLICIT_NAME != 0) {
                        debug_assert!(kind >= FUNCTION);
                        reader.text()?;
                    }
                }
                symbols.push(range);
            }
        }
        reader.at = end;
    }
    Some(symbols)
}

/// The offsets and the symbols of the relocations that mention memory.
fn read_relocations(reader: &mut Reader<'_>) -> Option<Vec<(u32, u32)>> {
    // R_WASM_MEMORY_ADDR_LEB, _SLEB, _I32, their 64-bit and relative forms.
    const MEMORY: [u8; 9] = [3, 4, 5, 11, 14, 15, 16, 17, 21];
    const WITH_ADDEND: [u8; 13] = [3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 21, 22, 25];
    reader.number()?;
    let mut found = Vec::new();
    for _ in 0..reader.number()? {
        let kind = reader.byte()?;
        let offset = reader.number()?;
        let symbol = reader.number()?;
        if WITH_ADDEND.contains(&kind) {
            reader.signed()?;
        }
        if MEMORY.contains(&kind) {
            found.push((offset, symbol));
        }
    }
    Some(found)
}

fn read_names(reader: &mut Reader<'_>) -> Option<HashMap<u32, String>> {
    let mut names = HashMap::new();
    while reader.at < reader.bytes.len() {
        let kind = reader.byte()?;
        let length = reader.number()? as usize;
        let end = reader.at + length;
        if kind == 1 {
            for _ in 0..reader.number()? {
                let index = reader.number()?;
                names.insert(index, reader.text()?.to_string());
            }
        }
        reader.at = end;
    }
    Some(names)
}

/// Reads WebAssembly's numbers and names.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = 0u64;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(number).ok();
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let mut number = 0i64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let unused = 64 - (shift + 7).min(64);
                return Some(number << unused >> unused);
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.number()? as usize;
        let bytes = self.bytes.get(self.at..self.at + length)?;
        self.at += length;
        std::str::from_utf8(bytes).ok()
    }
}
