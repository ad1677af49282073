//! The unpacked table of names.
//!
//! The file (written by `src/xtask/oracle/unicode_names.py`) is a list of words, then prefixes that are followed by the code
//! point in hexadecimal, then the ranges of the other code points with names, then these names and last aliases and named
//! sequences. A name is how many words it shares with the one before and the numbers of the other words. Names of Hangul
//! syllables are put together. Damaged files give `None`, never a panic.

/// What has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named<'t> {
    /// One code point.
    Character(u32),
    /// A named sequence of code points.
    Sequence(&'t [u32]),
}

/// All names.
#[derive(Debug)]
pub struct Table {
    /// All names, one behind the other.
    text: String,
    /// Where each name ends, those of characters first, in the order of their code points.
    ends: Vec<u32>,
    codes: Vec<u32>,
    /// What the names after those of `codes` stand for: a range of `targets`.
    extra: Vec<(u32, u32)>,
    targets: Vec<u32>,
    patterns: Vec<Pattern>,
    /// Numbers of names plus 1 by the hash of the name; 0 is an empty place.
    places: Vec<u32>,
}

/// Names that end with the code point.
#[derive(Debug)]
struct Pattern {
    prefix: String,
    ranges: Vec<(u32, u32)>,
}

/// Bytes that are being taken apart.
struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn number(&mut self) -> Option<u32> {
        let mut value = 0u32;
        for shift in [0, 7, 14, 21] {
            let byte = self.byte()?;
            value |= u32::from(byte & 127) << shift;
            if byte < 128 {
                return Some(value);
            }
        }
        None
    }

    fn text(&mut self, len: usize) -> Option<&'b str> {
        let (text, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }

    fn ranges(&mut self) -> Option<Vec<(u32, u32)>> {
        let mut ranges = Vec::new();
        let mut at = 0u32;
        for _ in 0..self.number()? {
            let first = at.checked_add(self.number()?)?;
            at = first.checked_add(self.number()?)?;
            if at > 0x10_FFFF {
                return None;
            }
            ranges.push((first, at));
        }
        Some(ranges)
    }
}

impl Table {
    pub(crate) fn unpack(bytes: &[u8]) -> Option<Table> {
        let mut reader = Reader(bytes);
        let mut words: Vec<String> = Vec::new();
        for _ in 0..reader.number()? {
            let (shared, len) = (reader.byte()? as usize, reader.byte()? as usize);
            let mut word = match words.last() {
                Some(last) => last.get(..shared)?.to_owned(),
                None => String::new(),
            };
            word.push_str(reader.text(len)?);
            words.push(word);
        }
        let mut patterns = Vec::new();
        for _ in 0..reader.number()? {
            let len = reader.number()? as usize;
            patterns.push(Pattern { prefix: reader.text(len)?.to_owned(), ranges: reader.ranges()? });
        }
        let codes: Vec<u32> = reader.ranges()?.into_iter().flat_map(|(first, last)| first..=last).collect();
        let mut table = Table {
            text: String::new(),
            ends: Vec::new(),
            codes,
            extra: Vec::new(),
            targets: Vec::new(),
            patterns,
            places: Vec::new(),
        };
        let mut name = Vec::new();
        for _ in 0..table.codes.len() {
            table.add_name(&mut reader, &words, &mut name)?;
        }
        for _ in 0..reader.number()? {
            table.add_name(&mut reader, &words, &mut name)?;
            let start = table.targets.len() as u32;
            for _ in 0..reader.number()? {
                table.targets.push(reader.number()?);
            }
            table.extra.push((start, table.targets.len() as u32));
        }
        table.text.shrink_to_fit();
        table.index();
        Some(table)
    }

    /// Reads a name; `name` holds the words of the one before.
    fn add_name(&mut self, reader: &mut Reader<'_>, words: &[String], name: &mut Vec<u32>) -> Option<()> {
        let head = reader.byte()?;
        let mut new = u32::from(head & 15);
        if new == 15 {
            new += reader.number()?;
        }
        name.truncate(usize::from(head >> 4));
        for _ in 0..new {
            name.push(reader.number()?);
        }
        for (at, &word) in name.iter().enumerate() {
            let word = words.get(word as usize)?;
            if at > 0 && !word.starts_with([' ', '-']) {
                self.text.push(' ');
            }
            self.text.push_str(word);
        }
        self.ends.push(self.text.len() as u32);
        Some(())
    }

    fn index(&mut self) {
        let size = (self.ends.len() * 2).next_power_of_two();
        let mut places = vec![0u32; size];
        for number in 0..self.ends.len() {
            let mut place = hash(self.name_at(number)) & (size - 1);
            while places[place] != 0 {
                place = (place + 1) & (size - 1);
            }
            places[place] = number as u32 + 1;
        }
        self.places = places;
    }

