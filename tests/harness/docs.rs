//! The examples of the Python tutorial and reference, where the collection `../shared/docs/examples.json` is at hand.
//!
//! Each group is one interactive session in an empty folder: the page's files and setup first, then the items in order. What
//! an item prints must equal what CPython 3.14 printed, compared as the item says. `tests/docs/records.txt` names the items whose
//! record of 3.14 is not what counts, with the record that does and the reason.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;

use serde_json::Value as Json;
use snakelet_vm::session::{Mode, SessionConfig};

use crate::Options;
use crate::cases;
use crate::diff;
use crate::interpreter::{Interpreter, Pace, literal};
use crate::report::{Report, Verdict};

pub fn run(options: &Options, report: &mut Report) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let file = root.join("../shared/docs/examples.json");
    let Ok(text) = std::fs::read_to_string(&file) else {
        report.note("the collection of examples (../shared/docs/examples.json) is not at hand: nothing to do");
        return;
    };
    let examples: Json = match serde_json::from_str(&text) {
        Ok(examples) => examples,
        Err(error) => {
            report.add("examples.json", Verdict::Failed(error.to_string()));
            return;
        }
    };
    let mut groups: BTreeMap<&str, Vec<&Json>> = BTreeMap::new();
    for item in examples["items"].as_array().into_iter().flatten() {
        if string(item, "page").contains(&options.only) || string(item, "id").contains(&options.only) {
            groups.entry(string(item, "group")).or_default().push(item);
        }
    }
    let groups: Vec<(&str, Vec<&Json>)> = groups.into_iter().collect();
    let results: Mutex<BTreeMap<usize, Vec<(String, Verdict)>>> = Mutex::new(BTreeMap::new());
    let records = other_records();
    let indices: Vec<usize> = (0..groups.len()).collect();
    let mut ignored = Report::new("");
    cases::run_all(
        &indices,
        |_| "",
        |&index| {
            let (group, items) = &groups[index];
            let verdicts = run_group(&examples["pages"][string(items[0], "page")], items, &records);
            if let Ok(mut results) = results.lock() {
                results.insert(index, verdicts);
            }
            _ = group;
            Verdict::Passed
        },
        &mut ignored,
    );
    for (name, verdict) in results.into_inner().unwrap_or_default().into_values().flatten() {
        report.add(&name, verdict);
    }
}

/// Runs the items of a group in one session.
fn run_group(page: &Json, items: &[&Json], records: &BTreeMap<String, String>) -> Vec<(String, Verdict)> {
    let mut verdicts = Vec::new();
    let mut interpreter = match catch_unwind(AssertUnwindSafe(|| start(page))) {
        Ok(Ok(interpreter)) => Some(interpreter),
        _ => None,
    };
    for item in items {
        let id = string(item, "id").to_string();
        let needs = item["fixture"]["needs"].as_array().into_iter().flatten().filter_map(Json::as_str);
        if string(item, "status") == "skip" {
            continue;
        }
        if let Some(need) = needs.into_iter().find(|need| *need == "shell") {
            verdicts.push((id, Verdict::Skipped(format!("needs {need}"))));
            continue;
        }
        let Some(session) = &mut interpreter else {
            verdicts.push((id, Verdict::Failed("the session did not survive what came before".into())));
            continue;
        };
        let outcome = catch_unwind(AssertUnwindSafe(|| run_item(session, item, records.get(&id))));
        let verdict = outcome.unwrap_or_else(|_| {
            interpreter = None;
            Verdict::Failed("panicked".into())
        });
        verdicts.push((id, verdict));
    }
    // A session that panicked is not to be trusted with its own end.
    if interpreter.is_none() {
        std::mem::forget(interpreter);
    }
    verdicts
}

/// `tests/docs/records.txt`: which record counts, by item.
fn other_records() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(cases::folder("docs").join("records.txt")).unwrap_or_default();
    let entries = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut parts = line.splitn(3, ": ");
        Some((parts.next()?.to_string(), parts.next()?.to_string()))
    });
    entries.collect()
}

