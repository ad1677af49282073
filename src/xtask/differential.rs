//! `cargo xtask differential`: random cases from fixed seeds, whose results CPython and we must agree on.
//!
//! A topic is `tests/differential/TOPIC.py`, appended to `common.py`. Both run the same cases and print digests of 500 each; the
//! cases of digests that differ are run again, shown, and compared one by one.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::package::target_folder;
use crate::tools::{self, Outcome, cargo, command, flag, output, root, run};

/// Cases of one process: CPython in Node keeps what it prints in memory.
const CHUNK: u64 = 20_000;

/// Differing cases that are shown for each topic.
const SHOWN: usize = 20;

struct Options {
    topics: Vec<String>,
    cases: u64,
    seed: u64,
    program: PathBuf,
}

pub fn differential(arguments: &[String]) -> Outcome {
    tools::need_node()?;
    let options = parse(arguments)?;
    let mut bad = Vec::new();
    for topic in &options.topics {
        let differing = run_topic(topic, &options)?;
        println!("{topic}: {} cases from seed {}, {differing} differ", options.cases, options.seed);
        if differing > 0 {
            bad.push(topic.as_str());
        }
    }
    if bad.is_empty() { Ok(()) } else { Err(format!("differences in {}", bad.join(", "))) }
}

fn parse(arguments: &[String]) -> Outcome<Options> {
    let number = |name: &str, default: u64| -> Outcome<u64> {
        let Some(at) = arguments.iter().position(|argument| argument == name) else { return Ok(default) };
        let value = arguments.get(at + 1).and_then(|text| text.parse().ok());
        value.ok_or_else(|| format!("{name} needs a number"))
    };
    let cases = number("--cases", 100_000)?.next_multiple_of(500);
    let seed = number("--seed", 20_261_120)?;
    let mut topics = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--cases" | "--seed" | "--program" => _ = rest.next(),
            name if !name.starts_with("--") => topics.push(name.to_string()),
            _ => {}
        }
    }
    if topics.is_empty() {
        topics = every_topic()?;
    }
    let program = match arguments.iter().position(|argument| argument == "--program") {
        Some(at) => PathBuf::from(arguments.get(at + 1).ok_or("--program needs a path")?),
        None => {
            if !flag(arguments, "--no-build") {
                run(cargo().args(["build", "--quiet", "--profile", "checked", "--package", "snakelet"]))?;
            }
            target_folder().join("checked/snakelet")
        }
    };
    Ok(Options { topics, cases, seed, program })
}

fn every_topic() -> Outcome<Vec<String>> {
    let folder = root().join("tests/differential");
    let entries = folder.read_dir().map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".py").map(str::to_string))
        .filter(|name| name != "common")
        .collect();
    names.sort();
    Ok(names)
}

/// How many cases of the topic differ; the first ones are shown.
fn run_topic(topic: &str, options: &Options) -> Outcome<usize> {
    let mut differing = 0;
    let mut first = 0;
    while first < options.cases {
        let last = (first + CHUNK).min(options.cases);
        let (ours, theirs) = both(topic, options, first, last, false)?;
        // Lines name the end of their cases; one that is missing differs as well.
        for end in (first + 500..=last).step_by(500) {
            let digest = |lines: &[String]| lines.iter().find(|line| line.starts_with(&format!("{end} "))).cloned();
            let digest_of_theirs = digest(&theirs);
            if digest_of_theirs.is_none() {
                return Err(format!("CPython did not finish {topic} up to {end}"));
            }
            if digest(&ours) == digest_of_theirs {
                continue;
            }
            let (ours, theirs) = both(topic, options, end - 500, end, true)?;
            let before = differing;
            for (at, expected) in theirs.iter().enumerate() {
                let printed = ours.get(at).map_or("", String::as_str);
                if printed == expected {
                    continue;
                }
                differing += 1;
                if differing <= SHOWN {
                    println!("- {expected}\n+ {printed}");
                }
            }
            if differing == before {
                differing += 1;
                println!("{topic}: the digests of the cases before {end} differ, the cases do not");
            }
        }
        first = last;
    }
    Ok(differing)
}

/// What the two print for some cases, by line.
fn both(topic: &str, options: &Options, first: u64, last: u64, shown: bool) -> Outcome<(Vec<String>, Vec<String>)> {
    let read = |name: &str| {
        let path = root().join(format!("tests/differential/{name}.py"));
        std::fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))
    };
    let shown = if shown { "True" } else { "False" };
    let call = format!("run(case, {}, {first}, {last}, {shown})\n", options.seed);
    let source = format!("{}\n\n{}\n\n{call}", read("common")?, read(topic)?);
    let folder = target_folder().join("differential");
    std::fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let file = folder.join(format!("{topic}.py"));
    std::fs::write(&file, source).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    let ours = Command::new(&options.program).arg(&file).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn();
    let ours = ours.map_err(|error| format!("cannot start {}: {error}", options.program.display()))?;
    let theirs = output(command("node").arg("src/xtask/oracle/print.mjs").arg(&file))?;
    let ours = ours.wait_with_output().map_err(|error| error.to_string())?;
    let lines = |text: &str| text.lines().map(str::to_string).collect();
    Ok((lines(&String::from_utf8_lossy(&ours.stdout)), lines(&theirs)))
}
