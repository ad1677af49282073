//! The record of a program's run, as `cargo xtask oracle` writes it (`src/xtask/oracle/record.mjs`).
//!
//! A text file of sections: `#> stdout`, then `#> stderr` if anything was written there, then `#> exit N` unless it is 0.
//! A section's header says `without final newline` where the text does not end in one.

use crate::diff;

/// What a run printed and how it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    pub stdout: String,
    pub stderr: String,
    pub exit: i32,
}

const OPEN_END: &str = " without final newline";

impl Record {
    /// Reads the text of a record.
    pub fn parse(text: &str) -> Record {
        let mut record = Record::default();
        let mut section: Option<(&str, String)> = None;
        for line in text.split_inclusive('\n') {
            let Some(header) = line.strip_prefix("#> ") else {
                if let Some((_, body)) = &mut section {
                    body.push_str(line);
                }
                continue;
            };
            record.store(section.take());
            let header = header.trim_end_matches('\n');
            match header.strip_prefix("exit ") {
                Some(number) => record.exit = number.parse().unwrap_or(-1),
                None => section = Some((header, String::new())),
            }
        }
        record.store(section);
        record
    }

    fn store(&mut self, section: Option<(&str, String)>) {
        let Some((header, mut body)) = section else { return };
        let name = match header.strip_suffix(OPEN_END) {
            Some(name) => {
                body.pop();
                name
            }
            None => header,
        };
        match name {
            "stdout" => self.stdout = body,
            "stderr" => self.stderr = body,
            _ => {}
        }
    }

    /// What differs from the expected record, or nothing.
    pub fn compare(&self, expected: &Record) -> Option<String> {
        let mut text = String::new();
        for (name, got, wanted) in
            [("stdout", &self.stdout, &expected.stdout), ("stderr", &self.stderr, &expected.stderr)]
        {
            if got != wanted {
                text.push_str(&format!("{name} (- expected, + printed):\n{}", diff::lines(wanted, got)));
            }
        }
        if self.exit != expected.exit {
            text.push_str(&format!("exit code {} instead of {}\n", self.exit, expected.exit));
        }
        (!text.is_empty()).then_some(text)
    }
}
