//! `itertools`.
//!
//! | file | subject |
//! |---|---|
//! | `endless` | count, cycle, repeat |
//! | `linear` | iterators over one or several others: chain, islice, groupby, ... |
//! | `combine` | product, permutations, combinations |

mod combine;
mod endless;
mod linear;

use snakelet_macros::native_module;
use snakelet_vm::native::ModuleDef;
use snakelet_vm::{PyResult, Ref, Value, VmRef};

use linear::{Tee, TeeLink};

pub const MODULE: ModuleDef = Itertools::MODULE;

/// Declares module `itertools`.
struct Itertools;

/// Functional tools for creating and using iterators.
#[native_module("itertools", types = [
    combine::Combinations,
    combine::CombinationsWithReplacement,
    combine::Permutations,
    combine::Product,
    endless::Count,
    endless::Cycle,
    endless::Repeat,
    linear::Accumulate,
    linear::Batched,
    linear::Chain,
    linear::Compress,
    linear::DropWhile,
    linear::FilterFalse,
    linear::GroupBy,
    linear::Grouper,
    linear::ISlice,
    linear::Pairwise,
    linear::StarMap,
    linear::TakeWhile,
    linear::Tee,
    linear::ZipLongest,
])]
impl Itertools {
    /// Returns a tuple of n independent iterators.
    #[function("tee(iterable, n=2, /)")]
    async fn tee(vm: VmRef, iterable: Value, n: isize) -> PyResult {
        let Ok(n) = usize::try_from(n) else { return Err(vm.value_error("n must be >= 0")) };
        let mut copies = vm.vec_with_capacity(n)?;
        if n == 0 {
            return Ok(Value::from_tuple(copies));
        }
        let first: Ref<Tee> = match iterable.to_ref::<Tee>() {
            Some(tee) => tee,
            None => Tee::over(vm.iter(&iterable).await?),
        };
        for _ in 0..n {
            copies.push(first.duplicate());
        }
        Ok(Value::from_tuple(copies))
    }
}

/// Shared by `tee`'s iterators.
type Link = Ref<TeeLink>;
