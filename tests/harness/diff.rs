//! Two texts side by side: the lines that differ, with a little of what surrounds them.

/// Lines of context around a difference.
const CONTEXT: usize = 1;
/// Texts with more lines than this are compared from the first difference on only.
const TABLE_LIMIT: usize = 2_000;

/// A line-by-line difference: ` ` both, `-` expected only, `+` got only.
pub fn lines(expected: &str, got: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (expected.split('\n').collect(), got.split('\n').collect());
    let same_start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a_rest, b_rest) = (&a[same_start..], &b[same_start..]);
    let same_end = a_rest.iter().rev().zip(b_rest.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a_mid, b_mid) = (&a_rest[..a_rest.len() - same_end], &b_rest[..b_rest.len() - same_end]);
    let mut out = String::new();
    if same_start > CONTEXT {
        out.push_str(&format!("  (line {})\n", same_start + 1));
    }
    for line in &a[same_start.saturating_sub(CONTEXT)..same_start] {
        push(&mut out, ' ', line);
    }
    if a_mid.len() > TABLE_LIMIT || b_mid.len() > TABLE_LIMIT {
        for line in a_mid.iter().take(20) {
            push(&mut out, '-', line);
        }
        for line in b_mid.iter().take(20) {
            push(&mut out, '+', line);
        }
        return out;
    }
    middle(a_mid, b_mid, &mut out);
    for line in a_rest[a_rest.len() - same_end..].iter().take(CONTEXT) {
        push(&mut out, ' ', line);
    }
    out
}

/// The longest common subsequence, by the textbook table.
fn middle(a: &[&str], b: &[&str], out: &mut String) {
    let width = b.len() + 1;
    let mut table = vec![0u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i * width + j] = if a[i] == b[j] {
                table[(i + 1) * width + j + 1] + 1
            } else {
                table[(i + 1) * width + j].max(table[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            push(out, ' ', a[i]);
            (i, j) = (i + 1, j + 1);
        } else if i < a.len() && (j == b.len() || table[(i + 1) * width + j] >= table[i * width + j + 1]) {
            push(out, '-', a[i]);
            i += 1;
        } else {
            push(out, '+', b[j]);
            j += 1;
        }
    }
}

fn push(out: &mut String, mark: char, line: &str) {
    out.push(mark);
    out.push(' ');
    // A line may be megabytes long; what matters is near its start.
    match line.char_indices().nth(400) {
        Some((end, _)) => {
            out.push_str(&line[..end]);
            out.push_str(" [...]");
        }
        None => out.push_str(line),
    }
    out.push('\n');
}
