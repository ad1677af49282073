//! `cargo xtask bench` and `cargo xtask sizes`: the package against its peers, in one run on one machine.
//!
//! The measuring itself is done by the scripts under `benches/`, which drive headless Chromium and Node.

use crate::package::{self, Options};
use crate::tools::{self, Outcome, command, run};

/// Times the benchmark programs; the table goes to `benches/results.md`.
pub fn bench(arguments: &[String]) -> Outcome {
    prepare()?;
    run(command("node").arg("benches/bench.mjs").args(arguments))
}

/// Counts the bytes of a page that prints one line, and the time until it does.
pub fn sizes(arguments: &[String]) -> Outcome {
    prepare()?;
    run(command("node").arg("benches/sizes.mjs").args(arguments))
}

fn prepare() -> Outcome {
    package::build(&Options { dev: false, single_file: false })?;
    tools::need_browser(&["chromium", "chromium-browser", "google-chrome"], "chromium")
}
