//! `cargo xtask test`: every kind of test, one after the other, with one line of results for each.
//!
//! The native kinds share one optimised build with assertions (profile `checked`): the command-line program and the
//! harness `snakelet-tests`. The browser kinds share one build of the package. A kind that cannot start counts as one failure.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::package::{self, Options, target_folder};
use crate::tools::{self, Outcome, cargo, command, option, run};

const KINDS: [&str; 12] = [
    "format", "lint", "unit", "programs", "docs", "golden", "suspend", "fuzz", "cpython", "packages", "package", "web",
];

/// How many tests of a kind passed, failed and were skipped.
#[derive(Clone, Copy, Default)]
struct Tally {
    passed: usize,
    failed: usize,
    skipped: usize,
}

/// Runs the kinds named, or all.
pub fn test(arguments: &[String]) -> Outcome {
    let only = option(arguments, "--only");
    let mut named: Vec<&str> = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--only" => _ = rest.next(),
            kind if KINDS.contains(&kind) => named.push(kind),
            other => return Err(format!("no kind of test {other:?}: there are {}", KINDS.join(", "))),
        }
    }
    let kinds: Vec<&str> = KINDS.into_iter().filter(|kind| named.is_empty() || named.contains(kind)).collect();
    let mut results = Vec::new();
    for kind in &kinds {
        println!("\n== {kind}");
        let start = Instant::now();
        let tally = run_kind(kind, only).unwrap_or_else(|message| {
            println!("error: {message}");
            Tally { failed: 1, ..Tally::default() }
        });
        results.push((*kind, tally, start.elapsed()));
    }
    println!();
    let mut total = Tally::default();
    for (kind, tally, time) in &results {
        println!(
            "{kind:10} {:6} passed {:5} failed {:5} skipped {:7.1} s",
            tally.passed,
            tally.failed,
            tally.skipped,
            time.as_secs_f64()
        );
        total.passed += tally.passed;
        total.failed += tally.failed;
        total.skipped += tally.skipped;
    }
    println!("\n{} passed, {} failed, {} skipped", total.passed, total.failed, total.skipped);
    // The totals are the last line: the failure has been told.
    if total.failed > 0 { Err(String::new()) } else { Ok(()) }
}

