//! `snakelet-tests KIND --program PATH [--only TEXT] [--bless]`: the tests that run natively.
//!
//! Each kind is a module: it finds its cases under `tests/KIND`, runs them on all processors and reports. The last line of
//! the output is `N passed, N failed, N skipped`, which `cargo xtask test` reads.

mod cases;
mod cpython;
mod cpython_3_14;
mod diff;
mod docs;
mod fuzz;
mod golden;
mod interpreter;
mod limits;
mod packages;
mod process;
mod programs;
mod record;
mod report;
mod suspend;

use std::path::PathBuf;
use std::process::ExitCode;

use report::Report;

/// What the command line asked for.
pub struct Options {
    /// The native `snakelet` to test.
    pub program: PathBuf,
    /// Only cases whose name contains this.
    pub only: String,
    /// Rewrite expected outputs instead of comparing.
    pub bless: bool,
}

impl Options {
    fn parse(arguments: &[String]) -> Options {
        let value = |name: &str| {
            let at = arguments.iter().position(|argument| argument == name)?;
            arguments.get(at + 1).cloned()
        };
        Options {
            program: value("--program").unwrap_or_else(|| "target/checked/snakelet".into()).into(),
            only: value("--only").unwrap_or_default(),
            bless: arguments.iter().any(|argument| argument == "--bless"),
        }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let kind = arguments.first().map_or("", String::as_str);
    let options = Options::parse(&arguments);
    let mut report = Report::new(kind);
    if options.bless && kind != "golden" {
        report.bless();
    }
    match kind {
        "cpython" => cpython::run(&options, &mut report),
        "cpython/3.14" => cpython_3_14::run(&options, &mut report),
        "docs" => docs::run(&options, &mut report),
        "fuzz" => fuzz::run(&options, &mut report),
        "golden" => golden::run(&options, &mut report),
        "packages" => packages::run(&options, &mut report),
        "programs" => programs::run(&options, &mut report),
        "suspend" => suspend::run(&options, &mut report),
        _ => {
            eprintln!("usage: snakelet-tests KIND --program PATH [--only TEXT] [--bless]");
            return ExitCode::from(2);
        }
    }
    report.finish()
}
