//! The program suite: each program through the native command-line program, compared with CPython's record.

use std::path::{Path, PathBuf};
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

/// Runs one program and compares it with its record.
pub fn check(program: &Program, interpreter: &Path) -> Verdict {
    check_with(program, interpreter, &[], LIMIT)
}

/// The same with modules from these folders, and this much time.
pub fn check_with(program: &Program, interpreter: &Path, path: &[PathBuf], limit: Duration) -> Verdict {
    let Some(expected) = expected(program) else {
        return Verdict::Failed("has no record: run `cargo xtask oracle`".into());
    };
    let scratch = match Scratch::for_program(program) {
        Ok(scratch) => scratch,
        Err(error) => return Verdict::Failed(format!("cannot copy the program: {error}")),
    };
    let folder = &scratch.folder;
    let mut command = process::command(interpreter);
    command.current_dir(folder).arg(program.file.file_name().unwrap_or_default());
    if let Ok(path) = std::env::join_paths(path)
        && !path.is_empty()
    {
        command.env("PYTHONPATH", path);
    }
    match process::run(&mut command, stdin(program).as_bytes(), limit) {
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

/// A folder of its own for one run, so that programs that write files leave no trace. Removed when dropped.
pub struct Scratch {
    pub folder: PathBuf,
}

impl Scratch {
    /// An empty folder.
    pub fn new(name: &str) -> std::io::Result<Scratch> {
        let name = format!("snakelet-{}-{}", std::process::id(), name.replace('/', "-"));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(Scratch { folder })
    }

    /// A folder with the program, and the modules beside it if it is a `main.py`.
    fn for_program(program: &Program) -> std::io::Result<Scratch> {
        let scratch = Scratch::new(&program.name)?;
        match program.file.parent() {
            Some(parent) if program.file.ends_with("main.py") => copy(parent, &scratch.folder)?,
            _ => {
                let target = scratch.folder.join(program.file.file_name().unwrap_or_default());
                std::fs::copy(&program.file, target)?;
            }
        }
        Ok(scratch)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nothing depends on it: the system clears its temporary files.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Copies a folder and all below it.
pub fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in from.read_dir()?.flatten() {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() { copy(&source, &target)? } else { _ = std::fs::copy(source, target)? }
    }
    Ok(())
}
