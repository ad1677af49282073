//! The program suite, suspended as often as possible.
//!
//! Each program runs straight through first. Then again with fuel 1, and with every answer of the host late: the output must be
//! the same. Then with Stop at random moments (from a fixed seed): however the program takes it, the session must survive,
//! and a probe program in the same session must print the right thing.

use std::path::Path;

use snakelet_vm::session::{Mode, SessionConfig};

use crate::Options;
use crate::cases::{self, Program};
use crate::fuzz::Random;
use crate::interpreter::{Interpreter, Pace};
use crate::limits;
use crate::programs;
use crate::record::Record;
use crate::report::{Report, Verdict};

/// How often Stop is tried on each program.
const STOPS: u64 = 6;
/// Programs that need more calls of `run` than this at fuel 1 get a little more fuel instead.
const MOST_TURNS: u64 = 3_000_000;

const PROBE: &str = "\
class Probe(dict):
    def __missing__(self, key):
        return key * 2

def numbers(n):
    try:
        for i in range(n):
            yield i
    finally:
        print('closed')

p = Probe(a=1)
print(p['a'], p['b'], sorted(numbers(4), key=lambda n: -n), {k: v for k, v in zip('ab', numbers(9))})
try:
    {}['x']
except KeyError as error:
    print(repr(error), sum(i * i for i in range(100)))
";
const PROBE_OUTPUT: &str = "closed\nclosed\n1 bb [3, 2, 1, 0] {'a': 0, 'b': 1}\nKeyError('x') 328350\n";

pub fn run(options: &Options, report: &mut Report) {
    let found = cases::programs(&options.only);
    cases::run_all(&found, |program| &program.name, check, report);
    limits::run(options, report);
}

fn check(program: &Program) -> Verdict {
    match compare_all(program) {
        Ok(()) => Verdict::Passed,
        Err(text) => Verdict::Failed(text),
    }
}

fn compare_all(program: &Program) -> Result<(), String> {
    let (straight, _) = run_program(program, Pace::STRAIGHT)?;
    let (single, turns) = run_program(program, Pace { fuel: 1, delay: 0, stop_at: None })?;
    same(&straight, &single, "with fuel 1")?;
    let (late, _) = run_program(program, Pace { fuel: 1000, delay: 3, stop_at: None })?;
    same(&straight, &late, "with late answers")?;
    let (both, _) = run_program(program, Pace { fuel: 7, delay: 2, stop_at: None })?;
    same(&straight, &both, "with fuel 7 and late answers")?;
    let mut random = Random::new(turns);
    for _ in 0..STOPS {
        let stop_at = random.below(turns.min(MOST_TURNS) as usize) as u64;
        stop(program, stop_at).map_err(|text| format!("Stop at turn {stop_at} of {turns}: {text}"))?;
    }
    Ok(())
}

fn same(expected: &Record, got: &Record, how: &str) -> Result<(), String> {
    got.compare(expected).map_or(Ok(()), |text| Err(format!("{how}, unlike the straight run:\n{text}")))
}

/// Runs the program in a session of its own; returns what it printed and the number of calls of `run`.
fn run_program(program: &Program, pace: Pace) -> Result<(Record, u64), String> {
    let mut interpreter = prepare(program)?;
    let (source, name) = source(program)?;
    interpreter.run(&source, &name, Mode::Exec, pace)?;
    let turns = interpreter.turns;
    interpreter.finish()?;
    Ok((interpreter.printed, turns))
}

fn stop(program: &Program, stop_at: u64) -> Result<(), String> {
    let mut interpreter = prepare(program)?;
    let (source, name) = source(program)?;
    // A program may catch the KeyboardInterrupt and go on: then it simply runs to its end.
    interpreter.run(&source, &name, Mode::Exec, Pace { fuel: 1, delay: 0, stop_at: Some(stop_at) })?;
    interpreter.reset();
    interpreter.take_transcript();
    let plain =
        "import sys, builtins\nsys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__\nsys.setrecursionlimit(1000)\n";
    interpreter.run(plain, "<restore>", Mode::Exec, Pace::STRAIGHT)?;
    interpreter.run(PROBE, "<probe>", Mode::Exec, Pace::STRAIGHT)?;
    let printed = interpreter.take_transcript();
    // A program stopped in the middle may leave objects whose `__del__` prints while the probe runs.
    if printed.contains(PROBE_OUTPUT) || PROBE_OUTPUT.lines().all(|line| printed.lines().any(|other| other == line)) {
        return Ok(());
    }
    Err(format!("the probe printed:\n{printed}"))
}

/// A session in which the program's input and modules are ready.
fn prepare(program: &Program) -> Result<Interpreter, String> {
    let name = file_name(program);
    let mut interpreter = Interpreter::new(SessionConfig { argv: vec![name], ..SessionConfig::default() });
    if program.file.ends_with("main.py")
        && let Some(folder) = program.file.parent()
    {
        add_files(&mut interpreter, folder, "")?;
    } else {
        let (source, name) = source(program)?;
        interpreter.write_file(&name, &source)?;
    }
    interpreter.feed(&programs::stdin(program));
    Ok(interpreter)
}

fn add_files(interpreter: &mut Interpreter, folder: &Path, prefix: &str) -> Result<(), String> {
    for entry in cases::entries(folder) {
        let name = format!("{prefix}{}", entry.file_name().unwrap_or_default().to_string_lossy());
        if entry.is_dir() {
            add_files(interpreter, &entry, &format!("{name}/"))?;
        } else if let Ok(text) = std::fs::read_to_string(&entry) {
            interpreter.write_file(&name, &text)?;
        }
    }
    Ok(())
}

fn source(program: &Program) -> Result<(String, String), String> {
    let text = std::fs::read_to_string(&program.file).map_err(|error| error.to_string())?;
    Ok((text, file_name(program)))
}

fn file_name(program: &Program) -> String {
    program.file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