fn start(page: &Json) -> Result<Interpreter, &'static str> {
    let argv = strings(&page["argv"]);
    let argv = if argv.is_empty() { vec![String::new()] } else { argv };
    let mut interpreter = Interpreter::new(SessionConfig { argv, interactive: true, ..SessionConfig::default() });
    interpreter.echo = true;
    write_files(&mut interpreter, &page["files"])?;
    silently(&mut interpreter, string(page, "setup"))?;
    Ok(interpreter)
}

fn write_files(interpreter: &mut Interpreter, files: &Json) -> Result<(), &'static str> {
    for (path, text) in files.as_object().into_iter().flatten() {
        match path.strip_suffix('/') {
            Some(folder) => interpreter.make_folders(folder)?,
            None => interpreter.write_file(path, text.as_str().unwrap_or_default())?,
        }
    }
    Ok(())
}

fn silently(interpreter: &mut Interpreter, source: &str) -> Result<(), &'static str> {
    if !source.is_empty() {
        interpreter.run(source, "<setup>", Mode::Exec, Pace::STRAIGHT)?;
    }
    interpreter.take_transcript();
    Ok(())
}

fn run_item(interpreter: &mut Interpreter, item: &Json, record: Option<&String>) -> Verdict {
    match print_item(interpreter, item) {
        Ok((got, after)) => {
            let keys = record.map(String::as_str).into_iter().chain(["canonical_314", "canonical", "expected"]);
            let expected = keys.filter_map(|key| item[key].as_str()).next().unwrap_or_default();
            let how = string(item, "compare");
            let mut problem = match how {
                "type" | "nonempty" | "superset" | "member" | "ellipsis" => illustrated(how, item, expected, &got),
                _ => compare(how, expected, &got),
            };
            let expected_after = item["oracle"]["cp314"]["post"].as_str().or(item["oracle"]["cp313"]["post"].as_str());
            if let (None, Some(expected), "exact") = (&problem, expected_after, string(item, "status")) {
                problem = compare("full", expected, &after).map(|text| format!("afterwards:\n{text}"));
            }
            let source = strings(&item["source"]).join("\n");
            problem.map_or(Verdict::Passed, |text| Verdict::Failed(format!(">>> {source}\n{text}")))
        }
        Err(why) => Verdict::Failed(why.into()),
    }
}

/// Runs an item; returns what it printed, and what the code after it printed.
fn print_item(interpreter: &mut Interpreter, item: &Json) -> Result<(String, String), &'static str> {
    let fixture = &item["fixture"];
    write_files(interpreter, &fixture["files"])?;
    let argv: Vec<String> = strings(&fixture["argv"]).iter().map(|text| literal(text)).collect();
    if !argv.is_empty() {
        silently(interpreter, &format!("import sys; sys.argv = [{}]", argv.join(", ")))?;
    }
    silently(interpreter, string(fixture, "pre"))?;
    interpreter.feed(string(fixture, "stdin"));
    let source = match &fixture["source"] {
        Json::String(text) => text.clone(),
        Json::Array(_) => strings(&fixture["source"]).join("\n"),
        _ => strings(&item["source"]).join("\n"),
    };
    if string(item, "kind") == "doctest" {
        // A shell takes nothing but comments for an empty statement.
        let empty = source.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
        let source = if empty { "pass" } else { &source };
        interpreter.run(&format!("{source}\n"), "<stdin>", Mode::Interactive, Pace::STRAIGHT)?;
    } else {
        let page = string(item, "page").replace('/', "_");
        let name = format!("/{page}_{}.py", item["index"].as_u64().unwrap_or(0));
        interpreter.run(&format!("{source}\n"), &name, Mode::Exec, Pace::STRAIGHT)?;
    }
    let got = interpreter.take_transcript();
    let post = string(fixture, "post");
    if !post.is_empty() {
        interpreter.run(post, "<setup>", Mode::Exec, Pace::STRAIGHT)?;
    }
    Ok((got, interpreter.take_transcript()))
}

