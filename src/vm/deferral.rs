//! Deferrals: what a plain native leaves behind when it answers `Err` without an exception.
//!
//! Mostly that is a future, the native's continuation. Where all that is left is one call of Python code, and perhaps a look at its
//! result, it is a [`Deferral::Call`]: the loop pushes the function's frame at once, with no native frame in between. Special
//! methods and properties of Python classes work that way, so that they cost about what any call costs.

use crate::types::generator::Keep;
use crate::types::list::List;
use crate::vm::NativeFuture;
use crate::{PyResult, Raised, Value, Vm};

/// What becomes of the result of a deferred operation. It may defer in turn.
pub(crate) type Then = Box<dyn FnOnce(&Vm, PyResult) -> PyResult>;

/// The rest of an operation that could not finish at once.
pub enum Deferral {
    Future(NativeFuture),
    Call(TailCall),
    Gather(Gathering),
}

/// A generator to be run until it ends or yields an item that `keep` does not cover, or for which its `gathered` has no room.
/// `then` gets that item, or [`Value::UNBOUND`] at the end.
pub struct Gathering {
    pub(crate) generator: Value,
    pub(crate) keep: Keep,
    pub(crate) then: Then,
}

/// A call whose result is that of the operation, once `then` has seen it.
pub struct TailCall {
    pub(crate) callable: Value,
    /// Unbound from `count` on.
    pub(crate) args: [Value; TailCall::MOST_ARGS],
    pub(crate) count: u32,
    pub(crate) then: Option<Then>,
}

impl TailCall {
    pub const MOST_ARGS: usize = 3;
}

/// Calls of a function with one item each, made one after the other.
struct Calls {
    function: Value,
    /// Those left, the next one last.
    items: Vec<Value>,
    results: Vec<Value>,
}

impl Calls {
    /// Makes the calls that are left. A list of the results, to come.
    fn go_on(mut self, vm: &Vm) -> PyResult {
        let Some(item) = self.items.pop() else { return Ok(Value::from_list(self.results)) };
        let call = Err(vm.defer_call(self.function.clone(), &[item]));
        vm.and_then(call, move |vm, result| {
            self.results.push(result);
            self.go_on(vm)
        })
    }
}

impl Vm {
    /// Makes `future` the continuation of the running native, which returns `Err` of this at once.
    pub fn defer(&self, future: impl Future<Output = PyResult> + 'static) -> Raised {
        self.defer_boxed(Box::pin(future))
    }

    pub fn defer_boxed(&self, future: NativeFuture) -> Raised {
        self.deferred.set(Some(Deferral::Future(future)));
        Raised
    }

    /// The result of the running native, which returns `Err` of this at once, is that of `callable(*args)`. At most
    /// [`TailCall::MOST_ARGS`] arguments.
    pub fn defer_call(&self, callable: Value, args: &[Value]) -> Raised {
        debug_assert!(args.len() <= TailCall::MOST_ARGS);
        let mut values = [Value::UNBOUND; TailCall::MOST_ARGS];
        for (place, arg) in values.iter_mut().zip(args) {
            *place = arg.clone();
        }
        self.deferred.set(Some(Deferral::Call(TailCall {
            callable,
            args: values,
            count: args.len() as u32,
            then: None,
        })));
        Raised
    }

    /// Whether the `Err` just received is a deferral rather than an exception.
    #[inline(always)]
    pub fn is_deferred(&self) -> bool {
        self.deferred.borrow().is_some()
    }

    /// The deferral that `Err` announced, if it is one.
    #[inline]
    pub(crate) fn take_deferral(&self) -> Option<Deferral> {
        self.deferred.take()
    }

    /// What `next` makes of the result: now, or when it is there if it was deferred.
    pub(crate) fn then(&self, result: PyResult, next: impl FnOnce(&Vm, PyResult) -> PyResult + 'static) -> PyResult {
        if result.is_err() && self.is_deferred() { Err(self.defer_then(Box::new(next))) } else { next(self, result) }
    }

    /// The same for values only; exceptions pass.
    pub fn and_then(&self, result: PyResult, next: impl FnOnce(&Vm, Value) -> PyResult + 'static) -> PyResult {
        self.then(result, |vm, result| next(vm, result?))
    }

    /// The results of `function(item)` for each item (async). Others get their turn on the way.
    pub(crate) async fn call_each(&self, function: &Value, items: &[Value]) -> PyResult<Vec<Value>> {
        let mut results = self.vec_with_capacity(items.len())?;
        for some in items.chunks(256) {
            let items = some.iter().rev().cloned().collect();
            let calls = Calls { function: function.clone(), items, results };
            let made = calls.go_on(self);
            let made = self.settle(made).await?;
            results = made.downcast_exact::<List>().map(|list| list.items.take()).unwrap_or_default();
            self.breathe(256).await?;
        }
        Ok(results)
    }

    fn defer_then(&self, next: Then) -> Raised {
        let after = |first: Then, next: Then| -> Then {
            Box::new(move |vm, result| {
                let result = first(vm, result);
                vm.then(result, next)
            })
        };
        match self.take_deferral() {
            Some(Deferral::Call(mut call)) => {
                call.then = Some(match call.then.take() {
                    None => next,
                    Some(first) => after(first, next),
                });
                self.deferred.set(Some(Deferral::Call(call)));
                Raised
            }
            Some(Deferral::Gather(mut gathering)) => {
                gathering.then = after(gathering.then, next);
                self.deferred.set(Some(Deferral::Gather(gathering)));
                Raised
            }
            Some(rest) => {
                let vm = self.handle();
                self.defer(async move {
                    let result = vm.run_rest(rest).await;
                    next(&vm, result)
                })
            }
            None => Raised,
        }
    }
}
