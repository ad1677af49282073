//! Texts and arithmetic of numbers against records from CPython 3.14; see `record_text.py`.

mod common;

use common::*;
use snakelet_number::complex::{self, Complex, ComplexError};
use snakelet_number::float::{self, FromHexError, Power};
use snakelet_number::format::{self, Align, Grouping, NumericSpec, PercentSpec, SignMode, SpecError};
use snakelet_number::int::{self, PowModError, TrueDivError};
use snakelet_number::{BigInt, BigUint};

/// What a record holds for an exception.
const VALUE_ERROR: &str = "E";
const OVERFLOW: &str = "O";
const ZERO_DIVISION: &str = "Z";

fn number(a: &BigInt) -> String {
    a.to_str_radix(16)
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if ('!'..='~').contains(&c) && c != '\\' {
            out.push(c);
        } else {
            out.push_str(&format!("\\u{:04x}", c as u32));
        }
    }
    if out.is_empty() { "\\e".to_owned() } else { out }
}

/// A format specification and the fill character.
fn spec(text: &str) -> (NumericSpec, char) {
    let mut spec = NumericSpec::default();
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    let mut fill = None;
    let align = |c: Option<&char>| match c {
        Some('<') => Some(Align::Left),
        Some('>') => Some(Align::Right),
        Some('^') => Some(Align::Center),
        Some('=') => Some(Align::AfterSign),
        _ => None,
    };
    if let Some(a) = align(chars.get(1)) {
        (spec.align, fill, at) = (a, Some(chars[0]), 2);
    } else if let Some(a) = align(chars.first()) {
        (spec.align, at) = (a, 1);
    }
    let mut take = |expected: &[char]| {
        let found = chars.get(at).copied().filter(|c| expected.contains(c));
        at += usize::from(found.is_some());
        found
    };
    spec.sign = match take(&['+', '-', ' ']) {
        Some('+') => SignMode::Plus,
        Some(' ') => SignMode::Space,
        _ => SignMode::Minus,
    };
    spec.no_negative_zero = take(&['z']).is_some();
    spec.alternate = take(&['#']).is_some();
    spec.zero = fill.is_none() && take(&['0']).is_some();
    let digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
    let grouping = |c: Option<char>| match c {
        Some(',') => Grouping::Comma,
        Some('_') => Grouping::Underscore,
        _ => Grouping::None,
    };
    while let Some(c) = take(&digits) {
        spec.width = spec.width * 10 + c as usize - '0' as usize;
    }
    spec.grouping = grouping(take(&[',', '_']));
    if take(&['.']).is_some() {
        let mut precision = 0;
        while let Some(c) = take(&digits) {
            precision = precision * 10 + c as usize - '0' as usize;
        }
        spec.precision = Some(precision);
        spec.fraction_grouping = grouping(take(&[',', '_']));
    }
    spec.kind = chars.get(at).copied();
    spec.fill_is_zero = fill == Some('0');
    (spec, fill.unwrap_or(spec.default_fill()))
}

/// What the parser of specifications refuses, which isn't this crate's business.
fn parser_refuses(spec: &NumericSpec) -> bool {
    let n = spec.kind == Some('n');
    let bits = matches!(spec.kind, Some('b' | 'o' | 'x' | 'X'));
    n && (spec.grouping != Grouping::None || spec.fraction_grouping != Grouping::None)
        || bits && spec.grouping == Grouping::Comma
}

fn formatted(result: Result<format::Formatted, SpecError>, spec: &NumericSpec, fill: char) -> String {
    if parser_refuses(spec) {
        return VALUE_ERROR.to_owned();
    }
    match result {
        Ok(formatted) => {
            let text = formatted.to_text(fill);
            assert_eq!(text.chars().count(), formatted.len());
            escape(&text)
        }
        Err(SpecError::Overflow) => OVERFLOW.to_owned(),
        Err(_) => VALUE_ERROR.to_owned(),
    }
}

