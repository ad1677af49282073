//! The functions on iterables: sums, products, distances.

use snakelet_macros::functions;
use snakelet_number::math::{self, ExactSum, FsumError, SumOfProducts};
use snakelet_vm::protocol::BinaryOp;
use snakelet_vm::types::float;
use snakelet_vm::types::int_arithmetic::Operand;
use snakelet_vm::{PyResult, Value, Vm, VmRef};

/// Declares the functions on iterables.
pub struct Sums;

/// Items handled between two looks at the fuel.
const BREATH: usize = 1000;

#[functions("math", FUNCTIONS)]
impl Sums {
    /// Return the Euclidean distance between two points p and q.
    ///
    /// The points should be specified as sequences (or iterables) of coordinates of the same dimension.
    #[function("dist(p, q, /)")]
    fn dist(vm: &Vm, p: &Value, q: &Value) -> PyResult {
        let (vm, p, q) = (vm.handle(), p.clone(), q.clone());
        Err(vm.defer(async move {
            let (p, q) = (vm.collect(&p).await?, vm.collect(&q).await?);
            if p.len() != q.len() {
                return Err(vm.value_error("both points must have the same number of dimensions"));
            }
            let (mut p, q) = (floats(vm, &p).await?, floats(vm, &q).await?);
            Ok(Value::float(math::dist(&mut p, &q)))
        }))
    }

    /// Return an accurate floating-point sum of values in the iterable seq.
    ///
    /// Assumes IEEE-754 floating-point arithmetic.
    #[function("fsum(seq, /)")]
    async fn fsum(vm: VmRef, seq: Value) -> PyResult<f64> {
        let iterator = vm.iter(&seq).await?;
        let mut sum = ExactSum::default();
        let mut count = 0;
        let overflow = |vm: VmRef| vm.overflow_error("intermediate overflow in fsum");
        while let Some(item) = vm.next(&iterator).await? {
            let x = match float::exact_real(&item) {
                Some(x) => x,
                None => vm.float(&item).await?,
            };
            sum.add(x).map_err(|_| overflow(vm))?;
            count += 1;
            if count % BREATH == 0 {
                vm.breathe(BREATH as u32).await?;
            }
        }
        match sum.finish() {
            Ok(sum) => Ok(sum),
            Err(FsumError::Overflow) => Err(overflow(vm)),
            Err(FsumError::InfMinusInf) => Err(vm.value_error("-inf + inf in fsum")),
        }
    }

    /// Multidimensional Euclidean distance from the origin to a point.
    ///
    /// Roughly equivalent to sqrt(sum(x**2 for x in coordinates)). For a two dimensional point (x, y), gives the hypotenuse.
    #[function("hypot(*coordinates)")]
    fn hypot(vm: &Vm, coordinates: &[Value]) -> PyResult {
        if let [x, y] = coordinates
            && let (Some(x), Some(y)) = (float::exact_real(x), float::exact_real(y))
        {
            return Ok(Value::float(math::hypot(&mut [x, y])));
        }
        let (vm, coordinates) = (vm.handle(), coordinates.to_vec());
        Err(vm.defer(async move {
            let mut coordinates = floats(vm, &coordinates).await?;
            Ok(Value::float(math::hypot(&mut coordinates)))
        }))
    }

    /// Calculate the product of all the elements in the input iterable.
    ///
    /// The default start value for the product is 1. When the iterable is empty, return the start value.
    #[function("prod(iterable, /, *, start=1)")]
    async fn prod(vm: VmRef, iterable: Value, start: Option<Value>) -> PyResult {
        let iterator = vm.iter(&iterable).await?;
        let mut product = start.unwrap_or(Value::small_int(1));
        let mut count = 0;
        while let Some(item) = vm.next(&iterator).await? {
            product = operate(vm, BinaryOp::Mul, &product, &item).await?;
            count += 1;
            if count % BREATH == 0 {
                vm.breathe(BREATH as u32).await?;
            }
        }
        Ok(product)
    }

    /// Return the sum of products of values from two iterables p and q.
    ///
    /// For float and mixed int/float inputs, the intermediate products and sums are computed with extended precision.
    #[function("sumprod(p, q, /)")]
    async fn sumprod(vm: VmRef, p: Value, q: Value) -> PyResult {
        let (p, q) = (vm.iter(&p).await?, vm.iter(&q).await?);
        let mut total = Value::small_int(0);
        // While both are exact floats (or one an int), products are summed with extended precision.
        let mut floats = Some(SumOfProducts::default());
        let mut ints = true;
        let mut floats_in_use = false;
        let mut count = 0;
        loop {
            let (x, y) = (vm.next(&p).await?, vm.next(&q).await?);
            let (Some(x), Some(y)) = (&x, &y) else {
                if x.is_some() != y.is_some() {
                    return Err(vm.value_error("Inputs are not the same length"));
                }
                break;
            };
            count += 1;
            if count % BREATH == 0 {
                vm.breathe(BREATH as u32).await?;
            }
            let both_ints = Operand::exact(x).is_some() && Operand::exact(y).is_some();
            ints &= both_ints;
            if !ints && let Some(sum) = floats {
                if let Some((x, y)) = float_pair(x, y) {
                    let mut next = sum;
                    next.add(x, y);
                    if next.value().is_finite() {
                        floats = Some(next);
                        floats_in_use = true;
                        continue;
                    }
                }
                floats = None;
                if floats_in_use {
                    total = operate(vm, BinaryOp::Add, &total, &Value::float(sum.value())).await?;
                }
            }
            let product = operate(vm, BinaryOp::Mul, x, y).await?;
            total = operate(vm, BinaryOp::Add, &total, &product).await?;
        }
        match floats {
            Some(sum) if floats_in_use => operate(vm, BinaryOp::Add, &total, &Value::float(sum.value())).await,
            _ => Ok(total),
        }
    }
}

/// Both as floats, if at least one is an exact float and the other an exact float or int.
fn float_pair(x: &Value, y: &Value) -> Option<(f64, f64)> {
    if !x.is_float() && !y.is_float() {
        return None;
    }
    let real = |value: &Value| match value.as_float() {
        Some(x) => Some(x),
        None => Operand::exact(value)?.to_float(),
    };
    Some((real(x)?, real(y)?))
}

async fn operate(vm: VmRef, op: BinaryOp, left: &Value, right: &Value) -> PyResult {
    match vm.binary(op, left, right) {
        Ok(value) => Ok(value),
        deferred => vm.settle(deferred).await,
    }
}

async fn floats(vm: VmRef, values: &[Value]) -> PyResult<Vec<f64>> {
    let mut floats = Vec::with_capacity(values.len());
    for value in values {
        floats.push(vm.float(value).await?);
    }
    Ok(floats)
}
