//! All code points against the checksums that `verify.py` recorded from CPython.

use super::*;
use crate::{Text, case, classify};

struct Sum(u64);

impl Sum {
    fn add(&mut self, word: u32) {
        for byte in word.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x100000001b3);
        }
    }

    fn add_all(&mut self, text: &Text) {
        text.iter().for_each(|code| self.add(code));
    }
}

fn flags(code: u32, c: &Text) -> u32 {
    let a_and_c = Text::from_code_points(&[0x61, code]).unwrap();
    let tests = [
        classify::is_alpha(c),
        classify::is_alnum(c),
        classify::is_decimal(c),
        classify::is_digit(c),
        classify::is_numeric(c),
        classify::is_lower(c),
        classify::is_upper(c),
        classify::is_title(c),
        classify::is_space(c),
        classify::is_printable(c),
        classify::is_identifier(c),
        classify::is_identifier(&a_and_c),
    ];
    tests.iter().enumerate().map(|(i, &test)| u32::from(test) << i).sum()
}

#[test]
fn all_code_points() {
    let names =
        ["category", "flags", "decimal", "digit", "numeric", "lower", "upper", "title", "fold", "context", "wide"];
    let mut sums = names.map(|_| Sum(0xcbf29ce484222325));
    let last = |text: &Text| text.units().last().unwrap();
    for code in 0..CODE_LIMIT {
        let c = Text::from_code(code).unwrap();
        category(code).bytes().for_each(|letter| sums[0].add(letter.into()));
        sums[1].add(flags(code, &c));
        sums[2].add(decimal(code).unwrap_or(u32::MAX));
        sums[3].add(digit(code).unwrap_or(u32::MAX));
        let value = numeric(code).map(|(n, d)| (n as f64 / f64::from(d) * 9600.0).round_ties_even() as i128 as u32);
        sums[4].add(value.unwrap_or(u32::MAX));
        sums[5].add_all(&case::lower(&c).unwrap());
        sums[6].add_all(&case::upper(&c).unwrap());
        sums[7].add_all(&case::title(&c).unwrap());
        sums[8].add_all(&case::casefold(&c).unwrap());
        let (sigma, across) = ([code, 0x3a3], [0x41, code, 0x3a3]);
        sums[9].add(last(&case::lower(&Text::from_code_points(&sigma).unwrap()).unwrap()));
        sums[9].add(last(&case::lower(&Text::from_code_points(&across).unwrap()).unwrap()));
        sums[10].add(is_wide(code).into());
        sums[9].add(last(&case::title(&Text::from_code_points(&[code, 0x61]).unwrap()).unwrap()));
    }
    let ours: Vec<String> = names.iter().zip(sums).map(|(name, sum)| format!("{name} {:016x}", sum.0)).collect();
    let recorded: Vec<&str> = include_str!("../testdata/unicode.txt").lines().collect();
    assert_eq!(ours, recorded);
}
