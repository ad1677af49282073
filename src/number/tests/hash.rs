//! Hashes and the Mersenne Twister against records from 64-bit CPython; see `record_hash.py`.

mod common;

use common::*;
use snakelet_number::hash;
use snakelet_number::mt19937::Mt19937;

fn hashes(word: &str) -> Vec<i64> {
    if word == "-" { Vec::new() } else { word.split(',').map(|h| h.parse().expect("a hash")).collect() }
}

#[test]
fn equals_cpython() {
    let mut tally = Tally::default();
    for record in records("hash.txt") {
        let word = |i: usize| record[i].as_str();
        let float_hash = |i: usize| hash::float(float(word(i))).expect("not NaN");
        let ours = match word(0) {
            "int" => {
                let a = hex(word(1));
                if let Ok(small) = i64::try_from(&a) {
                    assert_eq!(hash::small_int(small), hash::int(&a));
                }
                hash::int(&a).to_string()
            }
            "float" => float_hash(1).to_string(),
            "complex" => hash::complex(float_hash(1), float_hash(2)).to_string(),
            "tuple" => hash::tuple(hashes(word(1))).to_string(),
            "set" => hash::frozenset(hashes(word(1))).to_string(),
            _ => {
                let mut generator = Mt19937::from_int(&hex(word(1)));
                let words: Vec<String> = [32, 32, 32, 1, 31, 33, 64, 65, 100, 1000]
                    .iter()
                    .map(|&k| generator.bits(k).to_str_radix(16))
                    .collect();
                assert_eq!(words.join(","), word(2));
                let (state, index) = generator.state();
                let mut again = Mt19937::from_state(*state, index).expect("a valid state");
                (0..700).map(|_| bits(again.random())).collect::<Vec<_>>().join(",")
            }
        };
        tally.check(word(0), &record, &ours);
    }
    tally.finish();
}
