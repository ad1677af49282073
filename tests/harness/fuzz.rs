//! Hostile input from fixed seeds.
//!
//! - `mutations`: the test programs, damaged: parsing and compiling them must end in code that the verifier accepts or in a
//!   SyntaxError, never in a panic.
//! - `programs`: programs that generate random expressions, slices, formats, containers and whole programs, or call everything
//!   with hostile arguments; what they print must equal CPython's record.

use snakelet_syntax::Mode;

use crate::Options;
use crate::cases::{self, Program};
use crate::programs;
use crate::report::{Report, Verdict};

/// Damaged variants of each program.
const VARIANTS: u64 = 40;

pub fn run(options: &Options, report: &mut Report) {
    let sources: Vec<Source> = cases::programs("")
        .into_iter()
        .map(|program| Source { name: format!("mutations/{}", program.name), program })
        .filter(|source| source.name.contains(&options.only))
        .collect();
    cases::run_all(&sources, |source| &source.name, |source| mutations(&source.program), report);
    let generated = cases::programs_in("fuzz/programs", &options.only);
    let check = |program: &Program| programs::check(program, &options.program);
    cases::run_all(&generated, |program| &program.name, check, report);
}

struct Source {
    name: String,
    program: Program,
}

fn mutations(program: &Program) -> Verdict {
    let Ok(source) = std::fs::read_to_string(&program.file) else {
        return Verdict::Failed("cannot be read".into());
    };
    for seed in 0..VARIANTS {
        let damaged = damage(&source, seed);
        let outcome = std::panic::catch_unwind(|| compile(&damaged));
        let problem = match outcome {
            Ok(Ok(())) => continue,
            Ok(Err(message)) => message,
            Err(_) => "panicked".to_string(),
        };
        return Verdict::Failed(format!("variant {seed}: {problem}\n{}", around_damage(&source, &damaged)));
    }
    Verdict::Passed
}

/// A SyntaxError is as good as code; code that the verifier rejects is not.
fn compile(source: &str) -> Result<(), String> {
    let source = snakelet_syntax::normalize_newlines(source);
    let Ok(parsed) = snakelet_syntax::parse(&source, Mode::Exec) else { return Ok(()) };
    let options = snakelet_compiler::Options { filename: "fuzz.py".into(), ..Default::default() };
    let Ok(code) = snakelet_compiler::compile(&parsed, &source, &options) else { return Ok(()) };
    snakelet_bytecode::verify(&code).map_err(|error| format!("the verifier rejects the code: {error:?}"))
}

/// Deletes, doubles, swaps or replaces pieces of the text at random places.
fn damage(source: &str, seed: u64) -> String {
    const PIECES: [&str; 24] = [
        "(", ")", "[", "]", "{", "}", ":", ",", "=", "\n", "    ", "\"", "'", "\"\"\"", "*", "**", " if ", " in ",
        "lambda ", "yield ", "f'{", "\\", "\0", "é😀",
    ];
    let mut random = Random::new(seed ^ source.len() as u64);
    let mut text: Vec<char> = source.chars().collect();
    for _ in 0..1 + random.below(4) {
        if text.is_empty() {
            break;
        }
        let at = random.below(text.len());
        let length = (1 + random.below(12)).min(text.len() - at);
        match random.below(5) {
            0 => _ = text.drain(at..at + length),
            1 => {
                let piece: Vec<char> = text[at..at + length].to_vec();
                text.splice(at..at, piece);
            }
            2 => {
                let other = random.below(text.len());
                text.swap(at, other);
            }
            3 => _ = text.splice(at..at, PIECES[random.below(PIECES.len())].chars()),
            _ => _ = text.splice(at..at + length, PIECES[random.below(PIECES.len())].chars()),
        }
    }
    text.into_iter().collect()
}

/// The first line of the damaged text that differs, with its neighbours.
fn around_damage(source: &str, damaged: &str) -> String {
    let same = source.lines().zip(damaged.lines()).take_while(|(a, b)| a == b).count();
    damaged.lines().skip(same.saturating_sub(2)).take(6).collect::<Vec<_>>().join("\n")
}

/// A small generator (SplitMix64): the same numbers on every machine.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}
