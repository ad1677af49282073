//! The program suite: each program through the native command-line program, compared with CPython's record.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::Options;
use crate::cases::{self, Program};
use crate::process;
use crate::record::Record;
use crate::report::{Report, Verdict};

/// Seconds that one program may take.
const LIMIT: Duration = Duration::from_secs(30);

pub fn run(options: &Options, report: &mut Report) {
    let programs = cases::programs(&options.only);
    cases::run_all(&programs, |program| &program.name, |program| check(program, &options.program), report);
}

fn check(program: &Program, interpreter: &Path) -> Verdict {
    let Some(expected) = expected(program) else {
        return Verdict::Failed("has no record: run `cargo xtask oracle`".into());
    };
    let folder = program.file.parent().unwrap_or(Path::new("."));
    let mut command = Command::new(std::path::absolute(interpreter).unwrap_or(interpreter.to_path_buf()));
    command.current_dir(folder).arg(program.file.file_name().unwrap_or_default());
    match process::run(&mut command, stdin(program).as_bytes(), LIMIT) {
        Ok(mut got) => {
            got.stdout = process::without_folder(&got.stdout, folder);
            got.stderr = process::without_folder(&got.stderr, folder);
            got.compare(&expected).map_or(Verdict::Passed, Verdict::Failed)
        }
        Err(message) => Verdict::Failed(message),
    }
}

/// The record beside a program.
pub fn expected(program: &Program) -> Option<Record> {
    let text = std::fs::read_to_string(program.file.with_extension("out")).ok()?;
    Some(Record::parse(&text))
}

/// What a program reads from standard input.
pub fn stdin(program: &Program) -> String {
    std::fs::read_to_string(program.file.with_extension("stdin")).unwrap_or_default()
}
