//! `min` and `max`.

use snakelet_macros::functions;

use crate::protocol::compare::compare_leaves;
use crate::types::slots::CompareOp;
use crate::{PyResult, Value, Vm, VmRef};

/// The functions of this file.
pub struct MinMax;

/// The item that no other beats (async).
async fn best(vm: VmRef, op: CompareOp, items: Value, key: Option<Value>, default: Option<Value>) -> PyResult {
    let iterator = vm.iter(&items).await?;
    // The best item and its key.
    let mut best: Option<(Value, Value)> = None;
    let mut work = 0;
    while let Some(item) = vm.next(&iterator).await? {
        let rank = match &key {
            None => item.clone(),
            Some(function) => {
                let result = vm.call_plain(function, std::slice::from_ref(&item));
                vm.settle(result).await?
            }
        };
        best = match best {
            None => Some((item, rank)),
            Some(known) => {
                let better = match compare_leaves(&rank, &known.1, op) {
                    Some(better) => better,
                    None => vm.compare_truth(&rank, &known.1, op).await?,
                };
                Some(if better { (item, rank) } else { known })
            }
        };
        work += 1;
        if work == 512 {
            work = 0;
            vm.breathe(512).await?;
        }
    }
    best.map(|best| best.0).or(default).ok_or_else(|| {
        let name = name(op);
        vm.value_error(format!("{name}() iterable argument is empty"))
    })
}

fn name(op: CompareOp) -> &'static str {
    if op == CompareOp::Lt { "min" } else { "max" }
}

fn begin(vm: &Vm, op: CompareOp, args: &[Value], key: Option<Value>, default: Option<Value>) -> PyResult {
    let name = name(op);
    let items = match args {
        [] => return Err(vm.type_error(format!("{name} expected at least 1 argument, got 0"))),
        [items] => items.clone(),
        [first, second] if key.is_none() && default.is_none() => {
            if let Some(better) = compare_leaves(second, first, op) {
                return Ok(if better { second.clone() } else { first.clone() });
            }
            Value::from_tuple(args.to_vec())
        }
        _ if default.is_some() => {
            let message = format!("Cannot specify a default for {name}() with multiple positional arguments");
            return Err(vm.type_error(message));
        }
        _ => Value::from_tuple(args.to_vec()),
    };
    vm.start(best(vm.handle(), op, items, key, default))
}

#[functions("builtins", FUNCTIONS)]
impl MinMax {
    /// min(iterable, *[, default=obj, key=func]) -> value
    /// min(arg1, arg2, *args, *[, key=func]) -> value
    ///
    /// The smallest item of an iterable, or the smallest of two or more arguments.
    #[function("min(*args, key=None, default=<unrepresentable>)", text = none)]
    fn min(vm: &Vm, args: &[Value], key: Option<Value>, default: Option<Value>) -> PyResult {
        begin(vm, CompareOp::Lt, args, key, default)
    }

    /// max(iterable, *[, default=obj, key=func]) -> value
    /// max(arg1, arg2, *args, *[, key=func]) -> value
    ///
    /// The biggest item of an iterable, or the biggest of two or more arguments.
    #[function("max(*args, key=None, default=<unrepresentable>)", text = none)]
    fn max(vm: &Vm, args: &[Value], key: Option<Value>, default: Option<Value>) -> PyResult {
        begin(vm, CompareOp::Gt, args, key, default)
    }
}
