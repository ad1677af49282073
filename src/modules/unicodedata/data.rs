//! The properties of characters that only module `unicodedata` tells, unpacked from `tables.bin`.
//!
//! The file is written by `src/xtask/oracle/unicode_data.py` from what CPython says: texts, then records of properties and the
//! runs of code points that share them, the same for what version 3.2 says otherwise, decompositions with their tags, and what
//! normalisation needs beyond these. All numbers are varints.

use std::sync::OnceLock;

use snakelet_text::unicode;

/// What the bidirectional algorithm and others know of a code point. `bidirectional` and `width` are numbers of texts.
#[derive(Clone, Copy, Default)]
struct Record {
    bidirectional: u8,
    combining: u8,
    width: u8,
    mirrored: bool,
}

/// The same in version 3.2, where it differs.
#[derive(Clone, Copy, Default)]
struct OldRecord {
    category: u8,
    record: Record,
    /// Plus 1; 0: none.
    decimal: u32,
    /// Plus 2; 1: none; 0: as today.
    numeric: u32,
}

/// All tables.
#[derive(Default)]
pub struct Data {
    texts: Vec<&'static str>,
    records: Vec<Record>,
    old_records: Vec<OldRecord>,
    /// Where each run starts, and the number of its record.
    runs: (Vec<u32>, Vec<u8>),
    /// The same; 0: as today.
    changes: (Vec<u32>, Vec<u8>),
    /// Code points that decompose, and their tag and the end of their part of `parts`.
    decomposed: Vec<u32>,
    tags: Vec<(u8, u16)>,
    parts: Vec<u32>,
    /// Pairs of code points (the first in the upper half) and what they compose to.
    compositions: Vec<(u64, u32)>,
    corrections: Vec<(u32, u32)>,
}

/// The tables, unpacked at first use.
pub fn data() -> &'static Data {
    static DATA: OnceLock<Data> = OnceLock::new();
    DATA.get_or_init(|| Data::unpack(include_bytes!("tables.bin")))
}

/// The file that is being taken apart; it is our own, so that its end is never met.
struct Reader(&'static [u8]);

impl Reader {
    fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first
    }

    fn number(&mut self) -> u32 {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            value |= u32::from(byte & 127) << shift;
            shift += 7;
            if byte < 128 || shift > 28 {
                return value;
            }
        }
    }

    fn text(&mut self) -> &'static str {
        let len = self.number() as usize;
        let Some((text, rest)) = self.0.split_at_checked(len) else { return "" };
        self.0 = rest;
        std::str::from_utf8(text).unwrap_or("")
    }

    fn many<T>(&mut self, mut item: impl FnMut(&mut Reader) -> T) -> Vec<T> {
        let count = self.number();
        (0..count).map(|_| item(self)).collect()
    }

    fn record(&mut self) -> Record {
        Record {
            bidirectional: self.number() as u8,
            combining: self.number() as u8,
            width: self.number() as u8,
            mirrored: self.number() != 0,
        }
    }

    fn runs(&mut self) -> (Vec<u32>, Vec<u8>) {
        let mut at = 0;
        let starts = self.many(|reader| {
            let start = at;
            at += reader.number();
            start
        });
        let numbers = starts.iter().map(|_| self.number() as u8).collect();
        (starts, numbers)
    }
}

fn in_runs((starts, numbers): &(Vec<u32>, Vec<u8>), code: u32) -> usize {
    let after = starts.partition_point(|&start| start <= code);
    usize::from(numbers.get(after.wrapping_sub(1)).copied().unwrap_or(0))
}

