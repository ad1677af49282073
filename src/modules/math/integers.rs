//! The functions on ints: number theory and combinatorics. Long ones are computed in slices.

use num_bigint::BigInt;
use snakelet_macros::functions;
use snakelet_number::int::{self, long};
use snakelet_vm::types::int_arithmetic::Operand;
use snakelet_vm::types::int_long::{VmPacer, defer_work, unpaced};
use snakelet_vm::{PyResult, Raised, Value, Vm, VmRef};

/// Declares the functions on ints.
pub struct Integers;

#[functions("math", FUNCTIONS)]
impl Integers {
    /// Find n!.
    #[function("factorial(n, /)")]
    fn factorial(vm: &Vm, n: &Value) -> PyResult {
        with_ints(vm, vec![n.clone()], |vm, numbers| factorial(vm, &numbers[0]))
    }

    /// Number of ways to choose k items from n items without repetition and without order.
    ///
    /// Evaluates to n! / (k! * (n - k)!) when k <= n and evaluates to zero when k > n.
    #[function("comb(n, k, /)")]
    fn comb(vm: &Vm, n: &Value, k: &Value) -> PyResult {
        with_ints(vm, vec![n.clone(), k.clone()], |vm, numbers| comb(vm, &numbers[0], &numbers[1]))
    }

    /// Number of ways to choose k items from n items without repetition and with order.
    ///
    /// Evaluates to n! / (n - k)! when k <= n and evaluates to zero when k > n. If k is not specified or is None, then k
    /// defaults to n and the function returns n!.
    #[function("perm(n, k=None, /)")]
    fn perm(vm: &Vm, n: &Value, k: Option<&Value>) -> PyResult {
        match k {
            None => with_ints(vm, vec![n.clone()], |vm, numbers| factorial(vm, &numbers[0])),
            Some(k) => with_ints(vm, vec![n.clone(), k.clone()], |vm, numbers| perm(vm, &numbers[0], &numbers[1])),
        }
    }

    /// Return the integer part of the square root of the input.
    #[function("isqrt(n, /)")]
    fn isqrt(vm: &Vm, n: &Value) -> PyResult {
        with_ints(vm, vec![n.clone()], |vm, numbers| isqrt(vm, &numbers[0]))
    }

    /// Greatest Common Divisor.
    #[function("gcd(*integers)")]
    fn gcd(vm: &Vm, integers: &[Value]) -> PyResult {
        if let [a, b] = integers
            && let (Some(a), Some(b)) = (a.as_small_int(), b.as_small_int())
        {
            return Ok(Value::from_i64(int::gcd_u64(a.unsigned_abs(), b.unsigned_abs()) as i64));
        }
        with_ints(vm, integers.to_vec(), |vm, numbers| {
            if numbers.iter().all(|number| !is_long(number)) {
                let divisor = numbers.iter().fold(BigInt::ZERO, |divisor, number| int::gcd(&divisor, &big(number)));
                return Ok(Value::from_bigint(divisor));
            }
            Err(vm.defer(gcd_long(vm.handle(), numbers)))
        })
    }

    /// Least Common Multiple.
    #[function("lcm(*integers)")]
    fn lcm(vm: &Vm, integers: &[Value]) -> PyResult {
        with_ints(vm, integers.to_vec(), |vm, numbers| {
            let bits = numbers.iter().filter_map(Operand::any).fold(0u64, |bits, number| bits + number.bits());
            if bits < 1 << 14 {
                let multiple =
                    numbers.iter().fold(BigInt::from(1), |multiple, number| int::lcm(&multiple, &big(number)));
                return Ok(Value::from_bigint(multiple));
            }
            Err(vm.defer(lcm_long(vm.handle(), numbers)))
        })
    }
}

/// Goes on with the values as ints. May defer.
fn with_ints(vm: &Vm, mut values: Vec<Value>, then: fn(&Vm, Vec<Value>) -> PyResult) -> PyResult {
    let mut at = 0;
    while at < values.len() {
        match vm.index_now(&values[at]) {
            Some(index) => values[at] = index?,
            None => break,
        }
        at += 1;
    }
    if at == values.len() {
        return then(vm, values);
    }
    let vm = vm.handle();
    Err(vm.defer(async move {
        for value in &mut values {
            *value = vm.index(value).await?;
        }
        then(&vm, values)
    }))
}

fn big(value: &Value) -> BigInt {
    Operand::any(value).map_or_else(BigInt::default, Operand::to_big)
}

