//! `cargo xtask build`: fills `pkg/` with what pages load.
//!
//! Rust becomes `snakelet_bg.wasm` (cargo, then wasm-bindgen's glue into `web/generated/`), the TypeScript of `web/`
//! becomes four ES modules (esbuild), and the standard library becomes one file per module under `pkg/stdlib/`.
//! A step is skipped when what it reads is older than what it wrote.

use std::fs;
use std::path::{Path, PathBuf};

use crate::tools::{self, Outcome, cargo, command, flag, newest, root, run};

/// What to build.
pub struct Options {
    /// Compile quickly instead of well: no link-time optimisation.
    pub dev: bool,
    /// Also write `pkg/snakelet.html`, one page that works from a `file://` address.
    pub single_file: bool,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Options {
        Options { dev: flag(arguments, "--dev"), single_file: flag(arguments, "--single-file") }
    }
}

/// Brings `pkg/` up to date.
pub fn build(options: &Options) -> Outcome {
    tools::need_node()?;
    tools::need_wasm_target()?;
    compile(options)?;
    pack_library()?;
    bundle(options)
}

/// Rust to `pkg/snakelet_bg.wasm` and `web/generated/snakelet.js`.
fn compile(options: &Options) -> Outcome {
    let root = root();
    let profile = if options.dev { "wasm-dev" } else { "wasm" };
    println!("compiling to WebAssembly (profile {profile})");
    let target = "wasm32-unknown-unknown";
    run(cargo().args(["build", "--quiet", "--package", "snakelet-js", "--target", target, "--profile", profile]))?;
    let module = target_folder().join(target).join(profile).join("snakelet_js.wasm");
    let stamp = target_folder().join("package-profile");
    let wasm = root.join("pkg/snakelet_bg.wasm");
    let glue = root.join("web/generated/snakelet.js");
    let same_profile = fs::read_to_string(&stamp).is_ok_and(|text| text == profile);
    let sources = newest(&root.join("src/xtask")).max(tools::modified(&root.join("src/modules/parts.txt")));
    if same_profile && glue.exists() && tools::modified(&wasm) > tools::modified(&module).max(sources) {
        return Ok(());
    }
    println!("writing the JavaScript glue");
    let mut glue = cargo();
    glue.args(["run", "--quiet", "--package", "xtask", "--features", "glue", "--bin", "glue", "--"]);
    let sqlite = root.join("node_modules/@sqlite.org/sqlite-wasm/dist/sqlite3.wasm");
    glue.arg(&module).arg(root.join("web/generated")).arg(root.join("src/modules/parts.txt")).arg(&sqlite);
    run(&mut glue)?;
    let generated = root.join("web/generated/snakelet_bg.wasm");
    // No wasm-opt: measured on this module, its -O3, -Os and -Oz all make the brotli form larger and nothing faster.
    fs::copy(&generated, &wasm).map_err(|error| format!("cannot write {}: {error}", wasm.display()))?;
    let _ = fs::remove_file(root.join("pkg/snakelet_bg.wasm.br"));
    make_stoppable(&root.join("web/generated/parts/sqlite3.wasm"))?;
    copy_parts(&root.join("web/generated/parts"), &root.join("pkg/parts"))?;
    fs::write(stamp, profile).map_err(|error| error.to_string())
}

/// Applies Binaryen's Asyncify to SQLite's module, which takes most of a minute: not again if it is the same as the last time.
fn make_stoppable(module: &Path) -> Outcome {
    let cache = target_folder().join("sqlite3");
    let (before, after) = (cache.join("before.wasm"), cache.join("after.wasm"));
    let failed = |error: std::io::Error| format!("cannot write {}: {error}", cache.display());
    let wasm = fs::read(module).map_err(failed)?;
    if !after.exists() || fs::read(&before).is_ok_and(|known| known != wasm) {
        println!("making SQLite stoppable");
        fs::create_dir_all(&cache).map_err(failed)?;
        let _ = fs::remove_file(&after);
        fs::write(&before, &wasm).map_err(failed)?;
        let mut optimizer = command("node");
        optimizer.arg(root().join("node_modules/binaryen/bin/wasm-opt")).arg(&before);
        optimizer.args(["--asyncify", "-O2", "--all-features", "--disable-gc", "-o"]).arg(&after);
        run(&mut optimizer)?;
    }
    fs::copy(&after, module).map(drop).map_err(failed)
}

/// The parts that are loaded when a program imports them.
fn copy_parts(from: &Path, to: &Path) -> Outcome {
    let copy = || -> std::io::Result<()> {
        let _ = fs::remove_dir_all(to);
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
        Ok(())
    };
    copy().map_err(|error| format!("cannot write {}: {error}", to.display()))
}

/// The packed standard library to `pkg/stdlib/`.
fn pack_library() -> Outcome {
    let root = root();
    let folder = root.join("pkg/stdlib");
    // The modules are compiled.
    let crates = ["stdlib", "bytecode", "compiler", "syntax"].map(|name| newest(&root.join("src").join(name)));
    let sources = crates.into_iter().max();
    if folder.is_dir() && Some(newest(&folder)) > sources {
        return Ok(());
    }
    println!("packing the standard library");
    run(cargo()
        .args(["run", "--quiet", "--package", "snakelet-stdlib", "--features", "pack", "--bin", "pack-stdlib", "--"])
        .arg(&folder))
}

/// `web/` to the four ES modules, types checked.
fn bundle(options: &Options) -> Outcome {
    println!("bundling web/");
    let mut bundle = command("node");
    bundle.arg("src/xtask/bundle.mjs");
    if options.dev {
        bundle.arg("--dev");
    }
    if options.single_file {
        bundle.arg("--single-file");
    }
    run(&mut bundle)
}

/// The folder that cargo builds into.
pub fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), |folder| Path::new(&folder).to_path_buf())
}
