//! The module `math` against records from CPython 3.14 (Pyodide); see `record_math.py`.

mod common;

use common::*;
use snakelet_number::float::CompensatedSum;
use snakelet_number::math::{self, Unary};

const UNARY: &[(&str, Unary)] = &[
    ("exp", math::exp),
    ("exp2", math::exp2),
    ("expm1", math::expm1),
    ("log", math::log),
    ("log2", math::log2),
    ("log10", math::log10),
    ("log1p", math::log1p),
    ("sqrt", math::sqrt),
    ("cbrt", math::cbrt),
    ("sin", math::sin),
    ("cos", math::cos),
    ("tan", math::tan),
    ("asin", math::asin),
    ("acos", math::acos),
    ("atan", math::atan),
    ("sinh", math::sinh),
    ("cosh", math::cosh),
    ("tanh", math::tanh),
    ("asinh", math::asinh),
    ("acosh", math::acosh),
    ("atanh", math::atanh),
    ("gamma", math::gamma),
    ("lgamma", math::lgamma),
    ("erf", math::erf),
    ("erfc", math::erfc),
    ("degrees", math::degrees),
    ("radians", math::radians),
    ("fabs", math::fabs),
];

#[test]
fn equals_cpython() {
    let mut tally = Tally::default();
    for record in records("math.txt") {
        let word = |i: usize| record[i].as_str();
        let x = |i: usize| float(word(i));
        let (kind, ours) = match word(0) {
            "unary" if word(1) == "ulp" => ("ulp", bits(math::ulp(x(2)))),
            "unary" => {
                let (_, f) = UNARY.iter().find(|(name, _)| *name == word(1)).expect("a known function");
                (word(1), outcome(f(x(2))))
            }
            "binary" => {
                let (a, b) = (x(2), x(3));
                let result = match word(1) {
                    "pow" => math::pow(a, b),
                    "atan2" => Ok(math::atan2(a, b)),
                    "fmod" => math::fmod(a, b),
                    "remainder" => math::remainder(a, b),
                    "hypot" => Ok(math::hypot(&mut [a, b])),
                    "copysign" => Ok(math::copysign(a, b)),
                    "nextafter" => Ok(math::nextafter(a, b, 1)),
                    "ldexp" => math::ldexp(a, b as i64),
                    other => panic!("unknown function {other}"),
                };
                (word(1), outcome(result))
            }
            "fsum" => {
                let mut sum = math::ExactSum::default();
                let added = floats(word(1)).into_iter().try_for_each(|item| sum.add(item));
                (
                    "fsum",
                    match added.and_then(|()| sum.finish()) {
                        Ok(x) => bits(x),
                        Err(math::FsumError::Overflow) => "R".to_owned(),
                        Err(math::FsumError::InfMinusInf) => "D".to_owned(),
                    },
                )
            }
            "sum" => {
                let mut sum = CompensatedSum::new(0.0);
                floats(word(1)).into_iter().for_each(|item| sum.add(item));
                ("sum", bits(sum.value()))
            }
            "hypotn" => ("hypotn", bits(math::hypot(&mut floats(word(1))))),
            "dist" => ("dist", bits(math::dist(&mut floats(word(1)), &floats(word(2))))),
            "sumprod" => {
                let mut sum = math::SumOfProducts::default();
                floats(word(1)).into_iter().zip(floats(word(2))).for_each(|(a, b)| sum.add(a, b));
                ("sumprod", bits(sum.value()))
            }
            "fma" => ("fma", outcome(math::fma(x(1), x(2), x(3)))),
            "frexp" => {
                let (m, e) = math::frexp(x(1));
                assert_eq!(bits(m), word(2), "frexp {}", x(1));
                ("frexp", e.to_string())
            }
            "modf" => {
                let (fraction, whole) = math::modf(x(1));
                assert_eq!(bits(fraction), word(2), "modf {}", x(1));
                ("modf", bits(whole))
            }
            "steps" => ("steps", bits(math::nextafter(x(1), x(2), word(3).parse().expect("a number")))),
            "logint" => {
                let a = hex(word(2));
                let result = match word(1) {
                    "log" => math::log_int(&a),
                    "log2" => math::log2_int(&a),
                    _ => math::log10_int(&a),
                };
                ("logint", outcome(result))
            }
            other => panic!("unknown kind {other}"),
        };
        tally.check(kind, &record, &ours);
    }
    tally.finish();
}
