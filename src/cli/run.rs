//! One program from start to exit code.

use std::path::{Path, PathBuf};

use snakelet_vm::errors::Exc;
use snakelet_vm::session::Mode;
use snakelet_vm::types::dict::Dict;
use snakelet_vm::types::list::List;
use snakelet_vm::{PyResult, Value, Vm};

use crate::disk;
use crate::driver::Driver;
use crate::options::Options;

/// Runs a file.
pub fn file(options: &Options, path: &str) -> u8 {
    let source = match std::fs::read(path) {
        Ok(source) => source,
        Err(error) => {
            let number = error.raw_os_error().unwrap_or(5);
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or("");
            eprintln!("snakelet: can't open file '{}': [Errno {number}] {text}", absolute(path).display());
            return 2;
        }
    };
    let path = absolute(path);
    let mut driver = start(options, options.argv.clone());
    let folder = path.parent().map_or_else(|| PathBuf::from("/"), Path::to_path_buf);
    disk::copy_in(driver.session.vm().files(), &folder);
    set_first_path(driver.session.vm(), &folder.to_string_lossy());
    let name = path.to_string_lossy().into_owned();
    if let Some(globals) = driver.session.globals().downcast::<Dict>() {
        globals.set_text("__file__", Value::from_str(&name));
        globals.set_text("__cached__", Value::NONE);
    }
    run(&mut driver, &source, &name)
}

/// Runs a program that comes from elsewhere.
pub fn source(options: &Options, source: &[u8], name: &str) -> u8 {
    let mut driver = start(options, options.argv.clone());
    run(&mut driver, source, name)
}

/// Runs a module of the library, or of the current folder, as a program.
pub fn module(options: &Options, name: &str) -> u8 {
    let mut driver = start(options, options.argv.clone());
    let current = std::env::current_dir().unwrap_or_default();
    set_first_path(driver.session.vm(), &current.to_string_lossy());
    let vm = driver.session.vm().handle();
    let name = name.to_string();
    driver.session.start_native(Box::pin(async move {
        let runpy = snakelet_vm::import::import_module(&vm, "runpy").await?;
        let run = vm.attr(&runpy, "_run_module_as_main").await?;
        vm.call(&run, vec![Value::from_str(&name)]).await
    }));
    let result = driver.finish().map(drop);
    exit_code(&mut driver, result)
}

/// A session that knows the current folder, and those of PYTHONPATH.
pub fn start(options: &Options, argv: Vec<String>) -> Driver {
    let driver = Driver::new(options, argv, false);
    enter_current_folder(&driver);
    let vm = driver.session.vm();
    let folders: Vec<PathBuf> = std::env::var_os("PYTHONPATH")
        .map(|path| std::env::split_paths(&path).filter(|path| !path.as_os_str().is_empty()).collect())
        .unwrap_or_default();
    for (at, folder) in folders.iter().enumerate() {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
        disk::copy_in(vm.files(), &folder);
        if let Some(path) = vm.sys.get_text("path").as_ref().and_then(|path| path.downcast::<List>()) {
            path.items.borrow_mut().insert(at + 1, Value::from_str(&folder.to_string_lossy()));
        }
    }
    driver
}

/// Makes the process's folder the session's.
pub fn enter_current_folder(driver: &Driver) {
    let Ok(current) = std::env::current_dir() else { return };
    let files = driver.session.vm().files();
    let name = current.to_string_lossy();
    if files.make_folders(&name).is_ok() && files.set_current_folder(&name).is_ok() {
        disk::copy_in(files, &current);
    }
}

fn run(driver: &mut Driver, source: &[u8], name: &str) -> u8 {
    let result = driver.session.load_bytes(source, name, Mode::Exec);
    let result = result.and_then(|()| driver.finish().map(drop));
    exit_code(driver, result)
}

/// Reports how a program ended, lets it clean up, and answers the process's exit code.
pub fn exit_code(driver: &mut Driver, result: Result<(), Value>) -> u8 {
    let code = match result {
        Ok(()) => 0,
        Err(exception) => report(driver, exception),
    };
    let vm = driver.session.vm().handle();
    driver.session.start_native(Box::pin(async move { snakelet_vm::import::finish(&vm).await }));
    if let Err(exception) = driver.finish() {
        show(driver, &exception);
    }
    code
}

/// Shows an exception that nothing caught; SystemExit is the wish to exit with a code.
pub fn report(driver: &mut Driver, exception: Value) -> u8 {
    if Exc::SystemExit.matches(&exception) {
        return system_exit(driver, &exception);
    }
    show(driver, &exception);
    if Exc::KeyboardInterrupt.matches(&exception) { 130 } else { 1 }
}

/// Hands an exception to `sys.excepthook`.
fn show(driver: &mut Driver, exception: &Value) {
    let vm = driver.session.vm().handle();
    let exception = exception.clone();
    driver.session.start_native(Box::pin(async move { snakelet_vm::errors::show_uncaught(&vm, exception).await }));
    // The hook's own errors are shown by it.
    let _ = driver.finish();
}

fn system_exit(driver: &mut Driver, exception: &Value) -> u8 {
    let vm = driver.session.vm().handle();
    let exception = exception.clone();
    let code = async move |vm: &Vm| -> PyResult {
        let code = vm.attr(&exception, "code").await?;
        if code.is_none() || code.is_int() {
            return Ok(code);
        }
        let text = vm.str(&code).await?.to_string_lossy();
        vm.write(snakelet_vm::host::Stream::Stderr, &format!("{text}\n"));
        Ok(Value::small_int(1))
    };
    driver.session.start_native(Box::pin(async move { code(&vm).await }));
    match driver.finish() {
        Ok(code) if code.is_none() => 0,
        Ok(code) => code.to_i64().map_or(255, |code| code as u8),
        Err(_) => 1,
    }
}

fn absolute(path: &str) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path))
}

fn set_first_path(vm: &Vm, folder: &str) {
    if let Some(path) = vm.sys.get_text("path")
        && let Some(path) = path.downcast::<List>()
        && let Some(first) = path.items.borrow_mut().first_mut()
    {
        *first = Value::from_str(folder);
    }
}