impl Data {
    fn unpack(bytes: &'static [u8]) -> Data {
        let mut reader = Reader(bytes);
        let reader = &mut reader;
        let mut data = Data {
            texts: reader.many(Reader::text),
            records: reader.many(Reader::record),
            old_records: reader.many(|reader| OldRecord {
                category: reader.number() as u8,
                record: reader.record(),
                decimal: reader.number(),
                numeric: reader.number(),
            }),
            ..Data::default()
        };
        let current = reader.runs();
        data.runs = current;
        data.changes = reader.runs();
        let mut code = 0;
        data.decomposed = reader.many(|reader| {
            code += reader.number();
            code
        });
        let mut end = 0;
        for _ in 0..data.decomposed.len() {
            let tag = reader.number() as u8;
            end += reader.number() as u16;
            data.tags.push((tag, end));
        }
        let mut code = 0i64;
        for _ in 0..end {
            let step = i64::from(reader.number());
            code += if step & 1 == 0 { step >> 1 } else { -((step + 1) >> 1) };
            data.parts.push(code as u32);
        }
        let excluded = reader.many(Reader::number);
        data.corrections = reader.many(|reader| (reader.number(), reader.number()));
        for (at, &code) in data.decomposed.iter().enumerate() {
            if let (0, &[first, second]) = (data.tags[at].0, data.parts_at(at))
                && excluded.binary_search(&code).is_err()
            {
                data.compositions.push((u64::from(first) << 32 | u64::from(second), code));
            }
        }
        data.compositions.sort_unstable();
        data
    }

    fn record(&self, code: u32) -> Record {
        self.records.get(in_runs(&self.runs, code)).copied().unwrap_or_default()
    }

    /// What version 3.2 says otherwise.
    fn old(&self, code: u32) -> Option<&OldRecord> {
        self.old_records.get(in_runs(&self.changes, code).checked_sub(1)?)
    }

    fn versioned(&self, code: u32, old: bool) -> Record {
        match self.old(code) {
            Some(record) if old => record.record,
            _ => self.record(code),
        }
    }

    fn text(&self, number: u8) -> &'static str {
        self.texts.get(usize::from(number)).copied().unwrap_or("")
    }

    /// The general category.
    pub fn category(&self, code: u32, old: bool) -> &'static str {
        match self.old(code) {
            Some(record) if old => self.text(record.category),
            _ => unicode::category(code),
        }
    }

    /// Whether version 3.2 has no such character.
    pub fn is_new(&self, code: u32) -> bool {
        self.old(code).is_some_and(|record| self.text(record.category) == "Cn")
    }

    /// The bidirectional class, "" for unassigned ones.
    pub fn bidirectional(&self, code: u32, old: bool) -> &'static str {
        self.text(self.versioned(code, old).bidirectional)
    }

    /// The East Asian width.
    pub fn width(&self, code: u32, old: bool) -> &'static str {
        self.text(self.versioned(code, old).width)
    }

    /// The canonical combining class.
    pub fn combining(&self, code: u32, old: bool) -> u8 {
        self.versioned(code, old).combining
    }

    /// Whether it is mirrored in text from right to left.
    pub fn mirrored(&self, code: u32, old: bool) -> bool {
        self.versioned(code, old).mirrored
    }

    /// The value of a decimal digit.
    pub fn decimal(&self, code: u32, old: bool) -> Option<u32> {
        match self.old(code) {
            Some(record) if old => record.decimal.checked_sub(1),
            _ => unicode::decimal(code),
        }
    }

    /// The numeric value.
    pub fn numeric(&self, code: u32, old: bool) -> Option<f64> {
        match self.old(code) {
            Some(record) if old && record.numeric != 0 => record.numeric.checked_sub(2).map(f64::from),
            _ => unicode::numeric(code).map(|(numerator, denominator)| numerator as f64 / f64::from(denominator)),
        }
    }

    fn parts_at(&self, at: usize) -> &[u32] {
        let start = at.checked_sub(1).map_or(0, |before| self.tags[before].1);
        self.parts.get(usize::from(start)..usize::from(self.tags[at].1)).unwrap_or(&[])
    }

    /// The decomposition mapping: its tag ("" if canonical) and code points. Not of Hangul syllables.
    pub fn decomposition(&self, code: u32) -> Option<(&'static str, &[u32])> {
        let at = self.decomposed.binary_search(&code).ok()?;
        Some((self.text(self.tags[at].0), self.parts_at(at)))
    }

    /// What two code points compose to, Hangul left out.
    pub fn composition(&self, first: u32, second: u32) -> Option<u32> {
        let key = u64::from(first) << 32 | u64::from(second);
        let at = self.compositions.binary_search_by_key(&key, |&(pair, _)| pair).ok()?;
        Some(self.compositions[at].1)
    }

    /// What version 3.2 has in place of a wrong decomposition.
    pub fn correction(&self, code: u32) -> Option<u32> {
        self.corrections.iter().find(|&&(wrong, _)| wrong == code).map(|&(_, right)| right)
    }
}
