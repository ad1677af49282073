//! Compiles files and checks the result: `compile [-d] PATH...` where a path is a file or a folder that is searched for
//! `.py` files. With `-d` the bytecode is printed, with `-s` a line per code object that can be compared with CPython's. A hand-run test: `cargo run -p snakelet-compiler --example compile -- Lib`.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use snakelet_compiler::{Options, compile_with_warnings};
use snakelet_syntax::{Mode, normalize_newlines, parse};

fn main() {
    // Debug builds need much stack for deeply nested programs.
    let worker = std::thread::Builder::new()
        .stack_size(std::env::var("STACK_KB").ok().and_then(|kb| kb.parse().ok()).unwrap_or(65536usize) << 10)
        .spawn(run);
    let failed = worker.ok().and_then(|worker| worker.join().ok());
    std::process::exit(i32::from(failed != Some(0)));
}

fn run() -> usize {
    let (mut print, mut summary) = (false, false);
    let mut files = Vec::new();
    for argument in std::env::args().skip(1) {
        if argument == "-e" {
            errors();
            return 0;
        } else if argument == "-d" {
            print = true;
        } else if argument == "-s" {
            summary = true;
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
                if let Err(message) = snakelet_bytecode::check_liveness(&compiled.code) {
                    println!("{}: {message}", file.display());
                    failed += 1;
                }
                if summary {
                    summarize(&file.to_string_lossy(), &compiled.code);
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

/// Compiles the snippets of standard input, which lines of dashes separate, and prints what is wrong with each.
fn errors() {
    let input = std::io::read_to_string(std::io::stdin()).unwrap_or_default();
    for snippet in input.split("\n----\n") {
        let result = parse(snippet, Mode::Exec).map_err(|error| (true, error)).and_then(|parsed| {
            compile_with_warnings(&parsed, snippet, &Options::default()).map_err(|error| (false, error))
        });
        match result {
            Ok(compiled) => {
                let warnings: Vec<_> = compiled.warnings.iter().map(|warning| &*warning.message).collect();
                println!("{snippet:?} => OK {warnings:?}");
            }
            Err((parser, error)) => {
                let (line, column) = error.start;
                let (end_line, end_column) = error.end.unwrap_or((0, 0));
                let by = if parser { " (parser)" } else { "" };
                println!("{snippet:?} => {} {line} {column} {end_line} {end_column}{by}", error.message);
            }
        }
    }
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

fn summarize(file: &str, code: &snakelet_bytecode::Code) {
    let names = |names: &[std::rc::Rc<str>]| names.join(",");
    let mut arguments = (code.arg_count + code.kwonly_count) as usize;
    arguments += usize::from(code.flags.has(snakelet_bytecode::CodeFlags::VARARGS));
    arguments += usize::from(code.flags.has(snakelet_bytecode::CodeFlags::VARKEYWORDS));
    let mut cells: Vec<_> = code.cell_registers.iter().map(|&r| code.varnames[r as usize].clone()).collect();
    cells.sort();
    cells.dedup();
    let mut lines: Vec<u32> =
        (0..code.instrs.len()).filter_map(|i| code.positions.get(i)).map(|position| position.line).collect();
    lines.sort_unstable();
    lines.dedup();
    println!(
        "{file}|{}|{}|{} {} {}|{:#x}|{}|{}|{}|{lines:?}",
        code.qualname,
        code.first_line,
        code.arg_count,
        code.posonly_count,
        code.kwonly_count,
        code.flags.0,
        names(&code.varnames[..arguments.min(code.varnames.len())]),
        names(&code.freevars),
        names(&cells),
    );
    for constant in &code.consts {
        if let snakelet_bytecode::Constant::Code(inner) = constant {
            summarize(file, inner);
        }
    }
}