fn is_negative(value: &Value) -> bool {
    Operand::any(value).is_some_and(Operand::is_negative)
}

fn is_long(value: &Value) -> bool {
    Operand::any(value).is_some_and(|number| number.bits() > 1 << 13)
}

fn factorial(vm: &Vm, n: &Value) -> PyResult {
    if is_negative(n) {
        return Err(vm.value_error("factorial() not defined for negative values"));
    }
    let Some(n @ 0..=0x7fff_ffff) = n.to_i64() else {
        return Err(vm.overflow_error("factorial() argument should not exceed 2147483647"));
    };
    let n = n as u64;
    // n! has at least n/2 factors of log2(n/2) bits.
    let bits = n / 2 * u64::from(63u32.saturating_sub((n / 2 + 1).leading_zeros()));
    vm.check_memory((bits / 8) as usize)?;
    if long::is_long_factorial(n) {
        return defer_work(vm, |pacer| async move { long::factorial(&pacer, n).await });
    }
    Ok(Value::from_bigint(int::factorial(n)))
}

#[cold]
fn not_negative(vm: &Vm, name: &str) -> Raised {
    vm.value_error(format!("{name} must be a non-negative integer"))
}

fn comb(vm: &Vm, n: &Value, k: &Value) -> PyResult {
    if is_negative(n) {
        return Err(not_negative(vm, "n"));
    }
    if is_negative(k) {
        return Err(not_negative(vm, "k"));
    }
    let (n, k) = (big(n), big(k));
    if k > n {
        return Ok(Value::small_int(0));
    }
    let rest = &n - &k;
    let Ok(k) = i64::try_from(if rest < k { rest } else { k }) else {
        return Err(vm.overflow_error("min(n - k, k) must not exceed 9223372036854775807"));
    };
    let k = k as u64;
    if long::is_long_comb(n.bits(), k) {
        return defer_work(vm, |pacer| async move { long::comb(&pacer, &n, k).await });
    }
    Ok(Value::from_bigint(int::comb(&n, k)))
}

fn perm(vm: &Vm, n: &Value, k: &Value) -> PyResult {
    if is_negative(n) {
        return Err(not_negative(vm, "n"));
    }
    if is_negative(k) {
        return Err(not_negative(vm, "k"));
    }
    let (n, k) = (big(n), big(k));
    if k > n {
        return Ok(Value::small_int(0));
    }
    let Ok(k) = i64::try_from(k) else {
        return Err(vm.overflow_error("k must not exceed 9223372036854775807"));
    };
    let k = k as u64;
    if long::is_long_comb(n.bits(), k) {
        return defer_work(vm, |pacer| async move { long::perm(&pacer, &n, k).await });
    }
    Ok(Value::from_bigint(int::perm(&n, k)))
}

fn isqrt(vm: &Vm, n: &Value) -> PyResult {
    if is_negative(n) {
        return Err(vm.value_error("isqrt() argument must be nonnegative"));
    }
    let n = big(n);
    if long::is_long_isqrt(n.bits()) {
        return defer_work(vm, |pacer| async move { Ok(long::isqrt(&pacer, &n).await?.unwrap_or_default()) });
    }
    Ok(Value::from_bigint(int::isqrt(&n).unwrap_or_default()))
}

async fn gcd_long(vm: VmRef, numbers: Vec<Value>) -> PyResult {
    let pacer = VmPacer::new(vm);
    let mut divisor = BigInt::ZERO;
    for number in &numbers {
        divisor = unpaced(&vm, int::gcd_long(&pacer, &divisor, &big(number)).await)?;
    }
    Ok(Value::from_bigint(divisor))
}

async fn lcm_long(vm: VmRef, numbers: Vec<Value>) -> PyResult {
    let pacer = VmPacer::new(vm);
    let mut multiple = BigInt::from(1);
    for number in &numbers {
        let number = big(number);
        if number.bits() == 0 || multiple.bits() == 0 {
            multiple = BigInt::ZERO;
            continue;
        }
        let divisor = unpaced(&vm, int::gcd_long(&pacer, &multiple, &number).await)?;
        let quotient = unpaced(&vm, long::divmod(&pacer, &multiple, &divisor).await)?;
        let quotient = quotient.map_or(BigInt::ZERO, |(quotient, _)| quotient);
        let product = unpaced(&vm, long::mul(&pacer, &quotient, &number).await)?;
        multiple = BigInt::from(product.magnitude().clone());
    }
    Ok(Value::from_bigint(multiple))
}