fn percent(text: &str) -> PercentSpec {
    let mut spec = PercentSpec::default();
    let body = text.trim_start_matches('%');
    let rest = body.trim_start_matches(|c| {
        match c {
            '-' => spec.left = true,
            '+' => spec.plus = true,
            ' ' => spec.space = true,
            '0' => spec.zero = true,
            '#' => spec.alternate = true,
            _ => return false,
        }
        true
    });
    let (numbers, kind) = rest.split_at(rest.len() - 1);
    let (width, precision) = numbers.split_once('.').map_or((numbers, None), |(w, p)| (w, Some(p)));
    spec.width = width.parse().unwrap_or(0);
    spec.precision = precision.map(|p| p.parse().expect("a number"));
    spec.kind = kind.chars().next().expect("a type");
    spec
}

fn pair(a: f64, b: f64) -> String {
    bits(a) + "," + &bits(b)
}

fn complex_outcome(result: Result<Complex, ComplexError>) -> String {
    match result {
        Ok(z) => pair(z.real, z.imag),
        Err(ComplexError::ZeroDivision) => ZERO_DIVISION.to_owned(),
        Err(ComplexError::Overflow) => OVERFLOW.to_owned(),
    }
}

fn bytes(word: &str) -> Vec<u8> {
    let digits = word.trim_start_matches('-');
    (0..digits.len() / 2).map(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).expect("bytes")).collect()
}

fn optional(x: Option<f64>, error: &str) -> String {
    x.map_or(error.to_owned(), bits)
}

fn float_record(word: &dyn Fn(usize) -> String) -> Option<String> {
    let x = |i: usize| float(&word(i));
    Some(match word(0).as_str() {
        "repr" => float::repr(x(1)),
        "hex" => float::to_hex(x(1)),
        "float" => optional(float::parse(&text(&word(1))), VALUE_ERROR),
        "fromhex" => match float::from_hex(&text(&word(1))) {
            Ok(x) => bits(x),
            Err(FromHexError::Invalid) => VALUE_ERROR.to_owned(),
            Err(FromHexError::TooLarge) => OVERFLOW.to_owned(),
        },
        "fmtf" => {
            let (spec, fill) = spec(&text(&word(2)));
            formatted(format::format_float(x(1), &spec), &spec, fill)
        }
        "pctf" => escape(&format::percent_float(x(1), &percent(&text(&word(2))))),
        "round" => optional(float::round(x(1), word(2).parse().expect("a number")), OVERFLOW),
        "ratio" => match float::as_integer_ratio(x(1)) {
            Some((n, d)) => number(&n) + "/" + &number(&d),
            None if x(1).is_nan() => VALUE_ERROR.to_owned(),
            None => OVERFLOW.to_owned(),
        },
        "is_integer" => (if float::is_integer(x(1)) { "True" } else { "False" }).to_owned(),
        "divmod" => float::divmod(x(1), x(2)).map_or(ZERO_DIVISION.to_owned(), |(q, r)| pair(q, r)),
        "pow" => match float::pow(x(1), x(2)) {
            Power::Real(x) => bits(x),
            Power::Complex => match complex::pow(Complex::new(x(1), 0.0), Complex::new(x(2), 0.0)) {
                Ok(_) => "C".to_owned(),
                error => complex_outcome(error),
            },
            Power::ZeroDivision => ZERO_DIVISION.to_owned(),
            Power::Overflow => OVERFLOW.to_owned(),
        },
        _ => return None,
    })
}

fn complex_record(word: &dyn Fn(usize) -> String) -> Option<String> {
    let x = |i: usize| float(&word(i));
    let z = |i: usize| Complex::new(x(i), x(i + 1));
    Some(match word(0).as_str() {
        "complex" => complex::parse(&text(&word(1))).map_or(VALUE_ERROR.to_owned(), |(a, b)| pair(a, b)),
        "reprc" => escape(&complex::repr(x(1), x(2))),
        "fmtc" => {
            let (spec, fill) = spec(&text(&word(3)));
            formatted(format::format_complex(x(1), x(2), &spec), &spec, fill)
        }
        "cmul" => complex_outcome(Ok(complex::mul(z(1), z(3)))),
        "cdiv" => complex_outcome(complex::div(z(1), z(3))),
        "rdiv" => complex_outcome(complex::real_div(x(1), z(2))),
        "divr" => complex_outcome(complex::div_by_real(z(1), x(3))),
        "cabs" => complex::abs(z(1)).map_or(OVERFLOW.to_owned(), bits),
        "cpow" => complex_outcome(complex::pow(z(1), z(3))),
        _ => return None,
    })
}

