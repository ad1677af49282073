//! Compares errors and completeness with CPython's record in `tests/golden/syntax`.
//!
//! A case that differs must stand in `known.json` with a reason, and one that stands there must still differ: the
//! list may only shrink.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;
use snakelet_syntax::{Completeness, Kind, Mode, SyntaxError, completeness, parse};

fn load(name: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/syntax").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Syntax => "SyntaxError",
        Kind::Indentation => "IndentationError",
        Kind::Tab => "TabError",
        Kind::Value => "ValueError",
        Kind::Memory => "MemoryError",
        Kind::Recursion => "RecursionError",
    }
}

fn describe(error: &SyntaxError) -> String {
    let end = error.end.map_or("None".to_owned(), |(line, column)| format!("{line}:{column}"));
    let (line, column) = error.start;
    format!("{} {line}:{column}-{end} {} {:?}", class(error.kind), error.message, error.text)
}

fn recorded(result: &Value) -> String {
    if result.is_null() {
        return "accepted".to_owned();
    }
    let text = |key: &str| result[key].as_str().unwrap_or("").to_owned();
    if result["lineno"].is_null() {
        return format!("{} {}", text("kind"), text("message"));
    }
    let place = format!("{}:{}-{}:{}", result["lineno"], result["offset"], result["end_lineno"], result["end_offset"]);
    format!("{} {place} {} {:?}", text("kind"), text("message"), result["text"].as_str())
}

/// Compares all cases of one kind.
fn compare(kind: &str, judge: impl Fn(&str) -> String, expected: impl Fn(&Value) -> String) {
    let known: BTreeMap<String, String> = load("known.json")[kind]
        .as_object()
        .map(|map| map.iter().map(|(source, reason)| (source.clone(), reason.to_string())).collect())
        .unwrap_or_default();
    let cases = load(&format!("{kind}.json"));
    let cases = cases.as_array().expect("a list");
    let (mut differing, mut settled) = (Vec::new(), Vec::new());
    for case in cases {
        let source = case["source"].as_str().expect("a text");
        let (want, got) = (expected(&case["result"]), judge(source));
        match (want == got, known.contains_key(source)) {
            (false, false) => differing.push(format!("{source:?}\n    want {want}\n    got  {got}")),
            (true, true) => settled.push(source),
            _ => {}
        }
    }
    assert!(differing.is_empty(), "{} of {} differ:\n{}", differing.len(), cases.len(), differing.join("\n"));
    assert!(settled.is_empty(), "no longer different, take them off known.json: {settled:#?}");
}

fn compare_errors(kind: &str, mode: Mode) {
    let judge = |source: &str| match parse(source, mode) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => describe(&error),
    };
    compare(kind, judge, recorded);
}

#[test]
fn errors() {
    compare_errors("errors", Mode::Exec);
}

#[test]
fn eval() {
    compare_errors("eval", Mode::Eval);
}

#[test]
fn single() {
    compare_errors("single", Mode::Single);
}

#[test]
fn shell() {
    let judge = |source: &str| match completeness(source) {
        Completeness::Complete => "complete".to_owned(),
        Completeness::Incomplete => "incomplete".to_owned(),
        Completeness::Invalid(error) => format!("{}: {}", class(error.kind), error.message),
    };
    compare("shell", judge, |result| result.as_str().unwrap_or("").to_owned());
}
