//! Deep and large programs end in an error, never in an exhausted stack.

use snakelet_syntax::{Kind, Mode, parse};

/// Parses on a stack of its own; unoptimised code takes several times what a page's stack of 1 MB holds.
fn outcome(source: String) -> Result<(), (Kind, String)> {
    let run = move || parse(&source, Mode::Exec).map(|_| ()).map_err(|error| (error.kind, error.message));
    std::thread::Builder::new().stack_size(8 << 20).spawn(run).unwrap().join().expect("no overflow")
}

fn nested(open: &str, close: &str, n: usize) -> String {
    format!("{}1{}\n", open.repeat(n), close.repeat(n))
}

fn too_complex(source: String) {
    let (kind, message) = outcome(source).unwrap_err();
    assert!(matches!(kind, Kind::Memory | Kind::Recursion), "{message}");
}

#[test]
fn brackets() {
    for (open, close) in [("(", ")"), ("[", "]"), ("f(", ")"), ("{1:", "}"), ("a[", "]")] {
        assert_eq!(outcome(nested(open, close, 200)), Ok(()), "{open}");
        for n in [201, 5000, 100_000] {
            let expected = (Kind::Syntax, "too many nested parentheses".to_owned());
            assert_eq!(outcome(nested(open, close, n)), Err(expected), "{open}");
        }
    }
}

#[test]
fn blocks() {
    let blocks = |n: usize| {
        let lines: String = (0..n).map(|i| " ".repeat(i) + "if x:\n").collect();
        lines + &" ".repeat(n) + "pass\n"
    };
    assert_eq!(outcome(blocks(99)), Ok(()));
    assert_eq!(outcome(blocks(100)), Err((Kind::Indentation, "too many levels of indentation".to_owned())));
}

#[test]
fn chains() {
    for chain in ["-", "not ", "1 ** ", "lambda: ", "lambda x=", "1 if 2 else ", "* ", "yield from "] {
        too_complex(chain.repeat(200_000) + "1\n");
    }
    for link in [".b", "()", "[1]", " + 1", " | 1"] {
        assert_eq!(outcome(format!("a{}\n", link.repeat(1000))), Ok(()), "{link}");
        too_complex(format!("a{}\n", link.repeat(50_000)));
    }
    for flat in ["elif a: pass\n", "x = 1\n", "# comment\n"] {
        assert_eq!(outcome(format!("if a: pass\n{}", flat.repeat(20_000))), Ok(()), "{flat}");
    }
    for flat in [" and b", " < b", ", b", " = b", "; b"] {
        assert_eq!(outcome(format!("a{}\n", flat.repeat(20_000))), Ok(()), "{flat}");
    }
}

#[test]
fn large_and_wrong() {
    let (kind, _) = outcome(format!("[{}1 2]\n", "1, ".repeat(20_000))).unwrap_err();
    assert_eq!(kind, Kind::Syntax);
    too_complex(format!("${}1\n", "-".repeat(1_000_000)));
}
