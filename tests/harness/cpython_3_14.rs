//! CPython 3.14's tests as they are, with the library's own `unittest` and CPython's `test.support`, through the native program.
//!
//! `SNAKELET_CPYTHON_TESTS` names the suite's folder `test`; a copy of it that another implementation keeps is as good, as its
//! marks of what that implementation fails are taken out. The modules are listed in `tests/cpython/3.14/modules.txt`, each runs
//! in a process of its own, and each test method is a case; the ones that fail stand with their reasons in `known.txt` there.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use crate::Options;
use crate::cases;
use crate::cpython::read_results;
use crate::process;
use crate::programs::Scratch;
use crate::report::{Report, Verdict};

/// Seconds that one module may take: some take a minute in an unoptimised program.
const LIMIT: Duration = Duration::from_secs(230);

pub fn run(options: &Options, report: &mut Report) {
    let folder = cases::folder("cpython/3.14");
    let Some(suite) = find_suite() else {
        report.note("SNAKELET_CPYTHON_TESTS does not name CPython 3.14's test folder: nothing to do");
        return;
    };
    let list = std::fs::read_to_string(folder.join("modules.txt")).unwrap_or_default();
    let modules: Vec<String> = list.lines().filter(|line| line.contains(&options.only)).map(str::to_string).collect();
    let scratch = match prepare(&folder, &suite) {
        Ok(scratch) => scratch,
        Err(error) => return report.note(&format!("cannot copy the suite: {error}")),
    };
    let results: Mutex<Vec<(String, Verdict)>> = Mutex::default();
    let run_module = |module: &String| {
        let mut command = process::command(&options.program);
        command.current_dir(&scratch.folder).args(["run.py", module]);
        let outcome = process::run(&mut command, b"", LIMIT);
        if let Ok(mut results) = results.lock() {
            results.extend(read_results(module, outcome));
        }
        Verdict::Passed
    };
    cases::run_all(&modules, |module| module, run_module, &mut Report::new(""));
    let mut results = results.into_inner().unwrap_or_default();
    results.sort_by(|a, b| a.0.cmp(&b.0));
    for module in &modules {
        report.note(&summary(module, &results));
    }
    for (name, verdict) in results {
        report.add(&name, verdict);
    }
}

/// A module's line of the table.
fn summary(module: &str, results: &[(String, Verdict)]) -> String {
    let of_module = |name: &str| name.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for (_, verdict) in results.iter().filter(|(name, _)| of_module(name)) {
        match verdict {
            Verdict::Passed => passed += 1,
            Verdict::Failed(_) => failed += 1,
            Verdict::Skipped(_) => skipped += 1,
        }
    }
    format!("{module}: {passed} passed, {failed} failed, {skipped} skipped")
}

/// The folder that holds 3.14's tests.
fn find_suite() -> Option<PathBuf> {
    let given = std::env::var_os("SNAKELET_CPYTHON_TESTS").map(PathBuf::from)?;
    given.join("test_tstring.py").is_file().then_some(given)
}

/// A folder with the runner and the suite, which the program sees as it is near it. All modules share it: what a program writes
/// stays in its session.
fn prepare(folder: &Path, suite: &Path) -> std::io::Result<Scratch> {
    let scratch = Scratch::new("suite")?;
    std::fs::copy(folder.join("run.py"), scratch.folder.join("run.py"))?;
    copy_clean(suite, &scratch.folder.join("test"))?;
    Ok(scratch)
}

fn copy_clean(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in from.read_dir()?.flatten() {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            if !source.ends_with("__pycache__") {
                copy_clean(&source, &target)?;
            }
            continue;
        }
        let bytes = std::fs::read(&source)?;
        let python = source.extension().is_some_and(|extension| extension == "py");
        std::fs::write(target, if python { without_marks(bytes) } else { bytes })?;
    }
    Ok(())
}

/// What another implementation's marks contain.
const MARK: &str = "RUSTPYTHON";

/// Options of doctests that stay where a mark is cut off.
const DOCTEST_OPTIONS: [&str; 2] = ["+ELLIPSIS", "+NORMALIZE_WHITESPACE"];

/// The source without the decorators and doctest options that another implementation added, and without the methods that it
/// added to have something to decorate: they only call the base class's.
fn without_marks(source: Vec<u8>) -> Vec<u8> {
    let text = match String::from_utf8(source) {
        Ok(text) if text.contains(MARK) => text,
        Ok(text) => return text.into_bytes(),
        Err(other) => return other.into_bytes(),
    };
    let mut kept = String::with_capacity(text.len());
    // The line before is a mark; a mark stood above since the last line that is no decorator.
    let (mut marked, mut decorated) = (false, false);
    // A decorator that stays is above: then the method is CPython's own.
    let mut is_decorated = false;
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let start = line.trim_start();
        let mark = line.contains(MARK);
        if start.starts_with("@unittest.") && (marked || mark) {
            decorated = true;
            continue;
        }
        let is_method = start.starts_with("def ") || start.starts_with("async def ");
        let calls_base = |next: &&str| {
            let next = next.trim_start();
            let call = next.strip_prefix("return ").unwrap_or(next);
            call.strip_prefix("await ").unwrap_or(call).starts_with("super().test_")
        };
        if is_method && !is_decorated && (decorated || marked || mark) && lines.next_if(calls_base).is_some() {
            // A class must not become empty by it.
            let indent = &line[..line.len() - start.len()];
            kept.push_str(&format!("{indent}pass\n"));
            (marked, decorated) = (false, false);
            continue;
        }
        marked = start.starts_with('#') && mark;
        is_decorated = start.starts_with('@');
        decorated &= is_decorated;
        match line.find("# TODO: RUSTPYTHON") {
            Some(at) if start.starts_with(">>> ") => {
                let (code, comment) = line.split_at(at);
                kept.push_str(code.trim_end());
                let options: Vec<&str> =
                    DOCTEST_OPTIONS.into_iter().filter(|option| comment.contains(option)).collect();
                if !options.is_empty() {
                    kept.push_str(&format!("  # doctest: {}", options.join(", ")));
                }
                kept.push('\n');
            }
            _ => kept.push_str(line),
        }
    }
    kept.into_bytes()
}
