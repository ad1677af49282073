//! Which functions and which data belong to which part: read from the relocations of the linked module.
//!
//! The linker is asked to keep its relocations (`--emit-relocs`), which say exactly which function and which piece of data
//! mentions which others. A part begins at its gates, functions to which the first module holds nothing but a pointer. What
//! is reached from the gates of one part alone belongs to it; whatever else reaches is in the first module. The formats are
//! those of WebAssembly's tool conventions ("Linking").

use std::collections::{BTreeMap, HashMap};

/// A piece of data in the linear memory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    pub address: u32,
    pub size: u32,
}

/// Who reaches a function or a piece of data.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner<'a> {
    Nobody,
    Part(&'a str),
    First,
}

/// What moves.
#[derive(Default)]
pub struct Assignment {
    /// The parts of functions by their mangled names.
    pub functions: HashMap<String, String>,
    /// The data of every part, in the order of addresses.
    pub data: BTreeMap<String, Vec<Range>>,
}

/// Assigns functions and data to parts; `gate` tells by the mangled name which part a function opens, if it does.
pub fn assign(module: &Linked, gate: impl Fn(&str) -> Option<String>) -> Assignment {
    let functions = module.function_count as usize;
    let name = |function: usize| module.names.get(&(function as u32)).map_or("", String::as_str);
    let gates: Vec<Option<String>> = (0..functions).map(|function| gate(name(function))).collect();
    let is_gate = |node: usize| gates.get(node).is_some_and(Option::is_some);
    // Functions of one name cannot be told apart later.
    let mut same: HashMap<&str, Vec<usize>> = HashMap::new();
    for function in 0..functions {
        same.entry(name(function)).or_default().push(function);
    }
    let mut roots: Vec<usize> = module.roots.iter().copied().filter(|&root| !is_gate(root)).collect();
    loop {
        let mut owners = vec![Owner::Nobody; module.mentions.len()];
        let mut work: Vec<(usize, Owner<'_>)> = roots.iter().map(|&root| (root, Owner::First)).collect();
        work.extend((0..functions).filter_map(|function| Some((function, Owner::Part(gates[function].as_deref()?)))));
        while let Some((node, owner)) = work.pop() {
            let merged = match (owners[node], owner) {
                (Owner::Nobody, new) => new,
                (known, new) if known == new => continue,
                (Owner::First, _) => continue,
                _ => Owner::First,
            };
            owners[node] = merged;
            work.extend(module.mentions[node].iter().filter(|&&next| !is_gate(next)).map(|&next| (next, merged)));
        }
        let torn = same.values().filter(|twins| twins.iter().any(|&twin| owners[twin] != owners[twins[0]]));
        let torn: Vec<usize> = torn.flatten().copied().filter(|&twin| owners[twin] != Owner::First).collect();
        if !torn.is_empty() {
            roots.extend(torn);
            continue;
        }
        let mut assignment = Assignment::default();
        for (node, owner) in owners.into_iter().enumerate() {
            let Owner::Part(part) = owner else { continue };
            match node.checked_sub(functions) {
                None => _ = assignment.functions.insert(name(node).to_string(), part.to_string()),
                Some(piece) => assignment.data.entry(part.to_string()).or_default().push(module.pieces[piece]),
            }
        }
        return assignment;
    }
}

/// What the sections say. Functions and pieces of data are nodes of one graph: first the functions by their indices, then the
/// pieces in the order of addresses.
pub struct Linked {
    function_count: u32,
    /// The pieces of data, which do not overlap.
    pieces: Vec<Range>,
    /// For each node those that it mentions.
    mentions: Vec<Vec<usize>>,
    /// The nodes that are mentioned from outside: exported functions, and what data outside of any piece points to.
    roots: Vec<usize>,
    /// The functions' names.
    names: HashMap<u32, String>,
}

/// Reads a linked module with relocations.
pub fn read(wasm: &[u8]) -> Option<Linked> {
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
    let (symbols, functions) = read_symbols(&mut custom("linking")?, &segments)?;
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
    let function_count = imported + bodies.len() as u32;
    let piece_node = |piece: usize| function_count as usize + piece;
    let target = |kind: u8, symbol: u32| {
        if MEMORY.contains(&kind) {
            let range = symbols.get(symbol as usize).copied().flatten()?;
            piece_at(range.address).map(piece_node)
        } else {
            functions.get(&symbol).map(|&function| function as usize)
        }
    };
    let mut mentions = vec![Vec::new(); function_count as usize + pieces.len()];
    for (kind, offset, symbol) in read_relocations(&mut custom("reloc.CODE")?)? {
        let body = bodies.partition_point(|body| *body <= offset).checked_sub(1)?;
        mentions[imported as usize + body].extend(target(kind, symbol));
    }
    let mut roots = Vec::new();
    for (kind, offset, symbol) in read_relocations(&mut custom("reloc.DATA")?)? {
        let segment = segments.get(segments.partition_point(|segment| segment.0 <= offset).checked_sub(1)?)?;
        match piece_at(segment.1 + (offset - segment.0)) {
            Some(source) => mentions[piece_node(source)].extend(target(kind, symbol)),
            None => roots.extend(target(kind, symbol)),
        }
    }
    let exports = known(7)?;
    roots.extend(read_function_exports(&mut Reader { bytes: &wasm[..exports.1], at: exports.0 })?);
    let names = read_names(&mut custom("name")?)?;
    Some(Linked { function_count, pieces, mentions, roots, names })
}

fn read_function_exports(reader: &mut Reader<'_>) -> Option<Vec<usize>> {
    let mut found = Vec::new();
    for _ in 0..reader.number()? {
        reader.text()?;
        let kind = reader.byte()?;
        let index = reader.number()? as usize;
        if kind == 0 {
            found.push(index);
        }
    }
    Some(found)
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

/// What symbols stand for.
type Symbols = (Vec<Option<Range>>, HashMap<u32, u32>);

/// By the number of the symbol: the ranges of data, the indices of functions.
fn read_symbols(reader: &mut Reader<'_>, segments: &[(u32, u32)]) -> Option<Symbols> {
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
    let mut functions = HashMap::new();
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
                    let index = reader.number()?;
                    if kind == FUNCTION {
                        functions.insert(symbols.len() as u32, index);
                    }
                    if kind != SECTION && (flags & UNDEFINED == 0 || flags & EXPLICIT_NAME != 0) {
                        reader.text()?;
                    }
                }
                symbols.push(range);
            }
        }
        reader.at = end;
    }
    Some((symbols, functions))
}

/// R_WASM_MEMORY_ADDR_LEB, _SLEB, _I32, their 64-bit and relative forms.
const MEMORY: [u8; 9] = [3, 4, 5, 11, 14, 15, 16, 17, 21];
/// R_WASM_FUNCTION_INDEX_LEB, R_WASM_TABLE_INDEX_SLEB, _I32, their 64-bit and relative forms.
const FUNCTIONS: [u8; 7] = [0, 1, 2, 12, 18, 19, 24];

/// The kinds, the offsets and the symbols of the relocations that mention memory or functions.
fn read_relocations(reader: &mut Reader<'_>) -> Option<Vec<(u8, u32, u32)>> {
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
        if MEMORY.contains(&kind) || FUNCTIONS.contains(&kind) {
            found.push((kind, offset, symbol));
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
