//! CPython's own tests, unmodified: each module of `tests/cpython/modules.txt` in a process of its own, through the native program.
//!
//! The modules come from an installed CPython 3.11 (Debian's `libpython3.11-testsuite`, or whatever `SNAKELET_CPYTHON_TESTS`
//! names). Each test method is a case; see `tests/cpython/README.md`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use crate::Options;
use crate::cases;
use crate::process;
use crate::programs::{self, Scratch};
use crate::report::{Report, Verdict};

/// Seconds that one module may take.
const LIMIT: Duration = Duration::from_secs(120);

pub fn run(options: &Options, report: &mut Report) {
    let folder = cases::folder("cpython");
    let Some(suite) = find_suite() else {
        report.note("CPython's test suite is not installed (apt-get install libpython3.11-testsuite): nothing to do");
        return;
    };
    let list = std::fs::read_to_string(folder.join("modules.txt")).unwrap_or_default();
    let modules: Vec<String> = list.lines().filter(|line| line.contains(&options.only)).map(str::to_string).collect();
    let results: Mutex<Vec<(String, Verdict)>> = Mutex::default();
    let run_module = |module: &String| {
        let outcome = prepare(&folder, &suite, module).map_err(|error| format!("cannot copy the module: {error}"));
        let outcome = outcome.and_then(|scratch| {
            let mut command = process::command(&options.program);
            command.current_dir(&scratch.folder).args(["run_module.py", "shim", "suite", module]);
            process::run(&mut command, b"", LIMIT)
        });
        if let Ok(mut results) = results.lock() {
            results.extend(read_results(module, outcome));
        }
        Verdict::Passed
    };
    cases::run_all(&modules, |module| module, run_module, &mut Report::new(""));
    let mut results = results.into_inner().unwrap_or_default();
    results.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, verdict) in results {
        report.add(&name, verdict);
    }
}

/// What test modules import from each other.
const HELPERS: [&str; 9] = [
    "list_tests.py",
    "seq_tests.py",
    "mapping_tests.py",
    "string_tests.py",
    "test_grammar.py",
    "test_math.py",
    "ann_module.py",
    "ann_module2.py",
    "ann_module3.py",
];

/// A folder with the runner, the stand-ins, and the test module with its helpers: the program sees what is near it.
fn prepare(folder: &Path, suite: &Path, module: &str) -> std::io::Result<Scratch> {
    let scratch = Scratch::new(module)?;
    std::fs::copy(folder.join("run_module.py"), scratch.folder.join("run_module.py"))?;
    programs::copy(&folder.join("shim"), &scratch.folder.join("shim"))?;
    let target = scratch.folder.join("suite");
    std::fs::create_dir_all(&target)?;
    std::fs::copy(suite.join(format!("{module}.py")), target.join(format!("{module}.py")))?;
    for helper in HELPERS.iter().filter(|helper| suite.join(helper).is_file()) {
        std::fs::copy(suite.join(helper), target.join(helper))?;
    }
    if suite.join("typinganndata").is_dir() {
        programs::copy(&suite.join("typinganndata"), &target.join("typinganndata"))?;
    }
    Ok(scratch)
}

/// The folder that holds `test_grammar.py`.
fn find_suite() -> Option<PathBuf> {
    let given = std::env::var_os("SNAKELET_CPYTHON_TESTS").map(PathBuf::from);
    let asked = Command::new("python3.11").args(["-c", "import test; print(test.__path__[0])"]).output().ok();
    let asked = asked.map(|done| PathBuf::from(String::from_utf8_lossy(&done.stdout).trim()));
    let candidates = [given, Some("/usr/lib/python3.11/test".into()), asked];
    candidates.into_iter().flatten().find(|folder| folder.join("test_grammar.py").is_file())
}

/// One verdict for each line of a module's run.
pub fn read_results(module: &str, outcome: Result<crate::record::Record, String>) -> Vec<(String, Verdict)> {
    let record = match outcome {
        Ok(record) => record,
        Err(message) => return vec![(module.into(), Verdict::Failed(message))],
    };
    let mut verdicts = Vec::new();
    let mut ended = false;
    for line in record.stdout.lines() {
        let mut parts = line.split('\t');
        let (kind, name, why) = (parts.next(), parts.next().unwrap_or(module), parts.next().unwrap_or_default());
        let verdict = match kind {
            Some("ok") => Verdict::Passed,
            Some("FAIL") => Verdict::Failed(why.into()),
            Some("skip") => Verdict::Skipped(why.into()),
            Some("end") => {
                ended = true;
                continue;
            }
            _ => continue,
        };
        verdicts.push((name.to_string(), verdict));
    }
    if !ended {
        let last = record.stderr.lines().rev().take(6).collect::<Vec<_>>();
        let text = last.into_iter().rev().collect::<Vec<_>>().join("\n");
        verdicts.push((module.into(), Verdict::Failed(format!("ended early (exit {}):\n{text}", record.exit))));
    }
    verdicts
}
