//! Reads `testdata/records.txt`, which `record.py` printed under CPython.

use crate::Text;

/// One recorded call: the fields before and after the arrow, or the error.
pub struct Record {
    pub line: &'static str,
    pub args: Vec<Text>,
    pub result: Result<Vec<Text>, Text>,
}

impl Record {
    pub fn int(&self, index: usize) -> isize {
        int(&self.args[index])
    }

    /// Panics with the recorded line if the result differs.
    pub fn check(&self, ours: &[Text]) {
        assert_eq!(self.result, Ok(ours.to_vec()), "{}", self.line);
    }
}

pub fn int(text: &Text) -> isize {
    text.to_utf8().unwrap().parse().unwrap()
}

pub fn text(field: &str) -> Text {
    let mut parts = field.split('\\');
    let mut out = Text::from_str(parts.next().unwrap());
    for part in parts {
        let (hex, rest) = part.split_once(';').unwrap();
        out.push(u32::from_str_radix(hex, 16).unwrap()).unwrap();
        out.push_str(rest).unwrap();
    }
    out
}

/// All records of a section.
pub fn records(section: &str) -> Vec<Record> {
    let mut found = Vec::new();
    for line in include_str!("testdata/records.txt").lines() {
        let mut fields = line.split('\t');
        if fields.next() != Some(section) {
            continue;
        }
        let fields: Vec<&str> = fields.collect();
        let cut = fields.iter().position(|&field| field == "->" || field == "!").unwrap();
        let args = fields[..cut].iter().map(|field| text(field)).collect();
        let after: Vec<Text> = fields[cut + 1..].iter().map(|field| text(field)).collect();
        let result = if fields[cut] == "!" { Err(after[0].clone()) } else { Ok(after) };
        found.push(Record { line, args, result });
    }
    assert!(!found.is_empty());
    found
}
