//! The sliced big-integer algorithms against num-bigint's, with a pacer that suspends, and one that stops.

use num_integer::Integer;
use snakelet_number::int::{self, long};
use snakelet_number::mt19937::Mt19937;
use snakelet_number::pacer::{Halt, Pacer, Unpaced, run};
use snakelet_number::{BigInt, Sign};
use std::cell::Cell;
use std::task::Poll;

/// Suspends at every tick once.
#[derive(Default)]
struct Suspending {
    ticks: Cell<u32>,
    largest: Cell<u32>,
}

impl Pacer for Suspending {
    fn poll_tick(&self, work: u32) -> Poll<Result<(), Halt>> {
        if work == 0 {
            return Poll::Ready(Ok(()));
        }
        self.ticks.set(self.ticks.get() + 1);
        self.largest.set(self.largest.get().max(work));
        Poll::Pending
    }

    fn reserve(&self, _bytes: usize) -> Result<(), Halt> {
        Ok(())
    }
}

/// Stops after so many ticks, refuses more than so many bytes.
struct Limited {
    ticks: Cell<u32>,
    bytes: usize,
}

impl Pacer for Limited {
    fn poll_tick(&self, _work: u32) -> Poll<Result<(), Halt>> {
        match self.ticks.get().checked_sub(1) {
            Some(rest) => {
                self.ticks.set(rest);
                Poll::Ready(Ok(()))
            }
            None => Poll::Ready(Err(Halt::Stopped)),
        }
    }

    fn reserve(&self, bytes: usize) -> Result<(), Halt> {
        if bytes > self.bytes { Err(Halt::OutOfMemory) } else { Ok(()) }
    }
}

/// Random integers of about so many bits, now and then with long runs of ones or zeros, of either sign.
struct Source(Mt19937);

impl Source {
    fn new(seed: u32) -> Self {
        Source(Mt19937::from_key(&[seed]))
    }

    fn below(&mut self, n: u64) -> u64 {
        self.0.bits_u64(64) % n
    }

    fn int(&mut self, bits: u64) -> BigInt {
        let bits = bits / 2 + self.below(bits);
        let mut a = match self.below(5) {
            0 => (BigInt::from(1) << bits) - 1,
            1 => BigInt::from(1) << bits,
            2 => (self.0.bits(bits / 3) << (bits / 2)) + self.0.bits(bits / 8),
            _ => self.0.bits(bits),
        };
        if self.below(3) == 0 {
            a = -a;
        }
        a
    }
}

#[test]
fn multiplication() {
    let mut source = Source::new(1);
    let pacer = Suspending::default();
    for bits in [100, 3000, 70_000, 120_000, 200_000, 400_000] {
        for other in [100, 3000, 70_000, 160_000, 300_000] {
            let (a, b) = (source.int(bits), source.int(other));
            assert_eq!(run(long::mul(&pacer, &a, &b)), Ok(&a * &b), "{bits} x {other} bits");
        }
        let a = source.int(bits);
        assert_eq!(run(long::square(&pacer, &a)), Ok(&a * &a), "{bits} bits squared");
    }
    assert!(pacer.ticks.get() > 100 && pacer.largest.get() < 300_000);
}

#[test]
fn division() {
    let mut source = Source::new(2);
    for (a_bits, b_bits) in [
        (3000, 100),
        (100_000, 40_000),
        (150_000, 60_000),
        (150_000, 5_000),
        (200_000, 170_000),
        (300_000, 20_000),
        (500_000, 130_000),
        (400_000, 200_000),
        (300_000, 298_000),
    ] {
        for _ in 0..4 {
            let (a, b) = (source.int(a_bits), source.int(b_bits));
            let expected = a.div_mod_floor(&b);
            assert_eq!(run(long::divmod(&Unpaced, &a, &b)), Ok(Some(expected)), "{a_bits} / {b_bits} bits");
            // Exact and nearly exact multiples.
            for near in [-1, 0, 1] {
                let product: BigInt = &a * &b + near;
                let expected = product.div_mod_floor(&b);
                assert_eq!(run(long::divmod(&Unpaced, &product, &b)), Ok(Some(expected)), "{near} beside a multiple");
            }
        }
    }
}

#[test]
fn text_both_ways() {
    let mut source = Source::new(3);
    for bits in [10, 1000, 1300, 2500, 5000, 10_000, 50_000, 100_000, 250_000] {
        for _ in 0..3 {
            let a = source.int(bits);
            let text = run(long::to_decimal(&Suspending::default(), &a)).expect("not stopped");
            assert_eq!(text, a.to_str_radix(10), "{bits} bits");
            assert_eq!(int::to_decimal(&a), text);
            assert_eq!(run(long::parse(&Unpaced, &text, 10, 0)), Ok(Ok(a.clone())), "{bits} bits");
            for radix in [2, 3, 8, 16, 32, 36] {
                assert_eq!(int::to_radix(&a, radix), a.to_str_radix(radix), "base {radix}");
            }
            let septimal = a.to_str_radix(7);
            assert_eq!(int::parse(&septimal, 7, 0), Ok(a), "{bits} bits in base 7");
        }
    }
    for exponent in [350, 351, 352, 702, 1404, 30_000] {
        let power = BigInt::from(10).pow(exponent);
        assert_eq!(int::to_decimal(&power), format!("1{}", "0".repeat(exponent as usize)));
        assert_eq!(int::to_decimal(&(power - 1)), "9".repeat(exponent as usize));
    }
}

