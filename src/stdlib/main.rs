//! `pack-stdlib FOLDER`: writes the packed standard library, as pages load it, into a folder.
//!
//! Beside each module `NAME.py` lies `NAME.pyc`, which is what an import fetches: the length of the source in bytes (four bytes, the
//! lowest first), and the code object as `snakelet_bytecode::serialize` writes it. The source is fetched when somebody wants to see
//! it: a traceback, `inspect`, a debugger. Running such a file instead of compiling the source makes imports several times faster,
//! for half as much again in transfer. A module that takes more than the compiler alone (names of characters, normalisation) has
//! only its source.

use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use snakelet_bytecode::serialize;
use snakelet_compiler::Options;
use snakelet_stdlib::INDEX;
use snakelet_syntax::{Decoded, Mode};

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: pack-stdlib FOLDER");
        return ExitCode::from(2);
    };
    match pack(Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: cannot write {}: {error}", Path::new(&folder).display());
            ExitCode::FAILURE
        }
    }
}

/// Writes the library and its index below `folder`, which is emptied first.
fn pack(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        fs::remove_dir_all(folder)?;
    }
    let mut index = String::new();
    let mut write = |path: &str, bytes: &[u8]| {
        let file = folder.join(path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        index.push_str(path);
        index.push('\n');
        fs::write(file, bytes)
    };
    for (path, bytes) in snakelet_stdlib::files() {
        write(path, bytes)?;
        if path.ends_with(".py")
            && let Some(code) = compile(bytes)
        {
            let length = (bytes.len() as u32).to_le_bytes();
            write(&format!("{path}c"), &[&length[..], &code].concat())?;
        }
    }
    fs::write(folder.join(INDEX), index)
}

/// The code of a module as bytes.
fn compile(source: &[u8]) -> Option<Vec<u8>> {
    let Ok(Decoded::Text(source)) = snakelet_syntax::decode(source, "") else { return None };
    if snakelet_syntax::needs_names(&source) || unicode_normalization::needs_normalization(&source) {
        return None;
    }
    let source = snakelet_syntax::normalize_newlines(&source);
    let parsed = snakelet_syntax::parse(&source, Mode::Exec).ok()?;
    if !parsed.warnings.is_empty() {
        return None;
    }
    let compiled = snakelet_compiler::compile_with_warnings(&parsed, &source, &Options::default()).ok()?;
    compiled.warnings.is_empty().then(|| serialize::to_bytes(&compiled.code))
}
