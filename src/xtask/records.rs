//! `cargo xtask oracle` and `cargo xtask whats-left`: what CPython says, recorded as data.
//!
//! The oracle is CPython as published on npm (`pyodide`), run in Node by the scripts in `oracle/`.

use std::path::{Path, PathBuf};

use crate::package::target_folder;
use crate::tools::{self, Outcome, cargo, command, flag, root, run};

/// Records the output of every test program whose path contains the given text.
pub fn oracle(arguments: &[String]) -> Outcome {
    tools::need_node()?;
    let only = arguments.iter().find(|argument| !argument.starts_with("--")).map_or("", String::as_str);
    let mut files = programs(&root().join("tests/programs"));
    files.extend(scripts(&root().join("benches/programs")));
    files.extend(scripts(&root().join("tests/packages")));
    files.retain(|file| file.to_string_lossy().contains(only));
    if files.iter().any(|file| file.starts_with("tests/packages")) {
        tools::need_packages()?;
    }
    let mut script = command("node");
    script.arg("src/xtask/oracle/oracle.mjs");
    if flag(arguments, "--check") {
        script.arg("--check");
    }
    run(script.args(files))
}

/// The test programs: `TOPIC/NAME.py`, and `TOPIC/NAME/main.py` where a program needs modules of its own.
fn programs(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for topic in entries(folder) {
        for entry in entries(&topic) {
            let main = entry.join("main.py");
            found.extend(script(if main.is_file() { main } else { entry }));
        }
    }
    found
}

/// The Python files right in a folder.
fn scripts(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter_map(script).collect()
}

/// The path relative to the root, if it is a Python file.
fn script(file: PathBuf) -> Option<PathBuf> {
    let relative = file.strip_prefix(root()).map(Path::to_path_buf).unwrap_or(file);
    relative.extension().is_some_and(|extension| extension == "py").then_some(relative)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut list: Vec<PathBuf> = folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    list.sort();
    list
}

/// Compares the names, signatures and docs of the builtin types and modules with CPython's record.
pub fn whats_left(arguments: &[String]) -> Outcome {
    tools::need_node()?;
    if flag(arguments, "--update") {
        run(command("node").args(["src/xtask/oracle/inventory.mjs", "tests/inventory.txt"]))?;
    }
    run(cargo().args(["build", "--quiet", "--release", "--package", "snakelet"]))?;
    let program = target_folder().join("release/snakelet");
    let files = ["src/xtask/oracle/whats_left.mjs", "tests/inventory.txt", "tests/inventory_known.txt"];
    run(command("node").args(files).arg(program))
}
