//! `snakelet`: runs Python programs natively, with `python`'s command line, exit codes and streams.
//!
//! | file | subject |
//! |---|---|
//! | `options` | the command line |
//! | `driver` | the loop that runs a session and answers what it asks |
//! | `run` | files, `-c`, `-m`: one program from start to exit code |
//! | `shell` | the line-based shell |
//! | `disk` | what programs see of the machine's files |

mod disk;
mod driver;
mod options;
mod run;
mod shell;

use std::io::{IsTerminal, Read};
use std::process::ExitCode;

use options::{Options, Program};
use snakelet_vm::alloc::SizeClasses;

#[global_allocator]
static ALLOCATOR: SizeClasses = SizeClasses;

const HELP: &str = "\
usage: snakelet [options] [-c CODE | -m MODULE | FILE | -] [argument ...]

  -c CODE     run this program
  -m MODULE   run a module of the library as a program
  -i          read statements and show their values, even if standard input is no terminal
  -V          show the version
  --fuel N            instructions per slice (for tests)
  --delay-host        answer requests late (for tests)
  --interrupt-after N press Stop in the Nth slice (for tests)
  --memory N          limit of the heap in bytes
Without a program, statements are read from standard input.
";

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("{message}\n{HELP}");
            return ExitCode::from(2);
        }
    };
    let code = match &options.program {
        Program::Help => {
            print!("{HELP}");
            0
        }
        Program::Version => {
            println!("Python 3.14.2 (Snakelet {})", env!("CARGO_PKG_VERSION"));
            0
        }
        Program::Stdin if options.interactive || std::io::stdin().is_terminal() => shell::shell(&options),
        Program::Stdin => {
            let mut source = Vec::new();
            match std::io::stdin().read_to_end(&mut source) {
                Ok(_) => run::source(&options, &source, "<stdin>"),
                Err(error) => {
                    eprintln!("snakelet: cannot read standard input: {error}");
                    1
                }
            }
        }
        Program::Code(code) => run::source(&options, code.as_bytes(), "<string>"),
        Program::Module(name) => run::module(&options, name),
        Program::File(path) => run::file(&options, path),
    };
    ExitCode::from(code)
}