#[test]
fn powers() {
    for (base, exponent) in [(10, 60_000), (-7, 30_001), (2, 300_000), (123_456_789, 5_000), (-1, 1 << 40), (12, 0)] {
        let a = BigInt::from(base);
        let expected = if base == -1 { BigInt::from(1) } else { a.pow(exponent as u32) };
        assert_eq!(run(long::pow(&Unpaced, &a, exponent)), Ok(expected), "{base} ** {exponent}");
    }
    let mut source = Source::new(4);
    for bits in [64, 2000, 9000] {
        let (a, e, m) = (source.int(bits), source.int(60), source.int(bits));
        let e = BigInt::from_biguint(Sign::Plus, e.magnitude().clone());
        assert_eq!(run(long::pow_mod(&Unpaced, &a, &e, &m)), Ok(int::pow_mod(&a, &e, &m)), "{bits} bits");
        assert_eq!(int::pow_mod(&a, &e, &m), Ok(a.modpow(&e, &m)));
    }
    let (a, m) = (source.int(9000), source.int(9000));
    let e = BigInt::from(3).pow(40);
    assert_eq!(run(long::pow_mod(&Unpaced, &a, &e, &m)), Ok(Ok(a.modpow(&e, &m))));
}

#[test]
fn common_divisors() {
    let mut source = Source::new(5);
    for bits in [20, 60, 70, 100, 130, 500, 3000, 20_000] {
        for _ in 0..30 {
            let (a, b, c) = (source.int(bits), source.int(bits), source.int(bits / 3 + 1));
            assert_eq!(int::gcd(&a, &b), Integer::gcd(&a, &b), "{a} and {b}");
            let (a, b) = (a * &c, b * &c);
            assert_eq!(int::gcd(&a, &b), Integer::gcd(&a, &b), "{a} and {b}");
            if bits > 3000 {
                break;
            }
        }
    }
    // Consecutive Fibonacci numbers take the most steps.
    let (mut a, mut b) = (BigInt::from(0), BigInt::from(1));
    for _ in 0..2000 {
        (a, b) = (b.clone(), a + b);
    }
    assert_eq!(int::gcd(&a, &b), BigInt::from(1));
    assert_eq!(int::gcd(&(&a * 6), &(&a * 15)), a * 3);
}

#[test]
fn roots() {
    let mut source = Source::new(6);
    for bits in [10, 63, 64, 65, 100, 1000, 30_000, 120_000] {
        for near in [-1, 0, 1] {
            let a = source.int(bits);
            let square: BigInt = &a * &a + near;
            if square.sign() != Sign::Minus {
                let root = a.magnitude() - u32::from(near < 0);
                let root = Some(BigInt::from(root));
                assert_eq!(run(long::isqrt(&Unpaced, &square)).as_ref(), Ok(&root), "{bits} bits");
                assert_eq!(int::isqrt(&square), root, "{bits} bits");
            }
        }
    }
}

#[test]
fn factorials_and_binomials() {
    let mut product = BigInt::from(1);
    for n in 1..400u64 {
        product *= n;
        assert_eq!(int::factorial(n), product, "{n}!");
    }
    for n in 0..60u64 {
        let mut value = BigInt::from(1);
        for k in 0..=n {
            assert_eq!(int::comb(&BigInt::from(n), k), value, "comb({n}, {k})");
            assert_eq!(int::perm(&BigInt::from(n), k), &value * int::factorial(k), "perm({n}, {k})");
            value = value * (n - k) / (k + 1);
        }
        assert_eq!(int::comb(&BigInt::from(n), n + 1), BigInt::from(0));
    }
    let n = BigInt::from(10).pow(30);
    assert_eq!(int::comb(&n, 2), &n * (&n - 1) / 2);
    assert_eq!(int::comb(&BigInt::from(1000), 500), int::factorial(1000) / int::factorial(500).pow(2));
}

#[test]
fn stops_and_refuses() {
    let ten = BigInt::from(10);
    let limited = |ticks, bytes| Limited { ticks: Cell::new(ticks), bytes };
    assert_eq!(run(long::pow(&limited(50, usize::MAX), &ten, 10_000_000)), Err(Halt::Stopped));
    assert_eq!(run(long::pow(&limited(50, 1 << 20), &ten, 10_000_000)), Err(Halt::OutOfMemory));
    assert_eq!(run(long::pow(&limited(50, usize::MAX), &ten, u64::MAX)), Err(Halt::OutOfMemory));
    assert_eq!(run(long::factorial(&limited(50, usize::MAX), 1_000_000)), Err(Halt::Stopped));
    let big = (BigInt::from(1) << 400_000) - 1;
    assert_eq!(run(long::to_decimal(&limited(20, usize::MAX), &big)), Err(Halt::Stopped));
    assert_eq!(run(long::mul(&limited(20, 1 << 16), &big, &big)), Err(Halt::OutOfMemory));
}
