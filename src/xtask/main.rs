//! The project's tool: `cargo xtask COMMAND`.
//!
//! Each command lives in a file of its own; what they share (finding and starting programs, installing what is missing) is
//! in `tools`. The tool itself has no dependencies, so that a clean clone gets to work at once; work that is easier in
//! JavaScript (browsers, bundling, the oracle) is done by scripts that it starts with Node.

mod differential;
mod measure;
mod package;
mod records;
mod serve;
mod suite;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  build [--dev] [--single-file]   fill pkg/ with the package that pages load; --dev builds quickly, without optimising
  serve [--port N] [--dev]        build, then serve this folder on localhost and print the address (--no-build: as it is)
  test [KIND...] [--only TEXT]    run the tests (all kinds by default):
                                  format lint unit programs docs golden suspend fuzz cpython packages package web
  oracle [TEXT]                   record what CPython prints for the test programs (those whose path contains TEXT)
  differential [TOPIC...] [--cases N] [--seed N] [--program FILE]
                                  compare random cases with CPython, 100,000 by default: tests/differential/
  bless [KIND]                    rewrite the golden tests' expected outputs, or the known failures of another kind
  bench [--only A,B] [--quick]    time the benchmark programs on Snakelet, Pyodide and MicroPython
  sizes                           bytes and start-up time of a page that prints one line
  whats-left [--update]           names that CPython's builtins and modules have and ours lack
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(command) = arguments.next() else {
        print!("{HELP}");
        return ExitCode::from(2);
    };
    let arguments: Vec<String> = arguments.collect();
    let result = match command.as_str() {
        "build" => package::build(&package::Options::parse(&arguments)),
        "serve" => serve::serve(&arguments),
        "test" => suite::test(&arguments),
        "oracle" => records::oracle(&arguments),
        "differential" => differential::differential(&arguments),
        "bless" => suite::bless(&arguments),
        "bench" => measure::bench(&arguments),
        "sizes" => measure::sizes(&arguments),
        "whats-left" => records::whats_left(&arguments),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(format!("no command {other:?}; `cargo xtask help` lists them")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            if !message.is_empty() {
                eprintln!("error: {message}");
            }
            ExitCode::FAILURE
        }
    }
}
