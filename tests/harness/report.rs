//! Counting results and printing the failed ones.

use std::collections::BTreeMap;
use std::process::ExitCode;

use crate::cases;

/// How one case ended.
pub enum Verdict {
    Passed,
    /// What differs, as text for people.
    Failed(String),
    /// Why it was not run.
    Skipped(String),
}

/// The results of one kind.
///
/// A case listed in `tests/KIND/known.txt` (`name: reason`) may fail; it is counted as skipped, and as failed when it
/// passes, so that the list can only shrink.
pub struct Report {
    kind: String,
    known: BTreeMap<String, String>,
    /// With `--bless`: the list as it should be.
    blessed: Option<BTreeMap<String, String>>,
    passed: usize,
    failed: usize,
    skipped: usize,
}

/// A failure's text is cut to this many lines.
const SHOWN_LINES: usize = 40;

impl Report {
    pub fn new(kind: &str) -> Report {
        let text = std::fs::read_to_string(cases::folder(kind).join("known.txt")).unwrap_or_default();
        let known = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(": "))
            .map(|(name, reason)| (name.to_string(), reason.to_string()))
            .collect();
        Report { kind: kind.into(), known, blessed: None, passed: 0, failed: 0, skipped: 0 }
    }

    /// Failures go to `known.txt` instead of being reported, and what passes leaves it.
    pub fn bless(&mut self) {
        self.blessed = Some(BTreeMap::new());
    }

    /// Takes the result of one case.
    pub fn add(&mut self, name: &str, verdict: Verdict) {
        if let (Some(blessed), Verdict::Failed(text)) = (&mut self.blessed, &verdict) {
            let reason = self.known.get(name).cloned().unwrap_or_else(|| reason_in(text));
            blessed.insert(name.to_string(), reason);
            self.skipped += 1;
            return;
        }
        let known = if self.blessed.is_some() { None } else { self.known.get(name) };
        match (verdict, known) {
            (Verdict::Passed, None) => self.passed += 1,
            (Verdict::Passed, Some(_)) => {
                self.failed += 1;
                println!("FAIL {name}: passes now; take it off known.txt");
            }
            (Verdict::Failed(_), Some(reason)) => {
                self.skipped += 1;
                println!("known {name}: {reason}");
            }
            (Verdict::Failed(text), None) => {
                self.failed += 1;
                println!("FAIL {name}");
                let lines: Vec<&str> = text.lines().collect();
                for line in lines.iter().take(SHOWN_LINES) {
                    println!("    {line}");
                }
                if lines.len() > SHOWN_LINES {
                    println!("    ... {} more lines", lines.len() - SHOWN_LINES);
                }
            }
            (Verdict::Skipped(why), _) => {
                self.skipped += 1;
                println!("skip {name}: {why}");
            }
        }
    }

    /// A note that concerns the whole kind.
    pub fn note(&self, text: &str) {
        println!("{text}");
    }

    /// Prints the totals; the exit code is that of the run.
    pub fn finish(self) -> ExitCode {
        if let Some(blessed) = &self.blessed {
            let path = cases::folder(&self.kind).join("known.txt");
            let mut text = String::from(
                "# Known failures, `name: reason`. The list may only shrink; `cargo xtask bless KIND` rewrites it.\n",
            );
            for (name, reason) in blessed {
                text.push_str(&format!("{name}: {reason}\n"));
            }
            let written =
                if blessed.is_empty() { std::fs::remove_file(&path).or(Ok(())) } else { std::fs::write(&path, text) };
            if let Err(error) = written {
                println!("cannot write {}: {error}", path.display());
            }
        }
        println!("{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped);
        if self.failed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

/// The exception that a difference shows, as the reason of a known failure.
fn reason_in(text: &str) -> String {
    let lines = || text.lines().map(str::trim);
    let error = lines().filter_map(|line| line.strip_prefix("+ ")).rfind(|line| line.contains("Error: "));
    let error = error.or_else(|| lines().find(|line| line.contains("Error")));
    let line = error.or_else(|| lines().next()).unwrap_or("differs");
    line.chars().take(160).collect()
}
