//! `sum`.

use snakelet_macros::functions;
use snakelet_number::float::CompensatedSum;

use crate::protocol::BinaryOp;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::complex::Complex;
use crate::types::generator::Keep;
use crate::types::string::Str;
use crate::{Native, PyResult, Value, Vm, VmRef};

/// The functions of this file.
pub struct Sum;

/// The sum so far.
enum Total {
    Int(i64),
    Float(CompensatedSum),
    Complex(CompensatedSum, CompensatedSum),
    Other(Value),
}

impl Total {
    fn new(value: Value) -> Total {
        if let Some(n) = value.as_small_int() {
            Total::Int(n)
        } else if let Some(x) = value.as_float() {
            Total::Float(CompensatedSum::new(x))
        } else if let Some(z) = value.downcast_exact::<Complex>() {
            Total::Complex(CompensatedSum::new(z.real), CompensatedSum::new(z.imag))
        } else {
            Total::Other(value)
        }
    }

    /// Whether adding numbers to it runs no Python code.
    fn is_native(&self) -> bool {
        matches!(self, Total::Int(_) | Total::Float(_))
    }

    fn value(self) -> Value {
        match self {
            Total::Int(n) => Value::from_i64(n),
            Total::Float(sum) => Value::float(sum.value()),
            Total::Complex(real, imag) => Complex::new(real.value(), imag.value()).into_value(),
            Total::Other(value) => value,
        }
    }

    /// Adds a number that needs no object; false if it is none.
    #[inline]
    fn add(&mut self, item: &Value) -> bool {
        match self {
            Total::Int(total) => {
                let item = item.as_small_int().or_else(|| item.as_bool().map(i64::from));
                match item.and_then(|item| total.checked_add(item)) {
                    Some(sum) => *total = sum,
                    None => return false,
                }
            }
            Total::Float(total) => {
                if let Some(x) = item.as_float() {
                    total.add(x);
                } else if let Some(n) = item.as_small_int() {
                    total.add(n as f64);
                } else {
                    return false;
                }
            }
            Total::Complex(real, imag) => {
                if let Some(z) = item.downcast_exact::<Complex>() {
                    real.add(z.real);
                    imag.add(z.imag);
                } else if let Some(x) = item.as_float() {
                    real.add(x);
                } else if let Some(n) = item.as_small_int() {
                    real.add(n as f64);
                } else {
                    return false;
                }
            }
            Total::Other(_) => return false,
        }
        true
    }
}

/// The sum of `start` and the items of an iterable. May defer.
fn sum(vm: &Vm, iterable: Value, start: Value) -> PyResult {
    let mut total = Total::new(start.clone());
    if !total.is_native() {
        return vm.start(sum_rest(vm.handle(), iterable, total, Vec::new(), true));
    }
    // Adding numbers shows nothing: a generator may run ahead.
    let generator = iterable.clone();
    let begun = vm.some_then(&iterable, Keep::Numbers, 16, move |vm, items, more| {
        let added = items.iter().take_while(|item| total.add(item)).count();
        if added == items.len() && !more {
            return Ok(total.value());
        }
        let left = items.into_iter().skip(added).collect();
        vm.start(sum_rest(vm.handle(), generator, total, left, more))
    });
    begun.unwrap_or_else(|| {
        let total = Total::new(start);
        vm.start(sum_rest(vm.handle(), iterable, total, Vec::new(), true))
    })
}

/// The same for `items` and, if there are more, those that come after them (async).
async fn sum_rest(vm: VmRef, iterable: Value, mut total: Total, mut items: Vec<Value>, mut more: bool) -> PyResult {
    let iterator = vm.iter(&iterable).await?;
    let mut work = 0;
    loop {
        for item in items.drain(..) {
            if !total.add(&item) {
                let left = total.value();
                let result = vm.binary(BinaryOp::Add, &left, &item);
                total = Total::new(vm.settle(result).await?);
            }
            work += 1;
        }
        if work >= 1024 {
            work = 0;
            vm.breathe(1024).await?;
        }
        if !more {
            return Ok(total.value());
        }
        if !total.is_native() {
            items = Vec::new();
        } else if items.capacity() < 32 {
            items = vm.vec_with_capacity(32)?;
        }
        more = vm.next_some(&iterator, Keep::Numbers, &mut items).await?;
    }
}

#[functions("builtins", FUNCTIONS)]
impl Sum {
    /// The sum of a start value (0 by default) and the items of an iterable of numbers.
    #[function("sum(iterable, /, start=0)")]
    fn sum(vm: &Vm, iterable: Value, start: Option<Value>) -> PyResult {
        let start = start.unwrap_or(Value::small_int(0));
        let refused = if start.downcast::<Str>().is_some() {
            "strings [use ''.join(seq) instead]"
        } else if start.downcast::<Bytes>().is_some() {
            "bytes [use b''.join(seq) instead]"
        } else if start.downcast::<ByteArray>().is_some() {
            "bytearray [use b''.join(seq) instead]"
        } else {
            return sum(vm, iterable, start);
        };
        Err(vm.type_error(format!("sum() can't sum {refused}")))
    }
}
