//! Finding, installing and starting the programs that the commands need.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

/// What a command returns: nothing, or the message of its failure.
pub type Outcome<T = ()> = Result<T, String>;

/// The repository's root folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("the manifest lies two folders below the root").to_path_buf()
}

/// A command that starts in the repository's root.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// Cargo itself, as it was called.
pub fn cargo() -> Command {
    let mut command = command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
    // The variables that the outer cargo set for this package would make the inner one rebuild what did not change.
    for (name, _) in std::env::vars() {
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "CARGO_BIN_NAME" {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a command with our own streams; its failure is ours.
pub fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| format!("cannot start {}: {error}", name(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{} failed ({status})", name(command))) }
}

/// Runs a command and returns what it wrote to standard output.
pub fn output(command: &mut Command) -> Outcome<String> {
    let done = command.stderr(Stdio::inherit()).output();
    let done = done.map_err(|error| format!("cannot start {}: {error}", name(command)))?;
    if !done.status.success() {
        return Err(format!("{} failed ({})", name(command), done.status));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

/// The first words of a command, for messages.
fn name(command: &Command) -> String {
    let mut text = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    for argument in command.get_args().take(3) {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

/// Whether a program of this name is on the path.
pub fn installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Makes sure that Node is there and the npm packages of package-lock.json are installed.
pub fn need_node() -> Outcome {
    if !installed("node") || !installed("npm") {
        return Err("Node.js 20 or later with npm is needed: see https://nodejs.org".into());
    }
    let root = root();
    let lock = root.join("package-lock.json");
    let installed_lock = root.join("node_modules/.package-lock.json");
    if modified(&installed_lock) >= modified(&lock) && installed_lock.exists() {
        return Ok(());
    }
    println!("installing the npm packages");
    run(command("npm").args(["ci", "--no-audit", "--no-fund", "--silent"]))
}

/// Makes sure that Rust can compile to WebAssembly.
pub fn need_wasm_target() -> Outcome {
    const TARGET: &str = "wasm32-unknown-unknown";
    let sysroot = output(command("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    if !installed("rustup") {
        return Err(format!("Rust's target {TARGET} is missing and rustup is not there to install it"));
    }
    println!("installing Rust's target {TARGET}");
    run(command("rustup").args(["target", "add", TARGET]))
}

/// Makes sure that a browser is there: by apt where that is possible, else with a message of what to install.
/// `names` are the program's possible names, `package` Debian's package.
pub fn need_browser(names: &[&str], package: &str) -> Outcome {
    if names.iter().any(|name| installed(name)) {
        return Ok(());
    }
    install_by_apt(package).map_err(|message| format!("{} is needed: {message}", names[0]))
}

/// Makes sure that CPython's own tests are there: those of an installed Python 3.11, or Debian's package.
pub fn need_cpython_suite() -> Outcome {
    let script = "import os, test; os.stat(os.path.join(test.__path__[0], 'test_grammar.py'))";
    let there = command("python3.11").args(["-c", script]).stderr(Stdio::null()).status();
    if there.is_ok_and(|status| status.success()) || Path::new("/usr/lib/python3.11/test/test_grammar.py").is_file() {
        return Ok(());
    }
    install_by_apt("libpython3.11-testsuite").map_err(|message| format!("CPython's tests are not installed: {message}"))
}

/// Makes sure that the packages which the programs in tests/packages name (`# needs: NAME==VERSION ...`) lie unpacked in
/// target/packages, one folder each: by pip, from the registry that it is set up for. Compiled accelerators are left out.
pub fn need_packages() -> Outcome {
    let folder = root().join("target/packages");
    let mut names: Vec<String> = Vec::new();
    for entry in root().join("tests/packages").read_dir().map_err(|error| error.to_string())?.flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
        let needs = text.lines().find_map(|line| line.strip_prefix("# needs: ")).unwrap_or("");
        names.extend(needs.split(' ').filter(|name| !name.is_empty()).map(str::to_string));
    }
    names.sort();
    names.dedup();
    names.retain(|name| !folder.join(name).is_dir());
    for name in &names {
        println!("fetching the package {name}");
        let target = folder.join(format!("{name}.part"));
        let mut pip = command("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile"]);
        pip.args(["--root-user-action=ignore", "--ignore-requires-python", "--only-binary=:all:", "--python-version"]);
        pip.args(["3.14", "--target"]).arg(&target).arg(name);
        run(&mut pip).map_err(|message| format!("the package {name} cannot be had: {message}"))?;
        remove_compiled(&target);
        std::fs::rename(&target, folder.join(name)).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Removes shared libraries below a folder.
fn remove_compiled(folder: &Path) {
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            remove_compiled(&path);
        } else if path.extension().is_some_and(|extension| extension == "so") {
            // The package works without it, or its test tells.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Installs a Debian package, where apt is there and we may use it.
fn install_by_apt(package: &str) -> Outcome {
    let is_root = output(command("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !(installed("apt-get") && is_root) {
        return Err(format!("install it, for example by `sudo apt-get install {package}`"));
    }
    println!("installing {package}");
    let install = || run(command("apt-get").args(["install", "-y", "-qq", "--no-install-recommends", package]));
    if install().is_ok() {
        return Ok(());
    }
    run(command("apt-get").args(["update", "-qq"]))?;
    install()
}

/// When a file was last changed; the beginning of time if it is not there.
pub fn modified(path: &Path) -> SystemTime {
    path.metadata().and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}

/// The newest change in a file, or in a folder and all below it.
pub fn newest(path: &Path) -> SystemTime {
    let Ok(entries) = path.read_dir() else { return modified(path) };
    entries.flatten().map(|entry| newest(&entry.path())).max().unwrap_or(SystemTime::UNIX_EPOCH)
}

/// The value that follows an option such as `--port`.
pub fn option<'a>(arguments: &'a [String], name: &str) -> Option<&'a str> {
    let at = arguments.iter().position(|argument| argument == name)?;
    arguments.get(at + 1).map(String::as_str)
}

/// Whether a flag such as `--dev` was given.
pub fn flag(arguments: &[String], name: &str) -> bool {
    arguments.iter().any(|argument| argument == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The guides name files and folders in backticks and links; each must exist.
    #[test]
    fn paths_in_the_guides_exist() {
        for guide in ["README.md", "CONTRIBUTING.md"] {
            let text = std::fs::read_to_string(root().join(guide)).expect("the guide");
            let quoted = text.split('`').skip(1).step_by(2);
            let linked = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            for path in quoted.chain(linked) {
                let generic = path.split('/').any(|part| part.starts_with(|letter: char| letter.is_uppercase()));
                let made = path.starts_with("target/") || path.starts_with("pkg/") || path.contains("://");
                if path.contains('/') && !path.contains(' ') && !generic && !made {
                    assert!(root().join(path).exists(), "{guide} names {path}, which does not exist");
                }
            }
        }
    }
}