    fn name_at(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start as usize..self.ends[number] as usize).unwrap_or("")
    }

    /// The name of a code point.
    pub fn name(&self, code: u32) -> Option<String> {
        if let Some(index) = code.checked_sub(HANGUL).filter(|&index| index < HANGUL_COUNT) {
            let (lead, vowel, tail) = (index / 588, index / 28 % 21, index % 28);
            let parts = [LEADS[lead as usize], VOWELS[vowel as usize], TAILS[tail as usize]];
            return Some(format!("HANGUL SYLLABLE {}", parts.concat()));
        }
        if let Ok(number) = self.codes.binary_search(&code) {
            return Some(self.name_at(number).to_owned());
        }
        let pattern = self.patterns.iter().find(|pattern| pattern.contains(code))?;
        Some(format!("{}{code:X}", pattern.prefix))
    }

    /// What has this name; letters may be of either case. Of the names that are put together by rule, CPython takes those of
    /// Hangul syllables and unified ideographs in capitals only.
    pub fn lookup(&self, name: &str) -> Option<Named<'_>> {
        if !name.is_ascii() || self.places.is_empty() {
            return None;
        }
        if let Some(syllable) = name.strip_prefix("HANGUL SYLLABLE ") {
            return hangul(syllable).map(Named::Character);
        }
        let size = self.places.len();
        let mut place = hash(name) & (size - 1);
        while let Some(number) = (self.places[place] as usize).checked_sub(1) {
            if self.name_at(number).eq_ignore_ascii_case(name) {
                let Some(&(start, end)) = number.checked_sub(self.codes.len()).and_then(|at| self.extra.get(at)) else {
                    return self.codes.get(number).copied().map(Named::Character);
                };
                return Some(match self.targets.get(start as usize..end as usize)? {
                    [code] => Named::Character(*code),
                    sequence => Named::Sequence(sequence),
                });
            }
            place = (place + 1) & (size - 1);
        }
        self.patterns.iter().find_map(|pattern| pattern.find(name)).map(Named::Character)
    }
}

impl Pattern {
    fn contains(&self, code: u32) -> bool {
        self.ranges.iter().any(|&(first, last)| (first..=last).contains(&code))
    }

    fn find(&self, name: &str) -> Option<u32> {
        let (prefix, digits) = name.split_at_checked(self.prefix.len())?;
        let unified = self.prefix == "CJK UNIFIED IDEOGRAPH-";
        let known = if unified { prefix == self.prefix } else { prefix.eq_ignore_ascii_case(&self.prefix) };
        let written = if unified {
            matches!(digits.len(), 4 | 5) && !digits.contains(|c: char| c.is_ascii_lowercase())
        } else {
            digits.len() >= 4 && !digits.starts_with('0') && digits.len() <= 6
        };
        if !known || !written || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        u32::from_str_radix(digits, 16).ok().filter(|&code| self.contains(code))
    }
}

/// FNV-1a over capitals.
fn hash(name: &str) -> usize {
    let step = |hash: u32, byte: u8| (hash ^ u32::from(byte.to_ascii_uppercase())).wrapping_mul(0x0100_0193);
    let hash = name.bytes().fold(0x811C_9DC5, step);
    (hash ^ (hash >> 15)) as usize
}

const HANGUL: u32 = 0xAC00;
const HANGUL_COUNT: u32 = 11_172;
/// Unicode Standard, section 3.12: the short names of the parts of syllables.
const LEADS: [&str; 19] =
    ["G", "GG", "N", "D", "DD", "R", "M", "B", "BB", "S", "SS", "", "J", "JJ", "C", "K", "T", "P", "H"];
const VOWELS: [&str; 21] = [
    "A", "AE", "YA", "YAE", "EO", "E", "YEO", "YE", "O", "WA", "WAE", "OE", "YO", "U", "WEO", "WE", "WI", "YU", "EU",
    "YI", "I",
];
const TAILS: [&str; 28] = [
    "", "G", "GG", "GS", "N", "NJ", "NH", "D", "L", "LG", "LM", "LB", "LS", "LT", "LP", "LH", "M", "B", "BS", "S",
    "SS", "NG", "J", "C", "K", "T", "P", "H",
];

/// The syllable of these parts: the longest that fit.
fn hangul(syllable: &str) -> Option<u32> {
    let longest = |parts: &[&str], text: &str| {
        let fitting = parts.iter().enumerate().filter(|(_, part)| text.starts_with(**part));
        fitting.max_by_key(|(_, part)| part.len()).map(|(at, part)| (at as u32, part.len()))
    };
    let (lead, len) = longest(&LEADS, syllable)?;
    let rest = &syllable[len..];
    let (vowel, len) = longest(&VOWELS, rest)?;
    let rest = &rest[len..];
    let (tail, len) = longest(&TAILS, rest)?;
    (len == rest.len()).then_some(HANGUL + (lead * 21 + vowel) * 28 + tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table::unpack(include_bytes!("../stdlib/data/unicode_names.bin")).unwrap()
    }

    #[test]
    fn every_name_is_found_again() {
        let table = table();
        let mut count = 0;
        for code in 0..0x11_0000 {
            if let Some(name) = table.name(code) {
                assert_eq!(table.lookup(&name), Some(Named::Character(code)), "{name}");
                count += 1;
            }
        }
        assert_eq!(count, 148_853);
    }

    #[test]
    fn aliases_and_sequences() {
        let table = table();
        assert_eq!(table.lookup("null"), Some(Named::Character(0)));
        assert_eq!(table.lookup("KEYCAP NUMBER SIGN"), Some(Named::Sequence(&[0x23, 0xFE0F, 0x20E3])));
        assert_eq!(table.lookup("CJK UNIFIED IDEOGRAPH-4E00"), Some(Named::Character(0x4E00)));
        assert_eq!(table.lookup("CJK UNIFIED IDEOGRAPH-4e00"), None);
        assert_eq!(table.name(0xE000), None);
    }

    #[test]
    fn damaged_files_are_refused() {
        let bytes = include_bytes!("../stdlib/data/unicode_names.bin");
        for len in (0..bytes.len()).step_by(977) {
            let _ = Table::unpack(&bytes[..len]);
        }
        let mut damaged = bytes.to_vec();
        for at in (0..bytes.len()).step_by(1999) {
            damaged[at] ^= 0x55;
            let _ = Table::unpack(&damaged);
            damaged[at] ^= 0x55;
        }
    }
}
