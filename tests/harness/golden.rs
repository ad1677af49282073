//! Text in, text out: `tests/golden/STAGE/NAME.py` goes through a stage of the compiler, whose text must equal `NAME.txt`.
//!
//! `--bless` writes the texts instead. The expected SyntaxErrors are records of CPython, not golden texts; the tests of
//! `src/syntax` read them.

use std::path::PathBuf;

use snakelet_syntax::Mode;

use crate::Options;
use crate::cases;
use crate::diff;
use crate::report::{Report, Verdict};

/// Turns a source into the text of a stage.
type Stage = fn(&str) -> String;

const STAGES: [(&str, Stage); 1] = [("bytecode", bytecode)];

struct Case {
    name: String,
    file: PathBuf,
    stage: Stage,
}

pub fn run(options: &Options, report: &mut Report) {
    let mut found = Vec::new();
    for (folder, stage) in STAGES {
        for file in cases::entries(&cases::folder("golden").join(folder)) {
            if file.extension().is_some_and(|extension| extension == "py") {
                let name = format!("{folder}/{}", file.file_stem().unwrap_or_default().to_string_lossy());
                if name.contains(&options.only) {
                    found.push(Case { name, file, stage });
                }
            }
        }
    }
    cases::run_all(&found, |case| &case.name, |case| check(case, options.bless), report);
}

fn check(case: &Case, bless: bool) -> Verdict {
    let source = match std::fs::read_to_string(&case.file) {
        Ok(source) => source,
        Err(error) => return Verdict::Failed(error.to_string()),
    };
    let got = (case.stage)(&source);
    let target = case.file.with_extension("txt");
    if bless {
        return match std::fs::write(&target, got) {
            Ok(()) => Verdict::Passed,
            Err(error) => Verdict::Failed(error.to_string()),
        };
    }
    match std::fs::read_to_string(&target) {
        Ok(expected) if expected == got => Verdict::Passed,
        Ok(expected) => Verdict::Failed(diff::lines(&expected, &got)),
        Err(_) => Verdict::Failed("has no expected text: run `cargo xtask bless` and read what it writes".into()),
    }
}

/// The disassembly of a module and everything in it, or the SyntaxError.
fn bytecode(source: &str) -> String {
    let options = snakelet_compiler::Options { filename: "golden.py".into(), ..Default::default() };
    let code = snakelet_syntax::parse(source, Mode::Exec)
        .and_then(|parsed| snakelet_compiler::compile(&parsed, source, &options));
    match code {
        Ok(code) => snakelet_bytecode::disassemble(&code),
        Err(error) => format!("{error:?}\n"),
    }
}
