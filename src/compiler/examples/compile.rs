//! Compiles files and checks the result: `compile [-d] PATH...` where a path is a file or a folder that is searched for
//! `.py` files. With `-d` the bytecode is printed. A hand-run test: `cargo run -p snakelet-compiler --example compile -- Lib`.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use snakelet_compiler::{Options, compile_with_warnings};
use snakelet_syntax::{Mode, normalize_newlines, parse};

fn main() {
    // Debug builds need much stack for deeply nested programs.
    let worker = std::thread::Builder::new().stack_size(64 << 20).spawn(run);
    let failed = worker.ok().and_then(|worker| worker.join().ok());
    std::process::exit(i32::from(failed != Some(0)));
}

fn run() -> usize {
    let mut print = false;
    let mut files = Vec::new();
    for argument in std::env::args().skip(1) {
        if argument == "-d" {
            print = true;
        } else {
            collect(Path::new(&argument), &mut files);
        }
    }
    files.sort();
    let (mut bytes, mut failed) = (0, 0);
    let (mut parsing, mut compiling) = (Duration::ZERO, Duration::ZERO);
    for file in &files {
        let Ok(raw) = std::fs::read(file) else { continue };
        let Ok(text) = String::from_utf8(raw) else {
            println!("{}: not UTF-8, skipped", file.display());
            continue;
        };
        let source = normalize_newlines(&text);
        bytes += source.len();
        let start = Instant::now();
        let parsed = parse(&source, Mode::Exec);
        parsing += start.elapsed();
        let options = Options { filename: file.to_string_lossy().into(), ..Options::default() };
        let start = Instant::now();
        let work = || parsed.and_then(|parsed| compile_with_warnings(&parsed, &source, &options));
        let compiled = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        compiling += start.elapsed();
        let Ok(compiled) = compiled else {
            println!("{}: panic", file.display());
            failed += 1;
            continue;
        };
        match compiled {
            Ok(compiled) => {
                for warning in &compiled.warnings {
                    println!("{}: {:?}: {}", file.display(), warning.range, warning.message);
                }
                if let Err(message) = snakelet_bytecode::verify(&compiled.code) {
                    println!("{}: {message}", file.display());
                    failed += 1;
                }
                if print {
                    print!("{}", snakelet_bytecode::disassemble(&compiled.code));
                }
            }
            Err(error) => {
                println!("{}: {:?}: {} at {:?}", file.display(), error.kind, error.message, error.start);
                failed += 1;
            }
        }
    }
    println!("{} files, {bytes} bytes, {failed} failed; parsing {parsing:?}, compiling {compiling:?}", files.len());
    failed
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_file() {
        files.push(path.to_owned());
        return;
    }
    let Ok(entries) = std::fs::read_dir(path) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() || path.extension().is_some_and(|extension| extension == "py") {
            collect(&path, files);
        }
    }
}