fn int_record(word: &dyn Fn(usize) -> String) -> Option<String> {
    let a = |i: usize| hex(&word(i));
    let little = |i: usize| word(i) == "little";
    Some(match word(0).as_str() {
        "int" => match int::parse(&text(&word(1)), word(2).parse().expect("a base"), 0) {
            Ok(a) => number(&a),
            Err(_) => VALUE_ERROR.to_owned(),
        },
        "str" => int::to_decimal(&a(1)),
        "fmti" => {
            let (spec, fill) = spec(&text(&word(2)));
            formatted(format::format_int(&a(1), &spec), &spec, fill)
        }
        "pcti" => escape(&format::percent_int(&a(1), &percent(&text(&word(2))))),
        "idivmod" => {
            int::divmod(&a(1), &a(2)).map_or(ZERO_DIVISION.to_owned(), |(q, r)| number(&q) + "," + &number(&r))
        }
        "truediv" => match int::true_div(&a(1), &a(2)) {
            Ok(x) => bits(x),
            Err(TrueDivError::ZeroDivision) => ZERO_DIVISION.to_owned(),
            Err(TrueDivError::Overflow) => OVERFLOW.to_owned(),
        },
        "tofloat" => optional(int::to_float(&a(1)), OVERFLOW),
        "iround" => number(&int::round_to_power_of_ten(&a(1), word(2).parse().expect("a number"))),
        "bits" => {
            assert_eq!(a(1).bits().to_string(), word(2));
            int::bit_count(&a(1)).to_string()
        }
        "powmod" => match int::pow_mod(&a(1), &a(2), &a(3)) {
            Ok(a) => number(&a),
            Err(PowModError::ZeroModulus | PowModError::NotInvertible) => VALUE_ERROR.to_owned(),
        },
        "tobytes" => {
            let length = word(2).parse().expect("a length");
            match int::to_bytes(&a(1), length, little(3), word(4) == "True") {
                Ok(bytes) if bytes.is_empty() => "-".to_owned(),
                Ok(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
                Err(_) => OVERFLOW.to_owned(),
            }
        }
        "frombytes" => number(&int::from_bytes(&bytes(&word(1)), little(2), word(3) == "True")),
        "shifts" => {
            let count = BigInt::from(word(2).parse::<u32>().expect("a count"));
            assert_eq!(int::shift_left(&a(1), &count).map(|a| number(&a)), Ok(word(3)));
            int::shift_right(&a(1), &count).map_or(VALUE_ERROR.to_owned(), |a| number(&a))
        }
        "compare" => match int::cmp_float(&a(1), float(&word(2))) {
            Some(std::cmp::Ordering::Less) => "<".to_owned(),
            Some(std::cmp::Ordering::Equal) => "=".to_owned(),
            Some(std::cmp::Ordering::Greater) => ">".to_owned(),
            None => "?".to_owned(),
        },
        _ => return None,
    })
}

#[test]
fn equals_cpython() {
    let mut tally = Tally::default();
    for record in records("text.txt") {
        let word = |i: usize| record[i].clone();
        let ours = float_record(&word).or_else(|| complex_record(&word)).or_else(|| int_record(&word));
        tally.check(&record[0], &record, &ours.expect("a known kind"));
    }
    tally.finish();
}

#[test]
fn digit_limits() {
    let digits = |n: usize| "7".repeat(n);
    assert_eq!(int::parse(&digits(641), 10, 640), Err(int::ParseIntError::TooManyDigits(641)));
    assert!(int::parse(&digits(640), 10, 640).is_ok());
    assert!(int::parse(&digits(641), 8, 640).is_ok());
    let power = BigInt::from(BigUint::from(10u32).pow(4300));
    assert!(int::exceeds_digits(&power, 4300) && !int::exceeds_digits(&(&power - 1), 4300));
    assert!(!int::exceeds_digits(&power, 4301) && !int::exceeds_digits(&power, 0));
    assert!(int::exceeds_digits(&(&power * &power), 4300));
}
