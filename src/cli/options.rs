//! The command line.

/// What to run.
#[derive(Debug, PartialEq)]
pub enum Program {
    File(String),
    Code(String),
    Module(String),
    Stdin,
    Version,
    Help,
}

/// Everything the command line says.
#[derive(Debug)]
pub struct Options {
    pub program: Program,
    /// `sys.argv`; a module's path comes to be known later.
    pub argv: Vec<String>,
    pub interactive: bool,
    /// Fuel of a slice.
    pub fuel: u32,
    /// Answer requests only some slices later.
    pub delay_host: bool,
    /// Stop in this slice.
    pub interrupt_after: Option<u64>,
    pub memory: Option<usize>,
}

impl Options {
    /// Reads the arguments after the program's own name.
    pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Options, String> {
        let mut arguments = arguments;
        let mut options = Options {
            program: Program::Stdin,
            argv: vec![String::new()],
            interactive: false,
            fuel: 1_000_000,
            delay_host: false,
            interrupt_after: None,
            memory: None,
        };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("Argument expected for the {argument} option"));
            match argument.as_str() {
                "-c" => {
                    options.program = Program::Code(value()?);
                    options.argv = vec!["-c".to_string()];
                }
                "-m" => {
                    options.program = Program::Module(value()?);
                    options.argv = vec!["-m".to_string()];
                }
                "-" => options.argv = vec!["-".to_string()],
                "-i" => {
                    options.interactive = true;
                    continue;
                }
                // They make no difference here.
                "-u" | "-B" | "-E" | "-s" | "-S" | "-I" | "-q" => continue,
                "-V" | "--version" => options.program = Program::Version,
                "-h" | "--help" => options.program = Program::Help,
                "--fuel" => {
                    options.fuel = number(&argument, &value()?)?;
                    continue;
                }
                "--delay-host" => {
                    options.delay_host = true;
                    continue;
                }
                "--interrupt-after" => {
                    options.interrupt_after = Some(number(&argument, &value()?)?);
                    continue;
                }
                "--memory" => {
                    options.memory = Some(number(&argument, &value()?)?);
                    continue;
                }
                other if other.starts_with('-') => return Err(format!("Unknown option: {other}")),
                file => {
                    options.program = Program::File(file.to_string());
                    options.argv = vec![file.to_string()];
                }
            }
            break;
        }
        options.argv.extend(arguments);
        Ok(options)
    }
}

fn number<T: std::str::FromStr>(option: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{option} needs a number, not {text:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Options {
        Options::parse(line.split(' ').map(str::to_string)).expect("a valid line")
    }

    #[test]
    fn programs() {
        let options = parse("--fuel 1 -c print() a -b");
        assert_eq!(options.program, Program::Code("print()".to_string()));
        assert_eq!((options.fuel, options.argv), (1, vec!["-c".to_string(), "a".to_string(), "-b".to_string()]));
        assert_eq!(parse("-i x.py -c").argv, ["x.py", "-c"]);
        assert!(Options::parse(["--fuel".to_string()].into_iter()).is_err());
    }
}
