//! One item from each of several iterators, for `zip` and `map`.

use crate::vm::Settle;
use crate::{PyResult, Value, Vm};

/// A row of items, one from each iterator.
pub(super) enum Row {
    Items(Vec<Value>),
    /// The iterator of this number has ended; those before it have given an item.
    Ended(usize),
}

/// How far [`gather`] got.
pub(super) enum Progress {
    Row(Row),
    /// The next of the iterators must be waited for.
    Waiting(Vec<Value>, Settle),
}

/// Takes the rest of a row, whose first items are `items`.
pub(super) fn gather(vm: &Vm, iterators: &[Value], mut items: Vec<Value>) -> PyResult<Progress> {
    while let Some(iterator) = iterators.get(items.len()) {
        match vm.iter_next(iterator) {
            Ok(item) if item.is_unbound() => return Ok(Progress::Row(Row::Ended(items.len()))),
            Ok(item) => items.push(item),
            Err(raised) if vm.is_deferred() => {
                let settle = vm.settle(Err(raised));
                return Ok(Progress::Waiting(items, settle));
            }
            Err(raised) => return Err(raised),
        }
    }
    Ok(Progress::Row(Row::Items(items)))
}

/// Goes on from `progress` to the whole row (async).
pub(super) async fn finish(vm: &Vm, iterators: &[Value], progress: Progress) -> PyResult<Row> {
    let mut progress = progress;
    loop {
        match progress {
            Progress::Row(row) => return Ok(row),
            Progress::Waiting(mut items, settle) => {
                let item = settle.await?;
                if item.is_unbound() {
                    return Ok(Row::Ended(items.len()));
                }
                items.push(item);
                progress = gather(vm, iterators, items)?;
            }
        }
    }
}

/// After the iterator of number `ended` has ended: the error of a strict `what` ("zip()", "map()") whose iterators are of
/// different lengths (async).
pub(super) async fn check_lengths(vm: &Vm, iterators: &[Value], ended: usize, what: &str) -> PyResult<()> {
    let message = |number: usize, relation: &str| {
        let others = if number == 1 { " ".to_string() } else { "s 1-".to_string() };
        vm.value_error(format!("{what} argument {} is {relation} than argument{others}{number}", number + 1))
    };
    if ended > 0 {
        return Err(message(ended, "shorter"));
    }
    for (number, iterator) in iterators.iter().enumerate().skip(1) {
        if vm.next(iterator).await?.is_some() {
            return Err(message(number, "longer"));
        }
    }
    Ok(())
}