/// What differs, or nothing.
fn compare(how: &str, expected: &str, got: &str) -> Option<String> {
    let view = |text: &str| -> String {
        let text = trimmed(text);
        match how {
            "exception" | "exception_canonical" => exception_lines(&text),
            "address" | "canonical_address" => without_addresses(&text),
            "any_file" => without_file_names(&text),
            "set" | "sorted" => sorted(text.chars()),
            "sorted_lines" => sorted(text.split_inclusive('\n')),
            _ => text,
        }
    };
    let got = if expected.contains("SyntaxWarning") { got.to_string() } else { without_warnings(got) };
    let (expected, got) = (view(expected), view(&got));
    (expected != got).then(|| diff::lines(&expected, &got))
}

/// Examples whose exact output differs from run to run or from version to version: what is wrong with it, or nothing.
fn illustrated(how: &str, item: &Json, expected: &str, got: &str) -> Option<String> {
    let shown = string(item, "expected");
    let good = match how {
        _ if got.contains("Traceback") => false,
        // A value of the same type: None prints nothing.
        "type" => kind_of(got) == kind_of(expected) || kind_of(got) == kind_of(shown),
        "superset" => {
            let (wanted, listed) = (names_in(shown), names_in(got));
            !listed.is_empty() && wanted.iter().all(|name| listed.contains(name))
        }
        "member" => {
            let source = strings(&item["source"]).join("\n");
            names_in(&source).iter().any(|name| got.trim() == format!("'{name}'"))
        }
        "ellipsis" => got.starts_with(shown.trim_end().trim_end_matches('.')),
        _ => !got.trim().is_empty(),
    };
    (!good).then(|| diff::lines(expected, got))
}

/// The type of a printed value, roughly.
fn kind_of(text: &str) -> &'static str {
    let text = text.trim();
    match text.chars().next() {
        None => "None",
        Some('\'' | '"') => "str",
        Some('[') => "list",
        _ if text.parse::<i64>().is_ok() => "int",
        _ if text.parse::<f64>().is_ok() => "float",
        _ => "other",
    }
}

/// The texts between single quotes.
fn names_in(text: &str) -> Vec<&str> {
    text.split('\'').skip(1).step_by(2).collect()
}

/// The collection was recorded with SyntaxWarnings off: each is a line that names it, and the line of source.
fn without_warnings(text: &str) -> String {
    let mut out = String::new();
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        if !line.contains(": SyntaxWarning: ") {
            out.push_str(line);
        } else if lines.peek().is_some_and(|next| next.starts_with("  ")) {
            lines.next();
        }
    }
    out
}

/// Trailing blanks of lines and of the whole do not count.
fn trimmed(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_string()
}

/// What was printed before the traceback, and the lines of its exceptions: not where they happened.
fn exception_lines(text: &str) -> String {
    let mut inside = false;
    let mut kept = Vec::new();
    for line in text.lines() {
        if line.starts_with("Traceback (most recent call last):") || line.starts_with("  File \"") {
            inside = true;
        } else if !inside || !line.starts_with("  ") {
            kept.push(line);
        }
    }
    kept.join("\n")
}

fn without_addresses(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in text.split("0x").enumerate() {
        if index == 0 {
            out.push_str(part);
        } else {
            out.push_str("0x");
            out.push_str(part.trim_start_matches(|letter: char| letter.is_ascii_hexdigit()));
        }
    }
    out
}

fn without_file_names(text: &str) -> String {
    let mut parts = text.split("File \"");
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        out.push_str("File \"");
        out.push_str(part.split_once('"').map_or(part, |(_, rest)| rest));
    }
    out
}

fn sorted<T: Ord + Into<Piece>>(parts: impl Iterator<Item = T>) -> String {
    let mut parts: Vec<T> = parts.collect();
    parts.sort();
    parts.into_iter().map(|part| part.into().0).collect()
}

/// A character or a line, as text.
struct Piece(String);

impl From<char> for Piece {
    fn from(character: char) -> Piece {
        Piece(character.to_string())
    }
}

impl From<&str> for Piece {
    fn from(line: &str) -> Piece {
        Piece(line.to_string())
    }
}

fn string<'a>(json: &'a Json, key: &str) -> &'a str {
    json[key].as_str().unwrap_or_default()
}

fn strings(json: &Json) -> Vec<String> {
    json.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_string).collect()
}
