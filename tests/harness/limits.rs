//! Programs that ask for more than there is: each must end in a Python exception, by itself or soon after Stop, and the session
//! must go on. Part of the kind `suspend`, under the names `limits/...`.

use std::time::Duration;

use snakelet_vm::session::{Limits, Mode, SessionConfig};

use crate::Options;
use crate::cases;
use crate::interpreter::{Interpreter, Pace};
use crate::report::{Report, Verdict};

/// The memory that each session may use.
const MEMORY: usize = 64 << 20;
/// A Stop that takes longer has met something that cannot be stopped. (How quick it is, the web tests print: a busy machine may
/// take its time.)
const STOP_LIMIT: Duration = Duration::from_secs(10);
/// A program that has not ended by itself after this time is stopped.
const PATIENCE: Duration = Duration::from_millis(700);

struct Case {
    name: &'static str,
    source: &'static str,
    /// The exceptions that may end it.
    ends: &'static [&'static str],
}

const MEMORY_OR_STOP: &[&str] = &["MemoryError", "KeyboardInterrupt", "OverflowError"];
const STOPPED: &[&str] = &["KeyboardInterrupt"];
const RECURSION: &[&str] = &["RecursionError", "MemoryError"];

const CASES: [Case; 26] = [
    Case { name: "limits/list growth", source: "a = []\nwhile True: a.append(a[:])", ends: MEMORY_OR_STOP },
    Case { name: "limits/string repeat", source: "'x' * 10**10", ends: MEMORY_OR_STOP },
    Case { name: "limits/power", source: "10**10**8", ends: MEMORY_OR_STOP },
    Case { name: "limits/list repeat", source: "[0] * 10**10", ends: MEMORY_OR_STOP },
    Case { name: "limits/string doubling", source: "s = 'x'\nwhile True: s += s", ends: MEMORY_OR_STOP },
    Case { name: "limits/shift", source: "1 << 10**12", ends: MEMORY_OR_STOP },
    Case { name: "limits/bytes", source: "bytes(10**12)", ends: MEMORY_OR_STOP },
    Case { name: "limits/bytearray", source: "bytearray(10**11)", ends: MEMORY_OR_STOP },
    Case {
        name: "limits/dict growth",
        source: "d = {}\nn = 0\nwhile True:\n  d[n] = str(n)\n  n += 1",
        ends: MEMORY_OR_STOP,
    },
    Case {
        name: "limits/set growth",
        source: "s = set()\nn = 0\nwhile True:\n  s.add(n)\n  n += 1",
        ends: MEMORY_OR_STOP,
    },
    Case { name: "limits/tuple repeat", source: "(1, 2) * 10**11", ends: MEMORY_OR_STOP },
    Case { name: "limits/list of range", source: "list(range(10**12))", ends: MEMORY_OR_STOP },
    Case { name: "limits/join", source: "','.join(['x' * 10**6] * 10**6)", ends: MEMORY_OR_STOP },
    Case { name: "limits/center", source: "'x'.center(10**11)", ends: MEMORY_OR_STOP },
    Case { name: "limits/format width", source: "'%*d' % (10**9, 1)", ends: MEMORY_OR_STOP },
    Case { name: "limits/replace", source: "('a' * 10**6).replace('a', 'b' * 10**6)", ends: MEMORY_OR_STOP },
    Case { name: "limits/endless loop", source: "while True: pass", ends: STOPPED },
    Case { name: "limits/endless sum", source: "sum(range(10**12))", ends: STOPPED },
    Case { name: "limits/endless membership", source: "-1 in iter(int, 1)", ends: STOPPED },
    Case { name: "limits/big power", source: "x = 10**10**7\nwhile True: x = x * 10 % (10**10**6)", ends: STOPPED },
    Case {
        name: "limits/big text",
        source: "import sys\nsys.set_int_max_str_digits(0)\nwhile True: str(3**1000000)",
        ends: STOPPED,
    },
    Case { name: "limits/endless print", source: "while True: print(1)", ends: STOPPED },
    Case { name: "limits/endless recursion", source: "def f(): f()\nf()", ends: RECURSION },
    Case {
        name: "limits/recursion without limit",
        source: "import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()\nf()",
        ends: &["RecursionError", "MemoryError", "KeyboardInterrupt"],
    },
    Case {
        name: "limits/depth 100,000",
        source: "import sys\nsys.setrecursionlimit(100100)\ndef f(n): return n and f(n-1)\nprint(f(100000))\nraise KeyError('deep enough')",
        ends: &["KeyError"],
    },
    Case {
        name: "limits/deep values",
        source: "a = []\nfor _ in range(100000): a = [a]\nfor f in (repr, lambda x: x == [x], hash, str):\n  try: f(a)\n  except (RecursionError, TypeError): pass\nraise KeyError('survived')",
        ends: &["KeyError"],
    },
];

pub fn run(options: &Options, report: &mut Report) {
    let cases: Vec<&Case> = CASES.iter().filter(|case| case.name.contains(&options.only)).collect();
    cases::run_all(&cases, |case| case.name, |case| check(case), report);
}

fn check(case: &Case) -> Verdict {
    match run_case(case) {
        Ok(()) => Verdict::Passed,
        Err(text) => Verdict::Failed(text),
    }
}

fn run_case(case: &Case) -> Result<(), String> {
    let limits = Limits { memory: Some(MEMORY), ..Limits::default() };
    let mut interpreter = Interpreter::new(SessionConfig { limits, ..SessionConfig::default() });
    interpreter.keep = 10_000;
    // What ends by itself may take its time.
    let patience = if case.ends == ["KeyError"] { PATIENCE * 30 } else { PATIENCE };
    let late = interpreter.run_timed(case.source, patience)?;
    let printed = interpreter.take_transcript();
    let last = printed.lines().last().unwrap_or_default();
    if !case.ends.iter().any(|name| last.starts_with(name)) {
        return Err(format!("ended with {last:?} instead of {}", case.ends.join(" or ")));
    }
    if late > STOP_LIMIT {
        return Err(format!("Stop took {} ms", late.as_millis()));
    }
    interpreter.reset();
    interpreter.run("print(sum(range(10)), 'x' * 3, [0] * 2)", "<probe>", Mode::Exec, Pace::STRAIGHT)?;
    match interpreter.take_transcript().as_str() {
        "45 xxx [0, 0]\n" => Ok(()),
        other => Err(format!("afterwards the session printed {other:?}")),
    }
}
