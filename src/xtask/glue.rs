//! `glue INPUT.wasm FOLDER [PARTS SQLITE]`: writes the JavaScript glue of a compiled module, as the command-line tool wasm-bindgen would,
//! and splits the module into the parts that the file PARTS names (see `split.rs`). SQLITE is SQLite's module, which becomes one
//! that a part is linked with (see `engine.rs`).
//!
//! A program of its own, because the libraries take a minute to compile and most commands of the tool do without them.

mod data;
mod engine;
mod split;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use engine::ENGINE;

fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (input, folder, parts) = match arguments.as_slice() {
        [input, folder] => (input, folder, None),
        [input, folder, parts, sqlite] => (input, folder, Some((Path::new(parts), Path::new(sqlite)))),
        _ => {
            eprintln!("usage: glue INPUT.wasm FOLDER [PARTS SQLITE]");
            return std::process::ExitCode::from(2);
        }
    };
    match write(input, Path::new(folder), parts) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn write(input: &str, folder: &Path, parts: Option<(&Path, &Path)>) -> Result<(), String> {
    wasm_bindgen_cli_support::Bindgen::new()
        .input_path(input)
        .out_name("snakelet")
        .typescript(true)
        .demangle(false)
        .remove_name_section(parts.is_none())
        .remove_producers_section(true)
        .web(true)
        .and_then(|bindgen| bindgen.generate(folder))
        .map_err(|error| format!("{error:#}"))?;
    let Some((parts, sqlite)) = parts else { return Ok(()) };
    let groups = read_groups(&fs::read_to_string(parts).map_err(|error| format!("{}: {error}", parts.display()))?);
    let wasm = folder.join("snakelet_bg.wasm");
    let whole = fs::read(&wasm).map_err(|error| error.to_string())?;
    let linked = fs::read(input).map_err(|error| error.to_string())?;
    let mut split = split::split(&whole, &linked, &groups)?;
    let sqlite = fs::read(sqlite).map_err(|error| format!("{}: {error}", sqlite.display()))?;
    split.parts.insert(ENGINE.to_string(), engine::prepare(&sqlite, &split.of_engine)?);
    split.part_of.insert(ENGINE.to_string(), ENGINE.to_string());
    without_engine(&folder.join("snakelet.js"))?;
    fs::write(&wasm, &split.first).map_err(|error| error.to_string())?;
    let parts_folder = folder.join("parts");
    let _ = fs::remove_dir_all(&parts_folder);
    fs::create_dir_all(&parts_folder).map_err(|error| error.to_string())?;
    for (part, bytes) in &split.parts {
        fs::write(parts_folder.join(format!("{part}.wasm")), bytes).map_err(|error| error.to_string())?;
    }
    let pairs: Vec<String> = split.part_of.iter().map(|(module, part)| format!("  {module}: \"{part}\",")).collect();
    let table = format!(
        "/** The file of parts/ for each name that the machine asks for (written by the build). */\nexport const partOf = {{\n{}\n}};\n",
        pairs.join("\n")
    );
    fs::write(folder.join("parts.js"), table).map_err(|error| error.to_string())
}

/// The first module does not import what its parts import: neither does its JavaScript.
fn without_engine(glue: &Path) -> Result<(), String> {
    let text = fs::read_to_string(glue).map_err(|error| error.to_string())?;
    let name = format!("\"{ENGINE}\"");
    let kept: Vec<&str> = text.lines().filter(|line| !line.contains(&name)).collect();
    fs::write(glue, kept.join("\n") + "\n").map_err(|error| error.to_string())
}

/// Lines `part: module module ...` by the modules' paths; `#` begins a comment.
fn read_groups(text: &str) -> HashMap<String, String> {
    let mut groups = HashMap::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or("");
        let Some((part, modules)) = line.split_once(':') else { continue };
        for module in modules.split_whitespace() {
            let path = if module.contains("::") { module.to_string() } else { format!("snakelet_modules::{module}") };
            groups.insert(path, part.trim().to_string());
        }
    }
    groups
}
