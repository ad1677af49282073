//! Reading the records of CPython's results.
#![allow(dead_code, reason = "not every test file uses every helper")]

use snakelet_number::{BigInt, math::MathError};
use std::path::Path;

/// The lines of a record file, each as words. `SNAKELET_NUMBER_RECORDS` names another folder, for larger records.
pub fn records(file: &str) -> Vec<Vec<String>> {
    let folder = std::env::var("SNAKELET_NUMBER_RECORDS")
        .unwrap_or_else(|_| format!("{}/tests/data", env!("CARGO_MANIFEST_DIR")));
    let text = std::fs::read_to_string(Path::new(&folder).join(file)).expect("the record file exists");
    text.lines().map(|line| line.split(' ').map(str::to_owned).collect()).collect()
}

/// A float from its bits in hexadecimal.
pub fn float(word: &str) -> f64 {
    if word == "nan" { f64::NAN } else { f64::from_bits(u64::from_str_radix(word, 16).expect("16 digits")) }
}

/// A float as in the records.
pub fn bits(x: f64) -> String {
    if x.is_nan() { "nan".to_owned() } else { format!("{:016x}", x.to_bits()) }
}

/// A list of floats.
pub fn floats(word: &str) -> Vec<f64> {
    if word == "-" { Vec::new() } else { word.split(',').map(float).collect() }
}

/// A result as in the records.
pub fn outcome(result: Result<f64, MathError>) -> String {
    match result {
        Ok(x) => bits(x),
        Err(MathError::Domain) => "D".to_owned(),
        Err(MathError::Range) => "R".to_owned(),
    }
}

/// An integer in hexadecimal.
pub fn hex(word: &str) -> BigInt {
    BigInt::parse_bytes(word.as_bytes(), 16).expect("hexadecimal")
}

/// Undoes the recorder's escaping of text: `\uXXXX` (and `\s` for a space, `\e` for nothing).
pub fn text(word: &str) -> String {
    let mut out = String::new();
    let mut rest = word;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let (skip, c) = match rest.as_bytes()[at + 1] {
            b's' => (2, Some(' ')),
            b'e' => (2, None),
            _ => (6, char::from_u32(u32::from_str_radix(&rest[at + 2..at + 6], 16).expect("four digits"))),
        };
        out.extend(c);
        rest = &rest[at + skip..];
    }
    out + rest
}

/// Counts agreements by kind; differences beyond the allowed number fail at the end, the first few shown.
#[derive(Default)]
pub struct Tally {
    counts: std::collections::BTreeMap<String, (usize, usize)>,
    shown: Vec<String>,
}

impl Tally {
    pub fn check(&mut self, kind: &str, record: &[String], ours: &str) {
        let expected = record.last().expect("a result");
        let entry = self.counts.entry(kind.to_owned()).or_default();
        entry.0 += 1;
        if ours != expected {
            entry.1 += 1;
            if entry.1 <= 4 {
                self.shown.push(format!("{} -> {ours}", record.join(" ")));
            }
        }
    }

    pub fn finish(self) {
        if std::env::var("SNAKELET_NUMBER_RECORDS").is_ok() {
            for (kind, (all, wrong)) in &self.counts {
                println!(
                    "{kind}: {all} records, {wrong} differ ({:.3} % equal)",
                    100.0 - 100.0 * *wrong as f64 / *all as f64
                );
            }
        }
        let total: usize = self.counts.values().map(|c| c.0).sum();
        assert!(total > 0, "no records");
        assert!(self.shown.is_empty(), "differences:\n{}", self.shown.join("\n"));
    }
}
