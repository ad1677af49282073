//! Golden tests: the bytecode of small programs, and CPython's errors and warnings for programs that do not compile.
//!
//! The programs are in `tests/golden/bytecode/*.py`, the expected bytecode beside them in `*.txt`. With the environment
//! variable `BLESS` set the latter are written anew; look at the difference.

use std::path::{Path, PathBuf};

use snakelet_bytecode::{check_liveness, disassemble, verify};
use snakelet_compiler::{Futures, Mode, Options, compile, compile_with_warnings};
use snakelet_syntax::parse;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/bytecode")
}

fn parse_mode(mode: Mode) -> snakelet_syntax::Mode {
    match mode {
        Mode::Exec | Mode::Notebook => snakelet_syntax::Mode::Exec,
        Mode::Eval => snakelet_syntax::Mode::Eval,
        Mode::Interactive => snakelet_syntax::Mode::Single,
    }
}

fn bytecode(source: &str, mode: Mode) -> String {
    let code = compiled(source, mode);
    check_liveness(&code).unwrap_or_else(|problems| panic!("{problems}\n{source}\n{}", disassemble(&code)));
    disassemble(&code)
}

fn compiled(source: &str, mode: Mode) -> std::rc::Rc<snakelet_bytecode::Code> {
    let parsed = parse(source, parse_mode(mode)).unwrap();
    let options = Options { filename: "test.py".into(), mode, ..Options::default() };
    let code = compile(&parsed, source, &options).unwrap();
    verify(&code).unwrap();
    code
}

#[test]
fn golden() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        count += 1;
        let source = std::fs::read_to_string(&path).unwrap();
        let found = bytecode(&source, Mode::Exec);
        let record = path.with_extension("txt");
        if bless {
            std::fs::write(&record, found).unwrap();
        } else if std::fs::read_to_string(&record).unwrap_or_default() != found {
            wrong.push(path.file_name().unwrap().to_owned());
            println!("{}:\n{found}", path.display());
        }
    }
    assert!(count > 30);
    assert!(wrong.is_empty(), "different bytecode: {wrong:?}");
}

/// The programs of `errors.txt` with what CPython says.
fn recorded_errors() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(folder().join("errors.txt")).unwrap();
    let mut programs = Vec::new();
    let mut program = String::new();
    for line in text.lines().skip_while(|line| line.starts_with('#')) {
        if let Some(message) = line.strip_prefix("=> ") {
            programs.push((std::mem::take(&mut program).trim_matches('\n').to_owned(), message.to_owned()));
        } else {
            program.push_str(line);
            program.push('\n');
        }
    }
    programs
}

#[test]
fn errors() {
    let programs = recorded_errors();
    assert!(programs.len() > 150);
    let mut wrong = Vec::new();
    for (program, expected) in programs {
        let result = parse(&program, snakelet_syntax::Mode::Exec)
            .and_then(|parsed| compile_with_warnings(&parsed, &program, &Options::default()));
        let found = match result {
            Ok(compiled) => {
                let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\\\""));
                let warnings: Vec<String> = compiled.warnings.iter().map(|w| quoted(&w.message)).collect();
                format!("OK [{}]", warnings.join(", "))
            }
            Err(error) => {
                let (line, column) = error.start;
                let (end_line, end_column) = error.end.unwrap_or_default();
                format!("{} {line} {column} {end_line} {end_column}", error.message)
            }
        };
        if found != expected {
            wrong.push(format!("{program}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn modes() {
    assert!(bytecode("1 + x", Mode::Eval).contains("Return"));
    assert!(bytecode("1 + x\n", Mode::Interactive).contains("PrintExpr"));
    assert!(bytecode("f()\n1 + x\n", Mode::Notebook).contains("Return "));
    assert!(bytecode("x = 1\n", Mode::Notebook).contains("ReturnNone"));
    let awaiting = bytecode("await x\n", Mode::Notebook);
    assert!(awaiting.contains("flags 0x80") && awaiting.contains("Return "), "{awaiting}");
}

#[test]
fn optimized() {
    let source = "def f(a):\n    'doc'\n    assert a\n    return __debug__\n";
    let parsed = parse(source, snakelet_syntax::Mode::Exec).unwrap();
    let options = Options { optimize: 2, futures: Futures::default(), ..Options::default() };
    let text = disassemble(&compile(&parsed, source, &options).unwrap());
    assert!(!text.contains("doc") && !text.contains("LoadAssertionError") && text.contains("LoadFalse"), "{text}");
}

/// Jumps over more instructions than their 16 bits reach.
#[test]
fn long_jumps() {
    let body: String = (0..12000).map(|i| format!("        x = f(x, {i})\n")).collect();
    let loops = "def f(x, y):\n    for i in y:\n        if i < x:\n            continue\n";
    let code = compiled(&format!("{loops}{body}    while x < y:\n{body}"), Mode::Exec);
    assert!(disassemble(&code).contains("JumpLt             r0(x), r1(y), -> "));
}

/// Long flat programs need no deep stack.
#[test]
fn long_chains() {
    let sum: String = (0..2500).map(|i| format!(" + x{i}")).collect();
    let elifs: String = (0..3000).map(|i| format!("elif x == {i}: y = {i}\n")).collect();
    let list: String = (0..20000).map(|i| format!("x{i},")).collect();
    let arguments: String = (0..1000).map(|i| format!("x{i},")).collect();
    let dict = list.replace(',', ": 1,");
    let source = format!("y = x{sum}\nif x: pass\n{elifs}z = [{list}]\nf({arguments})\nd = {{**a, {dict}}}\n");
    compiled(&source, Mode::Exec);
}

/// Deep programs are compiled or end in a RecursionError. Without optimisation a level costs several kilobytes.
#[test]
fn deep() {
    let worker = std::thread::Builder::new().stack_size(64 << 20).spawn(compile_deep).unwrap();
    worker.join().unwrap();
}

fn compile_deep() {
    let programs = [
        format!("a{}", ".b".repeat(2900)),
        format!("a{}", "()".repeat(150)),
        format!("a{}", ".b().c[0]".repeat(700)),
        format!("{}a{}", "[".repeat(180), "]".repeat(180)),
        format!("{}a", "not ".repeat(490)),
        format!("{}a", "lambda: ".repeat(90)),
        format!("{}a{}", "[x for x in ".repeat(150), "]".repeat(150)),
        format!("{}a{}", "{0: ".repeat(180), "}".repeat(180)),
        (0..90).map(|i| format!("{}if a:\n", " ".repeat(i))).collect::<String>() + &" ".repeat(90) + "pass",
        (0..90).map(|i| format!("{}def f():\n", " ".repeat(i))).collect::<String>() + &" ".repeat(90) + "pass",
        format!("match a:\n  case {}a{}: pass", "[".repeat(150), "]".repeat(150)),
        format!("x = {}a", "a if a else ".repeat(240)),
    ];
    for (index, program) in programs.iter().enumerate() {
        let result = parse(program, snakelet_syntax::Mode::Exec)
            .and_then(|parsed| compile(&parsed, program, &Options::default()));
        if let Err(error) = result {
            assert_eq!(error.message, "maximum recursion depth exceeded during compilation", "program {index}");
        }
    }
}
