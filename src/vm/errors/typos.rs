//! A misspelt keyword in a program that the parser rejected without a better idea: "Did you mean 'while'?".
//!
//! CPython's module `traceback` looks for one when it shows the exception: each name near the mistake is replaced by the keywords
//! that resemble it, and the first replacement that makes a program of the piece is the one that was meant. `_metadata` of the
//! exception tells where the piece starts.

use snakelet_syntax::{Completeness, Mode};

use super::{fields, suggest};
use crate::Value;
use crate::types::tuple::Tuple;

/// Most characters that are searched, names that are looked at, and keywords that are tried for each.
const MAX_LENGTH: usize = 1024;
const MAX_NAMES: usize = 10;
const MAX_MATCHES: usize = 3;
/// The least similarity of a keyword.
const CUTOFF: f64 = 0.5;

/// As `keyword.kwlist`.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// What was found.
pub struct Typo {
    /// The line of the name, and its columns there in characters, from 0.
    pub text: String,
    pub start: usize,
    pub end: usize,
    pub keyword: &'static str,
}

/// The misspelt keyword that a SyntaxError is about, if there is one.
pub fn find(exception: &Value) -> Option<Typo> {
    let message = fields::get(exception, "msg").as_text()?.to_utf8_lossy().into_owned();
    if message != "invalid syntax" && !message.contains("Perhaps you forgot a comma") {
        return None;
    }
    let metadata = fields::get(exception, "_metadata");
    let [line, _, source] = metadata.downcast::<Tuple>()?.items() else { return None };
    let first = usize::try_from(line.to_i64()?).ok()?.saturating_sub(1);
    let last = usize::try_from(fields::get(exception, "lineno").to_i64()?).ok()?;
    let source = source.as_text()?.to_utf8_lossy().into_owned();
    let code = dedent(&source.lines().take(last).skip(first).collect::<Vec<_>>());
    if code.chars().count() > MAX_LENGTH {
        return None;
    }
    for range in snakelet_syntax::names(&code).into_iter().take(MAX_NAMES) {
        let (start, end) = (range.start().to_usize(), range.end().to_usize());
        let name = code.get(start..end)?;
        for keyword in candidates(name) {
            if is_program(&[&code[..start], keyword, &code[end..]].concat()) {
                let line = code[..start].rfind('\n').map_or(0, |at| at + 1);
                let text = code[line..].lines().next().unwrap_or("").to_string();
                let start = code[line..start].chars().count();
                return Some(Typo { text, start, end: start + name.chars().count(), keyword });
            }
        }
    }
    None
}

/// Lines without the blanks that all of them start with.
fn dedent(lines: &[&str]) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let mut filled = lines.iter().filter(|line| !line.trim().is_empty());
    let first = filled.next().map_or("", |line| &line[..indent(line)]);
    let margin = filled.fold(first.len(), |margin, line| {
        first.bytes().zip(line.bytes()).take(margin).take_while(|(a, b)| a == b).count()
    });
    let cut = |line: &&str| if line.trim().is_empty() { "" } else { line.get(margin..).unwrap_or("") }.to_string();
    lines.iter().map(cut).collect::<Vec<_>>().join("\n")
}

/// The keywords to try for a name.
fn candidates(name: &str) -> Vec<&'static str> {
    let meant = suggest::closest(name, KEYWORDS.into_iter());
    let mut found: Vec<&str> = KEYWORDS.into_iter().filter(|keyword| Some(*keyword) == meant.as_deref()).collect();
    let mut scores = KEYWORDS.map(|keyword| similarity(keyword, name));
    while found.len() < MAX_MATCHES {
        // The best that is left; of several the last in the order of the alphabet.
        let mut best = 0;
        for at in 1..KEYWORDS.len() {
            if (scores[at], KEYWORDS[at]) > (scores[best], KEYWORDS[best]) {
                best = at;
            }
        }
        if scores[best] < CUTOFF {
            break;
        }
        scores[best] = 0.0;
        found.push(KEYWORDS[best]);
    }
    found
}

/// The share of characters in common blocks, as `difflib.SequenceMatcher.ratio` counts it.
fn similarity(a: &str, b: &str) -> f64 {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut common = 0;
    // Keywords have at most eight characters: so many blocks at most.
    let mut open = vec![(0..a.len(), 0..b.len())];
    while let Some((left, right)) = open.pop() {
        let mut best = (0, 0, 0);
        for i in left.clone() {
            for j in right.clone() {
                let room = (left.end - i).min(right.end - j);
                let length = (0..room).take_while(|&n| a[i + n] == b[j + n]).count();
                if length > best.2 {
                    best = (i, j, length);
                }
            }
        }
        let (i, j, length) = best;
        if length > 0 {
            common += length;
            open.push((left.start..i, right.start..j));
            open.push((i + length..left.end, j + length..right.end));
        }
    }
    2.0 * common as f64 / (a.len() + b.len()) as f64
}

/// Whether `codeop.compile_command` would take it, now or with more lines to come.
fn is_program(code: &str) -> bool {
    let check = |code: &str| snakelet_syntax::check(code, Mode::Exec, true, false, false);
    if check(code) != Completeness::Complete && !matches!(check(&format!("{code}\n")), Completeness::Invalid(_)) {
        return true;
    }
    let parsed = snakelet_syntax::parse(code, Mode::Exec);
    parsed.is_ok_and(|parsed| snakelet_compiler::compile(&parsed, code, &Default::default()).is_ok())
}

#[cfg(test)]
mod tests {
    use super::similarity;

    #[test]
    fn as_difflib() {
        assert_eq!(similarity("while", "whille"), 10.0 / 11.0);
        assert_eq!(similarity("for", "fro"), 4.0 / 6.0);
        assert_eq!(similarity("import", "x"), 0.0);
    }
}
