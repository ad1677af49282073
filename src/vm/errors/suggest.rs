//! "Did you mean": the known name closest to a wrong one.
//!
//! Distances are counted in units of which a wrong character costs two and one of wrong case one; a suggestion may cost at most
//! about a third of the letters.

const MOVE: usize = 2;
const CASE: usize = 1;
const MAX_CANDIDATES: usize = 750;
const MAX_LENGTH: usize = 40;

/// The candidate that a programmer most likely meant by `wrong`, if one is close enough.
pub fn closest<'a>(wrong: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let wrong_chars: Vec<char> = wrong.chars().collect();
    if wrong_chars.len() > MAX_LENGTH {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for (at, candidate) in candidates.enumerate() {
        if at >= MAX_CANDIDATES {
            return None;
        }
        if candidate == wrong {
            continue;
        }
        let chars: Vec<char> = candidate.chars().collect();
        let allowed = (wrong_chars.len() + chars.len() + 3) * MOVE / 6;
        let allowed = best.map_or(allowed, |(distance, _)| allowed.min(distance - 1));
        if let Some(distance) = distance(&wrong_chars, &chars, allowed)
            && best.is_none_or(|(known, _)| distance < known)
        {
            best = Some((distance, candidate));
            if distance == 0 {
                break;
            }
        }
    }
    best.map(|(_, candidate)| candidate.to_string())
}

fn substitution(a: char, b: char) -> usize {
    if a == b {
        0
    } else if a.eq_ignore_ascii_case(&b) {
        CASE
    } else {
        MOVE
    }
}

/// The edit distance, unless it exceeds `allowed`.
fn distance(a: &[char], b: &[char], allowed: usize) -> Option<usize> {
    let prefix = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[prefix..], &b[prefix..]);
    let suffix = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - suffix], &b[..b.len() - suffix]);
    if a.is_empty() || b.is_empty() {
        let cost = MOVE * (a.len() + b.len());
        return (cost <= allowed).then_some(cost);
    }
    if a.len() > MAX_LENGTH || b.len() > MAX_LENGTH {
        return None;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if (long.len() - short.len()) * MOVE > allowed {
        return None;
    }
    let mut row: Vec<usize> = (1..=short.len()).map(|n| n * MOVE).collect();
    for (line, &long_char) in long.iter().enumerate() {
        let mut diagonal = line * MOVE;
        let mut left = diagonal + MOVE;
        let mut least = usize::MAX;
        for (place, &short_char) in row.iter_mut().zip(short) {
            let replaced = diagonal + substitution(long_char, short_char);
            diagonal = *place;
            left = replaced.min(left.min(*place) + MOVE);
            *place = left;
            least = least.min(left);
        }
        if least > allowed {
            return None;
        }
    }
    row.last().copied().filter(|&cost| cost <= allowed)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn close_names() {
        let names = ["append", "extend", "insert", "print", "Path"];
        assert_eq!(closest("apend", names.into_iter()), Some("append".to_string()));
        assert_eq!(closest("prnt", names.into_iter()), Some("print".to_string()));
        assert_eq!(closest("path", names.into_iter()), Some("Path".to_string()));
        assert_eq!(closest("zzzz", names.into_iter()), None);
    }
}
