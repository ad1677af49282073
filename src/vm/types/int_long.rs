//! Work on ints that takes long: in slices, so that the page is drawn and Stop is heard meanwhile.
//!
//! [`VmPacer`] lends the VM's fuel and memory limit to the algorithms of `snakelet_number::int::long`.

use std::cell::Cell;
use std::future::Future;
use std::task::Poll;

use num_bigint::BigInt;
use snakelet_number::int::long;
use snakelet_number::pacer::{Halt, Pacer};

use super::int_arithmetic::{division_by_zero, divmod_pair, modular};
use crate::exec::fuel;
use crate::vm::{Answer, Request};
use crate::{PyResult, Raised, Value, Vm, VmRef};

/// Paces a computation inside an async native: suspends it when fuel is spent.
pub struct VmPacer {
    vm: VmRef,
    waiting: Cell<bool>,
}

impl VmPacer {
    pub fn new(vm: VmRef) -> VmPacer {
        VmPacer { vm, waiting: Cell::new(false) }
    }
}

impl Pacer for VmPacer {
    fn poll_tick(&self, work: u32) -> Poll<Result<(), Halt>> {
        if self.waiting.get() {
            return match self.vm.answer.take() {
                None => Poll::Pending,
                Some(answer) => {
                    self.waiting.set(false);
                    Poll::Ready(if let Answer::Value(Err(_)) = answer { Err(Halt::Stopped) } else { Ok(()) })
                }
            };
        }
        if !fuel::spend_many(work) {
            return Poll::Ready(Ok(()));
        }
        self.waiting.set(true);
        self.vm.request.set(Some(Request::Pause));
        Poll::Pending
    }

    fn reserve(&self, bytes: usize) -> Result<(), Halt> {
        let limit = self.vm.limits.memory.unwrap_or(isize::MAX as usize);
        if self.vm.memory_used().saturating_add(bytes) > limit { Err(Halt::OutOfMemory) } else { Ok(()) }
    }
}

/// The result of a paced computation as the VM knows it. (After `Stopped` the exception is waiting already.)
pub fn unpaced<T>(vm: &Vm, result: Result<T, Halt>) -> PyResult<T> {
    result.map_err(|halt| match halt {
        Halt::Stopped => Raised,
        Halt::OutOfMemory => vm.memory_error(),
    })
}

/// Defers a paced computation of an int.
pub fn defer_work<F>(vm: &Vm, work: impl FnOnce(VmPacer) -> F) -> PyResult
where
    F: Future<Output = Result<BigInt, Halt>> + 'static,
{
    let (handle, work) = (vm.handle(), work(VmPacer::new(vm.handle())));
    Err(vm.defer(async move { unpaced(&handle, work.await).map(Value::from_bigint) }))
}

/// MemoryError unless the allocator has so many bytes. For large sizes only; num-bigint cannot fail softly.
pub fn probe(vm: &Vm, bytes: usize) -> PyResult<()> {
    if bytes < 1 << 20 {
        return Ok(());
    }
    let mut probe: Vec<u8> = Vec::new();
    probe.try_reserve_exact(bytes).map_err(|_| vm.memory_error())
}

/// The operations that [`defer`] knows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum LongOp {
    Mul,
    FloorDiv,
    Mod,
    DivMod,
    Pow,
}

/// Starts a long operation; the right operand of `Pow` is not negative and fits 64 bits.
#[inline(never)]
pub fn defer(vm: &Vm, op: LongOp, left: BigInt, right: BigInt) -> PyResult {
    let vm = vm.handle();
    Err(vm.defer(async move {
        let pacer = VmPacer::new(vm);
        match op {
            LongOp::Mul => unpaced(&vm, long::mul(&pacer, &left, &right).await).map(Value::from_bigint),
            LongOp::Pow => {
                let exponent = u64::try_from(&right).unwrap_or(u64::MAX);
                unpaced(&vm, long::pow(&pacer, &left, exponent).await).map(Value::from_bigint)
            }
            LongOp::FloorDiv | LongOp::Mod | LongOp::DivMod => {
                let Some((quotient, rest)) = unpaced(&vm, long::divmod(&pacer, &left, &right).await)? else {
                    return Err(division_by_zero(&vm));
                };
                Ok(match op {
                    LongOp::FloorDiv => Value::from_bigint(quotient),
                    LongOp::Mod => Value::from_bigint(rest),
                    _ => divmod_pair((quotient, rest)),
                })
            }
        }
    }))
}

/// Starts a long modular power.
pub fn defer_power_modulo(vm: &Vm, base: BigInt, exponent: BigInt, modulus: BigInt) -> PyResult {
    let vm = vm.handle();
    Err(vm.defer(async move {
        let pacer = VmPacer::new(vm);
        let result = long::pow_mod(&pacer, &base, &exponent, &modulus).await;
        modular(&vm, unpaced(&vm, result)?)
    }))
}

/// The decimal text of a long int.
pub async fn decimal(vm: VmRef, number: BigInt) -> PyResult<String> {
    let pacer = VmPacer::new(vm);
    unpaced(&vm, long::to_decimal(&pacer, &number).await)
}

/// Reads a long int from a text that was scanned without error before.
pub async fn parse(vm: VmRef, text: String, base: u32) -> PyResult {
    let pacer = VmPacer::new(vm);
    match unpaced(&vm, long::parse(&pacer, &text, base, 0).await)? {
        Ok(number) => Ok(Value::from_bigint(number)),
        Err(_) => Ok(Value::NONE),
    }
}
