//! Finding the cases on disk and running many at once.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::ScopedJoinHandle;
use std::time::{Duration, Instant};

use crate::report::{Report, Verdict};

/// `tests/KIND`.
pub fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(kind)
}

/// One test program and its record.
pub struct Program {
    /// `topic/name`.
    pub name: String,
    pub file: PathBuf,
}

/// The test programs in order: `TOPIC/NAME.py`, and `TOPIC/NAME/main.py` where a program needs modules of its own.
pub fn programs(only: &str) -> Vec<Program> {
    entries(&folder("programs")).iter().flat_map(|topic| programs_below(&folder("programs"), topic, only)).collect()
}

/// The programs right in a folder below `tests/`.
pub fn programs_in(kind: &str, only: &str) -> Vec<Program> {
    let base = folder(kind);
    programs_below(base.parent().unwrap_or(&base), &base, only)
}

/// The programs of one topic, named relative to `base`.
fn programs_below(base: &Path, topic: &Path, only: &str) -> Vec<Program> {
    let mut found = Vec::new();
    for entry in entries(topic) {
        let main = entry.join("main.py");
        let file = if main.is_file() { main } else { entry.clone() };
        if file.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        let name = entry.strip_prefix(base).unwrap_or(&entry).with_extension("").to_string_lossy().into_owned();
        if name.contains(only) {
            found.push(Program { name, file });
        }
    }
    found
}

/// What lies in a folder, sorted by name.
pub fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut list: Vec<PathBuf> = folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    list.sort();
    list
}

/// Native stack of each case: that of a program's main thread on most systems.
const STACK: usize = 8 << 20;

/// A case that runs longer than this hangs in native code, where nothing can stop it: the whole run is given up.
const CASE_LIMIT: Duration = Duration::from_secs(240);

/// Runs the check on every item, on as many threads as there are processors, and reports in the items' order.
/// A panic in a check is that case's failure.
pub fn run_all<T: Sync>(
    items: &[T],
    name: impl Fn(&T) -> &str + Sync,
    check: impl Fn(&T) -> Verdict + Sync,
    report: &mut Report,
) {
    let next = AtomicUsize::new(0);
    let verdicts: Mutex<Vec<Option<Verdict>>> = Mutex::new(items.iter().map(|_| None).collect());
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { return };
                    // The runtime keeps state by thread: a case that panics must not spoil the next one's.
                    let case = std::thread::Builder::new().stack_size(STACK);
                    let verdict = match case.spawn_scoped(scope, || check(item)) {
                        Ok(thread) => finish(thread, name(item)),
                        Err(error) => Verdict::Failed(format!("cannot start a thread: {error}")),
                    };
                    if let Ok(mut verdicts) = verdicts.lock() {
                        verdicts[index] = Some(verdict);
                    }
                }
            });
        }
    });
    let verdicts = verdicts.into_inner().unwrap_or_default();
    for (item, verdict) in items.iter().zip(verdicts) {
        report.add(name(item), verdict.unwrap_or(Verdict::Failed("was not run".into())));
    }
}

/// Waits for a case's thread.
fn finish(thread: ScopedJoinHandle<'_, Verdict>, name: &str) -> Verdict {
    let start = Instant::now();
    let mut pause = Duration::from_micros(100);
    while !thread.is_finished() {
        if start.elapsed() > CASE_LIMIT {
            println!("FAIL {name}: hangs\n0 passed, 1 failed, 0 skipped");
            std::process::exit(1);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(5));
    }
    thread.join().unwrap_or_else(|panic| Verdict::Failed(format!("panicked: {}", panic_text(&*panic))))
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("no message").to_string()
}
