//! `pack-stdlib FOLDER`: writes the packed standard library, as pages load it, into a folder.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: pack-stdlib FOLDER");
        return ExitCode::from(2);
    };
    match snakelet_stdlib::pack(Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: cannot write {}: {error}", Path::new(&folder).display());
            ExitCode::FAILURE
        }
    }
}