fn run_kind(kind: &str, only: Option<&str>) -> Outcome<Tally> {
    match kind {
        "format" => one(cargo().args(["fmt", "--all", "--check"])),
        "lint" => one(cargo().args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"])),
        "unit" => unit(only),
        "package" => package_tests(only),
        "web" => web(only),
        "cpython" => {
            // Without it the kind has nothing to run, and says so.
            if let Err(message) = tools::need_cpython_suite() {
                println!("{message}");
            }
            harness("cpython", only, false)
        }
        "packages" => {
            // What cannot be had is skipped, and says so.
            if let Err(message) = tools::need_packages() {
                println!("{message}");
            }
            harness("packages", only, false)
        }
        kind => harness(kind, only, false),
    }
}

/// A kind that is one command: it passes or fails as a whole.
fn one(command: &mut Command) -> Outcome<Tally> {
    Ok(match run(command) {
        Ok(()) => Tally { passed: 1, ..Tally::default() },
        Err(_) => Tally { failed: 1, ..Tally::default() },
    })
}

/// The Rust tests of all crates.
fn unit(only: Option<&str>) -> Outcome<Tally> {
    let mut test = cargo();
    test.args(["test", "--workspace", "--profile", "checked", "--no-fail-fast"]);
    test.args(only);
    let (lines, success) = watch(&mut test)?;
    let mut tally = Tally::default();
    for line in &lines {
        // "test result: ok. 12 passed; 0 failed; 1 ignored; ..."
        let Some(result) = line.strip_prefix("test result: ") else { continue };
        let words: Vec<&str> = result.split([' ', ';']).filter(|word| !word.is_empty()).collect();
        let number = |name| words.iter().position(|word| *word == name).and_then(|at| words[at - 1].parse().ok());
        tally.passed += number("passed").unwrap_or(0);
        tally.failed += number("failed").unwrap_or(0);
        tally.skipped += number("ignored").unwrap_or(0);
    }
    if !success && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(tally)
}

/// A kind that the harness runs on the native build.
fn harness(kind: &str, only: Option<&str>, bless: bool) -> Outcome<Tally> {
    run(cargo().args([
        "build",
        "--quiet",
        "--profile",
        "checked",
        "--package",
        "snakelet",
        "--package",
        "snakelet-tests",
    ]))?;
    let folder = target_folder().join("checked");
    let mut harness = command(&folder.join("snakelet-tests").to_string_lossy());
    harness.arg(kind).arg("--program").arg(folder.join("snakelet"));
    if let Some(text) = only {
        harness.args(["--only", text]);
    }
    if bless {
        harness.arg("--bless");
    }
    counted(&mut harness)
}

/// The JavaScript package in Node.
fn package_tests(only: Option<&str>) -> Outcome<Tally> {
    package::build(&Options { dev: false, single_file: false })?;
    let types = one(command("node").args(["node_modules/typescript/bin/tsc", "-p", "web"]))?;
    let mut tests = command("node");
    tests.arg("tests/js/run.mjs");
    if let Some(text) = only {
        tests.args(["--only", text]);
    }
    let tally = counted(&mut tests)?;
    Ok(Tally { passed: tally.passed + types.passed, failed: tally.failed + types.failed, ..tally })
}

/// The pages in real browsers.
fn web(only: Option<&str>) -> Outcome<Tally> {
    package::build(&Options { dev: false, single_file: true })?;
    tools::need_browser(&["chromium", "chromium-browser", "google-chrome"], "chromium")?;
    // The others are extras where they cannot be installed: their tests are then reported as skipped.
    let extras: [(&[&str], &str); 3] = [
        (&["firefox-esr", "firefox"], "firefox-esr"),
        (&["WebKitWebDriver"], "webkit2gtk-driver"),
        (&["Xvfb"], "xvfb"),
    ];
    for (names, package) in extras {
        if let Err(message) = tools::need_browser(names, package) {
            println!("{message}");
        }
    }
    let mut tests = command("node");
    tests.arg("tests/web/run.mjs");
    if let Some(text) = only {
        tests.args(["--only", text]);
    }
    counted(&mut tests)
}

/// Runs a command whose last line is `N passed, N failed, N skipped`.
fn counted(command: &mut Command) -> Outcome<Tally> {
    let (lines, success) = watch(command)?;
    let tally = lines.iter().rev().find_map(|line| parse_tally(line));
    match tally {
        Some(tally) if success || tally.failed > 0 => Ok(tally),
        _ => Err("the tests ended without a result".into()),
    }
}

fn parse_tally(line: &str) -> Option<Tally> {
    let mut tally = Tally::default();
    for part in line.split(", ") {
        let (number, name) = part.split_once(' ')?;
        let number = number.parse().ok()?;
        match name {
            "passed" => tally.passed = number,
            "failed" => tally.failed = number,
            "skipped" => tally.skipped = number,
            _ => return None,
        }
    }
    Some(tally)
}

/// Runs a command, shows its output while it comes, and returns the lines and whether it succeeded.
fn watch(command: &mut Command) -> Outcome<(Vec<String>, bool)> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| format!("cannot start a test: {error}"))?;
    let mut lines = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = String::from_utf8_lossy(&line.map_err(|error| error.to_string())?).into_owned();
            println!("{line}");
            lines.push(line);
        }
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    Ok((lines, status.success()))
}

/// Rewrites the expected outputs of the golden tests, or the list of known failures of another kind.
pub fn bless(arguments: &[String]) -> Outcome {
    let kind = arguments.first().map_or("golden", String::as_str);
    let tally = harness(kind, None, true)?;
    println!("tests/{kind}: {} pass, {} are known to fail", tally.passed, tally.skipped);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tallies_are_read() {
        let tally = parse_tally("12 passed, 3 failed, 4 skipped").expect("a tally");
        assert_eq!((tally.passed, tally.failed, tally.skipped), (12, 3, 4));
        assert!(parse_tally("12 passed, 3 failed").is_some());
        assert!(parse_tally("all is well").is_none());
    }
}
