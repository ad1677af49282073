//! The line-based shell: statements are read, run, and the values of expressions shown.

use std::io::Write;

use snakelet_syntax::Completeness;
use snakelet_vm::Value;
use snakelet_vm::errors::Exc;
use snakelet_vm::host::HostReply;
use snakelet_vm::session::Mode;

use crate::driver::{Driver, read_line};
use crate::options::Options;
use crate::run;

/// Runs until the end of the input or `exit()`.
pub fn shell(options: &Options) -> u8 {
    let mut driver = Driver::new(options, options.argv.clone(), true);
    driver.session.set_in_shell(true);
    run::enter_current_folder(&driver);
    let _ = writeln!(
        std::io::stderr(),
        "Python 3.14.2 (Snakelet {})\nType \"copyright\", \"credits\" or \"license\" for more information.",
        env!("CARGO_PKG_VERSION")
    );
    let mut number = 0;
    loop {
        let Some(source) = read_statement(&driver) else {
            let _ = writeln!(std::io::stderr());
            return run::exit_code(&mut driver, Ok(()));
        };
        if source.trim().is_empty() {
            continue;
        }
        let result = driver.session.load(&source, &format!("<python-input-{number}>"), Mode::Interactive);
        let result = result.and_then(|()| driver.finish().map(drop));
        number += 1;
        match result {
            Ok(()) => {}
            Err(exception) if Exc::SystemExit.matches(&exception) => {
                return run::exit_code(&mut driver, Err(exception));
            }
            Err(exception) => _ = run::report(&mut driver, exception),
        }
    }
}

/// The lines of one statement; `None` at the end of the input.
fn read_statement(driver: &Driver) -> Option<String> {
    let mut source = String::new();
    loop {
        let name = if source.is_empty() { "ps1" } else { "ps2" };
        let prompt = driver.session.vm().sys.get_text(name);
        let prompt =
            prompt.as_ref().and_then(Value::as_text).map_or(String::new(), |text| text.to_utf8_lossy().into_owned());
        let HostReply::Line(Some(line)) = read_line(&prompt) else {
            return if source.is_empty() { None } else { Some(source) };
        };
        source.push_str(line.strip_suffix('\n').unwrap_or(&line));
        match snakelet_syntax::completeness(&source) {
            Completeness::Incomplete => source.push('\n'),
            Completeness::Complete | Completeness::Invalid(_) => return Some(source + "\n"),
        }
    }
}
